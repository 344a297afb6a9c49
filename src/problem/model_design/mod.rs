//! Model design: a model of a plant, learned through the value function that follows from it.
//!
//! λ = (κ, b) is a model. The inner variable is a function, the action value under the model, `h(x, u) = c + γ E V(model(x, u))`, in the
//! features `φ = (x₁², 2x₁x₂, x₂², 2x₁u, 2x₂u, u², 1)`, in which it is exact: `g = ½ mean (φᵀθ − h_λ)²` over training transitions, so that
//! `θ* = q(λ)` is the solution of the discounted Riccati equation, `H = mean φφᵀ` and `J = −H ∂q/∂λ`, with ∂q/∂λ by Lyapunov equations. The outer objective
//! is the temporal difference on real transitions, `f = ½ mean δ²`, `δ = φᵀθ − c − γ V_θ(x′)`, `V_θ(x) = min_u φ(x, u)ᵀθ`. Its ∇F is that of the residual; methods
//! that hold a part of it still are `Bellman`. Sources: Nikishin, Abachi, Agarwal, Bacon 2021 (arXiv 2106.03273) and Petrulionyte, Mairal, Arbel 2024 for
//! models that are learned through values; the linear-quadratic plant, on which the regret is exact, is this project's.

mod plant;
mod transitions;

use std::sync::Arc;

use plant::{Coefficients, FEATURES, Pair, Plant};
use transitions::Transition;

use super::constant_curvature::ConstantCurvature;
use super::linear::intake;
use super::{
    Block, BuildError, Cache, Control, DifferenceTarget, Dimensions, Entry, Judged, Level, Location, Needs,
    OuterObjective, Parts, Problem, Sample, Score, ThirdDerivatives,
};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::math::Matrix;
use crate::math::vector::{axpy, dot};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "model-design",
        name: "Model design",
        source: "Nikishin et al. 2021; Petrulionyte, Mairal, Arbel 2024; the linear-quadratic plant is this project's",
        equation: "g = ½ mean (φᵀθ − h_λ)²,  f = ½ mean (φᵀθ − c − γ min_u φ(x′, u)ᵀθ)²;  h_λ = c + γ E V_λ(model(x, u))",
        summary: "A controller is planned with a model, and the model is judged by the value function that follows from it. λ are the \
                  stiffness κ and the lever b of the model. The inner problem is the value of actions under the model, the outer one asks whether real \
                  transitions agree with it.",
        cost: "a Riccati and two Lyapunov equations of two states for every λ; a gradient or product 7 numbers a row",
        fails: "Next states are random, and the square of a temporal difference has their variance in it: the exact ∇F leads to a model that plans for \
                less noise than there is. More rows do not help.",
        knobs: &[
            number(
                "stiffness",
                "κ of the plant on which regrets are exact; of rows that say κ, as those of `Plant` do, it is theirs.",
                3.0,
                (-100.0, 100.0),
            ),
            number(
                "lever",
                "b of the plant on which regrets are exact; that of rows of `Plant` is 1.",
                1.0,
                (1e-3, 100.0),
            ),
            number("discount", "γ.", 0.97, (0.0, 0.9999)),
            number("time_step", "dt, seconds of a step.", 0.1, (1e-4, 1.0)),
            number("damping", "What slows the rate down, of plant and model.", 0.1, (0.0, 100.0)),
            number("rate_cost", "Cost of a squared rate; that of a squared angle is 1.", 0.1, (0.0, 1e3)),
            number("action_cost", "Cost of a squared action.", 0.05, (1e-6, 1e3)),
            number("noise", "Standard deviation of what moves the rate by chance in a step.", 0.05, (0.0, 10.0)),
            number(
                "start",
                "Standard deviation of either state where the controller is judged from.",
                0.3,
                (0.0, 100.0),
            ),
        ],
    },
    needs: |_| Needs::Transitions,
    level: Level::Own("the constant among its features"),
    build: |parts| Ok(Arc::new(ModelDesign::new(parts)?)),
};

const fn number(key: &'static str, help: &'static str, default: f64, range: (f64, f64)) -> Knob {
    Knob { key, help, kind: Kind::Real { default, range, scale: Scale::Linear } }
}

/// Where λ may be.
const STIFFNESS: (f64, f64) = (-4.0, 10.0);
const LEVER: (f64, f64) = (0.2, 4.0);

/// Steps of a response, and where it starts.
const RESPONSE: usize = 60;
const RELEASED: Pair = [0.3, 0.0];

struct ModelDesign {
    plant: Plant,
    training: Vec<Transition>,
    validation: Vec<Transition>,
    /// (κ, b) of the plant, how far off it starts where a controller is judged, and what the best one costs from there.
    truth: Pair,
    start: f64,
    least_cost: f64,
    likeliest: Option<Pair>,
    /// Of H, ascending.
    eigenvalues: Vec<f64>,
}

impl ModelDesign {
    fn new(parts: &Parts<'_>) -> Result<Self, BuildError> {
        intake::no_arrays(parts)?;
        let mut split = intake::regression(parts, intake::Validation::Needed)?;
        intake::written_out(&mut split)?;
        let plant = settings(parts.knobs);
        let [training, validation] = transitions::of(&split, &plant)?;
        let stiffness = transitions::told(&validation)?.unwrap_or_else(|| parts.knobs.real("stiffness"));
        let (truth, start) = ([stiffness, parts.knobs.real("lever")], parts.knobs.real("start"));
        let mut found = Self {
            truth,
            start,
            least_cost: plant.expected_cost(truth, plant.controller(truth).gain, start),
            likeliest: transitions::likeliest(&training, &plant),
            plant,
            training,
            validation,
            eigenvalues: Vec::new(),
        };
        found.eigenvalues = found.moments().symmetric_eigenvalues().unwrap_or_default();
        Ok(found)
    }

    /// `mean φφᵀ` over training transitions.
    fn moments(&self) -> Matrix {
        let mut moments = Matrix::zeros(FEATURES, FEATURES);
        let share = 1.0 / self.training.len() as f64;
        for row in &self.training {
            for (i, feature) in row.features.iter().enumerate() {
                axpy(share * row.weight * feature, &row.features, moments.row_mut(i));
            }
        }
        moments
    }
}

fn settings(knobs: &Knobs) -> Plant {
    Plant {
        time_step: knobs.real("time_step"),
        damping: knobs.real("damping"),
        discount: knobs.real("discount"),
        rate_cost: knobs.real("rate_cost"),
        action_cost: knobs.real("action_cost"),
        noise: knobs.real("noise"),
    }
}

/// Calls with every row of a list, or with all, and its share in their mean.
fn each(rows: &[Transition], list: Option<&[usize]>, mut call: impl FnMut(f64, &Transition)) {
    match list {
        None => rows.iter().for_each(|row| call(row.weight / rows.len() as f64, row)),
        Some(list) => list.iter().for_each(|index| call(rows[*index].weight / list.len() as f64, &rows[*index])),
    }
}

/// `V_θ(x)`, its gradient in θ, which is φ at the best action, and `∂φ/∂u` there; not numbers where no action is the best.
fn least(theta: &[f64], state: Pair) -> (f64, Coefficients, [f64; 3]) {
    let curvature = if theta[5] > 0.0 { theta[5] } else { f64::NAN };
    let action = -(theta[3] * state[0] + theta[4] * state[1]) / curvature;
    let features = Plant::features(state, action);
    (dot(&features, theta), features, [2.0 * state[0], 2.0 * state[1], 2.0 * action])
}

/// δ of a transition with one of its next states.
fn difference(theta: &[f64], row: &Transition, value: f64, discount: f64) -> f64 {
    dot(&row.features, theta) - row.cost - discount * value
}

/// q(λ) and its derivatives, as [`Problem::prepare`] left them.
fn kept(cache: &Cache) -> (&[f64], [&[f64]; 2]) {
    let (value, slopes) = cache.prepared.split_at(FEATURES);
    let (by_stiffness, by_lever) = slopes.split_at(FEATURES);
    (value, [by_stiffness, by_lever])
}

impl ModelDesign {
    /// `φᵀ(θ − q)`.
    fn residual(row: &Transition, theta: &[f64], value: &[f64]) -> f64 {
        dot(&row.features, theta) - dot(&row.features, value)
    }

    /// `−mean r(row) φᵀ ∂q/∂λ_j`.
    fn by_lambda(&self, at: Location<'_>, cache: &Cache, of: impl Fn(&Transition) -> f64, out: &mut [f64]) {
        let (_, slopes) = kept(cache);
        out.fill(0.0);
        each(&self.training, at.rows.training, |share, row| {
            let scale = -share * of(row);
            for (out, slope) in out.iter_mut().zip(slopes) {
                *out += scale * dot(&row.features, slope);
            }
        });
    }

    /// `mean φ r(row)`.
    fn by_theta(&self, at: Location<'_>, of: impl Fn(&Transition) -> f64, out: &mut [f64]) {
        out.fill(0.0);
        each(&self.training, at.rows.training, |share, row| axpy(share * of(row), &row.features, out));
    }

    /// `½ mean δ²` over some transitions.
    fn residual_loss(&self, rows: &[Transition], list: Option<&[usize]>, theta: &[f64]) -> f64 {
        let mut sum = 0.0;
        each(rows, list, |share, row| {
            sum += share * difference(theta, row, least(theta, row.next).0, self.plant.discount).powi(2);
        });
        0.5 * sum
    }
}

impl Problem for ModelDesign {
    fn dimensions(&self) -> Dimensions {
        let (training, validation) = (self.training.len(), self.validation.len());
        Dimensions { inner: FEATURES, outer: 2, training, validation }
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        let (value, slopes) = self.plant.action_value([at.lambda[0], at.lambda[1]]);
        cache.prepared.clear();
        cache.prepared.extend_from_slice(&value);
        cache.prepared.extend(slopes.iter().flatten());
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let (value, _) = kept(cache);
        let mut sum = 0.0;
        each(&self.training, at.rows.training, |share, row| {
            sum += share * Self::residual(row, at.theta, value).powi(2);
        });
        0.5 * sum
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (value, _) = kept(cache);
        self.by_theta(at, |row| Self::residual(row, at.theta, value), out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (value, _) = kept(cache);
        self.by_lambda(at, cache, |row| Self::residual(row, at.theta, value), out);
    }

    fn hvp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.by_theta(at, |row| dot(&row.features, v), out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.by_lambda(at, cache, |row| dot(&row.features, v), out);
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        let (_, slopes) = kept(cache);
        let along =
            |row: &Transition| slopes.iter().zip(u).map(|(slope, u)| u * dot(&row.features, slope)).sum::<f64>();
        self.by_theta(at, |row| -along(row), out);
    }

    fn outer(&self) -> &dyn OuterObjective {
        self
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(&ConstantCurvature)
    }

    /// What an action costs here and now, as if nothing came after it: a θ of zero would say that no action is the best.
    fn start(&self, _: &mut rand_chacha::ChaCha8Rng) -> Vec<f64> {
        vec![1.0, 0.0, self.plant.rate_cost, 0.0, 0.0, self.plant.action_cost, 0.0]
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        self.is_convex().then(|| self.plant.action_value([lambda[0], lambda[1]]).0.to_vec())
    }

    fn curvature_bound(&self, _: &[f64]) -> Option<f64> {
        self.eigenvalues.last().copied()
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn is_convex(&self) -> bool {
        let ends = self.eigenvalues.first().zip(self.eigenvalues.last());
        ends.is_some_and(|(least, largest)| *least > FEATURES as f64 * f64::EPSILON * largest)
    }

    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        let rows = match sample {
            Sample::Training => &self.training,
            Sample::Validation => &self.validation,
            Sample::Test => return None,
        };
        Some(Score { loss: self.residual_loss(rows, None, theta), accuracy: None })
    }

    /// Starts at the model that fits the transitions best.
    fn blocks(&self) -> Vec<Block> {
        let middle = [0.5 * (STIFFNESS.0 + STIFFNESS.1), 1.0];
        let [stiffness, lever] = self.likeliest.unwrap_or(middle);
        let entry = |name: &'static str, label: &str, (low, high): (f64, f64), start: f64| {
            Block::new(name, vec![label.to_owned()]).within(low, high).starting_at(start.clamp(low, high))
        };
        vec![entry("stiffness", "κ", STIFFNESS, stiffness), entry("lever", "b", LEVER, lever)]
    }

    fn lambda_meets_rows(&self) -> bool {
        true
    }

    fn control(&self) -> Option<&dyn Control> {
        Some(self)
    }
}

impl OuterObjective for ModelDesign {
    fn value(&self, at: Location<'_>, _: &mut Cache) -> f64 {
        self.residual_loss(&self.validation, at.rows.validation, at.theta)
    }

    fn gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        let discount = self.plant.discount;
        out.fill(0.0);
        each(&self.validation, at.rows.validation, |share, row| {
            let (value, slope, _) = least(at.theta, row.next);
            let scale = share * difference(at.theta, row, value, discount);
            axpy(scale, &row.features, out);
            axpy(-scale * discount, &slope, out);
        });
    }

    fn hvp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        let discount = self.plant.discount;
        out.fill(0.0);
        each(&self.validation, at.rows.validation, |share, row| {
            let (value, slope, by_action) = least(at.theta, row.next);
            let along = share * (dot(&row.features, v) - discount * dot(&slope, v));
            axpy(along, &row.features, out);
            axpy(-along * discount, &slope, out);
            // The best action moves with θ: ∂²V = −(∂_u φ)(∂_u φ)ᵀ/∂²_u h.
            let bent = share * difference(at.theta, row, value, discount) * discount / (2.0 * at.theta[5]);
            axpy(bent * dot(&by_action, &v[3..6]), &by_action, &mut out[3..6]);
        });
    }
}

impl Control for ModelDesign {
    fn outer_gradient(&self, at: Location<'_>, target: DifferenceTarget, out: &mut [f64]) {
        let discount = self.plant.discount;
        out.fill(0.0);
        each(&self.validation, at.rows.validation, |share, row| {
            let (value, slope, _) = least(at.theta, row.next);
            let first = difference(at.theta, row, value, discount);
            match target {
                DifferenceTarget::Frozen => axpy(share * first, &row.features, out),
                DifferenceTarget::Double => {
                    let other = least(at.theta, row.second.unwrap_or([f64::NAN; 2]));
                    let second = difference(at.theta, row, other.0, discount);
                    axpy(0.5 * share * (first + second), &row.features, out);
                    axpy(-0.5 * share * discount * second, &slope, out);
                    axpy(-0.5 * share * discount * first, &other.1, out);
                }
            }
        });
    }

    fn last_backup(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (theta, dt) = (at.theta, self.plant.time_step);
        let model = [at.lambda[0], at.lambda[1]];
        out.fill(0.0);
        each(&self.training, at.rows.training, |share, row| {
            let next = self.plant.next(model, row.state, row.action);
            // ∂V/∂x₂ by the envelope theorem, as V_θ = min_u.
            let (_, _, [_, _, twice_action]) = least(theta, next);
            let slope = 2.0 * (theta[1] * next[0] + theta[2] * next[1]) + theta[4] * twice_action;
            let scale = -share * dot(&row.features, v) * self.plant.discount * slope * dt;
            out[0] += scale * row.state[0];
            out[1] += scale * row.action;
        });
    }

    fn likeliest(&self) -> Option<[f64; 2]> {
        self.likeliest
    }

    fn has_second(&self) -> bool {
        self.validation.iter().all(|row| row.second.is_some())
    }

    fn judge(&self, lambda: &[f64]) -> Judged {
        let gain = self.plant.controller([lambda[0], lambda[1]]).gain;
        let cost = self.plant.expected_cost(self.truth, gain, self.start);
        Judged { gain, radius: self.plant.radius(self.truth, gain), cost, regret: cost / self.least_cost - 1.0 }
    }

    fn response(&self, lambda: Option<&[f64]>) -> Vec<(f64, f64)> {
        let model = lambda.map_or(self.truth, |lambda| [lambda[0], lambda[1]]);
        let gain = self.plant.controller(model).gain;
        let mut state = RELEASED;
        let step = |number: usize| {
            let here = (number as f64 * self.plant.time_step, state[0]);
            state = self.plant.next(self.truth, state, -dot(&gain, &state));
            here
        };
        (0..=RESPONSE).map(step).collect()
    }

    fn plant(&self) -> [f64; 2] {
        self.truth
    }
}
