//! What an exact answer takes, before it is asked for.

use super::Problem;

/// What one [`Truth`](super::Truth) takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Multiplications: H over all rows, formed and factorized, a few times.
    pub multiplications: f64,
    /// Bytes held at once: H, its factorization, and a copy.
    pub bytes: f64,
}

/// Times that H is formed and factorized: twice where g is quadratic in θ, about so many times where Newton's method has
/// to find its way.
const FOR_NEWTON: f64 = 6.0;

/// Multiplications a second, of one core of an ordinary machine; measured on answers of ridge and logistic regression with
/// 250 to 1000 features.
const A_SECOND: f64 = 5e9;

impl Price {
    /// Of an answer of this problem.
    #[must_use]
    pub fn of_truth(problem: &dyn Problem) -> Self {
        let sizes = problem.dimensions();
        let length = sizes.inner as f64;
        let times = if problem.is_quadratic() { 2.0 } else { FOR_NEWTON };
        let rows = sizes.training as f64;
        // Entries of θ that a row meets: all of them, but for sparse rows.
        let met = problem.precise().map_or(length, |precise| precise.work() as f64 / rows.max(1.0)).min(length);
        let once = rows * met * met + length * length * length / 3.0;
        Self { multiplications: times * once, bytes: 3.0 * length * length * size_of::<f64>() as f64 }
    }

    /// About how long that takes.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.multiplications / A_SECOND
    }
}
