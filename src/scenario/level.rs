//! What is to be said of the intercept of a scenario, by its problem and its rows.

use crate::catalog::Spec;
use crate::data::{DataSpec, Intercept, Note, Prepared};
use crate::problem::{Level, Problems};

/// Whether an intercept is missed, penalized where that pulls the level away, or there without a penalty. A level that
/// is near what θ = 0 predicts misses none.
pub(super) fn note(problem: &Spec<Problems>, spec: &DataSpec, prepared: &Prepared) -> Option<Note> {
    let (entry, name) = (problem.entry(), problem.card().ron_name());
    let far = (entry.needs)(&problem.knobs).target().and_then(|target| prepared.far_level(target));
    let note = match (entry.level, spec.intercept, far) {
        (Level::Own(what), Intercept::Penalized, _) => {
            Note::remark(format!("a column of ones is appended, although `{name}` has {what}"))
        }
        (Level::Own(_), ..) | (_, Intercept::None, None) | (Level::Alike(_), Intercept::Penalized, _) => return None,
        (Level::Column, Intercept::None, Some(far)) => Note::warning(format!(
            "{far}, and there is no intercept; `intercept: Free` appends a column of ones that carries no penalty"
        )),
        (Level::Alike(_), Intercept::None, Some(far)) => {
            Note::warning(format!("{far}, and there is no intercept; `intercept: Penalized` appends a column of ones"))
        }
        (Level::Column, Intercept::Penalized, Some(far)) => Note::warning(format!(
            "{far}, and the intercept is penalized, which pulls the level away from there; with `intercept: Free` it is not"
        )),
        (Level::Column, Intercept::Penalized, None) => Note::remark(
            "the intercept, a column of ones, is penalized as any feature; with `intercept: Free` it is not".to_owned(),
        ),
        (_, Intercept::Free, _) => {
            Note::remark("the intercept, a column of ones, carries no penalty, and λ has no entry for it".to_owned())
        }
    };
    Some(note.about("intercept"))
}

/// Which intercept a scenario of this problem begins with over these training targets, where nobody says.
#[must_use]
pub fn advised_intercept(problem: &Spec<Problems>, targets: &[f64]) -> Intercept {
    let entry = problem.entry();
    let advised = (entry.needs)(&problem.knobs).target().map(|target| Intercept::advised(targets, target));
    match (entry.level, advised) {
        (Level::Column, Some(advised)) => advised,
        (Level::Alike(_), Some(Intercept::Free)) => Intercept::Penalized,
        _ => Intercept::None,
    }
}
