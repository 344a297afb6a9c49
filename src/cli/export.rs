//! `hyperlab export SCENARIO|SESSION --out DIR`: charts as files.

use std::ffi::OsString;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::console::Console;
use super::failure::Failure;
use super::input::{Input, Reach};
use super::progress::Bar;
use super::run::{apply, horizons, reported, run_to};
use crate::catalog::Carded;
use crate::chart::palette::{self, Palette};
use crate::chart::{self, Choice};
use crate::export::{
    ExportError, Kind, Paper, Report, ReportError, Size, Skipped, Theme, WriteError, Written, make_folder,
};
use crate::front::{Folder, Source};
use crate::lab::{Command, Comparison, End, Findings, Inquiry, Lab, Moment, Snapshot};
use crate::metric::QuantityError;
use crate::probe::{ProbeError, Progress, Question};
use crate::scenario::{Horizon, MEASURED_AT, MeasuredAt, Scenario, display_text, experiment};
use crate::trial::{Budget, Status};

/// Arguments of `export`.
#[derive(Debug, Args)]
#[command(after_help = "A scenario runs its outer steps and then one more inner run, so that charts over inner steps \
                        show a whole run at the last λ; with `--outer-steps 0` that is the run at λ₀. A session is \
                        replayed to where it was left. Charts of what a probe finds are measured first, all \
                        trials at λ₀ unless --measured-at or `study` says otherwise, with the replicates that the \
                        scenario's `study` names; without --chart they are left out unless the scenario lists them or has a \
                        study for them.")]
pub struct Export {
    /// A built-in scenario's name, or the path of a scenario or session file
    #[arg(value_name = "SCENARIO|SESSION")]
    scenario: OsString,
    /// Which charts; when left out all that have something to draw, but those that have to be measured only where the scenario says so
    /// (`hyperlab list charts`); `metric(cosine, calls)` is any metric against any clock
    #[arg(long = "chart", value_name = "ID", num_args = 1..)]
    charts: Vec<String>,
    /// Kind of file
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// Size of a picture: `single-column` (3.5 in), `double-column` (7 in), `slide` (16:9), or width and height in pixels
    #[arg(long, value_name = "PRESET|WxH", allow_hyphen_values = true, default_value = "double-column", value_parser = Size::parse)]
    size: Size,
    /// Ground of a picture
    #[arg(long, value_enum, default_value_t = Ground::Light)]
    theme: Ground,
    /// Colours of the trials: okabe-ito, tol-bright, tol-vibrant, tol-muted, petroff-6, petroff-8
    #[arg(long, value_name = "NAME", default_value = "okabe-ito", value_parser = palette::find)]
    palette: &'static Palette,
    /// Replaces files that are there; without it new ones are numbered
    #[arg(long)]
    force: bool,
    /// Folder to write to; made when it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// At which λ trials are measured: all at λ₀ (Start), all where the first trial is (Selected), or each at its own
    /// (Each); when left out as `study.measured_at` says. Whole runs and sweeps begin at λ₀
    #[arg(long, value_name = "Start|Selected|Each", value_parser = measured_at)]
    measured_at: Option<MeasuredAt>,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    input: Input,
}

/// Kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A picture of dots
    Png,
    /// A picture of lines, for print
    Svg,
    /// The numbers that are drawn
    Csv,
}

/// Ground of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ground {
    /// Dark on white, for print
    Light,
    /// Light on nearly black, for slides
    Dark,
}

/// Where a scenario or session has led.
struct Reached {
    snapshot: Snapshot,
    lab: Lab,
    moment: Moment,
    files: Folder,
    /// What is reported of each trial; of a session nothing was planned.
    ends: Option<Vec<End>>,
}

impl Export {
    /// Runs or replays, measures what is to be drawn, draws, writes, and prints the paths written.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let source = Source::open(&self.scenario)?;
        self.named()?;
        // Before a long run, not after it.
        make_folder(&self.out).map_err(|WriteError { path, cause }| refused(&path, &cause))?;
        let name = source.name.clone();
        let reached = if source.is_session() { self.replayed(source)? } else { self.ran(source, console)? };
        let charts = self.chosen(&reached.lab.experiment().scenario)?;
        let entries: Vec<&chart::Entry> = charts.iter().map(|choice| choice.entry).collect();
        let ends = reached.ends.clone();
        let snapshot = reached.measured(&entries, self.measured_at)?;
        let columns = Comparison::all(&snapshot);
        let comparison = match ends {
            // As `run --table` has it.
            Some(ends) => Comparison::at_the_end(&snapshot, &columns, &ends),
            None => Comparison::of(&snapshot, &columns),
        };
        let report = Report {
            folder: &self.out,
            scenario: &name,
            snapshot: &snapshot,
            charts: &charts,
            kinds: &[self.format.kind()],
            paper: Paper { size: self.size, theme: self.theme.theme(), palette: self.palette },
            comparison: Some(comparison.named_table()),
            session: None,
            replaces: self.force,
        };
        // Something was asked for by name and nothing of it can be had: the table beside it was not asked for.
        if let Some(skipped) = report.nothing().filter(|_| !self.charts.is_empty()) {
            console
                .show(|out, _| left_out(&skipped).iter().try_for_each(|line| writeln!(out, "{}", display_text(line))));
            return Err(Failure::input("none of the charts named has anything to draw here"));
        }
        let Written { paths, skipped, warnings } = report.write().map_err(failure)?;
        for path in &paths {
            writeln!(console, "{}", path.display())?;
        }
        console.show(|out, _| {
            let warnings = warnings.iter().map(|warning| format!("warning: {warning}"));
            left_out(&skipped).into_iter().chain(warnings).try_for_each(|line| writeln!(out, "{}", display_text(&line)))
        });
        Ok(())
    }

    /// The charts to draw. Those named; without names every chart of the run, and of those that have to be
    /// measured the ones that the scenario means to be.
    fn chosen(&self, scenario: &Scenario) -> Result<Vec<Choice>, Failure> {
        let named = self.named()?;
        let is_named = |entry: &chart::Entry| named.iter().any(|choice| std::ptr::eq(choice.entry, entry));
        let has_sweep = scenario.study.sweep.is_some();
        if let Some(entry) = chart::ALL.iter().find(|entry| is_named(entry) && is_sweep(entry) && !has_sweep) {
            let message =
                format!("`{}` has nothing to sweep: the scenario's field `study.sweep` is missing", entry.card().id);
            let spelling = "study: Study(sweep: Sweep(path: \"inner.steps\", values: [\"1\", \"10\", \"100\"]))";
            return Err(Failure::input(message).with_help(format!("add, for example, `{spelling}`")));
        }
        if !named.is_empty() {
            return Ok(named);
        }
        // What the scenario opens with, then the others.
        let mut chosen: Vec<Choice> = scenario.charts.iter().filter_map(|text| Choice::parse(text).ok()).collect();
        for entry in chart::ALL.iter().filter(|entry| is_offered(entry, scenario)) {
            if !chosen.iter().any(|choice| std::ptr::eq(choice.entry, entry)) {
                chosen.push(Choice::of(entry));
            }
        }
        Ok(chosen)
    }

    /// The charts named, in the order of the list, each once; those of a metric in the order given.
    fn named(&self) -> Result<Vec<Choice>, Failure> {
        let mut named = Vec::new();
        for name in self.charts.iter().flat_map(|names| separate(names)) {
            let refused = |error: QuantityError| {
                let failure = Failure::input(error.message);
                match error.help {
                    Some(help) => failure.with_help(help),
                    None => failure,
                }
            };
            named.push(Choice::parse(name).map_err(refused)?);
        }
        let place = |choice: &Choice| chart::ALL.iter().position(|entry| std::ptr::eq(entry, choice.entry));
        named.sort_by_key(place);
        named.dedup_by(|a, b| std::ptr::eq(a.entry, b.entry) && a.against == b.against);
        Ok(named)
    }

    fn replayed(&self, source: Source) -> Result<Reached, Failure> {
        if self.input.changes() || self.reach.is_given() {
            let message = format!("`{}` is a session, which says itself what happens; nothing can be set", source.name);
            return Err(
                Failure::input(message).with_help("leave out --set, --seed, --inner-steps, --outer-steps and --calls")
            );
        }
        let history = source.replay()?;
        let (snapshot, moment) = (Snapshot::of(&history), Moment::of(&history));
        Ok(Reached { snapshot, lab: history.lab().clone(), moment, files: source.files, ends: None })
    }

    fn ran(&self, source: Source, console: &mut Console) -> Result<Reached, Failure> {
        let (mut scenario, source) = self.input.scenario(source, console)?;
        self.chosen(&scenario)?;
        self.reach.apply(&mut scenario);
        let (horizons, measured) = (horizons(&scenario), scenario.measure_every);
        // What is measured along all inner runs but the last is not drawn. Which is the last is known beforehand where
        // trials take their outer steps together.
        let keeps_rounds = scenario.pace.entry().keeps_rounds();
        if keeps_rounds && horizons.iter().all(|horizon| matches!(horizon, Horizon::Steps(_))) {
            scenario.measure_every = usize::MAX;
        }
        let experiment = experiment(&scenario, &source.files).map_err(|failure| Failure::input(failure.to_string()))?;
        let pace = experiment.scenario.pace.clone();
        // Nothing is thinned of a run whose length is known.
        let mut lab = Lab::recording(experiment, Budget::UNLIMITED);
        run_to(&mut lab, &horizons, None, |_| ())?;
        let ends = Some(reported(&lab, &horizons));
        apply(&mut lab, &Command::MeasureEvery(measured))?;
        if !keeps_rounds {
            // Every inner run is taken to its end, whoever else is at his.
            apply(&mut lab, &Command::Set { path: "pace".into(), value: "Rounds".into() })?;
        }
        while lab.trials().any(|trial| trial.status() == Status::Running) {
            apply(&mut lab, &Command::Tick)?;
        }
        let (snapshot, moment) = (Snapshot { pace, ..Snapshot::of_lab(&lab) }, Moment::of_lab(&lab));
        Ok(Reached { snapshot, lab, moment, files: source.files, ends })
    }
}

impl Reached {
    /// The moment with everything measured that these charts draw.
    fn measured(self, charts: &[&chart::Entry], at: Option<MeasuredAt>) -> Result<Snapshot, Failure> {
        let mut findings = Findings::none(&self.lab.experiment().scenario.study);
        at.into_iter().for_each(|at| findings.measure_at(at));
        for question in Question::all().filter(|question| charts.iter().any(|entry| entry.finding == Some(*question))) {
            let bar = Bar::new(1);
            let mut watcher = |progress: Progress| {
                bar.set(progress.done, progress.total);
                ControlFlow::Continue(())
            };
            let wrong = |error: ProbeError| Failure::input(format!("{} cannot be measured: {error}", question.name()));
            let terms = findings.terms(question, None);
            let inquiry = Inquiry::new(question, &self.lab, terms, self.moment).map_err(wrong)?;
            let finding = inquiry.run(&self.files, &mut watcher).map_err(wrong)?;
            findings.keep(question, inquiry.measured(finding.into()));
        }
        Ok(self.snapshot.with_findings(findings))
    }
}

/// What was left out, a line each.
fn left_out(skipped: &[Skipped]) -> Vec<String> {
    skipped.iter().map(|Skipped { chart, reason }| format!("left out `{chart}`: {reason}")).collect()
}

/// Names apart by commas that stand outside of brackets.
fn separate(names: &str) -> Vec<&str> {
    let mut depth = 0usize;
    let outside = |letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    };
    names.split(outside).collect()
}

fn is_sweep(entry: &chart::Entry) -> bool {
    entry.finding.is_some_and(Question::is_over_sweep)
}

/// Whether a chart is drawn when none is named: what takes long to measure only where the scenario means it.
fn is_offered(entry: &chart::Entry, scenario: &Scenario) -> bool {
    let is_listed = |entry: &chart::Entry| scenario.charts.iter().any(|id| id == entry.card().id);
    // A sweep is for the probe whose chart is listed; where none is, for every probe that can.
    let is_for_another = is_sweep(entry) && chart::ALL.iter().any(|other| is_sweep(other) && is_listed(other));
    let is_studied = |question: Question| question.is_studied(&scenario.study) && !is_for_another;
    entry.finding.is_none_or(|question| is_listed(entry) || is_studied(question))
}

impl Format {
    const fn kind(self) -> Kind {
        match self {
            Self::Png => Kind::Png,
            Self::Svg => Kind::Svg,
            Self::Csv => Kind::Csv,
        }
    }
}

/// `Start`, `Selected` or `Each`.
fn measured_at(text: &str) -> Result<MeasuredAt, String> {
    MEASURED_AT
        .parse(text)
        .map(|value| MeasuredAt::of(value).unwrap_or_default())
        .map_err(|expected| format!("expected {expected}"))
}

impl Ground {
    const fn theme(self) -> Theme {
        match self {
            Self::Light => Theme::Light,
            Self::Dark => Theme::Dark,
        }
    }
}

fn failure(error: ReportError) -> Failure {
    match error {
        ReportError::File(WriteError { path, cause }) => refused(&path, &cause),
        ReportError::Figure(error @ ExportError::Size(_)) => Failure::input(error.to_string()),
        ReportError::Figure(error) => Failure::Work(error.to_string()),
    }
}

/// A place that cannot be written to was the wrong place; a disk that is full is a failure.
fn refused(path: &Path, cause: &io::Error) -> Failure {
    let message = format!("`{}` cannot be written: {cause}", display_text(&path.display().to_string()));
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::Other => Failure::Work(message),
        _ => Failure::input(message).with_help("--out names a folder that this user may write to"),
    }
}
