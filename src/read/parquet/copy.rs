//! Copies rows of a group between tables with the same columns, every value and level unchanged.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use ::parquet::basic::Type;
use ::parquet::column::reader::{ColumnReader, get_typed_column_reader};
use ::parquet::data_type::{
    AsBytes, BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96Type,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::table::reader;
use crate::Error;

/// Rows that are held in memory at a time.
const BATCH: usize = 1024;

/// A run of rows that are copied from one table to another, or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub from: usize,
    pub to: Option<usize>,
    pub rows: usize,
}

/// Joins adjacent runs that go the same way. A run at the end that is copied nowhere is left out: if the head of a page is
/// damaged, its rows cannot even be skipped.
pub(crate) fn steps(ways: impl Iterator<Item = (usize, Option<usize>)>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (from, to) in ways {
        match steps.last_mut() {
            Some(last) if (last.from, last.to) == (from, to) => last.rows += 1,
            _ => steps.push(Step { from, to, rows: 1 }),
        }
    }
    steps.pop_if(|last| last.to.is_none());
    steps
}

/// A group that rows are taken from; none if the table has no rows there.
pub(crate) struct Part {
    pub file: Arc<File>,
    pub metadata: Arc<ParquetMetaData>,
    pub group: Option<usize>,
}

/// Why rows could not be copied.
pub(crate) enum Trouble {
    /// A table could not be read or written.
    Table(ParquetError),
    /// Something else.
    Other(Error),
}

impl From<ParquetError> for Trouble {
    fn from(error: ParquetError) -> Self {
        Trouble::Table(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Other(error)
    }
}

/// Returns the new text of a row, by its number in the group; `None` if it does not change. Rows come in order.
pub(crate) type Edit<'e> = dyn FnMut(usize, Option<&[u8]>) -> Result<Option<String>, Trouble> + 'e;

/// A checksum of the values and levels of the original rows, column by column.
pub(crate) struct Sums {
    values: Xxh3,
    levels: [Xxh3; 2],
    /// Whether what is copied is the original before the texts are edited, or after.
    before: bool,
}

impl Sums {
    pub fn new(before: bool) -> Self {
        Sums { values: Xxh3::new(), levels: [Xxh3::new(), Xxh3::new()], before }
    }

    fn add<T: AsBytes>(&mut self, values: &[T], levels: [&[i16]; 2]) {
        for value in values {
            let bytes = value.as_bytes();
            self.values.update(&(bytes.len() as u64).to_le_bytes());
            self.values.update(bytes);
        }
        for (sum, levels) in self.levels.iter_mut().zip(levels) {
            levels.iter().for_each(|level| sum.update(&level.to_le_bytes()));
        }
    }

    pub fn digits(&self) -> String {
        let sums = [self.values.digest(), self.levels[0].digest(), self.levels[1].digest()];
        format!("{:016x}", xxh3_64(&sums.map(u64::to_le_bytes).concat()))
    }
}

/// A last column of ids: of an input's rows in a group, by their numbers.
#[derive(Clone, Copy)]
pub(crate) struct Ids<'i> {
    pub input: &'i str,
    /// The first row of the group, counted from 0.
    pub first: u64,
}

/// Copies the rows of one group: the columns that the tables written to have, of which `text` is the one whose values are
/// edited. If there are ids, these tables have a column more for them.
pub(super) fn group<W: Write + Send>(
    from: &[Part],
    to: &mut [SerializedFileWriter<W>],
    steps: &[Step],
    (text, ids): (usize, Option<Ids>),
    sums: &mut Sums,
    edit: &mut Edit,
) -> Result<(), Trouble> {
    let Some(schema) = from.first().map(|part| part.metadata.file_metadata().schema_descr_ptr()) else { return Ok(()) };
    let takes = |table| steps.iter().any(|step| step.to == Some(table));
    let columns = to.first().map_or(0, |to| to.schema_descr().num_columns()).saturating_sub(usize::from(ids.is_some()));
    let mut groups = Vec::new();
    for (table, writer) in to.iter_mut().enumerate() {
        groups.push(if takes(table) { Some(writer.next_row_group()?) } else { None });
    }
    for (column, descriptor) in schema.columns().iter().enumerate().take(columns) {
        let mut readers = Vec::new();
        for part in from {
            let open = |group| reader(part.file.clone(), &part.metadata, group, column);
            readers.push(part.group.map(open).transpose()?);
        }
        let mut writers = Vec::new();
        for group in &mut groups {
            writers.push(group.as_mut().map(|group| group.next_column()).transpose()?.flatten());
        }
        let mut work =
            Column { steps, levels: [descriptor.max_def_level(), descriptor.max_rep_level()], sums, readers, writers };
        match descriptor.physical_type() {
            Type::BYTE_ARRAY if column == text => work.copy_texts(edit),
            Type::BYTE_ARRAY => work.copy_values::<ByteArrayType>(),
            Type::BOOLEAN => work.copy_values::<BoolType>(),
            Type::INT32 => work.copy_values::<Int32Type>(),
            Type::INT64 => work.copy_values::<Int64Type>(),
            Type::INT96 => work.copy_values::<Int96Type>(),
            Type::FLOAT => work.copy_values::<FloatType>(),
            Type::DOUBLE => work.copy_values::<DoubleType>(),
            Type::FIXED_LEN_BYTE_ARRAY => work.copy_values::<FixedLenByteArrayType>(),
        }?;
        work.writers.into_iter().flatten().try_for_each(SerializedColumnWriter::close)?;
    }
    for (table, group) in groups.into_iter().enumerate() {
        let Some(mut group) = group else { continue };
        if let (Some(ids), Some(mut column)) = (ids, ids.and(group.next_column()?)) {
            column.typed::<ByteArrayType>().write_batch(&ids.of(steps, table), None, None)?;
            column.close()?;
        }
        group.close()?;
    }
    Ok(())
}

impl Ids<'_> {
    /// Returns the ids of the rows that are copied to a table.
    fn of(self, steps: &[Step], table: usize) -> Vec<ByteArray> {
        let mut row = self.first;
        let mut ids = Vec::new();
        for step in steps {
            let end = row + step.rows as u64;
            if step.to == Some(table) {
                // As of documents that are read: rows count from 1.
                ids.extend((row + 1..=end).map(|row| ByteArray::from(format!("{}:{row}", self.input).into_bytes())));
            }
            row = end;
        }
        ids
    }
}

/// One column of a group.
struct Column<'c, 'w> {
    steps: &'c [Step],
    /// The greatest definition and repetition level.
    levels: [i16; 2],
    sums: &'c mut Sums,
    readers: Vec<Option<ColumnReader>>,
    writers: Vec<Option<SerializedColumnWriter<'w>>>,
}

impl Column<'_, '_> {
    fn copy_values<T: DataType>(&mut self) -> Result<(), Trouble> {
        self.copy::<T>(|_, _, _| Ok(()))
    }

    fn copy_texts(&mut self, edit: &mut Edit) -> Result<(), Trouble> {
        let level = self.levels[0];
        self.copy::<ByteArrayType>(|rows, levels, values| {
            let mut value = 0;
            for (i, row) in rows.enumerate() {
                let is_there = level == 0 || levels[i] == level;
                let text = is_there.then(|| values[value].data());
                if let Some(text) = edit(row, text)? {
                    values[value] = ByteArray::from(text.into_bytes());
                }
                value += usize::from(is_there);
            }
            Ok(())
        })
    }

    /// Copies step by step; `edit` is given rows of the group, their definition levels and values.
    fn copy<T: DataType>(
        &mut self,
        mut edit: impl FnMut(std::ops::Range<usize>, &[i16], &mut Vec<T::T>) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let readers = std::mem::take(&mut self.readers);
        let mut readers: Vec<_> = readers.into_iter().map(|reader| reader.map(get_typed_column_reader::<T>)).collect();
        let (mut defined, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let too_few = || ParquetError::EOF("a column has less values than there are rows".into());
        let mut row = 0;
        for step in self.steps {
            let reader = readers[step.from].as_mut().ok_or_else(too_few)?;
            let Some(to) = step.to else {
                if reader.skip_records(step.rows)? < step.rows {
                    return Err(too_few().into());
                }
                row += step.rows;
                continue;
            };
            let end = row + step.rows;
            while row < end {
                let rows = row..end.min(row + BATCH);
                defined.clear();
                repeated.clear();
                values.clear();
                let (read, ..) =
                    reader.read_records(rows.len(), Some(&mut defined), Some(&mut repeated), &mut values)?;
                if read < rows.len() {
                    return Err(too_few().into());
                }
                row = rows.end;
                if self.sums.before {
                    self.sums.add(&values, [&defined, &repeated]);
                }
                edit(rows, &defined, &mut values)?;
                if !self.sums.before {
                    self.sums.add(&values, [&defined, &repeated]);
                }
                let [define, repeat] = self.levels.map(|level| level > 0);
                if let Some(writer) = &mut self.writers[to] {
                    let (defined, repeated) = (define.then_some(&defined[..]), repeat.then_some(&repeated[..]));
                    writer.typed::<T>().write_batch(&values, defined, repeated)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ways_are_one_step() {
        let ways = [(0, Some(0)), (0, Some(0)), (0, None), (0, Some(1)), (0, Some(0))];
        let found: Vec<_> = steps(ways.into_iter()).iter().map(|step| (step.to, step.rows)).collect();
        assert_eq!(found, [(Some(0), 2), (None, 1), (Some(1), 1), (Some(0), 1)]);
        assert_eq!(steps([(0, Some(0)), (0, None), (0, None)].into_iter()), [Step { from: 0, to: Some(0), rows: 1 }]);
    }
}
