//! The values of an extension's knobs.

use super::{Knob, Value};

/// One value for each of an extension's knobs, always of the right type and in range.
#[derive(Debug, Clone, PartialEq)]
pub struct Knobs {
    knobs: &'static [Knob],
    values: Vec<Value>,
}

/// A knob that is not there, or a value that it does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnobError {
    /// No knob has this key.
    #[error("there is no `{key}` here; expected one of {known}")]
    Unknown {
        /// The key asked for.
        key: String,
        /// The keys that exist.
        known: String,
    },
    /// The value has another type or lies outside the range.
    #[error("`{key}` cannot be {found}; expected {expected}")]
    Value {
        /// The knob's key.
        key: String,
        /// The value given.
        found: String,
        /// What it must be.
        expected: String,
    },
}

impl Knobs {
    /// Every knob at its default.
    #[must_use]
    pub fn defaults(knobs: &'static [Knob]) -> Self {
        Self { knobs, values: knobs.iter().map(Knob::default).collect() }
    }

    /// The knobs' descriptions with their values, in the order shown.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Knob, Value)> + '_ {
        self.knobs.iter().zip(self.values.iter().copied())
    }

    /// The descriptions.
    #[must_use]
    pub fn descriptions(&self) -> &'static [Knob] {
        self.knobs
    }

    /// Sets one knob.
    ///
    /// # Errors
    /// When no knob has this key, or the knob does not take this value.
    pub fn set(&mut self, key: &str, value: Value) -> Result<(), KnobError> {
        let index = self.index(key)?;
        let knob = &self.knobs[index];
        self.values[index] = knob.accept(value).map_err(|expected| KnobError::Value {
            key: key.to_owned(),
            found: value.to_string(),
            expected,
        })?;
        Ok(())
    }

    /// As [`set`](Self::set), in a chain of definitions.
    ///
    /// # Panics
    /// When the knob does not exist or does not take the value: a mistake in the program, so this
    /// is for values written in code.
    #[must_use]
    pub fn with(mut self, key: &str, value: Value) -> Self {
        if let Err(error) = self.set(key, value) {
            panic!("{error}");
        }
        self
    }

    /// The value of a knob.
    ///
    /// # Errors
    /// When no knob has this key.
    pub fn get(&self, key: &str) -> Result<Value, KnobError> {
        Ok(self.values[self.index(key)?])
    }

    /// The value of a real knob.
    ///
    /// # Panics
    /// Here and in the accessors below: when the owner declared no such knob. The tests build
    /// every entry of every list, so a wrong key does not survive them.
    #[must_use]
    pub fn real(&self, key: &str) -> f64 {
        match self.get(key) {
            Ok(Value::Real(x)) => x,
            other => panic!("`{key}` is no real knob: {other:?}"),
        }
    }

    /// The value of an automatic knob, `None` when it is automatic.
    ///
    /// # Panics
    /// See [`real`](Self::real).
    #[must_use]
    pub fn automatic(&self, key: &str) -> Option<f64> {
        match self.get(key) {
            Ok(Value::Real(x)) => Some(x),
            Ok(Value::Automatic) => None,
            other => panic!("`{key}` is no automatic knob: {other:?}"),
        }
    }

    /// The value of a whole-number knob whose range is not negative.
    ///
    /// # Panics
    /// See [`real`](Self::real).
    #[must_use]
    pub fn count(&self, key: &str) -> usize {
        match self.get(key) {
            Ok(Value::Integer(x)) => usize::try_from(x).unwrap_or(0),
            other => panic!("`{key}` is no whole-number knob: {other:?}"),
        }
    }

    /// The chosen name.
    ///
    /// # Panics
    /// See [`real`](Self::real).
    #[must_use]
    pub fn choice(&self, key: &str) -> &'static str {
        match self.get(key) {
            Ok(Value::Choice(name)) => name,
            other => panic!("`{key}` is no choice: {other:?}"),
        }
    }

    /// The value of a toggle.
    ///
    /// # Panics
    /// See [`real`](Self::real).
    #[must_use]
    pub fn toggle(&self, key: &str) -> bool {
        match self.get(key) {
            Ok(Value::Toggle(on)) => on,
            other => panic!("`{key}` is no toggle: {other:?}"),
        }
    }

    fn index(&self, key: &str) -> Result<usize, KnobError> {
        self.knobs.iter().position(|knob| knob.key == key).ok_or_else(|| KnobError::Unknown {
            key: key.to_owned(),
            known: self.knobs.iter().map(|knob| format!("`{}`", knob.key)).collect::<Vec<_>>().join(", "),
        })
    }
}
