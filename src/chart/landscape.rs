//! F over two hyperparameters, with the ways that students took over it.

use super::figure::Grid;
use super::found::draw_found;
use super::founders::{founders, rows, style};
use super::{Axis, Entry, Figure, Layer, Scale, Style, finish, ink};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{FOUNDERS, LAMBDA, PARENTS, STUDENT_LAMBDA};
use crate::probe::Question;
use crate::probe::landscape::{self, Landscape};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "landscape",
        name: "Landscape of F",
        source: "Tao et al. 2020, figures of trajectories; the lattice is this project's",
        equation: "F over (λ_i, λ_j), with the paths of λ_k",
        summary: "What lies between the minima, and who went where: F over the plane of two hyperparameters as colour, with a line for each student. Where a \
                  population is shown alone colours are founders, and broken lines are the jumps from parents to children.",
        cost: "a lattice of values of F, beside the laboratory; it gets finer as it goes",
        fails: "Other hyperparameters are held where they were measured: where there are more than two, students are elsewhere than the plane.",
        knobs: &[],
    },
    draw,
    finding: Some(Question::of(&landscape::ENTRY)),
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear("λ 1"), Axis::linear("λ 2"));
    draw_found(ENTRY.finding, snapshot, &mut figure, |_, found: &Landscape, figure| {
        draw_plane(found, figure);
        let all: Vec<Trails<'_>> = snapshot.shown().map(|trial| Trails::of(trial, found.entries)).collect();
        draw_trails(&all, snapshot, figure);
        draw_minima(found, snapshot, figure);
    });
    finish(figure, snapshot)
}

/// F as colour, by ratios where it is above zero everywhere.
fn draw_plane(found: &Landscape, figure: &mut Figure) {
    let (x, y, rows) = found.known();
    let ends = |side: &[f64]| Some((*side.first()?, *side.last()?));
    if let (Some((left, right)), Some((low, high))) = (ends(&found.horizontal), ends(&found.vertical)) {
        figure.x = Axis::linear(&found.names[0]).within(left, right);
        figure.y = Axis::linear(&found.names[1]).within(low, high);
    }
    let finite = || rows.iter().flatten().copied().filter(|value| value.is_finite());
    let scale = if finite().all(|value| value > 0.0) { Scale::Logarithmic } else { Scale::Linear };
    let grid = Grid { x_edges: edges(&x), y_edges: edges(&y), rows, label: "F".to_owned(), scale };
    figure.layers.push(Layer::heatmap(grid).quantity("F"));
    figure.notes.push(found.what());
    if found.place.len() > 2 {
        figure.notes.push(format!("the other {} entries of λ are held", found.place.len() - 2));
    }
}

/// Edges half way between places, cut off at the first and the last.
fn edges(places: &[f64]) -> Vec<f64> {
    let between = places.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
    places.first().copied().into_iter().chain(between).chain(places.last().copied()).collect()
}

type Points = Vec<(f64, f64)>;

/// Where a trial's students went, and who jumped where.
struct Trails<'a> {
    trial: &'a TrialView,
    /// Each stretch that a student walked, with the founder that it was of.
    walked: Vec<(f64, Points)>,
    /// From parents to children, with breaks between.
    jumps: Points,
}

impl<'a> Trails<'a> {
    fn of(trial: &'a TrialView, [x, y]: [usize; 2]) -> Self {
        let length = trial.lambda.len();
        let has_several = trial.setting.students() > 1;
        let all = rows(trial, if has_several { &STUDENT_LAMBDA } else { &LAMBDA });
        let (parents, founders) = (rows(trial, &PARENTS), rows(trial, &FOUNDERS));
        let at = |row: usize, slot: usize| {
            let lambda = all.get(row)?.1.get(slot * length..(slot + 1) * length)?;
            Some((*lambda.get(x)?, *lambda.get(y)?))
        };
        let parent = |row: usize, slot: usize| parents.get(row).and_then(|(_, parents)| parents.get(slot)).copied();
        let founder = |row: usize, slot: usize| {
            founders.get(row).and_then(|(_, founders)| founders.get(slot)).copied().unwrap_or(slot as f64)
        };
        let (mut walked, mut jumps) = (Vec::new(), Points::new());
        for slot in 0..trial.setting.students() {
            let mut stretch: Option<(f64, Points)> = None;
            for row in 0..all.len() {
                let Some(here) = at(row, slot) else { continue };
                let born_of = parent(row, slot).filter(|parent| parent.is_finite());
                let is_new = born_of.is_some() || stretch.as_ref().is_some_and(|(of, _)| *of != founder(row, slot));
                if let Some(from) = born_of.and_then(|parent| at(row.checked_sub(1)?, parent as usize)) {
                    jumps.extend([from, here, (f64::NAN, f64::NAN)]);
                }
                if is_new {
                    walked.extend(stretch.take());
                }
                stretch.get_or_insert_with(|| (founder(row, slot), Points::new())).1.push(here);
            }
            walked.extend(stretch);
        }
        Self { trial, walked, jumps }
    }

    /// The stretches of one founder as a line with breaks.
    fn line(&self, is_meant: impl Fn(f64) -> bool) -> Points {
        let meant = self.walked.iter().filter(|(founder, _)| is_meant(*founder));
        meant.flat_map(|(_, points)| points.iter().copied().chain([(f64::NAN, f64::NAN)])).collect()
    }
}

fn draw_trails(all: &[Trails<'_>], snapshot: &Snapshot, figure: &mut Figure) {
    for trails in all {
        let name = &trails.trial.setting.name;
        let named = founders(trails.trial);
        if all.len() == 1 && !named.is_empty() {
            for (founder, title) in named {
                let line = Layer::line(title, style(snapshot, founder), trails.line(|other| other == founder));
                figure.layers.push(line.whose(name).quantity(format!("students of founder {founder}")));
            }
        } else {
            let line = Layer::line(name, ink(trails.trial), trails.line(|_| true));
            figure.layers.push(line.whose(name).quantity("paths of λ"));
        }
        if !trails.jumps.is_empty() {
            let style = if all.len() == 1 { Style::foreground() } else { ink(trails.trial) };
            let jumps = Layer::line("", style.dashed().thin(), trails.jumps.clone());
            figure.layers.push(jumps.whose(name).quantity("from parent to child"));
        }
    }
}

/// Where F is known to be least, and the least of the lattice where it is not.
fn draw_minima(found: &Landscape, snapshot: &Snapshot, figure: &mut Figure) {
    let [x, y] = found.entries;
    let known = snapshot.problem.minimum.iter().flat_map(|minimum| minimum.places());
    let places: Points = known.filter_map(|lambda| Some((*lambda.get(x)?, *lambda.get(y)?))).collect();
    if !places.is_empty() {
        figure.layers.push(Layer::points("minimum of F", Style::foreground().emphasized(true), places));
    } else if let Some((_, [x, y])) = found.least() {
        figure.layers.push(Layer::points("least of the lattice", Style::foreground().emphasized(true), vec![(x, y)]));
    }
}
