//! The branches of the history.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::frame;
use crate::tui::state::App;
use crate::tui::text::{cut, window};

pub(super) fn draw(app: &App, selected: usize, area: Rect, buffer: &mut Buffer) {
    let inner = frame::window("Branches", &app.theme, area, buffer);
    let Some(lab) = &app.lab else {
        return;
    };
    let branches = &lab.snapshot.branches;
    let list = Rect { height: inner.height.saturating_sub(1), ..inner };
    let shown = window(branches.len(), selected, usize::from(list.height));
    for (y, index) in (list.y..).zip(shown) {
        let branch = &branches[index];
        let origin = match branch.fork {
            Some((parent, at)) => format!("left branch {} at step {at}", parent + 1),
            None => "from the start".to_owned(),
        };
        let here = if index == lab.snapshot.branch { "  you are here" } else { "" };
        let words = format!("branch {}: {origin}, {} steps{here}", index + 1, branch.length);
        let (pointer, look) = if index == selected { ("▸ ", app.theme.pointed()) } else { ("  ", Style::new()) };
        let row = Rect { y, height: 1, ..list };
        let words = cut(&words, usize::from(list.width).saturating_sub(2));
        Line::from(vec![Span::raw(pointer), Span::styled(words, look)]).render(row, buffer);
    }
    let hint = Rect { y: list.bottom(), height: inner.height - list.height, ..inner };
    let words = "Go back with ← and do something else: a branch starts there.";
    Line::styled(cut(words, usize::from(inner.width)), app.theme.quiet()).render(hint, buffer);
}
