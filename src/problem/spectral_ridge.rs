//! Ridge regression on waves whose frequencies are hyperparameters: a real inner problem under an F with many wells.
//!
//! Rows are `(x, y)` with x from 0 to 10 and `y = sin 2.3x + .7 cos(5.1x + .4) + .4 sin 7.2x + noise`, drawn from the seed; training and validation rows take turns. Features are
//! `φ(x; ω) = (cos ω₁x, sin ω₁x, …, cos ω_Jx, sin ω_Jx)`, d = 2J, and `λ = (ω₁, …, ω_J, ρ)`:
//!
//! `g = (1/2n) Σ (φᵢᵀθ − yᵢ)² + e^ρ‖θ‖²/2`, `f = (1/m) Σ (φᵢᵀθ − yᵢ)²` over the validation rows, without penalty and without a half.
//!
//! ω moves the features of both losses, so that f has a direct part in λ. With `φ′ⱼ = ∂φ/∂ωⱼ = x(−sin ωⱼx, cos ωⱼx)` at its two entries: `∂g/∂ωⱼ = mean r φ′ⱼᵀθ`,
//! `∂²g/∂θ∂ωⱼ = mean(φ φ′ⱼᵀθ + r φ′ⱼ)`. Source: the problem is this project's, in the manner of a line spectrum; the many wells of frequency estimation are old
//! (Rife and Boorstyn 1974). It has no mini-batches: its rows are its own.

use std::sync::Arc;

use rand_distr::{Distribution, StandardNormal};

use super::linear::intake;
use super::{
    Block, Cache, Dimensions, Entry, Level, Location, Needs, OuterObjective, Parts, Problem, ThirdDerivatives,
};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::random::{Purpose, stream};
use crate::math::vector::{axpy, dot};
use crate::math::{Factorization, Matrix};

/// Frequencies at most, so that a row's waves have a place without a heap.
const MOST: usize = 8;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "spectral-ridge",
        name: "Spectral ridge",
        source: "this project's; wells of frequency estimation as in Rife and Boorstyn 1974",
        equation: "g = mean (φ(x; ω)ᵀθ − y)²/2 + e^ρ‖θ‖²/2,  f = mean (φ(x; ω)ᵀθ − y)²,  λ = (ω, ρ)",
        summary: "Fits a curve with waves whose frequencies and penalty are hyperparameters. A frequency that has missed its wave is drawn to a side lobe and stays there, so that \
                  F has many wells over a real inner problem.",
        cost: "waves of every row, a few operations each",
        fails: "It has rows of its own, without mini-batches and without a test set.",
        knobs: &[
            Knob {
                key: "frequencies",
                help: "J, the waves that are fitted.",
                kind: Kind::Integer { default: 3, range: (1, MOST as i64), scale: Scale::Linear },
            },
            Knob {
                key: "rows",
                help: "Training rows, and as many for validation.",
                kind: Kind::Integer { default: 60, range: (4, 10_000), scale: Scale::Logarithmic },
            },
            Knob {
                key: "noise",
                help: "Standard deviation of the noise in y.",
                kind: Kind::Real { default: 0.3, range: (0.0, 100.0), scale: Scale::Linear },
            },
        ],
    },
    needs: |_| Needs::Nothing,
    level: Level::Alike("it reads no data"),
    build: |parts| {
        intake::no_arrays(parts)?;
        Ok(Arc::new(SpectralRidge::drawn(parts)))
    },
};

/// Lowest and highest frequency, and log penalty.
const FREQUENCIES: (f64, f64) = (0.2, 9.0);
const LOG_PENALTIES: (f64, f64) = (-9.0, 3.0);

/// The streams of its rows among those of data.
const STREAM: u64 = 901;

struct SpectralRidge {
    frequencies: usize,
    training: Rows,
    validation: Rows,
}

/// x and y of each row.
struct Rows(Vec<(f64, f64)>);

/// The waves of one row: cosine and sine of every ωx.
struct Waves {
    x: f64,
    each: [(f64, f64); MOST],
    count: usize,
}

impl Waves {
    fn of(x: f64, omegas: &[f64]) -> Self {
        let mut each = [(0.0, 0.0); MOST];
        for (wave, omega) in each.iter_mut().zip(omegas) {
            let (sine, cosine) = (omega * x).sin_cos();
            *wave = (cosine, sine);
        }
        Self { x, each, count: omegas.len() }
    }

    /// The features, two for each frequency.
    fn features(&self) -> impl Iterator<Item = f64> + '_ {
        self.each[..self.count].iter().flat_map(|(cosine, sine)| [*cosine, *sine])
    }

    /// `φᵀv`.
    fn along(&self, v: &[f64]) -> f64 {
        self.features().zip(v).map(|(feature, v)| feature * v).sum()
    }

    /// `out += scale φ`.
    fn add_to(&self, scale: f64, out: &mut [f64]) {
        self.features().zip(out).for_each(|(feature, out)| *out += scale * feature);
    }

    /// `φ′ⱼᵀv`.
    fn moved_along(&self, j: usize, v: &[f64]) -> f64 {
        let (cosine, sine) = self.each[j];
        self.x * (cosine * v[2 * j + 1] - sine * v[2 * j])
    }

    /// `out += scale φ′ⱼ`.
    fn add_moved_to(&self, scale: f64, j: usize, out: &mut [f64]) {
        let (cosine, sine) = self.each[j];
        out[2 * j] -= scale * self.x * sine;
        out[2 * j + 1] += scale * self.x * cosine;
    }

    /// `(Σⱼ uⱼ φ′ⱼ)ᵀv`.
    fn turned_along(&self, u: &[f64], v: &[f64]) -> f64 {
        (0..self.count).map(|j| u[j] * self.moved_along(j, v)).sum()
    }
}

impl Rows {
    /// Calls `each` with the waves and residual of every row, and what it weighs in a mean.
    fn each(&self, omegas: &[f64], theta: &[f64], mut each: impl FnMut(&Waves, f64, f64)) {
        let weight = 1.0 / self.0.len() as f64;
        for (x, y) in &self.0 {
            let waves = Waves::of(*x, omegas);
            each(&waves, waves.along(theta) - y, weight);
        }
    }

    /// `mean r²`.
    fn mean_square(&self, omegas: &[f64], theta: &[f64]) -> f64 {
        let mut sum = 0.0;
        self.each(omegas, theta, |_, residual, weight| sum += weight * residual * residual);
        sum
    }

    /// `out ← scale · mean r φ`.
    fn gradient(&self, (omegas, theta): (&[f64], &[f64]), scale: f64, out: &mut [f64]) {
        out.fill(0.0);
        self.each(omegas, theta, |waves, residual, weight| waves.add_to(scale * weight * residual, out));
    }

    /// `out ← scale · mean φ φᵀv`.
    fn hvp(&self, (omegas, theta): (&[f64], &[f64]), scale: f64, v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.each(omegas, theta, |waves, _, weight| waves.add_to(scale * weight * waves.along(v), out));
    }

    /// `outⱼ ← scale · mean r φ′ⱼᵀθ`.
    fn frequency_gradient(&self, (omegas, theta): (&[f64], &[f64]), scale: f64, out: &mut [f64]) {
        out.fill(0.0);
        self.each(omegas, theta, |waves, residual, weight| {
            for (j, out) in out.iter_mut().enumerate() {
                *out += scale * weight * residual * waves.moved_along(j, theta);
            }
        });
    }

    /// `outⱼ ← vᵀ mean(φ φ′ⱼᵀθ + r φ′ⱼ)`.
    fn cross_vjp(&self, (omegas, theta): (&[f64], &[f64]), v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.each(omegas, theta, |waves, residual, weight| {
            let along = waves.along(v);
            for (j, out) in out.iter_mut().enumerate() {
                *out += weight * (along * waves.moved_along(j, theta) + residual * waves.moved_along(j, v));
            }
        });
    }

    /// `out ← scale · Σⱼ uⱼ mean(φ φ′ⱼᵀθ + r φ′ⱼ)`.
    fn cross_jvp(&self, (omegas, theta): (&[f64], &[f64]), scale: f64, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.each(omegas, theta, |waves, residual, weight| {
            waves.add_to(scale * weight * waves.turned_along(u, theta), out);
            for (j, u) in u.iter().enumerate() {
                waves.add_moved_to(scale * weight * residual * u, j, out);
            }
        });
    }
}

impl SpectralRidge {
    fn drawn(parts: &Parts<'_>) -> Self {
        let (count, noise) = (2 * parts.knobs.count("rows"), parts.knobs.real("noise"));
        let mut random = stream(parts.seed, Purpose::Data, &[STREAM]);
        let row = |number: usize| {
            let x = 10.0 * number as f64 / (count - 1) as f64;
            let deviation: f64 = StandardNormal.sample(&mut random);
            (x, (2.3 * x).sin() + 0.7 * (5.1 * x + 0.4).cos() + 0.4 * (7.2 * x).sin() + noise * deviation)
        };
        let all: Vec<(f64, f64)> = (0..count).map(row).collect();
        let part = |first: usize| Rows(all.iter().skip(first).step_by(2).copied().collect());
        Self { frequencies: parts.knobs.count("frequencies"), training: part(0), validation: part(1) }
    }

    /// (ω, θ).
    fn place<'a>(&self, at: Location<'a>) -> (&'a [f64], &'a [f64]) {
        (&at.lambda[..self.frequencies], at.theta)
    }

    fn penalty(&self, lambda: &[f64]) -> f64 {
        lambda[self.frequencies].exp()
    }

    /// H, and the mean of yφ.
    fn normal_equations(&self, lambda: &[f64]) -> (Matrix, Vec<f64>) {
        let (size, omegas) = (2 * self.frequencies, &lambda[..self.frequencies]);
        let (mut hessian, mut right) = (Matrix::zeros(size, size), vec![0.0; size]);
        // At θ = 0 the residual is −y.
        self.training.each(omegas, &right.clone(), |waves, residual, weight| {
            waves.add_to(-weight * residual, &mut right);
            for (i, a) in waves.features().enumerate() {
                waves.features().enumerate().for_each(|(j, b)| hessian[(i, j)] += weight * (a * b));
            }
        });
        hessian.add_to_diagonal(self.penalty(lambda));
        (hessian, right)
    }
}

impl Problem for SpectralRidge {
    fn dimensions(&self) -> Dimensions {
        Dimensions { inner: 2 * self.frequencies, outer: self.frequencies + 1, training: 0, validation: 0 }
    }

    fn prepare(&self, _: Location<'_>, _: &mut Cache) {}

    fn inner_value(&self, at: Location<'_>, _: &mut Cache) -> f64 {
        let (omegas, theta) = self.place(at);
        0.5 * (self.training.mean_square(omegas, theta) + self.penalty(at.lambda) * dot(theta, theta))
    }

    fn inner_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        self.training.gradient(self.place(at), 1.0, out);
        axpy(self.penalty(at.lambda), at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        let (omegas, rest) = out.split_at_mut(self.frequencies);
        self.training.frequency_gradient(self.place(at), 1.0, omegas);
        rest[0] = 0.5 * self.penalty(at.lambda) * dot(at.theta, at.theta);
    }

    fn hvp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.training.hvp(self.place(at), 1.0, v, out);
        axpy(self.penalty(at.lambda), v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (omegas, rest) = out.split_at_mut(self.frequencies);
        self.training.cross_vjp(self.place(at), v, omegas);
        rest[0] = self.penalty(at.lambda) * dot(at.theta, v);
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        let (omegas, rest) = u.split_at(self.frequencies);
        self.training.cross_jvp(self.place(at), 1.0, omegas, out);
        axpy(self.penalty(at.lambda) * rest[0], at.theta, out);
    }

    fn hessian(&self, at: Location<'_>, _: &mut Cache, out: &mut Matrix) {
        *out = self.normal_equations(at.lambda).0;
    }

    fn outer(&self) -> &dyn OuterObjective {
        self
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(self)
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        let (hessian, right) = self.normal_equations(lambda);
        Some(Factorization::symmetric(&hessian)?.solve(&right))
    }

    fn curvature_bound(&self, lambda: &[f64]) -> Option<f64> {
        self.normal_equations(lambda).0.symmetric_eigenvalues()?.last().copied()
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn blocks(&self) -> Vec<Block> {
        let names = (1..=self.frequencies).map(|j| format!("ω {j}")).collect();
        let ((low, high), (least, most)) = (FREQUENCIES, LOG_PENALTIES);
        let mut frequencies = Block::new("frequencies", names).within(low, high);
        // Apart, since waves of one frequency are one wave.
        let apart = (high - low) / (self.frequencies + 1) as f64;
        for (j, start) in frequencies.start.iter_mut().enumerate() {
            *start = low + apart * (j + 1) as f64;
        }
        vec![
            frequencies,
            Block::new("log_penalty", vec!["log penalty".to_owned()]).within(least, most).starting_at(-3.0),
        ]
    }

    fn lambda_meets_rows(&self) -> bool {
        true
    }
}

impl OuterObjective for SpectralRidge {
    fn value(&self, at: Location<'_>, _: &mut Cache) -> f64 {
        let (omegas, theta) = self.place(at);
        self.validation.mean_square(omegas, theta)
    }

    fn gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        self.validation.gradient(self.place(at), 2.0, out);
    }

    fn hvp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.validation.hvp(self.place(at), 2.0, v, out);
    }

    fn lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        let (omegas, rest) = out.split_at_mut(self.frequencies);
        self.validation.frequency_gradient(self.place(at), 2.0, omegas);
        rest[0] = 0.0;
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.validation.cross_jvp(self.place(at), 2.0, &u[..self.frequencies], out);
    }
}

impl ThirdDerivatives for SpectralRidge {
    fn inner(&self, _: Location<'_>, _: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        // g is quadratic in θ; what is no number stays none.
        out.fill(u.iter().chain(v).map(|x| 0.0 * x).sum());
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        let (omegas, rest) = direction.split_at(self.frequencies);
        let (places, theta) = self.place(at);
        out.fill(0.0);
        self.training.each(places, theta, |waves, _, weight| {
            waves.add_to(weight * waves.turned_along(omegas, v), out);
            let along = waves.along(v);
            omegas.iter().enumerate().for_each(|(j, u)| waves.add_moved_to(weight * along * u, j, out));
        });
        axpy(self.penalty(at.lambda) * rest[0], v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        let (omegas, rest) = out.split_at_mut(self.frequencies);
        let (places, theta) = self.place(at);
        omegas.fill(0.0);
        self.training.each(places, theta, |waves, _, weight| {
            let (of_u, of_v) = (waves.along(u), waves.along(v));
            for (j, out) in omegas.iter_mut().enumerate() {
                *out += weight * (waves.moved_along(j, u) * of_v + of_u * waves.moved_along(j, v));
            }
        });
        rest[0] = self.penalty(at.lambda) * dot(u, v);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Knobs, Value};

    fn problem(noise: f64) -> SpectralRidge {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("noise", Value::Real(noise));
        SpectralRidge::drawn(&Parts { knobs: &knobs, data: None, arrays: &[], seed: 3 })
    }

    /// Without noise the true frequencies leave nothing but what a penalty of e⁻⁹ does, and any other leaves more.
    #[test]
    fn the_true_frequencies_explain_all_but_the_noise() {
        let problem = problem(0.0);
        let left = |lambda: &[f64]| {
            let theta = problem.solve(lambda).unwrap();
            problem.validation.mean_square(&lambda[..3], &theta)
        };
        let truth = [2.3, 5.1, 7.2, -9.0];
        assert!(left(&truth) < 1e-6, "{}", left(&truth));
        for (entry, other) in [(0, 2.6), (1, 4.5), (2, 8.8)] {
            let mut lambda = truth;
            lambda[entry] = other;
            assert!(left(&lambda) > 1e-2, "{lambda:?} leaves {}", left(&lambda));
        }
        let theta = problem.solve(&truth).unwrap();
        // sin 2.3x; .7 cos(5.1x + .4) = .7 cos .4 cos 5.1x − .7 sin .4 sin 5.1x; .4 sin 7.2x.
        let expected = [0.0, 1.0, 0.7 * 0.4f64.cos(), -0.7 * 0.4f64.sin(), 0.0, 0.4];
        assert!(theta.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-3), "{theta:?}");
    }

    #[test]
    fn rows_take_turns() {
        let problem = problem(0.3);
        assert_eq!((problem.training.0.len(), problem.validation.0.len()), (60, 60));
        let (first, last) = (problem.training.0[0].0, problem.validation.0[59].0);
        assert_eq!((first, last), (0.0, 10.0));
        for (training, validation) in problem.training.0.iter().zip(&problem.validation.0) {
            assert!((validation.0 - training.0 - 10.0 / 119.0).abs() < 1e-12);
        }
    }
}
