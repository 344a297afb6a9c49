//! The column of ones that gives predictions a level.

use serde::{Deserialize, Serialize};

use crate::math::statistics::{distinct, mean};

/// Whether a column of ones is appended, and whether its weights are penalized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Intercept {
    /// There is none.
    #[default]
    #[serde(alias = "false")]
    None,
    /// Its weights are penalized as those of any feature.
    #[serde(alias = "true")]
    Penalized,
    /// Its weights carry no penalty, and λ has no entry for them.
    Free,
}

/// What a target is to a problem, and with it what a prediction of zero says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A number: θ = 0 predicts 0.
    Number,
    /// A number that is not negative, by its logarithm: θ = 0 predicts 1.
    Count,
    /// A class: θ = 0 predicts equal shares.
    Classes,
}

impl Intercept {
    /// Which intercept to begin with over training targets of a data set: a free one, unless it would be nothing. An
    /// intercept is no less right where the level is near zero than where it is far.
    #[must_use]
    pub fn advised(targets: &[f64], target: Target) -> Self {
        let largest = targets.iter().fold(0.0, |largest: f64, target| largest.max(target.abs()));
        let is_nothing = match target {
            Target::Number => mean(targets).abs() <= 1e-9 * largest,
            Target::Count => false,
            Target::Classes => {
                let counts = counts(targets);
                counts.iter().all(|(_, count)| *count == counts[0].1)
            }
        };
        if is_nothing || targets.is_empty() { Self::None } else { Self::Free }
    }

    /// Whether there is a column of ones.
    #[must_use]
    pub fn is_appended(self) -> bool {
        self != Self::None
    }
}

/// Every class with its rows, ascending.
pub(super) fn counts(targets: &[f64]) -> Vec<(f64, usize)> {
    let rows = |class: f64| targets.iter().filter(|target| target.total_cmp(&class).is_eq()).count();
    distinct(targets.iter().copied()).into_iter().map(|class| (class, rows(class))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_intercept_is_advised_unless_it_would_be_nothing() {
        assert_eq!(Intercept::advised(&[1.0, -1.0, 0.0], Target::Number), Intercept::None);
        assert_eq!(Intercept::advised(&[1.0, -1.0, 0.1], Target::Number), Intercept::Free);
        assert_eq!(Intercept::advised(&[0.0, 1.0, 0.0, 1.0], Target::Classes), Intercept::None);
        assert_eq!(Intercept::advised(&[0.0, 1.0, 0.0], Target::Classes), Intercept::Free);
        assert_eq!(Intercept::advised(&[1.0], Target::Count), Intercept::Free);
    }
}
