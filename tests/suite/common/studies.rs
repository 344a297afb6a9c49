//! Whole runs of scenarios that come with the program, over several seeds.

use std::ops::ControlFlow;

use hyperlab::catalog::{Carded, Knobs, Value};
use hyperlab::front::Source;
use hyperlab::math::statistics::mean;
use hyperlab::probe::Case;
use hyperlab::probe::overfitting::{self, Curves, Overfitting, Quantity};
use hyperlab::scenario::{NoFiles, Scenario};

/// A scenario that comes with the program, changed.
pub fn scenario(id: &str, changes: &[&str]) -> Scenario {
    let source = changes.iter().fold(Source::open(id).unwrap(), |source, change| source.with(change).unwrap());
    source.scenario().unwrap().0
}

/// The scenario with some of its trials.
pub fn with_trials(mut scenario: Scenario, names: &[&str]) -> Scenario {
    scenario.trials.retain(|trial| names.contains(&trial.name.as_deref().unwrap_or_default()));
    assert_eq!(scenario.trials.len(), names.len());
    scenario
}

/// All trials over so many seeds.
pub fn measured(scenario: &Scenario, seeds: i64) -> Overfitting {
    let knobs = Knobs::defaults(overfitting::ENTRY.card().knobs).with("replicates", Value::Integer(seeds));
    let case = Case::of("test", scenario, &NoFiles, &knobs).unwrap();
    overfitting::run(&case, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// A quantity of a trial.
pub fn curves<'a>(found: &'a Overfitting, name: &str, quantity: Quantity) -> &'a Curves {
    let trial = found.trials.iter().find(|trial| trial.trial == name).unwrap_or_else(|| panic!("no `{name}`"));
    trial.curves(quantity).unwrap_or_else(|| panic!("`{name}` has no {}", quantity.name()))
}

/// Its mean over seeds at the last outer step.
pub fn last(found: &Overfitting, name: &str, quantity: Quantity) -> f64 {
    mean(&curves(found, name, quantity).last)
}
