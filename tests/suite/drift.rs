//! Worlds that drift: which blocks an outer step sees, of drawn rows and of a table in time order, and what cannot be.

use hyperlab::data::{Files, Split};
use hyperlab::lab::{Command, History, Lab, Session};
use hyperlab::metric::{AGE_WEIGHTS, FILTERED, FILTERED_NORM, LAMBDA, TEST_LOSS, THETA};
use hyperlab::problem::Sample;
use hyperlab::scenario::{Experiment, NoFiles, check_text, experiment};

use crate::common::assert_close;
use crate::common::estimation::bits;

struct Table(String);

impl Files for Table {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

fn scenario(problem: &str, data: &str, world: &str) -> String {
    format!(
        "Scenario(title: \"t\", about: \"a\", seed: 4, problem: {problem}, data: Data({data}), world: {world},
        inner: Inner(dynamics: Newton, steps: 2),
        outer: Outer(rule: Adam(step: 0.05), filter: Window(width: 3), steps: 6),
        trials: [Trial(estimator: Direct), Trial(name: \"CG\", estimator: Cg(iterations: 2, warm_start: true))])"
    )
}

const BLOCKS: &str = "PastBlocks(blocks: 3, features: 5)";
const DRAWN: &str =
    "source: Drifting(blocks: 12, rows: 8), split: Stream(past: 3, block: 8, training: 6, validation: 4)";

fn built(text: &str) -> Experiment {
    let (scenario, found) = check_text(text, &NoFiles, &[][..]);
    experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap()
}

/// The rows of an outer step.
fn at(experiment: &Experiment, outer: usize) -> Result<Split, String> {
    let own = [experiment.data.as_ref().unwrap().split.clone()];
    let lab = Lab::new(experiment.clone());
    let setting = lab.trials().next().unwrap().setting().clone();
    let found = experiment.splits_at(&setting, &own, (outer, &[]), &|| None)?;
    Ok(found.map_or_else(|| own[0].clone(), |mut splits| splits.remove(0)))
}

#[test]
fn the_newest_block_comes_first_and_the_next_one_judges() {
    let found = built(&scenario(BLOCKS, &format!("{DRAWN}, standardize: Off"), "Drift"));
    let data = &found.data.as_ref().unwrap().dataset;
    let numbers = |block: usize, rows: std::ops::Range<usize>| rows.map(move |row| 8 * block + row);
    for outer in [0, 1, 5, 8] {
        let split = at(&found, outer).unwrap();
        let past: Vec<usize> = [2, 1, 0].into_iter().flat_map(|block| numbers(block + outer, 0..6)).collect();
        let present: Vec<usize> = numbers(3 + outer, 4..8).collect();
        let of = |rows: &[usize], values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
        assert_eq!(split.training.targets, of(&past, &data.targets), "{outer}");
        assert_eq!(split.validation.targets, of(&present, &data.targets));
        assert_eq!(split.test.targets, of(&present, &data.curve));
        assert_eq!(split.training.features, data.features.choose_rows(&past));
        assert_eq!(
            (&split.validation.features, &split.test.features),
            (&data.features.choose_rows(&present), &data.features.choose_rows(&present))
        );
    }
    assert!(
        at(&found, 9)
            .unwrap_err()
            .contains("outer step 9 would be about the block after the last: the data has 12 blocks of 8 rows")
    );
}

/// A table of a person's own, in the order of its rows: scaled once, as the first past blocks say, and judged by what was measured.
#[test]
fn a_table_is_a_stream_in_the_order_of_its_rows() {
    let x: Vec<f64> = (0..13).map(|row| f64::from(row * row % 7)).collect();
    let rows: String = x.iter().enumerate().map(|(row, x)| format!("{x},{}\n", 10 * row)).collect();
    let table = Table(format!("x,y\n{rows}"));
    let data = "source: Csv(path: \"series.csv\", target: \"y\"), split: Stream(past: 2, block: 2)";
    let (scenario, found) = check_text(&scenario("PastBlocks(blocks: 2, features: 4)", data, "Drift"), &table, &[][..]);
    let found = experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &table).unwrap();
    let split = at(&found, 3).unwrap();
    assert_eq!(split.training.targets, [80.0, 90.0, 60.0, 70.0]);
    assert_eq!(split.validation.targets, [100.0, 110.0]);
    assert!(split.test.targets.is_empty());
    // x of the first four rows: 0, 1, 4, 2.
    let (mean, deviation) = (1.75, (35.0f64 / 16.0).sqrt());
    for (found, row) in split.training.features.column(0).iter().zip([8, 9, 6, 7]) {
        assert!((found - (x[row] - mean) / deviation).abs() < 1e-12);
    }
    // The last row fills no block.
    assert!(at(&found, 4).is_err());
}

/// The clean loss of an outer step is that of its own h on the rows that judge it, and the last λ is followed by no more rows.
#[test]
fn the_loss_on_the_curve_is_about_the_block_of_its_time() {
    let found = built(&scenario(BLOCKS, DRAWN, "Drift"));
    let mut lab = Lab::new(found.clone());
    while lab.trials().any(|trial| !trial.status().is_halted()) {
        lab.apply(&Command::Tick).unwrap();
    }
    for trial in lab.trials() {
        assert_eq!((trial.outer(), trial.status().stop()), (9, Some("no more rows")));
        for record in trial.outer_records().iter() {
            let problem = found.problem_on(&at(&found, record.place).unwrap()).unwrap();
            let score = problem.score(Sample::Test, record.vector(&LAMBDA), record.vector(&THETA)).unwrap();
            assert!((record.number(&TEST_LOSS).unwrap() - score.loss).abs() < 1e-14);
            assert!((record.vector(&AGE_WEIGHTS).iter().sum::<f64>() - 1.0).abs() < 1e-14);
            let length = hyperlab::math::vector::norm(record.vector(&FILTERED));
            assert_close(&[record.number(&FILTERED_NORM).unwrap()], &[length], 1e-14, "‖h̄‖");
        }
    }
}

#[test]
fn time_runs_back_and_forth_and_a_session_finds_it_again() {
    let place =
        |lab: &Lab| lab.trials().map(|trial| bits(&[trial.lambda(), trial.theta()].concat())).collect::<Vec<_>>();
    let mut history = History::new(Lab::new(built(&scenario(BLOCKS, DRAWN, "Drift"))));
    let mut seen = vec![place(history.lab())];
    for _ in 0..25 {
        history.apply(&Command::Tick).unwrap();
        seen.push(place(history.lab()));
    }
    for position in [3, 24, 11, 0, 25, 12] {
        history.seek(position);
        assert!(place(history.lab()) == seen[position], "at {position}");
    }
    let session = Session::from_ron(&Session::of(&history).to_ron().unwrap()).unwrap();
    let mut replayed = session.replay(&NoFiles).unwrap();
    replayed.seek(25);
    assert!(place(replayed.lab()) == seen[25]);
}

#[test]
fn what_cannot_be_is_named_where_it_stands() {
    let said = |problem: &str, data: &str, world: &str| {
        let (_, found) = check_text(&scenario(problem, data, world), &NoFiles, &[][..]);
        found.into_iter().map(|mistake| mistake.message).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(said(BLOCKS, DRAWN, "Drift"), "");
    let timeless = said("Ridge", "source: Regression(rows: 40, features: 3)", "Drift");
    assert!(timeless.contains("the rows have no time; expected `split: Stream(…)`"), "{timeless}");
    let long = said(BLOCKS, "source: Drifting(blocks: 3, rows: 8), split: Stream(past: 3, block: 8)", "Drift");
    assert!(
        long.contains("`past` is 3, but the data has 3 blocks of 8 rows") && long.contains("expected from 1 to 2"),
        "{long}"
    );
    let wide =
        said(BLOCKS, "source: Drifting(blocks: 9, rows: 8), split: Stream(past: 3, block: 8, training: 9)", "Drift");
    assert!(wide.contains("`training` is 9; expected from 1 to 8"), "{wide}");
    let other = said("PastBlocks(blocks: 5)", DRAWN, "Drift");
    assert!(other.contains("`blocks` is 5, which does not divide the 18 training rows"), "{other}");
    let noisy = said(BLOCKS, &format!("{DRAWN}, target_noise: 0.5"), "Drift");
    assert!(noisy.contains("rows of a stream are taken as they come"), "{noisy}");
    let weighed = said("LabelCorrection", DRAWN, "Drift");
    assert!(weighed.contains("λ weighs the scenario's own training rows"), "{weighed}");
    let fewer = said("PastBlocks(blocks: 2)", DRAWN, "Drift");
    assert!(fewer.contains("`blocks` is 2, and the split has 3 blocks of the past; expected `blocks: 3`"), "{fewer}");
    let timeless = said(
        BLOCKS,
        "source: Regression(rows: 40, features: 3), split: Ordered(training: 30, validation: 10)",
        "Fixed",
    );
    assert!(timeless.contains("these have none; expected `Stream(past: 3, block: …)`"), "{timeless}");
    let anew = said(BLOCKS, DRAWN, "Fresh(rows: Resplit)");
    assert!(anew.contains("rows that are drawn anew have none; expected `Drift` or `Fixed`"), "{anew}");
    let divided = said(BLOCKS, DRAWN, "Fixed, ensemble: Fresh(members: 2)");
    assert!(divided.contains("rows that are divided anew have none; expected `Single`"), "{divided}");
    // A stream without a world that moves is a split like any other.
    assert_eq!(said("Ridge", DRAWN, "Fixed"), "");
}
