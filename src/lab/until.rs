//! Running until something is so: the end of an inner run, the planned end, or a number that is reached or turns.
//!
//! A [`Watch`] is looked through after every tick, so that a run stops at the very tick at which it holds. What it says is a
//! function of the lab alone: no clock, no thread.

use std::fmt;

use super::Lab;
use crate::metric::{Clock, Kind, Quantity, QuantityError, When};
use crate::scenario::display_text;
use crate::trial::{Status, Trial};

/// What to run until.
#[derive(Debug, Clone, PartialEq)]
pub struct Until {
    /// What is to be so.
    pub goal: Goal,
    /// Of which trial; of any (at the end of an inner run: of all) where none is named.
    pub whose: Option<u64>,
}

/// What is to be so.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// The inner run is over, and the outer step comes next.
    InnerEnd,
    /// Every trial has come as far as its outer loop plans.
    Horizon,
    /// A number compares with a bound.
    Reaches {
        /// Whose number.
        quantity: Quantity,
        /// How.
        relation: Relation,
        /// With what.
        bound: f64,
    },
    /// A number has turned: over [`PATIENCE`] outer steps in a row it has not come below its least value before them
    /// (above its greatest, where it turns down).
    Turns {
        /// Whose number.
        quantity: Quantity,
        /// Whether up.
        up: bool,
    },
}

/// How a number compares with a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// Outer steps in a row without a new least value after which a number has turned up.
pub const PATIENCE: usize = 3;

/// Why a run stopped, in a sentence without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// It is so.
    Met(String),
    /// It was not, and cannot be or is not going to be.
    Unmet(String),
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Met(words) | Self::Unmet(words)) = self;
        f.write_str(words)
    }
}

/// A run on its way to something.
#[derive(Debug, Clone)]
pub struct Watch {
    until: Until,
    /// Whether it goes on beyond where the scenario plans to end.
    goes_beyond: bool,
    ticks: usize,
}

impl Relation {
    const ALL: [Self; 4] = [Self::AtMost, Self::AtLeast, Self::Less, Self::Greater];

    const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::Less => value < bound,
            Self::AtMost => value <= bound,
            Self::Greater => value > bound,
            Self::AtLeast => value >= bound,
        }
    }
}

impl Goal {
    /// Reads `error < 1e-3`, `test-loss turns up`, `outer 40`, `inner end` or `horizon`. Metrics by identifier, symbol, or
    /// the beginning of an identifier: the first in the list that begins so.
    ///
    /// # Errors
    /// When it is none of these, with what would be.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        let words: Vec<&str> = text.split_whitespace().collect();
        match &words[..] {
            [] => return refuse("no condition is named"),
            ["horizon"] => return Ok(Self::Horizon),
            ["inner", "end"] => return Ok(Self::InnerEnd),
            [name @ .., "turns", turn @ ("up" | "down")] => {
                return Ok(Self::Turns { quantity: quantity(&name.join(" "))?, up: *turn == "up" });
            }
            _ => {}
        }
        let compared = |relation: Relation| Some((relation, text.split_once(relation.sign())?));
        let (relation, (name, bound)) = match Relation::ALL.into_iter().find_map(compared) {
            Some(compared) => compared,
            // `outer 40` is as many outer steps.
            None => (Relation::AtLeast, text.split_once(' ').unwrap_or((text, ""))),
        };
        let quantity = quantity(name.trim())?;
        match bound.trim().parse::<f64>() {
            Ok(bound) if bound.is_finite() => Ok(Self::Reaches { quantity, relation, bound }),
            _ => refuse(&format!("`{}` is no number to compare `{quantity}` with", display_text(bound.trim()))),
        }
    }

    fn quantity(&self) -> Option<Quantity> {
        match self {
            Self::InnerEnd | Self::Horizon => None,
            Self::Reaches { quantity, .. } | Self::Turns { quantity, .. } => Some(*quantity),
        }
    }

    /// Whether it counts what grows with every step, so that it says itself how far to go.
    fn is_count(&self) -> bool {
        self.quantity()
            .is_some_and(|quantity| Clock::ALL.iter().any(|clock| std::ptr::eq(clock.metric(), quantity.metric)))
    }
}

/// As [`Goal::parse`] reads it.
impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InnerEnd => f.write_str("inner end"),
            Self::Horizon => f.write_str("horizon"),
            Self::Reaches { quantity, relation, bound } => {
                write!(f, "{quantity} {} {}", relation.sign(), written(*bound))
            }
            Self::Turns { quantity, up } => write!(f, "{quantity} turns {}", if *up { "up" } else { "down" }),
        }
    }
}

/// A bound as it is typed: in full, and short where it is very large or small.
fn written(bound: f64) -> String {
    let (plain, power) = (format!("{bound}"), format!("{bound:e}"));
    if power.len() < plain.len() { power } else { plain }
}

fn refuse<T>(message: &str) -> Result<T, QuantityError> {
    let help =
        "expected, for example, `error < 1e-3`, `test turns up`, `calls > 1e5`, `outer 40`, `inner end` or `horizon`";
    Err(QuantityError { message: message.to_owned(), help: Some(help.to_owned()) })
}

/// A metric by identifier, symbol or the beginning of an identifier.
fn quantity(name: &str) -> Result<Quantity, QuantityError> {
    let refused = match Quantity::parse(name) {
        Ok(quantity) => return Ok(quantity),
        Err(refused) => refused,
    };
    let numbers =
        || crate::metric::ALL.iter().copied().filter(|metric| metric.kind.is_number() || metric.kind == Kind::Vector);
    let begins = format!("{}-", name.replace('_', "-"));
    let named = numbers().find(|metric| metric.symbol == name);
    let found = named.or_else(|| numbers().find(|metric| metric.card.id.starts_with(&begins)));
    found.map(Quantity::from).ok_or(refused)
}

impl Until {
    /// Reads a goal, of this trial unless it begins with `any`.
    ///
    /// # Errors
    /// As [`Goal::parse`] does.
    pub fn parse(text: &str, selected: Option<u64>) -> Result<Self, QuantityError> {
        match text.trim().strip_prefix("any ") {
            Some(rest) => Ok(Self { goal: Goal::parse(rest)?, whose: None }),
            None => Ok(Self { goal: Goal::parse(text)?, whose: selected }),
        }
    }

    fn trials<'a>(&'a self, lab: &'a Lab) -> impl Iterator<Item = &'a Trial> {
        lab.trials().filter(|trial| self.whose.is_none_or(|id| trial.id() == id))
    }

    /// Why it can never be so, where that is known.
    fn lack(&self, lab: &Lab) -> Option<String> {
        let Some(first) = self.trials(lab).next() else {
            return Some("there is no such trial".to_owned());
        };
        let quantity = self.goal.quantity()?;
        let has = |trial: &Trial| trial.offers().has(quantity.metric);
        let lack = first.offers().lack(quantity.metric)?;
        (!self.trials(lab).any(has))
            .then(|| format!("`{quantity}` cannot be had here, so that this is never met: {lack}"))
    }

    /// What is so of a trial, in words, where it is.
    fn met(&self, trial: &Trial, has_just_stepped: bool) -> Option<String> {
        let name = &trial.setting().name;
        match self.goal {
            Goal::Reaches { quantity, relation, bound } => {
                let value = now(trial, quantity).filter(|value| relation.holds(*value, bound))?;
                let (sign, bound) = (relation.sign(), written(bound));
                let value = quantity.metric.read_out(value);
                Some(format!("{quantity} of {name} is {value} {sign} {bound} at {}", moment(trial)))
            }
            Goal::Turns { quantity, up } if has_just_stepped => {
                let (value, step) = turned(trial, quantity, up)?;
                let (way, extreme) = if up { ("up", "least") } else { ("down", "greatest") };
                let value = quantity.metric.read_out(value);
                Some(format!(
                    "{quantity} of {name} turned {way}: its {extreme} value, {value}, was at outer step {step}, {PATIENCE} before"
                ))
            }
            _ => None,
        }
    }
}

impl Watch {
    /// Begins to watch a lab. From the planned end on, it goes beyond it.
    #[must_use]
    pub fn of(until: Until, lab: &Lab) -> Self {
        let goes_beyond = lab.has_arrived() || until.goal.is_count() || until.goal == Goal::InnerEnd;
        Self { until, goes_beyond, ticks: 0 }
    }

    /// Looks at the lab, before the first tick and after each; `None` where it is to go on.
    pub fn look(&mut self, lab: &Lab) -> Option<Stopped> {
        let has_ticked = self.ticks > 0;
        self.ticks += 1;
        if let Some(lack) = self.until.lack(lab) {
            return Some(Stopped::Unmet(lack));
        }
        if let Some(words) = self.met(lab, has_ticked) {
            return Some(Stopped::Met(if has_ticked {
                format!("stopped: {words}")
            } else {
                format!("already so: {words}")
            }));
        }
        self.given_up(lab).map(|reason| Stopped::Unmet(format!("{reason}, and `{}` was not met", self.until.goal)))
    }

    fn met(&self, lab: &Lab, has_ticked: bool) -> Option<String> {
        match self.until.goal {
            Goal::InnerEnd => (has_ticked && is_over(&self.until, lab)).then(|| {
                let first = self.until.trials(lab).find(|trial| trial.status() == Status::Ready);
                format!("the inner run is over at {}; the next tick moves λ", first.map(moment).unwrap_or_default())
            }),
            Goal::Horizon => lab.has_arrived().then(|| "every trial is where the scenario plans to end".to_owned()),
            _ => self.until.trials(lab).find_map(|trial| {
                let has_just_stepped = has_ticked && lab.stepped().contains(&trial.id());
                self.until.met(trial, has_just_stepped)
            }),
        }
    }

    /// Why it goes on no longer.
    fn given_up(&self, lab: &Lab) -> Option<String> {
        if self.until.trials(lab).all(|trial| trial.status().is_halted()) {
            let first = self.until.trials(lab).next()?;
            return Some(format!("{} {}", first.setting().name, first.status()));
        }
        (!self.goes_beyond && lab.has_arrived()).then(|| "this is where the scenario plans to end".to_owned())
    }
}

/// Whether no trial that is meant is on its way to the end of its inner run, and one has come there.
fn is_over(until: &Until, lab: &Lab) -> bool {
    let mut going = until.trials(lab).filter(|trial| !trial.status().is_halted()).peekable();
    going.peek().is_some() && going.all(|trial| trial.status() == Status::Ready)
}

fn moment(trial: &Trial) -> String {
    format!("outer {}, inner {}", trial.outer(), trial.inner())
}

/// A number where a trial is now, as far as it was read.
fn now(trial: &Trial, quantity: Quantity) -> Option<f64> {
    match quantity.metric.when {
        When::Lambda => quantity.of(trial.run().lambda.reading(quantity.metric)?),
        When::Step if quantity.metric.kind.is_number() => quantity.at(trial.run().steps.last()?),
        When::Step | When::Outer => quantity.at(trial.outer_records().last()?),
    }
}

/// The least (the greatest) number over outer steps and where it was, when that is [`PATIENCE`] outer steps ago.
fn turned(trial: &Trial, quantity: Quantity, up: bool) -> Option<(f64, usize)> {
    let records = trial.outer_records();
    let sign = if up { 1.0 } else { -1.0 };
    let values = records.iter().filter_map(|record| Some((sign * quantity.at(record)?, record.place)));
    let (value, place) = values.filter(|(value, _)| value.is_finite()).min_by(|a, b| a.0.total_cmp(&b.0))?;
    (place + PATIENCE + 1 == records.len()).then_some((sign * value, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for text in [
            "error < 1e-3",
            "calls > 1e5",
            "test-loss turns up",
            "cosine turns down",
            "lambda[0] >= -2.5",
            "horizon",
            "inner end",
        ] {
            let goal = Goal::parse(text).unwrap();
            assert_eq!(goal.to_string(), text);
            assert_eq!(Goal::parse(&goal.to_string()), Ok(goal));
        }
    }

    #[test]
    fn metrics_go_by_identifier_symbol_or_beginning() {
        let read = |text: &str| Goal::parse(text).unwrap().to_string();
        assert_eq!(read("test turns up"), "test-loss turns up");
        assert_eq!(read("outer 40"), "outer-step >= 40");
        assert_eq!(read("F(λ)<2"), "value < 2");
        assert_eq!(read("relative_error <= 1e-4"), "relative-error <= 1e-4");
        let any = Until::parse("any error < 1", Some(3)).unwrap();
        assert_eq!((any.whose, Until::parse("error < 1", Some(3)).unwrap().whose), (None, Some(3)));
    }

    #[test]
    fn counts_are_read_out_as_whole_numbers() {
        let read = |text: &str, value: f64| Goal::parse(text).unwrap().quantity().unwrap().metric.read_out(value);
        assert_eq!((read("inner-steps 21", 21.0), read("calls 5", 48.0)), ("21".to_owned(), "48".to_owned()));
        // Calls over batches have parts; a loss counts nothing.
        assert_eq!((read("calls 5", 48.25), read("test-loss < 1", 21.0)), ("48.25".to_owned(), "21.00".to_owned()));
    }

    #[test]
    fn what_is_no_condition_is_refused_with_what_would_be() {
        let refused = |text: &str| Goal::parse(text).unwrap_err();
        assert!(refused("").help.unwrap().contains("`error < 1e-3`"));
        assert!(refused("errr < 1").help.unwrap().contains("did you mean `error`?"));
        assert!(refused("error < much").message.contains("`much` is no number"));
        assert!(refused("error").message.contains("no number to compare `error` with"));
        assert!(refused("error < NaN").message.contains("no number"));
        assert!(refused("error < 1e999").message.contains("no number"));
        assert!(refused("solver-note < 1").message.contains("no number"));
    }
}
