//! The names under which records hold what is read.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Names to look for, in order of preference. A dot steps into an object: `meta.id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(Vec<String>);

impl Names {
    /// Returns a list of these names and no others.
    pub fn of<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        Names(names.into_iter().map(Into::into).collect())
    }

    /// This name and no other, as chosen by an option.
    pub fn only(name: impl Into<String>) -> Self {
        Names(vec![name.into()])
    }

    /// Returns the names, most wanted first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The fields of a JSON record, or columns of a table, that are read, each by the first of its names that is present and
/// not null.
///
/// The text must then be a string. The others may be numbers too, which are taken as written; one that is empty, an
/// object or an array says nothing, and leaves it to the next name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// The text: required, and a string.
    pub text: Names,
    /// The document's id. Without one it is `{input}:{line}`.
    pub id: Names,
    /// The site or feed. Without one it is the host of the address.
    pub source: Names,
    /// The date, as written.
    pub date: Names,
    /// The headline.
    pub title: Names,
    /// The address.
    pub url: Names,
    /// The field that `--keep field:NAME` ranks copies by; no name unless asked for.
    pub rank: Names,
}

impl Fields {
    /// Returns the name of the field or column that a made-up id is written to.
    pub(crate) fn made_up_id(&self) -> &str {
        self.id.iter().next().unwrap_or("id")
    }
}

impl Default for Fields {
    /// Returns the names that feeds, crawls and corpora use.
    fn default() -> Self {
        Fields {
            text: Names::of(["text", "content", "body", "raw_content", "article", "maintext"]),
            id: Names::of(["id", "guid", "_id", "_id.$oid", "doc_id", "uuid"]),
            source: Names::of(["source", "domain", "site", "feed", "host"]),
            date: Names::of(["date", "published", "pubDate", "date_published", "timestamp", "created"]),
            title: Names::of(["title", "headline"]),
            url: Names::of(["url", "link", "uri"]),
            rank: Names(Vec::new()),
        }
    }
}

/// One name that is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Want<'f> {
    /// The name, or the rest of it after a step into an object.
    pub name: &'f [u8],
    /// The slot for its value.
    pub slot: usize,
}

/// All names that are looked for, laid out as slots for their values: a field's names side by side.
pub(super) struct Wanted<'f> {
    pub wants: Vec<Want<'f>>,
    pub text: Range<usize>,
    pub id: Range<usize>,
    pub source: Range<usize>,
    pub date: Range<usize>,
    pub title: Range<usize>,
    pub url: Range<usize>,
    pub rank: Range<usize>,
}

impl<'f> Wanted<'f> {
    /// Returns the slots for these fields.
    pub fn new(fields: &'f Fields) -> Self {
        let mut wants = Vec::new();
        Wanted {
            text: add(&mut wants, &fields.text),
            id: add(&mut wants, &fields.id),
            source: add(&mut wants, &fields.source),
            date: add(&mut wants, &fields.date),
            title: add(&mut wants, &fields.title),
            url: add(&mut wants, &fields.url),
            rank: add(&mut wants, &fields.rank),
            wants,
        }
    }
}

/// Adds slots for the names of one field, and says which they are.
pub(super) fn add<'f>(wants: &mut Vec<Want<'f>>, names: &'f Names) -> Range<usize> {
    let start = wants.len();
    wants.extend(names.iter().enumerate().map(|(i, name)| Want { name: name.as_bytes(), slot: start + i }));
    start..wants.len()
}
