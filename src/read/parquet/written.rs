//! Tables that are written: like another one, with the columns and the storage of that.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use ::parquet::errors::ParquetError;
use ::parquet::file::writer::SerializedFileWriter;

use super::copy::{self, Edit, Ids, Part, Step, Sums, Trouble};
use super::guard::guarded;
use super::properties::properties;
use super::shape::Shape;
use super::table::{Table, said};
use crate::read::Fields;
use crate::{Error, Result};

/// Starts a table like another one, of which `text` is the column whose values may change. `path` is what errors name.
pub(crate) fn start_like<W: Write + Send>(
    to: W,
    path: &Path,
    like: &Table,
    text: usize,
    shape: Shape,
) -> Result<SerializedFileWriter<W>> {
    let properties = Arc::new(properties(&like.metadata, text, shape));
    let schema = shape.of(like.schema().root_schema_ptr());
    schema.and_then(|schema| SerializedFileWriter::new(to, schema, properties)).map_err(|e| failed(path, &e))
}

/// Copies rows of a group as [`copy::group`] does; a panic of the decoder is an error like any other.
pub(crate) fn copy_group<W: Write + Send>(
    from: &[Part],
    to: &mut [SerializedFileWriter<W>],
    steps: &[Step],
    columns: (usize, Option<Ids>),
    sums: &mut Sums,
    edit: &mut Edit,
) -> Result<(), Trouble> {
    guarded(|| copy::group(from, to, steps, columns, sums, edit))
}

/// Writes the end of a table, and returns what it was written to.
pub(crate) fn end<W: Write + Send>(writer: SerializedFileWriter<W>, path: &Path) -> Result<W> {
    writer.into_inner().map_err(|e| failed(path, &e))
}

impl Trouble {
    /// Returns it as an error of flong's; `to` is the file that is written, and `of_table` says what is wrong with the table
    /// that is read.
    pub fn into_error(self, to: &Path, of_table: impl FnOnce(String) -> Error) -> Error {
        match self {
            Trouble::Table(error) => match no_room(&error) {
                Some(kind) => Error::io(to, kind.into()),
                None => of_table(said(&error)),
            },
            Trouble::Other(error) => error,
        }
    }
}

impl Table {
    /// Returns the column that it gets for made-up ids: none if it has one of any of the names of ids.
    pub fn new_id_column<'f>(&self, fields: &'f Fields) -> Option<&'f str> {
        let (schema, new) = (self.schema(), fields.made_up_id());
        let is_id = |column: &str| fields.id.iter().any(|name| name == column);
        let has_ids = schema.columns().iter().any(|column| is_id(&column.path().string()));
        let is_taken = schema.root_schema().get_fields().iter().any(|field| field.name() == new);
        (!has_ids && !is_taken).then_some(new)
    }
}

/// Returns the error that a table could not be written.
pub(crate) fn failed(path: &Path, error: &ParquetError) -> Error {
    Error::io(path, no_room(error).map_or_else(|| std::io::Error::other(said(error)), Into::into))
}

/// Returns the system's error if nothing more could be written: that is not the fault of the table that is read.
fn no_room(error: &ParquetError) -> Option<ErrorKind> {
    let ParquetError::External(inner) = error else { return None };
    let kind = inner.downcast_ref::<std::io::Error>()?.kind();
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge).then_some(kind)
}
