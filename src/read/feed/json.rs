//! JSON Feed: where the items of a feed are, and what keys they have.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::address::{host, resolve};
use super::fields::{first_date, line};
use super::{Feed, Item, pieces};
use crate::read::Form;
use crate::read::json::decode;

/// Reads a JSON Feed. One that breaks off is read as far as it goes. `None` if it does not say that it is one.
pub(super) fn read(text: &str) -> Option<Feed> {
    let begin = text.find('{').unwrap_or_default();
    let mut found = Found::default();
    let mut deserializer = serde_json::Deserializer::from_str(&text[begin..]);
    let read = deserializer.deserialize_map(Top(&mut found)).and_then(|()| deserializer.end());
    found.version.as_deref().filter(|version| version.contains("//jsonfeed.org/version/"))?;
    let mut problems = Vec::new();
    if let Err(e) = read {
        let at = begin + offset(&text[begin..], e.line(), e.column());
        let message = e.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        problems.push((at, format!("invalid JSON: {message}; the items before that were read"), true));
    }
    let link = found.home.as_deref();
    let mut items: Vec<Item> = Vec::new();
    let mut before = None;
    for raw in found.items {
        let start = raw.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + raw.len();
        if let Some(mut item) = item(raw, start, link) {
            item.range = before.unwrap_or(start)..end;
            items.push(item);
        } else {
            problems.push((start, "an item that is no object: it was not read".into(), true));
        }
        before = Some(end);
    }
    let source = found.title.map(|title| line(&title)).filter(|title| !title.is_empty());
    Some(Feed { source: source.or_else(|| link.and_then(host)), pieces: pieces(items, text.len()), problems })
}

/// Returns the byte offset of a line and a column, both counted from 1.
pub(super) fn offset(text: &str, row: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(row.saturating_sub(1));
    (lines.map(str::len).sum::<usize>() + column.saturating_sub(1)).min(text.len())
}

#[derive(Default)]
struct Found<'t> {
    version: Option<Cow<'t, str>>,
    title: Option<Cow<'t, str>>,
    home: Option<Cow<'t, str>>,
    items: Vec<&'t str>,
}

/// The keys of the feed itself. What was found before an error stays found.
struct Top<'f, 't>(&'f mut Found<'t>);

impl<'t> Visitor<'t> for Top<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'t, str>>()? {
            let slot = match &*key {
                "version" => &mut self.0.version,
                "title" => &mut self.0.title,
                "home_page_url" => &mut self.0.home,
                "items" => {
                    map.next_value_seed(Items(&mut self.0.items))?;
                    continue;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            let value: &RawValue = map.next_value()?;
            *slot = string(value.get());
        }
        Ok(())
    }
}

/// The elements of an array, as written. What was found before an error stays found.
pub(super) struct Items<'f, 't>(pub &'f mut Vec<&'t str>);

impl<'t> DeserializeSeed<'t> for Items<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'t> Visitor<'t> for Items<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of items")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<&RawValue>()? {
            self.0.push(item.get());
        }
        Ok(())
    }
}

/// Returns what a JSON string says.
fn string(raw: &str) -> Option<Cow<'_, str>> {
    raw.starts_with('"').then(|| decode(raw).0)
}

/// The keys of an item.
struct Keys<'t>(Vec<(Cow<'t, str>, &'t str)>);

impl<'t> Visitor<'t> for &mut Keys<'t> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'t, str>>()? {
            let value: &RawValue = map.next_value().map_err(A::Error::custom)?;
            self.0.push((key, value.get()));
        }
        Ok(())
    }
}

/// Returns the values of an item; `start` is its offset in the feed.
fn item(raw: &str, start: usize, link: Option<&str>) -> Option<Item> {
    let mut keys = Keys(Vec::new());
    serde_json::Deserializer::from_str(raw).deserialize_map(&mut keys).ok()?;
    let value = |name: &str| keys.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| *value);
    let said = |name: &str| {
        let raw = value(name)?;
        let said = string(raw).map(|said| line(&said));
        // Ids should be strings, but are numbers too.
        said.or_else(|| raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| raw.to_owned()))
    };
    let filled = |name: &str| said(name).filter(|said| !said.is_empty());
    let url = filled("url").or_else(|| filled("external_url")).map(|url| resolve(&url, link));
    let mut item =
        Item { start, id: filled("id").or_else(|| url.clone()), title: filled("title"), url, ..Item::default() };
    item.date = first_date(["date_published", "date_modified"].into_iter().filter_map(filled));
    for (name, form) in [("content_html", Form::JsonHtml), ("content_text", Form::Json), ("summary", Form::Json)] {
        let literal = value(name).filter(|raw| raw.starts_with('"'));
        item.candidates.extend(literal.map(|literal| (place(raw, literal, start), form)));
    }
    Some(item)
}

/// Returns the range of a part of an item in the feed.
fn place(item: &str, part: &str, start: usize) -> Range<usize> {
    let at = start + (part.as_ptr() as usize - item.as_ptr() as usize);
    at..at + part.len()
}
