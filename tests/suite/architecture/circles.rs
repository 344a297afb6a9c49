//! Files that need each other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::Import;

/// The imports of a shortest way from a file back to itself, for every group of files that need each other.
pub(super) fn circles<'a>(imports: &[&'a Import]) -> Vec<Vec<&'a Import>> {
    let mut needs: BTreeMap<&str, BTreeMap<&str, &Import>> = BTreeMap::new();
    for import in imports {
        if let Some(other) = &import.needs {
            needs.entry(&import.file).or_default().entry(other).or_insert(import);
        }
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for file in needs.keys() {
        if seen.contains(file) {
            continue;
        }
        let circle = way_back(&needs, file);
        seen.extend(circle.iter().flat_map(|import| group(&needs, &import.file)));
        found.extend((!circle.is_empty()).then_some(circle));
    }
    found
}

/// A shortest way from a file back to itself; empty where there is none.
fn way_back<'a>(needs: &BTreeMap<&'a str, BTreeMap<&'a str, &'a Import>>, file: &str) -> Vec<&'a Import> {
    let mut reached: BTreeMap<&str, &'a Import> = BTreeMap::new();
    let mut waiting = VecDeque::from([file]);
    while let Some(next) = waiting.pop_front() {
        for (other, import) in needs.get(next).into_iter().flatten() {
            if !reached.contains_key(other) {
                reached.insert(other, import);
                waiting.push_back(other);
            }
        }
    }
    let mut way = Vec::new();
    let mut last = file;
    while let Some(import) = reached.get(last) {
        way.insert(0, *import);
        last = &import.file;
        if last == file {
            return way;
        }
    }
    Vec::new()
}

/// The files that a file needs and that need it, itself among them.
fn group<'a>(needs: &BTreeMap<&'a str, BTreeMap<&'a str, &'a Import>>, file: &str) -> BTreeSet<&'a str> {
    let all = needs.values().flat_map(BTreeMap::keys).copied();
    let from = reachable(needs, file);
    all.filter(|other| from.contains(other) && reachable(needs, other).contains(file)).collect()
}

fn reachable<'a>(needs: &BTreeMap<&'a str, BTreeMap<&'a str, &'a Import>>, file: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&str> = vec![file];
    while let Some(next) = waiting.pop() {
        for other in needs.get(next).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(*other) {
                waiting.push(other);
            }
        }
    }
    found
}
