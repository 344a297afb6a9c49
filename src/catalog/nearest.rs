//! The name that was probably meant.

use strsim::osa_distance;

/// The candidate nearest to `name`, when it is near enough to be a slip of the fingers.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let wanted = plain(name);
    let distances = candidates.into_iter().map(|candidate| (osa_distance(&wanted, &plain(candidate)), candidate));
    let (least, candidate) = distances.min_by_key(|(distance, _)| *distance)?;
    (least <= wanted.chars().count().max(3) / 3).then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let names = ["steps", "warm_start", "dynamics"];
        assert_eq!(nearest("stps", names), Some("steps"));
        assert_eq!(nearest("setps", names), Some("steps"));
        assert_eq!(nearest("warmStart", names), Some("warm_start"));
        assert_eq!(nearest("colour", names), None);
    }
}
