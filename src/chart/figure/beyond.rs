//! What of the curves lies beyond a fitted axis: said in words, since an arrow at the edge has no number.

use super::{Figure, Layer, Plane, Shape, Span};
use crate::math::number::typeset;

/// What of the curves lies beyond the vertical axis of the plane they are drawn in, in words: one remark an end. An axis
/// with a range of its own has left out what it was told to.
#[must_use]
pub fn beyond(figure: &Figure, plane: &Plane) -> Vec<String> {
    if figure.y.range.is_some() {
        return Vec::new();
    }
    // Small ones: the large are markers of trials.
    let ends = [(false, "down", "▾"), (true, "up", "▴")];
    ends.into_iter().filter_map(|end| remark(figure, &plane.y, end)).collect()
}

fn remark(figure: &Figure, span: &Span, (up, toward, arrow): (bool, &str, &str)) -> Option<String> {
    let further = |a: f64, b: f64| if up { a.max(b) } else { a.min(b) };
    let is_out = |y: f64| span.position(y).is_some_and(|position| if up { position > 1.0 } else { position < 0.0 });
    let mut names: Vec<&str> = Vec::new();
    let mut furthest: Option<f64> = None;
    for layer in figure.layers.iter().filter(|layer| matches!(layer.shape, Shape::Line(_)) && !layer.style.faint) {
        let out =
            layer.samples().into_iter().filter(|(x, _)| figure.x.shows(*x)).map(|(_, y)| y).filter(|y| is_out(*y));
        let Some(end) = out.reduce(further) else { continue };
        furthest = Some(furthest.map_or(end, |known| further(known, end)));
        let of_same = |other: &&Layer| other.style.ink == layer.style.ink && !other.name.is_empty();
        let name = figure.layers.iter().find(of_same).map_or("a curve", |named| named.name.as_str());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let end = typeset(furthest?);
    Some(match names.as_slice() {
        [name] => format!("{arrow} {name}: {toward} to {end}"),
        several => format!("{arrow} {} curves: {toward} to {end}", several.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Axis, Style};

    #[test]
    fn what_is_left_out_is_said_unless_it_is_selected() {
        let mut figure = Figure::new("f", "F", Axis::steps("step"), Axis::logarithmic("error"));
        for (id, values) in [[1e-1, 1e-3], [1e-2, 1e-4], [2e-15, 1e-15]].into_iter().enumerate() {
            let points = vec![(0.0, values[0]), (1.0, values[1])];
            figure.layers.push(Layer::line(format!("trial {id}"), Style::trial(id), points));
        }
        assert_eq!(beyond(&figure, &Plane::of(&figure)), ["▾ trial 2: down to 1.00×10⁻¹⁵"]);
        figure.layers[2].style.emphasis = true;
        assert!(beyond(&figure, &Plane::of(&figure)).is_empty());
    }
}
