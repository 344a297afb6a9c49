//! Students that move by their own hypergradients, of whom the worst are replaced by mutations of the best; a teacher learns how to mutate.
//!
//! Every `every` rounds the i-th worst slot is taken over by a copy of the i-th best student (θ, and what its outer rule remembers), whose λ is multiplied entry by
//! entry by α in the box of its bounds. With a teacher `α(u) = 1 + tanh(W softmax(Vᵀu))`, and the teacher first takes its steps down the mean of F at the mutations
//! of the parents: each asks for an inner run from a copy of the parent's θ, and for a hypergradient at its end. Without one every entry is multiplied by 0.8 or 1.2, by
//! a coin. Source: Tao, Li, Ding, Zhang, Zhou and Fu 2020 (NeurIPS). The box, the order of operations, what is copied, Adam for the teacher, its lessons on the
//! parents alone, and the look-ahead run are this project's. Cost: K inner runs and K estimates a round, and as many more as there are parents for each step of
//! the teacher. Fails where diversity is needed: selection in every round may lose the right basin.

use super::exchange::{Exchange, Move, Round, mutated};
use super::selection::{EVERY, SHARE, STUDENTS, Selection};
use super::starts::{SPREAD, STARTS_IN_BOX, start_in_box};
use super::teacher::{Lesson, Teacher};
use super::{Entry, Meeting};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "hpm",
        name: "Hypergradient-guided population (HPM)",
        source: "Tao et al. 2020; box, order of operations and the teacher's training are this project's",
        equation: "child of the i-th best at the i-th worst: u ← clip(α(u)∘u, 0, 1),  α(u) = 1 + tanh(W softmax(Vᵀu))",
        summary: "Several λ, each moved by its own hypergradients, of which the worst are replaced by mutated copies of the best. A teacher learns from \
                  hypergradients at the mutations by how much to multiply each entry.",
        cost: "K inner runs and K estimates an outer step; q more for each step of the teacher, with q = ⌊share·K⌋",
        fails: "Copies of the best crowd out the others: a basin that looks bad early is lost. More search overfits the validation rows more.",
        knobs: &[
            STUDENTS,
            STARTS_IN_BOX,
            SPREAD,
            SHARE,
            EVERY,
            MUTATION,
            Knob {
                key: "heads",
                help: "M, the columns of W and V.",
                kind: Kind::Integer { default: 8, range: (1, 256), scale: Scale::Logarithmic },
            },
            Knob {
                key: "teacher_steps",
                help: "Steps of the teacher before an exchange; each asks for q inner runs.",
                kind: Kind::Integer { default: 1, range: (0, 100), scale: Scale::Linear },
            },
            Knob {
                key: "teacher_step",
                help: "Step size of the teacher's Adam.",
                kind: Kind::Real { default: 0.1, range: (0.0, 10.0), scale: Scale::Logarithmic },
            },
        ],
    },
    students: |knobs| knobs.count(STUDENTS.key),
    start: start_in_box,
    exchange: Some(|knobs, meeting| Box::new(Population::new(knobs, meeting))),
};

const MUTATION: Knob = Knob {
    key: "mutation",
    help: "What says by how much entries are multiplied.",
    kind: Kind::Choice { options: &[("Teacher", "a network that learns it"), ("Coins", "0.8 or 1.2, each as likely")] },
};

#[derive(Clone)]
struct Population {
    selection: Selection,
    teacher: Option<Teacher>,
    teacher_steps: usize,
    teacher_step: f64,
}

impl Population {
    fn new(knobs: &Knobs, meeting: &mut Meeting<'_>) -> Self {
        let heads = knobs.count("heads");
        let teacher = (knobs.choice(MUTATION.key) == "Teacher").then(|| match meeting.teacher {
            Some((w, v)) => Teacher::of(w.len() / meeting.entries.max(1), w.to_vec(), v.to_vec()),
            None => Teacher::drawn(meeting.entries, heads, &mut meeting.random),
        });
        Self {
            selection: Selection::of(knobs),
            teacher,
            teacher_steps: knobs.count("teacher_steps"),
            teacher_step: knobs.real("teacher_step"),
        }
    }

    /// Steps of the teacher on the parents, asked one after the other.
    fn teach(teacher: &mut Teacher, (steps, step): (usize, f64), parents: &[(usize, Vec<f64>)], round: &mut Round<'_>) {
        for _ in 0..steps {
            let ask =
                |(slot, unit): &(usize, Vec<f64>)| (round.ask)(*slot, &mutated(&teacher.factors(unit), unit)).gradient;
            let gradients: Vec<Vec<f64>> = parents.iter().map(ask).collect();
            // What is not finite teaches nothing.
            let lessons: Vec<Lesson<'_>> = parents
                .iter()
                .zip(&gradients)
                .filter(|(_, gradient)| gradient.iter().all(|slope| slope.is_finite()))
                .map(|((_, unit), gradient)| Lesson { unit, gradient })
                .collect();
            if !lessons.is_empty() {
                teacher.learn(step, &lessons);
            }
        }
    }
}

impl Exchange for Population {
    fn meet(&mut self, round: &mut Round<'_>) -> Vec<Move> {
        let pairs = self.selection.pairs(round);
        if pairs.is_empty() {
            return Vec::new();
        }
        let parent = |place: usize| (round.standings[place].slot, round.standings[place].unit.clone());
        let parents: Vec<(usize, Vec<f64>)> = pairs.iter().map(|(_, place)| parent(*place)).collect();
        if let Some(teacher) = &mut self.teacher {
            // Who is a parent again teaches once.
            let different = 1 + pairs.iter().map(|(_, place)| *place).max().unwrap_or(0);
            Self::teach(teacher, (self.teacher_steps, self.teacher_step), &parents[..different], round);
        }
        let children = pairs.iter().zip(parents).enumerate();
        let children = children.map(|(child, ((slot, _), (parent, unit)))| {
            let factors = match &self.teacher {
                Some(teacher) => teacher.factors(&unit),
                None => round.coins(child, unit.len()),
            };
            Move { slot: *slot, parent: Some(parent), unit: mutated(&factors, &unit), factors }
        });
        children.collect()
    }

    fn clone_box(&self) -> Box<dyn Exchange> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;
    use crate::math::random::{Purpose, stream};
    use crate::population::{Answer, Standing};

    #[test]
    fn who_is_a_parent_again_teaches_once() {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("share", Value::Real(0.5));
        let random = |place: usize| stream(1, Purpose::Population, &[place as u64]);
        let mut meeting = Meeting { entries: 2, random: random(0), teacher: None };
        let mut population = Population::new(&knobs, &mut meeting);
        let values = [1.0, 2.0, f64::NAN, f64::NAN, f64::NAN, f64::NAN];
        let standing = |(slot, value): (usize, &f64)| Standing { slot, value: *value, unit: vec![0.5; 2] };
        let standings: Vec<Standing> = values.iter().enumerate().map(standing).collect();
        let mut asked = Vec::new();
        let mut ask = |slot: usize, _: &[f64]| {
            asked.push(slot);
            Answer { value: 0.0, gradient: vec![0.1; 2] }
        };
        let written = |_: usize| None;
        let mut round = Round { number: 1, standings: &standings, random: &random, written: &written, ask: &mut ask };
        let parents: Vec<Option<usize>> = population.meet(&mut round).iter().map(|step| step.parent).collect();
        assert_eq!(parents, [Some(0), Some(1), Some(0)]);
        assert_eq!(asked, [0, 1]);
    }
}
