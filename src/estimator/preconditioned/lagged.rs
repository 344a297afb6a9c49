//! P = H at an older θ of the same run, renewed every `lag` inner steps.
//!
//! Only the place is kept while observing; its Hessian is factorized when an estimate is asked for,
//! so a run without estimates pays nothing. Before the first step the place is the start of the run.

use super::{Choice, InnerStep, Inverse, Preconditioner, Start};
use crate::catalog::{Kind, Knob, Scale};
use crate::problem::{Oracle, Requirement};

pub(super) const CHOICE: Choice = Choice {
    name: "Lagged",
    help: "H at an older θ of this run",
    build: |knobs| Box::new(Lagged::new(knobs.count("lag"))),
};

pub(super) const LAG: Knob = Knob {
    key: "lag",
    help: "Inner steps between two renewals of H, for Lagged.",
    kind: Kind::Integer { default: 10, range: (1, 10_000), scale: Scale::Logarithmic },
};

#[derive(Clone)]
pub(super) struct Lagged {
    lag: usize,
    steps: usize,
    theta: Vec<f64>,
}

impl Lagged {
    pub(super) fn new(lag: usize) -> Self {
        Self { lag: lag.max(1), steps: 0, theta: Vec::new() }
    }
}

impl Preconditioner for Lagged {
    fn requires(&self) -> &'static [Requirement] {
        &[Requirement::WHOLE_HESSIAN]
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.steps = 0;
        self.theta.clear();
        self.theta.extend_from_slice(&start.state[..start.inner_dimension]);
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        if self.steps.is_multiple_of(self.lag) {
            let size = self.theta.len();
            self.theta.copy_from_slice(&step.state[..size]);
        }
        self.steps += 1;
    }

    fn inverse(&self, oracle: &mut Oracle) -> Inverse {
        let here = oracle.theta().to_vec();
        let lambda = oracle.lambda().to_vec();
        if self.theta.len() == here.len() {
            oracle.move_to(&lambda, &self.theta);
        }
        let hessian = oracle.hessian();
        oracle.move_to(&lambda, &here);
        Inverse::of(&hessian, oracle)
    }

    fn is_local(&self) -> bool {
        false
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.theta)
    }

    fn clone_box(&self) -> Box<dyn Preconditioner> {
        Box::new(self.clone())
    }
}
