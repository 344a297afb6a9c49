//! What all trials of a lab share: the problem, its rows, where things start, and the truths found so far.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rand::Rng;

use crate::catalog::Spec;
use crate::data::{Split, World};
use crate::math::random::{Purpose, stream};
use crate::problem::{Problem, Stop, Truth};
use crate::reference::{self, References};
use crate::scenario::{BuildFailure, Experiment, Setting};

/// A problem, its starting point and its rows.
pub struct Stage {
    /// The bilevel problem; of a family of tasks the first.
    pub problem: Arc<dyn Problem>,
    /// The problem's λ at the start.
    pub lambda: Vec<f64>,
    /// θ at the start of an inner run.
    pub theta: Vec<f64>,
    /// Seed of the trials' streams.
    pub seed: u64,
    /// Problems that share λ: `problem` and, in a family, the other tasks.
    problems: Vec<Arc<dyn Problem>>,
    /// Where the rows are, for stages that can divide them anew.
    source: Option<Source>,
    reference: Spec<References>,
    truths: Mutex<HashMap<Vec<u64>, Arc<Truth>>>,
    shared: Mutex<Vec<Arc<dyn Any + Send + Sync>>>,
}

/// The rows of a stage and the experiment that makes problems of them.
struct Source {
    experiment: Arc<Experiment>,
    /// One split for each problem.
    splits: Vec<Split>,
    /// Which replicate of the experiment this is; ensembles of two replicates divide differently.
    replicate: Vec<u64>,
}

/// The seeds of replicates among the streams of [`Purpose::Replicate`].
const STREAMS: u64 = 300;

/// Truths kept; one more and the store starts anew. A truth is a function of λ, so nothing but time is lost.
const MOST_TRUTHS: usize = 256;

impl Stage {
    /// A stage without rows, where nothing has been computed yet.
    #[must_use]
    pub fn new(problem: Arc<dyn Problem>, lambda: Vec<f64>, theta: Vec<f64>, seed: u64) -> Self {
        Self {
            problems: vec![Arc::clone(&problem)],
            problem,
            lambda,
            theta,
            seed,
            source: None,
            reference: Spec::of(&reference::ALL[0]),
            truths: Mutex::default(),
            shared: Mutex::default(),
        }
    }

    /// The stage of an experiment.
    #[must_use]
    pub fn of(experiment: &Arc<Experiment>) -> Self {
        let problem = Arc::clone(&experiment.problem);
        let problems = std::iter::once(&problem).chain(&experiment.tasks).cloned().collect();
        let splits = experiment.data.iter().flat_map(|data| std::iter::once(&data.split).chain(&data.tasks)).cloned();
        let source = Source { splits: splits.collect(), experiment: Arc::clone(experiment), replicate: Vec::new() };
        let start = Self::new(problem, experiment.lambda.clone(), experiment.theta.clone(), experiment.scenario.seed);
        Self { problems, source: Some(source), reference: experiment.scenario.truth.clone(), ..start }
    }

    /// A replicate of the experiment: the same λ₀ and θ₀ on other rows, one split for each task. `replicate` tells
    /// its streams apart.
    ///
    /// # Errors
    /// When the problem cannot be built on these rows.
    ///
    /// # Panics
    /// Without a split.
    pub fn replicate(
        experiment: &Arc<Experiment>,
        splits: Vec<Split>,
        replicate: &[u64],
    ) -> Result<Self, BuildFailure> {
        let problems: Vec<Arc<dyn Problem>> =
            splits.iter().map(|split| experiment.problem_on(split)).collect::<Result<_, _>>()?;
        let source = Source { splits, experiment: Arc::clone(experiment), replicate: replicate.to_vec() };
        let seed = experiment.scenario.seed;
        // Mini-batches are drawn anew as well.
        let own = stream(seed, Purpose::Replicate, &[&[STREAMS], replicate].concat()).next_u64();
        let start = Self::new(Arc::clone(&problems[0]), experiment.lambda.clone(), experiment.theta.clone(), own);
        // What a replicate computes is up to whoever asked for it.
        Ok(Self { problems, source: Some(source), ..start })
    }

    /// The same over other rows, as many of each part: λ₀, θ₀ and every stream stay.
    ///
    /// # Errors
    /// When it has no rows, or the problem cannot be built on these.
    pub fn over(&self, split: Split) -> Result<Self, BuildFailure> {
        let Some(source) = &self.source else { return Err(BuildFailure::at("data", "there are no rows")) };
        let problem = source.experiment.problem_on(&split)?;
        let (experiment, replicate) = (Arc::clone(&source.experiment), source.replicate.clone());
        let source = Source { experiment, splits: vec![split], replicate };
        let start = Self::new(problem, self.lambda.clone(), self.theta.clone(), self.seed);
        Ok(Self { source: Some(source), reference: self.reference.clone(), ..start })
    }

    /// The same on other streams: rows, λ₀ and θ₀ stay.
    #[must_use]
    pub fn on_streams_of(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The experiment it was made from.
    #[must_use]
    pub fn experiment(&self) -> Option<&Arc<Experiment>> {
        self.source.as_ref().map(|source| &source.experiment)
    }

    /// What ends its trials from outside.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.experiment().map(|experiment| experiment.stop.clone()).unwrap_or_default()
    }

    /// Problems that share λ: one, or one a task.
    pub(super) fn problems(&self) -> &[Arc<dyn Problem>] {
        &self.problems
    }

    /// The rows of each of the problems; empty where there are none.
    #[must_use]
    pub fn splits(&self) -> &[Split] {
        self.source.as_ref().map_or(&[], |source| &source.splits)
    }

    pub(super) fn replicate_number(&self) -> &[u64] {
        self.source.as_ref().map_or(&[], |source| &source.replicate)
    }

    /// The problems of an outer step in the world of a setting, and their rows; nothing where they are the stage's own.
    pub(super) fn splits_at(&self, setting: &Setting, outer: usize) -> Result<Option<Vec<Split>>, String> {
        struct Population(Option<Arc<World>>);
        let Some(source) = &self.source else { return Ok(None) };
        let population = || self.shared(|| Population(source.experiment.population().map(Arc::new))).0.clone();
        source.experiment.splits_at(setting, &source.splits, (outer, &source.replicate), &population)
    }

    /// θ₀ of an outer step in the world of a setting; nothing where it is the stage's own.
    pub(super) fn start_at(&self, setting: &Setting, outer: usize) -> Option<Vec<f64>> {
        let source = self.source.as_ref()?;
        source.experiment.start_at(setting, &self.problem, (outer, &source.replicate))
    }

    /// What estimates are held against.
    #[must_use]
    pub fn reference(&self) -> &Spec<References> {
        &self.reference
    }

    /// The exact hypergradient of each of some problems.
    pub(super) fn solved(&self, problems: &[&Arc<dyn Problem>], lambda: &[f64]) -> Vec<Arc<Truth>> {
        let truth = |problem: &&Arc<dyn Problem>| {
            if Arc::ptr_eq(problem, &self.problem) {
                self.truth(lambda)
            } else {
                Arc::new(Truth::until(problem, &lambda[..self.lambda.len()], &self.stop()))
            }
        };
        problems.iter().map(truth).collect()
    }

    /// Whether its rows come from a population, or stand for one.
    pub(super) fn has_population(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.experiment.has_population())
    }

    /// The exact answer over the population at λ; nothing where there is none.
    pub(super) fn over_population(&self, lambda: &[f64]) -> Option<Arc<Truth>> {
        struct Whole(Option<Arc<dyn Problem>>);
        let make = || {
            let source = self.source.as_ref()?;
            let split = source.experiment.population()?.whole(0).ok()?;
            source.experiment.problem_on(&split).ok()
        };
        let whole = self.shared(|| Whole(make()));
        whole.0.as_ref().map(|problem| Arc::new(Truth::until(problem, &lambda[..self.lambda.len()], &self.stop())))
    }

    /// The truth of the stage's own problem at λ (the dynamics' own entries behind the problem's are ignored).
    /// Computed once per λ.
    #[must_use]
    pub fn truth(&self, lambda: &[f64]) -> Arc<Truth> {
        let own = &lambda[..self.lambda.len()];
        let key: Vec<u64> = own.iter().map(|x| x.to_bits()).collect();
        let kept = || self.truths.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(truth) = kept().get(&key) {
            return Arc::clone(truth);
        }
        // Not under the lock: two trials may compute the same truth at once, and get the same bits.
        let truth = Arc::new(Truth::until(&self.problem, own, &self.stop()));
        let mut truths = kept();
        if truths.len() >= MOST_TRUTHS {
            truths.clear();
        }
        Arc::clone(truths.entry(key).or_insert(truth))
    }

    /// What metrics keep of the stage, such as a problem on other rows: made on first use, told apart by its type.
    pub fn shared<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let kept = || self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let find = || kept().iter().find_map(|kept| Arc::clone(kept).downcast::<T>().ok());
        if let Some(found) = find() {
            return found;
        }
        // Not under the lock: it may take long. Two trials may make the same at once, and the first is kept.
        let made = Arc::new(make());
        let mut kept = kept();
        if let Some(first) = kept.iter().find_map(|kept| Arc::clone(kept).downcast::<T>().ok()) {
            return first;
        }
        kept.push(Arc::clone(&made) as Arc<dyn Any + Send + Sync>);
        made
    }
}
