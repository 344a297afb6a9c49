//! What is said of columns one by one, gathered by what it is about: a table may have thousands of them.

use crate::data::Note;

/// Columns that are named beside the first.
const MOST_NAMED: usize = 11;

/// Notes on columns. Of several on one topic the first is told in full, and the columns of the others are named.
#[derive(Default)]
pub(super) struct Gathered(Vec<Topic>);

struct Topic {
    about: &'static str,
    first: Note,
    others: Vec<String>,
    more: usize,
}

impl Gathered {
    /// Adds a note on a column, whose name stands in it; `label` calls the column in the note on another.
    pub(super) fn say(&mut self, about: &'static str, label: String, note: Note) {
        let is_same = |topic: &&mut Topic| topic.about == about && topic.first.is_warning == note.is_warning;
        match self.0.iter_mut().find(is_same) {
            Some(topic) if topic.others.len() < MOST_NAMED => topic.others.push(label),
            Some(topic) => topic.more += 1,
            None => self.0.push(Topic { about, first: note, others: Vec::new(), more: 0 }),
        }
    }

    /// The notes, in the order in which their topics came.
    pub(super) fn notes(self) -> Vec<Note> {
        let told = |topic: Topic| {
            let more = if topic.more > 0 { format!(" and {} more", topic.more) } else { String::new() };
            let others =
                if topic.others.is_empty() { String::new() } else { format!("; so with {}", topic.others.join(", ")) };
            Note { text: format!("{}{others}{more}", topic.first.text), ..topic.first }
        };
        self.0.into_iter().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_topic_is_told_and_the_others_are_named() {
        let mut gathered = Gathered::default();
        for index in 0..14 {
            gathered.say("constant", format!("`x{index}`"), Note::remark(format!("`x{index}` left out")));
        }
        gathered.say("unit", "`u`".to_owned(), Note::remark("`u`: without `%`".to_owned()));
        let texts: Vec<String> = gathered.notes().into_iter().map(|note| note.text).collect();
        assert!(texts[0].starts_with("`x0` left out; so with `x1`, `x2`, "), "{texts:?}");
        assert!(texts[0].ends_with("`x11` and 2 more") && texts[1] == "`u`: without `%`", "{texts:?}");
    }
}
