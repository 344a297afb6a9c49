//! The embedded font: registered once, and measured.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use super::ExportError;

/// The family as a picture names it; a viewer without DejaVu Sans falls back.
pub(super) const FAMILY: &str = "DejaVu Sans, sans-serif";

/// Height from the deepest descender to the tallest ascender, in ems: the size that the rasterizer
/// is asked for.
pub(super) const LINE_PER_EM: f64 = (1901.0 + 483.0) / 2048.0;

/// Makes the font known to plotters.
pub(super) fn register() -> Result<(), ExportError> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let font = include_bytes!("../../assets/fonts/DejaVuSans-subset.ttf");
    let registered = REGISTERED.get_or_init(|| register_font(FAMILY, FontStyle::Normal, font).is_ok());
    if *registered { Ok(()) } else { Err(ExportError::Font) }
}

/// Width of a text in ems.
pub(super) fn width(text: &str) -> f64 {
    // Measured large, since the answer is in whole pixels.
    const EM: f64 = 1000.0;
    let font = FontDesc::new(FontFamily::Name(FAMILY), EM * LINE_PER_EM, FontStyle::Normal);
    // Half an em a character is DejaVu's mean, should the font be missing.
    #[allow(clippy::cast_precision_loss)]
    font.box_size(text).map_or_else(|_| text.chars().count() as f64 * 0.5, |(width, _)| f64::from(width) / EM)
}

/// Words in lines of at most `room` ems. A word that is longer by itself is broken.
pub(super) fn wrap(text: &str, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}")) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
        while let Some((head, tail)) = lines.last().and_then(|line| broken(line, room)) {
            lines.pop();
            lines.extend([head, tail]);
        }
    }
    lines
}

/// A line cut in two where it leaves its room; `None` if it does not.
fn broken(line: &str, room: f64) -> Option<(String, String)> {
    if width(line) <= room {
        return None;
    }
    let ends = line.char_indices().map(|(index, _)| index).skip(1);
    let cut = ends.take_while(|end| width(&line[..*end]) <= room).last()?;
    Some((line[..cut].to_owned(), line[cut..].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_add_up_and_lines_keep_their_room() {
        register().unwrap();
        assert!(width("") == 0.0 && width("iiii") < width("mmmm"));
        let text = "conjugate gradient with twenty iterations and an_overlong_word_that_has_no_break_anywhere";
        let lines = wrap(text, 9.0);
        assert!(lines.iter().all(|line| width(line) <= 9.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
    }

    #[test]
    fn the_font_has_what_figures_say() {
        register().unwrap();
        let missing = width("\u{10FFFF}");
        for character in "→←↔⇔∇∂∈‖√Σ·×≤≥≈∞−⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉θλξηρστεĥ∥Φ".chars()
        {
            assert!(character == '□' || (width(&character.to_string()) - missing).abs() > 1e-9, "{character}");
        }
    }
}
