//! What the state cannot do by itself, and ways to it that several screens share.

use crate::chart::Choice;
use crate::engine::Request;
use crate::tui::state::{App, Listed, Overlay};

/// What the state cannot do by itself.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Open a scenario.
    Open(Box<Listed>),
    /// Ask the laboratory for something.
    Ask(Request),
    /// Break off what the laboratory computes.
    Stop,
    /// Write the session, and these charts.
    Export(Vec<Choice>),
    /// Hand the terminal back for a while.
    Suspend,
    /// End.
    Quit,
}

/// Opens an overlay that explains or lists something.
pub(super) fn open(app: &mut App, overlay: Overlay) -> Vec<Effect> {
    app.overlay = Some(overlay);
    Vec::new()
}

/// Leaves the program, or asks first when something would be lost.
pub(super) fn quit_or_ask(app: &mut App) -> Vec<Effect> {
    if app.lab.as_ref().is_some_and(|lab| lab.is_unsaved) {
        return open(app, Overlay::Question);
    }
    vec![Effect::Quit]
}
