//! A figure laid out on a page, every text measured.
//!
//! From the top: the title, the legend as a strip of columns (so that it never lies on data), the
//! plot, the axis title, the notes.

use super::font::{self, wrap};
use super::page::{Anchor, BLACK, FAINT_TEXT, Frame, Item, LINE, Page, Scale, TEXT, WHITE};
use super::plot::Axes;
use super::size::Size;
use super::{legend, plot};
use crate::chart::Figure;
use crate::chart::figure::{Plane, Ticks, beyond};

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

    let remarks = figure.remarks().into_iter().chain(beyond(figure)).collect::<Vec<_>>().join(" · ");
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
