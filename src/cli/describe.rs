//! `hyperlab describe ID`.

use std::io::{self, Write};

use clap::Args;

use super::console::Console;
use super::failure::Failure;
use super::lists::{About, Kind, identifiers, scenarios};
use crate::catalog::{self, Card, Kind as KnobKind, Knob, find};
use crate::data::{Field, fields};
use crate::front::wrap;
use crate::glossary::{self, Term};
use crate::metric;
use crate::probe::{self, Question};
use crate::scenario::{TEMPLATE, did_you_mean, display_text, explained};

/// Arguments of `describe`.
#[derive(Debug, Args)]
pub struct Describe {
    /// Identifier of a scenario, problem, inner dynamics, estimator, outer rule, filter, world, ensemble, population, metric, probe, chart or word, or a field or value of a scenario file (`template` is one
    /// with every field explained); the spelling of scenario files and the symbols of the screen work too
    id: String,
}

impl Describe {
    /// Explains everything that has this identifier.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let mut found = 0;
        let mut separate = |console: &mut Console| {
            found += 1;
            if found > 1 { writeln!(console) } else { Ok(()) }
        };
        for scenario in scenarios().iter().filter(|scenario| scenario.id == self.id) {
            separate(console)?;
            write_scenario(scenario, console)?;
        }
        for kind in Kind::ALL {
            let is_meant =
                |card: &&&Card| card.id == self.id || card.ron_name() == self.id || self.is_symbol(kind, card);
            for card in kind.cards().iter().filter(is_meant) {
                separate(console)?;
                write_card(kind, card, console)?;
            }
        }
        for term in glossary::spelled(&self.id) {
            separate(console)?;
            write_term(term, console)?;
        }
        for field in fields().iter().filter(|field| field.name == self.id) {
            separate(console)?;
            write_field(field, console)?;
        }
        if let Some(said) = explained(&self.id) {
            separate(console)?;
            writeln!(console, "{} · field of a scenario", self.id)?;
            write_labelled("means", &said, console)?;
        }
        if self.id == "template" {
            separate(console)?;
            console.write_all(TEMPLATE.as_bytes())?;
        }
        for (part, knobs) in self.parts() {
            separate(console)?;
            write_part(&self.id, &part, &knobs, console)?;
        }
        if found == 0 { Err(self.unknown()) } else { Ok(()) }
    }

    /// Knobs that are called so or have a value that is, under what they say of it, each with where it stands.
    fn parts(&self) -> Vec<(Part, Vec<String>)> {
        let mut parts: Vec<(Part, Vec<String>)> = Vec::new();
        for kind in Kind::ALL {
            for card in kind.cards() {
                for part in card.knobs.iter().filter_map(|knob| Part::of(&self.id, knob)) {
                    match parts.iter_mut().find(|(known, _)| *known == part) {
                        Some((_, places)) => places.push(card.ron_name()),
                        None => parts.push((part, vec![card.ron_name()])),
                    }
                }
            }
        }
        parts
    }

    /// Whether the card is that of the metric which the screen writes so.
    fn is_symbol(&self, kind: Kind, card: &Card) -> bool {
        kind == Kind::Metrics && metric::find(card.id).is_some_and(|metric| metric.symbol == self.id)
    }

    fn unknown(&self) -> Failure {
        let nearest = did_you_mean(&self.id, identifiers()).map(|advice| format!("{advice} "));
        Failure::input(format!("nothing here is called `{}`", display_text(&self.id)))
            .with_help(format!("{}`hyperlab list` shows everything that has a name", nearest.unwrap_or_default()))
    }
}

/// What a knob says of a word.
#[derive(PartialEq)]
struct Part {
    /// `knob`, or the knob that it is a value of.
    what: String,
    help: &'static str,
    expected: String,
}

impl Part {
    fn of(word: &str, knob: &Knob) -> Option<Self> {
        if knob.key == word {
            let expected = format!("{}; {} when nothing is said", knob.expected(), default_of(knob));
            return Some(Self { what: "knob".to_owned(), help: knob.help, expected });
        }
        let (_, help) = knob.kind.options().find(|(name, _)| *name == word)?;
        let help = if help.is_empty() { knob.help } else { help };
        Some(Self { what: format!("value of {}", knob.key), help, expected: String::new() })
    }
}

fn write_part(word: &str, part: &Part, places: &[String], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{word} · {}", part.what)?;
    write_labelled("stands in", &places.join(", "), out)?;
    write_labelled("means", part.help, out)?;
    if part.expected.is_empty() { Ok(()) } else { write_labelled("expected", &part.expected, out) }
}

fn write_field(field: &Field, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} · word of a scenario's data", field.name)?;
    write_labelled("stands in", &field.place, out)?;
    write_labelled("means", &field.help, out)
}

fn write_scenario(scenario: &About, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} · scenario", scenario.id)?;
    writeln!(out, "{}\n", scenario.title)?;
    for line in wrap(&scenario.about, WIDTH) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    write_labelled("problem", scenario.problem, out)?;
    write_labelled("trials", &scenario.trials.join(", "), out)?;
    writeln!(out, "\n  hyperlab {0}\n  hyperlab run {0}", scenario.id)
}

fn write_term(term: &Term, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} · word · {}", term.heading(), term.id)?;
    write_labelled("plainly", term.plain, out)?;
    write_labelled("more", term.more, out)?;
    let related: Vec<&str> = term.related().map(|term| term.name).collect();
    write_labelled("see", &related.join(", "), out)
}

fn write_card(kind: Kind, card: &Card, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} · {} · {}", card.name, kind.item(), card.id)?;
    let parts = [
        ("summary", card.summary),
        ("equation", card.equation),
        ("cost", card.cost),
        ("fails", card.fails),
        ("source", card.source),
    ];
    for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        write_labelled(name, text, out)?;
    }
    if let Some(probe) = find(probe::ALL, card.id).filter(|_| kind == Kind::Probes) {
        let questions = [Some(Question::of(probe)), Question::over_sweep(probe)].into_iter().flatten();
        let keys: Vec<String> = questions.map(|it| format!("{}  {}", it.key(), it.in_words())).collect();
        write_labelled("keys", &keys.join("; "), out)?;
        write_labelled("quick", &quick(probe), out)?;
    }
    if !matches!(kind, Kind::Charts | Kind::Metrics | Kind::Probes) {
        write_labelled("spelled", &spelled(card), out)?;
    }
    for knob in card.knobs {
        write_knob(knob, out)?;
    }
    Ok(())
}

/// What a probe measures where somebody waits, where that is less than its knobs say; nothing where it is not.
fn quick(probe: &probe::Entry) -> String {
    let counts: Vec<String> =
        probe.budget.iter().map(|(key, count)| format!("{} {count}", key.replace('_', " "))).collect();
    if counts.is_empty() {
        return String::new();
    }
    format!("{} in the laboratory and in exported charts, where a scenario's study says nothing", counts.join(", "))
}

/// As a scenario file writes it, every knob at its default.
fn spelled(card: &Card) -> String {
    let fields: Vec<String> = card.knobs.iter().map(|knob| format!("{}: {}", knob.key, default_of(knob))).collect();
    if fields.is_empty() { card.ron_name() } else { format!("{}({})", card.ron_name(), fields.join(", ")) }
}

fn write_knob(knob: &Knob, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n  {}: {}; {} when nothing is said", knob.key, knob.expected(), default_of(knob))?;
    for line in wrap(knob.help, WIDTH - 4) {
        writeln!(out, "    {line}")?;
    }
    if matches!(knob.kind, KnobKind::Automatic { .. }) {
        writeln!(out, "    A file spells a number `Fixed(0.1)`.")?;
    }
    for (name, help) in knob.kind.options().filter(|(_, help)| !help.is_empty()) {
        writeln!(out, "    · {name}: {help}")?;
    }
    Ok(())
}

/// The default as a scenario file spells it.
fn default_of(knob: &Knob) -> String {
    match knob.default() {
        catalog::Value::Automatic => "Auto".to_owned(),
        catalog::Value::Toggle(on) => on.to_string(),
        value => value.to_text(),
    }
}

/// Columns of text.
const WIDTH: usize = 100;

fn write_labelled(name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    for (index, line) in wrap(text, WIDTH - 12).iter().enumerate() {
        writeln!(out, "  {:<10}{line}", if index == 0 { name } else { "" })?;
    }
    Ok(())
}
