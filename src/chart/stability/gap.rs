//! The generalization gap against K, with the two losses that it is the difference of.

use super::{
    Axis, Entry, Figure, Found, Layer, SOURCE, STABILITY, Style, band, draw_found, finish, found, halted, ink, line,
};
use crate::catalog::Card;
use crate::chart::Fit;
use crate::lab::{Measured, Snapshot};
use crate::probe::stability::Stability;

pub(in crate::chart) const GAP: Entry = Entry {
    card: Card {
        id: "stability-gap",
        name: "Generalization gap against K",
        source: SOURCE,
        equation: "test loss − validation loss of the same θ_K, over all rows of either",
        summary: "What λ has learned of the validation rows alone. The gap with one standard error over seeds, beside the \
                  test loss (thick) and, of few trials, the validation loss (thin). A ring marks where the mean test loss \
                  was least.",
        cost: "measured with the twins",
        fails: "At small K the gap is the luck of the rows, often below zero. The larger gap is not the worse model: read \
                the test loss.",
        knobs: &[],
    },
    draw,
    finding: Some(STABILITY),
};

/// Trials whose validation loss is drawn as well: of more it hides the rest.
const FEW: usize = 2;

fn draw(snapshot: &Snapshot) -> Figure {
    let x = Axis::logarithmic("K, outer steps").counting(true);
    let mut figure = Figure::new(GAP.card.id, GAP.card.name, x, Axis::linear("loss").fitted(Fit::Bulk));
    draw_found(GAP.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &Stability, snapshot: &Snapshot, figure: &mut Figure) {
    let found = found(snapshot, measured, finding);
    figure.notes.extend(halted(finding, &found));
    if !finding.population.has_test {
        figure.notes.push("no test rows, so no gap: a split with some has one".to_owned());
    }
    let is_few = found.len() <= FEW || !finding.population.has_test;
    for (trial, found) in &found {
        let shade = Layer::band("", ink(trial), band(&found.marks, |mark| &mark.gap)).whose(&trial.setting.name);
        figure.layers.push(shade.quantity("gap ± one standard error"));
    }
    for (trial, found) in &found {
        let (name, style) = (&trial.setting.name, ink(trial));
        if is_few {
            let validation = Layer::line("", style.thin(), line(&found.marks, |mark| &mark.validation)).whose(name);
            figure.layers.push(validation.quantity("validation"));
        }
        let test = Layer::line("", style.thick(), line(&found.marks, |mark| &mark.test)).whose(name);
        figure.layers.push(test.quantity("test"));
        figure.layers.push(Layer::line(name, style, line(&found.marks, |mark| &mark.gap)).quantity("gap"));
    }
    figure.layers.extend(rings(&found));
    figure.layers.push(Layer::horizontal("", 0.0));
    figure.notes.extend(finding.terms());
}

/// The least mean test loss of every trial.
fn rings(found: &[Found<'_>]) -> Option<Layer> {
    let least = |(_, found): &Found<'_>| {
        let test = line(&found.marks, |mark| &mark.test).into_iter().filter(|(_, loss)| loss.is_finite());
        test.min_by(|a, b| a.1.total_cmp(&b.1))
    };
    let least: Vec<(f64, f64)> = found.iter().filter_map(least).collect();
    let ring = |least| Layer::points("least test", Style::foreground().emphasized(true), least).quantity("least test");
    (!least.is_empty()).then(|| ring(least))
}
