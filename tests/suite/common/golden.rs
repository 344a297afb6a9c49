//! Loads a reference file of `tests/golden/` as a problem with its starting point and numbers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyperlab::catalog;
use hyperlab::data::{Samples, Split};
use hyperlab::math::Matrix;
use hyperlab::math::statistics::mean;
use hyperlab::problem::Problem;
use serde_json::Value;

use super::{Settings, build};

/// The files that describe a problem.
pub const NAMES: [&str; 9] = [
    "ridge_scalar",
    "ridge_perfeature",
    "biased_ridge_meta",
    "logistic_binary_perfeature",
    "logistic_binary_scalar",
    "softmax_perfeature",
    "hypercleaning_softmax",
    "quadratic_bilevel",
    "breast_cancer_logistic",
];

/// The large one, which takes seconds.
pub const DIGITS: &str = "digits_softmax";

/// A reference file, and the problem it describes.
pub struct Golden {
    /// The problem, built from the file's data.
    pub problem: Arc<dyn Problem>,
    /// λ.
    pub lambda: Vec<f64>,
    /// Where the inner loop starts.
    pub theta0: Vec<f64>,
    /// η.
    pub step_size: f64,
    /// The whole file.
    pub value: Value,
}

/// Loads `tests/golden/<name>.json`.
pub fn load(name: &str) -> Golden {
    let value = read(name);
    Golden {
        problem: problem(name, &value),
        lambda: vector(&value["lambda"]),
        theta0: vector(&value["theta0"]),
        step_size: number(&value["step_size"]),
        value,
    }
}

/// The parsed file.
pub fn read(name: &str) -> Value {
    let path = root().join("tests/golden").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A number of the file.
#[track_caller]
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("expected a number, found {value}"))
}

/// A list of numbers.
#[track_caller]
pub fn vector(value: &Value) -> Vec<f64> {
    value.as_array().unwrap_or_else(|| panic!("expected a list, found {value}")).iter().map(number).collect()
}

/// A list of rows; a plain list of numbers becomes one column.
#[track_caller]
pub fn matrix(value: &Value) -> Matrix {
    let rows = value.as_array().unwrap_or_else(|| panic!("expected a list, found {value}"));
    if rows.iter().all(Value::is_number) {
        return Matrix::from_entries(rows.len(), 1, vector(value)).unwrap();
    }
    let entries = rows.iter().flat_map(vector).collect();
    Matrix::from_entries(rows.len(), rows[0].as_array().unwrap().len(), entries).unwrap()
}

fn problem(name: &str, value: &Value) -> Arc<dyn Problem> {
    let scalar: Settings<'_> = &[("penalty", catalog::Value::Choice("Scalar"))];
    let data = &value["data"];
    let inline = || inline(data);
    let built = match name {
        "ridge_scalar" => build("ridge", scalar, Some(&inline()), &[]),
        "ridge_perfeature" => build("ridge", &[], Some(&inline()), &[]),
        "logistic_binary_perfeature" => build("logistic", &[], Some(&inline()), &[]),
        "logistic_binary_scalar" => build("logistic", scalar, Some(&inline()), &[]),
        "softmax_perfeature" => build("softmax", &[], Some(&inline()), &[]),
        "biased_ridge_meta" => {
            let settings = [("rho", catalog::Value::Real(number(&data["rho"])))];
            build("biased-ridge", &settings, Some(&inline()), &[])
        }
        "hypercleaning_softmax" => {
            let settings = [("ridge", catalog::Value::Real(number(&data["C"])))];
            build("hyper-cleaning", &settings, Some(&inline()), &[])
        }
        "quadratic_bilevel" => {
            let arrays: Vec<_> =
                data.as_object().unwrap().iter().map(|(name, value)| (name.clone(), matrix(value))).collect();
            build("quadratic", &[], None, &arrays)
        }
        "breast_cancer_logistic" => build("logistic", &[], Some(&breast_cancer()), &[]),
        "digits_softmax" => build("softmax", &[], Some(&digits()), &[]),
        other => panic!("`{other}` describes no problem"),
    };
    built.unwrap()
}

fn inline(data: &Value) -> Split {
    let samples = |features: &str, targets: &str| Samples::new(matrix(&data[features]), vector(&data[targets]));
    Split { training: samples("X", "y"), validation: samples("X_val", "y_val"), ..Split::default() }
}

/// Even rows train, odd rows validate; features standardised with mean and population standard
/// deviation of the training rows.
pub fn breast_cancer() -> Split {
    let mut split = alternate(&table("breast_cancer"));
    for j in 0..split.training.features.columns() {
        let column = split.training.features.column(j);
        let center = mean(&column);
        let spread = mean(&column.iter().map(|x| (x - center).powi(2)).collect::<Vec<_>>()).sqrt();
        for features in [&mut split.training.features, &mut split.validation.features] {
            let scaled: Vec<f64> = features.column(j).iter().map(|x| (x - center) / spread).collect();
            let mut matrix = Matrix::clone(&features.dense());
            matrix.set_column(j, &scaled);
            *features = matrix.into();
        }
    }
    split
}

/// Of every four rows the first two; pixels over 16; even positions train, odd positions validate.
pub fn digits() -> Split {
    let kept: Vec<Vec<f64>> = table("digits")
        .into_iter()
        .enumerate()
        .filter(|(row, _)| row % 4 < 2)
        .map(|(_, mut row)| {
            let pixels = row.len() - 1;
            row[..pixels].iter_mut().for_each(|pixel| *pixel /= 16.0);
            row
        })
        .collect();
    alternate(&kept)
}

fn alternate(table: &[Vec<f64>]) -> Split {
    let samples = |first: usize| {
        let rows: Vec<&Vec<f64>> = table.iter().skip(first).step_by(2).collect();
        let width = rows[0].len() - 1;
        let features = Matrix::from_fn(rows.len(), width, |i, j| rows[i][j]);
        Samples::new(features, rows.iter().map(|row| row[width]).collect())
    };
    Split { training: samples(0), validation: samples(1), ..Split::default() }
}

fn table(name: &str) -> Vec<Vec<f64>> {
    let path = root().join("assets/data").join(format!("{name}.csv"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
