//! What probes found in a lab, and how that stands to what the lab shows now.

use std::fmt;
use std::sync::Arc;

use super::basis::{Basis, Standing, is_at_lambda};
use super::place::{Place, Terms};
use super::{History, Lab};
use crate::catalog::{KnobError, Knobs, Value};
use crate::probe::{Entry, Excerpt, Finding, Progress, Question, quick_knobs};
use crate::scenario::{MeasuredAt, Setting, Study};
use crate::trial::Trial;

/// The latest complete result of every question that was asked, and what is being measured.
#[derive(Debug, Clone)]
pub struct Findings {
    answers: Vec<Answer>,
    /// What is being measured.
    pub under_way: Option<UnderWay>,
    /// What is known so far of what is being measured, where its finding grows.
    pub growing: Option<(Question, Measured)>,
    /// What is measured anew whenever λ or a setting has moved.
    pub keeps: Option<Question>,
    /// What the scenario says to measure.
    study: Arc<Study>,
    /// Knobs of probes that a person has turned.
    turned: Vec<(&'static Entry, Knobs)>,
    /// At which λ a person has said to measure.
    measured_at: Option<MeasuredAt>,
}

/// What became of a question.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// The last complete result.
    pub latest: Option<Measured>,
    /// What became of the measurement begun after it.
    pub newer: Newer,
}

/// A complete result.
#[derive(Clone)]
pub struct Measured {
    /// What was found.
    pub finding: Arc<dyn Finding>,
    /// Where the lab was then.
    pub taken: Moment,
    /// How it stands to the lab as it is now.
    pub standing: Standing,
    basis: Arc<Basis>,
}

/// What became of a measurement begun since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Newer {
    /// None was begun.
    None,
    /// It is under way.
    UnderWay,
    /// It was cancelled.
    Cancelled,
    /// It failed, and why.
    Failed(Arc<str>),
}

/// A measurement that is not done yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderWay {
    /// What is measured.
    pub question: Question,
    /// How far it is.
    pub progress: Progress,
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

impl UnderWay {
    /// The part done, in percent.
    #[must_use]
    pub fn percent(&self) -> usize {
        100 * self.progress.done.min(self.progress.total) / self.progress.total.max(1)
    }
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

impl Measured {
    /// Where the trials were measured, in the words of a title: `at λ₀`.
    #[must_use]
    pub fn place(&self) -> String {
        self.basis.place()
    }

    /// The same with λ itself, as far as it is few numbers.
    #[must_use]
    pub fn place_with_lambda(&self) -> String {
        self.basis.place_with_lambda()
    }

    /// The same for trials beside one another, with what follows for comparing them; nothing of whole runs, which begin
    /// at λ₀.
    #[must_use]
    pub fn place_of_all(&self) -> Option<String> {
        self.basis.place_of_all()
    }

    pub(super) fn new(finding: Arc<dyn Finding>, taken: Moment, basis: Arc<Basis>) -> Self {
        Self { finding, taken, standing: Standing::Current, basis }
    }

    /// Whether a trial was measured, and its identifier has not come to mean another one since.
    #[must_use]
    pub fn is_about(&self, id: u64, setting: &Setting) -> bool {
        self.basis.subject(id).is_some_and(|subject| subject.setting.estimator.id() == setting.estimator.id())
    }

    /// What a person reads of it about a trial.
    #[must_use]
    pub fn about(&self, id: u64, setting: &Setting) -> Option<Excerpt> {
        self.finding.about(id).filter(|_| self.is_about(id, setting))
    }
}

impl fmt::Debug for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { finding, taken, standing, basis: _ } = self;
        f.debug_struct("Measured")
            .field("finding", finding)
            .field("taken", taken)
            .field("standing", standing)
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// Whether the measurement that was begun last came to a result.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.latest.is_some() && self.newer == Newer::None
    }

    /// What a person must know not to take the latest result for more than it is; `None` where it is just that.
    #[must_use]
    pub fn caution(&self) -> Option<String> {
        let standing = match self.latest.as_ref()?.standing {
            Standing::Current => None,
            Standing::LambdaMoved => Some("λ has moved since".to_owned()),
            Standing::SettingChanged => Some("a setting has changed since".to_owned()),
        };
        let newer = match &self.newer {
            Newer::None | Newer::UnderWay => None,
            Newer::Cancelled => Some("a newer one was cancelled".to_owned()),
            Newer::Failed(reason) => Some(format!("a newer one failed: {reason}")),
        };
        let parts: Vec<String> = standing.into_iter().chain(newer).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

impl Findings {
    /// Nothing has been measured yet.
    #[must_use]
    pub fn none(study: &Study) -> Self {
        Self {
            answers: Vec::new(),
            under_way: None,
            growing: None,
            keeps: None,
            study: Arc::new(study.clone()),
            turned: Vec::new(),
            measured_at: None,
        }
    }

    /// What became of a question, once it was asked.
    #[must_use]
    pub fn answer(&self, question: Question) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.question == question)
    }

    /// The latest complete result of a question.
    #[must_use]
    pub fn latest(&self, question: Question) -> Option<&Measured> {
        self.answer(question)?.latest.as_ref()
    }

    /// What became of every question that was asked, the last one asked at the end.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// How far a measurement is, while it is under way.
    #[must_use]
    pub fn progress(&self, question: Question) -> Option<UnderWay> {
        self.under_way.filter(|job| job.question == question)
    }

    /// What is known so far of the answer to a question, while it grows.
    #[must_use]
    pub fn so_far(&self, question: Question) -> Option<&Measured> {
        self.growing.as_ref().filter(|(growing, _)| *growing == question).map(|(_, measured)| measured)
    }

    /// What the scenario says to measure.
    #[must_use]
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// How much a probe measures next: what a person has turned its knobs to, else what the study says.
    #[must_use]
    pub fn knobs(&self, probe: &'static Entry) -> Knobs {
        let turned = self.turned.iter().find(|(entry, _)| *entry == probe);
        turned.map_or_else(|| quick_knobs(probe, &self.study), |(_, knobs)| knobs.clone())
    }

    /// Turns a knob of a probe.
    ///
    /// # Errors
    /// When the probe has no such knob, or it does not take the value.
    pub fn turn(&mut self, probe: &'static Entry, key: &str, value: Value) -> Result<(), KnobError> {
        let mut knobs = self.knobs(probe);
        knobs.set(key, value)?;
        self.turned.retain(|(entry, _)| *entry != probe);
        self.turned.push((probe, knobs));
        Ok(())
    }

    /// At which λ trials are measured next: what a person has said, else what the study says.
    #[must_use]
    pub fn measured_at(&self) -> MeasuredAt {
        self.measured_at.unwrap_or(self.study.measured_at)
    }

    /// Says at which λ trials are measured from now on.
    pub fn measure_at(&mut self, choice: MeasuredAt) {
        self.measured_at = Some(choice);
    }

    /// On which terms a question is asked next, while this trial is selected. Whole runs and sweeps begin at λ₀.
    #[must_use]
    pub fn terms(&self, question: Question, selected: Option<u64>) -> Terms {
        let knobs = self.knobs(question.probe());
        let place = match (is_at_lambda(question), (question.probe().stands)(&knobs)) {
            (true, true) => Place::Each,
            (true, false) => Place::of(self.measured_at(), selected),
            (false, _) => Place::Start,
        };
        Terms { knobs, place }
    }

    /// Holds what was found against a lab.
    pub fn look_at(&mut self, lab: &Lab) {
        let study = &lab.experiment().scenario.study;
        if *self.study != *study {
            self.study = Arc::new(study.clone());
        }
        for measured in self.answers.iter_mut().filter_map(|answer| answer.latest.as_mut()) {
            measured.standing = measured.basis.standing(lab);
        }
    }

    /// A measurement has led to this.
    pub fn keep(&mut self, question: Question, measured: Measured) {
        let answer = self.asked(question);
        answer.latest = Some(measured);
        answer.newer = Newer::None;
    }

    /// Writes down what has become of the newest measurement of a question; its last complete result stays.
    pub fn mark(&mut self, question: Question, newer: Newer) {
        self.asked(question).newer = newer;
    }

    /// The question's place, the last from now on.
    fn asked(&mut self, question: Question) -> &mut Answer {
        let place = self.answers.iter().position(|answer| answer.question == question);
        let answer = place.map(|place| self.answers.remove(place));
        self.answers.push(answer.unwrap_or(Answer { question, latest: None, newer: Newer::None }));
        let last = self.answers.len() - 1;
        &mut self.answers[last]
    }
}
