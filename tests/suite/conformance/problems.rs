//! Every problem of the list, in every variant, against finite differences and the identities that
//! its contract promises.

use std::sync::Arc;

use crate::common::{
    Settings, assert_close, assert_near, build, class_split, convex_instances, instances, normal, plants,
    regression_split, weighted_instances,
};
use hyperlab::catalog::{Card, Knobs, Value};
use hyperlab::data::{Samples, Split};
use hyperlab::math::double::{Double, doubled, rounded};
use hyperlab::math::finite_difference::directional;
use hyperlab::math::vector::{axpy, basis, dot, norm, scale};
use hyperlab::math::{Factorization, Matrix};
use hyperlab::problem::{
    ALL, Block, Blocks, Cache, Dimensions, Location, Needs, Oracle, OuterObjective, Precise, PreciseLocation, Problem,
    Rounding, Rows, Sample, Truth, solve_inner,
};

/// Something vector-valued at a place.
type Function<'a> = &'a dyn Fn(&Place) -> Vec<f64>;

/// Relative accuracy of a finite difference.
const TOLERANCE: f64 = 1e-8;
/// Short enough for the fifth derivative where λ multiplies θ, as in an embedding.
const STEP: f64 = 1e-3;

/// A problem at a place, asked through fresh buffers every time.
#[derive(Clone)]
struct Place {
    problem: Arc<dyn Problem>,
    lambda: Vec<f64>,
    theta: Vec<f64>,
    rows: Lists,
}

/// Training rows and validation rows.
#[derive(Clone, Default)]
struct Lists {
    training: Option<Vec<usize>>,
    validation: Option<Vec<usize>>,
}

impl Place {
    fn random(problem: &Arc<dyn Problem>, key: u64) -> Self {
        let sizes = problem.dimensions();
        let (lambda, theta) = (normal(sizes.outer, 10 * key), normal(sizes.inner, 10 * key + 1));
        Self { problem: problem.clone(), lambda, theta, rows: Lists::default() }
    }

    fn at_lambda(&self, lambda: &[f64]) -> Self {
        Self { lambda: lambda.to_vec(), ..self.clone() }
    }

    fn at_theta(&self, theta: &[f64]) -> Self {
        Self { theta: theta.to_vec(), ..self.clone() }
    }

    fn at_training_rows(&self, rows: &[usize]) -> Self {
        Self { rows: Lists { training: Some(rows.to_vec()), ..self.rows.clone() }, ..self.clone() }
    }

    fn at_validation_rows(&self, rows: &[usize]) -> Self {
        Self { rows: Lists { validation: Some(rows.to_vec()), ..self.rows.clone() }, ..self.clone() }
    }

    /// The same lists on either level.
    fn at_rows(&self, rows: &[usize]) -> Self {
        self.at_training_rows(rows).at_validation_rows(rows)
    }

    fn location(&self) -> Location<'_> {
        let rows = Rows { training: self.rows.training.as_deref(), validation: self.rows.validation.as_deref() };
        Location { lambda: &self.lambda, theta: &self.theta, rows }
    }

    fn ask<T>(&self, call: impl FnOnce(&dyn Problem, Location<'_>, &mut Cache) -> T) -> T {
        let mut cache = Cache::default();
        self.problem.prepare(self.location(), &mut cache);
        call(&*self.problem, self.location(), &mut cache)
    }

    /// A vector in the space of θ; the output is poisoned, so that every entry has to be written.
    fn inner(&self, call: impl FnOnce(&dyn Problem, Location<'_>, &mut Cache, &mut [f64])) -> Vec<f64> {
        let mut out = vec![f64::NAN; self.theta.len()];
        self.ask(|problem, at, cache| call(problem, at, cache, &mut out));
        out
    }

    /// A vector in the space of λ.
    fn outer(&self, call: impl FnOnce(&dyn Problem, Location<'_>, &mut Cache, &mut [f64])) -> Vec<f64> {
        let mut out = vec![f64::NAN; self.lambda.len()];
        self.ask(|problem, at, cache| call(problem, at, cache, &mut out));
        out
    }

    fn g(&self) -> f64 {
        self.ask(|problem, at, cache| problem.inner_value(at, cache))
    }

    fn gradient(&self) -> Vec<f64> {
        self.inner(|problem, at, cache, out| problem.inner_gradient(at, cache, out))
    }

    fn lambda_gradient(&self) -> Vec<f64> {
        self.outer(|problem, at, cache, out| problem.inner_lambda_gradient(at, cache, out))
    }

    fn hvp(&self, v: &[f64]) -> Vec<f64> {
        self.inner(|problem, at, cache, out| problem.hvp(at, cache, v, out))
    }

    /// Products with directions side by side, beside columns of J that are added to ones.
    fn panels(&self, directions: &[f64], count: usize, entries: &[usize]) -> (Vec<f64>, Vec<f64>) {
        self.ask(|problem, at, cache| {
            let mut products = vec![f64::NAN; directions.len()];
            problem.hvps(at, cache, directions, count, &mut products);
            let mut cross = vec![1.0; directions.len()];
            problem.add_cross_columns(at, cache, entries, count, &mut cross);
            (products, cross)
        })
    }

    fn cross_vjp(&self, v: &[f64]) -> Vec<f64> {
        self.outer(|problem, at, cache, out| problem.cross_vjp(at, cache, v, out))
    }

    fn cross_jvp(&self, u: &[f64]) -> Vec<f64> {
        self.inner(|problem, at, cache, out| problem.cross_jvp(at, cache, u, out))
    }

    fn hessian(&self) -> Matrix {
        let size = self.theta.len();
        let mut out = Matrix::from_fn(size, size, |_, _| f64::NAN);
        self.ask(|problem, at, cache| problem.hessian(at, cache, &mut out));
        out
    }

    fn third_inner(&self, u: &[f64], v: &[f64]) -> Vec<f64> {
        self.inner(|problem, at, cache, out| problem.third().unwrap().inner(at, cache, u, v, out))
    }

    fn third_cross_jvp(&self, direction: &[f64], v: &[f64]) -> Vec<f64> {
        self.inner(|problem, at, cache, out| problem.third().unwrap().cross_jvp(at, cache, direction, v, out))
    }

    fn third_cross_vjp(&self, u: &[f64], v: &[f64]) -> Vec<f64> {
        self.outer(|problem, at, cache, out| problem.third().unwrap().cross_vjp(at, cache, u, v, out))
    }

    fn f(&self) -> f64 {
        self.ask(|problem, at, cache| problem.outer().value(at, cache))
    }

    fn outer_gradient(&self) -> Vec<f64> {
        self.inner(|problem, at, cache, out| problem.outer().gradient(at, cache, out))
    }

    fn outer_lambda_gradient(&self) -> Vec<f64> {
        self.outer(|problem, at, cache, out| problem.outer().lambda_gradient(at, cache, out))
    }

    fn outer_hvp(&self, v: &[f64]) -> Vec<f64> {
        self.inner(|problem, at, cache, out| problem.outer().hvp(at, cache, v, out))
    }

    fn outer_cross_jvp(&self, u: &[f64]) -> Vec<f64> {
        self.inner(|problem, at, cache, out| problem.outer().cross_jvp(at, cache, u, out))
    }

    /// The derivative of `function` along `direction` in θ.
    fn along_theta(&self, direction: &[f64], function: impl Fn(&Self) -> Vec<f64>) -> Vec<f64> {
        directional(|theta| function(&self.at_theta(theta)), &self.theta, direction, STEP)
    }

    /// The derivative of `function` along `direction` in λ.
    fn along_lambda(&self, direction: &[f64], function: impl Fn(&Self) -> Vec<f64>) -> Vec<f64> {
        directional(|lambda| function(&self.at_lambda(lambda)), &self.lambda, direction, STEP)
    }
}

/// Calls `check` at three random places of every instance, over all rows and over mini-batches with
/// a repeated row.
fn everywhere(check: impl Fn(&str, &Place)) {
    for (name, problem) in instances().into_iter().chain(weighted_instances()) {
        for key in 0..3 {
            let place = Place::random(&problem, key);
            check(&name, &place);
            if problem.dimensions().training > 0 {
                check(&format!("{name}, mini-batch"), &place.at_rows(&[3, 0, 7, 3]));
            }
        }
    }
}

/// Compares where the expectation may be zero: relative to it or to 1, whichever is larger.
#[track_caller]
fn agree(actual: &[f64], expected: &[f64], what: &str) {
    assert_near(actual, expected, TOLERANCE * norm(expected).max(1.0), what);
}

#[test]
fn first_derivatives_of_the_inner_objective() {
    everywhere(|name, place| {
        let slopes = |place: &Place| vec![place.g()];
        let gradient: Vec<f64> =
            (0..place.theta.len()).map(|j| place.along_theta(&basis(place.theta.len(), j), slopes)[0]).collect();
        agree(&place.gradient(), &gradient, &format!("{name}, ∇_θ g"));
        let gradient: Vec<f64> =
            (0..place.lambda.len()).map(|j| place.along_lambda(&basis(place.lambda.len(), j), slopes)[0]).collect();
        agree(&place.lambda_gradient(), &gradient, &format!("{name}, ∇_λ g"));
    });
}

#[test]
fn second_derivatives_of_the_inner_objective() {
    everywhere(|name, place| {
        let (v, u) = (normal(place.theta.len(), 100), normal(place.lambda.len(), 101));
        agree(&place.hvp(&v), &place.along_theta(&v, Place::gradient), &format!("{name}, Hv"));
        agree(&place.cross_jvp(&u), &place.along_lambda(&u, Place::gradient), &format!("{name}, Ju"));
        agree(&place.cross_vjp(&v), &place.along_theta(&v, Place::lambda_gradient), &format!("{name}, Jᵀv"));
        let (left, right) = (dot(&place.cross_jvp(&u), &v), dot(&u, &place.cross_vjp(&v)));
        assert!((left - right).abs() <= 1e-12 * (1.0 + left.abs()), "{name}: ⟨Ju, v⟩ = {left}, ⟨u, Jᵀv⟩ = {right}");
    });
}

/// Over all rows and over lists, of one direction and of so many that H is formed first.
#[test]
fn products_with_several_directions_are_those_with_each() {
    let formed = std::cell::Cell::new(0);
    everywhere(|name, place| {
        let (length, own) = (place.theta.len(), place.lambda.len());
        for count in [1, 3, own.clamp(4, 12), 40] {
            let columns: Vec<Vec<f64>> = (0..count).map(|column| normal(length, 700 + column as u64)).collect();
            let panel: Vec<f64> = (0..length).flat_map(|i| columns.iter().map(move |column| column[i])).collect();
            // Every other entry, as many as there is room for.
            let entries: Vec<usize> = (0..own).step_by(2).take(count).collect();
            let (products, cross) = place.panels(&panel, count, &entries);
            let of = |panel: &[f64], column: usize| -> Vec<f64> {
                panel.iter().skip(column).step_by(count).copied().collect()
            };
            for (column, direction) in columns.iter().enumerate() {
                let (found, expected) = (of(&products, column), place.hvp(direction));
                let bound = 1e-13 * (1.0 + norm(&expected));
                assert_near(&found, &expected, bound, &format!("{name}, direction {column} of {count}"));
                formed.set(formed.get() + usize::from(found != expected));
                let mut expected = vec![1.0; length];
                if let Some(entry) = entries.get(column) {
                    axpy(1.0, &place.cross_jvp(&basis(own, *entry)), &mut expected);
                }
                let bound = 1e-13 * (1.0 + norm(&expected));
                assert_near(&of(&cross, column), &expected, bound, &format!("{name}, column {column} of J"));
            }
        }
    });
    assert!(formed.get() > 0, "nowhere was H formed");
}

#[test]
fn the_dense_hessian_is_symmetric_and_has_the_products_as_columns() {
    everywhere(|name, place| {
        let hessian = place.hessian();
        assert_eq!(hessian, hessian.transpose(), "{name}: H is not symmetric");
        for j in 0..hessian.columns() {
            let column = place.hvp(&basis(hessian.columns(), j));
            assert_near(
                &hessian.column(j),
                &column,
                1e-13 * (1.0 + norm(&column)),
                &format!("{name}, column {j} of H"),
            );
        }
    });
}

#[test]
fn third_derivatives_of_the_inner_objective() {
    everywhere(|name, place| {
        if place.problem.third().is_none() {
            return;
        }
        let [u, v, w] = [200, 201, 202].map(|key| normal(place.theta.len(), key));
        let direction = normal(place.lambda.len(), 203);
        let third = place.third_inner(&u, &v);
        agree(&third, &place.along_theta(&u, |place| place.hvp(&v)), &format!("{name}, ∂³g[u, v]"));
        let (left, right) = (dot(&third, &w), dot(&place.third_inner(&w, &u), &v));
        assert!((left - right).abs() <= 1e-12 * (1.0 + left.abs()), "{name}: ∂³g is not symmetric, {left} and {right}");
        let cross = place.third_cross_jvp(&direction, &v);
        agree(&cross, &place.along_lambda(&direction, |place| place.hvp(&v)), &format!("{name}, (∂_λH[d])v"));
        let bilinear: Vec<f64> = (0..place.lambda.len())
            .map(|j| place.along_lambda(&basis(place.lambda.len(), j), |place| vec![dot(&u, &place.hvp(&v))])[0])
            .collect();
        agree(&place.third_cross_vjp(&u, &v), &bilinear, &format!("{name}, ∂_λ(uᵀHv)"));
    });
}

/// A mean over a batch estimates the weighted mean over all rows without bias: over the batches of a single row, each of
/// which is as likely, it is that mean.
#[test]
fn batches_estimate_weighted_means_without_bias() {
    for (name, problem) in weighted_instances() {
        let place = Place::random(&problem, 5);
        let mean = |rows: usize, of: &dyn Fn(usize) -> Vec<f64>| {
            let mut mean = vec![0.0; place.theta.len()];
            (0..rows).for_each(|row| axpy(1.0 / rows as f64, &of(row), &mut mean));
            mean
        };
        let sizes = problem.dimensions();
        let training = mean(sizes.training, &|row| place.at_training_rows(&[row]).gradient());
        assert_near(&training, &place.gradient(), 1e-13 * (1.0 + norm(&training)), &format!("{name}, ∇g"));
        let validation = mean(sizes.validation, &|row| place.at_validation_rows(&[row]).outer_gradient());
        assert_near(&validation, &place.outer_gradient(), 1e-13 * (1.0 + norm(&validation)), &format!("{name}, ∇f"));
    }
}

/// The weights of a likelihood are those that its objective has.
#[test]
fn scores_by_weights_are_the_gradient() {
    for (name, problem) in instances().into_iter().chain(weighted_instances()) {
        let Some(likelihood) = problem.likelihood() else { continue };
        let place = Place::random(&problem, 6);
        let (rows, length) = (problem.dimensions().training, place.theta.len());
        let mut scores = vec![f64::NAN; rows * length];
        place.ask(|_, at, cache| likelihood.scores(at, cache, &mut scores));
        let mut sum = vec![0.0; length];
        for (row, score) in scores.chunks_exact(length).enumerate() {
            axpy(likelihood.weight(&place.lambda, row) / rows as f64, score, &mut sum);
        }
        // What is left of the gradient is the penalty, which has no rows.
        let penalty: Vec<f64> = place.gradient().iter().zip(&sum).map(|(g, s)| g - s).collect();
        let of_one_row = place.at_training_rows(&[3]);
        let mut one = scores[3 * length..4 * length].to_vec();
        scale(likelihood.weight(&place.lambda, 3), &mut one);
        axpy(1.0, &penalty, &mut one);
        assert_near(&one, &of_one_row.gradient(), 1e-12 * (1.0 + norm(&one)), &name);
    }
}

/// A problem that keeps its third derivatives to itself.
struct Withheld(Arc<dyn Problem>);

impl Problem for Withheld {
    fn dimensions(&self) -> Dimensions {
        self.0.dimensions()
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.0.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.0.inner_value(at, cache)
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.0.inner_gradient(at, cache, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.0.inner_lambda_gradient(at, cache, out);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.0.hvp(at, cache, v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.0.cross_vjp(at, cache, v, out);
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.0.cross_jvp(at, cache, u, out);
    }

    fn outer(&self) -> &dyn OuterObjective {
        self.0.outer()
    }

    fn blocks(&self) -> Vec<Block> {
        self.0.blocks()
    }
}

/// Where a problem has no third derivatives, differences of second ones serve, and count as what they take.
#[test]
fn differences_serve_where_a_problem_has_no_third_derivatives() {
    everywhere(|name, place| {
        let Some(third) = place.problem.third() else { return };
        let [u, v] = [200, 201].map(|key| normal(place.theta.len(), key));
        let direction = normal(place.lambda.len(), 203);
        let exact = [
            place.inner(|_, at, cache, out| third.inner(at, cache, &u, &v, out)),
            place.inner(|_, at, cache, out| third.cross_jvp(at, cache, &direction, &v, out)),
            place.outer(|_, at, cache, out| third.cross_vjp(at, cache, &u, &v, out)),
        ];
        let mut oracle = Oracle::new(Arc::new(Withheld(Arc::clone(&place.problem))));
        oracle.use_training_rows(place.rows.training.as_deref());
        oracle.move_to(&place.lambda, &place.theta);
        let mut found = exact.each_ref().map(|exact| vec![f64::NAN; exact.len()]);
        oracle.third_inner(&u, &v, &mut found[0]);
        let share = place.rows.training.as_ref().map_or(1.0, |rows| rows.len() as f64 / 12.0);
        assert!((oracle.cost().hvps - 4.0 * share).abs() < 1e-12, "{name}: {:?}", oracle.cost());
        oracle.third_cross_jvp(&direction, &v, &mut found[1]);
        oracle.third_cross_vjp(&u, &v, &mut found[2]);
        let products = norm(&place.hvp(&v)).max(norm(&place.cross_vjp(&v)));
        for (found, exact) in found.iter().zip(&exact) {
            assert_near(found, exact, 1e-9 * (1.0 + products + norm(exact)), &format!("{name}, differenced"));
        }
        // The differences were taken elsewhere; the oracle has come back.
        let mut product = vec![f64::NAN; place.theta.len()];
        oracle.hvp(&v, &mut product);
        assert_eq!(product, place.hvp(&v), "{name}");
    });
}

#[test]
fn derivatives_of_the_outer_objective() {
    everywhere(|name, place| {
        let (v, u) = (normal(place.theta.len(), 300), normal(place.lambda.len(), 301));
        let slopes = |place: &Place| vec![place.f()];
        let along = place.along_theta(&v, slopes);
        agree(&[dot(&place.outer_gradient(), &v)], &along, &format!("{name}, ∇_θ f"));
        let along = place.along_lambda(&u, slopes);
        agree(&[dot(&place.outer_lambda_gradient(), &u)], &along, &format!("{name}, ∇_λ f"));
        agree(&place.outer_hvp(&v), &place.along_theta(&v, Place::outer_gradient), &format!("{name}, ∂²_θθ f v"));
        let along = place.along_lambda(&u, Place::outer_gradient);
        agree(&place.outer_cross_jvp(&u), &along, &format!("{name}, ∂²_θλ f u"));
    });
}

/// Off θ*, but near enough for some action to be the best; over all rows, and over some of which one is listed twice.
#[test]
fn derivatives_of_models_of_a_plant() {
    for (name, problem) in plants() {
        let lambda = vec![1.2, 1.3];
        let solution = problem.solve(&lambda).unwrap();
        let theta = solution.iter().enumerate().map(|(entry, x)| x * (0.9 + 0.1 * (entry % 3) as f64)).collect();
        let all = Place { problem, lambda, theta, rows: Lists::default() };
        let gradient = all.at_theta(&solution).gradient();
        assert!(norm(&gradient) < 1e-12, "{name}: at θ* {gradient:?}");
        for place in [all.clone(), all.at_rows(&[1, 4, 4, 2])] {
            let (v, u) = (normal(place.theta.len(), 300), normal(place.lambda.len(), 301));
            let (inner, outer) = (|place: &Place| vec![place.g()], |place: &Place| vec![place.f()]);
            agree(&[dot(&place.gradient(), &v)], &place.along_theta(&v, inner), &format!("{name}, ∇_θ g"));
            agree(&[dot(&place.lambda_gradient(), &u)], &place.along_lambda(&u, inner), &format!("{name}, ∇_λ g"));
            agree(&place.hvp(&v), &place.along_theta(&v, Place::gradient), &format!("{name}, Hv"));
            agree(&place.cross_jvp(&u), &place.along_lambda(&u, Place::gradient), &format!("{name}, Ju"));
            agree(&place.cross_vjp(&v), &place.along_theta(&v, Place::lambda_gradient), &format!("{name}, Jᵀv"));
            agree(&[dot(&place.outer_gradient(), &v)], &place.along_theta(&v, outer), &format!("{name}, ∇_θ f"));
            agree(&place.outer_hvp(&v), &place.along_theta(&v, Place::outer_gradient), &format!("{name}, ∂²_θθ f v"));
        }
        let loss = all.problem.score(Sample::Validation, &all.lambda, &all.theta).unwrap().loss;
        assert!((loss - all.f()).abs() < 1e-14 * (1.0 + loss), "{name}: {loss} is not f");
    }
}

/// The gradient in λ of a penalty alone is the same over no row, and that of weights of rows is not.
#[test]
fn lambda_meets_the_rows_where_its_gradient_runs_over_them() {
    for (name, problem) in instances().into_iter().filter(|(_, problem)| problem.dimensions().training > 0) {
        let place = Place::random(&problem, 6);
        let is_same = place.at_training_rows(&[]).lambda_gradient() == place.lambda_gradient();
        assert_eq!(is_same, !problem.lambda_meets_rows(), "{name}");
    }
}

/// The mean over batches of one row is the whole: the penalty counts once in each. What is no sum over rows is the
/// same over any of them, and neither objective reads the rows of the other.
#[test]
fn mini_batches_average_to_the_full_batch() {
    for (name, problem) in instances() {
        let sizes = problem.dimensions();
        let place = Place::random(&problem, 5);
        let (v, u) = (normal(place.theta.len(), 400), normal(place.lambda.len(), 401));
        let has_third = problem.third().is_some();
        let inner: [(&str, Function<'_>); 9] = [
            ("g", &|place| vec![place.g()]),
            ("∇_θ g", &Place::gradient),
            ("∇_λ g", &Place::lambda_gradient),
            ("Hv", &|place| place.hvp(&v)),
            ("Jᵀv", &|place| place.cross_vjp(&v)),
            ("Ju", &|place| place.cross_jvp(&u)),
            ("∂³g", &|place| place.third_inner(&v, &v)),
            ("(∂_λH)v", &|place| place.third_cross_jvp(&u, &v)),
            ("vᵀ(∂_λH)v", &|place| place.third_cross_vjp(&v, &v)),
        ];
        let outer: [(&str, Function<'_>); 5] = [
            ("f", &|place| vec![place.f()]),
            ("∇_θ f", &Place::outer_gradient),
            ("∇_λ f", &Place::outer_lambda_gradient),
            ("∂²_θθ f v", &|place| place.outer_hvp(&v)),
            ("∂²_θλ f u", &|place| place.outer_cross_jvp(&u)),
        ];
        type Over = fn(&Place, &[usize]) -> Place;
        let training: (usize, Over) = (sizes.training, Place::at_training_rows);
        let validation: (usize, Over) = (sizes.validation, Place::at_validation_rows);
        let sides = [(&inner[..], training, validation), (&outer[..], validation, training)];
        for (functions, (rows, own), (_, other)) in sides {
            for (what, function) in functions.iter().take(if has_third { functions.len() } else { 6 }) {
                let average = |batches: &[Vec<usize>]| {
                    let mut sum = vec![0.0; function(&place).len()];
                    batches.iter().for_each(|batch| axpy(1.0, &function(&own(&place, batch)), &mut sum));
                    scale(1.0 / batches.len() as f64, &mut sum);
                    sum
                };
                let whole = function(&place);
                assert_eq!(function(&other(&place, &[0, 2])), whole, "{name}, {what} over rows of the other objective");
                let repeated = function(&own(&place, &[4, 1, 4]));
                if rows == 0 {
                    assert_eq!(repeated, whole, "{name}, {what} is no sum");
                    continue;
                }
                let singles: Vec<Vec<usize>> = (0..rows).map(|row| vec![row]).collect();
                assert_near(&average(&singles), &whole, 1e-13 * (1.0 + norm(&whole)), &format!("{name}, {what}"));
                let parts = average(&[vec![4], vec![4], vec![1]]);
                assert_near(&repeated, &parts, 1e-13 * (1.0 + norm(&parts)), &format!("{name}, {what}, repeated row"));
            }
        }
    }
}

/// A call counts as the share of its level's rows that it runs over; what is no sum counts in full.
#[test]
fn calls_over_batches_count_as_shares() {
    for (name, problem) in instances() {
        let sizes = problem.dimensions();
        let share = |rows: f64, all: usize| if all == 0 { 1.0 } else { rows / all as f64 };
        let (inner, outer) = (share(3.0, sizes.training), share(2.0, sizes.validation));
        let mut oracle = Oracle::new(Arc::clone(&problem));
        let (v, u) = (normal(sizes.inner, 800), normal(sizes.outer, 801));
        let (mut d, mut p) = (v.clone(), u.clone());
        oracle.use_training_rows(Some(&[1, 0, 1]));
        oracle.use_validation_rows(Some(&[3, 4]));
        oracle.move_to(&u, &v);
        oracle.inner_gradient(&mut d);
        oracle.hvp(&v, &mut d);
        oracle.cross_vjp(&v, &mut p);
        oracle.outer_gradient(&mut d);
        oracle.outer_hvp(&v, &mut d);
        oracle.outer_cross_jvp(&u, &mut d);
        let cost = oracle.cost();
        let counted = [cost.gradients, cost.hvps, cost.cross_products];
        assert_near(&counted, &[inner + outer; 3], 1e-14, &name);
        oracle.use_all_rows();
        oracle.inner_gradient(&mut d);
        oracle.outer_gradient(&mut d);
        assert_near(&[oracle.cost().gradients - cost.gradients], &[2.0], 1e-14, &format!("{name}, all rows"));
    }
}

/// The oracle keeps its rows where it moves, and forgets what it knew of others.
#[test]
fn an_oracle_over_other_rows_is_as_good_as_new() {
    let lists: [Option<&[usize]>; 4] = [None, Some(&[1, 5]), Some(&[1, 5, 5]), None];
    for (name, problem) in instances() {
        let place = Place::random(&problem, 40);
        let mut oracle = Oracle::new(Arc::clone(&problem));
        oracle.move_to(&place.lambda, &place.theta);
        for rows in lists {
            oracle.use_training_rows(rows);
            oracle.use_validation_rows(rows);
            let place = rows.map_or_else(|| place.clone(), |rows| place.at_rows(rows));
            let mut out = vec![0.0; place.theta.len()];
            for moved in [place.clone(), place.at_theta(&normal(place.theta.len(), 900)), place] {
                oracle.move_to(&moved.lambda, &moved.theta);
                oracle.inner_gradient(&mut out);
                assert_eq!(out, moved.gradient(), "{name}, ∇_θ g over {rows:?}");
                oracle.outer_gradient(&mut out);
                assert_eq!(out, moved.outer_gradient(), "{name}, ∇_θ f over {rows:?}");
            }
        }
    }
}

/// What other locations and other sizes left in the buffers changes nothing.
#[test]
fn used_buffers_give_the_same_bits() {
    for (name, problem) in instances() {
        let mut cache = Cache::default();
        let rows = problem.dimensions().training;
        for key in 0..6 {
            let mut place = Place::random(&problem, 20 + key);
            if rows > 0 && key % 2 == 1 {
                place = place.at_rows(&(0..key as usize + 10).map(|row| row % 9).collect::<Vec<_>>());
            }
            let v = normal(place.theta.len(), 500);
            let mut used = vec![f64::NAN; place.theta.len()];
            problem.prepare(place.location(), &mut cache);
            problem.hvp(place.location(), &mut cache, &v, &mut used);
            assert_eq!(used, place.hvp(&v), "{name}, Hv at key {key}");
            problem.outer().gradient(place.location(), &mut cache, &mut used);
            assert_eq!(used, place.outer_gradient(), "{name}, ∇_θ f at key {key}");
            problem.inner_gradient(place.location(), &mut cache, &mut used);
            assert_eq!(used, place.gradient(), "{name}, ∇_θ g after ∇_θ f at key {key}");
        }
    }
}

#[test]
fn the_hot_path_allocates_nothing() {
    for (name, problem) in instances() {
        let place = Place::random(&problem, 30);
        let batch = place.at_rows(&[1, 2]);
        let places = if problem.dimensions().training > 0 { vec![&place, &batch] } else { vec![&place] };
        let (v, u) = (normal(place.theta.len(), 600), normal(place.lambda.len(), 601));
        let (mut inner, mut outer) = (v.clone(), u.clone());
        let mut cache = Cache::default();
        let mut scores = vec![0.0; problem.dimensions().training * v.len()];
        let directions = normal(40 * v.len(), 602);
        let mut products = directions.clone();
        let mut round = || {
            for place in &places {
                let at = place.location();
                problem.prepare(at, &mut cache);
                problem.inner_value(at, &mut cache);
                problem.inner_gradient(at, &mut cache, &mut inner);
                problem.inner_lambda_gradient(at, &mut cache, &mut outer);
                problem.hvp(at, &mut cache, &v, &mut inner);
                problem.cross_vjp(at, &mut cache, &v, &mut outer);
                problem.cross_jvp(at, &mut cache, &u, &mut inner);
                for count in [3, 40] {
                    let (directions, products) = (&directions[..count * v.len()], &mut products[..count * v.len()]);
                    problem.hvps(at, &mut cache, directions, count, products);
                    problem.add_cross_columns(at, &mut cache, &[0], count, products);
                }
                if let Some(third) = problem.third() {
                    third.inner(at, &mut cache, &v, &v, &mut inner);
                    third.cross_jvp(at, &mut cache, &u, &v, &mut inner);
                    third.cross_vjp(at, &mut cache, &v, &v, &mut outer);
                }
                if let Some(likelihood) = problem.likelihood() {
                    let rows = at.rows.training.map_or(problem.dimensions().training, <[usize]>::len);
                    likelihood.scores(at, &mut cache, &mut scores[..rows * at.theta.len()]);
                }
                problem.outer().value(at, &mut cache);
                problem.outer().gradient(at, &mut cache, &mut inner);
                problem.outer().lambda_gradient(at, &mut cache, &mut outer);
                problem.outer().hvp(at, &mut cache, &v, &mut inner);
                problem.outer().cross_jvp(at, &mut cache, &u, &mut inner);
            }
        };
        round();
        let allocations = allocation_counter::measure(round);
        assert_eq!(allocations.count_total, 0, "{name} allocates");
    }
}

#[test]
fn the_curvature_bound_holds_and_is_exact_for_quadratic_objectives() {
    for (name, problem) in instances() {
        for key in 40..45 {
            let mut place = Place::random(&problem, key);
            // Small θ is where a classifier is most curved.
            scale(if key % 2 == 0 { 0.0 } else { 1.0 }, &mut place.theta);
            let Some(bound) = problem.curvature_bound(&place.lambda) else {
                assert!(!problem.is_convex() || name.starts_with("poisson"), "{name}");
                continue;
            };
            let largest = place.hessian().symmetric_eigenvalues().unwrap().pop().unwrap();
            assert!(bound >= largest * (1.0 - 1e-12), "{name}: the bound {bound} is below the eigenvalue {largest}");
            if problem.is_quadratic() {
                assert!(bound <= largest * (1.0 + 1e-12), "{name}: the bound {bound} is not the eigenvalue {largest}");
            }
        }
    }
}

#[test]
fn the_solution_is_stationary_and_does_not_depend_on_the_past() {
    for (name, problem) in convex_instances() {
        let place = Place::random(&problem, 50);
        let solution = solve_inner(&problem, &place.lambda);
        assert!(solution.converged, "{name}: {solution:?}");
        let start = norm(&place.at_theta(&vec![0.0; place.theta.len()]).gradient());
        let gradient = norm(&place.at_theta(&solution.theta).gradient());
        assert!(gradient <= 1e-14 * start.max(1.0), "{name}: ‖∇g(θ*)‖ = {gradient:e}");
        let _elsewhere = solve_inner(&problem, &normal(place.lambda.len(), 51));
        assert_eq!(solution.theta, solve_inner(&problem, &place.lambda).theta, "{name}");
        if let Some(theta) = problem.solve(&place.lambda) {
            assert_close(&theta, &solution.theta, 1e-12, &format!("{name}, closed form"));
        }
    }
}

#[test]
fn truth_and_sensitivity_are_derivatives_along_the_solution_path() {
    for (name, problem) in convex_instances() {
        let place = Place::random(&problem, 60);
        let truth = Truth::at(&problem, &place.lambda);
        assert!(truth.converged(), "{name}");
        let sensitivity = truth.sensitivity().unwrap();
        let direction = normal(place.lambda.len(), 61);
        let along = |read: &dyn Fn(Truth) -> Vec<f64>| {
            directional(|lambda| read(Truth::at(&problem, lambda)), &place.lambda, &direction, STEP)
        };
        let slope = [dot(&truth.hypergradient, &direction)];
        agree(&slope, &along(&|truth| vec![truth.value]), &format!("{name}, ∇F"));
        let theta = sensitivity.solution_derivative.times(&direction);
        agree(&theta, &along(&|truth| truth.theta), &format!("{name}, Dθ*"));
        let adjoint = sensitivity.adjoint_derivative.times(&direction);
        agree(&adjoint, &along(&|truth| truth.adjoint), &format!("{name}, Dw"));
    }
}

/// The derivatives that the exact answer is refined with, against those that everything else is made of.
#[test]
fn derivatives_with_twice_the_digits_are_the_same_derivatives() {
    type Derivative = fn(&dyn Precise, PreciseLocation<'_>, &[Double], &mut [Double]);
    let precise: Vec<_> = instances().into_iter().filter(|(_, problem)| problem.precise().is_some()).collect();
    assert!(precise.len() > 10, "{}", precise.len());
    for (name, problem) in &precise {
        let Some(precise) = problem.precise() else { continue };
        let place = Place::random(problem, 64);
        let v = normal(place.theta.len(), 65);
        let (theta, doubled_v) = (doubled(&place.theta), doubled(&v));
        let at = PreciseLocation { lambda: &place.lambda, theta: &theta, rounding: Rounding::AsGiven };
        let check = |what: &str, expected: Vec<f64>, ask: Derivative| {
            let mut out = vec![f64::NAN.into(); expected.len()];
            ask(precise, at, &doubled_v, &mut out);
            // Sums of a dozen terms of size one, each rounded once or twice.
            assert_near(&rounded(&out), &expected, 1e-14 * norm(&expected).max(1.0), &format!("{name}, {what}"));
            let elsewhere = PreciseLocation { rounding: Rounding::Otherwise(1), ..at };
            ask(precise, elsewhere, &doubled_v, &mut out);
            assert_near(&rounded(&out), &expected, 1e-13 * norm(&expected).max(1.0), &format!("{name}, {what}, moved"));
        };
        check("∇g", place.gradient(), |precise, at, _, out| precise.inner_gradient(at, out));
        check("Hv", place.hvp(&v), |precise, at, v, out| precise.hvp(at, v, out));
        check("Jᵀv", place.cross_vjp(&v), |precise, at, v, out| precise.cross_vjp(at, v, out));
        check("∇_θ f", place.outer_gradient(), |precise, at, _, out| precise.outer_gradient(at, out));
        let direct = place.outer_lambda_gradient();
        check("∇_λ f", direct, |precise, at, _, out| precise.outer_lambda_gradient(at, out));
    }
}

/// From no penalty to speak of to one that leaves nothing of θ.
#[test]
fn the_solver_survives_tiny_and_huge_penalties() {
    for (name, problem) in convex_instances() {
        let outer = problem.dimensions().outer;
        for level in [-20.0, -10.0, 10.0, 40.0, 300.0] {
            // As far as its bounds allow: no weight is negative.
            let blocks = Blocks::new(problem.blocks());
            let mut lambda = vec![level; outer];
            blocks.clamp(&mut lambda);
            let solution = solve_inner(&problem, &lambda);
            assert!(solution.converged, "{name} at λ = {level}: {solution:?}");
            let mut mixed: Vec<f64> =
                (0..outer).map(|j| if j % 2 == 0 { level } else { -level.abs().min(10.0) }).collect();
            blocks.clamp(&mut mixed);
            let solution = solve_inner(&problem, &mixed);
            assert!(solution.converged, "{name} at mixed λ = ±{level}: {solution:?}");
        }
    }
}

#[test]
fn what_cannot_be_solved_is_reported() {
    let problem = build("logistic", &[], Some(&class_split(2)), &[]).unwrap();
    for level in [f64::NAN, f64::INFINITY, 800.0] {
        let truth = Truth::at(&problem, &[level, 0.0, 0.0, 0.0]);
        assert!(!truth.converged(), "λ = {level}");
        assert!(truth.sensitivity().is_none(), "λ = {level}");
    }
}

#[test]
fn sizes_names_and_scores_fit_together() {
    for (name, problem) in instances() {
        let sizes = problem.dimensions();
        assert_eq!(Blocks::new(problem.blocks()).dimension(), sizes.outer, "{name}");
        let mut place = Place::random(&problem, 70);
        let score = |sample| problem.score(sample, &place.lambda, &place.theta);
        // Without rows there is nothing to score.
        if ["quadratic", "branin", "hartmann", "rastrigin", "spectral"].iter().any(|known| name.starts_with(known)) {
            assert_eq!((score(Sample::Training), sizes.training, sizes.validation), (None, 0, 0));
            continue;
        }
        assert!(score(Sample::Test).is_some(), "{name}");
        let numbers =
            ["ridge", "label", "huber", "quantile", "poisson", "lasso", "elastic", "number", "instrumental", "past"];
        let predicts_numbers = numbers.iter().any(|word| name.contains(word));
        let classifies = !predicts_numbers;
        assert!(score(Sample::Training).unwrap().accuracy.is_some() == classifies, "{name}");
        // That of instrumental variables has a penalty on λ.
        if sizes.validation > 0 && !name.starts_with("instrumental") {
            let loss = score(Sample::Validation).unwrap().loss;
            assert!((loss - place.f()).abs() < 1e-14 * (1.0 + loss), "{name}: {loss} is not f");
        }
        // Without its penalty the inner objective is the training loss, but for what holds the mean level of classes.
        if name.starts_with("softmax") && name.contains("free intercept") {
            continue;
        }
        if !["biased", "cleaning", "label", "embedding", "row", "instrumental", "past"]
            .iter()
            .any(|other| name.contains(other))
        {
            let loss = score(Sample::Training).unwrap().loss;
            place.lambda.fill(-800.0);
            assert!((loss - place.g()).abs() < 1e-14 * (1.0 + loss), "{name}: {loss} is not g without penalty");
        }
    }
}

#[test]
fn accuracy_counts_by_hand() {
    let rows = |targets: &[f64]| {
        Samples::new(Matrix::from_entries(4, 1, vec![1.0, 2.0, -1.0, -2.0]).unwrap(), targets.to_vec())
    };
    let split =
        Split { training: rows(&[5.0, 5.0, 3.0, 5.0]), validation: rows(&[3.0, 5.0, 5.0, 3.0]), ..Split::default() };
    let problem = build("logistic", &[], Some(&split), &[]).unwrap();
    let accuracy = |sample, slope: f64| problem.score(sample, &[0.0], &[slope]).unwrap().accuracy;
    assert_eq!(accuracy(Sample::Training, 1.0), Some(0.75));
    assert_eq!(accuracy(Sample::Validation, 1.0), Some(0.5));
    assert_eq!(accuracy(Sample::Training, -1.0), Some(0.25));
    assert_eq!(problem.score(Sample::Test, &[0.0], &[1.0]), None);
    let softmax = build("softmax", &[], Some(&split), &[]).unwrap();
    assert_eq!(softmax.score(Sample::Training, &[0.0], &[-1.0, 1.0]).unwrap().accuracy, Some(0.75));
}

#[test]
fn names_say_what_lambda_stands_for() {
    let names = |id: &str, settings: crate::common::Settings<'_>, split: &Split| {
        Blocks::new(build(id, settings, Some(split), &[]).unwrap().blocks()).names()
    };
    let regression = regression_split();
    assert_eq!(names("ridge", &[], &regression), ["age", "sex", "bmi", "bp"]);
    assert_eq!(names("ridge", &[("penalty", Value::Choice("Scalar"))], &regression), ["log penalty"]);
    assert_eq!(names("hyper-cleaning", &[], &class_split(3))[11], "row 11");
    assert_eq!(names("label-correction", &[], &regression)[11], "row 11");
    let width = [("width", Value::Integer(2))];
    assert_eq!(names("embedding", &width, &class_split(3))[3..5], ["z1 from bp", "z2 from age"]);
    assert_eq!(names("biased-ridge", &[], &Split { feature_names: Vec::new(), ..regression })[1], "feature 1");
}

/// The scaling of the penalty, from its definition.
#[test]
fn the_penalty_is_a_sum_or_a_mean_with_a_weight() {
    let split = class_split(3);
    let value = |settings: crate::common::Settings<'_>, lambda: &[f64]| {
        let problem = build("softmax", settings, Some(&split), &[]).unwrap();
        let theta: Vec<f64> = (0..12).map(f64::from).collect();
        let place = Place { problem, lambda: lambda.to_vec(), theta, rows: Lists::default() };
        place.g() - place.at_lambda(&vec![-800.0; lambda.len()]).g()
    };
    let weighted = |strengths: [f64; 4]| -> f64 {
        (0..12u8).map(|i| 0.5 * strengths[usize::from(i) / 3] * f64::from(i).powi(2)).sum()
    };
    let lambda = [0.1, -0.2, 0.3, -0.4];
    let sum = weighted(lambda.map(f64::exp));
    let near = |actual: f64, expected: f64| assert!((actual / expected - 1.0).abs() < 1e-12, "{actual}, {expected}");
    near(value(&[], &lambda), sum);
    near(value(&[("reduction", Value::Choice("Mean"))], &lambda), sum / 12.0);
    near(value(&[("penalty_weight", Value::Real(50.0))], &lambda), 50.0 * sum);
    near(value(&[("penalty", Value::Choice("Scalar"))], &[0.5]), weighted([0.5f64.exp(); 4]));
}

#[test]
fn the_dial_takes_its_coefficients_from_the_scenario_or_the_seed() {
    let split = Split { validation: Samples::default(), ..regression_split() };
    let dial = [("outer", Value::Choice("Dial")), ("tau", Value::Real(2.0))];
    let c = ("c".to_owned(), Matrix::from_entries(4, 1, vec![1.0, 0.0, -2.0, 0.5]).unwrap());
    let given = build("ridge", &dial, Some(&split), &[c]).unwrap();
    let place = Place { problem: given, lambda: vec![0.0; 4], theta: vec![1.0, 1.0, 1.0, 2.0], rows: Lists::default() };
    assert_eq!(place.f(), 0.0 + 7.0);
    assert_eq!(place.outer_gradient(), [3.0, 2.0, 0.0, 4.5]);
    let drawn = || Place::random(&build("ridge", &dial, Some(&split), &[]).unwrap(), 0).f();
    assert_eq!(drawn(), drawn());
}

#[test]
fn a_drawn_quadratic_has_the_condition_number_asked_for() {
    let settings = [("inner_dimension", Value::Integer(15)), ("condition", Value::Real(1e4))];
    let problem = build("quadratic", &settings, None, &[]).unwrap();
    let eigenvalues = Place::random(&problem, 0).hessian().symmetric_eigenvalues().unwrap();
    assert!((eigenvalues[0] - 1e-4).abs() < 1e-14 && (eigenvalues[14] - 1.0).abs() < 1e-13, "{eigenvalues:?}");
    let hessian = Place::random(&problem, 0).hessian();
    assert!(Factorization::symmetric(&hessian).unwrap().is_positive_definite());
}

#[test]
fn cards_are_complete_and_kept_promises() {
    for entry in ALL {
        let Card { id, name, source, equation, summary, cost, fails, .. } = entry.card;
        for text in [id, name, source, equation, summary, cost, fails] {
            assert!(!text.is_empty() && !text.contains("   "), "`{id}`: {text:?}");
        }
        for sentence in [summary, fails] {
            assert!(sentence.ends_with('.'), "`{id}`: {sentence}");
        }
        let without_data = build(id, &[], None, &[]);
        assert_eq!(
            without_data.is_ok(),
            (entry.needs)(&Knobs::defaults(entry.card.knobs)) == Needs::Nothing,
            "`{id}` without data"
        );
    }
    let ids: Vec<&str> = ALL.iter().map(|entry| entry.card.id).collect();
    let distinct: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
    // Every problem of the list is held against its promises somewhere.
    let tested: Vec<String> = instances().into_iter().chain(plants()).map(|(name, _)| name).collect();
    for id in ids {
        assert!(tested.iter().any(|name| name.starts_with(&format!("{id}, "))), "no instance of `{id}` is tested");
    }
}

/// Every mistake names the field, what was found and what was expected.
#[test]
fn mistakes_in_the_parts_are_reported() {
    #[track_caller]
    fn refused(id: &str, data: Option<&Split>, arrays: &[(&str, Matrix)], field: &str, words: &[&str]) {
        let arrays: Vec<_> = arrays.iter().map(|(name, matrix)| ((*name).to_owned(), matrix.clone())).collect();
        let settings: crate::common::Settings<'_> =
            if id == "ridge" && field == "arrays" { &[("outer", Value::Choice("Dial"))] } else { &[] };
        let Err(error) = build(id, settings, data, &arrays) else { panic!("`{id}` was built") };
        assert_eq!(error.field, Some(field), "{error}");
        for word in words {
            assert!(error.message.contains(word), "`{word}` is missing in: {error}");
        }
        assert!(error.message.contains("expected") || error.message.contains("reads no arrays"), "{error}");
    }
    let good = regression_split();
    let changed = |change: &dyn Fn(&mut Split)| {
        let mut split = good.clone();
        change(&mut split);
        split
    };
    refused("ridge", None, &[], "data", &["names none"]);
    let empty = changed(&|split| split.training = Samples::default());
    refused("ridge", Some(&empty), &[], "data", &["training set is empty"]);
    let empty = changed(&|split| split.validation = Samples::default());
    refused("biased-ridge", Some(&empty), &[], "data", &["validation set is empty"]);
    let long = changed(&|split| split.test.targets.push(1.0));
    refused("ridge", Some(&long), &[], "data", &["test", "6 rows", "7 targets"]);
    let narrow = changed(&|split| split.validation.features = Matrix::zeros(9, 3).into());
    refused("ridge", Some(&narrow), &[], "data", &["validation", "3 feature columns", "4"]);
    let unbounded = changed(&|split| split.training.targets[2] = f64::INFINITY);
    refused("ridge", Some(&unbounded), &[], "target", &["training row 2", "inf"]);
    let missing = changed(&|split| {
        let mut features = Matrix::clone(&split.test.features.dense());
        features[(5, 0)] = f64::NAN;
        split.test.features = features.into();
    });
    refused("ridge", Some(&missing), &[], "data", &["test row 5"]);
    refused("logistic", Some(&good), &[], "target", &["27 values", "exactly two"]);
    refused("logistic", Some(&class_split(3)), &[], "target", &["0, 1, 2", "exactly two"]);
    refused("softmax", Some(&good), &[], "target", &["whole-number"]);
    let one = Split { training: Samples { targets: vec![4.0; 12], ..good.training.clone() }, ..Split::default() };
    let one = Split { validation: one.training.clone(), ..one };
    refused("softmax", Some(&one), &[], "target", &["only the value 4", "two or more"]);
    refused("hyper-cleaning", Some(&one), &[], "target", &["only the value 4"]);

    refused("ridge", Some(&good), &[("d", Matrix::zeros(4, 1))], "arrays", &["`d`", "`c`"]);
    refused("ridge", Some(&good), &[("c", Matrix::zeros(1, 4))], "arrays", &["1 x 4", "4 x 1"]);
    refused("biased-ridge", Some(&good), &[("c", Matrix::zeros(4, 1))], "arrays", &["`c`"]);
    let wide = build("embedding", &[("width", Value::Integer(5))], Some(&class_split(3)), &[]);
    let error = wide.err().unwrap();
    assert_eq!(
        (error.field, &*error.message),
        (Some("width"), "`width` is 5; expected at most 4, the number of features")
    );
    let a = ("A", Matrix::identity(2));
    let c = ("C", Matrix::zeros(3, 2));
    refused("quadratic", None, std::slice::from_ref(&a), "arrays", &["`C`"]);
    refused("quadratic", None, &[a.clone(), c.clone(), ("x", c.1.clone())], "arrays", &["`x`"]);
    refused(
        "quadratic",
        None,
        &[a.clone(), c.clone(), ("a", Matrix::zeros(3, 1))],
        "arrays",
        &["`a`", "3 x 1", "2 x 1"],
    );
    let lopsided = ("F", Matrix::from_fn(2, 2, |i, _| if i == 0 { 1.0 } else { 2.0 }));
    refused("quadratic", None, &[a.clone(), c.clone(), lopsided], "arrays", &["`F`", "symmetric"]);
    let saddle = ("A", Matrix::from_fn(2, 2, |i, j| if i == j { 1.0 - 3.0 * f64::from(i == 0) } else { 0.0 }));
    refused("quadratic", None, &[saddle, c], "arrays", &["`A`", "-2", "positive definite"]);
}

/// `∇g` over a list is the mean of the weighted scores and the penalty's gradient, which is the same over any list.
#[test]
fn scores_are_the_gradients_of_single_rows() {
    let mut tested = 0;
    for (name, problem) in instances() {
        let Some(likelihood) = problem.likelihood() else { continue };
        let place = Place::random(&problem, 90).at_training_rows(&[2, 0, 5, 2]);
        let mut scores = vec![f64::NAN; 4 * place.theta.len()];
        place.ask(|_, at, cache| likelihood.scores(at, cache, &mut scores));
        let weighted = |index: usize, row: usize| {
            let mut score = scores[index * place.theta.len()..][..place.theta.len()].to_vec();
            scale(likelihood.weight(&place.lambda, row), &mut score);
            score
        };
        let single = |row: usize| place.at_training_rows(&[row]).gradient();
        for (index, row) in [(0, 2), (1, 0), (3, 2)] {
            let mut expected = single(row);
            axpy(-1.0, &single(5), &mut expected);
            let mut found = weighted(index, row);
            axpy(-1.0, &weighted(2, 5), &mut found);
            assert_near(&found, &expected, 1e-13 * (1.0 + norm(&expected)), &format!("{name}, row {row}"));
        }
        tested += 1;
    }
    assert!(tested >= 4, "{tested}");
}

/// A start of a problem's own is drawn from the stream it is given, and is no stationary point.
#[test]
fn a_problem_starts_where_it_has_a_gradient() {
    use hyperlab::math::random::{Purpose, stream};
    for (name, problem) in instances() {
        let start = |seed| problem.start(&mut stream(seed, Purpose::Start, &[]));
        assert_eq!(start(3), start(3), "{name}");
        assert_eq!(start(3).len(), problem.dimensions().inner, "{name}");
        assert!(problem.is_convex() || start(3) != start(4), "{name}");
        let place = Place { lambda: vec![0.0; problem.dimensions().outer], ..Place::random(&problem, 0) };
        let gradient = place.at_theta(&start(3)).gradient();
        if !problem.is_convex() {
            assert!(gradient.iter().filter(|x| **x != 0.0).count() > gradient.len() / 2, "{name}");
        }
    }
}

/// Where a problem knows the least value of F, ∇F is zero there, and F is no lower anywhere else.
#[test]
fn a_minimum_is_where_the_hypergradient_vanishes() {
    // Of drawn coefficients F need not have a least value; of these it has.
    let sizes: Settings<'_> = &[
        ("inner_dimension", Value::Integer(12)),
        ("outer_dimension", Value::Integer(2)),
        ("condition", Value::Real(10.0)),
    ];
    let drawn = ("quadratic, convex".to_owned(), build("quadratic", sizes, None, &[]).unwrap());
    assert!(drawn.1.minimum().is_some());
    for (name, problem) in instances().into_iter().chain([drawn]).filter(|it| it.1.minimum().is_some()) {
        let minimum = problem.minimum().unwrap();
        let at = |lambda: &[f64]| Truth::at(&problem, lambda);
        let truth = at(&minimum.lambda);
        assert!((truth.value - minimum.value).abs() < 1e-10, "{name}: {} and {}", truth.value, minimum.value);
        assert!(norm(&truth.hypergradient) < 1e-10, "{name}: {:?}", truth.hypergradient);
        for key in 0..20 {
            let mut beside = minimum.lambda.clone();
            axpy(1.0, &normal(beside.len(), 900 + key), &mut beside);
            assert!(at(&beside).value > minimum.value, "{name}");
        }
    }
}
