//! How large pictures are.

/// A picture's size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

impl Size {
    /// The smallest side in which text and data both have room.
    pub const LEAST: u32 = 240;
    /// The largest side.
    pub const MOST: u32 = 8000;

    /// A size.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }
}

impl Default for Size {
    fn default() -> Self {
        Self::new(800, 600)
    }
}
