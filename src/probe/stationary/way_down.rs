//! The way down a field over a λ of several entries.
//!
//! Steps `(I/s + ∂D̄)⁻¹ D̄` lengthen as the field shrinks, and end as Newton's. A field that is small is not yet zero: along a
//! tail such as `e^{−λ}` it shrinks without end, and Newton's step stays as long as it was. So the way ends where that step does.

use super::field::{Field, Found, Search};
use crate::math::number::plain;
use crate::math::vector::{axpy, is_finite, norm};
use crate::math::{Matrix, solve_general};

/// The field may be zero where it is this much shorter than at the start, and is only rounding where it is that much shorter.
const SMALL: f64 = 1e-10;
const ROUNDING: f64 = 1e-14;

/// What is left where no step helps any more may be so much.
const LEFT: f64 = 1e-6;

/// A step of the way down is so long at first, and never longer than this.
const FIRST: f64 = 1.0;
const LONGEST: f64 = 1e12;

/// λ has converged where Newton's step is this short beside it, or beside one.
const CONVERGED: f64 = 1e-3;

/// λ is moved by this share of it to see what of a field is rounding, which is less than so many times the change.
const CLOSE: f64 = 1e-12;
const SEEN: f64 = 10.0;

pub(super) fn descend(search: Search, start: &[f64], field: &Field<'_>) -> Found {
    Found { end: way_down(search, start, field), others: Vec::new(), curve: Vec::new() }
}

fn way_down(search: Search, start: &[f64], field: &Field<'_>) -> Result<(Vec<f64>, f64), String> {
    let mut lambda = start.to_vec();
    let mut value = (field.ask)(&lambda)?;
    let first = norm(&value);
    let mut length = FIRST / first.max(f64::MIN_POSITIVE);
    for _ in 0..search.steps {
        let before = norm(&value);
        if before <= ROUNDING * first || field.stop.is_set() {
            break;
        }
        let mut jacobian = field.derivative(&lambda, &value)?;
        if before <= SMALL * first && rests(&jacobian, &lambda, &value, field).is_ok() {
            return Ok((lambda, before));
        }
        jacobian.add_to_diagonal(1.0 / length);
        let Some(step) = solve_general(&jacobian, &value) else {
            return Err(format!("{} is not finite on the way", field.name));
        };
        let mut next = lambda.clone();
        axpy(-1.0, &step, &mut next);
        field.blocks.clamp(&mut next);
        let reached = (field.ask)(&next).ok().filter(|reached| is_finite(reached));
        match reached {
            Some(reached) if norm(&reached) <= 2.0 * before => {
                length = (length * before / norm(&reached).max(f64::MIN_POSITIVE)).clamp(0.5 * length, 10.0 * length);
                length = length.min(LONGEST);
                (lambda, value) = (next, reached);
            }
            _ if length > f64::MIN_POSITIVE / SMALL => length *= 0.1,
            _ => break,
        }
    }
    let left = norm(&value);
    if left > LEFT * first {
        let pressed = field.blocks.pressed(&lambda);
        let bound = if pressed > 0 { ", with λ at a bound" } else { "" };
        return Err(format!(
            "descent along {} came to no end: {:.1e} of its length is left{bound}",
            field.name,
            left / first
        ));
    }
    rests(&field.derivative(&lambda, &value)?, &lambda, &value, field)?;
    Ok((lambda, left))
}

/// Whether Newton's step from λ is short: that λ has converged, and not only the field died away.
fn rests(jacobian: &Matrix, lambda: &[f64], value: &[f64], field: &Field<'_>) -> Result<(), String> {
    let known = without_rounding(lambda, value, field)?;
    if known.iter().all(|x| *x == 0.0) {
        return Ok(());
    }
    // Of entries whose field has nearly died away the equation is as good as any other: each is taken in its own size.
    let size = |row: usize| (0..lambda.len()).map(|column| jacobian[(row, column)].abs()).fold(0.0, f64::max);
    let sizes: Vec<f64> = (0..lambda.len()).map(|row| size(row).max(f64::MIN_POSITIVE)).collect();
    let scaled = Matrix::from_fn(lambda.len(), lambda.len(), |row, column| jacobian[(row, column)] / sizes[row]);
    let right: Vec<f64> = known.iter().zip(&sizes).map(|(x, size)| x / size).collect();
    let name = field.name;
    let step = solve_general(&scaled, &right).filter(|step| is_finite(step));
    let Some(step) = step else {
        return Err(format!("{name} has died away along descent, and no step leads to a zero"));
    };
    let share = |entry: &usize| step[*entry].abs() / lambda[*entry].abs().max(1.0);
    let Some(farthest) = (0..lambda.len()).max_by(|a, b| share(a).total_cmp(&share(b))) else { return Ok(()) };
    if share(&farthest) <= CONVERGED {
        return Ok(());
    }
    let names = field.blocks.names();
    let entry = names.get(farthest).map_or("", String::as_str);
    let way = if step[farthest] > 0.0 { "down" } else { "up" };
    Err(format!(
        "descent along {name} takes λ of `{entry}` {way} without end: at {} the next step is {} longer, and only the slope has died away",
        plain(lambda[farthest]),
        plain(step[farthest].abs())
    ))
}

/// The field without the entries that are only rounding.
fn without_rounding(lambda: &[f64], value: &[f64], field: &Field<'_>) -> Result<Vec<f64>, String> {
    let moved = |sign: f64| {
        let by = |(entry, x): (usize, &f64)| {
            x + sign * CLOSE * if entry % 2 == 0 { x.abs().max(1.0) } else { -x.abs().max(1.0) }
        };
        let mut moved: Vec<f64> = lambda.iter().enumerate().map(by).collect();
        field.blocks.clamp(&mut moved);
        (field.ask)(&moved)
    };
    let (one, two) = (moved(1.0)?, moved(-1.0)?);
    let known = |((value, one), two): ((&f64, &f64), &f64)| {
        let change = (one - value).abs().max((two - value).abs());
        if value.abs() > SEEN * change { *value } else { 0.0 }
    };
    Ok(value.iter().zip(&one).zip(&two).map(known).collect())
}
