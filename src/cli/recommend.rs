//! `hyperlab recommend SCENARIO`.

use std::ffi::OsString;
use std::io::Write;

use clap::Args;
use serde_json::{Value as Json, json};

use super::clock::seconds;
use super::console::Console;
use super::failure::Failure;
use super::input::Input;
use super::measuring::Threads;
use super::output::write_table;
use crate::catalog::{Knobs, Value};
use crate::export::table_csv;
use crate::front::{Source, wrap};
use crate::math::number::plain;
use crate::probe::recommend::{ENTRY, Limits, Measured, Recommendation, outer_step};
use crate::probe::{self, Case, Cell, Finding};
use crate::scenario::{Scenario, display_text};

/// Arguments of `recommend`.
#[derive(Debug, Args)]
#[command(
    after_help = "Takes the run of one trial of the scenario, and measures at the λ that it visits what every estimator costs \
                        that fits the problem, and how wrong it is. `hyperlab describe recommend` explains. Without limits it looks \
                        for an error of 1 %; with --calls or --memory alone, for the least error within them.\n\n\
                        What is advised was chosen along that run; then it ran by itself from λ₀ for a while, and the words say what that \
                        showed.\n\n\
                        The chart, which measures fewer states and calls where nothing is said: `hyperlab export SCENARIO --chart recommend recommend-memory --out DIR`."
)]
pub struct Recommend {
    /// A built-in scenario's name or a path
    scenario: OsString,
    /// Oracle calls that an outer step may take, inner run included
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = calls)]
    calls: Option<f64>,
    /// Memory that an estimator may hold beyond θ and λ, in bytes or with a unit: 64MB, 512KiB
    #[arg(long, value_name = "M", allow_hyphen_values = true, value_parser = memory)]
    memory: Option<f64>,
    /// Relative error that is small enough, as a share or in percent: 0.01, 1%
    #[arg(long, value_name = "E", allow_hyphen_values = true, value_parser = error)]
    error: Option<f64>,
    /// The trial whose run is followed, by its name or its number from 1; the first when left out
    #[arg(long, value_name = "TRIAL")]
    trial: Option<String>,
    /// Outer steps of the run at which estimates are measured
    #[arg(long, value_name = "S", allow_hyphen_values = true, value_parser = clap::value_parser!(u32).range(1..=1000))]
    states: Option<u32>,
    /// How often each is measured with other draws, where something is drawn
    #[arg(long, value_name = "R", allow_hyphen_values = true, value_parser = clap::value_parser!(u32).range(2..=1000))]
    repetitions: Option<u32>,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    threads: Threads,
    /// The answer and everything that was measured as JSON. Numbers round-trip exactly; what is not finite is `null`
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Everything that was measured as CSV, one row a setting
    #[arg(long)]
    csv: bool,
}

impl Recommend {
    /// Measures and answers.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let (mut scenario, source) = self.input.scenario(Source::open(&self.scenario)?, console)?;
        let place = self.put_first(&mut scenario)?;
        let knobs = self.knobs(&scenario)?;
        let case = Case::of(&source.name, &scenario, &source.files, &knobs);
        let case = case.map_err(|failure| Failure::input(failure.to_string()))?;
        let found = self.threads.measure(&ENTRY, &case)?;
        let Some(found) = found.as_ref().get::<Recommendation>() else {
            return Err(Failure::Work("the probe found something else".to_owned()));
        };
        if self.csv {
            return Ok(console.write_all(table_csv(&found.rows()).as_bytes())?);
        }
        let limits = Limits::of(&knobs);
        if self.json {
            writeln!(console, "{}", in_json(found, &limits))?;
            return Ok(());
        }
        for (place, words) in found.answer(&limits).words.iter().enumerate() {
            // The answer stands apart from what is said beside it.
            if place == 1 {
                writeln!(console)?;
            }
            for line in wrap(words, COLUMNS) {
                writeln!(console, "{line}")?;
            }
        }
        writeln!(console)?;
        write_table(&timed(found, &case), console)?;
        if let Some(chosen) = found.answer(&limits).chosen {
            let Measured { setting, inner_steps, .. } = &found.settings[chosen];
            let (name, trial) = (&source.name, place);
            let words =
                format!("hyperlab run {name} --inner-steps {inner_steps} --set 'trials[{trial}].estimator={setting}'");
            writeln!(console, "\nTry it: {}", display_text(&words))?;
        }
        Ok(())
    }

    /// Its knobs: what the scenario says of its study, then what the command line says.
    fn knobs(&self, scenario: &Scenario) -> Result<Knobs, Failure> {
        let mut knobs = probe::knobs(&ENTRY, &scenario.study);
        let number = |key, value: Option<f64>| value.map(|value| (key, Value::Real(value)));
        let count = |key, value: Option<u32>| value.map(|value| (key, Value::Integer(value.into())));
        let said = [
            number("calls", self.calls),
            number("memory", self.memory),
            number("error", self.error),
            count("states", self.states),
            count("repetitions", self.repetitions),
        ];
        for (key, value) in said.into_iter().flatten() {
            knobs.set(key, value).map_err(|error| Failure::input(error.to_string()))?;
        }
        Ok(knobs)
    }

    /// Puts the trial that is meant before the others, and gives the place that it had.
    fn put_first(&self, scenario: &mut Scenario) -> Result<usize, Failure> {
        let Some(asked) = &self.trial else { return Ok(0) };
        let name = |trial: &crate::scenario::TrialSpec| {
            trial.name.as_deref().map(display_text).unwrap_or_else(|| trial.estimator.card().name.to_owned())
        };
        let names: Vec<String> = scenario.trials.iter().map(name).collect();
        let by_number = asked.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let place = names.iter().position(|name| name == asked).or(by_number.filter(|place| *place < names.len()));
        let Some(place) = place else {
            let message = format!("there is no trial `{}` here", display_text(asked));
            return Err(Failure::input(message).with_help(format!("expected one of: {}", names.join(", "))));
        };
        scenario.trials[..=place].rotate_right(1);
        Ok(place)
    }
}

/// Columns of the words.
const COLUMNS: usize = 100;

/// The answer with everything that was measured.
fn in_json(found: &Recommendation, limits: &Limits) -> Json {
    let answer = found.answer(limits);
    let chosen = answer.chosen.map(|place| &found.settings[place]);
    let measured: Json = serde_json::from_str(&found.to_json()).unwrap_or(Json::Null);
    json!({
        "chosen": chosen, "error": chosen.map(Measured::error), "is_within": answer.is_within, "words": answer.words,
        "measured": measured,
    })
}

/// The settings that nothing beats, with the seconds that an outer step takes here and now. They are no part of the finding:
/// the same setting takes others elsewhere.
fn timed(found: &Recommendation, case: &Case<'_>) -> crate::probe::Table {
    let mut table = found.summary();
    let place = table.columns.len() - 1;
    table.columns.insert(place, "seconds".to_owned());
    for (row, setting) in table.rows.iter_mut().zip(found.front()) {
        let seconds = outer_step(case, &found.settings[setting]).and_then(|start| seconds(&start));
        row.insert(place, seconds.map_or(Cell::Missing, |seconds| Cell::Text(plain(seconds))));
    }
    table
}

/// A number of oracle calls.
fn calls(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number| TAKEN.calls.contains(number));
    number.ok_or_else(|| "expected a number of oracle calls from 1 to 1e12".to_owned())
}

/// What the knobs take.
struct Taken {
    calls: std::ops::RangeInclusive<f64>,
    memory: std::ops::RangeInclusive<f64>,
    error: std::ops::RangeInclusive<f64>,
}

const TAKEN: Taken = Taken { calls: 1.0..=1e12, memory: 1.0..=1e15, error: 1e-15..=1e6 };

/// A size in bytes, with a unit or without.
fn memory(text: &str) -> Result<f64, String> {
    const UNITS: [(&str, f64); 8] = [
        ("", 1.0),
        ("b", 1.0),
        ("kb", 1e3),
        ("mb", 1e6),
        ("gb", 1e9),
        ("kib", 1024.0),
        ("mib", 1_048_576.0),
        ("gib", 1_073_741_824.0),
    ];
    let expected = || "expected a size from 1 to 1e15 bytes, such as 4096, 64kB, 64MB, 512KiB, 1.5GiB".to_owned();
    let text = text.trim();
    let end = text.find(|letter: char| letter.is_ascii_alphabetic() && !letter.eq_ignore_ascii_case(&'e'));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let unit = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim())).ok_or_else(expected)?;
    let number: f64 = number.trim().parse().map_err(|_| expected())?;
    let size = number * unit.1;
    if TAKEN.memory.contains(&size) { Ok(size) } else { Err(expected()) }
}

/// A relative error, as a share or in percent.
fn error(text: &str) -> Result<f64, String> {
    let (number, unit) = match text.trim().strip_suffix('%') {
        Some(number) => (number.trim(), 0.01),
        None => (text.trim(), 1.0),
    };
    let error = number.parse().ok().map(|number: f64| number * unit).filter(|error| TAKEN.error.contains(error));
    error.ok_or_else(|| "expected a relative error from 1e-15 to 1e6, such as 0.01 or 1%".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Kind;

    #[test]
    fn sizes_have_units_or_none() {
        for (text, size) in [
            ("4096", 4096.0),
            ("64MB", 64e6),
            ("64 mb", 64e6),
            ("512KiB", 524_288.0),
            ("1.5GiB", 1_610_612_736.0),
            ("1e6", 1e6),
            ("10B", 10.0),
        ] {
            assert_eq!(memory(text), Ok(size), "{text}");
        }
        for text in ["", "64XB", "many", "MB", "-1", "-5MB", "0", "1e16", "1e400", "64M B"] {
            assert!(memory(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_the_flags_take_the_knobs_take() {
        for (knob, range) in [("calls", TAKEN.calls), ("memory", TAKEN.memory), ("error", TAKEN.error)] {
            let knob = ENTRY.card.knobs.iter().find(|other| other.key == knob).unwrap();
            let Kind::Automatic { range: taken } = knob.kind else { panic!("{} is no number", knob.key) };
            assert_eq!((*range.start(), *range.end()), taken, "{}", knob.key);
        }
        assert_eq!((calls("0.5").is_err(), calls("1e13").is_err(), calls("1e12")), (true, true, Ok(1e12)));
    }

    #[test]
    fn errors_are_shares_or_percent() {
        assert_eq!((error("0.01"), error("5 %"), error("1e-3")), (Ok(0.01), Ok(0.05), Ok(1e-3)));
        for text in ["0", "-1", "-5%", "1e-16", "1e9", "nan", "inf", "%", "small"] {
            assert!(error(text).is_err(), "{text}");
        }
    }
}
