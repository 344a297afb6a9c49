//! Every hyperparameter of every student at once: parallel coordinates in the box of the bounds.

use super::students::drawn;
use super::{Axis, Empty, Entry, Figure, Layer, Style, finish, no_outer_step};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::math::number::counted;
use crate::metric::{LAMBDA, OUTER_STEP, STUDENT_LAMBDA};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "parallel",
        name: "Students in parallel coordinates",
        source: "Inselberg 1985; places in the box are this project's",
        equation: "u_j = (λ_j − low_j)/(high_j − low_j), a line for each student",
        summary: "Where every student is in all hyperparameters at once, at the last outer step. Each upright is one of them, from its lower to its upper bound. \
                  Ringed is what lies at a bound.",
        cost: "none beyond the run",
        fails: "Which hyperparameters are neighbours is arbitrary, and lines that cross say nothing.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let all = drawn(snapshot);
    let names = all.first().map_or(&[][..], |students| &students.trial.lambda_names[..]);
    let y = Axis::linear("place between the bounds").within(-0.04, 1.04).bounded(Some((0.0, 1.0)));
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::categories("", names.to_vec()), y);
    figure.empty = no_outer_step();
    let (mut pressed, mut steps) = (Vec::new(), Vec::new());
    for students in &all {
        let trial = students.trial;
        if trial.blocks.without_box().is_some() {
            figure.empty = Empty::because("λ has no box: some of its bounds are infinite")
                .helped("set outer.bounds to two numbers");
            continue;
        }
        let metric = if students.count > 1 { &STUDENT_LAMBDA } else { &LAMBDA };
        let rows = students.rows(&OUTER_STEP, metric);
        let Some((step, lambda)) = rows.last() else { continue };
        steps.push(*step);
        let length = trial.lambda.len().max(1);
        let places: Vec<Vec<(f64, f64)>> = lambda
            .chunks_exact(length)
            .map(|lambda| {
                let unit = trial.blocks.to_box(lambda);
                unit.into_iter().enumerate().map(|(entry, u)| (entry as f64, u)).collect()
            })
            .collect();
        figure.layers.extend(students.lines(|student| places.get(student).cloned().unwrap_or_default()));
        pressed.extend(places.into_iter().flatten().filter(|(_, u)| *u <= 0.0 || *u >= 1.0));
    }
    if !pressed.is_empty() {
        figure.notes.push(format!("{} at a bound", counted(pressed.len(), "entry")));
        figure.layers.push(Layer::points("at a bound", Style::foreground(), pressed).quantity("at a bound"));
    }
    steps.dedup();
    figure.moment = match &steps[..] {
        [] => String::new(),
        [step] => format!("at outer step {step}"),
        _ => "each trial at its last outer step".to_owned(),
    };
    finish(figure, snapshot)
}
