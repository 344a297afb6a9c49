//! Data in words.

use super::{ClassWeights, DataSpec, Source, SplitRule};
use crate::math::number::counted;

/// How a source is spelled in a scenario, for messages.
pub const SOURCES: &str = "`Bundled(\"…\")`, `Csv(…)`, `Npz(…)`, `Npy(…)`, `Libsvm(…)`, `Rows(…)`, `Regression(…)`, `TwoClasses(…)`, `Classes(…)`, `Confounded(…)`, `Drifting(…)`, `Plant(…)`, `Sinusoids(…)` \
                           or `Episodes(…)`";

/// Where the rows come from and how they are divided.
#[must_use]
pub fn in_words(data: &DataSpec) -> String {
    let source = match &data.source {
        Source::Bundled(name) => format!("{name}, which comes with the program"),
        Source::Csv { path, target, .. } => format!("{path}, target {target}"),
        Source::Npz { path, features, targets, .. } => format!("{path}, features {features}, targets {targets}"),
        Source::Npy { features, targets, .. } => format!("features {features}, targets {targets}"),
        Source::Libsvm { path, .. } => path.clone(),
        Source::Rows { targets, .. } => format!("{} written out", counted(targets.len(), "row")),
        Source::Regression { rows, features, .. } => drawn(*rows, *features),
        Source::TwoClasses { rows, features, .. } => format!("{}, two classes", drawn(*rows, *features)),
        Source::Classes { rows, features, classes, .. } => {
            format!("{}, {}", drawn(*rows, *features), counted(*classes, "class"))
        }
        Source::Confounded { rows, .. } => format!("{}, a regressor and an instrument", counted(*rows, "drawn row")),
        Source::Drifting { blocks, rows, .. } => {
            format!("{} of {}", counted(*blocks, "drawn block"), counted(*rows, "row"))
        }
        Source::Plant { rows, blocks, .. } => {
            let rows = counted(rows.saturating_mul(*blocks), "drawn transition");
            format!("{rows} in {}", counted(*blocks, "block"))
        }
        Source::Sinusoids { tasks, support, query, .. } => {
            let (tasks, support) = (counted(*tasks, "sinusoid"), counted(*support, "row"));
            return format!("{tasks}; of each {support} to learn from and {query} to be judged on");
        }
        Source::Episodes { data, tasks, ways, shots, .. } => {
            let (tasks, ways, shots) = (counted(*tasks, "episode"), counted(*ways, "class"), counted(*shots, "row"));
            return format!("{tasks} of {data}: {ways}, {shots} of each to learn from");
        }
    };
    let split = match &data.split {
        SplitRule::Alternate => "every other row validates".to_owned(),
        SplitRule::AlternateOf { keep, period } => {
            format!("of {period} rows, {keep} alternate between training and validation, the rest test")
        }
        SplitRule::Indices { training, validation, test } => counts(training.len(), validation.len(), test.len()),
        SplitRule::Random { training, validation, test, .. } => counts(*training, *validation, *test),
        SplitRule::Fractions { training, validation, test, .. } => parts([*training, *validation, *test]),
        SplitRule::Stratified { training, validation, test, .. } => {
            format!("{}, each with every class in its share", parts([*training, *validation, *test]))
        }
        SplitRule::Stream { past, .. } => {
            format!("{} in the past train, the next one validates", counted(*past, "block"))
        }
        SplitRule::Ordered { training, validation, test, by, .. } => {
            let order = by.as_ref().map_or_else(|| "order".to_owned(), |by| format!("the order of {by}"));
            format!("in {order} {}", parts([*training, *validation, *test]))
        }
    };
    let weights = match &data.source {
        Source::Csv { weights: Some(name), .. }
        | Source::Npz { weights: Some(name), .. }
        | Source::Npy { weights: Some(name), .. } => format!(", rows weighted by {name}"),
        Source::Rows { weights, .. } if !weights.is_empty() => ", rows weighted".to_owned(),
        _ => String::new(),
    };
    let classes = match data.class_weights {
        ClassWeights::Off => "",
        ClassWeights::Balanced => "; classes balanced in training",
        ClassWeights::Listed(_) => "; classes weighted in training",
    };
    format!("{source}{weights}; {split}{classes}")
}

/// Fractions of the rows, which are at most 1 together, or numbers of them.
fn parts(parts: [f64; 3]) -> String {
    let is_fraction = parts.iter().sum::<f64>() <= 1.0 + 1e-9;
    let part = |x: f64| if is_fraction { format!("{:.0} %", 100.0 * x) } else { x.to_string() };
    let [training, validation, test] = parts.map(part);
    format!("{training} train, {validation} validate, {test} test")
}

fn counts(training: usize, validation: usize, test: usize) -> String {
    format!("{training} train, {validation} validate, {test} test")
}

fn drawn(rows: usize, features: usize) -> String {
    format!("{}, {}", counted(rows, "drawn row"), counted(features, "feature"))
}
