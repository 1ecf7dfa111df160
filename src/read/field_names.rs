//! The names of the fields that inputs have: for messages about names that they do not have.

use serde_json::Value;

use super::{Fields, Format, Input, ReadOptions, open};

/// Most records of an input that are looked at.
const MOST_RECORDS: usize = 100;
/// Most objects in each other that are stepped into.
const MAX_DEPTH: usize = 4;

/// Returns the names of the fields or columns that the beginning of an input has, in their order, with a dot before what is
/// inside of an object. None if it cannot be read, or has no named fields.
pub(crate) fn field_names(input: &Input) -> Vec<String> {
    input.format.codec().field_names(input)
}

/// Returns the names of the fields of records of JSON.
pub(super) fn of_json(input: &Input) -> Vec<String> {
    let text = beginning(input);
    let mut names = Vec::new();
    let values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    for value in values.map_while(Result::ok).take(MOST_RECORDS) {
        match &value {
            Value::Array(records) => records.iter().take(MOST_RECORDS).for_each(|it| add(it, "", 0, &mut names)),
            record => add(record, "", 0, &mut names),
        }
    }
    names
}

/// Returns the first lines of an input.
pub(super) fn beginning(input: &Input) -> String {
    let lines = Input { format: Format::JsonLines, ..input.clone() };
    let blocks = open(&lines, 0, &Fields::default(), &ReadOptions::default());
    blocks.ok().and_then(|mut blocks| blocks.next()).map_or(String::new(), |block| block.text)
}

/// Adds the names of an object's fields, after `before`.
fn add(value: &Value, before: &str, depth: usize, names: &mut Vec<String>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let name = format!("{before}{key}");
        if value.is_object() && depth < MAX_DEPTH {
            add(value, &format!("{name}."), depth + 1, names);
        } else if !names.contains(&name) {
            names.push(name);
        }
    }
}
