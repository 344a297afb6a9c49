//! Third derivatives of a g whose second ones are the same at every λ and θ: zero.

use super::{Cache, Location, ThirdDerivatives};

pub(super) struct ConstantCurvature;

impl ThirdDerivatives for ConstantCurvature {
    fn inner(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn cross_jvp(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn cross_vjp(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }
}
