//! A panic is a defect of this program. It ends what it happened in, and nothing else.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A panic that was caught, in its own words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a defect in hyperlab: {0}")]
pub struct Defect(String);

/// Does some work. What it was changing when it panicked may be half done: whoever goes on with that puts it right.
///
/// # Errors
/// When the work panics.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Defect> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| Defect(in_words(&*payload)))
}

fn in_words(payload: &(dyn Any + Send)) -> String {
    let literal = payload.downcast_ref::<&str>().map(|words| (*words).to_owned());
    let formatted = || payload.downcast_ref::<String>().cloned();
    literal.or_else(formatted).unwrap_or_else(|| "it did not say which".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_with_its_words() {
        assert_eq!(caught(|| 7), Ok(7));
        let words = |work: fn()| caught(work).unwrap_err().to_string();
        assert_eq!(words(|| panic!("out of {}", "range")), "a defect in hyperlab: out of range");
        assert_eq!(words(|| panic!("as it is")), "a defect in hyperlab: as it is");
        assert_eq!(words(|| std::panic::panic_any(7)), "a defect in hyperlab: it did not say which");
    }
}
