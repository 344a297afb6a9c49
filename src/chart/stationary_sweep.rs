//! What is lost at the stationary point of a method, against one value of the scenario.

use super::found::draw_found;
use super::swept::{Swept, left_out, reached};
use super::{Axis, Empty, Entry, Figure, Layer, finish, ink};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::probe::stationary::{self, StationaryPoint, SweepFinding, TrialFinding};
use crate::probe::{Point, Question};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "stationary-sweep",
        name: "Stationary point against a value",
        source: "Ghadimi and Wang 2018, lemma 3.2; Grazzi et al. 2020; the exact definitions are this project's",
        equation: "F(λ̂) − F(λ*)  with D̄(λ̂) = 0, ∇F(λ*) = 0",
        summary: "How much of F is lost where descent along a method's direction ends, against the value of one setting that the \
                  scenario's study sweeps. Both F are those where the way down from λ₀ ends.",
        cost: "the stationary points, found once for every value",
        fails: "An excess that is only rounding has no place on a log axis.",
        knobs: &[],
    },
    draw,
    finding: Question::over_sweep(&stationary::ENTRY),
};

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::logarithmic("excess F − F(λ*)");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear("value"), y);
    draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &SweepFinding, snapshot: &Snapshot, figure: &mut Figure) {
    let trials = finding.points.first().map_or(&[][..], |point| &point.finding.trials);
    let swept = Swept::of(&finding.path, &finding.points, trials.iter().map(|found| &*found.trial).collect());
    figure.title = format!("Excess F at the stationary point against {}", swept.in_words());
    figure.x = swept.axis();
    let about = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
    let curves: Vec<Curve<'_>> = about.map(|trial| Curve::of(trial, finding, &swept)).collect();
    if curves.iter().any(|curve| !curve.found.is_empty()) {
        figure.empty = Empty::because("no excess of F was found that is more than its rounding");
    }
    let (curves, unreached) = reached(&finding.path, curves, Curve::is_flat, |curve| curve.trial);
    for curve in &curves {
        figure.layers.extend(curve.layers());
        figure.notes.extend(curve.remarks());
    }
    figure.notes.extend(unreached);
}

/// One trial over the values.
struct Curve<'a> {
    trial: &'a TrialView,
    /// Each value with its place and what was found there.
    found: Vec<(&'a str, f64, &'a TrialFinding)>,
}

impl<'a> Curve<'a> {
    fn of(trial: &'a TrialView, finding: &'a SweepFinding, swept: &Swept<'_>) -> Self {
        let of = |(place, point): (&f64, &'a Point<StationaryPoint>)| {
            Some((point.value.as_str(), *place, point.finding.of_trial(trial.id)?))
        };
        Self { trial, found: swept.places.iter().zip(&finding.points).filter_map(of).collect() }
    }

    /// What can be seen on a log axis, from left to right whatever the order of the values.
    fn points(&self) -> Vec<(f64, f64)> {
        let seen = self.found.iter().filter(|(_, _, found)| found.is_seen() && found.excess > 0.0);
        let mut points: Vec<(f64, f64)> = seen.map(|(_, x, found)| (*x, found.excess)).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        points
    }

    /// Whether the value makes no difference to it.
    fn is_flat(&self) -> bool {
        let points = self.points();
        points.len() > 1 && points.windows(2).all(|pair| pair[0].1.to_bits() == pair[1].1.to_bits())
    }

    fn layers(&self) -> [Layer; 2] {
        let (name, points) = (&self.trial.setting.name, self.points());
        [
            Layer::line(name, ink(self.trial), points.clone()).quantity("excess F"),
            Layer::points("", ink(self.trial), points).whose(name).quantity("excess F"),
        ]
    }

    fn remarks(&self) -> Vec<String> {
        let name = &self.trial.setting.name;
        let mut remarks = Vec::new();
        let spurious = self.found.iter().filter(|(_, _, found)| !found.others.is_empty());
        let spurious: Vec<&str> = spurious.map(|(value, ..)| *value).collect();
        if !spurious.is_empty() {
            remarks.push(format!("{name}: spurious zeros at {}", spurious.join(", ")));
        }
        if !self.found.is_empty() && self.found.iter().all(|(_, _, found)| found.is_none()) {
            remarks.push(format!("{name}: no excess but rounding"));
        }
        remarks.extend(left_out(name, &self.left_out()));
        remarks
    }

    /// The values that have no place in the line, and why.
    fn left_out(&self) -> Vec<(&'a str, String)> {
        let is_none_anywhere = self.found.iter().all(|(_, _, found)| found.is_none());
        let mut reasons: Vec<(&str, String)> = Vec::new();
        for (value, _, found) in &self.found {
            reasons.extend(found.lacks().map(|lack| (*value, lack.to_owned())));
            if found.is_none() && !is_none_anywhere {
                reasons.push((value, "no excess but rounding".to_owned()));
            }
            if found.is_seen() && found.excess < 0.0 {
                reasons.push((value, "F is less than where ∇F leads, which a log axis has no place for".to_owned()));
            }
        }
        reasons
    }
}
