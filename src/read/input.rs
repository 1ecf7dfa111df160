//! What is read: a file or standard input, and how it is packed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The format of an input: how its records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text: the whole input is one document.
    Text,
    /// JSON Lines: each line is an object, and each object a document.
    JsonLines,
    /// CSV: the first row names the columns, and each other row is a document. Commas, semicolons, tabs or bars separate
    /// the fields.
    Csv,
    /// CSV with tabs.
    Tsv,
    /// Parquet: each row is a document.
    Parquet,
    /// A feed: RSS, Atom or JSON Feed. Each item is a document.
    Feed,
    /// A page of HTML: its main text is one document.
    Html,
    /// A crawl, WARC or WET: each page, and each text made of one, is a document.
    Warc,
}

impl Format {
    /// Returns whether its documents are written as lines of JSON.
    pub(crate) fn is_lines(self) -> bool {
        matches!(self, Format::JsonLines | Format::Html)
    }
}

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, of one member or several.
    Gzip,
    /// Zstandard, of one frame or several.
    Zstd,
    /// bzip2, of one stream or several.
    Bzip2,
}

impl Format {
    /// Returns whether its records are rows with the same columns.
    pub fn is_table(self) -> bool {
        matches!(self, Format::Csv | Format::Tsv | Format::Parquet)
    }
}

impl Compression {
    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Compression::None => "plain",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Bzip2 => "bzip2",
        }
    }
}

/// One file, or standard input, with how to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The name in outputs: relative as the user named it, with forward slashes; a byte that is not UTF-8 is `\xHH`.
    pub name: String,
    /// Its path; `None` is standard input.
    pub path: Option<PathBuf>,
    /// Its format.
    pub format: Format,
    /// How it is compressed.
    pub compression: Compression,
}
