//! What a trial has paid for in values of F, and the least of them.

/// Oracle units and the least F.
///
/// A unit is a value of F: an inner run and f where it ends. F with its hypergradient is two. So methods that take no hypergradient can be
/// compared with such that do, however long an inner run is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Search {
    units: usize,
    best: Option<f64>,
}

/// What F costs alone.
pub(super) const VALUE: usize = 1;
/// What F costs with its hypergradient.
pub(super) const WITH_HYPERGRADIENT: usize = 2;

impl Search {
    /// The same after a value of F that cost so many units. What is not finite is paid for as well.
    pub fn having_seen(self, value: f64, units: usize) -> Self {
        let best = if value.is_finite() { Some(self.best.map_or(value, |best| best.min(value))) } else { self.best };
        Self { units: self.units + units, best }
    }

    /// Forgets the values: F is another function from here on.
    pub fn forget_values(&mut self) {
        self.best = None;
    }

    pub fn units(self) -> usize {
        self.units
    }

    /// The least finite value.
    pub fn best(self) -> Option<f64> {
        self.best
    }
}
