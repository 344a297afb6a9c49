//! Zeros of a field over λ: all of them within reach where λ is one number, the end of the way down where it has several entries.

use super::field::{Field, Found, Search};
use super::scan::scan;
use super::way_down::descend;

impl Search {
    pub(super) fn from(self, start: &[f64], field: &Field<'_>) -> Found {
        match start {
            [start] => scan(self, *start, field),
            _ => descend(self, start, field),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::Ask;
    use super::*;
    use crate::problem::{Block, Blocks, Stop};

    fn search(start: &[f64], blocks: Vec<Block>, ask: &Ask<'_>) -> Found {
        let blocks = Blocks::new(blocks);
        Search { reach: 4.0, steps: 80 }
            .from(start, &Field { ask, name: "it", blocks: &blocks, stop: &Stop::default() })
    }

    fn found(start: &[f64], ask: &Ask<'_>) -> Found {
        search(start, vec![Block::numbered("entries", start.len())], ask)
    }

    fn end(found: &Found) -> &[f64] {
        &found.end.as_ref().unwrap().0
    }

    fn why_not(found: &Found) -> &str {
        found.end.as_ref().unwrap_err()
    }

    #[test]
    fn every_zero_within_reach_is_found_and_the_way_down_ends_at_the_next() {
        // (λ − 1)(λ − 2)(λ + 3), which descent leaves at 1 … of the zeros it rests at −3 and at 2.
        let cubic = |lambda: &[f64]| Ok(vec![(lambda[0] - 1.0) * (lambda[0] - 2.0) * (lambda[0] + 3.0)]);
        let down = found(&[0.5], &cubic);
        assert!((end(&down)[0] + 3.0).abs() < 1e-12);
        let [(first, false), (second, true)] = down.others[..] else { panic!("{:?}", down.others) };
        assert!((first - 1.0).abs() < 1e-12 && (second - 2.0).abs() < 1e-12);
        assert!((end(&found(&[1.4], &cubic))[0] - 2.0).abs() < 1e-12);
        // Where it begins at a zero it stays there.
        assert!((end(&found(&[2.0], &cubic))[0] - 2.0).abs() < 1e-12);
        assert!((end(&found(&[0.0], &|lambda| Ok(vec![lambda[0]])))[0]).abs() < 1e-12);
    }

    #[test]
    fn where_the_way_down_has_no_end_the_rest_is_found_all_the_same() {
        // Zero at 2, which descent leaves: from 0 it goes down without end.
        let off = found(&[0.0], &|lambda| Ok(vec![2.0 - lambda[0]]));
        assert!(why_not(&off).contains("along it takes λ down beyond reach"), "{}", why_not(&off));
        let [(at, false)] = off.others[..] else { panic!("{:?}", off.others) };
        assert!((at - 2.0).abs() < 1e-12 && off.curve.len() == 81);
        // Bounds and the end of what is known are named as what they are.
        let bounded = search(&[0.5], vec![Block::numbered("entries", 1).within(0.0, 1.0)], &|_| Ok(vec![1.0]));
        assert!(why_not(&bounded).contains("down to its bound at 0"), "{}", why_not(&bounded));
        let stops = |lambda: &[f64]| if lambda[0] > -2.05 { Ok(vec![1.0]) } else { Err("none".to_owned()) };
        let stopped = found(&[0.0], &stops);
        assert!(why_not(&stopped).contains("beyond which there is no answer"), "{}", why_not(&stopped));
    }

    /// Changes of sign that are no zeros: a pole, a step, a tail that is exactly zero from somewhere on, and one that is rounding.
    #[test]
    fn a_change_of_sign_is_a_zero_only_where_the_field_goes_through_it() {
        // 4 − (0.77 − λ)⁻¹ is zero at 0.52, where descent leaves it; at 0.77 it jumps from below zero to above.
        let pole = |lambda: &[f64]| Ok(vec![4.0 - 1.0 / (0.77 - lambda[0])]);
        let from_below = found(&[0.0], &pole);
        assert!(matches!(from_below.others[..], [(at, false)] if (at - 0.52).abs() < 1e-12), "{from_below:?}");
        assert!(why_not(&found(&[0.6], &pole)).contains("where it jumps"), "{:?}", found(&[0.6], &pole).end);
        let step = found(&[0.0], &|lambda| Ok(vec![if lambda[0] < 1.23 { -1.0 } else { 0.5 }]));
        assert!(why_not(&step).contains("where it jumps"), "{}", why_not(&step));
        let dead = found(&[0.0], &|lambda| Ok(vec![if lambda[0] < 2.71 { lambda[0] - 2.71 } else { 0.0 }]));
        assert!(why_not(&dead).contains("only rounding"), "{}", why_not(&dead));
        let noise =
            |lambda: f64| 1e-17 * ((lambda.to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) as f64 / 2e9 - 0.5);
        let tail = found(&[0.0], &|lambda| Ok(vec![-(-20.0 * lambda[0]).exp() + noise(lambda[0])]));
        assert!(why_not(&tail).contains("only rounding") && tail.others.is_empty(), "{}", why_not(&tail));
    }

    #[test]
    fn the_way_down_of_several_entries_ends_where_the_field_is_zero() {
        // Not a gradient: it turns round its zero at (1, −2).
        let field = |lambda: &[f64]| {
            let (x, y) = (lambda[0] - 1.0, lambda[1] + 2.0);
            Ok(vec![x + 3.0 * y + x.powi(3), y - 3.0 * x])
        };
        let found = found(&[4.0, 3.0], &field);
        let end = end(&found);
        assert!((end[0] - 1.0).abs() < 1e-8 && (end[1] + 2.0).abs() < 1e-8, "{end:?}");
    }

    /// A field that dies away is not zero: e^{−λ} of one entry beside one that has a zero. Where it does not depend on an
    /// entry there is nothing to run after.
    #[test]
    fn a_tail_is_no_zero() {
        let tail = found(&[4.0, 0.5], &|lambda| Ok(vec![lambda[0] - 1.0, -(-lambda[1]).exp()]));
        assert!(why_not(&tail).contains("takes λ of `λ 2` up without end"), "{}", why_not(&tail));
        let slow = found(&[4.0, 3.0], &|lambda| Ok(vec![lambda[0] - 1.0, -lambda[1].powi(-9)]));
        assert!(why_not(&slow).contains("`λ 2`"), "{}", why_not(&slow));
        let flat = found(&[4.0, 0.5], &|lambda| Ok(vec![lambda[0] - 1.0, 1e-30 * (lambda[1] - lambda[1])]));
        assert!((end(&flat)[0] - 1.0).abs() < 1e-8 && end(&flat)[1] == 0.5, "{flat:?}");
    }
}
