//! The training rows with the least weight, as the pictures they are.

use super::doubted::{Doubted, doubted};
use super::figure::Grid;
use super::{Axis, Empty, Entry, Figure, Layer, Scale, Style, finish, of_now, say_first};
use crate::catalog::Card;
use crate::data::Prepared;
use crate::lab::Snapshot;

/// Pictures across and down.
const ACROSS: usize = 6;
const DOWN: usize = 2;

/// Rows of a picture's frame that its text takes, in pixels.
const TEXT: usize = 3;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "suspicious-digits",
        name: "Suspicious digits",
        source: "Franceschi et al. 2017, section 5.1",
        equation: "the rows with the smallest σ(λᵢ)",
        summary: "The pictures whose labels the outer loop believes least. Under each: the label it was given, the true \
                  one where that is another, and its weight. Of the first trial that is shown.",
        cost: "none beyond the run",
        fails: "Before the first outer step all weights are alike, and the choice means nothing.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::unmarked(1.0), Axis::unmarked(1.0));
    figure.empty = Empty::because("no pictures here: this chart is about hyper-cleaning digits");
    let pictured = doubted(snapshot).and_then(|doubted| Some((side(doubted.data)?, doubted)));
    if let Some((side, doubted)) = pictured {
        let shown = least(doubted.weights, ACROSS * DOWN);
        figure.title = format!("What {} trusts least", doubted.trial.setting.name);
        let sheet = Sheet { side };
        (figure.x, figure.y) = (Axis::unmarked(sheet.width()), Axis::unmarked(sheet.height()));
        let whose = &doubted.trial.setting.name;
        figure.layers.push(Layer::heatmap(sheet.pictures(doubted.data, &shown)).whose(whose).quantity("ink"));
        let texts = Layer::texts(Style::neutral(), sheet.texts(&doubted, &shown)).whose(whose);
        figure.layers.push(texts.quantity("given label ≠ true label, weight"));
        let wrong = shown.iter().filter(|row| doubted.data.mislabelled[**row]).count();
        figure
            .notes
            .push(format!("given label ≠ true label, weight · {wrong} of these {} are mislabelled", shown.len()));
        figure.moment = of_now(doubted.trial);
        say_first(&mut figure, snapshot);
    }
    finish(figure, snapshot)
}

/// Pixels along a side, where the rows are square pictures.
fn side(data: &Prepared) -> Option<usize> {
    let pixels = data.dataset.features.columns();
    let side = pixels.isqrt();
    (side > 1 && side * side == pixels).then_some(side)
}

/// The rows with the smallest weights, smallest first.
fn least(weights: &[f64], count: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..weights.len()).collect();
    rows.sort_by(|a, b| weights[*a].total_cmp(&weights[*b]));
    rows.truncate(count);
    rows
}

/// Where pictures lie: one free pixel around each, and room for its text below.
struct Sheet {
    side: usize,
}

impl Sheet {
    fn width(&self) -> f64 {
        (ACROSS * (self.side + 1) + 1) as f64
    }

    fn height(&self) -> f64 {
        (DOWN * (self.side + 1 + TEXT)) as f64
    }

    /// Left edge and top edge of a picture, right and up.
    fn corner(&self, place: usize) -> (usize, usize) {
        let (column, row) = (place % ACROSS, place / ACROSS);
        let height = DOWN * (self.side + 1 + TEXT);
        (column * (self.side + 1) + 1, height - row * (self.side + 1 + TEXT) - 1)
    }

    fn pictures(&self, data: &Prepared, shown: &[usize]) -> Grid {
        let edges = |length: f64| (0..=length as usize).map(|edge| edge as f64).collect::<Vec<f64>>();
        let (x_edges, y_edges) = (edges(self.width()), edges(self.height()));
        let mut rows = vec![vec![f64::NAN; x_edges.len() - 1]; y_edges.len() - 1];
        for (place, row) in shown.iter().enumerate() {
            let (left, top) = self.corner(place);
            let mut pixels = vec![0.0; self.side * self.side];
            data.dataset.features.row(data.rows.training[*row]).copy_to(&mut pixels);
            for (index, pixel) in pixels.iter().enumerate() {
                rows[top - 1 - index / self.side][left + index % self.side] = *pixel;
            }
        }
        Grid { x_edges, y_edges, rows, label: "ink".to_owned(), scale: Scale::Linear }
    }

    fn texts(&self, doubted: &Doubted<'_>, shown: &[usize]) -> Vec<(f64, f64, String)> {
        let text = |(place, row): (usize, &usize)| {
            let (left, top) = self.corner(place);
            let middle = left as f64 + self.side as f64 / 2.0;
            (middle, (top - self.side) as f64 - TEXT as f64 / 2.0, caption(doubted, *row))
        };
        shown.iter().enumerate().map(text).collect()
    }
}

/// `5≠3 .02`: given label, true label where it is another, weight.
fn caption(doubted: &Doubted<'_>, row: usize) -> String {
    let data = doubted.data;
    let given = data.split.training.targets[row];
    let truth = data.dataset.targets[data.rows.training[row]];
    let label = if doubted.data.mislabelled[row] { format!("{given}≠{truth}") } else { given.to_string() };
    let weight = format!("{:.2}", doubted.weights[row]);
    format!("{label} {}", weight.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_come_first() {
        assert_eq!(least(&[0.5, 0.1, 0.9, 0.2], 3), [1, 3, 0]);
        assert_eq!(least(&[0.5], 3), [0]);
    }

    #[test]
    fn pictures_do_not_touch_and_stay_on_the_sheet() {
        let sheet = Sheet { side: 8 };
        let corners: Vec<(usize, usize)> = (0..ACROSS * DOWN).map(|place| sheet.corner(place)).collect();
        assert_eq!((corners[0], corners[ACROSS]), ((1, 23), (1, 11)));
        assert_eq!((sheet.width(), sheet.height()), (55.0, 24.0));
        // The lowest picture ends above its text.
        assert_eq!(corners[ACROSS].1 - 8, TEXT);
        assert_eq!(corners[ACROSS - 1].0 + 8, 54);
    }
}
