//! Models of a plant, from scenario files, against reference numbers.

use hyperlab::metric::{ADJOINT, HYPERGRADIENT, REGRET};
use hyperlab::problem::{Control, DifferenceTarget, Location, Rows, Truth};
use hyperlab::scenario::{Experiment, NoFiles, check_text, experiment};
use serde_json::Value;

use crate::common::assert_close;
use crate::common::golden::{number, read, vector};

const TOLERANCE: f64 = 1e-10;

/// The rows of the file, once to plan by and once to judge by; with their cost as target.
pub fn scenario(file: &Value, lambda: &[f64], with_pendulum: bool) -> String {
    let pairs = |name: &str| -> Vec<Vec<f64>> { file[name].as_array().unwrap().iter().map(vector).collect() };
    let (states, next, second) = (pairs("x"), pairs("x_next"), pairs("x_next_second"));
    let [actions, angles, accelerations] =
        ["u", "distractor_angle", "distractor_acceleration"].map(|name| vector(&file[name]));
    let row = |index: usize| {
        let mut row = [&states[index][..], &[actions[index]], &next[index], &second[index]].concat();
        if with_pendulum {
            row.extend([angles[index], accelerations[index]]);
        }
        row
    };
    let (rate_cost, action_cost) = (number(&file["Q"][1][1]), number(&file["R"]));
    let cost = |index: usize| {
        let [angle, rate] = states[index][..] else { panic!("a state of two numbers") };
        angle * angle + rate_cost * rate * rate + action_cost * actions[index] * actions[index]
    };
    let count = states.len();
    let rows: Vec<Vec<f64>> = (0..2 * count).map(|index| row(index % count)).collect();
    let targets: Vec<f64> = (0..2 * count).map(|index| cost(index % count)).collect();
    let indices = |range: std::ops::Range<usize>| format!("{:?}", range.collect::<Vec<_>>());
    let plant = vector(&file["plant"]);
    format!(
        "Scenario(title: \"reference\", about: \"\",
        problem: ModelDesign(stiffness: {:?}, lever: {:?}, discount: {:?}, time_step: {:?}, damping: {:?}, rate_cost: {rate_cost:?},
            action_cost: {action_cost:?}, noise: {:?}, start: {:?}),
        data: Data(source: Rows(features: {rows:?}, targets: {targets:?}), standardize: Off,
            split: Indices(training: {}, validation: {})),
        lambda: Explicit({lambda:?}), inner: Inner(dynamics: Newton, steps: 1), outer: Outer(rule: GradientDescent(step: 0.0), steps: 1),
        trials: [
            Trial(name: \"residual\", estimator: Direct),
            Trial(name: \"one_backup\", estimator: Bellman),
            Trial(name: \"double_sample\", estimator: Bellman(form: DoubleSample)),
            Trial(name: \"frozen_target\", estimator: Bellman(form: FrozenTarget)),
            Trial(name: \"likelihood\", estimator: Bellman(form: Likelihood)),
        ])",
        plant[0],
        plant[1],
        number(&file["gamma"]),
        number(&file["dt"]),
        number(&file["damp"]),
        number(&file["noise_sd"]),
        number(&file["S0"][0][0]).sqrt(),
        indices(0..count),
        indices(count..2 * count),
    )
}

fn built(file: &Value, lambda: &[f64], with_pendulum: bool) -> Experiment {
    let (scenario, found) = check_text(&scenario(file, lambda, with_pendulum), &NoFiles, &[][..]);
    experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap()
}

fn near(found: &[f64], expected: &Value, what: &str) {
    assert_close(found, &vector(expected), TOLERANCE, what);
}

#[test]
fn values_under_the_model_and_their_differences_are_those_of_the_reference() {
    let file = read("rl_model_design");
    let found = built(&file, &vector(&file["lam"]), true);
    let truth = Truth::at(&found.problem, &found.lambda);
    near(&truth.theta, &file["features"]["theta"], "theta");
    near(&truth.hypergradient, &file["hypergradient"]["residual"], "residual");
    assert_close(&[truth.value], &[number(&file["outer_value"])], TOLERANCE, "outer_value");
    // V_θ = xᵀPx + k is the least of h over u, and K its slope.
    let theta = &truth.theta;
    let gain = [theta[3] / theta[5], theta[4] / theta[5]];
    near(&gain, &file["gain"], "gain");
    let value = [
        theta[0] - theta[3] * gain[0],
        theta[1] - theta[3] * gain[1],
        theta[1] - theta[4] * gain[0],
        theta[2] - theta[4] * gain[1],
    ];
    let expected: Vec<f64> = file["P"].as_array().unwrap().iter().flat_map(vector).collect();
    assert_close(&value, &expected, TOLERANCE, "P");
    assert_close(&[theta[6]], &[number(&file["value_constant"])], TOLERANCE, "value_constant");
    let features: Vec<Vec<f64>> = file["features"]["Phi"].as_array().unwrap().iter().map(vector).collect();
    let h: Vec<f64> = features.iter().map(|row| row.iter().zip(theta).map(|(phi, theta)| phi * theta).sum()).collect();
    near(&h, &file["h"], "h");
}

/// δ of single rows, of which f and its doubled fellow are means.
#[test]
fn single_rows_and_slopes_with_other_targets_are_those_of_the_reference() {
    let file = read("rl_model_design");
    let found = built(&file, &vector(&file["lam"]), true);
    let truth = Truth::at(&found.problem, &found.lambda);
    let control = found.problem.control().unwrap();
    let delta = vector(&file["delta"]);
    let features: Vec<Vec<f64>> = file["features"]["Phi"].as_array().unwrap().iter().map(vector).collect();
    for (row, (delta, features)) in delta.iter().zip(&features).enumerate() {
        let list = [row];
        let rows = Rows { training: None, validation: Some(&list) };
        let at = Location { lambda: &found.lambda, theta: &truth.theta, rows };
        let mut slope = vec![0.0; 7];
        control.outer_gradient(at, DifferenceTarget::Frozen, &mut slope);
        let expected: Vec<f64> = features.iter().map(|phi| phi * delta).collect();
        assert_close(&slope, &expected, TOLERANCE, "δφ");
    }
}

/// As a person reproduces them: a file, the program, its numbers, where an outer step of no length ends.
#[test]
fn the_program_prints_the_hypergradients_of_all_forms() {
    let file = read("rl_model_design");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reference.ron");
    std::fs::write(&path, scenario(&file, &vector(&file["lam"]), true)).unwrap();
    let mut program = assert_cmd::Command::new(env!("CARGO_BIN_EXE_hyperlab"));
    let output = program.arg("run").arg(&path).args(["--outer-steps", "1", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let step = |place: usize| &printed["trials"][place]["steps"][0];
    for (place, name) in ["residual", "one_backup", "double_sample", "frozen_target"].into_iter().enumerate() {
        near(&vector(&step(place)[HYPERGRADIENT.card.id]), &file["hypergradient"][name], name);
    }
    near(&vector(&step(1)[ADJOINT.card.id]), &file["features"]["one_backup_adjoint"], "one_backup_adjoint");
    assert_close(
        &[number(&step(1)["metrics"][REGRET.card.id])],
        &[number(&file["cases"]["lam"]["regret"])],
        TOLERANCE,
        "regret",
    );
    // A Newton step to the likeliest model ends there.
    let lambda = vector(&file["lam"]);
    let likeliest = vector(&file["cases"]["mle_with_distractor"]["lam"]);
    let expected: Vec<f64> = lambda.iter().zip(likeliest).map(|(here, there)| here - there).collect();
    assert_close(&vector(&step(4)[HYPERGRADIENT.card.id]), &expected, TOLERANCE, "likelihood");
}

#[test]
fn costs_on_the_plant_and_likeliest_models_are_those_of_the_reference() {
    let file = read("rl_model_design");
    let found = built(&file, &vector(&file["lam"]), true);
    let control = found.problem.control().unwrap();
    for name in ["plant", "lam", "mle", "mle_with_distractor"] {
        let case = &file["cases"][name];
        let judged = control.judge(&vector(&case["lam"]));
        near(&judged.gain, &case["gain"], name);
        let of = |key: &str| number(&case[key]);
        let expected = [of("discounted_radius"), of("cost"), of("regret")];
        assert_close(&[judged.radius, judged.cost, judged.regret], &expected, TOLERANCE, name);
    }
    near(&control.likeliest().unwrap(), &file["cases"]["mle_with_distractor"]["lam"], "with the pendulum");
    let alone = built(&file, &vector(&file["lam"]), false);
    let likeliest = alone.problem.control().and_then(Control::likeliest).unwrap();
    near(&likeliest, &file["cases"]["mle"]["lam"], "without the pendulum");
    // A lever of next to nothing holds nothing: an infinite regret is a value.
    let lost = control.judge(&[-4.0, 0.2]);
    assert!(lost.radius > 1.0 && lost.regret == f64::INFINITY, "{lost:?}");
}
