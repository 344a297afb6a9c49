//! What can lie over a screen.

use tui_input::Input;

use super::turn::turned;
use super::{Help, KnobRow, Wish};
use crate::probe::Question;
use crate::tui::keymap::Context;

/// What lies over the screen and takes its keys.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// Questions, keys, words, and how things are read and done.
    Help(Help),
    /// A card: what something is, where it is from, when it fails.
    Explain {
        /// Whose card.
        page: Explained,
        /// First line shown.
        scroll: usize,
    },
    /// The estimators, to add some.
    Picker {
        /// The row chosen.
        selected: usize,
        /// Which are marked.
        marked: Vec<bool>,
    },
    /// The branches of the history.
    Branches {
        /// The row chosen.
        selected: usize,
    },
    /// Commands by name.
    Palette {
        /// What is typed.
        input: Input,
        /// The row chosen.
        selected: usize,
    },
    /// A value being typed.
    Value {
        /// Where it is to stand.
        row: Box<KnobRow>,
        /// What is typed.
        input: Input,
        /// Why it was not taken.
        error: Option<String>,
        /// The value now, as it would be typed. It stands in the field until something is typed, which replaces it.
        before: String,
        /// Whether nothing was typed yet.
        is_untouched: bool,
    },
    /// Values of a knob to measure at being typed.
    Sweep {
        /// What is measured.
        question: Question,
        /// Which knob.
        row: Box<KnobRow>,
        /// What is typed.
        input: Input,
        /// Whether every trial that has such a knob is measured with these values, or the selected one alone.
        is_for_all: bool,
        /// Why it was not taken.
        error: Option<String>,
    },
    /// Everything that was measured, in numbers.
    Findings {
        /// First line shown.
        scroll: usize,
    },
    /// All trials side by side.
    Comparison {
        /// In which order.
        sorting: Sorting,
        /// First line shown.
        scroll: usize,
    },
    /// Everything that is to be said of a table.
    Notes {
        /// First line shown.
        scroll: usize,
    },
    /// Something to read: the files written.
    Notice {
        /// Heading.
        title: String,
        /// Lines.
        lines: Vec<String>,
        /// First line shown.
        scroll: usize,
    },
    /// Leave without saving?
    Question(Leaving),
}

/// What a person leaves an unsaved laboratory for.
#[derive(Debug, Clone)]
pub enum Leaving {
    /// The end of the program.
    End,
    /// Something else, to be opened in its place.
    For(Box<Wish>),
}

impl Overlay {
    /// Where its keys belong.
    #[must_use]
    pub fn context(&self) -> Context {
        match self {
            Self::Help(Help { is_typing: true, .. }) => Context::HelpSearch,
            Self::Help(_) => Context::Help,
            Self::Findings { .. } | Self::Notes { .. } | Self::Notice { .. } => Context::Text,
            Self::Explain { .. } => Context::Card,
            Self::Comparison { .. } => Context::Table,
            Self::Picker { .. } => Context::Picker,
            Self::Branches { .. } => Context::List,
            Self::Palette { .. } => Context::Palette,
            Self::Value { .. } => Context::Value,
            Self::Sweep { .. } => Context::Sweep,
            Self::Question(_) => Context::Question,
        }
    }

    /// What is being typed, where letters are text.
    pub fn input(&mut self) -> Option<&mut Input> {
        match self {
            Self::Palette { input, .. } | Self::Value { input, .. } | Self::Sweep { input, .. } => Some(input),
            Self::Help(help) if help.is_typing => Some(&mut help.search),
            _ => None,
        }
    }

    /// Something is typed into the field: a letter replaces what stood there, a key that edits goes on with it.
    pub fn touch(&mut self, is_letter: bool) {
        if let Self::Value { input, is_untouched, .. } = self {
            if *is_untouched && is_letter {
                *input = Input::default();
            }
            *is_untouched = false;
        }
    }

    /// A field in which the value of a row stands until something is typed.
    #[must_use]
    pub fn value(row: KnobRow) -> Self {
        let before = row.content.to_text();
        let input = Input::new(before.clone());
        Self::Value { row: Box::new(row), before, input, error: None, is_untouched: true }
    }

    /// A picker with nothing marked.
    #[must_use]
    pub fn picker() -> Self {
        Self::Picker { selected: 0, marked: vec![false; crate::estimator::ALL.len()] }
    }
}

/// The order of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sorting {
    /// By which column; nothing, for the order of the trials.
    pub column: Option<usize>,
    /// Whether the largest number comes first.
    pub descending: bool,
}

impl Sorting {
    /// By the next of so many columns, or the one before; before the first and behind the last there is none.
    #[must_use]
    pub fn turned(self, forward: bool, columns: usize) -> Self {
        let places = columns + 1;
        let at = self.column.map_or(0, |column| column + 1);
        let next = (at + if forward { 1 } else { places - 1 }) % places;
        Self { column: next.checked_sub(1), ..self }
    }

    /// By this column, or in the order of the trials; once more, the other way round.
    #[must_use]
    pub fn by(self, column: Option<usize>) -> Self {
        if self.column == column { Self { descending: !self.descending, ..self } } else { Self { column, ..self } }
    }
}

/// What a card can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explained {
    /// The scenario: what to watch for.
    Scenario,
    /// The words and symbols that stand in the panel in focus.
    Words,
    /// The selected trial's estimator.
    Estimator,
    /// Its inner loop.
    Dynamics,
    /// Its outer loop.
    Rule,
    /// The problem.
    Problem,
    /// The chart in focus.
    Chart,
}

impl Explained {
    /// The pages, in the order in which they are turned.
    pub const ALL: [Self; 7] =
        [Self::Scenario, Self::Words, Self::Estimator, Self::Dynamics, Self::Rule, Self::Problem, Self::Chart];

    /// Its name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Scenario => "Scenario",
            Self::Words => "Words here",
            Self::Estimator => "Estimator",
            Self::Dynamics => "Inner loop",
            Self::Rule => "Outer loop",
            Self::Problem => "Problem",
            Self::Chart => "Chart",
        }
    }

    /// The page so many further on; after the last comes the first.
    #[must_use]
    pub fn turned(self, forward: bool) -> Self {
        turned(&Self::ALL, self, forward)
    }
}
