//! A run that is to go on until something is so stops at the very tick at which it is, and says why. The ticks expected
//! come from labs stepped by hand, and values from what these recorded.

use hyperlab::engine::{Engine, Request};
use hyperlab::lab::{Command, Goal, History, Lab, Stopped, Until};
use hyperlab::metric::{CALLS, ERROR, Metric, VALUE};
use hyperlab::scenario::{NoFiles, experiment, parse};
use hyperlab::trial::{Status, Trial};

const SCENARIO: &str = r#"Scenario(
    title: "Until", about: "Inner errors fall, F falls and then rises.", seed: 3,
    problem: Ridge(penalty: Scalar),
    data: Data(source: Regression(rows: 60, features: 8, noise: 1.0), split: Random(training: 30, validation: 30)),
    lambda: Constant(-4.0),
    inner: Inner(dynamics: GradientDescent(), steps: 25),
    outer: Outer(rule: Momentum(step: 6.0, momentum: 0.9), steps: 40),
    trials: [Trial(estimator: Direct), Trial(name: "CG 5", estimator: Cg(iterations: 5))],
)"#;

fn lab(text: &str) -> Lab {
    Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap())
}

/// Where an engine stops, in ticks from its start, and what it says.
struct Bench {
    engine: Engine,
}

impl Bench {
    fn new(text: &str) -> Self {
        Self { engine: Engine::start(History::new(lab(text))).unwrap() }
    }

    fn ask(&self, request: Request) -> Vec<Stopped> {
        self.engine.send(request);
        let start = std::time::Instant::now();
        while self.engine.pending() > 0 {
            assert!(start.elapsed().as_secs() < 120, "the laboratory hangs");
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        assert_eq!(self.engine.take_errors(), []);
        self.engine.take_stops()
    }

    fn until(&self, text: &str, whose: Option<u64>) -> (usize, Stopped) {
        let stops = self.ask(Request::Until(Until::parse(text, whose).unwrap()));
        let [stopped] = &stops[..] else { panic!("{stops:?}") };
        (self.engine.snapshot().position, stopped.clone())
    }
}

/// Ticks of a lab stepped by hand until something holds of it.
fn by_hand(lab: &mut Lab, holds: impl Fn(&Lab) -> bool) -> usize {
    let mut ticks = 0;
    while !holds(lab) {
        lab.apply(&Command::Tick).unwrap();
        ticks += 1;
        assert!(ticks < 100_000);
    }
    ticks
}

fn second(lab: &Lab) -> &Trial {
    lab.trial(1).unwrap()
}

/// What was recorded last within the inner run.
fn recorded(trial: &Trial, metric: &Metric) -> f64 {
    trial.run().steps.last().unwrap().number(metric).unwrap()
}

#[test]
fn it_stops_at_the_very_tick_and_says_the_value_and_the_moment() {
    let bench = Bench::new(SCENARIO);
    let mut lab = lab(SCENARIO);
    let start = recorded(second(&lab), &ERROR);
    let bound = start * 0.05;
    let ticks = by_hand(&mut lab, |lab| recorded(second(lab), &ERROR) < bound);
    assert!(ticks > 3, "{ticks}");
    let (position, stopped) = bench.until(&format!("error < {bound}"), Some(1));
    assert_eq!(position, ticks);
    let Stopped::Met(words) = stopped else { panic!("{stopped:?}") };
    let moment = format!("at outer {}, inner {}", second(&lab).outer(), second(&lab).inner());
    assert!(words.starts_with("stopped: error of CG 5 is ") && words.ends_with(&moment), "{words}");
    // Asked again, it is so already, and nothing moves.
    let (again, stopped) = bench.until(&format!("error < {bound}"), Some(1));
    assert!(again == ticks && stopped.to_string().starts_with("already so: error of CG 5"), "{stopped:?}");

    let more = by_hand(&mut lab, |lab| recorded(second(lab), &CALLS) > 2000.0);
    assert_eq!(bench.until("calls > 2e3", Some(1)).0, ticks + more);
    let more = more + by_hand(&mut lab, |lab| second(lab).outer() >= 12);
    assert_eq!(bench.until("outer 12", Some(1)).0, ticks + more);
}

#[test]
fn of_any_trial_the_first_one_counts() {
    let mut lab = lab(SCENARIO);
    let bound = recorded(second(&lab), &CALLS) + 60.0;
    let ticks = by_hand(&mut lab, |lab| lab.trials().any(|trial| recorded(trial, &CALLS) >= bound));
    assert_eq!(Bench::new(SCENARIO).until(&format!("any calls >= {bound}"), Some(0)).0, ticks);
    let mut lab = self::lab(SCENARIO);
    let alone = by_hand(&mut lab, |lab| recorded(lab.trial(0).unwrap(), &CALLS) >= bound);
    assert_eq!(Bench::new(SCENARIO).until(&format!("calls >= {bound}"), Some(0)).0, alone);
}

/// Three outer steps in a row above the least value so far: by hand, from all values of F in order.
#[test]
fn a_number_turns_up_three_outer_steps_after_its_least_value() {
    let mut lab = lab(SCENARIO);
    let (mut values, mut ticks, mut found) = (Vec::new(), 0, None);
    while found.is_none() {
        lab.apply(&Command::Tick).unwrap();
        ticks += 1;
        if second(&lab).outer() > values.len() {
            values.push(second(&lab).outer_records().last().unwrap().number(&VALUE).unwrap());
            let least = (0..values.len()).min_by(|a, b| values[*a].total_cmp(&values[*b])).unwrap();
            found = (values.len() == least + 4).then_some((ticks, least));
        }
        assert!(values.len() < 40, "{values:?}");
    }
    let (ticks, least) = found.unwrap();
    assert!(least > 0, "F falls first: {values:?}");
    let (position, stopped) = Bench::new(SCENARIO).until("value turns up", Some(1));
    assert_eq!(position, ticks);
    assert!(stopped.to_string().contains(&format!("was at outer step {least}, 3 before")), "{stopped}");
}

#[test]
fn inner_runs_and_the_planned_end_are_ends_too() {
    let bench = Bench::new(SCENARIO);
    let mut lab = lab(SCENARIO);
    let is_over = |lab: &Lab| lab.trials().all(|trial| trial.status() == Status::Ready);
    let ticks = by_hand(&mut lab, is_over);
    assert_eq!(bench.until("inner end", None).0, ticks);
    // From there it is the next inner run whose end is meant.
    lab.apply(&Command::Tick).unwrap();
    let next = ticks + 1 + by_hand(&mut lab, is_over);
    assert_eq!(bench.until("inner end", None).0, next);
    let end = next + by_hand(&mut lab, |lab| lab.trials().all(|trial| trial.outer() == 40));
    let (position, stopped) = bench.until("horizon", None);
    assert_eq!((position, matches!(stopped, Stopped::Met(_))), (end, true));
    assert!(bench.until("horizon", None).1.to_string().starts_with("already so"));
}

#[test]
fn what_is_never_met_ends_in_words() {
    let bench = Bench::new(SCENARIO);
    let unmet = |text: &str, whose: Option<u64>| match bench.until(text, whose) {
        (position, Stopped::Unmet(words)) => (position, words),
        (_, met) => panic!("{met:?}"),
    };
    let (position, words) = unmet("f1 > 0.5", Some(1));
    assert!(position == 0 && words.contains("`f1` cannot be had here, so that this is never met"), "{words}");
    assert!(unmet("error < 1", Some(77)).1.contains("no such trial"));
    let (position, words) = unmet("error < 0", Some(1));
    let mut lab = lab(SCENARIO);
    assert_eq!(position, by_hand(&mut lab, Lab::has_arrived));
    assert!(words.contains("where the scenario plans to end, and `error < 0` was not met"), "{words}");
    // From there on it goes beyond, as far as the condition says.
    assert_eq!(bench.until("outer 41", Some(1)).0, position + by_hand(&mut lab, |lab| second(lab).outer() == 41));
    // A trial that has stopped meets nothing any more.
    let diverging = SCENARIO.replace("GradientDescent(), steps: 25", "GradientDescent(step: Fixed(1e4)), steps: 200");
    let words = Bench::new(&diverging).until("outer 3", Some(1)).1.to_string();
    assert!(words.contains("diverged") && words.contains("`outer-step >= 3` was not met"), "{words}");
}

#[test]
fn it_is_broken_off_like_any_run() {
    let bench = Bench::new(SCENARIO);
    bench.engine.send(Request::Until(Until { goal: Goal::parse("outer 1e9").unwrap(), whose: Some(1) }));
    while bench.engine.snapshot().position < 100 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    bench.engine.stop();
    assert_eq!(bench.ask(Request::SeekBy(0)), []);
}
