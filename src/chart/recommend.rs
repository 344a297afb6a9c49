//! What every estimator costs against how wrong it is: who is on the front, and which one is advised within the limits.

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, Style, finish, first_free};
use crate::catalog::{Card, Carded};
use crate::estimator;
use crate::lab::Snapshot;
use crate::math::number::counted;
use crate::probe::Question;
use crate::probe::recommend::{self, Limits, Measured, Recommendation, front};

pub(super) const CALLS: Entry = Entry {
    card: Card {
        id: "recommend",
        name: "Error against calls of all estimators",
        source: "Grazzi et al. 2020, figure 1, over all estimators",
        equation: "‖ĥ − ∇F‖/‖∇F‖ in the median  against  oracle calls of an outer step",
        summary: "Which estimator, when? One point a setting: its error along the run of the first trial against the calls of an outer \
                  step. The line is the front, whose settings no other one beats; estimators that have none there are grey. A ring \
                  marks what is advised within the limits (knobs of the probe), which are drawn as lines.",
        cost: "every estimator along the run, some ten thousand calls each",
        fails: "It is about this run, and knows no seconds.",
        knobs: &[],
    },
    draw: |snapshot| draw(snapshot, &CALLS, &BY_CALLS),
    finding: Some(Question::of(&recommend::ENTRY)),
};

pub(super) const MEMORY: Entry = Entry {
    card: Card {
        id: "recommend-memory",
        name: "Error against memory of all estimators",
        source: "Grazzi et al. 2020, figure 1, over all estimators",
        equation: "‖ĥ − ∇F‖/‖∇F‖ in the median  against  bytes held beyond θ and λ",
        summary: "What a small error takes in memory. One point a setting, as for calls: tapes, tangents and matrices to the right, \
                  products with H to the left.",
        cost: "as for calls, measured with it",
        fails: "What holds nothing has no place among ratios: it stands at the left edge, at 0.",
        knobs: &[],
    },
    draw: |snapshot| draw(snapshot, &MEMORY, &BY_MEMORY),
    finding: Some(Question::of(&recommend::ENTRY)),
};

/// What the horizontal axis is.
struct By {
    label: &'static str,
    cost: fn(&Measured) -> f64,
    limit: fn(&Limits) -> Option<f64>,
}

const BY_CALLS: By = By { label: "oracle calls of an outer step", cost: |one| one.calls, limit: |limits| limits.calls };

const BY_MEMORY: By = By { label: "bytes held beyond θ and λ", cost: |one| one.bytes, limit: |limits| limits.memory };

fn draw(snapshot: &Snapshot, entry: &Entry, by: &By) -> Figure {
    let x = Axis::logarithmic(by.label).ending_in("0");
    let y = Axis::logarithmic("relative error ‖ĥ − ∇F‖/‖∇F‖").ending_in("exact");
    let mut figure = Figure::new(entry.card.id, entry.card.name, x, y);
    let limits = Limits::of(&snapshot.findings.knobs(&recommend::ENTRY));
    draw_found(entry.finding, snapshot, &mut figure, |_, found: &Recommendation, figure| {
        figure.title = format!("{} along the run of {}", entry.card.name, found.trial);
        figure.layers.extend(layers(found, &limits, by, first_free(snapshot)));
        let answer = found.answer(&limits);
        figure.notes.extend(answer.words.into_iter().next().map(|words| words.trim_end_matches('.').to_owned()));
        let beyond = found.settings.iter().filter(|one| !is_drawn(one)).count();
        if beyond > 0 {
            figure.notes.push(format!("{} beyond ten times ∇F, or without an estimate", counted(beyond, "setting")));
        }
        let exact = found.settings.iter().filter(|one| one.is_exact()).count();
        if exact > 0 {
            figure.notes.push(format!(
                "at the lower edge, exact: {} with nothing left of the error but rounding",
                counted(exact, "setting")
            ));
        }
        let (states, calls) = (counted(found.visited.len(), "state"), format!("{:.0}", found.granted));
        figure.notes.push(format!("budget: {states}, {calls} calls an estimator"));
        figure.hints.push("F says more in words".to_owned());
    });
    finish(figure, snapshot)
}

/// The points of all, the front, the limits, and a ring around what is advised. Estimators have the colours from number `first` on.
fn layers(found: &Recommendation, limits: &Limits, by: &By, first: usize) -> Vec<Layer> {
    let on_front = front(&found.settings, &[by.cost]);
    let at = |one: &Measured| ((by.cost)(one), error(one));
    let is_on_front = |id: &str| on_front.iter().any(|place| found.settings[*place].estimator == id);
    let mut layers = Vec::new();
    let points =
        |id: &str| found.settings.iter().filter(|one| one.estimator == id && is_drawn(one)).map(at).collect::<Vec<_>>();
    let measured = estimator::ALL.iter().map(Carded::card).filter(|card| !points(card.id).is_empty());
    let (leading, others): (Vec<&Card>, Vec<&Card>) = measured.partition(|card| is_on_front(card.id));
    let mut name = "others";
    for card in others {
        let layer = Layer::points(name, Style::neutral().faint(), points(card.id)).whose(card.name);
        layers.push(layer);
        // One line of the legend for all of them.
        name = "";
    }
    let line = on_front.iter().map(|place| &found.settings[*place]).filter(|one| is_drawn(one)).map(at).collect();
    layers.push(Layer::line("front", Style::foreground().thin(), line));
    for (series, card) in leading.iter().enumerate() {
        layers.push(Layer::points(card.name, Style::series(first + series), points(card.id)));
    }
    layers.extend((by.limit)(limits).map(|limit| Layer::vertical("limit", limit)));
    layers.extend(limits.target().map(|limit| Layer::horizontal("error asked for", limit)));
    if let Some(chosen) = found.answer(limits).chosen {
        let one = &found.settings[chosen];
        let place = Some(at(one)).filter(|_| is_drawn(one));
        let ring = Layer::points("advised", Style::foreground().emphasized(true), place.into_iter().collect());
        layers.push(ring.badge(format!("{}, T = {}", one.setting, one.inner_steps)));
    }
    layers
}

/// Whether an error is small enough to be compared: those of methods that diverge would squeeze all others.
fn is_drawn(one: &Measured) -> bool {
    const LARGEST: f64 = 10.0;
    one.error() <= LARGEST
}

/// The median; nothing where it is rounding, whose digits say nothing.
fn error(one: &Measured) -> f64 {
    if one.is_exact() { 0.0 } else { one.error() }
}
