//! What a result from elsewhere is compared with number by number, for `--vectors`: where every inner run started and what
//! was read there, before any step, and at its end b, θ*, v* and how H is bent.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::lab::Lab;
use crate::math::lanczos::extreme_eigenvalues;
use crate::metric::{self, Metric};
use crate::problem::{LONGEST_DENSE, Oracle};
use crate::trial::{Status, Trial};

/// Both ends of the inner runs of every trial, by outer step.
#[derive(Debug, Default)]
pub struct Vectors {
    trials: Vec<BTreeMap<usize, Ends>>,
}

/// Both ends of one inner run.
#[derive(Debug, Default, Serialize)]
pub struct Ends {
    /// θ₀ and what is read there.
    start: Option<Start>,
    /// At θ_T.
    end: Option<End>,
}

/// Where an inner run starts: the estimator is evaluated there as it is, so that `theta: Explicit([…])` evaluates it at any θ.
#[derive(Debug, Serialize)]
struct Start {
    /// θ₀, of the first member.
    theta: Vec<f64>,
    /// g(λ, θ₀).
    inner_value: Option<f64>,
    /// f(λ, θ₀).
    validation: Option<f64>,
    /// ‖θ₀ − θ*‖.
    inner_error: Option<f64>,
    /// ĥ at θ₀.
    hypergradient: Vec<f64>,
    /// v at θ₀, of estimators that solve for it.
    adjoint: Option<Vec<f64>>,
    /// ‖ĥ − ∇F‖ at θ₀.
    error: Option<f64>,
}

/// At the end of an inner run; all of the first member, over all of its rows.
#[derive(Debug, Serialize)]
struct End {
    /// θ_T.
    theta: Vec<f64>,
    /// b = ∇_θ f(λ, θ_T).
    outer_gradient: Vec<f64>,
    /// θ*(λ), where a reference found it.
    solution: Option<Vec<f64>>,
    /// v* = H⁻¹ ∇_θ f at θ*.
    solution_adjoint: Option<Vec<f64>>,
    /// Smallest and largest eigenvalue of H at θ_T: from the whole matrix, or, where θ is long, by Lanczos, which finds values
    /// between the two.
    eigenvalues: Option<(f64, f64)>,
}

impl Vectors {
    /// Looks at the trials after a tick.
    pub fn look(&mut self, lab: &Lab) {
        self.trials.resize_with(lab.trials().count().max(self.trials.len()), BTreeMap::new);
        for (seen, trial) in self.trials.iter_mut().zip(lab.trials()) {
            let ends = seen.entry(trial.outer()).or_default();
            if trial.inner() == 0 && ends.start.is_none() {
                ends.start = Start::of(trial);
            }
            if trial.status() == Status::Ready && ends.end.is_none() {
                ends.end = Some(End::of(trial));
            }
        }
    }

    /// Of a trial, by its place, at an outer step.
    pub fn take(&mut self, trial: usize, outer: usize) -> Option<Ends> {
        self.trials.get_mut(trial)?.remove(&outer)
    }
}

/// Products for an end of a spectrum.
const MOST_PRODUCTS: usize = 300;

/// The extreme eigenvalues of H where the oracle stands.
fn extreme(oracle: &mut Oracle) -> Option<(f64, f64)> {
    let size = oracle.inner_dimension();
    if size > LONGEST_DENSE {
        let ends = extreme_eigenvalues(size, MOST_PRODUCTS, |v, out| oracle.measure_hvp(v, out))?;
        return Some((ends.smallest, ends.largest));
    }
    let all = oracle.hessian().symmetric_eigenvalues()?;
    Some((*all.first()?, *all.last()?))
}

impl Start {
    fn of(trial: &Trial) -> Option<Self> {
        let latest = trial.latest().filter(|latest| latest.inner == 0)?;
        let number = |metric: &Metric| latest.number(metric);
        Some(Self {
            theta: trial.theta().to_vec(),
            inner_value: number(&metric::INNER_VALUE),
            validation: number(&metric::OUTER_VALUE),
            inner_error: number(&metric::INNER_ERROR),
            hypergradient: latest.estimate.hypergradient.clone(),
            adjoint: latest.estimate.adjoint.clone(),
            error: number(&metric::ERROR),
        })
    }
}

impl End {
    fn of(trial: &Trial) -> Self {
        let mut oracle = trial.loops().place();
        let mut outer_gradient = vec![0.0; oracle.inner_dimension()];
        oracle.outer_gradient(&mut outer_gradient);
        let eigenvalues = extreme(&mut oracle);
        let solved = trial.truth().members.first();
        Self {
            theta: trial.theta().to_vec(),
            outer_gradient,
            solution: solved.map(|truth| truth.theta.clone()),
            solution_adjoint: solved.map(|truth| truth.adjoint.clone()),
            eigenvalues,
        }
    }
}
