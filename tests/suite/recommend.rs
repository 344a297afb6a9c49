//! Which estimator, when: what the probe measured, taken again by plain trials, one at a time; and that nothing cheaper is as good.

use std::ops::ControlFlow;
use std::sync::Arc;

use hyperlab::catalog::{Carded, Knobs, Spec, Value};
use hyperlab::estimator::{self, Estimators, Reach};
use hyperlab::lab::Lab;
use hyperlab::metric::{CALLS, LAMBDA, RELATIVE_ERROR};
use hyperlab::probe::Case;
use hyperlab::probe::recommend::{self, Limits, Measured, Recommendation, front};
use hyperlab::scenario::{NoFiles, Scenario, Setting, TrialSpec, Values, experiment};
use hyperlab::trial::{Loops, Stage};

use crate::common::studies::scenario;
use crate::common::{is_met, outer_steps};

/// What the probe finds, with so many places and so many calls an estimator.
fn measured(scenario: &Scenario, states: i64, spend: i64) -> Recommendation {
    let knobs = Knobs::defaults(recommend::ENTRY.card().knobs)
        .with("states", Value::Integer(states))
        .with("spend", Value::Integer(spend))
        .with("repetitions", Value::Integer(3));
    let case = Case::of("test", scenario, &NoFiles, &knobs).unwrap();
    recommend::run(&case, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// The laboratory with the first trial alone, which measures nothing inside an inner run.
fn alone(scenario: &Scenario) -> Lab {
    let trials = scenario.trials[..1].to_vec();
    let scenario = Scenario { trials, measure_every: 1_000_000, ..scenario.clone() };
    Lab::new(experiment(&scenario, &NoFiles).unwrap())
}

/// λ and relative error of the first trial's own run at some outer steps, and its calls up to the end of each.
fn own_run(scenario: &Scenario, visited: &[usize]) -> Vec<(Vec<f64>, f64, f64)> {
    let last = visited.last().unwrap() + 1;
    let lab = outer_steps(alone(scenario), last);
    let trial = lab.trials().next().unwrap();
    let records: Vec<_> = trial.outer_records().iter().collect();
    let read = |outer: &usize| {
        let record = &records[*outer];
        let number = |metric| record.number(metric).unwrap();
        (record.vector(&LAMBDA).to_vec(), number(&RELATIVE_ERROR), number(&CALLS))
    };
    visited.iter().map(read).collect()
}

/// The run of a setting as the advice spells it, against what the probe says of it: errors at its own λ, and F.
fn runs_by_itself(scenario: &Scenario, one: &Measured) {
    let run = one.own_run.as_ref().unwrap_or_else(|| panic!("{} may be advised and was not run", one.setting));
    let mut scenario = scenario.clone();
    let inner = scenario.trials[0].inner.as_mut().unwrap_or(&mut scenario.inner);
    inner.steps = one.inner_steps;
    scenario.trials[0].estimator = one.spec.clone();
    let lab = outer_steps(alone(&scenario), run.visited.last().unwrap() + 1);
    let trial = lab.trials().next().unwrap();
    let records: Vec<_> = trial.outer_records().iter().collect();
    let number =
        |outer: &usize, metric| records.get(*outer).map_or(f64::INFINITY, |record| record.number(metric).unwrap());
    for (outer, there) in run.visited.iter().zip(&run.errors) {
        let error = number(outer, &RELATIVE_ERROR);
        let is_same = error == *there || (error - there).abs() <= 1e-9 * there.abs() || error.max(*there) < 1e-12;
        assert!(is_same, "{} at outer step {outer} of its own run: {error} and {there}", one.setting);
    }
}

/// Relative error and calls of one outer step of a setting from a λ, by a trial of its own.
fn by_a_trial(scenario: &Scenario, one: &Measured, lambda: &[f64]) -> (f64, f64) {
    let mut scenario = scenario.clone();
    scenario.lambda = Values::Explicit(lambda.to_vec());
    let inner = scenario.trials[0].inner.as_mut().unwrap_or(&mut scenario.inner);
    inner.steps = one.inner_steps;
    scenario.trials[0].estimator = one.spec.clone();
    let lab = outer_steps(alone(&scenario), 1);
    let trial = lab.trials().next().unwrap();
    let Some(record) = trial.outer_records().last() else { return (f64::INFINITY, trial.cost().calls()) };
    (record.number(&RELATIVE_ERROR).unwrap(), record.number(&CALLS).unwrap())
}

fn reach(one: &Measured) -> Reach {
    (one.spec.entry().build)(&one.spec.knobs).reach()
}

/// Whether a plain trial at a λ comes to the same as the probe along the whole run: nothing is drawn, θ begins anew, and
/// nothing of earlier outer steps is remembered.
fn is_plain(found: &Recommendation, one: &Measured) -> bool {
    reach(one) != Reach::OuterSteps && one.errors.len() == found.visited.len()
}

/// Holds what a plain trial can take against one: what is advised, its rivals, which no other setting beats, and a sample of so many
/// of the rest, spread over the list; and what is advised against all that were measured.
fn holds(scenario: &Scenario, found: &Recommendation, limits: &[Limits], most: usize) {
    let name = &scenario.title;
    let own = own_run(scenario, &found.visited);
    let advised: Vec<usize> = limits.iter().filter_map(|limits| found.answer(limits).chosen).collect();
    let plain: Vec<usize> =
        (0..found.settings.len()).filter(|place| is_plain(found, &found.settings[*place])).collect();
    let stride = plain.len().div_ceil(most).max(1);
    let others = plain.iter().copied().step_by(stride);
    let rivals = front(&found.settings, &[|one| one.calls, |one| one.bytes]);
    let first = advised.iter().copied().chain(rivals).filter(|place| plain.contains(place));
    let mut compared: Vec<usize> = first.chain(others).collect();
    compared.sort_unstable();
    compared.dedup();
    assert!(plain.len() >= 10, "{name}: {} of {}", plain.len(), found.settings.len());
    for one in compared.iter().map(|place| &found.settings[*place]) {
        let taken: Vec<(f64, f64)> = own.iter().map(|(lambda, ..)| by_a_trial(scenario, one, lambda)).collect();
        for ((error, _), there) in taken.iter().zip(&one.errors) {
            let is_same = error == there || (error - there).abs() <= 1e-9 * there.abs();
            assert!(is_same, "{name}, {} after {}: {error} and {there}", one.setting, one.inner_steps);
        }
        let calls = taken.iter().map(|(_, calls)| calls).sum::<f64>() / taken.len() as f64;
        assert!((calls - one.calls).abs() < 1e-6 * calls, "{name}, {}: {calls} and {}", one.setting, one.calls);
    }
    let mut ran: Vec<usize> = advised.clone();
    ran.sort_unstable();
    ran.dedup();
    ran.iter().for_each(|place| runs_by_itself(scenario, &found.settings[*place]));
    for limits in limits {
        let answer = found.answer(limits);
        let chosen = &found.settings[answer.chosen.unwrap()];
        let is_inside = |one: &Measured| {
            limits.calls.is_none_or(|calls| one.calls <= calls)
                && limits.memory.is_none_or(|memory| one.bytes <= memory)
        };
        assert_eq!(answer.is_within, is_inside(chosen) && limits.error.is_none_or(|error| chosen.error() <= error));
        // Brute force: nobody who is inside is better in what was asked for.
        for other in found.settings.iter().filter(|other| answer.is_within && is_inside(other)) {
            match limits.error {
                Some(error) => {
                    assert!(other.error() > error || other.calls >= chosen.calls, "{name}: {}", other.setting)
                }
                None => assert!(
                    other.error() >= chosen.error() || chosen.error() <= 1e-12 || chosen.is_rounding,
                    "{name}: {} with {} beats {} with {}",
                    other.setting,
                    other.error(),
                    chosen.setting,
                    chosen.error()
                ),
            }
        }
    }
}

const NONE: Limits = Limits { calls: None, memory: None, error: None };

fn for_error(error: f64) -> Limits {
    Limits { error: Some(error), ..NONE }
}

fn within_calls(calls: f64) -> Limits {
    Limits { calls: Some(calls), ..NONE }
}

#[test]
fn ridge_per_feature_is_as_plain_trials_find_it() {
    let scenario = scenario("ridge-per-feature", &["inner.steps=30", "outer.steps=12"]);
    let found = measured(&scenario, 3, 2000);
    holds(&scenario, &found, &[for_error(0.1), for_error(1e-6), within_calls(40.0), within_calls(200.0)], 20);
    // On a quadratic a Newton step makes the error vanish (Ye et al. 2024, section 3.1), at 2d products, a gradient each for the
    // step and for f, and a cross product, after the fewest inner steps that were looked at.
    let newton = &found.settings[found.answer(&for_error(1e-6)).chosen.unwrap()];
    assert_eq!((newton.estimator.as_str(), newton.inner_steps), ("newton", 3));
    assert!(newton.is_exact() && newton.calls == 3.0 + 20.0 + 3.0, "{newton:?}");
}

#[test]
#[ignore = "takes four minutes: cargo test --test suite -- --ignored recommend::"]
fn logistic_is_as_plain_trials_find_it() {
    let scenario = scenario("logistic", &["inner.steps=20", "outer.steps=6"]);
    holds(&scenario, &measured(&scenario, 2, 1500), &[for_error(0.5), within_calls(60.0), within_calls(25.0)], 8);
}

#[test]
fn a_quadratic_is_as_plain_trials_find_it() {
    let scenario = scenario("quadratic", &[]);
    holds(&scenario, &measured(&scenario, 4, 3000), &[for_error(0.2), for_error(0.01), within_calls(16.0)], 200);
}

#[test]
fn hyper_cleaning_is_as_plain_trials_find_it() {
    let changes = ["inner.steps=10", "outer.steps=3", "data.split=Random(training: 60, validation: 30, test: 10)"];
    let scenario = scenario("hyper-cleaning", &changes);
    holds(&scenario, &measured(&scenario, 2, 300), &[for_error(0.5), within_calls(30.0)], 3);
}

#[test]
fn a_pool_of_rows_is_as_plain_trials_find_it() {
    let scenario = scenario("breast-cancer-pool", &["outer.steps=4"]);
    let scenario = Scenario { trials: scenario.trials[3..].to_vec(), ..scenario };
    holds(&scenario, &measured(&scenario, 2, 1500), &[for_error(0.1), within_calls(60.0)], 8);
}

#[test]
fn a_trial_as_it_is_set_is_its_own_run() {
    // Over all rows and over batches, where everything that is remembered on the way enters.
    let changes = ["outer.calls=20.0"];
    for (scenario, spend) in [
        (scenario("single-loop", &changes), 4000),
        (scenario("softmax", &["inner.steps=5", "outer.steps=4", "data.split=AlternateOf(keep: 2, period: 16)"]), 500),
    ] {
        let found = measured(&scenario, 3, spend);
        let set = found.settings.iter().find(|one| one.is_as_set).unwrap();
        let own = own_run(&scenario, &found.visited);
        // The first repetition draws what the run draws.
        for ((_, error, _), there) in own.iter().zip(&set.errors) {
            assert!((error - there).abs() <= 1e-12 * error, "{}: {error} and {there}", found.trial);
        }
        let (calls, steps) = (own.last().unwrap().2, *found.visited.last().unwrap() + 1);
        assert!((set.calls - calls / steps as f64).abs() < 1e-9 * set.calls, "{} and {calls}", set.calls);
    }
}

#[test]
fn estimates_reach_no_further_back_than_they_say() {
    let mut scenario = scenario("ridge-per-feature", &["inner.steps=7"]);
    let mut seen = [0; 3];
    for warm_start in [false, true] {
        scenario.inner.warm_start = warm_start;
        let experiment = Arc::new(experiment(&scenario, &NoFiles).unwrap());
        let stage = Arc::new(Stage::of(&experiment));
        let path: Vec<Vec<f64>> = (0..3).map(|k| vec![-2.0 + 0.3 * f64::from(k); experiment.lambda.len()]).collect();
        let setting = |spec: &Spec<Estimators>| {
            let trial = TrialSpec { estimator: spec.clone(), ..scenario.trials[0].clone() };
            Setting::of(&trial, &scenario)
        };
        // Led along the path, with everything that is remembered.
        let led = |spec: &Spec<Estimators>| {
            let mut loops = Loops::new(0, setting(spec), &stage).at(&path[0]);
            for next in &path[1..] {
                loops.finish_inner();
                let estimate = loops.estimate();
                loops.follow(Some(&estimate), next);
            }
            loops.finish_inner();
            assert_eq!((loops.outer(), loops.lambda()), (2, &path[2][..]));
            loops
        };
        let unseen = led(&Spec::of(&estimator::ALL[0]));
        for entry in estimator::ALL {
            let spec = Spec::<Estimators>::of(entry);
            let built = (entry.build)(&spec.knobs);
            // Whom the problem does not suit says no number, which is no function of anything.
            if !is_met(built.requires(), &experiment.problem) {
                continue;
            }
            let (here, id) = (led(&spec).estimate().hypergradient, entry.card.id);
            match built.reach() {
                Reach::Point => {
                    assert_eq!(unseen.estimate_by(&*built).hypergradient, here, "{id} is no function of the point");
                    seen[0] += 1;
                }
                Reach::InnerRun if !warm_start => {
                    let mut loops = Loops::new(0, setting(&spec), &stage).at_outer(2, &path[2]);
                    loops.finish_inner();
                    assert_eq!(loops.estimate().hypergradient, here, "{id} remembers earlier outer steps");
                    seen[1] += 1;
                }
                Reach::InnerRun => {}
                Reach::OuterSteps => seen[2] += 1,
            }
        }
    }
    assert!(seen.iter().all(|count| *count >= 3), "{seen:?}");
}

#[test]
fn what_a_problem_does_not_give_is_named() {
    // No θ* to speak of: the derivative of the run is what estimates are held against, which reverse unrolling is.
    let perceptron = scenario("perceptron", &["inner.steps=5", "outer.steps=2"]);
    let found = measured(&perceptron, 1, 500);
    assert_eq!(found.truth, "of the run");
    let exact = found.settings.iter().find(|one| one.estimator == "reverse").unwrap();
    assert!(exact.is_exact(), "{exact:?}");
    let words = found.answer(&NONE).words.join("\n");
    assert!(words.contains("the derivative of the run of 5 inner steps itself"), "{words}");
    // Kinks: methods that need a smooth g are left out with their reason.
    let found = measured(&scenario("lasso", &["inner.steps=20", "outer.steps=3"]), 1, 500);
    let words = found.answer(&NONE).words.join("\n");
    assert!(words.contains("Left out: `Mrbo` needs a g without kinks in θ, which `Lasso` does not have."), "{words}");
}
