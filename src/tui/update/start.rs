//! The start page's keys.

use super::effect::{Effect, open, quit_or_ask};
use super::selection::{distance, moved};
use crate::scenario::TrialSpec;
use crate::tui::keymap::Action;
use crate::tui::state::{App, Explained, Listed, Overlay, Screen};

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(by) = distance(action) {
        return select(app, moved(app.start.selected, by, app.listed.len()));
    }
    match action {
        Action::Accept => open_chosen(app),
        Action::Add if app.chosen().is_some() => open(app, Overlay::picker()),
        Action::Explain => open(app, Overlay::Explain { page: Explained::Scenario, scroll: 0 }),
        Action::Help => open(app, Overlay::Help { scroll: 0 }),
        Action::Close if app.lab.is_some() => {
            app.screen = Screen::Lab;
            Vec::new()
        }
        Action::Leave => quit_or_ask(app),
        _ => Vec::new(),
    }
}

/// Chooses a scenario. Estimators chosen for another one are forgotten.
pub(super) fn select(app: &mut App, row: usize) -> Vec<Effect> {
    if row != app.start.selected {
        app.start.extra.clear();
    }
    app.start.selected = row;
    Vec::new()
}

/// Opens the chosen scenario, with the further estimators chosen for it.
pub(super) fn open_chosen(app: &mut App) -> Vec<Effect> {
    let Some(chosen) = app.chosen() else {
        return Vec::new();
    };
    let mut listed: Listed = chosen.clone();
    let extra = app.start.extra.iter();
    listed.scenario.trials.extend(extra.cloned().map(TrialSpec::of));
    app.opening.clone_from(&listed.scenario.title);
    app.screen = Screen::Opening;
    vec![Effect::Open(Box::new(listed))]
}
