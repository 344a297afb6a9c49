//! Which rows train, validate and test.

use super::spec::SplitRule;
use super::strata::{shares, strata};
use super::{DataError, Dataset, Note};
use crate::math::number::counted;
use crate::math::random::{Purpose, shuffled, stream};

/// Row numbers of each part, from 0. No row is in two parts, but for rows in time that validate and test.
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
    /// Applies a rule to the rows of a data set; `seed` draws where the rule has no seed of its own.
    ///
    /// # Errors
    /// At `split` or one of its fields, when the rule asks for rows that are not there, for one row
    /// twice, or for no training or validation rows at all.
    pub fn of(rule: &SplitRule, data: &Dataset, seed: u64) -> Result<Self, DataError> {
        let count = data.targets.len();
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
            SplitRule::Stratified { training, validation, test, seed: own } => {
                let sizes = sizes_of_parts([*training, *validation, *test], count)?;
                Self::stratified(sizes, &strata(data), own.unwrap_or(seed))
            }
            SplitRule::Ordered { training, validation, test, by, gap } => {
                let order = order(data, by.as_deref())?;
                Self::ordered([*training, *validation, *test], *gap, &order)?
            }
            SplitRule::Stream { .. } => Self::later(rule, data, 0)?,
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

    /// Those of a stream so many blocks later.
    ///
    /// # Errors
    /// At `split`, when the blocks are none, or end before, or the rule is about no stream.
    pub fn later(rule: &SplitRule, data: &Dataset, shift: usize) -> Result<Self, DataError> {
        let &SplitRule::Stream { past, block, training, validation } = rule else {
            return Err(DataError::at("split", "these rows have no time; expected `Stream(…)`"));
        };
        let (training, validation) = (training.unwrap_or(block), validation.unwrap_or(block));
        let within = |name: &str, count: usize, most: usize| {
            let is_within = (1..=most).contains(&count);
            let message = format!("`{name}` is {count}; expected from 1 to {most}");
            if is_within { Ok(()) } else { Err(DataError::at(format!("split.{name}"), message)) }
        };
        let rows = data.targets.len();
        within("block", block, rows)?;
        within("training", training, block)?;
        within("validation", validation, block)?;
        let blocks = rows / block;
        let there_are = || format!("the data has {} of {}", counted(blocks, "block"), counted(block, "row"));
        if past == 0 || past >= blocks {
            let most = blocks.saturating_sub(1);
            let message = format!(
                "`past` is {past}, but {}, and one has to come after the past; expected from 1 to {most}",
                there_are()
            );
            return Err(DataError::at("split.past", message));
        }
        let present = past.saturating_add(shift);
        if present >= blocks {
            let message = format!(
                "outer step {shift} would be about the block after the last: {}, and `past` is {past}; expected at most {}",
                there_are(),
                blocks.saturating_sub(shift + 1)
            );
            return Err(DataError::at("split", message));
        }
        let first = |block_number: usize| block_number * block;
        let of_past = |age: usize| first(present - 1 - age)..first(present - 1 - age) + training;
        let validating: Vec<usize> = (first(present + 1) - validation..first(present + 1)).collect();
        Ok(Self {
            training: (0..past).flat_map(of_past).collect(),
            test: if data.curve.is_empty() { Vec::new() } else { validating.clone() },
            validation: validating,
        })
    }

    /// That fractions of all rows have left some over, since each is rounded down.
    pub(super) fn left_over(&self, rule: &SplitRule, count: usize) -> Option<Note> {
        let (SplitRule::Fractions { training, validation, test, .. }
        | SplitRule::Stratified { training, validation, test, .. }
        | SplitRule::Ordered { training, validation, test, gap: 0, .. }) = rule
        else {
            return None;
        };
        let over = count - self.training.len() - self.validation.len() - self.test.len();
        let are_all = (training + validation + test - 1.0).abs() <= 1e-9;
        let note = || {
            let over = counted(over, "row");
            Note::remark(format!("left over: {over} of {count}, as each fraction is rounded down")).about("split")
        };
        (over > 0 && are_all).then(note)
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

    /// Rows of every stratum, shuffled, to each part in its share.
    fn stratified(sizes: [usize; 3], strata: &[Vec<usize>], seed: u64) -> Self {
        let random = &mut stream(seed, Purpose::Split, &[]);
        let lengths: Vec<usize> = strata.iter().map(Vec::len).collect();
        let mut parts: [Vec<usize>; 3] = Default::default();
        for (stratum, takes) in strata.iter().zip(shares(&lengths, sizes)) {
            let mut rows = shuffled(stratum.len(), random).into_iter().map(|place| stratum[place]);
            for (part, count) in parts.iter_mut().zip(takes) {
                part.extend(rows.by_ref().take(count));
            }
        }
        parts.iter_mut().for_each(|part| part.sort_unstable());
        let [training, validation, test] = parts;
        Self { training, validation, test }
    }

    /// Consecutive pieces of an order, with a gap between two that are not empty.
    fn ordered(parts: [f64; 3], gap: usize, order: &[usize]) -> Result<Self, DataError> {
        let gaps = parts.iter().filter(|part| **part > 0.0).count().saturating_sub(1).saturating_mul(gap);
        let Some(left) = order.len().checked_sub(gaps).filter(|left| *left > 0) else {
            let (rows, most) = (counted(order.len(), "row"), order.len().saturating_sub(2));
            let message = format!("`gap` is {gap}, which leaves nothing of {rows}; expected at most {most}");
            return Err(DataError::at("split.gap", message));
        };
        let mut at = 0;
        let [training, validation, test] = sizes_of_parts(parts, left)?.map(|size| {
            let piece = order[at..at + size].to_vec();
            at = (at + size + gap).min(order.len());
            piece
        });
        Ok(Self { training, validation, test })
    }
}

impl Dataset {
    /// The values that say which row comes first: those of the feature of this name.
    fn column_of_order(&self, name: &str) -> Option<Vec<f64>> {
        let index = self.feature_names.iter().position(|other| other == name)?;
        Some(self.features.column(index))
    }
}

/// Whole rows of each part, from fractions of the rows or from numbers of them: at least one trains and one validates, so
/// that numbers are more than 1 together and fractions are not.
fn sizes_of_parts(parts: [f64; 3], count: usize) -> Result<[usize; 3], DataError> {
    let is_whole = |part: &f64| *part >= 0.0 && part.fract() == 0.0;
    let sum: f64 = parts.iter().sum();
    if sum <= 1.0 + 1e-9 || !parts.iter().all(is_whole) {
        return sizes_of_fractions(parts, count);
    }
    if sum > count as f64 {
        let [training, validation, test] = parts;
        let message = format!(
            "the split takes {training} + {validation} + {test} = {sum} rows, but the data has {count}; expected at most \
             those, or fractions"
        );
        return Err(DataError::at("split", message));
    }
    Ok(parts.map(|part| part as usize))
}

/// The rows from first to last: as they come, or by the values of a feature, equal ones as they come.
fn order(data: &Dataset, by: Option<&str>) -> Result<Vec<usize>, DataError> {
    let mut rows: Vec<usize> = (0..data.targets.len()).collect();
    let Some(by) = by else { return Ok(rows) };
    let values = data.column_of_order(by).ok_or_else(|| {
        let names: Vec<String> = data.feature_names.iter().take(12).map(|name| format!("`{name}`")).collect();
        let more = data.feature_names.len().saturating_sub(12);
        let others = if more > 0 { format!(" and {more} more") } else { String::new() };
        let (by, names) = (super::display_text(by), names.join(", "));
        let message = format!("there is no feature `{by}` to order rows by; the features are {names}{others}");
        DataError::at("split.by", message)
    })?;
    if let Some(row) = values.iter().position(|value| value.is_nan()) {
        let message = format!("`{}` has no value in row {row}, which therefore has no place", super::display_text(by));
        return Err(DataError::at("split.by", message));
    }
    rows.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    Ok(rows)
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

    /// A data set of so many rows.
    fn data(count: usize) -> Dataset {
        Dataset { targets: vec![0.5; count], ..Dataset::default() }
    }

    fn error(rule: &SplitRule, count: usize) -> (String, String) {
        let error = Rows::of(rule, &data(count), 0).unwrap_err();
        (error.field, error.message)
    }

    fn random(training: usize, validation: usize, test: usize) -> SplitRule {
        SplitRule::Random { training, validation, test, seed: None }
    }

    #[test]
    fn alternate_and_alternate_of() {
        let rows = Rows::of(&SplitRule::Alternate, &data(5), 0).unwrap();
        assert_eq!((rows.training, rows.validation), (vec![0, 2, 4], vec![1, 3]));
        let rows = Rows::of(&SplitRule::AlternateOf { keep: 2, period: 4 }, &data(10), 0).unwrap();
        assert_eq!(rows.training, [0, 4, 8]);
        assert_eq!(rows.validation, [1, 5, 9]);
        assert_eq!(rows.test, [2, 3, 6, 7]);
        // The rule behind the reference numbers for the digits: 449 + 450 of 1797 kept.
        let digits = Rows::of(&SplitRule::AlternateOf { keep: 2, period: 4 }, &data(1797), 0).unwrap();
        assert_eq!((digits.training.len(), digits.validation.len(), digits.test.len()), (450, 449, 898));
    }

    #[test]
    fn draws_are_disjoint_and_depend_on_the_seed_alone() {
        let rows = Rows::of(&random(4, 3, 2), &data(10), 7).unwrap();
        assert_eq!(rows, Rows::of(&random(4, 3, 2), &data(10), 7).unwrap());
        assert_ne!(rows, Rows::of(&random(4, 3, 2), &data(10), 8).unwrap());
        let own_seed = SplitRule::Random { training: 4, validation: 3, test: 2, seed: Some(7) };
        assert_eq!(rows, Rows::of(&own_seed, &data(10), 99).unwrap());
        let mut all: Vec<_> = [rows.training, rows.validation, rows.test].concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 9);
    }

    #[test]
    fn fractions_round_down_and_may_leave_rows_over() {
        let rule = SplitRule::Fractions { training: 0.29, validation: 0.5, test: 0.21, seed: None };
        let rows = Rows::of(&rule, &data(100), 0).unwrap();
        assert_eq!((rows.training.len(), rows.validation.len(), rows.test.len()), (29, 50, 21));
        let rule = SplitRule::Fractions { training: 0.5, validation: 0.3, test: 0.0, seed: None };
        assert_eq!(Rows::of(&rule, &data(11), 0).unwrap().training.len(), 5);
    }

    #[test]
    fn rows_that_fractions_leave_over_are_said() {
        let of = |parts: [f64; 3], count: usize| {
            let [training, validation, test] = parts;
            let rule = SplitRule::Fractions { training, validation, test, seed: None };
            Rows::of(&rule, &data(count), 0).unwrap().left_over(&rule, count).map(|note| note.text)
        };
        // 3.4, 3.3 and 3.3 of 10 rows.
        assert!(of([0.34, 0.33, 0.33], 10).unwrap().starts_with("left over: 1 row of 10,"));
        assert_eq!(of([0.34, 0.33, 0.33], 100), None);
        // Who asks for less than all rows knows that some are left.
        assert_eq!(of([0.4, 0.3, 0.0], 11), None);
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

    /// `counts[class]` rows of each class, one class after the other.
    fn classes(counts: &[usize]) -> Dataset {
        let targets = counts.iter().enumerate().flat_map(|(class, count)| vec![class as f64; *count]);
        Dataset { targets: targets.collect(), ..Dataset::default() }
    }

    fn stratified(training: f64, validation: f64, test: f64, seed: u64) -> SplitRule {
        SplitRule::Stratified { training, validation, test, seed: Some(seed) }
    }

    #[test]
    fn every_part_has_each_class_in_its_share() {
        let counts = [37, 5, 1, 57];
        let data = classes(&counts);
        for (rule, sizes) in [
            (stratified(0.5, 0.3, 0.2, 7), [50, 30, 20]),
            (stratified(33.0, 21.0, 7.0, 7), [33, 21, 7]),
            (stratified(0.6, 0.25, 0.0, 7), [60, 25, 0]),
        ] {
            let rows = Rows::of(&rule, &data, 0).unwrap();
            let mut all = Vec::new();
            for (part, size) in [&rows.training, &rows.validation, &rows.test].into_iter().zip(sizes) {
                assert_eq!(part.len(), size);
                assert!(part.is_sorted());
                for (class, count) in counts.iter().enumerate() {
                    let found = part.iter().filter(|row| data.targets[**row] == class as f64).count();
                    let share = (count * size) as f64 / 100.0;
                    assert!((found as f64 - share).abs() < 1.0, "class {class} of {size}: {found}, {share}");
                }
                all.extend(part.iter().copied());
            }
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), sizes.iter().sum::<usize>());
        }
        // Which rows of a class they are depends on the seed; where every share is whole there is one count.
        let [first, second] =
            [1, 2].map(|seed| Rows::of(&stratified(0.5, 0.5, 0.0, seed), &classes(&[8, 4]), 0).unwrap());
        assert_ne!(first, second);
        let of_first_class = |rows: &Rows| rows.training.iter().filter(|row| **row < 8).count();
        assert_eq!((of_first_class(&first), of_first_class(&second)), (4, 4));
    }

    #[test]
    fn numbers_are_stratified_by_ten_stretches() {
        // The values 0.5, 1.5, …, 99.5 in another order: ten stretches of ten, of which half trains.
        let targets: Vec<f64> = (0..100).map(|row| f64::from(row * 37 % 100) + 0.5).collect();
        let data = Dataset { targets, ..Dataset::default() };
        let rows = Rows::of(&stratified(0.5, 0.5, 0.0, 3), &data, 0).unwrap();
        for stretch in 0..10 {
            let is_there = |row: &&usize| (data.targets[**row] / 10.0) as usize == stretch;
            assert_eq!(rows.training.iter().filter(is_there).count(), 5, "stretch {stretch}");
        }
    }

    fn ordered(training: f64, validation: f64, test: f64, by: Option<&str>, gap: usize) -> SplitRule {
        SplitRule::Ordered { training, validation, test, by: by.map(str::to_owned), gap }
    }

    #[test]
    fn parts_follow_one_another_in_time() {
        let rows = Rows::of(&ordered(0.5, 0.25, 0.25, None, 0), &data(8), 0).unwrap();
        assert_eq!((rows.training, rows.validation, rows.test), (vec![0, 1, 2, 3], vec![4, 5], vec![6, 7]));
        // Of eleven rows nine are left beside two gaps, of which a third is three.
        let rows = Rows::of(&ordered(0.34, 0.34, 0.32, None, 1), &data(11), 0).unwrap();
        assert_eq!((rows.training, rows.validation, rows.test), (vec![0, 1, 2], vec![4, 5, 6], vec![8, 9]));
        let features = crate::math::Matrix::from_entries(5, 1, vec![3.0, 1.0, 2.0, 1.0, 0.0]).unwrap();
        let timed = Dataset { features: features.into(), feature_names: vec!["day".to_owned()], ..data(5) };
        let rows = Rows::of(&ordered(2.0, 2.0, 1.0, Some("day"), 0), &timed, 0).unwrap();
        assert_eq!((rows.training, rows.validation, rows.test), (vec![4, 1], vec![3, 2], vec![0]));
        let error = Rows::of(&ordered(2.0, 2.0, 0.0, Some("date"), 0), &timed, 0).unwrap_err();
        let message = "there is no feature `date` to order rows by; the features are `day`";
        assert_eq!((error.field.as_str(), error.message.as_str()), ("split.by", message));
        assert_eq!(
            self::error(&ordered(0.5, 0.5, 0.0, None, 7), 5),
            ("split.gap".into(), "`gap` is 7, which leaves nothing of 5 rows; expected at most 3".into())
        );
        let (field, message) = self::error(&ordered(4.0, 2.0, 0.0, None, 0), 5);
        assert_eq!(field, "split");
        assert!(message.starts_with("the split takes 4 + 2 + 0 = 6 rows, but the data has 5"), "{message}");
        assert!(self::error(&ordered(f64::NAN, 2.0, 0.0, None, 0), 5).1.starts_with("`training` is NaN"));
    }
}
