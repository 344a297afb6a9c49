//! Files that are either the old or the new one, never half of each.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {cause}", .path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub cause: io::Error,
}

/// Writes a file beside its place and then moves it there, so that whoever reads it, and whatever
/// fails meanwhile, finds the old contents or the new ones in full.
///
/// # Errors
/// When the folder does not exist or cannot be written to, or the disk is full; an existing file is
/// then as it was, and nothing is left beside it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes).map_err(|cause| WriteError { path: path.to_owned(), cause })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
    // Renaming onto a folder would fail late on some systems and succeed on none.
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.partial", std::process::id()));
    let beside = path.with_file_name(beside);
    let moved = fill(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        // The first failure is the one to report.
        let _ = fs::remove_file(&beside);
    }
    moved
}

fn fill(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figure.svg");
        write(&path, b"a long old picture").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn failures_name_the_file_and_leave_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("no such folder/figure.svg");
        let error = write(&missing, b"new").unwrap_err();
        assert!(error.to_string().contains("no such folder/figure.svg"), "{error}");

        // A folder in the way of the new file stands for any failure before the move.
        let path = folder.path().join("figure.svg");
        fs::write(&path, b"old").unwrap();
        fs::create_dir(folder.path().join(format!(".figure.svg.{}.partial", std::process::id()))).unwrap();
        write(&path, b"new").unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");

        assert!(write(folder.path(), b"new").unwrap_err().to_string().contains("folder"));
    }
}
