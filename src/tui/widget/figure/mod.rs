//! A figure in cells: log decades, braille lines, each series with its own marker, a crosshair.

mod axes;
mod canvas;
mod crosshair;
mod layout;
mod legend;
mod plot;
#[cfg(test)]
mod tests;
mod view;

use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::{Paragraph, Widget, Wrap};

pub use view::{Cursor, FigureView};

use super::text::write;
use crate::chart::figure::Nearest;
use layout::Scene;

impl FigureView<'_> {
    /// The cells in which data is drawn, so that the mouse and the screen agree; `None` where the
    /// area is too small.
    #[must_use]
    pub fn plot_area(&self, area: Rect) -> Option<Rect> {
        Some(Scene::new(*self, area)?.regions.plot)
    }

    /// The identifier of the trial whose entry of the legend lies at a cell of the figure drawn in `area`.
    #[must_use]
    pub fn named_trial(&self, area: Rect, at: Position) -> Option<usize> {
        legend::trial_at(&Scene::new(*self, area)?.regions.legend, at)
    }

    /// The data point nearest to a place on the figure drawn in `area`.
    #[must_use]
    pub fn nearest(&self, area: Rect, cursor: Cursor) -> Option<Nearest> {
        crosshair::nearest_point(&Scene::new(*self, area)?, cursor)
    }
}

impl Widget for FigureView<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        let Some(scene) = Scene::new(self, area) else {
            let words = "too small to draw: 16 by 6 at least";
            return Paragraph::new(words).style(self.theme.quiet()).wrap(Wrap { trim: true }).render(area, buffer);
        };
        let regions = &scene.regions;
        if let Some(row) = regions.title {
            write(buffer, row, &self.figure.title, self.theme.heading());
        }
        legend::draw(&regions.legend, self.theme, buffer);
        if self.figure.is_empty() {
            let middle = Rect { y: area.y + area.height / 2, height: area.height.div_ceil(2), ..area };
            let words = Paragraph::new(self.figure.empty.on_screen()).style(self.theme.quiet());
            return words.wrap(Wrap { trim: true }).alignment(Alignment::Center).render(middle, buffer);
        }
        axes::draw(&scene, buffer);
        plot::draw(&scene, buffer);
        if let Some(cursor) = self.cursor {
            crosshair::draw(&scene, cursor, buffer);
        } else if let Some(x) = self.reads {
            crosshair::draw_upright(&scene, x, buffer);
        }
        if let Some((place, said)) = &regions.notes {
            notes(said, *place, self.theme.quiet(), buffer);
        }
    }
}

/// Words in the rows there are; the last one says that there is more.
fn notes(words: &str, place: Rect, style: Style, buffer: &mut Buffer) {
    let mut lines = crate::front::wrap(words, usize::from(place.width));
    let rest = lines.split_off(lines.len().min(usize::from(place.height.saturating_sub(1))));
    lines.push(rest.join(" "));
    for (y, line) in (place.y..place.bottom()).zip(lines) {
        write(buffer, Rect { y, height: 1, ..place }, &line, style);
    }
}
