//! The values of a scenario that belong to no trial and are no knob of an extension, each by the path that `--set` takes:
//! seed, rows, start, what is measured.
//!
//! They are read off the scenario as it is written out, so that a new field is listed without being named here; what
//! each means is what the template says beside it.

use super::locate::{Content, Document, Node};
use super::{PARTS, Scenario, TEMPLATE};

/// A value of a scenario, as a file spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Where it is: `data.split.validation`.
    pub path: String,
    /// What stands there, in one line.
    pub text: String,
    /// What it means, as far as the template says.
    pub help: String,
    /// Whether another value lets every trial begin anew.
    pub begins_anew: bool,
}

/// Longer values, such as rows written out, are for a file.
const LONGEST: usize = 400;

/// Fields that every trial has for itself, or that are more than a value.
const ELSEWHERE: &[&str] = &["about", "inner", "outer", "draws", "trials", "charts", "grid", "measure_every"];

/// A field that trials start from, and whether two scenarios agree in it.
type Start = (&'static str, fn(&Scenario, &Scenario) -> bool);

/// What trials start from: where one of these differs, none can go on from where it is.
const STARTS: &[Start] = &[
    ("seed", |a, b| a.seed == b.seed),
    ("data", |a, b| a.data == b.data),
    ("arrays", |a, b| a.arrays == b.arrays),
    ("lambda", |a, b| a.lambda == b.lambda),
    ("theta", |a, b| a.theta == b.theta),
    ("problem", |a, b| a.problem.id() == b.problem.id()),
];

impl Scenario {
    /// Whether trials of one can go on under the other from where they are: the rows, the seed, and where things start
    /// are the same.
    #[must_use]
    pub fn has_same_start(&self, other: &Self) -> bool {
        STARTS.iter().all(|(_, agree)| agree(self, other))
    }

    /// Every value that belongs to no trial and is no knob of an extension, in the order of a file.
    #[must_use]
    pub fn stated(&self) -> Vec<Stated> {
        let alone = Self { trials: Vec::new(), about: String::new(), charts: Vec::new(), grid: None, ..self.clone() };
        let Ok(text) = alone.to_ron() else { return Vec::new() };
        let (document, template) = (Document::new(&text), Document::new(TEMPLATE));
        let mut stated = Vec::new();
        let Content::Fields(fields) = &document.root.content else { return stated };
        for field in fields.iter().filter(|field| is_own(&field.key)) {
            gather(&document, &field.value, &field.key, &mut |path, text| {
                let help = explanation(&template, path);
                stated.push(Stated { path: path.to_owned(), text, help, begins_anew: begins_anew(path) });
            });
        }
        if self.study.sweep.is_none() {
            let path = "study.sweep".to_owned();
            let help = explanation(&template, &path);
            stated.push(Stated { path, text: "None".to_owned(), help, begins_anew: false });
        }
        stated
    }
}

/// What the template says of a field of a scenario, by its path: `draws`, `inner.steps`. Nothing of what it does not have, or has no words for.
#[must_use]
pub fn explained(path: &str) -> Option<String> {
    let template = Document::new(TEMPLATE);
    let said = comments(template.text(), template.find(path)?);
    (!said.is_empty()).then_some(said)
}

fn is_own(key: &str) -> bool {
    !ELSEWHERE.contains(&key) && PARTS.iter().all(|part| part.path != key)
}

/// Whether another value at this path lets every trial begin anew.
fn begins_anew(path: &str) -> bool {
    let first = path.split(['.', '[']).next().unwrap_or(path);
    STARTS.iter().any(|(key, _)| *key == first)
}

/// A value that has a kind (`Random(…)`) or is none, then the values inside it.
fn gather(document: &Document<'_>, node: &Node, path: &str, take: &mut impl FnMut(&str, String)) {
    let node = node.unwrapped(document.text());
    let fields = match &node.content {
        Content::Fields(fields) => fields.as_slice(),
        _ => &[],
    };
    // The names of the structs themselves say nothing: only what has alternatives is worth a row.
    let is_choice = node.name.is_some() && !matches!(path, "data" | "study");
    if fields.is_empty() || is_choice {
        let text: Vec<&str> = document.slice(&node.span).split_whitespace().collect();
        let text = text.join(" ");
        if text.len() <= LONGEST && text != "{}" && text != "()" {
            take(path, text);
        }
    }
    for field in fields {
        gather(document, &field.value, &format!("{path}.{}", field.key), take);
    }
}

/// What the template says of the value at a path, or of the nearest value around it: the comment above it and the one
/// behind it.
fn explanation(template: &Document<'_>, path: &str) -> String {
    let parents = std::iter::successors(Some(path), |path| path.rsplit_once('.').map(|(parent, _)| parent));
    let said = |path: &str| Some(comments(template.text(), template.find(path)?)).filter(|words| !words.is_empty());
    parents.into_iter().find_map(said).unwrap_or_default()
}

fn comments(text: &str, node: &Node) -> String {
    let line = text[..node.span.start].rfind('\n').map_or(0, |end| end + 1);
    let above: Vec<&str> = text[..line].lines().rev().map_while(comment_line).collect();
    let end = text[node.span.end..].find('\n').map_or(text.len(), |length| node.span.end + length);
    let behind = text[node.span.end..end].split_once("//").map(|(_, words)| words.trim());
    let words: Vec<&str> = above.into_iter().rev().chain(behind).collect();
    words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a line that is a comment in prose, and no field that is left out.
fn comment_line(line: &str) -> Option<&str> {
    let words = line.trim_start().strip_prefix("//")?.trim();
    let begins_with_field = words
        .split_once(':')
        .is_some_and(|(key, _)| key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'));
    (!begins_with_field).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{parse, vary};

    fn at<'a>(stated: &'a [Stated], path: &str) -> &'a Stated {
        stated.iter().find(|value| value.path == path).unwrap_or_else(|| panic!("no {path} in {stated:#?}"))
    }

    #[test]
    fn every_value_is_listed_with_what_the_template_says_of_it() {
        let stated = parse(TEMPLATE).unwrap().stated();
        assert_eq!(at(&stated, "seed").text, "7");
        assert_eq!(at(&stated, "data.split.validation").text, "40");
        assert_eq!(at(&stated, "data.source.noise").help, "standard deviation");
        assert_eq!(at(&stated, "data.source.informative").help, "features with a weight; all when left out");
        assert!(at(&stated, "seed").help.starts_with("Seed of everything random."), "{stated:#?}");
        assert!(at(&stated, "lambda").help.contains("Uniform(low:"));
        assert!(at(&stated, "study.sweep.values").help.contains("a value to vary"));
        assert!(stated.iter().all(|value| !value.path.starts_with("trials") && !value.path.starts_with("inner")));
    }

    /// What is listed is what `--set` takes: every value can be set to what it is, and nothing changes.
    #[test]
    fn every_listed_path_takes_its_value_back() {
        let scenario = parse(TEMPLATE).unwrap();
        for value in scenario.stated() {
            let again = vary(&scenario, &format!("{}={}", value.path, value.text));
            assert_eq!(again.as_ref(), Ok(&scenario), "{value:?}");
        }
    }

    /// `begins_anew` says of a path what a change there does.
    #[test]
    fn what_begins_anew_is_what_trials_start_from() {
        let scenario = parse(TEMPLATE).unwrap();
        for (path, other) in
            [("seed", "8"), ("lambda", "0.5"), ("data.split.test", "10"), ("study.training", "3"), ("refit", "true")]
        {
            let then = vary(&scenario, &format!("{path}={other}")).unwrap();
            assert_ne!(then, scenario);
            assert_eq!(at(&scenario.stated(), path).begins_anew, !scenario.has_same_start(&then), "{path}");
        }
    }
}
