//! Text in cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::front::ending_cut;

/// A width as the screen counts it.
pub(super) fn cells(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}

/// One line of text in a row, truncated to it.
pub(super) fn write(buffer: &mut Buffer, row: Rect, text: &str, style: Style) {
    buffer.set_stringn(row.x, row.y, ending_cut(text, usize::from(row.width)), usize::from(row.width), style);
}
