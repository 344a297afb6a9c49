//! Every mistake in a scenario is reported in words, at its line and column.

use hyperlab::scenario::{Diagnostic, Files, Scenario, check_text, parse};

const CHARTS: &[&str] = &["losses", "cosine", "super-efficiency"];

const GOOD: &str = r#"Scenario(
    title: "Ridge",
    about: "Nothing is wrong with it.",
    problem: Ridge(penalty: Scalar),
    data: Data(source: Bundled("diabetes"), split: Alternate),
    lambda: Constant(-1.0),
    inner: Inner(dynamics: GradientDescent(step: Auto), steps: 40),
    outer: Outer(rule: Adam(step: 0.5), steps: 30),
    trials: [
        Trial(estimator: Direct),
        Trial(estimator: Cg(iterations: 5), name: "cg"),
    ],
    charts: ["losses"],
)
"#;

/// A folder of small tables.
struct Tables;

impl Files for Tables {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "good.csv" => Ok("a,b,y\n1,2,0\n2,3,1\n3,5,0\n4,7,1\n5,1,0\n6,2,1\n".to_owned()),
            "hole.csv" => Ok("a,b,y\n1,2,0\n2,NaN,1\n".to_owned()),
            "constant.csv" => Ok("a,b,y\n1,5,0\n2,5,1\n3,5,0\n4,7,1\n".to_owned()),
            "three.csv" => Ok("a,b,y\n1,2,0\n2,3,1\n3,5,2\n4,7,1\n".to_owned()),
            "names.csv" => Ok("a,b,y\n1,2,red\n2,3,blue\n3,5,red\n4,7,blue\n".to_owned()),
            "escape.csv" => Ok("a\u{1b}[2J,b,y\n1,2,0\n2,3,1\n3,5,0\n4,7,1\n".to_owned()),
            _ => Err("No such file or directory (os error 2)".to_owned()),
        }
    }
}

fn check(text: &str) -> (Option<Scenario>, Vec<Diagnostic>) {
    let (scenario, mut found) = check_text(text, &Tables, CHARTS);
    // The diabetes have a level, and most of these tables; that is asked about in `linear.rs`.
    found.retain(|diagnostic| !diagnostic.message.contains("there is no intercept"));
    (scenario, found)
}

/// The one mistake in the good scenario with `from` replaced: where it is, what is underlined, what is
/// said, and the advice.
fn mistake(from: &str, to: &str) -> (String, String, String, String) {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    let (scenario, found) = check(&text);
    let [diagnostic] = &found[..] else { panic!("{to}: {found:?}") };
    assert_eq!(scenario.is_none(), diagnostic.is_error(), "{to}");
    let span = diagnostic.span.clone().unwrap();
    let place = format!("{}:{} {}", diagnostic.line, diagnostic.column, diagnostic.severity);
    (place, text[span].to_owned(), diagnostic.message.clone(), diagnostic.help.clone().unwrap_or_default())
}

fn assert_mistakes(expected: &[(&str, &str, &str, &str, &str)]) {
    for (from, to, place, underlined, message) in expected {
        let found = mistake(from, to);
        assert_eq!((found.0.as_str(), found.1.as_str(), found.2.as_str()), (*place, *underlined, *message), "{to}");
    }
}

fn csv(path: &str, target: &str) -> String {
    format!("Csv(path: \"{path}\", target: \"{target}\")")
}

#[test]
fn the_good_scenario_is_good() {
    assert_eq!(check(GOOD).1, []);
    let windows = GOOD.replace('\n', "\r\n");
    assert_eq!(check(&format!("\u{feff}{windows}")).1, []);
}

#[test]
fn broken_text_is_pointed_at() {
    assert_mistakes(&[
        (",\n)\n", ",\n", "1:9 error", "(", "the file ends before this `(` is closed"),
        (", steps: 40", " steps: 40", "7:56 error", "s", "found `s`; expected `,` or a closing bracket"),
        ("steps: 40", "steps 40", "7:63 error", "4", "found `4`; expected `:` after the name of a field"),
        (
            "\n)\n",
            "\n) λ",
            "14:3 error",
            "λ",
            "found more text after the last closing bracket; expected the end of the file",
        ),
        ("    about", "    /* about", "3:5 error", "/", "a block comment is not closed; expected `*/`"),
        ("Scenario(", "Scene(", "1:1 error", "Scene", "found `Scene(`; expected `Scenario(`"),
        ("\"Ridge\"", "\"\\q\"", "2:12 error", "\"\\q\"", "`title`: unknown escape character"),
    ]);
    assert_eq!(check("").1[0].to_string(), "1:1: error: found nothing; expected `Scenario(…)`");
    assert_eq!(check("hello").1[0].to_string(), "1:1: error: found `hello(`; expected `Scenario(`");
    let deep = check(&format!("Scenario(arrays: {{\"A\": {}", "[".repeat(100_000))).1;
    assert!(deep[0].message.starts_with("`A` is `[[["), "{}", deep[0].message);
}

#[test]
fn fields_are_checked_against_what_exists() {
    assert_mistakes(&[
        (
            "steps: 40",
            "stps: 40",
            "7:57 error",
            "stps",
            "`Inner` has no field `stps`; expected `dynamics`, `steps`, `warm_start`, `batch`, `products`, `tolerance`, `tolerance_power` or `tolerance_after`",
        ),
        (
            "iterations",
            "iteration",
            "11:29 error",
            "iteration",
            "`Cg` has no field `iteration`; expected `iterations`, `tolerance`, `damping` or `warm_start`",
        ),
        (", steps: 40", "", "7:12 error", "Inner", "`Inner` needs the field `steps`"),
        ("    title: \"Ridge\",\n", "", "1:1 error", "Scenario", "`Scenario` needs the field `title`"),
        ("steps: 40", "steps: 40, steps: 4", "7:68 error", "steps", "`Inner` has the field `steps` twice"),
        (
            "Constant(",
            "Constat(",
            "6:13 error",
            "Constat",
            "`Constat` is not a start for λ; expected `Declared`, `Constant`, `Explicit`, `Uniform` or `Normal`",
        ),
        ("Constant(-1.0)", "Uniform", "6:13 error", "Uniform", "`Uniform` needs its fields; expected `Uniform(…)`"),
        (
            "Scalar",
            "Scaler",
            "4:29 error",
            "Scaler",
            "`Scaler` is not a choice for `penalty`; expected `PerFeature`, `Scalar` or `PerGroup`",
        ),
        ("Trial(estimator: Direct)", "Direct", "10:9 error", "Direct", "found `Direct(`; expected `Trial(`"),
    ]);
    assert_eq!(mistake("steps: 40", "stps: 40").3, "did you mean `steps`?");
    assert_eq!(mistake("GradientDescent", "GradientDescnt").3, "did you mean `GradientDescent`?");
    let (place, underlined, message, help) = mistake("Direct", "Direkt");
    assert_eq!(
        (place.as_str(), underlined.as_str(), help.as_str()),
        ("10:26 error", "Direkt", "did you mean `Direct`?")
    );
    assert!(message.starts_with("`Direkt` is not an estimator; expected `Direct`, `Cg`, "), "{message}");
}

#[test]
fn values_of_the_wrong_type_are_named_with_what_was_expected() {
    assert_mistakes(&[
        ("steps: 40", "steps: \"a\"", "7:64 error", "\"a\"", "`steps` is `\"a\"`; expected a whole number"),
        ("steps: 40", "steps: 3.5", "7:64 error", "3.5", "`steps` is `3.5`; expected a whole number"),
        ("steps: 40", "steps: -3", "7:64 error", "-3", "`steps` is `-3`; expected a whole number of at least 0"),
        ("steps: 40", "steps: 40, warm_start: 1", "7:80 error", "1", "`warm_start` is `1`; expected `true` or `false`"),
        ("\"Ridge\"", "Ridge", "2:12 error", "Ridge", "`title` is `Ridge`; expected text in quotes"),
        (
            "[\"losses\"]",
            "\"losses\"",
            "13:13 error",
            "\"losses\"",
            "`charts` is `\"losses\"`; expected a list in `[ ]`",
        ),
        (
            "Constant(-1.0)",
            "-1.0",
            "6:13 error",
            "-1.0",
            "`lambda` is `-1.0`; expected `Constant(…)`, `Explicit([…])`, `Uniform(…)` or `Normal(…)`",
        ),
        ("Constant(-1.0)", "Explicit([1, \"a\"])", "6:26 error", "\"a\"", "`lambda` is `\"a\"`; expected a number"),
        (
            "step: Auto",
            "step: 0.3",
            "7:50 error",
            "0.3",
            "`step` is `0.3`; expected `Auto`, or `Fixed(…)` with a number from 0.00000001 to 10000",
        ),
        (
            "iterations: 5",
            "iterations: 1.5",
            "11:41 error",
            "1.5",
            "`iterations` is `1.5`; expected a whole number from 0 to 100000",
        ),
        (
            "iterations: 5",
            "iterations: -1",
            "11:41 error",
            "-1",
            "`iterations` cannot be -1; expected a whole number from 0 to 100000",
        ),
    ]);
    let (place, underlined, message, _) = mistake("estimator: Direct", "estimator: ");
    assert_eq!((place.as_str(), underlined.as_str()), ("10:26 error", ""));
    assert!(message.starts_with("`estimator` is left out; expected `Direct`, "), "{message}");
}

#[test]
fn impossible_loops_and_starts_are_refused() {
    assert_mistakes(&[
        (
            "steps: 40",
            "steps: 0",
            "7:64 error",
            "0",
            "`steps` is 0, so the inner problem is never worked on; expected at least 1",
        ),
        ("steps: 30", "steps: 0", "8:48 error", "0", "`steps` is 0, so λ never moves; expected at least 1"),
        (
            "steps: 30",
            "steps: 30, bounds: (3, 1)",
            "8:60 error",
            "(3, 1)",
            "`bounds` are 3 and 1; expected the smaller one first",
        ),
        ("charts:", "measure_every: 0, charts:", "13:20 error", "0", "`measure_every` is 0; expected at least 1"),
        (
            "Constant(-1.0)",
            "Explicit([1, 2])",
            "6:13 error",
            "Explicit([1, 2])",
            "λ has 2 entries; the problem has 1 hyperparameter",
        ),
        ("Constant(-1.0)", "Explicit([inf])", "6:23 error", "inf", "found inf; expected a finite number"),
        (
            "Constant(-1.0)",
            "Uniform(low: 2, high: 1)",
            "6:26 error",
            "2",
            "`low` is 2; expected at most `high`, which is 1",
        ),
        (
            "Constant(-1.0)",
            "Constant(-100)",
            "6:13 warning",
            "Constant(-100)",
            "λ starts at -100, outside the bounds -30 and 30",
        ),
        (
            "charts:",
            "theta: Explicit([1]), charts:",
            "13:12 error",
            "Explicit([1])",
            "θ has 1 entry; the problem has 10 parameters",
        ),
        (
            "charts:",
            "theta: Normal(deviation: -1), charts:",
            "13:30 error",
            "-1",
            "`deviation` is -1; expected a finite number of at least 0",
        ),
        (
            "step: Auto",
            "step: Fixed(3)",
            "7:50 warning",
            "Fixed(3)",
            "the step 3 is beyond 2/L = 0.4376, so the inner loop diverges at this λ",
        ),
        (
            "[\"losses\"]",
            "[\"loses\"]",
            "13:14 error",
            "\"loses\"",
            "there is no chart `loses`; expected one of `losses`, `cosine`, `super-efficiency`",
        ),
    ]);
    let none =
        GOOD.replace("Trial(estimator: Direct),", "").replace("Trial(estimator: Cg(iterations: 5), name: \"cg\"),", "");
    assert_eq!(check(&none).1[0].to_string(), "9:13: error: there are no trials; expected at least 1");
    let ten = ["\"losses\""; 10].join(", ");
    let many = GOOD.replace("[\"losses\"]", &format!("[{ten}]"));
    assert_eq!(check(&many).1[0].to_string(), "13:104: error: found 10 charts; expected at most 9");
    let wide = GOOD.replace("charts:", "grid: Some((4, 3)), charts:");
    assert_eq!(check(&wide).1[0].to_string(), "13:11: error: found 4 rows of 3 charts; expected 1 to 9 charts in all");
    let own = GOOD.replace("name: \"cg\"", "inner: Inner(dynamics: Newton, steps: 0)");
    assert_eq!((check(&own).1[0].line, check(&own).1[0].column), (11, 83));
}

#[test]
fn data_is_refused_where_it_is_named() {
    let source = "Bundled(\"diabetes\")";
    let hole = csv("hole.csv", "y");
    let constant = csv("constant.csv", "y");
    let target = csv("good.csv", "label");
    let gone = csv("gone.csv", "y");
    let names = csv("names.csv", "y");
    assert_mistakes(&[
        (source, &gone, "5:34 error", "\"gone.csv\"", "cannot read gone.csv: No such file or directory (os error 2)"),
        (source, &target, "5:54 error", "\"label\"", "good.csv has no column `label`; its columns are `a`, `b`, `y`"),
        (
            source,
            &hole,
            "5:34 error",
            "\"hole.csv\"",
            "hole.csv, line 3, column `b`: found the missing value `NaN`; expected a finite number",
        ),
        (
            source,
            &constant,
            "5:11 error",
            "Data",
            "column `b` is constant: it is 5 in all 2 training rows, so it cannot be divided by its standard deviation",
        ),
        (source, &names, "5:55 error", "\"y\"", "the target `y` holds names (`blue`, `red`); `Ridge` expects numbers"),
        (
            "split: Alternate",
            "split: Random(training: 400, validation: 100)",
            "5:52 error",
            "Random(training: 400, validation: 100)",
            "the split takes 400 + 100 + 0 = 500 rows, but the data has 442",
        ),
        (
            "split: Alternate",
            "split: Indices(training: [0, 500], validation: [1])",
            "5:74 error",
            "500",
            "row 500 does not exist: the data has 442 rows, numbered from 0 to 441",
        ),
        (
            "split: Alternate",
            "divide_by: 0",
            "5:56 error",
            "0",
            "`divide_by` is 0; expected a finite number other than 0",
        ),
        (
            source,
            "Bundled(\"iris\")",
            "5:24 error",
            "Bundled(\"iris\")",
            "no data set `iris` comes with the program; expected one of `breast_cancer`, `diabetes`, `digits`, `wine`",
        ),
        (
            "Ridge(penalty: Scalar)",
            "Quadratic",
            "5:11 error",
            "Data(source: Bundled(\"diabetes\"), split: Alternate)",
            "`Quadratic` reads no data; expected no field `data`",
        ),
        (
            "    data: Data(source: Bundled(\"diabetes\"), split: Alternate),\n",
            "",
            "1:1 error",
            "Scenario",
            "`Ridge` learns from data; expected a field `data: Data(source: …)`",
        ),
    ]);
    assert_eq!(
        mistake(source, &constant).3,
        "use `standardize: Center` or `MaxAbs`, or `standardize: Off` with `divide_by`, or drop the column"
    );
    let three = GOOD.replace("Ridge(", "Logistic(").replace(source, &csv("three.csv", "y"));
    let found = check(&three).1;
    assert_eq!(found[0].to_string(), "5:55: error: the target takes the values 0, 1, 2; expected exactly two values");
}

#[test]
fn all_mistakes_come_together_in_the_order_of_the_text() {
    let text = GOOD
        .replace("[\"losses\"]", "[\"loses\"]")
        .replace("steps: 40", "steps: 0")
        .replace("split: Alternate", "split: Random(training: 500, validation: 1)");
    let lines: Vec<usize> = check(&text).1.iter().map(|diagnostic| diagnostic.line).collect();
    assert_eq!(lines, [5, 7, 13]);
}

#[test]
fn control_characters_do_not_reach_the_screen() {
    let text = GOOD
        .replace("\"Ridge\"", "\"a\\u{1b}[31mred\\u{7}\"")
        .replace("Nothing is wrong with it.", "two\nlines\\u{202e}")
        .replace("\"cg\"", "\"c\\tg\\u{9b}\"")
        .replace("Bundled(\"diabetes\")", &csv("escape.csv", "y"));
    let (scenario, found) = check(&text);
    assert_eq!(found, []);
    let scenario = scenario.unwrap();
    assert_eq!((scenario.title.as_str(), scenario.about.as_str()), ("a[31mred", "two lines"));
    assert_eq!(scenario.trials[1].name.as_deref(), Some("c g"));
    let experiment = hyperlab::scenario::experiment(&scenario, &Tables).unwrap();
    assert_eq!(experiment.data.unwrap().split.feature_names, ["a[2J", "b"]);
    for (from, to) in [("[\"losses\"]", "[\"\\u{1b}c\"]"), ("Bundled(\"diabetes\")", "Bundled(\"\\u{1b}c\")")] {
        let found = check(&GOOD.replace(from, to)).1;
        assert!(!found.is_empty() && found.iter().all(|one| !one.message.contains('\u{1b}')), "{found:?}");
    }
    assert!(!parse("\u{1b}c").unwrap_err().message.contains('\u{1b}'));
}

/// The first mistake of the good scenario after replacements, with what is underlined.
fn changed(replacements: &[(&str, &str)]) -> (String, String) {
    let text = replacements.iter().fold(GOOD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let (_, found) = check(&text);
    // The first error; the first warning where there is none.
    let first = found.iter().find(|found| found.is_error()).or(found.first());
    let first = first.unwrap_or_else(|| panic!("{replacements:?}: no mistake"));
    (first.to_string(), text[first.span.clone().unwrap()].to_owned())
}

#[test]
fn tasks_that_cannot_be_made_are_refused_where_they_are_asked_for() {
    let data = "Data(source: Bundled(\"diabetes\"), split: Alternate)";
    let softmax = ("Ridge(penalty: Scalar)", "Softmax");
    let episodes = |ways: usize, shots: usize, classes: &str| {
        format!(
            "Data(source: Episodes(data: \"digits\", tasks: 3, new_tasks: 2, ways: {ways}, shots: {shots}, \
             classes: {classes}))"
        )
    };
    let expected = [
        (episodes(6, 1, "[0, 1, 2, 3, 4]"), "`ways` is 6, classes to make tasks of: 5; expected from 2 to 5", "6"),
        (episodes(5, 0, "[0, 1, 2, 3, 4]"), "`shots` is 0; expected at least 1", "0"),
        (episodes(2, 1, "[0, 1, 10]"), "there is no class 10; expected some of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9", "10"),
    ];
    for (episodes, message, underlined) in expected {
        let (said, place) = changed(&[(data, &episodes), softmax]);
        assert!(said.ends_with(&format!("error: {message}")), "{said}");
        assert_eq!(place, underlined);
    }
    let noisy = "Data(source: Sinusoids(tasks: 3), label_noise: 0.5, standardize: Off)";
    let (said, place) = changed(&[(data, noisy)]);
    assert!(said.ends_with("`label_noise` is 0.5, but tasks are taken as they are; expected to find it left out"));
    assert_eq!(place, "0.5");
}

#[test]
fn label_noise_is_a_fraction() {
    for noise in ["1.5", "-0.1"] {
        let (said, place) = changed(&[("split: Alternate", &format!("split: Alternate, label_noise: {noise}"))]);
        assert!(said.ends_with(&format!("error: `label_noise` is {noise}; expected a fraction from 0 to 1")), "{said}");
        assert_eq!(place, noise);
    }
}

#[test]
fn ensembles_that_the_rows_do_not_allow_are_refused() {
    let (said, place) = changed(&[("trials:", "ensemble: Folds(members: 500),\n    trials:")]);
    assert!(
        said.ends_with(
            "442 training and validation rows cannot be divided into 500 folds; expected at least 500 rows or fewer \
             members"
        ),
        "{said}"
    );
    assert_eq!(place, "Folds(members: 500)");
    let own = ("estimator: Direct", "estimator: Direct, ensemble: Folds(members: 1)");
    let (said, place) = changed(&[own]);
    assert!(said.ends_with("one fold leaves nothing to train on; expected at least 2 members"), "{said}");
    assert_eq!(place, "Folds(members: 1)");
    // Four rows of three classes: two folds leave the one row of class 0 out of training once.
    let three = csv("three.csv", "y");
    let (said, place) = changed(&[
        ("Bundled(\"diabetes\")", &three),
        ("Ridge(penalty: Scalar)", "Softmax(penalty: Scalar)"),
        ("trials:", "ensemble: Folds(members: 2),\n    trials:"),
    ]);
    assert!(said.contains(" would train without a single row of class `"), "{said}");
    assert!(said.ends_with("expected fewer members, more training rows, or the policy `Single`"), "{said}");
    assert_eq!(place, "Folds(members: 2)");
    let (said, place) = changed(&[
        ("    data: Data(source: Bundled(\"diabetes\"), split: Alternate),\n", ""),
        ("Ridge(penalty: Scalar)", "Quadratic"),
        ("trials:", "ensemble: Fresh(members: 1),\n    trials:"),
    ]);
    assert!(said.ends_with("this problem has no rows to divide among members; expected `Single`"), "{said}");
    assert_eq!(place, "Fresh(members: 1)");
}

#[test]
fn policies_are_named_like_every_other_extension() {
    let (said, place) = changed(&[("trials:", "ensemble: Sngle,\n    trials:")]);
    assert!(said.contains("`Sngle` is not an ensemble; expected `Single`, `Fixed`"), "{said}");
    assert_eq!(place, "Sngle");
    let plain = GOOD.replace("trials:", "ensemble: Single,\n    trials:");
    assert_eq!(check(&plain).1, []);
}

/// A schedule that does not fit its run, and what asks for a schedule where there is none.
#[test]
fn schedules_and_horizons_that_do_not_fit_are_named_with_what_would() {
    let many = GOOD.replacen("GradientDescent(step: Auto)", "Schedule(rates: 50)", 1);
    let found = check(&many).1;
    let said = "`rates` is 50, more windows than the 40 steps of an inner run, so that some would never be met; expected from 1 to 40";
    assert_eq!((found[0].line, found[0].column, found[0].message.as_str()), (7, 44, said), "{found:?}");
    // Both estimators are about θ*, which is said as well.
    let others = &found[1..];
    assert!(others.len() == 2 && others.iter().all(|found| found.message.contains("learns never moves")), "{found:?}");
    assert_mistakes(&[
        (
            "Direct",
            "Forward(horizon: Steps(41))",
            "10:43 error",
            "Steps(41)",
            "`horizon` is 41, and an inner run has 40 steps; expected `Whole`, or `Steps` from 1 to 40",
        ),
        (
            "Direct",
            "Forward(shared: Average)",
            "10:42 error",
            "Average",
            "`Average` is over the steps of a schedule's windows, and these dynamics learn none; expected `Sum`, or the dynamics `Schedule`",
        ),
    ]);
    // A schedule over Newton: the block is not there, and who brings it is.
    let newton = GOOD.replacen("GradientDescent(step: Auto)", "Newton", 1);
    let text =
        newton.replacen("steps: 30", "steps: 30, blocks: {\"log_learning_rates\": Block(start: Constant(0))}", 1);
    let found = check(&text).1;
    assert!(
        found[0].message.starts_with("λ has no block `log_learning_rates` here; expected one of `log_penalties`"),
        "{found:?}"
    );
    assert!(found[0].message.ends_with("the dynamics `Schedule` bring it"), "{found:?}");
}
