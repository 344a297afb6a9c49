//! Actions, whoever asks for them: a key, a click, the command palette.

use super::effect::Effect;
use super::{measuring, overlay, screen};
use crate::tui::keymap::Action;
use crate::tui::state::App;

/// Carries out an action where the keys go now.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let effects = match action {
        Action::Quit | Action::Suspend | Action::Redraw => screen::act(app, action),
        _ if app.overlay.is_some() => overlay::act(app, action),
        _ => screen::act(app, action),
    };
    about_the_selected(app, effects)
}

/// What is asked for is asked about the trial that is selected now.
pub(super) fn about_the_selected(app: &mut App, effects: Vec<Effect>) -> Vec<Effect> {
    let told = app.lab.as_mut().and_then(measuring::tell_selection);
    told.into_iter().chain(effects).collect()
}
