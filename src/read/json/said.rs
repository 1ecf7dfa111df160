//! A JSON record -> its values.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use super::literal::decode;
use super::scan::{first, keys, refusal, scan};
use crate::read::feed::host;
use crate::read::fields::Wanted;
use crate::read::{Fields, Given};

/// The values of a record.
pub(in crate::read) struct Said<'r> {
    pub id: Option<Box<str>>,
    pub source: Option<Box<str>>,
    pub title: Option<Box<str>>,
    pub date: Option<Box<str>>,
    pub url: Option<Box<str>>,
    pub rank: Option<Box<str>>,
    pub given: Given,
    pub text: Cow<'r, str>,
    /// The string that holds the text, quotes included.
    pub literal: &'r str,
    /// Whether half of a surrogate pair was replaced.
    pub replaced: bool,
}

/// The message that half of a surrogate pair was replaced.
pub(in crate::read) const REPLACED: &str = "a \\u escape is half of a surrogate pair: read as U+FFFD";

/// Reads a record. `values` has a slot for each name that is looked for; they need not be empty.
///
/// # Errors
/// If it is not a JSON object, or has no text: in words.
pub(in crate::read) fn said<'r>(
    record: &'r str,
    fields: &Fields,
    wanted: &Wanted,
    values: &mut [Option<&'r str>],
) -> Result<Said<'r>, String> {
    values.fill(None);
    scan(record, &wanted.wants, values).map_err(|e| refusal(record, &e))?;
    let literal = text_literal(record, fields, wanted, values)?;
    let (text, mut replaced) = decode(literal);
    if text.len() > u32::MAX as usize {
        return Err("the text is longer than 4 GiB: split it".into());
    }
    let mut value_of = |slots: &Range<usize>| {
        let (value, lossy) = values[slots.clone()].iter().flatten().find_map(|raw| scalar(raw))?;
        replaced |= lossy;
        Some(value)
    };
    let (id, source, title) = (value_of(&wanted.id), value_of(&wanted.source), value_of(&wanted.title));
    let (date, url, rank) = (value_of(&wanted.date), value_of(&wanted.url), value_of(&wanted.rank));
    let given = Given {
        id: id.is_some(),
        source: source.is_some(),
        title: title.is_some(),
        date: date.is_some(),
        url: url.is_some(),
        rank: rank.is_some(),
    };
    Ok(Said {
        id,
        source: source.or_else(|| host(url.as_deref()?).map(Into::into)),
        title,
        date,
        url,
        rank,
        given,
        text,
        literal,
        replaced,
    })
}

/// Returns the raw string that holds the text, or why there is none.
fn text_literal<'r>(
    record: &str,
    fields: &Fields,
    wanted: &Wanted,
    values: &[Option<&'r str>],
) -> Result<&'r str, String> {
    let slots = wanted.text.clone();
    let Some(raw) = first(&values[slots.clone()]) else {
        let names: Vec<_> = fields.text.iter().collect();
        let hint = inner_records(record, fields).map(|path| {
            format!("; the array {path} in it holds such records: make a file of them, as jq -c '{path}[]' does")
        });
        return Err(format!(
            "no text: none of the fields {} is there; {}{}",
            names.join(", "),
            there(record),
            hint.unwrap_or_default()
        ));
    };
    if raw.starts_with('"') {
        return Ok(raw);
    }
    let at = values[slots].iter().position(|value| *value == Some(raw)).unwrap_or_default();
    let name = fields.text.iter().nth(at).unwrap_or_default();
    let kind = match raw.as_bytes() {
        [b'{', ..] => "an object",
        [b'[', ..] => "an array",
        [b't' | b'f', ..] => "true or false",
        _ => "a number",
    };
    Err(format!("the text field {name} is {kind}, not a string"))
}

/// Returns where in an object an array of records with a text is, as jq writes it: `.response.docs`.
fn inner_records(record: &str, fields: &Fields) -> Option<String> {
    /// A longer record is not searched.
    const MAX_SEARCHED_BYTES: usize = 16 << 20;
    const MAX_DEPTH: usize = 4;
    fn path(value: &Value, fields: &Fields, depth: usize) -> Option<String> {
        let is_record = |value: &Value| fields.text.iter().any(|name| value.get(name).is_some_and(Value::is_string));
        let (key, rest) = value.as_object()?.iter().find_map(|(key, value)| match value {
            Value::Array(array) if array.first().is_some_and(is_record) => Some((key, String::new())),
            Value::Object(_) if depth < MAX_DEPTH => Some((key, path(value, fields, depth + 1)?)),
            _ => None,
        })?;
        let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !key.starts_with(|c: char| c.is_ascii_digit());
        plain.then(|| format!(".{key}{rest}"))
    }
    if record.len() > MAX_SEARCHED_BYTES || !record.contains('[') {
        return None;
    }
    path(&serde_json::from_str(record).ok()?, fields, 0)
}

/// Returns the value as text, and whether a lone surrogate in it was replaced. What is empty, null or more than one value
/// says nothing, and leaves it to the next name.
fn scalar(raw: &str) -> Option<(Box<str>, bool)> {
    match raw.as_bytes() {
        b"null" | b"\"\"" | [b'{' | b'[', ..] => None,
        [b'"', ..] => {
            let (text, replaced) = decode(raw);
            Some((text.into(), replaced))
        }
        _ => Some((raw.into(), false)),
    }
}

/// Returns the fields that a record has, for a message: the first few, shortened.
pub(in crate::read) fn there(record: &str) -> String {
    const SHOWN: usize = 12;
    const LONGEST: usize = 40;
    let keys = keys(record);
    if keys.is_empty() {
        return "the object is empty".into();
    }
    let shown: Vec<String> = keys.iter().take(SHOWN).map(|key| key.chars().take(LONGEST).collect()).collect();
    let more = if keys.len() > SHOWN { ", …" } else { "" };
    format!("there are {}{more}", shown.join(", "))
}
