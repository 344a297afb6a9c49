//! The help: which section is read, and what is looked for in all of them.

use tui_input::Input;

use super::turn::turned;

/// The help as it is being read.
#[derive(Debug, Clone, Default)]
pub struct Help {
    /// The section.
    pub section: Section,
    /// What is looked for; while it is empty, the section is shown.
    pub search: Input,
    /// Whether letters go to what is looked for.
    pub is_typing: bool,
    /// The question chosen, where questions are read.
    pub question: usize,
    /// First line shown.
    pub scroll: usize,
}

/// A section of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Section {
    /// Questions of somebody who sees this for the first time, and what answers them.
    Questions,
    /// The keys that work now.
    #[default]
    Here,
    /// Every key.
    Keys,
    /// The glossary.
    Words,
    /// How each chart is read.
    Charts,
    /// What is recorded, number by number.
    Numbers,
    /// Everything else that can be chosen: estimators, problems, rules.
    Methods,
    /// How things are done.
    Guide,
}

impl Section {
    /// The sections, in the order in which they are turned.
    pub const ALL: [Self; 8] =
        [Self::Questions, Self::Here, Self::Keys, Self::Words, Self::Charts, Self::Numbers, Self::Methods, Self::Guide];

    /// Its name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Questions => "Questions",
            Self::Here => "Keys here",
            Self::Keys => "All keys",
            Self::Words => "Words",
            Self::Charts => "Charts",
            Self::Numbers => "Numbers",
            Self::Methods => "Methods",
            Self::Guide => "Guide",
        }
    }

    /// The next section, or the one before; after the last comes the first.
    #[must_use]
    pub fn turned(self, forward: bool) -> Self {
        turned(&Self::ALL, self, forward)
    }
}

impl Help {
    /// The help, opened at a section.
    #[must_use]
    pub fn at(section: Section) -> Self {
        Self { section, ..Self::default() }
    }

    /// The help, looking for something.
    #[must_use]
    pub fn about(words: &str) -> Self {
        Self { section: Section::Words, search: Input::new(words.to_owned()), ..Self::default() }
    }

    /// What is looked for, if anything.
    #[must_use]
    pub fn wanted(&self) -> Option<&str> {
        Some(self.search.value().trim()).filter(|wanted| !wanted.is_empty())
    }

    /// Whether a question is chosen, which can be put to the laboratory.
    #[must_use]
    pub fn chooses_question(&self) -> bool {
        self.section == Section::Questions && self.wanted().is_none()
    }
}
