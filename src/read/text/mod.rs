//! Plain text: the whole input is one document.

use super::blocks::{Opened, State, Whole};
use super::codec::{Codec, Head, Output};
use super::record::Record;
use super::source::Source;
use super::{Block, Fields, Input, Parsed, Place, Provenance, ReadOptions, TableHeader, Unpacked, Within};
use crate::{Document, Problem, Result};

/// Plain text.
pub(super) struct Text;

impl Codec for Text {
    fn endings(&self) -> &'static [&'static str] {
        &["txt", "text", "md"]
    }

    /// Returns true: any input is text if it is nothing else.
    fn recognizes(&self, _: &Head) -> bool {
        true
    }

    fn open(&self, input: &Input, _: &Fields, options: &ReadOptions, run: &Unpacked) -> Result<Opened> {
        Ok(Opened(State::Whole(Source::open(input, options, run)?, Whole::Text)))
    }

    fn parse(&self, block: &Block, input: &Input, _: &Fields, keep_records: bool) -> Parsed {
        let mut parsed = Parsed { problems: block.problems.clone(), ..Parsed::default() };
        match block.unreadable.first() {
            Some(bad) => {
                let reason = bad.reason.clone();
                parsed.problems.push(Problem { input: input.name.clone(), line: 0, reason, skipped: true, records: 1 });
                parsed.others.extend(bad.raw.clone().filter(|_| keep_records).map(|raw| (0, raw)));
            }
            None => {
                let place = Place { input: block.input, record: 0 };
                let provenance = Provenance { line: 1, ..place.into() };
                parsed.documents.push(Document { provenance, ..Document::new(&*input.name, &*block.text) });
            }
        }
        parsed
    }

    fn record<'r>(
        &self,
        record: &'r str,
        _: Option<Within>,
        _: Option<&TableHeader>,
        _: &Fields,
    ) -> Option<Record<'r>> {
        Some(Record::text(record))
    }

    fn output(&self) -> Output {
        Output::File
    }

    fn has_fields(&self) -> bool {
        false
    }
}
