//! Crawls, as they are opened, parsed and written.

use super::{Records, parse};
use crate::Result;
use crate::read::blocks::{Opened, State};
use crate::read::codec::{Codec, Head, Output};
use crate::read::record::Record;
use crate::read::source::Source;
use crate::read::{Block, Fields, Input, Parsed, ReadOptions, TableHeader, Unpacked, Within};

/// A crawl: WARC or WET.
pub(in crate::read) struct Warc;

impl Codec for Warc {
    fn endings(&self) -> &'static [&'static str] {
        &["warc", "wet", "wat"]
    }

    fn is_slow(&self) -> bool {
        true
    }

    fn recognizes(&self, head: &Head) -> bool {
        head.bytes.starts_with(b"WARC/1.")
    }

    fn open(&self, input: &Input, _: &Fields, options: &ReadOptions, run: &Unpacked) -> Result<Opened> {
        Ok(Opened(State::Crawl(Box::new(Records::new(Source::open(input, options, run)?, options, run)))))
    }

    fn parse(&self, block: &Block, input: &Input, _: &Fields, keep_records: bool) -> Parsed {
        parse(block, input, keep_records)
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
        Output::Crawl
    }

    fn has_fields(&self) -> bool {
        false
    }
}
