//! Going through the few values that something can have.

/// The value after this one, or before it; after the last comes the first. One that is not among them counts as the first.
#[must_use]
pub fn turned<T: Copy + PartialEq>(all: &[T], now: T, forward: bool) -> T {
    let at = all.iter().position(|value| *value == now).unwrap_or(0);
    let step = if forward { 1 } else { all.len().saturating_sub(1) };
    all.get((at + step) % all.len().max(1)).copied().unwrap_or(now)
}
