//! Stochastic descent whose learning rates, momenta and weight decays are learned, each in windows of the run:
//! `v_{t+1} = β v_t + ∇_θ g(θ_t, λ) + ξ θ_t`, `θ_{t+1} = θ_t − α v_{t+1}`, `v_0 = 0`.
//!
//! Of N windows in a run of T steps, step t reads number `j(t) = ⌊N t/T⌋`: N need not divide T (3 of 40 steps are 14, 13 and
//! 13). λ is `(λ_problem, α_1 … , β_1 … , ξ_1 …)`, with α or its logarithm. Weight decay is coupled: inside the momentum. With
//! `n = β v̇ + (H + ξ) θ̇ + J λ̇ + β̇ v + ξ̇ θ` the tangent of a step is `(θ̇ − αn − α̇ v', n)`; its transpose sends (a, c) to
//! `m = c − αa`, `(a + (H + ξ) m, β m)`, `Jᵀm` and `∂α: −⟨a, v'⟩`, `∂β: ⟨m, v⟩`, `∂ξ: ⟨m, θ⟩`. Source: Micaelli and Storkey 2021
//! (FDS), algorithm 1 and their code. Where `clamp` is above 0, g is clipped entry by entry to ±clamp before it enters v, which changes the run;
//! derivatives ignore that a clipped entry does not move, so that they are those of nothing. Cost: a gradient a step, and a product with H
//! a derivative; one with J as well where the tangent has a part of the problem's own λ. Fails beyond `α < 2(1+β)/L`.

use std::ops::Range;

use super::gradient_descent::SMOOTH;
use super::step::{STEP, STEP_AS_NUMBER, step_size};
use super::{Columns, Dynamics, Entry, Tangents};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::draw::Clock;
use crate::math::number::counted;
use crate::math::vector::{axpy, clip, dot};
use crate::problem::{Block, Oracle, Requirement};

/// Where β may lie, at the start and later on.
const MOMENTUM: (f64, f64) = (0.0, 0.999);

/// Windows at most.
const MOST_WINDOWS: i64 = 10_000;

const fn windows(key: &'static str, help: &'static str, default: i64) -> Knob {
    Knob { key, help, kind: Kind::Integer { default, range: (1, MOST_WINDOWS), scale: Scale::Logarithmic } }
}

/// How many learning rates there are.
pub(super) const RATES: Knob = windows("rates", "Windows of the learning rate α.", 4);

/// How they stand in λ.
pub(super) const LEARNED: Knob = Knob {
    key: "learned",
    help: "What of the learning rates is in λ.",
    kind: Kind::Choice {
        options: &[
            ("Logarithm", "log α, which keeps α positive; block `log_learning_rates`"),
            ("Rate", "α itself, which may start at 0; block `learning_rates`"),
        ],
    },
};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "schedule",
        name: "Descent with learned schedules",
        source: "Micaelli and Storkey 2021, algorithm 1",
        equation: "v ← β_j v + ∇g(θ) + ξ_j θ,  θ ← θ − α_j v,  j = ⌊N t/T⌋, with α, β and ξ outer variables",
        summary: "Training steps whose learning rate, momentum and weight decay are learned. The run is cut into windows, and \
                  every window has an entry of λ for each of the three.",
        cost: "1 gradient a step",
        fails: "Diverges when the outer loop drives a learning rate beyond stability; the momentum is kept below 1.",
        knobs: &[
            RATES,
            windows("momenta", "Windows of the momentum β.", 1),
            windows("decays", "Windows of the weight decay ξ.", 1),
            LEARNED,
            STEP,
            Knob {
                key: "momentum",
                help: "Where every β starts.",
                kind: Kind::Real { default: 0.0, range: MOMENTUM, scale: Scale::Linear },
            },
            Knob {
                key: "decay",
                help: "Where every ξ starts.",
                kind: Kind::Real { default: 0.0, range: (-1e3, 1e3), scale: Scale::Linear },
            },
            Knob {
                key: "clamp",
                help: "Clips every entry of ∇g to ±this before the step, which changes the run and is not differentiated; 0 does not.",
                kind: Kind::Real { default: 0.0, range: (0.0, 1e300), scale: Scale::Logarithmic },
            },
        ],
    },
    build: |knobs| Box::new(Schedule::new(knobs)),
};

/// The three that are learned, in the order of λ.
#[derive(Clone, Copy)]
enum Kinds {
    Rate,
    Momentum,
    Decay,
}

#[derive(Clone)]
struct Schedule {
    first_step: Option<f64>,
    first_momentum: f64,
    first_decay: f64,
    is_logarithmic: bool,
    clamp: Option<f64>,
    /// Windows of each of the three.
    windows: [usize; 3],
    /// T of this run.
    steps: usize,
    scratch: Vec<f64>,
    outer_scratch: Vec<f64>,
}

/// The outer variables that one step reads: where they are in λ, and their values.
struct Setting {
    /// Of α, β and ξ.
    places: [usize; 3],
    rate: f64,
    momentum: f64,
    decay: f64,
    /// The derivative of α by its entry of λ.
    slope: f64,
}

impl Schedule {
    fn new(knobs: &Knobs) -> Self {
        let clamp = knobs.real("clamp");
        Self {
            first_step: knobs.automatic(STEP.key),
            first_momentum: knobs.real("momentum"),
            first_decay: knobs.real("decay"),
            is_logarithmic: knobs.choice("learned") == "Logarithm",
            clamp: (clamp > 0.0).then_some(clamp),
            windows: ["rates", "momenta", "decays"].map(|key| knobs.count(key).max(1)),
            steps: 1,
            scratch: Vec::new(),
            outer_scratch: Vec::new(),
        }
    }

    /// Where the entries of one of the three begin, behind the problem's.
    fn first(&self, kind: Kinds) -> usize {
        self.windows[..kind as usize].iter().sum()
    }

    /// The place of the entry that a step reads, behind the problem's. A run that goes on stays in its last window.
    fn place(&self, kind: Kinds, step: usize) -> usize {
        let count = self.windows[kind as usize];
        self.first(kind) + place(count, step, self.steps)
    }

    fn setting(&self, oracle: &Oracle, clock: Clock, lambda: &[f64]) -> Setting {
        let own = oracle.outer_dimension();
        let places = [Kinds::Rate, Kinds::Momentum, Kinds::Decay].map(|kind| own + self.place(kind, clock.inner));
        let [rate, momentum, decay] = places.map(|place| lambda[place]);
        let (rate, slope) = if self.is_logarithmic { (rate.exp(), rate.exp()) } else { (rate, 1.0) };
        Setting { places, rate, momentum, decay, slope }
    }

    /// `v' = βv + ∇g + ξθ` where the oracle stands, as it was when the step was taken.
    fn velocity(&self, oracle: &mut Oracle, setting: &Setting, (theta, velocity): (&[f64], &[f64]), out: &mut [f64]) {
        oracle.inner_gradient(out);
        if let Some(limit) = self.clamp {
            clip(limit, out);
        }
        axpy(setting.momentum, velocity, out);
        axpy(setting.decay, theta, out);
    }
}

impl Dynamics for Schedule {
    fn requires(&self) -> &'static [Requirement] {
        if self.first_step.is_none() { &[SMOOTH, STEP_AS_NUMBER] } else { &[SMOOTH] }
    }

    fn state_length(&self, inner_dimension: usize) -> usize {
        2 * inner_dimension
    }

    fn blocks(&self, oracle: &Oracle, lambda: &[f64]) -> Vec<Block> {
        let [rates, momenta, decays] = self.windows;
        let (low, high) = MOMENTUM;
        vec![
            self::rates(rates, self.is_logarithmic, step_size(self.first_step, oracle, lambda)),
            Block::new("momentum", numbered("β", momenta)).starting_at(self.first_momentum).within(low, high),
            Block::new("weight_decay", numbered("ξ", decays)).starting_at(self.first_decay),
        ]
    }

    fn window(&self, own: usize) -> Range<usize> {
        let kinds = [Kinds::Decay, Kinds::Momentum, Kinds::Rate];
        let kind = kinds.into_iter().find(|kind| self.first(*kind) <= own).unwrap_or(Kinds::Rate);
        window(own - self.first(kind), self.windows[kind as usize], self.steps)
    }

    fn mistake(&self, steps: usize) -> Option<(&'static str, String)> {
        let named = ["rates", "momenta", "decays"].into_iter().zip(self.windows);
        named.into_iter().find_map(|(key, count)| too_many(key, count, steps))
    }

    fn begin(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], steps: usize) {
        self.steps = steps.max(1);
        self.scratch.resize(oracle.inner_dimension(), 0.0);
        self.outer_scratch.resize(lambda.len(), 0.0);
    }

    fn step(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        let setting = self.setting(oracle, clock, lambda);
        let (theta, velocity) = state.split_at(oracle.inner_dimension());
        let (next_theta, next_velocity) = next.split_at_mut(theta.len());
        oracle.move_to(lambda, theta);
        oracle.inner_gradient(next_velocity);
        if let Some(limit) = self.clamp {
            oracle.clip(limit, next_velocity);
        }
        axpy(setting.momentum, velocity, next_velocity);
        axpy(setting.decay, theta, next_velocity);
        next_theta.copy_from_slice(theta);
        axpy(-setting.rate, next_velocity, next_theta);
    }

    fn jvp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        state_tangent: &[f64],
        lambda_tangent: &[f64],
        out: &mut [f64],
    ) {
        let setting = self.setting(oracle, clock, lambda);
        let [rate_tangent, momentum_tangent, decay_tangent] = setting.places.map(|place| lambda_tangent[place]);
        let (theta, velocity) = state.split_at(oracle.inner_dimension());
        let (theta_tangent, velocity_tangent) = state_tangent.split_at(theta.len());
        let (theta_out, velocity_out) = out.split_at_mut(theta.len());
        oracle.move_to(lambda, theta);
        oracle.hvp(theta_tangent, velocity_out);
        // The schedule's own variables do not meet the problem.
        if lambda_tangent[..oracle.outer_dimension()].iter().any(|entry| *entry != 0.0) {
            oracle.cross_jvp(lambda_tangent, &mut self.scratch);
            axpy(1.0, &self.scratch, velocity_out);
        }
        axpy(setting.momentum, velocity_tangent, velocity_out);
        axpy(setting.decay, theta_tangent, velocity_out);
        add(momentum_tangent, velocity, velocity_out);
        add(decay_tangent, theta, velocity_out);
        theta_out.copy_from_slice(theta_tangent);
        axpy(-setting.rate, velocity_out, theta_out);
        if rate_tangent != 0.0 {
            let mut scratch = std::mem::take(&mut self.scratch);
            self.velocity(oracle, &setting, (theta, velocity), &mut scratch);
            axpy(-setting.slope * rate_tangent, &scratch, theta_out);
            self.scratch = scratch;
        }
    }

    fn jvps(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], tangents: &mut Tangents) {
        let setting = self.setting(oracle, clock, lambda);
        let (theta, velocity) = state.split_at(oracle.inner_dimension());
        oracle.move_to(lambda, theta);
        let columns = tangents.columns(oracle);
        let [rate, momentum, decay] = setting.places.map(|place| columns.along(place));
        let Columns { count, own, panel, products, .. } = columns;
        let (thetas, velocities) = panel.split_at_mut(theta.len() * count);
        oracle.hvps(thetas, count, products);
        oracle.add_cross_columns(own, count, products);
        // Row by row, while it is near.
        let rows = products.chunks_exact_mut(count).zip(velocities.chunks_exact_mut(count));
        let rows = rows.zip(thetas.chunks_exact_mut(count)).zip(theta.iter().zip(velocity));
        for (((products, velocities), thetas), (theta, velocity)) in rows {
            axpy(setting.momentum, velocities, products);
            axpy(setting.decay, thetas, products);
            momentum.into_iter().for_each(|column| products[column] += velocity);
            decay.into_iter().for_each(|column| products[column] += theta);
            velocities.copy_from_slice(products);
            axpy(-setting.rate, products, thetas);
        }
        if let Some(column) = rate {
            let mut scratch = std::mem::take(&mut self.scratch);
            self.velocity(oracle, &setting, (theta, velocity), &mut scratch);
            let slopes = thetas.iter_mut().skip(column).step_by(count).zip(&scratch);
            slopes.for_each(|(tangent, moved)| *tangent += -setting.slope * moved);
            self.scratch = scratch;
        }
    }

    fn vjp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        cotangent: &[f64],
        state_out: &mut [f64],
        lambda_out: &mut [f64],
    ) {
        let setting = self.setting(oracle, clock, lambda);
        let [rate_place, momentum_place, decay_place] = setting.places;
        let (theta, velocity) = state.split_at(oracle.inner_dimension());
        let (theta_cotangent, velocity_cotangent) = cotangent.split_at(theta.len());
        let (theta_out, velocity_out) = state_out.split_at_mut(theta.len());
        oracle.move_to(lambda, theta);
        let mut scratch = std::mem::take(&mut self.scratch);
        self.velocity(oracle, &setting, (theta, velocity), &mut scratch);
        lambda_out[rate_place] -= setting.slope * dot(theta_cotangent, &scratch);
        // m = c − αa.
        scratch.copy_from_slice(velocity_cotangent);
        axpy(-setting.rate, theta_cotangent, &mut scratch);
        lambda_out[momentum_place] += dot(&scratch, velocity);
        lambda_out[decay_place] += dot(&scratch, theta);
        let own = oracle.outer_dimension();
        if own > 0 {
            oracle.cross_vjp(&scratch, &mut self.outer_scratch[..own]);
            axpy(1.0, &self.outer_scratch[..own], &mut lambda_out[..own]);
        }
        oracle.hvp(&scratch, theta_out);
        axpy(1.0, theta_cotangent, theta_out);
        axpy(setting.decay, &scratch, theta_out);
        for (target, m) in velocity_out.iter_mut().zip(&scratch) {
            *target = setting.momentum * m;
        }
        self.scratch = scratch;
    }

    /// The learning rates are outer variables; none is in use throughout.
    fn step_size(&self) -> Option<f64> {
        None
    }

    fn clone_box(&self) -> Box<dyn Dynamics> {
        Box::new(self.clone())
    }
}

/// The window of a step: ⌊N t/T⌋ of N. A run that goes on stays in its last window.
pub(super) fn place(count: usize, step: usize, steps: usize) -> usize {
    (count * step / steps).min(count - 1)
}

/// The steps of a window, the last of which has no end.
pub(super) fn window(index: usize, count: usize, steps: usize) -> Range<usize> {
    // The first t with ⌊N t/T⌋ = j is ⌈j T/N⌉.
    let start = |index: usize| (index * steps).div_ceil(count);
    start(index)..if index + 1 < count { start(index + 1) } else { usize::MAX }
}

/// The block of so many learning rates, which all start at one.
pub(super) fn rates(count: usize, is_logarithmic: bool, start: f64) -> Block {
    if is_logarithmic {
        Block::new("log_learning_rates", numbered("log α", count)).starting_at(start.ln())
    } else {
        Block::new("learning_rates", numbered("α", count)).starting_at(start).in_ratios()
    }
}

fn numbered(name: &str, count: usize) -> Vec<String> {
    match count {
        1 => vec![name.to_owned()],
        _ => (1..=count).map(|window| format!("{name} {window}")).collect(),
    }
}

/// Why so many windows do not fit a run, with their knob.
pub(super) fn too_many(key: &'static str, count: usize, steps: usize) -> Option<(&'static str, String)> {
    let message = format!(
        "`{key}` is {count}, more windows than the {} of an inner run, so that some would never be met; expected from 1 to {steps}",
        counted(steps, "step")
    );
    (count > steps).then_some((key, message))
}

/// `out += factor · x`, where there is anything to add.
fn add(factor: f64, x: &[f64], out: &mut [f64]) {
    if factor != 0.0 {
        axpy(factor, x, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;

    fn schedule(windows: [i64; 3], steps: usize) -> Schedule {
        let keys = ["rates", "momenta", "decays"].into_iter().zip(windows);
        let knobs =
            keys.fold(Knobs::defaults(ENTRY.card.knobs), |knobs, (key, count)| knobs.with(key, Value::Integer(count)));
        Schedule { steps, ..Schedule::new(&knobs) }
    }

    #[test]
    fn windows_are_cut_by_flooring() {
        let schedule = schedule([3, 1, 4], 40);
        let lengths = |own: std::ops::Range<usize>| -> Vec<usize> {
            own.map(|own| schedule.window(own)).map(|window| window.end.min(40) - window.start).collect()
        };
        assert_eq!((lengths(0..3), lengths(3..4), lengths(4..8)), (vec![14, 13, 13], vec![40], vec![10; 4]));
        for step in 0..40 {
            for kind in [Kinds::Rate, Kinds::Momentum, Kinds::Decay] {
                let place = schedule.place(kind, step);
                assert!(schedule.window(place).contains(&step), "{step}, {place}");
            }
            assert_eq!(schedule.place(Kinds::Rate, step), 3 * step / 40);
        }
    }

    #[test]
    fn more_windows_than_steps_are_refused_by_name() {
        assert_eq!(schedule([40, 1, 1], 1).mistake(40), None);
        let (key, message) = schedule([4, 41, 1], 1).mistake(40).unwrap();
        assert_eq!(key, "momenta");
        assert!(
            message.contains("41") && message.contains("40 steps") && message.contains("from 1 to 40"),
            "{message}"
        );
    }
}
