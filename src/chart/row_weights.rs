//! The weights of the training rows, sorted into bins, with clean and mislabelled rows told apart.

use super::doubted::doubted;
use super::{Axis, Empty, Entry, Figure, Layer, Style, finish, of_now, say_first};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{F1, PRECISION, RECALL};

/// Bins of the weights; an even number, so that one half is an edge.
const BINS: usize = 10;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "row-weights",
        name: "Row weights",
        source: "Franceschi et al. 2017, section 5.1",
        equation: "σ(λᵢ); kept are rows with σ(λᵢ) ≥ ½; precision = |kept ∩ clean|/|kept|, recall = |kept ∩ clean|/|clean|",
        summary: "Every training row by its weight, clean and mislabelled rows in two colours. Cleaning has worked when \
                  one colour is left of ½ and the other right of it. Of the first trial that is shown.",
        cost: "none beyond the run",
        fails: "Rows that the model classifies well whatever their weight keep the weight they started with.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let edges = (0..BINS).map(|bin| format!("{:.1}", bin as f64 / BINS as f64));
    let mut figure = Figure::new(
        ENTRY.card.id,
        ENTRY.card.name,
        Axis::categories("weight σ(λᵢ), from", edges),
        Axis::steps("training rows"),
    );
    figure.empty = Empty::because("no row has a weight here: this chart is about data hyper-cleaning");
    if let Some(doubted) = doubted(snapshot) {
        figure.title = format!("Row weights of {}", doubted.trial.setting.name);
        for (series, (name, is_wrong)) in [("clean", false), ("mislabelled", true)].into_iter().enumerate() {
            let bars = Layer::bars(name, Style::series(series), histogram(doubted.rows(is_wrong)));
            figure.layers.push(bars.whose(&doubted.trial.setting.name).quantity(format!("{name} training rows")));
        }
        figure.layers.push(Layer::vertical("½: kept from here", BINS as f64 / 2.0 - 0.5));
        let [precision, recall, f1] =
            [&PRECISION, &RECALL, &F1].map(|metric| doubted.trial.here.number(metric).unwrap_or(f64::NAN));
        figure.notes.push(format!("precision {precision:.3} · recall {recall:.3} · F1 {f1:.3}"));
        figure.moment = of_now(doubted.trial);
        say_first(&mut figure, snapshot);
    }
    finish(figure, snapshot)
}

/// How many weights lie in each bin.
fn histogram(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut counts = vec![0.0; BINS];
    for weight in weights.filter(|weight| weight.is_finite()) {
        counts[((weight * BINS as f64) as usize).min(BINS - 1)] += 1.0;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_half_is_kept_and_one_is_in_the_last_bin() {
        let counts = histogram([0.0, 0.499, 0.5, 0.75, 1.0, f64::NAN].into_iter());
        assert_eq!(counts, [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    }
}
