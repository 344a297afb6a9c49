//! Data in words.

use super::{DataSpec, Source, SplitRule};

/// How a source is spelled in a scenario, for messages.
pub const SOURCES: &str = "`Bundled(\"…\")`, `Csv(…)`, `Rows(…)`, `Regression(…)`, `TwoClasses(…)`, `Classes(…)`, `Sinusoids(…)` \
                           or `Episodes(…)`";

/// Where the rows come from and how they are divided.
#[must_use]
pub fn in_words(data: &DataSpec) -> String {
    let source = match &data.source {
        Source::Bundled(name) => format!("{name}, which comes with the program"),
        Source::Csv { path, target } => format!("{path}, target {target}"),
        Source::Rows { targets, .. } => format!("{} rows written out", targets.len()),
        Source::Regression { rows, features, .. } => format!("{rows} drawn rows, {features} features"),
        Source::TwoClasses { rows, features, .. } => format!("{rows} drawn rows, {features} features, two classes"),
        Source::Classes { rows, features, classes, .. } => {
            format!("{rows} drawn rows, {features} features, {classes} classes")
        }
        Source::Sinusoids { tasks, support, query, .. } => {
            return format!("{tasks} sinusoids; of each {support} rows to learn from and {query} to be judged on");
        }
        Source::Episodes { data, tasks, ways, shots, .. } => {
            return format!("{tasks} episodes of {data}: {ways} classes, {shots} rows of each to learn from");
        }
    };
    let split = match &data.split {
        SplitRule::Alternate => "every other row validates".to_owned(),
        SplitRule::AlternateOf { keep, period } => {
            format!("of {period} rows, {keep} alternate between training and validation, the rest test")
        }
        SplitRule::Indices { training, validation, test } => counts(training.len(), validation.len(), test.len()),
        SplitRule::Random { training, validation, test, .. } => counts(*training, *validation, *test),
        SplitRule::Fractions { training, validation, test, .. } => {
            let share = |x: f64| format!("{:.0} %", 100.0 * x);
            format!("{} train, {} validate, {} test", share(*training), share(*validation), share(*test))
        }
    };
    format!("{source}; {split}")
}

fn counts(training: usize, validation: usize, test: usize) -> String {
    format!("{training} rows train, {validation} validate, {test} test")
}
