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

/// What a row of totals, or of means, is called, in small letters.
const TOTALS: [&str; 26] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "total général",
    "overall",
    "sum",
    "sums",
    "mean",
    "average",
    "median",
    "sd",
    "std",
    "standard deviation",
    "gesamt",
    "summe",
    "gesamtsumme",
    "insgesamt",
    "mittelwert",
    "moyenne",
    "totaal",
    "totale",
    "totaux",
    "somme",
    "suma",
    "razem",
];

/// Lines behind the rows that are looked at.
const MOST_BEHIND: usize = 20;

/// Rows of totals at the end of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Totals {
    /// The byte at which the first begins.
    pub(super) start: usize,
    /// What they are called, the first at the front.
    pub(super) labels: Vec<String>,
    /// Lines of text among them and behind them.
    pub(super) texts: usize,
}

/// The last rows of a text, where they hold totals of the others: one of the entries says so, which no row before it has, and
/// all others are numbers or nothing. What is no row may stand behind them.
pub(super) fn totals(body: &str, separator: Separator) -> Option<Totals> {
    let mut found: Option<Totals> = None;
    let (mut rest, mut texts) = (body, 0);
    for _ in 0..MOST_BEHIND {
        let end = rest.trim_end_matches(['\n', ' ', '\t', ',', ';', '|']).len();
        let Some(start) = rest[..end].rfind('\n').map(|at| at + 1) else { break };
        let Some(Ok(row)) = reader(&body[start..], separator).records().next() else { break };
        if let Some(label) = summary(&row, &body[..start]) {
            let mut labels = found.take().map(|found| found.labels).unwrap_or_default();
            labels.insert(0, label);
            found = Some(Totals { start, labels, texts });
        } else if row.len() == 1 && !Cell::is_number(&row[0]) {
            texts += 1;
        } else {
            break;
        }
        rest = &body[..start];
    }
    found
}

/// What a row of totals is called; `None` where it is none.
fn summary(row: &csv::StringRecord, before: &str) -> Option<String> {
    let is_label = |entry: &str| {
        let words = entry.trim_end_matches(':').trim_end().to_lowercase();
        // `Total (n = 20)`
        let bare = words.split_once('(').map_or(&*words, |(bare, _)| bare).trim_end();
        TOTALS.contains(&bare)
    };
    let label = row.iter().find(|entry| is_label(entry))?;
    let others = || row.iter().filter(|entry| *entry != label);
    let are_sums = used(row) > 1 && others().all(|entry| is_missing(entry) || Cell::is_number(entry));
    let is_known = before.lines().any(|line| line.contains(label));
    (are_sums && others().any(Cell::is_number) && !is_known).then(|| short(label))
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
        let of = |text: &str| {
            totals(text, Separator::Comma).map(|found| (text[found.start..].to_owned(), found.labels.join(" ")))
        };
        for (rows, labels) in [
            ("Total,3\n", "Total"),
            (",Sum:,3\n\n", "Sum:"),
            ("Total,3\n\nSource: a market\n", "Total"),
            ("Total,3\nMean,1.5\nSource\n", "Total Mean"),
            ("Total (n = 2),3\n", "Total (n = 2)"),
        ] {
            assert_eq!(of(&format!("n,a\nx,1\ny,2\n{rows}")), Some((rows.to_owned(), labels.to_owned())));
        }
        for text in [
            "n,a\nTotal,1\ny,2\nTotal,3\n",
            "n,a\nx,1\ny,2\nSource\n",
            "n,a\nx,1\nTotal,rain\n",
            "n,a\nx,1\nTotal\n",
            "n,a\nx,1\ny,2\n",
            "",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_formula_around_a_text_goes() {
        assert_eq!((formula("=\"0.25\""), formula("=A1"), formula("0.25")), (Some("0.25"), None, None));
    }
}
