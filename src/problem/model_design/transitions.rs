//! Transitions of a plant as rows, and what stands beside them.

use super::plant::{Coefficients, Pair, Plant};
use crate::data::{Samples, Split};
use crate::math::number::{plain, written};
use crate::problem::BuildError;

/// Columns of a transition: angle, rate, action, next angle, next rate.
pub(super) const COLUMNS: usize = 5;

/// How far a target may be from the cost of its row, relative to 1 and it.
const TOLERANCE: f64 = 1e-6;

/// How far `time_step` may be from what rows say of it, relative to it: rows may be rounded.
const STEP_TOLERANCE: f64 = 0.05;

/// One step of the plant.
#[derive(Debug, Clone)]
pub(super) struct Transition {
    pub state: Pair,
    pub action: f64,
    pub cost: f64,
    pub next: Pair,
    pub second: Option<Pair>,
    /// Angle and acceleration of what hangs beside it.
    pub hanging: Vec<Pair>,
    /// κ of the plant in this very step, where the rows say it.
    pub stiffness: Option<f64>,
    /// Of mean 1.
    pub weight: f64,
    /// Features of state and action.
    pub features: Coefficients,
}

/// Training, validation transitions.
pub(super) fn of(split: &Split, plant: &Plant) -> Result<[Vec<Transition>; 2], BuildError> {
    let width = split.training.features.columns();
    if width < COLUMNS || width == COLUMNS + 1 {
        return Err(BuildError::at(
            "data",
            format!(
                "a transition has {width} columns; expected angle, rate, action, next angle and next rate, then a second next angle and rate, \
                 then angle and acceleration of each pendulum beside it, and perhaps κ of the plant: 5, 7, 8, 9, …"
            ),
        ));
    }
    let part = |(name, samples)| read(name, samples, plant);
    let all = [part(("training", &split.training))?, part(("validation", &split.validation))?];
    check_time_step(all.iter().flatten(), plant)?;
    Ok(all)
}

/// Next angles are angle + dt · rate, whatever the plant is: rows of another step would be read as those of another plant.
fn check_time_step<'a>(rows: impl Iterator<Item = &'a Transition>, plant: &Plant) -> Result<(), BuildError> {
    let (mut products, mut squares) = (0.0, 0.0);
    for row in rows {
        products += row.state[1] * (row.next[0] - row.state[0]);
        squares += row.state[1] * row.state[1];
    }
    let found = products / squares;
    if squares == 0.0 || (found / plant.time_step - 1.0).abs() <= STEP_TOLERANCE {
        return Ok(());
    }
    let message = format!(
        "`time_step` is {}, and angles move by {} of their rates in a step; expected `time_step: {}`, or other rows",
        written(plant.time_step),
        plain(found),
        plain(found)
    );
    Err(BuildError::at("time_step", message))
}

/// κ of the plant in the rows that judge, which have one; nothing where they do not say it.
pub(super) fn told(judging: &[Transition]) -> Result<Option<f64>, BuildError> {
    let told = || judging.iter().filter_map(|row| row.stiffness);
    let (least, most) = (told().fold(f64::INFINITY, f64::min), told().fold(f64::NEG_INFINITY, f64::max));
    if least < most {
        let message = format!(
            "κ of the plant, the last column, goes from {} to {} over the rows that judge; expected one plant, as in the present block of \
             `split: Stream(…)`",
            plain(least),
            plain(most)
        );
        return Err(BuildError::at("data", message));
    }
    Ok(told().next())
}

fn read(name: &str, samples: &Samples, plant: &Plant) -> Result<Vec<Transition>, BuildError> {
    let rows = samples.features.dense();
    let transition = |row: usize| {
        let entries = rows.row(row);
        let (own, rest) = entries.split_at(COLUMNS);
        let (second, rest) = rest.split_at(rest.len().min(2));
        let pairs = rest.chunks_exact(2);
        let stiffness = pairs.remainder().first().copied();
        let (state, action) = ([own[0], own[1]], own[2]);
        let (cost, found) = (plant.cost(state, action), samples.targets[row]);
        if (cost - found).abs() > TOLERANCE * (1.0 + cost.abs()) {
            let message = format!(
                "the target of {name} row {row} is {}, and its angle, rate and action cost {}; expected the cost, with `rate_cost` and \
                 `action_cost` as they are and `standardize: Off`",
                written(found),
                written(cost)
            );
            return Err(BuildError::at("data", message));
        }
        Ok(Transition {
            state,
            action,
            cost: found,
            next: [own[3], own[4]],
            second: (second.len() == 2).then(|| [second[0], second[1]]),
            hanging: pairs.map(|pair| [pair[0], pair[1]]).collect(),
            stiffness,
            weight: samples.weights.get(row).copied().unwrap_or(1.0),
            features: Plant::features(state, action),
        })
    };
    (0..samples.targets.len()).map(transition).collect()
}

/// (κ, b) of least squares over accelerations, of the plant and of all that hangs beside it: one κ for everything.
pub(super) fn likeliest(rows: &[Transition], plant: &Plant) -> Option<Pair> {
    let (mut squares, mut products) = ([0.0; 3], [0.0; 2]);
    let mut add = |weight: f64, [angle, action]: Pair, acceleration: f64| {
        squares[0] += weight * angle * angle;
        squares[1] += weight * angle * action;
        squares[2] += weight * action * action;
        products[0] += weight * angle * acceleration;
        products[1] += weight * action * acceleration;
    };
    for row in rows {
        let gained = (row.next[1] - row.state[1]) / plant.time_step;
        add(row.weight, [row.state[0], row.action], gained + plant.damping * row.state[1]);
        for [angle, acceleration] in &row.hanging {
            add(row.weight, [*angle, 0.0], *acceleration);
        }
    }
    let [angles, mixed, actions] = squares;
    let determinant = angles * actions - mixed * mixed;
    let is_one = determinant > 1e-12 * angles * actions;
    is_one.then(|| {
        [
            (actions * products[0] - mixed * products[1]) / determinant,
            (angles * products[1] - mixed * products[0]) / determinant,
        ]
    })
}
