//! What is recorded: a metric is read of the trials that can have it, and of no others.

use std::sync::Arc;

use hyperlab::catalog::Card;
use hyperlab::scenario::{NoFiles, builtin, experiment, parse};
use hyperlab::trial::{Budget, Kind, Metric, Reading, Recording, Setting, Stage, Status, Trial, When};

const fn card(id: &'static str) -> Card {
    Card { id, name: "", source: "", equation: "", summary: "", cost: "", fails: "", knobs: &[] }
}

/// What no trial can have, one at every moment at which a metric may be read. An exact answer may take minutes, so that reading it
/// and hiding it would not be the same.
static OUT_OF_REACH: [Metric; 4] = [
    Metric { needs: nothing_has_it, ..Metric::number(card("step"), "", must_not_be_read) },
    Metric { needs: nothing_has_it, when: When::Lambda, ..Metric::number(card("lambda"), "", must_not_be_read) },
    Metric { needs: nothing_has_it, when: When::Outer, ..Metric::number(card("outer"), "", must_not_be_read) },
    Metric { needs: nothing_has_it, kind: Kind::Words, ..Metric::vector(card("words"), "", must_not_be_read) },
];

fn nothing_has_it(_: &hyperlab::trial::Subject<'_>) -> Result<(), String> {
    Err("out of reach".to_owned())
}

fn must_not_be_read(_: &hyperlab::trial::Seen<'_>) -> Reading {
    panic!("read although what it needs is not there")
}

/// Bytes have their unit on the axis, and calls no second one.
#[test]
fn an_axis_has_the_unit_of_its_numbers() {
    let (scenario, _) = hyperlab::front::Source::open("quadratic").unwrap().scenario().unwrap();
    let lab = hyperlab::lab::Lab::new(experiment(&scenario, &NoFiles).unwrap());
    let snapshot = hyperlab::lab::Snapshot::of_lab(&lab);
    let label = |metric: &str| {
        hyperlab::chart::Choice::parse(&format!("metric({metric}, outer)")).unwrap().draw(&snapshot).y.label
    };
    assert_eq!(label("cost-bytes"), "Memory [bytes]");
    assert_eq!(label("calls"), "Oracle calls");
    assert_eq!(label("outer-value"), "Outer objective");
}

#[test]
fn what_a_trial_cannot_have_is_not_read() {
    let experiment = Arc::new(experiment(&parse(builtin("quadratic").unwrap().text).unwrap(), &NoFiles).unwrap());
    let setting = Setting::of(&experiment.scenario.trials[0], &experiment.scenario);
    let metrics: Vec<&'static Metric> = OUT_OF_REACH.iter().collect();
    let recording = Recording::of(&metrics, 1, Budget::UNLIMITED);
    let mut trial = Trial::new(0, setting, &Arc::new(Stage::of(&experiment)), recording);
    while trial.outer() < 2 {
        if trial.status() == Status::Ready { trial.step_outer() } else { trial.step_inner() }
    }
    assert_eq!(trial.outer_records().len(), 2);
    assert!(metrics.iter().all(|metric| trial.offers().lack(metric) == Some("out of reach")));
}
