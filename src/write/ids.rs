//! Ids that flong made up, written into records that have none, and taken out again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::Document;
use crate::read::{Fields, Format, TableHeader};

/// Returns the name of the field or column that a made-up id is written to.
pub(super) fn id_field(fields: &Fields) -> &str {
    fields.id.iter().next().unwrap_or("id")
}

/// Returns a JSON record with an id in a last field; `None` if it has a field of that name, whatever its value.
pub(super) fn with_id(record: &[u8], field: &str, id: &str) -> Option<Vec<u8>> {
    let record = std::str::from_utf8(record).ok()?;
    let end = record.rfind('}').filter(|_| lacks(record, field))?;
    let added = format!(",{}:{}", Value::from(field), Value::from(id));
    Some([&record[..end], &added, &record[end..]].concat().into_bytes())
}

/// Returns whether a JSON object has no field of a name.
fn lacks(object: &str, field: &str) -> bool {
    let keys: serde_json::Result<BTreeMap<Cow<str>, &RawValue>> = serde_json::from_str(object);
    keys.is_ok_and(|keys| !keys.contains_key(field))
}

/// Returns an item of a feed, or an object of an array, with the id of its document, if that was made up: `None` if not, or
/// if it cannot be written there.
///
/// A record gets a field. An item of a published feed gets an element or a key that readers of feeds pass over: its id is
/// another one when the feed has other items, and a `guid` that changes would make an old item look new.
pub(super) fn item_with_id(piece: &[u8], document: &Document, input: &str, field: &str) -> Option<Vec<u8>> {
    let number = document.id.strip_prefix(input)?.strip_prefix('#')?;
    let piece = std::str::from_utf8(piece).ok().filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()))?;
    let start = piece.find(['{', '<'])?;
    let (before, item) = piece.split_at(start);
    let (head, added, tail) = match document.given {
        Some(given) if given.id => return None,
        Some(_) => as_member(item, field, &Value::from(&*document.id))?,
        None if item.starts_with('{') => as_member(item, FEED_KEY, &json!({ "id": &*document.id }))?,
        None => as_element(item, &document.id)?,
    };
    Some([before, head, &added, tail].concat().into_bytes())
}

/// The key of a JSON Feed, and the namespace and name of an element, that a made-up id is written to.
const FEED_KEY: &str = "_flong";
const FEED_NAMESPACE: &str = "urn:flong";

/// Returns an object in two parts, and the member to write between them: on a line of its own if the others are.
fn as_member<'t>(object: &'t str, key: &str, value: &Value) -> Option<(&'t str, String, &'t str)> {
    let inner = object.strip_suffix('}').filter(|_| lacks(object, key))?.trim_end();
    let space = inner[1..].len() - inner[1..].trim_start().len();
    let added = format!(",{}{}: {value}", &inner[1..=space], Value::from(key));
    Some((inner, added, &object[inner.len()..]))
}

/// Returns an element in two parts, and the element to write between them: on a line of its own if the others are.
fn as_element<'t>(item: &'t str, id: &str) -> Option<(&'t str, String, &'t str)> {
    let end = item.rfind("</")?;
    let name = item[end + 2..].trim_end().strip_suffix('>')?.trim_end();
    let is_item = matches!(name.rsplit(':').next(), Some("item" | "entry"));
    let written = id.replace('&', "&amp;").replace('<', "&lt;");
    // A feed that was cleaned before has its ids.
    let can_be_written = is_item && !id.contains(char::is_control) && !item.contains(&format!(">{written}<"));
    let inner = item[..end].trim_end();
    let children = &inner[inner.find('>').filter(|_| can_be_written)? + 1..];
    let space = &children[..children.len() - children.trim_start().len()];
    let added = format!("{space}<flong:id xmlns:flong=\"{FEED_NAMESPACE}\">{written}</flong:id>");
    Some((inner, added, &item[inner.len()..]))
}

/// Returns the separator of a table that gets a column of ids: one without a column of any of the names of ids, whose ids
/// can be written without quotes.
pub(super) fn id_separator(header: &TableHeader, fields: &Fields, input: &str) -> Option<u8> {
    let has_ids = fields.id.iter().any(|name| header.names().iter().any(|column| column == name));
    let plain = !input.contains(|c: char| c.is_control() || "\",;|".contains(c));
    (!has_ids && plain).then(|| header.separator())
}

/// Returns a record without the id that was added to it; `None` if there is none.
pub(super) fn without_id(record: &str, format: Format, field: &str, separator: Option<u8>) -> Option<String> {
    let (start, end) = match format {
        Format::Csv | Format::Tsv => (record.rfind(char::from(separator?))?, record.len()),
        Format::JsonLines => {
            // A quote in the id is escaped, so that it does not look like the start of a field.
            let start = record.rfind(&format!(",{}:\"", Value::from(field)))?;
            (start, record.rfind('}').filter(|end| *end > start)?)
        }
        Format::Text | Format::Parquet | Format::Feed | Format::Html | Format::Warc => return None,
    };
    Some([&record[..start], &record[end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Given;

    #[test]
    fn an_id_goes_in_and_out_again() {
        for (record, field, id) in [
            (r#"{"text": "a"}"#, "id", "in.jsonl:1"),
            (" {\"text\": \"a} \\\",\\\"id\\\":\\\"\" }\t", "id", "a\",\"id\":\"}b.jsonl:12"),
            (r#"{"text": "a", "x": {"id": "b"}}"#, "id", "é\u{1f600}:1"),
            (r#"{"text": "a"}"#, "meta.\"id", "a:1"),
        ] {
            let with = String::from_utf8(with_id(record.as_bytes(), field, id).unwrap()).unwrap();
            let value: serde_json::Value = serde_json::from_str(&with).unwrap();
            assert_eq!(value[field], *id, "{with}");
            assert_eq!(without_id(&with, Format::JsonLines, field, None).as_deref(), Some(record));
        }
    }

    #[test]
    fn a_field_of_that_name_stays_as_it_is() {
        for record in [r#"{"text": "a", "id": null}"#, r#"{"i\u0064": {}, "text": "a"}"#] {
            assert_eq!(with_id(record.as_bytes(), "id", "x"), None, "{record}");
        }
    }

    #[test]
    fn items_of_feeds_get_what_readers_pass_over() {
        let with = |piece: &str, id: &str, given: Option<bool>| {
            let given = given.map(|id| Given { id, ..Given::default() });
            let document = Document { given, ..Document::new(id, "a") };
            item_with_id(piece.as_bytes(), &document, "a&b.xml", "id").map(|item| String::from_utf8(item).unwrap())
        };
        let element = "<flong:id xmlns:flong=\"urn:flong\">a&amp;b.xml#2</flong:id>";
        assert_eq!(
            with("\n<item>\n  <title>A</title>\n</item>", "a&b.xml#2", None).unwrap(),
            format!("\n<item>\n  <title>A</title>\n  {element}\n</item>")
        );
        let written = with("<a:entry><a:title>A</a:title></a:entry>", "a&b.xml#2", None).unwrap();
        assert_eq!(written, format!("<a:entry><a:title>A</a:title>{element}</a:entry>"));
        assert_eq!(with(&written, "a&b.xml#2", None), None, "it has one already");
        assert_eq!(with("<item><guid>x</guid></item>", "x", None), None);
        assert_eq!(with("<item><title>cut off", "a&b.xml#2", None), None);
        assert_eq!(
            with(", {\"content_text\": \"a\"}", "a&b.xml#1", None).unwrap(),
            ", {\"content_text\": \"a\",\"_flong\": {\"id\":\"a&b.xml#1\"}}"
        );
        assert_eq!(
            with(",\n  {\n    \"text\": \"a\"\n  }", "a&b.xml#1", Some(false)).unwrap(),
            ",\n  {\n    \"text\": \"a\",\n    \"id\": \"a&b.xml#1\"\n  }"
        );
        assert_eq!(with("{\"id\": null, \"text\": \"a\"}", "a&b.xml#1", Some(false)), None);
        assert_eq!(with("{\"id\": \"a&b.xml#1\", \"text\": \"a\"}", "a&b.xml#1", Some(true)), None);
    }

    #[test]
    fn only_tables_without_ids_get_a_column() {
        let separator =
            |header: &str, input: &str| id_separator(&TableHeader::of(header, Format::Csv), &Fields::default(), input);
        assert_eq!(separator("text;date", "a b.csv"), Some(b';'));
        assert_eq!(separator("text,guid", "a.csv"), None);
        assert_eq!(separator("text,date", "a,b.csv"), None);
        assert_eq!(without_id("\"a,\"\"b\",c,in.csv:2", Format::Csv, "id", Some(b',')).unwrap(), "\"a,\"\"b\",c");
    }
}
