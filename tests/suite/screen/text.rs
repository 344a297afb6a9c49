//! The text of a scenario: where its numbers stand, and what was measured of each.

use std::ops::Range;

/// A number in a text.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    /// Where it stands, in bytes.
    place: Range<usize>,
    value: f64,
    /// Half a unit of its last digit; nothing for a word.
    half_unit: f64,
}

/// Words that are numbers. `one` is left out: it is an article as often.
const WORDS: [(&str, f64); 43] = [
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("thirteen", 13.0),
    ("fourteen", 14.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("seventeen", 17.0),
    ("eighteen", 18.0),
    ("nineteen", 19.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
    ("ninety", 90.0),
    ("hundred", 100.0),
    ("thousand", 1000.0),
    ("dozen", 12.0),
    ("twice", 2.0),
    ("double", 2.0),
    ("doubles", 2.0),
    ("thrice", 3.0),
    ("half", 0.5),
    ("third", 1.0 / 3.0),
    ("quarter", 0.25),
    ("fifth", 0.2),
    ("sixth", 1.0 / 6.0),
    ("seventh", 1.0 / 7.0),
    ("eighth", 0.125),
    ("ninth", 1.0 / 9.0),
    ("tenth", 0.1),
    ("magnitude", 10.0),
];

/// Every number of a text, in its order. Digits that go on from a letter (`F1`) are a name.
fn numbers(text: &str) -> Vec<Number> {
    let mut found = Vec::new();
    let mut letters = text.char_indices().peekable();
    let mut before = ' ';
    while let Some(&(start, letter)) = letters.peek() {
        let rest = &text[start..];
        let is_number =
            letter.is_ascii_digit() || (letter == '.' && rest[1..].starts_with(|it: char| it.is_ascii_digit()));
        let length = if is_number && !before.is_alphanumeric() {
            let length = digits(rest);
            let negative = ['-', '−'].contains(&before);
            found.push(Number::of_digits(start, &rest[..length], negative));
            length
        } else if letter.is_alphabetic() && !before.is_alphanumeric() {
            let length = rest.find(|it: char| !it.is_alphanumeric()).unwrap_or(rest.len());
            let word = rest[..length].to_lowercase();
            if let Some((_, value)) = WORDS.iter().find(|(known, _)| *known == word) {
                found.push(Number { place: start..start + length, value: *value, half_unit: 0.0 });
            }
            length
        } else {
            letter.len_utf8()
        };
        while letters.next_if(|(at, _)| *at < start + length).is_some_and(|(_, letter)| {
            before = letter;
            true
        }) {}
    }
    found
}

/// The bytes of a number in digits: `.99`, `2e-4`, `0.0012`, not the full stop behind it.
fn digits(text: &str) -> usize {
    let plain = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let plain = text[..plain].trim_end_matches('.').len();
    let power = text[plain..].strip_prefix("e-").map_or(0, |rest| {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        if digits == 0 { 0 } else { 2 + digits }
    });
    plain + power
}

impl Number {
    fn of_digits(start: usize, digits: &str, negative: bool) -> Self {
        let (plain, power) =
            digits.split_once('e').map_or((digits, 0), |(plain, power)| (plain, power.parse().unwrap()));
        let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let unit = 10f64.powi(power - i32::try_from(decimals).unwrap());
        let value: f64 = digits.parse().unwrap();
        let value = if negative { -value } else { value };
        Self { place: start..start + digits.len(), value, half_unit: 0.5 * unit }
    }
}

/// A text under examination.
pub struct Text {
    id: &'static str,
    text: String,
    numbers: Vec<Number>,
    /// Of each number, whether something was measured of it.
    is_measured: Vec<bool>,
    failures: Vec<String>,
}

impl Text {
    pub fn of(id: &'static str, text: &str) -> Self {
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let numbers = numbers(&text);
        Self { id, is_measured: vec![false; numbers.len()], text, numbers, failures: Vec::new() }
    }

    /// The quote gives a measured value to the precision of its last digit, or to the letter where it is a word.
    pub fn says(&mut self, quote: &str, measured: f64) {
        let Some([number]) = self.quoted(quote).as_deref().and_then(|it| <[Number; 1]>::try_from(it.to_vec()).ok())
        else {
            return self.fail(quote, "is not in the text, or not once, or without exactly one number");
        };
        let slack = number.half_unit + 1e-9 * number.value.abs();
        let is_near = (measured - number.value).abs() <= slack;
        if !is_near {
            self.fail(quote, &format!("measured {measured:.6}"));
        }
    }

    /// The quote gives a measured value as people round it: within this share of it.
    pub fn roughly(&mut self, quote: &str, measured: f64, share: f64) {
        let Some([number]) = self.quoted(quote).as_deref().and_then(|it| <[Number; 1]>::try_from(it.to_vec()).ok())
        else {
            return self.fail(quote, "is not in the text, or not once, or without exactly one number");
        };
        let is_near = (measured - number.value).abs() <= share * number.value.abs();
        if !is_near {
            self.fail(quote, &format!("measured {measured:.6}"));
        }
    }

    /// The quote counts something.
    pub fn counts(&mut self, quote: &str, count: usize) {
        self.says(quote, count as f64);
    }

    /// What the quote says is so; `found` says what is.
    pub fn holds(&mut self, quote: &str, is_so: bool, found: impl std::fmt::Debug) {
        if self.quoted(quote).is_none() {
            self.fail(quote, "is not in the text, or not once");
        } else if !is_so {
            self.fail(quote, &format!("is not so: {found:?}"));
        }
    }

    /// The numbers of a quote that stands in the text once; they count as measured from now on.
    fn quoted(&mut self, quote: &str) -> Option<Vec<Number>> {
        let places: Vec<usize> = self.text.match_indices(quote).map(|(start, _)| start).collect();
        let [start] = places[..] else { return None };
        let place = start..start + quote.len();
        let mut quoted = Vec::new();
        for (number, is_measured) in self.numbers.iter().zip(&mut self.is_measured) {
            if place.start <= number.place.start && number.place.end <= place.end {
                *is_measured = true;
                quoted.push(number.clone());
            }
        }
        Some(quoted)
    }

    fn fail(&mut self, quote: &str, words: &str) {
        self.failures.push(format!("{}: “{quote}” {words}", self.id));
    }

    /// What does not hold, and what nothing was measured of.
    pub fn failures(mut self) -> Vec<String> {
        for (number, _) in self.numbers.iter().zip(&self.is_measured).filter(|(_, is_measured)| !**is_measured) {
            let sentence = sentence(&self.text, number.place.start);
            let number = &self.text[number.place.clone()];
            self.failures.push(format!("{}: nothing measures `{number}` in “{sentence}”", self.id));
        }
        self.failures
    }
}

/// The sentence around a place.
fn sentence(text: &str, place: usize) -> &str {
    let start = text[..place].rfind(". ").map_or(0, |stop| stop + 2);
    let end = text[place..].find(". ").map_or(text.len(), |stop| place + stop + 1);
    &text[start..end]
}

#[test]
fn numbers_are_found_in_digits_and_in_words() {
    let found = |text: &str| numbers(text).into_iter().map(|it| it.value).collect::<Vec<_>>();
    assert_eq!(found("Ten tasks, 61 % right. F1 0.897 at λ₀, e^-4."), [10.0, 61.0, 0.897, -4.0]);
    assert_eq!(found("a floor of 2e-4, .83 or T = 3: half."), [2e-4, 0.83, 3.0, 0.5]);
    let unit = |text: &str| numbers(text)[0].half_unit;
    assert_eq!((unit("0.0012"), unit("2e-4"), unit("61 %"), unit("ten")), (0.5e-4, 0.5e-4, 0.5, 0.0));
}

#[test]
fn a_number_that_nobody_measures_and_one_that_is_wrong_are_reported() {
    let mut text = Text::of("test", "It falls by .25. Then\n    by 3 more. About ten.");
    text.says("by .25", 0.254);
    text.says("About ten", 9.0);
    assert_eq!(
        text.failures(),
        ["test: “About ten” measured 9.000000", "test: nothing measures `3` in “Then by 3 more.”"]
    );
    let mut text = Text::of("test", "by .25 and by .25");
    text.says("by .25", 0.25);
    assert!(text.failures()[0].contains("not once"));
}
