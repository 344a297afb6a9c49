//! Families of tasks: each has a support set to learn from and a query set to be judged on.
//!
//! The tasks of a scenario share λ; new tasks of the same family say what λ is worth. Finn, Abbeel, Levine
//! 2017 (sinusoids); Vinyals et al. 2016 (N-way K-shot episodes). New sinusoids are judged on the curve itself,
//! without noise. The loss is half the mean squared error throughout, as everywhere in this program: papers
//! that report the mean squared error report twice the number.

use std::f64::consts::PI;

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::draw::MOST_ENTRIES;
use super::spec::{Basis, Source};
use super::{DataError, Dataset, Samples, Split, bundled};
use crate::math::Matrix;
use crate::math::random::{Purpose, choose, stream};
use crate::math::statistics::distinct;

/// The stream of tasks among those of [`Purpose::Data`].
const TASKS: u64 = 200;

/// The tasks of a scenario, and new ones.
pub(super) struct Tasks {
    /// Those that λ is learned from: support rows train, query rows validate.
    pub tasks: Vec<Split>,
    /// Those that it is tested on.
    pub new_tasks: Vec<Split>,
    pub target_name: &'static str,
    /// Where the rows of the first new task lie, for tasks about one number x.
    pub places: Option<Places>,
}

/// Where the rows of a task lie, for tasks about one number x.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// x of each training row.
    pub support: Vec<f64>,
    /// x of each validation row, ascending.
    pub curve: Vec<f64>,
}

/// The tasks of a source; `None` for sources of rows.
pub(super) fn generate(source: &Source, seed: u64) -> Option<Result<Tasks, DataError>> {
    match source {
        Source::Sinusoids { .. } => Some(sinusoids(source, (seed, seed), 0)),
        Source::Episodes { .. } => Some(episodes(source, seed, 0)),
        _ => None,
    }
}

/// The known tasks of replicate `i`: others of the same family. Their query rows are those of replicate `j`.
///
/// # Errors
/// With the field of the source at fault.
pub(super) fn replicate(source: &Source, seed: u64, (i, j): (u64, u64)) -> Result<Vec<Split>, DataError> {
    let mut source = source.clone();
    if let Source::Sinusoids { new_tasks, .. } | Source::Episodes { new_tasks, .. } = &mut source {
        *new_tasks = 0;
    }
    // Features belong to the family: only the tasks are others.
    let others = stream(seed, Purpose::Replicate, &[TASKS, i]).next_u64();
    let family = match &source {
        Source::Episodes { .. } => episodes(&source, others, j)?,
        _ => sinusoids(&source, (seed, others), j)?,
    };
    Ok(family.tasks)
}

/// The stream of the query rows: that of the task, which goes on, or one of their own for other rows.
fn query_stream(seed: u64, task: usize, again: u64, own: ChaCha8Rng) -> ChaCha8Rng {
    if again == 0 { own } else { stream(seed, Purpose::Data, &[TASKS, Which::Known as u64, task as u64, again]) }
}

/// Which tasks a random stream is for.
#[derive(Clone, Copy)]
enum Which {
    Known = 0,
    New = 1,
}

fn task_stream(seed: u64, which: Which, task: usize) -> ChaCha8Rng {
    stream(seed, Purpose::Data, &[TASKS, which as u64, task as u64])
}

/// Whether all rows of all tasks are few enough.
fn check_size(tasks: usize, new_tasks: usize, (rows, columns): (usize, usize)) -> Result<(), DataError> {
    let all = tasks.saturating_add(new_tasks);
    // A task of a few numbers still is a problem, with its own names and buffers.
    let entries = all.saturating_mul(rows.saturating_mul(columns).max(LEAST_OF_A_TASK));
    if entries <= MOST_ENTRIES {
        return Ok(());
    }
    let message = format!(
        "{all} tasks of {rows} rows with {columns} features are too many; expected at most {MOST_ENTRIES} entries"
    );
    Err(DataError::at("source.tasks", message))
}

/// Entries that a task counts as at least.
const LEAST_OF_A_TASK: usize = 500;

fn check_counts(counts: &[(&str, usize)]) -> Result<(), DataError> {
    match counts.iter().find(|(_, count)| *count == 0) {
        Some((name, _)) => Err(DataError::at(format!("source.{name}"), format!("`{name}` is 0; expected at least 1"))),
        None => Ok(()),
    }
}

/// Query rows of a new sinusoid: enough to see the whole curve, without noise.
const CURVE: usize = 41;

/// Where x comes from.
const RANGE: (f64, f64) = (-5.0, 5.0);

/// The first seed draws the features where they are drawn, the second the tasks.
fn sinusoids(source: &Source, (features_seed, seed): (u64, u64), again: u64) -> Result<Tasks, DataError> {
    let &Source::Sinusoids { tasks, new_tasks, support, query, features, basis, .. } = source else {
        return Err(DataError::at("source", "this source has no sinusoids"));
    };
    check_counts(&[("tasks", tasks), ("support", support), ("query", query), ("features", features)])?;
    check_size(tasks, new_tasks, (support.saturating_add(query.max(CURVE)), features))?;
    let family = Sinusoids::new(source, seed)?;
    let map = Map::new(basis, features, features_seed);
    let names: Vec<String> = (0..features).map(|j| map.name(j)).collect();
    let split = |task: &Drawn| Split {
        training: map.samples(&task.places.support, &task.support),
        validation: map.samples(&task.places.curve, &task.query),
        test: no_rows(features),
        feature_names: names.clone(),
        ..Split::default()
    };
    let all = |which, count: usize| (0..count).map(|number| family.task(which, number, again)).collect::<Vec<_>>();
    let (known, new) = (all(Which::Known, tasks), all(Which::New, new_tasks));
    Ok(Tasks {
        tasks: known.iter().map(split).collect(),
        new_tasks: new.iter().map(split).collect(),
        target_name: "y",
        places: new.into_iter().next().map(|task| task.places),
    })
}

/// What tasks are drawn from.
struct Sinusoids {
    seed: u64,
    support: usize,
    query: usize,
    noise: f64,
    amplitude: (f64, f64),
    phase: (f64, f64),
}

/// The numbers of one task.
struct Drawn {
    places: Places,
    support: Vec<f64>,
    query: Vec<f64>,
}

impl Sinusoids {
    fn new(source: &Source, seed: u64) -> Result<Self, DataError> {
        let &Source::Sinusoids { support, query, noise, amplitude, phase, .. } = source else {
            return Err(DataError::at("source", "this source has no sinusoids"));
        };
        for (name, (low, high)) in [("amplitude", amplitude), ("phase", phase)] {
            if !(low.is_finite() && high.is_finite() && low <= high) {
                let message =
                    format!("`{name}` is from {low} to {high}; expected finite numbers, the smaller one first");
                return Err(DataError::at(format!("source.{name}"), message));
            }
        }
        if !(noise.is_finite() && noise >= 0.0) {
            let message = format!("`noise` is {noise}; expected a finite number of at least 0");
            return Err(DataError::at("source.noise", message));
        }
        Ok(Self { seed, support, query, noise, amplitude, phase })
    }

    /// A task: `support` and `query` rows with noise, or of a new one the whole curve without.
    fn task(&self, which: Which, number: usize, again: u64) -> Drawn {
        let mut random = task_stream(self.seed, which, number);
        let amplitude = between(self.amplitude, &mut random);
        let phase = between(self.phase, &mut random);
        let value = |x: &f64| amplitude * (x - phase).sin();
        let noisy = |count: usize, random: &mut ChaCha8Rng| -> (Vec<f64>, Vec<f64>) {
            let x: Vec<f64> = (0..count).map(|_| between(RANGE, random)).collect();
            let noise: Vec<f64> = StandardNormal.sample_iter(random).take(count).collect();
            let y = x.iter().zip(noise).map(|(x, noise)| value(x) + self.noise * noise).collect();
            (x, y)
        };
        let (support_places, support) = noisy(self.support, &mut random);
        let (curve, query) = match which {
            Which::Known => noisy(self.query, &mut query_stream(self.seed, number, again, random)),
            Which::New => {
                let x = evenly(CURVE);
                let y = x.iter().map(value).collect();
                (x, y)
            }
        };
        Drawn { places: Places { support: support_places, curve }, support, query }
    }
}

/// The middles of so many equal parts of the range of x: a mean over them is a mean over the range.
fn evenly(count: usize) -> Vec<f64> {
    let (low, high) = RANGE;
    (0..count).map(|k| low + (high - low) * (k as f64 + 0.5) / count as f64).collect()
}

fn between((low, high): (f64, f64), random: &mut ChaCha8Rng) -> f64 {
    low + (high - low) * random.random::<f64>()
}

fn no_rows(columns: usize) -> Samples {
    Samples::none(columns)
}

/// Features of a number in [−5, 5], of length about 1 together, so that the strength of a penalty means the same
/// whatever their number.
struct Map {
    /// Frequency and phase of a cosine, or centre and width of a bump.
    parts: Vec<(f64, f64)>,
    basis: Basis,
    scale: f64,
}

impl Map {
    fn new(basis: Basis, count: usize, seed: u64) -> Self {
        let parts = match basis {
            // cos x/4, sin x/4, cos x/2, sin x/2, cos 3x/4, …
            Basis::Fourier => {
                (0..count).map(|j| ((j / 2 + 1) as f64 / 4.0, if j % 2 == 0 { 0.0 } else { PI / 2.0 })).collect()
            }
            Basis::RandomFourier => {
                let mut random = stream(seed, Purpose::Data, &[TASKS, 2]);
                (0..count)
                    .map(|_| (StandardNormal.sample(&mut random), between((0.0, 2.0 * PI), &mut random)))
                    .collect()
            }
            Basis::Bumps => {
                let (low, high) = RANGE;
                let spacing = (high - low) / (count.max(2) - 1) as f64;
                (0..count).map(|j| (low + spacing * j as f64, 1.0)).collect()
            }
        };
        let scale = match basis {
            // Half of the squares of so many cosines.
            Basis::Fourier | Basis::RandomFourier => (2.0 / count as f64).sqrt(),
            // Σⱼ exp(−(x − cⱼ)²) is about √π over the spacing.
            Basis::Bumps => (10.0 / (count.max(2) - 1) as f64 / PI.sqrt()).sqrt(),
        };
        Self { parts, basis, scale }
    }

    fn samples(&self, places: &[f64], targets: &[f64]) -> Samples {
        let features = Matrix::from_fn(places.len(), self.parts.len(), |row, j| self.value(j, places[row]));
        Samples::new(features, targets.to_vec())
    }

    fn value(&self, index: usize, x: f64) -> f64 {
        let (first, second) = self.parts[index];
        self.scale
            * match self.basis {
                Basis::Fourier | Basis::RandomFourier => (first * x - second).cos(),
                Basis::Bumps => (-0.5 * ((x - first) / second).powi(2)).exp(),
            }
    }

    fn name(&self, index: usize) -> String {
        let (first, second) = self.parts[index];
        match self.basis {
            Basis::Fourier if second == 0.0 => format!("cos {first}x"),
            Basis::Fourier => format!("sin {first}x"),
            Basis::RandomFourier => format!("cos({first:.2}x − {second:.2})"),
            Basis::Bumps => format!("bump at {first:.1}"),
        }
    }
}

fn episodes(source: &Source, seed: u64, again: u64) -> Result<Tasks, DataError> {
    let &Source::Episodes { tasks, new_tasks, .. } = source else {
        return Err(DataError::at("source", "this source has no episodes"));
    };
    let family = Episodes::new(source, seed)?;
    Ok(Tasks {
        tasks: (0..tasks).map(|number| family.task(Which::Known, number, again)).collect(),
        new_tasks: (0..new_tasks).map(|number| family.task(Which::New, number, again)).collect(),
        target_name: "class",
        places: None,
    })
}

/// What episodes are drawn from.
struct Episodes {
    seed: u64,
    rows: Dataset,
    /// Row numbers by class: of known tasks, of new ones.
    pools: [Vec<Vec<usize>>; 2],
    ways: usize,
    shots: usize,
    query: usize,
    distractor: bool,
}

/// A row of an episode and the class it has there.
type Labelled = (usize, usize);

impl Episodes {
    fn new(source: &Source, seed: u64) -> Result<Self, DataError> {
        let Source::Episodes { data, tasks, new_tasks, ways, shots, query, classes, distractor } = source else {
            return Err(DataError::at("source", "this source has no episodes"));
        };
        check_counts(&[("tasks", *tasks), ("shots", *shots), ("query", *query)])?;
        let rows = bundled::load(data).map_err(|error| DataError::at("source.data", error.message))?;
        let rows_of_a_task = ways.saturating_mul(shots.saturating_add(*query));
        check_size(*tasks, *new_tasks, (rows_of_a_task, rows.features.columns()))?;
        let pools = division_of_classes(&rows, classes)?;
        let family = Self { seed, rows, pools, ways: *ways, shots: *shots, query: *query, distractor: *distractor };
        family.check("to make tasks of", Which::Known)?;
        if *new_tasks > 0 {
            family.check("left for new tasks", Which::New)?;
        }
        Ok(family)
    }

    /// Whether there are classes and rows enough.
    fn check(&self, what: &str, which: Which) -> Result<(), DataError> {
        let pool = &self.pools[which as usize];
        if pool.len() < 2 {
            let message = format!("classes {what}: {}; expected at least 2", pool.len());
            return Err(DataError::at("source.classes", message));
        }
        if !(2..=pool.len()).contains(&self.ways) {
            let message = format!("`ways` is {}, classes {what}: {}; expected from 2 to {1}", self.ways, pool.len());
            return Err(DataError::at("source.ways", message));
        }
        let fewest = pool.iter().map(Vec::len).min().unwrap_or(0);
        if fewest < self.shots + self.query {
            let (shots, query) = (self.shots, self.query);
            let message = format!(
                "an episode takes {shots} + {query} rows of a class, but one of the classes {what} has {fewest}; \
                 expected at most {fewest} together"
            );
            return Err(DataError::at("source.shots", message));
        }
        Ok(())
    }

    fn task(&self, which: Which, number: usize, again: u64) -> Split {
        let mut random = task_stream(self.seed, which, number);
        let pool = &self.pools[which as usize];
        let [support, mut query] = self.draw(pool, &mut random);
        let training = self.samples(&support, &mut random);
        let mut random = query_stream(self.seed, number, again, random);
        if again > 0 {
            query = self.draw_query(pool, &support, &mut random);
        }
        let validation = self.samples(&query, &mut random);
        Split {
            test: no_rows(training.features.columns()),
            training,
            validation,
            feature_names: self.feature_names(),
            labels: (0..self.ways).map(|label| label as f64).collect(),
            ..Split::default()
        }
    }

    /// Support and query rows: other rows of the same classes.
    fn draw(&self, pool: &[Vec<usize>], random: &mut ChaCha8Rng) -> [Vec<Labelled>; 2] {
        let mut order: Vec<usize> = (0..pool.len()).collect();
        choose(&mut order, self.ways, random);
        let mut parts: [Vec<Labelled>; 2] = Default::default();
        for (label, class) in order[..self.ways].iter().enumerate() {
            let mut members = pool[*class].clone();
            choose(&mut members, self.shots + self.query, random);
            let labelled = |rows: &[usize]| rows.iter().map(|row| (*row, label)).collect::<Vec<_>>();
            parts[0].extend(labelled(&members[..self.shots]));
            parts[1].extend(labelled(&members[self.shots..self.shots + self.query]));
        }
        parts
    }

    /// Other query rows for the same support.
    fn draw_query(&self, pool: &[Vec<usize>], support: &[Labelled], random: &mut ChaCha8Rng) -> Vec<Labelled> {
        let mut query = Vec::new();
        for label in 0..self.ways {
            let taken: Vec<usize> = support.iter().filter(|(_, own)| *own == label).map(|(row, _)| *row).collect();
            let class = pool.iter().find(|class| taken.first().is_some_and(|row| class.contains(row)));
            let mut left: Vec<usize> =
                class.into_iter().flatten().copied().filter(|row| !taken.contains(row)).collect();
            choose(&mut left, self.query, random);
            query.extend(left[..self.query].iter().map(|row| (*row, label)));
        }
        query
    }

    /// The rows, each with its distractor if wanted: any row of the data set.
    fn samples(&self, part: &[Labelled], random: &mut ChaCha8Rng) -> Samples {
        let (rows, width) = (self.rows.features.dense(), self.rows.features.columns());
        let mut features = Matrix::zeros(part.len(), if self.distractor { 2 * width } else { width });
        for (place, (row, _)) in part.iter().enumerate() {
            features.row_mut(place)[..width].copy_from_slice(rows.row(*row));
            if self.distractor {
                let other = random.random_range(0..self.rows.targets.len());
                features.row_mut(place)[width..].copy_from_slice(rows.row(other));
            }
        }
        Samples::new(features, part.iter().map(|(_, label)| *label as f64).collect())
    }

    fn feature_names(&self) -> Vec<String> {
        let own = &self.rows.feature_names;
        let distractors = own.iter().filter(|_| self.distractor).map(|name| format!("distractor {name}"));
        own.iter().cloned().chain(distractors).collect()
    }
}

/// Row numbers by class: those of the classes listed, and those of all others.
fn division_of_classes(rows: &Dataset, listed: &[f64]) -> Result<[Vec<Vec<usize>>; 2], DataError> {
    let classes = distinct(rows.targets.iter().copied());
    if let Some((index, class)) = listed.iter().enumerate().find(|(_, class)| !classes.contains(class)) {
        let known = classes.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("there is no class {class}; expected some of {known}");
        return Err(DataError::at(format!("source.classes[{index}]"), message));
    }
    let of = |class: &f64| (0..rows.targets.len()).filter(|row| rows.targets[*row].total_cmp(class).is_eq()).collect();
    let (train, test): (Vec<f64>, Vec<f64>) = classes.iter().partition(|class| listed.contains(class));
    Ok([train.iter().map(of).collect(), test.iter().map(of).collect()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataSpec, NoFiles, Prepared, Standardize, prepare};

    fn sines() -> Source {
        Source::Sinusoids {
            tasks: 3,
            new_tasks: 2,
            support: 5,
            query: 4,
            noise: 0.3,
            amplitude: (0.1, 5.0),
            phase: (0.0, PI),
            features: 40,
            basis: Basis::Fourier,
        }
    }

    fn digits() -> Source {
        Source::Episodes {
            data: "digits".to_owned(),
            tasks: 4,
            new_tasks: 3,
            ways: 3,
            shots: 2,
            query: 6,
            classes: vec![0.0, 2.0, 4.0, 6.0, 8.0],
            distractor: false,
        }
    }

    fn tasks(source: &Source, seed: u64) -> Tasks {
        generate(source, seed).unwrap().unwrap()
    }

    /// Features and support belong to the tasks of a replicate; other query rows are other rows.
    #[test]
    fn replicates_are_other_tasks_with_the_same_features() {
        let mut sines = sines();
        if let Source::Sinusoids { basis, .. } = &mut sines {
            *basis = Basis::RandomFourier;
        }
        for source in [sines, digits()] {
            let drawn = |place| replicate(&source, 7, place).unwrap();
            let (first, again, other) = (drawn((0, 0)), drawn((0, 1)), drawn((1, 0)));
            assert_eq!(first[0].feature_names, tasks(&source, 7).tasks[0].feature_names);
            assert_eq!(first[0].feature_names, other[0].feature_names);
            assert_eq!(first[0].training, again[0].training);
            assert_ne!(first[0].validation, again[0].validation);
            assert_ne!(first[0].training, other[0].training);
            assert_eq!(first, drawn((0, 0)));
        }
    }

    fn mistake(source: &Source) -> (String, String) {
        let error = generate(source, 7).unwrap().err().unwrap();
        (error.field, error.message)
    }

    /// The bits of a row, to look it up by.
    fn bits(row: &[f64]) -> Vec<u64> {
        row.iter().map(|x| x.to_bits()).collect()
    }

    fn rows(samples: &Samples) -> Vec<Vec<u64>> {
        (0..samples.targets.len()).map(|row| bits(samples.features.row(row).values())).collect()
    }

    #[test]
    fn tasks_depend_on_the_seed_and_differ() {
        for source in [sines(), digits()] {
            let (first, again) = (tasks(&source, 7), tasks(&source, 7));
            assert_eq!((&first.tasks, &first.new_tasks), (&again.tasks, &again.new_tasks));
            let all: Vec<&Split> = first.tasks.iter().chain(&first.new_tasks).collect();
            for (index, task) in all.iter().enumerate() {
                assert!(all[..index].iter().all(|other| other.training != task.training));
                assert_ne!(task.training, tasks(&source, 8).tasks[0].training);
            }
        }
    }

    #[test]
    fn further_tasks_leave_the_first_ones_alone() {
        let (mut sines, mut digits) = (sines(), digits());
        let before = [tasks(&sines, 7), tasks(&digits, 7)];
        if let Source::Sinusoids { tasks, new_tasks, .. } = &mut sines {
            (*tasks, *new_tasks) = (9, 5);
        }
        if let Source::Episodes { tasks, new_tasks, .. } = &mut digits {
            (*tasks, *new_tasks) = (9, 5);
        }
        for (before, after) in before.iter().zip([tasks(&sines, 7), tasks(&digits, 7)]) {
            assert_eq!(before.tasks, after.tasks[..before.tasks.len()]);
            assert_eq!(before.new_tasks, after.new_tasks[..before.new_tasks.len()]);
            assert_eq!(before.places, after.places);
        }
    }

    #[test]
    fn a_new_sinusoid_is_judged_by_the_curve_itself() {
        let Tasks { tasks, new_tasks, places, .. } = tasks(&sines(), 7);
        let places = places.unwrap();
        assert_eq!((tasks[0].training.targets.len(), tasks[0].validation.targets.len()), (5, 4));
        assert_eq!((places.support.len(), places.curve.len()), (5, CURVE));
        let curve = &new_tasks[0].validation;
        // a sin(x − p) = A sin x − B cos x: two numbers explain every point, so a determinant of three vanishes.
        let row = |k: usize| [places.curve[k].sin(), places.curve[k].cos(), curve.targets[k]];
        let [[a, b, c], [d, e, f], [g, h, i]] = [row(3), row(17), row(33)];
        let determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
        assert!(determinant.abs() < 1e-12, "{determinant:e}");
        let size = curve.targets.iter().fold(0.0, |most: f64, y| most.max(y.abs()));
        assert!((0.1 * 0.9..=5.0).contains(&size), "{size}");
        let grid = places.curve.windows(2).all(|pair| (pair[1] - pair[0] - 10.0 / 41.0).abs() < 1e-12);
        assert!(grid && (places.curve.iter().sum::<f64>()).abs() < 1e-12, "an even grid around 0");
    }

    #[test]
    fn features_together_have_length_one() {
        for (basis, tolerance) in [(Basis::Fourier, 1e-12), (Basis::Bumps, 0.02), (Basis::RandomFourier, 0.6)] {
            let map = Map::new(basis, 40, 7);
            for x in [-3.0, -0.7, 0.0, 2.5] {
                let square: f64 = (0..40).map(|j| map.value(j, x).powi(2)).sum();
                assert!((square - 1.0).abs() < tolerance, "{basis:?} at {x}: {square}");
            }
        }
        let map = Map::new(Basis::Fourier, 4, 7);
        let half = 0.5f64.sqrt();
        assert!((map.value(0, 2.0) - half * 0.5f64.cos()).abs() < 1e-15);
        assert!((map.value(1, 2.0) - half * 0.5f64.sin()).abs() < 1e-15);
        assert!((map.value(3, 2.0) - half * 1f64.sin()).abs() < 1e-15);
        assert_eq!((map.name(1).as_str(), map.name(2).as_str()), ("sin 0.25x", "cos 0.5x"));
    }

    #[test]
    fn an_episode_holds_so_many_rows_of_so_many_classes_and_none_twice() {
        let data = bundled::load("digits").unwrap();
        let class_of = |row: &[u64]| {
            (0..data.targets.len())
                .find(|index| bits(data.features.row(*index).values()) == row)
                .map(|row| data.targets[row])
        };
        let Tasks { tasks, new_tasks, .. } = tasks(&digits(), 7);
        for (task, expects_even) in tasks.iter().map(|task| (task, true)).chain(new_tasks.iter().map(|t| (t, false))) {
            let (support, query) = (rows(&task.training), rows(&task.validation));
            assert_eq!((support.len(), query.len()), (6, 18));
            assert!(support.iter().all(|row| !query.contains(row)), "support and query share a row");
            for label in 0..3 {
                let of = |samples: &Samples| samples.targets.iter().filter(|y| **y == f64::from(label)).count();
                assert_eq!((of(&task.training), of(&task.validation)), (2, 6));
            }
            let classes: Vec<f64> = support.iter().map(|row| class_of(row).unwrap()).collect();
            assert!(classes.chunks(2).all(|pair| pair[0] == pair[1]), "{classes:?}");
            assert!(classes.iter().all(|class| (class % 2.0 == 0.0) == expects_even), "{classes:?}");
            assert_eq!(task.labels, [0.0, 1.0, 2.0]);
        }
    }

    #[test]
    fn a_distractor_is_another_row_beside_the_digit() {
        let mut source = digits();
        let plain = tasks(&source, 7);
        if let Source::Episodes { distractor, .. } = &mut source {
            *distractor = true;
        }
        let data = bundled::load("digits").unwrap();
        let known: Vec<Vec<u64>> = (0..data.targets.len()).map(|row| bits(data.features.row(row).values())).collect();
        let with = tasks(&source, 7);
        let (alone, beside) = (&plain.tasks[0].training, &with.tasks[0].training);
        assert_eq!((beside.features.columns(), with.tasks[0].feature_names.len()), (128, 128));
        for row in 0..beside.targets.len() {
            assert_eq!(&beside.features.row(row).values()[..64], alone.features.row(row).values());
            assert!(known.contains(&bits(&beside.features.row(row).values()[64..])));
        }
    }

    #[test]
    fn impossible_tasks_say_what_would_work() {
        let with = |change: fn(&mut Source)| {
            let mut source = digits();
            change(&mut source);
            mistake(&source)
        };
        macro_rules! set {
            ($field:ident = $value:expr) => {
                with(|source| {
                    if let Source::Episodes { $field, .. } = source {
                        *$field = $value;
                    }
                })
            };
        }
        let said = |field: &str, message: &str| (field.to_owned(), message.to_owned());
        assert_eq!(
            set!(ways = 6),
            said("source.ways", "`ways` is 6, classes to make tasks of: 5; expected from 2 to 5")
        );
        assert_eq!(
            set!(ways = 1),
            said("source.ways", "`ways` is 1, classes to make tasks of: 5; expected from 2 to 5")
        );
        assert_eq!(set!(shots = 0), said("source.shots", "`shots` is 0; expected at least 1"));
        assert_eq!(set!(tasks = 0), said("source.tasks", "`tasks` is 0; expected at least 1"));
        assert_eq!(set!(query = 0), said("source.query", "`query` is 0; expected at least 1"));
        assert_eq!(
            set!(classes = vec![0.0, 1.0, 12.0]),
            said("source.classes[2]", "there is no class 12; expected some of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9")
        );
        assert_eq!(
            set!(classes = vec![0.0]),
            said("source.classes", "classes to make tasks of: 1; expected at least 2")
        );
        assert_eq!(
            set!(classes = (0..9).map(f64::from).collect()),
            said("source.classes", "classes left for new tasks: 1; expected at least 2")
        );
        let (field, message) = set!(query = 500);
        assert_eq!(field, "source.shots");
        assert_eq!(
            message,
            "an episode takes 2 + 500 rows of a class, but one of the classes to make tasks of has 174; \
             expected at most 174 together"
        );
        let (field, message) = set!(data = "digit".to_owned());
        assert_eq!(field, "source.data");
        assert!(message.starts_with("no data set `digit` comes with the program"), "{message}");
    }

    #[test]
    fn impossible_sinusoids_say_what_would_work() {
        macro_rules! set {
            ($field:ident = $value:expr) => {{
                let mut source = sines();
                if let Source::Sinusoids { $field, .. } = &mut source {
                    *$field = $value;
                }
                mistake(&source)
            }};
        }
        let said = |field: &str, message: &str| (field.to_owned(), message.to_owned());
        assert_eq!(set!(support = 0), said("source.support", "`support` is 0; expected at least 1"));
        assert_eq!(set!(features = 0), said("source.features", "`features` is 0; expected at least 1"));
        assert_eq!(
            set!(amplitude = (5.0, 0.1)),
            said("source.amplitude", "`amplitude` is from 5 to 0.1; expected finite numbers, the smaller one first")
        );
        assert_eq!(
            set!(noise = f64::NAN),
            said("source.noise", "`noise` is NaN; expected a finite number of at least 0")
        );
    }

    #[test]
    fn scales_are_those_of_the_known_support_rows() {
        let spec = DataSpec { standardize: Standardize::Center, ..DataSpec::new(sines()) };
        let prepared: Prepared = prepare(&spec, 7, &NoFiles).unwrap();
        assert_eq!((prepared.tasks.len(), prepared.new_tasks.len()), (2, 2));
        let support = std::iter::once(&prepared.split).chain(&prepared.tasks).map(|task| &task.training.features);
        let sums = support.fold(vec![0.0; 40], |sum, rows| {
            let mut sum = sum;
            (0..rows.rows()).for_each(|row| crate::math::vector::axpy(1.0, rows.row(row).values(), &mut sum));
            sum
        });
        assert!(crate::math::vector::norm(&sums) < 1e-12, "{sums:?}");
        for (field, spec) in [
            ("label_noise", DataSpec { label_noise: 0.5, ..spec.clone() }),
            ("products", DataSpec { products: true, ..spec }),
        ] {
            let error = prepare(&spec, 7, &NoFiles).unwrap_err();
            assert_eq!(error.field, field);
            assert!(error.message.ends_with("but tasks are taken as they are; expected to find it left out"));
        }
    }
}
