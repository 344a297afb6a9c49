//! The scenarios that come with the program. Their identifiers are the names of their files.

use super::suggest::did_you_mean;

/// A scenario that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// Name of its file, without the ending.
    pub id: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! builtin {
    ($($id:literal),* $(,)?) => {
        &[$(Builtin { id: $id, text: include_str!(concat!("../../scenarios/", $id, ".ron")) }),*]
    };
}

/// Every built-in scenario, in the order shown.
pub static BUILTIN: &[Builtin] = builtin![
    "quadratic",
    "ridge-one-penalty",
    "ridge-per-feature",
    "logistic",
    "softmax",
    "super-efficiency-strong",
    "super-efficiency-weak",
    "affine-outer",
    "preconditioners",
    "solver-budget",
    "truncation",
    "warm-start",
    "equal-calls",
    "single-loop",
    "restarts",
    "perceptron",
    "hyper-cleaning",
    "bias-variance",
    "validation-size",
    "ensembles",
    "overfitting",
    "fresh-world",
    "diabetes-products",
    "excess-error",
    "breast-cancer-pool",
    "hyper-cleaning-ensembles",
    "few-shot-sinusoids",
    "few-shot-distractors",
    "few-shot-matrix",
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
