//! Colours and markers of the series, shared by screen and paper.
//!
//! A [`Palette`] is a list of colours that somebody has published as told apart by people with any common colour
//! vision. Yellows that vanish on white paper and greys that look like guides are left out; the ink of the page, or the
//! terminal's own foreground, stands in for black. A colour that would be faint on the [`Ground`] it is drawn on is made
//! darker or lighter, in its hue, until it stands out by 3 to 1. The order is ours: neighbours differ most.
//!
//! There are more markers than colours, so sixteen series in a row differ in their markers, and neighbours differ in both.

mod colour;
mod ground;
mod heat;
mod list;
mod marker;
mod series;
#[cfg(test)]
mod tests;

pub use colour::{NEUTRAL, Rgb};
pub use ground::Ground;
#[cfg(test)]
pub(crate) use ground::contrast;
pub use heat::{Level, diverging, heat};
pub use list::{ALL, OKABE_ITO, colour, find};
pub use marker::{MARKERS, Marker};
pub use series::Palette;
