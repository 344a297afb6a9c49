//! What linear solvers say of themselves: the residual of the very v they return, and one rule of what is solved.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hyperlab::catalog::Value;
use hyperlab::estimator::{Estimate, SOLVED};
use hyperlab::glossary;
use hyperlab::lab::{Command, Lab};
use hyperlab::math::vector::{distance, norm};
use hyperlab::metric;
use hyperlab::problem::Problem;
use hyperlab::scenario::{NoFiles, experiment, parse};

use crate::common::estimation::{estimate_at, estimator};

/// `½θᵀAθ + λ Σθ` inside, `½‖θ‖² + Σ c_i θ_i` outside.
fn quadratic(rows: &[Vec<f64>], linear: &[f64]) -> Arc<dyn Problem> {
    let size = rows.len();
    let identity: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let text = format!(
        "Scenario(title: \"\", about: \"\", problem: Quadratic(inner_dimension: {size}, outer_dimension: 1),
        arrays: {{\"A\": {rows:?}, \"B\": [[0.0]], \"C\": [{:?}], \"F\": {identity:?}, \"f\": {linear:?}}},
        lambda: Constant(1.0), inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])",
        vec![1.0; size]
    );
    experiment(&parse(&text).unwrap(), &NoFiles).unwrap().problem
}

fn hilbert(size: u32) -> Vec<Vec<f64>> {
    (0..size).map(|i| (0..size).map(|j| 1.0 / f64::from(i + j + 1)).collect()).collect()
}

/// `‖b − Av‖/‖b‖` by plain loops.
fn residual(rows: &[Vec<f64>], b: &[f64], v: &[f64]) -> f64 {
    let product: Vec<f64> = rows.iter().map(|row| row.iter().zip(v).map(|(a, x)| a * x).sum()).collect();
    distance(&product, b) / norm(b)
}

/// At θ = 0, where b = ∇f is the linear term.
fn ask(problem: &Arc<dyn Problem>, id: &str, knobs: &[(&str, Value)]) -> Estimate {
    estimate_at(problem, &*estimator(id, knobs), &[1.0], &vec![0.0; problem.dimensions().inner])
}

/// On a Hilbert matrix the recurrence of conjugate gradients falls to 7e-39 in a thousand iterations, while the residual
/// stays at 3.6e-4 (the same iteration in plain Python).
#[test]
fn the_residual_is_that_of_the_solution_and_not_of_a_recurrence() {
    let rows = hilbert(10);
    let b: Vec<f64> = (0..10).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let problem = quadratic(&rows, &b);
    let found = ask(&problem, "cg", &[("iterations", Value::Integer(1000)), ("tolerance", Value::Real(0.0))]);
    let right = residual(&rows, &b, found.adjoint.as_ref().unwrap());
    assert!((found.solver.residual / right - 1.0).abs() < 1e-3, "{:e}, not {right:e}", found.solver.residual);
    assert!(found.solver.residual > 1e-6 && !found.solver.converged, "{:?}", found.solver);
}

#[test]
fn every_solver_goes_by_one_rule() {
    let rows = vec![vec![20.0, 0.0, 0.0], vec![0.0, 0.5, 0.0], vec![0.0, 0.0, 0.1]];
    let b = [0.95, -1.0, -9.0];
    let problem = quadratic(&rows, &b);
    let many = |count| ("iterations", Value::Integer(count));
    let asked: Vec<(&str, Vec<(&str, Value)>)> = vec![
        ("neumann", vec![many(0)]),
        ("neumann", vec![many(20)]),
        ("neumann", vec![many(3000)]),
        ("neumann", vec![many(6000)]),
        ("fixed-point", vec![many(20)]),
        ("fixed-point", vec![many(6000)]),
        ("cg", vec![many(2)]),
        ("cg", vec![many(3)]),
        ("cg", vec![("tolerance", Value::Real(0.5))]),
        ("direct", vec![]),
        ("newton", vec![]),
        ("reparameterized", vec![]),
    ];
    let mut seen = [0, 0];
    for (id, knobs) in asked {
        let found = ask(&problem, id, &knobs);
        let adjoint = found.adjoint.as_ref().unwrap();
        // The Newton step moves θ, and b with it.
        if id != "newton" {
            let right = residual(&rows, &b, adjoint);
            assert!((found.solver.residual - right).abs() <= 1e-12, "{id} {knobs:?}: {:e}", found.solver.residual);
        }
        assert_eq!(found.solver.converged, found.solver.residual <= SOLVED, "{id} {knobs:?}: {:?}", found.solver);
        assert_eq!(found.solver.trouble().is_some(), !found.solver.converged);
        seen[usize::from(found.solver.converged)] += 1;
    }
    assert!(seen[0] >= 5 && seen[1] >= 5, "{seen:?}");
}

/// The residual is a measurement: k iterations are charged k products, as the cards say.
#[test]
fn the_residual_is_charged_to_nobody() {
    let problem = quadratic(&hilbert(4), &[1.0, 2.0, 3.0, 4.0]);
    for id in ["cg", "neumann", "fixed-point"] {
        let found = ask(&problem, id, &[("iterations", Value::Integer(3))]);
        assert_eq!((found.cost.hvps, found.solver.iterations), (3.0, 3), "{id}");
    }
}

/// v = 0 meets a tolerance of 1, and ĥ = 0 looks like a stationary point.
#[test]
fn a_solve_that_took_no_iteration_says_so() {
    let problem = quadratic(&hilbert(3), &[1.0, 2.0, 3.0]);
    for knob in [("tolerance", Value::Real(1.0)), ("iterations", Value::Integer(0))] {
        let found = ask(&problem, "cg", &[knob]);
        assert_eq!(found.hypergradient, [0.0]);
        assert!(!found.solver.converged && found.solver.residual == 1.0);
        assert_eq!(
            found.solver.trouble().unwrap(),
            "no iteration was taken: v = 0; residual 1.000, solved is at most 1e-8"
        );
    }
}

/// Entries whose squares are no numbers: H of 1e200 and b of 1e200, so that v is of order 1.
#[test]
fn norms_that_overflow_are_scaled() {
    for unit in [1e200, 1e-200] {
        let rows: Vec<Vec<f64>> = [[2.0, 1.0], [1.0, 3.0]].iter().map(|row| row.map(|x| x * unit).to_vec()).collect();
        let problem = quadratic(&rows, &[5.0 * unit, 10.0 * unit]);
        for id in ["cg", "direct", "neumann"] {
            // 1/L is out of a knob's range there, and what the series takes by itself.
            let found = ask(&problem, id, &[("iterations", Value::Integer(200))][..usize::from(id != "direct")]);
            // [[2, 1], [1, 3]] v = (5, 10) at v = (1, 3).
            let off = distance(found.adjoint.as_ref().unwrap(), &[1.0, 3.0]);
            assert!(off < 1e-7 && found.solver.converged, "{id} at {unit:e}: {found:?}");
        }
    }
}

/// Twenty terms over curvatures 20, 0.5 and 0.1 leave 0.892 of b, two iterations of conjugate gradients 0.407 (both
/// computed in plain Python), and both are marked wherever they are shown.
#[test]
fn what_is_unsolved_is_marked_whichever_solver_it_was() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/neumann.ron");
    let scenario = parse(&fs::read_to_string(path).unwrap()).unwrap();
    let mut lab = Lab::new(experiment(&scenario, &NoFiles).unwrap());
    while lab.trials().any(|trial| trial.latest().is_none_or(|latest| latest.inner == 0)) {
        lab.apply(&Command::Tick).unwrap();
    }
    let said: Vec<_> = lab.trials().map(|trial| trial.latest().unwrap().estimate.clone()).collect();
    let [short, long, cg, direct] = &said[..] else { panic!("four trials") };
    assert!((short.hypergradient[0] - 9.769_390_514_980_746).abs() < 1e-13, "{:?}", short.hypergradient);
    assert!((short.solver.residual - 0.892_037_259_218_494_3).abs() < 1e-14, "{:?}", short.solver);
    assert!((cg.solver.residual - 0.406_840_194_239_575_46).abs() < 1e-13, "{:?}", cg.solver);
    // 0.995^2001 of the slowest component.
    assert!(long.solver.residual > 1e-5 && long.solver.residual < 1e-4, "{:?}", long.solver);
    for estimate in [short, long, cg] {
        let words = estimate.solver.trouble().unwrap();
        assert!(!estimate.solver.converged && words.contains("solved is at most 1e-8"), "{words}");
    }
    assert!(direct.solver.converged && (direct.hypergradient[0] - 91.9525).abs() < 1e-11);
}

/// Texts are constants, in which the number has to be the one that is gone by.
#[test]
fn the_tolerance_stands_in_the_texts() {
    let written = format!("{SOLVED:e}");
    let word = glossary::spelled("residual").next().unwrap();
    for text in [metric::SOLVER_CONVERGED.card.equation, word.more] {
        assert!(text.contains(&written), "{text}");
    }
}
