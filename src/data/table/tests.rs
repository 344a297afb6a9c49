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
    assert_eq!(data.features.entries(), [1.0, 3.0, -1.0, 6.0]);
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
        assert_eq!(data.features.entries(), [1.5, -2.0, 4.0, 0.25, 7.0, 8.0], "{text:?}");
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
    assert!(said(&data).contains(&"table.csv: 2 of 5 rows left out, where a value is missing"), "{:?}", said(&data));
    let data = read(Missing::LeaveOut, Texts::OneHot).unwrap();
    assert_eq!(data.feature_names, ["w", "h", "label=blue", "label=red"]);
    assert_eq!(data.features.entries(), [1.0, 2.0, 0.0, 1.0, 2.0, 3.0, 1.0, 0.0]);
    let data = read(Missing::Class, Texts::OneHot).unwrap();
    let names = ["w", "w missing", "h", "h missing", "label=blue", "label=red", "label=missing"];
    assert_eq!(data.feature_names, names);
    assert_eq!(data.fills_holes, Some(Fill::Mean));
    assert!(data.features[(1, 0)].is_nan() && data.features[(1, 1)] == 1.0 && data.features[(3, 6)] == 1.0);
    // What is to be learned is not made up.
    let refused = read_as("a,y\n1,2\n3,\n", &Reading { missing: Missing::Mean, ..Reading::default() }).unwrap_err();
    assert!(refused.to_string().contains("line 3, column `y`"), "{refused}");
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
