//! No filter: every estimate moves λ as it comes.

use super::{Entry, Filter, copy};
use crate::catalog::{Card, Knobs};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "none",
        name: "No filter",
        source: "what a bilevel method does when nothing else is said",
        equation: "h̄_t = ĥ_t",
        summary: "The estimate of an outer step moves λ as it is.",
        cost: "none",
        fails: "All the noise of the estimate reaches the outer rule. A gradient step averages it by itself; a rule that \
                throws the length away moves by noise.",
        knobs: &[],
    },
    build: |_| Box::new(NoFilter),
};

#[derive(Clone, Copy)]
struct NoFilter;

impl Filter for NoFilter {
    fn pass(&mut self, estimate: &[f64], out: &mut Vec<f64>) {
        copy(estimate, out);
    }

    fn turn(&mut self, _: &Knobs) {}

    fn clone_box(&self) -> Box<dyn Filter> {
        Box::new(*self)
    }
}
