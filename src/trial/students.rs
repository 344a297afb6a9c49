//! The students of a trial: loops that are moved in step by one setting, and which of them leads.

use std::sync::Arc;

use super::members::total;
use super::{Loops, Setting, Stage, Status};
use crate::estimator::Estimate;
use crate::math::random::{Purpose, stream};
use crate::math::vector;
use crate::population::Ground;
use crate::problem::Cost;

/// Every student, and the number of the one that leads.
///
/// A student that halts is left behind: the others go on, and the trial halts with the last of them, which leads then.
#[derive(Clone)]
pub(super) struct Students {
    all: Vec<Loops>,
    leading: usize,
    /// Their estimates at the end of this inner run, once they are known.
    estimates: Vec<Option<Estimate>>,
}

/// The first bit of a student's number in the identifier of its streams: below are trial and member.
const PLACE: u32 = 56;

impl Students {
    /// The students of a trial, each where the population lets it start. Loops of the trial itself are the first.
    pub(super) fn of(first: Loops) -> Self {
        let setting = first.setting().clone();
        let population = setting.population.entry();
        let knobs = &setting.population.knobs;
        let (stage, id) = (Arc::clone(first.stage()), first.id());
        let student = |student: usize| {
            let place = id + ((student as u64) << PLACE);
            let ground = Ground { student, lambda: first.lambda(), blocks: first.blocks() };
            // Not the trial's stream: trials with as many students start them alike, and can be compared.
            let mut random = stream(stage.seed, Purpose::Population, &[student as u64]);
            let start = (population.start)(knobs, &ground, &mut random);
            Loops::new(place, setting.clone(), &stage).at(&start)
        };
        let others: Vec<Loops> = (1..setting.students()).map(student).collect();
        let all: Vec<Loops> = std::iter::once(first).chain(others).collect();
        Self { estimates: vec![None; all.len()], all, leading: 0 }
    }

    /// Each of them, in the order of their numbers.
    pub(super) fn all(&self) -> &[Loops] {
        &self.all
    }

    /// The one whose run the trial's is.
    pub(super) fn leader(&self) -> &Loops {
        &self.all[self.leading]
    }

    /// Its number.
    pub(super) fn leading(&self) -> usize {
        self.leading
    }

    /// One inner step of everybody who can take one. Returns whether another one leads now.
    pub(super) fn step_inner(&mut self) -> bool {
        self.all.iter_mut().for_each(Loops::step_inner);
        if self.all.len() == 1 {
            return false;
        }
        if self.all.iter().any(|student| student.status() == Status::Ready) {
            let estimate = |student: &Loops| (student.status() == Status::Ready).then(|| student.estimate());
            self.estimates = self.all.iter().map(estimate).collect();
            return self.choose(Status::Ready);
        }
        self.leader().status().is_halted() && self.choose(Status::Running)
    }

    /// The outer step of everybody whose inner run is over; `estimate` is the leader's. Returns whether another one leads
    /// now, since it could not take it.
    pub(super) fn step_outer(&mut self, estimate: &Estimate) -> bool {
        for (number, student) in self.all.iter_mut().enumerate() {
            match self.estimates[number].take() {
                _ if number == self.leading => student.step_outer(estimate),
                Some(own) => student.step_outer(&own),
                None => {}
            }
        }
        self.leader().status().is_halted() && self.choose(Status::Running)
    }

    /// The leader's estimate at the end of this inner run, where it was made.
    pub(super) fn estimate(&self) -> Option<&Estimate> {
        self.estimates[self.leading].as_ref()
    }

    /// The least f leads, of those that are doing this; of equals the first. Where nobody is, the leader stays. Returns
    /// whether it is another one.
    fn choose(&mut self, status: Status) -> bool {
        let candidates = self.all.iter().enumerate().filter(|(_, student)| student.status() == status);
        // Each is judged once: that takes a pass over the rows.
        let judged = candidates.map(|(number, student)| (number, rank(student)));
        let best = judged.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(number, _)| number);
        let before = self.leading;
        self.leading = best.unwrap_or(before);
        before != self.leading
    }

    /// Puts a new setting in force. Returns whether inner runs have to be taken again.
    pub(super) fn change(&mut self, setting: &Setting) -> bool {
        let changes = self.all.iter_mut().map(|student| student.change(setting.clone()));
        changes.fold(false, |any, change| any | change)
    }

    /// Puts another stage in force.
    pub(super) fn enter(&mut self, stage: &Arc<Stage>) {
        self.all.iter_mut().for_each(|student| student.enter(stage));
    }

    /// Back to the start of the inner run. Who was left behind in an earlier outer step stays there.
    pub(super) fn restart(&mut self, other_start: bool) {
        let outer = self.leader().outer();
        self.estimates.fill(None);
        for student in self.all.iter_mut().filter(|student| student.outer() == outer) {
            student.restart(other_start);
        }
    }

    /// What all of them have cost so far.
    pub(super) fn cost(&self) -> Cost {
        total(self.all.iter().map(Loops::cost))
    }

    /// What the others have cost, had each ended here; what is not known of their estimates is taken to cost what the
    /// leader's does.
    pub(super) fn beside(&self, estimate: &Estimate) -> Cost {
        let others = self.all.iter().zip(&self.estimates).enumerate().filter(|(number, _)| *number != self.leading);
        total(others.map(|(_, (student, own))| {
            let goes_on = !student.status().is_halted();
            let last = own.as_ref().map_or(estimate.cost, |own| own.cost);
            if goes_on { student.cost() + last } else { student.cost() }
        }))
    }

    /// Bytes that their estimators hold.
    pub(super) fn bytes(&self) -> usize {
        self.all.iter().map(Loops::bytes).sum()
    }
}

/// What a student is judged by: f where it is. A value that is not a number comes last.
fn rank(student: &Loops) -> f64 {
    let value = student.values().1;
    if vector::is_finite(&[value]) { value } else { f64::INFINITY }
}
