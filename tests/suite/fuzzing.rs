//! A short run of what `cargo run --release --example fuzz` does at length. Numbers are fixed, so that what passes today
//! passes tomorrow.

#[path = "../../examples/fuzz/corpus.rs"]
mod corpus;
#[path = "../../examples/fuzz/judge.rs"]
mod judge;
#[path = "../../examples/fuzz/mutate.rs"]
mod mutate;
#[cfg(unix)]
#[path = "../../examples/fuzz/rough.rs"]
mod rough;

use std::collections::HashSet;
#[cfg(unix)]
use std::path::Path;

use corpus::Corpus;
use judge::{TARGETS, input, judge, steers};

#[test]
fn changed_inputs_are_refused_or_run() {
    let corpus = Corpus::new();
    assert!(!corpus.sessions.is_empty() && corpus.tables.len() > 5 && corpus.scenarios.len() > 20);
    let mut seen = HashSet::new();
    for number in 0..600 {
        let (target, bytes) = input(&corpus, 20, number);
        seen.insert(TARGETS.iter().position(|other| *other == target));
        if let Some(words) = judge(target, &bytes) {
            panic!("{target:?} {number} of seed 20: {words}\n{}", String::from_utf8_lossy(&bytes));
        }
    }
    assert_eq!(seen.len(), TARGETS.len());
}

/// What nothing was done to has nothing wrong with it, and a finding is one.
#[test]
fn the_judge_can_tell() {
    let corpus = Corpus::new();
    for text in corpus.scenarios.iter().take(5) {
        assert_eq!(judge(TARGETS[0], text), None);
    }
    assert_eq!(judge(TARGETS[1], &corpus.sessions[0]), None);
    assert!(steers("a\u{1b}[31m").is_some_and(|found| found.starts_with("U+001B at byte 1")));
    assert!(steers("a\u{202e}").is_some() && steers("λ\n\tb").is_none());
}

#[cfg(unix)]
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_hyperlab"))
}

#[cfg(unix)]
#[test]
fn events_at_random_are_survived() {
    rough::events(program(), 600, 3).unwrap();
}

#[cfg(unix)]
#[test]
fn signals_at_random_moments_give_the_terminal_back() {
    rough::signals(program(), 12, 3).unwrap();
}

#[cfg(unix)]
#[test]
fn kills_leave_no_half_of_a_file() {
    rough::kills(program(), 8, 3).unwrap();
}
