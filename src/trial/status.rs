//! What a trial is doing.

use std::fmt;

use crate::math::number::counted;

/// What a trial is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its inner run goes on.
    Running,
    /// Its inner run is over; the outer step comes next.
    Ready,
    /// θ is not finite. The trial waits for a knob to be turned.
    Diverged {
        /// Outer step at which it happened.
        outer: usize,
        /// Inner step at which it happened.
        inner: usize,
        /// Whether the step size is beyond what the penalty alone lets converge at this λ.
        is_long: bool,
    },
    /// The hypergradient estimate is not finite, so λ cannot move.
    NoEstimate {
        /// Outer step at which it happened.
        outer: usize,
    },
    /// No student of a population has an f that is finite.
    AllDiverged {
        /// Outer step at which it happened.
        outer: usize,
    },
    /// What its estimator carries over, v or y, is not finite, though ĥ still is.
    NoCarried {
        /// Outer step at which it happened.
        outer: usize,
    },
    /// The rows cannot be divided as the ensemble asks: a class would be left out of training.
    NoSplit {
        /// Outer step at which it happened.
        outer: usize,
    },
    /// The rows that its world moves along have come to their end. No failure: time goes no further.
    NoRows {
        /// Outer step that has none.
        outer: usize,
    },
    /// What its estimators keep of the inner run has reached `MOST_BYTES`.
    NoRoom {
        /// Outer step at which it happened.
        outer: usize,
        /// Inner step at which it happened.
        inner: usize,
    },
    /// The outer rule takes λ to have converged. No failure: there is nothing more to do.
    Converged {
        /// Outer steps that were taken.
        outer: usize,
    },
    /// The lists of rows that the scenario writes out have come to their end.
    NoLists {
        /// Outer step that has none.
        outer: usize,
    },
}

/// What the estimators of a trial may keep of an inner run.
pub use crate::estimator::MOST_BYTES;

impl Status {
    /// Whether the trial has stopped for good, short of a changed setting.
    #[must_use]
    pub fn is_halted(self) -> bool {
        !matches!(self, Self::Running | Self::Ready)
    }

    /// Whether it has stopped since something is not finite.
    #[must_use]
    pub const fn has_failed(self) -> bool {
        matches!(
            self,
            Self::Diverged { .. } | Self::NoEstimate { .. } | Self::NoCarried { .. } | Self::AllDiverged { .. }
        )
    }

    /// Why it has stopped, in a word or two, for tables and legends; nothing where it has not.
    #[must_use]
    pub const fn stop(self) -> Option<&'static str> {
        match self {
            Self::Running | Self::Ready => None,
            Self::Diverged { .. } => Some("diverged"),
            Self::AllDiverged { .. } => Some("all students diverged"),
            Self::NoEstimate { .. } => Some("ĥ not finite"),
            Self::NoCarried { .. } => Some("v not finite"),
            Self::NoSplit { .. } => Some("no split"),
            Self::NoRows { .. } => Some("no more rows"),
            Self::NoRoom { .. } => Some("no room"),
            Self::NoLists { .. } => Some("no more lists"),
            Self::Converged { .. } => Some("converged"),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("running"),
            Self::Ready => f.write_str("inner run over"),
            Self::Diverged { outer, inner, is_long } => {
                write!(f, "diverged at outer {outer}, inner {inner}: θ is not finite")?;
                if *is_long { f.write_str("; the step is beyond 2/L at this λ") } else { Ok(()) }
            }
            Self::AllDiverged { outer } => write!(f, "all students diverged at outer {outer}"),
            Self::NoEstimate { outer } => write!(f, "stopped at outer {outer}: ĥ is not finite"),
            Self::NoCarried { outer } => {
                write!(f, "stopped at outer {outer}: v or y, which goes on from step to step, is not finite")
            }
            Self::NoRoom { outer, inner } => write!(
                f,
                "stopped at outer {outer}, inner {inner}: what its estimator keeps of the run has reached {} MiB; fewer inner \
                 steps fit",
                MOST_BYTES >> 20
            ),
            Self::Converged { outer } => write!(f, "converged after {}", counted(*outer, "outer step")),
            Self::NoLists { outer } => write!(f, "stopped at outer {outer}: `draws` lists no more rows"),
            Self::NoRows { outer } => write!(f, "stopped at outer {outer}: the rows in time have come to their end"),
            Self::NoSplit { outer } => write!(
                f,
                "stopped at outer {outer}: the rows cannot be divided so that each part has some, and of classes all"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::scenario::{NoFiles, Setting, experiment, parse};
    use crate::trial::{Loops, Stage};

    /// A tape of the states of a run: 8 bytes a number of θ and step.
    #[test]
    fn a_tape_that_would_not_fit_stops_the_trial_and_says_where() {
        let text = r#"Scenario(title: "A tape", about: "It is long.", problem: Quadratic(inner_dimension: 64, outer_dimension: 2),
            inner: Inner(dynamics: GradientDescent(), steps: 1000000), trials: [Trial(estimator: Truncated(last: 100000))])"#;
        let scenario = parse(text).unwrap();
        let stage = Arc::new(Stage::of(&Arc::new(experiment(&scenario, &NoFiles).unwrap())));
        let mut loops = Loops::new(0, Setting::of(&scenario.trials[0], &scenario), &stage);
        loops.finish_inner();
        let Status::NoRoom { outer: 0, inner } = loops.status() else { panic!("{}", loops.status()) };
        // The bound over 512 bytes a step, and one.
        assert!((MOST_BYTES / 512 - 2..=MOST_BYTES / 512 + 2).contains(&inner), "{inner}");
    }
}
