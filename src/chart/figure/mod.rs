//! The figure: title, axes, layers and notes, as plain data.
//!
//! ```
//! use hyperlab::chart::{Axis, Figure, Layer, Style};
//!
//! let mut figure = Figure::new("losses", "Losses", Axis::steps("inner step"), Axis::logarithmic("loss"));
//! figure.layers.push(Layer::line("training", Style::series(0), vec![(0.0, 1.0), (1.0, 0.1)]));
//! figure.layers.push(Layer::vertical("now", 1.0));
//! figure.notes.push("validation is flat".to_owned());
//! ```
//!
//! Numbers that are not finite are gaps, and so are numbers at or below zero on a logarithmic axis;
//! [`Figure::remarks`] says how many were left out.

mod axis;
mod beyond;
mod decimation;
mod empty;
#[cfg(test)]
pub(crate) mod examples;
mod fit;
mod key;
mod layer;
mod lens;
mod marks;
mod nearest;
mod placement;
mod plane;
mod settled;
mod span;
mod standing;
mod ticks;

pub use axis::{Axis, Fit};
pub use beyond::beyond;
pub use decimation::{decimate, lightened};
pub use empty::Empty;
pub use key::Pattern;
pub use layer::{Arrow, ColourScale, Grid, Ink, Layer, Shape, Style, Weight};
pub use lens::Lens;
pub use marks::{Ends, Mark, marks};
pub use nearest::{Nearest, at, nearest, newest, places};
pub use placement::{Placement, Rectangle};
pub use plane::{Plane, clip};
pub use settled::{Hidden, Settled};
pub use span::Span;
pub use standing::{Others, set_off};
pub use ticks::{Tick, Ticks};

/// One chart, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Kebab-case identifier; exports are named after it.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What is drawn, bottom first.
    pub layers: Vec<Layer>,
    /// Where it is from, such as "Scenario `ridge`, seed 3"; said on paper, which has left its place.
    pub source: String,
    /// At which λ it was drawn, such as "inner run at λ₀"; said on paper.
    pub moment: String,
    /// What the estimates are held against, where any are drawn.
    pub truth: Truth,
    /// Short remarks that hold wherever the figure is seen, such as "validation is flat".
    pub notes: Vec<String>,
    /// What helps at a screen, such as "hide all but one trial to see each". Paper does not have it.
    pub hints: Vec<String>,
    /// What to say while there is nothing to draw.
    pub empty: Empty,
    /// What was found of all points, where some were left out.
    pub(super) settled: Option<Settled>,
}

/// What estimates are held against.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Truth {
    /// As screens name it, such as "same data".
    pub short: String,
    /// For readers who do not know these names, such as "the exact ∇F of these very rows".
    pub full: String,
}

impl Figure {
    /// A figure without layers.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>, x: Axis, y: Axis) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            x,
            y,
            layers: Vec::new(),
            notes: Vec::new(),
            source: String::new(),
            moment: String::new(),
            truth: Truth::default(),
            hints: Vec::new(),
            empty: Empty::default(),
            settled: None,
        }
    }

    /// Whether no layer has anything to show; guides and reference lines alone do not count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let shown = |(x, y): (f64, f64)| self.x.has_place(x) && self.y.has_place(y);
        !self.layers.iter().any(|layer| layer.samples().into_iter().any(shown))
    }

    /// Whether there are points, and all of them lie outside the stretches of the axes that are asked for.
    #[must_use]
    pub fn is_out_of_sight(&self) -> bool {
        let within = |axis: &Axis, value: f64| axis.range.is_none_or(|(low, high)| (low..=high).contains(&value));
        let mut samples = self.layers.iter().flat_map(Layer::samples).peekable();
        samples.peek().is_some() && !samples.any(|(x, y)| within(&self.x, x) && within(&self.y, y))
    }

    /// How many points are gaps, by reason. Points without any finite coordinate are deliberate
    /// breaks in a line and not counted.
    #[must_use]
    pub fn hidden_points(&self) -> Hidden {
        if let Some(settled) = &self.settled {
            return settled.hidden;
        }
        let mut hidden = Hidden::default();
        for (x, y) in self.layers.iter().flat_map(Layer::samples) {
            if !x.is_finite() || !y.is_finite() {
                hidden.not_finite += usize::from(x.is_finite() || y.is_finite());
            } else if !self.x.has_place(x) || !self.y.has_place(y) {
                hidden.nonpositive += 1;
            }
        }
        hidden
    }

    /// What the estimates are held against, the notes, and a remark on the points that are not shown.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let truth = (!self.truth.short.is_empty()).then(|| format!("truth: {}", self.truth.short));
        truth.into_iter().chain(self.facts()).collect()
    }

    fn facts(&self) -> impl Iterator<Item = String> {
        self.notes.iter().cloned().chain(self.hidden_points().in_words(" not shown on a log axis"))
    }

    /// What stands under it on paper: where it is from, at which λ, what the truth is, the notes.
    #[must_use]
    pub fn caption(&self) -> String {
        let place = [&self.source, &self.moment].into_iter().filter(|words| !words.is_empty()).cloned();
        let truth = (!self.truth.full.is_empty()).then(|| format!("truth: {}", self.truth.full));
        let place = Some(place.collect::<Vec<_>>().join(", ")).filter(|place| !place.is_empty());
        place.into_iter().chain(truth).chain(self.facts()).collect::<Vec<_>>().join("; ")
    }

    /// Why none of the points there are can be shown; `None` where there are no points, or some are shown.
    #[must_use]
    pub fn why_nothing_shows(&self) -> Option<String> {
        let left_out = self.hidden_points().in_words(" on a log axis");
        (self.is_empty() && !left_out.is_empty()).then(|| format!("nothing can be drawn: {}", left_out.join(", ")))
    }

    /// The layers that a legend lists: those with a name or a badge, guides aside (their labels
    /// stand beside them).
    pub fn legend(&self) -> impl Iterator<Item = &Layer> {
        let named = |layer: &&Layer| !layer.name.is_empty() || layer.badge.is_some();
        self.layers.iter().filter(named).filter(|layer| !layer.shape.is_reference())
    }

    /// The grids of its heat maps, bottom first: each has colours of its own.
    pub fn grids(&self) -> impl Iterator<Item = &Grid> {
        self.layers.iter().filter_map(|layer| match &layer.shape {
            Shape::Heatmap(grid) => Some(grid),
            _ => None,
        })
    }

    /// Base and top of every bar of layer number `layer`: bars of one category stand on those of
    /// the layers before, negative ones hang.
    #[must_use]
    pub fn stack(&self, layer: usize) -> Vec<(f64, f64)> {
        let heights = |index: usize| match self.layers.get(index).map(|layer| &layer.shape) {
            Some(Shape::Bars(heights)) => heights.as_slice(),
            _ => &[],
        };
        let base = |category: usize, height: f64| {
            (0..layer)
                .filter_map(|below| heights(below).get(category).copied())
                .filter(|below| below.is_finite() && (*below < 0.0) == (height < 0.0))
                .sum::<f64>()
        };
        heights(layer)
            .iter()
            .enumerate()
            .map(|(category, height)| (base(category, *height), base(category, *height) + height))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log_log(points: Vec<(f64, f64)>) -> Figure {
        let mut figure = Figure::new("f", "F", Axis::logarithmic("x"), Axis::logarithmic("y"));
        figure.layers.push(Layer::line("a", Style::series(0), points));
        figure
    }

    #[test]
    fn hidden_points_are_counted_by_reason_and_said() {
        let figure = log_log(vec![
            (1.0, 1.0),
            (0.0, 1.0),
            (1.0, -2.0),
            (2.0, f64::NAN),
            (f64::INFINITY, 1.0),
            (f64::NAN, f64::NAN),
        ]);
        assert_eq!(figure.hidden_points(), Hidden { nonpositive: 2, not_finite: 2 });
        assert_eq!(figure.remarks(), ["2 points at or below zero not shown on a log axis", "2 points not finite"]);
    }

    #[test]
    fn nothing_visible_is_empty() {
        assert!(log_log(vec![]).is_empty());
        assert!(log_log(vec![(0.0, 1.0), (f64::NAN, 1.0)]).is_empty());
        assert!(!log_log(vec![(1.0, 1.0)]).is_empty());
        let mut guides = log_log(vec![]);
        guides.layers.push(Layer::guide("slope 1", 1.0, (1.0, 1.0)));
        guides.layers.push(Layer::horizontal("best", 1.0));
        assert!(guides.is_empty());
    }

    #[test]
    fn bars_stack_by_sign() {
        let mut figure = Figure::new("b", "B", Axis::categories("trial", ["a", "b"]), Axis::linear("error"));
        figure.layers.push(Layer::bars("bias", Style::series(0), vec![1.0, -1.0]));
        figure.layers.push(Layer::bars("variance", Style::series(1), vec![2.0, 3.0]));
        figure.layers.push(Layer::bars("rest", Style::series(2), vec![-1.0, -0.5]));
        assert_eq!(figure.stack(1), [(1.0, 3.0), (0.0, 3.0)]);
        assert_eq!(figure.stack(2), [(0.0, -1.0), (-1.0, -1.5)]);
    }
}
