//! The schemes of colours, by name. To add one: a value and a line in [`ALL`].

use ratatui::style::Color;

use crate::chart::palette::{Ground, Rgb};
use crate::scenario::unknown;

/// A colour, and which of a terminal's own 16 stands in for it.
type Ink = (Rgb, Color);

/// What everything but the series is drawn in.
#[derive(Debug, PartialEq, Eq)]
pub struct Scheme {
    /// What it is called.
    pub id: &'static str,
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// What the series have to stand out from.
    pub ground: Ground,
    /// The ground and the ink, where the terminal's own are not left as they are.
    pub paper: Option<Paper>,
    /// What should not draw the eye.
    pub quiet: Ink,
    /// The frame of the panel that keys go to, and the keys in the footer.
    pub focus: Ink,
    /// Something is wrong.
    pub warning: Ink,
    /// Whether it sets no colour at all.
    pub is_colourless: bool,
}

/// A ground and an ink.
#[derive(Debug, PartialEq, Eq)]
pub struct Paper {
    /// Behind everything.
    pub ground: Ink,
    /// What is written on it.
    pub ink: Ink,
}

/// The terminal's own ground and ink, whatever they are.
pub static AUTO: Scheme = Scheme {
    id: "auto",
    summary: "The terminal's own ground and ink, and colours that show on light and dark alike.",
    ground: Ground::Unknown,
    paper: None,
    quiet: ((138, 138, 138), Color::DarkGray),
    focus: ((32, 138, 190), Color::Cyan),
    warning: ((214, 96, 20), Color::LightRed),
    is_colourless: false,
};

/// Light on dark.
pub static DARK: Scheme = Scheme {
    id: "dark",
    summary: "Light on dark.",
    ground: Ground::Dark,
    paper: Some(Paper { ground: ((16, 18, 22), Color::Black), ink: ((222, 222, 222), Color::White) }),
    quiet: ((138, 142, 150), Color::Gray),
    focus: ((86, 180, 233), Color::LightCyan),
    warning: ((240, 140, 60), Color::LightRed),
    is_colourless: false,
};

/// Dark on light.
pub static LIGHT: Scheme = Scheme {
    id: "light",
    summary: "Dark on light.",
    ground: Ground::Light,
    paper: Some(Paper { ground: ((255, 255, 255), Color::White), ink: ((24, 24, 24), Color::Black) }),
    quiet: ((105, 105, 105), Color::DarkGray),
    focus: ((0, 90, 150), Color::Blue),
    warning: ((176, 58, 0), Color::Red),
    is_colourless: false,
};

/// White on black, and nothing faint.
pub static HIGH_CONTRAST: Scheme = Scheme {
    id: "high-contrast",
    summary: "White on black, and nothing faint.",
    ground: Ground::Black,
    paper: Some(Paper { ground: ((0, 0, 0), Color::Black), ink: ((255, 255, 255), Color::White) }),
    quiet: ((200, 200, 200), Color::Gray),
    focus: ((255, 221, 0), Color::LightYellow),
    warning: ((255, 150, 80), Color::LightRed),
    is_colourless: false,
};

/// No colour.
pub static MONO: Scheme = Scheme {
    id: "mono",
    summary: "No colour: bold, dim, reversed, and markers.",
    ground: Ground::Unknown,
    paper: None,
    quiet: ((138, 138, 138), Color::Reset),
    focus: ((138, 138, 138), Color::Reset),
    warning: ((138, 138, 138), Color::Reset),
    is_colourless: true,
};

/// Every scheme, in the order shown.
pub static ALL: &[&Scheme] = &[&AUTO, &DARK, &LIGHT, &HIGH_CONTRAST, &MONO];

/// The scheme of this name.
///
/// # Errors
/// That there is none, with the nearest name or all of them.
pub fn find(id: &str) -> Result<&'static Scheme, String> {
    let ids: Vec<&str> = ALL.iter().map(|scheme| scheme.id).collect();
    ALL.iter().copied().find(|scheme| scheme.id == id).ok_or_else(|| unknown("theme", id, &ids))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::palette::contrast;

    /// Text is read at 4.5 to 1 (Web Content Accessibility Guidelines 2.1, criterion 1.4.3), and at 7 to 1 where contrast
    /// is asked for (1.4.6).
    #[test]
    fn what_is_written_can_be_read() {
        for scheme in ALL {
            let Some(paper) = &scheme.paper else { continue };
            let least = if scheme.id == "high-contrast" { 7.0 } else { 4.5 };
            for ink in [paper.ink, scheme.quiet, scheme.focus, scheme.warning] {
                let is = contrast(ink.0, paper.ground.0);
                assert!(is >= least, "{} {ink:?}: {is}", scheme.id);
            }
        }
        // On a ground that nobody knows: 3 to 1 on white and on black.
        for ink in [AUTO.quiet, AUTO.focus, AUTO.warning] {
            for ground in [(255, 255, 255), (0, 0, 0)] {
                assert!(contrast(ink.0, ground) >= 3.0, "{ink:?} on {ground:?}: {}", contrast(ink.0, ground));
            }
        }
    }

    #[test]
    fn a_scheme_is_found_by_its_name_and_the_nearest_is_named() {
        for scheme in ALL {
            assert_eq!(find(scheme.id).map(|found| found.id), Ok(scheme.id));
        }
        assert!(find("drak").unwrap_err().contains("did you mean `dark`?"));
    }
}
