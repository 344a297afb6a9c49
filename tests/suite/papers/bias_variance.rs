//! Zhou, Shu, Liu, Meng, *A Tale of Bias-Variance Decomposition*, arXiv 2602.17947, at toy scale.
//!
//! The numbers of the first half are from an independent program: for the twenty-feature ridge of the scenarios it
//! draws 400 000 training samples and integrates the validation sample out in closed form
//! (`E[ĥ|S_tr] = aᵀΣb`, `Var(ĥ|S_tr) = ((aᵀΣa)(bᵀΣb) + (aᵀΣb)² + σ² bᵀΣb)/n_v` with `a = θ − w`, `b = ∂θ/∂λ`), and
//! 20 000 pools for the ensembles. A difference of five standard errors fails by chance less than once in a million.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::common::studies::scenario;
use hyperlab::catalog::{Knobs, Value};
use hyperlab::data::{Resample, World};
use hyperlab::math::Matrix;
use hyperlab::math::fit::power_law;
use hyperlab::probe::bias_variance::{self, BiasVariance, SweepFinding, TrialFinding};
use hyperlab::probe::{self, Case, Finding};
use hyperlab::problem::Truth;
use hyperlab::scenario::{Experiment, NoFiles, Scenario, Sweep, experiment, parse};
use hyperlab::trial::{Loops, Setting, Stage};

fn knobs(changes: &[(&str, Value)]) -> Knobs {
    let start = Knobs::defaults(bias_variance::ENTRY.card.knobs);
    changes.iter().fold(start, |knobs, (key, value)| knobs.with(key, *value))
}

fn measured(scenario: &Scenario, changes: &[(&str, Value)]) -> BiasVariance {
    let knobs = knobs(changes);
    let case = Case::of("test", scenario, &NoFiles, &knobs).unwrap();
    bias_variance::run(&case, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn trial<'a>(found: &'a BiasVariance, name: &str) -> &'a TrialFinding {
    found.trials.iter().find(|trial| trial.trial == name).unwrap_or_else(|| panic!("no `{name}`"))
}

/// Within five standard errors of the measurement and of the expectation together.
#[track_caller]
fn assert_near(what: &str, found: f64, standard_error: f64, expected: f64, own: f64) {
    let allowed = 5.0 * standard_error.hypot(own) + 1e-12;
    assert!((found - expected).abs() < allowed, "{what}: {found} ± {standard_error}, expected {expected} ± {own}");
}

/// Bias falls geometrically with the inner steps, variance rises, and the error is least in between.
#[test]
fn bias_falls_and_variance_rises_with_the_inner_steps() {
    let found = measured(
        &scenario("bias-variance", &[]),
        &[
            ("training", Value::Integer(1500)),
            ("validation", Value::Integer(3)),
            ("truth_replicates", Value::Integer(6000)),
        ],
    );
    let expected = [
        ("T = 1", 4.156e-3, 7e-6, 0.0, 0.0),
        ("T = 3", 3.340e-3, 7e-6, 4.474e-5, 8e-8),
        ("T = 10", 1.134e-3, 3e-6, 5.914e-4, 6e-7),
        ("T = 30", 1.022e-4, 4e-7, 2.575e-3, 2e-6),
        ("exact", 0.0, 0.0, 4.116e-3, 4e-6),
        ("last 5 of 100", 1.725e-3, 3e-6, 8.362e-4, 8e-7),
    ];
    for (name, bias, bias_error, variance, variance_error) in expected {
        let trial = trial(&found, name);
        let errors = &trial.standard_errors;
        assert_near(&format!("bias² of {name}"), trial.bias_squared, errors.bias_squared, bias, bias_error);
        assert_near(&format!("variance of {name}"), trial.variance, errors.variance, variance, variance_error);
    }
    let mse = |name: &str| trial(&found, name).mse;
    assert!(mse("T = 10") < mse("T = 3") && mse("T = 10") < mse("T = 30"), "the least error is not in between");
    let truth = (found.truth.value[0], found.truth.standard_error[0]);
    assert_near("the training expectation", truth.0, truth.1, 0.064466, 5.5e-5);
}

/// `1.217e-3 + 0.1449/n_v`: the training part stays, the validation part is exactly inverse.
#[test]
fn variance_is_inverse_in_the_validation_rows_above_a_floor() {
    let swept = sweep("validation-size", "data.split.validation", &["10", "25", "50", "100", "400"], (700, 4));
    let expected = [1.571e-2, 7.015e-3, 4.116e-3, 2.666e-3, 1.579e-3];
    for (point, expected) in swept.points.iter().zip(expected) {
        let exact = trial(&point.finding, "exact");
        assert_near(&format!("n_v = {}", point.value), exact.variance, exact.standard_errors.variance, expected, 7e-6);
        let (within, error) = (exact.variance_validation.unwrap(), exact.standard_errors.variance_validation.unwrap());
        assert_near(&format!("n_v = {}, within", point.value), within, error, 0.1449 / point.x, 1e-4 / point.x);
    }
    let law = swept.laws[0].unwrap();
    // The standard errors of the fitted numbers are about 7e-5 and 3e-3.
    assert!((law.a - 1.217e-3).abs() < 5e-4 && (law.b - 0.1449).abs() < 0.03, "{law:?}");
}

/// `a + b/K` over re-splits of a pool of a hundred, with the pool's floor; a K-fold moves the mean.
#[test]
fn an_ensemble_has_a_floor_and_folds_move_the_mean() {
    let changes = ["trials=[Trial(name: \"re-splits\", estimator: Direct, ensemble: Fixed(members: 1))]"];
    let values = ["1", "2", "4", "8", "16"];
    let source = scenario("ensembles", &changes);
    let swept = sweep_of(&source, "trials[0].ensemble.members", &values, (500, 3));
    let expected = [4.12e-3, 2.42e-3, 1.67e-3, 1.27e-3, 1.075e-3];
    for (point, expected) in swept.points.iter().zip(expected) {
        let trial = &point.finding.trials[0];
        let error = trial.standard_errors.variance;
        assert_near(&format!("K = {}", point.value), trial.variance, error, expected, 4e-5);
    }
    let law = swept.laws[0].unwrap();
    assert!((law.a - 8.69e-4).abs() < 4e-4 && (law.b - 3.254e-3).abs() < 8e-4, "{law:?}");

    let folds =
        |members: usize| format!("Trial(name: \"{members}\", estimator: Direct, ensemble: Folds(members: {members}))");
    let trials = format!("trials=[{}, {}, {}]", folds(2), folds(5), folds(10));
    let found = measured(
        &scenario("ensembles", &[&trials]),
        &[
            ("training", Value::Integer(600)),
            ("validation", Value::Integer(2)),
            ("truth_replicates", Value::Integer(4000)),
        ],
    );
    for (name, variance, own, mean) in
        [("2", 1.84e-3, 2e-5, 0.06407), ("5", 8.89e-4, 9e-6, 0.08497), ("10", 7.51e-4, 8e-6, 0.08827)]
    {
        let trial = trial(&found, name);
        assert_near(&format!("{name}-fold"), trial.variance, trial.standard_errors.variance, variance, own);
        let error = (trial.variance / 600.0).sqrt();
        assert_near(&format!("mean of {name}-fold"), trial.mean[0], error, mean, 3e-4);
    }
}

/// `h_j = e^{2λ_j} w_j² / (1 + e^{λ_j})³` where features are independent with variance one.
#[test]
fn the_population_truth_of_isotropic_ridge_is_its_closed_form() {
    let weights = [0.7, -1.3, 0.2, 2.0, 0.0, -0.4];
    let lambda = [-1.0, 0.3, -2.5, 1.1, 0.0, -0.2];
    let text = format!(
        "Scenario(title: \"t\", about: \"a\", problem: Ridge, lambda: Explicit({lambda:?}),
            data: Data(source: Regression(rows: 40, features: 6, weights: {weights:?}, noise: 0.5), standardize: Off),
            inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])"
    );
    let built = experiment(&parse(&text).unwrap(), &NoFiles).unwrap();
    let world = world(&built);
    let truth = Truth::at(&built.problem_on(&world.whole(0).unwrap()).unwrap(), &lambda);
    let mut risk = 0.5 * 0.25;
    for j in 0..6 {
        let scale: f64 = lambda[j].exp();
        let expected = scale * scale * weights[j] * weights[j] / (1.0 + scale).powi(3);
        assert!(
            (truth.hypergradient[j] - expected).abs() < 1e-12,
            "{j}: {} against {expected}",
            truth.hypergradient[j]
        );
        risk += 0.5 * (scale * weights[j] / (1.0 + scale)).powi(2);
    }
    assert!((truth.value - risk).abs() < 1e-12);
}

/// Held against the population, bias and variance of the exact estimate both fall like 1/n: the bias of the
/// training sample is of first order in 1/n, so that its norm, like the variance, has slope −1.
#[test]
fn bias_and_variance_against_the_population_fall_with_the_rows() {
    let text = |rows: usize| {
        format!(
            "Scenario(title: \"t\", about: \"a\", seed: 3, problem: Ridge, lambda: Constant(-1.0),
            data: Data(source: Regression(rows: {}, features: 50, signal: 2.0, noise: 0.5),
                split: Random(training: {rows}, validation: {rows}), standardize: Off),
            inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])",
            2 * rows
        )
    };
    let sizes = [200usize, 400, 800];
    let (mut biases, mut variances) = (Vec::new(), Vec::new());
    for rows in sizes {
        let found = measured(
            &parse(&text(rows)).unwrap(),
            &[
                ("training", Value::Integer(60)),
                ("validation", Value::Integer(2)),
                ("truth", Value::Choice("Population")),
            ],
        );
        assert_eq!(found.truth.standard_error, [0.0; 50]);
        biases.push((rows as f64, found.trials[0].bias_squared.sqrt()));
        variances.push((rows as f64, found.trials[0].variance));
    }
    for (what, points, tolerance) in [("bias", biases, 0.25), ("variance", variances, 0.45)] {
        let slope = power_law(&points).unwrap().slope;
        assert!((slope + 1.0).abs() < tolerance, "{what}: slope {slope} over {points:?}");
    }
}

/// Gradient descent from zero in the eigenbasis: an oracle for unrolled estimators without any unrolling.
#[test]
fn the_unrolled_hypergradient_has_a_closed_form() {
    for steps in [1usize, 3, 10, 100] {
        let changes =
            [&*format!("trials=[Trial(estimator: Reverse, inner: Inner(dynamics: GradientDescent, steps: {steps}))]")];
        let built = Arc::new(experiment(&scenario("bias-variance", &changes), &NoFiles).unwrap());
        let stage = Arc::new(Stage::of(&built));
        let setting = Setting::of(&built.scenario.trials[0], &built.scenario);
        let mut loops = Loops::new(0, setting, &stage);
        loops.finish_inner();
        let found = loops.estimate().hypergradient[0];
        let expected = closed_form(&built, steps);
        assert!((found - expected).abs() <= 1e-10 * expected.abs() + 1e-16, "T = {steps}: {found} against {expected}");
    }
}

/// With eigenvalues s of `XᵀX/n`, `h = s + e^λ`, `r = 1 − ηh`, `c = Qᵀ Xᵀy/n`: `θ_T = c(1 − r^T)/h` and
/// `∂_λθ_T = c e^λ (ηT r^{T−1}/h − (1 − r^T)/h²)` with η held constant.
fn closed_form(built: &Experiment, steps: usize) -> f64 {
    let split = &built.data.as_ref().unwrap().split;
    let (x, y) = (&split.training.features, &split.training.targets);
    let (rows, columns) = (x.rows(), x.columns());
    let gram = faer::Mat::from_fn(columns, columns, |i, j| {
        (0..rows).map(|row| x[(row, i)] * x[(row, j)]).sum::<f64>() / rows as f64
    });
    let moment: Vec<f64> =
        (0..columns).map(|j| (0..rows).map(|row| x[(row, j)] * y[row]).sum::<f64>() / rows as f64).collect();
    let eigen = gram.self_adjoint_eigen(faer::Side::Lower).unwrap();
    let (values, vectors) = (eigen.S(), eigen.U());
    let penalty = built.lambda[0].exp();
    let largest = (0..columns).map(|i| values[i]).fold(0.0, f64::max);
    let step = 1.0 / (largest + penalty);
    let (mut theta, mut slope) = (vec![0.0; columns], vec![0.0; columns]);
    for i in 0..columns {
        let c: f64 = (0..columns).map(|j| vectors[(j, i)] * moment[j]).sum();
        let h = values[i] + penalty;
        let r = 1.0 - step * h;
        let power = |exponent: usize| r.powi(i32::try_from(exponent).unwrap());
        let reached = c * (1.0 - power(steps)) / h;
        let moved = c * penalty * (step * steps as f64 * power(steps - 1) / h - (1.0 - power(steps)) / (h * h));
        for j in 0..columns {
            theta[j] += vectors[(j, i)] * reached;
            slope[j] += vectors[(j, i)] * moved;
        }
    }
    let validation = &split.validation;
    let row = |i: usize, v: &[f64]| validation.features.row(i).values().iter().zip(v).map(|(a, b)| a * b).sum::<f64>();
    let count = validation.targets.len();
    (0..count).map(|i| (row(i, &theta) - validation.targets[i]) * row(i, &slope)).sum::<f64>() / count as f64
}

/// In every result squared bias and variance add up to the error, the parts to the variance, and the number of
/// threads changes no bit.
#[test]
fn the_parts_add_up_and_threads_change_nothing() {
    let logistic = "Scenario(title: \"t\", about: \"a\", seed: 3, problem: Logistic, lambda: Constant(-2.0),
        data: Data(source: Bundled(\"breast_cancer\"), split: Random(training: 40, validation: 40)),
        inner: Inner(dynamics: GradientDescent, steps: 20),
        trials: [Trial(estimator: Reverse), Trial(estimator: Cg, ensemble: Folds(members: 3))])";
    let two_classes = "Scenario(title: \"t\", about: \"a\", seed: 3, problem: Logistic(penalty: Scalar), lambda: Constant(-2.0),
        data: Data(source: TwoClasses(rows: 60, features: 4), split: Random(training: 30, validation: 30), standardize: Off),
        inner: Inner(dynamics: GradientDescent, steps: 20), trials: [Trial(estimator: Direct)])";
    for text in [logistic, two_classes] {
        for truth in ["TrainingExpectation", "SameData", "Population"] {
            let changes = [
                ("training", Value::Integer(4)),
                ("validation", Value::Integer(3)),
                ("truth_replicates", Value::Integer(3)),
                ("truth", Value::Choice(truth)),
            ];
            let on = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| measured(&parse(text).unwrap(), &changes))
            };
            let (one, two) = (on(1), on(2));
            assert_eq!(one.to_json(), two.to_json());
            for trial in &one.trials {
                let scale = trial.mse.abs().max(trial.variance).max(1e-300);
                assert!((trial.bias_squared + trial.variance - trial.mse).abs() < 1e-12 * scale, "{truth}: {trial:?}");
                let parts = trial.variance_training.unwrap() + trial.variance_validation.unwrap();
                assert!((parts - trial.variance).abs() < 1e-12 * scale, "{truth}: {trial:?}");
            }
        }
    }
}

/// On its own data a direct solve at the solution has nothing wrong with it.
#[test]
fn held_against_the_same_data_an_exact_estimate_has_no_error() {
    let found = measured(
        &scenario("ensembles", &[]),
        &[("training", Value::Integer(5)), ("validation", Value::Integer(2)), ("truth", Value::Choice("SameData"))],
    );
    for trial in &found.trials {
        assert!(trial.mse < 1e-24 && (trial.cosine - 1.0).abs() < 1e-9, "{trial:?}");
    }
}

/// A finite pool is its own population: over bootstrap samples an exact solution has no bias against it, and the
/// finding says what it is conditional on.
#[test]
fn a_pool_is_its_own_population() {
    let text = "Scenario(title: \"t\", about: \"a\", seed: 3, problem: Ridge(penalty: Scalar), lambda: Constant(-1.0),
        data: Data(source: Bundled(\"diabetes\"), split: Random(training: 60, validation: 60), standardize_target: true),
        inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])";
    let found = measured(
        &parse(text).unwrap(),
        &[
            ("training", Value::Integer(300)),
            ("validation", Value::Integer(4)),
            ("truth_replicates", Value::Integer(1500)),
        ],
    );
    assert!(found.truth.conditional && found.truth.in_words().contains("conditional on the pool"));
    let trial = &found.trials[0];
    assert!(trial.bias_squared.abs() < 5.0 * trial.standard_errors.bias_squared + 1e-9, "{trial:?}");
    assert!(trial.variance > 20.0 * trial.bias_squared.abs(), "{trial:?}");
}

#[test]
fn what_cannot_be_measured_is_refused_with_what_would_work() {
    let refused = |text: &str, changes: &[(&str, Value)]| {
        let (scenario, knobs) = (parse(text).unwrap(), knobs(changes));
        let case = Case::of("test", &scenario, &NoFiles, &knobs).unwrap();
        bias_variance::run(&case, &mut |_| ControlFlow::Continue(())).unwrap_err().to_string()
    };
    let ridge = "Scenario(title: \"t\", about: \"a\", problem: Ridge, data: Data(source: Bundled(\"diabetes\")),
        inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])";
    let too_few = refused(ridge, &[("training", Value::Integer(1))]);
    assert_eq!(
        too_few,
        "1 training replicate cannot tell bias from variance; expected at least 2, and 20 or more for a standard error \
         worth reading"
    );
    let quadratic = "Scenario(title: \"t\", about: \"a\", problem: Quadratic,
        inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])";
    assert!(refused(quadratic, &[]).starts_with("this problem has no data"));
    let cleaning = "Scenario(title: \"t\", about: \"a\", problem: HyperCleaning,
        data: Data(source: Bundled(\"wine\")), inner: Inner(dynamics: GradientDescent, steps: 1),
        trials: [Trial(estimator: Direct)])";
    assert!(refused(cleaning, &[]).contains("every training row has an entry of λ"));
}

#[test]
fn the_json_of_the_probe_has_the_fields_it_promises() {
    let source = scenario("ensembles", &[]);
    let found = measured(&source, &[("training", Value::Integer(3)), ("validation", Value::Integer(2))]);
    let json: serde_json::Value = serde_json::from_str(&found.to_json()).unwrap();
    assert_eq!(json["schema"], "hyperlab/bias-variance/1");
    assert_eq!((&json["scenario"], &json["seed"]), (&"test".into(), &7.into()));
    assert_eq!(json["replicates"], serde_json::json!({"training": 3, "validation": 2}));
    assert_eq!(json["truth"]["kind"], "training expectation");
    assert_eq!(json["truth"]["value"].as_array().unwrap().len(), 1);
    assert_eq!(json["truth"]["standard_error"].as_array().unwrap().len(), 1);
    for name in ["trial", "estimator", "mean", "bias_squared", "variance", "variance_training", "variance_validation"] {
        assert!(!json["trials"][1][name].is_null(), "{name}");
    }
    for name in ["mse", "cosine", "standard_errors", "cost"] {
        assert!(!json["trials"][1][name].is_null(), "{name}");
    }
    let swept = sweep_of(&source, "trials[1].ensemble.members", &["1", "2"], (3, 2));
    let json: serde_json::Value = serde_json::from_str(&swept.to_json()).unwrap();
    assert_eq!(json["points"][1]["value"], "2");
    assert_eq!(json["points"][1]["trials"][3]["ensemble"], "folds");
}

fn world(built: &Experiment) -> World {
    let (spec, data) = (built.scenario.data.as_ref().unwrap(), built.data.as_ref().unwrap());
    World::of(spec, built.scenario.seed, Resample::Bootstrap, data).unwrap()
}

fn sweep(id: &str, path: &str, values: &[&str], replicates: (i64, i64)) -> SweepFinding {
    sweep_of(&scenario(id, &[]), path, values, replicates)
}

fn sweep_of(scenario: &Scenario, path: &str, values: &[&str], (training, validation): (i64, i64)) -> SweepFinding {
    let sweep = Sweep { path: path.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() };
    let knobs = knobs(&[
        ("training", Value::Integer(training)),
        ("validation", Value::Integer(validation)),
        ("truth_replicates", Value::Integer(2 * training)),
    ]);
    let case = Case { sweep: Some(&sweep), ..Case::of("test", scenario, &NoFiles, &knobs).unwrap() };
    let entry = probe::ALL.iter().find(|entry| entry.card.id == "bias-variance").unwrap();
    let found: Box<dyn std::any::Any> = (entry.run)(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    *found.downcast::<SweepFinding>().unwrap()
}

/// Gaussian rows by their moments: what a squared loss sees of them is the population.
#[test]
fn a_pool_of_moments_is_the_population() {
    let built = experiment(&scenario("ensembles", &[]), &NoFiles).unwrap();
    let whole = world(&built).whole(0).unwrap().training;
    let gram = |i: usize, j: usize| {
        (0..whole.features.rows()).map(|row| whole.features[(row, i)] * whole.features[(row, j)]).sum::<f64>()
            / whole.features.rows() as f64
    };
    let sigma = Matrix::from_fn(20, 20, |i, j| if i == j { 1.0 / (i as f64 + 1.0) } else { 0.0 });
    for i in 0..20 {
        for j in 0..20 {
            assert!((gram(i, j) - sigma[(i, j)]).abs() < 1e-14);
        }
    }
}

/// A family of tasks is a population of tasks: training replicates draw others, validation replicates other query rows.
/// An exact solution has no bias, and fewer tasks more variance.
#[test]
fn a_family_of_tasks_can_be_drawn_from_again() {
    let found = |tasks: usize| {
        let changes = [format!("data.source.tasks={tasks}"), "data.source.new_tasks=1".to_owned()];
        let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
        measured(
            &scenario("few-shot-sinusoids", &changes),
            &[
                ("training", Value::Integer(40)),
                ("validation", Value::Integer(3)),
                ("truth_replicates", Value::Integer(120)),
            ],
        )
    };
    let (few, many) = (found(2), found(8));
    for found in [&few, &many] {
        let single = &found.trials[0];
        assert!(!found.truth.conditional && found.truth.converged);
        assert!(single.bias_squared.abs() < 5.0 * single.standard_errors.bias_squared, "{single:?}");
        assert!(single.variance_training.unwrap() > 0.0 && single.variance_validation.unwrap() > 0.0, "{single:?}");
    }
    // Tasks are independent, so that four times as many have a quarter of the variance.
    let ratio = few.trials[0].variance / many.trials[0].variance;
    assert!((2.0..8.0).contains(&ratio), "{ratio}");
}
