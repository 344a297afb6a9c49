//! What one reads in an overlay: lines of text at a width, from the state. How many there are decides how large the
//! overlay is, so that layout asks for them as drawing does.

mod comparison;
mod explain;
mod findings;
mod help;

pub(super) use comparison::lines as compared;
pub(super) use explain::lines as explained;
pub(super) use findings::lines as measured;
pub(super) use help::lines as keys;

use super::state::{App, Overlay};

/// Lines that a scrolling overlay has at a width.
#[must_use]
pub fn length(app: &App, overlay: &Overlay, width: usize) -> usize {
    match overlay {
        Overlay::Help { .. } => keys(app, width).len(),
        Overlay::Explain { page, .. } => explained(app, *page, width).len(),
        Overlay::Findings { .. } => measured(app, width).len(),
        Overlay::Comparison { sorting, .. } => compared(app, *sorting, width).len(),
        Overlay::Notice { lines, .. } => lines.len(),
        _ => 0,
    }
}
