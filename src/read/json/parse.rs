//! A block of records -> documents.

use memchr::memchr;

use super::fields::Wanted;
use super::said::{REPLACED, said};
use super::{Block, Fields, Format, Input, Others, Shape, csv, feed, pages, warc};
use crate::{Document, Place, Problem};

/// The documents and problems of a block.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The documents, in order.
    pub documents: Vec<Document>,
    /// Problems: what was skipped or converted.
    pub problems: Vec<Problem>,
    /// The records that are not documents, blank lines and bad ones, with their numbers and their bytes without the line
    /// end; only when records are kept.
    pub others: Others,
}

/// Parses the records of a block. With `keep_records` each JSON document carries its record, and any other record is kept
/// too, so that the input can be put together again.
pub fn parse_block(block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
    match (input.format, &block.shape) {
        (_, Shape::Rows(record, header)) => {
            return csv::parse(block, (*record, header), input, fields, keep_records);
        }
        #[cfg(feature = "parquet")]
        (_, Shape::Piece(piece)) => return super::parquet::parse(block, piece, input, fields, keep_records),
        (Format::Feed, _) => return feed::parse(block, input, fields, keep_records),
        (Format::Html, _) => return pages::parse(block, input, fields, keep_records),
        (Format::Warc, _) => return warc::parse(block, input, keep_records),
        // The lines of a table without a header, too, and the blocks of a Parquet table that say why it cannot be read.
        (Format::Text | Format::JsonLines | Format::Csv | Format::Tsv | Format::Parquet, _) => {}
    }
    let wanted = Wanted::new(fields);
    let mut parser = Parser {
        input,
        index: block.input,
        fields,
        values: vec![None; wanted.wants.len()],
        wanted: &wanted,
        keep: keep_records,
        parsed: Parsed { problems: block.problems.clone(), ..Parsed::default() },
    };
    let mut unreadable = block.unreadable.iter().peekable();
    let mut rest = block.text.as_str();
    for record in block.first_record..block.first_record + block.records {
        let is_text = input.format == Format::Text;
        let line = if is_text { rest } else { next_line(&mut rest) };
        if let Some(bad) = unreadable.next_if(|bad| bad.record == record) {
            parser.problem(record, bad.reason.clone(), true);
            parser.parsed.others.extend(bad.raw.clone().filter(|_| keep_records).map(|raw| (record, raw)));
            continue;
        }
        if is_text { parser.text(line) } else { parser.line(record, line) }
    }
    parser.parsed
}

/// Takes the next line off, without its end.
fn next_line<'t>(rest: &mut &'t str) -> &'t str {
    let Some(newline) = memchr(b'\n', rest.as_bytes()) else { return std::mem::take(rest) };
    let line = &rest[..newline];
    *rest = &rest[newline + 1..];
    line.strip_suffix('\r').unwrap_or(line)
}

struct Parser<'b> {
    input: &'b Input,
    index: u32,
    fields: &'b Fields,
    wanted: &'b Wanted<'b>,
    /// A record's raw values, one for each name that is looked for.
    values: Vec<Option<&'b str>>,
    keep: bool,
    parsed: Parsed,
}

impl<'b> Parser<'b> {
    fn problem(&mut self, record: u64, reason: String, skipped: bool) {
        // A text file is one record: a problem has no line.
        let line = if self.input.format == Format::Text { 0 } else { record + 1 };
        self.parsed.problems.push(Problem { input: self.input.name.clone(), line, reason, skipped, records: 1 });
    }

    fn place(&self, record: u64) -> Place {
        Place { input: self.index, record }
    }

    fn text(&mut self, text: &str) {
        let place = self.place(0);
        self.parsed.documents.push(Document { place, line: 1, ..Document::new(self.input.name.as_str(), text) });
    }

    fn line(&mut self, record: u64, line: &'b str) {
        if line.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r')) {
            return self.set_aside(record, line);
        }
        match self.document(record, line) {
            Ok((document, replaced)) => {
                self.parsed.documents.push(document);
                if replaced {
                    self.problem(record, REPLACED.to_owned(), false);
                }
            }
            Err(reason) => {
                self.problem(record, reason, true);
                self.set_aside(record, line);
            }
        }
    }

    fn set_aside(&mut self, record: u64, line: &str) {
        if self.keep {
            self.parsed.others.push(record, line.as_bytes());
        }
    }

    /// Returns the document of a record and whether a lone surrogate in it was replaced, or why it is none.
    fn document(&mut self, record: u64, line: &'b str) -> Result<(Document, bool), String> {
        let said = said(line, self.fields, self.wanted, &mut self.values)?;
        let document = Document {
            id: said.id.unwrap_or_else(|| format!("{}:{}", self.input.name, record + 1).into()),
            source: said.source,
            title: said.title,
            date: said.date,
            rank: said.rank,
            given: Some(said.given),
            url: said.url,
            text: said.text.into(),
            place: self.place(record),
            line: record + 1,
            record: self.keep.then(|| line.as_bytes().into()),
            within: None,
        };
        Ok((document, said.replaced))
    }
}
