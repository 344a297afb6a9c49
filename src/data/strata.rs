//! Strata: rows that are alike in their target, and how many of each go into which part of a split.

use super::text::name_in_short;
use super::{Dataset, Note};
use crate::math::statistics::distinct;

/// Stretches that a target of numbers is cut into.
const STRETCHES: usize = 10;

/// The values of a target, ascending, where they are whole numbers; none otherwise.
pub(super) fn classes(targets: &[f64]) -> Vec<f64> {
    if targets.iter().any(|target| target.fract() != 0.0) {
        return Vec::new();
    }
    distinct(targets.iter().copied())
}

/// Row numbers of each stratum: the classes of a target that has names for them or takes whole numbers several times
/// each; of numbers, stretches of about as many rows.
pub(super) fn strata(data: &Dataset) -> Vec<Vec<usize>> {
    let targets = &data.targets;
    let labels = classes(targets);
    if !labels.is_empty() && (!data.class_names.is_empty() || 2 * labels.len() <= targets.len()) {
        let mut strata = vec![Vec::new(); labels.len()];
        for (row, target) in targets.iter().enumerate() {
            strata[labels.partition_point(|label| label.total_cmp(target).is_lt())].push(row);
        }
        return strata;
    }
    let mut order: Vec<usize> = (0..targets.len()).collect();
    order.sort_by(|a, b| targets[*a].total_cmp(&targets[*b]));
    let cut = |stretch: usize| stretch * order.len() / STRETCHES;
    let stretch = |stretch: usize| {
        let mut rows = order[cut(stretch)..cut(stretch + 1)].to_vec();
        rows.sort_unstable();
        rows
    };
    (0..STRETCHES).map(stretch).filter(|rows| !rows.is_empty()).collect()
}

/// What counts as classes of a target of numbers, where it is more than two values.
pub(super) fn note_of_strata(data: &Dataset) -> Option<Note> {
    let count = strata(data).len();
    if !data.class_names.is_empty() || count < 3 {
        return None;
    }
    let name = name_in_short(&data.target_name);
    let are_values = count == distinct(data.targets.iter().copied()).len();
    let words = if are_values {
        format!("the {count} values of `{name}` count as classes")
    } else {
        format!("`{name}` is no class: {count} stretches of its values, each of about as many rows, count as classes")
    };
    Some(Note::remark(words).about("split"))
}

/// Three parts of the rows, and those that are left over.
const PARTS: usize = 4;

/// How many rows of each stratum go into each part of the sizes given, which are at most all rows together. Every count
/// is less than one away from the exact share, and the parts have their sizes: a table whose sums are whole numbers is
/// rounded (Bacharach 1966) by moving what is left over a whole number along closed paths through its rows and columns,
/// until nothing is left.
pub(super) fn shares(strata: &[usize], sizes: [usize; 3]) -> Vec<[usize; 3]> {
    let all: usize = strata.iter().sum();
    let [training, validation, test] = sizes;
    let sizes = [training, validation, test, all - training - validation - test];
    // In units of 1/all, so that everything is whole.
    let whole = all as u128;
    let mut table: Vec<[u128; PARTS]> =
        strata.iter().map(|count| sizes.map(|size| *count as u128 * size as u128)).collect();
    let mut first = 0;
    while let Some(place) = first_fraction(&table, whole, first) {
        first = place.0;
        let path = closed_path(&table, whole, place);
        shift(&mut table, whole, &path);
    }
    let counts = |row: &[u128; PARTS]| [0, 1, 2].map(|part| (row[part] / whole) as usize);
    table.iter().map(counts).collect()
}

/// A stratum and a part.
type Place = (usize, usize);

fn first_fraction(table: &[[u128; PARTS]], whole: u128, from: usize) -> Option<Place> {
    let part = |row: &[u128; PARTS]| row.iter().position(|share| share % whole != 0);
    table[from..].iter().enumerate().find_map(|(row, shares)| Some((from + row, part(shares)?)))
}

/// Places with fractions, by turns along a row and along a column, that come back to where they began: what is added at
/// one is taken from the next, and no sum changes. Where a sum is whole, a fraction is never alone; above `start` there is
/// none.
fn closed_path(table: &[[u128; PARTS]], whole: u128, start: Place) -> Vec<Place> {
    let is_fraction = |(row, part): Place| !table[row][part].is_multiple_of(whole);
    let mut path = vec![start];
    loop {
        let (row, part) = path[path.len() - 1];
        let Some(beside) = (0..PARTS).find(|other| *other != part && is_fraction((row, *other))) else { break };
        path.push((row, beside));
        // Parts are entered at every other place.
        if let Some(begin) = path.iter().step_by(2).position(|(_, entered)| *entered == beside) {
            path.drain(..2 * begin);
            break;
        }
        let below = (start.0..table.len()).find(|other| *other != row && is_fraction((*other, beside)));
        let Some(below) = below else { break };
        path.push((below, beside));
    }
    // A path that ends in the row it began in passes its first place twice, to and fro.
    if path.last() == path.first() {
        path.remove(0);
        path.pop();
    }
    path
}

/// Adds at every other place of a path and takes from those between, as much as makes one of them whole.
fn shift(table: &mut [[u128; PARTS]], whole: u128, path: &[Place]) {
    let room = |(index, (row, part)): (usize, &Place)| {
        let over = table[*row][*part] % whole;
        if index % 2 == 0 { over } else { whole - over }
    };
    let amount = path.iter().enumerate().map(room).min().unwrap_or(0);
    for (index, (row, part)) in path.iter().enumerate() {
        let share = &mut table[*row][*part];
        *share = if index % 2 == 0 { *share - amount } else { *share + amount };
    }
}
