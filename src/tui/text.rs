//! Text in cells: cut to a width, counts in few characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text without what steers a terminal, hides or reorders, in one line.
#[must_use]
pub fn clean(text: &str) -> String {
    crate::data::visible(text)
}

/// Columns the text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text, cut to a width with an ellipsis where it is longer.
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for letter in text.chars() {
        used += letter.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(letter);
    }
    if columns > 0 {
        kept.push('…');
    }
    kept
}

/// The text, its beginning replaced by an ellipsis where it is longer than a width.
#[must_use]
pub fn cut_start(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let mut kept: Vec<char> = Vec::new();
    for letter in text.chars().rev() {
        used += letter.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(letter);
    }
    let ellipsis = if columns > 0 { "…" } else { "" };
    ellipsis.chars().chain(kept.into_iter().rev()).collect()
}

/// The text cut or filled up to exactly this width.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    let mut text = cut(text, columns);
    text.extend(std::iter::repeat_n(' ', columns.saturating_sub(text.width())));
    text
}

/// `left` and `right` at the ends of a row; `left` gives way.
#[must_use]
pub fn ends(left: &str, right: &str, columns: usize) -> String {
    let right = cut(right, columns);
    let room = columns.saturating_sub(right.width());
    fit(left, room) + &right
}

/// A cosine: what matters is how far it is from one.
#[must_use]
pub fn cosine(x: f64) -> String {
    match x {
        x if !x.is_finite() => "NaN".to_owned(),
        x if x < 0.0 => format!("{x:.4}"),
        x => format!("{x:.5}"),
    }
}

/// A count of oracle calls: whole where it is, with thousands and millions as letters.
#[must_use]
pub fn count(x: f64) -> String {
    match x {
        x if x >= 1e9 => format!("{:.1}G", x / 1e9),
        x if x >= 1e6 => format!("{:.1}M", x / 1e6),
        x if x >= 1e4 => format!("{:.1}k", x / 1e3),
        x if x.fract() == 0.0 => format!("{x:.0}"),
        x => format!("{x:.1}"),
    }
}

/// Rows of a list of `length` that are shown in `height` rows around the selected one.
#[must_use]
pub fn window(length: usize, selected: usize, height: usize) -> std::ops::Range<usize> {
    let height = height.min(length);
    let start = selected.saturating_sub(height / 2).min(length - height);
    start..start + height
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_to_cells_not_to_bytes() {
        assert_eq!(cut("‖θ−θ*‖ error", 7), "‖θ−θ*‖…");
        assert_eq!(cut("‖θ−θ*‖", 6), "‖θ−θ*‖");
        assert_eq!(width(&fit("漢字", 3)), 3);
        assert_eq!(fit("ab", 4), "ab  ");
        assert_eq!(cut("anything", 0), "");
        assert_eq!(cut_start("/a/folder/漢字.ron", 9), "…漢字.ron");
        assert_eq!([cut_start("ab", 2), cut_start("ab", 0)], ["ab", ""]);
    }

    #[test]
    fn control_characters_and_reordering_marks_vanish() {
        assert_eq!(clean("a\u{1b}[2Jb\u{202e}c\nd"), "a[2Jbc d");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(count(12_345.0), "12.3k");
        assert_eq!(count(7.5), "7.5");
    }

    #[test]
    fn a_window_holds_the_selected_row() {
        assert_eq!(window(10, 0, 4), 0..4);
        assert_eq!(window(10, 5, 4), 3..7);
        assert_eq!(window(10, 9, 4), 6..10);
        assert_eq!(window(2, 1, 4), 0..2);
        assert_eq!(window(0, 0, 4), 0..0);
    }
}
