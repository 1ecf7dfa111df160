//! Errors, which stop a run, and problems, which are reported while it goes on.

use std::fmt;
use std::path::PathBuf;

use serde::{Serialize, Serializer};

use crate::escape;

/// An error that stops a run. Each message says what happened, where, and what to do about it. Displayed, it is one line in
/// which data is escaped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// An argument makes no sense. The text says which, and what would do.
    Usage(String),
    /// A parameter has a value that a run cannot use.
    Parameter {
        /// The parameter, such as `thresholds.copy_weight`.
        name: &'static str,
        /// Its value.
        value: String,
        /// The reason, and the values that are valid.
        remedy: String,
    },
    /// A file that flong wrote earlier is damaged or is not what it should be.
    Damaged {
        /// The file.
        path: PathBuf,
        /// The reason, and the remedy.
        reason: String,
    },
    /// A record could not be read, and the run was not to skip any.
    Unreadable(Problem),
    /// The caller ended the run.
    Stopped,
}

impl Error {
    /// Returns an I/O error at a path.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Error::Io { path: path.into(), source }
    }

    /// Returns the message without escaping data in it, as a part of another message.
    pub(crate) fn raw(&self) -> String {
        match self {
            Error::Io { path, source } => format!("{}: {source}{}", path.display(), remedy(source)),
            Error::Usage(message) => message.clone(),
            Error::Parameter { name, value, remedy } => format!("{name} = {value}: {remedy}"),
            Error::Damaged { path, reason } => format!("{}: {reason}", path.display()),
            Error::Stopped => "the run was stopped".into(),
            Error::Unreadable(problem) => format!("{}; without --strict it is skipped", problem.raw()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape::message(self.raw()))
    }
}

/// Returns what to do about an operating system's error, if the error does not say it.
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

/// Something in the input that was skipped, or read with a conversion. Displayed, it is one
/// line in which data is escaped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The input as the user named it.
    pub input: String,
    /// The line in that input, or the row of a Parquet table, counted from 1; 0 for the whole input.
    pub line: u64,
    /// The reason, in words, and the remedy where there is one.
    #[serde(serialize_with = "cut")]
    pub reason: String,
    /// Whether text was skipped for it (true) or the text was read all the same (false).
    pub skipped: bool,
    /// The number of records that it is about; 1 if that is not known.
    pub records: u64,
}

impl Problem {
    fn raw(&self) -> String {
        match self.line {
            0 => format!("{}: {}", self.input, self.reason),
            line => format!("{}:{}: {}", self.input, line, self.reason),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape::message(self.raw()))
    }
}

/// Writes a reason; of one that is too long to be read, the middle is left out.
fn cut<S: Serializer>(reason: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&escape::cut(reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(reason: &str) -> Problem {
        Problem { input: "a\n.xml".into(), line: 3, reason: reason.into(), skipped: true, records: 1 }
    }

    #[test]
    fn nothing_in_a_message_acts() {
        let path = PathBuf::from("a\n::add-mask::b\u{1b}[2J");
        let errors = [
            Error::io(&path, std::io::Error::other("no\u{9b}2J")),
            Error::Usage("::error::x \u{202e}".into()),
            Error::Damaged { path, reason: "bad \u{7}".into() },
            Error::Unreadable(problem("bad \u{2028}")),
        ];
        let told = errors.map(|error| error.to_string());
        assert_eq!(told[0], r"a\n::add-mask::b\u{1b}[2J: no\u{9b}2J");
        assert_eq!(told[1], r"\u{3a}:error::x \u{202e}");
        assert_eq!(told[2], r"a\n::add-mask::b\u{1b}[2J: bad \u{7}");
        assert_eq!(told[3], r"a\n.xml:3: bad \u{2028}; without --strict it is skipped");
    }

    #[test]
    fn a_parser_that_quotes_its_input_is_cut() {
        let problem = problem(&format!("expected one thing, found {}", "x".repeat(1 << 20)));
        assert!(problem.to_string().len() < 1100 && problem.to_string().starts_with("a\\n.xml:3: expected one thing"));
        assert!(serde_json::to_string(&problem).unwrap().len() < 1200);
    }
}
