//! BOME and V-PBGD: the lower level as the constraint `g(λ, y) ≤ min g`, held by a multiplier.
//!
//! θ follows `argmin g` and stands for the value function: `q(λ, y) = g(λ, y) − g(λ, θ)`, whose derivative in λ is
//! `∇_λ g(λ, y) − ∇_λ g(λ, θ)` with θ held. λ and a second inner variable y go down `f(λ, y) + κ q(λ, y)`, one step each at every
//! outer step: `ĥ = ∇_λ f + κ ∇_λ q`. With a multiplier that is a number this is the penalty method V-PBGD (Shen and Chen 2023,
//! ICML, algorithm 1), whose ĥ at solved θ and y is the derivative of `min_y f + κ(g − min g)`: off by O(1/κ). With `Auto` it is the
//! dynamic barrier of BOME (Liu, Ye, Wright, Stone and Liu 2022, NeurIPS, algorithm 1):
//! `κ = max(0, η − ⟨∇f, ∇q⟩/‖∇q‖²)`, over λ and y together, the least with which q falls by `η‖∇q‖²` for every unit of the step.
//! Two choices are ours: θ goes on from where it was, where the paper of BOME starts it at y; and the penalty takes a step that
//! suits κ unless one is given. F2SA is the same with T steps of y and a step divided by κ. Cost beside θ: at every outer step
//! one inner and one outer gradient at y, two gradients in λ.

use super::f2sa::{RISE_AFTER, RISE_POWER};
use super::own_step::{self, OwnStep};
use super::{Beside, Down, Entry, Estimate, Estimator, Family, Order, Point, Settled, Solver, Start, implicit};
use crate::catalog::{Card, FALL_AFTER, FALL_POWER, Falling, Kind, Knob, Knobs, Scale};
use crate::draw::{Draw, PerStep};
use crate::math::number::plain;
use crate::math::vector::{axpy, dot, is_finite};
use crate::problem::{Capability, Oracle, Requirement, solve_leaning};

const MULTIPLIER: Knob = Knob {
    key: "multiplier",
    help: "κ: how much more g counts than f; Auto is the dynamic barrier of BOME, a number the penalty of V-PBGD.",
    kind: Kind::Automatic { range: (1e-6, 1e9) },
};

const BARRIER: Knob = Knob {
    key: "barrier",
    help: "η: how fast the barrier takes g(λ, y) down to its least.",
    kind: Kind::Real { default: 0.5, range: (0.0, 1e3), scale: Scale::Linear },
};

const STEP: Knob =
    own_step::knob("Step of y; Auto is the step of θ, or 1/L where θ has none, divided by 1 + κ where κ is a number.");

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "bome",
        name: "Value function (BOME)",
        source: "Liu, Ye, Wright, Stone and Liu 2022 (NeurIPS), algorithm 1; V-PBGD: Shen and Chen 2023 (ICML)",
        equation: "ĥ = ∇_λ f + κ ∇_λ q,  y ← y − ξ(∇f + κ ∇q),  q = g(λ, y) − g(λ, θ),  κ = (η − ⟨∇f, ∇q⟩/‖∇q‖²)₊",
        summary: "Treats training as a constraint: a second copy of the model minds the validation loss and must not train \
                  worse than the first. How hard the constraint pushes is chosen anew at every outer step. Write it with a \
                  warm start: θ goes on from where it was, where the paper of BOME starts it at y.",
        cost: "at every outer step 1 inner and 1 outer gradient, 2 gradients in λ",
        fails: "A constant multiplier leaves a bias of 1/κ; the barrier lags where y has not caught up; noisy over batches.",
        knobs: &[MULTIPLIER, RISE_POWER, RISE_AFTER, BARRIER, STEP, FALL_POWER, FALL_AFTER],
    },
    order: Order::Biased,
    family: Family::SingleLoop,
    build: |knobs| Box::new(Bome::new(knobs)),
};

#[derive(Clone)]
struct Bome {
    multiplier: Option<f64>,
    rising: Falling,
    barrier: f64,
    step: OwnStep,
    /// y: θ at first.
    y: Vec<f64>,
}

/// Derivatives at (λ, y): of f, and of q with θ held.
struct Slopes {
    outer: Slope,
    value: Slope,
}

struct Slope {
    lambda: Vec<f64>,
    y: Vec<f64>,
}

impl Slope {
    fn zero(outer: usize, inner: usize) -> Self {
        Self { lambda: vec![0.0; outer], y: vec![0.0; inner] }
    }

    fn dot(&self, other: &Self) -> f64 {
        dot(&self.lambda, &other.lambda) + dot(&self.y, &other.y)
    }
}

impl Slopes {
    /// Where the oracle's rows are those of the estimate.
    fn at(oracle: &mut Oracle, lambda: &[f64], (theta, y): (&[f64], &[f64])) -> Self {
        let zero = || Slope::zero(lambda.len(), theta.len());
        let (mut outer, mut value, mut held) = (zero(), zero(), vec![0.0; lambda.len()]);
        oracle.move_to(lambda, theta);
        oracle.inner_lambda_gradient(&mut held);
        oracle.move_to(lambda, y);
        oracle.inner_gradient(&mut value.y);
        oracle.inner_lambda_gradient(&mut value.lambda);
        axpy(-1.0, &held, &mut value.lambda);
        oracle.outer_gradient(&mut outer.y);
        oracle.outer_lambda_gradient(&mut outer.lambda);
        Self { outer, value }
    }

    /// The least multiplier with which q falls by `η‖∇q‖²` for every unit of the step.
    fn barrier(&self, eta: f64) -> f64 {
        let square = self.value.dot(&self.value);
        // Where q is stationary nothing has to be held.
        if square == 0.0 { 0.0 } else { (eta - self.outer.dot(&self.value) / square).max(0.0) }
    }
}

impl Bome {
    fn new(knobs: &Knobs) -> Self {
        Self {
            multiplier: knobs.automatic("multiplier"),
            rising: Falling::by(-knobs.real(RISE_POWER.key), knobs.real(RISE_AFTER.key)),
            barrier: knobs.real("barrier"),
            step: OwnStep::of(knobs),
            y: Vec::new(),
        }
    }

    fn step(&self, at: &Point<'_>, multiplier: Option<f64>) -> f64 {
        let inverse = || own_step::inverse_bound(&**at.oracle.problem(), at.lambda);
        let step = self.step.once(at.motion, at.clock, inverse);
        if self.step.is_automatic() { step / (1.0 + multiplier.unwrap_or(0.0)) } else { step }
    }
}

impl Estimator for Bome {
    fn requires(&self) -> &'static [Requirement] {
        const SMOOTH: &[Requirement] = &[Requirement::always(Capability::Smooth)];
        SMOOTH
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn beside(&self, theta: Option<f64>, outer: usize) -> Vec<Beside> {
        let Some(multiplier) = self.multiplier.map(|first| self.rising.at(first, outer)) else { return Vec::new() };
        let shared = if self.step.is_automatic() { 1.0 + multiplier } else { 1.0 };
        let moved = |step: f64| Beside { name: "y", step: step / shared, down: Down::Penalty { multiplier } };
        self.step.known(theta, outer).map(moved).into_iter().collect()
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        PerStep { inner: inner_steps, adjoint: 0, cross: 1, outer: 1, ..PerStep::default() }
    }

    fn begin(&mut self, start: &Start<'_>) {
        let theta = &start.state[..start.inner_dimension];
        if self.y.len() != theta.len() {
            self.y = theta.to_vec();
        }
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        let theta = at.theta().to_vec();
        at.draw(Draw::Outer, 0);
        at.draw(Draw::Cross, 0);
        let slopes = Slopes::at(at.oracle, at.lambda, (&theta, &self.y));
        let multiplier = self.multiplier.map(|first| self.rising.at(first, at.clock.outer));
        let kappa = multiplier.unwrap_or_else(|| slopes.barrier(self.barrier));
        let step = self.step(at, multiplier);
        let Slopes { outer, value } = slopes;
        let mut hypergradient = outer.lambda;
        axpy(kappa, &value.lambda, &mut hypergradient);
        let down = outer.y.iter().zip(&value.y).map(|(outer, value)| outer + kappa * value);
        let next: Vec<f64> = self.y.iter().zip(down).map(|(y, down)| y - step * down).collect();
        let adjoint = theta.iter().zip(&self.y).map(|(theta, y)| kappa * (theta - y)).collect();
        let cost = implicit::spent(at.oracle, &before, 4 * theta.len() + 3 * at.lambda.len());
        Estimate {
            hypergradient,
            cost,
            solver: Solver::none(),
            adjoint: Some(adjoint),
            carried: next,
            surrogates: Vec::new(),
        }
    }

    fn accept(&mut self, estimate: &Estimate) {
        if is_finite(&estimate.carried) {
            self.y.clone_from(&estimate.carried);
        }
    }

    /// y at the minimizer that the penalty follows; the barrier's multiplier comes to no rest.
    fn settled(&self, at: &Settled<'_>) -> Result<Vec<f64>, String> {
        let Some(first) = self.multiplier else {
            return Err("the multiplier of the barrier grows as y settles; write `multiplier` as a number".to_owned());
        };
        let kappa = self.rising.at(first, at.clock.outer);
        let found = solve_leaning(at.problem, at.lambda, 1.0 / kappa);
        if found.converged {
            Ok(found.theta)
        } else {
            Err(format!("g + f/κ has no minimum that was found at κ = {}", plain(kappa)))
        }
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.y)
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
