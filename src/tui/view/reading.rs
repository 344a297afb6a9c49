//! The selected trial's numbers.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame::panel;
use super::trials;
use crate::estimator::{Solver, unsolved};
use crate::front::wrap;
use crate::lab::{Measured, TrialView};
use crate::math::number::{self, bytes, noun, plain};
use crate::metric::{EFFICIENCY_CONSTANT, HYPERGRADIENT_NORM, Kind, Metric, TRUTH_NORM, Unit};
use crate::tui::state::{App, LabState};
use crate::tui::text::{clean, cosine, count, cut, fit, width};

pub(super) fn draw(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    let inner = panel("Reading", false, &app.theme, area, buffer);
    let Some(trial) = lab.selected() else {
        return;
    };
    let (columns, rows) = (usize::from(inner.width), usize::from(inner.height));
    // What was measured stands at the bottom, where the panel has grown for it.
    let finding = finding(app, lab, columns);
    let has_room = rows >= LEAST + REST + finding.len();
    let rows = if has_room { rows - finding.len() } else { rows };
    let mut lines = numbers(trial, columns, rows.saturating_sub(REST).max(LEAST));
    lines.extend(rest(app, trial, columns));
    if has_room {
        lines.resize(rows, Line::default());
        lines.extend(finding);
    }
    Paragraph::new(lines).render(inner, buffer);
}

/// Rows of numbers, two in a row, at least.
const LEAST: usize = 4;

/// Rows of slope, cost and health below them.
const REST: usize = 6;

/// The metrics that come first, as many as there is room for.
fn numbers(trial: &TrialView, columns: usize, rows: usize) -> Vec<Line<'static>> {
    let half = columns / 2;
    let cell = |metric: &&'static Metric| {
        // A blank is left between the cells, at the cost of digits that nobody misses.
        let number = shortened(value(metric, trial), trial.now(*metric), half.saturating_sub(10));
        fit(&format!("{} {number}", fit(metric.symbol, 8)), half)
    };
    let mut shown = trial.ranked();
    shown.truncate(2 * rows);
    shown.chunks(2).map(|pair| Line::from(pair.iter().map(cell).collect::<String>())).collect()
}

/// A number that is too long for its room, with fewer digits.
fn shortened(words: String, x: Option<f64>, room: usize) -> String {
    match x {
        Some(x) if width(&words) > room && x.is_finite() => {
            let shorter = [1, 0].map(|digits| format!("{x:.digits$e}"));
            shorter.into_iter().find(|words| width(words) <= room).unwrap_or(words)
        }
        _ => words,
    }
}

/// A number of a metric in few characters.
fn value(metric: &'static Metric, trial: &TrialView) -> String {
    let Some(x) = trial.now(metric) else { return "–".to_owned() };
    match (metric.kind, metric.unit) {
        (Kind::Flag, _) => (if x == 1.0 { "yes" } else { "no" }).to_owned(),
        (Kind::Count, _) | (_, Unit::Calls | Unit::Steps) => count(x),
        (_, Unit::Cosine) if x.is_nan() => {
            no_direction(trial.now(&HYPERGRADIENT_NORM), trial.now(&TRUTH_NORM)).unwrap_or("NaN").to_owned()
        }
        (_, Unit::Cosine) => cosine(x),
        (_, Unit::Bytes) => bytes(x),
        (_, Unit::None | Unit::Share | Unit::Entries) => metric.read_out(x),
    }
}

/// Which of an estimate and a truth of these lengths is zero, and so has no direction.
fn no_direction(estimate: Option<f64>, truth: Option<f64>) -> Option<&'static str> {
    match (estimate, truth) {
        (Some(0.0), _) => Some("ĥ is 0"),
        (_, Some(0.0)) => Some("∇F is 0"),
        _ => None,
    }
}

/// What a probe found about the selected trial, what it was held against, and whether it still holds.
fn finding(app: &App, lab: &LabState, columns: usize) -> Vec<Line<'static>> {
    let Some((answer, excerpt)) = lab.excerpt() else {
        return Vec::new();
    };
    let value = |(name, value, error): &(&str, f64, f64)| {
        Line::from(cut(&format!("{} {}", fit(name, 8), uncertain(*value, *error)), columns))
    };
    let taken = answer.latest.as_ref().map(Measured::place_with_lambda).unwrap_or_default();
    let (standing, look) = match answer.caution() {
        Some(caution) => (format!("{taken}; {caution}"), app.theme.warning()),
        None => (taken, app.theme.quiet()),
    };
    let mut lines: Vec<Line<'static>> = excerpt.values.iter().take(3).map(value).collect();
    let terms = wrap(&excerpt.terms, columns).into_iter().take(2);
    lines.extend(terms.map(|line| Line::styled(line, app.theme.quiet())));
    lines.extend(wrap(&standing, columns).into_iter().take(2).map(|line| Line::styled(line, look)));
    lines
}

/// A value with its error, where that is known.
fn uncertain(value: f64, error: f64) -> String {
    let value = plain(value);
    if error.is_nan() { value } else { format!("{value} ± {}", plain(error)) }
}

fn rest(app: &App, trial: &TrialView, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let half = columns / 2;
    lines.push(Line::from(cut(&slope(trial), columns)));
    let cost = &trial.cost;
    let calls = format!("cost   {} · {}", counted(cost.gradients, "gradient"), counted(cost.hvps, "hvp"));
    lines.push(Line::from(cut(&calls, columns)));
    let factorizations = counted(cost.factorizations, "factorization");
    let rest = format!("       {} cross · {factorizations}", count(cost.cross_products));
    lines.push(Line::from(cut(&rest, columns)));
    let (truth, truth_look) = truth(trial);
    let truth_look = if truth_look { app.theme.warning() } else { Style::new() };
    lines.push(Line::from(vec![
        Span::raw(fit(&format!("memory {}", bytes(cost.bytes)), half)),
        Span::styled(cut(&truth, columns - half), truth_look),
    ]));
    let (words, is_warning) = health(trial);
    let look = if is_warning { app.theme.warning() } else { app.theme.quiet() };
    let mut rows = wrap(&clean(&words), columns);
    // The last two rows of the panel are for these.
    if rows.len() > 1 {
        let rest = rows.split_off(1).join(" ");
        rows.push(cut(&rest, columns));
    }
    lines.extend(rows.into_iter().map(|row| Line::styled(row, look)));
    lines
}

/// A mean count over members with what it counts.
fn counted(mean: f64, thing: &str) -> String {
    format!("{} {}", count(mean), noun(thing, mean == 1.0))
}

/// What estimates are held against, and whether it has too few digits.
fn truth(trial: &TrialView) -> (String, bool) {
    let words = trial.held_against.words();
    if !trial.truth_converged {
        ("no exact truth !".to_owned(), true)
    } else if trial.truth_digits < 1.0 {
        ("∇F is rounding !".to_owned(), true)
    } else if trial.truth_digits < FEW_DIGITS {
        (format!("{words}, {} !", counted(trial.truth_digits.floor(), "digit")), true)
    } else {
        (format!("truth {words}"), false)
    }
}

/// Fewer digits of the truth than these are worth a word.
const FEW_DIGITS: f64 = 6.0;

fn slope(trial: &TrialView) -> String {
    let constant = trial.run.lambda.number(&EFFICIENCY_CONSTANT);
    let constant = constant.map(|c| format!(" · C {}", plain(c))).unwrap_or_default();
    match trial.slope_in_words() {
        Some(slope) => {
            let verdict = if trial.is_super_efficient() { " super-efficient" } else { "" };
            format!("slope  {slope}{verdict}{constant}")
        }
        None => format!("slope  needs a decade{constant}"),
    }
}

/// What the trial and its solver say of themselves, and whether that is a warning.
fn health(trial: &TrialView) -> (String, bool) {
    if trial.status.is_halted() {
        return (format!("{}. Turn a knob to go on.", trial.status), true);
    }
    if let Some(words) = trial.too_long() {
        return (format!("{words} !"), true);
    }
    let Some(solver) = trial.solver() else {
        return ("not measured yet".to_owned(), false);
    };
    let words = in_words(&solver);
    let is_bad = !solver.converged || solver.negative_curvature || solver.note.is_some();
    (format!("{}solver {words}{}", pressed(trial), if is_bad { " !" } else { "" }), is_bad)
}

/// How many entries of λ can go no further, if any.
fn pressed(trial: &TrialView) -> String {
    match trial.pressed() {
        0 => String::new(),
        pressed => format!("{pressed} of {} λ at a bound · ", trial.lambda.len()),
    }
}

fn in_words(solver: &Solver) -> String {
    let mut parts = Vec::new();
    if let Some(note) = &solver.note {
        parts.push(note.to_string());
    }
    if solver.negative_curvature {
        parts.push("negative curvature".to_owned());
    }
    if solver.iterations > 0 {
        parts.push(number::counted(solver.iterations, "iteration"));
    }
    if solver.residual.is_finite() {
        parts.push(if solver.converged {
            format!("residual {}", plain(solver.residual))
        } else {
            unsolved(solver.residual)
        });
    } else if !solver.converged {
        parts.push("not converged".to_owned());
    }
    if parts.is_empty() { "solves nothing".to_owned() } else { parts.join(", ") }
}

/// Numbers in one row.
const IN_A_ROW: usize = 3;

/// The selected trial in one row, for when the column is folded away.
pub(super) fn draw_strip(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    let Some(trial) = lab.selected().filter(|_| !area.is_empty()) else {
        return;
    };
    let (marker, ink) = trials::marker(trial, &app.theme);
    let first = trial.ranked().into_iter().take(IN_A_ROW);
    let first = first.map(|metric| format!("{} {}", metric.symbol, value(metric, trial)));
    let mut numbers = first.collect::<Vec<_>>().join("  ");
    if let Some((_, excerpt)) = lab.excerpt().filter(|_| lab.chart().finding.is_some()) {
        let values = excerpt.values.iter().take(2);
        let words = values.map(|(name, value, error)| format!("{name} {}", uncertain(*value, *error)));
        numbers = words.collect::<Vec<_>>().join("  ");
    }
    let columns = usize::from(area.width);
    let room = columns.saturating_sub(crate::tui::text::width(&numbers) + 2);
    if room < 12 {
        return trials::line(&lab.snapshot.trials, lab.trial, None, columns, &app.theme).render(area, buffer);
    }
    let (badge, is_warning) = trials::badge(trial, room.saturating_sub(12));
    let name_room = room.saturating_sub(crate::tui::text::width(&badge) + 3);
    let look = if is_warning { app.theme.warning() } else { Style::new() };
    Line::from(vec![
        Span::styled(format!(" {marker} "), ink),
        Span::styled(fit(&trials::name(&lab.snapshot.trials, lab.trial, name_room), name_room), app.theme.heading()),
        Span::styled(format!("{badge}  "), look),
        Span::raw(numbers),
    ])
    .render(area, buffer);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosine_that_is_none_says_what_has_no_direction() {
        assert_eq!(no_direction(Some(0.0), Some(1.0)), Some("ĥ is 0"));
        assert_eq!(no_direction(Some(0.0), Some(0.0)), Some("ĥ is 0"));
        assert_eq!(no_direction(Some(1.0), Some(0.0)), Some("∇F is 0"));
        assert_eq!(no_direction(Some(f64::NAN), Some(1.0)), None);
        assert_eq!(no_direction(None, None), None);
    }
}
