//! Nested replicates of a random vector: squared bias, variance and its two parts, mean squared error.
//!
//! `I` groups of `J` replicates give deviations `d_ij = ĥ_ij − h_ij ∈ R^p` from a truth. With group means
//! `d_i`, grand mean `d`, `B = Σ_i ‖d_i − d‖² / (I − 1)` and `W = Σ_ij ‖d_ij − d_i‖² / (I(J − 1))` (analysis of
//! variance with one random factor; Searle, Casella, McCulloch 1992, section 3.6):
//!
//! - between groups `B − W/J`, within groups `W`, both unbiased; the first can come out negative;
//! - squared bias `‖d‖² − B/I`, unbiased, since `B/I` is the variance of the mean; it can come out negative;
//! - mean squared error `Σ_ij ‖d_ij‖² / (IJ)`, which is the sum of the three to rounding.
//!
//! A truth that is itself a mean over a sample adds the square of its standard error to `‖d‖²`, which is taken
//! off again. Replicates that agree to rounding have no variance. Standard errors are jackknifed over groups (Efron, Tibshirani 1993, chapter 11). That is of first order
//! in the error of the mean, and says nothing where the bias is zero, so that of the squared bias gets the second
//! order as well: `Var ‖d‖² = 4 βᵀVβ + 2 tr V²` for a normal mean with expectation β and covariance V. Where the truth
//! has an error of its own, V contains it.

use super::vector::{cosine, norm};

/// What nested replicates say of an estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Nested {
    /// Mean estimate ∈ R^p.
    pub mean: Vec<f64>,
    /// The parts of the error.
    pub error: Parts,
    /// Their standard errors; NaN for fewer than three groups.
    pub standard_error: Parts,
}

/// The parts of a mean squared error, and the mean cosine between estimate and truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parts {
    /// `‖E ĥ − h‖²`, debiased.
    pub bias_squared: f64,
    /// `tr Cov ĥ`.
    pub variance: f64,
    /// The part between groups; NaN with one replicate a group.
    pub between: f64,
    /// The part within groups; NaN with one replicate a group.
    pub within: f64,
    /// `E ‖ĥ − h‖²`.
    pub mean_squared_error: f64,
    /// Mean cosine of the angle between ĥ and h.
    pub cosine: f64,
}

/// One replicate: the estimate and what it is held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicate {
    /// ĥ ∈ R^p.
    pub estimate: Vec<f64>,
    /// h ∈ R^p.
    pub truth: Vec<f64>,
}

/// What a group of replicates adds to the sums.
struct Group {
    /// Mean deviation.
    center: Vec<f64>,
    /// `Σ_j ‖d_ij − d_i‖²`.
    within: f64,
    /// `Σ_j ‖d_ij‖²`.
    squares: f64,
    /// `Σ_j cos_ij`.
    cosines: f64,
}

/// Groups of equally many replicates, at least two groups; `truth_error` is the standard error of each entry of
/// the truth, zeros where it is exact or every replicate has its own.
#[must_use]
pub fn nested(groups: &[Vec<Replicate>], truth_error: &[f64]) -> Nested {
    let size = groups.first().map_or(0, Vec::len);
    let length = groups.first().and_then(|group| group.first()).map_or(0, |replicate| replicate.estimate.len());
    let mut mean = vec![0.0; length];
    for replicate in groups.iter().flatten() {
        add(&replicate.estimate, &mut mean);
    }
    scale(1.0 / (groups.len() * size) as f64, &mut mean);
    let rounding = rounding(groups);
    let groups: Vec<Group> = groups.iter().map(|group| Group::of(group, length)).collect();
    let noise = norm(truth_error).powi(2);

    let count = groups.len();
    let total = Sums::of(&groups, length);
    let whole = total.parts(count, size, noise);
    // Leaving one group out changes the sums by that group alone.
    let left_out: Vec<Parts> =
        groups.iter().map(|group| total.without(group, count).parts(count - 1, size, noise)).collect();
    let jackknife = |of: fn(&Parts) -> f64| {
        let values: Vec<f64> = left_out.iter().map(of).collect();
        let center = values.iter().sum::<f64>() / count as f64;
        let spread: f64 = values.iter().map(|value| (value - center).powi(2)).sum();
        if count < 3 { f64::NAN } else { ((count - 1) as f64 / count as f64 * spread).sqrt() }
    };
    let from_truth: f64 = total.center.iter().zip(truth_error).map(|(d, error)| (2.0 * d * error).powi(2)).sum();
    let with_truth = |error: f64| (error * error + from_truth).sqrt();
    let first_order = with_truth(jackknife(|parts| parts.bias_squared)).powi(2);
    let second_order = 2.0 * total.squared_covariance(&groups, truth_error);
    // The mean found is further out than the true one: `E 4 dᵀVd` exceeds its value there by `4 tr V²`.
    let of_bias = (first_order - second_order).max(second_order);
    let of_bias = if count < 3 { f64::NAN } else { of_bias };
    let spread = Parts {
        bias_squared: of_bias.sqrt(),
        variance: jackknife(|parts| parts.variance),
        between: jackknife(|parts| parts.between),
        within: jackknife(|parts| parts.within),
        mean_squared_error: with_truth(jackknife(|parts| parts.mean_squared_error)),
        cosine: jackknife(|parts| parts.cosine),
    };
    without_rounding(Nested { mean, error: whole, standard_error: spread }, rounding)
}

/// Spread of replicates that agree to rounding is none: what is left of it is no number to be read.
fn without_rounding(mut found: Nested, rounding: f64) -> Nested {
    let (error, spread) = (&mut found.error, &mut found.standard_error);
    for (part, spread) in [
        (&mut error.variance, &mut spread.variance),
        (&mut error.between, &mut spread.between),
        (&mut error.within, &mut spread.within),
    ] {
        if part.abs() <= rounding {
            (*part, *spread) = (0.0, if spread.is_nan() { f64::NAN } else { 0.0 });
        }
    }
    found
}

/// Units in the last place that a deviation may be off by.
const UNITS: f64 = 16.0;

/// The square of what rounding leaves of a deviation between numbers as long as these, whose means are sums of so many.
fn rounding(groups: &[Vec<Replicate>]) -> f64 {
    let count = groups.iter().map(Vec::len).sum::<usize>() as f64;
    let length = |replicate: &Replicate| norm(&replicate.estimate) + norm(&replicate.truth);
    let longest = groups.iter().flatten().map(length).fold(0.0, f64::max);
    count * (UNITS * f64::EPSILON * longest).powi(2)
}

impl Group {
    fn of(group: &[Replicate], length: usize) -> Self {
        let deviations: Vec<Vec<f64>> = group
            .iter()
            .map(|replicate| replicate.estimate.iter().zip(&replicate.truth).map(|(a, b)| a - b).collect())
            .collect();
        let mut center = vec![0.0; length];
        deviations.iter().for_each(|deviation| add(deviation, &mut center));
        scale(1.0 / group.len() as f64, &mut center);
        Self {
            within: deviations.iter().map(|deviation| distance_squared(deviation, &center)).sum(),
            squares: deviations.iter().map(|deviation| deviation.iter().map(|x| x * x).sum::<f64>()).sum(),
            cosines: group.iter().map(|replicate| cosine(&replicate.estimate, &replicate.truth)).sum(),
            center,
        }
    }
}

/// Sums over groups.
struct Sums {
    /// Mean of the groups' centers.
    center: Vec<f64>,
    /// `Σ_i ‖d_i − d‖²`.
    between: f64,
    within: f64,
    squares: f64,
    cosines: f64,
}

impl Sums {
    fn of(groups: &[Group], length: usize) -> Self {
        let mut center = vec![0.0; length];
        groups.iter().for_each(|group| add(&group.center, &mut center));
        scale(1.0 / groups.len() as f64, &mut center);
        Self {
            between: groups.iter().map(|group| distance_squared(&group.center, &center)).sum(),
            within: groups.iter().map(|group| group.within).sum(),
            squares: groups.iter().map(|group| group.squares).sum(),
            cosines: groups.iter().map(|group| group.cosines).sum(),
            center,
        }
    }

    /// `tr V²` of the covariance V of the mean deviation, the truth's error included: the sum of the squares of the
    /// entries of V, or, where there are fewer groups than entries, of the products between groups.
    fn squared_covariance(&self, groups: &[Group], truth_error: &[f64]) -> f64 {
        let (count, length) = (groups.len(), self.center.len());
        let scale = 1.0 / (count * (count - 1)) as f64;
        let apart: Vec<Vec<f64>> = groups
            .iter()
            .map(|group| group.center.iter().zip(&self.center).map(|(d, mean)| d - mean).collect())
            .collect();
        let variance = |j: usize| scale * apart.iter().map(|row| row[j] * row[j]).sum::<f64>();
        let own = if length <= count {
            let entry = |j: usize, k: usize| scale * apart.iter().map(|row| row[j] * row[k]).sum::<f64>();
            (0..length).flat_map(|j| (0..length).map(move |k| (j, k))).map(|(j, k)| entry(j, k).powi(2)).sum::<f64>()
        } else {
            let product = |a: &[f64], b: &[f64]| scale * a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
            apart.iter().flat_map(|a| apart.iter().map(|b| product(a, b).powi(2))).sum::<f64>()
        };
        let from_truth = truth_error.iter().enumerate().map(|(j, error)| {
            let square = error * error;
            square * square + 2.0 * square * variance(j)
        });
        own + from_truth.sum::<f64>()
    }

    fn without(&self, group: &Group, count: usize) -> Self {
        let rest = (count - 1) as f64;
        let center = self.center.iter().zip(&group.center).map(|(d, own)| d + (d - own) / rest).collect();
        let apart = distance_squared(&group.center, &self.center);
        Self {
            center,
            between: self.between - apart * count as f64 / rest,
            within: self.within - group.within,
            squares: self.squares - group.squares,
            cosines: self.cosines - group.cosines,
        }
    }

    fn parts(&self, groups: usize, size: usize, noise: f64) -> Parts {
        let (count, each) = (groups as f64, size as f64);
        let spread = self.between / (count - 1.0);
        let within = if size < 2 { f64::NAN } else { self.within / (count * (each - 1.0)) };
        let between = spread - within / each;
        Parts {
            bias_squared: self.center.iter().map(|x| x * x).sum::<f64>() - spread / count - noise,
            variance: if size < 2 { spread } else { between + within },
            between,
            within,
            mean_squared_error: self.squares / (count * each) - noise,
            cosine: self.cosines / (count * each),
        }
    }
}

fn add(values: &[f64], sum: &mut [f64]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += value;
    }
}

fn scale(factor: f64, values: &mut [f64]) {
    values.iter_mut().for_each(|value| *value *= factor);
}

fn distance_squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

#[cfg(test)]
mod tests {
    use rand_distr::{Distribution, StandardNormal};

    use super::*;
    use crate::math::random::{Purpose, stream};

    /// `ĥ = h + bias + between · a_i + within · b_ij` with standard normal a and b in the plane.
    fn drawn(groups: usize, size: usize, seed: u64) -> Vec<Vec<Replicate>> {
        let mut random = stream(seed, Purpose::Replicate, &[]);
        let mut normal = move || -> f64 { StandardNormal.sample(&mut random) };
        (0..groups)
            .map(|_| {
                let own = [normal(), normal()];
                let mut one = || Replicate {
                    estimate: vec![1.3 + 0.5 * own[0] + 0.8 * normal(), -0.4 + 0.5 * own[1] + 0.8 * normal()],
                    truth: vec![1.0, 0.0],
                };
                (0..size).map(|_| one()).collect()
            })
            .collect()
    }

    /// 1e-17 beside a truth of 0.1 is its last digit; 1e-9 is a thousand times a millionfold more, and stays.
    #[test]
    fn replicates_that_agree_to_rounding_have_no_variance() {
        let spread = |by: f64| {
            let replicate = |i: i32, j: i32| Replicate { estimate: vec![by * f64::from(i * i + j)], truth: vec![0.1] };
            let groups: Vec<Vec<Replicate>> = (0..5).map(|i| (0..2).map(|j| replicate(i, j)).collect()).collect();
            nested(&groups, &[0.0])
        };
        let agree = spread(1e-18);
        assert_eq!((agree.error.variance, agree.error.between, agree.error.within), (0.0, 0.0, 0.0));
        assert_eq!((agree.standard_error.variance, agree.standard_error.between), (0.0, 0.0));
        assert!((agree.error.bias_squared - 0.01).abs() < 1e-15 && agree.error.mean_squared_error > 0.0);
        let apart = spread(1e-9);
        assert!(apart.error.variance > 1e-18 && apart.standard_error.variance > 0.0, "{apart:?}");
    }

    #[test]
    fn the_parts_add_up_to_rounding() {
        for (groups, size) in [(2, 2), (5, 3), (40, 7), (6, 1)] {
            let found = nested(&drawn(groups, size, 3), &[0.01, 0.02]).error;
            let sum = found.bias_squared + found.variance;
            assert!((sum - found.mean_squared_error).abs() < 1e-14, "{found:?}");
            if size > 1 {
                assert!((found.between + found.within - found.variance).abs() < 1e-15);
            } else {
                assert!(found.between.is_nan() && found.within.is_nan());
            }
        }
    }

    /// 400 experiments of 12 × 4 replicates. The mean of an unbiased estimate over them lies within five standard
    /// errors of the expectation; that fails by chance less than once in a million for each of four numbers.
    #[test]
    fn every_part_is_unbiased_and_its_standard_error_is_of_the_right_size() {
        let found: Vec<Nested> = (0..400).map(|seed| nested(&drawn(12, 4, seed), &[0.0, 0.0])).collect();
        type Part = fn(&Parts) -> f64;
        let expected: [(Part, f64); 4] = [
            (|parts| parts.bias_squared, 0.3 * 0.3 + 0.4 * 0.4),
            (|parts| parts.between, 2.0 * 0.25),
            (|parts| parts.within, 2.0 * 0.64),
            (|parts| parts.mean_squared_error, 0.25 + 0.5 + 1.28),
        ];
        for (of, expected) in expected {
            let values: Vec<f64> = found.iter().map(|nested| of(&nested.error)).collect();
            let center = crate::math::statistics::mean(&values);
            let deviation = crate::math::statistics::variance(&values).sqrt();
            assert!((center - expected).abs() < 5.0 * deviation / 20.0, "{center} against {expected}");
            let claimed = found.iter().map(|nested| of(&nested.standard_error)).sum::<f64>() / 400.0;
            assert!((claimed / deviation - 1.0).abs() < 0.25, "claimed {claimed}, seen {deviation}");
        }
    }

    /// Without any bias the mean is nothing but noise, and the squared bias is as uncertain as its square: 400
    /// experiments in one, three and twenty dimensions, more and fewer of them than groups.
    #[test]
    fn where_there_is_no_bias_the_standard_error_is_of_second_order() {
        for length in [1usize, 3, 20] {
            let found: Vec<(f64, f64)> = (0..400)
                .map(|seed| {
                    let mut random = stream(seed, Purpose::Replicate, &[length as u64]);
                    let mut normal = |deviation: f64| -> Vec<f64> {
                        let own: Vec<f64> = StandardNormal.sample_iter(&mut random).take(length).collect();
                        own.iter().map(|x| deviation * x).collect()
                    };
                    // A truth with an error of its own, the same for all groups.
                    let truth = normal(0.1);
                    let mut one = || Replicate { estimate: normal(1.0), truth: truth.clone() };
                    let groups: Vec<Vec<Replicate>> = (0..12).map(|_| (0..2).map(|_| one()).collect()).collect();
                    let nested = nested(&groups, &vec![0.1; length]);
                    (nested.error.bias_squared, nested.standard_error.bias_squared)
                })
                .collect();
            let values: Vec<f64> = found.iter().map(|found| found.0).collect();
            let deviation = crate::math::statistics::variance(&values).sqrt();
            let center = crate::math::statistics::mean(&values);
            assert!(center.abs() < 5.0 * deviation / 20.0, "{length}: {center} ± {deviation}");
            let claimed = (found.iter().map(|found| found.1.powi(2)).sum::<f64>() / 400.0).sqrt();
            assert!((0.7..1.7).contains(&(claimed / deviation)), "{length}: claimed {claimed}, seen {deviation}");
        }
    }

    #[test]
    fn leaving_a_group_out_is_leaving_it_out() {
        let groups = drawn(6, 3, 9);
        let all: Vec<Group> = groups.iter().map(|group| Group::of(group, 2)).collect();
        let quick = Sums::of(&all, 2).without(&all[2], 6).parts(5, 3, 0.0);
        let rest: Vec<Vec<Replicate>> =
            groups.iter().enumerate().filter(|(i, _)| *i != 2).map(|(_, g)| g.clone()).collect();
        let slow = nested(&rest, &[0.0, 0.0]).error;
        assert!((quick.bias_squared - slow.bias_squared).abs() < 1e-14);
        assert!((quick.between - slow.between).abs() < 1e-14 && (quick.cosine - slow.cosine).abs() < 1e-14);
    }
}
