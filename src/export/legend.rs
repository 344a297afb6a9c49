//! The legend under the title, in columns.

use super::font::{self, wrap};
use super::mark::draw_mark;
use super::page::{Anchor, Frame, LINE, Page, Scale};
use crate::chart::figure::{Ends, Mark, Pattern};
use crate::chart::{Figure, Layer, Shape, Style};

/// Letters that a sample of the line is wide, and the room behind it.
const SAMPLE: f64 = 2.2;
const AFTER_SAMPLE: f64 = 0.5;
/// Free letters between columns.
const BETWEEN: f64 = 1.4;

/// Entries in columns, at one size of letters.
struct Columns {
    em: f64,
    widths: Vec<f64>,
    /// The lines of each entry.
    entries: Vec<Vec<String>>,
}

impl Columns {
    /// Heights of the rows, in lines.
    fn rows(&self) -> Vec<usize> {
        self.entries.chunks(self.widths.len()).map(|row| row.iter().map(Vec::len).max().unwrap_or(1)).collect()
    }

    fn height(&self) -> f64 {
        let lines = self.rows().into_iter().sum::<usize>() as f64;
        lines * LINE * self.em
    }
}

/// Draws the legend at the top of the free room and returns the height it takes.
pub(super) fn draw(figure: &Figure, page: &mut Page, free: Frame) -> f64 {
    let entries = entries(figure);
    if entries.is_empty() {
        return 0.0;
    }
    let names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    let columns = arrange(&names, page.scale, free);
    let em = columns.em;
    let whole: f64 = columns.widths.iter().sum::<f64>() - BETWEEN * em;
    let left = free.left + ((free.width() - whole) / 2.0).max(0.0);
    let mut top = free.top;
    for (row, lines) in columns.rows().into_iter().enumerate() {
        let mut x = left;
        for (column, width) in columns.widths.iter().enumerate() {
            let Some(index) = Some(row * columns.widths.len() + column).filter(|index| *index < entries.len()) else {
                break;
            };
            sample(&entries[index].marks, (x, top + 0.62 * em), em, page);
            for (line, text) in columns.entries[index].iter().enumerate() {
                let baseline = top + 0.97 * em + line as f64 * LINE * em;
                page.text(text, (x + (SAMPLE + AFTER_SAMPLE) * em, baseline), Anchor::Start, em, page.colours.text);
            }
            x += width;
        }
        let height = lines as f64 * LINE * em;
        top += height;
    }
    columns.height() + 0.4 * em
}

fn name(layer: &Layer) -> String {
    match &layer.badge {
        Some(badge) if layer.name.is_empty() => badge.clone(),
        Some(badge) => format!("{} ({badge})", layer.name),
        None => layer.name.clone(),
    }
}

/// As many columns as fit; letters shrink where the legend would take over the page.
fn arrange(names: &[String], scale: Scale, free: Frame) -> Columns {
    const SHARE: f64 = 0.32;
    let em = scale.tick;
    let mut arranged = columns(names, em, free.width());
    for shrink in [0.92, 0.85, 0.78, 0.7] {
        if arranged.height() <= SHARE * free.height() {
            break;
        }
        arranged = columns(names, (em * shrink).max(scale.least), free.width());
    }
    arranged
}

fn columns(names: &[String], em: f64, room: f64) -> Columns {
    let sign = SAMPLE + AFTER_SAMPLE + BETWEEN;
    let entries: Vec<Vec<String>> = names.iter().map(|name| wrap(name, room / em - sign)).collect();
    let width = |entry: &Vec<String>| entry.iter().map(|line| font::width(line)).fold(0.0, f64::max);
    let widths: Vec<f64> = entries.iter().map(|entry| (width(entry) + sign) * em).collect();
    let widest = |count: usize| -> Vec<f64> {
        (0..count).map(|column| widths.iter().skip(column).step_by(count).copied().fold(0.0, f64::max)).collect()
    };
    // The gap behind the last column may be outside.
    let fits = |widths: &Vec<f64>| widths.iter().sum::<f64>() - BETWEEN * em <= room;
    // Full rows look better than one more column with a lonely last row.
    let rows = (1..=names.len()).rev().map(widest).find(fits).map_or(1, |widths| names.len().div_ceil(widths.len()));
    let count = names.len().div_ceil(rows).max(1);
    let widths = Some(widest(count)).filter(fits).unwrap_or_else(|| widest(1));
    Columns { em, widths, entries }
}

/// A name with a sample of what it names, in the unit square.
struct Entry {
    name: String,
    marks: Vec<Mark>,
}

/// The layers by name; then what the patterns mean, in the page's ink, since they are those of every colour.
fn entries(figure: &Figure) -> Vec<Entry> {
    let named = figure.legend().map(|layer| Entry { name: name(layer), marks: layer_sample(layer) });
    let key = figure.key().into_iter();
    let patterns = key.map(|(pattern, words)| Entry { name: words.to_owned(), marks: pattern_sample(pattern) });
    named.chain(patterns).collect()
}

fn sample(marks: &[Mark], (x, y): (f64, f64), em: f64, page: &mut Page) {
    let frame = Frame { left: x, right: x + SAMPLE * em, top: y - 0.42 * em, bottom: y + 0.42 * em };
    marks.iter().for_each(|mark| draw_mark(mark, &frame, page));
}

fn line(style: Style) -> Mark {
    Mark::Line { style, points: vec![(0.0, 0.5), (1.0, 0.5)] }
}

fn area(style: Style) -> Mark {
    Mark::Area { style, columns: vec![(0.0, 0.0, 1.0), (1.0, 0.0, 1.0)] }
}

fn pattern_sample(pattern: Pattern) -> Vec<Mark> {
    let ink = Style::foreground();
    match pattern {
        Pattern::Line => vec![line(ink)],
        Pattern::Thick => vec![line(ink.thick())],
        Pattern::Thin => vec![line(ink.thin())],
        Pattern::Dashed => vec![line(ink.dashed())],
        Pattern::Markers => [0.15, 0.5, 0.85].map(|x| Mark::Marker { style: Style::neutral(), at: (x, 0.5) }).to_vec(),
        Pattern::Shaded => vec![area(ink)],
    }
}

/// A piece of the layer, as it looks in the plot.
fn layer_sample(layer: &Layer) -> Vec<Mark> {
    let style = layer.style;
    let marker = Mark::Marker { style, at: (0.5, 0.5) };
    match &layer.shape {
        Shape::Line(_) if style.faint => vec![line(Style::neutral().faint())],
        Shape::Line(_) if style.dashed => vec![line(style)],
        Shape::Line(_) => vec![line(style), marker],
        Shape::Points(_) => vec![marker],
        Shape::Band(_) => vec![area(style)],
        Shape::Bars(_) => vec![Mark::Bar { style, left: 0.2, right: 0.8, bottom: 0.0, top: 1.0 }],
        Shape::Whiskers(_) => {
            vec![Mark::Whisker { style, x: 0.5, low: 0.0, high: 1.0, ends: Ends { low: true, high: true } }]
        }
        Shape::Arrows(_) => vec![Mark::Arrow { style, from: (0.0, 0.5), to: (1.0, 0.5) }],
        _ => Vec::new(),
    }
}
