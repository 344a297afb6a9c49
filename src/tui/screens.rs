//! Key scripts in, screens out: what a person sees, at every size that matters.

mod columns;
mod kept;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;

use super::layout::{Layout, inside};
use super::state::{App, Focus, LabState, Leaving, Listed, Overlay, Screen, Wish};
use super::theme::Theme;
use super::update::{self, Effect};
use super::view;
use crate::engine::{Engine, EngineError, Request, caught};
use crate::lab::{Comparison, History, Lab, Newer, Snapshot, UnderWay};
use crate::probe::Progress;
use crate::probe::{Question, bias_variance};
use crate::scenario::{BUILTIN, NoFiles, experiment, parse};

const QUADRATIC: &str = r#"Scenario(
    title: "Two hyperparameters, both objectives quadratic",
    about: "Watch the slope of each error curve: vanilla implicit differentiation falls with slope 1, a Newton step first makes it 2.",
    seed: 7,
    problem: Quadratic(inner_dimension: 8, outer_dimension: 2, condition: 30.0),
    lambda: Explicit([2.0, -2.0]),
    theta: Normal(deviation: 1.0),
    inner: Inner(dynamics: GradientDescent(step: Auto), steps: 40),
    outer: Outer(rule: GradientDescent(step: 0.5), steps: 30),
    trials: [ Trial(estimator: Direct), Trial(name: "CG, 2 steps", estimator: Cg(iterations: 2)) ],
    charts: ["hypergradient-error", "super-efficiency", "losses", "hyperparameters"],
)"#;

const DIVERGING: &str = r#"Scenario(
    title: "A step beyond 2/L",
    about: "The inner loop diverges.",
    problem: Quadratic(inner_dimension: 4, outer_dimension: 2, condition: 30.0),
    theta: Normal(deviation: 1.0),
    inner: Inner(dynamics: GradientDescent(step: Fixed(10000.0)), steps: 200),
    trials: [ Trial(estimator: Direct) ],
)"#;

const LEARNING: &str = r#"Scenario(
    title: "Ridge, unrolled",
    about: "Bias falls and variance rises with the inner steps.",
    seed: 3,
    problem: Ridge(),
    data: Data(
        source: Regression(rows: 80, features: 5, decay: 1.0),
        split: Random(training: 30, validation: 30),
        standardize: Off,
    ),
    lambda: Constant(-3.0),
    inner: Inner(dynamics: GradientDescent(step: Auto), steps: 10),
    outer: Outer(rule: GradientDescent(step: 0.5), steps: 5),
    study: Study(training: 8, validation: 2, sweep: Sweep(path: "inner.steps", values: ["1", "3", "10", "30"])),
    trials: [
        Trial(name: "unrolled, 3 steps", estimator: Reverse, inner: Inner(dynamics: GradientDescent(step: Auto), steps: 3)),
        Trial(name: "unrolled", estimator: Reverse),
        Trial(name: "implicit", estimator: Direct),
    ],
    charts: ["bias-variance", "bias-variance-sweep", "losses", "hyperparameters"],
)"#;

const HOSTILE: &str = r#"Scenario(
    title: "red \u{1b}[31m alert \u{7}",
    about: "clears \u{1b}[2J the screen",
    problem: Quadratic(inner_dimension: 4, outer_dimension: 2),
    inner: Inner(dynamics: GradientDescent(step: Auto), steps: 10),
    trials: [ Trial(name: "\u{1b}]0;title\u{7}name", estimator: Direct) ],
)"#;

/// The front without a terminal and without a clock: every request is waited for.
struct Bench {
    app: App,
    engine: Option<Engine>,
    has_quit: bool,
}

impl Bench {
    fn new(size: (u16, u16), texts: &[(&str, &str)]) -> Self {
        let listed =
            texts.iter().map(|(id, text)| Listed { id: (*id).to_owned(), group: None, scenario: parse(text).unwrap() });
        let mut app = App::new(Theme::indexed(), listed.collect());
        app.size = size;
        Self { app, engine: None, has_quit: false }
    }

    /// The quadratic scenario on the start page.
    fn start(size: (u16, u16)) -> Self {
        Self::new(size, &[("quadratic", QUADRATIC), ("diverging", DIVERGING)])
    }

    /// The quadratic scenario, opened.
    fn lab(size: (u16, u16)) -> Self {
        let mut bench = Self::start(size);
        bench.keys("enter");
        bench
    }

    /// A scenario with data, opened.
    fn learning(size: (u16, u16)) -> Self {
        let mut bench = Self::new(size, &[("learning", LEARNING)]);
        bench.keys("enter");
        bench
    }

    /// As if so much of a measurement were done.
    fn pretend_measuring(&mut self, question: Question, done: usize) {
        let lab = self.app.lab.as_mut().unwrap();
        let mut findings = lab.snapshot.findings.clone();
        findings.under_way = Some(UnderWay { question, progress: Progress { done, total: 100 } });
        lab.snapshot = Arc::new(Snapshot::clone(&lab.snapshot).with_findings(findings));
    }

    /// Presses keys: words are names of keys, everything else is typed letter by letter.
    fn keys(&mut self, script: &str) -> &mut Self {
        for word in script.split_whitespace() {
            let named = match word {
                "enter" => Some(KeyCode::Enter),
                "esc" => Some(KeyCode::Esc),
                "tab" => Some(KeyCode::Tab),
                "left" => Some(KeyCode::Left),
                "right" => Some(KeyCode::Right),
                "up" => Some(KeyCode::Up),
                "down" => Some(KeyCode::Down),
                "home" => Some(KeyCode::Home),
                "end" => Some(KeyCode::End),
                "pgup" => Some(KeyCode::PageUp),
                "pgdn" => Some(KeyCode::PageDown),
                "backspace" => Some(KeyCode::Backspace),
                "space" => Some(KeyCode::Char(' ')),
                _ => None,
            };
            match named {
                Some(code) => self.key(code),
                None => word.chars().for_each(|letter| self.key(KeyCode::Char(letter))),
            }
        }
        self
    }

    fn key(&mut self, code: KeyCode) {
        let effects = update::key(&mut self.app, KeyEvent::new(code, KeyModifiers::NONE));
        self.carry_out(effects);
    }

    fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) {
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        let effects = update::mouse(&mut self.app, event);
        self.carry_out(effects);
    }

    fn click(&mut self, column: u16, row: u16) {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Open(Wish::Named(name)) => {
                    self.app.end_opening();
                    self.app.complain(format!("`{name}` is no file here"));
                }
                Effect::Open(Wish::Listed(listed)) => {
                    let history = History::new(Lab::new(experiment(&listed.scenario, &NoFiles).unwrap()));
                    let engine = Engine::start(history).unwrap();
                    self.app.enter(LabState::new(listed.id, engine.snapshot()));
                    self.engine = Some(engine);
                    let effects = update::entered(&mut self.app);
                    self.carry_out(effects);
                }
                Effect::Open(Wish::Table(..) | Wish::Draft(..)) => self.app.end_opening(),
                Effect::Ask(request) => self.ask(request),
                Effect::Quit => self.has_quit = true,
                Effect::LookInto(folder) => {
                    let names = crate::front::openable(&folder);
                    self.app.learn_folder(super::state::FolderContents { folder, names });
                }
                Effect::Stop | Effect::Export(_) | Effect::Suspend | Effect::Redraw => {}
            }
        }
    }

    fn ask(&mut self, request: Request) {
        let engine = self.engine.as_ref().unwrap();
        engine.send(request);
        let start = Instant::now();
        while engine.pending() > 0 || engine.snapshot().findings.under_way.is_some() {
            assert!(start.elapsed() < Duration::from_secs(300), "the laboratory hangs");
            std::thread::sleep(Duration::from_millis(1));
        }
        self.app.show(engine.snapshot(), false);
        self.app.hear(&engine.take_errors());
        self.app.hear_stops(&engine.take_stops());
    }

    fn tell(&self) -> &LabState {
        self.app.lab.as_ref().unwrap()
    }

    fn screen(&mut self) -> Terminal<TestBackend> {
        let mut terminal = Terminal::new(TestBackend::new(self.app.size.0, self.app.size.1)).unwrap();
        terminal.draw(|frame| view::draw(&self.app, frame)).unwrap();
        terminal
    }

    fn text(&mut self) -> String {
        without_rounding(&self.screen().backend().to_string())
    }
}

/// Numbers at rounding differ from one processor to the next: their digits are no part of a screen.
fn without_rounding(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for end in 7..letters.len() {
        let number: String = letters[end - 7..=end].iter().collect();
        if number.parse::<f64>().is_ok_and(|x| x.abs() < 1e-13) && number.contains("e-1") {
            letters[end - 7..=end].copy_from_slice(&['r', 'o', 'u', 'n', 'd', 'i', 'n', 'g']);
        }
    }
    letters.into_iter().collect()
}

const BIAS_VARIANCE: Question = Question::of(&bias_variance::ENTRY);

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (140, 40), (200, 60)];

fn name(what: &str, (columns, rows): (u16, u16)) -> String {
    format!("{what}_{columns}x{rows}")
}

#[test]
fn start_page() {
    for size in SIZES {
        insta::assert_snapshot!(name("start", size), Bench::start(size).text());
    }
}

/// Whatever is in focus, the last row says how to run, to step, to find everything else, and to leave.
#[test]
fn the_footer_shows_the_keys_that_matter() {
    let mut bench = Bench::lab((80, 24));
    for _ in 0..3 {
        let text = bench.text();
        let footer = text.lines().last().unwrap();
        for words in ["space run", "n inner", "N outer", ": commands", "? help", "q leave"] {
            assert!(footer.contains(words), "{words}: {footer}");
        }
        bench.keys("tab");
    }
    let mut bench = Bench::lab((40, 12));
    for words in ["space run", "? help", "q leave"] {
        assert!(bench.text().lines().last().unwrap().contains(words), "{}", bench.text());
    }
}

#[test]
fn a_theme_is_shown_while_it_is_chosen_and_kept_when_it_is() {
    use ratatui::style::Color;
    let ground = |bench: &mut Bench| bench.screen().backend().buffer()[(5, 5)].bg;
    let mut bench = Bench::lab((80, 24));
    bench.app.theme = Theme::truecolor();
    assert_eq!(ground(&mut bench), Color::Reset);
    bench.keys(":").write("theme li");
    assert_eq!(ground(&mut bench), Color::Rgb(255, 255, 255));
    bench.keys("esc");
    assert_eq!((ground(&mut bench), bench.app.before_preview), (Color::Reset, None), "looking is not choosing");
    bench.keys(":").write("theme ").keys("down");
    assert_eq!(ground(&mut bench), Color::Rgb(16, 18, 22));
    bench.keys("down enter");
    assert_eq!((bench.app.theme.scheme.id, bench.app.before_preview), ("light", None));
    bench.keys(":").write("palette tol-m").keys("enter :").write("charset asc").keys("enter");
    assert_eq!((bench.app.theme.palette.id, bench.app.theme.charset.id()), ("tol-muted", "ascii"));
    bench.keys(":").write("theme drak").keys("enter");
    assert!(bench.text().contains("did you mean `dark`?"), "{}", bench.text());
    // A terminal without colours stays so.
    bench.app.theme = Theme::mono();
    bench.keys("esc :").write("theme dark").keys("enter");
    assert!(ground(&mut bench) == Color::Reset && bench.text().contains("NO_COLOR"), "{}", bench.text());
}

/// The start page with the scenarios that come with the program.
fn whole_start(size: (u16, u16)) -> Bench {
    let mut bench = Bench::new(size, &[]);
    bench.app.listed = super::built_in();
    bench
}

impl Bench {
    fn chosen(&self) -> &str {
        &self.app.chosen().expect("a scenario is chosen").id
    }

    /// Types letters, blanks among them.
    fn write(&mut self, text: &str) -> &mut Self {
        text.chars().for_each(|letter| self.key(KeyCode::Char(letter)));
        self
    }
}

#[test]
fn start_page_in_groups() {
    for size in SIZES {
        let mut bench = whole_start(size);
        bench.app.start.recent = vec!["truncation".to_owned(), "/home/someone/orchard/fruit-prices.ron".to_owned()];
        bench.keys("down");
        insta::assert_snapshot!(name("start_groups", size), bench.text());
    }
}

#[test]
fn start_page_searched() {
    for size in SIZES {
        let mut bench = whole_start(size);
        insta::assert_snapshot!(name("start_search", size), bench.keys("/").write("ridge vari").text());
    }
}

#[test]
fn every_scenario_is_found_by_its_name_its_title_and_its_estimators() {
    let mut bench = whole_start((80, 24));
    for listed in super::built_in() {
        for typed in [&listed.id, &listed.scenario.title] {
            bench.keys("/").write(typed);
            assert_eq!(bench.chosen(), listed.id, "{typed}");
            bench.keys("esc");
            assert_eq!(bench.chosen(), listed.id, "what was found stays chosen");
        }
        let card = listed.scenario.trials[0].estimator.card();
        bench.keys("/").write(&format!("{} {}", card.name, listed.id));
        assert_eq!(bench.chosen(), listed.id, "{}", card.name);
        bench.keys("esc");
    }
    bench.keys("/").write("xyzzy");
    assert!(bench.text().contains("Nothing answers to that"), "{}", bench.text());
    bench.keys("enter");
    assert_eq!(bench.app.screen, Screen::Start);
}

#[test]
fn what_was_searched_for_is_over_once_it_is_open() {
    let mut bench = Bench::start((80, 24));
    bench.keys("/").write("diverg").keys("enter q");
    assert_eq!((bench.app.screen, bench.chosen()), (Screen::Start, "diverging"));
    assert!(bench.app.start.search.is_none());
}

#[test]
fn letters_are_text_while_one_searches_and_commands_before_and_after() {
    let mut bench = whole_start((80, 24));
    bench.keys("/").write("qjk?:oae");
    assert!(!bench.has_quit && bench.app.overlay.is_none());
    assert_eq!(bench.app.start.search.as_ref().unwrap().value(), "qjk?:oae");
    bench.keys("esc j");
    assert_eq!(bench.chosen(), "bias-variance");
    bench.keys("q");
    assert!(bench.has_quit);
}

#[test]
fn a_path_is_completed_and_opened_by_search_and_by_command() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("orchard")).unwrap();
    for file in ["fruit-1.ron", "fruit-2.ron", "notes.pdf"] {
        std::fs::write(folder.path().join("orchard").join(file), QUADRATIC).unwrap();
    }
    let begun = format!("{}/or", folder.path().display());
    let whole = format!("{}/orchard/fruit-", folder.path().display());
    for keys in ["/", ":"] {
        let mut bench = whole_start((140, 40));
        bench.keys(keys);
        let typed = |bench: &mut Bench| bench.app.input().unwrap().value().trim_start_matches("open ").to_owned();
        bench.write(if keys == ":" { "open " } else { "" }).write(&begun).keys("tab");
        assert_eq!(typed(&mut bench), format!("{}/orchard/", folder.path().display()));
        bench.keys("tab");
        assert_eq!(typed(&mut bench), whole, "as much as is certain");
        let text = bench.text();
        assert!(text.contains("fruit-1.ron") && text.contains("fruit-2.ron") && !text.contains("notes"), "{text}");
        bench.keys("down enter");
        // The bench opens no files; it says which it was asked for.
        assert!(bench.app.message.as_ref().unwrap().text.contains("fruit-2.ron"), "{:?}", bench.app.message);
    }
}

#[test]
fn a_folder_that_answers_late_is_not_taken_for_the_one_that_is_typed() {
    let contents = |folder: &str, name: &str| super::state::FolderContents {
        folder: folder.to_owned(),
        names: Ok(vec![name.to_owned()]),
    };
    let mut bench = whole_start((80, 24));
    bench.keys("/").write("orchard/f");
    bench.app.learn_folder(contents("orchard/", "fruit.ron"));
    bench.app.learn_folder(contents("", "other.ron"));
    assert_eq!(bench.app.paths("orchard/f"), ["orchard/fruit.ron"]);
    // Nor is one that was asked for before the last letters were taken back.
    bench.keys("esc :").write("open ./").keys("backspace backspace");
    bench.app.learn_folder(contents("", "here.ron"));
    bench.app.learn_folder(contents("./", "there.ron"));
    assert_eq!(bench.app.paths("he"), ["here.ron"]);
}

#[test]
fn open_from_a_laboratory_asks_when_something_is_unsaved() {
    let mut bench = Bench::lab((80, 24));
    bench.keys(":").write("open diverg").keys("enter");
    assert!(bench.app.message.as_ref().unwrap().text.contains("diverging"), "nothing was changed");
    bench.keys("x :").write("open diverg").keys("enter");
    assert!(bench.text().contains("not saved"), "{}", bench.text());
    bench.keys("esc");
    assert_eq!(bench.tell().label, "quadratic");
}

#[test]
fn the_mouse_chooses_from_the_start_page() {
    let mut bench = whole_start((140, 40));
    let list = inside(Layout::of(&bench.app).list);
    // A heading, then the first scenario and the second.
    bench.click(list.x + 4, list.y);
    assert_eq!(bench.chosen(), "quadratic");
    bench.click(list.x + 4, list.y + 2);
    assert_eq!(bench.chosen(), "bias-variance");
    bench.mouse(MouseEventKind::ScrollDown, list.x + 4, list.y + 2);
    assert_eq!(bench.chosen(), "overfitting");
}

#[test]
fn laboratory_after_some_steps() {
    for size in SIZES {
        let mut bench = Bench::lab(size);
        bench.keys("N N N nnnnnnnnnnnnnnnnnnnn");
        insta::assert_snapshot!(name("lab", size), bench.text());
    }
}

#[test]
fn laboratory_just_opened() {
    insta::assert_snapshot!(Bench::lab((140, 40)).text());
}

#[test]
fn knobs_folded_out_beside_the_chart() {
    for size in [(40, 12), (80, 24)] {
        insta::assert_snapshot!(name("knobs", size), Bench::lab(size).keys("nnn tab down").text());
    }
}

#[test]
fn explanation() {
    for size in SIZES {
        insta::assert_snapshot!(name("explain", size), Bench::lab(size).keys("down e").text());
    }
}

#[test]
fn crosshair_reads_off_the_nearest_value() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("nnnnnnnnnn");
    bench.mouse(MouseEventKind::Moved, 60, 10);
    insta::assert_snapshot!(bench.text());
    bench.mouse(MouseEventKind::Moved, 3, 3);
    assert_eq!(bench.tell().pointer, None);
}

#[test]
fn a_long_message_is_said_in_full() {
    let mut bench = Bench::lab((80, 24));
    bench.app.complain(format!("`inner.dynamics.step` cannot be 7; {}", "expected something else ".repeat(6)));
    insta::assert_snapshot!(bench.text());
}

#[test]
fn help() {
    for size in SIZES {
        insta::assert_snapshot!(name("help", size), Bench::lab(size).keys("?").text());
    }
    for size in [(40, 12), (140, 40)] {
        insta::assert_snapshot!(name("help_questions", size), Bench::start(size).keys("?").text());
        insta::assert_snapshot!(name("help_found", size), Bench::lab(size).keys("? / super enter").text());
    }
}

/// Letters look for something in all sections, n and N go from place to place, Esc goes back one thing at a time.
#[test]
fn help_is_searched() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("?");
    assert!(bench.text().contains("Run to where the scenario plans to end"), "the keys that work here come first");
    // A letter without a meaning begins; what was a key is text then.
    bench.keys("slope");
    let text = bench.text();
    assert!(text.contains("/ slope") && text.contains(" found"), "{text}");
    assert!(
        text.contains("A slope is only measured") || text.contains("How fast the hypergradient error falls"),
        "{text}"
    );
    let place = |bench: &Bench| match &bench.app.overlay {
        Some(Overlay::Help(help)) => help.scroll,
        other => panic!("no help, but {other:?}"),
    };
    bench.keys("enter");
    let first = place(&bench);
    bench.keys("n");
    let second = place(&bench);
    bench.keys("n N");
    assert!(first == 0 && second > first, "what answers best comes first: {first}, {second}");
    assert_eq!(place(&bench), second, "N takes n back");
    bench.keys("esc");
    assert!(bench.text().contains("Run to where the scenario plans to end"), "the section is back");
    bench.keys("esc");
    assert!(bench.app.overlay.is_none());
    // n is a letter like any other while nothing is looked for, and q closes.
    bench.keys("? neumann");
    assert!(bench.text().contains("/ neumann"));
    bench.keys("enter q");
    assert!(bench.app.overlay.is_none());
    bench.keys("? / nosuchword");
    assert!(bench.text().contains("Nothing here speaks of “nosuchword”"));
    // However much is pasted, letter by letter or at once, the field is full at some point and the advice stays in sight.
    for size in [(40, 12), (140, 40)] {
        bench.app.size = size;
        bench.keys("esc /");
        update::paste(&mut bench.app, &"x".repeat(4095));
        bench.keys("yzzz");
        update::paste(&mut bench.app, "more");
        let typed = bench.app.input().unwrap().value().to_owned();
        assert!(typed.len() == 4096 && typed.ends_with("xy"), "{}", typed.len());
        let said = bench.app.message.take();
        assert!(said.is_some_and(|message| message.text.contains("4096")));
        let text = bench.text();
        assert!(text.contains("Nothing here speaks of") && text.contains("“xx") && text.contains("fewer"), "{text}");
    }
}

/// What says that there is more says how much, and a page is what is in sight.
#[test]
fn a_text_scrolls_by_what_it_says() {
    for size in [(80, 24), (140, 40)] {
        let mut bench = Bench::lab(size);
        bench.keys("? tab");
        let more = |bench: &mut Bench| {
            let text = bench.text();
            let line = text.lines().find(|line| line.contains(" more line")).map(str::to_owned);
            line.map(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                let at = words.iter().position(|word| *word == "↓").unwrap();
                words[at + 1].parse::<usize>().unwrap()
            })
        };
        let before = more(&mut bench).expect("all keys fill more than a screen");
        bench.keys("down");
        assert_eq!(more(&mut bench), Some(before - 1));
        bench.keys("up");
        let mut pages = 0;
        while let Some(rest) = more(&mut bench) {
            bench.key(KeyCode::PageDown);
            pages += 1;
            assert!(more(&mut bench).is_none_or(|less| less < rest), "a page goes on");
        }
        assert!(pages >= 2 && bench.text().contains("the end"));
        bench.keys("home");
        assert_eq!(more(&mut bench), Some(before));
        bench.keys("end");
        assert_eq!(more(&mut bench), None);
    }
}

/// A word is explained from where it stands: by a key of the explanation, and by name.
#[test]
fn words_are_explained_where_they_stand() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("nnnnnnnnnn tab tab down e w");
    let text = bench.text();
    assert!(text.contains("Words here"), "{text}");
    assert!(text.contains("inner error") && text.contains("‖θ−θ*‖"), "the axis of the chart says so: {text}");
    bench.keys("s");
    let text = bench.text();
    assert!(text.contains("Watch the slope of each error curve"), "{text}");
    assert!(text.contains("What its charts show") && text.contains("What to press"), "{text}");
    bench.keys("esc : what space is space C enter");
    let text = bench.text();
    assert!(text.contains("How much of a small inner error gets into the hypergradient"), "{text}");
    bench.keys("esc esc : glossary space slo enter");
    assert!(bench.text().contains("How fast the hypergradient error falls"), "{}", bench.text());
}

/// The questions that a first-year student asks, each from the start page with at most six keys: the screen says what
/// the words mean and shows the numbers that were measured.
#[test]
fn first_questions_are_answered_with_six_keys_at_most() {
    let number = |text: &str, before: &str| -> f64 {
        let rest = text.rsplit_once(before).unwrap_or_else(|| panic!("no `{before}` in: {text}")).1;
        let number = rest.trim_start().split(|letter: char| letter.is_whitespace() || ",)".contains(letter)).next();
        number.unwrap().trim_end_matches('.').parse().unwrap_or_else(|_| panic!("behind `{before}`: {text}"))
    };
    let asked = |script: &str| -> [String; 2] {
        assert!(script.split_whitespace().count() <= 6);
        let listed: Vec<(&str, &str)> = BUILTIN.iter().map(|builtin| (builtin.id, builtin.text)).collect();
        let mut bench = Bench::new((140, 40), &listed);
        // Fewer replicates, and of whole runs the trial alone that is spoken of: the answers are the same, and sooner.
        for listed in &mut bench.app.listed {
            let study = &mut listed.scenario.study;
            (study.training, study.validation) = (study.training.and(Some(20)), study.validation.and(Some(2)));
            if listed.scenario.refit {
                listed.scenario.trials.truncate(1);
                listed.scenario.outer.steps = 100;
            }
        }
        bench.keys(script);
        while bench.tell().is_running && !bench.tell().snapshot.has_arrived {
            bench.ask(Request::Run(64));
        }
        [(140, 40), (80, 24)].map(|size| {
            bench.app.size = size;
            let place = inside(Layout::of(&bench.app).answer);
            let screen = bench.screen();
            let cell = |x: u16, y: u16| screen.backend().buffer()[(x, y)].symbol().to_owned();
            let rows =
                (place.y..place.bottom()).map(|y| (place.x..place.right()).map(|x| cell(x, y)).collect::<String>());
            // Words are broken between lines.
            let letters = rows.collect::<Vec<_>>().join(" ");
            letters.split_whitespace().collect::<Vec<_>>().join(" ")
        })
    };
    for text in asked("? enter") {
        assert!(text.contains("Bias is how far their average is from the truth"), "{text}");
        assert!(text.contains("Variance is how much they scatter around their average"), "{text}");
        let of = |trial: &str, part: &str| {
            let rest = text.rsplit_once(&format!("{trial}: bias²")).unwrap().1;
            number(&rest.chars().take(40).collect::<String>(), part)
        };
        let bias = |trial: &str| number(&text, &format!("{trial}: bias²"));
        assert!(bias("T = 1") > 5.0 * bias("T = 30").abs(), "few inner steps are biased: {text}");
        assert!(of("exact", "variance") > 5.0 * of("T = 3", "variance"), "many vary: {text}");
    }
    for text in asked("? down enter") {
        assert!(text.contains("slope 1") && text.contains("its error is the square of the inner error"), "{text}");
        assert!((number(&text, "vanilla: slope") - 1.0).abs() < 0.1, "{text}");
        assert!((number(&text, "Newton: slope") - 2.0).abs() < 0.1, "{text}");
        assert!(text.contains(", super-efficient"), "{text}");
    }
    for text in asked("? down down enter") {
        assert!(
            text.contains("λ is fitted to the few validation rows as weights are fitted to training rows"),
            "{text}"
        );
        let (falls, rises) = (number(&text, "validation loss "), number(&text, "after a refit "));
        let behind = |before: &str| {
            let rest = text.rsplit_once(before).unwrap().1;
            number(&rest[..rest.find('→').unwrap() + "→ 0.12345".len()], "→")
        };
        assert!(behind("validation loss ") < falls - 0.01, "validation falls: {text}");
        assert!(behind("after a refit ") > rises + 0.01, "test rises: {text}");
    }
}

#[test]
fn picker() {
    for size in SIZES {
        insta::assert_snapshot!(name("picker", size), Bench::lab(size).keys("a space down space").text());
    }
}

/// While one searches, letters are text; the text of what is found is read all the same.
#[test]
fn a_scenario_that_is_found_is_explained() {
    let mut bench = Bench::start((80, 24));
    bench.keys("/").write("beyond");
    assert!(bench.text().contains("Ctrl-E explain"), "{}", bench.text());
    let event = KeyEvent::new(KeyCode::Char('e'), KeyModifiers::CONTROL);
    let effects = update::key(&mut bench.app, event);
    bench.carry_out(effects);
    assert!(bench.text().contains("The inner loop diverges."), "{}", bench.text());
    bench.keys("esc");
    assert!(bench.app.start.search.is_some(), "what was typed is still there");
}

#[test]
fn diverged_trial_says_so_in_words() {
    for size in SIZES {
        let mut bench = Bench::start(size);
        bench.keys("down enter N");
        insta::assert_snapshot!(name("diverged", size), bench.text());
    }
}

#[test]
fn palette() {
    for size in [(40, 12), (140, 40)] {
        insta::assert_snapshot!(name("palette", size), Bench::lab(size).keys(": s e t space i t").text());
    }
}

#[test]
fn trials_side_by_side_are_sorted_by_any_number() {
    for size in SIZES {
        insta::assert_snapshot!(name("comparison", size), Bench::lab(size).keys("N N N nnn t right right r").text());
    }
    let mut bench = Bench::lab((80, 24));
    let first = |bench: &mut Bench| bench.text().lines().find(|line| line.contains("CG, 2 steps")).map(str::to_owned);
    bench.keys("N N t");
    let unsorted = first(&mut bench);
    // As far to the right as there are columns, and once more: back to the order of the trials.
    let columns = Comparison::all(&bench.app.lab.as_ref().unwrap().snapshot).len();
    for _ in 0..columns {
        bench.keys("right");
        assert!(bench.text().contains('▲'), "the sorted column is out of sight");
    }
    bench.keys("right");
    assert_eq!(first(&mut bench), unsorted);
    assert!(bench.keys("t").text().contains("outer"), "t closes what t opened");
    assert!(bench.app.overlay.is_none());
}

/// An unrolled estimate is zero before the first step: it has no direction, and the panel says so in place of a number.
#[test]
fn a_cosine_that_is_none_gives_its_reason() {
    let mut bench = Bench::learning((140, 40));
    assert!(bench.text().contains("cos      ĥ is 0"), "{}", bench.text());
    bench.app.size = (80, 24);
    assert!(bench.text().contains("cos ĥ is 0"), "{}", bench.text());
    // Nor does the first step change that from θ₀ = 0, where the penalty does not act yet.
    bench.keys("nn");
    assert!(bench.text().contains("cos ") && !bench.text().contains("ĥ is 0"), "{}", bench.text());
}

/// What is typed replaces the value that stands there; a key that edits goes on with it.
#[test]
fn a_typed_value_replaces_the_one_before() {
    let steps = |bench: &Bench| bench.app.lab.as_ref().unwrap().snapshot.trials[0].setting.inner.steps;
    let mut bench = Bench::lab((140, 40));
    bench.keys("tab pgdn down");
    assert_eq!(steps(&bench), 40);
    bench.keys("enter 3 0");
    assert!(bench.text().contains("40 → 30"), "{}", bench.text());
    bench.keys("enter");
    assert_eq!(steps(&bench), 30);
    bench.keys("enter backspace 5 enter");
    assert_eq!(steps(&bench), 35);
}

/// A choice with knobs in force can be replaced by another, of the selected trial.
#[test]
fn another_extension_can_be_typed_where_one_stands() {
    let mut bench = Bench::lab((140, 40));
    let type_in = |bench: &mut Bench, text: &str| {
        bench.keys(":");
        text.chars().for_each(|letter| bench.key(KeyCode::Char(letter)));
        bench.keys("enter");
    };
    let stands = |bench: &Bench| {
        let setting = &bench.app.lab.as_ref().unwrap().snapshot.trials[0].setting;
        (setting.population.id(), setting.outer.filter.id(), setting.estimator.id())
    };
    for text in
        ["set population Restarts(students: 3)", "set outer.filter Window(width: 2)", "set estimator Cg(iterations: 3)"]
    {
        type_in(&mut bench, text);
    }
    assert_eq!(stands(&bench), ("restarts", "window", "cg"));
    for text in ["set population Alone", "set outer.filter=Decay(weight: 0.5)", "set estimator Direct"] {
        type_in(&mut bench, text);
    }
    assert_eq!(stands(&bench), ("alone", "decay", "direct"));
    assert!(bench.app.overlay.is_none());
}

#[test]
fn one_chart_instead_of_four() {
    insta::assert_snapshot!(Bench::lab((140, 40)).keys("nnnnnnnnnnnnnnn z").text());
}

#[test]
fn what_was_measured_is_drawn_and_read() {
    for size in SIZES {
        insta::assert_snapshot!(name("measured", size), Bench::learning(size).keys("m c C").text());
    }
}

/// Measures each trial at its own λ from now on.
const EACH: &str = ": set space study.measured_at space each enter";

#[test]
fn what_was_measured_elsewhere_says_so() {
    for size in [(80, 24), (140, 40)] {
        insta::assert_snapshot!(
            name("measured_elsewhere", size),
            Bench::learning(size).keys(EACH).keys("m N tab tab tab").text()
        );
    }
}

#[test]
fn before_and_while_measuring_the_screen_says_what_to_press_and_how_far_it_is() {
    insta::assert_snapshot!(name("unmeasured", (140, 40)), Bench::learning((140, 40)).text());
    for size in [(80, 24), (140, 40)] {
        let mut bench = Bench::learning(size);
        bench.pretend_measuring(BIAS_VARIANCE, 37);
        insta::assert_snapshot!(name("measuring", size), bench.text());
    }
    let mut bench = Bench::learning((140, 40));
    bench.keys("m v h h");
    bench.pretend_measuring(Question::over_sweep(&bias_variance::ENTRY).unwrap(), 80);
    insta::assert_snapshot!(name("measuring_again", (140, 40)), bench.text());
}

#[test]
fn a_sweep_of_one_trial_has_a_colour_for_each_quantity() {
    let mut bench = Bench::learning((80, 24));
    bench.keys("v tab h down down h tab tab down");
    assert_eq!(bench.tell().chart().card.id, "bias-variance-sweep");
    insta::assert_snapshot!(bench.text());
}

#[test]
fn replicates_are_halved_doubled_and_typed() {
    let mut bench = Bench::learning((140, 40));
    let plan = |bench: &Bench| {
        let knobs = bench.tell().snapshot.findings.knobs(&bias_variance::ENTRY);
        (knobs.count("training"), knobs.count("validation"), knobs.count("truth_replicates"))
    };
    assert_eq!(plan(&bench), (8, 2, 100));
    bench.keys("> >");
    assert_eq!(plan(&bench), (32, 2, 400));
    bench.keys("< < <");
    assert_eq!(plan(&bench), (8, 2, 100), "fewer than 5 tell nothing");
    assert!(bench.text().contains("from 5 to"));
    bench.keys(": set space bias-variance.training space 12 enter");
    bench.keys(": set space bias-variance.validation space 3 enter");
    assert_eq!(plan(&bench), (12, 3, 100));
    assert!(!bench.tell().is_unsaved, "how much is measured is no part of a session");
    bench.keys(": set space bias-variance.training space 0 enter");
    assert!(bench.text().contains("a whole number from 1"), "{}", bench.text());
}

#[test]
fn keys_measure_keep_measuring_and_break_off() {
    let mut bench = Bench::learning((140, 40));
    bench.keys("M");
    assert!(bench.text().contains("at λ₀, whenever a setting changes; `set study.measured_at Selected` follows λ"));
    bench.keys("M").keys(EACH).keys("M");
    let taken = |bench: &Bench| bench.tell().snapshot.findings.latest(BIAS_VARIANCE).unwrap().taken.outer;
    assert_eq!(taken(&bench), 0);
    bench.keys("N");
    assert_eq!(taken(&bench), 1);
    bench.keys("M N");
    assert_eq!(taken(&bench), 1);
    bench.pretend_measuring(BIAS_VARIANCE, 10);
    bench.app.message = None;
    assert!(bench.text().contains("break off"));
    let cancels = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Ask(Request::Cancel)));
    for code in [KeyCode::Char('m'), KeyCode::Esc] {
        let effects = update::key(&mut bench.app, KeyEvent::new(code, KeyModifiers::NONE));
        assert!(cancels(&effects), "{effects:?}");
        assert!(bench.text().contains("broken off: the last complete result stays"), "{}", bench.text());
    }
    // Where Esc stops both a run and a measurement, it names both.
    bench.app.lab.as_mut().unwrap().is_running = true;
    bench.key(KeyCode::Esc);
    assert!(bench.text().contains("the run is paused, and"), "{}", bench.text());
    assert!(bench.text().contains("broken off"), "{}", bench.text());
    // A problem without data says so.
    let mut bench = Bench::lab((140, 40));
    bench.keys("m");
    assert!(bench.text().contains("this problem has no data"), "{}", bench.text());
}

/// Where there is no room for a reading and no chart of it, what was measured says that it was, and where it is.
#[test]
fn what_was_measured_says_where_it_is() {
    let question = Question::of(&crate::probe::horizon_cost::ENTRY);
    let mut bench = Bench::lab((80, 24));
    bench.key(KeyCode::Char(question.key()));
    let begun = bench.app.message.take().unwrap().text;
    assert!(
        begun.starts_with("measuring memory and calls against T") && begun.ends_with("F shows the numbers"),
        "{begun}"
    );
    let measured = Arc::clone(&bench.app.lab.as_ref().unwrap().snapshot);
    assert!(measured.findings.answer(question).is_some_and(crate::lab::Answer::is_complete));
    // As the laboratory shows it where it takes a moment: under way, then done.
    bench.pretend_measuring(question, 99);
    bench.app.say(begun);
    bench.app.show(measured, false);
    assert!(bench.text().contains("measured memory and calls against T"), "{}", bench.text());
    let said = bench.app.message.as_ref().unwrap().text.clone();
    assert!(said.ends_with("F shows the numbers"), "{said}");
    // Where something else was said since, that stays.
    let measured = Arc::clone(&bench.app.lab.as_ref().unwrap().snapshot);
    bench.pretend_measuring(question, 99);
    bench.app.say("something else");
    bench.app.show(measured, false);
    assert_eq!(bench.app.message.as_ref().unwrap().text, "something else");
}

/// What cannot be measured here can be elsewhere: the scenarios that are named really can measure it.
#[test]
fn a_refusal_names_scenarios_that_can_measure() {
    let mut bench = Bench::lab((140, 40));
    bench.app.listed = super::built_in();
    for question in [BIAS_VARIANCE, Question::of(&crate::probe::excess_error::ENTRY)] {
        bench.key(KeyCode::Char(question.key()));
        let said = bench.app.message.as_ref().unwrap().text.clone();
        let named: Vec<&str> = said.split_once("can be: ").unwrap().1.split_once(';').unwrap().0.split(", ").collect();
        let about = bench.app.scenarios_about(question).count();
        assert_eq!(named.len(), about.min(2), "{said}");
        assert!(said.ends_with(&format!("`:open {}`", named[0])), "{said}");
    }
    let mut abouts = 0;
    for question in Question::all().filter(|question| !question.is_over_sweep()) {
        let named: Vec<_> = bench.app.scenarios_about(question).take(2).collect();
        abouts += usize::from(!named.is_empty());
        for listed in named {
            let knobs = crate::probe::quick_knobs(question.probe(), &listed.scenario.study);
            let case = crate::probe::Case::of(&listed.id, &listed.scenario, &NoFiles, &knobs).unwrap();
            // It begins, and is then told that this is enough.
            let outcome = question.probe().measure(&case, &mut |_| std::ops::ControlFlow::Break(()));
            let refused = matches!(outcome, Err(crate::probe::ProbeError::Refused(_)));
            assert!(!refused, "{} in {}", question.name(), listed.id);
        }
    }
    assert!(abouts >= 3, "{abouts} questions have a scenario");
}

#[test]
fn every_question_is_asked_by_its_key_and_its_numbers_can_be_read() {
    let mut bench = Bench::learning((140, 40));
    for question in Question::all() {
        bench.key(KeyCode::Char(question.key()));
        let answer = bench.tell().snapshot.findings.answer(question).map(|answer| answer.newer.clone());
        if let Some(Newer::Failed(reason)) = answer {
            // Nothing is learned of these dynamics, and what is about learned schedules says so.
            assert!(reason.contains("dynamics without a schedule"), "{question:?}: {reason}");
            continue;
        }
        assert!(bench.tell().snapshot.findings.latest(question).is_some(), "{question:?}: {}", bench.text());
        assert_eq!(bench.tell().snapshot.findings.answers().last().unwrap().question, question);
        bench.keys("F");
        let text = bench.text();
        assert!(text.contains("Measured") && text.contains(&question.name()), "{text}");
        bench.keys("esc");
    }
    // What no chart here shows says how it stands as well.
    bench.keys(EACH).keys("m N F");
    assert!(bench.text().contains("λ has moved since"), "{}", bench.text());
}

#[test]
fn a_step_that_had_to_be_undone_ends_running_and_is_said() {
    let mut bench = Bench::lab((80, 24));
    bench.app.lab.as_mut().unwrap().is_running = true;
    let defect = caught(|| panic!("out of range")).unwrap_err();
    bench.app.hear(&[EngineError::Measurement("no data".to_owned())]);
    assert!(bench.tell().is_running, "a measurement that fails stops nothing");
    bench.app.hear(&[EngineError::Undone(defect), EngineError::Measurement("no data".to_owned())]);
    assert!(!bench.tell().is_running);
    let text = bench.text();
    assert!(text.contains("a defect in hyperlab: out of range"), "{text}");
}

#[test]
fn what_was_measured_is_read_in_numbers() {
    for size in [(80, 24), (140, 40)] {
        insta::assert_snapshot!(name("findings", size), Bench::learning(size).keys("m E F").text());
    }
}

#[test]
fn too_small_is_one_line_that_says_so() {
    assert!(Bench::start((39, 12)).text().contains("Hyperlab needs 40×12"));
    insta::assert_snapshot!(Bench::start((20, 5)).text());
    // No size may panic, whatever lies over the screen.
    for columns in [0, 1, 2, 7, 40, 69, 70, 90, 110] {
        for rows in [0, 1, 3, 11, 12, 13, 17, 23, 27] {
            for keys in
                ["", "enter", "enter tab", "enter tab tab", "enter ?", "enter e", "enter a", "enter :", "enter b"]
            {
                let mut bench = Bench::start((80, 24));
                bench.keys(keys);
                bench.app.size = (columns, rows);
                bench.screen();
            }
        }
    }
}

#[test]
fn without_colour_no_cell_has_one() {
    let mut bench = Bench::lab((140, 40));
    bench.app.theme = Theme::mono();
    bench.keys("N nnnnn");
    for keys in ["", "e", "esc ?", "esc a", "esc :", "esc tab", "tab"] {
        let screen = bench.keys(keys).screen();
        let cells = screen.backend().buffer().content();
        let plain = |cell: &ratatui::buffer::Cell| {
            cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset
        };
        assert!(cells.iter().all(plain), "colour after {keys}");
    }
    // What is chosen still shows: some cells are reversed.
    let screen = bench.screen();
    let is_reversed = |cell: &ratatui::buffer::Cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED);
    assert!(screen.backend().buffer().content().iter().any(is_reversed));
}

#[test]
fn text_of_a_scenario_cannot_steer_the_terminal() {
    let mut bench = Bench::new((140, 40), &[("hostile", HOSTILE)]);
    for keys in ["", "e", "esc enter", "n", "e", "esc"] {
        let screen = bench.keys(keys).screen();
        let cells = screen.backend().buffer().content();
        assert!(cells.iter().all(|cell| !cell.symbol().chars().any(char::is_control)), "after {keys}");
    }
}

#[test]
fn steps_seek_and_branch() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("nnn");
    assert_eq!((bench.tell().snapshot.inner, bench.tell().snapshot.position), (3, 3));
    bench.keys("N");
    assert_eq!((bench.tell().snapshot.outer, bench.tell().snapshot.inner), (1, 0));
    let starts: Vec<usize> = bench.tell().snapshot.outer_starts.from(0).map(|start| start.position).collect();
    assert_eq!(starts, [41, 41], "both trials take their outer steps together");
    bench.keys("left left");
    assert_eq!(bench.tell().snapshot.position, 39);
    bench.keys("[");
    assert_eq!(bench.tell().snapshot.position, 0);
    bench.keys("end home right");
    assert_eq!(bench.tell().snapshot.position, 1);
    bench.keys("x");
    assert_eq!(bench.tell().snapshot.trials.len(), 1);
    assert_eq!(bench.tell().snapshot.branches.len(), 2);
    bench.keys("left");
    assert_eq!(bench.tell().snapshot.trials.len(), 2, "going back undoes");
    bench.keys("b up enter");
    assert_eq!((bench.tell().snapshot.branch, bench.tell().snapshot.position), (0, 41));
}

#[test]
fn knobs_turn_by_arrow_by_typing_and_by_command() {
    let value = |bench: &Bench, path: &str| {
        let rows = bench.tell().knobs();
        rows.iter().find(|row| row.address.path() == path).unwrap().content.to_text()
    };
    let mut bench = Bench::lab((140, 40));
    bench.keys("down tab down");
    let first = bench.tell().knobs()[1].address.path();
    assert_eq!(first, "estimator.iterations");
    bench.keys("right");
    assert_eq!(value(&bench, &first), "3");
    bench.keys("left left");
    assert_eq!(value(&bench, &first), "1");
    bench.keys("enter backspace 7 enter");
    assert_eq!(value(&bench, &first), "7");
    bench.keys("enter backspace x enter");
    assert!(bench.text().contains("expected a whole number"), "{}", bench.text());
    bench.keys("esc : inner.steps=25 enter");
    assert_eq!(value(&bench, "inner.steps"), "25");
    bench.keys(": set space outer.rule.step space 0.25 enter");
    assert_eq!(value(&bench, "outer.rule.step"), "0.25");
    bench.keys(": inner.steps=0 enter");
    assert!(bench.text().contains("cannot be 0"), "{}", bench.text());
    bench.keys("esc : measure_every=5 enter");
    assert_eq!(bench.tell().snapshot.measure_every, 5);
}

/// Selects the row at a path, as a person would with the arrows.
fn select(bench: &mut Bench, path: &str) {
    bench.app.lab.as_mut().unwrap().focus = Focus::Knobs;
    let place = bench.tell().knobs().iter().position(|row| row.address.path() == path);
    bench.app.lab.as_mut().unwrap().knob = place.unwrap_or_else(|| panic!("no row for {path}"));
}

fn shown(bench: &Bench, path: &str) -> String {
    bench.tell().knobs().iter().find(|row| row.address.path() == path).unwrap().content.to_text()
}

#[test]
fn what_the_scenario_says_is_set_in_the_panel() {
    let mut bench = Bench::learning((140, 40));
    bench.keys("nn");
    select(&mut bench, "data.split.validation");
    bench.keys("enter 2 5");
    let text = bench.text();
    assert!(text.contains("30 → 25") && text.contains("Lets every trial begin anew"), "{text}");
    bench.keys("enter");
    assert_eq!(shown(&bench, "data.split.validation"), "25");
    assert_eq!(bench.tell().snapshot.problem.dimensions.validation, 25);
    assert_eq!(bench.tell().snapshot.inner, 0, "every trial began anew");
    assert!(bench.text().contains("every trial begins anew"), "{}", bench.text());
    // What the parser does not take is said where it was typed, in the words of `--set`.
    bench.keys("enter t e n enter");
    let text = bench.text();
    assert!(
        matches!(bench.app.overlay, Some(Overlay::Value { .. })) && text.contains("split.validation=ten"),
        "{text}"
    );
    bench.keys("esc");
    // A whole number has stops, and what cannot be built is refused by the laboratory.
    select(&mut bench, "seed");
    bench.keys("right right left");
    assert_eq!((shown(&bench, "seed").as_str(), bench.tell().snapshot.seed), ("4", 4));
    select(&mut bench, "data.split.training");
    bench.keys("enter 500 enter");
    assert_eq!(shown(&bench, "data.split.training"), "30");
    // λ is one number for all, or a list.
    select(&mut bench, "lambda");
    bench.keys("enter -2 enter");
    assert_eq!(bench.tell().snapshot.experiment.lambda, [-2.0; 5]);
    bench.keys("enter [1,2,3,4,5] enter");
    assert_eq!(bench.tell().snapshot.experiment.lambda, [1.0, 2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn extensions_are_chosen_with_arrows_and_what_cannot_be_is_passed_over() {
    let mut bench = Bench::learning((140, 40));
    let at = |bench: &Bench| bench.tell().selected().unwrap().setting.clone();
    bench.keys("down down");
    for (path, keys, expected) in [
        ("inner.dynamics", "right", "HeavyBall"),
        ("outer.rule", "right", "Momentum"),
        ("outer.filter", "right", "Decay"),
        ("population", "right", "Restarts"),
        ("ensemble", "right", "Fixed"),
        ("estimator", "right", "Cg"),
        ("truth", "left", "None"),
        ("pace", "right", "Steps"),
    ] {
        select(&mut bench, path);
        bench.keys(keys);
        assert_eq!(shown(&bench, path), expected, "{path}: {:?}", bench.app.message);
    }
    let setting = at(&bench);
    assert_eq!((setting.estimator.id(), setting.population.id()), ("cg", "restarts"));
    // Every estimator can be reached: those that are refused here are passed over.
    select(&mut bench, "estimator");
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..2 * crate::estimator::ALL.len() {
        bench.keys("right");
        seen.insert(at(&bench).estimator.id());
    }
    assert!(seen.contains("finite-difference") && seen.contains("direct") && seen.len() > 8, "{seen:?}");
    // All trials get it with one key more.
    select(&mut bench, "outer.rule");
    bench.keys("*");
    let rules: Vec<String> =
        bench.tell().snapshot.trials.iter().map(|trial| trial.setting.outer.rule.card().ron_name()).collect();
    assert_eq!(rules, vec!["Momentum".to_owned(); 3]);
}

#[test]
fn a_trial_named_after_its_estimator_keeps_a_true_name() {
    let mut bench = Bench::lab((140, 40));
    let name = |bench: &Bench| bench.tell().selected().unwrap().setting.name.clone();
    let before = name(&bench);
    bench.keys("tab right");
    let now = bench.tell().selected().unwrap().setting.clone();
    assert!(before != now.name && now.name == now.estimator.card().name, "{before} became {}", now.name);
    bench.keys("left tab tab down tab left left");
    assert_eq!(name(&bench), "CG, 2 steps", "a name that a person gave stays");
}

#[test]
fn every_section_is_a_few_keys_away_at_every_size() {
    for size in [(80, 24), (140, 40), (200, 60)] {
        let mut bench = Bench::learning(size);
        bench.app.lab.as_mut().unwrap().focus = Focus::Knobs;
        let sections = |bench: &Bench| {
            let rows = bench.tell().knobs();
            rows.chunk_by(|a, b| a.section == b.section).map(|rows| rows[0].section.clone()).collect::<Vec<_>>()
        };
        let all = sections(&bench);
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len(), "a section comes twice");
        for section in &all {
            let rows = bench.tell().knobs();
            assert_eq!(rows[bench.tell().knob].section, *section);
            let text = bench.text();
            let heading: String = section.chars().take(12).collect();
            assert!(text.contains(&heading), "{section} is out of sight at {size:?}:\n{text}");
            bench.keys("pgdn");
        }
        bench.keys(&"pgup ".repeat(all.len()));
        assert_eq!(bench.tell().knob, 0);
        if size == (80, 24) {
            assert!(bench.text().contains(" more"), "{}", bench.text());
        }
    }
}

/// A knob is selected, v pressed, Enter measures: the sweep is over that knob, and the session says so.
#[test]
fn a_sweep_is_chosen_from_the_knobs() {
    let sweep = |bench: &Bench| bench.tell().snapshot.experiment.scenario.study.sweep.clone().unwrap();
    let over = Question::over_sweep(&bias_variance::ENTRY).unwrap();
    let found = |bench: &Bench| {
        let latest = bench.tell().snapshot.findings.latest(over).expect("measured").finding.clone();
        let found = latest.get::<bias_variance::SweepFinding>().unwrap().clone();
        (found.path.clone(), found.points.iter().map(|point| point.value.clone()).collect::<Vec<_>>())
    };
    let mut bench = Bench::learning((140, 40));
    select(&mut bench, "inner.steps");
    bench.keys("v");
    let text = bench.text();
    assert!(text.contains("1, 2, 3, 5, 10, 20") && text.contains("trials[*].inner.steps"), "{text}");
    bench.keys("tab");
    assert!(bench.text().contains("trials[0].inner.steps"), "{}", bench.text());
    // What is typed goes on; a value that the scenario does not take is said before anything is measured.
    bench.keys(", none enter");
    let text = bench.text();
    assert!(text.contains("trials[0].inner.steps=none"), "{text}");
    bench.keys(&"backspace ".repeat(5));
    bench.keys("tab enter");
    let values: Vec<String> = ["1", "2", "3", "5", "10", "20"].map(str::to_owned).into();
    assert_eq!((sweep(&bench).path.as_str(), &sweep(&bench).values), ("trials[*].inner.steps", &values));
    assert_eq!(found(&bench), ("trials[*].inner.steps".to_owned(), values));
    assert!(bench.tell().is_unsaved, "a session reproduces it");
    // Away from the knobs the same sweep is measured again; rows of the scenario and names can be swept too.
    let length = bench.tell().snapshot.length;
    bench.keys("tab v");
    assert_eq!(bench.tell().snapshot.length, length);
    for (path, values) in [("data.source.noise", 5), ("outer.filter", 3)] {
        select(&mut bench, path);
        bench.keys("v enter");
        assert!(found(&bench).0.ends_with(path), "{:?}", bench.app.message);
        assert_eq!(found(&bench).1.len(), values, "{path}");
    }
    select(&mut bench, "bias-variance.training");
    bench.keys("v");
    assert!(bench.app.overlay.is_none() && bench.text().contains("select another to sweep"), "{}", bench.text());
}

#[test]
fn where_no_sweep_is_chosen_the_screen_says_how() {
    let text = LEARNING.replace(r#", sweep: Sweep(path: "inner.steps", values: ["1", "3", "10", "30"])"#, "");
    let mut bench = Bench::new((140, 40), &[("learning", &text)]);
    bench.keys("enter");
    let text = bench.text();
    assert!(text.contains("no values to sweep are chosen: select a knob"), "{text}");
}

#[test]
fn what_was_done_is_taken_back_and_brought_back() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("nnn");
    select(&mut bench, "inner.steps");
    bench.keys("enter 9 enter nn U");
    assert_eq!((shown(&bench, "inner.steps").as_str(), bench.tell().snapshot.inner), ("40", 5));
    let text = bench.text();
    assert!(text.contains("without steps 40 → 9") && text.contains("R brings it back"), "{text}");
    bench.keys("R");
    assert_eq!((shown(&bench, "inner.steps").as_str(), bench.tell().snapshot.inner), ("9", 5));
    bench.keys("R");
    assert!(bench.text().contains("nothing was taken back"), "{}", bench.text());
    // The tree says what was changed where, and leads there.
    bench.keys("b");
    for size in [(80, 24), (140, 40)] {
        bench.app.size = size;
        let text = bench.text();
        assert!(text.contains("├ 2 at step 3: without steps 40 → 9"), "{text}");
    }
    bench.keys("down enter");
    assert_eq!((bench.tell().snapshot.branch, shown(&bench, "inner.steps").as_str()), (1, "40"));
}

#[test]
fn trials_are_renamed_moved_and_shown_alone() {
    let mut bench = Bench::lab((140, 40));
    let names = |bench: &Bench| -> Vec<String> {
        bench.tell().snapshot.trials.iter().map(|trial| trial.setting.name.clone()).collect()
    };
    bench.keys("r m i n e");
    assert!(bench.text().contains("→ mine"), "{}", bench.text());
    bench.keys("enter J");
    assert_eq!(names(&bench), ["CG, 2 steps", "mine"]);
    assert_eq!(bench.tell().trial, 1, "what was selected stays so");
    bench.keys("J K K");
    assert_eq!(names(&bench), ["mine", "CG, 2 steps"]);
    bench.keys("S");
    assert_eq!(bench.tell().snapshot.shown().map(|trial| trial.id).collect::<Vec<_>>(), [0]);
    bench.keys("S r backspace backspace backspace backspace enter");
    assert_eq!(bench.tell().snapshot.shown().count(), 2);
    assert!(bench.text().contains("a trial needs a name"), "{}", bench.text());
}

#[test]
fn speed_is_speed_wherever_the_keys_go() {
    let mut bench = Bench::lab((140, 40));
    let before = (bench.tell().speed, bench.tell().knobs());
    bench.keys("tab + +");
    assert_eq!((bench.tell().speed, bench.tell().knobs()), (before.0 + 2, before.1));
}

#[test]
fn a_problem_is_turned_for_all_trials() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("nn : problem.condition=50 enter");
    let rows = bench.tell().knobs();
    let row = rows.iter().find(|row| row.address.path() == "problem.condition").unwrap();
    assert_eq!(row.content.to_text(), "50.0", "{:?}", bench.app.message);
}

#[test]
fn trials_are_added_duplicated_hidden_and_removed() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("a space down down space enter");
    assert_eq!(bench.tell().snapshot.trials.len(), 4);
    assert_eq!(bench.tell().trial, 3, "a new trial is selected");
    bench.keys("d");
    assert_eq!(bench.tell().snapshot.trials.len(), 5);
    bench.keys("h");
    assert!(bench.tell().selected().unwrap().hidden);
    bench.keys("h x x x x x x");
    assert!(bench.tell().snapshot.trials.is_empty());
    assert!(bench.text().contains("a adds some"));
    bench.keys("space");
    bench.keys("d h e esc tab enter esc tab left N");
}

#[test]
fn estimators_can_be_added_before_opening() {
    let mut bench = Bench::start((140, 40));
    bench.keys("a space down space enter");
    assert!(bench.text().contains("(added)"));
    bench.keys("enter");
    assert_eq!(bench.tell().snapshot.trials.len(), 4);
}

#[test]
fn charts_are_chosen_cycled_and_swapped() {
    let mut bench = Bench::lab((140, 40));
    let charts = |bench: &mut Bench| bench.tell().panes.iter().map(|pane| pane.chart).collect::<Vec<_>>();
    let before = charts(&mut bench);
    bench.keys("tab tab down 6");
    assert_eq!(charts(&mut bench)[1], 5);
    bench.keys("c C");
    assert_eq!(charts(&mut bench)[1], 5);
    let third = before[2] + 1;
    bench.keys(&third.to_string());
    assert_eq!((charts(&mut bench)[1], charts(&mut bench)[2]), (before[2], 5));
}

#[test]
fn metrics_and_a_clock_are_chosen_by_keys_and_drawn_in_this_pane() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("tab tab down y");
    // A metric and one more, then the clock, as far as it takes to tell them apart.
    for letters in ["cosi", "inner-v", "outer"] {
        bench.keys(&letters.chars().map(|letter| letter.to_string()).collect::<Vec<_>>().join(" "));
        bench.keys("enter");
    }
    let lab = bench.tell();
    assert_eq!(lab.choice(1).against.unwrap().to_string(), "metric(cosine, inner-value, outer)");
    assert!(bench.text().contains("Cosine to the truth, Inner objective"), "{}", bench.text());
}

#[test]
fn leaving_asks_only_when_something_would_be_lost() {
    let mut bench = Bench::lab((80, 24));
    bench.keys("n q");
    assert_eq!(bench.app.screen, Screen::Start);
    bench.keys("q");
    assert!(bench.has_quit);

    let mut bench = Bench::lab((80, 24));
    bench.keys("x q esc");
    assert_eq!(bench.app.screen, Screen::Lab, "the laboratory stayed open");
    bench.keys("q q");
    assert!(!bench.has_quit && matches!(bench.app.overlay, Some(Overlay::Question(Leaving::End))));
    bench.keys("q");
    assert!(bench.has_quit);

    // Another scenario in its place is a way of leaving as well.
    let mut bench = Bench::lab((80, 24));
    bench.keys("x q down enter");
    assert!(matches!(bench.app.overlay, Some(Overlay::Question(Leaving::For(_)))));
    bench.keys("esc");
    assert_eq!((bench.app.screen, bench.tell().label.as_str()), (Screen::Start, "quadratic"));
    bench.keys("enter q");
    assert_eq!((bench.app.screen, bench.tell().label.as_str()), (Screen::Lab, "diverging"));
    bench.keys("q up enter");
    assert_eq!(bench.tell().label, "quadratic", "nothing was changed, so nothing is asked");
}

#[test]
fn what_cannot_be_opened_leaves_everything_as_it_was() {
    let mut bench = Bench::lab((80, 24));
    bench.app.begin_opening("missing.ron".to_owned());
    assert!(bench.text().contains("opening missing.ron"), "{}", bench.text());
    bench.keys("q");
    assert_eq!(bench.app.screen, Screen::Lab);
}

#[test]
fn the_mouse_selects_turns_and_seeks() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("N");
    let layout = Layout::of(&bench.app);
    let trials = inside(layout.trials);
    bench.click(trials.x + 3, trials.y + 1);
    assert_eq!(bench.tell().trial, 1);
    let knobs = inside(layout.knobs);
    // The first row is a heading, the second the estimator, the third its first knob.
    bench.mouse(MouseEventKind::ScrollUp, knobs.x + 3, knobs.y + 2);
    assert_eq!(bench.tell().knobs()[1].content.to_text(), "3");
    let (pane, place) = layout.charts[2];
    bench.click(place.x + 5, place.y + 3);
    assert_eq!(bench.tell().pane, pane);
    let bar = view::timeline_bar(layout.timeline, &bench.tell().snapshot.clone());
    bench.click(bar.x, bar.y);
    assert_eq!(bench.tell().snapshot.position, 0);
    let bar = view::timeline_bar(layout.timeline, &bench.tell().snapshot.clone());
    bench.click(bar.right() - 1, bar.y);
    assert_eq!(bench.tell().snapshot.position, bench.tell().snapshot.length);
}

impl Bench {
    /// Where these words begin in a part of the screen.
    fn place(&mut self, words: &str, part: Rect) -> (u16, u16) {
        let screen = self.screen();
        let buffer = screen.backend().buffer();
        let is_here = |x: u16, y: u16| {
            let letters = (x..part.right()).map(|x| buffer[(x, y)].symbol());
            letters.take(words.chars().count()).collect::<String>() == words
        };
        let mut cells = (part.y..part.bottom()).flat_map(|y| (part.x..part.right()).map(move |x| (x, y)));
        cells
            .find(|(x, y)| is_here(*x, *y))
            .unwrap_or_else(|| panic!("no `{words}` in {part:?}:\n{}", screen.backend()))
    }

    fn click_on(&mut self, words: &str, part: Rect) {
        let (x, y) = self.place(words, part);
        self.click(x, y);
    }
}

#[test]
fn a_slider_goes_where_it_is_clicked_and_follows_while_it_is_held() {
    let mut bench = Bench::lab((140, 40));
    let panel = Layout::of(&bench.app).knobs;
    let (_, y) = bench.place(" steps ", panel);
    let at = bench.tell().knobs().iter().position(|row| row.address.path() == "inner.steps").unwrap();
    let slider = view::knob_slider(panel, &bench.tell().knobs()[at]).unwrap();
    let handle =
        |bench: &mut Bench| slider.clone().find(|x| bench.screen().backend().buffer()[(*x, y)].symbol() == "●");
    for x in [slider.start + 3, slider.end - 2, slider.start + 4] {
        bench.click(x, y);
        assert_eq!((bench.tell().focus, bench.tell().knob), (Focus::Knobs, at));
        assert_eq!(handle(&mut bench), Some(x), "{}", bench.text());
    }
    let steps = |bench: &Bench| bench.tell().selected().unwrap().setting.inner.steps;
    let clicked = steps(&bench);
    // The name of a knob is no part of its slider.
    bench.click(panel.x + 3, y);
    assert_eq!(steps(&bench), clicked);
    // What is held goes no further than its ends, and on no other knob.
    bench.click(slider.start + 4, y);
    bench.mouse(MouseEventKind::Drag(MouseButton::Left), panel.x, y + 1);
    assert_eq!(steps(&bench), 1);
    bench.mouse(MouseEventKind::Drag(MouseButton::Left), slider.start + 2, y - 2);
    assert_eq!(handle(&mut bench), Some(slider.start + 2));
    bench.mouse(MouseEventKind::Up(MouseButton::Left), slider.start + 2, y - 2);
    let let_go = steps(&bench);
    bench.mouse(MouseEventKind::Drag(MouseButton::Left), slider.end - 1, y);
    assert_eq!(steps(&bench), let_go);
}

#[test]
fn a_click_on_a_legend_selects_the_trial() {
    for size in [(140, 40), (80, 24)] {
        let mut bench = Bench::lab(size);
        bench.keys("nnnnn");
        let (pane, place) = Layout::of(&bench.app).charts[0];
        // Also where the legend says what every curve is at, so that its entries stand elsewhere.
        for is_read in [false, true] {
            if is_read {
                bench.mouse(MouseEventKind::Moved, place.x + place.width / 2, place.y + place.height / 2);
            }
            for (trial, name) in [(1, "▲ CG, 2"), (0, "● Impl")] {
                let (x, y) = bench.place(name, inside(place));
                bench.click(x + 4, y);
                assert_eq!((bench.tell().focus, bench.tell().pane), (Focus::Charts, pane));
                assert_eq!(bench.tell().trial, trial, "{name}");
            }
        }
        // Beside the entries lies the chart.
        let (x, y) = bench.place("▲ CG, 2", inside(place));
        bench.click(x - 1, y);
        assert_eq!((bench.tell().trial, bench.tell().held.is_some()), (0, true));
    }
}

#[test]
fn a_click_on_the_footer_presses_its_key() {
    let mut bench = Bench::lab((140, 40));
    let footer = Layout::of(&bench.app).footer;
    bench.click_on("n inner", footer);
    assert_eq!((bench.tell().snapshot.outer, bench.tell().snapshot.inner), (0, 1));
    // The words stand for the key, and the blanks between two keys for none.
    let (x, y) = bench.place("outer", footer);
    bench.click(x + 4, y);
    assert_eq!(bench.tell().snapshot.outer, 1);
    bench.click(x + 5, y);
    bench.click(x + 6, y);
    assert_eq!((bench.tell().snapshot.outer, bench.tell().snapshot.inner), (1, 0));
    // Of two keys each is itself, and what is said in their place is no key.
    let before = bench.tell().speed;
    bench.click_on("- speed", footer);
    assert_eq!(bench.tell().speed, before - 1);
    assert!(bench.app.message.is_some());
    bench.click(x, y);
    assert_eq!((bench.tell().snapshot.outer, bench.app.message.is_none()), (1, true));
    bench.click_on("+- speed", footer);
    bench.keys("esc");
    assert_eq!(bench.tell().speed, before);
    // It speaks of what lies over the screen.
    bench.click_on("? help", footer);
    assert!(matches!(bench.app.overlay, Some(Overlay::Help(_))));
    bench.click_on("Esc close", footer);
    assert!(bench.app.overlay.is_none());
    bench.click_on("q leave", footer);
    assert_eq!(bench.app.screen, Screen::Start);
    // The next key takes what is said there away.
    bench.keys("esc q down up");
    bench.click_on("Enter open", footer);
    assert_eq!(bench.app.screen, Screen::Lab);
}

#[test]
fn a_click_on_the_head_of_a_column_sorts_by_it() {
    let mut bench = Bench::lab((80, 24));
    bench.keys("N N N nnn t");
    let order = |bench: &mut Bench| {
        let text = bench.text();
        let row = |name: &str| text.lines().position(|line| line.contains(&format!("│{name}"))).unwrap();
        row("CG, 2 steps") < row("Implicit, direct solve")
    };
    let place = Layout::of(&bench.app).overlay;
    assert!(!order(&mut bench), "as the trials are");
    // The inner error of the second is the larger one, and so is its relative error.
    bench.click_on("‖θ−θ*‖", place);
    assert!(bench.text().contains("▲‖θ−θ*‖") && !order(&mut bench), "{}", bench.text());
    bench.click_on("▲‖θ−θ*‖", place);
    assert!(bench.text().contains("▼‖θ−θ*‖") && order(&mut bench), "{}", bench.text());
    bench.click_on("F(λ)", place);
    assert!(bench.text().contains("▼F(λ)") && order(&mut bench), "{}", bench.text());
    bench.click_on("trial", place);
    let text = bench.text();
    assert!(text.contains("In the order of the trials") && !order(&mut bench), "{text}");
    bench.click_on("CG, 2 steps", place);
    assert_eq!(bench.text(), text, "a row is no head");
}

#[test]
fn a_paste_is_text_never_keys() {
    let mut bench = Bench::lab((80, 24));
    update::paste(&mut bench.app, "q\nq\u{1b}");
    assert!(!bench.has_quit && bench.app.overlay.is_none());
    bench.keys(":");
    update::paste(&mut bench.app, "inner.steps\u{1b}=30");
    bench.keys("enter");
    assert_eq!(bench.tell().selected().unwrap().setting.inner.steps, 30);
    // A field looks up what is typed at every key, and takes no more than it can.
    bench.keys(":");
    update::paste(&mut bench.app, &"x".repeat(1_000_000));
    assert_eq!(bench.app.input().unwrap().value().len(), 4096);
    assert!(bench.app.message.as_ref().is_some_and(|message| message.text.contains("4096")));
}

#[test]
fn every_cell_of_every_screen_is_inside_it() {
    // Layouts overlap only where frames share an edge.
    for size in [(40, 12), (80, 24), (109, 30), (110, 30), (140, 40), (200, 60)] {
        for keys in ["", "tab", "tab tab"] {
            let mut bench = Bench::lab(size);
            bench.keys(keys);
            let layout = Layout::of(&bench.app);
            let mut places = vec![layout.header, layout.footer, layout.timeline, layout.strip];
            places.extend([layout.trials, layout.knobs, layout.reading].map(inside));
            places.extend(layout.charts.iter().map(|(_, place)| inside(*place)));
            places.retain(|place| !place.is_empty());
            for (index, place) in places.iter().enumerate() {
                assert!(place.right() <= size.0 && place.bottom() <= size.1, "{place:?} at {size:?}");
                assert!(places[..index].iter().all(|other| !other.intersects(*place)), "{place:?} at {size:?} {keys}");
            }
        }
    }
}

#[test]
fn a_run_until_something_is_so_stops_there_and_says_why() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("i");
    assert_eq!((bench.tell().snapshot.outer, bench.tell().snapshot.inner), (0, 40));
    assert!(bench.text().contains("stopped: the inner run is over at outer 0, inner 40"), "{}", bench.text());
    bench.keys("u outer space 3 enter");
    assert_eq!((bench.tell().snapshot.outer, bench.tell().snapshot.inner), (3, 0));
    assert!(bench.text().contains("stopped: outer-step of Implicit, direct solve is 3 >= 3"), "{}", bench.text());
    bench.keys(": until space f1 space > space 0.5 enter");
    assert!(bench.text().contains("`f1` cannot be had here, so that this is never met"), "{}", bench.text());
    bench.keys("u errr space < space 1 enter");
    assert!(bench.text().contains("did you mean `error`?"), "{}", bench.text());
    bench.keys("esc I");
    assert!(bench.text().contains("stopped: every trial is where the scenario plans to end"), "{}", bench.text());
    assert_eq!((bench.tell().snapshot.outer, bench.tell().until.is_none()), (30, true));
}
