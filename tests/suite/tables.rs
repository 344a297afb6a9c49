//! Files as people have them: read for what they are, or refused with everything that is wrong with them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use hyperlab::data::Files;
use hyperlab::lab::Lab;
use hyperlab::metric::VALUE;
use hyperlab::problem::Truth;
use hyperlab::scenario::{Diagnostic, Severity, check_text, experiment, parse, vary};

/// `tests/cases`, and files written out here.
#[derive(Default)]
struct Folder(HashMap<&'static str, Vec<u8>>);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<String, String> {
        String::from_utf8(self.bytes(path)?).map_err(|error| error.to_string())
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(path);
        self.0.get(path).cloned().map_or_else(|| fs::read(file).map_err(|error| error.to_string()), Ok)
    }
}

/// F and ∇F at the start of a case.
fn answer(name: &str, changes: &[&str]) -> (f64, Vec<f64>) {
    let folder = Folder::default();
    let text = folder.read(&format!("{name}.ron")).unwrap();
    let scenario = changes.iter().fold(parse(&text).unwrap(), |scenario, change| vary(&scenario, change).unwrap());
    let built = experiment(&scenario, &folder).unwrap_or_else(|failure| panic!("{name}: {failure}"));
    let truth = Truth::at(&built.problem, &built.lambda);
    let lab = Lab::new(built);
    let value = lab.trials().next().unwrap().run().lambda.number(&VALUE).unwrap();
    (value, truth.hypergradient.clone())
}

fn found(text: &str, folder: &Folder) -> Vec<Diagnostic> {
    let mut found =
        check_text(text, folder, &["losses", "hypergradient-error", "hyperparameters", "outer-error"][..]).1;
    // Levels are asked about in `linear.rs`.
    found.retain(|diagnostic| !diagnostic.message.contains("there is no intercept"));
    found
}

fn found_in(name: &str) -> Vec<Diagnostic> {
    let folder = Folder::default();
    found(&folder.read(&format!("{name}.ron")).unwrap(), &folder)
}

/// The numbers of `plain.csv`, whatever it is written in: NumPy, closed form of ridge, float64.
#[test]
fn the_same_rows_in_other_dialects_give_the_same_numbers() {
    let gradient = [-0.099_156_291_946_027_4, 0.191_399_232_969_546_8, 0.224_313_966_400_848_7];
    for (name, changes) in [
        ("plain", &[][..]),
        ("semicolon", &[]),
        ("headerless", &[]),
        ("headerless", &["data.source.header=Absent", "data.source.target=\"column 4\""]),
    ] {
        let (value, hypergradient) = answer(name, changes);
        assert!((value - 2.565_456_356_365_113_6).abs() < 1e-13, "{name}: {value}");
        let off = hypergradient.iter().zip(gradient).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < 1e-13, "{name}: {hypergradient:?}");
    }
    assert_eq!(found_in("plain"), []);
    let said = found_in("semicolon");
    assert!(
        said.len() == 1 && said[0].severity == Severity::Note && said[0].message.contains("semicolons"),
        "{said:?}"
    );
    let said = found_in("headerless");
    assert!(said.len() == 1 && said[0].severity == Severity::Warning, "{said:?}");
    assert!(said[0].message.contains("has no header"), "{said:?}");
}

/// F without an intercept, with one that is penalized, and with one that hardly is: NumPy, closed form.
#[test]
fn a_target_around_fifty_needs_a_level() {
    for (name, value) in [
        ("level-none", 1_034.499_993_150_256_4),
        ("level-ones", 113.133_830_028_658_85),
        ("level-free", 16.498_717_656_363_903),
    ] {
        let found = answer(name, &[]).0;
        assert!((found / value - 1.0).abs() < 1e-11, "{name}: {found}");
    }
}

#[test]
fn what_cannot_be_used_is_said_all_at_once_and_in_the_words_of_the_file() {
    let only = |name: &str| {
        let found = found_in(name);
        assert!(found.len() == 1 && found[0].is_error(), "{name}: {found:?}");
        found.into_iter().next().unwrap()
    };
    let missing = only("class-nan").message;
    assert_eq!(
        missing,
        "class-nan.csv, line 20, column `state`: found the missing value `NaN`; expected the name of a class"
    );
    let three = only("three-names").message;
    assert!(three.contains("`raw`, `ripe`, `rotten`") && three.contains("`Softmax` takes more"), "{three}");
    let holes = only("holes");
    assert_eq!(
        holes.message,
        "holes.csv holds what is no number: `width` 2 missing values, the first in line 4; `height` 2 missing values, the \
         first in line 7; `mass` 1 missing value, the first in line 7; `label` 24 texts, the first in line 2: `box 0`"
    );
    // And what is advised works.
    let (value, gradient) = answer("holes", &["data.source.missing=LeaveOut", "data.source.texts=LeaveOut"]);
    assert!(value.is_finite() && gradient.len() == 3);
}

/// A part of the split without a class is told, by the name that the file has for it.
#[test]
fn a_part_that_lacks_a_class_is_told() {
    let messages: Vec<String> = found_in("one-class").into_iter().map(|found| found.message).collect();
    assert!(messages.iter().any(|said| said.contains("training rows is of class `ripe`")), "{messages:?}");
    assert!(!messages.iter().any(|said| said.contains("validation rows")), "{messages:?}");
}

const SCENARIO: &str = r#"Scenario(
    title: "As found",
    about: "Rows of a file.",
    problem: PROBLEM,
    data: Data(source: Csv(path: "table", target: TARGET)),
    lambda: Constant(-1.0),
    inner: Inner(dynamics: Newton, steps: 1),
    trials: [Trial(estimator: Direct)],
    charts: ["losses"],
)"#;

/// A name, the bytes of a file, the problem, the target, what is said beside it, and the features that come of it.
type Found<'a> = (&'a str, &'a [u8], &'a str, &'a str, &'a str, &'a [&'a str]);

/// Small excerpts of our own in the dialects of tables that everybody has met.
#[test]
fn public_tables_are_read_as_they_are_found() {
    let latin: Vec<u8> = "name;größe;preis\nÄpfel;1,5;3\nBirnen;2,5;4\nKirschen;0,5;2\nPflaumen;1,0;2,5\n"
        .chars()
        .map(|letter| u8::try_from(letter as u32).unwrap())
        .collect();
    let tables: [Found<'_>; 7] = [
        // Wine quality: semicolons, quoted names.
        (
            "wine",
            b"\"fixed acidity\";\"pH\";\"quality\"\n7.4;3.51;5\n7.8;3.2;5\n11.2;3.16;6\n7.4;3.51;4\n",
            "Ridge()",
            "\"quality\"",
            "",
            &["fixed acidity", "pH"],
        ),
        // Auto-mpg: blanks, a tab, quoted texts, `?`, no header.
        (
            "auto-mpg",
            b"18.0   8   307.0      130.0\t\"chevrolet malibu\"\n15.0   8   350.0      ?\t\"buick skylark\"\n18.0   8   318.0      \
              150.0\t\"plymouth satellite\"\n16.0   4   304.0      150.0\t\"amc rebel\"\n17.0   4   302.0      140.0\t\"ford torino\"\n",
            "Ridge()",
            "\"column 1\"",
            ", missing: LeaveOut, texts: LeaveOut",
            &["column 2", "column 3", "column 4"],
        ),
        // Penguins: `NA` in numbers and in texts.
        (
            "penguins",
            b"species,island,bill_length_mm,sex\nAdelie,Torgersen,39.1,male\nAdelie,Biscoe,NA,NA\nGentoo,Biscoe,46.1,female\n\
              Gentoo,Biscoe,50.0,male\n",
            "Logistic()",
            "\"species\"",
            ", missing: Median, texts: OneHot",
            &["island=Biscoe", "island=Torgersen", "bill_length_mm", "sex=female", "sex=male", "sex=missing"],
        ),
        // Titanic: quoted names with commas, empty holes.
        (
            "titanic",
            b"Survived,Name,Age,Embarked\n0,\"Braund, Mr. Owen\",22,S\n1,\"Cumings, Mrs. John\",38,C\n1,\"Heikkinen, Miss\",,S\n\
              0,\"Allen, Mr. William\",35,\n0,\"Moran, Mr. James\",54,Q\n1,\"Nasser, Mrs. Nicholas\",14,C\n",
            "Logistic()",
            "\"Survived\"",
            ", leave_out: [\"Name\"], missing: Class, texts: OneHot",
            &["Age", "Age missing", "Embarked=C", "Embarked=Q", "Embarked=S", "Embarked=missing"],
        ),
        // Iris: names of classes, no header.
        (
            "iris",
            b"5.1,3.5,Iris-setosa\n7.0,3.2,Iris-versicolor\n6.3,3.3,Iris-virginica\n4.9,3.0,Iris-setosa\n6.4,3.2,Iris-versicolor\n\
              5.8,2.7,Iris-virginica\n",
            "Softmax()",
            "\"column 3\"",
            "",
            &["column 1", "column 2"],
        ),
        // A file of UCI without a header, its class first.
        (
            "sonar",
            b"1,14.23,1.71\n2,13.2,1.78\n1,13.16,2.36\n2,14.37,1.95\n",
            "Logistic()",
            "\"column 1\"",
            ", header: Absent",
            &["column 2", "column 3"],
        ),
        // A spreadsheet of another locale, in Latin-1.
        ("preise", &latin, "Ridge()", "\"preis\"", ", leave_out: [\"name\"]", &["größe"]),
    ];
    for (name, bytes, problem, target, more, features) in tables {
        let folder = Folder([("table", bytes.to_vec())].into());
        let text = SCENARIO.replace("PROBLEM", problem).replace("TARGET", &format!("{target}{more}"));
        let errors: Vec<Diagnostic> = found(&text, &folder).into_iter().filter(Diagnostic::is_error).collect();
        assert_eq!(errors, [], "{name}");
        let built = experiment(&parse(&text).unwrap(), &folder).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let data = built.data.unwrap();
        assert_eq!(data.split.feature_names, features, "{name}");
        for part in [&data.split.training, &data.split.validation] {
            assert!(part.features.dense().entries().iter().chain(&part.targets).all(|x| x.is_finite()), "{name}");
        }
    }
}

/// Fills come from the rows that scales come from, and from no other: the hole of a validation row gets the training mean.
#[test]
fn holes_are_filled_from_the_rows_that_scales_are_fitted_to() {
    let folder = Folder([("table", b"a,b,y\n1,0,1\n,1,2\n5,0,3\n100,1,4\n".to_vec())].into());
    let filled = |missing: &str, on: &str| {
        let source = format!("\"y\", missing: {missing})), standardize: Off, scale_on: {on}");
        let text = SCENARIO.replace("PROBLEM", "Ridge()").replace("TARGET)", &source.replace("))", ")"));
        let built = experiment(&parse(&text).unwrap(), &folder).unwrap();
        built.data.unwrap().split.validation.features[(0, 0)]
    };
    assert_eq!(filled("Mean", "Training"), 3.0);
    assert_eq!(filled("Mean", "Pool"), 106.0 / 3.0);
    assert_eq!(filled("Median", "Pool"), 5.0);
    let source = "\"y\", missing: Mean), standardize: Off";
    let text = SCENARIO.replace("PROBLEM", "Ridge()").replace("TARGET)", source);
    let said: Vec<String> = found(&text, &folder).into_iter().map(|found| found.message).collect();
    let expected = "`a`: 1 hole filled with 3.000, the mean of the training rows";
    assert!(said.iter().any(|said| said == expected), "{said:?}");
}

/// Rows 1, 2, 4, 3 (or 3.5), t with targets 1, 3, 2, 2, 0, of which the first three train and the fourth validates; x and x² of x
/// shifted and scaled, shifted and scaled themselves. Closed form of ridge in two dimensions with 30 digits (mpmath).
#[test]
fn products_are_fitted_where_scales_are_and_never_see_a_test_row() {
    let expected = [
        ("Off", "Training", "3", -0.046_184_749_915_498_28),
        ("Off", "Pool", "3.5", -0.030366152621668226),
        ("Center", "Training", "3", 0.36054363812230395),
        ("Center", "Pool", "3.5", 0.042_354_242_359_852_52),
        ("Scale", "Training", "3", 0.40727350137613392),
        ("Scale", "Pool", "3.5", 0.024249423295868256),
    ];
    for (standardize, scale_on, validation, right) in expected {
        for test in ["5", "500", "-1e6"] {
            let text = format!(
                "Scenario(title: \"\", about: \"\", problem: Ridge(penalty: Scalar), data: Data(
                source: Rows(features: [[1], [2], [4], [{validation}], [{test}]], targets: [1, 3, 2, 2, 0]), products: true,
                split: Indices(training: [0, 1, 2], validation: [3], test: [4]),
                standardize: {standardize}, scale_on: {scale_on}),
                lambda: Constant(-1), inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])"
            );
            let built = experiment(&parse(&text).unwrap(), &Folder::default()).unwrap();
            let found = Truth::at(&built.problem, &built.lambda).hypergradient[0];
            assert!((found - right).abs() < 1e-14, "{standardize} on {scale_on}, t = {test}: {found}, not {right}");
        }
    }
}

/// A value that is filled in has products like any other.
#[test]
fn a_filled_value_is_multiplied_as_it_was_filled() {
    let scenario = |file: &str| {
        let text = format!(
            "Scenario(title: \"\", about: \"\", problem: Ridge(penalty: Scalar), data: Data(
            source: Csv(path: \"{file}\", target: \"y\", missing: Mean), products: true,
            split: Indices(training: [0, 1, 2], validation: [3]), standardize: Off),
            lambda: Constant(-1), inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])"
        );
        let mut folder = Folder::default();
        folder.0.insert("holes.csv", b"a,b,y\n1,2,1\n2,,3\n6,4,2\n3,1,2\n".to_vec());
        folder.0.insert("whole.csv", b"a,b,y\n1,2,1\n2,3,3\n6,4,2\n3,1,2\n".to_vec());
        let built = experiment(&parse(&text).unwrap(), &folder).unwrap();
        Truth::at(&built.problem, &built.lambda).hypergradient[0]
    };
    assert_eq!(scenario("holes.csv").to_bits(), scenario("whole.csv").to_bits());
}

/// The free column stands behind the products: a level of the target changes nothing then.
#[test]
fn the_free_level_of_products_is_the_last_column() {
    let of_level = |level: f64| {
        let targets: Vec<f64> = [1.0, 3.0, 2.0, 2.0].iter().map(|y| y + level).collect();
        let text = format!(
            "Scenario(title: \"\", about: \"\", problem: Ridge(penalty: Scalar), data: Data(
            source: Rows(features: [[1, 2], [2, 0], [4, 1], [3, 3]], targets: {targets:?}), products: true,
            split: Indices(training: [0, 1, 2], validation: [3]), standardize: Off, intercept: Free),
            lambda: Constant(-1), inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)])"
        );
        let built = experiment(&parse(&text).unwrap(), &Folder::default()).unwrap();
        Truth::at(&built.problem, &built.lambda).hypergradient[0]
    };
    let (without, with) = (of_level(0.0), of_level(64.0));
    assert!(without.abs() > 1e-3 && (with / without - 1.0).abs() < 1e-11, "{without} and {with}");
}

/// What has to be read again is refused in words, before anything is touched; what has not is set.
#[test]
fn a_laboratory_reads_its_files_once() {
    let folder = Folder::default();
    let scenario = parse(&folder.read("plain.ron").unwrap()).unwrap();
    let built = experiment(&scenario, &folder).unwrap();
    for change in ["data.source.target=\"mass\"", "data.source.path=\"wide.csv\"", "data.source.leave_out=[\"mass\"]"] {
        let failure = built.with(&vary(&scenario, change).unwrap()).map(drop).unwrap_err();
        assert!(failure.to_string().contains("reads its files once"), "{change}: {failure}");
    }
    let halves = vary(&scenario, "data.split=Fractions(training: 0.5, validation: 0.5)").unwrap();
    assert!(built.with(&halves).is_ok());
}

/// What a problem cannot take of its data and what is wrong with the rows are said in one round.
#[test]
fn counts_are_judged_at_once() {
    let rows: String = (0..20).map(|k| format!("{k},{}\n", k * 3 % 7 - 2)).collect();
    let folder = Folder(HashMap::from([("counts.csv", format!("a,y\n{rows}").into_bytes())]));
    let text = "Scenario(title: \"t\", about: \"\", problem: Poisson(), data: Data(source: Csv(path: \"counts.csv\", target: \"y\"), \
                standardize_target: true), inner: Inner(dynamics: GradientDescent(step: Auto), steps: 3), \
                outer: Outer(rule: Adam(step: 0.1), steps: 1), trials: [Trial(name: \"a\", estimator: Direct)])";
    let errors: Vec<String> =
        found(text, &folder).into_iter().filter(Diagnostic::is_error).map(|found| found.message).collect();
    assert_eq!(errors.len(), 2, "{errors:?}");
    // k * 3 % 7 - 2 is −2 at k = 0, 7, 14 and −1 at k = 5, 12, 19.
    let is_said = |words: &str| errors.iter().any(|message| message.contains(words));
    assert!(is_said("counts, which shifted and scaled would be negative"), "{errors:?}");
    assert!(is_said("row 0 is -2, as 6 targets of all are below zero"), "{errors:?}");
}
