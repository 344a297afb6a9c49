//! The share of rows classified correctly, on training, validation and test rows.

use super::score::score;
use super::{Metric, Reading, Seen, Unit, needs};
use crate::catalog::Card;
use crate::problem::Sample;

/// On the training rows.
pub static TRAINING_ACCURACY: Metric = Metric {
    unit: Unit::Share,
    needs: |subject| needs::classes(subject, Sample::Training),
    ..Metric::number(
        Card {
            id: "training-accuracy",
            name: "Training accuracy",
            source: "",
            equation: "share of the training rows classified as they are labelled",
            summary: "How well the model fits the labels it learns from, right or wrong.",
            cost: "a pass over the training rows",
            fails: "Where labels are wrong, a perfect score is a bad sign.",
            knobs: &[],
        },
        "training accuracy",
        |seen| accuracy(seen, Sample::Training),
    )
};

/// On the validation rows.
pub static VALIDATION_ACCURACY: Metric = Metric {
    unit: Unit::Share,
    needs: |subject| needs::classes(subject, Sample::Validation),
    ..Metric::number(
        Card {
            id: "validation-accuracy",
            name: "Validation accuracy",
            source: "",
            equation: "share of the validation rows classified correctly",
            summary: "How often the model is right on the rows that λ is judged by.",
            cost: "a pass over the validation rows",
            fails: "λ is fitted to these rows, so it flatters.",
            knobs: &[],
        },
        "validation accuracy",
        |seen| accuracy(seen, Sample::Validation),
    )
};

/// On rows that neither objective sees.
pub static TEST_ACCURACY: Metric = Metric {
    unit: Unit::Share,
    rank: 6,
    needs: |subject| needs::classes(subject, Sample::Test),
    ..Metric::number(
        Card {
            id: "test-accuracy",
            name: "Test accuracy",
            source: "Franceschi et al. 2017, section 5.1",
            equation: "share of the test rows, or of new tasks' rows, classified correctly",
            summary: "What counts in the end: how often the model is right on rows that neither objective sees.",
            cost: "a pass over the test rows, or an inner run for each new task; not counted",
            fails: "A few hundred rows tell apart no less than a percent or two.",
            knobs: &[],
        },
        "accuracy",
        |seen| accuracy(seen, Sample::Test),
    )
};

fn accuracy(seen: &Seen<'_>, sample: Sample) -> Reading {
    score(seen, sample).and_then(|score| score.accuracy).into()
}
