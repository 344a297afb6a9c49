//! `hyperlab list [KIND] [--json]`.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;
use serde::Serialize;
use serde_json::{Value as Json, json};
use unicode_width::UnicodeWidthStr;

use super::console::Console;
use super::failure::Failure;
use super::lists::{About, Kind, scenarios};
use crate::catalog::{self, Card, Knob};
use crate::chart;
use crate::glossary::{self, Group, Term};
use crate::probe::{self, Question};

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct List {
    /// Which list; all of them when left out
    kind: Option<Kind>,
    /// Everything known of every item, as JSON
    #[arg(long)]
    json: bool,
}

impl List {
    /// Prints the lists.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let kinds: Vec<Kind> = self.kind.map_or(Kind::ALL.to_vec(), |kind| vec![kind]);
        if self.json {
            let lists: BTreeMap<&str, Vec<Json>> = kinds.iter().map(|&kind| (kind.name(), items(kind))).collect();
            let schema = "hyperlab/list/1";
            writeln!(console, "{}", serde_json::to_string_pretty(&Lists { schema, lists }).unwrap_or_default())?;
            return Ok(());
        }
        for (index, &kind) in kinds.iter().enumerate() {
            if kinds.len() > 1 {
                writeln!(console, "{}{}", if index > 0 { "\n" } else { "" }, kind.name())?;
            }
            let lines = lines(kind);
            let width = lines.iter().map(|(id, _)| id.width()).max().unwrap_or(0);
            for (id, text) in lines {
                writeln!(console, "  {id}{}  {text}", " ".repeat(width - id.width()))?;
            }
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Lists {
    schema: &'static str,
    #[serde(flatten)]
    lists: BTreeMap<&'static str, Vec<Json>>,
}

fn lines(kind: Kind) -> Vec<(&'static str, String)> {
    match kind {
        Kind::Scenarios => scenarios().into_iter().map(|scenario| (scenario.id, scenario.title)).collect(),
        Kind::Glossary => {
            glossary::terms().map(|term| (term.id, format!("{}: {}", term.heading(), term.plain))).collect()
        }
        _ => {
            let line = |card: &Card| match card.equation {
                "" => card.name.to_owned(),
                equation => format!("{}: {equation}", card.name),
            };
            kind.cards().iter().map(|card| (card.id, line(card))).collect()
        }
    }
}

fn items(kind: Kind) -> Vec<Json> {
    match kind {
        Kind::Scenarios => scenarios()
            .into_iter()
            .map(|About { id, title, about, problem, trials }| {
                json!({ "id": id, "title": title, "about": about, "problem": problem, "trials": trials })
            })
            .collect(),
        Kind::Glossary => glossary::ALL.iter().flat_map(|group| group.terms.iter().map(|it| term(group, it))).collect(),
        Kind::Probes => probe::ALL.iter().map(probe_item).collect(),
        Kind::Charts => chart::ALL.iter().map(chart_item).collect(),
        _ => kind.cards().into_iter().map(card).collect(),
    }
}

/// A word with everything that is said of it.
fn term(group: &Group, term: &Term) -> Json {
    json!({
        "id": term.id,
        "name": term.name,
        "spelled": term.spelled,
        "group": group.title,
        "plain": term.plain,
        "more": term.more,
        "see": term.see,
    })
}

/// A chart's card, and what has to be measured for it.
fn chart_item(entry: &chart::Entry) -> Json {
    let finding = |question: Question| json!({ "probe": question.probe().card.id, "sweep": question.is_over_sweep() });
    let mut fields = card(&entry.card);
    fields["finding"] = entry.finding.map_or(Json::Null, finding);
    fields
}

/// A probe's card, and how the laboratory takes it.
fn probe_item(entry: &probe::Entry) -> Json {
    let mut fields = card(&entry.card);
    fields["key"] = json!(entry.key);
    fields["scope"] = json!(entry.scope.name());
    fields["sweep_key"] = json!(entry.sweeps);
    fields
}

fn card(card: &Card) -> Json {
    json!({
        "id": card.id,
        "ron_name": card.ron_name(),
        "name": card.name,
        "source": card.source,
        "equation": card.equation,
        "summary": card.summary,
        "cost": card.cost,
        "fails": card.fails,
        "knobs": card.knobs.iter().map(knob).collect::<Vec<_>>(),
    })
}

fn knob(knob: &Knob) -> Json {
    let (kind, default) = match knob.kind {
        catalog::Kind::Real { default, .. } => ("real", json!(default)),
        catalog::Kind::Automatic { .. } => ("automatic", json!("Auto")),
        catalog::Kind::Integer { default, .. } => ("integer", json!(default)),
        catalog::Kind::Choice { options } => ("choice", json!(options[0].0)),
        catalog::Kind::Sized { plain, .. } => ("sized", json!(plain[0].0)),
        catalog::Kind::Toggle { default } => ("toggle", json!(default)),
    };
    let mut fields = json!({ "key": knob.key, "help": knob.help, "kind": kind, "default": default });
    match knob.kind {
        catalog::Kind::Real { range, .. } | catalog::Kind::Automatic { range } => fields["range"] = json!(range),
        catalog::Kind::Integer { range, .. } | catalog::Kind::Sized { range, .. } => fields["range"] = json!(range),
        catalog::Kind::Choice { .. } | catalog::Kind::Toggle { .. } => {}
    }
    let options: Vec<Json> = knob.kind.options().map(|(name, help)| json!({ "name": name, "help": help })).collect();
    if !options.is_empty() {
        fields["options"] = json!(options);
    }
    fields
}
