//! Axes: lines, ticks, labels and titles.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::layout::Scene;
use crate::front::{distinct, ending_cut};
use crate::tui::widget::text::{cells, write};

/// Draws both axes just outside the plot.
pub(super) fn draw(scene: &Scene<'_>, buffer: &mut Buffer) {
    vertical(scene, buffer);
    horizontal(scene, buffer);
    titles(scene, buffer);
}

/// Small ticks are drawn where they do not fill the axis.
fn few(minor: &[f64], length: u16) -> &[f64] {
    if minor.len() * 2 <= usize::from(length) { minor } else { &[] }
}

fn vertical(scene: &Scene<'_>, buffer: &mut Buffer) {
    let (plot, quiet) = (scene.regions.plot, scene.view.theme.quiet());
    let canvas = Canvas::new(plot);
    let row = |value: f64| {
        let position = scene.plane.y.position(value).filter(|position| (0.0..=1.0).contains(position))?;
        Some(plot.y + cells(canvas.cell((0.0, position)).1))
    };
    let axis = plot.x - 1;
    (plot.top()..plot.bottom()).for_each(|y| buffer.set_string(axis, y, "│", quiet));
    few(&scene.y.minor, plot.height).iter().filter_map(|value| row(*value)).for_each(|y| {
        buffer.set_string(axis, y, "├", quiet);
    });
    let room = usize::from(axis - scene.regions.x_labels.x);
    let mut last = None;
    for tick in &scene.y.major {
        let Some(y) = row(tick.value).filter(|y| last != Some(*y)) else { continue };
        last = Some(y);
        let label = ending_cut(&tick.label, room);
        buffer.set_string(axis - cells(label.width()), y, label, quiet);
        buffer.set_string(axis, y, "┤", quiet);
    }
}

fn horizontal(scene: &Scene<'_>, buffer: &mut Buffer) {
    let (plot, quiet) = (scene.regions.plot, scene.view.theme.quiet());
    let canvas = Canvas::new(plot);
    let column = |value: f64| {
        let position = scene.plane.x.position(value).filter(|position| (0.0..=1.0).contains(position))?;
        Some(plot.x + cells(canvas.cell((position, 0.0)).0))
    };
    let axis = plot.bottom();
    buffer.set_string(plot.x - 1, axis, "└", quiet);
    (plot.left()..plot.right()).for_each(|x| buffer.set_string(x, axis, "─", quiet));
    few(&scene.x.minor, plot.width).iter().filter_map(|value| column(*value)).for_each(|x| {
        buffer.set_string(x, axis, "┴", quiet);
    });
    let labels = scene.regions.x_labels;
    // Names may fill their share of the axis, numbers whatever is free.
    let slot = usize::from(plot.width).checked_div(scene.view.figure.x.categories.len());
    // A number that is cut is another number: it stands whole, or not at all.
    let are_numbers = scene.x.major.iter().all(|tick| tick.label.parse::<f64>().is_ok());
    let slot = slot.filter(|_| !are_numbers);
    let room = slot.map_or(usize::from(plot.width), |slot| slot.saturating_sub(1));
    let mut free = labels.left();
    // Names stay apart where they are cut.
    let names = distinct(scene.x.major.iter().map(|tick| tick.label.as_str()), room);
    for (tick, label) in scene.x.major.iter().zip(names) {
        let Some(x) = column(tick.value) else { continue };
        buffer.set_string(x, axis, "┬", quiet);
        let width = cells(label.width());
        let start = x.saturating_sub(width / 2).max(labels.left()).min(labels.right().saturating_sub(width + 1));
        if start >= free {
            buffer.set_string(start, labels.y, label, quiet);
            free = start + width + 1;
        }
    }
}

fn titles(scene: &Scene<'_>, buffer: &mut Buffer) {
    let (figure, regions, quiet) = (scene.view.figure, &scene.regions, scene.view.theme.quiet());
    if let Some(row) = regions.y_title {
        write(buffer, row, &figure.y.label, quiet);
    }
    let Some(row) = regions.x_title else { return };
    let text = match (regions.y_title, figure.x.label.is_empty()) {
        (Some(_), _) => figure.x.label.clone(),
        // Without a row of its own the vertical axis is named here.
        (None, true) => figure.y.label.clone(),
        (None, false) => format!("{} over {}", figure.y.label, figure.x.label),
    };
    let text = ending_cut(&text, usize::from(row.width));
    let width = cells(text.width());
    // Centred under the plot, as far as it fits there.
    let middle = regions.plot.x + regions.plot.width / 2;
    let x = middle.saturating_sub(width / 2).max(row.x).min(row.right() - width);
    write(buffer, Rect { x, width, ..row }, &text, quiet);
}
