//! Directions at a frozen state, and where they are zero: held against closed forms over the same rows, and against the ratios
//! that an independent prototype found on rows like these.

use std::fmt::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use hyperlab::catalog::{Knobs, Value};
use hyperlab::math::vector::{axpy, norm};
use hyperlab::math::{Factorization, Matrix};
use hyperlab::probe::frozen::{self, FrozenState, TrialFinding};
use hyperlab::probe::stationary::{self, StationaryPoint};
use hyperlab::probe::{Case, Entry, Finding, ProbeError};
use hyperlab::problem::{Oracle, Problem, Truth};
use hyperlab::scenario::{NoFiles, Scenario, Sweep, check_text, experiment};
use hyperlab::trial::{Loops, Setting, Stage};

/// Ridge with a learned prior mean over 400 + 200 rows, in batches of 16.
fn ridge(trials: &str) -> Scenario {
    scenario(
        "BiasedRidge(rho: 0.5)",
        &format!(
            "data: Data(source: Regression(rows: 600, features: 20, informative: 8, signal: 3.0, noise: 0.7, decay: 0.7),
            split: Random(training: 400, validation: 200, test: 0), standardize: Off), {STEPS}, trials: [{trials}]"
        ),
    )
}

const STEPS: &str =
    "inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 1, warm_start: true, batch: Rows(16)),
    outer: Outer(rule: GradientDescent(step: 0.4), steps: 40, batch: Rows(16))";

fn scenario(problem: &str, more: &str) -> Scenario {
    let mut text = String::new();
    write!(text, "Scenario(title: \"\", about: \"\", seed: 5, problem: {problem}, {more})").unwrap();
    let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
    scenario.unwrap_or_else(|| panic!("{found:?}"))
}

fn knobs(entry: &Entry, set: &[(&str, Value)]) -> Knobs {
    let mut knobs = Knobs::defaults(entry.card.knobs);
    set.iter().for_each(|(key, value)| knobs.set(key, *value).unwrap());
    knobs
}

fn frozen(scenario: &Scenario, set: &[(&str, Value)]) -> Result<FrozenState, ProbeError> {
    let knobs = knobs(&frozen::ENTRY, set);
    let case = Case::of("", scenario, &NoFiles, &knobs).unwrap();
    frozen::run(&case, &mut |_| ControlFlow::Continue(()))
}

fn swept(
    entry: &Entry,
    scenario: &Scenario,
    set: &[(&str, Value)],
    (path, values): (&str, &[&str]),
) -> Box<dyn Finding> {
    let knobs = knobs(entry, set);
    let sweep = Sweep { path: path.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() };
    let case = Case { sweep: Some(&sweep), ..Case::of("", scenario, &NoFiles, &knobs).unwrap() };
    entry.measure(&case, &mut |_| ControlFlow::Continue(())).unwrap()
}

const REPLICATES: fn(i64) -> (&'static str, Value) = |count| ("replicates", Value::Integer(count));

/// The problem at its exact inner solution for λ.
struct Place {
    oracle: Oracle,
    hessian: Matrix,
    outer: Vec<f64>,
    truth: Truth,
}

impl Place {
    fn of(problem: &Arc<dyn Problem>, lambda: &[f64]) -> Self {
        let truth = Truth::at(problem, lambda);
        let mut oracle = Oracle::new(Arc::clone(problem));
        oracle.move_to(lambda, &truth.theta);
        let hessian = oracle.hessian();
        let mut outer = vec![0.0; truth.theta.len()];
        oracle.outer_gradient(&mut outer);
        Self { oracle, hessian, outer, truth }
    }

    fn start(scenario: &Scenario) -> Self {
        let built = experiment(scenario, &NoFiles).unwrap();
        Self::of(&built.problem, &built.lambda)
    }

    /// `−Jᵀ (I − (I − ηH)^terms) H⁻¹ b`: a Neumann series of so many terms in closed form.
    fn truncated(&mut self, step: f64, terms: usize) -> Vec<f64> {
        let v = Factorization::symmetric(&self.hessian).unwrap().solve(&self.outer);
        let mut left = v.clone();
        for _ in 0..terms {
            let product = self.hessian.times(&left);
            axpy(-step, &product, &mut left);
        }
        let kept: Vec<f64> = v.iter().zip(&left).map(|(v, left)| v - left).collect();
        self.minus_cross(&kept)
    }

    fn minus_cross(&mut self, v: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.truth.lambda.len()];
        self.oracle.cross_vjp(v, &mut out);
        out.iter().map(|entry| -entry).collect()
    }

    /// Of a direction, relative to ‖∇F‖.
    fn bias(&self, direction: &[f64]) -> f64 {
        distance(direction, &self.truth.hypergradient) / norm(&self.truth.hypergradient)
    }
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

fn of<'a>(found: &'a FrozenState, name: &str) -> &'a TrialFinding {
    found.trials.iter().find(|trial| trial.trial == name).unwrap_or_else(|| panic!("no {name}"))
}

/// Lists are independent, so that the mean over them is the direction over all rows. A bias is held within six standard errors,
/// which fails once in 5e8; a mean of R vectors within six times noise/√R.
#[test]
fn the_bias_of_a_series_is_that_of_its_closed_form() {
    let scenario = ridge(
        "Trial(name: \"5\", estimator: Stocbio(iterations: 5, step: Fixed(0.1))),
        Trial(name: \"20\", estimator: Stocbio(iterations: 20, step: Fixed(0.1))),
        Trial(name: \"5 long\", estimator: Stocbio(iterations: 5, step: Fixed(0.4))),
        Trial(name: \"one of 6\", estimator: Ttsa(terms: 6, step: Fixed(0.1))),
        Trial(name: \"0\", estimator: Stocbio(iterations: 0, step: Fixed(0.1)))",
    );
    let found = frozen(&scenario, &[REPLICATES(600)]).unwrap();
    let mut place = Place::start(&scenario);
    for (name, step, terms) in [("5", 0.1, 6), ("20", 0.1, 21), ("5 long", 0.4, 6), ("one of 6", 0.1, 6), ("0", 0.1, 1)]
    {
        let (trial, exact) = (of(&found, name), place.truncated(step, terms));
        let bias = place.bias(&exact);
        let (value, error) = (trial.bias.value, trial.bias.standard_error);
        assert!((value - bias).abs() <= 6.0 * error, "{name}: {value} ± {error}, and {bias}");
        let length = norm(&place.truth.hypergradient);
        let off = distance(&trial.mean, &exact) / length;
        assert!(off <= 6.0 * trial.noise.value / 600f64.sqrt(), "{name}: the mean is {off} off");
    }
    // With one term the direction is −ηJᵀb, J the same for all rows, and its noise that of sixteen rows of b.
    let rows = place.oracle.problem().dimensions().validation;
    let mut scatter = 0.0;
    for row in 0..rows {
        let mut one = vec![0.0; place.outer.len()];
        place.oracle.use_validation_rows(Some(&[row]));
        place.oracle.outer_gradient(&mut one);
        scatter += distance(&place.minus_cross(&one), &place.minus_cross(&place.outer.clone())).powi(2) / rows as f64;
    }
    let noise = 0.1 * (scatter / 16.0).sqrt() / norm(&place.truth.hypergradient);
    let trial = of(&found, "0").noise;
    assert!((trial.value - noise).abs() <= 6.0 * trial.standard_error, "{trial:?} and {noise}");
}

/// An independent prototype, over rows of the same law: noise .53, .97, 1.11 of sums of 6, 21 and 81 terms, which saturates; .48,
/// 1.29, 3.0 of one term out of 5, 20, 80, which grows like √(Qη).
///
/// The noise of a sum is of about five directions, so that 400 draws know it to 1.6 % and a ratio of 1.14 to 2.2 %: 1 is 5.5 deviations away. That
/// of one term has a heavy tail (its square strays by √5 of itself): 1500 draws know a ratio of 2.33 to 4.1 %, and 1.8 is 5.6 deviations away. Either
/// fails less than once in a million.
#[test]
fn the_noise_of_a_sum_saturates_and_that_of_a_random_term_grows() {
    let measured = |estimator: &str, replicates: i64| {
        let trial =
            |terms: usize| format!("Trial(name: \"{terms}\", estimator: {estimator}: {terms}, step: Fixed(0.1)))");
        let found = frozen(&ridge(&format!("{}, {}", trial(20), trial(80))), &[REPLICATES(replicates)]).unwrap();
        let ratio = of(&found, "80").noise.value / of(&found, "20").noise.value;
        (ratio, of(&found, "80").bias.is_seen())
    };
    let (sums, is_seen) = measured("Stocbio(iterations", 400);
    assert!((1.0..1.35).contains(&sums), "{sums}");
    assert!(!is_seen, "nothing is left of a bias of 1e-4");
    let (terms, _) = measured("Ttsa(terms", 1500);
    assert!((1.8..3.0).contains(&terms), "{terms}");
}

/// .67, .29 and .14 for steps .4, .1 and .025 in the prototype: as the root of the step, and without bias.
#[test]
fn the_v_of_a_single_loop_hovers_at_a_distance_that_goes_with_the_root_of_its_step() {
    let scenario = ridge(
        "Trial(name: \"4\", estimator: Soba(step: Fixed(0.4))), Trial(name: \"1\", estimator: Soba(step: Fixed(0.1))),
        Trial(name: \"quarter\", estimator: Soba(step: Fixed(0.025)))",
    );
    let held = ("held", Value::Choice("Theta"));
    let found = frozen(&scenario, &[REPLICATES(300), held, ("ticks", Value::Integer(200))]).unwrap();
    let [long, middle, short] = ["4", "1", "quarter"].map(|name| of(&found, name).adjoint.expect("it has a v"));
    assert!((2.0..2.7).contains(&(long.deviation.value / middle.deviation.value)), "{long:?} {middle:?}");
    assert!((1.8..2.4).contains(&(middle.deviation.value / short.deviation.value)), "{middle:?} {short:?}");
    assert!([long, middle, short].iter().all(|found| found.bias.value <= 6.0 * found.bias.standard_error));
    // With v held as well nothing is drawn that matters: the cross derivative has no rows.
    let still = frozen(&scenario, &[REPLICATES(5)]).unwrap();
    assert!(still.trials.iter().all(|trial| trial.bias.value == 0.0 && trial.noise.value == 0.0));
}

/// One list .26, .32, .33 and lists of their own .91, 9.8, 99 for κ = 3, 30, 300 in the prototype, which a script of its own
/// found again with both inner variables going on: frozen is λ. All κ are measured on the same draws, of which the noise is nearly
/// κ times one number, so that ratios hardly stray; 60 draws know a noise to 7 %, and .15 to .45 is seven deviations on either side.
#[test]
fn rows_of_their_own_make_the_noise_of_a_first_order_method_grow_with_kappa() {
    let scenario =
        ridge("Trial(name: \"same\", estimator: F2sa), Trial(name: \"own\", estimator: F2sa(rows: Separate))");
    let set = [REPLICATES(60), ("held", Value::Choice("Lambda")), ("ticks", Value::Integer(60))];
    let found = swept(&frozen::ENTRY, &scenario, &set, ("trials[*].estimator.multiplier", &["3", "30", "300"]));
    let found: &frozen::SweepFinding = found.get().unwrap();
    let noise =
        |trial: usize| found.points.iter().map(|point| point.finding.trials[trial].noise.value).collect::<Vec<_>>();
    let (same, own) = (noise(0), noise(1));
    assert!(same.iter().all(|noise| (0.15..0.45).contains(noise)), "{same:?}");
    assert!((8.0..12.0).contains(&(own[1] / own[0])) && (9.0..11.0).contains(&(own[2] / own[1])), "{own:?}");
    let slope = found.noise[1].unwrap();
    assert!((slope.slope - 1.0).abs() < 0.05, "{slope:?}");
}

const ONE_AND_TWO: &str =
    "trials: [Trial(name: \"one\", estimator: F2sa), Trial(name: \"two\", estimator: F2sa(sides: Two))]";
const KAPPAS: (&str, &[&str]) = ("trials[*].estimator.multiplier", &["3", "10", "30", "100", "300"]);

fn biases(scenario: &Scenario) -> (Vec<[f64; 2]>, [f64; 2]) {
    let found = swept(&frozen::ENTRY, scenario, &[("rows", Value::Choice("All"))], KAPPAS);
    let found: &frozen::SweepFinding = found.get().unwrap();
    let of = |point: &hyperlab::probe::Point<FrozenState>| {
        let [one, two] = &point.finding.trials[..] else { panic!("{:?}", point.finding) };
        assert!(one.replicates == 1 && one.noise.value == 0.0 && one.bias.standard_error == 0.0);
        [one.bias.value, two.bias.value]
    };
    (found.points.iter().map(of).collect(), [found.bias[0].unwrap().slope, found.bias[1].unwrap().slope])
}

/// Over a quadratic f and g, `y − θ*` solves `(H ± H_f/κ)(y − θ*) = ∓ b/κ`.
#[test]
fn the_bias_of_a_first_order_method_on_ridge_is_that_of_its_closed_form() {
    let scenario = ridge(ONE_AND_TWO.trim_start_matches("trials: [").trim_end_matches(']'));
    let (found, [one, two]) = biases(&scenario);
    let mut place = Place::start(&scenario);
    let size = place.outer.len();
    let columns: Vec<Vec<f64>> = (0..size)
        .map(|column| {
            let unit: Vec<f64> = (0..size).map(|row| f64::from(row == column)).collect();
            let mut out = vec![0.0; size];
            place.oracle.outer_hvp(&unit, &mut out);
            out
        })
        .collect();
    let shift = |share: f64| {
        let matrix = Matrix::from_fn(size, size, |i, j| place.hessian[(i, j)] + share * columns[j][i]);
        let right: Vec<f64> = place.outer.iter().map(|b| -share * b).collect();
        Factorization::symmetric(&matrix).unwrap().solve(&right)
    };
    let shifts: Vec<[Vec<f64>; 2]> = KAPPAS
        .1
        .iter()
        .map(|kappa| kappa.parse::<f64>().unwrap())
        .map(|kappa| [shift(1.0 / kappa), shift(-1.0 / kappa)])
        .collect();
    for ((kappa, [above, below]), found) in KAPPAS.1.iter().zip(&shifts).zip(&found) {
        let kappa: f64 = kappa.parse().unwrap();
        // ∇_λ g is linear in θ here: its difference is the cross derivative's product.
        let v = |scale: f64, part: &dyn Fn(usize) -> f64| (0..size).map(|i| -scale * part(i)).collect::<Vec<f64>>();
        let (one, two) = (v(kappa, &|i| above[i]), v(0.5 * kappa, &|i| above[i] - below[i]));
        let exact = [place.minus_cross(&one), place.minus_cross(&two)].map(|direction| place.bias(&direction));
        for (found, exact) in found.iter().zip(exact) {
            assert!((found - exact).abs() <= 1e-9 * exact + 1e-11, "κ = {kappa}: {found:e} and {exact:e}");
        }
    }
    // −.95 and −2.02 in the prototype.
    assert!((one + 1.0).abs() < 0.07 && (two + 2.0).abs() < 0.05, "{one} {two}");
}

/// −.98 and −2.02 in the prototype, with one penalty e^{−2} a feature.
#[test]
fn the_bias_of_a_first_order_method_falls_with_kappa_and_with_its_square() {
    let scenario = scenario(
        "Logistic(penalty: PerFeature)",
        &format!(
            "data: Data(source: TwoClasses(rows: 300, features: 12, margin: 1.0), split: Random(training: 200, validation: 100),
            standardize: Off), lambda: Constant(-2.0), inner: Inner(dynamics: GradientDescent(step: Fixed(0.5)), steps: 1,
            warm_start: true), {ONE_AND_TWO}"
        ),
    );
    let (found, [one, two]) = biases(&scenario);
    assert!((one + 1.0).abs() < 0.08 && (two + 2.0).abs() < 0.05, "{one} {two}: {found:?}");
    assert!(found.windows(2).all(|pair| pair[1][0] < pair[0][0] && pair[1][1] < pair[0][1]));
}

/// Where a trial stands: what it carries is its own, and all that is held against is the exact answer at its own λ.
#[test]
fn a_trial_is_frozen_where_it_stands() {
    let scenario = ridge("Trial(name: \"soba\", estimator: Soba)");
    let built = Arc::new(experiment(&scenario, &NoFiles).unwrap());
    let mut loops = Loops::new(0, Setting::of(&scenario.trials[0], &scenario), &Arc::new(Stage::of(&built)));
    let mut adjoint = Vec::new();
    for _ in 0..40 {
        adjoint = loops.advance().unwrap().adjoint.clone().unwrap();
    }
    let found = frozen(&scenario, &[REPLICATES(5), ("state", Value::Choice("AsItStands"))]).unwrap();
    let [trial] = &found.trials[..] else { panic!("{found:?}") };
    assert_eq!(&trial.lambda[..], loops.lambda());
    let mut place = Place::of(&built.problem, loops.lambda());
    let direction = place.minus_cross(&adjoint);
    assert!(distance(&trial.mean, &direction) <= 1e-13 * norm(&direction));
    assert!((trial.bias.value - place.bias(&direction)).abs() < 1e-12 && trial.noise.value == 0.0);
}

/// Scalar ridge, whose truncated directions are known in closed form: they are zero where the probe says, and nowhere else.
#[test]
fn a_truncated_series_ends_where_its_closed_form_is_zero() {
    let neumann =
        |terms: usize| format!("Trial(name: \"{terms}\", estimator: Neumann(iterations: {terms}, step: Fixed(0.4)))");
    let scenario = scenario(
        "Ridge(penalty: Scalar)",
        &format!(
            "data: Data(source: Regression(rows: 80, features: 20), split: Random(training: 40, validation: 40, seed: 10),
            standardize: Off), lambda: Constant(-3.0), inner: Inner(dynamics: Newton, steps: 1),
            trials: [Trial(name: \"exact\", estimator: Direct), {}, {}, {}, {}]",
            neumann(0),
            neumann(5),
            neumann(20),
            neumann(80)
        ),
    );
    let knobs = knobs(&stationary::ENTRY, &[]);
    let case = Case::of("", &scenario, &NoFiles, &knobs).unwrap();
    let found: StationaryPoint = stationary::run(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    let problem = &case.experiment.problem;
    let exact = &found.trials[0];
    assert!(!exact.is_seen() && exact.others.is_empty());
    assert!(Truth::at(problem, &exact.lambda).hypergradient[0].abs() < 1e-10);
    let least = Truth::at(problem, &exact.lambda).value;
    let direction = |lambda: f64, terms: usize| Place::of(problem, &[lambda]).truncated(0.4, terms)[0];
    let mut before = f64::INFINITY;
    for (trial, terms) in found.trials[1..].iter().zip([1, 6, 21, 81]) {
        assert_eq!(trial.lack, None);
        let lambda = trial.lambda[0];
        // It changes sign there, from a λ that is too small to one that is too large.
        assert!(direction(lambda - 1e-6, terms) < 0.0 && direction(lambda + 1e-6, terms) > 0.0, "{terms} terms");
        assert!((trial.excess - (Truth::at(problem, &[lambda]).value - least)).abs() < 1e-14);
        assert!(trial.excess >= -1e-14 && trial.excess < before, "{terms} terms: {}", trial.excess);
        before = trial.excess.max(1e-12);
        for other in &trial.others {
            let (low, high) = (direction(other.lambda - 1e-6, terms), direction(other.lambda + 1e-6, terms));
            assert!(low.signum() != high.signum() && (low < 0.0) == other.rests, "{terms} terms: {other:?}");
        }
        // Every change of sign on a grid that is not the probe's.
        let signs: Vec<bool> =
            (0..=160).map(|step| direction(-11.0 + 0.1 * f64::from(step) + 1e-3, terms) < 0.0).collect();
        let changes = signs.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert_eq!(changes, 1 + trial.others.len(), "{terms} terms: {:?}", trial.others);
    }
}

/// On ridge with a prior mean J is invertible: a truncated direction is zero where ∇F is.
#[test]
fn where_the_cross_derivative_is_invertible_truncation_moves_nothing() {
    let scenario = ridge("Trial(name: \"2\", estimator: Neumann(iterations: 2, step: Fixed(0.1)))");
    let knobs = knobs(&stationary::ENTRY, &[]);
    let case = Case::of("", &scenario, &NoFiles, &knobs).unwrap();
    let found = stationary::run(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    let trial = &found.trials[0];
    assert_eq!(trial.lack, None);
    assert!(trial.distance < 1e-6 && trial.excess.abs() < 1e-11, "{trial:?}");
    assert!(norm(&Truth::at(&case.experiment.problem, &trial.lambda).hypergradient) < 1e-8);
}

/// Series that are far too long: (−10⁴ H)⁴⁰⁰ is more than a number holds, and so is the square of (−10⁴ H)⁴⁵. No noise and no bias.
#[test]
fn what_is_not_finite_has_neither_bias_nor_noise() {
    let stocbio = |terms: usize| {
        ridge(&format!("Trial(name: \"it\", estimator: Stocbio(iterations: {terms}, step: Fixed(1e4)))"))
    };
    let all = ("rows", Value::Choice("All"));
    for (scenario, set, why) in [
        (stocbio(400), &[REPLICATES(20)][..], "not finite in 20 of 20 draws"),
        (stocbio(400), &[all], "not finite: "),
        (stocbio(45), &[REPLICATES(20)], "the square of its direction is more than a number can hold"),
        (stocbio(45), &[all], "the square of its direction is more than a number can hold"),
    ] {
        let found = frozen(&scenario, set).unwrap();
        let it = &found.trials[0];
        assert!(it.lack.as_ref().is_some_and(|lack| lack.contains(why)), "{:?}", it.lack);
        assert!(it.bias.value.is_nan() && it.noise.value.is_nan() && it.noise.standard_error.is_nan());
        let table = found.summary().lines().join("\n");
        assert!(table.contains("not finite") && !table.contains("inf") && !table.contains('∞'), "{table}");
        assert!(found.to_json().contains("\"noise\":{\"value\":null,\"standard_error\":null}"), "{}", found.to_json());
    }
}

/// A series of 320 terms has no bias that could be seen: what is left of it is chance, and table, JSON and numbers on screen give
/// what it is at most.
#[test]
fn a_bias_that_is_lost_in_its_error_is_given_as_what_it_is_at_most() {
    let long = ridge("Trial(name: \"it\", estimator: Stocbio(iterations: 320, step: Fixed(0.1)))");
    let found = frozen(&long, &[REPLICATES(100)]).unwrap();
    let it = &found.trials[0];
    let (square, error) = (it.bias_squared.value, it.bias_squared.standard_error);
    let most = (square.max(0.0) + 2.0 * error).sqrt();
    assert!(square <= 2.0 * error && (it.bias_at_most.unwrap() - most).abs() < 1e-12 * most, "{it:?}");
    let row: Vec<String> = found.summary().rows[0].iter().map(ToString::to_string).collect();
    assert_eq!(row[1..3], [format!("≤ {}", hyperlab::math::number::plain(it.bias_at_most.unwrap())), "–".to_owned()]);
    assert_eq!(found.about(it.id).unwrap().values[0].0, "bias at most");
    assert!(found.to_json().contains("\"bias_at_most\":0."));
    // One that is seen is itself.
    let found =
        frozen(&ridge("Trial(estimator: Stocbio(iterations: 2, step: Fixed(0.1)))"), &[REPLICATES(100)]).unwrap();
    assert_eq!(found.trials[0].bias_at_most, None);
    assert!(!found.summary().rows[0][1].to_string().contains('≤'));
}

/// Of Q = 0 there is no logarithm, and at Q = 160 nothing is left of the bias: the exponent is of three values, and says so.
#[test]
fn an_exponent_says_of_how_many_values_it_is() {
    let scenario = ridge("Trial(name: \"it\", estimator: Stocbio(iterations: 2, step: Fixed(0.1)))");
    let values = ("trials[0].estimator.iterations", &["0", "2", "5", "10", "160"][..]);
    let found = swept(&frozen::ENTRY, &scenario, &[REPLICATES(200)], values);
    let slope = found.get::<frozen::SweepFinding>().unwrap().bias[0].unwrap();
    assert_eq!((slope.points, slope.of), (3, 5));
    let table = found.summary().lines().join("\n");
    assert!(table.contains("over 3 of 5 values") && table.contains("bias too small to tell from 0"), "{table}");
}

#[test]
fn what_cannot_be_frozen_says_why() {
    let refused = |scenario: &Scenario, set: &[(&str, Value)]| match frozen(scenario, set) {
        Err(ProbeError::Refused(message)) => message,
        other => panic!("{other:?}"),
    };
    let written = ridge("Trial(estimator: Soba)");
    let text = "draws: Explicit(training: [[0, 1]], validation: [[2]]),";
    let written = Scenario { draws: ridge_with(text).draws, ..written };
    assert!(refused(&written, &[]).contains("written out"));
    let fresh =
        Scenario { ensemble: ridge_with("ensemble: Fresh(members: 1),").ensemble, ..ridge("Trial(estimator: Soba)") };
    assert!(refused(&fresh, &[("held", Value::Choice("Lambda"))]).contains("change with every outer step"));
    // f outweighs g on the far side.
    let small = ridge("Trial(name: \"two\", estimator: F2sa(multiplier: 0.01, sides: Two))");
    let found = frozen(&small, &[REPLICATES(5)]).unwrap();
    let lack = found.trials[0].lack.as_ref().expect("it cannot be frozen");
    assert!(lack.contains("g − f/κ has no minimum"), "{lack}");
    let perceptron = hyperlab::scenario::parse(hyperlab::scenario::builtin("perceptron").unwrap().text).unwrap();
    assert!(refused(&perceptron, &[]).contains("more than one solution"));
    // A mean that one answer does not give.
    let drawn = ridge("Trial(estimator: Ttsa)");
    let knobs = knobs(&stationary::ENTRY, &[]);
    let case = Case::of("", &drawn, &NoFiles, &knobs).unwrap();
    let found = stationary::run(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(found.trials[0].lack.as_ref().unwrap().contains("drawn even over all rows"));
}

/// The ridge with something said of all trials.
fn ridge_with(said: &str) -> Scenario {
    scenario(
        "BiasedRidge(rho: 0.5)",
        &format!(
            "data: Data(source: Regression(rows: 600, features: 20), split: Random(training: 400, validation: 200, test: 0)),
            {STEPS}, {said} trials: [Trial(estimator: Soba)]"
        ),
    )
}

/// What a study says of knobs reaches every probe that has them; what no probe has is a mistake.
#[test]
fn a_study_sets_knobs_of_probes() {
    let mut scenario = ridge("Trial(estimator: Soba)");
    scenario.study.knobs =
        [("held", "Theta"), ("ticks", "7")].map(|(key, text)| (key.to_owned(), text.to_owned())).into();
    let knobs = hyperlab::probe::quick_knobs(&frozen::ENTRY, &scenario.study);
    assert_eq!((knobs.choice("held"), knobs.count("ticks")), ("Theta", 7));
    assert!(hyperlab::probe::mistakes(&scenario.study).is_empty());
    scenario.study.knobs =
        [("helt", "Theta"), ("ticks", "many")].map(|(key, text)| (key.to_owned(), text.to_owned())).into();
    let mistakes = hyperlab::probe::mistakes(&scenario.study);
    assert!(mistakes[0].0.contains("`helt`") && mistakes[0].1.as_ref().unwrap().contains("held"), "{mistakes:?}");
    assert!(mistakes[1].0.contains("`ticks` cannot be `many`"), "{mistakes:?}");
}
