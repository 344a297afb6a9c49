//! What was said on the command line about how the laboratory looks.

use std::path::PathBuf;

/// How the laboratory is to look, by names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The file that the configuration is read from, in place of the usual one.
    pub config: Option<PathBuf>,
    /// Colours.
    pub theme: Option<String>,
    /// Colours of the trials.
    pub palette: Option<String>,
    /// Characters that charts are drawn with.
    pub charset: Option<String>,
}
