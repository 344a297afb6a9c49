//! A figure laid out on a page, every text measured.
//!
//! From the top: the title, the legend as a strip of columns (so that it never lies on data), the
//! plot, the axis title, the caption. A page of print grows where legend and caption would squeeze the plot.

use super::font::{self, wrap};
use super::page::{Anchor, Frame, Item, LINE, Page, Scale};
use super::paper::Paper;
use super::plot::Axes;
use super::size::{Print, Size};
use super::{colour_bar, legend, plot};
use crate::chart::Figure;
use crate::chart::figure::{Plane, Span, Ticks, beyond};

/// A page laid out: what is on it, and how large it has become.
pub(super) struct Laid {
    pub(super) items: Vec<Item>,
    pub(super) size: Size,
}

/// Height that plot and axes have at least on a page that grows, in widths.
const LEAST_PLOT: f64 = 0.55;

/// Lays a figure out.
pub(super) fn lay_out(figure: &Figure, paper: Paper) -> Laid {
    let Paper { mut size, theme, palette } = paper;
    let scale = Scale::of(size);
    let mut page = Page { items: Vec::new(), scale, colours: theme.colours(palette) };
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let mut free =
        Frame { left: scale.margin, top: scale.margin, right: width - scale.margin, bottom: height - scale.margin };

    for line in wrap(&figure.title, free.width() / scale.title) {
        let at = (width / 2.0, free.top + 0.85 * scale.title);
        page.text(&line, at, Anchor::Middle, scale.title, page.colours.title);
        free.top += LINE * scale.title;
    }
    free.top += legend::draw(figure, &mut page, free);

    // The arrow itself is a sign of the screen's; the words say it too.
    let lies_beyond = beyond(figure, &Plane::of(figure))
        .into_iter()
        .map(|words| words.trim_start_matches(['▴', '▾', ' ']).to_owned());
    let said = std::iter::once(figure.caption()).chain(lies_beyond).filter(|words| !words.is_empty());
    let caption = wrap(&said.collect::<Vec<_>>().join("; "), free.width() / scale.note);
    let below = if caption.is_empty() { 0.0 } else { (caption.len() as f64 * LINE + 0.4) * scale.note };
    if size.print == Some(Print::Page) {
        let missing = (LEAST_PLOT * width - (free.height() - below)).clamp(0.0, f64::from(Size::MOST) - height);
        size.height += missing.ceil() as u32;
        free.bottom += missing.ceil();
    }
    for (row, line) in caption.iter().enumerate() {
        let y = free.bottom - (0.22 + (caption.len() - 1 - row) as f64 * LINE) * scale.note;
        page.text(line, (free.left, y), Anchor::Start, scale.note, page.colours.faint);
    }
    free.bottom -= below;

    let axes = axes(figure, &mut page, free);
    plot::draw(figure, &axes, &mut page);
    let ground = Frame { left: 0.0, top: 0.0, right: width, bottom: f64::from(size.height) };
    page.items.insert(0, Item::Rectangle { frame: ground, colour: page.colours.paper, opacity: 1.0 });
    Laid { items: page.items, size }
}

/// Places both axes' titles, and what is left is the plot.
fn axes(figure: &Figure, page: &mut Page, free: Frame) -> Axes {
    let scale = page.scale;
    let plane = Plane::of(figure);
    let widest = |ticks: &Ticks| ticks.major.iter().map(|tick| font::width(&tick.label)).fold(0.0, f64::max);
    let mut frame = free;
    let x_title = Title::of(&figure.x.label, free.width(), scale);
    let y_title = Title::of(&figure.y.label, free.height(), scale);

    // Half a letter of room lets the topmost label be centred on its tick.
    frame.top += scale.tick * 0.5;
    frame.bottom -= x_title.height();
    frame.left += y_title.height() + if y_title.lines.is_empty() { 0.0 } else { 0.26 * scale.axis };
    frame.right -= colour_bar::width(figure, page);
    let gap = scale.tick_length + 0.4 * scale.tick;
    let wanted = |length: f64, each: f64| ((length / each) as usize).clamp(2, 9);
    let y = Ticks::of(&figure.y, &plane.y, wanted(frame.height(), 3.4 * scale.tick));
    let y = y.apart(&plane.y, |_| 1.15 * scale.tick / frame.height());
    frame.left += widest(&y) * scale.tick + gap;

    let x = x_ticks(figure, &plane.x, frame.width() / scale.tick);
    let room = frame.width() / (x.major.len().max(1) as f64 * scale.tick);
    let upward = !figure.x.categories.is_empty() && widest(&x) + 0.6 > room;
    let label_height = if upward { (widest(&x) * scale.tick).min(frame.height() * 0.4) } else { 1.1 * scale.tick };
    frame.bottom -= label_height + gap;
    // The last label may reach beyond its tick by half its width.
    if let Some(last) = x.major.last().filter(|_| !upward) {
        let reach = font::width(&last.label) * scale.tick / 2.0;
        let place = plane.x.position(last.value).unwrap_or(1.0);
        frame.right -= (frame.left + place * frame.width() + reach - frame.right).max(0.0);
    }

    for (row, line) in x_title.lines.iter().enumerate() {
        let half = font::width(line) * x_title.em / 2.0;
        let x = f64::midpoint(frame.left, frame.right).min(free.right - half).max(free.left + half);
        let y = free.bottom - x_title.height() + (0.97 + row as f64 * LINE) * x_title.em;
        page.text(line, (x, y), Anchor::Middle, x_title.em, page.colours.text);
    }
    for (row, line) in y_title.lines.iter().enumerate() {
        // A long title may use the room beside the ticks of x as well.
        let half = font::width(line) * y_title.em / 2.0;
        let y = f64::midpoint(frame.top, frame.bottom).min(free.bottom - half).max(free.top + half);
        page.upward(line, (free.left + (0.85 + row as f64 * LINE) * y_title.em, y), Anchor::Middle, y_title.em);
    }
    Axes { plane, x, y, frame, upward }
}

/// An axis' title: smaller letters where it is long, and more than one line before they would be too small to read.
struct Title {
    lines: Vec<String>,
    em: f64,
}

impl Title {
    fn of(label: &str, room: f64, scale: Scale) -> Self {
        if label.is_empty() {
            return Self { lines: Vec::new(), em: scale.axis };
        }
        let em = scale.axis.min(room / font::width(label)).max(scale.least);
        Self { lines: wrap(label, room / em * (1.0 + 1e-9)), em }
    }

    fn height(&self) -> f64 {
        self.lines.len() as f64 * LINE * self.em
    }
}

/// As many marks as have room on so many ems.
fn x_ticks(figure: &Figure, span: &Span, ems: f64) -> Ticks {
    if !figure.x.categories.is_empty() {
        return Ticks::of(&figure.x, span, 2);
    }
    let most = ((ems / 4.0) as usize).clamp(2, 9);
    let apart = |wanted: usize| {
        let ticks = Ticks::of(&figure.x, span, wanted);
        let all = ticks.major.len();
        let kept = ticks.apart(span, |label| (font::width(label) + 1.0) / ems);
        (all - kept.major.len(), kept)
    };
    let all = (2..=most).rev().map(apart).collect::<Vec<_>>();
    // The most that all have room; where that leaves none or one, some of more.
    let whole = all.iter().find(|(dropped, ticks)| *dropped == 0 && ticks.major.len() > 1);
    whole
        .or_else(|| all.iter().max_by_key(|(_, ticks)| ticks.major.len()))
        .map(|(_, ticks)| ticks.clone())
        .unwrap_or_default()
}
