//! Squared bias, variance and mean squared error against one value of the scenario.

use super::found::draw_found;
use super::swept::{Swept, left_out, range, reached};
use super::{Axis, Entry, Figure, Layer, Scale, Style, finish, ink, terms};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot, TrialView};
use crate::probe::Question;
use crate::probe::bias_variance::{self, Floor, Law, LawKind, SweepFinding, TrialFinding, is_over_rows};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "bias-variance-sweep",
        name: "Bias and variance against a value",
        source: "Zhou, Shu, Liu, Meng 2026, arXiv 2602.17947; the exact definitions are this project's",
        equation: "E‖ĥ − h‖² = ‖E ĥ − h‖² + tr Cov ĥ;  tr Cov ĥ ≈ a + b/x,  ‖E ĥ − h‖² ≈ b · r^(2x)",
        summary: "How bias and variance change with the value of one setting. Squared bias, variance and their sum \
                  follow the value that the scenario's study sweeps, at λ₀. A ring marks the least sum; dashed is \
                  the law that theory gives for this value, fitted. Over training rows a grey guide falls as 1/n, and the bias \
                  that the most rows leave, where it can be told from zero, is a line.",
        cost: "bias and variance, measured once for every value",
        fails: "A squared bias that is lost in its standard error, within two of them from zero, is not drawn.",
        knobs: &[],
    },
    draw,
    finding: Question::over_sweep(&bias_variance::ENTRY),
};

/// Points of a law's curve.
const FINE: u32 = 80;

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::logarithmic("squared error of ĥ");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear("value"), y);
    draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &SweepFinding, snapshot: &Snapshot, figure: &mut Figure) {
    let swept = swept(finding);
    figure.title = format!("Bias and variance against {}, at λ₀", swept.in_words());
    figure.x = swept.axis();
    let about = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
    let curves: Vec<Curves<'_>> = about.filter_map(|trial| Curves::of(trial, finding, &swept)).collect();
    let (curves, unreached) = reached(&finding.path, curves, |curves| curves.is_flat, |curves| curves.trial);
    match curves.as_slice() {
        [] => {}
        [alone] => {
            figure.layers.extend(alone.in_colours());
            figure.layers.extend(alone.floor());
            figure.layers.extend(alone.left());
        }
        many => {
            figure.layers.extend(many.iter().flat_map(Curves::in_one_colour));
            figure.layers.extend(many.iter().filter_map(Curves::floor));
            figure.layers.extend(many.iter().filter_map(Curves::left));
            figure.notes.extend(many.iter().filter_map(Curves::named_law));
        }
    }
    if !curves.is_empty() {
        figure.notes.push("whiskers: ± one standard error".to_owned());
    }
    if is_over_rows(&finding.path) && figure.x.scale == Scale::Logarithmic {
        figure.layers.extend(guide(&curves));
    }
    figure.layers.extend(rings(&curves));
    figure.y.range = without_rounding(&curves);
    figure.notes.extend(unreached);
    figure.notes.extend(curves.iter().flat_map(|curves| left_out(&curves.trial.setting.name, &curves.unseen)));
    figure.notes.extend(curves.iter().filter_map(Curves::named_floor));
    figure.notes.extend(finding.points.first().map(|point| terms(&point.finding)).unwrap_or_default());
}

/// What is visible where some value is nothing but rounding, which would stretch the axis by decades: an
/// estimate that no sample enters has a variance of zero.
fn without_rounding(curves: &[Curves<'_>]) -> Option<(f64, f64)> {
    const ROUNDING: f64 = 1e-8;
    let values = || QUANTITIES.iter().flat_map(|(_, of)| curves.iter().flat_map(|curves| curves.points(*of)));
    let positive = || values().map(|(_, y)| y).filter(|y| y.is_finite() && *y > 0.0);
    let most = positive().fold(0.0, f64::max);
    let least = positive().filter(|y| *y >= ROUNDING * most).fold(most, f64::min);
    positive().any(|y| y < least).then_some((0.5 * least, 2.0 * most))
}

fn swept(finding: &SweepFinding) -> Swept<'_> {
    let trials = finding.points.first().map_or(&[][..], |point| &point.finding.trials);
    Swept::of(&finding.path, &finding.points, trials.iter().map(|found| &*found.trial).collect())
}

/// What was found about one trial.
struct Curves<'a> {
    trial: &'a TrialView,
    /// Each value's place and what was found there.
    found: Vec<(f64, &'a TrialFinding)>,
    law: Option<Law>,
    /// What more training rows do not lower.
    left: Option<Floor>,
    /// Where the mean squared error is least.
    best: Option<(f64, f64)>,
    /// The values at which something has no place on a log axis, and why.
    unseen: Vec<(&'a str, String)>,
    /// Whether the value makes no difference to it, as `inner.steps` does to a trial with steps of its own.
    is_flat: bool,
}

impl<'a> Curves<'a> {
    fn of(trial: &'a TrialView, finding: &'a SweepFinding, swept: &Swept<'_>) -> Option<Self> {
        let number = finding.points.first()?.finding.trials.iter().position(|found| found.id == trial.id)?;
        let mut found: Vec<(f64, &TrialFinding)> = Vec::new();
        for (place, point) in swept.places.iter().zip(&finding.points) {
            found.push((*place, point.finding.trials.get(number)?));
        }
        let is_flat = found.windows(2).all(|pair| pair[0].1.mse.to_bits() == pair[1].1.mse.to_bits());
        let best =
            finding.best.get(number).filter(|_| !is_flat).copied().flatten().and_then(|at| found.get(at).copied());
        let best = best.map(|(x, found)| (x, found.mse));
        let law = finding.laws.get(number).copied().flatten().filter(|_| swept.is_numeric() && !is_flat);
        let left = finding.floors.get(number).copied().flatten().filter(|_| !is_flat);
        let values = finding.points.iter().map(|point| &*point.value);
        let unseen = values.zip(&found).filter_map(|(value, (_, found))| Some((value, unseen(found)?))).collect();
        // A line runs from left to right, in whatever order the values were named.
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        Some(Self { trial, found, law, left, best, unseen, is_flat })
    }

    /// What is not drawn of a finite error is no point; an error that is no number is one, which is counted.
    fn points(&self, of: Quantity) -> Vec<(f64, f64)> {
        let points = self.found.iter().map(|(x, found)| (*x, of(found).0, found.mse));
        points.filter(|(_, y, mse)| !(y.is_nan() && mse.is_finite())).map(|(x, y, _)| (x, y)).collect()
    }

    /// One standard error to either side, in the style of what they belong to.
    fn whiskers(&self, (name, of): (&str, Quantity), style: Style) -> Layer {
        let ends = self.found.iter().map(|(x, found)| (*x, of(found)));
        let ends = ends.map(|(x, (value, error))| (x, value - error, value + error));
        let ends = ends.filter(|(_, low, high)| low.is_finite() && high.is_finite()).collect();
        let whiskers = Layer::whiskers("", style, ends).whose(&self.trial.setting.name);
        whiskers.quantity(format!("{name} ± one standard error"))
    }

    /// The only trial: a colour for each quantity, with whiskers.
    fn in_colours(&self) -> Vec<Layer> {
        let mut layers = Vec::new();
        for (series, (name, of)) in QUANTITIES.into_iter().enumerate() {
            let style = Style::series(series);
            let whose = &self.trial.setting.name;
            layers.push(self.whiskers((name, of), style));
            layers.push(Layer::line(name, style, self.points(of)).whose(whose).quantity(name));
        }
        layers.extend(self.law.map(|law| {
            let series = match law.kind {
                LawKind::Geometric => BIAS,
                LawKind::Inverse => VARIANCE,
            };
            let curve = Layer::line("", Style::series(series).dashed(), self.fitted(law));
            curve.whose(&self.trial.setting.name).quantity(law.in_words())
        }));
        layers
    }

    /// One of several trials: its own colour, and a kind of line for each quantity.
    fn in_one_colour(&self) -> Vec<Layer> {
        let (name, style) = (&self.trial.setting.name, ink(self.trial));
        let [bias, variance, error] = QUANTITIES.map(|(_, of)| self.points(of));
        let bias = Layer::points("", style, bias).whose(name).quantity(QUANTITIES[BIAS].0);
        let whole = Layer::line(name, style, error).quantity(QUANTITIES[ERROR].0);
        let mut layers = vec![self.whiskers(QUANTITIES[BIAS], style), self.whiskers(QUANTITIES[ERROR], style), bias];
        if self.is_all_variance() {
            // Two lines on top of one another are one that cannot be told from the other.
            layers.push(whole.badge("MSE = variance"));
        } else {
            layers.push(Layer::line("", style.dashed(), variance).whose(name).quantity(QUANTITIES[VARIANCE].0));
            layers.push(whole);
        }
        layers
    }

    /// Whether the bias is too small to be seen beside the variance anywhere.
    fn is_all_variance(&self) -> bool {
        const UNSEEN: f64 = 0.03;
        self.found.iter().all(|(_, found)| (found.mse - found.variance).abs() <= UNSEEN * found.mse)
    }

    /// What is left of the variance however large the value: what other rows are to blame for.
    fn floor(&self) -> Option<Layer> {
        let law = self.law.filter(|law| law.kind == LawKind::Inverse && law.a > 0.0)?;
        Some(Layer::horizontal(format!("{}: floor {:.2e}", self.trial.setting.name, law.a), law.a))
    }

    /// What is left of the bias however many rows train.
    fn left(&self) -> Option<Layer> {
        let left = self.left?;
        Some(Layer::horizontal(format!("{}: floor {:.2e}", self.trial.setting.name, left.value), left.value))
    }

    fn named_floor(&self) -> Option<String> {
        self.left.map(|left| format!("{}: {}", self.trial.setting.name, left.in_words()))
    }

    /// The law's curve, over the values that were measured and not far below what was.
    fn fitted(&self, law: Law) -> Vec<(f64, f64)> {
        const BELOW: f64 = 0.3;
        let measured = QUANTITIES.iter().flat_map(|(_, of)| self.points(*of)).map(|(_, y)| y);
        let floor = BELOW * measured.filter(|y| *y > 0.0).fold(f64::INFINITY, f64::min);
        let places: Vec<f64> = self.found.iter().map(|(x, _)| *x).collect();
        let (least, most) = range(&places);
        let is_wide = least > 0.0 && most > 10.0 * least;
        let between = |share: f64| {
            if is_wide { least * (most / least).powf(share) } else { least + share * (most - least) }
        };
        let curve = (0..=FINE).map(|step| between(f64::from(step) / f64::from(FINE))).map(|x| (x, law.at(x)));
        curve.filter(|(_, y)| *y >= floor).collect()
    }

    fn named_law(&self) -> Option<String> {
        self.law.map(|law| format!("{}: {}", self.trial.setting.name, law.in_words()))
    }
}

/// How a mean squared error falls that is the sample's alone, from the largest at the fewest rows: the error itself as n^(−1/2).
fn guide(curves: &[Curves<'_>]) -> Option<Layer> {
    let first = curves.iter().filter_map(|curves| curves.found.first()).map(|(x, found)| (*x, found.mse));
    let first = first.filter(|(_, mse)| mse.is_finite() && *mse > 0.0);
    let through = first.max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Layer::guide("slope −1, error as n^(−1/2)", -1.0, through))
}

/// Why a value is in no line.
fn unseen(found: &TrialFinding) -> Option<String> {
    if !found.mse.is_finite() {
        return Some("some run diverged or gave no estimate, in no line and no law".to_owned());
    }
    let is_lost = !found.bias_is_seen() && found.standard_errors.bias_squared > 0.0;
    is_lost.then(|| "bias² lost in its standard error, not drawn".to_owned())
}

/// A quantity and its standard error.
type Quantity = fn(&TrialFinding) -> (f64, f64);

const BIAS: usize = 0;
const VARIANCE: usize = 1;
const ERROR: usize = 2;

const QUANTITIES: [(&str, Quantity); 3] = [
    ("bias²", |found| {
        (if found.bias_is_seen() { found.bias_squared } else { f64::NAN }, found.standard_errors.bias_squared)
    }),
    ("variance", |found| (found.variance, found.standard_errors.variance)),
    ("MSE", |found| (found.mse, found.standard_errors.mse)),
];

/// A ring around the least mean squared error of each trial.
fn rings(curves: &[Curves<'_>]) -> Option<Layer> {
    let best: Vec<(f64, f64)> = curves.iter().filter_map(|curves| curves.best).collect();
    let ring = |best| Layer::points("least MSE", Style::foreground().emphasized(true), best).quantity("least MSE");
    (!best.is_empty()).then(|| ring(best))
}
