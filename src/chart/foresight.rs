//! How a hypergradient depends on how far it looks ahead: below zero f asks for more, above for less.

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, Style, finish};
use crate::catalog::Card;
use crate::math::number::{counted, plain};
use crate::probe::Question;
use crate::probe::foresight::{self, Foresight, Slope, TrialFinding};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "foresight",
        name: "Hypergradient against horizon",
        source: "Wu, Ren, Liao, Grosse 2018; Micaelli and Storkey 2021, section 3",
        equation: "E ∂f(θ_{t₀+T_h})/∂α  for α held from t₀ on, against T_h",
        summary: "How a short look ahead misjudges a learning rate. One curve for each value that is held, of the first trial that is shown: \
                  above zero the end of the horizon asks for less of it, below for more. Whiskers are one standard error.",
        cost: "many inner runs for every value",
        fails: "The largest slopes are left out of the axis, which is about where the sign changes.",
        knobs: &[],
    },
    draw: |snapshot| {
        let (x, y) = (Axis::logarithmic("horizon T_h").counting(true), Axis::linear("∂f/∂λ, above 0: less"));
        let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, y);
        draw_found(ENTRY.finding, snapshot, &mut figure, |measured, finding: &Foresight, figure| {
            let mut shown = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
            let found = shown.find_map(|trial| finding.trials.iter().find(|found| found.id == trial.id));
            if let Some(found) = found {
                draw_found_of(found, figure);
                figure.notes.push(counted(finding.replicates, "run"));
            }
        });
        finish(figure, snapshot)
    },
    finding: Some(Question::of(&foresight::ENTRY)),
};

fn draw_found_of(found: &TrialFinding, figure: &mut Figure) {
    figure.title = format!("Hypergradient against horizon: {}", found.trial);
    figure.y.label = match found.block.strip_prefix("log_") {
        Some(_) => format!("∂f/∂ log({}), above 0: less", in_words(&found.block)),
        None => format!("∂f/∂({}), above 0: less", in_words(&found.block)),
    };
    for (series, (value, slopes)) in found.values.iter().zip(&found.slopes).enumerate() {
        let (name, style) = (named(&found.block, *value), Style::series(series));
        let known = || found.horizons.iter().zip(slopes).filter(|(_, cell)| cell.slope.value.is_finite());
        let ends = known().map(|(horizon, cell)| {
            let Slope { slope, .. } = cell;
            (*horizon as f64, slope.value - slope.standard_error, slope.value + slope.standard_error)
        });
        let whiskers = Layer::whiskers("", style, ends.filter(|(_, low, _)| low.is_finite()).collect()).whose(&name);
        figure.layers.push(whiskers.quantity("one standard error"));
        let points = known().map(|(horizon, cell)| (*horizon as f64, cell.slope.value)).collect();
        figure.layers.push(Layer::line(&name, style, points).quantity("mean over runs"));
        let broken: usize = slopes.iter().map(|cell| cell.broken).max().unwrap_or(0);
        if broken > 0 {
            figure.notes.push(format!("{name}: {} not finite, left out", counted(broken, "run")));
        }
    }
    figure.layers.push(Layer::horizontal("neither", 0.0));
    figure.y.range = around_zero(found);
    figure.notes.extend(beyond(found, figure.y.range));
}

/// What is asked for where a longer horizon wants more, and as much above zero: slopes that a short one sees near instability are many times that.
fn around_zero(found: &TrialFinding) -> Option<(f64, f64)> {
    let all = found.slopes.iter().flatten().map(|cell| cell.slope.value).filter(|value| value.is_finite());
    let least = all.fold(0.0, f64::min);
    (least < 0.0).then_some((1.2 * least, -1.2 * least))
}

/// What the axis leaves out of each value, in words.
fn beyond(found: &TrialFinding, range: Option<(f64, f64)>) -> Vec<String> {
    let Some((_, most)) = range else { return Vec::new() };
    let remark = |(value, slopes): (&f64, &Vec<Slope>)| {
        let out = found.horizons.iter().zip(slopes).filter(|(_, cell)| cell.slope.value > most);
        let (horizon, cell) = out.max_by(|a, b| a.1.slope.value.total_cmp(&b.1.slope.value))?;
        Some(format!("▴ {}: up to {} at T_h = {horizon}", named(&found.block, *value), plain(cell.slope.value)))
    };
    found.values.iter().zip(&found.slopes).filter_map(remark).collect()
}

/// A value of a block: of logarithms what they are of.
fn named(block: &str, value: f64) -> String {
    let value = if block.starts_with("log_") { value.exp() } else { value };
    format!("{} {}", in_words(block), plain(value))
}

/// What a block holds, of one step: `learning rate`.
fn in_words(block: &str) -> String {
    let words = block.strip_prefix("log_").unwrap_or(block).replace('_', " ");
    words.strip_suffix('s').map_or_else(|| words.clone(), str::to_owned)
}
