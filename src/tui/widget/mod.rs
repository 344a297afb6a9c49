//! What screens are made of. Widgets draw a value into a buffer and know nothing else.

mod figure;
mod text;

pub use figure::{Cursor, FigureView};
