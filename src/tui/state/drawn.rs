//! Charts as they were drawn last: a frame in which a chart has not changed copies its cells.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::panes::{Company, Pane};
use crate::chart::Figure;
use crate::lab::Snapshot;
use crate::tui::theme::Theme;

/// Everything that a figure depends on.
#[derive(Clone)]
pub(super) struct Source {
    /// The moment. It is kept, so that no other snapshot can come to lie in its place.
    pub(super) snapshot: Arc<Snapshot>,
    /// The chart, and what of it is seen.
    pub(super) pane: Pane,
    /// How other trials are drawn.
    pub(super) company: Company,
    /// Whose is set off.
    pub(super) selected: Option<u64>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.snapshot, &other.snapshot)
            && (&self.pane, self.company, self.selected) == (&other.pane, other.company, other.selected)
    }
}

/// What the cells of a figure depend on beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Where.
    pub area: Rect,
    /// In which colours and characters.
    pub theme: Theme,
}

/// What was drawn last in each pane.
#[derive(Default)]
pub struct DrawnPanes(RefCell<BTreeMap<usize, Picture>>);

/// What was drawn last in a pane: of what, the figure, and its cells where they are known.
struct Picture {
    source: Source,
    figure: Arc<Figure>,
    cells: Option<(Look, Buffer)>,
}

impl DrawnPanes {
    /// The figure of a pane: as it was made last, while nothing it depends on has changed.
    pub(super) fn figure(&self, pane: usize, source: Source, make: impl FnOnce() -> Figure) -> Arc<Figure> {
        let mut panes = self.0.borrow_mut();
        if let Some(picture) = panes.get(&pane).filter(|picture| picture.source == source) {
            return Arc::clone(&picture.figure);
        }
        let figure = Arc::new(make());
        panes.insert(pane, Picture { source, figure: Arc::clone(&figure), cells: None });
        figure
    }

    /// The cells of a pane's figure, where it was drawn like this.
    pub fn copy(&self, pane: usize, look: Look, onto: &mut Buffer) -> bool {
        let panes = self.0.borrow();
        let known = panes.get(&pane).and_then(|picture| picture.cells.as_ref()).filter(|(drawn, _)| *drawn == look);
        if let Some((_, cells)) = known {
            onto.merge(cells);
        }
        known.is_some()
    }

    /// Keeps the cells of a pane's figure as they stand in a buffer.
    pub fn keep(&self, pane: usize, look: Look, cells: Buffer) {
        if let Some(picture) = self.0.borrow_mut().get_mut(&pane) {
            picture.cells = Some((look, cells));
        }
    }
}
