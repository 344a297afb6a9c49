//! Whose labels the scores of a likelihood are of.

use rand_chacha::ChaCha8Rng;

/// The labels that scores are taken of.
pub enum Labels<'a> {
    /// The rows' own.
    Own,
    /// Written out, one for each row in use, as the problem encodes them: −1 and 1, or the number of a class from 0.
    Given(&'a [f64]),
    /// Drawn from the model at θ.
    Drawn(&'a mut ChaCha8Rng),
    /// Every label the model can give, [`outcomes`](super::Likelihood::outcomes) vectors a row with a weight each: `Σ_k w_k u_k u_kᵀ` is the
    /// expectation of `uuᵀ` over the model's labels.
    Every,
}
