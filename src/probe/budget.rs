//! How much a probe measures: its knobs as a study sets them, and as they stand in the laboratory.

use super::{ALL, Entry};
use crate::catalog::{Kind, Knob, Knobs, Value};
use crate::data::display_text;
use crate::scenario::{Study, did_you_mean};

/// A probe's knobs as the study of a scenario sets them; defaults where it says nothing.
#[must_use]
pub fn knobs(entry: &Entry, study: &Study) -> Knobs {
    let mut knobs = Knobs::defaults(entry.card.knobs);
    for (key, count) in said(study) {
        put(&mut knobs, key, count);
    }
    for (key, value) in set(entry, study) {
        // Out of range is a mistake of the scenario.
        let _ = knobs.set(key, value);
    }
    knobs
}

/// What is wrong with the knobs that a study sets: no probe has one of that name, or none takes the value; and what would do.
#[must_use]
pub fn mistakes(study: &Study) -> Vec<(String, Option<String>)> {
    let known = || ALL.iter().flat_map(|entry| entry.card.knobs);
    let mistake = |(said, text): (&String, &String)| {
        let (meant, key) = whose(said);
        let is_meant = |entry: &Entry| meant.is_none_or(|probe| probe == entry.card.id);
        let of_meant = || ALL.iter().filter(|entry| is_meant(entry)).flat_map(|entry| entry.card.knobs);
        let named: Vec<&Knob> = of_meant().filter(|knob| knob.key == key).collect();
        if named.is_empty() {
            let message = format!("no probe has a knob `{}`", display_text(said));
            return Some((message, did_you_mean(key, known().map(|knob| knob.key))));
        }
        let is_taken = |entry: &Entry| {
            let knob = entry.card.knobs.iter().find(|knob| knob.key == key);
            let value = knob.and_then(|knob| knob.parse(text).ok());
            value.is_some_and(|value| Knobs::defaults(entry.card.knobs).set(key, value).is_ok())
        };
        let message = || format!("`{key}` cannot be `{}`; expected {}", display_text(text), named[0].expected());
        (!ALL.iter().filter(|entry| is_meant(entry)).any(is_taken)).then(|| (message(), None))
    };
    study.knobs.iter().filter_map(mistake).collect()
}

/// `frozen.replicates` is a knob of one probe, `replicates` of all that have it: the probe, if one is named, and the key.
fn whose(said: &str) -> (Option<&str>, &str) {
    said.split_once('.').map_or((None, said), |(probe, key)| (Some(probe), key))
}

/// What a study says of a knob: of this probe's, or else of all of that name.
fn said_of<'a>(entry: &Entry, key: &str, study: &'a Study) -> Option<&'a String> {
    study.knobs.get(&format!("{}.{key}", entry.card.id)).or_else(|| study.knobs.get(key))
}

/// The knobs of a probe that a study sets by their keys.
fn set(entry: &Entry, study: &Study) -> Vec<(&'static str, Value)> {
    let value = |knob: &Knob| Some((knob.key, knob.parse(said_of(entry, knob.key, study)?).ok()?));
    entry.card.knobs.iter().filter_map(value).collect()
}

/// The same where somebody waits for the result: what the study says, else the probe's budget, which is little
/// enough to be quick.
#[must_use]
pub fn quick_knobs(entry: &Entry, study: &Study) -> Knobs {
    let mut knobs = knobs(entry, study);
    let mut least = 0;
    for (key, quick) in entry.budget {
        if said_of(entry, key, study).is_some() {
            continue;
        }
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
