//! The direction of estimates against one value of the scenario: what a squared error does not say apart from their length.

use super::found::draw_found;
use super::swept::{Swept, reached};
use super::{Axis, Entry, Figure, Layer, finish, ink, terms};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::metric::COSINE;
use crate::probe::Question;
use crate::probe::bias_variance::{self, SweepFinding, TrialFinding};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "cosine-sweep",
        name: "Cosine against a value",
        source: "Zhou, Shu, Liu, Meng 2026, arXiv 2602.17947, for the samples; the measure is this project's",
        equation: "E ⟨ĥ, h⟩ / (‖ĥ‖ ‖h‖)",
        summary: "How well estimates point, whatever their length, as the value of one setting changes. The mean cosine over \
                  samples follows the value that the scenario's study sweeps, at λ₀; whiskers are one standard error. What \
                  shortens an estimate and turns it the right way has a larger squared error and a better cosine.",
        cost: "bias and variance, measured once for every value",
        fails: "With one entry of λ it is ±1 in every sample, and the mean says how often the sign is right.",
        knobs: &[],
    },
    draw,
    finding: Question::over_sweep(&bias_variance::ENTRY),
};

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::linear("cos(ĥ, h)").bounded(COSINE.unit.bounds());
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear("value"), y);
    draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &SweepFinding, snapshot: &Snapshot, figure: &mut Figure) {
    let trials = finding.points.first().map_or(&[][..], |point| &point.finding.trials);
    let swept = Swept::of(&finding.path, &finding.points, trials.iter().map(|found| &*found.trial).collect());
    figure.title = format!("Cosine against {}, at λ₀", swept.in_words());
    figure.x = swept.axis();
    let about = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
    let curves: Vec<Curve<'_>> = about.filter_map(|trial| Curve::of(trial, finding, &swept)).collect();
    let (curves, unreached) = reached(&finding.path, curves, Curve::is_flat, |curve| curve.trial);
    figure.layers.extend(curves.iter().flat_map(Curve::layers));
    figure.notes.push("whiskers: ± one standard error".to_owned());
    figure.notes.extend(unreached);
    figure.notes.extend(finding.points.first().map(|point| terms(&point.finding)).unwrap_or_default());
}

/// One trial over the values, from left to right.
struct Curve<'a> {
    trial: &'a TrialView,
    found: Vec<(f64, &'a TrialFinding)>,
}

impl<'a> Curve<'a> {
    fn of(trial: &'a TrialView, finding: &'a SweepFinding, swept: &Swept<'_>) -> Option<Self> {
        let of_trial = |(place, point): (&f64, &'a _)| Some((*place, of_trial(point, trial.id)?));
        let mut found = swept.places.iter().zip(&finding.points).map(of_trial).collect::<Option<Vec<_>>>()?;
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        Some(Self { trial, found })
    }

    /// Whether the value makes no difference to it.
    fn is_flat(&self) -> bool {
        self.found.windows(2).all(|pair| pair[0].1.mse.to_bits() == pair[1].1.mse.to_bits())
    }

    fn layers(&self) -> [Layer; 2] {
        let (name, style) = (&self.trial.setting.name, ink(self.trial));
        let ends = self.found.iter().map(|(x, found)| (*x, found.cosine, found.standard_errors.cosine));
        let ends = ends.map(|(x, cosine, error)| (x, cosine - error, cosine + error));
        let ends = ends.filter(|(_, low, high)| low.is_finite() && high.is_finite()).collect();
        let points = self.found.iter().map(|(x, found)| (*x, found.cosine)).collect();
        [
            Layer::whiskers("", style, ends).whose(name).quantity("cosine ± one standard error"),
            Layer::line(name, style, points).quantity("cosine"),
        ]
    }
}

fn of_trial(point: &crate::probe::Point<bias_variance::BiasVariance>, id: u64) -> Option<&TrialFinding> {
    point.finding.of_trial(id)
}
