//! Population-based training: students that do not move by themselves, of whom the worst are replaced by changed copies of the best.
//!
//! Source: Jaderberg et al. 2017; factors 0.8 and 1.2 and sampling anew with probability 0.25 are the documented defaults of a widely used implementation. Here every entry is
//! multiplied in the box of its bounds, so that 0 is the lowest value. Cost: K inner runs and K values of f a round, no hypergradient. Fails in many dimensions,
//! where a random change is rarely a good one.

use rand::RngExt;

use super::Entry;
use super::exchange::{Exchange, Move, Round, mutated};
use super::selection::{EVERY, SHARE, STUDENTS, Selection};
use super::starts::{SPREAD, STARTS_IN_BOX, start_in_box};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "pbt",
        name: "Population-based training (PBT)",
        source: "Jaderberg et al. 2017; the box is this project's",
        equation: "child of the i-th best at the i-th worst: u_j ← clip(0.8 u_j or 1.2 u_j, 0, 1)",
        summary: "Several λ that stay where they are while θ is trained; the worst take over the best, with every entry a little smaller or larger. No \
                  hypergradient is used.",
        cost: "K inner runs and K values of f an outer step",
        fails: "Between exchanges λ does not move, and a random change of many entries is rarely a good one.",
        knobs: &[
            STUDENTS,
            STARTS_IN_BOX,
            SPREAD,
            SHARE,
            EVERY,
            Knob {
                key: "resample",
                help: "Probability that an entry of a child is drawn anew from its bounds instead.",
                kind: Kind::Real { default: 0.0, range: (0.0, 1.0), scale: Scale::Linear },
            },
        ],
    },
    students: |knobs| knobs.count(STUDENTS.key),
    start: start_in_box,
    exchange: Some(|knobs, _| Box::new(Training::new(knobs))),
};

#[derive(Clone)]
struct Training {
    selection: Selection,
    resample: f64,
}

impl Training {
    fn new(knobs: &Knobs) -> Self {
        Self { selection: Selection::of(knobs), resample: knobs.real("resample") }
    }
}

impl Exchange for Training {
    fn meet(&mut self, round: &mut Round<'_>) -> Vec<Move> {
        let children = self.selection.pairs(round).into_iter().enumerate().map(|(child, (slot, place))| {
            let parent = &round.standings[place];
            let mut factors = round.coins(child, parent.unit.len());
            let mut unit = mutated(&factors, &parent.unit);
            // A stream of its own: whether entries are drawn anew leaves the coins alone.
            let mut random = (round.random)(round.standings.len() + child);
            for (x, factor) in unit.iter_mut().zip(&mut factors) {
                if random.random::<f64>() < self.resample {
                    (*x, *factor) = (random.random(), f64::NAN);
                }
            }
            Move { slot, parent: Some(parent.slot), unit, factors }
        });
        children.collect()
    }

    fn moves_by_itself(&self) -> bool {
        false
    }

    fn clone_box(&self) -> Box<dyn Exchange> {
        Box::new(self.clone())
    }
}
