//! The state of the screen: a value. [`update`](super::update) changes it, [`view`](super::view)
//! draws it, and neither computes anything of the laboratory.

mod columns;
mod drawn;
mod help;
mod items;
mod knobs;
mod lab;
mod overlay;
mod panes;
mod start;
mod turn;
mod wish;

pub use columns::ColumnsPage;
pub use drawn::{DrawnPanes, Look};
pub use help::{Help, Section};
pub use knobs::{Address, Content, KnobRow, rows};
pub use lab::{Focus, Held, LabState, Reads, SPEEDS, Shown, Tried, refusal, speed_label};
pub use overlay::{Explained, Leaving, Overlay, Sorting};
pub use panes::{Company, Grid, METRIC, Pane, fill};
pub use start::{FolderContents, Item, Row, StartPage, is_path, to_open};
pub use turn::turned;
pub use wish::{Listed, Wish};

use tui_input::Input;

use std::sync::Arc;

use super::keymap::Context;
use super::questions::Posed;
use super::theme::Theme;
use crate::engine::EngineError;
use crate::lab::{Answer, Stopped};
use crate::probe::Question;

/// Columns from which the laboratory's left column stays open beside the charts.
pub const WIDE: u16 = 110;

/// What fills the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The list of scenarios.
    Start,
    /// The columns of a table.
    Columns,
    /// Something is being opened.
    Opening,
    /// The laboratory.
    Lab,
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
    /// How they looked before what is only shown to choose from.
    pub before_preview: Option<Theme>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What can be opened.
    pub listed: Vec<Listed>,
    /// What fills the screen.
    pub screen: Screen,
    /// The list of scenarios.
    pub start: StartPage,
    /// The columns of the table that was opened last.
    pub columns: Option<ColumnsPage>,
    /// What is being opened, in words.
    pub opening: String,
    /// What filled the screen before, and does again where nothing comes of the opening.
    pub behind: Screen,
    /// The laboratory, once one is open. It stays while the start page is shown.
    pub lab: Option<LabState>,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// What is to be said.
    pub message: Option<Message>,
    /// A question whose scenario is being opened.
    pub posed: Option<&'static Posed>,
}

impl App {
    /// The start page.
    #[must_use]
    pub fn new(theme: Theme, listed: Vec<Listed>) -> Self {
        Self {
            theme,
            before_preview: None,
            size: (80, 24),
            listed,
            screen: Screen::Start,
            start: StartPage::default(),
            columns: None,
            opening: String::new(),
            behind: Screen::Start,
            lab: None,
            overlay: None,
            message: None,
            posed: None,
        }
    }

    /// Where a key pressed now belongs.
    #[must_use]
    pub fn context(&self) -> Context {
        match (&self.overlay, self.screen, &self.lab) {
            (Some(overlay), ..) => overlay.context(),
            (None, Screen::Start, _) if self.start.search.is_some() => Context::Search,
            (None, Screen::Start, _) => Context::Start,
            (None, Screen::Columns, _) => {
                let is_searched = self.columns.as_ref().is_some_and(|page| page.search.is_some());
                if is_searched { Context::ColumnSearch } else { Context::Columns }
            }
            (None, Screen::Lab, Some(lab)) => match lab.focus {
                Focus::Trials => Context::Trials,
                Focus::Knobs => Context::Knobs,
                Focus::Charts if lab.reads != Reads::Nowhere => Context::Reading,
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

    /// The field one types in, where there is one.
    pub fn input(&mut self) -> Option<&mut Input> {
        match (&mut self.overlay, self.screen) {
            (Some(overlay), _) => overlay.input(),
            (None, Screen::Start) => self.start.search.as_mut(),
            (None, Screen::Columns) => self.columns.as_mut().and_then(|page| page.search.as_mut()),
            _ => None,
        }
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
            let elsewhere = match error {
                EngineError::Unmeasurable { question, .. } => self.elsewhere(*question),
                _ => None,
            };
            self.complain(error.to_string() + &elsewhere.unwrap_or_default());
        }
    }

    /// Something is being opened: the screen says so.
    pub fn begin_opening(&mut self, title: String) {
        if self.screen != Screen::Opening {
            self.behind = self.screen;
        }
        self.screen = Screen::Opening;
        self.opening = title;
    }

    /// Nothing comes of what was being opened: everything is as before.
    pub fn end_opening(&mut self) {
        self.screen = self.behind;
        self.opening.clear();
    }

    /// Says what became of the scenario that was to be written over a table, beside what is said already. Where it was not,
    /// there is something to lose.
    pub fn hear_of_scenario(&mut self, words: &str, is_written: bool) {
        let said = self.message.take();
        let text = said.as_ref().map_or_else(|| words.to_owned(), |said| format!("{words}; {}", said.text));
        let is_error = !is_written || said.is_some_and(|said| said.is_error);
        if is_error {
            self.complain(text);
        } else {
            self.say(text);
        }
        if let Some(lab) = self.lab.as_mut().filter(|_| !is_written) {
            lab.is_unsaved = true;
        }
    }

    /// A table was read: its columns fill the screen.
    pub fn enter_columns(&mut self, page: ColumnsPage) {
        self.columns = Some(page);
        self.screen = Screen::Columns;
        self.overlay = None;
        self.opening.clear();
        self.rearrange(|start| start.search = None);
    }

    /// The page of columns, where it is on screen.
    #[must_use]
    pub fn shown_columns(&self) -> Option<&ColumnsPage> {
        self.columns.as_ref().filter(|_| self.screen == Screen::Columns)
    }

    /// Says why a run that was to go on until something is so has stopped.
    pub fn hear_stops(&mut self, stops: &[Stopped]) {
        match stops.last() {
            Some(Stopped::Met(words)) => self.say(words.clone()),
            Some(Stopped::Unmet(words)) => self.complain(words.clone()),
            None => {}
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
        // What was searched for is found.
        self.rearrange(|start| start.search = None);
    }

    /// Another moment of the laboratory: shows it, and says what is not to be missed.
    pub fn show(&mut self, snapshot: Shown, is_pending: bool) {
        let Some(lab) = &mut self.lab else {
            return;
        };
        let has_forked = snapshot.branches.len() > lab.snapshot.branches.len();
        let branch = snapshot.branches.get(snapshot.branch);
        let without = branch.filter(|branch| has_forked && branch.is_without).map(|branch| Arc::clone(&branch.change));
        let without = without.filter(|change| change.starts_with("without"));
        let under_way = lab.snapshot.findings.under_way.filter(|_| snapshot.findings.under_way.is_none());
        let measured = under_way.map(|under_way| under_way.question);
        let (outer, inner) = snapshot.clock(lab.timed());
        let has_moved = lab.awaits_outer && outer > lab.snapshot.clock(lab.timed()).0 && inner == 0;
        lab.is_pending = is_pending;
        lab.until = lab.until.take().filter(|_| is_pending);
        lab.awaits_outer &= is_pending && !has_moved;
        lab.show(snapshot);
        if let Some(question) = measured {
            self.end_measuring(question);
        }
        if let Some(change) = without {
            self.say(format!("taken back: a branch {change}; R brings it back"));
        } else if has_forked {
            self.say("a new branch starts here; b goes back to the other");
        } else if has_moved {
            self.say("λ has moved, and a new inner run begins; the charts keep the last one until then");
        }
    }

    /// That something is being measured is true no more. Where to look for it is, where no chart here shows it.
    fn end_measuring(&mut self, question: Question) {
        let Some(message) = self.message.take_if(|message| message.text.starts_with("measuring ")) else { return };
        let findings = self.lab.as_ref().map(|lab| &lab.snapshot.findings);
        let is_there = findings.and_then(|findings| findings.answer(question)).is_some_and(Answer::is_complete);
        let is_elsewhere = ["shows the chart", "shows the numbers"].iter().any(|end| message.text.ends_with(end));
        if is_there && is_elsewhere {
            self.say(message.text.replacen("measuring", "measured", 1));
        }
    }

    /// The estimators that a person can add, in the order shown.
    #[must_use]
    pub fn estimators() -> &'static [crate::estimator::Entry] {
        crate::estimator::ALL
    }
}
