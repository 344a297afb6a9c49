//! Charts of populations against what was recorded, and the landscape against closed forms.

use std::ops::ControlFlow;

use hyperlab::chart::{Choice, Figure, Shape};
use hyperlab::lab::{Inquiry, Lab, Moment, Snapshot, TrialView};
use hyperlab::metric::{BEST_VALUE, FOUNDERS, MUTATION, PARENTS, STUDENT_LAMBDA, UNITS};
use hyperlab::probe::landscape::{self, Landscape};
use hyperlab::probe::success;
use hyperlab::probe::{Case, Question, knobs};
use hyperlab::scenario::{NoFiles, Scenario, experiment, parse};

use crate::common::outer_steps;

const SCENARIO: &str = r#"Scenario(
    title: "A test", about: "A search.", seed: 5, problem: Branin, truth: None,
    inner: Inner(dynamics: GradientDescent(step: Fixed(1.0)), steps: 1),
    outer: Outer(rule: GradientDescent(step: 1e-4), coordinates: Box, steps: 12),
    trials: [Trial(estimator: Direct, population: Hpm(students: 6, share: 0.34, teacher_steps: 2))],
)"#;

fn snapshot(steps: usize) -> Snapshot {
    let lab = Lab::new(experiment(&parse(SCENARIO).unwrap(), &NoFiles).unwrap());
    Snapshot::of_lab(&outer_steps(lab, steps))
}

fn draw(name: &str, snapshot: &Snapshot) -> Figure {
    Choice::parse(name).unwrap().draw(snapshot)
}

fn rows(trial: &TrialView, metric: &'static hyperlab::metric::Metric) -> Vec<Vec<f64>> {
    trial.outer_records.readings(metric).map(|(_, reading)| reading.vector().unwrap().to_vec()).collect()
}

#[test]
fn the_best_f_is_drawn_above_the_least() {
    let snapshot = snapshot(12);
    let trial = &snapshot.trials[0];
    let figure = draw("best-f", &snapshot);
    let Shape::Line(points) = &figure.layers[0].shape else { panic!("{figure:?}") };
    let least = 10.0 / (8.0 * std::f64::consts::PI);
    let recorded = trial.outer_records.points(&UNITS, &BEST_VALUE);
    assert_eq!(points.len(), 12);
    for ((x, y), (units, best)) in points.iter().zip(recorded) {
        assert!(*x == units && (y - (best - least)).abs() < 1e-12, "{y} {best}");
    }
    // 12 units a round, and 8 more for two steps of the teacher on two parents.
    assert_eq!(points.iter().map(|point| point.0).collect::<Vec<_>>()[..3], [12.0, 32.0, 52.0]);
}

#[test]
fn a_lineage_is_drawn_as_it_was_recorded() {
    let snapshot = snapshot(12);
    let trial = &snapshot.trials[0];
    let figure = draw("lineage", &snapshot);
    let founders = rows(trial, &FOUNDERS);
    // The colour at every place and step.
    for (step, founders) in founders.iter().enumerate() {
        for (slot, founder) in founders.iter().enumerate() {
            let at = |points: &[(f64, f64)]| {
                points.windows(2).any(|pair| {
                    let ((left, y), (right, other)) = (pair[0], pair[1]);
                    y == other && y == slot as f64 && (left..right).contains(&(step as f64))
                })
            };
            let of: Vec<&str> = figure
                .layers
                .iter()
                .filter(|layer| matches!(&layer.shape, Shape::Line(points) if at(points)))
                .map(|layer| layer.quantity.as_str())
                .collect();
            assert_eq!(of, [format!("places of founder {founder}")], "student {slot} at {step}");
        }
    }
    let arrows = figure.layers.iter().find_map(|layer| match &layer.shape {
        Shape::Arrows(arrows) => Some(arrows.clone()),
        _ => None,
    });
    let copies = rows(trial, &PARENTS).iter().skip(1).flatten().filter(|parent| parent.is_finite()).count();
    // Two children a round, in the eleven rounds before the last that is recorded.
    assert_eq!((arrows.unwrap().len(), copies), (22, 22));
}

#[test]
fn a_mutation_is_drawn_in_powers_of_two() {
    let snapshot = snapshot(12);
    let trial = &snapshot.trials[0];
    let figure = draw("mutation", &snapshot);
    let [spread, middle] = &figure.grids().collect::<Vec<_>>()[..] else { panic!("{figure:?}") };
    for (round, factors) in rows(trial, &MUTATION).iter().skip(1).enumerate() {
        for entry in 0..2 {
            let powers = [factors[entry].log2(), factors[2 + entry].log2()];
            // The first entry on top.
            let row = 1 - entry;
            assert!((middle.rows[row][round] - 0.5 * (powers[0] + powers[1])).abs() < 1e-12);
            assert!((spread.rows[row][round] - (powers[0] - powers[1]).abs()).abs() < 1e-12);
        }
    }
}

#[test]
fn parallel_coordinates_are_places_in_the_box() {
    let snapshot = snapshot(5);
    let trial = &snapshot.trials[0];
    let figure = draw("parallel", &snapshot);
    let last = rows(trial, &STUDENT_LAMBDA).pop().unwrap();
    for (student, lambda) in last.chunks(2).enumerate() {
        let expected = [(0.0, (lambda[0] + 5.0) / 15.0), (1.0, lambda[1] / 15.0)];
        let quantity = format!("student {student}");
        let layer = figure.layers.iter().find(|layer| layer.quantity == quantity).unwrap();
        let Shape::Line(points) = &layer.shape else { panic!("{layer:?}") };
        let is_same = points.iter().zip(expected).all(|(found, at)| found.0 == at.0 && (found.1 - at.1).abs() < 1e-15);
        assert!(is_same && points.len() == 2, "{points:?}, expected {expected:?}");
    }
}

fn case<'a>(scenario: &Scenario, knobs: &'a hyperlab::catalog::Knobs) -> Case<'a> {
    Case::of("test", scenario, &NoFiles, knobs).unwrap()
}

/// Branin's function from its formula, level by level from coarse to fine.
#[test]
fn a_landscape_is_f_and_gets_finer() {
    use std::f64::consts::PI;
    use std::sync::Mutex;
    let scenario =
        parse(&SCENARIO.replace("trials:", r#"study: Study(knobs: {"resolution": "16"}), trials:"#)).unwrap();
    let knobs = knobs(&landscape::ENTRY, &scenario.study);
    let published = Mutex::new(Vec::new());
    let hear = |finding: Box<dyn hyperlab::probe::Finding>| {
        published.lock().unwrap().push(finding.get::<Landscape>().unwrap().clone());
    };
    let case = Case { so_far: Some(&hear), ..case(&scenario, &knobs) };
    let found = landscape::run(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    let branin = |x: f64, y: f64| {
        let bend = y - 5.1 / (4.0 * PI * PI) * x * x + 5.0 / PI * x - 6.0;
        bend * bend + 10.0 * (1.0 - 1.0 / (8.0 * PI)) * x.cos() + 10.0
    };
    let check = |found: &Landscape, stretches: usize| {
        let (x, y, rows) = found.known();
        assert_eq!((x.len(), y.len()), (stretches + 1, stretches + 1));
        assert_eq!((x[0], x[stretches], y[0], y[stretches]), (-5.0, 10.0, 0.0, 15.0));
        for (row, y) in rows.iter().zip(&y) {
            for (value, x) in row.iter().zip(&x) {
                assert!((value - branin(*x, *y)).abs() < 1e-9, "{value} at {x}, {y}");
            }
        }
    };
    let published = published.into_inner().unwrap();
    assert_eq!(published.len(), 2);
    check(&published[0], 4);
    check(&published[1], 8);
    check(&found, 16);
}

/// A plane of two log penalties: F as the exact answers of trials that start there have it.
#[test]
fn a_landscape_of_a_real_problem_is_its_exact_f() {
    let text = r#"Scenario(title: "", about: "", seed: 3, problem: Ridge(penalty: PerFeature),
        data: Data(source: Regression(rows: 40, features: 3), split: Random(training: 20, validation: 12, test: 8)),
        lambda: Explicit([-1.0, 0.5, 2.0]), inner: Inner(dynamics: Newton, steps: 2),
        study: Study(knobs: {"resolution": "4", "reach": "2.0", "horizontal": "2", "vertical": "0"}),
        trials: [Trial(estimator: Direct)])"#;
    let scenario = parse(text).unwrap();
    let knobs = knobs(&landscape::ENTRY, &scenario.study);
    let found = landscape::run(&case(&scenario, &knobs), &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(found.horizontal, [0.0, 1.0, 2.0, 3.0, 4.0]);
    assert_eq!(found.vertical, [-3.0, -2.0, -1.0, 0.0, 1.0]);
    for (row, vertical) in found.vertical.iter().enumerate() {
        let start = format!("Explicit([{vertical:?}, 0.5, 3.0])");
        let there = parse(&text.replace("Explicit([-1.0, 0.5, 2.0])", &start)).unwrap();
        let lab = Lab::new(experiment(&there, &NoFiles).unwrap());
        let exact = lab.trials().next().unwrap().loops().exact().value;
        assert!((found.values[row][3] - exact).abs() < 1e-12, "{vertical}");
    }
}

/// Units and rounds along a run, and where it ends, against the records of laboratories with these seeds.
#[test]
fn successes_are_counted_over_runs_that_anybody_can_repeat() {
    let text = SCENARIO.replace(
        "trials: [",
        r#"study: Study(seeds: 5, knobs: {"units": "200", "within": "0.05"}),
        trials: [Trial(name: "random", estimator: Direct, population: RandomSearch(students: 4)), "#,
    );
    let scenario = parse(&text).unwrap();
    let knobs = knobs(&success::ENTRY, &scenario.study);
    let found = success::run(&case(&scenario, &knobs), &mut |_| ControlFlow::Continue(())).unwrap();
    let least = 10.0 / (8.0 * std::f64::consts::PI);
    for (trial, per_round) in [(0, 4), (1, 12 + 8)] {
        let ends: Vec<f64> = (5..10)
            .map(|seed| {
                let seeded = parse(&text.replace("seed: 5,", &format!("seed: {seed},"))).unwrap();
                let mut lab = Lab::new(experiment(&seeded, &NoFiles).unwrap());
                lab = outer_steps(lab, 200 / per_round);
                lab.trial(trial).unwrap().best().unwrap()
            })
            .collect();
        let found = &found.trials[trial as usize];
        assert_eq!(found.ends, ends, "{}", found.trial);
        let successes = ends.iter().filter(|end| **end <= least + 0.05).count() as f64 / 5.0;
        assert!((found.success.value - successes).abs() < 1e-12);
        let mut sorted = ends.clone();
        sorted.sort_by(f64::total_cmp);
        assert!((found.end.median - (sorted[2] - least)).abs() < 1e-12);
        assert_eq!(found.by_rounds.last().unwrap().at, 200 / per_round);
        assert!(found.by_units.first().unwrap().at >= per_round);
    }
}

#[test]
fn charts_of_what_was_measured_show_every_trial() {
    let scenario = parse(SCENARIO).unwrap();
    let lab = outer_steps(Lab::new(experiment(&scenario, &NoFiles).unwrap()), 6);
    let mut findings = Snapshot::of_lab(&lab).findings;
    for (probe, key, value) in [(&success::ENTRY, "replicates", 4), (&landscape::ENTRY, "resolution", 8)] {
        let question = Question::of(probe);
        let mut terms = findings.terms(question, None);
        terms.knobs.set(key, hyperlab::catalog::Value::Integer(value)).unwrap();
        let inquiry = Inquiry::new(question, &lab, terms, Moment::of_lab(&lab)).unwrap();
        let finding = inquiry.run(&NoFiles, &mut |_| ControlFlow::Continue(())).unwrap();
        findings.keep(question, inquiry.measured(finding.into()));
    }
    let snapshot = Snapshot::of_lab(&lab).with_findings(findings);
    for name in ["success", "best-f-seeds", "best-f-rounds", "landscape"] {
        let figure = draw(name, &snapshot);
        assert!(!figure.is_empty(), "{name}: {:?}", figure.empty);
    }
    let figure = draw("best-test", &snapshot);
    assert!(figure.is_empty() && figure.empty.reason.starts_with("there are no test rows"), "{:?}", figure.empty);
    let figure = draw("success", &snapshot);
    // Shares of all runs, each stretch with two ends.
    let Shape::Line(points) = &figure.layers[0].shape else { panic!("{figure:?}") };
    assert!((points.iter().map(|point| point.1).sum::<f64>() - 2.0).abs() < 1e-12);
    let figure = draw("landscape", &snapshot);
    let trial = &snapshot.trials[0];
    let (lambda, parents) = (rows(trial, &STUDENT_LAMBDA), rows(trial, &PARENTS));
    let mut expected = Vec::new();
    for slot in 0..6 {
        for (row, parents) in parents.iter().enumerate().skip(1) {
            let parent = parents[slot];
            if parent.is_finite() {
                let at = |row: usize, slot: usize| (lambda[row][2 * slot], lambda[row][2 * slot + 1]);
                expected.extend([at(row - 1, parent as usize), at(row, slot)]);
            }
        }
    }
    let jumps = figure.layers.iter().find(|layer| layer.quantity == "from parent to child").unwrap();
    let Shape::Line(points) = &jumps.shape else { panic!("{jumps:?}") };
    let drawn: Vec<(f64, f64)> = points.iter().copied().filter(|(x, _)| x.is_finite()).collect();
    assert_eq!(drawn, expected);
    let minima = figure.layers.iter().find(|layer| layer.name == "minimum of F").unwrap();
    assert!(matches!(&minima.shape, Shape::Points(points) if points.len() == 3));
}
