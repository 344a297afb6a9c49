//! What a person has set once and for all, as a value.

use std::path::PathBuf;

use crate::chart::palette::{OKABE_ITO, Palette};
use crate::tui::keymap::{self, Binding};
use crate::tui::scheme::{self, Scheme};
use crate::tui::state::Grid;
use crate::tui::theme::{Charset, Depth, Theme};

/// What a person has set once and for all.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The colours of everything but the series.
    pub scheme: &'static Scheme,
    /// The colours of the series.
    pub palette: &'static Palette,
    /// What charts are drawn with.
    pub charset: Charset,
    /// How fast a laboratory runs at first: an index into `SPEEDS`.
    pub speed: usize,
    /// How many charts a laboratory shows at first; by size, where nothing is said.
    pub panes: Option<Grid>,
    /// Where figures and sessions are written.
    pub export: PathBuf,
    /// Every key.
    pub keys: Vec<Binding>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            scheme: &scheme::AUTO,
            palette: &OKABE_ITO,
            charset: Charset::Braille,
            speed: 4,
            panes: None,
            export: PathBuf::from("hyperlab-export"),
            keys: keymap::defaults(),
        }
    }
}

impl Config {
    /// How things look in a terminal with so many colours.
    #[must_use]
    pub fn theme(&self, depth: Depth) -> Theme {
        Theme::of(depth).with_scheme(self.scheme).with_palette(self.palette).with_charset(self.charset)
    }
}
