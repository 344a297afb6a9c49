//! Pages as pictures, through plotters' backends.

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, TextStyle};

use super::error::ExportError;
use super::font;
use super::layout::{Laid, lay_out};
use super::page::{Anchor, Item, Text};
use super::paper::Paper;
use super::size::Size;
use crate::chart::Figure;
use crate::chart::palette::Rgb;

/// What differs between backends. Both count in whole dots, so pages are drawn enlarged: an SVG
/// only says so in its header, a bitmap is averaged down, which also smooths its edges.
struct Pen {
    /// Dots for each pixel of the page.
    dots: u32,
    /// Whether it is made of dots in the end: texts are drawn glyph by glyph and lines segment
    /// by segment.
    bitmap: bool,
}

/// The figure as an SVG document, its texts as text. A size in inches is said in inches.
///
/// # Errors
/// When the size is out of bounds or the drawing library fails.
pub fn svg(figure: &Figure, paper: impl Into<Paper>) -> Result<String, ExportError> {
    let page = laid_out(figure, paper.into())?;
    let pen = Pen { dots: 10, bitmap: false };
    let (width, height) = (page.size.width * pen.dots, page.size.height * pen.dots);
    let mut document = String::new();
    let mut backend = SVGBackend::with_string(&mut document, (width, height));
    render(figure, &page, &mut backend, &pen)?;
    drop(backend);
    // The drawing keeps its fine dots; the document has the size asked for.
    let drawn = format!("<svg width=\"{width}\" height=\"{height}\"");
    let side = |pixels: u32| match page.size.print {
        Some(print) => format!("{}in", f64::from(pixels) / f64::from(print.dots_per_inch())),
        None => pixels.to_string(),
    };
    let asked = format!("<svg width=\"{}\" height=\"{}\"", side(page.size.width), side(page.size.height));
    Ok(document.replacen(&drawn, &asked, 1))
}

/// The figure as the bytes of a PNG file.
///
/// # Errors
/// When the size is out of bounds, or the drawing library or the encoder fails.
pub fn png(figure: &Figure, paper: impl Into<Paper>) -> Result<Vec<u8>, ExportError> {
    let page = laid_out(figure, paper.into())?;
    let size = page.size;
    // Fewer dots for large pictures bound the memory; their pixels are fine enough.
    let dots = if size.width * size.height <= 4_000_000 { 3 } else { 2 };
    let pen = Pen { dots, bitmap: true };
    let (width, height) = (size.width * dots, size.height * dots);
    let mut pixels = vec![255u8; width as usize * height as usize * 3];
    let mut backend = BitMapBackend::with_buffer(&mut pixels, (width, height));
    render(figure, &page, &mut backend, &pen)?;
    drop(backend);

    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.width, size.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(size.print.map(|print| {
        let per_metre = (f64::from(print.dots_per_inch()) / 0.0254).round() as u32;
        png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }
    }));
    // A picture is written once and kept in reports.
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::Adaptive);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&averaged(&pixels, size, dots))?;
    writer.finish()?;
    Ok(bytes)
}

/// Characters of the figure's texts that the embedded font lacks: a picture of dots has a box for each, while in a picture
/// of text the viewer's own fonts stand in.
#[must_use]
pub fn undrawable(figure: &Figure, paper: impl Into<Paper>) -> Vec<char> {
    let mut lacking: Vec<char> = lay_out(figure, paper.into())
        .items
        .iter()
        .filter_map(|item| if let Item::Text(text) = item { Some(text.text.as_str()) } else { None })
        .flat_map(str::chars)
        .filter(|character| !font::has(*character))
        .collect();
    lacking.sort_unstable();
    lacking.dedup();
    lacking
}

fn laid_out(figure: &Figure, paper: Paper) -> Result<Laid, ExportError> {
    let fits = |side: u32| (Size::LEAST..=Size::MOST).contains(&side);
    let size = paper.size;
    if fits(size.width) && fits(size.height) { Ok(lay_out(figure, paper)) } else { Err(ExportError::Size(size)) }
}

/// Each pixel as the mean of its dots.
fn averaged(pixels: &[u8], size: Size, dots: u32) -> Vec<u8> {
    let (dots, stride) = (dots as usize, size.width as usize * dots as usize * 3);
    let mut out = Vec::with_capacity(size.width as usize * size.height as usize * 3);
    for y in 0..size.height as usize {
        for x in 0..size.width as usize {
            for channel in 0..3 {
                let rows = (0..dots).map(|row| (y * dots + row) * stride + x * dots * 3 + channel);
                let sum: usize = rows
                    .flat_map(|start| (0..dots).map(move |dot| start + dot * 3))
                    .map(|at| usize::from(pixels[at]))
                    .sum();
                out.push(((sum + dots * dots / 2) / (dots * dots)) as u8);
            }
        }
    }
    out
}

fn render<B: DrawingBackend>(figure: &Figure, page: &Laid, backend: &mut B, pen: &Pen) -> Result<(), ExportError> {
    let drawn = said(backend.ensure_prepared())
        .and_then(|()| page.items.iter().try_for_each(|item| draw(item, backend, pen)))
        .and_then(|()| said(backend.present()));
    drawn.map_err(|cause| ExportError::Drawing { figure: figure.id.clone(), cause })
}

/// Plotters does not export its backends' error; its words are what is left to pass on.
fn draw<B: DrawingBackend>(item: &Item, backend: &mut B, pen: &Pen) -> Result<(), String> {
    let place = |point: &(f64, f64)| pen.place(*point);
    match item {
        Item::Line { points, width, colour } if pen.bitmap => draw_stroke(points, *width, *colour, backend, pen),
        Item::Line { points, width, colour } => {
            let style = paint(*colour, 1.0).stroke_width(pen.length(*width).max(1));
            said(backend.draw_path(points.iter().map(place), &style))
        }
        Item::Polygon { points, colour, opacity } => {
            said(backend.fill_polygon(points.iter().map(place), &paint(*colour, *opacity).to_backend_color()))
        }
        Item::Rectangle { frame, colour, opacity } => {
            let (upper, lower) = (pen.place((frame.left, frame.top)), pen.place((frame.right, frame.bottom)));
            said(backend.draw_rect(upper, lower, &paint(*colour, *opacity).to_backend_color(), true))
        }
        Item::Circle { centre, radius, colour } => {
            let style = paint(*colour, 1.0).to_backend_color();
            said(backend.draw_circle(place(centre), pen.length(*radius).max(1), &style, true))
        }
        Item::Text(text) if pen.bitmap => draw_glyphs(text, backend, pen),
        Item::Text(text) => draw_text(text, backend, pen),
    }
}

fn paint((red, green, blue): Rgb, opacity: f64) -> plotters::style::RGBAColor {
    RGBColor(red, green, blue).mix(opacity)
}

/// A line as one rectangle a segment, since plotters' own cut their corners towards zero and vary in
/// width; corners between them are rounded.
fn draw_stroke<B: DrawingBackend>(
    points: &[(f64, f64)],
    width: f64,
    colour: Rgb,
    backend: &mut B,
    pen: &Pen,
) -> Result<(), String> {
    let colour = paint(colour, 1.0).to_backend_color();
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if length > 0.0 {
            let (dx, dy) = ((to.0 - from.0) / length * width / 2.0, (to.1 - from.1) / length * width / 2.0);
            let corners = [
                (from.0 - dy, from.1 + dx),
                (to.0 - dy, to.1 + dx),
                (to.0 + dy, to.1 - dx),
                (from.0 + dy, from.1 - dx),
            ];
            said(backend.fill_polygon(corners.iter().map(|corner| pen.place(*corner)), &colour))?;
        }
    }
    for corner in points.iter().take(points.len().saturating_sub(1)).skip(1) {
        said(backend.draw_circle(pen.place(*corner), pen.length(width / 2.0), &colour, true))?;
    }
    Ok(())
}

/// Text as text, for a viewer to draw.
fn draw_text<B: DrawingBackend>(text: &Text, backend: &mut B, pen: &Pen) -> Result<(), String> {
    /// Plotters' SVG divides font sizes by this, and puts baselines so far below the top of a text.
    const SIZE_PER_EM: f64 = 1.24;
    const BASELINE: f64 = 0.76;
    let anchor = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let rise = BASELINE * text.em;
    let (x, y) = text.at;
    let (top, transform) =
        if text.upward { ((x - rise, y), FontTransform::Rotate270) } else { ((x, y - rise), FontTransform::None) };
    let size = text.em * f64::from(pen.dots) * SIZE_PER_EM;
    let font = FontDesc::new(FontFamily::Name(font::FAMILY), size, FontStyle::Normal).transform(transform);
    let colour = paint(text.colour, 1.0);
    let style = TextStyle::from(font).color(&colour).pos(Pos::new(anchor, VPos::Top));
    said(backend.draw_text(&text.text, &style, pen.place(top)))
}

/// Text as dots.
fn draw_glyphs<B: DrawingBackend>(text: &Text, backend: &mut B, pen: &Pen) -> Result<(), String> {
    let em = text.em * f64::from(pen.dots);
    let before = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => 0.5,
        Anchor::End => 1.0,
    };
    let shift = (before * font::width(&text.text) * em).round() as i32;
    let (x, y) = pen.place(text.at);
    let mut outcome = Ok(());
    for glyph in font::glyphs(&text.text, em).ok_or("the embedded font cannot be read")? {
        let corner = (glyph.px_bounds().min.x as i32 - shift, glyph.px_bounds().min.y as i32);
        glyph.draw(|right, down, coverage| {
            let (dx, dy) = (corner.0 + right as i32, corner.1 + down as i32);
            let dot = if text.upward { (x + dy, y - dx) } else { (x + dx, y + dy) };
            let colour = paint(text.colour, f64::from(coverage.min(1.0)));
            if outcome.is_ok() {
                outcome = said(backend.draw_pixel(dot, colour.to_backend_color()));
            }
        });
    }
    outcome
}

fn said<T>(result: Result<T, impl std::fmt::Display>) -> Result<T, String> {
    result.map_err(|cause| cause.to_string())
}

impl Pen {
    fn place(&self, (x, y): (f64, f64)) -> (i32, i32) {
        let dot = |length: f64| (length * f64::from(self.dots)).round() as i32;
        (dot(x), dot(y))
    }

    fn length(&self, length: f64) -> u32 {
        (length * f64::from(self.dots)).round() as u32
    }
}
