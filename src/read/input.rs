//! Inputs: files or standard input, with their format and compression.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::format::Format;

/// The compression of an input.
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

impl Compression {
    /// Returns its name in messages.
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
    /// Its compression.
    pub compression: Compression,
}

impl Input {
    /// Returns the length of its file, in bytes as they are stored; `None` if it is no file, such as a pipe.
    pub(crate) fn stored_bytes(&self) -> Option<u64> {
        let file = std::fs::metadata(self.path.as_ref()?).ok()?;
        file.is_file().then_some(file.len())
    }
}
