//! What students do to one another between two outer steps: the worst are replaced by mutations of the best.
//!
//! A round of a population: every student ends its inner run and is asked for F and, where it moves by itself, for its hypergradient; they are
//! ranked; who exchanges says which slots are taken over by whose children; the old students take their own steps; children take their slots over, with θ and
//! what the parent's optimizer remembered when they were ranked. So a child takes no step of its own in the round that it is born in. Hyperparameters are moved
//! in the box of their bounds, where 0 is the lowest value and multiplying has a meaning.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// How a student did.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Its number.
    pub slot: usize,
    /// f where its inner run ended; not finite where it has none.
    pub value: f64,
    /// Its λ in the box.
    pub unit: Vec<f64>,
}

/// A student's place that is taken over.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Whose.
    pub slot: usize,
    /// The student that the new one is a copy of; nothing for one that begins from scratch.
    pub parent: Option<usize>,
    /// Its λ in the box.
    pub unit: Vec<f64>,
    /// What each entry of the parent's was multiplied by; empty where it is no mutation.
    pub factors: Vec<f64>,
}

/// What F is like at a mutation.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// f after an inner run there.
    pub value: f64,
    /// ∂F/∂u, as the trial's estimator has it.
    pub gradient: Vec<f64>,
}

/// The end of a round.
pub struct Round<'a> {
    /// From 1.
    pub number: usize,
    /// Best first.
    pub standings: &'a [Standing],
    /// A stream for each child, from 0, the best parent's first; further numbers are streams that no child's coins are of.
    pub random: &'a dyn Fn(usize) -> ChaCha8Rng,
    /// Coins that are written out for a child, 1 where an entry is to grow.
    pub written: &'a dyn Fn(usize) -> Option<Vec<f64>>,
    /// An inner run from a copy of what a student has, at another λ in the box. What it costs is charged to the student.
    pub ask: &'a mut dyn FnMut(usize, &[f64]) -> Answer,
}

impl Round<'_> {
    /// What each entry of a child is multiplied by, 0.8 or 1.2: by coins that are written out, or tossed.
    pub(super) fn coins(&self, child: usize, entries: usize) -> Vec<f64> {
        let factor = |grows: bool| if grows { 1.2 } else { 0.8 };
        if let Some(written) = (self.written)(child) {
            return written.iter().map(|coin| factor(*coin > 0.5)).collect();
        }
        let mut random = (self.random)(child);
        (0..entries).map(|_| factor(random.random::<f64>() < 0.5)).collect()
    }
}

/// Says what students do to one another.
pub trait Exchange: Send + Sync {
    /// Which places are taken over at the end of a round.
    fn meet(&mut self, round: &mut Round<'_>) -> Vec<Move>;

    /// Whether students take steps of their own.
    fn moves_by_itself(&self) -> bool {
        true
    }

    /// A copy with its memory.
    fn clone_box(&self) -> Box<dyn Exchange>;
}

impl Clone for Box<dyn Exchange> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

/// Standings, best first: ascending, of equals the lower number first, what is not finite last.
pub fn ranked(standings: &mut [Standing]) {
    let key = |value: f64| if value.is_finite() { value } else { f64::INFINITY };
    // Stable: equals stay in the order of their numbers.
    standings.sort_by(|a, b| key(a.value).total_cmp(&key(b.value)).then(a.slot.cmp(&b.slot)));
}

/// The slots that are lost and whose children take them over, as (slot, parent): the i-th worst goes to the i-th best. Where fewer are finite than lose, they are
/// parents again in order.
pub(super) fn pairs(standings: &[Standing], share: f64) -> Vec<(usize, usize)> {
    let count = standings.len();
    // A share such as 0.29 of 100 students is 29, and a little less in binary.
    let lost = ((share * count as f64 + 1e-9).floor() as usize).max(1).min(count / 2);
    let finite = standings.iter().take_while(|standing| standing.value.is_finite()).count();
    if finite == 0 {
        return Vec::new();
    }
    let parents = (0..finite.min(lost)).cycle();
    standings.iter().rev().take(lost).zip(parents).map(|(worst, parent)| (worst.slot, parent)).collect()
}

/// `clip(α∘u, 0, 1)`.
pub(super) fn mutated(factors: &[f64], unit: &[f64]) -> Vec<f64> {
    factors.iter().zip(unit).map(|(factor, x)| (factor * x).clamp(0.0, 1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standings(values: &[f64]) -> Vec<Standing> {
        let standing = |(slot, value): (usize, &f64)| Standing { slot, value: *value, unit: vec![0.5] };
        values.iter().enumerate().map(standing).collect()
    }

    #[test]
    fn equals_keep_their_order_and_what_is_not_finite_is_last() {
        let order = |values: &[f64]| {
            let mut standings = standings(values);
            ranked(&mut standings);
            standings.iter().map(|standing| standing.slot).collect::<Vec<_>>()
        };
        assert_eq!(order(&[0.3, 0.1, 0.1, 0.5, f64::NAN, 0.2]), [1, 2, 5, 0, 3, 4]);
        assert_eq!(order(&[1.0; 4]), [0, 1, 2, 3]);
        assert_eq!(order(&[f64::INFINITY, 0.4, f64::NAN, 0.4, -0.1]), [4, 1, 3, 0, 2]);
    }

    #[test]
    fn the_worst_is_replaced_by_the_best_and_the_finite_ones_are_parents_again() {
        let paired = |values: &[f64], share: f64| {
            let mut standings = standings(values);
            ranked(&mut standings);
            pairs(&standings, share)
        };
        assert_eq!(paired(&[5.0, 1.0, 4.0, 2.0, 3.0], 0.4), [(0, 0), (2, 1)]);
        // A share of less than one student is one; more than half is half.
        assert_eq!(paired(&[2.0, 1.0, 3.0], 0.1), [(2, 0)]);
        assert_eq!(paired(&[2.0, 1.0, 3.0, 4.0], 0.9), [(3, 0), (2, 1)]);
        let hundred: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!([0.29, 0.2, 0.57].map(|share| paired(&hundred, share).len()), [29, 20, 50]);
        let nan = f64::NAN;
        assert_eq!(paired(&[nan, 7.0, nan, nan, nan, nan], 0.5), [(5, 0), (4, 0), (3, 0)]);
        assert_eq!(paired(&[nan, nan], 0.5), []);
    }
}
