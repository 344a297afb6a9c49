//! What is counted: as much as a method asks for, of every student, whatever rounding makes of θ.

use std::ops::ControlFlow;

use hyperlab::catalog::{Knobs, Value};
use hyperlab::estimator;
use hyperlab::lab::Lab;
use hyperlab::probe::horizon_cost::{ENTRY, HorizonCost, Length, run};
use hyperlab::probe::{Case, Finding};
use hyperlab::scenario::{NoFiles, Scenario, check_text, experiment};

use crate::common::outer_steps;

/// A quadratic of four dimensions, on which θ stands still to the last bit after some hundred steps.
fn scenario(inner: &str, trials: &str) -> Scenario {
    checked("problem: Quadratic(inner_dimension: 4, outer_dimension: 2)", inner, trials).unwrap()
}

/// A scenario that has no mistakes.
fn checked(problem: &str, inner: &str, trials: &str) -> Option<Scenario> {
    let text = format!(
        "Scenario(title: \"Counts\", about: \"\", seed: 2, {problem}, inner: {inner}, outer: Outer(rule: GradientDescent(step: 1e-3), steps: 1),
        trials: [{trials}])"
    );
    check_text(&text, &NoFiles, &[][..]).0
}

fn counted(scenario: &Scenario, knobs: &[(&str, Value)]) -> HorizonCost {
    let knobs = knobs.iter().fold(Knobs::defaults(ENTRY.card.knobs), |knobs, (key, value)| knobs.with(key, *value));
    let case = Case::of("counts", scenario, &NoFiles, &knobs).unwrap();
    run(&case, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// A step takes a gradient, also where it leads nowhere: of T steps T, ∇f at the end, and where a schedule is differentiated backwards one
/// more for every step.
#[test]
fn a_step_that_leads_nowhere_is_counted() {
    for (dynamics, estimator, a_step) in [
        ("GradientDescent()", "Reverse", 1),
        ("GradientDescent()", "Forward", 1),
        ("HeavyBall(momentum: 0.5)", "Cg", 1),
        ("Schedule(rates: 1, step: Fixed(0.05))", "Reverse", 2),
    ] {
        let scenario = scenario(
            &format!("Inner(dynamics: {dynamics}, steps: 6000)"),
            &format!("Trial(estimator: {estimator}, name: \"a\")"),
        );
        let found = counted(&scenario, &[]);
        for length in &found.trials[0].lengths {
            let expected = (a_step * length.steps + 1) as f64;
            assert_eq!(length.gradients, expected, "{dynamics}, {estimator}, T = {}", length.steps);
        }
    }
}

/// What every estimator adds to a run with a step is the same at its end, where θ has come to rest, as at its beginning.
#[test]
fn every_estimator_is_charged_alike_where_theta_rests() {
    let problem = "problem: Ridge(penalty: Scalar), lambda: Constant(1.0),
        data: Data(source: Regression(rows: 30, features: 3), split: Random(training: 20, validation: 10, test: 0))";
    let mut seen = Vec::new();
    for entry in estimator::ALL {
        let trial = format!("Trial(estimator: {}(), name: \"a\")", entry.card.ron_name());
        let gradients = |steps: usize| {
            let scenario = checked(problem, &format!("Inner(dynamics: GradientDescent(), steps: {steps})"), &trial)?;
            let found = counted(&scenario, &[("shortest", Value::Integer(1)), ("marks", Value::Integer(1))]);
            Some(found.trials[0].lengths.last().unwrap().gradients).filter(|count| count.is_finite())
        };
        let Some(few) = gradients(8) else { continue };
        let (more, many) = (gradients(9).unwrap(), gradients(2008).unwrap());
        // Those that differentiate the run anew for every entry of λ, or keep square roots of it, are not linear in it.
        if entry.card.id == "finite-difference" || more - few > 4.0 {
            continue;
        }
        // Single rows are shares of a pass, which are summed with rounding.
        let off = (many - few) / (2000.0 * (more - few)) - 1.0;
        assert!(off.abs() < 1e-9, "{}: {few}, {more}, {many}", entry.card.id);
        seen.push(entry.card.id);
    }
    assert!(
        seen.len() > 12 && ["mrbo", "f2sa", "soba", "reverse", "cg"].iter().all(|id| seen.contains(id)),
        "{seen:?}"
    );
}

/// An outer step of a population is that of all its students: what a laboratory charges it, and as many times a trial alone where each takes
/// as many steps.
#[test]
fn an_outer_step_of_a_population_is_that_of_all_students() {
    let scenario = scenario(
        "Inner(dynamics: GradientDescent(), steps: 30)",
        "Trial(estimator: Reverse, name: \"alone\"), Trial(estimator: Reverse, name: \"four\", population: Restarts(students: 4))",
    );
    let found = counted(&scenario, &[]);
    let last = |trial: usize| found.trials[trial].lengths.last().unwrap();
    let lab = outer_steps(Lab::new(experiment(&scenario, &NoFiles).unwrap()), 1);
    for (place, trial) in lab.trials().enumerate() {
        let (cost, length) = (trial.cost(), last(place));
        let of = |length: &Length| [length.gradients, length.hvps, length.cross_products, length.bytes];
        assert_eq!(of(length), [cost.gradients, cost.hvps, cost.cross_products, cost.bytes], "{length:?}");
    }
    assert_eq!(last(1).calls(), 4.0 * last(0).calls());
    assert_eq!(last(1).bytes, 4.0 * last(0).bytes);
}

/// What holds the same at every T has the exponent 0, and not a rounding of it.
#[test]
fn a_level_line_has_no_slope() {
    for steps in [1000, 3163, 30_000] {
        let scenario = scenario(
            &format!("Inner(dynamics: GradientDescent(), steps: {steps})"),
            "Trial(estimator: Forward, name: \"a\"), Trial(estimator: Cg, name: \"b\")",
        );
        for marks in [3, 4, 5, 7] {
            let found = counted(&scenario, &[("marks", Value::Integer(marks))]);
            let orders: Vec<f64> = found.trials.iter().map(|trial| trial.order).collect();
            assert_eq!(orders, [0.0, 0.0], "{steps}, {marks}");
        }
    }
}

/// A run that is shorter than the shortest length asked for is taken from T = 1 on, which is said; and what is no number is left out.
#[test]
fn runs_shorter_than_the_shortest_begin_at_one() {
    let scenario = scenario("Inner(dynamics: GradientDescent(), steps: 8)", "Trial(estimator: Reverse, name: \"a\")");
    let found = counted(&scenario, &[("shortest", Value::Integer(10))]);
    let steps: Vec<usize> = found.trials[0].lengths.iter().map(|length| length.steps).collect();
    assert_eq!(steps, [1, 2, 5, 8]);
    let said = found.about(0).unwrap();
    assert!(said.terms.contains("`shortest` is 10, T is 8"), "{said:?}");
    assert!(said.values.iter().all(|(_, value, _)| value.is_finite()), "{said:?}");
    assert!(found.summary().lines()[1].contains("from T = 1"), "{:?}", found.summary().lines());
    let found = counted(&scenario, &[("shortest", Value::Integer(7))]);
    assert_eq!((found.trials[0].note.as_ref(), found.trials[0].lengths[0].steps), (None, 7));
}

/// A run that diverges has a word in place of numbers.
#[test]
fn a_run_that_diverges_says_so() {
    let scenario = scenario(
        "Inner(dynamics: GradientDescent(step: Fixed(1e4)), steps: 900)",
        "Trial(estimator: Reverse, name: \"a\")",
    );
    let found = counted(&scenario, &[]);
    let longest = found.trials[0].lengths.last().unwrap();
    assert!(longest.taken < 900 && longest.stopped == Some("diverged"), "{longest:?}");
    let lines = found.summary().lines();
    let said = format!("diverged after {} inner steps", longest.taken);
    assert!(lines[1].contains(&said) && !lines[1].contains("NaN"), "{lines:?}");
    assert!(found.about(0).unwrap().terms.contains(&said), "{:?}", found.about(0));
    assert!(found.to_json().contains("\"stopped\":\"diverged\""));
}
