//! What probes found in a lab, and how that stands to what the lab shows now.

use std::sync::Arc;

use super::survey::Scope;
use super::{History, Lab, TrialView};
use crate::probe::Progress;
use crate::probe::bias_variance::{BiasVariance, Plan, SweepFinding, TrialFinding};
use crate::probe::excess_error::ExcessError;
use crate::probe::overfitting::Overfitting;
use crate::scenario::Scenario;
use crate::trial::Trial;

/// A measurement that takes long enough to be carried out beside the lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survey {
    /// Bias and variance of every trial that is shown, each at its own λ.
    BiasVariance,
    /// The same at λ₀, over the values that the scenario's study sweeps.
    Sweep,
    /// Whole runs of every trial from λ₀, with several seeds.
    Overfitting,
    /// Whole runs of every trial from λ₀, on several pools, and what risk they leave over.
    ExcessError,
}

impl Survey {
    /// Its name in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BiasVariance => "bias and variance",
            Self::Sweep => "the sweep",
            Self::Overfitting => "runs with several seeds",
            Self::ExcessError => "the excess error",
        }
    }

    /// Whether it takes whole runs, so that the outer loop enters it.
    #[must_use]
    pub const fn takes_whole_runs(self) -> bool {
        matches!(self, Self::Overfitting | Self::ExcessError)
    }
}

/// The latest complete result of every survey, and what is being measured.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Bias and variance.
    pub bias_variance: Option<Measured<BiasVariance>>,
    /// Bias and variance over the values of the scenario's sweep.
    pub sweep: Option<Measured<SweepFinding>>,
    /// Whole runs with several seeds.
    pub overfitting: Option<Measured<Overfitting>>,
    /// What risk whole runs leave over, and which error of their hypergradients goes with it.
    pub excess_error: Option<Measured<ExcessError>>,
    /// What is being measured.
    pub under_way: Option<UnderWay>,
    /// How much the next measurement takes.
    pub plan: Plan,
    /// Whether bias and variance are measured anew whenever λ or a setting has moved.
    pub keeps_measuring: bool,
    /// The path of the value that the scenario's study sweeps, where it names one.
    pub sweep_path: Option<Arc<str>>,
}

/// A survey that is not done yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderWay {
    /// What is measured.
    pub survey: Survey,
    /// How far it is.
    pub progress: Progress,
}

impl UnderWay {
    /// The part done, in percent.
    #[must_use]
    pub fn percent(&self) -> usize {
        100 * self.progress.done.min(self.progress.total) / self.progress.total.max(1)
    }
}

/// A complete result.
#[derive(Debug, Clone)]
pub struct Measured<T> {
    /// What was found.
    pub finding: Arc<T>,
    /// Where the lab was then.
    pub taken: Moment,
    /// How it stands to the lab as it is now.
    pub standing: Standing,
    /// What became of newer measurements of the same.
    pub newer: Newer,
    pub(super) scope: Arc<Scope>,
}

/// A moment of a lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Outer steps completed by the trial that was furthest.
    pub outer: usize,
    /// The branch of the history.
    pub branch: usize,
    /// Commands applied to reach it.
    pub position: usize,
}

/// Whether a result is about what the lab shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is: every trial shown was measured at this λ with this setting.
    Current,
    /// λ of some trial was elsewhere.
    LambdaMoved,
    /// A trial or the problem was set otherwise, or a trial was not there.
    SettingChanged,
}

/// What became of measurements begun since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newer {
    /// None was begun.
    None,
    /// One is under way.
    UnderWay,
    /// One was cancelled.
    Cancelled,
    /// One failed.
    Failed,
}

impl Moment {
    /// Where a history is.
    #[must_use]
    pub fn of(history: &History) -> Self {
        let taken = Self::of_lab(history.lab());
        Self { branch: history.current(), position: history.position(), ..taken }
    }

    /// Where a lab without a history is.
    #[must_use]
    pub fn of_lab(lab: &Lab) -> Self {
        Self { outer: lab.trials().map(Trial::outer).max().unwrap_or(0), ..Self::default() }
    }
}

impl<T> Measured<T> {
    /// What a person must know not to take it for more than it is; `None` where it is just that.
    #[must_use]
    pub fn caution(&self) -> Option<String> {
        let standing = match self.standing {
            Standing::Current => None,
            Standing::LambdaMoved => Some("λ has moved since"),
            Standing::SettingChanged => Some("a setting has changed since"),
        };
        let newer = match self.newer {
            Newer::None | Newer::UnderWay => None,
            Newer::Cancelled => Some("a newer one was cancelled"),
            Newer::Failed => Some("a newer one failed"),
        };
        let parts: Vec<&str> = standing.into_iter().chain(newer).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// The same result, held against a lab.
    #[must_use]
    pub fn seen_from(&self, lab: &Lab) -> Self
    where
        Self: Clone,
    {
        Self { standing: self.scope.standing(lab), ..self.clone() }
    }
}

impl Measured<BiasVariance> {
    /// What was found about a trial, unless its identifier has come to mean another one.
    #[must_use]
    pub fn about(&self, trial: &TrialView) -> Option<&TrialFinding> {
        let estimator = trial.setting.estimator.id();
        self.finding.trials.iter().find(|found| found.id == trial.id && found.estimator == estimator)
    }
}

impl Findings {
    /// Nothing has been measured yet.
    #[must_use]
    pub fn none(scenario: &Scenario) -> Self {
        Self {
            bias_variance: None,
            sweep: None,
            overfitting: None,
            excess_error: None,
            under_way: None,
            plan: Plan::quick(&scenario.study),
            keeps_measuring: false,
            sweep_path: scenario.study.sweep.as_ref().map(|sweep| Arc::from(sweep.path.as_str())),
        }
    }

    /// The same findings, held against a lab.
    #[must_use]
    pub fn seen_from(&self, lab: &Lab) -> Self {
        Self {
            bias_variance: self.bias_variance.as_ref().map(|measured| measured.seen_from(lab)),
            sweep: self.sweep.as_ref().map(|measured| measured.seen_from(lab)),
            overfitting: self.overfitting.as_ref().map(|measured| measured.seen_from(lab)),
            excess_error: self.excess_error.as_ref().map(|measured| measured.seen_from(lab)),
            ..self.clone()
        }
    }

    /// Writes down what has become of the newest measurement of a survey, on its last complete result.
    pub fn mark(&mut self, survey: Survey, newer: Newer) {
        match survey {
            Survey::BiasVariance => self.bias_variance.iter_mut().for_each(|measured| measured.newer = newer),
            Survey::Sweep => self.sweep.iter_mut().for_each(|measured| measured.newer = newer),
            Survey::Overfitting => self.overfitting.iter_mut().for_each(|measured| measured.newer = newer),
            Survey::ExcessError => self.excess_error.iter_mut().for_each(|measured| measured.newer = newer),
        }
    }
}
