//! What there is to draw.

use ratatui::layout::Position;

use crate::chart::Figure;
use crate::tui::theme::Theme;

/// Draws a figure.
#[derive(Debug, Clone, Copy)]
pub struct FigureView<'a> {
    /// What to draw.
    pub figure: &'a Figure,
    /// How it looks.
    pub theme: &'a Theme,
    /// Where the crosshair is, if it is shown. It moves to the nearest point.
    pub cursor: Option<Cursor>,
    /// The value of x at which the legend says what every line is at; where the cursor is, the nearest point's.
    pub reads: Option<f64>,
    /// Whether to draw the title; false where a frame around the figure carries it.
    pub title: bool,
}

/// A place on a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cursor {
    /// A cell of the screen: the mouse.
    Cell(Position),
    /// Data coordinates.
    Value(f64, f64),
}

impl<'a> FigureView<'a> {
    /// The figure with its title and without a crosshair.
    #[must_use]
    pub fn new(figure: &'a Figure, theme: &'a Theme) -> Self {
        Self { figure, theme, cursor: None, reads: None, title: true }
    }
}
