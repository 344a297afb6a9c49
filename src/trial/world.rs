//! What all trials of a lab share: the problem, where things start, and the truths found so far.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::problem::{Problem, Truth};

/// A problem and its starting point.
pub struct World {
    /// The bilevel problem.
    pub problem: Arc<dyn Problem>,
    /// The problem's λ at the start.
    pub lambda: Vec<f64>,
    /// θ at the start of an inner run.
    pub theta: Vec<f64>,
    /// Seed of the trials' streams.
    pub seed: u64,
    truths: Mutex<HashMap<Vec<u64>, Arc<Truth>>>,
}

/// Truths kept; one more and the store starts anew. A truth is a function of λ, so nothing but time is lost.
const MOST_TRUTHS: usize = 256;

impl World {
    /// A world where nothing has been computed yet.
    #[must_use]
    pub fn new(problem: Arc<dyn Problem>, lambda: Vec<f64>, theta: Vec<f64>, seed: u64) -> Self {
        Self { problem, lambda, theta, seed, truths: Mutex::default() }
    }

    /// The truth at λ (the dynamics' own entries behind the problem's are ignored). Computed once per λ.
    #[must_use]
    pub fn truth(&self, lambda: &[f64]) -> Arc<Truth> {
        let own = &lambda[..self.lambda.len()];
        let key: Vec<u64> = own.iter().map(|x| x.to_bits()).collect();
        let kept = || self.truths.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(truth) = kept().get(&key) {
            return Arc::clone(truth);
        }
        // Not under the lock: two trials may compute the same truth at once, and get the same bits.
        let truth = Arc::new(Truth::at(&self.problem, own));
        let mut truths = kept();
        if truths.len() >= MOST_TRUTHS {
            truths.clear();
        }
        Arc::clone(truths.entry(key).or_insert(truth))
    }
}
