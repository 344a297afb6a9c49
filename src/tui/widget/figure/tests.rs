use insta::assert_snapshot;
use ratatui::layout::Position;
use ratatui::style::Color;

use super::*;
use crate::chart::figure::examples;
use crate::chart::{Axis, Figure, Layer};
use crate::tui::theme::Theme;

fn buffer(view: FigureView<'_>, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    view.render(area, &mut buffer);
    buffer
}

fn text(buffer: &Buffer) -> String {
    let row = |y: u16| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..buffer.area.height).map(|y| format!("{}\n", row(y).trim_end())).collect()
}

fn drawn(figure: &Figure, width: u16, height: u16) -> String {
    text(&buffer(FigureView::new(figure, &Theme::truecolor()), width, height))
}

#[test]
fn a_linear_figure() {
    let figure = examples::losses();
    assert_snapshot!("linear_70x20", drawn(&figure, 70, 20));
    assert_snapshot!("linear_40x12", drawn(&figure, 40, 12));
    assert_snapshot!("linear_20x8", drawn(&figure, 20, 8));
}

#[test]
fn a_log_log_figure() {
    let figure = examples::super_efficiency();
    assert_snapshot!("log_log_70x20", drawn(&figure, 70, 20));
    assert_snapshot!("log_log_40x12", drawn(&figure, 40, 12));
    assert_snapshot!("log_log_20x8", drawn(&figure, 20, 8));
}

#[test]
fn other_kinds() {
    assert_snapshot!("many_trials_100x24", drawn(&examples::many_trials(), 100, 24));
    assert_snapshot!("bars_70x16", drawn(&examples::bias_and_variance(), 70, 16));
    assert_snapshot!("short_range_50x12", drawn(&examples::short_range(), 50, 12));
    let heat = examples::landscape();
    assert_snapshot!("heat_60x20", text(&buffer(FigureView::new(&heat, &Theme::mono()), 60, 20)));
}

#[test]
fn the_crosshair_snaps_to_the_nearest_point_and_reads_it() {
    let figure = examples::losses();
    let theme = Theme::truecolor();
    let view = FigureView { cursor: Some(Cursor::Value(2510.0, 0.78)), ..FigureView::new(&figure, &theme) };
    let area = Rect::new(0, 0, 70, 20);
    let nearest = view.nearest(area, Cursor::Value(2510.0, 0.78)).unwrap();
    assert_eq!((nearest.layer, nearest.point.0), (3, 2500.0));
    assert_snapshot!("crosshair_70x20", text(&buffer(view, 70, 20)));

    let plot = view.plot_area(area).unwrap();
    let cell = Position::new(plot.x, plot.bottom() - 1);
    let corner = view.nearest(area, Cursor::Cell(cell)).unwrap();
    assert!(corner.position.0 < 0.5 && corner.position.1 < 0.5);
}

#[test]
fn small_and_empty_areas_say_so() {
    let mut figure = Figure::new("f", "Losses", Axis::steps("inner step"), Axis::linear("loss"));
    figure.layers.push(Layer::vertical("now", 0.0));
    let empty = drawn(&figure, 60, 10);
    assert!(empty.contains("Losses") && empty.contains("press n for an inner step"), "{empty}");
    assert!(drawn(&examples::losses(), 15, 8).contains("too small"));
    assert!(drawn(&examples::losses(), 30, 5).contains("too small"));
    let theme = Theme::mono();
    let view = FigureView::new(&figure, &theme);
    assert_eq!(view.plot_area(Rect::new(0, 0, 15, 8)), None);
}

#[test]
fn any_figure_draws_at_any_size_and_place() {
    let theme = Theme::mono();
    for figure in examples::all() {
        for width in (0..60).step_by(7) {
            for height in (0..26).step_by(3) {
                let area = Rect::new(3, 2, width, height);
                let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 20));
                let cursor = Some(Cursor::Cell(Position::new(10, 10)));
                FigureView { cursor, ..FigureView::new(&figure, &theme) }.render(area, &mut buffer);
                let outside = |position: &Position| !area.contains(*position);
                assert!(buffer.area.positions().filter(outside).all(|position| buffer[position].symbol() == " "));
            }
        }
    }
}

#[test]
fn wild_numbers_do_not_upset_it() {
    let wild =
        [0.0, -1.0, 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324];
    for (x, y) in [
        (Axis::linear("x"), Axis::linear("y")),
        (Axis::logarithmic("x"), Axis::logarithmic("y")),
        (Axis::steps("x"), Axis::linear("y")),
    ] {
        for a in wild {
            for b in wild {
                let mut figure = Figure::new("wild", "Wild", x.clone(), y.clone());
                let style = crate::chart::Style::series(0);
                figure.layers.push(Layer::line("a", style, vec![(a, b), (b, a), (a, a)]));
                figure.layers.push(Layer::band("b", style, vec![(a, b, a), (b, a, b)]));
                figure.layers.push(Layer::guide("g", a, (b, a)));
                figure.layers.push(Layer::horizontal("h", b));
                drawn(&figure, 40, 12);
            }
        }
    }
}

#[test]
fn without_colours_no_cell_has_one_and_markers_differ() {
    for figure in examples::all() {
        let buffer = buffer(FigureView::new(&figure, &Theme::mono()), 80, 24);
        assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    }
    let text = text(&buffer(FigureView::new(&examples::super_efficiency(), &Theme::mono()), 90, 30));
    assert!(['●', '▲', '■', '◆', '✕'].into_iter().all(|marker| text.matches(marker).count() > 1), "{text}");
}

#[test]
fn a_frame_may_carry_the_title() {
    let figure = examples::losses();
    let theme = Theme::mono();
    let text = text(&buffer(FigureView { title: false, ..FigureView::new(&figure, &theme) }, 70, 20));
    assert!(!text.contains("Losses") && text.contains("training"));
}
