//! Pages of HTML: the main text of each is one document.

#[cfg(feature = "html")]
mod links;
#[cfg(feature = "html")]
mod notice;
#[cfg(feature = "html")]
mod outside;
mod page;
mod parse;

pub(super) use page::{Page, page};

use super::blocks::{Opened, State, Whole};
use super::codec::{Codec, Head, Output};
use super::record::{Record, Wrap};
use super::source::Source;
use super::{Block, Fields, Input, Parsed, ReadOptions, TableHeader, Unpacked, Within, json, sniff};
use crate::Result;

/// A page of HTML. It is written as a line of JSON: a text cannot be cut reliably out of the page that it was made from.
pub(super) struct Html;

impl Codec for Html {
    fn endings(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml"]
    }

    fn is_slow(&self) -> bool {
        true
    }

    fn recognizes(&self, head: &Head) -> bool {
        sniff::is_page(head.text) && !sniff::is_feed(head.text)
    }

    fn open(&self, input: &Input, _: &Fields, options: &ReadOptions, run: &Unpacked) -> Result<Opened> {
        Ok(Opened(State::Whole(Source::open(input, options, run)?, Whole::Page)))
    }

    fn parse(&self, block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
        parse::parse(block, input, fields, keep_records)
    }

    fn record<'r>(
        &self,
        record: &'r str,
        _: Option<Within>,
        _: Option<&TableHeader>,
        fields: &Fields,
    ) -> Option<Record<'r>> {
        json::record(record, fields)
    }

    fn output(&self) -> Output {
        Output::SharedLines
    }

    fn wrap(&self, _: &str) -> Wrap {
        Wrap::Json
    }

    fn has_fields(&self) -> bool {
        false
    }
}
