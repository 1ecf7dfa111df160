//! The head of a record: its version and its named fields.

use memchr::memmem;

/// The longest head that is looked for.
pub(super) const LONGEST: usize = 64 << 10;

/// A head.
pub(super) struct Head<'r> {
    fields: Vec<(&'r str, &'r str)>,
    /// Its length, with the blank line after it.
    pub len: usize,
    /// The length of the content after it.
    pub content: usize,
}

impl<'r> Head<'r> {
    /// Reads the head that a record starts with.
    ///
    /// # Errors
    /// If there is none, or it does not say how long the content is: in words.
    pub fn read(record: &'r [u8]) -> Result<Self, String> {
        if !record.starts_with(b"WARC/") {
            return Err("it does not start with WARC/ and a version".into());
        }
        let len = end(&record[..record.len().min(LONGEST)]).ok_or("its head has no end")?;
        let text = std::str::from_utf8(&record[..len]).map_err(|_| "its head is not UTF-8")?;
        let fields: Vec<(&str, &str)> = text
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim(), value.trim()))
            .collect();
        let head = Head { fields, len, content: 0 };
        let content = head.field("Content-Length").ok_or("its head has no Content-Length")?;
        let content = content.parse().map_err(|_| format!("its Content-Length is `{content}`, which is no length"))?;
        Ok(Head { content, ..head })
    }

    /// Returns the value of a field.
    pub fn field(&self, name: &str) -> Option<&'r str> {
        self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// Returns the end of a head: after its blank line.
fn end(bytes: &[u8]) -> Option<usize> {
    let of = |blank: &[u8]| memmem::find(bytes, blank).map(|at| at + blank.len());
    [of(b"\r\n\r\n"), of(b"\n\n")].into_iter().flatten().min()
}

/// Splits a record after its head. All of it is head if the head has no end.
pub(crate) fn split(record: &[u8]) -> (&[u8], &[u8]) {
    record.split_at(end(&record[..record.len().min(LONGEST)]).unwrap_or(record.len()))
}

/// Returns a record whose content was cut, with a head that fits it: another length, and no digests.
pub(crate) fn with_length(record: &[u8], removed: usize) -> Vec<u8> {
    let (head, rest) = split(record);
    let mut out = Vec::with_capacity(record.len());
    for line in head.split_inclusive(|&b| b == b'\n') {
        let (name, value) = line.split_at(line.iter().position(|&b| b == b':').unwrap_or(line.len()));
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        if is("WARC-Block-Digest") || is("WARC-Payload-Digest") {
            continue;
        }
        let length = std::str::from_utf8(value)
            .ok()
            .and_then(|value| value.trim_start_matches(':').trim().parse::<usize>().ok());
        match length.filter(|_| is("Content-Length")) {
            Some(length) => {
                let end: &[u8] = if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
                out.extend_from_slice(name);
                out.extend_from_slice(format!(": {}", length.saturating_sub(removed)).as_bytes());
                out.extend_from_slice(end);
            }
            None => out.extend_from_slice(line),
        }
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read() {
        let record = b"WARC/1.0\r\nWARC-Type: conversion\r\ncontent-length:3\r\nX: a:b\r\n\r\nabc\r\n\r\n";
        let head = Head::read(record).unwrap();
        assert_eq!((head.content, &record[head.len..head.len + 3]), (3, &b"abc"[..]));
        assert_eq!(
            (head.field("warc-type"), head.field("x"), head.field("y")),
            (Some("conversion"), Some("a:b"), None)
        );
        assert_eq!(split(record).1, b"abc\r\n\r\n");
        for (bad, why) in [
            (&b"HTTP/1.1 200"[..], "WARC/"),
            (b"WARC/1.0\r\nA: b", "no end"),
            (b"WARC/1.0\r\nA: b\r\n\r\n", "no Content-Length"),
            (b"WARC/1.0\nContent-Length: -1\n\n", "no length"),
            (b"WARC/1.0\nA: \xff\n\n", "UTF-8"),
        ] {
            assert!(Head::read(bad).err().unwrap().contains(why), "{why}");
        }
    }

    #[test]
    fn a_cut_record_has_another_head() {
        let record = b"WARC/1.0\r\nContent-Length: 5\r\nWARC-Block-Digest: sha1:X\r\nA: b\r\n\r\nabc\r\n\r\n";
        assert_eq!(with_length(record, 2), b"WARC/1.0\r\nContent-Length: 3\r\nA: b\r\n\r\nabc\r\n\r\n");
    }
}
