//! The help: questions, keys, words, how charts and numbers are read, and how things are done. What is looked for is
//! looked for in all of it.

mod entry;
mod guide;
mod highlight;
#[cfg(test)]
mod tests;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use self::entry::{Entry, Part};
use crate::front::wrap;
use crate::tui::questions;
use crate::tui::state::{App, Help, Section};
use crate::tui::text::{cut, fit};
use crate::tui::theme::Theme;

/// What is read, and where its entries begin.
pub(in crate::tui) struct HelpPage {
    /// The lines.
    pub lines: Vec<Line<'static>>,
    /// The first line of every entry that was found, or of every question; of none, where a section is read.
    pub hits: Vec<usize>,
}

/// Columns of the keys, before what they do.
const KEYS_WIDTH: usize = 16;

/// The help at a width.
pub(in crate::tui) fn page(app: &App, help: &Help, columns: usize) -> HelpPage {
    match help.wanted() {
        Some(wanted) => found(app, wanted, columns),
        None if help.section == Section::Questions => asked(app, help.question, columns),
        None => HelpPage { lines: section(app, help.section, columns), hits: Vec::new() },
    }
}

/// How many entries answer to what is looked for.
pub(in crate::tui) fn count(app: &App, wanted: &str) -> usize {
    matching(app, wanted).len()
}

/// What answers, the best first. Keys that work here are among all keys.
fn matching(app: &App, wanted: &str) -> Vec<(u8, Entry)> {
    let entries = entry::all(app).into_iter().filter(|entry| entry.section != Section::Here);
    let mut found: Vec<(u8, Entry)> = entries.filter_map(|entry| Some((entry.rank(wanted)?, entry))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found
}

fn found(app: &App, wanted: &str, columns: usize) -> HelpPage {
    let mut writer = Writer { theme: &app.theme, columns, lines: Vec::new() };
    let mut hits = Vec::new();
    for (_, entry) in matching(app, wanted) {
        if !writer.lines.is_empty() && !entry.head.is_empty() {
            writer.lines.push(Line::default());
        }
        hits.push(writer.lines.len());
        let group = if entry.group.is_empty() { String::new() } else { format!(" · {}", entry.group) };
        writer.entry(&entry, &format!("{}{group}", entry.section.title()));
    }
    if hits.is_empty() {
        // The advice is to be in sight whatever was typed or pasted.
        let wanted = cut(wanted, columns);
        let words = format!("Nothing here speaks of “{wanted}”. Esc shows everything again; fewer letters find more.");
        writer.say(&words, Style::new(), 0);
    }
    let mark = app.theme.pointed();
    let lines = writer.lines.into_iter().map(|line| highlight::marked(line, wanted, mark)).collect();
    HelpPage { lines, hits }
}

/// The questions, the chosen one with its answer.
fn asked(app: &App, chosen: usize, columns: usize) -> HelpPage {
    let mut writer = Writer { theme: &app.theme, columns, lines: Vec::new() };
    let mut hits = Vec::new();
    for (index, posed) in questions::ALL.iter().enumerate() {
        hits.push(writer.lines.len());
        let is_chosen = index == chosen;
        let look = if is_chosen { app.theme.pointed() } else { Style::new() };
        let margin = if is_chosen { "▸ " } else { "  " };
        for (row, words) in wrap(posed.words, columns.saturating_sub(2)).into_iter().enumerate() {
            let margin = if row == 0 { margin } else { "  " };
            writer.lines.push(Line::from(vec![Span::raw(margin), Span::styled(words, look)]));
        }
        if is_chosen {
            writer.say(posed.answer, Style::new(), 4);
            writer.say(
                "Enter shows it: the scenario opens and does what makes the numbers appear.",
                app.theme.quiet(),
                4,
            );
        }
        writer.lines.push(Line::default());
    }
    HelpPage { lines: writer.lines, hits }
}

fn section(app: &App, section: Section, columns: usize) -> Vec<Line<'static>> {
    let mut writer = Writer { theme: &app.theme, columns, lines: Vec::new() };
    let mut group = "";
    for entry in entry::of(app, section) {
        let is_key = entry.head.is_empty();
        if entry.group != group || !is_key {
            if !writer.lines.is_empty() {
                writer.lines.push(Line::default());
            }
            if entry.group != group {
                writer.lines.push(Line::styled(entry.group, app.theme.heading()));
                if !is_key {
                    writer.lines.push(Line::default());
                }
            }
            group = entry.group;
        }
        writer.entry(&entry, "");
    }
    writer.lines
}

/// Lines being written.
struct Writer<'a> {
    theme: &'a Theme,
    columns: usize,
    lines: Vec<Line<'static>>,
}

impl Writer<'_> {
    /// Heading and body; `place` says where it stands, behind the heading.
    fn entry(&mut self, entry: &Entry, place: &str) {
        if !entry.head.is_empty() {
            let place = if place.is_empty() { String::new() } else { format!("  ({place})") };
            let rows = wrap(&format!("{}{place}", entry.head), self.columns);
            self.lines.extend(rows.into_iter().map(|row| Line::styled(row, self.theme.focus())));
        }
        for part in &entry.body {
            match part {
                Part::Say(words) => self.say(words, Style::new(), if entry.head.is_empty() { 0 } else { 2 }),
                Part::Formula(words) => self.say(words, self.theme.focus(), 4),
                Part::Aside(words) => self.say(words, self.theme.quiet(), 2),
                Part::Key(keys, words) => self.key(keys, words),
            }
        }
    }

    fn say(&mut self, words: &str, look: Style, indent: usize) {
        let rows = wrap(words, self.columns.saturating_sub(indent));
        let margin = " ".repeat(indent);
        self.lines
            .extend(rows.into_iter().map(|row| Line::from(vec![Span::raw(margin.clone()), Span::styled(row, look)])));
    }

    fn key(&mut self, keys: &str, words: &str) {
        for (row, words) in wrap(words, self.columns.saturating_sub(KEYS_WIDTH)).into_iter().enumerate() {
            let margin = fit(if row == 0 { keys } else { "" }, KEYS_WIDTH - 1);
            self.lines.push(Line::from(vec![Span::styled(format!("{margin} "), self.theme.focus()), Span::raw(words)]));
        }
    }
}
