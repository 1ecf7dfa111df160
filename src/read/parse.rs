//! A block of records -> documents.

use super::{Block, Fields, Input, Others};
use crate::{Document, Problem};

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

/// Parses the records of a block. With `keep_records` each document carries its record where that is more than its text, and
/// any other record is kept too, so that the input can be put together again.
pub fn parse_block(block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
    input.format.codec().parse(block, input, fields, keep_records)
}
