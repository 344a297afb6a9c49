//! What a person keeps and where charts are read: pinned runs, bookmarks, clocks, the crosshair by keys.

use super::*;
use crate::chart::{self, Shape, clock_of};
use crate::metric::{CALLS, Clock, OUTER_STEP, VALUE};
use crate::tui::state::Reads;

#[test]
fn a_pinned_run_stays_on_the_charts_when_one_goes_back_and_turns() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("N N P");
    let [first, _, pinned] = &bench.tell().snapshot.trials[..] else { panic!("two trials and a pinned run") };
    assert!(pinned.is_pinned && !first.is_pinned && pinned.id != first.id);
    assert_eq!(pinned.setting.name, "Implicit, direct solve, pinned at outer step 2");
    assert_eq!(bench.tell().trial, 0, "the selection stays");
    let was = pinned.outer_records.points(&OUTER_STEP, &VALUE);
    assert_eq!(was, first.outer_records.points(&OUTER_STEP, &VALUE));
    // Back to the start, another knob, on along a new branch: the pinned run is as it was.
    bench.keys("home tab right N");
    assert!(bench.tell().snapshot.branches.len() == 2);
    let [now, _, pinned] = &bench.tell().snapshot.trials[..] else { panic!("the pinned run stays") };
    assert_eq!(now.outer_records.len(), 1);
    assert_eq!(pinned.outer_records.points(&OUTER_STEP, &VALUE), was);
    assert!(bench.text().contains("pinned"));
    // Nothing turns it, and the same key lets go of it.
    bench.keys("tab tab down down");
    assert_eq!(bench.tell().trial, 2);
    for key in ["tab right", "d", "h", "S"] {
        bench.keys(key);
        let said = &bench.app.message.as_ref().unwrap().text;
        assert!(said.contains("stays as it was"), "{key}: {said}");
    }
    // Nor does the mouse, nor a command.
    bench.keys(": set space inner.steps space 20 enter");
    assert!(bench.app.message.as_ref().unwrap().text.contains("stays as it was"), "{:?}", bench.app.message);
    assert_eq!(bench.tell().snapshot.trials.len(), 3);
    bench.keys("P");
    assert_eq!(bench.tell().snapshot.trials.len(), 2);
}

#[test]
fn bookmarks_are_listed_and_gone_to() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("nnn B N N B home");
    assert_eq!(bench.tell().snapshot.bookmarks.len(), 2);
    let timeline = |bench: &mut Bench| bench.text().lines().filter(|line| line.contains('◆')).count();
    assert_eq!(timeline(&mut bench), 1);
    bench.keys("}");
    assert_eq!(bench.tell().snapshot.position, 3);
    bench.keys("}");
    assert_eq!(bench.tell().snapshot.outer, 2);
    bench.keys("}");
    assert!(bench.app.message.as_ref().unwrap().text.contains("no bookmark lies ahead"), "{:?}", bench.app.message);
    bench.keys("{ : bookmark space here enter b");
    let text = bench.text();
    assert!(text.contains("◆ here · step 3 of branch 1  you are here"), "{text}");
    assert!(text.contains("◆ outer step 2, inner step 0"), "{text}");
    bench.keys("down down enter");
    assert_eq!(bench.tell().snapshot.outer, 2);
    // Once more removes the one that lies here.
    bench.keys("B");
    let names: Vec<&str> = bench.tell().snapshot.bookmarks.iter().map(|(mark, _)| mark.name.as_str()).collect();
    assert_eq!(names, ["here"]);
}

/// Puts the value function into the first pane: a chart over outer steps whose last point is where λ is now.
fn show_curves(bench: &mut Bench) {
    let snapshot = Arc::clone(&bench.tell().snapshot);
    let is_it = |entry: &chart::Entry| entry.card.name == VALUE.card.name;
    let place = chart::ALL.iter().position(is_it).unwrap();
    assert_eq!(clock_of(&(chart::ALL[place].draw)(&snapshot)), Some(Clock::Outer));
    bench.app.lab.as_mut().unwrap().panes[0].show(place);
}

/// The value function over outer steps, over another clock, is what its own chart over that clock shows.
#[test]
fn a_chart_goes_from_clock_to_clock() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("N N N tab tab");
    show_curves(&mut bench);
    let seen = |bench: &Bench| {
        let figure = bench.tell().figure(0);
        let Shape::Line(points) = figure.layers[0].shape.clone() else { panic!("a line") };
        (clock_of(&figure), points)
    };
    let over =
        |bench: &Bench, clock: Clock| bench.tell().snapshot.trials[0].outer_records.points(clock.metric(), &VALUE);
    // Where λ is now nothing has been spent yet: that point is on the clock of outer steps alone.
    let (clock, mut points) = seen(&bench);
    assert_eq!(points.pop().map(|point| point.0), Some(3.0));
    assert_eq!((clock, points), (Some(Clock::Outer), over(&bench, Clock::Outer)));
    for clock in [Clock::Inner, Clock::Calls] {
        bench.keys("X");
        assert_eq!(seen(&bench), (Some(clock), over(&bench, clock)));
        assert!(!bench.tell().figure(0).notes.iter().any(|note| note.contains("as far as")));
    }
    let calls = bench.tell().snapshot.trials[0].outer_records.last().unwrap().number(&CALLS).unwrap();
    assert!(calls > 2.0);
    // Errors against errors are over no clock.
    let timeless =
        chart::ALL.iter().position(|entry| clock_of(&(entry.draw)(&bench.tell().snapshot)).is_none()).unwrap();
    bench.app.lab.as_mut().unwrap().panes[0].show(timeless);
    bench.keys("X");
    assert!(bench.app.message.as_ref().unwrap().text.contains("not drawn over time"));
}

/// Whatever a chart over time draws, of a run or of whole runs over seeds, has a place on every other clock.
#[test]
fn every_chart_over_time_has_every_clock() {
    let mut bench = Bench::learning((140, 40));
    let mut seen = Vec::new();
    for keys in ["N N N N N", "o"] {
        bench.keys(keys);
        let snapshot = Arc::clone(&bench.tell().snapshot);
        for entry in chart::ALL {
            let figure = (entry.draw)(&snapshot);
            let Some(clock) = clock_of(&figure).filter(|_| !figure.layers.is_empty()) else { continue };
            let other = chart::on_clock(&figure, &snapshot, chart::next_clock(clock));
            let other = other.unwrap_or_else(|| panic!("{} has no other clock", entry.card.id));
            assert!(
                !chart::figure::marks(&other, &chart::figure::Plane::of(&other), 100).is_empty(),
                "{}",
                entry.card.id
            );
            seen.push(entry.card.id);
        }
    }
    for id in ["losses", "outer-error", "value", "hyperparameters", "overfitting", "cosine", "value-against-cost"] {
        assert!(seen.contains(&id), "{id} is not among {seen:?}");
    }
}

#[test]
fn charts_are_read_anywhere_by_keys() {
    let mut bench = Bench::lab((140, 40));
    bench.keys("N N N N tab tab");
    show_curves(&mut bench);
    let position = bench.tell().snapshot.position;
    bench.keys("| left left");
    assert!(matches!(&bench.tell().reads, Reads::At { label, x } if label == "outer step" && *x == 2.0));
    let read = bench.tell().snapshot.trials[0].outer_records.at(2).unwrap().number(&VALUE).unwrap();
    let text = bench.text();
    assert!(text.contains(&crate::math::number::typeset(read)), "{read} is not in {text}");
    bench.keys("right right");
    assert_eq!(bench.tell().reads, Reads::Newest);
    bench.keys("left esc left");
    assert_eq!(bench.tell().reads, Reads::Nowhere);
    assert_eq!(bench.tell().snapshot.position, position - 1, "without a crosshair the same key seeks");
}
