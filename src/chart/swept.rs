//! What charts of a sweep have in common: where each value lies, and what it is called.

use super::Axis;
use crate::lab::TrialView;
use crate::probe::Point;
use crate::scenario::{Segment, parse_path};

/// Paths whose words alone would not say what is counted.
const ROWS: [(&str, &str); 4] = [
    ("data.split.training", "training rows"),
    ("data.split.validation", "validation rows"),
    ("data.split.test", "test rows"),
    ("data.source.rows", "rows"),
];

/// The values of a sweep.
pub(super) struct Swept<'a> {
    path: &'a str,
    values: Vec<&'a str>,
    /// Names of the trials, in the order of the scenario.
    trials: Vec<&'a str>,
    /// Where each value lies: the number it is, or its place in the list where some value is none.
    pub(super) places: Vec<f64>,
}

impl<'a> Swept<'a> {
    pub(super) fn of<T>(path: &'a str, points: &'a [Point<T>], trials: Vec<&'a str>) -> Self {
        let values: Vec<&str> = points.iter().map(|point| &*point.value).collect();
        let mut swept = Self { path, values, trials, places: Vec::new() };
        swept.places = if swept.is_numeric() {
            points.iter().map(|point| point.x).collect()
        } else {
            (0..points.len()).map(|place| place as f64).collect()
        };
        swept
    }

    pub(super) fn is_numeric(&self) -> bool {
        self.values.iter().all(|value| value.parse::<f64>().is_ok_and(f64::is_finite))
    }

    /// Logarithmic where the values are positive and span more than a decade.
    pub(super) fn axis(&self) -> Axis {
        self.axis_from(10.0)
    }

    /// Logarithmic where the values are positive and the largest is more than so many times the least.
    pub(super) fn axis_from(&self, times: f64) -> Axis {
        if !self.is_numeric() {
            return Axis::categories(self.in_words(), self.values.iter().copied());
        }
        let (least, most) = range(&self.places);
        let label = self.in_words();
        // Steps, rows, terms: what was counted has no halves.
        let counts = self.places.iter().all(|place| place.fract() == 0.0);
        let axis = if least > 0.0 && most > times * least { Axis::logarithmic(label) } else { Axis::linear(label) };
        axis.counting(counts)
    }

    /// What is varied, as a reader calls it: `inner steps of T = 30` for `trials[3].inner.steps`.
    pub(super) fn in_words(&self) -> String {
        let segments = parse_path(self.path).unwrap_or_default();
        let (whose, path) = match &segments[..] {
            [Segment::Key(list), Segment::Index(place), path @ ..] if list == "trials" => {
                (self.trials.get(*place), path)
            }
            [Segment::Key(list), Segment::All, path @ ..] if list == "trials" => (None, path),
            path => (None, path),
        };
        if let Some((_, rows)) = ROWS.into_iter().find(|(known, _)| *known == self.path) {
            return rows.to_owned();
        }
        let word = |segment: &Segment| match segment {
            Segment::Key(key) => key.replace('_', " "),
            Segment::Index(place) => format!("[{place}]"),
            Segment::All => "[*]".to_owned(),
        };
        let words = path.iter().map(word).collect::<Vec<_>>().join(" ");
        whose.map_or_else(|| words.clone(), |name| format!("{words} of {name}"))
    }
}

/// What to draw of trials over the values of a path, and what to say of those that the value makes no difference to. Trials that
/// the value does not reach only hide those that it does: they are drawn where it reaches none.
pub(super) fn reached<C>(
    path: &str,
    mut curves: Vec<C>,
    is_flat: impl Fn(&C) -> bool,
    trial: impl Fn(&C) -> &TrialView,
) -> (Vec<C>, Option<String>) {
    let flat: Vec<&str> =
        curves.iter().filter(|curve| is_flat(curve)).map(|curve| &*trial(curve).setting.name).collect();
    // A path into one trial says itself whom it is about.
    let is_said = !flat.is_empty() && !path.starts_with("trials[");
    let note = is_said.then(|| format!("{path} makes no difference to {}", flat.join(", ")));
    if flat.len() < curves.len() {
        curves.retain(|curve| !is_flat(curve));
    }
    (curves, note)
}

/// What is not drawn of a trial: at which values, and why; values with the same reason are said together.
pub(super) fn left_out(trial: &str, reasons: &[(&str, String)]) -> Vec<String> {
    let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
    for (value, reason) in reasons {
        match said.iter_mut().find(|(other, _)| other == reason) {
            Some((_, values)) => values.push(value),
            None => said.push((reason.as_str(), vec![value])),
        }
    }
    said.iter().map(|(reason, values)| format!("{trial} at {}: {reason}", values.join(", "))).collect()
}

pub(super) fn range(places: &[f64]) -> (f64, f64) {
    places.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), x| (least.min(*x), most.max(*x)))
}
