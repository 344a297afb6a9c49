//! Writing figures and sessions to files, on a thread of its own.

use std::fs;
use std::path::{Path, PathBuf};

use crate::chart::{Choice, Figure};
use crate::export::{self, Size};
use crate::lab::{Comparison, Session, Snapshot};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The files, in the order in which they were written.
    pub paths: Vec<PathBuf>,
}

/// What to write.
pub struct Report {
    /// Where to. It is made when it is not there.
    pub folder: PathBuf,
    /// First part of every name.
    pub label: String,
    /// The moment shown.
    pub snapshot: std::sync::Arc<Snapshot>,
    /// The charts.
    pub charts: Vec<Choice>,
    /// Everything done so far.
    pub session: Session,
}

/// The table of all trials, beside the charts.
const COMPARISON: &str = "comparison";

/// Size of the pictures, in pixels: two columns of a page at print resolution.
const SIZE: Size = Size::new(1200, 800);

impl Report {
    /// Writes each chart as PNG, SVG and CSV, the trials side by side, and the session. No file is overwritten: where one of
    /// the names is taken, all get the same number.
    ///
    /// # Errors
    /// In words, with the file that could not be written. Those before it stay.
    pub fn write(&self) -> Result<Written, String> {
        fs::create_dir_all(&self.folder).map_err(|error| format!("cannot make {}: {error}", self.folder.display()))?;
        let figures: Vec<Figure> = self.charts.iter().map(|chart| chart.draw(&self.snapshot)).collect();
        let ending = self.free_ending(&figures);
        let mut paths = Vec::new();
        let mut put = |path: PathBuf, bytes: &[u8]| {
            export::write(&path, bytes).map_err(|error| error.to_string())?;
            paths.push(path);
            Ok::<(), String>(())
        };
        for figure in &figures {
            let png = export::png(figure, SIZE).map_err(|error| error.to_string())?;
            let svg = export::svg(figure, SIZE).map_err(|error| error.to_string())?;
            let path = |kind: &str| self.path(&figure.id, &ending, kind);
            put(path("png"), &png)?;
            put(path("svg"), svg.as_bytes())?;
            put(path("csv"), export::csv(figure).as_bytes())?;
        }
        if !figures.is_empty() {
            let comparison = Comparison::of(&self.snapshot, &Comparison::all(&self.snapshot));
            put(self.path(COMPARISON, &ending, "csv"), export::table_csv(&comparison.named_table()).as_bytes())?;
        }
        let session = self.session.to_ron().map_err(|error| error.to_string())?;
        put(self.path("session", &ending, "ron"), session.as_bytes())?;
        Ok(Written { paths })
    }

    /// Nothing, or `-2`, `-3`, …: the first with which no file is there yet.
    fn free_ending(&self, figures: &[Figure]) -> String {
        let others = [(COMPARISON, "csv"), ("session", "ron")];
        let names = figures.iter().map(|figure| (figure.id.as_str(), "png")).chain(others);
        let names: Vec<(&str, &str)> = names.collect();
        let endings = std::iter::once(String::new()).chain((2..10_000).map(|number| format!("-{number}")));
        let is_free = |ending: &String| names.iter().all(|(name, kind)| !self.path(name, ending, kind).exists());
        endings.into_iter().find(is_free).unwrap_or_default()
    }

    fn path(&self, name: &str, ending: &str, kind: &str) -> PathBuf {
        let Snapshot { outer, inner, .. } = &*self.snapshot;
        let label = file_name(&self.label);
        Path::new(&self.folder).join(format!("{label}-{name}-outer{outer}-inner{inner}{ending}.{kind}"))
    }
}

/// The label with nothing in it that a file system could take amiss.
fn file_name(label: &str) -> String {
    let plain = |letter: char| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '-' };
    let name: String = label.chars().take(60).map(plain).collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() { "laboratory".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        assert_eq!(file_name("../my scenario"), "my-scenario");
        assert_eq!(file_name("ridge"), "ridge");
        assert_eq!(file_name("../.."), "laboratory");
    }
}
