//! What the knobs say.

use super::factor::{Average, Factor, Form};
use super::inverse::Inverse;
use super::line::Line;
use super::sketch::{Sketch, Tail};
use super::whole::Whole;
use crate::catalog::{Kind, Knob, Knobs, Scale, Value};

/// Every knob, in the order shown.
pub(super) const KNOBS: &[Knob] = &[
    Knob {
        key: "fisher",
        help: "Whose labels the scores are of.",
        kind: Kind::Choice {
            options: &[
                ("Empirical", "the rows' own: tends to H only where the model is right"),
                ("Sampled", "drawn from the model, on a stream of their own: tends to H always"),
                ("Expected", "all that the model can give: the Hessian of the batch itself"),
            ],
        },
    },
    Knob {
        key: "form",
        help: "What is kept of F.",
        kind: Kind::Sized {
            plain: &[
                ("Whole", "F, factorized with penalty and damping for every estimate: d² numbers"),
                ("InverseSum", "the inverse of a sum over all rows, without a penalty"),
                ("InverseMean", "the inverse of an exponential mean, without a penalty"),
            ],
            sized: &[("Sketch", "so many directions, the largest, and a tail: d numbers each")],
            range: (1, 4000),
        },
    },
    Knob {
        key: "scores",
        help: "What of a batch joins F.",
        kind: Kind::Choice {
            options: &[
                ("Rows", "the score of every row"),
                ("Batch", "the mean score, times √m: one vector a step"),
                ("Centred", "the same with the gradient of the penalty, which is zero at θ*"),
            ],
        },
    },
    Knob {
        key: "beta",
        help: "Weight β that F keeps at a batch: ω = max(1/τ, 1 − β). 1 is the mean of all batches. `InverseSum` does not read it.",
        kind: Kind::Real { default: 0.98, range: (0.0, 1.0), scale: Scale::Linear },
    },
    Knob {
        key: "average",
        help: "How the mean begins; of an inverse it begins with `start`.",
        kind: Kind::Choice {
            options: &[
                ("Replaced", "the first batch takes the place of F₀: ω = max(1/τ, 1 − β)"),
                ("Corrected", "from zero with ω = 1 − β, and divided by 1 − β^τ"),
            ],
        },
    },
    Knob {
        key: "damping",
        help: "Solves (F + R + damping·I)v = ∇f: below the small eigenvalues of H it is harmless. An inverse has it only where it is made anew.",
        kind: Kind::Real { default: 1e-3, range: (0.0, 1e3), scale: Scale::Logarithmic },
    },
    Knob {
        key: "carry",
        help: "Whether F goes on over outer steps; off, every inner run begins without one.",
        kind: Kind::Toggle { default: true },
    },
    Knob {
        key: "staleness",
        help: "Batches s that F is behind: the one used is of max(τ − s, 0) batches.",
        kind: Kind::Integer { default: 0, range: (0, 10_000), scale: Scale::Logarithmic },
    },
    Knob {
        key: "cross",
        help: "Rows of the product with J, where λ weighs rows.",
        kind: Kind::Choice {
            options: &[
                ("End", "all of them, at the end of the run"),
                ("Table", "all of them, by the score that each had when it was last drawn, 0 before"),
                ("Extra", "as many as `products` says, drawn anew"),
            ],
        },
    },
    Knob {
        key: "row_weights",
        help: "The power of a row's weight in F. The loss is linear in it, so that only the first is right.",
        kind: Kind::Choice { options: &[("Linear", "as it is"), ("Squared", "its square: a classic mistake")] },
    },
    Knob {
        key: "tail",
        help: "What becomes of the eigenvalues that a sketch drops: κ of F ≈ BBᵀ + κI grows by a share of their sum, and κI is added in all d directions.",
        kind: Kind::Choice {
            options: &[
                (
                    "OverRank",
                    "their sum divided by how many directions scores have a part in beside the r that are kept",
                ),
                ("OverDimension", "their sum divided by d − r, all directions beside those that are kept"),
                ("Off", "nothing: κ = 0, and they are lost"),
            ],
        },
    },
    Knob {
        key: "start",
        help: "The multiple of I whose inverse an inverse begins with; of `InverseSum` it is divided by the rows seen, with their sum.",
        kind: Kind::Real { default: 0.1, range: (1e-12, 1e6), scale: Scale::Logarithmic },
    },
    Knob {
        key: "rebuild",
        help: "Batches after which `InverseMean` is made anew from F, penalty and damping; 0 is never.",
        kind: Kind::Integer { default: 0, range: (0, 1_000_000), scale: Scale::Logarithmic },
    },
    Knob {
        key: "threads",
        help: "Where F is kept up to date; the numbers are the same.",
        kind: Kind::Choice {
            options: &[
                ("Auto", "on a second thread for a θ of 200 entries or more"),
                ("One", "on the thread of the run"),
                ("Two", "on a second one"),
            ],
        },
    },
];

/// From here on a second thread is worth it.
const LEAST_PARALLEL: usize = 200;

/// Whose labels scores are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fisher {
    Empirical,
    Sampled,
    Expected,
}

/// What of a batch joins F.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scores {
    Rows,
    Batch,
    Centred,
}

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Whole,
    InverseSum,
    InverseMean,
    Sketch(usize),
}

/// Rows of the product with J.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cross {
    End,
    Table,
    Extra,
}

/// What F is made of: where one of these changes, it is another F.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Recipe {
    pub fisher: Fisher,
    pub kept: Kept,
    pub scores: Scores,
    pub average: Average,
    pub staleness: usize,
    pub is_squared: bool,
    pub tail: Tail,
    pub start: f64,
    /// How often an inverse is made anew, and with what damping, which is no part of F otherwise.
    pub rebuild: (usize, f64),
}

/// All of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub recipe: Recipe,
    pub damping: f64,
    pub carries: bool,
    pub cross: Cross,
    threads: &'static str,
}

impl Settings {
    pub fn of(knobs: &Knobs) -> Self {
        let kept = match knobs.get("form") {
            Ok(Value::Sized(_, directions)) => Kept::Sketch(usize::try_from(directions).unwrap_or(1)),
            Ok(Value::Choice("InverseSum")) => Kept::InverseSum,
            Ok(Value::Choice("InverseMean")) => Kept::InverseMean,
            _ => Kept::Whole,
        };
        let damping = knobs.real("damping");
        let every = if kept == Kept::InverseMean { knobs.count("rebuild") } else { 0 };
        let recipe = Recipe {
            fisher: match knobs.choice("fisher") {
                "Sampled" => Fisher::Sampled,
                "Expected" => Fisher::Expected,
                _ => Fisher::Empirical,
            },
            kept,
            scores: match knobs.choice("scores") {
                "Batch" => Scores::Batch,
                "Centred" => Scores::Centred,
                _ => Scores::Rows,
            },
            average: Average { beta: knobs.real("beta"), is_corrected: knobs.choice("average") == "Corrected" },
            staleness: knobs.count("staleness"),
            is_squared: knobs.choice("row_weights") == "Squared",
            tail: match knobs.choice("tail") {
                "OverDimension" => Tail::OverDimension,
                "Off" => Tail::Off,
                _ => Tail::OverRank,
            },
            start: knobs.real("start"),
            rebuild: (every, if every > 0 { damping } else { 0.0 }),
        };
        let cross = match knobs.choice("cross") {
            "Table" => Cross::Table,
            "Extra" => Cross::Extra,
            _ => Cross::End,
        };
        Self { recipe, damping, carries: knobs.toggle("carry"), cross, threads: knobs.choice("threads") }
    }

    /// What such settings cannot do: the knob at fault, and what was found and expected.
    pub fn mistake(&self) -> Option<(&'static str, String)> {
        let Recipe { kept, average: Average { beta, .. }, .. } = self.recipe;
        let is_within = beta > 0.0 && beta < 1.0;
        (kept == Kept::InverseMean && !is_within).then(|| {
            let message = format!(
                "`beta` is {beta}, and `InverseMean` divides by it and by what it leaves to 1; expected a number between 0 and 1, or \
                 `form: InverseSum` for the mean of all batches"
            );
            ("beta", message)
        })
    }

    /// Knobs that such a form does not read, each with what would read it.
    pub fn idle(&self) -> Vec<(&'static str, &'static str)> {
        const SKETCH: (&str, &str) = ("tail", "a `Sketch(…)`");
        const START: (&str, &str) = ("start", "an inverse");
        const REBUILD: (&str, &str) = ("rebuild", "`InverseMean`");
        const BETA: (&str, &str) = ("beta", "every other form");
        const DAMPING: (&str, &str) = ("damping", "what is not an inverse, or one that is made anew by `rebuild`");
        match (self.recipe.kept, self.recipe.rebuild.0) {
            (Kept::Whole, _) => vec![SKETCH, START, REBUILD],
            (Kept::Sketch(_), _) => vec![START, REBUILD],
            (Kept::InverseSum, _) => vec![SKETCH, REBUILD, BETA, DAMPING],
            (Kept::InverseMean, 0) => vec![SKETCH, DAMPING],
            (Kept::InverseMean, _) => vec![SKETCH],
        }
    }

    /// Whether F is kept up to date by a second thread.
    pub fn is_parallel(&self, size: usize) -> bool {
        match self.threads {
            "One" => false,
            "Two" => true,
            _ => size >= LEAST_PARALLEL,
        }
    }

    /// A line without a batch, for θ of such a length and scores that have a part in so many directions of it.
    pub fn line(&self, size: usize, rank: usize) -> Line {
        let Recipe { kept, average, staleness, tail, start, rebuild, .. } = self.recipe;
        let form = match kept {
            Kept::Whole => Form::Whole(Whole::new(size)),
            Kept::InverseSum => Form::Inverse(Inverse::sum(size, start)),
            Kept::InverseMean => Form::Inverse(Inverse::exponential(size, start, average.beta, rebuild)),
            Kept::Sketch(directions) => Form::Sketch(Sketch::new(size, directions, rank, tail)),
        };
        Line::new(Factor::new(form, average), staleness)
    }

    /// Numbers of a factor.
    pub fn numbers(&self, size: usize) -> usize {
        match self.recipe.kept {
            Kept::Sketch(directions) => directions.min(size).saturating_mul(size),
            _ => size.saturating_mul(size),
        }
    }
}
