//! One layer of a figure: a shape, how it looks, and what the legend calls it.

use super::Span;
use crate::chart::palette::Level;
use crate::chart::{Marker, Scale};

/// A shape with its look and its legend text.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Legend text; empty for none. For guides and reference lines, the label beside them.
    pub name: String,
    /// How it looks.
    pub style: Style,
    /// What is drawn.
    pub shape: Shape,
    /// A short finding shown behind the name, such as "slope 2.03".
    pub badge: Option<String>,
    /// Whose it is: a trial's name; empty where the layer's own name says it.
    pub whose: String,
    /// What it shows of them, such as "test loss"; empty where the vertical axis says it. Where patterns tell quantities
    /// apart, this is what the pattern means.
    pub quantity: String,
}

/// How a layer looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colour and marker.
    pub ink: Ink,
    /// Drawn last and heavier: the selected trial.
    pub emphasis: bool,
    /// Broken line without markers: a prediction, not a measurement.
    pub dashed: bool,
    /// How heavy a line is.
    pub weight: Weight,
    /// Drawn first and pale: what stands behind something else, as the raw curve behind a smoothed one.
    pub faint: bool,
    /// Drawn pale, with its markers: another trial than the selected one.
    pub dimmed: bool,
}

/// How heavy a line is. Lines of different kinds differ in weight and not only in their dashes, which run into one
/// another where lines are many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Weight {
    /// Light, and without markers.
    Thin,
    /// As most lines are.
    #[default]
    Normal,
    /// What the eye is to follow.
    Thick,
}

/// Colour and marker of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// A trial, by its identifier, which is also its number in the palette: whoever draws it may set off the one selected.
    Trial(usize),
    /// Number in the palette, of what is no trial.
    Series(usize),
    /// Grey, for what is not data.
    Neutral,
    /// The page's own ink, for what must be read on top of data: whiskers over bars, a ring around a point.
    Foreground,
}

/// What is drawn. Points are (x, y) in data coordinates, in the order in which a line visits them.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A line through points, with markers where there is room.
    Line(Vec<(f64, f64)>),
    /// Markers only.
    Points(Vec<(f64, f64)>),
    /// Shading from low to high at increasing x: (x, low, high).
    Band(Vec<(f64, f64, f64)>),
    /// Heights by category, stacked upon the bars of the layers before.
    Bars(Vec<f64>),
    /// How uncertain values are: (x, low, high), each an upright line with a bar at either end.
    Whiskers(Vec<(f64, f64, f64)>),
    /// A coloured grid.
    Heatmap(Grid),
    /// Arrows.
    Arrows(Vec<Arrow>),
    /// Short texts, each centred at its point.
    Texts(Vec<(f64, f64, String)>),
    /// A straight line on the axes as drawn: a power law on log-log axes.
    Guide {
        /// Rise over run; the exponent on log-log axes.
        slope: f64,
        /// A point it passes through.
        through: (f64, f64),
    },
    /// A reference value of y.
    Horizontal(f64),
    /// A place on x: the clock's cursor, the best step.
    Vertical(f64),
}

/// An arrow in data coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrow {
    /// Tail.
    pub from: (f64, f64),
    /// Head.
    pub to: (f64, f64),
}

/// A heat map's cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Increasing edges of the columns, one more than there are columns.
    pub x_edges: Vec<f64>,
    /// Increasing edges of the rows, one more than there are rows.
    pub y_edges: Vec<f64>,
    /// Values, one `Vec` for each row, lowest y first; not finite is a hole.
    pub rows: Vec<Vec<f64>>,
    /// What the colour means, with its unit.
    pub label: String,
    /// Whether equal steps of colour are equal differences or equal ratios; of ratios what is not above zero is a hole.
    pub scale: Scale,
}

impl Grid {
    /// Edges of cells around increasing places: half way between them, and as far beyond the first and the last as that; half a unit to
    /// either side of a place alone.
    #[must_use]
    pub fn edges_around(places: &[f64]) -> Vec<f64> {
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return Vec::new() };
        let gaps: Vec<f64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let half = |gap: Option<&f64>| 0.5 * gap.copied().unwrap_or(1.0);
        let between = places.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
        let ends = (first - half(gaps.first()), last + half(gaps.last()));
        std::iter::once(ends.0).chain(between).chain([ends.1]).collect()
    }

    /// Smallest and largest value that has a colour.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        let has_colour = |value: &f64| value.is_finite() && (self.scale == Scale::Linear || *value > 0.0);
        let finite = self.rows.iter().flatten().copied().filter(has_colour);
        finite.fold(None, |range, value| match range {
            None => Some((value, value)),
            Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
        })
    }
}

impl Grid {
    /// How its values are coloured; `None` where none has a colour.
    #[must_use]
    pub fn colours(&self) -> Option<ColourScale> {
        self.range().map(|(least, most)| ColourScale { least, most, scale: self.scale })
    }
}

/// How the values of a heat map are coloured. Where some are below zero and some are not, zero is the middle, and as far above it
/// as below is as strong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColourScale {
    /// The least value.
    pub least: f64,
    /// The largest value.
    pub most: f64,
    /// Differences or ratios.
    pub scale: Scale,
}

impl ColourScale {
    /// The value at a share of the way from the least to the largest.
    #[must_use]
    pub fn value_at(&self, share: f64) -> f64 {
        self.span().value_at(share)
    }

    fn span(&self) -> Span {
        Span { scale: self.scale, low: self.least, high: self.most, ends_in_nothing: false }
    }

    /// Where a value stands; `None` for one that has no colour.
    #[must_use]
    pub fn level(&self, value: f64) -> Option<Level> {
        let Self { least, most, .. } = *self;
        if least < 0.0 && most >= 0.0 {
            value.is_finite().then(|| Level::Signed(value / most.max(-least)))
        } else if most > least {
            self.span().position(value).map(Level::Amount)
        } else {
            value.is_finite().then_some(Level::Amount(0.5))
        }
    }
}

impl Style {
    /// The look of series number `series`.
    #[must_use]
    pub const fn series(series: usize) -> Self {
        Self::of(Ink::Series(series))
    }

    /// The look of the trial with this identifier.
    #[must_use]
    pub const fn trial(id: usize) -> Self {
        Self::of(Ink::Trial(id))
    }

    const fn of(ink: Ink) -> Self {
        Self { ink, emphasis: false, dashed: false, weight: Weight::Normal, faint: false, dimmed: false }
    }

    /// Grey.
    #[must_use]
    pub const fn neutral() -> Self {
        Self::of(Ink::Neutral)
    }

    /// The page's own ink.
    #[must_use]
    pub const fn foreground() -> Self {
        Self::of(Ink::Foreground)
    }

    /// What stands at its points in a terminal.
    #[must_use]
    pub fn glyph(self) -> char {
        match self.ink {
            Ink::Trial(series) | Ink::Series(series) => Marker::of(series).glyph(),
            Ink::Neutral => '•',
            Ink::Foreground => '◎',
        }
    }

    /// The same, broken: a prediction.
    #[must_use]
    pub const fn dashed(self) -> Self {
        Self { dashed: true, ..self }
    }

    /// The same, light and without markers.
    #[must_use]
    pub const fn thin(self) -> Self {
        Self { weight: Weight::Thin, ..self }
    }

    /// The same, heavy.
    #[must_use]
    pub const fn thick(self) -> Self {
        Self { weight: Weight::Thick, ..self }
    }

    /// The same, pale and behind everything else of its kind.
    #[must_use]
    pub const fn faint(self) -> Self {
        Self { faint: true, ..self }
    }

    /// The same, heavier where `emphasis` holds: the selected trial.
    #[must_use]
    pub const fn emphasized(self, emphasis: bool) -> Self {
        Self { emphasis, ..self }
    }
}

impl Shape {
    /// Whether it is a guide or a reference line: not data, and labelled in place.
    #[must_use]
    pub const fn is_reference(&self) -> bool {
        matches!(self, Self::Guide { .. } | Self::Horizontal(_) | Self::Vertical(_))
    }
}

impl Layer {
    /// A layer of any shape, without a badge.
    #[must_use]
    pub fn new(name: impl Into<String>, style: Style, shape: Shape) -> Self {
        Self { name: name.into(), style, shape, badge: None, whose: String::new(), quantity: String::new() }
    }

    /// A line through points.
    #[must_use]
    pub fn line(name: impl Into<String>, style: Style, points: Vec<(f64, f64)>) -> Self {
        Self::new(name, style, Shape::Line(points))
    }

    /// Markers at points.
    #[must_use]
    pub fn points(name: impl Into<String>, style: Style, points: Vec<(f64, f64)>) -> Self {
        Self::new(name, style, Shape::Points(points))
    }

    /// Shading between `low` and `high`: (x, low, high).
    #[must_use]
    pub fn band(name: impl Into<String>, style: Style, columns: Vec<(f64, f64, f64)>) -> Self {
        Self::new(name, style, Shape::Band(columns))
    }

    /// Bars by category.
    #[must_use]
    pub fn bars(name: impl Into<String>, style: Style, heights: Vec<f64>) -> Self {
        Self::new(name, style, Shape::Bars(heights))
    }

    /// Whiskers from `low` to `high`: (x, low, high).
    #[must_use]
    pub fn whiskers(name: impl Into<String>, style: Style, ends: Vec<(f64, f64, f64)>) -> Self {
        Self::new(name, style, Shape::Whiskers(ends))
    }

    /// A heat map; its colour scale carries the grid's label.
    #[must_use]
    pub fn heatmap(grid: Grid) -> Self {
        Self::new("", Style::neutral(), Shape::Heatmap(grid))
    }

    /// Arrows.
    #[must_use]
    pub fn arrows(name: impl Into<String>, style: Style, arrows: Vec<Arrow>) -> Self {
        Self::new(name, style, Shape::Arrows(arrows))
    }

    /// Short texts, each centred at its point.
    #[must_use]
    pub fn texts(style: Style, texts: Vec<(f64, f64, String)>) -> Self {
        Self::new("", style, Shape::Texts(texts))
    }

    /// A grey guide that is straight on the axes as drawn.
    #[must_use]
    pub fn guide(label: impl Into<String>, slope: f64, through: (f64, f64)) -> Self {
        Self::new(label, Style::neutral().dashed(), Shape::Guide { slope, through })
    }

    /// A grey line at one y.
    #[must_use]
    pub fn horizontal(label: impl Into<String>, y: f64) -> Self {
        Self::new(label, Style::neutral(), Shape::Horizontal(y))
    }

    /// A grey line at one x.
    #[must_use]
    pub fn vertical(label: impl Into<String>, x: f64) -> Self {
        Self::new(label, Style::neutral(), Shape::Vertical(x))
    }

    /// The same with a badge.
    #[must_use]
    pub fn badge(self, badge: impl Into<String>) -> Self {
        Self { badge: Some(badge.into()), ..self }
    }

    /// The same with whose it is.
    #[must_use]
    pub fn whose(self, whose: impl Into<String>) -> Self {
        Self { whose: whose.into(), ..self }
    }

    /// The same with what it shows.
    #[must_use]
    pub fn quantity(self, quantity: impl Into<String>) -> Self {
        Self { quantity: quantity.into(), ..self }
    }

    /// Whether it marks places on the curves of others, as a ring does or a point where F rose: it is read off those.
    #[must_use]
    pub const fn is_mark(&self) -> bool {
        matches!((&self.shape, self.style.ink), (Shape::Points(_), Ink::Neutral | Ink::Foreground))
    }

    /// The data points that bound the layer, gaps included; none for guides and reference lines, nor for
    /// whiskers, which belong to the data of other layers. Bars give their own heights, not the stacked ones.
    #[must_use]
    pub fn samples(&self) -> Vec<(f64, f64)> {
        match &self.shape {
            Shape::Line(points) | Shape::Points(points) => points.clone(),
            Shape::Band(columns) => columns.iter().flat_map(|(x, low, high)| [(*x, *low), (*x, *high)]).collect(),
            Shape::Bars(heights) => heights.iter().enumerate().map(|(index, height)| (index as f64, *height)).collect(),
            Shape::Heatmap(grid) => match grid.range() {
                Some(_) => [grid.x_edges.first(), grid.x_edges.last()]
                    .into_iter()
                    .flatten()
                    .flat_map(|x| [grid.y_edges.first(), grid.y_edges.last()].into_iter().flatten().map(|y| (*x, *y)))
                    .collect(),
                None => Vec::new(),
            },
            Shape::Arrows(arrows) => arrows.iter().flat_map(|arrow| [arrow.from, arrow.to]).collect(),
            Shape::Texts(texts) => texts.iter().map(|(x, y, _)| (*x, *y)).collect(),
            Shape::Whiskers(_) | Shape::Guide { .. } | Shape::Horizontal(_) | Shape::Vertical(_) => Vec::new(),
        }
    }
}
