//! Students that start at different λ₀ and know nothing of one another.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{Entry, Ground};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};

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
                help: "Students K; the first starts at λ₀.",
                kind: Kind::Integer { default: 8, range: (1, 256), scale: Scale::Logarithmic },
            },
            Knob {
                key: "starts",
                help: "Where the others start.",
                kind: Kind::Choice {
                    options: &[
                        ("Around", "λ₀ and a normal deviation in every entry, moved to the nearest bound beyond it"),
                        ("Within", "anywhere between the bounds in force, which the scenario should then set"),
                    ],
                },
            },
            Knob {
                key: "spread",
                help: "Standard deviation of the starts around λ₀.",
                kind: Kind::Real { default: 2.0, range: (0.0, 100.0), scale: Scale::Linear },
            },
        ],
    },
    students: |knobs| knobs.count("students"),
    start,
};

fn start(knobs: &Knobs, ground: &Ground<'_>, random: &mut ChaCha8Rng) -> Vec<f64> {
    if ground.student == 0 {
        return ground.lambda.to_vec();
    }
    if knobs.choice("starts") == "Within" {
        return ground.blocks.bounds().map(|(low, high)| low + (high - low) * random.random::<f64>()).collect();
    }
    let spread = knobs.real("spread");
    let normal = StandardNormal.sample_iter(random);
    let mut start: Vec<f64> = ground.lambda.iter().zip(normal).map(|(x, z): (&f64, f64)| x + spread * z).collect();
    ground.blocks.clamp(&mut start);
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;
    use crate::math::random::{Purpose, stream};
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
