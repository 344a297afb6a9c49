//! Colours as numbers.

/// Red, green and blue, 0 to 255.
pub type Rgb = (u8, u8, u8);

/// Guides and other marks that are not data, on paper.
pub const NEUTRAL: Rgb = (120, 120, 120);

/// A colour that stands back on white paper.
#[must_use]
pub fn pale((red, green, blue): Rgb) -> Rgb {
    const SHARE: f64 = 0.35;
    let mixed = |channel: u8| (255.0 + SHARE * (f64::from(channel) - 255.0)).round() as u8;
    (mixed(red), mixed(green), mixed(blue))
}
