//! Blocks of λ in a running laboratory: every one keeps to its own bounds, starts where it is told, and can be held.

use hyperlab::lab::{Command, Lab, Snapshot};
use hyperlab::scenario::{NoFiles, check_text, experiment, parse, vary};
use hyperlab::trial::Status;

/// A momentum that a step of 0.5 drives out of 0 … 0.999 within a few outer steps.
const SCHEDULE: &str = r#"Scenario(
    title: "Step sizes and momentum are learned",
    about: "Twenty log step sizes and β follow the penalty in λ.",
    seed: 5,
    problem: Ridge(penalty: Scalar),
    data: Data(source: Regression(rows: 40, features: 3, noise: 0.5), split: Alternate),
    lambda: Constant(-1.0),
    inner: Inner(dynamics: ScheduledHeavyBall(steps: 20), steps: 20),
    outer: Outer(rule: Adam(step: 0.5), steps: 12),
    trials: [Trial(estimator: Reverse)],
)"#;

const NO_CHARTS: &[&str] = &[];

fn lab(text: &str) -> Lab {
    Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap())
}

/// Ticks to the end of so many outer steps, and λ after each.
fn run(lab: &mut Lab, steps: usize) -> Vec<Vec<f64>> {
    let mut path = Vec::new();
    for step in 1..=steps {
        while lab.trials().all(|trial| trial.outer() < step && !trial.status().is_halted()) {
            lab.apply(&Command::Tick).unwrap();
        }
        path.push(lab.trials().next().unwrap().lambda().to_vec());
    }
    path
}

#[test]
fn a_learned_momentum_stays_where_its_knob_allows_it_and_is_counted_at_the_bound() {
    let mut lab = lab(SCHEDULE);
    let mut pressed = 0;
    for step in 1..=12 {
        let momentum = run(&mut lab, step)[step - 1][21];
        assert!((0.0..=0.999).contains(&momentum), "{momentum}");
        let view = Snapshot::of_lab(&lab);
        let is_at_bound = momentum == 0.0 || momentum == 0.999;
        assert_eq!(view.trials[0].pressed(), usize::from(is_at_bound), "{momentum}");
        pressed += view.trials[0].pressed();
    }
    assert!(pressed > 0, "nothing drove the momentum to a bound");
    assert_ne!(lab.trials().next().unwrap().status(), Status::NoEstimate { outer: 12 });
}

#[test]
fn a_block_starts_and_stays_where_the_scenario_says() {
    let said = r#"blocks: {
        "momentum": Block(start: Constant(0.3), scale: 0.0),
        "log_steps": Block(start: Explicit([-1, -2, -3, -4]), bounds: (-4.0, -0.5)),
    })"#;
    let text = SCHEDULE.replace("steps: 12)", &format!("steps: 12, {said}")).replace("steps: 20)", "steps: 4)");
    let (_, found) = check_text(&text, &NoFiles, NO_CHARTS);
    assert!(found.is_empty(), "{found:?}");
    let mut lab = lab(&text);
    assert_eq!(lab.trials().next().unwrap().lambda(), [-1.0, -1.0, -2.0, -3.0, -4.0, 0.3]);
    for lambda in run(&mut lab, 8) {
        assert_eq!(lambda[5], 0.3, "held by a scale of 0");
        assert!(lambda[1..5].iter().all(|step| (-4.0..=-0.5).contains(step)), "{lambda:?}");
    }
}

/// What `--set` takes, the laboratory takes, and dynamics that start elsewhere start anew.
#[test]
fn a_block_can_be_turned_by_its_path() {
    let text = SCHEDULE.replace("steps: 12)", r#"steps: 12, blocks: {"momentum": Block(start: Constant(0.3))})"#);
    let scenario = vary(&parse(&text).unwrap(), "outer.blocks.momentum.start=Constant(0.5)").unwrap();
    let set = Lab::new(experiment(&scenario, &NoFiles).unwrap());
    assert_eq!(set.trials().next().unwrap().lambda()[21], 0.5);
    let mut lab = lab(&text);
    assert_eq!(lab.trials().next().unwrap().lambda()[21], 0.3);
    let set = |path: &str, value: &str| Command::Set { path: path.into(), value: value.into() };
    lab.apply(&set("outer.blocks.momentum.start", "Constant(0.5)")).unwrap();
    assert_eq!(lab.trials().next().unwrap().lambda()[21], 0.5);
    let refused = lab.apply(&set("outer.blocks.momentum.start", "Explicit([0.1, 0.2])")).unwrap_err();
    assert!(refused.to_string().contains("λ has 2 entries; `momentum` has 1"), "{refused}");
    assert_eq!(lab.trials().next().unwrap().lambda()[21], 0.5);
}

#[test]
fn mistakes_about_blocks_are_found_where_they_stand() {
    #[track_caller]
    fn found(outer: &str, message: &str, at: &str) {
        let text = SCHEDULE.replace("steps: 12)", outer);
        let (_, found) = check_text(&text, &NoFiles, NO_CHARTS);
        let [diagnostic] = &found[..] else { panic!("{found:?}") };
        assert!(diagnostic.message.contains(message), "{}", diagnostic.message);
        assert_eq!(&text[diagnostic.span.clone().unwrap()], at);
    }
    let block = |name: &str, said: &str| format!("steps: 12, blocks: {{\"{name}\": Block({said})}})");
    found(
        &block("momenta", "scale: 0.1"),
        "λ has no block `momenta` here; expected one of `log_penalties`",
        "Block(scale: 0.1)",
    );
    found(&block("momentum", "scale: -0.1"), "`scale` is -0.1", "-0.1");
    found(&block("momentum", "bounds: (1.5, 2.0)"), "leave `momentum` no value", "(1.5, 2.0)");
    found(&block("log_penalties", "start: Constant(1.0)"), "`lambda` says where that starts", "Constant(1.0)");
    found("steps: 12, bounds: (-5.0, -1.0))", "leave `momentum` no value", "(-5.0, -1.0)");
}
