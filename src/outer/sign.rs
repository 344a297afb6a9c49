//! Steps by the sign alone, halved where it flips: `s = sign(ĥ)`, `λ ← λ − s·δ`, entry by entry.
//!
//! Of every entry, in this order: s is 0 where ĥ is 0 or no number; where `s · s_last = −1` its step δ is halved, and the halved
//! step is taken at once; it has converged where `δ < .05 |λ|` with the new step and the old λ; λ moves; s is kept, so that a
//! zero forgets the sign. When all entries have converged the trial stops. First steps differ by block: `step` times
//! the scale of the block. Source: Micaelli and Storkey 2021, algorithm 1 and their code, whose test is `δ/λ < .05` without
//! the bars: there a negative λ has converged at once. Projection is by the bounds of the blocks, after the step. An estimate that is not
//! finite moves nothing where it is not, and the trial goes on. Fails where λ is no longer than twenty steps from
//! 0: it is then never taken to have converged; and where the first step is large against the way to instability, since a step whose sign
//! stays right is never shortened.

use super::step::STEP;
use super::{Entries, Entry, OuterRule};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::problem::Blocks;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "sign",
        name: "Signs, halved where they flip",
        source: "Micaelli and Storkey 2021, algorithm 1",
        equation: "s = sign ĥ,  δ ← δ/2 where s·s₋ = −1,  λ ← λ − s δ",
        summary: "Every hyperparameter moves by a step of its own, whatever the size of its hypergradient. The step is halved whenever the \
                  sign changes.",
        cost: "none beyond ĥ",
        fails: "Noise flips signs and shortens steps for good; a step whose sign stays right never shrinks, and runs past what is stable.",
        knobs: &[
            STEP,
            Knob {
                key: "halving",
                help: "Factor on the step of an entry whose sign flips.",
                kind: Kind::Real { default: 0.5, range: (0.01, 1.0), scale: Scale::Linear },
            },
            Knob {
                key: "enough",
                help: "The part of λ that a step has to be below for its entry to have converged.",
                kind: Kind::Real { default: 0.05, range: (0.0, 1.0), scale: Scale::Linear },
            },
            Knob {
                key: "test",
                help: "What a step is compared with.",
                kind: Kind::Choice {
                    options: &[
                        ("Magnitude", "the magnitude of λ"),
                        ("Signed", "λ with its sign, as in the authors' code: a negative one has converged at once"),
                    ],
                },
            },
            Knob {
                key: "stop",
                help: "Whether the trial stops when all entries have converged.",
                kind: Kind::Toggle { default: true },
            },
        ],
    },
    build: |knobs| {
        Box::new(Sign {
            setting: Setting::of(knobs),
            halvings: Vec::new(),
            last: Vec::new(),
            entries: Entries::default(),
        })
    },
};

#[derive(Clone, Copy)]
struct Setting {
    step: f64,
    halving: f64,
    enough: f64,
    is_signed: bool,
    stops: bool,
}

impl Setting {
    fn of(knobs: &Knobs) -> Self {
        Self {
            step: knobs.real(STEP.key),
            halving: knobs.real("halving"),
            enough: knobs.real("enough"),
            is_signed: knobs.choice("test") == "Signed",
            stops: knobs.toggle("stop"),
        }
    }

    fn has_converged(self, step: f64, lambda: f64) -> bool {
        // A step of 0 leads nowhere, and has come to nothing.
        let is_short = if self.is_signed { step / lambda < self.enough } else { step < self.enough * lambda.abs() };
        step > 0.0 && is_short
    }
}

#[derive(Clone)]
struct Sign {
    setting: Setting,
    /// The part of the first step that is left of each.
    halvings: Vec<f64>,
    /// The last signs.
    last: Vec<f64>,
    entries: Entries,
}

/// 1, −1, or 0 for what says nothing.
fn sign(x: f64) -> f64 {
    if x.is_finite() && x != 0.0 { x.signum() } else { 0.0 }
}

impl OuterRule for Sign {
    fn takes_what_is_not_finite(&self) -> bool {
        true
    }

    fn step(&mut self, blocks: &Blocks, lambda: &mut [f64], hypergradient: &[f64]) {
        let Self { setting, halvings, last, entries } = self;
        halvings.resize(lambda.len(), 1.0);
        last.resize(lambda.len(), 0.0);
        entries.resize(lambda.len());
        for (index, scale) in blocks.scales().enumerate().take(lambda.len()) {
            let now = sign(hypergradient[index]);
            // What is held where it is does not turn round.
            let flips = scale != 0.0 && now * last[index] < 0.0;
            if flips {
                halvings[index] *= setting.halving;
            }
            let step = setting.step * scale * halvings[index];
            // What is held where it is has nowhere to converge to.
            entries.converged[index] = scale == 0.0 || setting.has_converged(step, lambda[index]);
            (entries.steps[index], entries.flipped[index]) = (step, flips);
            lambda[index] -= now * step;
            last[index] = now;
        }
    }

    fn entries(&self) -> Option<&Entries> {
        Some(&self.entries)
    }

    fn is_done(&self) -> bool {
        self.setting.stops && self.entries.all_converged()
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

    fn rule(test: &'static str) -> Box<dyn OuterRule> {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("step", Value::Real(0.1));
        (ENTRY.build)(&knobs.with("test", Value::Choice(test)))
    }

    /// By hand: +, +, −, 0, −, +: the zero forgets the sign, so that the minus after it halves nothing.
    #[test]
    fn a_flip_halves_at_once_and_a_zero_forgets() {
        let mut rule = rule("Magnitude");
        let mut lambda = vec![1.0];
        let expected = [(0.9, 0.1), (0.8, 0.1), (0.85, 0.05), (0.85, 0.05), (0.9, 0.05), (0.875, 0.025)];
        for (hypergradient, (after, step)) in [3.0, 1e-9, -2.0, 0.0, -1.0, 7.0].into_iter().zip(expected) {
            rule.step(&blocks(1), &mut lambda, &[hypergradient]);
            assert!((lambda[0] - after).abs() < 1e-15, "{lambda:?}, {after}");
            assert_eq!(rule.entries().unwrap().steps, [step]);
        }
        // .025 < .05 · .9, which is what λ was before.
        assert!(rule.is_done());
    }

    #[test]
    fn a_negative_one_has_converged_at_once_by_the_test_of_the_authors_alone() {
        for (test, done) in [("Magnitude", false), ("Signed", true)] {
            let mut rule = rule(test);
            rule.step(&blocks(1), &mut [-1.0], &[1.0]);
            assert_eq!(rule.is_done(), done, "{test}");
        }
    }

    #[test]
    fn what_is_not_finite_moves_nothing() {
        let mut rule = rule("Magnitude");
        let mut lambda = vec![1.0, 1.0, 1.0];
        rule.step(&blocks(3), &mut lambda, &[f64::NAN, f64::INFINITY, -1.0]);
        assert_eq!(lambda, [1.0, 1.0, 1.1]);
    }
}
