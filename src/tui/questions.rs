//! Questions of somebody who sees this for the first time, each with the scenario that answers it, what is to be done
//! there, and the answer in words, to which the numbers on the screen are added.

use std::fmt::Write as _;

use crate::lab::Snapshot;
use crate::math::number::plain;
use crate::metric::{Metric, OUTER_STEP, REFIT_LOSS, TEST_LOSS, VALIDATION_LOSS};
use crate::probe::{self, bias_variance};

/// A question that a scenario answers.
pub struct Posed {
    /// The question.
    pub words: &'static str,
    /// The scenario that answers it.
    pub scenario: &'static str,
    /// What is to be done there.
    pub deed: Deed,
    /// The answer in words.
    pub answer: &'static str,
    /// The numbers that show it, once they are there.
    pub shown_by: fn(&Snapshot) -> Option<String>,
}

/// What makes a scenario answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Measure this.
    Measure(probe::Question),
    /// Finish the outer step, so that a whole inner run is on screen.
    OuterStep,
    /// Run to the planned end.
    Run,
}

impl std::fmt::Debug for Posed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.words)
    }
}

const BIAS_VARIANCE: probe::Question = probe::Question::of(&bias_variance::ENTRY);

/// Every question, in the order shown. The first chart of its scenario is the one that is shown.
pub static ALL: &[Posed] = &[
    Posed {
        words: "What are bias and variance of a hypergradient?",
        scenario: "bias-variance",
        deed: Deed::Measure(BIAS_VARIANCE),
        answer: "Draw the data again and again and look at all the estimates. Bias is how far their average is from the \
                 truth: the algorithm's fault, here too few training steps. Variance is how much they scatter around their \
                 average: the sample's fault. Together they are the mean squared error.",
        shown_by: bias_and_variance,
    },
    Posed {
        words: "What is super-efficiency?",
        scenario: "super-efficiency-strong",
        deed: Deed::OuterStep,
        answer: "Training stops early, so θ is a little wrong, and so is the hypergradient. As a rule ten times less error in \
                 θ means ten times less error in the hypergradient: slope 1. A super-efficient estimator gains a hundred \
                 times: slope 2, its error is the square of the inner error.",
        shown_by: slopes,
    },
    Posed {
        words: "Why does the test loss rise while the validation loss falls?",
        scenario: "overfitting",
        deed: Deed::Run,
        answer: "λ is fitted to the few validation rows as weights are fitted to training rows. First it learns what is true of \
                 all rows; then what is true of these rows only. That lowers the validation loss and raises the loss on rows \
                 that nobody has seen: overfitting to validation.",
        shown_by: overfitting,
    },
    Posed {
        words: "Does averaging over several splits help?",
        scenario: "ensembles",
        deed: Deed::Measure(BIAS_VARIANCE),
        answer: "Averaging over K splits of the same rows lowers the variance that the choice of the split causes, but not what \
                 the rows themselves cause: there is a floor. It does nothing about bias.",
        shown_by: bias_and_variance,
    },
];

/// The trials' bias and variance, once they were measured.
fn bias_and_variance(snapshot: &Snapshot) -> Option<String> {
    let answer = snapshot.findings.answer(BIAS_VARIANCE)?;
    let measured = answer.latest.as_ref()?;
    let words = joined(snapshot.trials.iter().filter_map(|trial| {
        let excerpt = measured.about(trial.id, &trial.setting)?;
        let two = excerpt.values.iter().take(2).map(|(name, value, _)| format!("{name} {}", plain(*value)));
        Some(format!("{}: {}", trial.setting.name, two.collect::<Vec<_>>().join(", ")))
    }))?;
    Some(answer.caution().map_or_else(|| words.clone(), |caution| format!("{words} ({caution})")))
}

/// The trials' slopes, once they can be read off.
fn slopes(snapshot: &Snapshot) -> Option<String> {
    joined(snapshot.trials.iter().filter_map(|trial| {
        let slope = trial.slope?.slope;
        let verdict = if trial.is_super_efficient() { ", super-efficient" } else { "" };
        Some(format!("{}: slope {slope:.2}{verdict}", trial.setting.name))
    }))
}

/// How far validation has fallen since the test loss of the first trial was least, and how far that has risen.
fn overfitting(snapshot: &Snapshot) -> Option<String> {
    let trial = snapshot.trials.first()?;
    let curve = |metric: &Metric| trial.outer_records.points(&OUTER_STEP, metric);
    let refit = curve(&REFIT_LOSS);
    let (test, name) =
        if refit.is_empty() { (curve(&TEST_LOSS), "test loss") } else { (refit, "test loss after a refit") };
    let validation = curve(&VALIDATION_LOSS);
    let (best, least) = test.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let (last, now) = *test.last()?;
    let (_, then) = *validation.iter().find(|(step, _)| *step == best)?;
    let (_, end) = *validation.last()?;
    if last == best {
        return None;
    }
    let mut words = format!("{}, from outer step {best} to {last}: ", trial.setting.name);
    let _ = write!(words, "validation loss {} → {}, {name} {} → {}", plain(then), plain(end), plain(least), plain(now));
    let _ = write!(words, " ({:+.3}).", now - least);
    Some(words)
}

fn joined(found: impl Iterator<Item = String>) -> Option<String> {
    let found: Vec<String> = found.collect();
    (!found.is_empty()).then(|| found.join(" · "))
}
