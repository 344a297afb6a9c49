//! A long run of single loops: how fast it goes, what it holds, and how long one waits for a frame or for going back.
//!
//! `cargo bench --bench long_run` takes 100 000 outer steps with eight trials and prints what it saw; numbers behind `--`
//! are another count, and another number of trials. Times are those of where it runs, at that moment.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyperlab::chart;
use hyperlab::lab::{Command, History, Lab, Snapshot};
use hyperlab::scenario::{NoFiles, experiment, parse};
use hyperlab::tui::state::{App, LabState};
use hyperlab::tui::theme::Theme;
use hyperlab::tui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Position;

const SCENARIO: &str = r#"Scenario(
    title: "A long run",
    about: "Single loops over batches.",
    seed: 7,
    problem: Logistic(penalty: PerFeature),
    data: Data(source: Bundled("breast_cancer"), split: Alternate),
    lambda: Constant(-3.0),
    inner: Inner(dynamics: GradientDescent(step: Fixed(0.02), fall_power: 0.3), steps: 1, warm_start: true, batch: Rows(16)),
    outer: Outer(rule: GradientDescent(step: 0.02, fall_power: 0.3), batch: Rows(16)),
    truth: SameData(every: 10000),
    trials: [TRIALS],
    charts: ["losses", "outer-error", "value", "hyperparameters"],
)"#;

fn main() {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let (count, trials): (usize, usize) = (numbers.next().unwrap_or(100_000), numbers.next().unwrap_or(8));
    let names: String =
        (1..=trials).map(|trial| format!("Trial(name: \"{trial}\", estimator: Soba(step: Fixed(0.02))),")).collect();
    let scenario = parse(&SCENARIO.replace("TRIALS", &names)).unwrap_or_else(|mistake| panic!("{mistake:?}"));
    let experiment = experiment(&scenario, &NoFiles).unwrap_or_else(|failure| panic!("{failure}"));
    let mut history = History::new(Lab::new(experiment));
    println!(
        "outer steps   steps/s of all   resident MiB   snapshot   4 figures   frame 200x60   the same again   under the mouse"
    );
    let (mut start, mut done) = (Instant::now(), 0);
    // A snapshot is held while it goes on, as a screen does.
    let mut shown = Snapshot::of(&history);
    for step in 1..=count {
        // An inner step and the outer step.
        for _ in 0..2 {
            history.apply(&Command::Tick).unwrap_or_else(|error| panic!("{error}"));
        }
        if step % 500 == 0 {
            shown = Snapshot::of(&history);
        }
        if step == count || [1_000, 10_000, 30_000].contains(&step) {
            let rate = trials as f64 * (step - done) as f64 / start.elapsed().as_secs_f64();
            let snapshot = timed(|| drop(Snapshot::of(&history)));
            shown = Snapshot::of(&history);
            let figures = median(9, || {
                for id in &shown.charts {
                    let entry = chart::ALL.iter().find(|entry| entry.card.id == id).unwrap_or(&chart::ALL[0]);
                    std::hint::black_box((entry.draw)(&shown));
                }
            });
            let mut app = App::new(Theme::indexed(), Vec::new());
            app.size = (200, 60);
            let mut terminal = Terminal::new(TestBackend::new(200, 60)).unwrap_or_else(|error| match error {});
            let mut draw = |app: &App| {
                let _ = terminal.draw(|frame| view::draw(app, frame));
            };
            // Nothing is kept of another laboratory's charts.
            let mut news: Vec<LabState> = (0..9).map(|_| LabState::new("long run", Arc::new(shown.clone()))).collect();
            let frame = median(9, || {
                app.enter(news.pop().unwrap_or_else(|| LabState::new("long run", Arc::new(shown.clone()))));
                draw(&app);
            });
            let again = median(9, || draw(&app));
            // The mouse over a chart: the curves are the same, the crosshair is elsewhere.
            let mut column = 100;
            let under_the_mouse = median(9, || {
                column += 5;
                if let Some(lab) = app.lab.as_mut() {
                    lab.pointer = Some(Position::new(column, 20));
                }
                draw(&app);
            });
            println!(
                "{step:>11}   {rate:>14.0}   {:>12.0}   {snapshot:>8.2?}   {figures:>9.2?}   {frame:>12.2?}   {again:>14.2?}   {under_the_mouse:>15.2?}",
                resident()
            );
            (start, done) = (Instant::now(), step);
        }
    }
    let length = history.length();
    let mut waits: Vec<Duration> = Vec::new();
    // Scattered over the run, away from keyframes and close to the end.
    for index in 1..=40 {
        let position = (index * 7919 * 13) % length;
        waits.push(timed(|| history.seek(position)));
    }
    waits.push(timed(|| history.seek(length - 1)));
    waits.sort();
    println!(
        "going back: median {:.2?}, longest {:.2?} of {}",
        waits[waits.len() / 2],
        waits[waits.len() - 1],
        waits.len()
    );
    drop(shown);
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The median of several times.
fn median(count: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..count).map(|_| timed(&mut work)).collect();
    times.sort();
    times[count / 2]
}

/// Memory in use, where the system says so.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}
