//! Tests that the code, the schema and `docs/config.md` agree on every key.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::*;
use flong::config::{OptionText, option_of, options, parameters};

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("it is part of the repository")
}

fn schema() -> Value {
    serde_json::from_str(&text("schema/flong.schema.json")).expect("the schema is JSON")
}

/// Returns the example of `docs/config.md`, which uses every key.
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

/// Compares a file of the repository with what it must be; with `FLONG_ACCEPT=1` it is written anew.
fn hold(path: &str, expected: &str) {
    if std::env::var_os("FLONG_ACCEPT").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        return std::fs::write(file, expected).expect("the file can be written");
    }
    let remedy = "FLONG_ACCEPT=1 cargo test --bin flong config writes it anew from src/data";
    assert!(text(path) == expected, "{path} does not say what src/data/options.tsv and parameters.tsv say; {remedy}");
}

/// Every option of a command and of its subcommands, with the name of the command.
fn options_of(command: &clap::Command, name: &str) -> Vec<(String, String)> {
    let own = command.get_arguments().filter_map(|arg| Some((name.to_string(), arg.get_long()?.to_string())));
    let below = command.get_subcommands().flat_map(|sub| options_of(sub, format!("{name} {}", sub.get_name()).trim()));
    own.chain(below).collect()
}

/// Returns the letter of every option of a command and of its subcommands that has one, with its long name.
fn letters_of(command: &clap::Command) -> Vec<(String, char)> {
    let own = command.get_arguments().filter_map(|arg| Some((arg.get_long()?.to_string(), arg.get_short()?)));
    own.chain(command.get_subcommands().flat_map(letters_of)).collect()
}

#[test]
fn what_is_written_is_named_with_the_same_letter_everywhere() {
    let command = crate::describe::command();
    let of_output = |name: &str| ["out", "output", "output-file"].contains(&name);
    let options = options_of(&command, "").into_iter().filter(|(_, name)| of_output(name)).count();
    let letters: Vec<(String, char)> = letters_of(&command).into_iter().filter(|(name, _)| of_output(name)).collect();
    assert_eq!(letters.len(), options, "all have one: {letters:?}");
    assert!(options > 6 && letters.iter().all(|&(_, letter)| letter == 'o'), "{letters:?}");
}

#[test]
fn every_option_is_described_in_one_place() {
    let all = options_of(&crate::describe::command(), "");
    for (command, option) in &all {
        assert!(option_of(command, option).is_some(), "src/data/options.tsv has no row for --{option} of {command}");
    }
    let named: BTreeSet<&str> = all.iter().map(|(_, option)| option.as_str()).collect();
    let described = options().iter().filter(|option| option.is_option());
    let gone: Vec<&str> = described.map(|option| option.name).filter(|name| !named.contains(name)).collect();
    assert_eq!(gone, Vec::<&str>::new(), "no command has these options");
}

#[test]
fn the_schema_says_what_options_and_parameters_do() {
    let mut schema = schema();
    let properties = schema["properties"].as_object_mut().expect("the schema has properties");
    let keys: Vec<&OptionText> = options().iter().filter(|option| option.is_key).collect();
    for key in &keys {
        let property = properties.entry(key.name).or_insert_with(|| json!({}));
        property["description"] = key.sentence().into();
    }
    for parameter in parameters() {
        let unit = match parameter.unit {
            "share" => json!({"type": "number", "minimum": 0, "maximum": 1}),
            "switch" => json!({"type": "boolean"}),
            "rare words" | "evidence" | "factor" => json!({"type": "number", "minimum": 0}),
            _ => json!({"type": "integer", "minimum": 0}),
        };
        let mut described = unit;
        described["description"] = format!("{}.", parameter.text).into();
        match parameter.name.split_once('.') {
            Some((part, name)) => {
                properties[part]["type"] = "object".into();
                properties[part]["additionalProperties"] = false.into();
                properties[part]["properties"][name] = described;
            }
            None => {
                let key = parameter.name.replace('_', "-");
                described["description"] = properties[&key]["description"].take();
                properties[&key] = described;
            }
        }
    }
    let names: BTreeSet<&str> = keys.iter().map(|key| key.name).collect();
    assert_eq!(properties.keys().map(String::as_str).collect::<BTreeSet<_>>(), names);
    let written = serde_json::to_string_pretty(&schema).expect("the schema is JSON");
    hold("schema/flong.schema.json", &(written + "\n"));
}

/// Returns the tables of keys and of parameters in `docs/config.md`, between the lines that mark them.
#[test]
fn the_page_lists_every_option_key_and_parameter() {
    let cell = |text: &str| text.replace('|', "\\|");
    let letters: BTreeMap<String, char> = letters_of(&crate::describe::command()).into_iter().collect();
    let mut keys = String::from("| group | option | key | |\n|---|---|---|---|\n");
    for option in options() {
        let letter = letters.get(option.name).map_or(String::new(), |letter| format!("`-{letter}`, "));
        let flag = if option.is_option() { format!("{letter}`--{}`", option.name) } else { String::new() };
        let key = if option.is_key { format!("`{}`", option.name) } else { String::new() };
        let commands = option.commands().map_or(String::new(), |commands| format!("{commands}: "));
        keys += &format!("| {} | {flag} | {key} | {commands}{} |\n", option.group, cell(option.text));
    }
    let mut table = String::from("| parameter | default | unit | |\n|---|---|---|---|\n");
    let defaults = flong::Params::default();
    for parameter in parameters() {
        let default = defaults.get(parameter.name).expect("it is a parameter");
        table += &format!("| `{}` | {default} | {} | {} |\n", parameter.name, parameter.unit, cell(parameter.text));
    }
    let mut page = text("docs/config.md");
    for (name, table) in [("options", keys), ("parameters", table)] {
        let (start, end) = (format!("<!-- {name}, from src/data -->\n"), format!("<!-- end of {name} -->\n"));
        let (before, rest) = page.split_once(&start).expect("the page has the table");
        let (_, after) = rest.split_once(&end).expect("the table ends");
        page = format!("{before}{start}\n{table}\n{end}{after}");
    }
    hold("docs/config.md", &page);
}

#[test]
fn the_example_uses_every_key_that_there_is() {
    let config = Config::parse(&example()).unwrap();
    let written = serde_json::to_value(toml::Table::try_from(&config).unwrap()).unwrap();
    let schema = schema();
    assert_eq!(keys(&written), keys(&schema["properties"]));
    assert_eq!(keys(&schema["properties"]["verify"]["properties"]).len(), 29);
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
        "shingle = \"a\"",
        "set-aside = 1",
        "verify = { copy_wait = 0.5 }",
        "rewordings = 3",
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
    assert_eq!(seen, 6, "every default that is not a parameter");
}

#[test]
fn what_is_shown_is_a_file_that_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flong.toml");
    std::fs::write(&path, example()).unwrap();
    let args = crate::args::ConfigArgs { config: Some(path), ..Default::default() };
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
    // Every parameter is shown, with the value that applies.
    for part in ["fingerprints", "rewordings", "verify"] {
        let shown = again[part].take();
        for (name, value) in there[part].take().as_object().expect("the example sets some") {
            assert_eq!(&shown[name], value, "{name}");
        }
    }
    assert_eq!(again, there, "{shown}");
    assert!(shown.contains("level = \"exact\"  # --level\n"), "{shown}");
    let line = 1 + example().lines().position(|line| line.starts_with("keep = ")).unwrap();
    assert!(shown.contains(&format!("flong.toml:{line}\n")), "{shown}");
}
