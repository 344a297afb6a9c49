//! Checks the data of a scenario, and encodes its targets.

use crate::data::{Features, Samples, Split};
use crate::math::Matrix;
use crate::math::number::counted;
use crate::math::statistics::distinct;
use crate::math::vector::is_finite;
use crate::problem::{BuildError, LONGEST_DENSE, Parts};

/// What the outer objective asks of the validation rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::problem) enum Validation {
    /// It is their mean loss: there must be some.
    Needed,
    /// It does not read them.
    Optional,
}

/// The rows, with finite features and targets, and a name for every feature.
pub(in crate::problem) fn regression(parts: &Parts<'_>, validation: Validation) -> Result<Split, BuildError> {
    let Some(split) = parts.data else {
        return Err(wrong(
            "this problem learns from data, and the scenario names none; expected a data set".to_owned(),
        ));
    };
    let mut split = split.clone();
    let width = split.training.features.columns();
    if split.training.targets.is_empty() {
        return Err(wrong("the training set is empty; expected at least one row".to_owned()));
    }
    if split.validation.targets.is_empty() && validation == Validation::Needed {
        return Err(wrong("the validation set is empty; expected at least one row".to_owned()));
    }
    if width == 0 {
        return Err(wrong("the training set has no feature columns; expected at least one".to_owned()));
    }
    check_length(width)?;
    for (name, samples) in parts_of(&split) {
        check(name, samples, width)?;
    }
    weigh(&mut split)?;
    if split.feature_names.len() != width {
        split.feature_names = (0..width).map(|j| format!("feature {j}")).collect();
    }
    // An empty set may come without columns; its matrix still has to have the model's width.
    for samples in [&mut split.validation, &mut split.test] {
        if samples.targets.is_empty() {
            samples.features = Matrix::zeros(0, width).into();
        }
    }
    Ok(split)
}

/// The longest θ: 8 MB, of which a laboratory remembers hundreds and an exact answer holds some fifty.
pub(in crate::problem) const LONGEST: usize = 1_000_000;

fn check_length(length: usize) -> Result<(), BuildError> {
    if length <= LONGEST {
        return Ok(());
    }
    Err(wrong(format!("θ would have {length} entries; expected at most {LONGEST}")))
}

/// Refuses a θ, or a λ, of such a length, for problems that know no way without a matrix of as many rows and columns.
pub(in crate::problem) fn check_dense(length: usize) -> Result<(), BuildError> {
    if length <= LONGEST_DENSE {
        return Ok(());
    }
    Err(wrong(format!(
        "θ would have {length} entries; expected at most {LONGEST_DENSE}, since this problem forms matrices of as many rows and \
         columns"
    )))
}

/// The rows with targets that are not negative.
pub(in crate::problem) fn counts(parts: &Parts<'_>, validation: Validation) -> Result<Split, BuildError> {
    let split = regression(parts, validation)?;
    let is_negative = |target: &f64| *target < 0.0;
    let count = parts_of(&split).iter().flat_map(|(_, samples)| &samples.targets).filter(|y| is_negative(y)).count();
    for (name, samples) in parts_of(&split) {
        if let Some(row) = samples.targets.iter().position(is_negative) {
            let found = samples.targets[row];
            let more = if count > 1 {
                format!(", as {} of all are below zero", counted(count, "target"))
            } else {
                String::new()
            };
            return Err(wrong_target(format!(
                "the target of {name} row {row} is {found}{more}; expected counts, or other numbers that are not negative"
            )));
        }
    }
    Ok(split)
}

/// The rows with targets −1 and 1; the larger of the two values found becomes 1.
pub(in crate::problem) fn two_classes(parts: &Parts<'_>, validation: Validation) -> Result<Split, BuildError> {
    let mut split = regression(parts, validation)?;
    let labels = labels(&split);
    let &[_, larger] = &labels[..] else {
        let message = format!("the target takes {}; expected exactly two values", listed(&labels));
        return Err(wrong_target(message));
    };
    encode(&mut split, |label| if label == larger { 1.0 } else { -1.0 });
    Ok(split)
}

/// The rows with targets 0, 1, ... K − 1 in the order of the labels, and K.
pub(in crate::problem) fn classes(parts: &Parts<'_>, validation: Validation) -> Result<(Split, usize), BuildError> {
    let mut split = regression(parts, validation)?;
    let labels = labels(&split);
    if let Some(label) = labels.iter().find(|label| label.fract() != 0.0) {
        return Err(wrong_target(format!("the target takes the value {label}; expected whole-number classes")));
    }
    if labels.len() < 2 {
        let message = format!("the target takes {}; expected two or more whole-number classes", listed(&labels));
        return Err(wrong_target(message));
    }
    check_length(split.training.features.columns().saturating_mul(labels.len()))?;
    encode(&mut split, |label| labels.partition_point(|other| *other < label) as f64);
    Ok((split, labels.len()))
}

/// Makes sparse features dense, for problems that know no others.
pub(in crate::problem) fn written_out(split: &mut Split) -> Result<(), BuildError> {
    for (name, samples) in
        [("training", &mut split.training), ("validation", &mut split.validation), ("test", &mut split.test)]
    {
        let table = samples.features.written_out();
        let table = table.map_err(|table| {
            wrong(format!("this problem reads dense rows, and the sparse {name} rows would be {table}"))
        })?;
        samples.features = Features::Dense(table);
    }
    Ok(())
}

/// Refuses arrays, for problems that read none.
pub(in crate::problem) fn no_arrays(parts: &Parts<'_>) -> Result<(), BuildError> {
    match parts.arrays.first() {
        Some((name, _)) => Err(BuildError::at("arrays", format!("this problem reads no arrays; found `{name}`"))),
        None => Ok(()),
    }
}

fn wrong(message: String) -> BuildError {
    BuildError::at("data", message)
}

fn wrong_target(message: String) -> BuildError {
    BuildError::at("target", message)
}

fn parts_of(split: &Split) -> [(&'static str, &Samples); 3] {
    [("training", &split.training), ("validation", &split.validation), ("test", &split.test)]
}

/// One set: as many targets as rows, the width of the training set, finite numbers.
fn check(name: &str, samples: &Samples, width: usize) -> Result<(), BuildError> {
    let (features, targets) = (&samples.features, &samples.targets);
    if features.rows() != targets.len() {
        let (rows, targets) = (counted(features.rows(), "row"), counted(targets.len(), "target"));
        return Err(wrong(format!("the {name} set has {rows} and {targets}; expected one target a row")));
    }
    if !targets.is_empty() && features.columns() != width {
        let found = features.columns();
        return Err(wrong(format!(
            "the {name} set has {}; expected {width}, as in the training set",
            counted(found, "feature column")
        )));
    }
    if !samples.weights.is_empty() && samples.weights.len() != targets.len() {
        let (rows, weights) = (counted(targets.len(), "row"), counted(samples.weights.len(), "weight"));
        return Err(wrong(format!("the {name} set has {rows} and {weights}; expected one weight a row")));
    }
    if let Some(row) = samples.weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        let found = samples.weights[row];
        return Err(wrong(format!(
            "the weight of {name} row {row} is {found}; expected a finite number of at least 0"
        )));
    }
    if let Some(row) = targets.iter().position(|target| !target.is_finite()) {
        return Err(wrong_target(format!(
            "the target of {name} row {row} is {}; expected a finite number",
            targets[row]
        )));
    }
    if let Some(row) = (0..features.rows()).find(|row| !is_finite(features.row(*row).values())) {
        return Err(wrong(format!("{name} row {row} has a feature that is not finite; expected finite numbers")));
    }
    Ok(())
}

/// Gives training rows what their classes count for, and every set weights of mean 1, or none where all count alike: so the
/// mean of weighted losses over a batch estimates the weighted mean over the set without bias, and over the set is it.
fn weigh(split: &mut Split) -> Result<(), BuildError> {
    let class_weights = std::mem::take(&mut split.class_weights);
    if !class_weights.is_empty() {
        let of_class = |target: &f64| class_weights.iter().find(|(label, _)| label == target).map_or(1.0, |(_, w)| *w);
        let training = &mut split.training;
        let own = |row: usize| training.weights.get(row).copied().unwrap_or(1.0);
        training.weights = training.targets.iter().enumerate().map(|(row, y)| own(row) * of_class(y)).collect();
    }
    let parts = [("training", &mut split.training), ("validation", &mut split.validation), ("test", &mut split.test)];
    for (name, Samples { weights, .. }) in parts {
        if weights.iter().all(|weight| *weight == weights[0]) && weights.first() != Some(&0.0) {
            weights.clear();
            continue;
        }
        // Of huge weights the sum would overflow.
        let largest = weights.iter().copied().fold(0.0, f64::max);
        weights.iter_mut().for_each(|weight| *weight /= largest);
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        if !(mean > 0.0 && mean.is_finite()) {
            return Err(wrong(format!("the weights of the {name} rows are all 0; expected one that counts")));
        }
        weights.iter_mut().for_each(|weight| *weight /= mean);
    }
    Ok(())
}

/// The values the target takes anywhere in the data, ascending: in the split where no more is known. All
/// three sets count, so that a small set that misses a class does not change the model.
fn labels(split: &Split) -> Vec<f64> {
    if !split.labels.is_empty() {
        return split.labels.clone();
    }
    distinct(parts_of(split).iter().flat_map(|(_, samples)| samples.targets.iter().copied()))
}

/// The first few values, in words.
fn listed(labels: &[f64]) -> String {
    let first: Vec<String> = labels.iter().take(4).map(f64::to_string).collect();
    match labels.len() {
        1 => format!("only the value {}", first[0]),
        2..=4 => format!("the values {}", first.join(", ")),
        count => format!("{count} values ({}, ...)", first.join(", ")),
    }
}

fn encode(split: &mut Split, code: impl Fn(f64) -> f64) {
    for samples in [&mut split.training, &mut split.validation, &mut split.test] {
        samples.targets.iter_mut().for_each(|target| *target = code(*target));
    }
}
