//! Names that are too long for their place, shortened so that they can still be told apart.

use std::collections::HashSet;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The names in at most so many columns each. What is cut away is the end; where that makes different names alike, the
/// middle; and where they differ in the middle, all that they begin with. Different names stay different as long as there are
/// two columns for a number.
#[must_use]
pub fn distinct<'a>(names: impl IntoIterator<Item = &'a str>, columns: usize) -> Vec<String> {
    let names: Vec<&str> = names.into_iter().collect();
    let mut shown: Vec<String> = names.iter().map(|name| ending_cut(name, columns)).collect();
    for index in 0..names.len() {
        let alike: Vec<usize> = (0..names.len()).filter(|other| shown[*other] == shown[index]).collect();
        let whole: HashSet<&str> = alike.iter().map(|other| names[*other]).collect();
        if whole.len() < 2 {
            continue;
        }
        let of_group: Vec<&str> = alike.iter().map(|other| names[*other]).collect();
        for (other, text) in alike.into_iter().zip(told_apart(&of_group, columns)) {
            shown[other] = text;
        }
    }
    shown
}

/// Different names that begin alike.
fn told_apart(names: &[&str], columns: usize) -> Vec<String> {
    let whole: HashSet<&&str> = names.iter().collect();
    let is_told = |shown: &Vec<String>| shown.iter().collect::<HashSet<_>>().len() == whole.len();
    let middle = || names.iter().map(|name| middle_cut(name, columns)).collect();
    let common = common_start(names);
    let after_common =
        || names.iter().map(|name| format!("…{}", ending_cut(&name[common..], columns.saturating_sub(1)))).collect();
    let both =
        || names.iter().map(|name| format!("…{}", middle_cut(&name[common..], columns.saturating_sub(1)))).collect();
    let tries: [&dyn Fn() -> Vec<String>; 3] = [&middle, &after_common, &both];
    let fits = |shown: &Vec<String>| is_told(shown) && shown.iter().all(|name| name.width() <= columns);
    tries.iter().map(|cut| cut()).find(fits).unwrap_or_else(|| numbered(names, columns))
}

/// Neighbours whose names begin with the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they begin with, a blank at its end; empty for a name that stands alone.
    pub head: String,
    /// Which they are.
    pub names: std::ops::Range<usize>,
}

/// As many as share a beginning before it is worth saying once.
const WORTH_A_GROUP: usize = 3;

/// The names in groups of neighbours that begin with the same words: `CG 1`, `CG 5`, `CG 20` with `CG `.
#[must_use]
pub fn groups(names: &[&str]) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut start = 0;
    while start < names.len() {
        let head = |end: usize| common_words(&names[start..end]);
        let ends = (start + WORTH_A_GROUP..=names.len()).take_while(|end| head(*end) > 0);
        let end = ends.last().unwrap_or(start + 1);
        let shared = if end > start + 1 { head(end) } else { 0 };
        groups.push(Group { head: names[start][..shared].to_owned(), names: start..end });
        start = end;
    }
    groups
}

/// How much whole words take that names begin with, the blank after them included; each has something left of its own.
fn common_words(names: &[&str]) -> usize {
    let common = common_start(names);
    names.first().and_then(|first| first[..common].rfind(' ')).map_or(0, |at| at + 1)
}

/// The place of each among the different ones behind what is left of it.
fn numbered(names: &[&str], columns: usize) -> Vec<String> {
    let mut different: Vec<&str> = Vec::new();
    let mut shown = Vec::with_capacity(names.len());
    for name in names {
        let place = different.iter().position(|other| other == name).unwrap_or_else(|| {
            different.push(name);
            different.len() - 1
        });
        let number = (place + 1).to_string();
        shown.push(ending_cut(name, columns.saturating_sub(number.len())) + &number);
    }
    shown
}

/// Bytes that all names begin with.
fn common_start(names: &[&str]) -> usize {
    let Some((first, others)) = names.split_first() else { return 0 };
    let is_common = |(at, letter): &(usize, char)| others.iter().all(|other| other[*at..].starts_with(*letter));
    first.char_indices().take_while(is_common).map(|(at, letter)| at + letter.len_utf8()).last().unwrap_or(0)
}

/// A text in at most so many columns, its end replaced by … where it is longer.
#[must_use]
pub fn ending_cut(name: &str, columns: usize) -> String {
    if name.width() <= columns {
        return name.to_owned();
    }
    if columns == 0 {
        return String::new();
    }
    format!("{}…", head(name, columns - 1).trim_end())
}

fn middle_cut(name: &str, columns: usize) -> String {
    if name.width() <= columns || columns < 3 {
        return ending_cut(name, columns);
    }
    let tail = columns.div_ceil(2);
    let end: String = head(&name.chars().rev().collect::<String>(), tail).chars().rev().collect();
    format!("{}…{end}", head(name, columns - 1 - tail))
}

/// As much of the beginning as fits.
fn head(name: &str, mut columns: usize) -> String {
    let fits = |letter: &char| {
        let width = letter.width().unwrap_or(0);
        let fits = width <= columns;
        columns = if fits { columns - width } else { 0 };
        fits
    };
    name.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_that_begin_alike_are_a_group() {
        let found = |names: &[&str]| -> Vec<(String, usize)> {
            groups(names).into_iter().map(|group| (group.head, group.names.len())).collect()
        };
        let names = ["exact", "CG 1", "CG 5", "CG 20", "Neumann 5", "Neumann 20", "T = 1", "T = 10", "T = 100"];
        let expected = [("", 1), ("CG ", 3), ("", 1), ("", 1), ("T = ", 3)];
        assert_eq!(found(&names), expected.map(|(head, count)| (head.to_owned(), count)));
        // Words are not cut, and a name that is a beginning itself keeps what it is called.
        assert_eq!(found(&["abc", "abd", "abe"]).len(), 3);
        assert_eq!(found(&["CG", "CG 1", "CG 2"]).len(), 3);
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn long_text_ends_in_an_ellipsis() {
        assert_eq!(ending_cut("conjugate gradient", 18), "conjugate gradient");
        assert_eq!(ending_cut("conjugate gradient", 11), "conjugate…");
        assert_eq!(ending_cut("abc", 0), "");
        assert_eq!(ending_cut("日本語", 4), "日…");
        assert_eq!(ending_cut("日本語", 5), "日本…");
    }

    #[test]
    fn names_that_fit_are_left_alone_and_others_lose_their_end() {
        assert_eq!(distinct(["CG, 5 iterations", "Newton"], 8), ["CG, 5 i…", "Newton"]);
        assert_eq!(distinct(["直接法", "共役勾配 5"], 6), ["直接法", "共役…"]);
    }

    #[test]
    fn names_of_a_sweep_are_told_apart() {
        let sweep = ["0.001", "0.01", "0.1"].map(|damping| format!("orchard_fruit_price_sweep_cg_damping_{damping}"));
        let shown = distinct(sweep.iter().map(String::as_str), 23);
        assert_eq!(shown, ["orchard_fr…amping_0.001", "orchard_fr…damping_0.01", "orchard_fr…_damping_0.1"]);
        let middle = ["a_long_name_1_and_a_long_end", "a_long_name_2_and_a_long_end"];
        assert_eq!(distinct(middle, 9), ["…1_and_a…", "…2_and_a…"]);
    }

    #[test]
    fn different_names_stay_different_in_every_room() {
        let names: Vec<String> = (0..12)
            .flat_map(|i| [format!("long name, number {i}, of many"), format!("{i} at the start of a name")])
            .collect();
        for columns in 3..40 {
            let shown = distinct(names.iter().map(String::as_str), columns);
            assert!(shown.iter().all(|name| name.width() <= columns), "{columns}: {shown:?}");
            assert_eq!(shown.iter().collect::<HashSet<_>>().len(), names.len(), "{columns}: {shown:?}");
        }
        assert_eq!(distinct(["same name", "same name"], 5), ["same…", "same…"]);
    }
}
