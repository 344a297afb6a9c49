//! The state of the screen: a value. [`update`](super::update) changes it, [`view`](super::view)
//! draws it, and neither computes anything of the laboratory.

mod knobs;
mod lab;
mod overlay;

pub use knobs::{Address, Content, KnobRow, rows};
pub use lab::{Focus, LabState, METRIC, Panes, SPEEDS, Shown, Tried};
pub use overlay::{Explained, Overlay, Sorting};

use super::keymap::Context;
use super::theme::Theme;
use crate::catalog::Spec;
use crate::engine::EngineError;
use crate::estimator::Estimators;
use crate::scenario::Scenario;

/// Columns from which the laboratory's left column stays open beside the charts.
pub const WIDE: u16 = 110;

/// A scenario that can be opened from the start page.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What `hyperlab ID` would open, and the first part of the names of exported files.
    pub id: String,
    /// What it says.
    pub scenario: Scenario,
}

/// What fills the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The list of scenarios.
    Start,
    /// Something is being opened.
    Opening,
    /// The laboratory.
    Lab,
}

/// The list of scenarios.
#[derive(Debug, Clone, Default)]
pub struct StartPage {
    /// The row chosen.
    pub selected: usize,
    /// Estimators to add to the scenario chosen.
    pub extra: Vec<Spec<Estimators>>,
}

/// A line for the person in front of the screen. The next key clears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The words.
    pub text: String,
    /// Whether something went wrong.
    pub is_error: bool,
}

/// Everything that is drawn.
pub struct App {
    /// How things look.
    pub theme: Theme,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What can be opened.
    pub listed: Vec<Listed>,
    /// What fills the screen.
    pub screen: Screen,
    /// The list of scenarios.
    pub start: StartPage,
    /// What is being opened, in words.
    pub opening: String,
    /// The laboratory, once one is open. It stays while the start page is shown.
    pub lab: Option<LabState>,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// What is to be said.
    pub message: Option<Message>,
    /// Whether the program began at the start page, where leaving a laboratory returns to.
    pub has_start_page: bool,
}

impl App {
    /// The start page.
    #[must_use]
    pub fn new(theme: Theme, listed: Vec<Listed>) -> Self {
        Self {
            theme,
            size: (80, 24),
            listed,
            screen: Screen::Start,
            start: StartPage::default(),
            opening: String::new(),
            lab: None,
            overlay: None,
            message: None,
            has_start_page: true,
        }
    }

    /// Where a key pressed now belongs.
    #[must_use]
    pub fn context(&self) -> Context {
        match (&self.overlay, self.screen, &self.lab) {
            (Some(overlay), ..) => overlay.context(),
            (None, Screen::Start, _) => Context::Start,
            (None, Screen::Lab, Some(lab)) => match lab.focus {
                Focus::Trials => Context::Trials,
                Focus::Knobs => Context::Knobs,
                Focus::Charts => Context::Charts,
            },
            (None, Screen::Opening | Screen::Lab, _) => Context::Opening,
        }
    }

    /// The laboratory, where it is on screen.
    #[must_use]
    pub fn shown_lab(&self) -> Option<&LabState> {
        self.lab.as_ref().filter(|_| self.screen == Screen::Lab)
    }

    /// The scenario chosen on the start page.
    #[must_use]
    pub fn chosen(&self) -> Option<&Listed> {
        self.listed.get(self.start.selected)
    }

    /// Says something.
    pub fn say(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: super::text::clean(&text.into()), is_error: false });
    }

    /// Says that something went wrong.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: super::text::clean(&text.into()), is_error: true });
    }

    /// Says what went wrong in the laboratory; what is worst, where there is more. It rests where a step had to be
    /// undone: the next would be no other.
    pub fn hear(&mut self, errors: &[EngineError]) {
        let undone = errors.iter().find(|error| matches!(error, EngineError::Undone(_)));
        if let Some(lab) = self.lab.as_mut().filter(|_| undone.is_some()) {
            lab.is_running = false;
        }
        if let Some(error) = undone.or(errors.last()) {
            self.complain(error.to_string());
        }
    }

    /// A laboratory is open: it fills the screen.
    pub fn enter(&mut self, mut lab: LabState) {
        if self.size.0 < WIDE {
            lab.focus = Focus::Charts;
        }
        self.lab = Some(lab);
        self.screen = Screen::Lab;
        self.overlay = None;
    }

    /// Another moment of the laboratory: shows it, and says what is not to be missed.
    pub fn show(&mut self, snapshot: Shown, is_pending: bool) {
        let Some(lab) = &mut self.lab else {
            return;
        };
        let has_forked = snapshot.branches.len() > lab.snapshot.branches.len();
        let has_measured = lab.snapshot.findings.under_way.is_some() && snapshot.findings.under_way.is_none();
        let (outer, inner) = snapshot.clock(lab.timed());
        let has_moved = lab.awaits_outer && outer > lab.snapshot.clock(lab.timed()).0 && inner == 0;
        lab.is_pending = is_pending;
        lab.awaits_outer &= is_pending && !has_moved;
        lab.show(snapshot);
        if has_measured {
            // That it is being measured is true no more.
            self.message.take_if(|message| message.text.starts_with("measuring "));
        }
        if has_forked {
            self.say("a new branch starts here; b goes back to the other");
        } else if has_moved {
            self.say("λ has moved, and a new inner run begins; the charts keep the last one until then");
        }
    }

    /// The estimators that a person can add, in the order shown.
    #[must_use]
    pub fn estimators() -> &'static [crate::estimator::Entry] {
        crate::estimator::ALL
    }
}
