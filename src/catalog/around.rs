//! Values around the present one, to measure at.

use super::{Kind, Knob, Value};

/// Decades below and above.
const DECADES: [i32; 5] = [-2, -1, 0, 1, 2];

/// Stops below and above, on a linear scale.
const STOPS: [i32; 5] = [-4, -2, 0, 2, 4];

impl Knob {
    /// A few values around the present one, in order, which is among them where it is a number: 1, 2, 5, 10, … within a
    /// decade for whole numbers, decades or every other stop of the slider for real ones, every name of a choice.
    #[must_use]
    pub fn around(&self, value: Value) -> Vec<Value> {
        match (self.kind, value) {
            (Kind::Choice { options }, _) => options.iter().map(|(name, _)| Value::Choice(name)).collect(),
            (Kind::Toggle { .. }, _) => vec![Value::Toggle(false), Value::Toggle(true)],
            (Kind::Integer { range, .. }, Value::Integer(count)) => {
                counts(count).filter(|count| (range.0..=range.1).contains(count)).map(Value::Integer).collect()
            }
            (Kind::Sized { plain, sized, range }, _) => {
                let (name, count) = match value {
                    Value::Sized(name, count) => (name, count),
                    _ => (sized[0].0, 10),
                };
                let inside = counts(count).filter(|count| (range.0..=range.1).contains(count));
                let sized = inside.map(|count| Value::Sized(name, count));
                sized.chain([Value::Choice(plain[0].0)]).collect()
            }
            (Kind::Automatic { .. }, Value::Automatic) => {
                let decades = [1e-3, 1e-2, 1e-1, 1.0].map(Value::Real).into_iter();
                std::iter::once(Value::Automatic).chain(decades.filter(|x| self.accept(*x).is_ok())).collect()
            }
            (Kind::Real { scale: super::Scale::Linear, .. }, Value::Real(_)) => {
                let mut stops: Vec<Value> =
                    STOPS.iter().map(|stop| if *stop == 0 { value } else { self.nudge(value, *stop) }).collect();
                stops.dedup();
                stops
            }
            (Kind::Real { .. } | Kind::Automatic { .. }, Value::Real(x)) => {
                let decades = decades(x).into_iter().map(Value::Real);
                decades.filter(|x| self.accept(*x).is_ok()).collect()
            }
            _ => vec![value],
        }
    }
}

/// The largest whole number of a ladder.
const MOST: i64 = 1000;

impl Knob {
    /// The values to measure at when the whole range is asked about: 1, 2, 5, … up to 1000 for whole numbers, what is
    /// [`around`](Self::around) the present value for the others; the present one among them.
    #[must_use]
    pub fn ladder(&self, value: Value) -> Vec<Value> {
        let (Kind::Integer { range, .. }, Value::Integer(count)) = (self.kind, value) else {
            return self.around(value);
        };
        let steps = (0..3u32).flat_map(|decade| [1, 2, 5].map(|first| 10i64.pow(decade) * first)).chain([MOST, count]);
        let mut steps: Vec<i64> = steps.filter(|step| (range.0..=range.1).contains(step)).collect();
        steps.sort_unstable();
        steps.dedup();
        steps.into_iter().map(Value::Integer).collect()
    }
}

/// 1, 2, 5, 10, … from a tenth of a count to ten times as much, and the count itself.
pub fn counts(count: i64) -> impl Iterator<Item = i64> {
    let most = count.saturating_mul(10).max(10);
    let series = (0..19u32).flat_map(|decade| [1, 2, 5].map(|first| 10i64.pow(decade).saturating_mul(first)));
    let inside = series.take_while(move |x| *x <= most).filter(move |x| x.saturating_mul(10) >= count);
    let mut counts: Vec<i64> = inside.chain([count]).collect();
    counts.sort_unstable();
    counts.dedup();
    counts.into_iter()
}

/// Decades around a number; around zero itself, and those that matter beside it.
pub fn decades(x: f64) -> Vec<f64> {
    if x == 0.0 {
        return vec![0.0, 1e-3, 1e-2, 1e-1, 1.0];
    }
    // Divided rather than multiplied by a tenth, so that decades of 1 are what a person writes.
    let at = |decade: &i32| if *decade < 0 { x / 10f64.powi(-decade) } else { x * 10f64.powi(*decade) };
    let mut decades: Vec<f64> = DECADES.iter().map(at).collect();
    decades.sort_by(f64::total_cmp);
    decades
}

#[cfg(test)]
mod tests {
    use super::super::Scale;
    use super::*;

    #[test]
    fn whole_numbers_go_by_one_two_five_and_stay_in_range() {
        let steps = Knob {
            key: "steps",
            help: "",
            kind: Kind::Integer { default: 1, range: (1, 100), scale: Scale::Logarithmic },
        };
        let around = |count| steps.around(Value::Integer(count));
        assert_eq!(around(10), [1, 2, 5, 10, 20, 50, 100].map(Value::Integer));
        assert_eq!(around(3), [1, 2, 3, 5, 10, 20].map(Value::Integer));
        assert_eq!(around(80), [10, 20, 50, 80, 100].map(Value::Integer));
    }

    #[test]
    fn a_ladder_spans_the_range_and_holds_the_present_value() {
        let kind = Kind::Integer { default: 1, range: (1, 60), scale: Scale::Logarithmic };
        let ladder = Knob { key: "last", help: "", kind }.ladder(Value::Integer(7));
        assert_eq!(ladder, [1, 2, 5, 7, 10, 20, 50].map(Value::Integer));
        let wide = Kind::Integer { default: 1, range: (0, 100_000), scale: Scale::Logarithmic };
        let ladder = Knob { key: "last", help: "", kind: wide }.ladder(Value::Integer(5));
        assert_eq!(ladder, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map(Value::Integer));
    }

    #[test]
    fn real_numbers_go_by_decades_or_stops() {
        let kind = |scale, range| Kind::Real { default: 0.0, range, scale };
        let damping = Knob { key: "damping", help: "", kind: kind(Scale::Logarithmic, (0.0, 10.0)) };
        assert_eq!(damping.around(Value::Real(1.0)), [0.01, 0.1, 1.0, 10.0].map(Value::Real));
        assert_eq!(damping.around(Value::Real(0.0)), [0.0, 1e-3, 1e-2, 1e-1, 1.0].map(Value::Real));
        let decay = Knob { key: "decay", help: "", kind: kind(Scale::Linear, (0.0, 1.0)) };
        let around = decay.around(Value::Real(0.5));
        assert!(around.len() == 5 && around.contains(&Value::Real(0.5)), "{around:?}");
    }

    #[test]
    fn every_proposed_value_is_one_that_the_knob_takes() {
        let sized = Kind::Sized { plain: &[("Full", "")], sized: &[("Rows", "")], range: (1, 30) };
        for (kind, value) in [
            (sized, Value::Choice("Full")),
            (sized, Value::Sized("Rows", 8)),
            (Kind::Automatic { range: (1e-2, 1e4) }, Value::Automatic),
            (Kind::Automatic { range: (1e-2, 1e4) }, Value::Real(0.3)),
            (Kind::Toggle { default: true }, Value::Toggle(true)),
            (Kind::Choice { options: &[("A", ""), ("B", "")] }, Value::Choice("B")),
        ] {
            let knob = Knob { key: "k", help: "", kind };
            let around = knob.around(value);
            assert!(around.len() > 1, "{around:?}");
            assert!(around.iter().all(|value| knob.parse(&value.to_text()) == Ok(*value)), "{around:?}");
        }
    }
}
