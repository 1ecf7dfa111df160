//! Values of any type as text: ids, dates, numbers.

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use ::parquet::column::reader::ColumnReader;
use ::parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use ::parquet::errors::Result as ParquetResult;
use ::parquet::schema::types::ColumnDescriptor;

use super::parse::column;
use crate::read::plain::{date, decimal, time};

/// Returns the values of a column as text: of `rows` rows after the first `before`. A value without a plain form as text is
/// `None`.
pub(super) fn render(
    reader: ColumnReader,
    descriptor: &ColumnDescriptor,
    before: usize,
    rows: usize,
) -> ParquetResult<Vec<Option<Box<str>>>> {
    macro_rules! each {
        ($reader:ident, $text:expr) => {{
            let text = $text;
            let values = column($reader, descriptor.max_def_level(), before, rows)?;
            Ok(values.into_iter().map(|value| value.and_then(|value| text(value)).map(Into::into)).collect())
        }};
    }
    match reader {
        ColumnReader::BoolColumnReader(reader) => each!(reader, |value: bool| Some(value.to_string())),
        ColumnReader::Int32ColumnReader(reader) => each!(reader, |value: i32| Some(integer(value.into(), descriptor))),
        ColumnReader::Int64ColumnReader(reader) => each!(reader, |value: i64| Some(integer(value, descriptor))),
        ColumnReader::Int96ColumnReader(reader) => each!(reader, |value: Int96| Some(time(value.to_millis(), 1_000))),
        ColumnReader::FloatColumnReader(reader) => each!(reader, |value: f32| Some(value.to_string())),
        ColumnReader::DoubleColumnReader(reader) => each!(reader, |value: f64| Some(value.to_string())),
        ColumnReader::ByteArrayColumnReader(reader) => each!(reader, |value: ByteArray| {
            let is_text = descriptor.converted_type() != ConvertedType::DECIMAL;
            std::str::from_utf8(value.data()).ok().filter(|_| is_text).map(str::to_owned)
        }),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => each!(reader, |value: FixedLenByteArray| {
            matches!(descriptor.logical_type_ref(), Some(LogicalType::Uuid)).then(|| uuid(value.data()))
        }),
    }
}

/// Writes an integer as its logical type says: a time, a date, a decimal or a number.
fn integer(value: i64, descriptor: &ColumnDescriptor) -> String {
    let per_second = match descriptor.logical_type_ref() {
        Some(LogicalType::Timestamp(of)) => match of.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        },
        _ => match descriptor.converted_type() {
            ConvertedType::TIMESTAMP_MILLIS => 1_000,
            ConvertedType::TIMESTAMP_MICROS => 1_000_000,
            ConvertedType::DATE => return date(value),
            ConvertedType::UINT_64 => return (value as u64).to_string(),
            ConvertedType::UINT_32 | ConvertedType::UINT_16 | ConvertedType::UINT_8 => {
                return (value as u32).to_string();
            }
            ConvertedType::DECIMAL => return decimal(value, descriptor.type_scale()),
            _ => return value.to_string(),
        },
    };
    time(value, per_second)
}

fn uuid(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match hex.len() {
        32 => [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"),
        _ => hex,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids() {
        assert_eq!(uuid(&[0x12; 16]), "12121212-1212-1212-1212-121212121212");
    }
}
