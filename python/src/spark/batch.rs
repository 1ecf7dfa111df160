//! Columns of the tables that pass between maps, in the types that Spark has.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Float32Array, Int32Array, Int64Array, PrimitiveArray, RecordBatch,
    StringArray,
};
use arrow_schema::{DataType, Field, Schema};
use flong::{Error, Result};

/// A column: its name and its type in Spark.
pub type Column = (&'static str, &'static str);

/// Returns the schema of a table in the words of Spark.
pub fn ddl(columns: &[Column]) -> String {
    let columns: Vec<String> = columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
    columns.join(", ")
}

/// Makes a batch of columns in the order of their names.
pub fn batch(columns: &[Column], arrays: Vec<ArrayRef>) -> Result<RecordBatch> {
    let fields: Vec<Field> = columns
        .iter()
        .zip(&arrays)
        .map(|((name, _), array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(wrong)
}

/// An error of a table that is not as it should be.
pub fn wrong(error: impl std::fmt::Display) -> Error {
    Error::Usage(format!("a table between two stages cannot be used: {error}"))
}

macro_rules! columns {
    ($($name:ident: $array:ty, $value:ty;)*) => {$(
        /// Makes a column.
        pub fn $name(values: impl IntoIterator<Item = impl Into<Option<$value>>>) -> ArrayRef {
            Arc::new(values.into_iter().map(Into::into).collect::<$array>())
        }
    )*};
}

columns! {
    longs: Int64Array, i64;
    ints: Int32Array, i32;
    floats: Float32Array, f32;
    flags: BooleanArray, bool;
}

/// Makes a column of texts.
pub fn texts<T: AsRef<str>>(values: impl IntoIterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}

/// Makes a column of bytes.
pub fn bytes<T: AsRef<[u8]>>(values: impl IntoIterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<BinaryArray>())
}

/// A batch whose columns are asked for by name.
#[derive(Clone, Copy)]
pub struct Rows<'b>(pub &'b RecordBatch);

impl<'b> Rows<'b> {
    fn column(self, name: &str, kind: &DataType) -> Result<&'b ArrayRef> {
        let column = self.0.column_by_name(name).ok_or_else(|| wrong(format!("it has no column {name}")))?;
        match column.data_type() == kind {
            true => Ok(column),
            false => Err(wrong(format!("its column {name} is of {}", column.data_type()))),
        }
    }

    /// Returns a column of 64-bit numbers.
    pub fn longs(self, name: &str) -> Result<&'b PrimitiveArray<Int64Type>> {
        self.column(name, &DataType::Int64).map(|column| column.as_primitive())
    }

    /// Returns a column of 32-bit numbers.
    pub fn ints(self, name: &str) -> Result<&'b PrimitiveArray<Int32Type>> {
        self.column(name, &DataType::Int32).map(|column| column.as_primitive())
    }

    /// Returns a column of fractions.
    pub fn floats(self, name: &str) -> Result<&'b PrimitiveArray<Float32Type>> {
        self.column(name, &DataType::Float32).map(|column| column.as_primitive())
    }

    /// Returns a column of truth values.
    pub fn flags(self, name: &str) -> Result<&'b BooleanArray> {
        self.column(name, &DataType::Boolean).map(|column| column.as_boolean())
    }

    /// Returns a column of texts.
    pub fn texts(self, name: &str) -> Result<&'b StringArray> {
        self.column(name, &DataType::Utf8).map(|column| column.as_string())
    }

    /// Returns a column of bytes.
    pub fn bytes(self, name: &str) -> Result<&'b BinaryArray> {
        self.column(name, &DataType::Binary).map(|column| column.as_binary())
    }

    /// Returns a column of lists of 64-bit numbers, each as a column of its own.
    pub fn lists(self, name: &str) -> Result<impl Fn(usize) -> PrimitiveArray<Int64Type> + 'b> {
        let column = self.0.column_by_name(name).and_then(|column| column.as_list_opt::<i32>());
        let column = column.ok_or_else(|| wrong(format!("it has no lists {name}")))?;
        Ok(|row| column.value(row).as_primitive().clone())
    }

    /// Returns a column of lists of bytes, each as a column of its own; the empty one for none.
    pub fn byte_lists(self, name: &str) -> Result<impl Fn(usize) -> BinaryArray + 'b> {
        let column = self.0.column_by_name(name).and_then(|column| column.as_list_opt::<i32>());
        let column = column.ok_or_else(|| wrong(format!("it has no lists {name}")))?;
        let none = BinaryArray::from(Vec::<&[u8]>::new());
        Ok(move |row| if column.is_null(row) { none.clone() } else { column.value(row).as_binary().clone() })
    }
}

/// Returns a value of a nullable column.
macro_rules! get {
    ($column:expr, $row:expr) => {
        (!$column.is_null($row)).then(|| $column.value($row))
    };
}
pub(super) use get;
