//! What each method's direction of λ gets wrong on average, and how single batches scatter it, at a frozen state.

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, Style, beside_trials, finish};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::probe::Question;
use crate::probe::frozen::{self, FrozenState, Relative, TrialFinding};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "frozen",
        name: "Bias and noise of directions",
        source: "Ghadimi and Wang 2018, lemma 3.2, for bias and variance; the exact definitions are this project's",
        equation: "bias = ‖E D_λ − ∇F‖/‖∇F‖,  noise = (tr Cov D_λ)^½/‖∇F‖",
        summary: "What a method's direction of λ gets wrong on average, and what single batches do to it. At one λ and one \
                  state, batches are drawn again and again, and the directions held against the exact ∇F on the same data. \
                  Whiskers are one standard error. A bias that is lost in its error is drawn where it is at most, as far as two \
                  standard errors say.",
        cost: "an estimate for every draw, beside the laboratory",
        fails: "A noise of exactly zero has no place on a log axis: then no batch enters the direction.",
        knobs: &[],
    },
    draw,
    finding: Some(Question::of(&frozen::ENTRY)),
};

/// Half the distance between bias and noise of one trial.
const APART: f64 = 0.12;

fn draw(snapshot: &Snapshot) -> Figure {
    let names = snapshot.shown().map(|trial| trial.setting.name.as_str());
    let (x, y) = (Axis::categories("trial", names), Axis::logarithmic("relative to ‖∇F‖"));
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, y);
    draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &FrozenState, snapshot: &Snapshot, figure: &mut Figure) {
    figure.title = format!("{} {}", ENTRY.card.name, measured.place());
    let about = |trial: &TrialView| finding.of_trial(trial.id).filter(|_| measured.is_about(trial.id, &trial.setting));
    let columns: Vec<(&TrialView, Option<&TrialFinding>)> =
        snapshot.shown().map(|trial| (trial, about(trial))).collect();
    let found: Vec<(f64, &TrialFinding)> =
        columns.iter().enumerate().filter_map(|(place, (_, found))| Some((place as f64, (*found)?))).collect();
    let quantity = |apart: f64, of: fn(&TrialFinding) -> Relative| -> Vec<(f64, Relative)> {
        found.iter().map(|(place, found)| (place + apart, of(found))).collect()
    };
    let styles = [0, 1, 2].map(|series| beside_trials(snapshot, series));
    figure.layers.extend(bias(&quantity(-APART, |found| found.bias), [styles[0], styles[2]]));
    figure.layers.extend(marks("noise", &quantity(APART, |found| found.noise), styles[1]));
    figure.notes.push(finding.in_words());
    figure.notes.extend(columns.iter().filter_map(|(trial, found)| remark(trial, *found)));
}

/// What is seen of a bias, and what it is at most where it is lost in its error.
fn bias(found: &[(f64, Relative)], [style, at_most]: [Style; 2]) -> Vec<Layer> {
    let (seen, lost): (Vec<_>, Vec<_>) = found.iter().copied().partition(|(_, bias)| bias.is_seen());
    let lost = lost.iter().filter(|(_, bias)| bias.standard_error > 0.0);
    let most: Vec<(f64, f64)> = lost.map(|(x, bias)| (*x, bias.at_most())).collect();
    let mut layers = marks("bias", &seen, style);
    if !most.is_empty() {
        let name = "bias at most";
        layers.push(Layer::points(name, at_most, most).quantity("bias at most"));
    }
    layers
}

/// Points and whiskers of a quantity.
fn marks(name: &'static str, found: &[(f64, Relative)], style: Style) -> Vec<Layer> {
    let is_drawn = |found: &&(f64, Relative)| found.1.value > 0.0 && found.1.value.is_finite();
    let points: Vec<(f64, f64)> = found.iter().filter(is_drawn).map(|(x, found)| (*x, found.value)).collect();
    if points.is_empty() {
        return Vec::new();
    }
    let whisker =
        |(x, found): &(f64, Relative)| (*x, found.value - found.standard_error, found.value + found.standard_error);
    let ends: Vec<(f64, f64, f64)> = found.iter().filter(is_drawn).map(whisker).collect();
    let ends: Vec<(f64, f64, f64)> = ends.into_iter().filter(|(_, low, high)| low < high && *low > 0.0).collect();
    let mut layers = Vec::new();
    if !ends.is_empty() {
        layers.push(Layer::whiskers("", style, ends).quantity(format!("{name} ± one standard error")));
    }
    layers.push(Layer::points(name, style, points).quantity(name));
    layers
}

/// What needs to be said of a trial.
fn remark(trial: &TrialView, found: Option<&TrialFinding>) -> Option<String> {
    let name = &trial.setting.name;
    match found {
        None => Some(format!("{name}: not measured")),
        Some(TrialFinding { lack: Some(lack), .. }) => Some(format!("{name}: not measured, {lack}")),
        Some(found) if found.noise.value == 0.0 && found.bias.value == 0.0 => {
            Some(format!("{name}: neither bias nor noise"))
        }
        Some(found) if found.noise.value == 0.0 => Some(format!("{name}: no noise")),
        Some(_) => None,
    }
}
