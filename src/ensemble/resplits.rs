//! K random re-splits, drawn once or at every outer step.
//!
//! Training and validation rows are one pool of `n_t + n_v`; each member draws `n_t` of them to train on and
//! validates on the rest. Where only one of the sets is divided, half of it changes sides or is left out.

use rand_chacha::ChaCha8Rng;

use super::division::{Scope, shuffled};
use super::{Division, Entry, MEMBERS, OF, Row, Rows, SMOOTHING};
use crate::catalog::{Card, Knobs};

pub(super) const FIXED: Entry = Entry {
    card: Card {
        id: "fixed",
        name: "Fixed re-splits",
        source: "Zhou et al. 2026, ensemble hypergradient",
        equation: "ĥ = (1/K) Σ_k ĥ(λ; S_tr⁽ᵏ⁾, S_val⁽ᵏ⁾), splits drawn once",
        summary: "K splits of the same rows, drawn at the start and kept. Variance falls as a + b/K: the floor a is \
                  the pool itself.",
        cost: "K inner runs and K estimates an outer step",
        fails: "The pool is still finite: λ fits all of it in the end, later and less than with a single split.",
        knobs: &[MEMBERS, OF, SMOOTHING],
    },
    is_fresh: false,
    is_drawn: true,
    divide,
};

pub(super) const FRESH: Entry = Entry {
    card: Card {
        id: "fresh",
        name: "Fresh re-splits",
        source: "Zhou et al. 2026, ensemble hypergradient; stochastic splits as in Lorraine et al. 2020",
        equation: "ĥ_t = (1/K) Σ_k ĥ(λ_t; S_tr⁽ᵗᵏ⁾, S_val⁽ᵗᵏ⁾), splits drawn at every outer step",
        summary: "K new splits of the same rows at every outer step. With K = 1 an outer step costs what a single \
                  split costs, and the noise of the splits averages out over the steps.",
        cost: "K inner runs and K estimates an outer step",
        fails: "Each estimate is as noisy as a single split's; a long outer step follows the noise.",
        knobs: &[MEMBERS, OF, SMOOTHING],
    },
    is_fresh: true,
    is_drawn: true,
    divide,
};

fn divide(knobs: &Knobs, rows: &Rows, random: &mut ChaCha8Rng) -> Vec<Division> {
    let scope = Scope::of(knobs, rows);
    (0..knobs.count("members")).map(|_| member(scope, rows, random)).collect()
}

fn member(scope: Scope, rows: &Rows, random: &mut ChaCha8Rng) -> Division {
    let mut division = Division::identity(rows);
    if scope.together {
        let pool: Vec<Row> = division.training.iter().chain(&division.validation).copied().collect();
        let order = shuffled(pool.len(), random);
        let (training, validation) = order.split_at(rows.training);
        let sorted = |part: &[usize]| {
            let mut part = part.to_vec();
            part.sort_unstable();
            part.into_iter().map(|index| pool[index]).collect()
        };
        return Division { training: sorted(training), validation: sorted(validation) };
    }
    if scope.training {
        let mut kept = shuffled(rows.training, random);
        kept.truncate(rows.training.div_ceil(2));
        kept.sort_unstable();
        division.training = kept.into_iter().map(Row::Training).collect();
    }
    if scope.validation {
        let order = shuffled(rows.validation, random);
        let (validation, joins) = order.split_at(rows.validation.div_ceil(2));
        division.training.extend(joins.iter().map(|index| Row::Validation(*index)));
        division.training.sort_unstable();
        division.validation = validation.iter().map(|index| Row::Validation(*index)).collect();
        division.validation.sort_unstable();
    }
    division
}
