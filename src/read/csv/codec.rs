//! CSV and TSV, as they are opened, parsed and written.

use super::{Rows, TableHeader, parse};
use crate::Result;
use crate::read::blocks::{Opened, Shape, State};
use crate::read::codec::{Codec, Head, Output};
use crate::read::decoded::Decoded;
use crate::read::record::{Record, Wrap};
use crate::read::source::Source;
use crate::read::{Block, Fields, Input, Parsed, ReadOptions, Unpacked, Within, field_names, sniff};

/// CSV: commas, semicolons, tabs or bars separate the fields.
pub(in crate::read) struct Csv;

/// CSV with tabs.
pub(in crate::read) struct Tsv;

impl Codec for Csv {
    fn endings(&self) -> &'static [&'static str] {
        &["csv"]
    }

    fn recognizes(&self, head: &Head) -> bool {
        sniff::json(head.text).is_none() && super::is_likely(head.text)
    }

    fn open(&self, input: &Input, fields: &Fields, options: &ReadOptions, run: &Unpacked) -> Result<Opened> {
        let decoded = Decoded::new(Source::open(input, options, run)?, options.keep_records);
        Ok(Opened(State::Records(Box::new(Rows::open(decoded, input.format, fields, options)?))))
    }

    fn parse(&self, block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
        match &block.shape {
            Shape::Rows(record, header) => parse::parse(block, (*record, header), input, fields, keep_records),
            // A block without rows, which reports how the input ended.
            _ => Parsed { problems: block.problems.clone(), ..Parsed::default() },
        }
    }

    fn record<'r>(
        &self,
        record: &'r str,
        _: Option<Within>,
        header: Option<&TableHeader>,
        fields: &Fields,
    ) -> Option<Record<'r>> {
        let field = header?.text_field(record, &fields.text)?;
        let wrap = if field.quoted { Wrap::Quoted } else { Wrap::Bare };
        Some(Record { whole: record, text: field.range, wrap })
    }

    fn output(&self) -> Output {
        Output::Rows { counts_lines: false }
    }

    fn wrap(&self, before: &str) -> Wrap {
        if before.ends_with('"') { Wrap::Quoted } else { Wrap::Bare }
    }

    fn without_id(&self, record: &str, _: &str, separator: Option<u8>) -> Option<String> {
        Some(record[..record.rfind(char::from(separator?))?].to_owned())
    }

    fn field_names(&self, input: &Input) -> Vec<String> {
        let text = field_names::beginning(input);
        let header = text.lines().find(|line| !line.trim().is_empty());
        header.map_or(Vec::new(), |row| TableHeader::of(row, input.format).names().to_vec())
    }
}

impl Codec for Tsv {
    fn endings(&self) -> &'static [&'static str] {
        &["tsv", "tab"]
    }

    /// Returns false: any table is recognized as CSV, whatever separates its fields.
    fn recognizes(&self, _: &Head) -> bool {
        false
    }

    fn open(&self, input: &Input, fields: &Fields, options: &ReadOptions, run: &Unpacked) -> Result<Opened> {
        Csv.open(input, fields, options, run)
    }

    fn parse(&self, block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
        Csv.parse(block, input, fields, keep_records)
    }

    fn record<'r>(
        &self,
        record: &'r str,
        within: Option<Within>,
        header: Option<&TableHeader>,
        fields: &Fields,
    ) -> Option<Record<'r>> {
        Csv.record(record, within, header, fields)
    }

    /// Returns that lines are counted: where a quoted field ends depends on the lines after it, which cleaning may
    /// drop.
    fn output(&self) -> Output {
        Output::Rows { counts_lines: true }
    }

    fn wrap(&self, before: &str) -> Wrap {
        Csv.wrap(before)
    }

    fn without_id(&self, record: &str, field: &str, separator: Option<u8>) -> Option<String> {
        Csv.without_id(record, field, separator)
    }

    fn field_names(&self, input: &Input) -> Vec<String> {
        Csv.field_names(input)
    }
}

/// Returns the separator of a table that gets a column of ids: one without a column of any of the names of ids, whose ids
/// can be written without quotes.
pub(crate) fn id_separator(header: &TableHeader, fields: &Fields, input: &str) -> Option<u8> {
    let has_ids = fields.id.iter().any(|name| header.names().iter().any(|column| column == name));
    let plain = !input.contains(|c: char| c.is_control() || "\",;|".contains(c));
    (!has_ids && plain).then(|| header.separator())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Format;

    #[test]
    fn only_tables_without_ids_get_a_column() {
        let separator =
            |header: &str, input: &str| id_separator(&TableHeader::of(header, Format::Csv), &Fields::default(), input);
        assert_eq!(separator("text;date", "a b.csv"), Some(b';'));
        assert_eq!(separator("text,guid", "a.csv"), None);
        assert_eq!(separator("text,date", "a,b.csv"), None);
        assert_eq!(Csv.without_id("\"a,\"\"b\",c,in.csv:2", "id", Some(b',')).unwrap(), "\"a,\"\"b\",c");
    }
}
