//! Paths being typed: what a folder holds that can be opened.

use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf, is_separator};

/// Entries of a folder that are looked at; more than that nobody chooses from a list.
const MOST_ENTRIES: usize = 20_000;

/// The path with a leading `~` written out, as a shell would.
#[must_use]
pub fn expanded(path: &str) -> PathBuf {
    let home = || std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
    match path.strip_prefix('~') {
        Some("") => home().unwrap_or_else(|| PathBuf::from(path)),
        Some(rest) if rest.starts_with(is_separator) => {
            home().map_or_else(|| PathBuf::from(path), |home| home.join(rest.trim_start_matches(is_separator)))
        }
        _ => PathBuf::from(path),
    }
}

/// The part of a typed path that is a folder: all up to the last separator, or nothing.
#[must_use]
pub fn folder_of(typed: &str) -> &str {
    typed.rfind(is_separator).map_or("", |at| &typed[..=at])
}

/// Endings of files that are offered: scenarios, sessions, and tables as they are called.
const OFFERED: [&str; 7] = ["ron", "csv", "tsv", "tab", "txt", "data", "dat"];

/// Folders, which end in a separator, and files of a folder that are called as scenarios, sessions or tables are, in the order
/// of their names.
///
/// # Errors
/// What is the matter with the folder: "does not exist".
pub fn openable(folder: &str) -> Result<Vec<String>, String> {
    let path = expanded(if folder.is_empty() { "." } else { folder });
    let entries = fs::read_dir(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read by this user".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    let name = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        // What is linked to counts, not the link.
        let is_folder = path.join(&name).is_dir();
        let ending = Path::new(&name).extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        let is_meant = is_folder || ending.is_some_and(|ending| OFFERED.contains(&ending.as_str()));
        let separator = if is_folder { MAIN_SEPARATOR.to_string() } else { String::new() };
        is_meant.then(|| name + &separator)
    };
    let mut names: Vec<String> = entries.take(MOST_ENTRIES).flatten().filter_map(name).collect();
    names.sort_unstable_by_key(|name| (name.to_lowercase(), name.clone()));
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_scenarios_are_offered_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.ron", "A.ron", "rows.CSV", "rows.png"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("more")).unwrap();
        let found = openable(&format!("{}/", folder.path().display())).unwrap();
        assert_eq!(found, ["A.ron", "b.ron", "more/", "rows.CSV"]);
        let missing = folder.path().join("missing").display().to_string();
        assert_eq!(openable(&missing), Err("does not exist".to_owned()));
    }

    #[test]
    fn the_folder_of_what_is_typed_ends_at_the_last_separator() {
        assert_eq!([folder_of("a/b/c"), folder_of("a/"), folder_of("a"), folder_of("")], ["a/b/", "a/", "", ""]);
    }

    #[test]
    fn only_a_leading_tilde_is_the_home_folder() {
        assert_eq!(expanded("a~/b"), PathBuf::from("a~/b"));
        assert_eq!(expanded("~other/b"), PathBuf::from("~other/b"));
        if let Some(home) = std::env::var_os("HOME") {
            assert_eq!(expanded("~/b"), PathBuf::from(home).join("b"));
        }
    }
}
