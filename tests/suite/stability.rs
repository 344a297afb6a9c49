//! The stability probe: what its twins share, what it says of them, and what it refuses.

use std::ops::ControlFlow;
use std::sync::Mutex;

use hyperlab::catalog::{Knobs, Value};
use hyperlab::draw::{Batch, Clock, Draw, Drawing, Draws, PerStep, Products, Sizes};
use hyperlab::probe::stability::{ENTRY, Stability, StabilitySweep};
use hyperlab::probe::{Case, Finding};
use hyperlab::scenario::{NoFiles, Scenario, Sweep, check_text, parse, set};

const SCENARIO: &str = r#"Scenario(
    title: "twins", about: "small", seed: 5,
    problem: HyperCleaning(ridge: 0.0),
    data: Data(
        source: Classes(rows: 200, features: 4, classes: 3, separation: 0.8),
        split: Random(training: 40, validation: 12, test: 100), standardize: Off, label_noise: 0.4,
    ),
    lambda: Constant(0.0),
    inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 2, warm_start: true, batch: Rows(4)),
    outer: Outer(rule: GradientDescent(step: 5.0), steps: 40, batch: Rows(3)),
    truth: None,
    study: Study(twins: 4, seeds: 3),
    trials: [Trial(name: "warm", estimator: Reverse)],
)"#;

fn scenario(changes: &[&str]) -> Scenario {
    let mut text = SCENARIO.to_owned();
    for change in changes {
        text = set(&text, change).unwrap();
    }
    parse(&text).unwrap()
}

fn knobs(scenario: &Scenario, turned: &[(&str, Value)]) -> Knobs {
    let mut knobs = hyperlab::probe::knobs(&ENTRY, &scenario.study);
    for (key, value) in turned {
        knobs.set(key, *value).unwrap();
    }
    knobs
}

fn measure(scenario: &Scenario, turned: &[(&str, Value)], sweep: Option<&Sweep>) -> Result<Box<dyn Finding>, String> {
    let knobs = knobs(scenario, turned);
    let case = Case::of("twins", scenario, &NoFiles, &knobs).map_err(|failure| failure.to_string())?;
    let case = Case { sweep, ..case };
    ENTRY.measure(&case, &mut |_| ControlFlow::Continue(())).map_err(|error| error.to_string())
}

fn stability(changes: &[&str], turned: &[(&str, Value)]) -> Stability {
    measure(&scenario(changes), turned, None).unwrap().get::<Stability>().unwrap().clone()
}

fn refusal(changes: &[&str], turned: &[(&str, Value)]) -> String {
    measure(&scenario(changes), turned, None).unwrap_err()
}

#[test]
fn steps_of_the_inner_loop_leave_the_validation_stream_alone() {
    let list = |steps: usize, outer: usize| {
        let sizes = Sizes { inner: Batch::Rows(4), products: Products::AsInner, outer: Batch::Rows(5) };
        let per_step = PerStep { inner: steps, outer: 1, ..PerStep::default() };
        let mut rows = Vec::new();
        let at = Clock { seed: 7, trial: 0, outer, inner: steps };
        assert!(Draws::new(sizes, Drawing::Own, per_step).rows(at, Draw::Outer, 0, 20, &mut rows));
        rows
    };
    for outer in 0..10 {
        assert_eq!(list(1, outer), list(16, outer));
        assert_ne!(list(1, outer), list(1, outer + 1));
    }
}

/// The base is the same however many twins stand beside it, and whichever row they replace.
#[test]
fn drawing_a_row_advances_no_stream_of_the_run() {
    let found = stability(&[], &[]);
    let base = |found: &Stability| {
        let marks = found.trials[0].marks.iter();
        marks.map(|mark| (mark.step, mark.validation.by_seed.clone(), mark.test.by_seed.clone())).collect::<Vec<_>>()
    };
    let others: [&[(&str, Value)]; 2] = [&[("twins", Value::Integer(12))], &[("side", Value::Choice("Training"))]];
    for turned in others {
        assert_eq!(base(&found), base(&stability(&[], turned)));
    }
}

#[test]
fn twins_are_distinct_rows_that_equal_the_base_until_they_are_drawn() {
    let found = stability(&[], &[]);
    let trial = &found.trials[0];
    assert_eq!((found.rows, found.seeds.as_slice(), trial.twins.len()), (12, &[5, 6, 7][..], 12));
    for seed in &found.seeds {
        let mut rows: Vec<usize> = trial.twins_of(*seed).map(|twin| twin.index).collect();
        rows.dedup();
        assert_eq!(rows.len(), 4);
        assert!(rows.iter().all(|row| *row < 12));
    }
    for twin in &trial.twins {
        assert!(twin.old != twin.new);
        // Once it differs, it never is the base again.
        let first = twin.lambda.iter().position(|distance| *distance > 0.0).unwrap();
        assert!(twin.lambda[first..].iter().all(|distance| *distance > 0.0));
        assert!(twin.theta[..first].iter().all(|distance| *distance == 0.0));
    }
    for mark in &trial.marks {
        let draws = 3.0 * mark.step as f64;
        let expected = 1.0 - (1.0f64 - 1.0 / 12.0).powf(draws);
        assert!((mark.touched_expected.unwrap() - expected).abs() < 1e-15);
        assert!(mark.epsilon1.mean.powi(2) <= mark.epsilon2_squared.mean);
        let parts = mark.lambda_squared.mean + mark.theta_squared.mean;
        assert!((parts - mark.epsilon2_squared.mean).abs() <= 1e-12 * parts);
        assert!((mark.gap.mean - (mark.test.mean - mark.validation.mean)).abs() < 1e-12);
    }
    // Of twelve rows, 120 draws leave one out with probability 3e-5; here none is.
    assert_eq!(trial.marks.last().unwrap().touched.mean, 1.0);
}

/// With a single outer step over all validation rows and one inner step, all is by hand: λ₁ differs by γ times what one
/// of m rows says, and θ₁, which has not seen λ₁, not at all.
#[test]
fn one_step_over_all_rows_moves_lambda_by_what_one_row_says() {
    let changes = ["outer.steps=1", "outer.batch=Full", "inner.steps=1", "outer.rule.step=1.0"];
    let small = stability(&changes, &[]);
    let large = stability(&[&changes[..3], &["outer.rule.step=2.0"]].concat(), &[]);
    for (small, large) in small.trials[0].twins.iter().zip(&large.trials[0].twins) {
        assert!((large.lambda[0] / small.lambda[0] - 2.0).abs() < 1e-9, "{} {}", large.lambda[0], small.lambda[0]);
        assert_eq!(small.theta, [0.0]);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits_and_what_is_shown_on_the_way_is_part_of_it() {
    let scenario = scenario(&[]);
    let knobs = knobs(&scenario, &[]);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let shown = Mutex::new(Vec::new());
        let so_far =
            |finding: Box<dyn Finding>| shown.lock().unwrap().push(finding.get::<Stability>().unwrap().clone());
        let case = Case::of("twins", &scenario, &NoFiles, &knobs).unwrap();
        let case = Case { so_far: Some(&so_far), ..case };
        let finding = pool.install(|| ENTRY.measure(&case, &mut |_| ControlFlow::Continue(()))).unwrap();
        (finding.to_json(), finding.get::<Stability>().unwrap().clone(), shown.into_inner().unwrap())
    };
    let ((one, whole, shown), (three, ..)) = (on(1), on(3));
    assert_eq!(one, three);
    let marks = &whole.trials[0].marks;
    assert_eq!(shown.len(), marks.len() - 1);
    for (place, shown) in shown.iter().enumerate() {
        assert_eq!(shown.trials[0].marks, marks[..=place]);
    }
}

#[test]
fn a_training_twin_is_measured_with_and_without_the_entry_that_is_its_row_s() {
    let found = stability(&[], &[("side", Value::Choice("Training"))]);
    assert_eq!(found.rows, 40);
    let last = found.trials[0].marks.last().unwrap();
    let (all, others) = (last.lambda.mean, last.lambda_of_others.as_ref().unwrap().mean);
    assert!(0.0 < others && others < all, "{others} {all}");
    assert!(stability(&[], &[]).trials[0].marks[0].lambda_of_others.is_none());
}

#[test]
fn seeds_may_share_the_data() {
    let fixed = stability(&[], &[("data", Value::Choice("Fixed"))]);
    assert!(fixed.terms().iter().any(|words| words.contains("conditional on the data")));
    let twins =
        |seed: u64| fixed.trials[0].twins_of(seed).map(|twin| (twin.index, twin.new.clone())).collect::<Vec<_>>();
    assert_eq!(twins(5), twins(6));
    let last = fixed.trials[0].marks.last().unwrap();
    assert_ne!(last.epsilon1.by_seed[0], last.epsilon1.by_seed[1]);
    // The first seed is the same either way.
    let fresh = stability(&[], &[]);
    assert_eq!(fresh.trials[0].marks.last().unwrap().epsilon1.by_seed[0], last.epsilon1.by_seed[0]);
}

#[test]
fn a_data_set_lends_rows_that_are_left_over() {
    let pool = |split: &str| {
        let changes = [
            "problem=HyperCleaning(ridge: 0.01)",
            "data.source=Bundled(\"wine\")",
            "data.standardize=Scale",
            "outer.steps=5",
        ];
        stability(&[&changes[..], &[&format!("data.split={split}")]].concat(), &[])
    };
    let words = |found: Stability| found.terms().join("; ");
    assert!(words(pool("Random(training: 60, validation: 20, test: 50)")).contains("rows of no part"));
    let found = pool("Random(training: 60, validation: 20, test: 98)");
    assert!(words(found).contains("test rows: conditional on the data set"));
}

#[test]
fn sweeps_have_exponents_in_the_value() {
    let sweep = |path: &str, values: [&str; 3]| {
        let sweep = Sweep { path: path.to_owned(), values: values.map(str::to_owned).to_vec() };
        measure(&scenario(&[]), &[], Some(&sweep)).unwrap().get::<StabilitySweep>().unwrap().clone()
    };
    let rows = sweep("data.split.validation", ["6", "12", "24"]);
    assert_eq!(rows.points.iter().map(|point| point.finding.rows).collect::<Vec<_>>(), [6, 12, 24]);
    let slope = rows.last_slopes(0).unwrap().slopes.epsilon1.unwrap();
    assert_eq!(slope.seeds, 3);
    // By hand, of the means of each seed: least squares of log ε₁ on log m, whose spread is symmetric about 12.
    let by_hand = |seed: usize| {
        let at = |point: usize| rows.points[point].finding.trials[0].marks.last().unwrap().epsilon1.by_seed[seed];
        (at(2) / at(0)).ln() / 4.0f64.ln()
    };
    let expected = (by_hand(0) + by_hand(1) + by_hand(2)) / 3.0;
    assert!((slope.mean - expected).abs() < 1e-9, "{} {expected}", slope.mean);
    // T, the step and its fall are values as any other.
    assert_eq!(sweep("inner.steps", ["1", "4", "16"]).slopes[0].last().unwrap().step, 40);
    assert_eq!(sweep("outer.rule.fall_power", ["0", "0.5", "1"]).slopes[0].len(), 0, "0 has no logarithm");
}

#[test]
fn what_cannot_be_measured_is_named_with_what_would() {
    let says = |message: String, words: &[&str]| {
        for word in words {
            assert!(message.contains(word), "{message}: {word}");
        }
    };
    says(refusal(&[], &[("twins", Value::Integer(13))]), &["`twins` is 13", "12 validation rows", "at most 12"]);
    says(refusal(&["ensemble=Folds(members: 3)"], &[]), &["`warm` divides its rows", "`ensemble: Single`"]);
    says(refusal(&["outer.batch=Rows(13)"], &[]), &["13", "12"]);
    says(refusal(&["data.split.training=100", "data.split.test=100"], &[]), &["212 rows", "200"]);
    let written = "study=Study(replaced: [Row(index: 12, features: [0.0, 0.0, 0.0, 0.0], target: 1.0)])";
    says(refusal(&[written], &[]), &["study.replaced[0].index", "12", "validation rows"]);
    let written = "study=Study(replaced: [Row(index: 2, features: [0.0, 0.0], target: 1.0)])";
    says(refusal(&[written], &[]), &["study.replaced[0].features", "2 features", "expected 4"]);
    let written = "study=Study(replaced: [Row(index: 2, features: [0.0, 0.0, 0.0, 0.0], target: 7.0)])";
    says(refusal(&[written], &[]), &["study.replaced[0].target", "found 7", "a class of the data"]);
    let quadratic = parse(hyperlab::scenario::builtin("quadratic").unwrap().text).unwrap();
    says(measure(&quadratic, &[], None).unwrap_err(), &["no rows", "learns from rows"]);
    let tasks = parse(hyperlab::scenario::builtin("few-shot-sinusoids").unwrap().text).unwrap();
    says(measure(&tasks, &[], None).unwrap_err(), &["family of tasks"]);
}

/// Rows that are written out are as many twins as there are, and another number of them is not passed over.
#[test]
fn twins_beside_rows_that_are_written_out_are_refused() {
    let row = "Row(index: 2, features: [0.0, 0.0, 0.0, 0.0], target: 1.0)";
    let written = format!("study=Study(seeds: 1, replaced: [{row}])");
    let said = refusal(&[&written], &[("twins", Value::Integer(5))]);
    assert!(said.contains("`twins` is 5") && said.contains("`study.replaced` writes out 1 row"), "{said}");
    assert_eq!(stability(&[&written], &[("twins", Value::Integer(1))]).twins(), 1);
    let text = SCENARIO.replace("Study(twins: 4, seeds: 3)", &format!("Study(twins: 4, replaced: [{row}])"));
    let (_, found) = check_text(&text, &NoFiles, &[][..]);
    assert!(found.iter().any(|found| found.message.contains("`replaced` writes out 1 row")), "{found:?}");
}

/// Where lists are written out and the data are one, all seeds are one run: it has no standard error, and is said to be one.
#[test]
fn what_is_not_drawn_is_one_run() {
    let draws = "draws=Explicit(training: [[0, 1], [2, 3], [4, 5], [6, 7]], validation: [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4]])";
    let fixed = ("data", Value::Choice("Fixed"));
    let found = stability(&[draws, "outer.steps=2"], &[fixed]);
    let (trial, mark) = (&found.trials[0], found.trials[0].last().unwrap());
    assert_eq!((trial.seeds, mark.epsilon1.by_seed.len(), trial.twins.len()), (1, 1, 4));
    assert!(mark.epsilon1.mean > 0.0 && mark.epsilon1.standard_error.is_nan() && mark.gap.standard_error.is_nan());
    let table = found.summary().lines().join("\n");
    assert!(table.contains("nothing is drawn: one run") && !table.contains(" 0  "), "{table}");
    assert!(found.terms()[0].starts_with("1 seed × 4 twins"), "{:?}", found.terms());
    // Other data with every seed are other runs, and so are other batches.
    for (changes, turned) in [(&[draws, "outer.steps=2"][..], &[][..]), (&["outer.steps=2"][..], &[fixed][..])] {
        let found = stability(changes, turned);
        assert_eq!(found.trials[0].seeds, 3);
        assert!(found.trials[0].last().unwrap().epsilon1.standard_error > 0.0);
    }
    // Two outer steps have lists.
    let found = stability(&[draws, "outer.steps=5"], &[fixed]);
    let (count, reason) = found.trials[0].halted.as_ref().unwrap();
    assert!(*count == 5 && reason.contains("`draws` lists no more rows"), "{count} {reason}");
}

/// A slope says of how many points it is: here a twin of one row in twelve, of which most are drawn late.
#[test]
fn a_slope_says_what_it_leaves_out() {
    let found = stability(&["outer.batch=Rows(1)"], &[("twins", Value::Integer(1)), ("slope_from", Value::Integer(1))]);
    let slope = found.trials[0].slopes.epsilon1.unwrap();
    let unmoved = found.trials[0].marks.iter().flat_map(|mark| &mark.epsilon1.by_seed).filter(|x| **x == 0.0).count();
    assert!(unmoved > 0 && slope.left_out >= unmoved && slope.points == 3 * found.trials[0].marks.len(), "{slope:?}");
    assert!(found.summary().lines().join("\n").contains(&format!("without {} of", slope.left_out)));
}

/// Without test rows there is no gap, and everything else.
#[test]
fn without_test_rows_the_gap_is_missing_and_said_to_be() {
    let found = stability(&["data.split.test=0"], &[]);
    assert!(found.trials[0].marks.last().unwrap().gap.mean.is_nan());
    assert!(found.summary().lines().join("\n").contains("no test rows, so no gap"));
    assert!(found.trials[0].marks.last().unwrap().epsilon1.mean > 0.0);
}

#[test]
fn a_study_says_how_many_twins() {
    let (scenario, found) = check_text(&SCENARIO.replace("twins: 4", "twins: 0"), &NoFiles, &[][..]);
    let message = format!("{found:?}");
    assert!(scenario.is_none() || message.contains("`twins` is 0"), "{message}");
}

fn prepared(data: &str) -> hyperlab::data::Prepared {
    let text = SCENARIO.replacen("problem: HyperCleaning(ridge: 0.0)", "problem: Ridge(penalty: Scalar)", 1);
    let (start, end) = (text.find("data: Data(").unwrap(), text.find("lambda:").unwrap());
    let scenario = parse(&format!("{}data: {data},\n{}", &text[..start], &text[end..])).unwrap();
    hyperlab::data::prepare(&scenario.data.unwrap(), 3, &NoFiles).unwrap()
}

/// 4000 deviations of 1.5: the standard error of their mean square is 2.25·√(2/4000) = 0.05, and the bound six of those.
#[test]
fn noise_on_training_targets_leaves_the_others_alone() {
    let data = |noise: &str| {
        let source = "Regression(rows: 4500, features: 3)";
        let split = "Random(training: 4000, validation: 250, test: 250)";
        prepared(&format!("Data(source: {source}, split: {split}, standardize: Off, target_noise: {noise})"))
    };
    let (plain, noisy) = (data("0.0"), data("1.5"));
    assert_eq!(plain.split.validation, noisy.split.validation);
    assert_eq!(plain.split.test, noisy.split.test);
    assert_eq!(plain.split.training.features, noisy.split.training.features);
    let pairs = plain.split.training.targets.iter().zip(&noisy.split.training.targets);
    let square = pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / 4000.0;
    assert!((square - 2.25).abs() < 0.3, "{square}");
}

/// Variances over 20 000 rows are known to one percent each; the bound is six of those.
#[test]
fn variances_fall_evenly_to_the_last() {
    let source = "Regression(rows: 20002, features: 3, last_variance: 0.25)";
    let split = "Random(training: 20000, validation: 2)";
    let found = prepared(&format!("Data(source: {source}, split: {split}, standardize: Off)"));
    for (column, expected) in [1.0, 0.625, 0.25].into_iter().enumerate() {
        let values = found.split.training.features.column(column);
        let variance = hyperlab::math::statistics::variance(&values);
        assert!((variance / expected - 1.0).abs() < 0.06, "{column}: {variance}");
    }
}

#[test]
fn a_sparse_row_is_replaced_as_a_dense_one_is() {
    use hyperlab::data::{Features, Samples};
    use hyperlab::math::Matrix;
    use hyperlab::math::sparse::SparseMatrix;
    let dense = Matrix::from_entries(3, 3, vec![1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 3.0]).unwrap();
    let sparse = SparseMatrix::from_entries(3, vec![1, 2, 3], vec![0, 1, 2], vec![1.0, 2.0, 3.0]).unwrap();
    let row = Samples::new(Matrix::from_entries(1, 3, vec![0.0, 5.0, 6.0]).unwrap(), vec![9.0]);
    let replaced = |features: Features| Samples::new(features, vec![1.0, 2.0, 3.0]).replacing(1, &row);
    let (dense, sparse) = (replaced(dense.into()), replaced(sparse.into()));
    assert!(sparse.features.is_sparse());
    assert_eq!(sparse.features.dense(), dense.features.dense());
    assert_eq!(dense.features.dense().row(1), [0.0, 5.0, 6.0]);
    assert_eq!((&dense.targets, &sparse.targets), (&vec![1.0, 9.0, 3.0], &dense.targets));
}
