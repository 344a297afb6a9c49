//! The crosshair and its read-out.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::layout::Scene;
use super::view::Cursor;
use crate::chart::figure::{Nearest, nearest};
use crate::math::number::typeset;
use crate::tui::widget::text::{cells, write};

/// How much taller than wide a cell of a terminal is, about.
const CELL_ASPECT: f64 = 2.0;

/// The data point nearest to the cursor.
pub(super) fn nearest_point(scene: &Scene<'_>, cursor: Cursor) -> Option<Nearest> {
    let plot = scene.regions.plot;
    let at = match cursor {
        Cursor::Cell(cell) => {
            let share =
                |place: u16, start: u16, length: u16| (f64::from(place) - f64::from(start) + 0.5) / f64::from(length);
            (share(cell.x, plot.x, plot.width), 1.0 - share(cell.y, plot.y, plot.height))
        }
        Cursor::Value(x, y) => scene.plane.position((x, y))?,
    };
    let aspect = f64::from(plot.width) / (f64::from(plot.height) * CELL_ASPECT);
    nearest(scene.view.figure, &scene.plane, at, aspect)
}

/// Draws the crosshair through free cells, and the read-out where the title of x was: it names both
/// axes itself.
pub(super) fn draw(scene: &Scene<'_>, cursor: Cursor, buffer: &mut Buffer) {
    let Some(point) = nearest_point(scene, cursor) else { return };
    let (plot, theme) = (scene.regions.plot, scene.view.theme);
    let (column, row) = Canvas::new(plot).cell(point.position);
    let (x, y) = (plot.x + cells(column), plot.y + cells(row));
    let mut through = |x: u16, y: u16, glyph: &str| {
        if buffer[(x, y)].symbol() == " " {
            buffer.set_string(x, y, glyph, theme.quiet());
        }
    };
    (plot.left()..plot.right()).for_each(|x| through(x, y, "─"));
    (plot.top()..plot.bottom()).for_each(|y| through(x, y, "│"));
    buffer[(x, y)].set_style(theme.pointed());
    if let Some(line) = scene.regions.x_title {
        read(scene, &point, line, buffer);
    }
}

/// Draws the upright through free cells where all charts are read, and says where that is.
pub(super) fn draw_upright(scene: &Scene<'_>, x: f64, buffer: &mut Buffer) {
    let (plot, theme) = (scene.regions.plot, scene.view.theme);
    let Some(position) = scene.plane.x.position(x).filter(|position| (0.0..=1.0).contains(position)) else { return };
    let column = plot.x + cells(Canvas::new(plot).cell((position, 0.0)).0);
    for row in plot.top()..plot.bottom() {
        if buffer[(column, row)].symbol() == " " {
            buffer.set_string(column, row, "│", theme.quiet());
        }
    }
    if let Some(line) = scene.regions.x_title {
        let words = format!("{} {}", scene.view.figure.x.label, typeset(x));
        write(buffer, line, &" ".repeat(usize::from(line.width)), ratatui::style::Style::new());
        write(buffer, line, &words, ratatui::style::Style::new());
    }
}

fn read(scene: &Scene<'_>, point: &Nearest, line: Rect, buffer: &mut Buffer) {
    let figure = scene.view.figure;
    let Some(layer) = figure.layers.get(point.layer) else { return };
    let (x, y) = (typeset(point.point.0), typeset(point.point.1));
    let name = |name: &str| if name.is_empty() { String::new() } else { format!("{name}  ") };
    let full = format!("{}{} {x}  {} {y}", name(&layer.name), figure.x.label, figure.y.label);
    let short = format!("{}x {x}  y {y}", name(&layer.name));
    let room = usize::from(line.width) - 2;
    let text = [full, short, format!("x {x}  y {y}")]
        .into_iter()
        .find(|text| text.width() <= room)
        .unwrap_or_else(|| format!("{x} {y}"));
    write(buffer, line, &" ".repeat(usize::from(line.width)), ratatui::style::Style::new());
    write(buffer, line, &layer.style.glyph().to_string(), scene.view.theme.layer(layer.style));
    write(buffer, Rect { x: line.x + 2, width: line.width - 2, ..line }, &text, ratatui::style::Style::new());
}
