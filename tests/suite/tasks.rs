//! Families of tasks and rows in doubt: what trials make of them, and what the charts about them show.

use hyperlab::chart::{self, Figure, Shape};
use hyperlab::lab::{Command, Lab, Snapshot};
use hyperlab::metric;
use hyperlab::scenario::{NoFiles, experiment, parse, set};

const SINUSOIDS: &str = r#"Scenario(
    title: "Sinusoids",
    about: "Few tasks, few points.",
    seed: 3,
    problem: BiasedRidge(rho: 0.03, strength: PerFeature),
    data: Data(source: Sinusoids(tasks: 10, new_tasks: 1, features: 20), standardize: Off),
    inner: Inner(dynamics: Newton, steps: 1),
    outer: Outer(rule: Adam(step: 0.1), steps: 60),
    truth: None,
    trials: [
        Trial(name: "single", estimator: Direct),
        Trial(name: "fresh", estimator: Direct, ensemble: Fresh(members: 1)),
    ],
)"#;

const CLEANING: &str = r#"Scenario(
    title: "Digits",
    about: "Half of the labels are wrong.",
    seed: 7,
    problem: HyperCleaning(ridge: 0.01),
    data: Data(
        source: Bundled("digits"),
        split: Random(training: 80, validation: 40, test: 100),
        divide_by: 16.0,
        standardize: Center,
        label_noise: 0.5,
    ),
    inner: Inner(dynamics: GradientDescent(step: Auto), steps: 40),
    outer: Outer(rule: GradientDescent(step: 160.0), steps: 4),
    refit: true,
    truth: None,
    trials: [
        Trial(name: "one split", estimator: Cg(iterations: 20)),
        Trial(name: "folds", estimator: Cg(iterations: 20), ensemble: Folds(members: 4, of: Validation)),
    ],
    measure_every: 40,
)"#;

fn lab(text: &str) -> Lab {
    Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap())
}

/// The lab after so many outer steps of every trial.
fn after(text: &str, outer: usize) -> Lab {
    let mut lab = lab(text);
    while lab.outer_ticks() < outer {
        lab.apply(&Command::Tick).unwrap();
    }
    lab
}

fn draw(id: &str, lab: &Lab) -> Figure {
    let entry = chart::ALL.iter().find(|entry| entry.card.id == id).unwrap();
    (entry.draw)(&Snapshot::of_lab(lab))
}

fn bars<'a>(figure: &'a Figure, name: &str) -> &'a [f64] {
    let layer = figure.layers.iter().find(|layer| layer.name == name).unwrap();
    let Shape::Bars(heights) = &layer.shape else { panic!("{name} is no bars") };
    heights
}

fn line<'a>(figure: &'a Figure, name: &str) -> &'a [(f64, f64)] {
    let layer = figure.layers.iter().find(|layer| layer.name == name).unwrap();
    let Shape::Line(points) = &layer.shape else { panic!("{name} is no line") };
    points
}

#[test]
fn a_new_task_is_judged_by_the_curve_that_is_drawn() {
    let lab = after(SINUSOIDS, 3);
    let data = lab.experiment().data.as_ref().unwrap();
    let truth = &data.new_tasks[0].validation.targets;
    for trial in lab.trials() {
        for record in trial.outer_records().iter() {
            let model = record.reading(&metric::NEW_TASK).unwrap().curve().unwrap();
            let squares: f64 = model.iter().zip(truth).map(|((_, model), truth)| (model - truth).powi(2)).sum();
            let half_mean = 0.5 * squares / truth.len() as f64;
            let loss = record.number(&metric::TEST_LOSS).unwrap();
            assert!((half_mean - loss).abs() <= 1e-12 * loss, "{half_mean} {loss}");
        }
        // λ starts at zero, and so does the prior mean; after a step it does not.
        let records = trial.outer_records();
        let prior = |step: usize| records.at(step).unwrap().reading(&metric::PRIOR).unwrap().curve().unwrap().clone();
        assert!(prior(0).iter().all(|(_, y)| *y == 0.0));
        assert!(prior(1).iter().any(|(_, y)| *y != 0.0));
    }
    let figure = draw("one-task", &lab);
    let places = data.places.as_ref().unwrap();
    assert_eq!(line(&figure, "the curve itself").len(), places.curve.len());
    let last = lab.trials().next().unwrap().outer_records().last().unwrap();
    assert_eq!(line(&figure, "single"), &**last.reading(&metric::NEW_TASK).unwrap().curve().unwrap());
    let points = figure.layers.iter().find(|layer| layer.name == "points to learn from").unwrap();
    assert_eq!(points.samples().len(), 5);
}

#[test]
fn splits_drawn_anew_cost_nothing_and_help_new_tasks() {
    let text = set(SINUSOIDS, "data.source.new_tasks=100").unwrap();
    let lab = after(&text, 60);
    let records: Vec<_> = lab.trials().map(|trial| trial.outer_records().clone()).collect();
    let at = |trial: usize, step: usize, metric| records[trial].at(step).unwrap().number(metric).unwrap();
    let loss = |trial: usize, step: usize| at(trial, step, &metric::TEST_LOSS);
    assert_eq!(loss(0, 0), loss(1, 0), "the same λ₀ is as good on new tasks whatever the splits");
    assert_eq!(at(0, 59, &metric::CALLS), at(1, 59, &metric::CALLS));
    assert!(loss(0, 59) < 0.7 * loss(0, 0), "{} {}", loss(0, 59), loss(0, 0));
    assert!(loss(1, 59) < 0.7 * loss(0, 59), "{} {}", loss(1, 59), loss(0, 59));
    // The ten known tasks say the opposite: the single split fits its own query points better.
    let validation = |trial: usize| at(trial, 59, &metric::VALIDATION_LOSS);
    assert!(validation(0) < validation(1), "{} {}", validation(0), validation(1));
}

#[test]
fn every_row_is_in_one_bin_and_in_the_colour_of_its_label() {
    let lab = after(CLEANING, 2);
    let data = lab.experiment().data.as_ref().unwrap();
    let figure = draw("row-weights", &lab);
    let wrong = data.mislabelled.iter().filter(|wrong| **wrong).count();
    let total = |name: &str| bars(&figure, name).iter().sum::<f64>();
    assert_eq!((total("mislabelled"), total("clean")), (wrong as f64, (80 - wrong) as f64));
    let kept = |name: &str| bars(&figure, name)[5..].iter().sum::<f64>();
    let here = &lab.trials().next().unwrap().run().lambda;
    let [recall, precision] = [&metric::RECALL, &metric::PRECISION].map(|metric| here.number(metric).unwrap());
    assert_eq!(recall, kept("clean") / total("clean"));
    assert_eq!(precision, kept("clean") / (kept("clean") + kept("mislabelled")));
    assert!(precision > 0.6, "the right labels are {} of all", total("clean") / 80.0);
    // At λ₀ = 0 every weight is one half, and every row kept.
    let start = draw("row-weights", &self::lab(CLEANING));
    assert_eq!(bars(&start, "clean")[5] + bars(&start, "mislabelled")[5], 80.0);
    assert!(start.notes.iter().any(|note| note.contains("recall 1.000")), "{:?}", start.notes);
}

#[test]
fn the_pictures_are_the_rows_with_the_least_weight() {
    let mut lab = after(CLEANING, 2);
    let figure = draw("suspicious-digits", &lab);
    let data = lab.experiment().data.as_ref().unwrap();
    let snapshot = Snapshot::of_lab(&lab);
    let weights = snapshot.trials[0].here.reading(&metric::ROW_WEIGHTS).unwrap().vector().unwrap();
    let least = (0..80).min_by(|a, b| weights[*a].total_cmp(&weights[*b])).unwrap();
    let grid = figure.grids().next().unwrap();
    let top = grid.rows.len() - 1;
    for (index, pixel) in data.dataset.features.row(data.rows.training[least]).values().iter().enumerate() {
        assert_eq!(grid.rows[top - 1 - index / 8][1 + index % 8], *pixel);
    }
    let inked = grid.rows.iter().flatten().filter(|value| value.is_finite()).count();
    assert_eq!(inked, 12 * 64);
    let Shape::Texts(texts) = &figure.layers[1].shape else { panic!("no captions") };
    assert_eq!(texts.len(), 12);
    let differs = texts.iter().filter(|(_, _, text)| text.contains('≠')).count();
    assert!(figure.notes[0].contains(&format!("{differs} of these 12 are mislabelled")), "{:?}", figure.notes);
    assert!(figure.title.contains("one split"), "{}", figure.title);
    lab.apply(&Command::Hide(0, true)).unwrap();
    assert!(draw("suspicious-digits", &lab).title.contains("folds"));
}

#[test]
fn accuracy_stands_beside_what_one_gets_without_weights() {
    let start = lab(CLEANING);
    assert!(draw("accuracy", &start).layers.iter().all(|layer| !layer.shape.is_reference()));
    assert!(draw("accuracy", &start).empty.help.contains("press N"));
    let lab = after(CLEANING, 2);
    let figure = draw("accuracy", &lab);
    let references: Vec<&str> =
        figure.layers.iter().filter(|layer| layer.shape.is_reference()).map(|layer| layer.name.as_str()).collect();
    for (name, found) in ["no cleaning", "validation only", "oracle"].iter().zip(&references) {
        assert!(found.starts_with(name), "{references:?}");
    }
    assert_eq!(references.len(), 3);
    let records = lab.trials().next().unwrap().outer_records();
    let accuracy: Vec<f64> = records.iter().map(|record| record.number(&metric::TEST_ACCURACY).unwrap()).collect();
    assert_eq!(line(&figure, "one split").iter().map(|point| point.1).collect::<Vec<_>>(), accuracy);
    assert!(records.iter().all(|record| record.number(&metric::REFIT_LOSS).is_some()));
    assert!(figure.key_in_words().unwrap().contains("refitted"));
}

#[test]
fn charts_about_something_else_say_so() {
    let (sinusoids, cleaning) = (lab(SINUSOIDS), lab(CLEANING));
    let mistaken = [
        ("row-weights", &sinusoids),
        ("suspicious-digits", &sinusoids),
        ("one-task", &cleaning),
        ("pixels", &cleaning),
    ];
    for (id, lab) in mistaken {
        let figure = draw(id, lab);
        assert!(figure.is_empty() && figure.empty.reason.contains("this chart is about"), "{id}: {:?}", figure.empty);
    }
    let figure = draw("accuracy", &after(SINUSOIDS, 2));
    assert_eq!((figure.title.as_str(), line(&figure, "fresh").len()), ("Loss on new tasks", 2));
}

#[test]
fn penalties_of_pixels_stand_where_the_pixels_are() {
    let text = r#"Scenario(
        title: "Digits",
        about: "Beside a distractor.",
        problem: Softmax(penalty: PerFeature),
        data: Data(
            source: Episodes(
                data: "digits", tasks: 1, new_tasks: 0, ways: 2, shots: 1, classes: [0, 1], distractor: true,
            ),
            standardize: Off,
            divide_by: 16.0,
        ),
        lambda: Normal(mean: 0.0, deviation: 1.0),
        inner: Inner(dynamics: GradientDescent, steps: 1),
        truth: None,
        trials: [Trial(estimator: Identity)],
    )"#;
    let lab = lab(text);
    let (figure, lambda) = (draw("pixels", &lab), lab.trials().next().unwrap().lambda().to_vec());
    let grid = figure.grids().next().unwrap();
    // Row 0 of a picture is its top; the second picture begins ten columns to the right.
    for (pixel, (row, column)) in [(0, (8, 1)), (7, (8, 8)), (8, (7, 1)), (63, (1, 8)), (64, (8, 10)), (127, (1, 17))] {
        assert_eq!(grid.rows[row][column], lambda[pixel], "pixel {pixel}");
    }
    assert_eq!(grid.rows.iter().flatten().filter(|value| value.is_finite()).count(), 128);
}
