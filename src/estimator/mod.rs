//! Estimators: from what they saw of an inner run to a hypergradient.
//!
//! An estimator watches the inner run through [`observe`](Estimator::observe) and answers through
//! [`estimate`](Estimator::estimate), which leaves it unchanged: asking at every inner step for a
//! chart, or not at all, gives the same run. To add an estimator: one file here, one line in [`ALL`].

mod amigo;
mod bellman;
mod beside;
mod bome;
mod cg;
mod direct;
mod f2sa;
mod finite_difference;
mod finite_difference_cross;
mod fixed_point;
mod forward;
mod hoag;
mod identity;
mod implicit;
mod mrbo;
mod natural;
mod neumann;
mod own_step;
mod preconditioned;
mod reparameterized;
mod reverse;
mod saba;
mod soba;
mod solver;
mod stocbio;
mod surrogate;
mod truncated;
mod ttsa;
mod unroll;

use std::sync::Arc;

use crate::catalog::{Card, Carded, Catalog, Knobs};
use crate::draw::{Clock, Draw, PerStep};
use crate::inner::Motion;
use crate::math::Matrix;
use crate::problem::{Cost, Oracle, Problem, Requirement, Sensitivity};

pub use beside::{Beside, Down};
pub use solver::{SOLVED, Solver, unsolved};
pub use surrogate::{MOST_SHOWN, Surrogate};

/// The one that takes no curvature at all.
pub(crate) use identity::ENTRY as WITHOUT_CURVATURE;
/// The one that is the derivative of the whole inner run itself.
pub(crate) use reverse::{ByStep, ENTRY as OF_THE_RUN};

/// Every estimator, in the order shown.
pub static ALL: &[Entry] = &[
    direct::ENTRY,
    cg::ENTRY,
    hoag::ENTRY,
    neumann::ENTRY,
    fixed_point::ENTRY,
    identity::ENTRY,
    natural::ENTRY,
    finite_difference_cross::ENTRY,
    preconditioned::NEWTON,
    preconditioned::ENTRY,
    reparameterized::ENTRY,
    reverse::ENTRY,
    truncated::ENTRY,
    forward::ENTRY,
    soba::ENTRY,
    saba::ENTRY,
    amigo::ENTRY,
    stocbio::ENTRY,
    ttsa::ENTRY,
    mrbo::ENTRY,
    f2sa::ENTRY,
    bome::ENTRY,
    bellman::ENTRY,
    finite_difference::ENTRY,
];

/// An estimator that can be added to a scenario.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// How its error depends on the inner error, as a claim that the conformance tests measure.
    pub order: Order,
    /// Which of the groups of the methods' literature it belongs to.
    pub family: Family,
    /// Makes it from its knobs.
    pub build: fn(&Knobs) -> Box<dyn Estimator>,
}

/// Power of the inner error `‖θ − θ*‖` in the hypergradient error, with the default knobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `O(‖e‖)`: slope 1 on log-log axes.
    One,
    /// `O(‖e‖²)`: slope 2, super-efficient.
    Two,
    /// No power law: a bias remains at θ*, that of a solver or of a history cut short.
    Biased,
    /// No power law: the error is not a function of θ.
    None,
}

/// How far back an estimate reaches: what it depends on beside settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// On the point that it is asked at: (λ, θ), its batches and where the run started.
    Point,
    /// On the steps of the inner run as well: a tape, tangents.
    InnerRun,
    /// On earlier outer steps as well: a warm start, a momentum.
    OuterSteps,
}

/// Groups of estimators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Implicit function theorem at an iterate.
    Implicit,
    /// Implicit, after a correction step or a change of variables.
    Corrected,
    /// Derivatives of the inner iterations themselves.
    Iterative,
    /// One loop for θ, the linear system and λ.
    SingleLoop,
    /// Values of the outer objective only.
    ZerothOrder,
}

impl Family {
    /// Whether its estimates are about the run as it was taken, and not about θ*: only such ones have derivatives by outer variables of the
    /// dynamics, on which θ* does not depend.
    #[must_use]
    pub const fn is_about_the_run(self) -> bool {
        matches!(self, Self::Iterative | Self::ZerothOrder)
    }
}

/// What an estimator may hold: 1 GiB. One that would hold more says how much in [`bytes`](Estimator::bytes), and holds
/// nothing: the trial stops.
pub const MOST_BYTES: usize = if cfg!(test) { 1 << 23 } else { 1 << 30 };

/// The list of estimators, for [`Spec`](crate::catalog::Spec).
pub struct Estimators;

impl Catalog for Estimators {
    type Entry = Entry;
    const ITEM: &'static str = "estimator";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// What is known of inner runs before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// Inner steps, T.
    pub steps: usize,
    /// Outer variables that the dynamics bring along.
    pub learned: usize,
}

/// A new inner run starts.
pub struct Start<'a> {
    /// λ of this outer step, the problem's followed by the dynamics'.
    pub lambda: &'a [f64],
    /// State before the first step; θ first.
    pub state: &'a [f64],
    /// Inner steps planned, T.
    pub steps: usize,
    /// The norm of `∇_θ g` that the run is to end at, where it ends at one.
    pub tolerance: Option<f64>,
    /// d, the length of θ.
    pub inner_dimension: usize,
}

/// An inner step is about to be taken.
pub struct Ahead<'a> {
    /// When.
    pub clock: Clock,
    /// λ of this outer step.
    pub lambda: &'a [f64],
    /// State now; θ first.
    pub state: &'a [f64],
    /// The oracle of the run.
    pub oracle: &'a mut Oracle,
    /// The dynamics that will take it, over their batches.
    pub motion: &'a mut Motion,
}

/// An inner step was taken.
pub struct InnerStep<'a> {
    /// When.
    pub clock: Clock,
    /// λ of this outer step.
    pub lambda: &'a [f64],
    /// State before.
    pub state: &'a [f64],
    /// State after.
    pub next: &'a [f64],
    /// The oracle, where the step left it: at the state before, on the step's batch.
    pub oracle: &'a mut Oracle,
    /// The dynamics that took it, over their batches.
    pub motion: &'a mut Motion,
}

/// Where an estimate is wanted.
pub struct Point<'a> {
    /// When: `clock.inner` steps were taken.
    pub clock: Clock,
    /// λ of this outer step.
    pub lambda: &'a [f64],
    /// State before the first inner step.
    pub start: &'a [f64],
    /// State now; θ first.
    pub state: &'a [f64],
    /// The oracle; estimators move it where they need.
    pub oracle: &'a mut Oracle,
    /// The dynamics of the run, over their batches.
    pub motion: &'a mut Motion,
}

impl Point<'_> {
    /// θ now.
    #[must_use]
    pub fn theta(&self) -> &[f64] {
        &self.state[..self.oracle.inner_dimension()]
    }

    /// Puts the oracle on the rows drawn for a purpose, wherever it stands.
    pub fn draw(&mut self, what: Draw, index: usize) {
        self.motion.draw(self.oracle, self.clock, what, index);
    }

    /// Moves the oracle to (λ, θ), over the first rows drawn for the outer objective and for products with H.
    pub fn arrive(&mut self) {
        self.draw(Draw::Outer, 0);
        self.draw(Draw::Adjoint, 0);
        self.oracle.move_to(self.lambda, &self.state[..self.oracle.inner_dimension()]);
    }
}

/// A λ at which everything that a method tracks has settled.
pub struct Settled<'a> {
    /// When: what rises or falls with the outer steps is as it is then.
    pub clock: Clock,
    /// λ of this outer step.
    pub lambda: &'a [f64],
    /// The problem, all of whose rows are meant.
    pub problem: &'a Arc<dyn Problem>,
}

/// A hypergradient estimate, and what it took.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estimate {
    /// ĥ ∈ R^p. NaN is a value: it is shown.
    pub hypergradient: Vec<f64>,
    /// What this estimate cost, beyond the inner run and beyond what was spent while observing.
    pub cost: Cost,
    /// What the linear solver says of itself.
    pub solver: Solver,
    /// v ≈ H⁻¹∇_θ f, for estimators that solve for it; a warm start for the next.
    pub adjoint: Option<Vec<f64>>,
    /// What else the estimator carries over to the next outer step, in an order of its own.
    pub carried: Vec<f64>,
    /// What stands in for H, of members one after the other, where an estimator keeps such a matrix; it carries that over too.
    pub surrogates: Vec<Arc<Surrogate>>,
}

impl Estimate {
    /// Becomes a copy of another, in the space it has.
    pub fn copy(&mut self, other: &Self) {
        let Self { hypergradient, cost, solver, adjoint, carried, surrogates } = self;
        hypergradient.clone_from(&other.hypergradient);
        *cost = other.cost;
        solver.clone_from(&other.solver);
        adjoint.clone_from(&other.adjoint);
        carried.clone_from(&other.carried);
        surrogates.clone_from(&other.surrogates);
    }

    /// v is what was solved for.
    fn set_adjoint(&mut self, v: &[f64]) {
        let adjoint = self.adjoint.get_or_insert_default();
        adjoint.clear();
        adjoint.extend_from_slice(v);
    }
}

/// Turns what it saw of the inner run into a hypergradient estimate ĥ.
pub trait Estimator: Send + Sync {
    /// What it asks of a problem beyond the derivatives that all have.
    fn requires(&self) -> &'static [Requirement] {
        &[]
    }

    /// Why it cannot watch such inner runs: the knob at fault, and what was found and expected.
    fn mistake(&self, _planned: Planned) -> Option<(&'static str, String)> {
        None
    }

    /// Knobs that are not read as the others are set, each with what would read it.
    fn idle(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// Whether it counts on θ going on where the last outer step left it, as single loops do.
    fn goes_on(&self) -> bool {
        false
    }

    /// The knobs that trade calls and bytes for error, such as the number of iterations of a solver: what is varied to find out
    /// how much a better estimate costs. Keys of the card's knobs, whatever they are set to now.
    fn effort(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether its estimates tell of a matrix that stands in for H: [`Estimate::surrogates`].
    fn keeps_surrogate(&self) -> bool {
        false
    }

    /// How far back an estimate reaches; as far as possible, where nothing is said.
    fn reach(&self) -> Reach {
        Reach::OuterSteps
    }

    /// What it moves itself beside θ, with the steps of an outer step; `theta` is that of θ, for what goes with it. Nothing of which
    /// the step is not known.
    fn beside(&self, _theta: Option<f64>, _outer: usize) -> Vec<Beside> {
        Vec::new()
    }

    /// The lists of rows that an outer step with so many inner steps takes, so that lists that are written out and
    /// passes without replacement are shared out in order. Any method may take one of inner steps and of the outer
    /// objective; what it takes for products with H, and with the cross derivative, it says here.
    fn lists(&self, inner_steps: usize) -> PerStep {
        PerStep { inner: inner_steps, outer: 1, ..PerStep::default() }
    }

    /// A new outer step starts: forget the last run's tape; keep what may warm-start.
    fn begin(&mut self, _start: &Start<'_>) {}

    /// An inner step is about to be taken: the place for methods that choose the direction of θ themselves, where that is
    /// not the gradient over the batch of the step. They leave the oracle at the state, on the step's batch, with
    /// [`Oracle::replace_inner_gradient`]; the dynamics go along that. Allocates nothing, as below.
    fn steer(&mut self, _ahead: &mut Ahead<'_>) {}

    /// An inner step was taken: the place for tapes, tangents, online curvature, auxiliary variables.
    /// Allocates nothing once [`begin`](Self::begin) has run.
    fn observe(&mut self, _step: &mut InnerStep<'_>) {}

    /// The hypergradient here. Does not change the estimator.
    fn estimate(&self, at: &mut Point<'_>) -> Estimate;

    /// The same at the end of an inner run that nobody looks into, into an estimate that is reused: the bits of
    /// [`estimate`](Self::estimate). Methods whose tick is short allocate nothing here once buffers have grown; after it nothing
    /// but [`accept`](Self::accept) and [`begin`](Self::begin) is asked.
    fn conclude(&mut self, at: &mut Point<'_>, out: &mut Estimate) {
        *out = self.estimate(at);
    }

    /// This estimate was the one the outer step used: the place to keep a warm start.
    fn accept(&mut self, _estimate: &Estimate) {}

    /// What it would [carry over](Estimate::carried) beside v, had all it follows come to rest at this λ.
    ///
    /// # Errors
    /// Why it would not come to rest.
    fn settled(&self, _at: &Settled<'_>) -> Result<Vec<f64>, String> {
        Ok(Vec::new())
    }

    /// M ∈ R^{d×p} with `ĥ − ∇F = Mᵀe + O(‖e‖²)`, where theory gives it.
    fn linearization(&self, _at: &Sensitivity) -> Option<Matrix> {
        None
    }

    /// Bytes held beyond θ and λ right now: a tape, tangents.
    fn bytes(&self) -> usize {
        0
    }

    /// A copy, tape included.
    fn clone_box(&self) -> Box<dyn Estimator>;
}

impl Clone for Box<dyn Estimator> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}
