//! What populations that replace their students find, what they have paid for it, and who is left: on Branin's function, and on ridge regression
//! where inner runs may diverge.

use hyperlab::lab::{Command, History, Lab, Session};
use hyperlab::metric::{
    ACTIVE_BOUNDS, BEST_VALUE, CALLS, FOUNDERS, GENERATION, LAMBDA, LEADER, LOWER_BOUNDS, MUTATION, OUTER_VALUE,
    PARENTS, STUDENT_LAMBDA, STUDENT_VALUES, SURVIVING_FOUNDERS, TAKE_OVER, UNITS,
};
use hyperlab::scenario::{NoFiles, experiment, parse};
use hyperlab::trial::{Status, Trial};

use crate::common::estimation::bits;
use crate::common::outer_steps;

const BRANIN: &str = r#"Scenario(
    title: "A test", about: "A search.", seed: 5, problem: Branin, truth: None,
    inner: Inner(dynamics: GradientDescent(step: Fixed(1.0)), steps: 1),
    outer: Outer(rule: GradientDescent(step: 1e-4), coordinates: Box, steps: 50),
    DRAWS
    trials: [Trial(estimator: Direct, population: POPULATION)],
)"#;

const RIDGE: &str = r#"Scenario(
    title: "A test", about: "Inner runs that diverge where penalties are large.", seed: 11,
    problem: Ridge(penalty: PerFeature),
    data: Data(source: Regression(rows: 60, features: 3), split: Random(training: 24, validation: 20, test: 16)),
    inner: Inner(dynamics: GradientDescent(step: Fixed(STEP)), steps: 99, warm_start: true),
    outer: Outer(rule: Adam(step: 0.05), coordinates: Box, bounds: (-8.0, 12.0), steps: 6),
    trials: [Trial(estimator: Cg(iterations: 3), population: POPULATION)],
)"#;

fn lab(text: &str) -> Lab {
    Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap())
}

fn branin(population: &str) -> Lab {
    lab(&BRANIN.replace("POPULATION", population).replace("DRAWS", ""))
}

fn ridge(population: &str, step: &str) -> Lab {
    lab(&RIDGE.replace("POPULATION", population).replace("STEP", step))
}

fn only(lab: &Lab) -> &Trial {
    lab.trials().next().unwrap()
}

/// K = 10 and q = 2: a round of students that go along hypergradients is 20 units, one of values alone is 10, and a step of the teacher asks for two
/// more hypergradients.
#[test]
fn a_round_costs_what_the_definitions_say() {
    let spent = |population: &str, rounds: usize| {
        let lab = outer_steps(branin(population), rounds);
        let trial = only(&lab);
        let recorded: Vec<f64> = trial.outer_records().iter().map(|record| record.number(&UNITS).unwrap()).collect();
        let last = trial.outer_records().last().unwrap();
        // Calls that are recorded before a round ends are those after it but for what the teacher asked for.
        assert!(last.number(&CALLS).unwrap() <= trial.cost().calls(), "{population}");
        (trial.units(), recorded, trial.cost().calls())
    };
    let (units, recorded, per_step) = spent("Alone", 1);
    assert_eq!((units, &recorded[..]), (2, &[2.0][..]));
    assert_eq!(spent("Restarts(students: 10)", 7).0, 140);
    assert_eq!(spent("Restarts(students: 10)", 7).2, 70.0 * per_step);
    // An inner step is a gradient, and f is asked for to rank.
    for population in ["Pbt(students: 10)", "RandomSearch(students: 10)"] {
        let (units, recorded, calls) = spent(population, 7);
        assert_eq!((units, recorded[6], calls), (70, 70.0, 140.0), "{population}");
    }
    let (units, recorded, calls) = spent("Hpm(students: 10, mutation: Coins)", 7);
    assert_eq!((units, recorded[6], calls), (140, 140.0, 70.0 * (per_step + 1.0)));
    let (units, recorded, calls) = spent("Hpm(students: 10)", 7);
    assert_eq!((units, recorded[6], calls), (7 * 24, 6.0 * 24.0 + 20.0, 84.0 * (per_step + 1.0)));
    // Exchanges in rounds 3 and 6.
    assert_eq!(spent("Hpm(students: 10, every: 3, teacher_steps: 3)", 7).0, 7 * 20 + 2 * 3 * 4);
}

/// With one head `α = 1 + tanh W` whatever V is: the teacher's first question about the best student is put at a minimum of F, where nobody stands.
#[test]
fn what_the_teacher_asks_for_counts() {
    let least = 10.0 / (8.0 * std::f64::consts::PI);
    let minimum = [(std::f64::consts::PI + 5.0) / 15.0, 2.275 / 15.0];
    let start = [0.5, 0.2];
    let w: Vec<f64> = minimum.iter().zip(start).map(|(to, from)| (to / from - 1.0).atanh()).collect();
    let draws = format!(
        "draws: Explicit(students: Students(starts: [{start:?}, [0.9, 0.9], [0.05, 0.05]], teacher: [{w:?}, [0.0, 0.0]])),"
    );
    let text = BRANIN.replace("POPULATION", "Hpm(students: 3)").replace("DRAWS", &draws);
    let lab = outer_steps(lab(&text), 1);
    let trial = only(&lab);
    let first = trial.outer_records().last().unwrap();
    let of_students = first.vector(&STUDENT_VALUES).iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(first.number(&BEST_VALUE), Some(of_students));
    assert!(of_students > least + 0.1, "{of_students}");
    assert!((trial.best().unwrap() - least).abs() < 1e-9, "{:?}", trial.best());
}

/// The least of all values of the students, where nobody else asks.
#[test]
fn the_best_is_the_least_so_far() {
    for population in
        ["Restarts(students: 4, starts: Within)", "Pbt(students: 5)", "RandomSearch(students: 3)", "Alone"]
    {
        let lab = outer_steps(branin(population), 12);
        let mut best = f64::INFINITY;
        for record in only(&lab).outer_records().iter() {
            let values = record.vector(&STUDENT_VALUES);
            let here = if values.is_empty() { &[record.number(&OUTER_VALUE).unwrap()][..] } else { values };
            best = here.iter().copied().fold(best, f64::min);
            assert_eq!(record.number(&BEST_VALUE), Some(best), "{population}");
        }
        assert_eq!(only(&lab).best(), Some(best), "{population}");
    }
}

/// Founders, generations and the take-over follow from who was copied where.
#[test]
fn a_lineage_follows_from_its_copies() {
    let mut take_overs = 0;
    for population in ["Hpm(students: 6, share: 0.5, mutation: Coins)", "Pbt(students: 5)", "RandomSearch(students: 3)"]
    {
        let lab = outer_steps(branin(population), 40);
        let students = only(&lab).students().len();
        let mut founders: Vec<f64> = (0..students).map(|student| student as f64).collect();
        let mut generations = vec![0.0; students];
        let (mut next, mut taken_over) = (students as f64, None);
        for record in only(&lab).outer_records().iter() {
            let children = record.vector(&MUTATION).len();
            let (before, older) = (founders.clone(), generations.clone());
            for (slot, parent) in record.vector(&PARENTS).iter().enumerate() {
                if parent.is_finite() {
                    (founders[slot], generations[slot]) = (before[*parent as usize], older[*parent as usize] + 1.0);
                } else if population.starts_with("Random") && record.place > 0 {
                    // Drawn anew, and a founder with a number that nobody had.
                    founders[slot] = record.vector(&FOUNDERS)[slot];
                    assert!((next..next + students as f64).contains(&founders[slot]), "{founders:?}");
                }
            }
            if population.starts_with("Random") && record.place > 0 {
                next += students as f64;
            }
            assert_eq!(record.vector(&FOUNDERS), founders, "{population}, round {}", record.place);
            let mut left = founders.clone();
            left.sort_by(f64::total_cmp);
            left.dedup();
            assert_eq!(record.number(&SURVIVING_FOUNDERS), Some(left.len() as f64));
            if left.len() == 1 {
                taken_over.get_or_insert(record.place as f64);
            }
            assert_eq!(record.number(&TAKE_OVER), taken_over, "{population}");
            assert_eq!(record.number(&GENERATION), Some(generations[record.number(&LEADER).unwrap() as usize]));
            assert_eq!(children % 2, 0);
        }
        take_overs += usize::from(taken_over.is_some());
    }
    assert!(take_overs > 0, "no founder ever owned all");
}

/// λ in the box at a bound: from the record of λ itself.
#[test]
fn active_bounds_are_counted_at_the_leader() {
    let lab = outer_steps(branin("Pbt(students: 10)"), 60);
    for record in only(&lab).outer_records().iter() {
        let lambda = record.vector(&LAMBDA);
        let lower = lambda.iter().zip([-5.0, 0.0]).filter(|(x, low)| *x <= low).count() as f64;
        let upper = lambda.iter().zip([10.0, 15.0]).filter(|(x, high)| *x >= high).count() as f64;
        assert_eq!(record.number(&ACTIVE_BOUNDS), Some(lower + upper));
        assert_eq!(record.number(&LOWER_BOUNDS), Some(lower));
    }
    let text = BRANIN
        .replace("POPULATION", "Pbt(students: 2)")
        .replace("DRAWS", "draws: Explicit(students: Students(starts: [[0.0, 1.0], [0.0, 1.0]])),");
    let lab = outer_steps(self::lab(&text), 1);
    let record = only(&lab).outer_records().last().unwrap();
    assert_eq!((record.number(&ACTIVE_BOUNDS), record.number(&LOWER_BOUNDS)), (Some(2.0), Some(1.0)));
}

/// Whoever diverges is replaced at the end of the very round, as long as no more diverge than are replaced; nobody falls behind.
#[test]
fn a_student_that_diverges_is_replaced_in_the_same_round() {
    for population in ["Hpm(students: 8, share: 0.5)", "Pbt(students: 8, share: 0.5)", "RandomSearch(students: 8)"] {
        let mut lab = ridge(population, "0.05");
        let mut replaced = 0;
        for round in 0..6 {
            while only(&lab).status() == Status::Running {
                lab.apply(&Command::Tick).unwrap();
            }
            // Whose θ is no number, or f, or hypergradient.
            let is_lost = |slot: &usize| {
                let student = &only(&lab).students()[*slot];
                let moves = population.starts_with("Hpm");
                student.status().is_halted()
                    || !student.values().1.is_finite()
                    || moves && !student.estimate().hypergradient.iter().all(|slope| slope.is_finite())
            };
            let lost: Vec<usize> = (0..8).filter(is_lost).collect();
            let before = only(&lab).lineage().ids().to_vec();
            lab.apply(&Command::Tick).unwrap();
            let trial = only(&lab);
            assert_eq!(trial.outer(), round + 1, "{population}");
            for slot in lost.iter().copied().filter(|_| lost.len() <= 4 || population.starts_with("Random")) {
                let student = &trial.students()[slot];
                assert_ne!(trial.lineage().ids()[slot], before[slot], "{population}, student {slot}");
                assert_eq!((student.status(), student.outer()), (Status::Running, round + 1), "{population}");
                replaced += 1;
            }
        }
        assert!(replaced > 0, "nobody diverged: {population}");
    }
}

#[test]
fn a_population_of_which_nobody_is_left_says_so_and_a_knob_revives_it() {
    for population in ["Hpm(students: 4)", "Pbt(students: 4)", "Restarts(students: 4)"] {
        let mut lab = outer_steps(ridge(population, "1e4"), 2);
        assert_eq!(only(&lab).status(), Status::AllDiverged { outer: 0 }, "{population}");
        assert_eq!(only(&lab).status().to_string(), "all students diverged at outer 0");
        lab.apply(&Command::Turn { trial: 0, path: "inner.dynamics.step".into(), value: "Auto".into() }).unwrap();
        let lab = outer_steps(lab, 2);
        assert!(only(&lab).students().iter().all(|student| student.outer() == 2), "{population}");
    }
}

/// Pairs go by rank and coins by the rank of the parent: under other numbers the same students meet the same fate.
#[test]
fn permuting_the_slots_permutes_the_result() {
    let starts = [[0.13, 0.72], [0.91, 0.33], [0.42, 0.58], [0.66, 0.05], [0.27, 0.94]];
    let order = [3, 0, 4, 2, 1];
    let rounds = |starts: Vec<[f64; 2]>, population: &str| {
        let draws = format!("draws: Explicit(students: Students(starts: {starts:?})),");
        let lab = outer_steps(lab(&BRANIN.replace("POPULATION", population).replace("DRAWS", &draws)), 20);
        let readings = only(&lab).outer_records().readings(&STUDENT_LAMBDA);
        readings.map(|(_, all)| all.vector().unwrap().chunks(2).map(bits).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    for population in [
        "Hpm(students: 5, share: 0.4)",
        "Hpm(students: 5, share: 0.4, mutation: Coins)",
        "Pbt(students: 5, resample: 0.3)",
    ] {
        let plain = rounds(starts.to_vec(), population);
        let permuted = rounds(order.map(|slot| starts[slot]).to_vec(), population);
        assert_eq!(plain.len(), 20);
        for (plain, permuted) in plain.iter().zip(&permuted) {
            let expected: Vec<_> = order.iter().map(|slot| plain[*slot].clone()).collect();
            assert!(*permuted == expected, "{population}");
        }
    }
}

/// Turned knobs, other populations, branches, any number of threads: every moment is the same when it is come back to.
#[test]
fn seeking_a_session_and_threads_give_the_same_bits() {
    let place = |lab: &Lab| {
        let trial = only(lab);
        let each = trial.students().iter().map(|student| {
            let thetas: Vec<f64> = student.thetas().flatten().copied().collect();
            (student.outer(), student.inner(), bits(student.lambda()), bits(&thetas))
        });
        let lineage = (trial.lineage().ids().to_vec(), trial.lineage().founders().to_vec());
        (
            each.collect::<Vec<_>>(),
            trial.cost().calls().to_bits(),
            trial.units(),
            trial.best().map(f64::to_bits),
            lineage,
        )
    };
    let turn = |path: &str, value: &str| Command::Turn { trial: 0, path: path.into(), value: value.into() };
    let run = || {
        let mut history = History::new(lab(&RIDGE
            .replace("POPULATION", "Hpm(students: 5)")
            .replace("STEP", "0.02")
            .replace("steps: 99", "steps: 9")));
        let mut seen = vec![place(history.lab())];
        for index in 0..160 {
            let command = match index {
                5 => turn("inner.batch", "Rows(5)"),
                25 => turn("outer.rule.step", "0.1"),
                33 => turn("inner.steps", "5"),
                60 => turn("population.every", "2"),
                80 => Command::Set { path: "population".into(), value: "Pbt(students: 4, resample: 0.2)".into() },
                110 => Command::Set { path: "population".into(), value: "RandomSearch(students: 3)".into() },
                _ => Command::Tick,
            };
            history.apply(&command).unwrap();
            seen.push(place(history.lab()));
        }
        (history, seen)
    };
    let (mut history, seen) = run();
    for position in [159, 3, 61, 0, 80, 81, 111, 34, 26, 59, 160] {
        history.seek(position);
        assert!(place(history.lab()) == seen[position], "position {position}");
    }
    let text = Session::of(&history).to_ron().unwrap();
    let replayed = Session::from_ron(&text).unwrap().replay(&NoFiles).unwrap();
    assert!(place(replayed.lab()) == seen[160]);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert!(pool.install(run).1 == seen, "{threads} threads");
    }
}

/// K students that know nothing of one another are K trials from their starts, on a problem without data too.
#[test]
fn restarts_are_trials_of_their_own_on_a_test_function() {
    let together = outer_steps(branin("Restarts(students: 4, starts: Within)"), 15);
    let readings = only(&together).outer_records().readings(&STUDENT_LAMBDA);
    let paths: Vec<Vec<f64>> = readings.map(|(_, all)| all.vector().unwrap().to_vec()).collect();
    for student in 0..4 {
        let start = &paths[0][2 * student..2 * student + 2];
        let draws = format!("lambda: Explicit({start:?}),");
        let alone = outer_steps(lab(&BRANIN.replace("POPULATION", "Alone").replace("DRAWS", &draws)), 15);
        for record in only(&alone).outer_records().iter() {
            let own = &paths[record.place][2 * student..2 * student + 2];
            assert_eq!(bits(record.vector(&LAMBDA)), bits(own), "student {student}");
        }
    }
}
