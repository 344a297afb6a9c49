//! What is to be said of data that were read.

/// Something that was recognized, left out, or found strange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What, in words.
    pub text: String,
    /// Whether it is likely to be a mistake.
    pub is_warning: bool,
    /// The field of the data specification that it is about.
    pub field: &'static str,
}

impl Note {
    /// Something that is as it should be, and worth knowing.
    #[must_use]
    pub fn remark(text: String) -> Self {
        Self { text, is_warning: false, field: "source" }
    }

    /// Something that is likely to be a mistake.
    #[must_use]
    pub fn warning(text: String) -> Self {
        Self { is_warning: true, ..Self::remark(text) }
    }

    /// The same with the name of a file before it.
    #[must_use]
    pub fn of(self, file: &str) -> Self {
        Self { text: format!("{file}: {}", self.text), ..self }
    }

    /// The same about another field than the source.
    #[must_use]
    pub fn about(self, field: &'static str) -> Self {
        Self { field, ..self }
    }
}
