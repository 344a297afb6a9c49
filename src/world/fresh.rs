//! Other rows and another start at every outer step.
//!
//! What a meta-learner does with a data set: every outer step divides it anew and begins from weights drawn anew, so that
//! λ cannot be fitted to one split and one start (Micaelli and Storkey 2021, algorithm 1). Rows that are drawn from the
//! population itself say what infinitely many would teach.

use rand_chacha::ChaCha8Rng;

use super::{Entry, Ground};
use crate::catalog::{Card, Kind, Knob, Knobs};
use crate::data::Split;
use crate::ensemble::resplit;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "fresh",
        name: "Fresh world",
        source: "Micaelli and Storkey 2021, algorithm 1; stochastic splits as in Lorraine et al. 2020",
        equation: "S_tr⁽ᵗ⁾, S_val⁽ᵗ⁾, θ₀⁽ᵗ⁾ at outer step t",
        summary: "Other rows at every outer step. Other training and validation rows, and another θ₀ where it is \
                  drawn, at every outer step after the first: another split of the scenario's rows, or new rows \
                  from its population.",
        cost: "the rows are prepared anew at every outer step; no oracle call more",
        fails: "Features are shifted and scaled once, as the scenario says of its own rows. Estimates differ from step to step by their rows: a rule that takes long steps follows the noise. Losses of \
                different outer steps are about different rows.",
        knobs: &[
            Knob {
                key: "rows",
                help: "Where an outer step's rows come from.",
                kind: Kind::Choice {
                    options: &[
                        ("Resplit", "training and validation rows of the scenario, divided anew"),
                        ("Redrawn", "new rows from the population of synthetic data"),
                    ],
                },
            },
            Knob {
                key: "start",
                help: "Whether θ₀ is drawn anew as well, where it is drawn at all.",
                kind: Kind::Toggle { default: true },
            },
        ],
    },
    moves: true,
    is_in_order: false,
    restarts: |knobs| knobs.toggle("start"),
    split,
};

fn split(knobs: &Knobs, ground: &Ground<'_>, random: &mut ChaCha8Rng) -> Result<Split, String> {
    if ground.about_rows {
        return Err(
            "λ weighs the scenario's own training rows, and there are others at every outer step; expected `Fixed`, \
                    with the ensemble `Fresh(members: 1)` to divide them anew"
                .to_owned(),
        );
    }
    if knobs.choice("rows") != "Redrawn" {
        return resplit(ground.split, random);
    }
    let drawn_from = (ground.population)().filter(|world| world.is_population() && !world.is_family());
    let population = drawn_from.ok_or_else(|| {
        "`Redrawn` takes new rows from a population, and these rows are a data set or tasks; expected `Resplit`"
            .to_owned()
    })?;
    // Out of reach of the replicates of probes, which count from 0.
    let drawn = population.split(OUTER_STEPS + ground.outer as u64, 0).map_err(|error| error.to_string())?;
    Ok(Split { test: ground.split.test.clone(), ..drawn })
}

/// The first replicate of the population that an outer step can be.
const OUTER_STEPS: u64 = 1 << 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Samples;
    use crate::math::Matrix;
    use crate::math::random::{Purpose, stream};

    /// Five rows train and three validate; the feature is the row's number.
    fn base() -> Split {
        let rows = |range: std::ops::Range<usize>| {
            let features = Matrix::from_fn(range.len(), 1, |row, _| (range.start + row) as f64);
            Samples::new(features, range.map(|row| row as f64).collect())
        };
        Split { training: rows(0..5), validation: rows(5..8), test: rows(8..10), ..Split::default() }
    }

    fn ground(split: &Split) -> Ground<'_> {
        Ground { split, about_rows: false, population: &|| None, later: &|| None, outer: 1 }
    }

    #[test]
    fn a_fresh_split_has_the_same_rows_on_sides_as_large_as_before() {
        let base = base();
        let knobs = Knobs::defaults(ENTRY.card.knobs);
        let mut others = 0;
        for step in 0..20 {
            let split = split(&knobs, &ground(&base), &mut stream(3, Purpose::World, &[step])).unwrap();
            assert_eq!((split.training.targets.len(), split.validation.targets.len()), (5, 3));
            assert_eq!(split.test, base.test);
            let mut all = [split.training.targets.clone(), split.validation.targets.clone()].concat();
            all.sort_by(f64::total_cmp);
            assert_eq!(all, (0..8).map(f64::from).collect::<Vec<_>>());
            assert_eq!(split.training.features.dense().entries(), &split.training.targets[..]);
            others += usize::from(split.training.targets != base.training.targets);
        }
        // One in 56 is as before.
        assert!(others > 10, "{others}");
    }

    #[test]
    fn what_it_cannot_do_is_said_with_what_would_work() {
        let base = base();
        let redrawn = Knobs::defaults(ENTRY.card.knobs).with("rows", crate::catalog::Value::Choice("Redrawn"));
        let refused = split(&redrawn, &ground(&base), &mut stream(3, Purpose::World, &[])).unwrap_err();
        assert!(refused.ends_with("expected `Resplit`"), "{refused}");
        let weighed = Ground { about_rows: true, ..ground(&base) };
        let refused = split(&redrawn, &weighed, &mut stream(3, Purpose::World, &[])).unwrap_err();
        assert!(refused.contains("expected `Fixed`"), "{refused}");
    }
}
