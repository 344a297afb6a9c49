//! Lasso, elastic net and sparse logistic regression: θ* and ∇F against closed forms and coordinate descent, kinks of F,
//! and what can and cannot be asked of a problem with kinks.

use std::sync::Arc;

use crate::common::estimation::{Run, dynamics, estimator};
use crate::common::{
    Settings, assert_near, build, class_split, has_kinks, instances, is_met, normal, regression_split,
    with_free_intercept,
};
use hyperlab::catalog::{Knobs, Value};
use hyperlab::data::{Samples, Split};
use hyperlab::estimator;
use hyperlab::inner;
use hyperlab::math::finite_difference::{directional, gradient};
use hyperlab::math::vector::{dot, norm};
use hyperlab::math::{Factorization, Matrix, is_singular};
use hyperlab::problem::{Blocks, Oracle, Problem, Truth};
use hyperlab::scenario::{NoFiles, Severity, check_text, experiment};

const SCALAR: (&str, Value) = ("penalty", Value::Choice("Scalar"));

/// Rows of integers by quarters, correlated through a part that all columns share: as the coordinate descent below has
/// them. `wide` tells two designs apart.
fn design(training: usize, validation: usize, features: usize, is_repeating: bool) -> Split {
    let quarter = |value: usize, modulus: usize, shift: f64| ((value % modulus) as f64 - shift) / 4.0;
    let feature = |i: usize, j: usize| {
        let common = quarter(5 * i * i + 3 * i, 11, 5.0);
        let own = 7 * i * i + 11 * j * j + 3 * i * j + j;
        0.5 * common + if is_repeating { quarter(own, 13, 6.0) } else { quarter(own + i * j * j, 17, 8.0) }
    };
    let rows = |range: std::ops::Range<usize>| {
        let start = range.start;
        let features_of = Matrix::from_fn(range.len(), features, |i, j| feature(start + i, j));
        let target = |i: usize| quarter(3 * i * i + 5 * i, 17, 8.0) + feature(i, 0) - 0.5 * feature(i, features / 2);
        Samples::new(features_of, range.map(target).collect())
    };
    Split { training: rows(0..training), validation: rows(training..training + validation), ..Split::default() }
}

/// θ*, F and ∇F by cyclic coordinate descent (Friedman et al. 2007) in NumPy, run until no entry moves by 1e-16, the
/// hypergradient by a solve on the support; its central differences of F with steps of 1e-5 agree to 1e-10:
///
/// ```python
/// def feature(i, j): return 0.5*((5*i*i + 3*i) % 11 - 5)/4 + ((7*i*i + 11*j*j + 3*i*j + j + i*j*j) % 17 - 8)/4
/// # y_i = ((3*i*i + 5*i) % 17 - 8)/4 + x_i0 - 0.5 x_{i,d//2}; the first n rows train, the next m validate
/// def descend(x, y, l1, l2):                       # l1, l2 = exp(lambda)
///     n, d = x.shape; th = np.zeros(d); r = y.copy(); sq = (x*x).mean(0); worst = 1
///     while worst >= 1e-16:
///         worst = 0
///         for j in range(d):
///             old = th[j]; z = x[:, j] @ r/n + sq[j]*old
///             th[j] = np.sign(z)*max(abs(z) - l1[j], 0)/(sq[j] + l2)
///             r -= x[:, j]*(th[j] - old); worst = max(worst, abs(th[j] - old))
///     return th
/// S = np.flatnonzero(th); v = np.linalg.solve(x[:, S].T @ x[:, S]/n + l2*np.eye(len(S)), xv[:, S].T @ (xv @ th - yv)/m)
/// # per feature dF_j = -l1_j sign(th_j) v_j, scalar their sum; of the ridge -l2 th_S.v
/// ```
#[test]
fn the_solution_and_the_hypergradient_are_those_of_coordinate_descent() {
    type Case<'a> = (&'a str, (usize, usize, usize), Settings<'a>, &'a [f64], f64, &'a [f64], &'a [f64]);
    let cases: [Case<'_>; 5] = [
        (
            "lasso",
            (20, 9, 6),
            &[SCALAR],
            &[-1.5],
            0.6214908895309114,
            &[0.7244250898771701, 0.0, 0.0, 0.0, 0.0, -0.0942458658566883],
            &[-0.02292206261852055],
        ),
        (
            "lasso",
            (20, 9, 6),
            &[],
            &[-1.0, -2.0, -0.5, -1.5, -3.0, -0.2],
            0.6056270648640727,
            &[0.6002005496330353, 0.0, 0.0, 0.0, -0.018446146650131664, 0.0],
            &[-0.04441905117152959, 0.0, 0.0, 0.0, 0.01632698415282016, 0.0],
        ),
        (
            "lasso",
            (8, 7, 12),
            &[SCALAR],
            &[-1.2],
            1.724120781749659,
            &[
                0.0,
                0.0,
                -0.05648860477400861,
                0.6187321527359376,
                -0.27473912945975193,
                0.0,
                -0.15682401177072675,
                0.5725096965708621,
                0.0,
                -0.40850431106822677,
                0.0,
                -0.10271106093908394,
            ],
            &[-1.3258779184055853],
        ),
        (
            "lasso",
            (8, 7, 12),
            &[SCALAR],
            &[-4.0],
            3.1552654226469454,
            &[
                0.21476816155349407,
                0.0,
                0.17278028873593357,
                0.9118144149178815,
                -1.025934950174336,
                0.0,
                -0.6177709878515799,
                0.7007043739331373,
                0.05415673525619086,
                -0.27451162852688626,
                0.0,
                0.0,
            ],
            &[-0.5174659161988541],
        ),
        (
            "elastic-net",
            (8, 7, 12),
            &[SCALAR],
            &[-1.2, -2.0],
            1.46341819553964,
            &[
                0.1013251932499835,
                0.0,
                -0.03915261640371709,
                0.5260684243227244,
                -0.19097129970653404,
                0.0,
                -0.1772023396675779,
                0.47918041100710695,
                0.0,
                -0.40338586233836576,
                0.0,
                -0.10047763602327238,
            ],
            &[-0.5527418595276133, -0.16671504265168746],
        ),
    ];
    for (id, (training, validation, features), settings, lambda, value, theta, hypergradient) in cases {
        let problem = build(id, settings, Some(&design(training, validation, features, false)), &[]).unwrap();
        let truth = Truth::at(&problem, lambda);
        let name = format!("{id} with {training} rows and {features} features at {lambda:?}");
        assert!(truth.converged(), "{name}: {:?}", truth.doubt);
        assert!((truth.value - value).abs() < 1e-10, "{name}: F = {}", truth.value);
        assert_near(&truth.theta, theta, 1e-10, &name);
        assert_near(&truth.hypergradient, hypergradient, 1e-10, &name);
        // What it says of its own accuracy holds, up to that of the values above.
        assert!(truth.floor < 1e-12, "{name}: {:e}", truth.floor);
        assert!(truth.theta.iter().zip(theta).all(|(a, b)| (*a == 0.0) == (*b == 0.0)), "{name}: {:?}", truth.theta);
    }
}

/// With `XᵀX/n = I`, θ* is the soft threshold of `c = Xᵀy/n` and `∇F_j = −e^{λ_j} sign(θ_j) (∇f)_j` on its support.
#[test]
fn with_orthonormal_features_the_solution_is_the_soft_threshold() {
    // Columns of a Hadamard matrix of order 4, whose squares have mean one.
    let signs = [[1.0, 1.0, 1.0], [1.0, -1.0, -1.0], [1.0, 1.0, -1.0], [1.0, -1.0, 1.0]];
    let features = Matrix::from_fn(4, 3, |i, j| signs[i][j]);
    let training = Samples::new(features, vec![3.0, 1.0, -0.5, 2.0]);
    let validation =
        Samples::new(Matrix::from_entries(2, 3, vec![0.5, -1.0, 2.0, 1.5, 0.3, -0.7]).unwrap(), vec![1.0, -2.0]);
    let split = Split { training, validation: validation.clone(), ..Split::default() };
    let problem = build("lasso", &[], Some(&split), &[]).unwrap();
    // c = (5.5, −0.5, 4.5)/4; thresholds 1, 0.5 and 0.25 leave 0.375, 0 and 0.875.
    let lambda = [0.0, 0.5f64.ln(), 0.25f64.ln()];
    let theta = [0.375, 0.0, 0.875];
    let residual: Vec<f64> =
        (0..2).map(|i| dot(validation.features.row(i).values(), &theta) - validation.targets[i]).collect();
    let slope = |j: usize| (0..2).map(|i| validation.features[(i, j)] * residual[i]).sum::<f64>() / 2.0;
    let truth = Truth::at(&problem, &lambda);
    assert!(truth.converged(), "{:?}", truth.doubt);
    assert_near(&truth.theta, &theta, 1e-15, "θ*");
    assert_near(&truth.hypergradient, &[-slope(0), 0.0, -0.25 * slope(2)], 1e-15, "∇F");
}

#[test]
fn the_hypergradient_is_the_slope_of_the_value_function_where_the_support_stays() {
    let split = design(20, 9, 6, false);
    let cases = [
        ("lasso", vec![-1.0, -2.0, -0.5, -1.5, -3.0, -0.2]),
        ("elastic-net", vec![-1.0, -2.0, -0.5, -1.5, -3.0, -0.2, -1.0]),
    ];
    for (id, lambda) in cases {
        let problem = build(id, &[], Some(&split), &[]).unwrap();
        let slope = gradient(|lambda| Truth::at(&problem, lambda).value, &lambda, 1e-3);
        assert_near(&Truth::at(&problem, &lambda).hypergradient, &slope, 1e-9, id);
    }
    let problem =
        build("sparse-logistic", &[SCALAR, ("penalty_weight", Value::Real(0.05))], Some(&class_split(2)), &[]).unwrap();
    let truth = Truth::at(&problem, &[-0.4]);
    assert!(truth.theta.contains(&0.0) && norm(&truth.hypergradient) > 1e-3, "{:?}", truth.theta);
    let slope = gradient(|lambda| Truth::at(&problem, lambda).value, &[-0.4], 1e-3);
    assert_near(&truth.hypergradient, &slope, 1e-9, "sparse-logistic");
}

/// A feature enters at `|c_j| = e^λ`: there the hypergradient jumps, F does not, and no slope is claimed.
#[test]
fn where_a_feature_enters_there_is_a_kink_and_it_is_said() {
    let training = Samples::new(Matrix::from_entries(2, 2, vec![1.0, 1.0, 1.0, -1.0]).unwrap(), vec![3.0, 1.0]);
    let validation = Samples::new(Matrix::identity(2), vec![0.0, 2.0]);
    let problem = build("lasso", &[SCALAR], Some(&Split { training, validation, ..Split::default() }), &[]).unwrap();
    // XᵀX/n = I and c = (2, 1): θ* = (2 − t, max(1 − t, 0)) with t = e^λ, and f = (θ₁² + (θ₂ − 2)²)/4. With dθ/dλ = −t on the
    // support, ∇F = −t/2 (2 − t + (−1 − t)) for t < 1, which tends to 1/2, and −t/2 (2 − t) beyond, from −1/2 on.
    let at = |log: f64| Truth::at(&problem, &[log]);
    let (below, here, above) = (at(-1e-4), at(0.0), at(1e-4));
    let slope = |t: f64| if t < 1.0 { -0.5 * t * ((2.0 - t) + (-1.0 - t)) } else { -0.5 * t * (2.0 - t) };
    for (truth, log) in [(&below, -1e-4f64), (&above, 1e-4)] {
        assert!(truth.converged(), "{:?}", truth.doubt);
        assert_near(&truth.hypergradient, &[slope(log.exp())], 1e-12, "∇F beside the kink");
    }
    assert!((above.hypergradient[0] - below.hypergradient[0]).abs() > 0.99, "a jump");
    assert!((above.value - below.value).abs() < 1e-3, "no jump");
    assert!(!here.converged() && here.floor.is_infinite(), "{:?}", here.hypergradient);
    assert!(here.doubt.as_ref().unwrap().contains("kink"), "{:?}", here.doubt);
    assert!((here.value - 1.25).abs() < 1e-12, "F is known all the same: {}", here.value);
}

/// Columns that depend on one another: coordinate descent finds a feature off the support whose correlation with the
/// residual is that of the support, to 1e-14, so that θ* is not unique and its derivative is one of many.
#[test]
fn a_solution_that_is_not_unique_has_no_truth() {
    let problem = build("lasso", &[SCALAR], Some(&design(8, 7, 12, true)), &[]).unwrap();
    let truth = Truth::at(&problem, &[-4.0]);
    assert!(!truth.converged(), "{:?} at {:?}", truth.hypergradient, truth.theta);
    // The same feature twice: H is singular on the support of anything that uses both.
    let single = design(20, 9, 3, false);
    let twice = |samples: &Samples| {
        let features = Matrix::from_fn(samples.targets.len(), 4, |i, j| samples.features[(i, j % 3)]);
        Samples::new(features, samples.targets.clone())
    };
    let split = Split { training: twice(&single.training), validation: twice(&single.validation), ..Split::default() };
    let problem = build("lasso", &[SCALAR], Some(&split), &[]).unwrap();
    let truth = Truth::at(&problem, &[-2.0]);
    assert!(!truth.converged(), "{:?} at {:?}", truth.hypergradient, truth.theta);
    // What is determined is θ₀ + θ₃ alone: at a θ* that uses both H is singular on the support, and says so.
    let mut oracle = Oracle::new(Arc::clone(&problem));
    let share = 0.5 * (truth.theta[0] + truth.theta[3]);
    oracle.move_to(&[-2.0], &[share, truth.theta[1], truth.theta[2], share]);
    let hessian = oracle.hessian();
    let condition = Factorization::symmetric(&hessian).unwrap().condition(&hessian);
    assert!(share != 0.0 && is_singular(condition), "{condition:e}");
    // A ridge makes it unique, and shares the weight out evenly.
    let problem = build("elastic-net", &[SCALAR], Some(&split), &[]).unwrap();
    let truth = Truth::at(&problem, &[-2.0, -2.0]);
    assert!(truth.converged(), "{:?}", truth.doubt);
    assert!((truth.theta[0] - truth.theta[3]).abs() < 1e-12 && truth.theta[0] != 0.0, "{:?}", truth.theta);
}

/// Beyond the strongest penalty that leaves anything of θ, all of it is zero, exactly, and F is flat.
#[test]
fn beyond_the_largest_penalty_everything_is_zero() {
    let split = design(20, 9, 6, false);
    let Samples { features, targets, .. } = &split.training;
    let largest = features.transposed_times(targets).iter().fold(0.0, |largest: f64, x| largest.max(x.abs())) / 20.0;
    for id in ["lasso", "elastic-net"] {
        let problem = build(id, &[SCALAR], Some(&split), &[]).unwrap();
        let at = |log: f64| Truth::at(&problem, &[log, -1.0][..problem.dimensions().outer]);
        let beyond = at((1.01 * largest).ln());
        assert!(beyond.converged(), "{id}: {:?}", beyond.doubt);
        assert_eq!((norm(&beyond.theta), norm(&beyond.hypergradient)), (0.0, 0.0), "{id}");
        let within = at((0.99 * largest).ln());
        assert!(
            within.converged() && within.theta.iter().filter(|x| **x != 0.0).count() == 1,
            "{id}: {:?}",
            within.theta
        );
        // Where λ starts by itself something is left to be learned.
        let start = Blocks::new(problem.blocks()).start();
        assert!((start[0] - (0.1 * largest).ln()).abs() < 1e-12, "{id}: {start:?}");
        assert!(norm(&Truth::at(&problem, &start).hypergradient) > 0.0, "{id}");
    }
}

/// A free intercept is what is left when the training means are taken off features and targets.
#[test]
fn a_free_intercept_is_the_same_as_centred_rows() {
    let split = design(20, 9, 6, false);
    let mean = |of: &dyn Fn(usize) -> f64| (0..20).map(of).sum::<f64>() / 20.0;
    let level = mean(&|i| split.training.targets[i]) + 7.0;
    let means: Vec<f64> = (0..6).map(|j| mean(&|i| split.training.features[(i, j)])).collect();
    let raised =
        |samples: &Samples| Samples::new(samples.features.clone(), samples.targets.iter().map(|y| y + 7.0).collect());
    let centred = |samples: &Samples| {
        let features = Matrix::from_fn(samples.targets.len(), 6, |i, j| samples.features[(i, j)] - means[j]);
        Samples::new(features, samples.targets.iter().map(|y| y - level).collect())
    };
    let raised = Split { training: raised(&split.training), validation: raised(&split.validation), ..Split::default() };
    let centred =
        Split { training: centred(&raised.training), validation: centred(&raised.validation), ..Split::default() };
    let raised = Split { feature_names: (0..6).map(|j| format!("x{j}")).collect(), ..raised };
    for (id, lambda) in [("lasso", &[-1.0][..]), ("elastic-net", &[-1.0, -2.0])] {
        let free = Truth::at(&build(id, &[SCALAR], Some(&with_free_intercept(&raised)), &[]).unwrap(), lambda);
        let expected = Truth::at(&build(id, &[SCALAR], Some(&centred), &[]).unwrap(), lambda);
        assert!(free.converged() && expected.converged(), "{id}: {:?}", free.doubt);
        assert!(expected.theta.contains(&0.0) && norm(&expected.theta) > 0.1, "{id}: {:?}", expected.theta);
        assert_near(&free.theta[..6], &expected.theta, 1e-12, &format!("{id}, θ*"));
        let intercept = level - dot(&means, &expected.theta);
        assert!((free.theta[6] - intercept).abs() < 1e-12, "{id}: {} and {intercept}", free.theta[6]);
        assert!((free.value - expected.value).abs() < 1e-12, "{id}");
        assert_near(&free.hypergradient, &expected.hypergradient, 1e-12, &format!("{id}, ∇F"));
    }
    // λ starts where something is left, however far from zero the targets lie.
    let problem = build("lasso", &[SCALAR], Some(&with_free_intercept(&raised)), &[]).unwrap();
    let start = |problem: &Arc<dyn Problem>| Blocks::new(problem.blocks()).start();
    let other = build("lasso", &[SCALAR], Some(&centred), &[]).unwrap();
    assert_near(&start(&problem), &start(&other), 1e-9, "λ₀");
    assert_eq!(problem.proximal().unwrap().support(&[0.0; 7]), 1, "a free column is on every support");
}

/// At a θ with zeros every derivative is the one along the support: differences of those that move only what is not
/// zero, and nothing of them leaves it.
#[test]
fn derivatives_at_zeros_are_those_along_the_support() {
    let mut tested = 0;
    for (name, problem) in instances().into_iter().filter(|(_, problem)| has_kinks(problem)) {
        let proximal = problem.proximal().unwrap();
        let size = problem.dimensions().inner;
        let (lambda, mut theta) = (normal(problem.dimensions().outer, 70), normal(size, 71));
        theta[1] = 0.0;
        theta[3] = 0.0;
        let mut along = normal(size, 72);
        let is_zero = |j: usize| j == 1 || j == 3;
        let across: Vec<f64> = along.iter().enumerate().map(|(j, x)| if is_zero(j) { *x } else { 0.0 }).collect();
        proximal.restrict(&theta, &mut along);
        assert_eq!((along[1], along[3], proximal.support(&theta)), (0.0, 0.0, size - 2), "{name}");
        let mut oracle = Oracle::new(Arc::clone(&problem));
        let restricted_gradient = |lambda: &[f64], theta: &[f64]| {
            let mut oracle = Oracle::new(Arc::clone(&problem));
            oracle.move_to(lambda, theta);
            let mut out = vec![0.0; size];
            oracle.inner_gradient(&mut out);
            proximal.restrict(theta, &mut out);
            out
        };
        oracle.move_to(&lambda, &theta);
        let mut product = vec![f64::NAN; size];
        oracle.hvp(&along, &mut product);
        let expected = directional(|theta| restricted_gradient(&lambda, theta), &theta, &along, 1e-3);
        assert_near(&product, &expected, 1e-8, &format!("{name}, H along the support"));
        oracle.hvp(&across, &mut product);
        let bound = problem.curvature_bound(&lambda).unwrap();
        let scaled: Vec<f64> = across.iter().map(|x| bound * x).collect();
        assert_near(&product, &scaled, 1e-14, &format!("{name}, H across it"));
        let direction = normal(lambda.len(), 73);
        oracle.cross_jvp(&direction, &mut product);
        let expected = directional(|lambda| restricted_gradient(lambda, &theta), &lambda, &direction, 1e-3);
        assert_near(&product, &expected, 1e-8, &format!("{name}, J"));
        // The subgradient of least norm: no λ and no rows can make it longer than that of the smooth part.
        let (mut least, mut smooth) = (vec![0.0; size], vec![0.0; size]);
        oracle.inner_gradient(&mut least);
        oracle.smooth_gradient(&mut smooth);
        for j in [1, 3] {
            assert!(least[j].abs() <= smooth[j].abs(), "{name}");
        }
        tested += 1;
    }
    assert!(tested >= 7, "{tested}");
}

/// The derivative of a run is a derivative wherever no entry crosses its threshold; where one does, it is a one-sided one
/// and the difference straddles the kink.
#[test]
fn once_the_support_is_found_unrolling_and_the_implicit_formula_meet() {
    let problem = build("lasso", &[], Some(&design(20, 9, 6, false)), &[]).unwrap();
    let lambda = [-1.0, -2.0, -0.5, -1.5, -3.0, -0.2];
    let truth = Truth::at(&problem, &lambda);
    let estimators = vec![estimator("reverse", &[]), estimator("forward", &[]), estimator("direct", &[])];
    let start = vec![0.0; 6];
    let mut run = Run::new(&problem, dynamics("proximal-gradient", &[]), &lambda, &start, 400, estimators);
    run.advance(400);
    let zeros = |theta: &[f64]| theta.iter().map(|x| *x == 0.0).collect::<Vec<_>>();
    assert_eq!(zeros(&run.state), zeros(&truth.theta), "zeros are exact");
    for index in 0..3 {
        assert_near(&run.estimate(index).hypergradient, &truth.hypergradient, 1e-12, &format!("estimator {index}"));
    }
}

/// Which methods refuse a problem with kinks, and which refuse one without; what does not refuse gives numbers, which
/// the conformance tests hold against the truth.
#[test]
fn what_needs_a_smooth_problem_says_so() {
    let lasso = build("lasso", &[], Some(&regression_split()), &[]).unwrap();
    let ridge = build("ridge", &[], Some(&regression_split()), &[]).unwrap();
    // Who does not suit a smooth problem either asks for something else.
    let suits = |entry: &estimator::Entry, problem: &Arc<dyn Problem>| {
        is_met((entry.build)(&Knobs::defaults(entry.card.knobs)).requires(), problem)
    };
    let dynamics_of = |problem: &Arc<dyn Problem>| -> Vec<&str> {
        let suits =
            |entry: &&inner::Entry| is_met((entry.build)(&Knobs::defaults(entry.card.knobs)).requires(), problem);
        inner::ALL.iter().filter(suits).map(|entry| entry.card.id).collect()
    };
    assert_eq!(dynamics_of(&lasso), ["proximal-gradient"]);
    assert_eq!(dynamics_of(&ridge), ["gradient-descent", "heavy-ball", "scheduled-heavy-ball", "schedule", "newton"]);
    let refusing: Vec<&str> = estimator::ALL
        .iter()
        .filter(|entry| suits(entry, &ridge) && !suits(entry, &lasso))
        .map(|entry| entry.card.id)
        .collect();
    assert_eq!(refusing, ["natural", "finite-difference-cross", "saba", "mrbo", "f2sa", "bome"]);

    let text = |problem: &str, dynamics: &str, estimator: &str| {
        format!(
            "Scenario(title: \"t\", about: \"t.\", problem: {problem}, data: Data(source: Bundled(\"diabetes\"), split: Alternate), \
             inner: Inner(dynamics: {dynamics}, steps: 3), trials: [Trial(name: \"t\", estimator: {estimator})])"
        )
    };
    let refusal = |problem: &str, dynamics: &str, estimator: &str| {
        let (_, found) = check_text(&text(problem, dynamics, estimator), &NoFiles, &[][..]);
        let errors = found.into_iter().filter(|found| found.severity == Severity::Error);
        errors.map(|found| found.message).collect::<Vec<_>>().join("\n")
    };
    let found = refusal("Lasso", "GradientDescent", "Direct");
    for words in ["`GradientDescent` needs a g without kinks", "`Lasso`", "such as `ProximalGradient`"] {
        assert!(found.contains(words), "{found}");
    }
    let found = refusal("Ridge", "ProximalGradient", "Direct");
    for words in ["`ProximalGradient` needs a penalty with kinks", "`Ridge`", "such as `GradientDescent`"] {
        assert!(found.contains(words), "{found}");
    }
    let found = refusal("Lasso", "ProximalGradient", "FiniteDifferenceCross");
    for words in ["`FiniteDifferenceCross` needs a g without kinks", "such as `Direct`"] {
        assert!(found.contains(words), "{found}");
    }
    assert_eq!(refusal("Lasso", "ProximalGradient", "Direct"), "");
}

/// A text of two classes as two columns of zeros and ones: they add up to the intercept, so that a shift from one to the other
/// and the intercept changes neither the loss nor, where their signs differ, the absolute penalty. A ridge beside it has one
/// θ*, unless it is next to nothing, and so have a class less and rows without a column of ones.
#[test]
fn columns_of_one_text_that_depend_on_one_another_are_warned_about() {
    let warnings = |problem: &str, features: &str, data: &str, lambda: &str| {
        let text = format!(
            "Scenario(title: \"\", about: \"\", problem: {problem}, lambda: {lambda},
             data: Data(source: Rows(features: [{features}], targets: [3, 1, 2.5, 0, 1, 2]),
                 split: Indices(training: [0, 1, 2, 3], validation: [4, 5]), {data}),
             inner: Inner(dynamics: ProximalGradient(), steps: 1), trials: [Trial(estimator: Direct)])"
        );
        let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
        let is_meant = |message: &&str| message.contains("add up to nothing");
        let errors: Vec<_> = found.iter().filter(|found| found.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let said = found.iter().map(|found| found.message.as_str()).filter(is_meant).count();
        // And in the laboratory, once.
        let data = experiment(&scenario.unwrap(), &NoFiles).unwrap().data.unwrap();
        assert_eq!(data.notes.iter().map(|note| note.text.as_str()).filter(is_meant).count(), said);
        said
    };
    let both = "[1, 0, 2], [0, 1, 3], [1, 0, 7], [0, 1, 5], [1, 0, 4], [0, 1, 1]";
    let less = "[1, 2], [0, 3], [1, 7], [0, 5], [1, 4], [0, 1]";
    let (free, none) = ("intercept: Free, standardize: Off", "intercept: None, standardize: Off");
    assert_eq!(warnings("Lasso(penalty: Scalar)", both, free, "Constant(-2.0)"), 1);
    assert_eq!(warnings("Lasso(penalty: Scalar)", both, "intercept: None, standardize: Scale", "Constant(-2.0)"), 1);
    assert_eq!(warnings("Lasso(penalty: Scalar)", both, none, "Constant(-2.0)"), 0);
    assert_eq!(warnings("Lasso(penalty: Scalar)", less, free, "Constant(-2.0)"), 0);
    assert_eq!(warnings("ElasticNet(penalty: Scalar)", both, free, "Constant(-2.0)"), 0);
    assert_eq!(warnings("ElasticNet(penalty: Scalar)", both, free, "Constant(-30.0)"), 1);
}
