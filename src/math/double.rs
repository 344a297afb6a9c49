//! Numbers of twice the precision: the unevaluated sum of two `f64`, about 32 digits.
//!
//! Sums and products of two `f64` are exact as such a pair (Knuth 1969; Dekker 1971); the operations on pairs are
//! the accurate ones of Joldes, Muller, Popescu, *Tight and rigorous error bounds for basic building blocks of
//! double-word arithmetic*, ACM TOMS 2017, with relative errors of a few 2⁻¹⁰⁶. The range is that of `f64`; where a
//! product falls below 1e-290 its low part is lost. What is not finite stays not finite.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// `high + low`, with `|low|` at most half a unit in the last place of `high`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Double {
    /// The sum, rounded to an `f64`.
    pub high: f64,
    /// What rounding left.
    pub low: f64,
}

/// `a + b` and its rounding error, exactly (Knuth).
#[must_use]
pub fn two_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    let of_b = high - a;
    let of_a = high - of_b;
    Double { high, low: (a - of_a) + (b - of_b) }
}

/// The same for `|a| ≥ |b|` (Dekker).
fn quick_two_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    Double { high, low: b - (high - a) }
}

/// Beyond this, splitting a factor would overflow.
const SPLITTABLE: f64 = 1e290;

/// `a b` and its rounding error, exactly. By a fused multiply-add where the machine has one; elsewhere that would be
/// a call, and the factors are split into halves whose products are exact (Veltkamp, Dekker). Both give the same bits.
#[must_use]
pub fn two_product(a: f64, b: f64) -> Double {
    let high = a * b;
    if cfg!(target_feature = "fma") || a.abs().max(b.abs()) > SPLITTABLE {
        return Double { high, low: a.mul_add(b, -high) };
    }
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    Double { high, low: ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low }
}

/// The upper 26 bits and the rest.
fn halves(a: f64) -> (f64, f64) {
    let shifted = 134_217_729.0 * a;
    let high = shifted - (shifted - a);
    (high, a - high)
}

impl Double {
    /// 0.
    pub const ZERO: Self = Self { high: 0.0, low: 0.0 };

    /// 1.
    pub const ONE: Self = Self { high: 1.0, low: 0.0 };

    /// ln 2.
    const LN_2: Self = Self { high: std::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };

    /// The square root of a number that is not negative.
    #[must_use]
    pub fn sqrt(self) -> Self {
        let near = self.high.sqrt();
        if near == 0.0 || !near.is_finite() {
            return near.into();
        }
        let rest = self - two_product(near, near);
        quick_two_sum(near, rest.high / (2.0 * near))
    }

    /// e to this power, with a relative error below 1e-29: a power of two times a Taylor series at 1/256 of the rest.
    #[must_use]
    pub fn exp(self) -> Self {
        if self.high.is_nan() || self.high.abs() > 700.0 {
            return self.high.exp().into();
        }
        let twos = (self.high / std::f64::consts::LN_2).round();
        let rest = (self - Self::LN_2 * twos) * (1.0 / 256.0);
        let mut sum = Self::ONE;
        // Σ_{n ≤ 12} restⁿ/n! by Horner's rule; |rest| < 0.0014, so the first term left out is below 1e-46.
        for n in (1..=12).rev() {
            sum = Self::ONE + rest * sum / f64::from(n);
        }
        for _ in 0..8 {
            sum = sum * sum;
        }
        // A power of two in two factors: 2¹⁰¹⁰ is finite, its double need not be.
        let half = (0.5 * twos).floor();
        sum * half.exp2() * (twos - half).exp2()
    }
}

impl From<f64> for Double {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

impl Neg for Double {
    type Output = Self;

    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl Add for Double {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let high = two_sum(self.high, other.high);
        let low = two_sum(self.low, other.low);
        let sum = quick_two_sum(high.high, high.low + low.high);
        quick_two_sum(sum.high, sum.low + low.low)
    }
}

impl Sub for Double {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl AddAssign for Double {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Double {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Mul for Double {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let product = two_product(self.high, other.high);
        let mixed = self.high * other.low + self.low * other.high;
        quick_two_sum(product.high, product.low + mixed)
    }
}

impl Mul<f64> for Double {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        let product = two_product(self.high, factor);
        quick_two_sum(product.high, product.low + self.low * factor)
    }
}

impl Div for Double {
    type Output = Self;

    fn div(self, divisor: Self) -> Self {
        let first = self.high / divisor.high;
        let rest = self - divisor * first;
        let second = rest.high / divisor.high;
        let last = (rest - divisor * second).high / divisor.high;
        quick_two_sum(first, second) + last.into()
    }
}

impl Div<f64> for Double {
    type Output = Self;

    fn div(self, divisor: f64) -> Self {
        self / Self::from(divisor)
    }
}

/// Every entry as a number of twice the precision.
#[must_use]
pub fn doubled(values: &[f64]) -> Vec<Double> {
    values.iter().map(|&value| value.into()).collect()
}

/// Every entry rounded to an `f64`.
#[must_use]
pub fn rounded(values: &[Double]) -> Vec<f64> {
    values.iter().map(|value| value.high).collect()
}

/// Inner product.
#[must_use]
pub fn dot(a: &[Double], b: &[Double]) -> Double {
    assert_eq!(a.len(), b.len(), "dot of vectors of different lengths");
    a.iter().zip(b).fold(Double::ZERO, |sum, (x, y)| sum + *x * *y)
}

/// `y += a x`.
pub fn axpy(a: Double, x: &[Double], y: &mut [Double]) {
    assert_eq!(x.len(), y.len(), "axpy of vectors of different lengths");
    for (target, value) in y.iter_mut().zip(x) {
        *target += a * *value;
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::math::random::{Purpose, stream};

    /// Numbers m·2^e with |m| < 2^52, which 128-bit whole numbers can add and multiply exactly.
    fn whole(random: &mut impl RngExt, bits: u32) -> i128 {
        i128::from(random.random::<i64>() >> (63 - bits))
    }

    #[test]
    fn sums_and_products_of_two_are_exact() {
        let mut random = stream(11, Purpose::Data, &[]);
        for _ in 0..20_000 {
            let (a, b) = (whole(&mut random, 52), whole(&mut random, 30));
            let product = two_product(a as f64, b as f64);
            assert_eq!(product.high as i128 + product.low as i128, a * b);
            assert_eq!(product.low, (a as f64).mul_add(b as f64, -product.high));
            let sum = two_sum(a as f64, b as f64 * 2f64.powi(40));
            assert_eq!(sum.high as i128 + sum.low as i128, a + (b << 40));
        }
        assert_eq!(two_product(1e300, 3.0), Double { high: 3e300, low: 1e300f64.mul_add(3.0, -3e300) });
    }

    /// `high + low` as a whole number.
    fn value(x: Double) -> i128 {
        x.high as i128 + x.low as i128
    }

    #[test]
    fn pairs_add_and_multiply_to_a_hundred_bits() {
        let mut random = stream(12, Purpose::Data, &[]);
        for _ in 0..20_000 {
            let (a, b) = (whole(&mut random, 60), whole(&mut random, 60));
            let pair = |x: i128| two_sum((x >> 30) as f64 * 2f64.powi(30), (x & ((1 << 30) - 1)) as f64);
            assert_eq!(value(pair(a) + pair(b)), a + b);
            let off = (value(pair(a) * pair(b)) - a * b).unsigned_abs();
            assert!(off <= (a * b).unsigned_abs() >> 100, "{a} {b}: {off}");
            if b != 0 {
                let back = pair(a) / pair(b) * pair(b) - pair(a);
                assert!(back.high.abs() <= 1e-30 * (a as f64).abs(), "{a} / {b}: {back:?}");
            }
            let square = pair(a.abs()).sqrt();
            assert!((square * square - pair(a.abs())).high <= 1e-30 * (a as f64).abs());
        }
    }

    /// The sum telescopes: 1/(n(n+1)) from 1 to N is N/(N+1).
    #[test]
    fn a_long_sum_keeps_its_digits() {
        let count = 20_000;
        let sum = (1..=count).fold(Double::ZERO, |sum, n| {
            let n = f64::from(n);
            sum + Double::ONE / two_product(n, n + 1.0)
        });
        let off = sum * f64::from(count + 1) - f64::from(count).into();
        assert!(off.high.abs() < 1e-25, "{off:?}");
    }

    /// e and e^{-1/3} to 40 digits, from their series in whole numbers.
    #[test]
    fn the_exponential_has_thirty_digits() {
        let e = Double { high: std::f64::consts::E, low: 1.445_646_891_729_250_2e-16 };
        let off = Double::ONE.exp() - e;
        assert!(off.high.abs() < 3e-29, "{off:?}");
        for x in [-699.0, -20.3, -1.0 / 3.0, 1e-9, 0.7, 150.0, 699.5] {
            let (x, third) = (Double::from(x), Double::from(x) / 3.0);
            let cubed = third.exp() * third.exp() * third.exp();
            let off = (x.exp() - cubed) / cubed;
            assert!(off.high.abs() < 1e-27, "{x:?}: {off:?}");
            assert!((x.exp().high / x.high.exp() - 1.0).abs() < 1e-14);
        }
        assert_eq!(Double::from(f64::NEG_INFINITY).exp(), Double::ZERO);
        assert!(Double::from(f64::NAN).exp().high.is_nan());
    }

    #[test]
    fn the_logarithm_of_two_is_the_right_constant() {
        let off = Double::LN_2.exp() - 2.0.into();
        assert!(off.high.abs() < 1e-30, "{off:?}");
    }
}
