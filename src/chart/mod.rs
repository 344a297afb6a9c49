//! Charts: what the laboratory knows, as figures.
//!
//! A chart exists once, as a [`Figure`]: plain data with axes, layers and notes. The screen draws
//! it in cells, the exports draw it on paper, and both take ticks, colours, markers and clipping
//! from here, so that they cannot disagree.

pub mod figure;
pub mod palette;

pub use crate::catalog::Scale;
pub use figure::{Axis, Figure, Ink, Layer, Shape, Style};
pub use palette::Marker;
