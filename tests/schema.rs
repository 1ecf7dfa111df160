//! `schema/outputs.schema.json` says what is written: every line of real outputs is valid by it, and it names nothing that is
//! never written.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flong::judge::Rule;
use flong::verify::Kind;
use serde_json::{Value, json};

use crate::cli::flong;
use crate::inputs::root;

/// The definition of each file's lines.
const FILES: [(&str, &str); 6] = [
    ("matches.jsonl", "match"),
    ("clusters.jsonl", "cluster"),
    ("ledger.jsonl", "ledger"),
    ("dropped.jsonl", "dropped"),
    ("seen.jsonl", "seen"),
    ("summary.json", "summary"),
];

fn schema() -> Value {
    let text = fs::read_to_string(root().join("schema/outputs.schema.json")).expect("the schema is there");
    serde_json::from_str(&text).expect("the schema is JSON")
}

/// Runs that write lines of every kind, each to a folder: all grains, repeated and cut texts of JSON Lines and CSV, records
/// that cannot be read, texts that an index has seen, and texts of which nothing is left.
fn runs(here: &Path) -> [&'static str; 2] {
    let feed = "<rss version=\"2.0\"><channel><item><guid>1</guid><description>The ferry &amp; the barge</description></item>\
                </channel></rss>";
    let link = r#"{"id": "link", "text": "READ ALSO: Maize Prices Rise For The Third Week\n"}"#;
    let half = r#"{"id": "half", "text": "Half of a pair \ud800 in a text that is not repeated anywhere at all."}"#;
    fs::write(here.join("in.jsonl"), format!("{link}\n{half}\n{{\"id\":\n")).expect("there is room");
    fs::write(here.join("feed.xml"), feed).expect("there is room");
    let ferry = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
    let line = |id: &str| format!("{{\"id\": \"{id}\", \"text\": \"{ferry}\"}}\n");
    fs::write(here.join("old.jsonl"), line("old")).expect("there is room");
    fs::write(here.join("new.jsonl"), line("new")).expect("there is room");
    let commands = [
        "clean $CORPUS in.jsonl feed.xml --grain document,paragraph,sentence --passages --out cleaned",
        "index add seen.flong old.jsonl",
        "find $CORPUS new.jsonl --index seen.flong --out found",
    ];
    for command in commands {
        let output = flong(here, command, None);
        assert_ne!(output.status.code(), Some(2), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    ["cleaned", "found"]
}

/// Adds the names of the properties of a value, with a dot before those of its parts.
fn observe(value: &Value, name: &str, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let name = format!("{name}.{key}");
                observe(value, &name, names);
                names.insert(name);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| observe(value, name, names)),
        _ => {}
    }
}

/// Returns the names of all properties that a part of a schema describes.
fn described(schema: &Value, part: &Value, name: &str, names: &mut BTreeSet<String>) {
    if let Some(reference) = part["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        let part = schema.pointer(reference).unwrap_or_else(|| panic!("{reference} is there"));
        return described(schema, part, name, names);
    }
    for (key, part) in part["properties"].as_object().into_iter().flatten() {
        let name = format!("{name}.{key}");
        described(schema, part, &name, names);
        names.insert(name);
    }
    let parts = ["anyOf", "allOf"].iter().filter_map(|of| part[of].as_array()).flatten();
    parts.chain(part.get("items")).for_each(|part| described(schema, part, name, names));
}

#[test]
fn outputs_are_what_the_schema_says() {
    let here = tempfile::tempdir().expect("there is room");
    let schema = schema();
    let folders = runs(here.path());
    for (file, name) in FILES {
        let mut own = schema.clone();
        own["anyOf"] = json!([{ "$ref": format!("#/definitions/{name}") }]);
        let validator = jsonschema::validator_for(&own).expect("the schema is one");
        let texts = folders.iter().filter_map(|folder| fs::read_to_string(here.path().join(folder).join(file)).ok());
        let values: Vec<Value> = match file {
            "summary.json" => texts.map(|text| serde_json::from_str(&text).expect("JSON")).collect(),
            _ => texts.flat_map(|text| lines(&text)).collect(),
        };
        assert!(!values.is_empty(), "there is no line of {file}");
        let mut written = BTreeSet::new();
        for value in &values {
            let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{file}: {value}\n{errors:?}");
            observe(value, "", &mut written);
        }
        let mut names = BTreeSet::new();
        described(&schema, &schema["definitions"][name], "", &mut names);
        let never: Vec<&String> = names.difference(&written).collect();
        assert!(never.is_empty(), "{file}: the schema names what is never written: {never:?}");

        // The schema is one that refuses: a field less, a field more, a value of another type.
        for change in [Value::Null, json!({"more": 1}), json!([])] {
            let mut bad = values[0].clone();
            let fields = bad.as_object_mut().expect("an object");
            let first = schema["definitions"][name]["required"][0].as_str().expect("a name").to_owned();
            match &change {
                Value::Null => drop(fields.remove(&first)),
                Value::Object(more) => fields.extend(more.clone()),
                other => drop(fields.insert(first, other.clone())),
            }
            assert!(!validator.is_valid(&bad), "{file}: {bad}");
        }
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[test]
fn the_schema_names_every_rule_and_kind() {
    let schema = schema();
    let named = |definition: &str| -> BTreeSet<String> {
        let names = schema["definitions"][definition]["enum"].as_array().expect("an enumeration");
        names.iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(named("rule"), Rule::ALL.iter().map(|rule| rule.code().to_owned()).collect());
    assert_eq!(named("kind"), Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect());
    assert_eq!(named("word").len(), Rule::ALL.len());
}
