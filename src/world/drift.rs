//! Rows that move on in time: an outer step sees the next block, and learns from the blocks before it.

use rand_chacha::ChaCha8Rng;

use super::{Entry, Ground};
use crate::catalog::{Card, Knobs};
use crate::data::Split;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "drift",
        name: "Drifting world",
        source: "Bohne, Petrulionyte, Arbel, Mairal, Polak 2026, arXiv 2601.15363",
        equation: "outer step k: S_val is block t = past + k, S_tr the blocks t − 1, …, t − past",
        summary: "Rows move on in time. At every outer step the next block judges, and the blocks before it are learned from; the \
                  oldest is left behind.",
        cost: "the rows are prepared anew at every outer step; no oracle call more",
        fails: "What is best moves while λ does: it is followed and never reached. The run ends where the rows do. Features are shifted \
                and scaled once, as the first blocks say.",
        knobs: &[],
    },
    moves: true,
    is_in_order: true,
    restarts: |_| false,
    split,
};

fn split(_: &Knobs, ground: &Ground<'_>, _: &mut ChaCha8Rng) -> Result<Split, String> {
    if ground.about_rows {
        return Err(
            "λ weighs the scenario's own training rows, and there are others at every outer step; expected `Fixed`"
                .to_owned(),
        );
    }
    (ground.later)().unwrap_or_else(|| {
        Err("`Drift` moves on from block to block, and the rows have no time; expected `split: Stream(…)`, or `Fixed`"
            .to_owned())
    })
}
