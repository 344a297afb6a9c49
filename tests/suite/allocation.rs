//! The inner loop allocates nothing: a step of first-order dynamics with any estimator watching.

use std::sync::Arc;

use hyperlab::catalog::{Spec, Value};
use hyperlab::draw::{Batch, Drawing, Products};
use hyperlab::estimator;
use hyperlab::inner;
use hyperlab::metric;
use hyperlab::scenario::{InnerSpec, OuterSpec};
use hyperlab::trial::{Budget, Recording, Setting, Stage, Trial};

/// Steps taken before counting, so that buffers have grown, and steps counted.
const WARM_UP: usize = 3;
const COUNTED: usize = 20;

fn trial(stage: &Arc<Stage>, estimator: Spec<estimator::Estimators>, dynamics: &'static str, batch: Batch) -> Trial {
    let mut dynamics = Spec::<inner::AllDynamics>::new(dynamics).unwrap();
    if stage.problem.curvature_bound(&stage.lambda).is_none() {
        dynamics.knobs.set("step", Value::Real(0.05)).unwrap();
    }
    let setting = Setting {
        name: "trial".to_owned(),
        estimator,
        inner: InnerSpec { dynamics, steps: 1000, warm_start: false, batch, products: Products::AsInner },
        outer: OuterSpec { batch, ..OuterSpec::default() },
        draws: Drawing::Own,
        world: Spec::new("fixed").unwrap(),
        ensemble: Spec::new("single").unwrap(),
        population: Spec::new("alone").unwrap(),
    };
    Trial::new(0, setting, stage, Recording::of(metric::ALL, usize::MAX, Budget::LABORATORY))
}

fn allocations(mut trial: Trial) -> u64 {
    for _ in 0..WARM_UP {
        trial.step_inner();
    }
    let info = allocation_counter::measure(|| {
        for _ in 0..COUNTED {
            trial.step_inner();
        }
    });
    assert_eq!(trial.inner(), WARM_UP + COUNTED);
    info.count_total
}

#[test]
fn a_step_allocates_nothing() {
    // Newton's step factorizes a new Hessian each time; it is the one dynamics that must allocate.
    let dynamics = inner::ALL.iter().map(|entry| entry.card.id).filter(|id| *id != "newton");
    let dynamics: Vec<&'static str> = dynamics.collect();
    for (name, problem) in crate::common::instances() {
        let sizes = problem.dimensions();
        let stage = Arc::new(Stage::new(problem, vec![-1.0; sizes.outer], vec![0.1; sizes.inner], 7));
        for entry in estimator::ALL {
            for (index, dynamics) in dynamics.iter().enumerate() {
                let batch = [Batch::Full, Batch::Rows(3), Batch::Epoch(2)][index % 3];
                let count = allocations(trial(&stage, Spec::of(entry), dynamics, batch));
                assert_eq!(count, 0, "{} on {name} with {dynamics} over {batch:?} allocates", entry.card.id);
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
