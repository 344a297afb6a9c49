//! From an inner step to the block that its batch adds: scores at the state before the step, on its batch.

use super::block::Block;
use super::settings::{Fisher, Recipe, Scores};
use super::table::Table;
use crate::draw::{Clock, Draw, Draws};
use crate::estimator::InnerStep;
use crate::math::vector::{axpy, scale};
use crate::problem::{Labels, Likelihood, Oracle};

/// Room for what is made on the way.
#[derive(Clone, Default)]
pub(super) struct Gather {
    /// Scores of the rows' own labels, where others make F.
    own: Vec<f64>,
    weights: Vec<f64>,
    mean: Vec<f64>,
    gradient: Vec<f64>,
}

/// Rows of the list in use, or of all.
fn row_of(list: Option<&[usize]>, place: usize) -> usize {
    list.map_or(place, |list| list[place])
}

/// The number of rows that a call runs over.
pub(super) fn batch_of(oracle: &Oracle) -> usize {
    oracle.rows().training.map_or(oracle.problem().dimensions().training, <[usize]>::len)
}

/// Vectors that a batch of so many rows leaves before they are put together.
pub(super) fn vectors_of(recipe: &Recipe, likelihood: &dyn Likelihood, batch: usize) -> usize {
    if recipe.fisher == Fisher::Expected { batch.saturating_mul(likelihood.outcomes()) } else { batch }
}

impl Gather {
    /// Fills the block, and the table where there is one.
    pub fn fill(
        &mut self,
        recipe: &Recipe,
        step: &mut InnerStep<'_>,
        likelihood: &dyn Likelihood,
        (block, table): (&mut Block, &mut Table),
    ) {
        let width = step.oracle.inner_dimension();
        let batch = batch_of(step.oracle);
        let vectors = vectors_of(recipe, likelihood, batch);
        block.width = width;
        block.batch = batch;
        block.entries.resize(vectors * width, 0.0);
        self.weights.resize(vectors, 0.0);
        ask(recipe.fisher, step.oracle, (step.motion.draws(), step.clock), (&mut self.weights, &mut block.entries));
        let needs_own = !table.is_empty() || recipe.scores == Scores::Centred;
        if needs_own && recipe.fisher != Fisher::Empirical {
            self.own.resize(batch * width, 0.0);
            step.oracle.scores(Labels::Own, &mut [], &mut self.own);
        }
        if !table.is_empty() {
            let own = if recipe.fisher == Fisher::Empirical { &block.entries } else { &self.own };
            for (place, score) in own.chunks_exact(width).enumerate() {
                table.set(row_of(step.oracle.rows().training, place), score);
            }
        }
        // The mean over the labels that the model can give is zero: of independent labels the squares are left.
        if recipe.scores == Scores::Rows || recipe.fisher == Fisher::Expected {
            let power = if recipe.is_squared || recipe.scores != Scores::Rows { 2 } else { 1 };
            self.weigh(step, likelihood, power, block);
        } else {
            self.put_together(recipe, step, likelihood, block);
        }
        if recipe.rebuild.0 > 0 {
            block.penalty.resize(width, 0.0);
            likelihood.penalty_diagonal(step.oracle.lambda(), &mut block.penalty);
        }
    }

    /// Every vector times the root of its weight over the size of the batch.
    fn weigh(&self, step: &InnerStep<'_>, likelihood: &dyn Likelihood, power: i32, block: &mut Block) {
        let list = step.oracle.rows().training;
        let each = self.weights.len() / block.batch.max(1);
        let share = 1.0 / block.batch as f64;
        let vectors = block.entries.chunks_exact_mut(block.width).zip(&self.weights);
        for (index, (vector, weight)) in vectors.enumerate() {
            let own = likelihood.weight(step.oracle.lambda(), row_of(list, index / each.max(1)));
            scale((share * weight * own.powi(power)).sqrt(), vector);
        }
    }

    /// One vector: √m times the mean score, with the gradient of the penalty where the mean is centred.
    fn put_together(
        &mut self,
        recipe: &Recipe,
        step: &mut InnerStep<'_>,
        likelihood: &dyn Likelihood,
        block: &mut Block,
    ) {
        let width = block.width;
        self.mean.resize(width, 0.0);
        mean_score(step.oracle, likelihood, &block.entries, &mut self.mean);
        if recipe.scores == Scores::Centred {
            // The gradient over the batch, which is known, less the mean of the rows' own scores.
            self.gradient.resize(width, 0.0);
            step.oracle.inner_gradient(&mut self.gradient);
            if recipe.fisher == Fisher::Empirical {
                self.mean.copy_from_slice(&self.gradient);
            } else {
                axpy(1.0, &self.gradient, &mut self.mean);
                mean_score(step.oracle, likelihood, &self.own, &mut self.gradient);
                axpy(-1.0, &self.gradient, &mut self.mean);
            }
        }
        scale((block.batch as f64).sqrt(), &mut self.mean);
        block.entries.truncate(width);
        block.entries.copy_from_slice(&self.mean);
    }

    /// Numbers held.
    pub fn numbers(&self) -> usize {
        self.own.len() + self.weights.len() + self.mean.len() + self.gradient.len()
    }
}

/// Scores of the labels that are asked for.
fn ask(fisher: Fisher, oracle: &mut Oracle, (draws, clock): (&Draws, Clock), (weights, out): (&mut [f64], &mut [f64])) {
    match fisher {
        Fisher::Empirical => oracle.scores(Labels::Own, weights, out),
        Fisher::Expected => oracle.scores(Labels::Every, weights, out),
        Fisher::Sampled => match draws.labels(clock) {
            Some(labels) => oracle.scores(Labels::Given(labels), weights, out),
            None => {
                let mut random = draws.random(clock, Draw::Label, clock.inner);
                oracle.scores(Labels::Drawn(&mut random), weights, out);
            }
        },
    }
}

/// `(1/m) Σ w_i u_i` over the rows in use.
fn mean_score(oracle: &Oracle, likelihood: &dyn Likelihood, scores: &[f64], out: &mut [f64]) {
    let list = oracle.rows().training;
    out.fill(0.0);
    let batch = scores.len() / out.len();
    for (place, score) in scores.chunks_exact(out.len()).enumerate() {
        axpy(likelihood.weight(oracle.lambda(), row_of(list, place)) / batch as f64, score, out);
    }
}
