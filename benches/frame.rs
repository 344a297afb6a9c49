//! How long a frame takes while eight trials learn schedules and keep curvatures: what a screen of 140×40 does between two ticks.
//!
//! `cargo bench --bench frame` ticks, takes a snapshot and draws, and prints medians and 99th percentiles; a number behind `--` is
//! another count of frames. Every frame is of a new snapshot, with all charts made and drawn anew. Times are those of where it runs, at
//! that moment.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyperlab::lab::{Command, History, Lab, Snapshot};
use hyperlab::scenario::{NoFiles, experiment, parse};
use hyperlab::tui::state::{App, LabState};
use hyperlab::tui::theme::Theme;
use hyperlab::tui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const SCENARIO: &str = r#"Scenario(
    title: "Eight trials",
    about: "Schedules and curvatures.",
    seed: 7,
    problem: Softmax(penalty: Scalar, penalty_weight: 1e-6),
    data: Data(source: Bundled("digits"), split: Random(training: 400, validation: 300, test: 1097), divide_by: 16, standardize: Off),
    lambda: Constant(-6),
    theta: Zeros,
    inner: Inner(dynamics: Schedule(rates: 8, step: Fixed(0.3)), steps: 20, batch: Rows(8)),
    outer: Outer(rule: Sign(step: 0.1, stop: false)),
    world: Fresh(rows: Resplit),
    truth: None,
    trials: [
        Trial(name: "forward", estimator: Forward),
        Trial(name: "averages", estimator: Forward(shared: Average)),
        Trial(name: "5 steps ahead", estimator: Forward(horizon: Steps(5))),
        Trial(name: "reverse", estimator: Reverse),
        Trial(name: "checkpoints", estimator: Reverse(memory: Checkpointed)),
        Trial(name: "truncated", estimator: Truncated(last: 5)),
        Trial(name: "natural", estimator: Natural(form: Sketch(16))),
        Trial(name: "natural, sampled", estimator: Natural(form: Sketch(16), fisher: Sampled)),
    ],
    charts: ["learned-schedule", "hyperparameters", "metric(test-loss, outer)", "losses"],
)"#;

/// Frames between outer steps in the middle of a run are those that one sees.
const TICKS: usize = 7;

/// How often each frame is drawn, all of it anew; the least time counts.
const DRAWN: usize = 20;

fn main() {
    let count = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(300);
    let scenario = parse(SCENARIO).unwrap_or_else(|mistake| panic!("{mistake:?}"));
    let experiment = experiment(&scenario, &NoFiles).unwrap_or_else(|failure| panic!("{failure}"));
    let mut history = History::new(Lab::new(experiment));
    let mut terminal = Terminal::new(TestBackend::new(140, 40)).unwrap_or_else(|error| match error {});
    let (mut snapshots, mut frames) = (Vec::new(), Vec::new());
    for _ in 0..count {
        for _ in 0..TICKS {
            history.apply(&Command::Tick).unwrap_or_else(|error| panic!("{error}"));
        }
        let start = Instant::now();
        let snapshot = Arc::new(Snapshot::of(&history));
        snapshots.push(start.elapsed());
        let draw = || {
            let mut app = App::new(Theme::indexed(), Vec::new());
            app.size = (140, 40);
            app.enter(LabState::new("eight trials", Arc::clone(&snapshot)));
            let start = Instant::now();
            let _ = terminal.draw(|frame| view::draw(&app, frame));
            start.elapsed()
        };
        // What else runs on a machine is no part of a frame.
        frames.push(std::iter::repeat_with(draw).take(DRAWN).min().unwrap_or_default());
    }
    let outer = Snapshot::of(&history).outer;
    println!("{count} frames of 140×40 over {outer} outer steps of 8 trials");
    for (what, times) in [("snapshot", &mut snapshots), ("frame", &mut frames)] {
        times.sort();
        println!("{what:>9}: p50 {:.2?}, p99 {:.2?}", quantile(times, 0.5), quantile(times, 0.99));
    }
}

fn quantile(sorted: &[Duration], level: f64) -> Duration {
    sorted[((sorted.len() - 1) as f64 * level).round() as usize]
}
