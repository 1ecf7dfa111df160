//! read: bytes -> Documents.
//!
//! The first stage. Arguments become [`Input`]s, an input is opened as a run of [`Blocks`], a block is parsed into
//! [`Document`](crate::Document)s:
//!
//! ```text
//! discover(args) -> Input -> open -> Blocks -> Block -> parse_block -> Parsed { documents, problems, others }
//!                                      |
//!                                      `-> layout: what a restore needs besides the records
//! ```
//!
//! Reading a block is bound by the disk and stays on one thread; parsing one is pure, so that a pipeline can parse many
//! at once. Where a block ends depends on its size only, and never changes what is parsed.
//!
//! Nothing here is fatal once an input is open: a bad record, a damaged stream or a guessed encoding is a
//! [`Problem`](crate::Problem), counted and passed on.

mod again;
mod blocks;
mod codec;
mod coding;
mod csv;
mod decoded;
mod discover;
mod feed;
mod field_names;
mod fields;
mod format;
mod html;
mod input;
mod json;
mod layout;
mod lines;
mod markup;
mod others;
pub(crate) mod parquet;
mod parse;
pub mod plain;
mod record;
mod share;
mod shown;
mod sniff;
mod source;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod walk;
mod warc;

pub use crate::document::{Form, Given, Place, Provenance, Within};
pub(crate) use again::{Copied, readable_again};
pub use blocks::{Block, Blocks, ReadOptions, Unreadable, open, open_in_run};
pub(crate) use codec::{Codec, Output};
pub(crate) use coding::encode;
pub(crate) use csv::{Scan, id_separator};
pub use csv::{TableHeader, TextField, quoted_offsets};
pub use discover::{Discovered, Discovery, discover, discover_as};
pub(crate) use feed::{KeptParts, item_with_id};
pub use feed::{cut_item, find_in_item};
pub(crate) use field_names::field_names;
pub use fields::{Fields, Names};
pub use format::Format;
pub use input::{Compression, Input};
pub(crate) use json::with_id;
pub use json::{TextValue, raw_offsets, text_value};
pub use layout::{InputLayout, LineEnd, LineEnds};
pub use others::{OtherRun, Others};
pub(crate) use others::{decoded, encoded};
pub use parse::{Parsed, parse_block};
pub(crate) use record::{Record, Wrap};
pub(crate) use share::Share;
pub use shown::{path_of, shown};
pub(crate) use source::Steps;
pub use source::Unpacked;
pub use values::Rows;
pub(crate) use warc::{split, with_length};
