//! Keys that measure: they ask the laboratory a probe's question, and say what was asked for.

use super::effect::Effect;
use crate::catalog::{Knobs, Value};
use crate::chart;
use crate::engine::Request;
use crate::probe::{Question, in_words, scaled};
use crate::tui::layout::Layout;
use crate::tui::state::App;

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
        app.say(format!("{} broken off; the last complete result stays", question.name()));
        return vec![Effect::Ask(Request::Cancel)];
    }
    let much = much(&findings.knobs(question.probe()));
    app.say(format!("measuring {}{much}{where_shown}", question.name()));
    vec![Effect::Ask(Request::Measure(question))]
}

/// Where to look for the result, unless a chart on screen shows it.
fn where_shown(app: &App, question: Question) -> String {
    let draws = |chart: &usize| chart::ALL.get(*chart).is_some_and(|entry| entry.finding == Some(question));
    let panes = Layout::of(app).charts;
    let is_shown = app.lab.as_ref().is_some_and(|lab| panes.iter().any(|(pane, _)| draws(&lab.charts[*pane])));
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
    let much = much(&findings.knobs(question.probe()));
    app.say(format!("{} measured anew whenever λ or a setting moves{much}", question.name()));
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
