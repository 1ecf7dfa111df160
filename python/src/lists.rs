//! Columns of plain values as lists of Python.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Returns the rows of a batch as dicts; `None` if a column has values that are not texts, numbers or truth values.
pub fn dicts<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Option<Vec<Bound<'py, PyDict>>>> {
    let rows: Vec<Bound<PyDict>> = (0..batch.num_rows()).map(|_| PyDict::new(py)).collect();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        for (row, dict) in rows.iter().enumerate() {
            let Some(value) = value(py, column, row)? else { return Ok(None) };
            dict.set_item(field.name(), value)?;
        }
    }
    Ok(Some(rows))
}

fn value(py: Python<'_>, column: &dyn Array, row: usize) -> PyResult<Option<Py<PyAny>>> {
    if column.is_null(row) {
        return Ok(Some(py.None()));
    }
    macro_rules! number {
        ($type:ty) => {
            column.as_primitive::<$type>().value(row).into_py_any(py)?
        };
    }
    Ok(Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).into_py_any(py)?,
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).into_py_any(py)?,
        DataType::Utf8View => column.as_string_view().value(row).into_py_any(py)?,
        DataType::Boolean => column.as_boolean().value(row).into_py_any(py)?,
        DataType::Null => py.None(),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        _ => return Ok(None),
    }))
}
