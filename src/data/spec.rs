//! What a scenario says about its data.

use serde::{Deserialize, Serialize};

use super::Intercept;
use super::table::{Decimal, Encoding, Header, Missing, Reading, Separator, Texts};

/// Where rows come from, how they are prepared and how they are divided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Data")]
pub struct DataSpec {
    /// Where the rows come from.
    pub source: Source,
    /// Which rows train, validate and test.
    #[serde(default)]
    pub split: SplitRule,
    /// What to do to each feature, fitted on the rows that `scale_on` says.
    #[serde(default)]
    pub standardize: Standardize,
    /// Which rows the scales are fitted to.
    #[serde(default)]
    pub scale_on: ScaleOn,
    /// Whether to subtract a regression target's mean and divide by its standard deviation.
    #[serde(default)]
    pub standardize_target: bool,
    /// Divides every feature by this before anything else (16 for the digits' pixels).
    #[serde(default = "one")]
    pub divide_by: f64,
    /// Whether to append the squares and products of all features (shifted and scaled first as `standardize` and `scale_on`
    /// say).
    #[serde(default)]
    pub products: bool,
    /// Whether to append a column of ones, and whether its weights are penalized.
    #[serde(default)]
    pub intercept: Intercept,
    /// Groups of columns that share a penalty where a problem has one for each: a name, and the columns of the table or
    /// the features in it. The columns of no group are one more; where none are listed, what became of one column is one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub groups: Vec<(String, Vec<String>)>,
    /// Fraction of the training rows whose class is replaced by a draw from all classes, which may hit the
    /// same one again.
    #[serde(default)]
    pub label_noise: f64,
    /// Standard deviation of normal noise that is added to the targets of the training rows alone, where they are numbers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target_noise: f64,
    /// What the rows of each class count for in the training loss, beside the weights of their own. As with scikit-learn's
    /// `class_weight`, validation and test losses do not read it: they judge by the classes as they come.
    #[serde(default)]
    pub class_weights: ClassWeights,
}

impl DataSpec {
    /// A source with everything else at its default.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self {
            source,
            split: SplitRule::default(),
            standardize: Standardize::default(),
            scale_on: ScaleOn::default(),
            standardize_target: false,
            divide_by: one(),
            products: false,
            intercept: Intercept::None,
            groups: Vec::new(),
            label_noise: 0.0,
            target_noise: 0.0,
            class_weights: ClassWeights::default(),
        }
    }
}

fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
fn is_one(x: &f64) -> bool {
    *x == 1.0
}

/// Which rows the shift and scale of features and target are fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ScaleOn {
    /// The training rows.
    #[default]
    Training,
    /// Training and validation rows together: what an ensemble divides.
    Pool,
    /// All rows of the source, test rows included.
    Everything,
}

/// What the rows of a class count for in training.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum ClassWeights {
    /// As much as those of any other.
    #[default]
    Off,
    /// n/(K n_k): each of the K classes counts as much as any other, with n training rows of which n_k are of class k.
    Balanced,
    /// A factor for each class listed, by its name in the source or its number; 1 for others.
    Listed(Vec<(String, f64)>),
}

/// What the indices of features count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FirstIndex {
    /// From 0 where there is an index 0, from 1 elsewhere.
    #[default]
    Auto,
    /// From 0.
    Zero,
    /// From 1.
    One,
}

/// What is done to each feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Standardize {
    /// Nothing.
    Off,
    /// The largest absolute value divides, and zeros stay zero.
    MaxAbs,
    /// The mean is subtracted. A constant column becomes zero.
    Center,
    /// The mean is subtracted, then the population standard deviation divides. A constant column is a mistake.
    #[default]
    Scale,
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Source {
    /// A data set that comes with the program: `breast_cancer`, `diabetes`, `digits` or `wine`.
    Bundled(String),
    /// A file of rows and columns. A relative path is relative to the scenario file.
    Csv {
        /// The file.
        path: String,
        /// Name of the target column; every other column is a feature.
        target: String,
        /// What stands between two fields.
        #[serde(default, skip_serializing_if = "is_default")]
        separator: Separator,
        /// What stands before the decimals.
        #[serde(default, skip_serializing_if = "is_default")]
        decimal: Decimal,
        /// Whether the first row holds names.
        #[serde(default, skip_serializing_if = "is_default")]
        header: Header,
        /// How letters are written as bytes.
        #[serde(default, skip_serializing_if = "is_default")]
        encoding: Encoding,
        /// Names of the features; every column but the target where there are none.
        #[serde(default, skip_serializing_if = "is_default")]
        columns: Vec<String>,
        /// Names of columns that are no features.
        #[serde(default, skip_serializing_if = "is_default")]
        leave_out: Vec<String>,
        /// What becomes of entries without a value.
        #[serde(default, skip_serializing_if = "is_default")]
        missing: Missing,
        /// Spellings of "no value" beside the usual ones: `-999`, `k.A.`.
        #[serde(default, skip_serializing_if = "is_default")]
        missing_values: Vec<String>,
        /// What becomes of columns of texts.
        #[serde(default, skip_serializing_if = "is_default")]
        texts: Texts,
        /// Name of the column that says how much each row counts, in the mean losses of training, validation and test; it is no
        /// feature. Means and deviations that features are scaled by count all rows alike.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weights: Option<String>,
    },
    /// Arrays by name in an archive of NumPy's (`np.savez`). Relative paths are relative to the scenario file.
    Npz {
        /// The file.
        path: String,
        /// Name of the features: one row a sample.
        features: String,
        /// Name of the targets: one number a sample.
        targets: String,
        /// Name of what says how much each row counts, in training, validation and test.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weights: Option<String>,
    },
    /// Arrays that are files of their own (`np.save`).
    Npy {
        /// The file of the features: one row a sample.
        features: String,
        /// The file of the targets: one number a sample.
        targets: String,
        /// The file of what says how much each row counts, in training, validation and test.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weights: Option<String>,
    },
    /// Rows as LIBSVM and SVMlight write them: `label index:value …`, with zeros left out. They stay sparse where fewer than
    /// a quarter of the entries are written, and nothing that is asked for leaves no zeros: centring, products of features.
    Libsvm {
        /// The file.
        path: String,
        /// What indices count from.
        #[serde(default, skip_serializing_if = "is_default")]
        first_index: FirstIndex,
        /// How many features there are, where the last of them are zero in all rows; as many as the largest index says
        /// when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        features: Option<usize>,
    },
    /// Rows written out in the scenario.
    Rows {
        /// One list a row.
        features: Vec<Vec<f64>>,
        /// One target a row.
        targets: Vec<f64>,
        /// How much each row counts, in training, validation and test; all alike when left out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        weights: Vec<f64>,
    },
    /// `y = xᵀw + noise`, rows of `N(0, Σ)` with variances `i^(−decay)`, times what falls evenly from 1 to `last_variance`, and one correlation, `w` normal of norm about `signal` on the first
    /// `informative` coordinates and zero elsewhere.
    Regression {
        /// Number of rows.
        rows: usize,
        /// Number of features.
        features: usize,
        /// w itself, instead of one that is drawn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weights: Option<Vec<f64>>,
        /// Coordinates with a weight; all when left out.
        #[serde(default)]
        informative: Option<usize>,
        /// Root mean square of ‖w‖.
        #[serde(default = "one")]
        signal: f64,
        /// Standard deviation of the noise.
        #[serde(default = "one")]
        noise: f64,
        /// Decay of the spectrum.
        #[serde(default)]
        decay: f64,
        /// Variance of the last feature: variances fall evenly from 1 to it, beside the decay.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        last_variance: f64,
        /// Deviation of the last feature: deviations fall by equal ratios from 1 to it, beside the rest.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        last_deviation: f64,
        /// Correlation of every two features, from 0 to less than 1.
        #[serde(default)]
        correlation: f64,
    },
    /// Two classes: labels drawn with probability `σ(margin · xᵀw)`, rows as for `Regression`.
    TwoClasses {
        /// Number of rows.
        rows: usize,
        /// Number of features.
        features: usize,
        /// How sharp the boundary is.
        #[serde(default = "one")]
        margin: f64,
        /// Decay of the spectrum.
        #[serde(default)]
        decay: f64,
        /// Variance of the last feature: variances fall evenly from 1 to it, beside the decay.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        last_variance: f64,
        /// Deviation of the last feature: deviations fall by equal ratios from 1 to it, beside the rest.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        last_deviation: f64,
        /// Correlation of every two features, from 0 to less than 1.
        #[serde(default)]
        correlation: f64,
    },
    /// A mixture of unit Gaussians, one a class, around random centres.
    Classes {
        /// Number of rows.
        rows: usize,
        /// Number of features.
        features: usize,
        /// Number of classes.
        classes: usize,
        /// Standard deviation of the centres' coordinates.
        #[serde(default = "one")]
        separation: f64,
    },
    /// A regressor x and an instrument z: `x = instrument · z + 0.8 u + 0.3 ε`, `y = f(x) − confounding · u + noise · ε′`, u unseen. Test rows
    /// are judged by f itself.
    Confounded {
        /// Number of rows.
        rows: usize,
        /// f, which instrumental variables are to find.
        #[serde(default)]
        curve: CausalCurve,
        /// How far the instrument moves the regressor.
        #[serde(default = "one")]
        instrument: f64,
        /// How far the confounder, which moves the regressor, moves the target.
        #[serde(default = "confounding")]
        confounding: f64,
        /// Standard deviation of the noise of the target.
        #[serde(default = "slight")]
        noise: f64,
    },
    /// Blocks of rows in time order, `y = sin(vᵀx) + c(t) + noise`, x standard normal: c moves from block to block. Test rows are judged by
    /// `sin(vᵀx) + c(t)`.
    Drifting {
        /// Number of blocks.
        blocks: usize,
        /// Rows of a block.
        rows: usize,
        /// Number of features.
        #[serde(default = "three")]
        features: usize,
        /// How c moves.
        #[serde(default)]
        motion: Motion,
        /// How far c goes to either side, where it swings.
        #[serde(default = "two")]
        amplitude: f64,
        /// Of a line: how far c moves from one block to the next. Of a swing: its angle from one block to the next. Of a walk: the
        /// standard deviation of a step.
        #[serde(default = "twentieth")]
        rate: f64,
        /// Standard deviation of the noise.
        #[serde(default = "one")]
        noise: f64,
    },
    /// Transitions of a linearized pendulum, `x₁′ = x₁ + 0.1 x₂`, `x₂′ = x₂ + 0.1(κ x₁ − 0.1 x₂ + u) + noise`, from states and actions that are drawn, with their cost
    /// as target; pendula hang beside it (κ = −2). Columns: angle, rate, action, two next states, angle and acceleration of each pendulum, κ.
    Plant {
        /// Rows, of a block.
        rows: usize,
        /// Blocks in time order, from one to the next of which κ moves.
        #[serde(default = "single")]
        blocks: usize,
        /// Pendula that hang beside it and are not moved by the action.
        #[serde(default = "pair")]
        pendula: usize,
        /// Standard deviation of their angles.
        #[serde(default = "fifth")]
        angle: f64,
        /// Standard deviation of what moves the rate by chance.
        #[serde(default = "twentieth")]
        noise: f64,
        /// How far κ goes to either side of 3.
        #[serde(default)]
        swing: f64,
        /// Its angle from one block to the next.
        #[serde(default)]
        rate: f64,
    },
    /// Tasks `y = amplitude · sin(x − phase) + noise`, x uniform in [−5, 5]: few rows each, learned together.
    /// New tasks are judged by the curve itself. The split rule is not read: support trains, query validates.
    Sinusoids {
        /// Tasks that λ is learned from.
        tasks: usize,
        /// Tasks that it is tested on.
        #[serde(default = "many")]
        new_tasks: usize,
        /// Rows of a task to learn from.
        #[serde(default = "five")]
        support: usize,
        /// Rows of a task to be judged on.
        #[serde(default = "five")]
        query: usize,
        /// Standard deviation of the noise.
        #[serde(default = "slight")]
        noise: f64,
        /// Smallest and largest amplitude.
        #[serde(default = "amplitudes")]
        amplitude: (f64, f64),
        /// Smallest and largest phase.
        #[serde(default = "phases")]
        phase: (f64, f64),
        /// Number of features of x.
        #[serde(default = "forty")]
        features: usize,
        /// Which features.
        #[serde(default)]
        basis: Basis,
    },
    /// Episodes of a data set that comes with the program: each task tells some of its classes apart, from
    /// few rows. New tasks are about other classes. The split rule is not read.
    Episodes {
        /// The data set.
        data: String,
        /// Tasks that λ is learned from.
        tasks: usize,
        /// Tasks that it is tested on.
        #[serde(default = "many")]
        new_tasks: usize,
        /// N, the classes of a task.
        ways: usize,
        /// K, the rows of a class to learn from.
        shots: usize,
        /// Rows of a class to be judged on.
        #[serde(default = "five")]
        query: usize,
        /// Classes that tasks are made of; new tasks are made of all others.
        classes: Vec<f64>,
        /// Whether to append to each a random row of the data set, of any class, which says nothing.
        #[serde(default)]
        distractor: bool,
    },
}

/// Features of a number in [−5, 5], scaled so that together they have length 1 or about 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Basis {
    /// `cos kx/4` and `sin kx/4`, k = 1, 2, …
    #[default]
    Fourier,
    /// `cos(ax − b)`, a standard normal, b uniform: Rahimi and Recht 2007.
    RandomFourier,
    /// Gaussian bumps of width 1, evenly spaced.
    Bumps,
}

/// What a target would be as a function of the regressor alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum CausalCurve {
    /// `1.5 x`.
    #[default]
    Line,
    /// `2 sin 1.5x`.
    Sine,
}

/// How the level of drifting rows moves with the number t of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Motion {
    /// `rate · t`.
    Linear,
    /// `amplitude · sin(rate · t)`.
    #[default]
    Sinusoid,
    /// A swing whose speed grows evenly, from 0 to twice the rate: `amplitude · sin(rate · t²/blocks)`.
    Sweep,
    /// A random walk: the sum of t normal steps of deviation `rate`.
    Walk,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn many() -> usize {
    300
}

fn five() -> usize {
    5
}

fn forty() -> usize {
    40
}

fn three() -> usize {
    3
}

fn single() -> usize {
    1
}

fn pair() -> usize {
    2
}

fn fifth() -> f64 {
    0.2
}

fn two() -> f64 {
    2.0
}

fn twentieth() -> f64 {
    0.05
}

fn confounding() -> f64 {
    1.2
}

fn slight() -> f64 {
    0.3
}

fn amplitudes() -> (f64, f64) {
    (0.1, 5.0)
}

fn phases() -> (f64, f64) {
    (0.0, std::f64::consts::PI)
}

impl Source {
    /// A file of rows and columns, read as is recognized.
    #[must_use]
    pub fn csv(path: impl Into<String>, target: impl Into<String>) -> Self {
        let reading = Reading::default();
        Self::Csv {
            path: path.into(),
            target: target.into(),
            separator: reading.separator,
            decimal: reading.decimal,
            header: reading.header,
            encoding: reading.encoding,
            columns: reading.columns,
            leave_out: reading.leave_out,
            missing: reading.missing,
            missing_values: reading.missing_values,
            texts: reading.texts,
            weights: reading.weights,
        }
    }

    /// The paths of its files, where it is some.
    pub fn paths_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Csv { path, .. } | Self::Npz { path, .. } | Self::Libsvm { path, .. } => vec![path],
            Self::Npy { features, targets, weights } => [features, targets].into_iter().chain(weights).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it is read from files.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Csv { .. } | Self::Npz { .. } | Self::Npy { .. } | Self::Libsvm { .. })
    }

    /// Whether what is zero is left out where it is written.
    #[must_use]
    pub fn is_sparse(&self) -> bool {
        matches!(self, Self::Libsvm { .. })
    }

    /// How its file is read, where it is one.
    #[must_use]
    pub fn reading(&self, leaves_out_constants: bool) -> Option<Reading> {
        let Self::Csv {
            separator,
            decimal,
            header,
            encoding,
            columns,
            leave_out,
            missing,
            missing_values,
            texts,
            weights,
            ..
        } = self
        else {
            return None;
        };
        Some(Reading {
            separator: *separator,
            decimal: *decimal,
            header: *header,
            encoding: *encoding,
            columns: columns.clone(),
            leave_out: leave_out.clone(),
            missing: *missing,
            missing_values: missing_values.clone(),
            texts: *texts,
            weights: weights.clone(),
            leaves_out_constants,
        })
    }

    /// Whether it gives tasks rather than rows.
    #[must_use]
    pub fn gives_tasks(&self) -> bool {
        matches!(self, Self::Sinusoids { .. } | Self::Episodes { .. })
    }
}

/// Which rows train, validate and test. Indices count data rows from 0.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum SplitRule {
    /// Even rows train, odd rows validate.
    #[default]
    Alternate,
    /// Of each `period` rows in order, the first `keep`; of what is kept, even positions train and odd
    /// ones validate. The rest of each period tests.
    AlternateOf {
        /// Rows kept of each period.
        keep: usize,
        /// Length of a period.
        period: usize,
    },
    /// Rows by number.
    Indices {
        /// Rows of the inner objective.
        training: Vec<usize>,
        /// Rows of the outer objective.
        validation: Vec<usize>,
        /// Rows that neither sees.
        #[serde(default)]
        test: Vec<usize>,
    },
    /// So many rows each, drawn without repetition. The seed is the scenario's unless given.
    Random {
        /// Rows of the inner objective.
        training: usize,
        /// Rows of the outer objective.
        validation: usize,
        /// Rows that neither sees.
        #[serde(default)]
        test: usize,
        /// Seed of the draw.
        #[serde(default)]
        seed: Option<u64>,
    },
    /// Fractions of the rows, drawn without repetition; what is left over is unused.
    Fractions {
        /// Fraction for the inner objective.
        training: f64,
        /// Fraction for the outer objective.
        validation: f64,
        /// Fraction that neither sees.
        #[serde(default)]
        test: f64,
        /// Seed of the draw.
        #[serde(default)]
        seed: Option<u64>,
    },
    /// As `Fractions` or `Random`, with each class's share of the rows kept in every part to within one row: fractions of
    /// the rows, or whole numbers of them. Of a target of numbers its values count as classes, where they are whole and half as many as the rows
    /// at most, else ten stretches of as many rows each.
    Stratified {
        /// Fraction or number of the rows of the inner objective.
        training: f64,
        /// Fraction or number of the rows of the outer objective.
        validation: f64,
        /// Fraction or number of the rows that neither sees.
        #[serde(default)]
        test: f64,
        /// Seed of the draw.
        #[serde(default)]
        seed: Option<u64>,
    },
    /// First rows train, later ones validate, the last test: fractions of the rows, or whole numbers of them.
    Ordered {
        /// Fraction or number of the rows of the inner objective, which come first.
        training: f64,
        /// Fraction or number of the rows of the outer objective.
        validation: f64,
        /// Fraction or number of the rows that neither sees, which come last.
        #[serde(default)]
        test: f64,
        /// The feature whose values say what comes first; the order of the source when left out.
        #[serde(default)]
        by: Option<String>,
        /// Rows left out between two parts, so that nothing reaches over the edge.
        #[serde(default)]
        gap: usize,
    },
    /// Blocks of rows in the order of the source, which is that of time: the first `past` blocks train, the newest first, and the one
    /// after them validates. A drifting world goes on from there. Where the source knows what targets would be without noise, the rows that
    /// validate test as well, and are judged by that.
    Stream {
        /// Blocks that are learned from.
        past: usize,
        /// Rows of a block.
        block: usize,
        /// The first rows of each past block that train; all when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        training: Option<usize>,
        /// The last rows of the present block that validate; all when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        validation: Option<usize>,
    },
}

impl SplitRule {
    /// Whether each part has the classes in the same shares.
    #[must_use]
    pub fn is_stratified(&self) -> bool {
        matches!(self, Self::Stratified { .. })
    }

    /// Whether parts follow one another in time.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        matches!(self, Self::Ordered { .. } | Self::Stream { .. })
    }
}
