//! The scenarios that come with the program. Their identifiers are the names of their files.

use super::suggest::did_you_mean;

/// What a scenario is about, as the list of them is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What the laboratory is for, in few scenarios.
    StartHere,
    /// How estimators differ, and the loops around them.
    Estimators,
    /// Data as a source of error: samples, splits, overfitting.
    Data,
    /// Families of tasks that share λ.
    Tasks,
    /// Mini-batches and random starts.
    Stochastic,
    /// Data that was measured and not made.
    RealData,
}

impl Group {
    /// The groups, in the order shown.
    pub const ALL: [Self; 6] =
        [Self::StartHere, Self::Estimators, Self::Data, Self::Tasks, Self::Stochastic, Self::RealData];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::StartHere => "Start here",
            Self::Estimators => "Estimators",
            Self::Data => "Data as a source of error",
            Self::Tasks => "Tasks",
            Self::Stochastic => "Stochastic",
            Self::RealData => "Real data",
        }
    }
}

/// A scenario that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// Name of its file, without the ending.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// Its text.
    pub text: &'static str,
}

macro_rules! builtin {
    ($($id:literal: $group:ident),* $(,)?) => {
        &[$(Builtin {
            id: $id,
            group: Group::$group,
            text: include_str!(concat!("../../scenarios/", $id, ".ron")),
        }),*]
    };
}

/// Every built-in scenario, in the order shown: the groups one after the other.
pub static BUILTIN: &[Builtin] = builtin![
    "quadratic": StartHere,
    "bias-variance": StartHere,
    "overfitting": StartHere,
    "super-efficiency-strong": StartHere,
    "super-efficiency-weak": Estimators,
    "affine-outer": Estimators,
    "preconditioners": Estimators,
    "solver-budget": Estimators,
    "truncation": Estimators,
    "warm-start": Estimators,
    "equal-calls": Estimators,
    "lasso": Estimators,
    "perceptron": Estimators,
    "validation-size": Data,
    "ensembles": Data,
    "fresh-world": Data,
    "excess-error": Data,
    "instrumental-variables": Data,
    "drift-smoothing": Data,
    "model-design": Data,
    "few-shot-sinusoids": Tasks,
    "few-shot-distractors": Tasks,
    "few-shot-matrix": Tasks,
    "single-loop": Stochastic,
    "straight-to-rounding": Stochastic,
    "one-loop-or-two": Stochastic,
    "frozen-state": Stochastic,
    "f2sa-multiplier": Stochastic,
    "truncated-point": Stochastic,
    "horizon-short-horizons": Stochastic,
    "horizon-sharing": Stochastic,
    "horizon-from-zero": Stochastic,
    "horizon-memory": Stochastic,
    "restarts": Stochastic,
    "branin-populations": Stochastic,
    "hartmann-diversity": Stochastic,
    "spectral-ridge": Stochastic,
    "population-overfits": Stochastic,
    "natural-well-specified": Stochastic,
    "natural-misspecified": Stochastic,
    "natural-staleness": Stochastic,
    "natural-hyper-cleaning": Stochastic,
    "stability-strongly-convex": Stochastic,
    "stability-convex": Stochastic,
    "stability-nonconvex": Stochastic,
    "stability-two-timescale": Stochastic,
    "stability-falling-steps": Stochastic,
    "stability-which-row": Stochastic,
    "ridge-one-penalty": RealData,
    "ridge-per-feature": RealData,
    "logistic": RealData,
    "softmax": RealData,
    "diabetes-products": RealData,
    "breast-cancer-pool": RealData,
    "hyper-cleaning": RealData,
    "hyper-cleaning-ensembles": RealData,
];

/// The file that explains every field.
pub static TEMPLATE: &str = include_str!("../../scenarios/TEMPLATE.ron");

/// The built-in scenario with this identifier.
///
/// # Errors
/// That there is none, with the nearest name or all of them.
pub fn builtin(id: &str) -> Result<&'static Builtin, String> {
    BUILTIN.iter().find(|builtin| builtin.id == id).ok_or_else(|| {
        let ids = || BUILTIN.iter().map(|builtin| builtin.id);
        let advice = did_you_mean(id, ids()).unwrap_or_else(|| {
            format!("expected one of {}", ids().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "))
        });
        format!("no scenario `{}` comes with the program; {advice}", crate::data::display_text(id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_groups_come_one_after_the_other_and_none_is_empty() {
        let mut groups: Vec<Group> = BUILTIN.iter().map(|builtin| builtin.group).collect();
        groups.dedup();
        assert_eq!(groups, Group::ALL);
    }
}
