//! Whether training targets lie where a model without an intercept predicts them.
//!
//! With θ = 0 a regression predicts 0, a model of counts 1, a classifier equal shares. Where the training targets lie
//! elsewhere, penalized weights of the features have to make up for it, which they cannot where features are centred.

use super::intercept::counts;
use super::{Prepared, Split, Target};
use crate::math::number::{counted, typeset};

/// Shares, or a mean count beside 1, that are no longer near: odds of 2 to 1.
const RATIO: f64 = 2.0;

/// So many standard deviations from zero a mean is far: then it is a fifth of the mean square, or more.
const DEVIATIONS: f64 = 0.5;

/// What lies within so many standard errors of what θ = 0 predicts is chance.
const STANDARD_ERRORS: f64 = 2.0;

impl Prepared {
    /// How the level of the training targets, as they are weighted, differs from what θ = 0 predicts, in words; `None` where
    /// it is near, or no farther than chance leads. Tasks are learned from few rows each, and are not judged.
    #[must_use]
    pub fn far_level(&self, target: Target) -> Option<String> {
        if !self.tasks.is_empty() || !self.new_tasks.is_empty() {
            return None;
        }
        match target {
            Target::Number => self.far_mean(),
            Target::Count => self.far_count(),
            Target::Classes => self.uneven_shares(),
        }
    }

    fn far_mean(&self) -> Option<String> {
        let Moments { mean, deviation, standard_error } = self.moments();
        if mean.abs() <= (DEVIATIONS * deviation).max(STANDARD_ERRORS * standard_error) || !mean.is_finite() {
            return None;
        }
        let apart = if deviation > 0.0 {
            format!("{} of its standard deviations from zero", typeset(mean.abs() / deviation))
        } else {
            "and does not vary".to_owned()
        };
        Some(format!("the target `{}` has mean {} over the training rows, {apart}", self.target_name, typeset(mean)))
    }

    fn far_count(&self) -> Option<String> {
        let Moments { mean, standard_error, .. } = self.moments();
        let is_chance = (mean - 1.0).abs() <= STANDARD_ERRORS * standard_error;
        if (1.0 / RATIO..=RATIO).contains(&mean) || is_chance || !mean.is_finite() {
            return None;
        }
        let mean = typeset(mean);
        Some(format!(
            "the target `{}` has mean {mean} over the training rows, where θ = 0 predicts 1",
            self.target_name
        ))
    }

    /// Between the classes that weigh most and least of those that there are. One that training lacks is said elsewhere.
    fn uneven_shares(&self) -> Option<String> {
        let targets = &self.split.training.targets;
        let shares: Vec<(f64, usize, f64)> = counts(targets)
            .into_iter()
            .map(|(class, count)| {
                (class, count, self.weights().zip(targets).filter(|(_, y)| **y == class).map(|(w, _)| w).sum())
            })
            .filter(|(_, _, weight)| *weight > 0.0)
            .collect();
        let (most, many, heavy) = *shares.iter().max_by(|a, b| a.2.total_cmp(&b.2))?;
        let (least, few, light) = *shares.iter().min_by(|a, b| a.2.total_cmp(&b.2))?;
        let is_chance = many.abs_diff(few) as f64 <= STANDARD_ERRORS * ((many + few) as f64).sqrt();
        let is_weighted = heavy != many as f64 || light != few as f64;
        if heavy <= RATIO * light || (is_chance && !is_weighted) {
            return None;
        }
        let (most, least) = (self.split.class_name(most), self.split.class_name(least));
        if is_weighted {
            return Some(format!(
                "class `{most}` weighs {} times as much as class `{least}` in training",
                typeset(heavy / light)
            ));
        }
        let rows = counted(targets.len(), "training row");
        Some(format!("of the {rows} {many} are of class `{most}` and {few} of class `{least}`"))
    }

    /// Mean and population standard deviation of the training targets.
    fn moments(&self) -> Moments {
        let targets = &self.split.training.targets;
        let total: f64 = self.weights().sum();
        let mean = self.weights().zip(targets).map(|(w, y)| w * y).sum::<f64>() / total;
        let variance = self.weights().zip(targets).map(|(w, y)| w * (y - mean).powi(2)).sum::<f64>() / total;
        let deviation = variance.sqrt();
        Moments { mean, deviation, standard_error: deviation / (targets.len() as f64).sqrt() }
    }

    /// What every training row counts for.
    fn weights(&self) -> impl Iterator<Item = f64> {
        let Split { training, class_weights, .. } = &self.split;
        let of_class = |target: &f64| class_weights.iter().find(|(label, _)| label == target).map_or(1.0, |(_, w)| *w);
        let own = |row: usize| training.weights.get(row).copied().unwrap_or(1.0);
        training.targets.iter().enumerate().map(move |(row, target)| own(row) * of_class(target))
    }
}

/// What is known of the level of some targets.
struct Moments {
    mean: f64,
    deviation: f64,
    standard_error: f64,
}

#[cfg(test)]
mod tests {
    use super::super::Samples;
    use super::*;

    fn prepared(targets: &[f64]) -> Prepared {
        let training = Samples { targets: targets.to_vec(), ..Samples::default() };
        Prepared { split: Split { training, ..Split::default() }, target_name: "y".to_owned(), ..Prepared::default() }
    }

    #[test]
    fn a_mean_is_far_beyond_half_a_deviation_and_two_standard_errors() {
        // 18 numbers of mean m and deviation 1: two standard errors are 0.47.
        let far = |mean: f64| {
            let targets: Vec<f64> = (0..18).map(|row| mean + if row % 2 == 0 { 1.0 } else { -1.0 }).collect();
            prepared(&targets).far_level(Target::Number)
        };
        assert_eq!((far(0.0), far(-0.49)), (None, None));
        assert_eq!(
            far(-0.51).unwrap(),
            "the target `y` has mean −0.51 over the training rows, 0.51 of its standard deviations from zero"
        );
        // Four numbers: two standard errors are a whole deviation.
        assert_eq!(prepared(&[1.9, -0.1, 1.9, -0.1]).far_level(Target::Number), None);
        assert!(prepared(&[3.0, 3.0]).far_level(Target::Number).unwrap().contains("does not vary"));
        assert_eq!(prepared(&[]).far_level(Target::Number), None);
    }

    #[test]
    fn shares_are_uneven_beyond_two_to_one() {
        let far = |many: usize, few: usize| {
            let targets: Vec<f64> = (0..many + few).map(|row| if row < many { 1.0 } else { 0.0 }).collect();
            prepared(&targets).far_level(Target::Classes)
        };
        assert_eq!((far(40, 20), far(9, 3)), (None, None));
        assert_eq!(far(41, 20).unwrap(), "of the 61 training rows 41 are of class `1` and 20 of class `0`");
        assert_eq!(far(12, 0), None);
    }

    #[test]
    fn what_counts_of_a_class_is_what_it_weighs() {
        let mut rows = prepared(&[1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        rows.split.class_weights = vec![(1.0, 3.0)];
        assert_eq!(
            rows.far_level(Target::Classes).unwrap(),
            "class `1` weighs 3 times as much as class `0` in training"
        );
        rows.split.training.weights = vec![0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0];
        assert_eq!(rows.far_level(Target::Classes), None);
        // Mean (3 · 2 − 1)/4 and variance (3 · 0.75² + 2.25²)/4 of numbers that weigh 3 and 1.
        let mut rows = prepared(&[2.0, -1.0]);
        rows.split.training.weights = vec![3.0, 1.0];
        let found = rows.moments();
        assert_eq!((found.mean, found.deviation), (1.25, 1.6875f64.sqrt()));
    }

    #[test]
    fn counts_are_far_where_their_mean_is_not_about_one() {
        assert_eq!(prepared(&[0.0, 3.0, 1.0, 2.0]).far_level(Target::Count), None);
        assert!(prepared(&[7.0, 9.0, 8.0, 12.0]).far_level(Target::Count).unwrap().contains("mean 9"));
    }
}
