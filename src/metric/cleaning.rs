//! Data hyper-cleaning: the weight of each training row, and how well the weights tell clean rows from mislabelled
//! ones. Kept are the rows whose weight is at least one half (λᵢ ≥ 0).

use super::{Metric, Seen, Subject, Unit, When, needs};
use crate::catalog::Card;
use crate::trial::Stage;

/// σ(λᵢ), one a training row.
pub static ROW_WEIGHTS: Metric = Metric {
    unit: Unit::Share,
    when: When::Lambda,
    needs: weighs_rows,
    ..Metric::vector(
        Card {
            id: "row-weights",
            name: "Row weights",
            source: "Franceschi et al. 2017, section 5.1",
            equation: "σ(λᵢ)",
            summary: "The weight that λ gives each training row.",
            cost: "none",
            fails: "Rows that the model classifies well whatever their weight keep the weight they started with.",
            knobs: &[],
        },
        "σ(λ)",
        |seen| seen.stage().problem.row_weights(seen.lambda()).into(),
    )
};

/// Share of the kept rows that are clean.
pub static PRECISION: Metric = Metric {
    unit: Unit::Share,
    when: When::Lambda,
    needs: knows_labels,
    ..Metric::number(
        Card {
            id: "precision",
            name: "Precision of cleaning",
            source: "Franceschi et al. 2017, section 5.1",
            equation: "|kept ∩ clean| / |kept|, kept where σ(λᵢ) ≥ ½",
            summary: "Share of the kept training rows whose label is right.",
            cost: "none",
            fails: "Before the first outer step all rows are kept, and it is the share of right labels.",
            knobs: &[],
        },
        "precision",
        |seen| cleaning(seen).map(|cleaning| cleaning.precision).into(),
    )
};

/// Share of the clean rows that are kept.
pub static RECALL: Metric = Metric {
    unit: Unit::Share,
    when: When::Lambda,
    needs: knows_labels,
    ..Metric::number(
        Card {
            id: "recall",
            name: "Recall of cleaning",
            source: "Franceschi et al. 2017, section 5.1",
            equation: "|kept ∩ clean| / |clean|, kept where σ(λᵢ) ≥ ½",
            summary: "Share of the training rows with a right label that are kept.",
            cost: "none",
            fails: "Before the first outer step all rows are kept, and it is 1.",
            knobs: &[],
        },
        "recall",
        |seen| cleaning(seen).map(|cleaning| cleaning.recall).into(),
    )
};

/// Harmonic mean of the two.
pub static F1: Metric = Metric {
    unit: Unit::Share,
    when: When::Lambda,
    rank: 16,
    needs: knows_labels,
    ..Metric::number(
        Card {
            id: "f1",
            name: "F1 of cleaning",
            source: "Franceschi et al. 2017, section 5.1",
            equation: "2 |kept ∩ clean| / (|kept| + |clean|)",
            summary: "How well the weights tell right labels from wrong ones. Harmonic mean of precision and \
                      recall.",
            cost: "none",
            fails: "It asks on which side of one half a weight is, and not how sure it is.",
            knobs: &[],
        },
        "F1",
        |seen| cleaning(seen).map(|cleaning| cleaning.f1).into(),
    )
};

fn weighs_rows(subject: &Subject<'_>) -> Result<(), String> {
    let weighs = subject.stage.problem.row_weights(&subject.stage.lambda).is_some();
    needs::said(weighs, "λ gives no weights to rows here; `problem: HyperCleaning` does")
}

fn knows_labels(subject: &Subject<'_>) -> Result<(), String> {
    weighs_rows(subject)?;
    let why_not = "it is not known which labels are wrong; `data.label_noise` above 0 makes some that are";
    needs::said(Cleaning::at(subject.stage, &subject.stage.lambda).is_some(), why_not)
}

fn cleaning(seen: &Seen<'_>) -> Option<Cleaning> {
    struct Cleaned(Option<Cleaning>);
    seen.shared(|| Cleaned(Cleaning::at(seen.stage(), seen.lambda()))).0
}

/// What a weighting of rows keeps, held against which labels are truly clean.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cleaning {
    precision: f64,
    recall: f64,
    f1: f64,
}

impl Cleaning {
    fn at(stage: &Stage, lambda: &[f64]) -> Option<Self> {
        let weights = stage.problem.row_weights(lambda)?;
        let mislabelled = &stage.experiment()?.data.as_ref()?.mislabelled;
        (!mislabelled.is_empty() && weights.len() == mislabelled.len()).then(|| Self::of(&weights, mislabelled))
    }

    fn of(weights: &[f64], mislabelled: &[bool]) -> Self {
        let kept = weights.iter().zip(mislabelled).filter(|(weight, _)| **weight >= 0.5);
        let (kept, kept_clean) = kept.fold((0, 0), |(kept, clean), (_, wrong)| (kept + 1, clean + usize::from(!wrong)));
        let clean = mislabelled.iter().filter(|wrong| !**wrong).count();
        let (precision, recall) = (kept_clean as f64 / kept as f64, kept_clean as f64 / clean as f64);
        // As the harmonic mean, and zero where nothing that is kept is clean.
        Self { precision, recall, f1: 2.0 * kept_clean as f64 / (kept + clean) as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeping_is_counted_by_hand() {
        // Kept: rows 0, 1 and 3, of which 0 and 3 are clean; clean in all: 0, 2, 3.
        let cleaning = Cleaning::of(&[0.9, 0.5, 0.4, 0.6], &[false, true, false, false]);
        assert!((cleaning.precision - 2.0 / 3.0).abs() < 1e-15 && (cleaning.recall - 2.0 / 3.0).abs() < 1e-15);
        assert!((cleaning.f1 - 2.0 / 3.0).abs() < 1e-15);
    }
}
