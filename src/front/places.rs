//! Where a person's settings and what the program remembers are kept, by the XDG base directory specification.

use std::path::PathBuf;

/// The file of what was opened lately; none, where a user has no folder for it.
#[must_use]
pub fn recent_file() -> Option<PathBuf> {
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local").join("state")));
    state.map(|state| state.join("hyperlab").join("recent"))
}

/// The file of the configuration; none, where a user has no folder for it.
#[must_use]
pub fn config_file() -> Option<PathBuf> {
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")));
    config.map(|config| config.join("hyperlab").join("config.ron"))
}

/// A folder that a variable names; relative ones are to be ignored.
fn folder(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute())
}
