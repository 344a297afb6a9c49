//! What charts of a finding have in common: asking for it, saying why there is none, and how far to trust it.

use super::Empty;
use super::figure::Figure;
use crate::lab::{Answer, Measured, Newer, Snapshot};
use crate::probe::{Finding, Question};

/// Draws the latest result of a question, that of the chart's entry: one that grows as far as it is known. Where there is none, says why, and what helps.
pub(super) fn draw_found<T: Finding>(
    question: Option<Question>,
    snapshot: &Snapshot,
    figure: &mut Figure,
    draw: impl FnOnce(&Measured, &T, &mut Figure),
) {
    let Some(question) = question else { return };
    let answer = snapshot.findings.answer(question);
    let complete = answer.and_then(|answer| Some((answer.latest.as_ref()?, cautions(answer, snapshot))));
    let growing = snapshot.findings.so_far(question);
    let growing = growing.map(|measured| (measured, so_far(question, snapshot).into_iter().collect()));
    let Some((measured, cautions)) = growing.or(complete) else {
        figure.empty = unmeasured(question, snapshot);
        return;
    };
    let Some(finding) = measured.finding.get() else {
        let defect = format!("a defect in hyperlab: `{}` draws no finding of `{:?}`", figure.id, question.probe());
        figure.empty = Empty::because(defect);
        return;
    };
    let is_of_some = snapshot.shown().any(|trial| measured.is_about(trial.id, &trial.setting));
    figure.empty = if is_of_some {
        Empty::because("what was measured has no number to draw").helped("press F to read what was found")
    } else {
        Empty::because("no trial shown was measured").helped(format!("press {} to measure", question.key()))
    };
    figure.notes.extend(cautions);
    figure.notes.extend(measured.place_of_all());
    figure.moment = format!("measured {}", measured.place());
    draw(measured, finding, figure);
}

/// What to say where nothing was measured: how far it is, why not, or how to begin.
fn unmeasured(question: Question, snapshot: &Snapshot) -> Empty {
    let (findings, name) = (&snapshot.findings, question.name());
    if let Some(job) = findings.progress(question) {
        return Empty::because(format!("measuring {name}: {} %", job.percent()));
    }
    if question.is_over_sweep() && findings.study().sweep.is_none() {
        return Empty::because("no values to sweep are chosen").helped(format!(
            "select a knob (Tab) and press {}, or name them in the scenario's study.sweep",
            question.key()
        ));
    }
    match findings.answer(question).map(|answer| &answer.newer) {
        Some(Newer::Failed(reason)) => Empty::because(format!("{name} cannot be measured: {reason}")),
        _ => Empty::because("not measured yet").helped(format!("press {} to measure {name}", question.key())),
    }
}

/// That what is drawn is not all there will be.
fn so_far(question: Question, snapshot: &Snapshot) -> Option<String> {
    Some(format!("so far, measuring: {} %", snapshot.findings.progress(question)?.percent()))
}

/// Whether the result is about what the lab shows, and what is to come.
pub(super) fn cautions(answer: &Answer, snapshot: &Snapshot) -> Vec<String> {
    let under_way = snapshot.findings.progress(answer.question);
    let measuring = under_way.map(|job| format!("measuring anew: {} %", job.percent()));
    answer.caution().into_iter().chain(measuring).collect()
}
