//! Natural hypergradients: threads and staleness, what is forgotten and said, and what is refused.

use std::sync::Arc;

use hyperlab::catalog::Value;
use hyperlab::draw::{Batch, Draws, PerStep, Products, Sizes};
use hyperlab::estimator::{Estimate, InnerStep, Start};
use hyperlab::inner::Motion;
use hyperlab::math::Matrix;
use hyperlab::math::vector::{is_finite, norm};
use hyperlab::problem::{Labels, Oracle, Problem, Rows};
use hyperlab::scenario::{NoFiles, Setting, check_text, experiment};
use hyperlab::trial::{Loops, Stage};

use crate::common::estimation::{Run, bits, dynamics, estimator, relative};
use crate::common::{class_split, instances, normal};

/// An instance of the tests by the beginning of its name.
fn instance(name: &str) -> Arc<dyn Problem> {
    instances().into_iter().find(|(found, _)| found.starts_with(name)).unwrap().1
}

/// A run over batches of so many rows with estimators watching.
fn run(problem: &Arc<dyn Problem>, batch: usize, step: f64, settings: &[&[(&str, Value)]]) -> Run {
    let descent = || dynamics("gradient-descent", &[("step", Value::Real(step))]);
    let estimators = settings.iter().map(|knobs| estimator("natural", knobs)).collect();
    let sizes = problem.dimensions();
    let lambda = vec![-1.0; sizes.outer];
    let theta = normal(sizes.inner, 3);
    let mut run = Run::new(problem, descent(), &lambda, &theta, 1000, estimators);
    let rows = Sizes { inner: Batch::Rows(batch), products: Products::AsInner, outer: Batch::Full };
    run.motion = Motion::new(
        descent(),
        Draws::new(rows, Default::default(), PerStep { inner: 1000, outer: 1, ..PerStep::default() }),
    );
    run
}

fn staleness(batches: i64) -> (&'static str, Value) {
    ("staleness", Value::Integer(batches))
}

const ONE: (&str, Value) = ("threads", Value::Choice("One"));
const TWO: (&str, Value) = ("threads", Value::Choice("Two"));

fn all_bits(estimate: &Estimate) -> (Vec<u64>, Vec<u64>, usize, usize) {
    let surrogate = &estimate.surrogates[0];
    let adjoint = estimate.adjoint.as_ref().unwrap();
    (bits(&estimate.hypergradient), bits(adjoint), surrogate.seen, surrogate.used)
}

/// A delay line on one thread is the same bits as a second thread, whenever one looks and however often.
#[test]
fn numbers_are_a_function_of_the_staleness_and_not_of_the_threads() {
    for name in ["softmax, per feature", "hyper-cleaning, three", "perceptron, weight a row", "ridge, per feature"] {
        let problem = instance(name);
        for form in [Value::Choice("Whole"), Value::Sized("Sketch", 3), Value::Choice("InverseMean")] {
            let mut reference: Vec<Vec<_>> = Vec::new();
            for threads in [ONE, TWO] {
                let lateness = [0, 1, 8, 40];
                let late = lateness.map(|late| vec![("form", form), staleness(late as i64), threads]);
                let settings: Vec<&[(&str, Value)]> = late.iter().map(Vec::as_slice).collect();
                let mut run = run(&problem, 5, 0.1, &settings);
                let mut found = Vec::new();
                for steps in [1, 3, 1, 20, 7, 60, 1] {
                    run.advance(steps);
                    // What a copy says is what the original says.
                    let copies: Vec<_> = run.clone().estimators.iter().map(|copy| copy.clone_box()).collect();
                    let mut copied = run.clone();
                    copied.estimators = copies;
                    for (index, late) in lateness.into_iter().enumerate() {
                        let own = all_bits(&run.estimate(index));
                        assert_eq!(own, all_bits(&copied.estimate(index)), "{name}: a copy");
                        assert_eq!(own.3, own.2.saturating_sub(late), "{name}: the factor that was used");
                        found.push(own);
                    }
                    // The copy goes on as the original does.
                    copied.advance(2);
                    let mut original = run.clone();
                    original.advance(2);
                    (0..lateness.len()).for_each(|index| {
                        assert_eq!(
                            all_bits(&original.estimate(index)),
                            all_bits(&copied.estimate(index)),
                            "{name}: later"
                        );
                    });
                }
                reference.push(found);
            }
            assert_eq!(reference[0], reference[1], "{name}, {form:?}: one thread and two");
        }
    }
}

/// What is accepted is gone on with, by the same estimator and by another one.
#[test]
fn what_is_carried_over_is_handed_back() {
    for threads in [ONE, TWO] {
        for late in [0, 3] {
            let problem = instance("hyper-cleaning, three");
            let knobs = [staleness(late), threads, ("cross", Value::Choice("Table"))];
            let mut long = run(&problem, 5, 0.1, &[&knobs]);
            long.advance(12);
            let mut split = run(&problem, 5, 0.1, &[&knobs]);
            split.advance(7);
            let estimate = split.estimate(0);
            let mut other = run(&problem, 5, 0.1, &[&knobs]);
            let theta = split.state.clone();
            let start =
                Start { lambda: &split.lambda, state: &theta, steps: 5, tolerance: None, inner_dimension: theta.len() };
            for estimators in [&mut split.estimators, &mut other.estimators] {
                estimators[0].accept(&estimate);
                estimators[0].begin(&start);
            }
            (other.state, other.clock) = (split.state.clone(), split.clock);
            for run in [&mut split, &mut other] {
                run.advance(5);
                assert_eq!(all_bits(&long.estimate(0)), all_bits(&run.estimate(0)), "{late} batches late, {threads:?}");
                assert_eq!(run.estimate(0).surrogates[0].resets, 0);
            }
        }
    }
}

/// By what it remembers, a run that begins elsewhere than the last one ended, or of another recipe, is another run.
#[test]
fn it_forgets_where_theta_or_the_recipe_is_another_and_counts_it() {
    let problem = instance("logistic, per feature");
    let mut first = run(&problem, 5, 0.1, &[&[]]);
    first.advance(6);
    let estimate = first.estimate(0);
    let begin = |knobs: &[(&str, Value)], moved: f64| {
        let mut next = run(&problem, 5, 0.1, &[knobs]);
        next.state = first.state.clone();
        next.state[0] += moved;
        next.clock = first.clock;
        let state = next.state.clone();
        let start =
            Start { lambda: &next.lambda, state: &state, steps: 4, tolerance: None, inner_dimension: state.len() };
        next.estimators[0].accept(&estimate);
        next.estimators[0].begin(&start);
        next.advance(1);
        let surrogate = Arc::clone(&next.estimate(0).surrogates[0]);
        (surrogate.seen, surrogate.resets)
    };
    assert_eq!(begin(&[], 0.0), (7, 0));
    assert_eq!(begin(&[("damping", Value::Real(0.2))], 0.0), (7, 0), "the damping is no part of F");
    assert_eq!(begin(&[], 0.1), (1, 1), "another θ");
    assert_eq!(begin(&[("beta", Value::Real(0.5))], 0.0), (1, 1), "another recipe");
    assert_eq!(begin(&[("carry", Value::Toggle(false))], 0.0), (1, 0), "nothing is carried");
}

/// One batch with a score that is not finite is left out, two in a row begin anew.
#[test]
fn scores_that_are_not_finite_are_left_out() {
    let problem = instance("logistic, per feature");
    let mut run = run(&problem, 5, 0.1, &[&[]]);
    run.advance(4);
    let good = run.state.clone();
    let mut next = good.clone();
    let mut see = |run: &mut Run, state: &[f64]| {
        run.motion.step(&mut run.oracle, run.clock, &run.lambda, state, &mut next);
        let (clock, lambda) = (run.clock, run.lambda.clone());
        let (oracle, motion) = (&mut run.oracle, &mut run.motion);
        run.estimators[0].observe(&mut InnerStep { clock, lambda: &lambda, state, next: &next, oracle, motion });
        run.clock.inner += 1;
        let surrogate = Arc::clone(&run.estimate(0).surrogates[0]);
        (surrogate.seen, surrogate.skipped, surrogate.resets)
    };
    let bad = vec![f64::NAN; good.len()];
    assert_eq!(see(&mut run, &bad), (4, 1, 0));
    assert_eq!(see(&mut run, &good), (5, 1, 0), "one alone changes nothing else");
    assert_eq!(see(&mut run, &bad), (5, 2, 0));
    assert_eq!(see(&mut run, &bad), (0, 3, 1), "two in a row");
    assert_eq!(see(&mut run, &good), (1, 3, 1));
}

#[test]
fn what_is_wrong_is_said() {
    let problem = instance("softmax, per feature");
    let mut early = run(&problem, 5, 0.1, &[&[staleness(4)], &[]]);
    early.advance(4);
    let estimate = early.estimate(0);
    assert!(estimate.solver.trouble().unwrap().contains("no factor yet"), "{:?}", estimate.solver);
    assert_eq!(early.estimate(1).solver.trouble(), None);
    early.advance(1);
    assert_eq!(early.estimate(0).solver.trouble(), None);
    // Without a penalty, and adding the same to all classes leaves scores as they are: singular at damping 0.
    let split = class_split(3);
    let free = crate::common::build("hyper-cleaning", &[("ridge", Value::Real(0.0))], Some(&split), &[]).unwrap();
    let bare = [("damping", Value::Real(0.0)), ("form", Value::Sized("Sketch", 3)), ("tail", Value::Choice("Off"))];
    let mut singular = run(&free, 5, 0.1, &[&[("damping", Value::Real(0.0))], &[], &bare]);
    singular.advance(9);
    let words = singular.estimate(0).solver.trouble().unwrap();
    assert!(words.contains("damping"), "{words}");
    let words = singular.estimate(2).solver.trouble().unwrap();
    assert!(words.contains("raise `damping`") && words.contains("OverRank"), "{words}");
    let damped = singular.estimate(1);
    assert!(is_finite(&damped.hypergradient) && damped.solver.residual < 1e-8, "{:?}", damped.solver);
}

/// `Σ_k w_k u_k u_kᵀ` over the labels that a model can give is the Hessian of the loss where the link is canonical; of a network it is the
/// mean over labels all the same.
#[test]
fn the_expected_fisher_is_the_hessian() {
    let mut tested = 0;
    for (name, problem) in instances() {
        let Some(likelihood) = problem.likelihood() else { continue };
        let sizes = problem.dimensions();
        let (lambda, mut theta) = (normal(sizes.outer, 5), normal(sizes.inner, 6));
        theta.iter_mut().for_each(|x| *x *= 0.5);
        let mut oracle = Oracle::new(Arc::clone(&problem));
        oracle.move_to(&lambda, &theta);
        let count = sizes.training * likelihood.outcomes();
        let (mut weights, mut scores) = (vec![0.0; count], vec![0.0; count * sizes.inner]);
        oracle.scores(Labels::Every, &mut weights, &mut scores);
        let mut fisher = oracle.penalty_hessian();
        for (index, (weight, score)) in weights.iter().zip(scores.chunks_exact(sizes.inner)).enumerate() {
            let share = weight * likelihood.weight(&lambda, index / likelihood.outcomes()) / sizes.training as f64;
            for i in 0..sizes.inner {
                hyperlab::math::vector::axpy(share * score[i], score, fisher.row_mut(i));
            }
        }
        if problem.is_convex() {
            let error = relative(fisher.entries(), oracle.hessian().entries());
            assert!(error < 1e-12, "{name}: {error:.2e}");
        }
        assert!(fisher.symmetric_eigenvalues().unwrap()[0] > -1e-12, "{name}");
        // Of the rows' own labels they are the scores again.
        let own = |labels: &mut dyn FnMut(&mut Oracle, &mut [f64])| {
            let mut out = vec![0.0; sizes.training * sizes.inner];
            labels(&mut Oracle::clone(&oracle), &mut out);
            out
        };
        let plain = own(&mut |oracle, out| oracle.scores(Labels::Own, &mut [], out));
        let unknown = vec![f64::NAN; sizes.training];
        let none = own(&mut |oracle, out| oracle.scores(Labels::Given(&unknown), &mut [], out));
        assert!(is_finite(&plain) && none.iter().any(|x| x.is_nan()), "{name}");
        tested += 1;
    }
    assert!(tested > 20, "{tested}");
}

/// Labels drawn from the model: over many draws the mean score is zero and the mean square is the expected one, within five
/// standard errors of the largest entry, which fails once in a million.
#[test]
fn sampled_labels_are_the_models() {
    const DRAWS: u64 = 4000;
    for name in
        ["logistic, per feature", "softmax, per feature", "poisson", "ridge, per feature", "perceptron, penalty"]
    {
        let problem = instance(name);
        let likelihood = problem.likelihood().unwrap();
        let sizes = problem.dimensions();
        let (lambda, mut theta) = (vec![0.0; sizes.outer], normal(sizes.inner, 8));
        theta.iter_mut().for_each(|x| *x *= 0.3);
        let mut oracle = Oracle::new(Arc::clone(&problem));
        oracle.use_training_rows(Some(&[1]));
        oracle.move_to(&lambda, &theta);
        let outcomes = likelihood.outcomes();
        let (mut weights, mut spread) = (vec![0.0; outcomes], vec![0.0; outcomes * sizes.inner]);
        oracle.scores(Labels::Every, &mut weights, &mut spread);
        let expected: f64 =
            weights.iter().zip(spread.chunks_exact(sizes.inner)).map(|(weight, u)| weight * norm(u).powi(2)).sum();
        let (mut sum, mut squares, mut fourth) = (vec![0.0; sizes.inner], 0.0, 0.0);
        for draw in 0..DRAWS {
            let mut random = hyperlab::math::random::stream(3, hyperlab::math::random::Purpose::Batch, &[draw]);
            let mut score = vec![0.0; sizes.inner];
            oracle.scores(Labels::Drawn(&mut random), &mut [], &mut score);
            hyperlab::math::vector::axpy(1.0 / DRAWS as f64, &score, &mut sum);
            squares += norm(&score).powi(2) / DRAWS as f64;
            fourth += norm(&score).powi(4) / DRAWS as f64;
        }
        let error = (expected / DRAWS as f64).sqrt();
        assert!(
            norm(&sum) < 5.0 * error * (sizes.inner as f64).sqrt(),
            "{name}: mean {:.2e} of {error:.2e}",
            norm(&sum)
        );
        let error = ((fourth - squares * squares).max(0.0) / DRAWS as f64).sqrt();
        assert!((squares - expected).abs() < 5.0 * error + 1e-12, "{name}: {squares} against {expected} ± {error}");
    }
}

/// Symmetric, and no eigenvalue below `min(R) + δ` but for rounding, over 10⁵ steps.
#[test]
fn the_factor_stays_positive_definite() {
    let problem = instance("softmax, per feature");
    let mut run = run(&problem, 4, 0.05, &[&[], &[("beta", Value::Real(1.0))], &[("form", Value::Sized("Sketch", 2))]]);
    let floor = (-1f64).exp() + 1e-3;
    for _ in 0..10 {
        run.advance(10_000);
        for index in 0..3 {
            let estimate = run.estimate(index);
            let surrogate = &estimate.surrogates[0];
            let fisher = surrogate.matrix.as_ref().unwrap();
            let mut matrix = run.oracle.penalty_hessian();
            let size = matrix.rows();
            assert_eq!(*fisher, fisher.transpose(), "symmetric");
            matrix = Matrix::from_fn(size, size, |i, j| matrix[(i, j)] + fisher[(i, j)]);
            matrix.add_to_diagonal(surrogate.damping);
            let values = matrix.symmetric_eigenvalues().unwrap();
            assert!(values[0] > floor - 1e-12 * values.last().unwrap(), "{values:?}");
            assert!(estimate.solver.residual < 1e-12 && surrogate.resets == 0, "{:?}", estimate.solver);
        }
    }
}

/// At a θ long enough for products in blocks, too.
#[test]
fn observing_a_long_theta_allocates_nothing() {
    let split = wide_split();
    let problem = crate::common::build("logistic", &[], Some(&split), &[]).unwrap();
    for threads in [ONE, TWO] {
        let mut run = run(
            &problem,
            7,
            0.01,
            &[
                &[threads],
                &[threads, staleness(3)],
                &[threads, ("fisher", Value::Choice("Sampled"))],
                &[threads, ("fisher", Value::Choice("Expected"))],
                &[threads, ("form", Value::Sized("Sketch", 9))],
                &[threads, ("form", Value::Choice("InverseSum"))],
                &[threads, ("form", Value::Choice("InverseMean"))],
                &[threads, ("form", Value::Choice("InverseMean")), ("rebuild", Value::Integer(3)), staleness(2)],
            ],
        );
        run.advance(60);
        for index in 0..run.estimators.len() {
            let mut next = run.state.clone();
            run.motion.step(&mut run.oracle, run.clock, &run.lambda, &run.state, &mut next);
            let step = &mut InnerStep {
                clock: run.clock,
                lambda: &run.lambda,
                state: &run.state,
                next: &next,
                oracle: &mut run.oracle,
                motion: &mut run.motion,
            };
            let allocations = allocation_counter::measure(|| run.estimators[index].observe(step)).count_total;
            assert_eq!(allocations, 0, "{threads:?}, {index}");
        }
    }
}

/// Forty rows of 100 features and labels that are their signs.
fn wide_split() -> hyperlab::data::Split {
    let samples = |key: u64| {
        let features = Matrix::from_entries(40, 100, normal(4000, key)).unwrap();
        let targets = (0..40).map(|row| if features.row(row)[0] > 0.0 { 1.0 } else { -1.0 }).collect();
        hyperlab::data::Samples::new(features, targets)
    };
    hyperlab::data::Split { training: samples(21), validation: samples(22), ..Default::default() }
}

/// Blocks of a long θ are the products vector by vector.
#[test]
fn a_factor_in_panels_is_the_mean_of_the_squares() {
    let problem = crate::common::build("logistic", &[], Some(&wide_split()), &[]).unwrap();
    let mut run = run(&problem, 7, 0.01, &[&[("beta", Value::Real(1.0))]]);
    let size = run.state.len();
    let mut expected = Matrix::zeros(size, size);
    for step in 0..5 {
        let (state, mut rows) = (run.state.clone(), Vec::new());
        assert!(run.motion.draws().clone().rows(run.clock, hyperlab::draw::Draw::Inner, step, 40, &mut rows));
        let mut oracle = Oracle::new(Arc::clone(&problem));
        oracle.use_training_rows(Some(&rows));
        oracle.move_to(&run.lambda, &state);
        assert_eq!(oracle.rows(), Rows { training: Some(&rows), validation: None });
        let mut scores = vec![0.0; rows.len() * size];
        oracle.scores(Labels::Own, &mut [], &mut scores);
        for score in scores.chunks_exact(size) {
            (0..size).for_each(|i| hyperlab::math::vector::axpy(score[i] / 35.0, score, expected.row_mut(i)));
        }
        run.advance(1);
    }
    let found = run.estimate(0);
    let error = relative(found.surrogates[0].matrix.as_ref().unwrap().entries(), expected.entries());
    assert!(error < 1e-14, "{error:.2e}");
}

fn refused(problem: &str, data: &str, estimator: &str, draws: &str) -> String {
    let text = format!(
        "Scenario(title: \"t\", about: \"a\", problem: {problem}, {data} lambda: Constant(0.0), inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 2, batch: Full), draws: {draws},
         outer: Outer(rule: GradientDescent(step: 0.1)), trials: [Trial(estimator: {estimator})])"
    );
    let (_, found) = check_text(&text, &NoFiles, &[][..]);
    found.iter().map(|diagnostic| diagnostic.message.clone()).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_cannot_be_had_is_named_with_what_would_work() {
    let data = "data: Data(source: TwoClasses(rows: 60, features: 3), split: Alternate),";
    let words = refused("Quadratic", "", "Natural", "Own");
    assert!(words.contains("`Natural` needs scores row by row") && words.contains("choose another one"), "{words}");
    let words =
        refused("Logistic", data, "Natural", "Explicit(training: [[0, 1], [2, 3]], labels: [[1.0, 0.5], [1.0, 1.0]])");
    assert!(words.contains("no label 0.5") && words.contains("-1 and 1"), "{words}");
    let words =
        refused("Logistic", data, "Natural", "Explicit(training: [[0, 1], [2, 3]], labels: [[1.0, -1.0], [1.0]])");
    assert!(words.contains("1 label for an inner step over 2 rows"), "{words}");
    let wide = "data: Data(source: TwoClasses(rows: 60, features: 4001), split: Alternate),";
    let words = refused("Logistic", wide, "Natural", "Own");
    assert!(words.contains("d² numbers") && words.contains("Sketch(40)"), "{words}");
    assert_eq!(refused("Logistic", wide, "Natural(form: Sketch(10))", "Own"), "");
    for beta in ["0.0", "1.0"] {
        let words = refused("Logistic", data, &format!("Natural(form: InverseMean, beta: {beta})"), "Own");
        assert!(words.contains("between 0 and 1") && words.contains("InverseSum"), "{words}");
    }
}

/// A knob that a form does not read is warned of where it is set, and changes no bit; what it does read does.
#[test]
fn knobs_that_do_nothing_are_named() {
    let text = |knobs: &str| {
        format!(
            "Scenario(title: \"t\", about: \"a\", seed: 4, problem: Logistic(penalty: PerFeature), data: Data(source: TwoClasses(rows: 60, features: 3), split: Alternate),
             lambda: Constant(-2.0), inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 9, batch: Rows(5)),
             outer: Outer(rule: GradientDescent(step: 0.1), steps: 1), trials: [Trial(estimator: Natural({knobs}))])"
        )
    };
    let of = |knobs: &str| {
        let (scenario, found) = check_text(&text(knobs), &NoFiles, &[][..]);
        let scenario = scenario.unwrap_or_else(|| panic!("{knobs}: {found:?}"));
        let stage = Arc::new(Stage::of(&Arc::new(experiment(&scenario, &NoFiles).unwrap())));
        let mut loops = Loops::new(0, Setting::of(&scenario.trials[0], &scenario), &stage);
        let estimate = loops.advance().unwrap().hypergradient.clone();
        let named: Vec<String> = found
            .iter()
            .filter(|found| found.message.contains("does nothing here"))
            .map(|found| found.message.clone())
            .collect();
        (estimate, named)
    };
    let others = [("tail", "Off"), ("start", "0.7"), ("rebuild", "2"), ("beta", "0.6"), ("damping", "0.4")];
    for form in ["Whole", "Sketch(2)", "InverseSum", "InverseMean", "InverseMean, rebuild: 3"] {
        let (usual, named) = of(&format!("form: {form}"));
        assert!(named.is_empty(), "{form}: {named:?}");
        // An inverse that was made anew has forgotten what it began with.
        let is_read_early = |key: &str| key == "start" && form.contains("rebuild");
        for (key, value) in others.iter().filter(|(key, _)| !form.contains(key) && !is_read_early(key)) {
            let (estimate, named) = of(&format!("form: {form}, {key}: {value}"));
            let is_named = named.iter().any(|said| said.starts_with(&format!("`{key}` does nothing here")));
            assert_eq!(is_named, estimate == usual, "{form}, {key}: {named:?}");
        }
    }
}

/// Labels of a wrong length are underlined where they are written, and not where a trial reads them.
#[test]
fn labels_of_a_wrong_length_are_found_where_they_are_written() {
    let text = |all: &str, own: &str| {
        format!(
            "Scenario(title: \"t\", about: \"a\", problem: Logistic, data: Data(source: TwoClasses(rows: 60, features: 3), split: Alternate),
             inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 2), outer: Outer(rule: GradientDescent(step: 0.1)), {all}
             trials: [Trial(estimator: Natural, {own})])"
        )
    };
    let draws = "draws: Explicit(training: [[0, 1], [2, 3]], labels: [[1.0, -1.0], [1.0]]),";
    for text in [text(draws, ""), text("", draws)] {
        let (_, found) = check_text(&text, &NoFiles, &[][..]);
        let wrong = found.iter().find(|found| found.message.contains("1 label for an inner step over 2 rows")).unwrap();
        assert_eq!(wrong.span.clone().map(|span| &text[span]), Some("[1.0]"), "{wrong:?}");
    }
}

/// Directions that no score has a part in are held by what an inverse began with alone: of a sum, divided by the rows. What is shown is
/// what was solved with, without a penalty that is not in it; where it is made anew, penalty and damping are in it once.
#[test]
fn an_inverse_is_shown_as_it_is_solved_with() {
    let smallest = |estimator: &str| {
        let text = format!(
            "Scenario(title: \"\", about: \"\", seed: 1, problem: HyperCleaning(ridge: 0.05),
            data: Data(source: Classes(rows: 40, features: 5, classes: 3), split: Random(training: 25, validation: 15)),
            inner: Inner(dynamics: GradientDescent(step: Fixed(0.5)), steps: 1, batch: Rows(3)),
            outer: Outer(steps: 1), trials: [Trial(estimator: {estimator})])"
        );
        let scenario = hyperlab::scenario::parse(&text).unwrap();
        let experiment = hyperlab::scenario::experiment(&scenario, &hyperlab::scenario::NoFiles).unwrap();
        let mut lab = hyperlab::lab::Lab::new(experiment);
        while lab.trials().next().unwrap().outer() < 1 {
            lab.apply(&hyperlab::lab::Command::Tick).unwrap();
        }
        let trial = lab.trials().next().unwrap();
        let record = trial.outer_records().last().unwrap();
        record.number(&hyperlab::metric::CURVATURE_SMALLEST).unwrap()
    };
    for (estimator, expected) in [
        ("Natural(form: InverseSum, start: 0.1, damping: 0.0)", 0.1 / 3.0),
        ("Natural(form: InverseMean, start: 0.1, beta: 0.8, damping: 0.0)", 0.8 * 0.1),
        ("Natural(form: InverseMean, rebuild: 1, damping: 0.001)", 0.051),
        ("Natural(damping: 0.001)", 0.051),
    ] {
        let found = smallest(estimator);
        assert!((found - expected).abs() < 1e-12, "{estimator}: {found}, expected {expected}");
    }
}
