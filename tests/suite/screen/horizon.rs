//! What the texts about long horizons say.

use std::ops::ControlFlow;

use hyperlab::metric::{COST_BYTES, LAMBDA, TEST_LOSS};
use hyperlab::probe::sharing::{ENTRY, run};
use hyperlab::probe::{Case, quick_knobs};
use hyperlab::scenario::{NoFiles, Scenario};

use super::text::Text;
use super::walk::{outer, outer_last, trial, walk};

pub fn short_horizons(scenario: &Scenario, text: &mut Text) {
    let walk = walk("horizon-short-horizons");
    text.counts("of 400 steps", scenario.inner.steps);
    let lambda = |name: &str| trial(&walk.horizon, name).lambda.clone();
    let whole = lambda("the whole run");
    // The penalty, the rates, a momentum and a decay.
    text.counts("in 4 windows", whole.len() - 3);
    let start = 0.1f64.ln();
    text.holds("Over the whole run they rise", whole[1..5].iter().all(|rate| *rate > start), &whole);
    let last = |name: &str| outer_last(&walk.horizon, name, &TEST_LOSS);
    text.says("ends at 0.17", last("the whole run"));
    text.holds("with 20 steps ahead", scenario.trials[1].name.as_deref() == Some("20 steps ahead"), ());
    text.says("it ends at 0.27", last("20 steps ahead"));
    text.says("at 0.48", last("one step ahead"));
    let greedy = lambda("one step ahead");
    text.holds("driven down", greedy[3..5].iter().all(|rate| *rate < start), &greedy);
}

pub fn from_zero(scenario: &Scenario, text: &mut Text) {
    let walk = walk("horizon-from-zero");
    let end = |name: &str| trial(&walk.horizon, name).lambda.clone();
    let whole = end("the whole run");
    text.holds("Four learning rates, a momentum and a weight decay, all from zero", whole.len() == 7, &whole);
    let losses = outer(&walk.horizon, "the whole run", &TEST_LOSS);
    text.counts("in 10 outer steps", losses.len());
    text.says("from 2.30", losses[0]);
    text.says("to 0.19", losses[losses.len() - 1]);
    text.holds("with 20 steps ahead", scenario.trials[1].name.as_deref() == Some("20 steps ahead"), ());
    text.says("to 0.21", outer_last(&walk.horizon, "20 steps ahead", &TEST_LOSS));
    text.says("to 0.42", outer_last(&walk.horizon, "one step ahead", &TEST_LOSS));
    text.holds("ends below zero", whole[6] < 0.0, whole[6]);
}

pub fn memory(scenario: &Scenario, text: &mut Text) {
    let walk = walk("horizon-memory");
    text.counts("a run of 2000 steps", scenario.inner.steps);
    let bytes = |name: &str| outer_last(&walk.horizon, name, &COST_BYTES) / 1e6;
    text.says("ends at 20.5 MB", bytes("tape"));
    text.says("at 0.9 MB", bytes("checkpoints"));
    text.holds("within 256 KiB", bytes("256 KiB") * 1e6 <= 256.0 * 1024.0, bytes("256 KiB"));
    text.says("0.09 MB", bytes("forward, 4 windows"));
    text.holds("for 4 windows", true, ());
    text.says("0.46 MB", bytes("forward, 40 windows"));
    text.holds("for 40,", true, ());
    let ends = ["forward, 4 windows", "tape", "checkpoints", "256 KiB"].map(|name| {
        let vector =
            trial(&walk.horizon, name).outer_records.iter().last().map(|record| record.vector(&LAMBDA).to_vec());
        vector.unwrap()
    });
    let same = ends.iter().all(|end| end.iter().zip(&ends[0]).all(|(a, b)| (a - b).abs() < 1e-9));
    text.holds("these runs go the same way", same, &ends);
}

pub fn sharing(scenario: &Scenario, text: &mut Text) {
    let knobs = quick_knobs(&ENTRY, &scenario.study);
    let case = Case::of("text", scenario, &NoFiles, &knobs).unwrap();
    let found = run(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    let trial = &found.trials[0];
    text.counts("for 60 runs", trial.runs);
    let of = |width: usize| trial.windows.iter().find(|window| window.width == width).unwrap();
    text.holds("windows of 4 steps", true, ());
    text.says("is 0.23 of that", of(4).variance / of(1).variance);
    let falls = trial.windows.windows(2).all(|pair| pair[1].variance < pair[0].variance);
    text.holds("goes on falling", falls, &trial.windows);
    let rises = trial.windows.windows(2).all(|pair| pair[1].bias_squared > pair[0].bias_squared);
    text.holds("the squared bias rises", rises, &trial.windows);
    text.counts("at windows of 16 steps", trial.best().unwrap().width);
    text.holds("W* is too wide", trial.best_width > 16.0, trial.best_width);
}
