//! What keys, clicks and commands do: state and event in, effects out. Nothing here waits, reads a
//! clock or touches the terminal.

mod effect;
mod lab;
mod measuring;
mod overlay;
mod pointer;
mod screen;
mod selection;
mod start;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent};
use tui_input::backend::crossterm::EventHandler;

pub use effect::Effect;

use super::keymap::{self, Action};
use super::state::{App, Overlay};

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

/// The mouse was moved or pressed.
pub fn mouse(app: &mut App, event: MouseEvent) -> Vec<Effect> {
    let effects = pointer::mouse(app, event);
    about_the_selected(app, effects)
}

/// Text was pasted. It is text where one types, and nothing elsewhere: never keys.
pub fn paste(app: &mut App, text: &str) {
    if !app.context().takes_text() {
        app.say("paste into a text field: `:` opens one");
        return;
    }
    if let Some(overlay) = &mut app.overlay {
        overlay.touch(true);
    }
    for letter in super::text::clean(text).chars() {
        if let Some(input) = app.overlay.as_mut().and_then(Overlay::input) {
            input.handle(tui_input::InputRequest::InsertChar(letter));
        }
    }
    overlay::typed(app);
}

fn type_event(app: &mut App, event: &Event) {
    if let Some(overlay) = &mut app.overlay {
        let is_letter =
            |key: &KeyEvent| matches!(key.code, KeyCode::Char(_)) && !key.modifiers.contains(KeyModifiers::CONTROL);
        overlay.touch(matches!(event, Event::Key(key) if is_letter(key)));
    }
    if let Some(input) = app.overlay.as_mut().and_then(Overlay::input) {
        input.handle_event(event);
    }
    overlay::typed(app);
}

/// Carries out an action where the keys go now.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let effects = match action {
        Action::Quit | Action::Suspend => screen::act(app, action),
        _ if app.overlay.is_some() => overlay::act(app, action),
        _ => screen::act(app, action),
    };
    about_the_selected(app, effects)
}

/// What is asked for is asked about the trial that is selected now.
fn about_the_selected(app: &mut App, effects: Vec<Effect>) -> Vec<Effect> {
    let told = app.lab.as_mut().and_then(measuring::tell_selection);
    told.into_iter().chain(effects).collect()
}

/// The laboratory has done everything it was asked for: a knob turned meanwhile can be asked for now.
pub fn idle(app: &mut App) -> Vec<Effect> {
    app.lab.as_mut().map(lab::ask_for_turn).unwrap_or_default()
}
