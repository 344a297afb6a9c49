//! A measurement that is not wanted any more ends within a step of an inner run, not at the end of a replicate.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use hyperlab::catalog::{Knobs, Value};
use hyperlab::probe::{ALL, Case, ProbeError, super_efficiency};
use hyperlab::problem::Stop;
use hyperlab::scenario::{NoFiles, parse};

use crate::common::is_about_schedules;

/// The inner runs of a measurement of this take an hour.
const SCENARIO: &str = r#"Scenario(
    title: "Long", about: "Every inner run is long.", seed: 3, problem: Ridge(penalty: Scalar),
    data: Data(source: Regression(rows: 40, features: 3, noise: 0.5), split: Random(training: 20, validation: 20)),
    lambda: Constant(-1.0), inner: Inner(dynamics: GradientDescent(), steps: 1000000), outer: Outer(steps: 4),
    trials: [Trial(estimator: Direct), Trial(estimator: Cg(iterations: 2))],
)"#;

#[test]
fn every_probe_ends_within_an_inner_run() {
    let scenario = parse(SCENARIO).unwrap();
    let learning = SCENARIO.replace("GradientDescent()", "Schedule(step: Fixed(0.1))").replace("Direct", "Forward");
    let learning = learning.replace("steps: 1000000", "steps: 1000000, batch: Rows(10)");
    let learning = parse(&learning.replace("Cg(iterations: 2)", "Forward(every: 2)")).unwrap();
    for entry in ALL {
        let mut knobs = Knobs::defaults(entry.card.knobs);
        if entry.card.id == "sharing" {
            // It keeps every step of every run, and refuses more than it can keep.
            knobs.set("replicates", Value::Integer(40)).unwrap();
        }
        let stop = Stop::new();
        // A plane wants two entries of λ, and runs where F is not known without them.
        let is_learning = is_about_schedules(entry) || entry.card.id == "landscape";
        let scenario = if is_learning { &learning } else { &scenario };
        let case = Case::of("long", scenario, &NoFiles, &knobs).unwrap().until(&stop);
        let start = Instant::now();
        let outcome = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(200));
                stop.set();
            });
            entry.measure(&case, &mut |_| ControlFlow::Continue(()))
        });
        // What takes no inner run at all may have its answer before it is stopped.
        let is_stopped = matches!(outcome, Err(ProbeError::Stopped));
        assert!(is_stopped || outcome.is_ok() && start.elapsed() < Duration::from_secs(10), "{}", entry.card.id);
        // Most of an hour would be left of it; a minute is for machines that do much else.
        assert!(start.elapsed() < Duration::from_secs(60), "{}", entry.card.id);
    }
}

/// Counted: steps are told of one by one, and none is after the one at which it was stopped.
#[test]
fn no_step_is_taken_after_the_stop() {
    let text = SCENARIO.replace("1000000", "2000").replace(", Trial(estimator: Cg(iterations: 2))", "");
    let scenario = parse(&text).unwrap();
    let knobs = Knobs::defaults(super_efficiency::ENTRY.card.knobs);
    let stop = Stop::new();
    let case = Case::of("long", &scenario, &NoFiles, &knobs).unwrap().until(&stop);
    let mut last = 0;
    let outcome = super_efficiency::ENTRY.measure(&case, &mut |progress| {
        last = progress.done;
        if progress.done >= 100 {
            stop.set();
        }
        ControlFlow::Continue(())
    });
    assert!(matches!(outcome, Err(ProbeError::Stopped)));
    assert!((100..=110).contains(&last), "it went on to step {last}");
}
