//! What the students of a population are judged by, outer step by outer step.

use super::students::{drawn, say_alone};
use super::{Axis, Entry, Figure, finish, no_outer_step};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{CALLS, OUTER_STEP, OUTER_VALUE, STUDENT_VALUES};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "student-values",
        name: "Outer objective of the students",
        source: "Tao et al. 2020",
        equation: "f(λ_k, θ_k)",
        summary: "How good every student of a population is at the end of its inner runs; the least one leads. \
                  Drawn is f.",
        cost: "none beyond the run",
        fails: "One step of K students costs K times one step of one: compare at equal oracle calls.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let drawn = drawn(snapshot);
    // Where trials do not take their outer steps together, what they have paid is what they can be compared at.
    let by_step = snapshot.keeps_rounds();
    let x = if by_step { Axis::steps("outer step") } else { Axis::logarithmic("oracle calls") };
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, Axis::linear("f(λ, θ)"));
    for students in &drawn {
        let clock = if by_step { &OUTER_STEP } else { &CALLS };
        let rows = students.rows(clock, &STUDENT_VALUES);
        figure.layers.extend(students.lines(|student| {
            if students.count == 1 {
                return students.numbers(clock, &OUTER_VALUE);
            }
            rows.iter().map(|(at, values)| (*at, values.get(student).copied().unwrap_or(f64::NAN))).collect()
        }));
    }
    figure.empty = no_outer_step();
    say_alone(&mut figure, &drawn);
    finish(figure, snapshot)
}
