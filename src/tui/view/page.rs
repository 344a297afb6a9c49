//! Overlays to read and close: keys, explanations, the files written, the question before leaving.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame::{panel, window};
use crate::math::number::counted;
use crate::tui::page::{answered, compared, explained, helped, matches, measured, noted};
use crate::tui::state::{App, Explained, Help, LabState, Section, Sorting};
use crate::tui::text::{clean, cut, fit, width};

pub(super) fn draw_help(app: &App, help: &Help, area: Rect, buffer: &mut Buffer) {
    let inner = window("Help", &app.theme, area, buffer);
    let [sections, search] = [0, 1].map(|row| Rect { y: inner.y + row, height: 1, ..inner });
    sections_line(app, help, usize::from(sections.width)).render(sections, buffer);
    search_line(app, help, usize::from(search.width)).render(search, buffer);
    let rest = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
    scrolled(helped(app, help, usize::from(inner.width)).lines, help.scroll, rest, app, buffer);
}

/// The sections, the one that is read marked; where there is no room for all, that one alone.
fn sections_line(app: &App, help: &Help, columns: usize) -> Line<'static> {
    let is_shown = |section: Section| section == help.section && help.wanted().is_none();
    let look = |section: Section| if is_shown(section) { app.theme.pointed() } else { Style::new() };
    let needed: usize = Section::ALL.iter().map(|section| width(section.title()) + 2).sum();
    if needed > columns {
        let at = Section::ALL.iter().position(|section| *section == help.section).unwrap_or(0) + 1;
        let quiet = app.theme.quiet();
        return Line::from(vec![
            Span::styled("‹ ", quiet),
            Span::styled(help.section.title(), look(help.section)),
            Span::styled(format!(" ›  {at} of {}", Section::ALL.len()), quiet),
        ]);
    }
    let tabs = Section::ALL.into_iter().map(|section| Span::styled(section.title(), look(section)));
    Line::from(tabs.flat_map(|tab| [tab, Span::raw("  ")]).collect::<Vec<_>>())
}

/// What is looked for and how much was found, or that one can look.
fn search_line(app: &App, help: &Help, columns: usize) -> Line<'static> {
    if help.wanted().is_none() && !help.is_typing {
        return Line::styled(cut("/ or a letter: look for something in all sections", columns), app.theme.quiet());
    }
    let found = help.wanted().map_or(String::new(), |wanted| format!("{} found", matches(app, wanted)));
    let room = columns.saturating_sub(width(&found) + 3);
    let typed = fit(&clean(help.search.value()), room);
    Line::from(vec![
        Span::styled("/ ", app.theme.focus()),
        Span::raw(typed),
        Span::raw(" "),
        Span::styled(found, app.theme.quiet()),
    ])
}

/// The answer to the question that the laboratory was opened for.
pub(super) fn draw_answer(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    if let Some(posed) = lab.posed.filter(|_| !area.is_empty()) {
        let inner = panel(posed.words, false, &app.theme, area, buffer);
        scrolled(answered(app, lab, usize::from(inner.width)), 0, inner, app, buffer);
    }
}

pub(super) fn draw_explained(app: &App, page: Explained, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let at = Explained::ALL.iter().position(|other| *other == page).unwrap_or(0) + 1;
    let title = format!("{}  {at} of {}", page.title(), Explained::ALL.len());
    let inner = window(&title, &app.theme, area, buffer);
    scrolled(explained(app, page, usize::from(inner.width)), scroll, inner, app, buffer);
}

pub(super) fn draw_findings(app: &App, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let inner = window("Measured", &app.theme, area, buffer);
    scrolled(measured(app, usize::from(inner.width)), scroll, inner, app, buffer);
}

pub(super) fn draw_notes(app: &App, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let inner = window("Notes", &app.theme, area, buffer);
    scrolled(noted(app, usize::from(inner.width)), scroll, inner, app, buffer);
}

pub(super) fn draw_comparison(app: &App, sorting: Sorting, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let moment = app.shown_lab().map_or_else(String::new, |lab| format!(" in outer step {}", lab.snapshot.run));
    let inner = window(&format!("Trials side by side{moment}"), &app.theme, area, buffer);
    scrolled(compared(app, sorting, usize::from(inner.width)), scroll, inner, app, buffer);
}

pub(super) fn draw_notice(app: &App, title: &str, lines: &[String], scroll: usize, area: Rect, buffer: &mut Buffer) {
    let inner = window(title, &app.theme, area, buffer);
    let room = usize::from(inner.width);
    let lines: Vec<Line<'static>> = lines.iter().map(|line| Line::from(cut(&clean(line), room))).collect();
    scrolled(lines, scroll, inner, app, buffer);
}

pub(super) fn draw_question(app: &App, area: Rect, buffer: &mut Buffer) {
    let lines = [
        "What you changed here is not saved.".to_owned(),
        "w saves it as a session, q leaves without, Esc stays.".to_owned(),
    ];
    draw_notice(app, "Leave?", &lines, 0, area, buffer);
}

/// Lines of text from line `scroll` on; where some are out of sight, the last row says so.
fn scrolled(lines: Vec<Line<'static>>, scroll: usize, area: Rect, app: &App, buffer: &mut Buffer) {
    let (total, height) = (lines.len(), usize::from(area.height));
    let start = scroll.min((total + 1).saturating_sub(height));
    let hides_some = total > height;
    let shown = if hides_some { height.saturating_sub(1) } else { height };
    let page: Vec<Line<'static>> = lines.into_iter().skip(start).take(shown).collect();
    let end = start + page.len();
    Paragraph::new(page).render(area, buffer);
    if hides_some && area.height > 0 {
        let row = Rect { y: area.bottom() - 1, height: 1, ..area };
        let words = match total - end {
            0 => format!("{total} of {total}  the end"),
            more => format!("{end} of {total}  ↓ {}", counted(more, "more line")),
        };
        Line::styled(words, app.theme.quiet()).right_aligned().render(row, buffer);
    }
}
