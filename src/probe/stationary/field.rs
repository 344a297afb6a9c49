//! A field over λ and what a search for its zeros gives.

use rayon::prelude::*;

use crate::math::Matrix;
use crate::problem::{Blocks, Stop};

/// A field at λ, or why there is none.
pub(super) type Ask<'a> = dyn Fn(&[f64]) -> Result<Vec<f64>, String> + Sync + 'a;

/// A field over λ within its bounds.
pub(super) struct Field<'a> {
    pub(super) ask: &'a Ask<'a>,
    /// What it is called: `∇F`.
    pub(super) name: &'static str,
    pub(super) blocks: &'a Blocks,
    pub(super) stop: &'a Stop,
}

/// How far zeros are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// To either side of the start.
    pub(super) reach: f64,
    /// Places, or steps.
    pub(super) steps: usize,
}

/// What was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Where the way down from the start ends, with the field's length there; or why it does not.
    pub(super) end: Result<(Vec<f64>, f64), String>,
    /// Zeros beside the end, with whether descent comes to rest there; only where λ is one number.
    pub(super) others: Vec<(f64, bool)>,
    /// The field itself; only where λ is one number.
    pub(super) curve: Vec<(f64, f64)>,
}

impl Found {
    /// Nothing, and why.
    pub(super) fn nothing(reason: String) -> Self {
        Self { end: Err(reason), others: Vec::new(), curve: Vec::new() }
    }
}

/// Differences of the field are taken over this share of an entry, or of one.
const DIFFERENCE: f64 = 1e-6;

impl Field<'_> {
    /// The field at a λ of one number; NaN where there is none.
    pub(super) fn at(&self, lambda: f64) -> f64 {
        let mut lambda = [lambda];
        self.blocks.clamp(&mut lambda);
        (self.ask)(&lambda).map_or(f64::NAN, |value| value[0])
    }

    /// ∂D̄ by forward differences, a column for each entry of λ.
    pub(super) fn derivative(&self, lambda: &[f64], value: &[f64]) -> Result<Matrix, String> {
        let column = |entry: usize| {
            let mut moved = lambda.to_vec();
            let step = DIFFERENCE * lambda[entry].abs().max(1.0);
            moved[entry] += step;
            let there = (self.ask)(&moved)?;
            Ok(there.iter().zip(value).map(|(there, here)| (there - here) / step).collect())
        };
        let columns: Vec<Result<Vec<f64>, String>> = (0..lambda.len()).into_par_iter().map(column).collect();
        let columns = columns.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Matrix::from_fn(lambda.len(), lambda.len(), |row, column| columns[column][row]))
    }
}
