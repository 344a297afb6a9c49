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
