//! The exponential penalty on absolute values: `r = s Σ_j e^{λ_j} Σ_k |W_jk|`, one λ per feature, per group of features, or
//! a single one.
//!
//! `s` is the knob `penalty_weight`. Its proximal operator is the soft threshold: entries of z no larger than
//! `t = step · s e^{λ_j}` become zero, the others move towards it by t. Free columns carry no penalty, and λ has no entry
//! for them: they have no kink and are on every support. Every call costs `O(d)`.

use super::owners::Owners;
use crate::catalog::Knobs;
use crate::data::Split;
use crate::math::double::Double;
use crate::problem::BuildError;

/// `r(λ, θ)` for θ of `features × outputs` coordinates.
pub(super) struct AbsolutePenalty {
    scale: f64,
    owners: Owners,
    outputs: usize,
}

impl AbsolutePenalty {
    /// From the knobs [`PENALTY`](super::PENALTY) and [`PENALTY_WEIGHT`](super::PENALTY_WEIGHT) over the columns of a split.
    ///
    /// # Errors
    /// When no column is penalized.
    pub fn new(knobs: &Knobs, split: &Split, outputs: usize) -> Result<Self, BuildError> {
        Ok(Self { scale: knobs.real("penalty_weight"), owners: Owners::new(knobs, split)?, outputs })
    }

    /// The entry of λ that each feature has: the first ones.
    pub fn owners(&self) -> &Owners {
        &self.owners
    }

    /// The log penalty at which the threshold is `strength`.
    pub fn log_penalty(&self, strength: f64) -> f64 {
        (strength / self.scale).ln()
    }

    /// Whether each coordinate of θ is penalized.
    pub fn penalized(&self) -> impl Iterator<Item = bool> + '_ {
        self.coordinates().map(|owner| owner.is_some())
    }

    /// Whether each coordinate of θ is held at zero by its kink: off the support.
    pub fn held<'a>(&'a self, theta: &'a [f64]) -> impl Iterator<Item = bool> + 'a {
        self.penalized().zip(theta).map(|(is_penalized, x)| is_penalized && *x == 0.0)
    }

    /// `r`.
    pub fn value(&self, lambda: &[f64], theta: &[f64]) -> f64 {
        self.each(lambda).zip(theta).map(|(own, x)| own.map_or(0.0, |(_, strength)| strength * x.abs())).sum()
    }

    /// Makes of `∇_θ s` the subgradient of `s + r` of least norm.
    pub fn add_least_subgradient(&self, lambda: &[f64], theta: &[f64], smooth: &mut [f64]) {
        for ((target, x), own) in smooth.iter_mut().zip(theta).zip(self.each(lambda)) {
            let Some((_, strength)) = own else { continue };
            *target = if *x == 0.0 { soft_threshold(*target, strength) } else { *target + strength * x.signum() };
        }
    }

    /// `out += ∇_λ r`.
    pub fn add_lambda_gradient(&self, lambda: &[f64], theta: &[f64], out: &mut [f64]) {
        for (own, x) in self.each(lambda).zip(theta) {
            let Some((entry, strength)) = own else { continue };
            out[entry] += strength * x.abs();
        }
    }

    /// `out += (∂²_θλ r)ᵀ v` along the support of θ.
    pub fn add_cross_vjp(&self, lambda: &[f64], theta: &[f64], v: &[f64], out: &mut [f64]) {
        for ((own, x), v) in self.each(lambda).zip(theta).zip(v) {
            let Some((entry, strength)) = own else { continue };
            out[entry] += strength * sign(*x) * v;
        }
    }

    /// `out += (∂²_θλ r) u` along the support of θ.
    pub fn add_cross_jvp(&self, lambda: &[f64], theta: &[f64], u: &[f64], out: &mut [f64]) {
        for ((own, x), out) in self.each(lambda).zip(theta).zip(out) {
            let Some((entry, strength)) = own else { continue };
            *out += strength * sign(*x) * u[entry];
        }
    }

    /// `out += ∂_θ r` along the support of θ, with twice the digits.
    pub fn add_precise_gradient(&self, lambda: &[f64], theta: &[Double], out: &mut [Double]) {
        for ((own, x), out) in self.each(lambda).zip(theta).zip(out) {
            let Some((_, strength)) = own else { continue };
            *out += Double::from(strength * sign(x.high));
        }
    }

    /// As [`add_cross_vjp`](Self::add_cross_vjp), with twice the digits.
    pub fn add_precise_cross_vjp(&self, lambda: &[f64], theta: &[Double], v: &[Double], out: &mut [Double]) {
        for ((own, x), v) in self.each(lambda).zip(theta).zip(v) {
            let Some((entry, strength)) = own else { continue };
            out[entry] += *v * (strength * sign(x.high));
        }
    }

    /// The soft threshold of every entry.
    pub fn prox(&self, lambda: &[f64], step: f64, z: &mut [f64]) {
        for (z, own) in z.iter_mut().zip(self.each(lambda)) {
            let Some((_, strength)) = own else { continue };
            *z = soft_threshold(*z, step * strength);
        }
    }

    /// `ż_j − t_j sign(z_j) λ̇_j` where `|z_j| > t_j`, zero elsewhere.
    pub fn prox_jvp(&self, lambda: &[f64], step: f64, z: &[f64], tangent: &mut [f64], lambda_tangent: &[f64]) {
        for ((own, z), tangent) in self.each(lambda).zip(z).zip(tangent) {
            let Some((entry, strength)) = own else { continue };
            let threshold = step * strength;
            let sign = sign(soft_threshold(*z, threshold));
            *tangent = if sign == 0.0 { 0.0 } else { *tangent - sign * threshold * lambda_tangent[entry] };
        }
    }

    /// The transpose of [`prox_jvp`](Self::prox_jvp).
    pub fn prox_vjp(&self, lambda: &[f64], step: f64, z: &[f64], cotangent: &mut [f64], lambda_out: &mut [f64]) {
        for ((own, z), cotangent) in self.each(lambda).zip(z).zip(cotangent) {
            let Some((entry, strength)) = own else { continue };
            let threshold = step * strength;
            let sign = sign(soft_threshold(*z, threshold));
            if sign == 0.0 {
                *cotangent = 0.0;
            } else {
                lambda_out[entry] -= threshold * sign * *cotangent;
            }
        }
    }

    /// The least relative distance of a coordinate from its kink, at `slope = ∇_θ s` that is off by up to `rounding`:
    /// of a zero, how far its slope may still grow; of the others, how many of its own thresholds a step of size
    /// `1/bound` has to travel before it is zero.
    pub fn margin(&self, lambda: &[f64], theta: &[f64], slope: &[f64], (bound, rounding): (f64, f64)) -> f64 {
        let margins = self.each(lambda).zip(theta).zip(slope).map(|((own, x), slope)| {
            let Some((_, strength)) = own else { return f64::INFINITY };
            let room = if *x == 0.0 { strength - slope.abs() } else { x.abs() * bound };
            // Infinitely strong penalties leave all the room there is.
            if strength.is_infinite() && *x == 0.0 { 1.0 } else { (room - rounding) / strength }
        });
        // NaN is no margin at all.
        margins.fold(f64::INFINITY, |least, margin| if margin >= least { least } else { margin })
    }

    /// The entry of λ and the factor `s e^{λ_j}` of each coordinate of θ; nothing where it is free.
    fn each<'a>(&'a self, lambda: &'a [f64]) -> impl Iterator<Item = Option<(usize, f64)>> + 'a {
        let factors =
            self.owners.entries().iter().map(|owner| owner.map(|entry| (entry, self.scale * lambda[entry].exp())));
        factors.flat_map(|factor| std::iter::repeat_n(factor, self.outputs))
    }

    /// The entry of λ of each coordinate of θ.
    fn coordinates(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        self.owners.entries().iter().flat_map(|owner| std::iter::repeat_n(*owner, self.outputs))
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
