//! Where the students of a population go: each its path, in the plane of two entries of λ.

use super::students::{Drawn, drawn, say_alone};
use super::{Axis, Entry, Figure, Layer, Style, finish, no_outer_step};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{LAMBDA, OUTER_STEP, STUDENT_LAMBDA};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "student-paths",
        name: "Paths of the students",
        source: "Tao et al. 2020",
        equation: "λ_k over outer steps",
        summary: "Where each student of a population started and where its hypergradients took it. Drawn is λ in \
                  the plane of its first two entries, or over outer steps where it has one.",
        cost: "none beyond the run",
        fails: "Two entries of many: paths that cross here may be far apart.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let drawn = drawn(snapshot);
    let entries = drawn.iter().map(|drawn| drawn.trial.lambda.len()).max().unwrap_or(0);
    let name = |entry: usize| {
        let first = drawn.first().and_then(|drawn| drawn.trial.lambda_names.get(entry));
        first.map_or_else(|| format!("λ {}", entry + 1), |name| format!("λ of {name}"))
    };
    let (x, y) = if entries > 1 {
        (Axis::linear(name(0)), Axis::linear(name(1)))
    } else {
        (Axis::steps("outer step"), Axis::linear(name(0)))
    };
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, y);
    let mut starts = Vec::new();
    for students in &drawn {
        let path = |student| path(students, student, entries > 1);
        starts.extend((0..students.count).filter_map(|student| path(student).first().copied()));
        figure.layers.extend(students.lines(path));
    }
    figure.layers.push(Layer::points("start", Style::foreground(), starts).quantity("start"));
    if entries > 2 {
        figure.notes.push(format!("the first two of {entries} entries of λ"));
    }
    figure.empty = no_outer_step();
    say_alone(&mut figure, &drawn);
    finish(figure, snapshot)
}

/// λ of a student at every outer step that is recorded.
fn path(students: &Drawn<'_>, student: usize, is_plane: bool) -> Vec<(f64, f64)> {
    let trial: &TrialView = students.trial;
    let length = trial.lambda.len();
    let metric = if students.count > 1 { &STUDENT_LAMBDA } else { &LAMBDA };
    let point = |(step, all): (f64, &[f64])| {
        let lambda = all.get(student * length..(student + 1) * length)?;
        Some(if is_plane { (lambda[0], *lambda.get(1).unwrap_or(&f64::NAN)) } else { (step, lambda[0]) })
    };
    students.rows(&OUTER_STEP, metric).into_iter().filter_map(point).collect()
}
