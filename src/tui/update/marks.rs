//! What is kept of the history: bookmarks, and pinned runs, which nothing turns any more.

use super::effect::Effect;
use super::travel::seek as go;
use crate::engine::Request;
use crate::lab::Landmark;
use crate::tui::keymap::Action;
use crate::tui::state::{Address, App, LabState, refusal};

/// Pins the selected trial as it is now, or lets go of the selected pinned run.
pub(super) fn pin(app: &mut App) -> Vec<Effect> {
    let Some((id, name, is_pinned)) = selected(app) else {
        app.say("there is no trial to pin");
        return Vec::new();
    };
    if is_pinned {
        return release(app);
    }
    app.say(format!("pinned {name} as it is now: it stays on the charts; P on it lets go"));
    keep(app, Request::Pin(id))
}

/// Lets go of the selected pinned run.
pub(super) fn release(app: &mut App) -> Vec<Effect> {
    let Some((id, name, true)) = selected(app) else {
        return Vec::new();
    };
    app.say(format!("let go of {name}"));
    keep(app, Request::Unpin(id))
}

/// Sets a bookmark here, or removes the one that lies here.
pub(super) fn bookmark(app: &mut App) -> Vec<Effect> {
    let Some(lab) = &app.lab else {
        return Vec::new();
    };
    let here = lab.snapshot.position;
    let is_set = lab.snapshot.bookmarks.iter().any(|(mark, is_near)| *is_near && mark.position == here);
    app.say(if is_set {
        "bookmark removed"
    } else {
        "bookmark set: { and } go from one to the next, b lists them, `bookmark NAME` names this one"
    });
    keep(app, Request::Bookmark(None))
}

/// Gives the bookmark here a name; sets it, where there is none.
pub(super) fn name(app: &mut App, name: String) -> Vec<Effect> {
    app.say(format!("bookmark set: {name}"));
    keep(app, Request::Bookmark(Some(name)))
}

/// To a bookmark of this line.
pub(super) fn seek(app: &mut App, forward: bool) -> Vec<Effect> {
    app.lab.as_mut().map(|lab| go(lab, Request::SeekBookmark { forward })).unwrap_or_default()
}

/// To a row of the list of branches and bookmarks.
pub(super) fn go_to(app: &mut App, row: usize) -> Vec<Effect> {
    app.overlay = None;
    let Some(lab) = app.lab.as_mut() else {
        return Vec::new();
    };
    let request = match lab.snapshot.landmarks().get(row) {
        Some(Landmark::Branch { number, .. }) => Request::Switch(*number),
        Some(Landmark::Bookmark(number)) => {
            let (mark, _) = &lab.snapshot.bookmarks[*number];
            Request::Go { branch: mark.branch, position: mark.position }
        }
        None => return Vec::new(),
    };
    go(lab, request)
}

/// Whether an action is about the selected trial where that is a pinned run: it stays as it was, and is told to.
pub(super) fn refuses(app: &mut App, action: Action) -> bool {
    let Some(refusal) = app.lab.as_ref().and_then(LabState::selected).and_then(refusal) else {
        return false;
    };
    let is_about_it = match action {
        Action::Duplicate | Action::Hide | Action::Solo | Action::Rename | Action::MoveUp | Action::MoveDown => true,
        Action::TurnDown
        | Action::TurnUp
        | Action::TurnBack
        | Action::TypeValue
        | Action::TurnAll
        | Action::Sweep(_) => {
            let row = app.lab.as_ref().and_then(LabState::selected_knob);
            row.is_some_and(|row| matches!(row.address, Address::Trial(..)))
        }
        _ => false,
    };
    if is_about_it {
        app.say(refusal);
    }
    is_about_it
}

/// Whether the trial with this identifier is a pinned run, which nothing turns; then that is said.
pub(super) fn refuses_turn(app: &mut App, trial: u64) -> bool {
    let found = app.lab.as_ref().and_then(|lab| lab.snapshot.trials.iter().find(|other| other.id == trial));
    let refusal = found.and_then(refusal);
    let is_pinned = refusal.is_some();
    if let Some(refusal) = refusal {
        app.say(refusal);
    }
    is_pinned
}

fn selected(app: &App) -> Option<(u64, String, bool)> {
    app.lab.as_ref()?.selected().map(|trial| (trial.id, trial.setting.name.clone(), trial.is_pinned))
}

/// What is kept is lost with the session.
fn keep(app: &mut App, request: Request) -> Vec<Effect> {
    let Some(lab) = app.lab.as_mut() else {
        return Vec::new();
    };
    lab.is_unsaved = true;
    vec![Effect::Ask(request)]
}
