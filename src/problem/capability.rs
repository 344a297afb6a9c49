//! What only some problems can do, and what a method that asks for it says where it is missing.

use std::fmt;

use super::{Cache, LONGEST_DENSE, Location, Problem, Rows};
use crate::math::Matrix;

/// Something that a problem may or may not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// [`Problem::curvature_bound`], which an automatic step size is the inverse of.
    CurvatureBound,
    /// [`Problem::is_convex`]: one θ*(λ), so that distances from it mean something.
    UniqueSolution,
    /// No [`Problem::proximal`]: `∇_θ g` is continuous, and a gradient step goes downhill.
    Smooth,
    /// [`Problem::proximal`]: kinks that a proximal operator steps into.
    Proximal,
    /// Both objectives are sums over rows, each of which can be asked alone.
    Rows,
    /// A θ of at most [`LONGEST_DENSE`] entries, so that [`Problem::hessian`] fits and can be factorized.
    WholeHessian,
    /// `g = ½ Σ h_i θ_i²`: a diagonal H that is the same everywhere, and no slope at θ = 0.
    DiagonalQuadratic,
    /// At most `MOST_TANGENTS` numbers in a d × p matrix.
    WholeTangents,
    /// [`Problem::likelihood`]: scores row by row.
    Likelihood,
    /// [`Problem::control`]: λ is a model of a plant, judged by temporal differences.
    Control,
    /// Transitions with a second next state each.
    SecondStates,
    /// A θ of at most [`LONGEST_DENSE`] entries, so that a Fisher matrix fits and can be factorized.
    WholeFisher,
}

/// Numbers of a d × p matrix that a method may hold: 1 GB.
const MOST_TANGENTS: usize = 125_000_000;

impl Capability {
    /// Whether a problem has it at this λ.
    #[must_use]
    pub fn is_given(self, problem: &dyn Problem, lambda: &[f64]) -> bool {
        match self {
            Self::CurvatureBound => problem.curvature_bound(lambda).is_some(),
            Self::UniqueSolution => problem.is_convex(),
            Self::Smooth => problem.proximal().is_none(),
            Self::Proximal => problem.proximal().is_some(),
            Self::Rows => problem.dimensions().training > 0 && problem.dimensions().validation > 0,
            Self::WholeHessian => problem.dimensions().inner <= LONGEST_DENSE,
            Self::DiagonalQuadratic => is_diagonal(problem, lambda),
            Self::Likelihood => problem.likelihood().is_some(),
            Self::Control => problem.control().is_some(),
            Self::SecondStates => problem.control().is_some_and(super::Control::has_second),
            Self::WholeFisher => Self::WholeHessian.is_given(problem, lambda),
            Self::WholeTangents => {
                let sizes = problem.dimensions();
                sizes.inner.saturating_mul(sizes.outer) <= MOST_TANGENTS
            }
        }
    }
}

/// Whether g is a sum of squares of single coordinates.
fn is_diagonal(problem: &dyn Problem, lambda: &[f64]) -> bool {
    /// Entries of a matrix that is formed to find out.
    const MOST: usize = 1000;
    let sizes = problem.dimensions();
    if !problem.is_quadratic() || sizes.inner > MOST {
        return false;
    }
    let mut lambda = lambda.to_vec();
    lambda.resize(sizes.outer, 0.0);
    let (theta, mut cache) = (vec![0.0; sizes.inner], Cache::default());
    let at = Location { lambda: &lambda, theta: &theta, rows: Rows { training: None, validation: None } };
    problem.prepare(at, &mut cache);
    let mut gradient = theta.clone();
    problem.inner_gradient(at, &mut cache, &mut gradient);
    let mut hessian = Matrix::zeros(sizes.inner, sizes.inner);
    problem.hessian(at, &mut cache, &mut hessian);
    let is_off = |index: usize| index / sizes.inner != index % sizes.inner;
    let mut off = hessian.entries().iter().enumerate().filter(|(index, _)| is_off(*index));
    if gradient.iter().any(|slope| *slope != 0.0) || off.any(|(_, entry)| *entry != 0.0) {
        return false;
    }
    // Least at 0 here and, since nothing there moves with λ, wherever λ goes.
    let mut unit = vec![0.0; sizes.outer];
    (0..sizes.outer).all(|entry| {
        unit[entry] = 1.0;
        problem.cross_jvp(at, &mut cache, &unit, &mut gradient);
        unit[entry] = 0.0;
        gradient.iter().all(|slope| *slope == 0.0)
    })
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CurvatureBound => "a bound L on the curvature of g",
            Self::UniqueSolution => "a unique minimizer θ* of g",
            Self::Smooth => "a g without kinks in θ",
            Self::Proximal => "a penalty with kinks and a proximal operator",
            Self::Rows => "objectives that are sums over rows",
            Self::WholeHessian => return write!(f, "H whole, and with it a θ of at most {LONGEST_DENSE} entries"),
            Self::DiagonalQuadratic => "a quadratic g with a diagonal H that is least at θ = 0 whatever λ is",
            Self::Likelihood => "scores row by row, and with them a g that is a negative log-likelihood with a penalty",
            Self::Control => "a model of a plant as λ, such as `ModelDesign`",
            Self::SecondStates => "transitions with a second next state each, two more columns behind the next one",
            Self::WholeFisher => {
                return write!(f, "a Fisher matrix of d² numbers, and with it a θ of at most {LONGEST_DENSE} entries");
            }
            Self::WholeTangents => return write!(f, "a d × p matrix of at most {MOST_TANGENTS} numbers"),
        })
    }
}

/// A capability that a method cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// What it asks for.
    pub capability: Capability,
    /// The knob whose value asks for it; `None` where the method itself does, so that another one has to be chosen.
    pub by: Option<ByKnob>,
}

/// A knob whose value asks for a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByKnob {
    /// Its key.
    pub knob: &'static str,
    /// What to do with a problem that has it not, as a command: ``write `step` as a number``.
    pub instead: &'static str,
}

impl Requirement {
    /// Of methods that form H and factorize it.
    pub const WHOLE_HESSIAN: Self = Self::always(Capability::WholeHessian);

    /// Of the method itself, whatever its knobs say.
    #[must_use]
    pub const fn always(capability: Capability) -> Self {
        Self { capability, by: None }
    }

    /// Of one value of a knob.
    #[must_use]
    pub const fn by_knob(capability: Capability, knob: &'static str, instead: &'static str) -> Self {
        Self { capability, by: Some(ByKnob { knob, instead }) }
    }

    /// Whether a problem meets it at this λ.
    #[must_use]
    pub fn is_met(self, problem: &dyn Problem, lambda: &[f64]) -> bool {
        self.capability.is_given(problem, lambda)
    }
}
