//! Charts of one moment as files in a folder: what both fronts write, so that they cannot differ.
//!
//! Every file carries the scenario and the moment in its name. A chart that has nothing to draw is left out, and why is said.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::ExportError;
use super::file::{WriteError, make_folder, write};
use super::paper::Paper;
use super::render::undrawable;
use super::{csv, png, svg, table_csv};
use crate::chart::{Choice, Figure};
use crate::lab::Snapshot;
use crate::probe::Table;

/// What to write, and where.
pub struct Report<'a> {
    /// The folder. It is made when it is not there.
    pub folder: &'a Path,
    /// What the scenario is called, or the path of its file: the first part of every name.
    pub scenario: &'a str,
    /// The moment.
    pub snapshot: &'a Snapshot,
    /// The charts.
    pub charts: &'a [Choice],
    /// As what each chart is written.
    pub kinds: &'a [Kind],
    /// What pictures are drawn on.
    pub paper: Paper,
    /// The trials side by side.
    pub comparison: Option<Table>,
    /// The session that leads here, as text.
    pub session: Option<String>,
    /// Whether files of the same names are replaced.
    pub replaces: bool,
}

/// Kind of a chart's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A picture of dots.
    Png,
    /// A picture of lines and texts.
    Svg,
    /// The numbers that are drawn.
    Csv,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The files, in the order in which they were written.
    pub paths: Vec<PathBuf>,
    /// Charts that have nothing to draw, and why.
    pub skipped: Vec<Skipped>,
    /// What is the matter with a file that was written.
    pub warnings: Vec<String>,
}

/// A chart that has nothing to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which.
    pub chart: String,
    /// Why.
    pub reason: String,
}

/// Why a report was not written, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A figure could not be drawn.
    #[error(transparent)]
    Figure(#[from] ExportError),
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] WriteError),
}

/// The table of all trials, beside the charts.
const COMPARISON: &str = "comparison";

/// The session, beside the charts.
const SESSION: &str = "session";

impl Kind {
    const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Csv => "csv",
        }
    }

    fn bytes(self, figure: &Figure, paper: Paper) -> Result<Vec<u8>, ExportError> {
        match self {
            Self::Png => png(figure, paper),
            Self::Svg => svg(figure, paper).map(String::into_bytes),
            Self::Csv => Ok(csv(figure).into_bytes()),
        }
    }
}

impl Report<'_> {
    /// Writes each chart that has something to draw, the trials side by side, and the session. Unless files are to be
    /// replaced none is: where one of the names is taken, all get the same number.
    ///
    /// # Errors
    /// With the figure or file at fault. Files written before it stay.
    pub fn write(&self) -> Result<Written, ReportError> {
        make_folder(self.folder)?;
        let (figures, skipped) = self.figures();
        let mut written = Written { skipped, ..Written::default() };
        let ending = self.free_ending(&figures);
        for figure in &figures {
            for kind in self.kinds {
                let path = self.path(&figure.id, &ending, kind.extension());
                write(&path, &kind.bytes(figure, self.paper)?)?;
                if *kind == Kind::Png {
                    written.warnings.extend(boxes(figure, self.paper, &path));
                }
                written.paths.push(path);
            }
        }
        let comparison = self.comparison.as_ref().map(|table| (COMPARISON, "csv", table_csv(table)));
        let session = self.session.as_ref().map(|text| (SESSION, "ron", text.clone()));
        for (name, extension, text) in comparison.into_iter().chain(session) {
            let path = self.path(name, &ending, extension);
            write(&path, text.as_bytes())?;
            written.paths.push(path);
        }
        Ok(written)
    }

    /// The charts that have nothing to draw, where that is all of them.
    #[must_use]
    pub fn nothing(&self) -> Option<Vec<Skipped>> {
        let (figures, skipped) = self.figures();
        figures.is_empty().then_some(skipped)
    }

    /// The charts that have something to draw, and the others.
    fn figures(&self) -> (Vec<Figure>, Vec<Skipped>) {
        let (mut figures, mut skipped) = (Vec::new(), Vec::new());
        for choice in self.charts {
            let mut figure = choice.draw(self.snapshot);
            if figure.is_empty() {
                skipped.push(Skipped { chart: choice.to_string(), reason: figure.empty.reason });
            } else {
                figure.source = format!("Scenario `{}`, seed {}", stem(self.scenario), self.snapshot.seed);
                figures.push(figure);
            }
        }
        (figures, skipped)
    }

    /// Nothing, or `-2`, `-3`, …: the first with which no file is there yet.
    fn free_ending(&self, figures: &[Figure]) -> String {
        if self.replaces {
            return String::new();
        }
        let charts = figures.iter().flat_map(|figure| self.kinds.iter().map(|kind| (&*figure.id, kind.extension())));
        let session = self.session.is_some().then_some((SESSION, "ron"));
        let names: Vec<(&str, &str)> = charts.chain(session).collect();
        let endings = std::iter::once(String::new()).chain((2..u32::MAX).map(|number| format!("-{number}")));
        let comparison = self.comparison.as_ref().map(table_csv);
        let is_free = |ending: &String| {
            let is_new =
                |(name, extension): &(&str, &str)| fs::symlink_metadata(self.path(name, ending, extension)).is_err();
            // The same charts in another format come with the same table, which is no reason for a number.
            let path = self.path(COMPARISON, ending, "csv");
            let is_same = |text: &String| fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes());
            let has_table = |text: &String| is_new(&(COMPARISON, "csv")) || is_same(text);
            names.iter().all(is_new) && comparison.as_ref().is_none_or(has_table)
        };
        endings.into_iter().find(is_free).unwrap_or_default()
    }

    /// `ridge-losses-outer3-inner20.svg`. The inner step is left out where an inner run is at its start.
    fn path(&self, name: &str, ending: &str, extension: &str) -> PathBuf {
        let Snapshot { outer, inner, .. } = *self.snapshot;
        let inner = if inner > 0 { format!("-inner{inner}") } else { String::new() };
        self.folder.join(format!("{}-{name}-outer{outer}{inner}{ending}.{extension}", file_name(stem(self.scenario))))
    }
}

/// Characters that stand as boxes in a picture of dots, by name.
fn boxes(figure: &Figure, paper: Paper, path: &Path) -> Option<String> {
    let lacking = undrawable(figure, paper);
    if lacking.is_empty() {
        return None;
    }
    let named: Vec<String> = lacking.iter().map(|letter| format!("{letter} (U+{:04X})", u32::from(*letter))).collect();
    Some(format!(
        "`{}` has boxes for characters that the built-in font lacks: {}; an SVG shows them",
        path.display(),
        named.join(", ")
    ))
}

/// What a scenario is called: its name, or its file's without folder and ending. A session that was written here is called
/// by its scenario.
fn stem(scenario: &str) -> &str {
    let name = Path::new(scenario).file_name().and_then(|name| name.to_str()).unwrap_or(scenario);
    let name = name.strip_suffix(".ron").unwrap_or(name);
    name.split_once("-session-outer").map_or(name, |(name, _)| name)
}

/// A name with nothing in it that a file system could take amiss.
fn file_name(name: &str) -> String {
    let plain = |letter: char| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '-' };
    let name: String = name.chars().take(60).map(plain).collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() { "laboratory".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_scenarios_and_plain() {
        let named = |scenario: &str| file_name(stem(scenario));
        assert_eq!(named("ridge"), "ridge");
        assert_eq!(named("cases/my scenario.ron"), "my-scenario");
        assert_eq!(named("figures/ridge-session-outer3-inner5-2.ron"), "ridge");
        assert_eq!(named("../.."), "laboratory");
    }
}
