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
mod coding;
mod csv;
mod decoded;
mod discover;
mod feed;
mod field_names;
mod fields;
mod format;
mod input;
mod layout;
mod lines;
mod literal;
mod markup;
#[cfg(feature = "html")]
mod notice;
mod others;
mod page;
mod pages;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
mod parse;
pub mod plain;
mod record;
mod said;
mod share;
mod shown;
mod sniff;
mod source;
#[cfg(test)]
mod tests;
mod values;
mod walk;
mod warc;

pub(crate) use again::{Copied, readable_again};
use blocks::Shape;
pub use blocks::{Block, Blocks, ReadOptions, Unreadable, open, open_in_run};
pub(crate) use coding::encode;
pub(crate) use csv::Scan;
pub use csv::{TableHeader, TextField, quoted_offsets};
pub use discover::{Discovered, Discovery, discover, discover_as};
pub use feed::{cut_item, find_in_item};
pub(crate) use field_names::field_names;
pub use fields::{Fields, Names};
pub use format::Format;
pub use input::{Compression, Input};
pub use layout::{InputLayout, LineEnd, LineEnds};
pub use literal::raw_offsets;
pub use others::{OtherRun, Others};
pub(crate) use others::{decoded, encoded};
pub use parse::{Parsed, parse_block};
pub use record::{TextValue, text_value};
pub(crate) use share::Share;
pub use shown::{path_of, shown};
pub(crate) use source::Steps;
pub use source::Unpacked;
pub use values::Rows;
pub(crate) use warc::{split, with_length};
