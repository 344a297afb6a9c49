//! `--timings`: seconds of an outer step, here and now. They are no part of what a run finds, and in no file: the same run takes
//! others elsewhere.
//!
//! Every trial is timed by itself up to its own horizon, with all of its students, after all have been warmed up: whoever comes first pays for no cold
//! start. What was not timed is a dash, and the last column says why.
//!
//! Where a matrix that stands in for H is kept beside the inner run (`T t_F` for its T updates, `t_c` for the solve with it), its time is held against
//! a model with the parts measured one by one on one thread: one after the other `T t_g + T t_F + t_c`; on two threads `max(T t_g, T t_F + t_c)`; and a
//! solve by q products with H after the inner run, `T t_g + q t_h`. What all of them do at the end, `t_0`, is added: ∇f, one product with J, a step of λ.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::catalog::{Spec, Value};
use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::cli::output::write_table;
use crate::estimator::WITHOUT_CURVATURE;
use crate::math::number::counted;
use crate::math::statistics::quantile;
use crate::pace::Alike;
use crate::probe::{Cell, Table};
use crate::scenario::{Experiment, Scenario};
use crate::trial::{Loops, Setting, Stage, Status, Students};

/// Longest that one trial is timed.
const LONG: Duration = Duration::from_secs(2);

/// Longest that one trial is warmed up.
const WARM: Duration = Duration::from_millis(50);

/// Products with H that a solve after the inner run is reckoned with.
const PRODUCTS: f64 = 10.0;

/// The knob by which an estimator says on how many threads it runs, where it has one, and its value for one.
const ONE_THREAD: (&str, Value) = ("threads", Value::Choice("One"));

/// Medians over the outer steps of a trial, in seconds; not numbers where there are none.
struct Timed {
    /// Outer steps that were timed.
    steps: usize,
    /// Oracle calls an outer step.
    calls: f64,
    inner: f64,
    estimate: f64,
    whole: f64,
    /// Why there are no more.
    note: String,
}

/// What an outer step is made of, in seconds; of a whole inner run each. What is not a number was not timed, and makes none of what it enters.
#[derive(Clone, Copy)]
struct Parts {
    gradients: f64,
    updates: f64,
    solve: f64,
    rest: f64,
    /// One product with H over all rows.
    product: f64,
}

impl Parts {
    fn sequential(&self) -> f64 {
        self.gradients + self.updates + self.solve + self.rest
    }

    fn parallel(&self) -> f64 {
        let (before, beside) = (self.gradients, self.updates + self.solve);
        let longer = if before.is_nan() || before > beside { before } else { beside };
        longer + self.rest
    }

    fn solved_after(&self) -> f64 {
        self.gradients + PRODUCTS * self.product + self.rest
    }
}

/// Times every trial by itself, up to its horizon, and prints.
pub fn print(scenario: &Scenario, experiment: Experiment, console: &mut Console) -> Result<(), Failure> {
    let stage = Arc::new(Stage::of(&Arc::new(experiment)));
    let settings: Vec<Setting> = scenario.trials.iter().map(|trial| Setting::of(trial, scenario)).collect();
    let mut table =
        Table::new(&["trial", "outer steps", "calls/step", "inner run [s]", "estimate [s]", "outer step [s]", "note"]);
    let mut model = Table::new(&[
        "trial",
        "T t_g [s]",
        "T t_F [s]",
        "t_c [s]",
        "t_h [s]",
        "t_0 [s]",
        "sequential",
        "parallel",
        "10 products after",
    ]);
    for (id, setting) in settings.iter().enumerate() {
        warm_up(students(id as u64, setting, &stage));
    }
    for (id, setting) in settings.into_iter().enumerate() {
        let name = Cell::Text(setting.name.clone());
        let timed = timed(id as u64, &setting, &stage);
        let numbers = [timed.calls, timed.inner, timed.estimate, timed.whole].map(measured);
        let row = [name.clone(), Cell::Count(timed.steps)].into_iter().chain(numbers);
        table.rows.push(row.chain([Cell::Text(timed.note)]).collect());
        if (setting.estimator.entry().build)(&setting.estimator.knobs).keeps_surrogate() {
            let parts = parts(id as u64, &setting, &stage);
            let own = [parts.gradients, parts.updates, parts.solve, parts.product, parts.rest];
            let whole = [parts.sequential(), parts.parallel(), parts.solved_after()];
            model.rows.push(std::iter::once(name).chain(own.into_iter().chain(whole).map(measured)).collect());
        }
    }
    write_table(&table, console)?;
    if !model.rows.is_empty() {
        writeln!(console)?;
        write_table(&model, console)?;
    }
    if scenario.pace.entry().alike == Alike::Calls && scenario.trials.len() > 1 {
        writeln!(
            console,
            "each trial by itself, for its own outer steps; without `--timings` those that cost less take more of them"
        )?;
    }
    Ok(())
}

/// A number that was measured; a dash is a word of its own, so that its column stays.
fn measured(value: f64) -> Cell {
    if value.is_finite() { Cell::Real(value) } else { "–".into() }
}

fn students(id: u64, setting: &Setting, stage: &Arc<Stage>) -> Students {
    Students::of(Loops::new(id, setting.clone(), stage))
}

/// The beginning of a trial, which nobody times.
fn warm_up(mut students: Students) {
    let begun = Instant::now();
    while begun.elapsed() < WARM && !students.leader().status().is_halted() {
        students.step_inner();
        if students.leader().status() == Status::Ready {
            students.advance();
        }
    }
}

/// A trial from λ₀ to its horizon, or for as long as there is.
fn timed(id: u64, setting: &Setting, stage: &Arc<Stage>) -> Timed {
    let horizon = setting.outer.horizon();
    let mut students = students(id, setting, stage);
    let mut times: [Vec<f64>; 3] = Default::default();
    let mut calls = 0.0;
    let mut note = String::new();
    let begun = Instant::now();
    while horizon.part_done(students.leader().outer(), calls) < 1.0 {
        if begun.elapsed() >= LONG {
            note = format!("{} are over", counted(LONG.as_secs() as usize, "second"));
            break;
        }
        let start = Instant::now();
        students.finish_inner();
        let inner = start.elapsed();
        let Some(estimate) = students.conclude() else {
            note = students.leader().status().to_string();
            break;
        };
        let estimated = start.elapsed();
        let before = students.leader().outer();
        students.step_outer(&estimate);
        let whole = start.elapsed();
        if students.leader().outer() > before {
            calls = students.cost().calls();
            for (times, time) in times.iter_mut().zip([inner, estimated - inner, whole]) {
                times.push(time.as_secs_f64());
            }
        }
        if students.leader().status().is_halted() {
            note = students.leader().status().to_string();
            break;
        }
    }
    let steps = times[0].len();
    let [inner, estimate, whole] = times.map(|times| if times.is_empty() { f64::NAN } else { quantile(&times, 0.5) });
    let calls = if steps == 0 { f64::NAN } else { calls / steps as f64 };
    if steps == 0 && note.is_empty() {
        note = "no outer step is asked for".to_owned();
    }
    Timed { steps, calls, inner, estimate, whole, note }
}

/// The parts of an outer step on one thread: with the matrix, without it, and a product with H.
fn parts(id: u64, setting: &Setting, stage: &Arc<Stage>) -> Parts {
    let (key, one) = ONE_THREAD;
    let mut alone = setting.clone();
    if alone.estimator.card().knobs.iter().any(|knob| knob.key == key) {
        // A value of the knob's own kind, or it stays as it is.
        let _ = alone.estimator.knobs.set(key, one);
    }
    let without = Setting { estimator: Spec::of(&WITHOUT_CURVATURE), ..setting.clone() };
    let (with, without) = (timed(id, &alone, stage), timed(id, &without, stage));
    Parts {
        gradients: without.inner,
        updates: less(with.inner, without.inner),
        solve: less(with.estimate, without.estimate),
        rest: less(without.whole, without.inner),
        product: setting.students() as f64 * product(&Loops::new(id, setting.clone(), stage)),
    }
}

/// A time without a part of it, at least none.
fn less(whole: f64, part: f64) -> f64 {
    let rest = whole - part;
    if rest < 0.0 { 0.0 } else { rest }
}

/// The median time of a product with H over all rows.
fn product(loops: &Loops) -> f64 {
    let mut oracle = loops.place();
    let v = vec![1.0; oracle.inner_dimension()];
    let mut out = v.clone();
    let times: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            oracle.hvp(std::hint::black_box(&v), &mut out);
            std::hint::black_box(&out);
            start.elapsed().as_secs_f64()
        })
        .collect();
    quantile(&times, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where gradients take longest a second thread hides all of the rest; where updates do, it hides the gradients.
    #[test]
    fn the_model_is_the_longer_of_two_threads() {
        let parts = |gradients, updates| Parts { gradients, updates, solve: 2.0, rest: 0.5, product: 0.25 };
        assert_eq!((parts(8.0, 1.0).sequential(), parts(8.0, 1.0).parallel()), (11.5, 8.5));
        assert_eq!((parts(1.0, 8.0).sequential(), parts(1.0, 8.0).parallel()), (11.5, 10.5));
        assert_eq!(parts(1.0, 8.0).solved_after(), 4.0);
    }

    /// What a model is made of and was not timed leaves no number.
    #[test]
    fn what_was_not_timed_is_no_zero() {
        assert!(less(f64::NAN, 1.0).is_nan() && less(1.0, f64::NAN).is_nan());
        assert_eq!((less(1.0, 3.0), less(3.0, 1.0)), (0.0, 2.0));
        let known = Parts { gradients: 1.0, updates: 2.0, solve: 2.0, rest: 0.5, product: 0.25 };
        assert!(Parts { gradients: f64::NAN, ..known }.parallel().is_nan());
        assert!(Parts { updates: f64::NAN, ..known }.parallel().is_nan());
        assert_eq!(measured(f64::NAN), Cell::from("–"));
    }
}
