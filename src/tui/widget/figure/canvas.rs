//! Cells that hold a glyph, or braille dots, or shading, in that order of precedence.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use unicode_width::UnicodeWidthStr;

use crate::chart::{self, Ink};
use crate::tui::theme::Charset;

/// Dots of a cell, across and down.
pub(super) const DOTS: (usize, usize) = (2, 4);

/// A grid of cells that positions from 0 to 1 are drawn on.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    glyph: Option<(char, Style)>,
    dots: u8,
    dot_style: Style,
    shade: Option<(char, Style)>,
    /// Colours of the upper and the lower half, below all else.
    halves: [Option<Color>; 2],
}

impl Cell {
    /// What shows, if anything.
    fn look(&self) -> Option<(char, Style)> {
        self.glyph.or_else(|| self.braille()).or(self.shade).or_else(|| self.coloured())
    }

    fn braille(&self) -> Option<(char, Style)> {
        let glyph = char::from_u32(0x2800 + u32::from(self.dots)).filter(|_| self.dots != 0)?;
        Some((glyph, self.dot_style))
    }

    /// The quarters of the cell in which there are dots.
    fn quarters(&self) -> usize {
        /// Dots of the upper and the lower half, left and right.
        const QUARTERS: [u8; 4] = [0x03, 0x18, 0x44, 0xa0];
        QUARTERS.iter().enumerate().map(|(at, dots)| usize::from(self.dots & dots != 0) << at).sum()
    }

    /// What shows in the characters that a terminal has.
    fn look_in(&self, charset: Charset) -> Option<(char, Style)> {
        /// By quarters: upper left, upper right, lower left, lower right.
        const BLOCKS: [char; 16] = [' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'];
        const LETTERS: [char; 16] =
            [' ', '\'', '\'', '"', '.', '|', '/', '/', '.', '\\', '|', '\\', '_', '\\', '/', '#'];
        let (glyph, style) = self.look()?;
        let is_dots = self.glyph.is_none() && self.dots != 0;
        let glyph = match charset {
            Charset::Blocks if is_dots => BLOCKS[self.quarters()],
            Charset::Ascii if is_dots => LETTERS[self.quarters()],
            _ => charset.sign(glyph),
        };
        Some((glyph, style))
    }

    fn coloured(&self) -> Option<(char, Style)> {
        match self.halves {
            [None, None] => None,
            [Some(upper), Some(lower)] if upper == lower => Some(('█', Style::new().fg(upper))),
            [Some(upper), Some(lower)] => Some(('▀', Style::new().fg(upper).bg(lower))),
            [Some(upper), None] => Some(('▀', Style::new().fg(upper))),
            [None, Some(lower)] => Some(('▄', Style::new().fg(lower))),
        }
    }
}

/// Which dots of a line are drawn: `on` of every `period`.
#[derive(Clone, Copy)]
pub(super) struct Pattern {
    pub(super) on: usize,
    pub(super) period: usize,
}

impl Pattern {
    pub(super) const SOLID: Self = Self { on: 1, period: 1 };
    pub(super) const DASHED: Self = Self { on: 4, period: 7 };
    pub(super) const DOTTED: Self = Self { on: 1, period: 3 };
    pub(super) const LIGHT: Self = Self { on: 1, period: 2 };
}

/// The filling of a bar, which tells stacked bars apart without colour.
pub(super) fn fill_glyph(style: chart::Style) -> char {
    match style.ink {
        Ink::Trial(series) | Ink::Series(series) => ['█', '▒', '▓', '░'][series % 4],
        Ink::Neutral | Ink::Foreground => '░',
    }
}

impl Canvas {
    pub(super) fn new(area: Rect) -> Self {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        Self { width, height, cells: vec![Cell::default(); width * height] }
    }

    /// The dot at a position, from the upper left; positions outside go to the nearest edge.
    pub(super) fn dot(&self, (x, y): (f64, f64)) -> (usize, usize) {
        let place = |position: f64, count: usize| (position.clamp(0.0, 1.0) * (count - 1) as f64).round() as usize;
        (place(x, self.width * DOTS.0), place(1.0 - y, self.height * DOTS.1))
    }

    /// The height of a dot.
    pub(super) fn dot_height(&self) -> f64 {
        1.0 / (self.height * DOTS.1).max(2).saturating_sub(1) as f64
    }

    /// The cell at a position, from the upper left.
    pub(super) fn cell(&self, at: (f64, f64)) -> (usize, usize) {
        let (x, y) = self.dot(at);
        (x / DOTS.0, y / DOTS.1)
    }

    /// Dots along a straight line. `phase` counts dots along a path, so that patterns run on
    /// around its corners.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), style: Style, pattern: Pattern, phase: &mut usize) {
        let (start, end) = (self.dot(from), self.dot(to));
        let steps = start.0.abs_diff(end.0).max(start.1.abs_diff(end.1));
        // Whole numbers, rounded half up, so that a line is the same from either end.
        let between = |from: usize, to: usize, step: usize| {
            if steps == 0 { from } else { (2 * (from * (steps - step) + to * step) + steps) / (2 * steps) }
        };
        for step in 0..=steps {
            if *phase % pattern.period < pattern.on {
                self.set(between(start.0, end.0, step), between(start.1, end.1, step), style);
            }
            // The last dot is the next segment's first.
            *phase += usize::from(step < steps);
        }
    }

    fn set(&mut self, x: usize, y: usize, style: Style) {
        /// Braille bits by column and row.
        const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
        if let Some(cell) = self.at(x / DOTS.0, y / DOTS.1) {
            cell.dots |= BITS[x % DOTS.0][y % DOTS.1];
            cell.dot_style = style;
        }
    }

    /// A glyph in a cell.
    pub(super) fn glyph(&mut self, column: usize, row: usize, glyph: char, style: Style) {
        if let Some(cell) = self.at(column, row) {
            cell.glyph = Some((glyph, style));
        }
    }

    /// Shading in a cell, below everything else.
    pub(super) fn shade(&mut self, column: usize, row: usize, glyph: char, style: Style) {
        if let Some(cell) = self.at(column, row) {
            cell.shade = Some((glyph, style));
        }
    }

    /// A colour in half a cell: `half` counts them from the top.
    pub(super) fn half(&mut self, column: usize, half: usize, colour: Color) {
        if let Some(cell) = self.at(column, half / 2) {
            cell.halves[half % 2] = Some(colour);
        }
    }

    /// A text centred at a position, or in the nearest row above or below where it touches no glyph; left out where there is
    /// none.
    pub(super) fn text(&mut self, at: (f64, f64), text: &str, style: Style) {
        /// Rows tried, by distance from the position.
        const NEARBY: [isize; 7] = [0, -1, 1, -2, 2, -3, 3];
        let ((column, row), width) = (self.cell(at), text.width());
        let Some(last) = self.width.checked_sub(width) else { return };
        let start = column.saturating_sub(width / 2).min(last);
        let beside = start.saturating_sub(1)..(start + width + 1).min(self.width);
        let is_free = |row: &usize| beside.clone().all(|column| self.cells[row * self.width + column].glyph.is_none());
        let rows = NEARBY.iter().filter_map(|by| row.checked_add_signed(*by)).filter(|row| *row < self.height);
        let Some(row) = rows.into_iter().find(is_free) else { return };
        for (place, character) in text.chars().enumerate() {
            self.glyph(start + place, row, character, style);
        }
    }

    fn at(&mut self, column: usize, row: usize) -> Option<&mut Cell> {
        if column < self.width { self.cells.get_mut(row * self.width + column) } else { None }
    }

    /// Copies what was drawn onto the screen; empty cells leave it as it is.
    pub(super) fn present(&self, area: Rect, charset: Charset, buffer: &mut Buffer) {
        for (cell, position) in self.cells.iter().zip(area.positions()) {
            if let Some((glyph, style)) = cell.look_in(charset) {
                buffer[position].set_char(glyph).set_style(style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Marker;

    fn drawn(draw: impl Fn(&mut Canvas)) -> Vec<String> {
        drawn_in(Charset::Braille, draw)
    }

    fn drawn_in(charset: Charset, draw: impl Fn(&mut Canvas)) -> Vec<String> {
        let area = Rect::new(0, 0, 4, 2);
        let mut buffer = Buffer::empty(area);
        let mut canvas = Canvas::new(area);
        draw(&mut canvas);
        canvas.present(area, charset, &mut buffer);
        (0..2).map(|y| (0..4).map(|x| buffer[(x, y)].symbol()).collect()).collect()
    }

    #[test]
    fn corners_are_the_outermost_dots() {
        let line = |canvas: &mut Canvas| canvas.line((0.0, 0.0), (1.0, 1.0), Style::new(), Pattern::SOLID, &mut 0);
        assert_eq!(drawn(line), ["  ⡠⠊", "⡠⠊  "]);
        let back = |canvas: &mut Canvas| canvas.line((1.0, 1.0), (0.0, 0.0), Style::new(), Pattern::SOLID, &mut 0);
        assert_eq!(drawn(back), drawn(line));
    }

    #[test]
    fn a_text_moves_to_a_free_row_and_stays_inside() {
        let text = |canvas: &mut Canvas| {
            canvas.glyph(1, 0, '●', Style::new());
            canvas.text((1.0, 1.0), "+42", Style::new());
        };
        assert_eq!(drawn(text), [" ●  ", " +42"]);
        let crowded = |canvas: &mut Canvas| {
            (0..2).for_each(|row| canvas.glyph(1, row, '●', Style::new()));
            canvas.text((0.5, 0.5), "+42", Style::new());
        };
        assert_eq!(drawn(crowded), [" ●  ", " ●  "]);
    }

    #[test]
    fn where_there_is_no_braille_blocks_or_letters_serve() {
        let line = |canvas: &mut Canvas| {
            canvas.line((0.0, 0.0), (1.0, 1.0), Style::new(), Pattern::SOLID, &mut 0);
            canvas.glyph(0, 0, '▲', Style::new());
        };
        assert_eq!(drawn_in(Charset::Blocks, line), ["▲ ▄▀", "▄▀  "]);
        assert_eq!(drawn_in(Charset::Ascii, line), ["A _\"", "_\"  "]);
        for series in 0..64 {
            assert!(Charset::Ascii.sign(Marker::of(series).glyph()).is_ascii(), "{series}");
        }
    }

    #[test]
    fn glyphs_win_over_dots_and_dots_over_shading() {
        let all = |canvas: &mut Canvas| {
            canvas.glyph(0, 0, '●', Style::new());
            canvas.shade(0, 0, '░', Style::new());
            canvas.shade(1, 0, '░', Style::new());
            canvas.shade(2, 0, '░', Style::new());
            canvas.line((0.0, 1.0), (0.3, 1.0), Style::new(), Pattern::SOLID, &mut 0);
            canvas.glyph(9, 9, '!', Style::new());
        };
        assert_eq!(drawn(all), ["●⠉░ ".replace('⠉', "⠁"), "    ".to_owned()]);
    }
}
