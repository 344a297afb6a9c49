//! What stands before the rows of a file: a line that says the separator, comments, titles.

use super::super::display_text;
use super::cell::Cell;
use super::reader::{reader, used};
use super::reading::Separator;

/// The lines before the first row, and the text from there on.
pub(super) struct Head<'a> {
    /// What the file says of its separator.
    pub(super) stated: Option<Separator>,
    /// From the first row on.
    pub(super) body: &'a str,
    /// Lines of comments that were passed.
    pub(super) comments: usize,
    /// The last of them, without its sign, where the names may stand in it, and the text from there on.
    pub(super) named_by_comment: Option<&'a str>,
}

/// Signs that begin a comment.
const COMMENT: [char; 2] = ['#', '%'];

impl<'a> Head<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let (stated, mut body) = stated(text).map_or((None, text), |(separator, rest)| (Some(separator), rest));
        let (mut comments, mut named_by_comment) = (0, None);
        loop {
            let (line, rest) = body.split_once('\n').unwrap_or((body, ""));
            let is_blank = line.trim().is_empty();
            if !is_comment(line) && !is_blank || rest.is_empty() {
                break;
            }
            if !is_blank {
                let names = body.trim_start().trim_start_matches(COMMENT);
                named_by_comment = Some(names.trim_start_matches([' ', '\u{feff}']));
                comments += 1;
            }
            body = rest;
        }
        Self { stated, body, comments, named_by_comment }
    }
}

/// Whether a line begins as comments do. A name of a column may begin so as well.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with(COMMENT)
}

/// The separator that a line before the header says, as spreadsheets write it (`sep=;`), and the text after it.
fn stated(text: &str) -> Option<(Separator, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let line = line.trim_matches([' ', '"']);
    let said = line.get(..4).filter(|key| key.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    let known = [Separator::Comma, Separator::Semicolon, Separator::Tab, Separator::Bar];
    // Behind it a program may have put separators, one for each column.
    let is_said = |separator: &Separator| !said.is_empty() && said.bytes().all(|byte| byte == separator.byte());
    known.into_iter().find(is_said).map(|separator| (separator, rest))
}

/// How many bytes the lines above the first row take, and how many lines these are: titles and remarks, which have fewer
/// fields than the rows, and no numbers.
pub(super) fn titles(body: &str, separator: Separator, target: &str) -> Option<(usize, usize)> {
    const MOST: usize = 20;
    let mut reader = reader(body, separator);
    let rows: Vec<csv::StringRecord> = reader.records().take(200).map_while(Result::ok).collect();
    let width = usual(&rows)?;
    let holds_target = |row: &csv::StringRecord| row.iter().any(|entry| display_text(entry) == display_text(target));
    let has_numbers = |row: &csv::StringRecord| row.iter().any(Cell::is_number);
    // Sizes may stand above a header, of which the target and the lack of numbers give sure knowledge.
    let is_sure = rows.iter().take(MOST + 1).any(|row| used(row) == width && holds_target(row) && !has_numbers(row));
    let is_title = |row: &csv::StringRecord| {
        let used = used(row);
        used < width && (used <= 1 || row.len() < width) && (is_sure || !has_numbers(row))
    };
    let titles = rows.iter().take_while(|row| is_title(row) && !holds_target(row)).count();
    let header = rows.get(titles).filter(|_| titles > 0 && titles <= MOST)?;
    // A header without a name for the names of rows has a field less than they have.
    let lacks_one = |row: &csv::StringRecord| used(row) > 1 && used(row) + 1 == width;
    if rows[..titles].iter().any(lacks_one) && !holds_target(header) {
        return None;
    }
    let start = header.position().map_or(0, csv::Position::byte);
    let start = usize::try_from(start).ok().filter(|start| *start < body.len())?;
    // The reader's position may be before blank lines.
    let blank = body[start..].bytes().take_while(|byte| *byte == b'\n').count();
    Some((start + blank, titles))
}

/// How many fields most rows have, those aside at their ends that have nothing in any of them.
fn usual(rows: &[csv::StringRecord]) -> Option<usize> {
    let mut widths: Vec<usize> = rows.iter().map(csv::StringRecord::len).collect();
    widths.sort_unstable();
    let most = widths.chunk_by(|a, b| a == b).max_by_key(|stretch| (stretch.len(), stretch[0]));
    let width = most.map(|stretch| stretch[0])?;
    // A separator may stand at the end of each row, and not at that of the header.
    let filled = rows.iter().filter(|row| row.len() == width).map(used).max()?;
    Some(filled).filter(|width| *width > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_say_the_separator() {
        for text in ["sep=;\na;b\n", "\"sep=;\"\na;b\n", "SEP=;\na;b\n", "sep=;;;\na;b\n"] {
            let head = Head::of(text);
            assert_eq!((head.stated, head.body), (Some(Separator::Semicolon), "a;b\n"), "{text}");
        }
        assert_eq!(Head::of("sep=\t\na\tb\n").stated, Some(Separator::Tab));
        for text in ["a;b\n1;2\n", "sep=:\na:b\n", "sep=\na\n", "sepal;petal\n1;2\n"] {
            assert_eq!(Head::of(text).stated, None, "{text}");
        }
    }

    #[test]
    fn comments_and_titles_are_passed() {
        let head = Head::of("# made by hand\n\n#  a,y\n1,2\n");
        assert_eq!((head.comments, head.body), (2, "1,2\n"));
        assert_eq!(head.named_by_comment, Some("a,y\n1,2\n"));
        let above = |text: &'static str| titles(text, Separator::Comma, "y").map(|(at, lines)| (&text[at..], lines));
        assert_eq!(above("My table\n\na,b,y\n1,2,3\n4,5,6\n"), Some(("a,b,y\n1,2,3\n4,5,6\n", 1)));
        assert_eq!(above("Prices,,\na,b,y\n1,2,3\n"), Some(("a,b,y\n1,2,3\n", 1)));
        assert_eq!(above("Source,World\na,b,y\n1,2,3\n"), Some(("a,b,y\n1,2,3\n", 1)));
        assert_eq!(above("3,4\nname,a,y\np,1,2\nq,2,3\n"), Some(("name,a,y\np,1,2\nq,2,3\n", 1)));
        // No titles: a header, with or without the separator that each row ends with; a header without a name for the names of rows; a row with holes.
        for text in [
            "a,b,y\n1,2,3\n",
            "a,b,y\n1,2,3,\n4,5,6,\n",
            "a,b,y,\n1,2,3,\n",
            "a,y\nr1,1,2\nr2,3,4\n",
            "a,b\nr1,1,2\nr2,3,4\n",
            "1,,\n4,5,6\n",
            "",
        ] {
            assert_eq!(above(text), None, "{text}");
        }
    }
}
