//! Who is whose child in a population whose students are replaced.

use super::{Kind, Metric, Seen, Subject, Unit, When, needs};
use crate::catalog::Card;
use crate::trial::Lineage;

/// The first ancestor of every student.
pub static FOUNDERS: Metric = Metric {
    needs: exchanges,
    ..Metric::vector(
        Card {
            id: "founders",
            name: "Founders",
            source: "Jaderberg et al. 2017, figure of phylogenies",
            equation: "identifier of the first ancestor of student k",
            summary: "Which of the students at the start each student comes from. One that was drawn anew is its own founder, with a new number.",
            cost: "none",
            fails: "Students of one founder may be far apart by now.",
            knobs: &[],
        },
        "founder",
        |seen| {
            of(seen, |lineage| lineage.founders().iter().map(|founder| *founder as f64).collect::<Vec<f64>>()).into()
        },
    )
};

/// Whose copy every student is that was born in the last exchange.
pub static PARENTS: Metric = Metric {
    needs: exchanges,
    ..Metric::vector(
        Card {
            id: "parents",
            name: "Parents",
            source: "Jaderberg et al. 2017",
            equation: "number of the student that student k was copied from; none for one that was there before",
            summary: "Whose place was taken over by whose copy at the end of the round before this one. A student that stayed has no number.",
            cost: "none",
            fails: "Where long runs are thinned out, the rounds between are not seen.",
            knobs: &[],
        },
        "parent",
        |seen| {
            let number = |parent: Option<usize>| parent.map_or(f64::NAN, |parent| parent as f64);
            of(seen, |lineage| lineage.parents().into_iter().map(number).collect::<Vec<f64>>()).into()
        },
    )
};

/// What the entries of the last children were multiplied by.
pub static MUTATION: Metric = Metric {
    needs: exchanges,
    ..Metric::vector(
        Card {
            id: "mutation",
            name: "Mutation",
            source: "Tao et al. 2020",
            equation: "α of the first child, …, α of the last",
            summary: "What the last exchange multiplied each hyperparameter by, one child after the other. Empty in a round without children.",
            cost: "none",
            fails: "It multiplies places in the box: near the lower bound it moves little, near the upper one it is cut off.",
            knobs: &[],
        },
        "α",
        |seen| {
            of(seen, |lineage| lineage.last().iter().flat_map(|step| step.factors.clone()).collect::<Vec<f64>>()).into()
        },
    )
};

/// How many founders have students left.
pub static SURVIVING_FOUNDERS: Metric = Metric {
    kind: Kind::Count,
    needs: exchanges,
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "surviving-founders",
            name: "Surviving founders",
            source: "this project's reading of Jaderberg et al. 2017",
            equation: "|{founder of k}|",
            summary: "How many of the first students have descendants left. With one of them, one basin owns the population.",
            cost: "none",
            fails: "Two founders may have started in one basin.",
            knobs: &[],
        },
        "founders",
        |seen| of(seen, Lineage::surviving).into(),
    )
};

/// Parents between the leader and its founder.
pub static GENERATION: Metric = Metric {
    kind: Kind::Count,
    needs: exchanges,
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "generation",
            name: "Generation",
            source: "this project's reading of Jaderberg et al. 2017",
            equation: "copies between the leader and its founder",
            summary: "How often the best student was copied and mutated since the start: 0 for one that was there from the beginning.",
            cost: "none",
            fails: "A leader that nobody replaces stays of its generation, while its children are ahead.",
            knobs: &[],
        },
        "generation",
        |seen| of(seen, |lineage| lineage.generations()[seen.leading()]).into(),
    )
};

/// When one founder owned all.
pub static TAKE_OVER: Metric = Metric {
    unit: Unit::Steps,
    needs: exchanges,
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "take-over",
            name: "Round of the take-over",
            source: "this project's reading of Jaderberg et al. 2017",
            equation: "first round at whose end all students are of one founder",
            summary: "When a single founder came to own the whole population; nothing as long as several have students.",
            cost: "none",
            fails: "Later than this nothing but mutation finds another basin.",
            knobs: &[],
        },
        "take-over",
        |seen| of(seen, Lineage::taken_over).flatten().into(),
    )
};

fn of<T>(seen: &Seen<'_>, read: impl Fn(&Lineage) -> T) -> Option<T> {
    seen.lineage().map(read)
}

fn exchanges(subject: &Subject<'_>) -> Result<(), String> {
    let has_children = subject.setting.population.entry().exchange.is_some();
    needs::said(has_children, "no student is replaced; `population: Hpm(students: 10)` replaces the worst")
}
