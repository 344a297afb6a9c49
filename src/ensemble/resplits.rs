//! K random re-splits, drawn once or at every outer step.
//!
//! Training and validation rows are one pool of `n_t + n_v`; each member draws `n_t` of them to train on and
//! validates on the rest. Where only one of the sets is divided, half of it changes sides or is left out.

use rand_chacha::ChaCha8Rng;

use super::division::Scope;
use super::{BY_CLASS, COMBINE, Division, Entry, MEMBERS, OF, Row, Rows, split};
use crate::catalog::{Card, Knobs, Value};
use crate::data::Split;
use crate::math::random::shuffled;

pub(super) const FIXED: Entry = Entry {
    card: Card {
        id: "fixed",
        name: "Fixed re-splits",
        source: "Zhou et al. 2026, ensemble hypergradient",
        equation: "ĥ = (1/K) Σ_k ĥ(λ; S_tr⁽ᵏ⁾, S_val⁽ᵏ⁾), splits drawn once",
        summary: "Several splits of the same rows, drawn at the start and kept. There are K of them. Variance \
                  falls as a + b/K: the floor a is the pool itself.",
        cost: "K inner runs and K estimates an outer step",
        fails: "The pool is still finite: λ fits all of it in the end, later and less than with a single split.",
        knobs: &[MEMBERS, OF, BY_CLASS, COMBINE],
    },
    divides: true,
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
        summary: "New splits of the same rows at every outer step. There are K of them. With K = 1 an outer step \
                  costs what a single split costs, and the noise of the splits averages out over the steps.",
        cost: "K inner runs and K estimates an outer step",
        fails: "Each estimate is as noisy as a single split's; a long outer step follows the noise.",
        knobs: &[MEMBERS, OF, BY_CLASS, COMBINE],
    },
    divides: true,
    is_fresh: true,
    is_drawn: true,
    divide,
};

/// Training and validation rows divided anew, as many on either side and, of classes, as many of each. The test rows stay.
///
/// # Errors
/// Why the rows cannot be divided.
pub fn resplit(base: &Split, random: &mut ChaCha8Rng) -> Result<Split, String> {
    let knobs = Knobs::defaults(FRESH.card.knobs).with("members", Value::Integer(1));
    let knobs = knobs.with("by_class", Value::Toggle(!base.labels.is_empty()));
    let mut splits = split(&FRESH, &knobs, base, false, random)?;
    let divided = splits.pop().ok_or_else(|| "one member was asked for".to_owned())?;
    Ok(Split { test: base.test.clone(), ..divided })
}

fn divide(knobs: &Knobs, rows: &Rows, random: &mut ChaCha8Rng) -> Vec<Division> {
    let scope = Scope::of(knobs, rows);
    let groups = if knobs.toggle("by_class") { rows.classes() } else { vec![(0..rows.targets.len()).collect()] };
    let member = |_| if scope.together { redrawn(&groups, rows, random) } else { halved(scope, rows, random) };
    (0..knobs.count("members")).map(member).collect()
}

/// Training and validation rows drawn from all of them, as many of each group as there were.
fn redrawn(groups: &[Vec<usize>], rows: &Rows, random: &mut ChaCha8Rng) -> Division {
    let whole = Division::identity(rows);
    let pool: Vec<Row> = whole.training.iter().chain(&whole.validation).copied().collect();
    let (mut training, mut validation) = (Vec::new(), Vec::new());
    for group in groups {
        let order: Vec<usize> = shuffled(group.len(), random).into_iter().map(|place| group[place]).collect();
        let (trains, validates) = order.split_at(group.iter().filter(|row| **row < rows.training).count());
        training.extend(trains);
        validation.extend(validates);
    }
    let sorted = |mut part: Vec<usize>| {
        part.sort_unstable();
        part.into_iter().map(|index| pool[index]).collect()
    };
    Division { training: sorted(training), validation: sorted(validation) }
}

/// Half of the training rows is left out, half of the validation rows trains, or both.
fn halved(scope: Scope, rows: &Rows, random: &mut ChaCha8Rng) -> Division {
    let mut division = Division::identity(rows);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;
    use crate::math::random::{Purpose, stream};

    /// Three rows of class 0 and one of class 1 train; 5 and 6 rows of them validate.
    fn rows() -> Rows {
        let targets = [vec![0.0; 3], vec![1.0], vec![0.0; 5], vec![1.0; 6]].concat();
        Rows { training: 4, validation: 11, validation_is_trusted: false, targets }
    }

    fn members(by_class: bool) -> Vec<Division> {
        let knobs = Knobs::defaults(FRESH.card.knobs)
            .with("members", Value::Integer(200))
            .with("by_class", Value::Toggle(by_class));
        divide(&knobs, &rows(), &mut stream(7, Purpose::Ensemble, &[]))
    }

    fn number(row: &Row) -> usize {
        match row {
            Row::Training(index) => *index,
            Row::Validation(index) => 4 + index,
        }
    }

    #[test]
    fn every_row_is_on_one_side_and_every_side_as_large_as_it_was() {
        for by_class in [false, true] {
            for member in members(by_class) {
                assert_eq!((member.training.len(), member.validation.len()), (4, 11));
                let mut all: Vec<usize> = member.training.iter().chain(&member.validation).map(number).collect();
                all.sort_unstable();
                assert_eq!(all, (0..15).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn class_by_class_each_member_keeps_its_number_of_rows() {
        let rows = rows();
        let of_class_one =
            |member: &Division| member.training.iter().filter(|row| rows.targets[number(row)] == 1.0).count();
        assert!(members(true).iter().all(|member| of_class_one(member) == 1));
        // Without it the number varies: on average 4 · 7/15 of 4.
        let counts: Vec<usize> = members(false).iter().map(of_class_one).collect();
        assert!((0..=4).filter(|count| counts.contains(count)).count() >= 3, "{counts:?}");
        // And every row of the class comes to train sooner or later: 200 draws of one in seven.
        let members = members(true);
        let trains = |index: usize| members.iter().any(|member| member.training.iter().any(|row| number(row) == index));
        assert!([3, 9, 10, 11, 12, 13, 14].into_iter().all(trains));
    }
}
