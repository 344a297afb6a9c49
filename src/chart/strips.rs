//! Many curves as a heat strip: a row a trial, colour for height. Where twenty lines are one tangle, twenty rows can be
//! compared.

use super::figure::{Grid, Plane};
use super::{Axis, Figure, Ink, Layer, Scale, Shape};
use crate::math::statistics::mean;

/// Columns of a strip.
const COLUMNS: usize = 120;

/// The same curves as rows of colour, the first trial on top: of every trial the line that bears its name. `None` where there
/// are not two such lines.
#[must_use]
pub fn strips(figure: &Figure) -> Option<Figure> {
    let is_named = |layer: &&Layer| {
        matches!((layer.style.ink, &layer.shape), (Ink::Trial(_), Shape::Line(_))) && !layer.name.is_empty()
    };
    let curves: Vec<&Layer> = figure.layers.iter().filter(is_named).collect();
    if curves.len() < 2 || !figure.x.categories.is_empty() {
        return None;
    }
    let span = Plane::of(figure).x;
    let edges: Vec<f64> = (0..=COLUMNS).map(|edge| span.value_at(edge as f64 / COLUMNS as f64)).collect();
    let is_logarithmic = figure.y.scale == Scale::Logarithmic;
    let measure = |y: f64| if is_logarithmic { y.log10() } else { y };
    let row = |layer: &&Layer| {
        let mut cells: Vec<Vec<f64>> = vec![Vec::new(); COLUMNS];
        let shown = layer.samples().into_iter().filter(|(x, y)| figure.x.shows(*x) && figure.y.shows(*y));
        for (x, y) in shown {
            let at = span.position(x).filter(|at| (0.0..=1.0).contains(at)).map(|at| (at * COLUMNS as f64) as usize);
            if let Some(cell) = at.and_then(|at| cells.get_mut(at.min(COLUMNS - 1))) {
                cell.push(measure(y));
            }
        }
        held(&cells)
    };
    let names: Vec<String> = curves.iter().rev().map(|layer| layer.name.clone()).collect();
    let rows: Vec<Vec<f64>> = curves.iter().rev().map(row).collect();
    let label = if is_logarithmic { format!("log₁₀ {}", figure.y.label) } else { figure.y.label.clone() };
    let y_edges = (0..=rows.len()).map(|edge| edge as f64 - 0.5).collect();
    let mut drawn = Figure { y: Axis::categories("", names), layers: Vec::new(), settled: None, ..figure.clone() };
    drawn.x.range = Some((span.low, span.high));
    drawn.layers.push(Layer::heatmap(Grid { x_edges: edges, y_edges, rows, label, scale: Scale::Linear }));
    Some(drawn)
}

/// Means of the cells; a cell between two points is as the one before it.
fn held(cells: &[Vec<f64>]) -> Vec<f64> {
    let last = cells.iter().rposition(|cell| !cell.is_empty());
    let mut value = f64::NAN;
    let held = cells.iter().enumerate().map(|(at, cell)| {
        if !cell.is_empty() {
            value = mean(cell);
        }
        if last.is_some_and(|last| at <= last) { value } else { f64::NAN }
    });
    held.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Style;

    #[test]
    fn a_row_a_trial_with_the_heights_of_its_curve() {
        let mut figure = Figure::new("f", "F", Axis::steps("step").within(0.0, 120.0), Axis::logarithmic("error"));
        for (id, scale) in [1.0, 1e-3].into_iter().enumerate() {
            let points = (0..120).map(|k| (f64::from(k) + 0.5, scale * 10f64.powi(-(k / 60)))).collect();
            figure.layers.push(Layer::line(format!("trial {id}"), Style::trial(id), points));
            figure.layers.push(Layer::line("", Style::trial(id).dashed(), vec![(0.0, 1.0)]));
        }
        let drawn = strips(&figure).unwrap();
        let grid = drawn.grids().next().unwrap();
        assert_eq!(drawn.y.categories, ["trial 1", "trial 0"]);
        assert_eq!((grid.rows[1][0], grid.rows[1][119]), (0.0, -1.0));
        assert!((grid.rows[0][0] + 3.0).abs() < 1e-12 && (grid.rows[0][119] + 4.0).abs() < 1e-12);
    }

    #[test]
    fn what_lies_between_two_points_is_held_and_what_comes_after_the_last_is_not() {
        let cells = [vec![1.0, 3.0], vec![], vec![5.0], vec![]];
        let held = held(&cells);
        assert_eq!(held[..3], [2.0, 2.0, 5.0]);
        assert!(held[3].is_nan());
    }

    #[test]
    fn a_single_curve_stays_a_line() {
        let mut figure = Figure::new("f", "F", Axis::steps("step"), Axis::linear("y"));
        figure.layers.push(Layer::line("a", Style::trial(0), vec![(0.0, 1.0)]));
        assert!(strips(&figure).is_none());
    }
}
