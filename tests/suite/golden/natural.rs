//! Natural hypergradients over lists of rows and labels that are written out, from scenario files, against reference states.

use std::sync::Arc;

use hyperlab::catalog::Value as Knob;
use hyperlab::draw::{Draws, PerStep, Sizes};
use hyperlab::inner::Motion;
use hyperlab::lab::{Command, Lab};
use hyperlab::math::vector::{axpy, scale};
use hyperlab::math::{Factorization, Matrix};
use hyperlab::metric::{ADJOINT, HYPERGRADIENT, LAMBDA, THETA};
use hyperlab::problem::{Cache, Labels, Location, Oracle, Problem, Rows};
use hyperlab::scenario::{NoFiles, TrialSpec, check_text, experiment};
use serde_json::Value;

use super::stochastic::{data, list};
use crate::common::estimation::{Run, dynamics, relative};
use crate::common::golden::{matrix, number, read, vector};

const TOLERANCE: f64 = 1e-10;

/// What is known of an outer step.
struct Found {
    lambda: Vec<f64>,
    theta: Vec<f64>,
    adjoint: Vec<f64>,
    hypergradient: Vec<f64>,
}

/// A scenario with one trial.
struct Spelled {
    problem: String,
    data: String,
    lambda: Vec<f64>,
    theta: Vec<f64>,
    /// Of gradient descent, and how many.
    step: f64,
    steps: usize,
    /// Of λ.
    outer_step: f64,
    draws: String,
    estimator: String,
}

impl Spelled {
    fn text(&self) -> String {
        let Self { problem, data, lambda, theta, step, steps, outer_step, draws, estimator } = self;
        let (lambda, theta) = (list(lambda), list(theta));
        format!(
            "Scenario(title: \"reference\", about: \"\", problem: {problem}, data: {data}, lambda: Explicit({lambda}), theta: Explicit({theta}),
inner: Inner(dynamics: GradientDescent(step: Fixed({step:?})), steps: {steps}, warm_start: true), truth: None, draws: {draws},
outer: Outer(rule: GradientDescent(step: {outer_step:?}), bounds: (-100.0, 100.0)), trials: [Trial(estimator: {estimator})])"
        )
    }

    fn built(&self) -> hyperlab::scenario::Experiment {
        let (scenario, found) = check_text(&self.text(), &NoFiles, &[][..]);
        assert!(scenario.is_some(), "{found:?}\n{}", self.text());
        experiment(&scenario.unwrap(), &NoFiles).unwrap()
    }

    /// Outer steps in process, and where λ went.
    fn run(&self, outer: usize) -> Vec<Found> {
        let mut lab = Lab::new(self.built());
        let recorded = |lab: &Lab| lab.trials().next().unwrap().outer_records().clone();
        while recorded(&lab).len() < outer {
            let status = lab.trials().next().unwrap().status();
            assert!(!status.is_halted(), "{status}");
            lab.apply(&Command::Tick).unwrap();
        }
        let records = recorded(&lab);
        let read = |step: usize| {
            let record = records.at(step).unwrap();
            let vector =
                |metric| record.reading(metric).and_then(|reading| reading.vector().map(|v| v.to_vec())).unwrap();
            Found {
                lambda: vector(&LAMBDA),
                theta: vector(&THETA),
                adjoint: vector(&ADJOINT),
                hypergradient: vector(&HYPERGRADIENT),
            }
        };
        (0..outer).map(read).collect()
    }

    /// The same through the program, from a file, and λ at its end.
    fn printed(&self, outer: usize) -> (Vec<Found>, Vec<f64>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reference.ron");
        std::fs::write(&path, self.text()).unwrap();
        let mut program = assert_cmd::Command::new(env!("CARGO_BIN_EXE_hyperlab"));
        let output =
            program.arg("run").arg(&path).args(["--outer-steps", &outer.to_string(), "--json"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let trial = &json["trials"][0];
        let read = |step: &Value| Found {
            lambda: vector(&step["lambda"]),
            theta: vector(&step["theta"]),
            adjoint: vector(&step["adjoint"]),
            hypergradient: vector(&step["hypergradient"]),
        };
        (trial["steps"].as_array().unwrap().iter().map(read).collect(), vector(&trial["lambda"]))
    }

    /// What one step over all rows finds that leaves θ where it is: by two of the shortest steps there are, and a line through both.
    fn standing(&self, ask: impl Fn(&Self) -> Found) -> Found {
        let along = |step: f64| {
            let Self { problem, data, lambda, theta, estimator, .. } = self;
            let (problem, data, estimator) = (problem.clone(), data.clone(), estimator.clone());
            let (lambda, theta, draws) = (lambda.clone(), theta.clone(), "Own".to_owned());
            ask(&Self { problem, data, lambda, theta, step, steps: 1, outer_step: 1e-3, draws, estimator })
        };
        let (mut near, far) = (along(1e-8), along(2e-8));
        let to_zero = |near: &mut Vec<f64>, far: &[f64]| {
            near.iter_mut().zip(far).for_each(|(near, far)| *near += *near - far);
        };
        to_zero(&mut near.theta, &far.theta);
        to_zero(&mut near.adjoint, &far.adjoint);
        to_zero(&mut near.hypergradient, &far.hypergradient);
        near
    }

    /// One outer step in process.
    fn once(&self) -> Found {
        self.run(1).swap_remove(0)
    }

    fn problem(&self) -> Arc<dyn Problem> {
        Arc::clone(&self.built().problem)
    }
}

fn assert_close(found: &[f64], expected: &[f64], what: &str) {
    let error = relative(found, expected);
    assert!(error <= TOLERANCE, "{what}: off by {error:.2e}\n{found:?}\n{expected:?}");
}

fn outer_gradient(problem: &Arc<dyn Problem>, lambda: &[f64], theta: &[f64]) -> Vec<f64> {
    let mut oracle = Oracle::new(Arc::clone(problem));
    oracle.move_to(lambda, theta);
    let mut outer = vec![0.0; theta.len()];
    oracle.outer_gradient(&mut outer);
    outer
}

/// `(F + diag(penalty) + damping I)⁻¹ b`.
fn solved(fisher: &Matrix, penalty: &[f64], damping: f64, b: &[f64]) -> Vec<f64> {
    let mut matrix = fisher.clone();
    penalty.iter().enumerate().for_each(|(i, strength)| matrix[(i, i)] += strength);
    matrix.add_to_diagonal(damping);
    Factorization::symmetric(&matrix).unwrap().solve(b)
}

/// The two files of a fixed λ.
struct File {
    golden: Value,
    name: &'static str,
    /// e^λ for every entry of θ.
    penalty: Vec<f64>,
}

impl File {
    fn open(name: &'static str) -> Self {
        let golden = read(name);
        let lambda = vector(&golden["lambda"]);
        let each = vector(&golden["theta0"]).len() / lambda.len();
        let penalty = lambda.iter().flat_map(|log| vec![log.exp(); each]).collect();
        Self { golden, name, penalty }
    }

    fn theta(&self, step: usize) -> Vec<f64> {
        vector(&self.golden["theta"][step])
    }

    /// So many steps over the batches of the file.
    fn after(&self, steps: usize, estimator: &str) -> Spelled {
        let golden = &self.golden;
        Spelled {
            problem: if self.name == "nhgd_logistic" { "Logistic" } else { "Softmax" }.to_owned()
                + "(penalty: PerFeature)",
            data: data(&golden["data"]),
            lambda: vector(&golden["lambda"]),
            theta: vector(&golden["theta0"]),
            step: number(&golden["step_size"]),
            steps,
            outer_step: 1e-3,
            draws: format!("Explicit(training: {}, labels: {})", golden["batches"], golden["sampled_labels"]),
            estimator: estimator.to_owned(),
        }
    }

    /// With F of all rows, at θ.
    fn at(&self, theta: Vec<f64>, knobs: &str) -> Spelled {
        Spelled { theta, ..self.after(1, &format!("Natural(beta: 0.0, damping: 0.0, {knobs})")) }
    }

    /// What a key of the file asks for, after so many steps.
    fn found(&self, key: &str, tau: usize, ask: impl Fn(&Spelled) -> Found) -> Found {
        match key {
            "full_fisher_here" => self.at(self.theta(tau), "").standing(ask),
            // Over all labels the Fisher matrix of all rows is the Hessian itself.
            "hessian_here" => self.at(self.theta(tau), "fisher: Expected").standing(ask),
            _ => ask(&self.after(tau, &spelled(key, &self.golden))),
        }
    }
}

/// How the keys of a file are spelled: the factor, how late, and with what damping.
fn spelled(key: &str, golden: &Value) -> String {
    let beta = number(&golden["beta"]);
    let (factor, rest) = match key.find("_damping_").or_else(|| key.find("_stale_")) {
        Some(at) => (&key[..at], &key[at..]),
        None => (key, ""),
    };
    let form = match factor {
        "mean" => "beta: 1.0".to_owned(),
        "ew" => format!("beta: {beta}"),
        "ew_corrected" => format!("beta: {beta}, average: Corrected"),
        "batch" => format!("beta: {beta}, scores: Batch"),
        "batch_centred" => format!("beta: {beta}, scores: Centred"),
        "sampled" => "beta: 1.0, fisher: Sampled".to_owned(),
        other => panic!("`{other}` is no factor"),
    };
    let damping = rest.strip_prefix("_damping_").unwrap_or("0.001");
    let staleness = rest.strip_prefix("_stale_").unwrap_or("0");
    format!("Natural({form}, damping: {damping}, staleness: {staleness})")
}

const FACTORS: [&str; 6] = ["mean", "ew", "ew_corrected", "batch", "batch_centred", "sampled"];
const FILES: [&str; 2] = ["nhgd_logistic", "nhgd_softmax"];

#[test]
fn estimates_are_those_of_the_reference() {
    let mut compared = 0;
    for file in FILES.map(File::open) {
        for (steps, estimates) in file.golden["estimates"].as_object().unwrap() {
            let tau: usize = steps.parse().unwrap();
            if tau == 12 {
                // As a person asks for them, below.
                continue;
            }
            for (key, expected) in estimates.as_object().unwrap() {
                let what = format!("{}, {key} after {steps}", file.name);
                let found = file.found(key, tau, Spelled::once);
                assert_close(&found.theta, &file.theta(tau), &format!("{what}, θ"));
                assert_close(&found.adjoint, &vector(&expected["v"]), &format!("{what}, v"));
                assert_close(&found.hypergradient, &vector(&expected["hypergrad"]), &what);
                compared += 1;
            }
        }
        let star = &file.golden["full_fisher_at_star"];
        let found = file.at(vector(&file.golden["theta_star"]), "").standing(Spelled::once);
        assert_close(&found.adjoint, &vector(&star["v"]), "v at θ*");
        assert_close(&found.hypergradient, &vector(&star["hypergrad"]), "at θ*");
    }
    assert_eq!(compared, 2 * (10 + 14));
}

/// After each batch, by the v that the factors of the files give.
#[test]
fn factors_are_those_of_the_reference_after_every_batch() {
    for file in FILES.map(File::open) {
        let lambda = vector(&file.golden["lambda"]);
        let batch = file.golden["batches"][0].as_array().unwrap().len();
        let [beta, start] = ["beta", "delta0"].map(|key| number(&file.golden[key]));
        let inverses = [
            ("inverse_sum", format!("Natural(form: InverseSum, start: {start})")),
            ("inverse_ew_undamped", format!("Natural(form: InverseMean, start: {start}, beta: {beta})")),
        ];
        let of_factors = FACTORS.map(|key| (key, spelled(key, &file.golden)));
        let all: Vec<(&str, String)> = of_factors.into_iter().chain(inverses).collect();
        let trials: Vec<&str> = all.iter().map(|(_, spelled)| spelled.as_str()).collect();
        // All of them watch one run.
        let case = file.after(12, &trials.join("), Trial(estimator: "));
        let scenario = check_text(&case.text(), &NoFiles, &[][..]).0.unwrap();
        let build = |trial: &TrialSpec| (trial.estimator.entry().build)(&trial.estimator.knobs);
        let estimators = scenario.trials.iter().map(build).collect();
        let descent = dynamics("gradient-descent", &[("step", Knob::Real(case.step))]);
        let problem = case.problem();
        let mut run = Run::new(&problem, descent.clone(), &lambda, &case.theta, 12, estimators);
        let per_step = PerStep { inner: 12, outer: 1, ..PerStep::default() };
        run.motion = Motion::new(descent, Draws::new(Sizes::default(), scenario.draws.clone(), per_step));
        for tau in 1..=12 {
            run.advance(1);
            let b = outer_gradient(&problem, &lambda, &file.theta(tau));
            for (index, (key, _)) in all.iter().enumerate() {
                let expected = if let Some(fisher) = file.golden["fisher"].get(*key) {
                    solved(&matrix(&fisher[tau - 1]), &file.penalty, 1e-3, &b)
                } else {
                    let mut expected = matrix(&file.golden[*key][tau - 1]).times(&b);
                    scale(if *key == "inverse_sum" { (tau * batch) as f64 } else { 1.0 }, &mut expected);
                    expected
                };
                let found = run.estimate(index).adjoint.unwrap();
                assert_close(&found, &expected, &format!("{}, {key} after {tau}", file.name));
            }
        }
        assert_eq!(all.len(), 8);
    }
}

#[test]
fn a_sketch_of_full_rank_is_the_whole() {
    for (file, rank) in FILES.map(File::open).into_iter().zip([4, 6]) {
        let expected = &file.golden["estimates"]["12"]["ew"];
        for more in [0, 1] {
            let knobs = format!("Natural(form: Sketch({}), beta: 0.8)", rank + more);
            let found = &file.after(12, &knobs).run(1)[0];
            assert_close(&found.adjoint, &vector(&expected["v"]), "v of the sketch");
            assert_close(&found.hypergradient, &vector(&expected["hypergrad"]), "the sketch");
        }
    }
}

/// `(1/n) Σ u uᵀ` over all rows, at every θ of the run.
#[test]
fn the_scores_make_the_fisher_matrix_of_the_reference() {
    for file in FILES.map(File::open) {
        let problem = file.after(1, "Natural").problem();
        let (lambda, rows) = (vector(&file.golden["lambda"]), problem.dimensions().training);
        for step in 0..=12 {
            let theta = file.theta(step);
            let mut scores = vec![f64::NAN; rows * theta.len()];
            let mut oracle = Oracle::new(Arc::clone(&problem));
            oracle.move_to(&lambda, &theta);
            oracle.scores(Labels::Own, &mut [], &mut scores);
            let scores = Matrix::from_entries(rows, theta.len(), scores).unwrap();
            let mut found = scores.transpose().product(&scores).entries().to_vec();
            scale(1.0 / rows as f64, &mut found);
            let expected = matrix(&file.golden["full_fisher_each_theta"][step]);
            assert_close(&found, expected.entries(), &format!("{} at {step}", file.name));
        }
    }
}

#[test]
fn scores_are_those_of_the_reference() {
    for file in FILES.map(File::open) {
        let problem = file.after(1, "Natural").problem();
        let lambda = vector(&file.golden["lambda"]);
        for (key, theta) in [("scores_at_theta0", file.theta(0)), ("scores_at_theta_T", file.theta(12))] {
            let expected = matrix(&file.golden[key]);
            let mut found = vec![f64::NAN; expected.entries().len()];
            let mut cache = Cache::default();
            let at = Location { lambda: &lambda, theta: &theta, rows: Rows::default() };
            problem.prepare(at, &mut cache);
            problem.likelihood().unwrap().scores(at, &mut cache, &mut found);
            assert_close(&found, expected.entries(), &format!("{}, {key}", file.name));
            if key == "scores_at_theta_T" {
                let mut sum = vec![0.0; theta.len()];
                found.chunks_exact(theta.len()).for_each(|score| axpy(1.0, score, &mut sum));
                assert_close(&sum, &vector(&file.golden["score_rows_sum_check"]), "the sum of the scores");
            }
        }
    }
}

/// A run of the file of row weights.
fn cleaning(golden: &Value, run: &Value) -> Spelled {
    let cross = run["cross"].as_str().unwrap();
    let mut lists: Vec<&Value> = Vec::new();
    for (batches, extra) in golden["batches"].as_array().unwrap().iter().zip(golden["extra_rows"].as_array().unwrap()) {
        lists.extend(batches.as_array().unwrap());
        // The list of the product with J comes behind those of the inner steps.
        lists.extend((cross == "extra").then_some(extra));
    }
    let cross = ["End", "Table", "Extra"].into_iter().find(|name| name.to_lowercase() == cross).unwrap();
    let knobs = format!(
        "beta: {}, damping: {}, staleness: {}, carry: {}, cross: {cross}",
        golden["beta"], golden["damping"], run["staleness"], run["carry"]
    );
    Spelled {
        problem: format!("HyperCleaning(ridge: {})", golden["data"]["C"]),
        data: data(&golden["data"]),
        lambda: vector(&golden["lambda0"]),
        theta: vector(&golden["theta0"]),
        step: number(&golden["step_size"]),
        steps: golden["batches"][0].as_array().unwrap().len(),
        outer_step: number(&golden["outer_step"]),
        draws: format!("Explicit(training: {})", serde_json::to_string(&lists).unwrap()),
        estimator: format!("Natural({knobs})"),
    }
}

fn assert_outer_steps(found: &[Found], run: &Value, what: &str) {
    let expected = run["outer"].as_array().unwrap();
    assert_eq!(found.len(), expected.len());
    for (step, (found, expected)) in found.iter().zip(expected).enumerate() {
        let what = format!("{what}, outer step {step}");
        assert_close(&found.lambda, &vector(&expected["lambda"]), &format!("{what}, λ"));
        assert_close(&found.theta, &vector(&expected["theta_T"]), &format!("{what}, θ"));
        assert_close(&found.adjoint, &vector(&expected["v"]), &format!("{what}, v"));
        assert_close(&found.hypergradient, &vector(&expected["hypergrad"]), &what);
    }
}

#[test]
fn hyper_cleaning_goes_through_the_reference_states() {
    let golden = read("nhgd_hypercleaning");
    let runs = golden["runs"].as_object().unwrap();
    for (name, run) in runs {
        assert_outer_steps(&cleaning(&golden, run).run(4), run, name);
    }
    assert_eq!(runs.len(), 6);
    // Over all rows at the end of the first run, with the weight to the first and to the second power.
    let last = &runs["stale_0"]["outer"][3];
    let (lambda, theta) = (vector(&last["lambda"]), vector(&last["theta_T"]));
    let base = cleaning(&golden, &runs["stale_0"]);
    let penalty = vec![number(&golden["data"]["C"]); theta.len()];
    let b = outer_gradient(&base.problem(), &lambda, &theta);
    for (key, power) in [("1", "Linear"), ("2_wrong", "Squared")] {
        let estimator = format!("Natural(beta: 0.0, damping: 0.0, row_weights: {power})");
        let (lambda, theta) = (lambda.clone(), theta.clone());
        let case = Spelled { lambda, theta, estimator, ..cleaning(&golden, &runs["stale_0"]) };
        let fisher = matrix(&golden[format!("full_fisher_end_weight_power_{key}")]);
        assert_close(
            &case.standing(Spelled::once).adjoint,
            &solved(&fisher, &penalty, 0.0, &b),
            &format!("weight {power}"),
        );
    }
}

/// The same as a person reproduces it: a file, the program, its numbers.
#[test]
fn the_program_prints_the_reference_states() {
    let golden = read("nhgd_hypercleaning");
    for (name, run) in golden["runs"].as_object().unwrap() {
        let (found, end) = cleaning(&golden, run).printed(4);
        assert_outer_steps(&found, run, name);
        assert_close(&end, &vector(&run["lambda_end"]), &format!("{name}, λ at the end"));
    }
    for file in FILES.map(File::open) {
        for (key, expected) in file.golden["estimates"]["12"].as_object().unwrap() {
            let found = file.found(key, 12, |case| case.printed(1).0.swap_remove(0));
            assert_close(&found.adjoint, &vector(&expected["v"]), &format!("{}, {key}, v", file.name));
            assert_close(&found.hypergradient, &vector(&expected["hypergrad"]), &format!("{}, {key}", file.name));
        }
    }
}
