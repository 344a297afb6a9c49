//! Rows as LIBSVM and SVMlight write them: `label index:value index:value …`, with what is zero left out.
//!
//! Rows are read as they are, number by number, and stay sparse where fewer than a quarter of the entries are written: such rows
//! take less memory, and products with them less time. Others become a dense table, whose size is known by then.

use super::bounds::too_large;
use super::spec::FirstIndex;
use super::{DataError, Dataset, Features, Note, display_text};
use crate::math::number::counted;
use crate::math::sparse::SparseMatrix;

/// Rows stay sparse where fewer than one in so many entries is written.
const SPARSE: usize = 4;

/// What a file holds.
#[derive(Default)]
struct Rows {
    labels: Vec<f64>,
    /// Where the entries of each row end.
    ends: Vec<usize>,
    /// Index of each entry that is written; those beyond all bounds as the largest of its kind, since no table has them.
    indices: Vec<u32>,
    values: Vec<f64>,
    /// Rows that belong to a query, and the line of the first.
    queries: usize,
    first_index: Option<usize>,
    last_index: Option<(usize, usize)>,
}

/// Reads a data set. `features` is how many there are, where the file does not write out the last of them.
///
/// # Errors
/// At `source.path` with the line, or at `source.features` where that is too few.
pub(super) fn read(
    bytes: &[u8],
    file: &str,
    first_index: FirstIndex,
    features: Option<usize>,
) -> Result<Dataset, DataError> {
    let file = display_text(file);
    let mut rows = Rows::default();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        rows.take(line)
            .map_err(|reason| DataError::at("source.path", format!("{file}, line {}: {reason}", number + 1)))?;
    }
    rows.dataset(&file, first_index, features)
}

impl Rows {
    /// One line.
    fn take(&mut self, line: &[u8]) -> Result<(), String> {
        let line = line.split(|byte| *byte == b'#').next().unwrap_or(line);
        let text = std::str::from_utf8(line).map_err(|_| "is no text; expected `label index:value …`".to_owned())?;
        let mut words = text.split_ascii_whitespace();
        let Some(label) = words.next() else { return Ok(()) };
        self.labels.push(self::label(label)?);
        let (mut first, mut last) = (None, None);
        for word in words {
            let Some((index, value)) = word.split_once(':') else {
                return Err(format!("found `{}`; expected `index:value`", shown(word)));
            };
            if index == "qid" {
                self.queries += 1;
                continue;
            }
            let index: usize =
                index.parse().map_err(|_| format!("found the index `{}`; expected a whole number", shown(index)))?;
            let number: Option<f64> = value.parse().ok().filter(|number: &f64| number.is_finite());
            let number =
                number.ok_or_else(|| format!("found `{}` at index {index}; expected a finite number", shown(value)))?;
            match last {
                Some(last) if last == index => return Err(format!("index {index} stands there twice")),
                Some(last) if last > index => {
                    return Err(format!("index {index} comes after {last}; expected them in ascending order"));
                }
                _ => last = Some(index),
            }
            first.get_or_insert(index);
            self.indices.push(u32::try_from(index).unwrap_or(u32::MAX));
            self.values.push(number);
        }
        self.first_index = [self.first_index, first].into_iter().flatten().min();
        if let Some(last) = last.filter(|last| self.last_index.is_none_or(|(index, _)| *last > index)) {
            self.last_index = Some((last, self.labels.len()));
        }
        self.ends.push(self.values.len());
        Ok(())
    }

    fn dataset(self, file: &str, first_index: FirstIndex, features: Option<usize>) -> Result<Dataset, DataError> {
        let wrong = |message: String| DataError::at("source.path", format!("{file} {message}"));
        let Some((last, _)) = self.last_index else {
            let what = if self.labels.is_empty() { "holds no rows" } else { "holds no entry of any feature" };
            return Err(wrong(format!("{what}; expected lines such as `1 1:0.5 3:-2`")));
        };
        let base = match first_index {
            FirstIndex::Zero => 0,
            FirstIndex::One => 1,
            FirstIndex::Auto => usize::from(self.first_index != Some(0)),
        };
        if base == 1 && self.first_index == Some(0) {
            let message = format!("{file} has an index 0; expected them to count from 1");
            return Err(DataError::at("source.first_index", message));
        }
        let needed = (last - base).saturating_add(1);
        if let Some(features) = features.filter(|features| *features < needed) {
            let message = format!("{file} has the index {last}, which needs {needed} features; found {features}");
            return Err(DataError::at("source.features", message));
        }
        let columns = features.unwrap_or(needed);
        let count = self.labels.len();
        let written = self.values.len();
        let is_sparse = SPARSE.saturating_mul(written) < count.saturating_mul(columns);
        // What is not written takes no memory in sparse rows.
        let rows_of_memory = if is_sparse { written.div_ceil(columns) } else { count };
        if let Some(reason) = too_large(rows_of_memory, columns) {
            return Err(wrong(format!("would be a table of {reason}")));
        }
        let share = 100.0 * written as f64 / (count * columns) as f64;
        let indices = self.indices.into_iter().map(|index| index - base as u32).collect();
        let features = SparseMatrix::from_entries(columns, self.ends, indices, self.values)
            .ok_or_else(|| wrong("holds entries out of order; expected ascending indices".to_owned()))?;
        let features = if is_sparse { Features::from(features) } else { features.to_dense().into() };
        let from = if base == 0 { "0" } else { "1" };
        let size = format!("{} of {}", counted(count, "row"), counted(columns, "feature"));
        let kept = if is_sparse { ", kept sparse" } else { "" };
        let words = format!("{file}: {size}, indices from {from}, {share:.3} % of it not zero{kept}");
        let mut notes = vec![Note::remark(words)];
        if self.queries > 0 {
            notes.push(Note::remark(format!(
                "{file}: the queries (`qid`) of {} are not read",
                counted(self.queries, "row")
            )));
        }
        Ok(Dataset {
            features,
            targets: self.labels,
            feature_names: (base..base + columns).map(|index| format!("x{index}")).collect(),
            target_name: "label".to_owned(),
            notes,
            ..Dataset::default()
        })
    }
}

fn label(word: &str) -> Result<f64, String> {
    if word.contains(':') {
        return Err(format!("begins with `{}`; expected a label before the first index", shown(word)));
    }
    if word.contains(',') {
        return Err(format!("has the labels `{}`; expected one label a row", shown(word)));
    }
    let label: Option<f64> = word.parse().ok().filter(|label: &f64| label.is_finite());
    label.ok_or_else(|| format!("has the label `{}`; expected a finite number", shown(word)))
}

/// A word as a message shows it.
fn shown(word: &str) -> String {
    display_text(word).chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, features: Option<usize>) -> Result<Dataset, DataError> {
        read(text.as_bytes(), "a.svm", FirstIndex::Auto, features)
    }

    #[test]
    fn rows_with_zeros_left_out_are_a_table() {
        let text = "+1 1:0.5 3:-2 # a comment\r\n\n-1 qid:7 2:1e-1\n# nothing but this\n+1\n";
        let data = parsed(text, None).unwrap();
        assert_eq!(data.targets, [1.0, -1.0, 1.0]);
        assert_eq!(data.features.dense().entries(), [0.5, 0.0, -2.0, 0.0, 0.1, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(data.feature_names, ["x1", "x2", "x3"]);
        let notes: Vec<&str> = data.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(notes[0], "a.svm: 3 rows of 3 features, indices from 1, 33.333 % of it not zero");
        assert_eq!(notes[1], "a.svm: the queries (`qid`) of 1 row are not read");
        assert_eq!(parsed("1 1:1", Some(4)).unwrap().features.columns(), 4);
        let from_zero = parsed("1 0:3 2:4\n2 1:5", None).unwrap();
        assert_eq!(from_zero.features.dense().entries(), [3.0, 0.0, 4.0, 0.0, 5.0, 0.0]);
        assert_eq!(from_zero.feature_names, ["x0", "x1", "x2"]);
        let zero = read(b"1 1:3", "a.svm", FirstIndex::Zero, None).unwrap();
        assert_eq!(zero.features.dense().entries(), [0.0, 3.0]);
    }

    #[test]
    fn rows_of_many_features_take_what_is_written_of_them() {
        // 100 rows of 50 000 features would be 40 MB.
        let row = |row: usize| (0..5).map(|k| format!(" {}:{}", 1 + row + 9_999 * k, k + 1)).collect::<String>();
        let text: String = (0..100).map(|index| format!("{}{}\n", index % 2, row(index))).collect();
        let data = parsed(&text, Some(50_000)).unwrap();
        assert!(data.features.is_sparse());
        assert_eq!((data.features.rows(), data.features.columns(), data.features.stored()), (100, 50_000, 500));
        assert_eq!(data.features.bytes(), 500 * 12 + 100 * 8);
        assert_eq!((data.features[(99, 99)], data.features[(99, 10_098)], data.features[(99, 100)]), (1.0, 2.0, 0.0));
        assert!(data.notes[0].text.ends_with("0.010 % of it not zero, kept sparse"), "{:?}", data.notes);
        // A quarter is too much.
        assert!(parsed("1 1:1\n0 8:1\n", None).unwrap().features.is_sparse());
        assert!(!parsed("1 1:1\n0 4:1\n", None).unwrap().features.is_sparse());
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_line() {
        for (text, field, message) in [
            (
                "1 1:1\n1 3:1 2:1",
                "source.path",
                "a.svm, line 2: index 2 comes after 3; expected them in ascending order",
            ),
            ("1 1:1 1:2", "source.path", "a.svm, line 1: index 1 stands there twice"),
            ("1 1:nan", "source.path", "a.svm, line 1: found `nan` at index 1; expected a finite number"),
            ("1 a:1", "source.path", "a.svm, line 1: found the index `a`; expected a whole number"),
            ("1 -1:1", "source.path", "a.svm, line 1: found the index `-1`; expected a whole number"),
            ("1 1", "source.path", "a.svm, line 1: found `1`; expected `index:value`"),
            ("1:1 2:1", "source.path", "a.svm, line 1: begins with `1:1`; expected a label before the first index"),
            ("1,2 1:1", "source.path", "a.svm, line 1: has the labels `1,2`; expected one label a row"),
            ("x,y\n1,2", "source.path", "a.svm, line 1: has the labels `x,y`; expected one label a row"),
            ("", "source.path", "a.svm holds no rows; expected lines such as `1 1:0.5 3:-2`"),
            (
                "1 4000000000:1\n2 1:1",
                "source.path",
                "a.svm would be a table of 4000000000 features; expected at most 1000000",
            ),
        ] {
            let error = parsed(text, None).unwrap_err();
            assert_eq!((error.field.as_str(), error.message.as_str()), (field, message));
        }
        let error = parsed("1 18446744073709551615:1", None).unwrap_err();
        assert!(error.message.starts_with("a.svm would be a table of 18446744073709551615 features"), "{error}");
        assert_eq!(parsed("1 3:1", Some(2)).unwrap_err().field, "source.features");
        let error = read(b"1 0:1", "a.svm", FirstIndex::One, None).unwrap_err();
        assert_eq!(error.message, "a.svm has an index 0; expected them to count from 1");
        let error = read(b"1 1:1\n\xff", "a.svm", FirstIndex::One, None).unwrap_err();
        assert_eq!(error.message, "a.svm, line 2: is no text; expected `label index:value …`");
    }
}
