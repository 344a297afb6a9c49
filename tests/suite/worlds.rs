//! Worlds over time: which rows an outer step sees, that all trials see the same, and that going back finds them again.

use hyperlab::lab::{Command, History, Lab, Session};
use hyperlab::metric::{ADJOINT, LAMBDA, TRUTH};
use hyperlab::problem::Truth;
use hyperlab::scenario::{Experiment, NoFiles, Severity, check_text, experiment, parse};
use hyperlab::trial::Trial;

use crate::common::estimation::bits;
use crate::common::outer_steps;

const SCENARIO: &str = r#"Scenario(
    title: "A test",
    about: "Rows that move.",
    seed: 11,
    problem: Logistic(penalty: PerFeature),
    data: Data(source: TwoClasses(rows: 60, features: 4), split: Random(training: 24, validation: 20, test: 16)),
    lambda: Constant(-1.0),
    theta: Normal(deviation: 0.5),
    inner: Inner(dynamics: GradientDescent(), steps: 7),
    outer: Outer(rule: Adam(step: 0.3)),
    world: WORLD,
    trials: [
        Trial(name: "cold", estimator: Cg(iterations: 1)),
        Trial(name: "warm", estimator: Cg(iterations: 1, warm_start: true)),
        Trial(name: "members", estimator: Reverse, ensemble: Fixed(members: 2)),
        Trial(name: "batches", estimator: Neumann(iterations: 2), population: Restarts(students: 2),
            inner: Inner(dynamics: GradientDescent(), steps: 3, warm_start: true, batch: Epoch(7))),
        Trial(name: "stays", estimator: Direct, world: Fixed),
    ],
)"#;

fn start(world: &str) -> Experiment {
    experiment(&parse(&SCENARIO.replace("WORLD", world)).unwrap(), &NoFiles).unwrap()
}

fn trial<'a>(lab: &'a Lab, name: &str) -> &'a Trial {
    lab.trials().find(|trial| trial.setting().name == name).unwrap()
}

/// The exact hypergradient on the rows that an outer step is said to see, against the one that the trial was held against.
#[test]
fn an_outer_step_sees_the_rows_of_its_world() {
    for world in ["Fresh", "Fresh(rows: Redrawn)"] {
        let lab = outer_steps(Lab::new(start(world)), 5);
        let experiment = start(world);
        let own = [experiment.data.as_ref().unwrap().split.clone()];
        let population = || experiment.population().map(std::sync::Arc::new);
        for name in ["cold", "warm", "stays"] {
            let trial = trial(&lab, name);
            for record in trial.outer_records().iter() {
                let moved = experiment.splits_at(trial.setting(), &own, (record.place, &[]), &population).unwrap();
                assert_eq!(moved.is_none(), record.place == 0 || name == "stays");
                let split = &moved.as_deref().unwrap_or(&own)[0];
                assert_eq!(split.training.targets.len(), 24);
                assert_eq!(split.validation.targets.len(), 20);
                let problem = experiment.problem_on(split).unwrap();
                let truth = Truth::at(&problem, record.vector(&LAMBDA));
                assert_eq!(bits(record.vector(&TRUTH)), bits(&truth.hypergradient), "{world}, {name}");
            }
        }
    }
}

#[test]
fn a_start_that_is_drawn_is_drawn_anew_where_the_world_says_so() {
    let starts = |world: &str| {
        let mut lab = Lab::new(start(world));
        let mut starts = Vec::new();
        for step in 0..4 {
            lab = outer_steps(lab, step);
            starts.push(bits(trial(&lab, "cold").theta()));
            assert_eq!(starts.last(), Some(&bits(trial(&lab, "warm").theta())), "all trials of a world start alike");
        }
        starts.dedup();
        starts.len()
    };
    assert_eq!(starts("Fresh"), 4);
    assert_eq!(starts("Fresh(start: false)"), 1);
    assert_eq!(starts("Fixed"), 1);
}

/// A solver that starts where it ended goes on over other rows: at the first outer step it is as good as cold.
#[test]
fn an_estimator_keeps_its_memory_over_other_rows() {
    // λ is held, so that the two see the same problems.
    let text = SCENARIO.replace("WORLD", "Fresh").replace("Adam(step: 0.3)", "GradientDescent(step: 0.0)");
    let parsed = parse(&text).or_else(|_| parse(&text.replace("step: 0.0", "step: 1e-8"))).unwrap();
    let lab = outer_steps(Lab::new(experiment(&parsed, &NoFiles).unwrap()), 3);
    let adjoint =
        |name: &str, step: usize| trial(&lab, name).outer_records().at(step).unwrap().vector(&ADJOINT).to_vec();
    assert_eq!(adjoint("cold", 0), adjoint("warm", 0));
    for step in 1..3 {
        assert_ne!(adjoint("cold", step), adjoint("warm", step), "step {step}");
    }
}

#[test]
fn seeking_and_a_session_give_the_same_bits() {
    let place = |lab: &Lab| {
        let of = |trial: &Trial| {
            let thetas: Vec<f64> =
                trial.students().iter().flat_map(|student| student.thetas().flatten()).copied().collect();
            (trial.outer(), trial.inner(), bits(trial.lambda()), bits(&thetas), trial.cost().calls().to_bits())
        };
        lab.trials().map(of).collect::<Vec<_>>()
    };
    let set = |path: &str, value: &str| Command::Set { path: path.into(), value: value.into() };
    let mut history = History::new(Lab::new(start("Fresh")));
    let mut seen = vec![place(history.lab())];
    for index in 0..90 {
        let command = match index {
            20 => set("world", "Fresh(rows: Redrawn)"),
            45 => set("trials[0].world", "Fixed"),
            60 => Command::Turn { trial: 1, path: "world.start".into(), value: "off".into() },
            _ => Command::Tick,
        };
        history.apply(&command).unwrap();
        seen.push(place(history.lab()));
    }
    for position in [89, 3, 21, 0, 61, 46, 45, 20, 90] {
        history.seek(position);
        assert!(place(history.lab()) == seen[position], "position {position}");
    }
    let text = Session::of(&history).to_ron().unwrap();
    let replayed = Session::from_ron(&text).unwrap().replay(&NoFiles).unwrap();
    assert!(place(replayed.lab()) == seen[90]);
}

#[test]
fn rows_that_cannot_move_are_named_with_what_would_work() {
    let refused = |change: &dyn Fn(&str) -> String| {
        let (_, found) = check_text(&change(&SCENARIO.replace("WORLD", "Fresh")), &NoFiles, &[][..]);
        let errors = found.into_iter().filter(|found| found.severity == Severity::Error);
        errors.map(|found| found.message).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(refused(&str::to_owned), "");
    let words = refused(&|text| {
        text.replace("TwoClasses(rows: 60, features: 4)", "Bundled(\"breast_cancer\")")
            .replace("world: Fresh", "world: Fresh(rows: Redrawn)")
    });
    assert!(words.contains("a data set or tasks; expected `Resplit`"), "{words}");
    let words = refused(&|text| text.replace("Logistic(penalty: PerFeature)", "HyperCleaning()"));
    assert!(words.contains("expected `Fixed`, with the ensemble"), "{words}");
    let words = refused(&|text| {
        text.replace("world: Fresh", "world: Fresh, draws: Explicit(training: [[0]], validation: [[0]])")
    });
    assert!(words.contains("`Fresh` divides the rows that `draws` lists"), "{words}");
    let quadratic =
        "Scenario(title: \"t\", about: \"\", problem: Quadratic(), inner: Inner(dynamics: GradientDescent(), steps: 3),
        world: Fresh, trials: [Trial(estimator: Direct)])";
    let words = refused(&|_| quadratic.to_owned());
    assert!(words.contains("this problem has no rows"), "{words}");
}

/// Trials are stepped in parallel where that is worth a thread: any number of threads gives the same bits, of batches,
/// students, fresh worlds, shared draws and members alike, under every pace.
#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let large = SCENARIO
        .replace("Logistic(penalty: PerFeature)", "Softmax(penalty: PerFeature)")
        .replace("TwoClasses(rows: 60, features: 4)", "Classes(rows: 360, features: 12, classes: 3)")
        .replace("training: 24, validation: 20, test: 16", "training: 200, validation: 100, test: 60")
        .replace(
            "outer: Outer(rule: Adam(step: 0.3)),",
            "outer: Outer(rule: Adam(step: 0.3)), draws: Shared, pace: PACE,",
        );
    for pace in ["Rounds", "Steps", "EqualCost"] {
        let scenario = parse(&large.replace("WORLD", "Fresh(rows: Redrawn)").replace("PACE", pace)).unwrap();
        let experiment = experiment(&scenario, &NoFiles).unwrap();
        let sizes = experiment.problem.dimensions();
        assert!(sizes.inner * sizes.training > 4000, "too small to be stepped in parallel: {sizes:?}");
        let ends = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut lab = Lab::new(experiment.clone());
                for _ in 0..60 {
                    lab.apply(&Command::Tick).unwrap();
                }
                let of = |trial: &Trial| {
                    let records = trial.outer_records().iter().map(|record| bits(record.vector(&TRUTH)));
                    (
                        bits(trial.lambda()),
                        bits(trial.theta()),
                        trial.cost().calls().to_bits(),
                        records.collect::<Vec<_>>(),
                    )
                };
                lab.trials().map(of).collect::<Vec<_>>()
            })
        };
        let one = ends(1);
        assert!(one == ends(2) && one == ends(5), "{pace}");
    }
}
