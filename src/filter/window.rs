//! The mean of the last w estimates, of all of them while there are fewer.
//!
//! h̄_t = (1/n) Σ_{i<n} ĥ_{t−i} with n = min(t, w): Bohne, Rosenberg, Kazantsev, Polak, arXiv 2409.10470; Bohne,
//! Petrulionyte, Arbel, Mairal, Polak, *Non-Stationary Functional Bilevel Optimization*, arXiv 2601.15363. Of
//! independent estimates of variance σ² whose mean moves by δ a step, the mean square error is
//! σ²/w + ‖δ‖²(w − 1)²/4.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Entry, Filter, copy};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "window",
        name: "Mean of a window",
        source: "Bohne et al. 2024, arXiv 2409.10470; Bohne et al. 2026, arXiv 2601.15363",
        equation: "h̄_t = (1/n) Σ_{i<n} ĥ_{t−i},  n = min(t, w)",
        summary: "The mean of the last few estimates. Each of the w was made at its own λ; while there are fewer, \
                  it is the mean of all of them.",
        cost: "none beyond ĥ; remembers w vectors",
        fails: "Late by (w − 1)/2 steps. A gradient step averages by itself, and a window only adds delay to it; a rule \
                that throws the length away can gain from 3 to 5.",
        knobs: &[WIDTH],
    },
    build: |knobs| Box::new(Window { width: knobs.count("width"), past: VecDeque::new() }),
};

const WIDTH: Knob = Knob {
    key: "width",
    help: "Estimates w in the mean; 1 is no filter.",
    kind: Kind::Integer { default: 5, range: (1, 1000), scale: Scale::Logarithmic },
};

#[derive(Clone)]
struct Window {
    width: usize,
    /// The last estimates, oldest first. A copy of the window shares them.
    past: VecDeque<Arc<[f64]>>,
}

impl Window {
    fn forget(&mut self) {
        while self.past.len() > self.width {
            self.past.pop_front();
        }
    }
}

impl Filter for Window {
    fn pass(&mut self, estimate: &[f64], out: &mut Vec<f64>) {
        self.past.push_back(estimate.into());
        self.forget();
        // From the oldest on, and anew at every step: no rounding is carried along, and a single one passes as it is.
        let mut estimates = self.past.iter();
        copy(estimates.next().map_or(&[], |first| &**first), out);
        for estimate in estimates {
            out.iter_mut().zip(&**estimate).for_each(|(sum, entry)| *sum += entry);
        }
        let count = self.past.len() as f64;
        out.iter_mut().for_each(|sum| *sum /= count);
    }

    /// A narrower window forgets its oldest estimates; a wider one fills up from now on.
    fn turn(&mut self, knobs: &Knobs) {
        self.width = knobs.count("width");
        self.forget();
    }

    fn clone_box(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;

    fn knobs(width: i64) -> Knobs {
        Knobs::defaults(ENTRY.card.knobs).with("width", Value::Integer(width))
    }

    #[test]
    fn a_turned_window_keeps_what_it_can() {
        let mut window = (ENTRY.build)(&knobs(3));
        let passed = |window: &mut Box<dyn Filter>, value: f64| window.passed(&[value])[0];
        assert_eq!([1.0, 2.0, 3.0, 4.0].map(|value| passed(&mut window, value)), [1.0, 1.5, 2.0, 3.0]);
        window.turn(&knobs(2));
        assert_eq!(passed(&mut window, 6.0), 5.0);
        window.turn(&knobs(4));
        // 4 and 6 are all it remembers.
        assert_eq!([8.0, 10.0, 12.0].map(|value| passed(&mut window, value)), [6.0, 7.0, 9.0]);
    }
}
