//! A network that says by how much to multiply each hyperparameter, and how it learns.
//!
//! With λ in the box of its bounds, `u ∈ [0, 1]^N`: `α(u) = 1 + tanh(W softmax(Vᵀu)) ∈ (0, 2)^N`, and the mutation of u is `clip(α∘u, 0, 1)`. W and V, N × M
//! each, go down the gradient of the mean of F over the mutated parents, by Adam. The form of α is that of Tao et al. 2020 as far as it is public; the box, the
//! rule at its sides and Adam are this project's.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::math::vector::dot;

/// What a hypergradient says of a parent's mutation.
pub(super) struct Lesson<'a> {
    /// The parent, in the box.
    pub unit: &'a [f64],
    /// ∂F/∂u at its mutation.
    pub gradient: &'a [f64],
}

/// W and V with what Adam remembers of each.
#[derive(Clone)]
pub(super) struct Teacher {
    /// M.
    heads: usize,
    w: Weights,
    v: Weights,
    /// Steps taken.
    taken: i32,
}

/// An N × M matrix, row by row, with its moments.
#[derive(Clone)]
struct Weights {
    entries: Vec<f64>,
    mean: Vec<f64>,
    square: Vec<f64>,
}

/// `softmax(Vᵀu)` and `tanh(W softmax(Vᵀu))`.
struct Attention {
    shares: Vec<f64>,
    bends: Vec<f64>,
}

/// Of the moments of Adam (Kingma and Ba 2015).
const DECAYS: (f64, f64) = (0.9, 0.999);
const EPSILON: f64 = 1e-8;

impl Teacher {
    /// Weights that are written out, N × M row by row.
    pub fn of(heads: usize, w: Vec<f64>, v: Vec<f64>) -> Self {
        Self { heads, w: Weights::of(w), v: Weights::of(v), taken: 0 }
    }

    /// W of deviation .1 and V of deviation 1. W = 0 would move all columns of W alike, and ∂V would be rounding.
    pub fn drawn(entries: usize, heads: usize, random: &mut ChaCha8Rng) -> Self {
        let mut normal = |deviation: f64| -> Vec<f64> {
            let normal = StandardNormal.sample_iter(&mut *random);
            normal.take(entries * heads).map(|x: f64| deviation * x).collect()
        };
        let w = normal(0.1);
        Self::of(heads, w, normal(1.0))
    }

    /// α at a place in the box.
    pub fn factors(&self, unit: &[f64]) -> Vec<f64> {
        self.attention(unit).bends.iter().map(|bend| 1.0 + bend).collect()
    }

    /// One step of Adam down the mean of F over the mutations that the lessons are of.
    pub fn learn(&mut self, step: f64, lessons: &[Lesson<'_>]) {
        let (w, v) = self.gradient(lessons);
        self.taken += 1;
        self.w.step(step, self.taken, &w);
        self.v.step(step, self.taken, &v);
    }

    fn attention(&self, unit: &[f64]) -> Attention {
        let mut shares = vec![0.0; self.heads];
        for (x, row) in unit.iter().zip(self.v.entries.chunks_exact(self.heads)) {
            shares.iter_mut().zip(row).for_each(|(share, weight)| *share += x * weight);
        }
        let most = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        shares.iter_mut().for_each(|share| *share = (*share - most).exp());
        let whole: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= whole);
        let bends = self.w.entries.chunks_exact(self.heads).map(|row| dot(row, &shares).tanh()).collect();
        Attention { shares, bends }
    }

    /// The gradients in W and V of the mean of F over mutations. Along an entry that was clipped nothing changes.
    fn gradient(&self, lessons: &[Lesson<'_>]) -> (Vec<f64>, Vec<f64>) {
        let mut gradients = (vec![0.0; self.w.entries.len()], vec![0.0; self.v.entries.len()]);
        let weight = 1.0 / lessons.len() as f64;
        for Lesson { unit, gradient } in lessons {
            let Attention { shares, bends } = self.attention(unit);
            let is_inside = |x: f64, bend: f64| (0.0..=1.0).contains(&((1.0 + bend) * x));
            let entries = unit.iter().zip(&bends).zip(*gradient);
            let slopes: Vec<f64> = entries
                .map(|((x, bend), slope)| if is_inside(*x, *bend) { slope * x * (1.0 - bend * bend) } else { 0.0 })
                .collect();
            let mut pulled = vec![0.0; self.heads];
            let rows = gradients.0.chunks_exact_mut(self.heads).zip(self.w.entries.chunks_exact(self.heads));
            for ((out, row), slope) in rows.zip(&slopes) {
                out.iter_mut().zip(&shares).for_each(|(out, share)| *out += weight * slope * share);
                pulled.iter_mut().zip(row).for_each(|(pulled, entry)| *pulled += entry * slope);
            }
            let mean = dot(&shares, &pulled);
            for (out, x) in gradients.1.chunks_exact_mut(self.heads).zip(*unit) {
                for ((out, share), pulled) in out.iter_mut().zip(&shares).zip(&pulled) {
                    *out += weight * x * share * (pulled - mean);
                }
            }
        }
        gradients
    }
}

impl Weights {
    fn of(entries: Vec<f64>) -> Self {
        Self { mean: vec![0.0; entries.len()], square: vec![0.0; entries.len()], entries }
    }

    fn step(&mut self, step: f64, taken: i32, gradient: &[f64]) {
        let (first, second) = DECAYS;
        let (whole_mean, whole_square) = (1.0 - first.powi(taken), 1.0 - second.powi(taken));
        let moments = self.mean.iter_mut().zip(&mut self.square);
        for ((entry, (mean, square)), slope) in self.entries.iter_mut().zip(moments).zip(gradient) {
            *mean = first * *mean + (1.0 - first) * slope;
            *square = second * *square + (1.0 - second) * slope * slope;
            *entry -= step * (*mean / whole_mean) / ((*square / whole_square).sqrt() + EPSILON);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::finite_difference::gradient;

    fn teacher() -> Teacher {
        let entry = |index: usize, key: usize| ((index * 7 + key * 5) % 13) as f64 / 6.0 - 1.0;
        Teacher::of(3, (0..12).map(|index| entry(index, 1)).collect(), (0..12).map(|index| entry(index, 2)).collect())
    }

    /// A sum of squares about a place outside of the box, so that every slope is there.
    fn value(unit: &[f64]) -> f64 {
        unit.iter().enumerate().map(|(index, x)| (x - 0.3 * index as f64 + 0.4).powi(2)).sum()
    }

    fn mutated(teacher: &Teacher, unit: &[f64]) -> Vec<f64> {
        super::super::exchange::mutated(&teacher.factors(unit), unit)
    }

    /// Against central differences of the mean of F over two mutations, of which one entry is clipped.
    #[test]
    fn it_learns_along_the_gradient() {
        let units = [[0.2, 0.9, 0.4, 0.1], [0.7, 0.3, 0.95, 0.5]];
        let mean = |teacher: &Teacher| 0.5 * units.iter().map(|unit| value(&mutated(teacher, unit))).sum::<f64>();
        let here = teacher();
        let slopes: Vec<Vec<f64>> = units
            .iter()
            .map(|unit| {
                let at = mutated(&here, unit);
                at.iter().enumerate().map(|(index, x)| 2.0 * (x - 0.3 * index as f64 + 0.4)).collect()
            })
            .collect();
        assert!(units.iter().any(|unit| mutated(&here, unit).contains(&1.0)), "no entry is clipped");
        let lessons: Vec<Lesson<'_>> =
            units.iter().zip(&slopes).map(|(unit, gradient)| Lesson { unit, gradient }).collect();
        let (w, v) = here.gradient(&lessons);
        let of_w = gradient(|w| mean(&Teacher::of(3, w.to_vec(), here.v.entries.clone())), &here.w.entries, 1e-3);
        let of_v = gradient(|v| mean(&Teacher::of(3, here.w.entries.clone(), v.to_vec())), &here.v.entries, 1e-3);
        for (found, expected) in w.iter().chain(&v).zip(of_w.iter().chain(&of_v)) {
            assert!((found - expected).abs() < 1e-8, "{found} {expected}");
        }
    }

    /// `W = 0` multiplies by one whatever V is.
    #[test]
    fn without_weights_nothing_is_mutated() {
        let teacher = Teacher::of(2, vec![0.0; 6], vec![3.0, -1.0, 0.5, 2.0, 0.0, 7.0]);
        assert_eq!(teacher.factors(&[0.1, 0.5, 0.9]), [1.0; 3]);
    }
}
