//! Stability against a value that is swept: m, T, γ, or any other; and the gap against K, a line a value.

use super::{Axis, Entry, Figure, Layer, SOURCE, Style, band, draw_found, finish, ink, line};
use crate::catalog::Card;
use crate::chart::Fit;
use crate::chart::swept::Swept;
use crate::data::Side;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::probe::Question;
use crate::probe::stability::{self, Mark, Over, StabilitySweep, TrialFinding};

pub(in crate::chart) const AGAINST: Entry = Entry {
    card: Card {
        id: "stability-sweep",
        name: "Stability against a value",
        source: SOURCE,
        equation: "ε₁ and ε₂² at the last K against the value; dashed slopes −1 and −2",
        summary: "How stability changes with the number of rows or any other setting. ε₁ (line) and ε₂² (broken) after the \
                  last outer step, with one standard error over seeds, for every value that the study sweeps.",
        cost: "the twins, measured once for every value",
        fails: "Slopes −1 and −2 are the classical shapes in the number of rows, for reference; aligned kicks reach them \
                only where a row is drawn often.",
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
    let mut ends: Vec<(f64, f64)> = Vec::new();
    let mut layers = Vec::new();
    for (trial, found) in of_trials(measured, finding, snapshot) {
        let (name, style) = (&trial.setting.name, ink(trial));
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
            ends.extend(means.first());
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
    }
    if is_of_rows(finding)
        && let Some(corner) = ends.iter().copied().filter(|(_, y)| *y > 0.0).max_by(|a, b| a.1.total_cmp(&b.1))
    {
        figure.layers.push(Layer::guide("slope −1, reference", -1.0, corner));
        figure.layers.push(Layer::guide("slope −2, reference", -2.0, corner));
    }
    figure.layers.extend(layers);
    figure.notes.extend(finding.terms());
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
    let place = finding.points.first()?.finding.trials.iter().position(|found| found.id == trial.id)?;
    Some(format!("ε₁: {}", finding.last_slopes(place)?.slopes.epsilon1?.in_words()))
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
            let (name, style) = (&point.value, Style::series(series));
            let shade = Layer::band("", style, band(&found.marks, |mark| &mark.gap)).whose(name);
            figure.layers.push(shade.quantity("gap ± one standard error"));
            figure.layers.push(Layer::line(name, style, line(&found.marks, |mark| &mark.gap)).quantity("gap"));
        }
        figure.layers.push(Layer::horizontal("", 0.0));
        figure.notes.extend(finding.terms());
    });
    finish(figure, snapshot)
}
