//! What a file is, by what stands in it.

use std::path::Path;

use super::files::head;

/// Bytes that decide what a file is.
const HEAD: usize = 1 << 16;

/// Whether a file holds a table rather than a scenario or a session. Its ending counts only where it is that of scenarios.
pub(super) fn is_table(path: &Path) -> bool {
    let is_scenario = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ron"));
    !is_scenario && head(path, HEAD as u64).is_ok_and(|bytes| !begins_as_ron(&bytes))
}

/// Whether a text begins as scenarios and sessions do: after comments a name and a bracket, and in the bracket nothing or a
/// field. The first name of a column, `Age (years)`, goes on otherwise.
fn begins_as_ron(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let after = if rest.starts_with("//") || rest.starts_with("#!") {
            rest.split_once('\n').map_or("", |(_, after)| after)
        } else if rest.starts_with("/*") {
            rest.split_once("*/").map_or("", |(_, after)| after)
        } else {
            break;
        };
        rest = after.trim_start();
    }
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let Some(inside) = rest.trim_start_matches(is_word).trim_start().strip_prefix('(') else {
        return false;
    };
    let line = inside.lines().next().unwrap_or_default().trim_start();
    let field = line.trim_start_matches(is_word);
    line.is_empty() || line.starts_with("//") || field.len() < line.len() && field.trim_start().starts_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_what_stands_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let is = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            is_table(&path)
        };
        for text in
            ["a,b\n1,2\n", "5.1,3.5,Iris\n", "Age (years),height\n1,2\n", "price(eur);mass\n1;2\n", "", "(a);b\n1;2\n"]
        {
            assert!(is("rows.txt", text.as_bytes()) && is("rows", text.as_bytes()), "{text}");
            assert!(!is("rows.ron", text.as_bytes()), "{text}");
        }
        for text in [
            "Scenario(\n    title: \"a\",\n)",
            "// a comment, with commas\n/* and\nmore */ Scenario(title: \"a\")",
            "\u{feff}#![enable(implicit_some)]\n(\n  title: 3)",
            "Session(scenario: Scenario(",
            "Scenaro (  // misspelled\n title",
        ] {
            assert!(!is("rows.csv", text.as_bytes()), "{text}");
        }
        assert!(!is_table(&folder.path().join("missing.csv")) && !is_table(folder.path()));
    }
}
