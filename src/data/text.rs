//! Text from outside, made fit for a screen.

/// `text` as one line that a terminal can show: control characters and marks that reorder or hide text
/// are dropped, and every run of white space becomes one space.
///
/// Titles, names and column headers come from files that others wrote; an escape sequence in them must
/// not reach the terminal.
#[must_use]
pub fn display_text(text: &str) -> String {
    visible(text).split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The same with every space where it was: for what is being typed.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .filter(|letter| is_visible(*letter))
        .collect()
}

/// Letters of a name in a message.
const LONGEST_NAME: usize = 60;

/// A name as messages have room for it: of a longer one the middle is left out.
#[must_use]
pub fn name_in_short(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.to_owned();
    }
    let (start, end) = (LONGEST_NAME * 2 / 3, LONGEST_NAME / 3 - 1);
    let letters = |from: usize, count: usize| name.chars().skip(from).take(count).collect::<String>();
    format!("{}…{}", letters(0, start), letters(length - end, end))
}

/// Letters of one word in a message; of longer ones the middle is left out. Paths are shorter.
const LONGEST_WORD: usize = 300;

/// A message in the lines that it has, each fit for a screen: what it quotes may be anything, and of any length.
#[must_use]
pub fn legible(message: &str) -> String {
    let lines: Vec<String> =
        message.lines().map(|line| visible(line).split(' ').map(shortened).collect::<Vec<_>>().join(" ")).collect();
    lines.join("\n")
}

fn shortened(word: &str) -> String {
    let length = word.chars().count();
    if length <= LONGEST_WORD {
        return word.to_owned();
    }
    let (start, end) = (LONGEST_WORD / 3, LONGEST_WORD / 10);
    let letters = |from: usize, count: usize| word.chars().skip(from).take(count).collect::<String>();
    format!("{}…{}", letters(0, start), letters(length - end, end))
}

/// Whether a character neither steers a terminal nor hides or reorders what stands around it.
#[must_use]
pub fn is_visible(letter: char) -> bool {
    !letter.is_control() && !hides_or_reorders(letter)
}

/// Zero-width characters, and the overrides of the bidirectional algorithm.
fn hides_or_reorders(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_white_space_collapses() {
        assert_eq!(display_text("a\u{1b}[31mred\u{7} \u{9b}2J b"), "a[31mred 2J b");
        assert_eq!(display_text("  two\n   lines\t\r\n"), "two lines");
        assert_eq!(display_text("abc\u{202e}def\u{200b}g"), "abcdefg");
        assert_eq!(display_text("λ ∈ R²"), "λ ∈ R²");
    }

    #[test]
    fn messages_keep_their_lines_and_lose_the_middle_of_endless_words() {
        assert_eq!(legible("`a\u{202e}b`:  two\nlines"), "`ab`:  two\nlines");
        assert_eq!(name_in_short("width"), "width");
        let name = name_in_short(&format!("begins {}ends", "z".repeat(500)));
        assert!(name.chars().count() == 60 && name.starts_with("begins z") && name.ends_with("zends"), "{name}");
        let long = legible(&format!("`{}` is no path", "z".repeat(5000)));
        assert!(long.chars().count() < 200 && long.starts_with("`zzz") && long.ends_with("zz` is no path"), "{long}");
    }
}
