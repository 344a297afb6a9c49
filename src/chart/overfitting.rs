//! Overfitting to the validation set: validation goes on falling after the test has turned.
//!
//! One run is drawn as it is; whole runs with several seeds, once measured, as median and quartiles.

use super::found::draw_found;
use super::{Axis, Empty, Entry, Figure, Layer, Style, finish, ink};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::metric::{OUTER_STEP, REFIT_LOSS, Records, TEST_LOSS, VALIDATION_LOSS};
use crate::probe::Question;
use crate::probe::overfitting::{self, Curves, Overfitting, Quantity, TrialFinding};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "overfitting",
        name: "Overfitting to validation",
        source: "Zhou, Shu, Liu, Meng 2026; Franceschi et al. 2018, section 6",
        equation: "loss of θ_T(λ_k) on validation rows, and on test rows after a refit on all others",
        summary: "Validation loss against test loss over outer steps. A ring marks the best test; the distance of a \
                  trial's two curves is its gap. With several seeds, once measured, median and quartiles.",
        cost: "none beyond the run; a refit on all rows at every outer step where the scenario asks for it",
        fails: "The best test step is known only in hindsight, and depends on the test rows. The suggestion to stop \
                reads the validation loss alone.",
        knobs: &[],
    },
    draw,
    finding: Some(WHOLE_RUNS),
};

/// Whole runs with several seeds.
const WHOLE_RUNS: Question = Question::of(&overfitting::ENTRY);

/// Where the validation loss has done this part of its fall, little is left to gain.
const MOST_OF_THE_FALL: f64 = 0.9;

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), Axis::linear("mean loss"));
    if snapshot.findings.latest(WHOLE_RUNS).is_none() {
        draw_run(snapshot, &mut figure);
    } else {
        draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding, figure| {
            draw_measured(measured, finding, snapshot, figure);
        });
    }
    finish(figure, snapshot)
}

/// What is drawn of one trial.
struct Lines {
    validation: Vec<(f64, f64)>,
    test: Vec<(f64, f64)>,
}

fn draw_run(snapshot: &Snapshot, figure: &mut Figure) {
    let help = format!("press N for one, or {} for whole runs with several seeds", WHOLE_RUNS.key());
    figure.empty = Empty::because("no outer step yet").helped(help);
    let with_refit = snapshot.shown().any(|trial| trial.offers.has(&REFIT_LOSS));
    let lines: Vec<(&TrialView, Lines)> =
        snapshot.shown().map(|trial| (trial, Lines::of_run(&trial.outer_records, with_refit))).collect();
    for (trial, lines) in &lines {
        figure.layers.extend(lines.layers(&trial.setting.name, ink(trial), words(with_refit)));
    }
    figure.layers.extend(rings(lines.iter().map(|(_, lines)| lines)));
    let alone = if let [(_, lines)] = &lines[..] { lines.suggestion() } else { None };
    figure.notes.extend(alone);
}

fn draw_measured(measured: &Measured, finding: &Overfitting, snapshot: &Snapshot, figure: &mut Figure) {
    figure.title = format!("{}, {} seeds", ENTRY.card.name, finding.replicates);
    let with_refit = finding.trials.iter().any(|trial| trial.curves(Quantity::Refit).is_some());
    let about = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
    let of_trial = |trial: &TrialView| finding.trials.iter().find(|found| found.id == trial.id);
    let found: Vec<(&TrialView, &TrialFinding)> = about.filter_map(|trial| Some((trial, of_trial(trial)?))).collect();
    let lines: Vec<Lines> = found.iter().map(|(_, found)| Lines::of_seeds(found, with_refit)).collect();
    for (trial, found) in &found {
        let band = band(found.curves(tested(with_refit)), ink(trial));
        figure.layers.extend(band.map(|band| band.whose(&trial.setting.name).quantity("quartiles")));
    }
    for ((trial, _), lines) in found.iter().zip(&lines) {
        let words = format!("{}, median", words(with_refit));
        figure.layers.extend(lines.layers(&trial.setting.name, ink(trial), &words));
    }
    figure.layers.extend(rings(lines.iter()));
    figure.notes.extend(lines.first().filter(|_| lines.len() == 1).and_then(Lines::suggestion));
}

/// What stands for the world: the refit where there is one.
fn tested(with_refit: bool) -> Quantity {
    if with_refit { Quantity::Refit } else { Quantity::Test }
}

fn words(with_refit: bool) -> &'static str {
    if with_refit { "test after a refit on all rows" } else { "test" }
}

fn band(curves: Option<&Curves>, style: Style) -> Option<Layer> {
    let columns = curves?.over_seeds.iter().enumerate();
    Some(Layer::band("", style, columns.map(|(step, spread)| (step as f64, spread.lower, spread.upper)).collect()))
}

/// The best test of every trial.
fn rings<'a>(lines: impl Iterator<Item = &'a Lines>) -> Option<Layer> {
    let best: Vec<(f64, f64)> = lines.filter_map(Lines::best).collect();
    let ring = |best| Layer::points("best test", Style::foreground().emphasized(true), best).quantity("best test");
    (!best.is_empty()).then(|| ring(best))
}

impl Lines {
    fn of_run(records: &Records, with_refit: bool) -> Self {
        let test = if with_refit { &REFIT_LOSS } else { &TEST_LOSS };
        let curve = |metric| records.points(&OUTER_STEP, metric);
        Self { validation: curve(&VALIDATION_LOSS), test: drawn(curve(test)) }
    }

    fn of_seeds(found: &TrialFinding, with_refit: bool) -> Self {
        let curve = |quantity: Quantity| {
            let spreads = found.curves(quantity).map_or(&[][..], |curves| &curves.over_seeds);
            spreads.iter().enumerate().map(|(step, spread)| (step as f64, spread.median)).collect()
        };
        Self { validation: curve(Quantity::Validation), test: curve(tested(with_refit)) }
    }

    fn layers(&self, name: &str, style: Style, test: &str) -> [Layer; 2] {
        let validation = Layer::line("", style.dashed(), self.validation.clone()).whose(name);
        [validation.quantity("validation"), Layer::line(name, style, self.test.clone()).quantity(test)]
    }

    /// Where the test was best, after the start and before the end.
    fn best(&self) -> Option<(f64, f64)> {
        let finite = self.test.iter().filter(|(_, loss)| loss.is_finite());
        finite.min_by(|a, b| a.1.total_cmp(&b.1)).copied()
    }

    /// When to stop, from the validation loss alone, and what that would have given.
    fn suggestion(&self) -> Option<String> {
        let (first, last) = (self.validation.first()?.1, self.validation.last()?.1);
        let target = first - MOST_OF_THE_FALL * (first - last);
        let step = self.validation.iter().position(|(_, loss)| *loss <= target).filter(|_| last < first)?;
        let (at, test) = self.test.get(step)?;
        let (end, best) = (self.test.last()?.1, self.best()?.1);
        Some(format!(
            "stop at {at}? validation has done 90 % of its fall: test {test:.3} there, {end:.3} at the end, {best:.3} at best"
        ))
    }
}

/// A curve with something in it, or none.
fn drawn(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if points.iter().any(|(_, y)| y.is_finite()) { points } else { Vec::new() }
}
