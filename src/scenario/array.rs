//! A matrix or a vector written out in a scenario.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::math::Matrix;
use crate::math::number::counted;

/// A matrix as a list of rows, `[[1, 2], [3, 4]]`, or a vector as a list of numbers, `[1, 2]`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Array {
    /// Row by row; a vector has rows of one number.
    pub rows: Vec<Vec<f64>>,
}

impl Array {
    /// The same as a matrix.
    ///
    /// # Errors
    /// The index of the first row that is as long as the first one no more, with both lengths in words.
    pub fn matrix(&self) -> Result<Matrix, (usize, String)> {
        let columns = self.rows.first().map_or(0, Vec::len);
        if let Some(row) = self.rows.iter().position(|row| row.len() != columns) {
            let message =
                format!("row {row} has {}; expected {columns}, as in row 0", counted(self.rows[row].len(), "entry"));
            return Err((row, message));
        }
        Ok(Matrix::from_fn(self.rows.len(), columns, |i, j| self.rows[i][j]))
    }
}

impl Serialize for Array {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.rows.is_empty() && self.rows.iter().all(|row| row.len() == 1) {
            return serializer.collect_seq(self.rows.iter().map(|row| row[0]));
        }
        self.rows.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Array {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Rows).map(|rows| Self { rows })
    }
}

struct Rows;

impl<'de> Visitor<'de> for Rows {
    type Value = Vec<Vec<f64>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows or of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = access.next_element_seed(Row)? {
            rows.push(row);
        }
        Ok(rows)
    }
}

/// A list of numbers, or a number that stands for a list of one.
struct Row;

impl<'de> DeserializeSeed<'de> for Row {
    type Value = Vec<f64>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<f64>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row {
    type Value = Vec<f64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a row of numbers")
    }

    fn visit_f64<E>(self, x: f64) -> Result<Vec<f64>, E> {
        Ok(vec![x])
    }

    fn visit_i64<E>(self, x: i64) -> Result<Vec<f64>, E> {
        Ok(vec![x as f64])
    }

    fn visit_u64<E>(self, x: u64) -> Result<Vec<f64>, E> {
        Ok(vec![x as f64])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Vec<f64>, A::Error> {
        let mut row = Vec::new();
        while let Some(x) = access.next_element::<f64>()? {
            if row.len() > 1_000_000 {
                return Err(A::Error::custom("a row has more than a million entries"));
            }
            row.push(x);
        }
        Ok(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_numbers_are_both_read_and_written_back() {
        let matrix: Array = ron::from_str("[[1, 2.5], [3, -4e-3]]").unwrap();
        assert_eq!(matrix.rows, [[1.0, 2.5], [3.0, -4e-3]]);
        let vector: Array = ron::from_str("[1, 2.5, -0.1]").unwrap();
        assert_eq!(vector.rows, [[1.0], [2.5], [-0.1]]);
        for array in [matrix, vector] {
            assert_eq!(ron::from_str::<Array>(&ron::to_string(&array).unwrap()).unwrap(), array);
        }
    }

    #[test]
    fn ragged_rows_are_named() {
        let ragged: Array = ron::from_str("[[1, 2], [3]]").unwrap();
        assert_eq!(ragged.matrix(), Err((1, "row 1 has 1 entry; expected 2, as in row 0".to_owned())));
    }
}
