//! How things look in a terminal: a scheme of colours, a palette for the series, and characters to draw with.
//!
//! A scheme is drawn in as many colours as the terminal has, down to none. Without colours none at all is set, not even
//! "reset": some terminals are asked to honour `NO_COLOR`, and there every reset would also end bold and reverse. Markers
//! and line patterns carry what colour would.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use super::colour::nearest;
use super::scheme::{self, Scheme};
use crate::chart::palette::{Level, MARKERS, OKABE_ITO, Palette, Rgb};
use crate::chart::{self, Ink};
use crate::scenario::unknown;

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

/// The characters that charts are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// Letters and signs that every terminal has.
    Ascii,
    /// Blocks of half a cell.
    Blocks,
    /// Eight dots a cell.
    #[default]
    Braille,
}

impl Charset {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ascii, Self::Blocks, Self::Braille];

    /// Its name.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Ascii => "ascii",
            Self::Blocks => "blocks",
            Self::Braille => "braille",
        }
    }

    /// The sign itself, or the letter that stands for it where there are letters alone.
    #[must_use]
    pub fn sign(self, glyph: char) -> char {
        if self != Self::Ascii {
            return glyph;
        }
        if let Some(marker) = MARKERS.iter().find(|marker| marker.glyph() == glyph) {
            return marker.ascii();
        }
        match glyph {
            '◎' => 'O',
            '▴' | '↑' | '┬' => '^',
            '▾' | '↓' | '┴' => 'v',
            '█' => '#',
            '▓' => '%',
            '▒' => ':',
            '░' | '·' | '•' => '.',
            '┼' => '+',
            '▀' => '"',
            '▄' => '_',
            '→' => '>',
            '←' => '<',
            '↗' | '↙' => '/',
            '↖' | '↘' => '\\',
            '│' => '|',
            '╌' | '─' => '-',
            other => other,
        }
    }

    /// The one of this name.
    ///
    /// # Errors
    /// That there is none, with the nearest name or all of them.
    pub fn find(id: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|charset| charset.id() == id);
        found.ok_or_else(|| unknown("character set", id, &Self::ALL.map(Self::id)))
    }
}

/// How things look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Colours that the terminal has.
    pub depth: Depth,
    /// What everything but the series is drawn in.
    pub scheme: &'static Scheme,
    /// What the series are drawn in.
    pub palette: &'static Palette,
    /// What charts are drawn with.
    pub charset: Charset,
    /// The colours of the series, as this terminal has them; nothing for its ink.
    inks: [Option<Color>; MOST_INKS],
}

/// Colours of the largest palette, at least.
const MOST_INKS: usize = 10;

/// The terminal's own colours for the series, where it has only 16; then comes its ink.
const ANSI: [Color; 6] = [Color::Blue, Color::Red, Color::Cyan, Color::Magenta, Color::Green, Color::Yellow];

impl Theme {
    /// What is taken when nothing is said, in a terminal with so many colours.
    #[must_use]
    pub fn of(depth: Depth) -> Self {
        let (scheme, palette) = (&scheme::AUTO, &OKABE_ITO);
        Self { depth, scheme, palette, charset: Charset::Braille, inks: [None; MOST_INKS] }.inked()
    }

    /// Any colour.
    #[must_use]
    pub fn truecolor() -> Self {
        Self::of(Depth::True)
    }

    /// 256 colours.
    #[must_use]
    pub fn indexed() -> Self {
        Self::of(Depth::Indexed)
    }

    /// 16 colours.
    #[must_use]
    pub fn ansi() -> Self {
        Self::of(Depth::Ansi)
    }

    /// No colour.
    #[must_use]
    pub fn mono() -> Self {
        Self::of(Depth::None)
    }

    /// The same in another scheme.
    #[must_use]
    pub fn with_scheme(self, scheme: &'static Scheme) -> Self {
        Self { scheme, ..self }.inked()
    }

    /// The same with other colours for the series.
    #[must_use]
    pub fn with_palette(self, palette: &'static Palette) -> Self {
        Self { palette, ..self }.inked()
    }

    /// The same with charts drawn otherwise.
    #[must_use]
    pub const fn with_charset(self, charset: Charset) -> Self {
        Self { charset, ..self }
    }

    /// With the colours of the series worked out. No two of a palette become one, however few colours there are to
    /// choose from.
    fn inked(mut self) -> Self {
        self.inks = [None; MOST_INKS];
        let mut taken = Vec::new();
        for (series, ink) in self.inks.iter_mut().enumerate().take(self.palette.size()) {
            let colour = self.palette.colour(series, self.scheme.ground);
            *ink = colour.and_then(|(red, green, blue)| match self.depth {
                Depth::True => Some(Color::Rgb(red, green, blue)),
                Depth::Indexed => {
                    taken.push(nearest((red, green, blue), &taken));
                    taken.last().copied().map(Color::Indexed)
                }
                Depth::Ansi | Depth::None => None,
            });
        }
        self
    }

    /// Colours that are drawn with.
    #[must_use]
    pub fn shown_depth(&self) -> Depth {
        if self.scheme.is_colourless { Depth::None } else { self.depth }
    }

    /// A colour as the terminal has it; nothing, where it has none.
    fn colour(&self, colour: Rgb, ansi: Color) -> Option<Color> {
        match self.shown_depth() {
            Depth::True => Some(Color::Rgb(colour.0, colour.1, colour.2)),
            Depth::Indexed => Some(Color::Indexed(nearest(colour, &[]))),
            Depth::Ansi => Some(ansi),
            Depth::None => None,
        }
    }

    fn foreground(&self, (colour, ansi): (Rgb, Color)) -> Style {
        self.colour(colour, ansi).map_or(Style::new(), |colour| Style::new().fg(colour))
    }

    /// The look of a layer of a figure.
    #[must_use]
    pub fn layer(&self, style: chart::Style) -> Style {
        let look = match style.ink {
            Ink::Trial(series) | Ink::Series(series) => self.series(series),
            Ink::Neutral => self.quiet(),
            Ink::Foreground => Style::new(),
        };
        match (style.faint || style.dimmed, style.emphasis) {
            (true, _) => self.pale(look),
            (false, true) => look.add_modifier(Modifier::BOLD),
            (false, false) => look,
        }
    }

    /// A look that stands back: half way to grey where there are colours, dim everywhere.
    fn pale(&self, look: Style) -> Style {
        let quiet = self.scheme.quiet.0;
        let look = match look.fg {
            Some(Color::Rgb(red, green, blue)) => {
                let half = u8::midpoint;
                look.fg(Color::Rgb(half(red, quiet.0), half(green, quiet.1), half(blue, quiet.2)))
            }
            _ => look,
        };
        look.add_modifier(Modifier::DIM)
    }

    /// The colour of series number `series`. The palette's ink is the terminal's own foreground, so that it shows on
    /// light and dark alike.
    #[must_use]
    pub fn series(&self, series: usize) -> Style {
        if self.shown_depth() == Depth::Ansi {
            // Sixteen colours are too few for a palette: those of the terminal's scheme stand in for all.
            return ANSI.get(series % (ANSI.len() + 1)).map_or(Style::new(), |colour| Style::new().fg(*colour));
        }
        if self.shown_depth() == Depth::None {
            return Style::new();
        }
        let ink = self.inks.get(self.palette.index(series)).copied().flatten();
        ink.map_or(Style::new(), |ink| Style::new().fg(ink))
    }

    /// What should not draw the eye: axes, guides, notes.
    #[must_use]
    pub fn quiet(&self) -> Style {
        match self.shown_depth() {
            Depth::None => Style::new().add_modifier(Modifier::DIM),
            _ => self.foreground(self.scheme.quiet),
        }
    }

    /// The frame of the panel that keys go to.
    #[must_use]
    pub fn focus(&self) -> Style {
        self.foreground(self.scheme.focus).add_modifier(Modifier::BOLD)
    }

    /// Something is wrong with a number or a command. The words say so too.
    #[must_use]
    pub fn warning(&self) -> Style {
        self.foreground(self.scheme.warning).add_modifier(Modifier::BOLD)
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

    /// The chosen row of a list: reversed where keys go to it, bold where they do not.
    #[must_use]
    pub fn chosen(&self, in_focus: bool) -> Style {
        if in_focus { self.pointed() } else { self.heading() }
    }

    /// A heat map's cell. Without many colours letters of ink say how much, and the sign has its own.
    #[must_use]
    pub fn heat(&self, level: Level) -> (char, Style) {
        const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
        const BELOW: [char; 5] = [' ', '·', '-', '=', '≡'];
        /// Neighbours among 256 colours of those of signed values, from zero outwards.
        const INDEXED_ABOVE: [u8; 5] = [255, 223, 208, 166, 94];
        const INDEXED_BELOW: [u8; 5] = [255, 153, 68, 25, 17];
        let amount = match level {
            Level::Amount(amount) => amount.clamp(0.0, 1.0),
            Level::Signed(amount) => amount.abs().min(1.0),
        };
        let step = ((amount * 5.0) as usize).min(4);
        let is_below = matches!(level, Level::Signed(amount) if amount < 0.0);
        match (self.shown_depth(), level) {
            (Depth::True, _) => {
                let (red, green, blue) = level.colour();
                ('█', Style::new().fg(Color::Rgb(red, green, blue)))
            }
            // xterm's grey ramp is finer than its colours are.
            (Depth::Indexed, Level::Amount(_)) => {
                ('█', Style::new().fg(Color::Indexed(255 - (amount * 21.0).round() as u8)))
            }
            (Depth::Indexed, Level::Signed(_)) => {
                let ramp = if is_below { INDEXED_BELOW } else { INDEXED_ABOVE };
                ('█', Style::new().fg(Color::Indexed(ramp[step])))
            }
            (Depth::Ansi, Level::Signed(_)) => {
                (SHADES[step], Style::new().fg(if is_below { Color::Blue } else { Color::Yellow }))
            }
            (Depth::None, Level::Signed(_)) if is_below => (BELOW[step], Style::new()),
            (Depth::Ansi | Depth::None, _) => (SHADES[step], Style::new()),
        }
    }

    /// Gives the scheme's own ground and ink to every cell that has none.
    pub fn paint(&self, buffer: &mut Buffer) {
        let Some(paper) = &self.scheme.paper else { return };
        let (ground, ink) = (self.colour(paper.ground.0, paper.ground.1), self.colour(paper.ink.0, paper.ink.1));
        let (Some(ground), Some(ink)) = (ground, ink) else { return };
        for cell in &mut buffer.content {
            if cell.bg == Color::Reset {
                cell.bg = ground;
            }
            if cell.fg == Color::Reset {
                cell.fg = ink;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::palette;

    #[test]
    fn there_is_room_for_every_palette() {
        assert!(palette::ALL.iter().all(|palette| palette.size() <= MOST_INKS));
    }

    #[test]
    fn series_differ_at_every_depth_in_every_palette_and_scheme() {
        for theme in [Theme::truecolor(), Theme::indexed(), Theme::ansi()] {
            for palette in palette::ALL {
                for scheme in scheme::ALL.iter().filter(|scheme| !scheme.is_colourless) {
                    let theme = theme.with_palette(palette).with_scheme(scheme);
                    let count = if theme.depth == Depth::Ansi { ANSI.len() + 1 } else { palette.size() };
                    let looks: std::collections::HashSet<_> = (0..count).map(|series| theme.series(series)).collect();
                    assert_eq!(looks.len(), count, "{} {} {:?}", palette.id, scheme.id, theme.depth);
                }
            }
        }
    }

    #[test]
    fn mono_sets_no_colour() {
        for theme in [Theme::mono(), Theme::truecolor().with_scheme(&scheme::MONO)] {
            let looks = [
                theme.series(0),
                theme.quiet(),
                theme.heading(),
                theme.pointed(),
                theme.focus(),
                theme.warning(),
                theme.heat(Level::Amount(0.7)).1,
            ];
            assert!(looks.iter().all(|look| look.fg.is_none() && look.bg.is_none()));
        }
        // Nor does a scheme with a ground of its own, in a terminal that has no colours or is asked for none.
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 3, 1));
        let before = buffer.clone();
        Theme::mono().with_scheme(&scheme::LIGHT).paint(&mut buffer);
        assert_eq!(buffer, before);
    }

    #[test]
    fn a_ground_is_painted_under_everything_and_over_nothing() {
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 2, 1));
        buffer[(1, 0)].set_style(Style::new().fg(Color::Red).bg(Color::Green));
        Theme::ansi().with_scheme(&scheme::LIGHT).paint(&mut buffer);
        assert_eq!((buffer[(0, 0)].fg, buffer[(0, 0)].bg), (Color::Black, Color::White));
        assert_eq!((buffer[(1, 0)].fg, buffer[(1, 0)].bg), (Color::Red, Color::Green));
    }

    #[test]
    fn what_is_misspelled_is_named_with_the_nearest() {
        assert_eq!(Charset::find("blocks"), Ok(Charset::Blocks));
        assert!(Charset::find("brail").unwrap_err().contains("expected one of"));
        assert!(Charset::find("brailel").unwrap_err().contains("did you mean `braille`?"));
    }
}
