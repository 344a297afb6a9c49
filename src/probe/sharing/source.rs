//! What runs differ in.

use crate::catalog::{Kind, Knob, Knobs};
use crate::probe::{ProbeError, refuse};
use crate::trial::{Loops, OuterDraws, Part};

/// What is drawn afresh.
pub(super) const FRESH: Knob = Knob {
    key: "fresh",
    help: "What runs differ in, of what the scenario draws anew at every outer step. What they have in common is that of the first: the scenario's own split and θ₀.",
    kind: Kind::Choice {
        options: &[
            ("All", "everything"),
            ("Batches", "the batches alone"),
            ("Start", "θ₀ alone"),
            ("Split", "the rows alone: the same numbers of a batch are other rows"),
            ("Each", "everything, then each part alone"),
        ],
    },
};

/// Where runs fluctuate from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Everything,
    Alone(Part),
}

const ALONE: [Part; 3] = [Part::Batches, Part::Start, Part::Rows];

impl Source {
    /// What the knob asks for.
    ///
    /// # Errors
    /// When it is something that the trial's scenario does not draw anew.
    pub(super) fn asked(knobs: &Knobs, loops: &Loops) -> Result<Vec<Self>, ProbeError> {
        let alone = |part: Part| {
            if loops.draws_anew(part) {
                Ok(vec![Self::Alone(part)])
            } else {
                refuse(&lack(part, &loops.setting().name))
            }
        };
        let drawn: Vec<Self> = ALONE.into_iter().filter(|part| loops.draws_anew(*part)).map(Self::Alone).collect();
        match knobs.choice(FRESH.key) {
            "Batches" => alone(Part::Batches),
            "Start" => alone(Part::Start),
            "Split" => alone(Part::Rows),
            _ if drawn.is_empty() => refuse(&no_fluctuation(&loops.setting().name)),
            "Each" => Ok(std::iter::once(Self::Everything).chain(drawn).collect()),
            _ => Ok(vec![Self::Everything]),
        }
    }

    /// The draws of a run; what runs have in common is that of the first outer step, which is the scenario's own.
    pub(super) fn draws(self, replicate: usize) -> OuterDraws {
        match self {
            Self::Everything => OuterDraws::of(1 + replicate),
            Self::Alone(part) => OuterDraws::of(0).with(part, 1 + replicate),
        }
    }

    /// As a legend says it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Alone(Part::Batches) => "batches alone",
            Self::Alone(Part::Start) => "θ₀ alone",
            Self::Alone(Part::Rows) => "split alone",
        }
    }
}

/// Runs of which every one is the same.
fn no_fluctuation(name: &str) -> String {
    format!(
        "nothing is drawn anew for the runs of `{name}`: all are one run, and a variance over them would be rounding; expected `batch: Rows(…)`, \
         the world `Fresh`, or for the law alone the knob `of=Ramp`"
    )
}

fn lack(part: Part, name: &str) -> String {
    match part {
        Part::Batches => format!(
            "`{name}` takes all rows at every step, so that there are no batches to draw; expected `batch: Rows(…)`"
        ),
        Part::Start => format!(
            "`{name}` begins every run at one θ₀; expected a `theta` that is drawn, such as `Normal(deviation: 0.3)`, in a world `Fresh(start: true)`"
        ),
        Part::Rows => format!(
            "`{name}` has the same rows at every outer step; expected the world `Fresh`, or the ensemble `Fresh`"
        ),
    }
}
