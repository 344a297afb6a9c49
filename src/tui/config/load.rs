//! The configuration that holds: of a file, changed by what was said on the command line.

use super::{Config, in_words, read};
use crate::chart::palette;
use crate::front::{OpenError, Settings, Source, config_file};
use crate::tui::scheme;
use crate::tui::theme::Charset;

/// The configuration, and what is wrong with the usual file, which keeps nobody from starting.
///
/// # Errors
/// When what was named on the command line is wrong: a file, a theme, a palette, characters.
pub fn load(asked: &Settings) -> Result<(Config, Option<String>), OpenError> {
    let (mut config, complaint) = if let Some(path) = &asked.config {
        let source = Source::of_file(path).map_err(unread)?;
        let (config, found) = read(&source.text);
        if !found.is_empty() {
            return Err(OpenError::Mistakes(source.mistakes(found)));
        }
        (config, None)
    } else {
        usual()
    };
    let wrong = |message: String| OpenError::Set { message, help: None };
    if let Some(name) = &asked.theme {
        config.scheme = scheme::find(name).map_err(wrong)?;
    }
    if let Some(name) = &asked.palette {
        config.palette = palette::find(name).map_err(wrong)?;
    }
    if let Some(name) = &asked.charset {
        config.charset = Charset::find(name).map_err(wrong)?;
    }
    Ok((config, complaint))
}

/// What is to be done about a configuration is not what is to be done about a scenario.
fn unread(error: OpenError) -> OpenError {
    let help = "`hyperlab --print-config` prints a configuration with everything in it".to_owned();
    OpenError::Set { message: format!("the configuration {error}"), help: Some(help) }
}

/// What is in the usual place, where something is.
fn usual() -> (Config, Option<String>) {
    match config_file().filter(|path| path.exists()).map(|path| Source::of_file(&path)) {
        None => (Config::default(), None),
        Some(Err(error)) => (Config::default(), Some(error.to_string())),
        Some(Ok(source)) => {
            let (config, found) = read(&source.text);
            let complaint = in_words(&source.mistakes(found));
            (config, complaint)
        }
    }
}
