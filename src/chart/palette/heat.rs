//! Colours of a heat map.

use super::Rgb;

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

/// The colour of a value with a sign at `level` from −1 to 1: blue below zero, nearly white at zero, orange above, so that
/// the sign is told apart by any common colour vision, and the size also in grey.
#[must_use]
pub fn diverging(level: f64) -> Rgb {
    const BELOW: [[f64; 3]; 2] = [[67.0, 147.0, 195.0], [5.0, 48.0, 97.0]];
    const ABOVE: [[f64; 3]; 2] = [[236.0, 142.0, 60.0], [127.0, 59.0, 8.0]];
    const ZERO: [f64; 3] = [247.0, 247.0, 247.0];
    let [half, full] = if level < 0.0 { BELOW } else { ABOVE };
    let along = 2.0 * level.abs().min(1.0);
    let (from, to, share) = if along > 1.0 { (half, full, along - 1.0) } else { (ZERO, half, along) };
    let mix = |channel: usize| (from[channel] + share * (to[channel] - from[channel])).round() as u8;
    (mix(0), mix(1), mix(2))
}

/// Where a value stands in a heat map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// From 0, the least, to 1.
    Amount(f64),
    /// From −1 to 1, with zero in the middle: there are values of both signs.
    Signed(f64),
}

impl Level {
    /// Its colour.
    #[must_use]
    pub fn colour(self) -> Rgb {
        match self {
            Self::Amount(level) => heat(level),
            Self::Signed(level) => diverging(level),
        }
    }
}
