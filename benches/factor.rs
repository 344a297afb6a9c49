//! What a second thread is worth to natural hypergradients: outer steps with the factor kept on the thread of the run against outer steps
//! with a second thread, in one run and by turns, as ratios. `cargo bench --bench factor`

use std::sync::Arc;
use std::time::Instant;

use hyperlab::scenario::{NoFiles, check_text, experiment};
use hyperlab::trial::{Loops, Setting, Stage};

/// Softmax over so many features and ten classes; batches of 50 rows, 20 inner steps.
fn loops(features: usize, staleness: usize, threads: &str) -> Loops {
    let text = format!(
        "Scenario(title: \"factor\", about: \"\", seed: 1, problem: HyperCleaning(ridge: 0.01),
        data: Data(source: Classes(rows: 1200, features: {features}, classes: 10), split: Random(training: 1000, validation: 200, test: 0), standardize: Off),
        lambda: Constant(0.0), truth: None,
        inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 20, warm_start: true, batch: Rows(50)),
        outer: Outer(rule: GradientDescent(step: 1.0)), draws: Shared,
        trials: [Trial(estimator: Natural(staleness: {staleness}, threads: {threads}))])"
    );
    let scenario = check_text(&text, &NoFiles, &[][..]).0.expect("a scenario");
    let stage = Arc::new(Stage::of(&Arc::new(experiment(&scenario, &NoFiles).expect("an experiment"))));
    Loops::new(0, Setting::of(&scenario.trials[0], &scenario), &stage)
}

/// The fastest of a few turns, in milliseconds an outer step.
fn milliseconds(loops: &mut Loops, steps: usize) -> f64 {
    let begin = Instant::now();
    for _ in 0..steps {
        loops.advance();
    }
    begin.elapsed().as_secs_f64() * 1e3 / steps as f64
}

fn main() {
    println!("{:>5} {:>9} {:>10} {:>10} {:>7}", "d", "staleness", "one [ms]", "two [ms]", "ratio");
    for features in [20, 40, 64] {
        for staleness in [0, 1, 20] {
            let mut both = ["One", "Two"].map(|threads| loops(features, staleness, threads));
            let mut best = [f64::INFINITY; 2];
            // By turns, so that whatever else runs here slows both.
            for _ in 0..8 {
                for (loops, best) in both.iter_mut().zip(&mut best) {
                    *best = best.min(milliseconds(loops, 5));
                }
            }
            assert_eq!(both[0].lambda(), both[1].lambda(), "the numbers do not depend on the threads");
            let (d, [one, two]) = (10 * features, best);
            println!("{d:>5} {staleness:>9} {one:>10.2} {two:>10.2} {:>7.2}", one / two);
        }
    }
}
