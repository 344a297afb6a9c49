//! F and its slope against row calls, as means over seeds: what a method gets for what it asks, with plateaus and slopes.

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, finish, ink};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot};
use crate::math::number::{counted, plain};
use crate::probe::descent::{self, CurvePoint, Descent, TrialFinding};
use crate::probe::{Mean, Question};

pub(super) const VALUE: Entry = Entry {
    card: Card {
        id: "descent",
        name: "Descent of F over seeds",
        source: "Dagréou, Ablin, Vaiter, Moreau 2022 (NeurIPS), section 4",
        equation: "mean over seeds of F(λ_t) − F* against row calls",
        summary: "What every trial gets for what it asks of single rows, as the mean of whole runs over several seeds. Shaded \
                  is one standard error; beside the names stand the mean over the last tenth and the slope that was measured.",
        cost: "whole runs of every trial over several seeds, beside the laboratory",
        fails: "A mean over seeds is that of its worst run. Published rates bound ‖∇F‖², not F: they stand in the chart of the slope of F.",
        knobs: &[],
    },
    draw: |snapshot| {
        draw(snapshot, &Drawn { entry: &VALUE, label: "F(λ) − F*", of: |at| at.excess, end: |trial| trial.tail })
    },
    finding: Some(Question::of(&descent::ENTRY)),
};

pub(super) const GRADIENT: Entry = Entry {
    card: Card {
        id: "descent-gradient",
        name: "Slope of F over seeds",
        source: "Dagréou, Ablin, Vaiter, Moreau 2022 (NeurIPS), theorems 1 to 4",
        equation: "mean over seeds of ‖∇F(λ_t)‖ against row calls",
        summary: "How steep F still is under λ, as the mean of whole runs over several seeds. Shaded is one standard error; \
                  beside the names stands the mean over the last tenth. Grey guides have half the exponents of published rates, \
                  which bound the mean of ‖∇F‖².",
        cost: "as the descent of F over seeds, measured with it",
        fails: "Its size depends on how λ is scaled. Rates are upper bounds up to a constant: only the steepness of a guide says \
                something.",
        knobs: &[],
    },
    draw: |snapshot| {
        draw(
            snapshot,
            &Drawn {
                entry: &GRADIENT, label: "‖∇F(λ)‖", of: |at| at.gradient, end: |trial| trial.tail_gradient
            },
        )
    },
    finding: Some(Question::of(&descent::ENTRY)),
};

/// What is drawn of a finding.
struct Drawn {
    entry: &'static Entry,
    label: &'static str,
    of: fn(&CurvePoint) -> Mean,
    end: fn(&TrialFinding) -> Mean,
}

impl Drawn {
    fn is_value(&self) -> bool {
        self.entry.card.id == VALUE.card.id
    }
}

/// Half the exponents of published rates of the mean of `‖∇F‖²`, −2/5 for a single loop with steps that fall and −1 with tables and
/// constant steps: the mean of `‖∇F‖` is at most the root of that mean.
const RATES: [(f64, &str); 2] = [(-0.2, "slope −1/5"), (-0.5, "slope −1/2")];

fn draw(snapshot: &Snapshot, drawn: &Drawn) -> Figure {
    let (x, y) = (Axis::logarithmic("row calls"), Axis::logarithmic(drawn.label));
    let mut figure = Figure::new(drawn.entry.card.id, drawn.entry.card.name, x, y);
    draw_found(drawn.entry.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured((measured, finding), snapshot, drawn, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured((measured, finding): (&Measured, &Descent), snapshot: &Snapshot, drawn: &Drawn, figure: &mut Figure) {
    let about: Vec<_> = snapshot
        .shown()
        .filter(|trial| measured.is_about(trial.id, &trial.setting))
        .filter_map(|trial| Some((trial, finding.trials.iter().find(|found| found.id == trial.id)?)))
        .collect();
    for (trial, found) in &about {
        let ends = found.curve.iter().map(|at| (at.calls, (drawn.of)(at)));
        // The lower end of an error bar that reaches zero has no place on a logarithmic axis.
        let ends = ends.filter(|(_, mean)| mean.standard_error > 0.0 && mean.value > mean.standard_error);
        let ends = ends.map(|(x, mean)| (x, mean.value - mean.standard_error, mean.value + mean.standard_error));
        let band = Layer::band("", ink(trial), ends.collect()).whose(&trial.setting.name);
        figure.layers.push(band.quantity("one standard error"));
    }
    for (trial, found) in &about {
        let points = found.curve.iter().map(|at| (at.calls, (drawn.of)(at).value)).collect();
        let layer = Layer::line(&trial.setting.name, ink(trial), points).quantity("mean over seeds");
        figure.layers.push(match badge(found, drawn) {
            Some(badge) => layer.badge(badge),
            None => layer,
        });
    }
    if drawn.is_value() {
        let is_reached = |found: &TrialFinding| found.curve.iter().any(|at| at.excess.value <= 10.0 * finding.floor);
        if about.iter().any(|(_, found)| is_reached(found)) {
            figure.layers.push(Layer::horizontal("rounding of F", finding.floor));
        }
        figure.notes.push(finding.least.clone());
    } else {
        figure.layers.extend(guides(about.iter().map(|(_, found)| *found)));
        figure.notes.push(
            "grey: half the exponents of published rates of the mean of ‖∇F‖², −2/5 for steps that fall, −1 with tables"
                .to_owned(),
        );
    }
    for (_, found) in &about {
        figure.notes.extend(finding.remarks(found).into_iter().map(|words| format!("{}: {words}", found.trial)));
    }
    figure.notes.push(counted(finding.replicates, "seed"));
}

/// Published slopes, through the middle of what is drawn at the first mark.
fn guides<'a>(found: impl Iterator<Item = &'a TrialFinding>) -> Vec<Layer> {
    let mut first: Vec<(f64, f64)> = found
        .filter_map(|trial| trial.marks.first().map(|mark| (trial, mark.calls)))
        .filter_map(|(trial, calls)| trial.curve.iter().find(|at| at.calls >= calls))
        .map(|at| (at.calls, at.gradient.value))
        .filter(|(_, slope)| *slope > 0.0 && slope.is_finite())
        .collect();
    first.sort_by(|a, b| a.1.total_cmp(&b.1));
    let Some(through) = first.get(first.len() / 2).copied() else { return Vec::new() };
    RATES.iter().map(|(slope, label)| Layer::guide(*label, *slope, through)).collect()
}

fn badge(found: &TrialFinding, drawn: &Drawn) -> Option<String> {
    let end = (drawn.end)(found);
    let with_error = |mean: Mean, read: fn(f64) -> String| {
        let error = Some(mean.standard_error).filter(|error| error.is_finite());
        let error = error.map(|error| format!(" ± {}", read(error))).unwrap_or_default();
        format!("{}{error}", read(mean.value))
    };
    let end = end.value.is_finite().then(|| format!("ends {}", with_error(end, plain)));
    let is_steep = drawn.is_value() && found.slope.value.is_finite();
    let slope = is_steep.then(|| format!("slope {}", with_error(found.slope, |x| format!("{x:.2}"))));
    let parts: Vec<String> = end.into_iter().chain(slope).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
