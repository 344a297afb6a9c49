//! How much data there may be.

/// Numbers of a data set at most, its targets not counted: 800 MB.
pub(super) const MOST_NUMBERS: usize = 100_000_000;

/// Features at most: each has a name.
const MOST_FEATURES: usize = 1_000_000;

/// Why so many rows of so many features are too many, and what would do; `None` where they are not.
pub(super) fn too_large(rows: usize, features: usize) -> Option<String> {
    if features > MOST_FEATURES {
        return Some(format!("{features} features; expected at most {MOST_FEATURES}"));
    }
    let numbers = rows.saturating_mul(features);
    (numbers > MOST_NUMBERS).then(|| {
        let (fewer_rows, fewer_features) = (MOST_NUMBERS / features.max(1), MOST_NUMBERS / rows.max(1));
        format!(
            "{rows} rows of {features} features, which are {numbers} numbers; expected at most {MOST_NUMBERS} (800 MB), which are \
             {fewer_rows} such rows or {fewer_features} features"
        )
    })
}
