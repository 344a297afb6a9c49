//! What colours are drawn on, and what it takes to stand out from it.

use super::Rgb;

/// What colours are drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// White paper, or a terminal as light as it.
    Light,
    /// A dark terminal or slide.
    Dark,
    /// Black, where everything is to stand out by more.
    Black,
    /// Nobody knows: what is drawn has to stand out from light and dark alike.
    Unknown,
}

/// Least contrast of what has to be told from its ground but not read: (L₁ + 0.05) / (L₂ + 0.05) of relative luminances
/// (Web Content Accessibility Guidelines 2.1, criterion 1.4.11).
pub(super) const CONTRAST: f64 = 3.0;

/// Least contrast of text (criterion 1.4.3), which everything has on black.
pub(super) const HIGH_CONTRAST: f64 = 4.5;

/// The lightest of what counts as dark.
pub(super) const DARK: Rgb = (16, 18, 22);

impl Ground {
    /// The nearest colour of the same hue that stands out.
    #[must_use]
    pub fn readable(self, colour: Rgb) -> Rgb {
        let darkest = match self {
            Self::Light => 0.0,
            Self::Dark | Self::Unknown => CONTRAST * (luminance(DARK) + 0.05) - 0.05,
            Self::Black => HIGH_CONTRAST * 0.05 - 0.05,
        };
        let lightest = match self {
            Self::Light | Self::Unknown => 1.05 / CONTRAST - 0.05,
            Self::Dark | Self::Black => 1.0,
        };
        encoded(between(linear(colour), darkest, lightest))
    }
}

/// Scaled, which keeps the hue; mixed with white, where scaling alone would leave the cube of colours. A touch more than
/// asked for, since the result is rounded.
fn between(mut light: [f64; 3], darkest: f64, lightest: f64) -> [f64; 3] {
    const TOUCH: f64 = 1.01;
    if luminance_of(light) > lightest {
        let share = lightest / TOUCH / luminance_of(light);
        return light.map(|channel| channel * share);
    }
    if luminance_of(light) < darkest {
        let wanted = (darkest * TOUCH).min(1.0);
        let most = light.into_iter().fold(f64::MIN_POSITIVE, f64::max);
        let scale = (wanted / luminance_of(light).max(f64::MIN_POSITIVE)).min(1.0 / most);
        light = light.map(|channel| channel * scale);
        let is = luminance_of(light);
        let white = ((wanted - is) / (1.0 - is)).max(0.0);
        light = light.map(|channel| channel + white * (1.0 - channel));
    }
    light
}

/// The relative luminance of a colour.
pub(super) fn luminance(colour: Rgb) -> f64 {
    luminance_of(linear(colour))
}

/// The contrast of two colours, from 1 to 21 (Web Content Accessibility Guidelines 2.1).
#[cfg(test)]
pub(crate) fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

fn luminance_of([red, green, blue]: [f64; 3]) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The amounts of light of a colour as it is written (IEC 61966-2-1).
pub(super) fn linear((red, green, blue): Rgb) -> [f64; 3] {
    [red, green, blue].map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    })
}

fn encoded(light: [f64; 3]) -> Rgb {
    let [red, green, blue] = light.map(|channel| {
        let channel = channel.clamp(0.0, 1.0);
        let share = if channel <= 0.003_130_8 { 12.92 * channel } else { 1.055 * channel.powf(1.0 / 2.4) - 0.055 };
        (255.0 * share).round() as u8
    });
    (red, green, blue)
}
