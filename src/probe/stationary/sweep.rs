//! Stationary points against one value of the scenario.

use serde::Serialize;

use super::finding::{StationaryPoint, TrialFinding};
use crate::probe::sweep::Tables;
use crate::probe::{Finding, Point, Table, json};

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

impl SweepFinding {
    fn tables(&self) -> Tables<'_, StationaryPoint> {
        Tables { path: &self.path, points: &self.points }
    }
}

impl Finding for SweepFinding {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        self.tables().rows(StationaryPoint::columns(), |found| found.trials.iter().map(TrialFinding::cells).collect())
    }

    fn summary(&self) -> Table {
        let trials = self.points.first().map_or(0, |point| point.finding.trials.len());
        let row = |found: &StationaryPoint, trial: usize| found.trials[trial].summary_cells();
        self.tables().summary(StationaryPoint::summary_columns(), trials, row, |_, _, words| words)
    }
}
