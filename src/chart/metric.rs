//! Any metric against any clock: what a person, a scenario or a command asks for as `metric(cosine, calls)`.

use std::fmt;

use super::last_run::draw_behind;
use super::{Axis, Empty, Entry, Figure, Layer, Scale, clock, finish, ink, no_outer_step, of_the_run};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{Clock, Quantity, QuantityError, RELATIVE_ERROR, When};
use crate::scenario::{did_you_mean, display_text};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "metric",
        name: "Any metric against any clock",
        source: "",
        equation: "metric(cosine, calls); metric(training-loss, test-loss, outer); metric(lambda[3], inner)",
        summary: "Any number that is recorded, drawn for every trial against any clock. Up to three metrics of \
                  every trial against outer steps (outer), inner steps (inner), oracle calls (calls) or row calls (row-calls) since the \
                  start, or along the inner run that is shown (run, run-calls). Of a vector its length is drawn, \
                  or an entry. The axis is logarithmic where that suits all of them.",
        cost: "none beyond the run",
        fails: "Metrics of different size share an axis.",
        knobs: &[],
    },
    draw: |snapshot| Figure { id: ENTRY.card.id.to_owned(), ..Against::default().draw(snapshot) },
    finding: None,
};

/// Metrics in one chart: more cannot be told apart by their lines.
const MOST: usize = 3;

/// Metrics against a clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Against {
    quantities: Vec<Quantity>,
    clock: Clock,
}

impl Default for Against {
    /// The relative error against oracle calls.
    fn default() -> Self {
        Self { quantities: vec![Quantity::from(&RELATIVE_ERROR)], clock: Clock::Calls }
    }
}

impl Against {
    /// Reads one to three metrics and then a clock, apart by commas or blanks: `cosine, calls`.
    ///
    /// # Errors
    /// When one of them is none, with the nearest name.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let words: Vec<&str> = text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()).collect();
        let clocks = || Clock::ALL.iter().map(|clock| clock.id());
        let [names @ .., last] = &words[..] else {
            return Err(refusal("no metric is named; expected, for example, `metric(cosine, calls)`"));
        };
        let clock = Clock::ALL.into_iter().find(|clock| clock.id() == last.replace('_', "-"));
        let Some(clock) = clock.filter(|_| !names.is_empty()) else {
            // A metric without a clock, or a clock without a metric, or neither.
            let known = clocks().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
            let message = if clock.is_some() {
                format!("no metric is named before the clock `{last}`; expected, for example, `metric(cosine, {last})`")
            } else {
                format!("`{}` is no clock; expected one of {known} after the metrics", display_text(last))
            };
            return Err(QuantityError { message, help: did_you_mean(last, clocks()).filter(|_| clock.is_none()) });
        };
        if names.len() > MOST {
            return Err(refusal(&format!("found {} metrics; expected at most {MOST}", names.len())));
        }
        let quantities = names.iter().map(|name| Quantity::parse(name)).collect::<Result<_, _>>()?;
        Ok(Self { quantities, clock })
    }

    /// The same metrics against another clock.
    #[must_use]
    pub fn over(&self, clock: Clock) -> Self {
        Self { quantities: self.quantities.clone(), clock }
    }

    /// What is drawn.
    #[must_use]
    pub fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }

    /// The lab as this figure.
    #[must_use]
    pub fn draw(&self, snapshot: &Snapshot) -> Figure {
        let words: Vec<String> = self.quantities.iter().map(|quantity| quantity.words()).collect();
        let mut title = format!("{} against {}", words.join(", "), self.clock.words());
        if self.clock.is_of_run() {
            title += &format!(" in outer step {}", snapshot.run);
        }
        let is_logarithmic = self.quantities.iter().all(|quantity| quantity.metric.scale == Scale::Logarithmic);
        let label = self.quantities.iter().map(|quantity| quantity.symbol()).collect::<Vec<_>>().join(", ");
        let label = if words.len() == 1 { words[0].clone() } else { label };
        let label = self.with_unit(label);
        let y = if is_logarithmic { Axis::logarithmic(label) } else { Axis::linear(label) };
        let y = y.bounded(self.bounds());
        let mut figure = Figure::new(self.id(), title, clock::axis(self.clock), y);
        figure.empty = self.empty(snapshot);
        if self.clock.is_of_run() {
            figure.moment = of_the_run(snapshot);
        }
        let mut counts = true;
        for trial in snapshot.shown() {
            for (number, quantity) in self.quantities.iter().enumerate() {
                let points = self.points(trial, *quantity);
                // A mean of counts, over members say, may lie between two of them.
                counts &= quantity.metric.is_count() && points.iter().all(|(_, y)| !y.is_finite() || y.fract() == 0.0);
                let layer = layer(number, trial, points);
                figure.layers.push(layer.whose(&trial.setting.name).quantity(&words[number]));
            }
        }
        figure.y.whole = counts;
        if self.clock.is_of_run() {
            draw_behind(&mut figure, snapshot, |trial, run| {
                let points = |metric| run.steps.points(self.clock.metric(), metric);
                let of_step =
                    self.quantities.iter().enumerate().filter(|(_, quantity)| quantity.metric.when == When::Step);
                let layers = of_step
                    .map(|(number, quantity)| layer(number, trial, points(quantity.metric)).quantity(&words[number]));
                layers.collect()
            });
        }
        finish(figure, snapshot)
    }

    /// A label with the unit that all that is drawn has, where it is no word of the label.
    fn with_unit(&self, label: String) -> String {
        let mut units = self.quantities.iter().map(|quantity| quantity.metric.unit.words());
        let unit = units.next().filter(|first| units.all(|unit| unit == *first)).unwrap_or_default();
        if unit.is_empty() || label.to_lowercase().contains(unit) { label } else { format!("{label} [{unit}]") }
    }

    /// Between which values all that is drawn lies by its nature; nothing where a quantity is not bounded.
    fn bounds(&self) -> Option<(f64, f64)> {
        let widest = |(low, high): (f64, f64), (least, most): (f64, f64)| (low.min(least), high.max(most));
        let bounds = self.quantities.iter().map(|quantity| quantity.bounds());
        bounds.reduce(|all, one| Some(widest(all?, one?))).flatten()
    }

    fn points(&self, trial: &TrialView, quantity: Quantity) -> Vec<(f64, f64)> {
        let (clock, metric) = (self.clock.metric(), quantity.metric);
        if self.clock.is_of_run() {
            return if metric.when == When::Step { trial.run.steps.points(clock, metric) } else { Vec::new() };
        }
        if metric.kind.is_number() {
            return trial.outer_records.points(clock, metric);
        }
        let readings = trial.outer_records.readings(metric);
        readings.filter_map(|(record, reading)| record.number(clock).zip(quantity.of(reading))).collect()
    }

    /// What to say while there is nothing to draw.
    fn empty(&self, snapshot: &Snapshot) -> Empty {
        for quantity in &self.quantities {
            let metric = quantity.metric;
            let lack = snapshot.shown().next().and_then(|trial| trial.offers.lack(metric));
            if let Some(lack) = lack.filter(|_| !snapshot.shown().any(|trial| trial.offers.has(metric))) {
                return Empty::because(format!("`{quantity}` cannot be had here: {lack}"));
            }
            if self.clock.is_of_run() && metric.when != When::Step {
                return Empty::because(format!(
                    "`{quantity}` is read once an outer step; the clocks outer, inner, calls and row-calls show it"
                ));
            }
        }
        if self.clock.is_of_run() { Empty::default() } else { no_outer_step() }
    }

    /// The name of its files: `metric-cosine-calls`.
    fn id(&self) -> String {
        let names = self.quantities.iter().map(|quantity| quantity.to_string().replace('[', "-").replace(']', ""));
        let names: Vec<String> = names.collect();
        format!("{}-{}-{}", ENTRY.card.id, names.join("-"), self.clock.id())
    }
}

/// As a scenario spells it.
impl fmt::Display for Against {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("metric(")?;
        self.quantities.iter().try_for_each(|quantity| write!(f, "{quantity}, "))?;
        write!(f, "{})", self.clock.id())
    }
}

/// The first metric is a line with the trial's name, the second dashed, the third markers alone.
fn layer(number: usize, trial: &TrialView, points: Vec<(f64, f64)>) -> Layer {
    match number {
        0 => Layer::line(&trial.setting.name, ink(trial), points),
        1 => Layer::line("", ink(trial).dashed(), points),
        _ => Layer::points("", ink(trial), points),
    }
}

fn refusal(message: &str) -> QuantityError {
    QuantityError { message: message.to_owned(), help: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_blanks_serve_for_commas() {
        for text in ["metric(cosine, calls)", "metric(training-loss, test-loss, outer)", "metric(lambda[3], run-calls)"]
        {
            let inside = text.trim_start_matches("metric(").trim_end_matches(')');
            assert_eq!(Against::parse(inside).unwrap().to_string(), text);
            assert_eq!(Against::parse(&inside.replace(',', " ")), Against::parse(inside));
        }
        assert_eq!(Against::default().to_string(), "metric(relative-error, calls)");
    }

    #[test]
    fn an_axis_is_bounded_where_all_that_it_shows_is() {
        let bounds = |text: &str| Against::parse(text).unwrap().bounds();
        assert_eq!(bounds("test-accuracy outer"), Some((0.0, 1.0)));
        assert_eq!(bounds("test-accuracy cosine outer"), Some((-1.0, 1.0)));
        assert_eq!((bounds("cosine test-loss outer"), bounds("test-loss cosine outer")), (None, None));
    }

    #[test]
    fn what_is_none_is_refused_with_the_nearest() {
        let refused = |text: &str| Against::parse(text).unwrap_err();
        assert!(refused("cosin, calls").help.unwrap().contains("`cosine`"));
        assert!(refused("cosine, call").help.unwrap().contains("`calls`"));
        assert!(refused("cosine").message.contains("is no clock"));
        assert!(refused("calls").message.contains("no metric is named"));
        assert!(refused("").message.contains("no metric is named"));
        assert!(refused("error, cosine, value, calls, outer").message.contains("at most 3"));
    }
}
