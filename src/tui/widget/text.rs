//! Text in cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `text` in at most `width` cells, its end replaced by … where it is longer.
#[must_use]
pub fn truncate(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let kept: String = text
        .chars()
        .take_while(|character| {
            let cells = character.width().unwrap_or(0);
            let fits = cells <= room;
            room = room.saturating_sub(cells);
            fits
        })
        .collect();
    if width == 0 { String::new() } else { format!("{}…", kept.trim_end()) }
}

/// A width as the screen counts it.
pub(super) fn cells(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}

/// One line of text in a row, truncated to it.
pub(super) fn write(buffer: &mut Buffer, row: Rect, text: &str, style: Style) {
    buffer.set_stringn(row.x, row.y, truncate(text, usize::from(row.width)), usize::from(row.width), style);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_ends_in_an_ellipsis() {
        assert_eq!(truncate("conjugate gradient", 18), "conjugate gradient");
        assert_eq!(truncate("conjugate gradient", 11), "conjugate…");
        assert_eq!(truncate("abc", 0), "");
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("日本語", 5), "日本…");
    }
}
