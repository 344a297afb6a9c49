//! Why there is no picture.

use super::size::Size;

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
