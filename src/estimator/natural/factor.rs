//! What stands in for H, in one of its forms, made of so many batches.

use super::block::Block;
use super::inverse::Inverse;
use super::sketch::Sketch;
use super::whole::Whole;

/// How batches are weighed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Average {
    /// β; 1 is the running mean of all batches.
    pub beta: f64,
    /// Whether F begins at zero, with every weight 1 − β, and what is read is divided by `1 − β^τ`.
    pub is_corrected: bool,
}

impl Average {
    /// ω_τ of batch τ, from 1.
    fn weight(self, number: usize) -> f64 {
        if self.starts_at_zero() { 1.0 - self.beta } else { (1.0 / number as f64).max(1.0 - self.beta) }
    }

    /// What F is to be multiplied by where it is read, after so many batches.
    fn correction(self, number: usize) -> f64 {
        if !self.starts_at_zero() || number == 0 {
            return 1.0;
        }
        1.0 / (1.0 - self.beta.powi(i32::try_from(number).unwrap_or(i32::MAX)))
    }

    /// The corrected mean tends to the running one for β = 1, which has no weights of its own.
    fn starts_at_zero(self) -> bool {
        self.is_corrected && self.beta < 1.0
    }
}

/// The forms, by what is kept.
#[derive(Clone, PartialEq)]
pub(super) enum Form {
    /// F itself.
    Whole(Whole),
    /// Its inverse.
    Inverse(Inverse),
    /// Its largest directions and a tail.
    Sketch(Sketch),
}

/// F_τ.
#[derive(Clone, PartialEq)]
pub(super) struct Factor {
    pub form: Form,
    average: Average,
    /// τ, batches that it is made of.
    pub number: usize,
    /// Rows that these had together.
    pub rows: usize,
}

impl Factor {
    pub fn new(form: Form, average: Average) -> Self {
        Self { form, average, number: 0, rows: 0 }
    }

    /// Takes in one batch more.
    pub fn update(&mut self, block: &Block) {
        self.number += 1;
        self.rows += block.batch;
        let weight = self.average.weight(self.number);
        match &mut self.form {
            Form::Whole(whole) => whole.update(1.0 - weight, weight, block),
            Form::Sketch(sketch) => sketch.update(1.0 - weight, weight, block),
            Form::Inverse(inverse) => inverse.update(self.number, weight, block),
        }
    }

    /// What F is to be multiplied by where it is read.
    pub fn scale(&self) -> f64 {
        self.average.correction(self.number)
    }

    /// Becomes a copy of another, in the space it has.
    pub fn copy(&mut self, other: &Self) {
        match (&mut self.form, &other.form) {
            (Form::Whole(own), Form::Whole(other)) => own.copy(other),
            (Form::Inverse(own), Form::Inverse(other)) => own.copy(other),
            (Form::Sketch(own), Form::Sketch(other)) => own.copy(other),
            (own, other) => own.clone_from(other),
        }
        (self.average, self.number, self.rows) = (other.average, other.number, other.rows);
    }

    /// Numbers held.
    pub fn numbers(&self) -> usize {
        match &self.form {
            Form::Whole(whole) => whole.numbers(),
            Form::Inverse(inverse) => inverse.numbers(),
            Form::Sketch(sketch) => sketch.numbers(),
        }
    }
}
