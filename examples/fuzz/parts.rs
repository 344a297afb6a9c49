//! Inputs in parts, each judged by a process of its own: what panics, aborts or never ends is told by its number.

use std::io::{BufRead, BufReader, Write};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::corpus::Corpus;
use super::judge::{TARGETS, Target, input, judge, steers};

/// Inputs that one process judges.
const PART: u64 = 5000;

/// One in so many is also handed to the program itself, whose exit code and output are looked at.
const PROGRAM_EVERY: u64 = 500;

/// Processor time for one input; and what passes on the clock, where much else runs.
const PATIENCE: Duration = Duration::from_secs(2);
const CLOCK: Duration = Duration::from_secs(60);

/// A finding.
#[derive(Debug)]
pub struct Found {
    pub number: u64,
    pub words: String,
}

/// What to throw at what.
pub struct Plan {
    pub own: PathBuf,
    pub program: PathBuf,
    pub seed: u64,
    pub says_input: bool,
}

impl Plan {
    /// Judges so many inputs, and says what was found and how many were judged.
    pub fn throw(&self, from: u64, count: u64, say: &mut dyn FnMut(&str)) -> Vec<Found> {
        let corpus = Corpus::new();
        let start = Instant::now();
        let mut findings = Vec::new();
        let mut next = from;
        while next < from + count {
            let end = (next + PART).min(from + count);
            match self.part(next, end) {
                Ok(()) => next = end,
                Err(found) => {
                    let (target, bytes) = input(&corpus, self.seed, found.number);
                    let small = self.smaller(target, bytes);
                    say(&format!(
                        "{target:?} {} of seed {}: {}\nmade smaller: {:?}",
                        found.number,
                        self.seed,
                        found.words,
                        String::from_utf8_lossy(&small)
                    ));
                    next = found.number + 1;
                    findings.push(found);
                }
            }
        }
        let mut asked = 0;
        for number in (from..from + count).filter(|number| number.is_multiple_of(PROGRAM_EVERY) || self.says_input) {
            let (target, bytes) = input(&corpus, self.seed, number);
            if self.says_input {
                say(&format!("{target:?} {number}:\n{}", String::from_utf8_lossy(&bytes)));
            }
            asked += 1;
            if let Some(words) = self.asked(target, &bytes) {
                say(&format!("{target:?} {number} of seed {}: {words}", self.seed));
                findings.push(Found { number, words });
            }
        }
        say(&format!(
            "{count} inputs of seed {}, from number {from}, and {asked} of them by the program: {} found, {:.0} s",
            self.seed,
            findings.len(),
            start.elapsed().as_secs_f64()
        ));
        findings
    }

    /// A process judges numbers; the first finding among them.
    fn part(&self, from: u64, to: u64) -> Result<(), Found> {
        let range = format!("{from}..{to}");
        let mut child = Command::new(&self.own)
            .args(["--judge", &range, "--seed", &self.seed.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Found { number: from, words: format!("no process: {error}") })?;
        let mut last = from;
        let mut words = String::new();
        for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok) {
            match line.split_once(' ') {
                Some((number, found)) => (last, words) = (number.parse().unwrap_or(last), found.to_owned()),
                None => last = line.parse().unwrap_or(last),
            }
        }
        match child.wait() {
            Ok(status) if status.success() => Ok(()),
            _ if !words.is_empty() => Err(Found { number: last, words }),
            // It cannot have said what ended it, and where it was it says now and then.
            Ok(_) if to - from > 1 => (last..to).try_for_each(|number| self.part(number, number + 1)),
            Ok(status) => Err(Found { number: last, words: format!("the process ended: {status}") }),
            Err(error) => Err(Found { number: last, words: error.to_string() }),
        }
    }

    /// The program itself, on a file of this: its exit code says whether it found a mistake, and its output steers nothing.
    fn asked(&self, target: Target, bytes: &[u8]) -> Option<String> {
        let folder = tempfile::tempdir().ok()?;
        let path = folder.path().join("input.ron");
        std::fs::write(&path, bytes).ok()?;
        if target != Target::Scenario && target != Target::Session {
            return None;
        }
        let output = Command::new(&self.program).arg("check").arg(&path).stdin(Stdio::null()).output().ok()?;
        let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if let Some(mistake) = steers(&out).or_else(|| steers(&errors)) {
            return Some(format!("on an output of the program: {mistake}"));
        }
        let says_error = errors.contains("error: ");
        match output.status.code() {
            Some(0) if says_error => Some(format!("exit code 0 with an error: {errors}")),
            Some(2) if !says_error => Some(format!("exit code 2 without an error: {errors}")),
            Some(0 | 2) => None,
            _ => Some(format!("it ended with {}: {errors}", output.status)),
        }
    }

    /// The smallest input found that still gives a finding, by leaving parts out.
    fn smaller(&self, target: Target, mut bytes: Vec<u8>) -> Vec<u8> {
        const TRIES: usize = 400;
        let mut tries = 0;
        let mut size = bytes.len() / 2;
        while size > 0 && tries < TRIES {
            let mut at = 0;
            let mut has_shrunk = false;
            while at < bytes.len() && tries < TRIES {
                let end = (at + size).min(bytes.len());
                let without: Vec<u8> = [&bytes[..at], &bytes[end..]].concat();
                tries += 1;
                if self.is_finding(target, &without) {
                    (bytes, has_shrunk) = (without, true);
                } else {
                    at = end;
                }
            }
            if !has_shrunk {
                size /= 2;
            }
        }
        bytes
    }

    fn is_finding(&self, target: Target, bytes: &[u8]) -> bool {
        let Ok(mut file) = tempfile::NamedTempFile::new() else { return false };
        let place = TARGETS.iter().position(|other| *other == target).unwrap_or(0);
        file.write_all(bytes).is_ok()
            && Command::new(&self.own)
                .args(["--target", &place.to_string(), "--file"])
                .arg(file.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| !status.success())
    }
}

/// Judges numbers and says where it is; ends with the first finding.
pub fn judge_range(range: &str, seed: u64) -> ExitCode {
    let Some((from, to)) = range.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)))
    else {
        return ExitCode::from(2);
    };
    std::panic::set_hook(Box::new(|_| {}));
    let corpus = Corpus::new();
    watch();
    for number in from..to {
        let (target, bytes) = input(&corpus, seed, number);
        begin(number);
        if let Some(words) = judged(target, &bytes) {
            println!("{number} {}", words.replace('\n', " "));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Judges a file.
pub fn judge_file(target: usize, file: &Path) -> ExitCode {
    let (Some(target), Ok(bytes)) = (TARGETS.get(target), std::fs::read(file)) else { return ExitCode::SUCCESS };
    watch();
    begin(0);
    if judged(*target, &bytes).is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What is wrong with the answer to an input, a panic included.
pub fn judged(target: Target, bytes: &[u8]) -> Option<String> {
    catch_unwind(|| judge(target, bytes)).unwrap_or_else(|payload| {
        let words = payload.downcast_ref::<String>().cloned();
        let words = words.or_else(|| payload.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        Some(format!("a panic: {}", words.unwrap_or_default()))
    })
}

/// The number being judged, plus one, and since when, by processor time and by the clock, in milliseconds.
static AT: [AtomicU64; 3] = [AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0)];

fn begin(number: u64) {
    AT[1].store(processor(), Ordering::SeqCst);
    AT[2].store(clock(), Ordering::SeqCst);
    AT[0].store(number + 1, Ordering::SeqCst);
    // An abort says nothing; where it was is known to the input.
    if number.is_multiple_of(100) || cfg!(debug_assertions) {
        println!("{number}");
    }
}

/// Ends the process when an input takes longer than it may.
fn watch() {
    std::thread::spawn(|| {
        loop {
            std::thread::sleep(Duration::from_millis(200));
            let number = AT[0].load(Ordering::SeqCst);
            let is_over = processor().saturating_sub(AT[1].load(Ordering::SeqCst)) > PATIENCE.as_millis() as u64
                || clock().saturating_sub(AT[2].load(Ordering::SeqCst)) > CLOCK.as_millis() as u64;
            if number > 0 && is_over && number == AT[0].load(Ordering::SeqCst) {
                println!("{} it takes longer than {} s", number - 1, PATIENCE.as_secs());
                std::process::exit(1);
            }
        }
    });
}

fn clock() -> u64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_millis() as u64
}

/// Processor time of this process in milliseconds, where the system says it; the clock elsewhere.
fn processor() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok());
    match (ticks(11), ticks(12)) {
        (Some(user), Some(system)) => (user + system) * 10,
        _ => clock(),
    }
}
