//! Colours of founders, and the trial whose population is drawn: what charts of lineages have in common.

use super::{Empty, Figure, Snapshot, Style, TrialView, first_free, no_outer_step, say_first};
use crate::metric::{FOUNDERS, Metric, OUTER_STEP};

/// Names in a legend at most.
const MOST_NAMED: usize = 8;

/// The trial that a chart of a lineage is about, the first shown whose students are replaced; a figure without one says so.
pub(super) fn replaced<'a>(snapshot: &'a Snapshot, figure: &mut Figure) -> Option<&'a TrialView> {
    figure.empty = Empty::because("no trial shown replaces its students")
        .helped("set population to Hpm(students: 10) to have the worst replaced");
    let trial = snapshot.shown().find(|trial| trial.setting.population.entry().exchange.is_some())?;
    figure.empty = no_outer_step();
    figure.title = format!("{}: {}", figure.title, trial.setting.name);
    say_first(figure, snapshot);
    Some(trial)
}

/// The vectors of a metric at every outer step that is recorded.
pub(super) fn rows<'a>(trial: &'a TrialView, metric: &'static Metric) -> Vec<(f64, &'a [f64])> {
    trial.outer_records.vectors(&OUTER_STEP, metric)
}

/// How founders look, each by its number: in a colour that no trial has, the same in every chart.
pub(super) fn style(snapshot: &Snapshot, founder: f64) -> Style {
    Style::series(first_free(snapshot) + founder as usize)
}

/// Every founder that is recorded, the one that has most students at last first, with what a legend calls it; those that have none left, and those
/// behind the first few, have no name there.
pub(super) fn founders(trial: &TrialView) -> Vec<(f64, String)> {
    let rows = rows(trial, &FOUNDERS);
    let last = rows.last().map_or(&[][..], |(_, founders)| *founders);
    let left = |founder: f64| last.iter().filter(|other| **other == founder).count();
    let mut all: Vec<f64> = rows.iter().flat_map(|(_, founders)| founders.iter().copied()).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    // Stable: of as many students the lower number first.
    all.sort_by_key(|founder| std::cmp::Reverse(left(*founder)));
    let name = |(place, founder): (usize, f64)| {
        let count = left(founder);
        let is_named = count > 0 && place < MOST_NAMED;
        (founder, if is_named { format!("founder {founder} ×{count}") } else { String::new() })
    };
    all.into_iter().enumerate().map(name).collect()
}
