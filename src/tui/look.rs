//! What the screens add to the theme: focus, choice, warnings. Each also reads without colour.

use ratatui::style::{Color, Modifier, Style};

use super::theme::{Depth, Theme};

impl Theme {
    /// The frame of the panel that keys go to.
    #[must_use]
    pub fn focus(&self) -> Style {
        match self.depth {
            Depth::True => Style::new().fg(Color::Rgb(86, 180, 233)).add_modifier(Modifier::BOLD),
            Depth::Indexed => Style::new().fg(Color::Indexed(74)).add_modifier(Modifier::BOLD),
            Depth::Ansi => Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
            Depth::None => Style::new().add_modifier(Modifier::BOLD),
        }
    }

    /// Something is wrong with a number or a command. The words say so too.
    #[must_use]
    pub fn warning(&self) -> Style {
        match self.depth {
            Depth::True => Style::new().fg(Color::Rgb(230, 120, 40)).add_modifier(Modifier::BOLD),
            Depth::Indexed => Style::new().fg(Color::Indexed(208)).add_modifier(Modifier::BOLD),
            Depth::Ansi => Style::new().fg(Color::LightRed).add_modifier(Modifier::BOLD),
            Depth::None => Style::new().add_modifier(Modifier::BOLD),
        }
    }

    /// The chosen row of a list: reversed where keys go to it, bold where they do not.
    #[must_use]
    pub fn chosen(&self, in_focus: bool) -> Style {
        if in_focus { self.pointed() } else { self.heading() }
    }
}
