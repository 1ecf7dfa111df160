//! Rows -> runs of whole rows, of about a block each.

use std::sync::Arc;

use memchr::{memchr, memchr_iter};

use super::{Scan, TableHeader, body};
use crate::read::blocks::Records;
use crate::read::blocks::Shape;
use crate::read::decoded::Decoded;
use crate::read::layout::LineEndings;
use crate::read::source::size;
use crate::read::values::no_text_column;
use crate::read::{Block, Fields, Format, LineEnd, LineEnds, ReadOptions, Unreadable};
use crate::{Error, Result};

/// Bytes that are read at once while nothing is known yet, or a line is skipped.
const STEP: usize = 64 << 10;

/// The rows of an input, cut into runs.
pub(in crate::read) struct Rows {
    decoded: Decoded,
    /// Bytes that were read after the last block's last row.
    carry: Vec<u8>,
    ended: bool,
    options: ReadOptions,
    /// The header, and the number of its record; `u64::MAX` if all rows are blank.
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
    /// Returns the rows of a decoded input, from its start. The first that is not blank must name a column for the text.
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
                None if self.carry.len() - start > self.options.max_record => return Err(self.header_too_long()),
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
                // It could not be kept, and no row can be written without it.
                Ok(row) if body(row).len() > self.options.max_record => return Err(self.header_too_long()),
                Ok(row) => return Ok(Some((blank, TableHeader::of(row, format)))),
                Err(_) => {
                    return Err(Error::Usage("the first row, which should name the columns, is not UTF-8".into()));
                }
            }
        }
    }

    fn header_too_long(&self) -> Error {
        let most = size(self.options.max_record as u64);
        let what = format!("the first row, which should name the columns, is longer than {most}; is this a table?");
        Error::Usage(what)
    }

    /// Puts the next rows into `block`; false if there are none.
    fn run(&mut self, block: &mut Block) -> bool {
        let (header_record, header) = self.header.clone();
        let (bytes, ends) = self.fill(&mut block.unreadable);
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
        (block.text, block.ends) = self.text_of(bytes, ends, &mut block.unreadable);
        if self.options.keep_records {
            self.lost.extend(block.unreadable.iter().filter(|bad| bad.raw.is_none()).map(|bad| bad.record));
        }
        self.record += block.records;
        block.shape = Shape::Rows(header_record, header);
        block.records > 0
    }

    /// Reads about a block, up to the end of a row, and says where rows end.
    fn fill(&mut self, unreadable: &mut Vec<Unreadable>) -> (Vec<u8>, Vec<usize>) {
        let mut bytes = std::mem::take(&mut self.carry);
        let mut ends = Vec::new();
        let mut scan = self.scan(self.record);
        loop {
            let start = scan.start();
            scan.expect(&self.scan(self.record + ends.len() as u64));
            let found = scan.row(&bytes);
            let far = found.unwrap_or(bytes.len()) - start > self.longest();
            let rest_of_all = found.is_none() && self.ended && start < bytes.len();
            match found {
                _ if far || rest_of_all => {
                    let end = self.end_anyway(&mut bytes, start, self.record + ends.len() as u64, unreadable);
                    scan.restart(end);
                    ends.push(end);
                }
                Some(end) => ends.push(end),
                None if self.ended || !ends.is_empty() && bytes.len() >= self.options.block_bytes => {
                    self.carry = bytes.split_off(start);
                    return (bytes, ends);
                }
                None => {
                    let goal = self.goal(bytes.len(), start);
                    self.ended = self.decoded.fill(&mut bytes, goal);
                }
            }
        }
    }

    /// Returns a scan for a record. The end of the header was found before its separator was known, and stays there.
    fn scan(&self, record: u64) -> Scan {
        let (header_record, header) = &self.header;
        if record == *header_record { Scan::new(None) } else { Scan::of(header) }
    }

    /// Returns the longest row with its line end.
    fn longest(&self) -> usize {
        self.options.max_record.saturating_add(2)
    }

    /// Returns how long the bytes are to grow. A row longer than a block is read in growing steps, so that it is not
    /// searched and copied over and over; but not far beyond the longest row.
    fn goal(&self, length: usize, start: usize) -> usize {
        let block = self.options.block_bytes.max(1);
        let most = (start + self.options.max_record).max(length).saturating_add(block.min(STEP));
        if length < block { block } else { length.saturating_mul(2).min(most) }
    }

    /// Ends a row that does not end itself, because the input does or because it is too long. The decision depends on as
    /// many bytes as the longest row has, however many are at hand.
    fn end_anyway(
        &mut self,
        bytes: &mut Vec<u8>,
        start: usize,
        record: u64,
        unreadable: &mut Vec<Unreadable>,
    ) -> usize {
        let limit = start.saturating_add(self.longest()).min(bytes.len());
        let is_long = limit < bytes.len();
        let head = &bytes[start..limit];
        let mut scan = self.scan(record);
        if !is_long || scan.separator == Some(b'\t') {
            // Between tabs a quote that nothing closes opens nothing.
            scan = scan.whole();
        }
        if let Some(end) = scan.row(head) {
            return start + end;
        }
        if scan.is_open(head) {
            // Nothing says where the quote should have closed. What is lost is one line, not the rest of the input.
            let within = if is_long { " within the longest record" } else { "" };
            let reason = format!("a quote opens in this row that nothing closes{within}: its first line is skipped");
            let line = memchr(b'\n', head).map(|newline| start + newline + 1);
            if let Some(end) = line.or((!is_long).then_some(limit)) {
                unreadable.push(self.bad(record, &bytes[start..end], reason));
                return end;
            }
        }
        if is_long {
            unreadable.push(self.too_long(record));
            return self.pass_over_line(bytes, start, limit);
        }
        if self.decoded.source().failed() {
            unreadable.push(self.bad(record, head, "the input breaks off in this row".to_owned()));
        }
        limit
    }

    /// Puts a blank in the place of a row that goes on from `limit` to the end of its line, without holding it. Says where
    /// the blank ends; after it is what was read after the line.
    fn pass_over_line(&mut self, bytes: &mut Vec<u8>, start: usize, limit: usize) -> usize {
        let blank: Vec<u8> = stand_in(memchr_iter(b'\n', &bytes[start..limit]).count()).collect();
        let mut last = bytes[..limit].last().copied();
        let mut piece = bytes.split_off(limit);
        bytes.truncate(start);
        bytes.extend(blank);
        loop {
            if let Some(newline) = memchr(b'\n', &piece) {
                let before = newline.checked_sub(1).map_or(last, |at| Some(piece[at]));
                bytes.extend(if before == Some(b'\r') { &b"\r\n"[..] } else { b"\n" });
                let end = bytes.len();
                bytes.extend_from_slice(&piece[newline + 1..]);
                return end;
            }
            if self.ended {
                return bytes.len();
            }
            last = piece.last().copied().or(last);
            piece.clear();
            self.ended = self.decoded.fill(&mut piece, STEP);
        }
    }

    /// Returns the rows as text, and where each ends in it. A blank takes the place of each that is none.
    fn text_of(&self, bytes: Vec<u8>, ends: Vec<usize>, unreadable: &mut Vec<Unreadable>) -> (String, Vec<usize>) {
        let longest = ends.iter().scan(0, |start, &end| Some(end - std::mem::replace(start, end))).max();
        let mut bytes = bytes;
        if unreadable.is_empty() && longest.is_none_or(|longest| longest <= self.options.max_record) {
            match String::from_utf8(bytes) {
                Ok(text) => return (text, ends),
                Err(e) => bytes = e.into_bytes(),
            }
        }
        let mut known = std::mem::take(unreadable).into_iter().peekable();
        let mut text = String::with_capacity(bytes.len());
        let mut text_ends = Vec::with_capacity(ends.len());
        let mut start = 0;
        for (record, end) in (self.record..).zip(ends) {
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
            text_ends.push(text.len());
        }
        (text, text_ends)
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

/// Returns how a row ends.
fn end_of(row: &[u8]) -> LineEnd {
    match row {
        [.., b'\r', b'\n'] => LineEnd::CrLf,
        [.., b'\n'] => LineEnd::Lf,
        _ => LineEnd::None,
    }
}

/// Returns a placeholder for a row with `lines` line feeds inside: one row with as many.
fn stand_in(lines: usize) -> impl Iterator<Item = u8> {
    let quote = if lines == 0 { b' ' } else { b'"' };
    let close = (lines > 0).then_some(b'"');
    std::iter::once(quote).chain(std::iter::repeat_n(b'\n', lines)).chain(close)
}
