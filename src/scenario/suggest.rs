//! What was probably meant, in words.

pub use crate::catalog::nearest;

/// "did you mean …?", when something is near.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// "no palette is called …", with the nearest of those that are known, or all of them.
pub fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let all = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let advice = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| format!("expected one of {}", all()));
    format!("no {what} is called `{}`; {advice}", crate::data::display_text(name))
}
