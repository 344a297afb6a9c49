//! The coefficients of the quadratic problem: written out in the scenario, or drawn from the seed.

use rand_distr::{Distribution, StandardNormal};

use super::form::Form;
use crate::math::Matrix;
use crate::math::random::{Purpose, stream};
use crate::math::vector::{axpy, dot, is_finite, norm};
use crate::problem::{BuildError, Parts};

/// The two forms, `g` and `f`.
pub(super) struct Coefficients {
    pub g: Form,
    pub f: Form,
}

/// The arrays of a form: P, Q, R, s, t.
const INNER_NAMES: [&str; 5] = ["A", "B", "C", "a", "b"];
const OUTER_NAMES: [&str; 5] = ["F", "H", "K", "f", "h"];

impl Coefficients {
    /// From named arrays. `A` and `C` give the sizes; what is left out is zero.
    pub fn given(arrays: &[(String, Matrix)]) -> Result<Self, BuildError> {
        let wrong = |message: String| BuildError::at("arrays", message);
        let names = [INNER_NAMES, OUTER_NAMES].concat();
        for (index, (name, matrix)) in arrays.iter().enumerate() {
            if !names.contains(&name.as_str()) {
                return Err(wrong(format!("there is no array `{name}` here; expected {}", names.join(", "))));
            }
            if arrays[..index].iter().any(|(other, _)| other == name) {
                return Err(wrong(format!("the array `{name}` is given twice; expected it once")));
            }
            if !is_finite(matrix.entries()) {
                return Err(wrong(format!("`{name}` has an entry that is not finite; expected finite numbers")));
            }
        }
        let find = |name: &str| arrays.iter().find(|(other, _)| other == name).map(|(_, matrix)| matrix);
        let (Some(a), Some(c)) = (find("A"), find("C")) else {
            return Err(wrong("expected at least the arrays `A` (d x d) and `C` (p x d)".to_owned()));
        };
        let (size, outer) = (a.rows(), c.rows());
        if size == 0 || outer == 0 {
            return Err(wrong("`A` and `C` are empty; expected at least one row each".to_owned()));
        }
        let array = |name: &str, rows: usize, columns: usize| match find(name) {
            // A list of numbers where a square matrix is meant is its diagonal.
            Some(list) if rows == columns && (list.rows(), list.columns()) == (rows, 1) => {
                Ok(Matrix::from_fn(rows, rows, |i, j| if i == j { list[(i, 0)] } else { 0.0 }))
            }
            None => Ok(Matrix::zeros(rows, columns)),
            Some(matrix) if (matrix.rows(), matrix.columns()) == (rows, columns) => Ok(matrix.clone()),
            Some(matrix) => {
                let found = format!("{} x {}", matrix.rows(), matrix.columns());
                Err(wrong(format!("`{name}` is {found}; expected {rows} x {columns}, from the rows of `A` and `C`")))
            }
        };
        let form = |[inner, lambda, coupling, inner_linear, outer_linear]: [&str; 5]| {
            Ok(Form {
                inner: symmetric(inner, array(inner, size, size)?)?,
                outer: symmetric(lambda, array(lambda, outer, outer)?)?,
                coupling: array(coupling, outer, size)?,
                inner_linear: array(inner_linear, size, 1)?.entries().to_vec(),
                outer_linear: array(outer_linear, outer, 1)?.entries().to_vec(),
            })
        };
        Ok(Self { g: form(INNER_NAMES)?, f: form(OUTER_NAMES)? })
    }

    /// Drawn from the seed: A with eigenvalues evenly spaced on a logarithmic scale from
    /// 1/condition to 1 in random directions, F, B and H positive semidefinite, the rest Gaussian.
    pub fn drawn(parts: &Parts<'_>) -> Self {
        let (size, outer) = (parts.knobs.count("inner_dimension"), parts.knobs.count("outer_dimension"));
        let condition = parts.knobs.real("condition");
        // A stream for each array, so that changing one size leaves the other arrays alone.
        let draw = |array: u64, rows: usize, columns: usize| {
            let mut random = stream(parts.seed, Purpose::Data, &[array]);
            Matrix::from_fn(rows, columns, |_, _| StandardNormal.sample(&mut random))
        };
        let eigenvalue = |i: usize| condition.powf(-(i as f64) / (size.max(2) - 1) as f64);
        let directions = orthonormal(draw(0, size, size));
        let scaled = Matrix::from_fn(size, size, |i, j| directions[(i, j)] * eigenvalue(i));
        let vector = |array, length| draw(array, length, 1).entries().to_vec();
        Self {
            g: Form {
                inner: mirrored(&directions.transpose().product(&scaled)),
                outer: covariance(&draw(1, outer, outer)),
                coupling: shrunk(draw(2, outer, size)),
                inner_linear: vector(3, size),
                outer_linear: vector(4, outer),
            },
            f: Form {
                inner: covariance(&draw(5, size, size)),
                outer: covariance(&draw(6, outer, outer)),
                coupling: shrunk(draw(7, outer, size)),
                inner_linear: vector(8, size),
                outer_linear: vector(9, outer),
            },
        }
    }
}

/// The matrix, if it is symmetric to rounding: its products are then those of a Hessian.
fn symmetric(name: &str, matrix: Matrix) -> Result<Matrix, BuildError> {
    let scale = matrix.entries().iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    for i in 0..matrix.rows() {
        for j in 0..i {
            if (matrix[(i, j)] - matrix[(j, i)]).abs() > 1e-12 * scale {
                let (below, above) = (matrix[(i, j)], matrix[(j, i)]);
                let message = format!(
                    "`{name}` has {below} at ({i}, {j}) and {above} at ({j}, {i}); expected a symmetric matrix"
                );
                return Err(BuildError::at("arrays", message));
            }
        }
    }
    Ok(mirrored(&matrix))
}

/// The lower half, copied to the upper.
fn mirrored(matrix: &Matrix) -> Matrix {
    Matrix::from_fn(matrix.rows(), matrix.columns(), |i, j| matrix[(i.max(j), i.min(j))])
}

/// `GGᵀ` over the number of columns.
fn covariance(draw: &Matrix) -> Matrix {
    let count = draw.columns() as f64;
    let square = draw.product(&draw.transpose());
    mirrored(&Matrix::from_fn(draw.rows(), draw.rows(), |i, j| square[(i, j)] / count))
}

/// Entries of size 1/√columns, so that a product with a vector of unit entries is of size 1.
fn shrunk(mut draw: Matrix) -> Matrix {
    let factor = 1.0 / (draw.columns() as f64).sqrt();
    crate::math::vector::scale(factor, draw.entries_mut());
    draw
}

/// Gram and Schmidt on the rows, twice, which is enough for orthogonality to rounding.
fn orthonormal(mut rows: Matrix) -> Matrix {
    for i in 0..rows.rows() {
        let mut row = rows.row(i).to_vec();
        for _ in 0..2 {
            for j in 0..i {
                axpy(-dot(rows.row(j), &row), rows.row(j), &mut row);
            }
        }
        let length = norm(&row);
        rows.row_mut(i).iter_mut().zip(&row).for_each(|(target, value)| *target = value / length);
    }
    rows
}
