//! The contract of a metric: what it says of itself, and the trial that it sees.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::students::Students;
use super::{Held, Kind, Lineage, Loops, Prediction, Reading, Setting, Stage, Unit, When};
use crate::catalog::{Card, Carded, Scale};
use crate::estimator::Estimate;
use crate::math::number::plain;
use crate::problem::Cost;

/// Something that is recorded of every trial: one value in a list, such as `‖θ − θ*‖`.
pub struct Metric {
    /// What it is. Its identifier is the name of its column, with underscores.
    pub card: Card,
    /// As panels and the heads of columns write it, in few cells: `‖θ−θ*‖`.
    pub symbol: &'static str,
    /// What its numbers count.
    pub unit: Unit,
    /// What a reading of it is.
    pub kind: Kind,
    /// The axis that suits it.
    pub scale: Scale,
    /// When it is read.
    pub when: When,
    /// How early panels and tables show it, from 1; 0 is only when asked for.
    pub rank: u8,
    /// Whether a trial can have it; if not, why, and what would.
    pub needs: fn(&Subject<'_>) -> Result<(), String>,
    /// Reads it. Reading changes nothing.
    pub read: fn(&Seen<'_>) -> Reading,
}

impl Metric {
    /// A number that is read at every measured inner step, only shown when asked for, on a linear axis.
    #[must_use]
    pub const fn number(card: Card, symbol: &'static str, read: fn(&Seen<'_>) -> Reading) -> Self {
        Self {
            card,
            symbol,
            unit: Unit::None,
            kind: Kind::Number,
            scale: Scale::Linear,
            when: When::Step,
            rank: 0,
            needs: |_| Ok(()),
            read,
        }
    }

    /// A vector that is read where the inner run is over.
    #[must_use]
    pub const fn vector(card: Card, symbol: &'static str, read: fn(&Seen<'_>) -> Reading) -> Self {
        Self { kind: Kind::Vector, when: When::Outer, ..Self::number(card, symbol, read) }
    }

    /// Whether its numbers count something, so that whole ones are written and marked as such.
    #[must_use]
    pub const fn is_count(&self) -> bool {
        matches!(self.kind, Kind::Count) || matches!(self.unit, Unit::Steps | Unit::Calls | Unit::Bytes | Unit::Entries)
    }

    /// A number of it as people read it: a count in full, `21` and not `21.00`.
    #[must_use]
    pub fn read_out(&self, value: f64) -> String {
        /// From here on not every whole number is one of these.
        const LARGEST: f64 = 9e15;
        let is_whole = value.fract() == 0.0 && value.abs() < LARGEST;
        if self.is_count() && is_whole { format!("{value:.0}") } else { plain(value) }
    }

    /// The name of its column: `relative_error`.
    #[must_use]
    pub fn column(&self) -> String {
        self.card.id.replace('-', "_")
    }
}

impl Carded for Metric {
    fn card(&self) -> &Card {
        &self.card
    }
}

impl std::fmt::Debug for Metric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.card.id)
    }
}

/// Outer steps that are recorded already.
pub(super) trait Earlier {
    /// The number of a metric at an outer step, where there is one.
    fn number(&self, outer_step: usize, metric: &Metric) -> Option<f64>;

    /// The vector of a metric at an outer step, where there is one that is still kept.
    fn vector(&self, outer_step: usize, metric: &Metric) -> Option<&[f64]>;
}

/// A trial before it runs: what it is about and how it is set.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The problem, its rows and what was asked for.
    pub stage: &'a Stage,
    /// The trial's settings.
    pub setting: &'a Setting,
}

/// A trial at one moment. A metric asks for what it needs; what several ask for is computed once.
pub struct Seen<'a> {
    loops: &'a Loops,
    estimate: &'a Estimate,
    truth: Option<&'a Held>,
    prediction: Option<&'a Prediction>,
    /// Records of the outer steps before this one.
    earlier: Option<&'a dyn Earlier>,
    /// All students of the trial, of whom the one that is seen leads.
    among: Option<&'a Students>,
    kept: RefCell<Vec<Rc<dyn Any>>>,
}

impl<'a> Seen<'a> {
    /// Loops with an estimate made here, held against nothing.
    #[must_use]
    pub fn of(loops: &'a Loops, estimate: &'a Estimate) -> Self {
        Self { loops, estimate, truth: None, prediction: None, earlier: None, among: None, kept: RefCell::default() }
    }

    /// The same, held against an exact answer, with what theory predicts.
    pub(super) fn against(self, truth: &'a Held, prediction: Option<&'a Prediction>) -> Self {
        Self { truth: Some(truth), prediction, ..self }
    }

    /// The same, after the outer steps recorded.
    pub(super) fn after(self, earlier: &'a dyn Earlier) -> Self {
        Self { earlier: Some(earlier), ..self }
    }

    /// The same, among the students of a trial.
    pub(super) fn among(self, students: &'a Students) -> Self {
        Self { among: Some(students), ..self }
    }

    /// The students of the trial, in the order of their numbers; one, without a population.
    #[must_use]
    pub fn students(&self) -> &'a [Loops] {
        self.among.map_or(std::slice::from_ref(self.loops), Students::all)
    }

    /// The number of the student that is seen, which leads.
    #[must_use]
    pub fn leading(&self) -> usize {
        self.among.map_or(0, Students::leading)
    }

    /// Who is whose child among the students.
    #[must_use]
    pub fn lineage(&self) -> Option<&'a Lineage> {
        self.among.map(Students::lineage)
    }

    /// Values of F that were paid for, F with its hypergradient counted twice, had the trial ended here.
    #[must_use]
    pub fn units(&self) -> Option<usize> {
        Some(self.among?.search_here().units())
    }

    /// The least of them.
    #[must_use]
    pub fn best(&self) -> Option<f64> {
        self.among?.search_here().best()
    }

    /// The two loops.
    #[must_use]
    pub fn loops(&self) -> &'a Loops {
        self.loops
    }

    /// What the trials share.
    #[must_use]
    pub fn stage(&self) -> &'a Stage {
        self.loops.stage()
    }

    /// λ: the problem's entries, then the dynamics'.
    #[must_use]
    pub fn lambda(&self) -> &'a [f64] {
        self.loops.lambda()
    }

    /// The problem's entries of λ.
    #[must_use]
    pub fn own_lambda(&self) -> &'a [f64] {
        self.loops.own_lambda()
    }

    /// θ of the first member.
    #[must_use]
    pub fn theta(&self) -> &'a [f64] {
        self.loops.thetas().next().unwrap_or_default()
    }

    /// ĥ with its cost and the health of its solver.
    #[must_use]
    pub fn estimate(&self) -> &'a Estimate {
        self.estimate
    }

    /// The exact answer that the estimate is held against, where one is computed.
    #[must_use]
    pub fn truth(&self) -> Option<&'a Held> {
        self.truth
    }

    /// First-order theory of the estimator at this λ, where there is one.
    #[must_use]
    pub fn prediction(&self) -> Option<&'a Prediction> {
        self.prediction
    }

    /// What the inner run has cost so far, had it ended here with this estimate.
    #[must_use]
    pub fn run_cost(&self) -> Cost {
        self.loops.run_cost() + self.estimate.cost
    }

    /// What the trial has cost so far, likewise.
    #[must_use]
    pub fn cost(&self) -> Cost {
        let alone = || self.loops.spent() + self.run_cost();
        self.among.map_or_else(alone, |students| students.cost_here(self.estimate))
    }

    /// A number of the outer step before this one, where there was one.
    #[must_use]
    pub fn before(&self, metric: &Metric) -> Option<f64> {
        let place = self.loops.outer().checked_sub(1)?;
        self.earlier?.number(place, metric)
    }

    /// The vectors of the last outer steps before this one, the last first: at most so many, all of them where there are fewer. Nothing where
    /// one is no longer kept.
    #[must_use]
    pub fn vectors_before(&self, metric: &Metric, most: usize) -> Option<Vec<&'a [f64]>> {
        let outer = self.loops.outer();
        let steps = (outer.saturating_sub(most)..outer).rev();
        steps.map(|step| self.earlier?.vector(step, metric)).collect()
    }

    /// What several metrics need of this moment: made on first use, told apart by its type.
    pub fn shared<T: Any>(&self, make: impl FnOnce() -> T) -> Rc<T> {
        let find = || self.kept.borrow().iter().find_map(|kept| Rc::clone(kept).downcast::<T>().ok());
        if let Some(found) = find() {
            return found;
        }
        // Not while borrowed: what is made may itself share.
        let made = Rc::new(make());
        self.kept.borrow_mut().push(Rc::clone(&made) as Rc<dyn Any>);
        made
    }
}
