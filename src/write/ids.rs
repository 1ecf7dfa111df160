//! Ids that flong made up, written into records that have none, and taken out again.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::read::{Fields, Format, TableHeader};

/// Returns the name of the field or column that a made-up id is written to.
pub(super) fn id_field(fields: &Fields) -> &str {
    fields.id.iter().next().unwrap_or("id")
}

/// Returns a JSON record with an id in a last field; `None` if it has a field of that name, whatever its value.
pub(super) fn with_id(record: &[u8], field: &str, id: &str) -> Option<Vec<u8>> {
    let record = std::str::from_utf8(record).ok()?;
    let keys: std::collections::BTreeMap<Cow<str>, &RawValue> = serde_json::from_str(record).ok()?;
    let end = record.rfind('}').filter(|_| !keys.contains_key(field))?;
    let added = format!(",{}:{}", serde_json::Value::from(field), serde_json::Value::from(id));
    Some([&record[..end], &added, &record[end..]].concat().into_bytes())
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
            let start = record.rfind(&format!(",{}:\"", serde_json::Value::from(field)))?;
            (start, record.rfind('}').filter(|end| *end > start)?)
        }
        Format::Text | Format::Parquet | Format::Feed | Format::Html | Format::Warc => return None,
    };
    Some([&record[..start], &record[end..]].concat())
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
    fn only_tables_without_ids_get_a_column() {
        let separator =
            |header: &str, input: &str| id_separator(&TableHeader::of(header, Format::Csv), &Fields::default(), input);
        assert_eq!(separator("text;date", "a b.csv"), Some(b';'));
        assert_eq!(separator("text,guid", "a.csv"), None);
        assert_eq!(separator("text,date", "a,b.csv"), None);
        assert_eq!(without_id("\"a,\"\"b\",c,in.csv:2", Format::Csv, "id", Some(b',')).unwrap(), "\"a,\"\"b\",c");
    }
}
