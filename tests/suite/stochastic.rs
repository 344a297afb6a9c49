//! What is known of stochastic methods beyond their reference states: where they end, and how large their biases are.

use std::fmt::Write;

use hyperlab::catalog::Knobs;
use hyperlab::estimator::{Entry, Family};
use hyperlab::lab::{Command, Lab};
use hyperlab::math::vector::norm;
use hyperlab::metric::{ADJOINT, HYPERGRADIENT, TRUTH};
use hyperlab::scenario::{NoFiles, check_text, experiment};

use crate::common::estimation::relative;
use crate::common::is_met;

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

/// `g = θ² + λθ`, `f = 3/2 θ² + ½λ² + ½λθ + 3θ`: `θ* = −λ/2`, and `F'(λ) = 5/4 λ − 3/2`.
fn scalar(lambda: f64, outer_step: f64, estimator: &str, steps: usize) -> Lab {
    let text = format!(
        "Scenario(title: \"\", about: \"\", problem: Quadratic, arrays: {{\"A\": [[2]], \"C\": [[1]], \"F\": [[3]], \"H\": [[1]],
        \"K\": [[0.5]], \"f\": [3]}}, lambda: Constant({lambda:?}),
        inner: Inner(dynamics: GradientDescent(step: Fixed(0.2)), steps: {steps}, warm_start: true),
        outer: Outer(rule: GradientDescent(step: {outer_step:?})), trials: [Trial(estimator: {estimator})])"
    );
    let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
    Lab::new(experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap())
}

/// With θ and y settled the penalty's ĥ is `∇_λ f(y) + κ(y − θ*)` with `y = −(κλ + 3 + λ/2)/(2κ + 3)`, and its distance from F' falls
/// like 1/κ: exactly, and on ridge as a slope.
#[test]
fn the_bias_of_a_penalty_falls_with_its_multiplier() {
    let lambda = 1.0;
    for kappa in [1.0, 3.0, 30.0, 300.0] {
        let mut lab = scalar(lambda, 0.0, &format!("Bome(multiplier: Fixed({kappa:?}))"), 3);
        while lab.trials().next().unwrap().outer() < 200 {
            lab.apply(&Command::Tick).unwrap();
        }
        let records = lab.trials().next().unwrap().outer_records().clone();
        let found = records.last().unwrap().reading(&HYPERGRADIENT).unwrap().vector().unwrap()[0];
        let y = -(kappa * lambda + 3.0 + 0.5 * lambda) / (2.0 * kappa + 3.0);
        let expected = lambda + 0.5 * y + kappa * (y + 0.5 * lambda);
        assert!((found - expected).abs() < 1e-10, "{kappa}: {found} {expected}");
        // `∇_θ f(θ*) (3/2 − 1/2)/(2κ + 3)`, with ∇_θ f(θ*) = 2.
        let bias = found - (1.25 * lambda - 1.5);
        assert!((bias - 2.0 / (2.0 * kappa + 3.0)).abs() < 1e-10, "{kappa}: {bias}");
    }
    let bias = |kappa: &str| {
        let more = format!(
            "lambda: Constant(-2.0), inner: Inner(dynamics: GradientDescent, steps: 5, warm_start: true),
            outer: Outer(rule: GradientDescent(step: 0.0)), trials: [Trial(estimator: Bome(multiplier: Fixed({kappa})))]"
        );
        let mut lab = lab("Ridge(penalty: PerFeature)", &more);
        while lab.trials().next().unwrap().outer() < 1500 {
            lab.apply(&Command::Tick).unwrap();
        }
        let record = lab.trials().next().unwrap().outer_records().last().unwrap();
        let vector = |metric| record.reading(metric).unwrap().vector().unwrap().to_vec();
        relative(&vector(&HYPERGRADIENT), &vector(&TRUTH))
    };
    let ratio = bias("30.0") / bias("300.0");
    assert!((ratio / 10.0 - 1.0).abs() < 0.2, "{ratio}");
}

/// The barrier, tick by tick against the algorithm written out for one number each; and where it ends, which is where `F' = 0`.
#[test]
fn the_dynamic_barrier_is_the_algorithm_and_ends_at_the_minimum() {
    let (step, xi, eta) = (0.02, 0.02, 0.5);
    let mut lab = scalar(-1.0, step, &format!("Bome(step: Fixed({xi:?}), barrier: {eta:?})"), 4);
    let outer = 3000;
    while lab.trials().next().unwrap().outer() < outer {
        lab.apply(&Command::Tick).unwrap();
    }
    let records = lab.trials().next().unwrap().outer_records().clone();
    let (mut lambda, mut theta, mut y): (f64, f64, f64) = (-1.0, 0.0, 0.0);
    for tick in 0..60 {
        for _ in 0..4 {
            theta -= 0.2 * (2.0 * theta + lambda);
        }
        let (f_lambda, f_y) = (lambda + 0.5 * y, 3.0 * y + 0.5 * lambda + 3.0);
        let (q_lambda, q_y) = (y - theta, 2.0 * y + lambda);
        let square = q_lambda * q_lambda + q_y * q_y;
        let kappa = (eta - (f_lambda * q_lambda + f_y * q_y) / square).max(0.0);
        let direction = f_lambda + kappa * q_lambda;
        let record = records.at(tick).unwrap();
        let found = record.reading(&HYPERGRADIENT).unwrap().vector().unwrap()[0];
        assert!((found - direction).abs() <= 1e-9 * direction.abs().max(1.0), "tick {tick}: {found} {direction}");
        y -= xi * (f_y + kappa * q_y);
        lambda -= step * direction;
    }
    let end = lab.trials().next().unwrap().lambda()[0];
    assert!((end - 1.2).abs() < 0.05, "{end}");
}

/// The penalty's ĥ, settled, is the derivative of `min_y f + κ(g − min g)`, by finite differences of minima that are found by descent.
#[test]
fn the_direction_of_a_penalty_is_the_derivative_of_its_value() {
    let kappa = 4.0;
    let more = "lambda: Constant(-1.0), inner: Inner(dynamics: GradientDescent, steps: 20, warm_start: true),
        outer: Outer(rule: GradientDescent(step: 0.0)), trials: [Trial(estimator: Bome(multiplier: Fixed(4.0)))]";
    let text = format!(
        "Scenario(title: \"\", about: \"\", seed: 3, problem: Logistic(penalty: PerFeature),
        data: Data(source: TwoClasses(rows: 60, features: 3), split: Alternate), {more})"
    );
    let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
    let mut lab = Lab::new(experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap());
    while lab.trials().next().unwrap().outer() < 3000 {
        lab.apply(&Command::Tick).unwrap();
    }
    let trial = lab.trials().next().unwrap();
    let record = trial.outer_records().last().unwrap();
    let direction = record.reading(&HYPERGRADIENT).unwrap().vector().unwrap().to_vec();
    let mut oracle = trial.loops().place();
    // min over θ of f · share + κ g.
    let mut least = |lambda: &[f64], share: f64| {
        let (mut theta, mut inner, mut outer) = (vec![0.0; 3], vec![0.0; 3], vec![0.0; 3]);
        for _ in 0..4000 {
            oracle.move_to(lambda, &theta);
            oracle.inner_gradient(&mut inner);
            oracle.outer_gradient(&mut outer);
            theta.iter_mut().zip(inner.iter().zip(&outer)).for_each(|(x, (g, f))| *x -= 0.15 * (kappa * g + share * f));
        }
        oracle.move_to(lambda, &theta);
        share * oracle.outer_value() + kappa * oracle.inner_value()
    };
    for (entry, found) in direction.iter().enumerate() {
        let mut value = |shift: f64| {
            let mut lambda = vec![-1.0; 3];
            lambda[entry] += shift;
            least(&lambda, 1.0) - least(&lambda, 0.0)
        };
        let difference = (value(1e-4) - value(-1e-4)) / 2e-4;
        assert!((found - difference).abs() < 1e-7, "{entry}: {found} {difference}");
    }
}

/// Beside v*, every method that stands for a v by what it does has it recorded, of the length of θ; those that differentiate the run,
/// or f itself, have none.
#[test]
fn every_method_with_a_v_has_it_recorded() {
    let still = "inner: Inner(dynamics: GradientDescent, steps: 1), trials: [Trial(estimator: Direct)]";
    let ridge = lab("Ridge(penalty: PerFeature)", still).experiment().problem.clone();
    let suits = |entry: &&Entry| is_met((entry.build)(&Knobs::defaults(entry.card.knobs)).requires(), &ridge);
    for entry in hyperlab::estimator::ALL.iter().filter(suits) {
        let more = format!(
            "lambda: Constant(-1.0), inner: Inner(dynamics: GradientDescent, steps: 3, warm_start: true),
            trials: [Trial(estimator: {})]",
            entry.card.ron_name()
        );
        let mut lab = lab("Ridge(penalty: PerFeature)", &more);
        while lab.trials().next().unwrap().outer() < 2 {
            lab.apply(&Command::Tick).unwrap();
        }
        let record = lab.trials().next().unwrap().outer_records().last().unwrap();
        let found =
            record.reading(&ADJOINT).and_then(|reading| reading.vector().map(|v| v.to_vec())).unwrap_or_default();
        let error = record.number(&hyperlab::metric::ADJOINT_ERROR);
        let has_none = matches!(entry.family, Family::Iterative | Family::ZerothOrder);
        assert_eq!(found.len(), if has_none { 0 } else { 20 }, "{}", entry.card.id);
        assert_eq!(error.is_some_and(f64::is_finite), !has_none, "{}: {error:?}", entry.card.id);
    }
}
