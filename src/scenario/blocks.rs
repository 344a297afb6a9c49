//! What a scenario says of blocks of λ, and what is in force after that.
//!
//! A block is kept within the bounds it declares and, inside of these, within those that the scenario gives: its own
//! where the scenario names it, those of all λ otherwise. So `bounds: (-5, 5)` for log penalties lets a momentum go from
//! 0 to 0.999, and no scenario drives it beyond.

use super::OuterSpec;
use super::failure::BuildFailure;
use super::start::{BlockSpec, Values, draw};
use crate::data::display_text;
use crate::math::number::written;
use crate::math::random::{Purpose, stream};
use crate::problem::{Block, Blocks};

/// The blocks of a trial's λ as their owners declare them.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The problem's, which come first.
    pub problem: Vec<Block>,
    /// Those that the dynamics bring along.
    pub dynamics: Vec<Block>,
}

impl OuterSpec {
    /// The blocks in force under this outer loop. What `block_mistakes` finds fault with
    /// stays as it was declared.
    #[must_use]
    pub fn in_force(&self, declared: Declared, seed: u64) -> Blocks {
        let problem = declared.problem.into_iter().map(|block| self.limited(block));
        let dynamics = (1..).zip(declared.dynamics).map(|(place, block)| {
            let start = self.start(&block, place, seed, "").and_then(Result::ok);
            let start = start.unwrap_or_else(|| block.start.clone());
            Block { start, ..self.limited(block) }
        });
        Blocks::new(problem.chain(dynamics).collect())
    }

    /// Whether the dynamics' own entries of λ start at the same place under both.
    #[must_use]
    pub fn starts_like(&self, other: &Self) -> bool {
        fn starts(outer: &OuterSpec) -> Vec<(&String, &Values)> {
            outer.blocks.iter().filter_map(|(name, said)| Some((name, said.start.as_ref()?))).collect()
        }
        starts(self) == starts(other)
    }

    /// What cannot be done with the blocks of a trial; `path` leads to this outer loop.
    pub(super) fn block_mistakes(&self, declared: &Declared, seed: u64, path: &str) -> Vec<BuildFailure> {
        let all = || declared.problem.iter().chain(&declared.dynamics);
        let starts = (1..).zip(&declared.dynamics);
        let starts = starts.filter_map(|(place, block)| self.start(block, place, seed, path)?.err());
        all()
            .filter_map(|block| self.bounds_mistake(block, path))
            .chain(all().filter_map(|block| self.scale_mistake(block, path)))
            .chain(declared.problem.iter().filter_map(|block| self.start_mistake(block, path)))
            .chain(starts)
            .chain(
                (1..).zip(&declared.dynamics).filter_map(|(place, block)| self.start_beyond(block, place, seed, path)),
            )
            .collect()
    }

    /// Blocks that the scenario speaks of, and that no λ under this outer loop has.
    pub(super) fn unknown_blocks(
        &self,
        known: &[&'static str],
        path: &str,
        brought_by: impl Fn(&str) -> Option<String>,
    ) -> Vec<BuildFailure> {
        let names = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let unknown = self.blocks.keys().filter(|name| !known.contains(&name.as_str()));
        unknown
            .map(|name| {
                let brought = brought_by(name).map_or_else(String::new, |by| format!("; the dynamics `{by}` bring it"));
                let name = display_text(name);
                let message = format!("λ has no block `{name}` here; expected one of {names}{brought}");
                BuildFailure::at(format!("{path}.blocks.{name}"), message)
            })
            .collect()
    }

    fn said(&self, block: &Block) -> Option<&BlockSpec> {
        self.blocks.get(block.name)
    }

    /// Where a block's entries start, if the scenario says so; `place` keeps the draws of two blocks apart.
    fn start(&self, block: &Block, place: u64, seed: u64, path: &str) -> Option<Result<Vec<f64>, BuildFailure>> {
        let values = self.said(block)?.start.as_ref()?;
        let (field, owner) = (format!("{path}.blocks.{}.start", block.name), format!("`{}`", block.name));
        Some(draw(values, &block.start, &mut stream(seed, Purpose::Lambda, &[place]), (&field, &owner)))
    }

    /// A start outside of the bounds in force: λ would jump at the first outer step, from where nothing means anything.
    fn start_beyond(&self, block: &Block, place: u64, seed: u64, path: &str) -> Option<BuildFailure> {
        let start = self.start(block, place, seed, path)?.ok()?;
        let (low, high) = common(block.bounds, self.allowed(block))?;
        let value = start.iter().find(|value| !(low..=high).contains(*value))?;
        let message = format!(
            "`{}` starts at {}; expected from {} to {}, its bounds",
            block.name,
            written(*value),
            written(low),
            written(high)
        );
        Some(BuildFailure::at(format!("{path}.blocks.{}.start", block.name), message))
    }

    /// The smallest and the largest value that the scenario allows.
    fn allowed(&self, block: &Block) -> (f64, f64) {
        self.said(block).and_then(|said| said.bounds).unwrap_or(self.bounds)
    }

    fn limited(&self, block: Block) -> Block {
        let scale = self.said(&block).and_then(|said| said.scale).unwrap_or(block.scale);
        let bounds = common(block.bounds, self.allowed(&block)).unwrap_or(block.bounds);
        Block { scale, bounds, ..block }
    }

    fn bounds_mistake(&self, block: &Block, path: &str) -> Option<BuildFailure> {
        let (low, high) = self.allowed(block);
        if common(block.bounds, (low, high)).is_some() {
            return None;
        }
        let name = block.name;
        let is_own = self.said(block).is_some_and(|said| said.bounds.is_some());
        if low > high || low.is_nan() || high.is_nan() {
            let message = format!("`bounds` of `{name}` are {low} and {high}; expected the smaller one first");
            // Bounds of all λ are checked with the loop they belong to.
            return is_own.then(|| BuildFailure::at(format!("{path}.blocks.{name}.bounds"), message));
        }
        let (least, most) = block.bounds;
        let message =
            format!("the bounds {low} and {high} leave `{name}` no value, which lies between {least} and {most}");
        if is_own {
            return Some(BuildFailure::at(format!("{path}.blocks.{name}.bounds"), message));
        }
        let help = format!("`blocks: {{\"{name}\": Block(bounds: ({least}, {most}))}}` gives it bounds of its own");
        Some(BuildFailure { help: Some(help), ..BuildFailure::at(format!("{path}.bounds"), message) })
    }

    fn scale_mistake(&self, block: &Block, path: &str) -> Option<BuildFailure> {
        let scale = self.said(block)?.scale.filter(|scale| !(*scale >= 0.0 && scale.is_finite()))?;
        let message = format!("`scale` is {scale}; expected a finite number of at least 0");
        Some(BuildFailure::at(format!("{path}.blocks.{}.scale", block.name), message))
    }

    /// The problem's own λ is shared by all trials.
    fn start_mistake(&self, block: &Block, path: &str) -> Option<BuildFailure> {
        self.said(block)?.start.as_ref()?;
        let message = format!("`{}` belongs to the problem; `lambda` says where that starts", block.name);
        Some(BuildFailure::at(format!("{path}.blocks.{}.start", block.name), message))
    }
}

/// What two intervals have in common; nothing with one that is none.
fn common(a: (f64, f64), b: (f64, f64)) -> Option<(f64, f64)> {
    let (low, high) = (a.0.max(b.0), a.1.min(b.1));
    (b.0 <= b.1 && low <= high).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn declared() -> Declared {
        let names = |count: usize| (0..count).map(|entry| entry.to_string()).collect();
        Declared {
            problem: vec![Block::new("log_penalties", names(2))],
            dynamics: vec![
                Block::new("log_steps", names(3)).starting_at(-1.0),
                Block::new("momentum", names(1)).starting_at(0.9).within(0.0, 0.999),
            ],
        }
    }

    fn outer(bounds: (f64, f64), blocks: &[(&str, BlockSpec)]) -> OuterSpec {
        let blocks: BTreeMap<_, _> = blocks.iter().map(|(name, said)| ((*name).to_owned(), said.clone())).collect();
        OuterSpec { bounds, blocks, ..OuterSpec::default() }
    }

    #[test]
    fn bounds_of_all_are_cut_to_what_a_block_allows_and_own_bounds_replace_them() {
        let steps = BlockSpec { bounds: Some((-9.0, 1.0)), ..BlockSpec::default() };
        let blocks = outer((-5.0, 5.0), &[("log_steps", steps)]).in_force(declared(), 0);
        let bounds: Vec<_> = blocks.bounds().collect();
        assert_eq!((bounds[0], bounds[2], bounds[5]), ((-5.0, 5.0), (-9.0, 1.0), (0.0, 0.999)));
        assert_eq!(blocks.start(), [0.0, 0.0, -1.0, -1.0, -1.0, 0.9]);
        // A block is never let out of where it means something.
        let momentum = BlockSpec { bounds: Some((-1.0, 0.5)), scale: Some(0.1), ..BlockSpec::default() };
        let blocks = outer((-5.0, 5.0), &[("momentum", momentum)]).in_force(declared(), 0);
        assert_eq!(blocks.bounds().last(), Some((0.0, 0.5)));
        assert_eq!(blocks.scales().collect::<Vec<_>>(), [1.0, 1.0, 1.0, 1.0, 1.0, 0.1]);
    }

    #[test]
    fn the_dynamics_start_where_the_scenario_says() {
        let steps = BlockSpec { start: Some(Values::Explicit(vec![-1.0, -2.0, -3.0])), ..BlockSpec::default() };
        let momentum = BlockSpec { start: Some(Values::Uniform { low: 0.2, high: 0.4 }), ..BlockSpec::default() };
        let outer = outer((-30.0, 30.0), &[("log_steps", steps), ("momentum", momentum)]);
        assert!(outer.block_mistakes(&declared(), 3, "outer").is_empty());
        let start = outer.in_force(declared(), 3).start();
        assert_eq!(start[..5], [0.0, 0.0, -1.0, -2.0, -3.0]);
        assert!((0.2..0.4).contains(&start[5]) && outer.in_force(declared(), 4).start()[5] != start[5]);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        #[track_caller]
        fn told(bounds: (f64, f64), name: &str, said: BlockSpec, field: &str, words: &str) {
            let mistakes = outer(bounds, &[(name, said)]).block_mistakes(&declared(), 0, "outer");
            let [failure] = &mistakes[..] else { panic!("{mistakes:?}") };
            assert_eq!(failure.field, field);
            assert!(failure.message.contains(words), "{failure}");
        }
        let wide = (-30.0, 30.0);
        let said = BlockSpec::default;
        told((-5.0, -1.0), "log_steps", said(), "outer.bounds", "leave `momentum` no value");
        let own = |low, high| BlockSpec { bounds: Some((low, high)), ..said() };
        told(wide, "momentum", own(1.0, 2.0), "outer.blocks.momentum.bounds", "between 0 and 0.999");
        told(wide, "momentum", own(0.5, 0.2), "outer.blocks.momentum.bounds", "the smaller one first");
        told(wide, "momentum", own(f64::NAN, 0.2), "outer.blocks.momentum.bounds", "the smaller one first");
        let scale = |scale| BlockSpec { scale: Some(scale), ..said() };
        told(wide, "log_penalties", scale(-1.0), "outer.blocks.log_penalties.scale", "at least 0");
        told(wide, "log_penalties", scale(f64::NAN), "outer.blocks.log_penalties.scale", "at least 0");
        let start = |values| BlockSpec { start: Some(values), ..said() };
        told(wide, "log_penalties", start(Values::Declared), "outer.blocks.log_penalties.start", "`lambda` says");
        told(wide, "momentum", start(Values::Constant(1.5)), "outer.blocks.momentum.start", "from 0 to 0.999");
        told(
            wide,
            "momentum",
            start(Values::Explicit(vec![0.1, 0.2])),
            "outer.blocks.momentum.start",
            "`momentum` has 1",
        );
        let unknown = outer(wide, &[("momenta", said())]).unknown_blocks(&["log_steps", "momentum"], "outer", |_| None);
        assert_eq!(unknown[0].message, "λ has no block `momenta` here; expected one of `log_steps`, `momentum`");
    }
}
