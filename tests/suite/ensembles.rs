//! Ensembles: how rows are divided, how members' estimates are averaged, and what a trial makes of them.

use std::sync::Arc;

use hyperlab::catalog::{Knobs, Value, find};
use hyperlab::data::{Samples, Split};
use hyperlab::ensemble::{self, Division, Row, Rows};
use hyperlab::math::Matrix;
use hyperlab::math::random::{Purpose, stream};
use hyperlab::metric::{REFIT_ACCURACY, REFIT_LOSS, Seen};
use hyperlab::scenario::{Experiment, NoFiles, experiment, parse};
use hyperlab::trial::{Loops, Setting, Stage, Status};

fn rows() -> Rows {
    Rows { training: 9, validation: 7, validation_is_trusted: false, targets: vec![0.0; 16] }
}

/// The divisions that a policy of the list makes.
pub fn divided(id: &str, of: &'static str, members: i64, rows: &Rows, seed: u64) -> Vec<Division> {
    let entry = find(ensemble::ALL, id).unwrap();
    let knobs =
        Knobs::defaults(entry.card.knobs).with("members", Value::Integer(members)).with("of", Value::Choice(of));
    (entry.divide)(&knobs, rows, &mut stream(seed, Purpose::Ensemble, &[]))
}

fn sorted(rows: impl IntoIterator<Item = Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = rows.into_iter().collect();
    rows.sort_unstable();
    rows
}

fn everything(rows: &Rows) -> Vec<Row> {
    sorted((0..rows.training).map(Row::Training).chain((0..rows.validation).map(Row::Validation)))
}

#[test]
fn re_splits_keep_the_sizes_and_every_row_has_one_side() {
    for id in ["fixed", "fresh"] {
        let members = divided(id, "Everything", 6, &rows(), 3);
        assert_eq!(members.len(), 6);
        for division in &members {
            assert_eq!((division.training.len(), division.validation.len()), (9, 7));
            assert_eq!(sorted(division.training.iter().chain(&division.validation).copied()), everything(&rows()));
        }
        assert!(members.windows(2).any(|pair| pair[0] != pair[1]));
        assert_eq!(members, divided(id, "Everything", 6, &rows(), 3));
        assert_ne!(members, divided(id, "Everything", 6, &rows(), 4));
    }
}

#[test]
fn in_folds_every_row_validates_once_and_trains_in_all_others() {
    let members = divided("folds", "Everything", 5, &rows(), 3);
    assert_eq!(sorted(members.iter().flat_map(|division| division.validation.iter().copied())), everything(&rows()));
    for division in &members {
        assert!((3..=4).contains(&division.validation.len()));
        assert_eq!(sorted(division.training.iter().chain(&division.validation).copied()), everything(&rows()));
    }
}

/// Where training labels are in doubt, rows that validate are validation rows, whatever is divided.
#[test]
fn untrusted_rows_never_validate() {
    let rows = Rows { validation_is_trusted: true, ..rows() };
    for id in ["fixed", "fresh", "folds"] {
        for of in ["Everything", "Validation", "Training"] {
            for division in divided(id, of, 3, &rows, 3) {
                assert!(division.validation.iter().all(|row| matches!(row, Row::Validation(_))), "{id} {of}");
                let joins = division.training.iter().filter(|row| matches!(row, Row::Validation(_))).count();
                let noisy = division.training.len() - joins;
                assert_eq!(joins + division.validation.len(), 7, "{id} {of}");
                assert_eq!(of == "Training", joins == 0, "{id} {of}");
                assert_eq!(of == "Validation", noisy == 9, "{id} {of}");
            }
        }
    }
}

fn split(targets: &[f64]) -> Split {
    let samples =
        |targets: &[f64]| Samples::new(Matrix::from_fn(targets.len(), 1, |row, _| row as f64), targets.to_vec());
    Split {
        training: samples(targets),
        validation: samples(&targets[..2]),
        labels: vec![0.0, 1.0],
        feature_names: vec!["x".to_owned()],
        ..Split::default()
    }
}

/// One row of class 1: in some fold it validates, and the fold's member has no such row to train on.
#[test]
fn a_class_that_is_left_out_of_training_is_named_or_drawn_again() {
    let base = split(&[0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    let attempt = |id: &str, members: i64| {
        let entry = find(ensemble::ALL, id).unwrap();
        let knobs = Knobs::defaults(entry.card.knobs).with("members", Value::Integer(members));
        ensemble::split(entry, &knobs, &base, false, &mut stream(1, Purpose::Ensemble, &[]))
    };
    let error = attempt("folds", 4).unwrap_err();
    assert!(error.contains("without a single row of class `1`") && error.contains("expected fewer members"), "{error}");
    for drawn in attempt("fresh", 3).unwrap() {
        assert!(drawn.training.targets.contains(&1.0));
    }
    let error = attempt("folds", 9).unwrap_err();
    assert_eq!(
        error,
        "8 training and validation rows cannot be divided into 9 folds; expected at least 9 rows or fewer members"
    );
}

#[test]
fn a_number_is_no_class() {
    let entry = find(ensemble::ALL, "fresh").unwrap();
    let knobs = Knobs::defaults(entry.card.knobs).with("by_class", Value::Toggle(true));
    let base = Split { labels: Vec::new(), ..split(&[0.5, 1.5, 2.5]) };
    let error = ensemble::split(entry, &knobs, &base, false, &mut stream(1, Purpose::Ensemble, &[])).unwrap_err();
    assert_eq!(error, "`by_class` is true, but the target here is no class; expected false");
}

fn built(extra: &str, trial: &str) -> Arc<Experiment> {
    let text = format!(
        "Scenario(title: \"t\", about: \"a\", seed: 5, problem: Ridge, lambda: Constant(-1.0),
            data: Data(source: Regression(rows: 40, features: 3), split: Random(training: 12, validation: 8, test: 20),
                standardize: Off),
            inner: Inner(dynamics: Newton, steps: 1), outer: Outer(rule: GradientDescent(step: 0.5)), {extra}
            trials: [Trial(estimator: Direct, {trial})])"
    );
    Arc::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap())
}

fn loops(experiment: &Arc<Experiment>) -> Loops {
    let setting = Setting::of(&experiment.scenario.trials[0], &experiment.scenario);
    Loops::new(0, setting, &Arc::new(Stage::of(experiment)))
}

/// The mean over members is the mean of runs on their splits, one by one, and their costs add up.
#[test]
fn an_ensemble_is_the_mean_of_its_members() {
    let experiment = built("", "ensemble: Fixed(members: 3)");
    let mut ensemble = loops(&experiment);
    assert_eq!(ensemble.members(), 3);
    ensemble.finish_inner();
    let together = ensemble.estimate();

    let entry = find(ensemble::ALL, "fixed").unwrap();
    let knobs = Knobs::defaults(entry.card.knobs).with("members", Value::Integer(3));
    let base = &experiment.data.as_ref().unwrap().split;
    // Task 0, and not drawn anew at any outer step.
    let mut random = stream(5, Purpose::Ensemble, &[0, 0]);
    let mut mean = [0.0; 3];
    let mut calls = 0.0;
    for split in ensemble::split(entry, &knobs, base, false, &mut random).unwrap() {
        let single = Arc::new(Stage::replicate(&experiment, vec![split], &[]).unwrap());
        let setting =
            Setting { ensemble: hyperlab::catalog::Spec::new("single").unwrap(), ..ensemble.setting().clone() };
        let mut member = Loops::new(0, setting, &single);
        member.finish_inner();
        let estimate = member.estimate();
        calls += (member.cost() + estimate.cost).calls();
        mean.iter_mut().zip(&estimate.hypergradient).for_each(|(mean, part)| *mean += part / 3.0);
    }
    for (found, expected) in together.hypergradient.iter().zip(mean) {
        assert!((found - expected).abs() < 1e-15 * expected.abs().max(1.0), "{found} against {expected}");
    }
    assert_eq!((ensemble.cost() + together.cost).calls(), calls);
}

#[test]
fn fresh_splits_change_at_every_outer_step_and_fixed_ones_do_not() {
    let thetas = |trial: &str| {
        let mut loops = loops(&built("", trial));
        // λ does not move, so that θ tells the rows.
        let mut setting = loops.setting().clone();
        setting.set("outer.rule.step", "0").unwrap();
        loops = Loops::new(0, setting, &Arc::clone(loops.stage()));
        let mut seen = Vec::new();
        for _ in 0..3 {
            loops.finish_inner();
            seen.push(loops.thetas().map(<[f64]>::to_vec).collect::<Vec<_>>());
            loops.advance().unwrap();
        }
        seen
    };
    let fixed = thetas("ensemble: Fixed(members: 2)");
    assert!(fixed[0] == fixed[1] && fixed[1] == fixed[2] && fixed[0][0] != fixed[0][1]);
    let fresh = thetas("ensemble: Fresh(members: 2)");
    assert!(fresh[0] != fresh[1] && fresh[1] != fresh[2]);
}

/// In hyper-cleaning an entry of λ belongs to a row; it is averaged over the members that train on the row.
#[test]
fn the_weight_of_a_row_is_averaged_over_the_members_that_contain_it() {
    let text = "Scenario(title: \"t\", about: \"a\", seed: 5, problem: HyperCleaning(ridge: 0.1),
        data: Data(source: Bundled(\"wine\"), split: Random(training: 30, validation: 12, test: 40), label_noise: 0.3),
        inner: Inner(dynamics: GradientDescent, steps: 30), refit: true,
        trials: [Trial(estimator: Reverse, ensemble: Fixed(members: 4, of: Training))])";
    let experiment = Arc::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap());
    let mut ensemble = loops(&experiment);
    ensemble.finish_inner();
    let together = ensemble.estimate().hypergradient;

    let entry = find(ensemble::ALL, "fixed").unwrap();
    let knobs = ensemble.setting().ensemble.knobs.clone();
    let base = &experiment.data.as_ref().unwrap().split;
    let mut random = stream(5, Purpose::Ensemble, &[0, 0]);
    let (mut sum, mut count) = (vec![0.0; 30], vec![0.0; 30]);
    for split in ensemble::split(entry, &knobs, base, true, &mut random).unwrap() {
        let owners: Vec<usize> = split.weights.owners.iter().flatten().copied().collect();
        assert_eq!(owners.len(), 15);
        let stage = Arc::new(Stage::replicate(&experiment, vec![split], &[]).unwrap());
        let setting =
            Setting { ensemble: hyperlab::catalog::Spec::new("single").unwrap(), ..ensemble.setting().clone() };
        let mut member = Loops::new(0, setting, &stage);
        member.finish_inner();
        let estimate = member.estimate().hypergradient;
        assert_eq!(estimate.iter().filter(|entry| **entry != 0.0).count(), 15);
        for owner in owners {
            sum[owner] += estimate[owner];
            count[owner] += 1.0;
        }
    }
    for row in 0..30 {
        let expected = if count[row] == 0.0 { 0.0 } else { sum[row] / count[row] };
        assert!((together[row] - expected).abs() < 1e-15, "row {row}: {} against {expected}", together[row]);
    }
    assert!(count.contains(&0.0) || count.iter().any(|times| *times < 4.0));
    // The refit trains on the noisy rows with their weights and on the clean ones in full.
    let estimate = ensemble.estimate();
    assert!((REFIT_ACCURACY.read)(&Seen::of(&ensemble, &estimate)).number().unwrap() > 0.5);
}

#[test]
fn a_trial_without_a_possible_split_halts_and_says_so() {
    let experiment = built("", "ensemble: Folds(members: 5)");
    let mut setting = Setting::of(&experiment.scenario.trials[0], &experiment.scenario);
    setting.ensemble.knobs.set("members", Value::Integer(25)).unwrap();
    let loops = Loops::new(0, setting, &Arc::new(Stage::of(&experiment)));
    assert_eq!(loops.status(), Status::NoSplit { outer: 0 });
}

/// Going back and forth, and replaying a session, gives the bits of the first visit: fresh splits and warm starts
/// included.
#[test]
fn time_runs_back_and_forth_over_ensembles() {
    use hyperlab::lab::{Command, History, Lab, Session};

    let text = "Scenario(title: \"t\", about: \"a\", seed: 5, problem: Ridge, lambda: Constant(-1.0),
        data: Data(source: Regression(rows: 40, features: 3), split: Random(training: 12, validation: 8, test: 20)),
        inner: Inner(dynamics: GradientDescent, steps: 4, warm_start: true), refit: true,
        outer: Outer(rule: Adam(step: 0.2)),
        trials: [
            Trial(name: \"a\", estimator: Cg(iterations: 2, warm_start: true), ensemble: Fresh(members: 2)),
            Trial(name: \"b\", estimator: Reverse, ensemble: Folds(members: 3)),
        ])";
    let lab = Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap());
    let mut history = History::new(lab);
    let seen = |history: &History| -> Vec<u64> {
        let numbers = history.lab().trials().flat_map(|trial| {
            let records = trial.outer_records();
            let refits: Vec<f64> = records.iter().map(|record| record.number(&REFIT_LOSS).unwrap()).collect();
            [trial.lambda().to_vec(), trial.theta().to_vec(), refits, vec![trial.cost().calls()]].concat()
        });
        numbers.map(f64::to_bits).collect()
    };
    let mut visits = vec![seen(&history)];
    for step in 0..120 {
        let turn = Command::Turn { trial: 1, path: "ensemble.members".into(), value: "4".into() };
        history.apply(if step == 50 { &turn } else { &Command::Tick }).unwrap();
        visits.push(seen(&history));
    }
    for position in [3, 77, 49, 51, 50, 0, 120, 33] {
        history.seek(position);
        assert_eq!(seen(&history), visits[position], "at {position}");
    }
    let session = Session::from_ron(&Session::of(&history).to_ron().unwrap()).unwrap();
    let mut replayed = session.replay(&NoFiles).unwrap();
    replayed.seek(120);
    assert_eq!(seen(&replayed), visits[120]);
}
