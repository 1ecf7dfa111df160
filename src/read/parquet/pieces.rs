//! Pieces of the groups of rows of a table, which are read one after the other and parsed in any order.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use ::parquet::basic::Type;
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::reader::{ChunkReader, Length};
use bytes::Bytes;

use super::table::{Table, column, range};
use crate::read::blocks::Shape;
use crate::read::fields::Wanted;
use crate::read::source::Limits;
use crate::read::values::no_text_column;
use crate::read::{Block, Compression, Fields, Format, Input, InputLayout, ReadOptions};
use crate::{Error, Problem, Result};

/// Rows of a block: fixed, since damaged rows are reported by blocks.
const PIECE: usize = 1 << 12;

/// The columns that are read of each row, and limits.
#[derive(Debug)]
pub(in crate::read) struct Plan {
    /// The column of each name that is looked for.
    pub(super) columns: Vec<Option<usize>>,
    pub(super) text: usize,
    /// The other columns, if the rows are to be written again: then all of a row must be readable.
    pub(super) others: Vec<usize>,
    pub(super) max_record: usize,
    pub(super) limits: Limits,
}

/// A group of rows, with the columns that are read.
#[derive(Debug)]
pub(in crate::read) struct Group {
    pub(super) metadata: Arc<ParquetMetaData>,
    pub(super) index: usize,
    /// The row of the input that is its first.
    pub(super) first_row: u64,
    pub(super) chunks: Vec<(usize, Arc<Chunk>)>,
}

/// Rows of a group.
#[derive(Debug, Clone)]
pub(in crate::read) struct Piece {
    pub(super) plan: Arc<Plan>,
    pub(super) group: Arc<Group>,
    pub(super) rows: Range<usize>,
}

/// A column of a group of rows, in the file: its pages are read when they are needed, so that no more of a group is in memory
/// than the pages that are taken apart.
#[derive(Debug)]
pub(super) struct Chunk {
    file: Arc<Mutex<File>>,
    range: Range<u64>,
}

/// Bytes that are read for the head of a page.
const HEAD_BYTES: usize = 512;

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.range.end
    }
}

impl ChunkReader for Chunk {
    type T = BufReader<Rest>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        let place = self.within(start, 0)?.start..self.range.end;
        Ok(BufReader::with_capacity(HEAD_BYTES, Rest { file: self.file.clone(), place }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let place = self.within(start, length)?;
        let mut bytes = vec![0; length];
        Rest { file: self.file.clone(), place }.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

impl Chunk {
    /// Returns the place of `length` bytes from `start` of the file on.
    fn within(&self, start: u64, length: usize) -> ParquetResult<Range<u64>> {
        let end = start.checked_add(length as u64).filter(|&end| start >= self.range.start && end <= self.range.end);
        end.map(|end| start..end).ok_or_else(|| ParquetError::EOF("a page goes beyond its column".into()))
    }
}

/// A part of a file that is still to be read. Others may read the file in between.
pub(super) struct Rest {
    file: Arc<Mutex<File>>,
    place: Range<u64>,
}

impl Read for Rest {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.place.end - self.place.start).unwrap_or(usize::MAX);
        let most = bytes.len().min(left);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.place.start))?;
        let read = file.read(&mut bytes[..most])?;
        self.place.start += read as u64;
        Ok(read)
    }
}

/// The pieces of a table, one after the other.
pub(in crate::read) struct Pieces {
    table: Table,
    file: Arc<Mutex<File>>,
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
        // Both handles share one position: the table's own is not read from here on.
        let file = table.file.try_clone().map_err(|e| Error::io(path, e))?;
        Ok(Pieces { table, file: Arc::new(Mutex::new(file)), plan, group: None, next: (0, 0, 0) })
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
                self.group = Some(Arc::new(self.group(next_group, first_row)));
                self.next = (next_group + 1, 0, first_row);
                self.next(block)
            }
            _ => false,
        }
    }

    /// Returns a group, of which nothing is read yet.
    fn group(&self, index: usize, first_row: u64) -> Group {
        let metadata = self.table.metadata.clone();
        let mut columns: Vec<usize> = self.plan.columns.iter().flatten().chain(&self.plan.others).copied().collect();
        columns.sort_unstable();
        columns.dedup();
        let chunks = columns.into_iter().map(|column| {
            let range = range(metadata.row_group(index).column(column)).unwrap_or_default();
            (column, Arc::new(Chunk { file: self.file.clone(), range }))
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

/// Returns a problem with a row, or from that row on.
pub(super) fn problem(input: &Input, row: u64, records: u64, reason: String) -> Problem {
    Problem { input: input.name.clone(), line: row + 1, reason, skipped: true, records }
}
