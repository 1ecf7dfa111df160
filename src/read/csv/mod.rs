//! CSV: where rows end, where their fields stand, and what those say.
//!
//! Rows are read as the `csv` crate reads them: a quote opens a field only where it starts, a quote inside is doubled,
//! and what follows a closing quote is taken as it stands. That crate gives the values of fields but not their places,
//! which are needed to change one field of a row and leave every other byte alone.

mod header;
mod parse;
mod rows;

use std::borrow::Cow;
use std::ops::Range;

pub use header::TableHeader;
pub(super) use header::is_likely;
use memchr::{memchr, memchr2};
pub(super) use parse::parse;
pub(super) use rows::Rows;

/// What may stand between fields, most likely first.
pub(super) const SEPARATORS: [u8; 4] = *b",;\t|";

/// A search for the ends of rows in bytes that may still grow.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    /// What stands between fields; any of the [`SEPARATORS`] where it is not known yet.
    separator: Option<u8>,
    /// Where the row starts.
    start: usize,
    /// How far it was searched.
    at: usize,
    /// Whether that is between quotes.
    quoted: bool,
}

impl Scan {
    /// From the start of the bytes, which is that of a row.
    pub fn new(separator: Option<u8>) -> Self {
        Scan { separator, start: 0, at: 0, quoted: false }
    }

    /// One past the line feed that ends the row; `None` if the bytes end before.
    pub fn row(&mut self, bytes: &[u8]) -> Option<usize> {
        loop {
            let rest = bytes.get(self.at..)?;
            let found = if self.quoted { memchr(b'"', rest) } else { memchr2(b'"', b'\n', rest) };
            let Some(found) = found.map(|found| self.at + found) else {
                self.at = bytes.len();
                return None;
            };
            self.at = found + 1;
            match (bytes[found], self.quoted) {
                (b'\n', _) => {
                    self.restart(self.at);
                    return Some(self.at);
                }
                (_, false) => self.quoted = found == self.start || self.separates(bytes[found - 1]),
                (_, true) => match bytes.get(self.at) {
                    Some(b'"') => self.at += 1,
                    Some(_) => self.quoted = false,
                    None => {
                        // The next byte tells whether it closes.
                        self.at = found;
                        return None;
                    }
                },
            }
        }
    }

    /// Takes what is there for a row, and goes on at `start`.
    pub fn restart(&mut self, start: usize) {
        (self.start, self.at, self.quoted) = (start, start, false);
    }

    /// Where the row starts that is being searched.
    pub fn start(&self) -> usize {
        self.start
    }

    /// Whether a quote is open at the end of the bytes, if nothing comes after them.
    pub fn is_open(&self, bytes: &[u8]) -> bool {
        self.quoted && !(self.at + 1 == bytes.len() && bytes[self.at] == b'"')
    }

    fn separates(&self, byte: u8) -> bool {
        self.separator.map_or(SEPARATORS.contains(&byte), |separator| separator == byte)
    }
}

/// Takes the next row off, with its line end.
fn next_row<'t>(rest: &mut &'t str, separator: Option<u8>) -> &'t str {
    let end = Scan::new(separator).row(rest.as_bytes()).unwrap_or(rest.len());
    let (row, after) = rest.split_at(end);
    *rest = after;
    row
}

/// A row without its line end.
fn body(row: &str) -> &str {
    row.strip_suffix('\n').map_or(row, |row| row.strip_suffix('\r').unwrap_or(row))
}

/// Where the fields of a row stand, quotes included; the row is without its line end.
fn fields(row: &str, separator: u8) -> impl Iterator<Item = Range<usize>> {
    let bytes = row.as_bytes();
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let behind = start + quoted_len(&bytes[start..]);
        let end = memchr(separator, &bytes[behind..]).map(|at| behind + at);
        next = end.map(|end| end + 1);
        Some(start..end.unwrap_or(bytes.len()))
    })
}

/// How long the part in quotes is that a field starts with, if it does, quotes included.
fn quoted_len(field: &[u8]) -> usize {
    if field.first() != Some(&b'"') {
        return 0;
    }
    let mut at = 1;
    while let Some(quote) = memchr(b'"', &field[at..]) {
        at += quote + 1;
        if field.get(at) != Some(&b'"') {
            return at;
        }
        at += 1;
    }
    field.len()
}

/// What a field says.
fn decode(field: &str) -> Cow<'_, str> {
    let quoted = quoted_len(field.as_bytes());
    if quoted == 0 {
        return field.into();
    }
    let (inside, behind) = (&field[1..quoted], &field[quoted..]);
    let inside = inside.strip_suffix('"').unwrap_or(inside);
    match (inside.contains('"'), behind.is_empty()) {
        (false, true) => inside.into(),
        _ => (inside.replace("\"\"", "\"") + behind).into(),
    }
}

/// Where in a row the text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextField {
    /// Byte offsets in the row: between the quotes if it is `quoted`, else of the whole field.
    pub range: Range<usize>,
    /// Whether the field stands in quotes, as a whole.
    pub quoted: bool,
}

impl TextField {
    fn of(row: &str, field: Range<usize>) -> Self {
        let bytes = &row.as_bytes()[field.clone()];
        let quoted = bytes.len() >= 2 && quoted_len(bytes) == bytes.len() && bytes.ends_with(b"\"");
        let range = if quoted { field.start + 1..field.end - 1 } else { field };
        TextField { range, quoted }
    }
}

/// For byte offsets into what a quoted field says, where they stand in what is between its quotes. They must ascend and
/// lie on char boundaries.
pub fn quoted_offsets(inside: &str, text_offsets: &[usize]) -> Vec<usize> {
    let bytes = inside.as_bytes();
    let (mut raw, mut text) = (0, 0);
    let mut quote = memchr(b'"', bytes).unwrap_or(bytes.len());
    let offset = |&offset: &usize| {
        while text < offset && raw < bytes.len() {
            if raw < quote {
                let step = (quote - raw).min(offset - text);
                raw += step;
                text += step;
                continue;
            }
            raw = (raw + 2).min(bytes.len());
            text += 1;
            quote = memchr(b'"', &bytes[raw..]).map_or(bytes.len(), |next| raw + next);
        }
        raw
    };
    text_offsets.iter().map(offset).collect()
}

#[cfg(test)]
mod tests;
