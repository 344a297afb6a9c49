//! Whether the first row of a file holds names.

use super::super::display_text;
use super::cell::{Cell, is_missing};
use super::reading::{Header, Reading};

/// What a first row was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FirstRow {
    /// Whether it holds names.
    pub(super) has_names: bool,
    /// Whether it reads as the rows below it do.
    pub(super) looks_like_data: bool,
    /// Whether it holds names because the scenario calls columns by what stands in it.
    pub(super) is_named: bool,
}

/// Looks at the first rows of a file, and at the names in a scenario.
pub(super) fn first_row(rows: &[csv::StringRecord], reading: &Reading, target: &str) -> FirstRow {
    let Some((first, below)) = rows.split_first() else {
        return FirstRow { has_names: reading.header != Header::Absent, looks_like_data: false, is_named: false };
    };
    let said = || std::iter::once(target).chain(reading.columns.iter().chain(&reading.leave_out).map(String::as_str));
    let stands_there = |name: &str| first.iter().any(|entry| display_text(entry) == display_text(name));
    let numbers = first.iter().filter(|entry| Cell::is_number(entry)).count();
    let are_all_numbers = numbers == first.len();
    // A value that a column has again is hardly its name.
    let comes_again = |index: usize, entry: &str| {
        !entry.is_empty() && !Cell::is_number(entry) && below.iter().any(|row| row.get(index) == Some(entry))
    };
    let has_repeated = first.iter().enumerate().any(|(index, entry)| comes_again(index, entry));
    let is_header_again = below.iter().any(|row| row == first);
    let others = first.len() - numbers;
    let are_nearly_all =
        numbers > 0 && if first.len() < 3 { others == 0 } else { others <= 1 } && !counts_columns(first);
    let holds_data = numbers > 0 && !counts_columns(first) || has_repeated && !is_header_again;
    let is_named = !are_all_numbers && said().any(stands_there) && (!are_nearly_all || !has_repeated);
    // Who calls a column by its number says that it has no name.
    let by_number = || !said().any(stands_there) && is_column_number(target, first.len());
    let has_names = match reading.header {
        Header::Present => true,
        Header::Absent => false,
        Header::Auto => is_named || !(are_nearly_all || (holds_data || numbers > 0) && by_number()),
    };
    let looks_like_data = if has_names {
        are_nearly_all || holds_data
    } else {
        are_nearly_all || holds_data || first.iter().any(is_missing)
    };
    FirstRow { has_names, looks_like_data, is_named }
}

/// Names that count columns (0, 1, 2, …) are names.
fn counts_columns(first: &csv::StringRecord) -> bool {
    let is_whole = |entry: &&str| entry.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Vec<f64> = first.iter().filter(is_whole).filter_map(|entry| entry.parse().ok()).collect();
    numbers.len() > 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0)
}

/// Whether a name is that of a column without one: `column 3`, of so many.
pub(super) fn is_column_number(name: &str, columns: usize) -> bool {
    let number = name.trim().strip_prefix("column ").and_then(|number| number.parse::<usize>().ok());
    number.is_some_and(|number| (1..=columns).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, target: &str, leave_out: &[&str]) -> bool {
        let rows: Vec<csv::StringRecord> =
            text.lines().map(|line| csv::StringRecord::from(line.split(',').collect::<Vec<_>>())).collect();
        let leave_out = leave_out.iter().map(|name| (*name).to_owned()).collect();
        first_row(&rows, &Reading { leave_out, ..Reading::default() }, target).has_names
    }

    #[test]
    fn a_first_row_is_told_by_what_stands_in_it_and_by_what_the_scenario_calls_columns() {
        for (text, target, leave_out, expected) in [
            ("a,y\n1,2", "y", &[][..], true),
            ("2.08,-0.04,6.3\n0.19,0.48,3.76", "6.3", &[], false),
            ("2.08,-0.04,6.3\n0.19,0.48,3.76", "column 3", &[], false),
            ("5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa", "column 3", &[], false),
            // It comes again, and is no name.
            ("5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa", "Iris-setosa", &[], false),
            ("country,2019,2020\nDE,1,2\nFR,3,4", "2020", &[], true),
            ("country,2019,2020\nDE,1,2\nFR,3,4", "2021", &["country"], true),
            ("country,2015,2020\nDE,1,2\nFR,3,4", "y", &[], false),
            ("2015,2018,2020\n1,2,3", "2020", &[], false),
            ("label,0,1,2,3\n5,0,0,0,1", "label", &[], true),
            ("0,1,2\n5,0,0", "2", &[], true),
            ("country,2019\nFrance,3", "y", &[], true),
            // Half of it are texts: what the scenario says decides.
            ("39,Private,13,<=50K\n50,Self,9,>50K\n38,Private,9,>50K", "column 4", &[], false),
            ("1,2,3\n4,4,5\n2,1,0", "column 3", &[], false),
            ("1.0e+00,2.0e+00,3.0e+00\n4,4,5\n2,1,0", "y", &[], false),
            ("red,big\nblue,small\nred,small", "column 2", &[], false),
            ("red,big\nblue,small", "column 2", &[], true),
        ] {
            assert_eq!(names(text, target, leave_out), expected, "{text} {target}");
        }
    }
}
