//! Bias and variance of vectors that were drawn again and again.

use crate::math::nested::{Nested, Parts, Replicate, nested};
use crate::math::vector::{cosine, norm};

/// Standard errors of what every draw says alike.
const NO_SPREAD: Parts =
    Parts { bias_squared: 0.0, variance: 0.0, between: 0.0, within: 0.0, mean_squared_error: 0.0, cosine: 0.0 };

/// Bias and variance of values around a truth. Of a single one, which nothing was drawn for, and of values that are all alike,
/// everything is bias.
pub(super) fn split(values: &[&[f64]], truth: &[f64]) -> Nested {
    if let [value] = values {
        let error: Vec<f64> = value.iter().zip(truth).map(|(value, truth)| value - truth).collect();
        let squared = norm(&error).powi(2);
        let cosine = cosine(value, truth);
        let error = Parts { bias_squared: squared, mean_squared_error: squared, cosine, ..NO_SPREAD };
        return Nested { mean: value.to_vec(), error, standard_error: NO_SPREAD };
    }
    let replicate = |value: &&[f64]| vec![Replicate { estimate: value.to_vec(), truth: truth.to_vec() }];
    let groups: Vec<Vec<Replicate>> = values.iter().map(replicate).collect();
    let found = nested(&groups, &vec![0.0; truth.len()]);
    if found.error.variance == 0.0 { Nested { standard_error: NO_SPREAD, ..found } } else { found }
}
