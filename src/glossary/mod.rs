//! The words and symbols that stand on a screen, each explained in one plain sentence and then at length.
//!
//! A term is one value in one of the lists of [`ALL`]. Help, explanations, the command palette and `hyperlab describe`
//! find it by its name and by every spelling that it has on a screen; cards of extensions explain themselves and are
//! not repeated here.

mod data;
mod derivatives;
mod errors;
mod laboratory;
mod levels;

/// A word or symbol.
#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    /// Kebab-case identifier, unique among the terms.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// How else it is written on a screen: symbols, abbreviations, other words.
    pub spelled: &'static [&'static str],
    /// One sentence that needs nothing to be known before.
    pub plain: &'static str,
    /// What else is to be said: the equation, how to read it, what it is not.
    pub more: &'static str,
    /// Identifiers of terms to read next.
    pub see: &'static [&'static str],
}

/// Terms that belong together.
#[derive(Debug)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The terms.
    pub terms: &'static [Term],
}

/// Every term, in the order in which they can be read.
pub static ALL: &[Group] = &[
    Group { title: "Two levels", terms: levels::TERMS },
    Group { title: "How wrong an estimate is", terms: errors::TERMS },
    Group { title: "Data, bias and variance", terms: data::TERMS },
    Group { title: "Inside an estimator", terms: derivatives::TERMS },
    Group { title: "The laboratory", terms: laboratory::TERMS },
];

/// Every term.
pub fn terms() -> impl Iterator<Item = &'static Term> {
    ALL.iter().flat_map(|group| group.terms)
}

impl Term {
    /// Its symbol and name, as a heading writes them: `θ*  exact inner solution`.
    #[must_use]
    pub fn heading(&self) -> String {
        if self.spelled.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}  {}", self.name, self.spelled.join("  "))
        }
    }

    /// The terms to read next.
    pub fn related(&self) -> impl Iterator<Item = &'static Term> + use<> {
        self.see.iter().filter_map(|id| with_id(id))
    }

    /// Whether this is one of its spellings. Case tells f from F, and does not matter in words.
    #[must_use]
    pub fn is_spelled(&self, word: &str) -> bool {
        let is_same = |own: &str| own == word || (own.chars().count() > 2 && own.to_lowercase() == word.to_lowercase());
        is_same(self.id) || is_same(self.name) || self.spelled.iter().any(|own| is_same(own))
    }

    /// Whether one of its spellings stands in the text, as a word of its own.
    #[must_use]
    pub fn stands_in(&self, text: &str) -> bool {
        std::iter::once(&self.name).chain(self.spelled).any(|own| holds_word(text, own))
    }
}

/// The term with this identifier.
#[must_use]
pub fn with_id(id: &str) -> Option<&'static Term> {
    terms().find(|term| term.id == id)
}

/// The terms that are spelled so.
pub fn spelled(word: &str) -> impl Iterator<Item = &'static Term> {
    let word = word.trim().to_owned();
    terms().filter(move |term| term.is_spelled(&word))
}

/// Whether `word` stands in `text` with neither a letter nor what belongs to a symbol on either side.
pub fn holds_word(text: &str, word: &str) -> bool {
    // Words may be written large and small; of symbols and abbreviations, case is what tells them apart.
    let is_symbol = word.chars().count() <= 2 || word.chars().any(|letter| !letter.is_ascii() || letter.is_uppercase());
    let (text, word) =
        if is_symbol { (text.to_owned(), word.to_owned()) } else { (text.to_lowercase(), word.to_lowercase()) };
    let belongs = |letter: char| letter.is_alphanumeric() || letter == '*' || letter == '\u{302}';
    text.match_indices(&word).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = &text[start + found.len()..];
        // A plural is the same word.
        let after = if is_symbol { after } else { after.strip_prefix('s').unwrap_or(after) };
        let begins = !word.starts_with(belongs) || !before.is_some_and(belongs);
        let ends = !word.ends_with(belongs) || !after.starts_with(belongs);
        begins && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_says_what_it_is_and_refers_to_terms_that_there_are() {
        for (index, term) in terms().enumerate() {
            assert!(terms().take(index).all(|other| other.id != term.id), "{} is there twice", term.id);
            assert!(term.id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'), "{}", term.id);
            for text in [term.plain, term.more] {
                assert!(text.ends_with('.'), "{}: {text}", term.id);
            }
            for id in term.see {
                assert!(with_id(id).is_some_and(|other| other.id != term.id), "{} refers to {id}", term.id);
            }
        }
    }

    /// Who reads only this has to understand it.
    #[test]
    fn the_plain_sentence_is_short_and_without_formulas() {
        for term in terms() {
            let words = term.plain.split_whitespace().count();
            assert!(words <= 25, "{}: {words} words", term.id);
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " ,.:;-'λθ".contains(letter);
            let strange: String = term.plain.chars().filter(|letter| !is_plain(*letter)).collect();
            assert_eq!(strange, "", "{}: {}", term.id, term.plain);
            assert!(!term.plain.trim_end_matches('.').contains(". "), "{} is one sentence", term.id);
        }
    }

    #[test]
    fn a_spelling_belongs_to_one_term() {
        for term in terms() {
            for own in [term.id, term.name].iter().chain(term.spelled) {
                let found: Vec<&str> = spelled(own).map(|term| term.id).collect();
                assert_eq!(found, [term.id], "{own}");
            }
        }
    }

    #[test]
    fn case_tells_symbols_apart_and_not_words() {
        assert_eq!(spelled("f").map(|term| term.id).collect::<Vec<_>>(), ["outer-objective"]);
        assert_eq!(spelled("F").map(|term| term.id).collect::<Vec<_>>(), ["value-function"]);
        assert_eq!(spelled("Slope").map(|term| term.id).collect::<Vec<_>>(), ["slope"]);
        assert_eq!(spelled("no such word").count(), 0);
    }

    #[test]
    fn a_word_stands_by_itself() {
        assert!(holds_word("slope 1.96 super-efficient", "slope"));
        assert!(holds_word("slopes over seeds", "slope"));
        assert!(!holds_word("sloped", "slope"));
        assert!(holds_word("‖θ−θ*‖ from 10 to 1", "‖θ−θ*‖"));
        assert!(holds_word("at θ*(λ)", "θ*"));
        assert!(!holds_word("at θ*(λ)", "θ"), "θ* is not θ");
        assert!(!holds_word("first-order", "F"));
        assert!(holds_word("F(λ) = f(λ, θ*(λ))", "F"));
    }
}
