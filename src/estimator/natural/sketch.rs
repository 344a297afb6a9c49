//! F by its r largest directions and a tail: `F ≈ BBᵀ + κI`, for a θ whose Fisher matrix is too large.
//!
//! With a batch, `M = [√(1−ω) B, √ω A]`; of the eigenpairs of `MᵀM`, as large as there are vectors, the r largest make the new B, and what is
//! dropped joins the tail, `κ ← (1−ω)κ + (sum of the dropped)/(rank − r)`, rank the number of directions that scores have a part in. `O(d (r+m)²)`
//! a batch, d·r numbers. Without the tail the dropped directions keep only the penalty and the damping, and v explodes.

use faer::diag::DiagMut;
use faer::dyn_stack::StackReq;
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use super::block::Block;
use super::scratch::Scratch;
use super::triangle::Room;
use crate::math::vector::{axpy, dot};
use crate::math::{Factorization, Matrix};

/// Where what is dropped goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// Over the directions that scores have a part in, less r.
    OverRank,
    /// Over all d − r.
    OverDimension,
    /// Nowhere.
    Off,
}

/// B and κ.
#[derive(Clone, PartialEq)]
pub(super) struct Sketch {
    size: usize,
    directions: usize,
    tail: Tail,
    /// Directions that scores have a part in.
    rank: usize,
    /// The columns of B, one after the other.
    columns: Vec<f64>,
    /// κ.
    level: f64,
    space: Scratch<Space>,
}

/// Room for M, `MᵀM` and its eigenpairs.
#[derive(Default)]
struct Space {
    stacked: Vec<f64>,
    gram: Vec<f64>,
    values: Vec<f64>,
    vectors: Vec<f64>,
    room: Room,
}

impl Sketch {
    pub fn new(size: usize, directions: usize, rank: usize, tail: Tail) -> Self {
        let room = directions.min(size) * size;
        let columns = Vec::with_capacity(room);
        Self { size, directions: directions.min(size), tail, rank, columns, level: 0.0, space: Scratch::default() }
    }

    /// `BBᵀ + κI ← keep (BBᵀ + κI) + share Σ a aᵀ`, nearly.
    pub fn update(&mut self, keep: f64, share: f64, block: &Block) {
        let size = self.size;
        // As much as there will be, so that nothing grows later.
        let most = self.directions + block.count();
        self.columns.reserve((self.directions * size).saturating_sub(self.columns.len()));
        let Space { stacked, gram, values, vectors, room } = &mut *self.space;
        for (numbers, length) in [
            (&mut *stacked, most * size),
            (&mut *gram, most * most),
            (&mut *vectors, most * most),
            (&mut *values, most),
        ] {
            numbers.clear();
            numbers.reserve(length);
        }
        stacked.extend(self.columns.iter().map(|entry| keep.sqrt() * entry));
        stacked.extend(block.entries.iter().map(|entry| share.sqrt() * entry));
        let count = stacked.len() / size;
        values.resize(count, 0.0);
        gram.resize(count * count, 0.0);
        vectors.resize(count * count, 0.0);
        let rows = MatRef::from_row_major_slice(stacked, count, size);
        let square = MatMut::from_column_major_slice_mut(gram, count, count);
        matmul(square, Accum::Replace, rows, rows.transpose(), 1.0, Par::Seq);
        let square = MatRef::from_column_major_slice(gram, count, count);
        let pairs = MatMut::from_column_major_slice_mut(vectors, count, count);
        // What more vectors ask for is not always more.
        let scratch =
            |count| self_adjoint_evd_scratch::<f64>(count, ComputeEigenvectors::Yes, Par::Seq, Default::default());
        let stack = room.stack((1..=most).fold(StackReq::EMPTY, |all, count| all.or(scratch(count))));
        let diagonal = DiagMut::from_slice_mut(values);
        if self_adjoint_evd(square, diagonal, Some(pairs), Par::Seq, stack, Default::default()).is_err() {
            self.level = f64::NAN;
            return;
        }
        // Ascending: the largest last.
        let kept = self.directions.min(count);
        self.columns.resize(kept * size, 0.0);
        let largest = MatRef::from_column_major_slice(vectors, count, count).subcols(count - kept, kept);
        let columns = MatMut::from_row_major_slice_mut(&mut self.columns, kept, size);
        matmul(columns, Accum::Replace, largest.transpose(), rows, 1.0, Par::Seq);
        let dropped: f64 = values[..count - kept].iter().map(|value| value.max(0.0)).sum();
        let over = match self.tail {
            Tail::OverRank => self.rank.saturating_sub(self.directions),
            Tail::OverDimension => self.size - self.directions,
            Tail::Off => 0,
        };
        self.level = if over > 0 { keep * self.level + dropped / over as f64 } else { 0.0 };
    }

    /// `(scale (BBᵀ + κI) + diag(penalty) + δI)⁻¹ b` by the identity of Woodbury, with the relative residual of it.
    pub fn solve(&self, scale: f64, penalty: &[f64], damping: f64, b: &[f64]) -> Vec<f64> {
        let diagonal: Vec<f64> = penalty.iter().map(|strength| strength + scale * self.level + damping).collect();
        let divided = |vector: &[f64]| -> Vec<f64> { vector.iter().zip(&diagonal).map(|(x, d)| x / d).collect() };
        let mut out = divided(b);
        if self.columns.is_empty() {
            return out;
        }
        let columns: Vec<&[f64]> = self.columns.chunks_exact(self.size).collect();
        let scaled: Vec<Vec<f64>> = columns.iter().map(|column| divided(column)).collect();
        let mut inside =
            Matrix::from_fn(columns.len(), columns.len(), |i, j| scale * dot(columns[i.max(j)], &scaled[i.min(j)]));
        inside.add_to_diagonal(1.0);
        let mut parts: Vec<f64> = scaled.iter().map(|column| scale * dot(column, b)).collect();
        match Factorization::symmetric(&inside) {
            Some(factorization) => factorization.solve_in_place(&mut parts),
            None => parts.fill(f64::NAN),
        }
        for (part, column) in parts.iter().zip(&scaled) {
            axpy(-part, column, &mut out);
        }
        out
    }

    /// Whether some entry has nothing but the kept directions to hold it.
    pub fn is_flat(&self, scale: f64, penalty: &[f64], damping: f64) -> bool {
        penalty.iter().any(|strength| strength + scale * self.level + damping == 0.0)
    }

    /// `scale (BBᵀ + κI) v`.
    pub fn apply(&self, scale: f64, v: &[f64]) -> Vec<f64> {
        let mut out: Vec<f64> = v.iter().map(|v| scale * self.level * v).collect();
        for column in self.columns.chunks_exact(self.size) {
            axpy(scale * dot(column, v), column, &mut out);
        }
        out
    }

    /// `scale (BBᵀ + κI)`, written out.
    pub fn matrix(&self, scale: f64) -> Matrix {
        let mut out = Matrix::zeros(self.size, self.size);
        for column in self.columns.chunks_exact(self.size) {
            for i in 0..self.size {
                axpy(scale * column[i], column, out.row_mut(i));
            }
        }
        out.add_to_diagonal(scale * self.level);
        out
    }

    /// Becomes a copy of another, in the space it has.
    pub fn copy(&mut self, other: &Self) {
        let Self { size, directions, tail, rank, columns, level, space: _ } = self;
        (*size, *directions, *tail, *rank, *level) =
            (other.size, other.directions, other.tail, other.rank, other.level);
        columns.clone_from(&other.columns);
    }

    pub fn numbers(&self) -> usize {
        self.directions * self.size
    }
}
