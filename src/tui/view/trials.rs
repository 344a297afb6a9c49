//! The trials: marker, name, and in words how each is doing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame::panel;
use crate::chart::palette::Marker;
use crate::draw::Drawing;
use crate::front::{distinct, wrap};
use crate::lab::TrialView;
use crate::math::number::plain;
use crate::metric::WORSE;
use crate::trial::Status;
use crate::tui::state::{App, Focus, LabState};
use crate::tui::text::{clean, cut, fit, width, window};
use crate::tui::theme::Theme;

pub(super) fn draw(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    let in_focus = lab.focus == Focus::Trials;
    let trials = &lab.snapshot.trials;
    // The frame takes two rows.
    let rows = usize::from(area.height.saturating_sub(2));
    let shown = window(trials.len(), lab.trial, rows);
    let title = if shown.len() < trials.len() {
        format!("Trials {} to {} of {}", shown.start + 1, shown.end, trials.len())
    } else {
        "Trials".to_owned()
    };
    let inner = panel(&title, in_focus, &app.theme, area, buffer);
    if trials.is_empty() {
        let words = wrap("No trials: a adds some.", usize::from(inner.width));
        let lines: Vec<Line<'_>> = words.into_iter().map(Line::from).collect();
        return Paragraph::new(lines).style(app.theme.quiet()).render(inner, buffer);
    }
    for (row, index) in (inner.y..).zip(shown) {
        let place = Rect { y: row, height: 1, ..inner };
        let chosen = (index == lab.trial).then_some(in_focus);
        line(trials, index, chosen, usize::from(inner.width), &app.theme).render(place, buffer);
    }
}

/// A trial in one row, its name told apart from those of the others. `chosen` says whether it is chosen, and if so, whether
/// keys go to it.
pub(super) fn line(
    trials: &[TrialView],
    index: usize,
    chosen: Option<bool>,
    columns: usize,
    theme: &Theme,
) -> Line<'static> {
    let trial = &trials[index];
    let (badge, is_warning) = badge(trial, columns.saturating_sub(width(&trial.setting.name) + 4));
    let room = columns.saturating_sub(width(&badge) + 4);
    let name = fit(&name(trials, index, room), room);
    let (marker, ink) = marker(trial, theme);
    let pointer = if chosen.is_some() { "▸" } else { " " };
    let look = match chosen {
        Some(in_focus) => theme.chosen(in_focus),
        None if trial.hidden => theme.quiet(),
        None => Style::new(),
    };
    let badge_look = if is_warning { theme.warning() } else { look };
    Line::from(vec![
        Span::raw(pointer),
        Span::styled(format!("{marker} "), ink),
        Span::styled(name, look),
        Span::raw(" "),
        Span::styled(badge, badge_look),
    ])
}

/// The name of a trial in so many columns, told apart from those of the others.
pub(super) fn name(trials: &[TrialView], index: usize, columns: usize) -> String {
    let names: Vec<String> = trials.iter().map(|trial| clean(&trial.setting.name)).collect();
    distinct(names.iter().map(String::as_str), columns).swap_remove(index)
}

/// The marker the charts draw it with.
pub(super) fn marker(trial: &TrialView, theme: &Theme) -> (char, Style) {
    let series = usize::try_from(trial.id).unwrap_or(usize::MAX);
    let ink = theme.series(series);
    (theme.charset.sign(Marker::of(series).glyph()), if trial.hidden { ink.add_modifier(Modifier::DIM) } else { ink })
}

/// The longest wording that leaves room for the name, and whether something is wrong.
pub(super) fn badge(trial: &TrialView, room: usize) -> (String, bool) {
    // Estimates over batches make F rise now and then: that is noise, and no sign of anything.
    let worse =
        !is_stochastic(trial) && trial.outer_records.last().is_some_and(|record| record.number(&WORSE) == Some(1.0));
    let rising = if worse { "F↑ " } else { "" };
    if let Some(words) = trouble(trial) {
        let fitting = words.iter().find(|words| width(words) < room).or(words.last());
        let words = fitting.cloned().unwrap_or_default();
        return (format!("{words} !"), true);
    }
    if trial.is_pinned {
        return ("pinned".to_owned(), false);
    }
    if trial.hidden {
        return ("hidden".to_owned(), false);
    }
    if trial.is_unfinished {
        return (so_far(trial, rising, room), false);
    }
    let Some(slope) = trial.slope.map(|law| law.slope) else {
        return (rising.trim_end().to_owned(), false);
    };
    let short = format!("{rising}slope {slope:.2}");
    let long = format!("{short} super-efficient");
    if !trial.is_super_efficient() {
        (short, false)
    } else if width(&long) <= room {
        (long, false)
    } else {
        (format!("{rising}super-efficient {slope:.2}"), false)
    }
}

/// Whether its steps run over batches.
fn is_stochastic(trial: &TrialView) -> bool {
    let (inner, outer) = (&trial.setting.inner, &trial.setting.outer);
    let has_lists = matches!(trial.setting.draws, Drawing::Explicit { .. });
    has_lists || !inner.batch.is_full() || !outer.batch.is_full() || !inner.products.batch(inner.batch).is_full()
}

/// The slope of a run that goes on, in the longest wording that there is room for.
fn so_far(trial: &TrialView, rising: &str, room: usize) -> String {
    let long = trial.slope_in_words().map(|slope| format!("{rising}slope {slope}"));
    let short = trial.slope.map(|law| format!("{rising}slope {:.2} so far", law.slope));
    let shortest = trial.slope.map(|law| format!("{:.2} so far", law.slope));
    let fits = |words: &String| width(words) <= room;
    let longer = [long, short].into_iter().flatten().find(fits);
    longer.or(shortest).unwrap_or_else(|| rising.trim_end().to_owned())
}

/// What is wrong with a trial, from the longest to the shortest wording.
fn trouble(trial: &TrialView) -> Option<Vec<String>> {
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    match trial.status {
        Status::Diverged { inner, .. } => {
            return Some(vec![format!("diverged at inner {inner}"), "diverged".to_owned()]);
        }
        Status::AllDiverged { .. } => return words(&["all students diverged", "all diverged"]),
        Status::NoEstimate { .. } => return words(&["stopped: ĥ not finite", "ĥ not finite"]),
        Status::NoCarried { .. } => return words(&["stopped: v not finite", "v not finite"]),
        Status::NoRows { .. } => return words(&["stopped: no more rows", "no more rows"]),
        Status::NoSplit { .. } => return words(&["stopped: no split possible", "no split"]),
        Status::NoRoom { inner, .. } => {
            return Some(vec![format!("stopped: no room at inner {inner}"), "no room".to_owned()]);
        }
        Status::NoLists { .. } => return words(&["stopped: no more lists of rows", "no more lists"]),
        Status::Converged { .. } => return words(&["converged"]),
        Status::Running | Status::Ready => {}
    }
    let latest = trial.latest.as_ref()?;
    if !latest.estimate.hypergradient.iter().all(|x| x.is_finite()) {
        return words(&["ĥ is not finite", "ĥ is NaN"]);
    }
    let solver = trial.solver()?;
    if solver.negative_curvature {
        return words(&["negative curvature"]);
    }
    if !solver.converged {
        if solver.residual.is_finite() {
            let residual = format!("residual {}", cut(&plain(solver.residual), 8));
            // A solve that takes few iterations leaves some; from 1 on, none at all would have left less, which says
            // nothing of how near ĥ is.
            let is_beyond = solver.residual >= 1.0;
            return Some(if is_beyond {
                vec![format!("{residual}: v = 0 has 1"), "residual above 1".to_owned()]
            } else {
                vec![residual]
            });
        }
        return words(&["solver gave up"]);
    }
    if let Some(note) = &solver.note {
        // The reason in front of a colon is enough for a badge.
        let short = note.split([':', '(']).next().unwrap_or_default().trim();
        return words(&[short, "see its solver"]);
    }
    if !trial.truth_converged {
        return words(&["the truth is not exact", "no truth"]);
    }
    None
}
