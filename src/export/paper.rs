//! What a picture is drawn on: its size and its ground.

use super::size::Size;
use crate::chart::palette::{self, Ground, OKABE_ITO, Palette, Rgb};
use crate::chart::{Ink, Style};

/// Size and ground of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// How large it is.
    pub size: Size,
    /// Its ground.
    pub theme: Theme,
    /// The colours of the series.
    pub palette: &'static Palette,
}

impl Default for Paper {
    fn default() -> Self {
        Self { size: Size::default(), theme: Theme::default(), palette: &OKABE_ITO }
    }
}

impl From<Size> for Paper {
    fn from(size: Size) -> Self {
        Self { size, ..Self::default() }
    }
}

/// Ground and inks of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on white, for print.
    #[default]
    Light,
    /// Light on nearly black, for slides and screens.
    Dark,
}

/// The colours of a picture that are not data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    pub(super) palette: &'static Palette,
    pub(super) ground: Ground,
    pub(super) paper: Rgb,
    pub(super) title: Rgb,
    pub(super) text: Rgb,
    pub(super) faint: Rgb,
    pub(super) grid: Rgb,
    pub(super) minor_grid: Rgb,
    pub(super) axis: Rgb,
    pub(super) neutral: Rgb,
}

impl Theme {
    pub(super) const fn colours(self, palette: &'static Palette) -> Colours {
        match self {
            Self::Light => Colours {
                palette,
                ground: Ground::Light,
                paper: (255, 255, 255),
                title: (0, 0, 0),
                text: (30, 30, 30),
                faint: (80, 80, 80),
                grid: (225, 225, 225),
                minor_grid: (242, 242, 242),
                axis: (60, 60, 60),
                neutral: palette::NEUTRAL,
            },
            Self::Dark => Colours {
                palette,
                ground: Ground::Dark,
                paper: (16, 18, 22),
                title: (255, 255, 255),
                text: (230, 230, 230),
                faint: (175, 175, 175),
                grid: (58, 61, 68),
                minor_grid: (38, 40, 46),
                axis: (170, 170, 170),
                neutral: (150, 150, 150),
            },
        }
    }
}

impl Colours {
    /// The colour of a layer; what stands back is mixed with the ground.
    pub(super) fn of(&self, style: Style) -> Rgb {
        const SHARE: f64 = 0.35;
        let mixed =
            |ink: u8, ground: u8| (f64::from(ground) + SHARE * (f64::from(ink) - f64::from(ground))).round() as u8;
        let (ink, ground) = (self.ink(style.ink), self.paper);
        if style.faint || style.dimmed {
            (mixed(ink.0, ground.0), mixed(ink.1, ground.1), mixed(ink.2, ground.2))
        } else {
            ink
        }
    }

    /// The palette's ink is that of the page.
    fn ink(&self, ink: Ink) -> Rgb {
        match ink {
            Ink::Trial(series) | Ink::Series(series) => self.palette.colour(series, self.ground).unwrap_or(self.title),
            Ink::Neutral => self.neutral,
            Ink::Foreground => self.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::palette::contrast;

    #[test]
    fn words_can_be_read_and_series_be_seen_on_either_ground() {
        for (theme, palette) in [Theme::Light, Theme::Dark]
            .into_iter()
            .flat_map(|theme| palette::ALL.iter().map(move |palette| (theme, *palette)))
        {
            let colours = theme.colours(palette);
            for words in [colours.title, colours.text, colours.faint] {
                assert!(contrast(words, colours.paper) >= 7.0, "{theme:?} {words:?}");
            }
            for series in 0..palette.size() {
                let seen = contrast(colours.ink(Ink::Series(series)), colours.paper);
                assert!(seen >= 2.9, "{theme:?} {} series {series}: {seen:.2}", palette.id);
            }
        }
    }
}
