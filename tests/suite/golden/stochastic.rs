//! Stochastic methods over lists of rows that are written out, from scenario files, against reference states.

use std::fmt::Write;

use hyperlab::draw::Batch;
use hyperlab::lab::{Command, Lab};
use hyperlab::math::vector::dot;
use hyperlab::metric::{ADJOINT, LAMBDA, THETA};
use hyperlab::scenario::{NoFiles, Scenario, check_text, experiment};
use hyperlab::trial::{Record, Records};
use serde_json::Value;

use super::perceptron;
use crate::common::estimation::relative;
use crate::common::golden::{number, read, vector};

const TOLERANCE: f64 = 1e-10;

/// Numbers as RON reads them back, bit for bit.
pub fn list(values: &[f64]) -> String {
    format!("{values:?}")
}

fn rows(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

/// The rows of a file, training before validation, as a data set with its split.
pub fn data(data: &Value) -> String {
    let features: Vec<Vec<f64>> = rows(&data["X"]).iter().chain(rows(&data["X_val"])).map(vector).collect();
    let targets = [vector(&data["y"]), vector(&data["y_val"])].concat();
    let (training, all) = (rows(&data["X"]).len(), features.len());
    let range = |rows: std::ops::Range<usize>| format!("{:?}", rows.collect::<Vec<_>>());
    format!(
        "Data(source: Rows(features: {features:?}, targets: {targets:?}), split: Indices(training: {}, validation: {}), standardize: Off)",
        range(0..training),
        range(training..all)
    )
}

/// `a / (1 + t/b)^c` as knobs spell it, with the first step as `spelled` says.
fn step(steps: &Value, spelled: impl Fn(f64) -> String) -> String {
    let [a, b, c] = ["a", "b", "c"].map(|name| number(&steps[name]));
    format!("step: {}, fall_after: {b:?}, fall_power: {c:?}", spelled(a))
}

fn automatic(a: f64) -> String {
    format!("Fixed({a:?})")
}

/// One method of a file.
pub struct Method<'a> {
    pub problem: String,
    pub data: String,
    pub start: (Vec<f64>, Vec<f64>),
    pub steps: &'a Value,
    pub inner_steps: u64,
    pub warm_start: bool,
    pub estimator: String,
    pub draws: String,
}

impl Method<'_> {
    /// As a scenario file, with other fields of the scenario behind and fields of the outer loop.
    pub fn text(&self, fields: &str, outer: &str) -> String {
        let mut text = String::new();
        let Self { problem, data, start: (lambda, theta), steps, inner_steps, warm_start, estimator, draws } = self;
        writeln!(text, "Scenario(title: \"reference\", about: \"\", problem: {problem}, data: {data},").unwrap();
        writeln!(text, "lambda: Explicit({}), theta: Explicit({}),", list(lambda), list(theta)).unwrap();
        let descent = step(&steps["theta"], automatic);
        let inner = format!("dynamics: GradientDescent({descent}), steps: {inner_steps}, warm_start: {warm_start}");
        writeln!(text, "inner: Inner({inner}), truth: None, draws: {draws}, {fields}").unwrap();
        let rule = step(&steps["lambda"], |a| format!("{a:?}"));
        let trials = format!("trials: [Trial(estimator: {estimator})]");
        writeln!(text, "outer: Outer(rule: GradientDescent({rule}){outer}), {trials})").unwrap();
        text
    }

    fn lab(&self) -> Lab {
        let text = self.text("", "");
        let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
        assert!(scenario.is_some(), "{found:?}");
        lab(&scenario.unwrap())
    }
}

fn lab(scenario: &Scenario) -> Lab {
    Lab::new(experiment(scenario, &NoFiles).unwrap())
}

/// Ticks of the lab until so many outer steps are recorded.
fn records(mut lab: Lab, outer: usize) -> Records {
    let recorded = |lab: &Lab| lab.trials().next().unwrap().outer_records().clone();
    while recorded(&lab).len() < outer {
        let before = lab.trials().next().unwrap().status();
        assert!(!before.is_halted(), "{before}");
        lab.apply(&Command::Tick).unwrap();
    }
    recorded(&lab)
}

/// What is known of an outer step: θ and v at the end of the tick that made them, λ before it is moved.
struct State {
    lambda: Vec<f64>,
    theta: Vec<f64>,
    adjoint: Option<Vec<f64>>,
}

impl State {
    fn recorded(record: &Record<'_>) -> Self {
        let vector = |metric| record.reading(metric).and_then(|reading| reading.vector().map(|v| v.to_vec()));
        Self {
            lambda: vector(&LAMBDA).unwrap(),
            theta: vector(&THETA).unwrap(),
            adjoint: vector(&ADJOINT).filter(|adjoint| !adjoint.is_empty()),
        }
    }

    /// As `run --json` writes it.
    fn printed(step: &Value) -> Self {
        let adjoint = step["adjoint"].as_array().map(|_| vector(&step["adjoint"]));
        Self { lambda: vector(&step["lambda"]), theta: vector(&step["theta"]), adjoint }
    }
}

fn assert_close(found: &[f64], expected: &Value, what: &str) {
    let error = relative(found, &vector(expected));
    assert!(error <= TOLERANCE, "{what}: off by {error:.2e}\n{found:?}");
}

/// What the second inner variable stands for is along its distance from the other: v = κ(θ − y), or κ/2 (y₋ − y₊).
fn assert_implied(found: &State, (y, minus): (&Value, Option<&Value>), what: &str) {
    let adjoint = found.adjoint.as_ref().unwrap();
    let low = minus.map_or(found.theta.clone(), vector);
    let apart: Vec<f64> = low.iter().zip(&vector(y)).map(|(low, y)| low - y).collect();
    let scale = dot(adjoint, &apart) / dot(&apart, &apart);
    let expected: Vec<f64> = apart.iter().map(|apart| scale * apart).collect();
    // The difference of two states that agree to 1e-10 of themselves, and the scale is κ or half of it.
    assert!(scale > 1.99 && relative(adjoint, &expected) <= 1e-7, "{what}: {scale}, {adjoint:?} {expected:?}");
}

/// The last tick that a file tells of.
fn last_of(states: &Value, marks: &str) -> usize {
    rows(states).iter().map(|state| tick_of(state, marks)).max().unwrap()
}

fn tick_of(state: &Value, marks: &str) -> usize {
    usize::try_from(state[marks].as_u64().unwrap()).unwrap()
}

/// Every state of a file against what was found at each outer step, and λ after the last of them where that is known.
fn assert_all(found: &[State], end: Option<&[f64]>, (states, marks): (&Value, &str), what: &str) {
    for state in rows(states) {
        let tick = tick_of(state, marks);
        let what = format!("{what}, tick {tick}");
        if let Some(lambda) = found.get(tick).map(|found| &*found.lambda).or(end) {
            assert_close(lambda, &state["lambda"], &format!("{what}, λ"));
        }
        let Some(before) = tick.checked_sub(1) else { continue };
        let found = &found[before];
        assert_close(&found.theta, &state["theta"], &format!("{what}, θ"));
        if let Some(adjoint) = state.get("v") {
            assert_close(found.adjoint.as_ref().unwrap(), adjoint, &format!("{what}, v"));
        }
        if let Some(y) = state.get("y") {
            assert_implied(found, (y, state.get("y_minus")), &format!("{what}, y"));
        }
    }
}

/// In process.
fn assert_states(lab: Lab, states: &Value, marks: &str, what: &str) {
    let records = records(lab, last_of(states, marks));
    let found: Vec<State> = (0..records.len()).map(|step| State::recorded(&records.at(step).unwrap())).collect();
    assert_all(&found, None, (states, marks), what);
}

/// Through the program: the scenario as a file, the states as `run` prints them.
fn assert_printed(text: &str, states: &Value, marks: &str, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reference.ron");
    std::fs::write(&path, text).unwrap();
    let steps = last_of(states, marks).to_string();
    let run = |format: &str| {
        let mut program = assert_cmd::Command::new(env!("CARGO_BIN_EXE_hyperlab"));
        let output = program.arg("run").arg(&path).args(["--outer-steps", &steps, format]).output().unwrap();
        assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let json: Value = serde_json::from_str(&run("--json")).unwrap();
    let trial = &json["trials"][0];
    let found: Vec<State> = rows(&trial["steps"]).iter().map(State::printed).collect();
    assert_all(&found, Some(&vector(&trial["lambda"])), (states, marks), what);
    // The columns of the other format hold the same digits.
    let csv = run("--csv");
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    for (line, found) in lines.zip(&found) {
        for (index, theta) in found.theta.iter().enumerate() {
            let column = names.iter().position(|name| *name == format!("theta_{index}")).unwrap();
            // Texts have commas of their own before the numbers, and none behind: columns are counted from the end.
            let number: f64 = line[line.len() - (names.len() - column)].parse().unwrap();
            assert_eq!(number.to_bits(), theta.to_bits(), "{what}");
        }
    }
}

/// `a / (1 + t/b)^c` as knobs of another name spell it; `turned` where they raise and do not lower.
fn scheduled(value: &Value, names: [&str; 3], turned: f64) -> String {
    let [a, b, c] = ["a", "b", "c"].map(|name| number(&value[name]));
    format!("{}: {a:?}, {}: {b:?}, {}: {:?}", names[0], names[1], names[2], turned * c)
}

/// How a method of the files is spelled here.
fn estimator(name: &str, method: &Value) -> String {
    let (steps, constants) = (&method["steps"], &method["constants"]);
    let count = |key: &str| constants[key].as_u64().unwrap();
    match name {
        "soba" => format!("Soba({})", step(&steps["v"], automatic)),
        "saba" | "saba_zero_table" => {
            let table = if constants["table"] == "zero" { "Zero" } else { "Full" };
            format!("Saba(table: {table}, {})", step(&steps["v"], automatic))
        }
        "amigo" => format!("Amigo(iterations: {}, {})", count("linear_steps"), step(&steps["v"], automatic)),
        "stocbio" => format!("Stocbio(iterations: {}, {})", count("linear_steps"), step(&steps["v"], automatic)),
        "ttsa" => format!("Ttsa(terms: {}, {})", count("linear_steps"), step(&steps["v"], automatic)),
        "mrbo" => {
            let share = |key: &str, level: &str| {
                let names = ["", "_after", "_power"].map(|end| format!("{level}_share{end}"));
                scheduled(&steps[key], [&names[0], &names[1], &names[2]], 1.0)
            };
            let (inner, outer) = (share("momentum_theta", "inner"), share("momentum_lambda", "outer"));
            let step = step(&steps["v"], automatic);
            format!("Mrbo(iterations: {}, {step}, {inner}, {outer})", count("linear_steps"))
        }
        "f2sa" | "f2sa_two_sided" => {
            let sides = if count("sides") == 2 { "Two" } else { "One" };
            let multiplier = scheduled(&constants["multiplier"], ["multiplier", "rise_after", "rise_power"], 1.0);
            format!("F2sa(sides: {sides}, {multiplier}, {})", step(&steps["y"], automatic))
        }
        _ => "Reverse".to_owned(),
    }
}

fn problem(name: &str, data: &Value) -> String {
    match name {
        "stochastic_ridge" => "Ridge(penalty: PerFeature)".to_owned(),
        "stochastic_logistic" => "Logistic(penalty: PerFeature)".to_owned(),
        _ => format!("HyperCleaning(ridge: {:?})", number(&data["C"])),
    }
}

/// Every stochastic method of the files, over their lists and over all rows, with its states.
fn all_methods(each: impl Fn(&Method<'_>, &Value, &str)) {
    let mut compared = 0;
    for name in ["stochastic_ridge", "stochastic_logistic", "stochastic_hypercleaning"] {
        let golden = read(name);
        for (id, method) in golden["methods"].as_object().unwrap() {
            let estimator = estimator(id, method);
            let stream = |key: &str| golden["streams"][method[key].as_str().unwrap()].to_string();
            let [training, validation] = ["training_stream", "validation_stream"].map(stream);
            let lengths = method["constants"].get("draws");
            let written = lengths.map(|lengths| format!(", lengths: {lengths}")).unwrap_or_default();
            let lists = format!("Explicit(training: {training}, validation: {validation}{written})");
            let full = lengths.map_or("Own".to_owned(), |lengths| format!("Explicit(lengths: {lengths})"));
            for (draws, states) in [(lists, "mini_batch"), (full, "full_batch")] {
                let spelled = Method {
                    problem: problem(name, &golden["data"]),
                    data: data(&golden["data"]),
                    start: (vector(&golden["lambda0"]), vector(&golden["theta0"])),
                    steps: &method["steps"],
                    inner_steps: method["constants"]["inner_steps"].as_u64().unwrap_or(1),
                    warm_start: method["constants"].get("restart").is_none(),
                    estimator: estimator.clone(),
                    draws,
                };
                each(&spelled, &method[states], &format!("{name}, {id}, {states}"));
                compared += 1;
            }
        }
    }
    // Of the twelve methods the third file leaves five out.
    assert_eq!(compared, (12 + 12 + 7) * 2);
}

#[test]
fn single_and_double_loops_go_through_the_reference_states() {
    all_methods(|method, states, what| assert_states(method.lab(), states, "tick", what));
}

/// The same trajectories as a person reproduces them: a file, the program, its numbers.
#[test]
fn the_program_prints_the_reference_states() {
    all_methods(|method, states, what| assert_printed(&method.text("", ""), states, "tick", what));
    perceptrons(|method, states, what| assert_printed(&method.text("", ""), states, "tick", what));
}

/// The algorithms of the stability twins: regime, name, method, and where each ends.
pub fn twins(golden: &Value) -> Vec<(&str, &str, Method<'_>, &Value)> {
    let mut methods = Vec::new();
    for name in ["SC-SC", "C-C", "NC-NC"] {
        let case = &golden["cases"][name];
        let problem = match name {
            "SC-SC" => {
                let [rho, decay] = ["rho", "outer_decay"].map(|key| number(&case[key]));
                format!("BiasedRidge(rho: {rho:?}, outer_penalty: {decay:?})")
            }
            "NC-NC" => perceptron::spelled("weights", case),
            _ => format!("HyperCleaning(ridge: {:?})", number(&case["C"])),
        };
        for (id, algorithm) in case["algorithms"].as_object().unwrap() {
            let inner_steps = algorithm["constants"]["inner_steps"].as_u64().unwrap();
            // An outer step takes the first of its three training lists, or all of them.
            let training: Vec<&Value> =
                rows(&case["streams"]["training"]).iter().step_by(if inner_steps == 1 { 3 } else { 1 }).collect();
            let training = serde_json::to_string(&training).unwrap();
            let method = Method {
                problem: problem.clone(),
                data: data(&case["data"]),
                start: (vector(&case["lambda0"]), vector(&case["theta0"])),
                steps: &case["steps"],
                inner_steps,
                warm_start: algorithm["constants"].get("restart").is_none(),
                estimator: "Reverse".to_owned(),
                draws: format!("Explicit(training: {training}, validation: {})", case["streams"]["validation"]),
            };
            methods.push((name, id.as_str(), method, algorithm));
        }
    }
    methods
}

#[test]
fn base_runs_of_the_stability_twins() {
    let golden = read("stability_twins");
    for (name, id, method, algorithm) in twins(&golden) {
        assert_states(method.lab(), &algorithm["base"], "K", &format!("{name}, {id}"));
    }
}

/// SOBA and truncated runs of the perceptron.
fn perceptrons(each: impl Fn(&Method<'_>, &Value, &str)) {
    let golden = read("mlp");
    for (name, case) in golden["problems"].as_object().unwrap() {
        for (id, run) in case["runs"].as_object().unwrap() {
            let streams = &case["streams"];
            let method = Method {
                problem: perceptron::spelled(name, &golden["data"]),
                data: data(&golden["data"]),
                start: (vector(&case["lambda"]), vector(&golden["theta"])),
                steps: &run["steps"],
                inner_steps: run["constants"]["inner_steps"].as_u64().unwrap_or(1),
                warm_start: true,
                estimator: estimator(id, run),
                draws: format!("Explicit(training: {}, validation: {})", streams["training"], streams["validation"]),
            };
            each(&method, &run["states"], &format!("{name}, {id}"));
        }
    }
}

#[test]
fn runs_of_the_perceptron() {
    perceptrons(|method, states, what| assert_states(method.lab(), states, "tick", what));
}

/// A batch counts as its share of the rows.
#[test]
fn a_tick_costs_its_share_of_the_rows() {
    assert_eq!(Batch::Rows(5).size(), Some(5));
    let golden = read("stochastic_ridge");
    let streams = &golden["streams"];
    let method = Method {
        problem: "Ridge(penalty: PerFeature)".to_owned(),
        data: data(&golden["data"]),
        start: (vector(&golden["lambda0"]), vector(&golden["theta0"])),
        steps: &golden["methods"]["soba"]["steps"],
        inner_steps: 1,
        warm_start: true,
        estimator: "Soba(step: Fixed(0.1))".to_owned(),
        draws: format!("Explicit(training: {}, validation: {})", streams["training"], streams["validation"]),
    };
    let records = records(method.lab(), 10);
    let calls = records.at(9).unwrap().number(&hyperlab::metric::CALLS).unwrap();
    // A gradient, a product with H and one with J over 5 of 40 rows, an outer gradient over 4 of 30.
    let expected = 10.0 * (3.0 * 5.0 / 40.0 + 4.0 / 30.0);
    assert!((calls - expected).abs() < 1e-12, "{calls} against {expected}");
}
