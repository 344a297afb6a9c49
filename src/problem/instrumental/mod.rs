//! Instrumental variables: a regression of y on x where what is left out moves both, by way of z, which moves y through x alone.
//!
//! With functions ψ of the regressors and χ of the instruments, `f_λ(x) = λᵀψ(x)` and `h(z) = θᵀχ(z)`,
//!
//! `g = (1/2n) Σ_i (h(z_i) − f_λ(x_i))² + (r_in/2)‖θ‖²`, `f = (1/2m) Σ_i (y′_i − h(z′_i))² + (r_out/2)‖λ‖²`:
//!
//! h is the regression of f_λ(X) on Z, and the outer fit is that of Y by it. The inner variable is a function, strongly convex in its
//! value: `H = XᵀX/n + r_in I` with rows χ(z_i), and the adjoint `a = −χᵀH⁻¹∇_θ f` is a second regression, of y − h on z (Petrulionyte,
//! Mairal, Arbel 2024). `J = −XᵀΨ/n`, so that `∇F = r_out λ − (1/n) Σ_i ψ(x_i) a(z_i)`. θ*(λ) is linear in λ and F a convex quadratic
//! with its least value at `(MᵀM/m + r_out I)⁻¹Mᵀy′/m`, `M = X′H⁻¹XᵀΨ/n`. With r = 0 and the same rows on both sides that is two-stage
//! least squares. Cost: `O(d² + dp)` for a gradient or a product; θ* one solve with a fixed factorization. Over a mini-batch only
//! the rows drawn contribute, as often as they were drawn.

mod basis;
mod places;
mod roles;
mod stages;

use std::sync::Arc;

use basis::Basis;
use places::Places;
use roles::Roles;
use stages::{Rows, is_definite};

use super::constant_curvature::ConstantCurvature;
use super::linear::loss::Squared;
use super::linear::{LeastSquares, Sets, intake, largest_of_gram, prepared};
use super::regularity::smallest;
use super::{
    Block, BuildError, Cache, Dimensions, Entry, Level, Location, Minimum, Needs, OuterObjective, Parts, Problem,
    Regularity, Sample, Score, Structural, ThirdDerivatives,
};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::data::{Samples, Split};
use crate::math::Matrix;
use crate::math::vector::{axpy, dot};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "instrumental",
        name: "Instrumental variables",
        source: "Petrulionyte, Mairal, Arbel 2024, section 4; two-stage least squares: Theil 1953",
        equation: "g = ½ mean (h(z) − λᵀψ(x))² + ½ r_in ‖θ‖²,  f = ½ mean (y′ − h(z′))² + ½ r_out ‖λ‖²;  h(z) = θᵀχ(z)",
        summary: "A cause is told from what merely goes along with it, by a third quantity that moves the cause alone. λ are the \
                  coefficients of the target as a function of its regressors. The inner problem regresses that function on the \
                  instruments, the outer one fits the target by what comes out.",
        cost: "a gradient or product d² + dp, on a mini-batch of B rows 2B(d + p); θ* one solve with a fixed factorization",
        fails: "An instrument that moves the target by another way than the regressors, or hardly moves these, says nothing; no number \
                here shows it. Functions that vary fast leave almost nothing in their regression on the instruments: without r_out \
                their coefficients are noise. Test rows of a table are confounded as all others, so that their loss favours least squares.",
        knobs: &[
            Knob {
                key: "basis",
                help: "Which functions ψ and χ are made of, beside a constant.",
                kind: Kind::Choice {
                    options: &[
                        ("Hermite", "Hermite polynomials of every column: x, x² − 1, x³ − 3x, …"),
                        ("Fourier", "x, sin ωkx and cos ωkx of every column, k up to the order"),
                    ],
                },
            },
            Knob {
                key: "regressor_order",
                help: "Highest degree, or number of frequencies, of ψ.",
                kind: Kind::Integer { default: 1, range: (1, 50), scale: Scale::Linear },
            },
            Knob {
                key: "instrument_order",
                help: "Highest degree, or number of frequencies, of χ.",
                kind: Kind::Integer { default: 2, range: (1, 50), scale: Scale::Linear },
            },
            Knob {
                key: "frequency",
                help: "ω, for Fourier.",
                kind: Kind::Real { default: 0.75, range: (1e-3, 1e3), scale: Scale::Logarithmic },
            },
            Knob {
                key: "inner_ridge",
                help: "r_in on ‖θ‖²/2. With 0 there is one θ* only where the functions of the instruments are independent.",
                kind: Kind::Real { default: 1e-3, range: (0.0, 1e4), scale: Scale::Logarithmic },
            },
            Knob {
                key: "outer_ridge",
                help: "r_out on ‖λ‖²/2, which keeps what the instruments do not see from being fitted to noise.",
                kind: Kind::Real { default: 1e-3, range: (0.0, 1e4), scale: Scale::Logarithmic },
            },
        ],
    },
    needs: |_| Needs::Instruments,
    level: Level::Own("the constants among its functions"),
    build: |parts| Ok(Arc::new(Instrumental::new(parts)?)),
};

struct Instrumental {
    /// χ(z) of training and validation rows. Training targets are zero: the inner problem has λᵀψ(x) in their place.
    fit: LeastSquares,
    /// ψ(x) and y of the training rows.
    training: Rows,
    /// ψ(x) and y of the test rows.
    test: Rows,
    /// `Xᵀ diag(w) Ψ/n`, d × p.
    moment: Matrix,
    outer_ridge: f64,
    /// Of the coefficients λ.
    names: Vec<String>,
    regularity: Option<Regularity>,
    minimum: Option<Minimum>,
    least_squares: Option<Vec<f64>>,
    places: Places,
}

impl Instrumental {
    fn new(parts: &Parts<'_>) -> Result<Self, BuildError> {
        intake::no_arrays(parts)?;
        let mut split = intake::regression(parts, intake::Validation::Needed)?;
        intake::written_out(&mut split)?;
        let Roles { regressors, instruments } = Roles::of(&split)?;
        let chi = Basis::new(parts.knobs, parts.knobs.count("instrument_order"), instruments);
        let psi = Basis::new(parts.knobs, parts.knobs.count("regressor_order"), regressors);
        [chi.width(), psi.width()].into_iter().try_for_each(intake::check_dense)?;
        let (inner_ridge, outer_ridge) = (parts.knobs.real("inner_ridge"), parts.knobs.real("outer_ridge"));
        let places = Places::of(&psi, &[&split.training, &split.validation]);
        let names = psi.names(&split.feature_names);
        let [training, validation, test] =
            [&split.training, &split.validation, &split.test].map(|samples| Rows::of(&psi, samples));
        let least_squares = stages::fitted(&[&training, &validation], outer_ridge);

        let second = Rows::of(&chi, &split.validation);
        let (fit, hessian) = LeastSquares::new(instrumented(&chi, &split), inner_ridge);
        let moment = moment(&fit.sets, &training.functions);
        let first = fit.factorization.as_ref().filter(|factor| is_definite(factor, &hessian));
        let minimum = first.and_then(|first| stages::minimum(first, &moment, second, outer_ridge));
        let regularity = Regularity {
            convexity: smallest(&fit.eigenvalues),
            hessian: 0.0,
            cross: 0.0,
            outer: largest_of_gram(&fit.sets.outer.validation, |_| 1.0),
            outer_cross: 0.0,
        };
        Ok(Self {
            training,
            regularity: regularity.known(),
            fit,
            test,
            moment,
            outer_ridge,
            names,
            minimum,
            least_squares,
            places,
        })
    }
}

/// The two regressions on χ: training rows without targets, and validation rows.
fn instrumented(chi: &Basis, split: &Split) -> Sets<Squared> {
    let of = |samples: &Samples, targets: Vec<f64>| {
        let features = chi.of(&samples.features.dense()).into();
        Samples { features, targets, weights: samples.weights.clone() }
    };
    let training = of(&split.training, vec![0.0; split.training.targets.len()]);
    let validation = of(&split.validation, split.validation.targets.clone());
    let test = Samples::none(chi.width());
    Sets::new(Split { training, validation, test, ..Split::default() }, || Squared, None)
}

/// `Xᵀ diag(w) Ψ/n`.
fn moment(sets: &Sets<Squared>, psi: &Matrix) -> Matrix {
    let mut moment = Matrix::zeros(sets.training.dimension(), psi.columns());
    for j in 0..psi.columns() {
        let mut column = vec![0.0; moment.rows()];
        sets.training.add_rows(None, |row| psi[(row, j)], &mut column);
        moment.set_column(j, &column);
    }
    moment
}

impl Instrumental {
    /// `f_λ(x)` of a training row.
    fn structural_value(&self, lambda: &[f64], row: usize) -> f64 {
        dot(self.training.functions.row(row), lambda)
    }

    /// `out −= Xᵀ diag(w) Ψ u/n` over the rows in use.
    fn subtract_structural(&self, at: Location<'_>, u: &[f64], out: &mut [f64]) {
        if at.rows.training.is_some() {
            return self.fit.sets.training.add_rows(at.rows.training, |row| -self.structural_value(u, row), out);
        }
        for (target, row) in out.iter_mut().zip(0..) {
            *target -= dot(self.moment.row(row), u);
        }
    }

    /// `out = −Ψᵀ diag(w) r/n` over the rows in use, with r a function of a row and χᵀv there.
    fn by_lambda(&self, at: Location<'_>, v: &[f64], residual: impl Fn(usize, f64) -> f64, out: &mut [f64]) {
        let share = self.fit.sets.training.share(at.rows.training);
        out.fill(0.0);
        self.fit.sets.training.each_score(at.rows.training, v, |row, of| {
            axpy(-share * of.weight * residual(row, of.score), self.training.functions.row(row), out);
        });
    }
}

impl Problem for Instrumental {
    fn dimensions(&self) -> Dimensions {
        self.fit.sets.dimensions(self.names.len())
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.fit.sets.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, _: &mut Cache) -> f64 {
        let mut sum = 0.0;
        self.fit.sets.training.each_score(at.rows.training, at.theta, |row, of| {
            sum += of.weight * (of.score - self.structural_value(at.lambda, row)).powi(2);
        });
        0.5 * (self.fit.sets.training.share(at.rows.training) * sum + self.fit.ridge * dot(at.theta, at.theta))
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.fit.sets.training.add_gradient(place, scratch, out);
        self.subtract_structural(at, at.lambda, out);
        axpy(self.fit.ridge, at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        self.by_lambda(at, at.theta, |row, h| h - self.structural_value(at.lambda, row), out);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.fit.hvp(at, cache, v, out);
    }

    fn hvps(&self, at: Location<'_>, cache: &mut Cache, directions: &[f64], count: usize, out: &mut [f64]) {
        if !self.fit.sets.training.has_panels() {
            return self.hvps_in_turn(at, cache, directions, count, out);
        }
        self.fit.hvps(at, cache, (directions, count), out);
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        if at.rows.training.is_some() {
            return self.by_lambda(at, v, |_, score| score, out);
        }
        self.moment.apply_transposed(v, out);
        out.iter_mut().for_each(|entry| *entry = -*entry);
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.subtract_structural(at, u, out);
    }

    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.fit.hessian(at, cache, out);
    }

    fn outer(&self) -> &dyn OuterObjective {
        self
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(&ConstantCurvature)
    }

    fn minimum(&self) -> Option<&Minimum> {
        self.minimum.as_ref()
    }

    fn value_is_convex(&self) -> bool {
        true
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        Some(self.fit.factorization.as_ref()?.solve(&self.moment.times(lambda)))
    }

    fn curvature_bound(&self, _: &[f64]) -> Option<f64> {
        Some(self.fit.largest())
    }

    fn regularity(&self, _: &[f64]) -> Option<Regularity> {
        self.regularity
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn is_convex(&self) -> bool {
        self.fit.is_convex()
    }

    /// Training and validation rows by how well h fits the target, test rows by how well f_λ does.
    fn score(&self, sample: Sample, lambda: &[f64], theta: &[f64]) -> Option<Score> {
        let loss = match sample {
            Sample::Test => self.test.loss(lambda)?,
            Sample::Validation => return self.fit.sets.score(sample, theta),
            Sample::Training => {
                let mut sum = 0.0;
                self.fit.sets.training.each_score(None, theta, |row, of| {
                    sum += of.weight * (of.score - self.training.targets[row]).powi(2);
                });
                0.5 * self.fit.sets.training.share(None) * sum
            }
        };
        Some(Score { loss, accuracy: None })
    }

    fn reads_groups(&self) -> bool {
        true
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::new("coefficients", self.names.clone())]
    }

    fn lambda_meets_rows(&self) -> bool {
        true
    }

    fn structural(&self) -> Option<&dyn Structural> {
        Some(self)
    }

    fn baselines(&self) -> Vec<(&'static str, Score)> {
        let loss = self.least_squares.as_ref().and_then(|lambda| self.test.loss(lambda));
        loss.map(|loss| ("least squares", Score { loss, accuracy: None })).into_iter().collect()
    }
}

impl OuterObjective for Instrumental {
    fn value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.fit.sets.outer.value(at, cache) + 0.5 * self.outer_ridge * dot(at.lambda, at.lambda)
    }

    fn gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.fit.sets.outer.gradient(at, cache, out);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.fit.sets.outer.hvp(at, cache, v, out);
    }

    fn lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        // Zero, but where θ is no number, and f and its slope are none.
        let none = 0.0 * at.theta.iter().sum::<f64>();
        out.iter_mut().zip(at.lambda).for_each(|(out, entry)| *out = self.outer_ridge * entry + none);
    }
}

impl Structural for Instrumental {
    fn regressor(&self) -> Option<usize> {
        self.places.column
    }

    fn places(&self) -> &[f64] {
        &self.places.at
    }

    fn curve(&self, lambda: &[f64]) -> Vec<f64> {
        self.places.curve(lambda)
    }

    fn least_squares(&self) -> Option<&[f64]> {
        self.least_squares.as_deref()
    }
}
