//! Where rows come from, how they are divided and how much each counts.

use hyperlab::catalog::{Knobs, Value, find};
use hyperlab::data::{Files, NoFiles, Samples, Split};
use hyperlab::ensemble;
use hyperlab::math::random::{Purpose, stream};
use hyperlab::problem::{Sample, Truth};
use hyperlab::scenario::{Diagnostic, Severity, check_text, experiment, parse};

use crate::common::{assert_near, build, class_split, normal, regression_split};

/// A folder with one table.
struct Table(String);

impl Files for Table {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == "t.csv" { Ok(self.0.clone()) } else { Err("does not exist".to_owned()) }
    }
}

fn found(text: &str) -> Vec<Diagnostic> {
    check_text(text, &NoFiles, &["losses"][..]).1
}

fn scenario(problem: &str, data: &str, rest: &str) -> String {
    format!(
        "Scenario(title: \"t\", about: \"a\", problem: {problem}, data: Data({data}), {rest} inner: Inner(dynamics: GradientDescent(), steps: 5), trials: [Trial(estimator: Direct)], charts: [\"losses\"])"
    )
}

#[test]
fn what_divides_rows_otherwise_than_the_split_is_said() {
    let text = |problem, split, rest| scenario(problem, &format!("source: Bundled(\"wine\"), split: {split}"), rest);
    let stratified = "Stratified(training: 0.5, validation: 0.3, test: 0.2)";
    assert_eq!(found(&text("Softmax()", stratified, "")), []);
    assert_eq!(found(&text("Softmax()", stratified, "ensemble: Folds(members: 3, by_class: true),")), []);
    let said = found(&text("Softmax()", stratified, "ensemble: Folds(members: 3),"));
    assert!(
        said.len() == 1 && said[0].severity == Severity::Note && said[0].message.contains("stratified"),
        "{said:?}"
    );
    let ordered = "Ordered(training: 0.5, validation: 0.3, test: 0.2, by: \"alcohol\", gap: 2)";
    assert_eq!(found(&text("Ridge()", ordered, "")), []);
    for rest in ["ensemble: Folds(members: 3),", "world: Fresh(),"] {
        let said = found(&text("Ridge()", ordered, rest));
        assert!(said.len() == 1 && said[0].severity == Severity::Warning, "{said:?}");
        assert!(said[0].message.contains("without regard to their order"), "{said:?}");
    }
    let said = found(&text("Ridge()", "Ordered(training: 0.5, validation: 0.5, by: \"year\")", ""));
    assert!(said.len() == 1 && said[0].message.starts_with("there is no feature `year` to order rows by"), "{said:?}");
}

/// The digits come in no order of classes, but the wines do: the first 59 are of class 0.
#[test]
fn a_class_that_is_missing_from_training_is_named() {
    let split = "Ordered(training: 50, validation: 100)";
    let said = found(&scenario("Softmax()", &format!("source: Bundled(\"wine\"), split: {split}"), ""));
    let warnings: Vec<&str> = said.iter().map(|found| found.message.as_str()).collect();
    assert!(
        warnings[0].starts_with("none of the 50 training rows is of classes `1`, `2`")
            && warnings[0].contains("Stratified"),
        "{warnings:?}"
    );
}

/// Rows that count twice or three times, and rows that are there twice or three times.
fn repeated(split: &Split, counts: &[usize]) -> (Split, Split) {
    let times = |row: usize| counts[row % counts.len()];
    let all = |samples: &Samples| -> Vec<usize> {
        (0..samples.targets.len()).flat_map(|row| vec![row; times(row)]).collect()
    };
    let weigh = |samples: &Samples| Samples {
        weights: (0..samples.targets.len()).map(|row| times(row) as f64).collect(),
        ..samples.clone()
    };
    let weighted = Split {
        training: weigh(&split.training),
        validation: weigh(&split.validation),
        test: weigh(&split.test),
        ..split.clone()
    };
    let repeated = Split {
        training: split.training.choose(&all(&split.training)),
        validation: split.validation.choose(&all(&split.validation)),
        test: split.test.choose(&all(&split.test)),
        ..split.clone()
    };
    (weighted, repeated)
}

#[test]
fn a_row_of_weight_three_is_three_rows() {
    let (regression, two, three) = (regression_split(), class_split(2), class_split(3));
    for (id, split) in [
        ("ridge", &regression),
        ("biased-ridge", &regression),
        ("logistic", &two),
        ("softmax", &three),
        ("embedding", &three),
    ] {
        let (weighted, repeated) = repeated(split, &[2, 1, 3, 0, 1]);
        let settings: &[(&str, Value)] = if id == "embedding" { &[("ridge", Value::Real(0.05))] } else { &[] };
        let [weighted, repeated] = [weighted, repeated].map(|split| build(id, settings, Some(&split), &[]).unwrap());
        let lambda = normal(weighted.dimensions().outer, 3);
        let [a, b] = [&weighted, &repeated].map(|problem| Truth::at(problem, &lambda));
        assert_near(&[a.value], &[b.value], 1e-12, &format!("{id}, F"));
        assert_near(&a.hypergradient, &b.hypergradient, 1e-12, &format!("{id}, ∇F"));
        assert_near(&a.theta, &b.theta, 1e-11, &format!("{id}, θ*"));
        let bounds = [&weighted, &repeated].map(|problem| problem.curvature_bound(&lambda).unwrap());
        assert!((bounds[0] - bounds[1]).abs() < 1e-12, "{id}: {bounds:?}");
        for sample in [Sample::Training, Sample::Validation, Sample::Test] {
            let [a, b] = [&weighted, &repeated].map(|it| it.score(sample, &lambda, &a.theta).unwrap());
            assert!((a.loss - b.loss).abs() < 1e-12, "{id}: {a:?}, {b:?}");
            let off = a.accuracy.zip(b.accuracy).map_or(0.0, |(a, b)| (a - b).abs());
            assert!(off < 1e-12, "{id}: {a:?}, {b:?}");
        }
    }
}

/// λ weighs rows as well there: the entries of three rows that are alike add up to that of one which counts three times.
#[test]
fn learned_weights_come_on_top_of_those_that_are_given() {
    let split = class_split(3);
    let counts = [2, 1, 3];
    let (weighted, repeated) = repeated(&split, &counts);
    let [weighted, repeated] =
        [weighted, repeated].map(|split| build("hyper-cleaning", &[], Some(&split), &[]).unwrap());
    let logits = normal(12, 4);
    let owners: Vec<usize> = (0..12).flat_map(|row| vec![row; counts[row % 3]]).collect();
    let spread: Vec<f64> = owners.iter().map(|row| logits[*row]).collect();
    let (a, b) = (Truth::at(&weighted, &logits), Truth::at(&repeated, &spread));
    let mut sums = vec![0.0; 12];
    owners.iter().zip(&b.hypergradient).for_each(|(row, entry)| sums[*row] += entry);
    assert_near(&[a.value], &[b.value], 1e-12, "F");
    assert_near(&a.hypergradient, &sums, 1e-12, "∇F");
}

/// Two of eight rows are of class 1. Balanced, each class counts as much as the other in training; validation rows count
/// as they come.
#[test]
fn class_weights_act_in_training_alone() {
    let rows = "source: Rows(features: [[1], [2], [3], [4], [5], [6], [7], [8], [9], [10]], targets: [0, 0, 0, 1, 0, 0, 0, 1, 0, 1]), \
                split: Indices(training: [0, 1, 2, 3, 4, 5, 6, 7], validation: [8, 9])";
    let built = |class_weights: &str| {
        let text = scenario("Logistic()", &format!("{rows}, class_weights: {class_weights}"), "");
        experiment(&parse(&text).unwrap(), &NoFiles)
    };
    // Weights n/(K n_k) are 8/12 and 2; the same as listed ones in this ratio.
    let [balanced, listed] = ["Balanced", "Listed([(\"1\", 3.0)])"].map(|weights| built(weights).unwrap());
    let [a, b] = [&balanced, &listed].map(|built| Truth::at(&built.problem, &built.lambda));
    assert_near(&a.hypergradient, &b.hypergradient, 1e-14, "∇F");
    let theta = [0.3];
    let loss = |x: f64, y: f64| (-(2.0 * y - 1.0) * x * theta[0]).exp().ln_1p();
    let split = &balanced.data.as_ref().unwrap().split;
    let mean = |weight: [f64; 2], samples: &Samples| {
        let rows = samples.features.column(0).into_iter().zip(&samples.targets);
        let terms: Vec<(f64, f64)> = rows.map(|(x, y)| (weight[*y as usize], loss(x, *y))).collect();
        terms.iter().map(|(w, l)| w * l).sum::<f64>() / terms.iter().map(|(w, _)| w).sum::<f64>()
    };
    let score = |sample| balanced.problem.score(sample, &balanced.lambda, &theta).unwrap().loss;
    assert!((score(Sample::Training) - mean([8.0 / 12.0, 2.0], &split.training)).abs() < 1e-14);
    assert!((score(Sample::Validation) - mean([1.0, 1.0], &split.validation)).abs() < 1e-14);
    let refused = built("Listed([(\"2\", 3.0)])").err().unwrap();
    assert_eq!(refused.message, "there is no class `2`; the classes are `0`, `1`");
    let regression = scenario("Ridge()", &format!("{rows}, class_weights: Balanced"), "");
    let said = found(&regression);
    assert!(said[0].message.contains("takes the target for numbers, which have no classes"), "{said:?}");
}

#[test]
fn a_column_of_a_table_says_how_much_rows_count() {
    let rows: Vec<String> = (0..12).map(|row| format!("{},{},{}\n", row * 7 % 5, row % 4, row * 3 % 7)).collect();
    let table = |rows: &[String]| Table(format!("x,count,y\n{}", rows.concat()));
    let text = |weights: &str, split: &str| {
        let source = format!("source: Csv(path: \"t.csv\", target: \"y\"{weights}), standardize: Off, split: {split}");
        scenario("Ridge()", &source, "")
    };
    let split = "Indices(training: [0, 1, 2, 3, 4, 5, 6], validation: [7, 8, 9, 10, 11])";
    let answer = |text: &str, table: &Table| {
        let built = experiment(&parse(text).unwrap(), table).unwrap();
        (
            Truth::at(&built.problem, &built.lambda).hypergradient.clone(),
            built.data.unwrap().split.feature_names.clone(),
        )
    };
    let (weighted, names) = answer(&text(", weights: \"count\"", split), &table(&rows));
    assert_eq!(names, ["x"]);
    let times = |row: usize| row % 4;
    let again: Vec<String> = (0..12).flat_map(|row| vec![rows[row].clone(); times(row)]).collect();
    let training: usize = (0..7).map(times).sum();
    let list = |range: std::ops::Range<usize>| range.map(|row| row.to_string()).collect::<Vec<_>>().join(", ");
    let split = format!("Indices(training: [{}], validation: [{}])", list(0..training), list(training..again.len()));
    let (repeated, _) = answer(&text(", leave_out: [\"count\"]", &split), &table(&again));
    assert_near(&weighted, &repeated, 1e-12, "∇F");
    for (entry, message) in [
        ("-1", "t.csv, line 2, column `count`: found `-1`; expected a weight of at least 0"),
        ("many", "t.csv, line 2, column `count`: found `many`; expected a weight of at least 0"),
        ("", "t.csv, line 2, column `count`: found nothing; expected a weight of at least 0"),
    ] {
        let mut rows = rows.clone();
        rows[0] = format!("1,{entry},2\n");
        let text = text(", weights: \"count\"", "Alternate");
        let said = check_text(&text, &table(&rows), &["losses"][..]).1;
        assert_eq!(said[0].message, message);
    }
    let nothing = rows.iter().map(|row| row.replace(",1,", ",0,").replace(",3,", ",0,")).collect::<Vec<_>>();
    let said = check_text(&text(", weights: \"count\"", "Alternate"), &table(&nothing), &["losses"][..]).1;
    assert_eq!(said[0].message, "the weights of the 6 validation rows are all 0; expected one that counts");
}

/// Members of an ensemble have the weights of their rows, and of the classes where they train.
#[test]
fn weights_go_with_their_rows_into_members() {
    let weigh = |samples: Samples| Samples { weights: samples.targets.iter().map(|y| 1.0 + y).collect(), ..samples };
    let base = class_split(2);
    let labels = vec![0.0, 1.0];
    let (training, validation) = (weigh(base.training.clone()), base.validation.clone());
    let base = Split { training, validation, labels, class_weights: vec![(1.0, 5.0)], ..base };
    let knobs = Knobs::defaults(find(ensemble::ALL, "folds").unwrap().card.knobs).with("members", Value::Integer(3));
    let policy = find(ensemble::ALL, "folds").unwrap();
    let members = ensemble::split(policy, &knobs, &base, false, &mut stream(1, Purpose::Ensemble, &[])).unwrap();
    for member in members {
        assert_eq!(member.class_weights, [(1.0, 5.0)]);
        for part in [&member.training, &member.validation] {
            assert_eq!(part.weights.len(), part.targets.len());
            for row in 0..part.targets.len() {
                let is_training = (0..base.training.targets.len())
                    .any(|other| base.training.features.row(other) == part.features.row(row));
                let expected = if is_training { 1.0 + part.targets[row] } else { 1.0 };
                assert_eq!(part.weights[row], expected);
            }
        }
    }
}
