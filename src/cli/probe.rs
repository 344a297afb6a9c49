//! `hyperlab probe PROBE SCENARIO`.

use std::ffi::OsString;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::console::Console;
use super::failure::Failure;
use super::input::Input;
use super::measuring::Threads;
use super::output::Format;
use crate::catalog::{Carded, KnobError, Knobs, Value, find};
use crate::front::Source;
use crate::probe::{self, Case};
use crate::scenario::{Scenario, Sweep, did_you_mean};

/// Arguments of `probe`.
#[derive(Debug, Args)]
pub struct Probe {
    /// What to measure; `hyperlab list probes` explains
    #[arg(value_parser = PossibleValuesParser::new(probe::ALL.iter().map(|entry| entry.card.id)))]
    probe: String,
    /// A built-in scenario's name or a path
    scenario: OsString,
    #[command(flatten)]
    input: Input,
    /// Replicates: of super-efficiency and of studies over whole runs so many seeds S, S + 1, …; of bias-variance
    /// training samples, or RxV training samples with V validation samples each
    #[arg(long, value_name = "R[xV]", allow_hyphen_values = true)]
    replicates: Option<String>,
    /// One finding for each value at a path of the scenario, separated by commas: inner.steps=1,3,10,30
    #[arg(long, value_name = "PATH=V1,V2,…")]
    sweep: Option<String>,
    /// A knob of the probe, as `hyperlab describe PROBE` lists them: truth=SameData
    #[arg(long, value_name = "KEY=VALUE")]
    knob: Vec<String>,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    format: Format,
}

impl Probe {
    /// Measures and prints.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let entry = find(probe::ALL, &self.probe).ok_or_else(|| self.unknown())?;
        let (scenario, source) = self.input.scenario(Source::open(&self.scenario)?, console)?;
        let knobs = self.knobs(entry, &scenario)?;
        let sweep = self.sweep.as_deref().map(sweep).transpose()?;
        if sweep.is_some() && entry.sweeps.is_none() {
            let able: Vec<&str> =
                probe::ALL.iter().filter(|entry| entry.sweeps.is_some()).map(|entry| entry.card.id).collect();
            return Err(Failure::input(format!("`{}` does not sweep; expected `{}`", self.probe, able.join("`, `"))));
        }
        let case = Case::of(&source.name, &scenario, &source.files, &knobs);
        let case = case.map_err(|failure| Failure::input(failure.to_string()))?;
        let case = Case { sweep: sweep.as_ref(), ..case };
        let finding = self.threads.measure(entry, &case)?;
        self.format.write_timed(finding.as_ref(), &case, console)
    }

    /// The probe's knobs: what the scenario says of its study, then what the command line says.
    fn knobs(&self, entry: &probe::Entry, scenario: &Scenario) -> Result<Knobs, Failure> {
        let mut knobs = probe::knobs(entry, &scenario.study);
        let refused = |error: KnobError| Failure::input(error.to_string());
        if let Some(replicates) = &self.replicates {
            for (key, count) in counts(entry, replicates)? {
                knobs.set(key, Value::Integer(count)).map_err(refused)?;
            }
        }
        for assignment in &self.knob {
            let Some((key, text)) = assignment.split_once('=') else {
                let message = format!("`--knob {assignment}`: expected KEY=VALUE");
                return Err(
                    Failure::input(message).with_help(format!("`hyperlab describe {}` lists the keys", self.probe))
                );
            };
            // A key that does not exist is for `set` to refuse.
            let found = entry.card.knobs.iter().find(|knob| knob.key == key);
            let value = match found {
                Some(knob) => knob
                    .parse(text)
                    .map_err(|expected| Failure::input(format!("`{key}` cannot be `{text}`; expected {expected}")))?,
                None => Value::Automatic,
            };
            knobs.set(key, value).map_err(refused)?;
        }
        Ok(knobs)
    }

    fn unknown(&self) -> Failure {
        let advice = did_you_mean(&self.probe, probe::ALL.iter().map(|entry| entry.card().id));
        Failure::input(format!("there is no probe `{}`", self.probe)).with_help(advice.unwrap_or_default())
    }
}

/// The knobs that `--replicates` sets.
fn counts(entry: &probe::Entry, text: &str) -> Result<Vec<(&'static str, i64)>, Failure> {
    let has = |key: &str| entry.card.knobs.iter().any(|knob| knob.key == key);
    let number = |part: &str| {
        part.trim().parse::<i64>().map_err(|_| {
            let message = format!("`--replicates {text}`: expected a whole number, or two as in `40x5`");
            Failure::input(message)
        })
    };
    match text.split_once(['x', 'X', '×']) {
        Some((training, validation)) if has("training") => {
            Ok(vec![("training", number(training)?), ("validation", number(validation)?)])
        }
        _ if has("training") => Ok(vec![("training", number(text)?)]),
        _ => Ok(vec![("replicates", number(text)?)]),
    }
}

/// `inner.steps=1,3,10`; commas inside brackets belong to a value.
fn sweep(text: &str) -> Result<Sweep, Failure> {
    let Some((path, list)) = text.split_once('=') else {
        return Err(Failure::input(format!("`--sweep {text}`: expected PATH=V1,V2,…, such as `inner.steps=1,3,10`")));
    };
    let (mut values, mut depth) = (vec![String::new()], 0);
    for letter in list.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                values.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(value) = values.last_mut() {
            value.push(letter);
        }
    }
    let values = values.iter().map(|value| value.trim().to_owned()).collect();
    Ok(Sweep { path: path.trim().to_owned(), values })
}
