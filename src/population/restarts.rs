//! Students that start at different λ₀ and know nothing of one another.

use super::Entry;
use super::starts::{SPREAD, STARTS, start};
use crate::catalog::{Card, Kind, Knob, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "restarts",
        name: "Restarts",
        source: "the baseline of Tao et al. 2020; where students start is this project's",
        equation: "leader = argmin_k f(λ_k, θ_k)",
        summary: "Several λ from different starts, each moved by its own hypergradients; the best one counts. Of \
                  the K students, that is the one whose f is least.",
        cost: "K inner runs and K estimates an outer step",
        fails: "At equal cost one long run may do better: where all minima are as good, K short runs only share the budget.",
        knobs: &[
            Knob {
                key: "students",
                help: "Students K.",
                kind: Kind::Integer { default: 8, range: (1, 256), scale: Scale::Logarithmic },
            },
            STARTS,
            SPREAD,
        ],
    },
    students: |knobs| knobs.count("students"),
    start,
    exchange: None,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Knobs, Value};
    use crate::math::random::{Purpose, stream};
    use crate::population::Ground;
    use crate::problem::{Block, Blocks};

    /// 4000 starts: the sample mean of a uniform on an interval of width w lies within five of its standard errors,
    /// w/√(12·4000), but for one time in two million; likewise of a normal.
    #[test]
    fn starts_are_spread_as_the_knobs_say() {
        let blocks = Blocks::new(vec![Block::numbered("x", 1).within(-3.0, 9.0)]);
        let mut knobs = Knobs::defaults(ENTRY.card.knobs);
        let mean_and_range = |knobs: &Knobs| {
            let starts = (1..=4000).map(|student| {
                let ground = Ground { student, lambda: &[1.0], blocks: &blocks };
                start(knobs, &ground, &mut stream(5, Purpose::Population, &[student as u64]))[0]
            });
            let starts: Vec<f64> = starts.collect();
            let ends = starts.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
            (starts.iter().sum::<f64>() / 4000.0, ends)
        };
        knobs.set("spread", Value::Real(0.5)).unwrap();
        let (mean, (low, high)) = mean_and_range(&knobs);
        assert!((mean - 1.0).abs() < 5.0 * 0.5 / 4000f64.sqrt() && low > -2.5 && high < 4.5, "{mean} {low} {high}");
        assert!(low < 0.0 && high > 2.0, "{low} {high}");
        knobs.set("starts", Value::Choice("Within")).unwrap();
        let (mean, (low, high)) = mean_and_range(&knobs);
        assert!((mean - 3.0).abs() < 5.0 * 12.0 / (12.0f64 * 4000.0).sqrt(), "{mean}");
        assert!((-3.0..-2.9).contains(&low) && (8.9..=9.0).contains(&high), "{low} {high}");
    }
}
