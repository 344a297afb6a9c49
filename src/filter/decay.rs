//! An exponential mean over all past estimates, corrected for its start at zero.
//!
//! h̄ ← s h̄ + (1 − s) ĥ, divided by the weight collected so far, which is 1 − sᵗ while s stays the same. Of
//! independent estimates of variance σ² the variance is σ²(1 − s)/(1 + s) in the long run, and the mean comes
//! s/(1 − s) steps late: a window of (1 + s)/(1 − s) estimates has both in common with it.

use super::{Entry, Filter, copy};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "decay",
        name: "Decaying mean",
        source: "exponential mean with the correction of Kingma and Ba 2015, section 3",
        equation: "h̄_t = Σ_k s^(t−k) ĥ_k / Σ_k s^(t−k)",
        summary: "A mean over all past estimates in which older ones count less. Each counts s times what the next \
                  one does.",
        cost: "none beyond ĥ; remembers one vector",
        fails: "Late by s/(1 − s) steps: what is gained in noise is lost where the hypergradient moves.",
        knobs: &[WEIGHT],
    },
    build: |knobs| Box::new(Decay { weight: knobs.real("weight"), past: Vec::new(), total: 0.0 }),
};

const WEIGHT: Knob = Knob {
    key: "weight",
    help: "Weight s of the past; 0 forgets it, as no filter does.",
    kind: Kind::Real { default: 0.5, range: (0.0, 0.999), scale: Scale::Linear },
};

#[derive(Clone)]
struct Decay {
    weight: f64,
    /// The weighted sum of past estimates.
    past: Vec<f64>,
    /// The weights they add up to.
    total: f64,
}

impl Filter for Decay {
    fn pass(&mut self, estimate: &[f64], out: &mut Vec<f64>) {
        if self.weight == 0.0 {
            // The recursion below, without turning −0 into 0.
            copy(estimate, &mut self.past);
            self.total = 1.0;
            return copy(estimate, out);
        }
        self.past.resize(estimate.len(), 0.0);
        self.total = self.weight * self.total + (1.0 - self.weight);
        for (past, new) in self.past.iter_mut().zip(estimate) {
            *past = self.weight * *past + (1.0 - self.weight) * new;
        }
        out.clear();
        out.extend(self.past.iter().map(|past| past / self.total));
    }

    /// The past keeps the weight it has collected.
    fn turn(&mut self, knobs: &Knobs) {
        self.weight = knobs.real("weight");
    }

    fn clone_box(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}
