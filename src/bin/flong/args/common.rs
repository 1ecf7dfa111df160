//! Options that several commands have.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use flong::config::{Config, RuleCode, byte_size};
use flong::judge::Keep;
use flong::pipeline::Room;
use flong::read::{Discovery, Format, ReadOptions};
use flong::run::Inputs;
use flong::verify::Level;

use crate::input_format::InputFormat;

/// Options about what is printed.
#[derive(Debug, Clone, Args)]
pub struct OutputArgs {
    #[arg(short, long, global = true)]
    pub quiet: bool,
    #[arg(short, long, global = true)]
    pub verbose: bool,
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// The inputs.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files, folders, globs, or - for standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<OsString>,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// Options of finding and reading inputs.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    #[arg(short = 'L', long)]
    pub follow: bool,
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub max_depth: usize,
    #[arg(long, value_name = "NAME")]
    pub text_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub id_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub source_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub date_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub title_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub url_field: Option<String>,
    #[arg(long)]
    pub strict: bool,
    #[arg(long, value_name = "SIZE", value_parser = byte_size)]
    pub max_record: Option<u64>,
    #[arg(long, value_name = "SIZE", value_parser = byte_size)]
    pub max_unpacked: Option<u64>,
}

/// Limits of memory, and the place of temporary files.
#[derive(Debug, Default, Args)]
pub struct RoomArgs {
    #[arg(long, value_name = "SIZE", value_parser = byte_size)]
    pub memory: Option<u64>,
    #[arg(long, value_name = "DIR")]
    pub temp_dir: Option<PathBuf>,
}

/// Options about settings.
#[derive(Debug, Default, Args)]
pub struct ConfigArgs {
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    #[arg(long)]
    pub isolated: bool,
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub set: Vec<(String, String)>,
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// Reads a parameter and its value. Whether there is such a parameter is checked where it is set.
fn parameter(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').ok_or("a parameter is set as NAME=VALUE, such as verify.copy_weight=0.8")?;
    let (name, value) = (pair.0.trim(), pair.1.trim());
    Config::default().set(name, value).map(|()| (name.to_owned(), value.to_owned()))
}

/// Options of comparing.
#[derive(Debug, Args)]
pub struct MatchArgs {
    #[arg(long, value_name = "GRAIN", value_delimiter = ',')]
    pub grain: Vec<GrainName>,
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<LevelName>,
    #[arg(long, value_name = "POLICY")]
    pub keep: Option<Keep>,
    #[arg(long, value_name = "BOOL")]
    pub set_aside: Option<bool>,
}

/// The rules to follow.
#[derive(Debug, Args)]
pub struct RuleArgs {
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<RuleCode>,
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<RuleCode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GrainName {
    Document,
    Paragraph,
    Sentence,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LevelName {
    Exact,
    Near,
    Reworded,
}

impl RoomArgs {
    /// Returns the limits of a run.
    pub fn room(&self) -> Room {
        Room { memory_bytes: self.memory, temp_dir: self.temp_dir.clone() }
    }
}

impl InputArgs {
    /// Returns the inputs of a run.
    pub fn inputs(&self, room: &RoomArgs) -> Inputs {
        let room = room.room();
        Inputs { paths: self.inputs.clone(), discovery: self.discovery(), reading: self.options(false), room }
    }

    /// Returns the options of finding inputs.
    pub fn discovery(&self) -> Discovery {
        self.reading.discovery()
    }

    /// Returns the options of reading inputs.
    pub fn options(&self, keep_records: bool) -> ReadOptions {
        self.reading.options(keep_records)
    }
}

impl ReadingArgs {
    /// Returns the options of finding inputs.
    pub fn discovery(&self) -> Discovery {
        Discovery { format: self.format(), follow: self.follow }
    }

    /// Returns the format that was asked for.
    fn format(&self) -> Option<Format> {
        self.input_format.map(InputFormat::format)
    }

    /// Returns the options of reading inputs.
    pub fn options(&self, keep_records: bool) -> ReadOptions {
        let default = ReadOptions::default();
        let max_record = self.max_record.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
        ReadOptions {
            max_record: max_record.unwrap_or(default.max_record),
            max_unpacked: self.max_unpacked,
            strict: self.strict,
            max_depth: self.max_depth,
            keep_records,
            ..default
        }
    }
}

impl LevelName {
    /// Returns the library's value.
    pub fn level(self) -> Level {
        match self {
            LevelName::Exact => Level::Exact,
            LevelName::Near => Level::Near,
            LevelName::Reworded => Level::Reworded,
        }
    }
}
