//! Which classes a part of the split lacks.

use super::{Note, Prepared, Samples};
use crate::math::number::counted;

impl Prepared {
    /// The classes that training, validation or test rows have none of, in words: what is learned or judged there is not
    /// about all of them.
    #[must_use]
    pub fn lacking(&self) -> Vec<Note> {
        let parts =
            [("training", &self.split.training), ("validation", &self.split.validation), ("test", &self.split.test)];
        parts
            .into_iter()
            .filter(|(_, part)| !part.targets.is_empty())
            .filter_map(|(name, part)| self.lack(name, part))
            .collect()
    }

    fn lack(&self, name: &str, part: &Samples) -> Option<Note> {
        let labels = &self.split.labels;
        let is_absent = |label: &&f64| !part.targets.contains(label);
        let called = |label: &f64| format!("`{}`", self.split.class_name(*label));
        let absent: Vec<String> = labels.iter().filter(is_absent).map(called).collect();
        let names = absent.join(", ");
        let rows = counted(part.targets.len(), &format!("{name} row"));
        (!absent.is_empty()).then(|| {
            let words =
                format!("none of the {rows} is of {} {names}", if absent.len() == 1 { "class" } else { "classes" });
            Note::warning(format!("{words}; `split: Stratified(…)` gives every part its share of every class"))
        })
    }
}
