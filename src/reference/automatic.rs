//! The reference that fits: the exact hypergradient where there is one, the derivative of the run where λ holds what
//! only the run depends on, or where the inner solution is not unique.

use super::{About, EVERY, Entry, Gives, of_the_run, same_data};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "automatic",
        name: "Whichever fits",
        source: "",
        equation: "∇F(λ), or dλ f(λ, θ_T(λ)) where the schedule is learned or θ* is not unique",
        summary: "Whichever truth fits the problem. The exact hypergradient of the same data; of the run where λ \
                  holds a schedule, on which θ* does not depend, or where the inner problem has several solutions.",
        cost: "as the one it stands for",
        fails: "As the one it stands for.",
        knobs: &[EVERY],
    },
    gives: |about| if is_exact(about) { Ok(Gives::Solution) } else { Ok(Gives::Run) },
    find: |ground| if is_exact(ground.about()) { same_data::find(ground) } else { of_the_run::find(ground) },
};

fn is_exact(about: About) -> bool {
    about.is_unique && !about.learns_dynamics
}
