//! A figure's data as a table in long form.

use crate::chart::figure::Grid;
use crate::chart::{Axis, Figure, Layer, Shape};
use crate::probe::{Cell, Table};

/// The figure's data, one row a point, in the order of its layers.
///
/// Columns are `trial` (whose it is), `quantity` (what is drawn of it), `shape`, `x` and `y` (names where the axis has
/// names), then `low` and `high` of bands and whiskers and `value` of heat maps, empty elsewhere; a text stands in
/// `value`. The header says behind `x` and `y` what they measure, as in `x: inner step`. Heat maps give the centres of their cells; an arrow is a row for its tail and one for
/// its head; a guide is a point it passes through, its slope in `value`. Numbers are in full:
/// reading them gives the same bits.
#[must_use]
pub fn csv(figure: &Figure) -> String {
    let axis = |name: &str, axis: &Axis| match axis.label.as_str() {
        "" => name.to_owned(),
        label => format!("{name}: {label}"),
    };
    let (x, y) = (axis("x", &figure.x), axis("y", &figure.y));
    let header = ["trial", "quantity", "shape", &x, &y, "low", "high", "value"].map(str::to_owned).to_vec();
    let rows = figure.layers.iter().flat_map(|layer| {
        let [whose, quantity] = titles(layer, &figure.y);
        layer_rows(layer, figure).into_iter().map(move |(shape, [x, y, low, high, value])| {
            // Bars of trials have a name each.
            let whose = if whose.is_empty() && shape == "bars" { x.clone() } else { whose.clone() };
            vec![whose, quantity.clone(), shape.to_owned(), x, y, low, high, value]
        })
    });
    written(std::iter::once(header).chain(rows))
}

/// Whose a layer is and what it shows. Where it does not say so itself, its name is whose it is and the vertical axis what
/// it shows; a name that is its quantity is nobody's.
fn titles(layer: &Layer, y: &Axis) -> [String; 2] {
    let is_nobodys = layer.shape.is_reference() || layer.name == layer.quantity;
    let whose = if layer.whose.is_empty() && !is_nobodys { &layer.name } else { &layer.whose };
    let name = if layer.name == *whose { "" } else { &layer.name };
    let quantity = [&layer.quantity, name, &y.label].into_iter().find(|words| !words.is_empty());
    [whose.clone(), quantity.unwrap_or_default().to_owned()]
}

/// A table with its header, every number in full.
#[must_use]
pub fn table_csv(table: &Table) -> String {
    let rows = table.rows.iter().map(|row| row.iter().map(Cell::to_full).collect());
    written(std::iter::once(table.columns.clone()).chain(rows))
}

fn written(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail; should it, what was written is still a table.
    for row in rows {
        if writer.write_record(row).is_err() {
            break;
        }
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

type Row = (&'static str, [String; 5]);

/// Shortest digits that read back as the same number.
fn full(value: f64) -> String {
    format!("{value:?}")
}

fn point(shape: &'static str, (x, y): (f64, f64)) -> Row {
    (shape, [full(x), full(y), String::new(), String::new(), String::new()])
}

/// A place on an axis: the name that stands there, or the number.
fn place(axis: &Axis, value: f64) -> String {
    let is_whole = value >= 0.0 && value.fract() == 0.0;
    let name = axis.categories.get(value as usize).filter(|name| is_whole && !name.is_empty());
    name.cloned().unwrap_or_else(|| full(value))
}

fn layer_rows(layer: &Layer, figure: &Figure) -> Vec<Row> {
    let none = String::new;
    match &layer.shape {
        Shape::Line(points) => points.iter().map(|at| point("line", *at)).collect(),
        Shape::Points(points) => {
            let row = |(x, y): &(f64, f64)| [place(&figure.x, *x), place(&figure.y, *y), none(), none(), none()];
            points.iter().map(|at| ("points", row(at))).collect()
        }
        Shape::Band(columns) => {
            columns.iter().map(|(x, low, high)| ("band", [full(*x), none(), full(*low), full(*high), none()])).collect()
        }
        Shape::Whiskers(ends) => ends
            .iter()
            .map(|(x, low, high)| ("whiskers", [full(*x), none(), full(*low), full(*high), none()]))
            .collect(),
        Shape::Bars(heights) => heights
            .iter()
            .enumerate()
            .map(|(index, height)| ("bars", [place(&figure.x, index as f64), full(*height), none(), none(), none()]))
            .collect(),
        Shape::Heatmap(grid) => cells(grid, figure),
        Shape::Arrows(arrows) => {
            arrows.iter().flat_map(|arrow| [point("tail", arrow.from), point("head", arrow.to)]).collect()
        }
        Shape::Texts(texts) => {
            texts.iter().map(|(x, y, text)| ("text", [full(*x), full(*y), none(), none(), text.clone()])).collect()
        }
        Shape::Guide { slope, through } => {
            vec![("guide", [full(through.0), full(through.1), none(), none(), full(*slope)])]
        }
        Shape::Horizontal(y) => vec![("horizontal", [none(), full(*y), none(), none(), none()])],
        Shape::Vertical(x) => vec![("vertical", [full(*x), none(), none(), none(), none()])],
    }
}

fn cells(grid: &Grid, figure: &Figure) -> Vec<Row> {
    let centre = |edges: &[f64], index: usize| match edges.get(index..index + 2) {
        Some([low, high]) => f64::midpoint(*low, *high),
        _ => f64::NAN,
    };
    let row = |(row, values): (usize, &Vec<f64>)| {
        let y = centre(&grid.y_edges, row);
        let cell = |(column, value): (usize, &f64)| {
            let x = centre(&grid.x_edges, column);
            let (x, y) = (place(&figure.x, x), place(&figure.y, y));
            ("heatmap", [x, y, String::new(), String::new(), full(*value)])
        };
        values.iter().enumerate().map(cell).collect::<Vec<Row>>()
    };
    grid.rows.iter().enumerate().flat_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Style;
    use crate::chart::figure::examples;

    #[test]
    fn numbers_come_back_bit_for_bit() {
        let values = [0.1 + 0.2, 1e-300, -0.0, f64::MAX, f64::MIN_POSITIVE, 5e-324, f64::NAN, f64::INFINITY, 1e22, 7.0];
        let points: Vec<(f64, f64)> = values.iter().map(|value| (*value, -value)).collect();
        let mut figure = Figure::new("f", "F", Axis::linear("x"), Axis::linear("y"));
        figure.layers.push(Layer::line("a, \"quoted\"\nname", Style::series(0), points.clone()));
        let band = Layer::band("", Style::series(0), vec![(1.0, 0.1, 0.3)]);
        figure.layers.push(band.whose("b").quantity("quartiles"));
        let text = csv(&figure);
        let rows: Vec<csv::StringRecord> =
            csv::Reader::from_reader(text.as_bytes()).records().collect::<Result<_, _>>().unwrap();
        assert_eq!(rows.len(), values.len() + 1);
        for (row, (x, y)) in rows.iter().zip(points) {
            assert_eq!((&row[0], &row[1]), ("a, \"quoted\"\nname", "y"));
            let same = |text: &str, value: f64| {
                let read: f64 = text.parse().unwrap();
                read.to_bits() == value.to_bits() || (read.is_nan() && value.is_nan())
            };
            assert!(same(&row[3], x) && same(&row[4], y), "{row:?}");
        }
        assert_eq!(
            rows[values.len()].iter().collect::<Vec<_>>(),
            ["b", "quartiles", "band", "1.0", "", "0.1", "0.3", ""]
        );
        assert!(text.starts_with("trial,quantity,shape,x: x,y: y,low,high,value\n"), "{text}");
    }

    #[test]
    fn every_layer_of_every_figure_is_in_its_table() {
        for figure in examples::all() {
            let text = csv(&figure);
            let rows: Vec<csv::StringRecord> =
                csv::Reader::from_reader(text.as_bytes()).records().collect::<Result<_, _>>().unwrap();
            for layer in figure.layers.iter().filter(|layer| !layer.name.is_empty()) {
                assert!(rows.iter().any(|row| row[0] == layer.name || row[1] == layer.name), "{}", layer.name);
            }
        }
        let bars = csv(&examples::bias_and_variance());
        assert!(bars.contains("\"Neumann, 20 terms\",variance,bars,\"Neumann, 20 terms\",3e-5,,,"), "{bars}");
    }
}
