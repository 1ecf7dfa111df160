//! JSON Lines: each line is an object, and each object a document.

mod literal;
mod parse;
mod said;
mod scan;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) use literal::decode;
pub use literal::raw_offsets;
pub(super) use said::{REPLACED, said};
pub use scan::{TextValue, text_value};
use serde_json::Value;
use serde_json::value::RawValue;

use super::blocks::{Opened, State};
use super::codec::{Codec, Head, Output};
use super::decoded::Decoded;
use super::field_names;
use super::lines::Lines;
use super::record::{Record, Wrap};
use super::sniff::{self, Json};
use super::source::Source;
use super::{Block, Fields, Input, Parsed, ReadOptions, TableHeader, Unpacked, Within};
use crate::Result;

/// JSON Lines.
pub(super) struct JsonLines;

impl Codec for JsonLines {
    fn endings(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson"]
    }

    fn recognizes(&self, head: &Head) -> bool {
        sniff::json(head.text) == Some(Json::Lines)
    }

    fn open(&self, input: &Input, _: &Fields, options: &ReadOptions, run: &Unpacked) -> Result<Opened> {
        let decoded = Decoded::new(Source::open(input, options, run)?, options.keep_records);
        Ok(Opened(State::Records(Box::new(Lines::new(decoded, options)))))
    }

    fn parse(&self, block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
        parse::parse(block, input, fields, keep_records)
    }

    fn record<'r>(
        &self,
        record: &'r str,
        _: Option<Within>,
        _: Option<&TableHeader>,
        fields: &Fields,
    ) -> Option<Record<'r>> {
        self::record(record, fields)
    }

    fn output(&self) -> Output {
        Output::Lines
    }

    fn wrap(&self, _: &str) -> Wrap {
        Wrap::Json
    }

    fn without_id(&self, record: &str, field: &str, _: Option<u8>) -> Option<String> {
        // A quote in the id is escaped, so that it does not look like the start of a field.
        let start = record.rfind(&format!(",{}:\"", Value::from(field)))?;
        let end = record.rfind('}').filter(|end| *end > start)?;
        Some([&record[..start], &record[end..]].concat())
    }

    fn field_names(&self, input: &Input) -> Vec<String> {
        field_names::of_json(input)
    }
}

/// Returns a JSON record, if it has a text.
pub(super) fn record<'r>(line: &'r str, fields: &Fields) -> Option<Record<'r>> {
    let literal = text_value(line, fields)?.range;
    Some(Record { whole: line, text: literal.start + 1..literal.end - 1, wrap: Wrap::Json })
}

/// Returns a JSON record with an id in a last field; `None` if it has a field of that name, whatever its value.
pub(crate) fn with_id(record: &[u8], field: &str, id: &str) -> Option<Vec<u8>> {
    let record = std::str::from_utf8(record).ok()?;
    let end = record.rfind('}').filter(|_| lacks(record, field))?;
    let added = format!(",{}:{}", Value::from(field), Value::from(id));
    Some([&record[..end], &added, &record[end..]].concat().into_bytes())
}

/// Returns whether a JSON object has no field of a name.
pub(super) fn lacks(object: &str, field: &str) -> bool {
    let keys: serde_json::Result<BTreeMap<Cow<str>, &RawValue>> = serde_json::from_str(object);
    keys.is_ok_and(|keys| !keys.contains_key(field))
}

/// Returns the text as JSON writes it between quotes.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        return text.into();
    }
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_goes_in_and_out_again() {
        for (record, field, id) in [
            (r#"{"text": "a"}"#, "id", "in.jsonl:1"),
            (" {\"text\": \"a} \\\",\\\"id\\\":\\\"\" }\t", "id", "a\",\"id\":\"}b.jsonl:12"),
            (r#"{"text": "a", "x": {"id": "b"}}"#, "id", "é\u{1f600}:1"),
            (r#"{"text": "a"}"#, "meta.\"id", "a:1"),
        ] {
            let with = String::from_utf8(with_id(record.as_bytes(), field, id).unwrap()).unwrap();
            let value: Value = serde_json::from_str(&with).unwrap();
            assert_eq!(value[field], *id, "{with}");
            assert_eq!(JsonLines.without_id(&with, field, None).as_deref(), Some(record));
        }
    }

    #[test]
    fn a_field_of_that_name_stays_as_it_is() {
        for record in [r#"{"text": "a", "id": null}"#, r#"{"i\u0064": {}, "text": "a"}"#] {
            assert_eq!(with_id(record.as_bytes(), "id", "x"), None, "{record}");
        }
    }
}
