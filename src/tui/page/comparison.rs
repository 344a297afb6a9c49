//! All trials side by side at the moment that is shown: a row a trial, a column a number, sorted by any of them.

use ratatui::text::{Line, Span};

use crate::lab::Comparison;
use crate::math::number::counted;
use crate::metric::Quantity;
use crate::probe::Table;
use crate::tui::state::{App, LabState, Sorting};
use crate::tui::text::{clean, cut, fit, width};

/// Cells between two columns.
const GAP: usize = 2;

/// Widest name of a trial.
const MOST: usize = 24;

/// The lines at a width: the heads, a row a trial, what the columns are.
pub(in crate::tui) fn lines(app: &App, sorting: Sorting, columns: usize) -> Vec<Line<'static>> {
    let Some(lab) = app.shown_lab() else { return Vec::new() };
    let quantities = Comparison::all(&lab.snapshot);
    let table = table(lab, &quantities, sorting);
    let shown = shown(&table, sorting, columns);
    let arrow = if sorting.descending { "▼" } else { "▲" };
    let is_sorted = |column: usize| sorting.column.map(|sorted| sorted + Comparison::LEADING) == Some(column);
    let head = |(column, room): &(usize, usize)| {
        let words = if is_sorted(*column) {
            format!("{arrow}{}", table.columns[*column])
        } else {
            table.columns[*column].clone()
        };
        let style = if is_sorted(*column) { app.theme.pointed() } else { app.theme.heading() };
        Span::styled(cell(&words, *column, *room), style)
    };
    let mut lines = vec![Line::from(shown.iter().map(head).collect::<Vec<_>>())];
    for row in &table.rows {
        let text: String = shown.iter().map(|(column, room)| cell(&row[*column].to_string(), *column, *room)).collect();
        lines.push(Line::from(text));
    }
    lines.push(Line::default());
    let stopped = lab.snapshot.trials.iter().filter(|trial| trial.status.is_halted());
    let stopped = stopped.map(|trial| format!("! {}: {}.", clean(&trial.setting.name), trial.status));
    let stopped = stopped.flat_map(|words| crate::front::wrap(&words, columns));
    lines.extend(stopped.map(|words| Line::styled(words, app.theme.warning())));
    let hidden = table.columns.len() - shown.len();
    let more = if hidden > 0 {
        format!(" {}: → and ← go there.", counted(hidden, "further column"))
    } else {
        String::new()
    };
    let words = match sorting.column.and_then(|column| quantities.get(column)) {
        Some(quantity) => format!("Sorted by {}: {}{more}", quantity.metric.card.name, quantity.metric.card.summary),
        None => format!("In the order of the trials. → sorts by the first column, r turns the order round.{more}"),
    };
    lines.extend(crate::front::wrap(&words, columns).into_iter().map(|words| Line::styled(words, app.theme.quiet())));
    lines
}

/// The column whose head is in a cell of the first line; the first two are the names and what became of each.
pub(in crate::tui) fn column_at(app: &App, sorting: Sorting, columns: usize, cell: usize) -> Option<usize> {
    let lab = app.shown_lab()?;
    let table = table(lab, &Comparison::all(&lab.snapshot), sorting);
    let mut end = 0;
    let head = shown(&table, sorting, columns).into_iter().find(|(column, room)| {
        end += taken(*column, *room);
        cell < end
    });
    head.map(|(column, _)| column)
}

/// The names and the numbers, in the order asked for.
fn table(lab: &LabState, quantities: &[Quantity], sorting: Sorting) -> Table {
    let mut comparison = Comparison::of(&lab.snapshot, quantities);
    if let Some(column) = sorting.column {
        comparison.sort(column.min(quantities.len().saturating_sub(1)), sorting.descending);
    }
    comparison.table(Quantity::symbol)
}

/// The columns in sight, with their widths.
fn shown(table: &Table, sorting: Sorting, columns: usize) -> Vec<(usize, usize)> {
    window(table, sorting.column.map_or(0, |column| column + Comparison::LEADING), columns)
}

/// Cells that a column takes with the gap before it; one in which nothing is said takes none.
const fn taken(column: usize, room: usize) -> usize {
    if column == 0 || room == 0 { room } else { GAP + room }
}

/// Words are flush left, a number is flush right.
fn cell(words: &str, column: usize, room: usize) -> String {
    let words = cut(&clean(words), room);
    match column {
        _ if room == 0 => return String::new(),
        0 => return fit(&words, room),
        _ if column < Comparison::LEADING => return " ".repeat(GAP) + &fit(&words, room),
        _ => {}
    }
    " ".repeat(GAP + room - width(&words)) + &words
}

/// The columns that fit beside the names, with their widths: from the first on, or as far to the right as it takes to see
/// column `wanted`.
fn window(table: &Table, wanted: usize, columns: usize) -> Vec<(usize, usize)> {
    let room = |column: usize| {
        let cells = table.rows.iter().map(|row| width(&row[column].to_string()));
        // The head of a sorted column has an arrow.
        cells.chain([width(&table.columns[column]) + 1]).max().unwrap_or(0)
    };
    let is_said = |column: usize| table.rows.iter().any(|row| row[column].says_something());
    let leading: Vec<(usize, usize)> = (0..Comparison::LEADING)
        .map(|column| (column, if column == 0 || is_said(column) { room(column).min(MOST) } else { 0 }))
        .collect();
    let mut first = Comparison::LEADING;
    loop {
        let mut used: usize = leading.iter().map(|(column, room)| taken(*column, *room)).sum();
        let fits = |column: &usize| {
            used += GAP + room(*column);
            used <= columns
        };
        let end = (first..table.columns.len()).take_while(fits).last().unwrap_or(first);
        if end >= wanted || first >= table.columns.len() {
            let others = (first..=end).filter(|column| *column < table.columns.len());
            return leading.into_iter().chain(others.map(|column| (column, room(column)))).collect();
        }
        first += 1;
    }
}
