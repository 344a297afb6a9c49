//! K-fold: every row validates in exactly one member.

use rand_chacha::ChaCha8Rng;

use super::division::Scope;
use super::{BY_CLASS, COMBINE, Division, Entry, MEMBERS, OF, Row, Rows};
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
        knobs: &[MEMBERS, OF, BY_CLASS, COMBINE],
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
    let fold_of = |count: usize, random: &mut ChaCha8Rng| folds(&[(0..count).collect()], count, members, random);
    if scope.together {
        let pool: Vec<Row> = whole.training.iter().chain(&whole.validation).copied().collect();
        let fold = match knobs.toggle("by_class") {
            true => folds(&rows.classes(), pool.len(), members, random),
            false => fold_of(pool.len(), random),
        };
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

/// The fold of every row: the rows of each group, shuffled, in turn, so that every fold has as many of each to within one.
fn folds(groups: &[Vec<usize>], count: usize, members: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut fold = vec![0; count];
    let mut place = 0;
    for group in groups {
        for row in shuffled(group.len(), random) {
            fold[group[row]] = place % members;
            place += 1;
        }
    }
    fold
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;
    use crate::math::random::{Purpose, stream};

    #[test]
    fn folds_by_class_have_as_many_of_each_to_within_one() {
        // 13 rows of class 0 and 7 of class 1 in five folds.
        let targets: Vec<f64> = (0..20).map(|row| f64::from(u8::from(row % 3 == 2 || row == 19))).collect();
        let ones = targets.iter().filter(|target| **target == 1.0).count();
        assert_eq!(ones, 7);
        let rows = Rows { training: 12, validation: 8, validation_is_trusted: false, targets };
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("by_class", Value::Toggle(true));
        let members = divide(&knobs, &rows, &mut stream(7, Purpose::Ensemble, &[]));
        let target = |row: &Row| match row {
            Row::Training(index) => rows.targets[*index],
            Row::Validation(index) => rows.targets[12 + index],
        };
        for member in &members {
            let of_one = member.validation.iter().filter(|row| target(row) == 1.0).count();
            assert_eq!(member.validation.len(), 4);
            assert!((1..=2).contains(&of_one), "{of_one}");
            assert_eq!(member.training.len(), 16);
        }
    }
}
