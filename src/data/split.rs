//! Which rows train, validate and test.

use super::DataError;
use super::spec::SplitRule;
use crate::math::number::counted;
use crate::math::random::{Purpose, shuffled, stream};

/// Row numbers of each part, from 0. No row is in two parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    /// Rows of the inner objective.
    pub training: Vec<usize>,
    /// Rows of the outer objective.
    pub validation: Vec<usize>,
    /// Rows that neither sees; may be empty.
    pub test: Vec<usize>,
}

impl Rows {
    /// Applies a rule to `count` rows; `seed` draws where the rule has no seed of its own.
    ///
    /// # Errors
    /// At `split` or one of its fields, when the rule asks for rows that are not there, for one row
    /// twice, or for no training or validation rows at all.
    pub fn of(rule: &SplitRule, count: usize, seed: u64) -> Result<Self, DataError> {
        let rows = match rule {
            SplitRule::Alternate => Self::alternate((0..count).collect()),
            SplitRule::AlternateOf { keep, period } => Self::alternate_of(*keep, *period, count)?,
            SplitRule::Indices { training, validation, test } => Self::listed(training, validation, test, count)?,
            SplitRule::Random { training, validation, test, seed: own } => {
                let sizes = [*training, *validation, *test];
                let wanted = sizes.iter().fold(0usize, |sum, size| sum.saturating_add(*size));
                if wanted > count {
                    return Err(DataError::at(
                        "split",
                        format!(
                            "the split takes {training} + {validation} + {test} = {}, but the data has {count}",
                            counted(wanted, "row")
                        ),
                    ));
                }
                Self::drawn(sizes, count, own.unwrap_or(seed))
            }
            SplitRule::Fractions { training, validation, test, seed: own } => {
                let sizes = sizes_of_fractions([*training, *validation, *test], count)?;
                Self::drawn(sizes, count, own.unwrap_or(seed))
            }
        };
        for (name, part) in [("training", &rows.training), ("validation", &rows.validation)] {
            if part.is_empty() {
                let message = format!(
                    "the split leaves no {name} rows of the {} of the data; expected at least 1",
                    counted(count, "row")
                );
                return Err(DataError::at(format!("split.{name}"), message));
            }
        }
        Ok(rows)
    }

    fn alternate(kept: Vec<usize>) -> Self {
        let mut rows = Self::default();
        for (position, row) in kept.into_iter().enumerate() {
            if position % 2 == 0 { rows.training.push(row) } else { rows.validation.push(row) }
        }
        rows
    }

    fn alternate_of(keep: usize, period: usize, count: usize) -> Result<Self, DataError> {
        if period == 0 {
            return Err(DataError::at("split.period", "`period` is 0; expected at least 1"));
        }
        if keep == 0 || keep > period {
            let message = format!("`keep` is {keep}; expected at least 1 and at most `period`, which is {period}");
            return Err(DataError::at("split.keep", message));
        }
        let (kept, test) = (0..count).partition(|row| row % period < keep);
        Ok(Self { test, ..Self::alternate(kept) })
    }

    fn listed(training: &[usize], validation: &[usize], test: &[usize], count: usize) -> Result<Self, DataError> {
        let mut owner: Vec<Option<&str>> = vec![None; count];
        for (name, part) in [("training", training), ("validation", validation), ("test", test)] {
            for (position, row) in part.iter().enumerate() {
                let place = format!("split.{name}[{position}]");
                match owner.get_mut(*row) {
                    None => {
                        let message = format!(
                            "row {row} does not exist: the data has {}, numbered from 0 to {}",
                            counted(count, "row"),
                            count.saturating_sub(1)
                        );
                        return Err(DataError::at(place, message));
                    }
                    Some(Some(first)) if *first == name => {
                        return Err(DataError::at(place, format!("row {row} appears twice in `{name}`")));
                    }
                    Some(Some(first)) => {
                        return Err(DataError::at(place, format!("row {row} is in both `{first}` and `{name}`")));
                    }
                    Some(free) => *free = Some(name),
                }
            }
        }
        Ok(Self { training: training.to_vec(), validation: validation.to_vec(), test: test.to_vec() })
    }

    /// Consecutive pieces of one shuffle, each in ascending order.
    fn drawn([training, validation, test]: [usize; 3], count: usize, seed: u64) -> Self {
        let order = shuffled(count, &mut stream(seed, Purpose::Split, &[]));
        let piece = |from: usize, length: usize| {
            let mut rows = order[from..from + length].to_vec();
            rows.sort_unstable();
            rows
        };
        Self {
            training: piece(0, training),
            validation: piece(training, validation),
            test: piece(training + validation, test),
        }
    }
}

/// Whole rows of each fraction, rounded down (0.29 of 100 is 29, whatever its last bit says).
fn sizes_of_fractions(fractions: [f64; 3], count: usize) -> Result<[usize; 3], DataError> {
    for (name, fraction) in ["training", "validation", "test"].iter().zip(fractions) {
        if !(0.0..=1.0).contains(&fraction) {
            let message = format!("`{name}` is {fraction}; expected a fraction from 0 to 1");
            return Err(DataError::at(format!("split.{name}"), message));
        }
    }
    let sum: f64 = fractions.iter().sum();
    if sum > 1.0 + 1e-9 {
        let [training, validation, test] = fractions;
        let message = format!("the fractions {training} + {validation} + {test} add up to {sum}; expected at most 1");
        return Err(DataError::at("split", message));
    }
    Ok(fractions.map(|fraction| (fraction * count as f64 + 1e-9).floor() as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(rule: &SplitRule, count: usize) -> (String, String) {
        let error = Rows::of(rule, count, 0).unwrap_err();
        (error.field, error.message)
    }

    fn random(training: usize, validation: usize, test: usize) -> SplitRule {
        SplitRule::Random { training, validation, test, seed: None }
    }

    #[test]
    fn alternate_and_alternate_of() {
        let rows = Rows::of(&SplitRule::Alternate, 5, 0).unwrap();
        assert_eq!((rows.training, rows.validation), (vec![0, 2, 4], vec![1, 3]));
        let rows = Rows::of(&SplitRule::AlternateOf { keep: 2, period: 4 }, 10, 0).unwrap();
        assert_eq!(rows.training, [0, 4, 8]);
        assert_eq!(rows.validation, [1, 5, 9]);
        assert_eq!(rows.test, [2, 3, 6, 7]);
        // The rule behind the reference numbers for the digits: 449 + 450 of 1797 kept.
        let digits = Rows::of(&SplitRule::AlternateOf { keep: 2, period: 4 }, 1797, 0).unwrap();
        assert_eq!((digits.training.len(), digits.validation.len(), digits.test.len()), (450, 449, 898));
    }

    #[test]
    fn draws_are_disjoint_and_depend_on_the_seed_alone() {
        let rows = Rows::of(&random(4, 3, 2), 10, 7).unwrap();
        assert_eq!(rows, Rows::of(&random(4, 3, 2), 10, 7).unwrap());
        assert_ne!(rows, Rows::of(&random(4, 3, 2), 10, 8).unwrap());
        let own_seed = SplitRule::Random { training: 4, validation: 3, test: 2, seed: Some(7) };
        assert_eq!(rows, Rows::of(&own_seed, 10, 99).unwrap());
        let mut all: Vec<_> = [rows.training, rows.validation, rows.test].concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 9);
    }

    #[test]
    fn fractions_round_down_and_may_leave_rows_over() {
        let rule = SplitRule::Fractions { training: 0.29, validation: 0.5, test: 0.21, seed: None };
        let rows = Rows::of(&rule, 100, 0).unwrap();
        assert_eq!((rows.training.len(), rows.validation.len(), rows.test.len()), (29, 50, 21));
        let rule = SplitRule::Fractions { training: 0.5, validation: 0.3, test: 0.0, seed: None };
        assert_eq!(Rows::of(&rule, 11, 0).unwrap().training.len(), 5);
    }

    #[test]
    fn a_split_larger_than_the_data_names_both_numbers() {
        assert_eq!(
            error(&random(300, 200, 0), 442),
            ("split".into(), "the split takes 300 + 200 + 0 = 500 rows, but the data has 442".into())
        );
        let (_, message) = error(&random(usize::MAX, 2, 0), 10);
        assert!(message.contains("but the data has 10"), "{message}");
    }

    #[test]
    fn impossible_rules_say_what_is_wrong() {
        let list = |training: &[usize], validation: &[usize]| SplitRule::Indices {
            training: training.to_vec(),
            validation: validation.to_vec(),
            test: vec![],
        };
        let expected = [
            (
                list(&[0, 9], &[1]),
                "split.training[1]",
                "row 9 does not exist: the data has 5 rows, numbered from 0 to 4",
            ),
            (list(&[0, 1], &[2, 1]), "split.validation[1]", "row 1 is in both `training` and `validation`"),
            (list(&[0, 0], &[2]), "split.training[1]", "row 0 appears twice in `training`"),
            (
                list(&[], &[2]),
                "split.training",
                "the split leaves no training rows of the 5 rows of the data; expected at least 1",
            ),
            (
                random(2, 0, 0),
                "split.validation",
                "the split leaves no validation rows of the 5 rows of the data; expected at least 1",
            ),
            (SplitRule::AlternateOf { keep: 1, period: 0 }, "split.period", "`period` is 0; expected at least 1"),
            (
                SplitRule::AlternateOf { keep: 5, period: 4 },
                "split.keep",
                "`keep` is 5; expected at least 1 and at most `period`, which is 4",
            ),
            (
                SplitRule::Fractions { training: 0.75, validation: 0.5, test: 0.0, seed: None },
                "split",
                "the fractions 0.75 + 0.5 + 0 add up to 1.25; expected at most 1",
            ),
            (
                SplitRule::Fractions { training: -0.5, validation: 0.5, test: 0.0, seed: None },
                "split.training",
                "`training` is -0.5; expected a fraction from 0 to 1",
            ),
        ];
        for (rule, field, message) in expected {
            assert_eq!(error(&rule, 5), (field.into(), message.into()));
        }
    }
}
