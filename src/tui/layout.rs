//! Where everything is: one pure function of the state, for drawing and for the mouse.

use ratatui::layout::Rect;

use super::page;
use super::state::{App, Focus, Grid, LabState, Overlay, Screen, WIDE};

/// Smallest terminal the laboratory is drawn in.
pub const SMALLEST: (u16, u16) = (40, 12);

/// Rows from which four charts are shown unless a person says otherwise.
const TALL: u16 = 26;

/// Rows that a chart keeps beside an answer.
const SMALL_CHART: u16 = 9;

/// Rows of the reading, frame included.
const READING: u16 = 12;

/// Rows more once something was measured of the trial.
const FINDING: u16 = 7;

/// Rows from which the left column says what to watch for.
const TALL_COLUMN: u16 = 48;

/// Rows that trials and knobs keep for themselves.
const LISTS: u16 = 10;

/// Named places. What is not shown is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// Whether there is too little room for anything but a line that says so.
    pub is_too_small: bool,
    /// Title and clock.
    pub header: Rect,
    /// The list of scenarios.
    pub list: Rect,
    /// What the selected scenario is about.
    pub detail: Rect,
    /// What to watch for, where the window is tall.
    pub about: Rect,
    /// The trials.
    pub trials: Rect,
    /// The knobs.
    pub knobs: Rect,
    /// The selected trial's numbers.
    pub reading: Rect,
    /// The selected trial in one line, where the left column is folded away.
    pub strip: Rect,
    /// Each pane shown and its place.
    pub charts: Vec<(usize, Rect)>,
    /// The answer to the question that the laboratory was opened for.
    pub answer: Rect,
    /// The history.
    pub timeline: Rect,
    /// What to press, or what is to be said.
    pub footer: Rect,
    /// What lies over the screen.
    pub overlay: Rect,
}

impl Layout {
    /// The layout of a state.
    #[must_use]
    pub fn of(app: &App) -> Self {
        let area = Rect::new(0, 0, app.size.0, app.size.1);
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return Self { is_too_small: true, ..Self::default() };
        }
        let (header, rest) = top(area, 1);
        let (footer, body) = bottom(rest, 1);
        let mut layout = Self { header, footer, ..Self::default() };
        match (app.screen, &app.lab) {
            (Screen::Start, _) => layout.start(body),
            (Screen::Columns, _) => layout.columns(body),
            (Screen::Lab, Some(lab)) => layout.lab(body, lab),
            _ => {}
        }
        layout.overlay = app.overlay.as_ref().map_or(Rect::ZERO, |overlay| place(overlay, app, body));
        layout
    }

    fn start(&mut self, body: Rect) {
        if body.width >= 90 {
            (self.list, self.detail) = left(body, body.width * 2 / 5);
        } else {
            // Where there is little room, choosing comes before reading.
            (self.list, self.detail) = top(body, if body.height < 14 { body.height - 4 } else { body.height / 2 });
        }
    }

    /// The columns of a table, and what is chosen beside or under them.
    fn columns(&mut self, body: Rect) {
        if body.width >= WIDE {
            (self.list, self.detail) = left(body, body.width * 3 / 5);
            self.detail = shared_edge(self.detail);
        } else {
            let choices = (body.height / 2).clamp(5, 13);
            (self.list, self.detail) = top(body, body.height - choices);
            self.detail = Rect { y: self.detail.y - 1, height: self.detail.height + 1, ..self.detail };
        }
    }

    fn lab(&mut self, body: Rect, lab: &LabState) {
        let (timeline, body) = bottom(body, 1);
        self.timeline = timeline;
        if body.width >= WIDE {
            let (column, charts) = left(body, (body.width / 4).clamp(36, 46));
            self.column(column, lab);
            let charts = self.answer(shared_edge(charts), lab);
            self.panes(charts, lab);
            return;
        }
        let body = if body.height >= 12 {
            let (strip, body) = bottom(body, 1);
            self.strip = strip;
            body
        } else {
            body
        };
        if lab.focus == Focus::Charts {
            let body = self.answer(body, lab);
            self.panes(body, lab);
        } else if body.width < 70 {
            self.column(body, lab);
        } else {
            let (column, charts) = left(body, 40);
            self.column(column, lab);
            self.charts = vec![(lab.pane, shared_edge(charts))];
        }
    }

    /// The answer to the question posed, under the charts, as tall as it is; what is left is for the charts.
    fn answer(&mut self, area: Rect, lab: &LabState) -> Rect {
        let lines = page::answer_rows(lab, usize::from(area.width.saturating_sub(2)));
        let rows =
            u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2).min(area.height.saturating_sub(SMALL_CHART));
        if lines == 0 || rows < 4 {
            return area;
        }
        let (answer, rest) = bottom(area, rows);
        self.answer = answer;
        Rect { height: rest.height + 1, ..rest }
    }

    /// What to watch for, at the top of a tall column; what is left is for the rest.
    fn about(&mut self, column: Rect, lab: &LabState) -> Rect {
        let text = super::text::clean(&lab.snapshot.about);
        if text.is_empty() || column.height < TALL_COLUMN {
            return column;
        }
        let lines = crate::front::wrap(&text, usize::from(column.width.saturating_sub(2))).len();
        let rows = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
        if rows > column.height / 3 {
            return column;
        }
        let (about, rest) = top(column, rows);
        self.about = about;
        Rect { y: rest.y - 1, height: rest.height + 1, ..rest }
    }

    /// Trials, knobs and reading, one under the other; only the one in focus where there is no room.
    fn column(&mut self, column: Rect, lab: &LabState) {
        let trials = u16::try_from(lab.snapshot.trials.len()).unwrap_or(u16::MAX).saturating_add(2);
        if column.height < 13 {
            *(if lab.focus == Focus::Knobs { &mut self.knobs } else { &mut self.trials }) = column;
            return;
        }
        let column = self.about(column, lab);
        let with_finding = READING + if lab.excerpt().is_some() { FINDING } else { 0 };
        let wanted = [with_finding, READING].into_iter().find(|rows| column.height >= rows + LISTS);
        let rest = if let Some(rows) = wanted {
            let (reading, rest) = bottom(column, rows);
            self.reading = reading;
            Rect { height: rest.height + 1, ..rest }
        } else {
            column
        };
        let (trials, knobs) = top(rest, trials.clamp(4, (rest.height / 2).max(4)));
        self.trials = trials;
        self.knobs = Rect { y: knobs.y - 1, height: knobs.height + 1, ..knobs };
    }

    /// The panes in their grid, wall to wall; the one in focus alone where there is no room for more.
    fn panes(&mut self, area: Rect, lab: &LabState) {
        let grid = if lab.is_alone { Grid::new(1, 1) } else { fitting(lab.grid, area) };
        if grid.panes() == 1 {
            self.charts = vec![(lab.pane, area)];
            return;
        }
        let rows = parts(area.y, area.height, grid.rows);
        let columns = || parts(area.x, area.width, grid.columns);
        let place = |(y, height): (u16, u16)| columns().map(move |(x, width)| Rect { x, y, width, height });
        // The panes from the one in focus back, so that it is among those shown.
        let first = lab.pane.saturating_sub(grid.panes() - 1);
        self.charts = (first..lab.panes.len()).zip(rows.flat_map(place)).collect();
    }
}

/// Smallest pane of a grid that a person has asked for.
const LEAST_PANE: (u16, u16) = (24, 9);

/// The grid asked for, as much of it as there is room for; four charts or one, where none is.
fn fitting(asked: Option<Grid>, area: Rect) -> Grid {
    match asked {
        Some(grid) => Grid {
            rows: grid.rows.min(usize::from(area.height / LEAST_PANE.1)).max(1),
            columns: grid.columns.min(usize::from(area.width / LEAST_PANE.0)).max(1),
        },
        None if area.width >= 70 && area.height + 3 >= TALL => Grid::new(2, 2),
        None => Grid::new(1, 1),
    }
}

/// A length cut into so many parts that share their edges: where each begins, and how long it is.
fn parts(start: u16, length: u16, count: usize) -> impl Iterator<Item = (u16, u16)> {
    let count = u16::try_from(count).unwrap_or(1).max(1);
    let edge =
        move |index: u16| u16::try_from(u32::from(length - 1) * u32::from(index) / u32::from(count)).unwrap_or(0);
    // The larger part comes first.
    let edge = move |index: u16| length - 1 - edge(count - index);
    (0..count).map(move |index| (start + edge(index), edge(index + 1) - edge(index) + 1))
}

/// Panels stand wall to wall: the frame's edge is one column for both neighbours.
fn shared_edge(right: Rect) -> Rect {
    Rect { x: right.x - 1, width: right.width + 1, ..right }
}

/// Where an overlay lies: as large as what it says, in the middle, never over the footer.
fn place(overlay: &Overlay, app: &App, body: Rect) -> Rect {
    let rows = |count: usize| u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2);
    let margin = u16::from(body.width >= 80) * 2;
    let most = body.width - 2 * margin;
    let (width, height) = match overlay {
        Overlay::Help(_) => (92, u16::MAX),
        Overlay::Explain { .. } => (90, rows(page::length(app, overlay, usize::from(most.min(90) - 2)))),
        Overlay::Picker { marked, .. } => (100, rows(marked.len() + 8)),
        Overlay::Branches { .. } => (90, rows(app.lab.as_ref().map_or(0, |lab| lab.snapshot.landmarks().len()) + 1)),
        Overlay::Palette { .. } => (84, 18),
        Overlay::Value { .. } => (70, 9),
        Overlay::Sweep { .. } => (76, 11),
        Overlay::Findings { .. } => (130, rows(page::length(app, overlay, usize::from(most.min(130) - 2)))),
        Overlay::Comparison { .. } => (u16::MAX, rows(page::length(app, overlay, usize::from(most - 2)))),
        Overlay::Notes { .. } => (110, rows(page::length(app, overlay, usize::from(most.min(110) - 2)))),
        Overlay::Notice { lines, .. } => (110, rows(lines.len() + 1)),
        Overlay::Question(_) => (62, 6),
    };
    let width = width.min(most);
    let height = height.min(body.height);
    Rect::new(body.x + (body.width - width) / 2, body.y + (body.height - height) / 2, width, height)
}

/// `rows` at the top, and the rest.
fn top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// `rows` at the bottom, and the rest.
fn bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let (rest, rows) = top(area, area.height.saturating_sub(rows));
    (rows, rest)
}

/// `columns` at the left, and the rest.
fn left(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    (Rect { width: columns, ..area }, Rect { x: area.x + columns, width: area.width - columns, ..area })
}

/// What is inside a panel's frame.
#[must_use]
pub fn inside(panel: Rect) -> Rect {
    Rect {
        x: panel.x + u16::from(panel.width > 0),
        y: panel.y + u16::from(panel.height > 0),
        width: panel.width.saturating_sub(2),
        height: panel.height.saturating_sub(2),
    }
}
