//! Everything that can be turned, as rows.

use crate::catalog::{Kind, Knob, Scale, Value};
use crate::engine::Request;
use crate::lab::{Command, Snapshot};
use crate::pace;
use crate::probe;
use crate::scenario::{MEASURED_AT, MeasuredAt, PARTS};

/// Whose knob it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A trial's, by its identifier and the path of the field.
    Trial(u64, String),
    /// The problem's, by its key.
    Problem(&'static str),
    /// How trials share the clock.
    Pace,
    /// How often the laboratory measures.
    MeasureEvery,
    /// At which λ the laboratory measures.
    MeasuredAt,
    /// A probe's, by its key.
    Probe(&'static probe::Entry, &'static str),
}

impl Address {
    /// What to ask of the laboratory to turn it.
    #[must_use]
    pub fn turn(&self, value: Value) -> Request {
        Request::Apply(match (self, value) {
            (Self::Trial(trial, path), _) => {
                Command::Turn { trial: *trial, path: path.as_str().into(), value: value.to_text().into() }
            }
            (Self::Problem(key), _) => Command::TurnProblem { key: (*key).into(), value: value.to_text().into() },
            (Self::Pace, _) => Command::Set { path: "pace".into(), value: value.to_text().into() },
            (Self::MeasureEvery, Value::Integer(steps)) => Command::MeasureEvery(usize::try_from(steps).unwrap_or(1)),
            (Self::MeasureEvery, _) => Command::MeasureEvery(1),
            (Self::MeasuredAt, value) => return Request::MeasureAt(MeasuredAt::of(value).unwrap_or_default()),
            (Self::Probe(probe, key), _) => return Request::TurnProbe { probe, key, value },
        })
    }

    /// Whether turning it is no part of what is done to the laboratory, and not of its session.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        matches!(self, Self::MeasuredAt | Self::Probe(..))
    }

    /// What a person types to name it.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Trial(_, path) => path.clone(),
            Self::Problem(key) => format!("problem.{key}"),
            Self::Pace => "pace".to_owned(),
            Self::MeasureEvery => "measure_every".to_owned(),
            Self::MeasuredAt => format!("study.{}", MEASURED_AT.key),
            Self::Probe(probe, key) => format!("{}.{key}", probe.card.id),
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
    /// What it is.
    pub knob: &'static Knob,
    /// Where it is.
    pub value: Value,
}

impl KnobRow {
    /// Its name in words.
    #[must_use]
    pub fn label(&self) -> String {
        self.knob.key.replace('_', " ")
    }
}

static MEASURE_EVERY: Knob = Knob {
    key: "measure_every",
    help: "Hypergradients are estimated for the charts at every so many inner steps. More is cheaper to watch.",
    kind: Kind::Integer { default: 1, range: (1, 10_000), scale: Scale::Logarithmic },
};

/// The knobs of a trial, then those that all trials share, then those of the probes.
#[must_use]
pub fn rows(snapshot: &Snapshot, trial: usize) -> Vec<KnobRow> {
    let mut rows = Vec::new();
    if let Some(trial) = snapshot.trials.get(trial) {
        let setting = &trial.setting;
        for field in setting.fields() {
            let part = PARTS.iter().find(|part| part.path == field.part);
            let section = match part.and_then(|part| Some((part.title, part.of_trial.as_ref()?))) {
                Some((title, of_trial)) => format!("{title}: {}", (of_trial.card)(setting).name),
                None if field.part.is_empty() => "batches".to_owned(),
                None => format!("{} loop", field.part),
            };
            let address = Address::Trial(trial.id, field.path());
            rows.push(KnobRow { section, address, knob: field.knob, value: field.value });
        }
    }
    for (knob, value) in snapshot.problem.knobs.iter() {
        let section = format!("all trials: {}", snapshot.problem.card.name);
        rows.push(KnobRow { section, address: Address::Problem(knob.key), knob, value });
    }
    let pace = snapshot.pace.card().ron_name();
    let chosen = pace::CHOICE.parse(&pace).unwrap_or_else(|_| pace::CHOICE.default());
    rows.push(KnobRow { section: "all trials".to_owned(), address: Address::Pace, knob: &pace::CHOICE, value: chosen });
    rows.push(KnobRow {
        section: "all trials".to_owned(),
        address: Address::MeasureEvery,
        knob: &MEASURE_EVERY,
        value: Value::Integer(snapshot.measure_every as i64),
    });
    rows.push(KnobRow {
        section: "measuring".to_owned(),
        address: Address::MeasuredAt,
        knob: &MEASURED_AT,
        value: snapshot.findings.measured_at().value(),
    });
    for probe in probe::ALL {
        let section = format!("measuring: {}", probe.card.name);
        let row = |(knob, value): (&'static Knob, Value)| KnobRow {
            section: section.clone(),
            address: Address::Probe(probe, knob.key),
            knob,
            value,
        };
        rows.extend(snapshot.findings.knobs(probe).iter().map(row));
    }
    rows
}
