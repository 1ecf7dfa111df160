//! A crawl -> runs of whole records, of about a block each.

use memchr::memmem;

use super::head::{Head, LONGEST};
use super::packed_content;
use crate::read::source::{Limits, Source, Unpacked};
use crate::read::{Block, ReadOptions, Unreadable};

/// The records of an input, cut into runs.
pub(in crate::read) struct Records {
    pub source: Source,
    /// Bytes that were read after the last whole record.
    carry: Vec<u8>,
    /// Offset of these bytes in the input.
    at: u64,
    block_bytes: usize,
    longest: usize,
    keep: bool,
    /// The number of the next record.
    pub record: u64,
    pub lost: Vec<u64>,
    limits: Limits,
    run: Unpacked,
}

/// The first record in some bytes, if it is one.
#[derive(Debug, PartialEq, Eq)]
enum Cut {
    /// A record of this length.
    Whole(usize),
    /// Something of this length that is not a record.
    Bad(usize, String),
    /// A record of this length, which is too long.
    Long(u64),
    /// Too little to decide: this many bytes are needed.
    More(usize),
}

impl Records {
    /// Returns the records of an input, from its start.
    pub fn new(source: Source, options: &ReadOptions, run: &Unpacked) -> Self {
        Records {
            source,
            carry: Vec::new(),
            at: 0,
            block_bytes: options.block_bytes.max(1),
            longest: options.max_record,
            keep: options.keep_records,
            record: 0,
            lost: Vec::new(),
            limits: Limits::of(options),
            run: run.clone(),
        }
    }

    /// Puts the next records into `block`; false if there are none.
    pub fn next(&mut self, block: &mut Block) -> bool {
        let mut bytes = std::mem::take(&mut self.carry);
        let mut start = 0;
        self.source.fill(&mut bytes, self.block_bytes);
        while start < bytes.len() {
            let (len, reason, raw) = match cut(&bytes[start..], self.source.ended(), self.longest) {
                Cut::Whole(len) => (len, self.refuse_packed(&bytes[start..start + len]), self.keep),
                Cut::Bad(len, reason) => (len, Some(reason), self.keep),
                Cut::More(_) if start > 0 => break,
                Cut::More(wanted) => {
                    self.source.fill(&mut bytes, wanted);
                    continue;
                }
                Cut::Long(_) if start > 0 => break,
                Cut::Long(len) => {
                    self.pass_over(&mut bytes, len);
                    (0, Some(format!("it is longer than {} bytes", self.longest)), false)
                }
            };
            if let Some(reason) = reason {
                let raw = raw.then(|| bytes[start..start + len].into());
                if raw.is_none() {
                    self.lost.push(self.record);
                }
                let reason = format!("at byte {}: {reason}", self.at);
                block.unreadable.push(Unreadable { record: self.record, raw, reason });
            }
            start += len;
            self.at += len as u64;
            block.ends.push(start);
            self.record += 1;
        }
        self.carry = bytes.split_off(start);
        block.records = block.ends.len() as u64;
        block.bytes = bytes;
        block.records > 0
    }

    /// Returns why a record is not read whose content is compressed: it unpacks to more than is left of what the run may
    /// unpack to. This is found out here, where records come one after the other, so that it does not depend on the
    /// threads.
    fn refuse_packed(&self, record: &[u8]) -> Option<String> {
        let (packed, unpacked) = packed_content(record, self.run.left(self.limits))?;
        self.run.unpack(packed, 0);
        if unpacked > self.run.left(self.limits) {
            return Some("its content unpacks to more than the inputs may; --max-unpacked allows more".into());
        }
        self.run.unpack(0, unpacked);
        None
    }

    /// Reads over a record that `bytes` are the start of, without holding it.
    fn pass_over(&mut self, bytes: &mut Vec<u8>, len: u64) {
        const STEP: usize = 64 << 10;
        let mut left = len;
        loop {
            let step = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            bytes.drain(..step);
            self.at += step as u64;
            left -= step as u64;
            if left == 0 || !bytes.is_empty() {
                return;
            }
            self.source.fill(bytes, STEP);
            if bytes.is_empty() {
                return;
            }
        }
    }
}

/// Returns what the bytes start with; `ended` says that no more follow.
fn cut(bytes: &[u8], ended: bool, longest: usize) -> Cut {
    let more = |wanted: usize| Cut::More(wanted.max(bytes.len() * 2));
    let head = match Head::read(bytes) {
        Ok(head) => head,
        Err(_) if !ended && bytes.len() < LONGEST => return more(LONGEST),
        Err(reason) => return bad(bytes, ended, longest, reason),
    };
    // Whatever the head says the length is.
    let whole = (head.content as u64).saturating_add(head.len as u64);
    if whole > longest as u64 {
        // Two line ends follow each record.
        return Cut::Long(whole.saturating_add(4));
    }
    let end = head.len + head.content;
    if bytes.len() < end && ended {
        return bad(bytes, ended, longest, "it is cut off, or its Content-Length is wrong".into());
    }
    let after = bytes.get(end..).unwrap_or_default();
    let gap = after.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let next = &after[gap..];
    let ends = after.starts_with(b"\r\n\r\n") || after.starts_with(b"\n\n");
    if next.starts_with(b"WARC/") || next.is_empty() && ended || ends && next.len() >= b"WARC/".len() {
        return Cut::Whole(end + gap);
    }
    if next.len() < b"WARC/".len() && !ended {
        return more(end + gap + 16);
    }
    bad(bytes, ended, longest, "its Content-Length does not lead to the next record".into())
}

/// Returns the bytes before the next record seems to start.
fn bad(bytes: &[u8], ended: bool, longest: usize, reason: String) -> Cut {
    match memmem::find(&bytes[1..], b"\nWARC/1.") {
        Some(at) => Cut::Bad(at + 2, reason),
        None if ended => Cut::Bad(bytes.len(), reason),
        None if bytes.len() > longest => Cut::Long(bytes.len() as u64),
        None => Cut::More(bytes.len() * 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(content: &str) -> String {
        format!("WARC/1.0\r\nContent-Length: {}\r\n\r\n{content}\r\n\r\n", content.len())
    }

    #[test]
    fn records_are_cut_by_their_length() {
        let (a, b) = (record("one WARC/1.0\r\n\r\n"), record("two"));
        let both = format!("{a}{b}");
        assert_eq!(cut(both.as_bytes(), true, 1000), Cut::Whole(a.len()));
        assert_eq!(cut(b.as_bytes(), true, 1000), Cut::Whole(b.len()));
        assert!(matches!(cut(b.as_bytes(), false, 1000), Cut::More(_)));
        assert!(matches!(cut(&a.as_bytes()[..20], false, 1000), Cut::More(_)));
        assert_eq!(cut(a.as_bytes(), true, 10), Cut::Long(a.len() as u64));
    }

    #[test]
    fn after_a_bad_record_comes_the_next() {
        let good = record("two");
        for bad in [
            "rubbish\r\n".to_string(),
            record("one").replace(": 3", ": 2"),
            record("one").replace(": 3", ": 300"),
            record("one").replace("Content-Length", "Content-Width"),
        ] {
            let both = format!("{bad}{good}");
            assert!(matches!(cut(both.as_bytes(), true, 1000), Cut::Bad(len, _) if len == bad.len()), "{bad}");
        }
        let endless = record("one").replace(": 3", ": 18446744073709551615");
        assert_eq!(cut(endless.as_bytes(), true, 1000), Cut::Long(u64::MAX));
        assert!(matches!(cut(b"rubbish", true, 1000), Cut::Bad(7, _)));
        assert!(matches!(cut(b"rubbish", false, 1000), Cut::More(_)));
    }
}
