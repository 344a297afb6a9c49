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
    // Whether the target is centred is said as well, and is no matter here.
    let found = |text: &str| {
        let mut found = found(text);
        found.retain(|said| said.message.contains("divide"));
        found
    };
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
    let said = self::found(&text("Ridge()", "Ordered(training: 0.5, validation: 0.5, by: \"year\")", ""));
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
                    .any(|other| base.training.features.row(other).values() == part.features.row(row).values());
                let expected = if is_training { 1.0 + part.targets[row] } else { 1.0 };
                assert_eq!(part.weights[row], expected);
            }
        }
    }
}

/// `tests/cases`, with one of its files as it is after some harm.
#[derive(Default)]
struct Cases(Option<(&'static str, Vec<u8>)>);

impl Files for Cases {
    fn read(&self, path: &str) -> Result<String, String> {
        String::from_utf8(self.bytes(path)?).map_err(|error| error.to_string())
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        if let Some((_, bytes)) = self.0.as_ref().filter(|(name, _)| *name == path) {
            return Ok(bytes.clone());
        }
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(path);
        std::fs::read(file).map_err(|error| error.to_string())
    }
}

/// The scenario of `plain.csv` over another source.
fn plain(source: &str) -> String {
    let text = Cases::default().read("plain.ron").unwrap();
    let changed = text.replace("Csv(path: \"plain.csv\", target: \"price\")", source);
    assert_ne!(text, changed);
    changed
}

const DEFLATED: &str = "Npz(path: \"arrays.npz\", features: \"X\", targets: \"y\")";
const STORED: &str = "Npz(path: \"arrays-stored.npz\", features: \"X\", targets: \"y\")";
const SINGLE: &str = "Npy(features: \"arrays-x.npy\", targets: \"arrays-y.npy\")";
const SPARSE: &str = "Libsvm(path: \"plain.svm\")";

/// The numbers of `plain.csv` (NumPy, closed form of ridge), from the same rows in other forms: one array in the order of
/// Fortran and one with the most significant byte first, deflated and stored as `np.savez_compressed` and `np.savez` do.
#[test]
fn arrays_and_sparse_rows_give_the_numbers_of_the_table() {
    let gradient = [-0.099_156_291_946_027_4, 0.191_399_232_969_546_8, 0.224_313_966_400_848_7];
    for source in [DEFLATED, STORED, SINGLE, SPARSE] {
        let built = experiment(&parse(&plain(source)).unwrap(), &Cases::default()).unwrap();
        let truth = Truth::at(&built.problem, &built.lambda);
        assert!((truth.value - 2.565_456_356_365_113_6).abs() < 1e-13, "{source}: {}", truth.value);
        assert_near(&truth.hypergradient, &gradient, 1e-13, source);
    }
    let text = plain(&DEFLATED.replace("\"y\"", "\"y\", weights: \"count\""));
    let built = experiment(&parse(&text).unwrap(), &Cases::default()).unwrap();
    assert_eq!(built.data.unwrap().dataset.weights[..4], [1.0, 2.0, 3.0, 1.0]);
}

fn said_of(source: &str, files: &Cases) -> Vec<String> {
    check_text(&plain(source), files, &["losses", "hypergradient-error", "hyperparameters", "outer-error"][..])
        .1
        .into_iter()
        .filter(Diagnostic::is_error)
        .map(|found| found.message)
        .collect()
}

#[test]
fn what_is_no_array_is_named() {
    let array = |name: &str| DEFLATED.replace("\"X\"", &format!("\"{name}\""));
    let named = |name: &'static str, bytes: &[u8]| Cases(Some((name, bytes.to_vec())));
    let none = Cases::default();
    let x = none.bytes("arrays-x.npy").unwrap();
    let mut hole = x.clone();
    let last = hole.len() - 8;
    hole[last..].copy_from_slice(&f64::NAN.to_le_bytes());
    for (source, files, message) in [
        (&array("Z"), &none, "arrays.npz has no array `Z`; its arrays are `X`, `y`, `count`, `objects`"),
        (
            &array("objects"),
            &none,
            "arrays.npz, `objects`: holds pickled objects, which are not read; expected numbers",
        ),
        (&array("y"), &none, ""),
        (
            &DEFLATED.replace("\"y\"", "\"X\""),
            &none,
            "arrays.npz, `X`: is 24 x 3; expected 24 numbers, one for each row of the features",
        ),
        (
            &DEFLATED.to_owned(),
            &named("arrays.npz", b"x,y\n1,2\n"),
            "arrays.npz is no archive of arrays: it does not begin as a zip archive does",
        ),
        (
            &DEFLATED.to_owned(),
            &named("arrays.npz", &x),
            "arrays.npz is a single array; expected an archive of several",
        ),
        (
            &SINGLE.replace("arrays-x.npy", "arrays.npz"),
            &none,
            "`arrays.npz`: is an archive of arrays; expected a single one",
        ),
        (
            &SINGLE.to_owned(),
            &named("arrays-x.npy", &hole),
            "`arrays-x.npy`: holds 1 entry that is not finite, the first in row 23, column 2: NaN; expected finite numbers",
        ),
        (&SINGLE.replace("arrays-y", "arrays-z"), &none, "cannot read arrays-z.npy"),
    ] {
        let said = said_of(source, files);
        match said.first() {
            None => assert_eq!(message, "", "{source}"),
            Some(first) => assert!(!message.is_empty() && first.starts_with(message), "{source}: {first}"),
        }
    }
}

/// Cut anywhere, or with any byte another, an archive is refused or read: nothing panics, and nothing is read half.
#[test]
fn harm_to_an_archive_is_found() {
    let (kept, kept_array) =
        (Cases::default().bytes("arrays.npz").unwrap(), Cases::default().bytes("arrays-x.npy").unwrap());
    for length in 0..kept.len() {
        let files = Cases(Some(("arrays.npz", kept[..length].to_vec())));
        assert!(!said_of(DEFLATED, &files).is_empty(), "cut at {length}");
    }
    for at in 0..kept.len() {
        let mut bytes = kept.clone();
        bytes[at] ^= 0xff;
        said_of(DEFLATED, &Cases(Some(("arrays.npz", bytes))));
    }
    for length in (0..kept_array.len()).step_by(7) {
        let files = Cases(Some(("arrays-x.npy", kept_array[..length].to_vec())));
        assert!(!said_of(SINGLE, &files).is_empty(), "cut at {length}");
    }
    for at in 0..128 {
        let mut bytes = kept_array.clone();
        bytes[at] ^= 0xff;
        said_of(SINGLE, &Cases(Some(("arrays-x.npy", bytes))));
    }
}

/// `scipy.sparse.save_npz` writes one matrix and no targets: what reads both is said.
#[test]
fn a_sparse_matrix_of_scipy_is_recognized() {
    let text = plain("Npz(path: \"sparse-csr.npz\", features: \"X\", targets: \"y\")");
    let said = check_text(&text, &Cases::default(), &["losses"][..]).1;
    let error = said.iter().find(|said| said.severity == Severity::Error).unwrap();
    assert!(error.message.contains("its arrays are `indices`, `indptr`, `format`, `shape`, `data`"), "{error:?}");
    assert!(error.help.as_deref().is_some_and(|help| help.contains("dump_svmlight_file")), "{error:?}");
}

/// What NumPy writes as the size of an entry is not believed: 4 GB that are not there are not made room for.
#[test]
fn sizes_in_an_archive_are_not_believed() {
    let kept = Cases::default().bytes("arrays.npz").unwrap();
    let central = kept.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    for size in [[0xfe, 0xff, 0xff, 0xff], [0xff; 4], [0, 0, 0, 0x10]] {
        let mut bytes = kept.clone();
        bytes[central + 24..central + 28].copy_from_slice(&size);
        let said = said_of(DEFLATED, &Cases(Some(("arrays.npz", bytes))));
        assert!(said.len() == 1 && said[0].starts_with("arrays.npz"), "{said:?}");
    }
}

/// Zeros stay zero where only the largest absolute value divides; subtracting means is warned about.
#[test]
fn sparse_rows_keep_their_zeros() {
    let rows = "1 1:4 3:-2\n-1 2:1\n-1 1:-8\n-1 3:1\n1 2:0.5\n1 1:2\n";
    let files = Cases(Some(("plain.svm", rows.as_bytes().to_vec())));
    let text = scenario("Logistic()", "source: Libsvm(path: \"plain.svm\"), standardize: MaxAbs", "");
    let (found, said) = check_text(&text, &files, &["losses"][..]);
    assert!(found.is_some() && said.iter().all(|said| said.severity == Severity::Note), "{said:?}");
    let built = experiment(&parse(&text).unwrap(), &files).unwrap();
    let training = &built.data.as_ref().unwrap().split.training;
    // Rows 0, 2, 4: the largest are 8, 0.5 and 2.
    assert_eq!(training.features.dense().entries(), [0.5, 0.0, -1.0, -1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    let text = scenario("Logistic()", "source: Libsvm(path: \"plain.svm\"), standardize: Center", "");
    let said = check_text(&text, &files, &["losses"][..]).1;
    assert!(said.iter().any(|said| said.severity == Severity::Warning && said.message.contains("MaxAbs")), "{said:?}");
}
