//! One array of NumPy: its header, then its numbers (NumPy Enhancement Proposal 1, format versions 1 to 3).

use super::super::bounds::MOST_NUMBERS;

/// An array of numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    /// Length of each dimension.
    pub shape: Vec<usize>,
    /// Row-major: the last dimension runs fastest.
    pub values: Vec<f64>,
}

const MAGIC: &[u8] = b"\x93NUMPY";

/// Whether some bytes begin as an array does.
pub(super) fn is_array(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Reads an array of at most two dimensions.
///
/// # Errors
/// What is wrong with it, in words that go on from its name.
pub(super) fn read(bytes: &[u8]) -> Result<Array, String> {
    if !is_array(bytes) {
        return Err("does not begin as an array of NumPy does".to_owned());
    }
    let Some([major, _]) = bytes.get(6..8) else { return Err(cut()) };
    // The length of the header has two bytes in the first version, and four since.
    let width = match major {
        1 => 2,
        2 | 3 => 4,
        other => return Err(format!("is written in version {other} of the format; expected 1, 2 or 3")),
    };
    let length = bytes.get(8..8 + width).ok_or_else(cut)?;
    let length = length.iter().rev().fold(0usize, |length, byte| length << 8 | usize::from(*byte));
    let begin = 8 + width;
    let header = bytes.get(begin..begin.saturating_add(length)).ok_or_else(|| {
        format!("says that its header has {length} bytes, of which {} are there", bytes.len() - begin)
    })?;
    let header = Header::of(&String::from_utf8_lossy(header))?;
    header.array(&bytes[begin + length..])
}

fn cut() -> String {
    "ends within its header".to_owned()
}

/// What the header says.
struct Header {
    kind: Kind,
    is_big_endian: bool,
    is_fortran: bool,
    shape: Vec<usize>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Signed(usize),
    Unsigned(usize),
    Float(usize),
}

impl Header {
    fn of(text: &str) -> Result<Self, String> {
        let descr = value(text, "descr")?;
        if !descr.starts_with(['\'', '"']) {
            return Err("holds records of several fields; expected numbers".to_owned());
        }
        let descr = descr[1..].split(['\'', '"']).next().unwrap_or("");
        let is_fortran = match value(text, "fortran_order")? {
            order if order.starts_with("True") => true,
            order if order.starts_with("False") => false,
            _ => return Err("does not say in which order its entries are".to_owned()),
        };
        let shape = value(text, "shape")?;
        let lengths = shape.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside);
        let lengths = lengths.ok_or_else(|| "does not say which shape it has".to_owned())?;
        let lengths = lengths.split(',').map(str::trim).filter(|length| !length.is_empty());
        let shape: Result<Vec<usize>, _> = lengths.map(|length| length.trim_end_matches('L').parse()).collect();
        let shape = shape.map_err(|_| "has a shape that holds no whole numbers".to_owned())?;
        if !(1..=2).contains(&shape.len()) {
            return Err(format!("has {} dimensions; expected 1 or 2", shape.len()));
        }
        let (kind, is_big_endian) = kind(descr)?;
        Ok(Self { kind, is_big_endian, is_fortran, shape })
    }

    fn array(self, data: &[u8]) -> Result<Array, String> {
        let shape = self.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" x ");
        let count = self.shape.iter().try_fold(1usize, |count, length| count.checked_mul(*length));
        let count = count.filter(|count| *count <= MOST_NUMBERS).ok_or_else(|| {
            format!("is {shape}, which is too much; expected at most {MOST_NUMBERS} numbers (800 MB)")
        })?;
        let size = self.kind.size();
        if data.len() != count * size {
            let (needed, found) = (count * size, data.len());
            return Err(format!(
                "is {shape} of {size} bytes each, which are {needed}; found {found} behind its header"
            ));
        }
        let mut values = Vec::with_capacity(count);
        let mut entry = [0; 8];
        for bytes in data.chunks_exact(size) {
            entry[..size].copy_from_slice(bytes);
            if self.is_big_endian {
                entry[..size].reverse();
            }
            values.push(self.kind.number(entry));
        }
        if let ([rows, columns], true) = (&self.shape[..], self.is_fortran) {
            values = (0..count).map(|place| values[place % columns * rows + place / columns]).collect();
        }
        Ok(Array { shape: self.shape, values })
    }
}

/// What follows a key of the header, which is spelled as a dictionary of Python.
fn value<'a>(header: &'a str, key: &str) -> Result<&'a str, String> {
    let quoted = ["'", "\""].into_iter().find_map(|quote| header.split_once(&format!("{quote}{key}{quote}:")));
    quoted.map(|(_, rest)| rest.trim_start()).ok_or_else(|| format!("has a header without `{key}`"))
}

/// What a type such as `<f8` is, and whether the most significant byte comes first.
fn kind(descr: &str) -> Result<(Kind, bool), String> {
    let is_big_endian = descr.starts_with('>');
    let name = descr.trim_start_matches(['<', '>', '|', '=']);
    let (letter, size) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
    let kind = match (letter, size) {
        ("?" | "b", "" | "1") if letter == "?" || size == "1" => Kind::Bool,
        ("i", "1" | "2" | "4" | "8") => Kind::Signed(size.parse().unwrap_or(8)),
        ("u", "1" | "2" | "4" | "8") => Kind::Unsigned(size.parse().unwrap_or(8)),
        ("f", "2" | "4" | "8") => Kind::Float(size.parse().unwrap_or(8)),
        ("O", _) => {
            return Err(
                "holds pickled objects, which are not read; expected numbers: `astype(float)` before it is saved"
                    .to_owned(),
            );
        }
        ("U" | "S" | "a", _) => {
            return Err(
                "holds texts; expected numbers: classes can be numbered by `np.unique(y, return_inverse=True)`"
                    .to_owned(),
            );
        }
        _ => {
            let found = super::super::display_text(descr);
            return Err(format!(
                "holds entries of type `{found}`; expected one of f2, f4, f8, i1 to i8, u1 to u8 and bool"
            ));
        }
    };
    Ok((kind, is_big_endian))
}

impl Kind {
    /// Bytes of an entry.
    fn size(self) -> usize {
        match self {
            Self::Bool => 1,
            Self::Signed(size) | Self::Unsigned(size) | Self::Float(size) => size,
        }
    }

    /// An entry whose bytes stand the least significant first, with zeros behind.
    fn number(self, entry: [u8; 8]) -> f64 {
        let whole = u64::from_le_bytes(entry);
        match self {
            Self::Bool => f64::from(u8::from(whole != 0)),
            Self::Unsigned(_) => whole as f64,
            Self::Signed(size) => {
                let unused = 64 - 8 * size as u32;
                ((whole << unused) as i64 >> unused) as f64
            }
            Self::Float(8) => f64::from_bits(whole),
            Self::Float(4) => f64::from(f32::from_bits(whole as u32)),
            Self::Float(_) => half(whole as u16),
        }
    }
}

/// A number of half precision (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An array as NumPy 1.26 writes it: `np.lib.format.write_array`, version 1.0.
    fn written(descr: &str, is_fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
        let order = if is_fortran { "True" } else { "False" };
        let mut header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
        while (10 + header.len() + 1) % 64 != 0 {
            header.push(' ');
        }
        header.push('\n');
        let length = u16::try_from(header.len()).unwrap().to_le_bytes();
        [MAGIC, &[1, 0], &length, header.as_bytes(), data].concat()
    }

    #[test]
    fn every_type_is_read_in_either_order_of_bytes() {
        // Each is -2.5 or -2 or 1, spelled by hand.
        for (descr, data, expected) in [
            ("<f8", &[0, 0, 0, 0, 0, 0, 4, 0xc0][..], -2.5),
            (">f8", &[0xc0, 4, 0, 0, 0, 0, 0, 0], -2.5),
            ("<f4", &[0, 0, 0x20, 0xc0], -2.5),
            (">f4", &[0xc0, 0x20, 0, 0], -2.5),
            ("<f2", &[0, 0xc1], -2.5),
            ("<f2", &[1, 0], 2f64.powi(-24)),
            ("|i1", &[0xfe], -2.0),
            ("<i2", &[0xfe, 0xff], -2.0),
            (">i4", &[0xff, 0xff, 0xff, 0xfe], -2.0),
            ("<i8", &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -2.0),
            ("|u1", &[0xfe], 254.0),
            (">u2", &[1, 0], 256.0),
            ("<u4", &[0, 0, 0, 0x80], 2_147_483_648.0),
            ("<u8", &[0, 0, 0, 0, 0, 0, 0, 0x80], 2f64.powi(63)),
            ("|b1", &[1], 1.0),
        ] {
            let array = read(&written(descr, false, "(1,)", data)).unwrap();
            assert_eq!(array, Array { shape: vec![1], values: vec![expected] }, "{descr}");
        }
    }

    #[test]
    fn either_order_of_entries_gives_the_same_rows() {
        // [[1, 2, 3], [4, 5, 6]]
        let array = Array { shape: vec![2, 3], values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0] };
        assert_eq!(read(&written("|u1", false, "(2, 3)", &[1, 2, 3, 4, 5, 6])).unwrap(), array);
        assert_eq!(read(&written("|u1", true, "(2, 3)", &[1, 4, 2, 5, 3, 6])).unwrap(), array);
    }

    #[test]
    fn what_is_no_array_of_numbers_says_why() {
        let huge = "(4000000000, 4000000000)";
        let mut long_header = written("|u1", false, "(1,)", &[1]);
        long_header[6] = 2;
        let mut version = written("|u1", false, "(1,)", &[1]);
        version[6] = 9;
        for (bytes, reason) in [
            (b"PK\x03\x04".to_vec(), "does not begin as an array of NumPy does"),
            (MAGIC.to_vec(), "ends within its header"),
            (version, "is written in version 9 of the format; expected 1, 2 or 3"),
            (written("|O", false, "(1,)", &[1]), "holds pickled objects, which are not read"),
            (written("<U4", false, "(1,)", &[1]), "holds texts; expected numbers"),
            (written("<c16", false, "(1,)", &[0; 16]), "holds entries of type `<c16`"),
            (written("<f8", false, huge, &[]), "is 4000000000 x 4000000000, which is too much"),
            (written("<f8", false, "(2, 2, 2)", &[0; 64]), "has 3 dimensions; expected 1 or 2"),
            (written("<f8", false, "()", &[0; 8]), "has 0 dimensions; expected 1 or 2"),
            (written("<f8", false, "(3,)", &[0; 20]), "is 3 of 8 bytes each, which are 24; found 20 behind its header"),
        ] {
            let error = read(&bytes).unwrap_err();
            assert!(error.starts_with(reason), "{error}");
        }
        // Four bytes for the length of the header take in what followed the first two.
        assert!(read(&long_header).unwrap_err().starts_with("says that its header has "));
        let records = b"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }";
        let records = [MAGIC, &[1, 0], &(records.len() as u16).to_le_bytes(), records, &[0; 8]].concat();
        assert_eq!(read(&records).unwrap_err(), "holds records of several fields; expected numbers");
    }
}
