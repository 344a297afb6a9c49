//! Keys of what fills the screen, with no overlay over it.

use super::effect::Effect;
use super::{columns, lab, start, sweep};
use crate::tui::keymap::Action;
use crate::tui::state::{App, Screen};

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match (action, app.screen) {
        (Action::Quit, _) => vec![Effect::Quit],
        (Action::Suspend, _) => vec![Effect::Suspend],
        (Action::Redraw, _) => vec![Effect::Redraw],
        (_, Screen::Start) => start::act(app, action),
        (_, Screen::Columns) => columns::act(app, action),
        (Action::Sweep(question), Screen::Lab) => sweep::propose(app, question),
        (_, Screen::Lab) if app.lab.is_some() => lab::act(app, action),
        (_, Screen::Opening | Screen::Lab) => {
            app.end_opening();
            Vec::new()
        }
    }
}
