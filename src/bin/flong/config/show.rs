//! The settings that apply, and where each comes from.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;

use flong::check::Severity;
use flong::config::{Config, ConfigFile, RuleCode, Settings};
use flong::escape::json_string;
use flong::judge::Rule;
use toml::de::DeTable;
use toml::{Table, Value};

use crate::say::Lines;

/// Writes the settings as TOML. A comment after each says where it comes from.
pub fn show(settings: &Settings, given: &Config, out: &mut Lines) -> io::Result<()> {
    let origins = Origins::of(settings, given);
    let effective = table(&settings.config().clone().over(Config::defaults()));
    match settings.file() {
        Some(file) => writeln!(out, "# {}, and what it leaves to flong", file.path.display())?,
        None => writeln!(out, "# no flong.toml; what flong does by itself")?,
    }
    for key in KEYS {
        match effective.get(*key) {
            Some(value) => writeln!(out, "{key} = {}  # {}", inline(value), origins.of_key(key))?,
            None => writeln!(out, "# {key}: all processors  # {}", origins.of_key(key))?,
        }
    }
    writeln!(out)?;
    writeln!(out, "[severity]")?;
    for rule in Rule::ALL {
        let severity = settings.severity(*rule).map_or("off", Severity::name);
        writeln!(out, "{} = \"{severity}\"  # {}; {}", rule.code(), origins.of_severity(*rule), rule.title())?;
    }
    for part in PARTS {
        let Some(values) = effective.get(*part).and_then(Value::as_table) else { continue };
        writeln!(out)?;
        writeln!(out, "[{part}]")?;
        for (name, value) in values {
            writeln!(out, "{name} = {}  # {}", inline(value), origins.of_parameter(part, name))?;
        }
    }
    for key in ["ignore-in", "markers", "calls", "frames"] {
        if let Some(value) = effective.get(key) {
            writeln!(out)?;
            writeln!(out, "# {}", origins.of_key(key))?;
            section(key, value, out)?;
        }
    }
    Ok(())
}

/// Writes a table, or each table of an array, below its heading.
fn section(name: &str, value: &Value, out: &mut Lines) -> io::Result<()> {
    let body = |table: &Table, out: &mut Lines| {
        table.iter().try_for_each(|(name, value)| writeln!(out, "{} = {}", key(name), inline(value)))
    };
    match value {
        Value::Table(table) => {
            writeln!(out, "[{name}]")?;
            body(table, out)
        }
        Value::Array(tables) => (0..).zip(tables.iter().filter_map(Value::as_table)).try_for_each(|(n, table)| {
            if n > 0 {
                writeln!(out)?;
            }
            writeln!(out, "[[{name}]]")?;
            body(table, out)
        }),
        _ => Ok(()),
    }
}

/// Writes a value on one line. Strings are basic ones, in which all that acts can be escaped.
fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => json_string(text),
        Value::Array(values) => format!("[{}]", values.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let pairs: Vec<String> =
                table.iter().map(|(name, value)| format!("{} = {}", key(name), inline(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        value => value.to_string(),
    }
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if bare { name.to_owned() } else { json_string(name) }
}

/// The keys that take a line.
const KEYS: &[&str] = &[
    "text-field",
    "id-field",
    "source-field",
    "date-field",
    "title-field",
    "url-field",
    "exclude",
    "grain",
    "level",
    "keep",
    "drop",
    "remove",
    "threads",
    "only",
    "ignore",
    "fail-on",
    "ignore-items",
    "shingle",
    "set-aside",
];

/// The tables whose values are parameters.
const PARTS: &[&str] = &["fingerprints", "rewordings", "verify"];

fn table(config: &Config) -> Table {
    // TOML has no greater number.
    let most = NonZeroUsize::new(i64::MAX as usize);
    let config =
        Config { threads: config.threads.and_then(|threads| most.map(|most| threads.min(most))), ..config.clone() };
    Table::try_from(&config).expect("settings are strings, numbers, lists and tables of these")
}

/// The files and options that set each key.
#[derive(Default)]
struct Origins {
    /// The name of the file.
    file: String,
    /// The keys that options set.
    options: Table,
    /// The lines of the file's keys.
    lines: BTreeMap<String, usize>,
    /// The lines of parameters, by their table and name.
    parameters: BTreeMap<(String, String), usize>,
    /// The lines of the rules in its `severity`.
    severities: Vec<(RuleCode, usize)>,
}

impl Origins {
    fn of(settings: &Settings, given: &Config) -> Self {
        let mut origins = Origins { options: table(given), ..Origins::default() };
        let Some(ConfigFile { path, text, .. }) = settings.file() else { return origins };
        origins.file = path.display().to_string();
        let line = |byte: usize| 1 + text[..byte].matches('\n').count();
        // It was parsed before, so that this cannot fail.
        let Ok(parsed) = DeTable::parse(text) else { return origins };
        for (key, value) in parsed.get_ref().iter() {
            origins.lines.insert(key.get_ref().to_string(), line(key.span().start));
            if PARTS.contains(&&**key.get_ref()) {
                let names = value.get_ref().as_table().into_iter().flat_map(|table| table.iter());
                let place = |name: &str| (key.get_ref().to_string(), name.replace('-', "_"));
                origins.parameters.extend(names.map(|(name, _)| (place(name.get_ref()), line(name.span().start))));
            }
            let rules = value.get_ref().as_table().filter(|_| *key.get_ref() == "severity");
            for (rule, _) in rules.into_iter().flat_map(|table| table.iter()) {
                let code = rule.get_ref().parse();
                origins.severities.extend(code.ok().map(|code: RuleCode| (code, line(rule.span().start))));
            }
        }
        origins
    }

    fn of_parameter(&self, part: &str, name: &str) -> String {
        let is_given = self.options.get(part).and_then(|values| values.get(name)).is_some();
        match self.parameters.get(&(part.to_owned(), name.to_owned())) {
            _ if is_given => "--set".into(),
            Some(line) => format!("{}:{line}", self.file),
            None => "default".into(),
        }
    }

    fn of_key(&self, key: &str) -> String {
        match self.lines.get(key) {
            _ if self.options.contains_key(key) && ["shingle", "set-aside"].contains(&key) => "--set".into(),
            _ if self.options.contains_key(key) => format!("--{key}"),
            Some(line) => format!("{}:{line}", self.file),
            None => "default".into(),
        }
    }

    fn of_severity(&self, rule: Rule) -> String {
        let set = self.severities.iter().filter(|(code, _)| code.covers(rule));
        set.max_by_key(|(code, _)| code.specificity())
            .map_or("default".into(), |(_, line)| format!("{}:{line}", self.file))
    }
}
