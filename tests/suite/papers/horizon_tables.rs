//! The tables of `studies/horizon.md` that take more than a test may: `cargo test --release --test suite papers::horizon_tables --
//! --ignored --nocapture`.

use std::f64::consts::PI;
use std::sync::Arc;

use hyperlab::math::statistics::{mean, quantile, variance};
use hyperlab::scenario::{NoFiles, Scenario, experiment};
use hyperlab::trial::Stage;
use rayon::prelude::*;

use super::horizons::{digits, learned, test_losses};

const HELD: &str =
    "\"log_penalties\": Block(scale: 0), \"momentum\": Block(scale: 0), \"weight_decay\": Block(scale: 0)";

/// λ and the mean test loss on fresh splits, seed after seed.
fn over_seeds(scenario: &Scenario, seeds: u64, outer: usize, splits: usize) -> Vec<(Vec<f64>, f64)> {
    let run = |seed: u64| {
        let (lambda, losses) = learned(scenario, seed, outer, splits);
        (lambda, mean(&losses))
    };
    (1..=seeds).into_par_iter().map(run).collect()
}

/// Everything from zero: median, quartiles and worst over seeds, the median λ, and in how many seeds ξ is below zero.
#[test]
#[ignore = "minutes"]
fn from_zero() {
    let row = |steps: usize, seeds: u64, what: &str, estimator: &str, is_held: bool| {
        let bounds = if is_held { ", bounds: (0.0, 1.0)" } else { "" };
        let outer = format!(
            "outer: Outer(rule: Sign(step: 0.1, stop: false), blocks: {{\"log_penalties\": Block(scale: 0), \"learning_rates\": Block(start: Constant(0)), \
             \"weight_decay\": Block(scale: 0.003{bounds})}})"
        );
        let scenario =
            digits("Schedule(rates: 4, learned: Rate, step: Fixed(0.1))", steps, (400, 300), &outer, estimator);
        let runs = over_seeds(&scenario, seeds, 10, 15);
        let losses: Vec<f64> = runs.iter().map(|run| run.1).collect();
        let [median, low, high, worst] = [0.5, 0.25, 0.75, 1.0].map(|level| quantile(&losses, level));
        let entry = |place: usize| quantile(&runs.iter().map(|run| run.0[place]).collect::<Vec<_>>(), 0.5);
        let lambda: Vec<String> = (1..7).map(|place| format!("{:.4}", entry(place))).collect();
        let below = runs.iter().filter(|run| run.0[6] < 0.0).count();
        println!(
            "T = {steps}, {what}: {median:.3} [{low:.3}, {high:.3}] {worst:.3}; λ {}; ξ < 0 in {below} of {seeds}",
            lambda.join(" ")
        );
    };
    let (one, twenty) = ("Forward(shared: Average, horizon: Steps(1))", "Forward(shared: Average, horizon: Steps(20))");
    let whole = "Forward(shared: Average)";
    for (steps, [many, few]) in [(400, [40, 20]), (2000, [5, 5])] {
        row(steps, many, "whole run, ξ free", whole, false);
        row(steps, many, "whole run, ξ ≥ 0", whole, true);
        row(steps, few, "20 ahead, ξ ≥ 0", twenty, true);
        row(steps, few, "20 ahead, ξ free", twenty, false);
        row(steps, few, "1 ahead, ξ ≥ 0", one, true);
        row(steps, few, "1 ahead, ξ free", one, false);
    }
}

/// Longer runs against horizons: test loss on the same 8 splits for all rows; ± is one standard error over seeds, of what is not learned
/// over splits.
#[test]
#[ignore = "many minutes"]
fn longer_runs() {
    let error = |values: &[f64]| (variance(values) / values.len() as f64).sqrt();
    for (steps, constants, cosines) in
        [(2000, [0.4, 0.8, 1.6], [0.8, 1.6, 2.4]), (10_000, [0.1, 0.2, 0.4], [0.4, 0.8, 1.6])]
    {
        for (what, froms, is_cosine) in [("constant", constants, false), ("cosine from", cosines, true)] {
            for from in froms {
                let rates: Vec<f64> = (0..steps)
                    .map(|t| if is_cosine { 0.5 * (1.0 + (PI * f64::from(t) / f64::from(steps)).cos()) } else { 1.0 })
                    .map(|part| (from * part).ln())
                    .collect();
                let outer = format!("outer: Outer(blocks: {{{HELD}}})");
                // Nothing is differentiated.
                let dynamics = format!("Schedule(rates: {steps}, step: Fixed(0.1))");
                let scenario = digits(&dynamics, steps as usize, (400, 300), &outer, "Identity");
                let stage = Arc::new(Stage::of(&Arc::new(experiment(&scenario, &NoFiles).unwrap())));
                let lambda = [vec![-30.0], rates, vec![0.0, 0.0]].concat();
                let losses = test_losses(&scenario, &stage, &lambda, 8);
                println!("T = {steps}, {what} {from}: {:.4} ± {:.4}", mean(&losses), error(&losses));
            }
        }
        for horizon in ["Steps(1)", "Steps(100)", "All"] {
            let outer = format!("outer: Outer(rule: Sign(step: 0.7, stop: false), blocks: {{{HELD}}})");
            let estimator = match horizon {
                "All" => "Forward".to_owned(),
                _ => format!("Forward(horizon: {horizon})"),
            };
            let scenario =
                digits("Schedule(rates: 4, step: Fixed(0.1))", steps as usize, (400, 300), &outer, &estimator);
            let runs = over_seeds(&scenario, 3, 12, 8);
            let losses: Vec<f64> = runs.iter().map(|run| run.1).collect();
            let rates: Vec<String> = (1..5)
                .map(|place| format!("{:.2}", mean(&runs.iter().map(|run| run.0[place]).collect::<Vec<_>>()).exp()))
                .collect();
            println!(
                "T = {steps}, {horizon} ahead: {:.4} ± {:.4} {losses:.4?}; α {}",
                mean(&losses),
                error(&losses),
                rates.join(" ")
            );
        }
    }
}
