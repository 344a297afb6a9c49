//! Figures on paper: SVG and PNG through plotters, and CSV.
//!
//! A figure is first laid out as a page of a few simple shapes with every text measured; both
//! pictures then draw the same page. Nothing here decides what is shown: positions, ticks, colours
//! and clipping come from [`chart`](crate::chart).

mod csv;
mod file;
mod font;
mod legend;
mod marker;
mod page;
mod plot;
mod render;
#[cfg(test)]
mod tests;

pub use csv::csv;
pub use file::{WriteError, write};
pub use render::{png, svg};

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

    fn checked(self) -> Result<Self, ExportError> {
        let fits = |side: u32| (Self::LEAST..=Self::MOST).contains(&side);
        if fits(self.width) && fits(self.height) { Ok(self) } else { Err(ExportError::Size(self)) }
    }
}

impl Default for Size {
    fn default() -> Self {
        Self::new(800, 600)
    }
}

/// Why a figure was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A side is too short or too long.
    #[error("a picture of {}x{} pixels: each side must be {} to {}", .0.width, .0.height, Size::LEAST, Size::MOST)]
    Size(Size),
    /// The drawing library failed.
    #[error("the figure `{figure}` cannot be drawn: {cause}")]
    Drawing {
        /// The figure's identifier.
        figure: String,
        /// What the library said.
        cause: String,
    },
    /// The picture could not be compressed.
    #[error("the figure cannot be encoded as PNG")]
    Encoding(#[from] png::EncodingError),
}
