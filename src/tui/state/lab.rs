//! The laboratory's screen.

use std::sync::Arc;

use ratatui::layout::Position;

use super::drawn::{DrawnPanes, Source};
use super::knobs::{Address, Content, KnobRow, rows};
use super::panes::{Company, Grid, Pane, fill, opening};
use crate::chart::figure::lightened;
use crate::chart::{self, Choice, Figure};
use crate::lab::{Answer, Snapshot, TrialView};
use crate::probe::{Excerpt, Question};
use crate::tui::questions::Posed;

/// The panel that keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list of trials.
    Trials,
    /// The knobs.
    Knobs,
    /// The charts.
    Charts,
}

/// Speeds to run at; `1` is ten ticks a second, and the last is as fast as the laboratory computes.
pub const SPEEDS: [f64; 10] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, f64::INFINITY];

/// A speed in words, by its index into [`SPEEDS`].
#[must_use]
pub fn speed_label(index: usize) -> String {
    match SPEEDS[index.min(SPEEDS.len() - 1)] {
        speed if speed.is_infinite() => "max".to_owned(),
        speed => format!("{speed}x"),
    }
}

/// Where every chart is read, without a mouse.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Reads {
    /// Nowhere.
    #[default]
    Nowhere,
    /// At the newest point of the selected trial.
    Newest,
    /// At a value of x, on charts over this.
    At {
        /// The label of the axis.
        label: String,
        /// The value.
        x: f64,
    },
}

/// Dots across the widest chart that a screen draws: what a figure has beyond that nobody sees.
const MOST_COLUMNS: usize = 320;

/// A snapshot, shared with whoever took it.
pub type Shown = Arc<Snapshot>;

/// What a pinned run answers to whoever would turn or move it; nothing, where it is a trial of the laboratory.
#[must_use]
pub fn refusal(trial: &TrialView) -> Option<String> {
    trial.is_pinned.then(|| format!("{} stays as it was; P lets go of it", trial.setting.name))
}

/// A choice that was asked for. Where the laboratory refuses it, the next is asked for from there.
pub struct Tried {
    /// Where.
    pub address: Address,
    /// What stood there.
    pub from: Content,
    /// What was to stand there.
    pub to: Content,
}

/// What the mouse holds until its button is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// What is seen of the chart in a pane, at a cell.
    Chart(usize, Position),
    /// The slider in a row of the knobs.
    Slider(usize),
}

/// What the screen knows of a laboratory: its latest snapshot and what is selected.
pub struct LabState {
    /// First part of the names of exported files.
    pub label: String,
    /// The laboratory at one moment.
    pub snapshot: Shown,
    /// Whether it has been computing for long enough to say so.
    pub is_busy: bool,
    /// Whether requests are under way.
    pub is_pending: bool,
    /// Whether it runs by itself.
    pub is_running: bool,
    /// Index into [`SPEEDS`].
    pub speed: usize,
    /// The panel that keys go to.
    pub focus: Focus,
    /// Row of the selected trial.
    pub trial: usize,
    /// Row of the selected knob.
    pub knob: usize,
    /// The panes, in the order in which they stand in the grid; those that have no room wait behind.
    pub panes: Vec<Pane>,
    /// The grid; by size, when a person has not said.
    pub grid: Option<Grid>,
    /// Whether only the pane in focus is shown.
    pub is_alone: bool,
    /// The pane in focus.
    pub pane: usize,
    /// How the trials are drawn that are not selected.
    pub company: Company,
    /// Where charts are read, without a mouse.
    pub reads: Reads,
    /// What the mouse holds.
    pub held: Option<Held>,
    /// The charts as they were drawn last.
    pub drawn: DrawnPanes,
    /// A knob turned, whose value the laboratory does not show yet.
    pub turned: Option<(Address, Content)>,
    /// The choice that was asked for last.
    pub tried: Option<Tried>,
    /// Whether `turned` still has to be asked for, since the laboratory was busy.
    pub turn_waits: bool,
    /// Whether something was done that stepping would not bring back.
    pub is_unsaved: bool,
    /// Whether it runs on beyond where the scenario plans to end.
    pub goes_beyond: bool,
    /// Whether an outer step was asked for by hand and has not been seen to end.
    pub awaits_outer: bool,
    /// The question that this is to answer, whose answer stands under the charts.
    pub posed: Option<&'static Posed>,
    /// What it runs until, while it does.
    pub until: Option<String>,
    /// Where the mouse points, while it points at a chart.
    pub pointer: Option<Position>,
    /// The trial that the laboratory was last told is selected.
    pub told: Option<u64>,
}

impl LabState {
    /// The screen of a laboratory just opened.
    #[must_use]
    pub fn new(label: impl Into<String>, snapshot: Shown) -> Self {
        let grid = snapshot.experiment.scenario.grid.map(|(rows, columns)| Grid::new(rows, columns));
        Self {
            label: label.into(),
            panes: opening(&snapshot.charts, grid),
            grid,
            is_alone: false,
            company: Company::Usual,
            reads: Reads::Nowhere,
            held: None,
            drawn: DrawnPanes::default(),
            snapshot,
            is_busy: false,
            is_pending: false,
            is_running: false,
            speed: 4,
            focus: Focus::Trials,
            trial: 0,
            knob: 0,
            pane: 0,
            turned: None,
            tried: None,
            turn_waits: false,
            is_unsaved: false,
            goes_beyond: false,
            awaits_outer: false,
            posed: None,
            until: None,
            pointer: None,
            told: None,
        }
    }

    /// The same with its panes in a grid, unless its scenario says in which; with further charts, where that has more panes than there are.
    #[must_use]
    pub fn in_grid(mut self, wanted: Option<Grid>) -> Self {
        // What the scenario says comes first.
        let grid = self.grid.or(wanted);
        fill(&mut self.panes, grid.map_or(0, Grid::panes));
        Self { grid, ..self }
    }

    /// The selected trial.
    #[must_use]
    pub fn selected(&self) -> Option<&TrialView> {
        self.snapshot.trials.get(self.trial)
    }

    /// The trial whose outer steps are meant: where each takes its own, the one selected.
    #[must_use]
    pub fn timed(&self) -> Option<u64> {
        self.selected().filter(|trial| !trial.is_pinned && !self.snapshot.keeps_rounds()).map(|trial| trial.id)
    }

    /// What the charts here have measured, that of the chart in focus first.
    fn questions(&self) -> impl Iterator<Item = Question> {
        let others = (0..self.panes.len()).filter(|pane| *pane != self.pane);
        std::iter::once(self.pane).chain(others).filter_map(|pane| self.chart_of(pane).finding)
    }

    /// What a person means by measuring, when nothing else is said: what the chart in focus shows, or another chart;
    /// else what was measured last.
    #[must_use]
    pub fn question(&self) -> Option<Question> {
        self.questions().next().or(self.snapshot.findings.answers().last().map(|answer| answer.question))
    }

    /// What was measured of the selected trial: of the chart in focus, of another chart, or last.
    #[must_use]
    pub fn excerpt(&self) -> Option<(&Answer, Excerpt)> {
        let (findings, trial) = (&self.snapshot.findings, self.selected()?);
        let charted = self.questions().filter_map(|question| findings.answer(question));
        let about = |answer: &Answer| answer.latest.as_ref()?.about(trial.id, &trial.setting);
        charted.chain(findings.answers().iter().rev()).find_map(|answer| Some((answer, about(answer)?)))
    }

    /// The rows of the knobs' panel. A knob just turned shows where it was turned to.
    #[must_use]
    pub fn knobs(&self) -> Vec<KnobRow> {
        let mut rows = rows(&self.snapshot, self.trial);
        if let Some((address, content)) = &self.turned {
            for row in rows.iter_mut().filter(|row| row.address == *address) {
                row.content = content.clone();
            }
        }
        rows
    }

    /// The row of the selected knob.
    #[must_use]
    pub fn selected_knob(&self) -> Option<KnobRow> {
        self.knobs().into_iter().nth(self.knob)
    }

    /// The chart in the pane in focus.
    #[must_use]
    pub fn chart(&self) -> &'static chart::Entry {
        self.chart_of(self.pane)
    }

    /// The chart in a pane.
    #[must_use]
    pub fn chart_of(&self, pane: usize) -> &'static chart::Entry {
        self.panes[pane.min(self.panes.len() - 1)].entry()
    }

    /// The chart in a pane with what it draws and what of that is seen.
    #[must_use]
    pub fn choice(&self, pane: usize) -> Choice {
        self.panes[pane.min(self.panes.len() - 1)].choice()
    }

    /// What a pane shows now: the chart through its lens, the selected trial set off. It is made once, whoever asks.
    #[must_use]
    pub fn figure(&self, pane: usize) -> Arc<Figure> {
        let source = Source {
            snapshot: Arc::clone(&self.snapshot),
            pane: self.panes[pane.min(self.panes.len() - 1)].clone(),
            company: self.company,
            selected: self.selected().map(|trial| trial.id),
        };
        let make = || {
            let drawn = self.company.draw(self.choice(pane).draw(&self.snapshot), &self.snapshot, self.selected());
            lightened(drawn, MOST_COLUMNS)
        };
        self.drawn.figure(pane, source, make)
    }

    /// Another moment of the same laboratory. What was selected stays so, unless a trial is new.
    pub(super) fn show(&mut self, snapshot: Shown) {
        let id = self.selected().map(|trial| trial.id);
        let known = |id: u64| self.snapshot.trials.iter().any(|trial| trial.id == id);
        let new = snapshot.trials.iter().position(|trial| !trial.is_pinned && !known(trial.id));
        let same = snapshot.trials.iter().position(|trial| Some(trial.id) == id);
        let last = snapshot.trials.len().saturating_sub(1);
        self.snapshot = snapshot;
        self.trial = new.or(same).unwrap_or(self.trial.min(last));
        self.knob = self.knob.min(rows(&self.snapshot, self.trial).len().saturating_sub(1));
        if !self.is_pending && !self.turn_waits {
            self.turned = None;
        }
    }

    /// Ticks a second to run at; infinite for as fast as it goes.
    #[must_use]
    pub fn ticks_per_second(&self) -> f64 {
        10.0 * SPEEDS[self.speed.min(SPEEDS.len() - 1)]
    }

    /// The speed in words.
    #[must_use]
    pub fn speed_label(&self) -> String {
        speed_label(self.speed)
    }
}
