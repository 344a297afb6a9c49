//! Populations over written-out random numbers, from scenario files, round by round, against reference trajectories.

use hyperlab::lab::{Command, Lab};
use hyperlab::math::vector::norm;
use hyperlab::scenario::{NoFiles, check_text, experiment};
use hyperlab::trial::{Status, Trial};
use serde_json::Value;

use super::stochastic::data;
use crate::common::golden::{number, read, vector};

const TOLERANCE: f64 = 1e-10;

fn lists(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(vector).collect()
}

/// A trajectory of the file: problem, loops and population, spelled as a scenario.
fn scenario(of: &Value, is_ridge: bool, mutation: &str) -> String {
    let flat = |name: &str| lists(&of[name]).concat();
    // q children a round, the best parent's first.
    let coins: Vec<Vec<f64>> = of["coins"].as_array().unwrap().iter().flat_map(lists).collect();
    let heads = lists(&of["W0"])[0].len();
    let students = lists(&of["U0"]);
    let written =
        format!("Students(starts: {students:?}, coins: {coins:?}, teacher: [{:?}, {:?}])", flat("W0"), flat("V0"));
    let count = students.len();
    let share = number(&of["q"]) / count as f64;
    let population = format!("Hpm(students: {count}, share: {share:?}, mutation: {mutation}, heads: {heads})");
    let step = number(&of["local_step"]);
    let (problem, inner, rule) = if is_ridge {
        let rows = format!("problem: Ridge(penalty: PerFeature), data: {}, theta: Zeros", data(of));
        let (steps, step_size) = (number(&of["inner_steps"]), number(&of["step_size"]));
        let inner = format!("dynamics: GradientDescent(step: Fixed({step_size:?})), steps: {steps}, warm_start: true");
        let bounds = format!("bounds: ({:?}, {:?})", number(&of["lambda_low"]), number(&of["lambda_high"]));
        (rows, inner, format!("rule: Adam(step: {step:?}), {bounds}"))
    } else {
        let inner = "dynamics: GradientDescent(step: Fixed(1.0)), steps: 1, warm_start: true".to_owned();
        ("problem: Branin".to_owned(), inner, format!("rule: GradientDescent(step: {step:?})"))
    };
    format!(
        "Scenario(title: \"reference\", about: \"\", {problem}, inner: Inner({inner}), outer: Outer({rule}, coordinates: Box, steps: 5),
        truth: None, draws: Explicit(students: {written}), population: {population}, trials: [Trial(estimator: Direct)])"
    )
}

fn near(found: &[f64], expected: &[f64], what: &str) {
    let difference: Vec<f64> = found.iter().zip(expected).map(|(found, expected)| found - expected).collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = norm(expected).max(1.0);
    assert!(norm(&difference) <= TOLERANCE * scale, "{what}: {found:?}, expected {expected:?}");
}

/// Five rounds: where every student is, its θ and f at the end of the inner run, who is replaced by whose child, and what it was multiplied by.
fn follows(of: &Value, is_ridge: bool, mutation: &str, rounds: &str) {
    let text = scenario(of, is_ridge, mutation);
    let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
    let mut lab = Lab::new(experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap());
    for round in of[rounds].as_array().unwrap() {
        let what = |name: &str| format!("{name} of round {}, {mutation}", round["round"]);
        while trial(&lab).status() == Status::Running {
            lab.apply(&Command::Tick).unwrap();
        }
        let students = trial(&lab).students();
        for (student, (unit, (theta, value))) in students
            .iter()
            .zip(lists(&round["u"]).iter().zip(lists(&round["theta"]).iter().zip(vector(&round["value"]))))
        {
            near(&student.blocks().to_box(student.lambda()), unit, &what("u"));
            if is_ridge {
                near(student.thetas().next().unwrap(), theta, &what("θ"));
            }
            near(&[student.values().1], &[value], &what("f"));
        }
        let ids: Vec<f64> = trial(&lab).lineage().ids().iter().map(|id| *id as f64).collect();
        assert_eq!(ids, vector(&round["ids"]), "{}", what("identifiers"));
        let outer = trial(&lab).outer();
        while trial(&lab).outer() == outer {
            lab.apply(&Command::Tick).unwrap();
        }
        let moves = trial(&lab).lineage().last().to_vec();
        let slots: Vec<f64> = moves.iter().map(|step| step.slot as f64).collect();
        assert_eq!(slots, vector(&round["replaced"]), "{}", what("replaced"));
        let parents: Vec<f64> = moves.iter().map(|step| step.parent.unwrap() as f64).collect();
        assert_eq!(parents, vector(&round["parents"]), "{}", what("parents"));
        for (step, factors) in moves.iter().zip(lists(&round["alpha"])) {
            near(&step.factors, &factors, &what("α"));
        }
    }
}

fn trial(lab: &Lab) -> &Trial {
    lab.trials().next().unwrap()
}

#[test]
fn populations_with_and_without_a_teacher_follow_the_reference() {
    let file = read("hpm_trajectory");
    for (problem, is_ridge) in [("branin", false), ("ridge", true)] {
        follows(&file[problem], is_ridge, "Teacher", "teacher");
        follows(&file[problem], is_ridge, "Coins", "without_teacher");
    }
}

/// Values and gradients of the test functions, at places in the box.
#[test]
fn test_functions_agree_with_the_reference() {
    let file = read("hpm_teacher");
    for (key, problem) in [("branin", "Branin"), ("hartmann6", "Hartmann"), ("rastrigin5", "Rastrigin")] {
        let of = &file["test_functions"][key];
        for ((unit, value), gradient) in lists(&of["u"]).iter().zip(vector(&of["value"])).zip(lists(&of["gradient"])) {
            let text = format!(
                "Scenario(title: \"\", about: \"\", problem: {problem},
                inner: Inner(dynamics: GradientDescent(step: Fixed(1.0)), steps: 1), outer: Outer(coordinates: Box),
                draws: Explicit(students: Students(starts: [{unit:?}, {unit:?}])), population: Pbt(students: 2),
                trials: [Trial(estimator: Direct)])"
            );
            let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
            let mut lab = Lab::new(experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap());
            lab.apply(&Command::Tick).unwrap();
            let student = trial(&lab).loops();
            near(&[student.values().1], &[value], key);
            near(&student.blocks().by_box(&student.estimate().hypergradient), &gradient, key);
            let exact = student.exact();
            near(&[exact.value], &[value], key);
        }
    }
}
