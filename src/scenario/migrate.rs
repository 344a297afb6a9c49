//! `check --fix`: the text of an older scenario or session, as it is written now.
//!
//! What is left of the text stays as it was, comments included. A session goes on to the same numbers: the batches of old
//! are drawn from the same streams, and what was asked of all rows is asked of all rows.

use std::ops::Range;

use super::locate::{Content, Document, Field, Node};
use super::set;

/// The batch that mini-batch gradient descent had when nothing was said.
const BATCH: &str = "16";

/// The text as it is written now; `None` where nothing in it is of old.
///
/// # Errors
/// What a person has to write, where it cannot be done here.
pub fn migrate(text: &str) -> Result<Option<String>, String> {
    let mut changed = with_references(&with_batches(text));
    changed = with_filters(&changed)?;
    changed = turns(&changed);
    Ok((changed != text).then_some(changed))
}

/// One replacement of a part of a text.
type Edit = (Range<usize>, String);

fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut changed = text.to_owned();
    for (range, new) in edits.into_iter().rev() {
        changed.replace_range(range, &new);
    }
    changed
}

/// `dynamics: Sgd(step: Fixed(0.1), batch: 4)` is gradient descent with `batch: Rows(4)` of the loop.
fn with_batches(text: &str) -> String {
    let document = Document::new(text);
    let mut edits = Vec::new();
    visit(&document.root, &mut |field| {
        let node = field.value.unwrapped(text);
        if field.key != "dynamics" || name(&document, node) != Some("Sgd") {
            return;
        }
        let knob = |key: &str| fields(node).iter().find(|field| field.key == key);
        let value = |key: &str| knob(key).map(|field| document.slice(&field.value.span));
        let step = value("step").map_or(String::new(), |step| format!("(step: {step})"));
        let batch = value("batch").unwrap_or(BATCH);
        let now = format!("GradientDescent{step}, batch: Rows({batch}), products: Full");
        edits.push((node.span.clone(), now));
    });
    edited(text, edits)
}

/// `truth: Off` is `truth: None`.
fn with_references(text: &str) -> String {
    let document = Document::new(text);
    let mut edits = Vec::new();
    visit(&document.root, &mut |field| {
        if field.key == "truth" && document.slice(&field.value.span) == "Off" {
            edits.push((field.value.span.clone(), "None".to_owned()));
        }
    });
    edited(text, edits)
}

/// `smoothing` of an ensemble is a filter of the outer loop.
fn with_filters(text: &str) -> Result<String, String> {
    let document = Document::new(text);
    let is_session = name(&document, &document.root) == Some("Session");
    let scenario = if is_session { document.find("scenario") } else { Some(&document.root) };
    let Some(scenario) = scenario else { return Ok(text.to_owned()) };
    let span = scenario.span.clone();
    let old = document.slice(&span);
    let now = of_scenario(old)?;
    let mut changed = text.to_owned();
    changed.replace_range(span, &now);
    Ok(changed)
}

fn of_scenario(text: &str) -> Result<String, String> {
    let document = Document::new(text);
    let smoothing = |node: Option<&Node>| -> Option<&str> {
        let ensemble = node?.unwrapped(text);
        let field = fields(ensemble).iter().find(|field| field.key == "smoothing")?;
        Some(document.slice(&field.value.span))
    };
    let trials = match document.find("trials").map(|node| &node.unwrapped(text).content) {
        Some(Content::Items(items)) => items.len(),
        _ => 0,
    };
    let shared = smoothing(document.find("ensemble"));
    let of_trial = |index: usize| match document.find(&format!("trials[{index}].ensemble")) {
        Some(own) => smoothing(Some(own)),
        None => shared,
    };
    let wanted: Vec<Option<String>> = (0..trials).map(|index| of_trial(index).map(str::to_owned)).collect();
    let mut edits = Vec::new();
    visit(&document.root, &mut |field| {
        let node = field.value.unwrapped(text);
        if field.key == "ensemble" {
            edits.extend(without(text, node, "smoothing").map(|range| (range, String::new())));
        }
    });
    if edits.is_empty() {
        return Ok(text.to_owned());
    }
    let mut changed = edited(text, edits);
    let has_own = |index: usize| document.find(&format!("trials[{index}].outer")).is_some();
    let is_for_all = shared.is_some() && (0..trials).all(|index| of_trial(index) == shared && !has_own(index));
    if let (true, Some(weight)) = (is_for_all, shared) {
        return assigned(&changed, "outer.filter", weight);
    }
    for (index, weight) in wanted.iter().enumerate() {
        if let Some(weight) = weight {
            changed = assigned(&changed, &format!("trials[{index}].outer.filter"), weight)?;
        }
    }
    Ok(changed)
}

fn assigned(text: &str, path: &str, weight: &str) -> Result<String, String> {
    set(text, &format!("{path}=Decay(weight: {weight})")).map_err(|mistake| mistake.message)
}

/// Knobs that a session turns, where they are now.
fn turns(text: &str) -> String {
    let document = Document::new(text);
    let mut edits = Vec::new();
    visit_all(&document.root, &mut |node| {
        let of = |key: &str| fields(node).iter().find(|field| field.key == key).map(|field| field.value.span.clone());
        let (Some(path), Some(value)) = (of("path"), of("value")) else { return };
        match document.slice(&path) {
            "\"inner.dynamics.batch\"" => {
                let rows = document.slice(&value).trim_matches('"').to_owned();
                edits.push((path, "\"inner.batch\"".to_owned()));
                edits.push((value, format!("\"Rows({rows})\"")));
            }
            "\"ensemble.smoothing\"" => edits.push((path, "\"outer.filter.weight\"".to_owned())),
            _ => {}
        }
    });
    edited(text, edits)
}

fn name<'a>(document: &Document<'a>, node: &Node) -> Option<&'a str> {
    node.name.as_ref().map(|name| document.slice(name))
}

fn fields(node: &Node) -> &[Field] {
    match &node.content {
        Content::Fields(fields) => fields,
        _ => &[],
    }
}

/// Every named value, at any depth.
fn visit<'a>(node: &'a Node, see: &mut impl FnMut(&'a Field)) {
    visit_all(node, &mut |node| fields(node).iter().for_each(&mut *see));
}

fn visit_all<'a>(node: &'a Node, see: &mut impl FnMut(&'a Node)) {
    see(node);
    match &node.content {
        Content::Scalar => {}
        Content::Fields(fields) => fields.iter().for_each(|field| visit_all(&field.value, see)),
        Content::Items(items) => items.iter().for_each(|item| visit_all(item, see)),
    }
}

/// The bytes of a field and of the comma that goes with it.
fn without(text: &str, node: &Node, key: &str) -> Option<Range<usize>> {
    let all = fields(node);
    let index = all.iter().position(|field| field.key == key)?;
    let field = &all[index];
    if let Some(next) = all.get(index + 1) {
        return Some(field.key_span.start..next.key_span.start);
    }
    let start = index.checked_sub(1).map_or(field.key_span.start, |before| all[before].value.span.end);
    let end = field.value.span.end;
    let rest = text.get(end..).unwrap_or("");
    let comma = rest.find(|letter: char| !letter.is_whitespace()).filter(|at| rest[*at..].starts_with(','));
    Some(start..comma.map_or(end, |at| end + at + 1))
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn scenario(ensemble: &str, trials: &str) -> String {
        format!(
            "Scenario(title: \"t\", about: \"\", problem: Ridge(), // kept\n    data: Data(source: Bundled(\"diabetes\")), \
             inner: Inner(dynamics: Sgd(batch: 4, step: Fixed(0.1)), steps: 3),\n    outer: Outer(steps: 7),\n    \
             {ensemble}\n    trials: [{trials}],\n)"
        )
    }

    #[test]
    fn batches_belong_to_the_loop() {
        let trials = "Trial(estimator: Direct, inner: Inner(dynamics: Sgd, steps: 2))";
        let now = migrate(&scenario("", trials)).unwrap().unwrap();
        let expected = scenario("", trials)
            .replace(
                "Sgd(batch: 4, step: Fixed(0.1))",
                "GradientDescent(step: Fixed(0.1)), batch: Rows(4), products: Full",
            )
            .replace("dynamics: Sgd,", "dynamics: GradientDescent, batch: Rows(16), products: Full,");
        assert_eq!(now, expected);
        parse(&now).unwrap();
        assert_eq!(migrate(&now), Ok(None));
    }

    #[test]
    fn nothing_is_called_none() {
        let old = scenario("truth: Off,", "Trial(estimator: Direct)");
        assert!(migrate(&old).unwrap().unwrap().contains("truth: None,"));
    }

    #[test]
    fn smoothing_reaches_the_trials_that_had_it() {
        let weight = |text: &str| {
            let scenario = parse(&migrate(text).unwrap().unwrap()).unwrap();
            let outer = |trial: &crate::scenario::TrialSpec| trial.outer.clone().unwrap_or(scenario.outer.clone());
            let weight = |trial| {
                let outer = outer(trial);
                assert_eq!(outer.steps, if trial.outer.is_some() && outer.steps == 5 { 5 } else { 7 });
                (outer.filter.id() == "decay").then(|| outer.filter.knobs.real("weight"))
            };
            scenario.trials.iter().map(weight).collect::<Vec<_>>()
        };
        let all =
            scenario("ensemble: Fresh(smoothing: 0.5, members: 2),", "Trial(estimator: Direct), Trial(estimator: Cg)");
        assert_eq!(weight(&all), [Some(0.5), Some(0.5)]);
        let one = "Trial(estimator: Direct, ensemble: Fresh(members: 2, smoothing: 0.25)), Trial(estimator: Cg)";
        assert_eq!(weight(&scenario("", one)), [Some(0.25), None]);
        let mixed = "Trial(estimator: Direct, ensemble: Single), Trial(estimator: Cg, outer: Outer(steps: 5))";
        assert_eq!(weight(&scenario("ensemble: Fixed(smoothing: 0.75),", mixed)), [None, Some(0.75)]);
    }

    #[test]
    fn knobs_that_a_session_turns_are_found_where_they_are() {
        let old = r#"Session(version: 1, branches: [Branch(commands: [Do(Turn(trial: 2, path: "inner.dynamics.batch", value: "7"))])])"#;
        let now = migrate(old).unwrap().unwrap();
        assert!(now.contains(r#"Turn(trial: 2, path: "inner.batch", value: "Rows(7)")"#), "{now}");
    }
}
