//! The formats that are read and written, in one table.

use serde::{Deserialize, Serialize};

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident $extension:literal [$($ending:literal)*];)*) => {
        /// The format of an input: how its records are written.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Format {
            $($(#[$doc])* $variant,)*
        }

        impl Format {
            /// Returns the extension of files of this format that have no name of their own.
            pub(crate) fn extension(self) -> &'static str {
                match self { $(Format::$variant => $extension),* }
            }

            /// Returns all endings of files that name a format for certain.
            pub(super) fn endings() -> Vec<&'static str> {
                let endings: &[&[&str]] = &[$(&[$($ending),*]),*];
                endings.concat()
            }

            /// Returns the format that a file's ending in lower case names for certain.
            pub(super) fn of_ending(ending: &str) -> Option<Format> {
                let endings: &[(Format, &[&str])] = &[$((Format::$variant, &[$($ending),*])),*];
                endings.iter().find(|(_, endings)| endings.contains(&ending)).map(|&(format, _)| format)
            }
        }
    };
}

// One row a format: its extension, then the endings that name it for certain. Endings that several formats have (`.json`,
// `.xml`) are in `sniff`.
formats! {
    /// Plain text: the whole input is one document.
    Text "txt" ["txt" "text" "md"];
    /// JSON Lines: each line is an object, and each object a document.
    JsonLines "jsonl" ["jsonl" "ndjson"];
    /// CSV: the first row names the columns, and each other row is a document. Commas, semicolons, tabs or bars separate
    /// the fields.
    Csv "csv" ["csv"];
    /// CSV with tabs.
    Tsv "tsv" ["tsv" "tab"];
    /// Parquet: each row is a document.
    Parquet "parquet" ["parquet"];
    /// A feed: RSS, Atom or JSON Feed. Each item is a document.
    Feed "xml" [];
    /// A page of HTML: its main text is one document.
    Html "html" ["html" "htm" "xhtml"];
    /// A crawl, WARC or WET: each page, and each text made of one, is a document.
    Warc "warc" ["warc" "wet" "wat"];
}

impl Format {
    /// Returns whether its documents are written as lines of JSON.
    pub(crate) fn is_lines(self) -> bool {
        match self {
            Format::JsonLines | Format::Html => true,
            Format::Text | Format::Csv | Format::Tsv | Format::Parquet | Format::Feed | Format::Warc => false,
        }
    }

    /// Returns whether its records are rows with the same columns.
    pub fn is_table(self) -> bool {
        match self {
            Format::Csv | Format::Tsv | Format::Parquet => true,
            Format::Text | Format::JsonLines | Format::Feed | Format::Html | Format::Warc => false,
        }
    }
}
