//! What of a setting can be turned, each by its path.

use super::ending::TOLERANCE;
use super::moved::moved_path;
use super::parts::{PARTS, Part};
use super::setting::Setting;
use super::{Coordinates, MOST_STEPS};
use crate::catalog::{Kind, Knob, KnobError, Scale, Value};
use crate::draw::{Batch, Drawing, Products};

/// One adjustable field of a setting.
#[derive(Clone, Copy)]
pub struct Field {
    /// Beside what it is shown: a part of the trial, or nothing.
    pub beside: Option<&'static Part>,
    /// Part it belongs to: `estimator`, `inner`, `inner.dynamics`, `outer`, `outer.rule`; empty for the trial itself.
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
        if self.part.is_empty() { self.knob.key.to_owned() } else { format!("{}.{}", self.part, self.knob.key) }
    }
}

/// A path that leads nowhere, or a value that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No such path.
    #[error("there is nothing to turn at `{0}`; expected one of {1}")]
    Path(String, String),
    /// A path of older sessions, and what to write now.
    #[error("there is nothing to turn at `{0}`; {1}")]
    Moved(String, &'static str),
    /// The knob does not exist or does not take the value.
    #[error(transparent)]
    Knob(#[from] KnobError),
}

/// A field of a setting that belongs to no extension.
struct Plain {
    part: &'static str,
    /// The part beside which it is shown.
    beside: &'static str,
    knob: &'static Knob,
    get: fn(&Setting) -> Value,
    set: fn(&mut Setting, Value),
}

/// A number of the inner loop.
macro_rules! of_tolerance {
    ($knob:expr, $field:ident) => {
        Plain {
            part: "inner",
            beside: "inner.dynamics",
            knob: $knob,
            get: |setting| Value::Real(setting.inner.$field),
            set: |setting, value| {
                if let Value::Real(number) = value {
                    setting.inner.$field = number;
                }
            },
        }
    };
}

/// The loops' own knobs, beside those of what they are made of.
static PLAIN: &[Plain] = &[
    Plain {
        part: "inner",
        beside: "inner.dynamics",
        knob: &STEPS,
        get: |setting| Value::Integer(setting.inner.steps as i64),
        set: |setting, value| {
            if let Value::Integer(steps) = value {
                setting.inner.steps = usize::try_from(steps).unwrap_or(1);
            }
        },
    },
    Plain {
        part: "inner",
        beside: "inner.dynamics",
        knob: &WARM_START,
        get: |setting| Value::Toggle(setting.inner.warm_start),
        set: |setting, value| {
            if let Value::Toggle(on) = value {
                setting.inner.warm_start = on;
            }
        },
    },
    Plain {
        part: "inner",
        beside: "inner.dynamics",
        knob: &BATCH,
        get: |setting| setting.inner.batch.value(),
        set: |setting, value| setting.inner.batch = Batch::of(value),
    },
    Plain {
        part: "inner",
        beside: "inner.dynamics",
        knob: &PRODUCTS,
        get: |setting| setting.inner.products.value(),
        set: |setting, value| setting.inner.products = Products::of(value),
    },
    of_tolerance!(&TOLERANCE[0], tolerance),
    of_tolerance!(&TOLERANCE[1], tolerance_power),
    of_tolerance!(&TOLERANCE[2], tolerance_after),
    Plain {
        part: "outer",
        beside: "outer.rule",
        knob: &OUTER_STEPS,
        get: |setting| Value::Integer(i64::try_from(setting.outer.steps).unwrap_or(i64::MAX)),
        set: |setting, value| {
            if let Value::Integer(steps) = value {
                setting.outer.steps = usize::try_from(steps).unwrap_or(0);
            }
        },
    },
    Plain {
        part: "outer",
        beside: "outer.rule",
        knob: &OUTER_BATCH,
        get: |setting| setting.outer.batch.value(),
        set: |setting, value| setting.outer.batch = Batch::of(value),
    },
    Plain {
        part: "outer",
        beside: "outer.rule",
        knob: &COORDINATES,
        get: |setting| Value::Choice(setting.outer.coordinates.name()),
        set: |setting, value| {
            let is_box = value == Value::Choice(Coordinates::Box.name());
            setting.outer.coordinates = if is_box { Coordinates::Box } else { Coordinates::Lambda };
        },
    },
    Plain {
        part: "",
        beside: "ensemble",
        knob: &DRAWS,
        get: |setting| Value::Choice(setting.draws.name()),
        set: |setting, value| match value {
            Value::Choice("Shared") => setting.draws = Drawing::Shared,
            _ => setting.draws = Drawing::Own,
        },
    },
];

static BATCH: Knob = Knob { key: "batch", help: "Training rows of an inner step.", kind: Batch::KIND };

static PRODUCTS: Knob =
    Knob { key: "products", help: "Training rows of the products of an estimate with H and J.", kind: Products::KIND };

static OUTER_BATCH: Knob = Knob { key: "batch", help: "Validation rows of an estimate.", kind: Batch::KIND };

static DRAWS: Knob = Knob {
    key: "draws",
    help: "Where batches come from.",
    kind: Kind::Choice {
        options: &[
            ("Own", "a stream of the trial's own"),
            ("Shared", "one stream for all trials that say so: they see the same rows"),
        ],
    },
};

static COORDINATES: Knob = Knob {
    key: "coordinates",
    help: "In which coordinates the outer rule takes its steps.",
    kind: Kind::Choice {
        options: &[
            ("Lambda", "λ itself"),
            ("Box", "its place in the box of its bounds, every entry from 0 to 1: a step means the same for each"),
        ],
    },
};

static STEPS: Knob = Knob {
    key: "steps",
    help: "Inner steps T of one outer step.",
    kind: Kind::Integer { default: 100, range: (1, MOST_STEPS as i64), scale: Scale::Logarithmic },
};

static OUTER_STEPS: Knob = Knob {
    key: "steps",
    help: "Outer steps that are planned: where a run ends, unless `calls` says otherwise.",
    kind: Kind::Integer { default: 20, range: (0, 1_000_000_000), scale: Scale::Logarithmic },
};

static WARM_START: Knob = Knob {
    key: "warm_start",
    help: "Whether an outer step starts where the last one ended.",
    kind: Kind::Toggle { default: false },
};

impl Plain {
    /// Whether it makes a difference: by what a tolerance falls makes none where there is none.
    fn is_in_force(&self, setting: &Setting) -> bool {
        setting.inner.tolerance > 0.0 || !TOLERANCE[1..].iter().any(|knob| knob.key == self.knob.key)
    }

    fn of(&self, setting: &Setting, beside: &'static Part) -> Field {
        Field { beside: Some(beside), part: self.part, knob: self.knob, value: (self.get)(setting) }
    }
}

impl Setting {
    /// Everything that can be turned, in the order shown: of every part what stands there, then its loop's own
    /// fields, then its knobs.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        for part in PARTS {
            let Some(of_trial) = &part.of_trial else { continue };
            let (knob, beside) = (part.choice(), Some(part));
            let chosen = knob.parse(&(of_trial.card)(self).ron_name()).unwrap_or_else(|_| knob.default());
            fields.push(Field { beside, part: part.owner(), knob, value: chosen });
            let plain = PLAIN.iter().filter(|field| field.beside == part.path && field.is_in_force(self));
            fields.extend(plain.map(|field| field.of(self, part)));
            let knobs = (of_trial.knobs)(self).iter();
            fields.extend(knobs.map(|(knob, value)| Field { beside, part: part.path, knob, value }));
        }
        fields
    }

    /// Turns the field at a path to what a person typed.
    ///
    /// # Errors
    /// When there is no such field or it does not take the value.
    pub fn set(&mut self, path: &str, text: &str) -> Result<(), SettingError> {
        let field = self.fields().into_iter().find(|field| field.path() == path);
        let field = field.ok_or_else(|| match moved_path(path) {
            Some(now) => SettingError::Moved(path.to_owned(), now),
            None => SettingError::Path(path.to_owned(), self.paths()),
        })?;
        let value = field.knob.parse(text).map_err(|expected| KnobError::Value {
            key: field.knob.key.to_owned(),
            found: text.to_owned(),
            expected,
        })?;
        if let (Some(part), Value::Choice(name)) = (PARTS.iter().find(|part| part.path == path), value) {
            self.choose(part, name);
            return Ok(());
        }
        let plain = PLAIN.iter().find(|plain| plain.part == field.part && plain.knob.key == field.knob.key);
        let part = PARTS.iter().find(|part| part.path == field.part).and_then(|part| part.of_trial.as_ref());
        match (plain, part) {
            (Some(plain), _) => (plain.set)(self, value),
            (None, Some(part)) => (part.knobs_mut)(self).set(field.knob.key, value)?,
            (None, None) => return Err(SettingError::Path(path.to_owned(), self.paths())),
        }
        Ok(())
    }

    /// Puts another extension at a part, unless it is the one that stands there.
    fn choose(&mut self, part: &'static Part, name: &str) {
        let before = self.estimator.card();
        if let Some(of_trial) = part.of_trial.as_ref().filter(|of_trial| (of_trial.card)(self).ron_name() != name) {
            (of_trial.choose)(self, name);
        }
        self.rename_after(before.name);
    }

    /// A trial that was named after its estimator is named after the one it has now.
    pub fn rename_after(&mut self, before: &str) {
        let number = self.name.strip_prefix(before).map(str::trim_start);
        if let Some(number) = number.filter(|number| number.is_empty() || number.parse::<u32>().is_ok()) {
            self.name = format!("{} {number}", self.estimator.card().name).trim_end().to_owned();
        }
    }

    fn paths(&self) -> String {
        self.fields().iter().map(|field| format!("`{}`", field.path())).collect::<Vec<_>>().join(", ")
    }
}
