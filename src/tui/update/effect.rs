//! What the state cannot do by itself, and ways to it that several screens share.

use tui_input::Input;

use crate::chart::Choice;
use crate::engine::Request;
use crate::front::folder_of;
use crate::tui::state::{App, Leaving, Overlay, Wish, to_open};

/// What the state cannot do by itself.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Open something.
    Open(Wish),
    /// Read what this folder holds that can be opened.
    LookInto(String),
    /// Ask the laboratory for something.
    Ask(Request),
    /// Break off what the laboratory computes.
    Stop,
    /// Write the session, and these charts.
    Export(Vec<Choice>),
    /// Hand the terminal back for a while.
    Suspend,
    /// Draw all of the screen anew.
    Redraw,
    /// End.
    Quit,
}

/// Opens an overlay that explains or lists something.
pub(super) fn open(app: &mut App, overlay: Overlay) -> Vec<Effect> {
    app.overlay = Some(overlay);
    Vec::new()
}

/// Opens something in the place of the laboratory, or asks first when that would lose something.
pub(super) fn open_or_ask(app: &mut App, wish: Wish) -> Vec<Effect> {
    if app.lab.as_ref().is_some_and(|lab| lab.is_unsaved) {
        return open(app, Overlay::Question(Leaving::For(Box::new(wish))));
    }
    begin(app, wish)
}

/// Opens something, whatever becomes of the laboratory.
pub(super) fn begin(app: &mut App, wish: Wish) -> Vec<Effect> {
    app.overlay = None;
    if let Some(lab) = app.lab.as_mut() {
        lab.is_running = false;
    }
    app.posed = None;
    app.begin_opening(wish.title());
    vec![Effect::Stop, Effect::Open(wish)]
}

/// Asks for what the folder of a path being typed holds, unless it is known.
pub(super) fn look_into(app: &App, typed: &str) -> Vec<Effect> {
    let folder = folder_of(typed);
    let is_known = app.start.folder.as_ref().is_some_and(|known| known.folder == folder);
    if is_known { Vec::new() } else { vec![Effect::LookInto(folder.to_owned())] }
}

/// The palette, with something typed already.
pub(super) fn open_palette(app: &mut App, text: &str) -> Vec<Effect> {
    app.overlay = Some(Overlay::Palette { input: Input::new(text.to_owned()), selected: 0 });
    to_open(text).map(|path| look_into(app, path)).unwrap_or_default()
}

/// Leaves the program, or asks first when something would be lost.
pub(super) fn quit_or_ask(app: &mut App) -> Vec<Effect> {
    if app.lab.as_ref().is_some_and(|lab| lab.is_unsaved) {
        return open(app, Overlay::Question(Leaving::End));
    }
    vec![Effect::Quit]
}
