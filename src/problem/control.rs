//! Outer variables that are a model of a plant: what is asked of it, and how it is judged. See [`Control`](super::Control).

/// What the temporal difference of the outer objective takes for its target, where its slope in θ is wanted otherwise than as `∇_θ f`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DifferenceTarget {
    /// The value of the next state does not move with θ.
    Frozen,
    /// Each of two next states is judged by the other: `½ mean δ₁δ₂`.
    Double,
}

/// How a controller does on the plant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// K of `u = −Kx`.
    pub gain: [f64; 2],
    /// √γ times the spectral radius of the closed loop: from 1 on it costs without end.
    pub radius: f64,
    /// Expected discounted cost; infinite where the plant is not held.
    pub cost: f64,
    /// `cost / least cost − 1`.
    pub regret: f64,
}
