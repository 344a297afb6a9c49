//! All zeros of a field over a λ of one number, within reach.

use rayon::prelude::*;

use super::field::{Field, Found, Search};
use crate::math::number::plain;

/// Halvings of an interval that leave nothing to halve.
const HALVINGS: usize = 60;

/// Places this close, relative to λ or to one, tell a field from its rounding.
const CLOSE: f64 = 1e-12;

/// How many of them to either side.
const NEIGHBOURS: i32 = 4;

/// A zero is seen where the field is this much larger on either side than close by.
const SEEN: f64 = 1e3;

/// Widths at which the two sides are looked at, each half of the one before.
const WIDTHS: i32 = 10;

/// A change of sign.
struct Change {
    at: f64,
    /// From below zero to above: descent comes to rest there.
    rests: bool,
    /// Whether it is a zero of the field: not a jump, and not rounding where the field has died away.
    seen: Result<(), Unseen>,
}

/// What a change of sign is that is no zero.
#[derive(Clone, Copy)]
enum Unseen {
    Jump,
    Rounding,
}

/// Every zero within reach; the first one downhill of the start is the end.
pub(super) fn scan(search: Search, start: f64, field: &Field<'_>) -> Found {
    let places = places(search, start, field);
    let ask = |lambda: &f64| Ok::<_, String>((*lambda, (field.ask)(&[*lambda])?[0]));
    let values: Vec<Result<(f64, f64), String>> = places.par_iter().map(ask).collect();
    let here = values.iter().zip(&places).find(|(_, place)| **place >= start).map(|(value, _)| value.clone());
    // Far out there may be no answer; what is known there is nothing.
    let curve: Vec<(f64, f64)> = values.into_iter().flatten().filter(|(_, value)| value.is_finite()).collect();
    let mut changes = changes(&curve, field);
    let end = match here {
        None => Err("λ is out of its bounds".to_owned()),
        Some(Err(reason)) => Err(reason),
        Some(Ok((_, slope))) => end(search, start, slope, &changes, (&places, &curve), field),
    };
    let end = end.map(|place| {
        let at = changes.remove(place).at;
        (vec![at], field.at(at).abs())
    });
    let zeros = changes.iter().filter(|change| change.seen.is_ok());
    Found { end, others: zeros.map(|change| (change.at, change.rests)).collect(), curve }
}

/// From end to end of what is in reach, with the start in the middle.
fn places(search: Search, start: f64, field: &Field<'_>) -> Vec<f64> {
    let half = (search.steps / 2).max(2);
    let place = |step: usize| {
        let mut lambda = [start + search.reach * (step as f64 / half as f64 - 1.0)];
        field.blocks.clamp(&mut lambda);
        lambda[0]
    };
    let mut places: Vec<f64> = (0..=2 * half).map(place).collect();
    places.dedup();
    places
}

fn changes(curve: &[(f64, f64)], field: &Field<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for pair in curve.windows(2) {
        if let [(low, before), (high, after)] = *pair
            && (before < 0.0) != (after < 0.0)
        {
            let rests = before < 0.0;
            let at = halve(field, (low, before), high);
            changes.push(Change { at, rests, seen: seen(field, at, rests, high - low) });
        }
    }
    changes
}

/// Between two places where the field has different signs, where it changes.
fn halve(field: &Field<'_>, (mut low, before): (f64, f64), mut high: f64) -> f64 {
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if (field.at(middle) < 0.0) == (before < 0.0) { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Whether the field goes through zero at a change of its sign: it is there much smaller than it is on either side, with the signs
/// that it should have.
fn seen(field: &Field<'_>, at: f64, rests: bool, width: f64) -> Result<(), Unseen> {
    let close = CLOSE * at.abs().max(1.0);
    let near: Vec<f64> = (-NEIGHBOURS..=NEIGHBOURS).map(|step| field.at(at + f64::from(step) * close)).collect();
    let size = |value: &f64| if value.is_nan() { f64::INFINITY } else { value.abs() };
    let most = near.iter().map(size).fold(0.0, f64::max);
    let mut widest = 0.0_f64;
    for halvings in 0..WIDTHS {
        let aside = width * 0.5_f64.powi(halvings);
        let (before, after) = (field.at(at - aside), field.at(at + aside));
        let (before, after) = if rests { (-before, after) } else { (before, -after) };
        if before > 0.0 && after > 0.0 && before.min(after) >= SEEN * most {
            return Ok(());
        }
        widest = widest.max(before.abs()).max(after.abs());
    }
    Err(if most > widest / SEEN && is_steady(&near) { Unseen::Jump } else { Unseen::Rounding })
}

/// Whether values change sign once, from one side to the other: a jump does, rounding does not.
fn is_steady(near: &[f64]) -> bool {
    near.windows(2).filter(|pair| (pair[0] < 0.0) != (pair[1] < 0.0)).count() == 1
}

/// The place among the changes of sign where descent from the start ends, or why it does not.
fn end(
    search: Search,
    start: f64,
    slope: f64,
    changes: &[Change],
    (places, curve): (&[f64], &[(f64, f64)]),
    field: &Field<'_>,
) -> Result<usize, String> {
    let is_below = slope > 0.0;
    // A start that is a zero is where it ends, whichever side halving came from.
    let slack = 1e-9 * start.abs().max(1.0);
    let place = if is_below {
        changes.iter().rposition(|change| change.at <= start + slack && change.rests)
    } else {
        changes.iter().position(|change| change.at >= start - slack && change.rests)
    };
    let way = format!("descent along {} takes λ {}", field.name, if is_below { "down" } else { "up" });
    if let Some(place) = place {
        let at = plain(changes[place].at);
        return match changes[place].seen {
            Ok(()) => Ok(place),
            Err(Unseen::Jump) => Err(format!("{way} to {at}, where it jumps from one sign to the other")),
            Err(Unseen::Rounding) => Err(format!("{way} until it is only rounding, at {at}")),
        };
    }
    let last = |all: &[f64]| if is_below { all.first().copied() } else { all.last().copied() };
    let known: Vec<f64> = curve.iter().map(|(lambda, _)| *lambda).collect();
    let (last_known, last_place) = (last(&known), last(places));
    let is_free = last_place.is_some_and(|place| ((place - start).abs() - search.reach).abs() <= slack);
    Err(match (last_known, last_place) {
        (Some(known), Some(place)) if known.to_bits() != place.to_bits() => {
            format!("{way} to {}, beyond which there is no answer", plain(known))
        }
        (Some(bound), _) if !is_free => format!("{way} to its bound at {}", plain(bound)),
        _ => format!("{way} beyond reach: no zero within {} of the start", search.reach),
    })
}
