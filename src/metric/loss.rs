//! Mean loss without penalty, on training, validation and test rows.

use super::score::score;
use super::{Metric, Reading, Seen, needs};
use crate::catalog::Card;
use crate::problem::Sample;

/// On the training rows.
pub static TRAINING_LOSS: Metric = Metric {
    rank: 13,
    needs: |subject| needs::rows(subject, Sample::Training),
    ..Metric::number(
        Card {
            id: "training-loss",
            name: "Training loss",
            source: "Franceschi et al. 2018, section 2",
            equation: "mean loss of θ on the training rows, without penalty",
            summary: "How well the model fits the rows it learns from.",
            cost: "a pass over the training rows",
            fails: "Low values are what overfitting looks like from inside.",
            knobs: &[],
        },
        "training",
        |seen| loss(seen, Sample::Training),
    )
};

/// On the validation rows.
pub static VALIDATION_LOSS: Metric = Metric {
    needs: |subject| needs::rows(subject, Sample::Validation),
    ..Metric::number(
        Card {
            id: "validation-loss",
            name: "Validation loss",
            source: "Franceschi et al. 2018, section 2",
            equation: "mean loss of θ on the validation rows, without penalty",
            summary: "How well the model does on the rows that λ is judged by.",
            cost: "a pass over the validation rows",
            fails: "One that falls while the test loss rises is overfitting to the validation set.",
            knobs: &[],
        },
        "validation",
        |seen| loss(seen, Sample::Validation),
    )
};

/// On rows that neither objective sees.
pub static TEST_LOSS: Metric = Metric {
    rank: 7,
    needs: |subject| needs::rows(subject, Sample::Test),
    ..Metric::number(
        Card {
            id: "test-loss",
            name: "Test loss",
            source: "Franceschi et al. 2018, section 2",
            equation: "mean loss of θ on test rows; in a family of tasks on new tasks, each learned with this λ",
            summary: "The loss on rows that neither training nor tuning sees: what counts. New tasks are learned \
                      where an inner run is over.",
            cost: "a pass over the test rows, or an inner run for each new task; not counted",
            fails: "A few hundred rows tell apart no less than a percent or two.",
            knobs: &[],
        },
        "test",
        |seen| loss(seen, Sample::Test),
    )
};

fn loss(seen: &Seen<'_>, sample: Sample) -> Reading {
    score(seen, sample).map(|score| score.loss).into()
}
