//! A scenario: everything an experiment starts from, as values and as RON.
//!
//! Text comes in as `&str`; files are read through [`Files`], so that this layer touches none. The way in
//! is [`parse()`] (text to values), [`check()`] (every mistake, with its place) and [`experiment`] (values to a
//! problem with its λ and θ).

mod ages;
mod array;
mod batches;
mod blocks;
mod build;
mod builtin;
mod check;
mod complain;
mod dependent;
mod diagnostic;
mod draft;
mod ending;
mod failure;
mod field;
mod level;
mod locate;
mod long_steps;
mod measured_at;
mod migrate;
mod moment;
mod moved;
mod parse;
mod parts;
mod requirements;
mod set;
mod setting;
mod start;
mod stated;
mod students;
mod suggest;
mod unmoved;
mod worlds;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, Falling, Spec, Value};
use crate::data::{DataSpec, ReplacedRow};
use crate::draw::{Batch, Drawing, Products};
use crate::ensemble::Policies;
use crate::estimator::Estimators;
use crate::filter::Filters;
use crate::inner::AllDynamics;
use crate::math::number::counted;
use crate::outer::OuterRules;
use crate::pace::Paces;
use crate::population::Populations;
use crate::problem::Problems;
use crate::reference::References;
use crate::world::Worlds;

pub use crate::data::{Files, NoFiles, display_text, is_visible, legible};
pub use array::Array;
pub use blocks::Declared;
pub use build::{Experiment, check_ensemble, check_loops, check_trial, experiment, lacks};
pub use builtin::{BUILTIN, Builtin, Group, TEMPLATE, builtin};
pub use check::{KnownCharts, MOST_CHARTS, check, check_text};
pub use complain::complain;
pub use dependent::dependent_columns;
pub use diagnostic::{Diagnostic, Severity, byte_of};
pub use draft::{Advice, Choice, Draft, Role, Sizes};
use ending::TOLERANCE;
pub use failure::BuildFailure;
pub use field::{Field, SettingError};
pub use level::advised_intercept;
pub use locate::{Content, Document, Node, Segment, parse_path};
pub use long_steps::{LongStep, long_steps};
pub use measured_at::{MEASURED_AT, MeasuredAt};
pub use migrate::migrate;
pub use moved::{moved_field, moved_name, moved_path};
pub use parse::parse;
pub use parts::{OfTrial, PARTS, Part};
pub use set::{set, vary};
pub use setting::Setting;
pub use start::{BlockSpec, Initial, Values};
pub use stated::{Stated, explained};
pub use suggest::{did_you_mean, nearest, unknown};

/// A starting point for an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// One line.
    pub title: String,
    /// What to watch for, in two or three sentences.
    pub about: String,
    /// Seed of everything random.
    #[serde(default)]
    pub seed: u64,
    /// The bilevel problem.
    pub problem: Spec<Problems>,
    /// Its data, for problems that have some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<DataSpec>,
    /// Matrices and vectors written out, for problems that take them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arrays: BTreeMap<String, Array>,
    /// λ at the start.
    #[serde(default)]
    pub lambda: Values,
    /// θ at the start of an inner run.
    #[serde(default)]
    pub theta: Initial,
    /// The inner loop, for trials that say nothing else.
    pub inner: InnerSpec,
    /// The outer loop, for trials that say nothing else.
    #[serde(default)]
    pub outer: OuterSpec,
    /// Where batches come from, for trials that say nothing else.
    #[serde(default, skip_serializing_if = "Drawing::is_own")]
    pub draws: Drawing,
    /// Which rows an outer step sees and where it starts, for trials that say nothing else.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub world: Spec<Worlds>,
    /// How rows are divided among members, for trials that say nothing else.
    #[serde(default = "first")]
    pub ensemble: Spec<Policies>,
    /// The students of a trial, for trials that say nothing else.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub population: Spec<Populations>,
    /// How trials share the clock.
    #[serde(default = "first")]
    pub pace: Spec<Paces>,
    /// Whether the model is trained again on training and validation rows together after every outer step,
    /// with the same λ and the same inner loop, and tested.
    #[serde(default)]
    pub refit: bool,
    /// What estimates are held against along the run.
    #[serde(default = "first")]
    pub truth: Spec<References>,
    /// What probes measure when nothing else is said.
    #[serde(default)]
    pub study: Study,
    /// The contenders.
    pub trials: Vec<TrialSpec>,
    /// Identifiers of the charts to open with, up to nine.
    #[serde(default)]
    pub charts: Vec<String>,
    /// Rows of charts and charts in a row; by the size of the window, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<(usize, usize)>,
    /// Hypergradients are estimated for display at every so many inner steps, and at the last.
    #[serde(default = "one")]
    pub measure_every: usize,
}

fn one() -> usize {
    1
}

impl Scenario {
    /// Whether the problem, its rows, its start and its references are the same under both; the trials' own settings,
    /// what is to be measured and what is only shown, aside.
    #[must_use]
    pub fn has_same_stage(&self, other: &Self) -> bool {
        // Named one by one, so that a new field is thought of here.
        let Self {
            title: _,
            about: _,
            charts: _,
            grid: _,
            measure_every: _,
            study: _,
            trials: _,
            inner: _,
            outer: _,
            draws: _,
            world: _,
            ensemble: _,
            population: _,
            pace: _,
            seed,
            problem,
            data,
            arrays,
            lambda,
            theta,
            refit,
            truth,
        } = self;
        (*seed, *refit) == (other.seed, other.refit)
            && (problem, data, arrays, lambda, theta, truth)
                == (&other.problem, &other.data, &other.arrays, &other.lambda, &other.theta, &other.truth)
    }
}

/// The inner loop of a trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Inner")]
pub struct InnerSpec {
    /// One step of it.
    pub dynamics: Spec<AllDynamics>,
    /// T, the steps of one outer step; at least 1.
    pub steps: usize,
    /// Whether an outer step starts where the last one ended, rather than at the initial θ.
    #[serde(default)]
    pub warm_start: bool,
    /// Training rows of a step.
    #[serde(default, skip_serializing_if = "Batch::is_full")]
    pub batch: Batch,
    /// Training rows of the products that an estimate takes with H and J.
    #[serde(default, skip_serializing_if = "Products::is_as_inner")]
    pub products: Products,
    /// The norm of `∇_θ g` at which an inner run ends, if it gets there in `steps`; 0 lets it take them all.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tolerance: f64,
    /// c: the tolerance of outer step t is divided by `(1 + t/b)^c`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tolerance_power: f64,
    /// b.
    #[serde(default = "hundred", skip_serializing_if = "is_hundred")]
    pub tolerance_after: f64,
}

/// The outer loop of a trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Outer")]
pub struct OuterSpec {
    /// From hypergradients to the next λ; gradient descent when left out.
    #[serde(default = "first")]
    pub rule: Spec<OuterRules>,
    /// From the estimates so far to what the rule is given; the estimate as it is when left out.
    #[serde(default = "first")]
    pub filter: Spec<Filters>,
    /// Outer steps of a headless run.
    #[serde(default = "twenty")]
    pub steps: usize,
    /// Oracle calls of a headless run, which then goes as far as they reach, however many outer steps that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<f64>,
    /// Smallest and largest value of every entry of λ, where its block allows them.
    #[serde(default = "wide")]
    pub bounds: (f64, f64),
    /// Validation rows of an estimate.
    #[serde(default, skip_serializing_if = "Batch::is_full")]
    pub batch: Batch,
    /// In which coordinates steps are taken.
    #[serde(default, skip_serializing_if = "Coordinates::is_lambda")]
    pub coordinates: Coordinates,
    /// What is said of single blocks of λ.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub blocks: BTreeMap<String, BlockSpec>,
}

/// In which coordinates an outer rule takes its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Coordinates {
    /// λ itself.
    #[default]
    Lambda,
    /// Its place in the box of its bounds, every entry from 0 to 1: then a step means the same for each.
    Box,
}

impl Coordinates {
    /// Whether steps are taken in λ itself.
    #[must_use]
    pub fn is_lambda(&self) -> bool {
        *self == Self::Lambda
    }

    /// As a scenario spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lambda => "Lambda",
            Self::Box => "Box",
        }
    }
}

/// How far a headless run takes a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Horizon {
    /// So many outer steps.
    Steps(usize),
    /// Until so many oracle calls are spent.
    Calls(f64),
}

impl Horizon {
    /// How much of the way so many outer steps and oracle calls are, up to 1.
    #[must_use]
    pub fn part_done(self, outer: usize, calls: f64) -> f64 {
        let part = match self {
            Self::Steps(0) => 1.0,
            Self::Steps(steps) => outer as f64 / steps as f64,
            Self::Calls(most) => calls / most,
        };
        part.min(1.0)
    }
}

/// The first of a list, which stands where nothing is said.
fn first<C: Catalog>() -> Spec<C> {
    Spec::of(&C::all()[0])
}

fn is_first<C: Catalog>(spec: &Spec<C>) -> bool
where
    Spec<C>: PartialEq,
{
    *spec == first()
}

/// What probes measure when nothing else is said.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Replicates of the training rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<usize>,
    /// Replicates of the validation rows for each of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<usize>,
    /// Seeds of a study over whole runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<usize>,
    /// Runs beside each, of a study that replaces rows: one row is another in each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twins: Option<usize>,
    /// Rows put in place of rows, one a twin, where they are not to be drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<ReplacedRow>,
    /// Knobs of probes, by their keys and as `--knob` spells their values: every probe that has such a knob takes it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub knobs: BTreeMap<String, String>,
    /// A value to vary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Sweep>,
    /// At which λ trials are measured.
    #[serde(default, skip_serializing_if = "MeasuredAt::is_start")]
    pub measured_at: MeasuredAt,
}

impl Study {
    /// Fields with values that nothing can be measured with, and what was expected.
    #[must_use]
    pub fn mistakes(&self) -> Vec<(&'static str, String)> {
        let counts = [
            ("training", self.training, 2),
            ("validation", self.validation, 1),
            ("seeds", self.seeds, 1),
            ("twins", self.twins, 1),
        ];
        let wrong = counts.into_iter().filter_map(|(name, count, least)| {
            let count = count.filter(|count| !(least..=MOST_REPLICATES).contains(count))?;
            Some((name, format!("`{name}` is {count}; expected from {least} to {MOST_REPLICATES}")))
        });
        let rows = self.replaced.len();
        let beside = self.twins.filter(|twins| rows > 0 && *twins != rows).map(|twins| {
            let rows = counted(rows, "row");
            (
                "twins",
                format!("`twins` is {twins}, but `replaced` writes out {rows}, one for each twin; expected no `twins`"),
            )
        });
        let empty = self.sweep.as_ref().filter(|sweep| sweep.values.is_empty());
        let empty = empty.map(|_| ("sweep", "`values` is empty; expected at least 1".to_owned()));
        wrong.chain(beside).chain(empty).collect()
    }
}

/// More than anybody waits for.
const MOST_REPLICATES: usize = 10_000;

/// A value of the scenario to vary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// Where it is: `inner.steps`, `trials[*].ensemble.members`.
    pub path: String,
    /// Its values as the scenario would spell them.
    pub values: Vec<String>,
}

// Serde hands over what it asks about.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

fn hundred() -> f64 {
    100.0
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_hundred(number: &f64) -> bool {
    *number == hundred()
}

fn twenty() -> usize {
    20
}

/// The exponential of λ stays finite and away from zero here.
fn wide() -> (f64, f64) {
    (-30.0, 30.0)
}

impl Default for OuterSpec {
    fn default() -> Self {
        Self {
            rule: first(),
            filter: first(),
            steps: twenty(),
            calls: None,
            bounds: wide(),
            batch: Batch::Full,
            coordinates: Coordinates::Lambda,
            blocks: BTreeMap::new(),
        }
    }
}

/// Inner steps of one outer step at most, as on the screen: a tape holds every one of them.
const MOST_STEPS: usize = 1_000_000;

impl InnerSpec {
    /// Fields with values that no run can start with, and what was expected.
    #[must_use]
    pub fn mistakes(&self) -> Vec<(&'static str, String)> {
        let steps = match self.steps {
            0 => Some("`steps` is 0, so the inner problem is never worked on; expected at least 1".to_owned()),
            steps if steps > MOST_STEPS => Some(format!("`steps` is {steps}; expected at most {MOST_STEPS}")),
            _ => None,
        };
        let values = [self.tolerance, self.tolerance_power, self.tolerance_after];
        let outside = TOLERANCE.iter().zip(values).filter_map(|(knob, value)| {
            let expected = knob.accept(Value::Real(value)).err()?;
            Some((knob.key, format!("`{}` is {value}; expected {expected}", knob.key)))
        });
        steps.map(|message| ("steps", message)).into_iter().chain(outside).collect()
    }

    /// The norm of `∇_θ g` at which the inner run of an outer step ends, `a/(1 + t/b)^c`, where it ends at one.
    #[must_use]
    pub fn tolerance_at(&self, outer: usize) -> Option<f64> {
        let falling = Falling::by(self.tolerance_power, self.tolerance_after);
        (self.tolerance > 0.0).then(|| falling.at(self.tolerance, outer))
    }
}

impl OuterSpec {
    /// How far a headless run goes.
    #[must_use]
    pub fn horizon(&self) -> Horizon {
        self.calls.map_or(Horizon::Steps(self.steps), Horizon::Calls)
    }

    /// Fields with values that no run can start with, and what was expected.
    #[must_use]
    pub fn mistakes(&self) -> Vec<(&'static str, String)> {
        let mut mistakes = Vec::new();
        let (low, high) = self.bounds;
        if !low.is_finite() || !high.is_finite() {
            mistakes.push(("bounds", format!("`bounds` are {low} and {high}; expected finite numbers")));
        } else if low >= high {
            mistakes.push(("bounds", format!("`bounds` are {low} and {high}; expected the smaller one first")));
        }
        if let Some(calls) = self.calls.filter(|calls| !(calls.is_finite() && *calls > 0.0)) {
            mistakes.push(("calls", format!("`calls` is {calls}; expected a positive number of oracle calls")));
        }
        mistakes
    }
}

/// A contender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Trial")]
pub struct TrialSpec {
    /// Name on screen; the estimator's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How it estimates the hypergradient.
    pub estimator: Spec<Estimators>,
    /// Its own inner loop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner: Option<InnerSpec>,
    /// Its own outer loop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outer: Option<OuterSpec>,
    /// Where its batches come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<Drawing>,
    /// Which rows an outer step of it sees, and where it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world: Option<Spec<Worlds>>,
    /// How its rows are divided among members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ensemble: Option<Spec<Policies>>,
    /// Its students.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<Spec<Populations>>,
}

impl TrialSpec {
    /// An estimator that leaves everything else to the scenario.
    #[must_use]
    pub fn of(estimator: Spec<Estimators>) -> Self {
        Self {
            name: None,
            estimator,
            inner: None,
            outer: None,
            draws: None,
            world: None,
            ensemble: None,
            population: None,
        }
    }

    /// Whether it says for itself what the scenario says for all trials under this name.
    #[must_use]
    pub fn has_own(&self, field: &str) -> bool {
        let Self { name: _, estimator: _, inner, outer, draws, world, ensemble, population } = self;
        let own = [
            ("inner", inner.is_some()),
            ("outer", outer.is_some()),
            ("draws", draws.is_some()),
            ("world", world.is_some()),
            ("ensemble", ensemble.is_some()),
            ("population", population.is_some()),
        ];
        own.contains(&(field, true))
    }
}
