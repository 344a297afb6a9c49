//! The history in one row: where one is, where outer steps begin, where branches leave, where bookmarks lie.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use crate::lab::Snapshot;
use crate::tui::state::{App, LabState};
use crate::tui::text::width;

/// The cells of the row that stand for positions.
#[must_use]
pub fn timeline_bar(area: Rect, snapshot: &Snapshot) -> Rect {
    let words = u16::try_from(width(&legend(snapshot, area.width))).unwrap_or(area.width);
    Rect { x: area.x + 1, width: area.width.saturating_sub(words + 2), height: area.height.min(1), ..area }
}

/// The position that a column of the bar stands for.
#[must_use]
pub fn timeline_position(bar: Rect, snapshot: &Snapshot, column: u16) -> usize {
    let last = usize::from(bar.width.saturating_sub(1)).max(1);
    let at = usize::from(column.saturating_sub(bar.x)).min(last);
    (at * snapshot.length + last / 2) / last
}

fn column(bar: Rect, snapshot: &Snapshot, position: usize) -> u16 {
    let last = usize::from(bar.width.saturating_sub(1));
    let at = position.min(snapshot.length) * last / snapshot.length.max(1);
    bar.x + u16::try_from(at).unwrap_or(0)
}

fn legend(snapshot: &Snapshot, columns: u16) -> String {
    let place = format!("{}/{}", snapshot.position, snapshot.length);
    match (snapshot.branches.len(), columns) {
        (1, 60..) => format!("step {place} "),
        (many, 60..) if many > 1 => format!("step {place} · branch {} of {many} ", snapshot.branch + 1),
        _ => format!("{place} "),
    }
}

pub(super) fn draw(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    let (snapshot, theme) = (&lab.snapshot, &app.theme);
    let bar = timeline_bar(area, snapshot);
    if bar.width < 4 {
        return;
    }
    buffer.set_string(bar.x, bar.y, "─".repeat(usize::from(bar.width)), theme.quiet());
    let done = column(bar, snapshot, snapshot.position);
    buffer.set_string(bar.x, bar.y, "━".repeat(usize::from(done - bar.x)), theme.heading());
    for mark in outer_marks(snapshot, bar) {
        let at = column(bar, snapshot, mark);
        let (glyph, look) = if at < done { ("┷", theme.heading()) } else { ("┴", theme.quiet()) };
        buffer.set_string(at, bar.y, glyph, look);
    }
    for fork in forks(snapshot) {
        buffer.set_string(column(bar, snapshot, fork), bar.y, "┬", theme.focus());
    }
    for (mark, _) in snapshot.bookmarks.iter().filter(|(_, is_near)| *is_near) {
        buffer.set_string(column(bar, snapshot, mark.position), bar.y, "◆", theme.focus());
    }
    buffer.set_string(done, bar.y, "●", theme.focus());
    Line::styled(legend(snapshot, area.width), theme.quiet()).right_aligned().render(area, buffer);
}

/// Where outer steps begin, thinned until they can be told apart.
fn outer_marks(snapshot: &Snapshot, bar: Rect) -> impl Iterator<Item = usize> + '_ {
    let most = usize::from(bar.width) / 3;
    let every = snapshot.outer_starts.len().div_ceil(most.max(1)).max(1);
    let starts = &snapshot.outer_starts;
    (every - 1..starts.len()).step_by(every).filter_map(|index| starts.get(index)).map(|start| start.position)
}

/// Where other branches leave this one, and where this one left another.
fn forks(snapshot: &Snapshot) -> impl Iterator<Item = usize> + '_ {
    let own = snapshot.branches.get(snapshot.branch).and_then(|branch| branch.fork).map(|(_, at)| at);
    let left = snapshot.branches.iter().filter_map(|branch| branch.fork);
    left.filter(|(parent, _)| *parent == snapshot.branch).map(|(_, at)| at).chain(own)
}
