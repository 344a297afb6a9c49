//! Filters: against reference sequences and closed forms, inside a trial, and back and forth in time.

use crate::common::golden::{number, read, vector};
use hyperlab::catalog::{Knobs, Value, find};
use hyperlab::filter::{self, Filter};
use hyperlab::lab::{Command, History, Lab, Session};
use hyperlab::math::random::{Purpose, stream};
use hyperlab::metric::{FILTERED, HYPERGRADIENT, LAMBDA, Record};
use hyperlab::scenario::{NoFiles, check_text, experiment, parse};
use rand_distr::{Distribution, StandardNormal};

fn built(id: &str, key: &str, value: Value) -> Box<dyn Filter> {
    let entry = find(filter::ALL, id).unwrap();
    (entry.build)(&Knobs::defaults(entry.card.knobs).with(key, value))
}

fn window(width: u32) -> Box<dyn Filter> {
    built("window", "width", Value::Integer(width.into()))
}

fn decay(weight: f64) -> Box<dyn Filter> {
    built("decay", "weight", Value::Real(weight))
}

#[test]
fn means_of_a_stream_of_hypergradients_are_those_of_the_reference() {
    let golden = read("sfbo_stream");
    let width = u32::try_from(golden["w"].as_u64().unwrap()).unwrap();
    let (mut window, mut decay) = (window(width), decay(number(&golden["beta"])));
    for tick in golden["ticks"].as_array().unwrap() {
        let estimate = vector(&tick["hypergradient"]);
        for (found, name) in
            [(window.passed(&estimate), "windowed_mean"), (decay.passed(&estimate), "exponential_mean")]
        {
            for (found, expected) in found.iter().zip(vector(&tick[name])) {
                assert!((found - expected).abs() < 1e-12, "{name} at {}: {found} against {expected}", tick["t"]);
            }
        }
    }
}

/// What a filter makes of a single 1 in a long row of zeros: the weights of estimates 0, 1, 2, … steps old.
fn weights(mut filter: Box<dyn Filter>, count: usize) -> Vec<f64> {
    (0..count).for_each(|_| drop(filter.passed(&[0.0])));
    std::iter::once(1.0).chain(std::iter::repeat(0.0)).take(count).map(|value| filter.passed(&[value])[0]).collect()
}

/// Variance of a mean of independent estimates, squared bias on a ramp, and mean squared bias on a sinusoid.
fn errors(weights: &[f64], golden: &serde_json::Value) -> [f64; 3] {
    let [sigma2, delta, amplitude, omega] = ["sigma2", "delta", "amplitude", "omega"].map(|name| number(&golden[name]));
    let variance = sigma2 * weights.iter().map(|weight| weight * weight).sum::<f64>();
    let aged = || weights.iter().enumerate().map(|(age, weight)| (age as f64, weight));
    let lag: f64 = aged().map(|(age, weight)| age * weight).sum();
    let (real, imaginary) = aged().fold((1.0, 0.0), |(real, imaginary), (age, weight)| {
        (real - weight * (omega * age).cos(), imaginary + weight * (omega * age).sin())
    });
    [variance, (delta * lag).powi(2), amplitude.powi(2) / 2.0 * (real * real + imaginary * imaginary)]
}

/// Variance σ²/w, lag (w − 1)/2, and what they are of a decaying mean.
#[test]
fn variance_and_lag_are_those_of_the_closed_forms() {
    let golden = read("sfbo_smoothing");
    let close = |found: f64, expected: &serde_json::Value, what: &str| {
        let expected = number(expected);
        assert!((found - expected).abs() < 1e-10 * expected.abs().max(1.0), "{what}: {found} against {expected}");
    };
    for (linear, sinusoid) in golden["linear"].as_array().unwrap().iter().zip(golden["sinusoid"].as_array().unwrap()) {
        let width = u32::try_from(linear["w"].as_u64().unwrap()).unwrap();
        let [variance, on_a_ramp, on_a_sinusoid] = errors(&weights(window(width), width as usize + 1), &golden);
        close(variance, &linear["variance"], "variance");
        close(on_a_ramp, &linear["bias2"], "bias on a ramp");
        close(variance + on_a_ramp, &linear["mse"], "mean square error");
        close(on_a_sinusoid, &sinusoid["mean_bias2"], "bias on a sinusoid");
    }
    for row in golden["exponential"].as_array().unwrap() {
        // The past is as good as infinite after so many steps: .95²⁰⁰⁰ is 3e-45.
        let [variance, on_a_ramp, on_a_sinusoid] = errors(&weights(decay(number(&row["beta"])), 2000), &golden);
        close(variance, &row["variance"], "variance");
        close(on_a_ramp, &row["linear_bias2"], "bias on a ramp");
        close(on_a_sinusoid, &row["sinusoid_mean_bias2"], "bias on a sinusoid");
    }
}

/// Mean squared distance to a moving optimum of ½(λ − λ*_t)² under noise of variance 1, with the best of several
/// step sizes, over 200 seeds of 500 steps.
fn tracking(width: u32, target: fn(usize, f64) -> f64, rule: fn(f64) -> f64) -> f64 {
    let error = |step: f64| {
        let seeds = (0..200).map(|seed| {
            let mut random = stream(seed, Purpose::Estimator, &[]);
            let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
            let (mut filter, mut lambda, mut optimum, mut sum) = (window(width), 0.0, 0.0, 0.0);
            for time in 0..500 {
                optimum = target(time, optimum + 0.03 * normal());
                sum += (lambda - optimum) * (lambda - optimum);
                lambda -= step * rule(filter.passed(&[lambda - optimum + normal()])[0]);
            }
            sum / 500.0
        });
        seeds.sum::<f64>() / 200.0
    };
    (0..9).map(|k| error(0.005 * 1.6f64.powi(k))).fold(f64::INFINITY, f64::min)
}

/// A window only delays a gradient step, which is an average already; a rule that throws the length away gains from
/// a short one. Reference values: walk .0299/.0362 and .0384/.0341/.0397, sinusoid .0719/.0908 and .0988/.0839/.109, at
/// w = 1, 20 and w = 1, 3, 20, with standard errors of 1 %. The same seeds for every width.
#[test]
fn whom_a_window_helps() {
    let walk = |_: usize, walked: f64| walked;
    let sinusoid = |time: usize, _: f64| (0.02 * time as f64).sin();
    for target in [walk as fn(usize, f64) -> f64, sinusoid] {
        let step = |width| tracking(width, target, |gradient| gradient);
        assert!(step(1) < 0.95 * step(20));
        let sign = |width| tracking(width, target, f64::signum);
        let (one, three, twenty) = (sign(1), sign(3), sign(20));
        assert!(three < 0.95 * one && one < twenty, "{one} {three} {twenty}");
    }
}

fn scenario(filter: &str) -> String {
    format!(
        "Scenario(title: \"t\", about: \"a\", seed: 5, problem: Ridge, lambda: Constant(-1.0),
        data: Data(source: Regression(rows: 40, features: 3), split: Random(training: 12, validation: 8, test: 20)),
        inner: Inner(dynamics: GradientDescent, steps: 4, warm_start: true),
        outer: Outer(rule: GradientDescent(step: 0.5), steps: 8{filter}),
        trials: [
            Trial(name: \"a\", estimator: Cg(iterations: 2, warm_start: true), ensemble: Fresh(members: 2)),
            Trial(name: \"b\", estimator: Reverse),
        ])"
    )
}

fn lab(filter: &str) -> Lab {
    Lab::new(experiment(&parse(&scenario(filter)).unwrap(), &NoFiles).unwrap())
}

fn ticked(mut lab: Lab, ticks: usize) -> Lab {
    (0..ticks).for_each(|_| lab.apply(&Command::Tick).unwrap());
    lab
}

fn bits(lab: &Lab) -> Vec<u64> {
    let of = |trial: &hyperlab::trial::Trial| [trial.lambda(), trial.theta()].concat();
    lab.trials().flat_map(of).map(f64::to_bits).collect()
}

#[test]
fn a_window_of_one_and_a_decay_of_nothing_change_no_bit() {
    let unfiltered = bits(&ticked(lab(""), 40));
    for filter in [", filter: None", ", filter: Window(width: 1)", ", filter: Decay(weight: 0.0)"] {
        assert!(bits(&ticked(lab(filter), 40)) == unfiltered, "{filter}");
    }
    assert!(bits(&ticked(lab(", filter: Window(width: 2)"), 40)) != unfiltered);
    // A zero keeps its sign.
    for mut filter in [window(1), decay(0.0)] {
        assert!(filter.passed(&[-0.0])[0].to_bits() == (-0.0f64).to_bits());
    }
}

/// What is recorded as the estimate is the estimate, what moves λ is recorded beside it, and λ moves along that.
#[test]
fn lambda_moves_along_the_mean_and_the_estimate_is_recorded_as_it_came() {
    for trial in ticked(lab(", filter: Window(width: 3)"), 41).trials() {
        let records: Vec<Record<'_>> = trial.outer_records().iter().collect();
        assert_eq!(records.len(), 8);
        for (step, record) in records.iter().enumerate() {
            let past = &records[(step + 1).saturating_sub(3)..=step];
            let next = records.get(step + 1).map_or(trial.lambda(), |next| next.vector(&LAMBDA));
            let (lambda, filtered) = (record.vector(&LAMBDA), record.vector(&FILTERED));
            for j in 0..3 {
                let mean = past.iter().map(|record| record.vector(&HYPERGRADIENT)[j]).sum::<f64>() / past.len() as f64;
                assert!((filtered[j] - mean).abs() < 1e-15 * mean.abs().max(1.0));
                assert_eq!(next[j].to_bits(), (lambda[j] - 0.5 * filtered[j]).to_bits());
            }
        }
    }
}

/// What a filter remembers goes back and forth with time and comes back with a session; a turned knob keeps it.
#[test]
fn time_runs_back_and_forth_over_filters() {
    let mut history = History::new(lab(", filter: Window(width: 4)"));
    let turn = |trial, path: &str, value: &str| Command::Turn { trial, path: path.into(), value: value.into() };
    let mut visits = vec![bits(history.lab())];
    for step in 0..120 {
        let command = match step {
            33 => turn(0, "outer.filter.width", "2"),
            52 => Command::Set { path: "trials[1].outer.filter".into(), value: "Decay(weight: 0.8)".into() },
            87 => turn(1, "outer.filter.weight", "0.3"),
            _ => Command::Tick,
        };
        history.apply(&command).unwrap();
        visits.push(bits(history.lab()));
    }
    let trial = history.lab().trials().nth(1).unwrap();
    assert_eq!(trial.setting().outer.rule.knobs.real("step"), 0.5, "the rule is still the scenario's");
    for position in [3, 77, 32, 34, 33, 0, 120, 53, 88, 52] {
        history.seek(position);
        assert!(bits(history.lab()) == visits[position], "at {position}");
    }
    let session = Session::from_ron(&Session::of(&history).to_ron().unwrap()).unwrap();
    let mut replayed = session.replay(&NoFiles).unwrap();
    replayed.seek(120);
    assert!(bits(replayed.lab()) == visits[120]);
}

/// A turned knob takes no inner run again: the estimates seen so far are still in the window.
#[test]
fn a_turned_width_keeps_the_past() {
    let mut lab = ticked(lab(", filter: Window(width: 5)"), 31);
    for trial in [0, 1] {
        lab.apply(&Command::Turn { trial, path: "outer.filter.width".into(), value: "3".into() }).unwrap();
    }
    for trial in ticked(lab, 10).trials() {
        let records: Vec<Record<'_>> = trial.outer_records().iter().collect();
        let mean_of = |records: &[Record<'_>]| {
            records.iter().map(|record| record.vector(&HYPERGRADIENT)[0]).sum::<f64>() / records.len() as f64
        };
        let mean = mean_of(&records[5..8]);
        assert!((records[7].vector(&FILTERED)[0] - mean).abs() < 1e-15 * mean.abs().max(1.0));
        let wide = mean_of(&records[1..6]);
        assert!((records[5].vector(&FILTERED)[0] - wide).abs() < 1e-15 * wide.abs().max(1.0));
    }
}

#[test]
fn a_filter_that_cannot_be_is_named_with_its_place() {
    for (filter, words) in [
        (", filter: Window(width: 0)", "`width` cannot be 0; expected a whole number from 1 to 1000"),
        (", filter: Decay(weight: 1.0)", "`weight` cannot be 1; expected a number from 0 to 0.999"),
        (", filter: Widow(width: 3)", "`Widow` is not a filter; expected `None`"),
        (", filter: Window(weight: 3)", "`Window` has no field `weight`; expected `width`"),
    ] {
        let (_, found) = check_text(&scenario(filter), &NoFiles, [].as_slice());
        let [mistake] = &found[..] else { panic!("{filter}: {found:?}") };
        assert!(mistake.message.contains(words), "{filter}: {}", mistake.message);
        assert_eq!(mistake.line, 4, "{filter}");
    }
}

/// Files and sessions with the ensembles' knob of old say where it went.
#[test]
fn smoothing_says_where_it_went() {
    let now = "`smoothing: 0.5` is `outer: Outer(filter: Decay(weight: 0.5))`";
    let old = scenario("").replace("Fresh(members: 2)", "Fresh(members: 2, smoothing: 0.5)");
    let mistake = parse(&old).unwrap_err();
    assert!(mistake.message.contains("`Fresh` has no field `smoothing`"), "{}", mistake.message);
    assert!(mistake.help.as_deref().is_some_and(|help| help.contains(now)), "{:?}", mistake.help);
    let (line, text) = old.lines().enumerate().find(|(_, line)| line.contains("smoothing")).unwrap();
    assert_eq!((mistake.line, mistake.column), (line + 1, text.find("smoothing").unwrap() + 1));

    let session = Session::of(&History::new(lab(""))).to_ron().unwrap();
    let single = "ensemble: Single()";
    assert!(session.contains(single), "{session}");
    let error = Session::from_ron(&session.replace(single, "ensemble: Single(smoothing: 0.5)")).unwrap_err();
    assert!(error.to_string().contains(now) && error.to_string().starts_with("line "), "{error}");

    let turn = Command::Turn { trial: 0, path: "ensemble.smoothing".into(), value: "0.5".into() };
    let error = lab("").apply(&turn).unwrap_err().to_string();
    assert!(error.contains("nothing to turn at `ensemble.smoothing`") && error.contains(now), "{error}");
}
