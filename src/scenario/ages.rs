//! Rows whose age λ weighs, divided otherwise than by their age: then a weight would be that of any rows.

use super::Setting;
use super::failure::BuildFailure;
use super::requirements::Asked;
use crate::data::SplitRule;

/// What is found, of the rows and of every trial.
pub(super) fn in_disorder(asked: &Asked<'_>) -> Vec<BuildFailure> {
    let Some(weights) = asked.problem.age_weights(asked.lambda) else { return Vec::new() };
    let mut found: Vec<BuildFailure> =
        asked.scenario.data.iter().filter_map(|data| split(&data.split, weights.len())).collect();
    for (index, trial) in asked.scenario.trials.iter().enumerate() {
        let setting = Setting::of(trial, asked.scenario);
        let path =
            |is_own: bool, field: &str| if is_own { format!("trials[{index}].{field}") } else { field.to_owned() };
        if setting.ensemble.entry().divides {
            let message = "λ weighs rows by their age, and rows that are divided anew have none; expected `Single`";
            found.push(BuildFailure::at(path(trial.ensemble.is_some(), "ensemble"), message));
        }
        let world = setting.world.entry();
        if world.moves && !world.is_in_order {
            let message =
                "λ weighs rows by their age, and rows that are drawn anew have none; expected `Drift` or `Fixed`";
            found.push(BuildFailure::at(path(trial.world.is_some(), "world"), message));
        }
    }
    // Trials that share a field share what is wrong with it.
    found.dedup();
    found
}

/// Rows that are not so many blocks in time.
fn split(rule: &SplitRule, ages: usize) -> Option<BuildFailure> {
    match rule {
        SplitRule::Stream { past, .. } if *past == ages => None,
        SplitRule::Stream { past, .. } => {
            let message =
                format!("`blocks` is {ages}, and the split has {past} blocks of the past; expected `blocks: {past}`");
            Some(BuildFailure::at("problem.blocks", message))
        }
        _ => {
            let message = format!(
                "λ weighs rows by their age, and these have none; expected `Stream(past: {ages}, block: …)`, which takes rows in time order"
            );
            Some(BuildFailure::at("data.split", message))
        }
    }
}
