//! JSON that is not a JSON Feed: records in an array, in an array of an object, or one after the other, on as many lines as
//! they like.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::json::{Items, offset};
use super::{Feed, Item, pieces};
use crate::read::fields::Wanted;
use crate::read::json::{REPLACED, said};
use crate::read::{Fields, Form};

/// The places of the records in a text.
#[derive(Debug, Default)]
pub(in crate::read) struct Found<'t> {
    /// The records, in order, with anything between brackets that is not an object.
    pub records: Vec<&'t str>,
    /// The offset of what is wrong, and the reason.
    problem: Option<(usize, String)>,
}

/// Finds the records of a text. `is_record` says whether an object is one itself; of one that is not, arrays of records
/// are looked for, in its values.
pub(in crate::read) fn find<'t>(text: &'t str, is_record: impl Fn(&str) -> bool) -> Found<'t> {
    let mut found = Found::default();
    let mut at = text.len() - text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).len();
    while at < text.len() {
        let rest = &text[at..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let value = match values.next() {
            None => break,
            Some(Ok(value)) => value.get(),
            // It breaks off: what there is of it is looked through all the same.
            Some(Err(e)) => {
                found.problem = Some((at + offset(rest, e.line(), e.column()), reason(&e)));
                rest
            }
        };
        let broken = found.problem.is_some();
        if value.trim_start().starts_with('[') {
            let mut deserializer = serde_json::Deserializer::from_str(value);
            // Why it ends early is known.
            let _ = deserializer.deserialize_seq(Items(&mut found.records));
        } else if !broken && is_record(value) {
            found.records.push(value);
        } else {
            let arrays = arrays(value);
            let before = found.records.len();
            let of_records = |array: &Vec<&'t str>| array.first().is_some_and(|first| is_record(first));
            found.records.extend(arrays.into_iter().map(|(_, array)| array).filter(of_records).flatten());
            if before == found.records.len() && !broken {
                found.records.push(value);
            }
        }
        if broken {
            break;
        }
        at += values.byte_offset();
    }
    found
}

/// Reads records by the names of `fields`.
pub(super) fn read(text: &str, fields: &Fields) -> Feed {
    let wanted = Wanted::new(fields);
    let mut values = vec![None; wanted.wants.len()];
    let has_text = |record: &str| said(record, fields, &wanted, &mut vec![None; wanted.wants.len()]).is_ok();
    let Found { records, problem } = find(text, has_text);
    let mut feed = Feed::default();
    if let Some((at, reason)) = problem {
        feed.problems.push((at, reason, true));
    }
    let mut items: Vec<Item> = Vec::with_capacity(records.len());
    // The end of the record before in the same array.
    let mut before: Option<usize> = None;
    for record in records {
        let start = record.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + record.len();
        let parted = before.filter(|&before| text[before..start].trim().trim_start_matches(',').trim().is_empty());
        match item(record, start, fields, &wanted, &mut values) {
            Ok(mut item) => {
                item.range = parted.unwrap_or(start)..end;
                items.push(item);
            }
            Err(reason) => feed.problems.push((start, reason, true)),
        }
        before = Some(end);
    }
    for item in items.iter().filter(|item| item.replaced) {
        feed.problems.push((item.start, REPLACED.to_owned(), false));
    }
    feed.pieces = pieces(items, text.len());
    feed
}

fn item<'t>(
    record: &'t str,
    start: usize,
    fields: &Fields,
    wanted: &Wanted,
    values: &mut [Option<&'t str>],
) -> Result<Item, String> {
    if !record.starts_with('{') {
        return Err("no object: each record must be a JSON object".into());
    }
    let said = said(record, fields, wanted, values)?;
    let at = start + (said.literal.as_ptr() as usize - record.as_ptr() as usize);
    Ok(Item {
        start,
        id: said.id.map(Into::into),
        title: said.title.map(Into::into),
        date: said.date.map(Into::into),
        url: said.url.map(Into::into),
        source: said.source.map(Into::into),
        rank: said.rank.map(Into::into),
        given: Some(said.given),
        content: Some((at..at + said.literal.len(), Form::Json)),
        text: said.text.into_owned(),
        replaced: said.replaced,
        ..Item::default()
    })
}

fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    format!("invalid JSON: {message}; what came before was read")
}

/// Returns the arrays among the values of an object, with their keys. One that breaks off is given as far as it goes.
pub(in crate::read) fn arrays(object: &str) -> Vec<(String, Vec<&str>)> {
    let mut found = Vec::new();
    // Why it ends early is known.
    let _ = serde_json::Deserializer::from_str(object).deserialize_map(Values(&mut found));
    found
}

/// The values of an object that are arrays.
struct Values<'f, 't>(&'f mut Vec<(String, Vec<&'t str>)>);

impl<'t> Visitor<'t> for Values<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'t, str>>()? {
            map.next_value_seed(Value { key: key.into_owned(), found: &mut *self.0 })?;
        }
        Ok(())
    }
}

/// A value that may be an array.
struct Value<'f, 't> {
    key: String,
    found: &'f mut Vec<(String, Vec<&'t str>)>,
}

impl<'t> DeserializeSeed<'t> for Value<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Value<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, elements: A) -> Result<(), A::Error> {
        self.found.push((self.key, Vec::new()));
        match self.found.last_mut() {
            Some((_, array)) => Items(array).visit_seq(elements),
            None => Ok(()),
        }
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::feed::Piece;

    /// Returns the ids and texts that are read, then the problems.
    fn read_of(text: &str) -> (Vec<String>, Vec<String>) {
        let feed = read(text, &Fields::default());
        let whole: String = feed.pieces.iter().map(|piece| &text[piece.range()]).collect();
        assert_eq!(whole, text, "the pieces are the text again");
        let items = feed.pieces.iter().filter_map(|piece| match piece {
            Piece::Item(item) => Some(format!("{}={}", item.id.as_deref().unwrap_or("?"), item.text)),
            Piece::Around(_) => None,
        });
        (items.collect(), feed.problems.into_iter().map(|(_, reason, _)| reason).collect())
    }

    #[test]
    fn records_are_found_wherever_they_stand() {
        for text in [
            r#"[{"id": 1, "text": "a"}, {"id": "2", "body": "b\n"}]"#,
            "[\n  {\n    \"id\": 1,\n    \"text\": \"a\"\n  },\n  {\"id\": 2, \"text\": \"b\\n\"}\n]\n",
            "{\n  \"id\": 1,\n  \"text\": \"a\"\n}\n{\n  \"id\": 2,\n  \"text\": \"b\\n\"\n}\n",
            r#"{"items": [{"id": 1, "text": "a"}, {"id": 2, "text": "b\n"}], "total": 2, "tags": [{"name": "x"}]}"#,
            "\u{feff}{\"meta\": {\"text\": {}}, \"data\": [{\"id\": 1, \"text\": \"a\"}], \"more\": [{\"id\": 2, \"text\": \"b\\n\"}]}",
            r#"[{"id": 1, "text": "a"}] [{"id": 2, "text": "b\n"}]"#,
        ] {
            assert_eq!(read_of(text), (vec!["1=a".to_owned(), "2=b\n".to_owned()], vec![]), "{text}");
        }
        assert_eq!(read_of(r#"{"text": "a", "comments": [{"text": "b"}]}"#).0, ["?=a"]);
    }

    #[test]
    fn what_is_no_record_is_told_and_the_rest_is_read() {
        let (read, problems) = read_of(r#"[{"id": 1, "text": "a"}, 7, {"name": "x"}, {"id": 2, "text": "b"}]"#);
        assert_eq!(read, ["1=a", "2=b"]);
        assert!(problems[0].contains("no object") && problems[1].contains("no text"), "{problems:?}");
        let (read, problems) = read_of(r#"[{"id": 1, "text": "a"}, {"id": 2, "te"#);
        assert_eq!(read, ["1=a"]);
        assert!(problems[0].contains("invalid JSON"), "{problems:?}");
        assert_eq!(read_of(r#"{"items": [{"id": 1, "text": "a"}, {"id"#).0, ["1=a"]);
        let (read, problems) = read_of(r#"{"response": {"total": 1, "docs": [{"text": "a"}]}}"#);
        assert!(read.is_empty() && problems[0].contains("jq -c '.response.docs[]'"), "{problems:?}");
        for broken in ["[", "{", "[}", "{]", "[{]", "[[[[", "{\"a\":[{\"text\":\"\\ud800\"}]}", ""] {
            read_of(broken);
        }
    }
}
