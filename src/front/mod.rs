//! What both fronts share: opening what a person named, and the files around it.
//!
//! A name is the identifier of a built-in scenario or a path. A path holds a scenario, a session or a
//! table, which what stands in it decides.
//! Everything comes back with its mistakes as values; how they are shown is the front's business.

mod content;
mod files;
mod names;
mod paths;
mod places;
mod recent;
mod settings;
mod sketch;
mod source;
mod table;
mod text;

pub use files::Folder;
pub use names::{Group, distinct, ending_cut, groups};
pub use paths::{expanded, folder_of, openable};
pub use places::{config_file, recent_file};
pub use recent::{recent, with_latest, without};
pub use settings::Settings;
pub use sketch::sketch;
pub use source::{Mistakes, OpenError, Source};
pub use table::{Begun, begin, draft};
pub use text::wrap;
