use super::*;
use crate::data::Fill;

fn read_as(text: &str, reading: &Reading) -> Result<Dataset, TableError> {
    parse(text, "table.csv", "y", reading)
}

fn message(text: &str) -> String {
    read_as(text, &Reading::default()).unwrap_err().to_string()
}

fn said(data: &Dataset) -> Vec<&str> {
    data.notes.iter().map(|note| note.text.as_str()).collect()
}

#[test]
fn numbers_are_read_and_the_target_may_stand_anywhere() {
    let data = read_as("a,y,\"b, quoted\"\n1, 2 ,3e0\r\n\n-1,.5,\"6\"\n", &Reading::default()).unwrap();
    assert_eq!(data.features.dense().entries(), [1.0, 3.0, -1.0, 6.0]);
    assert_eq!(data.targets, [2.0, 0.5]);
    assert_eq!(data.feature_names, ["a", "b, quoted"]);
    assert_eq!(data.target_name, "y");
    assert!(data.class_names.is_empty() && data.notes.is_empty());
}

/// The same three rows, in whatever dialect.
#[test]
fn dialects_give_the_same_numbers() {
    for text in [
        "a,b,y\n1.5,-2,3\n4,0.25,6\n7,8,1234.5\n",
        "a;b;y\n1.5;-2;3\n4;0.25;6\n7;8;1234.5\n",
        "a;b;y\r\n1,5;-2;3\r\n4;0,25;6\r\n7;8;1.234,5\r\n",
        "sep=;\na;b;y\n1,5;-2;3\n4;0,25;6\n7;8;1234,5\n",
        "sep=|\na|b|y\n1.5|-2|3\n4|.25|6\n7|8|1234.5\n",
        "a\tb\ty\n1.5\t-2\t3\n4\t0.25\t6\n7\t8\t1234.5\n",
        "  a    b   y\n 1.5   -2   3\n   4 0.25   6\n   7    8 1234.5\n",
        "\u{feff}\"a\",\"b\",\"y\"\r1.5,-2,3\r4,0.25,6\r7,8,1234.5\r",
    ] {
        let data = read_as(text, &Reading::default()).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(data.features.dense().entries(), [1.5, -2.0, 4.0, 0.25, 7.0, 8.0], "{text:?}");
        assert_eq!(data.targets, [3.0, 6.0, 1234.5], "{text:?}");
        assert_eq!(data.feature_names, ["a", "b"], "{text:?}");
    }
    let data = read_as("a;y\n1,5;2\n2,5;3\n", &Reading::default()).unwrap();
    assert_eq!(said(&data), ["table.csv: fields separated by semicolons, decimals behind commas"]);
}

#[test]
fn a_first_row_of_numbers_is_no_header() {
    let text = "2.08,-0.04,6.3\n0.19,0.48,3.76\n-0.42,0.47,1.46\n";
    let absent = Reading { header: Header::Absent, ..Reading::default() };
    for (target, reading) in [("6.3", Reading::default()), ("column 3", Reading::default()), ("column 3", absent)] {
        let data = parse(text, "table.csv", target, &reading).unwrap();
        assert_eq!(data.targets, [6.3, 3.76, 1.46]);
        assert_eq!(
            (data.feature_names.join(" "), data.target_name.as_str()),
            ("column 1 column 2".to_owned(), "column 3")
        );
        let warned = data.notes.iter().any(|note| note.is_warning && note.text.contains("has no header"));
        assert_eq!(warned, reading.header == Header::Auto);
    }
    let present = Reading { header: Header::Present, ..Reading::default() };
    let data = parse(text, "table.csv", "6.3", &present).unwrap();
    assert!(data.targets.len() == 2 && data.notes[0].is_warning, "{:?}", data.notes);
}

#[test]
fn names_of_classes_become_numbers_in_alphabetical_order() {
    let data = read_as("x,y\n1,malignant\n2,benign\n3,malignant\n", &Reading::default()).unwrap();
    assert_eq!(data.targets, [1.0, 0.0, 1.0]);
    assert_eq!(data.class_names, ["benign", "malignant"]);
}

#[test]
fn every_hole_is_reported_with_its_place() {
    for (hole, found) in [
        ("", "nothing"),
        ("NA", "the missing value `NA`"),
        ("?", "the missing value `?`"),
        ("NaN", "the missing value `NaN`"),
        ("#DIV/0!", "the missing value `#DIV/0!`"),
        ("inf", "`inf`"),
        ("-infinity", "`-infinity`"),
        ("abc", "`abc`"),
    ] {
        let expected = format!("table.csv, line 3, column `b`: found {found}; expected a finite number");
        assert_eq!(message(&format!("a,b,y\n1,2,3\n4,{hole},6\n")), expected);
    }
    let ragged = "table.csv, line 3: found 4 fields; expected 3, one for each column of the header";
    assert_eq!(message("a,b,y\n1,2,3\n4,1,000,6\n"), ragged);
    assert_eq!(message("a,y\n1,2\n3,two\n"), "table.csv, line 3, column `y`: found `two`; expected a finite number");
    // What is there decides what a column is, and not how its holes are spelled.
    for hole in ["", "NaN", "nan", "?"] {
        let said = message(&format!("a,y\n1,cat\n3,{hole}\n4,dog\n"));
        assert!(
            said.starts_with("table.csv, line 3, column `y`: found ") && said.ends_with("the name of a class"),
            "{said}"
        );
    }
}

#[test]
fn all_mistakes_are_named_at_once() {
    let text = "w,h,y,label\n1,2,3,box 0\n,5,6,box 1\nNA,?,7,box 2\n";
    let error = read_as(text, &Reading::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "table.csv holds what is no number: `w` 2 missing values, the first in line 3; `h` 1 missing value, the first in \
         line 4; `label` 3 texts, the first in line 2: `box 0`"
    );
    let help = error.help().unwrap();
    assert!(help.contains("`missing: LeaveOut`") && help.contains("`texts: OneHot`"), "{help}");
}

#[test]
fn rows_and_columns_go_and_texts_become_columns() {
    let text = "w,h,y,label\n1,2,3,red\n,5,6,blue\n4,?,7,red\n8,9,10,\n2,3,4,blue\n";
    let read = |missing: Missing, texts: Texts| read_as(text, &Reading { missing, texts, ..Reading::default() });
    let data = read(Missing::LeaveOut, Texts::LeaveOut).unwrap();
    assert_eq!((data.targets.clone(), data.feature_names.join(" ")), (vec![3.0, 10.0, 4.0], "w h".to_owned()));
    assert!(said(&data).contains(&"table.csv: 2 of 5 rows left out: holes in `w` (1), `h` (1)"), "{:?}", said(&data));
    let data = read(Missing::LeaveOut, Texts::OneHot).unwrap();
    assert_eq!(data.feature_names, ["w", "h", "label=blue", "label=red"]);
    assert_eq!(data.features.dense().entries(), [1.0, 2.0, 0.0, 1.0, 2.0, 3.0, 1.0, 0.0]);
    let data = read(Missing::LeaveOut, Texts::DropFirst).unwrap();
    assert_eq!(data.feature_names, ["w", "h", "label=red"]);
    assert_eq!(data.features.dense().entries(), [1.0, 2.0, 1.0, 2.0, 3.0, 0.0]);
    let data = read(Missing::Class, Texts::OneHot).unwrap();
    let names = ["w", "w missing", "h", "h missing", "label=blue", "label=red", "label=missing"];
    assert_eq!(data.feature_names, names);
    assert_eq!(data.fills_holes, Some(Fill::Mean));
    assert!(data.features[(1, 0)].is_nan() && data.features[(1, 1)] == 1.0 && data.features[(3, 6)] == 1.0);
    // What is to be learned is not made up: its rows go.
    let filled = read_as("a,y\n1,2\n3,\n,5\n", &Reading { missing: Missing::Mean, ..Reading::default() }).unwrap();
    assert_eq!(filled.targets, [2.0, 5.0]);
    assert!(filled.features[(0, 0)] == 1.0 && filled.features[(1, 0)].is_nan());
    assert_eq!(said(&filled), ["table.csv: 1 of 3 rows left out: holes in `y` (1)"]);
}

#[test]
fn columns_are_chosen_and_left_out_by_name() {
    let text = "id,a,b,y\n1,5,7,3\n2,6,8,4\n3,1,7,5\n4,2,9,6\n";
    let names = |columns: &[&str], leave_out: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let reading = Reading { columns: owned(columns), leave_out: owned(leave_out), ..Reading::default() };
        read_as(text, &reading).map(|data| data.feature_names)
    };
    assert_eq!(names(&["b", "a"], &[]).unwrap(), ["a", "b"]);
    assert_eq!(names(&[], &["id"]).unwrap(), ["a", "b"]);
    let error = names(&[], &["a", "c"]).unwrap_err();
    assert_eq!(error.field(), "source.leave_out[1]");
    assert_eq!(error.to_string(), "table.csv has no column `c`; its columns are `id`, `a`, `b`, `y`");
    assert!(names(&[], &["id", "a", "b"]).unwrap_err().to_string().contains("no column is left as a feature"));
    // A counter and a copy of the target are told.
    let rows: String = (0..10).map(|row| format!("{row},{0},{0}\n", (7 * row) % 10)).collect();
    let data = read_as(&format!("id,a,y\n{rows}"), &Reading::default()).unwrap();
    assert!(data.notes.iter().all(|note| note.is_warning) && data.notes.len() == 2, "{:?}", data.notes);
    assert!(said(&data)[0].contains("`id` counts the rows") && said(&data)[1].contains("`a` is a copy of the target"));
}

#[test]
fn constant_columns_go_where_they_would_be_divided_by_nothing() {
    let text = "a,one,y\n1,1,3\n2,1,4\n";
    let names = |leaves_out_constants: bool| {
        read_as(text, &Reading { leaves_out_constants, ..Reading::default() }).unwrap().feature_names
    };
    assert_eq!((names(true), names(false)), (vec!["a".to_owned()], vec!["a".to_owned(), "one".to_owned()]));
}

#[test]
fn lines_are_counted_through_quoted_line_breaks_and_a_line_before_the_header() {
    let said = "table.csv, line 6, column `y`: found `x`; expected a finite number";
    assert_eq!(message("a,y\n\"1\n\",2\n3,4\n\n5,x\n"), said);
    assert_eq!(message("sep=,\na,y\n\"1\n\",2\n\n5,x\n"), said);
}

#[test]
fn the_shape_is_checked() {
    assert_eq!(message(""), "table.csv is empty; expected a header row and rows of numbers");
    assert_eq!(message("a,y\n"), "table.csv has a header but no rows");
    assert_eq!(
        message("a,b,y\n1,2,3\n4,5\n"),
        "table.csv, line 3: found 2 fields; expected 3, one for each column of the header"
    );
    assert_eq!(
        message("a,y,a\n1,2,3\n"),
        "table.csv, line 1: columns 1 and 3 are both named `a`; expected different names"
    );
    assert_eq!(message("a,b\n1,2\n"), "table.csv has no column `y`; its columns are `a`, `b`");
    assert_eq!(
        message("a;b\n1;2\n"),
        "table.csv has no column `y`; its columns are `a`, `b` (separated by semicolons)"
    );
    assert!(message("y\n1\n").starts_with("table.csv, line 1: found the single column `y`"));
}

#[test]
fn quotes_that_do_not_pair_are_refused() {
    assert!(
        message("a,t,y\n1,x,2\n3,\"z,4\n5,w,6\n").starts_with("table.csv, line 3: a quote opens here and is never")
    );
    let glued = message("a,t,y\n1,\"x,2\n3,y,4\n5,\"z,6\n");
    assert!(glued.starts_with("table.csv, line 4: an entry goes on behind its closing quote"), "{glued}");
    // In the middle of an entry it is a letter.
    let inches = read_as(
        "t,a,y\n5\" pipe,1,2\n6\" pipe,3,4\n",
        &Reading { leave_out: vec!["t".to_owned()], ..Reading::default() },
    );
    assert_eq!(inches.unwrap().targets, [2.0, 4.0]);
}

#[test]
fn names_are_fit_to_show() {
    let data = read_as("\u{feff}a\u{1b}[2J,,y\n1,2,3\n", &Reading::default()).unwrap();
    assert_eq!(data.feature_names, ["a[2J", "column 2"]);
}

/// The features and targets of a file, row by row, and what is said of it.
fn rows_of(text: &str, target: &str, reading: &Reading) -> (Vec<Vec<f64>>, Vec<f64>, String) {
    let data = parse(text, "table.csv", target, reading).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let rows = (0..data.targets.len()).map(|row| data.features.row(row).values().to_vec()).collect();
    let said = data.notes.iter().map(|note| format!("{}{}", if note.is_warning { "warning: " } else { "" }, note.text));
    (rows, data.targets.clone(), said.collect::<Vec<_>>().join("\n"))
}

fn entries(text: &str) -> (Vec<f64>, String) {
    let (rows, _, said) = rows_of(text, "y", &Reading::default());
    (rows.concat(), said)
}

/// Worth of every spelling by hand.
#[test]
fn thousands_are_read_where_a_column_or_its_file_says_what_they_are() {
    for (text, expected, words) in [
        // English, quoted between commas.
        ("a,y\n\"1,234.5\",3\n\"12,000\",4\n7,5\n", [1234.5, 12_000.0, 7.0], "1,234.5 is 1234.5"),
        ("a,b,y\n\"1,234\",.5,3\n\"12,000\",1.5,4\n7,2,5\n", [1234.0, 0.5, 12_000.0], "`a`: 1,234 is read as 1234"),
        ("a;y\n1,234,567;3\n1,500;4\n7;5\n", [1_234_567.0, 1500.0, 7.0], "1,234,567 is 1234567"),
        // German, with points between thousands and with blanks.
        ("a;y\n1.234,5;3\n12.000;4\n7;5\n", [1234.5, 12_000.0, 7.0], "decimals behind commas"),
        ("a;y\n1.234.567;3\n1.500;4\n7,5;5\n", [1_234_567.0, 1500.0, 7.5], "1.234.567 is 1234567"),
        ("a;y\n1\u{a0}234,5;3\n12\u{202f}000;4\n7;5\n", [1234.5, 12_000.0, 7.0], "marks between thousands"),
        // Swiss, with either apostrophe.
        ("a;y\n1'234.5;3\n12’000;4\n7;5\n", [1234.5, 12_000.0, 7.0], "1'234.5 is 1234.5"),
        // Decimals behind commas, quoted between commas.
        ("a,y\n\"1,5\",3\n\"0,25\",4\n7,5\n", [1.5, 0.25, 7.0], "decimals behind commas"),
        // One column in one way, the other in the other.
        ("a;b;y\n1,5;2.5;3\n2,5;1.5;4\n", [1.5, 2.5, 2.5], "warning: table.csv: `a` has its decimals behind commas"),
        // What a mark before three digits is, is said.
        (
            "a\ty\n1,234\t3\n12,500\t4\n7\t5\n",
            [1.234, 12.5, 7.0],
            "warning: table.csv: `a`: 1,234 is read as 1.234: in 2 numbers",
        ),
        ("a;y\n1.234;3\n12.500;4\n7;5\n", [1.234, 12.5, 7.0], "`decimal: Comma` reads 1234"),
        (
            "a;b;y\n1.234;1,5;3\n2.500;2;4\n",
            [1234.0, 1.5, 2500.0],
            "warning: table.csv: `a`: 1.234 is read as 1234, as the",
        ),
    ] {
        let (found, said) = entries(text);
        assert_eq!(found[..3], expected, "{text:?}");
        assert!(said.contains(words), "{text:?}: {said}");
    }
    // Three decimals between commas are what they are everywhere, and three decimals among commas as well.
    assert_eq!(entries("a,y\n1.234,3\n12.500,4\n"), (vec![1.234, 12.5], String::new()));
    let (found, said) = entries("a;b;y\n1,234;1,5;3\n2,500;2;4\n");
    assert_eq!((found, said.contains("warning")), (vec![1.234, 1.5, 2.5, 2.0], false), "{said}");
    // A column that no digit of the first rows gives away, and one far below does.
    let rows = "1,500;3\n".repeat(300);
    assert_eq!(entries(&format!("a;y\n{rows}1,234,567;4\n")).0[..2], [1500.0, 1500.0]);
    // Nothing says what they are.
    let error = read_as("a,y\n\"1,234\",3\n\"2,500\",4\n", &Reading::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`a` 2 numbers that may be read in two ways, the first in line 2: `1,234` is 1234 or 1.234")
    );
    for (decimal, first) in [(Decimal::Point, 1234.0), (Decimal::Comma, 1.234)] {
        assert!(error.help().unwrap().contains(&format!("`decimal: {decimal:?}`")), "{error}");
        let reading = Reading { decimal, ..Reading::default() };
        assert_eq!(rows_of("a,y\n\"1,234\",3\n\"2,500\",4\n", "y", &reading).0[0], [first]);
    }
}

#[test]
fn units_and_words_for_yes_and_no_are_numbers_where_all_of_a_column_has_them() {
    for (text, expected, words) in [
        ("a,y\n12 %,1\n-3.5%,2\n", vec![12.0, -3.5], "`a`: read without the `%`"),
        ("a,y\n$3.50,1\n\"-$1,200.25\",2\n", vec![3.5, -1200.25], "`a`: read without the `$`"),
        ("a;y\n3,50 €;1\n1.200,25 €;2\n", vec![3.5, 1200.25], "`a`: read without the `€`"),
        ("a,y\nTRUE,1\nFALSE,2\nTRUE,3\n", vec![1.0, 0.0, 1.0], "`a`: `TRUE`, `FALSE` read as 1 and 0"),
        ("a,y\nno,1\n,2\nYes,3\n", vec![0.0, f64::NAN, 1.0], "read as 1 and 0"),
        ("a;y\nWAHR;1,5\nFALSCH;2\n", vec![1.0, 0.0], "read as 1 and 0"),
        ("a,y\n+1.5,1\n1e5,2\n1E+05,3\n−2,4\n", vec![1.5, 1e5, 1e5, -2.0], ""),
    ] {
        let reading = Reading {
            missing: if text.contains("no,") { Missing::Mean } else { Missing::Refuse },
            ..Reading::default()
        };
        let (rows, _, said) = rows_of(text, "y", &reading);
        let found = rows.concat();
        let is_same = found.iter().zip(&expected).all(|(a, b)| a == b || a.is_nan() && b.is_nan());
        assert!(is_same && found.len() == expected.len(), "{text:?}: {found:?}");
        assert!(said.contains(words), "{said}");
    }
    // Where some have none, or another, nobody knows what they are worth.
    for text in ["a,y\n12 %,1\n0.5,2\n", "a,y\n$3,1\n€4,2\n", "a,y\nTRUE,1\n1,2\n", "a,y\nt,1\nt,2\n"] {
        assert!(read_as(text, &Reading::default()).is_err(), "{text}");
    }
    // What a scenario says of texts goes before.
    let one_hot = Reading { texts: Texts::OneHot, ..Reading::default() };
    assert_eq!(read_as("a,y\nTRUE,1\nFALSE,2\n", &one_hot).unwrap().feature_names, ["a=FALSE", "a=TRUE"]);
    let target = read_as("a,y\n1,TRUE\n2,FALSE\n", &Reading::default()).unwrap();
    assert_eq!((target.targets, target.class_names.join(" ")), (vec![1.0, 0.0], "FALSE TRUE".to_owned()));
}

#[test]
fn lines_that_are_no_rows_are_passed_over_and_said() {
    let plain = vec![vec![1.5, 2.0], vec![2.5, 1.0], vec![7.0, 1.25]];
    for (text, words) in [
        (
            "# made by hand\n# a, comment\na,b,y\n1.5,2,3\n# here\n2.5,1,4\n7,1.25,5\n",
            "passed over 2 comments before the rows",
        ),
        ("#a,b,y\n1.5,2,3\n2.5,1,4\n7,1.25,5\n", "the names of its columns stand in a comment"),
        ("% a b y\n1.5 2 3\n2.5 1 4\n7 1.25 5\n", "the names of its columns stand in a comment"),
        ("Prices of fruit\n\na,b,y\n1.5,2,3\n2.5,1,4\n7,1.25,5\n", "passed over 1 line above the first row"),
        ("Prices;;\n;;\na;b;y\n1,5;2;3\n2,5;1;4\n7;1,25;5\n", "above the first row"),
        ("a;b;y;\n1.5;2;3;\n2.5;1;4;\n7;1.25;5;\n", "`column 4` left out: it has neither a name nor values"),
        (
            "a;b;y;;\n1.5;2;3\n2.5;1;4;;\n7;1.25;5\n",
            "`column 4` left out: it has neither a name nor values; so with `column 5`",
        ),
        ("a,b,y\n1.5,2,3,\n2.5,1,4,\n7,1.25,5,\n", ""),
        ("|a|b|y|\n|---|:--|--:|\n|1.5|2|3|\n|2.5|1|4|\n|7|1.25|5|\n", "`column 1` left out"),
        (
            "a,b,y\n1.5,2,3\n\n   \n2.5,1,4\n7,1.25,5\n\n,,\n,,\n",
            "passed over 2 lines without any entry, the first in line 8",
        ),
        (
            "a,b,y\n1.5,2,3\n2.5,1,4\na,b,y\n7,1.25,5\n",
            "passed over 1 line that repeats the names of the columns, line 4",
        ),
        (
            "a,b,y\n1.5,2,3\n2.5,1,4\n7,1.25,5\n\nSource: a market\n",
            "of text behind the last row (`Source: a market`), line 6",
        ),
        ("a,b,y\n1.5,2,3\n2.5,1,4\n7,1.25,5\n\u{1a}", ""),
        ("\"sep=;\"\r\na;b;y\r\n1,5;2;3\r\n2,5;1;4\r\n7;1,25;5\r\n", "semicolons"),
        ("SEP=;\ra;b;y\r1,5;2;3\r2,5;1;4\r7;1,25;5\r", "semicolons"),
        ("a b y\n1 1.5 2 3\n2 2.5 1 4\n3 7 1.25 5\n", "a field that the header has no name for: `row names`"),
        ("a,b,y\nr1,1.5,2,3\nr2,2.5,1,4\nr3,7,1.25,5\n", "`row names`"),
        ("a, \"b\", y\n1.5, \"2\", 3\n2.5, \"1\", 4\n7, \"1.25\", 5\n", ""),
    ] {
        let (rows, targets, said) = rows_of(text, "y", &Reading::default());
        assert_eq!((rows, targets), (plain.clone(), vec![3.0, 4.0, 5.0]), "{text:?}");
        assert!(said.contains(words) && !said.contains("warning"), "{text:?}: {said}");
    }
    // Among the rows a line of one text is a row that lacks its entries.
    assert!(message("a,b,y\n1,2,3\nsee below\n4,5,6\n").starts_with("table.csv, line 3: found 1 field; expected 3"));
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for text in [
        "a,y\n\n1,2\n  \n3,x\n4,5\n",
        "a,y\r\r1,2\r  \r3,x\r4,5\r",
        "a,y\r\n\r\n1,2\r\n  \r\n3,x\r\n4,5\r\n",
        "a,y\r\n\n1,2\r\t\n3,x\r4,5",
    ] {
        assert_eq!(message(text), "table.csv, line 5, column `y`: found `x`; expected a finite number", "{text:?}");
    }
    assert_eq!(
        message("a y\r\r  1 2\r  \r3   x\r"),
        "table.csv, line 5, column `y`: found `x`; expected a finite number"
    );
    assert!(message("a,y\r1,2\r3,\"4\r").starts_with("table.csv, line 3: a quote opens here"));
}

#[test]
fn other_files_are_named_as_what_they_are() {
    for (bytes, name, way) in [
        (&b"PK\x03\x04\x14\x00"[..], "a packed file, as spreadsheets (.xlsx, .ods)", "save a spreadsheet as CSV"),
        (b"\x1f\x8b\x08\x00abc", "a file packed by gzip", "gunzip"),
        (b"PAR1\x15\x04", "a Parquet file", "to_csv"),
        (b"%PDF-1.7\n", "a PDF", "copied out"),
        (b"<!DOCTYPE html><html></html>", "a web page", "fetch the file itself"),
        (b"% Title\n@RELATION iris\n@DATA\n1,2\n", "in the format ARFF", "@data"),
        (b"1 1:0.5 2:0.3\n-1 1:0.2 2:0.9\n", "in the format LIBSVM", "`source: Libsvm(path: …)`"),
    ] {
        let error = read(bytes, "table.csv", "y", &Reading::default()).unwrap_err();
        assert!(error.to_string().starts_with(&format!("table.csv is {name}")), "{error}");
        assert!(error.help().unwrap().contains(way), "{error:?}");
    }
    let refused = |bytes: &[u8]| read(bytes, "table.csv", "y", &Reading::default()).unwrap_err().to_string();
    assert!(
        refused(b"a,y\n1,2\n\x00\x00\x00").contains("it holds a zero byte in line 3"),
        "{}",
        refused(b"a,y\n1,2\n\x00")
    );
    let noise: Vec<u8> = (0..2000_u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 13) as u8 | 1).collect();
    assert!(refused(&noise).contains("is no text"), "{}", refused(&noise));
}

/// Every kind of mistake, what its help says, and that it is gone when that is followed.
#[test]
fn advice_helps() {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let ids: String = (0..25).map(|k| format!("{k},name {k},{}\n", k % 7)).collect();
    let ids = format!("a,t,y\n{ids}");
    // A file, its target, what is wrong, what helps, and the reading that does as it says.
    type Case<'a> = (&'a str, &'a str, &'a str, &'a [&'a str], Reading);
    let d = Reading::default;
    let left_out = |names: &[&str]| Reading { leave_out: owned(names), ..d() };
    let cases: Vec<Case<'_>> = vec![
        // Holes in features.
        (
            "a,y\n,2\n3,4\n,6\n",
            "y",
            "`a` 2 missing values",
            &["`missing: LeaveOut` leaves out the 2 of 3 rows", "`Mean`"],
            Reading { missing: Missing::LeaveOut, ..d() },
        ),
        (
            "a,y\n,2\n3,4\n,6\n",
            "y",
            "`a` 2 missing values",
            &["`Mean`, `Median` and `Class` fill them in"],
            Reading { missing: Missing::Mean, ..d() },
        ),
        (
            "a,b,y\n,1,2\n3,,4\n,2,6\n",
            "y",
            "`a` 2 missing",
            &["`missing: Mean`", "`LeaveOut` would leave no row"],
            Reading { missing: Missing::Mean, ..d() },
        ),
        ("a,b,y\n1,,2\n2,,3\n", "y", "`b` 2 missing", &["`leave_out: [\"b\"]`"], left_out(&["b"])),
        // Holes in the target.
        (
            "a,y\n1,2\n2,\n3,NA\n4,5\n",
            "y",
            "`y` 2 missing",
            &["`missing: LeaveOut` leaves out the 2 of 4 rows without a value of `y`"],
            Reading { missing: Missing::LeaveOut, ..d() },
        ),
        (
            "a,y\n1,2\n2,\n,NA\n4,5\n",
            "y",
            "`y` 2 missing",
            &["`Class` fill them in, and leave out the 2 without `y`"],
            Reading { missing: Missing::Class, ..d() },
        ),
        // Strays among numbers, with the lines of the first.
        (
            "a,y\n1,2\nk.B.,3\n3,4\nn.b.,5\n5,6\n",
            "y",
            "`a` 2 texts among 3 numbers: `k.B.` in line 3, `n.b.` in line 5",
            &["`missing_values: [\"k.B.\", \"n.b.\"]`", "`missing: LeaveOut`"],
            Reading { missing_values: owned(&["k.B.", "n.b."]), missing: Missing::LeaveOut, ..d() },
        ),
        (
            "a,b,y\n1,2,3\n2,3,4\nlate,,7\n",
            "y",
            "`late` in line 4",
            &["`missing_values: [\"late\"]`", "`missing: LeaveOut`"],
            Reading { missing_values: owned(&["late"]), missing: Missing::LeaveOut, ..d() },
        ),
        (
            "a,b,y\n1,2,3\nkg,m,s\n4,5,6\n",
            "y",
            "`kg` in line 3",
            &["`missing_values: [\"kg\", \"m\", \"s\"]`"],
            Reading { missing_values: owned(&["kg", "m", "s"]), missing: Missing::LeaveOut, ..d() },
        ),
        (
            "a,y\n1,2\ninf,3\n3,4\n",
            "y",
            "found `inf`",
            &["`missing_values: [\"inf\"]`"],
            Reading { missing_values: owned(&["inf"]), missing: Missing::Mean, ..d() },
        ),
        (
            "a,b,y\n1,A7,2\n2,3,3\n3,B8,4\n4,C9,5\n",
            "y",
            "`b` 3 texts among 1 number",
            &["`leave_out: [\"b\"]`"],
            left_out(&["b"]),
        ),
        (
            "a,b,y\n1,12 %,2\n2,3,3\n3,4 %,4\n4,2 %,5\n",
            "y",
            "`b` 3 texts among 1 number",
            &["different units", "`leave_out: [\"b\"]`"],
            left_out(&["b"]),
        ),
        (
            "a;b;y\n1;1.234,5;2\n2;1,234.5;3\n4;7;6\n",
            "y",
            "found `1.234,5`",
            &["behind points in some rows and behind commas in others", "`leave_out: [\"b\"]`"],
            left_out(&["b"]),
        ),
        // Texts.
        (
            "a,t,y\n1,x,2\n2,z,3\n3,x,4\n",
            "y",
            "`t` 3 texts, the first in line 2: `x`",
            &["`texts: OneHot`", "`leave_out: [\"t\"]`"],
            Reading { texts: Texts::OneHot, ..d() },
        ),
        (
            "a,t,y\n1,x,2\n2,z,3\n3,x,4\n",
            "y",
            "`t` 3 texts",
            &["`LeaveOut`"],
            Reading { texts: Texts::LeaveOut, ..d() },
        ),
        (&ids, "y", "`t` 25 texts", &["identifiers", "`leave_out: [\"t\"]`"], left_out(&["t"])),
        (
            "a,d,y\n1,2020-01-02,2\n2,2020-01-03,3\n",
            "y",
            "`d` 2 dates, the first in line 2: `2020-01-02`",
            &["dates are no features: `leave_out: [\"d\"]`"],
            left_out(&["d"]),
        ),
    ];
    for (text, target, words, ways, followed) in cases {
        let error = parse(text, "table.csv", target, &d()).unwrap_err();
        assert!(error.to_string().contains(words), "{text:?}: {error}");
        let help = error.help().unwrap_or_default();
        assert!(ways.iter().all(|way| help.contains(way)), "{text:?}: {error}: {help}");
        let after = parse(text, "table.csv", target, &followed);
        assert!(after.is_ok(), "{text:?}: {}", after.unwrap_err());
    }
    // What a scenario has said itself, or the name of its target.
    let header = |header: Header| Reading { header, ..d() };
    let decimal = |decimal: Decimal| Reading { decimal, ..d() };
    let one_hot = Reading { texts: Texts::OneHot, ..header(Header::Absent) };
    for (text, (target, reading), words, way, (new_target, followed)) in [
        (
            "a;b;y\n1,5;2;3\n2,5;3;4\n",
            ("y", decimal(Decimal::Point)),
            "`a` 2 texts",
            "`decimal: Comma` reads",
            ("y", d()),
        ),
        (
            "a;b;y\n1.5;2;3\n2;3;4\n",
            ("y", decimal(Decimal::Comma)),
            "found `1.5`",
            "`decimal: Point` reads",
            ("y", d()),
        ),
        (
            "a,b,y\n1,2,3\n4,5,6\n",
            ("column 3", header(Header::Absent)),
            "`column 1` 1 text among 2 numbers: `a` in line 1",
            "`header: Present`",
            ("y", header(Header::Present)),
        ),
        (
            "1.5,2,7,x\n2,4,4,z\n5,1,2,x\n",
            ("weight", d()),
            "has no column `weight`",
            "looks like data, so that its columns are called `column 1` to `column 4`",
            ("column 4", d()),
        ),
        (
            "1.5,p,7,x\n2,p,4,z\n5,q,2,x\n",
            ("weight", d()),
            "has no column `weight`",
            "`header: Absent` takes it for that, and calls its columns `column 1` to `column 4`",
            ("column 4", one_hot),
        ),
        ("a,b,Price\n1,2,3\n", ("price", d()), "has no column `price`", "did you mean `Price`?", ("Price", d())),
        ("a,b, y \n1,2,3\n", ("Y", d()), "has no column `Y`", "did you mean `y`?", (" y", d())),
    ] {
        let error = parse(text, "table.csv", target, &reading).unwrap_err();
        assert!(error.to_string().contains(words), "{text:?}: {error}");
        assert!(error.help().unwrap_or_default().contains(way), "{text:?}: {error:?}");
        let after = parse(text, "table.csv", new_target, &followed);
        assert!(after.is_ok(), "{text:?}: {}", after.unwrap_err());
    }
    // Polish, as Windows writes it.
    let polish = b"d\xb3ugo\x9c\xe6;cena\n1,5;2\n2,5;3\n";
    let error = read(polish, "table.csv", "długość", &d()).unwrap_err();
    assert_eq!(error.help().unwrap(), "`encoding: Latin2` reads the name");
    let latin_2 = Reading { encoding: Encoding::Latin2, ..d() };
    assert_eq!(read(polish, "table.csv", "długość", &latin_2).unwrap().targets, [1.5, 2.5]);
}

#[test]
fn what_a_scenario_says_of_columns_has_to_be_so() {
    let text = "id,Width,b,y\n1,5,7,3\n2,6,8,4\n3,1,7,5\n4,2,9,6\n";
    let refused = |columns: &[&str], leave_out: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let reading = Reading { columns: owned(columns), leave_out: owned(leave_out), ..Reading::default() };
        let error = read_as(text, &reading).unwrap_err();
        (error.field(), error.to_string(), error.help().unwrap_or_default())
    };
    let words = "`y` is to be left out, and is the target; expected one of the two";
    assert_eq!(refused(&[], &["y"]), ("source.leave_out[0]".to_owned(), words.to_owned(), String::new()));
    let words = "`b` is to be left out, and is one of `columns`; expected one of the two";
    assert_eq!(refused(&["b"], &["id", "b"]), ("source.leave_out[1]".to_owned(), words.to_owned(), String::new()));
    assert_eq!(refused(&["widht"], &[]).2, "did you mean `Width`?");
    assert_eq!(refused(&[], &["x"]).2, "");
}

#[test]
fn spellings_of_missing_are_decided_by_what_is_not_missing() {
    let reading = Reading { missing: Missing::LeaveOut, ..Reading::default() };
    for hole in [
        "\\N", "#DIV/0!", "#N/A", "#VALUE!", "#REF!", "N/A", "n.a.", "NULL", "None", "-", "--", ".", "?", "NA", "nan",
        "missing", "", "  ", "1.#IND", "-1.#INF", "<NA>", "NaT", "#WERT!", "k.A.",
    ] {
        let (rows, targets, said) = rows_of(&format!("a,y\n1,2\n{hole},4\n5,6\n"), "y", &reading);
        assert_eq!((rows.concat(), targets), (vec![1.0, 5.0], vec![2.0, 6.0]), "{hole}");
        assert_eq!(said, "table.csv: 1 of 3 rows left out: holes in `a` (1)", "{hole}");
    }
    // Among texts as well, which is said.
    let one_hot = Reading { texts: Texts::OneHot, ..reading };
    let text = "t,y\noak,1\nNone,2\nelm,3\nunknown,4\nNone,5\noak,6\n";
    let (rows, _, said) = rows_of(text, "y", &one_hot);
    assert_eq!(rows, [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]);
    assert!(said.contains("`t`: `None` (2), `unknown` (1) counted as missing"), "{said}");
    // But a minus beside a plus is one of two classes.
    let (_, targets, said) = rows_of("x,y\n1,+\n2,-\n3,-\n4,+\n5,?\n", "y", &one_hot);
    assert_eq!(targets, [0.0, 1.0, 1.0, 0.0]);
    assert!(said.contains("`y`: `-` counts as a text there, beside `+`"), "{said}");
    // What stands for no value in some files is asked about, and never taken for it.
    let text = "a,y\n1,2\n-999,3\n3,4\n2,5\n-999,6\n";
    let (rows, _, said) = rows_of(text, "y", &Reading::default());
    assert_eq!(rows.concat(), [1.0, -999.0, 3.0, 2.0, -999.0]);
    assert!(said.starts_with("warning: `a` is -999 in 2 rows, far from all others"), "{said}");
    assert!(said.contains("`missing_values: [\"-999\"]`"), "{said}");
    let asked = Reading { missing_values: vec!["-999".to_owned()], missing: Missing::LeaveOut, ..Reading::default() };
    assert_eq!(rows_of(text, "y", &asked).0.concat(), [1.0, 3.0, 2.0]);
}

#[test]
fn texts_are_a_column_each_only_where_these_are_few() {
    let one_hot = Reading { texts: Texts::OneHot, ..Reading::default() };
    let ids: String = (0..25).map(|k| format!("{k},name {k},{}\n", k % 7)).collect();
    let error = read_as(&format!("a,t,y\n{ids}"), &one_hot).unwrap_err();
    assert_eq!(error.field(), "source.texts");
    assert!(error.to_string().contains("column `t`: found 25 different texts in 25 rows, as identifiers"), "{error}");
    assert_eq!(error.help().unwrap(), "`leave_out: [\"t\"]` goes on without it");
    // Three columns of 900, 800 and 700 texts: the first is one too many.
    let rows: String = (0..2000).map(|k| format!("{},b{},c{},d{},{k}\n", k % 900, k % 900, k % 800, k % 700)).collect();
    let error = read_as(&format!("a,b,c,d,y\n{rows}"), &one_hot).unwrap_err();
    assert_eq!(
        error.to_string(),
        "table.csv: its texts would become 2400 columns, `b` 900, `c` 800, `d` 700; expected at most 2000"
    );
    assert_eq!(error.help().unwrap(), "`leave_out: [\"b\"]` goes on without");
    let followed = Reading { leave_out: vec!["b".to_owned()], ..one_hot.clone() };
    assert_eq!(read_as(&format!("a,b,c,d,y\n{rows}"), &followed).unwrap().feature_names.len(), 1501);
    // Texts that differ in capitals alone are told.
    let (_, _, said) = rows_of("a,t,y\n1,Cat,2\n2,cat,3\n3,dog,4\n", "y", &one_hot);
    assert!(said.contains("warning: table.csv: `t` holds `Cat` and `cat`"), "{said}");
}

/// What people and their programs put around and beside the values: the same three rows, and what is said of it.
#[test]
fn what_stands_beside_values_is_passed_over_and_said() {
    for (text, words) in [
        // Every line one quoted entry, the header's as well or not.
        ("\"a,b,y\"\n\"1.5,-2,3\"\n\"4,0.25,6\"\n\"7,8,12\"\n", "every line was one quoted text"),
        ("a,b,y\n\"1.5,-2,3\"\n\"4,0.25,6\"\n\"7,8,12\"\n", "every line was one quoted text"),
        (
            "\"a,\"\"b\"\",y\"\n\"1.5,\"\"-2\"\",3\"\n\"4,\"\"0.25\"\",6\"\n\"7,\"\"8\"\",12\"\n",
            "every line was one quoted text",
        ),
        // A separator at the end of each row.
        ("a,b,y\n1.5,-2,3,\n4,0.25,6,\n7,8,12,\n", ""),
        ("a;b;y;;\n1.5;-2;3;;\n4;0.25;6;;\n7;8;12;;\n", ""),
        // Units under the names, totals under the rows.
        ("a,b,y\ncm,kg,EUR\n1.5,-2,3\n4,0.25,6\n7,8,12\n", "passed over 1 line of units (`cm, kg, EUR`), line 2"),
        ("a,b,y\n[cm],,1/s\n1.5,-2,3\n4,0.25,6\n7,8,12\n", "passed over 1 line of units (`[cm], 1/s`), line 2"),
        ("a,b,y\n1.5,-2,3\n4,0.25,6\n7,8,12\nTotal,6.25,21\n", "which holds totals (`Total`), line 5"),
        // Below zero as accountants write it, and texts that spreadsheets leave alone.
        ("a,b,y\n1.5,(2),3\n4,0.25,6\n7,8,12\n", "`b`: numbers as `(2)` are read as below zero"),
        ("a,b,y\n1.5,2.00-,3\n4,0.25,6\n7,8,12\n", "`b`: numbers as `2.00-` are read as below zero"),
        ("a,b,y\n1.5,($2),3\n4,$0.25,6\n7,$8,12\n", "`b`: read without the `$`"),
        ("a,b,y\n=\"1.5\",-2,3\n=\"4\",0.25,6\n=\"7\",8,12\n", ""),
        // A byte order mark before the separator, and lines that end in three ways.
        ("\u{feff}sep=;\r\na;b;y\r\n1,5;-2;3\r\n4;0,25;6\r\n7;8;12\r\n", "decimals behind commas"),
        ("a,b,y\r\n1.5,-2,3\n4,0.25,6\r7,8,12\r\n", ""),
    ] {
        let data = read(text.as_bytes(), "table.csv", "y", &Reading::default());
        let data = data.unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(data.features.dense().entries(), [1.5, -2.0, 4.0, 0.25, 7.0, 8.0], "{text:?}");
        assert_eq!(data.targets, [3.0, 6.0, 12.0], "{text:?}");
        assert!(words.is_empty() || said(&data).iter().any(|text| text.contains(words)), "{text:?}: {:?}", said(&data));
    }
    // A column whose numbers all stand in brackets may mean anything by them.
    assert!(message("a,b,y\n1,(2),3\n4,(5),6\n").contains("`b` 2 texts"));
    // UTF-16 with tabs and decimal commas, in either order of bytes.
    let text = "a\tb\ty\r\n1,5\t-2\t3\r\n4\t0,25\t6\r\n7\t8\t12\r\n";
    for (mark, bytes) in [([0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xfe, 0xff], u16::to_be_bytes)] {
        let coded: Vec<u8> = mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect();
        let data = read(&coded, "table.csv", "y", &Reading::default()).unwrap();
        assert_eq!(data.features.dense().entries(), [1.5, -2.0, 4.0, 0.25, 7.0, 8.0]);
    }
}

#[test]
fn a_column_of_holes_and_texts_says_that_one_is_for_none() {
    let reading = Reading { texts: Texts::OneHot, missing: Missing::Class, ..Reading::default() };
    let data = read_as("t,y\nx,1\n,2\nz,3\n", &reading).unwrap();
    assert_eq!(data.feature_names, ["t=x", "t=z", "t=missing"]);
    let words = "`t` became 3 columns, one for each of its texts, and one for rows that have none";
    assert!(said(&data).iter().any(|text| text.contains(words)), "{:?}", said(&data));
    // A name of any length has its middle left out.
    let long = "n".repeat(400);
    let text = format!("{long},y\n\"1,234\",1\n\"1,234.5\",2\n");
    let data = read_as(&text, &Reading::default()).unwrap();
    assert!(said(&data).iter().all(|text| text.chars().count() < 200), "{:?}", said(&data));
}
