//! Frames around panels.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::merge::MergeStrategy;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Widget};

use crate::tui::layout::inside;
use crate::tui::text::cut;
use crate::tui::theme::Theme;

/// Draws a panel's frame and gives what is inside. In focus its title is reversed and its lines are thick.
pub(super) fn panel(title: &str, in_focus: bool, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Rect {
    if area.is_empty() {
        return Rect::ZERO;
    }
    let (frame, heading, lines) = if in_focus {
        (theme.focus(), theme.pointed(), BorderType::Thick)
    } else {
        (theme.quiet(), theme.heading(), BorderType::Plain)
    };
    let title = format!(" {} ", cut(title, usize::from(area.width).saturating_sub(4)));
    Block::bordered()
        .border_type(lines)
        .border_style(frame)
        .title(Line::styled(title, Style::new().patch(heading)))
        .merge_borders(MergeStrategy::Fuzzy)
        .render(area, buffer);
    inside(area)
}

/// Draws an overlay's frame.
pub(super) fn window(title: &str, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Rect {
    if area.is_empty() {
        return Rect::ZERO;
    }
    let title = format!(" {} ", cut(title, usize::from(area.width).saturating_sub(4)));
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.focus());
    block.title(Line::styled(title, theme.heading())).render(area, buffer);
    inside(area)
}
