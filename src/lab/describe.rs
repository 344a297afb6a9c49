//! What a command changes, in words: `damping 0.1 → 1`.

use super::{Command, Lab};
use crate::data::display_text;

/// What a command does to a lab, in words that name the value before and after.
pub(super) fn describe(command: &Command, before: &Lab) -> String {
    let name = |id: u64| before.trial(id).map_or_else(|| format!("trial {id}"), |trial| trial.setting().name.clone());
    let words = match command {
        Command::Tick => "a step".to_owned(),
        Command::Add(spec) => {
            format!("add {}", spec.name.as_deref().unwrap_or(spec.estimator.card().name))
        }
        Command::Duplicate(id) => format!("duplicate {}", name(*id)),
        Command::Remove(id) => format!("remove {}", name(*id)),
        Command::Hide(id, true) => format!("hide {}", name(*id)),
        Command::Hide(id, false) => format!("show {}", name(*id)),
        Command::Turn { trial, path, value } => {
            let fields = before.trial(*trial).map(|trial| trial.setting().fields()).unwrap_or_default();
            let now = fields.iter().find(|field| field.path() == **path).map(|field| field.value.to_string());
            format!("{} of {}", change(path.rsplit('.').next().unwrap_or(path), now, value), name(*trial))
        }
        Command::TurnProblem { key, value } => {
            let knobs = &before.experiment().scenario.problem.knobs;
            change(key, knobs.get(key).ok().map(|value| value.to_string()), value)
        }
        Command::Set { path, value } => {
            let stated = before.stated.iter().find(|stated| stated.path == **path);
            change(path, stated.map(|stated| stated.text.clone()), value)
        }
        Command::MeasureEvery(steps) => {
            change("measure every", Some(before.recording.every.to_string()), &steps.to_string())
        }
        Command::Rename(id, new) => change("name", Some(name(*id)), new),
        Command::Move(id, place) => format!("move {} to place {}", name(*id), place.saturating_add(1)),
        Command::Solo(Some(id)) => format!("{} alone", name(*id)),
        Command::Solo(None) => "all trials again".to_owned(),
    };
    display_text(&words)
}

fn change(what: &str, before: Option<String>, after: &str) -> String {
    let what = what.replace('_', " ");
    match before {
        Some(before) => format!("{what} {before} → {after}"),
        None => format!("{what} → {after}"),
    }
}
