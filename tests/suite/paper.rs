//! What figures say where there is no keyboard.

use hyperlab::chart;
use hyperlab::front::Source;
use hyperlab::lab::{Command, Lab, Snapshot};
use hyperlab::scenario::{BUILTIN, experiment};

/// Ways to ask somebody at a screen for something.
const ASKS: [&str; 5] = ["press ", "hide ", "key ", "click", ":set"];

/// Every chart of every scenario, before anything has run and within its first inner run.
#[test]
fn no_figure_tells_paper_what_to_press() {
    for builtin in BUILTIN {
        let source = Source::open(builtin.id).unwrap();
        let scenario = source.scenario().unwrap().0;
        let mut lab = Lab::new(experiment(&scenario, &source.files).unwrap());
        for _ in 0..2 {
            let snapshot = Snapshot::of_lab(&lab);
            for entry in chart::ALL {
                let figure = (entry.draw)(&snapshot);
                let said = [figure.caption(), figure.empty.reason.clone(), figure.key_in_words().unwrap_or_default()];
                for words in said {
                    let asked = ASKS.iter().find(|ask| words.contains(*ask));
                    assert!(asked.is_none(), "{} {}: {words}", builtin.id, entry.card.id);
                }
                // And at a screen an empty chart always has something to say.
                assert!(!figure.is_empty() || !figure.empty.on_screen().is_empty());
            }
            lab.apply(&Command::Tick).unwrap();
        }
    }
}

/// Whose and what each line is stands in the table of a chart, and no two lines are told by the same words.
#[test]
fn every_row_of_a_table_says_whose_and_what_it_is() {
    for id in ["quadratic", "ridge-per-feature", "overfitting"] {
        let source = Source::open(id).unwrap();
        let mut lab = Lab::new(experiment(&source.scenario().unwrap().0, &source.files).unwrap());
        while lab.trials().any(|trial| trial.outer() < 2 && !trial.status().is_halted()) {
            lab.apply(&Command::Tick).unwrap();
        }
        let snapshot = Snapshot::of_lab(&lab);
        for entry in chart::ALL {
            let text = hyperlab::export::csv(&(entry.draw)(&snapshot));
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            for row in reader.records().map(Result::unwrap) {
                let is_line = ["line", "points", "band"].contains(&&row[2]);
                assert!(!row[1].is_empty() || !is_line, "{id} {}: {row:?}", entry.card.id);
                assert!(!row[0].starts_with("layer") && !row[1].starts_with("layer"), "{row:?}");
            }
        }
    }
}
