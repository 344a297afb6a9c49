//! What a trial keeps of itself: readings of metrics, at every λ, every measured inner step and every outer step.

use std::sync::Arc;

use super::metric::Earlier;
use super::offers::Column;
use super::{Metric, Offers, Reading, Seen, Series, When};

/// What is recorded, how often, and how much of it is kept.
#[derive(Debug, Clone)]
pub struct Recording {
    /// Numbers are read at every so many inner steps, and at the last.
    pub every: usize,
    pub(super) columns: Arc<Columns>,
    budget: Budget,
}

/// How much of a record is kept; beyond, every other sample goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Samples of a series, besides the last two.
    pub samples: usize,
    /// Numbers of a series of vectors or curves.
    pub numbers: usize,
}

impl Budget {
    /// What a laboratory keeps: 4096 samples of a series, and of vectors as many as hold 131072 numbers (1 MiB).
    pub const LABORATORY: Self = Self { samples: 4096, numbers: 1 << 17 };

    /// Everything, for a run of known length that is written down in full.
    pub const UNLIMITED: Self = Self { samples: usize::MAX, numbers: usize::MAX };

    fn room(self, size: usize) -> usize {
        self.samples.min(self.numbers / size.max(1))
    }
}

impl Recording {
    /// These metrics, at every so many inner steps (at least 1) and at the last, within a budget.
    #[must_use]
    pub fn of(metrics: &[&'static Metric], every: usize, budget: Budget) -> Self {
        Self { columns: Arc::new(Columns::of(metrics)), every: every.max(1), budget }
    }
}

/// Which metric stands where.
#[derive(Debug)]
pub(super) struct Columns {
    /// All of them, in the order of the list.
    pub(super) all: Arc<[&'static Metric]>,
    /// Those read once for every λ.
    lambda: Arc<[Column]>,
    /// Numbers read at every measured inner step.
    steps: Arc<[Column]>,
    /// Numbers of an outer step.
    outer: Arc<[Column]>,
    /// What else an outer step leaves: vectors, curves, words.
    others: Arc<[Column]>,
}

impl Columns {
    fn of(metrics: &[&'static Metric]) -> Self {
        let all = || metrics.iter().copied().enumerate();
        let chosen = |which: fn(&Metric) -> bool| all().filter(|(_, metric)| which(metric)).collect();
        Self {
            all: metrics.into(),
            lambda: chosen(|metric| metric.when == When::Lambda),
            steps: chosen(|metric| metric.when == When::Step && metric.kind.is_number()),
            outer: chosen(|metric| metric.kind.is_number()),
            others: chosen(|metric| !metric.kind.is_number()),
        }
    }

    /// The numbers of a measured inner step.
    pub(super) fn read_step(&self, offers: &Offers, seen: &Seen<'_>) -> Arc<[Option<f64>]> {
        self.steps.iter().map(|column| offers.read(column, seen).number()).collect()
    }

    /// What is a function of λ.
    pub(super) fn read_lambda(&self, offers: &Offers, seen: &Seen<'_>) -> Readings {
        Readings(self.lambda.iter().map(|column| (column.1, offers.read(column, seen))).collect())
    }

    /// What an outer step leaves: `numbers` are those of its last inner step, `lambda` what is a function of its λ,
    /// and the rest is read now.
    pub(super) fn read_outer(
        &self,
        offers: &Offers,
        seen: &Seen<'_>,
        numbers: &[Option<f64>],
        lambda: &Readings,
    ) -> OuterReadings {
        let read = |column: &Column| match column.1.when {
            When::Lambda => lambda.reading(column.1).cloned().unwrap_or(Reading::Absent),
            When::Step if column.1.kind.is_number() => self.step_number(numbers, column.1).into(),
            When::Step | When::Outer => offers.read(column, seen),
        };
        OuterReadings {
            numbers: self.outer.iter().map(|column| read(column).number()).collect(),
            others: self.others.iter().map(read).collect(),
        }
    }

    /// A place in a list of metrics.
    fn place(list: &[Column], metric: &Metric) -> Option<usize> {
        list.iter().position(|(_, other)| std::ptr::eq(*other, metric))
    }

    /// A number of a measured inner step.
    pub(super) fn step_number(&self, numbers: &[Option<f64>], metric: &Metric) -> Option<f64> {
        *numbers.get(Self::place(&self.steps, metric)?)?
    }
}

/// The readings of an outer step.
pub(super) struct OuterReadings {
    numbers: Arc<[Option<f64>]>,
    others: Vec<Reading>,
}

/// Readings at one moment.
#[derive(Debug, Clone, Default)]
pub struct Readings(Arc<[(&'static Metric, Reading)]>);

impl Readings {
    /// The reading of a metric, where it was read.
    #[must_use]
    pub fn reading(&self, metric: &Metric) -> Option<&Reading> {
        self.0.iter().find(|(other, _)| std::ptr::eq(*other, metric)).map(|(_, reading)| reading)
    }

    /// The number of a metric, where there is one.
    #[must_use]
    pub fn number(&self, metric: &Metric) -> Option<f64> {
        self.reading(metric)?.number()
    }
}

/// An inner run as far as it was measured: of one λ, one setting.
#[derive(Debug, Clone)]
pub struct InnerRun {
    /// What is a function of this λ.
    pub lambda: Readings,
    /// One record a measured inner step.
    pub steps: Records,
}

/// Records in the order in which they were taken, shared by whoever copies them.
#[derive(Debug, Clone)]
pub struct Records {
    numbers: Arc<[Column]>,
    others: Arc<[Column]>,
    rows: Series<Arc<[Option<f64>]>>,
    series: Arc<Vec<Series<Reading>>>,
    budget: Budget,
}

/// One record.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    records: &'a Records,
    /// Its number among all that were taken, from 0.
    pub place: usize,
    row: &'a [Option<f64>],
}

impl Records {
    pub(super) fn of_steps(recording: &Recording) -> Self {
        Self::new(&recording.columns.steps, &Arc::default(), recording.budget)
    }

    pub(super) fn of_outer_steps(recording: &Recording) -> Self {
        Self::new(&recording.columns.outer, &recording.columns.others, recording.budget)
    }

    fn new(numbers: &Arc<[Column]>, others: &Arc<[Column]>, budget: Budget) -> Self {
        Self {
            numbers: Arc::clone(numbers),
            others: Arc::clone(others),
            rows: Series::default(),
            series: Arc::new(vec![Series::default(); others.len()]),
            budget,
        }
    }

    /// Records taken, whether they are still there or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none was taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every so many-th record is still there: 1 while the budget lasts.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.rows.stride()
    }

    /// Numbers that the last record holds; all of one trial are about as large.
    #[must_use]
    pub fn numbers_of_the_last(&self) -> usize {
        let last = self.len().saturating_sub(1);
        let others = self.series.iter().filter_map(|series| series.get(last)).map(Reading::size);
        self.numbers.len() + others.sum::<usize>()
    }

    /// The records that are still there: the first, evenly spaced ones, the last.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Record<'_>> {
        self.rows.iter().map(|(place, row)| Record { records: self, place, row })
    }

    /// Record number `place`, if it is still there.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<Record<'_>> {
        self.rows.get(place).map(|row| Record { records: self, place, row })
    }

    /// The last record.
    #[must_use]
    pub fn last(&self) -> Option<Record<'_>> {
        self.at(self.len().checked_sub(1)?)
    }

    /// One metric against another, over the records that are there; NaN where there is no number.
    #[must_use]
    pub fn points(&self, x: &Metric, y: &Metric) -> Vec<(f64, f64)> {
        let (x, y) = (Columns::place(&self.numbers, x), Columns::place(&self.numbers, y));
        let Some((x, y)) = x.zip(y) else { return Vec::new() };
        self.rows.iter().map(|(_, row)| (row[x].unwrap_or(f64::NAN), row[y].unwrap_or(f64::NAN))).collect()
    }

    /// The vectors of a metric that are still there, against a number that their records have.
    #[must_use]
    pub fn vectors(&self, x: &Metric, y: &Metric) -> Vec<(f64, &[f64])> {
        self.readings(y).filter_map(|(record, reading)| Some((record.number(x)?, &**reading.vector()?))).collect()
    }

    /// The vectors, curves or words of a metric that are still there, with the records they belong to.
    pub fn readings<'a>(&'a self, metric: &Metric) -> impl DoubleEndedIterator<Item = (Record<'a>, &'a Reading)> {
        let series = Columns::place(&self.others, metric).map(|place| &self.series[place]);
        let samples = series.into_iter().flat_map(Series::iter);
        samples.filter_map(|(place, reading)| Some((self.at(place)?, reading)))
    }

    /// A measured inner step.
    pub(super) fn push_step(&mut self, numbers: Arc<[Option<f64>]>) {
        self.rows.push(numbers, self.budget.samples);
    }

    /// An outer step.
    pub(super) fn push_outer(&mut self, readings: OuterReadings) {
        self.rows.push(readings.numbers, self.budget.samples);
        let series = Arc::make_mut(&mut self.series);
        for (series, reading) in series.iter_mut().zip(readings.others) {
            let room = self.budget.room(reading.size());
            series.push(reading, room);
        }
    }

    /// Takes back the records beyond the first `length`.
    pub(super) fn truncate(&mut self, length: usize) {
        while self.len() > length {
            self.rows.pop();
            Arc::make_mut(&mut self.series).iter_mut().for_each(Series::pop);
        }
    }
}

impl<'a> Record<'a> {
    /// The number of a metric, where there is one.
    #[must_use]
    pub fn number(self, metric: &Metric) -> Option<f64> {
        self.row[Columns::place(&self.records.numbers, metric)?]
    }

    /// The reading of a vector, curve or words, where it is still there.
    #[must_use]
    pub fn reading(self, metric: &Metric) -> Option<&'a Reading> {
        self.records.series[Columns::place(&self.records.others, metric)?].get(self.place)
    }

    /// The vector of a metric; empty where there is none.
    #[must_use]
    pub fn vector(self, metric: &Metric) -> &'a [f64] {
        self.reading(metric).and_then(Reading::vector).map_or(&[], |values| values)
    }
}

impl Earlier for Records {
    fn number(&self, outer_step: usize, metric: &Metric) -> Option<f64> {
        self.at(outer_step)?.number(metric)
    }

    fn vector(&self, outer_step: usize, metric: &Metric) -> Option<&[f64]> {
        self.at(outer_step)?.reading(metric)?.vector().map(|values| &**values)
    }
}
