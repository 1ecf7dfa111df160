//! What can stop a run, and what is reported and passed over.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// What stops a run. Each message says what happened, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}{}", path.display(), remedy(source))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// An argument or a parameter makes no sense; the text says which and what would.
    #[error("{0}")]
    Usage(String),
    /// A file that flong wrote earlier is damaged or is not what it should be.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// A record could not be read, and none was to be skipped.
    #[error("{0}; without --strict it is skipped")]
    Unreadable(Problem),
}

impl Error {
    /// An I/O error at a path.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Error::Io { path: path.into(), source }
    }
}

/// What to do about an operating system's reason, where it does not say that itself.
fn remedy(source: &std::io::Error) -> &'static str {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    match source.kind() {
        StorageFull | QuotaExceeded => "; make room there, or write to another disk; what was there is as it was",
        FileTooLarge => "; allow larger files (ulimit -f), or write to another disk; what was there is as it was",
        _ => "",
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Something in the input that was passed over (or read with a conversion), never silently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The input as the user named it.
    pub input: String,
    /// The line in that input, or the row of a Parquet table, counted from 1; 0 for the whole input.
    pub line: u64,
    /// What is wrong, in words, and what to do where there is something to do.
    pub reason: String,
    /// Whether text was skipped for it (true) or the text was read all the same (false).
    pub skipped: bool,
    /// How many records it is about; 1 where that is not known.
    pub records: u64,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.input, self.reason),
            line => write!(f, "{}:{}: {}", self.input, line, self.reason),
        }
    }
}
