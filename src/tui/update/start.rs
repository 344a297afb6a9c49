//! The start page's keys.

use tui_input::Input;

use super::effect::{Effect, look_into, open, open_or_ask, open_palette, quit_or_ask};
use super::selection::{distance, moved};
use crate::scenario::TrialSpec;
use crate::tui::keymap::Action;
use crate::tui::state::{App, Explained, Help, Item, Overlay, Screen, Section, Wish, is_path};

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(by) = distance(action) {
        return select(app, moved(app.start.selected, by, app.items().len()));
    }
    match action {
        Action::Accept => open_chosen(app),
        Action::Add if app.chosen().is_some() => open(app, Overlay::picker()),
        Action::Add => {
            app.say("estimators can be added once it is open");
            Vec::new()
        }
        Action::Explain => open(app, Overlay::Explain { page: Explained::Scenario, scroll: 0 }),
        Action::Help => open(app, Overlay::Help(Help::at(Section::Questions))),
        Action::Search => {
            app.start.search = Some(Input::default());
            select(app, 0)
        }
        Action::Complete => complete(app),
        Action::Open => open_palette(app, "open "),
        Action::Commands => open_palette(app, ""),
        Action::Close if app.start.search.is_some() => {
            app.rearrange(|start| start.search = None);
            Vec::new()
        }
        Action::Close if app.lab.is_some() => {
            app.screen = Screen::Lab;
            Vec::new()
        }
        Action::Leave => quit_or_ask(app),
        _ => Vec::new(),
    }
}

/// Chooses an item. Estimators chosen for another one are forgotten.
pub(super) fn select(app: &mut App, row: usize) -> Vec<Effect> {
    if row != app.start.selected {
        app.start.extra.clear();
    }
    app.start.selected = row;
    Vec::new()
}

/// What is searched for has changed: the best answer is chosen.
pub(super) fn typed(app: &mut App) -> Vec<Effect> {
    let effects = select(app, 0);
    let typed = app.start.search.as_ref().map(|input| input.value().to_owned()).unwrap_or_default();
    if is_path(&typed) { look_into(app, &typed) } else { effects }
}

/// What is typed becomes as much of a path as is certain, or the path chosen.
fn complete(app: &mut App) -> Vec<Effect> {
    let Some(typed) = app.start.search.as_ref().map(|input| input.value().to_owned()) else {
        return Vec::new();
    };
    let chosen = || match app.chosen_item()? {
        Item::Path(path) => Some(path),
        Item::Listed(index) => app.listed.get(index).map(|listed| listed.id.clone()),
    };
    let completed = app.completed_path(&typed).filter(|_| is_path(&typed)).or_else(chosen);
    completed.map(|text| retype(app, text)).unwrap_or_default()
}

fn retype(app: &mut App, text: String) -> Vec<Effect> {
    app.start.search = Some(Input::new(text));
    typed(app)
}

/// Opens what is chosen: a scenario with the further estimators chosen for it, a file; a folder is looked into.
pub(super) fn open_chosen(app: &mut App) -> Vec<Effect> {
    let typed = app.start.search.as_ref().map(|input| input.value().trim().to_owned()).unwrap_or_default();
    match app.chosen_item() {
        Some(Item::Path(path)) if path.ends_with(std::path::is_separator) => retype(app, path),
        Some(Item::Path(path)) => open_or_ask(app, Wish::Named(path)),
        Some(Item::Listed(index)) => {
            let Some(mut listed) = app.listed.get(index).cloned() else {
                return Vec::new();
            };
            let extra = app.start.extra.iter();
            listed.scenario.trials.extend(extra.cloned().map(TrialSpec::of));
            open_or_ask(app, Wish::Listed(Box::new(listed)))
        }
        // What is not offered may be there all the same: opening it says.
        None if is_path(&typed) => open_or_ask(app, Wish::Named(typed)),
        None => Vec::new(),
    }
}
