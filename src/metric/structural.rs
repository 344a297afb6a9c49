//! The function of a regressor whose coefficients λ are.

use super::{Kind, Metric, Reading, Seen, Subject, needs};
use crate::catalog::Card;

/// What a trial makes of it.
pub static STRUCTURAL_FUNCTION: Metric = Metric {
    kind: Kind::Curve,
    needs: has_places,
    ..Metric::vector(
        Card {
            id: "structural-function",
            name: "Structural function",
            source: "Petrulionyte, Mairal, Arbel 2024, section 4",
            equation: "f_λ(x) = λᵀψ(x)",
            summary: "What the regressor does to the target, by this λ.",
            cost: "none",
            fails: "Where hardly any instrument moves the regressor, it is what r_out makes of it.",
            knobs: &[],
        },
        "f_λ",
        |seen| curve(seen, Some(seen.own_lambda())),
    )
};

/// What least squares make of the same rows.
pub static LEAST_SQUARES_FUNCTION: Metric = Metric {
    kind: Kind::Curve,
    needs: has_least_squares,
    ..Metric::vector(
        Card {
            id: "least-squares-function",
            name: "Least squares of the target on its regressor",
            source: "what a regression gives that knows no instruments",
            equation: "λᵀψ(x), λ = argmin ½ mean (y − λᵀψ(x))² + ½ r_out ‖λ‖²",
            summary: "The regression of the target on the same functions of its regressor, without instruments.",
            cost: "none; solved once",
            fails: "What is left out moves both, and more rows do not help.",
            knobs: &[],
        },
        "f_LS",
        |seen| {
            let problem = &seen.stage().problem;
            curve(seen, problem.structural().and_then(|structural| structural.least_squares()))
        },
    )
};

fn has_places(subject: &Subject<'_>) -> Result<(), String> {
    let structural = subject.stage.problem.structural();
    needs::said(structural.is_some(), "λ is no function of a regressor here; `problem: Instrumental` has one")?;
    let has_places = structural.is_some_and(|structural| !structural.places().is_empty());
    needs::said(
        has_places,
        "f_λ is a function of several columns here, which no plane shows; of one regressor without controls it does",
    )
}

fn has_least_squares(subject: &Subject<'_>) -> Result<(), String> {
    has_places(subject)?;
    let found = subject.stage.problem.structural().and_then(|structural| structural.least_squares()).is_some();
    needs::said(found, "least squares have no one solution on these rows; `outer_ridge` above 0 makes one")
}

fn curve(seen: &Seen<'_>, lambda: Option<&[f64]>) -> Reading {
    let points = || {
        let structural = seen.stage().problem.structural()?;
        Some(Reading::Curve(structural.places().iter().copied().zip(structural.curve(lambda?)).collect()))
    };
    points().unwrap_or(Reading::Absent)
}
