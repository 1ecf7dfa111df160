//! A writer that escapes active characters.

use std::io::{self, Write};

use super::{inert, json, push_escape};

/// Wraps a writer of a format and escapes active characters in everything that is written, except line ends and tabs. No
/// format has such characters in its syntax: they can only be data that was written without its medium's function.
///
/// Each call must write valid UTF-8.
#[derive(Debug)]
pub struct Guard<W> {
    inner: W,
    json: bool,
}

impl<W: Write> Guard<W> {
    /// Guards a format for people or programs, such as XML or Markdown.
    pub fn new(inner: W) -> Self {
        Guard { inner, json: false }
    }

    /// Guards JSON: the escapes are those of JSON, so that its values stay the same.
    pub fn json(inner: W) -> Self {
        Guard { inner, json: true }
    }
}

impl<W: Write> Write for Guard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let safe = if self.json { json(text) } else { inert(text, &['\n', '\t'], push_escape) };
        self.inner.write_all(safe.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[31m \u{9b}1m \u{202e} é ##[error]\u{7f}";

    #[test]
    fn json_keeps_its_values() {
        let mut out = Vec::new();
        serde_json::to_writer_pretty(Guard::json(&mut out), &[HOSTILE]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "[\n  \"a\\u001b[31m \\u009b1m \\u202e é \\u0023#[error]\\u007f\"\n]");
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), [HOSTILE]);
    }

    #[test]
    fn what_was_forgotten_is_escaped() {
        let mut out = Vec::new();
        writeln!(Guard::new(&mut out), "<a>\t{HOSTILE}</a>").unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "<a>\ta\\u{1b}[31m \\u{9b}1m \\u{202e} é \\u{23}#[error]\\u{7f}</a>\n");
    }
}
