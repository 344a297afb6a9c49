//! Overfitting to the validation set: validation goes on falling after the test has turned.
//!
//! One run is drawn as it is; whole runs with several seeds, once measured, as median and quartiles. What validates is
//! thin and what tests is thick, so that neither hides the other; what is drawn anew at every step is smoothed.

use super::whole_runs::{WHOLE_RUNS, WholeRuns, median, quartiles, tested};
use super::{Axis, Empty, Entry, Figure, Fit, Layer, Style, finish, ink, smoothing};
use crate::catalog::Card;
use crate::lab::{Newer, Snapshot, TrialView};
use crate::math::statistics::quantile;
use crate::metric::{OUTER_STEP, REFIT_LOSS, Records, TEST_LOSS, VALIDATION_LOSS};
use crate::probe::overfitting::{Quantity, TrialFinding};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "overfitting",
        name: "Overfitting to validation",
        source: "Zhou, Shu, Liu, Meng 2026; Franceschi et al. 2018, section 6",
        equation: "loss of θ_T(λ_k) on validation rows, and on test rows after a refit on all others",
        summary: "Validation loss against test loss over outer steps. A ring marks the best test, and what the test has \
                  lost since is printed where it was lost; the distance of a trial's two curves is its gap. With several \
                  seeds, once measured, median and quartiles.",
        cost: "none beyond the run; a refit on all rows at every outer step where the scenario asks for it",
        fails: "The best test step is known only in hindsight, and depends on the test rows. The suggestion to stop \
                reads the validation loss alone.",
        knobs: &[],
    },
    draw,
    finding: Some(WHOLE_RUNS),
};

/// Where the validation loss has done this part of its fall, little is left to gain.
const MOST_OF_THE_FALL: f64 = 0.9;

/// A rise of the test is printed from this share of its least value on.
const LEAST_RISE: f64 = 0.01;

/// Rises printed, the largest first: more words hide the curves.
const MOST_RISES: usize = 3;

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::linear("mean loss").fitted(Fit::Bulk);
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), y);
    match WholeRuns::of(snapshot) {
        Some(runs) => draw_seeds(&runs, &mut figure),
        None => draw_run(snapshot, &mut figure),
    }
    finish(figure, snapshot)
}

fn draw_run(snapshot: &Snapshot, figure: &mut Figure) {
    let help = format!("press N for one, or {} for whole runs with several seeds", WHOLE_RUNS.key());
    figure.empty = Empty::because("no outer step yet").helped(help);
    figure.notes.extend(under_way(snapshot));
    let with_refit = snapshot.shown().any(|trial| trial.offers.has(&REFIT_LOSS));
    let of_run = |trial| Lines::of_run(trial, &trial.outer_records, with_refit);
    let lines: Vec<Lines> = snapshot.shown().map(of_run).collect();
    draw_lines(&lines, words(with_refit), figure);
}

fn draw_seeds(runs: &WholeRuns<'_>, figure: &mut Figure) {
    runs.say(figure);
    let tested = tested(runs);
    let bands =
        |(trial, found): &(&TrialView, &TrialFinding)| quartiles(found.curves(tested), ink(trial), &trial.setting.name);
    figure.layers.extend(runs.trials.iter().filter_map(bands));
    let of_seeds = |(trial, found): &(&'_ TrialView, &TrialFinding)| Lines {
        name: trial.setting.name.clone(),
        style: ink(trial),
        validation: median(found.curves(Quantity::Validation)),
        test: median(found.curves(tested)),
        is_noisy: false,
    };
    let lines: Vec<Lines> = runs.trials.iter().map(of_seeds).collect();
    draw_lines(&lines, &format!("{}, median", words(tested == Quantity::Refit)), figure);
}

/// What is drawn of one trial.
struct Lines {
    name: String,
    style: Style,
    validation: Vec<(f64, f64)>,
    test: Vec<(f64, f64)>,
    is_noisy: bool,
}

fn draw_lines(lines: &[Lines], test: &str, figure: &mut Figure) {
    let mut window = 1;
    for lines in lines {
        let (layers, smoothed) = lines.layers(test);
        figure.layers.extend(layers);
        window = window.max(smoothed);
    }
    if lines.iter().all(|lines| lines.test.is_empty()) {
        figure.notes.push("no test rows here, so that nothing says what validation is worth".to_owned());
    }
    figure.layers.extend(rings(lines));
    figure.layers.extend(rises(lines));
    figure.notes.extend(smoothing::note(window));
    figure.notes.extend(lines.first().filter(|_| lines.len() == 1).and_then(Lines::suggestion));
}

fn words(with_refit: bool) -> &'static str {
    if with_refit { "test after a refit on all rows" } else { "test" }
}

/// What has become of whole runs that were asked for and are not there.
fn under_way(snapshot: &Snapshot) -> Option<String> {
    if let Some(job) = snapshot.findings.progress(WHOLE_RUNS) {
        return Some(format!("measuring several seeds: {} %", job.percent()));
    }
    match &snapshot.findings.answer(WHOLE_RUNS)?.newer {
        Newer::Failed(reason) => Some(format!("several seeds cannot be measured: {reason}")),
        _ => None,
    }
}

/// The best test of every trial.
fn rings(lines: &[Lines]) -> Option<Layer> {
    let best: Vec<(f64, f64)> = lines.iter().filter_map(|lines| Some(lines.turn()?.best)).collect();
    let ring = |best| Layer::points("best test", Style::foreground().emphasized(true), best).quantity("best test");
    (!best.is_empty()).then(|| ring(best))
}

/// How much each test has lost since it was best, printed above the curve on its way up.
fn rises(lines: &[Lines]) -> Vec<Layer> {
    let all: Vec<f64> =
        lines.iter().flat_map(|lines| &lines.test).map(|point| point.1).filter(|y| y.is_finite()).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let lift = 0.06 * (quantile(&all, 0.98) - quantile(&all, 0.02));
    let mut turns: Vec<(&Lines, Turn)> = lines.iter().filter_map(|lines| Some((lines, lines.turn()?))).collect();
    turns.retain(|(_, turn)| turn.rise > LEAST_RISE * turn.best.1.abs());
    turns.sort_by(|a, b| b.1.rise.total_cmp(&a.1.rise));
    let text = |(lines, turn): &(&Lines, Turn)| {
        let words = format!("{:+.3} since step {}", turn.rise, turn.best.0);
        Layer::texts(lines.style, vec![(turn.middle.0, turn.middle.1 + lift, words)]).whose(&lines.name)
    };
    turns.iter().take(MOST_RISES).map(text).collect()
}

/// Where a test was best, and what it has lost since.
struct Turn {
    best: (f64, f64),
    rise: f64,
    /// On the curve, half way from there to the end.
    middle: (f64, f64),
}

impl Lines {
    fn of_run(trial: &TrialView, records: &Records, with_refit: bool) -> Self {
        let test = if with_refit { &REFIT_LOSS } else { &TEST_LOSS };
        let curve = |metric| records.points(&OUTER_STEP, metric);
        Self {
            name: trial.setting.name.clone(),
            style: ink(trial),
            validation: drawn(curve(&VALIDATION_LOSS)),
            test: drawn(curve(test)),
            is_noisy: smoothing::is_noisy(trial),
        }
    }

    /// Validation first, so that the test lies on top; and how many steps are averaged.
    fn layers(&self, test: &str) -> (Vec<Layer>, usize) {
        let is_alone = self.test.is_empty();
        let (name, style) = if is_alone { (self.name.as_str(), self.style) } else { ("", self.style.thin()) };
        let validation = Layer::line(name, style, self.validation.clone()).quantity("validation");
        let name = if is_alone { "" } else { self.name.as_str() };
        let test = Layer::line(name, self.style.thick(), self.test.clone()).quantity(test);
        let [(validation, window), (test, wider)] =
            [validation, test].map(|line| smoothing::layers(line.whose(&self.name), self.is_noisy));
        (validation.into_iter().chain(test).collect(), window.max(wider))
    }

    /// The test as it is drawn.
    fn smoothed(&self) -> Vec<(f64, f64)> {
        let window = if self.is_noisy { smoothing::window(self.test.len()) } else { 1 };
        smoothing::smoothed(&self.test, window)
    }

    fn turn(&self) -> Option<Turn> {
        let test = self.smoothed();
        let finite = test.iter().enumerate().filter(|(_, point)| point.1.is_finite());
        let (place, best) = finite.min_by(|a, b| a.1.1.total_cmp(&b.1.1)).map(|(place, point)| (place, *point))?;
        let last = *test.last()?;
        Some(Turn { best, rise: last.1 - best.1, middle: test[place.midpoint(test.len() - 1)] })
    }

    /// When to stop, from the validation loss alone, and what that would have given.
    fn suggestion(&self) -> Option<String> {
        let (first, last) = (self.validation.first()?.1, self.validation.last()?.1);
        let target = first - MOST_OF_THE_FALL * (first - last);
        let step = self.validation.iter().position(|(_, loss)| *loss <= target).filter(|_| last < first)?;
        let (at, test) = self.test.get(step)?;
        let (end, best) = (self.test.last()?.1, self.turn()?.best.1);
        Some(format!(
            "stop at {at}? validation has done 90 % of its fall: test {test:.3} there, {end:.3} at the end, {best:.3} at best"
        ))
    }
}

/// A curve with something in it, or none.
fn drawn(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if points.iter().any(|(_, y)| y.is_finite()) { points } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Shape, Weight};

    /// Validation falls to the end; the test is best at `best` and then rises by `rise`.
    fn turned(name: &str, best: u32, rise: f64) -> Lines {
        let test = |step: u32| {
            let (step, best) = (f64::from(step), f64::from(best));
            if step < best { 1.0 + (best - step) / best } else { 1.0 + rise * (step - best) / (40.0 - best) }
        };
        let over = |of: &dyn Fn(u32) -> f64| (0..=40).map(|step| (f64::from(step), of(step))).collect();
        Lines {
            name: name.to_owned(),
            style: Style::series(0),
            validation: over(&|step| 1.0 / f64::from(step + 1)),
            test: over(&test),
            is_noisy: false,
        }
    }

    fn texts(layers: &[Layer]) -> Vec<(f64, f64, String)> {
        let texts = layers.iter().filter_map(|layer| match &layer.shape {
            Shape::Texts(texts) => Some(texts.clone()),
            _ => None,
        });
        texts.flatten().collect()
    }

    #[test]
    fn the_rise_is_printed_above_the_curve_where_it_rises() {
        let lines = [turned("flat", 10, 0.001), turned("turned", 10, 0.25)];
        let printed = texts(&rises(&lines));
        let [(x, y, words)] = &printed[..] else { panic!("{printed:?}") };
        assert_eq!(words, "+0.250 since step 10");
        assert_eq!(*x, 25.0);
        assert!((1.125..1.3).contains(y), "half of the rise is at 1.125, and the text stands above: {y}");
    }

    #[test]
    fn of_many_rises_the_largest_are_printed() {
        let lines: Vec<Lines> = (1..=6).map(|trial| turned("t", 10, 0.1 * f64::from(trial))).collect();
        let words: Vec<String> = texts(&rises(&lines)).into_iter().map(|text| text.2).collect();
        assert_eq!(words, ["+0.600 since step 10", "+0.500 since step 10", "+0.400 since step 10"]);
    }

    #[test]
    fn validation_is_thin_and_under_the_test_which_is_thick() {
        let (layers, window) = turned("a", 10, 0.2).layers("test");
        let weights: Vec<_> = layers.iter().map(|layer| (layer.quantity.as_str(), layer.style.weight)).collect();
        assert_eq!(weights, [("validation", Weight::Thin), ("test", Weight::Thick)]);
        assert_eq!(window, 1);
        let (layers, window) = Lines { is_noisy: true, ..turned("a", 10, 0.2) }.layers("test");
        let faint: Vec<bool> = layers.iter().map(|layer| layer.style.faint).collect();
        assert_eq!((faint, window), (vec![true, false, true, false], 3));
    }
}
