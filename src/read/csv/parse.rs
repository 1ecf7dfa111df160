//! A block of rows -> documents.

use std::borrow::Cow;

use super::{TableHeader, body, decode, fields};
use crate::Problem;
use crate::read::fields::Wanted;
use crate::read::values::Maker;
use crate::read::{Block, Fields, Input, Parsed, Place};

/// Parses the rows of a block.
pub(in crate::read) fn parse(
    block: &Block,
    header: (u64, &TableHeader),
    input: &Input,
    names: &Fields,
    keep: bool,
) -> Parsed {
    let (header_record, header) = header;
    let wanted = Wanted::new(names);
    let columns = header.columns(&wanted);
    let maker = Maker { input, wanted: &wanted };
    let mut parsed = Parsed { problems: block.problems.clone(), ..Parsed::default() };
    let mut unreadable = block.unreadable.iter().peekable();
    let (mut start, mut line) = (0, block.first_line);
    let mut row_fields = Vec::new();
    for (record, &end) in (block.first_record..).zip(&block.ends) {
        let whole = &block.text[start..end];
        start = end;
        let row = body(whole);
        let own_line = line;
        line += memchr::memchr_iter(b'\n', whole.as_bytes()).count() as u64;
        let mut problem = |reason| {
            parsed.problems.push(Problem {
                input: input.name.clone(),
                line: own_line,
                reason,
                skipped: true,
                records: 1,
            });
        };
        if let Some(bad) = unreadable.next_if(|bad| bad.record == record) {
            problem(bad.reason.clone());
            parsed.others.extend(bad.raw.clone().filter(|_| keep).map(|raw| (record, raw)));
            continue;
        }
        row_fields.clear();
        row_fields.extend(fields(row, header.separator()));
        let is_header = record == header_record;
        let text = maker.first_slot(&wanted.text, |slot| columns[slot]).and_then(|column| row_fields.get(column));
        let (Some(text), false) = (text, is_header || row.is_empty() || row_fields.len() != header.names().len())
        else {
            if !is_header && !row.is_empty() {
                problem(ragged(row_fields.len(), header.names().len(), line - own_line));
            }
            parsed.others.extend(keep.then(|| (record, row.as_bytes().into())));
            continue;
        };
        let place = Place { input: block.input, record };
        let value =
            |slot: usize| columns[slot].map(|column| decode(&row[row_fields[column].clone()], header.separator()));
        let text: Cow<str> = decode(&row[text.clone()], header.separator());
        let mut document = maker.document(place, own_line, text, value);
        document.provenance.record = keep.then(|| row.as_bytes().into());
        parsed.documents.push(document);
    }
    parsed
}

/// Returns the message about a row that does not have as many fields as the header.
fn ragged(fields: usize, columns: usize, lines: u64) -> String {
    let count = |n: usize| if n == 1 { "1 field".to_owned() } else { format!("{n} fields") };
    let hint = match lines {
        0 | 1 => String::new(),
        lines => format!("; it goes over {lines} lines, so a quote may be missing"),
    };
    format!("the row has {}, the header {columns}{hint}", count(fields))
}
