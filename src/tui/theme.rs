//! How things look in a terminal: the palette in as many colours as it has, down to none.
//!
//! A theme without colours sets none at all, not even "reset": some terminals are asked to honour
//! `NO_COLOR`, and there every reset would also end bold and reverse. Markers and line patterns
//! carry what colour would.

use ratatui::style::{Color, Modifier, Style};

use crate::chart::palette::{self, COLOURS};
use crate::chart::{self, Ink};

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Any red, green and blue.
    True,
    /// The 256 of xterm.
    Indexed,
    /// The 16 of the terminal's own scheme.
    Ansi,
    /// None: modifiers and markers only.
    None,
}

/// How things look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Colours to draw with.
    pub depth: Depth,
}

/// The palette's nearest neighbours among xterm's 256 colours; the last is the terminal's own ink.
const INDEXED: [u8; COLOURS.len() - 1] = [25, 166, 36, 175, 178, 74];

/// The palette's nearest neighbours among 16 colours.
const ANSI: [Color; COLOURS.len() - 1] =
    [Color::Blue, Color::Red, Color::Green, Color::Magenta, Color::Yellow, Color::Cyan];

impl Theme {
    /// Any colour.
    #[must_use]
    pub const fn truecolor() -> Self {
        Self { depth: Depth::True }
    }

    /// 256 colours.
    #[must_use]
    pub const fn indexed() -> Self {
        Self { depth: Depth::Indexed }
    }

    /// 16 colours.
    #[must_use]
    pub const fn ansi() -> Self {
        Self { depth: Depth::Ansi }
    }

    /// No colour.
    #[must_use]
    pub const fn mono() -> Self {
        Self { depth: Depth::None }
    }

    /// The look of a layer of a figure.
    #[must_use]
    pub fn layer(&self, style: chart::Style) -> Style {
        let look = match style.ink {
            Ink::Trial(series) | Ink::Series(series) => self.series(series),
            Ink::Neutral => self.quiet(),
            Ink::Foreground => Style::new(),
        };
        match (style.faint, style.emphasis) {
            (true, _) => self.pale(look),
            (false, true) => look.add_modifier(Modifier::BOLD),
            (false, false) => look,
        }
    }

    /// A look that stands back: half way to grey where there are colours, dim everywhere.
    fn pale(&self, look: Style) -> Style {
        const GREY: u8 = 96;
        let half = |channel: u8| u8::midpoint(channel, GREY);
        let look = match look.fg {
            Some(Color::Rgb(red, green, blue)) => look.fg(Color::Rgb(half(red), half(green), half(blue))),
            _ => look,
        };
        look.add_modifier(Modifier::DIM)
    }

    /// The colour of series number `series`. The palette's ink is the terminal's own foreground,
    /// so that it shows on light and dark alike.
    #[must_use]
    pub fn series(&self, series: usize) -> Style {
        let index = palette::colour_index(series);
        let (Some(indexed), Some(ansi)) = (INDEXED.get(index), ANSI.get(index)) else {
            return Style::new();
        };
        match self.depth {
            Depth::True => {
                let (red, green, blue) = COLOURS[index];
                Style::new().fg(Color::Rgb(red, green, blue))
            }
            Depth::Indexed => Style::new().fg(Color::Indexed(*indexed)),
            Depth::Ansi => Style::new().fg(*ansi),
            Depth::None => Style::new(),
        }
    }

    /// What should not draw the eye: axes, guides, notes.
    #[must_use]
    pub fn quiet(&self) -> Style {
        match self.depth {
            Depth::True => Style::new().fg(Color::Rgb(138, 138, 138)),
            Depth::Indexed => Style::new().fg(Color::Indexed(245)),
            Depth::Ansi => Style::new().fg(Color::DarkGray),
            Depth::None => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// Headings.
    #[must_use]
    pub fn heading(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What is pointed at.
    #[must_use]
    pub fn pointed(&self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A heat map's cell at `level` from 0 to 1.
    #[must_use]
    pub fn heat(&self, level: f64) -> (char, Style) {
        const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
        match self.depth {
            Depth::True => {
                let (red, green, blue) = palette::heat(level);
                ('█', Style::new().fg(Color::Rgb(red, green, blue)))
            }
            // xterm's grey ramp is finer than its colours are.
            Depth::Indexed => {
                ('█', Style::new().fg(Color::Indexed(255 - (level.clamp(0.0, 1.0) * 21.0).round() as u8)))
            }
            Depth::Ansi | Depth::None => (SHADES[((level.clamp(0.0, 1.0) * 5.0) as usize).min(4)], Style::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_differ_at_every_depth() {
        for theme in [Theme::truecolor(), Theme::indexed(), Theme::ansi()] {
            let looks: std::collections::HashSet<_> = (0..COLOURS.len()).map(|series| theme.series(series)).collect();
            assert_eq!(looks.len(), COLOURS.len(), "{theme:?}");
        }
    }

    #[test]
    fn mono_sets_no_colour() {
        let theme = Theme::mono();
        let looks = [theme.series(0), theme.quiet(), theme.heading(), theme.pointed(), theme.heat(0.7).1];
        assert!(looks.iter().all(|look| look.fg.is_none() && look.bg.is_none()));
    }
}
