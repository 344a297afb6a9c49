//! Mistakes in what stochastic methods are written with: each named, with its place and what would work.

use hyperlab::lab::{Command, Lab};
use hyperlab::scenario::{Diagnostic, NoFiles, check_text, experiment, parse};

/// Twenty training rows and ten validation rows.
fn scenario(problem: &str, inner: &str, more: &str) -> String {
    format!(
        "Scenario(title: \"\", about: \"\", seed: 3, problem: {problem},
        data: Data(source: TwoClasses(rows: 30, features: 3), split: Random(training: 20, validation: 10, test: 0)),
        inner: Inner({inner}), {more})"
    )
}

fn found(text: &str) -> Vec<Diagnostic> {
    check_text(text, &NoFiles, &[][..]).1
}

/// The one thing that is found: what is underlined, what is said, what would work.
fn only(text: &str) -> (String, String, String) {
    let found = found(text);
    let [one] = &found[..] else { panic!("{found:?}") };
    let underlined = text[one.span.clone().unwrap()].to_owned();
    (underlined, one.message.clone(), one.help.clone().unwrap_or_default())
}

const LOGISTIC: &str = "Logistic(penalty: PerFeature)";
const WARM: &str = "dynamics: GradientDescent(step: Fixed(0.1)), steps: 1, warm_start: true";

/// `ρ e^λ > 2`: 0.5 · e² = 3.69, of a loss that bounds nothing from below.
#[test]
fn a_step_beyond_the_penalty_is_warned_of_and_named_where_it_ends_a_run() {
    let inner = "dynamics: GradientDescent(step: Fixed(0.5)), steps: 2000";
    let text = scenario(LOGISTIC, inner, "lambda: Constant(2.0), trials: [Trial(estimator: Direct)]");
    let (underlined, message, help) = only(&text);
    assert_eq!(underlined, "Fixed(0.5)");
    let expected = "the step 0.5 is beyond 0.2707, the longest that the penalty lets converge, so the inner loop diverges at this λ";
    assert_eq!(message, expected);
    assert!(help.contains("7.3891"), "{help}");
    // Just within: 0.27 e² = 1.995.
    assert_eq!(found(&text.replace("Fixed(0.5)", "Fixed(0.27)")), []);
    let mut lab = Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap());
    while !lab.is_halted() {
        lab.apply(&Command::Tick).unwrap();
    }
    let status = lab.trials().next().unwrap().status().to_string();
    assert!(status.contains("θ is not finite; the step is beyond 2/L at this λ"), "{status}");
}

/// λ may get there along the run: the first outer steps are fine, and the reason is named all the same.
#[test]
fn a_run_that_gets_beyond_the_penalty_says_so() {
    // The first outer step takes λ from 0 into its bounds.
    let more = "lambda: Constant(0.0), outer: Outer(rule: GradientDescent(step: 0.1), bounds: (1.0, 3.0)),
        trials: [Trial(estimator: Direct)]";
    let text = scenario(LOGISTIC, "dynamics: GradientDescent(step: Fixed(1.9)), steps: 3000", more);
    let mut lab = Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap());
    while !lab.is_halted() {
        lab.apply(&Command::Tick).unwrap();
    }
    let status = lab.trials().next().unwrap().status().to_string();
    assert!(
        status.starts_with("diverged at outer 1") && status.contains("the step is beyond 2/L at this λ"),
        "{status}"
    );
}

#[test]
fn a_list_longer_than_the_rows_is_warned_of() {
    let list: Vec<usize> = (0..25).map(|index| index % 20).collect();
    let more = format!("draws: Explicit(training: [[0, 1], {list:?}]), trials: [Trial(estimator: Soba)]");
    let (underlined, message, help) = only(&scenario(LOGISTIC, WARM, &more));
    assert_eq!(underlined, format!("{list:?}"));
    assert_eq!(message, "a list of 25 rows of 20 training rows: some are named twice, and count twice in its mean");
    assert_eq!(help, "at most 20 are distinct; without lists, all of them are `Full`");
}

#[test]
fn tables_over_rows_need_rows() {
    let text = "Scenario(title: \"\", about: \"\", problem: Quadratic(inner_dimension: 3, outer_dimension: 2),
        inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 1, warm_start: true), trials: [Trial(estimator: Saba)])";
    let (underlined, message, _) = only(text);
    assert_eq!(underlined, "Saba");
    let expected = "`Saba` needs objectives that are sums over rows, which `Quadratic` does not have; choose another one, such as `Direct`";
    assert_eq!(message, expected);
}

#[test]
fn a_start_drawn_anew_contradicts_one_that_goes_on() {
    let more = "theta: Normal(deviation: 1.0), world: Fresh(start: true), trials: [Trial(estimator: Reverse)]";
    let text = scenario(LOGISTIC, WARM, more);
    let (underlined, message, help) = only(&text);
    assert_eq!(underlined, "Fresh(start: true)");
    assert_eq!(message, "`Fresh` draws another θ₀ at every outer step, which `warm_start: true` never begins from");
    assert!(help.contains("(UD)"), "{help}");
    assert_eq!(found(&text.replace("warm_start: true", "warm_start: false")), []);
    assert_eq!(found(&text.replace("start: true), trials", "start: false), trials")), []);
}

#[test]
fn a_method_that_goes_on_is_warned_of_a_run_that_begins_anew() {
    for estimator in ["Soba", "Saba", "Amigo", "Stocbio", "Mrbo(step: Fixed(0.1))", "F2sa", "Bome"] {
        let text = scenario(
            LOGISTIC,
            "dynamics: GradientDescent, steps: 1",
            &format!("trials: [Trial(estimator: {estimator})]"),
        );
        let (_, message, help) = only(&text);
        assert!(message.contains("counts on θ going on from one outer step to the next"), "{estimator}: {message}");
        assert!(help.contains("`warm_start: true`"), "{help}");
    }
}

/// Where there is no one θ*, a truth is refused by name.
#[test]
fn a_problem_that_is_not_convex_has_no_truth() {
    let text = scenario("Perceptron", WARM, "truth: SameData, trials: [Trial(estimator: Soba)]");
    let found = found(&text);
    let message = &found.iter().find(|found| found.is_error()).unwrap().message;
    assert_eq!(message, "`SameData` is taken at θ*, which this problem has several of; `OfTheRun` asks for none");
}
