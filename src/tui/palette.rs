//! The command palette: every action by name, and values typed as on the command line.

use super::keymap::{Action, Context, KEYS};
use super::state::{App, Content, KnobRow};
use crate::chart::Against;
use crate::metric::{Clock, Kind};
use crate::scenario::{PARTS, Part};
use crate::{chart, estimator};

/// What a row of the palette does.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// As if its key were pressed.
    Do(Action),
    /// Puts text into the field, to go on typing.
    Type(String),
    /// Turns a knob.
    Set(KnobRow, Content),
    /// Sets any value of the scenario, by its path.
    Assign(String, String),
    /// Goes to a position.
    Seek(usize),
    /// Draws metrics against a clock in the pane in focus.
    Plot(Against),
    /// Shows a chart in the pane in focus.
    Show(usize),
    /// Adds a trial with this estimator.
    Add(&'static str),
    /// Says why not.
    Refuse(String),
}

/// A row of the palette.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What is typed to find it.
    pub name: String,
    /// What it does, in words.
    pub help: String,
    /// Its key, where it has one.
    pub key: String,
    /// What happens.
    pub deed: Deed,
}

/// The rows for what is typed, best first.
#[must_use]
pub fn candidates(app: &App, typed: &str) -> Vec<Candidate> {
    let typed = typed.trim_start();
    if let Some(rest) = typed.strip_prefix("set ").or_else(|| typed.contains('=').then_some(typed)) {
        return set(app, rest);
    }
    if let Some(rest) = typed.strip_prefix("seek ") {
        return vec![seek(rest)];
    }
    if let Some(rest) = typed.strip_prefix("metric ") {
        return metrics(app, rest);
    }
    let mut rows: Vec<Candidate> = actions().chain(charts()).chain(estimators()).collect();
    rows.push(Candidate {
        name: "set".to_owned(),
        help: "Set a value, of the selected trial or of the scenario: `set estimator.damping 0.1`, \
               `set trials[*].inner.steps 30`, `set seed 3`."
            .to_owned(),
        key: String::new(),
        deed: Deed::Type("set ".to_owned()),
    });
    rows.push(Candidate {
        name: "seek".to_owned(),
        help: "Go to a position of this branch: `seek 120`.".to_owned(),
        key: String::new(),
        deed: Deed::Type("seek ".to_owned()),
    });
    let wanted = typed.to_lowercase();
    rows.retain(|row| rank(row, &wanted).is_some());
    rows.sort_by_key(|row| rank(row, &wanted));
    rows
}

/// What Tab makes of what is typed: the selected row's name.
#[must_use]
pub fn complete(app: &App, typed: &str, selected: usize) -> Option<String> {
    let row = candidates(app, typed).into_iter().nth(selected)?;
    match row.deed {
        Deed::Type(text) => Some(text),
        Deed::Set(..) | Deed::Plot(_) | Deed::Assign(..) | Deed::Refuse(_) | Deed::Seek(_) => None,
        _ => Some(row.name),
    }
}

/// Rows that begin with what is typed come first, then those whose words do, then those that hold it.
fn rank(row: &Candidate, wanted: &str) -> Option<u8> {
    let name = row.name.to_lowercase();
    let word_starts = || name.split([' ', '-']).any(|word| word.starts_with(wanted));
    if name.starts_with(wanted) {
        Some(0)
    } else if word_starts() {
        Some(1)
    } else if name.contains(wanted) {
        Some(2)
    } else {
        row.help.to_lowercase().contains(wanted).then_some(3)
    }
}

fn actions() -> impl Iterator<Item = Candidate> {
    let useful = |action: Action| {
        !matches!(
            action,
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Commands | Action::Close
        ) && !(format!("{action:?}").starts_with("Chart"))
    };
    let here = |context| matches!(context, Context::Lab | Context::Knobs | Context::Everywhere);
    let mut seen: Vec<Action> = Vec::new();
    KEYS.iter()
        .filter(move |binding| here(binding.context) && useful(binding.action))
        .filter(move |binding| {
            let is_new = !seen.contains(&binding.action);
            seen.push(binding.action);
            is_new
        })
        .map(|binding| Candidate {
            name: in_words(binding.action),
            help: binding.help.clone().into_owned(),
            key: binding.keys.first().map(|key| key.label()).unwrap_or_default(),
            deed: Deed::Do(binding.action),
        })
}

/// What goes on from `metric cosine calls`: a metric more while there is room, or the clock that ends it.
fn metrics(app: &App, rest: &str) -> Vec<Candidate> {
    if let Ok(against) = Against::parse(rest) {
        let name = against.to_string();
        let help = "Draw this in the pane in focus; a scenario can spell it like this.".to_owned();
        return vec![Candidate { name, help, key: String::new(), deed: Deed::Plot(against) }];
    }
    let (chosen, begun) = rest.rsplit_once([' ', ',']).map_or(("", rest), |(chosen, begun)| (chosen, begun));
    let goes_on =
        |word: &str| if chosen.trim().is_empty() { word.to_owned() } else { format!("{} {word}", chosen.trim()) };
    let mut found: Vec<Candidate> = Vec::new();
    if !chosen.trim().is_empty() {
        let fitting = Clock::ALL.into_iter().filter(|clock| clock.id().starts_with(begun));
        found.extend(fitting.filter_map(|clock| {
            let against = Against::parse(&goes_on(clock.id())).ok()?;
            let help = format!("Against {}.", clock.words());
            Some(Candidate { name: against.to_string(), help, key: String::new(), deed: Deed::Plot(against) })
        }));
    }
    let offers = app.lab.as_ref().and_then(|lab| lab.selected()).map(|trial| trial.offers.clone()).unwrap_or_default();
    let drawable = offers.iter().filter(|metric| metric.kind.is_number() || metric.kind == Kind::Vector);
    let fitting = drawable.filter(|metric| metric.card.id.contains(&begun.replace('_', "-")));
    found.extend(fitting.map(|metric| Candidate {
        name: metric.card.id.to_owned(),
        help: format!("{}: {}", metric.card.name, metric.card.summary),
        key: String::new(),
        deed: Deed::Type(format!("metric {} ", goes_on(metric.card.id))),
    }));
    if found.is_empty() {
        let reason = Against::parse(rest).map_or_else(|error| error.message, |_| String::new());
        found.push(Candidate {
            name: rest.to_owned(),
            help: reason.clone(),
            key: String::new(),
            deed: Deed::Refuse(reason),
        });
    }
    found
}

fn charts() -> impl Iterator<Item = Candidate> {
    chart::ALL.iter().enumerate().map(|(index, entry)| Candidate {
        name: format!("chart {}", entry.card.id),
        help: format!("{}: {}", entry.card.name, entry.card.summary),
        key: if index < 10 { ((index + 1) % 10).to_string() } else { String::new() },
        deed: Deed::Show(index),
    })
}

fn estimators() -> impl Iterator<Item = Candidate> {
    estimator::ALL.iter().map(|entry| Candidate {
        name: format!("add {}", entry.card.id),
        help: format!("{}: {}", entry.card.name, entry.card.summary),
        key: String::new(),
        deed: Deed::Add(entry.card.id),
    })
}

/// `OuterStep` as `outer step`.
fn in_words(action: Action) -> String {
    if let Action::Measure(question) = action {
        return format!("measure {}", question.name());
    }
    let mut words = String::new();
    for letter in format!("{action:?}").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// `path value` or `path=value`; while the path is not complete, the paths that go on from it.
fn set(app: &App, rest: &str) -> Vec<Candidate> {
    let rest = rest.strip_prefix("set ").unwrap_or(rest).trim_start();
    let (path, value) = match rest.split_once(['=', ' ']) {
        Some((path, value)) => (path.trim(), value.trim()),
        None => (rest.trim(), ""),
    };
    let rows = app.lab.as_ref().map(super::state::LabState::knobs).unwrap_or_default();
    let row = rows.iter().find(|row| row.address.path() == path && !value.is_empty());
    let part = PARTS.iter().find(|part| part.path == path && !value.is_empty());
    match (row, part) {
        // A name alone turns a knob; with knobs of its own behind it, it is spelled as in a scenario.
        (Some(row), Some(part)) if row.content.retyped(value).is_err() => return vec![replacement(app, part, value)],
        (Some(row), _) if matches!(row.content, Content::Knob(..)) => return vec![assignment(row, value)],
        (Some(_), _) => return vec![anywhere(path, value)],
        (None, Some(part)) => return vec![replacement(app, part, value)],
        (None, None) => {}
    }
    let goes_on = rows.iter().filter(|row| row.address.path().contains(path));
    let found: Vec<Candidate> = goes_on
        .map(|row| Candidate {
            name: row.address.path(),
            help: format!("now {}: {}", row.content.to_text(), row.help),
            key: String::new(),
            deed: Deed::Type(format!("set {} ", row.address.path())),
        })
        .collect();
    if !found.is_empty() {
        return found;
    }
    vec![anywhere(path, value)]
}

/// Another extension at a part: of the selected trial where trials have it, of the scenario where they have not.
fn replacement(app: &App, part: &Part, value: &str) -> Candidate {
    let trial = app.lab.as_ref().map_or(0, |lab| lab.trial);
    let path = if part.of_trial.is_some() { format!("trials[{trial}].{}", part.path) } else { part.path.to_owned() };
    anywhere(&path, value)
}

/// What is no knob of the selected trial may be any other value of the scenario; whether it is, the laboratory
/// knows.
fn anywhere(path: &str, value: &str) -> Candidate {
    let (name, help, deed) = if value.is_empty() {
        let help = "Any value that a scenario file can say, by its path; type the value behind it.";
        (path.to_owned(), help, Deed::Refuse(format!("what is `{path}` to be? Type the value behind it")))
    } else {
        let help = "In the scenario as it is set now; rows, seed and start let every trial begin anew.";
        (format!("{path} = {value}"), help, Deed::Assign(path.to_owned(), value.to_owned()))
    };
    Candidate { name, help: help.to_owned(), key: String::new(), deed }
}

fn assignment(row: &KnobRow, text: &str) -> Candidate {
    let path = row.address.path();
    let (help, deed) = match row.content.retyped(text) {
        Ok(content) => {
            let help = format!("from {} to {}: {}", row.content.to_text(), content.to_text(), row.help);
            (help, Deed::Set(row.clone(), content))
        }
        Err(expected) => {
            (format!("expected {expected}"), Deed::Refuse(format!("`{path}` cannot be {text}; expected {expected}")))
        }
    };
    Candidate { name: format!("{path} = {text}"), help, key: String::new(), deed }
}

fn seek(rest: &str) -> Candidate {
    let rest = rest.trim();
    let deed = match rest.parse() {
        Ok(position) => Deed::Seek(position),
        Err(_) => Deed::Refuse("expected a whole number, as in `seek 120`".to_owned()),
    };
    Candidate {
        name: format!("seek {rest}"),
        help: "Go to this position of the branch.".to_owned(),
        key: String::new(),
        deed,
    }
}
