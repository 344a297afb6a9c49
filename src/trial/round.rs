//! The end of a round of a population: students are ranked, meet, and take their steps; children take places over.

use rand::RngExt;

use super::search::WITH_HYPERGRADIENT;
use super::students::{EXCHANGE, Students};
use super::{Loops, Status};
use crate::math::random::{Purpose, stream};
use crate::math::vector;
use crate::population::{Answer, Exchange, Move, Round, Standing, ranked};
use crate::problem::Cost;

impl Students {
    /// Ranking, exchange and steps. Children are what their parents are before these, and take their places after them. Where no f is finite and nobody is
    /// drawn anew, there is nobody to go on with.
    pub(super) fn step_and_exchange(&mut self, exchange: &mut dyn Exchange) {
        let number = self.leader().outer() + 1;
        let standings = self.standings();
        let moves = self.meet(exchange, number, &standings);
        let is_lost = standings.iter().all(|standing| !standing.value.is_finite());
        if is_lost && moves.is_empty() {
            self.ended = Some(number - 1);
            return;
        }
        // Parents as they are before they step.
        let parents: Vec<Option<Loops>> =
            moves.iter().map(|step| step.parent.map(|parent| self.all[parent].clone())).collect();
        for (student, own) in self.all.iter_mut().zip(&mut self.estimates) {
            match own.take() {
                Some(own) => student.step_outer(&own),
                None if !exchange.moves_by_itself() => {
                    let lambda = student.lambda().to_vec();
                    student.follow(None, &lambda);
                }
                None => {}
            }
        }
        for (Move { slot, unit, .. }, parent) in moves.iter().zip(&parents) {
            let place = &self.all[*slot];
            let lambda = place.blocks().from_box(unit);
            self.all[*slot] = match parent {
                Some(parent) => parent.child_in_place_of(place, &lambda),
                None => Loops::anew_in_place_of(place, number, &lambda),
            };
        }
        self.lineage.take_in(number, moves);
    }

    /// How everybody did, best first; who has no hypergradient to go along has no f either. Asking for f is charged: it is what they are ranked by.
    fn standings(&mut self) -> Vec<Standing> {
        let mut standings = Vec::with_capacity(self.all.len());
        for (slot, student) in self.all.iter_mut().enumerate() {
            let (value, cost) = self.values[slot].unwrap_or((f64::NAN, Cost::default()));
            student.charge(cost);
            let estimate = self.estimates[slot].as_ref();
            let can_move = estimate.is_none_or(|estimate| vector::is_finite(&estimate.hypergradient));
            let unit = student.blocks().to_box(student.lambda());
            standings.push(Standing { slot, value: if can_move { value } else { f64::NAN }, unit });
        }
        ranked(&mut standings);
        standings
    }

    /// What students do to one another, as they stand at the end of their inner runs.
    fn meet(&mut self, exchange: &mut dyn Exchange, number: usize, standings: &[Standing]) -> Vec<Move> {
        let seed = self.leader().stage().seed;
        let random = |child: usize| stream(seed, Purpose::Population, &[EXCHANGE, number as u64, child as u64]);
        let born = self.lineage.born();
        let written = self.leader().setting().draws.students().cloned();
        let written = |child: usize| written.as_ref().and_then(|written| written.coins.get(born + child).cloned());
        let (all, search) = (&mut self.all, &mut self.search);
        let mut asked = 0;
        let mut ask = |slot: usize, unit: &[f64]| {
            asked += 1;
            let student = &mut all[slot];
            let lambda = student.blocks().from_box(unit);
            let mut copy = student.clone().looking_ahead_at(&lambda, look_ahead_seed(seed, number, asked));
            copy.finish_inner();
            let estimate = copy.estimate();
            let (value, cost) = copy.outer_value();
            student.charge(copy.run_cost() + estimate.cost + cost);
            // One that halted on the way has no F.
            let value = if copy.status() == Status::Ready { value } else { f64::NAN };
            *search = search.having_seen(value, WITH_HYPERGRADIENT);
            Answer { value, gradient: student.blocks().by_box(&estimate.hypergradient) }
        };
        exchange.meet(&mut Round { number, standings, random: &random, written: &written, ask: &mut ask })
    }
}

/// The seed of what an inner run draws that only looks ahead.
fn look_ahead_seed(seed: u64, round: usize, asked: usize) -> u64 {
    stream(seed, Purpose::Population, &[EXCHANGE, round as u64, asked as u64, 1]).random()
}
