//! The reference that fits: the exact hypergradient where there is one, the derivative of the run where λ holds what
//! only the run depends on, or where the inner solution is not unique.

use super::{About, EVERY, Entry, Gives, Held, of_the_run, same_data};
use crate::catalog::Card;

pub(crate) const ENTRY: Entry = Entry {
    card: Card {
        id: "automatic",
        name: "Whichever fits",
        source: "",
        equation: "∇F(λ), or dλ f(λ, θ_T(λ)) where the schedule is learned or θ* is not unique",
        summary: "Whichever truth fits the problem. The exact hypergradient of the same data; of the run where λ \
                  holds a schedule, on which θ* does not depend, or where the inner problem has several solutions. Where \
                  an exact answer takes more than 20 s it is asked for every 2, 5, 10, 20 or 50 outer steps, and not at \
                  all where that is not enough.",
        cost: "as the one it stands for",
        fails: "As the one it stands for.",
        knobs: &[EVERY],
    },
    gives: |about| Ok(gives(about)),
    spacing: |about| if is_exact(about) { spacing(about.seconds).unwrap_or(1) } else { 1 },
    find: |ground| match gives(ground.about()) {
        Gives::Solution => same_data::find(ground),
        Gives::Run => of_the_run::find(ground),
        Gives::Population | Gives::Nothing => Held::nothing(ground.outer_dimension()),
    },
};

/// Seconds of an outer step that exact answers may take on the average; by the sizes of the problem.
const BUDGET: f64 = 20.0;

/// Outer steps between two answers that are tried.
const SPACINGS: [usize; 6] = [1, 2, 5, 10, 20, 50];

/// Outer steps from one answer to the next; nothing where none of them is rare enough.
fn spacing(seconds: f64) -> Option<usize> {
    SPACINGS.into_iter().find(|every| seconds <= BUDGET * *every as f64)
}

fn gives(about: About) -> Gives {
    if !is_exact(about) {
        Gives::Run
    } else if spacing(about.seconds).is_some() {
        Gives::Solution
    } else {
        Gives::Nothing
    }
}

fn is_exact(about: About) -> bool {
    about.is_unique && !about.learns_dynamics
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(seconds: f64) -> About {
        About { is_unique: true, learns_dynamics: false, has_population: false, seconds }
    }

    #[test]
    fn answers_that_are_dear_are_asked_for_less_often_and_then_not_at_all() {
        for (seconds, every) in [(0.0, 1), (19.9, 1), (30.0, 2), (45.0, 5), (200.0, 10), (1000.0, 50)] {
            assert_eq!((ENTRY.spacing)(about(seconds)), every, "{seconds}");
            assert_eq!((ENTRY.gives)(about(seconds)), Ok(Gives::Solution));
        }
        assert_eq!((ENTRY.gives)(about(1001.0)), Ok(Gives::Nothing));
        // What the run itself gives costs what the run costs.
        let of_the_run = About { is_unique: false, ..about(1e6) };
        assert_eq!((ENTRY.gives)(of_the_run), Ok(Gives::Run));
        assert_eq!((ENTRY.spacing)(of_the_run), 1);
    }
}
