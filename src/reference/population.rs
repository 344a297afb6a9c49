//! The exact hypergradient of the population: both objectives over it, at its own θ*(λ).
//!
//! What infinitely many rows would say. Of a Gaussian regression it is had from the moments, of other synthetic data from
//! one large sample; a data set is a finite pool that stands for its population. Source: Zhou, Shu, Liu, Meng 2026.

use super::{EVERY, Entry, Gives, Ground, Held};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "population",
        name: "Population",
        source: "Zhou, Shu, Liu, Meng 2026",
        equation: "∇F(λ) with E over the population in f and in g",
        summary: "The hypergradient that infinitely many rows would give. It is that of the moments of a Gaussian \
                  regression, of one sample of 10 000 rows of other synthetic data, of the whole of a data set.",
        cost: "an exact inner solution over the population, once a λ that it is taken at",
        fails: "An estimate from n rows differs from it by noise and bias together, however exact it is about its rows: the \
                probe bias-variance tells them apart. The penalty is the same, so that θ* is not that of n rows either.",
        knobs: &[EVERY],
    },
    spacing: |_| 1,
    gives: |about| {
        if !about.has_population {
            let words =
                "`Population` needs rows that are drawn from one: not tasks, and not rows that λ weighs one by one";
            return Err(format!("{words}; `SameData` needs none"));
        }
        if about.is_unique {
            Ok(Gives::Population)
        } else {
            Err("`Population` is taken at θ*, which this problem has several of; `OfTheRun` asks for none".to_owned())
        }
    },
    find,
};

fn find(ground: &dyn Ground) -> Held {
    let Some(truth) = ground.population() else { return Held::nothing(ground.outer_dimension()) };
    let mut hypergradient = truth.hypergradient.clone();
    hypergradient.resize(ground.outer_dimension(), 0.0);
    Held {
        hypergradient,
        floor: truth.floor,
        value: truth.value,
        condition: truth.condition,
        doubt: truth.doubt.clone(),
        gives: Gives::Population,
        // θ* of the population is nobody's inner solution.
        members: Vec::new(),
    }
}
