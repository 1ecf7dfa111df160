//! The formats that are read and written, in one table.

use serde::{Deserialize, Serialize};

use super::codec::{Codec, Head, Output};
use super::{csv, feed, html, json, parquet, text, warc};

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident $name:literal $extension:literal $codec:expr;)*) => {
        /// The format of an input: how its records are written.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Format {
            $($(#[$doc])* $variant,)*
        }

        impl Format {
            /// All formats.
            pub const ALL: &[Format] = &[$(Format::$variant),*];

            /// Returns its name in options.
            pub fn name(self) -> &'static str {
                match self { $(Format::$variant => $name),* }
            }

            /// Returns the extension of files of this format that have no name of their own.
            pub(crate) fn extension(self) -> &'static str {
                match self { $(Format::$variant => $extension),* }
            }

            /// Returns what reads and writes it.
            pub(crate) fn codec(self) -> &'static dyn Codec {
                match self { $(Format::$variant => &$codec),* }
            }
        }
    };
}

// One row a format: its name in options, the extension of its files, and its codec. An input is of the last of these
// formats that recognizes it.
formats! {
    /// Plain text: the whole input is one document.
    Text "text" "txt" text::Text;
    /// JSON Lines: each line is an object, and each object a document.
    JsonLines "jsonl" "jsonl" json::JsonLines;
    /// CSV: the first row names the columns, and each other row is a document. Commas, semicolons, tabs or bars separate
    /// the fields.
    Csv "csv" "csv" csv::Csv;
    /// CSV with tabs.
    Tsv "tsv" "tsv" csv::Tsv;
    /// Parquet: each row is a document.
    Parquet "parquet" "parquet" parquet::Parquet;
    /// A feed: RSS, Atom or JSON Feed. Each item is a document.
    Feed "feed" "xml" feed::Syndicated;
    /// A page of HTML: its main text is one document.
    Html "html" "html" html::Html;
    /// A crawl, WARC or WET: each page, and each text made of one, is a document.
    Warc "warc" "warc" warc::Warc;
}

impl Format {
    /// Returns whether its records are rows with the same columns.
    pub fn is_table(self) -> bool {
        matches!(self.output(), Output::Rows { .. } | Output::Table)
    }

    /// Returns whether its records have fields with names of their own.
    pub fn has_fields(self) -> bool {
        self.codec().has_fields()
    }

    /// Returns whether its files are compressed inside, whatever their names say.
    pub(crate) fn is_packed(self) -> bool {
        self.codec().is_packed()
    }

    /// Returns where its cleaned records are written.
    pub(crate) fn output(self) -> Output {
        self.codec().output()
    }

    /// Returns the format that a file's ending in lower case names for certain.
    pub(super) fn of_ending(ending: &str) -> Option<Format> {
        Format::ALL.iter().copied().find(|format| format.codec().endings().contains(&ending))
    }

    /// Returns the format that the first bytes show: plain text if they show no other.
    pub(super) fn of_head(bytes: &[u8]) -> Format {
        let (text, _, _) = encoding_rs::UTF_8.decode(bytes);
        let head = Head { bytes, text: &text };
        Format::ALL.iter().rev().copied().find(|format| format.codec().recognizes(&head)).unwrap_or(Format::Text)
    }
}
