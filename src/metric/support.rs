//! How many entries of θ are not zero, for penalties that make zeros, and how many of them should be or should not.

use super::{Metric, Seen, Subject, Unit, needs};
use crate::catalog::Card;
use crate::problem::Proximal;

/// The size of the support of θ.
pub static SUPPORT: Metric = Metric {
    unit: Unit::Entries,
    rank: 17,
    needs: has_kinks,
    ..Metric::number(
        Card {
            id: "support",
            name: "Size of the support",
            source: "Tibshirani 1996; Bertrand et al. 2020",
            equation: "|{j : θ_j ≠ 0}|; over members the mean",
            summary: "How many entries of θ are not zero: the features that the model uses.",
            cost: "a pass over θ",
            fails: "It counts what the inner run has left of θ; that of θ* may be another until it has settled.",
            knobs: &[],
        },
        "‖θ‖₀",
        |seen| mean(seen, |proximal, theta, _| Some(proximal.support(theta))).into(),
    )
};

/// Entries that are on the support of θ or on that of θ*, and not on both.
pub static SUPPORT_ERROR: Metric = Metric {
    unit: Unit::Entries,
    needs: |subject| has_kinks(subject).and_then(|()| needs::solution(subject)),
    ..Metric::number(
        Card {
            id: "support-error",
            name: "Wrong entries of the support",
            source: "Liang, Fadili and Peyré 2014; Bertrand et al. 2022, section 3",
            equation: "|supp θ △ supp θ*|; over members the mean",
            summary: "How many entries of θ are zero and should not be, or the other way round. Where it is 0 the support \
                      is identified, and from there on the inner loop is smooth.",
            cost: "an exact answer at every λ",
            fails: "It counts entries, not signs.",
            knobs: &[],
        },
        "wrong zeros",
        |seen| {
            mean(seen, |proximal, theta, member| {
                let star = &seen.truth()?.members.get(member)?.theta;
                let (own, exact) = (pattern(proximal, theta), pattern(proximal, star));
                Some(own.iter().zip(&exact).filter(|(own, exact)| own != exact).count())
            })
            .into()
        },
    )
};

fn has_kinks(subject: &Subject<'_>) -> Result<(), String> {
    let smooth = "no entry of θ is kept at zero by a smooth penalty; problems with |θ| in their penalty have a support";
    needs::said(subject.stage.problem.proximal().is_some(), smooth)
}

/// One on the support, zero off it.
fn pattern(proximal: &dyn Proximal, theta: &[f64]) -> Vec<f64> {
    let mut pattern = vec![1.0; theta.len()];
    proximal.restrict(theta, &mut pattern);
    pattern
}

/// The mean over members of a count, told θ and the member's number; nothing where one has none.
fn mean(seen: &Seen<'_>, count: impl Fn(&dyn Proximal, &[f64], usize) -> Option<usize>) -> Option<f64> {
    let proximal = seen.stage().problem.proximal()?;
    let counts = seen.loops().thetas().enumerate().map(|(member, theta)| count(proximal, theta, member));
    let counts: Option<Vec<usize>> = counts.collect();
    counts.map(|counts| counts.iter().sum::<usize>() as f64 / counts.len() as f64)
}
