//! Which columns are instruments, and which are regressors.

use crate::data::Split;
use crate::problem::BuildError;

/// Columns by what they are to the target.
pub(super) struct Roles {
    /// Those that f_λ is a function of.
    pub regressors: Vec<usize>,
    /// Those that the inner function is a function of.
    pub instruments: Vec<usize>,
}

/// The names of groups that are told apart.
const INSTRUMENTS: &str = "instruments";
const CONTROLS: &str = "controls";

impl Roles {
    /// By the groups that a scenario lists: `instruments`, and `controls`, which are their own instruments; all other columns are
    /// regressors.
    pub fn of(split: &Split) -> Result<Self, BuildError> {
        let named = |name: &str| -> Vec<usize> {
            let group = split.columns.groups.iter().find(|group| group.name == name);
            group.map(|group| group.columns.clone()).unwrap_or_default()
        };
        let (excluded, controls) = (named(INSTRUMENTS), named(CONTROLS));
        if excluded.is_empty() {
            let names: Vec<String> = split.feature_names.iter().take(12).map(|name| format!("`{name}`")).collect();
            let example = split.feature_names.last().map_or("z", String::as_str);
            let message = format!(
                "nothing says which of the columns {} are instruments; expected `groups: [(\"{INSTRUMENTS}\", [\"{example}\"])]`, with the \
                 columns that move the target only through the others",
                names.join(", ")
            );
            return Err(BuildError::at("groups", message));
        }
        let is_rest = |column: &usize| !excluded.contains(column) && !controls.contains(column);
        let regressors: Vec<usize> = (0..split.feature_names.len()).filter(is_rest).collect();
        if regressors.is_empty() {
            let message = format!(
                "every column is in `{INSTRUMENTS}` or `{CONTROLS}`, so that none is a regressor; expected one at least in no group"
            );
            return Err(BuildError::at("groups", message));
        }
        let behind = |first: Vec<usize>| first.into_iter().chain(controls.iter().copied()).collect();
        Ok(Self { regressors: behind(regressors), instruments: behind(excluded) })
    }
}
