//! Files that are no tables of text, recognized by how they begin.

/// What a file is, and how its rows come to be a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Foreign {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
}

const SHEET: &str =
    "save a spreadsheet as CSV (comma separated values), unpack an archive; `Npz(…)` reads arrays of NumPy";
const OLD_SHEET: &str = "save it as CSV (comma separated values)";
const FRAME: &str = "read it where it was written, and write it as CSV, as pandas' `to_csv` does";
const PACKED: &str = "unpack it first";

/// First bytes, what they begin, and what to do.
const BEGINNINGS: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04", "a packed file, as spreadsheets (.xlsx, .ods) and archives (.zip) are", SHEET),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of an old kind (.xls)", OLD_SHEET),
    (b"\x1f\x8b", "a file packed by gzip", "unpack it first: `gunzip` does"),
    (b"BZh", "a file packed by bzip2", "unpack it first: `bunzip2` does"),
    (b"\xfd7zXZ\x00", "a file packed by xz", "unpack it first: `unxz` does"),
    (b"\x28\xb5\x2f\xfd", "a file packed by Zstandard", "unpack it first: `unzstd` does"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (.7z)", PACKED),
    (b"Rar!", "an archive (.rar)", PACKED),
    (b"PAR1", "a Parquet file", FRAME),
    (b"ARROW1", "an Arrow or Feather file", FRAME),
    (b"FEA1", "a Feather file", FRAME),
    (b"ORC", "an ORC file", FRAME),
    (b"Obj\x01", "an Avro file", FRAME),
    (b"\x89HDF", "an HDF5 file", FRAME),
    (b"CDF\x01", "a NetCDF file", FRAME),
    (b"CDF\x02", "a NetCDF file", FRAME),
    (
        b"\x93NUMPY",
        "an array of NumPy (.npy), whose columns have no names to choose from",
        "a scenario reads it with `source: Npy(features: …, targets: …)`",
    ),
    (b"SQLite format 3", "a database of SQLite", "`sqlite3 -header -csv` writes a table of it as CSV"),
    (b"RDX", "data of R (.RData)", "write it with `write.csv`"),
    (b"MATLAB 5.0", "a file of MATLAB (.mat)", "write it with `writetable`"),
    (b"$FL2", "a file of SPSS (.sav)", "save it as CSV"),
    (b"<stata_dta>", "a file of Stata (.dta)", "write it with `export delimited`"),
    (b"%PDF", "a PDF", "a table in it has to be copied out into a text"),
    (b"\x89PNG", "a picture", "copy its numbers out into a text"),
    (b"\xff\xd8\xff", "a picture", "copy its numbers out into a text"),
    (b"GIF8", "a picture", "copy its numbers out into a text"),
    (b"\x7fELF", "a program", "`path` names the file of the rows"),
    (b"{\\rtf", "a document (.rtf)", "save it as plain text"),
    (b"version https://git-lfs", "a pointer of Git LFS, and not the file itself", "`git lfs pull` fetches the file"),
];

/// What is packed into an archive of arrays.
const ARCHIVE: &str = "an archive of arrays of NumPy (.npz), whose columns have no names to choose from";

/// First letters of texts that are not of rows and columns, in small letters.
const TEXTS: &[(&str, &str, &str)] = &[
    ("<!doctype", "a web page", "fetch the file itself: where it lies on a server of code, its raw form"),
    ("<html", "a web page", "fetch the file itself: where it lies on a server of code, its raw form"),
    ("<?xml", "XML", "write its rows as CSV"),
    (
        "@relation",
        "in the format ARFF",
        "take the rows behind `@data`, with a first row of the names behind `@attribute`",
    ),
];

/// What some bytes are, where it is none that is read as a table.
pub(super) fn recognized(bytes: &[u8]) -> Option<Foreign> {
    // Spreadsheets are archives as well: the name of what is packed first tells them apart.
    let first = &bytes[..bytes.len().min(512)];
    if bytes.starts_with(b"PK") && first.windows(4).any(|name| name == b".npy") {
        return Some(Foreign { name: ARCHIVE, help: "a scenario reads them with `source: Npz(path: …)`" });
    }
    let found = BEGINNINGS.iter().find(|(beginning, ..)| bytes.starts_with(beginning));
    found.map(|(_, name, help)| Foreign { name, help })
}

/// What a text is, where it is none of rows and columns.
pub(super) fn recognized_text(text: &str) -> Option<Foreign> {
    // ARFF begins with comments.
    let lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('%'));
    let first = lines.clone().next()?;
    let beginning: String = first.chars().take(16).collect::<String>().to_lowercase();
    if let Some((_, name, help)) = TEXTS.iter().find(|(letters, ..)| beginning.starts_with(letters)) {
        return Some(Foreign { name, help });
    }
    let is_json =
        beginning.starts_with(['{', '[']) && first.contains([':', '{', '[']) && first.contains(['"', '{', '[']);
    let closes = |line: &str| line.ends_with(['}', ']', ',', '{', '[', ':']);
    if is_json && closes(first.trim_end()) {
        let help = "write its rows as CSV, as pandas' `read_json` and `to_csv` do";
        return Some(Foreign { name: "JSON", help });
    }
    let mut rows = lines.take(20).map(is_sparse);
    let is_sparse = rows.next() == Some(true) && rows.all(|is| is);
    is_sparse
        .then_some(Foreign {
            name: "in the format LIBSVM", help: "a scenario reads it with `source: Libsvm(path: …)`"
        })
}

/// Whether a line is a number and then pairs of a column and a number: `-1 3:0.5 7:1`.
fn is_sparse(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let is_number = |word: &str| word.parse::<f64>().is_ok();
    let is_pair = |word: &str| {
        word.split_once(':').is_some_and(|(column, number)| column.parse::<u64>().is_ok() && is_number(number))
    };
    words.next().is_some_and(is_number) && words.clone().next().is_some() && words.all(is_pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_how_they_begin() {
        for (bytes, name) in [
            (&b"PK\x03\x04rest"[..], "a packed file, as spreadsheets (.xlsx, .ods) and archives (.zip) are"),
            (b"\x1f\x8b\x08", "a file packed by gzip"),
            (b"PAR1\x15", "a Parquet file"),
            (b"%PDF-1.7", "a PDF"),
            (b"\x93NUMPY\x01", "an array of NumPy (.npy), whose columns have no names to choose from"),
            (b"PK\x03\x04\0\0x.npy", ARCHIVE),
        ] {
            assert_eq!(recognized(bytes).map(|found| found.name), Some(name));
        }
        assert_eq!(recognized(b"a,b,y\n1,2,3\n"), None);
    }

    #[test]
    fn texts_are_told_by_their_first_lines() {
        for (text, name) in [
            ("\n<!DOCTYPE html>\n<html>", "a web page"),
            ("% 1. Title\n%\n@RELATION iris\n", "in the format ARFF"),
            ("[{\"a\":1,\"y\":2},\n{\"a\":2}]", "JSON"),
            ("{\n\"a\": [1]}", "JSON"),
            ("1 1:0.5 2:0.3\n-1 7:1\n", "in the format LIBSVM"),
        ] {
            assert_eq!(recognized_text(text).map(|found| found.name), Some(name), "{text}");
        }
        for text in ["a,b,y\n", "[a],{b},y\n1,2,3\n", "1 2 3\n4 5 6\n", "1\n2\n", "time y\n1:30 2\n", ""] {
            assert_eq!(recognized_text(text), None, "{text}");
        }
    }
}
