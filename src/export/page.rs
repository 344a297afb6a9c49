//! A figure laid out on a page: texts measured and placed, everything else as simple shapes.
//!
//! From the top: the title, the legend as a strip of columns (so that it never lies on data), the
//! plot, the axis title, the notes.

use super::font::{self, wrap};
use super::{Size, legend, plot};
use crate::chart::Figure;
use crate::chart::figure::{Plane, Ticks};
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
    fn of(size: Size) -> Self {
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

/// Lays a figure out.
pub(super) fn lay_out(figure: &Figure, size: Size) -> Vec<Item> {
    let scale = Scale::of(size);
    let mut page = Page { items: Vec::new(), scale };
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let mut free =
        Frame { left: scale.margin, top: scale.margin, right: width - scale.margin, bottom: height - scale.margin };
    page.items.push(Item::Rectangle {
        frame: Frame { left: 0.0, top: 0.0, right: width, bottom: height },
        colour: WHITE,
        opacity: 1.0,
    });

    for line in wrap(&figure.title, free.width() / scale.title) {
        page.text(&line, (width / 2.0, free.top + 0.85 * scale.title), Anchor::Middle, scale.title, BLACK);
        free.top += LINE * scale.title;
    }
    free.top += legend::draw(figure, &mut page, free);

    let remarks = figure.remarks().join(" · ");
    for line in wrap(&remarks, free.width() / scale.note).into_iter().rev() {
        page.text(&line, (free.left, free.bottom - 0.22 * scale.note), Anchor::Start, scale.note, FAINT_TEXT);
        free.bottom -= LINE * scale.note;
    }
    if !remarks.is_empty() {
        free.bottom -= 0.4 * scale.note;
    }

    let axes = axes(figure, &mut page, free);
    plot::draw(figure, &axes, &mut page);
    page.items
}

/// The plot's frame and the ticks on it.
pub(super) struct Axes {
    pub(super) plane: Plane,
    pub(super) x: Ticks,
    pub(super) y: Ticks,
    pub(super) frame: Frame,
    /// Whether the names on x read upward, since they are too long for their places.
    pub(super) upward: bool,
}

/// Places both axes' titles, and what is left is the plot.
fn axes(figure: &Figure, page: &mut Page, free: Frame) -> Axes {
    let scale = page.scale;
    let plane = Plane::of(figure);
    let widest = |ticks: &Ticks| ticks.major.iter().map(|tick| font::width(&tick.label)).fold(0.0, f64::max);
    let mut frame = free;

    // Half a letter of room lets the topmost label be centred on its tick.
    frame.top += scale.tick * 0.5;
    if !figure.x.label.is_empty() {
        frame.bottom -= LINE * scale.axis;
    }
    if !figure.y.label.is_empty() {
        frame.left += 1.2 * LINE * scale.axis;
    }
    if figure.grid().is_some() {
        frame.right -= legend::bar_width(figure, page);
    }
    let gap = scale.tick_length + 0.4 * scale.tick;
    let wanted = |length: f64, each: f64| ((length / each) as usize).clamp(2, 9);
    let y = Ticks::of(&figure.y, &plane.y, wanted(frame.height(), 3.4 * scale.tick));
    frame.left += widest(&y) * scale.tick + gap;

    let room = |ticks: &Ticks, frame: &Frame| frame.width() / (ticks.major.len().max(1) as f64 * scale.tick);
    let x = (2..=wanted(frame.width(), 4.0 * scale.tick))
        .rev()
        .map(|wanted| Ticks::of(&figure.x, &plane.x, wanted))
        .find(|ticks| widest(ticks) + 1.0 <= room(ticks, &frame))
        .unwrap_or_else(|| Ticks::of(&figure.x, &plane.x, 2));
    let upward = !figure.x.categories.is_empty() && widest(&x) + 0.6 > room(&x, &frame);
    let label_height = if upward { (widest(&x) * scale.tick).min(frame.height() * 0.4) } else { 1.1 * scale.tick };
    frame.bottom -= label_height + gap;
    // The last label may reach beyond its tick by half its width.
    if let Some(last) = x.major.last().filter(|_| !upward) {
        let reach = font::width(&last.label) * scale.tick / 2.0;
        let place = plane.x.position(last.value).unwrap_or(1.0);
        frame.right -= (frame.left + place * frame.width() + reach - frame.right).max(0.0);
    }

    if !figure.x.label.is_empty() {
        let (middle, room) = (f64::midpoint(frame.left, frame.right), free.width());
        let em = scale.axis.min(room / font::width(&figure.x.label));
        let half = font::width(&figure.x.label) * em / 2.0;
        let x = middle.min(free.right - half).max(free.left + half);
        page.text(&figure.x.label, (x, free.bottom - 0.25 * scale.axis), Anchor::Middle, em, TEXT);
    }
    if !figure.y.label.is_empty() {
        // A long title may use the room beside the ticks of x as well.
        let room = free.height();
        let em = scale.axis.min(room / font::width(&figure.y.label));
        let half = font::width(&figure.y.label) * em / 2.0;
        let y = f64::midpoint(frame.top, frame.bottom).min(free.bottom - half).max(free.top + half);
        page.upward(&figure.y.label, (free.left + 0.85 * scale.axis, y), Anchor::Middle, em);
    }
    Axes { plane, x, y, frame, upward }
}
