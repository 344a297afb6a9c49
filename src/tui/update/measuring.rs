//! Keys that measure: they ask the laboratory for surveys, and say what was asked for.

use super::effect::Effect;
use crate::chart;
use crate::engine::Request;
use crate::lab::Survey;
use crate::probe::bias_variance::Plan;
use crate::tui::layout::Layout;
use crate::tui::state::App;

/// Fewest and most training replicates that halving and doubling lead to.
const REPLICATES: (usize, usize) = (5, 20_000);

/// Begins a survey; where it is under way, breaks it off.
pub(super) fn begin_or_cancel(app: &mut App, survey: Survey) -> Vec<Effect> {
    let where_shown = where_shown(app, survey);
    let Some(lab) = &app.lab else {
        return Vec::new();
    };
    let findings = &lab.snapshot.findings;
    if findings.under_way.is_some_and(|job| job.survey == survey) {
        app.say(format!("{} broken off; the last complete result stays", survey.name()));
        return vec![Effect::Ask(Request::Cancel)];
    }
    let words = match survey {
        Survey::BiasVariance | Survey::Sweep => {
            format!("measuring {}, {}{where_shown}", survey.name(), in_words(findings.plan))
        }
        Survey::Overfitting | Survey::ExcessError => format!("measuring {}{where_shown}", survey.name()),
    };
    app.say(words);
    vec![Effect::Ask(Request::Measure(survey))]
}

/// Where to look for the result, unless a chart on screen shows it.
fn where_shown(app: &App, survey: Survey) -> String {
    let draws = |chart: &usize| chart::ALL.get(*chart).is_some_and(|entry| entry.finding == Some(survey));
    let panes = Layout::of(app).charts;
    let is_shown = app.lab.as_ref().is_some_and(|lab| panes.iter().any(|(pane, _)| draws(&lab.charts[*pane])));
    match (0..chart::ALL.len()).find(draws).filter(|_| !is_shown) {
        Some(number) if number < 10 => format!("; {} shows the chart", (number + 1) % 10),
        _ => String::new(),
    }
}

/// Measures whenever something has moved, or no longer.
pub(super) fn keep_measuring(app: &mut App) -> Vec<Effect> {
    let Some(lab) = &app.lab else {
        return Vec::new();
    };
    let keeps = !lab.snapshot.findings.keeps_measuring;
    let plan = in_words(lab.snapshot.findings.plan);
    app.say(if keeps {
        format!("bias and variance are measured anew whenever λ or a setting moves, {plan}")
    } else {
        "bias and variance are measured when you press m".to_owned()
    });
    vec![Effect::Ask(Request::KeepMeasuring(keeps))]
}

/// Half or twice as many training replicates, and as many for the truth.
pub(super) fn scale_replicates(app: &mut App, up: bool) -> Vec<Effect> {
    let Some(lab) = &app.lab else {
        return Vec::new();
    };
    let plan = lab.snapshot.findings.plan;
    let scaled = |count: usize| if up { count.saturating_mul(2) } else { count / 2 };
    let training = scaled(plan.training);
    if !(REPLICATES.0..=REPLICATES.1).contains(&training) {
        let (least, most) = REPLICATES;
        app.complain(format!("from {least} to {most} training replicates; `: replicates` sets others"));
        return Vec::new();
    }
    budget(app, Plan { training, truth_replicates: scaled(plan.truth_replicates), ..plan })
}

/// Another budget, from the next measurement on.
pub(super) fn budget(app: &mut App, plan: Plan) -> Vec<Effect> {
    app.say(format!("next measurement: {}", in_words(plan)));
    vec![Effect::Ask(Request::Budget(plan))]
}

fn in_words(plan: Plan) -> String {
    format!("{} × {} replicates a trial, {} for the truth", plan.training, plan.validation, plan.truth_replicates)
}
