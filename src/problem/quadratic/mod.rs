//! The quadratic bilevel problem, where every derivative is a matrix.
//!
//! `g = ½θᵀAθ + ½λᵀBλ + λᵀCθ + aᵀθ + bᵀλ`, `f = ½θᵀFθ + ½λᵀHλ + λᵀKθ + fᵀθ + hᵀλ`, with
//! `A, F ∈ R^{d×d}`, `B, H ∈ R^{p×p}`, `C, K ∈ R^{p×d}`. Then `H = A`, `J = Cᵀ`,
//! `θ* = −A⁻¹(Cᵀλ + a)`, and the direct part `∇_λ f = Hλ + Kθ + h` is not zero. The
//! setting of Ghadimi and Wang 2018. Cost: `O(d² + pd)` for each call. There are no rows and no mini-batches.

mod coefficients;
mod form;
mod minimum;

use std::sync::Arc;

use super::constant_curvature::ConstantCurvature;
use super::linear::largest_eigenvalue;
use super::regularity::smallest_eigenvalue;
use super::{
    Block, BuildError, Cache, Dimensions, Entry, Level, Location, Minimum, Needs, OuterObjective, Precise,
    PreciseLocation, Problem, Regularity, ThirdDerivatives,
};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::double::Double;
use crate::math::{Factorization, Matrix};
use coefficients::Coefficients;
use form::Form;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "quadratic",
        name: "Quadratic bilevel problem",
        source: "The setting of Ghadimi and Wang 2018, with both objectives quadratic",
        equation: "g = ½θᵀAθ + ½λᵀBλ + λᵀCθ + aᵀθ + bᵀλ,  f = ½θᵀFθ + ½λᵀHλ + λᵀKθ + fᵀθ + hᵀλ",
        summary: "A made-up problem of two quadratic bowls, in which everything can be checked by hand. ∇F is \
                  known in closed form and the condition number of the inner problem is a dial. The one problem \
                  whose outer objective reads λ directly.",
        cost: "d² for a Hessian-vector product, pd for a cross product",
        fails: "Too simple to show curvature that changes with θ: errors that need a third derivative are zero. \
                At a large condition number gradient descent and Neumann series barely move.",
        knobs: &[
            Knob {
                key: "inner_dimension",
                help: "Length d of θ, when the matrices are drawn and not given as arrays.",
                kind: Kind::Integer { default: 20, range: (1, 500), scale: Scale::Logarithmic },
            },
            Knob {
                key: "outer_dimension",
                help: "Length p of λ, when the matrices are drawn and not given as arrays.",
                kind: Kind::Integer { default: 5, range: (1, 500), scale: Scale::Logarithmic },
            },
            Knob {
                key: "condition",
                help: "Condition number of A, when it is drawn; its largest eigenvalue is 1.",
                kind: Kind::Real { default: 100.0, range: (1.0, 1e8), scale: Scale::Logarithmic },
            },
        ],
    },
    needs: |_| Needs::Nothing,
    level: Level::Alike("it reads no data"),
    build: |parts| {
        let coefficients =
            if parts.arrays.is_empty() { Coefficients::drawn(parts) } else { Coefficients::given(parts.arrays)? };
        Ok(Arc::new(Quadratic::new(coefficients)?))
    },
};

struct Quadratic {
    g: Form,
    f: Form,
    factorization: Factorization,
    largest_eigenvalue: f64,
    minimum: Option<Minimum>,
}

impl Quadratic {
    fn new(Coefficients { g, f }: Coefficients) -> Result<Self, BuildError> {
        let factorization = Factorization::symmetric(&g.inner).filter(Factorization::is_positive_definite);
        let Some(factorization) = factorization else {
            let smallest = g.inner.symmetric_eigenvalues().and_then(|values| values.first().copied());
            let smallest = smallest.unwrap_or(f64::NAN);
            let message =
                format!("the smallest eigenvalue of `A` is {smallest:.3e}; expected a positive definite matrix");
            return Err(BuildError::at("arrays", message));
        };
        let minimum = minimum::minimum(&g, &f, &factorization);
        Ok(Self { largest_eigenvalue: largest_eigenvalue(&g.inner), minimum, factorization, g, f })
    }
}

impl Problem for Quadratic {
    fn dimensions(&self) -> Dimensions {
        let (inner, outer) = (self.g.inner_linear.len(), self.g.outer_linear.len());
        Dimensions { inner, outer, training: 0, validation: 0 }
    }

    fn prepare(&self, _: Location<'_>, _: &mut Cache) {}

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.g.value(at.lambda, at.theta, &mut cache.scratch)
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.g.gradient(at.lambda, at.theta, &mut cache.scratch[0], out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.g.lambda_gradient(at.lambda, at.theta, &mut cache.scratch[0], out);
    }

    fn hvp(&self, _: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.g.inner.apply(v, out);
    }

    fn cross_vjp(&self, _: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.g.coupling.apply(v, out);
    }

    fn cross_jvp(&self, _: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.g.coupling.apply_transposed(u, out);
    }

    fn hessian(&self, _: Location<'_>, _: &mut Cache, out: &mut Matrix) {
        out.clone_from(&self.g.inner);
    }

    fn precise(&self) -> Option<&dyn Precise> {
        Some(self)
    }

    fn outer(&self) -> &dyn OuterObjective {
        self
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(&ConstantCurvature)
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        Some(minimum::solution(&self.g, &self.factorization, lambda))
    }

    fn minimum(&self) -> Option<&Minimum> {
        self.minimum.as_ref()
    }

    fn curvature_bound(&self, _: &[f64]) -> Option<f64> {
        Some(self.largest_eigenvalue)
    }

    fn regularity(&self, _: &[f64]) -> Option<Regularity> {
        let (outer, outer_cross) = (self.f.inner.spectral_norm(), self.f.coupling.spectral_norm());
        let convexity = smallest_eigenvalue(&self.g.inner);
        Regularity { convexity, hessian: 0.0, cross: 0.0, outer, outer_cross }.known()
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::numbered("lambda", self.g.outer_linear.len())]
    }
}

impl OuterObjective for Quadratic {
    fn value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.f.value(at.lambda, at.theta, &mut cache.scratch)
    }

    fn gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.f.gradient(at.lambda, at.theta, &mut cache.scratch[0], out);
    }

    fn lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.f.lambda_gradient(at.lambda, at.theta, &mut cache.scratch[0], out);
    }

    fn hvp(&self, _: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.f.inner.apply(v, out);
    }

    fn cross_jvp(&self, _: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.f.coupling.apply_transposed(u, out);
    }
}

impl Precise for Quadratic {
    fn inner_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.g.precise_gradient(at, out);
    }

    fn hvp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        self.g.precise_curvature(at.rounding, v, out);
    }

    fn cross_vjp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        self.g.precise_coupling(at.rounding, v, out);
    }

    fn outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.f.precise_gradient(PreciseLocation { rounding: at.rounding.apart(1), ..at }, out);
    }

    fn outer_lambda_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.f.precise_lambda_gradient(PreciseLocation { rounding: at.rounding.apart(1), ..at }, out);
    }

    fn work(&self) -> usize {
        self.g.inner.entries().len()
    }
}
