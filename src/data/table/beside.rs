//! What people and their programs put beside the values: units under the names, totals under the rows, formulas around texts.

use super::cell::{Cell, Manner, is_missing, short};
use super::reader::{reader, used};
use super::reading::Separator;

/// Whether the second row of a sample holds units, and no values: texts, each in a column that has nothing but numbers below.
pub(super) fn are_units(rows: &[csv::StringRecord]) -> bool {
    let [_, second, below @ ..] = rows else { return false };
    let is_text = |entry: &str| !is_missing(entry) && Cell::read(entry, Manner::default(), &[]) == Cell::Text;
    let are_numbers = |index: usize| {
        let entries = || below.iter().filter_map(|row| row.get(index)).filter(|entry| !is_missing(entry));
        entries().count() > 1 && entries().all(Cell::is_number)
    };
    let texts: Vec<usize> = (0..second.len()).filter(|index| is_text(&second[*index])).collect();
    let has_numbers = second.iter().any(Cell::is_number);
    !texts.is_empty() && !has_numbers && texts.into_iter().all(are_numbers)
}

/// Words that a row of totals begins with, in small letters.
const TOTALS: [&str; 15] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "sums",
    "gesamt",
    "summe",
    "gesamtsumme",
    "insgesamt",
    "totaal",
    "totale",
    "totaux",
    "somme",
    "suma",
    "razem",
];

/// The byte at which the last row of a text begins, where it holds totals of the others, and what it calls them: one of its
/// entries says so, which no row before it has, and all others are numbers or nothing.
pub(super) fn totals(body: &str, separator: Separator) -> Option<(usize, String)> {
    let end = body.trim_end_matches(['\n', ' ', '\t', ',', ';', '|']).len();
    let start = body[..end].rfind('\n').map(|at| at + 1)?;
    let row = reader(&body[start..], separator).records().next()?.ok()?;
    let is_label = |entry: &str| TOTALS.contains(&entry.trim_end_matches(':').trim_end().to_lowercase().as_str());
    let label = row.iter().find(|entry| is_label(entry))?.to_owned();
    let others = row.iter().filter(|entry| **entry != label).collect::<Vec<_>>();
    let are_sums = used(&row) > 1 && others.iter().all(|entry| is_missing(entry) || Cell::is_number(entry));
    let is_known = body[..start].lines().any(|line| line.contains(&label));
    (are_sums && others.iter().any(|entry| Cell::is_number(entry)) && !is_known).then(|| (start, short(&label)))
}

/// The text that spreadsheets are kept from reading as a number: `="0042"`.
pub(super) fn formula(entry: &str) -> Option<&str> {
    entry.strip_prefix("=\"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_under_the_names_are_told_from_values() {
        let is = |text: &str| {
            let rows: Vec<_> = reader(text, Separator::Comma).records().map(Result::unwrap).collect();
            are_units(&rows)
        };
        for text in ["a,b\ncm,kg\n1,2\n3,4\n", "a,b\n[cm],\n1,2\n3,4\n", "n,a\n,1/s\nx,2\ny,4\n"] {
            assert!(is(text), "{text}");
        }
        // A text among numbers, a text in a column of texts, a row of holes, too few rows to say.
        for text in ["a,b\ncm,2\n1,2\n3,4\n", "a,b\nx,y\nz,2\nx,4\n", "a,b\nNA,NA\n1,2\n3,4\n", "a,b\ncm,kg\n1,2\n"] {
            assert!(!is(text), "{text}");
        }
    }

    #[test]
    fn a_row_of_totals_says_so() {
        let of = |text: &str| totals(text, Separator::Comma).map(|(start, label)| (text[start..].to_owned(), label));
        assert_eq!(of("n,a\nx,1\ny,2\nTotal,3\n"), Some(("Total,3\n".to_owned(), "Total".to_owned())));
        assert_eq!(of("n,a\nx,1\ny,2\n,Sum:,3\n\n"), Some((",Sum:,3\n\n".to_owned(), "Sum:".to_owned())));
        for text in
            ["n,a\nTotal,1\ny,2\nTotal,3\n", "n,a\nx,1\nTotal,rain\n", "n,a\nx,1\nTotal\n", "n,a\nx,1\ny,2\n", ""]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_formula_around_a_text_goes() {
        assert_eq!((formula("=\"0.25\""), formula("=A1"), formula("0.25")), (Some("0.25"), None, None));
    }
}
