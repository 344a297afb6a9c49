//! Zeros of a field over λ: all of them within reach where λ is one number, the end of the way down where it has several entries.

use rayon::prelude::*;

use crate::math::vector::{axpy, is_finite, norm};
use crate::math::{Matrix, solve_general};
use crate::problem::{Blocks, Stop};

/// A field at λ, or why there is none.
pub(super) type Ask<'a> = dyn Fn(&[f64]) -> Result<Vec<f64>, String> + Sync + 'a;

/// A field over λ within its bounds.
pub(super) struct Field<'a> {
    pub(super) ask: &'a Ask<'a>,
    pub(super) blocks: &'a Blocks,
    pub(super) stop: &'a Stop,
}

/// How far zeros are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// To either side of the start.
    pub(super) reach: f64,
    /// Places, or steps.
    pub(super) steps: usize,
}

/// What was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Where the way down from the start ends.
    pub(super) end: Vec<f64>,
    /// The field's length there.
    pub(super) left: f64,
    /// Zeros beside the end, with whether descent comes to rest there; only where λ is one number.
    pub(super) others: Vec<(f64, bool)>,
    /// The field itself; only where λ is one number.
    pub(super) curve: Vec<(f64, f64)>,
}

/// Halvings of an interval that leave nothing to halve.
const HALVINGS: usize = 60;

/// Differences of the field are taken over this share of an entry, or of one.
const DIFFERENCE: f64 = 1e-6;

/// The field is zero where it is this much shorter than at the start.
const SMALL: f64 = 1e-10;

/// A step of the way down is so long at first, and never longer than this.
const FIRST: f64 = 1.0;
const LONGEST: f64 = 1e12;

impl Search {
    pub(super) fn from(self, start: &[f64], field: &Field<'_>) -> Result<Found, String> {
        match start {
            [start] => self.scan(*start, field),
            _ => self.descend(start, field),
        }
    }

    /// Every change of sign within reach; the first one downhill of the start is the end.
    fn scan(self, start: f64, field: &Field<'_>) -> Result<Found, String> {
        let half = (self.steps / 2).max(2);
        let place = |step: usize| {
            let mut lambda = [start + self.reach * (step as f64 / half as f64 - 1.0)];
            field.blocks.clamp(&mut lambda);
            lambda[0]
        };
        let mut places: Vec<f64> = (0..=2 * half).map(place).collect();
        places.dedup();
        let at = |lambda: &f64| Ok::<_, String>((*lambda, (field.ask)(&[*lambda])?[0]));
        let values: Vec<Result<(f64, f64), String>> = places.par_iter().map(at).collect();
        let here = values.iter().zip(&places).find(|(_, place)| **place >= start).map(|(value, _)| value.clone());
        let (_, slope) = here.unwrap_or_else(|| Err("λ is out of its bounds".to_owned()))?;
        // Far out there may be no exact answer; what is known there is nothing.
        let curve: Vec<(f64, f64)> = values.into_iter().flatten().filter(|(_, value)| value.is_finite()).collect();
        let mut zeros: Vec<(f64, bool)> = Vec::new();
        for pair in curve.windows(2) {
            if let [(low, before), (high, after)] = *pair
                && (before < 0.0) != (after < 0.0)
            {
                zeros.push((field.halve((low, before), high)?, before < 0.0));
            }
        }
        let is_below = slope > 0.0;
        let end = if is_below {
            zeros.iter().rposition(|(zero, rests)| *zero <= start && *rests)
        } else {
            zeros.iter().position(|(zero, rests)| *zero >= start && *rests)
        };
        let Some(end) = end else {
            let way = if is_below { "down" } else { "up" };
            return Err(format!("descent takes λ {way} beyond reach: no zero within {} of the start", self.reach));
        };
        let (end, _) = zeros.remove(end);
        Ok(Found { left: (field.ask)(&[end])?[0].abs(), end: vec![end], others: zeros, curve })
    }

    /// The way down, by implicit steps that lengthen as the field shrinks.
    fn descend(self, start: &[f64], field: &Field<'_>) -> Result<Found, String> {
        let mut lambda = start.to_vec();
        let mut value = (field.ask)(&lambda)?;
        let first = norm(&value);
        let mut length = FIRST / first.max(f64::MIN_POSITIVE);
        for _ in 0..self.steps {
            let before = norm(&value);
            if before <= SMALL * first || field.stop.is_set() {
                break;
            }
            let mut jacobian = field.derivative(&lambda, &value)?;
            jacobian.add_to_diagonal(1.0 / length);
            let Some(step) = solve_general(&jacobian, &value) else {
                return Err("the direction is not finite on the way".to_owned());
            };
            let mut next = lambda.clone();
            axpy(-1.0, &step, &mut next);
            field.blocks.clamp(&mut next);
            let reached = (field.ask)(&next).ok().filter(|reached| is_finite(reached));
            match reached {
                Some(reached) if norm(&reached) <= 2.0 * before => {
                    length =
                        (length * before / norm(&reached).max(f64::MIN_POSITIVE)).clamp(0.5 * length, 10.0 * length);
                    length = length.min(LONGEST);
                    (lambda, value) = (next, reached);
                }
                _ if length > f64::MIN_POSITIVE / SMALL => length *= 0.1,
                _ => break,
            }
        }
        let left = norm(&value);
        if left > 1e-6 * first {
            return Err(format!("no zero was found: of the direction's length {:.1e} is left", left / first));
        }
        Ok(Found { end: lambda, left, others: Vec::new(), curve: Vec::new() })
    }
}

impl Field<'_> {
    /// The zero between two places where the field has different signs.
    fn halve(&self, (mut low, before): (f64, f64), mut high: f64) -> Result<f64, String> {
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if ((self.ask)(&[middle])?[0] < 0.0) == (before < 0.0) { low = middle } else { high = middle }
        }
        Ok(0.5 * (low + high))
    }

    /// ∂D̄ by forward differences, a column for each entry of λ.
    fn derivative(&self, lambda: &[f64], value: &[f64]) -> Result<Matrix, String> {
        let column = |entry: usize| {
            let mut moved = lambda.to_vec();
            let step = DIFFERENCE * lambda[entry].abs().max(1.0);
            moved[entry] += step;
            let there = (self.ask)(&moved)?;
            Ok(there.iter().zip(value).map(|(there, here)| (there - here) / step).collect())
        };
        let columns: Vec<Result<Vec<f64>, String>> = (0..lambda.len()).into_par_iter().map(column).collect();
        let columns = columns.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Matrix::from_fn(lambda.len(), lambda.len(), |row, column| columns[column][row]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Block;

    fn found(start: &[f64], ask: &Ask<'_>) -> Result<Found, String> {
        let blocks = Blocks::new(vec![Block::numbered("entries", start.len())]);
        Search { reach: 4.0, steps: 80 }.from(start, &Field { ask, blocks: &blocks, stop: &Stop::default() })
    }

    #[test]
    fn every_zero_within_reach_is_found_and_the_way_down_ends_at_the_next() {
        // (λ − 1)(λ − 2)(λ + 3), which descent leaves at 1 … of the zeros it rests at −3 and at 2.
        let cubic = |lambda: &[f64]| Ok(vec![(lambda[0] - 1.0) * (lambda[0] - 2.0) * (lambda[0] + 3.0)]);
        let down = found(&[0.5], &cubic).unwrap();
        assert!((down.end[0] + 3.0).abs() < 1e-12);
        let [(first, false), (second, true)] = down.others[..] else { panic!("{:?}", down.others) };
        assert!((first - 1.0).abs() < 1e-12 && (second - 2.0).abs() < 1e-12);
        assert!((found(&[1.4], &cubic).unwrap().end[0] - 2.0).abs() < 1e-12);
        assert!(found(&[0.0], &|_| Ok(vec![1.0])).unwrap_err().contains("down beyond reach"));
    }

    #[test]
    fn the_way_down_of_several_entries_ends_where_the_field_is_zero() {
        // Not a gradient: it turns round its zero at (1, −2).
        let field = |lambda: &[f64]| {
            let (x, y) = (lambda[0] - 1.0, lambda[1] + 2.0);
            Ok(vec![x + 3.0 * y + x.powi(3), y - 3.0 * x])
        };
        let end = found(&[4.0, 3.0], &field).unwrap().end;
        assert!((end[0] - 1.0).abs() < 1e-8 && (end[1] + 2.0).abs() < 1e-8, "{end:?}");
    }
}
