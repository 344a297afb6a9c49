//! Functions of columns that a model is linear in: a constant, then those of every column.

use crate::catalog::Knobs;
use crate::math::Matrix;

/// Which functions of a column.
#[derive(Debug, Clone, Copy)]
enum Family {
    /// He_1, …, He_K, the polynomials that are orthogonal under a standard normal x: He₁ = x, He₂ = x² − 1,
    /// `He_{k+1} = x He_k − k He_{k−1}`.
    Hermite,
    /// x, and `sin ωkx`, `cos ωkx` for k = 1, …, K.
    Fourier { frequency: f64 },
}

/// Functions of some columns.
#[derive(Debug, Clone)]
pub(super) struct Basis {
    family: Family,
    /// K.
    order: usize,
    columns: Vec<usize>,
}

impl Basis {
    /// The functions that the knobs ask for, up to number `order`, of these columns.
    pub fn new(knobs: &Knobs, order: usize, columns: Vec<usize>) -> Self {
        let family = match knobs.choice("basis") {
            "Fourier" => Family::Fourier { frequency: knobs.real("frequency") },
            _ => Family::Hermite,
        };
        Self { family, order, columns }
    }

    /// The columns that they are functions of.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// How many functions there are.
    pub fn width(&self) -> usize {
        let each = match self.family {
            Family::Hermite => self.order,
            Family::Fourier { .. } => 1 + 2 * self.order,
        };
        1 + self.columns.len() * each
    }

    /// What each is called, of columns with these names.
    pub fn names(&self, columns: &[String]) -> Vec<String> {
        let of_column = |column: &usize| -> Vec<String> {
            let name = &columns[*column];
            let first = std::iter::once(name.clone());
            match self.family {
                Family::Hermite => first.chain((2..=self.order).map(|k| format!("He{k}({name})"))).collect(),
                Family::Fourier { frequency } => {
                    let waves = (1..=self.order).flat_map(|k| {
                        let rate = k as f64 * frequency;
                        ["sin", "cos"].map(|wave| format!("{wave} {rate} {name}"))
                    });
                    first.chain(waves).collect()
                }
            }
        };
        std::iter::once("1".to_owned()).chain(self.columns.iter().flat_map(of_column)).collect()
    }

    /// Their values, one row a row.
    pub fn of(&self, rows: &Matrix) -> Matrix {
        let mut out = Matrix::zeros(rows.rows(), self.width());
        for i in 0..rows.rows() {
            let mut entries = out.row_mut(i).iter_mut();
            let mut put = |value: f64| entries.by_ref().take(1).for_each(|entry| *entry = value);
            put(1.0);
            self.columns.iter().for_each(|column| self.tell(rows[(i, *column)], &mut put));
        }
        out
    }

    /// The functions of one column's value, in order.
    fn tell(&self, x: f64, put: &mut impl FnMut(f64)) {
        match self.family {
            Family::Hermite => {
                let (mut before, mut here) = (1.0, x);
                for k in 1..=self.order {
                    put(here);
                    (before, here) = (here, x * here - k as f64 * before);
                }
            }
            Family::Fourier { frequency } => {
                put(x);
                for k in 1..=self.order {
                    let (sine, cosine) = (k as f64 * frequency * x).sin_cos();
                    put(sine);
                    put(cosine);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ENTRY;
    use super::*;
    use crate::catalog::Value;

    fn basis(family: &'static str, order: usize, columns: &[usize]) -> Basis {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("basis", Value::Choice(family));
        Basis::new(&knobs.with("frequency", Value::Real(0.5)), order, columns.to_vec())
    }

    #[test]
    fn values_stand_under_their_names() {
        let rows = Matrix::from_entries(1, 2, vec![7.0, 2.0]).unwrap();
        let names = ["a", "z"].map(str::to_owned);
        let hermite = basis("Hermite", 4, &[1]);
        // 2, 2² − 1, 2³ − 3·2, 2⁴ − 6·2² + 3.
        assert_eq!(hermite.of(&rows).entries(), [1.0, 2.0, 3.0, 2.0, -5.0]);
        assert_eq!(hermite.names(&names), ["1", "z", "He2(z)", "He3(z)", "He4(z)"]);
        let both = basis("Hermite", 1, &[1, 0]);
        assert_eq!((both.of(&rows).entries(), both.width()), (&[1.0, 2.0, 7.0][..], 3));
        let fourier = basis("Fourier", 2, &[1]);
        assert_eq!(fourier.names(&names), ["1", "z", "sin 0.5 z", "cos 0.5 z", "sin 1 z", "cos 1 z"]);
        let expected = [1.0, 2.0, 1f64.sin(), 1f64.cos(), 2f64.sin(), 2f64.cos()];
        assert_eq!(fourier.of(&rows).entries(), expected);
    }
}
