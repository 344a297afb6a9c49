//! What probes have in common that ask a method at a state where nothing moves.

use crate::draw::{Batch, Drawing, Products};
use crate::estimator::{Estimate, Family};
use crate::math::vector::is_finite;
use crate::scenario::Setting;
use crate::trial::{Gives, Held, Loops};

/// The setting with every call over all rows.
pub(super) fn over_all_rows(setting: &Setting) -> Setting {
    let mut setting = setting.clone();
    setting.inner.batch = Batch::Full;
    setting.inner.products = Products::AsInner;
    setting.outer.batch = Batch::Full;
    setting.draws = Drawing::Own;
    setting
}

/// The direction of loops that hold θ, or why it is none. What is a derivative of the inner run needs one first, which leads nowhere;
/// others are asked at its start.
pub(super) fn direction(mut loops: Loops) -> Result<Estimate, String> {
    if loops.setting().estimator.entry().family == Family::Iterative {
        loops.finish_inner();
    }
    let estimate = loops.estimate();
    if loops.status().is_halted() {
        // It may happen to be finite, and must not pass for a direction.
        return Err(loops.status().to_string());
    }
    if is_finite(&estimate.hypergradient) { Ok(estimate) } else { Err("its direction is not finite".to_owned()) }
}

/// The exact answer at the λ of some loops, or why there is none.
pub(super) fn exact(loops: &Loops) -> Result<Held, String> {
    let held = loops.exact();
    match &held.doubt {
        Some(doubt) => Err(doubt.clone()),
        None if held.gives == Gives::Nothing => {
            Err("there is no exact ∇F for λ of which the inner dynamics bring a part of their own".to_owned())
        }
        None => Ok(held),
    }
}
