//! What a trial thinks it has gained and the world does not confirm.

use super::score::score;
use super::{Metric, needs};
use crate::catalog::Card;
use crate::problem::Sample;

/// Test loss less validation loss.
pub static GAP: Metric = Metric {
    needs: |subject| needs::rows(subject, Sample::Validation).and_then(|()| needs::rows(subject, Sample::Test)),
    ..Metric::number(
        Card {
            id: "gap",
            name: "Gap between test and validation",
            source: "Zhou, Shu, Liu, Meng 2026",
            equation: "test loss − validation loss of the same θ",
            summary: "How much better λ looks on the validation rows than it is.",
            cost: "none beyond the two losses",
            fails: "A gap can be large and harmless: what counts in the end is the test loss itself.",
            knobs: &[],
        },
        "gap",
        |seen| {
            let loss = |sample| score(seen, sample).map(|score| score.loss);
            loss(Sample::Test).zip(loss(Sample::Validation)).map(|(test, validation)| test - validation).into()
        },
    )
};
