//! Where searches end over seeds, what the best F was on the way, and what it is worth on rows that no search sees.

use super::found::draw_found;
use super::{Axis, Empty, Entry, Figure, Layer, finish, ink};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::math::number::{counted, plain};
use crate::probe::Question;
use crate::probe::success::{self, At, Success, TrialFinding};

pub(super) const ENDS: Entry = Entry {
    card: Card {
        id: "success",
        name: "Where searches end",
        source: "Tao et al. 2020, comparisons of populations; rates beside medians are this project's",
        equation: "share of runs by best F at the end",
        summary: "Where the runs of each trial end, over seeds: the share of them in every stretch of best F. Beside the names stands the share that ends within \
                  the threshold.",
        cost: "whole runs of every trial over several seeds, beside the laboratory",
        fails: "Where the least F is not known it is the least that a run found, and all may have missed a better one.",
        knobs: &[],
    },
    draw: |snapshot| {
        let mut figure =
            Figure::new(ENDS.card.id, ENDS.card.name, Axis::linear("best F"), Axis::linear("share of runs"));
        draw_found(ENDS.finding, snapshot, &mut figure, |measured, finding, figure| {
            draw_ends((measured, finding), snapshot, figure);
        });
        finish(figure, snapshot)
    },
    finding: Some(Question::of(&success::ENTRY)),
};

pub(super) const UNITS: Entry = Entry {
    card: Card {
        id: "best-f-seeds",
        name: "Best F over seeds",
        source: "Tao et al. 2020; oracle units are this project's",
        equation: "median and quartiles over seeds of best F − least F, against oracle units",
        summary: "How the best F of each trial falls with what is paid: the median over seeds, shaded the quartiles. A value of F is one unit, with its hypergradient \
                  two, and what a teacher asks for counts.",
        cost: "whole runs of every trial over several seeds, beside the laboratory",
        fails: "A median hides the runs that end in another basin: read the share of successes beside it.",
        knobs: &[],
    },
    draw: |snapshot| draw_along(snapshot, &UNITS, "oracle units of a run", |trial| &trial.by_units),
    finding: Some(Question::of(&success::ENTRY)),
};

pub(super) const ROUNDS: Entry = Entry {
    card: Card {
        id: "best-f-rounds",
        name: "Best F over seeds, by rounds",
        source: "Tao et al. 2020, whose figures are of this kind",
        equation: "median and quartiles over seeds of best F − least F, against outer steps",
        summary: "The same against outer steps, which is wall clock where every student has a worker of its own. Here many students cost as much as one.",
        cost: "measured with the best F over seeds",
        fails: "It compares K students with one: at equal cost the picture is another one.",
        knobs: &[],
    },
    draw: |snapshot| draw_along(snapshot, &ROUNDS, "outer steps of a run", |trial| &trial.by_rounds),
    finding: Some(Question::of(&success::ENTRY)),
};

pub(super) const TESTED: Entry = Entry {
    card: Card {
        id: "best-test",
        name: "Test loss of the best",
        source: "Cawley and Talbot 2010 on overfitting a selection criterion; the picture is this project's",
        equation: "test loss of the student with the least F so far, against best F: means over seeds",
        summary: "What a lower F is worth on rows that no search sees: each trial's path from right to left, as it pays. A path that rises to the left overfits the validation rows. \
                  Faint marks are single runs where they end.",
        cost: "whole runs of every trial over several seeds, beside the laboratory",
        fails: "All seeds of a scenario have the same rows: another division into training, validation and test moves the whole picture.",
        knobs: &[],
    },
    draw: |snapshot| {
        let (x, y) = (Axis::linear("best F"), Axis::linear("test loss of the best"));
        let mut figure = Figure::new(TESTED.card.id, TESTED.card.name, x, y);
        draw_found(TESTED.finding, snapshot, &mut figure, |measured, finding, figure| {
            draw_tested((measured, finding), snapshot, figure);
        });
        finish(figure, snapshot)
    },
    finding: Some(Question::of(&success::ENTRY)),
};

/// Stretches of the histogram.
const BINS: usize = 24;

/// What is taken to be no excess at all.
const LEAST_EXCESS: f64 = 1e-16;

/// The trials shown that a finding is about.
fn about<'a>(
    (measured, finding): (&Measured, &'a Success),
    snapshot: &'a Snapshot,
) -> Vec<(&'a TrialView, &'a TrialFinding)> {
    let is_about = |trial: &&TrialView| measured.is_about(trial.id, &trial.setting);
    let of = |trial: &'a TrialView| Some((trial, finding.trials.iter().find(|found| found.id == trial.id)?));
    snapshot.shown().filter(is_about).filter_map(of).collect()
}

/// Success, in the words of a badge.
fn badge(found: &TrialFinding) -> String {
    let error = Some(found.success.standard_error).filter(|error| error.is_finite());
    let error = error.map(|error| format!(" ± {error:.2}")).unwrap_or_default();
    format!("success {:.2}{error}", found.success.value)
}

fn terms(finding: &Success) -> Vec<String> {
    vec![
        format!("success: within {} of the least F after {} units", plain(finding.within), finding.units),
        finding.least_in_words(),
        counted(finding.replicates, "seed"),
    ]
}

fn draw_ends((measured, finding): (&Measured, &Success), snapshot: &Snapshot, figure: &mut Figure) {
    let about = about((measured, finding), snapshot);
    // Where the least F is a closed form, what is left to it runs over many orders of magnitude.
    let by_ratio = finding.is_known;
    let place = |end: f64| if by_ratio { (end - finding.least).max(LEAST_EXCESS).log10() } else { end };
    let value = |place: f64| if by_ratio { 10f64.powf(place) } else { place };
    if by_ratio {
        figure.x = Axis::logarithmic("best F − least F");
    }
    let threshold = finding.least + finding.within;
    let ends = || about.iter().flat_map(|(_, found)| &found.ends).copied().filter(|end| end.is_finite());
    let all = || ends().chain(Some(threshold).filter(|_| finding.within > 0.0)).map(place);
    let (low, high) = all().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (x.min(low), x.max(high)));
    let width = ((high - low) / BINS as f64).max(1e-9 * low.abs().max(1e-3));
    for (trial, found) in about {
        let mut shares = [0.0; BINS];
        for end in found.ends.iter().filter(|end| end.is_finite()) {
            let bin = ((place(*end) - low) / width) as usize;
            shares[bin.min(BINS - 1)] += 1.0 / found.ends.len() as f64;
        }
        let edge = |bin: usize| value(low + width * bin as f64);
        let step = |(bin, share): (usize, &f64)| [(edge(bin), *share), (edge(bin + 1), *share)];
        let outline: Vec<(f64, f64)> = shares.iter().enumerate().flat_map(step).collect();
        let name = &trial.setting.name;
        let line = Layer::line(name, ink(trial).thin(), outline).whose(name).quantity("share of runs");
        figure.layers.push(line.badge(badge(found)));
    }
    if finding.within > 0.0 && low.is_finite() {
        figure.layers.push(Layer::vertical("threshold", value(place(threshold))));
    }
    figure.notes.extend(terms(finding));
}

fn draw_tested((measured, finding): (&Measured, &Success), snapshot: &Snapshot, figure: &mut Figure) {
    let about = about((measured, finding), snapshot);
    if about.iter().all(|(_, found)| found.tested.is_empty()) {
        figure.empty = Empty::because("there are no test rows, or no run came to the end of an outer step");
        return;
    }
    for (trial, found) in &about {
        let ends = found.ends.iter().copied().zip(found.tests.iter().copied()).collect();
        let marks = Layer::points("", ink(trial).faint(), ends);
        figure.layers.push(marks.whose(&trial.setting.name).quantity("ends of single runs"));
    }
    for (trial, found) in &about {
        let name = &trial.setting.name;
        let path: Vec<(f64, f64)> = found.tested.iter().map(|at| (at.best, at.test)).collect();
        let end = path.last().map(|(best, test)| format!("F {best:.4}, test {test:.4}"));
        let line = Layer::line(name, ink(trial), path).whose(name).quantity("mean over seeds");
        figure.layers.push(line.badge(end.unwrap_or_default()));
    }
    figure.notes.push(format!("{} oracle units, {}", finding.units, counted(finding.replicates, "seed")));
}

fn draw_along(snapshot: &Snapshot, entry: &'static Entry, clock: &str, along: fn(&TrialFinding) -> &Vec<At>) -> Figure {
    let y = Axis::logarithmic("best F − least F").ending_in("exact");
    let mut figure = Figure::new(entry.card.id, entry.card.name, Axis::logarithmic(clock), y);
    draw_found(entry.finding, snapshot, &mut figure, |measured, finding: &Success, figure| {
        let about = about((measured, finding), snapshot);
        for (trial, found) in &about {
            // A quartile of zero has no place in a band on a logarithmic axis.
            let bands = along(found).iter().filter(|at| at.lower > 0.0 && at.upper.is_finite());
            let band = Layer::band("", ink(trial), bands.map(|at| (at.at as f64, at.lower, at.upper)).collect());
            figure.layers.push(band.whose(&trial.setting.name).quantity("quartiles"));
        }
        for (trial, found) in &about {
            let points = along(found).iter().map(|at| (at.at as f64, at.median)).collect();
            let line = Layer::line(&trial.setting.name, ink(trial), points).whose(&trial.setting.name);
            figure.layers.push(line.quantity("median over seeds").badge(badge(found)));
        }
        figure.notes.extend(terms(finding));
    });
    finish(figure, snapshot)
}
