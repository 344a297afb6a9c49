//! All trials side by side at one moment: a row a trial, a column a number, in any order.

use super::{Snapshot, TrialView};
use crate::math::number::counted;
use crate::metric::{self, Kind, Metric, Quantity, QuantityError};
use crate::probe::{Cell, Table};
use crate::trial::Status;

/// A table of trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What stands in the columns.
    pub columns: Vec<Quantity>,
    /// One row a trial.
    pub rows: Vec<Row>,
}

/// One trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its identifier.
    pub trial: u64,
    /// Its name.
    pub name: String,
    /// Outer steps that it has completed; the last of them, from 0, is one less.
    pub outer_steps: usize,
    /// What it is doing; nothing, where it has arrived where it was to go. The numbers of one that has stopped are those
    /// of the last step that it took.
    pub status: Option<Status>,
    /// A number for each column, where the trial has one.
    pub values: Vec<Option<f64>>,
}

/// What is reported of a trial that was to go so far and no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// How many of its outer steps.
    pub steps: usize,
    /// Why it came no further, where it did not arrive.
    pub stopped: Option<Status>,
}

impl End {
    /// `done`, or where and why it stopped.
    #[must_use]
    pub fn words(self) -> String {
        in_words(self.stopped)
    }
}

fn in_words(status: Option<Status>) -> String {
    status.map_or_else(|| "done".to_owned(), |status| status.to_string())
}

impl Row {
    /// What it is doing, in full.
    #[must_use]
    pub fn status_in_words(&self) -> String {
        in_words(self.status)
    }

    /// Whether it has stopped for good.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.status.is_some_and(Status::is_halted)
    }
}

/// Columns when nothing is said.
const USUAL: usize = 8;

impl Comparison {
    /// Columns of its tables before the numbers: who it is, and what became of it.
    pub const LEADING: usize = 2;

    /// The trials at the end of what is shown, hidden ones included, in the order shown.
    #[must_use]
    pub fn of(snapshot: &Snapshot, columns: &[Quantity]) -> Self {
        let status = |_, trial: &TrialView| Some(trial.status);
        Self::reading(snapshot, columns, (|_, trial: &TrialView| trial.outer, status), |_, trial, column| {
            trial.now(column)
        })
    }

    /// The trials at the outer step that was planned to be each one's last, or at the last that it completed.
    #[must_use]
    pub fn at_the_end(snapshot: &Snapshot, columns: &[Quantity], ends: &[End]) -> Self {
        let status = |index: usize, _: &TrialView| ends.get(index).and_then(|end| end.stopped);
        let steps = |index: usize, trial: &TrialView| {
            let completed = trial.outer_records.len();
            ends.get(index).map_or(completed, |end| end.steps.min(completed))
        };
        Self::reading(snapshot, columns, (steps, status), |index, trial, column| {
            column.at(trial.outer_records.at(steps(index, trial).checked_sub(1)?)?)
        })
    }

    fn reading(
        snapshot: &Snapshot,
        columns: &[Quantity],
        (steps, status): (impl Fn(usize, &TrialView) -> usize, impl Fn(usize, &TrialView) -> Option<Status>),
        read: impl Fn(usize, &TrialView, Quantity) -> Option<f64>,
    ) -> Self {
        let row = |(index, trial): (usize, &TrialView)| Row {
            trial: trial.id,
            name: trial.setting.name.clone(),
            outer_steps: steps(index, trial),
            status: status(index, trial),
            values: columns.iter().map(|column| read(index, trial, *column)).collect(),
        };
        Self { columns: columns.to_vec(), rows: snapshot.trials.iter().enumerate().map(row).collect() }
    }

    /// The columns that are shown when nothing is said: the metrics that come first, of those that some trial has.
    #[must_use]
    pub fn usual(snapshot: &Snapshot) -> Vec<Quantity> {
        let mut ranked: Vec<&Metric> = Vec::new();
        for metric in snapshot.trials.iter().flat_map(TrialView::ranked) {
            if !ranked.iter().any(|other| std::ptr::eq(*other, metric)) {
                ranked.push(metric);
            }
        }
        ranked.sort_by_key(|metric| metric.rank);
        ranked.into_iter().take(USUAL).map(Quantity::from).collect()
    }

    /// Every number that some trial has: those that come first, then the others in the order of the list.
    #[must_use]
    pub fn all(snapshot: &Snapshot) -> Vec<Quantity> {
        let has = |metric: &Metric| snapshot.trials.iter().any(|trial| trial.offers.has(metric));
        let mut metrics: Vec<&'static Metric> =
            metric::ALL.iter().copied().filter(|metric| metric.kind.is_number() && has(metric)).collect();
        metrics.sort_by_key(|metric| if metric.rank == 0 { u8::MAX } else { metric.rank });
        metrics.into_iter().map(Quantity::from).collect()
    }

    /// Columns by name, where some trial has them.
    ///
    /// # Errors
    /// The first that is no number or that no trial can have, and what would have it.
    pub fn chosen(snapshot: &Snapshot, names: &[String]) -> Result<Vec<Quantity>, QuantityError> {
        names.iter().map(|name| Self::column(snapshot, name)).collect()
    }

    fn column(snapshot: &Snapshot, name: &str) -> Result<Quantity, QuantityError> {
        let quantity = Quantity::parse(name)?;
        let has = |trial: &TrialView| trial.offers.has(quantity.metric);
        let lack = snapshot.trials.first().and_then(|trial| trial.offers.lack(quantity.metric));
        if let Some(lack) = lack.filter(|_| !snapshot.trials.iter().any(has)) {
            let message = format!("`{quantity}` cannot be had here: {lack}");
            return Err(QuantityError { message, help: None });
        }
        let lengths = snapshot.trials.iter().filter_map(|trial| trial.length(quantity.metric));
        match lengths.max().zip(quantity.entry).filter(|(length, entry)| entry >= length) {
            Some((length, _)) => {
                let message = format!("`{quantity}` is beyond the end: it has {}, from 0", counted(length, "entry"));
                Err(QuantityError { message, help: None })
            }
            None => Ok(quantity),
        }
    }

    /// The rows by a column. What is not a number comes last either way; equals stay as they are.
    pub fn sort(&mut self, column: usize, descending: bool) {
        let key = |row: &Row| row.values.get(column).copied().flatten().filter(|x| !x.is_nan());
        self.rows.sort_by(|a, b| match (key(a), key(b)) {
            (Some(a), Some(b)) if descending => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
    }

    /// As cells, under the names of the columns as files spell them; what a trial is doing in full, and how many outer steps
    /// it has completed, since `outer_step` is the number of the last, from 0.
    #[must_use]
    pub fn named_table(&self) -> Table {
        let mut table = self.cells(|column| column.to_string().replace('-', "_"), |row| row.status_in_words().into());
        table.columns.insert(Self::LEADING, "outer_steps".to_owned());
        for (cells, row) in table.rows.iter_mut().zip(&self.rows) {
            cells.insert(Self::LEADING, row.outer_steps.into());
        }
        table
    }

    /// As cells for a person, under the heads given; of trials that have stopped in a word why.
    #[must_use]
    pub fn table(&self, head: impl Fn(Quantity) -> String) -> Table {
        let mut table = self.cells(head, |row| row.status.and_then(Status::stop).into());
        for row in &mut table.rows {
            for (column, cell) in self.columns.iter().zip(&mut row[Self::LEADING..]) {
                *cell = read_out(column.metric, std::mem::replace(cell, Cell::Missing));
            }
        }
        table
    }

    /// [`Self::LEADING`] columns, and then the numbers.
    fn cells(&self, head: impl Fn(Quantity) -> String, status: impl Fn(&Row) -> Cell) -> Table {
        let leading = ["trial", "status"].map(str::to_owned);
        let columns = leading.into_iter().chain(self.columns.iter().map(|column| head(*column)));
        let row = |row: &Row| {
            let cells = self.columns.iter().zip(&row.values).map(|(column, value)| cell(column.metric, *value));
            [row.name.as_str().into(), status(row)].into_iter().chain(cells).collect()
        };
        Table { columns: columns.collect(), rows: self.rows.iter().map(row).collect() }
    }
}

/// A cell as people read it: what counts something in full, as a whole number where it is one.
#[must_use]
pub fn read_out(metric: &Metric, cell: Cell) -> Cell {
    match cell {
        Cell::Real(value) if metric.is_count() && value >= 0.0 && value.fract() == 0.0 && value < 9e15 => {
            Cell::Count(value as usize)
        }
        other => other,
    }
}

/// A number as its kind is written.
#[must_use]
pub fn cell(metric: &Metric, value: Option<f64>) -> Cell {
    match (metric.kind, value) {
        (Kind::Flag, Some(x)) if x.is_finite() => (x == 1.0).into(),
        (Kind::Count, Some(x)) if x.is_finite() => (x as usize).into(),
        (_, value) => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_either_way_and_what_is_no_number_comes_last() {
        let values = [Some(2.0), None, Some(-1.0), Some(f64::NAN), Some(f64::INFINITY)];
        let row = |(trial, value): (usize, &Option<f64>)| Row {
            trial: trial as u64,
            name: trial.to_string(),
            outer_steps: 0,
            status: None,
            values: vec![*value],
        };
        let rows = values.iter().enumerate().map(row).collect();
        let mut table = Comparison { columns: vec![Quantity::from(&metric::ERROR)], rows };
        let order = |table: &Comparison| table.rows.iter().map(|row| row.trial).collect::<Vec<_>>();
        table.sort(0, false);
        assert_eq!(order(&table), [2, 0, 4, 1, 3]);
        table.sort(0, true);
        assert_eq!(order(&table), [4, 0, 2, 1, 3]);
    }
}
