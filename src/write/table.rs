//! Tables that are copied once all of their rows were read: cleaned, and restored.
//!
//! The kept rows make one table and the others a second one, `rest`. Restoring joins the two. How a table is written is in
//! the folder of its format; here it is said which rows go where.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::OutDir;
use super::edit::Fate;
use super::layout::{Fates, InputLine, TableLine};
use super::sink::Sink;
use crate::read::parquet::{Ids, Part, Shape, Sums, Table, copy_group, end, start_like, steps};
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
        let id = table.new_id_column(self.fields);
        let shape = id.map_or(Shape::Same, Shape::WithIds);
        let create = |name| {
            let sink = Sink::plain(out, name)?;
            let path = sink.path().to_path_buf();
            start_like(sink, &path, &table, text, shape)
        };
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
                e.into_error(&target, |why| damaged(format!("row group {} cannot be copied: {why}", group + 1)))
            })?;
            first += rows as u64;
        }
        to.into_iter().try_for_each(|writer| end(writer, &target)?.finish())?;
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
        let mut to = [start_like(sink, name, &tables[0].1, text, shape)?];

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
                .map_err(|e| e.into_error(name, |_| changed(self.documents.clone())))?;
        }
        let [to] = to;
        end(to, name)?.finish()?;
        Ok(sums.digits() == self.table.checksum)
    }
}
