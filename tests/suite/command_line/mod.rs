//! The real binary: good and bad input of every command, exit codes, and what reaches the terminal.

mod commands;
mod elsewhere;
mod export;
mod json;
mod limits;
mod measure;
mod mistakes;
mod new;
mod recommend;
mod table;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// A scenario on a file of two features, and the folder it is in.
pub(super) struct Bench {
    folder: TempDir,
}

/// Rows alternate between training and validation; both classes are on both sides.
pub(super) const ROWS: &str = "a,b,y\n1,2,0\n2,3,1\n3,5,1\n4,7,0\n5,1,0\n6,2,1\n7,4,1\n8,3,0\n";

/// The scenario that the tests change.
pub(super) const SCENARIO: &str = r#"Scenario(
    title: "Two features",
    about: "Small enough to be run often.",
    seed: 3,
    problem: Logistic(penalty: PerFeature),
    data: Data(source: Csv(path: "rows.csv", target: "y"), split: Alternate, standardize: Scale),
    lambda: Constant(-2.0),
    inner: Inner(dynamics: GradientDescent(step: Fixed(0.3)), steps: 12),
    outer: Outer(rule: GradientDescent(step: 0.1), steps: 3),
    trials: [
        Trial(name: "direct", estimator: Direct),
        Trial(name: "Newton", estimator: Newton),
    ],
    charts: ["losses"],
)
"#;

impl Bench {
    /// The folder with `scenario.ron` and `rows.csv`.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bench = Self { folder };
        bench.put("rows.csv", ROWS);
        bench.put("scenario.ron", SCENARIO);
        bench
    }

    /// The folder, with one part of the scenario replaced.
    pub(super) fn with(from: &str, to: &str) -> Self {
        assert!(SCENARIO.contains(from), "{from}");
        let bench = Self::new();
        bench.put("scenario.ron", SCENARIO.replacen(from, to, 1));
        bench
    }

    /// Writes a file.
    pub(super) fn put(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(name), contents).unwrap();
    }

    /// A path in the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary with these arguments, run beside the folder's files: relative data paths must not depend on it.
    pub(super) fn run(&self, arguments: &[&str]) -> Answer {
        let scenario = self.path("scenario.ron");
        let arguments = arguments.iter().map(|&argument| match argument {
            "SCENARIO" => scenario.to_str().unwrap(),
            other => other,
        });
        Answer::of(command().args(arguments).output().unwrap())
    }
}

/// What a command said.
#[derive(Debug)]
pub(super) struct Answer {
    /// Exit code.
    pub(super) code: i32,
    /// Standard output.
    pub(super) out: String,
    /// Standard error.
    pub(super) err: String,
}

impl Answer {
    /// Also checks what holds for every command in a pipe.
    fn of(output: Output) -> Self {
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        let is_control = |c: char| c.is_control() && c != '\n' && c != '\t';
        assert!(!out.contains(is_control) && !err.contains(is_control), "control characters: {out:?} {err:?}");
        assert!(!err.contains("panicked"), "{err}");
        Self { code: output.status.code().unwrap(), out, err }
    }

    /// Standard output of a command that worked.
    pub(super) fn done(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    /// The JSON of a command that worked.
    pub(super) fn json(self) -> serde_json::Value {
        let text = self.done();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Standard error of a command whose input was wrong.
    pub(super) fn refused(self) -> String {
        assert_eq!(self.code, 2, "{} {}", self.out, self.err);
        self.err
    }
}

/// The binary, without whatever colours the tests' own surroundings ask for.
pub(super) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hyperlab"));
    command.env_remove("CLICOLOR_FORCE").env_remove("FORCE_COLOR");
    command
}

/// The binary with these arguments.
pub(super) fn hyperlab(arguments: &[&str]) -> Answer {
    Answer::of(command().args(arguments).output().unwrap())
}
