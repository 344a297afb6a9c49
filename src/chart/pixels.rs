//! λ as a picture, where its entries belong to the pixels of one.

use super::figure::Grid;
use super::{Axis, Empty, Entry, Figure, Layer, Scale, Style, finish, of_now, say_first};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "pixels",
        name: "λ of each pixel",
        source: "Bengio 2000; Lorraine et al. 2020, figure 5",
        equation: "λⱼ at the place of pixel j",
        summary: "Which pixels the outer loop lets the model use: those with a large λ have a large penalty. Orange is \
                  above zero and blue below, once there are both. A distractor stands on the right. Of the first trial \
                  that is shown.",
        cost: "none beyond the run",
        fails: "Before the first outer step all entries are alike; pixels that are never inked keep their λ.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::unmarked(1.0), Axis::unmarked(1.0));
    figure.empty = Empty::because("no pictures here: this chart is about one λ for each pixel");
    let first = snapshot.shown().next();
    if let Some((trial, pictures)) = first.and_then(|trial| Some((trial, Pictures::of(trial)?))) {
        figure.title = format!("λ of each pixel, {}", trial.setting.name);
        (figure.x, figure.y) = (Axis::unmarked(pictures.width() as f64), Axis::unmarked(pictures.height() as f64));
        figure.layers.push(Layer::heatmap(pictures.grid(&trial.lambda)).whose(&trial.setting.name).quantity("λ"));
        figure.layers.push(Layer::texts(Style::neutral(), pictures.titles()));
        figure.moment = of_now(trial);
        say_first(&mut figure, snapshot);
    }
    finish(figure, snapshot)
}

/// Square pictures side by side, a free pixel around each and room for a title above.
struct Pictures {
    side: usize,
    count: usize,
}

/// Rows of pixels that a title takes.
const TITLE: usize = 2;

impl Pictures {
    /// The pictures whose pixels λ is about, told by the names of its entries.
    fn of(trial: &TrialView) -> Option<Self> {
        let names = &trial.lambda_names;
        let pixels = names.iter().take_while(|name| name.starts_with("pixel")).count();
        let others = names[pixels..].iter().take_while(|name| name.starts_with("distractor pixel")).count();
        let side = pixels.isqrt();
        let is_square = side > 1 && side * side == pixels && (others == 0 || others == pixels);
        (is_square && pixels + others == names.len()).then(|| Self { side, count: 1 + others / pixels })
    }

    fn width(&self) -> usize {
        self.count * (self.side + 1) + 1
    }

    fn height(&self) -> usize {
        self.side + 1 + TITLE
    }

    fn grid(&self, lambda: &[f64]) -> Grid {
        let edges = |length: usize| (0..=length).map(|edge| edge as f64).collect::<Vec<f64>>();
        let mut rows = vec![vec![f64::NAN; self.width()]; self.height()];
        for (index, value) in lambda.iter().enumerate() {
            let (picture, pixel) = (index / (self.side * self.side), index % (self.side * self.side));
            rows[self.side - pixel / self.side][picture * (self.side + 1) + 1 + pixel % self.side] = *value;
        }
        Grid {
            x_edges: edges(self.width()),
            y_edges: edges(self.height()),
            rows,
            label: "λ".to_owned(),
            scale: Scale::Linear,
        }
    }

    fn titles(&self) -> Vec<(f64, f64, String)> {
        let title = |picture: usize| {
            let middle = (picture * (self.side + 1) + 1) as f64 + self.side as f64 / 2.0;
            let name = if picture == 0 { "picture" } else { "distractor" };
            (middle, (self.side + 1) as f64 + TITLE as f64 / 2.0, name.to_owned())
        };
        (0..self.count).filter(|_| self.count > 1).map(title).collect()
    }
}
