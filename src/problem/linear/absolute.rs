//! The exponential penalty on absolute values: `r = s Σ_j e^{λ_j} Σ_k |W_jk|`, one λ per feature or a single one.
//!
//! `s` is the knob `penalty_weight`. Its proximal operator is the soft threshold: entries of z no larger than
//! `t = step · s e^{λ_j}` become zero, the others move towards it by t. Every call costs `O(d)`.

use std::ops::Range;

use crate::catalog::Knobs;
use crate::math::double::Double;

/// `r(λ, θ)` for θ of `features × outputs` coordinates.
pub(super) struct AbsolutePenalty {
    per_feature: bool,
    scale: f64,
    features: usize,
    outputs: usize,
}

impl AbsolutePenalty {
    /// From the knobs [`PENALTY`](super::PENALTY) and [`PENALTY_WEIGHT`](super::PENALTY_WEIGHT).
    pub fn new(knobs: &Knobs, features: usize, outputs: usize) -> Self {
        let per_feature = knobs.choice("penalty") == "PerFeature";
        Self { per_feature, scale: knobs.real("penalty_weight"), features, outputs }
    }

    /// How many entries of λ it reads, the first ones.
    pub fn dimension(&self) -> usize {
        if self.per_feature { self.features } else { 1 }
    }

    /// What they are called.
    pub fn names(&self, feature_names: &[String]) -> Vec<String> {
        if self.per_feature { feature_names.to_vec() } else { vec!["log penalty".to_owned()] }
    }

    /// The log penalty at which the threshold is `strength`.
    pub fn log_penalty(&self, strength: f64) -> f64 {
        (strength / self.scale).ln()
    }

    /// `s e^{λ_j}` for the feature of each coordinate of θ.
    pub fn strengths<'a>(&'a self, lambda: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        (0..self.features).flat_map(move |j| std::iter::repeat_n(self.strength(lambda, j), self.outputs))
    }

    /// `r`.
    pub fn value(&self, lambda: &[f64], theta: &[f64]) -> f64 {
        self.strengths(lambda).zip(theta).map(|(strength, x)| strength * x.abs()).sum()
    }

    /// `∇_θ s ← ` the subgradient of `s + r` of least norm.
    pub fn add_least_subgradient(&self, lambda: &[f64], theta: &[f64], smooth: &mut [f64]) {
        for ((target, x), strength) in smooth.iter_mut().zip(theta).zip(self.strengths(lambda)) {
            *target = if *x == 0.0 { soft_threshold(*target, strength) } else { *target + strength * x.signum() };
        }
    }

    /// `∇_λ r`.
    pub fn add_lambda_gradient(&self, lambda: &[f64], theta: &[f64], out: &mut [f64]) {
        self.add_along(lambda, out, |place| theta[place].abs());
    }

    /// `out += (∂²_θλ r)ᵀ v` along the support of θ.
    pub fn add_cross_vjp(&self, lambda: &[f64], theta: &[f64], v: &[f64], out: &mut [f64]) {
        self.add_along(lambda, out, |place| sign(theta[place]) * v[place]);
    }

    /// `out += (∂²_θλ r) u` along the support of θ.
    pub fn add_cross_jvp(&self, lambda: &[f64], theta: &[f64], u: &[f64], out: &mut [f64]) {
        for j in 0..self.features {
            let moved = self.strength(lambda, j) * u[self.index(j)];
            for place in self.coordinates(j) {
                out[place] += moved * sign(theta[place]);
            }
        }
    }

    /// `out += ∂_θ r` along the support of θ, with twice the digits, and zero off it.
    pub fn add_precise_gradient(&self, lambda: &[f64], theta: &[Double], out: &mut [Double]) {
        for ((target, x), strength) in out.iter_mut().zip(theta).zip(self.strengths(lambda)) {
            *target += Double::from(strength * sign(x.high));
        }
    }

    /// As [`add_cross_vjp`](Self::add_cross_vjp), with twice the digits.
    pub fn add_precise_cross_vjp(&self, lambda: &[f64], theta: &[Double], v: &[Double], out: &mut [Double]) {
        for j in 0..self.features {
            let mut sum = Double::ZERO;
            for place in self.coordinates(j) {
                sum += v[place] * sign(theta[place].high);
            }
            out[self.index(j)] += sum * self.strength(lambda, j);
        }
    }

    /// The soft threshold of every entry.
    pub fn prox(&self, lambda: &[f64], step: f64, z: &mut [f64]) {
        for (z, strength) in z.iter_mut().zip(self.strengths(lambda)) {
            *z = soft_threshold(*z, step * strength);
        }
    }

    /// `ż_j − t_j sign(z_j) λ̇_j` where `|z_j| > t_j`, zero elsewhere.
    pub fn prox_jvp(&self, lambda: &[f64], step: f64, z: &[f64], tangent: &mut [f64], lambda_tangent: &[f64]) {
        for j in 0..self.features {
            let threshold = step * self.strength(lambda, j);
            let moved = threshold * lambda_tangent[self.index(j)];
            for place in self.coordinates(j) {
                let sign = sign(soft_threshold(z[place], threshold));
                tangent[place] = if sign == 0.0 { 0.0 } else { tangent[place] - sign * moved };
            }
        }
    }

    /// The transpose of [`prox_jvp`](Self::prox_jvp).
    pub fn prox_vjp(&self, lambda: &[f64], step: f64, z: &[f64], cotangent: &mut [f64], lambda_out: &mut [f64]) {
        for j in 0..self.features {
            let threshold = step * self.strength(lambda, j);
            for place in self.coordinates(j) {
                let sign = sign(soft_threshold(z[place], threshold));
                if sign == 0.0 {
                    cotangent[place] = 0.0;
                } else {
                    lambda_out[self.index(j)] -= threshold * sign * cotangent[place];
                }
            }
        }
    }

    /// The least relative distance of a coordinate from its kink, at `slope = ∇_θ s` that is off by up to `rounding`:
    /// of a zero, how far its slope may still grow; of the others, how many of its own thresholds a step of size
    /// `1/bound` has to travel before it is zero.
    pub fn margin(&self, lambda: &[f64], theta: &[f64], slope: &[f64], (bound, rounding): (f64, f64)) -> f64 {
        let margins = self.strengths(lambda).zip(theta).zip(slope).map(|((strength, x), slope)| {
            let room = if *x == 0.0 { strength - slope.abs() } else { x.abs() * bound };
            // Infinitely strong penalties leave all the room there is.
            if strength.is_infinite() && *x == 0.0 { 1.0 } else { (room - rounding) / strength }
        });
        // NaN is no margin at all.
        margins.fold(f64::INFINITY, |least, margin| if margin >= least { least } else { margin })
    }

    /// `out_j += s e^{λ_j} Σ_k of(jk)`.
    fn add_along(&self, lambda: &[f64], out: &mut [f64], of: impl Fn(usize) -> f64) {
        for j in 0..self.features {
            out[self.index(j)] += self.strength(lambda, j) * self.coordinates(j).map(&of).sum::<f64>();
        }
    }

    fn strength(&self, lambda: &[f64], feature: usize) -> f64 {
        self.scale * lambda[self.index(feature)].exp()
    }

    /// Which λ a feature has.
    fn index(&self, feature: usize) -> usize {
        if self.per_feature { feature } else { 0 }
    }

    fn coordinates(&self, feature: usize) -> Range<usize> {
        feature * self.outputs..(feature + 1) * self.outputs
    }
}

/// `sign(z) max(|z| − t, 0)`; NaN where either is.
fn soft_threshold(z: f64, threshold: f64) -> f64 {
    if z > threshold {
        z - threshold
    } else if z < -threshold {
        z + threshold
    } else if z.is_nan() || threshold.is_nan() {
        f64::NAN
    } else {
        0.0
    }
}

/// −1, 0 or 1, and NaN of NaN: zero for an entry off the support.
fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_threshold_by_hand() {
        let z = [3.0, -3.0, 0.5, -0.5, 0.0, 1.0];
        assert_eq!(z.map(|z| soft_threshold(z, 1.0)), [2.0, -2.0, 0.0, 0.0, 0.0, 0.0]);
        assert!(soft_threshold(f64::NAN, 1.0).is_nan() && soft_threshold(0.0, f64::NAN).is_nan());
        assert_eq!(soft_threshold(f64::INFINITY, 1.0), f64::INFINITY);
        assert_eq!(soft_threshold(5.0, f64::INFINITY), 0.0);
    }
}
