//! K-fold: every row validates in exactly one member.

use rand_chacha::ChaCha8Rng;

use super::division::Scope;
use super::{Division, Entry, MEMBERS, OF, Row, Rows};
use crate::catalog::{Card, Knobs};
use crate::math::random::shuffled;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "folds",
        name: "K-fold",
        source: "Stone 1974; as an ensemble hypergradient Zhou et al. 2026",
        equation: "ĥ = (1/K) Σ_k ĥ(λ; D \\ F_k, F_k)",
        summary: "The rows are cut into parts once, and each part validates what was trained on the others. K \
                  folds make K members.",
        cost: "K inner runs and K estimates an outer step",
        fails: "Members train on more rows than a single split does, so the mean moves: it estimates another \
                hypergradient, that of a larger training set.",
        knobs: &[MEMBERS, OF],
    },
    divides: true,
    is_fresh: false,
    // Shuffled at random, but cut so that drawing again is not what a K-fold is understood to be.
    is_drawn: false,
    divide,
};

fn divide(knobs: &Knobs, rows: &Rows, random: &mut ChaCha8Rng) -> Vec<Division> {
    let (scope, members) = (Scope::of(knobs, rows), knobs.count("members"));
    let whole = Division::identity(rows);
    let fold_of = |count: usize, random: &mut ChaCha8Rng| {
        let mut fold = vec![0; count];
        for (place, row) in shuffled(count, random).into_iter().enumerate() {
            fold[row] = place % members;
        }
        fold
    };
    if scope.together {
        let pool: Vec<Row> = whole.training.iter().chain(&whole.validation).copied().collect();
        let fold = fold_of(pool.len(), random);
        let part = |member: usize, validates: bool| {
            let is_meant = |(_, fold): &(&Row, &usize)| (**fold == member) == validates;
            pool.iter().zip(&fold).filter(is_meant).map(|(row, _)| *row).collect()
        };
        return (0..members).map(|k| Division { training: part(k, false), validation: part(k, true) }).collect();
    }
    let training = scope.training.then(|| fold_of(rows.training, random));
    let validation = scope.validation.then(|| fold_of(rows.validation, random));
    let member = |k: usize| {
        let mut division = whole.clone();
        if let Some(fold) = &training {
            division.training = (0..rows.training).filter(|row| fold[*row] != k).map(Row::Training).collect();
        }
        if let Some(fold) = &validation {
            let (validates, joins): (Vec<usize>, Vec<usize>) = (0..rows.validation).partition(|row| fold[*row] == k);
            division.training.extend(joins.into_iter().map(Row::Validation));
            division.validation = validates.into_iter().map(Row::Validation).collect();
        }
        division
    };
    (0..members).map(member).collect()
}
