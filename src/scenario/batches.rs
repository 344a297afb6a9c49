//! Batches that the rows of a problem do not give.

use super::failure::BuildFailure;
use super::{InnerSpec, OuterSpec, Scenario, Setting};
use crate::data::Side;
use crate::draw::{Batch, Drawing, Lists, Products, WrittenLabels};
use crate::math::number::counted;
use crate::problem::Problem;

/// The rows of a problem, by level.
pub(super) struct Rows<'a> {
    pub problem: &'a dyn Problem,
    /// As a scenario spells it.
    pub name: String,
}

impl Rows<'_> {
    /// What a scenario asks of the rows in vain. What trials share is told of once.
    pub fn in_vain(&self, scenario: &Scenario) -> Vec<BuildFailure> {
        let mut failures = Vec::new();
        failures.extend(self.of_inner("", &scenario.inner));
        failures.extend(self.of_outer("", &scenario.outer));
        failures.extend(self.of_draws("draws", &scenario.draws));
        failures.extend(self.replaced(scenario));
        let shares = scenario.trials.iter().filter(|trial| trial.draws.is_none());
        failures.extend(shares.map(|trial| Setting::of(trial, scenario)).find_map(|setting| unfit("draws", &setting)));
        for (index, trial) in scenario.trials.iter().enumerate() {
            let path = format!("trials[{index}].");
            failures.extend(trial.inner.iter().flat_map(|inner| self.of_inner(&path, inner)));
            failures.extend(trial.outer.iter().flat_map(|outer| self.of_outer(&path, outer)));
            failures.extend(trial.draws.iter().flat_map(|draws| self.of_draws(&format!("{path}draws"), draws)));
            let setting = Setting::of(trial, scenario);
            failures.extend(trial.draws.iter().filter_map(|_| unfit(&format!("{path}draws"), &setting)));
            failures.extend(divided(&path, &setting));
            failures.extend(unreached(&path, &setting));
            // Where they are written.
            let of_draws = if trial.draws.is_some() { &*path } else { "" };
            failures.extend(self.unmatched(of_draws, &setting));
        }
        failures
    }

    /// The same for one trial.
    pub fn of_setting(&self, setting: &Setting) -> Vec<BuildFailure> {
        let mut failures = self.of_inner("", &setting.inner);
        failures.extend(self.of_outer("", &setting.outer));
        failures.extend(self.of_draws("draws", &setting.draws));
        failures.extend(unfit("draws", setting));
        failures.extend(divided("", setting));
        failures.extend(unreached("", setting));
        failures.extend(self.unmatched("", setting));
        failures
    }

    fn of_inner(&self, path: &str, inner: &InnerSpec) -> Vec<BuildFailure> {
        let InnerSpec { batch, products, .. } = inner;
        let of_products = if *products == Products::AsInner { Batch::Full } else { products.batch(Batch::Full) };
        let batches = [("batch", *batch), ("products", of_products)];
        let wrong = |(field, batch)| self.batch(format!("{path}inner.{field}"), batch, "training", self.training());
        batches.into_iter().filter_map(wrong).collect()
    }

    fn of_outer(&self, path: &str, outer: &OuterSpec) -> Vec<BuildFailure> {
        let wrong = self.batch(format!("{path}outer.batch"), outer.batch, "validation", self.validation());
        wrong.into_iter().collect()
    }

    fn batch(&self, path: String, batch: Batch, level: &str, rows: usize) -> Option<BuildFailure> {
        let size = batch.size()?;
        let message = if rows == 0 {
            format!("the objective over {level} rows of `{}` is no sum over rows; expected `Full`", self.name)
        } else if !(1..=rows).contains(&size) {
            format!(
                "a batch of {size} of {}; expected from 1 to {rows}, or `Full`",
                counted(rows, &format!("{level} row"))
            )
        } else {
            return None;
        };
        Some(BuildFailure::at(path, message))
    }

    fn of_draws(&self, path: &str, drawing: &Drawing) -> Vec<BuildFailure> {
        let Drawing::Explicit { training, validation, lengths, labels, students } = drawing else { return Vec::new() };
        if training.is_empty()
            && validation.is_empty()
            && lengths.is_empty()
            && labels.is_empty()
            && students.is_empty()
        {
            let message = "`Explicit` has no lists; expected `training: [[0, 1], …]`, `validation: […]`, `lengths: [2, 0, …]`, `labels: [[1.0, -1.0], …]`, `students: Students(…)` or several of them";
            return vec![BuildFailure::at(path, message)];
        }
        let levels = [("training", training, self.training()), ("validation", validation, self.validation())];
        let lists = levels.into_iter().filter_map(|(level, lists, rows)| self.lists(path, level, lists, rows));
        lists.chain(self.labels(path, labels)).collect()
    }

    /// Labels that the problem does not know.
    fn labels(&self, path: &str, labels: &WrittenLabels) -> Option<BuildFailure> {
        let refuse = |index: usize, message: String| BuildFailure::at(format!("{path}.labels[{index}]"), message);
        let Some(likelihood) = self.problem.likelihood() else {
            let message = format!("`{}` is no likelihood, and draws no labels; expected no lists of them", self.name);
            return (!labels.is_empty()).then(|| refuse(0, message));
        };
        labels.iter().enumerate().find_map(|(index, list)| {
            let unknown = list.iter().find(|label| !likelihood.knows(**label))?;
            let message = format!(
                "`{}` has no label {unknown}; expected labels as it encodes them: -1 and 1 of two classes, 0, 1, … of several, numbers of a regression",
                self.name
            );
            Some(refuse(index, message))
        })
    }

    /// Labels that are not as many as the rows of the inner step that they are for.
    fn unmatched(&self, path: &str, setting: &Setting) -> Option<BuildFailure> {
        let Drawing::Explicit { training, labels, .. } = &setting.draws else { return None };
        let steps = setting.inner.steps.max(1);
        let per_step = (setting.estimator.entry().build)(&setting.estimator.knobs).lists(steps);
        let each = per_step.inner + per_step.adjoint + per_step.cross;
        labels.iter().enumerate().find_map(|(index, list)| {
            let rows = match training.get(index / steps * each + index % steps) {
                Some(rows) => rows.len(),
                None if training.is_empty() => self.training(),
                None => return None,
            };
            let message = format!(
                "{} for an inner step over {}; expected one for each row",
                counted(list.len(), "label"),
                counted(rows, "row")
            );
            (list.len() != rows).then(|| BuildFailure::at(format!("{path}draws.labels[{index}]"), message))
        })
    }

    fn lists(&self, path: &str, level: &str, lists: &Lists, rows: usize) -> Option<BuildFailure> {
        let refuse = |index: usize, message: String| BuildFailure::at(format!("{path}.{level}[{index}]"), message);
        if rows == 0 && !lists.is_empty() {
            return Some(refuse(0, format!("`{}` has no {level} rows; expected no lists of them", self.name)));
        }
        lists.iter().enumerate().find_map(|(index, list)| {
            if list.is_empty() {
                return Some(refuse(index, "the list is empty; expected at least 1 row".to_owned()));
            }
            let beyond = list.iter().find(|row| **row >= rows)?;
            let message = format!("there is no {level} row {beyond}; expected numbers from 0 to {}", rows - 1);
            Some(refuse(index, message))
        })
    }

    /// A row to be put in place of one that there is not.
    fn replaced(&self, scenario: &Scenario) -> Option<BuildFailure> {
        scenario.study.replaced.iter().enumerate().find_map(|(place, row)| {
            let (side, count) = match row.side {
                Side::Validation => ("validation", self.validation()),
                Side::Training => ("training", self.training()),
            };
            let path = format!("study.replaced[{place}]");
            if count == 0 {
                let message = format!("`{}` has no {side} rows to replace; expected no `replaced`", self.name);
                return Some(BuildFailure::at(path, message));
            }
            let message = format!("found {}; expected less than {count}, the number of {side} rows", row.index);
            (row.index >= count).then(|| BuildFailure::at(format!("{path}.index"), message))
        })
    }

    fn training(&self) -> usize {
        self.problem.dimensions().training
    }

    fn validation(&self) -> usize {
        self.problem.dimensions().validation
    }
}

/// A tolerance is about the gradient over all rows, which a run over batches does not take to zero.
fn unreached(path: &str, setting: &Setting) -> Option<BuildFailure> {
    let has_lists = matches!(&setting.draws, Drawing::Explicit { training, .. } if !training.is_empty());
    (setting.inner.tolerance > 0.0 && (has_lists || !setting.inner.batch.is_full())).then(|| {
        let message = "`tolerance` is about the gradient over all rows, and the inner steps run over batches; expected `batch: Full` \
                       without lists of training rows, or no `tolerance`";
        BuildFailure::at(format!("{path}inner.tolerance"), message.to_owned())
    })
}

/// Lists that are written out and are none that the trial's estimator could have drawn.
fn unfit(path: &str, setting: &Setting) -> Option<BuildFailure> {
    repeated(path, setting).or_else(|| overlong(path, setting))
}

/// More products written out than the estimator could have drawn.
fn overlong(path: &str, setting: &Setting) -> Option<BuildFailure> {
    let Drawing::Explicit { lengths, .. } = &setting.draws else { return None };
    let estimator = &setting.estimator;
    let most = (estimator.entry().build)(&estimator.knobs).lists(setting.inner.steps.max(1)).length?;
    let (index, length) = lengths.iter().enumerate().find(|(_, length)| **length >= most)?;
    let message = format!(
        "{} are written out, and `{}` draws fewer than {most}; expected numbers below {most}",
        counted(*length, "product"),
        estimator.card().ron_name()
    );
    Some(BuildFailure::at(format!("{path}.lengths[{index}]"), message))
}

/// A list that names a row twice, of a method that wants distinct ones.
fn repeated(path: &str, setting: &Setting) -> Option<BuildFailure> {
    let Drawing::Explicit { training, validation, .. } = &setting.draws else { return None };
    let estimator = (setting.estimator.entry().build)(&setting.estimator.knobs);
    if !estimator.lists(setting.inner.steps).distinct {
        return None;
    }
    [("training", training), ("validation", validation)].into_iter().find_map(|(level, lists)| {
        let (index, row) = lists.iter().enumerate().find_map(|(index, list)| Some((index, first_repeated(list)?)))?;
        let name = setting.estimator.card().ron_name();
        let message = format!(
            "the list names row {row} twice, and `{name}` takes lists of distinct rows; expected every row once"
        );
        Some(BuildFailure::at(format!("{path}.{level}[{index}]"), message))
    })
}

fn first_repeated(list: &[usize]) -> Option<usize> {
    let mut sorted = list.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

/// Lists that are written out are about the rows as the scenario splits them.
fn divided(path: &str, setting: &Setting) -> Option<BuildFailure> {
    let is_written = matches!(setting.draws, Drawing::Explicit { .. });
    let (policy, world) = (setting.ensemble.entry(), setting.world.entry());
    (is_written && (policy.divides || world.moves)).then(|| {
        let name = if policy.divides { policy.card.ron_name() } else { world.card.ron_name() };
        let message = format!("`{name}` divides the rows that `draws` lists; expected `Own` or `Shared`");
        BuildFailure::at(format!("{path}draws"), message)
    })
}
