//! One new task, learned with the λ of a trial: what meta-learning comes down to.

use std::sync::Arc;

use super::{Kind, Metric, Reading, Seen, Subject, needs};
use crate::catalog::Card;
use crate::data::Features;
use crate::problem::Problem;
use crate::trial::Stage;

/// What is learned from the task's support rows.
pub static NEW_TASK: Metric = Metric {
    kind: Kind::Curve,
    needs: has_curve,
    ..Metric::vector(
        Card {
            id: "new-task",
            name: "One new task",
            source: "Finn, Abbeel, Levine 2017, figure 2",
            equation: "φ(x)ᵀθ(λ; S) of a task that λ has not seen",
            summary: "What the model says of the first new task, learned from its few points with this λ.",
            cost: "one inner run an outer step; not counted",
            fails: "It is one task: the test loss is the mean over all new ones.",
            knobs: &[],
        },
        "φᵀθ",
        |seen| curve(seen, |task| Some(seen.loops().learned(task))),
    )
};

/// What λ alone says of it, where λ holds a prior mean.
pub static PRIOR: Metric = Metric {
    kind: Kind::Curve,
    needs: has_prior,
    ..Metric::vector(
        Card {
            id: "prior",
            name: "What λ alone says",
            source: "Finn, Abbeel, Levine 2017, figure 2",
            equation: "φ(x)ᵀμ(λ)",
            summary: "What λ says of a new task before any of its points was seen, where it holds a prior mean.",
            cost: "none",
            fails: "It is the same for every new task.",
            knobs: &[],
        },
        "φᵀμ",
        |seen| curve(seen, |task| task.prior(seen.own_lambda())),
    )
};

fn has_curve(subject: &Subject<'_>) -> Result<(), String> {
    let places = places(subject.stage).is_some();
    needs::said(places, "there is no curve to learn here; `data.source: Sinusoids` has one for each task")?;
    let is_linear = features(subject.stage).is_some_and(|x| x.columns() == subject.stage.theta.len());
    needs::said(is_linear, "the curve is drawn of models with one parameter a feature, which this is not; `Ridge` is")
}

fn has_prior(subject: &Subject<'_>) -> Result<(), String> {
    has_curve(subject)?;
    let stage = subject.stage;
    let prior = first(stage).and_then(|task| task.prior(&stage.lambda)).is_some();
    needs::said(prior, "λ holds no prior mean here; `problem: BiasedRidge` does")
}

/// The curve of a model that is linear in its features, at the places where the first new task is judged.
fn curve(seen: &Seen<'_>, theta: impl Fn(&Arc<dyn Problem>) -> Option<Vec<f64>>) -> Reading {
    let points = || {
        let (x, task) = (places(seen.stage())?, first(seen.stage())?);
        let features = features(seen.stage())?;
        let theta = theta(task).filter(|theta| theta.len() == features.columns())?;
        let y = features.times(&theta);
        Some(Reading::Curve(x.iter().copied().zip(y).collect()))
    };
    points().unwrap_or(Reading::Absent)
}

/// Features of the rows that the first new task is judged on.
fn features(stage: &Stage) -> Option<&Features> {
    Some(&stage.experiment()?.data.as_ref()?.new_tasks.first()?.validation.features)
}

fn first(stage: &Stage) -> Option<&Arc<dyn Problem>> {
    stage.experiment()?.new_tasks.first()
}

/// Where the rows of the first new task lie, where tasks are about one number.
fn places(stage: &Stage) -> Option<&[f64]> {
    let data = stage.experiment()?.data.as_ref()?;
    data.new_tasks.first()?;
    Some(&data.places.as_ref()?.curve)
}
