//! The first row of a table: the separator of its fields, and the names of its columns.

use super::{SEPARATORS, Scan, TextField, body, decode, fields};
use crate::read::fields::Wanted;
use crate::read::{Fields, Format, Names};

/// The header of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHeader {
    separator: u8,
    names: Vec<String>,
}

impl TableHeader {
    /// Reads a row as the header, with or without its line end. In TSV tabs separate the fields; otherwise it is the comma,
    /// semicolon, tab or bar of which there are most outside of quotes, or a comma if there are none.
    pub fn of(row: &str, format: Format) -> Self {
        let row = body(row);
        let separator = if format == Format::Tsv { b'\t' } else { separator(row) };
        let name = |field| decode(&row[field], separator).trim().to_owned();
        TableHeader { separator, names: fields(row, separator).map(name).collect() }
    }

    /// Returns the separator of the fields.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    /// Returns the names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the column of the text: the first of these names that is there.
    pub fn text_column(&self, names: &Names) -> Option<usize> {
        names.iter().find_map(|name| self.column(name))
    }

    /// Returns the place of the text in a row without its line end.
    pub fn text_field(&self, row: &str, names: &Names) -> Option<TextField> {
        let field = fields(row, self.separator).nth(self.text_column(names)?)?;
        Some(TextField::of(row, field, self.separator))
    }

    /// Returns the column of each name that is looked for.
    pub(super) fn columns(&self, wanted: &Wanted) -> Vec<Option<usize>> {
        wanted.wants.iter().map(|want| self.column(std::str::from_utf8(want.name).ok()?)).collect()
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// Returns whether the names are such as columns of a corpus have: two or more, one of them known.
    fn is_likely(&self) -> bool {
        let known = Fields::default();
        let lists = [&known.text, &known.id, &known.source, &known.date, &known.title, &known.url];
        self.names.len() > 1 && lists.iter().any(|names| self.text_column(names).is_some())
    }
}

/// Returns the separator of which there are most outside of quotes.
fn separator(row: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [0; SEPARATORS.len()];
    for byte in row.bytes() {
        match SEPARATORS.iter().position(|&separator| separator == byte) {
            Some(at) if !quoted => counts[at] += 1,
            _ => quoted ^= byte == b'"',
        }
    }
    let most = (0..SEPARATORS.len()).rev().max_by_key(|&at| counts[at]).unwrap_or_default();
    SEPARATORS[most]
}

/// Returns whether a text, which may be cut off at its end, is a table for certain: its first row has names such as columns
/// of a corpus have, and all other rows have as many fields.
pub(in crate::read) fn is_likely(text: &str) -> bool {
    let mut scan = Scan::new(None);
    let mut start = 0;
    let mut header = None;
    while let Some(end) = scan.row(text.as_bytes()) {
        let row = body(&text[start..end]);
        start = end;
        match &header {
            _ if row.is_empty() => {}
            None => {
                let found = TableHeader::of(row, Format::Csv);
                if !found.is_likely() {
                    return false;
                }
                scan = Scan::of(&found);
                scan.restart(end);
                header = Some(found);
            }
            Some(header) if fields(row, header.separator).count() != header.names.len() => return false,
            Some(_) => {}
        }
    }
    header.is_some()
}
