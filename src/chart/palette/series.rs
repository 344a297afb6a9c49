//! A palette: colours for series, and which series has which.

use super::{Ground, Rgb};

/// A colour of a palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// This one, as published.
    Of(Rgb),
    /// The ink of the page.
    Ink,
}

/// Colours for series.
#[derive(Debug, PartialEq, Eq)]
pub struct Palette {
    /// What it is called: `okabe-ito`.
    pub id: &'static str,
    /// Who has published it where.
    pub source: &'static str,
    /// In the order in which series take them.
    pub(super) colours: &'static [Colour],
}

impl Palette {
    /// How many series are told apart by colour alone.
    #[must_use]
    pub fn size(&self) -> usize {
        self.colours.len()
    }

    /// Which of the colours series number `series` has.
    #[must_use]
    pub fn index(&self, series: usize) -> usize {
        series % self.colours.len()
    }

    /// The colour of series number `series` on a ground; nothing, where that is the ground's own ink.
    #[must_use]
    pub fn colour(&self, series: usize, ground: Ground) -> Option<Rgb> {
        match self.colours[self.index(series)] {
            Colour::Of(colour) => Some(ground.readable(colour)),
            Colour::Ink => None,
        }
    }
}
