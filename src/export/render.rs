//! Pages as pictures, through plotters' backends.

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, TextStyle};

use super::page::{Anchor, Item, Text, lay_out};
use super::{ExportError, Size, font};
use crate::chart::Figure;
use crate::chart::palette::Rgb;

/// What differs between backends. Both count in whole dots, so pages are drawn enlarged: an SVG
/// only says so in its header, a bitmap is averaged down, which also smooths its edges.
struct Pen {
    /// Dots for each pixel of the page.
    dots: u32,
    /// The backend's font size for letters of one em.
    font_size: f64,
    /// How far below the top of a text the backend puts its baseline, in ems.
    baseline: f64,
    /// Whether corners of wide lines need rounding, since segments are drawn one by one.
    round: bool,
}

/// The figure as an SVG document.
///
/// # Errors
/// When the size is out of bounds or the drawing library fails.
pub fn svg(figure: &Figure, size: Size) -> Result<String, ExportError> {
    let size = size.checked()?;
    font::register()?;
    let pen = Pen { dots: 10, font_size: 1.24, baseline: 0.76, round: false };
    let (width, height) = (size.width * pen.dots, size.height * pen.dots);
    let mut document = String::new();
    let mut backend = SVGBackend::with_string(&mut document, (width, height));
    render(figure, size, &mut backend, &pen)?;
    drop(backend);
    // The drawing keeps its fine dots; the document has the size asked for.
    let header = |width: u32, height: u32| format!("<svg width=\"{width}\" height=\"{height}\"");
    Ok(document.replacen(&header(width, height), &header(size.width, size.height), 1))
}

/// The figure as the bytes of a PNG file.
///
/// # Errors
/// When the size is out of bounds, or the drawing library or the encoder fails.
pub fn png(figure: &Figure, size: Size) -> Result<Vec<u8>, ExportError> {
    let size = size.checked()?;
    font::register()?;
    // Fewer dots for large pictures bound the memory; their pixels are fine enough.
    let dots = if size.width * size.height <= 4_000_000 { 3 } else { 2 };
    let pen = Pen { dots, font_size: font::LINE_PER_EM, baseline: font::LINE_PER_EM / 2.0, round: true };
    let (width, height) = (size.width * dots, size.height * dots);
    let mut pixels = vec![255u8; width as usize * height as usize * 3];
    let mut backend = BitMapBackend::with_buffer(&mut pixels, (width, height));
    render(figure, size, &mut backend, &pen)?;
    drop(backend);

    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.width, size.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&averaged(&pixels, size, dots))?;
    writer.finish()?;
    Ok(bytes)
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
                #[allow(clippy::cast_possible_truncation)]
                out.push(((sum + dots * dots / 2) / (dots * dots)) as u8);
            }
        }
    }
    out
}

fn render<B: DrawingBackend>(figure: &Figure, size: Size, backend: &mut B, pen: &Pen) -> Result<(), ExportError> {
    let drawn = said(backend.ensure_prepared())
        .and_then(|()| lay_out(figure, size).iter().try_for_each(|item| draw(item, backend, pen)))
        .and_then(|()| said(backend.present()));
    drawn.map_err(|cause| ExportError::Drawing { figure: figure.id.clone(), cause })
}

/// Plotters does not export its backends' error; its words are what is left to pass on.
fn draw<B: DrawingBackend>(item: &Item, backend: &mut B, pen: &Pen) -> Result<(), String> {
    let place = |point: &(f64, f64)| pen.place(*point);
    match item {
        Item::Line { points, width, colour } => {
            let style = paint(*colour, 1.0).stroke_width(pen.length(*width).max(1));
            if !pen.round {
                return said(backend.draw_path(points.iter().map(place), &style));
            }
            for pair in points.windows(2) {
                said(backend.draw_line(place(&pair[0]), place(&pair[1]), &style))?;
            }
            for corner in points.iter().take(points.len().saturating_sub(1)).skip(1) {
                said(backend.draw_circle(place(corner), pen.length(width / 2.0), &style, true))?;
            }
            Ok(())
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
        Item::Text(text) => draw_text(text, backend, pen),
    }
}

fn paint((red, green, blue): Rgb, opacity: f64) -> plotters::style::RGBAColor {
    RGBColor(red, green, blue).mix(opacity)
}

fn draw_text<B: DrawingBackend>(text: &Text, backend: &mut B, pen: &Pen) -> Result<(), String> {
    let anchor = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let rise = pen.baseline * text.em;
    let (x, y) = text.at;
    let (top, transform) =
        if text.upward { ((x - rise, y), FontTransform::Rotate270) } else { ((x, y - rise), FontTransform::None) };
    let size = text.em * f64::from(pen.dots) * pen.font_size;
    let font = FontDesc::new(FontFamily::Name(font::FAMILY), size, FontStyle::Normal).transform(transform);
    let colour = paint(text.colour, 1.0);
    let style = TextStyle::from(font).color(&colour).pos(Pos::new(anchor, VPos::Top));
    said(backend.draw_text(&text.text, &style, pen.place(top)))
}

fn said<T>(result: Result<T, impl std::fmt::Display>) -> Result<T, String> {
    result.map_err(|cause| cause.to_string())
}

impl Pen {
    #[allow(clippy::cast_possible_truncation)]
    fn place(&self, (x, y): (f64, f64)) -> (i32, i32) {
        let dot = |length: f64| (length * f64::from(self.dots)).round() as i32;
        (dot(x), dot(y))
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn length(&self, length: f64) -> u32 {
        (length * f64::from(self.dots)).round() as u32
    }
}
