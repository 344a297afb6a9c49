//! MRBO, and SUSTAIN as its variant: directions of θ and λ that remember, corrected by how much the last point has moved.
//!
//! `d_t = D(x_t) + (1 − α_t)(d_{t−1} − D(x_{t−1}))` on both levels, with `D_θ = ∇_θ g` and `D_λ = ∇_λ f − Jᵀv`, v by a
//! Neumann series from θ anew (stocBiO) or by one random term of it (TTSA), and the same rows at both points: STORM
//! (Cutkosky and Orabona 2019) for both. Outer step 0 takes the plain directions. Source: Yang, Ji and Liang 2021 (NeurIPS),
//! algorithm 1; Khanduri et al. 2021 (SUSTAIN). θ and λ move together, each from where the step began: the estimator
//! steers θ, the inner dynamics take the step. Cost: two gradients, 2Q Hessian-vector products, two cross products, two
//! outer gradients an inner step; half of that in the first.

use super::own_step::{AS_NUMBER, OF_SERIES, OwnStep};
use super::{Ahead, Entry, Estimate, Estimator, Family, Order, Point, Solver, Start, implicit};
use crate::catalog::{Card, Falling, Kind, Knob, Knobs, Scale};
use crate::draw::{Draw, PerStep};
use crate::math::vector::{axpy, is_finite};
use crate::problem::{Capability, Requirement};

const ITERATIONS: Knob = Knob {
    key: "iterations",
    help: "Q: Hessian-vector products of the series, which has Q + 1 terms; of a random term fewer than Q.",
    kind: Kind::Integer { default: 10, range: (1, 10_000), scale: Scale::Logarithmic },
};

const SERIES: Knob = Knob {
    key: "series",
    help: "How v comes from the series.",
    kind: Kind::Choice {
        options: &[("Sum", "all of its terms, as MRBO"), ("RandomTerm", "one of them, drawn, as SUSTAIN")],
    },
};

const fn share(key: &'static str, help: &'static str) -> Knob {
    Knob { key, help, kind: Kind::Real { default: 1.0, range: (0.0, 1.0), scale: Scale::Linear } }
}

const fn power(key: &'static str, help: &'static str) -> Knob {
    Knob { key, help, kind: Kind::Real { default: 2.0 / 3.0, range: (0.0, 4.0), scale: Scale::Linear } }
}

const fn after(key: &'static str, help: &'static str) -> Knob {
    Knob { key, help, kind: Kind::Real { default: 100.0, range: (1e-3, 1e9), scale: Scale::Logarithmic } }
}

const MOMENTA: [[Knob; 3]; 2] = [
    [
        share("inner_share", "α₀: how much of the direction of θ is forgotten in a step; 1 remembers nothing."),
        power("inner_share_power", "c: α of outer step t is α₀/(1 + t/b)^c; 2/3 in theory."),
        after("inner_share_after", "b: outer steps after which α is 2^c times smaller."),
    ],
    [
        share("outer_share", "β₀: how much of the direction of λ is forgotten in a step; 1 remembers nothing."),
        power("outer_share_power", "c: β of outer step t is β₀/(1 + t/b)^c; 2/3 in theory."),
        after("outer_share_after", "b: outer steps after which β is 2^c times smaller."),
    ],
];

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "mrbo",
        name: "Recursive momentum (MRBO)",
        source: "Yang, Ji and Liang 2021 (NeurIPS), algorithm 1; SUSTAIN: Khanduri et al. 2021",
        equation: "d_t = D(x_t) + (1 − α_t)(d_{t−1} − D(x_{t−1})) for θ and, with β_t, for λ,  D_λ = ∇_λ f − Jᵀv",
        summary: "Remembers the directions of θ and λ, and corrects them by how much the last point has moved. The same \
                  rows are asked at the last point and at this one. Write it with one inner step and a warm start.",
        cost: "2 gradients, 2Q Hessian-vector and 2 cross products, 2 outer gradients an inner step",
        fails: "Every call is paid twice; a Neumann series of few terms leaves a bias.",
        knobs: &[
            ITERATIONS,
            SERIES,
            OF_SERIES[0],
            OF_SERIES[1],
            OF_SERIES[2],
            MOMENTA[0][0],
            MOMENTA[0][1],
            MOMENTA[0][2],
            MOMENTA[1][0],
            MOMENTA[1][1],
            MOMENTA[1][2],
        ],
    },
    order: Order::None,
    family: Family::SingleLoop,
    build: |knobs| Box::new(Mrbo::new(knobs)),
};

/// A share `a/(1 + t/b)^c` of outer step t.
#[derive(Clone, Copy)]
struct Share {
    first: f64,
    falling: Falling,
}

impl Share {
    fn of(knobs: &Knobs, [first, power, after]: &[Knob; 3]) -> Self {
        Self { first: knobs.real(first.key), falling: Falling::by(knobs.real(power.key), knobs.real(after.key)) }
    }

    fn at(self, outer: usize) -> f64 {
        self.falling.at(self.first, outer)
    }
}

/// A place, and what is remembered there.
#[derive(Clone, Default)]
struct Place {
    lambda: Vec<f64>,
    theta: Vec<f64>,
}

/// Directions of θ and λ.
#[derive(Clone, Default)]
struct Directions {
    theta: Vec<f64>,
    lambda: Vec<f64>,
}

#[derive(Clone)]
struct Mrbo {
    products: usize,
    is_random: bool,
    step: OwnStep,
    inner_share: Share,
    outer_share: Share,
    /// The last point and the directions taken there.
    last: Place,
    directions: Directions,
    /// Both when the last outer step was accepted, one after the other; empty before.
    start: Vec<f64>,
    /// Whether there was a last point.
    has_last: bool,
    /// Whether the directions are those of this inner run.
    is_known: bool,
    here: Directions,
    before: Directions,
    adjoint: Vec<f64>,
    term: Vec<f64>,
    product: Vec<f64>,
    indirect: Vec<f64>,
}

impl Mrbo {
    fn new(knobs: &Knobs) -> Self {
        Self {
            products: knobs.count("iterations"),
            is_random: knobs.choice("series") == "RandomTerm",
            step: OwnStep::of_series(knobs),
            inner_share: Share::of(knobs, &MOMENTA[0]),
            outer_share: Share::of(knobs, &MOMENTA[1]),
            last: Place::default(),
            directions: Directions::default(),
            start: Vec::new(),
            has_last: false,
            is_known: false,
            here: Directions::default(),
            before: Directions::default(),
            adjoint: Vec::new(),
            term: Vec::new(),
            product: Vec::new(),
            indirect: Vec::new(),
        }
    }

    fn make_room(&mut self, inner: usize, outer: usize) {
        self.last.theta.resize(inner, 0.0);
        self.last.lambda.resize(outer, 0.0);
        for directions in [&mut self.directions, &mut self.here, &mut self.before] {
            directions.theta.resize(inner, 0.0);
            directions.lambda.resize(outer, 0.0);
        }
        self.adjoint.resize(inner, 0.0);
        self.term.resize(inner, 0.0);
        self.product.resize(inner, 0.0);
        self.indirect.resize(outer, 0.0);
    }

    /// Moves on to where the step begins: the directions of both levels there.
    fn tick(&mut self, ahead: &mut Ahead<'_>) {
        let theta = &ahead.state[..ahead.oracle.inner_dimension()];
        let step = self.step.at(&**ahead.oracle.problem(), ahead.lambda, ahead.motion, ahead.clock);
        let mut here = std::mem::take(&mut self.here);
        if self.has_last {
            let last = std::mem::take(&mut self.last);
            let mut before = std::mem::take(&mut self.before);
            self.plain(ahead, (&last.lambda, &last.theta), step, &mut before);
            // Two places of the method, also where they are the same.
            ahead.oracle.leave();
            // Last, so that v is that of this point.
            self.plain(ahead, (ahead.lambda, theta), step, &mut here);
            let (alpha, beta) = (self.inner_share.at(ahead.clock.outer), self.outer_share.at(ahead.clock.outer));
            remember(alpha, &here.theta, &before.theta, &mut self.directions.theta);
            remember(beta, &here.lambda, &before.lambda, &mut self.directions.lambda);
            (self.last, self.before) = (last, before);
        } else {
            self.plain(ahead, (ahead.lambda, theta), step, &mut here);
            self.directions.theta.copy_from_slice(&here.theta);
            self.directions.lambda.copy_from_slice(&here.lambda);
        }
        self.here = here;
        self.last.theta.copy_from_slice(theta);
        self.last.lambda.copy_from_slice(ahead.lambda);
        (self.has_last, self.is_known) = (true, true);
    }

    /// Plain directions at a place, over the rows of this step.
    fn plain(&mut self, ahead: &mut Ahead<'_>, (lambda, theta): (&[f64], &[f64]), step: f64, out: &mut Directions) {
        let (clock, inner) = (ahead.clock, ahead.clock.inner);
        ahead.motion.draw(ahead.oracle, clock, Draw::Inner, inner);
        ahead.motion.draw(ahead.oracle, clock, Draw::Outer, inner);
        ahead.oracle.move_to(lambda, theta);
        ahead.oracle.inner_gradient(&mut out.theta);
        ahead.oracle.outer_gradient(&mut self.term);
        let products = if self.is_random { ahead.motion.draws().length(clock, self.products) } else { self.products };
        let scale = if self.is_random { self.products as f64 } else { 1.0 };
        self.adjoint.copy_from_slice(&self.term);
        if self.is_random && products >= self.products {
            // Written out, and longer than any that could be drawn.
            self.adjoint.fill(f64::NAN);
        }
        for index in 0..products.min(self.products) {
            ahead.motion.draw(ahead.oracle, clock, Draw::Adjoint, inner * self.products + index);
            ahead.oracle.hvp(&self.term, &mut self.product);
            axpy(-step, &self.product, &mut self.term);
            if self.is_random {
                self.adjoint.copy_from_slice(&self.term);
            } else {
                axpy(1.0, &self.term, &mut self.adjoint);
            }
        }
        self.adjoint.iter_mut().for_each(|v| *v *= scale * step);
        ahead.motion.draw(ahead.oracle, clock, Draw::Inner, inner);
        ahead.oracle.outer_lambda_gradient(&mut out.lambda);
        ahead.oracle.cross_vjp(&self.adjoint, &mut self.indirect);
        axpy(-1.0, &self.indirect, &mut out.lambda);
    }

    /// The last point and the directions there, one after the other.
    fn carried(&self) -> Vec<f64> {
        [&self.last.theta, &self.last.lambda, &self.directions.theta, &self.directions.lambda]
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }

    fn numbers(&self) -> usize {
        2 * self.start.len() + 4 * (self.here.theta.len() + self.here.lambda.len())
    }
}

/// `d ← here + (1 − share)(d − before)`.
fn remember(share: f64, here: &[f64], before: &[f64], directions: &mut [f64]) {
    for ((d, here), before) in directions.iter_mut().zip(here).zip(before) {
        *d = here + (1.0 - share) * (*d - before);
    }
}

impl Estimator for Mrbo {
    fn effort(&self) -> &'static [&'static str] {
        &["iterations"]
    }

    fn requires(&self) -> &'static [Requirement] {
        const SMOOTH: Requirement = Requirement::always(Capability::Smooth);
        match self.step.requires() {
            [] => &[SMOOTH],
            _ => &[SMOOTH, AS_NUMBER],
        }
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        let adjoint = inner_steps.saturating_mul(self.products - usize::from(self.is_random));
        let length = self.is_random.then_some(self.products);
        PerStep { inner: inner_steps, adjoint, cross: 0, outer: inner_steps, length, distinct: false }
    }

    fn begin(&mut self, start: &Start<'_>) {
        let (inner, outer) = (start.inner_dimension, start.lambda.len());
        self.make_room(inner, outer);
        self.is_known = false;
        self.step.begin();
        self.has_last = self.start.len() == 2 * (inner + outer);
        if self.has_last {
            let (place, directions) = self.start.split_at(inner + outer);
            self.last.theta.copy_from_slice(&place[..inner]);
            self.last.lambda.copy_from_slice(&place[inner..]);
            self.directions.theta.copy_from_slice(&directions[..inner]);
            self.directions.lambda.copy_from_slice(&directions[inner..]);
        }
    }

    fn steer(&mut self, ahead: &mut Ahead<'_>) {
        self.tick(ahead);
        let theta = &ahead.state[..ahead.oracle.inner_dimension()];
        ahead.oracle.move_to(ahead.lambda, theta);
        ahead.oracle.replace_inner_gradient(&self.directions.theta);
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        // Before the first inner step it is what that step will say.
        let mut ticked = self.clone();
        if !self.is_known {
            ticked.make_room(at.theta().len(), at.lambda.len());
            let Point { clock, lambda, state, .. } = *at;
            ticked.tick(&mut Ahead { clock, lambda, state, oracle: at.oracle, motion: at.motion });
        }
        let cost = implicit::spent(at.oracle, &before, ticked.numbers());
        let carried = ticked.carried();
        let Mrbo { directions, adjoint, .. } = ticked;
        Estimate {
            hypergradient: directions.lambda,
            cost,
            solver: Solver::none(),
            adjoint: Some(adjoint),
            carried,
            surrogates: Vec::new(),
        }
    }

    fn accept(&mut self, estimate: &Estimate) {
        if is_finite(&estimate.carried) {
            self.start.clone_from(&estimate.carried);
        }
    }

    fn bytes(&self) -> usize {
        self.numbers() * size_of::<f64>()
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
