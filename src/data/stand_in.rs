//! Rows that may stand in place of a row: independent draws from where the scenario's rows come from.
//!
//! A synthetic source is drawn from afresh. A data set is finite, and what stands for the population is what the split
//! leaves over: rows of no part, or else test rows. A stand-in is divided, expanded, shifted and scaled as the scenario's
//! rows were; the scales stay those of the scenario's rows. A training row's class or target is noisy as theirs are.

use std::sync::Arc;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

use super::draw::Draw;
use super::prepare::{Fitted, features, fitted_again};
use super::strata::classes;
use super::{DataError, DataSpec, Dataset, Features, Prepared, Samples, synthetic};
use crate::math::Matrix;
use crate::math::number::counted;
use crate::math::random::{Purpose, stream};
use crate::math::sparse::SparseMatrix;

/// The level whose rows are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Side {
    /// The rows of the outer objective.
    #[default]
    Validation,
    /// The rows of the inner objective.
    Training,
}

/// A row written out, in place of a row of the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Row")]
pub struct ReplacedRow {
    /// Whose row is replaced.
    #[serde(default)]
    pub side: Side,
    /// Which of them, counted from 0.
    pub index: usize,
    /// The new row's features, as the source would give them.
    pub features: Vec<f64>,
    /// The new row's target, a class as its number.
    pub target: f64,
}

/// What stand-ins are drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StandInOrigin {
    /// The population itself.
    Population,
    /// Rows of the data set that are in no part.
    Unused,
    /// Test rows.
    Test,
}

/// Where stand-ins come from.
pub struct StandIns {
    spec: DataSpec,
    seed: u64,
    fitted: Fitted,
    /// Classes that noise draws from.
    labels: Vec<f64>,
    origin: Origin,
}

enum Origin {
    Population,
    /// All rows, and which of them are left over.
    Pool(Arc<Dataset>, Vec<usize>, StandInOrigin),
}

impl Side {
    /// As a reader calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Validation => "validation",
            Self::Training => "training",
        }
    }
}

impl StandInOrigin {
    /// In words that go on in a sentence.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Population => "drawn from the population",
            Self::Unused => "drawn from rows of no part: conditional on the data set",
            Self::Test => "drawn from the test rows: conditional on the data set",
        }
    }
}

/// Sets the draws apart from those of replicates, which come from the same formula.
const STAND_IN: u64 = 1 << 48;

impl StandIns {
    /// Stand-ins for the rows that a scenario was prepared with.
    ///
    /// # Errors
    /// When nothing is left over, or what is left over cannot be prepared.
    pub fn of(spec: &DataSpec, seed: u64, prepared: &Prepared) -> Result<Self, DataError> {
        let fitted = fitted_again(spec, prepared)?;
        let origin =
            if synthetic::is_synthetic(&spec.source) { Origin::Population } else { Origin::left_over(prepared)? };
        let labels = if spec.label_noise > 0.0 { classes(&prepared.dataset.targets) } else { Vec::new() };
        Ok(Self { spec: spec.clone(), seed, fitted, labels, origin })
    }

    /// What they are drawn from.
    #[must_use]
    pub fn origin(&self) -> StandInOrigin {
        match &self.origin {
            Origin::Population => StandInOrigin::Population,
            Origin::Pool(_, _, origin) => *origin,
        }
    }

    /// The stand-in for row `index` of a side: a function of seed, side and index, on streams of its own.
    ///
    /// # Errors
    /// When the row cannot be prepared.
    pub fn row(&self, side: Side, index: usize) -> Result<Samples, DataError> {
        let place = [STAND_IN, side as u64, index as u64];
        let mut random = stream(self.seed, Purpose::StandIn, &place);
        let mut row = match &self.origin {
            Origin::Population => {
                let data = synthetic::rows(&self.spec.source, 1, Draw { seed: self.seed, replicate: &place })?;
                features(&self.spec, data)?.samples(&[0])
            }
            Origin::Pool(dataset, rows, _) => {
                let chosen = dataset.samples(&[rows[random.random_range(0..rows.len())]]);
                let data = Dataset { features: chosen.features, ..emptied(dataset) };
                Samples { features: features(&self.spec, data)?.features, ..chosen }
            }
        };
        if side == Side::Training {
            self.disturb(&mut row.targets[0], &mut random);
        }
        self.fitted.apply(&mut row);
        Ok(row)
    }

    /// What noise makes of a training target.
    fn disturb(&self, target: &mut f64, random: &mut ChaCha8Rng) {
        if random.random::<f64>() < self.spec.label_noise && !self.labels.is_empty() {
            *target = self.labels[random.random_range(0..self.labels.len())];
        }
        let normal: f64 = StandardNormal.sample(random);
        *target += self.spec.target_noise * normal;
    }
}

impl Origin {
    fn left_over(prepared: &Prepared) -> Result<Self, DataError> {
        let rows = &prepared.rows;
        let mut is_taken = vec![false; prepared.dataset.targets.len()];
        for row in rows.training.iter().chain(&rows.validation).chain(&rows.test) {
            is_taken[*row] = true;
        }
        let unused: Vec<usize> = (0..is_taken.len()).filter(|row| !is_taken[*row]).collect();
        let (left, origin) =
            if unused.is_empty() { (rows.test.clone(), StandInOrigin::Test) } else { (unused, StandInOrigin::Unused) };
        if left.is_empty() {
            let message = "every row trains or validates, so that none is left to take the place of another; expected a \
                           split that leaves rows over, or `study.replaced` with rows written out";
            return Err(DataError::at("split", message));
        }
        Ok(Self::Pool(Arc::clone(&prepared.dataset), left, origin))
    }
}

/// What a data set says of its rows, without them.
pub(super) fn emptied(dataset: &Dataset) -> Dataset {
    Dataset {
        features: Features::default(),
        targets: Vec::new(),
        weights: Vec::new(),
        curve: Vec::new(),
        notes: Vec::new(),
        ..dataset.clone()
    }
}

/// A row that is written out, as the problem sees it.
///
/// # Errors
/// When it has another number of features than the source, a value that is not finite, or a class that the data do not
/// know.
pub fn written_out(spec: &DataSpec, prepared: &Prepared, row: &ReplacedRow) -> Result<Samples, DataError> {
    let dataset = &prepared.dataset;
    let columns = dataset.features.columns();
    if row.features.len() != columns {
        let message = format!("found {}; expected {columns}, as in the data", counted(row.features.len(), "feature"));
        return Err(DataError::at("features", message));
    }
    if let Some(column) = row.features.iter().position(|x| !x.is_finite()) {
        let message = format!("found {}; expected a finite number", row.features[column]);
        return Err(DataError::at(format!("features[{column}]"), message));
    }
    let labels = &prepared.split.labels;
    if !row.target.is_finite() || !(labels.is_empty() || labels.contains(&row.target)) {
        let expected = match labels.as_slice() {
            [first, .., last] => format!("a class of the data, which are {} from {first} to {last}", labels.len()),
            _ => "a finite number".to_owned(),
        };
        return Err(DataError::at("target", format!("found {}; expected {expected}", row.target)));
    }
    let matrix = Matrix::from_fn(1, columns, |_, j| row.features[j]);
    let data = features(spec, Dataset { features: matrix.into(), targets: vec![row.target], ..emptied(dataset) })?;
    let mut samples = Samples::new(data.features, data.targets);
    fitted_again(spec, prepared)?.apply(&mut samples);
    Ok(samples)
}

/// The first row of a matrix, zeros left out.
fn sparse_row(matrix: &Matrix) -> Features {
    let stored = matrix.row(0).iter().enumerate().filter(|(_, x)| **x != 0.0);
    let (indices, values): (Vec<u32>, Vec<f64>) = stored.map(|(j, x)| (j as u32, *x)).unzip();
    let row = SparseMatrix::from_entries(matrix.columns(), vec![indices.len()], indices, values);
    row.unwrap_or_default().into()
}

impl Samples {
    /// The same with one row replaced by the only row of `other`, which counts as that row did where nothing is said of it.
    #[must_use]
    pub fn replacing(&self, index: usize, other: &Self) -> Self {
        let mut replaced = self.clone();
        let rows =
            (0..self.features.rows()).map(|i| if i == index { other.features.row(0) } else { self.features.row(i) });
        replaced.features = match (&self.features, &other.features) {
            (Features::Dense(matrix), _) => {
                let mut matrix = Matrix::clone(matrix);
                other.features.row(0).copy_to(matrix.row_mut(index));
                matrix.into()
            }
            (Features::Sparse(_), Features::Sparse(_)) => Features::of_rows(self.features.columns(), rows),
            (Features::Sparse(_), Features::Dense(dense)) => {
                return self.replacing(index, &Self { features: sparse_row(dense), ..other.clone() });
            }
        };
        replaced.targets[index] = other.targets[0];
        if let (Some(weight), Some(own)) = (replaced.weights.get_mut(index), other.weights.first()) {
            *weight = *own;
        }
        replaced
    }
}
