//! Arguments of Python functions as settings.

use flong::config::{Config, ConfigFile, Settings, meant};
use flong::read::{Fields, Names};
use flong::{Error, Result};
use serde_json::{Map, Value};

use crate::errors::exception;
use pyo3::prelude::*;

/// Options of a run.
#[derive(Default)]
pub struct Options {
    pub settings: Option<Settings>,
    /// The settings that are given with the call, without those of a file.
    pub given: Config,
    /// Whether a record that cannot be read ends the run.
    pub strict: bool,
    /// Whether pieces are marked and nothing is removed.
    pub mark: bool,
    pub max_record: Option<usize>,
}

impl Options {
    /// Reads options from a JSON object. Its keys are those of a `flong.toml` with underscores, and those of this type.
    pub fn parse(json: &str) -> PyResult<Options> {
        parse(json).map_err(exception)
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        self.settings.as_ref().expect("options are parsed")
    }

    /// The number of threads that is asked for.
    pub fn threads(&self) -> Option<usize> {
        self.settings().config().threads.map(usize::from)
    }

    /// The names of columns that are asked for by the call: others may be missing.
    pub fn named(&self) -> Fields {
        let none = || Names::of(std::iter::empty::<String>());
        let names = |names: &Option<flong::config::FieldNames>| names.as_ref().map_or_else(none, |names| names.names());
        let given = &self.given;
        Fields {
            text: names(&given.text_field),
            id: names(&given.id_field),
            source: names(&given.source_field),
            date: names(&given.date_field),
            title: names(&given.title_field),
            url: names(&given.url_field),
            rank: self.settings().fields().rank,
        }
    }
}

fn parse(json: &str) -> Result<Options> {
    let wrong = |error: serde_json::Error| Error::Usage(format!("the options are no JSON: {error}"));
    let given: Map<String, Value> = serde_json::from_str(json).map_err(wrong)?;
    let mut options = Options::default();
    let mut file = None;
    for (name, value) in given {
        match (name.as_str(), &value) {
            (_, Value::Null) => {}
            ("config", Value::String(path)) => file = Some(ConfigFile::read(path)?),
            ("strict", Value::Bool(strict)) => options.strict = *strict,
            ("mark", Value::Bool(mark)) => options.mark = *mark,
            ("max_record", Value::Number(bytes)) => options.max_record = bytes.as_u64().map(|bytes| bytes as usize),
            _ => options.given = setting(&name, value)?.over(options.given),
        }
    }
    options.settings = Some(Settings::new(options.given.clone(), file)?);
    Ok(options)
}

/// Returns one setting.
fn setting(name: &str, value: Value) -> Result<Config> {
    let shown = value.to_string();
    let key = name.replace('_', "-");
    serde_json::from_value(Value::Object(Map::from_iter([(key, value)]))).map_err(|error| {
        let message = error.to_string();
        let meant = meant(&message).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        Error::Usage(format!("{}={shown}: {message}{meant}", name.trim_end_matches("_field")))
    })
}
