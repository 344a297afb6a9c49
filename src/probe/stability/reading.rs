//! Base and twins of one trial and seed, stepped to the same K, and how far apart they are there.

use super::ground::Ground;
use crate::math::vector::distance;
use crate::probe::meter::Meter;
use crate::probe::{ProbeError, Subject};
use crate::problem::Sample;
use crate::trial::{Loops, Status};

/// One base run with its twins.
pub(super) struct Pair<'a> {
    pub ground: &'a Ground,
    base: Run,
    twins: Vec<Run>,
    marks: &'a [usize],
    /// What was measured at each mark so far.
    pub found: Vec<At>,
}

/// What was measured at one mark.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct At {
    /// One a twin.
    pub distances: Vec<Distance>,
    /// Losses of the base.
    pub seen: Seen,
}

/// How far a twin is from its base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Distance {
    pub lambda: f64,
    pub theta: f64,
    pub lambda_of_others: Option<f64>,
}

/// Losses of a base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    pub validation: f64,
    pub test: f64,
}

impl At {
    fn numbers(&self) -> Vec<f64> {
        let losses = [self.seen.validation, self.seen.test];
        self.distances.iter().flat_map(|distance| [distance.lambda, distance.theta]).chain(losses).collect()
    }
}

impl Seen {
    pub(super) const NOTHING: Self = Self { validation: f64::NAN, test: f64::NAN };
}

impl Distance {
    pub(super) fn squared(self) -> f64 {
        self.lambda * self.lambda + self.theta * self.theta
    }
}

/// A run, and how far it is to go.
pub(super) struct Run {
    loops: Loops,
    until: usize,
    /// Outer steps that were told of.
    told: usize,
}

/// Outer steps between two words about progress.
const STRIDE: usize = 64;

impl<'a> Pair<'a> {
    pub fn of(subject: &Subject, ground: &'a Ground, marks: &'a [usize]) -> Self {
        let run = |stage| Run { loops: subject.loops(stage), until: 0, told: 0 };
        let twins = ground.twins.iter().map(|twin| run(&twin.stage)).collect();
        Self { base: run(&ground.base), twins, ground, marks, found: Vec::new() }
    }

    /// The runs that have a mark of this number before them.
    pub fn on_the_way_to(&mut self, round: usize) -> impl Iterator<Item = &mut Run> {
        let mark = self.marks.get(round).copied();
        for run in std::iter::once(&mut self.base).chain(&mut self.twins) {
            run.until = mark.unwrap_or(0);
        }
        std::iter::once(&mut self.base).chain(&mut self.twins).filter(move |_| mark.is_some())
    }

    /// Reads what is to be read at a mark, once all runs are there.
    pub fn measure(&mut self, round: usize) {
        if round >= self.marks.len() {
            return;
        }
        let Self { ground, base, twins, .. } = self;
        let distances = twins.iter().zip(&ground.twins).map(|(twin, row)| base.distance(twin, row.own_entry)).collect();
        let seen = if base.is_there() { base.losses() } else { Seen::NOTHING };
        self.found.push(At { distances, seen });
    }

    /// Whether another seed gave the same to the last bit, and anything at all.
    pub fn is_same(&self, other: &Self) -> bool {
        let numbers = |pair: &Self| -> Vec<u64> { pair.found.iter().flat_map(At::numbers).map(f64::to_bits).collect() };
        let is_known = self.found.iter().any(|at| at.seen.validation.is_finite());
        is_known && self.found.len() == other.found.len() && numbers(self) == numbers(other)
    }

    /// Runs whose λ is at a bound, where all that moves it may be lost.
    pub fn pressed(&self) -> usize {
        let all = std::iter::once(&self.base).chain(&self.twins);
        all.filter(|run| run.loops.blocks().pressed(run.loops.lambda()) > 0).count()
    }

    /// Runs of base and twins.
    pub fn runs(&self) -> usize {
        1 + self.twins.len()
    }

    /// Runs that have halted, and the reason of the first.
    pub fn halted(&self) -> Option<(usize, Status)> {
        let mut halted = std::iter::once(&self.base).chain(&self.twins).filter(|run| !run.is_there()).peekable();
        let first = halted.peek()?.loops.status();
        Some((halted.count(), first))
    }
}

impl Run {
    /// Outer steps up to the mark before it, or to where it halts.
    pub fn go_on(&mut self, meter: &Meter<'_, '_>) -> Result<(), ProbeError> {
        while self.loops.outer() < self.until {
            if self.loops.advance().is_none() || self.loops.status().is_halted() {
                break;
            }
            if self.loops.outer() >= self.told + STRIDE {
                self.tell(self.loops.outer(), meter)?;
            }
        }
        // Of a run that has halted the rest is done nevertheless.
        self.tell(self.until, meter)
    }

    fn tell(&mut self, outer: usize, meter: &Meter<'_, '_>) -> Result<(), ProbeError> {
        let units = outer - self.told;
        self.told = outer;
        meter.advance(units)
    }

    fn is_there(&self) -> bool {
        self.loops.outer() == self.until && !self.loops.status().is_halted()
    }

    /// Loss on all validation rows and all test rows; NaN where there are none.
    fn losses(&self) -> Seen {
        let problem = &self.loops.stage().problem;
        let loss =
            |sample| problem.score(sample, self.loops.own_lambda(), self.theta()).map_or(f64::NAN, |score| score.loss);
        Seen { validation: loss(Sample::Validation), test: loss(Sample::Test) }
    }

    /// θ of the last outer step.
    fn theta(&self) -> &[f64] {
        self.loops.thetas_taken().next().unwrap_or_default()
    }

    fn distance(&self, twin: &Self, own_entry: Option<usize>) -> Distance {
        if !self.is_there() || !twin.is_there() {
            return Distance { lambda: f64::NAN, theta: f64::NAN, lambda_of_others: own_entry.map(|_| f64::NAN) };
        }
        let (a, b) = (self.loops.lambda(), twin.loops.lambda());
        let lambda = distance(a, b);
        let others = |entry: usize| {
            let (a, b) = ([&a[..entry], &a[entry + 1..]].concat(), [&b[..entry], &b[entry + 1..]].concat());
            distance(&a, &b)
        };
        Distance { lambda, theta: distance(self.theta(), twin.theta()), lambda_of_others: own_entry.map(others) }
    }
}
