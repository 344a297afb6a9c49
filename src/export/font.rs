//! The embedded font: its metrics and its glyphs.
//!
//! Glyphs are drawn here rather than by plotters, whose rasterizer leaves out their side bearings
//! and so crowds some letters and parts others.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, OutlinedGlyph, PxScale, ScaleFont, point};

/// The family as a picture names it; a viewer without DejaVu Sans falls back.
pub(super) const FAMILY: &str = "DejaVu Sans, sans-serif";

static FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(include_bytes!("../../assets/fonts/DejaVuSans-subset.ttf")).ok());

/// Where each character's glyph starts, in ems, and where the text ends.
fn pens(font: &FontRef<'_>, text: &str) -> (Vec<f32>, f32) {
    let unit = font.units_per_em().unwrap_or(2048.0);
    let (mut pen, mut previous) = (0.0, None);
    let mut pens = Vec::with_capacity(text.len());
    for glyph in text.chars().map(|character| font.glyph_id(character)) {
        pen += previous.map_or(0.0, |previous| font.kern_unscaled(previous, glyph)) / unit;
        pens.push(pen);
        pen += font.h_advance_unscaled(glyph) / unit;
        previous = Some(glyph);
    }
    (pens, pen)
}

/// Whether there is a glyph for a character.
pub(super) fn has(character: char) -> bool {
    character.is_whitespace() || FONT.as_ref().is_none_or(|font| font.glyph_id(character).0 != 0)
}

/// Width of a text in ems.
pub(super) fn width(text: &str) -> f64 {
    // Half an em a character is about DejaVu's mean, should the font be missing.
    FONT.as_ref().map_or_else(|| text.chars().count() as f64 * 0.5, |font| f64::from(pens(font, text).1))
}

/// The glyphs of a text with its first baseline point at the origin, y down; `None` when the font
/// cannot be read.
pub(super) fn glyphs(text: &str, em: f64) -> Option<Vec<OutlinedGlyph>> {
    let font = FONT.as_ref()?;
    // The scale is the height of a line, not the em.
    let line = font.height_unscaled() / font.units_per_em()?;
    let font = font.as_scaled(PxScale::from(em as f32 * line));
    let (pens, _) = pens(font.font, text);
    let glyph = |(character, pen): (char, f32)| {
        let mut glyph = font.scaled_glyph(character);
        glyph.position = point(pen * em as f32, 0.0);
        font.outline_glyph(glyph)
    };
    Some(text.chars().zip(pens).filter_map(glyph).collect())
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
        assert!(width("") == 0.0 && width("iiii") < width("mmmm"));
        let text = "conjugate gradient with twenty iterations and an_overlong_word_that_has_no_break_anywhere";
        let lines = wrap(text, 9.0);
        assert!(lines.iter().all(|line| width(line) <= 9.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
    }

    /// Symbols name axes and titles. A combining mark is no glyph of its own.
    #[test]
    fn the_font_has_every_symbol_of_a_metric_and_every_name_of_a_chart() {
        let symbols = crate::metric::ALL.iter().map(|metric| metric.symbol);
        for text in symbols.chain(crate::chart::ALL.iter().map(|chart| chart.card.name)) {
            assert!(text.chars().all(has), "{text}");
        }
    }

    /// So do the entries of λ and the names of trials.
    #[test]
    fn the_font_has_every_entry_and_every_trial_of_a_scenario() {
        for builtin in crate::scenario::BUILTIN {
            let scenario = crate::scenario::parse(builtin.text).unwrap();
            let experiment = crate::scenario::experiment(&scenario, &crate::scenario::NoFiles).unwrap();
            let entries = experiment.problem.blocks().into_iter().flat_map(|block| block.entries);
            for text in entries.chain(scenario.trials.iter().filter_map(|trial| trial.name.clone())) {
                assert!(text.chars().all(has), "{}: {text}", builtin.id);
            }
        }
    }

    #[test]
    fn the_font_has_what_figures_say() {
        let missing = width("\u{10FFFF}");
        for character in "→←↔⇔∇∂∈‖√Σ·×≤≥≈∞−⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉θλξηρστεĥ∥Φ".chars()
        {
            assert!(character == '□' || (width(&character.to_string()) - missing).abs() > 1e-9, "{character}");
        }
    }
}
