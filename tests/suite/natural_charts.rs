//! What is drawn to tell a stand-in for H from H: how errors fall with rows and what is left, directions beside lengths, and how far behind
//! a factor is.

use std::ops::ControlFlow;

use hyperlab::chart::{Choice, Figure, Layer, Shape};
use hyperlab::front::Source;
use hyperlab::lab::{Command, Inquiry, Lab, Moment, Snapshot};
use hyperlab::probe::Question;
use hyperlab::probe::bias_variance::{self, SweepFinding};
use hyperlab::scenario::{BUILTIN, NoFiles, experiment, parse};

fn drawn(chart: &str, snapshot: &Snapshot) -> Figure {
    Choice::parse(chart).unwrap().draw(snapshot)
}

/// One estimator that is exact on its rows and one that is biased, over training rows.
const ROWS: &str = r#"Scenario(
    title: "Rows",
    about: "Errors against rows.",
    seed: 1,
    problem: Ridge(penalty: PerFeature),
    data: Data(
        source: Regression(rows: 1100, features: 4, noise: 0.5),
        split: Random(training: 100, validation: 100, test: 0),
    ),
    lambda: Constant(0.0),
    inner: Inner(dynamics: Newton, steps: 3),
    outer: Outer(rule: GradientDescent(step: 0.1), steps: 2),
    trials: [
        Trial(name: "exact", estimator: Direct),
        Trial(name: "identity", estimator: Identity),
    ],
    charts: ["bias-variance-sweep", "cosine-sweep"],
    study: Study(
        knobs: {"bias-variance.truth": "SameData", "bias-variance.training": "12", "bias-variance.validation": "1"},
        sweep: Sweep(path: "data.split.training", values: ["60", "250", "1000"]),
    ),
)"#;

#[test]
fn a_sweep_over_rows_has_a_guide_and_the_bias_that_is_left() {
    let lab = Lab::new(experiment(&parse(ROWS).unwrap(), &NoFiles).unwrap());
    let mut findings = Snapshot::of_lab(&lab).findings;
    let question = Question::over_sweep(&bias_variance::ENTRY).unwrap();
    let inquiry = Inquiry::new(question, &lab, findings.terms(question, None), Moment::of_lab(&lab)).unwrap();
    let measured = inquiry.measured(inquiry.run(&NoFiles, &mut |_| ControlFlow::Continue(())).unwrap().into());
    let found: SweepFinding = measured.finding.get::<SweepFinding>().unwrap().clone();
    findings.keep(question, measured);
    let snapshot = Snapshot::of_lab(&lab).with_findings(findings);

    let left = found.floors[1].unwrap();
    assert_eq!(found.floors[0], None, "an exact estimate has no bias");
    assert_eq!((left.rows, left.value), (1000.0, found.points[2].finding.trials[1].bias_squared));

    let figure = drawn("bias-variance-sweep", &snapshot);
    let most = found.points[0].finding.trials.iter().map(|trial| trial.mse).fold(0.0, f64::max);
    let guides: Vec<&Shape> =
        figure.layers.iter().map(|layer| &layer.shape).filter(|shape| matches!(shape, Shape::Guide { .. })).collect();
    assert_eq!(guides, [&Shape::Guide { slope: -1.0, through: (60.0, most) }]);
    let lines: Vec<&Shape> =
        figure.layers.iter().map(|layer| &layer.shape).filter(|shape| matches!(shape, Shape::Horizontal(_))).collect();
    assert_eq!(lines, [&Shape::Horizontal(left.value)]);

    let figure = drawn("cosine-sweep", &snapshot);
    let cosines = found.points.iter().map(|point| point.finding.trials[1].cosine);
    let expected: Vec<(f64, f64)> = [60.0, 250.0, 1000.0].into_iter().zip(cosines).collect();
    assert_eq!(line(&figure, "identity").samples(), expected);
}

fn line<'a>(figure: &'a Figure, name: &str) -> &'a Layer {
    figure.layers.iter().find(|layer| layer.name == name && matches!(layer.shape, Shape::Line(_))).unwrap()
}

/// Batches of 20 steps an outer step; 30 behind; another β makes another F.
#[test]
fn used_batches_are_drawn_beside_seen_ones_and_resets_are_ringed() {
    assert!(BUILTIN.iter().any(|builtin| builtin.id == "natural-staleness"));
    let source = Source::open("natural-staleness").unwrap().with("trials[1].estimator.staleness=30").unwrap();
    let mut lab = Lab::new(experiment(&source.scenario().unwrap().0, &NoFiles).unwrap());
    let go = |lab: &mut Lab, outer: usize| {
        while lab.outer_ticks() < outer {
            lab.apply(&Command::Tick).unwrap();
        }
    };
    go(&mut lab, 3);
    lab.apply(&Command::Set { path: "trials[1].estimator.beta".into(), value: "0.5".into() }).unwrap();
    go(&mut lab, 5);
    let figure = drawn("staleness", &Snapshot::of_lab(&lab));
    assert_eq!(line(&figure, "s = 0").samples()[..3], [(20.0, 20.0), (40.0, 40.0), (60.0, 60.0)]);
    assert_eq!(line(&figure, "s = 1").samples(), [(20.0, 0.0), (40.0, 10.0), (60.0, 30.0), (80.0, 0.0), (100.0, 10.0)]);
    let seen = figure.layers.iter().find(|layer| layer.whose == "s = 1" && layer.style.dashed).unwrap();
    assert_eq!(seen.samples(), [(20.0, 20.0), (40.0, 40.0), (60.0, 60.0), (80.0, 20.0), (100.0, 40.0)]);
    let rings = figure.layers.iter().find(|layer| layer.is_mark()).unwrap();
    assert_eq!(rings.samples(), [(80.0, 0.0)]);
}

#[test]
fn a_chart_of_one_trial_says_its_own_outer_steps() {
    let source = Source::open("natural-hyper-cleaning").unwrap();
    let mut lab = Lab::new(experiment(&source.scenario().unwrap().0, &NoFiles).unwrap());
    let is_ahead = |lab: &Lab| {
        let snapshot = Snapshot::of_lab(lab);
        snapshot.shown().next().is_some_and(|first| first.outer > 1 && snapshot.outer > first.outer)
    };
    while !is_ahead(&lab) {
        lab.apply(&Command::Tick).unwrap();
    }
    let snapshot = Snapshot::of_lab(&lab);
    let own = snapshot.shown().next().unwrap().outer;
    assert_eq!(drawn("row-weights", &snapshot).moment, format!("λ after {own} outer steps"));
}
