//! What is lost at the stationary point of a method, against one value of the scenario.

use super::found::draw_found;
use super::swept::Swept;
use super::{Axis, Empty, Entry, Figure, Layer, finish, ink};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot};
use crate::probe::Question;
use crate::probe::stationary::{self, SweepFinding, TrialFinding};

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
    let mut flat: Vec<&str> = Vec::new();
    for trial in snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting)) {
        let name = &trial.setting.name;
        let of = |point: &crate::probe::Point<stationary::StationaryPoint>| point.finding.of_trial(trial.id).cloned();
        let found: Vec<(f64, TrialFinding)> =
            swept.places.iter().zip(&finding.points).filter_map(|(x, point)| Some((*x, of(point)?))).collect();
        let mut points: Vec<(f64, f64)> = found
            .iter()
            .filter(|(_, found)| found.is_seen() && found.excess > 0.0)
            .map(|(x, found)| (*x, found.excess))
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let is_flat = points.len() > 1 && points.windows(2).all(|pair| pair[0].1.to_bits() == pair[1].1.to_bits());
        if is_flat {
            // A value that does not reach a trial leaves it where it is.
            flat.push(&**name);
        }
        figure.layers.push(Layer::line(name, ink(trial), points.clone()).quantity("excess F"));
        figure.layers.push(Layer::points("", ink(trial), points).whose(name).quantity("excess F"));
        let at = |is: fn(&TrialFinding) -> bool| -> Vec<&str> {
            let values = finding.points.iter().map(|point| &*point.value).zip(&found);
            values.filter(|(_, (_, found))| is(found)).map(|(value, _)| value).collect()
        };
        let spurious = at(|found| !found.others.is_empty());
        if is_flat {
            continue;
        }
        if !spurious.is_empty() {
            figure.notes.push(format!("{name}: spurious zeros at {}", spurious.join(", ")));
        }
        let rounding = at(|found| found.lack.is_none() && !found.is_seen());
        if rounding.len() == found.len() {
            figure.notes.push(format!("{name}: no excess but rounding"));
        }
        for (value, (_, found)) in finding.points.iter().map(|point| &point.value).zip(&found) {
            figure.notes.extend(found.lack.iter().map(|lack| format!("{name} at {value}: {lack}")));
        }
        if !found.is_empty() {
            figure.empty = Empty::because("no excess of F was found that is more than its rounding");
        }
    }
    if !flat.is_empty() {
        figure.notes.push(format!("{} makes no difference to {}", finding.path, flat.join(", ")));
    }
}
