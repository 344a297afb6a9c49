//! Sharing over windows: what windows of every width take from the noise and give to the bias, and the hypergradients that they are
//! means of, step by step.

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, Style, finish, ink};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::math::number::{counted, plain};
use crate::probe::Question;
use crate::probe::sharing::{self, Law, Sharing, TrialFinding, Window};

const SHARING: Question = Question::of(&sharing::ENTRY);

pub(super) const WINDOWS: Entry = Entry {
    card: Card {
        id: "sharing",
        name: "Sharing over windows",
        source: "Micaelli and Storkey 2021, section 4 and theorem 4.1",
        equation: "mean_t E(h̄_w(t) − E h_t)² = variance + bias²  against  W",
        summary: "How many steps should share a hyperparameter. The mean square error of means over windows, against their width: \
                  noise falls with it, bias rises. Of a single trial both are drawn as well, and dashed is the law of a ramp \
                  that is right at both ends; a line marks its best width W*.",
        cost: "many inner runs of every trial, each differentiated step by step",
        fails: "A squared bias that is lost in noise has no place on a log axis. The law is about equal variances and an even drift.",
        knobs: &[],
    },
    draw: |snapshot| {
        let (x, y) = (Axis::logarithmic("steps that share W").counting(true), Axis::logarithmic("mean square error"));
        let mut figure = Figure::new(WINDOWS.card.id, WINDOWS.card.name, x, y);
        draw_found(WINDOWS.finding, snapshot, &mut figure, |measured, finding: &Sharing, figure| {
            draw_windows(&about(measured, finding, snapshot), figure);
        });
        finish(figure, snapshot)
    },
    finding: Some(SHARING),
};

pub(super) const STEPS: Entry = Entry {
    card: Card {
        id: "fluctuation",
        name: "Hypergradients step by step",
        source: "Micaelli and Storkey 2021, figure 1",
        equation: "E h_t ± deviation over runs,  h_t = ∂f(θ_T)/∂(value at step t)",
        summary: "How noisy the hypergradient of a single step is. Its mean over runs at every step of the inner run, and \
                  shaded one standard deviation over runs to either side.",
        cost: "as sharing over windows, measured with it",
        fails: "The deviation is that of one run; the mean of R runs has one that is √R smaller.",
        knobs: &[],
    },
    draw: |snapshot| {
        let (x, y) = (Axis::steps("inner step t"), Axis::linear("hypergradient by the value at step t"));
        let mut figure = Figure::new(STEPS.card.id, STEPS.card.name, x, y);
        draw_found(STEPS.finding, snapshot, &mut figure, |measured, finding: &Sharing, figure| {
            draw_steps(&about(measured, finding, snapshot), figure);
        });
        finish(figure, snapshot)
    },
    finding: Some(SHARING),
};

pub(super) const SOURCES: Entry = Entry {
    card: Card {
        id: "fluctuation-by-source",
        name: "Fluctuation by source",
        source: "Micaelli and Storkey 2021, section 4",
        equation: "Σ_w deviation of h̄_w over runs / Σ_w |E h̄_w|  against  W",
        summary: "Where noise comes from, and what averages over time take from it. How large the deviation over runs is against the \
                  hypergradient, for means over windows of every width: where runs differ in everything, in batches, θ₀ or split alone. \
                  Of the first trial that is shown.",
        cost: "sharing over windows, for each source; `fresh` of that probe says which",
        fails: "Another split is other rows in the same batches: it has the noise of batches in it. What is not named is as in the first outer step, on the scenario's own split, and each source is against its own mean. Windows whose mean is near zero weigh little.",
        knobs: &[],
    },
    draw: |snapshot| {
        let x = Axis::logarithmic("steps in a mean W").counting(true);
        let mut figure =
            Figure::new(SOURCES.card.id, SOURCES.card.name, x, Axis::logarithmic("deviation over runs / |mean|"));
        draw_found(SOURCES.finding, snapshot, &mut figure, |measured, finding: &Sharing, figure| {
            draw_sources(&about(measured, finding, snapshot), finding, figure);
        });
        finish(figure, snapshot)
    },
    finding: Some(SHARING),
};

type About<'a> = Vec<(&'a TrialView, &'a TrialFinding)>;

/// The trials shown that this was measured of.
fn about<'a>(measured: &Measured, finding: &'a Sharing, snapshot: &'a Snapshot) -> About<'a> {
    let shown = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
    shown.filter_map(|trial| Some((trial, finding.trials.iter().find(|found| found.id == trial.id)?))).collect()
}

fn points(found: &TrialFinding, of: fn(&Window) -> f64) -> Vec<(f64, f64)> {
    let places = found.windows.iter().map(|window| (window.width as f64, of(window)));
    // A squared bias without the noise in it may be below zero.
    places.filter(|(_, y)| *y > 0.0).collect()
}

fn draw_windows(about: &About<'_>, figure: &mut Figure) {
    for (trial, found) in about {
        let name = &trial.setting.name;
        let whole = Layer::line(name, ink(trial), points(found, |window| window.error)).quantity("mean square error");
        let best = found.best().map(|best| format!("least at W = {}", best.width));
        figure.layers.push(match best {
            Some(best) => whole.badge(best),
            None => whole,
        });
    }
    if let [(trial, found)] = about.as_slice() {
        let name = &trial.setting.name;
        let of =
            |label: &str, style, value| Layer::line(label, style, points(found, value)).whose(name).quantity(label);
        figure.layers.push(of("variance", Style::series(1).thin(), |window| window.variance));
        figure.layers.push(of("bias²", Style::series(2).thin(), |window| window.bias_squared));
    }
    for (trial, found) in about {
        let law = Layer::line("", ink(trial).dashed(), points(found, |window| window.law));
        figure.layers.push(law.whose(&trial.setting.name).quantity("law of a ramp"));
        let most = found.steps.len() as f64;
        if found.best_width.is_finite() && found.best_width >= 1.0 && found.best_width <= most && about.len() == 1 {
            figure.layers.push(Layer::vertical(format!("W* = {}", plain(found.best_width)), found.best_width));
        }
    }
    figure.notes.push("dashed: σ²(1 + c(W−1))/W + ε²(W²−1)/12, right at W = 1 and W = T".to_owned());
    if let [(_, found)] = about.as_slice() {
        let Law { deviation, correlation, drift } = found.law;
        let [deviation, correlation, drift] = [deviation, correlation, drift].map(plain);
        let how = if found.is_of_runs { "measured" } else { "drawn with" };
        figure.notes.push(format!("{how}: σ = {deviation}, c = {correlation}, ε = {drift}"));
    }
    notes(about, figure);
}

/// A curve for each source, of the first trial.
fn draw_sources(about: &About<'_>, finding: &Sharing, figure: &mut Figure) {
    let Some((trial, first)) = about.first() else { return };
    figure.title = format!("{}: {}", SOURCES.card.name, trial.setting.name);
    let found: Vec<&TrialFinding> = finding.trials.iter().filter(|found| found.id == trial.id).collect();
    for (series, found) in found.iter().enumerate() {
        let points = points(found, |window| window.fluctuation);
        let badge = found.windows.first().map(|window| plain(window.fluctuation));
        let line =
            Layer::line(found.fresh, Style::series(series), points).quantity(found.fresh).whose(&trial.setting.name);
        figure.layers.push(line.badge(format!("{} a step", badge.unwrap_or_default())));
    }
    if found.iter().any(|found| found.fresh.ends_with("alone")) {
        figure.notes.push("alone: all else as in the first outer step, on the scenario's own split".to_owned());
    }
    if first.runs > 1 {
        // Of a normal one; with heavy tails it is known less well.
        let error = 100.0 / (2.0 * (first.runs - 1) as f64).sqrt();
        figure.notes.push(format!(
            "each deviation is known to about {error:.0} %, at best: a part may come out above the whole"
        ));
    }
    if found.len() == 1 {
        figure.hints.push("set `fresh` of the probe to Each to see each source".to_owned());
    }
    notes(&vec![(*trial, *first)], figure);
}

fn draw_steps(about: &About<'_>, figure: &mut Figure) {
    for (trial, found) in about {
        let ends = found.steps.iter().enumerate();
        let ends = ends.map(|(t, step)| (t as f64, step.mean - step.deviation, step.mean + step.deviation));
        let band = Layer::band("", ink(trial), ends.collect()).whose(&trial.setting.name);
        figure.layers.push(band.quantity("one standard deviation over runs"));
    }
    for (trial, found) in about {
        let means = found.steps.iter().enumerate().map(|(t, step)| (t as f64, step.mean)).collect();
        figure.layers.push(Layer::line(&trial.setting.name, ink(trial), means).quantity("mean over runs"));
    }
    if !about.is_empty() {
        figure.layers.push(Layer::horizontal("", 0.0));
    }
    notes(about, figure);
}

fn notes(about: &About<'_>, figure: &mut Figure) {
    let Some((_, first)) = about.first() else { return };
    figure.notes.push(format!("{}, {}", first.block, counted(first.runs, "run")));
    let broken = about.iter().filter(|(_, found)| found.broken > 0);
    figure.notes.extend(
        broken.map(|(_, found)| format!("{}: {} not finite, left out", found.trial, counted(found.broken, "run"))),
    );
}
