//! What the patterns of a figure mean: a line, dashes, markers alone, shading.
//!
//! Colours tell trials apart and patterns tell quantities apart, so that a legend of names needs this second one.

use super::{Figure, Layer, Shape, Weight};

/// A pattern that layers are drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// A solid line.
    Line,
    /// A heavy line.
    Thick,
    /// A light line.
    Thin,
    /// A broken line.
    Dashed,
    /// Markers without a line.
    Markers,
    /// An area.
    Shaded,
}

impl Pattern {
    /// As a screen names it, which cannot draw a sample of it among words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Thick => "thick",
            Self::Thin => "thin",
            Self::Dashed => "dashed",
            Self::Markers => "markers alone",
            Self::Shaded => "shaded",
        }
    }

    /// The pattern of a layer; bars, heat maps and the like have none.
    #[must_use]
    pub const fn of(layer: &Layer) -> Option<Self> {
        match layer.shape {
            Shape::Line(_) if layer.style.dashed => Some(Self::Dashed),
            // What stands behind a curve is no pattern of its own.
            Shape::Line(_) if layer.style.faint => None,
            Shape::Line(_) => Some(match layer.style.weight {
                Weight::Thin => Self::Thin,
                Weight::Normal => Self::Line,
                Weight::Thick => Self::Thick,
            }),
            Shape::Points(_) => Some(Self::Markers),
            Shape::Band(_) => Some(Self::Shaded),
            _ => None,
        }
    }
}

impl Figure {
    /// What each pattern means, where it means one thing. Solid lines alone are what the vertical axis says, and a layer
    /// that is named by what it shows has said it.
    #[must_use]
    pub fn key(&self) -> Vec<(Pattern, &str)> {
        let mut key: Vec<(Pattern, &str)> = Vec::new();
        for layer in self
            .layers
            .iter()
            .filter(|layer| !layer.quantity.is_empty() && layer.name != layer.quantity && has_points(layer))
        {
            let entry = Pattern::of(layer).map(|pattern| (pattern, layer.quantity.as_str()));
            key.extend(entry.filter(|entry| !key.contains(entry)));
        }
        let count = |pattern: Pattern| key.iter().filter(|(other, _)| *other == pattern).count();
        let mut key: Vec<(Pattern, &str)> = key.iter().copied().filter(|(pattern, _)| count(*pattern) == 1).collect();
        key.sort_by_key(|(pattern, _)| *pattern);
        if key.iter().all(|(pattern, _)| *pattern == Pattern::Line) { Vec::new() } else { key }
    }

    /// The key in words; nothing where there is none.
    #[must_use]
    pub fn key_in_words(&self) -> Option<String> {
        let key = self.key();
        let said = key.iter().map(|(pattern, quantity)| format!("{}: {quantity}", pattern.words()));
        (!key.is_empty()).then(|| said.collect::<Vec<_>>().join(" · "))
    }
}

const fn has_points(layer: &Layer) -> bool {
    match &layer.shape {
        Shape::Line(points) | Shape::Points(points) => !points.is_empty(),
        Shape::Band(columns) => !columns.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Axis, Style};
    use super::*;

    fn figure(layers: Vec<Layer>) -> Figure {
        Figure { layers, ..Figure::new("f", "F", Axis::linear("x"), Axis::linear("loss")) }
    }

    fn point() -> Vec<(f64, f64)> {
        vec![(0.0, 1.0)]
    }

    #[test]
    fn every_pattern_is_said_once() {
        let of_trial = |series: usize| {
            let style = Style::series(series);
            [
                Layer::points("", style, point()).quantity("training"),
                Layer::line("", style.dashed(), point()).quantity("test"),
                Layer::line("a", style, point()).quantity("validation"),
            ]
        };
        let words = figure([of_trial(0), of_trial(1)].concat()).key_in_words();
        assert_eq!(words.as_deref(), Some("line: validation · dashed: test · markers alone: training"));
    }

    #[test]
    fn lines_alone_and_patterns_that_mean_several_things_have_no_key() {
        let line = |quantity: &str| Layer::line("a", Style::series(0), point()).quantity(quantity);
        assert_eq!(figure(vec![line("validation")]).key(), []);
        assert_eq!(figure(vec![line("λ 1"), line("λ 2")]).key(), []);
        let empty = Layer::line("", Style::series(0).dashed(), Vec::new()).quantity("test");
        assert_eq!(figure(vec![line("validation"), empty]).key(), []);
    }
}
