//! Whatever stands on a screen is found in the help.

use super::*;
use crate::chart;
use crate::glossary;
use crate::metric;
use crate::probe;
use crate::tui::keymap::KEYS;

fn app() -> App {
    App::new(Theme::indexed(), Vec::new())
}

/// How well the best answer to a word answers: it is called so (0), its heading says so (1), it speaks of it (2).
fn rank(app: &App, word: &str) -> Option<u8> {
    matching(app, word).first().map(|(rank, _)| *rank)
}

#[test]
fn every_symbol_and_name_of_a_metric_is_found() {
    let app = app();
    for metric in metric::ALL {
        for word in [metric.symbol, metric.card.name, metric.card.id, &metric.column()] {
            assert_eq!(rank(&app, word), Some(0), "{word}");
        }
    }
}

#[test]
fn every_chart_and_measurement_is_found() {
    let app = app();
    let charts = chart::ALL.iter().map(|entry| &entry.card);
    for card in charts.chain(probe::ALL.iter().map(|entry| &entry.card)) {
        assert_eq!(rank(&app, card.name), Some(0), "{}", card.name);
    }
}

/// What the list of trials, the reading, the header and the tables of findings write.
#[test]
fn every_word_of_a_panel_is_explained() {
    let badges = "F↑|hidden|slope|super-efficient|diverged|ĥ not finite|ĥ is NaN|no split|no more lists|negative \
                  curvature|residual|solver gave up|the truth is not exact|no truth|not converged|iterations";
    let reading = "needs a decade|C|cost|gradients|hvps|cross|factorizations|memory|truth same data|truth of the run|truth \
                   population|truth none|no exact truth|∇F is rounding|λ at a bound|reading|trials|knobs";
    let header = "outer|inner|seed|branch|measuring|keeps measuring|timeline";
    let tables = "bias²|variance|±|training|validation|test|MSE|cosine|calls|refit|sd|best|at|rise|gain|excess risk|trajectory \
                  MSE|averaged|decades|predicted|‖ĥ−∇F‖|‖θ−θ*‖|relative";
    let symbols = "f|g|F|ĥ|θ|θ*|λ|λ₀|H|J|M|v|b|T|K|P|T1–T2|RHG|T-RHG|FMD|CG|SOBA|MSE|F1|σ(λ)";
    let app = app();
    for words in [badges, reading, header, tables, symbols] {
        for word in words.split('|') {
            let word = word.trim();
            assert!(glossary::spelled(word).next().is_some(), "`{word}` is in no glossary");
            assert_eq!(rank(&app, word), Some(0), "{word}");
        }
    }
}

/// The badges above are those that there are.
#[test]
fn no_badge_is_left_out() {
    let source = include_str!("../../view/trials.rs");
    let start = source.find("fn trouble").expect("the badges");
    let said = source[start..].split('"').skip(1).step_by(2);
    for words in said.filter(|words| !words.contains('{')) {
        let is_known = glossary::terms().any(|term| term.stands_in(words));
        assert!(is_known, "`{words}` has no word that the glossary knows");
    }
}

/// A key that a text names is one.
#[test]
fn keys_named_in_texts_are_keys() {
    let labels: Vec<String> = KEYS.iter().flat_map(|binding| binding.keys.iter().map(|key| key.label())).collect();
    for paragraph in guide::GUIDE.iter().flat_map(|(_, paragraphs)| paragraphs.iter()) {
        for named in paragraph.split('`').skip(1).step_by(2) {
            let is_command = [":", "hyperlab ", "--", "scenarios/"].iter().any(|start| named.starts_with(start));
            assert!(is_command || labels.iter().any(|label| label == named), "`{named}`");
        }
    }
}

#[test]
fn what_is_spelled_so_comes_first_and_letters_alone_are_words() {
    let app = app();
    let first = |word: &str| matching(&app, word).into_iter().next().map(|(_, entry)| entry.head);
    assert!(first("θ*").unwrap().starts_with("exact inner solution"));
    assert!(first("f").unwrap().starts_with("outer objective"));
    assert!(first("F").unwrap().starts_with("value function"));
    assert!(matching(&app, "H").len() < 60, "a letter is not looked for inside words");
    assert!(matching(&app, "no such word at all").is_empty());
}

#[test]
fn questions_name_scenarios_that_there_are() {
    for posed in questions::ALL {
        assert!(crate::scenario::BUILTIN.iter().any(|builtin| builtin.id == posed.scenario), "{}", posed.words);
    }
}
