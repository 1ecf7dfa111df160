//! Parquet: rows of a table that is stored by columns, in groups of rows.
//!
//! Tables are read and written column by column as they are stored, not by way of another representation: so no value and no
//! type can change on the way, whatever they are. Only the columns that are looked for are read, and one piece of a group of rows
//! at a time is taken apart.

#[cfg(feature = "parquet")]
mod copy;
#[cfg(feature = "parquet")]
mod guard;
#[cfg(feature = "parquet")]
mod parse;
#[cfg(feature = "parquet")]
mod pieces;
#[cfg(feature = "parquet")]
mod properties;
#[cfg(feature = "parquet")]
mod shape;
#[cfg(feature = "parquet")]
mod table;
#[cfg(feature = "parquet")]
mod values;
#[cfg(feature = "parquet")]
mod written;

#[cfg(feature = "parquet")]
pub(crate) use copy::{Ids, Part, Sums, steps};
#[cfg(feature = "parquet")]
pub(super) use pieces::{Piece, Pieces};
#[cfg(feature = "parquet")]
pub(crate) use shape::Shape;
#[cfg(feature = "parquet")]
pub(crate) use table::Table;
#[cfg(feature = "parquet")]
pub(crate) use written::{copy_group, end, failed, start_like};

use super::blocks::Opened;
use super::codec::{Codec, Head, Output};
use super::record::Record;
use super::{Block, Fields, Input, Parsed, ReadOptions, TableHeader, Unpacked, Within};
use crate::Result;

/// A table of Parquet.
pub(super) struct Parquet;

/// The first bytes of a table, and its last.
pub(super) const MAGIC: &[u8] = b"PAR1";

impl Codec for Parquet {
    fn endings(&self) -> &'static [&'static str] {
        &["parquet"]
    }

    fn recognizes(&self, head: &Head) -> bool {
        head.bytes.starts_with(MAGIC)
    }

    #[cfg(feature = "parquet")]
    fn open(&self, input: &Input, fields: &Fields, options: &ReadOptions, _: &Unpacked) -> Result<Opened> {
        Ok(Opened(super::blocks::State::Pieces(Box::new(Pieces::open(input, fields, options)?))))
    }

    #[cfg(not(feature = "parquet"))]
    fn open(&self, _: &Input, _: &Fields, _: &ReadOptions, _: &Unpacked) -> Result<Opened> {
        Err(crate::Error::Usage("this flong was built without Parquet".into()))
    }

    fn parse(&self, block: &Block, input: &Input, fields: &Fields, keep_records: bool) -> Parsed {
        match &block.shape {
            #[cfg(feature = "parquet")]
            super::blocks::Shape::Piece(piece) => parse::parse(block, piece, input, fields, keep_records),
            // A block without rows, which reports what is wrong with the input.
            _ => {
                let _ = (input, fields, keep_records);
                Parsed { problems: block.problems.clone(), ..Parsed::default() }
            }
        }
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
        Output::Table
    }

    fn is_packed(&self) -> bool {
        true
    }

    #[cfg(feature = "parquet")]
    fn field_names(&self, input: &Input) -> Vec<String> {
        let table = input.path.as_ref().and_then(|path| Table::open(path).ok());
        let columns = table.iter().flat_map(|table| table.schema().columns().iter());
        columns.map(|column| column.path().string()).collect()
    }

    #[cfg(feature = "parquet")]
    fn share(&self, input: &Input) -> super::Share {
        let table = input.path.as_ref().and_then(|path| Table::open(path).ok());
        let rows = table.and_then(|table| u64::try_from(table.metadata.file_metadata().num_rows()).ok());
        rows.map_or_else(|| super::Share::of_bytes(input), super::Share::of_rows)
    }
}
