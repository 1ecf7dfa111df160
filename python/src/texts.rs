//! The text column of a table with other texts in some rows.

use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, BinaryViewBuilder, LargeBinaryBuilder, LargeStringBuilder, StringBuilder, StringViewBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch, StructArray, downcast_integer};
use arrow_schema::{ArrowError, DataType};
use arrow_select::interleave::interleave;

/// Returns a batch with other texts in some rows, which ascend. The column keeps its type.
pub fn with_texts(batch: &RecordBatch, path: &[usize], edits: &[(usize, &str)]) -> Result<RecordBatch, ArrowError> {
    let Some((first, inner)) = path.split_first().filter(|_| !edits.is_empty()) else { return Ok(batch.clone()) };
    let mut columns = batch.columns().to_vec();
    columns[*first] = replaced(&columns[*first], inner, edits)?;
    RecordBatch::try_new(batch.schema(), columns)
}

fn replaced(array: &ArrayRef, path: &[usize], edits: &[(usize, &str)]) -> Result<ArrayRef, ArrowError> {
    if let Some((first, inner)) = path.split_first() {
        let (fields, mut columns, nulls) = array.as_struct().clone().into_parts();
        columns[*first] = replaced(&columns[*first], inner, edits)?;
        return Ok(Arc::new(StructArray::try_new(fields, columns, nulls)?));
    }
    let texts: Vec<&str> = edits.iter().map(|(_, text)| *text).collect();
    let new = column(array.data_type(), &texts)?;
    let mut places: Vec<(usize, usize)> = (0..array.len()).map(|row| (0, row)).collect();
    edits.iter().enumerate().for_each(|(n, (row, _))| places[*row] = (1, n));
    interleave(&[&**array, &*new], &places)
}

/// Returns texts as a column of a type.
fn column(data_type: &DataType, texts: &[&str]) -> Result<ArrayRef, ArrowError> {
    macro_rules! build {
        ($builder:ty) => {{
            let mut builder = <$builder>::new();
            texts.iter().for_each(|text| builder.append_value(text));
            Arc::new(builder.finish())
        }};
    }
    Ok(match data_type {
        DataType::Utf8 => build!(StringBuilder),
        DataType::LargeUtf8 => build!(LargeStringBuilder),
        DataType::Utf8View => build!(StringViewBuilder),
        DataType::Binary => build!(BinaryBuilder),
        DataType::LargeBinary => build!(LargeBinaryBuilder),
        DataType::BinaryView => build!(BinaryViewBuilder),
        DataType::Dictionary(key, values) => {
            let values = column(values, texts)?;
            macro_rules! dictionary {
                ($key:ty) => {{
                    let keys = (0..texts.len()).map(|n| <$key as ArrowPrimitiveType>::Native::try_from(n));
                    let keys: Result<Vec<_>, _> = keys.collect();
                    let keys = keys.map_err(|_| ArrowError::DictionaryKeyOverflowError)?;
                    Arc::new(DictionaryArray::<$key>::try_new(keys.into(), values)?) as ArrayRef
                }};
            }
            downcast_integer! {
                key.as_ref() => (dictionary),
                other => return Err(ArrowError::NotYetImplemented(format!("a dictionary with keys of {other}"))),
            }
        }
        other => return Err(ArrowError::NotYetImplemented(format!("texts in a column of {other}"))),
    })
}
