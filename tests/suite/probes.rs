//! A probe and a laboratory are two ways to see one thing.

use std::ops::ControlFlow;

use hyperlab::catalog::{Knobs, find};
use hyperlab::lab::{Command, Lab};
use hyperlab::metric::ERROR;
use hyperlab::probe::super_efficiency::{ENTRY, run};
use hyperlab::probe::{ALL, Case};
use hyperlab::scenario::{NoFiles, Scenario, builtin, experiment, parse, set};
use hyperlab::trial::Status;

/// Same identifiers, same streams, same bits.
#[test]
fn the_errors_of_the_probe_are_those_on_the_screen() {
    let scenario = parse(builtin("quadratic").unwrap().text).unwrap();
    let knobs = Knobs::defaults(ENTRY.card.knobs);
    let case = Case::of("quadratic", &scenario, &NoFiles, &knobs).unwrap();
    let finding = run(&case, &mut |_| ControlFlow::Continue(())).unwrap();

    let mut lab = Lab::new(experiment(&scenario, &NoFiles).unwrap());
    while lab.trials().any(|trial| trial.status() == Status::Running) {
        lab.apply(&Command::Tick).unwrap();
    }
    assert_eq!(lab.trials().count(), finding.trials.len());
    for (trial, found) in lab.trials().zip(&finding.trials) {
        let errors: Vec<f64> = found.rows.iter().map(|row| row.error).collect();
        let shown: Vec<f64> = trial.run().steps.iter().map(|record| record.number(&ERROR).unwrap()).collect();
        assert_eq!(errors, shown, "{}", found.trial);
    }
}

/// What a list promises: every probe can be found, says what it is, and runs with its default knobs.
#[test]
fn every_probe_of_the_list_runs() {
    let scenario = parse(&set(builtin("ensembles").unwrap().text, "outer.steps=2").unwrap()).unwrap();
    for entry in ALL {
        let card = &entry.card;
        assert!(std::ptr::eq(find(ALL, card.id).unwrap(), entry), "{} is there twice", card.id);
        for text in [card.name, card.source, card.equation, card.summary, card.cost, card.fails] {
            assert!(!text.is_empty(), "{}", card.id);
        }
        let knobs = Knobs::defaults(card.knobs);
        let case = Case::of("ensembles", &scenario, &NoFiles, &knobs).unwrap();
        let run = |case: &Case<'_>| (entry.run)(case, &mut |_| ControlFlow::Continue(()));
        let finding = run(&case).unwrap_or_else(|refused| {
            let trials = scenario.trials[..1].to_vec();
            let other = if refused.to_string().contains("such as `Schedule`") {
                // One about learned schedules names dynamics that learn one.
                let text = r#"Scenario(title: "A schedule", about: "", problem: Ridge(penalty: Scalar),
                    data: Data(source: Regression(rows: 40, features: 3), split: Alternate),
                    inner: Inner(dynamics: Schedule(step: Fixed(0.1)), steps: 60, batch: Rows(4)),
                    trials: [Trial(estimator: Forward)])"#;
                parse(text).unwrap()
            } else if refused.to_string().contains("expected a problem with several") {
                // One about a plane wants two entries of λ.
                parse(r#"Scenario(title: "A plane", about: "", problem: Branin,
                    inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 1), trials: [Trial(estimator: Direct)])"#)
                    .unwrap()
            } else {
                // Where members share rows out, a probe about single rows says that it is about trials without them.
                assert!(refused.to_string().contains("expected `ensemble: Single`"), "{}: {refused}", card.id);
                Scenario { trials, ..scenario.clone() }
            };
            run(&Case::of("ensembles", &other, &NoFiles, &knobs).unwrap()).unwrap()
        });
        let json: serde_json::Value = serde_json::from_str(&finding.to_json()).unwrap();
        assert_eq!(json["schema"], format!("hyperlab/{}/1", card.id));
        for table in [finding.rows(), finding.summary()] {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", card.id);
        }
    }
}
