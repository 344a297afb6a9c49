//! Colours as numbers.

/// Red, green and blue, 0 to 255.
pub type Rgb = (u8, u8, u8);

/// Guides and other marks that are not data, on paper.
pub const NEUTRAL: Rgb = (120, 120, 120);
