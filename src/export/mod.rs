//! Figures on paper: SVG and PNG through plotters, and CSV.
//!
//! A figure is first laid out as a page of a few simple shapes with every text measured; both
//! pictures then draw the same page. Nothing here decides what is shown: positions, ticks, colours
//! and clipping come from [`chart`](crate::chart).

mod colour_bar;
mod csv;
mod error;
mod file;
mod font;
mod free;
mod layout;
mod legend;
mod mark;
mod marker;
mod page;
mod paper;
mod partial;
mod plot;
mod render;
mod report;
mod size;
#[cfg(test)]
mod tests;

pub use csv::{csv, table_csv};
pub use error::ExportError;
pub use file::{WriteError, make_folder, write};
pub use free::write_free;
pub use paper::{Paper, Theme};
pub use partial::abandon;
pub use render::{png, svg, undrawable};
pub use report::{Kind, Report, ReportError, Skipped, Written};
pub use size::{PRESETS, Print, Size};
