//! What was opened lately: identifiers of built-in scenarios and absolute paths, the latest first, a line each.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::paths::expanded;
use crate::scenario::builtin;

/// How many are kept.
const KEPT: usize = 12;

/// Bytes read of the file; whatever wrote more was not this program.
const MOST_BYTES: u64 = 1 << 16;

/// What a file keeps. A file that is missing or cannot be read keeps nothing, and a line that can be no name is no line.
#[must_use]
pub fn recent(file: &Path) -> Vec<String> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
    let text = if read.is_ok() { String::from_utf8_lossy(&bytes) } else { return Vec::new() };
    let is_name = |line: &&str| !line.is_empty() && !line.contains(|c: char| c.is_control() || c == '\u{fffd}');
    let mut names: Vec<String> = Vec::new();
    for line in text.lines().filter(is_name) {
        if names.len() < KEPT && !names.iter().any(|name| name == line) {
            names.push(line.to_owned());
        }
    }
    names
}

/// The names with this one before all others, where it can be kept: a path with a line break in it cannot.
#[must_use]
pub fn with_latest(names: &[String], latest: &str) -> Vec<String> {
    let latest = lasting(latest);
    let is_line = !latest.contains(char::is_control);
    let others = names.iter().filter(|name| **name != latest).cloned();
    std::iter::once(latest.clone()).filter(|_| is_line).chain(others).take(KEPT).collect()
}

/// The names without this one, which opens nothing any more.
#[must_use]
pub fn without(names: &[String], lost: &str) -> Vec<String> {
    let lost = lasting(lost);
    names.iter().filter(|name| **name != lost).cloned().collect()
}

/// A name that means the same in whatever folder the program is started next.
fn lasting(name: &str) -> String {
    if builtin(name).is_ok() {
        return name.to_owned();
    }
    let path = expanded(name);
    let whole = path.canonicalize().or_else(|_| std::path::absolute(&path)).unwrap_or(path);
    whole.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn whatever_is_in_the_file_the_program_starts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("recent");
        assert!(recent(&file).is_empty(), "there is no file");
        assert!(recent(folder.path()).is_empty(), "it is a folder");
        fs::write(&file, b"quadratic\n\xff\xfe\n\n\x1b[2J\n/a/b.ron\nquadratic\n").unwrap();
        assert_eq!(recent(&file), ["quadratic", "/a/b.ron"]);
        fs::write(&file, "/long\n".repeat(100) + &(0..100).map(|k| format!("/{k}\n")).collect::<String>()).unwrap();
        assert_eq!(recent(&file).len(), KEPT);
    }

    #[test]
    fn the_latest_comes_first_and_once() {
        let names: Vec<String> = (0..KEPT).map(|k| format!("/{k}.ron")).collect();
        let names = with_latest(&names, "/3.ron");
        assert_eq!((names[0].as_str(), names[1].as_str(), names.len()), ("/3.ron", "/0.ron", KEPT));
        let names = with_latest(&names, "quadratic");
        assert_eq!((names[0].as_str(), names.len()), ("quadratic", KEPT));
        assert_eq!(with_latest(&names, "/a\nb.ron"), names, "two lines are no name");
        assert_eq!(without(&names, "quadratic")[0], "/3.ron");
    }

    #[test]
    fn a_path_means_the_same_from_elsewhere() {
        let names = with_latest(&[], "Cargo.toml");
        assert!(Path::new(&names[0]).is_absolute() && names[0].ends_with("Cargo.toml"), "{names:?}");
    }
}
