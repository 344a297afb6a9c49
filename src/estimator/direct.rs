//! The implicit formula with a dense solve: `ĥ = ∇_λ f − Jᵀ H⁻¹ ∇_θ f`, all at the inner iterate.
//!
//! H is factorized by Cholesky; where it is not positive definite the symmetric indefinite
//! factorization takes over and the solver says so. Sources: Larsen et al. 1996; Bengio 2000.
//! Cost: d Hessian-vector products, one factorization (d³/3), one cross product. The error is
//! `(H·Dw)ᵀe` to first order in `e = θ − θ*`, the slope-1 line that every correction is held against.
//! Fails for large d, and far from θ*, where H, J and ∇_θ f belong to another place.

use super::{Entry, Estimate, Estimator, Family, Order, Point, Reach, implicit};
use crate::catalog::Card;
use crate::draw::PerStep;
use crate::math::Matrix;
use crate::problem::{Requirement, Sensitivity};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "direct",
        name: "Implicit, direct solve",
        source: "Larsen et al. 1996; Bengio 2000; vanilla IFT in Ye et al. 2024, section 2",
        equation: "ĥ = ∇_λ f − Jᵀ H⁻¹ ∇_θ f",
        summary: "Asks how the end of training shifts with λ, and solves the linear system behind that exactly. \
                  Implicit function theorem at the inner iterate, with H factorized by Cholesky.",
        cost: "d Hessian-vector products, 1 factorization, 1 cross product, 1 outer gradient",
        fails: "Off by O(‖θ − θ*‖); impossible for large d; meaningless where H is not positive definite.",
        knobs: &[implicit::DAMPING],
    },
    order: Order::One,
    family: Family::Implicit,
    build: |knobs| Box::new(Direct { damping: knobs.real("damping") }),
};

#[derive(Clone)]
struct Direct {
    damping: f64,
}

impl Estimator for Direct {
    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn requires(&self) -> &'static [Requirement] {
        &[Requirement::WHOLE_HESSIAN]
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, 1)
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let size = at.oracle.inner_dimension();
        implicit::estimate(at, 2 * size * size, |at, b| implicit::solve_direct(at.oracle, b, self.damping))
    }

    fn linearization(&self, at: &Sensitivity) -> Option<Matrix> {
        // Damping leaves an error at θ* itself, which no line through zero describes.
        (self.damping == 0.0).then(|| implicit::linearization(at))
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
