//! `P = L·I` with L the curvature bound: the correction is one more gradient step of size 1/L.

use super::{Choice, Inverse, Preconditioner};
use crate::math::vector::scale;
use crate::problem::{Capability, Oracle, Requirement};

pub(super) const CHOICE: Choice = Choice {
    name: "ScaledIdentity",
    help: "L·I with L a bound on the curvature: one more gradient step of size 1/L",
    build: |_| Box::new(ScaledIdentity),
};

const BOUND: Requirement = Requirement::by_knob(
    Capability::CurvatureBound,
    "preconditioner",
    "choose another `preconditioner`, such as `Diagonal`",
);

struct ScaledIdentity;

impl Preconditioner for ScaledIdentity {
    fn requires(&self) -> &'static [Requirement] {
        &[BOUND]
    }

    fn inverse(&self, oracle: &mut Oracle) -> Inverse {
        let bound = oracle.problem().curvature_bound(oracle.lambda()).unwrap_or(f64::NAN);
        Inverse::new(move |x| scale(1.0 / bound, x))
    }

    fn clone_box(&self) -> Box<dyn Preconditioner> {
        Box::new(Self)
    }
}
