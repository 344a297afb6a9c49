//! Random search: every student is drawn anew in every round.
//!
//! Source: Bergstra and Bengio 2012. Cost: K inner runs and K values of f a round, no hypergradient. Fails in many dimensions.

use rand::RngExt;

use super::Entry;
use super::exchange::{Exchange, Move, Round, Standing};
use super::selection::STUDENTS;
use super::starts::{SPREAD, STARTS_IN_BOX, start_in_box};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "random-search",
        name: "Random search",
        source: "Bergstra and Bengio 2012",
        equation: "u ~ uniform on [0, 1]^N",
        summary: "Draws every λ anew in every outer step, from anywhere in its bounds, and keeps count of the best. No hypergradient is used.",
        cost: "K inner runs and K values of f an outer step",
        fails: "Hopeless in many dimensions; nothing is learned from what was seen.",
        knobs: &[STUDENTS, STARTS_IN_BOX, SPREAD],
    },
    students: |knobs| knobs.count(STUDENTS.key),
    start: start_in_box,
    exchange: Some(|_, _| Box::new(Search)),
};

#[derive(Clone)]
struct Search;

impl Exchange for Search {
    fn meet(&mut self, round: &mut Round<'_>) -> Vec<Move> {
        let standings = round.standings.iter();
        let anew = standings.map(|Standing { slot, unit, .. }| {
            let random = (round.random)(*slot);
            let unit = random.random_iter().take(unit.len()).collect();
            Move { slot: *slot, parent: None, unit, factors: Vec::new() }
        });
        anew.collect()
    }

    fn moves_by_itself(&self) -> bool {
        false
    }

    fn clone_box(&self) -> Box<dyn Exchange> {
        Box::new(self.clone())
    }
}
