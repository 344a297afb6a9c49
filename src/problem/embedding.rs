//! A learned linear embedding: λ is a matrix that rows pass through before a softmax head sees them.
//!
//! `A = I + Λ ∈ R^{r×D}` with Λ = λ row-major and I the first r rows of the identity, so that λ = 0 is the raw
//! features. A row x has the features `z_a = Σ_j A_aj x_j`, the head θ = `W ∈ R^{r×K}` scores it by
//! `s_k = Σ_a W_ak z_a`, and
//!
//! `g = (1/n) Σ_i CE(s(x_i), y_i) + (C/2)‖W‖²`,  `f = (1/m) Σ_i CE(s(x′_i), y′_i)`.
//!
//! The outer objective reads λ too: its direct part is not zero. λ and W enter the scores only through the weights on
//! the raw features, `B_jk = Σ_a A_aj W_ak` or `B = AᵀW`, since `s_k = Σ_j B_jk x_j`. The mean loss φ(B) is that of a
//! linear model, with the derivatives (all D × K, `q = p − e_y`)
//!
//! - `G_jk = (1/n) Σ_i x_ij q_ik`, the gradient,
//! - `φ″[E]_jk = (1/n) Σ_i x_ij Σ_l (∂²CE_i)_kl Σ_m x_im E_ml`, and `φ‴[E, F]` likewise.
//!
//! B is linear in A and in W: it moves by `UᵀW` along a direction U of A, by `AᵀV` along a direction V of W, and
//! by `UᵀV` along both. So `∂g/∂W_ak = Σ_j A_aj G_jk + C W_ak` and `∂g/∂A_aj = Σ_k W_ak G_jk`; for one row these are
//! `z qᵀ` and `(W q) xᵀ`. The product rule gives the rest:
//!
//! | what | is |
//! |---|---|
//! | `∇_W g` | `A G + C W` |
//! | `∇_A g` | `W Gᵀ` |
//! | `H V` | `A φ″[AᵀV] + C V` |
//! | `J U` | `U G + A φ″[UᵀW]` |
//! | `Jᵀ V` | `V Gᵀ + W φ″[AᵀV]ᵀ` |
//! | `∂³g [V, V′]` | `A φ‴[AᵀV, AᵀV′]` |
//! | `(∂_A H[U]) V` | `U φ″[AᵀV] + A φ″[UᵀV] + A φ‴[AᵀV, UᵀW]` |
//! | `∂_A ⟨V, H V′⟩` | `V φ″[AᵀV′]ᵀ + V′ φ″[AᵀV]ᵀ + W φ‴[AᵀV, AᵀV′]ᵀ` |
//!
//! The derivatives of f are the same over the validation rows, without C. Cost: the way through A takes `rDK` twice
//! for each product, the rows nDK twice.

use std::sync::Arc;

use super::linear::loss::Softmax;
use super::linear::{Sets, intake, largest_eigenvalue, prepared, sized};
use super::{
    Block, BuildError, Cache, Dimensions, Entry, Level, Location, Needs, OuterObjective, Parts, Problem, Sample, Score,
    ThirdDerivatives,
};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::data::Samples;
use crate::math::Matrix;
use crate::math::vector::{axpy, dot};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "embedding",
        name: "Learned embedding",
        source: "Franceschi et al. 2018 (hyper-representation), with a linear representation",
        equation: "g = (1/n) Σᵢ CE(WᵀAxᵢ, yᵢ) + (C/2)‖W‖²,  f = (1/m) Σᵢ CE(WᵀAx′ᵢ, y′ᵢ);  A = I + λ",
        summary: "A classifier that first transforms its inputs, and the transformation is what is learned. λ is a \
                  matrix that every row passes through before a softmax head is learned on it; λ = 0 leaves the \
                  rows as they are. Tasks share the matrix, and each learns its own head.",
        cost: "any product 2rDK for the way through the matrix and 2nDK for the rows; λ has rD entries, so that the \
               sensitivity of the truth takes rD solves",
        fails: "A full matrix has D² entries, enough to fit the classes it is learned on and no others. C weighs W alone, so \
                that a larger matrix is a weaker penalty.",
        knobs: &[
            Knob {
                key: "ridge",
                help: "Penalty C on ‖W‖²/2, which keeps the inner problem strongly convex.",
                kind: Kind::Real { default: 1e-1, range: (1e-8, 1e4), scale: Scale::Logarithmic },
            },
            Knob {
                key: "width",
                help: "Rows r of the matrix, at most as many as features; 0 is a square matrix.",
                kind: Kind::Integer { default: 0, range: (0, 4000), scale: Scale::Linear },
            },
        ],
    },
    needs: |_| Needs::Classes,
    level: Level::Alike("its weights are those of learned features, not of columns"),
    build: |parts| Ok(Arc::new(Embedding::new(parts)?)),
};

struct Embedding {
    sets: Sets<Softmax>,
    /// The training rows once more, for the curvature.
    training: Matrix,
    shape: Shape,
    ridge: f64,
    feature_names: Vec<String>,
}

/// Sizes of the two factors of B = AᵀW.
#[derive(Clone, Copy)]
struct Shape {
    /// r, rows of A and of W.
    width: usize,
    /// D, columns of A.
    features: usize,
    /// K, columns of W.
    classes: usize,
}

/// Matrices of D × K entries: three for what a method computes with, and one of [`Shape`]'s own.
type Work<'a> = [&'a mut [f64]; 4];

impl Shape {
    /// `out = MᵀV ∈ R^{D×K}`, with M ∈ R^{r×D} and V ∈ R^{r×K}. The sums run class by class, so that the inner loop
    /// is over a row of M.
    fn transposed_product(self, m: &[f64], v: &[f64], by_class: &mut [f64], out: &mut [f64]) {
        by_class.fill(0.0);
        for (m, v) in m.chunks_exact(self.features).zip(v.chunks_exact(self.classes)) {
            for (sum, v) in by_class.chunks_exact_mut(self.features).zip(v) {
                axpy(*v, m, sum);
            }
        }
        transpose(by_class, self.features, out);
    }

    /// `out = AᵀV`, with A = I + Λ: the identity adds V to the first r rows.
    fn weights(self, lambda: &[f64], v: &[f64], by_class: &mut [f64], out: &mut [f64]) {
        self.transposed_product(lambda, v, by_class, out);
        axpy(1.0, v, &mut out[..v.len()]);
    }

    /// `out += M E ∈ R^{r×K}`, with E ∈ R^{D×K}.
    fn add_product(self, m: &[f64], e: &[f64], by_class: &mut [f64], out: &mut [f64]) {
        transpose(e, self.classes, by_class);
        for (m, out) in m.chunks_exact(self.features).zip(out.chunks_exact_mut(self.classes)) {
            for (out, e) in out.iter_mut().zip(by_class.chunks_exact(self.features)) {
                *out += dot(m, e);
            }
        }
    }

    /// `out += A E`, with A = I + Λ.
    fn add_embedded(self, lambda: &[f64], e: &[f64], by_class: &mut [f64], out: &mut [f64]) {
        self.add_product(lambda, e, by_class, out);
        axpy(1.0, &e[..out.len()], out);
    }

    /// `out += V Eᵀ ∈ R^{r×D}`.
    fn add_outer_product(self, v: &[f64], e: &[f64], by_class: &mut [f64], out: &mut [f64]) {
        transpose(e, self.classes, by_class);
        for (v, out) in v.chunks_exact(self.classes).zip(out.chunks_exact_mut(self.features)) {
            for (v, e) in v.iter().zip(by_class.chunks_exact(self.features)) {
                axpy(*v, e, out);
            }
        }
    }
}

/// `out` is `matrix`, which has rows of `columns` entries, with rows and columns exchanged.
fn transpose(matrix: &[f64], columns: usize, out: &mut [f64]) {
    let rows = matrix.len() / columns;
    for (i, row) in matrix.chunks_exact(columns).enumerate() {
        for (j, value) in row.iter().enumerate() {
            out[j * rows + i] = *value;
        }
    }
}

/// `diag(√w) X`, so that its Gram matrix is that of the weighted rows.
fn root_weighted(samples: &Samples) -> Matrix {
    let mut features = Matrix::clone(&samples.features.dense());
    for (row, weight) in samples.weights.iter().enumerate() {
        features.row_mut(row).iter_mut().for_each(|x| *x *= weight.sqrt());
    }
    features
}

impl Embedding {
    fn new(parts: &Parts<'_>) -> Result<Self, BuildError> {
        intake::no_arrays(parts)?;
        let (mut split, classes) = intake::classes(parts, intake::Validation::Needed)?;
        intake::check_dense(split.training.features.columns().saturating_mul(classes))?;
        intake::written_out(&mut split)?;
        let features = split.training.features.columns();
        let width = match parts.knobs.count("width") {
            0 => features,
            width if width <= features => width,
            width => {
                let message = format!("`width` is {width}; expected at most {features}, the number of features");
                return Err(BuildError::at("width", message));
            }
        };
        Ok(Self {
            training: root_weighted(&split.training),
            shape: Shape { width, features, classes },
            ridge: parts.knobs.real("ridge"),
            feature_names: split.feature_names.clone(),
            sets: Sets::new(split, || Softmax { classes }, None),
        })
    }

    /// Lends the buffers of a cache to a method, which keeps using the rest of the cache.
    fn lend<T>(&self, cache: &mut Cache, method: impl FnOnce(&mut Cache, Work<'_>) -> T) -> T {
        let mut work = std::mem::take(&mut cache.work);
        let result =
            method(cache, work.each_mut().map(|buffer| sized(buffer, self.shape.features * self.shape.classes)));
        cache.work = work;
        result
    }

    /// `out = G`.
    fn slope(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_gradient(place, scratch, out);
    }

    /// `out = φ″[e]`.
    fn curvature(&self, at: Location<'_>, cache: &mut Cache, e: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvp(place, scratch, e, out);
    }

    /// `out = φ‴[e, f]`.
    fn third(&self, at: Location<'_>, cache: &mut Cache, directions: (&[f64], &[f64]), out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_third(place, scratch, |_| 1.0, directions, out);
    }

    /// `A ∈ R^{r×D}`.
    fn matrix(&self, lambda: &[f64]) -> Matrix {
        let identity = |i, j| if i == j { 1.0 } else { 0.0 };
        let Shape { width, features, .. } = self.shape;
        Matrix::from_fn(width, features, |i, j| identity(i, j) + lambda[i * features + j])
    }
}

impl Problem for Embedding {
    fn dimensions(&self) -> Dimensions {
        let Shape { width, features, classes } = self.shape;
        Dimensions { inner: width * classes, ..self.sets.dimensions(width * features) }
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.lend(cache, |cache, [weights, _, _, by_class]| {
            self.shape.weights(at.lambda, at.theta, by_class, weights);
            self.sets.prepare(Location { theta: weights, ..at }, cache);
        });
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.sets.training.value(prepared(at, cache).0, |_| 1.0) + 0.5 * self.ridge * dot(at.theta, at.theta)
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.lend(cache, |cache, [slope, _, _, by_class]| {
            self.slope(at, cache, slope);
            out.fill(0.0);
            self.shape.add_embedded(at.lambda, slope, by_class, out);
        });
        axpy(self.ridge, at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.lend(cache, |cache, [slope, _, _, by_class]| {
            self.slope(at, cache, slope);
            out.fill(0.0);
            self.shape.add_outer_product(at.theta, slope, by_class, out);
        });
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.lend(cache, |cache, [along, product, _, by_class]| {
            self.shape.weights(at.lambda, v, by_class, along);
            self.curvature(at, cache, along, product);
            out.fill(0.0);
            self.shape.add_embedded(at.lambda, product, by_class, out);
        });
        axpy(self.ridge, v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.lend(cache, |cache, [along, product, slope, by_class]| {
            self.shape.weights(at.lambda, v, by_class, along);
            self.curvature(at, cache, along, product);
            self.slope(at, cache, slope);
            out.fill(0.0);
            self.shape.add_outer_product(v, slope, by_class, out);
            self.shape.add_outer_product(at.theta, product, by_class, out);
        });
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.lend(cache, |cache, [along, product, slope, by_class]| {
            self.shape.transposed_product(u, at.theta, by_class, along);
            self.curvature(at, cache, along, product);
            self.slope(at, cache, slope);
            out.fill(0.0);
            self.shape.add_product(u, slope, by_class, out);
            self.shape.add_embedded(at.lambda, product, by_class, out);
        });
    }

    fn lambda_meets_rows(&self) -> bool {
        true
    }

    fn outer(&self) -> &dyn OuterObjective {
        self
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(self)
    }

    /// `λmax(A XᵀX Aᵀ/n)/2 + C`, from the smaller of `Z Zᵀ` and `ZᵀZ` with `Z = X Aᵀ`.
    fn curvature_bound(&self, lambda: &[f64]) -> Option<f64> {
        let embedded = self.training.product(&self.matrix(lambda).transpose());
        let transposed = embedded.transpose();
        let is_wide = embedded.columns() > embedded.rows();
        let gram = if is_wide { embedded.product(&transposed) } else { transposed.product(&embedded) };
        Some(0.5 * largest_eigenvalue(&gram) / self.training.rows() as f64 + self.ridge)
    }

    fn score(&self, sample: Sample, lambda: &[f64], theta: &[f64]) -> Option<Score> {
        self.lend(&mut Cache::default(), |_, [weights, _, _, by_class]| {
            self.shape.weights(lambda, theta, by_class, weights);
            self.sets.score(sample, weights)
        })
    }

    /// `z1 from pixel 3`: the entry of Λ in the row of z₁ and the column of that feature.
    fn blocks(&self) -> Vec<Block> {
        let row = |a: usize| self.feature_names.iter().map(move |name| format!("z{} from {name}", a + 1));
        vec![Block::new("matrix", (0..self.shape.width).flat_map(row).collect())]
    }
}

impl ThirdDerivatives for Embedding {
    fn inner(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        self.lend(cache, |cache, [first, second, third, by_class]| {
            self.shape.weights(at.lambda, u, by_class, first);
            self.shape.weights(at.lambda, v, by_class, second);
            self.third(at, cache, (first, second), third);
            out.fill(0.0);
            self.shape.add_embedded(at.lambda, third, by_class, out);
        });
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        self.lend(cache, |cache, [along, other, product, by_class]| {
            out.fill(0.0);
            self.shape.weights(at.lambda, v, by_class, along);
            self.curvature(at, cache, along, product);
            self.shape.add_product(direction, product, by_class, out);
            self.shape.transposed_product(direction, at.theta, by_class, other);
            self.third(at, cache, (along, other), product);
            self.shape.add_embedded(at.lambda, product, by_class, out);
            self.shape.transposed_product(direction, v, by_class, other);
            self.curvature(at, cache, other, product);
            self.shape.add_embedded(at.lambda, product, by_class, out);
        });
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        self.lend(cache, |cache, [first, second, product, by_class]| {
            out.fill(0.0);
            self.shape.weights(at.lambda, u, by_class, first);
            self.shape.weights(at.lambda, v, by_class, second);
            self.curvature(at, cache, second, product);
            self.shape.add_outer_product(u, product, by_class, out);
            self.curvature(at, cache, first, product);
            self.shape.add_outer_product(v, product, by_class, out);
            self.third(at, cache, (first, second), product);
            self.shape.add_outer_product(at.theta, product, by_class, out);
        });
    }
}

impl OuterObjective for Embedding {
    fn value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.lend(cache, |cache, [weights, _, _, by_class]| {
            self.shape.weights(at.lambda, at.theta, by_class, weights);
            self.sets.outer.value(Location { theta: weights, ..at }, cache)
        })
    }

    fn gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.lend(cache, |cache, [weights, slope, _, by_class]| {
            self.shape.weights(at.lambda, at.theta, by_class, weights);
            self.sets.outer.gradient(Location { theta: weights, ..at }, cache, slope);
            out.fill(0.0);
            self.shape.add_embedded(at.lambda, slope, by_class, out);
        });
    }

    fn lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.lend(cache, |cache, [weights, slope, _, by_class]| {
            self.shape.weights(at.lambda, at.theta, by_class, weights);
            self.sets.outer.gradient(Location { theta: weights, ..at }, cache, slope);
            out.fill(0.0);
            self.shape.add_outer_product(at.theta, slope, by_class, out);
        });
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.lend(cache, |cache, [weights, along, product, by_class]| {
            self.shape.weights(at.lambda, at.theta, by_class, weights);
            self.shape.weights(at.lambda, v, by_class, along);
            self.sets.outer.hvp(Location { theta: weights, ..at }, cache, along, product);
            out.fill(0.0);
            self.shape.add_embedded(at.lambda, product, by_class, out);
        });
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.lend(cache, |cache, [weights, along, product, by_class]| {
            self.shape.weights(at.lambda, at.theta, by_class, weights);
            self.sets.outer.gradient(Location { theta: weights, ..at }, cache, product);
            out.fill(0.0);
            self.shape.add_product(u, product, by_class, out);
            self.shape.transposed_product(u, at.theta, by_class, along);
            self.sets.outer.hvp(Location { theta: weights, ..at }, cache, along, product);
            self.shape.add_embedded(at.lambda, product, by_class, out);
        });
    }
}
