//! What λ says of past blocks: the weight of every age, and the penalty.

use crate::catalog::Knobs;
use crate::math::vector::dot;
use crate::problem::Block;

/// How weights and penalty come from λ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Weighting {
    /// λ_s itself for age s; the penalty ρ is fixed.
    PerAge { ridge: f64 },
    /// `λ_s ∝ exp(−e^{μ₀}s)`, which add up to 1, and `ρ = e^{μ₁}`; λ is (μ₀, μ₁).
    Forgetting,
}

impl Weighting {
    pub fn new(knobs: &Knobs) -> Self {
        match knobs.choice("weights") {
            "Forgetting" => Self::Forgetting,
            _ => Self::PerAge { ridge: knobs.real("ridge") },
        }
    }

    /// Length of λ, for so many ages.
    pub fn dimension(self, ages: usize) -> usize {
        match self {
            Self::PerAge { .. } => ages,
            Self::Forgetting => 2,
        }
    }

    pub fn blocks(self, ages: usize) -> Vec<Block> {
        match self {
            Self::PerAge { .. } => {
                let names = (0..ages).map(|age| format!("age {age}")).collect();
                vec![Block::new("weights", names).starting_at(1.0 / ages as f64).within(0.0, f64::INFINITY)]
            }
            Self::Forgetting => ["log_rate", "log_ridge"]
                .map(|name| Block::new(name, vec![name.replace('_', " ")]).starting_at(-3.0))
                .to_vec(),
        }
    }

    /// The weight of every age.
    pub fn weights(self, lambda: &[f64], out: &mut [f64]) {
        match self {
            Self::PerAge { .. } => out.copy_from_slice(lambda),
            Self::Forgetting => {
                let rate = lambda[0].exp();
                // From the newest on none is larger than 1, so that the sum is no smaller.
                out.iter_mut().zip(0..).for_each(|(weight, age)| *weight = (-rate * f64::from(age)).exp());
                // An infinite rate times age 0 is no number, and leaves the newest alone.
                out[0] = 1.0;
                let sum: f64 = out.iter().sum();
                out.iter_mut().for_each(|weight| *weight /= sum);
            }
        }
    }

    /// ρ.
    pub fn ridge(self, lambda: &[f64]) -> f64 {
        match self {
            Self::PerAge { ridge } => ridge,
            Self::Forgetting => lambda[1].exp(),
        }
    }

    /// How the weights move along a direction of λ, given them, and how the penalty does.
    pub fn along(self, lambda: &[f64], weights: &[f64], direction: &[f64], out: &mut [f64]) -> f64 {
        match self {
            Self::PerAge { .. } => {
                out.copy_from_slice(direction);
                0.0
            }
            Self::Forgetting => {
                slopes(lambda, weights, out);
                out.iter_mut().for_each(|slope| *slope *= direction[0]);
                self.ridge(lambda) * direction[1]
            }
        }
    }

    /// Derivatives by λ, from those by the weight of every age and by the penalty.
    pub fn by_lambda(
        self,
        lambda: &[f64],
        weights: &[f64],
        (ages, ridge): (&[f64], f64),
        room: &mut [f64],
        out: &mut [f64],
    ) {
        match self {
            Self::PerAge { .. } => out.copy_from_slice(ages),
            Self::Forgetting => {
                slopes(lambda, weights, room);
                out[0] = dot(ages, room);
                out[1] = self.ridge(lambda) * ridge;
            }
        }
    }
}

/// `∂λ_s/∂μ₀ = −e^{μ₀} λ_s (s − Σ_r r λ_r)`.
fn slopes(lambda: &[f64], weights: &[f64], out: &mut [f64]) {
    let rate = lambda[0].exp();
    let mean: f64 = weights.iter().zip(0..).map(|(weight, age)| weight * f64::from(age)).sum();
    for ((slope, weight), age) in out.iter_mut().zip(weights).zip(0..) {
        *slope = if *weight == 0.0 { 0.0 } else { -rate * weight * (f64::from(age) - mean) };
    }
}
