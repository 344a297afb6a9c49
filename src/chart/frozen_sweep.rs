//! Bias and noise of directions at a frozen state, against one value of the scenario.

use super::found::draw_found;
use super::swept::{Swept, left_out, reached};
use super::{Axis, Entry, Figure, Layer, finish, ink};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::probe::Question;
use crate::probe::frozen::{self, Relative, Slope, SweepFinding, TrialFinding};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "frozen-sweep",
        name: "Bias and noise against a value",
        source: "Ghadimi and Wang 2018, lemma 3.2, for bias and variance; the exact definitions are this project's",
        equation: "bias = ‖E D_λ − ∇F‖/‖∇F‖,  noise = (tr Cov D_λ)^½/‖∇F‖",
        summary: "How bias and noise of a direction change with the value of one setting. They follow the value that the \
                  scenario's study sweeps, at λ₀: a line is the bias, a dashed one the noise. The exponent of a straight \
                  line stands beside its name, fitted with its standard error.",
        cost: "the frozen state, measured once for every value",
        fails: "A bias that is lost in its standard error has no place on a log axis.",
        knobs: &[],
    },
    draw,
    finding: Question::over_sweep(&frozen::ENTRY),
};

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::logarithmic("relative to ‖∇F‖");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear("value"), y);
    draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &SweepFinding, snapshot: &Snapshot, figure: &mut Figure) {
    let trials = finding.points.first().map_or(&[][..], |point| &point.finding.trials);
    let swept = Swept::of(&finding.path, &finding.points, trials.iter().map(|found| &*found.trial).collect());
    figure.title = format!("Bias and noise against {}, at λ₀", swept.in_words());
    figure.x = swept.axis();
    let number = |trial: &TrialView| trials.iter().position(|found| found.id == trial.id);
    let about = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
    let curves: Vec<Curve<'_>> = about
        .filter_map(|trial| Some(Curve { trial, number: number(trial)?, finding, places: &swept.places }))
        .collect();
    let (curves, unreached) = reached(&finding.path, curves, Curve::is_flat, |curve| curve.trial);
    figure.layers.extend(curves.iter().flat_map(Curve::layers));
    figure.notes.extend(unreached);
    let has_noise = trials
        .iter()
        .enumerate()
        .any(|(trial, _)| finding.points.iter().any(|point| point.finding.trials[trial].noise.value > 0.0));
    figure.notes.push(if has_noise { "line: bias, dashed: noise".to_owned() } else { "no noise: all rows".to_owned() });
    figure.notes.extend(finding.points.first().map(|point| point.finding.in_words()));
    figure.notes.extend(curves.iter().flat_map(Curve::left_out));
}

/// One trial over the values.
struct Curve<'a> {
    trial: &'a TrialView,
    number: usize,
    finding: &'a SweepFinding,
    places: &'a [f64],
}

impl Curve<'_> {
    fn found(&self) -> impl Iterator<Item = (f64, &TrialFinding)> {
        let found = self.finding.points.iter().map(|point| &point.finding.trials[self.number]);
        self.places.iter().copied().zip(found)
    }

    /// Whether the value makes no difference to it.
    fn is_flat(&self) -> bool {
        let key = |found: &TrialFinding| (found.bias_squared.value.to_bits(), found.noise.value.to_bits());
        let mut found = self.found().map(|(_, found)| key(found));
        let first = found.next();
        found.all(|other| Some(other) == first)
    }

    /// What can be seen on a log axis, from left to right whatever the order of the values.
    fn seen(&self, of: fn(&TrialFinding) -> Relative) -> Vec<(f64, Relative)> {
        let mut seen: Vec<(f64, Relative)> = self.found().map(|(x, found)| (x, of(found))).collect();
        seen.retain(|(_, found)| found.is_seen() && found.value.is_finite());
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        seen
    }

    fn layers(&self) -> Vec<Layer> {
        let (name, style) = (&self.trial.setting.name, ink(self.trial));
        let (bias, noise) = (self.seen(|found| found.bias), self.seen(|found| found.noise));
        let points = |seen: &[(f64, Relative)]| seen.iter().map(|(x, found)| (*x, found.value)).collect::<Vec<_>>();
        let mut layers = Vec::new();
        for (seen, what) in [(&bias, "bias"), (&noise, "noise")] {
            let ends = seen
                .iter()
                .map(|(x, found)| (*x, found.value - found.standard_error, found.value + found.standard_error));
            let ends: Vec<(f64, f64, f64)> = ends.filter(|(_, low, high)| low < high && *low > 0.0).collect();
            if !ends.is_empty() {
                layers.push(
                    Layer::whiskers("", style, ends).whose(name).quantity(format!("{what} ± one standard error")),
                );
            }
        }
        let line = Layer::line(name, style, points(&bias)).quantity("bias");
        layers.push(match self.badge() {
            Some(badge) => line.badge(badge),
            None => line,
        });
        layers.push(Layer::points("", style, points(&bias)).whose(name).quantity("bias"));
        if !noise.is_empty() {
            layers.push(Layer::line("", style.dashed(), points(&noise)).whose(name).quantity("noise"));
        }
        layers
    }

    /// The values at which there is no bias or no noise to draw, and why. Of what is nowhere a noise nothing needs to be said.
    fn left_out(&self) -> Vec<String> {
        let points = || self.finding.points.iter().map(|point| (&*point.value, &point.finding.trials[self.number]));
        let has_noise = points().any(|(_, found)| found.noise.value > 0.0);
        let mut reasons: Vec<(&str, String)> = Vec::new();
        for (value, found) in points() {
            if let Some(lack) = &found.lack {
                reasons.push((value, lack.clone()));
                continue;
            }
            reasons.extend(found.bias.unseen().map(|why| (value, format!("bias {why}, in no line and no slope"))));
            let noise = found.noise.unseen().filter(|_| has_noise);
            reasons.extend(noise.map(|why| (value, format!("noise {why}, in no line and no slope"))));
        }
        left_out(&self.trial.setting.name, &reasons)
    }

    /// The exponents of what is a straight line.
    fn badge(&self) -> Option<String> {
        let of = |slopes: &[Option<Slope>]| slopes.get(self.number).copied().flatten().filter(is_straight);
        let (bias, noise) = (of(&self.finding.bias), of(&self.finding.noise));
        let words: Vec<String> = [("bias", bias), ("noise", noise)]
            .into_iter()
            .filter_map(|(what, slope)| Some(format!("{what} {}", slope?.in_words())))
            .collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// Whether points keep so near to a line that its slope says something.
fn is_straight(slope: &Slope) -> bool {
    const STRAIGHT: f64 = 0.15;
    slope.standard_error < STRAIGHT
}
