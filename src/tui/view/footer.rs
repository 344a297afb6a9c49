//! The last row: what to press, or what is to be said.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use crate::front::wrap;
use crate::probe::Question;
use crate::tui::keymap::{Action, Binding, action, bindings};
use crate::tui::state::{App, Message};
use crate::tui::text::width;

/// Keys that share their words, as the footer shows them.
struct Hint {
    keys: Vec<(String, Action)>,
    label: &'static str,
    footer: u8,
}

impl Hint {
    fn width(&self) -> usize {
        self.keys.iter().map(|(key, _)| width(key)).sum::<usize>() + width(self.label) + 3
    }
}

pub(super) fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    if let Some(message) = &app.message {
        return say(app, message, area, buffer);
    }
    let mut spans = vec![Span::raw(" ")];
    for hint in shown(app, area) {
        spans.extend(hint.keys.into_iter().map(|(key, _)| Span::styled(key, app.theme.focus())));
        spans.push(Span::raw(format!(" {}  ", hint.label)));
    }
    Line::from(spans).render(area, buffer);
}

/// What the key at a cell of the row does; its words stand for it, and for the first of several keys. Nothing while
/// something is said there.
#[must_use]
pub fn footer_action(app: &App, area: Rect, at: Position) -> Option<Action> {
    if app.message.is_some() || !area.contains(at) {
        return None;
    }
    let mut left = usize::from(at.x.checked_sub(area.x + 1)?);
    for hint in shown(app, area) {
        if left >= hint.width() {
            left -= hint.width();
            continue;
        }
        // Two blanks stand behind every hint.
        if left + 2 >= hint.width() {
            return None;
        }
        let first = hint.keys.first().map(|(_, action)| *action);
        for (key, action) in &hint.keys {
            if left < width(key) {
                return Some(*action);
            }
            left -= width(key);
        }
        return first;
    }
    None
}

/// The hints that there is room for.
fn shown(app: &App, area: Rect) -> Vec<Hint> {
    fitting(hints(app), usize::from(area.width).saturating_sub(1))
}

/// A message that is too long for its row grows upwards, over what matters less now.
fn say(app: &App, message: &Message, area: Rect, buffer: &mut Buffer) {
    const MOST_ROWS: usize = 4;
    let (mark, style) = if message.is_error { ("! ", app.theme.warning()) } else { ("", app.theme.heading()) };
    let columns = usize::from(area.width);
    let mut rows = wrap(&format!("{mark}{}", message.text), columns.saturating_sub(2));
    rows.truncate(MOST_ROWS);
    let height = u16::try_from(rows.len()).unwrap_or(1);
    let place = Rect { y: area.bottom().saturating_sub(height), height, ..area };
    Clear.render(place, buffer);
    for (y, row) in (place.y..).zip(rows) {
        Line::styled(format!(" {row}"), style).render(Rect { y, height: 1, ..area }, buffer);
    }
}

/// What the context's keys do. A key that an inner context takes for itself is not its parent's any more.
fn hints(app: &App) -> Vec<Hint> {
    let context = app.context();
    let mut hints: Vec<Hint> = Vec::new();
    let is_meant = |binding: &&Binding| binding.footer > 0 && is_meant(app, binding.action);
    for binding in bindings(context).filter(is_meant) {
        let mine = binding.keys.iter().find(|key| action(context, **key) == Some(binding.action));
        let Some(key) = mine.map(|key| key.label()) else { continue };
        let label = worded(app, binding.action, binding.label);
        // What ends something that goes on is not left out.
        let footer = if label == binding.label { binding.footer } else { binding.footer.min(1) };
        match hints.last_mut() {
            Some(last) if last.label == label => last.keys.push((key, binding.action)),
            _ => hints.push(Hint { keys: vec![(key, binding.action)], label, footer }),
        }
    }
    hints
}

/// Of the keys that measure, those that matter here: what the charts show, what is under way, and a sweep where the
/// scenario names one. The help has them all.
fn is_meant(app: &App, action: Action) -> bool {
    let (Action::Measure(question), Some(lab)) = (action, &app.lab) else { return true };
    let findings = &lab.snapshot.findings;
    if findings.progress(question).is_some() {
        return true;
    }
    let is_here = || lab.question().or(Question::all().next()).is_some_and(|here| here.probe() == question.probe());
    is_here() && (!question.is_over_sweep() || findings.study().sweep.is_some())
}

fn worded(app: &App, action: Action, label: &'static str) -> &'static str {
    let runs = app.lab.as_ref().is_some_and(|lab| lab.is_running);
    let is_measured = |question| app.lab.as_ref().is_some_and(|lab| lab.snapshot.findings.progress(question).is_some());
    match action {
        Action::Measure(question) if is_measured(question) => "break off",
        Action::Run if runs => "pause",
        _ => label,
    }
}

/// The most important hints that fit, in the table's order.
fn fitting(hints: Vec<Hint>, columns: usize) -> Vec<Hint> {
    let mut order: Vec<usize> = (0..hints.len()).collect();
    order.sort_by_key(|index| hints[*index].footer);
    let mut room = columns;
    let mut kept = vec![false; hints.len()];
    for index in order {
        let needed = hints[index].width();
        if needed <= room + 2 {
            room = room.saturating_sub(needed);
            kept[index] = true;
        }
    }
    hints.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(hint, _)| hint).collect()
}
