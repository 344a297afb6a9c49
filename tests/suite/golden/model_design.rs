//! Models of a plant, from scenario files, against reference numbers.

use hyperlab::math::Matrix;
use hyperlab::math::factorization::solve_general;
use hyperlab::math::vector::dot;
use hyperlab::metric::{ADJOINT, HYPERGRADIENT, REGRET};
use hyperlab::problem::{Cache, Control, DifferenceTarget, Location, Rows, Truth};
use hyperlab::scenario::{Experiment, NoFiles, check_text, experiment};
use serde_json::Value;

use crate::common::assert_close;
use crate::common::golden::{number, read, vector};

const TOLERANCE: f64 = 1e-10;

/// The rows of the file, once to plan by and once to judge by; with their cost as target.
pub fn scenario(file: &Value, lambda: &[f64], with_pendulum: bool) -> String {
    let [states, next, second] = ["x", "x_next", "x_next_second"].map(|name| lists(&file[name]));
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
    let cost = |index: usize| cost_of(file, states[index], actions[index]);
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

/// θ* is a fixed point of Bellman's equation under the model, `mean φ(φ − γφ̂′)ᵀθ = mean φc` with φ̂′ at the model's next state and its greedy action, and the moments
/// of the noise. Its adjoint is another one than that of the regression, and ∇F is the same by way of it.
#[test]
fn the_adjoint_of_the_fixed_point_gives_the_same_hypergradient() {
    let file = read("rl_model_design");
    let found = built(&file, &vector(&file["lam"]), true);
    let truth = Truth::at(&found.problem, &found.lambda);
    let theta = &truth.theta;
    let of = |name: &str| number(&file[name]);
    let (gamma, step, damping, noise) = (of("gamma"), of("dt"), of("damp"), of("noise_sd"));
    let features = |[x, y]: [f64; 2], u: f64| [x * x, 2.0 * x * y, y * y, 2.0 * x * u, 2.0 * y * u, u * u, 1.0];
    let gain = [theta[3] / theta[5], theta[4] / theta[5]];
    let greedy = |state: [f64; 2]| features(state, -dot(&gain, &state));
    let states: Vec<[f64; 2]> = lists(&file["x"]);
    let (actions, model) = (vector(&file["u"]), vector(&file["lam"]));
    let next = |row: usize| {
        let ([x, y], u) = (states[row], actions[row]);
        [x + step * y, y + step * (model[0] * x - damping * y + model[1] * u)]
    };
    let moments = [0.0, 0.0, 1.0, 0.0, -2.0 * gain[1], gain[1] * gain[1], 0.0].map(|moment| noise * noise * moment);
    let count = states.len();
    // Gᵀ, whose right side is the slope of the outer objective.
    let mut operator = Matrix::zeros(7, 7);
    for row in 0..count {
        let (here, there) = (features(states[row], actions[row]), greedy(next(row)));
        for i in 0..7 {
            for j in 0..7 {
                operator[(i, j)] += here[j] * (here[i] - gamma * (there[i] + moments[i])) / count as f64;
            }
        }
    }
    let at = Location { lambda: &found.lambda, theta, rows: Rows::default() };
    let mut slope = vec![0.0; 7];
    found.problem.outer().gradient(at, &mut Cache::default(), &mut slope);
    let adjoint = solve_general(&operator, &slope).unwrap();
    near(&adjoint, &file["features"]["adjoint"], "adjoint");
    let values: Vec<f64> = (0..count).map(|row| dot(&adjoint, &features(states[row], actions[row]))).collect();
    near(&values, &file["features"]["adjoint_values"], "adjoint_values");
    // ∂V/∂x₂ behind the model's next state, which κ moves by the angle and b by the action.
    let by_rate = |row: usize| {
        let state = next(row);
        2.0 * (theta[1] * state[0] + theta[2] * state[1] - theta[4] * dot(&gain, &state))
    };
    let mean = |by: &dyn Fn(usize) -> f64| {
        (0..count).map(|row| gamma * step * values[row] * by_rate(row) * by(row)).sum::<f64>() / count as f64
    };
    assert_close(&[mean(&|row| states[row][0]), mean(&|row| actions[row])], &truth.hypergradient, TOLERANCE, "∇F");
    // The value of either next state, and f by the product of both differences.
    let costs = |row: usize| cost_of(&file, states[row], actions[row]);
    let differences = |name: &str| -> Vec<f64> {
        let next = lists(&file[name]);
        let of = |row: usize| {
            let value = dot(theta, &greedy(next[row]));
            dot(theta, &features(states[row], actions[row])) - costs(row) - gamma * value
        };
        (0..count).map(of).collect()
    };
    let (first, second) = (differences("x_next"), differences("x_next_second"));
    near(&first, &file["delta"], "delta");
    near(&second, &file["delta_second"], "delta_second");
    let double = 0.5 * dot(&first, &second) / count as f64;
    assert_close(&[double], &[number(&file["outer_value_double"])], TOLERANCE, "outer_value_double");
}

fn lists(value: &Value) -> Vec<[f64; 2]> {
    value.as_array().unwrap().iter().map(|pair| vector(pair).try_into().unwrap()).collect()
}

fn cost_of(file: &Value, [angle, rate]: [f64; 2], action: f64) -> f64 {
    angle * angle + number(&file["Q"][1][1]) * rate * rate + number(&file["R"]) * action * action
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
