//! Tables that a person opens: the draft of a scenario over one, and the scenario.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{Folder, read_bytes, shown};
use super::source::{OpenError, Source};
use crate::data::table::{Reading, survey};
use crate::scenario::{Advice, Draft, Experiment, Files, display_text, experiment, parse};

/// A scenario over a table, ready to be run and to be written.
pub struct Begun {
    /// The scenario as text.
    pub text: String,
    /// What it starts with.
    pub experiment: Experiment,
    /// Reads the files that it names.
    pub files: Folder,
    /// Where it is to be written: beside the table, under its name.
    pub path: PathBuf,
}

/// The draft of a scenario over a table, read as `reading` says of its dialect; nothing, where it is not wanted any more.
///
/// # Errors
/// When the file cannot be read, or is no table.
pub fn draft(path: &Path, reading: &Reading, is_wanted: &dyn Fn() -> bool) -> Result<Option<Draft>, OpenError> {
    let name = shown(path);
    let bytes = read_bytes(path).map_err(|reason| OpenError::Read { name: name.clone(), reason })?;
    let file = path.file_name().map_or_else(|| name.clone(), |name| shown(Path::new(name)));
    let found = survey(&bytes, &file, reading, is_wanted);
    let found = found.map_err(|error| OpenError::NoTable { message: error.to_string(), help: error.help() })?;
    Ok(found.map(|survey| Draft::of(Arc::new(survey), reading)))
}

/// The scenario of a draft: the first of its texts that can be run, read from the folder of `into`, or else of the table.
/// This is the verdict on a table, wherever one is asked for: that there is something to begin.
///
/// # Errors
/// Why there is none: what the draft has against it, or else everything that is wrong with the first of its texts.
pub fn begin(draft: &Draft, table: &Path, into: Option<&Path>) -> Result<Begun, Vec<String>> {
    let against: Vec<String> = draft.advice().into_iter().filter(Advice::is_error).map(|advice| advice.text).collect();
    if !against.is_empty() {
        return Err(against);
    }
    let path = into.map_or_else(|| table.with_extension("ron"), Path::to_owned);
    let files = Folder::of_file(&path);
    let named = if path.parent() == table.parent() {
        table.file_name().and_then(|name| name.to_str()).map(str::to_owned)
    } else {
        Folder::current().whole_path(table.to_str().unwrap_or_default())
    };
    let Some(named) = named.filter(|_| table.to_str().is_some()) else {
        let message = "the name of the file is no text, so that no scenario can say it; expected another name";
        return Err(vec![format!("{}: {message}", display_text(&table.display().to_string()))]);
    };
    let texts = draft.texts(&named);
    let mut refused = None;
    for text in &texts {
        let Ok(scenario) = parse(text) else { continue };
        match experiment(&scenario, &files) {
            Ok(experiment) => return Ok(Begun { text: text.clone(), experiment, files, path }),
            Err(failure) => {
                let help = failure.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
                refused.get_or_insert(format!("{failure}{help}"));
            }
        }
    }
    let source = texts.first().map(|text| Source { name: shown(&path), text: text.clone(), files });
    let all = match source.map(|source| source.scenario()) {
        Some(Err(OpenError::Mistakes(mistakes))) => {
            let errors = mistakes.found.into_iter().filter(|found| found.is_error());
            errors
                .map(|found| found.help.map_or(found.message.clone(), |help| format!("{}; {help}", found.message)))
                .collect()
        }
        _ => Vec::new(),
    };
    if !all.is_empty() {
        return Err(all);
    }
    Err(vec![refused.unwrap_or_else(|| "no problem takes such a target".to_owned())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_is_no_table_is_said_to_be_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture.csv");
        fs::write(&path, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR,,,;;;").unwrap();
        let error = draft(&path, &Reading::default(), &|| true).map(drop).unwrap_err();
        assert!(error.to_string().contains("a picture"), "{error}");
        for (bytes, words) in [
            (&b"PK\x03\x04\0\0x.npy"[..], "Npz("),
            (b"\x93NUMPY\x01\0v\0{", "Npy("),
            (b"+1 3:0.5 7:-2\n-1 1:2\n", "LIBSVM"),
        ] {
            fs::write(&path, bytes).unwrap();
            let error = draft(&path, &Reading::default(), &|| true).map(drop).unwrap_err();
            assert!(error.in_words().contains(words), "{}", error.in_words());
        }
        let text: Vec<u8> = "a,b\n1,2\n2,3\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(&path, text).unwrap();
        assert!(draft(&path, &Reading::default(), &|| true).unwrap().is_some());
    }
}
