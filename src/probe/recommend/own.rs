//! The runs of settings by themselves, from λ₀: what whoever follows the advice would see.

use rayon::prelude::*;

use super::choice::front;
use super::finding::{Measured, OwnRun};
use super::ground::{Ground, spread};
use super::measure::Sample;
use crate::probe::{Case, ProbeError};
use crate::problem::Price;
use crate::reference::FITTING;
use crate::scenario::Horizon;
use crate::trial::Status;

/// How far these runs go.
pub(super) struct Budget {
    /// Oracle calls of each.
    calls: f64,
    /// Places at which the estimates of each are measured.
    states: usize,
    /// Seconds that one exact answer takes, by the sizes of the problem.
    truth: f64,
}

/// A run is granted this share of what an estimator is.
const SHARE: f64 = 0.2;

/// Seconds that the exact answers of all runs together may take, by the sizes of the problem.
const SECONDS: f64 = 5.0;

impl Budget {
    pub(super) fn of(case: &Case<'_>, granted: f64) -> Self {
        Self {
            calls: (SHARE * granted).min(case.knobs.real("path")),
            states: case.knobs.count("states"),
            truth: Price::of_truth(case.experiment.problem.as_ref()).seconds(),
        }
    }

    /// Places for each of so many runs: two at least, where that many are asked for.
    fn places(&self, runs: usize) -> usize {
        let afforded = SECONDS / (self.truth * runs as f64);
        if afforded >= self.states as f64 { self.states } else { self.states.min((afforded as usize).max(2)) }
    }
}

/// Runs every setting that may be advised: nothing else is within some limits and not beaten there.
///
/// # Errors
/// When it was stopped.
pub(super) fn run_all(ground: &Ground, settings: &mut [Measured], budget: &Budget) -> Result<(), ProbeError> {
    let advisable = front(settings, &[|one| one.calls, |one| one.bytes]);
    let places = budget.places(advisable.len());
    let runs: Vec<(usize, OwnRun)> =
        advisable.into_par_iter().map(|place| (place, run(ground, &settings[place], budget, places))).collect();
    if ground.stages[0].stop().is_set() {
        return Err(ProbeError::Stopped);
    }
    for (place, run) in runs {
        settings[place].own_run = Some(run);
    }
    Ok(())
}

fn run(ground: &Ground, one: &Measured, budget: &Budget, places: usize) -> OwnRun {
    let outer_steps = outer_steps(ground, one, budget);
    let visited = spread(outer_steps, places);
    let mut loops = ground.loops(ground.setting(&one.spec, one.inner_steps), 0);
    let (mut samples, mut values, mut stopped) = (Vec::new(), Vec::new(), None);
    for outer in 0..outer_steps {
        loops.finish_inner();
        let is_ready = loops.status() == Status::Ready;
        if visited.contains(&outer) && is_ready {
            let held = (FITTING.find)(&loops);
            values.push(held.value);
            samples.extend(Sample::of(&held, outer, Some(&loops.estimate())));
        }
        let goes_on = loops.advance().is_some() && !loops.status().is_halted();
        if !goes_on {
            stopped = Some((outer, loops.status().to_string()));
            break;
        }
    }
    let mut errors: Vec<f64> = samples.iter().map(|sample| sample.error).collect();
    // Where it no longer was there is no estimate.
    let reached = stopped.as_ref().map_or(outer_steps, |(outer, _)| outer + 1);
    let missed = visited.iter().filter(|outer| **outer >= reached).count();
    errors.extend(std::iter::repeat_n(f64::INFINITY, missed));
    let is_rounding = 2 * samples.iter().filter(|sample| sample.is_rounding).count() > errors.len();
    let value = |value: Option<&f64>| value.copied().unwrap_or(f64::NAN);
    OwnRun { outer_steps, visited, errors, is_rounding, values: [value(values.first()), value(values.last())], stopped }
}

/// As many as its calls pay for, and no more than the run that was followed.
fn outer_steps(ground: &Ground, one: &Measured, budget: &Budget) -> usize {
    let planned = match ground.subject.setting.outer.horizon() {
        Horizon::Steps(_) => f64::INFINITY,
        Horizon::Calls(calls) => calls,
    };
    let afforded = budget.calls.min(planned) / one.calls.max(f64::MIN_POSITIVE);
    if afforded >= ground.path.len() as f64 { ground.path.len() } else { (afforded as usize).max(1) }
}
