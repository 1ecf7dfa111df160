//! A table as Python sees it.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch};
use arrow_schema::{Field, Schema};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyBool, PyCapsule, PyDict, PyFloat, PyInt, PyList, PyString};

use crate::capsule::{self, Frame};
use crate::errors::usage;
use crate::{frames, lists};

/// A table of Arrow columns. `flong.Table` adds what people want of it.
#[pyclass(frozen, subclass, module = "flong._flong")]
pub struct Columns {
    pub frame: Frame,
}

#[pymethods]
impl Columns {
    /// Takes a table from whatever has the Arrow PyCapsule interface.
    #[staticmethod]
    fn of(data: &Bound<'_, PyAny>) -> PyResult<Option<Columns>> {
        Ok(capsule::read(data)?.map(|frame| Columns { frame }))
    }

    /// Makes a table of texts: one column `text`.
    #[staticmethod]
    fn of_texts(texts: Vec<Option<PyBackedStr>>) -> PyResult<Columns> {
        let column = frames::texts(texts.iter().map(Option::as_deref));
        columns(vec![("text".into(), column)])
    }

    /// Makes a table of columns of texts, numbers and truth values; `None` if there are other values.
    #[staticmethod]
    fn of_values(values: Vec<(String, Bound<'_, PyList>)>) -> PyResult<Option<Columns>> {
        let mut made = Vec::new();
        for (name, values) in values {
            let Some(column) = column(&values)? else { return Ok(None) };
            made.push((name, column));
        }
        columns(made).map(Some)
    }

    /// Returns the rows as dicts; `None` if there are values that are not texts, numbers or truth values.
    fn dicts<'py>(&self, py: Python<'py>) -> PyResult<Option<Vec<Bound<'py, PyDict>>>> {
        let mut rows = Vec::with_capacity(self.frame.rows());
        for batch in &self.frame.batches {
            let Some(more) = lists::dicts(py, batch)? else { return Ok(None) };
            rows.extend(more);
        }
        Ok(Some(rows))
    }

    /// Whether any row has a true value in a column of truth values.
    fn any(&self, name: &str) -> bool {
        let columns = self.frame.batches.iter().filter_map(|batch| batch.column_by_name(name)?.as_boolean_opt());
        columns.into_iter().any(|column| column.true_count() > 0)
    }

    #[getter]
    fn num_rows(&self) -> usize {
        self.frame.rows()
    }

    #[getter]
    fn column_names(&self) -> Vec<&str> {
        capsule::fields(&self.frame.schema).iter().map(|field| field.name().as_str()).collect()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer that asks for other types converts by itself: the interface allows to ignore this.
        let _ = requested_schema;
        capsule::stream(py, &self.frame)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::schema(py, &self.frame.schema)
    }
}

/// Makes a table of whole columns.
fn columns(named: Vec<(String, ArrayRef)>) -> PyResult<Columns> {
    let fields: Vec<Field> =
        named.iter().map(|(name, column)| Field::new(name, column.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), named.into_iter().map(|(_, column)| column).collect());
    let batch = batch.map_err(|error| usage(error.to_string()))?;
    Ok(Columns { frame: Frame { schema, batches: vec![batch] } })
}

/// Makes a column of values of one plain type, some of which may be `None`.
fn column(values: &Bound<'_, PyList>) -> PyResult<Option<ArrayRef>> {
    let there = || values.iter().filter(|value| !value.is_none());
    let all = |is: fn(&Bound<'_, PyAny>) -> bool| there().all(|value| is(&value));
    Ok(Some(if all(|value| value.is_exact_instance_of::<PyString>()) {
        let texts: Vec<Option<PyBackedStr>> = values.extract()?;
        frames::texts(texts.iter().map(Option::as_deref))
    } else if all(|value| value.is_exact_instance_of::<PyBool>()) {
        Arc::new(values.extract::<Vec<Option<bool>>>()?.into_iter().collect::<BooleanArray>())
    } else if all(|value| value.is_exact_instance_of::<PyInt>()) {
        match values.extract::<Vec<Option<i64>>>() {
            Ok(numbers) => Arc::new(numbers.into_iter().collect::<Int64Array>()),
            // A number that is too large for a column of numbers.
            Err(_) => return Ok(None),
        }
    } else if all(|value| value.is_exact_instance_of::<PyFloat>()) {
        Arc::new(values.extract::<Vec<Option<f64>>>()?.into_iter().collect::<Float64Array>())
    } else {
        return Ok(None);
    }))
}
