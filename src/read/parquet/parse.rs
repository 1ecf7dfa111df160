//! A piece of a group of rows -> documents.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::{ParquetError, Result as ParquetResult};

use super::guard::guarded;
use super::pieces::{Group, Piece, problem};
use super::table::{each_type, reader_from, said};
use super::values::render;
use crate::read::fields::Wanted;
use crate::read::source::size;
use crate::read::values::Maker;
use crate::read::{Block, Fields, Input, Parsed, Place};

/// Fewest rows that are given up together: the search for a damaged page does not go on to single rows.
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
    /// Values of the other columns, by column.
    others: BTreeMap<usize, Vec<Option<Box<str>>>>,
}

impl Rows<'_> {
    /// Reads rows of the group. Where some cannot be read, halves are tried, so that the others are.
    fn read(&mut self, rows: Range<usize>) {
        match guarded(|| values(self.piece, &rows)) {
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

    /// Returns the row of the input that is this one of the group.
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
    /// Returns the packed size of a column.
    fn packed(&self, column: usize) -> u64 {
        self.metadata.row_group(self.index).column(column).compressed_size().unsigned_abs()
    }

    /// Returns a reader of a column near a row, and how many rows it gives before that one.
    fn reader(&self, column: usize, row: usize) -> Result<(ColumnReader, usize), Trouble> {
        let chunk = self.chunks.iter().find(|(of, _)| *of == column);
        match chunk {
            Some((_, chunk)) => Ok(reader_from(chunk.clone(), &self.metadata, self.index, column, row)?),
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

/// Returns the values of rows, if all can be read.
fn values(piece: &Piece, rows: &Range<usize>) -> Result<Values, Trouble> {
    let Piece { plan, group, .. } = piece;
    let schema = group.metadata.file_metadata().schema_descr();
    let (ColumnReader::ByteArrayColumnReader(texts), before) = group.reader(plan.text, rows.start)? else {
        return Err(Trouble::All("the text column is of another type".into()));
    };
    let text = column(texts, schema.column(plan.text).max_def_level(), before, rows.len())?;
    let mut others = BTreeMap::new();
    for &index in plan.columns.iter().flatten() {
        if let Entry::Vacant(slot) = others.entry(index) {
            let (reader, before) = group.reader(index, rows.start)?;
            slot.insert(render(reader, &schema.column(index), before, rows.len())?);
        }
    }
    for &index in &plan.others {
        let (reader, before) = group.reader(index, rows.start)?;
        each_type!(reader, reader => take(reader, before, rows.len()).map(|_| ()))?;
    }
    Ok(Values { text, others })
}

/// Returns the values of a column with at most one a row: of `rows` rows after the first `before`.
pub(super) fn column<T: DataType>(
    reader: ColumnReaderImpl<T>,
    level: i16,
    before: usize,
    rows: usize,
) -> ParquetResult<Vec<Option<T::T>>> {
    let (levels, values) = take(reader, before, rows)?;
    if level == 0 {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    Ok(levels.into_iter().map(|found| if found == level { values.next() } else { None }).collect())
}

/// Returns the definition levels and values of `rows` rows after the first `before`.
fn take<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    before: usize,
    rows: usize,
) -> ParquetResult<(Vec<i16>, Vec<T::T>)> {
    let (mut levels, mut repeats, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for rows in [before, rows] {
        levels.clear();
        repeats.clear();
        values.clear();
        let (read, ..) = reader.read_records(rows, Some(&mut levels), Some(&mut repeats), &mut values)?;
        if read < rows {
            return Err(ParquetError::EOF("a column has less values than there are rows".into()));
        }
    }
    Ok((levels, values))
}
