//! Products of the mean loss with several directions at once: one pass over the rows for all of them.
//!
//! `∇² V = Xᵀ diag(s) ∂²ℓ (X V) / n` as small matrix products over a few rows at a time, every column with the bits of its single product.
//! Where a model has one output and directions are many, `Xᵀ diag(s ℓ″) X / n` is formed first, which then costs less; sums run over rows
//! inside an entry of it, so that columns agree with single products to rounding.

use super::data_fit::{DataFit, Place, Scratch};
use super::kernels::sized;
use super::loss::RowLoss;
use crate::data::FeatureRow;
use crate::math::panel::{self, Few, ROWS};
use crate::math::vector::scale;

impl<L: RowLoss> DataFit<L> {
    /// Whether products with several directions take one pass together: not over sparse rows.
    pub fn has_panels(&self) -> bool {
        !self.features.is_sparse()
    }

    /// `out += ∇² V` for `count` directions side by side, where [`has_panels`](Self::has_panels).
    pub fn add_hvps(
        &self,
        at: Place<'_>,
        scratch: &mut Scratch,
        (directions, count): (&[f64], usize),
        out: &mut [f64],
    ) {
        let Some((gram, _)) = self.normal().filter(|_| at.rows.is_none()) else {
            return self.add_weighted_hvps(at, scratch, |_| 1.0, (directions, count), out);
        };
        let products = sized(&mut scratch[0], ROWS * count);
        add_square((0..gram.rows()).map(|row| gram.row(row)), products, (directions, count), out);
    }

    /// As [`add_hvps`](Self::add_hvps), every row times its weight.
    pub fn add_weighted_hvps(
        &self,
        at: Place<'_>,
        scratch: &mut Scratch,
        weight: impl Fn(usize) -> f64,
        (directions, count): (&[f64], usize),
        out: &mut [f64],
    ) {
        if self.is_formed_sooner(at, count) {
            return self.add_formed(at, scratch, weight, (directions, count), out);
        }
        let (outputs, width) = (self.outputs(), self.outputs() * count);
        let [scores, means, _] = scratch;
        let (scores, means) = (sized(scores, ROWS * width), sized(means, count));
        let share = self.share(at.rows);
        self.over_blocks(at, |places, rows| {
            let scores = &mut scores[..rows.len() * width];
            if outputs == 1 {
                panel::dots(rows, directions, width, scores);
            } else {
                scores.fill(0.0);
                panel::add_products(rows, directions, width, scores);
            }
            for ((row, state), scores) in places.iter().zip(scores.chunks_exact_mut(width)) {
                self.loss.curvatures(state, scores, count, means);
                scale(share * self.own_weight(*row) * weight(*row), scores);
            }
            panel::add_outer(rows, scores, width, out);
        });
    }

    /// Whether H is formed with fewer operations than directions take one pass over the rows each. Half of it is computed.
    fn is_formed_sooner(&self, at: Place<'_>, count: usize) -> bool {
        let rows = at.rows.map_or(self.rows(), <[usize]>::len);
        let columns = self.dimension();
        self.outputs() == 1 && self.forms_gram() && rows * columns + 2 * columns * count < 4 * rows * count
    }

    /// The same through `Xᵀ diag(s ℓ″) X / n`, for a single output.
    fn add_formed(
        &self,
        at: Place<'_>,
        scratch: &mut Scratch,
        weight: impl Fn(usize) -> f64,
        (directions, count): (&[f64], usize),
        out: &mut [f64],
    ) {
        let columns = self.dimension();
        let [scaled, products, formed] = scratch;
        let (scaled, products) = (sized(scaled, ROWS * columns), sized(products, ROWS * count));
        let formed = sized(formed, columns * columns);
        formed.fill(0.0);
        let share = self.share(at.rows);
        self.over_blocks(at, |places, rows| {
            for ((row, state), scaled) in places.iter().zip(scaled.chunks_exact_mut(columns)) {
                let factor = share * self.own_weight(*row) * weight(*row) * self.loss.curvature_entry(state, 0, 0);
                scaled.iter_mut().zip(self.dense_row(*row)).for_each(|(scaled, x)| *scaled = factor * x);
            }
            panel::add_lower_outer(rows, &scaled[..rows.len() * columns], columns, formed);
        });
        for i in 0..columns {
            for j in i + 1..columns {
                formed[i * columns + j] = formed[j * columns + i];
            }
        }
        add_square(formed.chunks_exact(columns), products, (directions, count), out);
    }

    /// Calls with a few rows at a time: their numbers and what was prepared of them, and what they hold.
    fn over_blocks(&self, at: Place<'_>, mut each: impl FnMut(&[(usize, &[f64])], &[&[f64]])) {
        let mut places = self.prepared(at);
        let mut left = places.len();
        while left > 0 {
            let places: Few<(usize, &[f64])> = Few::of(&mut places);
            let rows: Few<&[f64]> = Few::of(&mut places.get().iter().map(|(row, _)| self.dense_row(*row)));
            left -= rows.get().len();
            each(places.get(), rows.get());
        }
    }

    /// A row of dense features.
    fn dense_row(&self, row: usize) -> &[f64] {
        match self.features.row(row) {
            FeatureRow::Dense(row) => row,
            FeatureRow::Sparse(_) => &[],
        }
    }
}

/// `out += A V` with A row by row, and room for products of a few rows.
fn add_square<'a>(
    mut rows: impl Iterator<Item = &'a [f64]>,
    products: &mut [f64],
    (directions, count): (&[f64], usize),
    out: &mut [f64],
) {
    for out in out.chunks_mut(ROWS * count) {
        let (taken, products) = (Few::of(&mut rows), &mut products[..out.len()]);
        panel::dots(taken.get(), directions, count, products);
        out.iter_mut().zip(products).for_each(|(out, product)| *out += *product);
    }
}
