//! Where labels go so that they hide as little as possible.

use super::Mark;

/// A rectangle in the unit square.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "edges are what their names say")]
pub struct Rectangle {
    pub left: f64,
    pub right: f64,
    pub bottom: f64,
    pub top: f64,
}

impl Rectangle {
    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.bottom < other.top && other.bottom < self.top
    }

    fn contains(&self, (x, y): (f64, f64)) -> bool {
        self.left <= x && x <= self.right && self.bottom <= y && y <= self.top
    }
}

/// Finds room for labels beside reference lines, one after another.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    obstacles: Vec<(f64, f64)>,
    taken: Vec<Rectangle>,
}

/// Dots along a line that stand for it as an obstacle lie this close.
const SPACING: f64 = 0.01;

/// Places tried along a reference line.
const CANDIDATES: u32 = 24;

impl Placement {
    /// Labels keep clear of these marks.
    #[must_use]
    pub fn among(marks: &[Mark]) -> Self {
        let mut obstacles = Vec::new();
        for mark in marks {
            match mark {
                Mark::Marker { at, .. } | Mark::Text { at, .. } | Mark::Beyond { at, .. } => obstacles.push(*at),
                Mark::Line { points, .. } => {
                    points.windows(2).for_each(|pair| dots(pair[0], pair[1], &mut obstacles));
                }
                Mark::Arrow { from, to, .. } | Mark::Reference { from, to, .. } => dots(*from, *to, &mut obstacles),
                Mark::Area { columns, .. } => columns.windows(2).for_each(|pair| {
                    dots((pair[0].0, pair[0].1), (pair[1].0, pair[1].1), &mut obstacles);
                    dots((pair[0].0, pair[0].2), (pair[1].0, pair[1].2), &mut obstacles);
                }),
                Mark::Whisker { x, low, high, .. } => dots((*x, *low), (*x, *high), &mut obstacles),
                Mark::Cell { .. } | Mark::Bar { .. } => {}
            }
        }
        Self { obstacles, taken: Vec::new() }
    }

    /// A place of the given width and height beside the line from `from` to `to`: where it hides the
    /// fewest marks and no other label, as far up the line as that allows. `None` when every place
    /// would hide a label or leave the frame.
    pub fn beside(&mut self, from: (f64, f64), to: (f64, f64), (width, height): (f64, f64)) -> Option<Rectangle> {
        let (low, high) = if (from.1, from.0) <= (to.1, to.0) { (from, to) } else { (to, from) };
        let mut best: Option<(usize, Rectangle)> = None;
        for step in (0..=CANDIDATES).rev() {
            let share = f64::from(step) / f64::from(CANDIDATES);
            let (x, y) = (low.0 + share * (high.0 - low.0), low.1 + share * (high.1 - low.1));
            for (left, bottom) in corners((x, y), (width, height), (high.0 - low.0, high.1 - low.1)) {
                let place = Rectangle { left, right: left + width, bottom, top: bottom + height };
                let inside = left >= 0.0 && place.right <= 1.0 && bottom >= 0.0 && place.top <= 1.0;
                if !inside || self.taken.iter().any(|taken| taken.overlaps(&place)) {
                    continue;
                }
                let hidden = self.obstacles.iter().filter(|point| place.contains(**point)).count();
                if best.is_none_or(|(fewest, _)| hidden < fewest) {
                    best = Some((hidden, place));
                }
            }
        }
        let (_, place) = best?;
        self.taken.push(place);
        Some(place)
    }
}

/// Lower left corners of the places that touch a line at a point, on either side of it.
fn corners((x, y): (f64, f64), (width, height): (f64, f64), (dx, dy): (f64, f64)) -> [(f64, f64); 2] {
    if dy.abs() < 1e-9 {
        [(x - width / 2.0, y + height * 0.2), (x - width / 2.0, y - height * 1.2)]
    } else if dx >= 0.0 {
        // Rising: free above on the left, below on the right.
        [(x - width - height * 0.1, y), (x + height * 0.1, y - height)]
    } else {
        [(x + height * 0.1, y), (x - width - height * 0.1, y - height)]
    }
}

fn dots(from: (f64, f64), to: (f64, f64), out: &mut Vec<(f64, f64)>) {
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let count = (length / SPACING).ceil().clamp(1.0, 1000.0) as u32;
    out.extend((0..=count).map(|step| {
        let share = f64::from(step) / f64::from(count);
        (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Style;

    #[test]
    fn labels_avoid_data_and_one_another() {
        let line = Mark::Line { style: Style::series(0), points: vec![(0.5, 0.95), (1.0, 0.95)] };
        let mut placement = Placement::among(std::slice::from_ref(&line));
        let places: Vec<Rectangle> =
            (0..3).filter_map(|_| placement.beside((0.0, 0.9), (1.0, 0.9), (0.2, 0.05))).collect();
        assert_eq!(places.len(), 3);
        let data = |place: &Rectangle| (0..=50).any(|k| place.contains((0.5 + f64::from(k) / 100.0, 0.95)));
        assert!(!places.iter().any(data));
        assert!(!places[0].overlaps(&places[1]) && !places[1].overlaps(&places[2]) && !places[0].overlaps(&places[2]));
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut placement = Placement::default();
        assert_eq!(placement.beside((0.0, 0.5), (1.0, 0.5), (1.2, 0.1)), None);
        assert!(placement.beside((0.0, 0.0), (1.0, 1.0), (0.3, 0.1)).is_some());
    }
}
