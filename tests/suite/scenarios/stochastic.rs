//! Mistakes in what stochastic methods are written with: each named, with its place and what would work.

use hyperlab::lab::{Command, Lab, Snapshot};
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
    // The laboratory has the same words.
    assert_eq!(Snapshot::of_lab(&lab).trials[0].too_long(), Some(expected));
    while !lab.is_halted() {
        lab.apply(&Command::Tick).unwrap();
    }
    let status = lab.trials().next().unwrap().status().to_string();
    assert!(status.contains("θ is not finite; the step is beyond 2/L at this λ"), "{status}");
}

/// Orthogonal columns, of mean square 1 where they train and 4 where they validate, and a prior of weight ½: the curvatures of g and f are 1.5
/// and 4 in every direction.
fn orthogonal(step: f64, estimator: &str) -> String {
    let rows = |size: f64| {
        format!("[{size:?}, {size:?}], [{size:?}, -{size:?}], [-{size:?}, {size:?}], [-{size:?}, -{size:?}]")
    };
    format!(
        "Scenario(title: \"\", about: \"\", problem: BiasedRidge(rho: 0.5),
        data: Data(source: Rows(features: [{}, {}], targets: [1.0, -0.4, 0.7, -1.3, 2.0, 0.6, -1.0, -1.6]),
        split: Indices(training: [0, 1, 2, 3], validation: [4, 5, 6, 7], test: []), standardize: Off),
        inner: Inner(dynamics: GradientDescent(step: Fixed({step:?})), steps: 1, warm_start: true),
        outer: Outer(rule: GradientDescent(step: 1e-6), steps: 3000), trials: [Trial(estimator: {estimator})])",
        rows(1.0),
        rows(2.0)
    )
}

/// v goes along H, y along `g + f/κ` (F2SA) or `f + κg` (penalty): steps beyond 2/L of those are named with what would do, and
/// runs do diverge there and not before.
#[test]
fn a_step_of_v_or_y_that_is_too_long_is_named_and_so_is_its_multiplier() {
    let has_diverged = |text: &str, ticks: usize| {
        let mut lab = Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap());
        let said = Snapshot::of_lab(&lab).trials[0].too_long().map(str::to_owned);
        for _ in 0..ticks {
            if !lab.is_halted() {
                lab.apply(&Command::Tick).unwrap();
            }
        }
        (lab.is_halted(), said)
    };
    for (step, estimator, message, help) in [
        (
            0.1,
            "Soba(step: Fixed(2.0))",
            "the step 2.000 of v is beyond 2/L = 1.3333, so v diverges at this λ",
            "a step below 1.3333 would do",
        ),
        (
            0.1,
            "Saba(step: Fixed(2.0))",
            "the step 2.000 of v is beyond 2/L = 1.3333, so v diverges at this λ",
            "a step below 1.3333 would do",
        ),
        (
            0.1,
            "Amigo(iterations: 3, step: Fixed(2.0))",
            "the step 2.000 of v is beyond 2/L = 1.3333",
            "a step below 1.3333",
        ),
        // 1.5 + 4/κ: with κ = 1 the longest step is 2/5.5, with a step of ½ the least κ is 4/(4 − 1.5).
        (
            0.1,
            "F2sa(multiplier: 1.0, step: Fixed(0.5))",
            "the step 0.5000 of y is beyond 2/L = 0.3636 of g + f/κ, so y diverges",
            "a `multiplier` of at least 1.600",
        ),
        (
            0.5,
            "F2sa(multiplier: 1.0)",
            "the step 0.5000 of y is beyond 2/L = 0.3636 of g + f/κ, so y diverges",
            "a step below 0.3636",
        ),
        (
            0.5,
            "F2sa(multiplier: 2.0, sides: Two)",
            "g − f/κ has no minimum at this λ, so y₋ diverges with any step",
            "a larger `multiplier` would do",
        ),
        // 4 + 1.5κ: 19 with κ = 10; with a step of 0.2 the largest κ is (10 − 4)/1.5.
        (
            0.1,
            "Bome(multiplier: Fixed(10.0), step: Fixed(0.2))",
            "the step 0.2000 of y is beyond 2/L = 0.1053 of f + κg, so y diverges",
            "a `multiplier` of at most 4.000",
        ),
    ] {
        let text = orthogonal(step, estimator);
        let (underlined, said, would_do) = only(&text);
        assert!(said.starts_with(message) && would_do.contains(help), "{estimator}: {said}; {would_do}");
        assert_eq!(underlined, estimator);
        let (diverges, in_the_lab) = has_diverged(&text, 9000);
        assert!(diverges && in_the_lab.as_deref() == Some(&*said), "{estimator}: {in_the_lab:?}");
    }
    for (step, estimator) in [
        (0.1, "Soba(step: Fixed(1.33))"),
        (0.1, "F2sa(multiplier: 1.61, step: Fixed(0.5))"),
        (0.36, "F2sa(multiplier: 1.0)"),
        (0.1, "F2sa(multiplier: 2.7, sides: Two)"),
        (0.1, "Bome(multiplier: Fixed(3.9), step: Fixed(0.2))"),
        (0.1, "Bome(multiplier: Fixed(10.0))"),
    ] {
        let text = orthogonal(step, estimator);
        assert_eq!(found(&text), [], "{estimator}");
        assert_eq!(has_diverged(&text, 200), (false, None), "{estimator}");
    }
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

/// Tables are over rows: a list of them is of distinct rows, and one that is not is no list of this method. Others take it.
#[test]
fn tables_over_rows_take_each_row_once() {
    let of = |estimator: &str, draws: &str, more: &str| {
        scenario(
            LOGISTIC,
            WARM,
            &format!("{draws} trials: [Trial(estimator: Soba), Trial(estimator: {estimator}{more})]"),
        )
    };
    let lists = "draws: Explicit(training: [[0, 1], [3, 5, 3]])";
    let said = "the list names row 3 twice, and `Saba` takes lists of distinct rows; expected every row once";
    let (underlined, message, _) = only(&of("Saba", &format!("{lists},"), ""));
    assert_eq!((&*underlined, &*message), ("[3, 5, 3]", said));
    let (underlined, message, _) = only(&of("Saba", "", &format!(", {lists}")));
    assert_eq!((&*underlined, &*message), ("[3, 5, 3]", said));
    let long: Vec<usize> = (0..25).map(|index| index % 20).collect();
    let (_, message, _) = only(&of("Saba", &format!("draws: Explicit(training: [{long:?}]),"), ""));
    assert!(message.starts_with("the list names row 0 twice"), "no word of a mean in which it counts twice: {message}");
    let (_, found) = check_text(&of("Amigo", &format!("{lists},"), ""), &NoFiles, &[][..]);
    assert!(found.iter().all(|found| !found.message.contains("twice")), "{found:?}");
}

/// A row in place of one that there is not.
#[test]
fn rows_to_be_replaced_are_rows_that_there_are() {
    let row = "study: Study(replaced: [Row(index: 10, features: [0.0, 0.0, 0.0], target: 1.0)])";
    let (_, message, _) = only(&scenario(LOGISTIC, WARM, &format!("{row}, trials: [Trial(estimator: Soba)]")));
    assert_eq!(message, "found 10; expected less than 10, the number of validation rows");
    let text = format!(
        "Scenario(title: \"\", about: \"\", problem: Quadratic(inner_dimension: 3, outer_dimension: 2), {row},
        inner: Inner({WARM}), trials: [Trial(estimator: Soba)])"
    );
    assert_eq!(only(&text).1, "`Quadratic` has no validation rows to replace; expected no `replaced`");
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

/// TTSA of Q terms takes fewer than Q products, and so does one random term of MRBO: a longer list is none that they could have drawn.
#[test]
fn more_products_than_could_be_drawn_are_refused() {
    for (estimator, name) in [("Ttsa(terms: 3)", "Ttsa"), ("Mrbo(iterations: 3, series: RandomTerm)", "Mrbo")] {
        let shared = format!("draws: Explicit(lengths: [2, 0, 3]), trials: [Trial(estimator: {estimator})]");
        let own = format!("trials: [Trial(estimator: {estimator}, draws: Explicit(lengths: [2, 0, 3]))]");
        for text in [shared, own].map(|more| scenario(LOGISTIC, WARM, &more)) {
            let (underlined, message, _) = only(&text);
            assert_eq!(underlined, "3");
            let said = format!("3 products are written out, and `{name}` draws fewer than 3; expected numbers below 3");
            assert_eq!(message, said);
            assert_eq!(found(&text.replace("[2, 0, 3]", "[2, 0, 1]")), []);
        }
    }
}
