//! One adjustable number or choice.

use std::fmt;

/// One adjustable number or choice. The slider, the RON field, the `--set` path and the
/// documentation derive from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knob {
    /// Snake-case name: the RON field and the last part of a `--set` path.
    pub key: &'static str,
    /// What it does, in a sentence, with its unit if it has one.
    pub help: &'static str,
    /// Type, default and range.
    pub kind: Kind,
}

/// How a slider moves over a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal distances are equal differences.
    Linear,
    /// Equal distances are equal ratios; zero, where the range starts there, is its own stop.
    Logarithmic,
}

/// Type, default and range of a knob. Ranges are inclusive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A finite number.
    Real {
        /// Value when nothing is said.
        default: f64,
        /// Smallest and largest accepted value.
        range: (f64, f64),
        /// How a slider moves.
        scale: Scale,
    },
    /// A positive number, or `Auto` (the default), which lets the owner choose.
    Automatic {
        /// Smallest and largest accepted number.
        range: (f64, f64),
    },
    /// A whole number.
    Integer {
        /// Value when nothing is said.
        default: i64,
        /// Smallest and largest accepted value.
        range: (i64, i64),
        /// How a slider moves.
        scale: Scale,
    },
    /// One of a few names, in PascalCase as RON spells them. The first is the default.
    Choice {
        /// Name and one-line help of each.
        options: &'static [(&'static str, &'static str)],
    },
    /// One of a few names, some of which take a whole number: `Full`, `Rows(32)`. The first that takes none is the
    /// default.
    Sized {
        /// Name and one-line help of those that take none.
        plain: &'static [(&'static str, &'static str)],
        /// Name and one-line help of those that do.
        sized: &'static [(&'static str, &'static str)],
        /// Smallest and largest accepted number.
        range: (i64, i64),
    },
    /// On or off.
    Toggle {
        /// Value when nothing is said.
        default: bool,
    },
}

/// A value of a knob.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// The owner chooses.
    Automatic,
    /// A number.
    Real(f64),
    /// A whole number.
    Integer(i64),
    /// The chosen name.
    Choice(&'static str),
    /// The chosen name with its number.
    Sized(&'static str, i64),
    /// On or off.
    Toggle(bool),
}

impl Knob {
    /// The value when nothing is said.
    #[must_use]
    pub fn default(&self) -> Value {
        match self.kind {
            Kind::Real { default, .. } => Value::Real(default),
            Kind::Automatic { .. } => Value::Automatic,
            Kind::Integer { default, .. } => Value::Integer(default),
            Kind::Choice { options } | Kind::Sized { plain: options, .. } => Value::Choice(options[0].0),
            Kind::Toggle { default } => Value::Toggle(default),
        }
    }

    /// `value` as this knob holds it (a whole number serves where a real one is wanted), or
    /// what was expected instead.
    ///
    /// # Errors
    /// The expectation in words, when the value has another type or lies outside the range.
    pub fn accept(&self, value: Value) -> Result<Value, String> {
        let inside = |x: f64, (low, high): (f64, f64)| x.is_finite() && low <= x && x <= high;
        match (self.kind, value) {
            (Kind::Real { range, .. } | Kind::Automatic { range }, Value::Real(x)) if inside(x, range) => {
                Ok(Value::Real(x))
            }
            (Kind::Real { range, .. } | Kind::Automatic { range }, Value::Integer(x)) if inside(x as f64, range) => {
                Ok(Value::Real(x as f64))
            }
            (Kind::Automatic { .. }, Value::Automatic) => Ok(value),
            (Kind::Integer { range: (low, high), .. }, Value::Integer(x)) if low <= x && x <= high => Ok(value),
            (Kind::Choice { options } | Kind::Sized { plain: options, .. }, Value::Choice(name))
                if options.iter().any(|(option, _)| *option == name) =>
            {
                Ok(value)
            }
            (Kind::Sized { sized, range: (low, high), .. }, Value::Sized(name, number))
                if sized.iter().any(|(option, _)| *option == name) && low <= number && number <= high =>
            {
                Ok(value)
            }
            (Kind::Toggle { .. }, Value::Toggle(_)) => Ok(value),
            _ => Err(self.expected()),
        }
    }

    /// What a value of this knob must be, in words.
    #[must_use]
    pub fn expected(&self) -> String {
        match self.kind {
            Kind::Real { range, .. } => format!("a number from {} to {}", plain(range.0), plain(range.1)),
            Kind::Automatic { range } => format!("`Auto` or a number from {} to {}", plain(range.0), plain(range.1)),
            Kind::Integer { range: (low, high), .. } => format!("a whole number from {low} to {high}"),
            Kind::Choice { options } => {
                let names: Vec<_> = options.iter().map(|(name, _)| format!("`{name}`")).collect();
                format!("one of {}", names.join(", "))
            }
            Kind::Sized { plain, sized, range: (low, high) } => {
                let plain = plain.iter().map(|(name, _)| format!("`{name}`"));
                let sized = sized.iter().map(|(name, _)| format!("`{name}(…)`"));
                let names: Vec<_> = plain.chain(sized).collect();
                format!("one of {}, with a whole number from {low} to {high}", names.join(", "))
            }
            Kind::Toggle { .. } => "`true` or `false`".to_owned(),
        }
    }

    /// Reads a value as a person types it: `0.3`, `1e-3`, `auto`, `on`, `Diagonal`.
    ///
    /// # Errors
    /// What was expected, when it is something else or out of range.
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        let number = || text.parse::<f64>().map(Value::Real).map_err(|_| self.expected());
        let value = match self.kind {
            Kind::Automatic { .. } if text.eq_ignore_ascii_case("auto") => Value::Automatic,
            Kind::Real { .. } | Kind::Automatic { .. } => number()?,
            Kind::Integer { .. } => Value::Integer(text.parse().map_err(|_| self.expected())?),
            Kind::Choice { options } => {
                let found = options.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
                Value::Choice(found.ok_or_else(|| self.expected())?.0)
            }
            Kind::Sized { plain, sized, .. } => {
                let letters = text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len());
                let (name, number) = text.split_at(letters);
                let named = |options: &'static [(&'static str, &'static str)]| {
                    let found = options.iter().find(|(option, _)| option.eq_ignore_ascii_case(name));
                    found.map(|(option, _)| *option).ok_or_else(|| self.expected())
                };
                if number.is_empty() {
                    Value::Choice(named(plain)?)
                } else {
                    let number = number.trim_matches(['(', ')', ' ']).parse().map_err(|_| self.expected())?;
                    Value::Sized(named(sized)?, number)
                }
            }
            Kind::Toggle { .. } => match text.to_ascii_lowercase().as_str() {
                "true" | "on" | "yes" => Value::Toggle(true),
                "false" | "off" | "no" => Value::Toggle(false),
                _ => return Err(self.expected()),
            },
        };
        self.accept(value)
    }

    /// The value one slider stop away (`direction` is the number of stops, negative for down).
    ///
    /// Reals move by a twentieth of a linear range or a quarter of a decade; integers by one, or
    /// by a factor of about 1.25 on a logarithmic scale; choices and toggles cycle. Names without a number are the
    /// stops below the smallest number.
    #[must_use]
    pub fn nudge(&self, value: Value, direction: i32) -> Value {
        let up = direction > 0;
        match (self.kind, value) {
            (Kind::Real { range, scale: Scale::Linear, .. }, Value::Real(x)) => {
                let stop = (range.1 - range.0) / 20.0;
                let index = ((x - range.0) / stop).round() + f64::from(direction);
                Value::Real((range.0 + index * stop).clamp(range.0, range.1))
            }
            (Kind::Real { range, scale: Scale::Logarithmic, .. }, Value::Real(x)) => {
                Value::Real(nudge_logarithmic(x, range, direction))
            }
            (Kind::Automatic { range }, Value::Automatic) => {
                if up {
                    Value::Real(range.0.max(1e-3))
                } else {
                    Value::Automatic
                }
            }
            (Kind::Automatic { range }, Value::Real(x)) => {
                let next = nudge_logarithmic(x, range, direction);
                if !up && (x <= range.0.max(1e-3)) { Value::Automatic } else { Value::Real(next) }
            }
            (Kind::Integer { range, scale, .. }, Value::Integer(x)) => {
                let stop = match scale {
                    Scale::Linear => 1,
                    Scale::Logarithmic => quarter(x),
                };
                Value::Integer((x + stop * i64::from(direction)).clamp(range.0, range.1))
            }
            (Kind::Choice { options }, Value::Choice(name)) => {
                let at = options.iter().position(|(option, _)| *option == name).unwrap_or(0);
                let next = if up { at + 1 } else { at + options.len() - 1 };
                Value::Choice(options[next % options.len()].0)
            }
            (Kind::Sized { plain, .. }, Value::Sized(_, number)) if !up && number <= 1 => {
                Value::Choice(plain[plain.len() - 1].0)
            }
            (Kind::Sized { range, .. }, Value::Sized(name, number)) => {
                Value::Sized(name, (number + quarter(number) * i64::from(direction)).clamp(range.0, range.1))
            }
            (Kind::Sized { plain, sized, range }, Value::Choice(name)) => {
                let at = plain.iter().position(|(option, _)| *option == name).unwrap_or(0);
                match plain.get(if up { at + 1 } else { at.saturating_sub(1) }) {
                    Some((option, _)) => Value::Choice(option),
                    None => Value::Sized(sized[0].0, range.0),
                }
            }
            (_, Value::Toggle(on)) => Value::Toggle(!on),
            _ => value,
        }
    }
}

/// About a quarter of a whole number, at least one.
fn quarter(x: i64) -> i64 {
    ((x.abs() as f64 * 0.25).round() as i64).max(1)
}

/// A bound as a person writes it: `1e-8` rather than `0.00000001`.
fn plain(x: f64) -> String {
    if x != 0.0 && !(1e-3..1e5).contains(&x.abs()) { format!("{x:e}") } else { x.to_string() }
}

/// A quarter of a decade up or down; zero is the stop below the smallest decade.
fn nudge_logarithmic(x: f64, (low, high): (f64, f64), direction: i32) -> f64 {
    let smallest = if low > 0.0 { low } else { high * 1e-12 };
    if x < smallest {
        return if direction > 0 { smallest } else { low };
    }
    let quarter = ((x.log10() * 4.0).round() + f64::from(direction)) / 4.0;
    let next = 10f64.powf(quarter);
    if next < smallest * 0.99 { low } else { next.clamp(low, high) }
}

impl Kind {
    /// Names that may be chosen, each with its one-line help; empty for numbers and toggles.
    pub fn options(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        let (plain, sized) = match *self {
            Self::Choice { options } => (options, &[][..]),
            Self::Sized { plain, sized, .. } => (plain, sized),
            _ => (&[][..], &[][..]),
        };
        plain.iter().chain(sized).copied()
    }
}

impl Value {
    /// The value in full, so that [`Knob::parse`] gives it back bit for bit.
    #[must_use]
    pub fn to_text(self) -> String {
        match self {
            Self::Real(x) => format!("{x:?}"),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Automatic => f.write_str("auto"),
            Self::Real(x) if *x != 0.0 && !(1e-3..1e5).contains(&x.abs()) => write!(f, "{x:.3e}"),
            Self::Real(x) => {
                let text = format!("{x:.4}");
                f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
            }
            Self::Integer(x) => write!(f, "{x}"),
            Self::Choice(name) => f.write_str(name),
            Self::Sized(name, number) => write!(f, "{name}({number})"),
            Self::Toggle(on) => f.write_str(if *on { "on" } else { "off" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: Knob = Knob {
        key: "damping",
        help: "",
        kind: Kind::Real { default: 0.0, range: (0.0, 100.0), scale: Scale::Logarithmic },
    };
    const AUTO: Knob = Knob { key: "step", help: "", kind: Kind::Automatic { range: (1e-8, 1e4) } };
    const CHOICE: Knob =
        Knob { key: "map", help: "", kind: Kind::Choice { options: &[("Diagonal", ""), ("Full", "")] } };

    const SIZED: Knob = Knob {
        key: "batch",
        help: "",
        kind: Kind::Sized { plain: &[("Full", "")], sized: &[("Rows", ""), ("Epoch", "")], range: (1, 1000) },
    };

    #[test]
    fn a_name_with_a_number_is_typed_and_turned() {
        for text in ["Epoch(32)", "epoch 32", " epoch(32) "] {
            assert_eq!(SIZED.parse(text), Ok(Value::Sized("Epoch", 32)), "{text}");
        }
        let expected = "one of `Full`, `Rows(…)`, `Epoch(…)`, with a whole number from 1 to 1000".to_owned();
        for text in ["", "Rows", "Full(3)", "Rows(0)", "Rows(1001)", "Rows(2.5)", "32"] {
            assert_eq!(SIZED.parse(text), Err(expected.clone()), "{text}");
        }
        let up = SIZED.nudge(Value::Choice("Full"), 1);
        assert_eq!(up, Value::Sized("Rows", 1));
        assert_eq!(SIZED.nudge(Value::Sized("Epoch", 32), 1), Value::Sized("Epoch", 40));
        assert_eq!(SIZED.nudge(up, -1), Value::Choice("Full"));
        assert_eq!(SIZED.nudge(Value::Choice("Full"), -1), Value::Choice("Full"));
    }

    #[test]
    fn what_is_said_reads_back() {
        for (knob, value) in [
            (REAL, Value::Real(0.1 + 0.2)),
            (AUTO, Value::Automatic),
            (AUTO, Value::Real(1.0 / 3.0)),
            (CHOICE, Value::Choice("Full")),
            (SIZED, Value::Choice("Full")),
            (SIZED, Value::Sized("Rows", 7)),
        ] {
            assert_eq!(knob.parse(&value.to_text()), Ok(value));
        }
    }

    #[test]
    fn out_of_range_and_wrong_types_are_refused_with_what_was_expected() {
        assert_eq!(REAL.parse("101"), Err("a number from 0 to 100".to_owned()));
        assert_eq!(REAL.parse("NaN"), Err("a number from 0 to 100".to_owned()));
        assert_eq!(CHOICE.parse("none"), Err("one of `Diagonal`, `Full`".to_owned()));
        assert!(AUTO.accept(Value::Toggle(true)).is_err());
    }

    #[test]
    fn a_slider_on_a_logarithmic_scale_reaches_zero_and_comes_back() {
        let mut value = Value::Real(1.0);
        for _ in 0..200 {
            value = REAL.nudge(value, -1);
        }
        assert_eq!(value, Value::Real(0.0));
        assert!(matches!(REAL.nudge(value, 1), Value::Real(x) if x > 0.0));
        assert_eq!(REAL.nudge(Value::Real(100.0), 1), Value::Real(100.0));
        let up = REAL.nudge(Value::Real(1.0), 1);
        assert_eq!(REAL.nudge(up, -1), Value::Real(1.0));
    }

    #[test]
    fn choices_and_toggles_cycle() {
        assert_eq!(CHOICE.nudge(Value::Choice("Full"), 1), Value::Choice("Diagonal"));
        assert_eq!(CHOICE.nudge(Value::Choice("Diagonal"), -1), Value::Choice("Full"));
    }
}
