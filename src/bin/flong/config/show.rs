//! The settings that are in force, and where each comes from.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroUsize;

use flong::Params;
use flong::check::Severity;
use flong::judge::Rule;
use flong::read::{Fields, Names};
use toml::de::DeTable;

use super::file::{Config, FieldNames};
use super::{RuleCode, Settings};

/// Writes the settings as TOML. A comment behind each says where it comes from.
pub fn show(settings: &Settings, given: &Config, out: &mut dyn Write) -> io::Result<()> {
    let origins = Origins::of(settings, given);
    let effective = table(&settings.config().clone().over(defaults()));
    match &settings.file {
        Some((path, _)) => writeln!(out, "# {}, and what it leaves to flong", path.display())?,
        None => writeln!(out, "# no flong.toml; what flong does by itself")?,
    }
    for key in KEYS {
        match effective.get(*key) {
            Some(value) => writeln!(out, "{key} = {value}  # {}", origins.of_key(key))?,
            None => writeln!(out, "# {key}: all processors  # {}", origins.of_key(key))?,
        }
    }
    writeln!(out, "\n[severity]")?;
    for rule in Rule::ALL {
        let severity = settings.severity(*rule).map_or("off", Severity::name);
        writeln!(out, "{} = \"{severity}\"  # {}; {}", rule.code(), origins.of_severity(*rule), rule.title())?;
    }
    for key in ["ignore-in", "markers", "calls", "frames"] {
        if let Some(value) = effective.get(key) {
            let only = toml::Table::from_iter([(key.to_string(), value.clone())]);
            write!(out, "\n# {}\n{only}", origins.of_key(key))?;
        }
    }
    Ok(())
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
];

fn table(config: &Config) -> toml::Table {
    // TOML has no greater number.
    let most = NonZeroUsize::new(i64::MAX as usize);
    let config =
        Config { threads: config.threads.and_then(|threads| most.map(|most| threads.min(most))), ..config.clone() };
    toml::Table::try_from(&config).expect("settings are strings, numbers, lists and tables of these")
}

/// What flong does by itself, but for what an empty list or table says.
pub(super) fn defaults() -> Config {
    let (fields, params) = (Fields::default(), Params::default());
    let names = |names: &Names| Some(FieldNames::Several(names.iter().map(Into::into).collect()));
    Config {
        text_field: names(&fields.text),
        id_field: names(&fields.id),
        source_field: names(&fields.source),
        date_field: names(&fields.date),
        title_field: names(&fields.title),
        url_field: names(&fields.url),
        exclude: Some(Vec::new()),
        grain: Some(params.grains),
        level: Some(params.level),
        keep: Some(params.keep),
        drop: Some(params.drop),
        remove: Some(params.remove),
        only: Some(Vec::new()),
        ignore: Some(Vec::new()),
        fail_on: Some(Severity::Warning),
        ignore_items: Some(Vec::new()),
        ..Config::default()
    }
}

/// Where keys are set.
struct Origins {
    /// The name of the file.
    file: String,
    /// The keys that options set.
    options: toml::Table,
    /// The lines of the file's keys.
    lines: BTreeMap<String, usize>,
    /// The same for the rules of its `severity`.
    severities: Vec<(RuleCode, usize)>,
}

impl Origins {
    fn of(settings: &Settings, given: &Config) -> Self {
        let mut origins =
            Origins { file: String::new(), options: table(given), lines: BTreeMap::new(), severities: Vec::new() };
        let Some((path, text)) = &settings.file else { return origins };
        origins.file = path.display().to_string();
        let line = |byte: usize| 1 + text[..byte].matches('\n').count();
        // It was parsed before, so that this cannot fail.
        let Ok(parsed) = DeTable::parse(text) else { return origins };
        for (key, value) in parsed.get_ref().iter() {
            origins.lines.insert(key.get_ref().to_string(), line(key.span().start));
            let rules = value.get_ref().as_table().filter(|_| *key.get_ref() == "severity");
            for (rule, _) in rules.into_iter().flat_map(|table| table.iter()) {
                let code = rule.get_ref().parse();
                origins.severities.extend(code.ok().map(|code: RuleCode| (code, line(rule.span().start))));
            }
        }
        origins
    }

    fn of_key(&self, key: &str) -> String {
        match self.lines.get(key) {
            _ if self.options.contains_key(key) => format!("--{key}"),
            Some(line) => format!("{}:{line}", self.file),
            None => "default".into(),
        }
    }

    fn of_severity(&self, rule: Rule) -> String {
        let set = self.severities.iter().filter(|(code, _)| code.covers(rule));
        set.max_by_key(|(code, _)| code.len()).map_or("default".into(), |(_, line)| format!("{}:{line}", self.file))
    }
}
