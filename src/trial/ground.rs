//! What the references can ask of a trial, and what they gave.

use std::sync::Arc;

use super::members::mean_over;
use super::{Gives, Held, Loops, Setting, Stage};
use crate::catalog::Spec;
use crate::problem::{Oracle, Price, Truth};
use crate::reference::{About, EXACT, Ground, References, every};

impl Loops {
    /// What the estimates of this inner run are held against: nothing between the outer steps that are asked for.
    #[must_use]
    pub fn held(&self) -> Arc<Held> {
        let reference = self.stage().reference();
        let every = every(reference, self.about());
        if !self.outer().is_multiple_of(every) || (reference.entry().gives)(self.about()).is_err() {
            return Arc::new(Held::nothing(self.lambda().len()));
        }
        Arc::new((reference.entry().find)(self))
    }
}

impl Loops {
    /// The exact answer for the members' own rows, whatever the scenario holds estimates against.
    #[must_use]
    pub fn exact(&self) -> Held {
        if (EXACT.gives)(self.about()).is_err() {
            return Held::nothing(self.lambda().len());
        }
        (EXACT.find)(self)
    }
}

impl Ground for Loops {
    fn about(&self) -> About {
        let learns_dynamics = self.lambda().len() > self.own_lambda().len();
        About {
            is_unique: self.stage().problem.is_convex(),
            learns_dynamics,
            has_population: self.stage().has_population(),
            seconds: Price::of_truth(self.stage().problem.as_ref()).seconds(),
        }
    }

    fn outer_dimension(&self) -> usize {
        self.lambda().len()
    }

    fn solved(&self) -> Vec<Arc<Truth>> {
        self.stage().solved(&self.members.problems(), self.lambda())
    }

    fn population(&self) -> Option<Arc<Truth>> {
        self.stage().over_population(self.lambda())
    }

    fn ahead(&self) -> (Vec<Vec<f64>>, f64) {
        self.members.ahead(self.lambda(), self.steps())
    }

    fn steps(&self) -> usize {
        self.setting().inner.steps
    }

    fn mean(&self, parts: &[&[f64]]) -> Vec<f64> {
        mean_over(parts, &self.members.problems())
    }
}

/// What a trial with such settings can be held against.
///
/// # Errors
/// Why it cannot be held against what the scenario asks for, and what would work.
pub fn reference(stage: &Stage, setting: &Setting) -> Result<(&'static str, Gives), String> {
    let dynamics = &setting.inner.dynamics;
    let blocks =
        (dynamics.entry().build)(&dynamics.knobs).blocks(&Oracle::new(Arc::clone(&stage.problem)), &stage.lambda);
    let learns_dynamics = !blocks.is_empty();
    let has_population = stage.has_population();
    let seconds = Price::of_truth(stage.problem.as_ref()).seconds();
    let about = About { is_unique: stage.problem.is_convex(), learns_dynamics, has_population, seconds };
    let reference: &Spec<References> = stage.reference();
    (reference.entry().gives)(about).map(|gives| (reference.card().name, gives))
}
