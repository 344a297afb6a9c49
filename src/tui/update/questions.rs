//! Questions put to the laboratory: the scenario that answers one is opened, and made to.

use super::effect::{Effect, open_or_ask};
use super::{lab, measuring};
use crate::engine::Request;
use crate::tui::questions::{self, Deed};
use crate::tui::state::{App, Focus, Screen, Wish};

/// Speed at which a question is answered that takes a whole run.
const SPEED: usize = 7;

/// Opens the scenario that answers a question.
pub(super) fn pose(app: &mut App, number: usize) -> Vec<Effect> {
    let Some(posed) = questions::ALL.get(number) else {
        return Vec::new();
    };
    let Some(listed) = app.listed.iter().find(|listed| listed.id == posed.scenario).cloned() else {
        app.complain(format!("the scenario {} is not here", posed.scenario));
        return Vec::new();
    };
    let effects = open_or_ask(app, Wish::Listed(Box::new(listed)));
    app.posed = Some(posed).filter(|_| app.screen == Screen::Opening);
    effects
}

/// The scenario is open: its first chart alone, the answer under it, and what makes the numbers appear.
pub(super) fn answer(app: &mut App) -> Vec<Effect> {
    let Some((posed, lab)) = app.posed.take().zip(app.lab.as_mut()) else {
        return Vec::new();
    };
    lab.posed = Some(posed);
    (lab.is_alone, lab.pane, lab.focus) = (true, 0, Focus::Charts);
    match posed.deed {
        Deed::Measure(question) => measuring::begin_or_cancel(app, question),
        Deed::OuterStep => {
            lab.awaits_outer = true;
            vec![Effect::Ask(Request::Outer(lab.timed()))]
        }
        Deed::Run => {
            lab.speed = SPEED;
            lab::run(lab)
        }
    }
}
