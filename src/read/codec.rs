//! The interface between reading and writing and the formats. Each format's folder holds one [`Codec`]; `format` lists them.

use super::blocks::Opened;
use super::record::{Record, Wrap};
use super::{Block, Fields, Input, Parsed, ReadOptions, Share, TableHeader, Unpacked, Within};
use crate::Result;

/// A format, as it is read and written.
///
/// Methods with a default are right for most formats.
pub(crate) trait Codec: Sync {
    /// Returns the endings of file names that show this format for certain, in lower case.
    fn endings(&self) -> &'static [&'static str];

    /// Returns whether an input is of this format, by its first bytes.
    fn recognizes(&self, head: &Head) -> bool;

    /// Opens an input.
    ///
    /// # Errors
    /// If the file cannot be opened, or is a table without a column for the text.
    fn open(&self, input: &Input, fields: &Fields, options: &ReadOptions, run: &Unpacked) -> Result<Opened>;

    /// Parses the records of a block.
    fn parse(&self, block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed;

    /// Returns where in a record its text is, so that pieces of it can be cut out. `None` if the record has no text.
    /// `record` is the document's text where that is all there is; `within` is what reading found out, and `header` the
    /// first row of a table.
    fn record<'r>(
        &self,
        record: &'r str,
        within: Option<Within>,
        header: Option<&TableHeader>,
        fields: &Fields,
    ) -> Option<Record<'r>>;

    /// Returns where cleaned records are written.
    fn output(&self) -> Output;

    /// Returns how a record holds its text, by what comes before the text.
    fn wrap(&self, _before: &str) -> Wrap {
        Wrap::Whole
    }

    /// Returns a record without the id that was added to it, in `field` or after the last `separator`; `None` if there is
    /// none.
    fn without_id(&self, _record: &str, _field: &str, _separator: Option<u8>) -> Option<String> {
        None
    }

    /// Returns whether records have fields with names of their own.
    fn has_fields(&self) -> bool {
        true
    }

    /// Returns whether files are compressed inside, whatever their names say.
    fn is_packed(&self) -> bool {
        false
    }

    /// Returns whether to parse a record takes far longer than to read it, so that what was parsed is worth keeping.
    fn is_slow(&self) -> bool {
        false
    }

    /// Returns the names of the fields in the first records of an input; none if it cannot be read.
    fn field_names(&self, _input: &Input) -> Vec<String> {
        Vec::new()
    }

    /// Returns what measures the share of an input that was read.
    fn share(&self, input: &Input) -> Share {
        Share::of_bytes(input)
    }
}

/// The first bytes of an input, decompressed.
pub(crate) struct Head<'h> {
    /// The bytes.
    pub bytes: &'h [u8],
    /// The bytes as text; what is not UTF-8 is replaced.
    pub text: &'h str,
}

/// The places that cleaned records are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// To a file of the input, which is its only record.
    File,
    /// To the input's file of JSON Lines.
    Lines,
    /// To the file of JSON Lines that all such inputs share, since they cannot be written as they were.
    SharedLines,
    /// To the input's table of rows.
    Rows {
        /// Whether a row's end in the cleaned file cannot be found without the number of its lines.
        counts_lines: bool,
    },
    /// To a table that is copied from the input once all is read.
    Table,
    /// To the input's file, between what is around the records.
    Feed,
    /// To the input's file, each record compressed by itself.
    Crawl,
}
