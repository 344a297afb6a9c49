//! The command palette: every action by name, and values typed as on the command line.

use super::keymap::{Action, Context, KEYS};
use super::scheme::{self, Scheme};
use super::state::{App, Content, Grid, KnobRow, is_path, refusal, to_open};
use super::theme::{Charset, Theme};
use crate::chart::Against;
use crate::chart::palette::{self, Palette};
use crate::front::folder_of;
use crate::glossary::{self, Term};
use crate::lab::Until;
use crate::metric::{Clock, Kind};
use crate::scenario::{MOST_CHARTS, PARTS, Part, unknown};
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
    /// Sets a bookmark here, or names it.
    Bookmark(String),
    /// Runs until something is so.
    Until(Until),
    /// Draws metrics against a clock in the pane in focus.
    Plot(Against),
    /// Shows a chart in the pane in focus.
    Show(usize),
    /// Shows the panes in a grid.
    Grid(Grid),
    /// Adds a trial with this estimator.
    Add(&'static str),
    /// Opens a scenario or a session, by its name or its path.
    Open(String),
    /// Draws everything like this from now on.
    Look(Theme),
    /// Looks a word up in the help.
    LookUp(String),
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

impl Candidate {
    /// A row without a key.
    fn of(name: String, help: String, deed: Deed) -> Self {
        Self { name, help, key: String::new(), deed }
    }
}

/// The rows for what is typed, best first.
#[must_use]
pub fn candidates(app: &App, typed: &str) -> Vec<Candidate> {
    let typed = typed.trim_start();
    if let Some(rest) = typed.strip_prefix("until ") {
        return until(app, rest);
    }
    if let Some(rest) = typed.strip_prefix("set ").or_else(|| typed.contains('=').then_some(typed)) {
        return set(app, rest);
    }
    if let Some(rest) = to_open(typed) {
        return open(app, rest);
    }
    if let Some(found) = LOOKS.iter().find_map(|look| Some((look, typed.strip_prefix(look.word)?.strip_prefix(' ')?))) {
        return looks(app, found.0, found.1);
    }
    if let Some(rest) = typed.strip_prefix("seek ") {
        return vec![seek(rest)];
    }
    if typed.strip_prefix("bookmark ").is_some_and(|rest| rest.trim().is_empty()) {
        let reason = "a bookmark needs a name; `bookmark` alone sets one that is named after the clock".to_owned();
        return vec![Candidate::of("bookmark".to_owned(), reason.clone(), Deed::Refuse(reason))];
    }
    if let Some(rest) = typed.strip_prefix("bookmark ") {
        let name = rest.trim().to_owned();
        let help = "Set a bookmark here under this name, or give the one that lies here this name.".to_owned();
        return vec![Candidate::of(format!("bookmark {name}"), help, Deed::Bookmark(name))];
    }
    if let Some(rest) = typed.strip_prefix("grid ") {
        return vec![grid(rest)];
    }
    if let Some(rest) = typed.strip_prefix("metric ") {
        return metrics(app, rest);
    }
    if let Some(word) = typed.strip_prefix("what is ").or_else(|| typed.strip_prefix("glossary ")) {
        return look_up(word);
    }
    let is_lab = app.shown_lab().is_some();
    let mut rows: Vec<Candidate> = actions(is_lab).collect();
    if is_lab {
        rows.extend(charts().chain(estimators()).chain(values()));
    }
    rows.push(Candidate::of(
        "open".to_owned(),
        "Open a scenario by its name, or a table, a scenario or a session by its path: `open ./wine.csv`, `open bias-variance`.".to_owned(),
        Deed::Type("open ".to_owned()),
    ));
    rows.extend(
        LOOKS.iter().map(|look| {
            Candidate::of(look.word.to_owned(), look.help.to_owned(), Deed::Type(format!("{} ", look.word)))
        }),
    );
    rows.extend(glossary::terms().map(explaining));
    rows.push(Candidate::of(
        "grid".to_owned(),
        "Rows and columns of charts: `grid 2x3`.".to_owned(),
        Deed::Type("grid ".to_owned()),
    ));
    let wanted = typed.to_lowercase();
    rows.retain(|row| rank(row, &wanted).is_some());
    rows.sort_by_key(|row| rank(row, &wanted));
    rows
}

/// A part of how things look that can be chosen by name.
struct Look {
    word: &'static str,
    help: &'static str,
    /// Each name, what it is, and how things look then.
    choices: fn(Theme) -> Vec<(&'static str, String, Theme)>,
}

const LOOKS: [Look; 3] = [
    Look {
        word: "theme",
        help: "Other colours, shown while you choose: `theme light`.",
        choices: |theme| {
            let of = |scheme: &&'static Scheme| (scheme.id, scheme.summary.to_owned(), theme.with_scheme(scheme));
            scheme::ALL.iter().map(of).collect()
        },
    },
    Look {
        word: "palette",
        help: "Other colours of the trials, shown while you choose: `palette tol-bright`.",
        choices: |theme| {
            let of = |palette: &&'static Palette| (palette.id, palette.source.to_owned(), theme.with_palette(palette));
            palette::ALL.iter().map(of).collect()
        },
    },
    Look {
        word: "charset",
        help: "Draw charts with other characters: `charset ascii`.",
        choices: |theme| Charset::ALL.map(|set| (set.id(), String::new(), theme.with_charset(set))).to_vec(),
    },
];

/// The choices of a look that answer to what is typed. What is shown of one already is no reason to choose otherwise.
fn looks(app: &App, look: &Look, typed: &str) -> Vec<Candidate> {
    let choices = (look.choices)(app.before_preview.unwrap_or(app.theme));
    let wanted = typed.trim();
    let fitting = choices.iter().filter(|(name, ..)| name.contains(wanted));
    let found: Vec<Candidate> = fitting
        .map(|(name, help, theme)| Candidate::of(format!("{} {name}", look.word), help.clone(), Deed::Look(*theme)))
        .collect();
    if !found.is_empty() {
        return found;
    }
    let names: Vec<&str> = choices.iter().map(|(name, ..)| *name).collect();
    let reason = unknown(look.word, wanted, &names);
    vec![Candidate::of(typed.to_owned(), reason.clone(), Deed::Refuse(reason))]
}

/// What begins a longer command.
fn values() -> impl Iterator<Item = Candidate> {
    let set = Candidate::of(
        "set".to_owned(),
        "Set a value, of the selected trial or of the scenario: `set estimator.damping 0.1`, \
               `set trials[*].inner.steps 30`, `set seed 3`."
            .to_owned(),
        Deed::Type("set ".to_owned()),
    );
    let seek = Candidate::of(
        "seek".to_owned(),
        "Go to a position of this branch: `seek 120`.".to_owned(),
        Deed::Type("seek ".to_owned()),
    );
    [set, seek].into_iter()
}

/// What can be opened by what is typed: files and folders that go on from it, scenarios that answer to it.
fn open(app: &App, typed: &str) -> Vec<Candidate> {
    // The folder stands in the field already.
    let path = |path: String| {
        let name = path[folder_of(typed).len()..].to_owned();
        if path.ends_with(std::path::is_separator) {
            Candidate::of(name, "Look into this folder.".to_owned(), Deed::Type(format!("open {path}")))
        } else {
            Candidate::of(name, "Open this file.".to_owned(), Deed::Open(path))
        }
    };
    let paths: Vec<Candidate> = app.paths(typed).into_iter().map(path).collect();
    let scenarios = app.scenarios_found(typed).into_iter().filter(|_| !is_path(typed));
    let scenarios = scenarios.map(|listed| {
        Candidate::of(listed.id.clone(), super::text::clean(&listed.scenario.title), Deed::Open(listed.id.clone()))
    });
    let mut found: Vec<Candidate> = scenarios.collect();
    // While nothing says what is meant, files come first: scenarios are on the start page.
    let place = if typed.is_empty() { 0 } else { found.len() };
    found.splice(place..place, paths);
    if found.is_empty() && !typed.trim().is_empty() {
        let trouble = app.trouble_with(typed).map(|trouble| format!("The folder {trouble}."));
        let help = trouble.unwrap_or_else(|| "No scenario answers to that, and no file here begins so.".to_owned());
        found.push(Candidate::of(typed.to_owned(), help, Deed::Open(typed.trim().to_owned())));
    }
    found
}

/// How things look in the selected row, where it is about that.
#[must_use]
pub fn look(app: &App, typed: &str, selected: usize) -> Option<Theme> {
    // Most of what is typed is not: it need not be looked up.
    let is_look = LOOKS.iter().any(|look| typed.trim_start().starts_with(look.word));
    let row = is_look.then(|| candidates(app, typed).into_iter().nth(selected))??;
    if let Deed::Look(theme) = row.deed { Some(theme) } else { None }
}

/// What Tab makes of what is typed: the selected row's name.
#[must_use]
pub fn complete(app: &App, typed: &str, selected: usize) -> Option<String> {
    if let Some(completed) = to_open(typed).and_then(|path| app.completed_path(path)) {
        return Some(format!("open {completed}"));
    }
    let row = candidates(app, typed).into_iter().nth(selected)?;
    match row.deed {
        Deed::Type(text) => Some(text),
        Deed::Open(name) => Some(format!("open {name}")),
        Deed::LookUp(word) => Some(format!("what is {word}")),
        Deed::Set(..)
        | Deed::Grid(_)
        | Deed::Plot(_)
        | Deed::Assign(..)
        | Deed::Refuse(_)
        | Deed::Bookmark(_)
        | Deed::Seek(_)
        | Deed::Until(_) => None,
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

fn actions(is_lab: bool) -> impl Iterator<Item = Candidate> {
    let useful = |action: Action| {
        !matches!(
            action,
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Commands | Action::Close
        ) && !(format!("{action:?}").starts_with("Chart"))
    };
    let here = move |context| match context {
        Context::Lab | Context::Knobs => is_lab,
        context => context == Context::Everywhere,
    };
    let mut seen: Vec<Action> = Vec::new();
    KEYS.iter()
        .filter(move |binding| here(binding.context) && useful(binding.action))
        .filter(move |binding| {
            let is_new = !seen.contains(&binding.action);
            seen.push(binding.action);
            is_new
        })
        .map(|binding| Candidate {
            name: binding.action.in_words(),
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
        return vec![Candidate::of(name, help, Deed::Plot(against))];
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
            Some(Candidate::of(against.to_string(), help, Deed::Plot(against)))
        }));
    }
    let offers = app.lab.as_ref().and_then(|lab| lab.selected()).map(|trial| trial.offers.clone()).unwrap_or_default();
    let drawable = offers.iter().filter(|metric| metric.kind.is_number() || metric.kind == Kind::Vector);
    let fitting = drawable.filter(|metric| metric.card.id.contains(&begun.replace('_', "-")));
    found.extend(fitting.map(|metric| {
        Candidate::of(
            metric.card.id.to_owned(),
            format!("{}: {}", metric.card.name, metric.card.summary),
            Deed::Type(format!("metric {} ", goes_on(metric.card.id))),
        )
    }));
    if found.is_empty() {
        let reason = Against::parse(rest).map_or_else(|error| error.message, |_| String::new());
        found.push(Candidate::of(rest.to_owned(), reason.clone(), Deed::Refuse(reason)));
    }
    found
}

/// The words that are spelled so, then those whose spelling goes on from it; else, whatever the help says of it.
fn look_up(word: &str) -> Vec<Candidate> {
    let word = word.trim();
    let begins = |term: &&Term| {
        let small = word.to_lowercase();
        std::iter::once(&term.name).chain(term.spelled).any(|own| own.to_lowercase().contains(&small))
    };
    let exact: Vec<&Term> = glossary::spelled(word).collect();
    let rest = glossary::terms().filter(begins).filter(|term| !exact.contains(term));
    let mut rows: Vec<Candidate> = exact.iter().copied().chain(rest).map(explaining).collect();
    if rows.is_empty() {
        rows.push(Candidate::of(
            format!("what is {word}"),
            "Look for this in all sections of the help.".to_owned(),
            Deed::LookUp(word.to_owned()),
        ));
    }
    rows
}

fn explaining(term: &'static Term) -> Candidate {
    let symbol = term.spelled.first().map(|symbol| format!(" {symbol}")).unwrap_or_default();
    Candidate::of(format!("what is {}{symbol}", term.name), term.plain.to_owned(), Deed::LookUp(term.name.to_owned()))
}

/// What goes on from `until error <`: the run, once it is a condition; before that the numbers there are.
fn until(app: &App, rest: &str) -> Vec<Candidate> {
    let selected = app.lab.as_ref().and_then(|lab| lab.selected());
    let error = match Until::parse(rest, selected.filter(|trial| !trial.is_pinned).map(|trial| trial.id)) {
        Ok(until) => {
            let whose = match (until.whose, selected) {
                (Some(_), Some(trial)) => format!("of {}", trial.setting.name),
                _ => "of any trial".to_owned(),
            };
            let help = format!("Run until this is so, {whose}, and say where; Esc breaks off.");
            return vec![Candidate::of(format!("until {}", until.goal), help, Deed::Until(until))];
        }
        Err(error) => error,
    };
    let offers = selected.map(|trial| trial.offers.clone()).unwrap_or_default();
    let fitting = offers.iter().filter(|metric| metric.kind.is_number() && metric.card.id.contains(rest.trim()));
    let typed = |id: &str| Deed::Type(format!("until {id} "));
    let mut found: Vec<Candidate> = fitting
        .map(|metric| {
            let help = format!("{}: go on with `< 1e-3`, `> 5`, `turns up`, `turns down`.", metric.card.name);
            Candidate::of(metric.card.id.to_owned(), help, typed(metric.card.id))
        })
        .collect();
    if found.is_empty() {
        let words = [Some(error.message), error.help].into_iter().flatten().collect::<Vec<_>>().join("; ");
        found.push(Candidate::of(format!("until {rest}"), words.clone(), Deed::Refuse(words)));
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
    estimator::ALL.iter().map(|entry| {
        Candidate::of(
            format!("add {}", entry.card.id),
            format!("{}: {}", entry.card.name, entry.card.summary),
            Deed::Add(entry.card.id),
        )
    })
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
        .map(|row| {
            Candidate::of(
                row.address.path(),
                format!("now {}: {}", row.content.to_text(), row.help),
                Deed::Type(format!("set {} ", row.address.path())),
            )
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
    let selected = app.lab.as_ref().and_then(|lab| lab.selected()).filter(|_| part.of_trial.is_some());
    if let Some(reason) = selected.and_then(refusal) {
        return Candidate::of(format!("{} = {value}", part.path), reason.clone(), Deed::Refuse(reason));
    }
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
    Candidate::of(name, help.to_owned(), deed)
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
    Candidate::of(format!("{path} = {text}"), help, deed)
}

fn grid(rest: &str) -> Candidate {
    let rest = rest.trim();
    let deed = match Grid::parse(rest) {
        Some(grid) => Deed::Grid(grid),
        None => Deed::Refuse(format!(
            "`{rest}` is no grid; expected rows and columns as in `grid 2x3`, up to {MOST_CHARTS} charts"
        )),
    };
    let help = "Rows of charts, and charts in a row.".to_owned();
    Candidate::of(format!("grid {rest}"), help, deed)
}

fn seek(rest: &str) -> Candidate {
    let rest = rest.trim();
    let deed = match rest.parse() {
        Ok(position) => Deed::Seek(position),
        Err(_) => Deed::Refuse("expected a whole number, as in `seek 120`".to_owned()),
    };
    Candidate::of(format!("seek {rest}"), "Go to this position of the branch.".to_owned(), deed)
}
