//! Writes Parquet tables in the schema that they had: cleaned, and restored.
//!
//! The kept rows make one table and the others a second one, `rest`. Restoring joins the two.

mod copy;
mod dropped;
mod properties;
mod shape;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::parquet::file::writer::SerializedFileWriter;
use copy::{Edit, Ids, Part, Step, Sums, Trouble, steps};
pub(super) use dropped::DroppedTable;
use properties::properties;
use shape::Shape;

use super::OutDir;
use super::edit::Fate;
use super::layout::{Fates, InputLine, TableLine};
use super::sink::Sink;
use crate::read::parquet::{Table, guarded, said};
use crate::read::{Fields, InputLayout, Names};
use crate::{Error, Result};

/// A table that is cleaned.
pub(super) struct Cleaning<'c> {
    pub path: &'c Path,
    /// The table as it was read.
    pub layout: &'c InputLayout,
    /// The columns that it was read by.
    pub fields: &'c Fields,
    pub fates: &'c Fates,
    /// The texts that were edited, by row.
    pub edits: Vec<(u64, String)>,
    /// The files for the kept rows and for the others.
    pub documents: &'c str,
    pub rest: &'c str,
}

impl Cleaning<'_> {
    /// Reads the table again and writes each row to its file.
    pub fn write(self, out: &mut OutDir) -> Result<TableLine> {
        let table = Table::open(self.path)?;
        let changed = (table.bytes, &table.checksum) != (self.layout.bytes, &self.layout.checksum);
        let damaged = |reason: String| Error::Damaged { path: self.path.to_owned(), reason };
        let text = table.text_column(&self.fields.text).filter(|_| !changed);
        let text = text.ok_or_else(|| damaged("was changed while it was read; run again".into()))?;
        let has_rest = self.fates.iter().any(|(fate, _)| matches!(fate, Fate::Dropped | Fate::Other));
        let names: Vec<&str> = [Some(self.documents), has_rest.then_some(self.rest)].into_iter().flatten().collect();
        let id = new_id_column(&table, self.fields);
        let shape = id.map_or(Shape::Same, Shape::WithIds);
        let create = |name| writer(Sink::plain(out, name)?, &table, text, shape);
        let mut to = names.into_iter().map(create).collect::<Result<Vec<_>>>()?;

        let target = out.target().join(self.documents);
        let mut sums = Sums::new(true);
        let mut fates = self.fates.iter();
        let mut edits = self.edits.into_iter().peekable();
        let file = Arc::new(table.file.try_clone().map_err(|e| Error::io(self.path, e))?);
        let mut first = 0;
        for (group, rows) in table.groups().enumerate() {
            let steps = steps(fates.by_ref().take(rows).map(|(fate, _)| (0, side(fate))));
            let from = [Part { file: file.clone(), metadata: table.metadata.clone(), group: Some(group) }];
            let mut edit = |row: usize, _: Option<&[u8]>| {
                Ok(edits.next_if(|(edited, _)| *edited == first + row as u64).map(|(_, text)| text))
            };
            let ids = id.map(|_| Ids { input: &self.layout.name, first });
            copy_group(&from, &mut to, &steps, (text, ids), &mut sums, &mut edit).map_err(|e| {
                own(e, &target, |why| damaged(format!("row group {} cannot be copied: {why}", group + 1)))
            })?;
            first += rows as u64;
        }
        to.into_iter().try_for_each(|writer| finish(writer, &target))?;
        Ok(TableLine {
            rest: has_rest.then(|| self.rest.to_owned()),
            groups: table.groups().map(|rows| rows as u64).collect(),
            checksum: sums.digits(),
            id: id.is_some(),
        })
    }
}

/// Returns which of the two tables a row is written to.
fn side(fate: Fate) -> Option<usize> {
    match fate {
        Fate::Kept | Fate::Edited => Some(0),
        Fate::Dropped | Fate::Other => Some(1),
        Fate::Lost => None,
    }
}

/// A table that is restored.
pub(super) struct Restoring<'r> {
    pub line: &'r InputLine,
    pub table: &'r TableLine,
    pub names: &'r Names,
    /// The files of the kept rows and of the others.
    pub documents: PathBuf,
    pub rest: Option<PathBuf>,
}

/// Makes the text of a row what it was, if it is another now: given the fate of the row, which was a document, its number
/// of ledger lines and its text now.
pub(super) type Mend<'m> = dyn FnMut(Fate, u32, &str) -> Result<Option<String>> + 'm;

impl Restoring<'_> {
    /// Joins the two tables; returns whether the values are those of the original.
    pub fn write(&self, sink: Sink, changed: &dyn Fn(PathBuf) -> Error, mend: &mut Mend) -> Result<bool> {
        let mut tables = vec![(&self.documents, Table::open(&self.documents)?, 0)];
        if let Some(rest) = &self.rest {
            tables.push((rest, Table::open(rest)?, 0));
        }
        let same = |table: &Table| table.schema().root_schema() == tables[0].1.schema().root_schema();
        let text = tables[0].1.text_column(self.names).filter(|_| tables.iter().all(|(_, table, _)| same(table)));
        let text = text.ok_or_else(|| changed(self.documents.clone()))?;
        let name = &sink.path().to_path_buf();
        let shape = if self.table.id { Shape::WithoutIds } else { Shape::Same };
        let mut to = [writer(sink, &tables[0].1, text, shape)?];

        let mut sums = Sums::new(false);
        let mut all = self.line.records.iter();
        for &rows in &self.table.groups {
            let fates: Vec<(Fate, u32)> = all.by_ref().take(rows as usize).collect();
            let mut from = Vec::new();
            for (side_of, (path, table, next)) in tables.iter_mut().enumerate() {
                let count = fates.iter().filter(|(fate, _)| side(*fate) == Some(side_of)).count();
                let group = (count > 0).then_some(*next);
                *next += usize::from(count > 0);
                if group.is_some_and(|group| table.groups().nth(group) != Some(count)) {
                    return Err(changed(path.clone()));
                }
                let file = Arc::new(table.file.try_clone().map_err(|e| Error::io(path.as_path(), e))?);
                from.push(Part { file, metadata: table.metadata.clone(), group });
            }
            let there: Vec<(Fate, u32)> = fates.into_iter().filter(|(fate, _)| side(*fate).is_some()).collect();
            let steps = steps(there.iter().map(|(fate, _)| (side(*fate).unwrap_or_default(), Some(0))));
            if steps.iter().any(|step| step.from >= from.len()) {
                return Err(changed(self.documents.clone()));
            }
            let mut edit = |row: usize, text: Option<&[u8]>| {
                let (fate, lines) = there[row];
                let text = text.map(std::str::from_utf8).and_then(std::result::Result::ok);
                match text {
                    _ if fate == Fate::Other => Ok(None),
                    Some(text) => Ok(mend(fate, lines, text)?),
                    None => Err(changed(self.documents.clone()).into()),
                }
            };
            copy_group(&from, &mut to, &steps, (text, None), &mut sums, &mut edit)
                .map_err(|e| own(e, name, |_| changed(self.documents.clone())))?;
        }
        let [to] = to;
        finish(to, name)?;
        Ok(sums.digits() == self.table.checksum)
    }
}

fn copy_group(
    from: &[Part],
    to: &mut [SerializedFileWriter<Sink>],
    steps: &[Step],
    columns: (usize, Option<Ids>),
    sums: &mut Sums,
    edit: &mut Edit,
) -> Result<(), Trouble> {
    guarded(|| copy::group(from, to, steps, columns, sums, edit))
}

/// Returns an error as one of flong's; `to` is the file that is written.
fn own(trouble: Trouble, to: &Path, of_table: impl FnOnce(String) -> Error) -> Error {
    match trouble {
        Trouble::Table(error) => match no_room(&error) {
            Some(kind) => Error::io(to, kind.into()),
            None => of_table(said(&error)),
        },
        Trouble::Other(error) => error,
    }
}

/// Returns the column that a table gets for made-up ids: none if it has one of any of the names of ids.
fn new_id_column<'f>(table: &Table, fields: &'f Fields) -> Option<&'f str> {
    let (schema, new) = (table.schema(), fields.made_up_id());
    let is_id = |column: &str| fields.id.iter().any(|name| name == column);
    let has_ids = schema.columns().iter().any(|column| is_id(&column.path().string()));
    let is_taken = schema.root_schema().get_fields().iter().any(|field| field.name() == new);
    (!has_ids && !is_taken).then_some(new)
}

/// Returns a writer of a table like another one.
fn writer(sink: Sink, like: &Table, text: usize, shape: Shape) -> Result<SerializedFileWriter<Sink>> {
    let path = sink.path().to_path_buf();
    let properties = Arc::new(properties(&like.metadata, text, shape));
    let schema = shape.of(like.schema().root_schema_ptr());
    schema.and_then(|schema| SerializedFileWriter::new(sink, schema, properties)).map_err(|e| failed(&path, &e))
}

fn finish(writer: SerializedFileWriter<Sink>, name: &Path) -> Result<()> {
    writer.into_inner().map_err(|e| failed(name, &e))?.finish()
}

/// Returns the system's error if nothing more could be written: that is not the fault of the table that is read.
fn no_room(error: &::parquet::errors::ParquetError) -> Option<ErrorKind> {
    let ::parquet::errors::ParquetError::External(inner) = error else { return None };
    let kind = inner.downcast_ref::<std::io::Error>()?.kind();
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge).then_some(kind)
}

fn failed(path: &Path, error: &::parquet::errors::ParquetError) -> Error {
    Error::io(path, no_room(error).map_or_else(|| std::io::Error::other(said(error)), Into::into))
}
