//! How the model does that one would use in the end: trained again on training and validation rows together, with
//! this λ and this inner loop, and tested.

use std::sync::Arc;

use super::{Metric, Seen, Subject, Unit, When, needs};
use crate::catalog::Card;
use crate::ensemble;
use crate::problem::{Problem, Sample, Score};
use crate::trial::Stage;

/// Loss on the test rows.
pub static REFIT_LOSS: Metric = Metric {
    when: When::Outer,
    rank: 14,
    needs: wanted,
    ..Metric::number(
        Card {
            id: "refit-loss",
            name: "Test loss after a refit",
            source: "Franceschi et al. 2018, section 6",
            equation: "mean test loss of θ trained on training and validation rows together, at this λ",
            summary: "What one would use in the end: a model trained again on all rows but the test rows, where the \
                      scenario asks for it. Validation rows are trusted and have no weight to learn.",
            cost: "an inner run at every outer step; not counted",
            fails: "λ was chosen for fewer training rows than the refit has.",
            knobs: &[],
        },
        "refit",
        |seen| refit(seen).map(|score| score.loss).into(),
    )
};

/// Accuracy on the test rows.
pub static REFIT_ACCURACY: Metric = Metric {
    unit: Unit::Share,
    when: When::Outer,
    rank: 15,
    needs: |subject| wanted(subject).and_then(|()| needs::classes(subject, Sample::Test)),
    ..Metric::number(
        Card {
            id: "refit-accuracy",
            name: "Test accuracy after a refit",
            source: "Franceschi et al. 2018, section 6",
            equation: "share of test rows classified correctly by θ trained on all other rows, at this λ",
            summary: "What one would use in the end, where the scenario asks for it.",
            cost: "an inner run at every outer step; not counted",
            fails: "λ was chosen for fewer training rows than the refit has.",
            knobs: &[],
        },
        "refit accuracy",
        |seen| refit(seen).and_then(|score| score.accuracy).into(),
    )
};

fn wanted(subject: &Subject<'_>) -> Result<(), String> {
    needs::rows(subject, Sample::Test)?;
    let is_asked = subject.stage.experiment().is_some_and(|experiment| experiment.scenario.refit);
    needs::said(is_asked, "no refit is made at outer steps; `refit: true` in the scenario asks for one")?;
    needs::said(problem(subject.stage).is_some(), "tasks have no rows in common to be refitted on; one split has")
}

fn refit(seen: &Seen<'_>) -> Option<Score> {
    struct Refit(Option<Score>);
    let score = || {
        let problem = problem(seen.stage())?;
        problem.score(Sample::Test, seen.own_lambda(), &seen.loops().learned(&problem))
    };
    seen.shared(|| Refit(score())).0
}

/// The problem on all rows but the test rows.
fn problem(stage: &Stage) -> Option<Arc<dyn Problem>> {
    struct Merged(Option<Arc<dyn Problem>>);
    let make = || {
        let experiment = stage.experiment().filter(|experiment| experiment.scenario.refit)?;
        let [split] = stage.splits() else { return None };
        experiment.problem_on(&ensemble::merged(split)).ok()
    };
    stage.shared(|| Merged(make())).0.clone()
}
