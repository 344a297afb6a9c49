//! Step sizes that fall from one outer step to the next, as the theory of stochastic methods asks for.

use super::{Kind, Knob, Knobs, Scale};

/// The power c by which a step size falls.
pub const FALL_POWER: Knob = Knob {
    key: "fall_power",
    help: "c: the step of outer step t is divided by (1 + t/b)^c; 0 keeps it constant.",
    kind: Kind::Real { default: 0.0, range: (0.0, 4.0), scale: Scale::Linear },
};

/// The outer steps b after which it falls.
pub const FALL_AFTER: Knob = Knob {
    key: "fall_after",
    help: "b: outer steps after which a step that falls is 2^c times smaller.",
    kind: Kind::Real { default: 100.0, range: (1e-3, 1e9), scale: Scale::Logarithmic },
};

/// A step size `a / (1 + t/b)^c` of outer step t.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Falling {
    after: f64,
    power: f64,
}

impl Falling {
    /// From the knobs [`FALL_POWER`] and [`FALL_AFTER`].
    #[must_use]
    pub fn of(knobs: &Knobs) -> Self {
        Self::by(knobs.real(FALL_POWER.key), knobs.real(FALL_AFTER.key))
    }

    /// With power c after b outer steps; with a negative power it rises.
    #[must_use]
    pub fn by(power: f64, after: f64) -> Self {
        Self { after, power }
    }

    /// The step at outer step t (from 0) of one that begins with `first`.
    #[must_use]
    pub fn at(&self, first: f64, outer: usize) -> f64 {
        if self.power == 0.0 { first } else { first / (1.0 + outer as f64 / self.after).powf(self.power) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;

    #[test]
    fn a_step_is_divided_by_a_power() {
        const KNOBS: &[Knob] = &[FALL_POWER, FALL_AFTER];
        let falling = |power: f64| {
            let knobs = Knobs::defaults(KNOBS).with("fall_power", Value::Real(power));
            Falling::of(&knobs.with("fall_after", Value::Real(4.0)))
        };
        assert_eq!(falling(0.0).at(0.3, 12), 0.3);
        for (outer, expected) in [(0, 6.0), (4, 3.0), (8, 2.0), (20, 1.0)] {
            assert_eq!(falling(1.0).at(6.0, outer), expected);
            assert_eq!(falling(0.5).at(6.0, outer), 6.0 / (6.0f64 / expected).sqrt());
        }
    }
}
