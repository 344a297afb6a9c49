//! Which cells hold what.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::legend::{self, Item};
use super::view::FigureView;
use crate::chart::Figure;
use crate::chart::figure::{Plane, Ticks, beyond};
use crate::tui::widget::text::cells;

/// The smallest area in which a figure is drawn.
const LEAST: (u16, u16) = (16, 6);

/// Notes may take one of so many rows.
const NOTES: u16 = 6;

/// And the legend one of so many.
const LEGEND: u16 = 5;

/// The parts of a figure on the screen. Rows that small areas have no room for are `None`.
pub(super) struct Regions {
    pub(super) title: Option<Rect>,
    pub(super) legend: Vec<(Rect, Vec<Item>)>,
    pub(super) y_title: Option<Rect>,
    /// Where data is drawn; the axes run along its left and its bottom, just outside.
    pub(super) plot: Rect,
    pub(super) x_labels: Rect,
    pub(super) x_title: Option<Rect>,
    pub(super) notes: Option<(Rect, String)>,
}

/// A figure with everything that drawing it at one size needs.
pub(super) struct Scene<'a> {
    pub(super) view: FigureView<'a>,
    pub(super) plane: Plane,
    pub(super) x: Ticks,
    pub(super) y: Ticks,
    pub(super) regions: Regions,
}

impl<'a> Scene<'a> {
    /// Lays a figure out, or `None` where the area is too small.
    pub(super) fn new(view: FigureView<'a>, area: Rect) -> Option<Self> {
        if area.width < LEAST.0 || area.height < LEAST.1 {
            return None;
        }
        let figure = view.figure;
        let plane = Plane::of(figure);
        let row = |y: u16| Rect { y, height: 1, ..area };
        let mut top = area.y;
        let mut bottom = area.bottom();

        let mut title = view.title.then(|| row(top));
        let mut legend = Vec::new();
        let items = legend::items(figure, view.reads);
        let title_width = if view.title { figure.title.width() + 3 } else { 0 };
        let legend_width = legend::width(&items);
        if view.title {
            top += 1;
        }
        if let Some(title) = title.as_mut().filter(|_| title_width + legend_width <= usize::from(area.width)) {
            // Short enough to share the title's row.
            let width = cells(legend_width);
            legend.push((Rect { x: area.right() - width, width, ..*title }, items));
            title.width -= width;
        } else if area.height >= 8 {
            let rows = legend::wrap(items, usize::from(area.width), usize::from(area.height / LEGEND).clamp(1, 5));
            legend = rows.into_iter().map(|items| (row(0), items)).collect();
            for (place, _) in &mut legend {
                place.y = top;
                top += 1;
            }
        }

        let said = if area.height >= 14 { remarks(figure, &plane) } else { String::new() };
        let notes = (!said.is_empty()).then(|| {
            // More rows where there is room for them, rather than words cut off.
            let most = usize::from(area.height / NOTES);
            let rows = crate::front::wrap(&said, usize::from(area.width)).len().min(most);
            bottom -= cells(rows);
            (Rect { height: cells(rows), ..row(bottom) }, said)
        });
        let x_title = (area.height >= 8).then(|| {
            bottom -= 1;
            row(bottom)
        });
        let y_title = (area.height >= 12 && !figure.y.label.is_empty()).then(|| {
            top += 1;
            row(top - 1)
        });
        bottom -= 1;
        let x_labels = row(bottom);

        let height = bottom.saturating_sub(top + 1).max(1);
        let y = Ticks::of(&figure.y, &plane.y, usize::from(height.div_ceil(3)).clamp(2, 9));
        let widest = y.major.iter().map(|tick| tick.label.width()).max().unwrap_or(0);
        let gutter = cells(widest).min(area.width / 3) + 1;
        // One free column on the right lets the last label be centred under its tick.
        let plot = Rect { x: area.x + gutter, y: top, width: area.width - gutter - 1, height };
        let x = x_ticks(&view, &plane, plot.width);
        let regions = Regions { title, legend, y_title, plot, x_labels, x_title, notes };
        Some(Self { view, plane, x, y, regions })
    }
}

/// What is said under a figure on a screen, where it can also be said what to do.
fn remarks(figure: &Figure, plane: &Plane) -> String {
    let said = figure
        .key_in_words()
        .into_iter()
        .chain(figure.remarks())
        .chain(beyond(figure, plane))
        .chain(figure.hints.iter().cloned());
    said.collect::<Vec<_>>().join(" · ")
}

/// As many marks as their labels leave room for.
fn x_ticks(view: &FigureView<'_>, plane: &Plane, width: u16) -> Ticks {
    let axis = &view.figure.x;
    let fits = |ticks: &Ticks| {
        let needed: usize = ticks.major.iter().map(|tick| tick.label.width() + 2).sum();
        needed <= usize::from(width)
    };
    let most = usize::from(width / 6).clamp(2, 12);
    (2..=most)
        .rev()
        .map(|wanted| Ticks::of(axis, &plane.x, wanted))
        .find(fits)
        .unwrap_or_else(|| Ticks::of(axis, &plane.x, 2))
}
