//! The problems against reference numbers, computed by automatic differentiation in another language.

use crate::common::golden::{DIGITS, Golden, NAMES, load, number, vector};
use crate::common::{assert_close, assert_near};
use hyperlab::math::vector::norm;
use hyperlab::problem::{Oracle, Truth, solve_inner};

const TOLERANCE: f64 = 1e-10;

/// Values, gradients and the exact hypergradient of one file.
fn check(name: &str) {
    let Golden { problem, lambda, theta0, value, .. } = load(name);
    let expected = |key: &str| vector(&value[key]);
    let sizes = problem.dimensions();
    let (mut inner, mut outer) = (vec![0.0; sizes.inner], vec![0.0; sizes.outer]);
    let mut oracle = Oracle::new(problem.clone());
    let near =
        |actual: f64, key: &str| assert_close(&[actual], &[number(&value[key])], TOLERANCE, &format!("{name}, {key}"));

    oracle.move_to(&lambda, &theta0);
    near(oracle.inner_value(), "inner_value_at_theta0");
    near(oracle.outer_value(), "outer_value_at_theta0");
    oracle.inner_gradient(&mut inner);
    let start = expected("inner_grad_at_theta0");
    assert_close(&inner, &start, TOLERANCE, &format!("{name}, inner_grad_at_theta0"));

    oracle.move_to(&lambda, &expected("theta_star"));
    near(oracle.inner_value(), "inner_value_at_star");
    near(oracle.outer_value(), "outer_value_at_star");
    oracle.inner_gradient(&mut inner);
    assert!(norm(&inner) <= 1e-14 * norm(&start).max(1.0), "{name}: the gradient at θ* is {:e}", norm(&inner));
    oracle.outer_gradient(&mut inner);
    assert_close(&inner, &expected("outer_grad_theta_at_star"), TOLERANCE, &format!("{name}, ∇_θ f"));
    oracle.outer_lambda_gradient(&mut outer);
    let direct = expected("outer_grad_lambda_direct_at_star");
    assert_close(&outer, &direct, TOLERANCE, &format!("{name}, ∇_λ f"));
    let eigenvalues = oracle.hessian().symmetric_eigenvalues().unwrap();
    assert_close(&eigenvalues[..1], &[number(&value["hessian_eig_min"])], TOLERANCE, &format!("{name}, smallest"));
    let largest = eigenvalues.last().copied().unwrap();
    near(largest, "hessian_eig_max");

    let truth = Truth::at(&problem, &lambda);
    assert!(truth.converged(), "{name}: ‖∇g‖ = {:e}", truth.gradient_norm);
    assert_close(&truth.theta, &expected("theta_star"), TOLERANCE, &format!("{name}, θ*"));
    assert_close(&truth.adjoint, &vector(&value["exact"]["v"]), TOLERANCE, &format!("{name}, v"));
    let exact = vector(&value["exact"]["hypergrad"]);
    assert_close(&truth.hypergradient, &exact, TOLERANCE, &format!("{name}, ∇F"));
    for (index, slope) in vector(&value["exact"]["fd_indices"]).iter().zip(vector(&value["exact"]["fd_hypergrad"])) {
        let found = truth.hypergradient[*index as usize];
        assert_near(&[found], &[slope], 1e-9 * norm(&exact), &format!("{name}, finite difference of F"));
    }
}

#[test]
fn values_gradients_and_exact_hypergradients() {
    NAMES.iter().for_each(|name| check(name));
}

#[test]
fn digits() {
    check(DIGITS);
}

/// The distance to θ* is at most `‖∇g‖ / e^λ`, since the penalty alone makes `g` that convex. Without
/// a penalty to speak of the classes of breast cancer can be separated, and θ* runs off.
#[test]
fn real_data_is_solved_at_any_penalty() {
    for (name, levels) in [("breast_cancer_logistic", &[-30.0, -20.0, -10.0, 0.0, 20.0, 300.0][..]), (DIGITS, &[-9.0])]
    {
        let problem = load(name).problem;
        for level in levels {
            let solution = solve_inner(&problem, &vec![*level; problem.dimensions().outer]);
            assert!(solution.converged, "{name} at λ = {level}");
            let distance = solution.gradient_norm / level.exp();
            assert!(distance <= 1e-8 * norm(&solution.theta), "{name} at λ = {level}: off by up to {distance:e}");
        }
    }
}
