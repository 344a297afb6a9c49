//! Rows whose zeros are left out: the same problems, and what keeps and what loses the zeros.

use std::sync::Arc;

use crate::common::{build, convex_instances, instances_over, normal};
use hyperlab::data::{DataSpec, Features, Files, Intercept, Samples, Source, Split, Standardize, prepare};
use hyperlab::math::Matrix;
use hyperlab::math::double::{Double, doubled, rounded};
use hyperlab::math::sparse::SparseMatrix;
use hyperlab::problem::{Oracle, PreciseLocation, Price, Problem, Rounding, Sample, Truth};
use hyperlab::scenario::{Severity, check_text};

/// Two of three entries are zero, but for the column of ones.
fn thinned(split: &Split) -> Split {
    let thin = |samples: &Samples| {
        let whole = samples.features.dense();
        let entry = |i: usize, j: usize| if j == 4 || (i + 2 * j).is_multiple_of(3) { whole[(i, j)] } else { 0.0 };
        Samples { features: Matrix::from_fn(whole.rows(), whole.columns(), entry).into(), ..samples.clone() }
    };
    let [training, validation, test] = [&split.training, &split.validation, &split.test].map(thin);
    Split { training, validation, test, ..split.clone() }
}

fn sparse(split: &Split) -> Split {
    let compressed = |samples: &Samples| {
        let dense = samples.features.dense();
        let (mut ends, mut indices, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..dense.rows() {
            for (j, value) in dense.row(i).iter().enumerate().filter(|(_, value)| **value != 0.0) {
                indices.push(j as u32);
                values.push(*value);
            }
            ends.push(values.len());
        }
        let features: Features = SparseMatrix::from_entries(dense.columns(), ends, indices, values).unwrap().into();
        assert!(features.stored() < dense.entries().len());
        Samples { features, ..samples.clone() }
    };
    let [training, validation, test] = [&split.training, &split.validation, &split.test].map(compressed);
    Split { training, validation, test, ..split.clone() }
}

/// An instance over dense rows, and the same over sparse ones.
type Pair = (String, Arc<dyn Problem>, Arc<dyn Problem>);

fn both() -> Vec<Pair> {
    let pairs = instances_over(thinned).into_iter().zip(instances_over(|split| sparse(&thinned(split))));
    pairs.map(|((name, dense), (_, sparse))| (name, dense, sparse)).collect()
}

/// Everything that can be asked of a problem at one place, with the name of the question.
fn answers(problem: &Arc<dyn Problem>, rows: Option<[&[usize]; 2]>) -> Vec<(&'static str, Vec<f64>)> {
    let mut oracle = Oracle::new(Arc::clone(problem));
    let (d, p) = (oracle.inner_dimension(), oracle.outer_dimension());
    let (lambda, theta, u, v, w) = (normal(p, 1), normal(d, 2), normal(d, 3), normal(d, 4), normal(p, 5));
    oracle.use_training_rows(rows.map(|rows| rows[0]));
    oracle.use_validation_rows(rows.map(|rows| rows[1]));
    oracle.move_to(&lambda, &theta);
    let mut all = vec![("g and f", vec![oracle.inner_value(), oracle.outer_value()])];
    let mut ask = |name, length: usize, question: &mut dyn FnMut(&mut Oracle, &mut [f64])| {
        let mut out = vec![0.0; length];
        question(&mut oracle, &mut out);
        all.push((name, out));
    };
    ask("gradient", d, &mut |oracle, out| oracle.inner_gradient(out));
    ask("gradient in λ", p, &mut |oracle, out| oracle.inner_lambda_gradient(out));
    ask("hvp", d, &mut |oracle, out| oracle.hvp(&v, out));
    ask("cross vjp", p, &mut |oracle, out| oracle.cross_vjp(&v, out));
    ask("cross jvp", d, &mut |oracle, out| oracle.cross_jvp(&w, out));
    ask("outer gradient", d, &mut |oracle, out| oracle.outer_gradient(out));
    ask("outer gradient in λ", p, &mut |oracle, out| oracle.outer_lambda_gradient(out));
    ask("outer hvp", d, &mut |oracle, out| oracle.outer_hvp(&v, out));
    ask("third inner", d, &mut |oracle, out| oracle.third_inner(&u, &v, out));
    ask("third cross jvp", d, &mut |oracle, out| oracle.third_cross_jvp(&w, &v, out));
    ask("third cross vjp", p, &mut |oracle, out| oracle.third_cross_vjp(&u, &v, out));
    ask("H", d * d, &mut |oracle, out| out.copy_from_slice(oracle.hessian().entries()));
    let scores =
        [Sample::Training, Sample::Validation, Sample::Test].map(|sample| problem.score(sample, &lambda, &theta));
    all.push((
        "scores",
        scores.iter().flatten().flat_map(|score| [score.loss, score.accuracy.unwrap_or(0.0)]).collect(),
    ));
    all
}

fn precise_answers(problem: &Arc<dyn Problem>) -> Option<Vec<f64>> {
    let precise = problem.precise()?;
    let (d, p) = (problem.dimensions().inner, problem.dimensions().outer);
    let (lambda, theta, v) = (normal(p, 1), doubled(&normal(d, 2)), doubled(&normal(d, 4)));
    let at = PreciseLocation { lambda: &lambda, theta: &theta, rounding: Rounding::Otherwise(3) };
    let mut all = Vec::new();
    let mut ask = |length: usize, question: &dyn Fn(&mut [Double])| {
        let mut out = vec![Double::ZERO; length];
        question(&mut out);
        all.extend(rounded(&out));
    };
    ask(d, &|out| precise.inner_gradient(at, out));
    ask(d, &|out| precise.hvp(at, &v, out));
    ask(p, &|out| precise.cross_vjp(at, &v, out));
    ask(d, &|out| precise.outer_gradient(at, out));
    Some(all)
}

#[track_caller]
fn assert_agree(name: &str, what: &str, dense: &[f64], sparse: &[f64]) {
    let scale = dense.iter().fold(1.0, |scale: f64, x| scale.max(x.abs()));
    for (a, b) in dense.iter().zip(sparse) {
        assert!((a - b).abs() <= 1e-12 * scale, "{name}, {what}: dense {a}, sparse {b}");
    }
    assert_eq!(dense.len(), sparse.len(), "{name}, {what}");
}

#[test]
fn every_derivative_is_that_of_the_dense_rows() {
    for (name, dense, sparse) in both() {
        for rows in [None, Some([&[3, 0, 7][..], &[1, 4][..]])] {
            for ((what, dense), (_, sparse)) in answers(&dense, rows).into_iter().zip(answers(&sparse, rows)) {
                assert_agree(&name, what, &dense, &sparse);
            }
        }
        let (dense, sparse) = (precise_answers(&dense), precise_answers(&sparse));
        assert_eq!(dense.is_some(), sparse.is_some(), "{name}");
        assert_agree(&name, "precise", &dense.unwrap_or_default(), &sparse.unwrap_or_default());
    }
}

#[test]
fn every_exact_answer_is_that_of_the_dense_rows() {
    let mut compared = 0;
    for (name, dense, sparse) in both().into_iter().filter(|(_, dense, _)| dense.is_convex()) {
        let lambda: Vec<f64> = normal(dense.dimensions().outer, 1).iter().map(|x| 0.3 * x - 1.0).collect();
        let (dense, sparse) = (Truth::at(&dense, &lambda), Truth::at(&sparse, &lambda));
        if dense.doubt.is_none() && dense.floor < 1e-10 {
            assert_agree(&name, "∇F", &dense.hypergradient, &sparse.hypergradient);
            assert_agree(&name, "θ*", &dense.theta, &sparse.theta);
            compared += 1;
        }
    }
    assert!(2 * compared > convex_instances().len(), "{compared}");
}

/// Rows of d features of which m are stored: H takes n m² products, and its factorization d³/3, twice for ridge.
#[test]
fn an_exact_answer_over_sparse_rows_has_its_own_price() {
    let (rows, columns) = (50, 40);
    let samples = || {
        let indices: Vec<u32> = (0..rows as u32).flat_map(|row| [row % 20, 20 + row % 20]).collect();
        let ends = (1..=rows).map(|row| 2 * row).collect();
        let features = SparseMatrix::from_entries(columns, ends, indices, vec![1.0; 2 * rows]).unwrap();
        Samples::new(features, (0..rows).map(|row| (row % 3) as f64).collect())
    };
    let sparse = Split { training: samples(), validation: samples(), ..Split::default() };
    let dense = |samples: Samples| Samples { features: Features::Dense(samples.features.dense()), ..samples };
    let dense = Split { training: dense(samples()), validation: dense(samples()), ..Split::default() };
    let products = |split: &Split| {
        let problem = build("ridge", &[], Some(split), &[]).unwrap();
        Price::of_truth(&*problem).multiplications
    };
    let factorized = 2.0 * 40.0_f64.powi(3) / 3.0;
    assert!((products(&sparse) - factorized - 2.0 * 50.0 * 4.0).abs() < 1e-6);
    assert!((products(&dense) - factorized - 2.0 * 50.0 * 1600.0).abs() < 1e-6);
}

/// A file of 40 rows with six features, of which each row has one or two.
struct Rows;

impl Files for Rows {
    fn read(&self, _: &str) -> Result<String, String> {
        let row = |i: usize| {
            format!("{} {}:{} {}:-0.5\n", if i.is_multiple_of(3) { 1 } else { -1 }, 1 + i % 5, 1 + i % 7, 6 + i % 4)
        };
        Ok((0..40).map(row).collect())
    }
}

fn spec(standardize: Standardize, intercept: Intercept) -> DataSpec {
    let path = "rows.svm".to_owned();
    let source = Source::Libsvm { path, first_index: Default::default(), features: None };
    DataSpec { standardize, intercept, ..DataSpec::new(source) }
}

#[test]
fn what_keeps_zeros_keeps_rows_sparse() {
    for standardize in [Standardize::Off, Standardize::MaxAbs] {
        let data = prepare(&spec(standardize, Intercept::Free), 0, &Rows).unwrap();
        let features = &data.split.training.features;
        assert!(features.is_sparse());
        assert_eq!((features.rows(), features.columns(), features.stored()), (20, 10, 20 * 3));
        assert_eq!(features[(0, 9)], 1.0);
        // Column 1 has the entries 1 + i % 7 of rows 0, 10, 20, 30 of training: 1, 4, 7, 3.
        let expected = if standardize == Standardize::MaxAbs { 4.0 / 7.0 } else { 4.0 };
        assert_eq!(features[(5, 0)], expected);
    }
    let data = prepare(&spec(Standardize::Center, Intercept::None), 0, &Rows).unwrap();
    assert!(!data.split.training.features.is_sparse());
    // The mean of column 1 over the training rows is (1 + 4 + 7 + 3)/20.
    assert_eq!(data.split.training.features[(1, 0)], -0.75);
    let said: Vec<&str> = data.notes.iter().filter(|note| note.is_warning).map(|note| note.text.as_str()).collect();
    assert!(said.len() == 1 && said[0].contains("`standardize: Center` subtracts means"), "{said:?}");
}

/// One entry in the last of very many columns.
struct Wide;

impl Files for Wide {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(format!("1 900000:1\n{}", "-1 1:1\n1 2:1\n".repeat(100)))
    }
}

#[test]
fn what_loses_zeros_is_refused_where_they_are_too_many() {
    let text = |data: &str| {
        format!(
            "Scenario(title: \"t\", about: \"a\", problem: Logistic(), data: Data(source: Libsvm(path: \"w.svm\"), {data}), \
             inner: Inner(dynamics: GradientDescent(), steps: 5), trials: [Trial(estimator: Direct)], charts: [\"losses\"])"
        )
    };
    for (data, words) in [
        ("standardize: Scale", "`standardize: Scale` subtracts means, which leaves hardly a zero: a table of 201 rows"),
        ("standardize: Off, products: true", "products of features are made of dense rows: a table of 201 rows"),
    ] {
        let found = check_text(&text(data), &Wide, &["losses"][..]).1;
        let error = found.iter().find(|said| said.severity == Severity::Error).unwrap();
        assert!(error.message.contains(words), "{error:?}");
        assert!(error.help.as_deref().is_some_and(|help| help.contains("MaxAbs")), "{error:?}");
    }
}
