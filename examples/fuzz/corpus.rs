//! What mutations start from: the scenarios that come with the program, the cases of the tests, sessions over small
//! scenarios, and tables in the dialects that people have.

use std::path::Path;

use hyperlab::lab::{Command, History, Lab, Session};
use hyperlab::scenario::{BUILTIN, NoFiles, TEMPLATE, experiment, parse};

/// Texts by what reads them.
pub struct Corpus {
    pub scenarios: Vec<Vec<u8>>,
    pub sessions: Vec<Vec<u8>>,
    pub tables: Vec<Vec<u8>>,
    pub assignments: Vec<Vec<u8>>,
}

/// Small enough that thousands are built in a second.
const SMALL: &[&str] = &[
    r#"Scenario(title: "Quadratic", about: "Given by numbers.", seed: 7,
  problem: Quadratic(inner_dimension: 4, outer_dimension: 2), lambda: Uniform(low: -1.0, high: 1.0),
  theta: Far(deviation: 2.0, factor: 3.0), inner: Inner(dynamics: ScheduledHeavyBall(steps: 5), steps: 5, warm_start: true),
  outer: Outer(rule: Momentum(step: 0.1), filter: Window(width: 5), steps: 3, calls: 1000.0,
    blocks: {"log_steps": Block(start: Constant(-2.0), bounds: (-10.0, 5.0), scale: 1.0)}),
  pace: EqualCost, measure_every: 2, grid: (2, 2), study: Study(training: 3, validation: 2, seeds: 2,
    sweep: Sweep(path: "inner.steps", values: ["1", "10"])),
  trials: [Trial(name: "a", estimator: Neumann(terms: 5)), Trial(estimator: Cg(iterations: 4, tolerance: 1e-6)),
    Trial(estimator: FiniteDifference()), Trial(name: "of its own", estimator: Reverse, inner: Inner(dynamics: HeavyBall(), steps: 3))],
  charts: ["losses", "metric(error, calls)"])"#,
    r#"Scenario(title: "Ridge", about: "Rows written out.", problem: Ridge(penalty: Scalar),
  data: Data(source: Rows(features: [[1.0, 2.0], [3.0, 4.0], [-1.0, 0.5], [2.0, -2.0], [0.0, 1.0]], targets: [0.0, 1.0, -1.0, 2.0, 0.5]),
    split: Indices(training: [0, 1, 2], validation: [3, 4], test: []), standardize: Center, intercept: true, products: true),
  lambda: Constant(-2.0), inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 4, batch: Rows(2)),
  outer: Outer(rule: Adam(step: 0.1), steps: 2, bounds: (-30.0, 30.0)), ensemble: Folds(members: 2), refit: true,
  trials: [Trial(estimator: Soba()), Trial(estimator: Direct)], charts: ["losses"])"#,
    r#"Scenario(title: "Tasks", about: "A family.", problem: BiasedRidge(),
  data: Data(source: Sinusoids(tasks: 3, new_tasks: 4, support: 3, query: 3, noise: 0.3, amplitude: (0.1, 5.0), phase: (0.0, 3.14),
    features: 6, basis: Fourier)), inner: Inner(dynamics: Newton, steps: 1), outer: Outer(steps: 2),
  world: Fresh(rows: Resplit, start: true), population: Restarts(students: 2), trials: [Trial(estimator: Identity)], charts: ["losses"])"#,
    r#"Scenario(title: "Classes", about: "Drawn.", problem: Softmax(), data: Data(source: Classes(rows: 40, features: 3, classes: 3, separation: 1.0),
    split: Random(training: 20, validation: 10, test: 10, seed: 3), label_noise: 0.2, divide_by: 2.0),
  inner: Inner(dynamics: HeavyBall(), steps: 4), outer: Outer(steps: 2), truth: Population(every: 2),
  trials: [Trial(estimator: Truncated(window: 2))], charts: ["losses", "accuracy"])"#,
    r#"Scenario(title: "A network", about: "Not convex.", problem: Perceptron(), data: Data(source: TwoClasses(rows: 20, features: 2,
    margin: 1.0, decay: 0.0, correlation: 0.0), split: Fractions(training: 0.5, validation: 0.25, test: 0.25, seed: 3)),
  inner: Inner(dynamics: GradientDescent(), steps: 3), outer: Outer(steps: 2), trials: [Trial(estimator: Reverse)], charts: ["losses"])"#,
];

const TABLES: &[&str] = &[
    "mass,width,price\n1.0,2.0,3.5\n2.0,1.0,4.5\n3.0,0.5,1.5\n4.0,2.5,2.5\n5.0,1.5,0.5\n6.0,3.0,5.5\n",
    "sep=;\nmass;width;price\n1,0;2,0;3,5\n2,0;1,0;4,5\n3,0;0,5;1,5\n4,0;NA;2,5\n5,0;1,5;0,5\n6,0;3,0;5,5\n",
    "\"mass\"\t\"kind\"\t\"price\"\n1\t\"a, b\"\t3\n2\t\"c\"\t4\n?\t\"c\"\t1\n4\t\"a, b\"\t2\n5\t\"c\"\t0\n6\t\"d\"\t5\n",
    "1 2 3\n2 1 4\n3 5 1\n4 2 2\n5 1 0\n6 3 5\n",
    "mass|width|price\n1e3|inf|3\n-2|nan|4\n3||1\n",
];

const ASSIGNMENTS: &[&str] = &[
    "inner.steps=30",
    "outer.steps=5",
    "seed=3",
    "trials[0].estimator.terms=7",
    "trials[*].inner.steps=3",
    "lambda=Constant(-1.0)",
    "trials[1].name=\"x\"",
    "data.source.rows=50",
    "outer.rule.step=0.1",
    "problem=Ridge(penalty: Scalar)",
    "study.training=5",
];

impl Corpus {
    /// Those of this repository.
    pub fn new() -> Self {
        let mut scenarios: Vec<Vec<u8>> = SMALL.iter().map(|text| text.as_bytes().to_vec()).collect();
        let mut tables: Vec<Vec<u8>> = TABLES.iter().map(|text| text.as_bytes().to_vec()).collect();
        let sessions =
            scenarios.iter().take(2).flat_map(|text| sessions(std::str::from_utf8(text).unwrap_or_default())).collect();
        scenarios.extend(BUILTIN.iter().map(|builtin| builtin.text.as_bytes().to_vec()));
        scenarios.push(TEMPLATE.as_bytes().to_vec());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let mut cases: Vec<_> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        cases.sort();
        for path in cases {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            match path.extension().and_then(|ending| ending.to_str()) {
                Some("ron") if bytes.len() < 8192 => scenarios.push(bytes),
                Some("csv") if bytes.len() < 8192 => tables.push(bytes),
                _ => {}
            }
        }
        let assignments = ASSIGNMENTS.iter().map(|text| text.as_bytes().to_vec()).collect();
        Self { scenarios, sessions, tables, assignments }
    }
}

/// A laboratory after a few steps, with a bookmark, a pin and a branch.
fn sessions(scenario: &str) -> Option<Vec<u8>> {
    let built = experiment(&parse(scenario).ok()?, &NoFiles).ok()?;
    let mut history = History::new(Lab::new(built));
    for _ in 0..3 {
        history.apply(&Command::Tick).ok()?;
    }
    history.name_bookmark("here it turns").ok()?;
    history.pin(0).ok()?;
    history.apply(&Command::Rename(0, "another name".into())).ok()?;
    history.apply(&Command::Set { path: "inner.steps".into(), value: "4".into() }).ok()?;
    history.seek(2);
    history.apply(&Command::MeasureEvery(1)).ok()?;
    history.apply(&Command::Tick).ok()?;
    Session::of(&history).to_ron().ok().map(String::into_bytes)
}
