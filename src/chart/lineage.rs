//! Who comes from whom in a population: slots over rounds, coloured by founder, with the copies that crossed over.

use super::figure::Arrow;
use super::founders::{founders, replaced, rows, style};
use super::{Axis, Entry, Figure, Layer, Style, finish};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::math::number::counted;
use crate::metric::{FOUNDERS, PARENTS, SURVIVING_FOUNDERS, TAKE_OVER};

/// Copies that are all drawn; of more, those alone that bring another founder.
const FEW: usize = 40;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "lineage",
        name: "Lineage",
        source: "Jaderberg et al. 2017, figure of phylogenies",
        equation: "founder of student k at outer step t",
        summary: "Who comes from whom. Each line is the place of a student over outer steps, its colour the student at the start that it comes from; \
                  arrows lead from parents to the places that their copies take over.",
        cost: "none beyond the run",
        fails: "Two founders may have started in one basin, and students of one founder may be far apart.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let (x, y) = (Axis::steps("outer step"), Axis::steps("student"));
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, y);
    if let Some(trial) = replaced(snapshot, &mut figure) {
        draw_trial(trial, snapshot, &mut figure);
    }
    finish(figure, snapshot)
}

fn draw_trial(trial: &TrialView, snapshot: &Snapshot, figure: &mut Figure) {
    let recorded = rows(trial, &FOUNDERS);
    let name = &trial.setting.name;
    for (founder, title) in founders(trial) {
        let line = Layer::line(title, style(snapshot, founder).thick(), stays(&recorded, founder));
        figure.layers.push(line.whose(name).quantity(format!("places of founder {founder}")));
    }
    let copies = Copies::of(trial, &recorded);
    if !copies.arrows.is_empty() {
        let arrows = Layer::arrows(copies.words(), Style::neutral(), copies.arrows.clone());
        figure.layers.push(arrows.whose(name).quantity(copies.words()));
    }
    let last = |metric| trial.outer_records.last().and_then(|record| record.number(metric));
    let Some((left, (_, founders))) = last(&SURVIVING_FOUNDERS).zip(recorded.last()) else { return };
    let taken = last(&TAKE_OVER).map(|round| format!(", which owns all since outer step {round}")).unwrap_or_default();
    figure.notes.push(format!("{} left of {}{taken}", counted(left as usize, "founder"), founders.len()));
}

/// Where students of one founder stay, place by place: lines half a step to either side, with breaks between.
fn stays(recorded: &[(f64, &[f64])], founder: f64) -> Vec<(f64, f64)> {
    let slots = recorded.first().map_or(0, |(_, founders)| founders.len());
    let mut points = Vec::new();
    for slot in 0..slots {
        let mut since = None;
        for (place, (step, founders)) in recorded.iter().enumerate() {
            let is_its = founders.get(slot) == Some(&founder);
            if is_its && since.is_none() {
                since = Some(step - 0.5);
            }
            let ends = !is_its || place + 1 == recorded.len();
            if let Some(from) = since.filter(|_| ends) {
                let to = if is_its { step + 0.5 } else { step - 0.5 };
                points.extend([(from, slot as f64), (to, slot as f64), (f64::NAN, f64::NAN)]);
                since = None;
            }
        }
    }
    points
}

/// Copies from parent to child.
struct Copies {
    arrows: Vec<Arrow>,
    /// Whether copies that bring no other founder are left out.
    is_part: bool,
}

impl Copies {
    fn of(trial: &TrialView, recorded: &[(f64, &[f64])]) -> Self {
        let parents = rows(trial, &PARENTS);
        let mut all = Vec::new();
        for ((before, founders), (step, parents)) in recorded.iter().zip(parents.iter().skip(1)) {
            for (slot, parent) in parents.iter().enumerate().filter(|(_, parent)| parent.is_finite()) {
                let crosses = founders.get(slot) != founders.get(*parent as usize);
                let arrow = Arrow { from: (before + 0.5, *parent), to: (*step, slot as f64) };
                all.push((crosses, arrow));
            }
        }
        let is_part = all.len() > FEW;
        let arrows = all.into_iter().filter(|(crosses, _)| *crosses || !is_part).map(|(_, arrow)| arrow).collect();
        Self { arrows, is_part }
    }

    fn words(&self) -> &'static str {
        if self.is_part { "copies that bring another founder" } else { "copies, from parent to child" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_its_founders_from_half_a_step_before_to_half_a_step_behind() {
        let rows: Vec<Vec<f64>> = vec![vec![0.0, 1.0], vec![0.0, 0.0], vec![1.0, 0.0]];
        let recorded: Vec<(f64, &[f64])> = rows.iter().enumerate().map(|(step, row)| (step as f64, &**row)).collect();
        let of = |founder| {
            let points: Vec<(f64, f64)> = stays(&recorded, founder);
            points.into_iter().filter(|(x, _)| x.is_finite()).collect::<Vec<_>>()
        };
        assert_eq!(of(0.0), [(-0.5, 0.0), (1.5, 0.0), (0.5, 1.0), (2.5, 1.0)]);
        assert_eq!(of(1.0), [(1.5, 0.0), (2.5, 0.0), (-0.5, 1.0), (0.5, 1.0)]);
    }
}
