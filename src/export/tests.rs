use super::layout::lay_out;
use super::page::{Anchor, Frame, Item, Text};
use super::*;
use crate::chart::Figure;
use crate::chart::figure::examples;

const SIZES: [Size; 4] = [Size::new(800, 600), Size::new(1600, 1200), Size::new(480, 360), Size::new(900, 420)];

fn texts(figure: &Figure, size: Size) -> Vec<Text> {
    lay_out(figure, size.into())
        .items
        .into_iter()
        .filter_map(|item| if let Item::Text(text) = item { Some(text) } else { None })
        .collect()
}

/// The room a text takes.
fn frame_of(text: &Text) -> Frame {
    let length = font::width(&text.text) * text.em;
    let before = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => length / 2.0,
        Anchor::End => length,
    };
    let (x, y) = text.at;
    // Ascender and descender of letters and digits; accents reach a little higher.
    let (up, down) = (0.78 * text.em, 0.22 * text.em);
    if text.upward {
        Frame { left: x - up, right: x + down, top: y + before - length, bottom: y + before }
    } else {
        Frame { left: x - before, right: x - before + length, top: y - up, bottom: y + down }
    }
}

fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, pixels)
}

/// Writes the examples where `HYPERLAB_PICTURES` says.
#[test]
#[ignore = "writes pictures for a person to look at: HYPERLAB_PICTURES=DIR cargo test --lib pictures -- --ignored"]
fn pictures_to_look_at() {
    let folder = std::env::var_os("HYPERLAB_PICTURES").expect("HYPERLAB_PICTURES names a folder");
    for figure in examples::all() {
        for size in SIZES {
            let path = std::path::Path::new(&folder).join(format!("{}-{}x{}", figure.id, size.width, size.height));
            write(&path.with_extension("png"), &png(&figure, size).unwrap()).unwrap();
            write(&path.with_extension("svg"), svg(&figure, size).unwrap().as_bytes()).unwrap();
        }
    }
}

#[test]
fn a_png_has_the_size_asked_for_and_the_colours_of_its_series() {
    for figure in examples::all() {
        let (width, height, pixels) = decoded(&png(&figure, Size::new(480, 360)).unwrap());
        assert_eq!((width, height), (480, 360));
        let drawn = pixels.chunks(3).filter(|pixel| *pixel != [255, 255, 255]).count();
        assert!(drawn > 2000, "{}: {drawn}", figure.id);
    }
    let (.., pixels) = decoded(&png(&examples::super_efficiency(), Size::default()).unwrap());
    for series in 0..5 {
        let (red, green, blue) = crate::chart::palette::colour(series);
        let count = pixels.chunks(3).filter(|pixel| *pixel == [red, green, blue]).count();
        assert!(count > 30, "series {series}: {count}");
    }
}

#[test]
fn an_svg_is_well_formed_has_its_size_and_names_every_series() {
    for figure in examples::all() {
        for size in SIZES {
            let text = svg(&figure, size).unwrap();
            let document = roxmltree::Document::parse(&text).unwrap();
            let root = document.root_element();
            assert_eq!(root.attribute("width"), Some(size.width.to_string().as_str()));
            let said: Vec<String> = root
                .descendants()
                .filter(|node| node.has_tag_name("text"))
                .map(|node| node.text().unwrap_or_default().trim().to_owned())
                .collect();
            let said = said.join(" ");
            for layer in figure.legend() {
                assert!(said.contains(&layer.name), "{}: {} not in {said}", figure.id, layer.name);
                assert!(layer.badge.as_ref().is_none_or(|badge| said.contains(badge)));
            }
            for (pattern, words) in figure.key() {
                assert!(said.contains(words), "{}: {pattern:?} is not explained in {said}", figure.id);
            }
            for label in [&figure.title, &figure.x.label, &figure.y.label] {
                assert!(said.contains(label.as_str()), "{label}");
            }
        }
    }
}

#[test]
fn marks_in_text_are_escaped() {
    let mut figure = examples::short_range();
    figure.title = "a < b & \"c\" > 'd'".to_owned();
    let text = svg(&figure, Size::default()).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    assert!(document.descendants().any(|node| node.text().is_some_and(|text| text.trim() == figure.title)));
}

#[test]
fn every_text_lies_on_the_page_and_none_on_another() {
    for figure in examples::all() {
        for size in SIZES {
            let texts = texts(&figure, size);
            let (width, height) = (f64::from(size.width), f64::from(size.height));
            for text in &texts {
                let Frame { left, top, right, bottom } = frame_of(text);
                let inside = left >= 0.0 && top >= 0.0 && right <= width && bottom <= height;
                assert!(inside, "{} at {size:?}: {text:?}", figure.id);
            }
            for (index, text) in texts.iter().enumerate() {
                let frame = frame_of(text);
                for other in &texts[..index] {
                    let place = frame_of(other);
                    let apart = frame.left >= place.right
                        || place.left >= frame.right
                        || frame.top >= place.bottom
                        || place.top >= frame.bottom;
                    assert!(apart, "{} at {size:?}: {:?} on {:?}", figure.id, text.text, other.text);
                }
            }
        }
    }
}

/// Journals ask for 7 points, and what figures say has to be in the font.
#[test]
fn letters_for_print_are_large_enough_and_every_one_can_be_drawn() {
    for figure in examples::all() {
        for (name, size) in PRESETS {
            let dots = f64::from(size.print.unwrap().dots_per_inch());
            for text in texts(&figure, size) {
                assert!(text.em / dots * 72.0 >= 7.0 - 1e-9, "{} {name}: {text:?}", figure.id);
            }
            assert_eq!(undrawable(&figure, size), Vec::<char>::new(), "{} {name}", figure.id);
        }
    }
    let mut figure = examples::short_range();
    figure.title = "直接法".to_owned();
    assert_eq!(undrawable(&figure, Size::default()), ['接', '法', '直']);
}

#[test]
fn sizes_out_of_bounds_and_empty_figures() {
    let mut figure = examples::short_range();
    assert!(png(&figure, Size::new(10, 600)).unwrap_err().to_string().contains("10x600"));
    assert!(svg(&figure, Size::new(800, 100_000)).is_err());
    figure.layers.clear();
    let page = svg(&figure, Size::default()).unwrap();
    assert!(page.contains("no data yet") && !page.contains("press"), "{page}");
    assert!(png(&figure, Size::default()).is_ok());
}

#[test]
fn wild_numbers_still_make_a_page() {
    use crate::chart::{Axis, Layer, Style};
    let wild = [0.0, -1.0, 1.0, f64::NAN, f64::INFINITY, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324];
    for (x, y) in [(Axis::linear("x"), Axis::linear("y")), (Axis::logarithmic("x"), Axis::logarithmic(""))] {
        for a in wild {
            for b in wild {
                let mut figure = Figure::new("wild", "Wild", x.clone(), y.clone());
                figure.layers.push(Layer::line("a", Style::series(0).dashed(), vec![(a, b), (b, a), (1.0, 2.0)]));
                figure.layers.push(Layer::band("", Style::series(0), vec![(a, b, a), (b, a, b)]));
                figure.layers.push(Layer::guide("g", a, (b, a)));
                figure.layers.push(Layer::horizontal("h", b));
                let items = lay_out(&figure, Size::new(300, 240).into()).items;
                let finite = |(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
                assert!(items.iter().all(|item| match item {
                    Item::Line { points, .. } | Item::Polygon { points, .. } => points.iter().all(finite),
                    Item::Text(text) => finite(&text.at),
                    _ => true,
                }));
            }
        }
    }
}
