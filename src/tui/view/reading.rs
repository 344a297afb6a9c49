//! The selected trial's numbers.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame::panel;
use super::trials;
use crate::estimator::Solver;
use crate::lab::TrialView;
use crate::tui::state::{App, LabState};
use crate::tui::text::{bytes, clean, cosine, count, cut, fit, number, wrap};

pub(super) fn draw(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    let inner = panel("Reading", false, &app.theme, area, buffer);
    let Some(trial) = lab.selected() else {
        return;
    };
    let columns = usize::from(inner.width);
    let mut lines = lines(app, trial, columns);
    // What was measured stands at the bottom, where the panel has grown for it.
    let finding = finding(app, lab, columns);
    if usize::from(inner.height) >= TRIAL_ROWS + finding.len() {
        lines.resize(TRIAL_ROWS, Line::default());
        lines.extend(finding);
    }
    Paragraph::new(lines).render(inner, buffer);
}

/// Rows of the trial's own numbers.
const TRIAL_ROWS: usize = 10;

/// Bias and variance of the selected trial, what they were held against, and whether they still hold.
fn finding(app: &App, lab: &LabState, columns: usize) -> Vec<Line<'static>> {
    let Some((measured, found)) = lab.finding() else {
        return Vec::new();
    };
    let errors = &found.standard_errors;
    let value = |name: &str, value: String, error: f64| {
        let error = if error.is_nan() { String::new() } else { format!(" ± {}", number(error)) };
        Line::from(cut(&format!("{} {value}{error}", fit(name, 8)), columns))
    };
    let truth = measured.finding.truth.in_words();
    let taken = format!("at outer step {}", measured.taken.outer);
    let (standing, look) = match measured.caution() {
        Some(caution) => (format!("{taken}; {caution}"), app.theme.warning()),
        None => (taken, app.theme.quiet()),
    };
    let mut lines = vec![
        value("bias²", number(found.bias_squared), errors.bias_squared),
        value("variance", number(found.variance), errors.variance),
        value("cosine", cosine(found.cosine), errors.cosine),
    ];
    lines.extend(wrap(&truth, columns).into_iter().take(2).map(|line| Line::styled(line, app.theme.quiet())));
    lines.extend(wrap(&standing, columns).into_iter().take(2).map(|line| Line::styled(line, look)));
    lines
}

fn lines(app: &App, trial: &TrialView, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let half = columns / 2;
    let mut pair = |left: (&str, String), right: (&str, String)| {
        let cell = |(name, value): (&str, String)| fit(&format!("{} {value}", fit(name, 8)), half);
        lines.push(Line::from(cell(left) + &cell(right)));
    };
    if let Some(latest) = &trial.latest {
        // What is held against the truth has no value where there is none.
        let known = |value: String| if trial.knows_truth { value } else { "–".to_owned() };
        pair(("‖θ−θ*‖", known(number(latest.inner_error))), ("g(λ,θ)", number(latest.inner_value)));
        pair(("‖ĥ−∇F‖", known(number(latest.error))), ("f(λ,θ)", number(latest.outer_value)));
        pair(("relative", known(number(latest.relative_error))), ("F(λ)", known(number(trial.value))));
        pair(("cos", known(cosine(latest.cosine))), ("step", trial.step_size.map_or_else(|| "–".to_owned(), number)));
    }
    lines.push(Line::from(cut(&slope(trial), columns)));
    let cost = &trial.cost;
    let calls = format!("cost   {} gradients · {} hvps", count(cost.gradients), count(cost.hvps));
    lines.push(Line::from(cut(&calls, columns)));
    let rest = format!("       {} cross · {} factorizations", count(cost.cross_products), count(cost.factorizations));
    lines.push(Line::from(cut(&rest, columns)));
    let (truth, truth_look) = if !trial.knows_truth {
        ("truth off", app.theme.quiet())
    } else if trial.truth_converged {
        ("truth same data", Style::new())
    } else {
        ("no exact truth !", app.theme.warning())
    };
    lines.push(Line::from(vec![
        Span::raw(fit(&format!("memory {}", bytes(cost.bytes)), half)),
        Span::styled(cut(truth, columns - half), truth_look),
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

fn slope(trial: &TrialView) -> String {
    let constant = trial.efficiency_constant.map(|c| format!(" · C {}", number(c))).unwrap_or_default();
    match trial.slope {
        Some(law) => {
            let verdict = if trial.is_super_efficient() { " super-efficient" } else { "" };
            format!("slope  {:.2}{verdict}{constant}", law.slope)
        }
        None => format!("slope  needs a decade{constant}"),
    }
}

/// What the trial and its solver say of themselves, and whether that is a warning.
fn health(trial: &TrialView) -> (String, bool) {
    if trial.status.is_halted() {
        return (format!("{}. Turn a knob to go on.", trial.status), true);
    }
    let Some(solver) = trial.solver() else {
        return ("not measured yet".to_owned(), false);
    };
    let words = in_words(solver);
    let is_bad = !solver.converged || solver.negative_curvature;
    (format!("solver {words}{}", if is_bad { " !" } else { "" }), is_bad)
}

fn in_words(solver: &Solver) -> String {
    let mut parts = Vec::new();
    if let Some(note) = &solver.note {
        parts.push(note.to_string());
    }
    if solver.negative_curvature {
        parts.push("negative curvature".to_owned());
    }
    match solver.iterations {
        0 => {}
        1 => parts.push("1 iteration".to_owned()),
        many => parts.push(format!("{many} iterations")),
    }
    if solver.residual.is_finite() {
        parts.push(format!("residual {}", number(solver.residual)));
    }
    if !solver.converged {
        parts.push("not converged".to_owned());
    }
    if parts.is_empty() { "solves nothing".to_owned() } else { parts.join(", ") }
}

/// The selected trial in one row, for when the column is folded away.
pub(super) fn draw_strip(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    let Some(trial) = lab.selected().filter(|_| !area.is_empty()) else {
        return;
    };
    let (marker, ink) = trials::marker(trial, &app.theme);
    let mut numbers = String::new();
    if let Some(latest) = &trial.latest {
        numbers = if trial.knows_truth {
            format!(
                "‖θ−θ*‖ {}  ‖ĥ−∇F‖ {}  cos {}",
                number(latest.inner_error),
                number(latest.error),
                cosine(latest.cosine)
            )
        } else {
            format!("g(λ,θ) {}  f(λ,θ) {}", number(latest.inner_value), number(latest.outer_value))
        };
    }
    if let Some((_, found)) = lab.finding().filter(|_| lab.chart().finding.is_some()) {
        let errors = &found.standard_errors;
        numbers = format!(
            "bias² {} ± {}  variance {} ± {}",
            number(found.bias_squared),
            number(errors.bias_squared),
            number(found.variance),
            number(errors.variance)
        );
    }
    let columns = usize::from(area.width);
    let room = columns.saturating_sub(crate::tui::text::width(&numbers) + 2);
    if room < 12 {
        return trials::line(trial, None, columns, &app.theme).render(area, buffer);
    }
    let (badge, is_warning) = trials::badge(trial, room.saturating_sub(12));
    let name_room = room.saturating_sub(crate::tui::text::width(&badge) + 3);
    let look = if is_warning { app.theme.warning() } else { Style::new() };
    Line::from(vec![
        Span::styled(format!(" {marker} "), ink),
        Span::styled(fit(&clean(&trial.setting.name), name_room), app.theme.heading()),
        Span::styled(format!("{badge}  "), look),
        Span::raw(numbers),
    ])
    .render(area, buffer);
}
