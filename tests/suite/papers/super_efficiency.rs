//! Ye, Peyré, Cremers, Ablin, *Enhancing Hypergradients Estimation*, AISTATS 2024, at toy scale, on the
//! scenarios that come with the program.

use std::ops::ControlFlow;

use hyperlab::catalog::{Knobs, Value};
use hyperlab::front::Source;
use hyperlab::probe::Case;
use hyperlab::probe::super_efficiency::{ENTRY, SuperEfficiency, TrialFinding, run};

const LOGISTIC: [&str; 2] = ["super-efficiency-weak", "super-efficiency-strong"];

fn measured(id: &str, changes: &[&str]) -> SuperEfficiency {
    measured_over(id, changes, 1)
}

fn measured_over(id: &str, changes: &[&str], replicates: i64) -> SuperEfficiency {
    let source = changes.iter().fold(Source::open(id).unwrap(), |source, change| source.with(change).unwrap());
    let scenario = source.scenario().unwrap().0;
    let knobs = Knobs::defaults(ENTRY.card.knobs).with("replicates", Value::Integer(replicates));
    let case = Case::of(id, &scenario, &source.files, &knobs).unwrap();
    run(&case, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn trial<'a>(found: &'a SuperEfficiency, name: &str) -> &'a TrialFinding {
    let names = || found.trials.iter().map(|trial| trial.trial.as_str()).collect::<Vec<_>>();
    found.trials.iter().find(|trial| trial.trial == name).unwrap_or_else(|| panic!("no `{name}` in {:?}", names()))
}

#[track_caller]
fn assert_slope(trial: &TrialFinding, low: f64, high: f64) {
    let slope = trial.slope.unwrap_or(f64::NAN);
    assert!((low..=high).contains(&slope), "{}: slope {slope} is not in [{low}, {high}]", trial.trial);
}

/// Figures 3a and 3b: after a Newton step the error is of second order, and of first order without.
#[test]
fn newton_is_super_efficient_and_vanilla_is_not() {
    for id in LOGISTIC {
        let found = measured(id, &[]);
        assert_slope(trial(&found, "Newton"), 1.9, 2.3);
        assert_slope(trial(&found, "vanilla"), 0.9, 1.1);
    }
}

/// The same on average over other draws of data, λ and θ₀, each run until a whole decade is near θ*.
#[test]
fn the_slopes_do_not_depend_on_the_draw() {
    for id in LOGISTIC {
        let found = measured_over(id, &["inner.steps=400"], 5);
        for replicates in &found.replicates {
            let (low, high) = if replicates.trial == "Newton" { (1.9, 2.3) } else { (0.9, 1.1) };
            let slope = replicates.slope;
            assert_eq!(slope.count, 5);
            assert!(
                (low..=high).contains(&slope.mean) && slope.deviation < 0.2,
                "{id} {}: {slope:?}",
                replicates.trial
            );
        }
    }
}

/// First-order theory: `‖ĥ − ∇F‖ → ‖Mᵀe‖ ≤ C‖e‖`. The region: ‖e‖ below a hundredth of the smallest
/// `|θ*_i|`, which is the scale on which the exponential map bends, and errors above rounding.
#[test]
fn the_predicted_error_is_the_measured_one_near_the_solution() {
    for id in LOGISTIC {
        let found = measured(id, &["inner.steps=120"]);
        for trial in found.trials.iter().filter(|trial| trial.trial != "Newton") {
            let name = &trial.trial;
            let constant = trial.efficiency_constant.unwrap();
            let is_inside = |inner_error: f64, error: f64| inner_error < 1e-2 * smallest(trial) && error > 1e-9;
            let rows = trial.rows.iter().filter(|row| is_inside(row.inner_error, row.relative_error));
            let mut compared = 0;
            for row in rows {
                let predicted = row.predicted_error.unwrap();
                assert!((row.error / predicted - 1.0).abs() < 0.05, "{id} {name}: {} {predicted}", row.error);
                assert!(predicted <= constant * row.inner_error * (1.0 + 1e-9), "{id} {name}");
                compared += 1;
            }
            assert!(compared >= 5, "{id} {name}: {compared} points in the region");
        }
    }
}

/// The smallest `|θ_i|` at the last step, where θ is θ* to the accuracy needed here.
fn smallest(trial: &TrialFinding) -> f64 {
    trial.rows.last().unwrap().theta.iter().fold(f64::INFINITY, |least, x| least.min(x.abs()))
}

/// Figure 3b: at strong penalty diag H is near H, and preconditioning by it wins by more than ten.
#[test]
fn preconditioning_wins_at_strong_penalty() {
    let found = measured("super-efficiency-strong", &[]);
    let last = |name: &str| trial(&found, name).rows.last().unwrap().error;
    assert!(last("P = diag H") < 0.1 * last("vanilla"));
    for other in ["φ diagonal", "φ exponential"] {
        assert!(last("P = diag H") < last(other), "{other}");
    }
}

/// Figures 1a and 1b: the ideal change of variables is exact for ridge with an affine outer objective, and
/// of first order as soon as the outer objective is curved (the dial τ).
#[test]
fn outer_curvature_takes_the_ideal_reparameterization_from_exact_to_first_order() {
    let ideal = "φ = H⁻¹z";
    let affine = measured("affine-outer", &["problem.tau=0.0"]);
    for row in &trial(&affine, ideal).rows {
        assert!(row.relative_error < 1e-9, "step {}: {}", row.inner_step, row.relative_error);
    }
    assert_slope(trial(&affine, "vanilla"), 0.9, 1.1);
    let curved = measured("affine-outer", &["problem.tau=1.0"]);
    assert_slope(trial(&curved, ideal), 0.9, 1.1);
    // A Newton step solves ridge exactly, whatever the outer objective.
    for found in [&affine, &curved] {
        assert!(trial(found, "Newton").rows.iter().all(|row| row.relative_error < 1e-9));
    }
}

/// An inexact preconditioner keeps the slope and lowers the constant.
#[test]
fn an_inexact_preconditioner_keeps_slope_one() {
    for id in LOGISTIC {
        let found = measured(id, &[]);
        assert_slope(trial(&found, "P = diag H"), 0.9, 1.1);
    }
}
