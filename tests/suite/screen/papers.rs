//! What the texts say of many seeds, of replicates or of runs of minutes, measured as a person would measure it.

use std::ops::ControlFlow;

use hyperlab::data::Source;
use hyperlab::ensemble::Rows;
use hyperlab::metric::{
    COSINE, F1, REFIT_LOSS, TEST_ACCURACY, TEST_LOSS, TRUTH_NORM, VALIDATION_ACCURACY, VALIDATION_LOSS, VALUE,
};
use hyperlab::probe::bias_variance::{self, BiasVariance, TrialFinding};
use hyperlab::probe::frozen::{self, FrozenState};
use hyperlab::probe::overfitting::{Curves, Quantity};
use hyperlab::probe::stationary::{self, StationaryPoint};
use hyperlab::probe::{Case, Entry, Finding, excess_error, quick_knobs};
use hyperlab::scenario::{NoFiles, Scenario};

use super::horizon;
use super::stability;
use super::text::Text;
use super::walk::{Walk, least, outer, walk};
use crate::common::studies::{curves, last, measured, scenario, with_trials};

/// Measures what a text says.
type Measure = fn(&Scenario, &mut Text);

pub const CLAIMS: &[(&str, Measure)] = &[
    ("bias-variance", bias_variance),
    ("validation-size", validation_size),
    ("ensembles", ensembles),
    ("fresh-world", fresh_world),
    ("diabetes-products", diabetes_products),
    ("excess-error", excess_error),
    ("breast-cancer-pool", breast_cancer_pool),
    ("hyper-cleaning-ensembles", hyper_cleaning_ensembles),
    ("few-shot-matrix", few_shot_matrix),
    ("stability-strongly-convex", stability::strongly_convex),
    ("stability-convex", stability::convex),
    ("stability-nonconvex", stability::nonconvex),
    ("stability-two-timescale", stability::two_timescale),
    ("stability-falling-steps", stability::falling_steps),
    ("stability-which-row", stability::which_row),
    ("horizon-short-horizons", horizon::short_horizons),
    ("horizon-sharing", horizon::sharing),
    ("horizon-from-zero", horizon::from_zero),
    ("horizon-memory", horizon::memory),
    ("frozen-state", frozen_state),
    ("f2sa-multiplier", f2sa_multiplier),
    ("truncated-point", truncated_point),
    ("natural-well-specified", natural_well_specified),
    ("natural-misspecified", natural_misspecified),
];

fn check(id: &'static str) {
    let (_, measure) = CLAIMS.iter().find(|(known, _)| *known == id).unwrap();
    let scenario = scenario(id, &[]);
    let mut text = Text::of(id, &scenario.about);
    measure(&scenario, &mut text);
    let failures = text.failures();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// One test a scenario, so that they share the processors.
macro_rules! checked {
    ($($name:ident: $id:literal),* $(,)?) => {
        $(#[test]
        fn $name() {
            check($id);
        })*

        #[test]
        fn every_claim_is_checked() {
            let checked = [$($id),*];
            assert!(CLAIMS.iter().all(|(id, _)| checked.contains(id)) && checked.len() == CLAIMS.len());
        }
    };
}

checked! {
    what_bias_variance_says: "bias-variance",
    what_validation_size_says: "validation-size",
    what_ensembles_says: "ensembles",
    what_fresh_world_says: "fresh-world",
    what_diabetes_products_says: "diabetes-products",
    what_excess_error_says: "excess-error",
    what_breast_cancer_pool_says: "breast-cancer-pool",
    what_hyper_cleaning_ensembles_says: "hyper-cleaning-ensembles",
    what_few_shot_matrix_says: "few-shot-matrix",
    what_stability_strongly_convex_says: "stability-strongly-convex",
    what_stability_convex_says: "stability-convex",
    what_stability_nonconvex_says: "stability-nonconvex",
    what_stability_two_timescale_says: "stability-two-timescale",
    what_stability_falling_steps_says: "stability-falling-steps",
    what_horizon_short_horizons_says: "horizon-short-horizons",
    what_horizon_sharing_says: "horizon-sharing",
    what_horizon_from_zero_says: "horizon-from-zero",
    what_horizon_memory_says: "horizon-memory",
    what_stability_which_row_says: "stability-which-row",
    what_frozen_state_says: "frozen-state",
    what_f2sa_multiplier_says: "f2sa-multiplier",
    what_truncated_point_says: "truncated-point",
    what_natural_well_specified_says: "natural-well-specified",
    what_natural_misspecified_says: "natural-misspecified",
}

/// A probe's finding with what the scenario's study says to measure.
fn found<T: Finding + Clone>(scenario: &Scenario, entry: &'static Entry) -> T {
    let knobs = quick_knobs(entry, &scenario.study);
    let case = Case::of("text", scenario, &NoFiles, &knobs).unwrap();
    let finding = entry.measure(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    finding.get::<T>().unwrap().clone()
}

/// The same for every value of the scenario's sweep.
fn found_over_sweep<T: Finding + Clone>(scenario: &Scenario, entry: &'static Entry) -> T {
    let knobs = quick_knobs(entry, &scenario.study);
    let case = Case::of("text", scenario, &NoFiles, &knobs).unwrap();
    let case = Case { sweep: scenario.study.sweep.as_ref(), ..case };
    let finding = entry.measure(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    finding.get::<T>().unwrap().clone()
}

fn of_trial<'a>(found: &'a BiasVariance, name: &str) -> &'a TrialFinding {
    found.trials.iter().find(|trial| trial.trial == name).unwrap()
}

fn sizes(scenario: &Scenario) -> hyperlab::problem::Dimensions {
    hyperlab::scenario::experiment(scenario, &NoFiles).unwrap().problem.dimensions()
}

fn bias_variance(scenario: &Scenario, text: &mut Text) {
    let sizes = sizes(scenario);
    text.counts("Twenty features", sizes.inner);
    let halves = (sizes.training, sizes.validation) == (50, 50) && sizes.outer == 1;
    text.holds("fifty rows to train and fifty to judge", halves, sizes);
    let found: BiasVariance = found(scenario, &bias_variance::ENTRY);
    let errors = [1, 3, 10, 30].map(|steps| (steps, of_trial(&found, &format!("T = {steps}")).mse));
    let least = errors.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    text.holds("at about ten steps", least.0 == 10, errors);
    let exact = of_trial(&found, "exact");
    assert!(exact.bias_squared < 3.0 * exact.standard_errors.bias_squared, "no bias at all: {exact:?}");
}

fn validation_size(scenario: &Scenario, text: &mut Text) {
    let sizes = sizes(scenario);
    text.counts("on fifty training rows", sizes.training);
    let found: BiasVariance = found(scenario, &bias_variance::ENTRY);
    let exact = of_trial(&found, "exact");
    text.roughly("about 0.0012", exact.variance_training.unwrap(), 0.15);
    let values: Vec<&str> = scenario.study.sweep.as_ref().unwrap().values.iter().map(String::as_str).collect();
    text.holds("from 10 to 400", values.first() == Some(&"10") && values.last() == Some(&"400"), &values);
    // Var(E[·|S_tr]) stays, and of the rest four fifths go with five times the rows.
    let more = self::scenario("validation-size", &["data.split.validation=250"]);
    let more: BiasVariance = self::found(&more, &bias_variance::ENTRY);
    let rest = exact.variance_validation.unwrap() / of_trial(&more, "exact").variance_validation.unwrap();
    text.holds("like 1/n", (3.5..7.0).contains(&rest), rest);
}

fn ensembles(scenario: &Scenario, text: &mut Text) {
    let sizes = sizes(scenario);
    text.holds("A pool of a hundred rows", sizes.training + sizes.validation == 100, sizes);
    let found: BiasVariance = found(scenario, &bias_variance::ENTRY);
    let [single, five, twenty, folds] =
        ["single", "5 re-splits", "20 re-splits", "5-fold"].map(|name| of_trial(&found, name));
    assert!(five.variance < single.variance && twenty.variance < five.variance);
    let is_less = folds.variance < five.variance;
    text.holds("A 5-fold has less variance than five re-splits", is_less, (folds.variance, five.variance));
    let trains = sizes.training == 50 && (sizes.training + sizes.validation) * 4 / 5 == 80;
    text.holds("its members train on 80 rows and not on 50", trains, sizes);
    assert!(folds.bias_squared > 3.0 * folds.standard_errors.bias_squared, "its mean has moved: {folds:?}");
}

/// The step at which the median over seeds is least, and the median at the end.
fn median(curves: &Curves) -> (usize, f64) {
    let medians: Vec<f64> = curves.over_seeds.iter().map(|spread| spread.median).collect();
    (least(&medians).0, *medians.last().unwrap())
}

fn fresh_world(scenario: &Scenario, text: &mut Text) {
    let sizes = sizes(scenario);
    text.counts("Forty penalties", sizes.outer);
    text.counts("One split of eighty rows", sizes.training + sizes.validation);
    let refit = outer(&walk("fresh-world").horizon, "one split", &REFIT_LOSS);
    text.roughly("after a dozen outer steps here", least(&refit).0 as f64, 0.25);
    text.counts("twenty seeds", scenario.study.seeds.unwrap());
    let found = measured(scenario, 20);
    let names = ["one split", "fresh splits", "fresh world", "fresh rows"];
    let medians = names.map(|name| median(curves(&found, name, Quantity::Refit)).1);
    let near =
        |found: [f64; 4], said: [f64; 4]| found.iter().zip(said).all(|(found, said)| (found - said).abs() <= 0.005);
    text.holds("at .83, .66, .66 and .56 in the median", near(medians, [0.83, 0.66, 0.66, 0.56]), medians);
    let means = names.map(|name| last(&found, name, Quantity::Refit));
    text.holds("at .88, .68, .67 and .56 in the mean", near(means, [0.88, 0.68, 0.67, 0.56]), means);
    let single = curves(&found, "one split", Quantity::Refit);
    text.counts("turns at step 40 in the median", median(single).0);
    text.counts("at 10 in the mean", single.best_step);
    let calls: Vec<f64> = found.trials.iter().map(|trial| *trial.calls.last().unwrap()).collect();
    assert!(calls.iter().all(|cost| *cost == calls[0]), "at equal cost: {calls:?}");
}

fn diabetes_products(scenario: &Scenario, text: &mut Text) {
    let sizes = sizes(scenario);
    text.holds("Ten measurements", sizes.outer == 64, sizes);
    text.counts("45 patients", sizes.training);
    text.counts("22 to validate", sizes.validation);
    text.counts("64 penalties", sizes.outer);
    let seen = &walk("diabetes-products").horizon;
    let validation = outer(seen, "single", &VALIDATION_LOSS);
    let falls = validation.len() == 400 && least(&validation).0 == 399;
    text.holds("falling for 400 outer steps", falls, validation.len());
    text.counts("twenty seeds", scenario.study.seeds.unwrap());
    let found = measured(&with_trials(scenario.clone(), &["single", "fresh 1"]), 20);
    let single = curves(&found, "single", Quantity::Refit);
    text.roughly("after about forty", single.best_step as f64, 0.3);
}

fn excess_error(scenario: &Scenario, text: &mut Text) {
    let estimators: std::collections::BTreeSet<String> = scenario.trials.iter().map(beginning).collect();
    let four = estimators.len() == 5 && scenario.trials.len() == 20;
    text.holds("five estimators and four ways", four, &estimators);
    let some = with_trials(scenario.clone(), &["exact, single", "exact, fresh 1"]);
    let found: excess_error::ExcessError = found(&some, &excess_error::ENTRY);
    let [single, fresh] = [&found.trials[0], &found.trials[1]];
    text.roughly("twice as wrong", fresh.trajectory.value / single.trajectory.value, 0.3);
    text.roughly("half as much risk", fresh.excess.value / single.excess.value, 0.3);
}

/// A trial's name up to its policy.
fn beginning(trial: &hyperlab::scenario::TrialSpec) -> String {
    let name = trial.name.as_deref().unwrap();
    name.split_once(',').unwrap().0.to_owned()
}

fn breast_cancer_pool(scenario: &Scenario, text: &mut Text) {
    let sizes = sizes(scenario);
    let pool = walk("breast-cancer-pool").horizon.problem.data.as_ref().unwrap().split.test.targets.len();
    text.counts("569 patients", sizes.training + sizes.validation + pool);
    let found: BiasVariance = found(scenario, &bias_variance::ENTRY);
    let (short, exact) = (of_trial(&found, "T = 20"), of_trial(&found, "exact"));
    let is_steadier = short.variance < exact.variance && short.bias_squared < 0.2 * short.variance;
    text.holds("with 20 inner steps", is_steadier, (short, exact));
    let whole = measured(&with_trials(scenario.clone(), &["exact", "T = 100"]), 8);
    let test = curves(&whole, "exact", Quantity::Test);
    text.roughly("after about twenty outer steps", test.best_step as f64, 0.3);
    let times = last(&whole, "exact", Quantity::Test) / test.over_seeds[test.best_step].mean;
    text.holds("more than doubles", times > 2.2, times);
    let long = curves(&whole, "T = 100", Quantity::Test);
    let turned = last(&whole, "T = 100", Quantity::Test) / long.over_seeds[long.best_step].mean;
    text.holds("An inner loop of 100 steps", turned < 1.5, turned);
}

fn hyper_cleaning_ensembles(scenario: &Scenario, text: &mut Text) {
    let sizes = sizes(scenario);
    let noise = scenario.data.as_ref().unwrap().label_noise;
    text.holds("Half of 300 labels", sizes.training == 300 && noise == 0.5, (sizes, noise));
    text.counts("50 clean digits", sizes.validation);
    let rows = Rows { training: 300, validation: 50, validation_is_trusted: true, targets: vec![0.0; 350] };
    let fresh = crate::ensembles::divided("fresh", "Validation", 1, &rows, 3);
    text.holds("a fresh half", fresh[0].validation.len() == 25, &fresh);
    let seen = Walk::through("hyper-cleaning-ensembles", Some(11)).horizon;
    let at_ten = |name: &str, metric| outer(&seen, name, metric)[10];
    text.holds("After ten outer steps", seen.outer == 11, seen.outer);
    text.says("F1 0.897", at_ten("reverse", &F1));
    text.says("and 0.902", at_ten("reverse, 5 folds", &F1));
    text.counts("as with five folds", scenario.trials[1].ensemble.as_ref().unwrap().knobs.count("members"));
    text.says("is 0.887", at_ten("reverse", &TEST_ACCURACY));
    text.says("and 0.891", at_ten("reverse, 5 folds", &TEST_ACCURACY));
    text.says("0.94", at_ten("reverse", &VALIDATION_ACCURACY));
    text.says("and 0.86", at_ten("reverse, 5 folds", &VALIDATION_ACCURACY));
    let last = &scenario.trials[2].estimator.knobs;
    text.holds("The last 20 of 100 steps", last.count("last") == 20 && scenario.inner.steps == 100, last);
    text.says("F1 0.909", at_ten("last 20", &F1));
}

fn few_shot_matrix(scenario: &Scenario, text: &mut Text) {
    let Source::Episodes { tasks, ways, classes, .. } = &scenario.data.as_ref().unwrap().source else {
        panic!("episodes")
    };
    text.holds("128 × 128", sizes(scenario).outer == 128 * 128, sizes(scenario));
    text.counts("from ten tasks", *tasks);
    let seen = Walk::through("few-shot-matrix", Some(21)).horizon;
    let percent =
        |name: &str, metric| outer(&seen, name, metric).into_iter().map(|share| 100.0 * share).collect::<Vec<f64>>();
    let known = percent("single split", &VALIDATION_ACCURACY);
    text.says("from 56 %", known[0]);
    text.holds("almost 100 % right in twenty outer steps", known[20] > 98.0, known[20]);
    text.holds("the other five digits", classes.len() == 5 && *ways == 5, classes);
    let new = percent("single split", &TEST_ACCURACY);
    text.says("from 60 %", new[0]);
    text.says("to 66 %", new[3]);
    text.holds("in three steps", new[3] > new[2], &new);
    text.says("down to 57 %", new[20]);
    text.holds("the five known digits", classes.len() == 5, classes);
    let fresh = percent("fresh re-splits", &TEST_ACCURACY);
    text.says("68 % at best", fresh.iter().copied().fold(0.0, f64::max));
    text.says("59 % at the end", fresh[20]);
    let pixels = outer(&walk("few-shot-distractors").horizon, "single split", &TEST_ACCURACY);
    text.says("has 78 %", 100.0 * pixels[20]);
    assert!(outer(&seen, "single split", &TEST_LOSS).iter().all(|loss| loss.is_finite()));
}

fn frozen_state(scenario: &Scenario, text: &mut Text) {
    let batches = [scenario.inner.batch, scenario.outer.batch];
    text.holds("batches of 16 + 16 rows", batches.iter().all(|batch| batch.size() == Some(16)), batches);
    let found: FrozenState = found(scenario, &frozen::ENTRY);
    text.holds("a thousand times", found.replicates == 1000, found.replicates);
    let of = |name: &str| found.trials.iter().find(|trial| trial.trial == name).unwrap();
    let (sums, single) = (["sum 6", "sum 21", "sum 81"].map(of), ["one 6", "one 21", "one 81"].map(of));
    let products = scenario.trials[..3].iter().map(|trial| trial.estimator.knobs.count("iterations"));
    text.holds("of 6, 21 and 81 terms", products.eq([5, 20, 80]), &scenario.trials[..3]);
    let bias = sums.map(|trial| trial.bias.value);
    let is_as_said = (bias[0] - 0.59).abs() < 0.03 && (bias[1] - 0.16).abs() < 0.06 && !sums[2].bias.is_seen();
    text.holds("a bias of 59 %, 16 % and next to nothing", is_as_said, bias);
    let [six, middle, many] = sums.map(|trial| trial.noise.value);
    text.roughly("saturates at 1.2 ‖∇F‖", many, 0.1);
    assert!(six < 0.6 * middle && middle < many && many < 1.4 * middle, "grows, and saturates: {six} {middle} {many}");
    for (sum, single) in sums.iter().zip(&single) {
        let error = sum.bias.standard_error + single.bias.standard_error;
        let apart = (sum.bias.value - single.bias.value).abs();
        assert!(apart < 6.0 * error, "the same bias: {:?} {:?}", sum.bias, single.bias);
    }
    text.roughly("goes on growing, to 2.8", single[2].noise.value, 0.25);
    assert!(single[2].noise.value > 1.8 * single[1].noise.value, "{single:?}");
    let seen = &walk("frozen-state").horizon;
    let height = |name: &str| {
        let norms = outer(seen, name, &TRUTH_NORM);
        let late = &norms[norms.len() / 2..];
        late.iter().sum::<f64>() / late.len() as f64
    };
    let heights = ["sum 6", "sum 81"].map(height);
    assert!(heights[0] < heights[1], "less noise lets it end lower: {heights:?}");
}

fn f2sa_multiplier(scenario: &Scenario, text: &mut Text) {
    let found: frozen::SweepFinding = found_over_sweep(scenario, &frozen::ENTRY);
    let values: Vec<&str> = found.points.iter().map(|point| &*point.value).collect();
    text.holds("from 3 to 300", values.first() == Some(&"3") && values.last() == Some(&"300"), &values);
    let [same, own, one, two] = [0, 1, 2, 3];
    let bias = [one, two].map(|trial| found.bias[trial].unwrap().slope);
    let is_as_said = (bias[0] + 1.0).abs() < 0.06 && (bias[1] + 2.0).abs() < 0.05;
    text.holds("falls with slopes −1 and −2", is_as_said, bias);
    text.holds("a bias of 1/κ on one side and 1/κ² on both", is_as_said, bias);
    text.holds("Over 16 rows", scenario.inner.batch.size() == Some(16), scenario.inner.batch);
    let noise = |trial: usize| found.points.iter().map(move |point| point.finding.trials[trial].noise.value);
    text.holds(
        "at 0.3 of ‖∇F‖",
        noise(same).all(|noise| (0.2..0.35).contains(&noise)),
        noise(same).collect::<Vec<_>>(),
    );
    text.roughly("to 90 times ‖∇F‖", noise(own).next_back().unwrap(), 0.15);
    assert!((found.noise[own].unwrap().slope - 1.0).abs() < 0.05, "like κ: {:?}", found.noise[own]);
    let kappas = scenario.trials.iter().map(|trial| trial.estimator.knobs.real("multiplier"));
    text.holds("Step on with κ = 30", kappas.clone().all(|kappa| kappa == 30.0), kappas.collect::<Vec<_>>());
    let seen = &walk("f2sa-multiplier").horizon;
    let value = |name: &str| outer(seen, name, &VALUE);
    let ends = |name: &str| (value(name)[0], *value(name).last().unwrap());
    let descend = ["same rows", "all rows, one side", "all rows, two sides"].map(ends);
    let (start, end) = ends("rows of their own");
    let is_as_said = end > start && descend.iter().all(|(start, end)| *end < 0.7 * start);
    text.holds("the other three descend", is_as_said, (descend, (start, end)));
}

fn truncated_point(scenario: &Scenario, text: &mut Text) {
    let sizes = sizes(scenario);
    assert_eq!(sizes.outer, 1, "one penalty");
    text.counts("for twenty features", sizes.inner);
    text.holds("forty rows on either side", (sizes.training, sizes.validation) == (40, 40), sizes);
    let found: StationaryPoint = found(scenario, &stationary::ENTRY);
    let of = |name: &str| found.trials.iter().find(|trial| trial.trial == name).unwrap();
    text.says("is 0.011 too large", of("Q = 0").excess);
    text.holds("for Q = 0, ", true, ());
    text.says("0.0014 for Q", of("Q = 5").excess);
    text.holds("for Q = 5, ", true, ());
    text.says("4e-6 for Q", of("Q = 20").excess);
    text.holds("for Q = 20 and nothing for Q = 80", !of("Q = 80").is_seen(), of("Q = 80").excess);
    let [left, rest] = &of("Q = 20").others[..] else { panic!("{:?}", of("Q = 20").others) };
    text.roughly("started above λ = 1,", left.lambda, 0.05);
    text.holds("descent with Q = 20 would", !left.rests && rest.rests, (left, rest));
    text.says("come to rest at 0.14 above", rest.excess);
    assert!(of("exact").others.is_empty(), "crossings which ∇F does not have");
    let seen = &walk("truncated-point").horizon;
    for found in &found.trials {
        let last = super::walk::trial(seen, &found.trial).lambda[0];
        assert!(
            (last - found.lambda[0]).abs() < 0.02,
            "{} settles at its crossing: {last}, {:?}",
            found.trial,
            found.lambda
        );
    }
}

/// A trial at every value of the scenario's sweep, and whether a bias is left that more rows do not lower.
fn over_rows(scenario: &Scenario, name: &str) -> (Vec<TrialFinding>, bool) {
    let found: bias_variance::SweepFinding = found_over_sweep(scenario, &bias_variance::ENTRY);
    let place = found.points[0].finding.trials.iter().position(|trial| trial.trial == name).unwrap();
    let over = found.points.iter().map(|point| of_trial(&point.finding, name).clone()).collect();
    (over, found.floors[place].is_some())
}

fn has_no_bias(found: &TrialFinding) -> bool {
    found.bias_squared < 3.0 * found.standard_errors.bias_squared
}

fn natural_well_specified(scenario: &Scenario, _: &mut Text) {
    for name in ["own labels", "sampled"] {
        let (found, has_floor) = over_rows(scenario, name);
        assert!(found.windows(2).all(|pair| pair[1].mse < pair[0].mse), "{name}: {found:?}");
        assert!(found.iter().all(has_no_bias) && !has_floor, "{name}: {found:?}");
        // Sixteen times the rows: at most a sixteenth of the squared error, up to what twenty samples leave open.
        let [few, many] = [&found[0], &found[2]].map(|found| (found.mse, found.standard_errors.mse));
        assert!(few.0 + few.1 > 16.0 * (many.0 - many.1), "{name}: {few:?} {many:?}");
    }
}

fn natural_misspecified(scenario: &Scenario, _: &mut Text) {
    let [(own, own_floor), (drawn, drawn_floor)] = ["own labels", "sampled"].map(|name| over_rows(scenario, name));
    assert!(own_floor && !drawn_floor, "a line for what is left");
    assert!(!has_no_bias(&own[1]) && !has_no_bias(&own[2]) && has_no_bias(&drawn[2]), "{own:?} {drawn:?}");
    assert!(own[2].mse < 1.4 * own[2].bias_squared && drawn[2].mse < 0.4 * drawn[1].mse, "{own:?} {drawn:?}");
    let walk = walk("natural-misspecified");
    let [own, drawn] = ["own labels", "sampled"].map(|name| outer(&walk.horizon, name, &COSINE));
    let last = &own[own.len() - 5..];
    assert!(own[0] > 0.8 && last.iter().all(|cosine| *cosine < 0.5 * own[0]), "turns away: {own:?}");
    let off = drawn.iter().filter(|cosine| **cosine < 0.8).count();
    assert!((1..3).contains(&off) && drawn.iter().any(|cosine| *cosine < 0.2), "a single draw: {drawn:?}");
}
