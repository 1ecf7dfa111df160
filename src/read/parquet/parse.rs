//! A piece of a group of rows -> documents.

use std::collections::BTreeMap;
use std::ops::Range;

use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::{ParquetError, Result as ParquetResult};

use super::values::render;
use super::{Group, Piece, each_type, problem, reader, said};
use crate::Place;
use crate::read::fields::Wanted;
use crate::read::source::size;
use crate::read::values::Maker;
use crate::read::{Block, Fields, Input, Parsed};

/// How many rows are given up together at least: a damaged page is closed in on, but not row by row.
const GRAIN: usize = 256;

/// Parses the rows of a piece.
pub(in crate::read) fn parse(block: &Block, piece: &Piece, input: &Input, fields: &Fields, keep: bool) -> Parsed {
    let wanted = Wanted::new(fields);
    let maker = Maker { input, wanted: &wanted };
    let parsed = Parsed { problems: block.problems.clone(), ..Parsed::default() };
    let mut rows = Rows { piece, maker, index: block.input, keep, parsed, lost: None, unpacked: 0 };
    rows.read(piece.rows.clone());
    rows.tell_lost();
    rows.parsed
}

struct Rows<'p> {
    piece: &'p Piece,
    maker: Maker<'p>,
    index: u32,
    keep: bool,
    parsed: Parsed,
    /// Rows that cannot be read, and why.
    lost: Option<(Range<usize>, String)>,
    /// Bytes of text so far.
    unpacked: u64,
}

/// The values of some rows.
struct Values {
    text: Vec<Option<ByteArray>>,
    /// Those of the other columns, by column.
    others: BTreeMap<usize, Vec<Option<Box<str>>>>,
}

impl Rows<'_> {
    /// Reads rows of the group. Where some cannot be read, halves are tried, so that the others are.
    fn read(&mut self, rows: Range<usize>) {
        match values(self.piece, &rows) {
            Ok(values) => {
                self.tell_lost();
                self.documents(rows.start, &values);
            }
            Err(Trouble::Rows(_)) if rows.len() > GRAIN => {
                let middle = rows.start + (rows.len() / 2).next_multiple_of(GRAIN);
                self.read(rows.start..middle);
                self.read(middle..rows.end);
            }
            Err(Trouble::Rows(why) | Trouble::All(why)) => match &mut self.lost {
                Some((lost, _)) if lost.end == rows.start => lost.end = rows.end,
                _ => {
                    self.tell_lost();
                    self.lost = Some((rows, why));
                }
            },
        }
    }

    fn tell_lost(&mut self) {
        let Some((rows, why)) = self.lost.take() else { return };
        let group = &self.piece.group;
        let (first, last) = (self.row(rows.start), self.row(rows.end - 1));
        let reason =
            format!("rows {} to {} (in row group {}) cannot be read: {why}", first + 1, last + 1, group.index + 1);
        self.parsed.problems.push(problem(self.maker.input, first, rows.len() as u64, reason));
    }

    /// The row of the input that is this one of the group.
    fn row(&self, row: usize) -> u64 {
        self.piece.group.first_row + row as u64
    }

    fn documents(&mut self, start: usize, values: &Values) {
        let plan = &self.piece.plan;
        let allowed = plan.limits.unpacked(self.piece.group.packed(plan.text));
        for (i, text) in values.text.iter().enumerate() {
            let record = self.row(start + i);
            self.unpacked += text.as_ref().map_or(0, |text| text.len() as u64);
            let text = match text {
                None => Err("the text is null".to_owned()),
                Some(text) if text.len() > plan.max_record => Err(format!(
                    "the text is longer than {}, the longest that is read; --max-record allows up to 4 GiB",
                    size(plan.max_record as u64)
                )),
                Some(_) if self.unpacked > allowed => {
                    Err("the texts unpack to so much more than their size; --max-unpacked allows more".to_owned())
                }
                Some(text) => std::str::from_utf8(text.data())
                    .map_err(|e| format!("the text is not UTF-8 at byte {}", e.valid_up_to() + 1)),
            };
            match text {
                Ok(text) => {
                    let place = Place { input: self.index, record };
                    let value = |slot: usize| {
                        let value = values.others.get(&plan.columns[slot]?)?.get(i)?;
                        value.as_deref().map(Into::into)
                    };
                    self.parsed.documents.push(self.maker.document(place, record + 1, text.into(), value));
                }
                Err(why) => {
                    self.parsed.problems.push(problem(self.maker.input, record, 1, why));
                    self.parsed.others.extend(self.keep.then(|| (record, Box::default())));
                }
            }
        }
    }
}

impl Group {
    /// The packed size of a column.
    fn packed(&self, column: usize) -> u64 {
        self.metadata.row_group(self.index).column(column).compressed_size().unsigned_abs()
    }

    fn reader(&self, column: usize) -> Result<ColumnReader, Trouble> {
        let chunk = self.chunks.iter().find(|(of, _)| *of == column);
        match chunk.map(|(_, chunk)| chunk) {
            Some(Ok(chunk)) => reader(chunk.clone(), &self.metadata, self.index, column).map_err(Trouble::from),
            Some(Err(why)) => Err(Trouble::All(why.clone())),
            None => Err(Trouble::All("a column was not read".into())),
        }
    }
}

/// Why rows cannot be read.
enum Trouble {
    /// Something is wrong with some of them.
    Rows(String),
    /// Something is wrong with the group.
    All(String),
}

impl From<ParquetError> for Trouble {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::NYI(why) => Trouble::All(why),
            error => Trouble::Rows(said(&error)),
        }
    }
}

/// The values of rows, if all can be read.
fn values(piece: &Piece, rows: &Range<usize>) -> Result<Values, Trouble> {
    let Piece { plan, group, .. } = piece;
    let ColumnReader::ByteArrayColumnReader(mut texts) = group.reader(plan.text)? else {
        return Err(Trouble::All("the text column is of another type".into()));
    };
    let text = column(&mut texts, group.levels(plan.text), rows)?;
    let mut others = BTreeMap::new();
    for &index in plan.columns.iter().flatten() {
        if !others.contains_key(&index) {
            let descriptor = group.metadata.file_metadata().schema_descr().column(index);
            others.insert(index, render(group.reader(index)?, &descriptor, rows)?);
        }
    }
    for &index in &plan.others {
        check(group.reader(index)?, rows)?;
    }
    Ok(Values { text, others })
}

impl Group {
    /// The definition level of a column's values.
    fn levels(&self, column: usize) -> i16 {
        self.metadata.file_metadata().schema_descr().column(column).max_def_level()
    }
}

/// The values of a column with at most one a row.
pub(super) fn column<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    level: i16,
    rows: &Range<usize>,
) -> ParquetResult<Vec<Option<T::T>>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let skipped = reader.skip_records(rows.start)?;
    let (read, ..) = reader.read_records(rows.len(), Some(&mut levels), None, &mut values)?;
    if skipped < rows.start || read < rows.len() {
        return Err(too_few());
    }
    if level == 0 {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    Ok(levels.into_iter().map(|found| if found == level { values.next() } else { None }).collect())
}

/// Reads the values of a column to see whether they can be read.
fn check(reader: ColumnReader, rows: &Range<usize>) -> ParquetResult<()> {
    fn of<T: DataType>(mut reader: ColumnReaderImpl<T>, rows: &Range<usize>) -> ParquetResult<()> {
        let (mut levels, mut repeats, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let skipped = reader.skip_records(rows.start)?;
        let (read, ..) = reader.read_records(rows.len(), Some(&mut levels), Some(&mut repeats), &mut values)?;
        if skipped < rows.start || read < rows.len() { Err(too_few()) } else { Ok(()) }
    }
    each_type!(reader, reader => of(reader, rows))
}

fn too_few() -> ParquetError {
    ParquetError::EOF("a column has less values than there are rows".into())
}
