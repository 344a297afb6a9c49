//! What stands in for H, where an estimator keeps such a matrix: how far it is from H, how well it can be solved with, and how it came about.

use super::{Kind, Metric, Seen, Subject, When, needs};
use crate::catalog::{Card, Scale};
use crate::estimator::{MOST_SHOWN, Surrogate};
use crate::math::Matrix;
use crate::math::vector::axpy;

const SOURCE: &str = "Kong, Chen, Zhang and Mou 2026; the measure is this project's";

/// `‖F − H‖ / ‖H‖` of the loss alone.
pub static CURVATURE_ERROR: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Outer,
    needs: shown,
    rank: 18,
    ..Metric::number(
        Card {
            id: "curvature-error",
            name: "Error of the curvature",
            source: SOURCE,
            equation: "‖F − H‖ / ‖H‖ in the spectral norm, both of the loss without its penalty, H over all rows at θ; of the first member",
            summary: "How far the matrix that stands in for the Hessian is from it.",
            cost: "a Hessian and its eigenvalues, charged to nobody",
            fails: "It weighs the directions of largest curvature, and v depends on the smallest. F was made at earlier θ than H.",
            knobs: &[],
        },
        "‖F−H‖/‖H‖",
        |seen| spectrum(seen).map(|spectrum| spectrum.error).into(),
    )
};

/// The smallest eigenvalue of what is solved with.
pub static CURVATURE_SMALLEST: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Outer,
    needs: shown,
    ..Metric::number(
        Card {
            id: "curvature-smallest",
            name: "Smallest curvature solved with",
            source: SOURCE,
            equation: "smallest eigenvalue of F + R + δI, R the Hessian of the penalty at λ; of the first member",
            summary: "What holds the length of v where the scores say nothing: penalty and damping.",
            cost: "eigenvalues, charged to nobody",
            fails: "Large is not good: a damping above the small eigenvalues of H shortens v.",
            knobs: &[],
        },
        "λmin",
        |seen| spectrum(seen).and_then(|spectrum| spectrum.solved.first().copied()).into(),
    )
};

/// The condition of what is solved with.
pub static CURVATURE_CONDITION: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Outer,
    needs: shown,
    rank: 19,
    ..Metric::number(
        Card {
            id: "curvature-condition",
            name: "Condition of the curvature solved with",
            source: SOURCE,
            equation: "largest over smallest eigenvalue of F + R + δI; of the first member",
            summary: "How much an error of what is solved with, or of the right side, may grow in v.",
            cost: "eigenvalues, charged to nobody",
            fails: "A large one is no error yet: it depends on where ∇f points.",
            knobs: &[],
        },
        "cond(F+R)",
        |seen| {
            let ends = |spectrum: &Spectrum| Some(spectrum.solved.last()? / spectrum.solved.first()?);
            spectrum(seen).and_then(|spectrum| ends(&spectrum)).into()
        },
    )
};

/// Eigenvalues of what is solved with.
pub static CURVATURE_EIGENVALUES: Metric = Metric {
    needs: shown,
    ..Metric::vector(
        Card {
            id: "curvature-eigenvalues",
            name: "Eigenvalues solved with",
            source: SOURCE,
            equation: "eigenvalues of F + R + δI, ascending; of the first member",
            summary: "The curvatures that the linear system is solved with.",
            cost: "eigenvalues, charged to nobody",
            fails: "Equal eigenvalues are no equal matrices.",
            knobs: &[],
        },
        "λ(F+R)",
        |seen| spectrum(seen).as_ref().map(|spectrum| &*spectrum.solved).into(),
    )
};

/// Eigenvalues of H.
pub static HESSIAN_EIGENVALUES: Metric = Metric {
    needs: shown,
    ..Metric::vector(
        Card {
            id: "hessian-eigenvalues",
            name: "Eigenvalues of H",
            source: SOURCE,
            equation: "eigenvalues of ∂²_θθ g over all rows at θ, penalty and all, ascending; of the first member",
            summary: "The curvatures that the linear system should be solved with, where the inner run is over.",
            cost: "a Hessian and its eigenvalues, charged to nobody",
            fails: "They are those at θ, not at θ*.",
            knobs: &[],
        },
        "λ(H)",
        |seen| spectrum(seen).as_ref().map(|spectrum| &*spectrum.exact).into(),
    )
};

/// Batches that were seen.
pub static BATCHES_SEEN: Metric = Metric {
    kind: Kind::Count,
    needs: kept,
    ..Metric::number(
        Card {
            id: "batches-seen",
            name: "Batches seen",
            source: SOURCE,
            equation: "τ, since everything was forgotten last; of the first member",
            summary: "How many batches the estimator has seen.",
            cost: "none",
            fails: "Those that were left out do not count.",
            knobs: &[],
        },
        "seen",
        |seen| surrogate(seen).map(|surrogate| surrogate.seen as f64).into(),
    )
};

/// Batches that what was used is made of.
pub static BATCHES_USED: Metric = Metric {
    kind: Kind::Count,
    needs: kept,
    ..Metric::number(
        Card {
            id: "batches-used",
            name: "Batches used",
            source: SOURCE,
            equation: "max(τ − s, 0), s the staleness; of the first member",
            summary: "How many batches the matrix that was used is made of: those seen, less the ones it is behind.",
            cost: "none",
            fails: "0 is no factor yet: v is ∇f over penalty and damping alone.",
            knobs: &[],
        },
        "used",
        |seen| surrogate(seen).map(|surrogate| surrogate.used as f64).into(),
    )
};

/// How often everything was forgotten.
pub static RESETS: Metric = Metric {
    kind: Kind::Count,
    needs: kept,
    rank: 20,
    ..Metric::number(
        Card {
            id: "resets",
            name: "Resets",
            source: SOURCE,
            equation: "how often F began anew by itself; of the first member",
            summary: "How often the estimator has forgotten all batches: θ began elsewhere, its recipe changed, scores were not \
                      finite, or F could not be solved with.",
            cost: "none",
            fails: "An estimator that is told to begin anew at every outer step does not count that.",
            knobs: &[],
        },
        "resets",
        |seen| surrogate(seen).map(|surrogate| surrogate.resets as f64).into(),
    )
};

/// Whether the estimator keeps one at all.
fn kept(subject: &Subject<'_>) -> Result<(), String> {
    let spec = &subject.setting.estimator;
    let keeps = (spec.entry().build)(&spec.knobs).keeps_surrogate();
    needs::said(keeps, "this estimator keeps no matrix that stands in for H; natural hypergradients do")
}

/// Whether there are few enough eigenvalues.
fn shown(subject: &Subject<'_>) -> Result<(), String> {
    kept(subject)?;
    let length = subject.stage.problem.dimensions().inner;
    let long = format!("θ has {length} entries, and eigenvalues are taken of at most {MOST_SHOWN}");
    needs::said(length <= MOST_SHOWN, &long)
}

fn surrogate<'a>(seen: &'a Seen<'_>) -> Option<&'a Surrogate> {
    seen.estimate().surrogates.first().map(|surrogate| &**surrogate)
}

/// What eigenvalues say.
#[derive(Default)]
struct Spectrum {
    /// Of F + R + δI, ascending.
    solved: Vec<f64>,
    /// Of H, ascending.
    exact: Vec<f64>,
    error: f64,
}

fn spectrum(seen: &Seen<'_>) -> Option<std::rc::Rc<Spectrum>> {
    let surrogate = surrogate(seen)?;
    let fisher = surrogate.matrix.as_ref()?;
    let made = seen.shared(|| Shared(of(seen, fisher, surrogate).map(std::rc::Rc::new)));
    made.0.clone()
}

/// Made once for all that read it.
struct Shared(Option<std::rc::Rc<Spectrum>>);

fn of(seen: &Seen<'_>, fisher: &Matrix, surrogate: &Surrogate) -> Option<Spectrum> {
    let mut oracle = seen.loops().place();
    let hessian = oracle.hessian();
    let mut solved = oracle.penalty_hessian();
    let mut loss = hessian.clone();
    axpy(-1.0, solved.entries(), loss.entries_mut());
    axpy(1.0, fisher.entries(), solved.entries_mut());
    solved.add_to_diagonal(surrogate.damping);
    if let Some(whole) = &surrogate.whole {
        solved.clone_from(whole);
    }
    let mut difference = fisher.clone();
    axpy(-1.0, loss.entries(), difference.entries_mut());
    Some(Spectrum {
        solved: solved.symmetric_eigenvalues()?,
        exact: hessian.symmetric_eigenvalues()?,
        error: symmetric_norm(&difference)? / symmetric_norm(&loss)?,
    })
}

/// The spectral norm of a symmetric matrix, which takes half of what singular values do.
fn symmetric_norm(matrix: &Matrix) -> Option<f64> {
    let values = matrix.symmetric_eigenvalues()?;
    values.iter().map(|value| value.abs()).reduce(f64::max)
}
