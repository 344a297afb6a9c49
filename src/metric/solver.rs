//! What the linear solver behind an estimate says of itself.

use super::{Kind, Metric, Reading, When};
use crate::catalog::{Card, Scale};

/// Iterations used.
pub static SOLVER_ITERATIONS: Metric = Metric {
    kind: Kind::Count,
    ..Metric::number(
        Card {
            id: "solver-iterations",
            name: "Iterations of the solver",
            source: "",
            equation: "",
            summary: "Iterations that the linear solver used for this estimate, of members together.",
            cost: "none",
            fails: "Zero for estimators that solve nothing, and for direct solves.",
            knobs: &[],
        },
        "iterations",
        |seen| seen.estimate().solver.iterations.into(),
    )
};

/// Relative residual of the system solved.
pub static SOLVER_RESIDUAL: Metric = Metric {
    scale: Scale::Logarithmic,
    ..Metric::number(
        Card {
            id: "solver-residual",
            name: "Residual of the solver",
            source: "",
            equation: "‖b − Hv‖ / ‖b‖, H with its damping; the largest of members",
            summary: "How well the linear system was solved. It is computed anew from the v that was returned, not \
                      taken from a recurrence.",
            cost: "one product with H, which is charged to nobody, as the truth is",
            fails: "A small residual of a damped system is no small error of v.",
            knobs: &[],
        },
        "residual",
        |seen| Some(seen.estimate().solver.residual).filter(|residual| !residual.is_nan()).into(),
    )
};

/// Whether the solver did what it was asked to.
pub static SOLVER_CONVERGED: Metric = Metric {
    kind: Kind::Flag,
    ..Metric::number(
        Card {
            id: "solver-converged",
            name: "Solver converged",
            source: "",
            equation: "‖b − Hv‖ ≤ 1e-8 ‖b‖",
            summary: "Whether the linear system was solved, by one rule for every solver. An estimator that solves \
                      nothing has converged.",
            cost: "none",
            fails: "Over batches no residual is known, and v need only be finite. A solver that was asked for less, \
                    by its tolerance or its budget, counts as unsolved all the same.",
            knobs: &[],
        },
        "solved",
        |seen| seen.estimate().solver.converged.into(),
    )
};

/// Whether H showed a direction of negative curvature.
pub static SOLVER_NEGATIVE_CURVATURE: Metric = Metric {
    kind: Kind::Flag,
    ..Metric::number(
        Card {
            id: "solver-negative-curvature",
            name: "Negative curvature",
            source: "",
            equation: "vᵀHv < 0 for a direction v that was met",
            summary: "Whether the training loss bends downwards somewhere, so that this is no minimum. The inner \
                      Hessian showed a direction of negative curvature.",
            cost: "none",
            fails: "Only directions that the solver meets are looked at.",
            knobs: &[],
        },
        "negative curvature",
        |seen| seen.estimate().solver.negative_curvature.into(),
    )
};

/// What a person should know.
pub static SOLVER_NOTE: Metric = Metric {
    kind: Kind::Words,
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "solver-note",
            name: "Note of the solver",
            source: "",
            equation: "",
            summary: "What a person should know of the solve, in words; mostly nothing.",
            cost: "none",
            fails: "Of an ensemble, the first member that has something to say.",
            knobs: &[],
        },
        "note",
        |seen| seen.estimate().solver.note.as_deref().map_or(Reading::Absent, |note| Reading::Words(note.into())),
    )
};
