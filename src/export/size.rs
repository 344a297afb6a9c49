//! How large pictures are, in pixels or on paper.

/// A picture's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom; of a picture for a page at least, since legends and captions take what they need.
    pub height: u32,
    /// What it is made for, where it has a size in inches.
    pub print: Option<Print>,
}

/// What a picture with a size in inches is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// A column or both of a journal's page, at 300 dots an inch.
    Page,
    /// A wide slide, at 144 dots an inch.
    Slide,
}

impl Print {
    /// Pixels of an inch.
    #[must_use]
    pub const fn dots_per_inch(self) -> u32 {
        match self {
            Self::Page => 300,
            Self::Slide => 144,
        }
    }
}

/// Sizes with a name.
pub const PRESETS: [(&str, Size); 3] =
    [("single-column", Size::SINGLE_COLUMN), ("double-column", Size::DOUBLE_COLUMN), ("slide", Size::SLIDE)];

impl Size {
    /// The smallest side in which text and data both have room.
    pub const LEAST: u32 = 240;
    /// The largest side.
    pub const MOST: u32 = 8000;

    /// 3.5 inches wide, one column of two.
    pub const SINGLE_COLUMN: Self = Self { width: 1050, height: 870, print: Some(Print::Page) };
    /// 7 inches wide, across a page.
    pub const DOUBLE_COLUMN: Self = Self { width: 2100, height: 1350, print: Some(Print::Page) };
    /// 16 to 9.
    pub const SLIDE: Self = Self { width: 1920, height: 1080, print: Some(Print::Slide) };

    /// A size in pixels.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height, print: None }
    }

    /// Reads a preset's name or `800x600`.
    ///
    /// # Errors
    /// When it is neither, or a side is out of bounds.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some((_, size)) = PRESETS.iter().find(|(name, _)| *name == text) {
            return Ok(*size);
        }
        let sides =
            text.split_once(['x', 'X', '×']).and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
        let bounds = Self::LEAST..=Self::MOST;
        match sides {
            Some((width, height)) if bounds.contains(&width) && bounds.contains(&height) => {
                Ok(Self::new(width, height))
            }
            _ => {
                let names = PRESETS.map(|(name, _)| name).join(", ");
                Err(format!("expected {names}, or WIDTHxHEIGHT in pixels, each from {} to {}", Self::LEAST, Self::MOST))
            }
        }
    }
}

impl Default for Size {
    fn default() -> Self {
        Self::DOUBLE_COLUMN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sides_are_read_and_anything_else_is_refused() {
        assert_eq!(Size::parse("single-column"), Ok(Size::SINGLE_COLUMN));
        assert_eq!(Size::parse("800x600"), Ok(Size::new(800, 600)));
        for wrong in ["triple-column", "800", "800x", "10x600", "800x9000"] {
            let said = Size::parse(wrong).unwrap_err();
            assert!(said.contains("slide") && said.contains("WIDTHxHEIGHT"), "{said}");
        }
    }

    #[test]
    fn columns_have_the_widths_of_journals_and_a_slide_is_16_to_9() {
        let inches = |size: Size| f64::from(size.width) / f64::from(size.print.unwrap().dots_per_inch());
        assert!((inches(Size::SINGLE_COLUMN) - 3.5).abs() < 1e-12);
        assert!((inches(Size::DOUBLE_COLUMN) - 7.0).abs() < 1e-12);
        assert_eq!(Size::SLIDE.width * 9, Size::SLIDE.height * 16);
    }
}
