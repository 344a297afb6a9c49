//! `P_ε = (1 − ε)H + ε diag H`: from Newton (ε = 0) to Jacobi (ε = 1).
//!
//! For every ε > 0 the slope is 1; the constant falls with ε, so that over a finite range the
//! measured slope passes smoothly from 2 to 1.

use super::{Choice, Inverse, Preconditioner};
use crate::catalog::{Kind, Knob, Scale};
use crate::math::Matrix;
use crate::problem::{Oracle, Requirement};

pub(super) const CHOICE: Choice = Choice {
    name: "Dial",
    help: "(1 − ε)H + ε diag H: turns from Newton to Diagonal",
    build: |knobs| Box::new(Dial { epsilon: knobs.real("epsilon") }),
};

pub(super) const EPSILON: Knob = Knob {
    key: "epsilon",
    help: "ε of Dial: 0 is Newton, 1 is Diagonal.",
    kind: Kind::Real { default: 0.3, range: (0.0, 1.0), scale: Scale::Linear },
};

struct Dial {
    epsilon: f64,
}

impl Preconditioner for Dial {
    fn requires(&self) -> &'static [Requirement] {
        &[Requirement::WHOLE_HESSIAN]
    }

    fn inverse(&self, oracle: &mut Oracle) -> Inverse {
        let hessian = oracle.hessian();
        let entry = |i, j| if i == j { hessian[(i, j)] } else { (1.0 - self.epsilon) * hessian[(i, j)] };
        Inverse::of(&Matrix::from_fn(hessian.rows(), hessian.columns(), entry), oracle)
    }

    fn clone_box(&self) -> Box<dyn Preconditioner> {
        Box::new(Self { epsilon: self.epsilon })
    }
}
