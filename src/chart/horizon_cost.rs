//! What an estimate holds and what it asks for, against the length of inner runs.

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, finish, ink};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::probe::Question;
use crate::probe::horizon_cost::{self, HorizonCost, Length, TrialFinding};

const QUESTION: Question = Question::of(&horizon_cost::ENTRY);

pub(super) const MEMORY: Entry = Entry {
    card: Card {
        id: "horizon-cost",
        name: "Memory against T",
        source: "Franceschi et al. 2017, section 3; Griewank 1992; Micaelli and Storkey 2021, section 3",
        equation: "bytes held at most in a run of T steps  against  T",
        summary: "How memory grows with the length of a run. One line a trial: tangents of forward mode are level, checkpoints rise with \
                  slope 1/2, a tape with slope 1, which the dashed guides show.",
        cost: "an outer step for every length of a trial",
        fails: "What holds nothing has no place on a log axis.",
        knobs: &[],
    },
    draw: |snapshot| draw(snapshot, &MEMORY, "bytes held at most", |length| length.bytes),
    finding: Some(QUESTION),
};

pub(super) const CALLS: Entry = Entry {
    card: Card {
        id: "horizon-calls",
        name: "Calls against T",
        source: "Griewank 1992; Micaelli and Storkey 2021, section 3",
        equation: "gradients + products of an outer step with T inner steps  against  T",
        summary: "How work grows with the length of a run. One line a trial, in passes over the rows: what is kept in less memory takes \
                  more gradients, forward mode a product for every column.",
        cost: "as memory against T, measured with it",
        fails: "Calls are no seconds: products for several columns at once share a pass over the rows.",
        knobs: &[],
    },
    draw: |snapshot| draw(snapshot, &CALLS, "gradients and products, in passes", Length::calls),
    finding: Some(QUESTION),
};

fn draw(snapshot: &Snapshot, entry: &Entry, label: &'static str, of: fn(&Length) -> f64) -> Figure {
    let (x, y) = (Axis::logarithmic("inner steps T").counting(true), Axis::logarithmic(label));
    let mut figure = Figure::new(entry.card.id, entry.card.name, x, y);
    let is_memory = entry.card.id == MEMORY.card.id;
    draw_found(entry.finding, snapshot, &mut figure, |measured, finding: &HorizonCost, figure| {
        let shown = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
        let about: Vec<_> = shown
            .filter_map(|trial| Some((trial, finding.trials.iter().find(|found| found.id == trial.id)?)))
            .collect();
        if is_memory {
            figure.layers.extend(guides(about.iter().map(|(_, found)| *found)));
        }
        figure.notes.extend(lengths_noted(&about.iter().map(|(_, found)| *found).collect::<Vec<_>>()));
        for (trial, found) in about {
            let points = found.lengths.iter().map(|length| (length.steps as f64, of(length)));
            let line = Layer::line(&trial.setting.name, ink(trial), points.filter(|(_, y)| *y > 0.0).collect());
            figure.layers.push(if is_memory && found.order.is_finite() {
                line.badge(format!("T^{:.2}", found.order))
            } else {
                line
            });
            let broken = found.lengths.iter().filter(|length| of(length).is_nan()).count();
            if broken > 0 {
                figure.notes.push(format!("{}: {broken} of {} without an estimate", found.trial, found.lengths.len()));
            }
        }
    });
    finish(figure, snapshot)
}

/// What is not as the knobs say of the lengths: once, where it is the same of all trials.
fn lengths_noted(found: &[&TrialFinding]) -> Vec<String> {
    let first = found.first().and_then(|found| found.note.clone());
    if found.iter().all(|found| found.note == first) {
        return first.into_iter().collect();
    }
    found.iter().filter_map(|found| Some(format!("{}: {}", found.trial, found.note.as_ref()?))).collect()
}

/// Slopes 0, 1/2 and 1 through where the most memory of the longest run is. There is nothing to hold against them where no line has two points.
fn guides<'a>(found: impl Iterator<Item = &'a TrialFinding>) -> Vec<Layer> {
    let lines: Vec<Vec<&Length>> =
        found.map(|found| found.lengths.iter().filter(|length| length.bytes > 0.0).collect()).collect();
    if lines.iter().all(|line| line.len() < 2) {
        return Vec::new();
    }
    let ends = lines.iter().filter_map(|line| line.last());
    let places: Vec<(f64, f64)> = ends.map(|length| (length.steps as f64, length.bytes)).collect();
    let Some(most) = places.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)) else { return Vec::new() };
    [("slope 0", 0.0), ("slope 1/2", 0.5), ("slope 1", 1.0)].map(|(name, slope)| Layer::guide(name, slope, most)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_so_of_all_trials_is_said_once() {
        let found = |id: u64, note: Option<&str>| TrialFinding {
            id,
            trial: format!("trial {id}"),
            lengths: Vec::new(),
            note: note.map(str::to_owned),
            order: f64::NAN,
        };
        let (a, b, c) = (found(0, Some("short")), found(1, Some("short")), found(2, None));
        assert_eq!(lengths_noted(&[&a, &b]), ["short"]);
        assert_eq!(lengths_noted(&[&a, &b, &c]), ["trial 0: short", "trial 1: short"]);
        assert!(lengths_noted(&[&c]).is_empty() && lengths_noted(&[]).is_empty());
    }
}
