//! What every outer rule promises: it descends, its step size is one, its memory is its own, and it hides no NaN. The
//! iterates themselves are held against closed forms in the rules' files.

use hyperlab::catalog::{Knobs, Value};
use hyperlab::outer::{ALL, Entry, OuterRule};
use hyperlab::problem::{Block, Blocks};

use crate::common::estimation::bits;

/// Hypergradients that differ from step to step and from entry to entry.
const HYPERGRADIENTS: [[f64; 3]; 4] = [[1.0, -2.0, 0.1], [0.5, 3.0, -0.1], [-1.0, 0.25, 1e-3], [2.0, 2.0, 2.0]];

fn knobs(entry: &Entry, step: f64) -> Knobs {
    Knobs::defaults(entry.card.knobs).with("step", Value::Real(step))
}

fn rule(entry: &Entry, step: f64) -> Box<dyn OuterRule> {
    (entry.build)(&knobs(entry, step))
}

/// λ of so many entries without bounds.
fn blocks(count: usize) -> Blocks {
    Blocks::new(vec![Block::numbered("lambda", count)])
}

/// λ after each of the hypergradients, from 0.
fn path(rule: &mut dyn OuterRule) -> Vec<f64> {
    let mut lambda = vec![0.0; 3];
    let mut path = Vec::new();
    for hypergradient in &HYPERGRADIENTS {
        rule.step(&blocks(lambda.len()), &mut lambda, hypergradient);
        path.extend(&lambda);
    }
    path
}

#[test]
fn every_rule_descends() {
    for entry in ALL {
        let mut rule = rule(entry, 0.05);
        let mut lambda = vec![3.0, -2.0];
        let value = |x: &[f64]| x[0] * x[0] + 2.0 * x[1] * x[1];
        let before = value(&lambda);
        for _ in 0..50 {
            let gradient = [2.0 * lambda[0], 4.0 * lambda[1]];
            rule.step(&blocks(lambda.len()), &mut lambda, &gradient);
        }
        assert!(value(&lambda) < 0.6 * before, "{}: {lambda:?}", entry.card.id);
    }
}

/// The first step goes against the sign of every entry.
#[test]
fn the_first_step_goes_downhill_in_every_entry() {
    for entry in ALL {
        let first = &path(&mut *rule(entry, 0.1))[..3];
        for (moved, slope) in first.iter().zip(HYPERGRADIENTS[0]) {
            assert!(moved * slope < 0.0, "{}: {first:?}", entry.card.id);
        }
    }
}

#[test]
fn a_step_is_in_units_of_its_size() {
    for entry in ALL {
        let (one, four) = (path(&mut *rule(entry, 0.125)), path(&mut *rule(entry, 0.5)));
        let scaled: Vec<f64> = one.iter().map(|lambda| 4.0 * lambda).collect();
        assert_eq!(four, scaled, "{}", entry.card.id);
        assert!(path(&mut *rule(entry, 0.0)).iter().all(|lambda| *lambda == 0.0), "{}", entry.card.id);
    }
}

/// Hypergradients that do not depend on λ: the path of a block is then proportional to its scale.
#[test]
fn a_block_moves_as_far_as_its_scale_says() {
    let scaled = |scale: f64| Block { scale, ..Block::numbered("lambda", 1) };
    let blocks = Blocks::new(vec![scaled(1.0), scaled(0.25), scaled(0.0)]);
    for entry in ALL {
        let mut rule = rule(entry, 0.1);
        let mut lambda = vec![0.0; 3];
        for hypergradient in [1.0, -0.5, 2.0] {
            rule.step(&blocks, &mut lambda, &[hypergradient; 3]);
        }
        assert!(lambda[0] != 0.0 && lambda[2] == 0.0, "{}: {lambda:?}", entry.card.id);
        assert!((lambda[1] / lambda[0] - 0.25).abs() < 1e-15, "{}: {lambda:?}", entry.card.id);
    }
}

#[test]
fn a_copy_has_its_own_memory_and_a_turned_knob_loses_none() {
    for entry in ALL {
        let mut plain = rule(entry, 0.1);
        let first = path(&mut *plain);
        let mut copy = plain.clone();
        let mut turned = plain.clone();
        turned.turn(&knobs(entry, 3.0));
        turned.turn(&knobs(entry, 0.1));
        let second = path(&mut *plain);
        assert_eq!(bits(&path(&mut *copy)), bits(&second), "{}", entry.card.id);
        assert_eq!(bits(&path(&mut *turned)), bits(&second), "{}", entry.card.id);
        assert_eq!(bits(&path(&mut *rule(entry, 0.1))), bits(&first), "{} begins with a memory", entry.card.id);
    }
}

#[test]
fn a_turned_step_size_is_in_force() {
    for entry in ALL {
        let mut turned = rule(entry, 0.1);
        turned.turn(&knobs(entry, 0.4));
        assert_eq!(path(&mut *turned), path(&mut *rule(entry, 0.4)), "{}", entry.card.id);
    }
}

#[test]
fn a_hypergradient_that_is_not_a_number_is_not_hidden() {
    for entry in ALL {
        let mut rule = rule(entry, 0.1);
        let mut lambda = vec![0.0; 3];
        rule.step(&blocks(lambda.len()), &mut lambda, &[1.0, f64::NAN, 1.0]);
        // One that says that it takes what is not finite lets that entry of λ be.
        let is_left = rule.takes_what_is_not_finite() && lambda[1] == 0.0;
        assert!(lambda[1].is_nan() || is_left, "{}: {lambda:?}", entry.card.id);
    }
}
