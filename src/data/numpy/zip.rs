//! Files inside a zip archive, stored or deflated: as much of the format (PKWARE, APPNOTE 6.3) as archives of arrays have.
//!
//! Nothing is believed of an archive: every offset and length is held against the bytes that are there, and what is
//! inflated is never more than the entry says and the caller allows.

use std::io::Read;

use flate2::Crc;
use flate2::read::DeflateDecoder;

/// An entry of an archive.
pub(super) struct Entry<'a> {
    /// Its name, as the archive spells it.
    pub name: String,
    method: u16,
    is_encrypted: bool,
    checksum: u32,
    size: u64,
    packed: &'a [u8],
}

const END: &[u8] = b"PK\x05\x06";
const CENTRAL: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";

/// The end record has a comment of at most so many bytes behind it.
const LONGEST_COMMENT: usize = 65_535;

/// Whether some bytes begin as an archive does.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(LOCAL) || bytes.starts_with(END)
}

/// The entries of an archive.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, String> {
    let from = bytes.len().saturating_sub(LONGEST_COMMENT + 22);
    let end = bytes[from..].windows(4).rposition(|window| window == END).map(|at| from + at);
    let Some(end) = end else {
        return Err("has no directory at its end, as if it were cut off; expected a whole zip archive".to_owned());
    };
    let comment = number(bytes, end + 20, 2)? as usize;
    if bytes.len() - end < 22 + comment {
        return Err(cut());
    }
    let count = number(bytes, end + 10, 2)?;
    let mut at = usize::try_from(number(bytes, end + 16, 4)?).map_err(|_| cut())?;
    let mut entries = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at.saturating_add(4)) != Some(CENTRAL) {
            return Err(format!("has a directory of {count} entries that is broken at byte {at}"));
        }
        let [name, extra, comment] = [28, 30, 32].map(|offset| number(bytes, at + offset, 2));
        let (name, extra, comment) = (name? as usize, extra? as usize, comment? as usize);
        let local = number(bytes, at + 42, 4)? as usize;
        let (packed, size) = (number(bytes, at + 20, 4)?, number(bytes, at + 24, 4)?);
        let spelled = bytes.get(at + 46..at + 46 + name).ok_or_else(cut)?;
        if [packed, size, local as u64].contains(&u64::from(u32::MAX)) {
            let spelled = String::from_utf8_lossy(spelled);
            return Err(format!("holds `{spelled}`, which is larger than 4 GB; expected at most 1 GiB"));
        }
        if bytes.get(local..local.saturating_add(4)) != Some(LOCAL) {
            return Err(format!("has an entry that does not begin where its directory says, at byte {local}"));
        }
        let begin = local + 30 + number(bytes, local + 26, 2)? as usize + number(bytes, local + 28, 2)? as usize;
        entries.push(Entry {
            name: String::from_utf8_lossy(spelled).into_owned(),
            method: number(bytes, at + 10, 2)? as u16,
            is_encrypted: number(bytes, at + 8, 2)? & 1 == 1,
            checksum: number(bytes, at + 16, 4)? as u32,
            size,
            packed: bytes.get(begin..begin.saturating_add(packed as usize)).ok_or_else(cut)?,
        });
        at += 46 + name + extra + comment;
    }
    Ok(entries)
}

impl Entry<'_> {
    /// What is in it, of at most so many bytes.
    ///
    /// # Errors
    /// Why it cannot be had, in words.
    pub fn bytes(&self, most: usize) -> Result<Vec<u8>, String> {
        if self.is_encrypted {
            return Err("is encrypted".to_owned());
        }
        if self.size > most as u64 {
            return Err(format!("says that it holds {} bytes; expected at most {most}", self.size));
        }
        let mut found = Vec::new();
        match self.method {
            0 => found.extend_from_slice(self.packed),
            8 => {
                // One byte more tells what is longer than it says.
                let read = DeflateDecoder::new(self.packed).take(self.size + 1).read_to_end(&mut found);
                read.map_err(|error| format!("cannot be inflated: {error}"))?;
            }
            other => return Err(format!("is packed by method {other}; expected stored or deflated")),
        }
        if found.len() as u64 != self.size {
            let size = self.size;
            return Err(format!("does not hold the {size} bytes that the archive says"));
        }
        let mut checksum = Crc::new();
        checksum.update(&found);
        if checksum.sum() != self.checksum {
            return Err("is damaged: its checksum is another".to_owned());
        }
        Ok(found)
    }
}

/// A number of so many bytes, the least first.
fn number(bytes: &[u8], at: usize, length: usize) -> Result<u64, String> {
    let found = bytes.get(at..at.saturating_add(length)).ok_or_else(cut)?;
    Ok(found.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn cut() -> String {
    "ends before what its directory says; expected a whole zip archive".to_owned()
}
