//! From a scenario to what an experiment starts with: the problem, λ and θ.
//!
//! Everything here is a function of the scenario and the files it names. What a trial adds of its own
//! (outer variables of its dynamics, say) is the trial's business.

use std::sync::Arc;

use super::batches::Rows;
use super::dependent::dependent_columns;
use super::failure::BuildFailure;
use super::level;
use super::requirements::Asked;
use super::start::{lambda, theta, theta_stream};
use super::worlds;
use super::{InnerSpec, OuterSpec, Scenario, Setting, ages, students};
use crate::catalog::Spec;
use crate::data::{
    ClassWeights, DataSpec, Dataset, Files, NoFiles, Prepared, Split, Target, display_text, prepare, prepare_rows,
};
use crate::ensemble::{self, Policies};
use crate::math::Matrix;
use crate::math::random::{Purpose, stream};
use crate::problem::{Needs, Parts, Price, Problem, Stop};
use crate::reference::About;

/// What every trial of a scenario starts from.
#[derive(Clone)]
pub struct Experiment {
    /// What it was built from.
    pub scenario: Scenario,
    /// The problem.
    pub problem: Arc<dyn Problem>,
    /// Its rows, for problems with data.
    pub data: Option<Arc<Prepared>>,
    /// Further tasks that share λ with `problem`, which is the first.
    pub tasks: Vec<Arc<dyn Problem>>,
    /// Tasks that λ is tested on.
    pub new_tasks: Vec<Arc<dyn Problem>>,
    /// λ at the start, of the problem's own length.
    pub lambda: Vec<f64>,
    /// θ at the start of an inner run.
    pub theta: Vec<f64>,
    /// Ends what its trials compute, for whoever may not want to wait for that.
    pub stop: Stop,
}

impl Experiment {
    /// The experiment of another scenario, most of which is as here. Rows that came from a file are kept: no file
    /// is read again.
    ///
    /// # Errors
    /// The first thing that cannot be built, with the path of the value at fault.
    pub fn with(&self, scenario: &Scenario) -> Result<Self, BuildFailure> {
        check_scenario(scenario)?;
        let before = &self.scenario;
        let is_same_data =
            scenario.data == before.data && scenario.seed == before.seed && needs(scenario) == needs(before);
        // What is said of the rows depends on the problem.
        let is_same_data = is_same_data && scenario.problem.id() == before.problem.id();
        if is_same_data {
            return start(scenario, self.data.clone());
        }
        let dataset = self.data.as_ref().map(|data| &data.dataset);
        let source = |scenario: &Scenario| scenario.data.as_ref().map(|data| data.source.clone());
        let is_read = source(scenario).is_some_and(|source| source.is_read());
        let is_same_file = is_read && source(scenario) == source(before);
        if is_read && !is_same_file {
            let message = "a laboratory reads its files once, when it is opened: another file, target or way of reading cannot be set \
                           while it runs. Open the file in its place: `:open` and its path, or `o` on the start page; a table shows its \
                           columns first";
            return Err(BuildFailure::at("data.source", message));
        }
        let kept = dataset.filter(|_| is_same_file);
        start(scenario, data(scenario, &NoFiles, kept)?.map(Arc::new))
    }

    /// The same experiment with one knob of its problem set, from a value as a person types it.
    ///
    /// # Errors
    /// When the problem has no such knob, the knob does not take the value, or the problem cannot be
    /// built with it.
    pub fn turn(&self, key: &str, value: &str) -> Result<Self, BuildFailure> {
        let mut scenario = self.scenario.clone();
        let knobs = &mut scenario.problem.knobs;
        let field = format!("problem.{key}");
        let refuse = |message: String| BuildFailure::at(field.clone(), message);
        knobs.get(key).map_err(|error| refuse(error.to_string()))?;
        if let Some(knob) = knobs.descriptions().iter().find(|knob| knob.key == key) {
            let expected = |expected| refuse(format!("`{key}` cannot be {}; expected {expected}", display_text(value)));
            let value = knob.parse(value).map_err(expected)?;
            knobs.set(key, value).map_err(|error| refuse(error.to_string()))?;
        }
        self.with(&scenario)
    }

    /// The same, whose trials end when `stop` is set.
    #[must_use]
    pub fn until(self, stop: &Stop) -> Self {
        Self { stop: stop.clone(), ..self }
    }

    /// Whether its rows come from a population, or stand for one.
    #[must_use]
    pub fn has_population(&self) -> bool {
        has_population(&self.scenario, &*self.problem)
    }

    /// The problem on other rows.
    ///
    /// # Errors
    /// When it cannot be built on them.
    pub fn problem_on(&self, split: &Split) -> Result<Arc<dyn Problem>, BuildFailure> {
        problem_on(&self.scenario, self.data.as_deref(), Some(split))
    }
}

/// Builds everything that trials share.
///
/// # Errors
/// The first thing that cannot be built, with the path of the value at fault.
pub fn experiment(scenario: &Scenario, files: &dyn Files) -> Result<Experiment, BuildFailure> {
    check_scenario(scenario)?;
    start(scenario, data(scenario, files, None)?.map(Arc::new))
}

/// What can be said before anything is built.
fn check_scenario(scenario: &Scenario) -> Result<(), BuildFailure> {
    check_loops("", &scenario.inner, &scenario.outer)?;
    if let Some((field, message)) = scenario.study.mistakes().into_iter().next() {
        return Err(BuildFailure::at(format!("study.{field}"), message));
    }
    for (index, trial) in scenario.trials.iter().enumerate() {
        let inner = trial.inner.as_ref().unwrap_or(&scenario.inner);
        check_loops(&format!("trials[{index}]."), inner, trial.outer.as_ref().unwrap_or(&scenario.outer))?;
    }
    Ok(())
}

fn start(scenario: &Scenario, data: Option<Arc<Prepared>>) -> Result<Experiment, BuildFailure> {
    let problem = problem(scenario, data.as_deref())?;
    let (tasks, new_tasks) = other_tasks(scenario, data.as_deref())?;
    let lambda = lambda(&scenario.lambda, problem.as_ref(), scenario.seed)?;
    let theta = theta(&scenario.theta, &problem, &lambda, &mut theta_stream(scenario.seed))?;
    if let Some(failure) = ensemble_failures(scenario, data.as_deref(), problem.as_ref()).into_iter().next() {
        return Err(failure);
    }
    let rows = worlds::Rows { scenario, data: data.as_deref(), problem: problem.as_ref() };
    if let Some(failure) = rows.in_vain().into_iter().next() {
        return Err(failure);
    }
    let asked = Asked { scenario, problem: &problem, lambda: &lambda };
    if let Some(failure) =
        asked.in_vain().into_iter().chain(students::in_vain(&asked)).chain(ages::in_disorder(&asked)).next()
    {
        return Err(failure);
    }
    check_reference(scenario, problem.as_ref())?;
    let rows = Rows { problem: problem.as_ref(), name: scenario.problem.card().ron_name() };
    if let Some(failure) = rows.in_vain(scenario).into_iter().next() {
        return Err(failure);
    }
    let data = data.map(|data| told_of_dependence(data, &problem, &lambda));
    Ok(Experiment { scenario: scenario.clone(), problem, data, tasks, new_tasks, lambda, theta, stop: Stop::default() })
}

/// The rows, with a note where their columns depend on one another in a way that this problem does not bear.
fn told_of_dependence(mut data: Arc<Prepared>, problem: &Arc<dyn Problem>, lambda: &[f64]) -> Arc<Prepared> {
    let note = dependent_columns(problem, lambda, &data.split);
    if let Some(note) = note.filter(|note| data.notes.iter().all(|other| other.text != note.text)) {
        Arc::make_mut(&mut data).notes.push(note);
    }
    data
}

/// The problems of further tasks, those learned and those that λ is tested on.
pub(super) fn other_tasks(scenario: &Scenario, data: Option<&Prepared>) -> Result<(Tasks, Tasks), BuildFailure> {
    let built = |splits: &[Split]| -> Result<Tasks, BuildFailure> {
        splits.iter().map(|split| problem_on(scenario, data, Some(split))).collect()
    };
    Ok((built(data.map_or(&[], |data| &data.tasks))?, built(data.map_or(&[], |data| &data.new_tasks))?))
}

type Tasks = Vec<Arc<dyn Problem>>;

/// Whether a run can start with these loops; `path` leads to them, dot included.
///
/// # Errors
/// The first value that it cannot start with.
pub fn check_loops(path: &str, inner: &InnerSpec, outer: &OuterSpec) -> Result<(), BuildFailure> {
    let inner = inner.mistakes().into_iter().map(|(field, message)| (format!("{path}inner.{field}"), message));
    let outer = outer.mistakes().into_iter().map(|(field, message)| (format!("{path}outer.{field}"), message));
    match inner.chain(outer).next() {
        Some((field, message)) => Err(BuildFailure::at(field, message)),
        None => Ok(()),
    }
}

/// Whether a trial can run: the problem has what its estimator and its inner loop ask for, the rows give its batches, and
/// its outer loop leaves every block of λ some room.
///
/// # Errors
/// The first thing that is missing, with the value that asks for it and what would work.
pub fn check_trial(setting: &Setting, experiment: &Experiment) -> Result<(), BuildFailure> {
    let asked = Asked { scenario: &experiment.scenario, problem: &experiment.problem, lambda: &experiment.lambda };
    let asks = asked.by_estimator("", &setting.estimator).or_else(|| asked.by_dynamics("", &setting.inner));
    let asks = asks.or_else(|| asked.unplanned("", &setting.estimator, &setting.inner));
    let name = experiment.scenario.problem.card().ron_name();
    let rows = Rows { problem: &*experiment.problem, name };
    let mut others = asked.of_blocks("outer", &setting.outer, &setting.inner);
    let (scenario, data, problem) = (&experiment.scenario, experiment.data.as_deref(), &*experiment.problem);
    let world = worlds::Rows { scenario, data, problem };
    others.extend(world.unmet("world", &setting.world));
    others.extend(rows.of_setting(setting));
    asks.into_iter().chain(others).next().map_or(Ok(()), Err)
}

/// What an estimator asks of the problem in vain; nothing where it asks for nothing that is not there.
#[must_use]
pub fn lacks(estimator: &Spec<crate::estimator::Estimators>, experiment: &Experiment) -> Option<String> {
    Asked { scenario: &experiment.scenario, problem: &experiment.problem, lambda: &experiment.lambda }.lacks(estimator)
}

/// Whether a scenario's rows come from a population: they are no tasks, and λ is not about single rows.
pub(super) fn has_population(scenario: &Scenario, problem: &dyn Problem) -> bool {
    scenario.data.as_ref().is_some_and(|data| !data.source.gives_tasks()) && !problem.is_about_rows()
}

/// Whether the problem can give what estimates are to be held against.
pub(super) fn check_reference(scenario: &Scenario, problem: &dyn Problem) -> Result<(), BuildFailure> {
    // What a trial learns of its dynamics decides between references, and rules none out.
    let has_population = has_population(scenario, problem);
    let about = About {
        is_unique: problem.is_convex(),
        learns_dynamics: false,
        has_population,
        seconds: Price::of_truth(problem).seconds(),
    };
    let gives = (scenario.truth.entry().gives)(about);
    gives.map(|_| ()).map_err(|message| BuildFailure::at("truth", message))
}

/// Whether the rows can be divided among the members of an ensemble; `path` leads to it.
///
/// # Errors
/// Why not, and what would work.
pub fn check_ensemble(path: &str, policy: &Spec<Policies>, experiment: &Experiment) -> Result<(), BuildFailure> {
    let about_rows = experiment.problem.is_about_rows();
    divide(path, policy, experiment.data.as_deref(), about_rows, experiment.scenario.seed)
}

/// The ensembles of a scenario, its own and its trials', that the rows cannot be divided into.
pub(super) fn ensemble_failures(
    scenario: &Scenario,
    data: Option<&Prepared>,
    problem: &dyn Problem,
) -> Vec<BuildFailure> {
    let about_rows = problem.is_about_rows();
    let own = scenario
        .trials
        .iter()
        .enumerate()
        .filter_map(|(index, trial)| Some((format!("trials[{index}].ensemble"), trial.ensemble.as_ref()?)));
    std::iter::once(("ensemble".to_owned(), &scenario.ensemble))
        .chain(own)
        .filter_map(|(path, policy)| divide(&path, policy, data, about_rows, scenario.seed).err())
        .collect()
}

fn divide(
    path: &str,
    policy: &Spec<Policies>,
    data: Option<&Prepared>,
    about_rows: bool,
    seed: u64,
) -> Result<(), BuildFailure> {
    let entry = policy.entry();
    if !entry.divides {
        return Ok(());
    }
    let Some(data) = data else {
        let message = "this problem has no rows to divide among members; expected `Single`";
        return Err(BuildFailure::at(path, message));
    };
    for (task, split) in (0..).zip(std::iter::once(&data.split).chain(&data.tasks)) {
        // The very division that a run begins with.
        let mut random = stream(seed, Purpose::Ensemble, &entry.place(task, 0));
        ensemble::divide(entry, &policy.knobs, split, about_rows, &mut random)
            .map_err(|message| BuildFailure::at(path, message))?;
    }
    Ok(())
}

/// What the problem needs of a data set.
fn needs(scenario: &Scenario) -> Needs {
    (scenario.problem.entry().needs)(&scenario.problem.knobs)
}

/// What the data are asked for that such a problem cannot take, whatever the rows are; and a scenario that does not ask for
/// it.
pub(super) fn asked_in_vain(scenario: &Scenario) -> (Vec<BuildFailure>, Option<Scenario>) {
    let needs = needs(scenario);
    let (name, Some(spec)) = (scenario.problem.card().ron_name(), &scenario.data) else { return (Vec::new(), None) };
    if needs == Needs::Nothing {
        return (Vec::new(), None);
    }
    let mut failures = Vec::new();
    if spec.standardize_target && needs.target() != Some(Target::Number) {
        let why = if needs == Needs::Counts {
            "counts, which shifted and scaled would be negative"
        } else {
            "classes, which have no scale"
        };
        let message = format!("`{name}` takes the target for {why}; expected `false`");
        failures.push(BuildFailure::at("data.standardize_target", message));
    }
    if spec.target_noise != 0.0 && needs.target() != Some(Target::Number) {
        let message = format!(
            "`{name}` takes the target for {}, which noise would make none of; expected 0, and `label_noise` disturbs classes",
            if needs.classes() { "classes" } else { "counts" }
        );
        failures.push(BuildFailure::at("data.target_noise", message));
    }
    if spec.class_weights != ClassWeights::Off && !needs.classes() {
        let message = format!("`{name}` takes the target for numbers, which have no classes; expected `Off`");
        failures.push(BuildFailure::at("data.class_weights", message));
    }
    if failures.is_empty() {
        return (failures, None);
    }
    let spec =
        DataSpec { standardize_target: false, class_weights: ClassWeights::Off, target_noise: 0.0, ..spec.clone() };
    (failures, Some(Scenario { data: Some(spec), ..scenario.clone() }))
}

/// The rows, for problems that need some; of a data set that was read before, where there is one.
pub(super) fn data(
    scenario: &Scenario,
    files: &dyn Files,
    kept: Option<&Arc<Dataset>>,
) -> Result<Option<Prepared>, BuildFailure> {
    let card = scenario.problem.card();
    let needs = needs(scenario);
    match (&scenario.data, needs) {
        (None, Needs::Nothing) => Ok(None),
        (Some(_), Needs::Nothing) => {
            Err(BuildFailure::at("data", format!("`{}` reads no data; expected no field `data`", card.ron_name())))
        }
        (None, _) => {
            let message = format!("`{}` learns from data; expected a field `data: Data(source: …)`", card.ron_name());
            Err(BuildFailure::at("data", message))
        }
        (Some(spec), needs) => {
            if let Some(failure) = asked_in_vain(scenario).0.into_iter().next() {
                return Err(failure);
            }
            let mut prepared = match kept {
                Some(dataset) => prepare_rows(spec, scenario.seed, Arc::clone(dataset))?,
                None => prepare(spec, scenario.seed, files)?,
            };
            if !needs.classes() {
                // A whole-number target is no class there.
                let tasks = prepared.tasks.iter_mut().chain(&mut prepared.new_tasks);
                tasks.chain(std::iter::once(&mut prepared.split)).for_each(|split| split.labels.clear());
            }
            if needs == Needs::TwoClasses && prepared.class_names.len() > 2 {
                let names = prepared.class_names.iter().take(5).map(|name| format!("`{name}`")).collect::<Vec<_>>();
                let message = format!(
                    "the target `{}` holds {} classes ({}{}); `{}` expects exactly two, and `Softmax` takes more",
                    prepared.target_name,
                    prepared.class_names.len(),
                    names.join(", "),
                    if prepared.class_names.len() > 5 { ", …" } else { "" },
                    card.ron_name()
                );
                return Err(BuildFailure::at("data.source.target", message));
            }
            if needs.classes() {
                prepared.notes.extend(prepared.lacking());
            }
            prepared.notes.extend(level::note(&scenario.problem, spec, &prepared));
            if !needs.classes() && !prepared.class_names.is_empty() {
                let names = prepared.class_names.iter().take(3).map(|name| format!("`{name}`")).collect::<Vec<_>>();
                let message = format!(
                    "the target `{}` holds names ({}); `{}` expects numbers",
                    prepared.target_name,
                    names.join(", "),
                    card.ron_name()
                );
                return Err(BuildFailure::at("data.source.target", message));
            }
            Ok(Some(prepared))
        }
    }
}

/// The problem, from its knobs, its rows and its arrays.
pub(super) fn problem(scenario: &Scenario, data: Option<&Prepared>) -> Result<Arc<dyn Problem>, BuildFailure> {
    problem_on(scenario, data, data.map(|data| &data.split))
}

fn problem_on(
    scenario: &Scenario,
    data: Option<&Prepared>,
    split: Option<&Split>,
) -> Result<Arc<dyn Problem>, BuildFailure> {
    let mut arrays: Vec<(String, Matrix)> = Vec::new();
    for (name, array) in &scenario.arrays {
        let matrix = array.matrix();
        let matrix = matrix.map_err(|(row, message)| BuildFailure::at(format!("arrays.{name}[{row}]"), message))?;
        arrays.push((name.clone(), matrix));
    }
    let parts = Parts { knobs: &scenario.problem.knobs, data: split, arrays: &arrays, seed: scenario.seed };
    scenario.problem.entry().make(&parts).map_err(|error| {
        let field = match error.field {
            // A problem without rows is not refused for what they hold.
            Some("data") => if data.is_some() { "data.source" } else { "data" }.to_owned(),
            Some("target") => "data.source.target".to_owned(),
            Some("arrays") => "arrays".to_owned(),
            Some(field @ ("intercept" | "groups")) => format!("data.{field}"),
            Some(knob) => format!("problem.{knob}"),
            None => "problem".to_owned(),
        };
        BuildFailure::at(field, display_text(&error.message))
    })
}
