//! Tables as people find them, opened without a word said: what is guessed is sensible, what is announced is what is read,
//! and what is written runs.

use std::path::{Path, PathBuf};

use hyperlab::data::table::{Decimal, Reading};
use hyperlab::front::{Begun, Source, begin, draft};
use hyperlab::problem::Truth;
use hyperlab::scenario::{Choice, Draft, Role, Severity};

fn table(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tables").join(name)
}

fn opened(name: &str) -> Draft {
    draft(&table(name), &Reading::default(), &|| true).unwrap().unwrap()
}

fn begun(name: &str, draft: &Draft) -> Begun {
    begin(draft, &table(name), None).unwrap_or_else(|all| panic!("{name}: {draft:?}: {}", all.join("\n")))
}

const TABLES: [&str; 6] =
    ["winequality.csv", "auto-mpg.data", "penguins.csv", "titanic.csv", "iris.csv", "ionosphere.data"];

/// Target, rows, features and parts, counted by hand in the files; one column a text, and one for none.
#[test]
fn what_is_guessed_is_what_a_person_means() {
    let expected = [
        ("winequality.csv", "quality", "ridge", 64, 11, [32, 16, 16]),
        ("auto-mpg.data", "column 8", "softmax", 58, 7, [29, 15, 14]),
        ("penguins.csv", "species", "softmax", 62, 10, [31, 16, 15]),
        ("titanic.csv", "Survived", "logistic", 80, 11, [40, 20, 20]),
        ("iris.csv", "species", "softmax", 60, 4, [30, 15, 15]),
        ("ionosphere.data", "column 35", "logistic", 70, 33, [35, 18, 17]),
    ];
    for (name, target, problem, rows, features, parts) in expected {
        let draft = opened(name);
        let sizes = draft.sizes();
        assert_eq!(draft.survey.columns[draft.target()].name, target, "{name}");
        assert_eq!(draft.problem().unwrap().card.id, problem, "{name}");
        assert_eq!((sizes.rows, sizes.features), (rows, features), "{name}");
        let [training, validation, test] = sizes.parts.clone().unwrap();
        assert!(training.abs_diff(parts[0]) <= 1 && validation.abs_diff(parts[1]) <= 1, "{name}: {:?}", sizes.parts);
        assert!(test.abs_diff(parts[2]) <= 1 && training + validation + test <= rows, "{name}: {:?}", sizes.parts);
        assert!(draft.can_go(), "{name}: {:?}", draft.advice());
        // Numbers are scaled to a level of zero; classes of unlike shares need a level of their own, and even ones none.
        let text = begun(name, &draft).text;
        let has = |words: &str| text.contains(words);
        assert_eq!(has("standardize_target: true"), problem == "ridge", "{name}");
        assert_eq!(has("intercept: Free"), !["winequality.csv", "iris.csv"].contains(&name), "{name}");
    }
    let left_out = |name: &str| -> Vec<String> {
        let draft = opened(name);
        let is_out = |index: &usize| draft.role(*index) == Role::LeftOut;
        let columns = &draft.survey.columns;
        (0..columns.len()).filter(is_out).map(|index| columns[index].name.clone()).collect()
    };
    assert_eq!(left_out("titanic.csv"), ["PassengerId", "Name", "Ticket", "Cabin"]);
    assert_eq!(left_out("auto-mpg.data"), ["column 9"]);
    assert_eq!(left_out("ionosphere.data"), ["column 2"]);
    assert!(left_out("penguins.csv").is_empty() && left_out("iris.csv").is_empty());
}

/// Whatever is chosen: what the page says is what the reader finds.
fn assert_as_announced(name: &str, draft: &Draft) {
    let begun = begun(name, draft);
    let data = begun.experiment.data.as_ref().unwrap();
    let sizes = draft.sizes();
    let read = (data.dataset.targets.len(), data.dataset.features.columns());
    assert_eq!((sizes.rows, sizes.features), read, "{name}: {draft:?}\n{}", begun.text);
    let parts = [&data.rows.training, &data.rows.validation, &data.rows.test].map(Vec::len);
    assert_eq!(sizes.parts, Ok(parts), "{name}: {draft:?}");
}

#[test]
fn what_is_announced_is_what_is_read() {
    for name in TABLES {
        let mut draft = opened(name);
        assert_as_announced(name, &draft);
        for choice in [Choice::Split, Choice::Missing, Choice::Texts] {
            for _ in 0..5 {
                draft.turn(choice, true);
                if draft.can_go() {
                    assert_as_announced(name, &draft);
                }
            }
        }
        draft.toggle((draft.target() + 1) % draft.survey.columns.len());
        if draft.can_go() {
            assert_as_announced(name, &draft);
        }
    }
}

/// Every problem that is offered runs, and what is written passes every check, charts included.
#[test]
fn what_is_offered_runs() {
    for name in TABLES {
        let mut draft = opened(name);
        if name == "auto-mpg.data" {
            draft.aim_at(0);
            assert_eq!(draft.problem().unwrap().card.id, "ridge");
        }
        let fitting = draft.fitting();
        assert!(!fitting.is_empty());
        for entry in fitting {
            draft.learn_by(entry.card.id).unwrap();
            let begun = begun(name, &draft);
            // Where nothing would move, there is nothing to watch.
            if begun.experiment.problem.is_convex() {
                let truth = Truth::at(&begun.experiment.problem, &begun.experiment.lambda);
                assert!(truth.hypergradient.iter().any(|x| x.abs() > 1e-8), "{name}: {}", entry.card.id);
            }
            let source = Source { name: name.to_owned(), text: begun.text.clone(), files: begun.files };
            let (scenario, found) = source.scenario().unwrap_or_else(|error| panic!("{name}: {}", error.in_words()));
            let errors: Vec<_> = found.iter().filter(|found| found.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
            assert_eq!(scenario.problem.id(), entry.card.id);
        }
    }
}

/// A column that differs in rows alone that do not train is left out, and is said to be.
#[test]
fn a_column_that_is_level_where_it_is_scaled_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let rows: String = (0..24).map(|k| format!("{},{},{}\n", k * k % 7, u8::from(k == 23), k % 5)).collect();
    std::fs::write(&path, format!("a,late,price\n{rows}")).unwrap();
    let mut draft = draft(&path, &Reading::default(), &|| true).unwrap().unwrap();
    // In their order: the row in which it differs comes last, and tests.
    while !draft.chosen(Choice::Split).starts_with("in their order") {
        draft.turn(Choice::Split, true);
    }
    assert!(draft.is_level(1) && draft.sizes().features == 1);
    assert!(draft.of_column(1).unwrap().text.contains("one value in all training rows"));
    let begun = begin(&draft, &path, None).map_err(|all| all.join("\n")).unwrap();
    assert_eq!(begun.experiment.data.unwrap().dataset.feature_names, ["a"]);
    assert!(begun.text.contains("\"late\",  // it has one value in all training rows"), "{}", begun.text);
}

/// Names with quotes, control characters and scripts of any kind come back as they are.
#[test]
fn any_name_is_written_so_that_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("größe \"neu\".csv");
    let rows: String = (0..24).map(|k| format!("{},{},{},id {k}\n", k % 5, k * k % 7, k % 3)).collect();
    std::fs::write(&path, format!("\"say \"\"a\"\"\",\u{1b}[31mred,価格\\,\"no. {{x}} $data\"\n{rows}")).unwrap();
    let mut draft = draft(&path, &Reading::default(), &|| true).unwrap().unwrap();
    draft.aim_at(2);
    let begun = begin(&draft, &path, None).map_err(|all| all.join("\n")).unwrap();
    let data = begun.experiment.data.unwrap();
    assert_eq!(data.target_name, "価格\\");
    assert_eq!(data.split.feature_names, ["say \"a\"", "[31mred"]);
    assert!(!begun.text.contains('\u{1b}'));
}

#[test]
fn mistakes_are_said_at_their_columns_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let rows: String = (0..30)
        .map(|k| {
            let odd = if k == 4 { "many".to_owned() } else { k.to_string() };
            let price = if k == 9 { String::new() } else { (k * k % 11).to_string() };
            format!("{k},{odd},{},{price}\n", k % 5)
        })
        .collect();
    std::fs::write(&path, format!("n,odd,a,price\n{rows}")).unwrap();
    let mut draft = draft(&path, &Reading::default(), &|| true).unwrap().unwrap();
    assert!(draft.can_go(), "{:?}", draft.advice());
    // Against advice: the counter and the mixture as features, and a target whose holes would have to be filled.
    draft.toggle(0);
    draft.toggle(1);
    draft.turn(Choice::Missing, true);
    let said: Vec<(Severity, Option<usize>)> =
        draft.advice().iter().map(|advice| (advice.severity, advice.column)).collect();
    assert_eq!(said[..3], [(Severity::Error, Some(1)), (Severity::Error, Some(3)), (Severity::Warning, Some(0))]);
    let words = &draft.advice()[0].text;
    assert!(words.contains("`odd`: 1 text among 29 numbers, the first in line 6: `many`"), "{words}");
    assert!(draft.advice()[1].text.contains("1 hole, the first in line 11"), "{:?}", draft.advice()[1]);
}

/// What a draft is said to be before it is begun is what happens then: numbers that may be read in two ways keep it from
/// going, and what settles them lets it.
#[test]
fn one_verdict_on_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let rows: String = (0..24).map(|k| format!("\"1,{:03}\",{},{}\n", k * k % 97, k % 5, k * k % 11)).collect();
    std::fs::write(&path, format!("a,b,price\n{rows}")).unwrap();
    let of = |decimal| draft(&path, &Reading { decimal, ..Reading::default() }, &|| true).unwrap().unwrap();
    let mut doubtful = of(Decimal::Auto);
    let words = doubtful.of_column(0).unwrap().text;
    assert!(
        words.contains("24 numbers that may be read in two ways, the first in line 2: `1,000` is 1000 or 1"),
        "{words}"
    );
    assert!(!doubtful.can_go());
    assert!(begin(&doubtful, &path, None).map(drop).unwrap_err()[0].contains("read in two ways"));
    doubtful.toggle(0);
    assert!(doubtful.can_go() && begin(&doubtful, &path, None).is_ok());
    for (decimal, second) in [(Decimal::Point, 1001.0), (Decimal::Comma, 1.001)] {
        let draft = of(decimal);
        assert!(draft.can_go(), "{:?}", draft.advice());
        let begun = begin(&draft, &path, None).map_err(|all| all.join("\n")).unwrap();
        assert_eq!(begun.experiment.data.unwrap().dataset.features.dense()[(1, 0)], second);
    }
}

/// Numbers whose squares are beyond the largest and the least there are.
#[test]
fn numbers_of_any_size_are_learned_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let rows: String = (0..24).map(|k| format!("{}e300,{}e-320,{}e200\n", k % 7, k % 5, k * k % 11)).collect();
    std::fs::write(&path, format!("a,b,price\n{rows}")).unwrap();
    let draft = draft(&path, &Reading::default(), &|| true).unwrap().unwrap();
    let begun = begin(&draft, &path, None).map_err(|all| all.join("\n")).unwrap();
    let training = begun.experiment.data.unwrap().split.training.clone();
    let variance = |column: Vec<f64>| column.iter().map(|x| x * x).sum::<f64>() / column.len() as f64;
    // Features of deviation 1, to the digits that numbers below 1e-308 have.
    assert!((variance(training.features.column(0)) - 1.0).abs() < 1e-12);
    assert!((variance(training.features.column(1)) - 1.0).abs() < 1e-3);
    assert!((variance(training.targets.clone()) - 1.0).abs() < 1e-12);
}

/// What was passed over is said before anything is run, and so is how a doubtful mark was read.
#[test]
fn a_draft_says_what_the_reader_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let rows: String = (0..24).map(|k| format!("1.{:03};{};{}\n", k * k % 97, k % 5, k * k % 11)).collect();
    std::fs::write(&path, format!("# measured by hand\na;b;price\n{rows}")).unwrap();
    let draft = draft(&path, &Reading::default(), &|| true).unwrap().unwrap();
    let said: Vec<String> = draft.advice().into_iter().map(|advice| advice.text).collect();
    assert!(said.iter().any(|text| text == "passed over 1 comment before the rows"), "{said:?}");
    assert!(said[0].contains("`a`: 1.000 is read as 1") && said[0].contains("`decimal: Comma` reads 1000"), "{said:?}");
    // A column of texts that is left out is no feature, whoever asks.
    assert_eq!(draft.role_in_effect(0), Role::Feature);
}

/// One stray text in what people want to learn does not quietly make another column of it.
#[test]
fn a_target_that_cannot_be_learned_is_missed_aloud() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let rows: String = (0..20).map(|k| format!("{},{},{}\n", k % 7, (k * 5) % 11, k * k % 13)).collect();
    std::fs::write(&path, format!("a,b,price\n{rows}3,4,<LOD\n")).unwrap();
    let draft = draft(&path, &Reading::default(), &|| true).unwrap().unwrap();
    let advice = draft.of_column(2).unwrap();
    assert!(advice.severity == hyperlab::scenario::Severity::Warning, "{advice:?}");
    assert!(advice.text.contains("<LOD") && advice.text.contains("`b` is learned instead"), "{advice:?}");
}
