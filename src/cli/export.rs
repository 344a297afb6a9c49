//! `hyperlab export SCENARIO|SESSION --out DIR`: charts as files.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::console::Console;
use super::failure::Failure;
use super::input::{Input, OuterSteps};
use super::run::{apply, outer_steps, run_outer};
use crate::catalog::Carded;
use crate::chart::{self, Figure};
use crate::export::{self, ExportError, Size, WriteError};
use crate::front::{Source, chart_ids};
use crate::lab::{Command, Lab, Snapshot};
use crate::scenario::{display_text, experiment};
use crate::trial::Status;

/// Arguments of `export`.
#[derive(Debug, Args)]
#[command(after_help = "A scenario runs its outer steps and then one more inner run, so that charts over inner steps \
                        show a whole run at the last λ; with `--outer-steps 0` that is the run at λ₀. A session is \
                        replayed to where it was left.")]
pub struct Export {
    /// A built-in scenario's name, or the path of a scenario or session file
    #[arg(value_name = "SCENARIO|SESSION")]
    scenario: String,
    /// Which charts; all of them when left out
    #[arg(long = "chart", value_name = "ID", num_args = 1.., value_delimiter = ',')]
    #[arg(value_parser = PossibleValuesParser::new(chart_ids()))]
    charts: Vec<String>,
    /// Kind of file
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// Width and height of a picture in pixels
    #[arg(long, value_name = "WxH", default_value = "800x600", value_parser = size)]
    size: Size,
    /// Folder to write to; made when it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    outer: OuterSteps,
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

impl Export {
    /// Runs or replays, draws, writes, and prints the paths written.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let source = Source::open(&self.scenario)?;
        // Before a long run, not after it.
        fs::create_dir_all(&self.out).map_err(|cause| refused(&self.out, &cause))?;
        let snapshot = if source.is_session() { self.replayed(&source)? } else { self.ran(source, console)? };
        let is_meant =
            |entry: &&chart::Entry| self.charts.is_empty() || self.charts.iter().any(|id| id == entry.card().id);
        for entry in chart::ALL.iter().filter(is_meant) {
            let name = format!("{}.{}", entry.card().id, self.format.extension());
            let path = self.out.join(name);
            let bytes = self.format.bytes(&(entry.draw)(&snapshot), self.size)?;
            export::write(&path, &bytes).map_err(|WriteError { path, cause }| refused(&path, &cause))?;
            writeln!(console, "{}", path.display())?;
        }
        Ok(())
    }

    fn replayed(&self, source: &Source) -> Result<Snapshot, Failure> {
        if self.input.changes() || self.outer.is_given() {
            let message = format!("`{}` is a session, which says itself what happens; nothing can be set", source.name);
            return Err(Failure::input(message).with_help("leave out --set, --seed, --inner-steps and --outer-steps"));
        }
        Ok(Snapshot::of(&source.replay()?))
    }

    fn ran(&self, source: Source, console: &mut Console) -> Result<Snapshot, Failure> {
        let (mut scenario, source) = self.input.scenario(source, console)?;
        self.outer.apply(&mut scenario);
        let (planned, measured) = (outer_steps(&scenario), scenario.measure_every);
        // What is measured along all inner runs but the last is not drawn.
        scenario.measure_every = usize::MAX;
        let experiment = experiment(&scenario, &source.files).map_err(|failure| Failure::input(failure.to_string()))?;
        let mut lab = Lab::new(experiment);
        run_outer(&mut lab, &planned)?;
        apply(&mut lab, &Command::MeasureEvery(measured))?;
        while lab.trials().any(|trial| trial.status() == Status::Running) {
            apply(&mut lab, &Command::Tick)?;
        }
        Ok(Snapshot::of_lab(&lab))
    }
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Csv => "csv",
        }
    }

    fn bytes(self, figure: &Figure, size: Size) -> Result<Vec<u8>, Failure> {
        let drawn = match self {
            Self::Png => export::png(figure, size),
            Self::Svg => export::svg(figure, size).map(String::into_bytes),
            Self::Csv => Ok(export::csv(figure).into_bytes()),
        };
        drawn.map_err(|error| match error {
            ExportError::Size(_) => Failure::input(error.to_string()),
            other => Failure::Work(other.to_string()),
        })
    }
}

/// `800x600`.
fn size(text: &str) -> Result<Size, String> {
    let sides =
        text.split_once(['x', 'X', '×']).and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
    let bounds = Size::LEAST..=Size::MOST;
    match sides {
        Some((width, height)) if bounds.contains(&width) && bounds.contains(&height) => Ok(Size::new(width, height)),
        _ => Err(format!("expected WIDTHxHEIGHT in pixels, each from {} to {}", Size::LEAST, Size::MOST)),
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
