//! Rows of one member, and the split they make.

use crate::catalog::Knobs;
use crate::data::{Features, RowWeights, Samples, Split};
use crate::math::statistics::distinct;

/// The rows there are to divide.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// Rows of the scenario's training set.
    pub training: usize,
    /// Rows of the scenario's validation set.
    pub validation: usize,
    /// Whether only validation rows are fit to validate, since the labels of training rows cannot be
    /// trusted: data hyper-cleaning.
    pub validation_is_trusted: bool,
    /// Targets of the training rows, then of the validation rows.
    pub targets: Vec<f64>,
}

impl Rows {
    /// Those of a split.
    #[must_use]
    pub fn of(base: &Split, validation_is_trusted: bool) -> Self {
        Self {
            training: base.training.targets.len(),
            validation: base.validation.targets.len(),
            validation_is_trusted,
            targets: [&base.training.targets[..], &base.validation.targets].concat(),
        }
    }

    /// Row numbers of each class, training rows before validation rows.
    pub(super) fn classes(&self) -> Vec<Vec<usize>> {
        let labels = distinct(self.targets.iter().copied());
        let is = |row: usize, label: f64| self.targets[row].total_cmp(&label).is_eq();
        labels.iter().map(|label| (0..self.targets.len()).filter(|row| is(*row, *label)).collect()).collect()
    }
}

/// A row of the scenario's split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// Of its training set.
    Training(usize),
    /// Of its validation set.
    Validation(usize),
}

/// Which rows a member trains and validates on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Division {
    /// Rows of the inner objective.
    pub training: Vec<Row>,
    /// Rows of the outer objective.
    pub validation: Vec<Row>,
}

impl Division {
    /// The scenario's own.
    pub fn identity(rows: &Rows) -> Self {
        Self {
            training: (0..rows.training).map(Row::Training).collect(),
            validation: (0..rows.validation).map(Row::Validation).collect(),
        }
    }

    /// The first class of the data that the member would not see in training.
    pub fn missing_class(&self, base: &Split) -> Option<f64> {
        let present = |class: &f64| base.training.targets.contains(class) || base.validation.targets.contains(class);
        let trains = |class: &f64| self.training.iter().any(|row| target(base, *row).total_cmp(class).is_eq());
        base.labels.iter().copied().filter(present).find(|class| !trains(class))
    }

    /// The split it makes of the scenario's, without the test rows: they are the same for every member.
    pub fn of(&self, base: &Split) -> Split {
        let weights = base.row_weights();
        let owner = |row: &Row| match row {
            Row::Training(index) => weights.owners.get(*index).copied().flatten(),
            Row::Validation(_) => None,
        };
        Split {
            training: gather(base, &self.training),
            validation: gather(base, &self.validation),
            test: Samples::none(base.training.features.columns()),
            feature_names: base.feature_names.clone(),
            columns: base.columns.clone(),
            labels: base.labels.clone(),
            class_names: base.class_names.clone(),
            class_weights: base.class_weights.clone(),
            weights: RowWeights { owners: self.training.iter().map(owner).collect(), count: weights.count },
        }
    }
}

/// All rows but the test rows as training rows. Validation rows validate as well, for want of others; they
/// are trusted and have no weight to learn.
#[must_use]
pub fn merged(base: &Split) -> Split {
    let Division { mut training, validation } = Division::identity(&Rows::of(base, true));
    training.extend(&validation);
    Split { test: base.test.clone(), ..Division { training, validation }.of(base) }
}

fn samples(base: &Split, row: Row) -> (&Samples, usize) {
    match row {
        Row::Training(index) => (&base.training, index),
        Row::Validation(index) => (&base.validation, index),
    }
}

fn target(base: &Split, row: Row) -> f64 {
    let (samples, index) = samples(base, row);
    samples.targets[index]
}

fn gather(base: &Split, rows: &[Row]) -> Samples {
    let columns = base.training.features.columns();
    let features = rows.iter().map(|row| {
        let (samples, index) = samples(base, *row);
        samples.features.row(index)
    });
    let features = Features::of_rows(columns, features);
    let targets = rows.iter().map(|row| target(base, *row)).collect();
    let are_weighted = [&base.training, &base.validation].iter().any(|samples| !samples.weights.is_empty());
    let weight = |row: &Row| {
        let (samples, index) = samples(base, *row);
        samples.weights.get(index).copied().unwrap_or(1.0)
    };
    Samples { features, targets, weights: if are_weighted { rows.iter().map(weight).collect() } else { Vec::new() } }
}

/// Whether the training rows by themselves, the validation rows by themselves, or all of them together
/// are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope {
    pub together: bool,
    pub training: bool,
    pub validation: bool,
}

impl Scope {
    pub fn of(knobs: &Knobs, rows: &Rows) -> Self {
        match knobs.choice("of") {
            "Validation" => Self { together: false, training: false, validation: true },
            "Training" => Self { together: false, training: true, validation: false },
            _ if rows.validation_is_trusted => Self { together: false, training: true, validation: true },
            _ => Self { together: true, training: false, validation: false },
        }
    }
}
