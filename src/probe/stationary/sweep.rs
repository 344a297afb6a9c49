//! Stationary points against one value of the scenario.

use serde::Serialize;

use super::finding::StationaryPoint;
use crate::probe::{Cell, Finding, Point, Table};

/// Name and version of the JSON layout.
pub const SWEEP_SCHEMA: &str = "hyperlab/stationary-sweep/1";

/// One finding a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepFinding {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Where the value is in the scenario.
    pub path: String,
    /// One entry a value, in the order given.
    pub points: Vec<Point<StationaryPoint>>,
}

impl SweepFinding {
    pub(super) fn of(path: &str, points: Vec<Point<StationaryPoint>>) -> Self {
        Self { schema: SWEEP_SCHEMA, path: path.to_owned(), points }
    }
}

impl Finding for SweepFinding {
    fn to_json(&self) -> String {
        // Plain data with string keys, which JSON can always hold.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn rows(&self) -> Table {
        let mut table = Table { columns: StationaryPoint::columns(), rows: Vec::new() };
        table.columns.splice(0..0, ["path".to_owned(), "value".to_owned()]);
        for point in &self.points {
            for trial in &point.finding.trials {
                let mut cells: Vec<Cell> = vec![self.path.as_str().into(), point.value.as_str().into()];
                cells.extend(trial.cells());
                table.rows.push(cells);
            }
        }
        table
    }

    fn summary(&self) -> Table {
        let mut table = Table { columns: StationaryPoint::summary_columns(), rows: Vec::new() };
        table.columns.insert(1, self.path.clone());
        let trials = self.points.first().map_or(0, |point| point.finding.trials.len());
        for trial in 0..trials {
            for point in &self.points {
                let mut cells = point.finding.trials[trial].summary_cells();
                cells.insert(1, point.value.as_str().into());
                table.rows.push(cells);
            }
        }
        table
    }
}
