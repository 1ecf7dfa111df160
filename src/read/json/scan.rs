//! Finds the wanted values in a JSON record, without building the rest of it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::read::Fields;
use crate::read::fields::{Want, add};

/// The place of the string literal with the text in a raw JSON record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextValue {
    /// Byte offsets in the record, quotes included.
    pub range: Range<usize>,
}

impl TextValue {
    /// Returns the literal, quotes included.
    pub fn of<'r>(&self, record: &'r str) -> &'r str {
        &record[self.range.clone()]
    }
}

/// Finds the text of a record in its raw JSON: the same value that [`parse_block`](crate::read::parse_block) takes as the
/// text. `None` if the record is not an object or has no text that is a string.
pub fn text_value(record: &str, fields: &Fields) -> Option<TextValue> {
    let mut wants = Vec::new();
    let slots = add(&mut wants, &fields.text);
    let mut values = vec![None; slots.len()];
    scan(record, &wants, &mut values).ok()?;
    let literal = first(&values).filter(|raw| raw.starts_with('"'))?;
    let start = literal.as_ptr() as usize - record.as_ptr() as usize;
    Some(TextValue { range: start..start + literal.len() })
}

/// Returns the first value that is present and not null.
pub(super) fn first<'r>(values: &[Option<&'r str>]) -> Option<&'r str> {
    values.iter().flatten().find(|raw| **raw != "null").copied()
}

/// Puts the raw JSON of each wanted value into its slot; of a key given twice the last counts. The slots must be empty.
pub(super) fn scan<'r>(json: &'r str, wants: &[Want<'_>], values: &mut [Option<&'r str>]) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    Scan { wants, values }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    // Keys are read as bytes, in which serde_json lets control characters pass.
    if has_controls(json) { serde_json::from_str::<IgnoredAny>(json).map(drop) } else { Ok(()) }
}

/// Returns whether a text has a control character. It is searched in runs, which the processor does at once.
fn has_controls(text: &str) -> bool {
    text.as_bytes().chunks(64).any(|run| run.iter().fold(false, |found, &byte| found | (byte < b' ')))
}

/// Visits an object, keeping the wanted values raw and skipping the others.
struct Scan<'w, 'r> {
    wants: &'w [Want<'w>],
    values: &'w mut [Option<&'r str>],
}

impl<'r> Scan<'_, 'r> {
    /// Takes the value of a key for every name that it completes or begins.
    fn take(&mut self, key: &[u8], value: &'r str) {
        let mut inner = Vec::new();
        for want in self.wants {
            match after(want.name, key) {
                Some([]) => self.values[want.slot] = Some(value),
                Some([b'.', rest @ ..]) => {
                    // A value of an earlier object under the same key no longer counts.
                    self.values[want.slot] = None;
                    inner.push(Want { name: rest, slot: want.slot });
                }
                _ => {}
            }
        }
        if !inner.is_empty() && value.starts_with('{') {
            // The value was scanned as JSON already, so this cannot fail.
            let _ = scan(value, &inner, self.values);
        }
    }
}

impl<'r> DeserializeSeed<'r> for Scan<'_, 'r> {
    type Value = ();

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'r> Visitor<'r> for Scan<'_, 'r> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'r>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            if self.wants.iter().any(|want| after(want.name, &key).is_some()) {
                let value: &RawValue = map.next_value()?;
                self.take(&key, value.get());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Returns the rest of `name` after `key`, if `key` is all of it (an empty rest) or its first step (the rest from the dot
/// on).
fn after<'n>(name: &'n [u8], key: &[u8]) -> Option<&'n [u8]> {
    // Nearly all names differ in their first byte, without a call.
    if name.first() != key.first() {
        return None;
    }
    name.strip_prefix(key).filter(|rest| matches!(rest, [] | [b'.', ..]))
}

/// Returns the keys of the object, in order: for messages.
pub(super) fn keys(json: &str) -> Vec<String> {
    struct Keys(Vec<String>);
    impl<'r> Visitor<'r> for &mut Keys {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'r>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key_seed(Key)? {
                self.0.push(String::from_utf8_lossy(&key).into_owned());
                map.next_value::<IgnoredAny>()?;
            }
            Ok(())
        }
    }
    let mut found = Keys(Vec::new());
    // What was found before an error is still worth showing.
    let _ = serde_json::Deserializer::from_str(json).deserialize_map(&mut found);
    found.0
}

/// A key, as bytes: serde_json refuses keys with lone surrogates as strings, but not as bytes.
struct Key;

impl<'r> DeserializeSeed<'r> for Key {
    type Value = Cow<'r, [u8]>;

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl<'r> Visitor<'r> for Key {
    type Value = Cow<'r, [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_bytes<E: serde::de::Error>(self, key: &'r [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_bytes<E: serde::de::Error>(self, key: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_vec()))
    }
}

/// Returns why a record could not be scanned, in words.
pub(super) fn refusal(json: &str, error: &serde_json::Error) -> String {
    let kind = match json.trim_start().as_bytes().first() {
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        Some(b'-' | b'0'..=b'9') => "a number",
        _ => "",
    };
    if !kind.is_empty() && serde_json::from_str::<IgnoredAny>(json).is_ok() {
        return format!("not an object but {kind}: each line must be a JSON object");
    }
    // An array is refused before its own mistakes are seen.
    let own = serde_json::from_str::<IgnoredAny>(json).err();
    let error = own.as_ref().unwrap_or(error);
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    let hint = if error.is_eof() { "; the record ends early: each must stand whole on one line" } else { "" };
    format!("invalid JSON at column {}: {message}{hint}", error.column())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Names;

    fn text_of(record: &str, fields: &Fields) -> Option<String> {
        text_value(record, fields).map(|value| value.of(record).to_string())
    }

    #[test]
    fn finds_the_literal() {
        let fields = Fields::default();
        assert_eq!(text_of(r#" {"id": 1, "text" :  "a\n\"b" , "x": {"text": "no"}}"#, &fields).unwrap(), r#""a\n\"b""#);
        assert_eq!(text_of(r#"{"text": null, "body": "b", "content": "c"}"#, &fields).unwrap(), r#""c""#);
        assert_eq!(text_of(r#"{"text": 1, "content": "c"}"#, &fields), None);
        assert_eq!(text_of(r#"{"te\u0078t": "c"}"#, &fields).unwrap(), r#""c""#);
        assert_eq!(text_of(r#"["text"]"#, &fields), None);
        assert_eq!(text_of(r#"{"text": "a"} x"#, &fields), None);
        assert_eq!(text_of("", &fields), None);
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let fields = Fields::default();
        assert_eq!(text_of(r#"{"text": "a", "text": "b"}"#, &fields).unwrap(), r#""b""#);
        assert_eq!(text_of(r#"{"text": "a", "text": null}"#, &fields), None);
        let nested = Fields { text: Names::only("m.t"), ..Fields::default() };
        assert_eq!(text_of(r#"{"m": {"t": "a"}, "m": {}}"#, &nested), None);
    }

    #[test]
    fn dots_step_into_objects() {
        let nested = Fields { text: Names::only("a.b.c"), ..Fields::default() };
        assert_eq!(text_of(r#"{"a": {"c": "no", "b": {"c": "yes"}}}"#, &nested).unwrap(), r#""yes""#);
        assert_eq!(text_of(r#"{"a": {"b.c": "yes"}}"#, &nested).unwrap(), r#""yes""#);
        assert_eq!(text_of(r#"{"a.b.c": "yes"}"#, &nested).unwrap(), r#""yes""#);
        assert_eq!(text_of(r#"{"a": "b", "b": {"c": "no"}}"#, &nested), None);
    }

    #[test]
    fn lone_surrogates_in_keys_and_values_do_no_harm() {
        let record = r#"{"\ud800": "\udc00", "x\ud800": 1, "text": "a\ud800"}"#;
        assert_eq!(text_of(record, &Fields::default()).unwrap(), r#""a\ud800""#);
        assert_eq!(keys(record).len(), 3);
    }

    #[test]
    fn raw_control_characters_are_refused_wherever_they_stand() {
        for record in [
            "{\"te\tx\": 1, \"text\": \"a\"}",
            "{\"text\": \"a\u{1}\"}",
            "{\"x\": {\"\u{1b}\\n\": 1}, \"text\": \"a\"}",
        ] {
            assert_eq!(text_of(record, &Fields::default()), None, "{record:?}");
            let refused = refusal(record, &scan(record, &[], &mut []).unwrap_err());
            assert!(refused.contains("control character") && refused.contains("at column"), "{refused}");
        }
        assert_eq!(text_of("{\"a\\tb\":\t1,\t\"text\": \"a\\u0001\"}\r", &Fields::default()).unwrap(), "\"a\\u0001\"");
    }

    #[test]
    fn refusals_say_what_is_wrong() {
        let refuse = |json: &str| refusal(json, &scan(json, &[], &mut []).unwrap_err());
        assert!(refuse("[1]").contains("an array"));
        assert!(refuse("12").contains("a number"));
        assert!(refuse("[1,").contains("invalid JSON at column 3"), "{}", refuse("[1,"));
        assert!(refuse(r#"{"a": tru}"#).contains("at column 10"), "{}", refuse(r#"{"a": tru}"#));
        assert!(refuse("{").contains("whole on one line"));
        assert!(refuse("hello").contains("invalid JSON at column 1"), "{}", refuse("hello"));
    }
}
