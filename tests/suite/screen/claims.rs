//! Every number in the text of a scenario, held against the run: a scenario that says a number which nothing here
//! measures fails.
//!
//! What takes whole runs over many seeds, or a run of minutes, is measured among the [papers](super::papers).

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::common::outer_steps;
use hyperlab::chart::{Choice, Layer, Shape};
use hyperlab::data::Source;
use hyperlab::front::Source as Front;
use hyperlab::lab::{Command, Lab, Snapshot, TrialView};
use hyperlab::metric::{
    CALLS, COSINE, ERROR, EXCESS_FLOOR, EXCESS_VALUE, GAP, HYPERGRADIENT_NORM, INNER_ERROR, LOCAL_REGRET, NEW_TASK,
    OUTER_VALUE, REFIT_LOSS, RELATIVE_ERROR, ROW_CALLS, STUDENT_VALUES, SUPPORT, SUPPORT_ERROR, TEST_ACCURACY,
    TEST_LOSS, TRUTH_NORM, VALIDATION_ACCURACY, VALIDATION_LOSS, VALUE,
};
use hyperlab::scenario::{BUILTIN, NoFiles, experiment};

use super::papers;
use super::populations;
use super::text::Text;
use super::walk::{Walk, inner, inner_last, least, outer, outer_last, tick, trial, walk};

/// Measures what a text says.
type Measure = fn(&Walk, &mut Text);

/// What is measured of each scenario on every day.
const CLAIMS: &[(&str, Measure)] = &[
    ("quadratic", quadratic),
    ("ridge-one-penalty", ridge_one_penalty),
    ("ridge-per-feature", ridge_per_feature),
    ("logistic", logistic),
    ("softmax", softmax),
    ("super-efficiency-strong", super_efficiency_strong),
    ("super-efficiency-weak", super_efficiency_weak),
    ("affine-outer", affine_outer),
    ("preconditioners", preconditioners),
    ("solver-budget", solver_budget),
    ("truncation", truncation),
    ("warm-start", warm_start),
    ("equal-calls", equal_calls),
    ("single-loop", single_loop),
    ("straight-to-rounding", straight_to_rounding),
    ("one-loop-or-two", one_loop_or_two),
    ("restarts", restarts),
    ("branin-populations", populations::branin),
    ("hartmann-diversity", populations::hartmann),
    ("spectral-ridge", populations::spectral_ridge),
    ("population-overfits", populations::overfits),
    ("natural-staleness", natural_staleness),
    ("natural-hyper-cleaning", natural_hyper_cleaning),
    ("lasso", lasso),
    ("perceptron", perceptron),
    ("hyper-cleaning", hyper_cleaning),
    ("overfitting", overfitting),
    ("instrumental-variables", instrumental_variables),
    ("drift-smoothing", drift_smoothing),
    ("model-design", model_design),
    ("few-shot-sinusoids", few_shot_sinusoids),
    ("few-shot-distractors", few_shot_distractors),
];

#[test]
fn every_number_of_every_text_is_measured() {
    let mut failures = Vec::new();
    // From the last: another test goes through the same walks from the first, and the two share the work.
    for builtin in BUILTIN.iter().rev() {
        let is_long = papers::CLAIMS.iter().any(|(id, _)| *id == builtin.id);
        let measure = CLAIMS.iter().find(|(id, _)| *id == builtin.id);
        assert!(!(is_long && measure.is_some()), "{} is measured twice", builtin.id);
        if is_long {
            continue;
        }
        let walk = walk(builtin.id);
        let mut text = Text::of(builtin.id, &walk.scenario.about);
        // What panics is reported with the rest.
        let measured = catch_unwind(AssertUnwindSafe(|| measure.map(|(_, measure)| measure(walk, &mut text))));
        if measured.is_err() {
            failures.push(format!("{}: something it says without a number is not so", builtin.id));
        }
        failures.extend(text.failures());
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// Where the rows come from.
fn source(walk: &Walk) -> &Source {
    &walk.scenario.data.as_ref().expect("a scenario with data").source
}

fn dimensions(snapshot: &Snapshot) -> (usize, usize) {
    let sizes = snapshot.problem.dimensions;
    (sizes.inner, sizes.outer)
}

/// The error at the place nearest to an inner error, for comparisons at equal inner error.
fn error_at(snapshot: &Snapshot, name: &str, inner_error: f64) -> f64 {
    let points = trial(snapshot, name).run.steps.points(&INNER_ERROR, &ERROR);
    let nearest = points.into_iter().min_by(|a, b| {
        let distance = |point: &(f64, f64)| (point.0 / inner_error).ln().abs();
        distance(a).total_cmp(&distance(b))
    });
    nearest.map_or(f64::NAN, |point| point.1)
}

fn slope(snapshot: &Snapshot, name: &str) -> f64 {
    trial(snapshot, name).slope.map_or(f64::NAN, |law| law.slope)
}

/// How many times smaller an error is than that of `plain` at the inner error of the last step.
fn gain(snapshot: &Snapshot, name: &str, plain: &str) -> f64 {
    let at = inner_last(snapshot, plain, &INNER_ERROR);
    error_at(snapshot, plain, at) / error_at(snapshot, name, at)
}

/// A metric of each trial at the λ that so many calls have led to.
fn after(snapshot: &Snapshot, paid: f64, metric: &'static hyperlab::metric::Metric) -> Vec<f64> {
    let of = |trial: &TrialView| {
        let points = trial.outer_records.points(&CALLS, metric);
        let after = points.iter().find(|(calls, _)| *calls > paid).or(points.last());
        after.map_or(f64::NAN, |point| point.1)
    };
    snapshot.trials.iter().map(of).collect()
}

fn quadratic(walk: &Walk, text: &mut Text) {
    text.counts("T = 8", walk.scenario.inner.steps);
    let errors = inner(&walk.ended, "direct", &INNER_ERROR);
    let left = errors.last().unwrap().1 / errors[0].1;
    text.roughly("a quarter of the inner error", left, 0.1);
    let minimum = &walk.horizon.problem.minimum.as_ref().expect("F has a least value").lambda;
    let distance = |name| {
        let lambda = &trial(&walk.horizon, name).lambda;
        lambda.iter().zip(minimum).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    let distances = ["Newton", "direct", "reverse", "v = b"].map(distance);
    assert!(distances[0] < 1e-2 && distances[1..].iter().all(|distance| *distance > 0.1), "{distances:?}");
}

fn ridge_one_penalty(walk: &Walk, text: &mut Text) {
    text.says("At λ = 1", walk.ended.trials[0].lambda[0]);
    let exact = ["direct", "reverse", "finite difference"];
    let at_thirty = exact.map(|name| inner(&walk.ended, name, &RELATIVE_ERROR)[30].1);
    text.holds("exact within thirty inner steps", at_thirty.iter().all(|error| *error < 1e-5), at_thirty);
    text.counts("three CG iterations", walk.scenario.trials[1].estimator.knobs.count("iterations"));
    text.says("a floor of 2e-4", inner_last(&walk.ended, "CG 3", &RELATIVE_ERROR));
    let floor = outer(&walk.horizon, "CG 3", &RELATIVE_ERROR);
    text.holds("CG 3 overshoots", floor.iter().any(|error| *error > 1.0), floor);
}

fn ridge_per_feature(walk: &Walk, text: &mut Text) {
    text.holds("Ten penalties, ten signs", dimensions(&walk.ended).1 == 10, dimensions(&walk.ended));
    text.counts("100 inner steps", walk.scenario.inner.steps);
    let value = outer(&walk.horizon, "direct", &VALUE);
    let (lowest, last) = (least(&value).1, *value.last().unwrap());
    assert!(last - lowest > 0.1 * (value[0] - lowest), "turns around and rises again: {value:?}");
    let newton = outer(&walk.horizon, "Newton", &VALUE);
    assert_eq!(least(&newton).0, newton.len() - 1, "keeps descending: {newton:?}");
}

fn logistic(walk: &Walk, text: &mut Text) {
    text.counts("Thirty penalties", dimensions(&walk.ended).1);
    text.says("start at e^-4", walk.opened.trials[0].lambda[0]);
    text.counts("100 steps of gradient descent", walk.scenario.inner.steps);
    text.counts("CG 20 follows", walk.scenario.trials[1].estimator.knobs.count("iterations"));
    let cosine = |name| outer_last(&walk.horizon, name, &COSINE);
    let [direct, cg, newton, reverse] = ["direct", "CG 20", "Newton", "reverse"].map(cosine);
    assert!((direct - cg).abs() < 0.15 && reverse < direct && newton > direct, "{direct} {cg} {newton} {reverse}");
}

fn softmax(walk: &Walk, text: &mut Text) {
    let sizes = walk.ended.problem.dimensions;
    text.counts("64 penalties", sizes.outer);
    text.counts("ten classes", sizes.inner / sizes.outer);
    text.counts("450 training digits", sizes.training);
    text.counts("640 parameters", sizes.inner);
    let errors = ["CG 10", "truncated 10", "v = b"].map(|name| inner_last(&walk.ended, name, &RELATIVE_ERROR));
    let ratio = errors.iter().copied().fold(0.0, f64::max) / errors.iter().copied().fold(f64::INFINITY, f64::min);
    let is_one = walk.scenario.trials.len() == 3 && (4.0..30.0).contains(&ratio);
    text.holds("The three estimates differ by an order of magnitude", is_one, errors);
    for trial in &walk.horizon.trials {
        let losses = outer(&walk.horizon, &trial.setting.name, &VALIDATION_LOSS);
        assert!(losses.last() < losses.first(), "validation falls for all of them: {losses:?}");
    }
}

fn super_efficiency_strong(walk: &Walk, text: &mut Text) {
    let seen = &walk.ended;
    text.says("Ye et al. 2024", 2024.0);
    text.counts("144 rows", seen.problem.dimensions.training);
    text.counts("5 correlated features", seen.problem.dimensions.inner);
    let lambda = &seen.trials[0].lambda;
    text.holds("drawn from [3, 6]", lambda.iter().all(|entry| (3.0..=6.0).contains(entry)), lambda);
    text.roughly("with slope 2", slope(seen, "Newton"), 0.05);
    let others = ["vanilla", "P = diag H", "φ diagonal", "φ exponential"].map(|name| slope(seen, name));
    text.holds("all others with slope 1", others.iter().all(|slope| (slope - 1.0).abs() < 0.12), others);
    text.roughly("about forty", gain(seen, "P = diag H", "vanilla"), 0.25);
}

fn super_efficiency_weak(walk: &Walk, text: &mut Text) {
    let seen = &walk.ended;
    let lambda = &seen.trials[0].lambda;
    text.holds("drawn from [-1, 1]", lambda.iter().all(|entry| (-1.0..=1.0).contains(entry)), lambda);
    text.roughly("its slope of 2", slope(seen, "Newton"), 0.05);
    text.roughly("gains a factor of two", gain(seen, "P = diag H", "vanilla"), 0.3);
    let next_to_nothing = ["φ diagonal", "φ exponential"].map(|name| gain(seen, name, "vanilla"));
    assert!(next_to_nothing.iter().all(|gain| (0.7..1.5).contains(gain)), "{next_to_nothing:?}");
}

fn affine_outer(walk: &Walk, text: &mut Text) {
    text.says("with τ = 0", walk.scenario.problem.knobs.real("tau"));
    text.holds("cᵀθ + (τ/2)‖θ‖²", walk.scenario.problem.knobs.choice("outer") == "Dial", ());
    let seen = &walk.ended;
    let exact = ["φ = H⁻¹z", "Newton"].map(|name| inner_last(seen, name, &RELATIVE_ERROR));
    assert!(exact.iter().all(|error| *error < 1e-10), "{exact:?}");
    let slopes = ["vanilla", "φ diagonal"].map(|name| slope(seen, name));
    text.holds("fall with slope 1", slopes.iter().all(|slope| (slope - 1.0).abs() < 0.1), slopes);
    let mut lab = Lab::new(experiment(&walk.scenario, &NoFiles).unwrap());
    lab.apply(&Command::TurnProblem { key: "tau".into(), value: "1".into() }).unwrap();
    (0..walk.scenario.inner.steps).for_each(|_| tick(&mut lab));
    let turned = Snapshot::of_lab(&lab);
    text.roughly("drops back to slope 1", slope(&turned, "φ = H⁻¹z"), 0.1);
    assert!(inner_last(&turned, "Newton", &RELATIVE_ERROR) < 1e-10);
}

fn preconditioners(walk: &Walk, text: &mut Text) {
    let seen = &walk.ended;
    text.counts("Eight corrections", walk.scenario.trials.len());
    let inexact = ["none", "diag H", "dial 0.5", "dial 0.1", "Nyström 10"].map(|name| slope(seen, name));
    text.holds("keeps slope 1", inexact.iter().all(|slope| (slope - 1.0).abs() < 0.15), inexact);
    let ratio = error_at(seen, "dial 0.5", 1e-3) / error_at(seen, "dial 0.1", 1e-3);
    text.holds("the dial (1 - ε)H", (3.0..8.0).contains(&ratio), ratio);
    let lagged = walk.scenario.trials.iter().find(|trial| trial.name.as_deref() == Some("lagged 10")).unwrap();
    text.counts("ten steps old", lagged.estimator.knobs.count("lag"));
    text.roughly("close to slope 2", slope(seen, "lagged 10"), 0.15);
}

fn lasso(walk: &Walk, text: &mut Text) {
    let seen = &walk.ended;
    text.says("at λ = -3", walk.opened.trials[0].lambda[0]);
    text.counts("of ten measurements", dimensions(seen).0);
    let support = inner_last(seen, "implicit", &SUPPORT);
    let names = ["unrolled", "implicit", "Newton"];
    text.holds(
        "five of ten",
        support == 5.0 && names.iter().all(|name| inner_last(seen, name, &SUPPORT) == 5.0),
        support,
    );
    text.holds("on five entries", inner_last(seen, "implicit", &SUPPORT_ERROR) == 0.0, support);
    let wrong = inner(seen, "implicit", &SUPPORT_ERROR);
    let settled = wrong.iter().rposition(|(_, wrong)| *wrong > 0.0).unwrap() + 1;
    text.counts("Until inner step 22", settled);
    text.counts("all three estimates", seen.trials.len());
    let errors = names.map(|name| inner(seen, name, &RELATIVE_ERROR));
    let far = |step: usize| errors.iter().all(|errors| errors[step].1 > 1.0);
    text.holds("from step 3 on", (3..settled).all(far) && !far(2), settled);
    let [unrolled, implicit, newton] = errors.each_ref().map(|errors| errors[settled].1);
    text.says("3 % at once", 100.0 * implicit);
    text.says("by 110 %", 100.0 * unrolled);
    assert!(newton < 1e-12, "exact to rounding: {newton:e}");
    let slopes = ["unrolled", "implicit"].map(|name| slope(seen, name));
    text.holds("slope 1", slopes.iter().all(|slope| (slope - 1.0).abs() < 0.05), slopes);
    text.roughly(
        "seven times larger",
        inner_last(seen, "unrolled", &ERROR) / inner_last(seen, "implicit", &ERROR),
        0.1,
    );
    let (value, supports) = (outer(&walk.horizon, "implicit", &VALUE), outer(&walk.horizon, "implicit", &SUPPORT));
    let lambda = walk.horizon.trials[1].lambda[0];
    text.counts("over 20 outer steps", walk.horizon.outer);
    assert!(lambda > -3.0 && least(&value).0 == value.len() - 1, "λ rises to where F is least: {lambda} {value:?}");
    let slope = outer_last(&walk.horizon, "implicit", &HYPERGRADIENT_NORM);
    assert!(slope < 0.05 * outer(&walk.horizon, "implicit", &HYPERGRADIENT_NORM)[0], "where F is least: {slope:e}");
    assert!(supports.iter().all(|support| *support == 5.0), "the support stays: {supports:?}");
}

fn solver_budget(walk: &Walk, text: &mut Text) {
    let seen = &walk.ended;
    text.says("Condition number 300", walk.scenario.problem.knobs.real("condition"));
    let errors = inner(seen, "direct", &INNER_ERROR);
    let decades = (errors[0].1 / errors.last().unwrap().1).log10();
    text.roughly("by six decades", decades, 0.15);
    let end = |name| inner_last(seen, name, &RELATIVE_ERROR);
    text.holds("CG 20 ends at 2 %", (100.0 * end("CG 20") - 2.0).abs() < 0.5, end("CG 20"));
    text.holds("CG 5 at half", (end("CG 5") - 0.5).abs() < 0.05, end("CG 5"));
    let (neumann, cg) = (end("Neumann 20"), end("CG 2"));
    text.holds("twenty Neumann terms are still worse than two CG iterations", neumann > cg, (neumann, cg));
}

fn truncation(walk: &Walk, text: &mut Text) {
    let seen = &walk.ended;
    text.counts("of 100 inner steps", walk.scenario.inner.steps);
    let percent = |name| 100.0 * inner_last(seen, name, &RELATIVE_ERROR);
    text.says("15 %", percent("last 20"));
    text.says("55 %", percent("last 5"));
    text.says("87 %", percent("last 1"));
    let lasts: Vec<usize> = walk.scenario.trials[1..].iter().map(|trial| trial.estimator.knobs.count("last")).collect();
    text.holds("for K = 20, 5 and 1", lasts == [20, 5, 1], lasts);
    let above = ["last 20", "last 5", "last 1"].map(|name| {
        let cosines = outer(&walk.horizon, name, &COSINE);
        cosines.iter().filter(|cosine| **cosine > 0.85).count() as f64 / cosines.len() as f64
    });
    text.holds("above 0.85 for most of the run", above.iter().all(|share| *share > 0.5), above);
}

fn warm_start(walk: &Walk, text: &mut Text) {
    text.counts("Ten inner steps", walk.scenario.inner.steps);
    text.counts("only ten steps of history", trial(&walk.ended, "reverse, warm").setting.inner.steps);
    let warm = ["direct, warm", "reverse, warm"];
    let falls = warm.map(|name| outer(&walk.horizon, name, &VALUE));
    assert!(falls.iter().all(|value| least(value).0 == value.len() - 1), "they keep descending: {falls:?}");
    let turns = warm.map(|name| least(&outer(&walk.horizon, name, &INNER_ERROR)).0);
    text.holds("After five outer steps", turns == [5, 5], turns);
    for name in warm {
        let penalties = |seen: &Snapshot| {
            let lambda = &trial(seen, name).lambda;
            lambda.iter().copied().fold(f64::MIN, f64::max) - lambda.iter().copied().fold(f64::MAX, f64::min)
        };
        assert!(penalties(&walk.opened) == 0.0 && penalties(&walk.horizon) > 2.0, "the penalties part");
    }
    // The share of the inner error that is left after the ten steps of an inner run.
    let left = |seen: &Snapshot| {
        let errors = inner(seen, "direct, warm", &INNER_ERROR);
        errors.last().unwrap().1 / errors[0].1
    };
    let shares = [&walk.ended, &walk.within, &walk.horizon].map(left);
    assert!(shares[0] < 0.6 && shares[2] > 0.98, "ten steps make up for less: {shares:?}");
    text.holds("and ten steps make up for less", shares[0] < shares[2], shares);
    let anew = outer(&walk.horizon, "direct, anew", &INNER_ERROR);
    assert!(least(&anew).1 > 0.9 * anew[0], "the inner error never shrinks: {anew:?}");
    let value = outer(&walk.horizon, "direct, anew", &VALUE);
    assert!(*value.last().unwrap() > 1.01 * least(&value).1, "F turns upward: {value:?}");
}

fn equal_calls(walk: &Walk, text: &mut Text) {
    let seen = &walk.horizon;
    let steps: Vec<usize> = seen.trials.iter().map(|trial| trial.setting.inner.steps).collect();
    text.holds("Three trials that differ in the length T", steps == [1, 1, 10, 100], steps);
    let value = |paid: f64| after(seen, paid, &VALUE);
    let [start, early, middle, rising, late] = [100.0, 500.0, 1000.0, 2000.0, 4000.0].map(value);
    // SOBA, T = 1, T = 10, T = 100. Independent of the pace: `run --calls` of each alone gives .1094 .1109 .1244,
    // .0922 .0974 .0851 .1269, .0867 .1218 .0786 .1135 and .0859 .2023 .0803 .0801.
    let reference = [(&early, [0.0922, 0.0974, 0.0851, 0.1269]), (&late, [0.0859, 0.2023, 0.0803, 0.0801])];
    for (found, expected) in reference {
        assert!(
            found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 5e-3),
            "{found:?} {expected:?}"
        );
    }
    assert!(late[0] < middle[0], "SOBA stays low: {middle:?} to {late:?}");
    let is_level = (start[0] - start[1]).abs() < 0.003 && start[1] < start[2] && start[1] < start[3];
    text.holds("For 100 calls SOBA and T = 1 are level and ahead", is_level, &start);
    text.holds(
        "the θ of T = 1 falls behind",
        late[1] > 2.0 * early[1] && outer_last(seen, "T = 1", &COSINE) < 0.5,
        &late,
    );
    let leads = |values: &[f64]| values[2] < values[0] && values[2] < values[1] && values[2] < values[3];
    text.holds("From 500 calls on T = 10 leads", leads(&early) && leads(&middle), (&early, &middle));
    let iterations = walk.scenario.trials[2].estimator.knobs.count("iterations");
    text.counts("five steps of CG", iterations);
    let lowest = least(&outer(seen, "T = 10", &VALUE)).1;
    assert!((1.01..1.1).contains(&(late[2] / lowest)), "it rises a little: {} after {lowest}", late[2]);
    let hundred = trial(seen, "T = 100").outer_records.points(&CALLS, &VALUE);
    let risen = hundred.windows(2).find(|pair| pair[1].1 > pair[0].1).map(|pair| pair[0].0);
    text.holds(
        "T = 100, last of those that do not rise until 2000 calls",
        risen.is_none_or(|at| at > 2000.0) && rising[3] > rising[2],
        (risen, &rising),
    );
    text.holds("level with it at 4000", (late[3] - late[2]).abs() < 0.003, &late);
}

/// `(row calls, F − F*)` of a trial that is asked by the row.
fn excess(seen: &Snapshot, name: &str) -> Vec<(f64, f64)> {
    trial(seen, name).outer_records.points(&ROW_CALLS, &EXCESS_VALUE)
}

/// The last of a curve that was paid for by then.
fn paid_by(points: &[(f64, f64)], calls: f64) -> f64 {
    points.iter().take_while(|point| point.0 <= calls).last().map_or(f64::NAN, |point| point.1)
}

/// The mean of a curve from some calls on.
fn mean_from(points: &[(f64, f64)], calls: f64) -> f64 {
    let late: Vec<f64> = points.iter().filter(|point| point.0 > calls).map(|point| point.1).collect();
    late.iter().sum::<f64>() / late.len() as f64
}

/// Row calls of one outer step.
fn rows_of_a_step(points: &[(f64, f64)]) -> f64 {
    points[points.len() - 1].0 - points[points.len() - 2].0
}

fn batches_of_sixteen(walk: &Walk) -> bool {
    [walk.scenario.inner.batch, walk.scenario.outer.batch].iter().all(|batch| batch.size() == Some(16))
}

fn straight_to_rounding(walk: &Walk, text: &mut Text) {
    let seen = &walk.horizon;
    text.counts("All four take the same constant steps", seen.trials.len());
    text.holds("batches of 16 rows", batches_of_sixteen(walk), walk.scenario.inner.batch);
    let soba = excess(seen, "SOBA");
    let height = mean_from(&soba, 12_000.0);
    text.holds(
        "from 12000 row calls on it hovers about two thousandths above",
        (1.2e-3..2.8e-3).contains(&height) && soba.iter().all(|(calls, value)| *calls < 12_000.0 || *value < 8e-3),
        height,
    );
    let is_rounding = |name: &str| {
        let floor = outer_last(seen, name, &EXCESS_FLOOR);
        let late: Vec<f64> = excess(seen, name).iter().filter(|it| it.0 > 50_000.0).map(|it| it.1).collect();
        !late.is_empty() && late.iter().all(|value| *value <= 2.0 * floor)
    };
    text.holds(
        "by 50000 row calls nothing is left but rounding",
        is_rounding("SABA") && is_rounding("SABA from zeros"),
        excess(seen, "SABA").last(),
    );
    let all = excess(seen, "all rows");
    let rows = [&all, &soba].map(|points| rows_of_a_step(points));
    text.holds("step asks for 1000 rows and not for 48", rows == [1000.0, 48.0], rows);
    let higher = all.iter().filter(|it| it.0 <= soba[soba.len() - 1].0).all(|it| it.1 > paid_by(&soba, it.0));
    assert!(higher && all.windows(2).any(|pair| pair[1].1 > pair[0].1), "higher all the way, and swings: {all:?}");
}

fn one_loop_or_two(walk: &Walk, text: &mut Text) {
    let seen = &walk.horizon;
    text.counts("Four ways to spend row calls", seen.trials.len());
    text.holds("batches of 16 rows", batches_of_sixteen(walk), walk.scenario.inner.batch);
    let steps = |name: &str| trial(seen, name).setting.inner.steps;
    text.holds("take 5 steps", steps("AmIGO") == 5 && steps("stocBiO") == 5 && steps("SOBA") == 1, steps("AmIGO"));
    let products = trial(seen, "stocBiO").setting.estimator.knobs.count("iterations");
    text.counts("by 40 products", products);
    let left = ["SOBA", "AmIGO", "stocBiO"].map(|name| {
        let points = excess(seen, name);
        paid_by(&points, 9000.0) / points[0].1
    });
    text.holds(
        "By 9000 row calls SOBA and AmIGO have left less than a fiftieth of the way to the least F",
        left[0] < 0.02 && left[1] < 0.02,
        left,
    );
    text.holds("stocBiO a quarter", (0.2..0.3).contains(&left[2]), left);
    let heights = ["SOBA", "AmIGO", "stocBiO", "SOBA falling"].map(|name| {
        let points = excess(seen, name);
        mean_from(&points, 0.5 * points[points.len() - 1].0)
    });
    text.holds(
        "over the later half of its run SOBA more than twice as high as the double loops",
        heights[0] > 2.0 * heights[1] && heights[0] > 2.0 * heights[2],
        heights,
    );
    assert!(heights[3] < heights[1].min(heights[2]), "falling steps end below: {heights:?}");
}

fn single_loop(walk: &Walk, text: &mut Text) {
    let seen = &walk.horizon;
    let sizes = seen.problem.dimensions;
    text.holds(
        "16 of 400 training rows",
        sizes.training == 400 && format!("{:?}", walk.scenario.inner.batch).contains("16"),
        sizes,
    );
    text.holds(
        "16 of 200 validation rows",
        sizes.validation == 200 && format!("{:?}", walk.scenario.outer.batch).contains("16"),
        sizes,
    );
    let all = trial(seen, "all rows").outer_records.points(&CALLS, &VALUE);
    let steps = all.iter().filter(|(calls, _)| *calls <= 25.0).count();
    let first = all.iter().map(|point| point.1).collect::<Vec<_>>();
    let (paid, part) = (walk.scenario.inner.steps, seen);
    assert_eq!(paid, 1, "one loop: {}", part.title);
    text.counts("a call over 16 rows", 16);
    text.holds("25 calls are 6 steps", steps == 6, steps);
    let early = after(seen, 25.0, &VALUE);
    assert!(early[3] > 2.0 * early[0] && first[0] < 2.0 * early[3], "hardly fallen: {early:?}");
    let height = |name: &str| {
        let points = trial(seen, name).outer_records.points(&CALLS, &TRUTH_NORM);
        let late: Vec<f64> = points.into_iter().filter(|(calls, _)| *calls > 500.0).map(|point| point.1).collect();
        late.iter().sum::<f64>() / late.len() as f64
    };
    let heights = ["constant", "a quarter", "falling"].map(height);
    let rates = ["constant", "a quarter"].map(|name| {
        let setting = &trial(seen, name).setting;
        (setting.outer.rule.knobs.real("step"), setting.inner.steps)
    });
    let quarter = (4.0 * rates[1].0 - rates[0].0).abs() < 1e-12;
    let swings = |name: &str| {
        let value = outer(seen, name, &VALUE);
        value.windows(2).any(|pair| pair[1] > pair[0])
    };
    text.holds("so do steps a quarter as long", quarter && swings("all rows") && swings("a quarter"), rates);
    text.holds(
        "steps a quarter as long start slower and hover lower",
        early[0] < early[1] && heights[0] > 2.0 * heights[1],
        heights,
    );
    assert!(
        early[2] < early[0] && heights[0] > 2.0 * heights[2],
        "falling steps get there sooner: {early:?} {heights:?}"
    );
    let end = after(seen, 1000.0, &TRUTH_NORM);
    text.holds("By 1000 calls", end[3] < 0.5 * end[0], end);
}

fn restarts(walk: &Walk, text: &mut Text) {
    let seen = &walk.horizon;
    let (alone, students) = (trial(seen, "one run"), trial(seen, "eight students"));
    let sizes = seen.problem.dimensions;
    text.counts("Two correlated features", sizes.inner);
    text.counts("twelve training rows", sizes.training);
    let last = students.outer_records.last().unwrap();
    let values = last.vector(&STUDENT_VALUES);
    let near = |well: f64| values.iter().filter(|value| (**value - well).abs() < 1e-3).count();
    text.holds("F has two wells", near(0.092) + near(0.0524) == values.len(), values);
    text.holds("λ₀ = (2, 2)", walk.opened.trials[0].lambda[..] == [2.0, 2.0], &walk.opened.trials[0].lambda);
    text.says("stays at .092", outer_last(seen, "one run", &OUTER_VALUE));
    text.counts("Eight students", students.setting.students());
    text.holds("four lie in each well", (near(0.092), near(0.0524)) == (4, 4), values);
    text.says("leads is at .052", outer_last(seen, "eight students", &OUTER_VALUE));
    let paid = [alone, students].map(|trial| trial.cost.calls());
    text.holds("at 6000 oracle calls", paid.iter().all(|calls| (calls - 6000.0).abs() < 100.0), paid);
    text.counts("600 outer steps", alone.outer);
    text.counts("each student 75", students.outer);
    text.says(".172", outer_last(seen, "one run", &TEST_LOSS));
    text.says("against .160", outer_last(seen, "eight students", &TEST_LOSS));
    text.counts("ten validation rows", sizes.validation);
}

fn perceptron(walk: &Walk, text: &mut Text) {
    let (seen, end) = (&walk.ended, &walk.horizon);
    text.counts("Two penalties", seen.problem.dimensions.outer);
    text.counts("eight hidden units", walk.scenario.problem.knobs.count("hidden"));
    text.counts("judged by sixty rows", seen.problem.dimensions.validation);
    text.holds(
        "the last 20 of 200 steps",
        walk.scenario.inner.steps == 200 && walk.scenario.trials[1].estimator.knobs.count("last") == 20,
        (),
    );
    text.says("cosine .99", inner_last(seen, "last 20", &COSINE));
    let reverse = inner_last(seen, &seen.trials[0].setting.name, &HYPERGRADIENT_NORM);
    let length = |name| inner_last(seen, name, &HYPERGRADIENT_NORM) / reverse;
    text.roughly("a seventh of the length", length("last 20"), 0.15);
    let [cg, identity] = [&seen.trials[2].setting.name, &seen.trials[3].setting.name];
    text.roughly("six times too long", length(cg), 0.15);
    text.says("cosine -.68", inner_last(seen, identity, &COSINE));
    let losses: Vec<Vec<f64>> =
        end.trials[..3].iter().map(|trial| outer(end, &trial.setting.name, &TEST_LOSS)).collect();
    text.says("from .67", losses[0][0]);
    let fifth: Vec<f64> = losses.iter().map(|losses| losses[5]).collect();
    text.holds("Five steps of Adam later the first three", fifth.len() == 3, &fifth);
    text.holds("to .60 or .61", fifth.iter().all(|loss| (0.595..0.615).contains(loss)), &fifth);
    let rises = losses.iter().all(|losses| losses.last() > losses.get(5));
    text.holds("even two penalties overfit sixty rows", rises, &losses);
}

fn hyper_cleaning(walk: &Walk, text: &mut Text) {
    let sizes = walk.ended.problem.dimensions;
    text.counts("300 digits", sizes.training);
    text.holds("half of their labels", (walk.scenario.data.as_ref().unwrap().label_noise - 0.5).abs() < 1e-12, ());
    text.counts("50 clean digits", sizes.validation);
    let accuracy = outer(&walk.horizon, "reverse", &VALIDATION_ACCURACY);
    text.says("from 0.86", accuracy[0]);
    text.says("to 0.94", *accuracy.last().unwrap());
    let [reverse, cg] = ["reverse", "CG 20"].map(|name| outer_last(&walk.horizon, name, &TEST_ACCURACY));
    assert!((reverse - cg).abs() < 0.01, "full unrolled and implicit agree: {reverse} {cg}");
}

fn overfitting(walk: &Walk, text: &mut Text) {
    let seen = &walk.horizon;
    text.counts("Forty features", seen.problem.dimensions.inner);
    let source = source(walk);
    text.holds("eight matter", matches!(source, Source::Regression { informative: Some(8), .. }), source);
    let validation = outer(seen, "single", &VALIDATION_LOSS);
    assert_eq!(least(&validation).0, validation.len() - 1, "falls to the end");
    let single = outer(seen, "single", &REFIT_LOSS);
    text.roughly("after about ten outer steps", least(&single).0 as f64, 0.3);
    let fresh = outer(seen, "fresh 1", &REFIT_LOSS);
    assert!(fresh.last().unwrap() < single.last().unwrap() && fresh.last().unwrap() - least(&fresh).1 < 0.02);
    text.counts("twenty seeds", walk.scenario.study.seeds.unwrap_or(0));
    assert!(outer_last(seen, "single", &GAP).is_finite());
    // What the test has lost is printed in the chart.
    let (best, lowest) = least(&single);
    let words = format!("{:+.3} since step {best}", single.last().unwrap() - lowest);
    let figure = Choice::parse("overfitting").unwrap().draw(seen);
    let prints =
        |layer: &Layer| matches!(&layer.shape, Shape::Texts(texts) if texts.iter().any(|text| text.2 == words));
    assert!(figure.layers.iter().any(prints), "`{words}` is not printed");
}

fn few_shot_sinusoids(walk: &Walk, text: &mut Text) {
    let seen = &walk.horizon;
    let data = seen.problem.data.as_ref().unwrap();
    let source = source(walk);
    let is_ten = matches!(source, Source::Sinusoids { tasks: 10, .. });
    let of_five = matches!(source, Source::Sinusoids { support: 5, query: 5, .. });
    text.holds("Ten sinusoids with five points each to learn from and five", is_ten && of_five, source);
    text.holds("the loss on the ten tasks", is_ten, source);
    text.says("to 0.015", outer_last(seen, "single split", &VALIDATION_LOSS));
    text.counts("300 new tasks", data.new_tasks.len());
    text.says("stays at 0.76", outer_last(seen, "single split", &TEST_LOSS));
    text.holds("the same ten points anew", of_five, source);
    text.says("down to 0.073", outer_last(seen, "fresh re-splits", &TEST_LOSS));
    let (loss, mean) = loss_and_mean_square();
    text.holds(
        "twice these numbers: the loss is half the mean squared error",
        (loss - 0.5 * mean).abs() < 1e-12,
        (loss, mean),
    );
}

/// The test loss where there is one new task, and the mean squared error of the curve that is drawn of it.
fn loss_and_mean_square() -> (f64, f64) {
    let source = Front::open("few-shot-sinusoids").unwrap().with("data.source.new_tasks=1").unwrap();
    let lab = Lab::new(experiment(&source.scenario().unwrap().0, &NoFiles).unwrap());
    let seen = Snapshot::of_lab(&outer_steps(lab, 1));
    let record = seen.trials[0].outer_records.last().unwrap();
    let curve = record.reading(&NEW_TASK).and_then(|reading| reading.curve()).unwrap();
    let targets = &seen.problem.data.as_ref().unwrap().new_tasks[0].validation.targets;
    let squares: f64 = curve.iter().zip(targets).map(|((_, y), target)| (y - target).powi(2)).sum();
    (record.number(&TEST_LOSS).unwrap(), squares / targets.len() as f64)
}

fn few_shot_distractors(walk: &Walk, text: &mut Text) {
    let seen = &walk.horizon;
    let curves = ["single split", "fresh re-splits"].map(|name| outer(seen, name, &TEST_ACCURACY));
    let source = source(walk);
    let five = matches!(source, Source::Episodes { ways: 5, shots: 1, classes, .. } if classes.len() == 5);
    text.holds("Ten tasks", matches!(source, Source::Episodes { tasks: 10, .. }), source);
    text.holds("the other five digits", five, source);
    text.counts("128 pixels", seen.problem.dimensions.outer);
    text.says("61 % are right", 100.0 * curves[0][0]);
    let best = curves.each_ref().map(|curve| curve[10..=15].iter().copied().fold(0.0, f64::max));
    text.holds("after ten to fifteen outer steps 79 %", best.iter().all(|best| (0.785..0.795).contains(best)), best);
    text.holds("the five known digits", five, source);
    text.says("73 %", 100.0 * curves[0].last().unwrap());
    text.says("74 %", 100.0 * curves[1].last().unwrap());
    text.counts("after forty steps", trial(seen, "single split").outer);
}

/// The text has no numbers; what it says of the factor and of errors is so.
fn instrumental_variables(walk: &Walk, text: &mut Text) {
    let [least_squares] = &walk.horizon.problem.baselines[..] else { panic!("one baseline") };
    let loss = outer(&walk.horizon, "exact", &TEST_LOSS);
    let last = loss.last().unwrap();
    let is_less = *last < least_squares.test.loss / 3.0;
    text.holds("falls to less than a third of that of least squares", is_less, (last, least_squares.test.loss));
    // Nearer than at the start all along the places that are drawn, in the mean.
    assert!(loss[0] > least_squares.test.loss, "{loss:?}");
}

fn drift_smoothing(walk: &Walk, text: &mut Text) {
    text.counts("each of ten past blocks", trial(&walk.horizon, "no window").lambda.len());
    let names = ["no window", "window of 5", "window of 20"];
    // λ starts alike everywhere, and takes its time to find its way.
    let loss = names.map(|name| outer(&walk.horizon, name, &TEST_LOSS)[100..].iter().sum::<f64>() / 400.0);
    assert!(loss[0] < loss[1] && loss[1] < loss[2], "larger the wider the window is: {loss:?}");
    let regret = names.map(|name| outer_last(&walk.horizon, name, &LOCAL_REGRET));
    assert!(regret[0] > regret[1] && regret[1] > regret[2], "smaller regret: {regret:?}");
}

/// The text has no numbers; what it says of controllers is so.
fn model_design(walk: &Walk, _: &mut Text) {
    let regret = |name| outer_last(&walk.horizon, name, &hyperlab::metric::REGRET);
    let [likeliest, backup, double, residual] = ["likeliest", "one backup", "double sample", "residual"].map(regret);
    assert!(likeliest > 0.2, "far from the best: {likeliest}");
    assert!(backup < 0.01 && double < 0.01, "nearly the best: {backup} {double}");
    assert!(residual > 5.0 * backup.max(double) && residual < likeliest, "farther away: {residual}");
    let lever = trial(&walk.horizon, "frozen target").lambda[1];
    assert!(lever <= 0.2, "without a lever, at its bound: {lever}");
}

fn natural_staleness(walk: &Walk, _: &mut Text) {
    let errors = |name| outer(&walk.horizon, name, &RELATIVE_ERROR);
    let [none, one, run, late] = ["s = 0", "s = 1", "s = 20", "s = 100"].map(errors);
    let is_near = |(a, b): (&f64, &f64)| (a - b).abs() < 0.05;
    assert!(none.iter().zip(&one).all(is_near), "a batch behind: {none:?} {one:?}");
    assert!(run[0] > 5.0 && late[..5].iter().all(|error| *error > 5.0), "no factor at first: {run:?} {late:?}");
    assert!(run[2..].iter().zip(&none[2..]).all(|(run, none)| run - none < 0.2), "a run behind: {run:?} {none:?}");
    let mean = |name| {
        let cosines = outer(&walk.horizon, name, &hyperlab::metric::COSINE);
        cosines[6..].iter().sum::<f64>() / (cosines.len() - 6) as f64
    };
    assert!(mean("s = 100") < mean("s = 0") - 0.05, "five runs behind: {} {}", mean("s = 100"), mean("s = 0"));
    let used = outer(&walk.horizon, "s = 100", &hyperlab::metric::BATCHES_USED);
    assert_eq!(used[..7], [0.0, 0.0, 0.0, 0.0, 0.0, 20.0, 40.0]);
    let seen = outer(&walk.horizon, "s = 100", &hyperlab::metric::BATCHES_SEEN);
    assert!(seen.iter().zip(&used).all(|(seen, used)| *used == (seen - 100.0).max(0.0)), "{seen:?} {used:?}");
}

fn natural_hyper_cleaning(walk: &Walk, _: &mut Text) {
    let mean = |name, metric| {
        let numbers = outer(&walk.horizon, name, metric);
        numbers.iter().sum::<f64>() / numbers.len() as f64
    };
    let [solved, own, identity, single] = ["CG 10", "NHGD", "H ≈ I", "SOBA"].map(|name| mean(name, &RELATIVE_ERROR));
    assert!(solved < own && own < identity && identity < single, "{solved} {own} {identity} {single}");
    let [drawn, own] = ["sampled labels", "NHGD"].map(|name| mean(name, &hyperlab::metric::CURVATURE_ERROR));
    assert!(drawn < own, "nearer to H: {drawn} {own}");
    let [own, identity] = ["NHGD", "H ≈ I"].map(|name| mean(name, &hyperlab::metric::COSINE));
    assert!((own - identity).abs() < 0.05, "nearly as good: {own} {identity}");
    let calls = |name| outer(&walk.horizon, name, &CALLS)[0];
    let [solved, own, identity] = ["CG 10", "NHGD", "H ≈ I"].map(calls);
    assert!(solved > 3.0 * own && (own / identity - 1.0).abs() < 0.01, "{solved} {own} {identity}");
}
