//! The charts that each scenario opens with, at each pause: what is drawn of whom, and what is said where nothing is.

use std::ops::ControlFlow;

use hyperlab::chart::figure::{Plane, Ticks, beyond};
use hyperlab::chart::{Choice, Figure, Ink, Layer, Shape};
use hyperlab::front::Source;
use hyperlab::lab::{Inquiry, Lab, Moment, Snapshot, TrialView};
use hyperlab::probe::Question;
use hyperlab::scenario::{BUILTIN, NoFiles, experiment};

use super::panes;
use super::walk::walk;

/// Charts that show the first trial, or policies in place of trials, and say so.
const NOT_OF_EVERY_TRIAL: [&str; 14] = [
    "lineage",
    "mutation",
    "foresight",
    "learned-schedule",
    "age-weights",
    "fluctuation-by-source",
    "row-weights",
    "suspicious-digits",
    "pixels",
    "excess-error",
    "excess-averaged",
    "stability-rows",
    "stability-trials",
    "stability-gap-sweep",
];

#[test]
fn every_chart_shows_every_trial_at_every_pause() {
    let mut failures = Vec::new();
    for builtin in BUILTIN {
        let walk = walk(builtin.id);
        for (pause, snapshot) in walk.pauses() {
            for name in &walk.scenario.charts {
                let figure = Choice::parse(name).unwrap().draw(snapshot);
                let found = if figure.is_empty() { reason(name, &figure, snapshot) } else { look(&figure, snapshot) };
                failures.extend(found.into_iter().map(|it| format!("{}, {name}, {pause}: {it}", builtin.id)));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// The same of charts of what is measured, once it was: few replicates of runs of a few steps.
#[test]
fn every_chart_of_a_measurement_shows_every_trial() {
    let mut failures = Vec::new();
    for builtin in BUILTIN {
        let source = Source::open(builtin.id).unwrap();
        let scenario = source.scenario().unwrap().0;
        let choices: Vec<Choice> = scenario.charts.iter().map(|name| Choice::parse(name).unwrap()).collect();
        let mut questions: Vec<Question> = choices.iter().filter_map(|choice| choice.entry.finding).collect();
        questions.dedup();
        if questions.is_empty() {
            continue;
        }
        let source = source.with("outer.steps=4").unwrap();
        let mut lab = Lab::new(experiment(&source.scenario().unwrap().0, &NoFiles).unwrap());
        while lab.outer_ticks() < 2 {
            super::walk::tick(&mut lab);
        }
        let mut findings = Snapshot::of_lab(&lab).findings;
        for question in questions {
            let mut terms = findings.terms(question, None);
            for (key, count) in [
                ("replicates", "3"),
                ("training", "3"),
                ("validation", "2"),
                ("risk_samples", "2"),
                ("reference_steps", "3"),
                ("truth_replicates", "4"),
                ("twins", "3"),
                ("steps", "20"),
            ] {
                if question.probe().card.knobs.iter().any(|knob| knob.key == key) {
                    let value = hyperlab::catalog::Value::Integer(count.parse().unwrap());
                    terms.knobs.set(key, value).unwrap();
                }
            }
            let inquiry = Inquiry::new(question, &lab, terms, Moment::of_lab(&lab)).unwrap();
            let finding = inquiry.run(&NoFiles, &mut |_| ControlFlow::Continue(())).unwrap();
            findings.keep(question, inquiry.measured(finding.into()));
        }
        let snapshot = Snapshot::of_lab(&lab).with_findings(findings);
        for choice in choices.iter().filter(|choice| choice.entry.finding.is_some()) {
            let figure = choice.draw(&snapshot);
            let found =
                if figure.is_empty() { vec![format!("empty: {:?}", figure.empty)] } else { look(&figure, &snapshot) };
            failures.extend(found.into_iter().map(|it| format!("{}, {choice}, measured: {it}", builtin.id)));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// Whether the reason for an empty chart is the true one.
fn reason(name: &str, figure: &Figure, snapshot: &Snapshot) -> Vec<String> {
    let said = figure.empty.reason.as_str();
    // The first tick of a method that starts from v = 0 is zero, and has no direction.
    if said.ends_with("1 point not finite") && snapshot.shown().any(|trial| waits(figure, snapshot, trial)) {
        return Vec::new();
    }
    let question = Choice::parse(name).unwrap().entry.finding;
    let is_true = match said {
        "no outer step yet" => snapshot.shown().all(|trial| trial.outer_records.is_empty()),
        "not measured yet" => question.is_some_and(|question| snapshot.findings.latest(question).is_none()),
        _ => false,
    };
    let names_key = question.is_none_or(|question| figure.empty.help.contains(question.key()));
    let mut failures = Vec::new();
    if !is_true || figure.empty.help.is_empty() || !names_key {
        failures.push(format!("says “{}” of a scenario that opens with this chart", figure.empty.on_screen()));
    }
    failures
}

/// What is wrong with a figure that shows something.
fn look(figure: &Figure, snapshot: &Snapshot) -> Vec<String> {
    let mut failures = Vec::new();
    let plane = Plane::of(figure);
    let is_before = figure.notes.iter().any(|note| note == "no outer step yet");
    if is_before && snapshot.shown().any(|trial| !trial.outer_records.is_empty()) {
        failures.push("says that there is no outer step yet".to_owned());
    }
    // A path into one trial is about that trial.
    let sweep = snapshot.findings.study().sweep.as_ref();
    let is_of_one = figure.id.ends_with("-sweep")
        && sweep.is_some_and(|sweep| sweep.path.starts_with("trials[") && !sweep.path.starts_with("trials[*]"));
    if !is_of_one && !is_before && !NOT_OF_EVERY_TRIAL.contains(&figure.id.as_str()) {
        let is_alone = snapshot.shown().count() == 1;
        let is_wanted = |trial: &&TrialView| !trial.status.is_halted() && !waits(figure, snapshot, trial);
        for trial in snapshot.shown().filter(is_wanted).filter(|trial| !has_points(figure, &plane, trial, is_alone)) {
            failures.push(format!("no point of “{}” within its axes; {:?}", trial.setting.name, figure.remarks()));
        }
    }
    for (axis, span) in [(&figure.x, &plane.x), (&figure.y, &plane.y)] {
        for wanted in 2..=12 {
            let labels: Vec<String> = Ticks::of(axis, span, wanted).major.into_iter().map(|tick| tick.label).collect();
            let mut distinct = labels.clone();
            distinct.sort();
            distinct.dedup();
            // One step alone is one mark.
            let is_one = !axis.categories.is_empty() || axis.whole && span.high - span.low < 2.0;
            if distinct.len() < labels.len() || labels.len() < 2 && !is_one {
                failures.push(format!("“{}” is marked {labels:?}", axis.label));
            }
        }
    }
    let mut names: Vec<&str> =
        figure.legend().map(|layer| layer.name.as_str()).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        failures.push(format!("the legend says one thing twice: {names:?}"));
    }
    failures.extend(panes::cut(figure));
    failures
}

/// Whether a chart over outer steps or cost waits for a trial that has taken no outer step yet, where others, whose steps are cheaper,
/// have.
fn waits(figure: &Figure, snapshot: &Snapshot, trial: &TrialView) -> bool {
    let has_begun = |trial: &TrialView| !trial.outer_records.is_empty();
    !figure.x.label.contains("inner step") && !has_begun(trial) && snapshot.shown().any(has_begun)
}

/// Whether something of a trial lies within the axes.
fn has_points(figure: &Figure, plane: &Plane, trial: &TrialView, is_alone: bool) -> bool {
    let is_within = |point: (f64, f64)| {
        let place = plane.position(point);
        place.is_some_and(|(x, y)| (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y))
    };
    let name = &trial.setting.name;
    if let Some(category) = figure.x.categories.iter().position(|category| category == name) {
        let stands = |layer: &Layer| matches!(&layer.shape, Shape::Bars(heights) if heights[category].is_finite());
        // Marks of a trial may stand beside the middle of its place.
        let marked = |layer: &Layer| {
            layer.samples().into_iter().any(|point| (point.0 - category as f64).abs() < 0.5 && point.1.is_finite())
        };
        return figure.layers.iter().any(|layer| stands(layer) || marked(layer));
    }
    let is_of_trial = |layer: &&Layer| {
        let ink = Ink::Trial(usize::try_from(trial.id).unwrap());
        layer.style.ink == ink || trial.setting.students() > 1 && layer.name.starts_with('#')
    };
    let mut points: Vec<(f64, f64)> = figure.layers.iter().filter(is_of_trial).flat_map(Layer::samples).collect();
    if is_alone {
        // Its entries are told apart by inks of their own.
        points.extend(figure.layers.iter().flat_map(Layer::samples));
    }
    // A curve that would squeeze the others is left outside, and that is said.
    let is_said =
        |remark: &String| remark.starts_with(['▾', '▴']) && (remark.contains(name) || remark.contains("curves"));
    let is_outside = !points.is_empty() && beyond(figure, &Plane::of(figure)).iter().any(is_said);
    // What too few replicates leave unseen is in no line, and that is said.
    let is_lost = |note: &String| note.starts_with(name.as_str()) && note.contains("lost in its standard error");
    points.into_iter().any(is_within) || is_outside || figure.notes.iter().any(is_lost)
}
