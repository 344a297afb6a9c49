//! The program in a pseudo-terminal, treated roughly: events, signals and kills at random.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

use super::mutate::Random;

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);

struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Bytes written so far, and what they make of a screen.
    output: Arc<Mutex<(usize, vt100::Parser)>>,
    modes: String,
}

impl Terminal {
    fn start(program: &Path, arguments: &[&str], folder: &Path) -> Result<Self, String> {
        let size = PtySize { rows: 40, cols: 140, pixel_width: 0, pixel_height: 0 };
        let said = |error: &dyn std::fmt::Display| error.to_string();
        let pair = native_pty_system().openpty(size).map_err(|error| said(&error))?;
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        command.env("XDG_STATE_HOME", folder.join("state"));
        command.env("XDG_CONFIG_HOME", folder.join("config"));
        let modes = format!("{:?}", pair.master.get_termios());
        let child = pair.slave.spawn_command(command).map_err(|error| said(&error))?;
        drop(pair.slave);
        let (rows, columns) = (NonZero::new(40).ok_or("rows")?, NonZero::new(140).ok_or("columns")?);
        let output = Arc::new(Mutex::new((0, vt100::Parser::new(rows, columns, 0))));
        let mut reader = pair.master.try_clone_reader().map_err(|error| said(&error))?;
        let heard = Arc::clone(&output);
        std::thread::spawn(move || {
            let mut portion = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut portion) {
                let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                heard.0 += count;
                heard.1.process(&portion[..count]);
            }
        });
        let writer = pair.master.take_writer().map_err(|error| said(&error))?;
        Ok(Self { master: pair.master, writer, child, output, modes })
    }

    fn written(&self) -> usize {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn screen(&self) -> String {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).1.screen().contents()
    }

    fn send(&mut self, bytes: &[u8]) -> bool {
        self.writer.write_all(bytes).and_then(|()| self.writer.flush()).is_ok()
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    fn end(&mut self) -> Result<ExitStatus, String> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            if start.elapsed() > PATIENCE {
                return Err(format!("it does not end; the screen:\n{}", self.screen()));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn signal(&self, name: &str) {
        if let Some(process) = self.child.process_id() {
            let _ = Command::new("kill").args(["-s", name, &process.to_string()]).stderr(Stdio::null()).status();
        }
    }

    /// What of the terminal is not as it was. What a process wrote last may still be on its way here.
    fn left(&self) -> Option<&'static str> {
        let start = Instant::now();
        loop {
            let left = self.left_now();
            if left.is_none() || start.elapsed() > PATIENCE {
                return left;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn left_now(&self) -> Option<&'static str> {
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let screen = output.1.screen();
        let modes = format!("{:?}", self.master.get_termios());
        [
            (screen.alternate_screen(), "the alternate screen is on"),
            (screen.hide_cursor(), "the cursor is hidden"),
            (screen.bracketed_paste(), "bracketed paste is on"),
            (screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None, "the mouse is captured"),
            (modes != self.modes, "the modes of the line differ"),
        ]
        .into_iter()
        .find_map(|(is_so, words)| is_so.then_some(words))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Scenarios that open at once.
const OPENED: &[&[&str]] = &[&[], &["quadratic"], &["affine-outer"], &["restarts"]];

/// Keys that are pressed more often than others.
const KEYS: &[&str] = &[
    "n", "N", " ", "\r", "\t", "\x1b", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H",
    "\x1b[F", "\x1b[Z", "\x7f", ":", "/", "?", "q", "j", "k", "+", "-", "c", "y", "\x0c", "\x1bOP", "\x1b[3~", "0",
    "9",
];

/// Events between two looks at whether it still answers.
const ROUND: u64 = 200;

/// Throws events: keys, the mouse, pastes, sizes, bytes of any kind.
pub fn events(program: &Path, count: u64, seed: u64) -> Result<String, String> {
    let mut random = Random::new(seed, u64::MAX);
    let (mut done, mut starts, start) = (0, 0, Instant::now());
    while done < count {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut terminal = Terminal::start(program, random.choose::<&[&str]>(OPENED), folder.path())?;
        starts += 1;
        await_screen(&terminal)?;
        let mut is_there = true;
        while done < count && is_there && done / 5000 < starts {
            for _ in 0..ROUND.min(count - done) {
                event(&mut terminal, &mut random);
                done += 1;
            }
            is_there = answers(&mut terminal).map_err(|words| format!("seed {seed}, about event {done}: {words}"))?;
        }
        if is_there {
            terminal.signal("TERM");
        }
        let status = terminal.end().map_err(|words| format!("seed {seed}, about event {done}: {words}"))?;
        if status.exit_code() == 101 || (!is_there && !status.success()) {
            return Err(format!("seed {seed}, about event {done}: it ended with {status:?}:\n{}", terminal.screen()));
        }
        if let Some(words) = terminal.left() {
            return Err(format!("seed {seed}, after event {done}: {words}"));
        }
    }
    Ok(format!(
        "{done} events of seed {seed} in {starts} starts: nothing found, {:.0} s",
        start.elapsed().as_secs_f64()
    ))
}

fn await_screen(terminal: &Terminal) -> Result<(), String> {
    let start = Instant::now();
    while terminal.written() < 1000 {
        if start.elapsed() > PATIENCE {
            return Err(format!("nothing is shown:\n{}", terminal.screen()));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Whether it is there and draws when it is told to; it may also have been left.
fn answers(terminal: &mut Terminal) -> Result<bool, String> {
    std::thread::sleep(Duration::from_millis(250));
    let (before, start) = (terminal.written(), Instant::now());
    while terminal.written() == before {
        if terminal.ended().is_some() {
            return Ok(false);
        }
        if start.elapsed() > PATIENCE {
            return Err(format!("it answers nothing; the screen:\n{}", terminal.screen()));
        }
        terminal.send(b"\x0c");
        std::thread::sleep(Duration::from_millis(50));
    }
    let screen = terminal.screen();
    match screen.lines().find(|line| line.contains("defect in hyperlab")) {
        Some(line) => Err(format!("it says: {line}")),
        None => Ok(true),
    }
}

fn event(terminal: &mut Terminal, random: &mut Random) {
    let bytes: Vec<u8> = match random.below(20) {
        0..=9 => random.choose(KEYS).as_bytes().to_vec(),
        10..=12 => vec![b' ' + random.below(95) as u8],
        13..=15 => {
            let (code, column, row) =
                (random.choose(&[0, 0, 0, 1, 2, 32, 35, 35, 64, 65, 67, 99]), random.below(145), random.below(45));
            format!("\x1b[<{code};{column};{row}{}", random.choose(&["M", "M", "m", "", ";"])).into_bytes()
        }
        16 => {
            let text = random.choose(&["inner.steps", "open ./a.ron", "set seed 3", "\u{202e}abc\x1b[31m", "x", ""]);
            let text = text.repeat(*random.choose(&[1, 1, 3, 500]));
            format!("\x1b[200~{text}{}", random.choose(&["\x1b[201~", "\x1b[201~", "\x1b[201~", "", "\x1b[20"]))
                .into_bytes()
        }
        17 => {
            let (rows, cols) = (random.below(60) as u16, random.below(200) as u16);
            let (rows, cols) = (rows.max(1), cols.max(1));
            if let (Some(high), Some(wide)) = (NonZero::new(rows), NonZero::new(cols)) {
                terminal.output.lock().unwrap_or_else(PoisonError::into_inner).1.screen_mut().set_size(high, wide);
            }
            let _ = terminal.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 });
            return;
        }
        18 => (0..random.below(6)).map(|_| random.next() as u8).filter(|byte| *byte != 0x1a && *byte != 3).collect(),
        _ => {
            std::thread::sleep(Duration::from_millis(random.below(30) as u64));
            return;
        }
    };
    terminal.send(&bytes);
}

/// Signals at random moments from the start of the process on: afterwards the terminal is as it was.
pub fn signals(program: &Path, count: u64, seed: u64) -> Result<String, String> {
    let mut random = Random::new(seed, u64::MAX - 1);
    let (mut taken, start) = (0, Instant::now());
    for number in 0..count {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut terminal = Terminal::start(program, &["quadratic"], folder.path())?;
        let spread = *random.choose(&[5_000, 50_000, 400_000]);
        std::thread::sleep(Duration::from_micros(random.below(spread) as u64));
        let signal = *random.choose(&["TERM", "INT", "HUP", "QUIT"]);
        let is_stopped = random.below(8) == 0;
        if is_stopped {
            terminal.signal("TSTP");
            std::thread::sleep(Duration::from_millis(random.below(30) as u64));
            terminal.signal("CONT");
        }
        terminal.signal(signal);
        let status = terminal.end().map_err(|words| format!("seed {seed}, {signal} {number}: {words}"))?;
        taken += u64::from(terminal.written() > 0);
        if let Some(words) = terminal.left() {
            return Err(format!("seed {seed}, {signal} {number}: {words}"));
        }
        if status.success() || status.exit_code() == 101 {
            return Err(format!("seed {seed}, {signal} {number}: it ended with {status:?}"));
        }
    }
    Ok(format!(
        "{count} signals of seed {seed}, {taken} after the terminal was taken over: it was as before each time, {:.0} s",
        start.elapsed().as_secs_f64()
    ))
}

/// Kills aimed at writes: a file is there whole or not at all, and nothing is left beside it after the next run.
pub fn kills(program: &Path, count: u64, seed: u64) -> Result<String, String> {
    let mut random = Random::new(seed, u64::MAX - 2);
    let said = |error: std::io::Error| error.to_string();
    let export = |folder: &Path| {
        let mut command = Command::new(program);
        command.args(["export", "quadratic", "--format", "svg", "--outer-steps", "1", "--force", "--out"]).arg(folder);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let whole = tempfile::tempdir().map_err(said)?;
    let begun = Instant::now();
    if !export(whole.path()).status().map_err(said)?.success() {
        return Err("the export fails".to_owned());
    }
    let length = begun.elapsed();
    let start = Instant::now();
    let (mut left, mut cut) = (0, 0);
    let folder = tempfile::tempdir().map_err(said)?;
    for number in 0..count {
        let mut child = export(folder.path()).spawn().map_err(said)?;
        // Most of the time goes into the run; the writes are at its end.
        let wait = length.mul_f64(0.5 + random.below(1000) as f64 / 1400.0);
        std::thread::sleep(wait);
        let signal = *random.choose(&["KILL", "KILL", "TERM", "INT"]);
        let _ = Command::new("kill").args(["-s", signal, &child.id().to_string()]).stderr(Stdio::null()).status();
        let status = child.wait().map_err(said)?;
        cut += u64::from(!status.success());
        for entry in std::fs::read_dir(folder.path()).map_err(said)? {
            let path = entry.map_err(said)?.path();
            let name = path.file_name().unwrap_or_default().to_owned();
            if path.extension().is_some_and(|ending| ending == "partial") {
                left += 1;
                if signal != "KILL" {
                    return Err(format!("seed {seed}, {signal} {number}: {} is left", path.display()));
                }
            } else if std::fs::read(&path).map_err(said)? != std::fs::read(whole.path().join(&name)).map_err(said)? {
                return Err(format!("seed {seed}, {signal} {number}: {} is not whole", path.display()));
            }
        }
        if number % 8 == 7 || number + 1 == count {
            export(folder.path()).status().map_err(said)?;
            let names = |folder: &Path| std::fs::read_dir(folder).map(Iterator::count).map_err(said);
            if names(folder.path())? != names(whole.path())? {
                return Err(format!("seed {seed}, after {number}: something is left after the next run"));
            }
        }
    }
    Ok(format!(
        "{count} kills of seed {seed}, {cut} before the end and {left} within a write: every file whole, nothing left, {:.0} s",
        start.elapsed().as_secs_f64()
    ))
}
