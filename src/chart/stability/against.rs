//! Stability against a value that is swept: m, T, γ, or any other; and the gap against K, a line a value.

use super::{Axis, Entry, Figure, Layer, SOURCE, band, beside_trials, draw_found, finish, ink, line};
use crate::catalog::Card;
use crate::chart::Fit;
use crate::chart::swept::{Swept, left_out};
use crate::data::Side;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::math::number::counted;
use crate::probe::Question;
use crate::probe::stability::{self, Mark, Over, Slopes, StabilitySweep, TrialFinding};

pub(in crate::chart) const AGAINST: Entry = Entry {
    card: Card {
        id: "stability-sweep",
        name: "Stability against a value",
        source: SOURCE,
        equation: "ε₁ and ε₂² at the last K against the value; beside it, in the number of rows, ε₁ ∝ 1/m and ε₂² ∝ 1/m²",
        summary: "How stability changes with the number of rows or any other setting. ε₁ (line) and ε₂² (broken) after the \
                  last outer step, with one standard error over seeds, for every value that the study sweeps.",
        cost: "the twins, measured once for every value",
        fails: "Slopes −1 of ε₁ and −2 of ε₂² are the classical shapes in the number of rows, for reference: kicks that are aligned reach \
                them where a row is drawn often. They start at the first value of one trial, each at its own quantity.",
        knobs: &[],
    },
    draw: draw_against,
    finding: Question::over_sweep(&stability::ENTRY),
};

pub(in crate::chart) const GAP_BY_VALUE: Entry = Entry {
    card: Card {
        id: "stability-gap-sweep",
        name: "Generalization gap for each value",
        source: SOURCE,
        equation: "test loss − validation loss of the same θ_K against K, one line a value",
        summary: "How the gap opens as K grows, for every value that the study sweeps, of the first trial shown. Shaded is \
                  one standard error over seeds.",
        cost: "the twins, measured once for every value",
        fails: "At small K the gap is the luck of the rows.",
        knobs: &[],
    },
    draw: draw_gap,
    finding: Question::over_sweep(&stability::ENTRY),
};

fn draw_against(snapshot: &Snapshot) -> Figure {
    let y = Axis::logarithmic("ε₁, ε₂²");
    let mut figure = Figure::new(AGAINST.card.id, AGAINST.card.name, Axis::linear("value"), y);
    draw_found(AGAINST.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &StabilitySweep, snapshot: &Snapshot, figure: &mut Figure) {
    let trials = finding.points.first().map_or(&[][..], |point| &point.finding.trials);
    let swept = Swept::of(&finding.path, &finding.points, trials.iter().map(|found| &*found.trial).collect());
    figure.title = format!("Stability against {}", swept.in_words());
    // Exponents are read off it, over however few values.
    figure.x = swept.axis_from(1.0);
    let mut starts: Vec<(&str, Vec<(f64, f64)>)> = Vec::new();
    let mut layers = Vec::new();
    for (trial, found) in of_trials(measured, finding, snapshot) {
        let (name, style) = (&trial.setting.name, ink(trial));
        let mut firsts = Vec::new();
        for (quantity, style, of) in QUANTITIES.map(|(quantity, of)| (quantity, style, of)) {
            let mut points: Vec<(f64, &Over)> = Vec::new();
            for (x, found) in swept.places.iter().zip(&found) {
                points.extend(found.last().map(|mark| (*x, of(mark))));
            }
            let whiskers =
                points.iter().map(|(x, over)| (*x, over.mean - over.standard_error, over.mean + over.standard_error));
            let whiskers = whiskers.filter(|(_, low, high)| low.is_finite() && high.is_finite()).collect();
            let mut means: Vec<(f64, f64)> = points.iter().map(|(x, over)| (*x, over.mean)).collect();
            means.sort_by(|a, b| a.0.total_cmp(&b.0));
            firsts.extend(means.iter().copied().find(|(_, y)| *y > 0.0));
            layers.push(
                Layer::whiskers("", style, whiskers).whose(name).quantity(format!("{quantity} ± one standard error")),
            );
            let is_first = quantity == QUANTITIES[0].0;
            let (label, style) = if is_first { (name.as_str(), style) } else { ("", style.dashed()) };
            let layer = Layer::line(label, style, means).whose(name).quantity(quantity);
            layers.push(match badge(finding, trial).filter(|_| is_first) {
                Some(badge) => layer.badge(badge),
                None => layer,
            });
        }
        starts.push((name, firsts));
    }
    if is_of_rows(finding)
        && let Some((name, starts)) = highest(starts)
    {
        for ((quantity, _), (slope, through)) in QUANTITIES.iter().zip(CLASSICAL.into_iter().zip(starts)) {
            figure.layers.push(Layer::guide(format!("{quantity}, slope {}", minus(slope)), slope, through));
        }
        figure.notes.push(format!("grey: classical slopes, from the first values of {name}"));
    }
    figure.layers.extend(layers);
    for (trial, found) in of_trials(measured, finding, snapshot) {
        let reasons: Vec<(&str, String)> = finding
            .points
            .iter()
            .zip(found)
            .filter_map(|(point, found)| {
                let (count, reason) = found.halted.as_ref()?;
                Some((&*point.value, format!("{} {reason}", counted(*count, "run"))))
            })
            .collect();
        figure.notes.extend(left_out(&trial.setting.name, &reasons));
        let words = slopes_of(finding, trial).and_then(|slopes| slopes.epsilon1?.left_out_in_words());
        figure.notes.extend(words.map(|words| format!("{}: slope {words}", trial.setting.name)));
    }
    figure.notes.extend(finding.terms());
}

/// Classical exponents in the number of rows, of ε₁ and of ε₂²: kicks that are aligned add up, in a row that is drawn often.
const CLASSICAL: [f64; 2] = [-1.0, -2.0];

/// A slope as it is set.
fn minus(slope: f64) -> String {
    format!("{slope}").replace('-', "−")
}

/// The trial whose first ε₁ is largest, with the first values of both quantities: guides start where no curve lies above them.
fn highest(starts: Vec<(&str, Vec<(f64, f64)>)>) -> Option<(&str, Vec<(f64, f64)>)> {
    let whole = starts.into_iter().filter(|(_, firsts)| firsts.len() == QUANTITIES.len());
    whole.max_by(|(_, a), (_, b)| a[0].1.total_cmp(&b[0].1))
}

type Quantity = (&'static str, fn(&Mark) -> &Over);

const QUANTITIES: [Quantity; 2] = [("ε₁", |mark| &mark.epsilon1), ("ε₂²", |mark| &mark.epsilon2_squared)];

/// The trials that are shown, with what was found at every value.
fn of_trials<'a>(
    measured: &Measured,
    finding: &'a StabilitySweep,
    snapshot: &'a Snapshot,
) -> Vec<(&'a TrialView, Vec<&'a TrialFinding>)> {
    let about = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
    let of = |trial: &'a TrialView| {
        let found = |point: &'a crate::probe::Point<stability::Stability>| {
            point.finding.trials.iter().find(|found| found.id == trial.id)
        };
        Some((trial, finding.points.iter().map(found).collect::<Option<Vec<_>>>()?))
    };
    about.filter_map(of).collect()
}

fn badge(finding: &StabilitySweep, trial: &TrialView) -> Option<String> {
    Some(format!("ε₁: {}", slopes_of(finding, trial)?.epsilon1?.in_words()))
}

fn slopes_of(finding: &StabilitySweep, trial: &TrialView) -> Option<Slopes> {
    let place = finding.points.first()?.finding.trials.iter().position(|found| found.id == trial.id)?;
    Some(finding.last_slopes(place)?.slopes)
}

/// Whether the value is the number of rows that are replaced, about which there are classical shapes.
fn is_of_rows(finding: &StabilitySweep) -> bool {
    let side = finding.points.first().map(|point| point.finding.side);
    let part = match side {
        Some(Side::Validation) => "split.validation",
        Some(Side::Training) => "split.training",
        None => return false,
    };
    finding.path.ends_with(part)
}

fn draw_gap(snapshot: &Snapshot) -> Figure {
    let x = Axis::logarithmic("K, outer steps").counting(true);
    let y = Axis::linear("test loss − validation loss").fitted(Fit::Bulk);
    let mut figure = Figure::new(GAP_BY_VALUE.card.id, GAP_BY_VALUE.card.name, x, y);
    draw_found(GAP_BY_VALUE.finding, snapshot, &mut figure, |measured, finding, figure| {
        let all = of_trials(measured, finding, snapshot);
        let Some((trial, found)) = all.first() else { return };
        figure.title = format!("Gap of {} for each {}", trial.setting.name, finding.path);
        for (series, (point, found)) in finding.points.iter().zip(found).enumerate() {
            let (name, style) = (&point.value, beside_trials(snapshot, series));
            let shade = Layer::band("", style, band(&found.marks, |mark| &mark.gap)).whose(name);
            figure.layers.push(shade.quantity("gap ± one standard error"));
            figure.layers.push(Layer::line(name, style, line(&found.marks, |mark| &mark.gap)).quantity("gap"));
        }
        figure.layers.push(Layer::horizontal("", 0.0));
        figure.notes.extend(finding.terms());
    });
    finish(figure, snapshot)
}
