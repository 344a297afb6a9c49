//! Hypergradient error against inner error over several seeds: the slope with its spread.

use super::found::draw_found;
use super::super_efficiency::guides;
use super::{Axis, Entry, Figure, Layer, finish, ink};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot};
use crate::math::number::counted;
use crate::math::number::with_error;
use crate::probe::Question;
use crate::probe::super_efficiency::{self, SuperEfficiency};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "super-efficiency-seeds",
        name: "Super-efficiency over seeds",
        source: "Ye, Peyré, Cremers, Ablin 2024, figures 1 to 3",
        equation: "geometric means over seeds of ‖ĥ_t − ∇F‖ against ‖θ_t − θ*‖",
        summary: "Whether the slope of one run is the slope of others: every seed draws anew whatever the scenario draws. \
                  Shaded is one standard deviation of the logarithms.",
        cost: "an inner run and an estimate at every inner step for every seed, beside the laboratory",
        fails: "Runs that diverge leave the means of the later steps to the others.",
        knobs: &[],
    },
    draw,
    finding: Some(Question::of(&super_efficiency::ENTRY)),
};

/// Both errors of a trial, step by step: inner error, hypergradient error, and the factor that one standard deviation is.
type Curve = Vec<(f64, f64, f64)>;

fn draw(snapshot: &Snapshot) -> Figure {
    let x = Axis::logarithmic("inner error ‖θ − θ*‖");
    let y = Axis::logarithmic("hypergradient error ‖ĥ − ∇F‖");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, y);
    draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &SuperEfficiency, snapshot: &Snapshot, figure: &mut Figure) {
    figure.title = format!("{} {}", ENTRY.card.name, measured.place());
    let about = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
    let place = |id: u64| finding.trials.iter().position(|found| found.id == id);
    let curves: Vec<_> = about.filter_map(|trial| Some((trial, curve(finding, place(trial.id)?)))).collect();
    let points = curves.iter().flat_map(|(_, curve)| curve.iter().map(|(x, y, _)| (*x, *y)));
    figure.layers.extend(guides(points));
    for (trial, curve) in &curves {
        let mut ends: Vec<(f64, f64, f64)> =
            curve.iter().filter(|point| point.2.is_finite()).map(|(x, y, by)| (*x, y / by, y * by)).collect();
        // Shading runs from left to right, and a run from right to left.
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let band = Layer::band("", ink(trial), ends).whose(&trial.setting.name);
        figure.layers.push(band.quantity("one standard deviation"));
    }
    for (trial, curve) in &curves {
        let layer = Layer::line(&trial.setting.name, ink(trial), curve.iter().map(|(x, y, _)| (*x, *y)).collect());
        let layer = layer.quantity("geometric mean");
        figure.layers.push(match place(trial.id).and_then(|place| badge(finding, place)) {
            Some(badge) => layer.badge(badge),
            None => layer,
        });
    }
    figure.notes.push(counted(finding.seeds(), "seed"));
}

/// Over the seeds; of the only one, where there are no others.
fn curve(finding: &SuperEfficiency, place: usize) -> Curve {
    let power = |log10: f64| 10f64.powf(log10);
    let over_seeds = finding.replicates.get(place).map(|replicates| {
        let points = replicates.curve.iter();
        points.map(|at| (power(at.log10_inner_error.mean), power(at.log10_error.mean), power(at.log10_error.deviation)))
    });
    match over_seeds {
        Some(points) => points.collect(),
        None => finding.trials[place].rows.iter().map(|row| (row.inner_error, row.error, f64::NAN)).collect(),
    }
}

fn badge(finding: &SuperEfficiency, place: usize) -> Option<String> {
    match finding.replicates.get(place).map(|replicates| replicates.slope).filter(|slope| slope.count > 0) {
        Some(slope) if slope.deviation.is_finite() => {
            Some(format!("slope {}", with_error(slope.mean, slope.deviation)))
        }
        Some(slope) => Some(format!("slope {:.2}", slope.mean)),
        None => finding.trials[place].slope.map(|slope| format!("slope {slope:.2}")),
    }
}
