//! `P = H`: a Newton step, after which the error is of second order whatever the outer objective.

use super::{Choice, Inverse, Preconditioner};
use crate::problem::{Oracle, Requirement};

pub(super) const CHOICE: Choice =
    Choice { name: "Newton", help: "H itself: super-efficient", build: |_| Box::new(Hessian) };

pub(super) struct Hessian;

impl Preconditioner for Hessian {
    fn requires(&self) -> &'static [Requirement] {
        &[Requirement::WHOLE_HESSIAN]
    }

    fn inverse(&self, oracle: &mut Oracle) -> Inverse {
        Inverse::of(&oracle.hessian(), oracle)
    }

    fn clone_box(&self) -> Box<dyn Preconditioner> {
        Box::new(Self)
    }
}
