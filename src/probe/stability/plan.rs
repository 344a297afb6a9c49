//! What is to be run: how many twins and seeds, and at which K they are looked at.

use super::{Case, ProbeError, Side};
use crate::catalog::Value;
use crate::data::ReplacedRow;
use crate::math::number::counted;
use crate::probe::refuse;

/// What a case asks for.
pub(super) struct Plan {
    /// R; as many as rows are written out, where they are.
    pub twins: usize,
    /// Number of seeds.
    pub seeds: usize,
    /// Whose row is replaced; rows that are written out say so themselves.
    pub side: Side,
    /// Whether all seeds share the data of the first.
    pub is_fixed: bool,
    /// K from which slopes are fitted.
    pub slope_from: usize,
    /// For each trial the K that it is looked at.
    pub marks: Vec<Vec<usize>>,
    /// m, the rows of the side.
    pub rows: usize,
    /// Rows written out, in place of which none are drawn.
    pub written: Vec<ReplacedRow>,
}

/// Runs at once: each has a θ, a λ and rows of its own.
const MOST_RUNS: usize = 20_000;

/// Numbers that all runs hold together: 1.6 GB.
const MOST_NUMBERS: usize = 200_000_000;

/// Marks in a decade, about evenly spaced in log K.
const MARKS: [usize; 5] = [1, 2, 3, 5, 7];

impl Plan {
    /// What a case asks for, where it can be had.
    pub fn of(case: &Case<'_>) -> Result<Self, ProbeError> {
        let side = if case.knobs.choice("side") == "Training" { Side::Training } else { Side::Validation };
        let written = case.scenario().study.replaced.clone();
        let rows = check(case, side)?;
        let twins = twins(case, written.len())?;
        if twins > rows && written.is_empty() {
            let side = side.name();
            return refuse(&format!(
                "`twins` is {twins}, but there are {} to replace; expected at most {rows}",
                counted(rows, &format!("{side} row"))
            ));
        }
        if !written.is_empty() && written.iter().all(|row| row.side != side) {
            let (side, field) = (side.name(), "study.replaced");
            return refuse(&format!(
                "`side` is {side}, but no row of `{field}` is a {side} row; expected one at least, or \
                 the other `side`"
            ));
        }
        let seeds = case.knobs.count("replicates");
        let steps = case.subjects.iter().map(|subject| subject.setting.outer.steps);
        let marks: Vec<Vec<usize>> = steps.map(marks).collect();
        if let Some(subject) = case.subjects.iter().find(|subject| subject.setting.outer.steps == 0) {
            return refuse(&format!(
                "`{}` takes no outer step; expected `outer.steps` of at least 1",
                subject.setting.name
            ));
        }
        let plan = Self {
            twins,
            seeds,
            side,
            is_fixed: case.knobs.choice("data") == "Fixed",
            slope_from: case.knobs.count("slope_from"),
            marks,
            rows,
            written,
        };
        plan.check_size(case)?;
        Ok(plan)
    }

    fn check_size(&self, case: &Case<'_>) -> Result<(), ProbeError> {
        let each = case.subjects.len().saturating_mul(self.seeds);
        let runs = (self.twins + 1).saturating_mul(each);
        let sizes = case.experiment.problem.dimensions();
        let columns = case.experiment.data.as_ref().map_or(0, |data| data.split.training.features.columns());
        // θ, λ and what is computed at them, and the rows of the side.
        let own = 12 * (sizes.inner + sizes.outer) + self.rows.saturating_mul(columns);
        let most = MOST_RUNS.min(MOST_NUMBERS / own.max(1));
        if runs <= most {
            return Ok(());
        }
        refuse(&format!(
            "{} of {} with {} each are {runs} runs at once; expected at most {most} with a problem of this size: fewer \
             `replicates` or `twins`",
            counted(case.subjects.len(), "trial"),
            counted(self.seeds, "seed"),
            counted(self.twins, "twin"),
        ))
    }

    /// Outer steps of all runs together.
    pub fn units(&self, case: &Case<'_>) -> usize {
        let steps = case.subjects.iter().fold(0, |all: usize, subject| all.saturating_add(subject.setting.outer.steps));
        steps.saturating_mul(self.seeds).saturating_mul(self.twins + 1)
    }
}

/// R: what the knob says, or as many as rows are written out, beside which a number that was chosen is a mistake.
fn twins(case: &Case<'_>, written: usize) -> Result<usize, ProbeError> {
    let asked = case.knobs.count("twins");
    let knob = case.knobs.descriptions().iter().find(|knob| knob.key == "twins");
    let is_chosen = knob.is_some_and(|knob| knob.default() != Value::Integer(asked as i64));
    if written > 0 && is_chosen && asked != written {
        return refuse(&format!(
            "`twins` is {asked}, but `study.replaced` writes out {}, one for each twin; expected no `twins`, or {written}",
            counted(written, "row")
        ));
    }
    Ok(if written > 0 { written } else { asked })
}

/// That there are rows to replace, and runs that their replacement reaches; how many rows.
fn check(case: &Case<'_>, side: Side) -> Result<usize, ProbeError> {
    let Some(data) = &case.experiment.data else {
        return refuse(
            "this problem has no rows, so that none can be replaced; expected a problem that learns from \
             rows",
        );
    };
    if !data.tasks.is_empty() || case.scenario().data.as_ref().is_some_and(|data| data.source.gives_tasks()) {
        return refuse("a family of tasks has rows of several problems; expected a problem with rows of its own");
    }
    for subject in &case.subjects {
        let (setting, name) = (&subject.setting, &subject.setting.name);
        if setting.ensemble.entry().divides {
            return refuse(&format!(
                "`{name}` divides its rows among members, so that a validation row may train; expected `ensemble: Single`"
            ));
        }
        if setting.world.entry().moves {
            return refuse(&format!(
                "the rows of `{name}` are drawn anew at every outer step, so that none can be replaced; expected `world: Fixed`"
            ));
        }
    }
    Ok(match side {
        Side::Validation => data.rows.validation.len(),
        Side::Training => data.rows.training.len(),
    })
}

/// 1, 2, 3, 5, 7, 10, … and the last.
fn marks(last: usize) -> Vec<usize> {
    let decades = (0..).map_while(|power| 10usize.checked_pow(power));
    let all = decades.flat_map(|decade| MARKS.map(|mark| mark.saturating_mul(decade)));
    let mut marks: Vec<usize> = all.take_while(|mark| *mark < last).collect();
    marks.push(last);
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_end_at_the_last_step() {
        assert_eq!(marks(1), [1]);
        assert_eq!(marks(12), [1, 2, 3, 5, 7, 10, 12]);
        assert_eq!(marks(30), [1, 2, 3, 5, 7, 10, 20, 30]);
    }
}
