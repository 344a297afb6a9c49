//! Populations that cannot be moved as a scenario says, and what it writes out for them in vain.

use super::failure::BuildFailure;
use super::requirements::Asked;
use super::{Coordinates, Setting};
use crate::draw::WrittenStudents;
use crate::math::number::{counted, written};
use crate::problem::Blocks;

/// What is found, of every trial.
pub(super) fn in_vain(asked: &Asked<'_>) -> Vec<BuildFailure> {
    let trials = asked.scenario.trials.iter().enumerate();
    let found = trials.flat_map(|(index, trial)| {
        let setting = Setting::of(trial, asked.scenario);
        let path = |is_own: bool, field: &str| if is_own { format!("trials[{index}].{field}") } else { field.to_owned() };
        let blocks = setting.outer.in_force(asked.declared(&setting.inner), asked.scenario.seed);
        let exchanges = setting.population.entry().exchange.is_some();
        let mut failures = Vec::new();
        if setting.outer.coordinates == Coordinates::Box {
            failures.extend(without_box(&blocks, path(trial.outer.is_some(), "outer.coordinates"), "`Box` steps"));
        }
        if exchanges {
            let name = format!("`{}` moves", setting.population.card().ron_name());
            failures.extend(without_box(&blocks, path(trial.population.is_some(), "population"), &name));
        }
        if let Some(students) = setting.draws.students().filter(|students| !students.is_empty()) {
            let at = path(trial.draws.is_some(), "draws.students");
            if exchanges {
                failures.extend(unfit(students, (setting.students(), blocks.dimension()), &at));
            } else {
                let message = format!(
                    "`{}` takes nothing that `students` writes out; expected a population such as `Hpm`, or no `students`",
                    setting.population.card().ron_name()
                );
                failures.push(BuildFailure::at(at, message));
            }
        }
        failures
    });
    let mut found: Vec<BuildFailure> = found.collect();
    // Trials that share a field share what is wrong with it.
    found.dedup();
    found
}

/// An entry of λ that has no box to be moved in.
fn without_box(blocks: &Blocks, path: String, who: &str) -> Option<BuildFailure> {
    let entry = blocks.without_box()?;
    let (low, high) = blocks.bounds().nth(entry)?;
    let name = blocks.names().get(entry).cloned().unwrap_or_default();
    let message = format!(
        "{who} within the bounds of λ, and those of `{name}` are {} and {}; expected two numbers, the smaller one first",
        written(low),
        written(high)
    );
    Some(BuildFailure::at(path, message))
}

/// Lists of other lengths than students and λ have, or places out of the box.
fn unfit(students: &WrittenStudents, (count, entries): (usize, usize), path: &str) -> Option<BuildFailure> {
    let WrittenStudents { starts, coins, teacher } = students;
    if starts.len() > count {
        let message = format!(
            "there are {} for {}; expected no more of them",
            counted(starts.len(), "start"),
            counted(count, "student")
        );
        return Some(BuildFailure::at(format!("{path}.starts"), message));
    }
    for (field, lists) in [("starts", starts), ("coins", coins)] {
        if let Some((index, list)) = lists.iter().enumerate().find(|(_, list)| list.len() != entries) {
            let message =
                format!("{} for a λ of {}; expected as many", counted(list.len(), "number"), counted(entries, "entry"));
            return Some(BuildFailure::at(format!("{path}.{field}[{index}]"), message));
        }
    }
    let outside = |list: &Vec<f64>| list.iter().copied().find(|x| !(0.0..=1.0).contains(x));
    if let Some((index, x)) = starts.iter().enumerate().find_map(|(index, list)| Some((index, outside(list)?))) {
        let message = format!("a student starts at {}; expected from 0 to 1, its place in the bounds", written(x));
        return Some(BuildFailure::at(format!("{path}.starts[{index}]"), message));
    }
    let neither = |list: &Vec<f64>| list.iter().copied().find(|coin| *coin != 0.0 && *coin != 1.0);
    if let Some((index, coin)) = coins.iter().enumerate().find_map(|(index, list)| Some((index, neither(list)?))) {
        let message =
            format!("a coin is {}; expected 1 for an entry that grows and 0 for one that shrinks", written(coin));
        return Some(BuildFailure::at(format!("{path}.coins[{index}]"), message));
    }
    let no_number = |list: &Vec<f64>| list.iter().copied().find(|weight| !weight.is_finite());
    if let Some((index, weight)) = teacher.iter().enumerate().find_map(|(index, list)| Some((index, no_number(list)?)))
    {
        let message = format!("a teacher's weight is {}; expected finite numbers", written(weight));
        return Some(BuildFailure::at(format!("{path}.teacher[{index}]"), message));
    }
    let is_matrix = |list: &Vec<f64>| !list.is_empty() && list.len().is_multiple_of(entries.max(1));
    let fits = teacher.is_empty()
        || teacher.len() == 2
            && teacher.iter().all(is_matrix)
            && teacher.get(0).map(Vec::len) == teacher.get(1).map(Vec::len);
    (!fits).then(|| {
        let message =
            format!("expected two lists, W and V, of as many numbers each: {entries} rows one after the other");
        BuildFailure::at(format!("{path}.teacher"), message)
    })
}
