//! SABA: SOBA with every mean over a batch corrected by a table of what each row last said.
//!
//! With rows B of the step, `S = (1/|B|) Σ_{i∈B} (new_i − old_i) + (1/n) Σ_i old_i`, the mean taken before the table takes in
//! the new ones (SAGA: Defazio, Bach and Lacoste-Julien 2014), for the gradient, for the product with v and for the cross
//! product of the training rows, and for the gradient of the validation rows. The penalty is exact and in no table. Its noise
//! falls to zero at a solution, so that constant steps converge. Source: Dagréou, Ablin, Vaiter and Moreau 2022 (NeurIPS), section
//! 2.2, with tables over rows and not over blocks of them. θ, v and λ move together, each from where the step began: the
//! estimator steers θ, the inner dynamics take the step. The rows of a list are distinct (a mean over a list that names one twice
//! is no mean over what is remembered), drawn as many as are asked for. Cost of an inner step: that of SOBA. Memory: two vectors in R^d for each training row and one for each validation row.

use super::own_step::{OF_ADJOINT, OwnStep};
use super::{
    Ahead, Beside, Entry, Estimate, Estimator, Family, InnerStep, MOST_BYTES, Order, Point, Solver, Start, implicit,
};
use crate::catalog::{Card, Kind, Knob, Knobs};
use crate::draw::{Draw, PerStep};
use crate::math::vector::{axpy, is_finite};
use crate::problem::{Capability, Cost, Oracle, Requirement};

const TABLE: Knob = Knob {
    key: "table",
    help: "What the tables hold at first.",
    kind: Kind::Choice {
        options: &[
            ("Full", "what every row says at the start, for one pass over all rows"),
            ("Zero", "nothing: the first passes are damped"),
        ],
    },
};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "saba",
        name: "Single loop with tables (SABA)",
        source: "Dagréou, Ablin, Vaiter and Moreau 2022 (NeurIPS), section 2.2",
        equation: "S = Σ_{i∈B} (new_i − old_i)/|B| + Σ_i old_i/n  in place of each mean of SOBA",
        summary: "Moves θ, λ and the solution of the linear system together, and remembers what every row last said. \
                  The noise of the batches dies out as the rows agree with what is remembered, so steps need not fall. \
                  Write it with one inner step, a warm start and gradient descent.",
        cost: "as SOBA; 2d numbers of memory a training row, d a validation row",
        fails: "Needs memory for every row; early on it is as noisy as SOBA. Rows that are drawn are distinct, \
                and lists that are written out must be.",
        knobs: &[TABLE, OF_ADJOINT[0], OF_ADJOINT[1], OF_ADJOINT[2]],
    },
    order: Order::None,
    family: Family::SingleLoop,
    build: |knobs| Box::new(Saba::new(knobs)),
};

/// What each row last said, and the mean of that.
#[derive(Clone, Default)]
struct Table {
    width: usize,
    rows: Vec<f64>,
    mean: Vec<f64>,
}

impl Table {
    fn reset(&mut self, rows: usize, width: usize) {
        self.width = width;
        self.rows.clear();
        self.rows.resize(rows * width, 0.0);
        self.mean.clear();
        self.mean.resize(width, 0.0);
    }

    fn row(&mut self, row: usize) -> &mut [f64] {
        &mut self.rows[row * self.width..(row + 1) * self.width]
    }

    /// Takes in what a row says now; `change += (new − old) share`, and `shift`, of the mean, likewise over all rows.
    fn take_in(&mut self, row: usize, new: &[f64], share: f64, (change, shift): (&mut [f64], &mut [f64]), all: f64) {
        for (((old, new), change), shift) in self.row(row).iter_mut().zip(new).zip(change).zip(shift) {
            *change += share * (new - *old);
            *shift += (new - *old) / all;
            *old = *new;
        }
    }
}

/// A corrected mean while it is made.
#[derive(Clone, Default)]
struct Mean {
    table: Table,
    /// The mean itself.
    sum: Vec<f64>,
    shift: Vec<f64>,
}

impl Mean {
    fn begin(&mut self) {
        self.sum.clone_from(&self.table.mean);
        self.shift.clear();
        self.shift.resize(self.sum.len(), 0.0);
    }

    fn take_in(&mut self, row: usize, new: &[f64], share: f64, all: f64) {
        self.table.take_in(row, new, share, (&mut self.sum, &mut self.shift), all);
    }

    fn end(&mut self) {
        axpy(1.0, &self.shift, &mut self.table.mean);
    }
}

/// Directions of θ, v and λ where a step begins.
#[derive(Clone, Default)]
struct Directions {
    theta: Vec<f64>,
    adjoint: Vec<f64>,
    lambda: Vec<f64>,
}

#[derive(Clone, Default)]
struct Saba {
    starts_full: bool,
    step: OwnStep,
    /// v at the start of an inner run: that of the last accepted estimate, zero at first.
    start: Vec<f64>,
    /// v of the next tick.
    adjoint: Vec<f64>,
    directions: Directions,
    is_known: bool,
    is_filled: bool,
    gradients: Mean,
    products: Mean,
    outer: Mean,
    /// What each row's entry of λ last had of the cross product; empty where λ is not about rows.
    crosses: Vec<f64>,
    rows: Vec<usize>,
    /// What one row says, and the parts of that which no row has.
    said: Vec<f64>,
    of_gradient: Vec<f64>,
    of_product: Vec<f64>,
    indirect: Vec<f64>,
    /// Bytes of the tables, once they were asked for.
    asked: usize,
}

impl Saba {
    fn new(knobs: &Knobs) -> Self {
        Self { starts_full: knobs.choice("table") == "Full", step: OwnStep::of(knobs), ..Self::default() }
    }

    fn make_room(&mut self, inner: usize, outer: usize) {
        for vector in [&mut self.start, &mut self.adjoint, &mut self.said, &mut self.of_gradient, &mut self.of_product]
        {
            vector.resize(inner, 0.0);
        }
        self.directions.theta.resize(inner, 0.0);
        self.directions.adjoint.resize(inner, 0.0);
        self.directions.lambda.resize(outer, 0.0);
        self.indirect.resize(outer, 0.0);
    }

    /// Tables of what every row says where the step begins, or of zeros.
    fn fill(&mut self, ahead: &mut Ahead<'_>) {
        let sizes = ahead.oracle.problem().dimensions();
        self.gradients.table.reset(sizes.training, sizes.inner);
        self.products.table.reset(sizes.training, sizes.inner);
        self.outer.table.reset(sizes.validation, sizes.inner);
        let is_about_rows = ahead.oracle.problem().is_about_rows();
        self.crosses.clear();
        self.crosses.resize(if is_about_rows { sizes.training } else { 0 }, 0.0);
        self.is_filled = true;
        if self.starts_full {
            let everything = |all: usize, rows: &mut Vec<usize>| {
                rows.clear();
                rows.extend(0..all);
            };
            everything(sizes.training, &mut self.rows);
            self.ask_training(ahead.oracle);
            self.ask_cross(ahead.oracle);
            everything(sizes.validation, &mut self.rows);
            self.ask_validation(ahead.oracle);
        }
    }

    /// The rows of this step.
    fn draw(&mut self, ahead: &mut Ahead<'_>, what: Draw) {
        ahead.motion.draw(ahead.oracle, ahead.clock, what, ahead.clock.inner);
        let (rows, sizes) = (ahead.oracle.rows(), ahead.oracle.problem().dimensions());
        let (list, all) =
            if what == Draw::Outer { (rows.validation, sizes.validation) } else { (rows.training, sizes.training) };
        self.rows.clear();
        match list {
            Some(list) => self.rows.extend_from_slice(list),
            None => self.rows.extend(0..all),
        }
        // In the order of the tables.
        self.rows.sort_unstable();
    }

    /// Asks the training rows for their gradients and their products with v. What is left in `gradients.sum` and
    /// `products.sum` are the corrected means, with the penalty.
    fn ask_training(&mut self, oracle: &mut Oracle) {
        let all = oracle.problem().dimensions().training as f64;
        let share = 1.0 / self.rows.len() as f64;
        let has_adjoint = self.adjoint.iter().any(|v| *v != 0.0);
        let Self { gradients, products, rows, said, of_gradient, of_product, adjoint, .. } = self;
        gradients.begin();
        products.begin();
        oracle.use_training_rows(Some(&[]));
        oracle.inner_gradient(of_gradient);
        oracle.hvp(adjoint, of_product);
        for row in rows.iter() {
            oracle.use_training_rows(Some(std::slice::from_ref(row)));
            oracle.inner_gradient(said);
            axpy(-1.0, of_gradient, said);
            gradients.take_in(*row, said, share, all);
            said.fill(0.0);
            if has_adjoint {
                oracle.hvp(adjoint, said);
                axpy(-1.0, of_product, said);
            }
            products.take_in(*row, said, share, all);
        }
        gradients.end();
        products.end();
        axpy(1.0, of_gradient, &mut gradients.sum);
        axpy(1.0, of_product, &mut products.sum);
    }

    /// Asks the validation rows for their gradients of f, likewise.
    fn ask_validation(&mut self, oracle: &mut Oracle) {
        let all = oracle.problem().dimensions().validation as f64;
        let share = 1.0 / self.rows.len() as f64;
        let Self { outer, rows, said, of_gradient, .. } = self;
        outer.begin();
        oracle.use_validation_rows(Some(&[]));
        oracle.outer_gradient(of_gradient);
        for row in rows.iter() {
            oracle.use_validation_rows(Some(std::slice::from_ref(row)));
            oracle.outer_gradient(said);
            axpy(-1.0, of_gradient, said);
            outer.take_in(*row, said, share, all);
        }
        outer.end();
        axpy(1.0, of_gradient, &mut outer.sum);
    }

    /// The corrected cross product of the rows of this step, into `indirect`. Where λ is not about rows it is the penalty's, and
    /// no row has a part in it.
    fn ask_cross(&mut self, oracle: &mut Oracle) {
        let Self { crosses, rows, adjoint, indirect, .. } = self;
        oracle.use_training_rows(Some(rows));
        oracle.cross_vjp(adjoint, indirect);
        if crosses.is_empty() {
            return;
        }
        let (count, all) = (rows.len() as f64, crosses.len() as f64);
        // What the batch says of its rows, before the others join.
        for row in rows.iter() {
            let old = std::mem::replace(&mut crosses[*row], count * indirect[*row]);
            indirect[*row] -= old / count + (crosses[*row] - old) / all;
        }
        for (entry, remembered) in indirect.iter_mut().zip(crosses.iter()) {
            *entry += remembered / all;
        }
    }

    /// The directions where the step begins, all from there.
    fn tick(&mut self, ahead: &mut Ahead<'_>) {
        let theta = &ahead.state[..ahead.oracle.inner_dimension()];
        ahead.oracle.move_to(ahead.lambda, theta);
        if !self.is_filled {
            self.fill(ahead);
        }
        self.draw(ahead, Draw::Outer);
        let oracle = &mut *ahead.oracle;
        oracle.outer_lambda_gradient(&mut self.directions.lambda);
        self.ask_validation(oracle);
        self.draw(ahead, Draw::Inner);
        self.ask_training(ahead.oracle);
        self.ask_cross(ahead.oracle);
        let Self { directions, gradients, products, outer, .. } = self;
        directions.theta.copy_from_slice(&gradients.sum);
        directions.adjoint.copy_from_slice(&products.sum);
        axpy(-1.0, &outer.sum, &mut directions.adjoint);
        axpy(-1.0, &self.indirect, &mut directions.lambda);
        self.is_known = true;
    }

    /// What the last tick said.
    fn answer(&self, oracle: &Oracle, before: &Cost, out: &mut Estimate) {
        out.hypergradient.clone_from(&self.directions.lambda);
        out.cost = implicit::spent(oracle, before, self.bytes() / size_of::<f64>());
        out.solver = Solver::none();
        out.set_adjoint(&self.adjoint);
        out.carried.clear();
    }

    /// Bytes of the tables of a problem.
    fn tables(oracle: &Oracle) -> usize {
        let sizes = oracle.problem().dimensions();
        let rows = sizes.training.saturating_mul(2).saturating_add(sizes.validation);
        rows.saturating_mul(sizes.inner).saturating_mul(size_of::<f64>())
    }
}

impl Estimator for Saba {
    fn requires(&self) -> &'static [Requirement] {
        const ROWS: &[Requirement] = &[Requirement::always(Capability::Smooth), Requirement::always(Capability::Rows)];
        ROWS
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn beside(&self, theta: Option<f64>, outer: usize) -> Vec<Beside> {
        self.step.of_system(theta, outer)
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        PerStep { inner: inner_steps, outer: inner_steps, distinct: true, ..PerStep::default() }
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.make_room(start.inner_dimension, start.lambda.len());
        self.adjoint.copy_from_slice(&self.start);
        self.is_known = false;
        self.step.begin();
    }

    fn steer(&mut self, ahead: &mut Ahead<'_>) {
        self.asked = Self::tables(ahead.oracle);
        if self.asked > MOST_BYTES {
            // The trial stops behind this step, for want of room.
            return;
        }
        self.tick(ahead);
        ahead.motion.draw(ahead.oracle, ahead.clock, Draw::Inner, ahead.clock.inner);
        ahead.oracle.replace_inner_gradient(&self.directions.theta);
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        let rho = self.step.at(&**step.oracle.problem(), step.lambda, step.motion, step.clock);
        axpy(-rho, &self.directions.adjoint, &mut self.adjoint);
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let mut out = Estimate::default();
        if self.is_known {
            self.answer(at.oracle, &at.oracle.cost(), &mut out);
        } else {
            self.clone().conclude(at, &mut out);
        }
        out
    }

    fn conclude(&mut self, at: &mut Point<'_>, out: &mut Estimate) {
        let before = at.oracle.cost();
        if !self.is_known {
            // Before the first inner step it is what that step will say.
            self.make_room(at.theta().len(), at.lambda.len());
            let Point { clock, lambda, state, .. } = *at;
            if Self::tables(at.oracle) <= MOST_BYTES {
                self.tick(&mut Ahead { clock, lambda, state, oracle: at.oracle, motion: at.motion });
            }
        }
        self.answer(at.oracle, &before, out);
    }

    fn accept(&mut self, estimate: &Estimate) {
        if let Some(adjoint) = estimate.adjoint.as_ref().filter(|adjoint| is_finite(adjoint)) {
            self.start.clone_from(adjoint);
        }
    }

    fn bytes(&self) -> usize {
        self.asked
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
