//! The files that a scenario names.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::scenario::{Files, display_text};

/// A folder that relative paths start from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder that a scenario's relative paths start from: where its file is.
    #[must_use]
    pub fn of_file(path: &Path) -> Self {
        Self(path.parent().unwrap_or(Path::new("")).to_owned())
    }

    /// The folder the process was started in, for scenarios that have no file.
    #[must_use]
    pub fn current() -> Self {
        Self(PathBuf::new())
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<String, String> {
        let path = self.0.join(path);
        read_text(&path).map_err(|reason| format!("`{}` {reason}", shown(&path)))
    }

    fn whole_path(&self, path: &str) -> Option<String> {
        // Of a name that is no text nothing can be written down.
        std::path::absolute(self.0.join(path)).ok()?.into_os_string().into_string().ok()
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let path = self.0.join(path);
        read_bytes(&path).map_err(|reason| format!("`{}` {reason}", shown(&path)))
    }
}

/// More than this is not read: a file that does not end would take all memory.
const MOST_BYTES: u64 = 1 << 30;

/// Whether it is a device such as `/dev/zero`, or a pipe that nobody may ever write to.
#[cfg(unix)]
fn is_endless(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let is_endless = |kind: fs::FileType| kind.is_char_device() || kind.is_fifo() || kind.is_socket();
    path.metadata().is_ok_and(|found| is_endless(found.file_type()))
}

#[cfg(not(unix))]
fn is_endless(_: &Path) -> bool {
    false
}

/// The text of a file, or what is the matter with it: "does not exist".
pub(super) fn read_text(path: &Path) -> Result<String, String> {
    String::from_utf8(read_bytes(path)?).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        format!("is no UTF-8 text: byte {valid}, in line {line}, is not part of a character")
    })
}

/// The bytes of a file.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let bytes = head(path, MOST_BYTES + 1)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("is longer than {} MiB, the most that is read", MOST_BYTES >> 20));
    }
    Ok(bytes)
}

/// The first bytes of a file, so many at most.
pub(super) fn head(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    if path.is_dir() {
        return Err("is a folder; expected a file".to_owned());
    }
    if is_endless(path) {
        return Err("is a device or a pipe; expected a file".to_owned());
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read by this user".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    Ok(bytes)
}

/// A path, fit for a screen.
pub(super) fn shown(path: &Path) -> String {
    display_text(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_start_at_the_scenario_and_reasons_name_the_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rows.csv"), "a,b\n1,2\n").unwrap();
        fs::write(folder.path().join("latin.csv"), b"a\xe9").unwrap();
        let files = Folder::of_file(&folder.path().join("scenario.ron"));
        assert_eq!(files.read("rows.csv").unwrap(), "a,b\n1,2\n");
        assert!(files.read("rows.tsv").unwrap_err().ends_with("rows.tsv` does not exist"));
        assert!(files.read("latin.csv").unwrap_err().contains("is no UTF-8 text: byte 1"));
        assert!(files.read(".").unwrap_err().contains("is a folder"));
        #[cfg(unix)]
        assert!(files.read("/dev/zero").unwrap_err().contains("is a device"));
    }
}
