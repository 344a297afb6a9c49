//! `P =` H with all entries outside the diagonal blocks set to zero; neighbouring coordinates share a block.

use super::{Choice, Inverse, Preconditioner};
use crate::catalog::{Kind, Knob, Scale};
use crate::math::Matrix;
use crate::problem::{Oracle, Requirement};

pub(super) const CHOICE: Choice = Choice {
    name: "Block",
    help: "H without the entries between blocks of neighbouring coordinates",
    build: |knobs| Box::new(Block { size: knobs.count("block_size").max(1) }),
};

pub(super) const SIZE: Knob = Knob {
    key: "block_size",
    help: "Coordinates in a block, for Block.",
    kind: Kind::Integer { default: 4, range: (1, 10_000), scale: Scale::Logarithmic },
};

struct Block {
    size: usize,
}

impl Preconditioner for Block {
    fn requires(&self) -> &'static [Requirement] {
        &[Requirement::WHOLE_HESSIAN]
    }

    fn inverse(&self, oracle: &mut Oracle) -> Inverse {
        let hessian = oracle.hessian();
        let is_inside = |i: usize, j: usize| i / self.size == j / self.size;
        let entry = |i, j| if is_inside(i, j) { hessian[(i, j)] } else { 0.0 };
        Inverse::of(&Matrix::from_fn(hessian.rows(), hessian.columns(), entry), oracle)
    }

    fn clone_box(&self) -> Box<dyn Preconditioner> {
        Box::new(Self { size: self.size })
    }
}
