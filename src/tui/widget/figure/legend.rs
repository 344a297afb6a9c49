//! The legend: markers and names in rows, or the scale of a heat map.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::canvas::fill_glyph;
use crate::chart::figure::{ColourScale, Ink, at};
use crate::chart::{self, Figure, Layer, Scale, Shape};
use crate::front::{distinct, groups};
use crate::math::number::typeset;
use crate::tui::theme::Theme;
use crate::tui::widget::text::cells;

/// One entry of the legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    sign: Sign,
    name: String,
    badge: Option<String>,
    /// The identifier of the trial whose layer it names.
    trial: Option<usize>,
    /// Whether that is the selected one.
    is_selected: bool,
}

/// What stands before a name.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    Glyph(char, chart::Style),
    Heat(ColourScale),
    Nothing,
}

/// Free cells between entries.
const BETWEEN: usize = 2;

impl Item {
    fn width(&self) -> usize {
        let sign = match self.sign {
            Sign::Glyph(..) => 2,
            Sign::Heat(_) => HEAT_CELLS + 1,
            Sign::Nothing => 0,
        };
        sign + self.text().width()
    }

    fn text(&self) -> String {
        match &self.badge {
            Some(badge) if self.name.is_empty() => badge.clone(),
            Some(badge) => format!("{} {badge}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Cells of a heat map's scale.
const HEAT_CELLS: usize = 5;

/// The entries of a figure's legend.
pub(super) fn items(figure: &Figure, reads: Option<f64>) -> Vec<Item> {
    let is_logarithmic = figure.x.scale == Scale::Logarithmic;
    // Where the figure is read, a value stands in the badge's place.
    let value = |layer: &Layer| at(layer, reads?, is_logarithmic).map(|(_, y)| typeset(y));
    let badge = |layer: &Layer| value(layer).or_else(|| layer.badge.clone());
    let named = figure.legend().map(|layer| Item {
        sign: sign(layer),
        name: layer.name.clone(),
        badge: badge(layer),
        trial: if let Ink::Trial(id) = layer.style.ink { Some(id) } else { None },
        is_selected: layer.style.emphasis,
    });
    let heat = figure.grids().filter_map(|grid| {
        let scale = grid.colours()?;
        let name = format!("{} {} to {}", grid.label, typeset(scale.least), typeset(scale.most));
        Some(Item { sign: Sign::Heat(scale), name, badge: None, trial: None, is_selected: false })
    });
    named.chain(heat).collect()
}

fn sign(layer: &Layer) -> Sign {
    let glyph = match layer.shape {
        Shape::Line(_) if layer.style.dashed => '╌',
        Shape::Band(_) => '░',
        Shape::Bars(_) => fill_glyph(layer.style),
        Shape::Whiskers(_) => '│',
        Shape::Arrows(_) => '→',
        _ => layer.style.glyph(),
    };
    // What stands behind several curves is told by its paleness, not by the colour of one of them.
    let is_behind = layer.style.faint && matches!(layer.shape, Shape::Line(_));
    if is_behind { Sign::Glyph('─', chart::Style::neutral()) } else { Sign::Glyph(glyph, layer.style) }
}

/// Cells that entries in one row take.
pub(super) fn width(items: &[Item]) -> usize {
    items.iter().map(|item| item.width() + BETWEEN).sum::<usize>().saturating_sub(BETWEEN)
}

/// The shortest that names become before badges go, and then entries.
const SHORTEST: usize = 7;

/// The entries in at most so many rows. Where they do not fit, what neighbours begin with is said once; then names are
/// shortened; then badges go, that of the selected trial last; at the very last the number of entries left out is said.
pub(super) fn wrap(mut items: Vec<Item>, width: usize, rows: usize) -> Vec<Vec<Item>> {
    // Where not all values have room, that of the selected trial has.
    let every: fn(&Item) -> bool = |_| true;
    for keeps in [every, |item| item.is_selected, |_| false] {
        items.iter_mut().filter(|item| !keeps(item)).for_each(|item| item.badge = None);
        let fits =
            |wrapped: &Vec<Vec<Item>>| wrapped.len() <= rows && wrapped.iter().all(|row| self::width(row) <= width);
        if let Some(wrapped) = [greedy(&items, width), greedy(&grouped(&items), width)].into_iter().find(fits) {
            return wrapped;
        }
        let longest = items.iter().map(|item| item.name.width()).max().unwrap_or(0).min(width.saturating_sub(2));
        for limit in (SHORTEST.min(longest)..=longest).rev() {
            let wrapped = greedy(&shortened(&items, limit), width);
            if fits(&wrapped) {
                return wrapped;
            }
        }
    }
    let items = shortened(&items, SHORTEST);
    let counted = |kept: usize| {
        let name = format!("+{} more", items.len() - kept);
        let more = Item { sign: Sign::Nothing, name, badge: None, trial: None, is_selected: false };
        items[..kept].iter().cloned().chain([more]).collect::<Vec<_>>()
    };
    let fitting = (0..items.len()).rev().map(|kept| greedy(&counted(kept), width)).find(|found| found.len() <= rows);
    fitting.unwrap_or_default()
}

/// The entries with what neighbours begin with said once, before them.
fn grouped(items: &[Item]) -> Vec<Item> {
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    let mut grouped = Vec::with_capacity(items.len());
    for group in groups(&names) {
        if !group.head.is_empty() {
            let name = format!("{}:", group.head.trim_end());
            grouped.push(Item { sign: Sign::Nothing, name, badge: None, trial: None, is_selected: false });
        }
        let rest = |item: &Item| Item { name: item.name[group.head.len()..].to_owned(), ..item.clone() };
        grouped.extend(items[group.names.clone()].iter().map(rest));
    }
    grouped
}

fn shortened(items: &[Item], limit: usize) -> Vec<Item> {
    let names = distinct(items.iter().map(|item| item.name.as_str()), limit);
    items.iter().zip(names).map(|(item, name)| Item { name, ..item.clone() }).collect()
}

fn greedy(items: &[Item], room: usize) -> Vec<Vec<Item>> {
    let mut rows: Vec<Vec<Item>> = Vec::new();
    for item in items {
        match rows.last_mut() {
            Some(row) if width(row) + BETWEEN + item.width() <= room => row.push(item.clone()),
            _ => rows.push(vec![item.clone()]),
        }
    }
    rows
}

/// Where each entry of a row stands.
fn places(row: Rect, items: &[Item]) -> impl Iterator<Item = (Rect, &Item)> {
    let mut x = row.x;
    items.iter().map(move |item| {
        let place = Rect { x, width: cells(item.width()).min(row.right().saturating_sub(x)), ..row };
        x = x.saturating_add(cells(item.width() + BETWEEN));
        (place, item)
    })
}

/// The identifier of the trial whose entry lies at a cell.
pub(super) fn trial_at(rows: &[(Rect, Vec<Item>)], at: Position) -> Option<usize> {
    let mut all = rows.iter().flat_map(|(row, items)| places(*row, items));
    all.find(|(place, _)| place.contains(at))?.1.trial
}

/// Draws rows of entries.
pub(super) fn draw(rows: &[(Rect, Vec<Item>)], theme: &Theme, buffer: &mut Buffer) {
    for (row, items) in rows {
        for (place, item) in places(*row, items) {
            let mut x = place.x;
            let mut text_style = Style::new();
            match item.sign {
                Sign::Glyph(glyph, style) => {
                    text_style = Style::new().add_modifier(theme.layer(style).add_modifier);
                    buffer.set_string(x, place.y, theme.charset.sign(glyph).to_string(), theme.layer(style));
                    x += 2;
                }
                Sign::Heat(scale) => {
                    for cell in 0..HEAT_CELLS {
                        let share = cell as f64 / (HEAT_CELLS - 1) as f64;
                        if let Some(level) = scale.level(scale.value_at(share)) {
                            let (glyph, style) = theme.heat(level);
                            buffer.set_string(x, place.y, theme.charset.sign(glyph).to_string(), style);
                        }
                        x += 1;
                    }
                    x += 1;
                }
                Sign::Nothing => text_style = theme.quiet(),
            }
            let text = item.text();
            buffer.set_stringn(x, place.y, &text, usize::from(place.right().saturating_sub(x)), text_style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Axis, Style as LayerStyle};

    fn many(count: usize) -> Vec<Item> {
        let mut figure = Figure::new("f", "F", Axis::linear("x"), Axis::linear("y"));
        for series in 0..count {
            // None of them begins as another does.
            let name = format!("{series}: a rather long name");
            figure.layers.push(Layer::line(name, LayerStyle::series(series), vec![(0.0, 0.0)]));
        }
        items(&figure, None)
    }

    #[test]
    fn names_shrink_before_any_is_left_out() {
        let rows = wrap(many(4), 60, 1);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].len(), 4);
        assert!(rows[0].iter().all(|item| item.name.contains('…')) && width(&rows[0]) <= 60);
        assert!(wrap(many(2), 80, 1)[0].iter().all(|item| !item.name.ends_with('…')));
    }

    #[test]
    fn what_neighbours_begin_with_is_said_once_where_room_is_short() {
        let mut figure = Figure::new("f", "F", Axis::linear("x"), Axis::linear("y"));
        for (series, steps) in [1, 2, 5, 10, 20].into_iter().enumerate() {
            let name = format!("conjugate gradient {steps}");
            figure.layers.push(Layer::line(name, LayerStyle::series(series), vec![(0.0, 0.0)]));
        }
        let names = |width: usize| -> Vec<String> {
            wrap(items(&figure, None), width, 1).into_iter().flatten().map(|item| item.name).collect()
        };
        assert_eq!(names(60), ["conjugate gradient:", "1", "2", "5", "10", "20"]);
        assert_eq!(names(200)[4], "conjugate gradient 20");
        assert!(names(30).iter().all(|name| name.contains('…') || name.starts_with('+')), "{:?}", names(30));
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let rows = wrap(many(20), 40, 2);
        assert_eq!(rows.len(), 2);
        let shown: usize = rows.iter().map(Vec::len).sum::<usize>() - 1;
        assert_eq!(rows[1].last().unwrap().name, format!("+{} more", 20 - shown));
    }
}
