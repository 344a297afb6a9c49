//! One question put to a lab, as a value that any thread can answer. It takes copies of settings and λ and draws
//! from streams of its own, so that the lab is the same after it to the last bit.

use std::sync::Arc;

use super::Lab;
use super::basis::{Basis, Standing};
use super::findings::{Measured, Moment};
use super::place::Terms;
use crate::probe::{Case, Finding, Outcome, ProbeError, Question, SoFar, Watcher, refuse};
use crate::problem::Stop;
use crate::scenario::Files;

/// A question, and all that its answer depends on.
#[derive(Clone)]
pub struct Inquiry {
    question: Question,
    terms: Terms,
    taken: Moment,
    basis: Arc<Basis>,
}

impl Inquiry {
    /// A question about a lab as it is now.
    ///
    /// # Errors
    /// When the lab shows nothing to measure, or its scenario names no sweep.
    pub fn new(question: Question, lab: &Lab, terms: Terms, taken: Moment) -> Result<Self, ProbeError> {
        if question.is_over_sweep() && lab.experiment().scenario.study.sweep.is_none() {
            return refuse(
                "no values to sweep are chosen; expected a knob to be selected, or the field `study.sweep`, such as \
                 `study: Study(sweep: Sweep(path: \"inner.steps\", values: [\"1\", \"10\", \"100\"]))`",
            );
        }
        let basis = Arc::new(Basis::of(question, lab, &terms));
        if basis.subjects.is_empty() {
            return refuse("there is no trial to measure; add one, or show one that is hidden");
        }
        Ok(Self { question, terms, taken, basis })
    }

    /// What is asked.
    #[must_use]
    pub fn question(&self) -> Question {
        self.question
    }

    /// How much is measured, and at which λ.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Measures.
    ///
    /// # Errors
    /// When this cannot be measured on this scenario, or the watcher stops it.
    pub fn run(&self, files: &(dyn Files + Sync), watcher: &mut Watcher<'_>) -> Outcome {
        self.run_until(&Stop::default(), files, watcher, None)
    }

    /// The same, which ends when `stop` is set: within an inner step, or one exact answer. `so_far` hears what is known of a
    /// finding that grows.
    ///
    /// # Errors
    /// When this cannot be measured on this scenario, or it is stopped.
    pub fn run_until(
        &self,
        stop: &Stop,
        files: &(dyn Files + Sync),
        watcher: &mut Watcher<'_>,
        so_far: Option<&SoFar<'_>>,
    ) -> Outcome {
        let scenario = &self.basis.experiment.scenario;
        let case = Case {
            name: &scenario.title,
            experiment: Arc::clone(&self.basis.experiment),
            subjects: self.basis.subjects.clone(),
            knobs: &self.terms.knobs,
            sweep: scenario.study.sweep.as_ref().filter(|_| self.question.is_over_sweep()),
            files,
            so_far,
        };
        self.question.probe().measure(&case.until(stop), watcher)
    }

    /// The result with what it rests on.
    #[must_use]
    pub fn measured(&self, finding: Arc<dyn Finding>) -> Measured {
        Measured::new(finding, self.taken, Arc::clone(&self.basis))
    }

    /// Whether it is about what the lab shows now.
    #[must_use]
    pub fn standing(&self, lab: &Lab) -> Standing {
        self.basis.standing(lab)
    }
}
