//! What is looked for, marked where it stands.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// The line with every occurrence of the words in another look. Large and small letters are the same.
pub(super) fn marked(line: Line<'static>, wanted: &str, look: Style) -> Line<'static> {
    // A letter alone stands everywhere.
    let words = wanted.split_whitespace().filter(|word| word.chars().count() > 1);
    let words: Vec<Vec<char>> = words.map(|word| word.chars().map(small).collect()).collect();
    let style = line.style;
    let spans: Vec<Span<'static>> = line.spans.into_iter().flat_map(|span| parts(&span, &words, look)).collect();
    Line::from(spans).style(style)
}

/// A span cut where words begin and end.
fn parts(span: &Span<'static>, words: &[Vec<char>], look: Style) -> Vec<Span<'static>> {
    let letters: Vec<char> = span.content.chars().collect();
    let lowered: Vec<char> = letters.iter().copied().map(small).collect();
    let begins = |at: usize, word: &&Vec<char>| lowered[at..].starts_with(word);
    let (mut parts, mut plain, mut at) = (Vec::new(), String::new(), 0);
    while at < letters.len() {
        match words.iter().find(|word| begins(at, word)) {
            Some(word) => {
                if !plain.is_empty() {
                    parts.push(Span::styled(std::mem::take(&mut plain), span.style));
                }
                let found: String = letters[at..at + word.len()].iter().collect();
                parts.push(Span::styled(found, span.style.patch(look)));
                at += word.len();
            }
            None => {
                plain.push(letters[at]);
                at += 1;
            }
        }
    }
    if !plain.is_empty() {
        parts.push(Span::styled(plain, span.style));
    }
    parts
}

/// The small letter, where there is exactly one.
fn small(letter: char) -> char {
    let mut lowered = letter.to_lowercase();
    match (lowered.next(), lowered.next()) {
        (Some(small), None) => small,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Modifier;

    #[test]
    fn words_are_marked_wherever_they_stand() {
        let look = Style::new().add_modifier(Modifier::BOLD);
        let line = marked(Line::from("Slope 1, and the slopes of θ*"), "slope θ*", look);
        let found: Vec<&str> = line.spans.iter().filter(|it| it.style == look).map(|it| it.content.as_ref()).collect();
        assert_eq!(found, ["Slope", "slope", "θ*"]);
        let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
        assert_eq!(text, "Slope 1, and the slopes of θ*", "nothing is lost");
    }
}
