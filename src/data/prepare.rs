//! From what a scenario says about its data to the rows of an experiment.

use super::draw::{Draw, MOST_ENTRIES};
use super::expand::Products;
use super::numpy::Asked;
use super::spec::{ClassWeights, DataSpec, ScaleOn, Source, SplitRule, Standardize};
use super::strata::{classes, note_of_strata};
use super::tasks::Places;
use super::weights::{check_weights, class_weights};
use super::{Columns, DataError, Dataset, Features, Files, Intercept, Note, RowWeights, Rows, Samples, Scaling, Split};
use super::{bundled, filled, numbered_names, numpy, svmlight, synthetic, table, tasks};
use crate::math::number::{counted, typeset};
use std::borrow::Cow;
use std::sync::Arc;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::math::Matrix;
use crate::math::random::{Purpose, stream};

/// The stream of label noise among those of [`Purpose::Data`].
const NOISE: u64 = 100;

/// The rows of one experiment, and how they came about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prepared {
    /// What the problem sees.
    pub split: Split,
    /// Which row of the data set each sample is.
    pub rows: Rows,
    /// Name of the target.
    pub target_name: String,
    /// Names of classes 0, 1, 2, …, where the data has names for them.
    pub class_names: Vec<String>,
    /// Which training rows have another class than the data set says, where `label_noise` is not 0.
    pub mislabelled: Vec<bool>,
    /// What was done to the features after `divide_by`.
    pub scaling: Scaling,
    /// What was done to the target, where something was.
    pub target_scaling: Option<Scaling>,
    /// All rows of the source, as they were read.
    pub dataset: Arc<Dataset>,
    /// Further tasks that share λ, beside `split`, which is the first.
    pub tasks: Vec<Split>,
    /// Tasks that λ is tested on.
    pub new_tasks: Vec<Split>,
    /// Where the rows of the first new task lie, for tasks about one number x.
    pub places: Option<Places>,
    /// What was recognized, left out or found strange on the way.
    pub notes: Vec<Note>,
}

/// Reads, divides, splits, mislabels and standardises, in this order; a function of its arguments alone.
///
/// # Errors
/// With the field of the specification at fault.
pub fn prepare(spec: &DataSpec, seed: u64, files: &dyn Files) -> Result<Prepared, DataError> {
    if let Some(tasks) = tasks::generate(&spec.source, seed) {
        return prepare_tasks(spec, tasks?);
    }
    prepare_rows(spec, seed, Arc::new(load(spec, seed, files)?))
}

/// The same from rows that were read before.
///
/// # Errors
/// With the field of the specification at fault.
pub fn prepare_rows(spec: &DataSpec, seed: u64, dataset: Arc<Dataset>) -> Result<Prepared, DataError> {
    let data = if spec.divide_by == 1.0 && !spec.products && !leaves_no_zeros(spec, &dataset) {
        // Nothing is done to all rows, and a copy of them may be large.
        Cow::Borrowed(&*dataset)
    } else {
        Cow::Owned(features(spec, Dataset::clone(&dataset))?)
    };
    let rows = Rows::of(&spec.split, &data, seed)?;
    check_stream(spec)?;
    let mut parts = [&rows.training, &rows.validation, &rows.test].map(|rows| data.samples(rows));
    if !data.curve.is_empty() {
        parts[2].targets = chosen(&data.curve, &rows.test);
    }
    let labels = classes(&data.targets);
    let noise = &mut stream(seed, Purpose::Data, &[NOISE]);
    let mislabelled = mislabel(&mut parts[0].targets, &data.targets, spec.label_noise, noise)?;
    blur(&mut parts[0].targets, spec.target_noise, noise)?;
    let class_weights = class_weights(&spec.class_weights, &parts[0].targets, &data)?;
    check_weights(&parts)?;
    let fitted = match spec.scale_on {
        ScaleOn::Training => Fitted::to(spec, &parts[0], &data)?,
        _ => Fitted::to(spec, &data.samples(&scaled_on(spec, &rows, data.targets.len())), &data)?,
    };
    parts.iter_mut().for_each(|part| fitted.apply(part));
    let [training, validation, test] = parts;
    let feature_names = fitted.names(&data.feature_names);
    let columns = fitted.columns.clone();
    let mut notes = data.notes.clone();
    notes.extend(rows.left_over(&spec.split, data.targets.len()));
    notes.extend(spec.split.is_stratified().then(|| note_of_strata(&data)).flatten());
    notes.extend(filled::note(&data, &fitted.features.filling, spec.scale_on));
    Ok(Prepared {
        split: Split {
            training,
            validation,
            test,
            feature_names,
            labels,
            columns,
            class_names: data.class_names.clone(),
            class_weights,
            weights: RowWeights::default(),
        },
        rows,
        target_name: data.target_name.clone(),
        class_names: data.class_names.clone(),
        mislabelled,
        scaling: fitted.features,
        target_scaling: fitted.target,
        notes,
        dataset: Arc::clone(&dataset),
        tasks: Vec::new(),
        new_tasks: Vec::new(),
        places: None,
    })
}

/// Noise of training rows would be that of the first blocks alone.
fn check_stream(spec: &DataSpec) -> Result<(), DataError> {
    let noises = [(spec.target_noise, "target_noise"), (spec.label_noise, "label_noise")];
    match noises.into_iter().find(|(noise, _)| *noise != 0.0 && matches!(spec.split, SplitRule::Stream { .. })) {
        Some((noise, field)) => {
            let message = format!("`{field}` is {noise}, but rows of a stream are taken as they come; expected 0");
            Err(DataError::at(field, message))
        }
        None => Ok(()),
    }
}

/// The rows that scales are fitted to.
fn scaled_on(spec: &DataSpec, rows: &Rows, count: usize) -> Vec<usize> {
    match spec.scale_on {
        ScaleOn::Training => rows.training.clone(),
        ScaleOn::Pool => rows.training.iter().chain(&rows.validation).copied().collect(),
        ScaleOn::Everything => (0..count).collect(),
    }
}

/// What was fitted when the rows of a scenario were prepared.
pub(super) fn fitted_again(spec: &DataSpec, prepared: &Prepared) -> Result<Fitted, DataError> {
    if !spec.products {
        return Ok(Fitted::again(spec, prepared));
    }
    let data = features(spec, Dataset::clone(&prepared.dataset))?;
    let rows = data.samples(&scaled_on(spec, &prepared.rows, data.targets.len()));
    // Its targets are without their noise.
    Ok(Fitted { target: prepared.target_scaling.clone(), ..Fitted::to(spec, &rows, &data)? })
}

/// The same for a family of tasks: scales are fitted on the support rows of all known tasks.
fn prepare_tasks(spec: &DataSpec, family: tasks::Tasks) -> Result<Prepared, DataError> {
    let in_vain = [
        (spec.products, "products", "true".to_owned()),
        (spec.label_noise != 0.0, "label_noise", spec.label_noise.to_string()),
        (spec.target_noise != 0.0, "target_noise", spec.target_noise.to_string()),
        (spec.class_weights != ClassWeights::Off, "class_weights", "set".to_owned()),
    ];
    if let Some((_, field, value)) = in_vain.into_iter().find(|(is_set, ..)| *is_set) {
        let message = format!("`{field}` is {value}, but tasks are taken as they are; expected to find it left out");
        return Err(DataError::at(field, message));
    }
    let tasks::Tasks { mut tasks, mut new_tasks, target_name, places } = family;
    for task in tasks.iter_mut().chain(&mut new_tasks) {
        divide_task(task, spec.divide_by)?;
    }
    let support: Vec<&Samples> = tasks.iter().map(|task| &task.training).collect();
    let all = Dataset {
        features: stacked(&support),
        targets: support.iter().flat_map(|samples| samples.targets.iter().copied()).collect(),
        feature_names: tasks[0].feature_names.clone(),
        target_name: target_name.to_owned(),
        ..Dataset::default()
    };
    let everything = Samples::new(all.features.clone(), all.targets.clone());
    let fitted = Fitted::to(spec, &everything, &all)?;
    for task in tasks.iter_mut().chain(&mut new_tasks) {
        fitted.apply_to_task(task);
    }
    let others = tasks.split_off(1);
    let split = tasks.swap_remove(0);
    Ok(Prepared {
        rows: Rows {
            training: (0..split.training.targets.len()).collect(),
            validation: (0..split.validation.targets.len()).collect(),
            test: Vec::new(),
        },
        split,
        target_name: target_name.to_owned(),
        class_names: Vec::new(),
        mislabelled: Vec::new(),
        scaling: fitted.features,
        target_scaling: fitted.target,
        dataset: Arc::default(),
        tasks: others,
        new_tasks,
        places,
        notes: Vec::new(),
    })
}

/// Divides the features of a task, as [`features`] does those of a data set.
pub(super) fn divide_task(task: &mut Split, by: f64) -> Result<(), DataError> {
    divide(&mut task.training.features, by)?;
    divide(&mut task.validation.features, by)
}

fn stacked(parts: &[&Samples]) -> Features {
    let columns = parts.first().map_or(0, |part| part.features.columns());
    let entries: Vec<f64> = parts.iter().flat_map(|part| part.features.dense().entries().to_vec()).collect();
    Matrix::from_entries(entries.len() / columns.max(1), columns, entries).unwrap_or_default().into()
}

/// Whether sparse features are asked to become what has hardly a zero.
fn leaves_no_zeros(spec: &DataSpec, data: &Dataset) -> bool {
    data.features.is_sparse() && (is_centred(spec) || spec.products)
}

fn is_centred(spec: &DataSpec) -> bool {
    matches!(spec.standardize, Standardize::Scale | Standardize::Center)
}

/// Makes sparse features dense, which is said, and refused where they are too many.
fn write_zeros(spec: &DataSpec, data: &mut Dataset) -> Result<(), DataError> {
    const HELP: &str = "`standardize: MaxAbs` or `Off`, without products, keeps zeros";
    let (rows, columns) = (data.features.rows(), data.features.columns());
    let (field, why) = if spec.products {
        ("products", "products of features are made of dense rows".to_owned())
    } else {
        ("standardize", format!("`standardize: {:?}` subtracts means, which leaves hardly a zero", spec.standardize))
    };
    let written = data.features.written_out();
    let written = written.map_err(|table| DataError::at(field, format!("{why}: {table}")).with_help(HELP))?;
    let megabytes = typeset((rows * columns * size_of::<f64>()) as f64 / 1e6);
    data.features = Features::Dense(written);
    data.notes
        .push(Note::warning(format!("{why}: the rows take {megabytes} MB, and products run over all entries; {HELP}")));
    Ok(())
}

/// The features that the specification asks for, before anything is fitted.
pub(super) fn features(spec: &DataSpec, mut data: Dataset) -> Result<Dataset, DataError> {
    divide(&mut data.features, spec.divide_by)?;
    if leaves_no_zeros(spec, &data) {
        write_zeros(spec, &mut data)?;
    }
    if spec.products {
        let (rows, columns) = (data.targets.len(), data.features.columns());
        // Each product has a name as well.
        let products = columns.saturating_mul(columns.saturating_add(3)) / 2;
        if products.saturating_mul(rows.max(10)) > MOST_ENTRIES {
            let message = format!(
                "{columns} features have {products} squares and products, which are too many over {rows} rows; expected \
                 `false`, or fewer features"
            );
            return Err(DataError::at("products", message));
        }
    }
    Ok(data)
}

/// Products of features, shift and scale of features and target, the column of ones, and what a penalty sees of the columns.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    products: Option<Products>,
    pub features: Scaling,
    pub target: Option<Scaling>,
    pub columns: Columns,
    intercept: Intercept,
}

impl Fitted {
    /// To some rows of a data set.
    pub fn to(spec: &DataSpec, rows: &Samples, data: &Dataset) -> Result<Self, DataError> {
        let products =
            spec.products.then(|| Products::fit(&rows.features.dense(), data, spec.standardize)).transpose()?;
        let features = match &products {
            Some(products) => Scaling::fit(
                &products.append(&rows.features.dense()).into(),
                &products.described(data),
                spec.standardize,
            )?,
            None => Scaling::fit(&rows.features, data, spec.standardize)?,
        };
        let mut target = None;
        if spec.standardize_target {
            if !data.class_names.is_empty() {
                let message =
                    format!("the target `{}` holds names of classes, which cannot be standardized", data.target_name);
                return Err(DataError::at("standardize_target", message));
            }
            target = Some(Scaling::fit_target(&rows.targets, &data.target_name)?);
        }
        let names = named(&data.feature_names, products.as_ref(), spec.intercept);
        let columns = Columns::of(&spec.groups, &names, &data.origins, spec.intercept)?;
        Ok(Self { products, features, target, columns, intercept: spec.intercept })
    }

    /// What was fitted when the tasks of a scenario were prepared, which have no products.
    pub fn again(spec: &DataSpec, prepared: &Prepared) -> Self {
        let (features, target) = (prepared.scaling.clone(), prepared.target_scaling.clone());
        Self { products: None, features, target, columns: prepared.split.columns.clone(), intercept: spec.intercept }
    }

    pub fn apply(&self, samples: &mut Samples) {
        if let Some(products) = &self.products {
            samples.features = products.append(&samples.features.dense()).into();
        }
        self.features.apply(&mut samples.features);
        if let Some(target) = &self.target {
            target.apply_target(&mut samples.targets);
        }
        if self.intercept.is_appended() {
            samples.features = samples.features.with_ones();
        }
    }

    /// To the rows of a task, which has no test rows, and to the names of its features.
    pub fn apply_to_task(&self, task: &mut Split) {
        self.apply(&mut task.training);
        self.apply(&mut task.validation);
        task.columns = self.columns.clone();
        task.feature_names = self.names(&task.feature_names);
        task.test.features = Matrix::zeros(0, task.feature_names.len()).into();
    }

    pub fn names(&self, names: &[String]) -> Vec<String> {
        named(names, self.products.as_ref(), self.intercept)
    }
}

/// The names of features and their products, with that of the column of ones behind them.
fn named(names: &[String], products: Option<&Products>, intercept: Intercept) -> Vec<String> {
    let mut names = products.map_or_else(|| names.to_vec(), |products| products.names(names));
    names.extend(intercept.is_appended().then(|| "intercept".to_owned()));
    names
}

/// The whole data set, untouched.
///
/// # Errors
/// With the field of the specification at fault.
pub fn load(spec: &DataSpec, seed: u64, files: &dyn Files) -> Result<Dataset, DataError> {
    let source = &spec.source;
    if let Some(generated) = synthetic::generate(source, Draw::of(seed)) {
        return generated;
    }
    match source {
        Source::Bundled(id) => bundled::load(id),
        Source::Csv { path, target, .. } => {
            let bytes = bytes(files, path, "path")?;
            // A column that is to be divided by its deviation has to have one.
            let reading = source.reading(spec.standardize == Standardize::Scale).unwrap_or_default();
            table::read(&bytes, path, target, &reading).map_err(|error| DataError {
                field: error.field(),
                message: error.to_string(),
                help: error.help(),
            })
        }
        Source::Npz { path, features, targets, weights } => {
            let bytes = bytes(files, path, "path")?;
            let [features, targets] = [("features", features), ("targets", targets)].map(asked);
            let weights = weights.as_ref().map(|name| asked(("weights", name)));
            numpy::from_archive(&bytes, path, &features, &targets, weights.as_ref())
        }
        Source::Npy { features, targets, weights } => {
            let [x, y] = [("features", features), ("targets", targets)]
                .map(|file| Ok((bytes(files, file.1, file.0)?, asked(file))));
            let (x, y) = (x?, y?);
            let w = weights
                .as_ref()
                .map(|file| Ok((bytes(files, file, "weights")?, asked(("weights", file)))))
                .transpose()?;
            numpy::from_files((&x.0, &x.1), (&y.0, &y.1), w.as_ref().map(|(bytes, asked)| (&bytes[..], asked)))
        }
        Source::Libsvm { path, first_index, features } => {
            let mut data = svmlight::read(&bytes(files, path, "path")?, path, *first_index, *features)?;
            if !data.features.is_sparse() && is_centred(spec) {
                let message = "subtracting means leaves hardly a zero, and products then run over all entries";
                data.notes.push(Note::warning(format!("{message}; `standardize: MaxAbs` or `Off` keeps zeros")));
            }
            Ok(data)
        }
        Source::Rows { features, targets, weights } => written_rows(features, targets, weights),
        _ => Err(DataError::at("source", "this source gives tasks, not rows")),
    }
}

fn asked<'a>((field, name): (&'static str, &'a String)) -> Asked<'a> {
    Asked { field, name }
}

/// The bytes of a file that a field of the source names.
fn bytes(files: &dyn Files, path: &str, field: &str) -> Result<Vec<u8>, DataError> {
    files.bytes(path).map_err(|reason| {
        let message = format!("cannot read {}: {}", super::display_text(path), super::display_text(&reason));
        DataError::at(format!("source.{field}"), message)
            .with_help("a relative path starts at the scenario file's folder")
    })
}

fn written_rows(features: &[Vec<f64>], targets: &[f64], weights: &[f64]) -> Result<Dataset, DataError> {
    let width = features.first().map_or(0, Vec::len);
    if width == 0 {
        return Err(DataError::at("source.features", "`features` has no entries; expected one list of numbers a row"));
    }
    for (index, row) in features.iter().enumerate() {
        if row.len() != width {
            let message = format!("row {index} has {}; expected {width}, as in row 0", counted(row.len(), "feature"));
            return Err(DataError::at(format!("source.features[{index}]"), message));
        }
        if let Some(column) = row.iter().position(|x| !x.is_finite()) {
            let message = format!("found {}; expected a finite number", row[column]);
            return Err(DataError::at(format!("source.features[{index}][{column}]"), message));
        }
    }
    if targets.len() != features.len() {
        let message = format!(
            "found {} for {}; expected one a row",
            counted(targets.len(), "target"),
            counted(features.len(), "row")
        );
        return Err(DataError::at("source.targets", message));
    }
    if let Some(index) = targets.iter().position(|y| !y.is_finite()) {
        let message = format!("found {}; expected a finite number", targets[index]);
        return Err(DataError::at(format!("source.targets[{index}]"), message));
    }
    if !weights.is_empty() && weights.len() != features.len() {
        let (found, rows) = (counted(weights.len(), "weight"), counted(features.len(), "row"));
        return Err(DataError::at("source.weights", format!("found {found} for {rows}; expected one a row")));
    }
    if let Some(index) = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        let message = format!("found {}; expected a finite weight of at least 0", weights[index]);
        return Err(DataError::at(format!("source.weights[{index}]"), message));
    }
    Ok(Dataset {
        features: Matrix::from_fn(features.len(), width, |i, j| features[i][j]).into(),
        targets: targets.to_vec(),
        weights: weights.to_vec(),
        feature_names: numbered_names(width),
        target_name: "target".to_owned(),
        ..Dataset::default()
    })
}

/// Replaces the class of a fraction of the training rows by a draw from all classes there are, and tells
/// which rows that changed.
pub(super) fn mislabel(
    targets: &mut [f64],
    all: &[f64],
    fraction: f64,
    random: &mut ChaCha8Rng,
) -> Result<Vec<bool>, DataError> {
    if !(0.0..=1.0).contains(&fraction) {
        let message = format!("`label_noise` is {fraction}; expected a fraction from 0 to 1");
        return Err(DataError::at("label_noise", message));
    }
    let mut changed = vec![false; targets.len()];
    if fraction == 0.0 {
        return Ok(changed);
    }
    if let Some(target) = all.iter().find(|target| target.fract() != 0.0) {
        let message = format!("`label_noise` replaces classes, but the target takes the value {target}");
        return Err(DataError::at("label_noise", message));
    }
    let classes = classes(all);
    let mut order: Vec<usize> = (0..targets.len()).collect();
    for position in 0..(fraction * targets.len() as f64 + 1e-9).floor() as usize {
        order.swap(position, random.random_range(position..targets.len()));
        let row = order[position];
        let class = classes[random.random_range(0..classes.len())];
        changed[row] = targets[row].total_cmp(&class).is_ne();
        targets[row] = class;
    }
    Ok(changed)
}

/// Adds normal noise of this deviation to training targets that are numbers.
pub(super) fn blur(targets: &mut [f64], deviation: f64, random: &mut ChaCha8Rng) -> Result<(), DataError> {
    if !(deviation.is_finite() && deviation >= 0.0) {
        let message = format!("`target_noise` is {deviation}; expected a finite number of at least 0");
        return Err(DataError::at("target_noise", message));
    }
    if deviation > 0.0 {
        targets.iter_mut().zip(StandardNormal.sample_iter(random)).for_each(|(y, z): (_, f64)| *y += deviation * z);
    }
    Ok(())
}

fn divide(features: &mut Features, by: f64) -> Result<(), DataError> {
    if !by.is_finite() || by == 0.0 {
        return Err(DataError::at("divide_by", format!("`divide_by` is {by}; expected a finite number other than 0")));
    }
    features.divide(by);
    Ok(())
}

/// Some of these, in the order given.
pub(super) fn chosen(values: &[f64], rows: &[usize]) -> Vec<f64> {
    rows.iter().map(|row| values[*row]).collect()
}

impl Samples {
    /// Some of these, in the order given.
    #[must_use]
    pub fn choose(&self, rows: &[usize]) -> Self {
        Self {
            features: self.features.choose_rows(rows),
            targets: chosen(&self.targets, rows),
            weights: if self.weights.is_empty() { Vec::new() } else { chosen(&self.weights, rows) },
        }
    }
}

impl Dataset {
    /// The samples of some rows, in the order given.
    #[must_use]
    pub fn samples(&self, rows: &[usize]) -> Samples {
        Samples {
            features: self.features.choose_rows(rows),
            targets: chosen(&self.targets, rows),
            weights: if self.weights.is_empty() { Vec::new() } else { chosen(&self.weights, rows) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec::{SplitRule, Standardize};
    use super::super::{NoFiles, Samples};
    use super::*;

    struct Table(&'static str);

    impl Files for Table {
        fn read(&self, path: &str) -> Result<String, String> {
            if path == "table.csv" { Ok(self.0.to_owned()) } else { Err("No such file or directory".to_owned()) }
        }
    }

    fn csv_spec(path: &str, target: &str) -> DataSpec {
        DataSpec::new(Source::csv(path, target))
    }

    #[test]
    fn scaling_is_fitted_on_training_rows_and_ones_come_last() {
        // Training rows 1 and 3 of the first column: mean 2, deviation 1.
        let spec = DataSpec { intercept: Intercept::Penalized, ..csv_spec("table.csv", "y") };
        let prepared = prepare(&spec, 0, &Table("x,y\n1,10\n5,20\n3,30\n7,40\n")).unwrap();
        assert_eq!(prepared.split.training.features.dense().entries(), [-1.0, 1.0, 1.0, 1.0]);
        assert_eq!(prepared.split.validation.features.dense().entries(), [3.0, 1.0, 5.0, 1.0]);
        assert_eq!(prepared.split.training.targets, [10.0, 30.0]);
        assert_eq!(prepared.split.feature_names, ["x", "intercept"]);
        assert_eq!(prepared.split.test, Samples::none(2));
    }

    #[test]
    fn a_regression_target_is_standardised_on_request() {
        let spec = DataSpec {
            standardize: Standardize::Off,
            standardize_target: true,
            divide_by: 2.0,
            ..csv_spec("table.csv", "y")
        };
        let prepared = prepare(&spec, 0, &Table("x,y\n1,10\n5,20\n3,30\n7,40\n")).unwrap();
        assert_eq!(prepared.split.training.features.dense().entries(), [0.5, 1.5]);
        assert_eq!(prepared.split.training.targets, [-1.0, 1.0]);
        assert_eq!(prepared.split.validation.targets, [0.0, 2.0]);
        let error = prepare(&spec, 0, &Table("x,y\n1,a\n5,b\n3,c\n7,d\n")).unwrap_err();
        assert_eq!(error.message, "the target `y` holds names of classes, which cannot be standardized");
    }

    #[test]
    fn pixels_can_be_centred_or_divided_but_not_scaled() {
        let digits = |standardize| DataSpec {
            divide_by: 16.0,
            standardize,
            split: SplitRule::AlternateOf { keep: 2, period: 4 },
            ..DataSpec::new(Source::Bundled("digits".to_owned()))
        };
        let off = prepare(&digits(Standardize::Off), 0, &NoFiles).unwrap();
        assert_eq!(off.split.training.features.rows(), 450);
        assert_eq!(off.split.training.features[(0, 2)], 5.0 / 16.0);
        assert!(prepare(&digits(Standardize::Center), 0, &NoFiles).is_ok());
        let error = prepare(&digits(Standardize::Scale), 0, &NoFiles).unwrap_err();
        assert!(error.message.starts_with("column `") && error.message.contains("is constant"), "{error}");
    }

    #[test]
    fn label_noise_changes_training_rows_alone() {
        let spec = |label_noise| DataSpec {
            label_noise,
            standardize: Standardize::Center,
            ..DataSpec::new(Source::Bundled("digits".to_owned()))
        };
        let clean = prepare(&spec(0.0), 3, &NoFiles).unwrap();
        let noisy = prepare(&spec(0.5), 3, &NoFiles).unwrap();
        assert_eq!(clean.split.validation, noisy.split.validation);
        let pairs = clean.split.training.targets.iter().zip(&noisy.split.training.targets);
        let differs: Vec<bool> = pairs.map(|(before, after)| before != after).collect();
        assert_eq!(differs, noisy.mislabelled);
        // Half of 899 rows are drawn anew, and nine draws in ten hit another class.
        let count = differs.iter().filter(|differs| **differs).count();
        assert!((370..440).contains(&count), "{count}");
        assert_eq!(prepare(&spec(1.5), 3, &NoFiles).unwrap_err().field, "label_noise");
    }

    #[test]
    fn mistakes_name_their_field() {
        let written = |features: &[&[f64]], targets: &[f64]| {
            DataSpec::new(Source::Rows {
                features: features.iter().map(|row| row.to_vec()).collect(),
                targets: targets.to_vec(),
                weights: Vec::new(),
            })
        };
        let expected = [
            (csv_spec("gone.csv", "y"), "source.path", "cannot read gone.csv: No such file or directory"),
            (csv_spec("table.csv", "z"), "source.target", "table.csv has no column `z`; its columns are `x`, `y`"),
            (
                csv_spec("table.csv", "y"),
                "source.path",
                "table.csv, line 3, column `x`: found the missing value `NaN`; expected a finite number",
            ),
            (written(&[], &[]), "source.features", "`features` has no entries; expected one list of numbers a row"),
            (
                written(&[&[1.0], &[1.0, 2.0]], &[1.0, 2.0]),
                "source.features[1]",
                "row 1 has 2 features; expected 1, as in row 0",
            ),
            (
                written(&[&[1.0], &[f64::NAN]], &[1.0, 2.0]),
                "source.features[1][0]",
                "found NaN; expected a finite number",
            ),
            (written(&[&[1.0], &[2.0]], &[1.0]), "source.targets", "found 1 target for 2 rows; expected one a row"),
            (
                written(&[&[1.0], &[2.0]], &[1.0, f64::INFINITY]),
                "source.targets[1]",
                "found inf; expected a finite number",
            ),
            (
                DataSpec { divide_by: 0.0, ..written(&[&[1.0], &[2.0]], &[1.0, 2.0]) },
                "divide_by",
                "`divide_by` is 0; expected a finite number other than 0",
            ),
        ];
        for (spec, field, message) in expected {
            let error = prepare(&spec, 0, &Table("x,y\n1,2\nNaN,4\n")).unwrap_err();
            assert_eq!((error.field.as_str(), error.message.as_str()), (field, message));
        }
    }
}
