//! What an outer rule with a step for every entry of λ did last: how long each step is, which went back, which have converged.

use super::{Metric, Seen, Subject, Unit, When, needs};
use crate::catalog::{Card, Knobs, Value};
use crate::outer::Entries;

/// The step of every entry.
pub static ENTRY_STEPS: Metric = Metric {
    needs: has_entries,
    when: When::Lambda,
    ..Metric::vector(
        Card {
            id: "entry-steps",
            name: "Steps of the entries of λ",
            source: "Micaelli and Storkey 2021, algorithm 1",
            equation: "δ",
            summary: "The outer step of each hyperparameter that led to this λ, for rules with a step for each.",
            cost: "none",
            fails: "Empty before the first outer step.",
            knobs: &[],
        },
        "δ",
        |seen| last(seen).map(|entries| entries.steps.clone()).into(),
    )
};

/// Which entries went back.
pub static FLIPPED_ENTRIES: Metric = Metric {
    needs: has_entries,
    when: When::Lambda,
    ..Metric::vector(
        Card {
            id: "flipped-entries",
            name: "Entries whose sign has flipped",
            source: "Micaelli and Storkey 2021, algorithm 1",
            equation: "1 where s_i · s₋ᵢ = −1, else 0",
            summary: "Which hyperparameters turned round with the step that led to this λ: 1, and 0 for the others.",
            cost: "none",
            fails: "Empty before the first outer step.",
            knobs: &[],
        },
        "flipped",
        |seen| last(seen).map(|entries| flags(&entries.flipped)).into(),
    )
};

/// Which entries have converged.
pub static CONVERGED_ENTRIES: Metric = Metric {
    needs: has_entries,
    when: When::Lambda,
    ..Metric::vector(
        Card {
            id: "converged-entries",
            name: "Entries that have converged",
            source: "Micaelli and Storkey 2021, algorithm 1",
            equation: "1 where δ_i < .05 |λ_i|, else 0",
            summary: "Which hyperparameters the outer rule takes to have converged: 1, and 0 for the others.",
            cost: "none",
            fails: "Empty before the first outer step; what is held where it is counts as converged.",
            knobs: &[],
        },
        "converged λ",
        |seen| last(seen).map(|entries| flags(&entries.converged)).into(),
    )
};

/// Entries whose last step went back.
pub static FLIPS: Metric = Metric {
    unit: Unit::Entries,
    needs: has_entries,
    when: When::Lambda,
    ..Metric::number(
        Card {
            id: "flips",
            name: "Flipped signs",
            source: "Micaelli and Storkey 2021, algorithm 1",
            equation: "|{i : s_i · s₋ᵢ = −1}|",
            summary: "How many hyperparameters turned round with the step that led to this λ.",
            cost: "none",
            fails: "Noise flips signs as well as a minimum that was passed.",
            knobs: &[],
        },
        "flips",
        // Before the first step none has turned.
        |seen| seen.loops().rule_entries().map(|entries| count(&entries.flipped)).into(),
    )
};

/// Entries that have converged.
pub static CONVERGED: Metric = Metric {
    unit: Unit::Entries,
    needs: has_entries,
    when: When::Lambda,
    rank: 26,
    ..Metric::number(
        Card {
            id: "converged",
            name: "Converged entries",
            source: "Micaelli and Storkey 2021, algorithm 1",
            equation: "|{i : δ_i < .05 |λ_i|}|",
            summary: "How many hyperparameters, of those that it moves, the outer rule takes to have converged; with all of them the trial stops.",
            cost: "none",
            fails: "An entry that is small by nature never converges, and noise makes any converge early.",
            knobs: &[],
        },
        "converged",
        |seen| {
            let loops = seen.loops();
            let moving = |entries: &Entries| {
                let entries = entries.converged.iter().zip(loops.blocks().scales());
                entries.filter(|(has_converged, scale)| **has_converged && *scale != 0.0).count()
            };
            loops.rule_entries().map(moving).into()
        },
    )
};

/// What was clipped.
pub static CLIPPED: Metric = Metric {
    unit: Unit::Share,
    needs: has_clamps,
    rank: 27,
    ..Metric::number(
        Card {
            id: "clipped",
            name: "Clipped entries",
            source: "Micaelli and Storkey 2021, code",
            equation: "entries beyond the clamps / all",
            summary: "The share of entries of gradients and of products with the curvature that the clamps cut, so far.",
            cost: "none",
            fails: "Where anything is clipped, what is differentiated is not the run as it was taken.",
            knobs: &[],
        },
        "clipped",
        |seen| seen.loops().clipped().share().into(),
    )
};

/// Dynamics and estimators that clip call the limit `clamp`, and do not where it is 0.
fn has_clamps(subject: &Subject<'_>) -> Result<(), String> {
    let setting = subject.setting;
    let is_set = |knobs: &Knobs| matches!(knobs.get("clamp"), Ok(Value::Real(limit)) if limit > 0.0);
    let has = is_set(&setting.estimator.knobs) || is_set(&setting.inner.dynamics.knobs);
    needs::said(
        has,
        "no clamp is set; `clamp` of `Schedule` clips gradients, that of `Forward` products with the curvature",
    )
}

fn has_entries(subject: &Subject<'_>) -> Result<(), String> {
    let rule = &subject.setting.outer.rule;
    let has = (rule.entry().build)(&rule.knobs).entries().is_some();
    needs::said(has, "this outer rule has one step for all of λ; `Sign` has one for each entry")
}

fn last<'a>(seen: &'a Seen<'_>) -> Option<&'a Entries> {
    seen.loops().rule_entries().filter(|entries| !entries.steps.is_empty())
}

fn flags(flags: &[bool]) -> Vec<f64> {
    flags.iter().map(|flag| f64::from(u8::from(*flag))).collect()
}

fn count(flags: &[bool]) -> usize {
    flags.iter().filter(|flag| **flag).count()
}
