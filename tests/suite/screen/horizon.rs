//! What the texts about long horizons say.

use std::ops::ControlFlow;

use hyperlab::catalog::{Knobs, Scale, Value};
use hyperlab::chart::{Choice, Shape};
use hyperlab::metric::{CALLS, CONVERGED, COST_BYTES, FLIPS, LAMBDA, TEST_LOSS};
use hyperlab::probe::sharing::{ENTRY, run};
use hyperlab::probe::{Case, Finding, foresight, horizon_cost, quick_knobs};
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
    text.holds("the last two rates below", greedy[3..5].iter().all(|rate| *rate < start), &greedy);
    let short = lambda("20 steps ahead");
    let rises_less = (1..5).map(|rate| short[rate]).sum::<f64>() < (1..5).map(|rate| whole[rate]).sum::<f64>();
    text.holds("they rise less", rises_less && short[1..5].iter().all(|rate| *rate > start), &short);
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
    text.says("0.11 MB", bytes("forward, 4 windows"));
    text.holds("for 4 windows", true, ());
    text.says("0.67 MB", bytes("forward, 40 windows"));
    text.holds("for 40,", true, ());
    let knobs = quick_knobs(&horizon_cost::ENTRY, &scenario.study);
    let case = Case::of("text", scenario, &NoFiles, &knobs).unwrap();
    let found = horizon_cost::run(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    let order = |name: &str| found.trials.iter().find(|found| found.trial == name).unwrap().order;
    text.says("like T^1.0", order("tape"));
    text.says("like T^0.5", order("checkpoints"));
    let level = ["forward, 4 windows", "forward, 40 windows"].map(order);
    text.holds("whatever T is", level == [0.0; 2], level);
    let ends = ["forward, 4 windows", "tape", "checkpoints", "256 KiB"].map(|name| {
        let vector =
            trial(&walk.horizon, name).outer_records.iter().last().map(|record| record.vector(&LAMBDA).to_vec());
        vector.unwrap()
    });
    let same = ends.iter().all(|end| end.iter().zip(&ends[0]).all(|(a, b)| (a - b).abs() < 1e-9));
    text.holds("the runs with 4 windows go", same, &ends);
    let calls = |name: &str| outer_last(&walk.horizon, name, &CALLS);
    let [few, many] = ["forward, 4 windows", "forward, 40 windows"].map(calls);
    let others = ["tape", "checkpoints", "256 KiB"].map(calls);
    text.holds(
        "with 40 by far the most",
        many > 3.0 * few && others.iter().all(|other| *other < few),
        (few, many, others),
    );
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
    let wider = trial.windows.iter().filter(|window| window.width > 16);
    let least = of(16).error;
    text.holds("hardly larger for wider ones", wider.clone().all(|window| window.error < 1.05 * least), &trial.windows);
    text.holds("W* is too wide", trial.best_width > 16.0, trial.best_width);
    let fluctuation = |fresh: &str| {
        let found = found.trials.iter().find(|found| found.fresh == fresh).unwrap();
        found.windows[0].fluctuation
    };
    let share = fluctuation("batches alone") / fluctuation("everything");
    text.holds("Runs on one split", true, ());
    text.holds("about as much", (0.75..1.25).contains(&share), share);
}

/// A row for each value of the schedule from the top, a column for each outer step, as recorded; and every flip and every entry that has
/// converged has its mark.
#[test]
fn the_strip_of_a_schedule_is_what_was_recorded() {
    let snapshot = &walk("horizon-from-zero").horizon;
    let trial = trial(snapshot, "the whole run");
    let figure = Choice::parse("learned-schedule").unwrap().draw(snapshot);
    assert_eq!(figure.y.categories, ["ξ", "β", "α 4", "α 3", "α 2", "α 1"]);
    let records: Vec<Vec<f64>> = trial.outer_records.iter().map(|record| record.vector(&LAMBDA).to_vec()).collect();
    let grids: Vec<_> = figure.grids().collect();
    assert_eq!(grids.iter().map(|grid| &*grid.label).collect::<Vec<_>>(), ["ξ", "β", "α"]);
    assert_eq!(
        grids.iter().map(|grid| grid.scale).collect::<Vec<_>>(),
        [Scale::Linear, Scale::Linear, Scale::Logarithmic]
    );
    let rows: Vec<&Vec<f64>> = grids.iter().flat_map(|grid| &grid.rows).collect();
    for (row, entry) in rows.iter().zip([6, 5, 4, 3, 2, 1]) {
        let expected = records.iter().map(|lambda| lambda[entry]);
        assert!(row.iter().copied().take(records.len()).eq(expected), "λ {entry}: {row:?}");
    }
    let marked = |names: &[&str]| -> usize {
        let layers = figure.layers.iter().filter(|layer| names.contains(&&*layer.name));
        layers.map(|layer| if let Shape::Points(points) = &layer.shape { points.len() } else { 0 }).sum()
    };
    let counted = |metric: &'static hyperlab::metric::Metric| -> f64 {
        let here = if trial.has_moved_on() { trial.here.number(metric).unwrap_or(0.0) } else { 0.0 };
        trial.outer_records.iter().filter_map(|record| record.number(metric)).sum::<f64>() + here
    };
    let both = "both";
    assert_eq!(marked(&["flipped", both]) as f64, counted(&FLIPS));
    assert!(counted(&FLIPS) > 3.0);
    // The penalty is held, and is no part of the schedule.
    assert_eq!(marked(&["converged", both]) as f64, counted(&CONVERGED));
}

/// Runs that are all one have a mean and no standard error, and values are asked for from the lowest up.
#[test]
fn looking_ahead_without_draws_is_one_run() {
    let text = "Scenario(title: \"\", about: \"\", problem: Quadratic(inner_dimension: 4, outer_dimension: 2),
        inner: Inner(dynamics: Schedule(rates: 1, step: Fixed(0.05)), steps: 20), trials: [Trial(estimator: Forward, name: \"a\")])";
    let scenario = hyperlab::scenario::parse(text).unwrap();
    let asked = |set: &[(&str, Value)]| {
        let knobs = Knobs::defaults(foresight::ENTRY.card.knobs)
            .with("warm", Value::Integer(3))
            .with("replicates", Value::Integer(7));
        let knobs = set.iter().fold(knobs, |knobs, (key, value)| knobs.with(key, *value));
        let case = Case::of("text", &scenario, &NoFiles, &knobs).unwrap();
        foresight::run(&case, &mut |_| ControlFlow::Continue(()))
    };
    let found = asked(&[]).unwrap();
    for cell in found.trials[0].slopes.iter().flatten() {
        assert!(cell.slope.value.is_finite() && cell.slope.standard_error.is_nan() && cell.broken == 0, "{cell:?}");
    }
    let lines = found.summary().lines();
    assert!(
        lines[1].ends_with("nothing is drawn: one run, without a standard error") && !lines[1].contains("NaN"),
        "{lines:?}"
    );
    let refused = asked(&[("lowest", Value::Real(0.5)), ("highest", Value::Real(0.1))]).unwrap_err().to_string();
    assert!(refused.starts_with("`lowest` is 0.5 and `highest` 0.1; expected"), "{refused}");
}

/// On a world that draws no θ₀, and one that draws all three: what runs have in common they share to the bit.
#[test]
fn runs_differ_in_what_is_asked_for_alone() {
    let scenario = |theta: &str| {
        let source = hyperlab::front::Source::open("horizon-sharing").unwrap();
        source.with(&format!("theta={theta}")).unwrap().with("inner.steps=64").unwrap().scenario().unwrap().0
    };
    let runs = |scenario: &Scenario, fresh: &'static str, count: i64| {
        let knobs = quick_knobs(&ENTRY, &scenario.study)
            .with("replicates", Value::Integer(count))
            .with("fresh", Value::Choice(fresh));
        let case = Case::of("text", scenario, &NoFiles, &knobs).unwrap();
        run(&case, &mut |_| ControlFlow::Continue(()))
    };
    let asked = |scenario: &Scenario, fresh: &'static str| runs(scenario, fresh, 4);
    let from_zero = scenario("Zeros");
    let refused = asked(&from_zero, "Start").unwrap_err().to_string();
    assert!(refused.contains("Normal(deviation: 0.3)"), "{refused}");
    let sources = |scenario: &Scenario| -> Vec<&'static str> {
        asked(scenario, "Each").unwrap().trials.iter().map(|found| found.fresh).collect()
    };
    assert_eq!(sources(&from_zero), ["everything", "batches alone", "split alone"]);
    let drawn = scenario("Normal(deviation: 0.3)");
    assert_eq!(sources(&drawn), ["everything", "batches alone", "θ₀ alone", "split alone"]);
    let each = asked(&drawn, "Each").unwrap();
    for (found, fresh) in each.trials.iter().zip(["All", "Batches", "Start", "Split"]) {
        let alone = asked(&drawn, fresh).unwrap();
        assert_eq!(found.steps, alone.trials[0].steps, "{fresh}");
        assert!(found.windows[0].fluctuation > 0.0, "{fresh}");
    }
    // What they have in common is the scenario's own: batches alone are all that moves where the world stands still.
    let still = hyperlab::front::Source::open("horizon-sharing").unwrap().with("world=Fixed").unwrap();
    let still = still.with("theta=Normal(deviation: 0.3)").unwrap().with("inner.steps=64").unwrap();
    let fixed = asked(&still.scenario().unwrap().0, "All").unwrap();
    assert_eq!(each.trials[1].steps, fixed.trials[0].steps);
    // Where nothing moves there is nothing to measure.
    let one = still.with("inner.batch=Full").unwrap().scenario().unwrap().0;
    for fresh in ["All", "Each"] {
        let refused = asked(&one, fresh).unwrap_err().to_string();
        assert!(refused.contains("all are one run") && refused.contains("expected `batch: Rows(…)`"), "{refused}");
    }
    // θ₀ alone moves the mean of a whole run less than everything: a ratio of variances of 100 runs has a deviation of a fifth.
    let of = |fresh| runs(&drawn, fresh, 100).unwrap().trials[0].windows.last().unwrap().variance;
    let (start, all) = (of("Start"), of("All"));
    assert!(start < 0.9 * all, "{start} {all}");
}
