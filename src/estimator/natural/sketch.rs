//! F by its r largest directions and a tail: `F ≈ BBᵀ + κI`, for a θ whose Fisher matrix is too large.
//!
//! With a batch, `M = [√(1−ω) B, √ω A]`; of the eigenpairs of `MᵀM`, as large as there are vectors, the r largest make the new B, and what is
//! dropped joins the tail, `κ ← (1−ω)κ + (sum of the dropped)/(rank − r)`, rank the number of directions that scores have a part in. `O(d (r+m)²)`
//! a batch, d·r numbers. Without the tail the dropped directions keep only the penalty and the damping, and v explodes.

use faer::Side;

use super::block::Block;
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
    /// Room for M.
    stacked: Vec<f64>,
}

impl Sketch {
    pub fn new(size: usize, directions: usize, rank: usize, tail: Tail) -> Self {
        let room = directions.min(size) * size;
        let columns = Vec::with_capacity(room);
        Self { size, directions: directions.min(size), tail, rank, columns, level: 0.0, stacked: Vec::new() }
    }

    /// `BBᵀ + κI ← keep (BBᵀ + κI) + share Σ a aᵀ`, nearly.
    pub fn update(&mut self, keep: f64, share: f64, block: &Block) {
        let (size, stacked) = (self.size, &mut self.stacked);
        stacked.clear();
        stacked.extend(self.columns.iter().map(|entry| keep.sqrt() * entry));
        stacked.extend(block.entries.iter().map(|entry| share.sqrt() * entry));
        let count = stacked.len() / size;
        let vector = |k: usize| &stacked[k * size..(k + 1) * size];
        let gram = Matrix::from_fn(count, count, |i, j| if j > i { 0.0 } else { dot(vector(i), vector(j)) });
        let Ok(pairs) = gram.to_faer().self_adjoint_eigen(Side::Lower) else {
            self.level = f64::NAN;
            return;
        };
        let kept = self.directions.min(count);
        self.columns.clear();
        self.columns.resize(kept * size, 0.0);
        let (values, vectors) = (pairs.S().column_vector(), pairs.U());
        // Ascending: the largest last.
        for (place, column) in self.columns.chunks_exact_mut(size).enumerate() {
            for k in 0..count {
                axpy(vectors[(k, count - 1 - place)], vector(k), column);
            }
        }
        let dropped: f64 = (0..count - kept).map(|k| values[k].max(0.0)).sum();
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
        let Self { size, directions, tail, rank, columns, level, stacked: _ } = self;
        (*size, *directions, *tail, *rank, *level) =
            (other.size, other.directions, other.tail, other.rank, other.level);
        columns.clone_from(&other.columns);
    }

    pub fn numbers(&self) -> usize {
        self.columns.capacity() + self.stacked.capacity()
    }
}
