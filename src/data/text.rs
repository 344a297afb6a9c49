//! Text from outside, made fit for a screen.

/// `text` as one line that a terminal can show: control characters and marks that reorder or hide text
/// are dropped, and every run of white space becomes one space.
///
/// Titles, names and column headers come from files that others wrote; an escape sequence in them must
/// not reach the terminal.
#[must_use]
pub fn display_text(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .filter(|letter| !letter.is_control() && !hides_or_reorders(*letter))
        .collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
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
}
