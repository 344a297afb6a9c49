//! A figure as simple marks in the unit square, clipped and thinned: all that is left to a screen
//! or a page is to draw them.

use super::{Figure, Ink, Layer, Plane, Shape, Style, Weight, clip, decimate};
use crate::chart::palette::Level;

/// Something to draw. Positions run from 0 to 1, right and up.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "edges and ends are what their names say")]
pub enum Mark {
    /// A cell of a heat map.
    Cell { left: f64, right: f64, bottom: f64, top: f64, level: Level },
    /// A bar.
    Bar { style: Style, left: f64, right: f64, bottom: f64, top: f64 },
    /// Shading: (x, low, high) at increasing x.
    Area { style: Style, columns: Vec<(f64, f64, f64)> },
    /// A guide or reference line and its label.
    Reference { style: Style, from: (f64, f64), to: (f64, f64), label: String },
    /// A polyline.
    Line { style: Style, points: Vec<(f64, f64)> },
    /// An upright line, with a bar at each end that is not cut off by the frame.
    Whisker { style: Style, x: f64, low: f64, high: f64, ends: Ends },
    /// An arrow.
    Arrow { style: Style, from: (f64, f64), to: (f64, f64) },
    /// A marker.
    Marker { style: Style, at: (f64, f64) },
    /// A line goes on beyond the lower or the upper edge here.
    Beyond { style: Style, at: (f64, f64), up: bool },
    /// A short text, centred.
    Text { style: Style, at: (f64, f64), text: String },
}

/// Which ends of a whisker are in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "ends are what their names say")]
pub struct Ends {
    pub low: bool,
    pub high: bool,
}

impl Mark {
    /// Shading lies below lines, lines below markers, what is faint below both, and the selected trial on top of its kind.
    fn rank(&self) -> (u8, bool, bool) {
        let (rank, style) = match self {
            Self::Cell { .. } => return (0, false, false),
            Self::Bar { style, .. } => (1, style),
            Self::Area { style, .. } => (2, style),
            Self::Line { style, .. } | Self::Marker { style, .. } if style.faint => (3, style),
            Self::Reference { style, .. } => (4, style),
            Self::Line { style, .. } | Self::Arrow { style, .. } | Self::Whisker { style, .. } => (5, style),
            Self::Marker { style, .. } => (6, style),
            Self::Beyond { style, .. } => (7, style),
            Self::Text { style, .. } => (8, style),
        };
        (rank, style.emphasis, !style.dimmed)
    }
}

/// The marks of a figure, bottom first, for a plot of so many dots across.
#[must_use]
pub fn marks(figure: &Figure, plane: &Plane, dots: usize) -> Vec<Mark> {
    let mut marks: Vec<Mark> = figure
        .layers
        .iter()
        .enumerate()
        .flat_map(|(index, layer)| match &layer.shape {
            Shape::Line(points) => line(layer.style, points, plane, dots, figure.y.range.is_none()),
            Shape::Points(points) => scattered(layer.style, points, plane),
            Shape::Band(columns) => band(layer.style, columns, plane),
            Shape::Bars(_) => bars(figure, index, layer.style, plane),
            Shape::Whiskers(ends) => ends.iter().filter_map(|ends| whisker(layer.style, *ends, plane)).collect(),
            Shape::Heatmap(_) => cells(layer, plane),
            Shape::Arrows(arrows) => arrows
                .iter()
                .filter_map(|arrow| {
                    let (from, to) = clip(plane.position(arrow.from)?, plane.position(arrow.to)?)?;
                    Some(Mark::Arrow { style: layer.style, from, to })
                })
                .collect(),
            Shape::Texts(texts) => written(layer.style, texts, plane),
            Shape::Guide { .. } | Shape::Horizontal(_) | Shape::Vertical(_) => {
                reference(layer, plane).into_iter().collect()
            }
        })
        .collect();
    marks.sort_by_key(Mark::rank);
    marks
}

fn visible((x, y): (f64, f64)) -> bool {
    (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)
}

/// Unbroken pieces of a line, and markers on it.
fn line(style: Style, points: &[(f64, f64)], plane: &Plane, dots: usize, is_fitted: bool) -> Vec<Mark> {
    let positions: Vec<Option<(f64, f64)>> = points.iter().map(|point| plane.position(*point)).collect();
    let mut marks = Vec::new();
    for run in positions.split(Option::is_none) {
        let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
        let pieces = clipped(&decimate(&run, dots));
        marks.extend(pieces.into_iter().map(|points| Mark::Line { style, points }));
    }
    if is_fitted && !style.faint && !style.dashed {
        marks.extend(beyond(style, &positions));
    }
    if !style.dashed && !style.faint && style.weight != Weight::Thin {
        let seen: Vec<(f64, f64)> = positions.into_iter().flatten().filter(|point| visible(*point)).collect();
        marks.extend(marked(&seen, style).into_iter().map(|at| Mark::Marker { style, at }));
    }
    marks
}

/// A mark at the edge wherever the line leaves the plot, at the middle of the stretch that is outside.
fn beyond(style: Style, positions: &[Option<(f64, f64)>]) -> Vec<Mark> {
    let side = |position: &Option<(f64, f64)>| match position {
        Some((x, y)) if (0.0..=1.0).contains(x) && *y > 1.0 => 1,
        Some((x, y)) if (0.0..=1.0).contains(x) && *y < 0.0 => -1,
        _ => 0,
    };
    let stretches = positions.chunk_by(|a, b| side(a) == side(b));
    let outside = stretches.filter(|stretch| side(&stretch[0]) != 0);
    let middle = |stretch: &[Option<(f64, f64)>]| {
        let (x, _) = stretch[stretch.len() / 2]?;
        let up = side(&stretch[0]) > 0;
        Some(Mark::Beyond { style, at: (x, f64::from(u8::from(up))), up })
    };
    outside.filter_map(middle).take(MARKED_AT_MOST).collect()
}

/// The pieces of a polyline inside the frame.
fn clipped(points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut pieces: Vec<Vec<(f64, f64)>> = Vec::new();
    for pair in points.windows(2) {
        let Some((from, to)) = clip(pair[0], pair[1]) else { continue };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&from) => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
    }
    pieces
}

/// Lines with more points than this have markers at some of them only.
const MARKED_IN_FULL: usize = 25;

/// Markers of a long line.
const MARKED_AT_MOST: usize = 9;

/// Where a line has its markers: at each of few points; at some of many, shifted from series to
/// series so that those of coinciding lines are all seen; always at the last.
fn marked(points: &[(f64, f64)], style: Style) -> Vec<(f64, f64)> {
    let Some(last) = points.last() else { return Vec::new() };
    if points.len() <= MARKED_IN_FULL {
        return points.to_vec();
    }
    let shift = match style.ink {
        Ink::Trial(series) | Ink::Series(series) => series % 4,
        Ink::Neutral | Ink::Foreground => 0,
    };
    // By distance along the line, since a run that converges crowds most of its points at its end.
    let lengths: Vec<f64> = std::iter::once(0.0)
        .chain(points.windows(2).scan(0.0, |sum, pair| {
            *sum += (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
            Some(*sum)
        }))
        .collect();
    let whole = lengths.last().copied().unwrap_or(0.0);
    let stops = (0..MARKED_AT_MOST).map(|k| (k as f64 + shift as f64 / 4.0) / MARKED_AT_MOST as f64 * whole);
    let mut chosen: Vec<(f64, f64)> =
        stops.filter_map(|stop| points.get(lengths.partition_point(|length| *length < stop)).copied()).collect();
    chosen.push(*last);
    chosen.dedup();
    chosen
}

fn scattered(style: Style, points: &[(f64, f64)], plane: &Plane) -> Vec<Mark> {
    let positions = points.iter().filter_map(|point| plane.position(*point)).filter(|point| visible(*point));
    positions.map(|at| Mark::Marker { style, at }).collect()
}

fn written(style: Style, texts: &[(f64, f64, String)], plane: &Plane) -> Vec<Mark> {
    let placed = texts.iter().filter_map(|(x, y, text)| Some((plane.position((*x, *y))?, text)));
    let seen = placed.filter(|(at, _)| visible(*at));
    seen.map(|(at, text)| Mark::Text { style, at, text: text.clone() }).collect()
}

/// Unbroken pieces of a band, cut at the frame.
fn band(style: Style, columns: &[(f64, f64, f64)], plane: &Plane) -> Vec<Mark> {
    // A lower edge at or below zero reaches the bottom of a logarithmic axis.
    let low = |value: f64| plane.y.position(value).or((value <= 0.0).then_some(0.0));
    let place = |(x, a, b): &(f64, f64, f64)| Some((plane.x.position(*x)?, low(*a)?, plane.y.position(*b)?));
    let positions: Vec<Option<(f64, f64, f64)>> = columns.iter().map(place).collect();
    positions
        .split(Option::is_none)
        .filter_map(|run| {
            let run: Vec<(f64, f64, f64)> = run.iter().flatten().copied().collect();
            let columns = trimmed(&run);
            (columns.len() > 1).then_some(Mark::Area { style, columns })
        })
        .collect()
}

/// The part of a band between left and right edge, its heights held inside the frame.
fn trimmed(columns: &[(f64, f64, f64)]) -> Vec<(f64, f64, f64)> {
    let mut inside: Vec<(f64, f64, f64)> = Vec::new();
    for pair in columns.windows(2) {
        let ((x0, low0, high0), (x1, low1, high1)) = (pair[0], pair[1]);
        if x1 < 0.0 || x0 > 1.0 || x1 <= x0 {
            continue;
        }
        for x in [x0.max(0.0), x1.min(1.0)] {
            let share = (x - x0) / (x1 - x0);
            let height = |from: f64, to: f64| (from + share * (to - from)).clamp(0.0, 1.0);
            let column = (x, height(low0, low1), height(high0, high1));
            if inside.last() != Some(&column) {
                inside.push(column);
            }
        }
    }
    inside
}

/// Share of a category's room that its bar takes.
const BAR_WIDTH: f64 = 0.64;

fn bars(figure: &Figure, index: usize, style: Style, plane: &Plane) -> Vec<Mark> {
    // On a logarithmic axis bars stand on the bottom.
    let height = |value: f64| plane.y.position(value).or((value <= 0.0).then_some(0.0)).map(|y| y.clamp(0.0, 1.0));
    let bar = |(category, (base, top)): (usize, (f64, f64))| {
        let edge = |side: f64| plane.x.position(category as f64 + side * BAR_WIDTH / 2.0).map(|x| x.clamp(0.0, 1.0));
        let (base, top) = (height(base)?, height(top)?);
        Some(Mark::Bar { style, left: edge(-1.0)?, right: edge(1.0)?, bottom: base.min(top), top: base.max(top) })
    };
    figure.stack(index).into_iter().enumerate().filter_map(bar).collect()
}

/// A whisker as far as it is inside the frame.
fn whisker(style: Style, (x, low, high): (f64, f64, f64), plane: &Plane) -> Option<Mark> {
    // A lower end at or below zero lies below the bottom of a logarithmic axis.
    let below = |value: f64| (value <= 0.0).then_some(-1.0);
    let x = plane.x.position(x).filter(|x| (0.0..=1.0).contains(x))?;
    let (low, high) = (plane.y.position(low).or(below(low))?, plane.y.position(high)?);
    let ends = Ends { low: low >= 0.0, high: high <= 1.0 };
    let (low, high) = (low.max(0.0), high.min(1.0));
    (low <= high).then_some(Mark::Whisker { style, x, low, high, ends })
}

fn cells(layer: &Layer, plane: &Plane) -> Vec<Mark> {
    let Shape::Heatmap(grid) = &layer.shape else { return Vec::new() };
    let Some(colours) = grid.colours() else { return Vec::new() };
    let place = |span: &super::Span, edges: &[f64], index: usize| {
        let (low, high) = (span.position(*edges.get(index)?)?, span.position(*edges.get(index + 1)?)?);
        (low < 1.0 && high > 0.0).then_some((low.max(0.0), high.min(1.0)))
    };
    let cell = |row: usize, column: usize, value: f64| {
        let (left, right) = place(&plane.x, &grid.x_edges, column)?;
        let (bottom, top) = place(&plane.y, &grid.y_edges, row)?;
        colours.level(value).map(|level| Mark::Cell { left, right, bottom, top, level })
    };
    let values = grid
        .rows
        .iter()
        .enumerate()
        .flat_map(|(row, values)| values.iter().enumerate().map(move |(column, value)| (row, column, *value)));
    values.filter_map(|(row, column, value)| cell(row, column, value)).collect()
}

/// The visible part of a guide or reference line.
fn reference(layer: &Layer, plane: &Plane) -> Option<Mark> {
    let (from, to) = match layer.shape {
        Shape::Horizontal(y) => plane.y.position(y).map(|y| ((0.0, y), (1.0, y)))?,
        Shape::Vertical(x) => plane.x.position(x).map(|x| ((x, 0.0), (x, 1.0)))?,
        Shape::Guide { slope, through } => {
            let (x, y) = plane.position(through)?;
            let rise = slope * plane.x.extent() / plane.y.extent();
            ((0.0, y - x * rise), (1.0, y + (1.0 - x) * rise))
        }
        _ => return None,
    };
    let (from, to) = clip(from, to)?;
    Some(Mark::Reference { style: layer.style, from, to, label: layer.name.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::figure::Grid;
    use crate::chart::{Axis, Scale};

    fn drawn(layer: Layer, x: Axis, y: Axis) -> Vec<Mark> {
        let mut figure = Figure::new("f", "F", x, y);
        figure.layers.push(layer);
        marks(&figure, &Plane::of(&figure), 100)
    }

    fn unit() -> (Axis, Axis) {
        (Axis::linear("x").within(0.0, 1.0), Axis::linear("y").within(0.0, 1.0))
    }

    #[test]
    fn a_gap_breaks_a_line_and_the_frame_cuts_it() {
        let (x, y) = unit();
        let points = vec![(0.0, 0.5), (0.2, 0.5), (0.3, f64::NAN), (0.4, 0.5), (0.6, 0.5), (0.6, 1.5)];
        let marks = drawn(Layer::line("a", Style::series(0), points), x, y);
        let line = |mark: &Mark| if let Mark::Line { points, .. } = mark { Some(points.clone()) } else { None };
        let lines: Vec<_> = marks.iter().filter_map(line).collect();
        assert_eq!(lines, [vec![(0.0, 0.5), (0.2, 0.5)], vec![(0.4, 0.5), (0.6, 0.5), (0.6, 1.0)]]);
        let markers = marks.iter().filter(|mark| matches!(mark, Mark::Marker { .. })).count();
        assert_eq!(markers, 4);
    }

    #[test]
    fn predictions_have_no_markers_and_long_lines_few() {
        let long: Vec<(f64, f64)> = (0..=5000).map(|k| f64::from(k) / 5000.0).map(|x| (x, x * x)).collect();
        let count = |style: Style| {
            let (x, y) = unit();
            let marks = drawn(Layer::line("a", style, long.clone()), x, y);
            let markers = marks.iter().filter(|mark| matches!(mark, Mark::Marker { .. })).count();
            let ends = marks.iter().any(|mark| matches!(mark, Mark::Marker { at: (1.0, 1.0), .. }));
            (markers, ends)
        };
        assert_eq!(count(Style::series(0).dashed()), (0, false));
        let (markers, ends) = count(Style::series(0));
        assert!(ends && (5..=MARKED_AT_MOST + 1).contains(&markers), "{markers}");
    }

    #[test]
    fn a_guide_on_log_log_axes_has_its_slope() {
        let axis = |label: &str, low: f64| Axis::logarithmic(label).within(low, 1.0);
        let marks = drawn(Layer::guide("slope 2", 2.0, (1.0, 1.0)), axis("x", 1e-4), axis("y", 1e-4));
        let [Mark::Reference { from, to, .. }] = marks.as_slice() else { panic!("{marks:?}") };
        // y = x² leaves the bottom at x = 1e-2, half the axis.
        assert!((from.0 - 0.5).abs() < 1e-12 && from.1.abs() < 1e-12 && *to == (1.0, 1.0));
    }

    #[test]
    fn the_selected_trial_is_drawn_last_of_its_kind() {
        let mut figure = Figure::new("f", "F", Axis::linear("x"), Axis::linear("y"));
        let points = || vec![(0.0, 0.0), (1.0, 1.0)];
        figure.layers.push(Layer::line("a", Style::series(0).emphasized(true), points()));
        figure.layers.push(Layer::line("b", Style::series(1), points()));
        let marks = marks(&figure, &Plane::of(&figure), 100);
        assert!(matches!(marks.last(), Some(Mark::Marker { style, .. }) if style.emphasis));
    }

    #[test]
    fn a_band_is_cut_at_the_frame_and_broken_at_gaps() {
        let (x, y) = unit();
        let columns = vec![(-1.0, 0.0, 1.0), (1.0, 0.0, 3.0), (1.5, 0.0, 3.0), (2.0, f64::NAN, 1.0), (3.0, 0.0, 1.0)];
        let marks = drawn(Layer::band("sd", Style::series(0), columns), x, y);
        assert_eq!(marks, [Mark::Area { style: Style::series(0), columns: vec![(0.0, 0.0, 1.0), (1.0, 0.0, 1.0)] }]);
    }

    #[test]
    fn a_whisker_ends_at_the_frame_without_a_bar() {
        let ends = |low: f64, high: f64, y: Axis| {
            let marks = drawn(
                Layer::whiskers("", Style::foreground(), vec![(0.5, low, high)]),
                Axis::linear("x").within(0.0, 1.0),
                y,
            );
            match marks.as_slice() {
                [Mark::Whisker { low, high, ends, .. }] => Some((*low, *high, ends.low, ends.high)),
                _ => None,
            }
        };
        let linear = || Axis::linear("y").within(0.0, 1.0);
        assert_eq!(ends(0.25, 0.5, linear()), Some((0.25, 0.5, true, true)));
        assert_eq!(ends(-1.0, 2.0, linear()), Some((0.0, 1.0, false, false)));
        assert_eq!(ends(2.0, 3.0, linear()), None);
        assert_eq!(ends(f64::NAN, 0.5, linear()), None);
        let logarithmic = Axis::logarithmic("y").within(1.0, 100.0);
        assert_eq!(ends(-1.0, 10.0, logarithmic), Some((0.0, 0.5, false, true)));
    }

    #[test]
    fn values_of_both_signs_are_centred_at_zero() {
        let scale = |values: Vec<f64>| {
            let edges = (0..=values.len()).map(|edge| edge as f64).collect();
            Grid {
                x_edges: edges,
                y_edges: vec![0.0, 1.0],
                rows: vec![values],
                label: String::new(),
                scale: Scale::Linear,
            }
            .colours()
            .unwrap()
        };
        let signed = scale(vec![-1.0, 4.0, f64::NAN]);
        assert_eq!([-1.0, 0.0, 4.0].map(|x| signed.level(x).unwrap()), [-0.25, 0.0, 1.0].map(Level::Signed));
        assert_eq!(scale(vec![-4.0, 0.0]).level(-4.0), Some(Level::Signed(-1.0)), "what is below zero shows its sign");
        assert_eq!(scale(vec![-4.0, -2.0]).level(-4.0), Some(Level::Amount(0.0)));
        assert_eq!(scale(vec![3.0]).level(3.0), Some(Level::Amount(0.5)));
        assert_eq!(signed.level(f64::NAN), None);
    }

    #[test]
    fn heat_cells_run_over_their_range_and_skip_holes() {
        let grid = Grid {
            x_edges: vec![0.0, 1.0, 2.0],
            y_edges: vec![1.0, 10.0, 100.0],
            rows: vec![vec![1.0, 3.0], vec![f64::NAN, 2.0]],
            label: "F".to_owned(),
            scale: Scale::Linear,
        };
        let marks = drawn(Layer::heatmap(grid), Axis::linear("x"), Axis::logarithmic("y"));
        let level = |mark: &Mark| if let Mark::Cell { level, .. } = mark { Some(*level) } else { None };
        let levels: Vec<Level> = marks.iter().filter_map(level).collect();
        assert_eq!(levels, [0.0, 1.0, 0.5].map(Level::Amount));
        assert!(matches!(marks[2], Mark::Cell { left: 0.5, right: 1.0, top: 1.0, .. }));
    }
}
