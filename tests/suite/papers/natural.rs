//! Natural hypergradients against rows, and beside solves with H, as far as their card claims it: at reduced sizes.
//!
//! Bounds are those of an independent program in NumPy over other draws of the same data, which measured the numbers that stand beside
//! them; everything here is a function of its seeds.

use std::sync::Arc;

use hyperlab::catalog::Value;
use hyperlab::data::{Samples, Split};
use hyperlab::math::Matrix;
use hyperlab::math::fit::power_law;
use hyperlab::math::random::{Purpose, stream};
use hyperlab::math::statistics::{mean, quantile};
use hyperlab::math::vector::{cosine, distance, dot, norm};
use hyperlab::problem::{Problem, Truth};
use hyperlab::scenario::{NoFiles, Scenario, experiment, parse};
use hyperlab::trial::{Loops, Setting, Stage};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::common::build;
use crate::common::estimation::{Run, dynamics, estimator};

/// Logistic rows of 20 features, deviations from 1 to .1 by equal ratios, labels from a true θ of this scale, of which training labels
/// are turned over with a probability; and 500 clean validation rows.
fn rows(seed: u64, count: usize, scale: f64, flipped: f64) -> Split {
    const FEATURES: usize = 20;
    let mut random = stream(seed, Purpose::Data, &[]);
    let deviation = |j: usize| 10f64.powf(-(j as f64) / (FEATURES - 1) as f64);
    let normal = |random: &mut rand_chacha::ChaCha8Rng| -> f64 { StandardNormal.sample(random) };
    let theta: Vec<f64> = (0..FEATURES).map(|_| scale * normal(&mut random)).collect();
    let mut samples = |count: usize, flipped: f64| {
        let features = Matrix::from_fn(count, FEATURES, |_, j| deviation(j) * normal(&mut random));
        let label = |row: usize| {
            let probability = 1.0 / (1.0 + (-dot(features.row(row), &theta)).exp());
            let label = if random.random::<f64>() < probability { 1.0 } else { -1.0 };
            if random.random::<f64>() < flipped { -label } else { label }
        };
        let targets = (0..count).map(label).collect();
        Samples::new(features, targets)
    };
    let (training, validation) = (samples(count, flipped), samples(500, 0.0));
    Split { training, validation, ..Split::default() }
}

/// Relative errors at θ* of F over all rows' own labels, and over labels drawn from the model.
fn errors_at_the_solution(split: &Split, penalty: f64) -> [f64; 2] {
    let problem: Arc<dyn Problem> = build("logistic", &[], Some(split), &[]).unwrap();
    let lambda = vec![penalty.ln(); problem.dimensions().outer];
    let truth = Truth::at(&problem, &lambda);
    assert!(truth.converged());
    let natural = |fisher| {
        let knobs = [("fisher", Value::Choice(fisher)), ("beta", Value::Real(0.0)), ("damping", Value::Real(0.0))];
        estimator("natural", &knobs)
    };
    let estimators = ["Empirical", "Sampled"].map(natural).into();
    let standing = dynamics("gradient-descent", &[("step", Value::Real(1e-8))]);
    let mut run = Run::new(&problem, standing, &lambda, &truth.theta, 1, estimators);
    run.advance(1);
    [0, 1].map(|index| {
        let found = run.estimate(index).hypergradient;
        distance(&found, &truth.hypergradient) / norm(&truth.hypergradient)
    })
}

/// Medians over 21 seeds, by rows: that of own labels and that of drawn ones.
fn medians(counts: &[usize], scale: f64, flipped: f64, penalty: f64) -> Vec<[f64; 2]> {
    let of = |count: usize| {
        let found: Vec<[f64; 2]> =
            (0..21).map(|seed| errors_at_the_solution(&rows(seed, count, scale, flipped), penalty)).collect();
        [0, 1].map(|which| quantile(&found.iter().map(|errors| errors[which]).collect::<Vec<_>>(), 0.5))
    };
    counts.iter().map(|count| of(*count)).collect()
}

/// Where the model is right the error falls as n^−1/2, .276, .130, .074 and .031 at 400, 1600, 6400 and 25 600 rows.
#[test]
fn more_rows_mend_the_fisher_matrix_of_a_right_model() {
    let counts = [400, 1600, 6400, 25_600];
    let found = medians(&counts, 1.0, 0.0, 1e-4);
    for which in [0, 1] {
        let points: Vec<(f64, f64)> =
            counts.iter().zip(&found).map(|(count, errors)| (*count as f64, errors[which])).collect();
        let slope = power_law(&points).unwrap().slope;
        assert!(points[3].1 < 0.1 && (-0.7..=-0.35).contains(&slope), "{slope}: {points:?}");
    }
}

/// With strong signal and a fifth of the labels turned over it stays where it is, .278 at 25 600 rows, but for labels drawn from the model,
/// .036; and the penalty alone leaves .280, since the penalized θ* is not the truth.
#[test]
fn a_wrong_model_leaves_a_floor_and_drawn_labels_none() {
    for (scale, flipped, penalty) in [(3.0, 0.2, 1e-4), (1.0, 0.0, 1e-2)] {
        let found = medians(&[1600, 25_600], scale, flipped, penalty);
        let [own, drawn] = found[1];
        assert!((0.2..=0.35).contains(&own) && drawn < 0.06, "{found:?}");
        assert!(own > 0.7 * found[0][0] && drawn < 0.5 * found[0][1], "more rows help one alone: {found:?}");
    }
}

/// Outer steps at which the runs are held against the truth.
const MARKS: [usize; 3] = [5, 30, 60];

/// Relative error and cosine to ∇F at the marks.
fn errors_along(scenario: &Scenario, index: usize) -> [(f64, f64); 3] {
    let stage = Arc::new(Stage::of(&Arc::new(experiment(scenario, &NoFiles).unwrap())));
    let mut loops = Loops::new(index as u64, Setting::of(&scenario.trials[index], scenario), &stage);
    let mut found = [(f64::NAN, f64::NAN); 3];
    for step in 1..=MARKS[2] {
        loops.finish_inner();
        if let Some(place) = MARKS.iter().position(|mark| *mark == step) {
            let (estimate, truth) = (loops.estimate().hypergradient, Truth::at(&stage.problem, loops.lambda()));
            let error = distance(&estimate, &truth.hypergradient) / norm(&truth.hypergradient);
            found[place] = (error, cosine(&estimate, &truth.hypergradient));
        }
        loops.advance();
    }
    found
}

/// Means over five seeds of hyper-cleaning: 15 × 4 softmax, 1000 rows of which half have a random label.
#[test]
fn hyper_cleaning_by_scores_points_the_right_way() {
    const TRIALS: [(&str, &str); 7] = [
        ("beta .98", "Natural"),
        ("CG", "Cg(iterations: 10)"),
        ("late", "Natural(staleness: 1)"),
        ("tail", "Natural(form: Sketch(10))"),
        ("no tail", "Natural(form: Sketch(10), tail: Off)"),
        ("beta .998", "Natural(beta: 0.998)"),
        ("squared", "Natural(beta: 0.998, row_weights: Squared)"),
    ];
    let study = include_str!("../../../studies/natural.ron");
    let (head, rest) = study.split_once("    trials: [").unwrap();
    let behind = rest.split_once("\n    ],\n").unwrap().1;
    let trials = TRIALS.map(|(name, estimator)| format!("Trial(name: \"{name}\", estimator: {estimator}), "));
    let text = format!("{head}    trials: [{}],\n{behind}", trials.concat());
    let mut all = vec![Vec::new(); TRIALS.len()];
    for seed in 1..=5 {
        let scenario = parse(&text.replace("seed: 1,", &format!("seed: {seed},"))).unwrap();
        for (index, all) in all.iter_mut().enumerate() {
            all.push(errors_along(&scenario, index));
        }
    }
    let of = |name: &str, mark: usize| {
        let index = TRIALS.iter().position(|(known, _)| *known == name).unwrap();
        let part =
            |which: fn(&(f64, f64)) -> f64| mean(&all[index].iter().map(|run| which(&run[mark])).collect::<Vec<_>>());
        (part(|(error, _)| *error), part(|(_, cosine)| *cosine))
    };
    let (five, thirty, sixty) = (0, 1, 2);
    // .92 and .98: over forty seeds of the independent program .916 ± .004 and .977 ± .002. One seed of the second deviates by .011, so that
    // a mean of five is above .97 nine times in ten, and below .95 once in a million.
    assert!(
        of("beta .98", thirty).1 > 0.89 && of("CG", thirty).1 > 0.95,
        "{:?} {:?}",
        of("beta .98", thirty),
        of("CG", thirty)
    );
    for mark in [five, thirty, sixty] {
        let (late, none) = (of("late", mark).0, of("beta .98", mark).0);
        assert!((late - none).abs() < 0.01, "a batch late: {late} against {none}");
    }
    // .51 and 3.0.
    let (tail, none) = (of("tail", five).0, of("no tail", five).0);
    assert!((0.4..=0.6).contains(&tail) && none > 1.5, "with a tail {tail}, without {none}");
    // 1.05 and .52.
    let (squared, linear) = (of("squared", sixty).0, of("beta .998", sixty).0);
    assert!(squared > linear + 0.2, "squared weights {squared}, the weights themselves {linear}");
}
