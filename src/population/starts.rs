//! Where the students of a population start, and the knobs that say so.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::Ground;
use crate::catalog::{Kind, Knob, Knobs, Scale};

/// Where students start.
pub(super) const STARTS: Knob = Knob {
    key: "starts",
    help: "Where the others start.",
    kind: Kind::Choice {
        options: &[
            ("Around", "λ₀ and a normal deviation in every entry, moved to the nearest bound beyond it"),
            ("Within", "anywhere between the bounds in force, which the scenario should then set"),
            ("Anywhere", "the same, the first one too"),
        ],
    },
};

/// The same for populations that move in the box of the bounds.
pub(super) const STARTS_IN_BOX: Knob = Knob {
    key: "starts",
    help: "Where students start.",
    kind: Kind::Choice {
        options: &[
            ("Within", "anywhere in the box"),
            ("Around", "the first at λ₀, the others at a normal deviation from it in every entry"),
        ],
    },
};

/// How far from λ₀.
pub(super) const SPREAD: Knob = Knob {
    key: "spread",
    help: "Standard deviation of the starts around λ₀.",
    kind: Kind::Real { default: 2.0, range: (0.0, 100.0), scale: Scale::Linear },
};

/// Where a student starts, the first at λ₀.
pub(super) fn start(knobs: &Knobs, ground: &Ground<'_>, random: &mut ChaCha8Rng) -> Vec<f64> {
    match (knobs.choice(STARTS.key), ground.student) {
        ("Anywhere", _) | ("Within", 1..) => return within(ground, random),
        (_, 0) => return ground.lambda.to_vec(),
        _ => {}
    }
    let spread = knobs.real(SPREAD.key);
    let normal = StandardNormal.sample_iter(random);
    let mut start: Vec<f64> = ground.lambda.iter().zip(normal).map(|(x, z): (&f64, f64)| x + spread * z).collect();
    ground.blocks.clamp(&mut start);
    start
}

/// The same, but that all may start anywhere in the box, the first too.
pub(super) fn start_in_box(knobs: &Knobs, ground: &Ground<'_>, random: &mut ChaCha8Rng) -> Vec<f64> {
    if knobs.choice(STARTS.key) == "Within" { within(ground, random) } else { start(knobs, ground, random) }
}

/// Uniform between the bounds.
fn within(ground: &Ground<'_>, random: &mut ChaCha8Rng) -> Vec<f64> {
    ground.blocks.bounds().map(|(low, high)| low + (high - low) * random.random::<f64>()).collect()
}
