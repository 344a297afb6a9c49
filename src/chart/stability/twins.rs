//! Base and twins drift apart: distances of λ and θ against K.

use super::{
    Axis, Entry, Figure, Found, Layer, SOURCE, STABILITY, Style, draw_found, finish, found, halted, ink, line,
};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot};
use crate::math::number::{counted, typeset};
use crate::probe::stability::{Stability, TrialFinding};

pub(in crate::chart) const TWINS: Entry = Entry {
    card: Card {
        id: "stability-twins",
        name: "Twins drift apart",
        source: SOURCE,
        equation: "‖λ_K − λ_K⁽ⁱ⁾‖ and ‖θ_K − θ_K⁽ⁱ⁾‖ against K",
        summary: "How far a run would be elsewhere, had one row been another. Thin: each replaced row of the first seed, for \
                  the first trial shown; thick: the mean over rows and seeds of ‖Δλ‖; dashed: that of ‖Δθ‖. A twin \
                  equals the base until its row is drawn.",
        cost: "R + 1 whole runs a trial and seed, beside the laboratory",
        fails: "Slope ½ is a random walk of kicks, slope 1 the classical shape of convex losses with constant steps; \
                strongly convex losses lie flat. They are shapes for reference, of one level, and no bound of these methods. 2^(K/2) is how fast \
                worst cases without convexity may grow: it leaves the chart at once and says nothing here.",
        knobs: &[],
    },
    draw,
    finding: Some(STABILITY),
};

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::logarithmic("distance from the base");
    let mut figure = Figure::new(TWINS.card.id, TWINS.card.name, Axis::logarithmic("K, outer steps").counting(true), y);
    draw_found(TWINS.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &Stability, snapshot: &Snapshot, figure: &mut Figure) {
    let found = found(snapshot, measured, finding);
    figure.notes.extend(halted(finding, &found));
    let means: Vec<(f64, f64)> = found.iter().flat_map(|(_, found)| line(&found.marks, |mark| &mark.lambda)).collect();
    let Some(first) = found.first() else { return };
    let rows = rows(finding, first);
    figure.layers.extend(guides(&means));
    figure.layers.extend(rows);
    for (trial, found) in &found {
        let (name, style) = (&trial.setting.name, ink(trial));
        let theta = Layer::line("", style.dashed(), line(&found.marks, |mark| &mark.theta)).whose(name);
        figure.layers.push(theta.quantity("‖Δθ‖, mean"));
        let lambda = Layer::line(name, style.thick(), line(&found.marks, |mark| &mark.lambda)).quantity("‖Δλ‖, mean");
        figure.layers.push(match badge(found) {
            Some(badge) => lambda.badge(badge),
            None => lambda,
        });
    }
    figure
        .notes
        .extend(finding.seeds.first().map(|seed| format!("pale: ‖Δλ‖ of each row of {}, seed {seed}", first.1.trial)));
    let left_out = |(_, found): &Found<'_>| {
        Some(format!("{}: slope {}", found.trial, found.slopes.epsilon1?.left_out_in_words()?))
    };
    figure.notes.extend(found.iter().filter_map(left_out));
    figure.notes.extend(touched(first.1));
    figure.notes.extend(zeros(finding, first.1));
    figure.notes.extend(finding.terms());
}

/// ‖Δλ‖ of every row that is replaced in the first seed.
fn rows(finding: &Stability, (trial, found): &Found<'_>) -> Vec<Layer> {
    let Some(seed) = finding.seeds.first() else { return Vec::new() };
    let whose = &trial.setting.name;
    let twins = found.twins_of(*seed).filter(|twin| twin.side == finding.side);
    let row = |twin: &crate::probe::stability::Twin| {
        let points = found.marks.iter().zip(&twin.lambda).map(|(mark, distance)| (mark.step as f64, *distance));
        // A twin that is the base has no place on a logarithmic axis: how many there are is said.
        let points = points.filter(|(_, distance)| *distance > 0.0).collect();
        Layer::line("", ink(trial).thin().faint(), points).whose(whose).quantity("‖Δλ‖ of one row")
    };
    twins.map(row).collect()
}

/// Reference slopes through the end of the largest mean, and a shape that grows beyond anything.
fn guides(means: &[(f64, f64)]) -> Vec<Layer> {
    let drawn = || means.iter().filter(|(_, y)| y.is_finite() && *y > 0.0);
    let Some(corner) = drawn().max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))).copied() else {
        return Vec::new();
    };
    let mut guides =
        vec![Layer::guide("slope ½, reference", 0.5, corner), Layer::guide("slope 1, reference", 1.0, corner)];
    let first = drawn().min_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1))).copied();
    if let Some((start, level)) = first.filter(|(start, _)| corner.0 > *start) {
        let at = |step: f64| level * 2f64.powf((step - start) / 2.0);
        let steps = (0..64).map(|place| start + 0.5 * f64::from(place)).map(|step| (step, at(step)));
        let curve: Vec<(f64, f64)> = steps.take_while(|(step, y)| *step <= corner.0 && *y <= corner.1).collect();
        guides.push(Layer::line("2^(K/2): vacuous here", Style::neutral().dashed().thin(), curve));
    }
    guides
}

fn badge(found: &TrialFinding) -> Option<String> {
    let slope = found.slopes.epsilon1?;
    Some(format!("ε₁ in K: {}", slope.in_words()))
}

/// When the rows were first drawn.
fn touched(found: &TrialFinding) -> Option<String> {
    let at = |share: f64| found.marks.iter().find(|mark| mark.touched.mean >= share);
    let words = |share: f64, name: &str| Some(format!("{name} by K = {}", at(share)?.step));
    let last = found.last()?;
    if last.touched.mean.is_nan() {
        return None;
    }
    let parts: Vec<String> = [words(0.5, "half"), words(1.0, "all")].into_iter().flatten().collect();
    Some(if parts.is_empty() {
        format!("rows touched by K = {}: {} %", last.step, typeset((100.0 * last.touched.mean).round()))
    } else {
        format!("rows touched: {}", parts.join(", "))
    })
}

/// Distances that are zero, which a logarithmic axis cannot show.
fn zeros(finding: &Stability, found: &TrialFinding) -> Option<String> {
    let seed = finding.seeds.first()?;
    let twins = found.twins_of(*seed).filter(|twin| twin.side == finding.side);
    let zeros = twins.flat_map(|twin| &twin.lambda).filter(|distance| **distance == 0.0).count();
    (zeros > 0).then(|| format!("{} of single rows are 0 and not on a log axis", counted(zeros, "distance")))
}
