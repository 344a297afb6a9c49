//! Models of a plant: how the controller that follows from λ does on it.

use super::{Kind, Metric, Reading, Seen, Subject, When, needs};
use crate::catalog::{Card, Scale};
use crate::problem::{Control, Judged};

/// How much more the controller costs than the best one.
pub static REGRET: Metric = Metric {
    rank: 21,
    scale: Scale::Logarithmic,
    needs: has_plant,
    ..Metric::number(
        Card {
            id: "regret",
            name: "Regret on the plant",
            source: "discounted Lyapunov and Riccati equations: Anderson and Moore 1989",
            equation: "J(K_λ)/J* − 1",
            summary: "How much more the controller that was planned with the model costs on the plant than the best one. It is exact, and infinite \
                      where the plant is not held.",
            cost: "a Riccati and two Lyapunov equations of two states",
            fails: "It is an expectation over starts and noise: one run may go otherwise.",
            knobs: &[],
        },
        "regret",
        |seen| judged(seen, |judged| judged.regret),
    )
};

/// How fast the closed loop comes to rest.
pub static DISCOUNTED_RADIUS: Metric = Metric {
    needs: has_plant,
    ..Metric::number(
        Card {
            id: "discounted-radius",
            name: "Radius of the closed loop",
            source: "discounted stability: Anderson and Moore 1989",
            equation: "√γ ρ(A − BK_λ)",
            summary: "By what ratio discounted states shrink in a step on the plant under the controller of the model. From 1 on they do not, and the \
                      cost has no end.",
            cost: "a Riccati equation of two states",
            fails: "Says nothing of how far states go before they shrink.",
            knobs: &[],
        },
        "√γ ρ",
        |seen| judged(seen, |judged| judged.radius),
    )
};

/// κ of the plant at this outer step.
pub static PLANT_STIFFNESS: Metric = Metric {
    when: When::Outer,
    needs: has_plant,
    ..Metric::number(
        Card {
            id: "plant-stiffness",
            name: "κ of the plant",
            source: "what the rows of the moment say, or the problem",
            equation: "κ_t",
            summary: "The stiffness of the plant itself, which a model is to find where it can.",
            cost: "none",
            fails: "A model that must be wrong elsewhere plans better with another one.",
            knobs: &[],
        },
        "κ",
        |seen| asked(seen, |control| Reading::Number(control.plant()[0])),
    )
};

/// The angle over time under the controller of λ.
pub static RESPONSE: Metric = Metric {
    kind: Kind::Curve,
    needs: has_plant,
    ..Metric::vector(
        Card {
            id: "response",
            name: "Response of the closed loop",
            source: "step responses as in any textbook of control",
            equation: "x₁(t) from (0.3, 0) under u = −K_λ x, without noise",
            summary: "How the plant comes back under the controller that was planned with the model, let go at an angle.",
            cost: "sixty steps of the plant",
            fails: "What actions cost is not in it: the quickest return is not the cheapest. A response without noise is one run of many.",
            knobs: &[],
        },
        "x₁(t)",
        |seen| asked(seen, |control| Reading::Curve(control.response(Some(seen.own_lambda())).into())),
    )
};

/// The same under the best controller.
pub static BEST_RESPONSE: Metric = Metric {
    kind: Kind::Curve,
    needs: has_plant,
    ..Metric::vector(
        Card {
            id: "best-response",
            name: "Response under the best controller",
            source: "step responses as in any textbook of control",
            equation: "x₁(t) from (0.3, 0) under u = −K* x, without noise",
            summary: "How the plant comes back under the controller of the plant itself, let go at an angle.",
            cost: "sixty steps of the plant",
            fails: "What actions cost is not in it: the quickest return is not the cheapest. A response without noise is one run of many.",
            knobs: &[],
        },
        "x₁*(t)",
        |seen| asked(seen, |control| Reading::Curve(control.response(None).into())),
    )
};

fn has_plant(subject: &Subject<'_>) -> Result<(), String> {
    let has_plant = subject.stage.problem.control().is_some();
    needs::said(has_plant, "λ is no model of a plant here; `problem: ModelDesign` has one")
}

/// Of the plant of the moment.
fn asked(seen: &Seen<'_>, of: impl FnOnce(&dyn Control) -> Reading) -> Reading {
    let oracle = seen.loops().place();
    oracle.problem().control().map_or(Reading::Absent, of)
}

fn judged(seen: &Seen<'_>, of: impl FnOnce(&Judged) -> f64) -> Reading {
    let judged = seen.shared(|| {
        let oracle = seen.loops().place();
        oracle.problem().control().map(|control| control.judge(seen.own_lambda()))
    });
    judged.as_ref().as_ref().map_or(Reading::Absent, |judged| Reading::Number(of(judged)))
}
