//! What a reference costs, said before it is paid.

use super::{About, Gives, References};
use crate::catalog::Spec;
use crate::problem::{Price, Problem};

/// An answer that takes longer is announced.
const LONG: f64 = 1.0;

/// What the exact answers of a scenario take, in words, where that is long: of one, at every so many outer steps of each
/// trial. How long is worked out from the sizes of the problem, and no clock is asked.
#[must_use]
pub fn notice(reference: &Spec<References>, problem: &dyn Problem) -> Option<String> {
    let about = About { is_unique: problem.is_convex(), learns_dynamics: false, has_population: true };
    let gives = (reference.entry().gives)(about).ok()?;
    if !matches!(gives, Gives::Solution | Gives::Population) {
        return None;
    }
    let price = Price::of_truth(problem);
    let seconds = price.seconds();
    if seconds < LONG {
        return None;
    }
    let every = reference.knobs.get("every").map_or(1, |_| reference.knobs.count("every").max(1));
    let when = if every == 1 { "every outer step".to_owned() } else { format!("every {every} outer steps") };
    Some(format!(
        "an exact answer takes about {} and {:.0} MB here (θ has {} entries), at {when} of every trial",
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
