//! F2SA: a hypergradient without second derivatives, from a second inner variable y that also minds the outer objective.
//!
//! θ follows `argmin g`, y follows `argmin g + f/κ`, and `ĥ = ∇_λ f + κ(∇_λ g(λ, y) − ∇_λ g(λ, θ))`: a forward difference
//! in 1/κ of the derivative of `min g + f/κ`, with a bias O(1/κ). With two sides it is the central difference of
//! `argmin g ± f/κ`, with a bias O(1/κ²) and one more inner variable. `κ(θ − y)` stands for v. The inner dynamics move θ; y takes as
//! many steps, along directions taken where the step began. Source: Kwon, Kwon, Wright and Nowak 2023 (ICML), algorithm 1,
//! with `∇f + κ∇g` divided by κ; two sides: Chen, Xiao and Zhang 2025 (F2SA-p). The paper draws rows of their own for y
//! and θ; here they share them unless it is asked for, because the noise of the difference is κ times larger else. Cost of
//! an inner step: one gradient for θ, one inner and one outer for y; two gradients in λ at the end.

use super::own_step::{self, OwnStep};
use super::{
    Beside, Down, Entry, Estimate, Estimator, Family, InnerStep, Order, Point, Settled, Solver, Start, implicit,
};
use crate::catalog::{Card, FALL_AFTER, FALL_POWER, Falling, Kind, Knob, Knobs, Scale};
use crate::draw::{Draw, PerStep};
use crate::math::number::plain;
use crate::math::vector::{axpy, is_finite};
use crate::problem::{Capability, Requirement, solve_leaning};

const MULTIPLIER: Knob = Knob {
    key: "multiplier",
    help: "κ₀: how much more the inner objective counts than the outer one where y is; large is exact and noisy.",
    kind: Kind::Real { default: 10.0, range: (1e-6, 1e12), scale: Scale::Logarithmic },
};

pub(super) const RISE_POWER: Knob = Knob {
    key: "rise_power",
    help: "c: κ of outer step t is κ₀(1 + t/b)^c; 0 keeps it constant.",
    kind: Kind::Real { default: 0.0, range: (0.0, 4.0), scale: Scale::Linear },
};

pub(super) const RISE_AFTER: Knob = Knob {
    key: "rise_after",
    help: "b: outer steps after which a κ that rises is 2^c times larger.",
    kind: Kind::Real { default: 100.0, range: (1e-3, 1e9), scale: Scale::Logarithmic },
};

const SIDES: Knob = Knob {
    key: "sides",
    help: "Whether the difference is taken on one side of θ* or on both.",
    kind: Kind::Choice {
        options: &[("One", "κ(∇g(y) − ∇g(θ)): bias O(1/κ)"), ("Two", "κ/2 (∇g(y₊) − ∇g(y₋)): bias O(1/κ²)")],
    },
};

const ROWS: Knob = Knob {
    key: "rows",
    help: "Whether y and θ step over the same rows of a batch.",
    kind: Kind::Choice {
        options: &[
            ("Shared", "the same rows: their noise cancels in the difference"),
            ("Separate", "rows of their own, as in the paper: noise κ times larger"),
        ],
    },
};

const STEP: Knob = own_step::knob("Step of y; Auto is the step of θ, falling with it, or 1/L where θ has none.");

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "f2sa",
        name: "First order (F2SA)",
        source: "Kwon, Kwon, Wright and Nowak 2023 (ICML), algorithm 1; two sides: Chen, Xiao and Zhang 2025",
        equation: "y ← y − ρ(∇g(y) + ∇f(y)/κ),  ĥ = ∇_λ f + κ(∇_λ g(λ, y) − ∇_λ g(λ, θ)),  κ_t = κ₀(1 + t/b)^c",
        summary: "Asks for gradients alone, of a second copy of the model that also minds the validation loss. How far \
                  the copies part says which way the hyperparameters should go.",
        cost: "1 gradient and 1 outer gradient more an inner step, 2 gradients in λ",
        fails: "Biased by 1/κ; where y and θ see rows of their own the noise is κ times larger.",
        knobs: &[MULTIPLIER, RISE_POWER, RISE_AFTER, SIDES, ROWS, STEP, FALL_POWER, FALL_AFTER],
    },
    order: Order::Biased,
    family: Family::SingleLoop,
    build: |knobs| Box::new(F2sa::new(knobs)),
};

#[derive(Clone)]
struct F2sa {
    multiplier: f64,
    rising: Falling,
    is_separate: bool,
    step: OwnStep,
    /// y, on one side or on both; with the sign of `∇f/κ`.
    sides: Vec<Side>,
    gradient: Vec<f64>,
    outer: Vec<f64>,
    slope: Vec<f64>,
}

/// An inner variable that minds f too.
#[derive(Clone)]
struct Side {
    sign: f64,
    /// Where it was when the outer step was accepted; empty before.
    start: Vec<f64>,
    now: Vec<f64>,
}

impl Side {
    fn new(sign: f64) -> Self {
        Self { sign, start: Vec::new(), now: Vec::new() }
    }
}

impl F2sa {
    fn new(knobs: &Knobs) -> Self {
        let signs: &[f64] = if knobs.choice("sides") == "Two" { &[1.0, -1.0] } else { &[1.0] };
        Self {
            multiplier: knobs.real("multiplier"),
            rising: Falling::by(-knobs.real("rise_power"), knobs.real("rise_after")),
            is_separate: knobs.choice("rows") == "Separate",
            step: OwnStep::of(knobs),
            sides: signs.iter().map(|sign| Side::new(*sign)).collect(),
            gradient: Vec::new(),
            outer: Vec::new(),
            slope: Vec::new(),
        }
    }

    /// κ of an outer step.
    fn multiplier(&self, outer: usize) -> f64 {
        self.rising.at(self.multiplier, outer)
    }

    fn numbers(&self) -> usize {
        let sides: usize = self.sides.iter().map(|side| side.start.len() + side.now.len()).sum();
        sides + self.gradient.len() + self.outer.len()
    }
}

impl Estimator for F2sa {
    fn effort(&self) -> &'static [&'static str] {
        &["multiplier", "sides"]
    }

    fn requires(&self) -> &'static [Requirement] {
        const SMOOTH: &[Requirement] = &[Requirement::always(Capability::Smooth)];
        SMOOTH
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn beside(&self, theta: Option<f64>, outer: usize) -> Vec<Beside> {
        let Some(step) = self.step.known(theta, outer) else { return Vec::new() };
        let side = |side: &Side| {
            let down = Down::Leaning { multiplier: self.multiplier(outer), is_away: side.sign < 0.0 };
            Beside { name: if side.sign < 0.0 { "y₋" } else { "y" }, step, down }
        };
        self.sides.iter().map(side).collect()
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        let adjoint = if self.is_separate { inner_steps } else { 0 };
        PerStep { inner: inner_steps, adjoint, cross: 1, outer: inner_steps, ..PerStep::default() }
    }

    fn begin(&mut self, start: &Start<'_>) {
        let theta = &start.state[..start.inner_dimension];
        self.gradient.resize(theta.len(), 0.0);
        self.outer.resize(theta.len(), 0.0);
        self.step.begin();
        for side in &mut self.sides {
            let from = if side.start.len() == theta.len() { &side.start } else { theta };
            side.now.clear();
            side.now.extend_from_slice(from);
        }
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        let rho = self.step.at(&**step.oracle.problem(), step.lambda, step.motion, step.clock);
        let kappa = self.multiplier(step.clock.outer);
        let rows = if self.is_separate { Draw::Adjoint } else { Draw::Inner };
        step.motion.draw(step.oracle, step.clock, rows, step.clock.inner);
        step.motion.draw(step.oracle, step.clock, Draw::Outer, step.clock.inner);
        for side in &mut self.sides {
            step.oracle.move_to(step.lambda, &side.now);
            step.oracle.inner_gradient(&mut self.gradient);
            step.oracle.outer_gradient(&mut self.outer);
            for ((y, inner), outer) in side.now.iter_mut().zip(&self.gradient).zip(&self.outer) {
                *y -= rho * (inner + side.sign * outer / kappa);
            }
        }
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let mut out = Estimate::default();
        self.clone().conclude(at, &mut out);
        out
    }

    fn conclude(&mut self, at: &mut Point<'_>, out: &mut Estimate) {
        let before = at.oracle.cost();
        let kappa = self.multiplier(at.clock.outer);
        at.arrive();
        out.hypergradient.clear();
        out.hypergradient.resize(at.lambda.len(), 0.0);
        at.oracle.outer_lambda_gradient(&mut out.hypergradient);
        at.draw(Draw::Cross, 0);
        let Self { sides, slope, .. } = self;
        let (scale, low) = match &sides[..] {
            [_, below] => (0.5 * kappa, &*below.now),
            _ => (kappa, &at.state[..at.oracle.inner_dimension()]),
        };
        let high = &sides[0].now;
        slope.clear();
        slope.resize(at.lambda.len(), 0.0);
        for (sign, y) in [(1.0, &**high), (-1.0, low)] {
            at.oracle.move_to(at.lambda, y);
            at.oracle.inner_lambda_gradient(slope);
            axpy(sign * scale, slope, &mut out.hypergradient);
        }
        let adjoint = out.adjoint.get_or_insert_default();
        adjoint.clear();
        adjoint.extend(high.iter().zip(low).map(|(high, low)| scale * (low - high)));
        out.carried.clear();
        sides.iter().for_each(|side| out.carried.extend_from_slice(&side.now));
        out.cost = implicit::spent(at.oracle, &before, self.numbers());
        out.solver = Solver::none();
    }

    fn accept(&mut self, estimate: &Estimate) {
        let size = estimate.adjoint.as_ref().map_or(0, Vec::len);
        if size == 0 || estimate.carried.len() != size * self.sides.len() || !is_finite(&estimate.carried) {
            return;
        }
        for (side, carried) in self.sides.iter_mut().zip(estimate.carried.chunks_exact(size)) {
            side.start.clear();
            side.start.extend_from_slice(carried);
        }
    }

    /// y at the minimizer that it follows, on either side.
    fn settled(&self, at: &Settled<'_>) -> Result<Vec<f64>, String> {
        let kappa = self.multiplier(at.clock.outer);
        let mut settled = Vec::new();
        for side in &self.sides {
            let found = solve_leaning(at.problem, at.lambda, side.sign / kappa);
            if !found.converged {
                let sign = if side.sign < 0.0 { "−" } else { "+" };
                return Err(format!("g {sign} f/κ has no minimum that was found at κ = {}", plain(kappa)));
            }
            settled.extend(found.theta);
        }
        Ok(settled)
    }

    fn bytes(&self) -> usize {
        self.numbers() * size_of::<f64>()
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
