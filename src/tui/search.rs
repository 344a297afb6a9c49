//! Search by words: everything that is typed has to be somewhere, and what is found in a name comes before what is
//! found in a text.

use std::ops::Range;

use strsim::osa_distance;

use super::text::clean;

/// Letters from which a word may be misspelled by one.
const FORGIVING: usize = 5;

/// A text to be searched, and how much finding something in it is worth: 0 is most.
pub(super) type Field = (u8, String);

/// The words of what is typed, in lower case.
pub(super) fn words(typed: &str) -> Vec<String> {
    clean(typed).split_whitespace().map(str::to_lowercase).collect()
}

/// How well fields answer to words, the least first; nothing, where a word is in none of them.
pub(super) fn rank(words: &[String], fields: &[Field]) -> Option<u32> {
    let of_word = |word: &String| fields.iter().filter_map(|(worth, text)| rank_in(word, *worth, text)).min();
    words.iter().map(of_word).sum()
}

/// The whole text before a word of it, a whole word before a beginning, a beginning before an inside, and what is nearly so last.
fn rank_in(word: &str, worth: u8, text: &str) -> Option<u32> {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    let starts: Vec<usize> = occurrences(&letters, word).collect();
    let is_edge = |at: usize| letters.get(at).is_none_or(|letter| !letter.is_alphanumeric());
    let begins = |start: &&usize| **start == 0 || is_edge(**start - 1);
    let length = word.chars().count();
    let place = if length == letters.len() && !starts.is_empty() {
        0
    } else if starts.iter().filter(begins).any(|start| is_edge(start + length)) {
        1
    } else if starts.iter().any(|start| begins(&start)) {
        2
    } else if !starts.is_empty() {
        3
    } else if worth < TEXT && length >= FORGIVING && is_nearly_in(word, text) {
        13
    } else {
        return None;
    };
    Some(u32::from(worth) * 4 + place)
}

/// The worth of a running text, in which words are not forgiven: it has too many.
pub(super) const TEXT: u8 = 3;

fn is_nearly_in(word: &str, text: &str) -> bool {
    let others = text.split(|letter: char| !letter.is_alphanumeric());
    others.map(str::to_lowercase).any(|other| osa_distance(&other, word) <= 1)
}

/// Where in some letters a word stands.
fn occurrences(letters: &[char], word: &str) -> impl Iterator<Item = usize> {
    let word: Vec<char> = word.chars().collect();
    let last = (letters.len() + 1).saturating_sub(word.len().max(1));
    (0..last).filter(move |start| !word.is_empty() && letters[*start..].starts_with(&word))
}

/// The bytes of a text that answer to words, in order and apart.
pub(super) fn marks(words: &[String], text: &str) -> Vec<Range<usize>> {
    // Letter for letter, so that places in the small letters are places in the text.
    let small: Vec<char> = text.chars().map(|letter| letter.to_lowercase().next().unwrap_or(letter)).collect();
    let bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    let mut is_marked = vec![false; small.len()];
    for word in words {
        let length = word.chars().count();
        for start in occurrences(&small, word) {
            is_marked[start..start + length].fill(true);
        }
    }
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in is_marked.iter().enumerate().filter(|(_, is_marked)| **is_marked) {
        match found.last_mut() {
            Some(last) if last.end == bytes[at] => last.end = bytes[at + 1],
            _ => found.push(bytes[at]..bytes[at + 1]),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<Field> {
        vec![
            (0, "Bias falls, variance rises".to_owned()),
            (1, "Ridge".to_owned()),
            (TEXT, "Forty penalties".to_owned()),
        ]
    }

    fn of(typed: &str) -> Option<u32> {
        rank(&words(typed), &fields())
    }

    #[test]
    fn names_come_before_texts_and_beginnings_before_insides() {
        let order = ["bias", "bia", "ias", "ridge", "forty", "orty"].map(|typed| of(typed).unwrap());
        assert!(order.is_sorted(), "{order:?}");
    }

    #[test]
    fn a_name_in_full_comes_before_a_longer_one_that_has_it() {
        let of = |name: &str| rank(&words("hyper-cleaning"), &[(0, name.to_owned())]).unwrap();
        assert!(of("hyper-cleaning") < of("natural-hyper-cleaning"));
        assert_eq!(of("hyper-cleaning-ensembles"), of("natural-hyper-cleaning"));
    }

    #[test]
    fn every_word_has_to_be_somewhere() {
        assert!(of("variance RIDGE").is_some());
        assert!(of("variance lasso").is_none());
        assert_eq!(of(""), Some(0), "nothing typed leaves everything");
    }

    #[test]
    fn one_wrong_letter_is_forgiven_in_names_and_not_in_texts() {
        assert!(of("varianec").is_some_and(|rank| rank > of("variance").unwrap()));
        assert!(of("penaltys").is_none());
        assert!(of("brias").is_some() && of("bxxas").is_none());
    }

    #[test]
    fn what_was_found_is_marked_in_the_text_as_it_is_written() {
        let text = "Θ and θ, BIAS";
        let found: Vec<&str> = marks(&words("bias θ"), text).into_iter().map(|place| &text[place]).collect();
        assert_eq!(found, ["Θ", "θ", "BIAS"]);
        assert_eq!(marks(&words("ab ba"), "aba"), std::slice::from_ref(&(0..3)));
        assert!(marks(&words("  "), text).is_empty());
    }
}
