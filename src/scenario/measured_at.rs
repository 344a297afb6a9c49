//! At which λ trials are measured: one for all of them, unless each is to be at its own.

use serde::{Deserialize, Serialize};

use crate::catalog::{Kind, Knob, Value};

/// At which λ trials are measured by probes that take them where they are.
///
/// Bars of one chart are compared. Trials move λ each in its own way, so that at their own λ they differ by where they
/// are as well as by what they are; by default all are measured at λ₀.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MeasuredAt {
    /// All at λ₀.
    #[default]
    Start,
    /// All at the λ of the trial that is selected; without a screen of the first.
    Selected,
    /// Each at its own.
    Each,
}

/// The choice as a knob.
pub static MEASURED_AT: Knob = Knob {
    key: "measured_at",
    help: "At which λ bias and variance and super-efficiency are measured. Whole runs and sweeps begin at λ₀ in any case.",
    kind: Kind::Choice {
        options: &[
            ("Start", "All trials at λ₀, where the scenario starts: what differs is the estimator."),
            ("Selected", "All trials at the λ where the selected trial is now."),
            ("Each", "Each trial at its own λ: bars differ by where trials are as well as by what they are."),
        ],
    },
};

impl MeasuredAt {
    /// Every choice, in the order of the knob.
    pub const ALL: [Self; 3] = [Self::Start, Self::Selected, Self::Each];

    /// As a scenario spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Selected => "Selected",
            Self::Each => "Each",
        }
    }

    /// Whether it is what stands where nothing is said.
    #[must_use]
    pub fn is_start(&self) -> bool {
        *self == Self::Start
    }

    /// As the knob holds it.
    #[must_use]
    pub const fn value(self) -> Value {
        Value::Choice(self.name())
    }

    /// What the knob holds, where it is one of the choices.
    #[must_use]
    pub fn of(value: Value) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.value() == value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knob_and_file_spell_every_choice_alike() {
        let Kind::Choice { options } = MEASURED_AT.kind else { panic!("a choice") };
        let names: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, MeasuredAt::ALL.map(MeasuredAt::name));
        for choice in MeasuredAt::ALL {
            assert_eq!(ron::to_string(&choice).unwrap(), choice.name());
            assert_eq!(MeasuredAt::of(MEASURED_AT.parse(choice.name()).unwrap()), Some(choice));
        }
        assert_eq!(MEASURED_AT.default(), MeasuredAt::default().value());
    }
}
