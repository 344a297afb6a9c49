//! What the texts about populations say.

use std::ops::ControlFlow;

use hyperlab::metric::{BEST_VALUE, TAKE_OVER, UNITS};
use hyperlab::probe::success::{self, At, Success, TrialFinding};
use hyperlab::probe::{Case, quick_knobs};
use hyperlab::scenario::{NoFiles, Scenario};

use super::text::Text;
use super::walk::{Walk, outer_last};

/// As a person measures it who presses the key.
fn measured(scenario: &Scenario) -> Success {
    let knobs = quick_knobs(&success::ENTRY, &scenario.study);
    let case = Case::of("text", scenario, &NoFiles, &knobs).unwrap();
    success::run(&case, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn of<'a>(found: &'a Success, name: &str) -> &'a TrialFinding {
    found.trials.iter().find(|trial| trial.trial == name).unwrap_or_else(|| panic!("no `{name}`"))
}

/// What all of these texts say of the measurement, and of what every trial pays on the screen.
fn terms(walk: &Walk, found: &Success, text: &mut Text) {
    let paid: Vec<f64> =
        walk.horizon.trials.iter().map(|trial| outer_last(&walk.horizon, &trial.setting.name, &UNITS)).collect();
    // A round more or less.
    let is_alike = paid.iter().all(|units| (units - paid[0]).abs() <= 40.0);
    assert!(is_alike && (paid[0] - found.units as f64).abs() <= 40.0, "{paid:?}");
    let restarts = walk.horizon.trials.iter().find(|trial| trial.setting.name == "restarts").unwrap();
    text.counts("ten restarts", restarts.setting.students());
}

pub fn branin(walk: &Walk, text: &mut Text) {
    let found = measured(&walk.scenario);
    terms(walk, &found, text);
    let minima = walk.horizon.problem.minimum.as_ref().unwrap().places().count();
    text.counts("three minima", minima);
    text.holds("with its hypergradient two", true, ());
    text.counts("of 40 runs", found.replicates);
    text.counts("1200 units", found.units);
    text.says("within .001 of", found.within);
    text.says("a share of .425", of(&found, "restarts").success.value);
    text.says("coins in .450", of(&found, "no teacher").success.value);
    text.says("a teacher in .925", of(&found, "teacher").success.value);
    text.holds("PBT never", of(&found, "PBT").success.value == 0.0, of(&found, "PBT").success);
    let one = of(&found, "one run");
    text.holds("One long run always does", one.success.value == 1.0, one.success);
    let is_beaten = found.trials.iter().any(|other| other.end.median < one.end.median);
    text.holds("nothing beats it", !is_beaten, one.end);
    let after = |trial: &TrialFinding| trial.by_rounds.iter().rfind(|at| at.at <= 40).copied();
    let medians: Vec<Option<At>> = [one, of(&found, "teacher"), of(&found, "restarts")].map(after).to_vec();
    let median = |place: usize| medians[place].unwrap().median;
    text.holds("the other way round", median(0) > median(1) && median(0) > median(2), &medians);
}

pub fn hartmann(walk: &Walk, text: &mut Text) {
    let found = measured(&walk.scenario);
    terms(walk, &found, text);
    text.counts("after 5 rounds", outer_last(&walk.horizon, "teacher", &TAKE_OVER) as usize);
    text.holds("all ten students", walk.horizon.trials[0].setting.students() == 10, ());
    text.counts("of 60 runs", found.replicates);
    text.counts("1200 oracle units", found.units);
    text.says("within .01 of", found.within);
    text.says("a share of .95", of(&found, "restarts").success.value);
    text.says("a teacher in .55", of(&found, "teacher").success.value);
    text.holds("only in every 5th round", walk.scenario.trials[1].name.as_deref() == Some("every 5"), ());
    text.says("round in .78", of(&found, "every 5").success.value);
    // The second minimum of the function is .12 above the first.
    let peak = |trial: &TrialFinding| {
        let far = trial.ends.iter().filter(|end| **end > found.least + found.within);
        far.map(|end| end - found.least).collect::<Vec<f64>>()
    };
    let ends = peak(of(&found, "teacher"));
    let is_there = ends.iter().all(|end| (0.1..0.2).contains(end));
    text.holds("end in the second basin", is_there, &ends);
    let least = walk.horizon.problem.minimum.as_ref().unwrap().value;
    let opened = outer_last(&walk.horizon, "teacher", &BEST_VALUE) - least;
    text.holds("one of those that end well", opened < found.within, opened);
}

pub fn spectral_ridge(walk: &Walk, text: &mut Text) {
    let found = measured(&walk.scenario);
    terms(walk, &found, text);
    text.counts("three waves", walk.horizon.problem.dimensions.outer - 1);
    text.counts("of 40 runs", found.replicates);
    text.counts("1200 oracle units", found.units);
    text.says("within .005 of", found.within);
    text.says("a share of .175", of(&found, "restarts").success.value);
    text.says("coins in .325", of(&found, "no teacher").success.value);
    text.says("a teacher in .450", of(&found, "teacher").success.value);
    let meets = |name: &str| {
        let trial = walk.horizon.trials.iter().find(|trial| trial.setting.name == name).unwrap();
        trial.setting.population.knobs.count("every")
    };
    text.holds("in every 5th round", meets("teacher") == 5 && meets("no teacher") == 5, ());
}

pub fn overfits(walk: &Walk, text: &mut Text) {
    let found = measured(&walk.scenario);
    terms(walk, &found, text);
    let sizes = walk.horizon.problem.dimensions;
    text.counts("60 rows", sizes.training);
    text.counts("thirty penalties", sizes.outer - 1);
    text.counts("40 validation rows", sizes.validation);
    text.counts("over 20 seeds", found.replicates);
    text.counts("1200 oracle units", found.units);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let end = |trial: &TrialFinding| (mean(&trial.ends), mean(&trial.tests));
    let (restarts, teacher) = (of(&found, "restarts"), of(&found, "teacher"));
    let ends: Vec<(f64, f64)> = found.trials.iter().map(end).collect();
    text.says("the lowest F, .167", end(restarts).0);
    text.says("the highest test loss, .345", end(restarts).1);
    text.says("the highest F, .178", end(teacher).0);
    text.says("the lowest test loss, .320", end(teacher).1);
    let (low, high) = (end(restarts), end(teacher));
    let is_between = |(f, test): &(f64, f64)| (low.0..=high.0).contains(f) && (high.1..=low.1).contains(test);
    text.holds("a lower F and a worse model", ends.iter().all(is_between), &ends);
    let turn = |trial: &TrialFinding| *trial.tested.iter().min_by(|a, b| a.test.total_cmp(&b.test)).unwrap();
    let turns: Vec<success::Tested> = found.trials.iter().map(turn).collect();
    // Each turns within an eighth of what it pays, and the test is worse from there by more than a twentieth.
    let is_soon =
        found.trials.iter().zip(&turns).all(|(trial, turn)| {
            turn.at * 8 <= found.units && end(trial).1 > 1.05 * turn.test && end(trial).0 < turn.best
        });
    text.holds("soon upwards", is_soon, &turns);
    text.says(".297 after", turn(restarts).test);
    text.counts("143 units", turn(restarts).at);
}
