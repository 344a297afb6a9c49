//! What keys, clicks and commands do: state and event in, effects out. Nothing here waits, reads a
//! clock or touches the terminal.

mod action;
mod charts;
mod columns;
mod effect;
mod help;
mod lab;
mod marks;
mod measuring;
mod overlay;
mod pointer;
mod questions;
mod screen;
mod selection;
mod start;
mod sweep;
mod travel;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent};
use tui_input::backend::crossterm::EventHandler;

pub use action::act;
pub use effect::Effect;

use super::keymap::{self, Context};
use super::state::{App, Screen};

/// A key was pressed.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    app.message = None;
    let effects = pressed(app, event);
    overlay::preview(app);
    effects
}

fn pressed(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let context = app.context();
    match keymap::action(context, event.into()) {
        Some(action) => act(app, action),
        None if context.takes_text() => type_key(app, event),
        None => {
            if let (Context::Help, Some(letter)) = (context, letter(event)) {
                help::begin_search(app, &letter.to_string());
            }
            Vec::new()
        }
    }
}

/// The letter that a key types, where it types one.
fn letter(event: KeyEvent) -> Option<char> {
    match event.code {
        KeyCode::Char(letter) if !event.modifiers.contains(KeyModifiers::CONTROL) => Some(letter),
        _ => None,
    }
}

/// The mouse was moved or pressed.
pub fn mouse(app: &mut App, event: MouseEvent) -> Vec<Effect> {
    let effects = pointer::mouse(app, event);
    overlay::preview(app);
    action::about_the_selected(app, effects)
}

/// Text was pasted. It is text where one types, and nothing elsewhere: never keys.
pub fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    if !app.context().takes_text() {
        app.say("paste into a text field: `:` opens one");
        return Vec::new();
    }
    if let Some(overlay) = &mut app.overlay {
        overlay.touch(true);
    }
    let room = LONGEST.saturating_sub(app.input().map_or(0, |input| input.value().chars().count()));
    let text = super::text::clean(text);
    for letter in text.chars().take(room) {
        if let Some(input) = app.input() {
            input.handle(tui_input::InputRequest::InsertChar(letter));
        }
    }
    let effects = typed(app);
    if text.chars().nth(room).is_some() {
        app.complain(TOO_LONG);
    }
    effects
}

/// Letters that a field takes: what is typed is looked up at every key.
const LONGEST: usize = 4096;

const TOO_LONG: &str = "a field takes no more than 4096 letters; the rest was left out";

fn type_key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let is_letter = letter(event).is_some();
    if let Some(overlay) = &mut app.overlay {
        overlay.touch(is_letter);
    }
    if is_letter && app.input().is_some_and(|input| input.value().chars().count() >= LONGEST) {
        app.complain(TOO_LONG);
        return Vec::new();
    }
    if let Some(input) = app.input() {
        input.handle_event(&Event::Key(event));
    }
    typed(app)
}

/// What is typed has changed.
fn typed(app: &mut App) -> Vec<Effect> {
    match (&app.overlay, app.screen) {
        (Some(_), _) => overlay::typed(app),
        (None, Screen::Columns) => columns::typed(app),
        (None, _) => start::typed(app),
    }
}

/// A laboratory has been opened: where that was to answer a question, it is made to.
pub fn entered(app: &mut App) -> Vec<Effect> {
    // What is likely to be a mistake is said where it is seen first; the card of the scenario says everything.
    let problem = app.lab.as_ref().map(|lab| &lab.snapshot.problem);
    let notes = problem.and_then(|problem| problem.data.as_ref()).map(|data| &data.notes);
    let warning = notes.and_then(|notes| notes.iter().find(|note| note.is_warning)).map(|note| note.text.clone());
    let warning = warning.or_else(|| problem.and_then(|problem| problem.price.clone()));
    if let Some(warning) = warning {
        app.complain(warning);
    }
    questions::answer(app)
}

/// The laboratory has done everything it was asked for: a knob turned meanwhile can be asked for now.
pub fn idle(app: &mut App) -> Vec<Effect> {
    app.lab.as_mut().map(lab::ask_for_turn).unwrap_or_default()
}
