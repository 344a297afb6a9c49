//! A knob as a slider in cells: where its handle is, and which value a place stands for.

use super::{Kind, Knob, Scale, Value};

/// Most digits of a value that a place stands for, where fewer do not tell it from its neighbours.
const MOST_DIGITS: usize = 4;

/// The range of a slider and how distances on it read.
#[derive(Debug, Clone, Copy)]
struct Track {
    low: f64,
    high: f64,
    scale: Scale,
}

impl Track {
    /// The slider of a knob; `None` for what has none.
    fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Real { range: (low, high), scale, .. } => Some(Self { low, high, scale }),
            Kind::Automatic { range: (low, high) } => Some(Self { low, high, scale: Scale::Logarithmic }),
            Kind::Integer { range: (low, high), scale, .. } => Some(Self { low: low as f64, high: high as f64, scale }),
            Kind::Choice { .. } | Kind::Sized { .. } | Kind::Toggle { .. } => None,
        }
    }

    /// Where a logarithmic slider begins, whose range may begin at zero.
    fn floor(self) -> f64 {
        if self.low > 0.0 { self.low } else { self.high * 1e-12 }
    }

    fn position(self, x: f64) -> f64 {
        match self.scale {
            Scale::Linear => (x - self.low) / (self.high - self.low),
            Scale::Logarithmic => {
                ((x.max(self.floor()) / self.floor()).ln() / (self.high / self.floor()).ln()).clamp(0.0, 1.0)
            }
        }
    }

    fn at(self, position: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.low + position * (self.high - self.low),
            Scale::Logarithmic => self.floor() * (self.high / self.floor()).powf(position),
        }
    }
}

impl Knob {
    /// In which of so many cells the handle of its slider is; `None` for a value that has no place on one.
    #[must_use]
    pub fn handle(&self, value: Value, cells: usize) -> Option<usize> {
        let x = match value {
            Value::Real(x) => x,
            Value::Integer(x) => x as f64,
            _ => return None,
        };
        Track::of(self.kind).map(|track| cell(track.position(x), cells))
    }

    /// The roundest value whose handle is in this one of so many cells, or the nearest where there is none; the first and
    /// the last cell are the ends of the range. `None` for what has no slider.
    #[must_use]
    pub fn value_at(&self, at: usize, cells: usize) -> Option<Value> {
        let track = Track::of(self.kind)?;
        let last = cells.saturating_sub(1).max(1);
        let x = if at == 0 {
            track.low
        } else if at >= last {
            track.high
        } else {
            let exact = track.at(at as f64 / last as f64);
            let shorter = (0..MOST_DIGITS).filter_map(|decimals| format!("{exact:.decimals$e}").parse().ok());
            let is_there = |x: &f64| (track.low..=track.high).contains(x) && cell(track.position(*x), cells) == at;
            shorter.into_iter().find(is_there).unwrap_or(exact)
        };
        Some(if matches!(self.kind, Kind::Integer { .. }) { Value::Integer(x.round() as i64) } else { Value::Real(x) })
    }
}

/// The cell at a position from 0 to 1.
fn cell(position: f64, cells: usize) -> usize {
    let last = cells.saturating_sub(1);
    ((position.clamp(0.0, 1.0) * last as f64).round() as usize).min(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn knob(kind: Kind) -> Knob {
        Knob { key: "k", help: "", kind }
    }

    #[test]
    fn a_place_stands_for_a_round_value_whose_handle_is_there() {
        let real = |range, scale| knob(Kind::Real { default: 0.0, range, scale });
        let knobs = [
            real((0.0, 1.0), Scale::Linear),
            real((-20.0, 30.0), Scale::Linear),
            real((0.0, 100.0), Scale::Logarithmic),
            real((1e-8, 1e4), Scale::Logarithmic),
            knob(Kind::Automatic { range: (1e-8, 1e4) }),
            knob(Kind::Integer { default: 1, range: (1, 100_000), scale: Scale::Logarithmic }),
            knob(Kind::Integer { default: 1, range: (0, 1000), scale: Scale::Linear }),
        ];
        for knob in knobs {
            let mut before = f64::NEG_INFINITY;
            for cells in [6, 11, 27] {
                for at in 0..cells {
                    let value = knob.value_at(at, cells).unwrap();
                    assert_eq!(knob.accept(value), Ok(value), "{value} of {knob:?}");
                    let is_few = matches!(knob.kind, Kind::Integer { range: (1, _), .. }) && at < cells / 3;
                    assert!(is_few || knob.handle(value, cells) == Some(at), "{value} in {at} of {cells}: {knob:?}");
                    let x = match value {
                        Value::Real(x) => x,
                        Value::Integer(x) => x as f64,
                        other => panic!("no number: {other}"),
                    };
                    assert!(at == 0 || x >= before, "{x} after {before}");
                    before = x;
                }
            }
        }
        let damping = real((0.0, 100.0), Scale::Logarithmic);
        assert_eq!(
            (damping.value_at(0, 15), damping.value_at(14, 15)),
            (Some(Value::Real(0.0)), Some(Value::Real(100.0)))
        );
        assert_eq!(damping.value_at(13, 15), Some(Value::Real(10.0)));
        assert_eq!(real((0.0, 1.0), Scale::Linear).value_at(2, 11), Some(Value::Real(0.2)));
    }

    #[test]
    fn names_and_what_the_owner_chooses_have_no_place() {
        assert_eq!(knob(Kind::Toggle { default: true }).value_at(2, 10), None);
        assert_eq!(knob(Kind::Choice { options: &[("A", "")] }).handle(Value::Choice("A"), 10), None);
        assert_eq!(knob(Kind::Automatic { range: (1e-8, 1e4) }).handle(Value::Automatic, 10), None);
    }
}
