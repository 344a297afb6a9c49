//! Files that are either the old or the new one, never half of each.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::partial::Partial;

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {cause}", crate::data::display_text(&.path.display().to_string()))]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub cause: io::Error,
}

/// Writes a file beside its place and then moves it there, so that whoever reads it, and whatever
/// fails meanwhile, finds the old contents or the new ones in full. A link stays a link, and what it leads to is written; a
/// file that was there keeps its mode; a device or a pipe is written to as it is.
///
/// # Errors
/// When the folder does not exist or cannot be written to, or the disk is full; an existing file is
/// then as it was, and nothing is left beside it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes).map_err(|cause| WriteError { path: path.to_owned(), cause })
}

/// Makes a folder with those it is in, where it is not there.
///
/// # Errors
/// Where something else stands in its place, or it cannot be made there.
pub fn make_folder(path: &Path) -> Result<(), WriteError> {
    let of = |cause: io::Error| {
        // "File exists" is what the system says of a file in the place of a folder, which is no reason to a reader.
        let stands = path.ancestors().find(|part| fs::metadata(part).is_ok_and(|found| !found.is_dir()));
        let cause = match stands {
            Some(part) if part == path => io::Error::new(io::ErrorKind::NotADirectory, "it is no folder"),
            Some(part) => {
                let part = crate::data::display_text(&part.display().to_string());
                io::Error::new(io::ErrorKind::NotADirectory, format!("`{part}` is no folder"))
            }
            None => cause,
        };
        WriteError { path: path.to_owned(), cause }
    };
    fs::create_dir_all(path).map_err(of)
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.file_name().is_none() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it names no file"));
    }
    let path = target(path)?;
    let found = fs::metadata(&path).ok();
    // Renaming onto a folder would fail late on some systems and succeed on none.
    if found.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if found.as_ref().is_some_and(|found| !found.is_file()) {
        return fs::OpenOptions::new().write(true).open(&path)?.write_all(bytes);
    }
    let mode = found.map(|found| found.permissions());
    if mode.as_ref().is_some_and(fs::Permissions::readonly) {
        // A rename would go around what its owner has forbidden.
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is write-protected"));
    }
    let mut beside = Partial::beside(&path)?;
    beside.fill(bytes, mode)?;
    beside.become_file(&path)
}

/// Links followed from one to the next; more are a circle.
const MOST_LINKS: usize = 40;

/// What is written when this is: where links lead to, also where nothing is there yet.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(led) = fs::read_link(&path) else { return Ok(path) };
        path = path.parent().unwrap_or(Path::new("")).join(led);
    }
    Err(io::Error::other(format!("more than {MOST_LINKS} links lead on from it")))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_no_folder_is_said_to_be_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"text").unwrap();
        assert!(make_folder(&file).unwrap_err().to_string().ends_with("file`: it is no folder"));
        let inside = make_folder(&file.join("a/b")).unwrap_err().to_string();
        assert!(inside.contains("a/b`: `") && inside.ends_with("file` is no folder"), "{inside}");
        let new = folder.path().join("c/d");
        make_folder(&new).unwrap();
        assert!(new.is_dir() && make_folder(&new).is_ok());
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figure.svg");
        write(&path, b"a long old picture").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["figure.svg"]);
    }

    #[test]
    fn failures_name_the_file_and_leave_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("no such folder/figure.svg");
        let error = write(&missing, b"new").unwrap_err();
        assert!(error.to_string().contains("no such folder/figure.svg"), "{error}");
        assert!(write(folder.path(), b"new").unwrap_err().to_string().contains("folder"));

        let path = folder.path().join("figure.svg");
        fs::write(&path, b"old").unwrap();
        let mut mode = fs::metadata(&path).unwrap().permissions();
        mode.set_readonly(true);
        fs::set_permissions(&path, mode).unwrap();
        assert!(write(&path, b"new").unwrap_err().to_string().contains("write-protected"));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["figure.svg"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_modes_stay_and_devices_are_written_to() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (elsewhere, link) = (folder.path().join("elsewhere"), folder.path().join("link.ron"));
        fs::create_dir(&elsewhere).unwrap();
        let real = elsewhere.join("real.ron");
        fs::write(&real, b"old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("elsewhere/real.ron", &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        // A link to what is not there yet, and a circle.
        symlink("elsewhere/later.ron", folder.path().join("later")).unwrap();
        write(&folder.path().join("later"), b"later").unwrap();
        assert_eq!(names(&elsewhere), ["later.ron", "real.ron"]);
        symlink("round", folder.path().join("round")).unwrap();
        assert!(write(&folder.path().join("round"), b"new").unwrap_err().to_string().contains("links"));
        write(Path::new("/dev/null"), b"new").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        assert_eq!(names(folder.path()), ["elsewhere", "later", "link.ron", "round"]);
    }

    /// As long as a name may be, and no text.
    #[cfg(unix)]
    #[test]
    fn any_name_that_a_file_may_have_is_written() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let long = "n".repeat(255);
        write(&folder.path().join(&long), b"new").unwrap();
        write(&folder.path().join(OsStr::from_bytes(b"gr\xfcn.csv")), b"new").unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
