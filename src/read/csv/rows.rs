//! Rows -> runs of whole rows, of about a block each.

use std::sync::Arc;

use memchr::{memchr, memchr_iter};

use super::{Scan, TableHeader, body};
use crate::read::blocks::Records;
use crate::read::decoded::Decoded;
use crate::read::layout::LineEndings;
use crate::read::source::size;
use crate::read::values::no_text_column;
use crate::read::{Block, Fields, Format, LineEnd, LineEnds, ReadOptions, Shape, Unreadable};
use crate::{Error, Result};

/// How much is read at once where nothing is known yet, and where a line is passed over.
const STEP: usize = 64 << 10;

/// The rows of an input, cut into runs.
pub(in crate::read) struct Rows {
    decoded: Decoded,
    /// What was read behind the last block's last row.
    carry: Vec<u8>,
    ended: bool,
    options: ReadOptions,
    /// The header, and the number of its record: none has it if there is no row but blank ones.
    header: (u64, Arc<TableHeader>),
    /// The number of the next record.
    record: u64,
    /// The lines before it.
    lines: u64,
    endings: LineEndings,
    lost: Vec<u64>,
}

impl Records for Rows {
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

impl Rows {
    /// The rows of a decoded input, from its start. The first that is not blank must name a column for the text.
    pub fn open(decoded: Decoded, format: Format, fields: &Fields, options: &ReadOptions) -> Result<Self> {
        let mut rows = Rows {
            decoded,
            carry: Vec::new(),
            ended: false,
            options: *options,
            header: (u64::MAX, Arc::new(TableHeader::of("", format))),
            record: 0,
            lines: 0,
            endings: LineEndings::default(),
            lost: Vec::new(),
        };
        if let Some((record, header)) = rows.read_header(format)? {
            if header.text_column(&fields.text).is_none() {
                return Err(Error::Usage(no_text_column(fields.text.iter(), header.names())));
            }
            rows.header = (record, Arc::new(header));
        }
        Ok(rows)
    }

    /// Finds the header; it stays to be read as a row.
    fn read_header(&mut self, format: Format) -> Result<Option<(u64, TableHeader)>> {
        let mut scan = Scan::new(None);
        let mut blank = 0;
        loop {
            let start = scan.start();
            let row = match scan.row(&self.carry) {
                None if self.ended => &self.carry[start..],
                None if self.carry.len() - start > self.options.max_record => {
                    let most = size(self.options.max_record as u64);
                    return Err(Error::Usage(format!(
                        "the first row, which should name the columns, is longer than {most}; is this a table?"
                    )));
                }
                None => {
                    let goal = (2 * self.carry.len()).max(STEP);
                    self.ended = self.decoded.fill(&mut self.carry, goal);
                    continue;
                }
                Some(end) => &self.carry[start..end],
            };
            match std::str::from_utf8(row) {
                Ok("") => return Ok(None),
                Ok(row) if body(row).is_empty() => blank += 1,
                Ok(row) => return Ok(Some((blank, TableHeader::of(row, format)))),
                Err(_) => {
                    return Err(Error::Usage("the first row, which should name the columns, is not UTF-8".into()));
                }
            }
        }
    }

    /// Puts the next rows into `block`; false if there are none.
    fn run(&mut self, block: &mut Block) -> bool {
        let (header_record, header) = self.header.clone();
        let (bytes, ends) = self.fill(Some(header.separator()), &mut block.unreadable);
        block.first_line = self.lines + 1;
        block.records = ends.len() as u64;
        let mut start = 0;
        for (record, &end) in (self.record..).zip(&ends) {
            let row = &bytes[start..end];
            start = end;
            self.lines += memchr_iter(b'\n', row).count() as u64;
            if self.options.keep_records {
                self.endings.note(record, end_of(row));
            }
        }
        block.text = self.text_of(bytes, &ends, &mut block.unreadable);
        if self.options.keep_records {
            self.lost.extend(block.unreadable.iter().filter(|bad| bad.raw.is_none()).map(|bad| bad.record));
        }
        self.record += block.records;
        block.shape = Shape::Rows(header_record, header);
        block.records > 0
    }

    /// Reads about a block, up to the end of a row, and says where rows end.
    fn fill(&mut self, separator: Option<u8>, unreadable: &mut Vec<Unreadable>) -> (Vec<u8>, Vec<usize>) {
        let mut bytes = std::mem::take(&mut self.carry);
        let mut ends = Vec::new();
        let mut scan = Scan::new(separator);
        loop {
            while let Some(end) = scan.row(&bytes) {
                ends.push(end);
            }
            let start = scan.start();
            if !ends.is_empty() && (self.ended || bytes.len() >= self.options.block_bytes) {
                self.carry = bytes.split_off(start);
                return (bytes, ends);
            }
            let too_long = bytes.len() - start > self.options.max_record.saturating_add(1);
            if !self.ended && !too_long {
                let goal = self.goal(bytes.len(), start);
                self.ended = self.decoded.fill(&mut bytes, goal);
                continue;
            }
            if start == bytes.len() {
                return (bytes, ends);
            }
            let end = self.end_anyway(&mut bytes, &scan, self.record + ends.len() as u64, unreadable);
            ends.push(end);
            scan.restart(end);
        }
    }

    /// How long the bytes are to grow. A row longer than a block is read in growing steps, so that it is not searched
    /// and copied over and over; but not far beyond the longest row.
    fn goal(&self, length: usize, start: usize) -> usize {
        let block = self.options.block_bytes.max(1);
        let most = (start + self.options.max_record).max(length).saturating_add(block.min(STEP));
        if length < block { block } else { length.saturating_mul(2).min(most) }
    }

    /// Ends a row that does not end itself, because the input does or because it is too long.
    fn end_anyway(&mut self, bytes: &mut Vec<u8>, scan: &Scan, record: u64, unreadable: &mut Vec<Unreadable>) -> usize {
        let start = scan.start();
        if scan.is_open(bytes) {
            // Nothing says where the quote should have closed. What is lost is one line, not the rest of the input.
            let within = if self.ended { "" } else { " within the longest record" };
            let reason = format!("a quote opens in this row that nothing closes{within}: its first line is skipped");
            if let Some(newline) = memchr(b'\n', &bytes[start..]) {
                unreadable.push(self.bad(record, &bytes[start..=start + newline], reason));
                return start + newline + 1;
            }
            if self.ended {
                unreadable.push(self.bad(record, &bytes[start..], reason));
            }
        }
        if self.ended {
            if self.decoded.source().failed() && unreadable.last().is_none_or(|bad| bad.record != record) {
                let reason = "the input breaks off in this row".to_owned();
                unreadable.push(self.bad(record, &bytes[start..], reason));
            }
        } else {
            unreadable.push(self.too_long(record));
            return self.pass_over_line(bytes, start);
        }
        bytes.len()
    }

    /// Puts a blank in the place of a row that goes on to the end of its line, without holding it. Says where the blank
    /// ends; behind it stands what was read after the line.
    fn pass_over_line(&mut self, bytes: &mut Vec<u8>, start: usize) -> usize {
        let lines = memchr_iter(b'\n', &bytes[start..]).count();
        let mut last = bytes.last().copied();
        bytes.truncate(start);
        bytes.extend(stand_in(lines));
        let mut piece = Vec::new();
        while !self.ended {
            piece.clear();
            self.ended = self.decoded.fill(&mut piece, STEP);
            if let Some(newline) = memchr(b'\n', &piece) {
                let before = newline.checked_sub(1).map_or(last, |at| Some(piece[at]));
                bytes.extend(if before == Some(b'\r') { &b"\r\n"[..] } else { b"\n" });
                let end = bytes.len();
                bytes.extend_from_slice(&piece[newline + 1..]);
                return end;
            }
            last = piece.last().copied().or(last);
        }
        bytes.len()
    }

    /// The rows as text: a blank takes the place of each that is none.
    fn text_of(&self, bytes: Vec<u8>, ends: &[usize], unreadable: &mut Vec<Unreadable>) -> String {
        let longest = ends.iter().scan(0, |start, &end| Some(end - std::mem::replace(start, end))).max();
        let mut bytes = bytes;
        if unreadable.is_empty() && longest.is_none_or(|longest| longest <= self.options.max_record) {
            match String::from_utf8(bytes) {
                Ok(text) => return text,
                Err(e) => bytes = e.into_bytes(),
            }
        }
        let mut known = std::mem::take(unreadable).into_iter().peekable();
        let mut text = String::with_capacity(bytes.len());
        let mut start = 0;
        for (record, &end) in (self.record..).zip(ends) {
            let row = &bytes[start..end];
            start = end;
            let own = row.len() - end_of(row).text().len();
            let bad = known.next_if(|bad| bad.record == record).or_else(|| match std::str::from_utf8(row) {
                _ if own > self.options.max_record => Some(self.too_long(record)),
                Ok(row) => {
                    text.push_str(row);
                    None
                }
                Err(e) => Some(self.bad(record, row, format!("not UTF-8 at byte {}", e.valid_up_to() + 1))),
            });
            if let Some(bad) = bad {
                let lines = memchr_iter(b'\n', &row[..own]).count();
                text.extend(stand_in(lines).map(char::from));
                text.push_str(end_of(row).text());
                unreadable.push(bad);
            }
        }
        text
    }

    fn bad(&self, record: u64, row: &[u8], reason: String) -> Unreadable {
        let own = row.len() - end_of(row).text().len();
        Unreadable { record, raw: self.options.keep_records.then(|| row[..own].into()), reason }
    }

    fn too_long(&self, record: u64) -> Unreadable {
        let most = size(self.options.max_record as u64);
        let reason =
            format!("the row is longer than {most}, the longest that is read; --max-record allows longer ones");
        Unreadable { record, raw: None, reason }
    }
}

/// How a row ends.
fn end_of(row: &[u8]) -> LineEnd {
    match row {
        [.., b'\r', b'\n'] => LineEnd::CrLf,
        [.., b'\n'] => LineEnd::Lf,
        _ => LineEnd::None,
    }
}

/// What stands for a row that has so many line feeds inside: one row with as many.
fn stand_in(lines: usize) -> impl Iterator<Item = u8> {
    let quote = if lines == 0 { b' ' } else { b'"' };
    let close = (lines > 0).then_some(b'"');
    std::iter::once(quote).chain(std::iter::repeat_n(b'\n', lines)).chain(close)
}
