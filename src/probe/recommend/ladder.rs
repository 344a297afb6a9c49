//! What is measured: every estimator that fits, over the values of its knobs that trade calls and bytes for error, after
//! fewer and more inner steps.

use crate::catalog::{Kind, Knobs, Spec, Value};
use crate::estimator::{self, Estimators};
use crate::probe::Case;
use crate::scenario::{Setting, check_trial, lacks};

/// The settings of one estimator, the one that is expected to cost least first.
pub(super) struct Family {
    pub(super) entry: &'static estimator::Entry,
    pub(super) settings: Vec<Candidate>,
    /// Why it does not fit, where no setting does.
    pub(super) unfit: Option<String>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) spec: Spec<Estimators>,
    /// Inner steps of an outer step.
    pub(super) steps: usize,
    /// How much of its own it takes, as far as its knobs are counts.
    effort: i64,
}

/// Inner steps that are looked at, in shares of those that the trial takes.
const SHARES: [(usize, usize); 4] = [(1, 10), (1, 3), (1, 1), (3, 1)];

/// The inner steps to measure after: fewer and more than the trial takes, each once.
pub(super) fn inner_steps(steps: usize) -> Vec<usize> {
    let mut all: Vec<usize> = SHARES.iter().map(|(up, down)| (steps.saturating_mul(*up) / down).max(1)).collect();
    all.dedup();
    all
}

impl Family {
    /// Every estimator's, in the order of the list.
    pub(super) fn all(case: &Case<'_>, setting: &Setting, steps: &[usize]) -> Vec<Self> {
        estimator::ALL.iter().map(|entry| Self::of(entry, case, setting, steps)).collect()
    }

    fn of(entry: &'static estimator::Entry, case: &Case<'_>, setting: &Setting, steps: &[usize]) -> Self {
        let mut unfit = None;
        let mut fitting: Vec<(Spec<Estimators>, i64)> = Vec::new();
        for (spec, effort) in ladder(&base(entry, case, setting)) {
            match check_trial(&Setting { estimator: spec.clone(), ..setting.clone() }, &case.experiment) {
                Ok(()) => fitting.push((spec, effort)),
                Err(failure) => unfit = unfit.or(Some(lacks(&spec, &case.experiment).unwrap_or(failure.message))),
            }
        }
        let candidate =
            |(spec, effort): &(Spec<Estimators>, i64), steps| Candidate { spec: spec.clone(), steps, effort: *effort };
        let mut settings: Vec<Candidate> =
            steps.iter().flat_map(|steps| fitting.iter().map(|spec| candidate(spec, *steps))).collect();
        settings.sort_by_key(Candidate::size);
        Self { entry, unfit: unfit.filter(|_| settings.is_empty()), settings }
    }
}

impl Candidate {
    /// What it takes, as far as that can be told beforehand.
    fn size(&self) -> i64 {
        i64::try_from(self.steps).unwrap_or(i64::MAX).saturating_add(self.effort)
    }

    /// Whether it is `other` with more effort and nothing else.
    pub(super) fn is_more_of(&self, other: &Self) -> bool {
        let effort = effort(&self.spec);
        let is_same = |(knob, value): (&crate::catalog::Knob, Value)| {
            let is_count = effort.contains(&knob.key) && matches!(knob.kind, Kind::Integer { .. });
            is_count || other.spec.knobs.get(knob.key) == Ok(value)
        };
        let is_same_entry = self.spec.id() == other.spec.id() && self.steps == other.steps;
        is_same_entry && self.effort > other.effort && self.spec.knobs.iter().all(is_same)
    }
}

/// The knobs of an estimator that trade cost for error.
pub(super) fn effort(spec: &Spec<Estimators>) -> &'static [&'static str] {
    (spec.entry().build)(&spec.knobs).effort()
}

/// An estimator as the trial in question sets it, else as another trial does, else as it comes.
fn base(entry: &'static estimator::Entry, case: &Case<'_>, setting: &Setting) -> Spec<Estimators> {
    let others = case.subjects.iter().map(|subject| &subject.setting.estimator);
    let known = std::iter::once(&setting.estimator).chain(others).find(|spec| spec.id() == entry.card.id);
    known.cloned().unwrap_or_else(|| Spec::of(entry))
}

/// The specification with every combination of values of the knobs that trade cost for error, and how large the counts
/// among them are.
fn ladder(base: &Spec<Estimators>) -> Vec<(Spec<Estimators>, i64)> {
    let mut all = vec![(base.clone(), 0i64)];
    for key in effort(base) {
        let Some((knob, value)) = base.knobs.iter().find(|(knob, _)| knob.key == *key) else { continue };
        let with = |(spec, effort): &(Spec<Estimators>, i64), value: Value| {
            let count = if let Value::Integer(count) = value { count } else { 0 };
            Some((spec.clone().with(key, value).ok()?, effort.saturating_add(count)))
        };
        let values = knob.ladder(value);
        all = all.iter().flat_map(|spec| values.iter().filter_map(|value| with(spec, *value))).collect();
    }
    all
}

/// As a scenario spells it, with the knobs that trade cost for error and those that are not as they come:
/// `Cg(iterations: 10)`.
pub(super) fn spelled(spec: &Spec<Estimators>) -> String {
    let effort = effort(spec);
    let defaults = Knobs::defaults(spec.card().knobs);
    let is_said = |key: &str, value: Value| effort.contains(&key) || defaults.get(key) != Ok(value);
    let said = spec.knobs.iter().filter(|(knob, value)| is_said(knob.key, *value));
    let said: Vec<String> = said
        .map(|(knob, value)| match (knob.kind, value) {
            (Kind::Automatic { .. }, Value::Real(x)) => format!("{}: Fixed({x})", knob.key),
            _ => format!("{}: {}", knob.key, value.to_text()),
        })
        .collect();
    let name = spec.card().ron_name();
    if said.is_empty() { name } else { format!("{name}({})", said.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_steps_are_fewer_and_more_than_the_trial_takes() {
        assert_eq!(inner_steps(100), [10, 33, 100, 300]);
        assert_eq!(inner_steps(1), [1, 3]);
    }

    #[test]
    fn a_ladder_combines_the_knobs_that_an_estimator_names() {
        for entry in estimator::ALL {
            let base = Spec::<Estimators>::of(entry);
            let (keys, ladder) = (effort(&base), ladder(&base));
            assert!(keys.iter().all(|key| base.knobs.get(key).is_ok()), "{}", entry.card.id);
            assert!(ladder.iter().any(|(spec, _)| *spec == base), "{}", entry.card.id);
            assert_eq!(ladder.len() > 1, !keys.is_empty(), "{}", entry.card.id);
            for (spec, _) in &ladder {
                let text = spelled(spec);
                let brackets = if text.ends_with(')') { "" } else { "()" };
                let read: Spec<Estimators> =
                    ron::from_str(&(text.clone() + brackets)).unwrap_or_else(|error| panic!("{text}: {error}"));
                assert_eq!(read, *spec, "{text}");
            }
        }
    }
}
