//! Derivatives with twice the digits, for problems whose formulas are few: what the exact answer is refined with.
//!
//! A number of a data set that fills an `f64` is known to half a unit in its last place and no better: it was read from
//! decimals, or shifted and scaled. [`Rounding`] rounds every one of them the other way, so that it can be seen how many
//! digits of an answer that leaves. One that ends early, such as a whole number, is taken to be meant.

use crate::math::double::{Double, two_sum};
use crate::math::random::mix;

/// The derivatives that `∇F = ∇_λ f − Jᵀ H⁻¹ ∇_θ f` takes, over all rows. Shapes as in
/// [`Problem`](super::Problem); every `out` is overwritten. λ and the numbers of the problem are `f64` and exact as
/// they stand, up to their [`Rounding`].
pub trait Precise {
    /// `∇_θ g ∈ R^d`.
    fn inner_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]);

    /// `(∂²_θθ g) v ∈ R^d`.
    fn hvp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]);

    /// `(∂²_θλ g)ᵀ v ∈ R^p`.
    fn cross_vjp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]);

    /// `∇_θ f ∈ R^d`.
    fn outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]);

    /// `∇_λ f ∈ R^p`; zero unless the outer objective reads λ.
    fn outer_lambda_gradient(&self, _at: PreciseLocation<'_>, out: &mut [Double]) {
        out.fill(Double::ZERO);
    }

    /// Products that one gradient takes, roughly: what decides whether a factorization is affordable.
    fn work(&self) -> usize;
}

/// A place to evaluate at.
#[derive(Debug, Clone, Copy)]
pub struct PreciseLocation<'a> {
    /// λ ∈ R^p.
    pub lambda: &'a [f64],
    /// θ ∈ R^d.
    pub theta: &'a [Double],
    /// How the numbers of the problem are rounded.
    pub rounding: Rounding,
}

/// How the numbers that a problem was given are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// As they stand.
    AsGiven,
    /// Each that fills an `f64` is moved by half a unit in its last place, up or down as the seed says.
    Otherwise(u64),
}

impl Rounding {
    /// A number of the problem; `place` tells it from the others, and equal places move alike.
    #[must_use]
    pub fn of(self, value: f64, place: usize) -> Double {
        two_sum(value, self.error(value, place))
    }

    /// How far it is moved.
    #[must_use]
    pub fn error(self, value: f64, place: usize) -> f64 {
        match self {
            Self::AsGiven => 0.0,
            Self::Otherwise(_) if ends_early(value) => 0.0,
            Self::Otherwise(seed) if mix(mix(seed) ^ place as u64) & 1 == 0 => 0.5 * f64::EPSILON * value,
            Self::Otherwise(_) => -0.5 * f64::EPSILON * value,
        }
    }

    /// A stream of places apart from the others: `other.of(x, place)` moves another way than `self.of(x, place)`.
    #[must_use]
    pub fn apart(self, stream: u64) -> Self {
        match self {
            Self::AsGiven => Self::AsGiven,
            Self::Otherwise(seed) => Self::Otherwise(mix(seed.wrapping_add(stream))),
        }
    }
}

/// Whether the second half of the binary digits are zeros.
fn ends_early(value: f64) -> bool {
    value == 0.0 || value.to_bits().trailing_zeros() >= f64::MANTISSA_DIGITS / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_rounding_moves_every_number_by_half_a_unit_and_about_as_often_up_as_down() {
        let rounding = Rounding::Otherwise(3);
        assert!((0..1000).all(|place| rounding.error(0.7, place).abs() == 0.35 * f64::EPSILON));
        let up = (0..1000).filter(|&place| rounding.error(0.7, place) > 0.0).count();
        assert!((400..600).contains(&up), "{up}");
        let alike = (0..1000).filter(|&place| rounding.of(0.7, place) == rounding.apart(1).of(0.7, place)).count();
        assert!((400..600).contains(&alike), "{alike}");
        for meant in [0.0, -0.0, 3.0, -1024.75, 65_535.0] {
            assert_eq!(rounding.of(meant, 7), meant.into());
        }
        assert_eq!(Rounding::AsGiven.of(0.7, 7), 0.7.into());
    }
}
