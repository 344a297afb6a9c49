//! The lab is a deterministic state machine: what was seen once is seen again, bit for bit.

use hyperlab::catalog::{Spec, Value};
use hyperlab::chart;
use hyperlab::engine::{Engine, Request};
use hyperlab::lab::{
    Answer, Command, CommandError, History, Inquiry, Lab, Measured, Moment, Newer, Place, Session, Snapshot, Standing,
    Terms, TrialView,
};
use hyperlab::metric::{self, Reading};
use hyperlab::probe::bias_variance::{self, SweepFinding};
use hyperlab::probe::{Case, Entry, Question, Scope};
use hyperlab::scenario::{MeasuredAt, NoFiles, TrialSpec, experiment, parse};
use hyperlab::trial::Status;

use crate::common::is_about_schedules;

/// Stochastic dynamics, a warm-started solver, tapes, tangents: everything that carries state.
const SCENARIO: &str = r#"Scenario(
    title: "A test",
    about: "Everything that carries state.",
    seed: 11,
    problem: Logistic(penalty: PerFeature),
    data: Data(source: TwoClasses(rows: 60, features: 5), split: Random(training: 24, validation: 20, test: 16)),
    lambda: Constant(-2.0),
    theta: Normal(deviation: 0.5),
    inner: Inner(dynamics: GradientDescent(), steps: 8, warm_start: true),
    outer: Outer(rule: Adam(step: 0.2)),
    trials: [
        Trial(estimator: Direct()),
        Trial(estimator: Cg(iterations: 2, warm_start: true)),
        Trial(name: "stochastic", estimator: Reverse(), inner: Inner(dynamics: GradientDescent(), steps: 5, batch: Rows(4))),
        Trial(estimator: Forward(), inner: Inner(dynamics: HeavyBall(momentum: 0.5), steps: 8)),
        Trial(estimator: Preconditioned(preconditioner: Lbfgs), outer: Outer(rule: Momentum(step: 0.5))),
        Trial(name: "single loop", estimator: Soba(step: Fixed(0.2), fall_power: 0.5), draws: Shared,
            inner: Inner(dynamics: GradientDescent(fall_power: 0.5), steps: 1, warm_start: true, batch: Epoch(5)),
            outer: Outer(rule: GradientDescent(step: 0.3, fall_power: 0.5), batch: Rows(4))),
        Trial(name: "double loop", estimator: Neumann(iterations: 3), draws: Shared,
            inner: Inner(dynamics: GradientDescent(), steps: 3, warm_start: true, batch: Rows(5), products: Epoch(7)),
            outer: Outer(batch: Epoch(6))),
    ],
)"#;

fn lab() -> Lab {
    Lab::new(experiment(&parse(SCENARIO).unwrap(), &NoFiles).unwrap())
}

/// Every number a person could see, as bits, by trial.
type Fingerprint = Vec<(u64, Vec<u64>)>;

fn fingerprint(lab: &Lab) -> Fingerprint {
    let snapshot = Snapshot::of_lab(lab);
    let of = |trial: &hyperlab::lab::TrialView| {
        let mut numbers: Vec<f64> = vec![trial.cost.calls(), trial.outer as f64, trial.inner as f64];
        numbers.extend(trial.lambda.iter());
        numbers.extend(lab.trial(trial.id).unwrap().theta());
        numbers.extend(recorded(trial));
        (trial.id, numbers.into_iter().map(f64::to_bits).collect())
    };
    snapshot.trials.iter().map(of).collect()
}

/// Every reading of every metric that is still there.
fn recorded(trial: &TrialView) -> Vec<f64> {
    let mut numbers = Vec::new();
    let mut take = |reading: &Reading| match reading {
        Reading::Number(x) => numbers.push(*x),
        Reading::Vector(values) => numbers.extend(values.iter()),
        Reading::Curve(points) => numbers.extend(points.iter().flat_map(|(x, y)| [*x, *y])),
        Reading::Words(words) => numbers.push(words.len() as f64),
        Reading::Absent => numbers.push(-0.0),
    };
    for metric in metric::ALL {
        for readings in [&trial.here, &trial.run.lambda] {
            readings.reading(metric).into_iter().for_each(&mut take);
        }
        for record in trial.run.steps.iter().chain(trial.outer_records.iter()) {
            take(&record.number(metric).into());
        }
        trial.outer_records.readings(metric).for_each(|(_, reading)| take(reading));
    }
    numbers
}

fn turn(trial: u64, path: &str, value: &str) -> Command {
    Command::Turn { trial, path: path.into(), value: value.into() }
}

/// A run with turns, and what was seen after every command.
fn eventful() -> (History, Vec<Fingerprint>) {
    let mut history = History::new(lab());
    let mut seen = vec![fingerprint(history.lab())];
    for index in 0..150 {
        let command = match index {
            37 => turn(0, "estimator.damping", "0.25"),
            60 => turn(2, "inner.batch", "Rows(7)"),
            75 => Command::TurnProblem { key: "penalty_weight".into(), value: "2.5".into() },
            90 => Command::Duplicate(1),
            110 => Command::Remove(3),
            120 => Command::Hide(0, true),
            _ => Command::Tick,
        };
        history.apply(&command).unwrap();
        seen.push(fingerprint(history.lab()));
    }
    (history, seen)
}

#[test]
fn seeking_shows_what_was_seen_first() {
    let (mut history, seen) = eventful();
    assert!(seen.windows(2).filter(|pair| pair[0] != pair[1]).count() > 100, "the run must move");
    for position in [150, 3, 149, 0, 76, 75, 74, 38, 37, 111, 110, 64, 32, 1] {
        history.seek(position);
        assert_eq!(history.position(), position);
        assert!(fingerprint(history.lab()) == seen[position], "position {position} differs");
    }
}

#[test]
fn an_edit_in_the_past_starts_a_branch_and_loses_nothing() {
    let (mut history, seen) = eventful();
    history.seek(50);
    // The same command as then goes along the old branch; another one leaves it.
    history.apply(&Command::Tick).unwrap();
    assert_eq!((history.current(), history.branches().len()), (0, 1));
    history.apply(&turn(0, "inner.steps", "3")).unwrap();
    assert_eq!((history.current(), history.branches().len()), (1, 2));
    for _ in 0..20 {
        history.apply(&Command::Tick).unwrap();
    }
    let branched = fingerprint(history.lab());
    history.switch(0);
    assert_eq!(history.position(), 150);
    assert!(fingerprint(history.lab()) == seen[150]);
    history.switch(1);
    assert!(fingerprint(history.lab()) == branched);
    history.seek(30);
    assert!(fingerprint(history.lab()) == seen[30], "a branch shares its past");
}

fn apply_all(history: &mut History, commands: &[Command]) {
    for command in commands {
        history.apply(command).unwrap();
    }
}

/// What was taken back never happened: the same bits as a run without it, step for step. What is brought back is as it
/// was, and steps taken meanwhile come after it.
#[test]
fn a_turn_is_taken_back_and_brought_back_with_all_steps_since() {
    let ticks = vec![Command::Tick; 12];
    let change = turn(0, "inner.steps", "3");
    let run = |parts: &[&[Command]]| {
        let mut history = History::new(lab());
        parts.iter().for_each(|part| apply_all(&mut history, part));
        history
    };
    let mut history = run(&[&ticks, std::slice::from_ref(&change), &ticks]);
    let with = fingerprint(history.lab());
    let without = fingerprint(run(&[&ticks, &ticks]).lab());
    assert!(with != without);

    history.undo().unwrap();
    assert!(fingerprint(history.lab()) == without);
    assert_eq!((history.position(), history.length(), history.current()), (24, 24, 1));
    assert_eq!(&**history.branches()[1].change(), "without steps 8 → 3 of Implicit, direct solve");
    assert_eq!(history.undo(), Err(CommandError::NothingDone));
    history.redo().unwrap();
    assert!(fingerprint(history.lab()) == with && history.current() == 0);
    assert_eq!((history.branches().len(), history.redo()), (2, Err(CommandError::NothingTakenBack)));

    history.switch(1);
    apply_all(&mut history, &ticks[..5]);
    let on = fingerprint(history.lab());
    history.redo().unwrap();
    let expected = run(&[&ticks, std::slice::from_ref(&change), &ticks, &ticks[..5]]);
    assert!(fingerprint(history.lab()) == fingerprint(expected.lab()));
    history.switch(1);
    assert!(fingerprint(history.lab()) == on, "the branch without it stays");
}

/// Several things are taken back one after the other, and brought back in turn, also by a session read from its file.
#[test]
fn what_was_taken_back_is_known_to_a_session() {
    let mut history = History::new(lab());
    let mut seen = Vec::new();
    for command in [Command::Duplicate(1), turn(7, "estimator.iterations", "5"), Command::Rename(0, "first".into())] {
        apply_all(&mut history, &[Command::Tick, command, Command::Tick]);
        seen.push(fingerprint(history.lab()));
    }
    history.undo().unwrap();
    history.undo().unwrap();
    history.undo().unwrap();
    assert!(history.lab().trial(7).is_none());
    let text = Session::of(&history).to_ron().unwrap();
    let mut again = Session::from_ron(&text).unwrap().replay(&NoFiles).unwrap();
    assert_eq!(Session::of(&again).to_ron().unwrap(), text);
    let words = |history: &History| -> Vec<String> {
        history.branches().iter().map(|branch| branch.change().to_string()).collect()
    };
    assert_eq!(words(&again), words(&history));
    assert!(words(&again)[3].starts_with("without duplicate"), "{:?}", words(&again));
    for history in [&mut history, &mut again] {
        for _ in 0..3 {
            history.redo().unwrap();
        }
        assert!(fingerprint(history.lab()) == seen[2]);
        assert_eq!(history.lab().trial(0).unwrap().setting().name, "first");
    }
}

/// A pinned run is the trial as it was, bit for bit, wherever one goes since, and a session brings it back.
#[test]
fn pinned_runs_and_bookmarks_outlive_going_back_and_a_session() {
    let mut history = History::new(lab());
    apply_all(&mut history, &vec![Command::Tick; 30]);
    let then: Vec<f64> = recorded(&Snapshot::of(&history).trials[1]);
    let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    history.pin(1).unwrap();
    history.pin(1).unwrap();
    assert_eq!(history.pinned().len(), 1, "once is enough");
    assert_eq!(history.pin(99), Err(CommandError::NoTrial(99)));
    history.name_bookmark("before the turn").unwrap();
    history.seek(10);
    history.toggle_bookmark().unwrap();
    apply_all(&mut history, &[turn(1, "inner.steps", "3"), Command::Tick, Command::Tick]);
    history.toggle_bookmark().unwrap();
    let near = |history: &History| -> Vec<bool> {
        history.bookmarks().iter().map(|mark| history.is_on_this_line(mark.branch, mark.position)).collect()
    };
    assert_eq!(near(&history), [false, true, true], "a branch shares what came before it left");

    let text = Session::of(&history).to_ron().unwrap();
    let again = Session::from_ron(&text).unwrap().replay(&NoFiles).unwrap();
    assert_eq!(Session::of(&again).to_ron().unwrap(), text);
    for history in [&history, &again] {
        let snapshot = Snapshot::of(history);
        let pinned = snapshot.trials.iter().find(|trial| trial.is_pinned).unwrap();
        assert!(bits(&recorded(pinned)) == bits(&then) && pinned.outer > 0);
        assert_eq!(snapshot.of_the_laboratory().count(), 7);
        assert_eq!(near(history), [false, true, true]);
        assert_eq!(history.position(), 13);
    }
    history.seek_bookmark(false).unwrap();
    assert_eq!(history.position(), 10);
    assert_eq!(history.seek_bookmark(false), Err(CommandError::NoBookmark("behind")));
    let id = history.pinned()[0].view.id;
    history.unpin(id);
    assert!(history.pinned().is_empty());

    // What is of no moment is refused with its place.
    for (from, to, said) in [
        ("position: 30, trial: 1", "position: 3000, trial: 1", "pin 0 is of position 3000 of branch 0"),
        ("position: 30, trial: 1", "position: 30, trial: 99", "pin 0 cannot be set: there is no trial 99"),
    ] {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(from), "{flat}");
        let error = Session::from_ron(&flat.replace(from, to)).unwrap().replay(&NoFiles).err().unwrap().to_string();
        assert!(error.contains(said), "{error}");
    }
}

/// What is about a trial that is not there without the command taken back is left out, and comes back with it.
#[test]
fn a_trial_taken_back_takes_what_was_done_to_it_along() {
    let mut history = History::new(lab());
    apply_all(&mut history, &[Command::Tick, Command::Duplicate(0), Command::Tick]);
    apply_all(&mut history, &[Command::Hide(7, true), turn(7, "inner.steps", "4"), Command::Tick]);
    let with = fingerprint(history.lab());
    // The last three things done, then the trial itself from where it alone was done.
    history.seek(2);
    history.undo().unwrap();
    assert!(history.lab().trial(7).is_none());
    history.switch(0);
    history.undo().unwrap();
    assert!(history.lab().is_hidden(7));
    history.undo().unwrap();
    assert!(!history.lab().is_hidden(7));
    history.redo().unwrap();
    history.redo().unwrap();
    assert!(fingerprint(history.lab()) == with);
}

#[test]
fn trials_are_renamed_moved_and_shown_alone_without_a_bit_changing() {
    let mut lab = lab();
    for _ in 0..15 {
        lab.apply(&Command::Tick).unwrap();
    }
    let before = fingerprint(&lab);
    let ids = |lab: &Lab| lab.trials().map(hyperlab::trial::Trial::id).collect::<Vec<_>>();
    lab.apply(&Command::Rename(2, " noisy ".into())).unwrap();
    lab.apply(&Command::Move(6, 0)).unwrap();
    assert_eq!(ids(&lab), [6, 0, 1, 2, 3, 4, 5]);
    lab.apply(&Command::Move(6, 99)).unwrap();
    assert!(fingerprint(&lab) == before);
    assert_eq!(lab.trial(2).unwrap().setting().name, "noisy");
    assert_eq!(lab.apply(&Command::Rename(2, "  ".into())), Err(CommandError::NoName));
    assert_eq!(lab.apply(&Command::Move(70, 0)), Err(CommandError::NoTrial(70)));
    assert_eq!(lab.apply(&Command::Solo(Some(70))), Err(CommandError::NoTrial(70)));

    let shown = |lab: &Lab| ids(lab).into_iter().filter(|id| !lab.is_hidden(*id)).collect::<Vec<_>>();
    lab.apply(&Command::Hide(1, true)).unwrap();
    lab.apply(&Command::Solo(Some(3))).unwrap();
    assert_eq!(shown(&lab), [3]);
    lab.apply(&Command::Solo(None)).unwrap();
    assert_eq!(shown(&lab), [0, 2, 3, 4, 5, 6], "what was hidden before is hidden again");
    lab.apply(&Command::Solo(Some(3))).unwrap();
    lab.apply(&Command::Remove(3)).unwrap();
    assert_eq!(shown(&lab), [0, 2, 4, 5, 6]);
    // Steps go on as if nobody had looked.
    let mut plain = self::lab();
    plain.apply(&Command::Remove(3)).unwrap();
    for _ in 0..15 {
        plain.apply(&Command::Tick).unwrap();
    }
    assert!(fingerprint(&plain) == fingerprint(&lab));
}

#[test]
fn seeking_by_outer_steps_lands_where_they_begin() {
    let mut history = History::new(lab());
    for _ in 0..40 {
        history.apply(&Command::Tick).unwrap();
    }
    let clock = |history: &History| {
        let snapshot = Snapshot::of_lab(history.lab());
        (snapshot.outer, snapshot.inner)
    };
    let (outer, inner) = clock(&history);
    assert!(outer >= 2 && inner > 0);
    history.seek_outer(false, None);
    assert_eq!(clock(&history), (outer, 0));
    history.seek_outer(false, None);
    assert_eq!(clock(&history), (outer - 1, 0));
    history.seek_outer(true, None);
    assert_eq!(clock(&history), (outer, 0));
}

#[test]
fn a_session_replays_to_the_same_bits() {
    let (mut history, _) = eventful();
    history.seek(40);
    history.apply(&turn(1, "estimator.iterations", "4")).unwrap();
    for _ in 0..33 {
        history.apply(&Command::Tick).unwrap();
    }
    history.seek(58);
    let text = Session::of(&history).to_ron().unwrap();
    let session = Session::from_ron(&text).unwrap();
    assert_eq!(session, Session::of(&history));
    let mut replayed = session.replay(&NoFiles).unwrap();
    assert_eq!((replayed.current(), replayed.position(), replayed.length()), (1, 58, history.length()));
    assert!(fingerprint(replayed.lab()) == fingerprint(history.lab()));
    history.switch(0);
    replayed.switch(0);
    assert!(fingerprint(replayed.lab()) == fingerprint(history.lab()));
}

#[test]
fn a_file_that_is_no_session_is_refused_with_its_place() {
    let error = Session::from_ron("Session(\n    version: 1,\n    scenery: 3,\n)").unwrap_err();
    assert!(error.to_string().contains("line 3"), "{error}");
    let error =
        Session::from_ron(&format!("Session(\n    version: 1,\n    {}: 3,\n)", "é".repeat(20_000))).unwrap_err();
    assert!(error.to_string().contains("line 3") && error.to_string().len() < 1000, "{error}");
    let text = Session::of(&History::new(lab())).to_ron().unwrap().replace("version: 1", "version: 99");
    assert!(Session::from_ron(&text).unwrap_err().to_string().contains("format 99"));
}

#[test]
fn adding_a_trial_changes_no_other() {
    // The clock of an outer step waits for the slowest trial, so trials are compared by outer step.
    let run = |commands: &[Command]| {
        let mut lab = lab();
        for index in 0..40 {
            if index == 13 {
                for command in commands {
                    lab.apply(command).unwrap();
                }
            }
            lab.apply(&Command::Tick).unwrap();
        }
        while lab.trials().take(5).any(|trial| trial.outer() < 6) {
            lab.apply(&Command::Tick).unwrap();
        }
        let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        let steps = |trial: &hyperlab::trial::Trial| {
            let vectors = [&metric::LAMBDA, &metric::THETA, &metric::HYPERGRADIENT];
            let records = trial.outer_records().iter().take(6);
            records.map(|record| vectors.map(|vector| bits(record.vector(vector)))).collect::<Vec<_>>()
        };
        lab.trials().take(5).map(steps).collect::<Vec<_>>()
    };
    let estimator = Spec::new("newton").unwrap();
    let another = TrialSpec::of(estimator);
    let with = run(&[Command::Add(Box::new(another)), Command::Duplicate(2)]);
    assert!(run(&[]) == with);
}

#[test]
fn measuring_changes_nothing() {
    let path = |every: usize| {
        let mut lab = lab();
        lab.apply(&Command::MeasureEvery(every)).unwrap();
        for _ in 0..40 {
            lab.apply(&Command::Tick).unwrap();
        }
        lab.trials().map(|trial| (trial.lambda().to_vec(), trial.theta().to_vec(), trial.cost())).collect::<Vec<_>>()
    };
    assert_eq!(path(1), path(3));
    assert_eq!(path(1), path(1_000_000));
}

#[test]
fn a_turned_knob_shows_the_run_as_it_would_have_gone() {
    let mut turned = lab();
    for _ in 0..5 {
        turned.apply(&Command::Tick).unwrap();
    }
    turned.apply(&turn(0, "inner.dynamics.step", "0.4")).unwrap();
    let text = SCENARIO.replace(
        "Trial(estimator: Direct())",
        "Trial(estimator: Direct(), inner: Inner(dynamics: GradientDescent(step: Fixed(0.4)), steps: 8, warm_start: true))",
    );
    let mut written = Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap());
    for _ in 0..5 {
        written.apply(&Command::Tick).unwrap();
    }
    assert!(fingerprint(&turned)[0] == fingerprint(&written)[0]);
}

#[test]
fn turning_the_problem_so_that_it_has_other_variables_starts_anew() {
    let mut lab = lab();
    for _ in 0..30 {
        lab.apply(&Command::Tick).unwrap();
    }
    lab.apply(&Command::TurnProblem { key: "penalty".into(), value: "Scalar".into() }).unwrap();
    assert!(lab.trials().all(|trial| trial.lambda().len() == 1 && trial.outer() == 0 && trial.inner() == 0));
    lab.apply(&Command::Tick).unwrap();
}

#[test]
fn a_command_that_does_not_fit_is_refused_in_words_and_changes_nothing() {
    let mut lab = lab();
    lab.apply(&Command::Tick).unwrap();
    let before = fingerprint(&lab);
    for (command, words) in [
        (Command::Remove(99), "no trial 99"),
        (turn(0, "estimator.dampening", "1"), "`estimator.damping`"),
        (turn(0, "inner.steps", "0"), "a whole number from 1"),
        (Command::TurnProblem { key: "penalty_weight".into(), value: "-1".into() }, "expected a number from"),
        (Command::TurnProblem { key: "weight".into(), value: "1".into() }, "`penalty_weight`"),
    ] {
        let error: CommandError = lab.apply(&command).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(fingerprint(&lab) == before);
}

#[test]
fn a_diverging_trial_stops_in_words_the_others_go_on_and_a_turn_revives_it() {
    let mut lab = lab();
    lab.apply(&turn(0, "inner.dynamics.step", "10000")).unwrap();
    lab.apply(&turn(0, "inner.steps", "1000")).unwrap();
    for _ in 0..1000 {
        lab.apply(&Command::Tick).unwrap();
    }
    let status = |lab: &Lab| lab.trial(0).unwrap().status();
    assert!(matches!(status(&lab), Status::Diverged { outer: 0, .. }), "{}", status(&lab));
    assert!(status(&lab).to_string().contains("θ is not finite"));
    assert!(lab.trial(1).unwrap().outer() > 10);
    lab.apply(&turn(0, "inner.dynamics.step", "0.1")).unwrap();
    assert!(!status(&lab).is_halted());
}

#[test]
fn a_turned_knob_keeps_warm_starts() {
    let residual = |turns: bool| {
        let mut lab = lab();
        while lab.trial(1).unwrap().outer() < 4 {
            lab.apply(&Command::Tick).unwrap();
        }
        if turns {
            lab.apply(&turn(1, "inner.steps", "9")).unwrap();
            lab.apply(&turn(1, "inner.steps", "8")).unwrap();
        }
        lab.trial(1).unwrap().latest().unwrap().estimate.solver.residual
    };
    assert_eq!(residual(false).to_bits(), residual(true).to_bits());
}

#[test]
fn outer_variables_of_the_dynamics_follow_their_knobs() {
    let scheduled = |step: &str| SCENARIO.replace("GradientDescent()", &format!("ScheduledHeavyBall({step})"));
    let built = |text: String| Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap());
    let mut turned = built(scheduled(""));
    turned.apply(&turn(0, "inner.dynamics.step", "0.3")).unwrap();
    let written = built(scheduled("step: Fixed(0.3)"));
    assert_eq!(turned.trial(0).unwrap().lambda(), written.trial(0).unwrap().lambda());
}

#[test]
fn outer_steps_are_found_again_after_trials_went_and_the_problem_changed() {
    let mut history = History::new(lab());
    let mut starts = vec![0];
    for index in 0..90 {
        let command = match index {
            30 => Command::TurnProblem { key: "penalty".into(), value: "Scalar".into() },
            50 => Command::Remove(1),
            60 => turn(0, "inner.dynamics.step", "10000"),
            61 => turn(0, "inner.steps", "100000"),
            _ => Command::Tick,
        };
        let before = history.lab().outer_ticks();
        history.apply(&command).unwrap();
        if history.lab().outer_ticks() > before {
            starts.push(history.position());
        }
    }
    assert!(starts.len() > 5, "{starts:?}");
    let mut found = Vec::new();
    while history.position() > 0 {
        history.seek_outer(false, None);
        found.push(history.position());
    }
    found.reverse();
    assert_eq!(found, starts);
    history.seek_outer(true, None);
    assert_eq!(history.position(), starts[1]);
}

#[test]
fn a_session_that_no_run_can_start_with_is_refused() {
    let text = Session::of(&History::new(lab())).to_ron().unwrap();
    for (from, to, words) in [
        ("bounds: (-30.0, 30.0)", "bounds: (1.0, -1.0)", "the smaller one first"),
        ("bounds: (-30.0, 30.0)", "bounds: (NaN, 1.0)", "expected finite numbers"),
        ("steps: 8,", "steps: 0,", "expected at least 1"),
    ] {
        assert!(text.contains(from), "{from} is not in the session");
        let session = Session::from_ron(&text.replace(from, to)).unwrap();
        let error = session.replay(&NoFiles).err().expect("refused");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn the_engine_does_what_the_history_does() {
    let engine = Engine::start(History::new(lab())).unwrap();
    engine.send(Request::Ticks(20));
    engine.send(Request::Apply(turn(0, "estimator.damping", "0.1")));
    engine.send(Request::Apply(turn(0, "estimator.damping", "nonsense")));
    engine.send(Request::Outer(None));
    engine.send(Request::Seek(12));
    engine.send(Request::Save);
    while engine.pending() > 0 {
        std::thread::yield_now();
    }
    let snapshot = engine.snapshot();
    assert_eq!(snapshot.position, 12);
    assert_eq!(engine.take_errors().len(), 1);
    let session = engine.take_session().unwrap();
    let replayed = session.replay(&NoFiles).unwrap();
    assert_eq!(Snapshot::of(&replayed).length, snapshot.length);
    let numbers = |snapshot: &Snapshot| snapshot.trials.iter().map(|trial| trial.lambda.clone()).collect::<Vec<_>>();
    assert_eq!(numbers(&Snapshot::of(&replayed)), numbers(&snapshot));
}

/// Waits until the engine has done what it was asked for and what it measures is over.
fn wait(engine: &Engine) {
    wait_until(engine, |snapshot| snapshot.findings.under_way.is_none());
}

fn wait_until(engine: &Engine, holds: impl Fn(&Snapshot) -> bool) {
    let start = std::time::Instant::now();
    while engine.pending() > 0 || !holds(&engine.snapshot()) {
        assert!(start.elapsed().as_secs() < 120, "the laboratory hangs");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

const BIAS_VARIANCE: Question = Question::of(&bias_variance::ENTRY);

/// The questions that the lab can be asked: none about schedules, which none of its trials learns.
fn questions() -> impl Iterator<Item = Question> {
    Question::all().filter(|question| !is_about_schedules(question.probe()))
}

/// Few replicates: what a test has time for.
fn small(probe: &'static Entry) -> Vec<Request> {
    let turn = |key, count| Request::TurnProbe { probe, key, value: Value::Integer(count) };
    let wanted = [("training", 4), ("validation", 2), ("truth_replicates", 4), ("replicates", 3), ("risk_samples", 2)];
    let has = |key: &str| probe.card.knobs.iter().any(|knob| knob.key == key);
    wanted
        .into_iter()
        .chain([("reference_steps", 3), ("twins", 2), ("states", 1), ("spend", 100), ("steps", 24)])
        .filter(|(key, _)| has(key))
        .map(|(key, n)| turn(key, n))
        .collect()
}

/// An engine on the lab's scenario with two values to sweep, whose probes take little.
fn engine() -> Engine {
    let sweep = r#"study: Study(sweep: Sweep(path: "inner.steps", values: ["1", "4"])),"#;
    let text = SCENARIO
        .replace("    trials: [", &format!("    {sweep} outer: Outer(steps: 2),\n    trials: ["))
        .replacen("    outer: Outer(rule: Adam(step: 0.2)),\n", "", 1);
    let engine = Engine::start(History::new(Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap()))).unwrap();
    Question::all().flat_map(|question| small(question.probe())).for_each(|request| engine.send(request));
    engine
}

fn measuring(requests: &[Request]) -> Engine {
    let engine = engine();
    for request in requests {
        engine.send(request.clone());
        wait(&engine);
    }
    engine
}

fn answer(engine: &Engine, question: Question) -> Answer {
    engine.snapshot().findings.answer(question).unwrap().clone()
}

fn latest(engine: &Engine, question: Question) -> Measured {
    answer(engine, question).latest.unwrap()
}

#[test]
fn a_measurement_changes_no_bit_of_the_laboratory() {
    let steps = [Request::Ticks(5), Request::Outer(None), Request::Ticks(7), Request::SeekBy(-3), Request::Ticks(20)];
    let with = |between: &[Request]| -> Vec<Request> {
        steps.iter().flat_map(|step| std::iter::once(step).chain(between)).cloned().chain([Request::Save]).collect()
    };
    let alone = measuring(&with(&[]));
    let asked: Vec<Request> =
        questions().map(Request::Measure).chain([Request::KeepMeasuring(Some(BIAS_VARIANCE))]).collect();
    let measured = measuring(&with(&asked));
    assert!(questions().all(|question| measured.snapshot().findings.latest(question).is_some()));
    assert!(measured.take_errors().is_empty());
    let numbers = |engine: &Engine| -> Vec<Vec<u64>> {
        let of = |trial: &hyperlab::lab::TrialView| {
            let here = std::iter::once(trial.cost.calls()).chain(trial.lambda.iter().copied());
            here.chain(recorded(trial)).map(f64::to_bits).collect()
        };
        engine.snapshot().trials.iter().map(of).collect()
    };
    assert!(numbers(&alone) == numbers(&measured));
    assert_eq!(alone.take_session(), measured.take_session());
}

/// At λ₀ the laboratory asks what the command line asks, and hears the same.
#[test]
fn every_question_finds_in_the_laboratory_what_its_probe_finds() {
    for question in questions() {
        let engine = measuring(&[Request::Save, Request::Measure(question)]);
        let scenario = engine.take_session().unwrap().scenario;
        assert_eq!(engine.take_errors(), [], "{question:?}");
        let knobs = engine.snapshot().findings.knobs(question.probe());
        let case = Case::of(&scenario.title, &scenario, &NoFiles, &knobs).unwrap();
        let case = Case { sweep: scenario.study.sweep.as_ref().filter(|_| question.is_over_sweep()), ..case };
        let headless = (question.probe().run)(&case, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
        let Answer { latest, newer, .. } = answer(&engine, question);
        let measured = latest.unwrap();
        assert_eq!(measured.finding.to_json(), headless.to_json(), "{question:?}");
        assert_eq!((measured.standing, newer), (Standing::Current, Newer::None));
    }
}

/// A chart takes the type that its probe gives; before there is one, it says which key measures.
#[test]
fn every_chart_of_a_finding_draws_what_its_probe_finds() {
    let unmeasured = engine().snapshot();
    let asked: Vec<Request> = questions().map(Request::Measure).collect();
    let measured = measuring(&asked).snapshot();
    let charts = chart::ALL.iter().filter_map(|entry| Some((entry, entry.finding?)));
    for (entry, question) in charts.filter(|(_, question)| questions().any(|other| other == *question)) {
        let id = entry.card.id;
        let before = (entry.draw)(&unmeasured);
        assert!(
            before.is_empty() && before.empty.help.contains(&format!("{} ", question.key())),
            "{id}: {:?}",
            before.empty
        );
        let figure = (entry.draw)(&measured);
        // Where no descent has an end there is no point to draw, and every trial says whose has none.
        let says_why = figure.notes.iter().any(|note| note.contains("no end"));
        let is_without =
            ["no number to draw", "no excess of F was found"].iter().any(|it| figure.empty.reason.contains(it));
        if is_without && says_why {
            continue;
        }
        assert!(!figure.is_empty() && !figure.empty.reason.contains("defect"), "{id}: {:?}", figure.empty);
    }
}

#[test]
fn a_finding_says_when_it_is_about_something_else_and_when_it_is_not_any_more() {
    let cases = questions().flat_map(|question| MeasuredAt::ALL.map(|at| (question, at)));
    for (question, at) in cases {
        let engine = measuring(&[Request::MeasureAt(at), Request::Measure(question)]);
        let standing = |request: Request| {
            engine.send(request);
            wait(&engine);
            latest(&engine, question).standing
        };
        let is_at_lambda = question.probe().scope == Scope::AtLambda && !question.is_over_sweep();
        let moved = if is_at_lambda && at != MeasuredAt::Start { Standing::LambdaMoved } else { Standing::Current };
        let outer = match question.probe().scope {
            Scope::AtLambda => Standing::Current,
            Scope::WholeRuns | Scope::WholeTrials | Scope::FirstRun => Standing::SettingChanged,
        };
        assert_eq!(standing(Request::Ticks(3)), Standing::Current, "inner steps do not enter it");
        assert_eq!(standing(Request::Outer(None)), moved, "{question:?} {at:?}");
        assert_eq!(standing(Request::Seek(0)), Standing::Current);
        assert_eq!(standing(Request::Apply(turn(0, "estimator.damping", "0.5"))), Standing::SettingChanged);
        assert_eq!(standing(Request::Seek(0)), Standing::Current);
        assert_eq!(standing(Request::Apply(turn(4, "outer.rule.step", "0.25"))), outer, "{question:?}");
        assert_eq!(standing(Request::Seek(0)), Standing::Current);
        assert_eq!(standing(Request::Apply(Command::Hide(1, true))), Standing::Current);
        assert_eq!(standing(Request::Apply(set("seed", "12"))), Standing::SettingChanged);
        assert_eq!(standing(Request::Seek(0)), Standing::Current);
        assert_eq!(standing(Request::Apply(Command::Duplicate(2))), Standing::SettingChanged);
    }
}

/// Bars of one chart are compared; where they were not measured at one λ, that is said.
#[test]
fn a_measurement_says_at_which_lambda_it_was_made() {
    let place = |requests: &[Request]| {
        let engine = measuring(requests);
        let figure =
            (chart::ALL.iter().find(|entry| entry.finding == Some(BIAS_VARIANCE)).unwrap().draw)(&engine.snapshot());
        let said = |words: &str| figure.notes.iter().any(|note| note.contains(words));
        (said("all at λ₀"), said("all at λ of stochastic (outer step 1): ‖λ‖ = "), said("each trial at its own λ"))
    };
    let (measure, outer) = (Request::Measure(BIAS_VARIANCE), Request::Outer(None));
    let [start, selected, each] = MeasuredAt::ALL.map(Request::MeasureAt);
    assert_eq!(place(std::slice::from_ref(&measure)), (true, false, false));
    assert_eq!(place(&[outer.clone(), start, measure.clone()]), (true, false, false));
    assert_eq!(place(&[each.clone(), measure.clone()]), (true, false, false), "nobody has moved");
    assert_eq!(place(&[outer.clone(), each, measure.clone()]), (false, false, true));
    assert_eq!(place(&[outer, Request::Select(Some(2)), selected, measure]), (false, true, false));
}

fn set(path: &str, value: &str) -> Command {
    Command::Set { path: path.into(), value: value.into() }
}

#[test]
fn a_cancelled_measurement_leaves_the_last_complete_result() {
    let engine = measuring(&[Request::Measure(BIAS_VARIANCE)]);
    let before = latest(&engine, BIAS_VARIANCE);
    let much =
        |count| Request::TurnProbe { probe: BIAS_VARIANCE.probe(), key: "training", value: Value::Integer(count) };
    engine.send(much(1_000_000));
    engine.send(Request::Measure(BIAS_VARIANCE));
    wait_until(&engine, |snapshot| snapshot.findings.under_way.is_some());
    // The laboratory goes on meanwhile.
    engine.send(Request::Ticks(2));
    wait_until(&engine, |snapshot| snapshot.inner == 2);
    assert_eq!(answer(&engine, BIAS_VARIANCE).newer, Newer::UnderWay);
    engine.send(Request::Cancel);
    wait(&engine);
    let kept = answer(&engine, BIAS_VARIANCE);
    assert_eq!(kept.newer, Newer::Cancelled);
    assert!(std::sync::Arc::ptr_eq(&kept.latest.as_ref().unwrap().finding, &before.finding));
    assert!(kept.caution().unwrap().contains("a newer one was cancelled"));
    assert!(engine.take_errors().is_empty());
    // The next one is not kept from its end by the last.
    engine.send(much(4));
    engine.send(Request::Measure(BIAS_VARIANCE));
    wait(&engine);
    assert_eq!(answer(&engine, BIAS_VARIANCE).newer, Newer::None);
}

#[test]
fn what_cannot_be_measured_is_said_in_words() {
    let text = r#"Scenario(
        title: "No data", about: "Nothing to draw anew.", problem: Quadratic(),
        inner: Inner(dynamics: GradientDescent(), steps: 4), trials: [Trial(estimator: Direct)],
    )"#;
    let engine = Engine::start(History::new(Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap()))).unwrap();
    let said = || engine.take_errors().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    engine.send(Request::KeepMeasuring(Some(BIAS_VARIANCE)));
    wait(&engine);
    let words = said();
    assert!(words.contains("bias and variance cannot be measured: this problem has no data"), "{words}");
    assert_eq!(engine.snapshot().findings.keeps, None, "it would fail again and again");
    let failed = answer(&engine, BIAS_VARIANCE);
    assert!(failed.latest.is_none() && matches!(&failed.newer, Newer::Failed(why) if why.contains("no data")));
    engine.send(Request::Measure(Question::over_sweep(&bias_variance::ENTRY).unwrap()));
    wait(&engine);
    let words = said();
    assert!(words.contains("study.sweep"), "{words}");
    engine.send(Request::TurnProbe { probe: BIAS_VARIANCE.probe(), key: "training", value: Value::Integer(-3) });
    wait(&engine);
    let words = said();
    assert!(words.contains("`training` cannot be -3"), "{words}");
}

#[test]
fn measurements_are_kept_up_with_the_newest_lambda() {
    let each = Request::MeasureAt(MeasuredAt::Each);
    let engine = measuring(&[each, Request::KeepMeasuring(Some(BIAS_VARIANCE))]);
    let outer = || latest(&engine, BIAS_VARIANCE).taken.outer;
    assert_eq!(outer(), 0);
    for _ in 0..3 {
        engine.send(Request::Outer(None));
    }
    wait(&engine);
    assert_eq!(outer(), 3);
    let first = latest(&engine, BIAS_VARIANCE).finding;
    engine.send(Request::Ticks(2));
    wait(&engine);
    let same = latest(&engine, BIAS_VARIANCE).finding;
    assert!(std::sync::Arc::ptr_eq(&first, &same), "nothing has moved, so nothing is measured");
    // Another question breaks in, and the one to be kept up is taken up again.
    engine.send(Request::Outer(None));
    engine.send(Request::Measure(Question::over_sweep(&bias_variance::ENTRY).unwrap()));
    wait(&engine);
    assert_eq!(outer(), 4);
    engine.send(Request::KeepMeasuring(None));
    engine.send(Request::Outer(None));
    wait(&engine);
    assert_eq!(outer(), 4);
}

#[test]
fn a_sweep_takes_the_trials_as_they_are_set_and_reaches_them_all() {
    let study =
        r#"study: Study(training: 3, validation: 2, sweep: Sweep(path: "inner.steps", values: ["1", "4", "8"])),"#;
    let text = SCENARIO.replace("    trials: [", &format!("    {study}\n    trials: ["));
    let mut lab = Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap());
    // Trials without an inner loop of their own follow the sweep, wherever their knobs were turned to.
    lab.apply(&turn(0, "inner.steps", "30")).unwrap();
    lab.apply(&turn(0, "inner.dynamics.step", "0.3")).unwrap();
    lab.apply(&turn(1, "estimator.iterations", "4")).unwrap();
    lab.apply(&Command::Remove(3)).unwrap();
    let snapshot = Snapshot::of_lab(&lab);
    let knobs = snapshot.findings.knobs(&bias_variance::ENTRY);
    assert_eq!((knobs.count("training"), knobs.count("validation"), knobs.count("truth_replicates")), (3, 2, 100));
    let few = |lab: &Lab, question: Question| {
        let knobs = knobs.clone().with("truth_replicates", Value::Integer(3));
        let terms = Terms { knobs, place: Place::Start };
        let inquiry = Inquiry::new(question, lab, terms, Moment::of_lab(lab)).unwrap();
        inquiry.run(&NoFiles, &mut |_| std::ops::ControlFlow::Continue(())).unwrap()
    };
    let found = few(&lab, Question::over_sweep(&bias_variance::ENTRY).unwrap());
    let found: &SweepFinding = found.get().unwrap();
    let ids: Vec<u64> = found.points[0].finding.trials.iter().map(|trial| trial.id).collect();
    assert_eq!(ids, [0, 1, 2, 4, 5, 6]);
    let mse = |point: usize, trial: usize| found.points[point].finding.trials[trial].mse;
    assert_ne!(mse(0, 0), mse(1, 0));
    assert_ne!(mse(0, 1), mse(1, 1));
    assert_eq!(mse(0, 2), mse(1, 2), "the stochastic trial has an inner loop of its own");
    // The value that the scenario itself has reaches a trial that was turned away from it, too.
    lab.apply(&turn(0, "inner.steps", "8")).unwrap();
    let alone = few(&lab, BIAS_VARIANCE);
    let alone: &bias_variance::BiasVariance = alone.get().unwrap();
    assert_eq!(mse(2, 0).to_bits(), alone.trials[0].mse.to_bits());
}

/// Beyond the budget records are thinned: memory stays bounded, the first and the last record are there, and going back
/// in time or replaying a session leaves the same records, bit for bit.
#[test]
fn a_long_run_is_thinned_the_same_way_however_it_is_reached() {
    use hyperlab::trial::Budget;

    let text = "Scenario(title: \"t\", about: \"a\", problem: Ridge, lambda: Constant(-1.0), truth: None,
        data: Data(source: Regression(rows: 12, features: 40), split: Random(training: 6, validation: 6)),
        inner: Inner(dynamics: GradientDescent, steps: 1, warm_start: true), trials: [Trial(estimator: Identity)])";
    let mut history = History::new(Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap()));
    let (mut early, steps) = (None, 2 * Budget::LABORATORY.samples + 500);
    for tick in 0..2 * steps {
        history.apply(&Command::Tick).unwrap();
        if tick + 1 == 2 * (Budget::LABORATORY.samples + 30) {
            early = Some((history.position(), fingerprint(history.lab())));
        }
    }
    let records = history.lab().trials().next().unwrap().outer_records();
    assert_eq!((records.len(), records.stride()), (steps, 4));
    assert!(records.iter().count() <= Budget::LABORATORY.samples + 1);
    assert_eq!((records.iter().next().unwrap().place, records.last().unwrap().place), (0, steps - 1));
    // Of vectors of 40 numbers there is room for 131072 / 40 samples.
    let thetas = records.readings(&metric::THETA).count();
    assert!(thetas > 1000 && thetas <= Budget::LABORATORY.numbers / 40 + 1, "{thetas}");

    let (end, seen) = (history.position(), fingerprint(history.lab()));
    let (position, then) = early.unwrap();
    for (position, expected) in [(position, &then), (end, &seen), (position, &then)] {
        history.seek(position);
        assert!(fingerprint(history.lab()) == *expected, "at {position}");
    }
    let mut replayed = Session::from_ron(&Session::of(&history).to_ron().unwrap()).unwrap().replay(&NoFiles).unwrap();
    replayed.seek(end);
    assert!(fingerprint(replayed.lab()) == seen);
}

/// Where λ has moved and the next inner run has not begun, the numbers are those of the run that has ended; so is what the
/// solver says of itself.
#[test]
fn the_solver_that_is_shown_is_the_one_behind_the_numbers_that_are_shown() {
    let text = "Scenario(title: \"t\", about: \"t.\", problem: Ridge(penalty: PerFeature), data: Data(source: Bundled(\"diabetes\"),
        split: Alternate), lambda: Constant(-3.0), inner: Inner(dynamics: GradientDescent(), steps: 20),
        outer: Outer(rule: Adam(step: 0.1)), trials: [Trial(name: \"t\", estimator: Cg(iterations: 1))])";
    let mut lab = Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap());
    while lab.trials().next().unwrap().outer() == 0 {
        lab.apply(&Command::Tick).unwrap();
    }
    let trial = &Snapshot::of_lab(&lab).trials[0];
    let recorded = trial.outer_records.last().unwrap().number(&hyperlab::metric::SOLVER_RESIDUAL).unwrap();
    let shown = trial.solver().unwrap();
    assert_eq!((shown.residual, shown.iterations, shown.converged), (recorded, 1, false));
    assert_ne!(trial.latest.as_ref().unwrap().estimate.solver.residual, recorded);
    lab.apply(&Command::Tick).unwrap();
    let trial = &Snapshot::of_lab(&lab).trials[0];
    assert_eq!(trial.solver().unwrap(), trial.latest.as_ref().unwrap().estimate.solver);
}
