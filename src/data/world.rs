//! Where the rows of a scenario come from, so that others like them can be had.
//!
//! A synthetic source is a population: every replicate draws new rows. A data set is a finite pool: replicates
//! can only be drawn from it again, and what they show is conditional on the pool, which stands for the
//! population. Features and targets are shifted and scaled once, as the population says, so that λ and θ mean
//! the same in every replicate.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::draw::Draw;
use super::prepare::{Fitted, blur, divide_task, features, mislabel};
use super::{
    Columns, DataError, DataSpec, Dataset, Prepared, RowWeights, Samples, Scaling, Source, Split, synthetic, tasks,
};
use crate::math::random::{Purpose, choose, stream};

/// How replicates are drawn from a finite pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resample {
    /// With replacement, training and validation rows independently: the pool is the population.
    Bootstrap,
    /// Without replacement, validation rows from those that do not train.
    Resplit,
}

/// A population, or a finite pool that stands for one.
#[derive(Debug, Clone)]
pub struct World {
    spec: DataSpec,
    seed: u64,
    resample: Resample,
    training_rows: usize,
    validation_rows: usize,
    labels: Vec<f64>,
    class_names: Vec<String>,
    class_weights: Vec<(f64, f64)>,
    feature_names: Vec<String>,
    columns: Columns,
    /// What a target that is 1 larger is larger by once it is scaled.
    target_unit: f64,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Origin {
    /// Rows drawn from a formula; `exact` has its moments, where a squared loss needs no more.
    Population { fitted: Fitted, exact: Option<Samples> },
    /// Rows as the problem sees them, labels as the data set says.
    Pool(Samples),
    /// Tasks of a family, shifted and scaled as those of the scenario.
    Family(Fitted),
}

/// Which rows of a replicate a stream is for.
#[derive(Clone, Copy)]
enum Part {
    Training = 1,
    Validation = 2,
    Judge = 3,
    Noise = 4,
    Scale = 5,
    Large = 6,
}

/// Replicates of the estimates count from 0, those of the truth from here: out of each other's reach.
const TRUTHS: u64 = 1 << 40;

/// Rows that the population risk is averaged over in one replicate of the truth, where it has no closed form.
const JUDGES: usize = 2000;

/// Rows that stand for a population without a closed form.
const LARGE: usize = 10_000;

impl World {
    /// The world of a scenario's data, as it was prepared.
    ///
    /// # Errors
    /// With the field of the specification at fault.
    pub fn of(spec: &DataSpec, seed: u64, resample: Resample, prepared: &Prepared) -> Result<Self, DataError> {
        let (origin, fitted_target, feature_names) = if spec.source.gives_tasks() {
            let fitted = Fitted::again(spec, prepared);
            (Origin::Family(fitted), None, prepared.split.feature_names.clone())
        } else if synthetic::is_synthetic(&spec.source) && !spec.products {
            population(spec, seed)?
        } else {
            pool(spec, &prepared.dataset)?
        };
        let target_unit = fitted_target.map_or(1.0, |scaling: Scaling| {
            let mut ends = [0.0, 1.0];
            scaling.apply_target(&mut ends);
            ends[1] - ends[0]
        });
        Ok(Self {
            spec: spec.clone(),
            seed,
            resample,
            training_rows: prepared.rows.training.len(),
            validation_rows: prepared.rows.validation.len(),
            labels: prepared.split.labels.clone(),
            class_names: prepared.class_names.clone(),
            class_weights: prepared.split.class_weights.clone(),
            feature_names,
            columns: prepared.split.columns.clone(),
            target_unit,
            origin,
        })
    }

    /// Whether every replicate has new rows; otherwise all is conditional on the pool.
    #[must_use]
    pub fn is_population(&self) -> bool {
        // Episodes are made of the rows of a data set, however many there are of them.
        let is_drawn = matches!(self.spec.source, Source::Sinusoids { .. });
        matches!(self.origin, Origin::Population { .. }) || (self.is_family() && is_drawn)
    }

    /// Whether a replicate is other tasks of a family. There is no population of rows then.
    #[must_use]
    pub fn is_family(&self) -> bool {
        matches!(self.origin, Origin::Family(_))
    }

    /// The splits of training replicate `i` and validation replicate `j`: one, or one a task. In a family other
    /// tasks with their support rows are what training replicates draw, other query rows what validation replicates do.
    ///
    /// # Errors
    /// See [`split`](Self::split).
    pub fn splits(&self, i: u64, j: u64) -> Result<Vec<Split>, DataError> {
        match &self.origin {
            Origin::Family(fitted) => self.tasks(fitted, i, j),
            _ => Ok(vec![self.split(i, j)?]),
        }
    }

    /// The splits that replicate `i` of the truth is taken from: see [`judged`](Self::judged). In a family those of
    /// other tasks, since the hypergradient is linear in the query rows.
    ///
    /// # Errors
    /// See [`split`](Self::split).
    pub fn all_judged(&self, i: u64) -> Result<Vec<Split>, DataError> {
        match &self.origin {
            Origin::Family(fitted) => self.tasks(fitted, i + TRUTHS, 0),
            _ => Ok(vec![self.judged(i)?]),
        }
    }

    fn tasks(&self, fitted: &Fitted, i: u64, j: u64) -> Result<Vec<Split>, DataError> {
        let mut splits = tasks::replicate(&self.spec.source, self.seed, (i, j))?;
        for split in &mut splits {
            divide_task(split, self.spec.divide_by)?;
            fitted.apply_to_task(split);
            split.labels.clone_from(&self.labels);
        }
        Ok(splits)
    }

    /// Whether a squared loss over the rows that judge is the population risk itself.
    #[must_use]
    pub fn has_moments(&self) -> bool {
        matches!(&self.origin, Origin::Population { exact: Some(_), .. })
    }

    /// The split of training replicate `i` and validation replicate `j` of it. Training rows depend on `i`
    /// alone.
    ///
    /// # Errors
    /// When a pool has too few rows, or the label noise is impossible.
    pub fn split(&self, i: u64, j: u64) -> Result<Split, DataError> {
        let training = self.training(i)?;
        let validation = match &self.origin {
            Origin::Population { fitted, .. } => {
                self.drawn(fitted, self.validation_rows, &[Part::Validation as u64, i, j])?
            }
            Origin::Family(_) => return Err(no_rows()),
            Origin::Pool(pool) => {
                let mut random = self.stream(Part::Validation, &[i, j]);
                match self.resample {
                    Resample::Bootstrap => pool.choose(&with_replacement(pool, self.validation_rows, &mut random)),
                    Resample::Resplit => {
                        let mut left = self.training_order(pool, i).split_off(self.training_rows);
                        choose(&mut left, self.validation_rows, &mut random);
                        left.truncate(self.validation_rows);
                        left.sort_unstable();
                        pool.choose(&left)
                    }
                }
            }
        };
        Ok(self.of_parts(training, validation))
    }

    /// The split that replicate `i` of the truth is taken from: other training rows than any replicate's, and
    /// rows over which a mean loss is the population risk or an unbiased estimate of it.
    ///
    /// # Errors
    /// See [`split`](Self::split).
    pub fn judged(&self, i: u64) -> Result<Split, DataError> {
        let training = self.training(i + TRUTHS)?;
        Ok(self.of_parts(training, self.judges(i)?))
    }

    /// Both objectives over the population, its large sample number `i`, or the pool.
    ///
    /// # Errors
    /// See [`split`](Self::split).
    pub fn whole(&self, i: u64) -> Result<Split, DataError> {
        let large = |part: Part| match &self.origin {
            Origin::Population { exact: Some(exact), .. } => Ok(exact.clone()),
            Origin::Population { fitted, exact: None } => self.drawn(fitted, LARGE, &[part as u64, i]),
            Origin::Pool(pool) => Ok(pool.clone()),
            Origin::Family(_) => Err(no_rows()),
        };
        Ok(self.of_parts(large(Part::Large)?, large(Part::Judge)?))
    }

    fn judges(&self, i: u64) -> Result<Samples, DataError> {
        match &self.origin {
            Origin::Population { exact: Some(exact), .. } => Ok(exact.clone()),
            Origin::Population { fitted, exact: None } => self.drawn(fitted, JUDGES, &[Part::Judge as u64, i]),
            Origin::Pool(pool) => Ok(pool.clone()),
            Origin::Family(_) => Err(no_rows()),
        }
    }

    fn training(&self, i: u64) -> Result<Samples, DataError> {
        let mut training = match &self.origin {
            Origin::Population { fitted, .. } => self.drawn(fitted, self.training_rows, &[Part::Training as u64, i])?,
            Origin::Family(_) => return Err(no_rows()),
            Origin::Pool(pool) => {
                let rows = match self.resample {
                    Resample::Bootstrap => {
                        with_replacement(pool, self.training_rows, &mut self.stream(Part::Training, &[i]))
                    }
                    Resample::Resplit => {
                        let mut rows = self.training_order(pool, i);
                        rows.truncate(self.training_rows);
                        rows.sort_unstable();
                        rows
                    }
                };
                pool.choose(&rows)
            }
        };
        let classes: &[f64] = if self.labels.is_empty() { &training.targets.clone() } else { &self.labels };
        let random = &mut self.stream(Part::Noise, &[i]);
        mislabel(&mut training.targets, classes, self.spec.label_noise, random)?;
        blur(&mut training.targets, self.spec.target_noise * self.target_unit, random)?;
        Ok(training)
    }

    /// The pool in the order of training replicate `i`: its training rows come first.
    fn training_order(&self, pool: &Samples, i: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..pool.targets.len()).collect();
        choose(&mut order, self.training_rows, &mut self.stream(Part::Training, &[i]));
        order
    }

    fn drawn(&self, fitted: &Fitted, rows: usize, replicate: &[u64]) -> Result<Samples, DataError> {
        let data = sample(&self.spec, self.seed, rows, replicate)?;
        let mut samples = Samples::new(data.features, data.targets);
        fitted.apply(&mut samples);
        Ok(samples)
    }

    fn of_parts(&self, training: Samples, validation: Samples) -> Split {
        Split {
            test: Samples::none(training.features.columns()),
            training,
            validation,
            feature_names: self.feature_names.clone(),
            columns: self.columns.clone(),
            labels: self.labels.clone(),
            class_names: self.class_names.clone(),
            class_weights: self.class_weights.clone(),
            weights: RowWeights::default(),
        }
    }

    fn stream(&self, part: Part, place: &[u64]) -> ChaCha8Rng {
        let place: Vec<u64> = std::iter::once(part as u64).chain(place.iter().copied()).collect();
        stream(self.seed, Purpose::Replicate, &place)
    }
}

fn no_rows() -> DataError {
    DataError::at("source", "this is a family of tasks, which has no population of rows")
}

/// A population with what its features are shifted and scaled by.
fn population(spec: &DataSpec, seed: u64) -> Result<(Origin, Option<Scaling>, Vec<String>), DataError> {
    let exact = synthetic::moments(&spec.source, seed).map(|data| features(spec, data)).transpose()?;
    let known = match &exact {
        Some(data) => data.clone(),
        None => sample(spec, seed, LARGE, &[Part::Scale as u64])?,
    };
    let rows = Samples::new(known.features.clone(), known.targets.clone());
    let fitted = Fitted::to(spec, &rows, &known)?;
    let names = fitted.names(&known.feature_names);
    let exact = exact.map(|data| {
        let mut samples = Samples::new(data.features, data.targets);
        fitted.apply(&mut samples);
        samples
    });
    let target = fitted.target.clone();
    Ok((Origin::Population { fitted, exact }, target, names))
}

/// A data set, shifted and scaled as a whole.
fn pool(spec: &DataSpec, dataset: &Dataset) -> Result<(Origin, Option<Scaling>, Vec<String>), DataError> {
    let data = features(spec, dataset.clone())?;
    let mut pool = data.samples(&(0..data.targets.len()).collect::<Vec<_>>());
    let fitted = Fitted::to(spec, &pool, &data)?;
    fitted.apply(&mut pool);
    let names = fitted.names(&data.feature_names);
    Ok((Origin::Pool(pool), fitted.target, names))
}

/// So many new rows of a population.
fn sample(spec: &DataSpec, seed: u64, count: usize, replicate: &[u64]) -> Result<Dataset, DataError> {
    features(spec, synthetic::rows(&spec.source, count, Draw { seed, replicate })?)
}

fn with_replacement(pool: &Samples, count: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..count).map(|_| random.random_range(0..pool.targets.len())).collect();
    rows.sort_unstable();
    rows
}
