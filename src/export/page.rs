//! A page: texts at their places, everything else as a few simple shapes.

use super::paper::Colours;
use super::size::{Print, Size};
use crate::chart::palette::Rgb;

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
    /// Letters are never smaller than this, where there is a size to read at.
    pub(super) least: f64,
}

/// Height of a line of text in ems.
pub(super) const LINE: f64 = 1.3;

impl Scale {
    pub(super) fn of(size: Size) -> Self {
        match size.print {
            Some(print) => Self::in_points(print),
            None => Self::in_pixels(size),
        }
    }

    /// Sizes in points of 1/72 inch: journals ask for letters of 7 points at least, and a slide is read from afar.
    fn in_points(print: Print) -> Self {
        let point = f64::from(print.dots_per_inch()) / 72.0;
        let of = |points: f64| points * point;
        match print {
            Print::Page => Self {
                margin: of(4.0),
                title: of(9.5),
                axis: of(8.5),
                tick: of(7.8),
                note: of(7.2),
                line: of(1.1),
                hair: of(0.5),
                marker: of(2.1),
                tick_length: of(2.6),
                least: of(7.0),
            },
            Print::Slide => Self {
                margin: of(20.0),
                title: of(26.0),
                axis: of(21.0),
                tick: of(18.0),
                note: of(15.0),
                line: of(2.4),
                hair: of(1.1),
                marker: of(5.0),
                tick_length: of(6.0),
                least: of(12.0),
            },
        }
    }

    fn in_pixels(size: Size) -> Self {
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
            least: 0.0,
        }
    }
}

/// A page under way.
pub(super) struct Page {
    pub(super) items: Vec<Item>,
    pub(super) scale: Scale,
    pub(super) colours: Colours,
}

impl Page {
    pub(super) fn text(&mut self, text: &str, at: (f64, f64), anchor: Anchor, em: f64, colour: Rgb) {
        self.items.push(Item::Text(Text { text: text.to_owned(), at, anchor, em, colour, upward: false }));
    }

    /// Text that reads upward, its baseline at x.
    pub(super) fn upward(&mut self, text: &str, at: (f64, f64), anchor: Anchor, em: f64) {
        let colour = self.colours.text;
        self.items.push(Item::Text(Text { text: text.to_owned(), at, anchor, em, colour, upward: true }));
    }

    pub(super) fn line(&mut self, points: Vec<(f64, f64)>, width: f64, colour: Rgb) {
        self.items.push(Item::Line { points, width, colour });
    }
}
