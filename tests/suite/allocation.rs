//! The inner loop allocates nothing: a step of first-order dynamics with any estimator watching.

use std::sync::Arc;

use crate::common::estimation::bits;
use hyperlab::catalog::{Knobs, Spec, Value};
use hyperlab::draw::{Batch, Drawing, Products};
use hyperlab::estimator;
use hyperlab::inner;
use hyperlab::metric;
use hyperlab::scenario::{InnerSpec, OuterSpec};
use hyperlab::trial::{Budget, Loops, Recording, Setting, Stage, Trial};

/// Steps taken before counting, so that buffers have grown, and steps counted.
const WARM_UP: usize = 3;
const COUNTED: usize = 20;

fn trial(stage: &Arc<Stage>, estimator: Spec<estimator::Estimators>, dynamics: &'static str, batch: Batch) -> Trial {
    let mut dynamics = Spec::<inner::AllDynamics>::new(dynamics).unwrap();
    if stage.problem.curvature_bound(&stage.lambda).is_none() {
        dynamics.knobs.set("step", Value::Real(0.05)).unwrap();
    }
    // A tolerance that is asked about at every step and never met.
    let inner = inner(dynamics, 1000, 1e-300, batch);
    let setting = setting(estimator, inner, batch);
    Trial::new(0, setting, stage, Recording::of(metric::ALL, usize::MAX, Budget::LABORATORY))
}

fn inner(dynamics: Spec<inner::AllDynamics>, steps: usize, tolerance: f64, batch: Batch) -> InnerSpec {
    let (warm_start, products) = (false, Products::AsInner);
    let (tolerance_power, tolerance_after) = (0.0, 100.0);
    InnerSpec { dynamics, steps, warm_start, batch, products, tolerance, tolerance_power, tolerance_after }
}

fn setting(estimator: Spec<estimator::Estimators>, inner: InnerSpec, batch: Batch) -> Setting {
    Setting {
        name: "trial".to_owned(),
        estimator,
        inner,
        outer: OuterSpec { batch, ..OuterSpec::default() },
        draws: Drawing::Own,
        world: Spec::new("fixed").unwrap(),
        ensemble: Spec::new("single").unwrap(),
        population: Spec::new("alone").unwrap(),
    }
}

fn suits(dynamics: &'static str, stage: &Stage) -> bool {
    let entry = inner::ALL.iter().find(|entry| entry.card.id == dynamics).unwrap();
    let asked = (entry.build)(&Knobs::defaults(entry.card.knobs)).requires();
    asked.iter().all(|asked| asked.by.is_some() || asked.is_met(&*stage.problem, &stage.lambda))
}

fn allocations(trial: Trial) -> u64 {
    allocations_after(WARM_UP, trial)
}

fn allocations_after(warm_up: usize, mut trial: Trial) -> u64 {
    for _ in 0..warm_up {
        trial.step_inner();
    }
    let info = allocation_counter::measure(|| {
        for _ in 0..COUNTED {
            trial.step_inner();
        }
    });
    assert_eq!(trial.inner(), warm_up + COUNTED);
    info.count_total
}

#[test]
fn a_step_allocates_nothing() {
    // Newton's step factorizes a new Hessian each time; it is the one dynamics that must allocate.
    let dynamics = inner::ALL.iter().map(|entry| entry.card.id).filter(|id| *id != "newton");
    let dynamics: Vec<&'static str> = dynamics.collect();
    for (name, problem) in crate::common::instances() {
        // A step of theirs solves the inner problem, so that there is no run.
        if ["branin", "hartmann", "rastrigin"].iter().any(|known| name.starts_with(known)) {
            continue;
        }
        let sizes = problem.dimensions();
        let stage = Arc::new(Stage::new(problem, vec![-1.0; sizes.outer], vec![0.1; sizes.inner], 7));
        for entry in estimator::ALL {
            for (index, dynamics) in dynamics.iter().enumerate() {
                // Dynamics of one problem alone take no step on others.
                if !suits(dynamics, &stage) {
                    continue;
                }
                let batch = [Batch::Full, Batch::Rows(3), Batch::Epoch(2)][index % 3];
                let count = allocations(trial(&stage, Spec::of(entry), dynamics, batch));
                assert_eq!(count, 0, "{} on {name} with {dynamics} over {batch:?} allocates", entry.card.id);
            }
        }
    }
}

/// Natural hypergradients in every form, with labels and scores of every kind, and so many batches late.
#[test]
fn every_form_of_natural_hypergradients_allocates_nothing() {
    let choice = |key, option| (key, Value::Choice(option));
    let settings: [&[(&str, Value)]; 8] = [
        &[choice("form", "Whole"), choice("fisher", "Expected")],
        &[choice("form", "Whole"), choice("scores", "Centred"), choice("fisher", "Sampled")],
        &[("form", Value::Sized("Sketch", 2))],
        &[("form", Value::Sized("Sketch", 40)), choice("tail", "Off")],
        &[choice("form", "InverseSum"), ("staleness", Value::Integer(1))],
        &[choice("form", "InverseMean")],
        &[choice("form", "InverseMean"), ("rebuild", Value::Integer(2))],
        &[choice("form", "InverseMean"), choice("scores", "Batch"), choice("cross", "Table")],
    ];
    let mut tested = 0;
    for (name, problem) in crate::common::instances().into_iter().filter(|(_, other)| other.likelihood().is_some()) {
        let sizes = problem.dimensions();
        let stage = Arc::new(Stage::new(problem, vec![-1.0; sizes.outer], vec![0.1; sizes.inner], 7));
        for knobs in settings {
            let mut spec = Spec::<estimator::Estimators>::new("natural").unwrap();
            knobs.iter().for_each(|(key, value)| spec.knobs.set(key, *value).unwrap());
            // Until a sketch is full, at three directions a batch: products of that size have room of the library's own, taken once.
            let full = WARM_UP + sizes.inner.div_ceil(3);
            let count = allocations_after(full, trial(&stage, spec, "gradient-descent", Batch::Rows(3)));
            assert_eq!(count, 0, "{knobs:?} on {name} allocates");
            tested += 1;
        }
    }
    assert!(tested > 8 * 20, "{tested}");
}

/// Two short steps from where the last ones ended.
fn single_loop(estimator: &'static str, batch: Batch) -> Setting {
    let mut dynamics = Spec::<inner::AllDynamics>::new("gradient-descent").unwrap();
    dynamics.knobs.set("step", Value::Real(1e-3)).unwrap();
    let inner = InnerSpec { warm_start: true, ..inner(dynamics, 2, 0.0, batch) };
    setting(Spec::new(estimator).unwrap(), inner, batch)
}

/// A tick that nobody looks into is the same tick, whichever estimator takes it.
#[test]
fn looking_changes_no_bit() {
    for (name, problem) in crate::common::instances().into_iter().step_by(5) {
        let sizes = problem.dimensions();
        let stage = Arc::new(Stage::new(problem, vec![-1.0; sizes.outer], vec![0.1; sizes.inner], 7));
        for entry in estimator::ALL {
            for batch in [Batch::Full, Batch::Rows(3)] {
                let [mut seen, mut unseen] = [(); 2].map(|()| Loops::new(0, single_loop(entry.card.id, batch), &stage));
                for tick in 0..4 {
                    seen.finish_inner();
                    let estimate = seen.estimate();
                    seen.step_outer(&estimate);
                    let found = unseen.advance().cloned().unwrap_or_default();
                    let what = format!("{} on {name} over {batch:?}, tick {tick}", entry.card.id);
                    assert!(bits(&found.hypergradient) == bits(&estimate.hypergradient), "{what}: the estimate");
                    assert!(bits(seen.lambda()) == bits(unseen.lambda()), "{what}: λ");
                    assert!(seen.thetas().map(bits).eq(unseen.thetas().map(bits)), "{what}: θ");
                    assert_eq!(seen.status(), unseen.status(), "{what}");
                    if seen.status().is_halted() {
                        break;
                    }
                    // Shares of a pass are summed up from another beginning.
                    let calls = [&seen, &unseen].map(|loops| loops.cost().calls());
                    assert!((calls[0] - calls[1]).abs() <= 1e-12 * calls[0], "{what}: {calls:?} calls");
                }
            }
        }
    }
}

/// A tick of a stochastic method, outer step and all, with nobody looking: what probes and long runs take by the million.
#[test]
fn a_tick_allocates_nothing() {
    for (name, problem) in crate::common::instances() {
        let sizes = problem.dimensions();
        let stage = Arc::new(Stage::new(problem, vec![-1.0; sizes.outer], vec![0.1; sizes.inner], 7));
        for estimator in ["soba", "saba", "f2sa", "reverse"] {
            for batch in [Batch::Full, Batch::Rows(3)] {
                let mut loops = Loops::new(0, single_loop(estimator, batch), &stage);
                (0..WARM_UP).for_each(|_| assert!(loops.advance().is_some()));
                let info =
                    allocation_counter::measure(|| (0..COUNTED).for_each(|_| assert!(loops.advance().is_some())));
                assert_eq!(loops.outer(), WARM_UP + COUNTED, "{estimator} on {name}: {}", loops.status());
                assert_eq!(info.count_total, 0, "{estimator} on {name} over {batch:?} allocates");
            }
        }
    }
}

#[test]
fn the_counter_counts() {
    let (_, problem) = crate::common::instances().into_iter().next().unwrap();
    let sizes = problem.dimensions();
    let stage = Arc::new(Stage::new(problem, vec![-1.0; sizes.outer], vec![0.1; sizes.inner], 7));
    assert!(allocations(trial(&stage, Spec::new("direct").unwrap(), "newton", Batch::Full)) > 0);
}
