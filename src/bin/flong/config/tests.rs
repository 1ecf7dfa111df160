//! What the code reads, the schema says to editors and `docs/config.md` says to people: the same.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::*;

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("it is part of the repository")
}

fn schema() -> Value {
    serde_json::from_str(&text("schema/flong.schema.json")).expect("the schema is JSON")
}

/// The example of `docs/config.md`, which uses every key.
fn example() -> String {
    let page = text("docs/config.md");
    let (_, rest) = page.split_once("```toml\n").expect("the page has an example");
    rest.split_once("```").expect("the example ends").0.to_string()
}

fn as_json(toml: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(toml).expect("it is TOML")).expect("it is a table")
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("it is an object").keys().cloned().collect()
}

#[test]
fn the_example_uses_every_key_that_there_is() {
    let config = Config::parse(&example()).unwrap();
    let written = serde_json::to_value(toml::Table::try_from(&config).unwrap()).unwrap();
    let schema = schema();
    assert_eq!(keys(&written), keys(&schema["properties"]));
    for list in ["markers", "calls", "frames"] {
        assert_eq!(keys(&written[list][0]), keys(&schema["properties"][list]["items"]["properties"]), "{list}");
    }
    // Nothing is lost between the file and what was read, so that no key is overlooked in either.
    assert_eq!(written, as_json(&example()));
}

#[test]
fn the_schema_takes_what_is_read_and_refuses_what_is_not() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let errors: Vec<String> = validator.iter_errors(&as_json(&example())).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    for bad in [
        "text_field = \"a\"",
        "text-field = 1",
        "grain = [\"word\"]",
        "level = \"neer\"",
        "keep = \"oldest\"",
        "drop = \"none\"",
        "threads = 0",
        "ignore = [\"FL4\"]",
        "fail-on = \"off\"",
        "severity = { FL301 = \"fatal\" }",
        "severity = { X1 = \"off\" }",
        "markers = [{ text = \"a\" }]",
        "markers = [{ text = \"a\", strength = \"strong\" }]",
        "calls = [{ text = \"a\", where = \"top\" }]",
        "frames = [{ template = \"no slot\" }]",
    ] {
        assert!(Config::parse(bad).is_err(), "read: {bad}");
        assert!(!validator.is_valid(&as_json(bad)), "valid: {bad}");
    }
    for rule in flong::judge::Rule::ALL {
        for code in [rule.code(), &rule.code()[..3], &rule.code()[..4]] {
            assert!(validator.is_valid(&json!({"only": [code]})), "{code}");
        }
    }
}

#[test]
fn the_schema_lists_values_that_are_read() {
    let properties = &schema()["properties"];
    let one = |key: &str, value: &str| match key {
        "grain" => format!("grain = [\"{value}\"]"),
        "severity" => format!("severity = {{ FL1 = \"{value}\" }}"),
        "markers" => format!("markers = [{{ text = \"a\", strength = \"{value}\" }}]"),
        "calls" => format!("calls = [{{ text = \"a\", where = \"{value}\" }}]"),
        _ => format!("{key} = \"{value}\""),
    };
    let mut seen = 0;
    for (key, at) in [
        ("grain", "/items/enum"),
        ("level", "/enum"),
        ("remove", "/enum"),
        ("fail-on", "/enum"),
        ("severity", "/additionalProperties/enum"),
        ("markers", "/items/properties/strength/enum"),
        ("calls", "/items/properties/where/enum"),
    ] {
        let values =
            properties[key].pointer(at).and_then(Value::as_array).expect("the schema has an enumeration there");
        for value in values.iter().filter_map(Value::as_str) {
            let config = Config::parse(&one(key, value));
            assert!(config.is_ok(), "{key} = {value}: {config:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, 3 + 3 + 3 + 3 + 4 + 3 + 3, "every value that there is");
}

#[test]
fn the_schema_gives_the_defaults_that_hold() {
    let table = serde_json::to_value(toml::Table::try_from(Config::defaults()).unwrap()).unwrap();
    let mut seen = 0;
    for (key, property) in schema()["properties"].as_object().unwrap() {
        if let Some(default) = property.get("default") {
            assert_eq!(default, &table[key], "{key}");
            seen += 1;
        }
    }
    assert_eq!(seen, 6);
}

#[test]
fn what_is_shown_is_a_file_that_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flong.toml");
    std::fs::write(&path, example()).unwrap();
    let args = crate::args::ConfigArgs { config: Some(path), isolated: false };
    let given = Config { level: Some(flong::verify::Level::Exact), ..Config::default() };
    let settings = settings_of(&args, &[], given.clone()).unwrap();
    let mut shown = Vec::new();
    show(&settings, &given, &mut crate::say::Lines::new(&mut shown)).unwrap();
    let shown = String::from_utf8(shown).unwrap();

    let table = |config: &Config| serde_json::to_value(toml::Table::try_from(config).unwrap()).unwrap();
    let mut again = table(&Config::parse(&shown).unwrap());
    let severities = again["severity"].take();
    assert_eq!(severities.as_object().unwrap().len(), flong::judge::Rule::ALL.len(), "every rule");
    assert_eq!(
        (&severities["FL101"], &severities["FL103"], &severities["FL303"]),
        (&"error".into(), &"note".into(), &"off".into())
    );
    let mut there = as_json(&example());
    there["severity"].take();
    there["level"] = "exact".into();
    assert_eq!(again, there, "{shown}");
    assert!(shown.contains("level = \"exact\"  # --level\n"), "{shown}");
    let line = 1 + example().lines().position(|line| line.starts_with("keep = ")).unwrap();
    assert!(shown.contains(&format!("flong.toml:{line}\n")), "{shown}");
}
