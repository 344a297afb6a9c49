//! What an exact answer takes, before it is asked for.

use super::{LONGEST_DENSE, Problem};

/// What one [`Truth`](super::Truth) takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Multiplications: H over all rows, formed and factorized, a few times; or products with H, where θ is long.
    pub multiplications: f64,
    /// Bytes held at once: H, its factorization, and a copy; or some vectors as long as θ.
    pub bytes: f64,
    /// Multiplications a second.
    speed: f64,
}

/// Times that H is formed and factorized: twice where g is quadratic in θ, about so many times where Newton's method has
/// to find its way.
const FOR_NEWTON: f64 = 6.0;

/// Multiplications a second, of one core of an ordinary machine; measured on answers of ridge and logistic regression with
/// 250 to 1000 features.
const A_SECOND: f64 = 5e9;

/// Products with H of an answer that does not form it: of a quadratic g, and where Newton's method has to find its way. As
/// many as at middling conditions; ill-conditioned problems take several times as many.
const PRODUCTS: f64 = 500.0;
const PRODUCTS_FOR_NEWTON: f64 = 1500.0;

/// Multiplications a second in such products, which wait for memory.
const A_SECOND_OF_PRODUCTS: f64 = 2e9;

/// What asking takes however short θ is, in multiplications.
const OF_ASKING: f64 = 1e4;

/// Vectors as long as θ that are held at once, most of them by Lanczos.
const VECTORS: f64 = 60.0;

impl Price {
    /// Of an answer of this problem.
    #[must_use]
    pub fn of_truth(problem: &dyn Problem) -> Self {
        let sizes = problem.dimensions();
        let length = sizes.inner as f64;
        let vector = length * size_of::<f64>() as f64;
        let rows = sizes.training as f64;
        let met = met(problem);
        if sizes.inner > LONGEST_DENSE {
            let products = if problem.is_quadratic() { PRODUCTS } else { PRODUCTS_FOR_NEWTON };
            let once = 2.0 * rows * met;
            return Self { multiplications: products * once, bytes: VECTORS * vector, speed: A_SECOND_OF_PRODUCTS };
        }
        let times = if problem.is_quadratic() { 2.0 } else { FOR_NEWTON };
        let once = rows * met * met + length * length * length / 3.0;
        Self { multiplications: times * once, bytes: 3.0 * length * vector, speed: A_SECOND }
    }

    /// Of one oracle call over so many training rows: every row meets its entries of θ twice.
    #[must_use]
    pub fn of_call(problem: &dyn Problem, rows: usize) -> Self {
        let (length, met) = (problem.dimensions().inner as f64, met(problem));
        let once = 2.0 * (rows as f64 * met).max(length) + OF_ASKING;
        Self { multiplications: once, bytes: 0.0, speed: A_SECOND_OF_PRODUCTS }
    }

    /// About how long that takes.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.multiplications / self.speed
    }
}

/// Entries of θ that a row meets: all of them, but for sparse rows.
fn met(problem: &dyn Problem) -> f64 {
    let sizes = problem.dimensions();
    let (length, rows) = (sizes.inner as f64, sizes.training as f64);
    problem.precise().map_or(length, |precise| precise.work() as f64 / rows.max(1.0)).min(length)
}
