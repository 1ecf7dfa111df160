//! Values of a record -> the document.

use std::borrow::Cow;
use std::ops::Range;

use super::Input;
use super::feed::host;
use super::fields::{Fields, Wanted};
use crate::Document;
use crate::nearest::did_you_mean;
use crate::read::{Given, Place, Provenance};

/// Makes documents of the values that a table's row has for the names looked for.
pub(super) struct Maker<'m> {
    pub input: &'m Input,
    pub wanted: &'m Wanted<'m>,
}

impl Maker<'_> {
    /// Returns what the first of a field's slots has that has something.
    pub fn first_slot<T>(&self, slots: &Range<usize>, of: impl Fn(usize) -> Option<T>) -> Option<T> {
        slots.clone().find_map(of)
    }

    /// Returns the document of a row in a line, or the row, of that `number` from 1. A value that is empty says nothing,
    /// and leaves it to the next name.
    pub fn document<'v>(
        &self,
        place: Place,
        number: u64,
        text: Cow<str>,
        value: impl Fn(usize) -> Option<Cow<'v, str>>,
    ) -> Document {
        let unnamed = || format!("{}:{number}", self.input.name).into();
        document(self.wanted, place, number, text, value, unnamed)
    }
}

/// Returns the document of a row. `unnamed` gives the id of one that has none.
fn document<'v>(
    wanted: &Wanted,
    place: Place,
    number: u64,
    text: Cow<str>,
    value: impl Fn(usize) -> Option<Cow<'v, str>>,
    unnamed: impl FnOnce() -> Box<str>,
) -> Document {
    let value = |slots: &Range<usize>| -> Option<Box<str>> {
        let found = slots.clone().find_map(|slot| value(slot).filter(|value| !value.is_empty()))?;
        Some(found.into())
    };
    let (id, source, title) = (value(&wanted.id), value(&wanted.source), value(&wanted.title));
    let (date, url, rank) = (value(&wanted.date), value(&wanted.url), value(&wanted.rank));
    let given = Given {
        id: id.is_some(),
        source: source.is_some(),
        title: title.is_some(),
        date: date.is_some(),
        url: url.is_some(),
        rank: rank.is_some(),
    };
    Document {
        id: id.unwrap_or_else(unnamed),
        source: source.or_else(|| host(url.as_deref()?).map(Into::into)),
        title,
        date,
        rank,
        url,
        text: text.into(),
        provenance: Provenance { line: number, given: Some(given), ..place.into() },
    }
}

/// Makes documents of the rows of a table in memory, as they are made of the rows of a file.
///
/// ```
/// use flong::read::{Fields, Rows};
/// let fields = Fields::default();
/// let rows = Rows::new(&fields);
/// let columns = [("text", "Nobody was hurt."), ("url", "https://daily.example/1")];
/// let names: Vec<&str> = rows.names().collect();
/// let value = |slot: usize| columns.iter().find(|(name, _)| *name == names[slot]).map(|(_, value)| (*value).into());
/// let document = rows.document(0, columns[0].1, value);
/// assert_eq!((&*document.id, document.source.as_deref()), ("0", Some("daily.example")));
/// ```
pub struct Rows<'f>(Wanted<'f>);

impl<'f> Rows<'f> {
    /// Returns what makes documents by these fields.
    pub fn new(fields: &'f Fields) -> Self {
        Rows(Wanted::new(fields))
    }

    /// Returns the names of all columns that are looked for. Names with dots step into structures.
    pub fn names(&self) -> impl Iterator<Item = &'f str> {
        self.0.wants.iter().map(|want| std::str::from_utf8(want.name).unwrap_or_default())
    }

    /// Returns the document of a row, counted from 0. `value` returns the value of the column that has the name with an index
    /// of [`names`](Rows::names). A document whose id no column holds is called by its row.
    pub fn document<'v>(&self, row: u64, text: &str, value: impl Fn(usize) -> Option<Cow<'v, str>>) -> Document {
        let place = Place { input: 0, record: row };
        document(&self.0, place, row + 1, text.into(), value, || row.to_string().into())
    }
}

/// Returns the message that no column has the text.
pub(super) fn no_text_column<'n>(wanted: impl Iterator<Item = &'n str>, columns: &[String]) -> String {
    const SHOWN: usize = 40;
    let wanted: Vec<&str> = wanted.collect();
    let shown: Vec<&str> = columns.iter().take(SHOWN).map(String::as_str).collect();
    let more = if columns.len() > SHOWN { ", …" } else { "" };
    let meant = match wanted[..] {
        [name] => did_you_mean(name, columns.iter().map(String::as_str)),
        _ => String::new(),
    };
    format!(
        "no text column: none of the columns {} is there{meant}; there are {}{more}; --text-field names the one to read",
        wanted.join(", "),
        shown.join(", ")
    )
}
