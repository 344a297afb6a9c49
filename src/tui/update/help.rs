//! The help's keys: sections, what is looked for, and questions.

use tui_input::Input;

use super::effect::Effect;
use super::questions;
use super::selection::moved;
use crate::tui::keymap::Action;
use crate::tui::layout::{Layout, inside};
use crate::tui::page;
use crate::tui::questions::ALL as QUESTIONS;
use crate::tui::state::{App, Help, Overlay};

/// Begins to look for something, with what is typed first.
pub(super) fn begin_search(app: &mut App, typed: &str) {
    if let Some(Overlay::Help(help)) = &mut app.overlay {
        let before = help.search.value().to_owned();
        help.search = Input::new(if typed.is_empty() { before } else { typed.to_owned() });
        help.is_typing = true;
        help.scroll = 0;
    }
}

/// What a key does here; nothing, where it is not the help's.
pub(super) fn act(app: &mut App, action: Action) -> Option<Vec<Effect>> {
    let Some(Overlay::Help(help)) = &mut app.overlay else {
        return None;
    };
    match action {
        Action::Next | Action::Previous => {
            help.section = help.section.turned(action == Action::Next);
            help.search = Input::default();
            (help.is_typing, help.scroll) = (false, 0);
        }
        Action::Search => begin_search(app, ""),
        // Without anything looked for, these are letters like any other.
        Action::NextHit if help.wanted().is_none() => begin_search(app, "n"),
        Action::PreviousHit if help.wanted().is_none() => begin_search(app, "N"),
        Action::NextHit => to_hit(app, true),
        Action::PreviousHit => to_hit(app, false),
        Action::Accept if help.chooses_question() && !help.is_typing => {
            let number = help.question;
            return Some(questions::pose(app, number));
        }
        Action::Accept => {
            let was_typing = std::mem::take(&mut help.is_typing);
            match (help.wanted().is_some(), was_typing) {
                // What answers best is at the top already.
                (true, true) => help.scroll = 0,
                (true, false) => to_hit(app, true),
                (false, true) => {}
                (false, false) => app.overlay = None,
            }
        }
        Action::Close if help.is_typing || help.wanted().is_some() => {
            help.search = Input::default();
            (help.is_typing, help.scroll) = (false, 0);
        }
        Action::Up | Action::Down if help.chooses_question() => {
            let by = if action == Action::Down { 1 } else { -1 };
            help.question = moved(help.question, by, QUESTIONS.len());
            let chosen = help.question;
            scroll_to(app, |hits, _| hits.get(chosen).copied());
        }
        Action::Leave => app.overlay = None,
        _ => return None,
    }
    Some(Vec::new())
}

/// Scrolls to the entry found after the one at the top, or before it; behind the last comes the first.
fn to_hit(app: &mut App, forward: bool) {
    scroll_to(app, |hits, at| {
        let next = if forward {
            hits.iter().find(|hit| **hit > at).or(hits.first())
        } else {
            hits.iter().rev().find(|hit| **hit < at).or(hits.last())
        };
        next.copied()
    });
}

/// Scrolls to one of the lines at which entries begin, chosen with the line at the top in view.
fn scroll_to(app: &mut App, choose: impl Fn(&[usize], usize) -> Option<usize>) {
    let width = usize::from(inside(Layout::of(app).overlay).width);
    let Some(Overlay::Help(help)) = &app.overlay else {
        return;
    };
    let line = choose(&page::helped(app, help, width).hits, help.scroll).unwrap_or(0);
    if let Some(Overlay::Help(Help { scroll, .. })) = &mut app.overlay {
        *scroll = line;
    }
}
