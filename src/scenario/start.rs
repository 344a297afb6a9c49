//! Where λ and θ start, and what a scenario says of blocks of λ.

use std::sync::Arc;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

use super::failure::BuildFailure;
use crate::math::number::counted;
use crate::math::random::{Purpose, stream};
use crate::problem::{Blocks, Problem, solve_inner};

/// Entries of λ.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Values {
    /// Each where its block starts by itself.
    #[default]
    Declared,
    /// The same number everywhere.
    Constant(f64),
    /// One by one.
    Explicit(Vec<f64>),
    /// Independent draws from an interval.
    Uniform {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// Independent normal draws.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        deviation: f64,
    },
}

/// θ at the start of an inner run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Initial {
    /// Where the problem starts by itself: zeros, but for problems that have no gradient there.
    #[default]
    Declared,
    /// All zeros.
    Zeros,
    /// One by one.
    Explicit(Vec<f64>),
    /// Independent normal draws with mean zero.
    Normal {
        /// Standard deviation.
        deviation: f64,
    },
    /// `θ_init + factor · (θ_init − θ*(λ₀))` with `θ_init` normal: far out on a random ray through the
    /// solution, the protocol of Ye et al. 2024 (deviation 2, factor 10^1.5).
    Far {
        /// Standard deviation of `θ_init`.
        deviation: f64,
        /// How far beyond `θ_init`.
        factor: f64,
    },
}

/// What a scenario says of one block of λ; what is left out is as the block declares it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Block")]
pub struct BlockSpec {
    /// Where its entries start: of a block that the dynamics bring along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Values>,
    /// Smallest and largest value of its entries, in place of the bounds of all λ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<(f64, f64)>,
    /// Factor on the steps of the outer rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
}

/// The problem's own λ.
pub(super) fn lambda(values: &Values, problem: &dyn Problem, seed: u64) -> Result<Vec<f64>, BuildFailure> {
    let declared = Blocks::new(problem.blocks()).start();
    draw(values, &declared, &mut stream(seed, Purpose::Lambda, &[]), ("lambda", "the problem"))
}

/// As many entries as were declared; `field` is the path of the values, `owner` whose they are.
pub(super) fn draw(
    values: &Values,
    declared: &[f64],
    random: &mut ChaCha8Rng,
    (field, owner): (&str, &str),
) -> Result<Vec<f64>, BuildFailure> {
    let length = declared.len();
    let drawn = match values {
        Values::Declared => declared.to_vec(),
        Values::Constant(value) => vec![*value; length],
        Values::Explicit(values) if values.len() != length => {
            let message =
                format!("λ has {}; {owner} has {}", counted(values.len(), "entry"), counted(length, "hyperparameter"));
            return Err(BuildFailure::at(field, message));
        }
        Values::Explicit(values) => values.clone(),
        Values::Uniform { low, high } if low > high => {
            let message = format!("`low` is {low}; expected at most `high`, which is {high}");
            return Err(BuildFailure::at(format!("{field}.low"), message));
        }
        Values::Uniform { low, high } => (0..length).map(|_| low + (high - low) * random.random::<f64>()).collect(),
        Values::Normal { mean, deviation } => {
            check_deviation(field, *deviation)?;
            normal(random, *deviation, length).map(|x| mean + x).collect()
        }
    };
    check_finite(field, matches!(values, Values::Explicit(_)), drawn)
}

/// The stream of θ₀.
pub(super) fn theta_stream(seed: u64) -> ChaCha8Rng {
    stream(seed, Purpose::Start, &[])
}

/// θ of the length the problem asks for. `Far` solves the inner problem at λ.
pub(super) fn theta(
    initial: &Initial,
    problem: &Arc<dyn Problem>,
    lambda: &[f64],
    random: &mut ChaCha8Rng,
) -> Result<Vec<f64>, BuildFailure> {
    let length = problem.dimensions().inner;
    let drawn = match initial {
        Initial::Declared => problem.start(random),
        Initial::Zeros => vec![0.0; length],
        Initial::Explicit(values) if values.len() != length => {
            let message =
                format!("θ has {}; the problem has {}", counted(values.len(), "entry"), counted(length, "parameter"));
            return Err(BuildFailure::at("theta", message));
        }
        Initial::Explicit(values) => values.clone(),
        Initial::Normal { deviation } => {
            check_deviation("theta", *deviation)?;
            normal(random, *deviation, length).collect()
        }
        Initial::Far { .. } if !problem.is_convex() => {
            let message = "`Far` starts from θ*, which this problem has several of; expected `Normal(…)` or `Declared`";
            return Err(BuildFailure::at("theta", message));
        }
        Initial::Far { deviation, factor } => {
            check_deviation("theta", *deviation)?;
            let solution = solve_inner(problem, lambda);
            if !solution.converged {
                let message = format!(
                    "`Far` starts from θ*, which was not found at this λ: the gradient norm stays at {:.1e}",
                    solution.gradient_norm
                );
                return Err(BuildFailure::at("theta", message));
            }
            let start = normal(random, *deviation, length);
            start.zip(&solution.theta).map(|(x, star)| x + factor * (x - star)).collect()
        }
    };
    check_finite("theta", matches!(initial, Initial::Explicit(_)), drawn)
}

fn normal(random: &mut ChaCha8Rng, deviation: f64, length: usize) -> impl Iterator<Item = f64> {
    StandardNormal.sample_iter(random).take(length).map(move |x: f64| deviation * x)
}

fn check_deviation(field: &str, deviation: f64) -> Result<(), BuildFailure> {
    if deviation >= 0.0 && deviation.is_finite() {
        return Ok(());
    }
    let message = format!("`deviation` is {deviation}; expected a finite number of at least 0");
    Err(BuildFailure::at(format!("{field}.deviation"), message))
}

/// The entries, all finite. `.0` is the list inside `Explicit( )`.
fn check_finite(field: &str, is_list: bool, values: Vec<f64>) -> Result<Vec<f64>, BuildFailure> {
    match values.iter().position(|x| !x.is_finite()) {
        None => Ok(values),
        Some(index) => {
            let place = if is_list { format!("{field}[0][{index}]") } else { field.to_owned() };
            Err(BuildFailure::at(place, format!("found {}; expected a finite number", values[index])))
        }
    }
}
