//! A figure in the panes that screens of usual sizes have, and on paper: whether words are cut off.

use hyperlab::chart::Figure;
use hyperlab::export::{Size, svg};
use hyperlab::tui::theme::Theme;
use hyperlab::tui::widget::FigureView;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Inside of the one pane at 80×24, and of one of four at 140×40.
const PANES: [(u16, u16); 2] = [(78, 18), (51, 17)];

/// Names that a legend in a pane has room for; what more there are is read off at the crosshair.
const MANY: usize = 12;

/// What is cut off or cannot be told apart.
pub fn cut(figure: &Figure) -> Vec<String> {
    let mut failures = Vec::new();
    for (width, height) in PANES {
        failures.extend(rows(figure, width, height).into_iter().map(|it| format!("{it} at {width}×{height}")));
    }
    let paper = svg(figure, Size::default()).unwrap();
    if paper.contains('…') {
        failures.push("words are cut off on paper".to_owned());
    }
    failures
}

fn rows(figure: &Figure, width: u16, height: u16) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    FigureView { title: false, ..FigureView::new(figure, &Theme::indexed()) }.render(area, &mut buffer);
    let row = |y: u16| (0..width).map(|x| buffer[(x, y)].symbol().to_owned()).collect::<String>();
    let rows: Vec<String> = (0..height).map(row).collect();
    let column = |row: &str| row.chars().position(|letter| letter == '└');
    let Some((axis, corner)) = rows.iter().enumerate().rev().find_map(|(y, row)| Some((y, column(row)?))) else {
        return vec!["nothing is drawn".to_owned()];
    };
    // The plot is where the vertical axis stands.
    let stands = |row: &String| row.chars().nth(corner).is_some_and(|letter| ['│', '┤', '├'].contains(&letter));
    let plot = axis - rows[..axis].iter().rev().take_while(|row| stands(row)).count();
    let mut failures = Vec::new();
    // Names of the legend may be shortened to what still tells them apart.
    let name = |sign_and_name: &'_ str| sign_and_name.trim().split_once(' ').map_or("", |(_, name)| name).to_owned();
    let legend: Vec<String> = rows[..plot].iter().flat_map(|row| row.split("  ")).map(name).collect();
    let mut shortened: Vec<&String> = legend.iter().filter(|name| name.contains('…')).collect();
    shortened.sort_unstable();
    let is_many = figure.legend().count() > MANY;
    if !is_many && shortened.windows(2).any(|pair| pair[0] == pair[1]) {
        failures.push(format!("the legend reads {shortened:?}"));
    }
    if let Some(more) = legend.iter().find(|name| !is_many && name.starts_with('+') && name.ends_with("more")) {
        failures.push(format!("the legend leaves out {more}"));
    }
    // What stands in the plot and the title under it are whole; names of categories are, or can be told apart.
    for row in rows[plot..(axis + 3).min(rows.len())].iter().filter(|row| row.contains('…')) {
        let mut names: Vec<&str> = row.split(' ').filter(|name| name.contains('…')).collect();
        let (all, words) = (names.len(), row.trim());
        names.sort_unstable();
        names.dedup();
        if figure.x.categories.is_empty() || names.len() < all {
            failures.push(format!("cut off: “{words}”"));
        }
    }
    if let Some(title) = rows[..plot]
        .iter()
        .find(|row| row.contains('…') && figure.y.label.starts_with(row.trim().trim_end_matches('…')))
    {
        failures.push(format!("cut off: “{}”", title.trim()));
    }
    failures
}
