//! The panes: which chart each shows and what of it, and the grid they stand in.

use crate::chart::{self, Against, Choice, Figure, Lens, Others, set_off, strips};
use crate::lab::{Snapshot, TrialView};
use crate::metric::Clock;
use crate::scenario::MOST_CHARTS;

/// The chart that draws any metric.
pub const METRIC: &str = "metric";

/// Panes of a laboratory before anybody has said how many.
const USUAL: usize = 4;

/// A place for a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Pane {
    /// Index into [`chart::ALL`].
    pub chart: usize,
    /// What it draws while its chart is that of any metric.
    pub against: Against,
    /// The clock it is drawn over, where that is not the chart's own.
    pub clock: Option<Clock>,
    /// What of the chart is seen.
    pub lens: Lens,
}

impl Pane {
    fn of(chart: usize) -> Self {
        Self { chart, against: Against::default(), clock: None, lens: Lens::default() }
    }

    /// Its chart.
    #[must_use]
    pub fn entry(&self) -> &'static chart::Entry {
        &chart::ALL[self.chart.min(chart::ALL.len() - 1)]
    }

    /// Its chart with what it draws and what of that is seen.
    #[must_use]
    pub fn choice(&self) -> Choice {
        let entry = self.entry();
        let against = (entry.card.id == METRIC).then(|| self.against.clone());
        Choice { entry, against, clock: self.clock, lens: self.lens }
    }

    /// Shows another chart, all of it.
    pub fn show(&mut self, chart: usize) {
        (self.chart, self.clock, self.lens) = (chart, None, Lens::default());
    }

    /// Draws over another clock: all of it, as a stretch of one clock is none of another.
    pub fn over(&mut self, clock: Clock) {
        if self.entry().card.id == METRIC {
            self.against = self.against.over(clock);
        } else {
            self.clock = Some(clock);
        }
        (self.lens.x, self.lens.x_scale, self.lens.follows) = (None, None, false);
    }

    /// As a chart was asked for; `None` where it is no chart.
    fn parse(text: &str) -> Option<Self> {
        let Choice { entry, against, clock, lens } = Choice::parse(text).ok()?;
        let chart = chart::ALL.iter().position(|other| std::ptr::eq(other, entry))?;
        Some(Self { chart, against: against.unwrap_or_default(), clock, lens })
    }
}

/// Rows and columns of panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Rows.
    pub rows: usize,
    /// Panes in a row.
    pub columns: usize,
}

impl Grid {
    /// The grids that a key goes through.
    pub const ALL: [Self; 8] = [
        Self::new(1, 1),
        Self::new(1, 2),
        Self::new(2, 1),
        Self::new(2, 2),
        Self::new(1, 3),
        Self::new(2, 3),
        Self::new(3, 2),
        Self::new(3, 3),
    ];

    /// So many rows of so many.
    #[must_use]
    pub const fn new(rows: usize, columns: usize) -> Self {
        Self { rows, columns }
    }

    /// How many panes it has.
    #[must_use]
    pub const fn panes(self) -> usize {
        self.rows * self.columns
    }

    /// Reads `2x3`: two rows of three.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (rows, columns) = text.trim().split_once(['x', '×'])?;
        let grid = Self::new(rows.trim().parse().ok()?, columns.trim().parse().ok()?);
        let sides = [grid.rows, grid.columns];
        (sides.iter().all(|side| (1..=MOST_CHARTS).contains(side)) && grid.panes() <= MOST_CHARTS).then_some(grid)
    }
}

impl std::fmt::Display for Grid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.rows, self.columns)
    }
}

/// How the trials are drawn that are not selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// All alike, the selected one on top; pale, where there are many.
    Usual,
    /// All alike, the selected one on top.
    Alike,
    /// Pale.
    Dimmed,
    /// Not at all.
    Alone,
    /// A strip of colour each.
    Strips,
}

impl Company {
    /// In the order in which a key goes through them.
    pub const ALL: [Self; 5] = [Self::Usual, Self::Alike, Self::Dimmed, Self::Alone, Self::Strips];

    /// More trials than these are dimmed unless a person says otherwise.
    const MANY: usize = 4;

    /// What it does, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Usual => "other trials: pale where there are many",
            Self::Alike => "other trials: drawn like the selected one",
            Self::Dimmed => "other trials: pale",
            Self::Alone => "the selected trial alone, in every chart",
            Self::Strips => "a strip of colour for every trial",
        }
    }

    /// A figure with the selected trial set off like this.
    #[must_use]
    pub fn draw(self, mut figure: Figure, snapshot: &Snapshot, selected: Option<&TrialView>) -> Figure {
        let others = match self {
            Self::Usual if snapshot.shown().count() > Self::MANY => Others::Dimmed,
            Self::Usual | Self::Alike | Self::Strips => Others::Alike,
            Self::Dimmed => Others::Dimmed,
            Self::Alone => Others::LeftOut,
        };
        if let Some(id) = selected.and_then(|trial| usize::try_from(trial.id).ok()) {
            set_off(&mut figure, id, others);
        }
        if self == Self::Strips { strips(&figure).unwrap_or(figure) } else { figure }
    }
}

/// The panes that a scenario opens with: its charts, filled up with the first others.
#[must_use]
pub fn opening(wanted: &[String], grid: Option<Grid>) -> Vec<Pane> {
    let mut panes: Vec<Pane> = wanted.iter().filter_map(|text| Pane::parse(text)).take(MOST_CHARTS).collect();
    fill(&mut panes, grid.map_or(USUAL, |grid| grid.panes().max(USUAL)));
    panes
}

/// Further panes, with charts that no pane has yet, until there are so many.
pub fn fill(panes: &mut Vec<Pane>, count: usize) {
    for chart in 0..chart::ALL.len() {
        if panes.len() >= count.min(MOST_CHARTS) {
            return;
        }
        if panes.iter().all(|pane| pane.chart != chart) {
            panes.push(Pane::of(chart));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_are_read_as_they_are_written() {
        for grid in Grid::ALL {
            assert_eq!(Grid::parse(&grid.to_string()), Some(grid));
        }
        for text in ["", "2", "0x3", "4x3", "2x", "2x1000000000000", "axb"] {
            assert_eq!(Grid::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_scenario_opens_with_its_charts_and_others_fill_up() {
        let panes = opening(&["cosine".to_owned(), "no chart".to_owned(), "metric(cosine, calls)".to_owned()], None);
        let ids: Vec<&str> = panes.iter().map(|pane| pane.entry().card.id).collect();
        assert_eq!((ids[0], ids[1], ids.len()), ("cosine", METRIC, USUAL));
        assert_eq!(panes[1].choice().to_string(), "metric(cosine, calls)");
        let many: Vec<String> = (0..20).map(|_| "losses".to_owned()).collect();
        assert_eq!(opening(&many, None).len(), MOST_CHARTS);
    }
}
