//! `P = diag H`, the Jacobi preconditioner: exact when the coordinates do not interact.

use super::{Choice, Inverse, Preconditioner};
use crate::problem::{Oracle, Requirement};

pub(super) const CHOICE: Choice = Choice {
    name: "Diagonal",
    help: "diag H: good when the coordinates hardly interact",
    build: |_| Box::new(Diagonal),
};

struct Diagonal;

impl Preconditioner for Diagonal {
    fn requires(&self) -> &'static [Requirement] {
        &[Requirement::WHOLE_HESSIAN]
    }

    fn inverse(&self, oracle: &mut Oracle) -> Inverse {
        let diagonal = oracle.hessian().diagonal();
        Inverse::new(move |x| x.iter_mut().zip(&diagonal).for_each(|(value, d)| *value /= d))
    }

    fn clone_box(&self) -> Box<dyn Preconditioner> {
        Box::new(Self)
    }
}
