//! Files under names that are free.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::{WriteError, write};

/// Writes a file where none is: where the name is taken, `name-2.ron`, `name-3.ron`, … A file that says the same already is
/// taken for the one that was to be written. Says which it is.
///
/// # Errors
/// As [`write()`].
pub fn write_free(path: &Path, bytes: &[u8]) -> Result<PathBuf, WriteError> {
    let is_meant =
        |path: &PathBuf| fs::symlink_metadata(path).is_err() || fs::read(path).is_ok_and(|found| found == bytes);
    let numbered = (2..u32::MAX).map(|number| with_number(path, number));
    let path = std::iter::once(path.to_owned()).chain(numbered).find(is_meant).unwrap_or_else(|| path.to_owned());
    if fs::symlink_metadata(&path).is_err() {
        write(&path, bytes)?;
    }
    Ok(path)
}

fn with_number(path: &Path, number: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wine.ron");
        let name = |text: &[u8]| write_free(&path, text).unwrap().file_name().unwrap().to_owned();
        assert_eq!(name(b"one"), "wine.ron");
        assert_eq!(name(b"two"), "wine-2.ron");
        assert_eq!(name(b"three"), "wine-3.ron");
        assert_eq!(name(b"two"), "wine-2.ron", "the same again is the same file");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
