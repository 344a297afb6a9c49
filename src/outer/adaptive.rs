//! Gradient descent whose step grows as long as f falls enough, and shrinks where f rises: the outer loop of HOAG.
//!
//! With `Δ = ‖λ_k − λ_{k−1}‖`, the error `ε_k` that the inner run leaves and the slack `s_k = Cε_k + ε_{k−1}(C + 1)Δ` that such
//! errors may hide, an outer step ends in one of three ways. Where `f_k ≤ f_{k−1} − ½ ĥᵀ(λ_{k−1} − λ_k) + s_k`, as it is when the
//! step is no longer than 1/L of F, the step grows; where `f_k > f_{k−1} + s_k` it shrinks and λ goes back to `λ_{k−1}`, to
//! begin there anew; else it stays. Source: Pedregosa 2016 (ICML), the paragraph on an adaptive step size; its code asks for
//! all of `ĥᵀ(λ_{k−1} − λ_k)`, which no convex F gives, and takes a rise by a fifth for the sign to go back.

use super::gradient_descent::descend;
use super::step::STEP;
use super::{Entry, OuterRule, Reached};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::math::vector::{distance, dot, norm};
use crate::problem::Blocks;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "adaptive-descent",
        name: "Adaptive descent (HOAG)",
        source: "Pedregosa 2016 (ICML), adaptive step size",
        equation: "λ ← λ − α ĥ;  α grows where f_k ≤ f_{k−1} − ½ ĥᵀ(λ_{k−1} − λ_k) + s_k;  α shrinks, λ ← λ_{k−1} where f_k > f_{k−1} + s_k",
        summary: "A step downhill that is longer next time where the validation loss fell enough. Where the loss rose, \
                  λ goes back and a shorter step is tried.",
        cost: "f over all validation rows at every outer step",
        fails: "Hovers where a rise is no larger than inexact runs may hide; goes back for nothing where f is noisy.",
        knobs: &[
            STEP,
            Knob {
                key: "growth",
                help: "Factor on the step where f fell enough.",
                kind: Kind::Real { default: 1.05, range: (1.0, 10.0), scale: Scale::Linear },
            },
            Knob {
                key: "shrinkage",
                help: "Factor on the step where f rose.",
                kind: Kind::Real { default: 0.5, range: (0.01, 0.99), scale: Scale::Linear },
            },
            Knob {
                key: "slack",
                help: "C: how much f may be off for every unit of the tolerance that the inner run ends at.",
                kind: Kind::Real { default: 0.25, range: (0.0, 1e6), scale: Scale::Linear },
            },
        ],
    },
    build: |knobs| Box::new(Adaptive { setting: Setting::of(knobs), factor: 1.0, now: None, last: None }),
};

#[derive(Clone, Copy)]
struct Setting {
    step: f64,
    growth: f64,
    shrinkage: f64,
    slack: f64,
}

impl Setting {
    fn of(knobs: &Knobs) -> Self {
        let [step, growth, shrinkage, slack] = [STEP.key, "growth", "shrinkage", "slack"].map(|key| knobs.real(key));
        Self { step, growth, shrinkage, slack }
    }
}

#[derive(Clone)]
struct Adaptive {
    setting: Setting,
    /// The step over the first one.
    factor: f64,
    /// What was reached in the inner run that is over.
    now: Option<Reached>,
    last: Option<Left>,
}

/// Where an outer step left from.
#[derive(Clone)]
struct Left {
    lambda: Vec<f64>,
    hypergradient: Vec<f64>,
    reached: Reached,
}

/// How the last outer step ended.
enum Verdict {
    Enough,
    Less,
    Worse,
}

impl Adaptive {
    fn judge(&self, lambda: &[f64]) -> Verdict {
        let (Some(now), Some(last)) = (self.now, &self.last) else { return Verdict::Less };
        let moved: Vec<f64> = last.lambda.iter().zip(lambda).map(|(before, after)| before - after).collect();
        let slack = self.setting.slack;
        let hidden = slack * now.tolerance + last.reached.tolerance * (slack + 1.0) * norm(&moved);
        // What is only rounding is no rise.
        let most = last.reached.value + hidden + 4.0 * f64::EPSILON * last.reached.value.abs();
        let enough = most - 0.5 * dot(&last.hypergradient, &moved);
        match now.value {
            value if value <= enough => Verdict::Enough,
            value if value <= most => Verdict::Less,
            // Not a number is worse than any.
            _ => Verdict::Worse,
        }
    }
}

impl OuterRule for Adaptive {
    fn reads_value(&self) -> bool {
        true
    }

    fn reached(&mut self, reached: Reached) {
        self.now = Some(reached);
    }

    fn step(&mut self, blocks: &Blocks, lambda: &mut [f64], hypergradient: &[f64]) {
        let verdict = self.judge(lambda);
        if let Verdict::Worse = verdict {
            self.factor *= self.setting.shrinkage;
            if let Some(last) = self.last.take().filter(|last| distance(&last.lambda, lambda) > 0.0) {
                lambda.copy_from_slice(&last.lambda);
                self.now = None;
                return;
            }
        }
        if let Verdict::Enough = verdict {
            self.factor *= self.setting.growth;
        }
        let left = |reached| Left { lambda: lambda.to_vec(), hypergradient: hypergradient.to_vec(), reached };
        self.last = self.now.take().map(left);
        descend(self.setting.step * self.factor, blocks, hypergradient, lambda);
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.setting.step * self.factor)
    }

    fn turn(&mut self, knobs: &Knobs) {
        self.setting = Setting::of(knobs);
    }

    fn clone_box(&self) -> Box<dyn OuterRule> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;
    use crate::outer::blocks;

    /// The step in use follows what was told: halved where f rose, 1.05 times as long where it fell enough.
    #[test]
    fn the_step_in_use_is_told() {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("step", Value::Real(0.2));
        let mut rule = (ENTRY.build)(&knobs);
        let mut lambda = vec![1.0];
        let mut sizes = vec![rule.step_size().unwrap()];
        // A first value, one that is far less, one that is more.
        for value in [3.0, 0.5, 4.0] {
            rule.reached(Reached { value, tolerance: 0.0 });
            rule.step(&blocks(1), &mut lambda, &[0.1]);
            sizes.push(rule.step_size().unwrap());
        }
        let expected = [0.2, 0.2, 0.21, 0.105];
        assert!(sizes.iter().zip(expected).all(|(size, expected)| (size - expected).abs() < 1e-15), "{sizes:?}");
    }

    /// λ after each outer step on `F = aλ²/2` from 1, with errors of F that are told as the tolerance.
    fn iterates(step: f64, curvature: f64, steps: usize, tolerance: f64) -> Vec<f64> {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("step", Value::Real(step));
        let mut rule = (ENTRY.build)(&knobs);
        let mut lambda = vec![1.0];
        let next = |_| {
            rule.reached(Reached { value: 0.5 * curvature * lambda[0] * lambda[0], tolerance });
            let gradient = [curvature * lambda[0]];
            rule.step(&blocks(1), &mut lambda, &gradient);
            lambda[0]
        };
        (0..steps).map(next).collect()
    }

    /// A step α makes f fall by `ĥ²α(1 − αa/2)`: enough as long as α ≤ 1/a, so that step k is `α₀ 1.05ᵏ` up to there.
    #[test]
    fn a_short_step_grows_until_it_is_one_over_the_curvature() {
        let (first, curvature) = (0.02, 5.0);
        let (mut step, mut expected): (f64, f64) = (first, 1.0);
        for (index, found) in iterates(first, curvature, 80, 0.0).into_iter().enumerate() {
            if index > 0 && step * curvature <= 1.0 {
                step *= 1.05;
            }
            expected *= 1.0 - step * curvature;
            assert!((found - expected).abs() <= 1e-12 * expected.abs(), "step {index}: {found}, {expected}");
        }
        assert!(step * curvature > 1.0 && step * curvature <= 1.05, "{step}");
    }

    /// 4.5/a and 2.25/a are beyond 2/a, where f rises: each costs the way there and the way back. 1.125/a is kept.
    #[test]
    fn a_long_step_is_taken_back_and_halved() {
        let found = iterates(0.9, 5.0, 7, 0.0);
        let expected = [1.0 - 4.5, 1.0, 1.0 - 2.25, 1.0, -0.125, 0.125 * 0.125, -0.125 * 0.125 * 0.125];
        found.iter().zip(expected).for_each(|(found, expected)| assert!((found - expected).abs() < 1e-14, "{found}"));
    }

    /// With 2.25/a f goes from 2.5 to 3.906: a rise of 1.406, which errors of the inner run may hide: `C + (C + 1) 2.25 = 3.06` of them.
    #[test]
    fn a_rise_that_inexact_runs_may_hide_is_let_pass() {
        assert_eq!(iterates(0.45, 5.0, 2, 0.45)[1], 1.0);
        assert_eq!(iterates(0.45, 5.0, 2, 0.47)[1], 1.25 * 1.25);
    }

    #[test]
    fn a_value_that_is_not_a_number_is_gone_back_from() {
        let mut rule = (ENTRY.build)(&Knobs::defaults(ENTRY.card.knobs));
        let mut lambda = vec![1.0];
        for value in [1.0, f64::NAN] {
            rule.reached(Reached { value, tolerance: 0.0 });
            rule.step(&blocks(1), &mut lambda, &[2.0]);
        }
        assert_eq!(lambda, [1.0]);
    }
}
