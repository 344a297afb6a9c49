//! The answer in sentences.

use super::budget::{QUICK, SPEND, STATES};
use super::choice::{Choice, cheapest_below, is_affordable, least_wrong};
use super::finding::{Measured, OwnRun, Recommendation, calls, share_below};
use super::limits::Limits;
use crate::catalog::{Kind, Knob};
use crate::estimator::{self, Family};
use crate::math::number::{bytes, counted, noun, plain};

/// Every sentence, the answer first, then what else there is, what limits it, and how it was measured.
pub(super) fn of(found: &Recommendation, limits: &Limits, choice: Option<&Choice>) -> Vec<String> {
    let Some(choice) = choice else {
        let nothing = if found.settings.is_empty() {
            let granted = calls(found.granted);
            format!("Nothing was measured: {granted} oracle calls an estimator pay for no setting of any.")
        } else {
            "No estimator gave a finite estimate at these λ.".to_owned()
        };
        return std::iter::once(nothing).chain(measured(found)).chain(left_out(found)).collect();
    };
    let speaker = Speaker { found, limits, one: &found.settings[choice.place] };
    let mut words = vec![if choice.is_within { speaker.headline() } else { speaker.refusal() }];
    words.extend(speaker.says_little());
    words.push(speaker.by_itself());
    words.extend(speaker.fewer_calls());
    words.extend(speaker.smaller_error());
    words.extend(speaker.less_memory());
    words.extend(speaker.without_factorization());
    words.extend(speaker.as_set());
    words.push(speaker.what_limits_it());
    words.extend(measured(found));
    words.extend(left_out(found));
    words
}

/// Errors that differ by less than this factor are alike.
const ALIKE: f64 = 2.0;

/// An error above this says little more of ∇F than an estimate of zero.
const USELESS: f64 = 0.5;

/// More of a mean squared error than this is noise: then noise is what limits it.
const NOISY: f64 = 0.5;

/// Fewer errors than this have no quantiles, only a range.
const MANY: usize = 20;

struct Speaker<'a> {
    found: &'a Recommendation,
    limits: &'a Limits,
    /// The setting that is chosen.
    one: &'a Measured,
}

impl Speaker<'_> {
    fn headline(&self) -> String {
        let one = self.one;
        let start = match limits(self.limits) {
            Some(limits) => format!("{limits}: "),
            None => match self.limits.target() {
                Some(target) if one.error() <= target => format!("For an error of {}: ", percent(target)),
                _ => String::new(),
            },
        };
        format!("{start}{}. {}, {}.", self.named(one), capital(&error_with_spread(one)), cost(one))
    }

    /// That nothing is within the limits, and what comes nearest.
    fn refusal(&self) -> String {
        let (one, limits) = (self.one, self.limits);
        let asked = || limits.target().map(|target| format!("for an error of {}", percent(target)));
        let said = self::limits(limits).map(|words| words.to_lowercase_first()).or_else(asked).unwrap_or_default();
        let nearest = format!("nearest is {}: {}, {}", self.named(one), error_with_spread(one), cost(one));
        if is_affordable(one, limits) {
            let least = limits.target().and_then(|error| cheapest_below(&self.found.settings, error, |_| true));
            let would = least.map(|place| &self.found.settings[place]);
            let would = would.map_or_else(
                || " No setting that was measured is as exact, whatever it costs.".to_owned(),
                |other| format!(" What it takes: {}, {}.", self.named(other), cost(other)),
            );
            return format!("Nothing that was measured is good enough {said}; {nearest}.{would}");
        }
        format!("Nothing that was measured stays {said}; {nearest}.")
    }

    /// That an error is as good as none.
    fn says_little(&self) -> Option<String> {
        (self.one.error() > USELESS).then(|| {
            "An estimate of zero has an error of 100 %: no setting within reach says much more of ∇F than that at a single λ, and the order of \
             such errors is no advice. Compare what runs get to, in F, for the same calls."
                .to_owned()
        })
    }

    /// What the setting did where it moved λ itself.
    fn by_itself(&self) -> String {
        let trial = &self.found.trial;
        let Some(run) = &self.one.own_run else {
            return format!("Its errors are those along the run of `{trial}`; by itself it was not run.");
        };
        let start = format!("Run by itself from λ₀ for {}", counted(run.outer_steps, "outer step"));
        let about = if let Some((outer, status)) = &run.stopped {
            format!("{start} it stops at outer step {outer}: {status}.")
        } else if run.is_exact() {
            format!("{start} it is exact to rounding at its own λ as well{}.", course(run))
        } else if run.error().is_finite() {
            format!("{start}: {} at its own λ{}.", spread_of(&run.errors), course(run))
        } else {
            format!("{start}: no estimate to hold against ∇F at half of its own λ.")
        };
        let asked = self.limits.target().unwrap_or(0.0).max(ALIKE * self.one.ranked_error());
        if run.is_exact() || run.error() <= asked {
            return about;
        }
        format!("{about} That is worse than along the run of `{trial}`, by which it was chosen: other λ, another past.")
    }

    /// What is lost with half of the calls.
    fn fewer_calls(&self) -> Option<String> {
        let half = self.one.calls / 2.0;
        let is_some = |other: &Measured| other.error() < 1.0 && other.calls <= half && self.is_in_memory(other);
        let other = least_wrong(&self.found.settings, is_some);
        let other = &self.found.settings[other?];
        Some(format!("With half of its calls: {}, {}, {}.", self.named(other), error(other), cost(other)))
    }

    /// What a tenth of the error takes.
    fn smaller_error(&self) -> Option<String> {
        if self.one.is_exact() {
            return None;
        }
        let tenth = self.one.error() / 10.0;
        let Some(other) = cheapest_below(&self.found.settings, tenth, |_| true) else {
            return Some("A tenth of that error: no setting that was measured has it.".to_owned());
        };
        let other = &self.found.settings[other];
        Some(format!("A tenth of that error: {}, {}, {}.", self.named(other), error(other), cost(other)))
    }

    /// Who holds less than half of the memory and is as exact.
    fn less_memory(&self) -> Option<String> {
        let is_light = |other: &Measured| {
            other.bytes <= self.one.bytes / 2.0 && other.bytes < self.one.bytes && is_affordable(other, self.limits)
        };
        let asked = self.limits.target().unwrap_or(0.0).max(ALIKE * self.one.ranked_error());
        let other = cheapest_below(&self.found.settings, asked, is_light)?;
        let other = &self.found.settings[other];
        Some(format!("With less memory: {}, {}, {}.", self.named(other), error(other), cost(other)))
    }

    /// Who gets as far without a factorized matrix, which large θ rule out.
    fn without_factorization(&self) -> Option<String> {
        if self.one.factorizations == 0.0 {
            return None;
        }
        let form = format!("It forms H, {0} × {0}, and factorizes it", self.found.inner_dimension);
        let is_free = |other: &Measured| other.factorizations == 0.0 && is_affordable(other, self.limits);
        let least = || least_wrong(&self.found.settings, is_free);
        let good = self.limits.target().and_then(|target| cheapest_below(&self.found.settings, target, is_free));
        let Some(other) = good.or_else(least).map(|place| &self.found.settings[place]) else {
            return Some(format!("{form}; nothing does with products of H alone."));
        };
        let asked = self.limits.target().unwrap_or(0.0).max(ALIKE * self.one.ranked_error());
        let is_as_good = if other.error() <= asked {
            "with products of H alone"
        } else {
            "with products of H alone no setting is as good, nearest"
        };
        Some(format!("{form}; {is_as_good}: {}, {}, {}.", self.named(other), error(other), cost(other)))
    }

    /// How the trial compares as it is set.
    fn as_set(&self) -> Option<String> {
        let set = self.found.settings.iter().find(|other| other.is_as_set)?;
        if std::ptr::eq(set, self.one) {
            return Some(format!("That is `{}` as it is set.", self.found.trial));
        }
        Some(format!("`{}` as it is set is {}: {}, {}.", self.found.trial, self.named(set), error(set), cost(set)))
    }

    /// What a smaller error would have to come from: batches, more inner steps, or more of the method's own.
    fn what_limits_it(&self) -> String {
        let one = self.one;
        if one.is_exact() {
            return "Nothing limits it: what is left of the error is rounding.".to_owned();
        }
        if one.noise > NOISY {
            return format!(
                "What limits it: noise, {} of its mean squared error. Larger batches, or an average over steps, help; more \
                 inner steps or products do not.",
                percent(one.noise)
            );
        }
        let of = |is_meant: &dyn Fn(&Measured) -> bool| {
            least_wrong(&self.found.settings, is_meant).map(|place| &self.found.settings[place])
        };
        let is_better = |other: &&Measured| one.error() >= ALIKE * other.error();
        let is_its = |other: &Measured| other.estimator == one.estimator;
        let longer = of(&|other| other.setting == one.setting && other.inner_steps > one.inner_steps);
        let is_longest = longer.is_none();
        let own = of(&|other| is_its(other) && other.inner_steps == one.inner_steps);
        let any = of(&|other| other.inner_steps == one.inner_steps);
        let effort = effort(&one.estimator);
        match (longer.filter(is_better), own.filter(is_better)) {
            (Some(longer), Some(own)) => format!(
                "What limits it: both the inner error and {effort}. {}: {}; {}: {}.",
                self.named(longer).capital(),
                error(longer),
                self.named(own),
                error(own)
            ),
            (Some(longer), None) => {
                let rest = match any.filter(is_better) {
                    None => format!("no estimator does much better after {}", steps(one.inner_steps)),
                    Some(_) => format!("no other setting of it does much better after {}", steps(one.inner_steps)),
                };
                format!(
                    "What limits it: the inner error, not {effort}. More inner steps help: {}, {}, {}; {rest}.",
                    self.named(longer),
                    error(longer),
                    cost(longer)
                )
            }
            (None, Some(own)) => {
                let rest = if is_longest { "" } else { ", not the inner error" };
                format!("What limits it: {effort}{rest}. {}: {}.", self.named(own).capital(), error(own))
            }
            (None, None) => {
                let other = any.filter(is_better);
                let other =
                    other.map(|other| format!("; after as many, {} is better: {}", self.named(other), error(other)));
                let other = other.unwrap_or_default();
                let tried = if is_longest {
                    format!("not {effort}; whether more inner steps help was not measured")
                } else {
                    format!("the method itself, neither the inner error nor {effort}")
                };
                format!("What limits it: {tried}{other}.")
            }
        }
    }

    fn is_in_memory(&self, other: &Measured) -> bool {
        self.limits.memory.is_none_or(|memory| other.bytes <= memory)
    }

    /// `Cg(iterations: 10)` after 50 inner steps.
    fn named(&self, one: &Measured) -> String {
        format!("`{}` after {}", one.setting, steps(one.inner_steps))
    }
}

/// Text whose first letter is made another.
trait FirstLetter {
    fn capital(&self) -> String;
    fn to_lowercase_first(&self) -> String;
}

impl FirstLetter for String {
    fn capital(&self) -> String {
        capital(self)
    }

    fn to_lowercase_first(&self) -> String {
        let mut letters = self.chars();
        letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn steps(count: usize) -> String {
    counted(count, "inner step")
}

/// The limits that were set: `Within 100 oracle calls and 64 KiB a step, with an error of at most 1 %`.
fn limits(limits: &Limits) -> Option<String> {
    let calls = limits.calls.map(|limit| format!("{} oracle {}", calls(limit), noun("call", limit == 1.0)));
    let memory = limits.memory.map(|limit| format!("{} of memory", bytes(limit)));
    let costs: Vec<String> = calls.into_iter().chain(memory).collect();
    let costs = (!costs.is_empty()).then(|| format!("Within {} a step", costs.join(" and ")));
    match (costs, limits.error) {
        (None, None) => None,
        (Some(costs), None) => Some(costs),
        (None, Some(error)) => Some(format!("For an error of {}", percent(error))),
        (Some(costs), Some(error)) => Some(format!("{costs}, for an error of {}", percent(error))),
    }
}

/// A relative error: `rounding`, `1.2 %`, `2.30e-4`.
fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "∞".to_owned();
    }
    if (0.001..100.0).contains(&share) { format!("{} %", short(100.0 * share)) } else { plain(share) }
}

/// With two digits, or whole.
fn short(value: f64) -> String {
    let digits = if value >= 10.0 {
        0
    } else if value >= 1.0 {
        1
    } else {
        2
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn error(one: &Measured) -> String {
    let beyond = if one.error() >= 1.0 { ", as large as ∇F itself" } else { "" };
    if one.is_exact() { "exact to rounding".to_owned() } else { format!("error {}{beyond}", percent(one.error())) }
}

/// The median error, and how far errors spread over places and repetitions.
fn error_with_spread(one: &Measured) -> String {
    if one.is_exact() {
        return error(one);
    }
    let is_quantile = one.errors.len() >= MANY;
    let ends = if is_quantile { [0.05, 0.95] } else { [0.0, 1.0] }.map(|share| one.error_at(share));
    let [median, low, high] = alike([one.error(), ends[0], ends[1]]);
    if is_quantile {
        format!("median error {median} (5 % to 95 %: {low} to {high})")
    } else {
        format!("median error {median} (from {low} to {high})")
    }
}

/// One way of writing for all three: a share beside a percentage is read as one.
fn alike(errors: [f64; 3]) -> [String; 3] {
    let is_share = |error: &f64| (0.001..100.0).contains(error) || error.is_infinite();
    errors.map(if errors.iter().all(is_share) { percent } else { plain })
}

/// The median of the errors of a run, and their ends.
fn spread_of(errors: &[f64]) -> String {
    let [median, low, high] = alike([0.5, 0.0, 1.0].map(|level| share_below(errors, level)));
    format!("median error {median} (from {low} to {high})")
}

/// Where a run took F.
fn course(run: &OwnRun) -> String {
    let [first, last] = run.values;
    let is_known = first.is_finite() && last.is_finite() && run.visited.len() > 1;
    if is_known { format!(", F from {} to {}", plain(first), plain(last)) } else { String::new() }
}

fn cost(one: &Measured) -> String {
    let held = if one.bytes > 0.0 { bytes(one.bytes) } else { "no memory beyond θ and λ".to_owned() };
    format!("{} {} a step, {held}", calls(one.calls), noun("call", one.calls == 1.0))
}

/// What more of an estimator's own effort buys, in words.
fn effort(id: &str) -> &'static str {
    let family = estimator::ALL.iter().find(|entry| entry.card.id == id).map(|entry| entry.family);
    match family {
        Some(Family::Implicit | Family::Corrected) => "the linear system",
        Some(Family::Iterative) => "how far back the run is differentiated",
        Some(Family::SingleLoop) => "its own settings",
        Some(Family::ZerothOrder) | None => "its own step",
    }
}

/// How it was measured.
fn measured(found: &Recommendation) -> Vec<String> {
    let Recommendation { trial, truth, visited, outer_steps, planned, settings, repetitions, .. } = found;
    let planned = match planned {
        Some(planned) if planned > outer_steps => format!(" of the {planned} that are planned"),
        _ => String::new(),
    };
    let mut ids: Vec<&str> = settings.iter().map(|one| one.estimator.as_str()).collect();
    ids.dedup();
    let places: Vec<String> = visited.iter().map(ToString::to_string).collect();
    let truth = match *truth {
        "of the run" => {
            format!("the derivative of the run of {} itself, since θ* is not unique here", steps(found.inner_steps))
        }
        _ => "the exact ∇F of the same data".to_owned(),
    };
    let drawn = if found.is_noisy { format!(", {repetitions} times each, with other batches") } else { String::new() };
    let first = format!(
        "Measured at the λ that `{trial}` visits at outer step {} ({}{planned}){drawn}: {} of {} after {}, errors relative to {truth}.",
        places.join(", "),
        counted(*outer_steps, "outer step"),
        counted(settings.len(), "setting"),
        counted(ids.len(), "estimator"),
        ladder(found),
    );
    let second = "What remembers earlier outer steps (warm starts, single loops) was led along the whole way; its calls are means \
                  over it. Calls are those of a whole outer step: inner run and estimate. Seconds are no part of it.";
    vec![first, second.to_owned(), budget(found)]
}

/// The inner steps that were looked at.
fn ladder(found: &Recommendation) -> String {
    let measured = &found.inner_steps_measured;
    let all: Vec<String> = measured.iter().map(ToString::to_string).collect();
    match all.as_slice() {
        [] => steps(found.inner_steps),
        [_] => steps(measured[0]),
        [first @ .., last] => {
            let shares = "about a tenth and a third of its own, as many, and three times as many";
            format!("{} and {last} inner steps ({shares})", first.join(", "))
        }
    }
}

fn default_of(knob: &Knob) -> i64 {
    if let Kind::Integer { default, .. } = knob.kind { default } else { 0 }
}

/// How much was measured: a laboratory and charts take less than the command.
fn budget(found: &Recommendation) -> String {
    let few = if found.granted < found.asked {
        format!(", of {} that were asked for: a call takes long here", calls(found.asked))
    } else {
        String::new()
    };
    format!(
        "Budget: {} (`states`), {} oracle calls an estimator (`spend`){few}. Where nothing is said the command line takes \
         {} states and {} calls, the laboratory and exported charts {} and {}.",
        counted(found.visited.len(), "state"),
        calls(found.granted),
        default_of(&STATES),
        default_of(&SPEND),
        QUICK[0].1,
        QUICK[1].1,
    )
}

/// Who was not measured, or not in full.
fn left_out(found: &Recommendation) -> Vec<String> {
    let (unfit, dear): (Vec<_>, Vec<_>) = found.left_out.iter().partition(|left| left.is_unfit);
    let mut words: Vec<String> = unfit.iter().map(|left| format!("Left out: {}.", left.reason)).collect();
    if !dear.is_empty() {
        let dear: Vec<String> = dear.iter().map(|left| format!("`{}` ({})", left.estimator, left.reason)).collect();
        words.push(format!(
            "Not all settings were measured, since that budget does not pay for the dearest: {}.",
            dear.join(", ")
        ));
    }
    words
}
