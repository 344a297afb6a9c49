//! How much rows count: weights of single rows, and of classes in training.
//!
//! A loss over rows is the weighted mean `Σ w ℓ / Σ w`. What a source says of single rows counts in every part; what a
//! scenario says of classes counts in training alone, and goes with a row wherever it trains.

use super::spec::ClassWeights;
use super::strata::classes;
use super::{DataError, Dataset, Samples, display_text};
use crate::math::number::counted;
use crate::math::statistics::distinct;

/// The factor of each class that has one, by its value.
///
/// # Errors
/// At `class_weights`, when the target holds no classes, or a class or its weight is none.
pub(super) fn class_weights(
    weights: &ClassWeights,
    training: &[f64],
    data: &Dataset,
) -> Result<Vec<(f64, f64)>, DataError> {
    if *weights == ClassWeights::Off {
        return Ok(Vec::new());
    }
    let labels = classes(&data.targets);
    if labels.is_empty() {
        let message = format!("the target `{}` holds numbers, which are no classes; expected `Off`", data.target_name);
        return Err(DataError::at("class_weights", message));
    }
    match weights {
        ClassWeights::Off => Ok(Vec::new()),
        ClassWeights::Balanced => Ok(balanced(training)),
        ClassWeights::Listed(listed) => {
            let mut found: Vec<(f64, f64)> = Vec::new();
            for (index, (name, weight)) in listed.iter().enumerate() {
                let place = format!("class_weights[{index}]");
                let label =
                    label(name, &labels, &data.class_names).map_err(|message| DataError::at(place.clone(), message))?;
                if !(weight.is_finite() && *weight >= 0.0) {
                    let message = format!("found {weight}; expected a finite weight of at least 0");
                    return Err(DataError::at(place, message));
                }
                if found.iter().any(|(other, _)| *other == label) {
                    let message = format!("class `{}` is listed twice; expected one weight", display_text(name));
                    return Err(DataError::at(place, message));
                }
                found.push((label, *weight));
            }
            Ok(found)
        }
    }
}

/// n/(K n_k) of every class that trains.
fn balanced(training: &[f64]) -> Vec<(f64, f64)> {
    let labels = distinct(training.iter().copied());
    let weight = |label: &f64| {
        let own = training.iter().filter(|target| *target == label).count();
        (*label, training.len() as f64 / (labels.len() as f64 * own as f64))
    };
    labels.iter().map(weight).collect()
}

/// The value of a class, by its name or its number.
fn label(name: &str, labels: &[f64], names: &[String]) -> Result<f64, String> {
    let by_name = names.iter().position(|other| *other == display_text(name)).map(|class| class as f64);
    let by_number = || name.trim().parse().ok().filter(|_| names.is_empty());
    by_name.or_else(by_number).filter(|label| labels.contains(label)).ok_or_else(|| {
        let spell = |label: &f64| names.get(*label as usize).map_or_else(|| label.to_string(), String::clone);
        let known: Vec<String> = labels.iter().take(12).map(|label| format!("`{}`", spell(label))).collect();
        let more = if labels.len() > 12 { ", …" } else { "" };
        format!("there is no class `{}`; the classes are {}{more}", display_text(name), known.join(", "))
    })
}

/// Whether some row of every part counts.
///
/// # Errors
/// At `split`, when the weights of a part are all 0.
pub(super) fn check_weights([training, validation, test]: &[Samples; 3]) -> Result<(), DataError> {
    for (name, part) in [("training", training), ("validation", validation), ("test", test)] {
        if !part.weights.is_empty() && part.weights.iter().all(|weight| *weight == 0.0) {
            let rows = counted(part.weights.len(), &format!("{name} row"));
            let message = format!("the weights of the {rows} are all 0; expected one that counts");
            return Err(DataError::at("split", message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(targets: &[f64], names: &[&str]) -> Dataset {
        let class_names = names.iter().map(|name| (*name).to_owned()).collect();
        Dataset { targets: targets.to_vec(), class_names, target_name: "y".to_owned(), ..Dataset::default() }
    }

    /// scikit-learn 1.5, `compute_class_weight("balanced", classes=[0, 1, 2], y=[0]*6 + [1]*3 + [2]*1)`:
    /// n/(K n_k) = 10/18, 10/9, 10/3.
    #[test]
    fn balanced_classes_count_alike() {
        let targets = [vec![0.0; 6], vec![1.0; 3], vec![2.0]].concat();
        let found = class_weights(&ClassWeights::Balanced, &targets, &data(&targets, &[])).unwrap();
        assert_eq!(found, [(0.0, 10.0 / 18.0), (1.0, 10.0 / 9.0), (2.0, 10.0 / 3.0)]);
    }

    #[test]
    fn classes_are_listed_as_the_source_calls_them() {
        let listed = |pairs: &[(&str, f64)]| {
            ClassWeights::Listed(pairs.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect())
        };
        let (named, numbered) = (data(&[0.0, 1.0], &["raw", "ripe"]), data(&[3.0, 5.0], &[]));
        let weights = |listed: ClassWeights, data: &Dataset| class_weights(&listed, &data.targets, data);
        assert_eq!(weights(listed(&[("ripe", 2.0)]), &named).unwrap(), [(1.0, 2.0)]);
        assert_eq!(weights(listed(&[("5", 0.0), ("3", 4.0)]), &numbered).unwrap(), [(5.0, 0.0), (3.0, 4.0)]);
        for (pairs, data, message) in [
            (&[("rotten", 1.0)][..], &named, "there is no class `rotten`; the classes are `raw`, `ripe`"),
            (&[("1", 1.0)], &named, "there is no class `1`; the classes are `raw`, `ripe`"),
            (&[("4", 1.0)], &numbered, "there is no class `4`; the classes are `3`, `5`"),
            (&[("3", -1.0)], &numbered, "found -1; expected a finite weight of at least 0"),
        ] {
            let error = weights(listed(pairs), data).unwrap_err();
            assert_eq!((error.field.as_str(), error.message.as_str()), ("class_weights[0]", message));
        }
        let error = weights(listed(&[("3", 1.0), ("3.0", 2.0)]), &numbered).unwrap_err();
        assert_eq!(error.message, "class `3.0` is listed twice; expected one weight");
        let error = weights(ClassWeights::Balanced, &data(&[0.5, 1.0], &[])).unwrap_err();
        assert_eq!(error.message, "the target `y` holds numbers, which are no classes; expected `Off`");
    }
}
