//! The students of a population: where each is, what it is judged by, who leads.

use super::{Kind, Metric, Subject, When, needs};
use crate::catalog::Card;

/// λ of every student, one after the other.
pub static STUDENT_LAMBDA: Metric = Metric {
    needs: several,
    ..Metric::vector(
        Card {
            id: "student-lambda",
            name: "Hyperparameters of every student",
            source: "Tao et al. 2020",
            equation: "λ_{k,1}, …, λ_{k,K}",
            summary: "Where the outer loop has taken the λ of each student, one student after the other.",
            cost: "none",
            fails: "A student that has stopped stays where it was.",
            knobs: &[],
        },
        "λ_k",
        |seen| seen.students().iter().flat_map(|student| student.lambda()).copied().collect::<Vec<f64>>().into(),
    )
};

/// f of every student.
pub static STUDENT_VALUES: Metric = Metric {
    needs: several,
    ..Metric::vector(
        Card {
            id: "student-values",
            name: "Outer objective of every student",
            source: "Tao et al. 2020",
            equation: "f(λ_k, θ_k)",
            summary: "What the students are judged by, at the end of their inner runs. The least one leads.",
            cost: "none: they are evaluated to choose the leader, and not counted",
            fails: "The least of many noisy values is too low: the leader looks better than it is.",
            knobs: &[],
        },
        "f_k",
        |seen| {
            let value = |(_, f): (f64, f64)| f;
            seen.students().iter().map(|student| value(student.values())).collect::<Vec<f64>>().into()
        },
    )
};

/// The number of the student that leads.
pub static LEADER: Metric = Metric {
    needs: several,
    kind: Kind::Count,
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "leader",
            name: "Leader",
            source: "Tao et al. 2020",
            equation: "argmin_k f(λ_k, θ_k)",
            summary: "The number of the student that the trial is recorded of, from 0: the one whose f is least.",
            cost: "none",
            fails: "Where two are about as good they take turns, and what is recorded of the trial jumps.",
            knobs: &[],
        },
        "leader",
        |seen| (seen.leading() as f64).into(),
    )
};

fn several(subject: &Subject<'_>) -> Result<(), String> {
    needs::said(subject.setting.students() > 1, "there is one student; `population: Restarts(students: 8)` has several")
}
