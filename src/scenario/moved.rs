//! Fields and extensions that older files have, and where they went.

use super::PARTS;

/// A field that an extension once had.
struct Moved {
    /// The part of a scenario at which the extension stands.
    part: &'static str,
    /// What it was called.
    field: &'static str,
    /// What to write now.
    now: &'static str,
}

static MOVED: &[Moved] = &[
    Moved {
        part: "ensemble",
        field: "smoothing",
        now: "smoothing is a filter of the outer loop now: `smoothing: 0.5` is \
              `outer: Outer(filter: Decay(weight: 0.5))`; `hyperlab check --fix` writes it so",
    },
    Moved {
        part: "inner.dynamics",
        field: "batch",
        now: "batches belong to the loops now: `batch: 16` is `inner: Inner(batch: Rows(16))`",
    },
];

/// Extensions that were once on a list, and what to write now.
static GONE: &[(&str, &str)] = &[
    ("Off", "a run that is held against nothing says `truth: None` now; `hyperlab check --fix` writes it so"),
    (
        "Sgd",
        "any dynamics run over batches now: `dynamics: Sgd(batch: 16)` is `dynamics: GradientDescent, batch: Rows(16), \
     products: Full`; `hyperlab check --fix` writes it so",
    ),
];

/// What to write instead of an extension that is gone: `Sgd`.
#[must_use]
pub fn moved_name(name: &str) -> Option<&'static str> {
    GONE.iter().find(|(gone, _)| *gone == name).map(|(_, now)| *now)
}

/// What to write instead of a field of the extension called `owner` in a file: `smoothing` of `Fresh`.
#[must_use]
pub fn moved_field(owner: &str, field: &str) -> Option<&'static str> {
    let is_of = |part: &str| {
        let cards = PARTS.iter().filter(|known| known.path == part).flat_map(|part| (part.cards)());
        cards.into_iter().any(|card| card.ron_name() == owner)
    };
    MOVED.iter().find(|moved| moved.field == field && is_of(moved.part)).map(|moved| moved.now)
}

/// The same of a path in a trial: `ensemble.smoothing`.
#[must_use]
pub fn moved_path(path: &str) -> Option<&'static str> {
    let (part, field) = path.rsplit_once('.')?;
    MOVED.iter().find(|moved| (moved.part, moved.field) == (part, field)).map(|moved| moved.now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Card;

    /// An entry that names a field of today would mislead.
    #[test]
    fn what_has_moved_is_no_longer_there() {
        for moved in MOVED {
            let part = PARTS.iter().find(|part| part.path == moved.part).unwrap();
            let has = |card: &&Card| card.knobs.iter().any(|knob| knob.key == moved.field);
            assert!(!(part.cards)().iter().any(has), "{}.{}", moved.part, moved.field);
        }
        let names: Vec<String> = PARTS.iter().flat_map(|part| (part.cards)()).map(|card| card.ron_name()).collect();
        assert!(GONE.iter().all(|(gone, _)| names.iter().all(|name| name != gone)));
    }
}
