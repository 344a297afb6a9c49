//! What an outer rule with a step for every entry of λ did last: how long each step is, which went back, which have converged.

use super::{Metric, Seen, Subject, Unit, When, needs};
use crate::catalog::Card;
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
            summary: "How many hyperparameters the outer rule takes to have converged; with all of them the trial stops.",
            cost: "none",
            fails: "An entry that is small by nature never converges, and noise makes any converge early.",
            knobs: &[],
        },
        "converged",
        |seen| seen.loops().rule_entries().map(|entries| count(&entries.converged)).into(),
    )
};

/// What was clipped.
pub static CLIPPED: Metric = Metric {
    unit: Unit::Share,
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

fn has_entries(subject: &Subject<'_>) -> Result<(), String> {
    let rule = &subject.setting.outer.rule;
    let has = (rule.entry().build)(&rule.knobs).entries().is_some();
    needs::said(has, "this outer rule has one step for all of λ; `Sign` has one for each entry")
}

fn last<'a>(seen: &'a Seen<'_>) -> Option<&'a Entries> {
    seen.loops().rule_entries().filter(|entries| !entries.steps.is_empty())
}

fn count(flags: &[bool]) -> usize {
    flags.iter().filter(|flag| **flag).count()
}
