//! Charts as they were drawn last: a frame in which a chart has not changed copies its cells.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::panes::Company;
use crate::chart::{Choice, Figure, Lens};
use crate::lab::Snapshot;
use crate::tui::theme::Theme;

/// Everything that a drawn chart depends on.
#[derive(Clone)]
pub struct Drawn {
    /// The moment. It is kept, so that no other snapshot can come to lie in its place.
    pub snapshot: Arc<Snapshot>,
    /// The chart by name, and what of it is seen.
    pub chart: (String, Lens),
    /// How other trials are drawn.
    pub company: Company,
    /// Whose is set off.
    pub selected: Option<u64>,
    /// Where.
    pub area: Rect,
    /// How it looks.
    pub theme: Theme,
    /// Whether keys go there.
    pub in_focus: bool,
}

impl Drawn {
    /// The chart of a choice.
    #[must_use]
    pub fn chart(choice: &Choice) -> (String, Lens) {
        (choice.to_string(), choice.lens)
    }

    fn is_figure_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.snapshot, &other.snapshot)
            && (&self.chart, self.company, self.selected) == (&other.chart, other.company, other.selected)
    }

    fn is(&self, other: &Self) -> bool {
        self.is_figure_of(other) && (self.area, self.theme, self.in_focus) == (other.area, other.theme, other.in_focus)
    }
}

/// What was drawn last in each pane.
#[derive(Default)]
pub struct DrawnPanes(RefCell<BTreeMap<usize, Picture>>);

/// What was drawn last in a pane: of what, the figure, and its cells where they are known.
struct Picture {
    drawn: Drawn,
    figure: Arc<Figure>,
    cells: Option<Buffer>,
}

impl DrawnPanes {
    /// The figure of a pane: as it was made last, while nothing it depends on has changed.
    #[must_use]
    pub fn figure(&self, pane: usize, wanted: &Drawn, make: impl FnOnce() -> Figure) -> Arc<Figure> {
        let mut panes = self.0.borrow_mut();
        if let Some(picture) = panes.get(&pane).filter(|picture| picture.drawn.is_figure_of(wanted)) {
            return Arc::clone(&picture.figure);
        }
        let figure = Arc::new(make());
        panes.insert(pane, Picture { drawn: wanted.clone(), figure: Arc::clone(&figure), cells: None });
        figure
    }

    /// The cells of a pane, where they were drawn like this.
    pub fn copy(&self, pane: usize, wanted: &Drawn, onto: &mut Buffer) -> bool {
        let panes = self.0.borrow();
        let picture = panes.get(&pane).filter(|picture| picture.drawn.is(wanted));
        let known = picture.and_then(|picture| picture.cells.as_ref());
        if let Some(cells) = known {
            onto.merge(cells);
        }
        known.is_some()
    }

    /// Keeps the cells of a pane as they stand in a buffer.
    pub fn keep(&self, pane: usize, wanted: &Drawn, figure: &Arc<Figure>, cells: Buffer) {
        let picture = Picture { drawn: wanted.clone(), figure: Arc::clone(figure), cells: Some(cells) };
        self.0.borrow_mut().insert(pane, picture);
    }
}
