//! Instrumental variables, from scenario files, against reference numbers and two-stage least squares.

use hyperlab::math::Matrix;
use hyperlab::math::factorization::solve_general;
use hyperlab::math::vector::{axpy, basis, difference};
use hyperlab::problem::Truth;
use hyperlab::scenario::{Experiment, NoFiles, check_text, experiment};
use serde_json::Value;

use crate::common::assert_close;
use crate::common::golden::{number, read, vector};

const TOLERANCE: f64 = 1e-10;

/// The file's rows, `inner` of them on the inner side and `outer` on the outer one, as a scenario. Where both sides have the same
/// rows, they stand there twice.
pub fn scenario(file: &Value, is_split: bool, knobs: &str) -> String {
    let [z, x, y] = ["Z", "X", "Y"].map(|name| vector(&file[name]));
    let rows: Vec<[f64; 2]> = x.iter().zip(&z).map(|(x, z)| [*x, *z]).collect();
    let (features, targets) = if is_split { (rows, y) } else { (rows.repeat(2), y.repeat(2)) };
    let inner = if is_split { number(&file["n_inner"]) as usize } else { targets.len() / 2 };
    let range = |rows: std::ops::Range<usize>| format!("{:?}", rows.collect::<Vec<_>>());
    let lambda = vector(&file["lam"]);
    format!(
        "Scenario(title: \"reference\", about: \"\", problem: Instrumental({knobs}),
        data: Data(source: Rows(features: {features:?}, targets: {targets:?}), standardize: Off,
            groups: [(\"instruments\", [\"x2\"])],
            split: Indices(training: {}, validation: {})),
        lambda: Explicit({lambda:?}), inner: Inner(dynamics: Newton, steps: 1),
        trials: [Trial(estimator: Direct)])",
        range(0..inner),
        range(inner..targets.len())
    )
}

fn built(file: &Value, is_split: bool, knobs: &str) -> Experiment {
    let (scenario, found) = check_text(&scenario(file, is_split, knobs), &NoFiles, &[][..]);
    experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap()
}

/// The knobs of the file.
pub fn knobs(file: &Value) -> String {
    format!("inner_ridge: {:?}, outer_ridge: {:?}", number(&file["rin"]), number(&file["rout"]))
}

#[test]
fn both_regressions_and_the_hypergradient_are_those_of_the_reference() {
    let file = read("iv_regression");
    let of = &file["split"];
    let found = built(&file, true, &knobs(&file));
    let near = |found: &[f64], name: &str| assert_close(found, &vector(&of[name]), TOLERANCE, name);
    let truth = Truth::at(&found.problem, &found.lambda);
    near(&truth.theta, "theta");
    near(&truth.hypergradient, "hypergradient");
    assert_close(&[truth.value], &[number(&of["outer_value"])], TOLERANCE, "outer_value");
    near(&found.problem.minimum().unwrap().lambda, "solution");
    // The reference's adjoint is −v.
    let adjoint: Vec<f64> = truth.adjoint.iter().map(|entry| -entry).collect();
    near(&adjoint, "adjoint");
    let z = vector(&file["Z"]);
    let at = |z: f64, of: &[f64]| of[0] + of[1] * z + of[2] * (z * z - 1.0);
    let (inner, outer) = z.split_at(number(&file["n_inner"]) as usize);
    near(&outer.iter().map(|z| at(*z, &truth.theta)).collect::<Vec<_>>(), "h");
    near(&inner.iter().map(|z| at(*z, &adjoint)).collect::<Vec<_>>(), "a_on_inner");
}

#[test]
fn one_newton_step_on_lambda_is_exact() {
    let file = read("iv_regression");
    let found = built(&file, true, &knobs(&file));
    let size = found.lambda.len();
    let slope = |lambda: &[f64]| Truth::at(&found.problem, lambda).hypergradient;
    let here = slope(&found.lambda);
    // ∇F is linear in λ, so that its differences over steps of one are the columns of its derivative.
    let mut curvature = Matrix::zeros(size, size);
    for j in 0..size {
        let mut moved = found.lambda.clone();
        axpy(1.0, &basis(size, j), &mut moved);
        curvature.set_column(j, &difference(&slope(&moved), &here));
    }
    let step = solve_general(&curvature, &here).unwrap();
    assert_close(&difference(&found.lambda, &step), &vector(&file["split"]["solution"]), TOLERANCE, "Newton");
}

/// With the same rows on both sides and no penalty the least F is two-stage least squares, of which ours stands here apart.
#[test]
fn over_the_same_rows_it_is_two_stage_least_squares() {
    let file = read("iv_regression");
    let of = &file["same_sample"];
    let free = "inner_ridge: 0.0, outer_ridge: 0.0";
    let found = built(&file, false, free);
    let near = |found: &[f64], name: &str| assert_close(found, &vector(&of[name]), TOLERANCE, name);
    let least = &found.problem.minimum().unwrap().lambda;
    near(least, "two_stage_least_squares");
    near(least, "solution");
    near(found.problem.structural().unwrap().least_squares().unwrap(), "ordinary_least_squares");
    near(&Truth::at(&found.problem, &found.lambda).hypergradient, "hypergradient_at_lam");
    let identified = built(&file, false, &format!("{free}, instrument_order: 1"));
    near(&identified.problem.minimum().unwrap().lambda, "just_identified");
}
