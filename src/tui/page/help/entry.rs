//! What the help is made of: entries with a heading and a body, which can be looked for.

use crate::catalog::{Card, Carded};
use crate::glossary::{self, Term};
use crate::metric::{self, Metric};
use crate::probe::Question;
use crate::tui::keymap::{Binding, Context, KEYS, Key};
use crate::tui::questions::{self, Posed};
use crate::tui::state::{App, Screen, Section};
use crate::{chart, ensemble, estimator, filter, inner, outer, pace, population, probe, problem, reference, world};

use super::guide::GUIDE;

/// Something that the help says of one thing.
pub(super) struct Entry {
    /// Where it stands.
    pub section: Section,
    /// The heading that it stands under there.
    pub group: &'static str,
    /// What it is about; empty for a key, whose labels stand beside its words.
    pub head: String,
    /// What it can be called, besides.
    pub spelled: Vec<String>,
    /// What is said.
    pub body: Vec<Part>,
}

/// A piece of what is said.
pub(super) enum Part {
    /// Plainly.
    Say(String),
    /// A formula.
    Formula(String),
    /// What is good to know, too.
    Aside(String),
    /// A key and what it does.
    Key(String, String),
}

impl Part {
    fn text(&self) -> String {
        match self {
            Self::Say(words) | Self::Formula(words) | Self::Aside(words) => words.clone(),
            Self::Key(keys, words) => format!("{keys} {words}"),
        }
    }
}

impl Entry {
    /// How well it answers to what is looked for; less is better.
    pub fn rank(&self, wanted: &str) -> Option<u8> {
        let is_same =
            |own: &String| own == wanted || (wanted.chars().count() > 2 && own.to_lowercase() == wanted.to_lowercase());
        if self.spelled.iter().any(is_same) {
            return Some(0);
        }
        let holds = |text: &str| wanted.split_whitespace().all(|word| stands_in(text, word));
        if holds(&self.head) {
            return Some(1);
        }
        let text: Vec<String> = self.body.iter().map(Part::text).collect();
        holds(&format!("{} {} {} {}", self.head, self.group, self.spelled.join(" "), text.join(" "))).then_some(2)
    }
}

/// Whether a word stands in a text: anywhere, large or small; a symbol of a letter or two only by itself.
fn stands_in(text: &str, word: &str) -> bool {
    if word.chars().count() <= 2 {
        glossary::holds_word(text, word)
    } else {
        text.to_lowercase().contains(&word.to_lowercase())
    }
}

/// Everything that the help says, in the order of its sections.
pub(super) fn all(app: &App) -> Vec<Entry> {
    Section::ALL.into_iter().flat_map(|section| of(app, section)).collect()
}

/// What one section says.
pub(super) fn of(app: &App, section: Section) -> Vec<Entry> {
    match section {
        Section::Questions => questions::ALL.iter().map(posed).collect(),
        Section::Here => here(app).into_iter().flat_map(|context| keys(section, context)).collect(),
        Section::Keys => Context::ALL.into_iter().flat_map(|context| keys(section, context)).chain([mouse()]).collect(),
        Section::Words => {
            glossary::ALL.iter().flat_map(|group| group.terms.iter().map(|it| term(group.title, it))).collect()
        }
        Section::Charts => chart::ALL.iter().map(chart_entry).collect(),
        Section::Numbers => metric::ALL.iter().map(|metric| number(metric)).collect(),
        Section::Methods => methods(),
        Section::Guide => GUIDE.iter().map(|(head, paragraphs)| chapter(head, paragraphs)).collect(),
    }
}

fn posed(posed: &Posed) -> Entry {
    Entry {
        section: Section::Questions,
        group: "",
        head: posed.words.to_owned(),
        spelled: Vec::new(),
        body: vec![Part::Say(posed.answer.to_owned())],
    }
}

/// The contexts whose keys work on the screen under the help.
fn here(app: &App) -> Vec<Context> {
    match app.screen {
        Screen::Start => vec![Context::Start, Context::Search, Context::Help],
        Screen::Columns => vec![Context::Columns, Context::ColumnSearch, Context::Help],
        _ => vec![Context::Lab, Context::Trials, Context::Knobs, Context::Charts, Context::Reading, Context::Help],
    }
}

fn keys(section: Section, context: Context) -> impl Iterator<Item = Entry> {
    KEYS.iter().filter(move |binding| binding.context == context).map(move |binding| key(section, binding))
}

fn key(section: Section, binding: &Binding) -> Entry {
    let labels: Vec<String> = binding.keys.iter().map(|key| Key::label(*key)).collect();
    Entry {
        section,
        group: binding.context.title(),
        head: String::new(),
        spelled: Vec::new(),
        body: vec![Part::Key(labels.join(" "), binding.help.clone().into_owned())],
    }
}

fn mouse() -> Entry {
    let words = "Click a trial, its name in a legend, a knob or a chart to select it, and a key of the last row to press it. \
                 Click or drag a slider to set its knob; the wheel turns the knob under it. Click the timeline to go there, \
                 and the head of a column to sort by it. Point at a chart to read off its nearest value; the wheel zooms \
                 there, and the chart can be dragged. On the columns of a table, click one to select it, and a way of doing \
                 something to turn it.";
    Entry {
        section: Section::Keys,
        group: "Mouse",
        head: String::new(),
        spelled: Vec::new(),
        body: vec![Part::Say(words.to_owned())],
    }
}

fn term(group: &'static str, term: &Term) -> Entry {
    let mut body = vec![Part::Say(term.plain.to_owned()), Part::Aside(term.more.to_owned())];
    let related: Vec<&str> = term.related().map(|term| term.name).collect();
    if !related.is_empty() {
        body.push(Part::Aside(format!("See also: {}.", related.join(", "))));
    }
    Entry {
        section: Section::Words,
        group,
        head: term.heading(),
        spelled: [term.id, term.name].iter().chain(term.spelled).map(|own| (*own).to_owned()).collect(),
        body,
    }
}

/// A card: its plain sentence first, then the equation, then the rest.
fn card(section: Section, group: &'static str, card: &Card, misleads: &str) -> Entry {
    let mut body = vec![Part::Say(card.plain().to_owned())];
    if !card.equation.is_empty() {
        body.push(Part::Formula(card.equation.to_owned()));
    }
    if !card.rest().is_empty() {
        body.push(Part::Aside(card.rest().to_owned()));
    }
    if !card.fails.is_empty() {
        body.push(Part::Aside(format!("{misleads}: {}", card.fails)));
    }
    let spelled = vec![card.id.to_owned(), card.name.to_owned()];
    Entry { section, group, head: card.name.to_owned(), spelled, body }
}

fn chart_entry(entry: &'static chart::Entry) -> Entry {
    let mut said = card(Section::Charts, "", &entry.card, "When it misleads");
    if let Some(question) = entry.finding {
        said.body.insert(1, Part::Aside(measured_by(question)));
    }
    said
}

fn measured_by(question: Question) -> String {
    format!("{} measures it: {}.", question.key(), question.in_words())
}

fn number(metric: &'static Metric) -> Entry {
    let mut said = card(Section::Numbers, "", &metric.card, "When it misleads");
    said.head = format!("{}  {}", metric.card.name, metric.symbol);
    said.spelled.extend([metric.symbol.to_owned(), metric.column()]);
    said
}

fn methods() -> Vec<Entry> {
    fn of<T: Carded>(group: &'static str, list: &'static [T]) -> Vec<Entry> {
        list.iter().map(|item| card(Section::Methods, group, item.card(), "When it fails")).collect()
    }
    let lists = [
        of("Estimators", estimator::ALL),
        of("Problems", problem::ALL),
        of("Inner loops", inner::ALL),
        of("Outer loops", outer::ALL),
        of("Filters", filter::ALL),
        of("Ensembles", ensemble::ALL),
        of("Worlds", world::ALL),
        of("Populations", population::ALL),
        of("Paces", pace::ALL),
        of("What estimates are held against", reference::ALL),
        of("Measurements", probe::ALL),
    ];
    lists.into_iter().flatten().collect()
}

fn chapter(head: &str, paragraphs: &[&str]) -> Entry {
    Entry {
        section: Section::Guide,
        group: "",
        head: head.to_owned(),
        spelled: Vec::new(),
        body: paragraphs.iter().map(|paragraph| Part::Say((*paragraph).to_owned())).collect(),
    }
}
