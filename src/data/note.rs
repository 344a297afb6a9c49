//! What is to be said of data that were read.

/// Something that was recognized, left out, or found strange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What, in words.
    pub text: String,
    /// Whether it is likely to be a mistake.
    pub is_warning: bool,
}

impl Note {
    /// Something that is as it should be, and worth knowing.
    #[must_use]
    pub fn remark(text: String) -> Self {
        Self { text, is_warning: false }
    }

    /// Something that is likely to be a mistake.
    #[must_use]
    pub fn warning(text: String) -> Self {
        Self { text, is_warning: true }
    }
}
