//! Where rows come from, how they are divided and how much each counts.

use hyperlab::data::NoFiles;
use hyperlab::scenario::{Diagnostic, Severity, check_text};

fn found(text: &str) -> Vec<Diagnostic> {
    check_text(text, &NoFiles, &["losses"][..]).1
}

fn scenario(problem: &str, data: &str, rest: &str) -> String {
    format!(
        "Scenario(title: \"t\", about: \"a\", problem: {problem}, data: Data({data}), {rest} inner: Inner(dynamics: GradientDescent(), steps: 5), trials: [Trial(estimator: Direct)], charts: [\"losses\"])"
    )
}

#[test]
fn what_divides_rows_otherwise_than_the_split_is_said() {
    let text = |problem, split, rest| scenario(problem, &format!("source: Bundled(\"wine\"), split: {split}"), rest);
    let stratified = "Stratified(training: 0.5, validation: 0.3, test: 0.2)";
    assert_eq!(found(&text("Softmax()", stratified, "")), []);
    assert_eq!(found(&text("Softmax()", stratified, "ensemble: Folds(members: 3, by_class: true),")), []);
    let said = found(&text("Softmax()", stratified, "ensemble: Folds(members: 3),"));
    assert!(
        said.len() == 1 && said[0].severity == Severity::Note && said[0].message.contains("stratified"),
        "{said:?}"
    );
    let ordered = "Ordered(training: 0.5, validation: 0.3, test: 0.2, by: \"alcohol\", gap: 2)";
    assert_eq!(found(&text("Ridge()", ordered, "")), []);
    for rest in ["ensemble: Folds(members: 3),", "world: Fresh(),"] {
        let said = found(&text("Ridge()", ordered, rest));
        assert!(said.len() == 1 && said[0].severity == Severity::Warning, "{said:?}");
        assert!(said[0].message.contains("without regard to their order"), "{said:?}");
    }
    let said = found(&text("Ridge()", "Ordered(training: 0.5, validation: 0.5, by: \"year\")", ""));
    assert!(said.len() == 1 && said[0].message.starts_with("there is no feature `year` to order rows by"), "{said:?}");
}

/// The digits come in no order of classes, but the wines do: the first 59 are of class 0.
#[test]
fn a_class_that_is_missing_from_training_is_named() {
    let split = "Ordered(training: 50, validation: 100)";
    let said = found(&scenario("Softmax()", &format!("source: Bundled(\"wine\"), split: {split}"), ""));
    let warnings: Vec<&str> = said.iter().map(|found| found.message.as_str()).collect();
    assert!(
        warnings[0].starts_with("none of the 50 training rows is of classes `1`, `2`")
            && warnings[0].contains("Stratified"),
        "{warnings:?}"
    );
}
