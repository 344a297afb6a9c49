//! Exact answers from products with H alone: against those of the factorized H, where θ is short, and against the dual
//! closed form, where it is long.

use std::sync::Arc;

use crate::common::{Settings, build, convex_instances, normal};
use hyperlab::catalog::Value;
use hyperlab::data::{Samples, Split};
use hyperlab::lab::{Command, Lab};
use hyperlab::math::vector::{distance, dot, norm};
use hyperlab::math::{Factorization, Matrix};
use hyperlab::metric::ERROR;
use hyperlab::problem::{Problem, Stop, Truth};
use hyperlab::scenario::{NoFiles, Severity, check_text, experiment, parse};

const SCALAR: (&str, Value) = ("penalty", Value::Choice("Scalar"));

/// Gaussian rows whose columns shrink from 1 to `least`, and a target made of their scores.
fn split(rows: usize, features: usize, least: f64, target: impl Fn(f64) -> f64) -> Split {
    let scale = |j: usize| least.powf(j as f64 / (features - 1) as f64);
    let weights = normal(features, 7);
    let samples = |rows: usize, key: u64| {
        let numbers = normal(rows * features, key);
        let noise = normal(rows, key + 100);
        let features_of = Matrix::from_fn(rows, features, |i, j| scale(j) * numbers[i * features + j]);
        let size = (features as f64).sqrt();
        let targets =
            (0..rows).map(|i| target(3.0 * dot(features_of.row(i), &weights) / size + 0.5 * noise[i])).collect();
        Samples::new(features_of, targets)
    };
    Split { training: samples(rows, 1), validation: samples(rows / 2, 2), test: samples(2, 3), ..Split::default() }
}

#[track_caller]
fn assert_agrees(problem: &Arc<dyn Problem>, lambda: &[f64], name: &str) {
    let exact = Truth::at(problem, lambda);
    let found = Truth::by_products(problem, lambda, &Stop::default());
    assert_eq!(exact.doubt, None, "{name}");
    assert_eq!(found.doubt, None, "{name}, at {lambda:?}: floor {:.1e}", found.floor);
    let length = norm(&exact.hypergradient);
    let off = distance(&found.hypergradient, &exact.hypergradient);
    println!("{name}: off {:.1e}, floor {:.1e}, of {length:.1e}", off / length, found.floor / length);
    assert!(
        off <= found.floor + exact.floor,
        "{name}: off by {off:.1e}, says {:.1e} (length {length:.1e})",
        found.floor
    );
    assert!(found.floor <= 1e-6 * length, "{name}: {:.1e} of {length:.1e}", found.floor);
    assert!((found.value - exact.value).abs() <= 1e-9 * exact.value.abs(), "{name}");
}

#[test]
fn every_convex_problem_has_the_same_truth_by_products() {
    for (name, problem) in convex_instances() {
        let lambda: Vec<f64> = normal(problem.dimensions().outer, 5).iter().map(|x| 0.3 * x - 1.0).collect();
        assert_agrees(&problem, &lambda, &name);
    }
}

/// Columns down to 1e-3 and penalties of e⁻¹³ and less: H has conditions to about 1e6.
#[test]
fn ill_conditioned_regressions_have_the_same_truth_by_products() {
    let class = |count: f64| move |score: f64| (score + count / 2.0).floor().clamp(0.0, count - 1.0);
    let cases: [(&str, Split, Settings); 5] = [
        ("ridge", split(150, 100, 1e-3, |score| score), &[SCALAR]),
        ("ridge", split(60, 100, 1e-2, |score| score), &[]),
        ("logistic", split(150, 60, 1e-3, |score| f64::from(u8::from(score > 0.0))), &[SCALAR]),
        ("softmax", split(120, 25, 1e-2, class(3.0)), &[SCALAR]),
        ("poisson", split(120, 50, 1e-3, |score| (0.3 * score).exp().round()), &[SCALAR]),
    ];
    for (id, split, settings) in cases {
        let problem = build(id, settings, Some(&split), &[]).unwrap();
        for log in [-3.0, -13.0] {
            // Without a penalty to speak of separable classes have no θ*.
            let log = if id == "ridge" { log } else { 0.6 * log };
            assert_agrees(&problem, &vec![log; problem.dimensions().outer], &format!("{id} at {log}"));
        }
    }
}

/// `θ* = Xᵀ(XXᵀ/n + μI)⁻¹y/n` and, with b = ∇f, `v = (b − Xᵀ(XXᵀ + nμI)⁻¹Xb)/μ`: n × n systems alone.
fn dual_ridge(split: &Split, mu: f64) -> (f64, f64) {
    let (x, y) = (&split.training.features, &split.training.targets);
    let n = y.len() as f64;
    let mut kernel = Matrix::from_fn(y.len(), y.len(), |i, j| dot(x.row(i).values(), x.row(j).values()));
    kernel.add_to_diagonal(n * mu);
    let kernel = Factorization::symmetric(&kernel).unwrap();
    let theta = x.transposed_times(&kernel.solve(y));
    let (xv, yv) = (&split.validation.features, &split.validation.targets);
    let residual: Vec<f64> = xv.times(&theta).iter().zip(yv).map(|(score, y)| score - y).collect();
    let m = yv.len() as f64;
    let b: Vec<f64> = xv.transposed_times(&residual).iter().map(|x| x / m).collect();
    let correction = x.transposed_times(&kernel.solve(&x.times(&b)));
    let v: Vec<f64> = b.iter().zip(&correction).map(|(b, c)| (b - c) / mu).collect();
    (0.5 * dot(&residual, &residual) / m, -mu * dot(&theta, &v))
}

#[test]
fn ridge_by_products_is_that_of_the_dual_closed_form() {
    let rows = split(60, 500, 0.1, |score| score);
    let problem = build("ridge", &[SCALAR], Some(&rows), &[]).unwrap();
    let truth = Truth::by_products(&problem, &[-4.0], &Stop::default());
    let (value, slope) = dual_ridge(&rows, (-4.0f64).exp());
    assert_eq!(truth.doubt, None);
    assert!((truth.value / value - 1.0).abs() < 1e-12, "{} and {value}", truth.value);
    assert!((truth.hypergradient[0] / slope - 1.0).abs() < 1e-11, "{:?} and {slope}", truth.hypergradient);
    assert!((truth.hypergradient[0] - slope).abs() <= truth.floor + 1e-13 * slope.abs());
}

#[test]
fn a_truth_by_products_that_nobody_waits_for_ends_at_once_and_says_nothing() {
    let problem = build("ridge", &[SCALAR], Some(&split(60, 500, 0.1, |score| score)), &[]).unwrap();
    let stop = Stop::new();
    stop.set();
    assert!(!Truth::by_products(&problem, &[-4.0], &stop).converged());
}

/// Without a penalty 60 rows leave a plane of solutions.
#[test]
fn a_singular_problem_is_in_doubt_by_products_as_well() {
    let problem = build("ridge", &[SCALAR], Some(&split(60, 500, 0.1, |score| score)), &[]).unwrap();
    let truth = Truth::by_products(&problem, &[-40.0], &Stop::default());
    assert!(!truth.converged(), "floor {:.1e} of {:?}", truth.floor, truth.hypergradient);
    println!("{:?}", truth.doubt);
}

/// Ten thousand features and 200 rows: H would take 800 MB, and is not formed.
#[test]
fn ten_thousand_features_have_the_truth_of_the_dual_closed_form() {
    let rows = split(200, 10_000, 0.1, |score| score);
    let problem = build("ridge", &[SCALAR], Some(&rows), &[]).unwrap();
    let truth = Truth::at(&problem, &[-3.0]);
    let (value, slope) = dual_ridge(&rows, (-3.0f64).exp());
    assert_eq!(truth.doubt, None);
    assert!((truth.value / value - 1.0).abs() < 1e-12, "{} and {value}", truth.value);
    let off = (truth.hypergradient[0] - slope).abs();
    assert!(
        off <= truth.floor + 1e-12 * slope.abs() && truth.floor < 1e-10 * slope.abs(),
        "{off:.1e}, {:.1e}",
        truth.floor
    );
    assert!(truth.sensitivity().is_none());
    // The largest eigenvalue of XᵀX/n is that of XXᵀ/n, from an n × n matrix.
    let x = &rows.training.features;
    let kernel = Matrix::from_fn(200, 200, |i, j| dot(x.row(i).values(), x.row(j).values()) / 200.0);
    let largest = *kernel.symmetric_eigenvalues().unwrap().last().unwrap() + (-3.0f64).exp();
    let bound = problem.curvature_bound(&[-3.0]).unwrap();
    assert!((bound / largest - 1.0).abs() < 1e-9, "{bound} and {largest}");
}

/// A scenario over 4100 features with these methods.
fn scenario(problem: &str, dynamics: &str, estimator: &str) -> String {
    format!(
        r#"Scenario(
    title: "Long",
    about: "More features than H could be formed for.",
    problem: {problem},
    data: Data(source: Regression(rows: 16, features: 4100)),
    lambda: Constant(-1.0),
    inner: Inner(dynamics: {dynamics}, steps: 4),
    trials: [Trial(estimator: {estimator})],
    charts: ["losses"],
)"#
    )
}

#[test]
fn what_needs_h_whole_is_refused_by_name_where_theta_is_long() {
    let messages = |text: &str| -> Vec<String> {
        let errors =
            check_text(text, &NoFiles, &["losses"][..]).1.into_iter().filter(|found| found.severity == Severity::Error);
        errors.map(|found| found.message).collect()
    };
    for (dynamics, estimator, name) in [
        ("GradientDescent()", "Direct", "Direct"),
        ("GradientDescent()", "Reparameterized()", "Reparameterized"),
        ("GradientDescent()", "Newton()", "Newton"),
        ("Newton", "Cg(iterations: 3)", "Newton"),
        ("GradientDescent()", "Forward", ""),
        ("GradientDescent()", "Cg(iterations: 3)", ""),
    ] {
        let found = messages(&scenario("Ridge(penalty: Scalar)", dynamics, estimator));
        if name.is_empty() {
            assert!(found.is_empty(), "{found:?}");
            continue;
        }
        assert_eq!(found.len(), 1, "{estimator}: {found:?}");
        let expected =
            format!("`{name}` needs H whole, and with it a θ of at most 4000 entries, which `Ridge` does not have");
        assert!(found[0].contains(&expected), "{found:?}");
        assert!(found[0].contains("choose another one, such as `"), "{found:?}");
    }
    // Per feature, Z would have 17 million numbers: a seventh of what may be. A λ and a θ of 12 000 have more.
    assert!(messages(&scenario("Ridge()", "GradientDescent()", "Forward")).is_empty());
    let long = scenario("Ridge()", "GradientDescent()", "Forward").replace("features: 4100", "features: 12000");
    let found = messages(&long);
    assert!(found.len() == 1 && found[0].contains("a d × p matrix of at most 125000000 numbers"), "{found:?}");
    // Problems that form such matrices themselves, and a θ of more classes than features.
    let found = messages(&scenario("BiasedRidge()", "GradientDescent()", "Identity"));
    assert!(found.len() == 1 && found[0].contains("expected at most 4000"), "{found:?}");
}

#[test]
fn a_long_theta_runs_and_its_estimates_are_held_against_the_truth() {
    let text = scenario("Ridge(penalty: Scalar)", "GradientDescent()", "Cg(iterations: 60)")
        .replace("steps: 4", "steps: 40")
        .replace("-1.0", "6.0");
    let built = experiment(&parse(&text).unwrap(), &NoFiles).unwrap();
    let mut lab = Lab::new(built);
    while lab.trials().next().unwrap().inner() < 40 {
        lab.apply(&Command::Tick).unwrap();
    }
    let trial = lab.trials().next().unwrap();
    assert!(trial.truth().converged(), "{:?}", trial.truth().doubt);
    let error = trial.latest().unwrap().number(&ERROR).unwrap();
    println!("error {error:.1e} of {:?}", trial.truth().hypergradient);
    assert!(error < 1e-3 * trial.truth().hypergradient[0].abs(), "{error:.1e} of {:?}", trial.truth().hypergradient);
}
