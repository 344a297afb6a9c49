//! Small instances of every problem, drawn from fixed seeds, for the integration tests.

pub mod estimation;
pub mod golden;
pub mod studies;

use std::sync::Arc;

use hyperlab::catalog::{Knobs, Value, find};
use hyperlab::data::{Group, RowWeights, Samples, Split};
use hyperlab::lab::{Command, Lab};
use hyperlab::math::Matrix;
use hyperlab::math::random::{Purpose, stream};
use hyperlab::math::vector::{dot, norm};
use hyperlab::problem::{ALL, BuildError, Parts, Problem, Requirement};
use rand_distr::{Distribution, StandardNormal};

/// Knobs by key.
pub type Settings<'a> = &'a [(&'a str, Value)];

/// Whether a probe is about learned schedules, and refuses trials without one.
pub fn is_about_schedules(probe: &hyperlab::probe::Entry) -> bool {
    ["sharing", "foresight"].contains(&probe.card.id)
}

/// Ticks until every trial that goes on has taken so many outer steps.
pub fn outer_steps(mut lab: Lab, count: usize) -> Lab {
    while lab.trials().any(|trial| !trial.status().is_halted() && trial.outer() < count) {
        lab.apply(&Command::Tick).unwrap();
    }
    lab
}

/// Whether a problem has what a method asks for, at λ = 0.
pub fn is_met(asked: &[Requirement], problem: &Arc<dyn Problem>) -> bool {
    let lambda = vec![0.0; problem.dimensions().outer];
    asked.iter().all(|asked| asked.is_met(&**problem, &lambda))
}

/// Builds a problem of the list from its parts.
pub fn build(
    id: &str,
    settings: Settings<'_>,
    data: Option<&Split>,
    arrays: &[(String, Matrix)],
) -> Result<Arc<dyn Problem>, BuildError> {
    let entry = find(ALL, id).unwrap_or_else(|| panic!("there is no problem `{id}`"));
    let knobs = settings.iter().fold(Knobs::defaults(entry.card.knobs), |knobs, (key, value)| knobs.with(key, *value));
    entry.make(&Parts { knobs: &knobs, data, arrays, seed: 7 })
}

/// Those with one solution, which exact answers are about.
pub fn convex_instances() -> Vec<(String, Arc<dyn Problem>)> {
    instances().into_iter().filter(|(_, problem)| problem.is_convex()).collect()
}

/// Whether `g` has kinks, so that derivatives are those along the support of θ.
pub fn has_kinks(problem: &Arc<dyn Problem>) -> bool {
    problem.proximal().is_some()
}

/// A small instance of every problem for every combination of knobs that changes its formulas.
pub fn instances() -> Vec<(String, Arc<dyn Problem>)> {
    instances_over(Split::clone)
}

/// The same over data with something done to them.
pub fn instances_over(change: impl Fn(&Split) -> Split) -> Vec<(String, Arc<dyn Problem>)> {
    let variants: [(&str, Settings<'_>); 5] = [
        ("per feature", &[]),
        ("scalar", &[("penalty", Value::Choice("Scalar"))]),
        ("mean", &[("reduction", Value::Choice("Mean")), ("penalty_weight", Value::Real(3.0))]),
        ("affine dial", &[("outer", Value::Choice("Dial")), ("penalty_weight", Value::Real(0.3))]),
        (
            "scalar mean, quadratic dial",
            &[
                ("penalty", Value::Choice("Scalar")),
                ("reduction", Value::Choice("Mean")),
                ("outer", Value::Choice("Dial")),
                ("tau", Value::Real(0.7)),
            ],
        ),
    ];
    let regression = regression_split();
    let (two, three) = (class_split(2), class_split(3));
    let leveled = [&regression, &two, &three].map(with_free_intercept);
    let counted = count_split();
    let leveled_counts = with_free_intercept(&counted);
    let grouped = leveled.each_ref().map(with_groups);
    let partly = partly_trusted(&three);
    let mut all: Vec<(String, Arc<dyn Problem>)> = Vec::new();
    let mut add = |id: &str, variant: &str, settings, data: Option<&Split>| {
        let data = data.map(&change);
        all.push((format!("{id}, {variant}"), build(id, settings, data.as_ref(), &[]).unwrap()));
    };
    let sizes: Settings<'_> = &[
        ("inner_dimension", Value::Integer(6)),
        ("outer_dimension", Value::Integer(3)),
        ("condition", Value::Real(20.0)),
    ];
    add("quadratic", "drawn", sizes, None);
    add("branin", "own", &[], None);
    add("hartmann", "own", &[], None);
    add("rastrigin", "three entries", &[("dimension", Value::Integer(3))], None);
    add("spectral-ridge", "two waves", &[("frequencies", Value::Integer(2)), ("rows", Value::Integer(9))], None);
    for (index, (id, data)) in [("ridge", &regression), ("logistic", &two), ("softmax", &three)].into_iter().enumerate()
    {
        for (variant, settings) in variants {
            add(id, variant, settings, Some(data));
        }
        add(id, "free intercept", variants[0].1, Some(&leveled[index]));
        add(id, "scalar mean, free intercept", variants[4].1, Some(&leveled[index]));
        add(id, "groups, free intercept", &[("penalty", Value::Choice("PerGroup"))], Some(&grouped[index]));
    }
    // Thresholds that no residual comes near in what is differenced: H exists almost everywhere, and not on them.
    for (index, data) in [&regression, &leveled[0]].into_iter().enumerate() {
        let variant = ["no intercept", "free intercept"][index];
        add("huber", variant, &[("threshold", Value::Real(0.8))], Some(data));
        add("quantile", variant, &[("bandwidth", Value::Real(0.7)), ("level", Value::Real(0.3))], Some(data));
        add("poisson", variant, &[], Some([&counted, &leveled_counts][index]));
    }
    const SCALAR: (&str, Value) = ("penalty", Value::Choice("Scalar"));
    const FLIPPED: (&str, Value) = ("label_noise", Value::Choice("Learned"));
    add("logistic", "flips", &[FLIPPED], Some(&two));
    add("logistic", "flips, scalar, free intercept", &[FLIPPED, SCALAR], Some(&leveled[1]));
    add("softmax", "two classes", &[], Some(&two));
    add("hyper-cleaning", "three classes", &[("ridge", Value::Real(0.05))], Some(&three));
    add("hyper-cleaning", "some rows trusted, some absent", &[("ridge", Value::Real(0.05))], Some(&partly));
    let corrected = partly_trusted(&regression);
    add("label-correction", "no penalty", &[], Some(&regression));
    add("label-correction", "some rows trusted, some absent", &[("ridge", Value::Real(0.05))], Some(&corrected));
    let instrumented = with_instruments(&regression);
    const INNER: (&str, Value) = ("inner_ridge", Value::Real(0.05));
    const FOURIER: (&str, Value) = ("basis", Value::Choice("Fourier"));
    const ONE: (&str, Value) = ("instrument_order", Value::Integer(1));
    add("instrumental", "polynomials", &[INNER], Some(&instrumented));
    add("instrumental", "waves", &[INNER, ONE, FOURIER], Some(&instrumented));
    // A penalty that keeps H definite also where a weight is negative, which its bounds would not allow.
    const BLOCKS: (&str, Value) = ("blocks", Value::Integer(3));
    const FEW: (&str, Value) = ("features", Value::Integer(4));
    add("past-blocks", "weights by age", &[BLOCKS, FEW, ("ridge", Value::Real(12.0))], Some(&regression));
    add("past-blocks", "forgetting", &[BLOCKS, FEW, ("weights", Value::Choice("Forgetting"))], Some(&regression));
    add("biased-ridge", "default", &[], Some(&regression));
    add("biased-ridge", "strength per feature", &[("strength", Value::Choice("PerFeature"))], Some(&regression));
    const HIDDEN: (&str, Value) = ("hidden", Value::Integer(3));
    const ROWS: (&str, Value) = ("learns", Value::Choice("Rows"));
    const NUMBER: (&str, Value) = ("target", Value::Choice("Number"));
    add("perceptron", "penalty a layer", &[HIDDEN], Some(&three));
    add("perceptron", "weight a row", &[HIDDEN, ROWS, ("ridge", Value::Real(0.05))], Some(&three));
    add("perceptron", "some rows trusted, some absent", &[HIDDEN, ROWS], Some(&partly));
    add("perceptron", "number", &[HIDDEN, NUMBER], Some(&regression));
    // Strong enough to leave one or two of the four features out, at one of the places of the tests at least.
    const STRONG: (&str, Value) = ("penalty_weight", Value::Real(0.4));
    const WEAK: (&str, Value) = ("penalty_weight", Value::Real(0.15));
    const WEAKER: (&str, Value) = ("penalty_weight", Value::Real(0.05));
    const DIAL: (&str, Value) = ("outer", Value::Choice("Dial"));
    add("lasso", "per feature", &[STRONG], Some(&regression));
    add("lasso", "scalar", &[WEAK, SCALAR], Some(&regression));
    add("lasso", "quadratic dial", &[WEAK, DIAL, ("tau", Value::Real(0.7))], Some(&regression));
    add("elastic-net", "per feature", &[STRONG], Some(&regression));
    add("elastic-net", "scalar", &[WEAK, SCALAR], Some(&regression));
    add("sparse-logistic", "per feature", &[WEAKER], Some(&two));
    add("elastic-net", "free intercept", &[STRONG], Some(&leveled[0]));
    add("elastic-net", "groups, free intercept", &[WEAK, ("penalty", Value::Choice("PerGroup"))], Some(&grouped[0]));
    add("sparse-logistic", "scalar, free intercept", &[WEAKER, SCALAR], Some(&leveled[1]));
    add("sparse-logistic", "scalar, affine dial", &[WEAKER, SCALAR, DIAL], Some(&two));
    add("embedding", "square", &[], Some(&three));
    add("embedding", "width 3", &[("width", Value::Integer(3)), ("ridge", Value::Real(0.05))], Some(&three));
    all
}

/// An instance of every problem with data over rows that do not count alike.
pub fn weighted_instances() -> Vec<(String, Arc<dyn Problem>)> {
    let weighted = |split: Split, class_weights: &[(f64, f64)]| {
        let weigh = |samples: Samples| {
            let weights = (0..samples.targets.len()).map(|row| (row * 5 % 7) as f64 / 2.0).collect();
            Samples { weights, ..samples }
        };
        let (training, validation) = (weigh(split.training), weigh(split.validation));
        Split { training, validation, class_weights: class_weights.to_vec(), ..split }
    };
    let regression = weighted(regression_split(), &[]);
    let (two, three) = (weighted(class_split(2), &[(1.0, 0.3)]), weighted(class_split(3), &[(0.0, 2.0), (2.0, 0.5)]));
    let partly = weighted(partly_trusted(&class_split(3)), &[]);
    const HIDDEN: (&str, Value) = ("hidden", Value::Integer(3));
    let of = |id: &str, settings, data| (format!("{id}, weighted"), build(id, settings, Some(data), &[]).unwrap());
    vec![
        of("ridge", &[], &regression),
        of("logistic", &[], &two),
        of("softmax", &[], &three),
        of("hyper-cleaning", &[("ridge", Value::Real(0.05))], &partly),
        of("label-correction", &[("ridge", Value::Real(0.05))], &weighted(partly_trusted(&regression_split()), &[])),
        of("biased-ridge", &[("strength", Value::Choice("PerFeature"))], &regression),
        of("instrumental", &[("inner_ridge", Value::Real(0.05))], &with_instruments(&regression)),
        of("past-blocks", &[("blocks", Value::Integer(3)), ("features", Value::Integer(4))], &regression),
        of("perceptron", &[HIDDEN, ("learns", Value::Choice("Rows"))], &partly),
        of("embedding", &[], &three),
        of("elastic-net", &[("penalty_weight", Value::Real(0.4))], &regression),
        of("sparse-logistic", &[("penalty_weight", Value::Real(0.05))], &two),
    ]
}

/// Models of a plant. They stand apart, since an action is the best only under values that are near those of some model: of any θ and λ there may be none.
pub fn plants() -> Vec<(String, Arc<dyn Problem>)> {
    // Dear actions and a near horizon, so that differences in θ are small beside it.
    const SETTINGS: Settings<'_> = &[("action_cost", Value::Real(1.0)), ("discount", Value::Real(0.8))];
    let of = |variant: &str, is_long: bool| {
        (format!("model-design, {variant}"), build("model-design", SETTINGS, Some(&transitions(is_long)), &[]).unwrap())
    };
    vec![of("one next state", false), of("two next states and a pendulum", true)]
}

/// Transitions of a plant from the rows of a regression that do not count alike, with what they cost as target; perhaps with a second next state and a pendulum
/// beside them.
fn transitions(is_long: bool) -> Split {
    let of = |samples: &Samples| {
        let rows = &samples.features;
        let next = |row: usize, by: f64| {
            let [angle, rate, action] = [0, 1, 2].map(|column| rows[(row, column)]);
            [angle + 0.1 * rate, rate + 0.1 * (2.0 * angle - 0.1 * rate + 0.8 * action) + by * rows[(row, 3)]]
        };
        let columns = if is_long { 9 } else { 5 };
        let entry = |row: usize, column: usize| match column {
            0..3 => rows[(row, column)],
            3 | 4 => next(row, 0.05)[column - 3],
            5 | 6 => next(row, -0.1)[column - 5],
            7 => rows[(row, 3)],
            _ => -2.0 * rows[(row, 3)],
        };
        let cost = |row: usize| rows[(row, 0)].powi(2) + 0.1 * rows[(row, 1)].powi(2) + rows[(row, 2)].powi(2);
        let count = samples.targets.len();
        let (targets, weights) =
            ((0..count).map(cost).collect(), (0..count).map(|row| 0.5 + (row % 3) as f64).collect());
        Samples { features: Matrix::from_fn(rows.rows(), columns, entry).into(), targets, weights }
    };
    let split = regression_split();
    let (training, validation, test) = (of(&split.training), of(&split.validation), of(&split.test));
    Split { training, validation, test, feature_names: Vec::new(), ..split }
}

/// Twelve training, nine validation and six test rows of four features, with a real target.
pub fn regression_split() -> Split {
    split(|scores| scores[0] + 0.3 * scores[1])
}

/// The same rows with the index of the largest of `count` scores as target.
pub fn class_split(count: usize) -> Split {
    split(move |scores| {
        let best = (0..count).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
        best.unwrap() as f64
    })
}

/// The same rows with whole numbers that are not negative as target.
pub fn count_split() -> Split {
    split(|scores| (0.4 * scores[0]).exp().round())
}

/// The same rows with a column of ones without penalty.
pub fn with_free_intercept(split: &Split) -> Split {
    let mut split = split.clone();
    let columns = split.training.features.columns();
    for samples in [&mut split.training, &mut split.validation, &mut split.test] {
        let features = &samples.features;
        samples.features =
            Matrix::from_fn(features.rows(), columns + 1, |i, j| if j < columns { features[(i, j)] } else { 1.0 })
                .into();
    }
    split.feature_names.push("intercept".to_owned());
    split.columns.free.push(columns);
    split
}

/// The same rows with two columns that are instruments and one that is a control.
fn with_instruments(split: &Split) -> Split {
    let mut split = split.clone();
    let named = |name: &str, columns: &[usize]| Group { name: name.to_owned(), columns: columns.to_vec() };
    split.columns.groups = vec![named("instruments", &[2, 3]), named("controls", &[1]), named("rest", &[0])];
    split
}

/// The same rows with their first and third column in one group.
fn with_groups(split: &Split) -> Split {
    let mut split = split.clone();
    let named = |name: &str, columns: &[usize]| Group { name: name.to_owned(), columns: columns.to_vec() };
    split.columns.groups = vec![named("odd", &[0, 2]), named("even", &[1, 3])];
    split
}

/// Training rows whose weights are learned in another order, two of them trusted, and three weights of rows that
/// are not here: a member of an ensemble.
fn partly_trusted(split: &Split) -> Split {
    let owners = (0..12).map(|row| if row % 6 == 5 { None } else { Some(12 - row) }).collect();
    Split { weights: RowWeights { owners, count: 15 }, ..split.clone() }
}

fn split(target: impl Fn(&[f64]) -> f64) -> Split {
    let mut random = stream(1, Purpose::Data, &[]);
    let weights: Vec<Vec<f64>> = (0..3).map(|_| StandardNormal.sample_iter(&mut random).take(4).collect()).collect();
    let mut samples = |rows: usize| {
        let features = Matrix::from_fn(rows, 4, |_, _| StandardNormal.sample(&mut random));
        let targets = (0..rows).map(|row| {
            let scores: Vec<f64> = weights
                .iter()
                .map(|w| {
                    let noise: f64 = StandardNormal.sample(&mut random);
                    dot(features.row(row), w) + noise
                })
                .collect();
            target(&scores)
        });
        let targets = targets.collect();
        Samples::new(features, targets)
    };
    let feature_names = ["age", "sex", "bmi", "bp"].map(str::to_owned).to_vec();
    Split { training: samples(12), validation: samples(9), test: samples(6), feature_names, ..Split::default() }
}

/// A standard normal vector that depends on its key alone.
pub fn normal(length: usize, key: u64) -> Vec<f64> {
    StandardNormal.sample_iter(stream(2, Purpose::Start, &[key])).take(length).collect()
}

/// Asserts `‖actual − expected‖ ≤ tolerance · ‖expected‖`.
#[track_caller]
pub fn assert_close(actual: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_near(actual, expected, tolerance * norm(expected), what);
}

/// Asserts `‖actual − expected‖ ≤ bound`.
#[track_caller]
pub fn assert_near(actual: &[f64], expected: &[f64], bound: f64, what: &str) {
    let distance = hyperlab::math::vector::distance(actual, expected);
    assert!(distance <= bound, "{what}: off by {distance:e}, more than {bound:e}\n{actual:?}\n{expected:?}");
}
