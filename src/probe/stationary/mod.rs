//! Where descent along a method's direction comes to an end, and what F is there.
//!
//! A truncated series, a solver that is stopped early or a difference with a finite κ has an expected direction `D̄(λ)` that is
//! not ∇F even at θ*(λ): over all rows, with everything at rest. Descent along it ends where `D̄ = 0`, and what is lost there
//! is `F(λ̂) − F(λ*)`, with λ* where exact hypergradients lead from the same start. Where λ is a single number all zeros of D̄ within
//! reach are found: there can be more than ∇F has, such as where a step that is too long for H(λ) turns a series round.
//! Where λ has several entries, descent along D̄ is followed from the start: steps `(I/s + ∂D̄)⁻¹ D̄` are those of the
//! implicit Euler method, and become Newton's as `s` grows while ‖D̄‖ falls (pseudo-transient continuation, Kelley and Keyes
//! 1998). That the bias of a truncated solver moves the stationary point is Ghadimi and Wang 2018, lemma 3.2, and Grazzi et
//! al. 2020; the exact definitions are this project's.

mod field;
mod finding;
mod roots;
mod scan;
mod sweep;
mod way_down;

use std::sync::Arc;

use rayon::prelude::*;

use super::at_rest::{direction, exact, over_all_rows};
use super::meter::Meter;
use super::sweep::once_or_swept;
use super::{Case, Entry, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::problem::Stop;
use crate::trial::{Loops, Stage};
use field::{Field, Found, Search};

pub use finding::{Curve, Root, SCHEMA, StationaryPoint, TrialFinding};
pub use sweep::{SWEEP_SCHEMA, SweepFinding};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "stationary",
        name: "Stationary point",
        source: "Ghadimi and Wang 2018, lemma 3.2; Grazzi et al. 2020; the exact definitions are this project's",
        equation: "D̄(λ̂) = 0,  excess F(λ̂) − F(λ*)  with ∇F(λ*) = 0",
        summary: "Finds where a method that is biased even at the inner solution would end, and what that costs. Its direction over all rows, \
                  with everything else at rest, is followed to where it is zero, and F there is held against F where exact \
                  hypergradients lead from the same λ.",
        cost: "an exact inner solution and a direction for every λ tried: some hundreds of each",
        fails: "Follows one way down; where λ has several entries, other zeros are not looked for.",
        knobs: &[REACH, STEPS],
    },
    scope: Scope::AtLambda,
    stands: |_| false,
    key: 'A',
    sweeps: Some('Y'),
    budget: &[("steps", 200)],
    run: |case, watcher| once_or_swept(case, watcher, run, SweepFinding::of),
};

const REACH: Knob = Knob {
    key: "reach",
    help: "How far from the start a λ that is one number is searched, to either side.",
    kind: Kind::Real { default: 8.0, range: (1e-3, 60.0), scale: Scale::Logarithmic },
};

const STEPS: Knob = Knob {
    key: "steps",
    help: "Places tried within reach; steps of the way down, where λ has several entries.",
    kind: Kind::Integer { default: 200, range: (4, 100_000), scale: Scale::Logarithmic },
};

/// Finds every trial's stationary point.
///
/// # Errors
/// When the inner problem has no exact solution, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<StationaryPoint, ProbeError> {
    if !case.experiment.problem.is_convex() {
        return refuse(
            "the inner problem has more than one solution, so that there is no F(λ) to be stationary of; expected a \
             problem that is convex in θ",
        );
    }
    let search = Search { reach: case.knobs.real("reach"), steps: case.knobs.count("steps") };
    let stage = Arc::new(Stage::of(&case.experiment));
    let meter = Meter::new(case.subjects.len(), &case.experiment.stop, watcher);
    let one = |subject: &Subject| -> Result<TrialFinding, ProbeError> {
        meter.goes_on()?;
        let found = trial(&stage, search, subject, &case.experiment.stop);
        meter.advance(1)?;
        Ok(found)
    };
    let trials: Vec<Result<TrialFinding, ProbeError>> = case.subjects.par_iter().map(one).collect();
    Ok(StationaryPoint::of(case, trials.into_iter().collect::<Result<_, _>>()?))
}

fn trial(stage: &Arc<Stage>, search: Search, subject: &Subject, stop: &Stop) -> TrialFinding {
    let setting = over_all_rows(&subject.setting);
    let loops = Subject { setting, ..subject.clone() }.loops(stage);
    let exact = |lambda: &[f64]| Ok(exact(&loops.clone().at(lambda))?.hypergradient);
    let expected = |lambda: &[f64]| {
        let mut loops = loops.clone().at(lambda);
        loops.settle()?;
        Ok(direction(loops)?.hypergradient)
    };
    let ends = |ask, name| search.from(loops.lambda(), &Field { ask, name, blocks: loops.blocks(), stop });
    let truth = ends(&exact, "∇F");
    let found = match no_mean(&loops) {
        Some(reason) => Found::nothing(reason),
        None => ends(&expected, "its direction"),
    };
    TrialFinding::of(subject, &found, &truth, |lambda| loops.clone().at(lambda).exact().value)
}

/// Why one answer over all rows is not what the direction is on average.
fn no_mean(loops: &Loops) -> Option<String> {
    if loops.is_drawn() {
        return Some("its direction is drawn even over all rows, so that one answer is not its mean".to_owned());
    }
    loops.setting().rows_move().then(|| "its rows change with every outer step".to_owned())
}
