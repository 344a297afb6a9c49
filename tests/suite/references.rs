//! The exact hypergradient where `f64` alone has few digits of it, and what is said of the digits there are.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hyperlab::data::Files;
use hyperlab::lab::{Command, Lab};
use hyperlab::math::vector::{distance, norm};
use hyperlab::metric::{COSINE, ERROR, RELATIVE_ERROR, VALUE};
use hyperlab::problem::{Problem, Truth};
use hyperlab::reference::Gives;
use hyperlab::scenario::{NoFiles, experiment, parse, vary};
use hyperlab::trial::Status;

/// `tests/cases`, and the files there.
struct Cases;

impl Files for Cases {
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(folder().join(path)).map_err(|error| error.to_string())
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// A case with some of its values replaced.
fn case(name: &str, changes: &[&str]) -> (Arc<dyn Problem>, Vec<f64>) {
    let text = Cases.read(&format!("{name}.ron")).unwrap();
    let scenario = changes.iter().fold(parse(&text).unwrap(), |scenario, change| vary(&scenario, change).unwrap());
    let built = experiment(&scenario, &Cases).unwrap();
    (built.problem, built.lambda)
}

fn answer(name: &str, changes: &[&str]) -> Truth {
    let (problem, lambda) = case(name, changes);
    Truth::at(&problem, &lambda)
}

/// Within 1e-10 of the right value, and no further from it than it says.
#[track_caller]
fn assert_right(truth: &Truth, hypergradient: &[f64], what: &str) {
    assert!(truth.converged(), "{what}: {:?}", truth.doubt);
    let off = distance(&truth.hypergradient, hypergradient);
    let scale = norm(hypergradient);
    assert!(off <= 1e-10 * scale, "{what}: {:?}, off by {:e} of it", truth.hypergradient, off / scale);
    // The expected value is an f64 itself, and e^λ is rounded.
    assert!(off <= truth.floor + 4.0 * f64::EPSILON * scale, "{what}: off by {off:e}, which says {:e}", truth.floor);
    // At λ = -30 the decimals of the nearly singular case are themselves good for no more.
    assert!(truth.floor <= 1e-8 * scale, "{what}: says {:e} of {scale:e}", truth.floor);
}

/// Twelve rows, forty features, a weak common penalty. ∇F and F with 60 digits (mpmath) on the numbers of the file.
#[test]
fn fewer_rows_than_features_and_a_weak_penalty() {
    let expected = [
        (8, -5.535718917913276e-5, 0.944_723_398_124_865),
        (10, -7.495919123470306e-6, 0.944_771_276_751_164_6),
        (12, -1.014538166471069e-6, 0.944_777_758_450_183_2),
        (14, -1.373041990508907e-7, 0.944_778_635_689_976_5),
        (16, -1.858212810761016e-8, 0.944_778_754_412_154_2),
    ];
    for (level, hypergradient, value) in expected {
        let truth = answer(&format!("wide-{level}"), &[]);
        assert_right(&truth, &[hypergradient], &format!("λ = -{level}"));
        assert!((truth.value / value - 1.0).abs() < 1e-14, "λ = -{level}: F = {}", truth.value);
    }
}

/// The same rows classified: the sign of the target, and its thirds. Newton's method with 60 digits (Python's `decimal`)
/// on the numbers of the file; see `tests/cases/README.md`.
#[test]
fn classes_with_fewer_rows_than_features() {
    for (level, hypergradient) in
        [(-8, -0.125_934_332_548_679_7), (-14, -0.145_762_229_608_181_28), (-20, -0.154_094_369_957_543_94)]
    {
        let truth = answer("wide-classes", &[&format!("lambda={level}")]);
        assert_right(&truth, &[hypergradient], &format!("two classes, λ = {level}"));
    }
    let truth =
        answer("wide-classes", &["problem=Softmax(penalty: Scalar)", "data.source.path=wide-thirds.csv", "lambda=-14"]);
    assert_right(&truth, &[-0.316_918_360_082_970_8], "three classes");
}

/// Two directions of three are seen by the rows, one of them hardly. Elimination with 100 digits (Python's `decimal`).
#[test]
fn nearly_singular() {
    let expected = [
        (-20, [-4.661_076_854_661_416e-5, 4.661_076_854_040_736e-5, -1.116_793_477_046_095_7e-5]),
        (-25, [-3.141_059_248_253_415e-7, 3.141_059_248_250_597e-7, -7.527_141_831_831_369e-8]),
        (-28, [-1.563_842_760_946_534_3e-8, 1.563_842_760_946_464_5e-8, -3.747_550_461_363_662e-9]),
        (-30, [-2.116_431_118_533_322_7e-9, 2.116_431_118_533_31e-9, -5.071_758_473_476_817e-10]),
    ];
    for (level, hypergradient) in expected {
        assert_right(&answer("near-singular", &[&format!("lambda={level}")]), &hypergradient, &format!("λ = {level}"));
    }
}

/// Every training row is of one class, so θ* = 0 and ∇F = 0 but for rounding: the answer is exact and has no digits.
#[test]
fn a_hypergradient_at_rounding_level_has_no_digits() {
    let truth = answer("one-class", &[]);
    assert!(truth.converged(), "{:?}", truth.doubt);
    assert!((truth.value - 2f64.ln()).abs() < 1e-15);
    assert!(norm(&truth.hypergradient) < 1e-15 && truth.floor >= norm(&truth.hypergradient), "{:e}", truth.floor);
}

/// Columns scaled to mean 0 sum to zero up to rounding, so that the mean of the targets, which no column explains, reaches
/// θ* as rounding over e^λ. Elimination with 80 digits (Python's `decimal`) on the decimals of the file, scaled with 80
/// digits; the first four entries. Where rounding leaves three digits the answer is not called exact, and holds what it says.
#[test]
fn what_is_known_to_three_digits_is_no_exact_answer() {
    let expected = [
        (-10, [-0.013379906065725125, 0.0018942263643518618, -0.009477901772156561, 0.07583935002442246]),
        (-20, [-0.013380414064738416, 0.0018941319400781465, -0.009475802446379952, 0.07584109978599621]),
        (-30, [-0.013380414087802323, 0.0018941319357910255, -0.009475802351067094, 0.07584109986543702]),
    ];
    for (level, first) in expected {
        let truth = answer("wide-scaled", &[&format!("lambda={level}")]);
        let off = distance(&truth.hypergradient[..4], &first);
        assert!(off <= truth.floor, "λ = {level}: off by {off:e}, which says {:e}", truth.floor);
        let known = truth.floor / norm(&truth.hypergradient);
        assert_eq!(truth.converged(), level > -30, "λ = {level}: known to {known:e}, {:?}", truth.doubt);
        assert!(level > -30 || known > 1e-4, "λ = {level}: {known:e}");
        // XᵀX has an eigenvalue of zero and a largest one of at most 20, its trace.
        let condition = truth.condition * f64::from(level).exp();
        assert!((1.0..200.0).contains(&condition), "λ = {level}: {:e}", truth.condition);
    }
    let doubt = answer("wide-scaled", &["lambda=-30"]).doubt.unwrap();
    assert!(doubt.contains("of its length") && doubt.contains("condition of H"), "{doubt}");
}

/// Where nothing has gone wrong the digits are those of an `f64`, less what the condition number takes.
#[test]
fn an_ordinary_problem_has_its_digits() {
    let truth = answer("schedule", &[]);
    let scale = norm(&truth.hypergradient);
    assert!(truth.floor < 1e-13 * scale && truth.floor > 1e-16 * scale, "{:e} of {scale:e}", truth.floor);
}

/// A matrix that no penalty helps: what cannot be known is not passed off as known.
#[test]
fn what_is_singular_to_thirty_digits_is_no_exact_answer() {
    let text = r#"Scenario(title: "", about: "", problem: Logistic(), lambda: Constant(-700.0),
        data: Data(source: Rows(features: [[1, 1], [2, 2], [-1, -1], [1, 3]], targets: [1, 0, 1, 0]),
            split: Indices(training: [0, 1, 2], validation: [3]), standardize: Off),
        inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])"#;
    let built = experiment(&parse(text).unwrap(), &NoFiles).unwrap();
    let truth = Truth::at(&built.problem, &built.lambda);
    assert!(truth.doubt.is_some(), "{:?} ± {:e}", truth.hypergradient, truth.floor);
}

/// The laboratory of a case with some of its values replaced.
fn lab(name: &str, changes: &[&str]) -> Lab {
    let text = Cases.read(&format!("{name}.ron")).unwrap();
    let scenario = changes.iter().fold(parse(&text).unwrap(), |scenario, change| vary(&scenario, change).unwrap());
    Lab::new(experiment(&scenario, &Cases).unwrap())
}

fn until_ready(lab: &mut Lab) {
    while lab.trials().any(|trial| trial.status() == Status::Running) {
        lab.apply(&Command::Tick).unwrap();
    }
}

/// Twenty log step sizes and a momentum are learned. The derivative of f(θ_T(λ)), by a complex step in NumPy.
#[test]
fn a_learned_schedule_is_held_against_the_derivative_of_the_run() {
    let mut lab = lab("schedule", &["trials[2].estimator.step=1e-6"]);
    until_ready(&mut lab);
    for trial in lab.trials() {
        let truth = trial.truth();
        assert_eq!(truth.gives, Gives::Run);
        let held = &truth.hypergradient;
        assert!((norm(held) / 0.690_849_125_551_996 - 1.0).abs() < 1e-13, "{:e}", norm(held));
        for (found, expected) in
            [(held[0], -0.071_658_388_560_03), (held[1], -0.034_622_519_795_38), (held[21], 0.679_312_123_175_22)]
        {
            assert!((found - expected).abs() < 1e-13, "{found}");
        }
        // Central differences of size 1e-6 are good to 1e-10 at best; reverse and forward to rounding.
        let is_difference = trial.setting().estimator.id() == "finite-difference";
        let error = trial.latest().unwrap().number(&RELATIVE_ERROR).unwrap();
        assert!(error <= if is_difference { 1e-9 } else { 1e-13 }, "{}: {error:e}", trial.setting().name);
        assert!(trial.offers().lack(&VALUE).is_some(), "F is not what the run is held against");
    }
    // A momentum that Adam drives out of its knob's range is kept in it.
    for _ in 0..12 {
        until_ready(&mut lab);
        lab.apply(&Command::Tick).unwrap();
        assert!(lab.trials().all(|trial| (0.0..=0.999).contains(&trial.lambda()[21])));
    }
}

/// At λ = −14 the answer of `f64` is off by 1.2e-3 of itself, and turned the order of the estimators around.
#[test]
fn errors_are_held_against_the_digits_that_there_are() {
    let mut lab = lab("wide-14", &[]);
    until_ready(&mut lab);
    let truth = Arc::clone(lab.trials().next().unwrap().truth());
    assert!(truth.digits() > 8.0 && truth.digits() < 16.0, "{}", truth.digits());
    let right = -1.373_041_990_508_907e-7;
    for trial in lab.trials() {
        let estimate = trial.latest().unwrap().estimate.hypergradient[0];
        let shown = trial.latest().unwrap().number(&RELATIVE_ERROR).unwrap();
        let expected = (estimate - right).abs() / right.abs();
        assert!(
            (shown - expected).abs() <= 1e-9 + 1e-6 * expected,
            "{}: {shown:e}, {expected:e}",
            trial.setting().name
        );
    }
}

/// ∇F is 1e-17 there, and so is everything that an estimator says of it.
#[test]
fn no_ratio_and_no_cosine_to_rounding() {
    let mut lab = lab("one-class", &[]);
    until_ready(&mut lab);
    for trial in lab.trials() {
        let numbers = trial.latest().unwrap();
        assert!(trial.truth().digits() < 1.0);
        assert_eq!((numbers.number(&RELATIVE_ERROR), numbers.number(&COSINE)), (None, None));
        let error = numbers.number(&ERROR).unwrap();
        assert!(error >= trial.truth().floor && error < 1e-14, "{error:e}");
    }
}

#[test]
fn a_reference_is_taken_as_often_as_the_scenario_says() {
    let mut lab = lab("plain", &["truth=SameData(every: 3)"]);
    let mut known = Vec::new();
    for step in 0..7 {
        until_ready(&mut lab);
        let trial = lab.trials().next().unwrap();
        assert_eq!(trial.outer(), step);
        known.push(trial.truth().gives == Gives::Solution);
        assert_eq!(trial.latest().unwrap().number(&ERROR).is_some(), known[step]);
        lab.apply(&Command::Tick).unwrap();
    }
    assert_eq!(known, [true, false, false, true, false, false, true]);
}

#[test]
fn a_reference_that_a_problem_cannot_give_is_named_with_what_would_work() {
    let text = fs::read_to_string(folder().join("plain.ron")).unwrap();
    let embedding = vary(&parse(&text).unwrap(), "truth=OfTheRun").unwrap();
    assert!(experiment(&embedding, &Cases).is_ok(), "every problem has runs");
    let cleaning = r#"Scenario(title: "", about: "", problem: HyperCleaning(ridge: 0.0), truth: SameData,
        data: Data(source: Bundled("wine"), split: Alternate),
        inner: Inner(dynamics: GradientDescent, steps: 1), trials: [Trial(estimator: Reverse)])"#;
    let mistake = experiment(&parse(cleaning).unwrap(), &NoFiles).err().unwrap();
    assert_eq!(mistake.field, "truth");
    assert!(mistake.message.contains("several of") && mistake.message.contains("`OfTheRun`"), "{mistake}");
    let old = parse(&cleaning.replace("truth: SameData", "truth: Off")).unwrap_err();
    assert!(old.help.as_deref().is_some_and(|help| help.contains("`truth: None`")), "{:?}", old.help);
}

/// A ridge on isotropic features with one penalty a = e^λ has θ* = w/(1 + a) over the population, and
/// F = (‖w − θ*‖² + σ²)/2, so that dF/dλ = ‖w‖² a²/(1 + a)³.
#[test]
fn the_population_of_a_gaussian_ridge_has_a_closed_form() {
    let text = r#"Scenario(
        title: "population", about: "", seed: 3,
        problem: Ridge(penalty: Scalar),
        data: Data(source: Regression(rows: 80, features: 3, weights: [1.0, -0.5, 2.0], noise: 0.7),
            split: Random(training: 30, validation: 30, test: 20), standardize: Off),
        lambda: Explicit([-0.4]), inner: Inner(dynamics: Newton, steps: 2),
        outer: Outer(rule: GradientDescent(step: 0.5)), truth: Population(every: 2),
        trials: [Trial(estimator: Direct), Trial(name: "members", estimator: Direct, ensemble: Fixed(members: 3))])"#;
    let mut lab = Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap());
    while lab.trials().any(|trial| trial.outer() < 5) {
        lab.apply(&Command::Tick).unwrap();
    }
    for trial in lab.trials() {
        for record in trial.outer_records().iter() {
            if record.place % 2 == 1 {
                assert_eq!(record.number(&ERROR), None, "nothing between the steps asked for");
                continue;
            }
            let a = record.vector(&hyperlab::metric::LAMBDA)[0].exp();
            let squares = 1.0 + 0.25 + 4.0;
            let slope = squares * a * a / (1.0 + a).powi(3);
            let risk = 0.5 * (squares * (a / (1.0 + a)).powi(2) + 0.49);
            let found = record.vector(&hyperlab::metric::TRUTH)[0];
            assert!((found - slope).abs() < 1e-12 * slope, "{found} against {slope}");
            assert!((record.number(&VALUE).unwrap() - risk).abs() < 1e-12 * risk);
            let error = (record.vector(&hyperlab::metric::HYPERGRADIENT)[0] - slope).abs();
            assert!((record.number(&ERROR).unwrap() - error).abs() < 1e-12, "held against it");
        }
    }
}

/// A data set stands for its population: both objectives over all of its rows.
#[test]
fn a_data_set_stands_for_its_population() {
    let text = r#"Scenario(
        title: "pool", about: "", problem: Logistic(penalty: Scalar),
        data: Data(source: Bundled("breast_cancer"), split: Random(training: 60, validation: 60, test: 400)),
        lambda: Explicit([-2.0]), inner: Inner(dynamics: GradientDescent(step: Auto), steps: 5), truth: Population,
        trials: [Trial(estimator: Direct)])"#;
    let built = experiment(&parse(text).unwrap(), &NoFiles).unwrap();
    let pool = built.population().unwrap().whole(0).unwrap();
    assert_eq!((pool.training.targets.len(), pool.validation.targets.len()), (569, 569));
    let expected = Truth::at(&built.problem_on(&pool).unwrap(), &[-2.0]);
    let lab = Lab::new(built);
    let trial = lab.trials().next().unwrap();
    assert_eq!(trial.truth().hypergradient, expected.hypergradient);
    assert_eq!(trial.truth().gives, Gives::Population);
    assert!(trial.offers().lack(&hyperlab::metric::INNER_ERROR).unwrap().contains("the population's"));
}

#[test]
fn a_population_that_is_not_there_is_refused_with_what_would_work() {
    let refused = |text: &str| experiment(&parse(text).unwrap(), &NoFiles).err().unwrap().to_string();
    let quadratic = r#"Scenario(title: "q", about: "", problem: Quadratic(), inner: Inner(dynamics: GradientDescent(), steps: 3),
        truth: Population, trials: [Trial(estimator: Direct)])"#;
    assert!(refused(quadratic).contains("`SameData` needs none"), "{}", refused(quadratic));
    let cleaning = hyperlab::scenario::builtin("hyper-cleaning").unwrap().text;
    let cleaning = hyperlab::scenario::set(cleaning, "truth=Population").unwrap();
    assert!(refused(&cleaning).contains("that λ weighs one by one"), "{}", refused(&cleaning));
}

/// Six formations and factorizations of a Hessian of 1100 × 1100 over 600 rows: 6 (600 · 1100² + 1100³/3) multiplications
/// at 5e9 a second.
#[test]
fn what_takes_long_is_said_before_it_is_paid() {
    let warned = |features: usize, truth: &str| {
        let text = format!(
            "Scenario(title: \"\", about: \"\", problem: Logistic(penalty: Scalar), data: Data(
            source: TwoClasses(rows: 800, features: {features}),
            split: Random(training: 600, validation: 200, test: 0)), lambda: Constant(-2), truth: {truth},
            inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 1), trials: [Trial(estimator: Identity)])"
        );
        let charts = ["losses", "hypergradient-error", "hyperparameters", "outer-error"];
        let found = hyperlab::scenario::check_text(&text, &NoFiles, &charts[..]).1;
        found.into_iter().find(|found| found.message.contains("exact answer"))
    };
    let found = warned(1100, "Automatic(every: 5)").expect("a warning");
    assert!(
        found.message.starts_with("an exact answer takes about 1 s and 30 MB here (θ has 1100 entries), at every 5"),
        "{}",
        found.message
    );
    let help = found.help.unwrap();
    assert!(help.contains("`truth: Automatic(every: 50)`") && help.contains("`truth: None`"), "{help}");
    assert!(warned(50, "Automatic").is_none() && warned(1100, "None").is_none());
}
