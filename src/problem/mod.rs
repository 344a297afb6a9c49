//! Bilevel problems: an inner objective `g(λ, θ)` and an outer objective `f(λ, θ)` with their derivatives.
//!
//! [`Problem`] is pure mathematics: no state, no counting, no caching policy. Everyone else asks
//! through an [`Oracle`], which prepares a point once, remembers what it computed there, and counts
//! every call. To add a problem: one file here, one line in [`ALL`].

mod accuracy;
mod active_set;
mod biased_ridge;
mod block;
mod capability;
mod columns;
mod constant_curvature;
mod control;
mod difference;
mod elastic_net;
mod embedding;
mod huber;
mod hyper_cleaning;
mod instrumental;
mod label_correction;
mod label_noise;
mod labels;
mod lasso;
mod leaning;
mod least;
mod linear;
mod logistic;
mod matrix_free;
mod model_design;
mod oracle;
mod past_blocks;
mod penalty_curvature;
mod perceptron;
mod poisson;
mod precise;
mod price;
mod products;
mod quadratic;
mod quantile;
mod refine;
mod regularity;
mod ridge;
mod row_entries;
mod row_weights;
mod softmax;
mod solve;
mod sparse_logistic;
mod spectral_ridge;
mod stop;
mod structural;
mod test_function;
mod truth;

use std::sync::Arc;

use rand_chacha::ChaCha8Rng;

use crate::catalog::{Card, Carded, Catalog, Knobs};
use crate::data::{Split, Target};
use crate::math::Matrix;

pub use block::{Block, Blocks};
pub use capability::{ByKnob, Capability, Requirement};
pub use control::{DifferenceTarget, Judged};
pub use labels::Labels;
pub use leaning::solve_leaning;
pub use least::{Least, MOST_SOLVED};
pub use oracle::{Clipped, Cost, Oracle};
pub use penalty_curvature::penalty_curvature;
pub use precise::{Precise, PreciseLocation, Rounding};
pub use price::Price;
pub use products::LONGEST_DENSE;
pub use regularity::Regularity;
pub use solve::{InnerSolution, solve_inner};
pub use stop::Stop;
pub use structural::Structural;
pub use truth::{Sensitivity, Truth};

/// Every problem, in the order shown.
pub static ALL: &[Entry] = &[
    quadratic::ENTRY,
    ridge::ENTRY,
    huber::ENTRY,
    quantile::ENTRY,
    poisson::ENTRY,
    logistic::ENTRY,
    softmax::ENTRY,
    hyper_cleaning::ENTRY,
    label_correction::ENTRY,
    instrumental::ENTRY,
    past_blocks::ENTRY,
    model_design::ENTRY,
    biased_ridge::ENTRY,
    embedding::ENTRY,
    perceptron::ENTRY,
    lasso::ENTRY,
    elastic_net::ENTRY,
    sparse_logistic::ENTRY,
    test_function::branin::ENTRY,
    test_function::hartmann::ENTRY,
    test_function::rastrigin::ENTRY,
    spectral_ridge::ENTRY,
];

/// A problem that can be added to a scenario.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// What it needs of a data set, with its knobs as they are.
    pub needs: fn(&Knobs) -> Needs,
    /// What it makes of columns that carry no penalty.
    pub level: Level,
    /// Makes it from its parts; asked through [`make`](Self::make).
    pub build: fn(&Parts<'_>) -> Result<Arc<dyn Problem>, BuildError>,
}

/// What a problem expects of its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// No data set: the problem is given by its own numbers.
    Nothing,
    /// Any finite target.
    Regression,
    /// Any finite target, and columns that are told apart by what they are to it.
    Instruments,
    /// Any finite target, and rows in time order that are divided into blocks: `split: Stream`.
    Blocks,
    /// Transitions of a plant, with their cost as target.
    Transitions,
    /// A target that is not negative.
    Counts,
    /// A target with exactly two values; the larger one becomes +1, the smaller −1.
    TwoClasses,
    /// A target of two or more whole-number classes.
    Classes,
}

impl Needs {
    /// Whether the target is one of classes.
    #[must_use]
    pub fn classes(self) -> bool {
        matches!(self, Self::TwoClasses | Self::Classes)
    }

    /// What a target is to such a problem; `None` where there is none.
    #[must_use]
    pub fn target(self) -> Option<Target> {
        match self {
            Self::Nothing => None,
            Self::Regression | Self::Instruments | Self::Blocks | Self::Transitions => Some(Target::Number),
            Self::Counts => Some(Target::Count),
            Self::TwoClasses | Self::Classes => Some(Target::Classes),
        }
    }
}

/// Where the level of a problem's predictions comes from, and with it what it makes of columns that carry no penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// From a column of ones, which no penalty need weigh: then λ has no entry for it.
    Column,
    /// From itself: a column that carries no penalty would be the same once more. Says from what.
    Own(&'static str),
    /// From a column of ones that is as any other. Says why it cannot go without.
    Alike(&'static str),
}

impl Entry {
    /// Makes the problem, unless its rows have columns of which it would not know what to make.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub fn make(&self, parts: &Parts<'_>) -> Result<Arc<dyn Problem>, BuildError> {
        if parts.data.is_some_and(|split| !split.columns.free.is_empty()) {
            self.take_free_columns()?;
        }
        (self.build)(parts)
    }

    fn take_free_columns(&self) -> Result<(), BuildError> {
        let name = self.card.ron_name();
        let message = match self.level {
            Level::Column => return Ok(()),
            Level::Own(what) => {
                format!("`{name}` has levels of its own, {what}; expected `None`")
            }
            Level::Alike(why) => {
                format!("`{name}` has no use for a column without penalty: {why}; expected `Penalized` or `None`")
            }
        };
        Err(BuildError::at("intercept", message))
    }
}

/// What a problem is built from.
pub struct Parts<'a> {
    /// The knobs of its card.
    pub knobs: &'a Knobs,
    /// Training, validation and test rows; absent for problems that need none.
    pub data: Option<&'a Split>,
    /// Named arrays written out in the scenario: matrices and vectors, by name.
    pub arrays: &'a [(String, Matrix)],
    /// Seed for what the problem draws itself.
    pub seed: u64,
}

/// Why a problem could not be built; `field` is the scenario field at fault, where there is one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BuildError {
    /// What is at fault: `data`, `target`, `arrays`, `intercept`, `groups`, a knob's key.
    pub field: Option<&'static str>,
    /// What is wrong and what was expected.
    pub message: String,
}

impl BuildError {
    /// A problem with one field.
    pub fn at(field: &'static str, message: impl Into<String>) -> Self {
        Self { field: Some(field), message: message.into() }
    }
}

/// The list of problems, for [`Spec`](crate::catalog::Spec).
pub struct Problems;

impl Catalog for Problems {
    type Entry = Entry;
    const ITEM: &'static str = "problem";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// Sizes of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimensions {
    /// d, the length of θ.
    pub inner: usize,
    /// p, the length of λ.
    pub outer: usize,
    /// Training rows a mini-batch can draw from; 0 where the inner objective is no sum.
    pub training: usize,
    /// Validation rows; 0 where the outer objective is no sum.
    pub validation: usize,
}

/// A place to evaluate at.
#[derive(Debug, Clone, Copy)]
pub struct Location<'a> {
    /// λ ∈ R^p.
    pub lambda: &'a [f64],
    /// θ ∈ R^d.
    pub theta: &'a [f64],
    /// The rows that the two means run over.
    pub rows: Rows<'a>,
}

/// Lists of rows, from 0, or `None` for all. A mean over a list counts a row as often as it is listed; penalties
/// stay whole, and an empty list leaves their derivatives alone. An objective that is no sum ignores its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rows<'a> {
    /// Training rows, for the inner objective.
    pub training: Option<&'a [usize]>,
    /// Validation rows, for the outer objective.
    pub validation: Option<&'a [usize]>,
}

/// Buffers that a problem keeps between the calls at one location. What is in them is the
/// problem's own business; they grow once and are reused.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    /// Filled by [`Problem::prepare`], read by every inner derivative at that location.
    pub prepared: Vec<f64>,
    /// Scratch space of any single call.
    pub scratch: [Vec<f64>; 4],
    /// More of it, for problems that ask another model, which uses `scratch`.
    pub work: [Vec<f64>; 4],
    /// A column of a panel and its product, where products are asked for one by one.
    columns: columns::Room,
}

/// The least value of F, and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Minimum {
    /// λ ∈ R^p.
    pub lambda: Vec<f64>,
    /// Where else F is as low.
    pub others: Vec<Vec<f64>>,
    /// `F(λ)`.
    pub value: f64,
}

impl Minimum {
    /// Every place where F is least.
    pub fn places(&self) -> impl Iterator<Item = &[f64]> {
        std::iter::once(&self.lambda).chain(&self.others).map(Vec::as_slice)
    }
}

/// Which samples a score is taken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// The rows of the inner objective.
    Training,
    /// The rows of the outer objective.
    Validation,
    /// Rows that neither objective sees.
    Test,
}

/// How well θ does on some samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Mean loss, by the rows' own weights and without penalty.
    pub loss: f64,
    /// Fraction classified correctly, by the same weights, for classifiers.
    pub accuracy: Option<f64>,
}

/// The outer objective `f(λ, θ)` and its derivatives. Every `out` is overwritten; nothing is allocated once the
/// buffers have grown.
pub trait OuterObjective: Send + Sync {
    /// `f(λ, θ)`.
    fn value(&self, at: Location<'_>, cache: &mut Cache) -> f64;

    /// `∇_θ f ∈ R^d`.
    fn gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]);

    /// `(∂²_θθ f) v ∈ R^d`.
    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]);

    /// `∇_λ f ∈ R^p`, the direct part of the hypergradient. Zero unless the outer objective reads λ.
    fn lambda_gradient(&self, _at: Location<'_>, _cache: &mut Cache, out: &mut [f64]) {
        out.fill(0.0);
    }

    /// `(∂²_θλ f) u ∈ R^d`. Zero unless the outer objective couples θ and λ.
    fn cross_jvp(&self, _at: Location<'_>, _cache: &mut Cache, _u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }
}

/// The third derivatives of the inner objective. Every `out` is overwritten; nothing is allocated once the buffers
/// have grown.
pub trait ThirdDerivatives: Send + Sync {
    /// `∂³_θθθ g [u, v, ·] ∈ R^d`, symmetric in its three arguments.
    fn inner(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]);

    /// `(∂_λ ∂²_θθ g [direction]) v ∈ R^d`, with `direction ∈ R^p`.
    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]);

    /// `∂_λ (uᵀ ∂²_θθ g v) ∈ R^p`.
    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]);
}

/// The sum inside the inner objective, row by row: `g = (1/n) Σ_i w_i ℓ_i(θ) + penalty`, with ℓ a negative log-likelihood.
pub trait Likelihood: Send + Sync {
    /// `∇_θ ℓ_i` of the training rows in use, one row of `out` each: n × d numbers, without weight and penalty.
    fn scores(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.scores_of(at, cache, Labels::Own, &mut [], out);
    }

    /// The same of other labels at the same θ, from what [`prepare`](Problem::prepare) left: no further pass over the rows. Of
    /// [`Labels::Every`] there are several a row, one after the other, and `weights` takes the weight of each; otherwise 1. A
    /// label that the problem does not know has a score that is not a number.
    fn scores_of(&self, at: Location<'_>, cache: &mut Cache, labels: Labels<'_>, weights: &mut [f64], out: &mut [f64]);

    /// Vectors a row that its expected Fisher is a sum over.
    fn outcomes(&self) -> usize;

    /// How many directions of θ scores can have a part in: d, or less where ℓ does not see them all.
    fn rank(&self) -> usize;

    /// Whether `label` is one that the problem knows.
    fn knows(&self, label: f64) -> bool;

    /// The weight `w_i` of a training row at this λ: what λ gives it times its own, which is of mean 1 over the training
    /// rows.
    fn weight(&self, lambda: &[f64], row: usize) -> f64;

    /// The entry of λ that weighs a training row, and the derivative of the row's weight in it; nothing where λ weighs no rows.
    fn weight_slope(&self, _lambda: &[f64], _row: usize) -> Option<(usize, f64)> {
        None
    }

    /// The diagonal of the Hessian of the penalty, which has nothing off it but what merely picks one point of a line along which ℓ
    /// does not change; that is left out.
    fn penalty_diagonal(&self, lambda: &[f64], out: &mut [f64]);
}

/// A model of a plant by which actions are chosen.
pub trait Control: Send + Sync {
    /// The slope in θ of the outer objective with another target; not numbers where there is no second next state.
    fn outer_gradient(&self, at: Location<'_>, target: DifferenceTarget, out: &mut [f64]);

    /// `(∂²_θλ g)ᵀ v` with the value function behind the model's next state held: the model enters by the last backup alone.
    fn last_backup(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]);

    /// λ that fits the training transitions best, where there is one.
    fn likeliest(&self) -> Option<[f64; 2]>;

    /// Whether every transition has a second next state.
    fn has_second(&self) -> bool;

    /// What the controller of a λ is worth on the plant.
    fn judge(&self, lambda: &[f64]) -> Judged;

    /// Angles on the plant from (0.3, 0) without noise, step by step, under the controller of a λ; under the best one, of none.
    fn response(&self, lambda: Option<&[f64]>) -> Vec<(f64, f64)>;

    /// (κ, b) of the plant.
    fn plant(&self) -> [f64; 2];
}

/// Inner objectives with kinks: `g = s + r` with `s` smooth and `r` convex, known by its proximal operator.
///
/// Where r has kinks, θ* lies on one: a penalty `Σ e^{λ_j}|θ_j|` makes entries of θ* exactly zero. The entries that are not
/// are its *support*. While it stays the same, g is smooth along it, and the implicit function theorem holds there:
/// `∇F = ∇_λ f − J_Sᵀ H_SS⁻¹ ∇_S f`, with only the rows and columns of the support S (Bertrand et al. 2020; in general, on
/// the manifold along which r is smooth, Vaiter et al. 2017). Where the support is about to change, F has a kink.
///
/// What [`Problem`] says of such a g, everywhere and for everyone:
/// - `inner_gradient` is the subgradient of least norm, which is zero at θ* and only there;
/// - `hvp`, `cross_vjp`, `cross_jvp` and third derivatives are those *along the support of θ*: entries off it are left out
///   of what goes in and are zero in what comes out, but that H is `curvature_bound` times the identity there. H is then
///   positive definite where the problem on the support is, its largest eigenvalue is no larger than that bound, and a
///   Newton step is the proximal step of an entry that is about to enter;
/// - [`restrict`](Self::restrict) takes a vector to the support. Through [`Oracle::restrict`](Oracle::restrict)
///   the right side `∇_θ f` of a linear system goes there, and a correction of θ.
///
/// So a linear solver works on the support without knowing of it.
///
/// This is the smooth part, and the proximal operator of the rest. Shapes as in
/// [`Dimensions`]; every `out` is overwritten; nothing is allocated once the buffers have grown.
/// [`Problem::curvature_bound`] is that of the smooth part.
pub trait Proximal: Send + Sync {
    /// `∇_θ s ∈ R^d`.
    fn smooth_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]);

    /// `(∂²_θθ s) v ∈ R^d`.
    fn smooth_hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]);

    /// `(∂²_θλ s)ᵀ v ∈ R^p`.
    fn smooth_cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]);

    /// `(∂²_θλ s) u ∈ R^d`.
    fn smooth_cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]);

    /// `z ← prox_{step·r(λ, ·)}(z) = argmin_θ ‖θ − z‖²/2 + step·r(λ, θ)`. NaN stays NaN.
    fn prox(&self, lambda: &[f64], step: f64, z: &mut [f64]);

    /// `tangent ← ∂_z prox · tangent + ∂_λ prox · lambda_tangent` at z, from the side of the support of `prox(z)` where z
    /// lies on a kink.
    fn prox_jvp(&self, lambda: &[f64], step: f64, z: &[f64], tangent: &mut [f64], lambda_tangent: &[f64]);

    /// `cotangent ← (∂_z prox)ᵀ cotangent`, and `lambda_out += (∂_λ prox)ᵀ cotangent`.
    fn prox_vjp(&self, lambda: &[f64], step: f64, z: &[f64], cotangent: &mut [f64], lambda_out: &mut [f64]);

    /// Takes `v` to the support of θ: entries along which θ cannot move without meeting a kink become zero.
    fn restrict(&self, theta: &[f64], v: &mut [f64]);

    /// How far θ, taken to be θ*, is from a kink of F, relative to the size of the kink and less what rounding may make
    /// of it; not positive where the support of θ may be another than that of θ*, or may change however little λ moves.
    fn margin(&self, at: Location<'_>, cache: &mut Cache) -> f64;

    /// How many entries the support of θ has.
    fn support(&self, theta: &[f64]) -> usize;
}

/// An inner and an outer objective with their derivatives. Means over samples; shapes as in
/// [`Dimensions`]. Every `out` is overwritten. `cache.prepared` holds what [`prepare`](Self::prepare)
/// left there for this very location. The methods of an
/// inner step (`prepare`, `inner_gradient`, `hvp`, the cross products) allocate nothing once the buffers have grown.
pub trait Problem: Send + Sync {
    /// Sizes.
    fn dimensions(&self) -> Dimensions;

    /// Computes what several derivatives of the inner objective at this location share (predictions, probabilities).
    /// It serves on when only the validation rows change.
    fn prepare(&self, at: Location<'_>, cache: &mut Cache);

    /// `g(λ, θ)`.
    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64;

    /// `∇_θ g ∈ R^d`.
    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]);

    /// `∇_λ g ∈ R^p`, for cross products by finite differences.
    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]);

    /// `(∂²_θθ g) v ∈ R^d`.
    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]);

    /// `(∂²_θλ g)ᵀ v ∈ R^p`, with `∂²_θλ g` of shape d × p.
    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]);

    /// `(∂²_θλ g) u ∈ R^d`.
    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]);

    /// `(∂²_θθ g) V` for k directions at once. V and `out` are d × k, row after row, so that the directions stand side by side
    /// ([`panel`](crate::math::panel)). Each is the answer of [`hvp`](Self::hvp), to rounding where sums run in another order. The default asks one by one.
    fn hvps(&self, at: Location<'_>, cache: &mut Cache, directions: &[f64], count: usize, out: &mut [f64]) {
        self.hvps_in_turn(at, cache, directions, count, out);
    }

    /// The same by asking [`hvp`](Self::hvp) for one after the other.
    fn hvps_in_turn(&self, at: Location<'_>, cache: &mut Cache, directions: &[f64], count: usize, out: &mut [f64]) {
        let mut room = std::mem::take(&mut cache.columns);
        columns::each_in_turn(&mut room, (directions, count), out, |v, out| self.hvp(at, cache, v, out));
        cache.columns = room;
    }

    /// Adds columns of `∂²_θλ g` to the first of a panel that is `width` wide: those of the entries of λ that are named, in rising
    /// order. The default asks [`cross_jvp`](Self::cross_jvp) for each.
    fn add_cross_columns(&self, at: Location<'_>, cache: &mut Cache, entries: &[usize], width: usize, out: &mut [f64]) {
        let mut room = std::mem::take(&mut cache.columns);
        let (entries, panel) = ((entries, at.lambda.len()), (width, out));
        columns::add_each_in_turn(&mut room, entries, panel, |u, out| self.cross_jvp(at, cache, u, out));
        cache.columns = room;
    }

    /// `∂²_θθ g`, d × d and exactly symmetric. The default takes d products.
    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        let size = self.dimensions().inner;
        let mut unit = vec![0.0; size];
        let mut column = vec![0.0; size];
        for j in 0..size {
            unit[j] = 1.0;
            self.hvp(at, cache, &unit, &mut column);
            unit[j] = 0.0;
            for (i, value) in column.iter().enumerate().skip(j) {
                out[(i, j)] = *value;
                out[(j, i)] = *value;
            }
        }
    }

    /// The diagonal of `∂²_θθ g`, where it costs about as much as a product; false where it does not, and `out` is left as
    /// it is. Conjugate gradients are scaled by it where θ is long.
    fn hessian_diagonal(&self, _at: Location<'_>, _cache: &mut Cache, _out: &mut [f64]) -> bool {
        false
    }

    /// `f`, with its derivatives.
    fn outer(&self) -> &dyn OuterObjective;

    /// The third derivatives of `g`. Where there are none, central differences serve: see
    /// [`Oracle::third_inner`].
    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        None
    }

    /// The smooth part of `g` and the proximal operator of the rest, where `g` has kinks; what the other methods then
    /// mean says [`Proximal`].
    fn proximal(&self) -> Option<&dyn Proximal> {
        None
    }

    /// The inner objective row by row, where it is a negative log-likelihood with a penalty.
    fn likelihood(&self) -> Option<&dyn Likelihood> {
        None
    }

    /// θ ∈ R^d at which inner runs start when a scenario says nothing: zero, unless that is no place to start from.
    fn start(&self, _random: &mut ChaCha8Rng) -> Vec<f64> {
        vec![0.0; self.dimensions().inner]
    }

    /// Where F is least, where that is known in closed form.
    fn minimum(&self) -> Option<&Minimum> {
        None
    }

    /// Whether `F(λ) = f(λ, θ*(λ))` is known to be convex, so that it has no local minima but its least value.
    fn value_is_convex(&self) -> bool {
        false
    }

    /// θ*(λ) in closed form, where there is one.
    fn solve(&self, _lambda: &[f64]) -> Option<Vec<f64>> {
        None
    }

    /// An upper bound on the largest eigenvalue of `∂²_θθ g` over θ, exact for quadratic `g`; `None` where none is
    /// known. The automatic step size is its inverse. Of a `g` with kinks it is that of the smooth part.
    fn curvature_bound(&self, _lambda: &[f64]) -> Option<f64> {
        None
    }

    /// How strongly convex `g` is in θ at this λ, and how far its derivatives and those of `f` move with θ; `None` where there is no such
    /// bound, or none is known, and for a θ that is too long for eigenvalues.
    fn regularity(&self, _lambda: &[f64]) -> Option<Regularity> {
        None
    }

    /// Whether `g` is quadratic in θ, so that [`curvature_bound`](Self::curvature_bound) is the eigenvalue itself
    /// and a step beyond `2/L` diverges for certain.
    fn is_quadratic(&self) -> bool {
        false
    }

    /// Whether `g` is strictly convex in θ, so that θ*(λ) is the one point where its gradient is zero; along the
    /// support of θ*, where `g` has kinks. Where it is
    /// not, there is no exact hypergradient to hold an estimate against, and H may be indefinite.
    fn is_convex(&self) -> bool {
        true
    }

    /// Loss and accuracy on some samples, where the problem has them.
    fn score(&self, _sample: Sample, _lambda: &[f64], _theta: &[f64]) -> Option<Score> {
        None
    }

    /// Whether it matters which groups of columns there are: λ has an entry for each, or they say what columns are to the target.
    fn reads_groups(&self) -> bool {
        false
    }

    /// λ, block after block, with what each entry stands for: `age`, `log penalty`.
    fn blocks(&self) -> Vec<Block>;

    /// The same derivatives with twice the digits, where the problem has them: the exact answer is refined with them
    /// where `f64` leaves too few.
    fn precise(&self) -> Option<&dyn Precise> {
        None
    }

    /// The weight that λ gives each block of training rows, the newest first, where it weighs blocks of the past.
    fn age_weights(&self, _lambda: &[f64]) -> Option<Vec<f64>> {
        None
    }

    /// Outer variables that are the coefficients of a function of a regressor, where they are.
    fn structural(&self) -> Option<&dyn Structural> {
        None
    }

    /// A model of a plant by which actions are chosen, where λ is one.
    fn control(&self) -> Option<&dyn Control> {
        None
    }

    /// How other methods do on the test rows, by their names: what one gets without a bilevel problem.
    fn baselines(&self) -> Vec<(&'static str, Score)> {
        Vec::new()
    }

    /// θ of a task that has not seen a row, where λ says so: the mean of a prior.
    fn prior(&self, _lambda: &[f64]) -> Option<Vec<f64>> {
        None
    }

    /// Whether λ has an entry for each training row: then training labels are in doubt, only validation rows are fit to
    /// validate, and other rows would have another λ.
    fn is_about_rows(&self) -> bool {
        false
    }

    /// The weight that each entry of λ gives a training row, where λ weighs rows.
    fn row_weights(&self, _lambda: &[f64]) -> Option<Vec<f64>> {
        None
    }

    /// Whether λ meets the training rows, so that `∇_λ g` runs over them; if not, it is that of a penalty, which needs none.
    fn lambda_meets_rows(&self) -> bool {
        false
    }

    /// Which entries of λ the inner objective depends on; `None` for all. In an ensemble an entry is averaged
    /// over the members that depend on it.
    fn reads_lambda(&self) -> Option<&[bool]> {
        None
    }
}
