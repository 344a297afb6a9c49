//! What a chart shows at a pause within an inner run: the last whole run stands behind the one that goes on, and no slope
//! of a part of a run passes for that of a whole one.

use hyperlab::chart::figure::Plane;
use hyperlab::chart::{Choice, Figure, Layer, Shape};
use hyperlab::lab::{Command, Lab, Snapshot};
use hyperlab::scenario::{NoFiles, builtin, experiment, parse};
use hyperlab::trial::Status;

/// Every chart over inner steps of a scenario that has not taken two outer steps, and after that.
const CHARTS: [&str; 7] = [
    "super-efficiency",
    "hypergradient-error",
    "error-against-cost",
    "cosine",
    "metric(error, run)",
    "metric(error, relative-error, run-calls)",
    "losses",
];

fn lab(id: &str) -> Lab {
    Lab::new(experiment(&parse(builtin(id).unwrap().text).unwrap(), &NoFiles).unwrap())
}

fn tick_until(lab: &mut Lab, holds: impl Fn(&Lab) -> bool) {
    for _ in 0..100_000 {
        if holds(lab) {
            return;
        }
        lab.apply(&Command::Tick).unwrap();
    }
    panic!("it never holds");
}

fn draw(chart: &str, lab: &Lab) -> Figure {
    Choice::parse(chart).unwrap().draw(&Snapshot::of_lab(lab))
}

fn points(layer: &Layer) -> &[(f64, f64)] {
    match &layer.shape {
        Shape::Line(points) | Shape::Points(points) => points,
        _ => &[],
    }
}

fn behind(figure: &Figure) -> Vec<&Layer> {
    figure.layers.iter().filter(|layer| layer.style.faint).collect()
}

fn bits(points: &[(f64, f64)]) -> Vec<(u64, u64)> {
    points.iter().map(|(x, y)| (x.to_bits(), y.to_bits())).collect()
}

#[test]
fn the_last_whole_run_stands_behind_the_one_that_goes_on() {
    for chart in CHARTS {
        let mut lab = lab("quadratic");
        let trials = lab.trials().count();
        tick_until(&mut lab, |lab| lab.trials().all(|trial| trial.status() == Status::Ready));
        let whole = draw(chart, &lab);
        assert_eq!(behind(&whole), Vec::<&Layer>::new(), "{chart}: a whole run has nothing behind it");
        // At the start of the next run the whole one is what is shown, and no ghost of itself.
        tick_until(&mut lab, |lab| lab.trials().all(|trial| trial.outer() == 1));
        assert_eq!(behind(&draw(chart, &lab)), Vec::<&Layer>::new(), "{chart}");

        tick_until(&mut lab, |lab| lab.trials().all(|trial| trial.inner() == 3));
        let figure = draw(chart, &lab);
        let ghosts = behind(&figure);
        assert!(ghosts.len() >= trials && ghosts.len().is_multiple_of(trials), "{chart}: {}", ghosts.len());
        // Point for point what was drawn of that run when it was over.
        for ghost in &ghosts {
            let name = ghost.whose.strip_suffix(", last whole run").unwrap();
            let is_same =
                |layer: &&Layer| layer.style.ink == ghost.style.ink && bits(points(layer)) == bits(points(ghost));
            assert!(whole.layers.iter().any(|layer| is_same(&layer)), "{chart}: {name}");
            assert!(points(ghost).len() > 4, "{chart}: {name}");
        }
        let front = figure.layers.iter().find(|layer| layer.name == ghosts[0].whose.replace(", last whole run", ""));
        assert!(points(front.unwrap()).len() <= 4, "{chart}: the run that goes on is drawn as far as it is");
        let said: Vec<&str> = figure.legend().map(|layer| layer.name.as_str()).collect();
        let entries = said.iter().filter(|name| name.contains("last whole run")).count();
        assert!(entries == 1 && said.contains(&"last whole run, outer step 0"), "{chart}: {said:?}");

        // Both are in the axes. Errors at rounding, and the last of a few curves that would squeeze the others, are left
        // beyond the edge, and the figure says so.
        let plane = Plane::of(&figure);
        let is_drawn = |point: &&(f64, f64)| figure.x.shows(point.0) && figure.y.shows(point.1) && point.1.abs() > 1e-9;
        let is_inside = |point: &(f64, f64)| {
            let inside = -1e-9..=1.0 + 1e-9;
            plane.position(*point).is_some_and(|(x, y)| inside.contains(&x) && inside.contains(&y))
        };
        for layers in [ghosts, figure.layers.iter().filter(|layer| !layer.style.faint && !layer.style.dashed).collect()]
        {
            let drawn: Vec<_> = layers.into_iter().flat_map(points).filter(is_drawn).collect();
            let outside: Vec<_> = drawn.iter().filter(|point| !is_inside(point)).collect();
            assert!(10 * outside.len() <= drawn.len(), "{chart}: {outside:?} of {}", drawn.len());
        }
    }
}

#[test]
fn a_run_under_another_setting_is_no_run_to_compare_with() {
    let mut lab = lab("quadratic");
    tick_until(&mut lab, |lab| lab.trials().all(|trial| trial.outer() == 1 && trial.inner() == 3));
    let first = lab.trials().next().unwrap().id();
    lab.apply(&Command::Turn { trial: first, path: "inner.steps".into(), value: "33".into() }).unwrap();
    let name = lab.trial(first).unwrap().setting().name.clone();
    let figure = draw("hypergradient-error", &lab);
    let ghosts = behind(&figure);
    assert!(!ghosts.is_empty() && ghosts.iter().all(|ghost| ghost.whose != format!("{name}, last whole run")));
}

/// "3.03" and "1.84" were read off the middle of a run as if they were slopes of a whole one.
#[test]
fn a_slope_of_a_part_of_a_run_says_so_and_passes_no_verdict() {
    let mut lab = lab("super-efficiency-strong");
    tick_until(&mut lab, |lab| lab.trials().all(|trial| trial.status() == Status::Ready));
    let whole = Snapshot::of_lab(&lab);
    assert!(whole.trials.iter().any(hyperlab::lab::TrialView::is_super_efficient));
    assert!(whole.trials.iter().all(|trial| trial.slope_in_words().is_none_or(|words| !words.contains("so far"))));
    tick_until(&mut lab, |lab| lab.trials().all(|trial| trial.outer() == 1));
    let mut seen = 0;
    loop {
        lab.apply(&Command::Tick).unwrap();
        let snapshot = Snapshot::of_lab(&lab);
        let going = snapshot.trials.iter().zip(&whole.trials).filter(|(trial, _)| trial.status == Status::Running);
        for (trial, before) in going {
            assert!(trial.is_unfinished && !trial.is_super_efficient());
            assert_eq!(trial.slope_behind.map(|law| law.slope), before.slope.map(|law| law.slope));
            let Some(slope) = trial.slope else { continue };
            let words = trial.slope_in_words().unwrap();
            assert!(words.starts_with(&format!("{:.2} so far", slope.slope)), "{words}");
            let last = before.slope.map(|law| format!(", last run {:.2}", law.slope));
            assert!(last.is_none_or(|last| words.ends_with(&last)), "{words}");
            seen += 1;
        }
        let badges = draw("super-efficiency", &lab).layers;
        let badges: Vec<&String> = badges.iter().filter_map(|layer| layer.badge.as_ref()).collect();
        if snapshot.trials.iter().all(|trial| trial.status == Status::Ready) {
            assert!(badges.iter().any(|badge| badge.contains("super-efficient")), "{badges:?}");
            break;
        }
        if snapshot.trials.iter().all(|trial| trial.status == Status::Running) {
            let is_marked = |badge: &&&String| badge.contains("so far") || badge.contains("of last run");
            assert!(badges.iter().all(|badge| is_marked(&badge)), "{badges:?}");
            assert!(badges.iter().all(|badge| !badge.contains("super-efficient")), "{badges:?}");
        }
    }
    assert!(seen > 5, "{seen}");
}
