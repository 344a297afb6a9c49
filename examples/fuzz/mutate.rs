//! Texts as they should be, made into texts as they should not: every change is a function of a seed.

/// A stream of numbers: SplitMix64 (Steele, Lea, Flood 2014), so that a finding is told by two numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64, number: u64) -> Self {
        let mut random = Self(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.next();
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below another, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    pub fn choose<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }
}

/// What stands in the place of a number.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "0.5",
    "-0.0",
    "1e-3",
    "1e-320",
    "1e308",
    "-1e308",
    "1e309",
    "NaN",
    "inf",
    "-inf",
    "1000000000",
    "4294967296",
    "1000000000000000000",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999999999999",
    "1_000",
    "0x10",
    "",
];

/// What is put into a text: what steers terminals, hides or reorders, and what means something to a parser.
const PIECES: &[&str] = &[
    "\u{1b}[31m",
    "\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "\u{0}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\r",
    "\n",
    "\t",
    "\"",
    "\\",
    "'",
    "r#\"",
    "/*",
    "*/",
    "//",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    "|",
    ":",
    "..",
    "=",
    "#",
    "日本語",
    "e\u{301}",
    "\u{10ffff}",
    "λ",
    "Some(",
    "()",
    "nan",
    "NA",
    "?",
    "1,5",
    "\"\"",
];

/// Some changes of a text, mostly few; `others` are texts that it is spliced with.
pub fn mutated(text: &[u8], others: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut text = text.to_vec();
    let changes = 1 + [0, 0, 0, 1, 1, 2, 5][random.below(7)];
    for _ in 0..changes {
        change(&mut text, others, random);
        text.truncate(1 << 16);
    }
    text
}

fn change(text: &mut Vec<u8>, others: &[Vec<u8>], random: &mut Random) {
    match random.below(12) {
        // Numbers are what loops and allocations are made of.
        0..=3 => {
            if let Some(range) = pick(&numbers(text), random) {
                text.splice(range, random.choose(NUMBERS).bytes());
            }
        }
        4 => {
            if let Some(range) = pick(&fields(text), random) {
                text.drain(range);
            }
        }
        5 => {
            if let Some(range) = pick(&fields(text), random) {
                let field = text[range.clone()].to_vec();
                text.splice(range.start..range.start, field);
            }
        }
        6 => {
            // A field of one in the place of a field of another.
            let other = random.choose(others);
            if let (Some(to), Some(from)) = (pick(&fields(text), random), pick(&fields(other), random)) {
                text.splice(to, other[from].iter().copied());
            }
        }
        7 => {
            let at = random.below(text.len());
            if let Some(byte) = text.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        8 => {
            let at = random.below(text.len());
            text.truncate(at);
        }
        9 => {
            let (at, piece) = (random.below(text.len() + 1), random.choose(PIECES));
            let times = *random.choose(&[1, 1, 1, 2, 40, 2000]);
            text.splice(at..at, piece.repeat(times).bytes());
        }
        10 => {
            // Inside of what is quoted, where it survives the parser.
            if let Some(range) = pick(&quoted(text), random) {
                text.splice(range.start..range.start, random.choose(PIECES).bytes());
            }
        }
        _ => {
            let (from, to) = (random.below(text.len() + 1), random.below(text.len() + 1));
            let range = from.min(to)..from.max(to).min(from.min(to) + 200);
            let part = text[range].to_vec();
            let at = random.below(text.len() + 1);
            text.splice(at..at, part);
        }
    }
}

type Ranges = Vec<std::ops::Range<usize>>;

fn pick(ranges: &Ranges, random: &mut Random) -> Option<std::ops::Range<usize>> {
    (!ranges.is_empty()).then(|| random.choose(ranges).clone())
}

/// Where numbers stand.
fn numbers(text: &[u8]) -> Ranges {
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_' | b'e');
    runs(text, is_part, |run| run.iter().any(u8::is_ascii_digit))
}

/// Where fields stand: what is between commas, separators, line ends and brackets.
fn fields(text: &[u8]) -> Ranges {
    runs(text, |byte| !matches!(byte, b',' | b';' | b'\n' | b'(' | b')' | b'[' | b']'), |_| true)
}

fn quoted(text: &[u8]) -> Ranges {
    let marks: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b'"').collect();
    marks.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]).collect()
}

fn runs(text: &[u8], is_part: impl Fn(&u8) -> bool, is_meant: impl Fn(&[u8]) -> bool) -> Ranges {
    let mut found = Vec::new();
    let mut start = 0;
    for end in 0..=text.len() {
        if end < text.len() && is_part(&text[end]) {
            continue;
        }
        if end > start && is_meant(&text[start..end]) {
            found.push(start..end);
        }
        start = end + 1;
    }
    found
}
