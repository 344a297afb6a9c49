//! Colours and markers of the series, shared by screen and paper.
//!
//! Colours are those of Okabe and Ito (2008), told apart by people with any common colour vision.
//! Their yellow is left out, since it vanishes on white paper; their black is the ink of the page,
//! or the terminal's own foreground. Seven colours and eight markers repeat with coprime periods,
//! so 56 series are told apart by the pair, and eight in a row by the marker alone.

/// Red, green and blue, 0 to 255.
pub type Rgb = (u8, u8, u8);

/// The colours in the order in which series take them; the last is the ink of the page.
pub const COLOURS: [Rgb; 7] = [
    (0, 114, 178),   // blue
    (213, 94, 0),    // vermillion
    (0, 158, 115),   // bluish green
    (204, 121, 167), // reddish purple
    (230, 159, 0),   // orange
    (86, 180, 233),  // sky blue
    (0, 0, 0),       // ink
];

/// Guides and other marks that are not data, on paper.
pub const NEUTRAL: Rgb = (120, 120, 120);

/// The markers in the order in which series take them.
pub const MARKERS: [Marker; 8] = [
    Marker::Circle,
    Marker::Triangle,
    Marker::Square,
    Marker::Diamond,
    Marker::Cross,
    Marker::Plus,
    Marker::DownTriangle,
    Marker::Star,
];

/// The shape that stands at a series' points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Marker {
    Circle,
    Triangle,
    Square,
    Diamond,
    Cross,
    Plus,
    DownTriangle,
    Star,
}

impl Marker {
    /// The marker of series number `series`.
    #[must_use]
    pub fn of(series: usize) -> Self {
        MARKERS[series % MARKERS.len()]
    }

    /// One terminal cell.
    #[must_use]
    pub fn glyph(self) -> char {
        match self {
            Self::Circle => '●',
            Self::Triangle => '▲',
            Self::Square => '■',
            Self::Diamond => '◆',
            Self::Cross => '✕',
            Self::Plus => '✚',
            Self::DownTriangle => '▼',
            Self::Star => '★',
        }
    }
}

/// Which of [`COLOURS`] series number `series` has.
#[must_use]
pub fn colour_index(series: usize) -> usize {
    series % COLOURS.len()
}

/// The colour of series number `series` on paper.
#[must_use]
pub fn colour(series: usize) -> Rgb {
    COLOURS[colour_index(series)]
}

/// A colour that stands back on white paper.
#[must_use]
pub fn pale((red, green, blue): Rgb) -> Rgb {
    const SHARE: f64 = 0.35;
    let mixed = |channel: u8| (255.0 + SHARE * (f64::from(channel) - 255.0)).round() as u8;
    (mixed(red), mixed(green), mixed(blue))
}

/// The colour of a heat map's cell at `level` from 0 to 1: light to dark through blue, so that it
/// also reads in grey.
#[must_use]
pub fn heat(level: f64) -> Rgb {
    const STOPS: [[f64; 3]; 4] =
        [[247.0, 251.0, 255.0], [158.0, 202.0, 225.0], [33.0, 113.0, 181.0], [8.0, 29.0, 88.0]];
    let along = level.clamp(0.0, 1.0) * 3.0;
    let stop = if along >= 2.0 { 2 } else { usize::from(along >= 1.0) };
    let share = along - stop as f64;
    let mix = |channel: usize| {
        (STOPS[stop][channel] + share * (STOPS[stop + 1][channel] - STOPS[stop][channel])).round() as u8
    };
    (mix(0), mix(1), mix(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthChar;

    #[test]
    fn markers_take_one_cell_and_differ() {
        for (index, marker) in MARKERS.iter().enumerate() {
            assert_eq!(marker.glyph().width(), Some(1), "{marker:?}");
            assert!(MARKERS[..index].iter().all(|earlier| earlier.glyph() != marker.glyph()));
        }
    }

    #[test]
    fn fifty_six_series_are_distinct() {
        let looks: std::collections::HashSet<_> =
            (0..56).map(|series| (colour(series), Marker::of(series).glyph())).collect();
        assert_eq!(looks.len(), 56);
    }

    #[test]
    fn heat_darkens_steadily() {
        let lightness = |level: f64| {
            let (red, green, blue) = heat(level);
            0.2126 * f64::from(red) + 0.7152 * f64::from(green) + 0.0722 * f64::from(blue)
        };
        assert!((0..20).all(|k| lightness(f64::from(k) / 20.0) > lightness(f64::from(k + 1) / 20.0)));
        assert_eq!(heat(-1.0), heat(0.0));
        assert_eq!(heat(2.0), heat(1.0));
    }
}
