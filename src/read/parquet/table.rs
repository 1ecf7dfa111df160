//! Parquet: rows of a table that is stored by columns, in groups of rows.
//!
//! Tables are read column by column as they are stored, not by way of another representation: so no value and no type can
//! change on the way, whatever they are. Only the columns that are looked for are read, and one piece of a group of rows
//! at a time is taken apart.

mod guard;
mod parse;
mod values;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use ::parquet::basic::Type;
use ::parquet::column::page::PageReader;
use ::parquet::column::reader::{ColumnReader, get_column_reader};
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use ::parquet::file::reader::{ChunkReader, Length, SerializedPageReader};
use ::parquet::schema::types::SchemaDescriptor;
use bytes::{Buf, Bytes};
pub(crate) use guard::guarded;
use guard::guarded_read;
pub(super) use parse::parse;
use xxhash_rust::xxh3::xxh3_64;

use super::fields::Wanted;
use super::source::Limits;
use super::values::no_text_column;
use super::{Block, Compression, Fields, Format, Input, InputLayout, Names, ReadOptions, Shape};
use crate::{Error, Problem, Result};

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
use each_type;

/// Rows of a block: fixed, since damaged rows are reported by blocks.
const PIECE: usize = 1 << 14;

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
pub(crate) fn reader<R: ChunkReader + 'static>(
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
fn reader_from<R: ChunkReader + 'static>(
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
pub(crate) fn said(error: &ParquetError) -> String {
    let text = error.to_string();
    ["Parquet error: ", "External: ", "EOF: "]
        .iter()
        .fold(text.as_str(), |text, kind| text.trim_start_matches(kind))
        .into()
}

/// Returns the column of a name, its steps separated by dots. Columns with several values a row have no name here.
fn column(schema: &SchemaDescriptor, name: &str) -> Option<usize> {
    schema.columns().iter().position(|column| column.max_rep_level() == 0 && column.path().string() == name)
}

/// Returns the byte range of a column's chunk, if it is possible.
fn range(chunk: &ColumnChunkMetaData) -> Option<Range<u64>> {
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

/// What is read of each row.
#[derive(Debug)]
pub(super) struct Plan {
    /// The column of each name that is looked for.
    columns: Vec<Option<usize>>,
    text: usize,
    /// The other columns, if the rows are to be written again: then all of a row must be readable.
    others: Vec<usize>,
    max_record: usize,
    limits: Limits,
}

/// A group of rows, with the bytes of the columns that are read.
#[derive(Debug)]
pub(super) struct Group {
    metadata: Arc<ParquetMetaData>,
    index: usize,
    /// The row of the input that is its first.
    first_row: u64,
    /// The bytes by column, or why they cannot be read.
    chunks: Vec<(usize, Result<Arc<Chunk>, String>)>,
}

/// Rows of a group.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    plan: Arc<Plan>,
    group: Arc<Group>,
    rows: Range<usize>,
}

/// The bytes of a file from an offset on.
#[derive(Debug)]
struct Chunk {
    start: u64,
    bytes: Bytes,
}

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Chunk {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        let from = self.within(start, 0)?;
        Ok(self.bytes.slice(from..).reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let from = self.within(start, length)?;
        Ok(self.bytes.slice(from..from + length))
    }
}

impl Chunk {
    /// Returns the offset in the chunk of `length` bytes from `start` of the file on.
    fn within(&self, start: u64, length: usize) -> ParquetResult<usize> {
        let from = start.checked_sub(self.start).and_then(|from| usize::try_from(from).ok());
        let whole = |from: &usize| from.checked_add(length).is_some_and(|end| end <= self.bytes.len());
        from.filter(whole).ok_or_else(|| ParquetError::EOF("a page goes beyond its column".into()))
    }
}

/// The pieces of a table, one after the other.
pub(super) struct Pieces {
    table: Table,
    plan: Arc<Plan>,
    group: Option<Arc<Group>>,
    /// The next group, the next row in the one at hand, and the next row of all.
    next: (usize, usize, u64),
}

impl Pieces {
    /// Opens a table. One of its columns must hold the text.
    pub fn open(input: &Input, fields: &Fields, options: &ReadOptions) -> Result<Self> {
        let Some(path) = &input.path else {
            let why = "Parquet is read from its end, so it cannot be piped in: save it as a file and name that";
            return Err(Error::Usage(why.into()));
        };
        if input.compression != Compression::None {
            let why = format!("Parquet within {}: unpack it first", input.compression.name());
            return Err(Error::Usage(why));
        }
        let table = Table::open(path)?;
        let plan = Arc::new(plan(&table, fields, options)?);
        Ok(Pieces { table, plan, group: None, next: (0, 0, 0) })
    }

    /// Puts the next piece into `block`; false if there is none.
    pub fn next(&mut self, block: &mut Block) -> bool {
        let (next_group, start, first_row) = self.next;
        let rows = self.group.as_ref().map_or(0, |group| group.rows());
        match &self.group {
            Some(group) if start < rows => {
                let end = rows.min(start + PIECE);
                (block.first_record, block.records) = (first_row, (end - start) as u64);
                block.shape = Shape::Piece(Piece { plan: self.plan.clone(), group: group.clone(), rows: start..end });
                self.next = (next_group, end, first_row + (end - start) as u64);
                true
            }
            _ if next_group < self.table.metadata.num_row_groups() => {
                self.group = Some(Arc::new(self.read_group(next_group, first_row)));
                self.next = (next_group + 1, 0, first_row);
                self.next(block)
            }
            _ => false,
        }
    }

    /// Takes the bytes of a group from the file.
    fn read_group(&mut self, index: usize, first_row: u64) -> Group {
        let metadata = self.table.metadata.clone();
        let mut columns: Vec<usize> = self.plan.columns.iter().flatten().chain(&self.plan.others).copied().collect();
        columns.sort_unstable();
        columns.dedup();
        let chunks = columns.into_iter().map(|column| {
            let range = range(metadata.row_group(index).column(column)).unwrap_or_default();
            let bytes = self.table.file.get_bytes(range.start, (range.end - range.start) as usize);
            (column, bytes.map(|bytes| Arc::new(Chunk { start: range.start, bytes })).map_err(|e| said(&e)))
        });
        Group { chunks: chunks.collect(), metadata: metadata.clone(), index, first_row }
    }

    /// Returns the layout of the table.
    pub fn layout(&self, input: &Input) -> InputLayout {
        InputLayout {
            name: input.name.clone(),
            format: Format::Parquet,
            compression: Compression::None,
            encoding: "UTF-8".into(),
            bom: false,
            bytes: self.table.bytes,
            checksum: self.table.checksum.clone(),
            records: self.table.groups().map(|rows| rows as u64).sum(),
            line_ends: Vec::new(),
            lost: Vec::new(),
            original: None,
        }
    }
}

impl Group {
    fn rows(&self) -> usize {
        self.metadata.row_group(self.index).num_rows() as usize
    }
}

/// Returns which columns are read.
fn plan(table: &Table, fields: &Fields, options: &ReadOptions) -> Result<Plan> {
    let schema = table.schema();
    let Some(text) = table.text_column(&fields.text) else {
        let single = schema.columns().iter().filter(|column| column.max_rep_level() == 0);
        let names: Vec<String> = single.map(|column| column.path().string()).collect();
        return Err(Error::Usage(no_text_column(fields.text.iter(), &names)));
    };
    let descriptor = schema.column(text);
    if descriptor.physical_type() != Type::BYTE_ARRAY {
        let (name, holds) = (descriptor.path().string(), descriptor.physical_type());
        let why = format!("the text column {name} holds {holds}, not text; --text-field names another");
        return Err(Error::Usage(why));
    }
    let wanted = Wanted::new(fields);
    let named = |name: &[u8]| column(schema, std::str::from_utf8(name).ok()?);
    let columns: Vec<Option<usize>> = wanted.wants.iter().map(|want| named(want.name)).collect();
    let others = (0..schema.num_columns()).filter(|column| options.keep_records && !columns.contains(&Some(*column)));
    Ok(Plan {
        text,
        others: others.collect(),
        columns,
        max_record: options.max_record.min(u32::MAX as usize),
        limits: Limits::of(options),
    })
}

/// A problem with a row, or from that row on.
fn problem(input: &Input, row: u64, records: u64, reason: String) -> Problem {
    Problem { input: input.name.clone(), line: row + 1, reason, skipped: true, records }
}
