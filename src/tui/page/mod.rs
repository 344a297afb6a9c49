//! What one reads in an overlay: lines of text at a width, from the state. How many there are decides how large the
//! overlay is, so that layout asks for them as drawing does.

mod answer;
mod comparison;
mod explain;
mod findings;
mod help;
mod notes;

pub(super) use answer::{lines as answered, rows as answer_rows};
pub(super) use comparison::{column_at as compared_column, lines as compared};
pub(super) use explain::lines as explained;
pub(super) use findings::lines as measured;
pub(super) use help::{count as matches, page as helped};
pub(super) use notes::{Note, lines as noted, remarks, troubles};

use super::state::{App, Overlay};

/// Rows that an overlay keeps above what scrolls: the sections of the help, and what is looked for.
#[must_use]
pub const fn head(overlay: &Overlay) -> u16 {
    match overlay {
        Overlay::Help(_) => 2,
        _ => 0,
    }
}

/// Lines that a scrolling overlay has at a width.
#[must_use]
pub fn length(app: &App, overlay: &Overlay, width: usize) -> usize {
    match overlay {
        Overlay::Help(help) => helped(app, help, width).lines.len(),
        Overlay::Explain { page, .. } => explained(app, *page, width).len(),
        Overlay::Findings { .. } => measured(app, width).len(),
        Overlay::Comparison { sorting, .. } => compared(app, *sorting, width).len(),
        Overlay::Notes { .. } => noted(app, width).len(),
        Overlay::Notice { lines, .. } => lines.len(),
        _ => 0,
    }
}
