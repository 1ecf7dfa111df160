//! Arguments of Python functions as settings.

use std::ffi::OsString;
use std::path::PathBuf;

use flong::config::{Config, ConfigFile, FieldNames, Settings, byte_size, locate, meant};
use flong::pipeline::{Room, useful_threads};
use flong::read::{Fields, Names, ReadOptions};
use flong::run::{Inputs, OutFolder};
use flong::{Error, Result};
use pyo3::prelude::*;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::errors::{exception, usage};

/// Options of a run.
pub struct Options {
    settings: Settings,
    /// The settings that are given with the call, without those of a file.
    given: Config,
    /// The others.
    pub others: Others,
}

/// Options that are no settings: they cannot be given in a `flong.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Others {
    /// The `flong.toml` to read.
    config: Option<PathBuf>,
    /// Whether no `flong.toml` is looked for.
    isolated: bool,
    /// Whether a record that cannot be read ends the run.
    strict: bool,
    /// The longest record that is read, in bytes.
    max_record: Option<ByteSize>,
    /// The memory that the run may take.
    memory: Option<ByteSize>,
    /// The folder for temporary files.
    temp_dir: Option<PathBuf>,
    /// The folder to write.
    out: Option<PathBuf>,
    /// Whether the folder is replaced if it is an earlier output.
    force: bool,
    /// Whether pieces are marked and nothing is removed.
    pub mark: bool,
    /// Whether a folder is replaced even if no document is left.
    pub allow_empty: bool,
    /// The index of what was seen before.
    pub index: Option<PathBuf>,
    /// Whether what is kept is added to the index.
    pub update: bool,
}

/// A number of bytes, or a text such as `4G`.
#[derive(Debug, Clone, Copy)]
struct ByteSize(u64);

impl<'de> Deserialize<'de> for ByteSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            other => other.to_string(),
        };
        byte_size(&text).map(ByteSize).map_err(D::Error::custom)
    }
}

/// The names of the options that are no settings.
const OTHERS: &[&str] = &[
    "config",
    "isolated",
    "strict",
    "max_record",
    "memory",
    "temp_dir",
    "out",
    "force",
    "mark",
    "allow_empty",
    "index",
    "update",
];

impl Options {
    /// Reads options from a JSON object. Its keys are those of a `flong.toml` with underscores, and those of [`Others`]. For
    /// `paths`, a `flong.toml` is looked for as the command line does.
    pub fn parse(json: &str, paths: &[OsString]) -> PyResult<Options> {
        parse(json, paths).map_err(exception)
    }

    /// Returns options that say the same where the file of the settings is not at hand: `json`, over what the file says.
    pub fn without_file(json: &str) -> PyResult<String> {
        let settings = Options::parse(json, &[])?.settings;
        let whole = || -> serde_json::Result<String> {
            let mut given: Map<String, Value> = serde_json::from_str(json)?;
            given.retain(|name, _| name != "config" && OTHERS.contains(&name.as_str()));
            if let Value::Object(config) = serde_json::to_value(settings.config())? {
                given.extend(config);
            }
            serde_json::to_string(&given)
        };
        whole().map_err(|error| usage(format!("the settings cannot be written: {error}")))
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The number of threads to start.
    pub fn threads(&self) -> usize {
        useful_threads(self.settings.config().threads)
    }

    /// How records are read.
    pub fn reading(&self) -> ReadOptions {
        let default = ReadOptions::default();
        let max_record = self.others.max_record.map_or(default.max_record, |size| size.0 as usize);
        ReadOptions { strict: self.others.strict, max_record, ..default }
    }

    /// What the run may take of the machine.
    pub fn room(&self) -> Room {
        Room { memory_bytes: self.others.memory.map(|size| size.0), temp_dir: self.others.temp_dir.clone() }
    }

    /// Inputs to be read.
    pub fn inputs(&self, paths: Vec<OsString>) -> Inputs {
        Inputs { reading: self.reading(), room: self.room(), ..Inputs::of(paths) }
    }

    /// The folder to write, if one is asked for.
    pub fn out_folder(&self) -> Option<OutFolder> {
        self.others.out.as_ref().map(|path| OutFolder { path: path.clone(), force: self.others.force })
    }

    /// The names of columns that are asked for by the call: others may be missing.
    pub fn named(&self) -> Fields {
        let none = || Names::of(std::iter::empty::<String>());
        let names = |names: &Option<FieldNames>| names.as_ref().map_or_else(none, FieldNames::names);
        let given = &self.given;
        Fields {
            text: names(&given.text_field),
            id: names(&given.id_field),
            source: names(&given.source_field),
            date: names(&given.date_field),
            title: names(&given.title_field),
            url: names(&given.url_field),
            rank: self.settings.fields().rank,
        }
    }
}

fn parse(json: &str, paths: &[OsString]) -> Result<Options> {
    let all: Map<String, Value> =
        serde_json::from_str(json).map_err(|error| Error::Usage(format!("the options are wrong: {error}")))?;
    let (others, settings): (Map<_, _>, Map<_, _>) =
        all.into_iter().partition(|(name, _)| OTHERS.contains(&name.as_str()));
    for (name, value) in &others {
        one::<Others>(name, name, value)?;
    }
    let others: Others = one("options", "", &Value::Object(others))?;
    let given = settings.into_iter().try_fold(Config::default(), |given, (name, value)| {
        Ok(one::<Config>(&name, &name.replace('_', "-"), &value)?.over(given))
    })?;
    let found = || paths.first().filter(|_| !others.isolated).and_then(|path| locate(Some(path)));
    let file = others.config.clone().or_else(found).map(ConfigFile::read).transpose()?;
    Ok(Options { settings: Settings::new(given.clone(), file)?, given, others })
}

/// Reads one option, which settings know by `key`; of no key, the value is all of them.
fn one<T: DeserializeOwned>(name: &str, key: &str, value: &Value) -> Result<T> {
    let object = match key {
        "" => value.clone(),
        key => Value::Object(Map::from_iter([(key.to_owned(), value.clone())])),
    };
    serde_json::from_value(object).map_err(|error| {
        let message = error.to_string();
        let meant = meant(&message).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        Error::Usage(format!("{}={value}: {message}{meant}", name.trim_end_matches("_field")))
    })
}
