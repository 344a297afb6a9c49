//! Everything that was measured, in numbers: each probe's own table.

use ratatui::text::Line;

use crate::front::wrap;
use crate::lab::{Answer, Newer};
use crate::probe::{Cell, Question, Table};
use crate::tui::state::App;
use crate::tui::text::{clean, width};

/// The lines at a width, the last question first.
pub(in crate::tui) fn lines(app: &App, columns: usize) -> Vec<Line<'static>> {
    let answers = app.shown_lab().map(|lab| lab.snapshot.findings.answers()).unwrap_or_default();
    if answers.is_empty() {
        let keys = Question::all().map(|question| format!("{}  {}.", question.key(), question.in_words()));
        let words = std::iter::once("Nothing was measured yet.".to_owned()).chain(keys);
        return words.flat_map(|words| wrap(&words, columns)).map(Line::from).collect();
    }
    let mut lines = Vec::new();
    for answer in answers.iter().rev() {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(answer.question.name(), app.theme.heading()));
        lines.extend(standing(answer, columns).into_iter().map(|words| Line::styled(words, app.theme.quiet())));
        lines.extend(words(app, answer, columns).into_iter().map(Line::from));
        let table = answer.latest.as_ref().map(|measured| measured.finding.summary());
        lines.extend(table.iter().flat_map(|table| rows(table, columns)).map(Line::from));
    }
    lines
}

/// What it comes to, under the limits that are set now.
fn words(app: &App, answer: &Answer, columns: usize) -> Vec<String> {
    let (Some(lab), Some(measured)) = (app.shown_lab(), &answer.latest) else { return Vec::new() };
    let knobs = lab.snapshot.findings.knobs(answer.question.probe());
    let words = measured.finding.words(&knobs);
    words.iter().flat_map(|words| wrap(&clean(words), columns)).collect()
}

/// When it was taken, and what became of it since.
fn standing(answer: &Answer, columns: usize) -> Vec<String> {
    let words = match (&answer.latest, &answer.newer) {
        (Some(measured), _) => {
            let caution = answer.caution().map(|caution| format!("; {caution}")).unwrap_or_default();
            format!("{}{caution}", measured.place_with_lambda())
        }
        (None, Newer::Failed(reason)) => reason.to_string(),
        (None, Newer::UnderWay) => "under way".to_owned(),
        (None, Newer::None | Newer::Cancelled) => "broken off".to_owned(),
    };
    wrap(&words, columns)
}

/// The table as it is. Where that is too wide, its last column, which is for remarks, stands under it; where that does
/// not help, the rows one under the other.
fn rows(table: &Table, columns: usize) -> Vec<String> {
    let fitting = |table: &Table| -> Option<Vec<String>> {
        let lines: Vec<String> = table.lines().iter().map(|line| clean(line)).collect();
        lines.iter().all(|line| width(line) <= columns).then_some(lines)
    };
    if let Some(lines) = fitting(table) {
        return lines;
    }
    let (numbers, remarks) = without_remarks(table);
    if let Some(mut lines) = fitting(&numbers) {
        lines.extend(remarks.iter().flat_map(|remark| wrap(&clean(remark), columns)));
        return lines;
    }
    let row = |row: &Vec<Cell>| {
        let named = table.columns.iter().zip(row).filter(|(_, cell)| cell.says_something());
        let words: Vec<String> = named.map(|(name, cell)| format!("{name} {cell}")).collect();
        wrap(&clean(&words.join(" · ")), columns)
    };
    table.rows.iter().flat_map(row).collect()
}

/// A table without its last column, and what stands there; what is said of every row is said once.
fn without_remarks(table: &Table) -> (Table, Vec<String>) {
    let mut numbers = table.clone();
    numbers.columns.pop();
    let remarks: Vec<Cell> = numbers.rows.iter_mut().filter_map(Vec::pop).collect();
    let words = match remarks.as_slice() {
        [first, others @ ..] if others.iter().all(|other| other == first) => vec![first.to_string()],
        _ => {
            let named = numbers.rows.iter().zip(&remarks).filter(|(_, remark)| remark.says_something());
            named.filter_map(|(row, remark)| Some(format!("{}: {remark}", row.first()?))).collect()
        }
    };
    (numbers, words)
}
