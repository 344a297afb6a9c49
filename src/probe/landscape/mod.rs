//! Landscape: F over two hyperparameters, the others held where they are.
//!
//! F(λ) = f(λ, θ*(λ)), exact, where θ*(λ) is unique; otherwise f where an inner run of the first trial ends that starts at θ₀. A lattice over the bounds of the two entries where the outer loop moves in their
//! box, and otherwise within reach of the place, is filled from coarse to fine: each level halves the distances of the one before, and is
//! shown as soon as it is there.

mod finding;

use std::sync::Arc;

use rayon::prelude::*;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::number::counted;
use crate::scenario::Coordinates;
use crate::trial::{Loops, Stage, Status};

pub use finding::{Landscape, SCHEMA};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "landscape",
        name: "Landscape of F",
        source: "contours of test functions as in Dixon and Szego 1978; the lattice is this project's",
        equation: "F over (λ_i, λ_j), other entries held",
        summary: "Draws what lies between the minima: how good λ is over a plane of two hyperparameters, with the others held where they are. It gets finer as it goes.",
        cost: "an exact inner solution for every place of the lattice, about a thousand; an inner run where there is no single one",
        fails: "Two entries of many: what looks like a minimum in the plane need not be one.",
        knobs: &[HORIZONTAL, VERTICAL, RESOLUTION, REACH],
    },
    scope: Scope::AtLambda,
    stands: |_| false,
    key: '&',
    sweeps: None,
    budget: &[("resolution", 32)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const HORIZONTAL: Knob = Knob {
    key: "horizontal",
    help: "Which entry of λ lies on the horizontal axis, from 0.",
    kind: Kind::Integer { default: 0, range: (0, 100_000), scale: Scale::Linear },
};

const VERTICAL: Knob = Knob {
    key: "vertical",
    help: "Which entry of λ lies on the vertical axis, from 0.",
    kind: Kind::Integer { default: 1, range: (0, 100_000), scale: Scale::Linear },
};

const AXES: [&str; 2] = [HORIZONTAL.key, VERTICAL.key];

const RESOLUTION: Knob = Knob {
    key: "resolution",
    help: "Stretches along either side, rounded up to a power of two.",
    kind: Kind::Integer { default: 32, range: (2, 512), scale: Scale::Logarithmic },
};

const REACH: Knob = Knob {
    key: "reach",
    help: "How far to either side is looked where the outer loop does not move in the box of its bounds.",
    kind: Kind::Real { default: 4.0, range: (1e-6, 1e6), scale: Scale::Logarithmic },
};

/// The first level has so many stretches along either side.
const COARSEST: usize = 4;

/// Fills the lattice.
///
/// # Errors
/// When λ has no such two entries, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<Landscape, ProbeError> {
    let Some(subject) = case.subjects.first() else { return refuse("there is no trial; expected one") };
    let loops = subject.loops(&Arc::new(Stage::of(&case.experiment)));
    let entries = AXES.map(|knob| case.knobs.count(knob));
    check(&loops, entries)?;
    let stretches = case.knobs.count("resolution").next_power_of_two().max(COARSEST);
    let sides = entries.map(|entry| side(&loops, entry, case.knobs.real("reach"), stretches));
    // A schedule that is learned is no part of F, which is about θ*.
    let is_exact = case.experiment.problem.is_convex() && loops.lambda().len() == loops.own_lambda().len();
    let mut found = Landscape::begin(case, &loops, entries, sides, is_exact);
    let meter = Meter::new((stretches + 1).pow(2), &case.experiment.stop, watcher);
    let mut stride = stretches / COARSEST;
    while stride > 0 {
        let missing = found.missing(stride);
        let value = |place: &(usize, usize)| -> Result<f64, ProbeError> {
            meter.goes_on()?;
            let value = value(&loops, &found.lambda(*place), is_exact);
            meter.advance(1)?;
            Ok(value)
        };
        let values: Vec<Result<f64, ProbeError>> = missing.par_iter().map(value).collect();
        let values = values.into_iter().collect::<Result<Vec<f64>, _>>()?;
        found.fill(stride, missing.into_iter().zip(values));
        if stride > 1 {
            case.publish(|| found.clone());
        }
        stride /= 2;
    }
    Ok(found)
}

fn check(loops: &Loops, entries: [usize; 2]) -> Result<(), ProbeError> {
    let length = loops.lambda().len();
    if length < 2 {
        return refuse("λ has one entry: there is no plane to look at; expected a problem with several");
    }
    let named = AXES.into_iter().zip(entries);
    if let Some((knob, entry)) = named.into_iter().find(|(_, entry)| *entry >= length) {
        return refuse(&format!(
            "`{knob}` is {entry}, and λ has {}; expected from 0 to {}",
            counted(length, "entry"),
            length - 1
        ));
    }
    if entries[0] == entries[1] {
        return refuse(&format!(
            "`horizontal` and `vertical` are both {}; expected two different entries of λ",
            entries[0]
        ));
    }
    Ok(())
}

/// The places along one side: between the bounds where the outer loop moves in their box, and otherwise within reach.
fn side(loops: &Loops, entry: usize, reach: f64, stretches: usize) -> Vec<f64> {
    let here = loops.lambda()[entry];
    let (low, high) = loops.blocks().bounds().nth(entry).unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    let setting = loops.setting();
    let is_box = setting.outer.coordinates == Coordinates::Box || setting.population.entry().exchange.is_some();
    let (low, high) = if is_box { (low, high) } else { ((here - reach).max(low), (here + reach).min(high)) };
    (0..=stretches).map(|place| low + (high - low) * place as f64 / stretches as f64).collect()
}

/// F at a λ; not a number where it is not known.
fn value(loops: &Loops, lambda: &[f64], is_exact: bool) -> f64 {
    let mut loops = loops.clone().at(lambda);
    if is_exact {
        return loops.exact().value;
    }
    loops.finish_inner();
    if loops.status() == Status::Ready { loops.values().1 } else { f64::NAN }
}
