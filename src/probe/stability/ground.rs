//! What the runs of one seed share: the stage, and a stage for each twin, which differs in one row.

use std::sync::Arc;

use super::plan::Plan;
use super::row::RowSeen;
use super::{Case, ProbeError, Side};
use crate::data::{DataError, DataSpec, Prepared, Samples, Split, StandInOrigin, StandIns, written_out};
use crate::math::random::{Purpose, choose, stream};
use crate::probe::refuse;
use crate::trial::Stage;

/// One data set with its twins.
pub(super) struct Ground {
    /// The seed of the streams.
    pub seed: u64,
    /// Of the base run.
    pub base: Arc<Stage>,
    /// One a twin.
    pub twins: Vec<Replaced>,
    /// Where the new rows come from; `None` where they are written out.
    pub origin: Option<StandInOrigin>,
}

/// A twin's stage, and what is other in it.
pub(super) struct Replaced {
    pub stage: Arc<Stage>,
    pub side: Side,
    pub index: usize,
    /// The entry of λ that is about this training row alone, where there is one.
    pub own_entry: Option<usize>,
    pub old: RowSeen,
    pub new: RowSeen,
}

impl Ground {
    /// The ground of a seed.
    pub fn of(case: &Case<'_>, plan: &Plan, seed: u64) -> Result<Self, ProbeError> {
        let experiment = if plan.is_fixed { Arc::clone(&case.experiment) } else { case.with_seed(seed)? };
        let base = Arc::new(Stage::of(&experiment).on_streams_of(seed));
        let (Some(spec), Some(data)) = (&experiment.scenario.data, &experiment.data) else {
            return refuse("this problem has no rows");
        };
        let (rows, origin) = new_rows(plan, (spec, data), experiment.scenario.seed)?;
        let is_about_rows = experiment.problem.is_about_rows();
        let replaced = |(side, index, row): (Side, usize, Samples)| -> Result<Replaced, ProbeError> {
            let split = &data.split;
            let other = replacing(split, side, index, &row);
            let of = |samples: &Samples, index: usize| RowSeen::of(split, samples, index);
            let old = of(part(split, side), index);
            let new = of(&row, 0);
            let owner = (side == Side::Training && is_about_rows).then(|| split.row_weights().owners[index]).flatten();
            Ok(Replaced { stage: Arc::new(base.over(other)?), side, index, own_entry: owner, old, new })
        };
        let twins = rows.into_iter().map(replaced).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { seed, base, twins, origin })
    }
}

/// Side, place and the row that goes there.
type NewRow = (Side, usize, Samples);

/// The rows to put in place of others: those written out, or as many as were asked for, without replacement.
fn new_rows(
    plan: &Plan,
    (spec, data): (&DataSpec, &Prepared),
    seed: u64,
) -> Result<(Vec<NewRow>, Option<StandInOrigin>), ProbeError> {
    if !plan.written.is_empty() {
        let mut rows = Vec::new();
        for (place, row) in plan.written.iter().enumerate() {
            let at = |error: DataError| {
                ProbeError::Refused(format!("study.replaced[{place}].{}: {}", error.field, error.message))
            };
            let count = part(&data.split, row.side).targets.len();
            if row.index >= count {
                let side = row.side.name();
                return refuse(&format!(
                    "study.replaced[{place}].index: found {}; expected less than {count}, the number of {side} rows",
                    row.index
                ));
            }
            rows.push((row.side, row.index, written_out(spec, data, row).map_err(at)?));
        }
        return Ok((rows, None));
    }
    let source = StandIns::of(spec, seed, data)?;
    let mut order: Vec<usize> = (0..plan.rows).collect();
    choose(&mut order, plan.twins, &mut stream(seed, Purpose::StandIn, &[plan.side as u64]));
    order.truncate(plan.twins);
    order.sort_unstable();
    let row = |index: usize| Ok((plan.side, index, source.row(plan.side, index)?));
    let rows = order.into_iter().map(row).collect::<Result<Vec<_>, DataError>>()?;
    Ok((rows, Some(source.origin())))
}

fn part(split: &Split, side: Side) -> &Samples {
    match side {
        Side::Validation => &split.validation,
        Side::Training => &split.training,
    }
}

fn replacing(split: &Split, side: Side, index: usize, row: &Samples) -> Split {
    let mut split = split.clone();
    match side {
        Side::Validation => split.validation = split.validation.replacing(index, row),
        Side::Training => split.training = split.training.replacing(index, row),
    }
    split
}
