//! A draft as the text of a scenario that a person likes to read.

use super::choices::{Draft, Role, SEED};
use super::guess;
use crate::catalog::Knobs;
use crate::data::table::{Decimal, Header, Missing, Texts};
use crate::data::{Intercept, display_text, name_in_short};
use crate::math::number::counted;
use crate::problem::Needs;

/// What is not about the data: loops, trials and charts, the likelier first. A problem with kinks refuses the first, and one
/// without a bound on its curvature all but the last.
const WAYS: [&str; 3] =
    [include_str!("ways/automatic.ron"), include_str!("ways/kinks.ron"), include_str!("ways/fixed.ron")];

/// Columns of text, its margin included.
const WIDTH: usize = 120;

/// Before a line that goes on with a text.
const MARGIN: &str = "        ";

impl Draft {
    /// The scenario over the file of this name, which lies in its folder: several texts, of which the first that can be run is
    /// meant. None, where no problem takes the target.
    #[must_use]
    pub fn texts(&self, file: &str) -> Vec<String> {
        let Some(problem) = self.problem else { return Vec::new() };
        let knobs = Knobs::defaults(problem.card.knobs);
        let needs = (problem.needs)(&knobs);
        let shown = display_text(file);
        let name = &self.survey.columns[self.target].name;
        let title = format!("{}: {} by {}", stem(&shown), name_in_short(name), problem.card.name.to_lowercase());
        let header =
            format!("Written from {shown}, which lies beside it. scenarios/TEMPLATE.ron explains every field.");
        let spelled = format!("problem: {}(),  // {}", problem.card.ron_name(), problem.card.plain());
        let parts = [
            ("$header", header),
            ("$title", escaped(&title)),
            ("$about", escaped(&self.about(&shown, problem.card.name))),
            ("$seed", SEED.to_string()),
            ("$problem", spelled),
            ("$data", self.data(file, needs)),
        ];
        WAYS.iter().map(|way| filled(way, &parts)).collect()
    }

    /// What the data are, in a sentence or two.
    fn about(&self, file: &str, problem: &str) -> String {
        let (survey, sizes) = (&self.survey, self.sizes());
        let target = &survey.columns[self.target];
        let what = if target.holds_texts() { format!(", one of {} classes,", target.distinct) } else { String::new() };
        let problem = problem.to_lowercase();
        let rows = if sizes.rows == survey.rows {
            counted(sizes.rows, "row")
        } else {
            format!("{} of {}", sizes.rows, counted(survey.rows, "row"))
        };
        let features = counted(sizes.features, "feature");
        let parts = match &sizes.parts {
            Ok([training, validation, 0]) => format!("{training} rows train, {validation} validate"),
            Ok([training, validation, test]) => format!("{training} rows train, {validation} validate, {test} test"),
            Err(_) => String::new(),
        };
        let words = format!(
            "{problem} predicts `{}`{what} from {features} in {rows} of {file}; {parts}.",
            name_in_short(&target.name)
        );
        let mut letters = words.chars();
        let words: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        wrapped(&words)
    }

    /// The field `data`.
    fn data(&self, file: &str, needs: Needs) -> String {
        let survey = &self.survey;
        let target = &survey.columns[self.target];
        let mut lines = vec![
            "data: Data(".to_owned(),
            format!(
                "    // {} of {}: {}.",
                counted(survey.rows, "row"),
                counted(survey.columns.len(), "column"),
                survey.dialect()
            ),
            "    source: Csv(".to_owned(),
            format!("        path: {},", quoted(file)),
            format!("        target: {},  // {}", quoted(&target.name), target.kind.in_words(target.distinct)),
        ];
        // What was doubtful is said, whoever has decided it.
        if self.header != Header::Auto || survey.has_numbers_for_names {
            let header = if survey.has_header { "Present" } else { "Absent" };
            lines.push(format!("        header: {header},"));
        }
        if self.decimal != Decimal::Auto {
            let decimal = if self.decimal == Decimal::Comma { "Comma" } else { "Point" };
            lines.push(format!("        decimal: {decimal},"));
        }
        lines.extend(self.left_out());
        if self.has_holes() {
            let lost = survey.rows - self.whole_rows().count();
            let count = format!("{} with a hole", counted(lost, "row"));
            let missing = match self.missing {
                Missing::Refuse => "Refuse",
                Missing::LeaveOut => "LeaveOut",
                Missing::Mean => "Mean",
                Missing::Median => "Median",
                Missing::Class => "Class",
            };
            lines.push(format!("        missing: {missing},  // {count}"));
        }
        if self.has_texts() {
            let is_text = |index: &usize| self.role(*index) == Role::Feature && survey.columns[*index].holds_texts();
            let names = (0..survey.columns.len()).filter(is_text).map(|index| survey.columns[index].name.as_str());
            let names = shortened(names);
            let texts = match self.texts {
                Texts::Refuse => "Refuse",
                Texts::OneHot => "OneHot",
                Texts::DropFirst => "DropFirst",
                Texts::LeaveOut => "LeaveOut",
            };
            lines.push(format!("        texts: {texts},  // {names}"));
        }
        lines.push("    ),".to_owned());
        lines.push(format!("    split: {},", self.spelled_rule()));
        lines.push(
            "    standardize: Scale,  // every feature, to mean 0 and deviation 1 of the training rows".to_owned(),
        );
        if needs == Needs::Regression {
            lines.push("    standardize_target: true,  // so that a loss of 1 is that of the mean".to_owned());
        }
        match self.intercept {
            Intercept::None => {}
            Intercept::Penalized => lines.push("    intercept: Penalized,  // a column of ones".to_owned()),
            Intercept::Free => {
                lines.push("    intercept: Free,  // a column of ones that carries no penalty".to_owned())
            }
        }
        lines.push("),".to_owned());
        lines.join("\n    ")
    }

    /// The columns that are no features, with why where there is a reason.
    fn left_out(&self) -> Vec<String> {
        let survey = &self.survey;
        let left_out: Vec<usize> = (0..survey.columns.len())
            .filter(|index| self.role(*index) == Role::LeftOut || self.is_level(*index))
            .collect();
        if left_out.is_empty() {
            return Vec::new();
        }
        let mut lines = vec!["        leave_out: [".to_owned()];
        lines.extend(left_out.into_iter().map(|index| {
            let column = &survey.columns[index];
            let is_level = self.is_level(index).then_some("it has one value in all training rows");
            let why = guess::why_left_out(column, survey.rows).or(is_level).map(|why| format!("  // {why}"));
            format!("            {},{}", quoted(&column.name), why.unwrap_or_default())
        }));
        lines.push("        ],".to_owned());
        lines
    }
}

/// The template with its parts in place. What stands in a part is not looked into.
fn filled(template: &str, parts: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((at, (name, part))) =
        parts.iter().filter_map(|part| Some((rest.find(part.0)?, part))).min_by_key(|found| found.0)
    {
        text += &rest[..at];
        text += part;
        rest = &rest[at + name.len()..];
    }
    text + rest
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// What stands between quotes; a text that is fit to show keeps its letters and its lines.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// In lines that go on under the text's own.
fn wrapped(text: &str) -> String {
    let options = textwrap::Options::new(WIDTH).initial_indent("             ").subsequent_indent(MARGIN);
    textwrap::fill(text, options).trim_start().to_owned()
}

/// The first few names.
fn shortened<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const FEW: usize = 4;
    let names: Vec<&str> = names.collect();
    let mut text = names.iter().take(FEW).copied().collect::<Vec<_>>().join(", ");
    if names.len() > FEW {
        text += &format!(" and {} more", names.len() - FEW);
    }
    text
}

/// A file's name without its ending.
fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).trim()
}
