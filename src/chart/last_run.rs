//! The last whole inner run, pale behind the one that goes on: at no pause within a run does a chart shrink to its stub.

use super::{Figure, Layer};
use crate::lab::{Snapshot, TrialView};
use crate::trial::InnerRun;

/// Draws the run of every trial that is shown, as `layers` does, and pale behind it the last whole run of those whose run
/// goes on. The records are shared, not copied.
pub(super) fn draw_runs(
    figure: &mut Figure,
    snapshot: &Snapshot,
    layers: impl Fn(&TrialView, &InnerRun) -> Vec<Layer>,
) {
    figure.layers.extend(snapshot.shown().flat_map(|trial| layers(trial, &trial.run)));
    draw_behind(figure, snapshot, layers);
}

/// Draws only what stands behind.
pub(super) fn draw_behind(
    figure: &mut Figure,
    snapshot: &Snapshot,
    layers: impl Fn(&TrialView, &InnerRun) -> Vec<Layer>,
) {
    let first = figure.layers.len();
    for trial in snapshot.shown() {
        let behind = trial.behind.iter().flat_map(|run| layers(trial, run));
        figure.layers.extend(behind.map(|layer| Layer {
            name: String::new(),
            badge: None,
            style: layer.style.faint(),
            whose: format!("{}, last whole run", trial.setting.name),
            ..layer
        }));
    }
    // The legend says once what they are.
    if let Some(layer) = figure.layers.get_mut(first) {
        layer.name = format!("last whole run, outer step {}", steps(snapshot));
    }
}

/// The outer steps of the runs behind, from the first to the last.
fn steps(snapshot: &Snapshot) -> String {
    let behind = snapshot.shown().filter(|trial| trial.behind.is_some()).map(|trial| trial.outer.saturating_sub(1));
    let (first, last) = behind.fold((usize::MAX, 0), |(first, last), step| (first.min(step), last.max(step)));
    if first < last { format!("{first}–{last}") } else { last.to_string() }
}
