//! Which setting is best within limits, of those that were measured.

use super::finding::Measured;
use super::limits::Limits;

/// The setting that is chosen.
pub(super) struct Choice {
    pub(super) place: usize,
    pub(super) is_within: bool,
}

impl Choice {
    pub(super) fn of(settings: &[Measured], limits: &Limits) -> Option<Self> {
        if let Some(place) = best(settings, limits) {
            return Some(Self { place, is_within: true });
        }
        // What comes nearest: as little wrong as calls and memory allow, else as cheap as there is.
        let nearest = least_wrong(settings, |one| is_affordable(one, limits)).or_else(|| cheapest(settings, limits))?;
        Some(Self { place: nearest, is_within: limits.target().is_none() && is_affordable(&settings[nearest], limits) })
    }
}

/// Whether a setting is within the limits of calls and memory.
pub(super) fn is_affordable(one: &Measured, limits: &Limits) -> bool {
    let is_below = |value: f64, limit: Option<f64>| limit.is_none_or(|limit| value <= limit);
    is_below(one.calls, limits.calls) && is_below(one.bytes, limits.memory)
}

/// The cheapest setting whose error is small enough; where no error is asked for, the least wrong.
fn best(settings: &[Measured], limits: &Limits) -> Option<usize> {
    match limits.target() {
        Some(target) => cheapest_below(settings, target, |one| is_affordable(one, limits)),
        None => least_wrong(settings, |one| is_affordable(one, limits)),
    }
}

/// The setting of fewest calls with an error of at most `error`; of equals, that of fewest bytes, then the least wrong.
pub(super) fn cheapest_below(settings: &[Measured], error: f64, is_meant: impl Fn(&Measured) -> bool) -> Option<usize> {
    let is_good = |one: &Measured| one.error() <= error && is_meant(one);
    least(settings, is_good, |one| [one.calls, one.bytes, one.ranked_error()])
}

/// The setting of least error, where rounding errors are all alike; of equals, that of fewest calls, then of fewest bytes.
pub(super) fn least_wrong(settings: &[Measured], is_meant: impl Fn(&Measured) -> bool) -> Option<usize> {
    let is_good = |one: &Measured| one.error().is_finite() && is_meant(one);
    least(settings, is_good, |one| [one.ranked_error(), one.calls, one.bytes])
}

/// The setting of fewest calls, or of fewest bytes where memory is what is short.
fn cheapest(settings: &[Measured], limits: &Limits) -> Option<usize> {
    let is_short = |one: &Measured| limits.memory.is_some_and(|memory| one.bytes > memory);
    let is_of_memory = settings.iter().all(is_short);
    // Of equals the least wrong, so that whatever is advised is on the front.
    let cost = |one: &Measured| {
        let error = one.ranked_error();
        if is_of_memory { [one.bytes, one.calls, error] } else { [one.calls, one.bytes, error] }
    };
    least(settings, |one| one.error().is_finite(), cost)
}

fn least<const N: usize>(
    settings: &[Measured],
    is_meant: impl Fn(&Measured) -> bool,
    by: impl Fn(&Measured) -> [f64; N],
) -> Option<usize> {
    let order = |a: &Measured, b: &Measured| {
        let pairs = by(a).into_iter().zip(by(b));
        pairs.map(|(a, b)| a.total_cmp(&b)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    };
    let meant = settings.iter().enumerate().filter(|(_, one)| is_meant(one));
    meant.min_by(|(_, a), (_, b)| order(a, b)).map(|(place, _)| place)
}

/// The settings that no other one beats: none is as good in every one of the costs and in the error, and better in one. The
/// cheapest by the first cost comes first.
#[must_use]
pub fn front(settings: &[Measured], costs: &[fn(&Measured) -> f64]) -> Vec<usize> {
    let numbers =
        |one: &Measured| -> Vec<f64> { costs.iter().map(|cost| cost(one)).chain([one.ranked_error()]).collect() };
    let all: Vec<Vec<f64>> = settings.iter().map(numbers).collect();
    let beats =
        |a: &Vec<f64>, b: &Vec<f64>| a.iter().zip(b).all(|(a, b)| a <= b) && a.iter().zip(b).any(|(a, b)| a < b);
    let is_first_of_equals = |place: usize| !all[..place].contains(&all[place]);
    let is_on_front = |place: &usize| {
        settings[*place].error().is_finite()
            && is_first_of_equals(*place)
            && !all.iter().any(|other| beats(other, &all[*place]))
    };
    let mut front: Vec<usize> = (0..settings.len()).filter(is_on_front).collect();
    front.sort_by(|a, b| all[*a][0].total_cmp(&all[*b][0]));
    front
}
