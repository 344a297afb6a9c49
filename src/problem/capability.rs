//! What only some problems can do, and what a method that asks for it says where it is missing.

use std::fmt;

use super::Problem;

/// Something that a problem may or may not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// [`Problem::curvature_bound`], which an automatic step size is the inverse of.
    CurvatureBound,
    /// [`Problem::is_convex`]: one θ*(λ), so that distances from it mean something.
    UniqueSolution,
}

impl Capability {
    /// Whether a problem has it at this λ.
    #[must_use]
    pub fn is_given(self, problem: &dyn Problem, lambda: &[f64]) -> bool {
        match self {
            Self::CurvatureBound => problem.curvature_bound(lambda).is_some(),
            Self::UniqueSolution => problem.is_convex(),
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CurvatureBound => "a bound L on the curvature of g",
            Self::UniqueSolution => "a unique minimizer θ* of g",
        })
    }
}

/// A capability that a method cannot do without, and what would work instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// What it asks for.
    pub capability: Capability,
    /// The knob whose value asks for it.
    pub knob: &'static str,
    /// What to do with a problem that has it not, as a command: ``write `step` as a number``.
    pub instead: &'static str,
}

impl Requirement {
    /// Whether a problem meets it at this λ.
    #[must_use]
    pub fn is_met(self, problem: &dyn Problem, lambda: &[f64]) -> bool {
        self.capability.is_given(problem, lambda)
    }
}
