//! Every scenario that comes with the program reads, is free of mistakes, builds, and survives being written.

mod mistakes;
mod stochastic;
mod unmoved;

use hyperlab::chart;
use hyperlab::scenario::{BUILTIN, NoFiles, Scenario, TEMPLATE, builtin, check_text, experiment, parse, set};

fn charts() -> Vec<&'static str> {
    chart::ALL.iter().map(|entry| entry.card.id).collect()
}

/// The built-in scenarios and the template, by name.
fn all() -> Vec<(&'static str, &'static str)> {
    BUILTIN.iter().map(|builtin| (builtin.id, builtin.text)).chain([("TEMPLATE", TEMPLATE)]).collect()
}

fn good(text: &str) -> Scenario {
    let (scenario, found) = check_text(text, &NoFiles, &charts()[..]);
    assert_eq!(found, []);
    scenario.unwrap()
}

#[test]
fn every_file_is_built_in_and_named_after_itself() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")).unwrap();
    let mut files: Vec<String> = folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "ron"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let mut names: Vec<&str> = all().iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    assert_eq!(files, names);
    assert!(BUILTIN.len() >= 10);
    assert_eq!(builtin("softmax").unwrap().id, "softmax");
    assert_eq!(builtin("sofmax").unwrap_err(), "no scenario `sofmax` comes with the program; did you mean `softmax`?");
}

#[test]
fn every_scenario_is_free_of_mistakes_and_builds() {
    for (name, text) in all() {
        let scenario = if name == "TEMPLATE" {
            good(text)
        } else {
            // With what the charts themselves say of what they are asked to draw.
            let (scenario, found) = hyperlab::front::Source::open(name).unwrap().scenario().unwrap();
            assert_eq!(found, [], "{name}");
            scenario
        };
        assert!((1..=4).contains(&scenario.charts.len()), "{name} opens with no chart");
        let sentences = scenario.about.matches(['.', ':']).count();
        assert!(name == "TEMPLATE" || sentences >= 2, "{name} does not say what to watch");
        let built = experiment(&scenario, &NoFiles).unwrap();
        let sizes = built.problem.dimensions();
        assert_eq!((built.lambda.len(), built.theta.len()), (sizes.outer, sizes.inner), "{name}");
        assert!(built.lambda.iter().chain(&built.theta).all(|x| x.is_finite()), "{name}");
    }
}

#[test]
fn building_is_a_function_of_the_seed() {
    let text = builtin("super-efficiency-strong").unwrap().text;
    let build = |text: &str| experiment(&good(text), &NoFiles).unwrap();
    let (first, second) = (build(text), build(text));
    assert_eq!((&first.lambda, &first.theta, &first.data), (&second.lambda, &second.theta, &second.data));
    let other = build(&set(text, "seed=8").unwrap());
    assert!(first.lambda != other.lambda && first.theta != other.theta && first.data != other.data);
}

#[test]
fn a_scenario_that_is_written_reads_back_bit_for_bit() {
    for (name, text) in all() {
        let mut scenario = parse(text).unwrap();
        // Numbers that a careless writer rounds.
        scenario.outer.bounds = (-0.1 - 0.2, f64::MAX);
        scenario.seed = u64::MAX;
        let written = scenario.to_ron().unwrap();
        assert_eq!(parse(&written).unwrap(), scenario, "{name}\n{written}");
    }
}

#[test]
fn the_template_mentions_every_field() {
    let scenario = parse(TEMPLATE).unwrap();
    let written = scenario.to_ron().unwrap();
    for line in written.lines() {
        let Some((field, _)) = line.trim().split_once(':') else { continue };
        let is_name = field.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        assert!(!is_name || TEMPLATE.contains(&format!("{field}:")) || is_knob(field), "{field}");
    }
}

/// Knobs are described by `hyperlab describe`; the template shows some of them.
fn is_knob(field: &str) -> bool {
    ["tolerance", "warm_start", "damping"].contains(&field)
}

#[test]
fn fields_are_set_where_they_stand_and_added_where_they_are_missing() {
    let changed = |assignments: &[&str]| {
        // Metrics are for the charts to judge, which are only names here.
        let text = builtin("truncation").unwrap().text.replace("metric(cosine, outer)", "cosine");
        let text = assignments.iter().fold(text, |text, assignment| set(&text, assignment).unwrap());
        good(&text)
    };
    assert_eq!(changed(&["inner.steps=30"]).inner.steps, 30);
    assert_eq!(changed(&["seed = 12"]).seed, 12);
    assert!(changed(&["inner.warm_start=true"]).inner.warm_start);
    assert_eq!(changed(&["title=\"a, b\""]).title, "a, b");
    assert_eq!(changed(&["title=My own"]).title, "My own");
    assert_eq!(changed(&["lambda=-1.5"]), changed(&["lambda=Constant(-1.5)"]));
    assert_eq!(changed(&["inner.dynamics.step=0.1"]), changed(&["inner.dynamics.step=Fixed(0.1)"]));
    assert_eq!(changed(&["trials[2].estimator.last=7"]).trials[2].estimator.knobs.count("last"), 7);
    assert_eq!(changed(&["trials.2.estimator.last=7"]), changed(&["trials[2].estimator.last=7"]));
    let all = changed(&[
        "trials[*].name=same",
        "trials[*].name=\"x\"",
        "trials[1].name=y",
        "trials[2].name=z",
        "trials[3].name=w",
    ]);
    assert_eq!(all.trials[0].name.as_deref(), Some("x"));
    // Reverse is written without brackets, and memory is not mentioned.
    let reverse = changed(&["trials[0].estimator.memory=Checkpointed"]);
    assert_eq!(reverse.trials[0].estimator.knobs.choice("memory"), "Checkpointed");
    let quadratic = builtin("quadratic").unwrap().text;
    let without_outer = quadratic.replace("    outer: Outer(rule: GradientDescent(step: 0.02), steps: 40),\n", "");
    assert_ne!(without_outer, quadratic);
    assert_eq!(good(&set(&without_outer, "outer.steps=5").unwrap()).outer.steps, 5);
}

#[test]
fn impossible_changes_say_what_exists() {
    let text = builtin("truncation").unwrap().text;
    let refused = [
        (
            "inner.stps=30",
            "`inner.stps=30`: `Inner` has no field `stps`; expected `dynamics`, `steps`, `warm_start`, `batch`, `products`, `tolerance`, `tolerance_power` or `tolerance_after`",
        ),
        ("inner.steps", "`inner.steps`: expected PATH=VALUE, such as `inner.steps=30`"),
        ("inner.steps=", "`inner.steps=`: expected one value after `=`"),
        ("inner.steps=3, warm_start: true", "`inner.steps=3, warm_start: true`: expected one value after `=`"),
        ("inner.steps=many", "`inner.steps=many`: `steps` is `many`; expected a whole number"),
        ("trials[9].name=x", "`trials[9].name=x`: there is no item 9; there are 4, counted from 0"),
        ("inner[0]=x", "`inner[0]=x`: there is no item 0; expected one of `dynamics`, `steps`"),
        ("trials.name=x", "`trials.name=x`: there is no `name` in a list; expected an item from 0 to 3"),
        ("seed.x=1", "`seed.x=1`: there is no `x` inside `7`"),
        ("a..b=1", "`a..b=1`: `a..b` is no path; expected one such as `inner.steps` or `trials[0].estimator`"),
    ];
    for (assignment, message) in refused {
        assert_eq!(set(text, assignment).unwrap_err().message, message);
    }
    assert_eq!(set(text, "inner.stps=3").unwrap_err().help.as_deref(), Some("did you mean `steps`?"));
    let broken = set("Scenario(", "seed=3").unwrap_err();
    assert!(broken.span.is_some(), "a mistake of the file keeps its place: {broken}");
}

#[test]
fn a_knob_of_the_problem_turns_without_reading_the_data_again() {
    let start = experiment(&good(builtin("affine-outer").unwrap().text), &NoFiles).unwrap();
    let turned = start.turn("tau", "1.5").unwrap();
    assert_eq!(turned.scenario.problem.knobs.real("tau"), 1.5);
    assert_eq!((&turned.lambda, &turned.theta, &turned.data), (&start.lambda, &start.theta, &start.data));
    let scalar = start.turn("penalty", "Scalar").unwrap();
    assert_eq!(scalar.lambda.len(), 1);
    let message = |key, value| start.turn(key, value).map(|_| ()).unwrap_err().to_string();
    assert_eq!(message("tau", "-1"), "`problem.tau`: `tau` cannot be -1; expected a number from 0 to 10");
    assert!(message("taw", "1").starts_with("`problem.taw`: there is no `taw` here; expected one of `penalty`, "));
}
