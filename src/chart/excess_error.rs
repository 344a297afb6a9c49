//! The risk that is left over against two errors of the hypergradients on the way: the mean squared error along
//! the trajectory says little, the error of the time-averaged estimate says much.

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, finish, ink};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::math::number::counted;
use crate::probe::Question;
use crate::probe::excess_error::{self, ExcessError, TrialFinding};

pub(super) const TRAJECTORY: Entry = Entry {
    card: Card {
        id: "excess-error",
        name: "Excess risk against trajectory error",
        source: "Zhou, Shu, Liu, Meng 2026; the exact definitions are this project's",
        equation: "R(λ_T) − min R  against  mean_t ‖ĥ_t − h_t‖²",
        summary: "What is lost in the end against how wrong the hypergradients were on the way. One point a trial, \
                  its ensemble beside it: the risk left over in the end against the mean squared error of its \
                  hypergradients on the way. Fresh noise is large and averages out.",
        cost: "whole runs of every trial on several pools, with many exact answers at every outer step",
        fails: "The least risk is the least that a descent found.",
        knobs: &[],
    },
    draw: |snapshot| {
        draw(snapshot, &TRAJECTORY, "trajectory error mean ‖ĥ − h‖²", |trial| trial.trajectory.value)
    },
    finding: Some(Question::of(&excess_error::ENTRY)),
};

pub(super) const AVERAGED: Entry = Entry {
    card: Card {
        id: "excess-averaged",
        name: "Excess risk against averaged error",
        source: "Zhou, Shu, Liu, Meng 2026; the exact definitions are this project's",
        equation: "R(λ_T) − min R  against  ‖mean_t (ĥ_t − h_t)‖",
        summary: "What is lost in the end against how wrong the hypergradients were on average over time. One \
                  point a trial, its ensemble beside it: the risk left over in the end against the error of the \
                  estimate averaged over time. What does not average out is what costs.",
        cost: "as the excess risk against trajectory error, measured with it",
        fails: "The least risk is the least that a descent found.",
        knobs: &[],
    },
    draw: |snapshot| draw(snapshot, &AVERAGED, "averaged error ‖mean (ĥ − h)‖", |trial| trial.averaged.value),
    finding: Some(Question::of(&excess_error::ENTRY)),
};

/// The error of a trial that a chart is about.
type ErrorOf = fn(&TrialFinding) -> f64;

fn draw(snapshot: &Snapshot, entry: &Entry, label: &str, error: ErrorOf) -> Figure {
    let (x, y) = (Axis::logarithmic(label), Axis::logarithmic("excess risk R(λ_T) − min R"));
    let mut figure = Figure::new(entry.card.id, entry.card.name, x, y);
    draw_found(entry.finding, snapshot, &mut figure, |measured, finding: &ExcessError, figure| {
        let about = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
        let found = |trial: &TrialView| finding.trials.iter().find(|found| found.id == trial.id);
        let points: Vec<Point<'_>> = about
            .filter_map(|trial| Some((trial, found(trial)?)))
            .map(|(trial, found)| Point { trial, at: (error(found), found.excess.value) })
            .collect();
        figure.layers.extend(points.iter().map(Point::layer));
        let is_trajectory = entry.card.id == TRAJECTORY.card.id;
        let rank = if is_trajectory { finding.rank_trajectory } else { finding.rank_averaged };
        figure.notes.push(format!("rank correlation {rank:.2} over {}", counted(finding.trials.len(), "trial")));
        figure.notes.push(format!("means over {}", counted(finding.replicates, "pool")));
    });
    finish(figure, snapshot)
}

/// A trial's place.
struct Point<'a> {
    trial: &'a TrialView,
    at: (f64, f64),
}

impl Point<'_> {
    /// In the colour and with the marker that the trial has everywhere.
    fn layer(&self) -> Layer {
        let name = &self.trial.setting.name;
        Layer::points(name, ink(self.trial), vec![self.at]).whose(name)
    }
}
