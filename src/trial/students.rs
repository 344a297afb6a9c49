//! The students of a trial: loops that are moved in step by one setting, and which of them leads.

use std::sync::Arc;

use super::lineage::Lineage;
use super::members::total;
use super::search::{Search, VALUE, WITH_HYPERGRADIENT};
use super::{Loops, Setting, Stage, Status};
use crate::draw::WrittenStudents;
use crate::estimator::Estimate;
use crate::math::random::{Purpose, stream};
use crate::population::{Exchange, Ground, Meeting};
use crate::problem::Cost;

/// Every student, and the number of the one that leads.
///
/// A student that halts is left behind: the others go on, and the trial halts with the last of them, which leads then. Where students are replaced it may be
/// replaced as well.
#[derive(Clone)]
pub struct Students {
    pub(super) all: Vec<Loops>,
    leading: usize,
    /// Their estimates at the end of this inner run, once they are known, where they are what students move by.
    pub(super) estimates: Vec<Option<Estimate>>,
    /// f at the end of this inner run and what asking for it took, once it is known.
    pub(super) values: Vec<Option<(f64, Cost)>>,
    /// What they do to one another, where they do something.
    pub(super) exchange: Option<Box<dyn Exchange>>,
    pub(super) lineage: Lineage,
    pub(super) search: Search,
    /// The outer step at whose end nobody was left to go on with.
    pub(super) ended: Option<usize>,
}

/// The first bit of a student's number in the identifier of its streams: below are trial and member.
const PLACE: u32 = 56;

/// Sets the streams of exchanges apart from those of starts, whose places are shorter.
pub(super) const EXCHANGE: u64 = u64::MAX;

impl Students {
    /// The students of a trial, each where the population lets it start. Loops of the trial itself are the first.
    #[must_use]
    pub fn of(first: Loops) -> Self {
        let setting = first.setting().clone();
        let population = setting.population.entry();
        let knobs = &setting.population.knobs;
        let (stage, id) = (Arc::clone(first.stage()), first.id());
        let written = setting.draws.students();
        let written = |student: usize| {
            written.and_then(|written| written.starts.get(student)).map(|unit| first.blocks().from_box(unit))
        };
        let start = |student: usize| {
            let ground = Ground { student, lambda: first.lambda(), blocks: first.blocks() };
            // Not the trial's stream: trials with as many students start them alike, and can be compared.
            let mut random = stream(stage.seed, Purpose::Population, &[student as u64]);
            written(student).unwrap_or_else(|| (population.start)(knobs, &ground, &mut random))
        };
        let student = |student: usize| {
            let place = id + ((student as u64) << PLACE);
            Loops::new(place, setting.clone(), &stage).at(&start(student))
        };
        let others: Vec<Loops> = (1..setting.students()).map(student).collect();
        // Where the students begin anywhere, so does the first.
        let begins_anywhere = first.outer() == 0 && first.inner() == 0 && start(0) != first.lambda();
        let exchange = population.exchange.map(|exchange| {
            let written = setting.draws.students();
            let mut meeting = Meeting {
                entries: first.lambda().len(),
                random: stream(stage.seed, Purpose::Population, &[EXCHANGE]),
                teacher: written.and_then(WrittenStudents::weights),
            };
            exchange(knobs, &mut meeting)
        });
        let first = if begins_anywhere { student(0) } else { first };
        let all: Vec<Loops> = std::iter::once(first).chain(others).collect();
        Self {
            estimates: vec![None; all.len()],
            values: vec![None; all.len()],
            lineage: Lineage::of(all.len()),
            all,
            leading: 0,
            exchange,
            search: Search::default(),
            ended: None,
        }
    }

    /// Each of them, in the order of their numbers.
    #[must_use]
    pub fn all(&self) -> &[Loops] {
        &self.all
    }

    /// The one whose run the trial's is.
    #[must_use]
    pub fn leader(&self) -> &Loops {
        &self.all[self.leading]
    }

    /// Who is whose child.
    pub(super) fn lineage(&self) -> &Lineage {
        &self.lineage
    }

    /// Its number.
    pub(super) fn leading(&self) -> usize {
        self.leading
    }

    /// What they are doing together: the inner run is over with the last of them, and they halt with the last of them.
    pub(super) fn status(&self) -> Status {
        if let Some(outer) = self.ended {
            return Status::AllDiverged { outer };
        }
        match self.leader().status() {
            own if self.all.len() == 1 => own,
            _ if self.all.iter().all(|student| student.status().has_failed()) => {
                Status::AllDiverged { outer: self.leader().outer() }
            }
            _ if self.is_any(Status::Running) => Status::Running,
            own => own,
        }
    }

    /// One inner step of everybody who can take one. Returns whether another one leads now.
    pub fn step_inner(&mut self) -> bool {
        let has_changed = self.move_on();
        if self.is_over() { self.judge() } else { has_changed }
    }

    /// The same, with nobody asked for f or an estimate.
    fn move_on(&mut self) -> bool {
        self.all.iter_mut().for_each(Loops::step_inner);
        self.is_any(Status::Running) && self.leader().status().is_halted() && self.choose(Status::Running)
    }

    fn is_any(&self, status: Status) -> bool {
        self.all.iter().any(|student| student.status() == status)
    }

    /// Whether the inner runs are over, the last of them too.
    fn is_over(&self) -> bool {
        !self.is_any(Status::Running) && self.is_any(Status::Ready)
    }

    /// Inner steps of everybody until the runs are over, or all have halted, with nobody looking.
    pub fn finish_inner(&mut self) {
        while self.status() == Status::Running {
            self.move_on();
        }
    }

    /// The leader's estimate where the runs are over; so every other student that moves by estimates has made its own.
    pub fn conclude(&mut self) -> Option<Estimate> {
        if !self.is_over() {
            return None;
        }
        self.judge();
        Some(self.estimate().cloned().unwrap_or_else(|| self.leader().estimate()))
    }

    /// The inner runs to their end, and the outer step of everybody. Returns whether it was taken.
    pub fn advance(&mut self) -> bool {
        self.finish_inner();
        let before = self.leader().outer();
        match &mut self.all[..] {
            // In the place that it has for estimates, and without f.
            [alone] if self.exchange.is_none() => {
                if alone.advance().is_some() {
                    self.search = self.search.having_seen(f64::NAN, WITH_HYPERGRADIENT);
                }
            }
            _ => {
                let Some(estimate) = self.conclude() else { return false };
                self.step_outer(&estimate);
            }
        }
        self.leader().outer() > before
    }

    /// What everybody whose inner run is over has come to, and who leads among them. Returns whether that is another one.
    fn judge(&mut self) -> bool {
        let several_move = self.all.len() > 1 && self.moves_by_itself();
        for (slot, student) in self.all.iter().enumerate() {
            let is_over = student.status() == Status::Ready;
            self.values[slot] = is_over.then(|| student.outer_value());
            // Of a student alone the trial has it.
            self.estimates[slot] = (is_over && several_move).then(|| student.estimate());
        }
        self.choose(Status::Ready)
    }

    /// Whether students take steps along hypergradients.
    fn moves_by_itself(&self) -> bool {
        self.exchange.as_ref().is_none_or(|exchange| exchange.moves_by_itself())
    }

    /// The outer step of everybody whose inner run is over; `estimate` is the leader's. Returns whether another one leads
    /// now, since it could not take it.
    pub fn step_outer(&mut self, estimate: &Estimate) -> bool {
        self.search = self.search_here();
        match self.exchange.take() {
            Some(mut exchange) => {
                self.step_and_exchange(&mut *exchange);
                self.exchange = Some(exchange);
            }
            None => self.step_each(estimate),
        }
        self.values.fill(None);
        self.leader().status().is_halted() && self.choose(Status::Running)
    }

    fn step_each(&mut self, estimate: &Estimate) {
        for (number, student) in self.all.iter_mut().enumerate() {
            match self.estimates[number].take() {
                _ if number == self.leading => student.step_outer(estimate),
                Some(own) => student.step_outer(&own),
                None => {}
            }
        }
    }

    /// The leader's estimate at the end of this inner run, where it was made.
    pub(super) fn estimate(&self) -> Option<&Estimate> {
        self.estimates[self.leading].as_ref()
    }

    /// The least f leads, of those that are doing this; of equals the first. Where nobody is, the leader stays. Returns
    /// whether it is another one.
    fn choose(&mut self, status: Status) -> bool {
        if self.all.len() == 1 {
            return false;
        }
        let candidates = self.all.iter().enumerate().filter(|(_, student)| student.status() == status);
        // Each is judged once: that takes a pass over the rows.
        let value = |number: usize, student: &Loops| match self.values[number] {
            Some((value, _)) if status == Status::Ready => value,
            _ => student.outer_value().0,
        };
        let judged = candidates.map(|(number, student)| (number, last_if_no_number(value(number, student))));
        let best = judged.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(number, _)| number);
        let before = self.leading;
        self.leading = best.unwrap_or(before);
        before != self.leading
    }

    /// Puts a new setting in force. Returns whether inner runs have to be taken again.
    pub(super) fn change(&mut self, setting: &Setting) -> bool {
        let had_ended = self.ended.take().is_some();
        let changes = self.all.iter_mut().map(|student| student.change(setting.clone()));
        changes.fold(had_ended, |any, change| any | change)
    }

    /// Puts another stage in force.
    pub(super) fn enter(&mut self, stage: &Arc<Stage>) {
        self.all.iter_mut().for_each(|student| student.enter(stage));
        self.search.forget_values();
    }

    /// Back to the start of the inner run. Who was left behind in an earlier outer step stays there.
    pub(super) fn restart(&mut self, other_start: bool) {
        let outer = self.leader().outer();
        self.estimates.fill(None);
        self.values.fill(None);
        self.ended = None;
        for student in self.all.iter_mut().filter(|student| student.outer() == outer) {
            student.restart(other_start);
        }
    }

    /// Oracle units and least F so far, this inner run included, as if it had ended here.
    pub(super) fn search_here(&self) -> Search {
        let units = if self.moves_by_itself() { WITH_HYPERGRADIENT } else { VALUE };
        let is_running = self.status() == Status::Running;
        let counts = |student: &Loops, is_known: bool| is_known || is_running && !student.status().is_halted();
        let seen = self.all.iter().zip(&self.values).filter(|(student, value)| counts(student, value.is_some()));
        seen.fold(self.search, |search, (_, value)| search.having_seen(value.map_or(f64::NAN, |(f, _)| f), units))
    }

    /// The same of what is over.
    pub(super) fn search(&self) -> Search {
        self.search
    }

    /// What all of them have cost so far.
    #[must_use]
    pub fn cost(&self) -> Cost {
        total(self.all.iter().map(Loops::cost))
    }

    /// The same, had each ended here; what is not known of the others' estimates is taken to cost what the leader's does. Asking for f is
    /// part of it where students are ranked by it.
    pub(super) fn cost_here(&self, estimate: &Estimate) -> Cost {
        let moves = self.moves_by_itself();
        let each = self.all.iter().zip(&self.estimates).zip(&self.values).enumerate();
        total(each.map(|(number, ((student, own), value))| {
            if student.status().is_halted() && number != self.leading {
                return student.cost();
            }
            let own = own.as_ref().filter(|_| number != self.leading).unwrap_or(estimate);
            let last = if moves { own.cost } else { Cost::default() };
            let ranking = value.filter(|_| self.exchange.is_some()).map_or(Cost::default(), |(_, cost)| cost);
            student.cost() + last + ranking
        }))
    }

    /// Bytes that their estimators hold.
    pub(super) fn bytes(&self) -> usize {
        self.all.iter().map(Loops::bytes).sum()
    }
}

/// A value that is no number comes last.
fn last_if_no_number(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::INFINITY }
}
