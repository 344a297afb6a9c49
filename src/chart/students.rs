//! The students of populations, one line each: what a chart needs of them.

use super::{Empty, Figure, Layer, Style, first_free, ink};
use crate::lab::{Snapshot, TrialView};
use crate::metric::Metric;

/// The vectors of a metric over outer steps.
pub(super) type Rows<'a> = Vec<(f64, &'a [f64])>;

/// Students of one trial as a chart draws them.
pub(super) struct Drawn<'a> {
    pub trial: &'a TrialView,
    /// How many there are.
    pub count: usize,
    /// Whether no other trial shown has several, so that colours can tell students apart.
    has_colours: bool,
    /// The first colour that no trial has.
    first: usize,
}

/// Every trial that is shown, with its students.
pub(super) fn drawn(snapshot: &Snapshot) -> Vec<Drawn<'_>> {
    let several = snapshot.shown().filter(|trial| trial.setting.students() > 1).count();
    let first = first_free(snapshot);
    let drawn = |trial| Drawn { trial, count: trial.setting.students(), has_colours: several == 1, first };
    snapshot.shown().map(drawn).collect()
}

impl Drawn<'_> {
    /// A metric's vectors against a clock.
    pub fn rows(&self, clock: &Metric, metric: &Metric) -> Rows<'_> {
        self.trial.outer_records.vectors(clock, metric)
    }

    /// A number against a clock.
    pub fn numbers(&self, clock: &Metric, metric: &Metric) -> Vec<(f64, f64)> {
        self.trial.outer_records.points(clock, metric)
    }

    /// The number of the student that led last.
    pub fn leader(&self) -> usize {
        let last = self.trial.outer_records.last().and_then(|record| record.number(&crate::metric::LEADER));
        last.map_or(0, |leader| leader as usize)
    }

    /// The lines of all students, the leader's last and heavier.
    pub fn lines(&self, path: impl Fn(usize) -> Vec<(f64, f64)>) -> Vec<Layer> {
        let name = &self.trial.setting.name;
        if self.count == 1 {
            return vec![Layer::line(name, ink(self.trial), path(0))];
        }
        let leader = self.leader();
        let order = (0..self.count).filter(|student| *student != leader).chain([leader]);
        let line = |student: usize| {
            let leads = student == leader;
            let has_own = self.has_colours && self.count <= MOST_NAMED;
            let style = if has_own { Style::series(self.first + student) } else { ink(self.trial) };
            let title = match (leads, has_own) {
                (true, true) => format!("#{student} leads"),
                (true, false) => format!("{name}: #{student} leads"),
                (false, true) => format!("#{student}"),
                (false, false) => String::new(),
            };
            let line = Layer::line(title, style.emphasized(leads), path(student));
            line.whose(name).quantity(format!("student {student}"))
        };
        order.map(line).collect()
    }
}

/// More students than this share their trial's colour.
const MOST_NAMED: usize = 8;

/// What to say where no trial has several students.
pub(super) fn say_alone(figure: &mut Figure, drawn: &[Drawn<'_>]) {
    if !drawn.is_empty() && drawn.iter().all(|drawn| drawn.count == 1) {
        figure.empty = Empty::because("every trial has one student")
            .helped("set population to Restarts(students: 8) to have several");
        figure.layers.clear();
    }
}
