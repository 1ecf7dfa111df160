//! Tables in and out of Python by the Arrow PyCapsule interface, without a copy.
//!
//! The interface passes pointers, so this file alone has unsafe code. Each block names what the interface promises.

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::ffi::from_ffi;
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{
    Array, ArrayReader, ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchOptions, StructArray, make_array,
};
use arrow_data::ffi::FFI_ArrowArray;
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::errors::UsageError;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// A table in memory: columns of the same schema, in batches of rows. A clone shares the columns.
#[derive(Debug, Clone)]
pub struct Frame {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

impl Frame {
    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// Reads whatever has the interface; `None` if an object has not. A column alone, such as a series, makes a table with the one
/// column `text`.
pub fn read(data: &Bound<'_, PyAny>) -> PyResult<Option<Frame>> {
    if data.hasattr("__arrow_c_stream__")? {
        let capsule = data.call_method0("__arrow_c_stream__")?;
        let capsule = capsule.cast_into::<PyCapsule>()?;
        let stream = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: a capsule of this name holds a stream that is valid until it is moved out, which this does.
        let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) };
        return data.py().detach(|| read_stream(stream)).map(Some).map_err(failed);
    }
    if data.hasattr("__arrow_c_array__")? {
        let pair = data.call_method0("__arrow_c_array__")?;
        let (schema, array): (Bound<PyCapsule>, Bound<PyCapsule>) = pair.cast_into::<PyTuple>()?.extract()?;
        let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
        let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
        // SAFETY: capsules of these names hold a schema and an array that are valid until they are moved out, and the schema
        // describes the array.
        let (field, array) = unsafe {
            let schema = FFI_ArrowSchema::from_raw(schema.as_ptr());
            let array = from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), &schema).map_err(failed)?;
            (Field::try_from(&schema).map_err(failed)?, make_array(array))
        };
        let schema = schema_of(&field);
        let batch = batch(&schema, array).map_err(failed)?;
        return Ok(Some(Frame { schema, batches: vec![batch] }));
    }
    Ok(None)
}

fn read_stream(stream: FFI_ArrowArrayStream) -> Result<Frame, ArrowError> {
    let reader = ArrayStreamReader::try_new(stream)?;
    let schema = schema_of(reader.field());
    let batches = reader.map(|array| batch(&schema, array?)).collect::<Result<Vec<_>, _>>()?;
    Ok(Frame { schema, batches })
}

/// The schema of a stream: the fields of its rows, or a single column.
fn schema_of(field: &Field) -> SchemaRef {
    match field.data_type() {
        DataType::Struct(fields) => Arc::new(Schema::new(fields.clone()).with_metadata(field.metadata().clone())),
        _ => Arc::new(Schema::new(vec![field.clone().with_name("text").with_nullable(true)])),
    }
}

fn batch(schema: &SchemaRef, array: ArrayRef) -> Result<RecordBatch, ArrowError> {
    let rows = array.len();
    let columns = match array.data_type() {
        DataType::Struct(_) => StructArray::from(array.to_data()).into_parts().1,
        _ => vec![array],
    };
    RecordBatch::try_new_with_options(schema.clone(), columns, &RecordBatchOptions::new().with_row_count(Some(rows)))
}

/// Returns a table as a capsule that any library can read once.
pub fn stream<'py>(py: Python<'py>, frame: &Frame) -> PyResult<Bound<'py, PyCapsule>> {
    let batches = frame.batches.clone().into_iter().map(Ok);
    let reader = RecordBatchIterator::new(batches, frame.schema.clone());
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}

/// Returns a schema as a capsule.
pub fn schema<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowSchema::try_from(schema).map_err(failed)?, SCHEMA)
}

/// Returns the fields of a schema.
pub fn fields(schema: &Schema) -> &[FieldRef] {
    schema.fields()
}

fn failed(error: ArrowError) -> PyErr {
    UsageError::new_err(format!("the table cannot be read: {error}"))
}
