//! The marks of a figure in cells.

use ratatui::buffer::Buffer;
use ratatui::style::{Modifier, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::canvas::{Canvas, DOTS, Pattern, fill_glyph};
use super::layout::Scene;
use crate::chart::Weight;
use crate::chart::figure::{Ends, Mark, Placement, marks};
use crate::tui::theme::Theme;

/// Draws what is inside the axes.
pub(super) fn draw(scene: &Scene<'_>, buffer: &mut Buffer) {
    let area = scene.regions.plot;
    let mut canvas = Canvas::new(area);
    let marks = marks(scene.view.figure, &scene.plane, usize::from(area.width) * DOTS.0);
    // Of texts that want one place the last, which is the selected trial's, has it.
    let (texts, others): (Vec<&Mark>, Vec<&Mark>) = marks.iter().partition(|mark| matches!(mark, Mark::Text { .. }));
    for mark in others.into_iter().chain(texts.into_iter().rev()) {
        draw_mark(mark, scene.view.theme, &mut canvas, (usize::from(area.width), usize::from(area.height)));
    }
    labels(&marks, scene, &mut canvas);
    canvas.present(area, scene.view.theme.charset, buffer);
}

fn draw_mark(mark: &Mark, theme: &Theme, canvas: &mut Canvas, size: (usize, usize)) {
    match mark {
        Mark::Cell { left, right, bottom, top, level } => {
            let (glyph, style) = theme.heat(*level);
            let cell = (*left, *right, *bottom, *top);
            match style.fg.filter(|_| glyph == '█') {
                // In colour a cell of the screen shows two of the map, one above the other.
                Some(colour) => rectangle(cell, (size.0, 2 * size.1), |column, row| canvas.half(column, row, colour)),
                None => rectangle(cell, size, |column, row| canvas.shade(column, row, glyph, style)),
            }
        }
        Mark::Bar { style, left, right, bottom, top } => {
            let (look, glyph) = (theme.layer(*style), fill_glyph(*style));
            rectangle((*left, *right, *bottom, *top), size, |column, row| canvas.shade(column, row, glyph, look));
        }
        Mark::Area { style, columns } => {
            let look = theme.layer(*style).remove_modifier(Modifier::BOLD).add_modifier(Modifier::DIM);
            area(columns, canvas, size.0, look);
        }
        Mark::Reference { style, from, to, .. } => {
            canvas.line(*from, *to, theme.layer(*style), Pattern::DOTTED, &mut 0);
        }
        Mark::Line { style, points } => {
            polyline(points, *style, theme, canvas);
        }
        Mark::Whisker { style, x, low, high, ends } => {
            whisker((*x, *low, *high), *ends, canvas, theme.layer(*style));
        }
        Mark::Arrow { style, from, to } => {
            canvas.line(*from, *to, theme.layer(*style), Pattern::SOLID, &mut 0);
            let (start, end) = (canvas.dot(*from), canvas.dot(*to));
            let (column, row) = canvas.cell(*to);
            canvas.glyph(column, row, head(start, end), theme.layer(*style));
        }
        Mark::Marker { style, at } => {
            let (column, row) = canvas.cell(*at);
            canvas.glyph(column, row, style.glyph(), theme.layer(*style));
        }
        Mark::Beyond { style, at, up } => {
            let (column, row) = canvas.cell(*at);
            canvas.glyph(column, row, if *up { '▴' } else { '▾' }, theme.layer(*style));
        }
        Mark::Text { style, at, text } => canvas.text(*at, text, theme.layer(*style)),
    }
}

/// A line in dots: dashed, light, or twice as thick.
fn polyline(points: &[(f64, f64)], style: crate::chart::Style, theme: &Theme, canvas: &mut Canvas) {
    let pattern = match style.weight {
        _ if style.dashed => Pattern::DASHED,
        Weight::Thin => Pattern::LIGHT,
        Weight::Normal | Weight::Thick => Pattern::SOLID,
    };
    let mut phase = 0;
    for pair in points.windows(2) {
        canvas.line(pair[0], pair[1], theme.layer(style), pattern, &mut phase);
    }
    if style.weight == Weight::Thick {
        let below = canvas.dot_height();
        for pair in points.windows(2) {
            let lower = |(x, y): (f64, f64)| (x, y - below);
            canvas.line(lower(pair[0]), lower(pair[1]), theme.layer(style), pattern, &mut phase);
        }
    }
}

/// The cells of a rectangle, edges rounded, so that neighbours neither overlap nor leave a seam.
fn rectangle(
    (left, right, bottom, top): (f64, f64, f64, f64),
    (width, height): (usize, usize),
    mut paint: impl FnMut(usize, usize),
) {
    let edge = |position: f64, count: usize| (position.clamp(0.0, 1.0) * count as f64).round() as usize;
    for row in edge(1.0 - top, height)..edge(1.0 - bottom, height) {
        (edge(left, width)..edge(right, width)).for_each(|column| paint(column, row));
    }
}

/// Shades every cell that a band passes through.
fn area(columns: &[(f64, f64, f64)], canvas: &mut Canvas, width: usize, style: Style) {
    for column in 0..width {
        let x = (column as f64 + 0.5) / width as f64;
        let Some(pair) = columns.windows(2).find(|pair| pair[0].0 <= x && x <= pair[1].0) else { continue };
        let share = if pair[1].0 > pair[0].0 { (x - pair[0].0) / (pair[1].0 - pair[0].0) } else { 0.0 };
        let height = |from: f64, to: f64| from + share * (to - from);
        let (low, high) = (height(pair[0].1, pair[1].1), height(pair[0].2, pair[1].2));
        let (upper, lower) = (canvas.cell((x, low.max(high))).1, canvas.cell((x, low.min(high))).1);
        (upper..=lower).for_each(|row| canvas.shade(column, row, '░', style));
    }
}

/// An upright line of whole cells; one cell is enough for a cross.
fn whisker((x, low, high): (f64, f64, f64), ends: Ends, canvas: &mut Canvas, style: Style) {
    let ((column, lower), (_, upper)) = (canvas.cell((x, low)), canvas.cell((x, high)));
    for row in upper..=lower {
        let glyph = match (row == upper && ends.high, row == lower && ends.low) {
            (true, true) => '┼',
            (true, false) => '┬',
            (false, true) => '┴',
            (false, false) => '│',
        };
        canvas.glyph(column, row, glyph, style);
    }
}

/// The arrow head that points from one dot to another.
fn head(from: (usize, usize), to: (usize, usize)) -> char {
    const HEADS: [char; 8] = ['→', '↗', '↑', '↖', '←', '↙', '↓', '↘'];
    let (dx, dy) = (to.0 as f64 - from.0 as f64, from.1 as f64 - to.1 as f64);
    if dx == 0.0 && dy == 0.0 {
        return '·';
    }
    let eighth = (dy.atan2(dx) / std::f64::consts::FRAC_PI_4).round().rem_euclid(8.0);
    HEADS[eighth as usize % 8]
}

/// Labels of guides and reference lines, where they hide the least.
fn labels(marks: &[Mark], scene: &Scene<'_>, canvas: &mut Canvas) {
    /// Rows below which labels would hide the data.
    const LEAST_ROWS: u16 = 6;
    let area = scene.regions.plot;
    if area.height < LEAST_ROWS {
        return;
    }
    let (width, height) = (f64::from(area.width), f64::from(area.height));
    let mut placement = Placement::among(marks);
    for mark in marks {
        let Mark::Reference { style, from, to, label } = mark else { continue };
        let size = (label.width() as f64 / width, 1.0 / height);
        let Some(place) = placement.beside(*from, *to, size).filter(|_| !label.is_empty()) else { continue };
        let (mut column, row) = ((place.left * width).round() as usize, ((1.0 - place.top) * height).round() as usize);
        for character in label.chars() {
            canvas.glyph(column, row, character, scene.view.theme.layer(*style));
            column += character.width().unwrap_or(0);
        }
    }
}
