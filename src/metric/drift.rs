//! Where what is best moves: how far behind λ is, and what it says of the past.

use super::{HYPERGRADIENT, Metric, Reading, Seen, Subject, When, needs};
use crate::catalog::{Card, Scale};
use crate::math::vector::{axpy, norm};

/// Hypergradients in a mean of the local regret, whatever filter a trial has.
pub const COMMON_WINDOW: usize = 20;

/// The sum of squares of means of the last hypergradients.
pub static LOCAL_REGRET: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "local-regret",
            name: "Bilevel local regret",
            source: "Bohne et al. 2024, arXiv 2409.10470, with one window for all",
            equation: "Σ_t ‖(1/n) Σ_{i<n} ĥ_{t−i}‖²,  n = min(t, 20)",
            summary: "How steep F has been along the run, summed over outer steps. Each term is the square of the mean of the last 20 \
                      estimates as they came, each at its own λ and rows, so that trials with other windows can be compared.",
            cost: "none beyond the run",
            fails: "Noise adds its variance over 20 to every term: it falls with a longer window also where nothing moves, and a smaller \
                    regret may go with a larger loss. Nothing is read once earlier estimates are no longer kept.",
            knobs: &[],
        },
        "BLR",
        local_regret,
    )
};

/// The length of what moves λ.
pub static FILTERED_NORM: Metric = Metric {
    scale: Scale::Logarithmic,
    ..Metric::number(
        Card {
            id: "filtered-norm",
            name: "Length behind the filter",
            source: "Bohne et al. 2026, arXiv 2601.15363",
            equation: "‖h̄‖",
            summary: "How long the filtered hypergradient is, which is what moves λ.",
            cost: "an estimate at every measured inner step",
            fails: "Short where estimates disagree, and where there is nothing left to gain.",
            knobs: &[],
        },
        "‖mean ĥ‖",
        |seen| norm(&seen.loops().filtered(seen.estimate())).into(),
    )
};

/// The weights of past blocks, over their sum.
pub static AGE_WEIGHTS: Metric = Metric {
    needs: has_ages,
    ..Metric::vector(
        Card {
            id: "age-weights",
            name: "Weights by age",
            source: "Bohne et al. 2026, arXiv 2601.15363",
            equation: "λ_s / Σ_r λ_r",
            summary: "How much each past block counts, the newest first, as a share of all.",
            cost: "none",
            fails: "Not a number where all weights are zero.",
            knobs: &[],
        },
        "λ_s/Σλ",
        |seen| {
            seen.stage()
                .problem
                .age_weights(seen.own_lambda())
                .map_or(Reading::Absent, |weights| shares(weights).into())
        },
    )
};

fn has_ages(subject: &Subject<'_>) -> Result<(), String> {
    let weights = subject.stage.problem.age_weights(&subject.stage.lambda);
    needs::said(weights.is_some(), "λ weighs no blocks of the past here; `problem: PastBlocks` does")
}

fn shares(mut weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}

fn local_regret(seen: &Seen<'_>) -> Reading {
    let before = match seen.loops().outer() {
        0 => Some(0.0),
        _ => seen.before(&LOCAL_REGRET),
    };
    let term =
        || Some(squared_mean(&seen.estimate().hypergradient, &seen.vectors_before(&HYPERGRADIENT, COMMON_WINDOW - 1)?));
    before.and_then(|before| Some(Reading::Number(before + term()?))).unwrap_or(Reading::Absent)
}

/// `‖mean‖²` of an estimate and earlier ones.
fn squared_mean(last: &[f64], earlier: &[&[f64]]) -> f64 {
    let mut sum = last.to_vec();
    for estimate in earlier {
        axpy(1.0, estimate, &mut sum);
    }
    (norm(&sum) / (earlier.len() + 1) as f64).powi(2)
}
