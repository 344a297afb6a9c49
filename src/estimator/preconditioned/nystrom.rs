//! Nyström: P agrees with H on a few of its columns, drawn at random, and guesses the rest.
//!
//! With K the chosen coordinates, `W = H[K, K]` and `B = H[K, R]`, Nyström's approximation
//! `H[:, K] W⁻¹ H[K, :]` has all of H except that the block of the other coordinates R misses its Schur
//! complement. P puts ρI there: `P = [[W, B], [Bᵀ, BᵀW⁻¹B + ρI]]`, so that `P⁻¹H` is the identity on
//! the chosen coordinates. The shift ρ is the smallest eigenvalue of W, the scale down to which H was
//! seen. With all columns P = H. Sources: Hataya and Yamada 2023; the shift as in Frangella, Tropp and
//! Udell 2023. Cost: rank Hessian-vector products and a factorization of that size.

use rand::seq::index::sample;

use super::{Choice, Inverse, Preconditioner};
use crate::catalog::{Kind, Knob, Scale};
use crate::math::random::{Purpose, stream};
use crate::math::vector::{axpy, scale};
use crate::math::{Factorization, Matrix};
use crate::problem::Oracle;

pub(super) const CHOICE: Choice = Choice {
    name: "Nystrom",
    help: "a few random columns of H, and a multiple of I for what they do not tell",
    build: |knobs| Box::new(Nystrom { rank: knobs.count("rank"), seed: knobs.count("seed") as u64 }),
};

pub(super) const RANK: Knob = Knob {
    key: "rank",
    help: "Columns of H, for Nystrom; as many as θ is long gives Newton.",
    kind: Kind::Integer { default: 5, range: (1, 10_000), scale: Scale::Logarithmic },
};

pub(super) const SEED: Knob = Knob {
    key: "seed",
    help: "Which columns are drawn, for Nystrom.",
    kind: Kind::Integer { default: 0, range: (0, 1_000_000), scale: Scale::Linear },
};

#[derive(Clone)]
struct Nystrom {
    rank: usize,
    seed: u64,
}

impl Nystrom {
    /// The columns depend on the knobs and d alone, so that P is a function of (λ, θ).
    fn columns(&self, size: usize) -> Vec<usize> {
        let mut random = stream(self.seed, Purpose::Estimator, &[size as u64]);
        let mut columns = sample(&mut random, size, self.rank.min(size)).into_vec();
        columns.sort_unstable();
        columns
    }
}

impl Preconditioner for Nystrom {
    fn inverse(&self, oracle: &mut Oracle) -> Inverse {
        let size = oracle.inner_dimension();
        let chosen = self.columns(size);
        let mut unit = vec![0.0; size];
        // Row k of `rows` is column chosen[k] of H, which is symmetric.
        let mut rows = Matrix::zeros(chosen.len(), size);
        for (k, index) in chosen.iter().enumerate() {
            unit[*index] = 1.0;
            oracle.hvp(&unit, rows.row_mut(k));
            unit[*index] = 0.0;
        }
        oracle.count_factorization();
        invert(chosen, rows)
    }

    fn clone_box(&self) -> Box<dyn Preconditioner> {
        Box::new(self.clone())
    }
}

/// `P⁻¹` from the chosen columns of H, as rows, by block elimination.
fn invert(chosen: Vec<usize>, rows: Matrix) -> Inverse {
    let core = Matrix::from_fn(chosen.len(), chosen.len(), |k, l| rows[(k, chosen[l])]);
    let shift = core.symmetric_eigenvalues().and_then(|values| values.first().copied()).unwrap_or(f64::NAN);
    match Factorization::symmetric(&core) {
        Some(factorization) if shift > 0.0 => Inverse::new(move |x| {
            let mut inside: Vec<f64> = chosen.iter().map(|index| x[*index]).collect();
            // The others: (x_R − BᵀW⁻¹x_K)/ρ.
            axpy(-1.0, &rows.transposed_times(&factorization.solve(&inside)), x);
            scale(1.0 / shift, x);
            // The chosen: W⁻¹(x_K − B y_R).
            chosen.iter().for_each(|index| x[*index] = 0.0);
            axpy(-1.0, &rows.times(x), &mut inside);
            factorization.solve_in_place(&mut inside);
            chosen.iter().zip(&inside).for_each(|(index, value)| x[*index] = *value);
        }),
        _ => Inverse {
            apply: Box::new(|x| x.fill(f64::NAN)),
            note: Some("the chosen columns of H are not positive definite".into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector::{basis, distance};

    #[test]
    fn inverts_the_chosen_columns_and_shifts_what_they_do_not_reach() {
        let hessian = [[3.0, 0.5, 1.0, 0.0], [0.5, 2.0, 0.2, 0.7], [1.0, 0.2, 3.0, 0.0], [0.0, 0.7, 0.0, 5.0]];
        let hessian = Matrix::from_fn(4, 4, |i, j| hessian[i][j]);
        let chosen = [0, 2];
        let inverse = invert(chosen.to_vec(), Matrix::from_fn(2, 4, |k, j| hessian[(chosen[k], j)]));
        for index in chosen {
            let mut x = hessian.column(index);
            (inverse.apply)(&mut x);
            assert!(distance(&x, &basis(4, index)) < 1e-14, "{x:?}");
        }
        // The smallest eigenvalue of [[3, 1], [1, 3]] is 2, and no chosen column tells of e_3.
        let mut x = basis(4, 3);
        (inverse.apply)(&mut x);
        assert!(distance(&x, &[0.0, 0.0, 0.0, 0.5]) < 1e-14, "{x:?}");
    }
}
