//! A table without a screen: `check` shows what it holds, `new` writes a scenario over it.

use std::fs;

use super::Bench;

const FRUIT: &str = include_str!("../../cases/tables/winequality.csv");

#[test]
fn check_shows_what_a_table_holds() {
    let bench = Bench::new();
    bench.put("fruit.csv", FRUIT);
    let answer = bench.run(&["check", bench.path("fruit.csv").to_str().unwrap()]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    for words in
        ["a table of 64 rows and 12 columns", "separated by semicolons", "target", "Ridge regression", "11 features"]
    {
        assert!(answer.out.contains(words), "{words}: {}", answer.out);
    }
    assert!(answer.out.trim_end().ends_with("fruit.csv` opens it"), "{}", answer.out);
    let line = answer.out.lines().find(|line| line.starts_with("quality")).unwrap();
    // By hand: of 64 qualities the least is 4, the largest 7, and the 32nd and 33rd in order are both 5.
    assert!(line.contains("whole numbers") && line.contains("4 · 5 · 7") && line.ends_with("target"), "{line}");
}

#[test]
fn new_writes_a_scenario_that_runs_and_never_over_a_file() {
    let bench = Bench::new();
    bench.put("fruit.csv", FRUIT);
    let path = |name: &str| bench.path(name).to_str().unwrap().to_owned();
    let (table, scenario) = (path("fruit.csv"), path("fruit.ron"));
    let answer = bench.run(&["new", &table, "--target", "alcohol", "--leave-out", "quality,density"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(answer.out.contains("9 features"), "{}", answer.out);
    let text = fs::read_to_string(&scenario).unwrap();
    assert!(text.contains("target: \"alcohol\"") && text.contains("\"density\","), "{text}");
    assert_eq!(bench.run(&["check", &scenario]).code, 0);
    let run = bench.run(&["run", &scenario, "--outer-steps", "1", "--json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    // The same again is the same file, another one has a name of its own, and a name that is asked for is not taken.
    bench.run(&["new", &table, "--target", "alcohol", "--leave-out", "quality,density"]);
    assert!(!bench.path("fruit-2.ron").exists());
    bench.run(&["new", &table, "--problem", "softmax"]);
    assert!(fs::read_to_string(bench.path("fruit-2.ron")).unwrap().contains("problem: Softmax()"));
    assert_eq!(fs::read_to_string(&scenario).unwrap(), text);
    let refused = bench.run(&["new", &table, "--output", &scenario]);
    assert_eq!((refused.code, fs::read_to_string(&scenario).unwrap()), (2, text));
    assert!(refused.err.contains("is there already"), "{}", refused.err);
    // Elsewhere the table is named by its whole path.
    fs::create_dir(bench.path("else")).unwrap();
    let elsewhere = path("else/where.ron");
    assert_eq!(bench.run(&["new", &table, "--output", &elsewhere]).code, 0);
    assert_eq!(bench.run(&["check", &elsewhere]).code, 0);
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let bench = Bench::new();
    bench.put("fruit.csv", FRUIT);
    let table = bench.path("fruit.csv");
    let table = table.to_str().unwrap();
    let rows: String = (0..9).map(|k| format!("\"1,00{k}\",{}\n", k * k % 5)).collect();
    bench.put("doubtful.csv", format!("a,y\n{rows}"));
    let doubtful = bench.path("doubtful.csv");
    let doubtful = doubtful.to_str().unwrap();
    for (arguments, words) in [
        (&["new", table, "--target", "qualty"][..], "did you mean `quality`?"),
        (&["new", table, "--problem", "logistic"], "no problem for such a target is called `logistic`"),
        (&["new", table, "--leave-out", "quality"], "is the target"),
        (&["new", "missing.csv"], "does not exist"),
        (&["check", doubtful], "there is no scenario over it while there are errors"),
        (&["new", doubtful], "there is no scenario over it while there are errors"),
        (&["run", table], "is a table and no scenario"),
        (&["probe", "bias-variance", table], "hyperlab new"),
    ] {
        let answer = bench.run(arguments);
        assert_eq!(answer.code, 2, "{arguments:?}: {}", answer.out);
        assert!(answer.err.contains(words), "{arguments:?}: {}", answer.err);
    }
    assert!(!bench.path("fruit.ron").exists());
}
