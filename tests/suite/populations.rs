//! Students of a trial: each goes its own way as it would alone, the best one is what is recorded, and a student that
//! stops takes nobody with it.

use hyperlab::lab::{Command, History, Lab, Session};
use hyperlab::metric::{CALLS, COST_BYTES, LAMBDA, LEADER, OUTER_VALUE, STUDENT_LAMBDA, STUDENT_VALUES, THETA};
use hyperlab::scenario::{NoFiles, check_text, experiment, parse};
use hyperlab::trial::{Status, Trial};

use crate::common::estimation::bits;
use crate::common::outer_steps;

const SCENARIO: &str = r#"Scenario(
    title: "A test",
    about: "A population beside a trial alone.",
    seed: 11,
    problem: Ridge(penalty: PerFeature),
    data: Data(source: Regression(rows: 60, features: 3), split: Random(training: 24, validation: 20, test: 16)),
    lambda: LAMBDA,
    theta: Normal(deviation: 0.5),
    inner: Inner(dynamics: GradientDescent(step: STEP), steps: 9, warm_start: true),
    outer: Outer(rule: Adam(step: 0.3), steps: 6),
    trials: [Trial(name: "trial", estimator: Cg(iterations: 2, warm_start: true), population: POPULATION)],
)"#;

fn text(population: &str, lambda: &str, step: &str) -> String {
    SCENARIO.replace("POPULATION", population).replace("LAMBDA", lambda).replace("STEP", step)
}

fn lab(population: &str, lambda: &str, step: &str) -> Lab {
    Lab::new(experiment(&parse(&text(population, lambda, step)).unwrap(), &NoFiles).unwrap())
}

fn only(lab: &Lab) -> &Trial {
    lab.trials().next().unwrap()
}

/// λ of every student at every outer step.
fn paths(trial: &Trial) -> Vec<Vec<Vec<f64>>> {
    let readings = trial.outer_records().readings(&STUDENT_LAMBDA);
    readings.map(|(_, reading)| reading.vector().unwrap().chunks(3).map(<[f64]>::to_vec).collect()).collect()
}

/// K students are K trials from their starts: the same λ, the same cost, and the least f among them.
#[test]
fn restarts_are_trials_of_their_own() {
    const STEPS: usize = 6;
    let together = outer_steps(lab("Restarts(students: 4)", "Constant(-1.0)", "Auto"), STEPS);
    let trial = only(&together);
    let paths = paths(trial);
    assert_eq!((paths.len(), paths[0].len()), (STEPS, 4));
    assert_eq!(paths[0][0], [-1.0; 3]);
    let mut values = vec![Vec::new(); STEPS];
    let mut calls = 0.0;
    for (student, start) in paths[0].iter().enumerate() {
        let start = format!("Explicit({start:?})");
        let alone = outer_steps(lab("Alone", &start, "Auto"), STEPS);
        let alone = only(&alone);
        for record in alone.outer_records().iter() {
            assert_eq!(bits(record.vector(&LAMBDA)), bits(&paths[record.place][student]), "student {student}");
            values[record.place].push(record.number(&OUTER_VALUE).unwrap());
        }
        calls += alone.cost().calls();
    }
    assert_eq!(trial.cost().calls(), calls);
    let mut leaders = Vec::new();
    for record in trial.outer_records().iter() {
        let values = &values[record.place];
        assert_eq!(bits(record.vector(&STUDENT_VALUES)), bits(values));
        let leader = record.number(&LEADER).unwrap() as usize;
        assert!(values.iter().all(|value| *value >= values[leader]), "{values:?}: {leader}");
        assert_eq!(record.number(&OUTER_VALUE), Some(values[leader]));
        assert_eq!(record.vector(&LAMBDA), paths[record.place][leader]);
        leaders.push(leader);
    }
    assert!(leaders.iter().any(|leader| *leader > 0), "the first one leads all along: {leaders:?}");
    // What was spent when the last outer step was recorded is what is spent after it.
    let last = trial.outer_records().last().unwrap();
    assert_eq!(last.number(&CALLS), Some(calls));
    let bytes = last.number(&COST_BYTES).unwrap();
    assert!(bytes >= 0.0);
}

#[test]
fn one_student_is_a_trial_alone() {
    let places = |population: &str| {
        let lab = outer_steps(lab(population, "Constant(0.5)", "Auto"), 4);
        let records = only(&lab).outer_records().clone();
        let bits = records.iter().map(|record| [&LAMBDA, &THETA].map(|metric| bits(record.vector(metric))));
        bits.collect::<Vec<_>>()
    };
    assert_eq!(places("Restarts(students: 1)"), places("Alone"));
}

/// With a fixed step size the inner run diverges where the penalty is large: those students stop, the others go on.
#[test]
fn a_student_that_diverges_is_left_behind() {
    let population = "Restarts(students: 12, spread: 6.0)";
    let lab = outer_steps(lab(population, "Constant(-3.0)", "Fixed(0.02)"), 30);
    let trial = only(&lab);
    let halted: Vec<bool> = trial.students().iter().map(|student| student.status().is_halted()).collect();
    assert!(halted.contains(&true) && halted.contains(&false), "{halted:?}");
    assert_eq!(trial.outer(), 30);
    assert!(!trial.status().is_halted() && !trial.loops().status().is_halted());
    for (student, halted) in trial.students().iter().zip(&halted) {
        assert!(*halted || student.outer() == 30);
    }
    let last = trial.outer_records().last().unwrap();
    assert!(last.number(&OUTER_VALUE).unwrap().is_finite());
}

#[test]
fn a_trial_halts_with_the_last_of_its_students_and_a_knob_revives_it() {
    let text =
        text("Restarts(students: 3, spread: 0.1)", "Constant(-3.0)", "Fixed(1e4)").replace("steps: 9", "steps: 99");
    let mut lab = outer_steps(Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap()), 2);
    assert!(matches!(only(&lab).status(), Status::AllDiverged { outer: 0 }), "{:?}", only(&lab).status());
    assert!(only(&lab).students().iter().all(|student| student.status().is_halted()));
    lab.apply(&Command::Turn { trial: 0, path: "inner.dynamics.step".into(), value: "Auto".into() }).unwrap();
    let lab = outer_steps(lab, 2);
    assert!(only(&lab).students().iter().all(|student| student.outer() == 2));
}

/// Turned knobs, another population, branches: every moment is the same when it is come back to.
#[test]
fn seeking_and_a_session_give_the_same_bits() {
    let place = |lab: &Lab| {
        let trial = only(lab);
        let each = trial.students().iter().map(|student| {
            let thetas: Vec<f64> = student.thetas().flatten().copied().collect();
            (student.outer(), student.inner(), bits(student.lambda()), bits(&thetas))
        });
        (each.collect::<Vec<_>>(), trial.cost().calls().to_bits(), bits(trial.lambda()))
    };
    let turn = |path: &str, value: &str| Command::Turn { trial: 0, path: path.into(), value: value.into() };
    let mut history = History::new(lab("Restarts(students: 3)", "Constant(-1.0)", "Auto"));
    let mut seen = vec![place(history.lab())];
    for index in 0..100 {
        let command = match index {
            5 => turn("inner.batch", "Rows(5)"),
            25 => turn("outer.rule.step", "0.1"),
            33 => turn("inner.steps", "5"),
            60 => turn("population.students", "5"),
            80 => Command::Set { path: "population".into(), value: "Restarts(students: 2, starts: Within)".into() },
            _ => Command::Tick,
        };
        history.apply(&command).unwrap();
        seen.push(place(history.lab()));
    }
    for position in [99, 3, 61, 0, 80, 81, 34, 26, 59, 100] {
        history.seek(position);
        assert!(place(history.lab()) == seen[position], "position {position}");
    }
    let text = Session::of(&history).to_ron().unwrap();
    let replayed = Session::from_ron(&text).unwrap().replay(&NoFiles).unwrap();
    assert!(place(replayed.lab()) == seen[100]);
}

#[test]
fn a_population_of_none_is_named_with_what_would_work() {
    let (_, found) = check_text(&text("Restarts(students: 0)", "Constant(0.0)", "Auto"), &NoFiles, [].as_slice());
    let said: Vec<String> = found.iter().map(|mistake| mistake.message.clone()).collect();
    assert!(said.iter().any(|said| said.contains("`students`") && said.contains("from 1 to 256")), "{said:?}");
}

/// Students of a trial whose draws are shared see the same rows, as trials do.
#[test]
fn students_share_rows_where_trials_do() {
    let text = text("Restarts(students: 2, spread: 0.0)", "Constant(-1.0)", "Auto")
        .replace("warm_start: true),\n    outer", "warm_start: true, batch: Rows(4)),\n    draws: DRAWS,\n    outer");
    let differ = |draws: &str| {
        let scenario = parse(&text.replace("DRAWS", draws)).unwrap();
        let lab = outer_steps(Lab::new(experiment(&scenario, &NoFiles).unwrap()), 2);
        let students = only(&lab).students();
        assert!(!scenario.inner.batch.is_full());
        students[0].lambda() != students[1].lambda()
    };
    assert!(!differ("Shared") && differ("Own"));
}

#[test]
fn a_session_longer_than_anybody_has_sat_is_refused() {
    let history = History::new(lab("Alone", "Constant(0.0)", "Auto"));
    let text = Session::of(&history).to_ron().unwrap();
    for ticks in ["Ticks(1000000000000000000)", "Ticks(18446744073709551615), Ticks(18446744073709551615)"] {
        let long = text.replace("commands: []", &format!("commands: [{ticks}]"));
        assert!(long.contains("Ticks"), "{text}");
        let words = Session::from_ron(&long).unwrap().replay(&NoFiles).err().unwrap().to_string();
        assert!(words.contains("expected at most 20000000"), "{words}");
    }
}

#[test]
fn what_cannot_be_written_out_for_students_is_named() {
    let said = |population: &str, students: &str| {
        let text = format!(
            "Scenario(title: \"t\", about: \"a\", problem: Branin, inner: Inner(dynamics: Newton, steps: 1), truth: None,
            outer: Outer(rule: GradientDescent(step: 1e-4), coordinates: Box, steps: 2),
            draws: Explicit(students: Students({students})), trials: [Trial(estimator: Direct, population: {population})])"
        );
        let (_, found) = check_text(&text, &NoFiles, &[][..]);
        found.into_iter().map(|mistake| mistake.message).collect::<Vec<_>>().join("; ")
    };
    let hpm = "Hpm(students: 4, heads: 1)";
    assert_eq!(said(hpm, "coins: [[1.0, 0.0]], teacher: [[0.1, 0.2], [1.0, -1.0]]"), "");
    for (students, expected) in [
        (
            "starts: [[0.1, 0.1], [0.2, 0.2], [0.3, 0.3], [0.4, 0.4], [0.5, 0.5]]",
            "5 starts for 4 students; expected no more",
        ),
        ("starts: [[0.1, 0.2, 0.3]]", "3 numbers for a λ of 2 entries; expected as many"),
        ("starts: [[0.1, 1.5]]", "a student starts at 1.5; expected from 0 to 1"),
        ("coins: [[1.0, 1.0], [0.3, 1.0]]", "a coin is 0.3; expected 1 for an entry that grows and 0"),
        ("coins: [[NaN, 1.0]]", "expected 1 for an entry that grows and 0"),
        ("teacher: [[NaN, 1.0], [1.0, 1.0]]", "expected finite numbers"),
        ("teacher: [[1.0, 1.0]]", "expected two lists, W and V"),
    ] {
        let found = said(hpm, students);
        assert!(found.contains(expected), "{students}: {found}");
    }
    let nobody = said("Restarts(students: 3, starts: Anywhere)", "starts: [[0.1, 0.2]]");
    assert!(nobody.contains("`Restarts` takes nothing that `students` writes out"), "{nobody}");
}
