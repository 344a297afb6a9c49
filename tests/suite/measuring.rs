//! At which λ trials are measured: at one for all of them, unless somebody says otherwise; and always at the one that is
//! said.

use std::ops::ControlFlow;
use std::sync::Arc;

use hyperlab::chart;
use hyperlab::engine::{Engine, Request};
use hyperlab::lab::{Command, Findings, History, Inquiry, Lab, Measured, Moment, Place, Snapshot, Standing, Terms};
use hyperlab::probe::bias_variance::{self, BiasVariance};
use hyperlab::probe::{Case, Question, Subject};
use hyperlab::scenario::{MeasuredAt, NoFiles, experiment, parse, vary};

/// Three trials that move λ apart; the last has outer variables of its own: four log step sizes and a momentum.
const SCENARIO: &str = r#"Scenario(
    title: "Apart", about: "Each trial moves λ in its own way.", seed: 5,
    problem: Ridge(penalty: Scalar),
    data: Data(source: Regression(rows: 40, features: 3, noise: 0.5), split: Random(training: 20, validation: 20)),
    lambda: Constant(-1.0),
    inner: Inner(dynamics: GradientDescent(), steps: 6),
    outer: Outer(rule: Adam(step: 0.5), steps: 4),
    study: Study(training: 4, validation: 2),
    trials: [
        Trial(name: "two", estimator: Reverse, inner: Inner(dynamics: GradientDescent(), steps: 2)),
        Trial(name: "six", estimator: Reverse),
        Trial(name: "learned", estimator: Reverse, inner: Inner(dynamics: ScheduledHeavyBall(steps: 4), steps: 4)),
    ],
    charts: ["bias-variance"],
)"#;

const QUESTION: Question = Question::of(&bias_variance::ENTRY);

fn lab(text: &str) -> Lab {
    Lab::new(experiment(&parse(text).unwrap(), &NoFiles).unwrap())
}

fn run(lab: &mut Lab, outer: usize) {
    while lab.trials().any(|trial| trial.outer() < outer) {
        lab.apply(&Command::Tick).unwrap();
    }
}

fn inquiry(lab: &Lab, place: Place) -> Inquiry {
    let knobs = Snapshot::of_lab(lab).findings.knobs(QUESTION.probe());
    Inquiry::new(QUESTION, lab, Terms { knobs, place }, Moment::of_lab(lab)).unwrap()
}

fn measured(lab: &Lab, place: Place) -> Measured {
    let inquiry = inquiry(lab, place);
    let finding = inquiry.run(&NoFiles, &mut |_| ControlFlow::Continue(())).unwrap();
    inquiry.measured(finding.into())
}

/// What the probe finds of these trials at these λ, with no laboratory in between.
fn by_hand(lab: &Lab, lambdas: &[Option<Vec<f64>>]) -> String {
    let scenario = &lab.experiment().scenario;
    let knobs = Snapshot::of_lab(lab).findings.knobs(QUESTION.probe());
    let subject = |(trial, lambda): (&hyperlab::trial::Trial, &Option<Vec<f64>>)| Subject {
        id: trial.id(),
        setting: trial.setting().clone(),
        lambda: lambda.as_ref().map(|lambda| Arc::from(lambda.as_slice())),
        stance: None,
    };
    let subjects = lab.trials().zip(lambdas).map(subject).collect();
    let case = Case { subjects, ..Case::of(&scenario.title, scenario, &NoFiles, &knobs).unwrap() };
    (QUESTION.probe().run)(&case, &mut |_| ControlFlow::Continue(())).unwrap().to_json()
}

#[test]
fn one_lambda_is_shared_and_what_is_a_trials_own_stays_its_own() {
    let mut lab = lab(SCENARIO);
    let at_start = measured(&lab, Place::Start).finding.to_json();
    run(&mut lab, 3);
    let lambdas: Vec<Vec<f64>> = lab.trials().map(|trial| trial.lambda().to_vec()).collect();
    assert!(lambdas[0] != lambdas[1] && lambdas[1][0] != lambdas[2][0], "{lambdas:?}");
    assert_eq!((lambdas[0].len(), lambdas[2].len()), (1, 6));

    assert_eq!(measured(&lab, Place::Start).finding.to_json(), at_start, "λ₀ is λ₀ wherever the trials are");
    assert_eq!(at_start, by_hand(&lab, &[None, None, None]));

    let shared = lambdas[1][0];
    let mut learned = lambdas[2].clone();
    learned[0] = shared;
    let expected = by_hand(&lab, &[Some(vec![shared]), Some(vec![shared]), Some(learned)]);
    let found = measured(&lab, Place::Of(Some(1)));
    assert_eq!(found.finding.to_json(), expected);
    let finding: &BiasVariance = found.finding.get().unwrap();
    let truths: Vec<u64> = finding.trials.iter().map(|trial| trial.truth[0].to_bits()).collect();
    assert!(truths.iter().all(|truth| *truth == truths[0]), "one λ has one truth");

    let own: Vec<Option<Vec<f64>>> = lambdas.into_iter().map(Some).collect();
    assert_eq!(measured(&lab, Place::Each).finding.to_json(), by_hand(&lab, &own));
    assert_eq!(
        measured(&lab, Place::Of(Some(99))).finding.to_json(),
        measured(&lab, Place::Of(Some(0))).finding.to_json()
    );
}

#[test]
fn a_measurement_goes_stale_with_the_lambda_that_it_is_about_and_with_no_other() {
    let mut lab = lab(SCENARIO);
    run(&mut lab, 1);
    let [start, second, each] = [Place::Start, Place::Of(Some(1)), Place::Each].map(|place| inquiry(&lab, place));
    let standing = |lab: &Lab| [&start, &second, &each].map(|inquiry| inquiry.standing(lab));
    assert_eq!(standing(&lab), [Standing::Current; 3]);
    // Steps each on its own: the first trial alone takes an outer step.
    lab.apply(&Command::Set { path: "pace".into(), value: "Steps".into() }).unwrap();
    while lab.trial(0).unwrap().outer() < 2 {
        lab.apply(&Command::Tick).unwrap();
    }
    assert_eq!((lab.trial(1).unwrap().outer(), lab.trial(2).unwrap().outer()), (1, 1));
    assert_eq!(standing(&lab), [Standing::Current, Standing::Current, Standing::LambdaMoved]);
    run(&mut lab, 3);
    assert_eq!(standing(&lab), [Standing::Current, Standing::LambdaMoved, Standing::LambdaMoved]);
    lab.apply(&Command::Set { path: "lambda".into(), value: "Constant(-2.0)".into() }).unwrap();
    assert_eq!(standing(&lab), [Standing::SettingChanged; 3], "λ₀ is another one");
    // The trial whose λ it was is gone.
    let mut lab = self::lab(SCENARIO);
    let second = inquiry(&lab, Place::Of(Some(1)));
    lab.apply(&Command::Remove(1)).unwrap();
    assert_eq!(second.standing(&lab), Standing::SettingChanged);
}

#[test]
fn the_chart_spells_out_a_lambda_of_few_entries_and_the_length_of_a_long_one() {
    let drawn = |text: &str, place: Place| {
        let mut lab = lab(text);
        run(&mut lab, 1);
        let mut findings = Findings::none(&lab.experiment().scenario.study);
        findings.keep(QUESTION, measured(&lab, place));
        let snapshot = Snapshot::of_lab(&lab).with_findings(findings);
        let figure = (chart::ALL.iter().find(|entry| entry.finding == Some(QUESTION)).unwrap().draw)(&snapshot);
        (figure.title, figure.notes.join("\n"))
    };
    let (title, notes) = drawn(SCENARIO, Place::Start);
    assert!(title == "Bias and variance at λ₀" && notes.contains("all at λ₀ = -1.000"), "{title}\n{notes}");
    let (title, notes) = drawn(SCENARIO, Place::Of(Some(1)));
    // Adam's first step is as long as its knob says, whatever the estimate.
    assert_eq!(title, "Bias and variance at λ of six (outer step 1)");
    assert!(notes.contains("(outer step 1): λ = -1.500") || notes.contains("(outer step 1): λ = -0.5000"), "{notes}");
    let (title, notes) = drawn(SCENARIO, Place::Each);
    assert!(
        title.ends_with("each at its own λ") && notes.contains("bars differ by where trials are"),
        "{title}\n{notes}"
    );
    let long =
        SCENARIO.replace("Ridge(penalty: Scalar)", "Ridge(penalty: PerFeature)").replace("features: 3", "features: 9");
    let (title, notes) = drawn(&long, Place::Start);
    assert!(title == "Bias and variance at λ₀" && notes.contains("all at λ₀\n"), "{title}\n{notes}");
    assert!(drawn(&long, Place::Of(None)).1.contains("(outer step 1): ‖λ‖ = "));
}

#[test]
fn a_file_says_at_which_lambda_and_so_does_a_path() {
    let scenario = parse(SCENARIO).unwrap();
    assert_eq!(scenario.study.measured_at, MeasuredAt::Start);
    for choice in MeasuredAt::ALL {
        let varied = vary(&scenario, &format!("study.measured_at={}", choice.name())).unwrap();
        assert_eq!(varied.study.measured_at, choice);
        assert_eq!(Findings::none(&varied.study).measured_at(), choice);
        assert!(varied.has_same_stage(&scenario));
    }
    assert!(vary(&scenario, "study.measured_at=Elsewhere").unwrap_err().contains("Elsewhere"));
    let written = SCENARIO.replace("validation: 2)", "validation: 2, measured_at: Each)");
    assert_eq!(parse(&written).unwrap().study.measured_at, MeasuredAt::Each);
}

/// λ₀ does not move, so what is kept up there is measured once; the λ of a trial moves, and so may the trial that is
/// meant.
#[test]
fn what_is_kept_up_follows_the_lambda_that_is_meant() {
    let engine = Engine::start(History::new(lab(SCENARIO))).unwrap();
    let ask = |request: Request| {
        engine.send(request);
        let start = std::time::Instant::now();
        while engine.pending() > 0 || engine.snapshot().findings.under_way.is_some() {
            assert!(start.elapsed().as_secs() < 120, "the laboratory hangs");
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        engine.snapshot().findings.latest(QUESTION).map(|found| (found.taken.outer, found.place(), found.standing))
    };
    let current = |outer: usize, place: &str| Some((outer, place.to_owned(), Standing::Current));
    assert_eq!(ask(Request::KeepMeasuring(Some(QUESTION))), current(0, "at λ₀"));
    assert_eq!(ask(Request::Outer(None)), current(0, "at λ₀"));
    ask(Request::Select(Some(1)));
    assert_eq!(ask(Request::MeasureAt(MeasuredAt::Selected)), current(1, "at λ of six (outer step 1)"));
    assert_eq!(ask(Request::Outer(None)), current(2, "at λ of six (outer step 2)"));
    assert_eq!(ask(Request::Select(Some(0))), current(2, "at λ of two (outer step 2)"));
    assert_eq!(ask(Request::MeasureAt(MeasuredAt::Each)), current(2, "each at its own λ"));
    assert_eq!(ask(Request::MeasureAt(MeasuredAt::Start)), current(2, "at λ₀"));
    assert_eq!(ask(Request::Outer(None)), current(2, "at λ₀"));
    // How one measures is no part of what was done.
    engine.send(Request::Save);
    ask(Request::Select(None));
    let commands = engine.take_session().unwrap().branches;
    assert!(!format!("{commands:?}").contains("measured_at"), "{commands:?}");
}
