//! Keys that measure: they ask the laboratory a probe's question, and say what was asked for.

use super::effect::Effect;
use crate::catalog::{Knobs, Value};
use crate::chart;
use crate::engine::Request;
use crate::probe::{Question, Scope, in_words, scaled};
use crate::scenario::MeasuredAt;
use crate::tui::layout::Layout;
use crate::tui::state::{App, LabState};

/// Fewest and most replicates that halving and doubling lead to.
const REPLICATES: (usize, usize) = (5, 20_000);

/// Begins a measurement; where it is under way, breaks it off.
pub(super) fn begin_or_cancel(app: &mut App, question: Question) -> Vec<Effect> {
    let where_shown = where_shown(app, question);
    let Some(lab) = &app.lab else {
        return Vec::new();
    };
    let findings = &lab.snapshot.findings;
    if findings.progress(question).is_some() {
        let said = broken_off(lab, question);
        app.say(said);
        return vec![Effect::Ask(Request::Cancel)];
    }
    let (much, place) = (much(&findings.knobs(question.probe())), place(lab, question));
    app.say(format!("measuring {} {place}{much}{where_shown}", question.name()));
    vec![Effect::Ask(Request::Measure(question))]
}

/// That a measurement is broken off, and what is left of it.
pub(super) fn broken_off(lab: &LabState, question: Question) -> String {
    let is_known = lab.snapshot.findings.answer(question).is_some_and(|answer| answer.latest.is_some());
    let left = if is_known { "the last complete result stays" } else { "nothing was measured" };
    format!("{} broken off: {left}", question.name())
}

/// At which λ it is measured, in words.
fn place(lab: &LabState, question: Question) -> String {
    let selected = || lab.selected().map_or("the selected trial", |trial| trial.setting.name.as_str());
    match (is_at_lambda(question), lab.snapshot.findings.measured_at()) {
        (false, _) => "from λ₀".to_owned(),
        (true, MeasuredAt::Start) => "at λ₀".to_owned(),
        (true, MeasuredAt::Selected) => format!("at λ of {}", selected()),
        (true, MeasuredAt::Each) => "of each trial at its own λ".to_owned(),
    }
}

fn is_at_lambda(question: Question) -> bool {
    question.probe().scope == Scope::AtLambda && !question.is_over_sweep()
}

/// What it takes to have it measured anew: λ₀ does not move.
fn kept_up(lab: &LabState, question: Question) -> String {
    let findings = &lab.snapshot.findings;
    let much = much(&findings.knobs(question.probe()));
    let (name, place) = (question.name(), place(lab, question));
    if !is_at_lambda(question) || findings.measured_at().is_start() {
        let advice = if is_at_lambda(question) { "; `set study.measured_at Selected` follows λ" } else { "" };
        return format!("{name} measured anew, {place}, whenever a setting changes{advice}{much}");
    }
    format!("{name} measured anew, {place}, whenever that λ or a setting moves{much}")
}

/// Tells the laboratory which trial is selected, where it is its λ that is meant.
pub(super) fn tell_selection(lab: &mut LabState) -> Option<Effect> {
    // Of a pinned run the trial that it was is meant.
    let selected = lab.selected().map(|trial| trial.trial);
    let is_meant = lab.snapshot.findings.measured_at() == MeasuredAt::Selected;
    (is_meant && std::mem::replace(&mut lab.told, selected) != selected)
        .then_some(Effect::Ask(Request::Select(selected)))
}

/// Where to look for the result, unless a chart on screen shows it.
fn where_shown(app: &App, question: Question) -> String {
    let draws = |chart: &usize| chart::ALL.get(*chart).is_some_and(|entry| entry.finding == Some(question));
    let panes = Layout::of(app).charts;
    let is_shown = app.lab.as_ref().is_some_and(|lab| panes.iter().any(|(pane, _)| draws(&lab.panes[*pane].chart)));
    match (0..chart::ALL.len()).find(draws) {
        _ if is_shown => String::new(),
        Some(number) if number < 10 => format!("; {} shows the chart", (number + 1) % 10),
        _ => "; F shows the numbers".to_owned(),
    }
}

/// Measures whenever something has moved, or no longer.
pub(super) fn keep_measuring(app: &mut App) -> Vec<Effect> {
    let Some(lab) = &app.lab else {
        return Vec::new();
    };
    let findings = &lab.snapshot.findings;
    if let Some(question) = findings.keeps {
        app.say(format!("{} measured when you press {}", question.name(), question.key()));
        return vec![Effect::Ask(Request::KeepMeasuring(None))];
    }
    let Some(question) = lab.question() else {
        return nothing_to_measure(app);
    };
    let words = kept_up(lab, question);
    app.say(words);
    vec![Effect::Ask(Request::KeepMeasuring(Some(question)))]
}

/// Half or twice as many replicates.
pub(super) fn scale_replicates(app: &mut App, up: bool) -> Vec<Effect> {
    let Some((lab, question)) = app.lab.as_ref().and_then(|lab| Some((lab, lab.question()?))) else {
        return nothing_to_measure(app);
    };
    let probe = question.probe();
    let mut knobs = lab.snapshot.findings.knobs(probe);
    let (least, most) = REPLICATES;
    let mut effects = Vec::new();
    for (place, (key, count)) in scaled(probe, &knobs, up).into_iter().enumerate() {
        let value = i64::try_from(count).map_or(Value::Automatic, Value::Integer);
        let is_in_bounds = place > 0 || (least..=most).contains(&count);
        if !is_in_bounds || knobs.set(key, value).is_err() {
            let words = key.replace('_', " ");
            app.complain(format!("from {least} to {most} for {words}; `set {}.{key}` sets others", probe.card.id));
            return Vec::new();
        }
        effects.push(Effect::Ask(Request::TurnProbe { probe, key, value }));
    }
    let name = Question::of(probe).name();
    app.say(format!("next measurement of {name}{}", much(&knobs)));
    effects
}

fn nothing_to_measure(app: &mut App) -> Vec<Effect> {
    let keys: String = Question::all().map(Question::key).collect();
    app.complain(format!("no chart here shows a measurement, and none was taken: one of {keys} takes one"));
    Vec::new()
}

fn much(knobs: &Knobs) -> String {
    format!(": {}", in_words(knobs))
}
