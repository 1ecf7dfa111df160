//! A block of records -> documents.

use std::ops::Range;

use memchr::memchr;

use super::feed::{self, host};
use super::fields::Wanted;
use super::literal::decode;
use super::record::{first, keys, refusal, scan};
use super::{Block, Fields, Format, Input, Others, Shape, csv, pages, warc};
use crate::{Document, Place, Problem};

/// What a block holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The documents, in order.
    pub documents: Vec<Document>,
    /// What was passed over or read with a conversion.
    pub problems: Vec<Problem>,
    /// The records that are no documents, blank lines and bad ones, with their numbers and their bytes without the line
    /// end; only when records are kept.
    pub others: Others,
}

/// Parses the records of a block. With `keep_records` each JSON document carries its record, and what is no document is
/// kept too, so that the input can be put together again.
pub fn parse_block(block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
    match (input.format, &block.shape) {
        (_, Shape::Rows(record, header)) => {
            return csv::parse(block, (*record, header), input, fields, keep_records);
        }
        #[cfg(feature = "parquet")]
        (_, Shape::Piece(piece)) => return super::parquet::parse(block, piece, input, fields, keep_records),
        (Format::Feed, _) => return feed::parse(block, input, keep_records),
        (Format::Html, _) => return pages::parse(block, input, fields, keep_records),
        (Format::Warc, _) => return warc::parse(block, input, keep_records),
        _ => {}
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
        let line = match input.format {
            Format::Text => rest,
            _ => next_line(&mut rest),
        };
        if let Some(bad) = unreadable.next_if(|bad| bad.record == record) {
            parser.problem(record, bad.reason.clone(), true);
            parser.parsed.others.extend(bad.raw.clone().filter(|_| keep_records).map(|raw| (record, raw)));
            continue;
        }
        match input.format {
            Format::Text => parser.text(line),
            _ => parser.line(record, line),
        }
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
        // A text file has no lines to speak of: what is wrong is wrong with all of it.
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
                    let reason = "a \\u escape is half of a surrogate pair: read as U+FFFD".to_string();
                    self.problem(record, reason, false);
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

    /// The document of a record and whether a lone surrogate in it was replaced, or why it is none.
    fn document(&mut self, record: u64, line: &'b str) -> Result<(Document, bool), String> {
        self.values.fill(None);
        scan(line, &self.wanted.wants, &mut self.values).map_err(|e| refusal(line, &e))?;
        let (text, mut replaced) = decode(self.text_literal(line)?);
        if text.len() > u32::MAX as usize {
            return Err("the text is longer than 4 GiB: split it".into());
        }
        let wanted = self.wanted;
        let mut value_of = |slots: &Range<usize>| {
            let (value, lossy) = self.values[slots.clone()].iter().flatten().find_map(|raw| scalar(raw))?;
            replaced |= lossy;
            Some(value)
        };
        let url = value_of(&wanted.url);
        let document = Document {
            id: value_of(&wanted.id).unwrap_or_else(|| format!("{}:{}", self.input.name, record + 1).into()),
            source: value_of(&wanted.source).or_else(|| host(url.as_deref()?).map(Into::into)),
            title: value_of(&wanted.title),
            date: value_of(&wanted.date),
            rank: value_of(&wanted.rank),
            url,
            text: text.into(),
            place: self.place(record),
            line: record + 1,
            record: self.keep.then(|| line.as_bytes().into()),
            within: None,
        };
        Ok((document, replaced))
    }

    /// The raw string that holds the text, or why there is none.
    fn text_literal(&self, line: &str) -> Result<&'b str, String> {
        let slots = self.wanted.text.clone();
        let Some(raw) = first(&self.values[slots.clone()]) else {
            let names: Vec<_> = self.fields.text.iter().collect();
            return Err(format!("no text: none of the fields {} is there; {}", names.join(", "), there(line)));
        };
        if raw.starts_with('"') {
            return Ok(raw);
        }
        let at = self.values[slots].iter().position(|value| *value == Some(raw)).unwrap_or_default();
        let name = self.fields.text.iter().nth(at).unwrap_or_default();
        let kind = match raw.as_bytes() {
            [b'{', ..] => "an object",
            [b'[', ..] => "an array",
            [b't' | b'f', ..] => "true or false",
            _ => "a number",
        };
        Err(format!("the text field {name} is {kind}, not a string"))
    }
}

/// The value as text, and whether a lone surrogate in it was replaced. What is empty, null or more than one value says
/// nothing, and leaves it to the next name.
fn scalar(raw: &str) -> Option<(Box<str>, bool)> {
    match raw.as_bytes() {
        b"null" | b"\"\"" | [b'{' | b'[', ..] => None,
        [b'"', ..] => {
            let (text, replaced) = decode(raw);
            Some((text.into(), replaced))
        }
        _ => Some((raw.into(), false)),
    }
}

/// The fields that a record has, for a message: the first few, shortened.
fn there(line: &str) -> String {
    const SHOWN: usize = 12;
    const LONGEST: usize = 40;
    let keys = keys(line);
    if keys.is_empty() {
        return "the object is empty".into();
    }
    let shown: Vec<String> = keys.iter().take(SHOWN).map(|key| key.chars().take(LONGEST).collect()).collect();
    let more = if keys.len() > SHOWN { ", …" } else { "" };
    format!("there are {}{more}", shown.join(", "))
}
