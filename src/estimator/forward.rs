//! Forward-mode differentiation of the inner run: `Z_{t+1} = ∂_sΦ_t Z_t + ∂_λΦ_t`, `ĥ = ∇_λ f + Zᵀ∇_θ f`.
//!
//! Equal to reverse mode to rounding, without a tape: Z has one tangent of the optimizer's whole state for each outer
//! variable. Sources: Franceschi et al. 2017, algorithm 2 (FMD); Micaelli and Storkey 2021 (FDS) over schedules. Cost: a
//! Hessian-vector product for every live column of Z at every step (and a cross product where the column is one of the problem's own λ), paid
//! while the run goes on; an estimate is then almost free at any time. A column is live from the first step that reads its variable
//! on: of N windows `T (N+1)/2` products. Memory `p` states, whatever T is. Fails for large p.
//!
//! With a `horizon` of h steps the run is cut into segments: at the end of each `ĥ += ∇_λ f + Zᵀ∇_θ f`, and Z = 0 after that, while θ goes
//! on. So `ĥ` adds up how each segment moves f where it ends, its start taken as given; h = 1 is greedy, h = T the whole run. With
//! `shared: Average` the entries of a schedule are divided by the steps of their windows: the mean of the derivatives by the value of each
//! single step, where `Sum` is the derivative by the value they share. `every` differentiates one step in so many, and averages over
//! those; `clamp` clips products with H. Both make the result the gradient of nothing.

use super::{Entry, Estimate, Estimator, Family, InnerStep, Order, Planned, Point, Reach, Solver, Start, implicit};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale, Value};
use crate::draw::Draw;
use crate::inner::Tangents;
use crate::math::number::counted;
use crate::math::vector::axpy;
use crate::problem::{Capability, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "forward",
        name: "Forward unrolling (FMD)",
        source: "Franceschi et al. 2017, algorithm 2; with sharing Micaelli and Storkey 2021",
        equation: "Z ← ∂_θΦ_t Z + ∂_λΦ_t;  ĥ = ∇_λ f + Zᵀ ∇_θ f",
        summary: "Differentiates the training steps while they are taken, once for each hyperparameter. It carries \
                  one tangent for each outer variable along.",
        cost: "p Hessian-vector and p cross products at every inner step; memory p·d. Windows of a schedule: 1 Hessian-vector product each \
               from the first step on that reads it",
        fails: "Expensive for many hyperparameters; biased for small T exactly as reverse unrolling is, and by a short horizon.",
        knobs: &[
            Knob {
                key: "shared",
                help: "What an entry of a schedule is given: the derivative by the value that the steps of its window share, or the mean of those by each.",
                kind: Kind::Choice {
                    options: &[
                        ("Sum", "the derivative by the shared value"),
                        ("Average", "the same over the steps of the window (FDS)"),
                    ],
                },
            },
            Knob {
                key: "horizon",
                help: "How far a derivative looks ahead.",
                kind: Kind::Sized {
                    plain: &[("Whole", "to the end of the run")],
                    sized: &[("Steps", "to the end of a segment of so many steps; 1 is greedy")],
                    range: (1, 1_000_000),
                },
            },
            Knob {
                key: "clamp",
                help: "Clips every entry of a product with H to ±this, and makes ĥ the gradient of nothing; 0 does not.",
                kind: Kind::Real { default: 0.0, range: (0.0, 1e300), scale: Scale::Logarithmic },
            },
            Knob {
                key: "every",
                help: "Differentiates one inner step in so many; over the others tangents stay as they are.",
                kind: Kind::Integer { default: 1, range: (1, 10_000), scale: Scale::Logarithmic },
            },
        ],
    },
    order: Order::None,
    family: Family::Iterative,
    build: |knobs| Box::new(Forward::new(knobs)),
};

#[derive(Clone, Default)]
struct Forward {
    averages: bool,
    /// Steps of a segment; `None` for one that is the whole run.
    horizon: Option<usize>,
    clamp: Option<f64>,
    every: usize,
    /// Z.
    tangents: Tangents,
    /// Steps taken in this run, and how many of them before this segment.
    taken: usize,
    segment: usize,
    /// What earlier segments gave, and room for `∇_θ f` and `∇_λ f` where one ends.
    harvest: Vec<f64>,
    outer: Vec<f64>,
    direct: Vec<f64>,
    along: Vec<f64>,
}

impl Forward {
    fn new(knobs: &Knobs) -> Self {
        let horizon = match knobs.get("horizon") {
            Ok(Value::Sized(_, steps)) => usize::try_from(steps).ok(),
            _ => None,
        };
        let clamp = knobs.real("clamp");
        Self {
            averages: knobs.choice("shared") == "Average",
            horizon,
            clamp: (clamp > 0.0).then_some(clamp),
            every: knobs.count("every").max(1),
            ..Self::default()
        }
    }

    /// The end of a segment: what it says of f where it ends, and Z anew.
    fn end_segment(&mut self, step: &mut InnerStep<'_>) {
        let Self { outer, direct, along, harvest, tangents, .. } = self;
        step.motion.draw(step.oracle, step.clock, Draw::Outer, 0);
        step.oracle.move_to(step.lambda, &step.next[..outer.len()]);
        step.oracle.outer_gradient(outer);
        step.oracle.outer_lambda_gradient(direct);
        tangents.products(outer, along).for_each(|(entry, value)| direct[entry] += value);
        axpy(1.0, direct, harvest);
        tangents.clear();
        self.segment = self.taken;
    }
}

impl Estimator for Forward {
    fn reach(&self) -> Reach {
        Reach::InnerRun
    }

    fn requires(&self) -> &'static [Requirement] {
        const TANGENTS: Requirement = Requirement::always(Capability::WholeTangents);
        &[TANGENTS]
    }

    fn mistake(&self, planned: Planned) -> Option<(&'static str, String)> {
        let Planned { steps, learned } = planned;
        if let Some(horizon) = self.horizon.filter(|horizon| *horizon > steps) {
            let message = format!(
                "`horizon` is {horizon}, and an inner run has {}; expected `Whole`, or `Steps` from 1 to {steps}",
                counted(steps, "step")
            );
            return Some(("horizon", message));
        }
        let message = "`Average` is over the steps of a schedule's windows, and these dynamics learn none; expected `Sum`, or the \
                       dynamics `Schedule`";
        (self.averages && learned == 0).then(|| ("shared", message.to_owned()))
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.tangents.begin(start.state.len(), start.inner_dimension, start.lambda.len());
        self.along.resize(start.lambda.len(), 0.0);
        (self.taken, self.segment) = (0, 0);
        self.harvest.clear();
        self.harvest.resize(start.lambda.len(), 0.0);
        self.direct.resize(start.lambda.len(), 0.0);
        self.outer.resize(start.inner_dimension, 0.0);
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        let now = self.taken;
        self.taken += 1;
        let own = step.oracle.outer_dimension();
        if now.is_multiple_of(self.every) {
            for entry in 0..step.lambda.len() {
                // Before its window a column is zero, and so it is after it in a segment that has not met it.
                let window = entry.checked_sub(own).map_or(0..usize::MAX, |own| step.motion.dynamics().window(own));
                if window.start <= now && self.segment < window.end && !self.tangents.has(entry) {
                    self.tangents.enter(entry);
                }
            }
            step.oracle.clip_products(self.clamp);
            if self.tangents.count() > 0 {
                step.motion.jvps(step.oracle, step.clock, step.lambda, step.state, &mut self.tangents);
            }
            step.oracle.clip_products(None);
        }
        if self.horizon.is_some_and(|horizon| self.taken - self.segment == horizon) {
            self.end_segment(step);
        }
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        let mut hypergradient = vec![0.0; at.lambda.len()];
        // A run that ends where a segment does has been asked already.
        if self.taken > self.segment || self.taken == 0 {
            at.arrive();
            let outer = implicit::outer_gradient(at.oracle);
            at.oracle.outer_lambda_gradient(&mut hypergradient);
            let mut along = Vec::new();
            self.tangents.products(&outer, &mut along).for_each(|(entry, value)| hypergradient[entry] += value);
        }
        if self.segment > 0 {
            axpy(1.0, &self.harvest, &mut hypergradient);
        }
        if self.averages {
            let own = at.oracle.outer_dimension();
            let differentiated = |step: usize| step.div_ceil(self.every);
            for (index, value) in hypergradient.iter_mut().skip(own).enumerate() {
                let window = at.motion.dynamics().window(index);
                let ends = (window.start.min(self.taken), window.end.min(self.taken));
                *value /= (differentiated(ends.1) - differentiated(ends.0)).max(1) as f64;
            }
        }
        let numbers = self.tangents.bytes() / size_of::<f64>() + self.outer.len() + 4 * hypergradient.len();
        let cost = implicit::spent(at.oracle, &before, numbers);
        Estimate { hypergradient, cost, solver: Solver::none(), adjoint: None, ..Estimate::default() }
    }

    fn bytes(&self) -> usize {
        self.tangents.bytes()
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
