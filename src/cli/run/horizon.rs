//! How far a run without a screen goes, and which outer steps it reports.

use crate::cli::failure::Failure;
use crate::cli::progress::Bar;
use crate::lab::{Command, End, Lab, Stopped, Until, Watch};
use crate::math::number::counted;
use crate::metric::{CALLS, Record};
use crate::scenario::{Horizon, Scenario};
use crate::trial::{Setting, Trial};

/// The horizon of each trial.
pub fn horizons(scenario: &Scenario) -> Vec<Horizon> {
    scenario.trials.iter().map(|trial| Setting::of(trial, scenario).outer.horizon()).collect()
}

/// Ticks until every trial that can has reached its horizon. Trials share one clock, so one that is there early
/// goes on with the others. Where something is to be so before that, it stops there, and says why. `each` is shown the lab
/// before the first tick and after every one.
pub fn run_to(
    lab: &mut Lab,
    horizons: &[Horizon],
    until: Option<&Until>,
    mut each: impl FnMut(&Lab),
) -> Result<Option<Stopped>, Failure> {
    const PARTS: f64 = 1000.0;
    let bar = Bar::new(PARTS as usize);
    let mut watch = until.map(|until| Watch::of(until.clone(), lab));
    loop {
        each(lab);
        if let Some(why) = watch.as_mut().and_then(|watch| watch.look(lab)) {
            return Ok(Some(why));
        }
        let parts: Vec<f64> = lab.trials().zip(horizons).map(|(trial, horizon)| part_done(trial, *horizon)).collect();
        if parts.iter().all(|part| *part >= 1.0) {
            let unmet = |until: &Until| Stopped::Unmet(format!("the run ends here, and `{}` was not met", until.goal));
            return Ok(until.map(unmet));
        }
        if let Some(refused) = too_much(lab, horizons) {
            return Err(refused);
        }
        bar.set((PARTS * parts.iter().sum::<f64>() / parts.len() as f64) as usize, PARTS as usize);
        apply(lab, &Command::Tick)?;
    }
}

/// Numbers of all outer steps that a run keeps, of 16 bytes each: 2 GiB.
const MOST_NUMBERS: usize = 1 << 27;

/// Why a run is refused that would keep more than fits: at its first outer step, where it says how many it takes, and when
/// it is there, where it does not.
fn too_much(lab: &Lab, horizons: &[Horizon]) -> Option<Failure> {
    let has_stepped = |trial: &Trial| trial.outer() > 0 || trial.status().is_halted();
    if !lab.trials().all(has_stepped) {
        return None;
    }
    let planned = |(trial, horizon): (&Trial, &Horizon)| {
        let steps = match horizon {
            _ if trial.status().is_halted() => trial.outer(),
            Horizon::Steps(steps) => (*steps).max(trial.outer()),
            // As many as it pays for when they go on to cost what they have.
            Horizon::Calls(calls) => {
                ((trial.outer() as f64 * calls / trial.cost().calls()) as usize).max(trial.outer())
            }
        };
        (steps, trial.outer_records().numbers_of_the_last())
    };
    let planned: Vec<(usize, usize)> = lab.trials().zip(horizons).map(planned).collect();
    let all = planned.iter().fold(0usize, |all, (steps, size)| all.saturating_add(steps.saturating_mul(*size)));
    if all <= MOST_NUMBERS {
        return None;
    }
    let most = MOST_NUMBERS / planned.iter().map(|(_, size)| *size).sum::<usize>().max(1);
    let steps = planned.iter().map(|(steps, _)| *steps).max().unwrap_or(0);
    let dearest = lab.trials().map(|trial| trial.cost().calls() / trial.outer().max(1) as f64).fold(0.0, f64::max);
    let (asked, expected) = match horizons.iter().find(|horizon| matches!(horizon, Horizon::Calls(_))) {
        Some(Horizon::Calls(calls)) => {
            let calls = if *calls < 1e7 { calls.to_string() } else { format!("{calls:e}") };
            (format!("{calls} oracle calls"), format!("{:.0} oracle calls", dearest * most as f64))
        }
        _ => (format!("{steps} outer steps"), format!("{most} outer steps")),
    };
    Some(Failure::input(format!(
        "{asked} of {} leave more than the {} MiB that a run keeps; expected at most {expected}",
        counted(planned.len(), "trial"),
        MOST_NUMBERS >> 16
    )))
}

/// How much of its way a trial has gone, up to 1. One that has halted goes no further.
fn part_done(trial: &Trial, horizon: Horizon) -> f64 {
    if trial.status().is_halted() { 1.0 } else { horizon.part_done(trial.outer(), trial.cost().calls()) }
}

/// How many of its outer steps are within the horizon of a trial: as many as it says, or as its calls pay for. Where
/// trials are compared at equal cost, all that were completed by the time the dearest was there.
fn within(lab: &Lab, trial: &Trial, horizon: Horizon) -> usize {
    let records = trial.outer_records();
    let is_paid = |record: &Record<'_>, calls: f64| record.number(&CALLS).is_some_and(|spent| spent <= calls);
    match horizon {
        Horizon::Calls(calls) => records.iter().take_while(|record| is_paid(record, calls)).count(),
        Horizon::Steps(_) if lab.experiment().scenario.pace.entry().alike.is_paid() => records.len(),
        Horizon::Steps(steps) => steps.min(records.len()),
    }
}

/// What is reported of each trial: the outer steps that are [`within`] its horizon, and why it came no further. What became
/// of it beyond its own end, while others went on, is no part of that.
pub fn reported(lab: &Lab, horizons: &[Horizon]) -> Vec<End> {
    let end = |(trial, horizon): (&Trial, &Horizon)| {
        let has_arrived = horizon.part_done(trial.outer(), trial.cost().calls()) >= 1.0;
        let stopped = Some(trial.status()).filter(|status| status.is_halted() && !has_arrived);
        End { steps: within(lab, trial, *horizon), stopped }
    };
    lab.trials().zip(horizons).map(end).collect()
}

/// A command that this lab can carry out.
pub fn apply(lab: &mut Lab, command: &Command) -> Result<(), Failure> {
    lab.apply(command).map_err(|error| Failure::Work(error.to_string()))
}
