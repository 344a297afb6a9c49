//! A page: texts at their places, everything else as a few simple shapes.

use super::size::Size;
use crate::chart::palette::Rgb;

pub(super) const BLACK: Rgb = (0, 0, 0);
pub(super) const WHITE: Rgb = (255, 255, 255);
pub(super) const TEXT: Rgb = (30, 30, 30);
pub(super) const FAINT_TEXT: Rgb = (90, 90, 90);

/// Something on the page. Lengths are in pixels, right and down.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    Line { points: Vec<(f64, f64)>, width: f64, colour: Rgb },
    Polygon { points: Vec<(f64, f64)>, colour: Rgb, opacity: f64 },
    Rectangle { frame: Frame, colour: Rgb, opacity: f64 },
    Circle { centre: (f64, f64), radius: f64, colour: Rgb },
    Text(Text),
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) text: String,
    /// Where its baseline is anchored.
    pub(super) at: (f64, f64),
    pub(super) anchor: Anchor,
    /// Size of the letters.
    pub(super) em: f64,
    pub(super) colour: Rgb,
    /// Reads upward instead of to the right.
    pub(super) upward: bool,
}

/// Which part of a text lies at its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// The outline of a marker.
pub(super) enum Outline {
    Circle,
    Polygon(Vec<(f64, f64)>),
}

/// A rectangle, y down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Frame {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// A position in the unit square, y up, on the page.
    pub(super) fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.left + x * self.width(), self.bottom - y * self.height())
    }
}

/// Sizes of everything on a page, which grow with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Free room at the edges.
    pub(super) margin: f64,
    /// Letters of the title, the axis titles, ticks and legend, and the notes.
    pub(super) title: f64,
    pub(super) axis: f64,
    pub(super) tick: f64,
    pub(super) note: f64,
    /// Widths of lines.
    pub(super) line: f64,
    pub(super) hair: f64,
    /// Radius of markers.
    pub(super) marker: f64,
    /// Length of ticks.
    pub(super) tick_length: f64,
}

/// Height of a line of text in ems.
pub(super) const LINE: f64 = 1.3;

impl Scale {
    pub(super) fn of(size: Size) -> Self {
        // Below three quarters letters would be too small to read.
        let unit = (f64::from(size.width) / 800.0).min(f64::from(size.height) / 600.0).max(0.75);
        Self {
            margin: 14.0 * unit,
            title: 19.0 * unit,
            axis: 15.5 * unit,
            tick: 13.5 * unit,
            note: 12.0 * unit,
            line: 1.7 * unit,
            hair: 0.9 * unit,
            marker: 3.7 * unit,
            tick_length: 5.0 * unit,
        }
    }
}

/// A page under way.
pub(super) struct Page {
    pub(super) items: Vec<Item>,
    pub(super) scale: Scale,
}

impl Page {
    pub(super) fn text(&mut self, text: &str, at: (f64, f64), anchor: Anchor, em: f64, colour: Rgb) {
        self.items.push(Item::Text(Text { text: text.to_owned(), at, anchor, em, colour, upward: false }));
    }

    /// Text that reads upward, its baseline at x.
    pub(super) fn upward(&mut self, text: &str, at: (f64, f64), anchor: Anchor, em: f64) {
        self.items.push(Item::Text(Text { text: text.to_owned(), at, anchor, em, colour: TEXT, upward: true }));
    }

    pub(super) fn line(&mut self, points: Vec<(f64, f64)>, width: f64, colour: Rgb) {
        self.items.push(Item::Line { points, width, colour });
    }
}
