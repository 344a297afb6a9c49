//! Outer variables of the dynamics, and who moves them.

use hyperlab::estimator::{self, Family};
use hyperlab::lab::Lab;
use hyperlab::scenario::{NoFiles, check_text, experiment, parse};

fn scenario(estimator: &str, more: &str) -> String {
    format!(
        "Scenario(title: \"\", about: \"\", seed: 3, problem: Logistic(penalty: PerFeature),
        data: Data(source: TwoClasses(rows: 30, features: 3), split: Random(training: 20, validation: 10, test: 0)),
        inner: Inner(dynamics: Schedule(rates: 2, step: Fixed(0.1)), steps: 5, warm_start: true),
        outer: Outer({more}), trials: [Trial(estimator: {estimator})])"
    )
}

/// Every estimator that goes neither through the steps of a run nor by values of f gives what a schedule learns a derivative of zero, and is warned of; the others
/// do not, and are not.
#[test]
fn who_cannot_move_a_schedule_is_warned_of() {
    for entry in estimator::ALL {
        let name = entry.card.ron_name();
        let text = scenario(&name, "");
        let found = check_text(&text, &NoFiles, &[][..]).1;
        if found.iter().any(|found| found.is_error()) {
            // Asks for what there is not here.
            continue;
        }
        let warned = found.iter().any(|found| found.message.contains("what `Schedule` learns never moves"));
        let mut lab = Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap());
        for _ in 0..5 {
            lab.apply(&hyperlab::lab::Command::Tick).unwrap();
        }
        let estimate = lab.trials().next().unwrap().loops().estimate().hypergradient;
        let is_zero = estimate[3..].iter().all(|slope| *slope == 0.0);
        assert_eq!(warned, is_zero, "{name}: {estimate:?}");
        let sees = matches!(entry.family, Family::Iterative | Family::ZerothOrder);
        assert_eq!(warned, !sees, "{name}");
    }
    // What is held is not meant to move.
    let held = "blocks: {\"log_learning_rates\": Block(scale: 0), \"momentum\": Block(scale: 0), \"weight_decay\": Block(scale: 0)}";
    assert_eq!(check_text(&scenario("Cg", held), &NoFiles, &[][..]).1, []);
}
