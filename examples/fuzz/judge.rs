//! What must hold of any input whatever: no panic, no end of patience, nothing on an output that steers a terminal.

use hyperlab::catalog::Value;
use hyperlab::chart::Choice;
use hyperlab::data::Files;
use hyperlab::export::{Paper, csv, svg};
use hyperlab::lab::{Command, Lab, Session, Snapshot, Stretch};
use hyperlab::scenario::{Diagnostic, KnownCharts, Scenario, check_text, experiment, set};

use super::corpus::Corpus;
use super::mutate::{Random, mutated};

/// What reads an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Scenario,
    Session,
    Table,
    Assignment,
}

pub const TARGETS: [Target; 4] = [Target::Scenario, Target::Session, Target::Table, Target::Assignment];

/// An input, as a function of seed and number.
pub fn input(corpus: &Corpus, seed: u64, number: u64) -> (Target, Vec<u8>) {
    let mut random = Random::new(seed, number);
    let target =
        [Target::Scenario, Target::Scenario, Target::Session, Target::Table, Target::Assignment][random.below(5)];
    let texts = match target {
        Target::Scenario => &corpus.scenarios,
        Target::Session => &corpus.sessions,
        Target::Table => &corpus.tables,
        Target::Assignment => &corpus.assignments,
    };
    let text = random.choose(texts).clone();
    (target, mutated(&text, texts, &mut random))
}

/// A table in memory, under any name.
struct Memory(Vec<u8>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, String> {
        self.bytes(path).and_then(|bytes| String::from_utf8(bytes).map_err(|_| "is no UTF-8 text".to_owned()))
    }

    fn bytes(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.clone())
    }
}

struct Charts;

impl KnownCharts for Charts {
    fn mistake(&self, chart: &str, _: &Scenario) -> Option<(String, Option<String>)> {
        Choice::parse(chart).err().map(|error| (error.message, error.help))
    }
}

/// The scenario around a table.
const AROUND: &str = r#"Scenario(title: "Table", about: "A file.", problem: Ridge(penalty: Scalar),
  data: Data(source: Csv(path: "a.csv", target: "price", missing: Mean, texts: OneHot)), lambda: Constant(-1.0),
  inner: Inner(dynamics: GradientDescent(), steps: 2), trials: [Trial(estimator: Direct)], charts: ["losses"])"#;

/// The scenario that values are set in.
const SET: &str = r#"Scenario(title: "Set", about: "Values are set.", problem: Ridge(penalty: Scalar),
  data: Data(source: Regression(rows: 30, features: 3, noise: 0.5), split: Random(training: 10, validation: 10)),
  lambda: Constant(-1.0), inner: Inner(dynamics: GradientDescent(), steps: 2), outer: Outer(rule: Adam(step: 0.1), steps: 2),
  study: Study(training: 3), trials: [Trial(estimator: Neumann(terms: 2)), Trial(estimator: Direct)], charts: ["losses"])"#;

/// What is wrong with the answer to an input, if anything is. It may panic, and take long; whoever asks notices.
pub fn judge(target: Target, input: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(input);
    match target {
        Target::Scenario => scenario(&text, &Memory(b"a,b,price\n1,2,3\n2,1,4\n3,5,1\n4,2,2\n".to_vec())),
        Target::Table => scenario(AROUND, &Memory(input.to_vec())),
        Target::Assignment => match set(SET, &text) {
            Ok(text) => scenario(&text, &Memory(Vec::new())),
            Err(diagnostic) => of_diagnostics(&[diagnostic]),
        },
        Target::Session => session(&text),
    }
}

fn scenario(text: &str, files: &dyn Files) -> Option<String> {
    let (scenario, found) = check_text(text, files, &Charts);
    if let Some(mistake) = of_diagnostics(&found) {
        return Some(mistake);
    }
    let is_refused = found.iter().any(Diagnostic::is_error);
    let Some(scenario) = scenario else {
        return (!is_refused).then(|| "no scenario and no error".to_owned());
    };
    // What check passes can be built, and takes its first steps.
    let built = match experiment(&scenario, files) {
        Ok(built) => built,
        Err(failure) => return Some(format!("checked, but: {failure}")),
    };
    // The first exact answer alone takes longer where θ is long.
    let sizes = built.problem.dimensions();
    if is_small(&scenario) && sizes.inner.max(sizes.outer) <= 100 { run(Lab::new(built)) } else { None }
}

/// Whether a few ticks take no time.
fn is_small(scenario: &Scenario) -> bool {
    let own = scenario.trials.iter().filter_map(|trial| trial.inner.as_ref());
    let steps = std::iter::once(&scenario.inner).chain(own).map(|inner| inner.steps).max().unwrap_or(0);
    let ensembles =
        std::iter::once(&scenario.ensemble).chain(scenario.trials.iter().filter_map(|trial| trial.ensemble.as_ref()));
    // Every member has an exact answer of its own, and as many as were asked for are a person's wish.
    let is_few = |value: Value| !matches!(value, Value::Integer(count) if count > 60);
    steps <= 50
        && scenario.trials.len() <= 8
        && scenario.arrays.len() <= 9
        && ensembles.flat_map(|ensemble| ensemble.knobs.iter()).all(|(_, value)| is_few(value))
}

/// Ticks that are taken.
const TICKS: usize = 3;

fn run(mut lab: Lab) -> Option<String> {
    let sizes = lab.trials().map(|trial| trial.theta().len().max(trial.lambda().len())).max().unwrap_or(0);
    if sizes > 100 {
        return None;
    }
    for _ in 0..TICKS {
        if lab.is_halted() {
            break;
        }
        lab.apply(&Command::Tick).ok()?;
    }
    shown(&Snapshot::of_lab(&lab))
}

/// What is written of a moment.
fn shown(snapshot: &Snapshot) -> Option<String> {
    for chart in ["losses", "hypergradient-error"] {
        let Ok(choice) = Choice::parse(chart) else { continue };
        let figure = choice.draw(snapshot);
        if let Some(mistake) = steers(&csv(&figure)) {
            return Some(format!("in the table of `{chart}`: {mistake}"));
        }
        if let Some(mistake) = svg(&figure, Paper::default()).ok().and_then(|picture| steers(&picture)) {
            return Some(format!("in the picture of `{chart}`: {mistake}"));
        }
    }
    None
}

fn session(text: &str) -> Option<String> {
    let session = match Session::from_ron(text) {
        Ok(session) => session,
        Err(error) => return in_words(&error.to_string()),
    };
    let is_tick = |stretch: &Stretch| match stretch {
        Stretch::Ticks(ticks) => *ticks,
        Stretch::Do(_) => 1,
    };
    let ticks = session.branches.iter().flat_map(|branch| &branch.commands).map(is_tick).fold(0, usize::saturating_add);
    // What is refused for its length is refused at once; what is long and is not takes its time.
    if (100..=100_000_000).contains(&ticks) || !is_small(&session.scenario) {
        return None;
    }
    match session.replay(&Memory(Vec::new())) {
        Ok(history) => {
            let snapshot = Snapshot::of(&history);
            let names = snapshot.trials.iter().find_map(|trial| steers(&trial.setting.name));
            let marks = history.bookmarks().iter().find_map(|mark| steers(&mark.name));
            names.or(marks).map(|mistake| format!("in a name: {mistake}")).or_else(|| shown(&snapshot))
        }
        Err(error) => in_words(&error.to_string()),
    }
}

fn of_diagnostics(found: &[Diagnostic]) -> Option<String> {
    found.iter().find_map(|found| in_words(&found.message).or_else(|| in_words(found.help.as_deref()?)))
}

/// What is wrong with a message.
fn in_words(message: &str) -> Option<String> {
    if message.len() > 20_000 {
        return Some(format!("a message of {} bytes", message.len()));
    }
    steers(message).map(|mistake| format!("in a message: {mistake}"))
}

/// The first character that steers a terminal, hides or reorders.
pub fn steers(text: &str) -> Option<String> {
    let is_harmless = |letter: char| matches!(letter, '\n' | '\t');
    let hides = |letter: char| matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let found = text.char_indices().find(|(_, letter)| letter.is_control() && !is_harmless(*letter) || hides(*letter));
    found.map(|(at, letter)| format!("U+{:04X} at byte {at} of {:?}", u32::from(letter), near(text, at)))
}

fn near(text: &str, at: usize) -> String {
    text.chars()
        .scan(0, |place, letter| Some((std::mem::replace(place, *place + letter.len_utf8()), letter)))
        .filter(|(place, _)| place + 60 > at && *place < at + 60)
        .map(|(_, letter)| letter)
        .collect()
}
