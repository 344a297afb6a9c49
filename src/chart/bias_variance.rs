//! Where the error of each trial's estimate comes from: stacked bars of squared bias and variance.

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, Style, finish, terms};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::probe::Question;
use crate::probe::bias_variance::{self, BiasVariance, TrialFinding};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "bias-variance",
        name: "Bias and variance",
        source: "Zhou, Shu, Liu, Meng 2026, arXiv 2602.17947; the exact definitions are this project's",
        equation: "E‖ĥ − h‖² = ‖E ĥ − h‖² + Var(E[ĥ|S_tr]) + E Var(ĥ|S_tr)",
        summary: "What each trial's estimate gets wrong, split into the algorithm's part and the sample's part. At one \
                  λ, if training and validation rows were drawn anew: squared bias from the algorithm, variance from the \
                  training sample, variance from the validation sample. Whiskers are one standard error.",
        cost: "an inner run and an estimate for every replicate, beside the laboratory",
        fails: "With few replicates the squared bias, from which its own noise is subtracted, can come out below zero.",
        knobs: &[],
    },
    draw,
    finding: Some(Question::of(&bias_variance::ENTRY)),
};

/// A part of the mean squared error and its standard error.
struct Part {
    value: f64,
    error: f64,
}

fn draw(snapshot: &Snapshot) -> Figure {
    let names = snapshot.shown().map(|trial| trial.setting.name.as_str());
    let x = Axis::categories("trial", names);
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, Axis::linear("mean squared error of ĥ"));
    draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &BiasVariance, snapshot: &Snapshot, figure: &mut Figure) {
    figure.title = format!("{} {}", ENTRY.card.name, measured.place());
    let about = |trial: &TrialView| finding.of_trial(trial.id).filter(|_| measured.is_about(trial.id, &trial.setting));
    let columns: Vec<(&TrialView, Option<&TrialFinding>)> =
        snapshot.shown().map(|trial| (trial, about(trial))).collect();
    let found: Vec<Option<&TrialFinding>> = columns.iter().map(|(_, found)| *found).collect();
    for (series, (name, part)) in parts(&found).into_iter().enumerate() {
        let heights = found.iter().map(|found| found.map_or(f64::NAN, |found| part(found).value)).collect();
        figure.layers.push(Layer::bars(&name, Style::series(series), heights).quantity(name));
    }
    figure.layers.extend(whiskers(figure, &found));
    figure.notes.extend(terms(finding));
    figure.notes.extend(remarks(&columns));
}

type PartOf = fn(&TrialFinding) -> Part;

/// The parts in the order in which they are stacked. With one validation replicate the variance is not split.
fn parts(found: &[Option<&TrialFinding>]) -> Vec<(String, PartOf)> {
    let bias: (String, PartOf) =
        ("bias²".to_owned(), |found| Part { value: found.bias_squared, error: found.standard_errors.bias_squared });
    let is_split = found.iter().flatten().any(|found| found.variance_training.is_some());
    if !is_split {
        let whole: PartOf = |found| Part { value: found.variance, error: found.standard_errors.variance };
        return vec![bias, ("variance".to_owned(), whole)];
    }
    let training: PartOf = |found| Part {
        value: found.variance_training.unwrap_or(f64::NAN),
        error: found.standard_errors.variance_training.unwrap_or(f64::NAN),
    };
    let validation: PartOf = |found| Part {
        value: found.variance_validation.unwrap_or(f64::NAN),
        error: found.standard_errors.variance_validation.unwrap_or(f64::NAN),
    };
    let [of_training, of_validation] = sources(found);
    vec![bias, (format!("variance: {of_training}"), training), (format!("variance: {of_validation}"), validation)]
}

/// What the two parts of the variance are from, in the words of every trial.
fn sources(found: &[Option<&TrialFinding>]) -> [String; 2] {
    let mut words: [Vec<&str>; 2] = Default::default();
    for source in found.iter().flatten().map(|found| found.sources()) {
        for (words, word) in words.iter_mut().zip(source) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words.map(|words| words.join(" or "))
}

/// What the whiskers are.
const ERROR: &str = "± 1 standard error";

/// One standard error around the far end of every bar, side by side so that each can be seen.
fn whiskers(figure: &Figure, found: &[Option<&TrialFinding>]) -> Option<Layer> {
    const APART: f64 = 0.2;
    let parts = parts(found);
    let middle = (parts.len() - 1) as f64 / 2.0;
    let mut ends = Vec::new();
    for (layer, (_, part)) in parts.iter().enumerate() {
        let tops = figure.stack(layer).into_iter().map(|(_, top)| top);
        for (category, (found, top)) in found.iter().zip(tops).enumerate() {
            let error = found.map_or(f64::NAN, |found| part(found).error);
            let x = category as f64 + APART * (layer as f64 - middle);
            ends.push((x, top - error, top + error));
        }
    }
    ends.retain(|(_, low, high)| low.is_finite() && high.is_finite());
    (!ends.is_empty()).then(|| Layer::whiskers(ERROR, Style::foreground(), ends).quantity(ERROR))
}

/// What single trials need said.
fn remarks(columns: &[(&TrialView, Option<&TrialFinding>)]) -> Vec<String> {
    let mut remarks = Vec::new();
    let is_negative = |found: &TrialFinding| found.bias_squared < 0.0;
    if columns.iter().filter_map(|(_, found)| *found).any(is_negative) {
        remarks.push("bias² below 0 is chance: its own noise is subtracted".to_owned());
    }
    for (trial, found) in columns {
        match found {
            None => remarks.push(format!("{}: not measured", trial.setting.name)),
            Some(found) if !found.mse.is_finite() => {
                remarks.push(format!("{}: some run diverged or gave no estimate", trial.setting.name));
            }
            Some(_) => {}
        }
    }
    remarks
}
