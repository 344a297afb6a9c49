//! What a trial is made of, every part of it adjustable by a path.

use crate::catalog::{Kind, Knob, KnobError, Scale, Spec, Value};
use crate::ensemble::Policies;
use crate::estimator::Estimators;
use crate::scenario::{InnerSpec, OuterSpec, Scenario, TrialSpec};

/// Estimator, inner and outer loop and ensemble of a trial, all defaults resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Name on screen.
    pub name: String,
    /// How it estimates the hypergradient.
    pub estimator: Spec<Estimators>,
    /// The inner loop.
    pub inner: InnerSpec,
    /// The outer loop.
    pub outer: OuterSpec,
    /// How rows are divided among members.
    pub ensemble: Spec<Policies>,
}

/// One adjustable field of a setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// Part it belongs to: `estimator`, `inner`, `inner.dynamics`, `outer.rule`, `ensemble`.
    pub part: &'static str,
    /// Its knob.
    pub knob: &'static Knob,
    /// Its value now.
    pub value: Value,
}

impl Field {
    /// The path that [`Setting::set`] takes.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.part, self.knob.key)
    }
}

/// A path that leads nowhere, or a value that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No such path.
    #[error("there is nothing to turn at `{0}`; expected one of {1}")]
    Path(String, String),
    /// The knob does not exist or does not take the value.
    #[error(transparent)]
    Knob(#[from] KnobError),
}

/// The inner loop's own knobs, beside those of its dynamics.
static STEPS: Knob = Knob {
    key: "steps",
    help: "Inner steps T of one outer step.",
    kind: Kind::Integer { default: 100, range: (1, 1_000_000), scale: Scale::Logarithmic },
};

static WARM_START: Knob = Knob {
    key: "warm_start",
    help: "Whether an outer step starts where the last one ended.",
    kind: Kind::Toggle { default: false },
};

impl Setting {
    /// A trial of a scenario, with the scenario's inner and outer loop where it says nothing else.
    #[must_use]
    pub fn of(trial: &TrialSpec, scenario: &Scenario) -> Self {
        Self {
            name: trial.name.clone().unwrap_or_else(|| trial.estimator.card().name.to_owned()),
            estimator: trial.estimator.clone(),
            inner: trial.inner.clone().unwrap_or_else(|| scenario.inner.clone()),
            outer: trial.outer.clone().unwrap_or_else(|| scenario.outer.clone()),
            ensemble: trial.ensemble.clone().unwrap_or_else(|| scenario.ensemble.clone()),
        }
    }

    /// The setting as a scenario spells it: what is as the scenario says is left to it, so that a change of the
    /// scenario's own loops reaches every trial that has none of its own.
    #[must_use]
    pub fn spec(&self, scenario: &Scenario) -> TrialSpec {
        TrialSpec {
            name: Some(self.name.clone()),
            estimator: self.estimator.clone(),
            inner: (self.inner != scenario.inner).then(|| self.inner.clone()),
            outer: (self.outer != scenario.outer).then(|| self.outer.clone()),
            ensemble: (self.ensemble != scenario.ensemble).then(|| self.ensemble.clone()),
        }
    }

    /// Everything that can be turned, in the order shown.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field { part: "inner", knob: &STEPS, value: Value::Integer(self.inner.steps as i64) },
            Field { part: "inner", knob: &WARM_START, value: Value::Toggle(self.inner.warm_start) },
        ];
        let from = |part, knobs: &crate::catalog::Knobs| -> Vec<Field> {
            knobs.iter().map(|(knob, value)| Field { part, knob, value }).collect()
        };
        fields.splice(0..0, from("estimator", &self.estimator.knobs));
        fields.extend(from("inner.dynamics", &self.inner.dynamics.knobs));
        fields.extend(from("outer.rule", &self.outer.rule.knobs));
        fields.extend(from("ensemble", &self.ensemble.knobs));
        fields
    }

    /// Turns the field at a path to what a person typed.
    ///
    /// # Errors
    /// When there is no such field or it does not take the value.
    pub fn set(&mut self, path: &str, text: &str) -> Result<(), SettingError> {
        let field = self.fields().into_iter().find(|field| field.path() == path);
        let field = field.ok_or_else(|| SettingError::Path(path.to_owned(), self.paths()))?;
        let value = field.knob.parse(text).map_err(|expected| KnobError::Value {
            key: field.knob.key.to_owned(),
            found: text.to_owned(),
            expected,
        })?;
        match (field.part, value) {
            ("estimator", _) => self.estimator.knobs.set(field.knob.key, value)?,
            ("inner.dynamics", _) => self.inner.dynamics.knobs.set(field.knob.key, value)?,
            ("ensemble", _) => self.ensemble.knobs.set(field.knob.key, value)?,
            ("outer.rule", _) => self.outer.rule.knobs.set(field.knob.key, value)?,
            ("inner", Value::Integer(steps)) => self.inner.steps = usize::try_from(steps).unwrap_or(1),
            ("inner", Value::Toggle(on)) => self.inner.warm_start = on,
            _ => return Err(SettingError::Path(path.to_owned(), self.paths())),
        }
        Ok(())
    }

    fn paths(&self) -> String {
        self.fields().iter().map(|field| format!("`{}`", field.path())).collect::<Vec<_>>().join(", ")
    }
}
