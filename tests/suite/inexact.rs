//! Inner runs that end at a tolerance, linear systems solved as far, and outer steps that adapt: HOAG and its three parts.

use std::sync::Arc;

use hyperlab::lab::{Command, Lab};
use hyperlab::math::vector::{axpy, distance, norm};
use hyperlab::metric::INNER_STEPS;
use hyperlab::problem::Truth;
use hyperlab::scenario::{NoFiles, Setting, check_text, experiment};
use hyperlab::trial::{Loops, Stage};

fn stage(text: &str) -> (Arc<Stage>, Setting) {
    let (scenario, found) = check_text(text, &NoFiles, &[][..]);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:?}"));
    let setting = Setting::of(&scenario.trials[0], &scenario);
    (Arc::new(Stage::of(&Arc::new(experiment(&scenario, &NoFiles).unwrap()))), setting)
}

fn regression(problem: &str, more: &str) -> String {
    let source = if problem.starts_with("Logistic") {
        "TwoClasses(rows: 150, features: 6)"
    } else {
        "Regression(rows: 150, features: 6, noise: 2.0)"
    };
    format!(
        "Scenario(title: \"\", about: \"\", seed: 8, problem: {problem}, data: Data(source: {source},
        split: Random(training: 30, validation: 120, test: 0)), {more})"
    )
}

/// With H = 2I a step of .1 leaves .8 of the gradient, which is (3, 4) at θ = 0: `.8^T · 5 ≤ ε_k` for the first time at
/// `T = ⌈ln(5/ε_k)/ln(1.25)⌉`.
#[test]
fn a_run_ends_at_the_first_step_within_its_tolerance() {
    let text = r#"Scenario(title: "", about: "", problem: Quadratic,
        arrays: {"A": [[2, 0], [0, 2]], "C": [[1, 0], [0, 1]], "a": [3, 4]}, lambda: Constant(0.0),
        inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 45, tolerance: 0.5, tolerance_power: 2.0, tolerance_after: 1.0),
        outer: Outer(rule: GradientDescent(step: 0.0)), trials: [Trial(estimator: Hoag)])"#;
    let (scenario, found) = check_text(text, &NoFiles, &[][..]);
    let mut lab = Lab::new(experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap());
    while lab.trials().next().unwrap().outer() < 30 {
        lab.apply(&Command::Tick).unwrap();
    }
    let records = lab.trials().next().unwrap().outer_records().clone();
    let found: Vec<f64> = (0..30).map(|outer| records.at(outer).unwrap().number(&INNER_STEPS).unwrap()).collect();
    let expected = |outer: i32| {
        let tolerance = 0.5 / f64::from(1 + outer).powi(2);
        ((5.0 / tolerance).ln() / 1.25f64.ln()).ceil().min(45.0)
    };
    assert_eq!(found, (0..30).map(expected).collect::<Vec<_>>());
    assert!(found[0] == 11.0 && found[29] == 41.0, "{found:?}");
}

/// Both residuals are within ε_k at every outer step, and θ within ε_k/μ of θ*, where μ ≥ min e^{λ_j}. With what is left of the last
/// outer step, few products do.
#[test]
fn errors_are_within_what_the_tolerance_says() {
    for (problem, step) in [("Ridge(penalty: PerFeature)", 0.5), ("Logistic(penalty: PerFeature)", 5.0)] {
        let more = format!(
            "lambda: Constant(-1.0), inner: Inner(dynamics: GradientDescent, steps: 5000, warm_start: true,
            tolerance: 0.3, tolerance_power: 2.0, tolerance_after: 2.0),
            outer: Outer(rule: AdaptiveDescent(step: {step})), trials: [Trial(estimator: Hoag)]"
        );
        let (stage, setting) = stage(&regression(problem, &more));
        let mut loops = Loops::new(0, setting, &stage);
        let mut most = 0.0f64;
        for outer in 0..25 {
            let tolerance = 0.3 / (1.0 + f64::from(outer) / 2.0).powi(2);
            loops.finish_inner();
            let estimate = loops.estimate();
            let mut oracle = loops.place();
            let theta = loops.thetas().next().unwrap().to_vec();
            let v = estimate.adjoint.clone().unwrap();
            let (mut gradient, mut b, mut residual) = (theta.clone(), theta.clone(), theta.clone());
            oracle.inner_gradient(&mut gradient);
            oracle.outer_gradient(&mut b);
            oracle.hvp(&v, &mut residual);
            axpy(-1.0, &b, &mut residual);
            let rounding = 1.0 + 1e-9;
            assert!(norm(&gradient) <= tolerance, "{problem}, {outer}: {}", norm(&gradient));
            assert!(norm(&residual) <= tolerance * rounding, "{problem}, {outer}: {}", norm(&residual));
            let truth = Truth::at(&stage.problem, loops.lambda());
            let smallest = loops.lambda().iter().copied().fold(f64::INFINITY, f64::min).exp();
            let error = distance(&theta, &truth.theta);
            assert!(error <= tolerance / smallest, "{problem}, {outer}: {error}");
            most = most.max(error * smallest / tolerance);
            loops.step_outer(&estimate);
        }
        // A bound that is never near would hold of anything.
        assert!(most > 0.05, "{problem}: {most}");
    }
}

/// The λ at which the exact hypergradient changes its sign, by bisection.
fn minimum(stage: &Stage) -> f64 {
    let slope = |lambda: f64| Truth::at(&stage.problem, &[lambda]).hypergradient[0];
    let (mut low, mut high) = (-8.0, 4.0);
    assert!(slope(low) < 0.0 && slope(high) > 0.0, "{} {}", slope(low), slope(high));
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if slope(middle) < 0.0 { low = middle } else { high = middle }
    }
    low
}

/// With tolerances whose sum is finite F ends within 1e-4 of what there was to gain, from a first step that is far too long and one
/// that is far too short; and it pays for fewer inner steps than a run as exact from the start.
#[test]
fn inexact_runs_end_where_exact_ones_do_and_cost_less() {
    for (problem, steps) in [("Ridge(penalty: Scalar)", [0.01, 100.0]), ("Logistic(penalty: Scalar)", [0.1, 1000.0])] {
        let run = |step: f64, tolerance: &str| {
            let more = format!(
                "lambda: Constant(1.0), inner: Inner(dynamics: GradientDescent, steps: 20000, warm_start: true, {tolerance}),
                outer: Outer(rule: AdaptiveDescent(step: {step}, growth: 1.5)), trials: [Trial(estimator: Hoag)]"
            );
            let (stage, setting) = stage(&regression(problem, &more));
            let mut loops = Loops::new(0, setting, &stage);
            for _ in 0..120 {
                loops.advance().unwrap();
            }
            let value = |lambda: f64| Truth::at(&stage.problem, &[lambda]).value;
            let least = value(minimum(&stage));
            ((value(loops.lambda()[0]) - least) / (value(1.0) - least), loops.total_inner())
        };
        for step in steps {
            let (left, paid) = run(step, "tolerance: 0.01, tolerance_power: 3.0, tolerance_after: 1.0");
            assert!(left < 1e-4, "{problem}, {step}: {left}");
            let (left, exact) = run(step, "tolerance: 1e-10");
            assert!(left < 1e-4 && paid < exact, "{problem}, {step}: {left}, {paid} {exact}");
        }
    }
}

#[test]
fn a_tolerance_of_batches_is_refused() {
    let refused = |inner: &str, draws: &str| {
        let more = format!(
            "inner: Inner(dynamics: GradientDescent, steps: 5, {inner}), {draws} trials: [Trial(estimator: Hoag)]"
        );
        let (_, found) = check_text(&regression("Ridge(penalty: Scalar)", &more), &NoFiles, &[][..]);
        found.into_iter().map(|found| found.message).collect::<Vec<_>>().join("; ")
    };
    for (inner, draws) in
        [("tolerance: 0.1, batch: Rows(4)", ""), ("tolerance: 0.1", "draws: Explicit(training: [[0]]),")]
    {
        let found = refused(inner, draws);
        assert!(found.contains("`tolerance` is about the gradient over all rows"), "{found}");
    }
    assert_eq!(refused("tolerance: 0.1", ""), "");
    let found = refused("tolerance: -1.0", "");
    assert!(found.contains("`tolerance` is -1; expected a number from 0"), "{found}");
}
