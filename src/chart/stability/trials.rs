//! Trials beside one another: stability, gap and test loss, so that none is read alone.

use super::{Axis, Entry, Figure, Layer, SOURCE, STABILITY, beside_trials, draw_found, finish, found, halted};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot};
use crate::probe::stability::{Mark, Over, Stability};

pub(in crate::chart) const TRIALS: Entry = Entry {
    card: Card {
        id: "stability-trials",
        name: "Stability, gap and test loss",
        source: SOURCE,
        equation: "ε₁, test loss − validation loss, and test loss after the last outer step",
        summary: "Whether the trial that one row moves least is the one that generalizes best. For every trial the mean \
                  distance between base and twins, the generalization gap and the test loss at the last K, with one \
                  standard error over seeds.",
        cost: "measured with the twins",
        fails: "Argument stability alone does not order the gaps: runs far from fitted are pushed harder and drift more, \
                with a small gap and a high test loss.",
        knobs: &[],
    },
    draw,
    finding: Some(STABILITY),
};

/// A quantity, and how far its marks stand from the middle of a trial's place.
type Quantity = (&'static str, fn(&Mark) -> &Over, f64);

const QUANTITIES: [Quantity; 3] =
    [("ε₁", |mark| &mark.epsilon1, -0.2), ("gap", |mark| &mark.gap, 0.0), ("test loss", |mark| &mark.test, 0.2)];

fn draw(snapshot: &Snapshot) -> Figure {
    let x = Axis::categories("trial", snapshot.shown().map(|trial| trial.setting.name.as_str()));
    let y = Axis::logarithmic("at the last K");
    let mut figure = Figure::new(TRIALS.card.id, TRIALS.card.name, x, y);
    draw_found(TRIALS.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &Stability, snapshot: &Snapshot, figure: &mut Figure) {
    let found = found(snapshot, measured, finding);
    figure.notes.extend(halted(finding, &found));
    let place = |id: u64| snapshot.shown().position(|trial| trial.id == id);
    let lasts: Vec<(f64, &Mark)> =
        found.iter().filter_map(|(trial, found)| Some((place(trial.id)? as f64, found.last()?))).collect();
    for (series, (name, of, aside)) in QUANTITIES.into_iter().enumerate() {
        let at = |(place, mark): &(f64, &Mark)| (place + aside, of(mark).mean, of(mark).standard_error);
        let points: Vec<(f64, f64, f64)> = lasts.iter().map(at).filter(|(_, value, _)| value.is_finite()).collect();
        let style = beside_trials(snapshot, series);
        let ends = points.iter().filter(|(_, _, error)| error.is_finite());
        let ends = ends.map(|(x, value, error)| (*x, value - error, value + error)).collect();
        figure
            .layers
            .push(Layer::whiskers("", style, ends).whose(name).quantity(format!("{name} ± one standard error")));
        let points = points.into_iter().map(|(x, value, _)| (x, value)).collect();
        figure.layers.push(Layer::points(name, style, points).quantity(name));
    }
    let mut steps: Vec<usize> = lasts.iter().map(|(_, mark)| mark.step).collect();
    steps.dedup();
    if let [step] = &steps[..] {
        figure.title = format!("{} at K = {step}", TRIALS.card.name);
    }
    figure.notes.extend(finding.terms());
}
