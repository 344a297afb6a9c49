//! The page of a table's columns.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, MouseEventKind};

use super::{Bench, SIZES, name};
use crate::data::table::Reading;
use crate::scenario::Role;
use crate::tui::keymap::{Context, bindings};
use crate::tui::layout::Layout;
use crate::tui::state::{ColumnsPage, Screen};
use crate::tui::theme::Charset;

/// A table, opened.
fn opened(size: (u16, u16), path: &Path) -> Bench {
    let draft = crate::front::draft(path, &Reading::default(), &|| true).unwrap().unwrap();
    let mut bench = Bench::start(size);
    bench.app.enter_columns(ColumnsPage::new(draft, path.to_owned()));
    bench
}

fn titanic(size: (u16, u16)) -> Bench {
    opened(size, &PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tables/titanic.csv"))
}

impl Bench {
    fn page(&self) -> &ColumnsPage {
        self.app.columns.as_ref().unwrap()
    }

    fn role(&self, name: &str) -> Role {
        let draft = &self.page().draft;
        draft.role(draft.column(name).unwrap())
    }
}

#[test]
fn columns_of_a_table() {
    for size in SIZES {
        let mut bench = titanic(size);
        insta::assert_snapshot!(name("columns", size), bench.text());
        // A mixture as a feature is a mistake, and Enter says so in place of going.
        bench.keys("/").write("tick").keys("enter space enter");
        assert_eq!(bench.app.screen, Screen::Columns);
        insta::assert_snapshot!(name("columns_mistake", size), bench.text());
    }
}

/// A thousand columns with names of every kind, some longer than a screen is wide.
#[test]
fn columns_of_a_wide_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("genes.csv");
    let called = |k: usize| match k % 4 {
        0 => format!("gene {k}"),
        1 => format!("expression_of_a_gene_with_a_very_long_name_that_goes_on_and_on_{k}"),
        2 => format!("遺伝子の発現量の測定値 {k}"),
        _ => format!("\u{1b}[2Jred\u{7} {k}"),
    };
    let names: Vec<String> = (0..1000).map(called).collect();
    let row = |r: usize| (0..1000).map(|k| format!("{}.5", (r * (k + 3)) % 17)).collect::<Vec<_>>().join(",");
    let rows: String = (0..20).map(|r| row(r) + "\n").collect();
    std::fs::write(&path, format!("{}\n{rows}", names.join(","))).unwrap();
    for size in SIZES {
        let mut bench = opened(size, &path);
        bench.keys("home down");
        insta::assert_snapshot!(name("columns_wide", size), bench.text());
        bench.keys("end");
        assert_eq!(bench.page().selected, 999);
        bench.keys("/").write("gene 500");
        assert_eq!((bench.page().found(), bench.page().selected), (vec![500], 500));
        bench.keys("enter");
        assert!(bench.text().contains("▸[x] gene 500"), "{}", bench.text());
    }
}

#[test]
fn keys_choose_what_is_learned_from_what() {
    let mut bench = titanic((80, 24));
    assert_eq!((bench.role("Survived"), bench.role("Ticket")), (Role::Target, Role::LeftOut));
    bench.keys("down space");
    assert_eq!(bench.role("Pclass"), Role::LeftOut);
    bench.keys("t");
    assert_eq!((bench.role("Pclass"), bench.role("Survived")), (Role::Target, Role::Feature));
    assert!(bench.text().contains("Pclass, whole numbers") && bench.text().contains("Softmax"), "{}", bench.text());
    // The target is no feature, and stays what it is.
    bench.keys("space");
    assert_eq!(bench.role("Pclass"), Role::Target);
    bench.keys("h");
    assert!(bench.text().contains("mean of the training rows"), "{}", bench.text());
    let before = bench.page().draft.problem().unwrap().card.id;
    bench.keys("p");
    assert_ne!(bench.page().draft.problem().unwrap().card.id, before);
    bench.keys("P");
    assert_eq!(bench.page().draft.problem().unwrap().card.id, before);
    bench.keys("x");
    assert!(bench.text().contains("texts    left out"), "{}", bench.text());
    bench.keys("?");
    assert!(bench.text().contains("Write the scenario beside the table"), "{}", bench.text());
    bench.keys("esc esc");
    assert_eq!(bench.app.screen, Screen::Start);
}

#[test]
fn the_mouse_selects_columns_and_turns_what_is_chosen() {
    let mut bench = titanic((140, 40));
    let layout = Layout::of(&bench.app);
    // Under the frame and the head, the third column.
    bench.click(layout.list.x + 8, layout.list.y + 4);
    assert_eq!(bench.page().selected, 2);
    bench.mouse(MouseEventKind::ScrollDown, layout.list.x + 8, layout.list.y + 4);
    assert_eq!(bench.page().selected, 3);
    let text = bench.text();
    let row = text.lines().position(|line| line.contains("h holes")).unwrap();
    assert!(text.contains("filled with the median"), "{text}");
    bench.click(layout.detail.x + 14, u16::try_from(row).unwrap());
    assert!(bench.text().contains("filled with the mean"), "{}", bench.text());
    // Neither the head nor the frame is a column.
    bench.click(layout.list.x + 8, layout.list.y + 1);
    bench.click(layout.list.x + 8, layout.list.y);
    assert_eq!(bench.page().selected, 3);
}

/// At eighty columns, every key with a place in the footer is said there or in the panel; and what the panel cuts off is read with
/// the key that stands there.
#[test]
fn every_key_of_the_page_is_said_and_all_notes_can_be_read() {
    let mut bench = titanic((80, 24));
    let text = bench.text();
    let said = |key: &str, label: &str| {
        text.contains(&format!("{key} {label}")) || text.contains(&format!("│{key} {label}")) || label == "choose"
    };
    for binding in bindings(Context::Columns).filter(|binding| binding.footer > 0) {
        let key = binding.keys[0].label();
        assert!(said(&key, binding.label), "{key} {}: {text}", binding.label);
    }
    assert!(text.contains("more: e reads all"), "{text}");
    bench.keys("e");
    let notes = bench.text();
    for advice in bench.page().advice.clone() {
        let first: String = advice.text.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        assert!(notes.contains(&first), "{first}: {notes}");
    }
    assert!(notes.contains("Read as:"), "{notes}");
    bench.keys("esc");
    // A column that cannot be a feature is the cause why Enter does not go: it stands first, in the panel and in the notes.
    bench.keys("/").write("tick").keys("enter space");
    let text = bench.text();
    let line = text.lines().find(|line| line.contains("│! ") || line.contains("│· ")).unwrap();
    assert!(line.contains("`Ticket`"), "{text}");
    bench.keys("e");
    let text = bench.text();
    let first = text.lines().skip_while(|line| !line.contains("╭ Notes")).nth(1).unwrap();
    assert!(first.contains("`Ticket`"), "{text}");
}

#[test]
fn letters_sketch_where_there_are_letters_alone() {
    let mut bench = titanic((80, 24));
    bench.app.theme = bench.app.theme.with_charset(Charset::Ascii);
    let text = bench.text();
    let row = text.lines().find(|line| line.contains("Pclass")).unwrap();
    assert!(!row.contains(['▁', '▅', '█']) && row.contains('@'), "{row}");
    bench.key(KeyCode::Esc);
}
