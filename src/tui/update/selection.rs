//! Selections in lists.

use crate::tui::keymap::Action;

/// A selection moved by `by` in a list of `length`.
pub(super) fn moved(selected: usize, by: isize, length: usize) -> usize {
    selected.saturating_add_signed(by).min(length.saturating_sub(1))
}

/// How far an action moves a selection, where it moves one.
pub(super) fn distance(action: Action) -> Option<isize> {
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
