//! Files that are being written: beside their places, under names that nobody can know beforehand, and gone when they do
//! not become what they were to be.
//!
//! One that is being written is locked by whoever writes it. What a process that was killed has left is not locked any
//! more, and goes as soon as something is written to the same folder again.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// What their names begin and end with.
const START: &str = ".hyperlab-";
const END: &str = ".partial";

/// Tries at a name that is free, each of 64 random bits.
const TRIES: usize = 8;

/// What this process is writing now.
struct Open {
    paths: HashSet<PathBuf>,
    /// Folders in which what others left has been looked for.
    swept: HashSet<PathBuf>,
    /// Whether nothing more is begun, because the process is about to end.
    is_over: bool,
}

static OPEN: LazyLock<Mutex<Open>> =
    LazyLock::new(|| Mutex::new(Open { paths: HashSet::new(), swept: HashSet::new(), is_over: false }));

fn open() -> MutexGuard<'static, Open> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is being written, for a process that ends before it can be finished. Nothing is begun any more.
pub fn abandon() {
    let mut open = open();
    open.is_over = true;
    for path in open.paths.drain() {
        let _ = fs::remove_file(path);
    }
}

/// A file being written. Dropping it removes it.
pub(super) struct Partial {
    path: PathBuf,
    file: File,
}

impl Partial {
    /// A new file in the folder of another; what is left there of processes that were killed goes.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        let folder = folder_of(path);
        let mut open = open();
        if open.is_over {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "the program is ending"));
        }
        if open.swept.insert(folder.to_owned()) {
            sweep(folder);
        }
        let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..TRIES {
            let path = folder.join(format!("{START}{:016x}{END}", RandomState::new().build_hasher().finish()));
            // Neither a file nor a link that somebody put there is opened.
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    // Where files cannot be locked nothing is swept either.
                    let _ = file.try_lock();
                    open.paths.insert(path.clone());
                    return Ok(Self { path, file });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    /// Writes all of it, down to the disk, with the mode of what it is to replace.
    pub(super) fn fill(&mut self, bytes: &[u8], mode: Option<Permissions>) -> io::Result<()> {
        self.file.write_all(bytes)?;
        if let Some(mode) = mode {
            self.file.set_permissions(mode)?;
        }
        self.file.sync_all()
    }

    /// Moves it to its place.
    pub(super) fn become_file(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Moved, it is not here any more.
        let _ = fs::remove_file(&self.path);
        open().paths.remove(&self.path);
    }
}

/// Entries of a folder that are looked at.
const MOST_ENTRIES: usize = 100_000;

/// Removes what processes that were killed have left in a folder: files of such names that nobody has locked.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.take(MOST_ENTRIES).flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && is_between(&entry.file_name(), START, END) && is_left(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_left(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    match file.try_lock_shared() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

/// The folder that a file lies in, as something that can be opened.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Whether a name has this beginning and end.
fn is_between(name: &OsStr, start: &str, end: &str) -> bool {
    name.to_str()
        .is_some_and(|name| name.len() > start.len() + end.len() && name.starts_with(start) && name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_is_swept_and_what_is_being_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(format!("{START}00000000deadbeef{END}"));
        fs::write(&left, b"half of").unwrap();
        let other = folder.path().join(".other.partial");
        fs::write(&other, b"somebody else's").unwrap();
        let held = folder.path().join(format!("{START}0000000000000001{END}"));
        let holder = File::create(&held).unwrap();
        holder.try_lock().unwrap();
        let mut partial = Partial::beside(&folder.path().join("figure.svg")).unwrap();
        assert!(!left.exists() && other.exists() && held.exists());
        partial.fill(b"new", None).unwrap();
        drop(partial);
        // What did not become a file is gone.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn names_are_never_those_of_before() {
        let folder = tempfile::tempdir().unwrap();
        let of = || Partial::beside(&folder.path().join("figure.svg")).unwrap();
        let (first, second) = (of(), of());
        assert_ne!(first.path, second.path);
    }
}
