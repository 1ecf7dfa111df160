//! A block of lines of JSON -> documents.

use memchr::memchr;

use super::said::{REPLACED, said};
use crate::read::fields::Wanted;
use crate::read::{Block, Fields, Input, Parsed, Place, Provenance};
use crate::{Document, Problem};

/// Parses the lines of a block. With `keep_records` each document carries its line, and any other line is kept too.
pub(in crate::read) fn parse(block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
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
        let line = next_line(&mut rest);
        if let Some(bad) = unreadable.next_if(|bad| bad.record == record) {
            parser.problem(record, bad.reason.clone(), true);
            parser.parsed.others.extend(bad.raw.clone().filter(|_| keep_records).map(|raw| (record, raw)));
            continue;
        }
        parser.line(record, line);
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
        let (input, line) = (self.input.name.clone(), record + 1);
        self.parsed.problems.push(Problem { input, line, reason, skipped, records: 1 });
    }

    fn place(&self, record: u64) -> Place {
        Place { input: self.index, record }
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
            url: said.url,
            text: said.text.into(),
            provenance: Provenance {
                place: self.place(record),
                line: record + 1,
                given: Some(said.given),
                record: self.keep.then(|| line.as_bytes().into()),
                within: None,
            },
        };
        Ok((document, said.replaced))
    }
}
