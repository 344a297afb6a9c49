//! One way to name a value: what `--set` takes of a file, a running laboratory takes.

use hyperlab::lab::{Command, History, Lab, Session, Snapshot};
use hyperlab::scenario::{Files, NoFiles, experiment, parse, set};

const SCENARIO: &str = r#"Scenario(
    title: "A test",
    about: "Trials with and without loops of their own.",
    seed: 11,
    problem: Logistic(penalty: PerFeature),
    data: Data(source: TwoClasses(rows: 90, features: 4), split: Random(training: 24, validation: 20, test: 16)),
    lambda: Constant(-2.0),
    inner: Inner(dynamics: GradientDescent(), steps: 6),
    outer: Outer(rule: Adam(step: 0.2)),
    trials: [
        Trial(estimator: Direct()),
        Trial(estimator: Cg(iterations: 2, warm_start: true)),
        Trial(name: "own", estimator: Reverse(), inner: Inner(dynamics: HeavyBall(momentum: 0.5), steps: 5)),
    ],
)"#;

/// λ, θ, estimates and costs of every trial, as bits.
fn numbers(lab: &Lab) -> Vec<u64> {
    let snapshot = Snapshot::of_lab(lab);
    let of = |view: &hyperlab::lab::TrialView| {
        let trial = lab.trial(view.id).unwrap();
        let here = [trial.outer() as f64, trial.inner() as f64, trial.cost().calls()];
        let estimate = &trial.latest().unwrap().estimate.hypergradient;
        let all = here.into_iter().chain(trial.lambda().to_vec()).chain(trial.theta().to_vec());
        all.chain(estimate.clone()).map(f64::to_bits).collect::<Vec<_>>()
    };
    snapshot.trials.iter().flat_map(of).collect()
}

fn lab(text: &str) -> Lab {
    Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap())
}

fn assigned(path: &str, value: &str) -> Command {
    Command::Set { path: path.into(), value: value.into() }
}

fn run(mut lab: Lab, ticks: usize) -> Lab {
    (0..ticks).for_each(|_| lab.apply(&Command::Tick).unwrap());
    lab
}

/// Paths of every kind, with a value that differs from the scenario's.
const ASSIGNMENTS: &[(&str, &str)] = &[
    ("seed", "4"),
    ("lambda", "-1"),
    ("theta", "Normal(deviation: 0.5)"),
    ("data.split.validation", "30"),
    ("data.source.margin", "2"),
    ("problem.penalty", "Scalar"),
    ("inner.steps", "4"),
    ("inner.warm_start", "on"),
    ("inner.dynamics.step", "0.1"),
    ("outer.rule.step", "0.05"),
    ("outer.rule", "Momentum(step: 0.3)"),
    ("ensemble", "Folds(members: 3)"),
    ("trials[1].estimator.iterations", "3"),
    ("trials[*].inner.steps", "3"),
    ("trials[*].estimator.damping", "0.5"),
    ("trials[2].inner.dynamics.step", "auto"),
    ("outer.filter", "Window(width: 2)"),
    ("trials[1].outer.filter", "Decay(weight: 0.7)"),
];

#[test]
fn a_laboratory_takes_what_a_file_takes_and_goes_the_same_way() {
    for (path, value) in ASSIGNMENTS {
        let text = set(SCENARIO, &format!("{path}={value}")).unwrap();
        let of_the_file = run(lab(&text), 15);
        let mut live = lab(SCENARIO);
        live.apply(&assigned(path, value)).unwrap();
        assert!(numbers(&run(live, 15)) == numbers(&of_the_file), "{path} = {value}");
    }
}

#[test]
fn what_is_said_of_all_trials_reaches_those_that_have_it() {
    let mut lab = lab(SCENARIO);
    lab.apply(&assigned("trials[*].estimator.damping", "0.5")).unwrap();
    let dampings: Vec<Option<f64>> = lab
        .trials()
        .map(|trial| {
            let knobs = &trial.setting().estimator.knobs;
            knobs.get("damping").is_ok().then(|| knobs.real("damping"))
        })
        .collect();
    assert_eq!(dampings, [Some(0.5), Some(0.5), None]);
    let message = lab.apply(&assigned("trials[*].estimator.dampng", "0.5")).unwrap_err().to_string();
    assert!(message.contains("dampng"), "{message}");
}

/// A loop that a trial leaves to the scenario is taken over whole where one value of it is set for the trial.
#[test]
fn a_value_of_one_trial_leaves_the_rest_of_its_loops_as_the_scenario_says() {
    let text = set(SCENARIO, "trials[0].outer.filter=Window(width: 2)").unwrap();
    let text = set(&text, "trials[*].inner.steps=3").unwrap();
    let scenario = parse(&text).unwrap();
    let [first, second, third] = &scenario.trials[..] else { panic!("{text}") };
    let outer = first.outer.as_ref().unwrap();
    assert_eq!((outer.rule.id(), outer.rule.knobs.real("step"), outer.filter.id()), ("adam", 0.2, "window"));
    assert!(second.outer.is_none());
    for (trial, dynamics) in [(first, "gradient-descent"), (second, "gradient-descent"), (third, "heavy-ball")] {
        let inner = trial.inner.as_ref().unwrap();
        assert_eq!((inner.dynamics.id(), inner.steps), (dynamics, 3));
    }
}

#[test]
fn a_trial_goes_on_where_only_a_knob_has_moved_and_begins_anew_on_other_rows() {
    let mut lab = run(lab(SCENARIO), 20);
    let before: Vec<usize> = lab.trials().map(hyperlab::trial::Trial::outer).collect();
    assert!(before.iter().all(|outer| *outer > 0));
    lab.apply(&assigned("inner.steps", "9")).unwrap();
    assert_eq!(lab.trials().map(hyperlab::trial::Trial::outer).collect::<Vec<_>>(), before);
    lab.apply(&assigned("data.split.training", "20")).unwrap();
    assert!(lab.trials().all(|trial| trial.outer() == 0 && trial.inner() == 0));
    assert!(lab.trials().all(|trial| trial.setting().name == "own" || trial.setting().inner.steps == 9));
}

#[test]
fn what_leads_nowhere_is_refused_in_the_words_of_the_command_line_and_changes_nothing() {
    let mut lab = run(lab(SCENARIO), 3);
    let before = numbers(&lab);
    for (path, value, words) in [
        ("inner.step", "3", "steps"),
        ("inner.steps", "0", "expected at least 1"),
        ("trials[7].estimator.damping", "1", "there is no item 7"),
        ("trials", "[]", "one by one"),
        ("data.split.training", "9000", "90"),
        ("lambda", "Explicit([1.0])", "4 hyperparameters"),
        ("ensemble", "Folds(members: 500)", "500"),
        ("seed", "often", "often"),
    ] {
        let message = lab.apply(&assigned(path, value)).unwrap_err().to_string();
        assert!(message.contains(words), "{path} = {value}: {message}");
        assert!(numbers(&lab) == before, "{path} = {value} changed something");
    }
}

#[test]
fn time_runs_back_and_forth_over_what_was_set_and_a_session_brings_it_back() {
    let mut history = History::new(lab(SCENARIO));
    let mut seen = vec![numbers(history.lab())];
    for index in 0..60 {
        let command = match index {
            10 => assigned("trials[*].inner.steps", "4"),
            25 => assigned("seed", "5"),
            40 => assigned("data.split.validation", "25"),
            _ => Command::Tick,
        };
        history.apply(&command).unwrap();
        seen.push(numbers(history.lab()));
    }
    for position in [0, 60, 11, 41, 24, 26, 59] {
        history.seek(position);
        assert!(numbers(history.lab()) == seen[position], "position {position}");
    }
    let text = Session::of(&history).to_ron().unwrap();
    let again = Session::from_ron(&text).unwrap().replay(&NoFiles).unwrap();
    assert!(numbers(again.lab()) == seen[59]);
}

/// A file that can be read once.
struct Once(std::sync::atomic::AtomicBool);

impl Files for Once {
    fn read(&self, path: &str) -> Result<String, String> {
        assert_eq!(path, "plants.csv");
        assert!(!self.0.swap(true, std::sync::atomic::Ordering::Relaxed), "read twice");
        let row = |i: u32| format!("{},{},{}\n", i % 7, i % 5, i % 3);
        Ok("width,height,price\n".to_owned() + &(0..30).map(row).collect::<String>())
    }
}

#[test]
fn rows_of_a_file_are_split_anew_without_the_file() {
    let text = SCENARIO
        .replace("TwoClasses(rows: 90, features: 4)", r#"Csv(path: "plants.csv", target: "price")"#)
        .replace("training: 24, validation: 20, test: 16", "training: 12, validation: 10, test: 5")
        .replace("Logistic", "Ridge");
    let files = Once(false.into());
    let mut lab = Lab::new(experiment(&parse(&text).unwrap(), &files).unwrap());
    lab.apply(&assigned("data.split.validation", "8")).unwrap();
    let rows = |lab: &Lab| lab.experiment().data.as_ref().unwrap().rows.validation.len();
    assert_eq!(rows(&lab), 8);
    let message = lab.apply(&assigned("data.source.target", "width")).unwrap_err().to_string();
    assert!(message.contains("`data.source`: a laboratory reads its files once"), "{message}");
    assert_eq!(rows(&lab), 8);
}
