//! Loss and accuracy on some rows, computed once for all metrics that are about them.

use super::Seen;
use crate::problem::{Problem, Sample, Score};
use crate::trial::{Stage, Status, mean_score};
use std::sync::Arc;

/// Scores on training, validation and test rows.
struct Scores([Option<Score>; 3]);

/// Loss and accuracy on some rows, means over members. In a family of tasks the test is on new tasks, each learned
/// with this λ and this inner loop, and only where the inner run is over.
pub(super) fn score(seen: &Seen<'_>, sample: Sample) -> Option<Score> {
    let of = |sample| match sample {
        Sample::Test => test(seen),
        _ => seen.loops().score(sample),
    };
    seen.shared(|| Scores([Sample::Training, Sample::Validation, Sample::Test].map(of))).0[sample as usize]
}

fn test(seen: &Seen<'_>) -> Option<Score> {
    let (loops, stage) = (seen.loops(), seen.stage());
    match new_tasks(stage) {
        // Those of this outer step; the stage's problem has the test rows where a division leaves them out.
        [] => loops.score(Sample::Test).or_else(|| {
            mean_score(loops.thetas().map(|theta| stage.problem.score(Sample::Test, seen.own_lambda(), theta)))
        }),
        tasks if loops.status() == Status::Ready => mean_score(tasks.iter().map(|task| learned(seen, task))),
        _ => None,
    }
}

/// How a task does that is learned from its own rows with this λ and this inner loop.
fn learned(seen: &Seen<'_>, task: &Arc<dyn Problem>) -> Option<Score> {
    task.score(Sample::Validation, seen.own_lambda(), &seen.loops().learned(task))
}

/// Tasks that λ is tested on.
pub(super) fn new_tasks(stage: &Stage) -> &[Arc<dyn Problem>] {
    stage.experiment().map_or(&[], |experiment| &experiment.new_tasks)
}

/// Whether there are such rows to score on, and then whether by classes.
pub(super) fn scored(stage: &Stage, sample: Sample) -> Option<bool> {
    struct Scored([Option<bool>; 3]);
    let of = |sample| {
        let score = match (sample, new_tasks(stage).first()) {
            (Sample::Test, Some(task)) => task.score(Sample::Validation, &stage.lambda, &stage.theta),
            _ => stage.problem.score(sample, &stage.lambda, &stage.theta),
        };
        score.map(|score| score.accuracy.is_some())
    };
    stage.shared(|| Scored([Sample::Training, Sample::Validation, Sample::Test].map(of))).0[sample as usize]
}
