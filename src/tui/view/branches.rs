//! The branches of the history.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::frame;
use crate::lab::{BranchView, Landmark, Snapshot};
use crate::math::number::counted;
use crate::tui::state::App;
use crate::tui::text::{clean, cut, width, window};

pub(super) fn draw(app: &App, selected: usize, area: Rect, buffer: &mut Buffer) {
    let inner = frame::window("Branches and bookmarks", &app.theme, area, buffer);
    let Some(lab) = &app.lab else {
        return;
    };
    let snapshot = &lab.snapshot;
    let landmarks = snapshot.landmarks();
    let list = Rect { height: inner.height.saturating_sub(1), ..inner };
    let shown = window(landmarks.len(), selected, usize::from(list.height));
    let shown_to = shown.end;
    for (y, place) in (list.y..).zip(shown) {
        let (is_here, words) = match landmarks[place] {
            Landmark::Branch { number, depth } => {
                (number == snapshot.branch, label(number, depth, &snapshot.branches[number]))
            }
            Landmark::Bookmark(number) => bookmark(snapshot, number),
        };
        let here = if is_here { "you are here" } else { "" };
        let (pointer, look) = if place == selected { ("▸ ", app.theme.pointed()) } else { ("  ", Style::new()) };
        let row = Rect { y, height: 1, ..list };
        let room = usize::from(list.width).saturating_sub(2 + if here.is_empty() { 0 } else { width(here) + 2 });
        Line::from(vec![
            Span::raw(pointer),
            Span::styled(cut(&words, room), look),
            Span::styled(if here.is_empty() { String::new() } else { format!("  {here}") }, app.theme.focus()),
        ])
        .render(row, buffer);
    }
    let hint = Rect { y: list.bottom(), height: inner.height - list.height, ..inner };
    let last = landmarks.len().min(shown_to);
    let more =
        if last < landmarks.len() { format!("{} more below · ", landmarks.len() - last) } else { String::new() };
    let words = &format!("{more}Go back with ← and do something else: a branch starts there. B sets a bookmark.");
    Line::styled(cut(words, usize::from(inner.width)), app.theme.quiet()).render(hint, buffer);
}

/// A bookmark: what it is called and where it lies, and whether one is there.
fn bookmark(snapshot: &Snapshot, number: usize) -> (bool, String) {
    let (mark, is_near) = &snapshot.bookmarks[number];
    let words = format!("◆ {} · step {} of branch {}", clean(&mark.name), mark.position, mark.branch + 1);
    (*is_near && mark.position == snapshot.position, words)
}

/// A branch of the tree: its number, where it left the one above, what was changed there, how long it is.
fn label(number: usize, depth: usize, branch: &BranchView) -> String {
    // A deep tree keeps room for its words.
    let indent = "│ ".repeat(depth.saturating_sub(1).min(8));
    let knot = if depth == 0 { "" } else { "├ " };
    let origin = match branch.fork {
        Some((_, at)) if branch.change.is_empty() => format!("at step {at}"),
        Some((_, at)) => format!("at step {at}: {}", branch.change),
        None => "from the start".to_owned(),
    };
    format!("{indent}{knot}{} {origin} · {}", number + 1, counted(branch.length, "step"))
}
