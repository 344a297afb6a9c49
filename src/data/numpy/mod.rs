//! Arrays of NumPy: one in each `.npy` file, several by name in an `.npz` file, which is a zip archive of them.

mod npy;
mod zip;

use npy::Array;

use super::bounds::too_large;
use super::{DataError, Dataset, display_text, numbered_names};
use crate::math::Matrix;
use crate::math::number::counted;

/// Where an array is asked for, and what came of it.
pub(super) struct Asked<'a> {
    /// The field of the source: `features`.
    pub field: &'static str,
    /// The file, or the name of the array in one.
    pub name: &'a str,
}

impl Asked<'_> {
    /// `archive` is the file that the array is in, unless it is one of its own.
    fn wrong(&self, archive: Option<&str>, reason: &str) -> DataError {
        let name = display_text(self.name);
        let array =
            archive.map_or_else(|| format!("`{name}`"), |archive| format!("{}, `{name}`", display_text(archive)));
        DataError::at(format!("source.{}", self.field), format!("{array}: {reason}"))
    }
}

/// What reads a sparse matrix that SciPy has written.
const SPARSE: &str = "this is a sparse matrix of SciPy, which has no targets: `sklearn.datasets.dump_svmlight_file(X, y, path)` writes \
                      both, and `Libsvm(path: \"…\")` keeps them sparse";

/// Largest header of an array, beside eight bytes a number.
const HEADER: usize = 1 << 16;

/// A data set from the arrays of an `.npz` file: features, targets and weights, where there are some.
///
/// # Errors
/// At `source.path` or the array at fault.
pub(super) fn from_archive(
    bytes: &[u8],
    file: &str,
    features: &Asked<'_>,
    targets: &Asked<'_>,
    weights: Option<&Asked<'_>>,
) -> Result<Dataset, DataError> {
    let broken = |reason: String| DataError::at("source.path", format!("{} {reason}", display_text(file)));
    if npy::is_array(bytes) {
        let help = "`Npy(features: \"…\", targets: \"…\")` reads arrays that are files of their own";
        return Err(broken("is a single array; expected an archive of several".to_owned()).with_help(help));
    }
    if !zip::is_archive(bytes) {
        return Err(broken("is no archive of arrays: it does not begin as a zip archive does".to_owned()));
    }
    let entries = zip::entries(bytes).map_err(broken)?;
    // As `scipy.sparse.save_npz` writes one matrix.
    let holds = |name: &str| entries.iter().any(|entry| entry.name.strip_suffix(".npy") == Some(name));
    let is_sparse = ["data", "indices", "indptr", "format"].into_iter().all(holds);
    let array = |asked: &Asked<'_>| {
        let is_meant = |name: &str| name == asked.name || name.strip_suffix(".npy") == Some(asked.name);
        let mut meant = entries.iter().filter(|entry| is_meant(&entry.name));
        let (found, other) = (meant.next(), meant.next());
        if other.is_some() {
            return Err(
                asked.wrong(Some(file), "is there twice, so that either may be meant; expected one array of that name")
            );
        }
        let Some(entry) = found else {
            if entries.is_empty() {
                let message = format!(
                    "{} holds no arrays; expected one called `{}`",
                    display_text(file),
                    display_text(asked.name)
                );
                return Err(DataError::at(format!("source.{}", asked.field), message));
            }
            let names = entries.iter().take(12).map(|entry| {
                let name = entry.name.strip_suffix(".npy").unwrap_or(&entry.name);
                format!("`{}`", display_text(name))
            });
            let names = names.collect::<Vec<_>>().join(", ");
            let more = if entries.len() > 12 { ", …" } else { "" };
            let message = format!(
                "{} has no array `{}`; its arrays are {names}{more}",
                display_text(file),
                display_text(asked.name)
            );
            let error = DataError::at(format!("source.{}", asked.field), message);
            return Err(if is_sparse { error.with_help(SPARSE) } else { error });
        };
        let most = 8 * super::bounds::MOST_NUMBERS + HEADER;
        let bytes = entry.bytes(most).map_err(|reason| asked.wrong(Some(file), &reason))?;
        npy::read(&bytes).map_err(|reason| asked.wrong(Some(file), &reason))
    };
    let (x, y) = (array(features)?, array(targets)?);
    let w = weights.map(|weights| Ok((array(weights)?, weights))).transpose()?;
    dataset(Some(file), (x, features), (y, targets), w)
}

/// A data set from arrays that are files of their own.
///
/// # Errors
/// At the array at fault.
pub(super) fn from_files<'a>(
    features: (&[u8], &Asked<'a>),
    targets: (&[u8], &Asked<'a>),
    weights: Option<(&[u8], &Asked<'a>)>,
) -> Result<Dataset, DataError> {
    let array = |(bytes, asked): (&[u8], &Asked<'a>)| {
        if zip::is_archive(bytes) {
            let error = asked.wrong(None, "is an archive of arrays; expected a single one");
            return Err(error.with_help("`Npz(path: \"…\", features: \"…\", targets: \"…\")` reads arrays by name"));
        }
        npy::read(bytes).map_err(|reason| asked.wrong(None, &reason))
    };
    let (x, y) = (array(features)?, array(targets)?);
    let w = weights.map(|weights| Ok((array(weights)?, weights.1))).transpose()?;
    dataset(None, (x, features.1), (y, targets.1), w)
}

fn dataset(
    file: Option<&str>,
    (x, features): (Array, &Asked<'_>),
    (y, targets): (Array, &Asked<'_>),
    weights: Option<(Array, &Asked<'_>)>,
) -> Result<Dataset, DataError> {
    let (rows, columns) = (x.shape[0], x.shape.get(1).copied().unwrap_or(1));
    if rows == 0 || columns == 0 {
        return Err(features.wrong(file, &format!("is {rows} x {columns}; expected at least one row and one column")));
    }
    if let Some(reason) = too_large(rows, columns) {
        return Err(features.wrong(file, &format!("holds {reason}")));
    }
    finite(&x, features, file)?;
    let targets = column(y, targets, file, rows)?;
    let mut found = Vec::new();
    if let Some((array, asked)) = weights {
        found = column(array, asked, file, rows)?;
        if let Some(row) = found.iter().position(|weight| *weight < 0.0) {
            let message = format!("row {row} is {}; expected a weight of at least 0", found[row]);
            return Err(asked.wrong(file, &message));
        }
    }
    Ok(Dataset {
        features: Matrix::from_entries(rows, columns, x.values).unwrap_or_default().into(),
        targets,
        weights: found,
        feature_names: numbered_names(columns),
        target_name: "target".to_owned(),
        ..Dataset::default()
    })
}

/// One number a row.
fn column(array: Array, asked: &Asked<'_>, file: Option<&str>, rows: usize) -> Result<Vec<f64>, DataError> {
    let shape = array.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" x ");
    if array.shape.iter().skip(1).any(|columns| *columns != 1) || array.shape[0] != rows {
        let expected = counted(rows, "number");
        return Err(asked.wrong(file, &format!("is {shape}; expected {expected}, one for each row of the features")));
    }
    finite(&array, asked, file)?;
    Ok(array.values)
}

fn finite(array: &Array, asked: &Asked<'_>, file: Option<&str>) -> Result<(), DataError> {
    let Some(first) = array.values.iter().position(|value| !value.is_finite()) else { return Ok(()) };
    let count = array.values.iter().filter(|value| !value.is_finite()).count();
    let columns = array.shape.get(1).copied().unwrap_or(1);
    let place = if array.shape.len() > 1 {
        format!("row {}, column {}", first / columns, first % columns)
    } else {
        format!("row {first}")
    };
    let entries = if count == 1 { "1 entry that is".to_owned() } else { format!("{count} entries that are") };
    let value = array.values[first];
    let message = format!("holds {entries} not finite, the first in {place}: {value}; expected finite numbers");
    let help =
        "fill or leave out such rows before the array is saved, as `np.nan_to_num` or `X[np.isfinite(X).all(1)]` do";
    Err(asked.wrong(file, &message).with_help(help))
}
