//! Schedules in windows, their derivatives forwards and backwards, short horizons and clamps, from scenario files and in the
//! program, against reference states.

use hyperlab::catalog::{Knobs, Value as Knob, find};
use hyperlab::draw::{Batch, Clock, Drawing, Draws, PerStep, Products, Sizes};
use hyperlab::inner::Motion;
use hyperlab::math::vector::dot;
use hyperlab::metric::{HYPERGRADIENT, THETA};
use hyperlab::outer;
use hyperlab::probe::sharing::Law;
use hyperlab::problem::{Block, Blocks, Oracle, Problem};
use hyperlab::scenario::{NoFiles, check_text, experiment};
use hyperlab::trial::{Loops, Setting, Stage};
use serde_json::Value;
use std::sync::Arc;

use super::stochastic::{data, list};
use crate::common::estimation::{bits, dynamics, relative};
use crate::common::golden::{number, read, vector};

const TOLERANCE: f64 = 1e-10;

/// A schedule, its values in the order of λ, and how it is spelled.
struct Schedule {
    windows: [usize; 3],
    values: [Vec<f64>; 3],
    is_logarithmic: bool,
    clamp: f64,
}

const KINDS: [&str; 3] = ["learning_rate", "momentum", "weight_decay"];

impl Schedule {
    fn of(case: &Value) -> Self {
        let values = KINDS.map(|kind| vector(&case[kind]));
        Self { windows: values.each_ref().map(Vec::len), values, is_logarithmic: false, clamp: 0.0 }
    }

    /// A window for every step, with the values that it has there.
    fn of_steps(case: &Value) -> Self {
        let values = KINDS.map(|kind| {
            let windows = vector(&case["window_of_step"][kind]);
            windows.iter().map(|window| vector(&case[kind])[*window as usize]).collect::<Vec<_>>()
        });
        Self { windows: values.each_ref().map(Vec::len), values, is_logarithmic: false, clamp: 0.0 }
    }

    fn rates(&self) -> Vec<f64> {
        if self.is_logarithmic { self.values[0].iter().map(|rate| rate.ln()).collect() } else { self.values[0].clone() }
    }

    fn text(&self, golden: &Value, estimator: &str) -> String {
        let [rates, momenta, decays] = self.windows;
        let (learned, block) =
            if self.is_logarithmic { ("Logarithm", "log_learning_rates") } else { ("Rate", "learning_rates") };
        let start = |name: &str, values: &[f64]| format!("\"{name}\": Block(start: Explicit({}))", list(values));
        format!(
            "Scenario(title: \"reference\", about: \"\", problem: Softmax(penalty: Scalar, penalty_weight: 1e-6), data: {},
            lambda: Constant(-30), theta: Explicit({}), truth: None,
            inner: Inner(dynamics: Schedule(rates: {rates}, momenta: {momenta}, decays: {decays}, learned: {learned},
                step: Fixed(0.1), clamp: {:?}), steps: {}),
            outer: Outer(blocks: {{\"log_penalties\": Block(scale: 0), {}, {}, {}}}),
            draws: Explicit(training: {}), trials: [Trial(estimator: {estimator})])",
            data(&golden["data"]),
            list(&vector(&golden["theta0"])),
            self.clamp,
            golden["T"],
            start(block, &self.rates()),
            start("momentum", &self.values[1]),
            start("weight_decay", &self.values[2]),
            golden["batches"],
        )
    }
}

fn loops(text: &str) -> Loops {
    let (scenario, found) = check_text(text, &NoFiles, &[][..]);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:?}"));
    let stage = Arc::new(Stage::of(&Arc::new(experiment(&scenario, &NoFiles).unwrap())));
    Loops::new(0, Setting::of(&scenario.trials[0], &scenario), &stage)
}

/// At the end of the inner run.
fn ended(text: &str) -> Loops {
    let mut loops = loops(text);
    loops.finish_inner();
    loops
}

/// ĥ of the schedule: behind that of the penalty, which has the weight `1e-6 e^-30` and cannot be seen.
fn of_schedule(loops: &Loops) -> Vec<f64> {
    let found = loops.estimate().hypergradient;
    assert!(found[0].abs() < 1e-15);
    found[1..].to_vec()
}

fn joined(lists: &Value) -> Vec<f64> {
    lists.as_array().unwrap().iter().flat_map(vector).collect()
}

fn assert_near(found: &[f64], expected: &[f64], what: &str) {
    let error = relative(found, expected);
    assert!(error <= TOLERANCE, "{what}: off by {error:.2e}\n{found:?}\n{expected:?}");
}

fn cases(golden: &Value) -> impl Iterator<Item = (&String, &Value)> {
    golden["cases"].as_object().unwrap().iter()
}

const BACKWARDS: [&str; 4] =
    ["Reverse", "Reverse(memory: Checkpointed)", "Reverse(memory: Kibibytes(1))", "Reverse(memory: Kibibytes(4))"];

#[test]
fn forward_and_reverse_give_the_derivatives_by_shared_values() {
    let golden = read("fds_softmax");
    for (name, case) in cases(&golden) {
        let schedule = Schedule::of(case);
        let expected = joined(&case["hypergrad_sum"]);
        let forward = ended(&schedule.text(&golden, "Forward"));
        let end = vector(&case["states"]["40"]["theta"]);
        assert_near(forward.thetas().next().unwrap(), &end, &format!("{name}, θ"));
        let found = of_schedule(&forward);
        assert_near(&found, &expected, name);
        // A product over 5 of 36 rows for every live column and step, and none for the penalty but its own.
        let products = case["hvps_forward_live_columns"].as_u64().unwrap() + 40;
        let spent = forward.cost().hvps * 36.0 / 5.0;
        assert!((spent - products as f64).abs() < 1e-9, "{name}: {spent} products, {products}");
        let average = of_schedule(&ended(&schedule.text(&golden, "Forward(shared: Average)")));
        assert_near(&average, &joined(&case["hypergrad_average"]), &format!("{name}, average"));
        let mut reverse: Vec<Vec<f64>> = Vec::new();
        for estimator in BACKWARDS {
            reverse.push(of_schedule(&ended(&schedule.text(&golden, estimator))));
            assert_near(&reverse[0], &expected, &format!("{name}, {estimator}"));
            assert_eq!(bits(&reverse[0]), bits(reverse.last().unwrap()), "{name}, {estimator}");
        }
        assert!(relative(&found, &reverse[0]) <= 1e-12, "{name}, forward and reverse");
        let differences = joined(&case["fd_hypergrad_sum"]);
        assert!(relative(&found, &differences) <= 1e-8, "{name}, Richardson differences");
        let logarithmic = Schedule { is_logarithmic: true, ..Schedule::of(case) };
        let found = of_schedule(&ended(&logarithmic.text(&golden, "Forward")));
        let rates = schedule.windows[0];
        let expected = vector(&case["hypergrad_log_learning_rate_sum"]);
        assert_near(&found[..rates], &expected, &format!("{name}, log α"));
    }
}

#[test]
fn reverse_gives_the_derivative_by_the_value_of_every_step() {
    let golden = read("fds_softmax");
    for (name, case) in cases(&golden) {
        let schedule = Schedule::of_steps(case);
        let expected: Vec<f64> = KINDS.iter().flat_map(|kind| vector(&case["per_step_hypergrad"][kind])).collect();
        let mut bits_of = Vec::new();
        for estimator in BACKWARDS {
            let found = of_schedule(&ended(&schedule.text(&golden, estimator)));
            assert_near(&found, &expected, &format!("{name}, {estimator}"));
            bits_of.push(bits(&found));
        }
        assert!(bits_of.iter().all(|other| *other == bits_of[0]), "{name}");
        // Their sums over a window are the derivatives by what its steps share.
        let windows = KINDS.map(|kind| vector(&case["window_of_step"][kind]));
        let found = of_schedule(&ended(&schedule.text(&golden, "Reverse")));
        let sums = windows.iter().zip(found.chunks_exact(40)).flat_map(|(windows, steps)| {
            let count = windows.last().unwrap() + 1.0;
            (0..count as usize).map(move |window| {
                let of_window = windows.iter().zip(steps).filter(|(of, _)| **of as usize == window);
                of_window.map(|(_, value)| value).sum::<f64>()
            })
        });
        let sums: Vec<f64> = sums.collect();
        assert_near(&sums, &joined(&case["hypergrad_sum"]), &format!("{name}, sums"));
        let forward = of_schedule(&ended(&Schedule::of(case).text(&golden, "Forward")));
        assert!(relative(&forward, &sums) <= 1e-12, "{name}, forward and sums of reverse");
    }
}

/// The derivatives of one step after another, as the dynamics give them, against Z and C of the file; and forward mode
/// in the middle of a run against `Zᵀ∇f` of the file's Z.
#[test]
fn tangents_go_through_the_reference_states() {
    let golden = read("fds_softmax");
    for (name, case) in cases(&golden) {
        let schedule = Schedule::of(case);
        let mut loops = loops(&schedule.text(&golden, "Forward"));
        let lambda = loops.lambda().to_vec();
        let mut tangents = Tangents::new(&loops, &schedule, &golden);
        for step in 1..=40 {
            tangents.advance(&lambda);
            loops.step_inner();
            let Some(state) = case["states"].get(step.to_string()) else { continue };
            let what = format!("{name} after {step}");
            let (theta, velocity) = tangents.state.split_at(12);
            assert_near(theta, &vector(&state["theta"]), &format!("{what}, θ"));
            assert_near(velocity, &vector(&state["velocity"]), &format!("{what}, v"));
            let all = |letter: &str| -> Vec<Vec<f64>> {
                let rows = KINDS.iter().flat_map(|kind| state[format!("{letter}_{kind}")].as_array().unwrap());
                rows.map(vector).collect()
            };
            let mut oracle = loops.place();
            let mut outer = vec![0.0; 12];
            oracle.move_to(&lambda, &vector(&state["theta"]));
            oracle.outer_gradient(&mut outer);
            let mut expected = Vec::new();
            for (column, (z, c)) in tangents.columns.iter().zip(all("Z").iter().zip(&all("C"))) {
                assert_near(&column[..12], z, &format!("{what}, Z"));
                assert_near(&column[12..], c, &format!("{what}, C"));
                expected.push(dot(z, &outer));
            }
            assert_near(&of_schedule(&loops), &expected, &format!("{what}, ĥ"));
        }
    }
}

/// Columns of Z and C, all of them at every step.
struct Tangents {
    oracle: Oracle,
    motion: Motion,
    clock: Clock,
    state: Vec<f64>,
    columns: Vec<Vec<f64>>,
}

impl Tangents {
    fn new(loops: &Loops, schedule: &Schedule, golden: &Value) -> Self {
        let knobs = ["rates", "momenta", "decays"].into_iter().zip(schedule.windows);
        let mut knobs: Vec<(&str, Knob)> =
            knobs.map(|(key, count)| (key, Knob::Integer(i64::try_from(count).unwrap()))).collect();
        knobs.extend([("learned", Knob::Choice("Rate")), ("step", Knob::Real(0.1))]);
        let training = golden["batches"].as_array().unwrap().iter();
        let training: Vec<Vec<usize>> =
            training.map(|list| vector(list).iter().map(|row| *row as usize).collect()).collect();
        let drawing = Drawing::Explicit {
            students: Default::default(),
            training: training.into(),
            validation: Vec::new().into(),
            lengths: Vec::new().into(),
            labels: Vec::new().into(),
        };
        let sizes = Sizes { inner: Batch::Full, products: Products::AsInner, outer: Batch::Full };
        let problem: &Arc<dyn Problem> = &loops.stage().problem;
        let draws = Draws::new(sizes, drawing, PerStep { inner: 40, outer: 1, ..PerStep::default() });
        let mut motion = Motion::new(dynamics("schedule", &knobs), draws);
        let (mut oracle, clock) = (Oracle::new(Arc::clone(problem)), Clock::default());
        motion.begin(&mut oracle, clock, loops.lambda(), 40);
        let state = [vector(&golden["theta0"]), vec![0.0; 12]].concat();
        let columns = vec![vec![0.0; 24]; loops.lambda().len() - 1];
        Self { oracle, motion, clock, state, columns }
    }

    fn advance(&mut self, lambda: &[f64]) {
        let Self { oracle, motion, clock, state, columns } = self;
        for (index, column) in columns.iter_mut().enumerate() {
            let (mut direction, mut next) = (vec![0.0; lambda.len()], vec![0.0; 24]);
            direction[1 + index] = 1.0;
            motion.jvp(oracle, *clock, lambda, state, column, &direction, &mut next);
            *column = next;
        }
        let mut next = state.clone();
        motion.step(oracle, *clock, lambda, state, &mut next);
        *state = next;
        clock.inner += 1;
    }
}

#[test]
fn clamps_change_the_run_and_its_tangents_as_the_reference_says() {
    let golden = read("fds_softmax");
    let clamped = &golden["clamped"];
    let case = &golden["cases"][clamped["case"].as_str().unwrap()];
    let schedule = Schedule { clamp: number(&clamped["clamp_gradient"]), ..Schedule::of(case) };
    let estimator = format!("Forward(clamp: {:?})", number(&clamped["clamp_hessian_product"]));
    let loops = ended(&schedule.text(&golden, &estimator));
    assert_near(loops.thetas().next().unwrap(), &vector(&clamped["states"]["40"]["theta"]), "θ");
    assert_near(&of_schedule(&loops), &joined(&clamped["hypergrad_sum"]), "ĥ");
    // At infinity they are none, bit for bit.
    let free = ended(&Schedule::of(case).text(&golden, "Forward"));
    let far = Schedule { clamp: 1e300, ..Schedule::of(case) };
    let far = ended(&far.text(&golden, "Forward(clamp: 1e300)"));
    assert_eq!(bits(&of_schedule(&free)), bits(&of_schedule(&far)));
    assert_eq!(bits(free.thetas().next().unwrap()), bits(far.thetas().next().unwrap()));
}

#[test]
fn short_horizons_are_the_derivatives_of_their_segments() {
    let golden = read("fds_softmax");
    let greedy = &golden["greedy"];
    let values = KINDS.map(|kind| vec![number(&greedy[kind])]);
    let schedule = Schedule { windows: [1; 3], values, is_logarithmic: false, clamp: 0.0 };
    for (horizon, segments) in greedy["segments"].as_object().unwrap() {
        let mut loops = loops(&schedule.text(&golden, &format!("Forward(horizon: Steps({horizon}))")));
        let mut before = vec![0.0; 3];
        let mut sum = vec![0.0; 3];
        for segment in segments.as_array().unwrap() {
            (0..horizon.parse().unwrap()).for_each(|_| loops.step_inner());
            let found = of_schedule(&loops);
            let expected = vector(&segment["hypergrad_sum"]);
            let change: Vec<f64> = found.iter().zip(&before).map(|(now, before)| now - before).collect();
            // A difference of sums of up to forty such.
            let error = relative(&change, &expected);
            assert!(error <= 1e-9, "horizon {horizon} from {}: {error:.1e}", segment["start"]);
            sum.iter_mut().zip(&expected).for_each(|(sum, expected)| *sum += expected);
            assert_near(&found, &sum, &format!("horizon {horizon} from {}", segment["start"]));
            before = found;
        }
    }
    // A horizon as long as the run is the whole of it, bit for bit, and so is an estimate in its middle.
    let case = &golden["cases"]["windows_3_1_3"];
    let text = |estimator: &str| Schedule::of(case).text(&golden, estimator);
    let (mut whole, mut steps) = (loops(&text("Forward")), loops(&text("Forward(horizon: Steps(40))")));
    for _ in 0..40 {
        whole.step_inner();
        steps.step_inner();
        assert_eq!(bits(&of_schedule(&whole)), bits(&of_schedule(&steps)));
    }
}

/// The same as a person reproduces it: a file, the program, its numbers.
#[test]
fn the_program_prints_the_reference_states() {
    let golden = read("fds_softmax");
    let printed = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reference.ron");
        std::fs::write(&path, text).unwrap();
        let mut program = assert_cmd::Command::new(env!("CARGO_BIN_EXE_hyperlab"));
        let output = program.arg("run").arg(&path).args(["--outer-steps", "1", "--json"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        json["trials"][0]["steps"][0].clone()
    };
    let assert_prints = |text: &str, theta: &Value, expected: &[f64], what: &str| {
        let step = printed(text);
        assert_near(&vector(&step[THETA.card.id]), &vector(theta), &format!("{what}, θ"));
        assert_near(&vector(&step[HYPERGRADIENT.card.id])[1..], expected, &format!("{what}, ĥ"));
    };
    for (name, case) in cases(&golden) {
        let theta = &case["states"]["40"]["theta"];
        let sum = joined(&case["hypergrad_sum"]);
        for estimator in ["Forward", "Reverse", "Reverse(memory: Checkpointed)", "Reverse(memory: Kibibytes(1))"] {
            assert_prints(&Schedule::of(case).text(&golden, estimator), theta, &sum, &format!("{name}, {estimator}"));
        }
        let average = joined(&case["hypergrad_average"]);
        let text = Schedule::of(case).text(&golden, "Forward(shared: Average)");
        assert_prints(&text, theta, &average, &format!("{name}, average"));
        let steps: Vec<f64> = KINDS.iter().flat_map(|kind| vector(&case["per_step_hypergrad"][kind])).collect();
        assert_prints(&Schedule::of_steps(case).text(&golden, "Reverse"), theta, &steps, &format!("{name}, steps"));
    }
    let clamped = &golden["clamped"];
    let case = &golden["cases"][clamped["case"].as_str().unwrap()];
    let schedule = Schedule { clamp: number(&clamped["clamp_gradient"]), ..Schedule::of(case) };
    let estimator = format!("Forward(clamp: {:?})", number(&clamped["clamp_hessian_product"]));
    let theta = &clamped["states"]["40"]["theta"];
    assert_prints(&schedule.text(&golden, &estimator), theta, &joined(&clamped["hypergrad_sum"]), "clamped");
}

/// The rule by its signs over the hypergradients of the file, without bounds and projected at 0.
#[test]
fn the_sign_rule_takes_the_reference_steps() {
    let golden = read("fds_sign_rule");
    let entry = find(outer::ALL, "sign").unwrap();
    let first = vector(&golden["step0"]);
    for (case, low) in [("unconstrained", f64::NEG_INFINITY), ("projected_at_zero", 0.0)] {
        let knobs = Knobs::defaults(entry.card.knobs).with("step", Knob::Real(first[0]));
        let mut rule = (entry.build)(&knobs.with("enough", Knob::Real(number(&golden["stop_fraction"]))));
        let names = ["a", "b", "c"];
        let blocks = names.iter().zip(&first).map(|(name, step)| Block {
            scale: step / first[0],
            ..Block::new(name, vec![(*name).to_owned()]).within(low, f64::INFINITY)
        });
        let blocks = Blocks::new(blocks.collect());
        let mut lambda = vector(&golden["lambda0"]);
        let steps = golden[case].as_array().unwrap();
        let mut seen = 0;
        for (index, step) in steps.iter().enumerate() {
            let what = format!("{case}, step {index}");
            let hypergradient: Vec<f64> =
                step["hypergrad"].as_array().unwrap().iter().map(|h| h.as_f64().unwrap_or(f64::NAN)).collect();
            seen += hypergradient.iter().filter(|h| h.is_nan() || **h == 0.0).count();
            rule.step(&blocks, &mut lambda, &hypergradient);
            blocks.clamp(&mut lambda);
            assert_near(&lambda, &vector(&step["lambda"]), &format!("{what}, λ"));
            let entries = rule.entries().unwrap();
            assert_near(&entries.steps, &vector(&step["step"]), &format!("{what}, δ"));
            let flags = |name: &str| -> Vec<bool> {
                step[name].as_array().unwrap().iter().map(|flag| flag.as_bool().unwrap()).collect()
            };
            assert_eq!(entries.flipped, flags("flip"), "{what}");
            assert_eq!(entries.converged, flags("converged_each"), "{what}");
            assert_eq!(rule.is_done(), step["converged"].as_bool().unwrap(), "{what}");
        }
        assert!(steps.len() == 16 && seen >= 2, "zeros and what is not finite are among them");
    }
}

/// One coordinate of the noisy quadratic, whose schedule is learned step by step.
fn coordinate((h, a, c): (f64, f64, f64), rates: &[f64]) -> Loops {
    let text = format!(
        "Scenario(title: \"reference\", about: \"\", problem: Quadratic,
        arrays: {{\"A\": [[{h:?}]], \"F\": [[{h:?}]], \"C\": [[0.0]]}}, lambda: Constant(0), theta: Explicit([{:?}]), truth: None,
        inner: Inner(dynamics: NoisyDescent(rates: {steps}, learned: Rate, step: Fixed(0.1), noise: {:?}), steps: {steps}),
        outer: Outer(blocks: {{\"learning_rates\": Block(start: Explicit({}))}}), trials: [Trial(estimator: Reverse)])",
        a.sqrt(),
        c / h,
        list(rates),
        steps = rates.len(),
    );
    ended(&text)
}

/// Coordinates go their own ways under one schedule: values and hypergradients add up.
struct Quadratic {
    h: Vec<f64>,
    c: Vec<f64>,
}

impl Quadratic {
    fn of(golden: &Value) -> Self {
        Self { h: vector(&golden["h"]), c: vector(&golden["noise_variance"]) }
    }

    /// a after the last step, the value there, and its derivative by every rate.
    fn run(&self, a: &[f64], rates: &[f64]) -> (Vec<f64>, f64, Vec<f64>) {
        let (mut end, mut value, mut slope) = (Vec::new(), 0.0, vec![0.0; rates.len()]);
        for ((h, c), a) in self.h.iter().zip(&self.c).zip(a) {
            let loops = coordinate((*h, *a, *c), rates);
            let square = loops.thetas().next().unwrap()[0].powi(2);
            end.push(square);
            value += 0.5 * h * square;
            let found = loops.estimate().hypergradient;
            slope.iter_mut().zip(&found[1..]).for_each(|(slope, found)| *slope += found);
        }
        (end, value, slope)
    }
}

#[test]
fn the_noisy_quadratic_needs_no_draws() {
    let golden = read("fds_noisy_quadratic");
    let quadratic = Quadratic::of(&golden);
    let (a, value, slope) = quadratic.run(&vector(&golden["a0"]), &vector(&golden["learning_rates"]));
    assert_near(&a, &vector(&golden["a_T"]), "a");
    assert_near(&[value], &[number(&golden["value_T"])], "value");
    assert_near(&slope, &vector(&golden["hypergrad"]), "hypergradient");
    let (_, value, _) = quadratic.run(&vector(&golden["a0"]), &vector(&golden["greedy_learning_rates"]));
    assert_near(&[value], &[number(&golden["greedy_value_T"])], "value of the greedy schedule");
    // Constants from a state where the fast directions have converged, over short horizons and long ones.
    let constants = &golden["hypergrad_of_constant_after_10_steps_by_horizon"];
    let (start, rates) = (vector(&constants["a_10"]), vector(&constants["learning_rates"]));
    for horizon in [1usize, 5, 20, 50] {
        let found = rates.iter().map(|rate| quadratic.run(&start, &vec![*rate; horizon]).2.iter().sum::<f64>());
        let expected = vector(&constants[horizon.to_string()]);
        assert_near(&found.collect::<Vec<f64>>(), &expected, &format!("constants over {horizon} steps"));
    }
    for (horizon, best) in golden["best_constant_by_horizon"].as_object().unwrap() {
        let (horizon, constant) = (horizon.parse::<usize>().unwrap(), number(&best["best_constant"]));
        let value = |steps: usize| quadratic.run(&vector(&golden["a0"]), &vec![constant; steps]).1;
        // The file's constant is a minimizer's result: values there are good to twice its digits.
        let error = (value(horizon) - number(&best["value_at_that_horizon"])).abs();
        assert!(error < 1e-10, "best constant over {horizon}: {error:.1e}");
        assert!((value(60) - number(&best["value_at_60"])).abs() < 1e-7);
    }
}

/// A diagonal of many coordinates at once is as each alone, and so are its derivatives forwards and backwards.
#[test]
fn coordinates_of_the_noisy_quadratic_go_their_own_ways() {
    let golden = read("fds_noisy_quadratic");
    let h = vector(&golden["h"]);
    let quadratic = Quadratic { c: h.iter().map(|h| 0.3 * h).collect(), h };
    let a = vector(&golden["a0"]);
    let rates = &vector(&golden["learning_rates"])[..20];
    let roots: Vec<f64> = a.iter().map(|a| a.sqrt()).collect();
    let text = |estimator: &str| {
        format!(
            "Scenario(title: \"reference\", about: \"\", problem: Quadratic,
            arrays: {{\"A\": {h}, \"F\": {h}, \"C\": [{}]}}, lambda: Constant(0), theta: Explicit({}), truth: None,
            inner: Inner(dynamics: NoisyDescent(rates: 20, learned: Rate, step: Fixed(0.1), noise: 0.3), steps: 20),
            outer: Outer(blocks: {{\"learning_rates\": Block(start: Explicit({}))}}), trials: [Trial(estimator: {estimator})])",
            list(&vec![0.0; a.len()]),
            list(&roots),
            list(rates),
            h = list(&quadratic.h),
        )
    };
    let (end, _, slope) = quadratic.run(&a, rates);
    for estimator in ["Reverse", "Forward", "Reverse(memory: Checkpointed)"] {
        let loops = ended(&text(estimator));
        let squares: Vec<f64> = loops.thetas().next().unwrap().iter().map(|root| root * root).collect();
        assert!(relative(&squares, &end) < 1e-13, "{estimator}");
        assert!(relative(&loops.estimate().hypergradient[1..], &slope) < 1e-12, "{estimator}");
    }
    let by_step = ended(&text("Reverse")).by_step();
    assert!(by_step.len() == 1 && relative(&by_step[0], &slope) < 1e-13);
}

#[test]
fn the_mean_square_error_of_sharing_is_the_law() {
    let golden = read("fds_theorem");
    let steps = usize::try_from(golden["T"].as_u64().unwrap()).unwrap();
    let widths: Vec<usize> = vector(&golden["windows"]).iter().map(|width| *width as usize).collect();
    for row in golden["table"].as_array().unwrap() {
        let [deviation, correlation, drift] = ["sigma", "correlation", "drift"].map(|name| number(&row[name]));
        let law = Law { deviation, correlation, drift };
        let found: Vec<f64> = widths.iter().map(|width| law.mean_square_error(*width, steps)).collect();
        let error = relative(&found, &vector(&row["mse"]));
        assert!(error < 1e-13, "σ {deviation}, c {correlation}, ε {drift}: {error:.1e}");
        let (best, _) = law.best(steps);
        assert_eq!(Some(best as u64), row["best_window_integer"].as_u64());
        if drift > 0.0 {
            let expected = number(&row["best_window_continuous"]);
            assert!((law.best_width() - expected).abs() <= 1e-10 * expected);
            assert!((best as f64 - law.best_width()).abs() < 2.0, "{best} beside {}", law.best_width());
        } else {
            assert!(best == steps && law.best_width().is_infinite());
        }
    }
    let unequal = &golden["unequal_variances"];
    let width = usize::try_from(unequal["window"].as_u64().unwrap()).unwrap();
    let bound = Law::bound(&vector(&unequal["variances"]), number(&unequal["correlation"]), width);
    assert!((bound - number(&unequal["bound"])).abs() < 1e-14);
    assert!(bound >= number(&unequal["mse_exact_no_drift"]));
}

/// What single steps add are the derivatives by a window for every step, and their sums those by shared values.
#[test]
fn a_run_is_differentiated_by_the_value_at_every_step() {
    let golden = read("fds_softmax");
    for (name, case) in cases(&golden) {
        let loops = loops(&Schedule::of(case).text(&golden, "Forward"));
        let found = loops.by_step();
        assert_eq!(found.len(), 3);
        for (found, kind) in found.iter().zip(KINDS) {
            assert_near(found, &vector(&case["per_step_hypergrad"][kind]), &format!("{name}, {kind}"));
        }
    }
}
