//! How much a probe measures: its knobs as a study sets them, and as they stand in the laboratory.

use super::Entry;
use crate::catalog::{Kind, Knobs, Value};
use crate::scenario::Study;

/// A probe's knobs as the study of a scenario sets them; defaults where it says nothing.
#[must_use]
pub fn knobs(entry: &Entry, study: &Study) -> Knobs {
    let mut knobs = Knobs::defaults(entry.card.knobs);
    for (key, count) in said(study) {
        put(&mut knobs, key, count);
    }
    knobs
}

/// The same where somebody waits for the result: what the study says, else the probe's budget, which is little
/// enough to be quick.
#[must_use]
pub fn quick_knobs(entry: &Entry, study: &Study) -> Knobs {
    let mut knobs = knobs(entry, study);
    let mut least = 0;
    for (key, quick) in entry.budget {
        let count = said(study).find_map(|(said, count)| (said == *key).then_some(count)).unwrap_or(*quick).max(least);
        put(&mut knobs, key, count);
        least = count;
    }
    knobs
}

/// The counts of a budget, halved or doubled, with their keys.
#[must_use]
pub fn scaled(entry: &Entry, knobs: &Knobs, up: bool) -> Vec<(&'static str, usize)> {
    let scaled = |count: usize| if up { count.saturating_mul(2) } else { count / 2 };
    entry.budget.iter().map(|(key, _)| (*key, scaled(knobs.count(key)))).collect()
}

/// The counts among a probe's knobs: `training 20, validation 5, truth replicates 100`.
#[must_use]
pub fn in_words(knobs: &Knobs) -> String {
    let counts = knobs.iter().filter(|(knob, _)| matches!(knob.kind, Kind::Integer { .. }));
    let words: Vec<String> = counts.map(|(knob, value)| format!("{} {value}", knob.key.replace('_', " "))).collect();
    words.join(", ")
}

/// What a study says, by the key of the knob that it sets.
fn said(study: &Study) -> impl Iterator<Item = (&'static str, usize)> {
    let said = [
        ("training", study.training),
        ("validation", study.validation),
        ("replicates", study.seeds),
        ("twins", study.twins),
    ];
    said.into_iter().filter_map(|(key, count)| Some((key, count?)))
}

/// A probe without such a knob has no use for the number; one out of range is a mistake of the scenario.
fn put(knobs: &mut Knobs, key: &str, count: usize) {
    if let Ok(count) = i64::try_from(count) {
        let _ = knobs.set(key, Value::Integer(count));
    }
}
