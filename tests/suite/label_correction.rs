//! Label correction: by hand on two rows of one feature, and convex in λ at both levels.

use std::sync::Arc;

use hyperlab::data::{Samples, Split};
use hyperlab::math::Matrix;
use hyperlab::problem::{Oracle, Problem, Truth};

use crate::common::{build, regression_split};

fn rows(features: &[f64], targets: &[f64]) -> Samples {
    Samples::new(Matrix::from_fn(features.len(), 1, |row, _| features[row]), targets.to_vec())
}

/// x = (1, 2), y = (1, 1), λ = (0.5, −0.25), θ = 0.3: r − λ = (−1.2, −0.15), so g = (1.44 + 0.0225)/4,
/// ∇_θ g = (−1.2 − 0.3)/2, ∇_λ g = (0.6, 0.075); θ* = (1.5 + 2 · 0.75)/5, and with x′ = 1, y′ = 2, f = (0.6 − 2)²/2 and
/// ∂F/∂λ_i = (0.6 − 2) x_i/5.
#[test]
fn two_rows_by_hand() {
    let split = Split {
        training: rows(&[1.0, 2.0], &[1.0, 1.0]),
        validation: rows(&[1.0], &[2.0]),
        test: Samples::none(1),
        ..Split::default()
    };
    let problem = build("label-correction", &[], Some(&split), &[]).unwrap();
    let lambda = [0.5, -0.25];
    let mut oracle = Oracle::new(Arc::clone(&problem));
    oracle.move_to(&lambda, &[0.3]);
    let mut theta = [0.0];
    oracle.inner_gradient(&mut theta);
    let mut by_lambda = [0.0; 2];
    oracle.inner_lambda_gradient(&mut by_lambda);
    assert!((oracle.inner_value() - 0.365_625).abs() < 1e-15, "{}", oracle.inner_value());
    assert!((theta[0] + 0.75).abs() < 1e-15, "{theta:?}");
    assert!((by_lambda[0] - 0.6).abs() < 1e-15 && (by_lambda[1] - 0.075).abs() < 1e-15, "{by_lambda:?}");
    let truth = Truth::at(&problem, &lambda);
    assert!((truth.theta[0] - 0.6).abs() < 1e-15, "{:?}", truth.theta);
    assert!((truth.value - 0.98).abs() < 1e-15, "{}", truth.value);
    let [first, second] = [truth.hypergradient[0], truth.hypergradient[1]];
    assert!((first + 0.28).abs() < 1e-15 && (second + 0.56).abs() < 1e-15, "{first} {second}");
}

/// f after three steps of gradient descent from zero.
fn after_three_steps(problem: &Arc<dyn Problem>, lambda: &[f64]) -> f64 {
    let mut oracle = Oracle::new(Arc::clone(problem));
    let mut theta = vec![0.0; problem.dimensions().inner];
    let mut gradient = theta.clone();
    for _ in 0..3 {
        oracle.move_to(lambda, &theta);
        oracle.inner_gradient(&mut gradient);
        theta.iter_mut().zip(&gradient).for_each(|(theta, gradient)| *theta -= 0.2 * gradient);
    }
    oracle.move_to(lambda, &theta);
    oracle.outer_value()
}

/// A convex quadratic along every line has one second difference, and it is not negative.
#[test]
fn the_value_of_the_solution_and_of_a_run_are_convex_quadratics() {
    let problem = build("label-correction", &[], Some(&regression_split()), &[]).unwrap();
    let count = problem.dimensions().outer;
    for name in ["at θ*", "after three steps"] {
        let value = |lambda: &[f64]| match name {
            "at θ*" => Truth::at(&problem, lambda).value,
            _ => after_three_steps(&problem, lambda),
        };
        for line in 0..4 {
            let direction: Vec<f64> = (0..count).map(|row| f64::from((row * 7 + line * 3) as u32 % 5) - 2.0).collect();
            let along = |s: f64| value(&direction.iter().map(|d| s * d).collect::<Vec<_>>());
            let second = |s: f64| along(s - 1.0) - 2.0 * along(s) + along(s + 1.0);
            let (here, far) = (second(0.0), second(5.0));
            assert!(here > 0.0 && (here - far).abs() <= 1e-11 * here.max(along(5.0)), "{name}: {here} {far}");
        }
    }
}
