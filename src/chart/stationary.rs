//! Where descent along each method's direction ends, and what that costs.

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, Style, finish, ink};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::probe::Question;
use crate::probe::stationary::{self, StationaryPoint, TrialFinding};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "stationary",
        name: "Where directions are zero",
        source: "Ghadimi and Wang 2018, lemma 3.2; Grazzi et al. 2020; the exact definitions are this project's",
        equation: "D̄(λ̂) = 0,  excess F(λ̂) − F(λ*)",
        summary: "Where descent along a method's direction would end, and what F is there. Where λ is one number, each method's \
                  direction over all rows is drawn against λ, with ∇F dashed: where a line crosses zero its descent ends, or \
                  turns away. Where λ has several entries, the excess of F is drawn for every trial.",
        cost: "some hundreds of exact inner solutions and directions a trial, beside the laboratory",
        fails: "Where λ has several entries, only the end of the way down from the start is found.",
        knobs: &[],
    },
    draw,
    finding: Some(Question::of(&stationary::ENTRY)),
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear("λ"), Axis::linear("direction D_λ"));
    draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &StationaryPoint, snapshot: &Snapshot, figure: &mut Figure) {
    let about = |trial: &TrialView| finding.of_trial(trial.id).filter(|_| measured.is_about(trial.id, &trial.setting));
    let found: Vec<(&TrialView, &TrialFinding)> =
        snapshot.shown().filter_map(|trial| Some((trial, about(trial)?))).collect();
    if found.iter().any(|(_, found)| !found.curve.direction.is_empty() || !found.curve.exact.is_empty()) {
        draw_curves(&found, figure);
    } else {
        draw_excess(&found, figure);
    }
    for (trial, found) in &found {
        figure.notes.extend(found.remarks().into_iter().map(|remark| format!("{}: {remark}", trial.setting.name)));
    }
}

/// A λ of one number: the directions themselves.
fn draw_curves(found: &[(&TrialView, &TrialFinding)], figure: &mut Figure) {
    let (low, high) = seen(found);
    figure.x = Axis::linear("λ").within(low, high);
    let within = |curve: &[(f64, f64)]| -> Vec<(f64, f64)> {
        curve.iter().copied().filter(|(x, _)| (low..=high).contains(x)).collect()
    };
    figure.y = Axis::linear("direction D_λ, over all rows");
    figure.layers.push(Layer::horizontal("", 0.0));
    if let Some((_, first)) = found.iter().find(|(_, found)| !found.curve.exact.is_empty()) {
        let exact = within(&first.curve.exact);
        let most = exact.iter().map(|(_, y)| y.abs()).fold(0.0, f64::max);
        if most > 0.0 {
            figure.y = Axis::linear("direction D_λ, over all rows").within(-1.2 * most, 1.2 * most);
        }
        figure.layers.push(Layer::line("∇F", Style::neutral().dashed(), exact).quantity("∇F"));
        let zeros = first.exact_lambda.iter().map(|x| (*x, 0.0)).collect();
        figure.layers.push(Layer::points("", Style::neutral(), zeros).quantity("zero of ∇F"));
    }
    for (trial, found) in found {
        let name = &trial.setting.name;
        let line = Layer::line(name, ink(trial), within(&found.curve.direction)).quantity("direction D_λ");
        figure.layers.push(if found.is_seen() { line.badge(excess(found)) } else { line });
        let zeros = found.lambda.iter().copied().chain(found.others.iter().map(|root| root.lambda));
        let zeros: Vec<(f64, f64)> = zeros.map(|x| (x, 0.0)).collect();
        figure.layers.push(Layer::points("", ink(trial), zeros).whose(name).quantity("zero"));
    }
}

/// The stretch of λ around what was found; all that was looked at, where nothing was.
fn seen(found: &[(&TrialView, &TrialFinding)]) -> (f64, f64) {
    let range = |lambdas: &mut dyn Iterator<Item = f64>| {
        lambdas.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    };
    let ends = |(_, found): &(_, &TrialFinding)| -> Vec<f64> {
        let others = found.others.iter().map(|root| root.lambda);
        found.lambda.iter().chain(&found.exact_lambda).copied().chain(others).collect()
    };
    let (low, high) = range(&mut found.iter().flat_map(ends));
    // Where some descent has no end, that it has none is what there is to see.
    if low <= high && found.iter().all(|(_, found)| found.lacks().next().is_none()) {
        let margin = (0.3 * (high - low)).max(1.0);
        return (low - margin, high + margin);
    }
    let curves = found.iter().flat_map(|(_, found)| found.curve.direction.iter().chain(&found.curve.exact));
    range(&mut curves.map(|(x, _)| *x))
}

fn excess(found: &TrialFinding) -> String {
    format!("excess F {}", crate::math::number::plain(found.excess))
}

/// A λ of several entries: what is lost.
fn draw_excess(found: &[(&TrialView, &TrialFinding)], figure: &mut Figure) {
    figure.x = Axis::categories("trial", found.iter().map(|(trial, _)| trial.setting.name.as_str()));
    figure.y = Axis::logarithmic("excess F − F(λ*)");
    let points = found.iter().enumerate().filter(|(_, (_, found))| found.is_seen() && found.excess > 0.0);
    let points: Vec<(f64, f64)> = points.map(|(place, (_, found))| (place as f64, found.excess)).collect();
    figure.layers.push(Layer::points("excess F", Style::series(0), points).quantity("excess F"));
}
