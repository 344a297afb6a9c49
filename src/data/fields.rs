//! What a scenario can say of its data, word by word: every field and every value that has a name, with what it means.
//!
//! The types that a scenario's data are read into are the one list of these words, and their documentation the one
//! explanation: it is read off their sources, so that a new field or value explains itself.

use std::sync::LazyLock;

/// A word of a scenario's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As a scenario spells it: `standardize`, `MaxAbs`.
    pub name: &'static str,
    /// Where it stands: `data`, `data.source: Csv(…)`.
    pub place: String,
    /// What it means.
    pub help: String,
}

/// The sources, each with the types that are read and where their values stand in a scenario.
const SOURCES: &[(&str, &[(&str, &str)])] = &[
    (
        include_str!("spec.rs"),
        &[
            ("DataSpec", "data"),
            ("ScaleOn", "data.scale_on"),
            ("ClassWeights", "data.class_weights"),
            ("FirstIndex", "data.source: Libsvm(first_index)"),
            ("Standardize", "data.standardize"),
            ("Source", "data.source"),
            ("CausalCurve", "data.source: Confounded(curve)"),
            ("Motion", "data.source: Drifting(motion)"),
            ("Basis", "data.source: Sinusoids(basis)"),
            ("SplitRule", "data.split"),
        ],
    ),
    (
        include_str!("table/reading.rs"),
        &[
            ("Separator", "data.source: Csv(separator)"),
            ("Decimal", "data.source: Csv(decimal)"),
            ("Header", "data.source: Csv(header)"),
            ("Encoding", "data.source: Csv(encoding)"),
            ("Missing", "data.source: Csv(missing)"),
            ("Texts", "data.source: Csv(texts)"),
        ],
    ),
    (include_str!("intercept.rs"), &[("Intercept", "data.intercept")]),
];

static FIELDS: LazyLock<Vec<Field>> =
    LazyLock::new(|| SOURCES.iter().flat_map(|(source, types)| documented(source, types)).collect());

/// Every word, in the order of the types.
#[must_use]
pub fn fields() -> &'static [Field] {
    &FIELDS
}

/// The documented fields and variants of some types in a source as rustfmt writes it: types begin at the margin, what is in
/// them is indented by one step, the fields of a variant by two.
fn documented(source: &'static str, types: &[(&str, &str)]) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let (mut place, mut variant) = (None, "");
    for line in source.lines() {
        let text = line.trim_start();
        if let Some(comment) = text.strip_prefix("///") {
            words.push(comment.trim());
            continue;
        }
        if text.starts_with("#[") {
            continue;
        }
        let help = std::mem::take(&mut words).join(" ");
        let name = text.strip_prefix("pub ").unwrap_or(text);
        if line.len() == text.len() {
            let of = name.strip_prefix("struct ").or_else(|| name.strip_prefix("enum ")).unwrap_or_default();
            let owner = types.iter().find(|(known, _)| of.trim_end_matches([' ', '{']) == *known);
            // What closes a type ends it.
            place = owner.map(|(_, place)| *place);
            continue;
        }
        let Some(owner) = place.filter(|_| !help.is_empty()) else { continue };
        let name = &name[..name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len())];
        let is_inside = line.len() - text.len() > 4;
        let place = if is_inside { format!("{owner}: {variant}(…)") } else { owner.to_owned() };
        if !is_inside {
            variant = name;
        }
        fields.push(Field { name, place, help });
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::table::{Decimal, Missing, Texts};
    use crate::data::{ClassWeights, DataSpec, Intercept, ScaleOn, Source, SplitRule, Standardize};

    fn places(name: &str) -> Vec<&'static str> {
        fields().iter().filter(|field| field.name == name).map(|field| field.place.as_str()).collect()
    }

    #[test]
    fn words_are_found_where_they_stand() {
        assert_eq!(places("Stratified"), ["data.split"]);
        assert_eq!(places("gap"), ["data.split: Ordered(…)"]);
        assert_eq!(places("class_weights"), ["data"]);
        assert_eq!(places("missing_values"), ["data.source: Csv(…)"]);
        assert_eq!(places("MaxAbs"), ["data.standardize"]);
        assert_eq!(places("Free"), ["data.intercept"]);
        assert!(places("weights").contains(&"data.source: Csv(…)") && places("weights").len() == 5);
        assert!(places("leaves_out_constants").is_empty() && places("advised").is_empty());
        let unexplained: Vec<&Field> = fields().iter().filter(|field| field.help.is_empty()).collect();
        assert!(fields().len() > 80 && unexplained.is_empty(), "{unexplained:?}");
    }

    /// Every name that data are written out with, in a form that has nothing left at its default.
    #[test]
    fn every_name_that_is_written_is_explained() {
        let mut csv = Source::csv("a.csv", "y");
        if let Source::Csv { decimal, missing, texts, leave_out, columns, missing_values, weights, .. } = &mut csv {
            (*decimal, *missing, *texts) = (Decimal::Comma, Missing::LeaveOut, Texts::OneHot);
            *leave_out = vec!["1".to_owned()];
            *columns = vec!["2".to_owned()];
            *missing_values = vec!["3".to_owned()];
            *weights = Some("4".to_owned());
        }
        let data = DataSpec {
            split: SplitRule::Ordered { training: 0.5, validation: 0.5, test: 0.0, by: Some("5".to_owned()), gap: 1 },
            standardize: Standardize::MaxAbs,
            scale_on: ScaleOn::Pool,
            intercept: Intercept::Free,
            groups: vec![("6".to_owned(), vec!["7".to_owned()])],
            class_weights: ClassWeights::Listed(vec![("8".to_owned(), 2.0)]),
            ..DataSpec::new(csv)
        };
        let text = ron::ser::to_string(&data).unwrap();
        let is_letter = |letter: char| letter.is_alphabetic() || letter == '_';
        // Quoted texts are what the data are called, not words.
        let bare: String = text.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        let names = bare.split(|letter: char| !is_letter(letter)).filter(|word| word.len() > 1);
        let unknown: Vec<&str> =
            names.filter(|name| places(name).is_empty() && !["Some", "false", "true"].contains(name)).collect();
        assert!(unknown.is_empty(), "{unknown:?} in {text}");
    }
}
