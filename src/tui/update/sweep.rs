//! Measuring against a knob: which values, of whom.

use tui_input::Input;

use super::effect::{Effect, open};
use super::lab::changed;
use super::measuring;
use crate::lab::Command;
use crate::probe::Question;
use crate::scenario::{Scenario, Sweep, vary};
use crate::tui::state::{App, LabState, Overlay};

/// Proposes values around that of the selected knob.
pub(super) fn propose(app: &mut App, question: Question) -> Vec<Effect> {
    let Some((lab, row)) = app.lab.as_ref().and_then(|lab| Some((lab, lab.selected_knob()?))) else {
        return Vec::new();
    };
    if lab.snapshot.findings.progress(question).is_some() {
        return measuring::begin_or_cancel(app, question);
    }
    if row.address.swept(false, lab.trial).is_none() {
        app.complain(format!("{} is no value of a trial or of the scenario: select another to sweep", row.label));
        return Vec::new();
    }
    let values: Vec<String> = row.content.around();
    let input = Input::new(values.join(", "));
    open(app, Overlay::Sweep { question, row: Box::new(row), input, is_for_all: true, error: None })
}

/// Takes the values as the scenario's sweep, and measures at each.
pub(super) fn measure(app: &mut App) -> Vec<Effect> {
    let (Some(Overlay::Sweep { question, row, input, is_for_all, error }), Some(lab)) = (&mut app.overlay, &app.lab)
    else {
        return Vec::new();
    };
    let Some(path) = row.address.swept(*is_for_all, lab.trial) else {
        return Vec::new();
    };
    let sweep = Sweep { path, values: listed(input.value()) };
    if let Err(reason) = check(&sweep, lab) {
        *error = Some(reason);
        return Vec::new();
    }
    let question = *question;
    let is_same = lab.snapshot.findings.study().sweep.as_ref() == Some(&sweep);
    app.overlay = None;
    let set = Command::Set { path: "study.sweep".into(), value: spelled(&sweep).into() };
    let mut effects = if is_same { Vec::new() } else { changed(app, set) };
    effects.extend(measuring::begin_or_cancel(app, question));
    effects
}

/// Every value as the scenario takes it, before any is measured.
fn check(sweep: &Sweep, lab: &LabState) -> Result<(), String> {
    if sweep.values.is_empty() {
        return Err("expected at least one value; several are separated by commas".to_owned());
    }
    let start = &lab.snapshot.experiment.scenario;
    let trials = lab.snapshot.of_the_laboratory().map(|trial| trial.setting.spec(start)).collect();
    let scenario = Scenario { trials, ..start.clone() };
    sweep.values.iter().try_for_each(|value| vary(&scenario, &format!("{}={value}", sweep.path)).map(drop))
}

/// What commas separate, but for those inside brackets.
fn listed(text: &str) -> Vec<String> {
    let mut depth = 0i32;
    let parts = text.split(|letter| {
        depth += i32::from(matches!(letter, '(' | '[')) - i32::from(matches!(letter, ')' | ']'));
        letter == ',' && depth <= 0
    });
    parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// The sweep as a scenario spells it.
fn spelled(sweep: &Sweep) -> String {
    let values: Vec<String> = sweep.values.iter().map(|value| format!("{value:?}")).collect();
    format!("Sweep(path: {:?}, values: [{}])", sweep.path, values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_separated_by_commas_outside_of_brackets() {
        assert_eq!(listed("1, 2,,10 "), ["1", "2", "10"]);
        assert_eq!(listed("Cg(iterations: 2, damping: 1), Direct"), ["Cg(iterations: 2, damping: 1)", "Direct"]);
        assert!(listed(" , ").is_empty());
    }
}
