//! CSV: where rows and fields end, and the values of fields.
//!
//! Rows are read as the `csv` crate reads them: a quote opens a field only where it starts, a quote inside is doubled, and
//! what follows a closing quote is taken as written. That crate gives the values of fields but not their places, which are
//! needed to change one field of a row and leave every other byte alone.
//!
//! In TSV, many programs write quotes as they are. There a quote opens a field only if the closing one is at the field's
//! end, and if the lines inside the field do not look like rows of their own.

mod codec;
mod header;
mod parse;
mod rows;

use std::borrow::Cow;
use std::ops::Range;

pub(crate) use codec::id_separator;
pub(super) use codec::{Csv, Tsv};
pub use header::TableHeader;
use header::is_likely;
use memchr::{memchr, memchr_iter, memchr2};
use rows::Rows;

/// Separators of fields, most likely first.
pub(super) const SEPARATORS: [u8; 4] = *b",;\t|";

/// A search for the ends of rows in bytes that may still grow.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    /// The separator; any of the [`SEPARATORS`] if it is not known yet.
    separator: Option<u8>,
    /// Offset of the row.
    start: usize,
    /// Offset up to which it was searched.
    at: usize,
    /// Whether that offset is between quotes.
    quoted: bool,
    /// The number of columns of the table; 0 where it is not known.
    columns: usize,
    /// Whether no more bytes follow.
    whole: bool,
}

impl Scan {
    /// Returns a search from the start of the bytes, where a row starts.
    pub fn new(separator: Option<u8>) -> Self {
        Scan { separator, start: 0, at: 0, quoted: false, columns: 0, whole: false }
    }

    /// Returns a search for the rows of a table.
    pub fn of(header: &TableHeader) -> Self {
        Scan { columns: header.names().len(), ..Scan::new(Some(header.separator())) }
    }

    /// Expects rows like another scan does, from here on.
    pub fn expect(&mut self, other: &Scan) {
        (self.separator, self.columns) = (other.separator, other.columns);
    }

    /// Returns the search for bytes that do not grow any more.
    pub fn whole(self) -> Self {
        Scan { whole: true, ..self }
    }

    /// Returns one past the line feed that ends the row; `None` if the bytes end before.
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
                (_, false) if found > self.start && !self.separates(bytes[found - 1]) => {}
                (_, false) if self.separator == Some(TAB) => match self.tab_quoted(bytes, found) {
                    Quoted::Yes(end) => self.at = end,
                    Quoted::No => {}
                    Quoted::Unknown => {
                        self.at = found;
                        return None;
                    }
                },
                (_, false) => self.quoted = true,
                (_, true) => match bytes.get(self.at) {
                    Some(b'"') => self.at += 1,
                    Some(_) => self.quoted = false,
                    None => {
                        // The next byte decides whether it closes.
                        self.at = found;
                        return None;
                    }
                },
            }
        }
    }

    /// Finds out whether a field between tabs is quoted that starts with the quote at `open`.
    fn tab_quoted(&self, bytes: &[u8], open: usize) -> Quoted {
        // Counting starts with the row: a line is a row of its own if it has as many tabs as the header.
        let looks_like_row = |line: &[u8]| self.columns > 1 && memchr_iter(TAB, line).count() == self.columns - 1;
        let (mut at, mut line, mut first_is_row) = (open + 1, self.start, None);
        loop {
            let Some(found) = memchr2(b'"', b'\n', &bytes[at..]).map(|found| at + found) else {
                return if self.whole { Quoted::No } else { Quoted::Unknown };
            };
            at = found + 1;
            if bytes[found] == b'\n' {
                let is_row = looks_like_row(&bytes[line..found]);
                if is_row && first_is_row == Some(true) {
                    return Quoted::No;
                }
                first_is_row = first_is_row.or(Some(is_row));
                line = at;
                continue;
            }
            match closing(&bytes[at..], self.whole) {
                Closing::Doubled => at += 1,
                Closing::No => return Quoted::No,
                Closing::Unknown => return Quoted::Unknown,
                Closing::Yes => break,
            }
        }
        if first_is_row != Some(true) {
            return Quoted::Yes(at);
        }
        match memchr(b'\n', &bytes[at..]).map(|end| at + end).or(self.whole.then_some(bytes.len())) {
            None => Quoted::Unknown,
            Some(end) if looks_like_row(&bytes[line..end]) => Quoted::No,
            Some(_) => Quoted::Yes(at),
        }
    }

    /// Takes what is there for a row, and goes on at `start`.
    pub fn restart(&mut self, start: usize) {
        (self.start, self.at, self.quoted) = (start, start, false);
    }

    /// Returns where the row starts that is being searched.
    pub fn start(&self) -> usize {
        self.start
    }

    /// Returns whether a quote is open at the end of the bytes, if nothing comes after them.
    pub fn is_open(&self, bytes: &[u8]) -> bool {
        self.quoted && !(self.at + 1 == bytes.len() && bytes[self.at] == b'"')
    }

    fn separates(&self, byte: u8) -> bool {
        self.separator.map_or(SEPARATORS.contains(&byte), |separator| separator == byte)
    }
}

/// Returns a row without its line end.
fn body(row: &str) -> &str {
    row.strip_suffix('\n').map_or(row, |row| row.strip_suffix('\r').unwrap_or(row))
}

/// Returns the ranges of a row's fields, quotes included; the row is without its line end.
fn fields(row: &str, separator: u8) -> impl Iterator<Item = Range<usize>> {
    let bytes = row.as_bytes();
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let behind = start + quoted_len(&bytes[start..], separator);
        let end = memchr(separator, &bytes[behind..]).map(|at| behind + at);
        next = end.map(|end| end + 1);
        Some(start..end.unwrap_or(bytes.len()))
    })
}

const TAB: u8 = b'\t';

/// Whether a field between tabs is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoted {
    /// It is, up to here.
    Yes(usize),
    No,
    /// It depends on bytes that follow.
    Unknown,
}

/// The effect of a quote inside a quoted field of TSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    /// It means a quote, together with the one after it.
    Doubled,
    /// It closes the field.
    Yes,
    /// It is in a place where no field is closed.
    No,
    /// It depends on bytes that follow.
    Unknown,
}

/// Finds out what a quote does, by what follows it. With `whole`, no more bytes follow those.
fn closing(behind: &[u8], whole: bool) -> Closing {
    match behind {
        [b'"', ..] => Closing::Doubled,
        [] | [b'\r'] if !whole => Closing::Unknown,
        [] | [TAB | b'\n', ..] | [b'\r', b'\n', ..] => Closing::Yes,
        _ => Closing::No,
    }
}

/// Returns how long the part in quotes is that a field starts with, if it does, quotes included.
fn quoted_len(field: &[u8], separator: u8) -> usize {
    if field.first() != Some(&b'"') {
        return 0;
    }
    let mut at = 1;
    while let Some(quote) = memchr(b'"', &field[at..]) {
        at += quote + 1;
        match closing(&field[at..], true) {
            Closing::Doubled => at += 1,
            // Where the row ends was found out before: a line break in it can only be in quotes.
            Closing::No if separator == TAB => return 0,
            _ => return at,
        }
    }
    if separator == TAB { 0 } else { field.len() }
}

/// Returns what a field says.
fn decode(field: &str, separator: u8) -> Cow<'_, str> {
    let quoted = quoted_len(field.as_bytes(), separator);
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

/// The place of the text in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextField {
    /// Byte offsets in the row: between the quotes if it is `quoted`, else of the whole field.
    pub range: Range<usize>,
    /// Whether the whole field is in quotes.
    pub quoted: bool,
}

impl TextField {
    fn of(row: &str, field: Range<usize>, separator: u8) -> Self {
        let bytes = &row.as_bytes()[field.clone()];
        let quoted = bytes.len() >= 2 && quoted_len(bytes, separator) == bytes.len() && bytes.ends_with(b"\"");
        let range = if quoted { field.start + 1..field.end - 1 } else { field };
        TextField { range, quoted }
    }
}

/// Returns, for byte offsets into the value of a quoted field, the offsets into what is written between its quotes. They
/// must ascend and lie on char boundaries.
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
