//! An inner problem that is not convex, run from scenario files: what it is held against, and what is refused.

use hyperlab::lab::{Command, Lab};
use hyperlab::metric::{COSINE, HYPERGRADIENT_NORM, INNER_ERROR, SOLVER_NEGATIVE_CURVATURE, TEST_LOSS, TRUTH_NORM};
use hyperlab::scenario::{NoFiles, Severity, builtin, check_text, experiment, parse, set};
use hyperlab::trial::{Gives, Record, Trial};

/// What the scenario says of itself, number by number.
#[test]
fn only_the_derivative_of_the_run_is_exact() {
    let scenario = parse(builtin("perceptron").unwrap().text).unwrap();
    let mut lab = Lab::new(experiment(&scenario, &NoFiles).unwrap());
    while lab.trials().any(|trial| trial.outer() < 31) {
        lab.apply(&Command::Tick).unwrap();
    }
    let trials: Vec<&Trial> = lab.trials().collect();
    let at = |trial: usize, place: usize| trials[trial].outer_records().at(place).unwrap();
    let number = |record: Record<'_>, metric| record.number(metric).unwrap();
    let length = |record: Record<'_>| number(record, &HYPERGRADIENT_NORM) / number(record, &TRUTH_NORM);
    for record in trials[0].outer_records().iter() {
        assert!((number(record, &COSINE) - 1.0).abs() < 1e-12 && (length(record) - 1.0).abs() < 1e-12);
    }
    let cosines = [1, 2, 3].map(|trial| number(at(trial, 0), &COSINE));
    assert!((cosines[0] - 0.99).abs() < 0.006 && (cosines[2] + 0.68).abs() < 0.006, "{cosines:?}");
    assert!((1.0 / length(at(1, 0)) - 7.0).abs() < 0.5, "{}", length(at(1, 0)));
    assert!((length(at(2, 0)) - 6.0).abs() < 0.5, "{}", length(at(2, 0)));
    assert_eq!(number(at(2, 0), &SOLVER_NEGATIVE_CURVATURE), 1.0);
    for trial in 0..3 {
        let [start, five, last] = [0, 5, 29].map(|place| number(at(trial, place), &TEST_LOSS));
        assert!(
            (start - 0.67).abs() < 0.005 && (five - 0.60).abs() < 0.01 && last > five + 0.01,
            "{trial}: {five} {last}"
        );
    }
    // Distances from θ* are no numbers where there is none.
    for trial in &trials {
        assert_eq!(trial.truth().gives, Gives::Run);
        assert!(trial.offers().lack(&INNER_ERROR).is_some());
    }
}

#[test]
fn what_needs_a_bound_or_a_solution_is_refused_by_name() {
    let text = builtin("perceptron").unwrap().text;
    let refused = |assignment: &str| {
        let (_, found) = check_text(&set(text, assignment).unwrap(), &NoFiles, &[][..]);
        let errors = found.into_iter().filter(|found| found.severity == Severity::Error);
        errors.map(|found| found.message).collect::<Vec<_>>().join("\n")
    };
    let words = refused("inner.dynamics.step=Auto");
    assert!(words.contains("`GradientDescent` needs a bound L on the curvature of g, which `Perceptron`"), "{words}");
    let words = refused("truth=SameData");
    assert!(words.contains("several") || words.contains("unique") || words.contains("one solution"), "{words}");
    let words = set(text, "problem.hidden=0").unwrap_err().message;
    assert!(words.ends_with("`hidden` cannot be 0; expected a whole number from 1 to 512"), "{words}");
}

/// A number is learned as well as a class, and λ can weigh rows.
#[test]
fn every_kind_of_perceptron_learns() {
    let regression =
        "Data(source: Regression(rows: 90, features: 3), split: Random(training: 40, validation: 30, test: 20))";
    let classes = "Data(source: Classes(rows: 90, features: 3, classes: 3), split: Random(training: 40, validation: 30, test: 20))";
    for (problem, data) in [
        ("Perceptron(hidden: 4, target: Number)", regression),
        ("Perceptron(hidden: 4, learns: Rows)", classes),
        ("Perceptron(hidden: 4, target: Number, learns: Rows, ridge: 0.01)", regression),
    ] {
        let text = format!(
            "Scenario(title: \"t\", about: \"\", problem: {problem}, data: {data}, lambda: Constant(-2.0),
             inner: Inner(dynamics: HeavyBall(step: Fixed(0.1), momentum: 0.5), steps: 60), outer: Outer(rule: Adam(step: 0.3)),
             trials: [Trial(estimator: Reverse)])"
        );
        let mut lab = Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap());
        while lab.trials().any(|trial| trial.outer() < 12) {
            lab.apply(&Command::Tick).unwrap();
        }
        let records = lab.trials().next().unwrap().outer_records();
        let f = |place: usize| records.at(place).unwrap().number(&hyperlab::metric::OUTER_VALUE).unwrap();
        assert!(f(11) < f(0), "{problem}: from {} to {}", f(0), f(11));
    }
}

/// Faults that were found by trying: each gave a panic, a hang or a wrong number.
#[test]
fn a_perceptron_learns_tasks_and_schedules() {
    let tasks = r#"Scenario(title: "t", about: "", problem: Perceptron(target: Number),
        data: Data(source: Sinusoids(tasks: 3, new_tasks: 4, support: 5, query: 5, features: 40)), lambda: Constant(-3.0),
        inner: Inner(dynamics: GradientDescent(step: Fixed(0.05)), steps: 5), outer: Outer(steps: 2), trials: [Trial(estimator: Reverse)])"#;
    let lab = Lab::new(experiment(&parse(tasks).unwrap(), &NoFiles).unwrap());
    let mut lab = lab;
    while lab.trials().any(|trial| trial.outer() < 2) {
        lab.apply(&Command::Tick).unwrap();
    }
    let trial = lab.trials().next().unwrap();
    assert!(trial.offers().lack(&hyperlab::metric::NEW_TASK).unwrap().contains("one parameter a feature"));
    // Baselines train with a schedule that nobody has learned.
    let rows = r#"Scenario(title: "t", about: "", problem: HyperCleaning(),
        data: Data(source: Classes(rows: 60, features: 3, classes: 3), split: Random(training: 20, validation: 20, test: 20), label_noise: 0.3),
        inner: Inner(dynamics: ScheduledHeavyBall(steps: 4), steps: 4), trials: [Trial(estimator: Reverse)])"#;
    let mut lab = Lab::new(experiment(&parse(rows).unwrap(), &NoFiles).unwrap());
    while lab.outer_ticks() < 1 {
        lab.apply(&Command::Tick).unwrap();
    }
    assert_eq!(lab.baselines().len(), 3);
}

#[test]
fn what_cannot_be_is_refused_before_it_is_paid_for() {
    let refused = |text: &str| match parse(text) {
        Err(mistake) => mistake.message,
        Ok(scenario) => experiment(&scenario, &NoFiles).err().map_or_else(String::new, |failure| failure.to_string()),
    };
    let scenario = |problem: &str, data: &str, rest: &str| {
        format!(
            "Scenario(title: \"t\", about: \"\", problem: {problem}, data: Data({data}), {rest}
             inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 3), trials: [Trial(estimator: Cg())])"
        )
    };
    let classes = "source: Classes(rows: 60, features: 3, classes: 3), split: Alternate, standardize_target: true";
    let words = refused(&scenario("Softmax()", classes, ""));
    assert!(words.contains("classes, which have no scale; expected `false`"), "{words}");
    let many = "source: Sinusoids(tasks: 1000000000, new_tasks: 1, support: 5, query: 5, features: 40)";
    let words = refused(&scenario("Ridge()", many, ""));
    assert!(words.contains("are too many; expected at most 50000000 entries"), "{words}");
    let many = "source: Episodes(data: \"digits\", tasks: 5, new_tasks: 1000000000, ways: 2, shots: 5, query: 5, classes: [0, 1, 2, 3])";
    let words = refused(&scenario("Softmax()", many, ""));
    assert!(words.contains("are too many"), "{words}");
    let products = "source: Regression(rows: 4, features: 1000000), split: Alternate, products: true";
    let words = refused(&scenario("Ridge()", products, ""));
    assert!(words.contains("squares and products, which are too many"), "{words}");
    let far = "source: Classes(rows: 60, features: 3, classes: 3), split: Alternate";
    let words = refused(&scenario("Perceptron()", far, "theta: Far(deviation: 1.0, factor: 2.0),"));
    assert!(words.contains("`Far` starts from θ*, which this problem has several of"), "{words}");
    let words = refused(&scenario(
        "Perceptron(hidden: 512, target: Number)",
        "source: Regression(rows: 60, features: 3000), split: Alternate",
        "",
    ));
    assert!(words.contains("`hidden` is 512, so that θ would have"), "{words}");
}
