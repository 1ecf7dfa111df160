//! Formats of inputs, as options name them.

use clap::ValueEnum;
use flong::read::Format;

/// A format that an input is read as.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum InputFormat {
    Text,
    Jsonl,
    Csv,
    Tsv,
    Parquet,
    /// RSS, Atom, JSON Feed, or JSON: an array of records, or records one after the other
    #[value(alias = "json")]
    Feed,
    Html,
    Warc,
}

impl InputFormat {
    /// Returns the library's value.
    pub fn format(self) -> Format {
        match self {
            InputFormat::Text => Format::Text,
            InputFormat::Jsonl => Format::JsonLines,
            InputFormat::Csv => Format::Csv,
            InputFormat::Tsv => Format::Tsv,
            InputFormat::Parquet => Format::Parquet,
            InputFormat::Feed => Format::Feed,
            InputFormat::Html => Format::Html,
            InputFormat::Warc => Format::Warc,
        }
    }
}
