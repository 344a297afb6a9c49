//! Everything that can be set, as rows.

use crate::catalog::{Kind, Knob, Knobs, Scale, Value, counts, decades};
use crate::engine::Request;
use crate::lab::{Command, Snapshot};
use crate::probe;
use crate::scenario::{MEASURED_AT, MeasuredAt, PARTS, Part, Stated};

/// What is set by a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A value of a trial, by its identifier and the path of the field.
    Trial(u64, String),
    /// The name of a trial, by its identifier.
    Name(u64),
    /// The problem's, by its key.
    Problem(&'static str),
    /// A value of the scenario that all trials share, by its path.
    Scenario(String),
    /// How often the laboratory measures.
    MeasureEvery,
    /// At which λ the laboratory measures.
    MeasuredAt,
    /// A probe's, by its key.
    Probe(&'static probe::Entry, &'static str),
}

impl Address {
    /// What to ask of the laboratory to set it.
    #[must_use]
    pub fn turn(&self, content: &Content) -> Request {
        let value = content.to_text().into();
        Request::Apply(match (self, content) {
            (Self::Trial(trial, path), _) => Command::Turn { trial: *trial, path: path.as_str().into(), value },
            (Self::Name(trial), _) => Command::Rename(*trial, value),
            (Self::Problem(key), _) => Command::TurnProblem { key: (*key).into(), value },
            (Self::Scenario(path), _) => Command::Set { path: path.as_str().into(), value },
            (Self::MeasureEvery, Content::Knob(_, Value::Integer(steps))) => {
                Command::MeasureEvery(usize::try_from(*steps).unwrap_or(1))
            }
            (Self::Probe(probe, key), Content::Knob(_, value)) => {
                return Request::TurnProbe { probe, key, value: *value };
            }
            (Self::MeasuredAt, Content::Knob(_, value)) => {
                return Request::MeasureAt(MeasuredAt::of(*value).unwrap_or_default());
            }
            (Self::MeasureEvery | Self::MeasuredAt | Self::Probe(..), _) => Command::MeasureEvery(1),
        })
    }

    /// Whether turning it is no part of what is done to the laboratory, and not of its session.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        matches!(self, Self::MeasuredAt | Self::Probe(..))
    }

    /// Whether it is a trial's own.
    #[must_use]
    pub fn is_of_trial(&self) -> bool {
        matches!(self, Self::Trial(..))
    }

    /// The path of a sweep over it: of every trial that has it, or of the one in this row alone. Nothing of what the
    /// scenario does not say.
    #[must_use]
    pub fn swept(&self, is_for_all: bool, trial: usize) -> Option<String> {
        match self {
            Self::Trial(_, path) if is_for_all => Some(format!("trials[*].{path}")),
            Self::Trial(_, path) => Some(format!("trials[{trial}].{path}")),
            Self::Problem(_) => Some(self.path()),
            Self::Scenario(path) if !path.starts_with("study.") => Some(path.clone()),
            _ => None,
        }
    }

    /// What a person types to name it.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Trial(_, path) | Self::Scenario(path) => path.clone(),
            Self::Name(_) => "name".to_owned(),
            Self::Problem(key) => format!("problem.{key}"),
            Self::MeasureEvery => "measure_every".to_owned(),
            Self::MeasuredAt => format!("study.{}", MEASURED_AT.key),
            Self::Probe(probe, key) => format!("{}.{key}", probe.card.id),
        }
    }
}

/// What stands in a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A knob's value.
    Knob(&'static Knob, Value),
    /// A value as a scenario spells it. What may stand there, the laboratory knows.
    Text(String),
}

impl Content {
    /// The value as it would be typed.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Knob(_, value) => value.to_text(),
            Self::Text(text) => text.clone(),
        }
    }

    /// The content with another value, as typed.
    ///
    /// # Errors
    /// What was expected, of a knob that does not take it.
    pub fn retyped(&self, text: &str) -> Result<Self, String> {
        match self {
            Self::Knob(knob, _) => knob.parse(text).map(|value| Self::Knob(knob, value)),
            Self::Text(_) => Ok(Self::Text(text.trim().to_owned())),
        }
    }

    /// The content so many stops up or down. Of values that are text only whole numbers have stops.
    #[must_use]
    pub fn nudged(&self, stops: i32) -> Option<Self> {
        match self {
            Self::Knob(knob, value) => Some(Self::Knob(knob, knob.nudge(*value, stops))),
            Self::Text(text) => {
                let count: i64 = text.parse().ok()?;
                // By one, where a person counts, and by a quarter beyond.
                let stop = if count < 20 { 1 } else { count / 4 };
                Some(Self::Text(count.saturating_add(stop * i64::from(stops)).max(0).to_string()))
            }
        }
    }

    /// The content that a place on the slider stands for; nothing where there is no slider.
    #[must_use]
    pub fn slid(&self, cell: usize, cells: usize) -> Option<Self> {
        match self {
            Self::Knob(knob, _) => knob.value_at(cell, cells).map(|value| Self::Knob(knob, value)),
            Self::Text(_) => None,
        }
    }

    /// A few values around the present one, as they would be typed.
    #[must_use]
    pub fn around(&self) -> Vec<String> {
        match self {
            Self::Knob(knob, value) => knob.around(*value).into_iter().map(Value::to_text).collect(),
            Self::Text(text) => match (text.parse(), text.parse()) {
                (Ok(count), _) if count > 0 => counts(count).map(|count| count.to_string()).collect(),
                (_, Ok(number)) => decades(number).into_iter().map(|number| Value::Real(number).to_text()).collect(),
                _ => vec![text.clone()],
            },
        }
    }

    /// The same kind of content where nothing is said; nothing for text, whose default no row knows.
    #[must_use]
    pub fn default(&self) -> Option<Self> {
        match self {
            Self::Knob(knob, _) => Some(Self::Knob(knob, knob.default())),
            Self::Text(_) => None,
        }
    }
}

/// A row of the panel.
#[derive(Debug, Clone, PartialEq)]
pub struct KnobRow {
    /// Heading of the rows it belongs to.
    pub section: String,
    /// Whose it is.
    pub address: Address,
    /// Its name in words.
    pub label: String,
    /// What it does.
    pub help: String,
    /// What stands there.
    pub content: Content,
    /// Whether another value lets every trial begin anew.
    pub begins_anew: bool,
}

impl KnobRow {
    fn of(section: &str, address: Address, knob: &'static Knob, value: Value) -> Self {
        Self {
            section: section.to_owned(),
            address,
            label: knob.key.replace('_', " "),
            help: knob.help.to_owned(),
            content: Content::Knob(knob, value),
            begins_anew: false,
        }
    }

    /// The name of a trial, to be typed.
    #[must_use]
    pub fn name(trial: u64, name: &str) -> Self {
        Self {
            section: String::new(),
            address: Address::Name(trial),
            label: "name".to_owned(),
            help: "What the trial is called in the list, the charts and the exports.".to_owned(),
            content: Content::Text(name.to_owned()),
            begins_anew: false,
        }
    }

    fn stated(stated: &Stated) -> Self {
        let (section, label) = match stated.path.split_once('.') {
            Some(("data", rest)) => ("data", rest),
            Some(("study", rest)) => ("study", rest),
            _ => ("scenario", stated.path.as_str()),
        };
        let label = match label {
            "lambda" => "λ₀ (lambda)".to_owned(),
            "theta" => "θ₀ (theta)".to_owned(),
            other => other.replace(['.', '_'], " "),
        };
        let anew = if stated.begins_anew { "Lets every trial begin anew. " } else { "" };
        Self {
            section: section.to_owned(),
            address: Address::Scenario(stated.path.clone()),
            label,
            help: format!("{anew}{}", stated.help),
            content: Content::Text(stated.text.clone()),
            begins_anew: stated.begins_anew,
        }
    }

    /// Whether one of a few names stands here.
    #[must_use]
    pub fn is_choice(&self) -> bool {
        matches!(&self.content, Content::Knob(knob, _) if matches!(knob.kind, Kind::Choice { .. }))
    }

    /// What must stand here, in words, where that is known.
    #[must_use]
    pub fn expected(&self) -> String {
        match &self.content {
            Content::Knob(knob, _) => knob.expected(),
            Content::Text(_) if matches!(self.address, Address::Name(_)) => "a name".to_owned(),
            Content::Text(_) => "a value as a scenario spells it".to_owned(),
        }
    }
}

static MEASURE_EVERY: Knob = Knob {
    key: "measure_every",
    help: "Hypergradients are estimated for the charts at every so many inner steps. More is cheaper to watch.",
    kind: Kind::Integer { default: 1, range: (1, 10_000), scale: Scale::Logarithmic },
};

/// What can be set of a trial, then what all trials share, then the knobs of the probes.
#[must_use]
pub fn rows(snapshot: &Snapshot, trial: usize) -> Vec<KnobRow> {
    let mut rows = of_trial(snapshot, trial);
    rows.extend(of_problem(snapshot));
    let scenario = &snapshot.experiment.scenario;
    let stated = |section: &str| -> Vec<KnobRow> {
        snapshot.stated.iter().map(KnobRow::stated).filter(|row| row.section == section).collect()
    };
    rows.extend(stated("scenario"));
    rows.extend(of_part("pace", "scenario", scenario.pace.card().ron_name(), &scenario.pace.knobs));
    let every = Value::Integer(i64::try_from(snapshot.measure_every).unwrap_or(i64::MAX));
    rows.push(KnobRow::of("scenario", Address::MeasureEvery, &MEASURE_EVERY, every));
    rows.extend(stated("data"));
    let truth = format!("truth: {}", scenario.truth.card().name);
    rows.extend(of_part("truth", &truth, scenario.truth.card().ron_name(), &scenario.truth.knobs));
    rows.extend(stated("study"));
    // Where it is measured now may differ from what the scenario says.
    rows.retain(|row| row.address.path() != Address::MeasuredAt.path());
    let measured_at = snapshot.findings.measured_at().value();
    rows.push(KnobRow::of("measuring", Address::MeasuredAt, &MEASURED_AT, measured_at));
    rows.extend(of_probes(snapshot));
    rows
}

fn of_trial(snapshot: &Snapshot, trial: usize) -> Vec<KnobRow> {
    let Some(trial) = snapshot.trials.get(trial) else { return Vec::new() };
    let setting = &trial.setting;
    let row = |field: crate::scenario::Field| {
        let part = field.beside.and_then(|part| Some((part.title, part.of_trial.as_ref()?)));
        let section =
            part.map_or_else(String::new, |(title, of_trial)| format!("{title}: {}", (of_trial.card)(setting).name));
        KnobRow::of(&section, Address::Trial(trial.id, field.path()), field.knob, field.value)
    };
    setting.fields().into_iter().map(row).collect()
}

/// The problem: which, and its knobs.
fn of_problem(snapshot: &Snapshot) -> Vec<KnobRow> {
    let problem = &snapshot.problem;
    let section = format!("problem: {}", problem.card.name);
    let knobs = problem.knobs.iter();
    let knobs = knobs.map(|(knob, value)| KnobRow::of(&section, Address::Problem(knob.key), knob, value));
    let choice = chosen("problem", &section, &problem.card.ron_name());
    choice.map(|row| KnobRow { begins_anew: true, ..row }).into_iter().chain(knobs).collect()
}

/// What stands at a part that all trials share, and its knobs.
fn of_part(path: &str, section: &str, name: String, knobs: &Knobs) -> Vec<KnobRow> {
    let address = |key: &str| Address::Scenario(format!("{path}.{key}"));
    let knobs = knobs.iter().map(|(knob, value)| KnobRow::of(section, address(knob.key), knob, value));
    chosen(path, section, &name).into_iter().chain(knobs).collect()
}

/// Which extension stands at a part that all trials share.
fn chosen(path: &str, section: &str, name: &str) -> Option<KnobRow> {
    let part: &'static Part = PARTS.iter().find(|part| part.path == path)?;
    let knob = part.choice();
    let value = knob.parse(name).ok()?;
    Some(KnobRow::of(section, Address::Scenario(path.to_owned()), knob, value))
}

fn of_probes(snapshot: &Snapshot) -> Vec<KnobRow> {
    let mut rows = Vec::new();
    for probe in probe::ALL {
        let section = format!("measuring: {}", probe.card.name);
        let knobs = snapshot.findings.knobs(probe);
        let row =
            |(knob, value): (&'static Knob, Value)| KnobRow::of(&section, Address::Probe(probe, knob.key), knob, value);
        rows.extend(knobs.iter().map(row));
    }
    rows
}
