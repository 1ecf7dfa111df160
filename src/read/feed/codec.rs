//! Feeds, as they are opened, parsed and written.

use super::parse;
use crate::Result;
use crate::read::blocks::{Opened, State, Whole};
use crate::read::codec::{Codec, Head, Output};
use crate::read::record::Record;
use crate::read::sniff::{self, Json};
use crate::read::source::Source;
use crate::read::{Block, Fields, Input, Parsed, ReadOptions, TableHeader, Unpacked, Within, field_names};

/// RSS, Atom or JSON Feed, or records of JSON in an array.
pub(in crate::read) struct Syndicated;

impl Codec for Syndicated {
    /// Returns none: all its endings are those of other formats too.
    fn endings(&self) -> &'static [&'static str] {
        &[]
    }

    /// Returns true for JSON of other shapes than lines, too, and for any XML, to report that it is no feed.
    fn recognizes(&self, head: &Head) -> bool {
        let text = head.text;
        let is_xml = || sniff::is_feed(&text[super::junk(text)..]) || text.trim_start().starts_with("<?xml");
        sniff::is_feed(text) || is_xml() || sniff::json(text) == Some(Json::Records)
    }

    fn open(&self, input: &Input, _: &Fields, options: &ReadOptions, run: &Unpacked) -> Result<Opened> {
        Ok(Opened(State::Whole(Source::open(input, options, run)?, Whole::Feed)))
    }

    fn parse(&self, block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
        parse(block, input, fields, keep_records)
    }

    fn record<'r>(
        &self,
        record: &'r str,
        within: Option<Within>,
        _: Option<&TableHeader>,
        _: &Fields,
    ) -> Option<Record<'r>> {
        Some(Record::markup(record, within))
    }

    fn output(&self) -> Output {
        Output::Feed
    }

    fn field_names(&self, input: &Input) -> Vec<String> {
        field_names::of_json(input)
    }
}
