//! Reading the parts of an input from a cleaned folder, in step, while it is restored.

use std::collections::HashMap;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use super::LedgerLine;
use super::edit::{Fate, mend};
use super::layout::{InputLine, TALL_SINCE, digits};
use super::restore::changed;
use super::sink::source;
use crate::Result;
use crate::read::{Format, LineEnd, Output, Record, Scan, TableHeader, split};

/// A table of CSV or TSV.
pub(super) struct Table {
    pub rows: Lines,
    format: Format,
    pub header: Option<TableHeader>,
    /// The records that hold line ends, with how many, where the layout lists them.
    tall: Option<HashMap<u64, u64>>,
}

impl Table {
    pub fn open(path: PathBuf, input: &InputLine, version: u32) -> Result<Table> {
        let mut rows = Lines::open(path)?;
        if input.input.bom {
            rows.reader.read_exact(&mut [0; '\u{feff}'.len_utf8()]).map_err(|_| changed(rows.path.clone()))?;
        }
        let format = input.input.format;
        let listed = format.output() == Output::Rows { counts_lines: true } && version >= TALL_SINCE;
        let tall = listed.then(|| input.tall.iter().copied().collect());
        Ok(Table { rows, format, header: None, tall })
    }

    /// Returns the next row, which must exist and have this line end. The first row is the header.
    pub fn next(&mut self, record: u64, end: LineEnd) -> Result<String> {
        let row = match &self.tall {
            Some(tall) => self.rows.lines(1 + tall.get(&record).copied().unwrap_or_default(), end)?,
            None => self.rows.row(self.header.as_ref(), end)?,
        };
        self.header.get_or_insert_with(|| TableHeader::of(&row, self.format));
        Ok(row)
    }
}

/// The records of an input that are kept outside of `documents.jsonl`.
pub(super) struct Rest<'i> {
    pub others: Box<dyn Iterator<Item = Vec<u8>> + 'i>,
    pub sizes: std::slice::Iter<'i, u64>,
    pub crawl: Option<Box<dyn BufRead>>,
}

impl Rest<'_> {
    /// Returns the original record of a crawl: from its file, from the layout, or from both and the ledger.
    pub fn of_crawl(&mut self, fate: Fate, lines: &[LedgerLine]) -> Option<Vec<u8>> {
        if fate == Fate::Dropped {
            return self.others.next();
        }
        let size = *self.sizes.next()?;
        let mut record = Vec::new();
        self.crawl.as_mut()?.take(size).read_to_end(&mut record).ok().filter(|read| *read as u64 == size)?;
        if fate == Fate::Edited {
            let content = std::str::from_utf8(split(&record).1).ok()?;
            let mended = mend(Format::Text.codec(), Some(&Record::text(content)), lines)?;
            return Some([&self.others.next()?, mended.as_bytes()].concat());
        }
        Some(record)
    }
}

pub(super) fn read_text(path: &Path) -> Result<String> {
    let mut text = String::new();
    match source(path)?.read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(_) => Err(changed(path.to_owned())),
    }
}

/// The lines of a file, and the checksum of what was read.
pub(super) struct Lines {
    pub path: PathBuf,
    reader: Box<dyn BufRead>,
    checksum: Xxh3,
    /// Text that was read after the end of the last row.
    ahead: String,
}

impl Lines {
    pub fn open(path: PathBuf) -> Result<Lines> {
        Ok(Lines { reader: source(&path)?, path, checksum: Xxh3::new(), ahead: String::new() })
    }

    /// Returns the next line, which must exist.
    pub fn next(&mut self) -> Result<String> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line);
        self.checksum.update(line.as_bytes());
        match (read, line.pop()) {
            (Ok(_), Some('\n')) => Ok(line),
            _ => Err(changed(self.path.clone())),
        }
    }

    /// Returns the next lines as one row, which must exist and have this line end.
    pub fn lines(&mut self, count: u64, line_end: LineEnd) -> Result<String> {
        let mut row = String::new();
        for _ in 0..count {
            match self.reader.read_line(&mut row) {
                Ok(read) if read > 0 => {}
                _ => return Err(changed(self.path.clone())),
            }
        }
        let body = row.strip_suffix(line_end.text()).filter(|body| !body.is_empty());
        body.map(str::to_owned).ok_or_else(|| changed(self.path.clone()))
    }

    /// Returns the next row of CSV, which must exist and have this line end.
    pub fn row(&mut self, header: Option<&TableHeader>, line_end: LineEnd) -> Result<String> {
        let mut row = std::mem::take(&mut self.ahead);
        let mut scan = header.map_or(Scan::new(None), Scan::of);
        loop {
            let found = scan.row(row.as_bytes());
            let read = match found {
                Some(_) => 1,
                None => self.reader.read_line(&mut row).map_err(|_| changed(self.path.clone()))?,
            };
            let Some(end) =
                found.or_else(|| (read == 0).then(|| scan.clone().whole().row(row.as_bytes()).unwrap_or(row.len())))
            else {
                continue;
            };
            // Between tabs, what follows a quote decides whether it opens the field.
            self.ahead = row.split_off(end);
            let body = row.strip_suffix(line_end.text()).filter(|body| !body.is_empty());
            return body.map(str::to_owned).ok_or_else(|| changed(self.path.clone()));
        }
    }

    /// Returns the path, if there is more to read.
    pub fn left(&mut self) -> Option<PathBuf> {
        let more = !self.ahead.is_empty() || !self.reader.fill_buf().is_ok_and(<[u8]>::is_empty);
        more.then(|| self.path.clone())
    }

    /// Returns the checksum of the whole file, including what was not read yet.
    pub fn checksum(&mut self) -> Option<String> {
        loop {
            let read = match self.reader.fill_buf().ok()? {
                [] => return Some(digits(&self.checksum)),
                bytes => {
                    self.checksum.update(bytes);
                    bytes.len()
                }
            };
            self.reader.consume(read);
        }
    }
}
