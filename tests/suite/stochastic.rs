//! What is known of stochastic methods beyond their reference states: where they end, and how large their biases are.

use std::fmt::Write;

use hyperlab::lab::{Command, Lab};
use hyperlab::math::vector::norm;
use hyperlab::metric::{ADJOINT, HYPERGRADIENT, TRUTH};
use hyperlab::scenario::{NoFiles, check_text, experiment};

use crate::common::estimation::relative;

/// Biased ridge over 400 + 200 rows, each trial with batches of 16 unless it says otherwise; `more` is the rest of the scenario.
fn lab(problem: &str, more: &str) -> Lab {
    let mut text = format!("Scenario(title: \"\", about: \"\", seed: 5, problem: {problem},");
    write!(
        text,
        "data: Data(source: Regression(rows: 600, features: 20, informative: 8, signal: 3.0, noise: 0.7, decay: 0.7),
        split: Random(training: 400, validation: 200, test: 0), standardize: Off), {more})"
    )
    .unwrap();
    let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
    Lab::new(experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap())
}

/// The exact ‖∇F‖ of each trial at the λ that its outer steps led to, averaged over the last tenth of those that were measured.
fn ends(mut lab: Lab, outer: usize) -> Vec<f64> {
    while lab.trials().any(|trial| trial.outer() < outer) {
        lab.apply(&Command::Tick).unwrap();
    }
    let of_trial = |records: &hyperlab::trial::Records| {
        let norms: Vec<f64> = (0..records.len())
            .filter_map(|step| records.at(step)?.reading(&TRUTH)?.vector().map(|truth| norm(truth)))
            .filter(|norm| norm.is_finite())
            .collect();
        let last = &norms[norms.len() - norms.len() / 10..];
        last.iter().sum::<f64>() / last.len() as f64
    };
    lab.trials().map(|trial| of_trial(trial.outer_records())).collect()
}

/// 2500 ticks of 16 + 16 rows are 1.6e5 row calls. An independent prototype ended at ‖∇F‖ = .075 (SOBA), .036 (steps a quarter
/// as long), .030 (steps that fall) and below 1e-7 (SABA) on rows like these.
#[test]
fn with_tables_constant_steps_converge_and_without_they_hover() {
    let quarter =
        "inner: Inner(dynamics: GradientDescent(step: Fixed(0.025)), steps: 1, warm_start: true, batch: Rows(16)),
        outer: Outer(rule: GradientDescent(step: 0.1), batch: Rows(16))";
    let found = ends(
        lab(
            "BiasedRidge(rho: 0.5)",
            &format!(
                "inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 1, warm_start: true, batch: Rows(16)),
                outer: Outer(rule: GradientDescent(step: 0.4), batch: Rows(16)), draws: Shared, truth: SameData(every: 25),
                trials: [Trial(name: \"soba\", estimator: Soba), Trial(name: \"quarter\", estimator: Soba, {quarter}),
                Trial(name: \"saba\", estimator: Saba), Trial(name: \"zero\", estimator: Saba(table: Zero))]"
            ),
        ),
        2500,
    );
    let [soba, quarter, saba, zero] = found[..] else { panic!("{found:?}") };
    assert!(saba < 1e-7 && zero < 1e-7, "{found:?}");
    assert!(soba > 0.02 && soba > 1.3 * quarter && quarter > 1e-3, "{found:?}");
}

/// An estimate of the first outer step.
fn estimate(problem: &str, inner: &str, estimator: &str, draws: &str) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let more = format!(
        "lambda: Constant(-2.0), inner: {inner}, outer: Outer(rule: GradientDescent(step: 0.1)), draws: {draws},
        trials: [Trial(estimator: {estimator})]"
    );
    let mut lab = lab(problem, &more);
    while lab.trials().next().unwrap().outer() == 0 {
        lab.apply(&Command::Tick).unwrap();
    }
    let trial = lab.trials().next().unwrap();
    let record = trial.outer_records().at(0).unwrap();
    let vector = |metric| record.reading(metric).unwrap().vector().unwrap().to_vec();
    (vector(&HYPERGRADIENT), vector(&TRUTH), vector(&ADJOINT))
}

/// With θ and y solved, the bias of a forward difference falls like 1/κ and that of a central one like 1/κ²: a decade of κ takes one
/// digit or two.
#[test]
fn the_bias_of_first_order_differences_falls_with_the_multiplier() {
    let bias = |multiplier: &str, sides: &str| {
        let inner = "Inner(dynamics: GradientDescent(), steps: 3000)";
        let spelled = format!("F2sa(multiplier: {multiplier}, sides: {sides})");
        let (found, exact, _) = estimate("Ridge(penalty: PerFeature)", inner, &spelled, "Own");
        relative(&found, &exact)
    };
    for (sides, decade) in [("One", 10.0), ("Two", 100.0)] {
        let ratio = bias("30.0", sides) / bias("300.0", sides);
        assert!((ratio / decade - 1.0).abs() < 0.2, "{sides}: {ratio}");
    }
}

/// The mean over all lengths, which are alike, is the sum: the same products, added up.
#[test]
fn one_random_term_is_the_series_on_average() {
    let (terms, inner) = (6, "Inner(dynamics: GradientDescent(), steps: 3)");
    let mut mean = vec![0.0; 20];
    for length in 0..terms {
        let draws = format!("Explicit(lengths: [{length}, {length}])");
        let (_, _, adjoint) =
            estimate("Ridge(penalty: PerFeature)", inner, &format!("Ttsa(terms: {terms}, step: Fixed(0.3))"), &draws);
        mean.iter_mut().zip(&adjoint).for_each(|(mean, v)| *mean += v / f64::from(terms));
    }
    let series = format!("Neumann(iterations: {}, step: Fixed(0.3))", terms - 1);
    let (_, _, adjoint) = estimate("Ridge(penalty: PerFeature)", inner, &series, "Own");
    assert!(relative(&mean, &adjoint) < 1e-13, "{mean:?} {adjoint:?}");
}

/// Without memory its directions are the plain ones, and those of a random term are those of TTSA over all rows.
#[test]
fn momentum_that_forgets_all_is_none() {
    let inner = "Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 1, warm_start: true)";
    for (series, plain) in
        [("Sum", "Neumann(iterations: 4, step: Fixed(0.2))"), ("RandomTerm", "Ttsa(terms: 4, step: Fixed(0.2))")]
    {
        let draws = if series == "Sum" { "Own" } else { "Explicit(lengths: [3, 1])" };
        // Its direction is taken where the step begins: where the others stand after no step from there.
        let spelled = format!("Mrbo(iterations: 4, series: {series}, step: Fixed(0.2))");
        let (_, _, found) = estimate("Ridge(penalty: PerFeature)", inner, &spelled, draws);
        let still = "Inner(dynamics: GradientDescent(step: Fixed(1e-8)), steps: 1, warm_start: true)";
        let (_, _, expected) = estimate("Ridge(penalty: PerFeature)", still, plain, draws);
        assert!(relative(&found, &expected) < 1e-6, "{series}: {found:?} {expected:?}");
    }
}

/// `a/(1 + t/b)^c` of outer step t in every solver that goes by steps, at a θ that stays where it is: v by the formula of each,
/// written out with H and b.
#[test]
fn steps_of_the_linear_system_fall_by_their_schedule() {
    let fall = "step: Fixed(0.2), fall_after: 2.0, fall_power: 1.0";
    let step = |outer: usize| 0.2 / (1.0 + outer as f64 / 2.0);
    let lengths = "draws: Explicit(lengths: [2, 2, 2, 2, 2, 2]),";
    for (spelled, draws) in [
        ("Neumann(iterations: 3, FALL)", ""),
        ("Stocbio(iterations: 3, FALL)", ""),
        ("Mrbo(iterations: 3, FALL)", ""),
        ("Ttsa(terms: 4, FALL)", lengths),
        ("FixedPoint(iterations: 1, FALL)", ""),
        ("Amigo(iterations: 2, FALL)", ""),
    ] {
        let estimator = spelled.replace("FALL", fall);
        let inner = "Inner(dynamics: Newton, steps: 1, warm_start: true)";
        let more = format!(
            "lambda: Constant(-2.0), inner: {inner}, outer: Outer(rule: GradientDescent(step: 0.0)), {draws}
            trials: [Trial(estimator: {estimator})]"
        );
        let mut lab = lab("Ridge(penalty: PerFeature)", &more);
        while lab.trials().next().unwrap().outer() < 5 {
            lab.apply(&Command::Tick).unwrap();
        }
        let trial = lab.trials().next().unwrap();
        let mut oracle = trial.loops().place();
        let mut b = vec![0.0; 20];
        oracle.outer_gradient(&mut b);
        let mut times = |v: &[f64]| {
            let mut out = vec![0.0; v.len()];
            oracle.hvp(v, &mut out);
            out
        };
        let combine =
            |x: &[f64], scale: f64, y: &[f64]| -> Vec<f64> { x.iter().zip(y).map(|(x, y)| x + scale * y).collect() };
        let mut carried = vec![0.0; 20];
        for outer in 0..5 {
            let eta = step(outer);
            let mut terms = vec![b.clone()];
            for index in 0..3 {
                terms.push(combine(&terms[index], -eta, &times(&terms[index])));
            }
            for _ in 0..2 {
                let residual = combine(&b, -1.0, &times(&carried));
                carried = combine(&carried, eta, &residual);
            }
            let expected = match spelled.split('(').next().unwrap() {
                "Ttsa" => combine(&[0.0; 20], 4.0 * eta, &terms[2]),
                "FixedPoint" | "Amigo" => carried.clone(),
                _ => terms.iter().fold(vec![0.0; 20], |sum, term| combine(&sum, eta, term)),
            };
            // The first outer step of MRBO begins where θ is not solved yet.
            if outer > 0 {
                let found = trial.outer_records().at(outer).unwrap();
                let found = found.reading(&ADJOINT).unwrap().vector().unwrap().to_vec();
                assert!(relative(&found, &expected) < 1e-11, "{spelled}, outer {outer}: {found:?} {expected:?}");
            }
        }
    }
}

/// A length that no draw could give is said, not taken.
#[test]
fn a_length_that_is_too_long_is_no_estimate() {
    let inner = "Inner(dynamics: GradientDescent(), steps: 1)";
    let more = format!(
        "lambda: Constant(-2.0), inner: {inner}, draws: Explicit(lengths: [5, 0]), trials: [Trial(estimator: Ttsa(terms: 5))]"
    );
    let mut lab = lab("Ridge(penalty: PerFeature)", &more);
    for _ in 0..3 {
        lab.apply(&Command::Tick).unwrap();
    }
    let status = lab.trials().next().unwrap().status().to_string();
    assert!(status.contains("ĥ is not finite"), "{status}");
}
