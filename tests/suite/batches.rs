//! Batches inside trials: whose rows they are, what they cost, where they end, and what is no batch.

use hyperlab::draw::{Batch, Clock, Draw, Drawing, Draws, PerStep, Sizes};
use hyperlab::lab::{Command, Lab};
use hyperlab::metric::CALLS;
use hyperlab::scenario::{NoFiles, check_text, experiment, parse};
use hyperlab::trial::{Status, Trial};

fn scenario(fields: &str, trials: &str) -> String {
    format!(
        "Scenario(title: \"Batches\", about: \"\", seed: 3, problem: Ridge(penalty: PerFeature),
        data: Data(source: Regression(rows: 30, features: 4), split: Random(training: 20, validation: 10, test: 0)),
        inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 2, warm_start: true, batch: Rows(5)),
        outer: Outer(rule: GradientDescent(step: 0.5), batch: Rows(3)), {fields} trials: [{trials}])"
    )
}

fn lab(text: &str) -> Lab {
    Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap())
}

fn ticked(mut lab: Lab, ticks: usize) -> Lab {
    (0..ticks).for_each(|_| lab.apply(&Command::Tick).unwrap());
    lab
}

fn bits(trial: &Trial) -> Vec<u64> {
    [trial.lambda(), trial.theta()].concat().into_iter().map(f64::to_bits).collect()
}

const TWO: &str = "Trial(name: \"a\", estimator: Soba), Trial(name: \"b\", estimator: Soba)";

#[test]
fn trials_that_share_a_stream_see_the_same_rows_and_others_do_not() {
    let pair = |draws: &str| {
        let lab = ticked(lab(&scenario(draws, TWO)), 40);
        lab.trials().map(bits).collect::<Vec<_>>()
    };
    let (own, shared) = (pair("draws: Own,"), pair("draws: Shared,"));
    assert_eq!(shared[0], shared[1]);
    assert_ne!(own[0], own[1]);
    assert_ne!(own[0], shared[0]);
}

/// The lists of a shared stream, written out, give the very run: batches are functions of seed, stream and clock.
#[test]
fn a_stream_that_is_written_out_gives_the_same_run() {
    let trial = "Trial(estimator: Neumann(iterations: 3, step: Fixed(0.1)))";
    let sizes = Sizes { inner: Batch::Rows(5), outer: Batch::Rows(3), ..Sizes::default() };
    let per_step = PerStep { inner: 2, adjoint: 3, cross: 1, outer: 1, ..PerStep::default() };
    let mut draws = Draws::new(sizes, Drawing::Shared, per_step);
    let (mut training, mut validation) = (Vec::new(), Vec::new());
    for outer in 0..8 {
        let at = Clock { seed: 3, trial: 0, outer, inner: 0 };
        let mut take = |what, count, of, lists: &mut Vec<Vec<usize>>| {
            for index in 0..count {
                let mut list = Vec::new();
                assert!(draws.rows(at, what, index, of, &mut list));
                lists.push(list);
            }
        };
        take(Draw::Inner, 2, 20, &mut training);
        take(Draw::Adjoint, 3, 20, &mut training);
        take(Draw::Cross, 1, 20, &mut training);
        take(Draw::Outer, 1, 10, &mut validation);
    }
    let written = format!("draws: Explicit(training: {training:?}, validation: {validation:?}),");
    let drawn = ticked(lab(&scenario("draws: Shared,", trial)), 24);
    let written = ticked(lab(&scenario(&written, trial)), 24);
    let [drawn, written] = [&drawn, &written].map(|lab| lab.trials().next().unwrap().clone());
    assert_eq!(drawn.outer(), 8);
    assert_eq!(bits(&drawn), bits(&written));
    // Two gradients, three products with H and one with J over a quarter of the rows, an outer gradient over .3 of them.
    let calls = drawn.outer_records().last().unwrap().number(&CALLS).unwrap();
    assert!((calls - 8.0 * (6.0 * 0.25 + 0.3)).abs() < 1e-12, "{calls}");
}

#[test]
fn a_run_ends_where_its_lists_do_and_says_so() {
    let lists = "draws: Explicit(training: [[0], [1], [2], [3], [4]]),";
    let lab = ticked(lab(&scenario(lists, "Trial(estimator: Reverse)")), 20);
    let trial = lab.trials().next().unwrap();
    assert_eq!((trial.outer(), trial.status()), (2, Status::NoLists { outer: 2 }));
    assert_eq!(trial.status().to_string(), "stopped at outer 2: `draws` lists no more rows");
}

#[test]
fn what_is_no_batch_is_refused_with_what_would_work() {
    let trial = "Trial(estimator: Direct)";
    let refused = |text: &str| {
        let (_, found) = check_text(text, &NoFiles, &[][..]);
        let messages: Vec<String> = found.into_iter().map(|found| found.message).collect();
        messages.join("; ")
    };
    let text = scenario("", trial);
    for (from, to, expected) in [
        ("batch: Rows(5)", "batch: Rows(21)", "a batch of 21 of 20 training rows; expected from 1 to 20, or `Full`"),
        ("batch: Rows(5)", "batch: Epoch(0)", "a batch of 0 of 20 training rows; expected from 1 to 20"),
        ("batch: Rows(5)", "products: Rows(99)", "a batch of 99 of 20 training rows"),
        ("batch: Rows(3)", "batch: Rows(11)", "a batch of 11 of 10 validation rows; expected from 1 to 10"),
    ] {
        let found = refused(&text.replace(from, to));
        assert!(found.contains(expected), "{to}: {found}");
    }
    for (draws, expected) in [
        ("Explicit()", "`Explicit` has no lists"),
        ("Explicit(training: [[0], []])", "the list is empty; expected at least 1 row"),
        ("Explicit(training: [[0, 20]])", "there is no training row 20; expected numbers from 0 to 19"),
        ("Explicit(validation: [[9], [10]])", "there is no validation row 10; expected numbers from 0 to 9"),
    ] {
        let found = refused(&scenario(&format!("draws: {draws},"), trial));
        assert!(found.contains(expected), "{draws}: {found}");
    }
    let divided = scenario("draws: Explicit(training: [[0]]), ensemble: Folds(members: 3),", trial);
    assert!(refused(&divided).contains("`Folds` divides the rows that `draws` lists"), "{}", refused(&divided));
    let no_rows = "Scenario(title: \"\", about: \"\", problem: Quadratic(), trials: [Trial(estimator: Direct)],
        inner: Inner(dynamics: GradientDescent, steps: 2, batch: Rows(2)))";
    assert!(refused(no_rows).contains("`Quadratic` is no sum over rows; expected `Full`"), "{}", refused(no_rows));
    // The same while the program runs, with nothing changed.
    let mut lab = lab(&text);
    for (path, value) in [("inner.batch", "Rows(21)"), ("outer.batch", "Epoch(11)")] {
        let turn = Command::Turn { trial: 0, path: path.into(), value: value.into() };
        assert!(lab.apply(&turn).unwrap_err().to_string().contains("rows; expected from 1 to"));
    }
    let turn = Command::Turn { trial: 0, path: "inner.batch".into(), value: "Full".into() };
    lab.apply(&turn).unwrap();
    assert_eq!(lab.trials().next().unwrap().setting().inner.batch, Batch::Full);
}
