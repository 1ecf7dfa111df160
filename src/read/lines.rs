//! Lines -> runs of whole lines, of about a block each.

use memchr::{memchr, memchr_iter, memrchr};

use super::blocks::Records;
use super::decoded::Decoded;
use super::layout::LineEndings;
use super::source::size;
use super::{Block, LineEnds, ReadOptions, Unreadable};

/// The lines of an input, cut into runs.
pub(super) struct Lines {
    decoded: Decoded,
    /// Bytes that were read after the last block's last newline.
    carry: Vec<u8>,
    ended: bool,
    block_bytes: usize,
    max_line: usize,
    keep: bool,
    /// The number of the next record.
    record: u64,
    endings: LineEndings,
    lost: Vec<u64>,
}

impl Records for Lines {
    fn decoded(&mut self) -> &mut Decoded {
        &mut self.decoded
    }

    fn record(&self) -> u64 {
        self.record
    }

    fn next(&mut self, block: &mut Block) -> bool {
        self.run(block)
    }

    fn finish(&mut self) -> (Vec<LineEnds>, Vec<u64>) {
        (std::mem::take(&mut self.endings.ends), std::mem::take(&mut self.lost))
    }
}

impl Lines {
    /// Returns the lines of a decoded input, from its start.
    pub fn new(decoded: Decoded, options: &ReadOptions) -> Self {
        Lines {
            decoded,
            carry: Vec::new(),
            ended: false,
            block_bytes: options.block_bytes.max(1),
            max_line: options.max_record,
            keep: options.keep_records,
            record: 0,
            endings: LineEndings::default(),
            lost: Vec::new(),
        }
    }

    /// Puts the next lines into `block`; false if there are none.
    fn run(&mut self, block: &mut Block) -> bool {
        let bytes = self.fill(&mut block.unreadable);
        let short = bytes.len() <= self.max_line;
        let whole = if short { String::from_utf8(bytes).map_err(|e| e.into_bytes()) } else { Err(bytes) };
        block.text = whole.unwrap_or_else(|bytes| self.sort_out(&bytes, &mut block.unreadable));
        let text = block.text.as_bytes();
        block.records = memchr_iter(b'\n', text).count() as u64 + u64::from(text.last().is_some_and(|&b| b != b'\n'));
        if self.keep {
            self.endings.add(self.record, text);
            self.lost.extend(block.unreadable.iter().filter(|bad| bad.raw.is_none()).map(|bad| bad.record));
        }
        self.record += block.records;
        block.records > 0
    }

    /// Reads about a block, up to the end of a line.
    fn fill(&mut self, unreadable: &mut Vec<Unreadable>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(if self.ended { 0 } else { self.block_bytes });
        bytes.append(&mut self.carry);
        let mut searched = 0;
        while !self.ended {
            let goal = self.goal(bytes.len());
            self.ended = self.decoded.fill(&mut bytes, goal);
            if self.ended {
                break;
            }
            if let Some(newline) = memrchr(b'\n', &bytes[searched..]) {
                self.carry.extend_from_slice(&bytes[searched + newline + 1..]);
                bytes.truncate(searched + newline + 1);
                break;
            }
            searched = bytes.len();
            // One more byte may be the carriage return of the line's end.
            if bytes.len() > self.max_line.saturating_add(1) {
                unreadable.push(self.too_long(self.record));
                self.pass_over_line(&mut bytes);
                searched = 0;
            }
        }
        if bytes.len() < bytes.capacity() / 2 {
            bytes.shrink_to_fit();
        }
        bytes
    }

    /// Returns the length to which a buffer of this length grows. A line longer than a block is read in growing steps, so
    /// that it is not copied over and over; but not far beyond the longest line.
    fn goal(&self, length: usize) -> usize {
        let most = length.max(self.max_line).saturating_add(self.block_bytes);
        if length < self.block_bytes { self.block_bytes } else { length.saturating_mul(2).min(most) }
    }

    /// Puts a placeholder in the place of the line that `bytes` is the start of, without holding the line.
    fn pass_over_line(&mut self, bytes: &mut Vec<u8>) {
        const STEP: usize = 64 << 10;
        let mut last = bytes.last().copied();
        loop {
            bytes.clear();
            self.ended = self.decoded.fill(bytes, STEP);
            if let Some(newline) = memchr(b'\n', bytes) {
                let before = newline.checked_sub(1).map_or(last, |at| Some(bytes[at]));
                let end: &[u8] = if before == Some(b'\r') { b" \r\n" } else { b" \n" };
                bytes.splice(..=newline, end.iter().copied());
                return;
            }
            if self.ended {
                bytes.splice(.., [b' ']);
                return;
            }
            last = bytes.last().copied();
        }
    }

    /// Goes through lines of which some are too long or not UTF-8: a blank takes the place of each of those.
    fn sort_out(&self, bytes: &[u8], unreadable: &mut Vec<Unreadable>) -> String {
        let mut text = String::with_capacity(bytes.len());
        for (record, line) in (self.record..).zip(bytes.split_inclusive(|&b| b == b'\n')) {
            let body = line.strip_suffix(b"\n").map_or(line, |line| line.strip_suffix(b"\r").unwrap_or(line));
            match std::str::from_utf8(line) {
                _ if body.len() > self.max_line => unreadable.push(self.too_long(record)),
                Ok(line) => {
                    text.push_str(line);
                    continue;
                }
                Err(e) => unreadable.push(Unreadable {
                    record,
                    raw: self.keep.then(|| body.into()),
                    reason: format!("not UTF-8 at byte {}", e.valid_up_to() + 1),
                }),
            }
            text.push(' ');
            text.extend(line[body.len()..].iter().map(|&b| char::from(b)));
        }
        text
    }

    fn too_long(&self, record: u64) -> Unreadable {
        let most = size(self.max_line as u64);
        let reason =
            format!("the line is longer than {most}, the longest that is read; --max-record allows longer ones");
        Unreadable { record, raw: None, reason }
    }
}
