//! What the students of a population are judged by, outer step by outer step.

use super::students::{drawn, say_alone};
use super::{Axis, Entry, Figure, finish};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{OUTER_VALUE, STUDENT_VALUES};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "student-values",
        name: "Outer objective of the students",
        source: "Tao et al. 2020",
        equation: "f(λ_k, θ_k)",
        summary: "f of every student of a population at the end of its inner runs; the least one leads.",
        cost: "none beyond the run",
        fails: "One step of K students costs K times one step of one: compare at equal oracle calls.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let drawn = drawn(snapshot);
    let y = Axis::linear("f(λ, θ)");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), y);
    for students in &drawn {
        let rows = students.rows(&STUDENT_VALUES);
        figure.layers.extend(students.lines(|student| {
            if students.count == 1 {
                return students.numbers(&OUTER_VALUE);
            }
            rows.iter().map(|(step, values)| (*step, values.get(student).copied().unwrap_or(f64::NAN))).collect()
        }));
    }
    say_alone(&mut figure, &drawn);
    finish(figure, snapshot)
}
