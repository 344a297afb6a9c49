//! The real program in a real pseudo-terminal: what it shows, and that it leaves the terminal as it was.

mod rough;

use std::io::{Read, Write};
use std::num::NonZero;
use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// Longest wait for anything; a slow machine that compiles beside the tests needs most of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// All columns of a row.
const WHOLE: Range<u16> = 1..1000;

/// A program in a terminal.
struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Everything written to the terminal, as bytes and as a screen.
    output: Arc<Mutex<(Vec<u8>, vt100::Parser)>>,
    /// Local modes before the program ran.
    modes: String,
}

impl Terminal {
    fn hyperlab(arguments: &[&str], folder: &Path) -> Self {
        Self::run(env!("CARGO_BIN_EXE_hyperlab").as_ref(), arguments, folder)
    }

    fn run(program: &std::ffi::OsStr, arguments: &[&str], folder: &Path) -> Self {
        let size = PtySize { rows: 40, cols: 140, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        // What is remembered and set elsewhere is no part of a test.
        command.env("XDG_STATE_HOME", folder.join("state"));
        command.env("XDG_CONFIG_HOME", folder.join("config"));
        let modes = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let output = Arc::new(Mutex::new((Vec::new(), parser(size))));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let heard = Arc::clone(&output);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 {
                    return;
                }
                let mut heard = heard.lock().unwrap();
                heard.0.extend_from_slice(&buffer[..count]);
                heard.1.process(&buffer[..count]);
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { master: pair.master, writer, child, output, modes }
    }

    fn screen(&self) -> String {
        self.output.lock().unwrap().1.screen().contents()
    }

    fn written(&self) -> String {
        String::from_utf8_lossy(&self.output.lock().unwrap().0).into_owned()
    }

    fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits until the screen holds these words.
    fn see(&self, words: &str) {
        self.wait(words, |terminal| terminal.screen().contains(words));
    }

    fn wait(&self, what: &str, is_there: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !is_there(self) {
            assert!(start.elapsed() < PATIENCE, "waited in vain for `{what}`; the screen:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A part of a row, counted from 1 as the mouse counts.
    fn part(&self, row: u16, columns: Range<u16>) -> String {
        let line = self.screen().lines().nth(usize::from(row) - 1).unwrap_or_default().to_owned();
        line.chars().skip(usize::from(columns.start) - 1).take(columns.len()).collect()
    }

    /// The column at which these words begin in some columns of a row.
    fn in_row(&self, words: &str, row: u16, columns: Range<u16>) -> Option<u16> {
        let part = self.part(row, columns.clone());
        let before = part[..part.find(words)?].chars().count();
        Some(columns.start + u16::try_from(before).unwrap())
    }

    /// Column and row at which these words begin in some columns; the first of several places.
    fn at_within(&self, words: &str, columns: Range<u16>) -> (u16, u16) {
        let rows = u16::try_from(self.screen().lines().count()).unwrap();
        let place = (1..=rows).find_map(|row| Some((self.in_row(words, row, columns.clone())?, row)));
        place.unwrap_or_else(|| panic!("no `{words}` in {columns:?} of:\n{}", self.screen()))
    }

    /// The same anywhere.
    fn at(&self, words: &str) -> (u16, u16) {
        self.at_within(words, WHOLE)
    }

    /// The mouse reports something at a cell: the code of a button or a movement, pressed or let go.
    fn mouse(&mut self, code: u8, (column, row): (u16, u16), is_release: bool) {
        self.press(&format!("\x1b[<{code};{column};{row}{}", if is_release { 'm' } else { 'M' }));
    }

    fn click(&mut self, at: (u16, u16)) {
        self.mouse(0, at, false);
        self.mouse(0, at, true);
    }

    fn click_on(&mut self, words: &str) {
        // What is half drawn cannot be clicked on yet.
        self.see(words);
        self.click(self.at(words));
    }

    fn resize(&self, rows: u16, cols: u16) {
        self.output.lock().unwrap().1.screen_mut().set_size(NonZero::new(rows).unwrap(), NonZero::new(cols).unwrap());
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    fn signal(&self, name: &str) {
        let process = self.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &process]).status().unwrap().success());
    }

    fn end(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What was written last may still be on its way here.
                std::thread::sleep(Duration::from_millis(100));
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "it does not end; the screen:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Alternate screen left, cursor shown, mouse and paste reports off, modes as before.
    fn assert_restored(&self) {
        let output = self.output.lock().unwrap();
        let screen = output.1.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is still on");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is still captured");
        drop(output);
        assert_eq!(modes(&*self.master), self.modes, "the modes of the terminal differ");
    }

    fn assert_taken(&self) {
        let output = self.output.lock().unwrap();
        let screen = output.1.screen();
        assert!(screen.alternate_screen() && screen.bracketed_paste());
        assert_ne!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        drop(output);
        assert_ne!(modes(&*self.master), self.modes, "not in raw mode");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn parser(size: PtySize) -> vt100::Parser {
    vt100::Parser::new(NonZero::new(size.rows).unwrap(), NonZero::new(size.cols).unwrap(), 0)
}

/// Every flag of the line discipline, as text.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn from_the_start_page_to_figures_and_out() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&[], folder.path());
    terminal.see("Scenarios");
    terminal.assert_taken();
    terminal.press("\r");
    terminal.see("inner 0/");
    terminal.press("n");
    terminal.see("inner 1/");
    terminal.press("N");
    terminal.see("outer 1 · inner 0/");
    terminal.press("\x1b[D");
    terminal.see("outer 0 · inner");
    terminal.press("s");
    terminal.see("session-outer0");
    let written: Vec<String> = std::fs::read_dir(folder.path().join("hyperlab-export"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    // Of four charts the three that have something to draw at the start, and the trials side by side.
    for (ending, count) in [(".png", 3), (".svg", 3), (".csv", 4)] {
        assert_eq!(written.iter().filter(|name| name.ends_with(ending)).count(), count, "{written:?}");
    }
    assert_eq!(written.iter().filter(|name| name.ends_with(".ron")).count(), 1, "{written:?}");
    // The same moment again overwrites nothing.
    terminal.press("\x1b");
    terminal.wait("the notice to close", |terminal| !terminal.screen().contains("Written"));
    terminal.press("s");
    terminal.see("-2.ron");
    terminal.press("\x1b");
    terminal.wait("the notice to close", |terminal| !terminal.screen().contains("Written"));
    terminal.press("q");
    terminal.see("Scenarios");
    terminal.press("q");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

#[test]
fn the_start_page_finds_remembers_and_opens_files() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("orchard")).unwrap();
    let text = hyperlab::scenario::builtin("quadratic").unwrap().text;
    std::fs::write(folder.path().join("orchard").join("fruit.ron"), text).unwrap();
    // What is remembered need not be readable.
    std::fs::create_dir_all(folder.path().join("state").join("hyperlab")).unwrap();
    std::fs::write(folder.path().join("state").join("hyperlab").join("recent"), b"\xff\x00\n").unwrap();
    let mut terminal = Terminal::hyperlab(&[], folder.path());
    terminal.see("Start here");
    assert!(!terminal.screen().contains("Opened lately"));
    terminal.press("/truncated");
    terminal.see("┌ truncation ");
    terminal.press("\r");
    terminal.see("inner 0/");
    terminal.press("q");
    terminal.see("Opened lately");
    // A file, by the path that Tab completes.
    terminal.press("\x1b");
    terminal.see("inner 0/");
    terminal.press(":open ./or");
    terminal.see("Look into this folder.");
    terminal.press("\t");
    terminal.see("fruit.ron ");
    terminal.press("\r");
    terminal.see("Quadratic, two hyperparameters");
    terminal.press("qq");
    assert!(terminal.end().success());
    // Another day both are there, the file first.
    let mut terminal = Terminal::hyperlab(&[], folder.path());
    terminal.see("Opened lately");
    terminal.see("orchard/fruit.ron");
    // A file that is gone is said to be, and is not offered again.
    std::fs::remove_file(folder.path().join("orchard").join("fruit.ron")).unwrap();
    terminal.press("\r");
    terminal.see("does not exist");
    terminal.press("j");
    terminal.wait("it to be forgotten", |terminal| !terminal.screen().contains("fruit.ron"));
    terminal.press("q");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

#[test]
fn a_session_written_is_a_session_read() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    terminal.see("inner 0/");
    terminal.press("nnnd");
    terminal.see("step 4/4");
    // Two at once are two.
    terminal.press("\x1b[D\x1b[D");
    terminal.see("step 2/4");
    terminal.press("\x1b[F");
    terminal.see("step 4/4");
    terminal.press("w");
    terminal.see("Written");
    terminal.press("\x1b");
    terminal.wait("the notice to close", |terminal| !terminal.screen().contains("Written"));
    // Nothing is lost any more, so nothing is asked.
    terminal.press("q");
    terminal.see("Scenarios");
    terminal.press("q");
    assert!(terminal.end().success());
    terminal.assert_restored();
    let file = std::fs::read_dir(folder.path().join("hyperlab-export")).unwrap().next().unwrap().unwrap().path();
    let mut terminal = Terminal::hyperlab(&[file.to_str().unwrap()], folder.path());
    terminal.see("step 4/4");
    terminal.press("\x03");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

/// Six tables as people find them, each from its path to a running laboratory. What is pressed beside the path is counted:
/// `o`, Enter, Enter, and where a table does not say which column is meant, the way to it.
#[test]
fn tables_as_people_find_them_run_after_few_keys() {
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tables");
    for (name, way, learned) in [
        ("winequality.csv", "", "quality by ridge"),
        ("auto-mpg.data", "\x1b[Ht", "column 1 by ridge"),
        ("penguins.csv", "", "species by softmax"),
        ("titanic.csv", "", "Survived by logistic"),
        ("iris.csv", "", "species by softmax"),
        ("ionosphere.data", "", "column 35 by logistic"),
    ] {
        let folder = folder();
        std::fs::copy(tables.join(name), folder.path().join(name)).unwrap();
        let mut terminal = Terminal::hyperlab(&[], folder.path());
        terminal.see("Scenarios");
        terminal.press("o");
        terminal.see("Commands");
        terminal.press(&format!("./{name}"));
        terminal.see("Open this file");
        terminal.press("\r");
        terminal.see("gives");
        terminal.press(way);
        terminal.press("\r");
        terminal.see(learned);
        terminal.see("written to");
        // It runs: λ has moved.
        terminal.press("N");
        terminal.see("outer 1 ·");
        let written = Path::new(name).with_extension("ron");
        assert!(folder.path().join(&written).exists(), "{name}");
        terminal.press("\x03");
        assert!(terminal.end().success());
        terminal.assert_restored();
    }
}

/// From the shell; where nothing can be written, and where a scenario is there already; and back from its session.
#[test]
fn a_table_from_the_shell_never_writes_over_anything() {
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tables");
    let folder = folder();
    std::fs::copy(tables.join("iris.csv"), folder.path().join("iris.csv")).unwrap();
    std::fs::write(folder.path().join("iris.ron"), "mine").unwrap();
    let mut terminal = Terminal::hyperlab(&["iris.csv"], folder.path());
    terminal.see("gives");
    // Looked for among the columns, which letters are not taken from.
    terminal.press("/petal_w");
    terminal.see("petal_width");
    terminal.press("\r \r");
    terminal.see("iris-2.ron");
    assert_eq!(std::fs::read(folder.path().join("iris.ron")).unwrap(), b"mine");
    let text = std::fs::read_to_string(folder.path().join("iris-2.ron")).unwrap();
    assert!(text.contains("\"petal_width\""), "{text}");
    terminal.press("N");
    terminal.see("outer 1 ·");
    terminal.press("w");
    terminal.see("Written: open it");
    terminal.press("\x03");
    assert!(terminal.end().success());
    let session = std::fs::read_dir(folder.path().join("hyperlab-export")).unwrap().next().unwrap().unwrap().path();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::hyperlab(&[session.to_str().unwrap()], elsewhere.path());
    terminal.see("outer 1 ·");
    terminal.press("\x03");
    assert!(terminal.end().success());
    terminal.assert_restored();
    // What is no table is said on the ordinary screen.
    std::fs::write(folder.path().join("one.csv"), "a\n1\n2\n").unwrap();
    let mut terminal = Terminal::hyperlab(&["one.csv"], folder.path());
    assert_eq!(terminal.end().exit_code(), 2);
    assert!(terminal.screen().contains("single column"), "{}", terminal.screen());
    terminal.assert_restored();
}

/// Where no scenario can be written, here because its name would be too long for any file system, the laboratory opens all the
/// same, says that nothing is kept, and asks before that is lost.
#[test]
fn where_nothing_can_be_written_a_table_still_opens() {
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tables");
    let folder = folder();
    let name = "i".repeat(253) + ".x";
    std::fs::copy(tables.join("iris.csv"), folder.path().join(&name)).unwrap();
    let mut terminal = Terminal::hyperlab(&[&name], folder.path());
    terminal.see("gives");
    terminal.press("\r");
    terminal.see("is kept nowhere");
    terminal.press("N");
    terminal.see("outer 1 ·");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_file()).count(),
        1
    );
    terminal.press("qq");
    terminal.see("Leave?");
    terminal.press("\x03");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

/// A file of one's own beside its scenario: the session lies elsewhere, and is opened from elsewhere again.
#[test]
fn a_session_over_a_file_of_ones_own_is_found_from_anywhere() {
    let folder = folder();
    let orchard = folder.path().join("orchard");
    std::fs::create_dir(&orchard).unwrap();
    let rows: String = (0..12).map(|row| format!("{row};{},5;{}\n", row * row % 7, row % 5)).collect();
    std::fs::write(orchard.join("fruit.csv"), format!("mass;width;price\n{rows}")).unwrap();
    let scenario = r#"Scenario(
        title: "Fruit", about: "Rows of a file.", problem: Ridge(),
        data: Data(source: Csv(path: "fruit.csv", target: "price", leave_out: ["mass"])),
        lambda: Constant(-1.0), inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)],
        charts: ["losses"],
    )"#;
    std::fs::write(orchard.join("fruit.ron"), scenario).unwrap();
    let mut terminal = Terminal::hyperlab(&["orchard/fruit.ron"], folder.path());
    terminal.see("inner 0/1");
    terminal.press("N");
    terminal.see("outer 1 ·");
    terminal.press("w");
    terminal.see("Written");
    terminal.press("\x03");
    assert!(terminal.end().success());
    let file = std::fs::read_dir(folder.path().join("hyperlab-export")).unwrap().next().unwrap().unwrap().path();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::hyperlab(&[file.to_str().unwrap()], elsewhere.path());
    terminal.see("outer 1 ·");
    terminal.press("\x03");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

#[test]
fn it_runs_and_pauses_by_itself() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    terminal.see("paused");
    terminal.press("++ ");
    terminal.see("▶ 16x");
    terminal.see("outer 1 ·");
    terminal.press(" ");
    terminal.see("paused");
    terminal.press("\x03");
    terminal.end();
    terminal.assert_restored();
}

#[test]
fn the_mouse_and_a_paste_arrive_as_such() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    terminal.see("paused");
    // A pasted q is no key.
    terminal.press("\x1b[200~q\x1b[201~");
    terminal.see("paste into a text field");
    // The second row of the trials.
    terminal.press("\x1b[<0;6;4M");
    terminal.see("▸▲");
    terminal.press("qq");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

/// Codes of what a mouse does, as a terminal reports it.
const WHEEL_UP: u8 = 64;
const WHEEL_DOWN: u8 = 65;
const DRAG: u8 = 32;
const MOTION: u8 = 35;

#[test]
fn the_mouse_opens_selects_turns_sorts_and_presses_keys() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&[], folder.path());
    terminal.see("┌ quadratic ");
    terminal.click_on("Truncated unrolling");
    terminal.see("┌ truncation ");
    terminal.click_on("Quadratic, two hyperparameters");
    terminal.see("┌ quadratic ");
    terminal.click_on("▸ Quadratic, two hyperparameters");
    terminal.see("inner 0/8");
    // A trial, in the list and by its name in a legend.
    terminal.click_on("▲ reverse");
    terminal.see("▸▲ reverse");
    terminal.click_on("n inner");
    terminal.see("inner 1/");
    // The list is in the left column, and the charts are beside it.
    let frame = terminal.part(2, WHOLE);
    let edge = frame.chars().skip(1).position(|letter| "┬┱┲┳".contains(letter)).expect("two panels side by side");
    let edge = u16::try_from(edge).unwrap() + 2;
    let (column, row) = terminal.at_within("● direct", edge..1000);
    terminal.click((column + 3, row));
    terminal.see("▸● direct");
    // The wheel turns the knob under it, a click sets its slider, and a drag goes on with that.
    let knob = |terminal: &Terminal| {
        let (column, row) = terminal.at_within("steps  ", 1..edge);
        let words = terminal.part(row, column..edge);
        // A picture that is only half there has neither.
        let steps: usize = words.split_whitespace().nth(1).and_then(|steps| steps.parse().ok()).unwrap_or(0);
        let handle = words.chars().position(|letter| letter == '●').unwrap_or(0);
        (steps, (column + u16::try_from(handle).unwrap(), row), (column, row))
    };
    let (before, _, name) = knob(&terminal);
    assert_eq!(before, 8);
    terminal.mouse(WHEEL_UP, name, false);
    terminal.wait("a stop up", |terminal| knob(terminal).0 > 8);
    terminal.mouse(WHEEL_DOWN, name, false);
    terminal.wait("a stop down", |terminal| (1..=8).contains(&knob(terminal).0));
    let (low, handle, _) = knob(&terminal);
    terminal.mouse(0, (handle.0 + 1, handle.1), false);
    terminal.wait("the handle to come", |terminal| knob(terminal).1.0 == handle.0 + 1);
    assert!(knob(&terminal).0 > low);
    terminal.mouse(DRAG, (1, handle.1), false);
    terminal.wait("the other end", |terminal| knob(terminal).0 == 1);
    terminal.mouse(0, (1, handle.1), true);
    // A table is sorted by the head that is clicked, and closed by a click beside it.
    terminal.click_on("? help");
    terminal.see("╭ Help ");
    terminal.click((2, 2));
    terminal.wait("the help to close", |terminal| !terminal.screen().contains("╭ Help "));
    terminal.press("t");
    terminal.see("╭ Trials side by side");
    let (_, heads) = terminal.at("│trial ");
    let head = (terminal.in_row("F(λ)", heads, WHOLE).expect("a column"), heads);
    terminal.click(head);
    terminal.see("▲F(λ)");
    terminal.click((head.0 + 2, head.1));
    terminal.see("▼F(λ)");
    terminal.click_on("Esc close");
    terminal.wait("the table to close", |terminal| !terminal.screen().contains("╭ Trials side by side"));
    terminal.press("qq");
    terminal.see("not saved");
    terminal.press("q");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

#[test]
fn the_mouse_reads_zooms_and_drags_a_chart_and_goes_back_in_time() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    terminal.see("inner 0/8");
    terminal.press("NNn");
    terminal.see("outer 2 · inner 1/8");
    // The numbers along the horizontal axis of the first chart, which are right under its corner.
    let corner = terminal.at("└");
    let pane = corner.0..terminal.in_row("│", corner.1, corner.0..1000).expect("the frame");
    let numbers = |terminal: &Terminal| {
        terminal.part(corner.1 + 1, pane.clone()).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let whole = numbers(&terminal);
    assert!(whole.split(' ').count() >= 2, "{whole}");
    // The crosshair names what it is nearest to, with both numbers, where the title of the axis was.
    let middle = (corner.0 + 20, corner.1 - 4);
    let title = |terminal: &Terminal| terminal.part(corner.1 + 2, pane.clone());
    let plain = title(&terminal);
    assert!(plain.contains("λ 1") && !plain.contains("λ 2"), "{plain}");
    terminal.mouse(MOTION, middle, false);
    terminal.wait("a read-out", |terminal| {
        let words = title(terminal);
        words.contains("λ 1 ") && words.contains("λ 2 ") && words.chars().filter(char::is_ascii_digit).count() > 4
    });
    // The wheel goes nearer there, and `f` shows all of it again.
    terminal.mouse(WHEEL_UP, middle, false);
    terminal.mouse(WHEEL_UP, middle, false);
    terminal.wait("other numbers", |terminal| numbers(terminal) != whole);
    let near = numbers(&terminal);
    terminal.press("f");
    terminal.wait("all of it", |terminal| numbers(terminal) == whole);
    // A chart that is held is moved.
    terminal.mouse(0, middle, false);
    terminal.mouse(DRAG, (middle.0 + 12, middle.1), false);
    terminal.mouse(0, (middle.0 + 12, middle.1), true);
    terminal.wait("other numbers", |terminal| numbers(terminal) != whole);
    assert_ne!(numbers(&terminal), near);
    terminal.press("f");
    terminal.wait("all of it", |terminal| numbers(terminal) == whole);
    // Time lies in the row above the last: its left end is the start, its right end is now.
    let now = terminal.at("● step ");
    terminal.click((2, now.1));
    terminal.see("outer 0 · inner 0/8");
    terminal.see(" step 0/");
    terminal.click(now);
    terminal.see("outer 2 · inner 1/8");
    terminal.press("qq");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

#[test]
fn it_survives_every_size() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    terminal.see("inner 0/");
    terminal.resize(5, 20);
    terminal.see("needs 40×12, is 20×5");
    terminal.resize(1, 1);
    terminal.resize(24, 80);
    terminal.see("inner 0/");
    terminal.press("n");
    terminal.see("inner 1/");
    terminal.resize(40, 140);
    terminal.see("Trials");
    terminal.press("qq");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

#[test]
fn a_signal_ends_it_tidily() {
    for name in ["TERM", "INT", "HUP"] {
        let folder = folder();
        let mut terminal = Terminal::hyperlab(&[], folder.path());
        terminal.see("Scenarios");
        terminal.signal(name);
        assert!(!terminal.end().success(), "{name} is no success");
        terminal.assert_restored();
    }
}

#[test]
fn what_something_else_wrote_into_the_picture_is_wiped_away() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    // The picture is whole when its last row is there, but measurements go on arriving in its charts and
    // readings: the stray words go over the knobs, which stand still.
    terminal.see("q leave");
    let knob = |terminal: &Terminal| terminal.part(12, 1..37);
    let clean = knob(&terminal);
    assert!(clean.contains("dynamics"), "row 12 is the knob of the dynamics: {clean}");
    terminal.output.lock().unwrap().1.process(b"\x1b[12;5Hstray words of another process");
    assert_ne!(knob(&terminal), clean);
    terminal.press("\x0c");
    terminal.wait("the knob without the stray words", |terminal| knob(terminal) == clean);
    assert!(!terminal.screen().contains("stray words"));
    terminal.press("qq");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

#[test]
fn it_stops_and_goes_on() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    terminal.see("inner 0/");
    for ask in ["key", "signal"] {
        if ask == "key" {
            terminal.press("\x1a")
        } else {
            terminal.signal("TSTP")
        }
        terminal.wait("it to stop", |terminal| {
            let process = terminal.child.process_id().unwrap();
            state(process) == Some('T')
        });
        terminal.assert_restored();
        terminal.signal("CONT");
        terminal.wait("the alternate screen", |terminal| terminal.output.lock().unwrap().1.screen().alternate_screen());
        terminal.see("inner 0/");
    }
    terminal.press("n");
    terminal.see("inner 1/");
    terminal.assert_taken();
    terminal.press("qq");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

/// The state of a process, as `ps` says it: T is stopped.
fn state(process: u32) -> Option<char> {
    let output = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().chars().next()
}

/// Not a test of its own: [`a_panic_gives_the_terminal_back`] runs it in a terminal.
#[test]
#[ignore = "panics on purpose"]
fn panics_inside_the_terminal() {
    let mut screen = hyperlab::tui::terminal::Screen::enter().unwrap();
    screen.draw(|frame| frame.render_widget("about to fail", frame.area())).unwrap();
    panic!("this is the reason");
}

#[test]
fn a_panic_gives_the_terminal_back() {
    let folder = folder();
    let program = std::env::current_exe().unwrap();
    let arguments = ["--ignored", "--exact", "--nocapture", "--test-threads=1", "terminal::panics_inside_the_terminal"];
    let mut terminal = Terminal::run(program.as_os_str(), &arguments, folder.path());
    assert!(!terminal.end().success());
    terminal.assert_restored();
    let written = terminal.written();
    assert!(written.contains("about"), "it was drawn before");
    assert!(terminal.screen().contains("this is the reason"), "the reason is on the ordinary screen");
}

/// Rows that can be read once: whoever opens a laboratory gets them, and a probe that draws anew meets a defect.
struct Once(std::sync::atomic::AtomicBool);

impl hyperlab::scenario::Files for Once {
    fn read(&self, path: &str) -> Result<String, String> {
        assert!(!self.0.swap(true, std::sync::atomic::Ordering::SeqCst), "{path} was read once already");
        std::fs::read_to_string(path).map_err(|error| error.to_string())
    }
}

/// Not a test of its own: [`a_probe_that_panics_leaves_screen_and_session_whole`] runs it in a terminal.
#[test]
#[ignore = "panics on purpose"]
fn measures_with_a_defect() {
    let text = r#"Scenario(
        title: "Rows", about: "Read once.", problem: Ridge(),
        data: Data(source: Csv(path: "rows.csv", target: "y"), split: Random(training: 6, validation: 4, test: 2)),
        inner: Inner(dynamics: GradientDescent(), steps: 5), outer: Outer(steps: 2), charts: ["overfitting"],
        trials: [Trial(estimator: Direct)],
    )"#;
    let scenario = hyperlab::scenario::parse(text).unwrap();
    let listed = hyperlab::tui::Listed { id: "rows".to_owned(), group: None, scenario };
    let options = hyperlab::tui::Options {
        start: hyperlab::tui::Start::Scenario(Box::new(listed)),
        files: Arc::new(Once(false.into())),
        ..Default::default()
    };
    hyperlab::tui::run(options).unwrap();
}

#[test]
fn a_probe_that_panics_leaves_screen_and_session_whole() {
    let folder = folder();
    let rows: String = (0..12).map(|row| format!("{},{},{}\n", row, (7 * row) % 5, 3 * row % 7)).collect();
    std::fs::write(folder.path().join("rows.csv"), format!("a,b,y\n{rows}")).unwrap();
    let program = std::env::current_exe().unwrap();
    let arguments = ["--ignored", "--exact", "--nocapture", "--test-threads=1", "terminal::measures_with_a_defect"];
    let mut terminal = Terminal::run(program.as_os_str(), &arguments, folder.path());
    terminal.see("inner 0/5");
    terminal.press("o");
    terminal.see("a defect in hyperlab: rows.csv was read once already");
    // Nothing was written into the picture, and the laboratory goes on.
    terminal.assert_taken();
    assert!(!terminal.screen().contains("panicked"), "{}", terminal.screen());
    terminal.press("n");
    terminal.see("inner 1/5");
    terminal.press("w");
    terminal.see("Written");
    terminal.press("\x1b");
    terminal.wait("the notice to close", |terminal| !terminal.screen().contains("Written"));
    terminal.press("qq");
    assert!(terminal.end().success());
    terminal.assert_restored();
    // What nobody could read while the screen was taken is said now, with its place.
    let screen = terminal.screen();
    assert!(screen.contains("This is a defect in hyperlab") && screen.contains("panicked at"), "{screen}");
    // The session is one, beside the rows that it names.
    let file = std::fs::read_dir(folder.path().join("hyperlab-export")).unwrap().next().unwrap().unwrap().path();
    std::fs::copy(folder.path().join("rows.csv"), file.with_file_name("rows.csv")).unwrap();
    let mut terminal = Terminal::hyperlab(&[file.to_str().unwrap()], folder.path());
    terminal.see("inner 1/5");
    terminal.press("qq");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

#[test]
fn a_configuration_sets_keys_and_looks_and_says_what_is_wrong_with_it() {
    let folder = folder();
    let usual = folder.path().join("config").join("hyperlab");
    std::fs::create_dir_all(&usual).unwrap();
    std::fs::write(
        usual.join("config.ron"),
        r#"Config(theme: "dark", speed: "16x", panes: "1x1", export: "figures",
            keys: { "lab.run": ["f5"], "lab.inner-step": ["f6"], "lab.save": ["ctrl-s"] })"#,
    )
    .unwrap();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    terminal.see("inner 0/");
    // The footer shows the new key.
    terminal.see("F5 run");
    // The dark ground, by its place among 256 colours.
    assert!(terminal.written().contains("48;5;233"), "no ground was painted");
    terminal.press("n");
    terminal.press("\x1b[17~");
    terminal.see("inner 1/");
    terminal.press("?");
    terminal.see("F6              Take one inner step");
    terminal.press("\x1b");
    terminal.wait("the help to close", |terminal| !terminal.screen().contains("Take one inner step"));
    terminal.press("\x13");
    terminal.see("figures/");
    terminal.press("\x1b");
    terminal.wait("the notice to close", |terminal| !terminal.screen().contains("Written"));
    terminal.press("\x1b[15~");
    terminal.see("▶ 16x");
    terminal.press("\x03");
    assert!(terminal.end().success());
    terminal.assert_restored();

    // What is wrong in the usual place is said, and the rest counts.
    std::fs::write(usual.join("config.ron"), "Config(\n  theme: \"drak\",\n  speed: \"16x\",\n)").unwrap();
    let mut terminal = Terminal::hyperlab(&[], folder.path());
    terminal.see("config.ron:2:10: `theme`: no theme is called `drak`; did you mean `dark`?");
    terminal.press("\r");
    terminal.see("inner 0/");
    terminal.press(" ");
    terminal.see("▶ 16x");
    terminal.press("\x03");
    assert!(terminal.end().success());
    // A file that was named has to be right.
    let named = usual.join("config.ron").display().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_hyperlab")).args(["--config", &named]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("config.ron:2:10: error: `theme`") && said.contains("did you mean `dark`?"), "{said}");
}

#[test]
fn the_printed_configuration_is_one_and_changes_nothing() {
    let folder = folder();
    let output = Command::new(env!("CARGO_BIN_EXE_hyperlab")).arg("--print-config").output().unwrap();
    assert!(output.status.success());
    std::fs::write(folder.path().join("printed.ron"), &output.stdout).unwrap();
    let mut terminal = Terminal::hyperlab(&["--config", "printed.ron"], folder.path());
    terminal.see("Start here");
    assert!(!terminal.written().contains("48;5;233"), "a ground was painted");
    terminal.press("q");
    assert!(terminal.end().success());
    for (arguments, words) in [
        (["--theme", "drak"], "did you mean `dark`?"),
        (["--palette", "okabe-itto"], "did you mean `okabe-ito`?"),
        (["--charset", "brail"], "expected one of"),
        (["--config", "missing.ron"], "does not exist"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_hyperlab")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn without_colour_there_is_none() {
    let folder = folder();
    let mut terminal =
        Terminal::run("env".as_ref(), &["NO_COLOR=1", env!("CARGO_BIN_EXE_hyperlab"), "quadratic"], folder.path());
    terminal.see("inner 0/");
    terminal.press("N");
    terminal.see("outer 1 ·");
    let written = terminal.written();
    for style in written.split("\x1b[").filter_map(|rest| rest.split_once('m')).map(|(style, _)| style) {
        let is_style = style.chars().all(|letter| letter.is_ascii_digit() || letter == ';');
        let modifiers = ["", "0", "1", "2", "7", "22", "27"];
        assert!(!is_style || modifiers.contains(&style), "a colour was set: {style}");
    }
    terminal.press("qq");
    terminal.end();
    terminal.assert_restored();
}

#[test]
fn without_a_terminal_it_says_what_works() {
    let output = Command::new(env!("CARGO_BIN_EXE_hyperlab")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "no escape codes go into a pipe");
    assert!(String::from_utf8_lossy(&output.stderr).contains("hyperlab run"));
}

#[test]
fn a_scenario_that_cannot_be_opened_is_said_on_the_ordinary_screen() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["no-such-scenario"], folder.path());
    assert_eq!(terminal.end().exit_code(), 2);
    terminal.assert_restored();
    assert!(terminal.screen().contains("no-such-scenario"));
}
