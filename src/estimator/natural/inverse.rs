//! The inverse itself, by the identity of Woodbury over the vectors of a batch (Sherman and Morrison for one): no factorization, and no
//! penalty, which would have to be added again at every batch.
//!
//! - Sum: `P = (δ₀I + Σ_τ m F_Bτ)⁻¹`; then `τm P` approximates the inverse of `F + δ₀/(τm) I`, a damping that dies like 1/n.
//! - Exponential: `P = A⁻¹` with `A ← βA + (1 − β) F_B` from `δ₀I`. Along a direction that no score has a part in, A decays as `δ₀β^τ` and P
//!   grows until it overflows: every softmax has such directions. What helps is to keep F beside it and to make P anew from `F + R + δI`
//!   every so many batches.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use super::block::Block;
use super::scratch::Scratch;
use super::triangle::{self, Room};
use super::whole::Whole;
use crate::math::vector::{axpy, is_finite};
use crate::math::{Factorization, Matrix};

/// P, and what it is made anew from.
#[derive(Clone, PartialEq)]
pub(super) struct Inverse {
    size: usize,
    /// Both halves.
    entries: Vec<f64>,
    kind: Kind,
    space: Scratch<Space>,
}

/// Room for what is made on the way.
#[derive(Default)]
struct Space {
    rows: Vec<f64>,
    inside: Vec<f64>,
    room: Room,
}

#[derive(Clone, PartialEq)]
enum Kind {
    Sum,
    Exponential { beta: f64, rebuild: Option<Rebuild> },
}

/// F beside P, and how often P is made anew from it.
#[derive(Clone, PartialEq)]
struct Rebuild {
    every: usize,
    damping: f64,
    beside: Whole,
}

impl Inverse {
    /// Of a sum over all rows seen.
    pub fn sum(size: usize, start: f64) -> Self {
        Self::start(size, start, Kind::Sum)
    }

    /// Of an exponential mean. `every` so many batches it is made anew with the damping; never for 0.
    pub fn exponential(size: usize, start: f64, beta: f64, (every, damping): (usize, f64)) -> Self {
        let rebuild = (every > 0).then(|| Rebuild { every, damping, beside: Whole::new(size) });
        Self::start(size, start, Kind::Exponential { beta, rebuild })
    }

    fn start(size: usize, start: f64, kind: Kind) -> Self {
        let mut entries = vec![0.0; size * size];
        entries.iter_mut().step_by(size + 1).for_each(|entry| *entry = 1.0 / start);
        Self { size, entries, kind, space: Scratch::default() }
    }

    /// Takes in batch `number`, from 1; `weight` is the share that a running mean would give it.
    pub fn update(&mut self, number: usize, weight: f64, block: &Block) {
        match &mut self.kind {
            Kind::Sum => self.join((block.batch as f64).sqrt(), 1.0, 1.0, block),
            Kind::Exponential { beta, rebuild } => {
                let beta = *beta;
                let is_due = rebuild.as_mut().is_some_and(|rebuild| {
                    rebuild.beside.update(1.0 - weight, weight, block);
                    number.is_multiple_of(rebuild.every)
                });
                if is_due {
                    self.make_anew(&block.penalty);
                } else {
                    self.join(1.0, beta / (1.0 - beta), 1.0 / beta, block);
                }
            }
        }
    }

    /// `P ← growth (P − P Wᵀ (ridge I + W P Wᵀ)⁻¹ W P)` with W the vectors of the block, each times `scale`. With the inverse as `L⁻ᵀL⁻¹` what
    /// is taken off is a sum of squares: P stays symmetric.
    fn join(&mut self, scale: f64, ridge: f64, growth: f64, block: &Block) {
        let (size, count) = (self.size, block.count());
        let Self { entries, space, .. } = self;
        let Space { rows, inside, room } = &mut **space;
        rows.resize(count * size, 0.0);
        inside.resize(count * count, 0.0);
        let vectors = MatRef::from_row_major_slice(&block.entries, count, size);
        let own = MatRef::from_row_major_slice(entries, size, size);
        let products = MatMut::from_row_major_slice_mut(rows, count, size);
        matmul(products, Accum::Replace, vectors, own, scale, Par::Seq);
        let products = MatRef::from_row_major_slice(rows, count, size);
        let square = MatMut::from_column_major_slice_mut(inside, count, count);
        matmul(square, Accum::Replace, vectors, products.transpose(), scale, Par::Seq);
        inside.iter_mut().step_by(count + 1).for_each(|entry| *entry += ridge);
        if !is_finite(inside) || !triangle::factorize(inside, count, room) {
            return entries.fill(f64::NAN);
        }
        triangle::solve_rows(inside, rows, size);
        triangle::add_squares(entries, size, (growth, -growth), rows);
        triangle::mirror(entries, size);
    }

    fn make_anew(&mut self, penalty: &[f64]) {
        let Self { size, entries, kind, space } = self;
        let (Kind::Exponential { rebuild: Some(rebuild), .. }, size) = (kind, *size) else { return };
        let Space { rows, inside, room } = &mut **space;
        rebuild.beside.write(1.0, inside);
        for (entry, strength) in inside.iter_mut().step_by(size + 1).zip(penalty) {
            *entry += strength + rebuild.damping;
        }
        if !is_finite(inside) || !triangle::factorize(inside, size, room) {
            return entries.fill(f64::NAN);
        }
        rows.clear();
        rows.resize(size * size, 0.0);
        rows.iter_mut().step_by(size + 1).for_each(|entry| *entry = 1.0);
        triangle::solve_rows(inside, rows, size);
        entries.fill(0.0);
        triangle::add_squares(entries, size, (0.0, 1.0), rows);
        triangle::mirror(entries, size);
    }

    /// `P b`, times the rows seen where P is that of a sum over them.
    pub fn apply(&self, rows: usize, b: &[f64]) -> Vec<f64> {
        let scale = if self.kind == Kind::Sum { rows.max(1) as f64 } else { 1.0 };
        let mut out = vec![0.0; self.size];
        for (b, row) in b.iter().zip(self.entries.chunks_exact(self.size)) {
            axpy(scale * b, row, &mut out);
        }
        out
    }

    /// The inverse of what [`apply`](Self::apply) multiplies by; `None` where it has none.
    pub fn matrix(&self, rows: usize) -> Option<Matrix> {
        let scale = if self.kind == Kind::Sum { rows.max(1) as f64 } else { 1.0 };
        let own = Matrix::from_fn(self.size, self.size, |i, j| scale * self.entries[i * self.size + j]);
        let factorization = Factorization::symmetric(&own)?;
        let mut out = Matrix::identity(self.size);
        for i in 0..self.size {
            factorization.solve_in_place(out.row_mut(i));
        }
        Some(out)
    }

    /// Whether penalty and damping are in it after so many batches: where it has been made anew with them.
    pub fn has_penalty(&self, number: usize) -> bool {
        matches!(&self.kind, Kind::Exponential { rebuild: Some(rebuild), .. } if number >= rebuild.every)
    }

    /// F that is kept beside it, where there is one.
    pub fn beside(&self) -> Option<Matrix> {
        match &self.kind {
            Kind::Exponential { rebuild: Some(rebuild), .. } => Some(rebuild.beside.matrix(1.0)),
            _ => None,
        }
    }

    /// Becomes a copy of another.
    pub fn copy(&mut self, other: &Self) {
        self.size = other.size;
        self.entries.clone_from(&other.entries);
        self.kind.clone_from(&other.kind);
    }

    pub fn numbers(&self) -> usize {
        let beside = match &self.kind {
            Kind::Exponential { rebuild: Some(rebuild), .. } => rebuild.beside.numbers(),
            _ => 0,
        };
        self.entries.len() + beside
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector::distance;

    /// Vectors of a batch of two rows in R³, as good as drawn.
    fn block(key: u64) -> Block {
        let entry = |index: u64| ((index * 7 + key * 13) % 11) as f64 / 5.0 - 1.0;
        Block { width: 3, batch: 2, entries: (0..6).map(entry).collect(), penalty: vec![0.1, 0.2, 0.3] }
    }

    fn dense(blocks: &[Block], mut fold: impl FnMut(&mut Matrix, &Matrix)) -> Matrix {
        let mut sum = Matrix::zeros(3, 3);
        sum.add_to_diagonal(0.4);
        for block in blocks {
            let mut own = Whole::new(3);
            own.update(1.0, 1.0, block);
            fold(&mut sum, &own.matrix(1.0));
        }
        sum
    }

    #[test]
    fn woodbury_is_the_dense_inverse() {
        let blocks: Vec<Block> = (0..9).map(block).collect();
        let b = [0.3, -1.0, 0.7];
        let mut sum = Inverse::sum(3, 0.4);
        let mut exponential = Inverse::exponential(3, 0.4, 0.8, (0, 0.0));
        for (index, block) in blocks.iter().enumerate() {
            sum.update(index + 1, 0.0, block);
            exponential.update(index + 1, 0.2, block);
        }
        let of_sum = dense(&blocks, |sum, own| {
            *sum = Matrix::from_fn(3, 3, |i, j| sum[(i, j)] + 2.0 * own[(i, j)]);
        });
        let of_mean = dense(&blocks, |sum, own| {
            *sum = Matrix::from_fn(3, 3, |i, j| 0.8 * sum[(i, j)] + 0.2 * own[(i, j)]);
        });
        for (found, matrix, scale) in [(sum.apply(18, &b), of_sum, 18.0), (exponential.apply(18, &b), of_mean, 1.0)] {
            let mut expected = Factorization::symmetric(&matrix).unwrap().solve(&b);
            expected.iter_mut().for_each(|entry| *entry *= scale);
            assert!(distance(&found, &expected) < 1e-13 * scale, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn what_is_made_anew_has_forgotten_the_start_and_has_the_penalty() {
        let blocks: Vec<Block> = (0..4).map(block).collect();
        let mut found = Inverse::exponential(3, 0.4, 0.8, (2, 0.05));
        let mut mean = Whole::new(3);
        for (index, block) in blocks.iter().enumerate() {
            let weight = (1.0 / (index + 1) as f64).max(0.2);
            found.update(index + 1, weight, block);
            mean.update(1.0 - weight, weight, block);
        }
        let mut matrix = mean.matrix(1.0);
        (0..3).for_each(|i| matrix[(i, i)] += 0.05 + [0.1, 0.2, 0.3][i]);
        let b = [1.0, 2.0, -1.0];
        let expected = Factorization::symmetric(&matrix).unwrap().solve(&b);
        assert!(distance(&found.apply(8, &b), &expected) < 1e-13);
    }
}
