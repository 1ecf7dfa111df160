//! Columns of a table by their names, and their values as text.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, BinaryArray, LargeBinaryArray, RecordBatch};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Fields, TimeUnit};
use flong::read::plain;

/// Where a column is: its index among the fields of the table, then of each structure that holds it.
pub type Path = Vec<usize>;

/// Returns where the column of a name is. A dot steps into a structure.
pub fn find(fields: &Fields, name: &str) -> Option<(Path, DataType)> {
    fields.iter().enumerate().find_map(|(index, field)| {
        let rest = name.strip_prefix(field.name().as_str())?;
        match (rest, field.data_type()) {
            ("", data_type) => Some((vec![index], data_type.clone())),
            (rest, DataType::Struct(inner)) => {
                let (path, data_type) = find(inner, rest.strip_prefix('.')?)?;
                Some((std::iter::once(index).chain(path).collect(), data_type))
            }
            _ => None,
        }
    })
}

/// Returns the names of all columns, those in structures with dots.
pub fn names(fields: &Fields) -> Vec<String> {
    let mut found = Vec::new();
    for field in fields {
        found.push(field.name().clone());
        if let DataType::Struct(inner) = field.data_type() {
            found.extend(names(inner).into_iter().map(|name| format!("{}.{name}", field.name())));
        }
    }
    found
}

/// A column of a batch, by itself.
#[derive(Debug, Clone)]
pub struct Column {
    /// The values. Strings are held as bytes: nobody promises that what comes from elsewhere is UTF-8.
    array: ArrayRef,
    /// The place of each row's value, if the column is a dictionary.
    keys: Option<Vec<usize>>,
    /// The rows that are null, here or in a structure around.
    nulls: Option<NullBuffer>,
}

impl Column {
    /// Returns the column at a path.
    pub fn of(batch: &RecordBatch, path: &[usize]) -> Self {
        let (first, inner) = path.split_first().expect("a path has a step");
        let mut array = batch.column(*first).clone();
        let mut nulls = array.logical_nulls();
        for &step in inner {
            array = array.as_struct().column(step).clone();
            nulls = NullBuffer::union(nulls.as_ref(), array.logical_nulls().as_ref());
        }
        let dictionary = array.as_any_dictionary_opt().map(|dictionary| {
            let keys = if dictionary.values().is_empty() { Vec::new() } else { dictionary.normalized_keys() };
            (dictionary.values().clone(), keys)
        });
        let (array, keys) = dictionary.map_or((array, None), |(values, keys)| (values, Some(keys)));
        Column { array: as_bytes(array), keys, nulls }
    }

    /// Returns the place of a row's value; `None` if it is null.
    fn place(&self, row: usize) -> Option<usize> {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return None;
        }
        self.keys.as_ref().map_or(Some(row), |keys| keys.get(row).copied())
    }

    /// Returns the bytes of a row's text; `None` if it is null.
    pub fn bytes(&self, row: usize) -> Option<&[u8]> {
        bytes(&*self.array, self.place(row)?)
    }

    /// Returns the value of a row as text; `None` if it is null, or has no plain form as text.
    pub fn value(&self, row: usize) -> Option<Cow<'_, str>> {
        value(&*self.array, self.place(row)?)
    }
}

/// Whether a column can hold texts.
pub fn holds_texts(data_type: &DataType) -> bool {
    use DataType::{Binary, BinaryView, Dictionary, LargeBinary, LargeUtf8, Utf8, Utf8View};
    match data_type {
        Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView => true,
        Dictionary(_, values) => holds_texts(values),
        _ => false,
    }
}

fn as_bytes(array: ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Utf8 => Arc::new(BinaryArray::from(array.as_string::<i32>().clone())),
        DataType::LargeUtf8 => Arc::new(LargeBinaryArray::from(array.as_string::<i64>().clone())),
        DataType::Utf8View => Arc::new(array.as_string_view().clone().to_binary_view()),
        _ => array,
    }
}

fn bytes(array: &dyn Array, at: usize) -> Option<&[u8]> {
    Some(match array.data_type() {
        DataType::Binary => array.as_binary::<i32>().value(at),
        DataType::LargeBinary => array.as_binary::<i64>().value(at),
        DataType::BinaryView => array.as_binary_view().value(at),
        _ => return None,
    })
}

fn value(array: &dyn Array, row: usize) -> Option<Cow<'_, str>> {
    macro_rules! number {
        ($type:ty) => {
            array.as_primitive::<$type>().value(row).to_string().into()
        };
    }
    macro_rules! time {
        ($type:ty, $per_second:literal) => {
            plain::time(array.as_primitive::<$type>().value(row), $per_second).into()
        };
    }
    Some(match array.data_type() {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            std::str::from_utf8(bytes(array, row)?).ok()?.into()
        }
        DataType::Boolean => array.as_boolean().value(row).to_string().into(),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float16 => number!(Float16Type),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Date32 => plain::date(array.as_primitive::<Date32Type>().value(row).into()).into(),
        DataType::Date64 => time!(Date64Type, 1_000),
        DataType::Timestamp(TimeUnit::Second, _) => time!(TimestampSecondType, 1),
        DataType::Timestamp(TimeUnit::Millisecond, _) => time!(TimestampMillisecondType, 1_000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => time!(TimestampMicrosecondType, 1_000_000),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => time!(TimestampNanosecondType, 1_000_000_000),
        DataType::Decimal128(_, scale) => {
            let value = i64::try_from(array.as_primitive::<Decimal128Type>().value(row)).ok()?;
            plain::decimal(value, (*scale).into()).into()
        }
        _ => return None,
    })
}
