//! What a reference costs, said before it is paid.

use super::{About, Gives, References, every};
use crate::catalog::Spec;
use crate::problem::{Price, Problem};

/// An answer that takes longer is announced.
const LONG: f64 = 1.0;

/// And one that takes more memory, in bytes.
const MUCH: f64 = 2e8;

/// What the exact answers of a scenario take, in words, where that is long: of one, at every so many outer steps of each
/// trial. How long is worked out from the sizes of the problem, and no clock is asked.
#[must_use]
pub fn notice(reference: &Spec<References>, problem: &dyn Problem) -> Option<String> {
    let price = Price::of_truth(problem);
    let seconds = price.seconds();
    let about = About { is_unique: problem.is_convex(), learns_dynamics: false, has_population: true, seconds };
    let gives = (reference.entry().gives)(about).ok()?;
    let is_left_out =
        gives == Gives::Nothing && (reference.entry().gives)(About { seconds: 0.0, ..about }) != Ok(gives);
    if !(matches!(gives, Gives::Solution | Gives::Population) || is_left_out) || (seconds < LONG && price.bytes < MUCH)
    {
        return None;
    }
    let every = every(reference, about);
    let when = match every {
        _ if is_left_out => "and is not asked for along the run; `SameData` asks for it all the same".to_owned(),
        1 => "at every outer step of every trial".to_owned(),
        _ => format!("at every {every} outer steps of every trial"),
    };
    Some(format!(
        "an exact answer takes about {} and {:.0} MB here (θ has {} entries), {when}",
        duration(seconds),
        (price.bytes / 1e6).ceil(),
        problem.dimensions().inner,
    ))
}

/// What would take less.
#[must_use]
pub fn cheaper(reference: &Spec<References>) -> String {
    format!("`truth: {}(every: 50)` asks for it less often, `truth: None` not at all", reference.card().ron_name())
}

fn duration(seconds: f64) -> String {
    if seconds < 90.0 { format!("{seconds:.0} s") } else { format!("{:.0} min", seconds / 60.0) }
}
