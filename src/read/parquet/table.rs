//! Tables: their metadata, their columns, and the pieces of their groups of rows.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use ::parquet::column::page::PageReader;
use ::parquet::column::reader::{ColumnReader, get_column_reader};
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use ::parquet::file::reader::{ChunkReader, Length, SerializedPageReader};
use ::parquet::schema::types::SchemaDescriptor;
use xxhash_rust::xxh3::xxh3_64;

use super::guard::guarded_read;
use crate::read::Names;
use crate::{Error, Result};

/// Does the same with a column's reader whatever the type of its values.
macro_rules! each_type {
    ($reader:expr, $typed:ident => $does:expr) => {{
        use ::parquet::column::reader::ColumnReader;
        match $reader {
            ColumnReader::BoolColumnReader($typed) => $does,
            ColumnReader::Int32ColumnReader($typed) => $does,
            ColumnReader::Int64ColumnReader($typed) => $does,
            ColumnReader::Int96ColumnReader($typed) => $does,
            ColumnReader::FloatColumnReader($typed) => $does,
            ColumnReader::DoubleColumnReader($typed) => $does,
            ColumnReader::ByteArrayColumnReader($typed) => $does,
            ColumnReader::FixedLenByteArrayColumnReader($typed) => $does,
        }
    }};
}
pub(super) use each_type;

/// A table and what it says of itself.
pub(crate) struct Table {
    pub file: File,
    pub metadata: Arc<ParquetMetaData>,
    /// The length of the file.
    pub bytes: u64,
    /// The checksum of its last part, which says where everything is and how long.
    pub checksum: String,
}

impl Table {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self> {
        let mut file = File::open(path).map_err(|e| Error::io(path, e))?;
        let unreadable = |e: ParquetError| {
            let reason =
                format!("is not Parquet, or its end, which says where everything is, is damaged: {}", said(&e));
            Error::Damaged { path: path.to_owned(), reason }
        };
        let metadata = guarded_read(|| ParquetMetaDataReader::new().parse_and_finish(&file)).map_err(unreadable)?;
        let bytes = Length::len(&file);
        let footer = footer(&mut file).map_err(|e| Error::io(path, e))?;
        let checksum = format!("{:016x}", xxh3_64(&footer));
        for (group, n) in metadata.row_groups().iter().zip(1..) {
            let sound = |column: &ColumnChunkMetaData| range(column).is_some_and(|range| range.end <= bytes);
            if !(0..=i64::from(u32::MAX)).contains(&group.num_rows()) || !group.columns().iter().all(sound) {
                let reason = format!("row group {n} does not lie within the file: it is damaged or cut short");
                return Err(Error::Damaged { path: path.to_owned(), reason });
            }
        }
        Ok(Table { file, metadata: Arc::new(metadata), bytes, checksum })
    }

    /// Returns how many rows each group has.
    pub fn groups(&self) -> impl Iterator<Item = usize> {
        self.metadata.row_groups().iter().map(|group| group.num_rows() as usize)
    }

    /// Returns the schema.
    pub fn schema(&self) -> &SchemaDescriptor {
        self.metadata.file_metadata().schema_descr()
    }

    /// Returns the column that holds the text, by the names it may have.
    pub fn text_column(&self, names: &Names) -> Option<usize> {
        names.iter().find_map(|name| column(self.schema(), name))
    }
}

/// Returns a reader of a column of a group.
pub(super) fn reader<R: ChunkReader + 'static>(
    bytes: Arc<R>,
    metadata: &ParquetMetaData,
    group: usize,
    column: usize,
) -> ParquetResult<ColumnReader> {
    Ok(reader_from(bytes, metadata, group, column, 0)?.0)
}

/// Returns a reader of a column of a group that starts with the page of some row, and how many rows of that page come
/// before it.
///
/// Pages are passed over here, as a whole, and not by the reader: that one would go by what is written in a page, whether
/// it is damaged or not.
pub(super) fn reader_from<R: ChunkReader + 'static>(
    bytes: Arc<R>,
    metadata: &ParquetMetaData,
    group: usize,
    column: usize,
    row: usize,
) -> ParquetResult<(ColumnReader, usize)> {
    let group = metadata.row_group(group);
    let chunk = group.column(column);
    let descriptor = chunk.column_descr_ptr();
    let mut pages = SerializedPageReader::new(bytes, chunk, group.num_rows() as usize, None)?;
    let mut before = row;
    while before > 0 {
        let Some(page) = pages.peek_next_page()? else { break };
        let single = page.num_levels.filter(|_| descriptor.max_rep_level() == 0);
        match page.num_rows.or(single) {
            _ if page.is_dict && pages.supports_deferred_dictionary() => {}
            Some(rows) if !page.is_dict && rows <= before => before -= rows,
            _ => break,
        }
        pages.skip_next_page()?;
    }
    Ok((get_column_reader(descriptor, Box::new(pages)), before))
}

/// Returns what an error of the library says, without its kind.
pub(super) fn said(error: &ParquetError) -> String {
    let text = error.to_string();
    ["Parquet error: ", "External: ", "EOF: "]
        .iter()
        .fold(text.as_str(), |text, kind| text.trim_start_matches(kind))
        .into()
}

/// Returns the column of a name, its steps separated by dots. Columns with several values a row have no name here.
pub(super) fn column(schema: &SchemaDescriptor, name: &str) -> Option<usize> {
    schema.columns().iter().position(|column| column.max_rep_level() == 0 && column.path().string() == name)
}

/// Returns the byte range of a column's chunk, if it is possible.
pub(super) fn range(chunk: &ColumnChunkMetaData) -> Option<Range<u64>> {
    let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
    let (start, length) = (u64::try_from(start).ok()?, u64::try_from(chunk.compressed_size()).ok()?);
    Some(start..start.checked_add(length)?)
}

/// Returns the last part of a file.
fn footer(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut end = [0; 8];
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut end)?;
    let length = u32::from_le_bytes([end[0], end[1], end[2], end[3]]);
    let mut footer = Vec::new();
    file.seek(SeekFrom::End(-8 - i64::from(length)))?;
    file.take(u64::from(length)).read_to_end(&mut footer)?;
    Ok(footer)
}
