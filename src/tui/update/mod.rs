//! What keys, clicks and commands do: state and event in, effects out. Nothing here waits, reads a
//! clock or touches the terminal.

mod lab;
mod measuring;
mod overlay;
mod pointer;
mod start;

use ratatui::crossterm::event::{Event, KeyEvent, KeyEventKind};
use tui_input::backend::crossterm::EventHandler;

pub use pointer::mouse;

use super::keymap::{self, Action, Context};
use super::state::{App, Listed, Overlay, Screen};
use crate::engine::Request;

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
    Export(Vec<usize>),
    /// Hand the terminal back for a while.
    Suspend,
    /// End.
    Quit,
}

/// A key was pressed.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    app.message = None;
    let context = app.context();
    match keymap::action(context, event.into()) {
        Some(action) => act(app, action),
        None if context.takes_text() => {
            type_event(app, &Event::Key(event));
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Text was pasted. It is text where one types, and nothing elsewhere: never keys.
pub fn paste(app: &mut App, text: &str) {
    if !app.context().takes_text() {
        app.say("paste into a text field: `:` opens one");
        return;
    }
    for letter in super::text::clean(text).chars() {
        if let Some(input) = app.overlay.as_mut().and_then(Overlay::input) {
            input.handle(tui_input::InputRequest::InsertChar(letter));
        }
    }
    overlay::typed(app);
}

fn type_event(app: &mut App, event: &Event) {
    if let Some(input) = app.overlay.as_mut().and_then(Overlay::input) {
        input.handle_event(event);
    }
    overlay::typed(app);
}

/// Carries out an action where the keys go now.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match (action, app.context()) {
        (Action::Quit, _) => vec![Effect::Quit],
        (Action::Suspend, _) => vec![Effect::Suspend],
        (_, Context::Opening) => {
            leave_opening(app);
            if app.has_start_page { Vec::new() } else { vec![Effect::Quit] }
        }
        _ if app.overlay.is_some() => overlay::act(app, action),
        (_, Context::Start) => start::act(app, action),
        _ => lab::act(app, action),
    }
}

fn leave_opening(app: &mut App) {
    app.screen = Screen::Start;
    app.opening.clear();
}

/// The laboratory has done everything it was asked for: a knob turned meanwhile can be asked for now.
pub fn idle(app: &mut App) -> Vec<Effect> {
    app.lab.as_mut().map(lab::ask_for_turn).unwrap_or_default()
}

/// Opens an overlay that explains or lists something.
fn open(app: &mut App, overlay: Overlay) -> Vec<Effect> {
    app.overlay = Some(overlay);
    Vec::new()
}

/// Leaves the program, or asks first when something would be lost.
fn quit_or_ask(app: &mut App) -> Vec<Effect> {
    if app.lab.as_ref().is_some_and(|lab| lab.is_unsaved) {
        return open(app, Overlay::Question);
    }
    vec![Effect::Quit]
}

/// A selection moved by `by` in a list of `length`.
fn moved(selected: usize, by: isize, length: usize) -> usize {
    selected.saturating_add_signed(by).min(length.saturating_sub(1))
}

/// How far an action moves a selection, where it moves one.
fn distance(action: Action) -> Option<isize> {
    match action {
        Action::Up => Some(-1),
        Action::Down => Some(1),
        Action::PageUp => Some(-8),
        Action::PageDown => Some(8),
        Action::ToStart => Some(-10_000),
        Action::ToEnd => Some(10_000),
        _ => None,
    }
}
