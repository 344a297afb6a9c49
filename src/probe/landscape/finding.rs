//! What the landscape probe found.

use serde::Serialize;

use crate::math::number::plain;
use crate::probe::{Case, Cell, Finding, Table, json};
use crate::trial::Loops;

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/landscape/1";

/// F over a plane.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Landscape {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// The trial whose inner runs F is of, where it is not exact.
    pub trial: String,
    /// Whether F is exact; otherwise it is f where an inner run from θ₀ ends.
    pub is_exact: bool,
    /// The entries of λ on the horizontal and the vertical axis.
    pub entries: [usize; 2],
    /// What they are called.
    pub names: [String; 2],
    /// λ that the other entries are held at.
    pub place: Vec<f64>,
    /// Every so many-th place of either side is known.
    pub stride: usize,
    /// Places along the horizontal axis.
    pub horizontal: Vec<f64>,
    /// Places along the vertical axis.
    pub vertical: Vec<f64>,
    /// F, a row for each vertical place; NaN where it is not known.
    pub values: Vec<Vec<f64>>,
}

impl Landscape {
    pub(super) fn begin(
        case: &Case<'_>,
        loops: &Loops,
        entries: [usize; 2],
        [horizontal, vertical]: [Vec<f64>; 2],
        is_exact: bool,
    ) -> Self {
        Self {
            schema: SCHEMA,
            scenario: case.name.to_owned(),
            trial: loops.setting().name.clone(),
            is_exact,
            entries,
            names: entries.map(|entry| loops.lambda_names().get(entry).cloned().unwrap_or_default()),
            place: loops.lambda().to_vec(),
            stride: horizontal.len(),
            values: vec![vec![f64::NAN; horizontal.len()]; vertical.len()],
            horizontal,
            vertical,
        }
    }

    /// Places (row, column) of a level that no coarser one has.
    pub(super) fn missing(&self, stride: usize) -> Vec<(usize, usize)> {
        let along = |length: usize| (0..length).step_by(stride);
        let is_known = |place: usize| place.is_multiple_of(self.stride);
        along(self.vertical.len())
            .flat_map(|row| along(self.horizontal.len()).map(move |column| (row, column)))
            .filter(|(row, column)| !(is_known(*row) && is_known(*column) && self.stride < self.horizontal.len()))
            .collect()
    }

    pub(super) fn lambda(&self, (row, column): (usize, usize)) -> Vec<f64> {
        let mut lambda = self.place.clone();
        lambda[self.entries[0]] = self.horizontal[column];
        lambda[self.entries[1]] = self.vertical[row];
        lambda
    }

    pub(super) fn fill(&mut self, stride: usize, found: impl Iterator<Item = ((usize, usize), f64)>) {
        self.stride = stride;
        found.for_each(|((row, column), value)| self.values[row][column] = value);
    }

    /// What is known: places along either side, and F, a row for each vertical place.
    #[must_use]
    pub fn known(&self) -> (Vec<f64>, Vec<f64>, Vec<Vec<f64>>) {
        let thin = |side: &[f64]| side.iter().copied().step_by(self.stride).collect::<Vec<f64>>();
        let rows = self.values.iter().step_by(self.stride).map(|row| thin(row)).collect();
        (thin(&self.horizontal), thin(&self.vertical), rows)
    }

    /// The least F of the lattice, and where.
    #[must_use]
    pub fn least(&self) -> Option<(f64, [f64; 2])> {
        let places = self
            .values
            .iter()
            .zip(&self.vertical)
            .flat_map(|(row, y)| row.iter().zip(&self.horizontal).map(move |(value, x)| (*value, [*x, *y])));
        places.filter(|(value, _)| value.is_finite()).min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// What F is here.
    #[must_use]
    pub fn what(&self) -> String {
        if self.is_exact {
            "F, exact".to_owned()
        } else {
            format!("f where an inner run of `{}` from θ₀ ends", self.trial)
        }
    }
}

impl Finding for Landscape {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let mut table = Table::new(&["horizontal", "vertical", "value"]);
        for (y, row) in self.vertical.iter().zip(&self.values) {
            table.rows.extend(
                self.horizontal.iter().zip(row).map(|(x, value)| vec![(*x).into(), (*y).into(), (*value).into()]),
            );
        }
        table
    }

    fn summary(&self) -> Table {
        let mut table = Table::new(&["axes", "least", "at", "largest", "note"]);
        let values = || self.values.iter().flatten().copied().filter(|value| value.is_finite());
        let (least, at) = self.least().unwrap_or((f64::NAN, [f64::NAN; 2]));
        let row: Vec<Cell> = vec![
            self.names.join(", ").into(),
            least.into(),
            at.map(plain).join(", ").into(),
            values().fold(f64::NEG_INFINITY, f64::max).into(),
            self.what().into(),
        ];
        table.rows.push(row);
        table
    }
}
