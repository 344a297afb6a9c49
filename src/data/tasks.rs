//! Families of tasks: each has a support set to learn from and a query set to be judged on.
//!
//! The tasks of a scenario share λ; new tasks of the same family say what λ is worth. Finn, Abbeel, Levine
//! 2017 (sinusoids); Vinyals et al. 2016 (N-way K-shot episodes).

use std::f64::consts::PI;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::spec::{Basis, Source};
use super::{DataError, Dataset, Samples, Split, bundled};
use crate::math::Matrix;
use crate::math::random::{Purpose, stream};

/// The stream of tasks among those of [`Purpose::Data`].
const TASKS: u64 = 200;

/// The tasks of a scenario, and new ones.
pub(super) struct Tasks {
    /// Those that λ is learned from: support rows train, query rows validate.
    pub tasks: Vec<Split>,
    /// Those that it is tested on.
    pub new_tasks: Vec<Split>,
    pub target_name: &'static str,
}

/// The tasks of a source; `None` for sources of rows.
pub(super) fn generate(source: &Source, seed: u64) -> Option<Result<Tasks, DataError>> {
    match source {
        Source::Sinusoids { .. } => Some(sinusoids(source, seed)),
        Source::Episodes { .. } => Some(episodes(source, seed)),
        _ => None,
    }
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

fn check_counts(counts: &[(&str, usize)]) -> Result<(), DataError> {
    match counts.iter().find(|(_, count)| *count == 0) {
        Some((name, _)) => Err(DataError::at(format!("source.{name}"), format!("`{name}` is 0; expected at least 1"))),
        None => Ok(()),
    }
}

/// Query rows of a new sinusoid: enough to see the whole curve, without noise.
const CURVE: usize = 41;

fn sinusoids(source: &Source, seed: u64) -> Result<Tasks, DataError> {
    let &Source::Sinusoids { tasks, new_tasks, support, query, noise, amplitude, phase, features, basis } = source
    else {
        return Err(DataError::at("source", "this source has no sinusoids"));
    };
    check_counts(&[("tasks", tasks), ("support", support), ("query", query), ("features", features)])?;
    for (name, (low, high)) in [("amplitude", amplitude), ("phase", phase)] {
        if !(low.is_finite() && high.is_finite() && low <= high) {
            let message = format!("`{name}` is from {low} to {high}; expected finite numbers, the smaller one first");
            return Err(DataError::at(format!("source.{name}"), message));
        }
    }
    if !(noise.is_finite() && noise >= 0.0) {
        let message = format!("`noise` is {noise}; expected a finite number of at least 0");
        return Err(DataError::at("source.noise", message));
    }
    let map = Map::new(basis, features, seed);
    let names: Vec<String> = (0..features).map(|j| map.name(j)).collect();
    let task = |which: Which, number: usize| {
        let mut random = task_stream(seed, which, number);
        let amplitude = between(amplitude, &mut random);
        let phase = between(phase, &mut random);
        let mut samples = |inputs: Vec<f64>, noise: f64| {
            let normal = |random: &mut ChaCha8Rng| -> f64 { StandardNormal.sample(random) };
            let targets = inputs.iter().map(|x| amplitude * (x - phase).sin() + noise * normal(&mut random)).collect();
            Samples { features: Matrix::from_fn(inputs.len(), features, |row, j| map.value(j, inputs[row])), targets }
        };
        let mut places = task_stream(seed, which, usize::MAX - number);
        let mut drawn = |count: usize| (0..count).map(|_| between((-5.0, 5.0), &mut places)).collect::<Vec<f64>>();
        let training = samples(drawn(support), noise);
        #[allow(clippy::cast_precision_loss)]
        let validation = match which {
            Which::Known => samples(drawn(query), noise),
            Which::New => samples((0..CURVE).map(|k| -5.0 + 10.0 * k as f64 / (CURVE - 1) as f64).collect(), 0.0),
        };
        Split { training, validation, test: no_rows(features), feature_names: names.clone(), ..Split::default() }
    };
    Ok(Tasks {
        tasks: (0..tasks).map(|number| task(Which::Known, number)).collect(),
        new_tasks: (0..new_tasks).map(|number| task(Which::New, number)).collect(),
        target_name: "y",
    })
}

fn between((low, high): (f64, f64), random: &mut ChaCha8Rng) -> f64 {
    low + (high - low) * random.random::<f64>()
}

fn no_rows(columns: usize) -> Samples {
    Samples { features: Matrix::zeros(0, columns), targets: Vec::new() }
}

/// Features of a number in [−5, 5].
struct Map {
    /// Frequency and phase of `√2 cos(frequency · x − phase)`, or centre and width of a bump.
    parts: Vec<(f64, f64)>,
    basis: Basis,
}

impl Map {
    #[allow(clippy::cast_precision_loss)]
    fn new(basis: Basis, count: usize, seed: u64) -> Self {
        let mut random = stream(seed, Purpose::Data, &[TASKS, 2]);
        let parts = match basis {
            // cos x/2, sin x/2, cos x, sin x, cos 3x/2, …
            Basis::Fourier => {
                (0..count).map(|j| ((j / 2 + 1) as f64 / 2.0, if j % 2 == 0 { 0.0 } else { PI / 2.0 })).collect()
            }
            Basis::RandomFourier => (0..count)
                .map(|_| {
                    let frequency: f64 = StandardNormal.sample(&mut random);
                    (1.5 * frequency, between((0.0, 2.0 * PI), &mut random))
                })
                .collect(),
            Basis::Bumps => {
                let spacing = 10.0 / (count.max(2) - 1) as f64;
                (0..count).map(|j| (-5.0 + spacing * j as f64, 1.0)).collect()
            }
        };
        Self { parts, basis }
    }

    fn value(&self, index: usize, x: f64) -> f64 {
        let (first, second) = self.parts[index];
        match self.basis {
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

fn episodes(source: &Source, seed: u64) -> Result<Tasks, DataError> {
    let Source::Episodes { data, tasks, new_tasks, ways, shots, query, classes, distractor } = source else {
        return Err(DataError::at("source", "this source has no episodes"));
    };
    let (ways, shots, query) = (*ways, *shots, *query);
    check_counts(&[("tasks", *tasks), ("shots", shots), ("query", query)])?;
    let rows = bundled::load(data).map_err(|error| DataError::at("source.data", error.message))?;
    let pools = division_of_classes(&rows, classes)?;
    for (name, pool) in [("meta-training", &pools[0]), ("meta-test", &pools[1])] {
        if ways < 2 || ways > pool.len() {
            let message = format!(
                "`ways` is {ways}, but there are {} {name} classes; expected from 2 to {}",
                pool.len(),
                pool.len()
            );
            return Err(DataError::at("source.ways", message));
        }
        if let Some(class) = pool.iter().find(|class| class.len() < shots + query) {
            let message = format!(
                "an episode takes {shots} + {query} rows of a class, but one of the {name} classes has only {}",
                class.len()
            );
            return Err(DataError::at("source.shots", message));
        }
    }
    let width = rows.features.columns();
    let columns = if *distractor { 2 * width } else { width };
    let mut names = rows.feature_names.clone();
    if *distractor {
        names.extend(rows.feature_names.iter().map(|name| format!("distractor {name}")));
    }
    let everywhere: [Vec<usize>; 2] = [0, 1].map(|side| pools[side].iter().flatten().copied().collect());
    let task = |which: Which, number: usize| {
        let mut random = task_stream(seed, which, number);
        let (pool, distractors) = (&pools[which as usize], &everywhere[which as usize]);
        let mut order: Vec<usize> = (0..pool.len()).collect();
        choose(&mut order, ways, &mut random);
        let mut parts: [Vec<(usize, usize)>; 2] = Default::default();
        for (label, class) in order[..ways].iter().enumerate() {
            let mut members = pool[*class].clone();
            choose(&mut members, shots + query, &mut random);
            parts[0].extend(members[..shots].iter().map(|row| (*row, label)));
            parts[1].extend(members[shots..shots + query].iter().map(|row| (*row, label)));
        }
        let mut samples = |part: &[(usize, usize)]| {
            let mut features = Matrix::zeros(part.len(), columns);
            for (place, (row, _)) in part.iter().enumerate() {
                features.row_mut(place)[..width].copy_from_slice(rows.features.row(*row));
                if *distractor {
                    let other = distractors[random.random_range(0..distractors.len())];
                    features.row_mut(place)[width..].copy_from_slice(rows.features.row(other));
                }
            }
            #[allow(clippy::cast_precision_loss)]
            Samples { features, targets: part.iter().map(|(_, label)| *label as f64).collect() }
        };
        let (training, validation) = (samples(&parts[0]), samples(&parts[1]));
        #[allow(clippy::cast_precision_loss)]
        Split {
            training,
            validation,
            test: no_rows(columns),
            feature_names: names.clone(),
            labels: (0..ways).map(|label| label as f64).collect(),
            ..Split::default()
        }
    };
    Ok(Tasks {
        tasks: (0..*tasks).map(|number| task(Which::Known, number)).collect(),
        new_tasks: (0..*new_tasks).map(|number| task(Which::New, number)).collect(),
        target_name: "class",
    })
}

/// Moves a random choice of `count` items to the front.
fn choose(items: &mut [usize], count: usize, random: &mut ChaCha8Rng) {
    for place in 0..count {
        items.swap(place, random.random_range(place..items.len()));
    }
}

/// Row numbers by class: those of the classes listed, and those of all others.
fn division_of_classes(rows: &Dataset, listed: &[f64]) -> Result<[Vec<Vec<usize>>; 2], DataError> {
    let mut classes = rows.targets.clone();
    classes.sort_by(f64::total_cmp);
    classes.dedup();
    if let Some((index, class)) = listed.iter().enumerate().find(|(_, class)| !classes.contains(class)) {
        let known = classes.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("there is no class {class}; expected some of {known}");
        return Err(DataError::at(format!("source.classes[{index}]"), message));
    }
    let of = |class: &f64| (0..rows.targets.len()).filter(|row| rows.targets[*row].total_cmp(class).is_eq()).collect();
    let (train, test): (Vec<f64>, Vec<f64>) = classes.iter().partition(|class| listed.contains(class));
    Ok([train.iter().map(of).collect(), test.iter().map(of).collect()])
}
