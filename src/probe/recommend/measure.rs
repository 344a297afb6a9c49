//! What one setting of an estimator costs and how wrong it is, at the places that a run visits.

use rayon::prelude::*;

use super::finding::{Measured, Unmeasured};
use super::ground::Ground;
use super::ladder::{Candidate, Family, spelled};
use crate::estimator::{Estimate, Reach};
use crate::math::vector::{axpy, norm};
use crate::probe::ProbeError;
use crate::probe::meter::Meter;
use crate::problem::Cost;
use crate::reference::Held;
use crate::trial::{Loops, Status};

/// One estimate, held against the reference.
pub(super) struct Sample {
    place: usize,
    /// `‖ĥ − ∇F‖/‖∇F‖`; infinite where there is no estimate.
    pub(super) error: f64,
    pub(super) is_rounding: bool,
    /// `(ĥ − ∇F)/‖∇F‖`; empty where there is no estimate.
    difference: Vec<f64>,
}

impl Sample {
    /// An estimate at a place, or that there is none; nothing where ∇F is rounding, which no error is relative to.
    pub(super) fn of(held: &Held, place: usize, estimate: Option<&Estimate>) -> Option<Self> {
        let length = held.length()?;
        let sample = estimate.and_then(|estimate| {
            let error = held.error(&estimate.hypergradient)?;
            let mut difference = estimate.hypergradient.clone();
            axpy(-1.0, &held.hypergradient, &mut difference);
            difference.iter_mut().for_each(|x| *x /= length);
            let is_rounding = error <= held.floor;
            error.is_finite().then_some(Self { place, error: error / length, is_rounding, difference })
        });
        Some(sample.unwrap_or(Self { place, error: f64::INFINITY, is_rounding: false, difference: Vec::new() }))
    }
}

/// The samples of a setting, and what it took.
#[derive(Default)]
struct Taken {
    samples: Vec<Sample>,
    /// Of outer steps, summed.
    cost: Cost,
    /// So many of them.
    steps: usize,
    /// Oracle calls that measuring took.
    spent: f64,
}

/// Measures every setting of every estimator, each with so many oracle calls to spend.
///
/// # Errors
/// When the watcher wants no more.
pub(super) fn all(
    ground: &Ground,
    families: &[Family],
    spend: f64,
    meter: &Meter<'_, '_>,
) -> Result<(Vec<Measured>, Vec<Unmeasured>), ProbeError> {
    let measured: Vec<Result<_, ProbeError>> =
        families.par_iter().map(|family| of_family(ground, family, spend, meter)).collect();
    let (mut found, mut left) = (Vec::new(), Vec::new());
    for result in measured {
        let (measured, unmeasured) = result?;
        found.extend(measured);
        left.extend(unmeasured);
    }
    Ok((found, left))
}

/// The settings of one estimator, the cheap ones first, until its calls are spent.
fn of_family(
    ground: &Ground,
    family: &Family,
    spend: f64,
    meter: &Meter<'_, '_>,
) -> Result<(Vec<Measured>, Option<Unmeasured>), ProbeError> {
    let (id, count) = (family.entry.card.id, family.settings.len());
    if let Some(reason) = &family.unfit {
        return Ok((Vec::new(), Some(Unmeasured::unfit(id, reason))));
    }
    let (mut found, mut spent) = (Vec::<Measured>::new(), 0.0);
    let mut saturated: Vec<&Candidate> = Vec::new();
    for (place, candidate) in family.settings.iter().enumerate() {
        meter.goes_on()?;
        if saturated.iter().any(|less| candidate.is_more_of(less)) {
            meter.advance(1)?;
            continue;
        }
        let taken = taken(ground, candidate, spend - spent);
        spent += taken.spent;
        let is_complete = spent <= spend;
        if is_complete {
            let measured = taken.measured(ground, candidate);
            // More effort that changes nothing changes nothing later either.
            if found.iter().any(|less| less.is_same_result(&measured)) {
                saturated.push(candidate);
            } else {
                found.push(measured);
            }
        }
        meter.advance(1)?;
        if !is_complete {
            meter.advance(count - place - 1)?;
            return Ok((found, Some(Unmeasured::dear(id, count - place, count))));
        }
    }
    Ok((found, None))
}

/// The samples of a setting; fewer than all, where its calls run out.
fn taken(ground: &Ground, candidate: &Candidate, spend: f64) -> Taken {
    let spec = &candidate.spec;
    let estimator = (spec.entry().build)(&spec.knobs);
    let draws = ground.is_drawn || estimator.lists(candidate.steps).length.is_some();
    let repetitions = if draws { ground.stages.len() } else { 1 };
    let setting = ground.setting(spec, candidate.steps);
    let is_cold = !setting.inner.warm_start;
    let mut taken = Taken::default();
    for repetition in 0..repetitions {
        let reach = estimator.reach();
        let places = 0..ground.visited.len();
        if reach == Reach::Point && ground.run(candidate.steps, repetition, 0).is_some() {
            for place in places {
                if taken.spent > spend {
                    break;
                }
                let Some(loops) = ground.run(candidate.steps, repetition, place) else { continue };
                let estimate = (loops.status() == Status::Ready).then(|| loops.estimate_by(&*estimator));
                taken.take((ground, repetition, place), loops.run_cost(), estimate.as_ref());
                taken.spent += estimate.map_or(0.0, |estimate| estimate.cost.calls());
            }
        } else if reach != Reach::OuterSteps && is_cold {
            for place in places {
                if taken.spent > spend {
                    break;
                }
                let mut loops = ground.loops_at(setting.clone(), repetition, place);
                finish_within(&mut loops, spend - taken.spent);
                let estimate = (loops.status() == Status::Ready).then(|| loops.estimate());
                taken.take((ground, repetition, place), loops.run_cost(), estimate.as_ref());
                taken.spent += loops.run_cost().calls() + estimate.map_or(0.0, |estimate| estimate.cost.calls());
            }
        } else {
            let loops = ground.loops(setting.clone(), repetition);
            taken.along(ground, loops, repetition, (reach, spend));
        }
        if taken.spent > spend {
            break;
        }
    }
    taken
}

/// The inner run, as far as so many calls go.
fn finish_within(loops: &mut Loops, calls: f64) {
    while loops.status() == Status::Running && loops.run_cost().calls() <= calls {
        loops.step_inner();
    }
}

impl Taken {
    /// One outer step and its estimate.
    fn take(&mut self, (ground, repetition, place): (&Ground, usize, usize), run: Cost, estimate: Option<&Estimate>) {
        self.count(run, estimate);
        self.hold(ground.held(repetition, place), place, estimate);
    }

    fn count(&mut self, run: Cost, estimate: Option<&Estimate>) {
        let all = run + estimate.map_or_else(Cost::default, |estimate| estimate.cost);
        self.cost += all;
        self.steps += 1;
    }

    fn hold(&mut self, held: &Held, place: usize, estimate: Option<&Estimate>) {
        self.samples.extend(Sample::of(held, place, estimate));
    }

    /// Along the whole path, with everything that is remembered on the way.
    fn along(&mut self, ground: &Ground, mut loops: Loops, repetition: usize, (reach, spend): (Reach, f64)) {
        let before = self.spent;
        let mut place = 0;
        while let Some(visited) = ground.visited.get(place) {
            finish_within(&mut loops, spend - self.spent);
            let is_here = loops.outer() == *visited || loops.status().is_halted();
            let is_ready = loops.status() == Status::Ready;
            let is_asked = is_ready && (is_here || reach == Reach::OuterSteps);
            let estimate = is_asked.then(|| loops.estimate());
            let run = loops.run_cost();
            if is_here {
                self.hold(ground.held(repetition, place), place, estimate.as_ref());
                place += 1;
            }
            if is_ready && (is_here || reach == Reach::OuterSteps) {
                self.count(run, estimate.as_ref());
            }
            self.spent =
                before + loops.cost().calls() + estimate.as_ref().map_or(0.0, |estimate| estimate.cost.calls());
            if self.spent > spend {
                return;
            }
            if is_ready && let Some(next) = ground.path.get(loops.outer() + 1) {
                let remembered = estimate.as_ref().filter(|_| reach == Reach::OuterSteps);
                loops.follow(remembered, next);
            }
        }
    }

    /// What it comes to.
    fn measured(self, ground: &Ground, candidate: &Candidate) -> Measured {
        let noise = self.noise(ground.visited.len());
        let steps = self.steps.max(1) as f64;
        let spec = &candidate.spec;
        let per_step = |count: f64| count / steps;
        Measured {
            estimator: spec.id().to_owned(),
            setting: spelled(spec),
            spec: spec.clone(),
            inner_steps: candidate.steps,
            is_as_set: candidate.steps == ground.subject.setting.inner.steps
                && *spec == ground.subject.setting.estimator,
            calls: per_step(self.cost.calls()),
            gradients: per_step(self.cost.gradients),
            hvps: per_step(self.cost.hvps),
            cross_products: per_step(self.cost.cross_products),
            factorizations: per_step(self.cost.factorizations),
            bytes: self.cost.bytes,
            is_rounding: 2 * self.samples.iter().filter(|sample| sample.is_rounding).count() > self.samples.len(),
            noise,
            errors: self.samples.iter().map(|sample| sample.error).collect(),
            own_run: None,
        }
    }

    /// The share of the mean squared error that changes from repetition to repetition; NaN for one repetition.
    fn noise(&self, places: usize) -> f64 {
        let (mut variance, mut squares) = (0.0, 0.0);
        for place in 0..places {
            let all: Vec<&[f64]> =
                self.samples.iter().filter(|sample| sample.place == place).map(|sample| &*sample.difference).collect();
            if all.len() < 2 || all.iter().any(|difference| difference.is_empty()) {
                continue;
            }
            let count = all.len() as f64;
            let mut mean = vec![0.0; all[0].len()];
            all.iter().for_each(|difference| axpy(1.0 / count, difference, &mut mean));
            let deviation = |difference: &&[f64]| {
                difference.iter().zip(&mean).map(|(x, mean)| (x - mean) * (x - mean)).sum::<f64>()
            };
            variance += all.iter().map(deviation).sum::<f64>() / (count - 1.0);
            squares += all.iter().map(|difference| norm(difference).powi(2)).sum::<f64>() / count;
        }
        // An unbiased part may come out larger than the whole.
        if squares > 0.0 { (variance / squares).min(1.0) } else { f64::NAN }
    }
}
