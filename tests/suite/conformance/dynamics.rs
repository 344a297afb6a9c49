//! All dynamics on every problem: the derivatives of a step against finite differences, and the
//! transposed derivative against the derivative.

use crate::common::{assert_near, instances, normal};
use hyperlab::catalog::{Knobs, Value};
use hyperlab::draw::Clock;
use hyperlab::inner::{ALL, Dynamics, Tangents};
use hyperlab::math::finite_difference::directional;
use hyperlab::math::vector::{dot, norm};
use hyperlab::problem::{Blocks, Oracle, Requirement};

const CLOCK: Clock = Clock { seed: 3, trial: 1, outer: 2, inner: 5 };

/// Inner steps of the run that it is one of.
const STEPS: usize = 9;

/// One step of fresh dynamics, whose automatic step size was fixed at `begin`.
struct Step {
    dynamics: Box<dyn Dynamics>,
    oracle: Oracle,
    lambda: Vec<f64>,
    state: Vec<f64>,
}

fn steps() -> Vec<(String, Step)> {
    let mut all = Vec::new();
    for entry in ALL {
        for (name, problem) in instances() {
            // Where the dynamics themselves ask for what the problem has not, no knob helps.
            let has = |asked: &Requirement| asked.by.is_some() || asked.is_met(&*problem, &[]);
            if !(entry.build)(&Knobs::defaults(entry.card.knobs)).requires().iter().all(has) {
                continue;
            }
            // The output biases of a classifier can all be moved alike: H cannot be inverted.
            if entry.card.id == "newton" && !problem.is_convex() {
                continue;
            }
            let defaults = Knobs::defaults(entry.card.knobs);
            let mut dynamics = (entry.build)(&defaults);
            let zero = vec![0.0; problem.dimensions().outer];
            if dynamics.requires().iter().any(|asked| !asked.is_met(&*problem, &zero)) {
                dynamics = (entry.build)(&defaults.with("step", Value::Real(0.1)));
            }
            let mut oracle = Oracle::new(problem);
            let own = Blocks::new(dynamics.blocks(&oracle, oracle.lambda()));
            let lambda = normal(oracle.outer_dimension() + own.dimension(), 0);
            let state = normal(dynamics.state_length(oracle.inner_dimension()), 1);
            dynamics.begin(&mut oracle, CLOCK, &lambda, STEPS);
            all.push((format!("{} on {name}", entry.card.id), Step { dynamics, oracle, lambda, state }));
        }
    }
    all
}

impl Step {
    fn next(&mut self, lambda: &[f64], state: &[f64]) -> Vec<f64> {
        let mut next = vec![f64::NAN; state.len()];
        self.dynamics.step(&mut self.oracle, CLOCK, lambda, state, &mut next);
        next
    }

    fn jvp(&mut self, state_tangent: &[f64], lambda_tangent: &[f64]) -> Vec<f64> {
        let mut out = vec![f64::NAN; self.state.len()];
        let (lambda, state) = (&self.lambda, &self.state);
        self.dynamics.jvp(&mut self.oracle, CLOCK, lambda, state, state_tangent, lambda_tangent, &mut out);
        out
    }

    /// Both cotangents; `lambda_out` starts at `start`, since the derivative is added to it.
    fn vjp(&mut self, cotangent: &[f64], start: f64) -> (Vec<f64>, Vec<f64>) {
        let mut state_out = vec![f64::NAN; self.state.len()];
        let mut lambda_out = vec![start; self.lambda.len()];
        let (lambda, state) = (&self.lambda, &self.state);
        self.dynamics.vjp(&mut self.oracle, CLOCK, lambda, state, cotangent, &mut state_out, &mut lambda_out);
        (state_out, lambda_out)
    }
}

#[test]
fn the_derivative_of_a_step_is_that_of_finite_differences() {
    for (name, mut step) in steps() {
        let (state_tangent, lambda_tangent) = (normal(step.state.len(), 2), normal(step.lambda.len(), 3));
        let zeros = (vec![0.0; step.state.len()], vec![0.0; step.lambda.len()]);
        let (state, lambda) = (step.state.clone(), step.lambda.clone());
        let expected = directional(|state| step.next(&lambda, state), &state, &state_tangent, 2e-3);
        let bound = 1e-8 * (1.0 + norm(&expected));
        assert_near(&step.jvp(&state_tangent, &zeros.1), &expected, bound, &format!("{name}, ∂_sΦ"));
        let expected = directional(|lambda| step.next(lambda, &state), &lambda, &lambda_tangent, 2e-3);
        let bound = 1e-8 * (1.0 + norm(&expected));
        assert_near(&step.jvp(&zeros.0, &lambda_tangent), &expected, bound, &format!("{name}, ∂_λΦ"));
    }
}

/// Tangents of every entry of λ, those that this step reads and those it does not, and of some that stand in another order.
#[test]
fn tangents_that_go_on_together_go_where_each_does_alone() {
    for (name, mut step) in steps() {
        let own = step.oracle.outer_dimension();
        let learned = (own..step.lambda.len()).rev();
        let entries: Vec<usize> = (0..own).chain(learned).collect();
        let (length, mut tangents) = (step.state.len(), Tangents::default());
        tangents.begin(length, step.oracle.inner_dimension(), step.lambda.len());
        entries.iter().for_each(|entry| tangents.enter(*entry));
        let columns: Vec<Vec<f64>> = (0..entries.len()).map(|column| normal(length, 20 + column as u64)).collect();
        let panel = tangents.columns(&step.oracle).panel;
        for (place, value) in panel.iter_mut().enumerate() {
            *value = columns[place % entries.len()][place / entries.len()];
        }
        step.dynamics.jvps(&mut step.oracle, CLOCK, &step.lambda, &step.state, &mut tangents);
        let found = tangents.columns(&step.oracle).panel.to_vec();
        for (place, entry) in entries.iter().enumerate() {
            let mut direction = vec![0.0; step.lambda.len()];
            direction[*entry] = 1.0;
            let expected = step.jvp(&columns[place], &direction);
            let found: Vec<f64> = found.iter().skip(place).step_by(entries.len()).copied().collect();
            assert_near(&found, &expected, 1e-13 * (1.0 + norm(&expected)), &format!("{name}, entry {entry}"));
        }
    }
}

#[test]
fn the_transposed_derivative_is_the_adjoint() {
    for (name, mut step) in steps() {
        let (state_tangent, lambda_tangent) = (normal(step.state.len(), 4), normal(step.lambda.len(), 5));
        let cotangent = normal(step.state.len(), 6);
        let forward = dot(&step.jvp(&state_tangent, &lambda_tangent), &cotangent);
        let (state_out, lambda_out) = step.vjp(&cotangent, 0.0);
        let backward = dot(&state_out, &state_tangent) + dot(&lambda_out, &lambda_tangent);
        let size = norm(&cotangent) * norm(&step.jvp(&state_tangent, &lambda_tangent));
        assert!((forward - backward).abs() <= 1e-11 * (1.0 + size), "{name}: {forward} and {backward}");
        let added = step.vjp(&cotangent, 1.0).1;
        let expected: Vec<f64> = lambda_out.iter().map(|value| value + 1.0).collect();
        assert_near(&added, &expected, 1e-12 * (1.0 + norm(&expected)), &format!("{name}, lambda_out is added to"));
    }
}

#[test]
fn the_same_clock_gives_the_same_step() {
    for (name, mut step) in steps() {
        let (lambda, state) = (step.lambda.clone(), step.state.clone());
        let first = step.next(&lambda, &state);
        step.next(&lambda, &first);
        assert_eq!(first, step.next(&lambda, &state), "{name}");
    }
}
