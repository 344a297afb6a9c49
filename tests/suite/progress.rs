//! How far a method has come, against what it has asked of single rows.

use std::fmt::Write;

use hyperlab::lab::{Command, Lab};
use hyperlab::metric::{Metric, ROW_CALLS};
use hyperlab::scenario::{NoFiles, check_text, experiment};

/// The lab of a scenario with this problem and its data, a line each, and this rest.
fn lab(problem: &str, more: &str) -> Lab {
    let mut text = String::from("Scenario(title: \"\", about: \"\", seed: 5,");
    write!(text, "problem: {problem}, {more})").unwrap();
    let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
    Lab::new(experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap())
}

/// Numbers of the only trial at its first outer steps.
fn numbers(mut lab: Lab, metric: &Metric, outer: usize) -> Vec<f64> {
    while lab.trials().next().unwrap().outer() < outer {
        assert!(!lab.trials().next().unwrap().status().is_halted(), "{}", lab.trials().next().unwrap().status());
        lab.apply(&Command::Tick).unwrap();
    }
    let trial = lab.trials().next().unwrap();
    (0..outer).map(|step| trial.outer_records().at(step).unwrap().number(metric).unwrap()).collect()
}

/// Row calls of each outer step.
fn each(lab: Lab, outer: usize) -> Vec<f64> {
    let sums = numbers(lab, &ROW_CALLS, outer);
    std::iter::once(sums[0]).chain(sums.windows(2).map(|pair| pair[1] - pair[0])).collect()
}

const PENALTY: &str = "BiasedRidge(rho: 0.5), data: Data(source: Regression(rows: 608, features: 6),
    split: Random(training: 400, validation: 208, test: 0), standardize: Off)";
const WEIGHTS: &str = "HyperCleaning(ridge: 0.01), data: Data(source: Classes(rows: 608, features: 6, classes: 3),
    split: Random(training: 400, validation: 208, test: 0), standardize: Off)";

/// Row calls of outer steps 0 to 5, over lists of 16 different rows on either side.
fn over_lists(problem: &str, estimator: &str, inner_steps: usize) -> Vec<f64> {
    let more = format!(
        "inner: Inner(dynamics: GradientDescent(step: Fixed(0.05)), steps: {inner_steps}, warm_start: true, batch: Epoch(16)),
        outer: Outer(rule: GradientDescent(step: 0.1), batch: Epoch(16)), truth: None, trials: [Trial(estimator: {estimator})]"
    );
    each(lab(problem, &more), 6)
}

/// What a tick costs in row calls of lists of r rows, as the literature counts them: soba 3r, saba 3r, amigo (T + M + 2)r,
/// stocbio (T + Q + 2)r, mrbo 2(Q + 3)r and half of that at first, f2sa 3Tr where λ is a penalty and (3T + 2)r where it weighs rows,
/// 5Tr and (5T + 2)r with two sides.
#[test]
fn a_tick_costs_what_its_formula_says() {
    let r = 16.0;
    let cases: [(&str, &str, usize, f64); 11] = [
        (PENALTY, "Soba", 1, 3.0),
        (WEIGHTS, "Soba", 1, 3.0),
        (PENALTY, "Saba", 1, 3.0),
        (WEIGHTS, "Saba", 1, 3.0),
        // M = 7: the first of its steps from zero is no product, so that the warm ones have one more.
        (PENALTY, "FixedPoint(iterations: 6, step: Fixed(0.1))", 4, 4.0 + 7.0 + 2.0),
        (PENALTY, "Neumann(iterations: 7, step: Fixed(0.1))", 4, 4.0 + 7.0 + 2.0),
        (PENALTY, "Mrbo(iterations: 10, step: Fixed(0.1))", 1, 2.0 * (10.0 + 3.0)),
        (PENALTY, "F2sa(multiplier: 10.0)", 3, 3.0 * 3.0),
        (WEIGHTS, "F2sa(multiplier: 10.0)", 3, 3.0 * 3.0 + 2.0),
        (PENALTY, "F2sa(multiplier: 10.0, sides: Two)", 3, 5.0 * 3.0),
        (WEIGHTS, "F2sa(multiplier: 10.0, sides: Two)", 3, 5.0 * 3.0 + 2.0),
    ];
    for (problem, estimator, inner_steps, lists) in cases {
        let found = over_lists(problem, estimator, inner_steps);
        let what = format!("{estimator} on {}: {found:?}", &problem[..11]);
        assert!(found[1..].iter().all(|calls| *calls == lists * r), "{what}");
    }
    let mrbo = over_lists(PENALTY, "Mrbo(iterations: 10, step: Fixed(0.1))", 1);
    assert_eq!(mrbo[0], mrbo[1] / 2.0, "without a last point it costs half");
    // Tables are filled by one pass, where v is zero and has no product: gradients and cross products of 400 rows, 208 of the other side.
    let tables = over_lists(PENALTY, "Saba", 1);
    assert_eq!(tables[0], 400.0 + 400.0 + 208.0 + 3.0 * r);
}

/// A random length of k products makes (3 + k)r; over all rows r is all of them, 300 on either side.
#[test]
fn a_term_of_random_length_costs_what_was_drawn() {
    let problem = "BiasedRidge(rho: 0.5), data: Data(source: Regression(rows: 600, features: 6),
        split: Random(training: 300, validation: 300, test: 0), standardize: Off)";
    let more = "inner: Inner(dynamics: GradientDescent(step: Fixed(0.05)), steps: 1, warm_start: true), truth: None,
        outer: Outer(rule: GradientDescent(step: 0.1)), draws: Explicit(lengths: [0, 3, 9, 1]),
        trials: [Trial(estimator: Ttsa(terms: 10, step: Fixed(0.1)))]";
    let found = each(lab(problem, more), 4);
    assert_eq!(found, [0.0, 3.0, 9.0, 1.0].map(|length| (3.0 + length) * 300.0));
}
