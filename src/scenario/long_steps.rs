//! Steps that are too long for certain: beyond what the curvature lets converge at a λ.
//!
//! Where g is quadratic the curvature is known, and so is that of f along with it; elsewhere that of the penalty is, which g is
//! no flatter than where its loss is convex. What an estimator moves beside θ (v of the linear system, y of first-order
//! methods) is held against the same. Said in the same words before a run and along it.

use std::sync::Arc;

use super::{InnerSpec, Setting};
use crate::catalog::{FALL_AFTER, FALL_POWER, Falling, Kind, Value};
use crate::estimator::{Beside, Down};
use crate::math::lanczos::{Extremes, extreme_eigenvalues};
use crate::math::number::plain;
use crate::problem::{Oracle, Problem, penalty_curvature};

/// A step that is too long, and what would do.
#[derive(Debug, Clone, PartialEq)]
pub struct LongStep {
    /// The field that says how long it is, from the trial on.
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
    /// What would do.
    pub help: String,
}

/// Steps of a trial at an outer step that are too long at λ, which begins with the problem's own. Nothing is asked of the problem
/// where no step is a number, and nothing that takes long: of many entries of θ it is the penalty that is looked at.
#[must_use]
pub fn long_steps(setting: &Setting, problem: &Arc<dyn Problem>, lambda: &[f64], outer: usize) -> Vec<LongStep> {
    let lambda = &lambda[..problem.dimensions().outer.min(lambda.len())];
    within(&mut Bounds::quick(problem, lambda), setting, outer)
}

/// The same with what is known of curvature.
pub(super) fn within(bounds: &mut Bounds<'_>, setting: &Setting, outer: usize) -> Vec<LongStep> {
    let fixed = fixed_step(&setting.inner, outer);
    let estimator = (setting.estimator.entry().build)(&setting.estimator.knobs);
    let beside = estimator.beside(fixed.map(|(step, _)| step), outer);
    let of_theta = fixed.and_then(|step| of_theta(step, bounds));
    // One mistake is said once: v and y that go with the step of θ are too long with it.
    let of_beside = beside.into_iter().filter(|_| of_theta.is_none()).filter_map(|beside| of_beside(beside, bounds));
    let of_beside = of_beside.collect::<Vec<LongStep>>().into_iter().take(1);
    of_theta.into_iter().chain(of_beside).collect()
}

/// The step of θ of an inner loop, whoever's it is.
pub(super) fn long_step(inner: &InnerSpec, bounds: &mut Bounds<'_>) -> Option<LongStep> {
    of_theta(fixed_step(inner, 0)?, bounds)
}

/// What is known of curvature at one λ, once it was asked for.
pub(super) struct Bounds<'a> {
    problem: &'a Arc<dyn Problem>,
    lambda: &'a [f64],
    /// Entries of θ up to which curvatures of rows are asked for.
    most: usize,
    inner: Option<Option<f64>>,
}

/// Of so many entries of θ the curvature takes no longer than what else is done at every λ.
const FEW_ENTRIES: usize = 64;

/// Products after which the extreme curvatures stand out enough.
const PRODUCTS: usize = 60;

impl<'a> Bounds<'a> {
    pub(super) fn new(problem: &'a Arc<dyn Problem>, lambda: &'a [f64]) -> Self {
        Self { problem, lambda, most: usize::MAX, inner: None }
    }

    fn quick(problem: &'a Arc<dyn Problem>, lambda: &'a [f64]) -> Self {
        Self { most: FEW_ENTRIES, ..Self::new(problem, lambda) }
    }

    fn is_quadratic(&self) -> bool {
        self.problem.is_quadratic() && self.problem.dimensions().inner <= self.most
    }

    /// The largest curvature of g, or where g is not quadratic of its penalty; `None` where nothing is known.
    fn of_inner(&mut self) -> Option<f64> {
        let (problem, lambda, is_quadratic) = (self.problem, self.lambda, self.is_quadratic());
        *self.inner.get_or_insert_with(|| {
            if is_quadratic { problem.curvature_bound(lambda) } else { Some(penalty_curvature(problem, lambda)) }
        })
    }

    /// The extreme curvatures of `a g + c f`, where both are quadratic; a little less than they are.
    fn of_sum(&self, (inner, outer): (f64, f64)) -> Option<Extremes> {
        let mut oracle = Oracle::new(Arc::clone(self.problem));
        let size = oracle.inner_dimension();
        oracle.move_to(self.lambda, &vec![0.0; size]);
        let mut part = vec![0.0; size];
        extreme_eigenvalues(size, PRODUCTS, |v, out| {
            oracle.hvp(v, out);
            part.fill(0.0);
            oracle.outer_hvp(v, &mut part);
            out.iter_mut().zip(&part).for_each(|(out, part)| *out = inner * *out + outer * part);
        })
    }
}

/// Rounding in a curvature must not make the longest stable step a warning.
const ROUNDING: f64 = 1e-9;

fn of_theta((step, momentum): (f64, f64), bounds: &mut Bounds<'_>) -> Option<LongStep> {
    let curvature = bounds.of_inner()?;
    let limit = 2.0 * (1.0 + momentum) / curvature;
    if step <= limit * (1.0 + ROUNDING) {
        return None;
    }
    let field = "inner.dynamics.step";
    if bounds.is_quadratic() {
        let name = if momentum > 0.0 { "2(1 + β)/L" } else { "2/L" };
        let message = format!("the step {step} is beyond {name} = {limit:.4}, so the inner loop diverges at this λ");
        let help = format!("L is the largest curvature, {curvature:.4}; `step: Auto` takes 1/L");
        return Some(LongStep { field, message, help });
    }
    let may = if bounds.problem.is_convex() { "diverges" } else { "may diverge" };
    let message = format!(
        "the step {step} is beyond {limit:.4}, the longest that the penalty lets converge, so the inner loop {may} at this λ"
    );
    let help = format!(
        "the penalty's largest curvature is {curvature:.4} here, e^λ of some entry; a smaller λ or a shorter step would do"
    );
    Some(LongStep { field, message, help })
}

/// The same of what an estimator moves beside θ.
fn of_beside(beside: Beside, bounds: &mut Bounds<'_>) -> Option<LongStep> {
    let Beside { name, step, down } = beside;
    let (inner, outer) = down.weights();
    let says = |message: String, help: String| Some(LongStep { field: "estimator", message, help });
    let shown = plain(step);
    if !bounds.is_quadratic() || outer == 0.0 {
        // f is no flatter than nothing where it is convex; what leans away from it is not known.
        let curvature = inner * bounds.of_inner().filter(|_| outer >= 0.0)?;
        let limit = 2.0 / curvature;
        if step <= limit * (1.0 + ROUNDING) {
            return None;
        }
        let may = if bounds.problem.is_convex() { "diverges" } else { "may diverge" };
        let of = if bounds.is_quadratic() {
            format!("2/L = {limit:.4}")
        } else {
            format!("{limit:.4}, the longest that the penalty lets converge")
        };
        return says(
            format!("the step {shown} of {name} is beyond {of}, so {name} {may} at this λ"),
            format!(
                "{} has a curvature of {curvature:.4} here; a step below {limit:.4} would do{}",
                down.name(),
                less(down, step, bounds)
            ),
        );
    }
    let ends = bounds.of_sum((inner, outer))?;
    if ends.smallest < -ROUNDING * ends.largest.abs() {
        return says(
            format!("{} has no minimum at this λ, so {name} diverges with any step", down.name()),
            "f bends more than g there; a larger `multiplier` would do, or one side".to_owned(),
        );
    }
    let limit = 2.0 / ends.largest;
    if step <= limit * (1.0 + ROUNDING) {
        return None;
    }
    says(
        format!(
            "the step {shown} of {name} is beyond 2/L = {limit:.4} of {}, so {name} diverges at this λ",
            down.name()
        ),
        format!(
            "L is its largest curvature, {:.4}; a step below {limit:.4} would do{}",
            ends.largest,
            less(down, step, bounds)
        ),
    )
}

/// Which κ would do with this step, where one would.
fn less(down: Down, step: f64, bounds: &mut Bounds<'_>) -> String {
    let (Some(inner), true) = (bounds.of_inner(), bounds.is_quadratic()) else { return String::new() };
    let Some(outer) = bounds.of_sum((0.0, 1.0)).map(|ends| ends.largest) else { return String::new() };
    let words = match down {
        Down::Leaning { is_away: false, .. } => {
            (2.0 / step > inner).then(|| ("at least", outer / (2.0 / step - inner)))
        }
        Down::Penalty { .. } => (2.0 / step > outer).then(|| ("at most", (2.0 / step - outer) / inner)),
        Down::System | Down::Leaning { .. } => None,
    };
    words.map(|(side, kappa)| format!(", or a `multiplier` of {side} {}", plain(kappa))).unwrap_or_default()
}

/// The fixed step size of an outer step and the momentum of dynamics that have one.
fn fixed_step(inner: &InnerSpec, outer: usize) -> Option<(f64, f64)> {
    let knobs = &inner.dynamics.knobs;
    let is_step =
        knobs.descriptions().iter().any(|knob| knob.key == "step" && matches!(knob.kind, Kind::Automatic { .. }));
    let Some(Value::Real(step)) = knobs.get("step").ok().filter(|_| is_step) else { return None };
    let real = |key: &str| match knobs.get(key) {
        Ok(Value::Real(value)) => value,
        _ => 0.0,
    };
    let falling = Falling::by(real(FALL_POWER.key), real(FALL_AFTER.key));
    Some((falling.at(step, outer), real("momentum")))
}
