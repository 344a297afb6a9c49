//! The keys of the page of a table's columns.

use tui_input::Input;

use super::effect::{Effect, begin, open, open_palette};
use super::selection::{distance, moved};
use crate::data::table::{Decimal, Header, Reading};
use crate::scenario::{Choice, Role};
use crate::tui::keymap::Action;
use crate::tui::state::{App, ColumnsPage, Help, Overlay, Screen, Section, Wish};

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(page) = app.columns.as_mut() else {
        app.screen = Screen::Start;
        return Vec::new();
    };
    if let Some(by) = distance(action) {
        move_by(page, by);
        return Vec::new();
    }
    match action {
        Action::Accept | Action::Close if page.search.is_some() => page.search = None,
        Action::Accept => return go(app),
        Action::Mark => return toggle(app),
        Action::Target => {
            let column = page.selected;
            page.change(|draft| draft.aim_at(column));
        }
        Action::NextProblem => turn(page, Choice::Problem, true),
        Action::PreviousProblem => turn(page, Choice::Problem, false),
        Action::NextSplit => turn(page, Choice::Split, true),
        Action::NextHoles => turn(page, Choice::Missing, true),
        Action::NextTexts => turn(page, Choice::Texts, true),
        Action::Header => {
            let header = if page.draft.survey.has_header { Header::Absent } else { Header::Present };
            let reading = Reading { header, decimal: page.draft.decimal, ..Reading::default() };
            let wish = Wish::Table(page.path.clone(), Box::new(reading));
            return begin(app, wish);
        }
        Action::Decimals => {
            let decimal = if page.draft.decimal == Decimal::Point { Decimal::Comma } else { Decimal::Point };
            let reading = Reading { header: page.draft.header, decimal, ..Reading::default() };
            let wish = Wish::Table(page.path.clone(), Box::new(reading));
            return begin(app, wish);
        }
        Action::Explain => return open(app, Overlay::Notes { scroll: 0 }),
        Action::Search => page.search = Some(Input::default()),
        Action::Open => return open_palette(app, "open "),
        Action::Commands => return open_palette(app, ""),
        Action::Help => return open(app, Overlay::Help(Help::at(Section::Here))),
        Action::Leave | Action::Close => app.screen = Screen::Start,
        _ => {}
    }
    Vec::new()
}

/// What is looked for has changed: the first column that answers is chosen, unless the chosen one does.
pub(super) fn typed(app: &mut App) -> Vec<Effect> {
    if let Some(page) = app.columns.as_mut() {
        let place = page.place(&page.found());
        page.select(place);
    }
    Vec::new()
}

/// Moves the selection among the columns found.
pub(super) fn move_by(page: &mut ColumnsPage, by: isize) {
    let found = page.found();
    page.select(moved(page.place(&found), by, found.len()));
}

/// Goes on to the next way of doing something.
pub(super) fn turn(page: &mut ColumnsPage, choice: Choice, forward: bool) {
    page.change(|draft| draft.turn(choice, forward));
}

fn toggle(app: &mut App) -> Vec<Effect> {
    let Some(page) = app.columns.as_mut() else { return Vec::new() };
    let column = page.selected;
    if page.draft.role(column) == Role::Target {
        app.say("the target is no feature; t on another column learns that one");
        return Vec::new();
    }
    page.change(|draft| draft.toggle(column));
    Vec::new()
}

/// Opens the laboratory over what is chosen, unless something is wrong with it.
fn go(app: &mut App) -> Vec<Effect> {
    let Some(page) = &app.columns else { return Vec::new() };
    match page.advice.iter().find(|advice| advice.is_error()) {
        Some(advice) => {
            let (mut text, column) = (advice.text.clone(), advice.column);
            if column.is_some_and(|column| page.draft.survey.columns[column].doubt.is_some()) {
                text += " (d says it, space leaves the column out)";
            }
            if let (Some(page), Some(column)) = (app.columns.as_mut(), column) {
                page.selected = column;
            }
            app.complain(text);
            Vec::new()
        }
        None => {
            let wish = Wish::Draft(Box::new(page.draft.clone()), page.path.clone());
            begin(app, wish)
        }
    }
}
