//! Values of a record -> the document.

use std::borrow::Cow;
use std::ops::Range;

use super::Input;
use super::feed::host;
use super::fields::Wanted;
use crate::nearest::did_you_mean;
use crate::{Document, Given, Place};

/// Makes documents of the values that a table's row has for the names looked for.
pub(super) struct Maker<'m> {
    pub input: &'m Input,
    pub wanted: &'m Wanted<'m>,
}

impl Maker<'_> {
    /// What the first of a field's slots has that has something.
    pub fn first_slot<T>(&self, slots: &Range<usize>, of: impl Fn(usize) -> Option<T>) -> Option<T> {
        slots.clone().find_map(of)
    }

    /// The document of a row in a line, or the row, of that `number` from 1. A value that is empty says nothing, and leaves it to
    /// the next name.
    pub fn document<'v>(
        &self,
        place: Place,
        number: u64,
        text: Cow<str>,
        value: impl Fn(usize) -> Option<Cow<'v, str>>,
    ) -> Document {
        let value = |slots: &Range<usize>| -> Option<Box<str>> {
            let found = self.first_slot(slots, |slot| value(slot).filter(|value| !value.is_empty()))?;
            Some(found.into())
        };
        let (id, source) = (value(&self.wanted.id), value(&self.wanted.source));
        let (title, date) = (value(&self.wanted.title), value(&self.wanted.date));
        let (url, rank) = (value(&self.wanted.url), value(&self.wanted.rank));
        let given = Given {
            id: id.is_some(),
            source: source.is_some(),
            title: title.is_some(),
            date: date.is_some(),
            url: url.is_some(),
            rank: rank.is_some(),
        };
        Document {
            id: id.unwrap_or_else(|| format!("{}:{number}", self.input.name).into()),
            source: source.or_else(|| host(url.as_deref()?).map(Into::into)),
            title,
            date,
            rank,
            url,
            given: Some(given),
            text: text.into(),
            place,
            line: number,
            record: None,
            within: None,
        }
    }
}

/// What to say where no column holds the text.
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
