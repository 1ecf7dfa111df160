//! The columns of a table that is written like another one: with a column of ids, or without it.

use std::sync::Arc;

use ::parquet::basic::{LogicalType, Repetition, Type as Physical};
use ::parquet::errors::Result;
use ::parquet::file::metadata::KeyValue;
use ::parquet::schema::types::{Type, TypePtr};

/// The difference between the columns of a table and those of the table that it is like.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape<'s> {
    Same,
    /// It has a last column more, of this name, with made-up ids.
    WithIds(&'s str),
    /// It lacks the last column.
    WithoutIds,
}

/// Key under which Arrow keeps a description of the columns. It counts them, and cannot be read with another number of them.
const ARROW: &str = "ARROW:schema";
/// Key under which that description is kept while the table has a column more.
const KEPT_ARROW: &str = "flong:ARROW:schema";

impl Shape<'_> {
    /// Returns the schema.
    pub fn of(self, like: TypePtr) -> Result<TypePtr> {
        let mut fields = like.get_fields().to_vec();
        match self {
            Shape::Same => return Ok(like),
            Shape::WithIds(name) => {
                let id = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                    .with_repetition(Repetition::REQUIRED)
                    .with_logical_type(Some(LogicalType::String));
                fields.push(Arc::new(id.build()?));
            }
            Shape::WithoutIds => drop(fields.pop()),
        }
        Ok(Arc::new(Type::group_type_builder(like.name()).with_fields(fields).build()?))
    }

    /// Returns the properties of the file.
    pub fn metadata(self, like: &[KeyValue]) -> Vec<KeyValue> {
        let (from, to) = match self {
            Shape::Same => return like.to_vec(),
            Shape::WithIds(_) => (ARROW, KEPT_ARROW),
            Shape::WithoutIds => (KEPT_ARROW, ARROW),
        };
        let renamed = |entry: &KeyValue| match entry.key == from {
            true => KeyValue { key: to.to_owned(), value: entry.value.clone() },
            false => entry.clone(),
        };
        like.iter().map(renamed).collect()
    }
}
