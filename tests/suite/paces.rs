//! How trials share the clock: who stands beside whom at a moment, and that it changes nobody's own run.

use hyperlab::catalog::find;
use hyperlab::engine::{Engine, Request};
use hyperlab::lab::{Command, History, Lab, Session, Snapshot};
use hyperlab::metric::{HYPERGRADIENT, LAMBDA, THETA};
use hyperlab::pace;
use hyperlab::scenario::{NoFiles, Part, check_text, experiment, parse};
use hyperlab::trial::{Status, Trial};

/// Three inner loops of very different length, one of them stochastic, one with an expensive estimate.
const SCENARIO: &str = r#"Scenario(
    title: "A test",
    about: "Trials that cost differently.",
    seed: 11,
    problem: Logistic(penalty: PerFeature),
    data: Data(source: TwoClasses(rows: 60, features: 5), split: Random(training: 24, validation: 20, test: 16)),
    lambda: Constant(-2.0),
    inner: Inner(dynamics: GradientDescent(), steps: 12, warm_start: true),
    outer: Outer(rule: Adam(step: 0.2), steps: 3),
    pace: PACE,
    trials: [
        Trial(estimator: Reverse()),
        Trial(name: "short", estimator: Cg(iterations: 3), inner: Inner(dynamics: GradientDescent(), steps: 1, warm_start: true)),
        Trial(name: "stepwise", estimator: Forward(), inner: Inner(dynamics: HeavyBall(momentum: 0.5), steps: 4, batch: Rows(6))),
    ],
)"#;

fn lab(pace: &str) -> Lab {
    Lab::new(experiment(&parse(&SCENARIO.replace("PACE", pace)).unwrap(), &NoFiles).unwrap())
}

fn names() -> Vec<String> {
    pace::ALL.iter().map(|entry| entry.card.ron_name()).collect()
}

fn tick(lab: &mut Lab) {
    lab.apply(&Command::Tick).unwrap();
}

fn set(path: &str, value: &str) -> Command {
    Command::Set { path: path.into(), value: value.into() }
}

fn calls(lab: &Lab) -> Vec<f64> {
    lab.trials().map(|trial| trial.cost().calls()).collect()
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

/// Outer and inner step, λ, θ and cost, as bits.
type Place = (usize, usize, Vec<u64>, Vec<u64>, u64);

/// Where a trial is, as bits.
fn place(trial: &Trial) -> Place {
    let cost = trial.cost().calls().to_bits();
    (trial.outer(), trial.inner(), bits(trial.lambda()), bits(trial.theta()), cost)
}

fn places(lab: &Lab) -> Vec<Place> {
    lab.trials().map(place).collect()
}

#[test]
fn each_pace_keeps_alike_what_it_says() {
    let mut rounds = lab("Rounds");
    let mut steps = lab("Steps");
    let mut cost = lab("EqualCost");
    let mut dearest = [0.0_f64; 3];
    for number in 1..=120 {
        tick(&mut rounds);
        let outer: Vec<usize> = rounds.trials().map(Trial::outer).collect();
        assert!(outer.iter().all(|steps| *steps == outer[0]), "{outer:?}");

        tick(&mut steps);
        for (trial, length) in steps.trials().zip([12, 1, 4]) {
            // T inner steps and one outer step.
            assert_eq!((length + 1) * trial.outer() + trial.inner(), number);
        }

        let before = calls(&cost);
        tick(&mut cost);
        let after = calls(&cost);
        let moved: Vec<usize> = (0..3).filter(|trial| after[*trial] != before[*trial]).collect();
        let least = before.iter().copied().fold(f64::INFINITY, f64::min);
        // An outer step of an estimate that was paid for along the run costs nothing.
        assert!(moved.len() <= 1 && moved.iter().all(|trial| before[*trial] == least), "{before:?} to {after:?}");
        for trial in moved {
            dearest[trial] = dearest[trial].max(after[trial] - before[trial]);
        }
        let step = dearest.iter().copied().fold(0.0, f64::max);
        let spread = after.iter().copied().fold(f64::NEG_INFINITY, f64::max)
            - after.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(spread <= step, "apart by {spread}, though no step cost more than {step}");
    }
    let outer: Vec<usize> = cost.trials().map(Trial::outer).collect();
    assert!(outer[1] > 2 * outer[0], "the short loop takes more outer steps for the same: {outer:?}");
}

/// A pace decides when, never what: outer step by outer step every trial goes the same way.
#[test]
fn no_pace_changes_a_trials_own_run() {
    let path = |pace: &str| {
        let mut lab = lab(pace);
        while lab.trials().any(|trial| trial.outer() < 4) {
            tick(&mut lab);
        }
        let steps = |trial: &Trial| {
            let records = trial.outer_records().iter().take(4);
            records.map(|r| [&LAMBDA, &THETA, &HYPERGRADIENT].map(|m| bits(r.vector(m)))).collect::<Vec<_>>()
        };
        lab.trials().map(steps).collect::<Vec<_>>()
    };
    let rounds = path("Rounds");
    for name in names() {
        assert!(path(&name) == rounds, "{name}");
    }
}

#[test]
fn seeking_and_a_session_give_the_same_bits_under_every_pace() {
    for name in names() {
        let mut history = History::new(lab(&name));
        let mut seen = vec![places(history.lab())];
        for index in 0..120 {
            let command = match index {
                40 => set("pace", "EqualCost"),
                60 => set("inner.steps", "7"),
                80 => set("pace", "Steps"),
                100 => set("pace", "Rounds"),
                _ => Command::Tick,
            };
            history.apply(&command).unwrap();
            seen.push(places(history.lab()));
        }
        for position in [119, 3, 81, 0, 100, 41, 40, 64, 61, 120] {
            history.seek(position);
            assert!(places(history.lab()) == seen[position], "{name}, position {position}");
        }
        let text = Session::of(&history).to_ron().unwrap();
        let replayed = Session::from_ron(&text).unwrap().replay(&NoFiles).unwrap();
        assert!(places(replayed.lab()) == seen[120], "{name}");
        assert_eq!(replayed.lab().experiment().scenario.pace.card().id, "rounds");
    }
}

#[test]
fn another_pace_goes_on_from_where_the_trials_are() {
    let mut lab = lab("Rounds");
    (0..30).for_each(|_| tick(&mut lab));
    let before = places(&lab);
    lab.apply(&set("pace", "EqualCost")).unwrap();
    assert!(places(&lab) == before, "nobody starts anew");
    let cheapest = calls(&lab).iter().copied().fold(f64::INFINITY, f64::min);
    tick(&mut lab);
    let moved: Vec<u64> =
        lab.trials().zip(&before).filter(|(trial, old)| place(trial) != **old).map(|(trial, _)| trial.id()).collect();
    let [only] = moved[..] else { panic!("{moved:?} moved") };
    assert_eq!(f64::from_bits(before[only as usize].4), cheapest);
    let refused = lab.apply(&set("pace", "Walk")).unwrap_err().to_string();
    assert!(refused.contains("EqualCost"), "{refused}");
}

#[test]
fn a_trial_that_diverges_holds_nobody_up() {
    for name in names() {
        let mut lab = lab(&name);
        lab.apply(&set("trials[1].inner.dynamics.step", "10000")).unwrap();
        lab.apply(&set("trials[1].inner.steps", "1000")).unwrap();
        (0..2500).for_each(|_| tick(&mut lab));
        let status = lab.trial(1).unwrap().status();
        assert!(matches!(status, Status::Diverged { .. }), "{name}: {status}");
        assert!([0, 2].iter().all(|id| lab.trial(*id).unwrap().outer() > 10), "{name}");
    }
}

#[test]
fn a_pace_over_a_single_trial_is_a_warning_that_says_what_would_work() {
    let first = SCENARIO.find("        Trial(name: \"short\"").unwrap();
    let alone = format!("{}    ],\n)", &SCENARIO[..first]);
    for name in names() {
        let (scenario, found) = check_text(&alone.replace("PACE", &name), &NoFiles, [].as_slice());
        assert!(scenario.is_some(), "{found:?}");
        let said: Vec<&str> = found.iter().map(|diagnostic| &*diagnostic.message).collect();
        if name == "Rounds" {
            assert!(said.is_empty(), "{said:?}");
        } else {
            let expected = format!(
                "the pace `{name}` has nothing to do where there is one trial; expected a second trial, or `Rounds`"
            );
            assert_eq!(said, [expected]);
        }
    }
}

/// The next outer step is the selected trial's, and so is the one that is gone back to.
#[test]
fn outer_steps_are_those_of_a_trial_where_each_takes_its_own() {
    let engine = Engine::start(History::new(lab("EqualCost"))).unwrap();
    let settled = |request: Request| {
        engine.send(request);
        while engine.pending() > 0 {
            std::thread::yield_now();
        }
        engine.snapshot()
    };
    let clock = |snapshot: &Snapshot, id: u64| snapshot.clock(Some(id));
    let snapshot = settled(Request::Outer(Some(0)));
    assert_eq!(clock(&snapshot, 0), (1, 0));
    assert!(clock(&snapshot, 1).0 > 1);
    let snapshot = settled(Request::Outer(Some(1)));
    let outer = clock(&snapshot, 1).0;
    assert_eq!(clock(&snapshot, 1).1, 0);
    let snapshot = settled(Request::SeekOuter { forward: false, trial: Some(1) });
    assert_eq!(clock(&snapshot, 1), (outer - 1, 0));
    let snapshot = settled(Request::SeekOuter { forward: true, trial: Some(1) });
    assert_eq!(clock(&snapshot, 1), (outer, 0));
    let snapshot = settled(Request::SeekOuter { forward: false, trial: Some(0) });
    assert_eq!(clock(&snapshot, 0), (1, 0));
    assert_eq!(snapshot.run.split('–').count(), 2, "charts say that the runs shown are of different outer steps");
}

#[test]
fn every_pace_is_spelled_by_its_choice() {
    let choice = Part::at("pace").unwrap().choice();
    for entry in pace::ALL {
        assert!(choice.parse(&entry.card.ron_name()).is_ok());
        assert!(find(pace::ALL, entry.card.id).is_some());
    }
}

/// A run ends where every trial has come as far as its outer loop plans, and not a tick later; it can go on.
#[test]
fn a_run_ends_where_the_scenario_plans_to() {
    let engine = Engine::start(History::new(lab("Steps"))).unwrap();
    let ask = |request: Request| {
        engine.send(request);
        while engine.pending() > 0 {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    };
    ask(Request::Run(100_000));
    let snapshot = engine.snapshot();
    // Three outer steps of twelve inner steps are the longest way.
    assert_eq!((snapshot.position, snapshot.has_arrived), (3 * 13, true));
    assert!(snapshot.trials.iter().all(|trial| trial.outer >= 3));
    ask(Request::Run(5));
    assert_eq!(engine.snapshot().position, 3 * 13, "there is nowhere to go");
    ask(Request::Ticks(5));
    assert_eq!(engine.snapshot().position, 3 * 13 + 5);
}
